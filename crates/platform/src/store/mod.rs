//! The store owns every database connection. A caller hands in a closure and gets a `Conn` for its time: `read` inside one
//! snapshot, `write` inside one transaction that is durable when the answer comes.
//!
//! Two backends behind one interface: SQLite (embedded, one writer thread with group commit, several readers) and
//! PostgreSQL (a pool, READ COMMITTED, conflicts retried). Entities, rights and business nouns are unknown here.
//!
//! Everything blocks and must not be called on a thread of an async runtime (`spawn_blocking` is fine). Entering the store again from inside a closure is an error: use the `Conn` at hand.

mod backup;
mod by_ids;
mod conn;
mod draw;
mod haste;
mod job;
mod line;
mod log;
mod migrate;
mod options;
mod pg_error;
mod pg_value;
mod pool;
mod postgres;
mod row;
mod schema;
mod session;
mod sql;
mod sqlite;
mod sync;
mod wire;
mod writer;

pub use by_ids::{Param, Wanted, by_ids, marks, padded, parts};
pub use conn::Conn;
pub(crate) use draw::NEXT_NUMBER;
pub use line::{Line, MOST_WORDS};
pub use migrate::Migration;
pub use options::{Priority, StoreOptions};
pub use row::{Row, parse_date};
pub use schema::DbColumn;

use kontor_kernel::error::{Error, Kind, Result};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// The database behind the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// One database, opened once per process and shared.
pub struct Store {
    engine: Engine,
    options: StoreOptions,
}

enum Engine {
    Sqlite { path: PathBuf, readers: pool::Pool<sqlite::Limited>, writer: writer::Writer },
    Postgres(Box<postgres::Server>),
}

/// A transaction on its way.
pub struct Pending<T>(Waiting<T>);

enum Waiting<T> {
    Queued(mpsc::Receiver<Result<T>>),
    Done(Result<T>),
}

impl<T> Pending<T> {
    /// Blocks until it is durable.
    pub fn wait(self) -> Result<T> {
        match self.0 {
            Waiting::Queued(from) => from.recv().unwrap_or_else(|_| Err(writer::closed())),
            Waiting::Done(result) => result,
        }
    }
}

impl Store {
    /// Opens `sqlite://path` (made when absent, with its folder) or `postgres://user:password@host/database`.
    pub fn open(url: &str, options: StoreOptions) -> Result<Arc<Store>> {
        let engine = if let Some(path) = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")) {
            open_sqlite(path, &options)?
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Engine::Postgres(Box::new(postgres::Server::open(url, &options)?))
        } else {
            return Err(bad_url("a database address begins with sqlite:// or postgres://"));
        };
        Ok(Arc::new(Store { engine, options }))
    }

    /// Which database it is.
    pub fn backend(&self) -> Backend {
        match self.engine {
            Engine::Sqlite { .. } => Backend::Sqlite,
            Engine::Postgres(_) => Backend::Postgres,
        }
    }

    /// Reads inside one snapshot: all statements of the closure see the same state.
    pub fn read<T>(&self, f: impl FnOnce(&mut Conn<'_>) -> Result<T>) -> Result<T> {
        self.read_with_timeout(Duration::from_millis(self.options.statement_timeout_ms), f)
    }

    /// `read` with a time limit of its own; running over it is `Unavailable`, `busy`.
    pub fn read_with_timeout<T>(&self, limit: Duration, f: impl FnOnce(&mut Conn<'_>) -> Result<T>) -> Result<T> {
        let _inside = Inside::enter()?;
        match &self.engine {
            Engine::Sqlite { readers, .. } => {
                let lease = readers.get()?;
                lease.limit(Some(limit));
                sqlite::control(&lease.conn, "BEGIN DEFERRED")?;
                let result = guarded(|| f(&mut Conn(conn::Inner::Sqlite(&lease.conn))));
                lease.limit(None);
                // Nothing was changed: both endings come to the same, and an interrupted statement may have ended it.
                if !lease.conn.is_autocommit() {
                    sqlite::control(&lease.conn, "ROLLBACK")?;
                }
                result
            }
            Engine::Postgres(server) => server.read(limit, f),
        }
    }

    /// `read` of what is mostly one statement. The closure may be run a second time.
    pub fn read_one<T>(&self, f: impl Fn(&mut Conn<'_>) -> Result<T>) -> Result<T> {
        match &self.engine {
            Engine::Sqlite { .. } => self.read(f),
            Engine::Postgres(server) => {
                let _inside = Inside::enter()?;
                server.read_one(Duration::from_millis(self.options.statement_timeout_ms), f)
            }
        }
    }

    /// `read` on a connection outside of the pools, from a thread of its own: for what a closure of the store must know of
    /// what is committed, while it and others like it may hold every pooled connection. Opening one costs about a
    /// millisecond; let it be rare.
    pub fn read_apart<T: Send>(&self, limit: Duration, f: impl FnOnce(&mut Conn<'_>) -> Result<T> + Send) -> Result<T> {
        let read = || match &self.engine {
            Engine::Sqlite { path, .. } => {
                let limited = sqlite::open_reader(path, &self.options)?;
                limited.limit(Some(limit));
                sqlite::control(&limited.conn, "BEGIN DEFERRED")?;
                guarded(|| f(&mut Conn(conn::Inner::Sqlite(&limited.conn))))
            }
            Engine::Postgres(server) => server.read_apart(limit, f),
        };
        std::thread::scope(|s| s.spawn(read).join()).unwrap_or_else(|_| Err(Error::internal("reading apart ended with a panic")))
    }

    /// Runs one transaction and answers when it is durable. The closure may be run again after a conflict with another
    /// transaction (PostgreSQL), so it keeps no state from a failed run. An error undoes everything it wrote.
    pub fn write<T, F>(&self, priority: Priority, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn<'_>) -> Result<T> + Send + 'static,
    {
        let _inside = Inside::enter()?;
        match &self.engine {
            Engine::Sqlite { writer, .. } => writer.write(priority, f),
            Engine::Postgres(server) => server.write(f),
        }
    }

    /// Hands a transaction over and lets the caller go on: several of them on their way share commits on SQLite. They are
    /// run in the order in which they were handed over.
    pub fn submit<T, F>(&self, priority: Priority, f: F) -> Result<Pending<T>>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn<'_>) -> Result<T> + Send + 'static,
    {
        let _inside = Inside::enter()?;
        Ok(Pending(match &self.engine {
            Engine::Sqlite { writer, .. } => Waiting::Queued(writer.submit(priority, f)?),
            Engine::Postgres(server) => Waiting::Done(server.write(f)),
        }))
    }

    /// Brings the schema up to date under a lock; gives the names of what was applied now. See `Migration`.
    pub fn migrate(&self, migrations: &[Migration]) -> Result<Vec<String>> {
        migrate::run(self, migrations)
    }

    /// Tables of the database with their columns, types by neutral name.
    pub fn columns(&self) -> Result<BTreeMap<String, Vec<DbColumn>>> {
        self.read(schema::columns)
    }

    /// A consistent copy of the database in the file `to`, made while others go on working. SQLite only.
    pub fn backup(&self, to: &Path) -> Result<()> {
        backup::run(self, to)
    }

    /// SQL that must not be inside a transaction (`VACUUM`).
    pub fn exec_outside(&self, sql: &str) -> Result<()> {
        match &self.engine {
            Engine::Sqlite { writer, .. } => writer.outside(sql.to_owned()),
            Engine::Postgres(server) => server.outside(sql),
        }
    }

    /// Refreshes the statistics of the query planner.
    pub fn analyze(&self) -> Result<()> {
        match self.backend() {
            Backend::Sqlite => self.exec_outside("PRAGMA analysis_limit = 1000; ANALYZE; PRAGMA analysis_limit = 0;"),
            Backend::Postgres => self.exec_outside("ANALYZE"),
        }
    }
}

fn open_sqlite(path: &str, options: &StoreOptions) -> Result<Engine> {
    if path.is_empty() || path.contains(":memory:") {
        return Err(bad_url("a SQLite database needs a file: sqlite://folder/name.db"));
    }
    let path = PathBuf::from(path);
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| bad_url(format!("{}: {e}", folder.display())))?;
    }
    make_private(&path).map_err(|e| bad_url(format!("{}: {e}", path.display())))?;
    let writer = writer::Writer::start(sqlite::open_writer(&path, options)?, &path, options)?;
    let (to_open, with) = (path.clone(), options.clone());
    let make = Box::new(move || sqlite::open_reader(&to_open, &with));
    let readers = pool::Pool::new(options.readers, Duration::from_millis(options.wait_ms), make);
    Ok(Engine::Sqlite { path, readers, writer })
}

/// A new database is for its owner's eyes only; SQLite gives the files beside it the same rights.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut new = std::fs::OpenOptions::new();
    new.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut new, 0o600);
    match new.open(path) {
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(|_| ()),
    }
}

fn bad_url(cause: impl std::fmt::Display) -> Error {
    Error::new(Kind::Unavailable, "database_down").cause(cause)
}

/// Runs a closure of the caller; its panic becomes an internal error, so that it takes nobody else down.
fn guarded<T>(f: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Err(Error::internal(format!("panic inside the store: {}", said.unwrap_or("no message"))))
    })
}

/// Index names are `uq_{table}__{column}__{column}`.
fn unique_index_name(index: &str) -> Option<(String, Vec<String>)> {
    let mut parts = index.strip_prefix("uq_")?.split("__").map(str::to_owned);
    let table = parts.next()?;
    let columns: Vec<String> = parts.collect();
    (!columns.is_empty()).then_some((table, columns))
}

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Marks a thread that is inside a closure of the store. A second entry would wait for itself (the writer for its own
/// thread, the pool for the connection already taken), or read without seeing what was just written.
struct Inside;

impl Inside {
    fn enter() -> Result<Inside> {
        if INSIDE.replace(true) {
            return Err(Error::internal("the store was entered again from inside a closure; use the connection it was given"));
        }
        Ok(Inside)
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.set(false);
    }
}
