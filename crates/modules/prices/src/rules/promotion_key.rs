//! Promotions of an equal key must not hold on one day: which of them is given would be chance (decision 16).
//!
//! The key of a bundle are its products, of a gift what is bought, from how many on, and what is given; of both for whom, in
//! which company, and the priority. Promotions that may meet in one order without being equal are warned of.

use super::promotion::{ASKED, WHO};
use super::validity;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::store::{Backend, marks};
use kontor_platform::value::{Id, Value};
use serde_json::json;

/// Stands for all promotions where two are written at the same moment.
const LOCK: i64 = 0x70_726f_6d6f;

fn holds(r: &Record) -> bool {
    r.bool("active") && !r.bool("archived")
}

fn products(r: &Record) -> Vec<Id> {
    let spec = &r.spec.lines[0];
    let mut all: Vec<Id> = r.lines[0].iter().filter_map(|l| l.get(spec, "product_id").as_id()).collect();
    all.sort_unstable();
    all
}

fn for_whom(r: &Record) -> Vec<Value> {
    WHO.iter().chain(&["company_id"]).map(|c| r.get(c).clone()).collect()
}

/// What two promotions of one kind and priority must have in common to be rivals on one day.
fn key(r: &Record) -> (Vec<Value>, Vec<Value>, Vec<Id>) {
    let goods = ASKED.iter().chain(&["from_quantity", "gift_product_id"]).map(|c| r.get(c).clone()).collect();
    (for_whom(r), goods, products(r))
}

/// Whether both may be for one document: nobody said, the same, or groups that may share members.
fn may_meet(a: &Record, b: &Record) -> bool {
    let company = a.is_null("company_id") || b.is_null("company_id") || a.get("company_id") == b.get("company_id");
    let apart = |c: &&'static str| !a.is_null(c) && !b.is_null(c) && a.get(c) != b.get(c);
    company && !["partner_id", "dealer_type_id"].iter().any(apart)
}

/// Refuses a promotion that another of the same key meets on some day, both named; warns of one that takes the same goods.
pub fn refuse_equal(cx: &mut Cx, r: &Record) -> Result<()> {
    if !holds(r) {
        return Ok(());
    }
    if cx.conn.backend() == Backend::Postgres && !cx.preview {
        // Two that are written at the same moment would not see each other.
        cx.conn.query("SELECT CAST(1 AS BIGINT) FROM pg_advisory_xact_lock(?)", &[LOCK.into()])?;
    }
    let (days, mine, goods) = (validity(r)?, key(r), products(r));
    let mut sql = "t.kind = ? AND t.priority = ? AND t.id <> ? AND t.active = ? AND t.archived = ? AND ".to_string();
    let mut params: Vec<Value> = vec![r.get("kind").clone(), r.get("priority").clone(), r.id.into(), true.into(), false.into()];
    if goods.is_empty() {
        sql.push_str("t.gift_product_id = ?");
        params.push(r.get("gift_product_id").clone());
    } else {
        let among = marks(goods.len());
        sql.push_str(&format!("EXISTS (SELECT 1 FROM promotion_lines l WHERE l.parent_id = t.id AND l.product_id IN ({among}))"));
        params.extend(goods.iter().map(|id| Value::Id(*id)));
    }
    for other in Record::load_where(cx.conn, r.spec, &sql, &params)? {
        if !validity(&other)?.overlaps(&days) {
            continue;
        }
        if key(&other) == mine {
            let e = Error::field("valid_from", "overlap").field_arg("rule_a", r.title()).field_arg("rule_b", other.title());
            return Err(e.detail(json!({"overlaps": [{"id": r.id, "title": r.title()}, {"id": other.id, "title": other.title()}]})));
        }
        // Gifts stand beside each other; the goods of a bundle count once.
        let shared = if r.text("kind") == "bundle" { products(&other).iter().any(|p| goods.contains(p)) } else { key(&other).1 == mine.1 };
        if shared && may_meet(r, &other) {
            cx.warn("priority", "overlap_possible", vec![("rule_a".into(), r.title().into()), ("rule_b".into(), other.title().into())]);
        }
    }
    Ok(())
}
