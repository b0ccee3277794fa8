//! One client of PostgreSQL with its prepared statements.

use super::haste::Later;
use super::pg_error::{error, follows, stale_plan};
use super::wire::{Ahead, Fault, Statement, Wire};
use super::{Row, StoreOptions, sql};
use crate::value::Value;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use std::time::{Duration, Instant};

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
    ahead: Vec<(String, Vec<Value>, Statement, Ahead)>,
    /// Why the transaction cannot be committed any more.
    aborted: Option<Error>,
    /// The server has answered since the transaction began.
    pub(super) heard: bool,
    /// Rows that are kept back.
    pub(super) later: Later,
    /// What is asked goes without a transaction.
    pub(super) alone: Option<Alone>,
    /// What its settings are for.
    pub(super) made_for: Work,
}

/// What a connection is used for. Its settings go by it, so whoever does the same again need not set them.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Work {
    Reading,
    Writing,
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
            made_for: Work::Reading,
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
        self.forget_ahead();
        self.alone(true)
    }

    fn forget_ahead(&mut self) {
        if !self.ahead.is_empty() {
            self.ahead.clear();
            self.wire.drop_found();
        }
    }

    pub fn each(&mut self, sql: &str, params: &[Value], mut take: impl FnMut(Row) -> Result<bool>) -> Result<()> {
        if let Some(at) = self.ahead.iter().position(|(s, p, ..)| s == sql && p == params) {
            let (.., statement, asked) = self.ahead.swap_remove(at);
            let rows = self.wire.found(asked);
            let rows = self.answered(rows, sql)?;
            for row in rows.ok_or_else(|| Error::internal(format!("no answer to: {sql}")))? {
                let cells = statement.cells(&row);
                if !take(Row(self.answered(cells, sql)?))? {
                    break;
                }
            }
            return Ok(());
        }
        self.alone(false)?;
        let statement = self.prepare(sql)?;
        let asked = self.wire.ask(&statement, params.iter());
        self.answered(asked, sql)?;
        loop {
            let next = self.wire.next();
            let Some(row) = self.answered(next, sql)? else { return Ok(()) };
            let cells = statement.cells(&row);
            if !take(Row(self.answered(cells, sql)?))? {
                return Ok(());
            }
        }
    }

    /// Asks what `each` will be asked in the same words in this transaction.
    pub fn ahead(&mut self, sql: String, params: Vec<Value>) -> Result<()> {
        self.alone(true)?;
        let statement = self.prepare(&sql)?;
        let asked = self.wire.post_query(&statement, params.iter());
        let asked = self.put(asked, &sql)?;
        self.ahead.push((sql, params, statement, asked));
        Ok(())
    }

    pub fn exec(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        self.writes()?;
        let statement = self.prepare(sql)?;
        let done = self.wire.execute(&statement, params.iter());
        self.answered(done, sql)
    }

    /// `exec` without waiting: its failure is told by a later statement, at the latest by the commit.
    pub fn post(&mut self, sql: &str, params: &[Value]) -> Result<()> {
        self.writes()?;
        let statement = self.prepare(sql)?;
        let posted = self.wire.post(&statement, params.iter());
        self.put(posted, sql)
    }

    pub fn insert_rows(&mut self, one: &str, table: &str, columns: &[&str], rows: &[Vec<Value>], suffix: &str) -> Result<u64> {
        if let [row] = rows {
            return self.exec(one, row);
        }
        self.writes()?;
        let statement = self.unnest(one, table, columns, suffix)?;
        let mut n = 0;
        for chunk in rows.chunks(ROWS_PER_INSERT) {
            let done = self.wire.execute(&statement, turned(columns.len(), chunk));
            n += self.answered(done, one)?;
        }
        Ok(n)
    }

    /// `insert_rows` without waiting; see [`Session::post`].
    pub fn post_rows(&mut self, one: &str, table: &str, columns: &[&str], rows: &[Vec<Value>], suffix: &str) -> Result<()> {
        if let [row] = rows {
            return self.post(one, row);
        }
        self.writes()?;
        let statement = self.unnest(one, table, columns, suffix)?;
        for chunk in rows.chunks(ROWS_PER_INSERT) {
            let posted = self.wire.post(&statement, turned(columns.len(), chunk));
            self.put(posted, one)?;
        }
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
        if let Err(e) = self.settle() {
            tracing::debug!(error = %e, "the connection had ended before it was closed");
        }
    }

    /// Waits until all that was posted is done.
    pub fn settle(&mut self) -> Result<()> {
        self.catch_up()?;
        let settled = self.wire.settle();
        self.answered(settled, "")
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
        self.forget_ahead();
    }

    /// Changes settings of the connection together with what is asked next.
    pub fn set_for(&mut self, work: Work, settings: &[String]) {
        self.made_for = work;
        // Apart from the transaction that follows, which takes its own back when it is rolled back.
        let set = settings.iter().try_for_each(|sql| self.wire.post_command(sql));
        if let Err(e) = set.and_then(|()| self.wire.part()) {
            tracing::debug!(error = %e, "settings were not changed");
        }
    }

    /// Begins a transaction together with its first statement, which tells where that failed.
    pub fn begin(&mut self, commands: &[&str]) {
        self.heard = false;
        self.later = Later::default();
        for sql in commands {
            if let Err(e) = self.wire.post_command(sql) {
                tracing::debug!(error = %e, sql, "not begun");
            }
        }
    }

    /// Ends a transaction that has written nothing; nobody waits for that.
    pub fn end(&mut self) {
        // Apart from questions that nobody came for: were one of them refused, the transaction would stay.
        let ended = self.wire.part().and_then(|()| self.wire.post_command("COMMIT")).and_then(|()| self.wire.flush());
        // That the connection has ended is seen by whoever takes it next.
        if let Err(e) = ended {
            tracing::debug!(error = %e, "not ended");
        }
    }

    /// Makes what was written stand. What was posted last goes with it: where that is refused, nothing is committed.
    pub fn commit(&mut self) -> Result<()> {
        self.writes()?;
        let done = self.wire.command("COMMIT");
        self.answered(done, "COMMIT")
    }

    /// Takes back what was written, whatever became of it.
    pub fn roll_back(&mut self) -> Result<()> {
        self.later = Later::default();
        self.forgive();
        let done = self.wire.command("ROLLBACK");
        self.answered(done, "ROLLBACK")
    }

    /// Why the transaction cannot be committed, once.
    pub fn aborted(&mut self) -> Option<Error> {
        self.aborted.take()
    }

    /// What has failed so far will be rolled back.
    pub fn forgive(&mut self) {
        self.aborted = None;
        self.forget_ahead();
        if let Err(e) = self.wire.settle() {
            tracing::debug!(error = %e, "the connection ended before a rollback");
        }
        self.wire.failed();
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
            let wire = &mut self.wire;
            self.statements.retain(|_, (statement, used)| *used > oldest || wire.forget(statement));
        }
        self.statements.insert(key, (statement.clone(), self.clock));
        statement
    }

    /// The answer to a question, unless something posted before it has failed.
    fn answered<T>(&mut self, answer: std::result::Result<T, Fault>, sql: &str) -> Result<T> {
        self.heard |= answer.is_ok();
        self.put(answer, sql)
    }

    /// The same of what was only posted: the server has said nothing yet.
    fn put<T>(&mut self, posted: std::result::Result<T, Fault>, sql: &str) -> Result<T> {
        let earlier = self.wire.failed().map(|(e, sql)| self.failure(e, &sql));
        match (posted, earlier) {
            (Ok(value), None) => Ok(value),
            (Ok(_), Some(earlier)) => Err(earlier),
            (Err(e), _) => Err(self.failure(e, sql)),
        }
    }

    /// Names the error and remembers that the transaction cannot be committed any more.
    fn failure(&mut self, e: Fault, sql: &str) -> Error {
        if e.refusal().is_some_and(stale_plan) {
            let wire = &mut self.wire;
            self.statements.retain(|_, (statement, _)| wire.forget(statement));
        }
        match &self.aborted {
            // What follows a failure fails for that reason only.
            Some(first) if follows(&e) => first.clone(),
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

/// Columns of these rows, for a statement that takes an array for each.
fn turned(columns: usize, rows: &[Vec<Value>]) -> impl ExactSizeIterator<Item = Vec<&Value>> {
    (0..columns).map(|i| rows.iter().map(|row| &row[i]).collect())
}
