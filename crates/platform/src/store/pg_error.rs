//! Names of PostgreSQL's errors.

use super::wire::{Fault, Refusal};
use kontor_kernel::error::{Error, Kind};
use tokio_postgres::error::SqlState;

/// See `Error::unique` and the codes `busy`, `disk_full`, `reference_missing`, `database_down`, `number_overflow`.
pub(super) fn error(e: Fault, sql: &str) -> Error {
    let cause = format!("{e} in: {sql}");
    let refusal = match &e {
        Fault::Refused(refusal) => refusal,
        Fault::Lost(_) => return Error::new(Kind::Unavailable, "database_down").cause(cause),
        Fault::Skipped | Fault::Misfit(_) => return Error::internal(cause),
    };
    match &refusal.code {
        &SqlState::UNIQUE_VIOLATION => match unique_key(refusal) {
            Some((table, columns)) => Error::unique(table, columns).cause(cause),
            None => Error::internal(cause),
        },
        &SqlState::FOREIGN_KEY_VIOLATION => Error::refused("reference_missing").cause(cause),
        // A plan made before a migration changed its table: the next run prepares it anew.
        &SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED => Error::retryable(cause),
        &SqlState::FEATURE_NOT_SUPPORTED if stale_plan(refusal) => Error::retryable(cause),
        &SqlState::QUERY_CANCELED | &SqlState::LOCK_NOT_AVAILABLE | &SqlState::TOO_MANY_CONNECTIONS => {
            Error::new(Kind::Unavailable, "busy").cause(cause)
        }
        // A NUL, which no text of ours has and no JSON of PostgreSQL's: whoever asks for it is told so.
        &SqlState::CHARACTER_NOT_IN_REPERTOIRE | &SqlState::UNTRANSLATABLE_CHARACTER => Error::refused("bad_text").cause(cause),
        // Sums are whole numbers of 64 bits; one that is larger has no place anywhere.
        &SqlState::NUMERIC_VALUE_OUT_OF_RANGE => Error::refused("number_overflow").cause(cause),
        &SqlState::DISK_FULL => Error::new(Kind::Unavailable, "disk_full").cause(cause),
        &SqlState::ADMIN_SHUTDOWN | &SqlState::CRASH_SHUTDOWN | &SqlState::CANNOT_CONNECT_NOW => {
            Error::new(Kind::Unavailable, "database_down").cause(cause)
        }
        _ => Error::internal(cause),
    }
}

pub(super) fn stale_plan(refusal: &Refusal) -> bool {
    refusal.code == SqlState::FEATURE_NOT_SUPPORTED && refusal.message.contains("cached plan")
}

/// It failed because an earlier statement of its transaction had.
pub(super) fn follows(e: &Fault) -> bool {
    match e {
        Fault::Skipped => true,
        e => e.refusal().is_some_and(|r| r.code == SqlState::IN_FAILED_SQL_TRANSACTION),
    }
}

/// From the index name where it follows the rule, else from `Key (a, b)=(…) already exists.`
fn unique_key(refusal: &Refusal) -> Option<(String, Vec<String>)> {
    // A name of 63 bytes may have been cut by the server.
    if let Some(found) = refusal.constraint.as_deref().filter(|c| c.len() < 63).and_then(super::unique_index_name) {
        return Some(found);
    }
    let key = refusal.detail.as_deref()?.split_once('(')?.1.split_once(")=(")?.0;
    Some((refusal.table.clone()?, key.split(", ").map(str::to_owned).collect()))
}
