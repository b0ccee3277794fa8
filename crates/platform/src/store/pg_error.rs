//! Names of PostgreSQL's errors.

use kontor_kernel::error::{Error, Kind};
use tokio_postgres::error::{DbError, SqlState};

/// See `Error::unique` and the codes `busy`, `disk_full`, `reference_missing`, `database_down`.
pub(super) fn error(e: tokio_postgres::Error, sql: &str) -> Error {
    let cause = cause(&e, sql);
    let Some(db) = e.as_db_error() else {
        let lost = e.is_closed() || std::error::Error::source(&e).is_some_and(|s| s.is::<std::io::Error>());
        return if lost { Error::new(Kind::Unavailable, "database_down").cause(cause) } else { Error::internal(cause) };
    };
    match db.code() {
        &SqlState::UNIQUE_VIOLATION => match unique_key(db) {
            Some((table, columns)) => Error::unique(table, columns).cause(cause),
            None => Error::internal(cause),
        },
        &SqlState::FOREIGN_KEY_VIOLATION => Error::refused("reference_missing").cause(cause),
        // A plan made before a migration changed its table: the next run prepares it anew.
        &SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED => Error::retryable(cause),
        &SqlState::FEATURE_NOT_SUPPORTED if stale_plan(db) => Error::retryable(cause),
        &SqlState::QUERY_CANCELED | &SqlState::LOCK_NOT_AVAILABLE | &SqlState::TOO_MANY_CONNECTIONS => {
            Error::new(Kind::Unavailable, "busy").cause(cause)
        }
        // A NUL, which no text of ours has and no JSON of PostgreSQL's: whoever asks for it is told so.
        &SqlState::CHARACTER_NOT_IN_REPERTOIRE | &SqlState::UNTRANSLATABLE_CHARACTER => Error::refused("bad_text").cause(cause),
        &SqlState::DISK_FULL => Error::new(Kind::Unavailable, "disk_full").cause(cause),
        &SqlState::ADMIN_SHUTDOWN | &SqlState::CRASH_SHUTDOWN | &SqlState::CANNOT_CONNECT_NOW => {
            Error::new(Kind::Unavailable, "database_down").cause(cause)
        }
        _ => Error::internal(cause),
    }
}

pub(super) fn stale_plan(db: &DbError) -> bool {
    db.code() == &SqlState::FEATURE_NOT_SUPPORTED && db.message().contains("cached plan")
}

/// The statement failed because an earlier one of its transaction had.
pub(super) fn aborted(db: &DbError) -> bool {
    db.code() == &SqlState::IN_FAILED_SQL_TRANSACTION
}

/// The whole chain of causes: the crate's own text is only "db error".
fn cause(e: &tokio_postgres::Error, sql: &str) -> String {
    let mut text = e.to_string();
    let mut source = std::error::Error::source(e);
    while let Some(s) = source {
        text.push_str(": ");
        text.push_str(&s.to_string());
        source = s.source();
    }
    if let Some(detail) = e.as_db_error().and_then(DbError::detail) {
        text.push_str(": ");
        text.push_str(detail);
    }
    format!("{text} in: {sql}")
}

/// From the index name where it follows the rule, else from `Key (a, b)=(…) already exists.`
fn unique_key(db: &DbError) -> Option<(String, Vec<String>)> {
    // A name of 63 bytes may have been cut by the server.
    if let Some(found) = db.constraint().filter(|c| c.len() < 63).and_then(super::unique_index_name) {
        return Some(found);
    }
    let key = db.detail()?.split_once('(')?.1.split_once(")=(")?.0;
    Some((db.table()?.to_owned(), key.split(", ").map(str::to_owned).collect()))
}
