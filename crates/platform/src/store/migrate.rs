//! Migrations: one ordered history for both databases, written in neutral DDL.
//!
//! | token | SQLite | PostgreSQL |
//! | --- | --- | --- |
//! | `{seq}` | `INTEGER PRIMARY KEY` | `BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY` |
//! | `{id}` | `UUID_BLOB` | `UUID` |
//! | `{int}` | `BIGINT` | `BIGINT` |
//! | `{text}` | `TEXT` | `TEXT` |
//! | `{bool}` | `BOOL_INT` | `BOOLEAN` |
//! | `{date}` | `DATE_TEXT` | `DATE` |
//! | `{instant}` | `INSTANT_INT` (microseconds UTC) | `TIMESTAMPTZ` |
//! | `{json}` | `JSON_TEXT` | `JSONB` |
//! | `{bytes}` | `BYTES_BLOB` | `BYTEA` |
//! | `{true}`, `{false}` | `1`, `0` | `TRUE`, `FALSE` |
//!
//! The declared names of SQLite keep the kind readable by introspection, and the part after `_` gives the column an
//! affinity that stores values unchanged.
//!
//! A line `{search partners}` makes the substring index over `partners.search_text`: an FTS5 table `partners_fts` kept by
//! triggers, or a trigram index. A line that begins with `{sqlite}` or `{postgres}` is for that database only.
//! Unique indexes are named `uq_{table}__{column}__{column}`, which is how a violation finds its field.

use super::conn::{Conn, Inner};
use super::session::Session;
use super::{Backend, Engine, Store, sqlite};
use crate::value::Value;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Kind, Result};
use sha2::{Digest, Sha256};

/// One step of the schema's history. Never changed once released.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    pub name: &'static str,
    /// Neutral DDL, see the module's text.
    pub sql: &'static str,
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations (
    name {text} NOT NULL PRIMARY KEY, applied_at {instant} NOT NULL, checksum {text} NOT NULL)";
/// Key of PostgreSQL's advisory lock: "kontor" in ASCII.
const LOCK: i64 = 0x6b6f_6e74_6f72;

pub(super) fn run(store: &Store, migrations: &[Migration]) -> Result<Vec<String>> {
    match &store.engine {
        // A connection apart: rebuilding a table needs foreign keys off, which cannot be said inside a transaction.
        Engine::Sqlite { path, .. } => {
            let conn = sqlite::open_plain(path, &store.options)?;
            sqlite::batch(&conn, "PRAGMA foreign_keys = OFF; PRAGMA synchronous = FULL;")?;
            apply(&mut Conn(Inner::Sqlite(&conn)), migrations)
        }
        Engine::Postgres(server) => {
            let mut session = Session::new(server.connect()?, 16);
            session.batch("SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0")?;
            session.batch(&format!("SELECT pg_advisory_lock({LOCK})"))?;
            apply(&mut Conn(Inner::Postgres(&mut session)), migrations)
        }
    }
}

fn apply(conn: &mut Conn<'_>, migrations: &[Migration]) -> Result<Vec<String>> {
    let backend = conn.backend();
    within(conn, |conn| {
        conn.batch(&translate(TABLE, backend)?)?;
        check_history(conn, migrations).map(|_| ())
    })?;
    let mut applied = Vec::new();
    for migration in migrations {
        // Looked up again under the lock of this transaction: another process may be migrating as well.
        let now = within(conn, |conn| {
            if check_history(conn, migrations)?.contains_key(migration.name) {
                return Ok(false);
            }
            step(conn, migration).map_err(|e| failed(migration.name, e))?;
            Ok(true)
        })?;
        if now {
            applied.push(migration.name.to_owned());
        }
    }
    Ok(applied)
}

fn step(conn: &mut Conn<'_>, migration: &Migration) -> Result<()> {
    conn.batch(&translate(migration.sql, conn.backend())?)?;
    if conn.backend() == Backend::Sqlite
        && let Some(row) = conn.query_opt("SELECT \"table\", \"parent\" FROM pragma_foreign_key_check", &[])?
    {
        return Err(Error::internal(format!("rows of {} refer to missing rows of {}", row.text(0)?, row.text(1)?)));
    }
    let now = Value::from(chrono::Utc::now());
    let values = [migration.name.into(), now, checksum(migration.sql).into()];
    conn.exec("INSERT INTO migrations (name, applied_at, checksum) VALUES (?, ?, ?)", &values)?;
    Ok(())
}

/// What was applied before, by name. Refuses a database made by a newer program and a history that was rewritten.
fn check_history(conn: &mut Conn<'_>, migrations: &[Migration]) -> Result<HashMap<String, String>> {
    let mut known = HashMap::new();
    for row in conn.query("SELECT name, checksum FROM migrations ORDER BY applied_at, name", &[])? {
        let (name, sum) = (row.text(0)?, row.text(1)?);
        let Some(ours) = migrations.iter().find(|m| m.name == name) else {
            let cause = format!("the database has the migration {name}, which this program does not know: it is newer");
            return Err(Error::new(Kind::Unavailable, "database_newer").arg("migration", name).cause(cause));
        };
        if checksum(ours.sql) != sum {
            let cause = format!("the migration {name} was applied with another text");
            return Err(Error::new(Kind::Unavailable, "migration_changed").arg("migration", name).cause(cause));
        }
        known.insert(name.to_owned(), sum.to_owned());
    }
    Ok(known)
}

/// A transaction of its own, with the write lock from the beginning.
fn within<T>(conn: &mut Conn<'_>, f: impl FnOnce(&mut Conn<'_>) -> Result<T>) -> Result<T> {
    conn.batch(if conn.backend() == Backend::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" })?;
    let result = f(conn).and_then(|value| conn.batch("COMMIT").map(|()| value));
    if result.is_err()
        && let Err(e) = conn.batch("ROLLBACK")
    {
        tracing::warn!(error = %e, "rollback of a migration failed");
    }
    result
}

fn failed(name: &str, e: Error) -> Error {
    Error::internal(format!("migration {name}: {e}"))
}

/// Of the text with uniform line ends, so that a checkout on another system is the same history.
fn checksum(sql: &str) -> String {
    let digest = Sha256::digest(sql.replace("\r\n", "\n").trim().as_bytes());
    digest.iter().map(|b| format!("{b:02x}")).collect()
}

/// Neutral DDL to the backend's own.
pub(super) fn translate(sql: &str, backend: Backend) -> Result<String> {
    if sql.to_ascii_lowercase().contains("deferrable") {
        return Err(Error::internal("deferred keys are not used: one command would fail the shared commit of its neighbours"));
    }
    let mut out = String::with_capacity(sql.len() * 2);
    for line in sql.lines() {
        let (only, text) = match line.trim_start() {
            t if t.starts_with("{sqlite}") => (Some(Backend::Sqlite), &t["{sqlite}".len()..]),
            t if t.starts_with("{postgres}") => (Some(Backend::Postgres), &t["{postgres}".len()..]),
            _ => (None, line),
        };
        if only.is_some_and(|b| b != backend) {
            continue;
        }
        match text.trim().strip_prefix("{search ").and_then(|t| t.trim_end_matches(';').strip_suffix('}')) {
            Some(table) => out.push_str(&search(table.trim(), backend)),
            None => words(text, backend, &mut out)?,
        }
        out.push('\n');
    }
    Ok(out)
}

/// Replaces `{word}`; braces around anything else (JSON in a default) stay.
fn words(text: &str, backend: Backend, out: &mut String) -> Result<()> {
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let word = rest.split_once('}').map(|(w, _)| w).filter(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase()));
        let Some(word) = word else {
            out.push('{');
            continue;
        };
        out.push_str(token(word, backend).ok_or_else(|| Error::internal(format!("unknown token {{{word}}} in a migration")))?);
        rest = &rest[word.len() + 1..];
    }
    out.push_str(rest);
    Ok(())
}

fn token(word: &str, backend: Backend) -> Option<&'static str> {
    let (sqlite, postgres) = match word {
        "seq" => ("INTEGER PRIMARY KEY", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
        "id" => ("UUID_BLOB", "UUID"),
        "int" => ("BIGINT", "BIGINT"),
        "text" => ("TEXT", "TEXT"),
        "bool" => ("BOOL_INT", "BOOLEAN"),
        "date" => ("DATE_TEXT", "DATE"),
        "instant" => ("INSTANT_INT", "TIMESTAMPTZ"),
        "json" => ("JSON_TEXT", "JSONB"),
        "bytes" => ("BYTES_BLOB", "BYTEA"),
        "true" => ("1", "TRUE"),
        "false" => ("0", "FALSE"),
        _ => return None,
    };
    Some(if backend == Backend::Sqlite { sqlite } else { postgres })
}

/// The substring index. FTS5 with `columnsize = 0`: ranks use no corpus statistics here, and every write saves a row.
fn search(t: &str, backend: Backend) -> String {
    if backend == Backend::Postgres {
        return format!(
            "CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX {t}_search ON {t} USING gin (search_text gin_trgm_ops);"
        );
    }
    let add = format!("INSERT INTO {t}_fts (rowid, search_text) VALUES (new.seq, new.search_text);");
    let remove = format!("INSERT INTO {t}_fts ({t}_fts, rowid, search_text) VALUES ('delete', old.seq, old.search_text);");
    format!(
        "CREATE VIRTUAL TABLE {t}_fts USING fts5(search_text, content='{t}', content_rowid='seq', tokenize='trigram', columnsize=0);
CREATE TRIGGER {t}_fts_insert AFTER INSERT ON {t} BEGIN {add} END;
CREATE TRIGGER {t}_fts_delete AFTER DELETE ON {t} BEGIN {remove} END;
CREATE TRIGGER {t}_fts_update AFTER UPDATE ON {t} WHEN old.search_text IS NOT new.search_text BEGIN {remove} {add} END;
INSERT INTO {t}_fts ({t}_fts) VALUES ('rebuild');"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_12_tokens_become_the_types_of_each_database() {
        let neutral = "CREATE TABLE t (seq {seq}, j {json} DEFAULT '{}', k {json} DEFAULT '{\"a\":1}', b {bool} DEFAULT {false});";
        let sqlite = translate(neutral, Backend::Sqlite).unwrap();
        assert!(
            sqlite.contains("seq INTEGER PRIMARY KEY, j JSON_TEXT DEFAULT '{}', k JSON_TEXT DEFAULT '{\"a\":1}', b BOOL_INT DEFAULT 0")
        );
        let postgres = translate(neutral, Backend::Postgres).unwrap();
        assert!(postgres.contains("j JSONB DEFAULT '{}', k JSONB DEFAULT '{\"a\":1}', b BOOLEAN DEFAULT FALSE"));
        let only = "{sqlite} SELECT 1;\n{postgres} SELECT 2;";
        assert_eq!(translate(only, Backend::Sqlite).unwrap().trim(), "SELECT 1;");
        assert_eq!(translate(only, Backend::Postgres).unwrap().trim(), "SELECT 2;");
        assert!(translate("x {decimal}", Backend::Sqlite).is_err());
        assert!(translate("REFERENCES t DEFERRABLE", Backend::Postgres).is_err());
    }
}
