//! PostgreSQL: a pool of blocking clients. Reads run in a REPEATABLE READ snapshot, writes in READ COMMITTED with retries.
//! Connections are not encrypted (no TLS library is built in): use a local socket, a private network or a tunnel.

use super::conn::{Conn, Inner};
use super::pg_error::{error, stale_plan};
use super::pool::{Lease, Pool};
use super::{Row, StoreOptions, guarded, sql};
use crate::value::Value;
use ::postgres::config::SslMode;
use ::postgres::fallible_iterator::FallibleIterator;
use ::postgres::{Client, Config, NoTls, Statement};
use kontor_kernel::error::{Error, Kind, Result};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often a transaction is run again after a serialisation failure or deadlock.
const RETRIES: u32 = 5;
/// Rows of one INSERT; bounds the size of a message.
const ROWS_PER_INSERT: usize = 5_000;

pub(super) struct Server {
    pool: Pool<Session>,
    config: Config,
    options: StoreOptions,
    /// Where numbers are drawn, made when the first one is.
    pub(super) beside: Mutex<Option<Session>>,
}

impl Server {
    pub fn open(url: &str, options: &StoreOptions) -> Result<Server> {
        let mut config: Config = url.parse().map_err(|e| down(format!("unreadable database address: {e}")))?;
        if config.get_ssl_mode() == SslMode::Require {
            return Err(down("sslmode=require: this build speaks to PostgreSQL without TLS; use a local or private connection"));
        }
        config.ssl_mode(SslMode::Disable).application_name("kontor");
        config.connect_timeout(Duration::from_millis(options.connect_timeout_ms));
        config.tcp_user_timeout(Duration::from_secs(30)).keepalives_idle(Duration::from_secs(30));
        let given = config.get_options().unwrap_or_default();
        // Compiling a plan takes seconds where the server thinks much of its cost, and lists read a few rows of it.
        let settings = format!(
            "{given} -c TimeZone=UTC -c jit=off -c statement_timeout={} -c lock_timeout={} -c idle_in_transaction_session_timeout=300000",
            options.statement_timeout_ms, options.wait_ms
        );
        config.options(settings.trim());
        let (with, statements) = (config.clone(), options.cached_statements);
        let make = Box::new(move || Ok(Session::new(connect(&with)?, statements)));
        let pool = Pool::new(options.pg_connections, Duration::from_millis(options.wait_ms), make);
        drop(pool.get()?);
        Ok(Server { pool, config, options: options.clone(), beside: Mutex::default() })
    }

    pub fn read<T>(&self, limit: Duration, f: impl FnOnce(&mut Conn<'_>) -> Result<T>) -> Result<T> {
        let mut begin = String::from("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        if limit.as_millis() as u64 != self.options.statement_timeout_ms {
            begin.push_str(&format!("; SET LOCAL statement_timeout = {}", limit.as_millis().max(1)));
        }
        let session = self.begin(&begin)?;
        let (session, result) = run(session, f);
        end(session, "COMMIT", result)
    }

    /// `read` without a transaction around it, for what is mostly one statement, which is a snapshot by itself: that is one
    /// way to the server instead of three. What turns out to need a second statement is begun anew as `read`.
    pub fn read_one<T>(&self, limit: Duration, f: impl Fn(&mut Conn<'_>) -> Result<T>) -> Result<T> {
        let mut session = self.lease()?;
        session.alone = Some(Alone::Free);
        let (mut session, result) = run(session, &f);
        match session.alone.take() {
            Some(Alone::Refused) => drop(session),
            // The connection died since it was used last; nothing was done on it, so `read` looks for a live one.
            _ => match &result {
                Err(e) if session.client.is_closed() || e.inner().code == "database_down" => drop(session.discard()),
                _ => return result,
            },
        }
        self.read(limit, f)
    }

    /// `read` on a connection of its own, which ends with it.
    pub fn read_apart<T>(&self, limit: Duration, f: impl FnOnce(&mut Conn<'_>) -> Result<T>) -> Result<T> {
        let mut session = Session::new(self.connect()?, self.options.cached_statements);
        let time = limit.as_millis().max(1);
        session.batch(&format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = {time}"))?;
        guarded(|| f(&mut Conn(Inner::Postgres(&mut session))))
    }

    pub fn write<T>(&self, mut f: impl FnMut(&mut Conn<'_>) -> Result<T>) -> Result<T> {
        let begin = format!("BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = {}", self.options.write_timeout_ms);
        let mut attempt = 0;
        loop {
            let session = self.begin(&begin)?;
            let (session, result) = run(session, &mut f);
            match end(session, "COMMIT", result) {
                Err(e) if e.inner().retry && attempt < RETRIES => {
                    attempt += 1;
                    std::thread::sleep(pause(attempt));
                }
                other => return other,
            }
        }
    }

    pub fn outside(&self, sql: &str) -> Result<()> {
        let mut session = Session::new(self.connect()?, 1);
        session.batch("SET statement_timeout = 0; SET lock_timeout = 0").and_then(|()| session.batch(sql))
    }

    /// A connection that does not belong to the pool.
    pub fn connect(&self) -> Result<Client> {
        connect(&self.config)
    }

    /// A connection whose plans are not too old.
    fn lease(&self) -> Result<Lease<'_, Session>> {
        let mut session = self.pool.get()?;
        if session.plans_are_old(&self.options) && session.batch(NEW_PLANS).is_err() {
            drop(session.discard());
            session = self.pool.get()?;
        }
        Ok(session)
    }

    /// Takes a connection and begins. A pooled connection may have died since; nothing was done on it, so a new one is tried.
    fn begin(&self, begin: &str) -> Result<Lease<'_, Session>> {
        let mut session = self.lease()?;
        match session.batch(begin) {
            Ok(()) => return Ok(session),
            // The server's farewell may be read before the connection is seen to be closed.
            Err(e) if !session.client.is_closed() && e.inner().code != "database_down" => return Err(e),
            Err(_) => drop(session.discard()),
        }
        // When one is dead, the server was away and the others are dead as well.
        drop(self.pool.drain());
        let mut session = self.pool.get()?;
        match session.batch(begin) {
            Ok(()) => Ok(session),
            Err(e) => {
                drop(session.discard());
                Err(e)
            }
        }
    }
}

impl Drop for Server {
    /// Closing a client runs its own small runtime, which panics on a thread of another one: so on a thread apart.
    fn drop(&mut self) {
        let mut sessions = self.pool.drain();
        sessions.extend(self.beside.get_mut().unwrap_or_else(PoisonError::into_inner).take());
        if std::thread::spawn(move || drop(sessions)).join().is_err() {
            tracing::error!("closing the connections failed");
        }
    }
}

fn connect(config: &Config) -> Result<Client> {
    config.connect(NoTls).map_err(|e| {
        let named = error(e, "connect");
        if named.kind() == Kind::Internal { down(named) } else { named }
    })
}

fn down(cause: impl std::fmt::Display) -> Error {
    Error::new(Kind::Unavailable, "database_down").cause(cause)
}

/// Runs the closure. A statement that failed has ended the transaction even if the closure went on: then its error counts.
fn run<'p, T>(mut session: Lease<'p, Session>, f: impl FnOnce(&mut Conn<'_>) -> Result<T>) -> (Lease<'p, Session>, Result<T>) {
    session.aborted = None;
    let result = guarded(|| f(&mut Conn(Inner::Postgres(&mut session))));
    let result = match (result, session.aborted.take()) {
        (Ok(_), Some(e)) => Err(e),
        // A closure that dressed the error up must not hide that a retry would help.
        (Err(_), Some(e)) if e.inner().retry => Err(e),
        (result, _) => result,
    };
    (session, result)
}

/// Commits, or rolls back after an error; a connection that cannot do that is thrown away.
fn end<T>(mut session: Lease<'_, Session>, commit: &'static str, result: Result<T>) -> Result<T> {
    let ended = session.batch(if result.is_ok() { commit } else { "ROLLBACK" });
    if session.client.is_closed() || (ended.is_err() && result.is_err()) {
        drop(session.discard());
    } else if ended.is_err()
        && let Err(e) = session.batch("ROLLBACK")
    {
        tracing::warn!(error = %e, "rollback failed");
        drop(session.discard());
    }
    result.and_then(|value| ended.map(|()| value))
}

/// 2, 4, 8 … ms with a random part, so that those who collided do not meet again.
fn pause(attempt: u32) -> Duration {
    let spread = uuid::Uuid::now_v7().as_bytes()[15];
    Duration::from_micros((1000 << attempt) + u64::from(spread) * 16)
}

/// The server keeps the plan of a prepared statement for as long as the connection lives, also one that was made when a table was
/// empty or not yet analysed: statements of a night's import then stay a thousand times slower than they need be.
const NEW_PLANS: &str = "DISCARD PLANS";

/// One client with its prepared statements.
pub(super) struct Session {
    client: Client,
    /// Since when the server may have kept plans.
    planned: Instant,
    statements: HashMap<String, (Statement, u64)>,
    /// Counts uses, to know which statements were not needed for long.
    clock: u64,
    capacity: usize,
    aborted: Option<Error>,
    /// What is asked goes without a transaction.
    alone: Option<Alone>,
}

/// How far a single statement without a transaction has come.
#[derive(Clone, Copy, PartialEq)]
enum Alone {
    Free,
    Used,
    /// A second one was asked for, or one that writes.
    Refused,
}

impl Session {
    pub fn new(client: Client, capacity: usize) -> Session {
        Session {
            client,
            planned: Instant::now(),
            statements: HashMap::new(),
            clock: 0,
            capacity: capacity.max(1),
            aborted: None,
            alone: None,
        }
    }

    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Whether plans are to be made anew; counts as done.
    fn plans_are_old(&mut self, options: &StoreOptions) -> bool {
        let old = self.planned.elapsed() > Duration::from_millis(options.plans_ms);
        if old {
            self.planned = Instant::now();
        }
        old
    }

    /// Whether another statement may go without a transaction.
    fn alone(&mut self, writes: bool) -> Result<()> {
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

    pub fn each(&mut self, sql: &str, params: &[Value], mut take: impl FnMut(Row) -> Result<bool>) -> Result<()> {
        self.alone(false)?;
        let statement = self.prepare(sql)?;
        let width = statement.columns().len();
        let mut failed = None;
        match self.client.query_raw(&statement, check(&statement, params, sql)?) {
            Err(e) => failed = Some(e),
            Ok(mut rows) => loop {
                let row = match rows.next() {
                    Ok(Some(row)) => row,
                    Ok(None) => break,
                    Err(e) => {
                        failed = Some(e);
                        break;
                    }
                };
                let mut cells = Vec::with_capacity(width);
                for i in 0..width {
                    cells.push(row.try_get(i).map_err(|e| error(e, sql))?);
                }
                if !take(Row(cells))? {
                    break;
                }
            },
        }
        failed.map_or(Ok(()), |e| Err(self.failure(e, sql)))
    }

    pub fn exec(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        self.alone(true)?;
        let statement = self.prepare(sql)?;
        let params = check(&statement, params, sql)?;
        self.execute(&statement, params, sql)
    }

    pub fn insert_rows(&mut self, one: &str, table: &str, columns: &[&str], rows: &[Vec<Value>], suffix: &str) -> Result<u64> {
        if let [row] = rows {
            return self.exec(one, row);
        }
        self.alone(true)?;
        let key = format!("UNNEST {one}");
        let statement = match self.cached(&key) {
            Some(statement) => statement,
            None => {
                // The single-row form tells the types of the columns.
                let single = self.prepare(one)?;
                let types: Vec<&str> = single.params().iter().map(|t| t.name()).collect();
                let sql = sql::insert_unnest(table, columns, &types, suffix);
                let statement = self.client.prepare(&sql).map_err(|e| self.failure(e, &sql))?;
                self.keep(key, statement)
            }
        };
        let mut n = 0;
        for chunk in rows.chunks(ROWS_PER_INSERT) {
            let arrays = (0..columns.len()).map(|i| chunk.iter().map(|row| &row[i]).collect::<Vec<&Value>>());
            n += self.execute(&statement, arrays.collect::<Vec<_>>().iter(), one)?;
        }
        Ok(n)
    }

    /// A script, by the simple protocol.
    pub fn batch(&mut self, sql: &str) -> Result<()> {
        self.alone(true)?;
        self.client.batch_execute(sql).map_err(|e| self.failure(e, sql))
    }

    /// After a rollback to a savepoint.
    pub fn forgive(&mut self) {
        self.aborted = None;
    }

    fn execute<P, I>(&mut self, statement: &Statement, params: I, sql: &str) -> Result<u64>
    where
        P: ::postgres::types::BorrowToSql,
        I: IntoIterator<Item = P>,
        I::IntoIter: ExactSizeIterator,
    {
        let done = self.client.query_raw(statement, params).and_then(|mut rows| {
            while rows.next()?.is_some() {}
            Ok(rows.rows_affected().unwrap_or(0))
        });
        done.map_err(|e| self.failure(e, sql))
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.cached(sql) {
            return Ok(statement);
        }
        let statement = self.client.prepare(&sql::number_placeholders(sql)).map_err(|e| self.failure(e, sql))?;
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

    /// Names the error and remembers that the transaction cannot be committed any more.
    fn failure(&mut self, e: ::postgres::Error, sql: &str) -> Error {
        if e.as_db_error().is_some_and(stale_plan) {
            self.statements.clear();
        }
        let named = error(e, sql);
        if self.aborted.is_none() {
            self.aborted = Some(named.clone());
        }
        named
    }
}

fn check<'v>(statement: &Statement, params: &'v [Value], sql: &str) -> Result<std::slice::Iter<'v, Value>> {
    if statement.params().len() != params.len() {
        return Err(Error::internal(format!("{} values for {} places in: {sql}", params.len(), statement.params().len())));
    }
    Ok(params.iter())
}
