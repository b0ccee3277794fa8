//! One client of PostgreSQL with its prepared statements.

use super::haste::Later;
use super::pg_error::{aborted, error, stale_plan};
use super::wire::{Found, Wire};
use super::{Row, StoreOptions, sql};
use crate::value::Value;
use kontor_kernel::error::{Error, Result};
use std::collections::HashMap;
use std::pin::pin;
use std::time::{Duration, Instant};
use tokio_postgres::Statement;

/// Rows of one INSERT; bounds the size of a message.
const ROWS_PER_INSERT: usize = 5_000;

/// The server keeps the plan of a prepared statement for as long as the connection lives, also one that was made when a table was
/// empty or not yet analysed: statements of a night's import then stay a thousand times slower than they need be.
pub(super) const NEW_PLANS: &str = "DISCARD PLANS";

/// One client with its prepared statements.
pub(super) struct Session {
    wire: Wire,
    /// Since when the server may have kept plans.
    planned: Instant,
    statements: HashMap<String, (Statement, u64)>,
    /// Counts uses, to know which statements were not needed for long.
    clock: u64,
    capacity: usize,
    /// What was asked ahead in this transaction and not wanted yet.
    ahead: Vec<(String, Vec<Value>, Found)>,
    /// Why the transaction cannot be committed any more.
    aborted: Option<Error>,
    /// The server has answered since the transaction began.
    pub(super) heard: bool,
    /// Rows that are kept back.
    pub(super) later: Later,
    /// What is asked goes without a transaction.
    pub(super) alone: Option<Alone>,
}

/// How far a single statement without a transaction has come.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Alone {
    Free,
    Used,
    /// A second one was asked for, or one that writes.
    Refused,
}

impl Session {
    pub fn new(wire: Wire, capacity: usize) -> Session {
        Session {
            wire,
            planned: Instant::now(),
            statements: HashMap::new(),
            clock: 0,
            capacity: capacity.max(1),
            ahead: vec![],
            aborted: None,
            heard: false,
            later: Later::default(),
            alone: None,
        }
    }

    pub fn is_closed(&self) -> bool {
        self.wire.is_closed()
    }

    /// Whether the server has not gone meanwhile, as far as can be told without asking it.
    pub fn is_alive(&mut self) -> bool {
        self.wire.is_alive()
    }

    /// Whether plans are to be made anew; counts as done.
    pub fn plans_are_old(&mut self, options: &StoreOptions) -> bool {
        let old = self.planned.elapsed() > Duration::from_millis(options.plans_ms);
        if old {
            self.planned = Instant::now();
        }
        old
    }

    /// What is kept back goes first; whether another statement may go without a transaction.
    fn alone(&mut self, writes: bool) -> Result<()> {
        self.catch_up()?;
        match self.alone {
            None => Ok(()),
            Some(Alone::Free) if !writes => {
                self.alone = Some(Alone::Used);
                Ok(())
            }
            Some(_) => {
                self.alone = Some(Alone::Refused);
                Err(Error::internal("a single statement was announced"))
            }
        }
    }

    /// From here on answers to what was asked ahead may be of yesterday.
    pub(super) fn writes(&mut self) -> Result<()> {
        self.ahead.clear();
        self.alone(true)
    }

    pub fn each(&mut self, sql: &str, params: &[Value], mut take: impl FnMut(Row) -> Result<bool>) -> Result<()> {
        if let Some(at) = self.ahead.iter().position(|(s, p, _)| s == sql && p == params) {
            let (.., found) = self.ahead.swap_remove(at);
            let rows = self.wire.found(&found);
            self.answered(Ok(()), sql)?;
            for row in rows.ok_or_else(|| Error::internal(format!("no answer to: {sql}")))? {
                if !take(Row(cells(&row, sql)?))? {
                    break;
                }
            }
            return Ok(());
        }
        self.alone(false)?;
        let statement = self.prepare(sql)?;
        fits(&statement, params, sql)?;
        let asked = self.wire.ask(&statement, params);
        let mut rows = pin!(self.answered(asked, sql)?);
        loop {
            let next = self.wire.next(rows.as_mut());
            let Some(row) = self.answered(next, sql)? else { return Ok(()) };
            if !take(Row(cells(&row, sql)?))? {
                return Ok(());
            }
        }
    }

    /// Asks what `each` will be asked in the same words in this transaction.
    pub fn ahead(&mut self, sql: String, params: Vec<Value>) -> Result<()> {
        self.alone(true)?;
        let statement = self.prepare(&sql)?;
        fits(&statement, &params, &sql)?;
        let found = self.wire.post_query(statement, params.clone(), &sql);
        self.ahead.push((sql, params, found));
        Ok(())
    }

    pub fn exec(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        self.writes()?;
        let statement = self.prepare(sql)?;
        fits(&statement, params, sql)?;
        let done = self.wire.execute(&statement, params);
        self.answered(done, sql)
    }

    /// `exec` without waiting: its failure is told by a later statement, at the latest by the commit.
    pub fn post(&mut self, sql: &str, params: Vec<Value>) -> Result<()> {
        self.writes()?;
        let statement = self.prepare(sql)?;
        fits(&statement, &params, sql)?;
        self.wire.post(statement, params, sql);
        Ok(())
    }

    pub fn insert_rows(&mut self, one: &str, table: &str, columns: &[&str], rows: &[Vec<Value>], suffix: &str) -> Result<u64> {
        if let [row] = rows {
            return self.exec(one, row);
        }
        self.writes()?;
        let statement = self.unnest(one, table, columns, suffix)?;
        let mut n = 0;
        for chunk in rows.chunks(ROWS_PER_INSERT) {
            let arrays = (0..columns.len()).map(|i| chunk.iter().map(|row| &row[i]).collect::<Vec<&Value>>());
            let done = self.wire.execute(&statement, arrays.collect::<Vec<_>>().iter());
            n += self.answered(done, one)?;
        }
        Ok(n)
    }

    /// `insert_rows` without waiting; see [`Session::post`].
    pub fn post_rows(&mut self, one: &str, table: &str, columns: &[&str], mut rows: Vec<Vec<Value>>, suffix: &str) -> Result<()> {
        if rows.len() == 1 {
            return rows.pop().map_or(Ok(()), |row| self.post(one, row));
        }
        if rows.len() > ROWS_PER_INSERT {
            return self.insert_rows(one, table, columns, &rows, suffix).map(|_| ());
        }
        self.writes()?;
        let statement = self.unnest(one, table, columns, suffix)?;
        let mut arrays: Vec<Vec<Value>> = columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
        for row in rows {
            for (array, value) in arrays.iter_mut().zip(row) {
                array.push(value);
            }
        }
        self.wire.post(statement, arrays, one);
        Ok(())
    }

    /// The statement that inserts any number of rows: one array for each column.
    fn unnest(&mut self, one: &str, table: &str, columns: &[&str], suffix: &str) -> Result<Statement> {
        let key = format!("UNNEST {one}");
        if let Some(statement) = self.cached(&key) {
            return Ok(statement);
        }
        // The single-row form tells the types of the columns.
        let single = self.prepare(one)?;
        let types: Vec<&str> = single.params().iter().map(|t| t.name()).collect();
        let sql = sql::insert_unnest(table, columns, &types, suffix);
        let made = self.wire.prepare(&sql);
        let statement = self.answered(made, &sql)?;
        Ok(self.keep(key, statement))
    }

    /// Goes when the server has said all it had to say.
    pub fn close(mut self) {
        self.wire.settle();
    }

    /// Waits until all that was posted is done.
    pub fn settle(&mut self) -> Result<()> {
        self.catch_up()?;
        self.wire.settle();
        self.answered(Ok(()), "")
    }

    /// A script, by the simple protocol.
    pub fn batch(&mut self, sql: &str) -> Result<()> {
        self.writes()?;
        let done = self.wire.batch(sql);
        self.answered(done, sql)
    }

    /// Nothing of an earlier transaction counts any more.
    pub fn forget(&mut self) {
        self.aborted = None;
        self.ahead.clear();
    }

    /// Begins a transaction together with its first statement.
    pub fn begin(&mut self, sql: &str) {
        self.heard = false;
        self.later = Later::default();
        self.wire.post_batch(sql);
    }

    /// Ends a transaction that has written nothing; nobody waits for that.
    pub fn end(&mut self) {
        self.wire.post_batch("COMMIT");
        self.wire.flush();
    }

    /// Why the transaction cannot be committed, once.
    pub fn aborted(&mut self) -> Option<Error> {
        self.aborted.take()
    }

    /// After a rollback to a savepoint.
    pub fn forgive(&mut self) {
        self.aborted = None;
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.cached(sql) {
            return Ok(statement);
        }
        let made = self.wire.prepare(&sql::number_placeholders(sql));
        let statement = self.answered(made, sql)?;
        Ok(self.keep(sql.to_owned(), statement))
    }

    fn cached(&mut self, key: &str) -> Option<Statement> {
        self.clock += 1;
        let (statement, used) = self.statements.get_mut(key)?;
        *used = self.clock;
        Some(statement.clone())
    }

    fn keep(&mut self, key: String, statement: Statement) -> Statement {
        if self.statements.len() >= self.capacity {
            let mut uses: Vec<u64> = self.statements.values().map(|(_, used)| *used).collect();
            let (_, median, _) = uses.select_nth_unstable(self.capacity / 2);
            let oldest = *median;
            self.statements.retain(|_, (_, used)| *used > oldest);
        }
        self.statements.insert(key, (statement.clone(), self.clock));
        statement
    }

    /// The answer to a question, unless something posted before it has failed.
    fn answered<T>(&mut self, answer: std::result::Result<T, tokio_postgres::Error>, sql: &str) -> Result<T> {
        let earlier = self.wire.failed().map(|(e, sql)| self.failure(e, &sql));
        self.heard |= answer.is_ok();
        match (answer, earlier) {
            (Ok(value), None) => Ok(value),
            (Ok(_), Some(earlier)) => Err(earlier),
            (Err(e), _) => Err(self.failure(e, sql)),
        }
    }

    /// Names the error and remembers that the transaction cannot be committed any more.
    fn failure(&mut self, e: tokio_postgres::Error, sql: &str) -> Error {
        if e.as_db_error().is_some_and(stale_plan) {
            self.statements.clear();
        }
        match &self.aborted {
            // What follows a failure fails for that reason only.
            Some(first) if e.as_db_error().is_some_and(aborted) => first.clone(),
            first => {
                let named = error(e, sql);
                if first.is_none() {
                    self.aborted = Some(named.clone());
                }
                named
            }
        }
    }
}

fn cells(row: &tokio_postgres::Row, sql: &str) -> Result<Vec<Value>> {
    (0..row.len()).map(|i| row.try_get(i).map_err(|e| error(e, sql))).collect()
}

fn fits(statement: &Statement, params: &[Value], sql: &str) -> Result<()> {
    if statement.params().len() != params.len() {
        return Err(Error::internal(format!("{} values for {} places in: {sql}", params.len(), statement.params().len())));
    }
    Ok(())
}
