//! The declaration of an entity: columns, lines, rights, states, verbs. From it come tables, list, card, REST, import,
//! export, search, history. Declared once per entity in the modules; plain data plus a few functions, no database.

use crate::cx::{Change, Cx};
use crate::value::{Id, Value};
use kontor_kernel::error::Result;
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::OnceLock;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Reference data: card and list, archived instead of deleted.
    Catalog,
    /// Numbered, dated, with a state; removed only as a draft, corrected by reversal once posted.
    Document,
    /// Values in time or facts written by documents: read only through the API.
    Facts,
}

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

/// Which rows a caller may see or change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    None,
    Own,
    Team,
    All,
}

/// Default rights of a built-in role: `grant("salesperson", "read:all create update:own confirm:own")`; no scope means `all`.
#[derive(Clone, Copy, Debug)]
pub struct Grant {
    pub role: &'static str,
    pub actions: &'static str,
}

/// How a fact is written by itself: by a document of one line.
#[derive(Clone, Copy)]
pub struct Recording {
    /// Writes the document and answers the row.
    pub run: RecordFn,
    /// Column that leads to the document; reversing that takes the row back. None: the row stands for itself and may be removed.
    pub document: Option<&'static str>,
}

pub type RecordFn = fn(&mut Cx, &mut Change) -> Result<crate::record::Record>;
pub type VerbFn = fn(&mut Cx, &mut crate::record::Record, &Json) -> Result<Json>;

/// A command beyond create, update and delete.
#[derive(Clone)]
pub struct Verb {
    pub name: &'static str,
    /// States in which it may be called; empty: any.
    pub from: &'static [&'static str],
    /// States it may lead to (for the conformance test: every state is reachable).
    pub to: &'static [&'static str],
    /// Typed arguments: draw the form, check the input, fill the OpenAPI document.
    pub input: Vec<Column>,
    pub run: VerbFn,
    /// Main action of its state: drawn as the primary button.
    pub primary: bool,
    /// Verbs that take it back, for undo: of several the one that leads between the same states.
    pub undo: Vec<&'static str>,
    /// Takes the fields and lines of an update beside its own arguments (`revise` of a posted document).
    pub edits: bool,
    /// Brings an archived record back: for archived ones only, and granted to who may archive.
    pub restores: bool,
}

impl Verb {
    pub fn new(name: &'static str, from: &'static [&'static str], to: &'static [&'static str], run: VerbFn) -> Self {
        Verb { name, from, to, input: vec![], run, primary: false, undo: vec![], edits: false, restores: false }
    }
    pub fn input(mut self, columns: Vec<Column>) -> Self {
        self.input = columns;
        self
    }
    pub fn primary(mut self) -> Self {
        self.primary = true;
        self
    }
    pub fn undone_by(mut self, verb: &'static str) -> Self {
        self.undo.push(verb);
        self
    }
    pub fn edits(mut self) -> Self {
        self.edits = true;
        self
    }
    /// The right that it needs.
    pub fn right(&self) -> &'static str {
        if self.restores { "delete" } else { self.name }
    }
}

/// Decisions of an entity around the generic create and update.
pub trait Rules: Send + Sync {
    /// May answer another input in place of the caller's: names that only the rest of the input makes clear.
    fn prepare(&self, _cx: &mut Cx, _before: Option<&crate::record::Record>, _input: &Json) -> Result<Option<Json>> {
        Ok(None)
    }
    /// Checks the change and fills computed columns, before anything is written.
    fn decide(&self, _cx: &mut Cx, _change: &mut Change) -> Result<()> {
        Ok(())
    }
    /// Follow-up writes in the same transaction, after the row and its lines are there. Undo of fields comes here too.
    fn written(&self, _cx: &mut Cx, _change: &Change) -> Result<()> {
        Ok(())
    }
    /// May refuse the removal (drafts) or archiving (catalogs).
    fn removing(&self, _cx: &mut Cx, _record: &crate::record::Record) -> Result<()> {
        Ok(())
    }
}
pub struct NoRules;
impl Rules for NoRules {}

pub struct Spec {
    /// Collection: plural, kebab-case; the same in API and URL. The table is the same with underscores.
    pub name: &'static str,
    pub table: String,
    pub kind: Kind,
    /// Navigation group and icon (Tabler outline name).
    pub section: &'static str,
    pub icon: &'static str,
    pub columns: Vec<Column>,
    pub lines: Vec<Lines>,
    /// Column that names a record.
    pub title: &'static str,
    pub sort: &'static str,
    /// Column with the responsible user, for `own` and `team`.
    pub owner: Option<&'static str>,
    /// Further columns with users to whom the record counts as their own (author, controller).
    pub seen_by: Vec<&'static str>,
    /// Column with the own company, for the user's list of companies.
    pub company: Option<&'static str>,
    /// The record is seen by who sees that other record (`partner_id` -> partners).
    pub via: Option<(&'static str, &'static str)>,
    /// Columns that identify a record in an import, beside `(source, external_id)`.
    pub import_key: Vec<&'static str>,
    /// Columns of one meaning, merged as one (address; currency with rate).
    pub groups: Vec<Vec<&'static str>>,
    /// Columns whose values together are unique (none of them may be null).
    pub uniques: Vec<Vec<&'static str>>,
    pub verbs: Vec<Verb>,
    pub states: &'static [&'static str],
    pub initial: &'static str,
    /// States in which fields may still be edited; empty for entities without states: always.
    pub editable: &'static [&'static str],
    pub grants: Vec<Grant>,
    /// Columns that say what a document was made from: (column, collection), nearest first.
    pub basis: Vec<(&'static str, &'static str)>,
    /// Values in time: the column with the day, and the columns of the key of which the latest row counts.
    pub latest: Option<(&'static str, Vec<&'static str>)>,
    /// Facts that may be written one by one all the same.
    pub recorded_by: Option<Recording>,
    /// The row says something of a record of any collection, which these columns name: collection and id. Who may read that record
    /// reads the row, who may change that record writes it.
    pub record_of: Option<(&'static str, &'static str)>,
    /// Condition over `{t}`: rows that everybody sees who may read any at all (standard terms beside those of one's partners).
    pub open_when: Option<&'static str>,
    /// The revision that its records go by, where they are kept in memory; see `kept`.
    pub kept: Option<&'static str>,
    /// Further indexes: name, and what follows the table (`(a, b) WHERE c <> 0`).
    pub indexes: Vec<(&'static str, &'static str)>,
    pub rules: Box<dyn Rules>,
    pub(crate) index: HashMap<&'static str, usize>,
    pub(crate) sql: OnceLock<crate::record::SpecSql>,
}

impl Spec {
    fn new(name: &'static str, kind: Kind) -> Self {
        Spec {
            name,
            table: name.replace('-', "_"),
            kind,
            section: "",
            icon: "list",
            columns: vec![],
            lines: vec![],
            title: "name",
            sort: "name",
            owner: None,
            seen_by: vec![],
            company: None,
            via: None,
            import_key: vec![],
            groups: vec![],
            uniques: vec![],
            latest: None,
            recorded_by: None,
            record_of: None,
            open_when: None,
            verbs: vec![],
            states: &[],
            initial: "",
            editable: &[],
            grants: vec![],
            basis: vec![],
            kept: None,
            indexes: vec![],
            rules: Box::new(NoRules),
            index: HashMap::new(),
            sql: OnceLock::new(),
        }
    }
    pub fn catalog(name: &'static str) -> Self {
        Self::new(name, Kind::Catalog)
    }
    /// A document; adds `number`, `date`, `state`, `company_id`, `comment`.
    pub fn document(name: &'static str, states: &'static [&'static str]) -> Self {
        let mut s = Self::new(name, Kind::Document);
        s.title = "number";
        s.sort = "-date";
        s.states = states;
        s.initial = states[0];
        s.editable = &["draft"];
        s.company = Some("company_id");
        s.columns = vec![
            Column::text("number", 40).computed().search().default("").list(),
            Column::date("date").default(Value::Null).list(),
            Column::new("state", Ty::State).computed().default(states[0]).list(),
            Column::reference("company_id", "companies").required(),
            Column::int("revision", 0, 1_000_000).computed().default(0i64),
            Column::instant("posted_at").computed(),
            Column::long("comment"),
        ];
        s
    }
    pub fn facts(name: &'static str) -> Self {
        Self::new(name, Kind::Facts)
    }
    pub fn section(mut self, section: &'static str, icon: &'static str) -> Self {
        self.section = section;
        self.icon = icon;
        self
    }
    pub fn column(mut self, c: Column) -> Self {
        self.columns.push(c);
        self
    }
    pub fn columns(mut self, c: impl IntoIterator<Item = Column>) -> Self {
        self.columns.extend(c);
        self
    }
    pub fn lines(mut self, l: Lines) -> Self {
        self.lines.push(l);
        self
    }
    pub fn title(mut self, c: &'static str) -> Self {
        self.title = c;
        self
    }
    pub fn sort(mut self, c: &'static str) -> Self {
        self.sort = c;
        self
    }
    pub fn owner(mut self, c: &'static str) -> Self {
        self.owner = Some(c);
        self
    }
    /// Users in these columns see the record as if it were theirs, beside the owner.
    pub fn seen_by(mut self, columns: &[&'static str]) -> Self {
        self.seen_by.extend(columns);
        self
    }
    pub fn company(mut self, c: &'static str) -> Self {
        self.company = Some(c);
        self
    }
    pub fn via(mut self, column: &'static str, collection: &'static str) -> Self {
        self.via = Some((column, collection));
        self
    }
    pub fn import_key(mut self, columns: &[&'static str]) -> Self {
        self.import_key = columns.to_vec();
        self
    }
    pub fn group(mut self, columns: &[&'static str]) -> Self {
        self.groups.push(columns.to_vec());
        self
    }
    pub fn unique_over(mut self, columns: &[&'static str]) -> Self {
        self.uniques.push(columns.to_vec());
        self
    }
    pub fn states(mut self, states: &'static [&'static str], editable: &'static [&'static str]) -> Self {
        if !self.columns.iter().any(|c| c.name == "state") {
            self.columns.push(Column::new("state", Ty::State).computed().default(states[0]).list());
        }
        self.states = states;
        self.initial = states[0];
        self.editable = editable;
        self
    }
    pub fn verb(mut self, v: Verb) -> Self {
        self.verbs.push(v);
        self
    }
    pub fn grant(mut self, role: &'static str, actions: &'static str) -> Self {
        self.grants.push(Grant { role, actions });
        self
    }
    /// The usual rights of reference data: everybody of the office reads, managers and administrators write.
    pub fn reference_data(self) -> Self {
        self.grant("director", "read create update delete undo")
            .grant("sales_manager", "read create update undo")
            .grant("accountant", "read create update undo")
            .grant("salesperson", "read")
            .grant("storekeeper", "read")
            .grant("field_agent", "read")
    }
    pub fn basis(mut self, column: &'static str, collection: &'static str) -> Self {
        self.basis.push((column, collection));
        self
    }
    /// Of the rows of a key the one with the latest day counts.
    pub fn latest(mut self, day: &'static str, key: &[&'static str]) -> Self {
        self.latest = Some((day, key.to_vec()));
        self
    }
    pub fn recorded_by(mut self, run: RecordFn, document: &'static str) -> Self {
        self.recorded_by = Some(Recording { run, document: Some(document) });
        self
    }
    /// Facts that are written and removed one by one, without a document.
    pub fn recorded(mut self, run: RecordFn) -> Self {
        self.recorded_by = Some(Recording { run, document: None });
        self
    }
    pub fn record_of(mut self, entity: &'static str, id: &'static str) -> Self {
        self.record_of = Some((entity, id));
        self
    }
    /// Rows that a person may remove, other than by archiving them: facts that stand for themselves.
    pub fn removable(&self) -> bool {
        self.recorded_by.is_some_and(|r| r.document.is_none())
    }
    pub fn open_when(mut self, condition: &'static str) -> Self {
        self.open_when = Some(condition);
        self
    }
    /// Each write of a record draws another revision, which values kept in memory are compared with.
    pub fn kept_by(mut self, series: &'static str) -> Self {
        self.kept = Some(series);
        self
    }
    /// A further index of the entity's table, or of a lines table (`quote_lines.product`).
    pub fn index_on(mut self, name: &'static str, what: &'static str) -> Self {
        self.indexes.push((name, what));
        self
    }
    pub fn rules(mut self, r: impl Rules + 'static) -> Self {
        self.rules = Box::new(r);
        self
    }
    /// Adds the columns that every entity has and freezes the declaration.
    pub(crate) fn finish(mut self) -> Self {
        self.columns.push(Column::map("custom"));
        self.columns.push(Column::text("source", 60).once());
        self.columns.push(Column::text("external_id", 200).once());
        // Whose name it is is half of a name.
        if self.record_of.is_some() {
            self.columns.iter_mut().filter(|c| c.name == "source").for_each(|c| c.list = true);
        }
        if self.kind == Kind::Catalog {
            self.columns.push(Column::bool("archived", false).computed());
            let mut restore = Verb::new("restore", &[], &[], |_, _, _| Ok(Json::Null));
            restore.restores = true;
            self.verbs.push(restore);
        }
        self.columns.push(Column::reference("created_by_id", "users").computed());
        self.columns.push(Column::instant("created_at").computed());
        self.columns.push(Column::instant("updated_at").computed());
        // What a record is called in any language finds it.
        if self.columns.iter().any(|c| c.name == self.title && c.search) {
            self.columns.iter_mut().filter(|c| c.name == crate::titles::NAMES).for_each(|c| c.search = true);
        }
        self.index = self.columns.iter().enumerate().map(|(i, c)| (c.name, i)).collect();
        assert_eq!(self.index.len(), self.columns.len(), "{}: a column is declared twice", self.name);
        for l in &self.lines {
            let taken = |c: &Column| matches!(c.name, "id" | "parent_id" | "position");
            assert!(!l.columns.iter().any(taken), "{}: id, parent_id and position are columns of every line", l.table);
        }
        self
    }
    /// A declaration that only names columns to filter by (the rows behind a report); it is no entity and has no table.
    pub fn lens(mut self) -> &'static Spec {
        self.index = self.columns.iter().enumerate().map(|(i, c)| (c.name, i)).collect();
        Box::leak(Box::new(self))
    }
    pub fn index(&self, column: &str) -> Option<usize> {
        self.index.get(column).copied()
    }
    pub fn col(&self, column: &str) -> Option<&Column> {
        self.index(column).map(|i| &self.columns[i])
    }
    pub fn lines_of(&self, name: &str) -> Option<(usize, &Lines)> {
        self.lines.iter().enumerate().find(|(_, l)| l.name == name)
    }
    pub fn verb_of(&self, name: &str) -> Option<&Verb> {
        self.verbs.iter().find(|v| v.name == name)
    }
    pub fn has_search(&self) -> bool {
        self.columns.iter().any(|c| c.search)
    }
    pub fn editable_in(&self, state: &str) -> bool {
        self.states.is_empty() || self.editable.contains(&state)
    }
    /// All actions that can be granted on it.
    pub fn actions(&self) -> Vec<&'static str> {
        let mut a = vec!["read"];
        if self.kind != Kind::Facts {
            a.extend(["create", "update", "delete", "undo"]);
        } else if self.removable() {
            a.extend(["create", "delete", "undo"]);
        } else if self.recorded_by.is_some() {
            a.push("create");
        }
        a.extend(self.verbs.iter().filter(|v| !v.restores).map(|v| v.name));
        a
    }
    /// The right that an action needs: mostly one of its own.
    pub fn right_to<'a>(&self, action: &'a str) -> &'a str {
        self.verb_of(action).map_or(action, |v| v.right())
    }
}

/// Key for references that are not there: unique keys and register dimensions hold no NULL.
pub const NONE: Id = uuid::Uuid::nil();
