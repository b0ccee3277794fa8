//! `Conn`: the connection a closure is given. SQL is written once, with `?`, in the common subset of both databases.

use super::by_ids::Param;
use super::session::Session;
use super::{Backend, Row, sql, sqlite};
use crate::value::Value;
use kontor_kernel::error::{Error, Result};
use std::time::{Duration, Instant};

/// A connection inside a transaction. It lives as long as the closure of `Store::read` or `Store::write`.
///
/// On PostgreSQL the server guesses a parameter's type from where it stands; where there is nothing to guess from
/// (`SELECT ?`) write `CAST(? AS BIGINT)`.
pub struct Conn<'a>(pub(super) Inner<'a>);

pub(super) enum Inner<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut Session),
}

thread_local! {
    static ASKED: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// Statements slower than this are named in the log.
const SLOW: Duration = Duration::from_millis(500);

impl Conn<'_> {
    /// Which database it is, where SQL must differ.
    pub fn backend(&self) -> Backend {
        match self.0 {
            Inner::Sqlite(_) => Backend::Sqlite,
            Inner::Postgres(_) => Backend::Postgres,
        }
    }

    /// All rows. Statements are prepared once per connection and kept.
    pub fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        self.query_each(sql, params, |row| {
            rows.push(row);
            Ok(true)
        })?;
        Ok(rows)
    }

    /// The first row, if there is one.
    pub fn query_opt(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>> {
        let mut found = None;
        self.query_each(sql, params, |row| {
            found = Some(row);
            Ok(false)
        })?;
        Ok(found)
    }

    /// The first row; that there is none is our fault (500). Use `query_opt` where it is the user's.
    pub fn query_one(&mut self, sql: &str, params: &[Value]) -> Result<Row> {
        self.query_opt(sql, params)?.ok_or_else(|| Error::internal(format!("no row from: {sql}")))
    }

    /// Rows one by one, for results too large to hold; stops when `take` says false.
    pub fn query_each(&mut self, sql: &str, params: &[Value], take: impl FnMut(Row) -> Result<bool>) -> Result<()> {
        self.timed(sql, |inner| match inner {
            Inner::Sqlite(conn) => sqlite::each(conn, sql, params, take),
            Inner::Postgres(session) => session.each(sql, params, take),
        })
    }

    /// Rows one by one, of a question that takes lists of ids as tables, `rarray(?)` with the column `value`: of SQLite only.
    pub fn query_lists(&mut self, sql: &str, params: &[Param<'_>], take: impl FnMut(Row) -> Result<bool>) -> Result<()> {
        self.timed(sql, |inner| match inner {
            Inner::Sqlite(conn) => sqlite::each_of_lists(conn, sql, params, take),
            Inner::Postgres(_) => Err(Error::internal(format!("lists of ids in: {sql}"))),
        })
    }

    /// Asks beforehand what `query` will be asked in the very same words before anything of it is written: questions that do not
    /// go by one another's answers then cost PostgreSQL one way instead of one each. What is not wanted before the next write is let be.
    pub fn ahead(&mut self, sql: &str, params: &[Value]) -> Result<()> {
        match &mut self.0 {
            Inner::Sqlite(_) => Ok(()),
            Inner::Postgres(session) => session.ahead(sql.to_owned(), params.to_vec()),
        }
    }

    /// Runs a statement and tells how many rows it changed.
    pub fn exec(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        self.timed(sql, |inner| match inner {
            Inner::Sqlite(conn) => sqlite::exec(conn, sql, params),
            Inner::Postgres(session) => session.exec(sql, params),
        })
    }

    /// Runs a statement once for each list of parameters, in their order, and tells of each how many rows it changed.
    pub fn exec_each(&mut self, sql: &str, lists: &[Vec<Value>]) -> Result<Vec<u64>> {
        self.timed(sql, |inner| match inner {
            Inner::Sqlite(conn) => sqlite::exec_each(conn, sql, lists),
            Inner::Postgres(session) => lists.iter().map(|params| session.exec(sql, params)).collect(),
        })
    }

    /// Inserts any number of rows. `suffix` is what follows the values (`ON CONFLICT …`), without placeholders; it may not
    /// update one row twice in a call (PostgreSQL refuses that).
    pub fn insert_rows(&mut self, table: &str, columns: &[&str], rows: &[Vec<Value>], suffix: &str) -> Result<u64> {
        fits(table, columns, rows)?;
        if rows.is_empty() {
            return Ok(0);
        }
        let one = sql::insert_one(table, columns, suffix);
        self.timed(&one, |inner| match inner {
            Inner::Sqlite(conn) => sqlite::insert_rows(conn, &one, rows),
            Inner::Postgres(session) => session.insert_rows(&one, table, columns, rows, suffix),
        })
    }

    /// Runs a statement of which nobody asks how many rows it changed. PostgreSQL is not waited for: a failure may be told by a later
    /// statement, at the latest by the commit. So not where the caller names the failure (a key that is taken).
    pub fn post(&mut self, sql: &str, params: Vec<Value>) -> Result<()> {
        self.timed(sql, |inner| match inner {
            Inner::Sqlite(conn) => sqlite::exec(conn, sql, &params).map(|_| ()),
            Inner::Postgres(session) => session.post(sql, &params),
        })
    }

    /// `insert_rows` of which nobody asks how many were new, as [`Conn::post`].
    pub fn post_rows(&mut self, table: &str, columns: &[&str], rows: Vec<Vec<Value>>, suffix: &str) -> Result<()> {
        fits(table, columns, &rows)?;
        if rows.is_empty() {
            return Ok(());
        }
        let one = sql::insert_one(table, columns, suffix);
        self.timed(&one, |inner| match inner {
            Inner::Sqlite(conn) => sqlite::insert_rows(conn, &one, &rows).map(|_| ()),
            Inner::Postgres(session) => session.post_rows(&one, table, columns, &rows, suffix),
        })
    }

    /// A script of several statements without parameters (DDL).
    pub fn batch(&mut self, sql: &str) -> Result<()> {
        match &mut self.0 {
            Inner::Sqlite(conn) => sqlite::batch(conn, sql),
            Inner::Postgres(session) => session.batch(sql),
        }
    }

    /// Runs a part that may fail alone: its error undoes the part only, and the rest of the transaction goes on.
    /// Without it an error of a statement may be passed on but not ignored (PostgreSQL gives the transaction up).
    pub fn savepoint<T>(&mut self, f: impl FnOnce(&mut Conn<'_>) -> Result<T>) -> Result<T> {
        self.control("SAVEPOINT part")?;
        let result = f(self).and_then(|value| self.settle().map(|()| value));
        if result.is_err() {
            if let Inner::Postgres(session) = &mut self.0 {
                session.forgive();
            }
            self.control("ROLLBACK TO part")?;
        }
        self.control("RELEASE part")?;
        result
    }

    /// Waits for what was posted, to know whether it has failed.
    fn settle(&mut self) -> Result<()> {
        match &mut self.0 {
            Inner::Sqlite(_) => Ok(()),
            Inner::Postgres(session) => session.settle(),
        }
    }

    fn control(&mut self, sql: &'static str) -> Result<()> {
        match &mut self.0 {
            Inner::Sqlite(conn) => sqlite::control(conn, sql),
            Inner::Postgres(session) => session.batch(sql),
        }
    }

    /// Statements that this thread has run so far, on any connection: for tests and measurements.
    pub fn statements_of_thread() -> u64 {
        ASKED.get()
    }

    fn timed<T>(&mut self, sql: &str, run: impl FnOnce(&mut Inner<'_>) -> Result<T>) -> Result<T> {
        ASKED.set(ASKED.get().wrapping_add(1));
        let started = Instant::now();
        let result = run(&mut self.0);
        let took = started.elapsed();
        if took > SLOW {
            tracing::warn!(took_ms = took.as_millis() as u64, sql, "slow statement");
        }
        result
    }
}

fn fits(table: &str, columns: &[&str], rows: &[Vec<Value>]) -> Result<()> {
    match rows.iter().find(|r| r.len() != columns.len()) {
        Some(row) => Err(Error::internal(format!("a row of {} values for {} columns of {table}", row.len(), columns.len()))),
        None => Ok(()),
    }
}
