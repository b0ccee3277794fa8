//! Who changed what, from what to what. One entry per changed record of a command; only changed fields are kept.

use crate::cx::Cx;
use crate::record::Record;
use crate::store::{Conn, Row};
use crate::value::{Id, Value};
use kontor_kernel::error::{Error, Result};
use serde_json::{Map, Value as Json, json};

/// What is written about one record.
pub struct Entry {
    pub action: &'static str,
    /// `{field: [before, after]}`
    pub changes: Json,
}

impl Entry {
    /// A new record is its own image until its first change, which keeps what was before.
    pub fn created() -> Self {
        Entry { action: "create", changes: json!({}) }
    }
    /// `diff`: fields with what they were and what they are.
    pub fn changed(diff: Vec<(String, Json, Json)>) -> Self {
        let mut m = Map::new();
        for (field, before, after) in diff {
            m.insert(field, json!([before, after]));
        }
        Entry { action: "update", changes: Json::Object(m) }
    }
    /// A removed draft leaves its whole image.
    pub fn removed(record: &Record) -> Self {
        let empty = Record::new(record.spec, record.id);
        let mut e = Self::changed(Record::differences(record, &empty));
        e.action = "delete";
        e
    }
}

/// Writes an entry in the transaction of the command.
pub fn write(cx: &mut Cx, record: &Record, entry: Entry) -> Result<Id> {
    let id = cx.new_id();
    let command = if cx.command.is_empty() { format!("{}.{}", record.spec.name, entry.action) } else { cx.command.clone() };
    let group = cx.ctx.group.map_or(Value::Null, Value::Id);
    cx.conn.post_row(
        "audit",
        &["id", "at", "user_id", "entity", "record_id", "version", "action", "command", "source", "group_id", "changes"],
        vec![
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
    let rows = cx
        .conn
        .query("SELECT changes FROM audit WHERE record_id = ? AND version > ? ORDER BY version, seq", &[record.into(), seen.into()])?;
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

/// Entries of a group about records of one collection, between two places of the audit, last first: place and id. What
/// a failed batch has taken back already is left out.
pub fn of_group(conn: &mut Conn, group: Id, collection: &str, from: i64, before: i64, limit: usize) -> Result<Vec<(i64, Id)>> {
    let rows = conn.query(
        &format!("SELECT seq, id FROM audit WHERE seq > ? AND seq < ? AND group_id = ? AND entity = ? AND command <> ? ORDER BY seq DESC LIMIT {limit}"),
        &[from.into(), before.into(), group.into(), collection.into(), crate::bulk::TAKE_BACK.into()],
    )?;
    rows.iter().map(|r| Ok((r.int(0)?, r.id(1)?))).collect()
}

/// One line of a card's history.
#[derive(Clone, Debug, serde::Serialize)]
pub struct HistoryEntry {
    pub id: Id,
    pub at: chrono::DateTime<chrono::Utc>,
    pub user_id: Id,
    pub user: String,
    pub version: i64,
    pub action: String,
    pub command: String,
    pub source: String,
    pub entity: String,
    pub record_id: Id,
    /// `{field: [before, after]}`
    pub changes: Json,
}

const COLUMNS: &str = "a.id, a.at, a.user_id, u.name, a.version, a.action, a.command, a.source, a.changes, a.entity, a.record_id";

impl HistoryEntry {
    fn of(r: &Row) -> Result<HistoryEntry> {
        Ok(HistoryEntry {
            id: r.id(0)?,
            at: r.instant(1)?,
            user_id: r.id(2)?,
            user: r.opt_text(3)?.unwrap_or("Kontor").to_string(),
            version: r.int(4)?,
            action: r.text(5)?.into(),
            command: r.text(6)?.into(),
            source: r.text(7)?.into(),
            entity: r.text(9)?.into(),
            record_id: r.id(10)?,
            changes: r.json(8)?,
        })
    }
}

/// What is looked for among all changes.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// Columns of `SOUGHT_TEXT` and `SOUGHT_ID` with their values.
    pub equal: Vec<(&'static str, Value)>,
    /// The entry after which to go on.
    pub after: Option<Id>,
    pub limit: usize,
}

/// Columns of text that the history can be asked by.
pub const SOUGHT_TEXT: [&str; 4] = ["entity", "action", "command", "source"];
/// Columns of ids that the history can be asked by.
pub const SOUGHT_ID: [&str; 3] = ["record_id", "user_id", "group_id"];

impl crate::app::App {
    /// Changes of all records, newest first, and whether there are more: for those from whom nothing is hidden.
    pub fn journal(&self, ctx: &crate::ctx::Ctx, sought: &Sought) -> Result<(Vec<HistoryEntry>, bool)> {
        if !ctx.access.all || !ctx.access.companies.is_empty() {
            return Err(Error::forbidden().arg("action", "read").arg("entity", "audit"));
        }
        let mut wheres = vec!["1 = 1".to_string()];
        let mut params = vec![];
        for (column, value) in &sought.equal {
            wheres.push(format!("a.{column} = ?"));
            params.push(value.clone());
        }
        if let Some(id) = sought.after {
            wheres.push("(a.at, a.id) < (SELECT b.at, b.id FROM audit b WHERE b.id = ?)".into());
            params.push(id.into());
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM audit a LEFT JOIN users u ON u.id = a.user_id WHERE {} ORDER BY a.at DESC, a.id DESC LIMIT {}",
            wheres.join(" AND "),
            sought.limit + 1
        );
        let mut rows = self.store.read(|conn| conn.query(&sql, &params)?.iter().map(HistoryEntry::of).collect::<Result<Vec<_>>>())?;
        let more = rows.len() > sought.limit;
        rows.truncate(sought.limit);
        for entry in &mut rows {
            if let Some(spec) = self.registry.get(&entry.entity) {
                entry.changes = ctx.access.strip_changes(spec, std::mem::take(&mut entry.changes));
            }
        }
        Ok((rows, more))
    }

    /// History of a record that the caller may read, newest first; fields hidden from him are left out.
    pub fn history(&self, ctx: &crate::ctx::Ctx, collection: &str, id: Id, limit: usize) -> Result<Vec<HistoryEntry>> {
        let spec = self.registry.get(collection).ok_or_else(Error::not_found)?;
        self.store.read(|conn| {
            let record = crate::query::read_record(conn, self, ctx, collection, id)?;
            // What a document has written has the history of that document, for whoever may see it.
            let by = spec.recorded_by.and_then(|r| r.document).and_then(|column| Some((self.registry.get_ref(&spec.col(column)?.ty)?, column)));
            let (spec, id) = match by {
                None => (spec, id),
                Some((document, column)) => {
                    let id = record.ref_id(column);
                    if crate::app::if_seen(crate::query::read_record(conn, self, ctx, document.name, id))?.is_none() {
                        return Ok(vec![]);
                    }
                    (document, id)
                }
            };
            let rows = conn.query(
                &format!("SELECT {COLUMNS} FROM audit a LEFT JOIN users u ON u.id = a.user_id WHERE a.record_id = ? AND a.entity = ? ORDER BY a.version DESC, a.seq DESC LIMIT {}", limit.min(1000)),
                &[id.into(), spec.name.into()],
            )?;
            rows.iter()
                .map(|r| {
                    let mut entry = HistoryEntry::of(r)?;
                    entry.changes = ctx.access.strip_changes(spec, entry.changes);
                    Ok(entry)
                })
                .collect()
        })
    }
}
