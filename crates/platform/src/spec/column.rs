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

/// As what a value is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Storage {
    Text,
    Bool,
    Int,
    Date,
    Instant,
    Id,
    Json,
}

impl Ty {
    /// Neutral storage type (see `store::migrate`).
    pub fn storage(&self) -> &'static str {
        match self.storage_class() {
            Storage::Text => "text",
            Storage::Bool => "bool",
            Storage::Int => "int",
            Storage::Date => "date",
            Storage::Instant => "instant",
            Storage::Id => "id",
            Storage::Json => "json",
        }
    }
    /// The same, for what is read of every cell.
    pub(crate) fn storage_class(&self) -> Storage {
        match self {
            Ty::Text { .. } | Ty::Long { .. } | Ty::Code(_) | Ty::State | Ty::Choice(_) => Storage::Text,
            Ty::Bool => Storage::Bool,
            Ty::Int { .. } | Ty::Amount | Ty::Price | Ty::Quantity | Ty::Rate | Ty::Percent => Storage::Int,
            Ty::Date => Storage::Date,
            Ty::Instant => Storage::Instant,
            Ty::Ref(_) | Ty::Record => Storage::Id,
            Ty::Set(_) | Ty::Tags | Ty::Items(_) | Ty::Object(_) | Ty::Map => Storage::Json,
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
    /// Scaled numbers and whole ones: right-aligned, summed, compared by size.
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

/// One column of a table, of lines, of a verb's arguments or of a report's parameters.
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
    /// The flag beside it that says that a person wrote it; otherwise a rule fills it, which is nobody's edit.
    pub hand: Option<&'static str>,
}

impl Column {
    /// A column that the user may write and may leave empty.
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
            hand: None,
        }
    }
    /// One line of text, at most `max` characters.
    pub fn text(name: &'static str, max: usize) -> Self {
        Self::new(name, Ty::Text { max })
    }
    /// Text of several lines, at most 20,000 characters.
    pub fn long(name: &'static str) -> Self {
        Self::new(name, Ty::Long { max: 20_000 })
    }
    /// A few lines of text.
    pub fn lines(name: &'static str, max: usize) -> Self {
        Self::new(name, Ty::Long { max })
    }
    /// Yes or no; `default` where nothing is said.
    pub fn bool(name: &'static str, default: bool) -> Self {
        Self::new(name, Ty::Bool).default(Value::Bool(default))
    }
    /// A whole number from `min` to `max`.
    pub fn int(name: &'static str, min: i64, max: i64) -> Self {
        Self::new(name, Ty::Int { min, max })
    }
    /// A sum of money, 4 decimals; its currency stands in another column.
    pub fn amount(name: &'static str) -> Self {
        Self::new(name, Ty::Amount)
    }
    /// A price of one unit, 6 decimals.
    pub fn price(name: &'static str) -> Self {
        Self::new(name, Ty::Price)
    }
    /// A quantity, 6 decimals.
    pub fn quantity(name: &'static str) -> Self {
        Self::new(name, Ty::Quantity)
    }
    /// A rate of exchange or a coefficient, 8 decimals.
    pub fn rate(name: &'static str) -> Self {
        Self::new(name, Ty::Rate)
    }
    /// Hundredths with 4 decimals: `12.5` is an eighth.
    pub fn percent(name: &'static str) -> Self {
        Self::new(name, Ty::Percent)
    }
    /// A day of the calendar, without a time zone.
    pub fn date(name: &'static str) -> Self {
        Self::new(name, Ty::Date)
    }
    /// A moment, kept as UTC with microseconds.
    pub fn instant(name: &'static str) -> Self {
        Self::new(name, Ty::Instant)
    }
    /// The id of a record of another collection; the API shows `{id, title}` beside it.
    pub fn reference(name: &'static str, collection: &'static str) -> Self {
        Self::new(name, Ty::Ref(collection))
    }
    /// The code of a record of another collection (currency, country, VAT rate).
    pub fn code(name: &'static str, collection: &'static str) -> Self {
        Self::new(name, Ty::Code(collection))
    }
    /// One of a closed list; texts `{entity}-{column}-{choice}` or `choice-{choice}`.
    pub fn choice(name: &'static str, of: &'static [&'static str]) -> Self {
        Self::new(name, Ty::Choice(of))
    }
    /// Several of a closed list.
    pub fn set(name: &'static str, of: &'static [&'static str]) -> Self {
        Self::new(name, Ty::Set(of))
    }
    /// Free words.
    pub fn tags(name: &'static str) -> Self {
        Self::new(name, Ty::Tags)
    }
    /// A list of objects with these members, in one JSON column: not asked for by SQL, else they are lines.
    pub fn items(name: &'static str, members: Vec<Column>) -> Self {
        Self::new(name, Ty::Items(members))
    }
    /// One object with these members.
    pub fn object(name: &'static str, members: Vec<Column>) -> Self {
        Self::new(name, Ty::Object(members))
    }
    /// Free keys with plain values: translated names, free attributes.
    pub fn map(name: &'static str) -> Self {
        Self::new(name, Ty::Map)
    }
    /// Must be given when a record is made, and may not be emptied.
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
    /// Given when the record is made, never changed.
    pub fn once(mut self) -> Self {
        self.mode = Mode::Once;
        self
    }
    /// Written by rules only; input is refused.
    pub fn computed(mut self) -> Self {
        self.mode = Mode::Computed;
        self
    }
    /// Written by rules, never shown.
    pub fn hidden(mut self) -> Self {
        self.mode = Mode::Hidden;
        self
    }
    /// Taken by rules, neither stored nor shown.
    pub fn secret(mut self) -> Self {
        self.mode = Mode::Secret;
        self
    }
    /// Computed by the database on reading: an expression over the row `{t}`.
    pub fn virtual_sql(mut self, sql: &'static str) -> Self {
        self.mode = Mode::Virtual(sql);
        self
    }
    /// No two records have the same value; a violation is a field error.
    pub fn unique(mut self) -> Self {
        self.unique = true;
        self
    }
    /// Found by the search of the list and of the whole program.
    pub fn search(mut self) -> Self {
        self.search = true;
        self
    }
    /// Sorted by the Ukrainian alphabet, without regard to case.
    pub fn sort_key(mut self) -> Self {
        self.sort_key = true;
        self
    }
    /// May be given by the title of the record instead of its id, under this field.
    pub fn by_name(mut self, field: &'static str) -> Self {
        self.by_name = Some(field);
        self
    }
    /// Taken where nothing is given; the column is never null.
    pub fn default(mut self, v: impl Into<Value>) -> Self {
        self.default = Some(v.into());
        self.not_null = true;
        self
    }
    /// Takes numbers below zero.
    pub fn signed(mut self) -> Self {
        self.signed = true;
        self
    }
    /// Shown in the generic list.
    pub fn list(mut self) -> Self {
        self.list = true;
        self
    }
    /// Filled by a rule unless a person writes it, which this flag beside it tells.
    pub fn by_hand(mut self, flag: &'static str) -> Self {
        self.hand = Some(flag);
        self
    }
    /// A figure that its owner keeps with SQL, outside of saves and history.
    pub fn derived(mut self) -> Self {
        self.mode = Mode::Computed;
        self.derived = true;
        self
    }
    /// Has a column in the table.
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
    /// May be shown and asked for at all.
    pub fn visible(&self) -> bool {
        !matches!(self.mode, Mode::Hidden | Mode::Secret)
    }
    /// Taken from input, at least when a record is made.
    pub fn writable(&self) -> bool {
        matches!(self.mode, Mode::Input | Mode::Once | Mode::Secret)
    }
    /// Name under which a reference's `{id, title}` stands beside it in JSON (`partner_id` -> `partner`).
    pub fn ref_name(&self) -> &'static str {
        self.name.strip_suffix("_id").unwrap_or(self.name)
    }
    /// May be empty in storage.
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
    /// Place of a column among the values of a line.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }
}
