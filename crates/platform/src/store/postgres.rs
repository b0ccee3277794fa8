//! PostgreSQL: a pool of blocking clients. Reads run in a REPEATABLE READ snapshot, writes in READ COMMITTED with retries.
//! Connections are not encrypted (no TLS library is built in): use a local socket, a private network or a tunnel.

use super::conn::{Conn, Inner};
use super::pg_error::error;
use super::pool::{Lease, Pool};
use super::session::{Alone, NEW_PLANS, Session, Work};
use super::wire::Wire;
use super::{StoreOptions, guarded};
use kontor_kernel::error::{Error, Kind, Result};
use std::sync::Mutex;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;

/// How often a transaction is run again after a serialisation failure or deadlock. Where many write the same rows in opposite orders,
/// one of them may be the victim several times running; the pauses, which double, then are longer than what the others need.
const RETRIES: u32 = 8;

const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

pub(super) struct Server {
    pool: Pool<Session>,
    pub(super) config: Config,
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
        let mut session = self.lease(Work::Reading)?;
        if limit.as_millis() as u64 == self.options.statement_timeout_ms {
            session.begin(&[SNAPSHOT]);
        } else {
            session.begin(&[SNAPSHOT, &time(limit)]);
        }
        let (mut session, result) = run(session, f);
        session.end();
        result
    }

    /// `read` without a transaction around it, for what is mostly one statement, which is a snapshot by itself: that is one
    /// way to the server instead of three. What turns out to need a second statement is begun anew as `read`.
    pub fn read_one<T>(&self, limit: Duration, f: impl Fn(&mut Conn<'_>) -> Result<T>) -> Result<T> {
        let mut session = self.lease(Work::Reading)?;
        session.alone = Some(Alone::Free);
        let (mut session, result) = run(session, &f);
        match session.alone.take() {
            Some(Alone::Refused) => drop(session),
            // The connection died since it was used last; nothing was done on it, so `read` looks for a live one.
            _ => match &result {
                Err(e) if session.is_closed() || e.inner().code == "database_down" => drop(session.discard()),
                _ => return result,
            },
        }
        self.read(limit, f)
    }

    /// `read` on a connection of its own, which ends with it.
    pub fn read_apart<T>(&self, limit: Duration, f: impl FnOnce(&mut Conn<'_>) -> Result<T>) -> Result<T> {
        let mut session = Session::new(self.connect()?, self.options.cached_statements);
        session.begin(&[SNAPSHOT, &time(limit)]);
        let result = guarded(|| f(&mut Conn(Inner::Postgres(&mut session))));
        session.end();
        session.close();
        result
    }

    pub fn write<T>(&self, mut f: impl FnMut(&mut Conn<'_>) -> Result<T>) -> Result<T> {
        let mut attempt = 0;
        loop {
            let mut session = self.lease(Work::Writing)?;
            session.begin(&["BEGIN ISOLATION LEVEL READ COMMITTED"]);
            let (session, result) = run(session, &mut f);
            if !session.heard && session.is_closed() && attempt < RETRIES {
                // It died just now, and nothing was done on it.
                attempt += 1;
                drop(session.discard());
                continue;
            }
            match end(session, result) {
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
    pub fn connect(&self) -> Result<Wire> {
        connect(&self.config)
    }

    /// A connection that is there, whose plans are not too old and whose settings are for this work. A pooled one may have died since
    /// it was used last.
    fn lease(&self, work: Work) -> Result<Lease<'_, Session>> {
        let mut session = self.pool.get_like(|s| s.made_for == work)?;
        if !session.is_alive() || (session.plans_are_old(&self.options) && session.batch(NEW_PLANS).is_err()) {
            drop(session.discard());
            // When one is dead, the server was away and the others are dead as well.
            drop(self.pool.drain());
            session = self.pool.get()?;
        }
        if session.made_for != work {
            session.set_for(work, &self.settings(work));
        }
        Ok(session)
    }

    fn settings(&self, work: Work) -> [String; 2] {
        // Commands ask by keys: one plan is as good for any of them, and making one takes longer than most answers. Lists are planned
        // for their values, as the server thinks best.
        let (time, plans) = match work {
            Work::Reading => (self.options.statement_timeout_ms, "auto"),
            Work::Writing => (self.options.write_timeout_ms, "force_generic_plan"),
        };
        [format!("SET statement_timeout = {time}"), format!("SET plan_cache_mode = {plans}")]
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.pool.drain().into_iter().for_each(Session::close);
    }
}

fn connect(config: &Config) -> Result<Wire> {
    Wire::connect(config).map_err(|e| {
        let named = error(e, "connect");
        if named.kind() == Kind::Internal { down(named) } else { named }
    })
}

fn down(cause: impl std::fmt::Display) -> Error {
    Error::new(Kind::Unavailable, "database_down").cause(cause)
}

/// Runs the closure. A statement that failed has ended the transaction even if the closure went on: then its error counts.
fn run<'p, T>(mut session: Lease<'p, Session>, f: impl FnOnce(&mut Conn<'_>) -> Result<T>) -> (Lease<'p, Session>, Result<T>) {
    session.forget();
    let result = guarded(|| f(&mut Conn(Inner::Postgres(&mut session))));
    let result = match (result, session.aborted()) {
        (Ok(_), Some(e)) => Err(e),
        // A closure that dressed the error up must not hide that a retry would help.
        (Err(_), Some(e)) if e.inner().retry => Err(e),
        (result, _) => result,
    };
    (session, result)
}

/// Commits, or rolls back after an error; a connection that cannot do that is thrown away.
fn end<T>(mut session: Lease<'_, Session>, result: Result<T>) -> Result<T> {
    let ended = if result.is_ok() { session.commit() } else { session.roll_back() };
    if session.is_closed() || (ended.is_err() && result.is_err()) {
        drop(session.discard());
    } else if ended.is_err()
        && let Err(e) = session.roll_back()
    {
        tracing::warn!(error = %e, "rollback failed");
        drop(session.discard());
    }
    result.and_then(|value| ended.map(|()| value))
}

fn time(limit: Duration) -> String {
    format!("SET LOCAL statement_timeout = {}", limit.as_millis().max(1))
}

/// 2, 4, 8 … ms with a random part, so that those who collided do not meet again.
fn pause(attempt: u32) -> Duration {
    let spread = uuid::Uuid::now_v7().as_bytes()[15];
    Duration::from_micros((1000 << attempt) + u64::from(spread) * 16)
}
