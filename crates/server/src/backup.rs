//! Backup and restore in a form that both databases read: gzip of JSON lines, table by table, from one snapshot.
//! It is also the way from SQLite to PostgreSQL.

use crate::registry;
use base64_rows::{decode, encode};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use kontor_kernel::error::{Error, Result};
use kontor_platform::App;
use kontor_platform::store::{DbColumn, Priority};
use kontor_platform::value::Value;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const FORMAT: i64 = 1;
/// Rows written at once while restoring.
const CHUNK: usize = 2_000;

fn io(e: std::io::Error) -> Error {
    Error::refused("backup_failed").cause(e)
}

/// Parents before their lines, so that references hold while reading back.
fn ordered(columns: BTreeMap<String, Vec<DbColumn>>) -> Vec<(String, Vec<DbColumn>)> {
    let mut t: Vec<_> = columns.into_iter().filter(|(name, _)| name != "migrations" && !name.contains("_fts")).collect();
    t.sort_by_key(|(name, c)| (c.iter().any(|c| c.name == "parent_id" && !c.nullable) || name == "outbox_deliveries", name.clone()));
    t
}

/// Writes beside the target and renames, so that a half-written backup never looks like one.
pub fn write(app: &Arc<App>, to: &Path) -> Result<()> {
    let part = to.with_extension("part");
    let tables = ordered(app.store.columns()?);
    let mut out = GzEncoder::new(BufWriter::new(File::create(&part).map_err(io)?), Compression::fast());
    app.store.read_with_timeout(Duration::from_secs(24 * 3600), |conn| {
        let names: Vec<String> = registry::migrations().iter().map(|m| m.name.to_string()).collect();
        writeln!(out, "{}", json!({"kontor_backup": FORMAT, "migrations": names})).map_err(io)?;
        for (table, columns) in &tables {
            let kept: Vec<&DbColumn> = columns.iter().filter(|c| c.name != "seq").collect();
            let list = kept.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(", ");
            writeln!(out, "{}", json!({"table": table, "columns": kept.iter().map(|c| json!([c.name, c.ty])).collect::<Vec<_>>()}))
                .map_err(io)?;
            let order = if columns.iter().any(|c| c.name == "seq") { " ORDER BY seq" } else { "" };
            let mut failed = None;
            conn.query_each(&format!("SELECT {list} FROM {table}{order}"), &[], |row| {
                let cells = kept.iter().enumerate().map(|(i, c)| encode(&row, i, &c.ty)).collect::<Result<Vec<Json>>>()?;
                if let Err(e) = writeln!(out, "{}", Json::Array(cells)) {
                    failed = Some(e);
                    return Ok(false);
                }
                Ok(true)
            })?;
            if let Some(e) = failed {
                return Err(io(e));
            }
        }
        Ok(())
    })?;
    out.finish().map_err(io)?.into_inner().map_err(|e| io(e.into_error()))?.sync_all().map_err(io)?;
    std::fs::rename(&part, to).map_err(io)
}

/// Reads into an empty database; anything in it is a reason to stop.
pub fn read(app: &Arc<App>, from: &Path) -> Result<()> {
    let bad = |line: usize| Error::refused("backup_broken").arg("line", line);
    app.store.migrate(&app.registry.migrations)?;
    let tables: BTreeMap<String, Vec<DbColumn>> = ordered(app.store.columns()?).into_iter().collect();
    app.store.read(|conn| {
        for t in tables.keys() {
            if conn.query_opt(&format!("SELECT 1 FROM {t} LIMIT 1"), &[])?.is_some() {
                return Err(Error::refused("restore_not_empty"));
            }
        }
        Ok(())
    })?;
    let opened = File::open(from).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => Error::refused("file_missing").arg("file", from.display()),
        _ => Error::refused("file_unreadable").arg("message", e),
    })?;
    let file = BufReader::new(GzDecoder::new(BufReader::new(opened)));
    let mut lines = file.lines().enumerate();
    let head: Json = match lines.next() {
        Some((_, Ok(l))) => serde_json::from_str(&l).map_err(|_| bad(1))?,
        _ => return Err(bad(1)),
    };
    if head["kontor_backup"] != FORMAT {
        return Err(bad(1));
    }
    let from_older = head["migrations"].as_array().map_or(0, Vec::len) > app.registry.migrations.len();
    if from_older {
        return Err(Error::refused("database_newer"));
    }
    let mut rows: Vec<Vec<Value>> = vec![];
    let mut at: Option<(String, Vec<(String, String)>)> = None;
    for (n, line) in lines {
        let line = line.map_err(|e| Error::refused("file_unreadable").arg("message", e))?;
        let j: Json = serde_json::from_str(&line).map_err(|_| bad(n + 1))?;
        match j {
            Json::Object(o) => {
                flush(app, &at, &mut rows)?;
                let name = o.get("table").and_then(Json::as_str).filter(|t| tables.contains_key(*t)).ok_or_else(|| bad(n + 1))?;
                let columns = o.get("columns").and_then(Json::as_array).ok_or_else(|| bad(n + 1))?;
                let columns = columns
                    .iter()
                    .map(|c| Some((c[0].as_str()?.to_string(), c[1].as_str()?.to_string())))
                    .collect::<Option<Vec<_>>>()
                    .ok_or_else(|| bad(n + 1))?;
                if columns.iter().any(|(c, _)| !tables[name].iter().any(|x| x.name == *c)) {
                    return Err(bad(n + 1));
                }
                at = Some((name.to_string(), columns));
            }
            Json::Array(cells) => {
                let (_, columns) = at.as_ref().ok_or_else(|| bad(n + 1))?;
                if cells.len() != columns.len() {
                    return Err(bad(n + 1));
                }
                rows.push(cells.iter().zip(columns).map(|(j, (_, ty))| decode(j, ty).ok_or_else(|| bad(n + 1))).collect::<Result<_>>()?);
                if rows.len() >= CHUNK {
                    flush(app, &at, &mut rows)?;
                }
            }
            _ => return Err(bad(n + 1)),
        }
    }
    flush(app, &at, &mut rows)?;
    app.store.analyze()
}

fn flush(app: &Arc<App>, at: &Option<(String, Vec<(String, String)>)>, rows: &mut Vec<Vec<Value>>) -> Result<()> {
    let Some((table, columns)) = at.clone() else { return Ok(()) };
    if rows.is_empty() {
        return Ok(());
    }
    let rows = std::mem::take(rows);
    app.store.write(Priority::Import, move |conn| {
        let names: Vec<&str> = columns.iter().map(|(n, _)| n.as_str()).collect();
        conn.insert_rows(&table, &names, &rows, "")?;
        Ok(())
    })
}

/// One cell as JSON and back, by its neutral type.
mod base64_rows {
    use super::{Error, Json, Result, Value, json};
    use kontor_platform::store::Row;

    pub fn encode(r: &Row, i: usize, ty: &str) -> Result<Json> {
        if r.raw(i)?.is_null() {
            return Ok(Json::Null);
        }
        Ok(match ty {
            "int" => json!(r.int(i)?),
            "bool" => json!(r.bool(i)?),
            "id" => json!(r.id(i)?),
            "date" => json!(r.date(i)?),
            "instant" => json!(r.instant(i)?.timestamp_micros()),
            "json" => json!({"j": r.json(i)?}),
            "bytes" => json!(r.bytes(i)?.iter().map(|b| format!("{b:02x}")).collect::<String>()),
            "text" => json!(r.text(i)?),
            other => return Err(Error::internal(format!("unknown column type {other}"))),
        })
    }

    pub fn decode(j: &Json, ty: &str) -> Option<Value> {
        if j.is_null() {
            return Some(Value::Null);
        }
        Some(match ty {
            "int" => Value::Int(j.as_i64()?),
            "bool" => Value::Bool(j.as_bool()?),
            "id" => Value::Id(kontor_platform::value::Id::parse_str(j.as_str()?).ok()?),
            "date" => Value::Date(j.as_str()?.parse().ok()?),
            "instant" => Value::Instant(chrono::DateTime::from_timestamp_micros(j.as_i64()?)?),
            "json" => Value::Json(j.get("j")?.clone()),
            "bytes" => {
                let s = j.as_str()?;
                Value::Bytes((0..s.len()).step_by(2).map(|k| u8::from_str_radix(s.get(k..k + 2)?, 16).ok()).collect::<Option<Vec<u8>>>()?)
            }
            "text" => Value::Text(j.as_str()?.to_string()),
            _ => return None,
        })
    }
}
