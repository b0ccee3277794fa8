//! Conditions of an equal key must not hold on one day: which of them wins would be chance (decision 16).

use super::condition::TABLE;
use super::kinds::{WHAT, WHO};
use super::validity;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::store::Backend;
use kontor_platform::value::Value;
use serde_json::json;

/// What two conditions must have in common to be rivals on one day.
fn parts(r: &Record) -> Vec<Value> {
    // Rebates of two recipients stand beside each other.
    let own = ["kind", "company_id", "from_quantity", "from_amount", "priority", "recipient_id"];
    own.iter().chain(&WHO).chain(&WHAT).map(|c| r.get(c).clone()).collect()
}

/// The same for equal keys, to be found by: FNV-1a, which stays what it is from release to release.
pub fn hash(r: &Record) -> i64 {
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    let mut eat = |bytes: &[u8]| {
        for b in bytes {
            h = (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for v in parts(r) {
        match v {
            Value::Text(s) => eat(s.as_bytes()),
            Value::Id(i) => eat(i.as_bytes()),
            Value::Int(n) => eat(&n.to_le_bytes()),
            _ => {}
        }
        eat(&[0xff]);
    }
    i64::from_ne_bytes(h.to_ne_bytes())
}

fn holds(r: &Record) -> bool {
    r.bool("active") && !r.bool("archived")
}

/// Refuses a condition that another of the same key meets on some day; both are named.
pub fn refuse_equal(cx: &mut Cx, r: &Record) -> Result<()> {
    if !holds(r) {
        return Ok(());
    }
    let key = r.int("key_hash");
    if cx.conn.backend() == Backend::Postgres && !cx.preview {
        // Two that are written at the same moment would not see each other.
        cx.conn.query("SELECT CAST(1 AS BIGINT) FROM pg_advisory_xact_lock(?)", &[key.into()])?;
    }
    let days = validity(r)?;
    let mine = parts(r);
    for other in Record::load_where(cx.conn, r.spec, "t.key_hash = ? AND t.id <> ?", &[key.into(), r.id.into()])? {
        if holds(&other) && parts(&other) == mine && validity(&other)?.overlaps(&days) {
            let e = Error::field("valid_from", "overlap").field_arg("rule_a", r.title()).field_arg("rule_b", other.title());
            return Err(e.detail(json!({"overlaps": [{"id": r.id, "title": r.title()}, {"id": other.id, "title": other.title()}]})));
        }
    }
    Ok(())
}

/// Members of segments change by themselves: two conditions for different segments may meet one day. That is told, no more.
pub fn warn_possible(cx: &mut Cx, r: &Record) -> Result<()> {
    let dynamic = ["segment_id", "product_segment_id"].into_iter().find(|c| !r.is_null(c));
    let Some(column) = dynamic.filter(|_| holds(r)) else { return Ok(()) };
    let mut sql = format!(
        "SELECT t.name, t.valid_from, t.valid_to FROM {TABLE} t WHERE t.kind = ? AND t.id <> ? AND t.active = ? AND t.archived = ? \
         AND t.priority = ? AND t.{column} IS NOT NULL AND t.{column} <> ?"
    );
    let mut params: Vec<Value> =
        vec![r.get("kind").clone(), r.id.into(), true.into(), false.into(), r.get("priority").clone(), r.get(column).clone()];
    let rest = ["company_id", "from_quantity", "from_amount", "recipient_id"].iter().chain(&WHO).chain(&WHAT).filter(|c| **c != column);
    for c in rest {
        match r.get(c) {
            Value::Null => sql.push_str(&format!(" AND t.{c} IS NULL")),
            v => {
                sql.push_str(&format!(" AND t.{c} = ?"));
                params.push(v.clone());
            }
        }
    }
    let days = validity(r)?;
    for other in cx.conn.query(&format!("{sql} ORDER BY t.id LIMIT 100"), &params)? {
        let date = |i: usize| other.opt_date(i);
        let theirs = kontor_kernel::Period { from: date(1)?, to: date(2)? };
        if theirs.overlaps(&days) {
            cx.warn(column, "overlap_possible", vec![("rule_a".into(), r.title().into()), ("rule_b".into(), other.text(0)?.into())]);
            break;
        }
    }
    Ok(())
}
