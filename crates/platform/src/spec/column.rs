//! Columns of a declaration: the type, who writes it, how it is stored, shown and found; and child rows made of them.

use crate::value::Value;

/// The type of a column. Numbers are scaled integers (see `kontor_kernel`), stored in one 64-bit column.
#[derive(Clone, Debug)]
pub enum Ty {
    /// One line of text, at most `max` characters.
    Text {
        max: usize,
    },
    /// Text of several lines.
    Long {
        max: usize,
    },
    Bool,
    Int {
        min: i64,
        max: i64,
    },
    Amount,
    Price,
    Quantity,
    Rate,
    Percent,
    Date,
    Instant,
    /// Reference to a record of another collection, by id.
    Ref(&'static str),
    /// Id of a record of whichever collection another column names.
    Record,
    /// Code of a record of another collection (its `code` column), written and read as a string.
    Code(&'static str),
    /// One of the entity's states; only verbs change it.
    State,
    Choice(&'static [&'static str]),
    /// Several of a closed list, stored as a JSON array.
    Set(&'static [&'static str]),
    /// Free words, stored as a JSON array of strings.
    Tags,
    /// JSON array of objects with these members.
    Items(Vec<Column>),
    /// JSON object with these members.
    Object(Vec<Column>),
    /// JSON object `code -> string | number | bool`: translated names, free attributes, permissions.
    Map,
}

impl Ty {
    /// Neutral storage type (see `store::migrate`).
    pub fn storage(&self) -> &'static str {
        match self {
            Ty::Text { .. } | Ty::Long { .. } | Ty::Code(_) | Ty::State | Ty::Choice(_) => "text",
            Ty::Bool => "bool",
            Ty::Int { .. } | Ty::Amount | Ty::Price | Ty::Quantity | Ty::Rate | Ty::Percent => "int",
            Ty::Date => "date",
            Ty::Instant => "instant",
            Ty::Ref(_) | Ty::Record => "id",
            Ty::Set(_) | Ty::Tags | Ty::Items(_) | Ty::Object(_) | Ty::Map => "json",
        }
    }
    /// Decimals of a scaled number.
    pub fn scale(&self) -> Option<u32> {
        match self {
            Ty::Amount | Ty::Percent => Some(4),
            Ty::Price | Ty::Quantity => Some(6),
            Ty::Rate => Some(8),
            _ => None,
        }
    }
    pub fn is_number(&self) -> bool {
        self.scale().is_some() || matches!(self, Ty::Int { .. })
    }
}

/// Who may write a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Written by the user.
    Input,
    /// Written by the user when the record is made, never after.
    Once,
    /// Written by rules only.
    Computed,
    /// Written by rules, never shown (password hashes).
    Hidden,
    /// Written by the user and taken by rules, neither stored nor shown (passwords).
    Secret,
    /// Not stored: an SQL expression over the row (`{t}` is its alias).
    Virtual(&'static str),
}

#[derive(Clone, Debug)]
pub struct Column {
    pub name: &'static str,
    pub ty: Ty,
    pub mode: Mode,
    pub required: bool,
    pub unique: bool,
    pub search: bool,
    /// Has a `{name}_key` column beside it, sorted by the Ukrainian collation.
    pub sort_key: bool,
    /// The reference may be given by name under this field (`region_id` as `region`).
    pub by_name: Option<&'static str>,
    pub default: Option<Value>,
    /// Not null in storage although optional for the user (there is a default).
    pub not_null: bool,
    /// Accepts negative numbers.
    pub signed: bool,
    /// Shown in the generic list.
    pub list: bool,
    /// A figure kept beside the record by what happens elsewhere (shipped, paid): written with SQL by its owner, never
    /// by a save, so that it makes no history and clashes with nobody's edit.
    pub derived: bool,
}

impl Column {
    pub fn new(name: &'static str, ty: Ty) -> Self {
        Column {
            name,
            ty,
            mode: Mode::Input,
            required: false,
            unique: false,
            search: false,
            sort_key: false,
            by_name: None,
            default: None,
            not_null: false,
            signed: false,
            list: false,
            derived: false,
        }
    }
    pub fn text(name: &'static str, max: usize) -> Self {
        Self::new(name, Ty::Text { max })
    }
    pub fn long(name: &'static str) -> Self {
        Self::new(name, Ty::Long { max: 20_000 })
    }
    /// A few lines of text.
    pub fn lines(name: &'static str, max: usize) -> Self {
        Self::new(name, Ty::Long { max })
    }
    pub fn bool(name: &'static str, default: bool) -> Self {
        Self::new(name, Ty::Bool).default(Value::Bool(default))
    }
    pub fn int(name: &'static str, min: i64, max: i64) -> Self {
        Self::new(name, Ty::Int { min, max })
    }
    pub fn amount(name: &'static str) -> Self {
        Self::new(name, Ty::Amount)
    }
    pub fn price(name: &'static str) -> Self {
        Self::new(name, Ty::Price)
    }
    pub fn quantity(name: &'static str) -> Self {
        Self::new(name, Ty::Quantity)
    }
    pub fn rate(name: &'static str) -> Self {
        Self::new(name, Ty::Rate)
    }
    pub fn percent(name: &'static str) -> Self {
        Self::new(name, Ty::Percent)
    }
    pub fn date(name: &'static str) -> Self {
        Self::new(name, Ty::Date)
    }
    pub fn instant(name: &'static str) -> Self {
        Self::new(name, Ty::Instant)
    }
    pub fn reference(name: &'static str, collection: &'static str) -> Self {
        Self::new(name, Ty::Ref(collection))
    }
    pub fn code(name: &'static str, collection: &'static str) -> Self {
        Self::new(name, Ty::Code(collection))
    }
    pub fn choice(name: &'static str, of: &'static [&'static str]) -> Self {
        Self::new(name, Ty::Choice(of))
    }
    pub fn set(name: &'static str, of: &'static [&'static str]) -> Self {
        Self::new(name, Ty::Set(of))
    }
    pub fn tags(name: &'static str) -> Self {
        Self::new(name, Ty::Tags)
    }
    pub fn items(name: &'static str, members: Vec<Column>) -> Self {
        Self::new(name, Ty::Items(members))
    }
    pub fn object(name: &'static str, members: Vec<Column>) -> Self {
        Self::new(name, Ty::Object(members))
    }
    pub fn map(name: &'static str) -> Self {
        Self::new(name, Ty::Map)
    }
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
    pub fn once(mut self) -> Self {
        self.mode = Mode::Once;
        self
    }
    pub fn computed(mut self) -> Self {
        self.mode = Mode::Computed;
        self
    }
    pub fn hidden(mut self) -> Self {
        self.mode = Mode::Hidden;
        self
    }
    pub fn secret(mut self) -> Self {
        self.mode = Mode::Secret;
        self
    }
    pub fn virtual_sql(mut self, sql: &'static str) -> Self {
        self.mode = Mode::Virtual(sql);
        self
    }
    pub fn unique(mut self) -> Self {
        self.unique = true;
        self
    }
    pub fn search(mut self) -> Self {
        self.search = true;
        self
    }
    pub fn sort_key(mut self) -> Self {
        self.sort_key = true;
        self
    }
    pub fn by_name(mut self, field: &'static str) -> Self {
        self.by_name = Some(field);
        self
    }
    pub fn default(mut self, v: impl Into<Value>) -> Self {
        self.default = Some(v.into());
        self.not_null = true;
        self
    }
    pub fn signed(mut self) -> Self {
        self.signed = true;
        self
    }
    pub fn list(mut self) -> Self {
        self.list = true;
        self
    }
    pub fn derived(mut self) -> Self {
        self.mode = Mode::Computed;
        self.derived = true;
        self
    }
    pub fn stored(&self) -> bool {
        !matches!(self.mode, Mode::Virtual(_) | Mode::Secret)
    }
    /// What it is in SQL, of the row under an alias.
    pub fn sql(&self, alias: &str) -> String {
        match self.mode {
            Mode::Virtual(sql) => format!("({})", sql.replace("{t}", alias)),
            _ => format!("{alias}.{}", self.name),
        }
    }
    pub fn visible(&self) -> bool {
        !matches!(self.mode, Mode::Hidden | Mode::Secret)
    }
    pub fn writable(&self) -> bool {
        matches!(self.mode, Mode::Input | Mode::Once | Mode::Secret)
    }
    /// Name under which a reference's `{id, title}` stands beside it in JSON (`partner_id` -> `partner`).
    pub fn ref_name(&self) -> &'static str {
        self.name.strip_suffix("_id").unwrap_or(self.name)
    }
    pub fn nullable(&self) -> bool {
        !(self.required || self.not_null)
    }
}

/// Child rows of a record: order lines, stages of a kind. Kept in a table of their own, ordered by position.
#[derive(Clone, Debug)]
pub struct Lines {
    pub name: &'static str,
    pub table: &'static str,
    pub columns: Vec<Column>,
    /// At most so many.
    pub max: usize,
    pub required: bool,
}

impl Lines {
    pub fn index(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }
}
