//! A copy of a living SQLite database.

use super::{Engine, Store, sqlite};
use kontor_kernel::error::{Error, Kind, Result};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::fs::{self, File};
use std::path::Path;

/// Copies in one step, that is from one snapshot: writers go on, and a copy in several steps would begin anew after each
/// of their commits. The file appears under its name only when it is complete.
pub(super) fn run(store: &Store, to: &Path) -> Result<()> {
    let Engine::Sqlite { path, .. } = &store.engine else {
        return Err(Error::refused("backup_with_pg_dump").cause("a PostgreSQL database is copied with pg_dump"));
    };
    let mut name = to.file_name().ok_or_else(|| failed("the name of the copy is missing"))?.to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = to.with_file_name(name);
    let copied = copy(&sqlite::open_plain(path, &store.options)?, &part).and_then(|()| fs::rename(&part, to).map_err(failed));
    if copied.is_err()
        && let Err(e) = fs::remove_file(&part)
    {
        tracing::warn!(error = %e, file = %part.display(), "an unfinished copy stays");
    }
    copied?;
    // The new name itself must survive a power failure.
    match to.parent().filter(|p| !p.as_os_str().is_empty()) {
        Some(folder) => File::open(folder).and_then(|f| f.sync_all()).map_err(failed),
        None => Ok(()),
    }
}

fn copy(from: &Connection, part: &Path) -> Result<()> {
    let mut to = Connection::open(part).map_err(failed)?;
    let backup = Backup::new(from, &mut to).map_err(failed)?;
    let step = backup.step(-1).map_err(failed)?;
    drop(backup);
    if step != StepResult::Done {
        return Err(Error::retryable(format!("the copy was not finished: {step:?}")));
    }
    // One file, without a log beside it.
    to.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).map_err(failed)?;
    to.close().map_err(|(_, e)| failed(e))
}

fn failed(e: impl std::fmt::Display) -> Error {
    Error::new(Kind::Unavailable, "backup_failed").cause(e)
}
