//! Who changed what, from what to what. One entry per changed record of a command; only changed fields are kept.

use crate::cx::Cx;
use crate::record::Record;
use crate::value::{Id, Value};
use kontor_kernel::error::Result;
use serde_json::{Map, Value as Json, json};

/// What is written about one record.
pub struct Entry {
    pub action: &'static str,
    /// `{field: [before, after]}`
    pub changes: Json,
}

impl Entry {
    /// A new record is its own image until its first change, which keeps what was before.
    pub fn created(_record: &Record) -> Self {
        Entry { action: "create", changes: json!({}) }
    }
    pub fn changed(_record: &Record, diff: Vec<(String, Json, Json)>) -> Self {
        let mut m = Map::new();
        for (field, before, after) in diff {
            m.insert(field, json!([before, after]));
        }
        Entry { action: "update", changes: Json::Object(m) }
    }
    /// A removed draft leaves its whole image.
    pub fn removed(record: &Record) -> Self {
        let empty = Record::new(record.spec, record.id);
        let mut e = Self::changed(record, Record::differences(record, &empty));
        e.action = "delete";
        e
    }
}

pub fn write(cx: &mut Cx, record: &Record, entry: Entry) -> Result<Id> {
    let id = cx.new_id();
    let command = if cx.command.is_empty() { format!("{}.{}", record.spec.name, entry.action) } else { cx.command.clone() };
    let group = cx.ctx.group.map_or(Value::Null, Value::Id);
    cx.conn.exec(
        "INSERT INTO audit (id, at, user_id, entity, record_id, version, action, command, source, group_id, changes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        &[
            id.into(),
            cx.ctx.now.into(),
            cx.ctx.user_id.into(),
            record.spec.name.into(),
            record.id.into(),
            record.version.into(),
            entry.action.into(),
            command.into(),
            cx.ctx.source.code().into(),
            group,
            entry.changes.into(),
        ],
    )?;
    Ok(id)
}

/// Base and current values of fields that others changed after `seen`: `(field, before their first change)`.
pub fn changed_since(cx: &mut Cx, record: Id, seen: i64) -> Result<Map<String, Json>> {
    let rows = cx.conn.query("SELECT changes FROM audit WHERE record_id = ? AND version > ? ORDER BY version, seq", &[record.into(), seen.into()])?;
    let mut base = Map::new();
    for r in rows {
        if let Json::Object(m) = r.json(0)? {
            for (field, pair) in m {
                base.entry(field).or_insert_with(|| pair.get(0).cloned().unwrap_or(Json::Null));
            }
        }
    }
    Ok(base)
}
