//! New rows in haste: kept back until something else is asked or the haste is over, then many of a table go with one statement. For
//! imports, whose rows are checked beforehand: who wants to know which of them was refused does it again without haste.

use super::Conn;
use super::conn::Inner;
use super::session::Session;
use super::sql;
use crate::value::Value;
use kontor_kernel::error::Result;

/// Most rows that are kept back.
const MOST: usize = 2_000;

/// Rows that are kept back, by the statement that would insert one of them.
#[derive(Default)]
pub(super) struct Later {
    on: bool,
    tables: Vec<Table>,
    rows: usize,
}

struct Table {
    one: String,
    name: String,
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
}

impl Conn<'_> {
    /// Inserts one new record. A key that is taken is told at once, but inside of [`Conn::in_haste`].
    pub fn insert_row(&mut self, table: &str, columns: &[&str], row: Vec<Value>) -> Result<()> {
        match &mut self.0 {
            Inner::Postgres(session) if session.later.on => session.keep_back(table, columns, row),
            _ => self.insert_rows(table, columns, &[row], "").map(|_| ()),
        }
    }

    /// The same of a row whose failure nobody names; see [`Conn::post`].
    pub fn post_row(&mut self, table: &str, columns: &[&str], row: Vec<Value>) -> Result<()> {
        match &mut self.0 {
            Inner::Postgres(session) if session.later.on => session.keep_back(table, columns, row),
            _ => self.post_rows(table, columns, vec![row], ""),
        }
    }

    /// Runs a part in which new records are not waited for, many rows that are all expected to go well. PostgreSQL only; where nobody
    /// waits there is no haste.
    pub fn in_haste<T>(&mut self, f: impl FnOnce(&mut Conn<'_>) -> Result<T>) -> Result<T> {
        if let Inner::Postgres(session) = &mut self.0 {
            session.later.on = true;
        }
        let result = f(self);
        match &mut self.0 {
            Inner::Sqlite(_) => result,
            Inner::Postgres(session) => {
                let done = result.and_then(|done| session.catch_up().map(|()| done));
                session.later = Later::default();
                done
            }
        }
    }

    /// What is taken already is found when it is too late to say so.
    pub fn is_hasty(&self) -> bool {
        matches!(&self.0, Inner::Postgres(session) if session.later.on)
    }
}

impl Session {
    fn keep_back(&mut self, table: &str, columns: &[&str], row: Vec<Value>) -> Result<()> {
        self.writes()?;
        let one = sql::insert_one(table, columns, "");
        match self.later.tables.iter_mut().find(|t| t.one == one) {
            Some(known) => known.rows.push(row),
            None => {
                let columns = columns.iter().map(|c| (*c).to_owned()).collect();
                self.later.tables.push(Table { one, name: table.to_owned(), columns, rows: vec![row] });
            }
        }
        self.later.rows += 1;
        if self.later.rows < MOST { Ok(()) } else { self.catch_up() }
    }

    /// Sends what was kept back, before anything else is asked.
    pub(super) fn catch_up(&mut self) -> Result<()> {
        if self.later.rows == 0 {
            return Ok(());
        }
        self.later.rows = 0;
        for t in std::mem::take(&mut self.later.tables) {
            let columns: Vec<&str> = t.columns.iter().map(String::as_str).collect();
            self.post_rows(&t.one, &t.name, &columns, &t.rows, "")?;
        }
        Ok(())
    }
}
