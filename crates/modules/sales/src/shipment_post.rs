//! Posting of a shipment: stock, the order's reserve, the debt with its due date, turnover. And the way back.

use crate::columns::{At, Cells, position};
use crate::fulfil::{self, Wanted, refresh_paid};
use crate::last_part;
use crate::order::ENTITY as ORDERS;
use crate::shipment::ENTITY;
use crate::shipment_lines::{due_date, due_parts, order_line};
use crate::{amounts, parties, turnover};
use kontor_catalog::ProductKind;
use kontor_kernel::Quantity;
use kontor_kernel::error::{Error, Result};
use kontor_office::document::{DocRef, date_of, mark_posted};
use kontor_office::{Company, company};
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::registers;
use kontor_platform::value::Id;
use kontor_settlements::{Entry, Settling, enter, lock_partner};
use kontor_stock::{StockMove, move_stock, taken_back};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// Everything that may refuse or fill before the rows are written.
pub fn prepare(cx: &mut Cx, r: &mut Record) -> Result<()> {
    company(cx, r.ref_id("company_id"))?.check_open(date_of(r)?)?;
    parties::freeze(cx, r)?;
    if r.opt_id("sales_order_id").is_some() {
        // Other parts may have been posted since this one was written down.
        lock_partner(cx, r.ref_id("company_id"), r.ref_id("partner_id"), r.text("currency"))?;
        if let Some(order) = order_of(cx, r)? {
            last_part::settle(cx, r, &order)?;
        }
    }
    mark_posted(cx, r);
    Ok(())
}

pub fn post(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    prepare(cx, r)?;
    take_effect(cx, r, None)?;
    Ok(Json::Null)
}

pub fn revise(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    let before = cx.load(ENTITY, r.id)?;
    parties::freeze(cx, r)?;
    take_effect(cx, r, Some(&before))?;
    r.set("revision", r.int("revision") + 1);
    Ok(Json::Null)
}

pub fn reverse(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    no_returns(cx, r)?;
    let company = company(cx, r.ref_id("company_id"))?;
    let back = Back::of(r, &company)?;
    // Before the order's row: payments come to orders this way round.
    lock_partner(cx, company.id, r.ref_id("partner_id"), r.text("currency"))?;
    let mut order = order_of(cx, r)?;
    let moves = taken_back(cx, back.doc, back.open_from)?;
    match &mut order {
        Some(order) => {
            let shipped = count(order, r, -1)?;
            let active = order.state() == "confirmed";
            fulfil::sync(cx, order, Wanted { active, first: false, credit: false, on: back.doc.date, shipped }, moves)?;
            shipped_total(cx, order.id, -r.int("total"))?;
        }
        None => move_stock(cx, &moves)?,
    }
    back.debts_and_turnover(cx)?;
    r.set("state", "reversed");
    cx.event("shipment.reversed", r, json!({}))?;
    Ok(Json::Null)
}

/// Writes all that the shipment means; `before` is its earlier revision, which goes back in the same step.
pub fn take_effect(cx: &mut Cx, r: &Record, before: Option<&Record>) -> Result<()> {
    let company = company(cx, r.ref_id("company_id"))?;
    let doc = DocRef { entity: ENTITY, id: r.id, date: company.open_day(date_of(r)?) };
    // Before the order's row: payments come to orders this way round.
    lock_partner(cx, company.id, r.ref_id("partner_id"), r.text("currency"))?;
    let mut order = order_of(cx, r)?;
    if before.is_none() && order.as_ref().is_some_and(|o| o.state() != "confirmed") {
        return Err(Error::field("sales_order_id", "order_not_confirmed"));
    }
    if before.is_none() {
        crate::prepaid::check(cx, r, order.as_ref(), &company)?;
    }
    let mut moves = vec![];
    if let Some(b) = before {
        moves = Back::of(b, &company)?.moves(cx)?;
    }
    moves.extend(goods_leave(cx, r, doc, -1)?);
    match &mut order {
        Some(order) => {
            let mut shipped = match before {
                Some(b) => count(order, b, -1)?,
                None => BTreeSet::new(),
            };
            shipped.extend(count(order, r, 1)?);
            not_beyond(order, r)?;
            let active = order.state() == "confirmed";
            fulfil::sync(cx, order, Wanted { active, first: false, credit: false, on: doc.date, shipped }, moves)?;
            shipped_total(cx, order.id, r.int("total") - before.map_or(0, |b| b.int("total")))?;
        }
        None => {
            let more = r.int("total") - before.map_or(0, |b| b.int("total"));
            if !cx.ctx.is_history() {
                fulfil::credit(cx, r, kontor_kernel::Amount::from_scaled(more))?;
            }
            move_stock(cx, &moves)?;
        }
    }
    if let Some(b) = before {
        Back::of(b, &company)?.debts_and_turnover(cx)?;
    }
    let settled = enter(cx, &entry(r, doc, 1)?, Settling::Oldest)?;
    refresh_paid(cx, &settled.orders)?;
    turnover::post(cx, doc, r, At::of(r.spec), 1)?;
    cx.event("shipment.posted", r, json!({}))
}

/// The order's row stays locked, so that two shipments of it do not count the same rest.
fn order_of(cx: &mut Cx, r: &Record) -> Result<Option<Record>> {
    r.opt_id("sales_order_id").map(|id| cx.load_locked(ORDERS, id)).transpose()
}

/// Goods leave (`sign` -1) or come (+1); services have no stock.
pub fn goods_leave(cx: &mut Cx, r: &Record, doc: DocRef, sign: i64) -> Result<Vec<StockMove>> {
    let at = At::of(r.spec);
    let products = amounts::products_of(cx, r, at)?;
    let mut out = Vec::with_capacity(r.lines[0].len());
    for (n, l) in r.lines[0].iter().enumerate() {
        let product = l.id_at(at.product).unwrap_or_default();
        if products.get(&product).is_none_or(|p| p.kind != ProductKind::Goods) {
            continue;
        }
        let warehouse =
            l.id_at(at.warehouse).or_else(|| r.opt_id("warehouse_id")).ok_or_else(|| Error::field("warehouse_id", "warehouse_missing"))?;
        let on_hand = Quantity::from_scaled(sign * l.int_at(at.base));
        out.push(StockMove { doc, warehouse, product, line: n as i64, on_hand, reserved: Quantity::ZERO, storno: None });
    }
    Ok(out)
}

/// Adds the shipment's quantities to the order's lines; answers which lines it touched.
fn count(order: &mut Record, r: &Record, sign: i64) -> Result<BTreeSet<Id>> {
    let (at, key) = (At::of(r.spec), position(&r.spec.lines[0], "order_line_id"));
    let shipped = position(&order.spec.lines[0], "shipped_quantity");
    let mut touched = BTreeSet::new();
    for (n, l) in r.lines[0].iter().enumerate() {
        let Some(id) = order_line(l, order, at, key).map(|o| o.id) else {
            return Err(Error::field(format!("lines.{n}.order_line_id"), "line_unknown"));
        };
        if let Some(of) = order.lines[0].iter_mut().find(|o| o.id == id) {
            let sum = of
                .int_at(shipped)
                .checked_add(sign * l.int_at(at.quantity))
                .ok_or_else(|| Error::field(format!("lines.{n}.quantity"), "number_overflow"))?;
            of.values[shipped] = sum.into();
            touched.insert(id);
        }
    }
    Ok(touched)
}

fn not_beyond(order: &Record, r: &Record) -> Result<()> {
    let (at, key) = (At::of(r.spec), position(&r.spec.lines[0], "order_line_id"));
    let spec = &order.spec.lines[0];
    let (shipped, quantity) = (position(spec, "shipped_quantity"), position(spec, "quantity"));
    let wrong = r.lines[0].iter().enumerate().filter_map(|(n, l)| {
        let of = order_line(l, order, at, key)?;
        let (s, q) = (of.quantity_at(shipped), of.quantity_at(quantity));
        let beyond = if q.is_negative() { s < q } else { s > q };
        beyond.then(|| Error::field(format!("lines.{n}.quantity"), "over_shipped").field_arg("shipped", s).field_arg("ordered", q))
    });
    Error::collect(wrong.collect())
}

fn shipped_total(cx: &mut Cx, order: Id, by: i64) -> Result<()> {
    cx.conn.exec("UPDATE sales_orders SET shipped_total = shipped_total + ? WHERE id = ?", &[by.into(), order.into()])?;
    Ok(())
}

/// What the document means for settlements: `sign` 1 when they owe us its total, -1 when we owe it them.
pub fn entry(r: &Record, doc: DocRef, sign: i64) -> Result<Entry> {
    let stages = if sign > 0 { due_parts(r, doc.date, kontor_kernel::Amount::from_scaled(r.int("total")))? } else { vec![] };
    let due = match stages.first() {
        Some((day, _)) => *day,
        None => due_date(r)?.max(doc.date),
    };
    Ok(Entry {
        doc,
        number: r.text("number").to_string(),
        company: r.ref_id("company_id"),
        partner: r.ref_id("partner_id"),
        currency: r.currency("currency")?,
        counterparty: r.ref_id("counterparty_id"),
        agreement: r.ref_id("agreement_id"),
        contract: r.ref_id("contract_id"),
        order: if r.spec.has_column("sales_order_id") { r.opt_id("sales_order_id") } else { None },
        due,
        stages,
        amount: kontor_kernel::Amount::from_scaled(sign * r.int("total")),
    })
}

fn no_returns(cx: &mut Cx, r: &Record) -> Result<()> {
    let found = cx.conn.query_opt("SELECT number FROM returns WHERE shipment_id = ? AND state = 'posted' LIMIT 1", &[r.id.into()])?;
    match found {
        Some(row) => Err(Error::refused("has_dependents").arg("what", row.text(0)?)),
        None => Ok(()),
    }
}

/// The way back of a posted document, dated as it was or, in a closed period, on the first open day.
pub struct Back {
    pub doc: DocRef,
    pub open_from: Option<chrono::NaiveDate>,
}

impl Back {
    pub fn of(r: &Record, company: &Company) -> Result<Back> {
        let date = date_of(r)?;
        let open = company.open_day(date);
        Ok(Back { doc: DocRef { entity: r.spec.name, id: r.id, date: open }, open_from: (open != date).then_some(open) })
    }
    pub fn moves(&self, cx: &mut Cx) -> Result<Vec<StockMove>> {
        taken_back(cx, self.doc, self.open_from)
    }
    pub fn debts_and_turnover(&self, cx: &mut Cx) -> Result<()> {
        let orders = kontor_settlements::take_back(cx, self.doc.id, self.open_from)?;
        if let Some(reg) = cx.app.registry.register_of("sales") {
            registers::reverse_in(cx, reg, self.doc.id, self.open_from)?;
        }
        refresh_paid(cx, &orders)
    }
}
