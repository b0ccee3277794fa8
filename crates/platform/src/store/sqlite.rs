//! SQLite: opening connections, binding and reading values, naming errors.

use super::by_ids::Param;
use super::{Row, StoreOptions};
use crate::value::{Value, iso_date};
use kontor_kernel::error::{Error, Kind, Result};
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::vtab::array::{Array, load_module};
use rusqlite::{Connection, ErrorCode, Rows, ffi};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A connection with a limit on how long one use of it may run.
pub(super) struct Limited {
    pub conn: Connection,
    deadline: Arc<Deadline>,
}

/// Milliseconds since `start` after which statements are interrupted; 0 is never.
struct Deadline {
    start: Instant,
    at_ms: AtomicU64,
}

impl Limited {
    /// From now on until the next call; `None` is for ever.
    pub fn limit(&self, time: Option<Duration>) {
        let at = time.map_or(0, |t| (self.deadline.start.elapsed() + t).as_millis() as u64);
        self.deadline.at_ms.store(at.max(u64::from(time.is_some())), Ordering::Relaxed);
    }
}

/// How often (in steps of SQLite's machine) the clock is looked at: some tenths of a millisecond.
const STEPS_BETWEEN_LOOKS: i32 = 20_000;

pub(super) fn open_writer(path: &Path, options: &StoreOptions) -> Result<Limited> {
    let conn = open(path, options, options.writer_cache_kb)?;
    let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |r| r.get(0)).map_err(opening)?;
    if mode != "wal" {
        return Err(Error::new(Kind::Unavailable, "database_down").cause(format!("no write-ahead log here (journal mode {mode})")));
    }
    // A checkpoint inside a commit costs tens of milliseconds: `log` makes them beside the writer.
    conn.execute_batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864;")
        .map_err(opening)?;
    limited(conn)
}

pub(super) fn open_reader(path: &Path, options: &StoreOptions) -> Result<Limited> {
    let conn = open(path, options, options.reader_cache_kb)?;
    // A question that sorts millions of rows does it in a file: readers are many, and what they once took they would keep.
    conn.execute_batch("PRAGMA query_only = ON; PRAGMA temp_store = FILE;").map_err(opening)?;
    limited(conn)
}

/// A connection for maintenance: migrations, backup.
pub(super) fn open_plain(path: &Path, options: &StoreOptions) -> Result<Connection> {
    open(path, options, options.reader_cache_kb)
}

fn open(path: &Path, options: &StoreOptions, cache_kb: usize) -> Result<Connection> {
    let conn = Connection::open(path).map_err(opening)?;
    conn.busy_timeout(Duration::from_millis(options.wait_ms)).map_err(opening)?;
    conn.execute_batch(&format!(
        "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0; PRAGMA cache_size = -{cache_kb};"
    ))
    .map_err(opening)?;
    conn.set_prepared_statement_cache_capacity(options.cached_statements);
    // Plans must not depend on the values bound, or a prepared statement is planned anew whenever one changes.
    conn.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(opening)?;
    load_module(&conn).map_err(opening)?;
    // SQLite itself lowers ASCII letters only; conditions compare folded texts.
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("kontor_fold", 1, flags, |c| Ok(c.get::<Option<String>>(0)?.map(|s| crate::record::fold(&s))))
        .map_err(opening)?;
    Ok(conn)
}

fn limited(mut conn: Connection) -> Result<Limited> {
    let deadline = Arc::new(Deadline { start: Instant::now(), at_ms: AtomicU64::new(0) });
    let watched = deadline.clone();
    let look = move || {
        let at = watched.at_ms.load(Ordering::Relaxed);
        at != 0 && watched.start.elapsed().as_millis() as u64 >= at
    };
    conn.progress_handler(STEPS_BETWEEN_LOOKS, Some(look)).map_err(opening)?;
    Ok(Limited { conn, deadline })
}

fn opening(e: rusqlite::Error) -> Error {
    Error::new(Kind::Unavailable, "database_down").cause(e)
}

/// Runs a statement and hands over its rows one by one until `take` says false.
pub(super) fn each(conn: &Connection, sql: &str, params: &[Value], take: impl FnMut(Row) -> Result<bool>) -> Result<()> {
    let mut statement = conn.prepare_cached(sql).map_err(|e| error(e, sql))?;
    bind(&mut statement, params, sql)?;
    step(statement.raw_query(), sql, take)
}

/// The same with lists of ids among the parameters.
pub(super) fn each_of_lists(conn: &Connection, sql: &str, params: &[Param<'_>], take: impl FnMut(Row) -> Result<bool>) -> Result<()> {
    let mut statement = conn.prepare_cached(sql).map_err(|e| error(e, sql))?;
    all_given(&statement, params.len(), sql)?;
    for (i, param) in params.iter().enumerate() {
        match param {
            Param::One(value) => statement.raw_bind_parameter(i + 1, Bound(value)),
            Param::Ids(ids) => {
                let list: Array = Rc::new(ids.iter().map(|id| rusqlite::types::Value::Blob(id.as_bytes().to_vec())).collect());
                statement.raw_bind_parameter(i + 1, list)
            }
        }
        .map_err(|e| error(e, sql))?;
    }
    step(statement.raw_query(), sql, take)
}

fn step(mut rows: Rows<'_>, sql: &str, mut take: impl FnMut(Row) -> Result<bool>) -> Result<()> {
    while let Some(row) = rows.next().map_err(|e| error(e, sql))? {
        // Asked for after the step: it may have prepared the statement anew for a changed table.
        let width = row.as_ref().column_count();
        let mut cells = Vec::with_capacity(width);
        for i in 0..width {
            cells.push(read(row.get_ref(i).map_err(|e| error(e, sql))?, i)?);
        }
        if !take(Row(cells))? {
            break;
        }
    }
    Ok(())
}

pub(super) fn exec(conn: &Connection, sql: &str, params: &[Value]) -> Result<u64> {
    let mut statement = conn.prepare_cached(sql).map_err(|e| error(e, sql))?;
    run(&mut statement, params, sql)
}

pub(super) fn exec_each(conn: &Connection, sql: &str, lists: &[Vec<Value>]) -> Result<Vec<u64>> {
    let mut statement = conn.prepare_cached(sql).map_err(|e| error(e, sql))?;
    lists.iter().map(|params| run(&mut statement, params, sql)).collect()
}

fn run(statement: &mut rusqlite::Statement<'_>, params: &[Value], sql: &str) -> Result<u64> {
    bind(statement, params, sql)?;
    statement.raw_execute().map(|n| n as u64).map_err(|e| error(e, sql))
}

/// A few rows by one statement, and what is left over row by row.
pub(super) fn insert_rows(conn: &Connection, sql: &str, rows: &[Vec<Value>]) -> Result<u64> {
    let (together, alone) = rows.split_at(rows.len() - rows.len() % TOGETHER);
    let mut n = 0;
    if let Some(first) = together.first() {
        let many = several(sql, first.len());
        let mut statement = conn.prepare_cached(&many).map_err(|e| error(e, &many))?;
        for chunk in together.chunks(TOGETHER) {
            if chunk.iter().any(|row| row.len() != first.len()) {
                return Err(Error::internal(format!("rows of different lengths for: {sql}")));
            }
            for (i, value) in chunk.iter().flatten().enumerate() {
                statement.raw_bind_parameter(i + 1, Bound(value)).map_err(|e| error(e, &many))?;
            }
            n += statement.raw_execute().map_err(|e| error(e, &many))? as u64;
        }
    }
    if !alone.is_empty() {
        let mut statement = conn.prepare_cached(sql).map_err(|e| error(e, sql))?;
        for row in alone {
            n += run(&mut statement, row, sql)?;
        }
    }
    Ok(n)
}

/// Rows of one statement: starting and ending one costs as much as a row.
const TOGETHER: usize = 16;

/// The statement of one row for so many. Rows before a refused one would stay, without a journal that SQLite would keep for
/// taking them back; an error is passed on and undoes the whole part in any case.
fn several(one: &str, columns: usize) -> String {
    let marks = format!("({})", vec!["?"; columns].join(", "));
    let all = vec![marks.as_str(); TOGETHER].join(", ");
    one.replacen(&marks, &all, 1).replacen("INSERT INTO", "INSERT OR FAIL INTO", 1)
}

pub(super) fn batch(conn: &Connection, sql: &str) -> Result<()> {
    conn.execute_batch(sql).map_err(|e| error(e, sql))
}

/// A cached statement without parameters: BEGIN, SAVEPOINT, COMMIT …
pub(super) fn control(conn: &Connection, sql: &'static str) -> Result<()> {
    exec(conn, sql, &[]).map(|_| ())
}

fn all_given(statement: &rusqlite::Statement<'_>, values: usize, sql: &str) -> Result<()> {
    let places = statement.parameter_count();
    if places == values { Ok(()) } else { Err(Error::internal(format!("{values} values for {places} places in: {sql}"))) }
}

fn bind(statement: &mut rusqlite::Statement<'_>, params: &[Value], sql: &str) -> Result<()> {
    all_given(statement, params.len(), sql)?;
    for (i, value) in params.iter().enumerate() {
        statement.raw_bind_parameter(i + 1, Bound(value)).map_err(|e| error(e, sql))?;
    }
    Ok(())
}

struct Bound<'a>(&'a Value);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Bool(v) => ToSqlOutput::Borrowed(ValueRef::Integer(i64::from(*v))),
            Value::Int(v) => ToSqlOutput::Borrowed(ValueRef::Integer(*v)),
            Value::Text(v) => ToSqlOutput::Borrowed(ValueRef::Text(v.as_bytes())),
            Value::Id(v) => ToSqlOutput::Borrowed(ValueRef::Blob(v.as_bytes())),
            Value::Date(v) => ToSqlOutput::Owned(iso_date(*v).into()),
            Value::Instant(v) => ToSqlOutput::Borrowed(ValueRef::Integer(v.timestamp_micros())),
            Value::Json(v) => ToSqlOutput::Owned(v.to_string().into()),
            Value::Bytes(v) => ToSqlOutput::Borrowed(ValueRef::Blob(v)),
        })
    }
}

fn read(cell: ValueRef<'_>, i: usize) -> Result<Value> {
    Ok(match cell {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(v) => Value::Int(v),
        ValueRef::Text(v) => Value::Text(std::str::from_utf8(v).map_err(Error::internal)?.to_owned()),
        ValueRef::Blob(v) => match uuid::Uuid::from_slice(v) {
            Ok(id) => Value::Id(id),
            Err(_) => Value::Bytes(v.to_vec()),
        },
        // What a sum of whole numbers becomes here when it has no room in 64 bits.
        ValueRef::Real(v) if v.abs() >= i64::MAX as f64 => return Err(Error::refused("number_overflow").cause(format!("column {i}: {v}"))),
        ValueRef::Real(v) => return Err(Error::internal(format!("column {i} is a floating-point number ({v}): CAST it to BIGINT"))),
    })
}

/// Names a database error; see `Error::unique` and the codes `busy`, `disk_full`, `reference_missing`, `number_overflow`.
pub(super) fn error(e: rusqlite::Error, sql: &str) -> Error {
    let cause = format!("{e} in: {sql}");
    let rusqlite::Error::SqliteFailure(failure, message) = &e else { return Error::internal(cause) };
    match (failure.code, failure.extended_code) {
        (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID) => {
            match message.as_deref().and_then(unique_key) {
                Some((table, columns)) => Error::unique(table, columns).cause(cause),
                None => Error::internal(cause),
            }
        }
        (_, ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => Error::refused("reference_missing").cause(cause),
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => Error::retryable(cause),
        (ErrorCode::OperationInterrupted, _) => Error::new(Kind::Unavailable, "busy").cause(cause),
        (ErrorCode::DiskFull, _) => Error::new(Kind::Unavailable, "disk_full").cause(cause),
        _ if message.as_deref() == Some("integer overflow") => Error::refused("number_overflow").cause(cause),
        _ => Error::internal(cause),
    }
}

/// `UNIQUE constraint failed: t.a, t.b`, or for an index over expressions `… failed: index 'uq_t__a__b'`.
fn unique_key(message: &str) -> Option<(String, Vec<String>)> {
    let what = message.split_once("constraint failed: ")?.1;
    if let Some(index) = what.strip_prefix("index '") {
        return super::unique_index_name(index.strip_suffix('\'')?);
    }
    let table = what.split_once('.')?.0.to_owned();
    let columns = what.split(", ").filter_map(|c| c.split_once('.')).map(|(_, c)| c.to_owned()).collect();
    Some((table, columns))
}
