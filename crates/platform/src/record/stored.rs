//! How a record goes to the database and comes back: its statements, what they write and what they read.

use super::{Line, Record, same_line};
use crate::collate;
use crate::spec::{Column, Lines, Mode, Spec, Storage, Ty};
use crate::store::{Backend, Conn, Row, marks, padded, parts};
use crate::value::{Id, Value};
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{HashMap, HashSet};

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
}

/// Turns what the driver gave into the declared type.
pub fn decode(ty: &Ty, row: &Row, i: usize) -> Result<Value> {
    if matches!(row.0[i], Value::Null) {
        return Ok(Value::Null);
    }
    Ok(match ty.storage_class() {
        Storage::Text => Value::Text(row.text(i)?.to_string()),
        Storage::Bool => Value::Bool(row.bool(i)?),
        Storage::Int => Value::Int(row.int(i)?),
        Storage::Date => Value::Date(row.date(i)?),
        Storage::Instant => Value::Instant(row.instant(i)?),
        Storage::Id => Value::Id(row.id(i)?),
        Storage::Json => Value::Json(row.json(i)?),
    })
}

/// `decode` in its place: most of what SQLite and all of what PostgreSQL gives is of the declared type already.
pub(crate) fn decode_cell(ty: &Ty, row: &mut Row, i: usize) -> Result<()> {
    let as_declared = match (row.raw(i)?, ty.storage_class()) {
        (Value::Null, _) => true,
        (Value::Text(_), class) => class == Storage::Text,
        (Value::Int(_), class) => class == Storage::Int,
        (Value::Id(_), class) => class == Storage::Id,
        (Value::Bool(_), class) => class == Storage::Bool,
        (Value::Date(_), class) => class == Storage::Date,
        (Value::Instant(_), class) => class == Storage::Instant,
        (Value::Json(_), class) => class == Storage::Json,
        (Value::Bytes(_), _) => false,
    };
    if !as_declared {
        row.0[i] = decode(ty, row, i)?;
    }
    Ok(())
}

impl Record {
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
        conn.insert_row(&self.spec.table, &cols, self.row_values())?;
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
        let kept: HashSet<Id> = self.lines[kind].iter().map(|l| l.id).collect();
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
        Self::load_by(conn, spec, BY_ID, id)
    }

    /// Asks for what `load` will be asked; see [`Conn::ahead`].
    pub fn load_ahead(conn: &mut Conn, spec: &'static Spec, id: Id) -> Result<()> {
        Self::by_ahead(conn, spec, BY_ID, id)
    }

    fn load_by(conn: &mut Conn, spec: &'static Spec, condition: &str, id: Id) -> Result<Option<Record>> {
        if !spec.lines.is_empty() {
            // The record and its lines by one way to the server.
            Self::by_ahead(conn, spec, condition, id)?;
        }
        Ok(Self::load_where(conn, spec, condition, &[Value::Id(id)])?.into_iter().next())
    }

    /// Asks for what `load_where` will be asked, lines apart; see [`Conn::ahead`].
    pub fn where_ahead(conn: &mut Conn, spec: &'static Spec, condition: &str, params: &[Value]) -> Result<()> {
        conn.ahead(&where_sql(spec, condition), params)
    }

    fn by_ahead(conn: &mut Conn, spec: &'static Spec, condition: &str, id: Id) -> Result<()> {
        Self::where_ahead(conn, spec, condition, &[Value::Id(id)])?;
        for kind in 0..spec.lines.len() {
            let (sql, params) = lines_sql(spec, kind, &[id]);
            conn.ahead(&sql, &params)?;
        }
        Ok(())
    }

    /// The same, its row locked until the end of the transaction, by one statement on PostgreSQL (SQLite has one writer).
    pub fn load_locked(conn: &mut Conn, spec: &'static Spec, id: Id) -> Result<Option<Record>> {
        match conn.backend() {
            Backend::Postgres => Self::load_by(conn, spec, BY_ID_LOCKED, id),
            Backend::Sqlite => Self::load(conn, spec, id),
        }
    }

    /// Loads by a condition over `t`, lines included. For rules; lists for people go through `query`.
    pub fn load_where(conn: &mut Conn, spec: &'static Spec, condition: &str, params: &[Value]) -> Result<Vec<Record>> {
        let rows = conn.query(&where_sql(spec, condition), params)?;
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
        let ids: Vec<Id> = records.iter().map(|r| r.id).collect();
        for (k, l) in spec.lines.iter().enumerate() {
            for chunk in parts(&ids) {
                let (sql, params) = lines_sql(spec, k, chunk);
                for r in &conn.query(&sql, &params)? {
                    let at = index[&r.id(0)?];
                    records[at].lines[k].push(Line::from_row(l, r)?);
                }
            }
        }
        Ok(())
    }
}

const BY_ID: &str = "t.id = ?";
const BY_ID_LOCKED: &str = "t.id = ? FOR UPDATE OF t";

fn where_sql(spec: &Spec, condition: &str) -> String {
    format!("{} WHERE {condition}", spec.sql().select)
}

/// The question for the lines of one kind of these records.
fn lines_sql(spec: &Spec, kind: usize, of: &[Id]) -> (String, Vec<Value>) {
    let params = padded(of);
    let select = &spec.sql().lines[kind].select;
    (format!("{select} WHERE t.parent_id IN ({}) ORDER BY t.parent_id, t.position", marks(params.len())), params)
}

impl Line {
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
}
