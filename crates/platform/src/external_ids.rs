//! What records are called elsewhere: the pairs (source, external id) of every collection in one place, so that a program
//! finds the record that stands for its own, and a record may be known to several programs at once. The pair that a record
//! was brought in with is kept here by the write of the record itself; further ones are added by whoever may change it.

use crate::app::{App, Difference, Registry};
use crate::cx::{Change, Cx};
use crate::execute::in_scope;
use crate::record::Record;
use crate::spec::{Column, Spec, Ty};
use crate::store::Conn;
use crate::value::{Id, Value};
use kontor_kernel::error::{Error, Result};

/// The collection of what records are called elsewhere.
pub const COLLECTION: &str = "external-ids";

/// The collection `external-ids`, and the check that it agrees with the records.
pub fn register(r: Registry) -> Registry {
    r.entity(spec()).check(check)
}

fn spec() -> Spec {
    // Who sees or changes a record sees or changes what it is called; the grants only open the door.
    let office = ["director", "sales_manager", "salesperson", "storekeeper", "accountant", "field_agent"];
    let s = Spec::facts(COLLECTION)
        .section("settings", "link")
        .title("external_id")
        // By id, so in the order in which they came; there are many, and no index more than needed.
        .sort("-id")
        .columns([
            Column::text("entity", 60).required().once().list(),
            Column::new("record_id", Ty::Record).required().once().list(),
            // Of the record itself, as it was brought in; its id is that of the record.
            Column::bool("own", false).computed().list(),
        ])
        .record_of("entity", "record_id")
        .unique_over(&["entity", "source", "external_id"])
        .import_key(&["entity", "source", "external_id"])
        .index_on("record", "(record_id, entity)")
        .index_on("key", "(external_id)")
        .recorded(add);
    office.into_iter().fold(s, |s, role| s.grant(role, "read create delete undo"))
}

/// `external-ids.create`: one more name of a record.
fn add(cx: &mut Cx, change: &mut Change) -> Result<Record> {
    let r = &mut change.after;
    for column in ["source", "external_id"] {
        if r.text(column).trim().is_empty() {
            return Err(Error::field(column, "required"));
        }
    }
    let entity = r.text("entity").to_string();
    let target = cx.app.registry.get(&entity).filter(|t| t.record_of.is_none());
    let target = target.ok_or_else(|| Error::field("entity", "bad_code").field_arg("value", &entity))?;
    let id = r.ref_id("record_id");
    if !in_scope(cx, target, id, "read")? {
        return Err(Error::field("record_id", "reference_missing").field_arg("value", id));
    }
    cx.ctx.access.require(target, "update")?;
    let names_hidden = ["source", "external_id"].iter().any(|c| cx.ctx.access.hidden(target, c));
    if names_hidden || !in_scope(cx, target, id, "update")? {
        return Err(Error::forbidden().arg("action", "update").arg("entity", target.name));
    }
    let mut r = r.clone();
    cx.insert(&mut r)?;
    Ok(r)
}

/// Keeps the pair that a record was brought in with; after the record itself is written.
pub fn keep(cx: &mut Cx, record: &Record) -> Result<()> {
    let Some(external) = record.get("external_id").as_text().filter(|_| record.spec.record_of.is_none()) else { return Ok(()) };
    let Some(spec) = cx.app.registry.get(COLLECTION) else { return Ok(()) };
    let mut row = Record::new(spec, record.id);
    row.version = 1;
    row.set("entity", record.spec.name);
    row.set("record_id", record.id);
    row.set("own", true);
    row.set("source", record.get("source").clone());
    row.set("external_id", external);
    row.set("created_by_id", record.get("created_by_id").clone());
    row.set("created_at", record.get("created_at").clone());
    row.set("updated_at", cx.ctx.now);
    row.insert(cx.conn).map_err(|e| crate::execute::unique_to_field(record.spec, e))
}

/// The record has another pair than before, or none any more.
pub(crate) fn keep_changed(cx: &mut Cx, before: &Record, after: &Record) -> Result<()> {
    let same = |c: &str| before.get(c) == after.get(c);
    if same("source") && same("external_id") {
        return Ok(());
    }
    if cx.app.registry.get(COLLECTION).is_some() && !before.is_null("external_id") {
        cx.conn.exec("DELETE FROM external_ids WHERE id = ?", &[before.id.into()])?;
    }
    keep(cx, after)
}

/// A removed record is known to nobody any more. Names that were added stay in the history.
pub(crate) fn forget(cx: &mut Cx, record: &Record) -> Result<()> {
    let Some(spec) = cx.app.registry.get(COLLECTION).filter(|_| record.spec.record_of.is_none()) else { return Ok(()) };
    let known = Record::load_where(cx.conn, spec, "t.record_id = ?", &[record.id.into()])?;
    for row in known {
        if row.bool("own") {
            cx.conn.exec("DELETE FROM external_ids WHERE id = ?", &[row.id.into()])?;
        } else {
            crate::execute::remove(cx, &row)?;
        }
    }
    Ok(())
}

/// The same for rows that go many at once: `ids` selects those of them that have an external id.
pub fn forget_many(conn: &mut Conn, ids: &str, params: &[Value]) -> Result<()> {
    // By the record alone: together with the collection SQLite would rather look through all names of that collection.
    conn.exec(&format!("DELETE FROM external_ids WHERE record_id IN ({ids})"), params).map(|_| ())
}

/// `FROM` of records of a collection by what they are called elsewhere: `x` is the name, `t` the record.
pub fn from(spec: &Spec) -> String {
    format!("external_ids x JOIN {} t ON t.id = x.record_id AND x.entity = '{}'", spec.table, spec.name)
}

/// Every pair of a record stands here, and nothing else is called a record's own.
fn check(conn: &mut Conn, app: &App) -> Result<Vec<Difference>> {
    let mut out = vec![];
    let mut tell = |key: Id, expected: &str, found: &str| {
        out.push(Difference { place: "external_ids".into(), key: key.to_string(), expected: expected.into(), found: found.into() })
    };
    for s in app.registry.specs.iter().filter(|s| s.record_of.is_none()) {
        let missing = format!(
            "SELECT t.id, t.external_id FROM {0} t WHERE t.external_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM external_ids x WHERE x.id = t.id AND x.entity = '{1}' AND x.external_id = t.external_id AND COALESCE(x.source, '') = COALESCE(t.source, '')) ORDER BY t.id LIMIT 100",
            s.table, s.name
        );
        for r in conn.query(&missing, &[])? {
            tell(r.id(0)?, r.text(1)?, "");
        }
        let idle = format!(
            "SELECT x.record_id, x.external_id FROM external_ids x WHERE x.entity = '{1}' AND NOT EXISTS (SELECT 1 FROM {0} t WHERE t.id = x.record_id AND (x.own = ? OR t.external_id = x.external_id)) ORDER BY x.id LIMIT 100",
            s.table, s.name
        );
        for r in conn.query(&idle, &[false.into()])? {
            tell(r.id(0)?, "", r.text(1)?);
        }
    }
    Ok(out)
}
