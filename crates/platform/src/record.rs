//! A row of any entity with its lines, and how it goes to and from the database. Knows the declaration, no rules.

use crate::collate;
use crate::spec::{Column, Lines, Mode, Spec, Ty};
use crate::store::{Conn, Row};
use crate::value::{Id, Value, iso_date, iso_instant};
use chrono::{DateTime, NaiveDate, Utc};
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Percent, Price, Quantity, Rate};
use serde_json::Value as Json;
use std::collections::HashMap;

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

#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub id: Id,
    pub values: Vec<Value>,
}

/// Statements of an entity, built once.
pub struct SpecSql {
    pub select: String,
    pub insert_columns: Vec<String>,
    /// Indexes of stored columns, in the order of `select` (after id and version).
    pub stored: Vec<usize>,
    pub lines: Vec<LinesSql>,
}
pub struct LinesSql {
    pub select: String,
    pub columns: Vec<&'static str>,
}

impl Spec {
    pub fn sql(&self) -> &SpecSql {
        self.sql.get_or_init(|| {
            let stored: Vec<usize> = (0..self.columns.len()).filter(|i| self.columns[*i].stored()).collect();
            let names: Vec<&str> = stored.iter().map(|i| self.columns[*i].name).collect();
            let mut insert_columns = vec!["id".to_string(), "version".to_string()];
            for i in &stored {
                insert_columns.push(self.columns[*i].name.to_string());
            }
            for c in self.columns.iter().filter(|c| c.sort_key) {
                insert_columns.push(format!("{}_key", c.name));
            }
            if self.has_search() {
                insert_columns.push("search_text".into());
            }
            let lines = self
                .lines
                .iter()
                .map(|l| {
                    let mut columns = vec!["id", "parent_id", "position"];
                    columns.extend(l.columns.iter().filter(|c| c.stored()).map(|c| c.name));
                    let cols: String = l.columns.iter().filter(|c| Line::holds(c)).map(|c| format!(", {}", c.sql("t"))).collect();
                    LinesSql { select: format!("SELECT t.parent_id, t.id{cols} FROM {} t", l.table), columns }
                })
                .collect();
            SpecSql {
                select: format!(
                    "SELECT t.id, t.version, {} FROM {} t",
                    names.iter().map(|n| format!("t.{n}")).collect::<Vec<_>>().join(", "),
                    self.table
                ),
                insert_columns,
                stored,
                lines,
            }
        })
    }
    pub fn has_column(&self, name: &str) -> bool {
        self.index(name).is_some()
    }
}

/// Turns what the driver gave into the declared type.
pub fn decode(ty: &Ty, row: &Row, i: usize) -> Result<Value> {
    if matches!(row.0[i], Value::Null) {
        return Ok(Value::Null);
    }
    Ok(match ty.storage() {
        "text" => Value::Text(row.text(i)?.to_string()),
        "bool" => Value::Bool(row.bool(i)?),
        "int" => Value::Int(row.int(i)?),
        "date" => Value::Date(row.date(i)?),
        "instant" => Value::Instant(row.instant(i)?),
        "id" => Value::Id(row.id(i)?),
        _ => Value::Json(row.json(i)?),
    })
}

/// `decode` that takes a text out of the row instead of copying it.
pub(crate) fn taken(ty: &Ty, row: &mut Row, i: usize) -> Result<Value> {
    if matches!(row.0[i], Value::Text(_)) && ty.storage() == "text" { row.take(i) } else { decode(ty, row, i) }
}

/// Lower-cased, white space folded, apostrophes unified: what search compares with.
pub fn fold(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    for c in s.chars() {
        match c {
            '\u{2019}' | '\u{02BC}' | '`' | '\u{2018}' => out.push('\''),
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// The digits of a text that is written like a phone number; `None` for plain digits and anything else.
pub fn phone_digits(s: &str) -> Option<String> {
    let like = |c: char| c.is_ascii_digit() || " \u{a0}+-().".contains(c);
    if s.len() > 40 || !s.chars().all(like) || s.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digits: String = s.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= 7).then_some(digits)
}

fn search_words(v: &Value, out: &mut String) {
    let mut push = |s: &str| {
        if !s.is_empty() {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&fold(s));
        }
    };
    match v {
        Value::Text(s) => {
            push(s);
            // Phones are looked for by their digits, however they were written.
            if let Some(digits) = phone_digits(s) {
                push(&digits);
            }
        }
        Value::Json(Json::Array(a)) => {
            for x in a {
                match x {
                    Json::String(s) => push(s),
                    Json::Object(o) => {
                        if let Some(Json::String(s)) = o.get("value") {
                            push(s);
                            let digits: String = s.chars().filter(char::is_ascii_digit).collect();
                            if digits.len() >= 7 && digits != *s {
                                push(&digits);
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        Value::Json(Json::Object(o)) => o.values().filter_map(Json::as_str).for_each(push),
        _ => {}
    }
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
    pub fn get(&self, column: &str) -> &Value {
        &self.values[self.at(column)]
    }
    pub fn set(&mut self, column: &str, v: impl Into<Value>) {
        let i = self.at(column);
        self.values[i] = v.into();
    }
    pub fn is_null(&self, column: &str) -> bool {
        matches!(self.get(column), Value::Null)
    }
    pub fn text(&self, column: &str) -> &str {
        match self.get(column) {
            Value::Text(s) => s,
            _ => "",
        }
    }
    pub fn int(&self, column: &str) -> i64 {
        match self.get(column) {
            Value::Int(i) => *i,
            _ => 0,
        }
    }
    pub fn opt_int(&self, column: &str) -> Option<i64> {
        match self.get(column) {
            Value::Int(i) => Some(*i),
            _ => None,
        }
    }
    pub fn amount(&self, column: &str) -> Amount {
        Amount::from_scaled(self.int(column))
    }
    pub fn price(&self, column: &str) -> Price {
        Price::from_scaled(self.int(column))
    }
    pub fn quantity(&self, column: &str) -> Quantity {
        Quantity::from_scaled(self.int(column))
    }
    pub fn rate(&self, column: &str) -> Rate {
        Rate::from_scaled(self.int(column))
    }
    pub fn percent(&self, column: &str) -> Percent {
        Percent::from_scaled(self.int(column))
    }
    pub fn bool(&self, column: &str) -> bool {
        matches!(self.get(column), Value::Bool(true))
    }
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
    pub fn opt_date(&self, column: &str) -> Option<NaiveDate> {
        match self.get(column) {
            Value::Date(d) => Some(*d),
            _ => None,
        }
    }
    pub fn opt_instant(&self, column: &str) -> Option<DateTime<Utc>> {
        match self.get(column) {
            Value::Instant(d) => Some(*d),
            _ => None,
        }
    }
    pub fn json(&self, column: &str) -> &Json {
        match self.get(column) {
            Value::Json(j) => j,
            _ => &Json::Null,
        }
    }
    pub fn state(&self) -> &str {
        if self.spec.states.is_empty() { "" } else { self.text("state") }
    }
    pub fn title(&self) -> &str {
        self.text(self.spec.title)
    }
    /// Lines of one kind, by name.
    pub fn lines_of(&self, name: &str) -> &[Line] {
        self.spec.lines_of(name).map(|(i, _)| self.lines[i].as_slice()).unwrap_or(&[])
    }

    pub fn search_text(&self) -> String {
        let mut out = String::new();
        for (c, v) in self.spec.columns.iter().zip(&self.values) {
            if c.search {
                search_words(v, &mut out);
            }
        }
        out
    }

    fn row_values(&self) -> Vec<Value> {
        let sql = self.spec.sql();
        let mut v = Vec::with_capacity(sql.insert_columns.len());
        v.push(Value::Id(self.id));
        v.push(Value::Int(self.version));
        for i in &sql.stored {
            v.push(self.values[*i].clone());
        }
        for (c, x) in self.spec.columns.iter().zip(&self.values) {
            if c.sort_key {
                v.push(Value::Bytes(collate::key(match x {
                    Value::Text(s) => s,
                    _ => "",
                })));
            }
        }
        if self.spec.has_search() {
            v.push(Value::Text(self.search_text()));
        }
        v
    }

    pub fn insert(&self, conn: &mut Conn) -> Result<()> {
        let sql = self.spec.sql();
        let cols: Vec<&str> = sql.insert_columns.iter().map(String::as_str).collect();
        conn.insert_rows(&self.spec.table, &cols, &[self.row_values()], "")?;
        for (k, l) in self.lines.iter().enumerate() {
            self.insert_lines(conn, k, l.iter().enumerate())?;
        }
        Ok(())
    }

    fn insert_lines<'l>(&self, conn: &mut Conn, kind: usize, lines: impl Iterator<Item = (usize, &'l Line)>) -> Result<()> {
        let spec = &self.spec.lines[kind];
        let rows: Vec<Vec<Value>> = lines
            .map(|(pos, l)| {
                let mut v = Vec::with_capacity(l.values.len() + 3);
                v.extend([Value::Id(l.id), Value::Id(self.id), Value::Int(pos as i64)]);
                v.extend(spec.columns.iter().zip(&l.values).filter(|(c, _)| c.stored()).map(|(_, x)| x.clone()));
                v
            })
            .collect();
        conn.post_rows(spec.table, &self.spec.sql().lines[kind].columns, rows, "")
    }

    /// Writes what differs from `before`; the version must still be `before.version`.
    pub fn update(&self, conn: &mut Conn, before: &Record) -> Result<()> {
        let sql = self.spec.sql();
        let (new, old) = (self.row_values(), before.row_values());
        let mut sets = vec![];
        let mut params = vec![];
        let derived = |i: usize| i.checked_sub(2).and_then(|k| sql.stored.get(k)).is_some_and(|k| self.spec.columns[*k].derived);
        for (i, c) in sql.insert_columns.iter().enumerate().skip(1) {
            if new[i] != old[i] && !derived(i) {
                sets.push(format!("{c} = ?"));
                params.push(new[i].clone());
            }
        }
        if !sets.is_empty() {
            params.push(Value::Id(self.id));
            params.push(Value::Int(before.version));
            let n = conn.exec(&format!("UPDATE {} SET {} WHERE id = ? AND version = ?", self.spec.table, sets.join(", ")), &params)?;
            if n == 0 {
                return Err(Error::retryable("version moved"));
            }
        }
        for k in 0..self.lines.len() {
            self.update_lines(conn, before, k)?;
        }
        Ok(())
    }

    fn update_lines(&self, conn: &mut Conn, before: &Record, kind: usize) -> Result<()> {
        let spec = &self.spec.lines[kind];
        let old: HashMap<Id, (usize, &Line)> = before.lines[kind].iter().enumerate().map(|(i, l)| (l.id, (i, l))).collect();
        let kept: std::collections::HashSet<Id> = self.lines[kind].iter().map(|l| l.id).collect();
        for l in before.lines[kind].iter().filter(|l| !kept.contains(&l.id)) {
            conn.exec(&format!("DELETE FROM {} WHERE id = ?", spec.table), &[Value::Id(l.id)])?;
        }
        let mut added = vec![];
        for (pos, l) in self.lines[kind].iter().enumerate() {
            match old.get(&l.id) {
                None => added.push((pos, l)),
                Some((p, o)) if *p == pos && same_line(spec, o, l) => {}
                Some(_) => {
                    let kept = |c: &Column| c.stored() && !c.derived;
                    let cols: Vec<String> = spec.columns.iter().filter(|c| kept(c)).map(|c| format!("{} = ?", c.name)).collect();
                    let mut params: Vec<Value> = vec![Value::Int(pos as i64)];
                    params.extend(spec.columns.iter().zip(&l.values).filter(|(c, _)| kept(c)).map(|(_, x)| x.clone()));
                    params.push(Value::Id(l.id));
                    conn.exec(&format!("UPDATE {} SET position = ?, {} WHERE id = ?", spec.table, cols.join(", ")), &params)?;
                }
            }
        }
        self.insert_lines(conn, kind, added.into_iter())
    }

    /// Loads by id without any scope; `None` when there is none. Lines come with it.
    pub fn load(conn: &mut Conn, spec: &'static Spec, id: Id) -> Result<Option<Record>> {
        Ok(Self::load_where(conn, spec, "t.id = ?", &[Value::Id(id)])?.into_iter().next())
    }

    /// The same, and locks the row until the end of the transaction (SQLite has one writer and needs no lock).
    pub fn load_locked(conn: &mut Conn, spec: &'static Spec, id: Id) -> Result<Option<Record>> {
        if conn.backend() == crate::store::Backend::Postgres {
            conn.query(&format!("SELECT 1 FROM {} WHERE id = ? FOR UPDATE", spec.table), &[Value::Id(id)])?;
        }
        Self::load(conn, spec, id)
    }

    /// Loads by a condition over `t`, lines included. For rules; lists for people go through `query`.
    pub fn load_where(conn: &mut Conn, spec: &'static Spec, condition: &str, params: &[Value]) -> Result<Vec<Record>> {
        let rows = conn.query(&format!("{} WHERE {condition}", spec.sql().select), params)?;
        let mut out = rows.iter().map(|r| Self::from_row(spec, r)).collect::<Result<Vec<_>>>()?;
        if !spec.lines.is_empty() {
            Self::load_lines(conn, spec, &mut out)?;
        }
        Ok(out)
    }

    pub(crate) fn from_row(spec: &'static Spec, row: &Row) -> Result<Record> {
        let mut values = vec![Value::Null; spec.columns.len()];
        for (k, i) in spec.sql().stored.iter().enumerate() {
            values[*i] = decode(&spec.columns[*i].ty, row, k + 2)?;
        }
        Ok(Record { spec, id: row.id(0)?, version: row.int(1)?, values, lines: vec![vec![]; spec.lines.len()] })
    }

    fn load_lines(conn: &mut Conn, spec: &'static Spec, records: &mut [Record]) -> Result<()> {
        let index: HashMap<Id, usize> = records.iter().enumerate().map(|(i, r)| (r.id, i)).collect();
        for (k, l) in spec.lines.iter().enumerate() {
            for chunk in records.iter().map(|r| r.id).collect::<Vec<_>>().chunks(500) {
                let marks = vec!["?"; chunk.len()].join(",");
                let params: Vec<Value> = chunk.iter().map(|i| Value::Id(*i)).collect();
                let rows = conn.query(
                    &format!("{} WHERE t.parent_id IN ({marks}) ORDER BY t.parent_id, t.position", spec.sql().lines[k].select),
                    &params,
                )?;
                for r in &rows {
                    let at = index[&r.id(0)?];
                    records[at].lines[k].push(Line::from_row(l, r)?);
                }
            }
        }
        Ok(())
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
    pub fn new(spec: &Lines, id: Id) -> Self {
        Line { id, values: spec.columns.iter().map(|c| c.default.clone().unwrap_or(Value::Null)).collect() }
    }
    /// What is read with it: everything but secrets.
    fn holds(c: &Column) -> bool {
        !matches!(c.mode, Mode::Secret)
    }
    fn from_row(spec: &Lines, row: &Row) -> Result<Line> {
        let mut values = vec![Value::Null; spec.columns.len()];
        let mut k = 2;
        for (i, c) in spec.columns.iter().enumerate() {
            if Line::holds(c) {
                values[i] = decode(&c.ty, row, k)?;
                k += 1;
            }
        }
        Ok(Line { id: row.id(1)?, values })
    }
    pub fn get(&self, spec: &Lines, column: &str) -> &Value {
        &self.values[spec.index(column).unwrap_or_else(|| panic!("{} has no column {column}", spec.table))]
    }
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
            Ty::Amount => Json::String(Amount::from_scaled(*i).to_string()),
            Ty::Price => Json::String(Price::from_scaled(*i).to_string()),
            Ty::Quantity => Json::String(Quantity::from_scaled(*i).to_string()),
            Ty::Rate => Json::String(Rate::from_scaled(*i).to_string()),
            Ty::Percent => Json::String(Percent::from_scaled(*i).to_string()),
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

pub fn lines_json(spec: &Lines, lines: &[Line]) -> Json {
    Json::Array(lines.iter().map(|l| line_json(spec, l)).collect())
}

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
