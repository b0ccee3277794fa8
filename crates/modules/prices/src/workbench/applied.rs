//! What was put into effect of late: groups of price changes by the job that made them, each with what can still be done.

use super::questions::may_edit;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_platform::app::Asked;
use kontor_platform::store::{Conn, marks, padded};
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx};
use serde_json::{Map, Value as Json, json};

/// Jobs that are looked at, and groups that are told of.
const LOOK: usize = 200;
const SHOWN: usize = 10;

/// `GET /prices/applied?price_type_id=`: the last groups, the newest first: `{items: [{job_id, valid_from, by, at, changed, posted,
/// draft, reversed}], running: [job]}`; the last three count documents by state.
pub fn applied(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    may_edit(app, ctx)?;
    let id = asked.id("price_type_id")?.ok_or_else(|| Error::field("price_type_id", "required"))?;
    app.record_named(ctx, "price-types", id, "price_type_id")?;
    app.store.read(|conn| {
        let sql = format!(
            "SELECT j.id, j.input, j.result, j.state, j.created_at, u.name, j.done FROM jobs j LEFT JOIN users u ON u.id = j.created_by_id \
             WHERE j.kind = 'apply-prices' ORDER BY j.created_at DESC, j.id DESC LIMIT {LOOK}"
        );
        let mut items: Vec<Json> = vec![];
        let mut ids = vec![];
        for r in conn.query(&sql, &[])? {
            let input = r.json(1)?;
            if input["price_type_id"].as_str() != Some(&id.to_string()) || items.len() == SHOWN {
                continue;
            }
            let result = if r.raw(2)?.is_null() { Json::Null } else { r.json(2)? };
            ids.push(r.id(0)?);
            items.push(json!({
                "job_id": r.id(0)?, "valid_from": input["valid_from"], "comment": input["comment"], "state": r.text(3)?,
                "at": r.instant(4)?.to_rfc3339(), "by": r.opt_text(5)?, "changed": result["changed"],
            }));
        }
        let mut states: HashMap<String, Map<String, Json>> = HashMap::new();
        if !ids.is_empty() {
            let some = padded(&ids);
            let sql =
                format!("SELECT job_id, state, COUNT(*) FROM price_changes WHERE job_id IN ({}) GROUP BY job_id, state", marks(some.len()));
            for r in conn.query(&sql, &some)? {
                states.entry(r.id(0)?.to_string()).or_default().insert(r.text(1)?.to_string(), json!(r.int(2)?));
            }
        }
        for i in &mut items {
            let of = i["job_id"].as_str().and_then(|j| states.get(j));
            for state in ["posted", "draft", "reversed"] {
                i[state] = of.and_then(|s| s.get(state)).cloned().unwrap_or(json!(0));
            }
        }
        Ok(json!({"items": items, "running": running(conn, &id.to_string())?}))
    })
}

/// Work on the prices of this type that is going on: ids of jobs.
fn running(conn: &mut Conn, price_type: &str) -> Result<Vec<Id>> {
    let sql = "SELECT id, input FROM jobs WHERE state IN ('queued', 'running') AND kind IN ('edit-prices', 'apply-prices', 'take-prices-back') \
               ORDER BY created_at LIMIT 20";
    let mut out = vec![];
    for r in conn.query(sql, &[])? {
        if r.json(1)?["price_type_id"].as_str() == Some(price_type) {
            out.push(r.id(0)?);
        }
    }
    Ok(out)
}
