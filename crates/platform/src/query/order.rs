//! The order of a list: its keys in SQL, the cursor that remembers a place in it, and the same order in memory.

use crate::spec::Spec;
use crate::store::{Backend, Row, marks};
use crate::value::{Id, Value};
use base64::Engine;
use kontor_kernel::error::{Error, Result};
use serde_json::{Value as Json, json};
use std::cmp::Ordering;

use super::Query;

#[derive(Clone)]
pub(super) struct SortKey {
    pub expr: String,
    pub desc: bool,
    pub ty: &'static str,
}

pub(super) fn sort_keys(spec: &Spec, q: &Query, backend: Backend) -> Vec<SortKey> {
    let own: Vec<(String, bool)> =
        spec.sort.split(',').map(|s| s.strip_prefix('-').map_or((s.to_string(), false), |n| (n.to_string(), true))).collect();
    let wanted = if q.sort.is_empty() { &own } else { &q.sort };
    let mut keys: Vec<SortKey> = vec![];
    for (name, desc) in wanted {
        let Some(c) = spec.col(name) else { continue };
        let base = c.sql("t");
        let (expr, ty) = if c.sort_key {
            (format!("t.{name}_key"), "bytes")
        } else {
            let storage = c.ty.storage();
            let nullable = c.nullable() || !c.stored();
            let e = match storage {
                "text" if backend == Backend::Postgres => format!("COALESCE({base}, '') COLLATE \"C\""),
                "text" if nullable => format!("COALESCE({base}, '')"),
                "int" if nullable => format!("COALESCE({base}, -9223372036854775807)"),
                "date" if nullable && backend == Backend::Postgres => format!("COALESCE({base}, DATE '0001-01-01')"),
                "date" if nullable => format!("COALESCE({base}, '0001-01-01')"),
                "instant" if nullable && backend == Backend::Postgres => format!("COALESCE({base}, TIMESTAMPTZ '0001-01-01 00:00:00+00')"),
                "instant" if nullable => format!("COALESCE({base}, -62135596800000000)"),
                "bool" if nullable && backend == Backend::Postgres => format!("COALESCE({base}, FALSE)"),
                "bool" if nullable => format!("COALESCE({base}, 0)"),
                "id" if nullable && backend == Backend::Postgres => format!("COALESCE({base}, '00000000-0000-0000-0000-000000000000')"),
                "id" if nullable => format!("COALESCE({base}, x'00000000000000000000000000000000')"),
                _ => base,
            };
            (e, storage)
        };
        keys.push(SortKey { expr, desc: *desc, ty });
    }
    let desc = wanted.last().is_some_and(|w| w.1);
    keys.push(SortKey { expr: "t.id".into(), desc, ty: "id" });
    keys
}

pub(super) fn order_by(keys: &[SortKey]) -> String {
    keys.iter().map(|k| format!("{}{}", k.expr, if k.desc { " DESC" } else { "" })).collect::<Vec<_>>().join(", ")
}

const B64: base64::engine::GeneralPurpose = base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub fn cursor(values: &[Value]) -> String {
    let a: Vec<Json> = values
        .iter()
        .map(|v| match v {
            Value::Bytes(b) => json!(B64.encode(b)),
            Value::Id(i) => json!(i.to_string()),
            Value::Int(i) => json!(i),
            Value::Bool(b) => json!(b),
            Value::Date(d) => json!(d.to_string()),
            Value::Instant(t) => json!(t.timestamp_micros()),
            Value::Text(s) => json!(s),
            _ => Json::Null,
        })
        .collect();
    B64.encode(Json::Array(a).to_string())
}

pub(super) fn cursor_values(text: &str) -> Result<Vec<Json>> {
    let bad = || Error::field("after", "bad_cursor");
    let raw = B64.decode(text).map_err(|_| bad())?;
    serde_json::from_slice(&raw).map_err(|_| bad())
}

pub(super) fn read_cursor(keys: &[SortKey], text: &str) -> Result<Vec<Value>> {
    let bad = || Error::field("after", "bad_cursor");
    let a = cursor_values(text)?;
    if a.len() != keys.len() {
        return Err(bad());
    }
    keys.iter()
        .zip(a)
        .map(|(k, j)| {
            Some(match k.ty {
                "bytes" => Value::Bytes(B64.decode(j.as_str()?).ok()?),
                "id" => Value::Id(Id::parse_str(j.as_str()?).ok()?),
                "int" => Value::Int(j.as_i64()?),
                "bool" => Value::Bool(j.as_bool()?),
                "date" => Value::Date(j.as_str()?.parse().ok()?),
                "instant" => Value::Instant(chrono::DateTime::from_timestamp_micros(j.as_i64()?)?),
                _ => Value::Text(j.as_str()?.to_string()),
            })
        })
        .collect::<Option<Vec<_>>>()
        .ok_or_else(bad)
}

/// `(k1, k2, id) > (…)` where all go one way, spelled out where they do not.
pub(super) fn keyset(keys: &[SortKey], at: Vec<Value>, sql: &mut Vec<String>, params: &mut Vec<Value>) {
    if keys.iter().all(|k| k.desc == keys[0].desc) {
        let op = if keys[0].desc { "<" } else { ">" };
        let left: Vec<&str> = keys.iter().map(|k| k.expr.as_str()).collect();
        sql.push(format!("({}) {op} ({})", left.join(", "), marks(keys.len())));
        params.extend(at);
        return;
    }
    let mut any = vec![];
    for i in 0..keys.len() {
        let mut all = vec![];
        for (k, v) in keys.iter().zip(&at).take(i) {
            all.push(format!("{} = ?", k.expr));
            params.push(v.clone());
        }
        all.push(format!("{} {} ?", keys[i].expr, if keys[i].desc { "<" } else { ">" }));
        params.push(at[i].clone());
        any.push(format!("({})", all.join(" AND ")));
    }
    sql.push(format!("({})", any.join(" OR ")));
}

/// The value of a key as the cursor keeps it.
pub(super) fn key_value(ty: &str, r: &Row, i: usize) -> Result<Value> {
    Ok(match ty {
        "bytes" => Value::Bytes(r.bytes(i)?.to_vec()),
        "id" => Value::Id(r.id(i)?),
        "int" => Value::Int(r.int(i)?),
        "bool" => Value::Bool(r.bool(i)?),
        "date" => Value::Date(r.date(i)?),
        "instant" => Value::Instant(r.instant(i)?),
        _ => Value::Text(r.text(i)?.to_string()),
    })
}

/// Puts rows into the order of the keys, which stand from cell `at` on: both databases compare byte by byte, as is done here.
pub(super) fn sort(rows: &mut [Row], keys: &[SortKey], at: usize) {
    rows.sort_by(|a, b| {
        let each = keys.iter().zip(at..).map(|(k, i)| {
            let order = compare(&a.0[i], &b.0[i]);
            if k.desc { order.reverse() } else { order }
        });
        each.fold(Ordering::Equal, Ordering::then)
    });
}

/// Cells as they were read; those of one key are of one kind (a key is never NULL).
fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Instant(a), Value::Instant(b)) => a.cmp(b),
        // SQLite's blob of 16 bytes is read as an id.
        _ => a.as_bytes().cmp(&b.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_11_rows_are_ordered_in_memory_as_the_databases_order_them() {
        let key = |desc, ty| SortKey { expr: String::new(), desc, ty };
        let row = |name: &[u8], n: i64| {
            Row(vec![Value::Null, if let Ok(id) = Id::from_slice(name) { id.into() } else { name.to_vec().into() }, n.into()])
        };
        let long = b"0123456789abcdef";
        let mut rows =
            vec![row(b"b", 1), row(long, 2), row(b"0123456789abcde", 3), row(b"", 4), row(long, 5), row(b"0123456789abcdefg", 6)];
        sort(&mut rows, &[key(false, "bytes"), key(true, "int")], 1);
        assert_eq!(rows.iter().map(|r| r.int(2).unwrap()).collect::<Vec<_>>(), [4, 3, 5, 2, 6, 1]);
    }
}
