//! A contract's delivery time changes: what is ordered under it and not shipped yet follows, each document with its own entry in
//! the history.

use chrono::{Days, NaiveDate};
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::value::Value;

/// Open orders of one contract that are changed at once.
const MOST: usize = 1_000;

/// The day of delivery by the contract, of something ordered on a date.
pub fn delivery_day(contract: &Record, ordered: NaiveDate) -> Option<NaiveDate> {
    day(ordered, contract.opt_int("delivery_days"))
}

fn day(ordered: NaiveDate, days: Option<i64>) -> Option<NaiveDate> {
    days.and_then(|d| u64::try_from(d).ok()).and_then(|d| ordered.checked_add_days(Days::new(d)))
}

/// Moves open orders that stand on the old day, or on none, to the new one, their lines and draft shipments with them. A day that
/// somebody has set for an order by himself stays.
pub fn follow(cx: &mut Cx, change: &Change) -> Result<()> {
    let Some(before) = change.before.as_ref().filter(|_| change.changed("delivery_days")) else { return Ok(()) };
    let Some(orders) = cx.app.registry.get("sales-orders") else { return Ok(()) };
    let (old, new) = (before.opt_int("delivery_days"), change.after.opt_int("delivery_days"));
    let open = Record::load_where(
        cx.conn,
        orders,
        &format!("t.contract_id = ? AND t.state IN ('draft', 'approval', 'confirmed') LIMIT {}", MOST + 1),
        &[change.after.id.into()],
    )?;
    if open.len() > MOST {
        return Err(Error::field("delivery_days", "line_limit").field_arg("max", MOST));
    }
    for order in &open {
        let Some(date) = order.opt_date("date") else { continue };
        let (was, now) = (day(date, old), day(date, new));
        if order.opt_date("ship_on") != was || !is_open(order) {
            continue;
        }
        let mut after = order.clone();
        after.set("ship_on", now);
        let spec = &order.spec.lines[0];
        for l in after.lines[0].iter_mut().filter(|_| was.is_some()) {
            if l.get(spec, "ship_on").as_date() == was {
                l.set(spec, "ship_on", now);
            }
        }
        cx.save(order, &mut after)?;
        if let (Some(was), Some(now)) = (was, now) {
            shipments(cx, order, was, now)?;
        }
    }
    Ok(())
}

/// Something of it is still to be shipped.
fn is_open(order: &Record) -> bool {
    let spec = &order.spec.lines[0];
    order.lines[0].iter().any(|l| l.get(spec, "shipped_quantity") != l.get(spec, "quantity"))
}

fn shipments(cx: &mut Cx, order: &Record, was: NaiveDate, now: NaiveDate) -> Result<()> {
    let Some(spec) = cx.app.registry.get("shipments") else { return Ok(()) };
    let drafts = "t.sales_order_id = ? AND t.state = 'draft' AND t.date = ?";
    for s in Record::load_where(cx.conn, spec, drafts, &[order.id.into(), was.into()])? {
        let mut after = s.clone();
        after.set("date", Value::Date(now));
        cx.save(&s, &mut after)?;
    }
    Ok(())
}
