//! A row of any entity with its lines: its values by their names, what changed in it, how it stands in JSON. Knows the
//! declaration, no rules.

mod stored;
mod text;

pub(crate) use stored::decode_cell;
pub use stored::{LinesSql, SpecSql, decode};
pub use text::{fold, phone_digits};

use crate::spec::{Column, Lines, Mode, Spec, Ty};
use crate::value::{Id, Value, iso_date, iso_instant};
use chrono::{DateTime, NaiveDate, Utc};
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Currency, Percent, Price, Quantity, Rate};
use serde_json::Value as Json;

/// A row as declared by its `Spec`; `values` stand in the order of `spec.columns`.
#[derive(Clone)]
pub struct Record {
    pub spec: &'static Spec,
    pub id: Id,
    pub version: i64,
    pub values: Vec<Value>,
    /// One list per `spec.lines`.
    pub lines: Vec<Vec<Line>>,
}

/// One row of a lines table: its own id, and the values in the order of the columns of its [`Lines`].
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub id: Id,
    pub values: Vec<Value>,
}

impl Record {
    /// An empty record with defaults.
    pub fn new(spec: &'static Spec, id: Id) -> Self {
        let values = spec.columns.iter().map(|c| c.default.clone().unwrap_or(Value::Null)).collect();
        Record { spec, id, version: 0, values, lines: vec![vec![]; spec.lines.len()] }
    }
    fn at(&self, column: &str) -> usize {
        self.spec.index(column).unwrap_or_else(|| panic!("{} has no column {column}", self.spec.name))
    }
    /// The value as it is stored: decimals as scaled integers. Panics, as all of these do, on a column that the entity does not declare:
    /// names of columns are written in the program, never read from input.
    pub fn get(&self, column: &str) -> &Value {
        &self.values[self.at(column)]
    }
    /// Takes any value; that it is one of the column's type is up to the caller.
    pub fn set(&mut self, column: &str, v: impl Into<Value>) {
        let i = self.at(column);
        self.values[i] = v.into();
    }
    /// Whether nothing was said.
    pub fn is_null(&self, column: &str) -> bool {
        matches!(self.get(column), Value::Null)
    }
    /// Empty for null and for a value that is no text.
    pub fn text(&self, column: &str) -> &str {
        match self.get(column) {
            Value::Text(s) => s,
            _ => "",
        }
    }
    /// The stored integer, of decimals a count of their smallest units; 0 for null.
    pub fn int(&self, column: &str) -> i64 {
        match self.get(column) {
            Value::Int(i) => *i,
            _ => 0,
        }
    }
    /// The same; `None` for null.
    pub fn opt_int(&self, column: &str) -> Option<i64> {
        match self.get(column) {
            Value::Int(i) => Some(*i),
            _ => None,
        }
    }
    /// An amount of money; zero for null.
    pub fn amount(&self, column: &str) -> Amount {
        Amount::from_scaled(self.int(column))
    }
    /// Errors: `bad_code` where the column holds none.
    pub fn currency(&self, column: &str) -> Result<Currency> {
        Currency::parse(self.text(column)).map_err(|_| Error::field(column, "bad_code").field_arg("value", self.text(column)))
    }
    /// A price of one unit; zero for null.
    pub fn price(&self, column: &str) -> Price {
        Price::from_scaled(self.int(column))
    }
    /// A quantity; zero for null.
    pub fn quantity(&self, column: &str) -> Quantity {
        Quantity::from_scaled(self.int(column))
    }
    /// A rate or coefficient; zero for null.
    pub fn rate(&self, column: &str) -> Rate {
        Rate::from_scaled(self.int(column))
    }
    /// A percentage, 20 for twenty percent; zero for null.
    pub fn percent(&self, column: &str) -> Percent {
        Percent::from_scaled(self.int(column))
    }
    /// False for null.
    pub fn bool(&self, column: &str) -> bool {
        matches!(self.get(column), Value::Bool(true))
    }
    /// The reference; `None` for null.
    pub fn opt_id(&self, column: &str) -> Option<Id> {
        match self.get(column) {
            Value::Id(i) => Some(*i),
            _ => None,
        }
    }
    /// The reference, or the nil id.
    pub fn ref_id(&self, column: &str) -> Id {
        self.opt_id(column).unwrap_or(crate::spec::NONE)
    }
    /// A business date; `None` for null.
    pub fn opt_date(&self, column: &str) -> Option<NaiveDate> {
        match self.get(column) {
            Value::Date(d) => Some(*d),
            _ => None,
        }
    }
    /// A moment in UTC; `None` for null.
    pub fn opt_instant(&self, column: &str) -> Option<DateTime<Utc>> {
        match self.get(column) {
            Value::Instant(d) => Some(*d),
            _ => None,
        }
    }
    /// An object or list as it is stored; JSON null for null.
    pub fn json(&self, column: &str) -> &Json {
        match self.get(column) {
            Value::Json(j) => j,
            _ => &Json::Null,
        }
    }
    /// The code of the state; empty for entities without states.
    pub fn state(&self) -> &str {
        if self.spec.states.is_empty() { "" } else { self.text("state") }
    }
    /// What names the record; empty where its title is null.
    pub fn title(&self) -> &str {
        self.text(self.spec.title)
    }
    /// Lines of one kind, by name.
    pub fn lines_of(&self, name: &str) -> &[Line] {
        self.spec.lines_of(name).map(|(i, _)| self.lines[i].as_slice()).unwrap_or(&[])
    }

    /// Words of all columns that are searched, as the search looks for them.
    pub fn search_text(&self) -> String {
        let mut out = String::new();
        for (c, v) in self.spec.columns.iter().zip(&self.values) {
            if c.search {
                text::search_words(v, &mut out);
            }
        }
        out
    }

    /// Fields that differ: path, before, after. Lines are compared by id as `lines`.
    pub fn differences(before: &Record, after: &Record) -> Vec<(String, Json, Json)> {
        let mut out = vec![];
        for (i, c) in after.spec.columns.iter().enumerate() {
            if audited(c) && before.values[i] != after.values[i] {
                let hide = c.mode == Mode::Hidden;
                let image = |v: &Value| if hide { Json::String("•••".into()) } else { value_json(&c.ty, v) };
                out.push((c.name.to_string(), image(&before.values[i]), image(&after.values[i])));
            }
        }
        for (k, l) in after.spec.lines.iter().enumerate() {
            if !same_lines(l, &before.lines[k], &after.lines[k]) {
                out.push((l.name.to_string(), lines_json(l, &before.lines[k]), lines_json(l, &after.lines[k])));
            }
        }
        out
    }
}

impl Line {
    /// A line of defaults.
    pub fn new(spec: &Lines, id: Id) -> Self {
        Line { id, values: spec.columns.iter().map(|c| c.default.clone().unwrap_or(Value::Null)).collect() }
    }
    /// The stored value. Panics on a column that these lines do not declare.
    pub fn get(&self, spec: &Lines, column: &str) -> &Value {
        &self.values[spec.index(column).unwrap_or_else(|| panic!("{} has no column {column}", spec.table))]
    }
    /// Takes any value. Panics on a column that these lines do not declare.
    pub fn set(&mut self, spec: &Lines, column: &str, v: impl Into<Value>) {
        let i = spec.index(column).unwrap_or_else(|| panic!("{} has no column {column}", spec.table));
        self.values[i] = v.into();
    }
}

/// A value as it stands in JSON: decimals as strings, dates ISO, ids text.
pub fn value_json(ty: &Ty, v: &Value) -> Json {
    match v {
        Value::Null => Json::Null,
        Value::Bool(b) => Json::Bool(*b),
        Value::Int(i) => match ty {
            Ty::Amount => Json::String(Amount::from_scaled(*i).text()),
            Ty::Price => Json::String(Price::from_scaled(*i).text()),
            Ty::Quantity => Json::String(Quantity::from_scaled(*i).text()),
            Ty::Rate => Json::String(Rate::from_scaled(*i).text()),
            Ty::Percent => Json::String(Percent::from_scaled(*i).text()),
            _ => Json::from(*i),
        },
        Value::Text(s) => Json::String(s.clone()),
        Value::Id(i) => Json::String(i.to_string()),
        Value::Date(d) => Json::String(iso_date(*d)),
        Value::Instant(t) => Json::String(iso_instant(*t)),
        Value::Json(j) => j.clone(),
        Value::Bytes(_) => Json::Null,
    }
}

/// Lines as a JSON list, in their order.
pub fn lines_json(spec: &Lines, lines: &[Line]) -> Json {
    Json::Array(lines.iter().map(|l| line_json(spec, l)).collect())
}

/// A line as a JSON object: its id, and each column that is shown, see [`value_json`].
pub fn line_json(spec: &Lines, l: &Line) -> Json {
    let mut m = serde_json::Map::new();
    m.insert("id".into(), Json::String(l.id.to_string()));
    for (c, v) in spec.columns.iter().zip(&l.values).filter(|(c, _)| c.visible()) {
        m.insert(c.name.into(), value_json(&c.ty, v));
    }
    Json::Object(m)
}

/// Columns whose change is worth a line in the history.
pub fn audited(c: &Column) -> bool {
    c.stored() && !c.derived && c.name != "updated_at"
}

fn same_lines(spec: &Lines, a: &[Line], b: &[Line]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.id == y.id && same_line(spec, x, y))
}

fn same_line(spec: &Lines, a: &Line, b: &Line) -> bool {
    spec.columns.iter().zip(a.values.iter().zip(&b.values)).all(|(c, (x, y))| c.derived || x == y)
}
