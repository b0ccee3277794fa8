//! The verbs of an order. All of them say what the order should hold from now on; `fulfil::sync` brings reserve and credit
//! from what they are to that.

use crate::columns::{Cells, position};
use crate::fulfil::{self, Wanted};
use crate::order::ENTITY;
use crate::{approvals, offer, parties, quote};
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_office::company;
use kontor_office::document::date_of;
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::value::Value;
use serde_json::{Value as Json, json};

/// Everything that may refuse or fill before the order takes effect.
/// Where the terms are departed from and the company wants that approved, the order waits for somebody who may.
pub fn prepare(cx: &mut Cx, r: &mut Record, approved: bool) -> Result<()> {
    let company = company(cx, r.ref_id("company_id"))?;
    company.check_open(date_of(r)?)?;
    r.currency("currency")?;
    offer::prices_known(cx, r)?;
    if !approved && crate::deviations::settle(cx, r, &company)? {
        r.set("state", "approval");
        r.set("confirm", false);
        return Ok(());
    }
    parties::freeze(cx, r)?;
    r.set("state", "confirmed");
    r.set("posted_at", cx.ctx.now);
    r.set("confirm", false);
    Ok(())
}

/// `first`: the order never held anything before.
pub fn take_effect(cx: &mut Cx, r: &mut Record, first: bool) -> Result<()> {
    let wanted = Wanted { active: true, first, credit: !cx.ctx.is_history(), on: date_of(r)?, shipped: Default::default() };
    fulfil::sync(cx, r, wanted, vec![])?;
    cx.event("sales-order.confirmed", r, json!({}))
}

pub fn confirm(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    let first = r.is_null("posted_at");
    offer::ahead_of(cx, r)?;
    prepare(cx, r, false)?;
    if r.state() == "confirmed" {
        take_effect(cx, r, first)?;
    } else {
        cx.event(approvals::WAITING, r, json!({}))?;
    }
    Ok(Json::Null)
}

pub fn approve(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    let first = r.is_null("posted_at");
    offer::ahead_of(cx, r)?;
    prepare(cx, r, true)?;
    take_effect(cx, r, first)?;
    cx.event(approvals::APPROVED, r, json!({}))?;
    Ok(Json::Null)
}

/// Sets every price and discount by the terms, whatever was written by hand.
pub fn reprice(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    offer::reprice(cx, r, crate::order::PREFIX)
}

/// Gives back what the order holds.
fn let_go(cx: &mut Cx, r: &mut Record) -> Result<()> {
    let date = company(cx, r.ref_id("company_id"))?.open_day(date_of(r)?);
    fulfil::sync(cx, r, Wanted { active: false, first: false, credit: false, on: date, shipped: Default::default() }, vec![])
}

fn nothing_shipped(cx: &mut Cx, r: &Record) -> Result<()> {
    let shipped = position(&r.spec.lines[0], "shipped_quantity");
    if r.lines[0].iter().all(|l| l.int_at(shipped) == 0) {
        return Ok(());
    }
    Err(Error::refused("order_has_shipments").arg("documents", shipments_of(cx, r)?))
}

/// Numbers of what was shipped by the order, the first of them.
fn shipments_of(cx: &mut Cx, r: &Record) -> Result<String> {
    let sql = "SELECT number FROM shipments WHERE sales_order_id = ? AND state = 'posted' ORDER BY number LIMIT 4";
    let mut numbers = cx.conn.query(sql, &[r.id.into()])?.iter().map(|r| Ok(r.text(0)?.to_string())).collect::<Result<Vec<_>>>()?;
    if numbers.len() > 3 {
        numbers[3] = "…".into();
    }
    Ok(numbers.join(", "))
}

/// A closed order holds again what is left of it; any other is a draft from now on.
pub fn reopen(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    let state = r.state().to_string();
    match state.as_str() {
        "closed" => {
            r.set("state", "confirmed");
            let on = company(cx, r.ref_id("company_id"))?.open_day(date_of(r)?);
            fulfil::sync(
                cx,
                r,
                Wanted { active: true, first: false, credit: !cx.ctx.is_history(), on, shipped: Default::default() },
                vec![],
            )?;
        }
        state => {
            if state == "cancelled" {
                quote::still_offered(cx, r)?;
                r.set("cancel_reason", Value::Null);
            }
            nothing_shipped(cx, r)?;
            if state == "approval" {
                cx.event(approvals::SENT_BACK, r, json!({}))?;
            }
            let_go(cx, r)?;
            r.set("state", "draft");
        }
    }
    cx.event("sales-order.reopened", r, json!({}))?;
    Ok(Json::Null)
}

pub fn cancel(cx: &mut Cx, r: &mut Record, input: &Json) -> Result<Json> {
    nothing_shipped(cx, r)?;
    let_go(cx, r)?;
    r.set("state", "cancelled");
    r.set("cancel_reason", input["reason"].as_str());
    cx.event(approvals::CANCELLED, r, json!({"reason": input["reason"]}))?;
    Ok(Json::Null)
}

/// Nothing more will be shipped; what is shipped stays.
pub fn close(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    let_go(cx, r)?;
    r.set("state", "closed");
    cx.event("sales-order.closed", r, json!({}))?;
    Ok(Json::Null)
}

pub fn revise(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    offer::prices_known(cx, r)?;
    shipped_stays(cx, r)?;
    parties::freeze(cx, r)?;
    let on = company(cx, r.ref_id("company_id"))?.open_day(date_of(r)?);
    fulfil::sync(cx, r, Wanted { active: true, first: false, credit: !cx.ctx.is_history(), on, shipped: Default::default() }, vec![])?;
    r.set("revision", r.int("revision") + 1);
    cx.event("sales-order.revised", r, json!({"revision": r.int("revision")}))?;
    Ok(Json::Null)
}

/// A revision may not ask for less than was shipped, nor turn a shipped line into another, nor change whose order it is.
fn shipped_stays(cx: &mut Cx, r: &Record) -> Result<()> {
    let before = cx.load(ENTITY, r.id)?;
    let spec = &r.spec.lines[0];
    let at = |name: &str| position(spec, name);
    let (quantity, shipped, product, unit) = (at("quantity"), at("shipped_quantity"), at("product_id"), at("unit_id"));
    let now: HashMap<_, _> = r.lines[0].iter().enumerate().map(|(n, l)| (l.id, (n, l))).collect();
    let mut any = false;
    for old in before.lines[0].iter().filter(|l| l.int_at(shipped) != 0) {
        any = true;
        let args = |e: Error| e.field_arg("shipped", old.quantity_at(shipped)).field_arg("ordered", old.quantity_at(quantity));
        let Some((n, line)) = now.get(&old.id) else { return Err(args(Error::field("lines", "over_shipped"))) };
        if line.values[product] != old.values[product] || line.values[unit] != old.values[unit] {
            let documents = shipments_of(cx, r)?;
            return Err(Error::field(format!("lines.{n}.product_id"), "order_has_shipments").field_arg("documents", documents));
        }
        if line.int_at(quantity) < old.int_at(shipped) {
            return Err(Error::field(format!("lines.{n}.quantity"), "over_shipped")
                .field_arg("shipped", old.quantity_at(shipped))
                .field_arg("ordered", line.quantity_at(quantity)));
        }
    }
    let same = ["company_id", "partner_id", "currency", "vat"].into_iter().find(|c| before.get(c) != r.get(c));
    match same {
        Some(column) if any => Err(Error::field(column, "order_has_shipments").field_arg("documents", shipments_of(cx, r)?)),
        // Reserve and credit are keyed by them: let go under the old ones first.
        Some(_) => {
            let mut old = before;
            let_go(cx, &mut old)
        }
        None => Ok(()),
    }
}
