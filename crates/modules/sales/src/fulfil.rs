//! What an order holds: goods reserved and credit taken, for what is not shipped yet. Kept in the order's own name, always as
//! the difference between what it should hold and what it holds, so that any order of steps ends at the same figures.

use crate::amounts::{self, gross, vat_of};
use crate::columns::{At, Cells, position};
use crate::order::ENTITY;
use chrono::NaiveDate;
use kontor_catalog::ProductKind;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Quantity, mul_div};
use kontor_office::company;
use kontor_office::document::{DocRef, date_of, int_type};
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::value::{Id, Value};
use kontor_settlements::{Credit, check_credit, lock_partner, order_ahead, take_back};
use kontor_stock::{StockMove, move_stock, taken_back};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
pub struct Wanted {
    /// The order holds what is left of it; otherwise nothing.
    pub active: bool,
    /// It never held anything before: nobody need look what.
    pub first: bool,
    /// More credit must be within the limit.
    pub credit: bool,
    pub on: NaiveDate,
    /// Lines whose `shipped_quantity` the command has changed.
    pub shipped: BTreeSet<Id>,
}

/// Brings reserve and credit of an order to what they should be; `with` are moves of the same command (a shipment), looked at
/// together. The order's lines carry `shipped_quantity` as it will be.
pub fn sync(cx: &mut Cx, order: &mut Record, wanted: Wanted, with: Vec<StockMove>) -> Result<()> {
    let doc = DocRef { entity: ENTITY, id: order.id, date: wanted.on };
    let (company_id, partner, currency) = (order.ref_id("company_id"), order.ref_id("partner_id"), order.text("currency").to_string());
    lock_partner(cx, company_id, partner, &currency)?;
    let left = left_of(cx, order, wanted.active)?;
    let holds = if wanted.first { Amount::ZERO } else { held(cx, order.id)? };
    let by = Amount::sum(left.iter().map(|l| l.gross))
        .map_err(|e| e.at("lines"))?
        .checked_sub(holds)
        .ok_or_else(|| Error::refused("number_overflow"))?;
    if wanted.credit && by.is_positive() {
        credit(cx, order, by)?;
    }
    let before = if wanted.first { vec![] } else { taken_back(cx, doc, None)? };
    let mut moves = reserve(doc, before, &left)?;
    moves.extend(with);
    move_stock(cx, &moves)?;
    order_ahead(cx, doc, company_id, partner, &currency, by)?;
    write_down(cx, order, &left, &wanted.shipped)
}

/// What is left of one line.
struct Left {
    line: i64,
    warehouse: Option<Id>,
    product: Id,
    /// In the product's own unit.
    reserve: Quantity,
    /// In the line's unit, to be shown.
    shown: Quantity,
    gross: Amount,
}

fn left_of(cx: &mut Cx, order: &Record, active: bool) -> Result<Vec<Left>> {
    let at = At::of(order.spec);
    let spec = &order.spec.lines[0];
    let (shipped, supply) = (position(spec, "shipped_quantity"), position(spec, "supply"));
    let products = amounts::products_of(cx, order, at)?;
    let mode = vat_of(order);
    let minor = order.currency("currency")?.minor();
    let mut out = Vec::with_capacity(order.lines[0].len());
    for (n, l) in order.lines[0].iter().enumerate() {
        let (quantity, base) = (l.quantity_at(at.quantity), l.quantity_at(at.base));
        let left = if active { rest(quantity, l.quantity_at(shipped)) } else { Quantity::ZERO };
        let goods = l.id_at(at.product).and_then(|id| products.get(&id)).is_some_and(|p| p.kind == ProductKind::Goods);
        let held = goods && l.values[supply] != Value::Text("later".into());
        let part = |whole: i64| if left == quantity { Some(whole) } else { mul_div(whole, left.scaled(), quantity.scaled()) };
        let overflow = || Error::field(format!("lines.{n}.quantity"), "number_overflow");
        let all = gross(l.amount_at(at.amount), l.amount_at(at.vat), mode)?;
        let gross =
            if left.is_zero() { Amount::ZERO } else { Amount::from_scaled(part(all.scaled()).ok_or_else(overflow)?).round_to(minor)? };
        let reserve = if left.is_zero() || !held { 0 } else { part(base.scaled()).ok_or_else(overflow)? };
        out.push(Left {
            line: n as i64,
            warehouse: l.id_at(at.warehouse).or_else(|| order.opt_id("warehouse_id")),
            product: l.id_at(at.product).unwrap_or_default(),
            reserve: Quantity::from_scaled(reserve),
            shown: if held { left } else { Quantity::ZERO },
            gross,
        });
    }
    Ok(out)
}

/// What is still to be shipped of a line; a line that was shipped beyond its quantity has nothing left.
pub fn rest(quantity: Quantity, shipped: Quantity) -> Quantity {
    let left = quantity.checked_sub(shipped).unwrap_or_default();
    if left.is_negative() == quantity.is_negative() { left } else { Quantity::ZERO }
}

fn held(cx: &mut Cx, order: Id) -> Result<Amount> {
    let int = int_type(cx.conn);
    let row = cx.conn.query_one(
        &format!("SELECT CAST(COALESCE(SUM(ordered), 0) AS {int}) FROM reg_exposure_movements WHERE recorder_id = ?"),
        &[order.into()],
    )?;
    Ok(Amount::from_scaled(row.int(0)?))
}

/// The limit of the agreement that the order is made by; no agreement, no limit.
pub fn credit(cx: &mut Cx, r: &Record, adding: Amount) -> Result<()> {
    let Some(agreement) = r.opt_id("agreement_id") else { return Ok(()) };
    let Some(limit) = kontor_prices::credit_limit(cx, agreement)? else { return Ok(()) };
    let control = company(cx, r.ref_id("company_id"))?.credit_control;
    let (company, partner, currency) = (r.ref_id("company_id"), r.ref_id("partner_id"), r.text("currency").to_string());
    check_credit(cx, &Credit { company, partner, currency: &currency, limit, control, adding })
}

/// Moves from what is reserved in the order's name to what should be; lines that do not change make none.
fn reserve(doc: DocRef, before: Vec<StockMove>, left: &[Left]) -> Result<Vec<StockMove>> {
    let mut sums: BTreeMap<(i64, Id, Id), i64> = BTreeMap::new();
    for m in before {
        *sums.entry((m.line, m.warehouse, m.product)).or_default() += m.reserved.scaled();
    }
    for l in left.iter().filter(|l| !l.reserve.is_zero()) {
        let warehouse = l.warehouse.ok_or_else(|| Error::field("warehouse_id", "warehouse_missing"))?;
        *sums.entry((l.line, warehouse, l.product)).or_default() += l.reserve.scaled();
    }
    let moves = sums.into_iter().filter(|(_, n)| *n != 0);
    Ok(moves
        .map(|((line, warehouse, product), n)| StockMove {
            doc,
            warehouse,
            product,
            line,
            on_hand: Quantity::ZERO,
            reserved: Quantity::from_scaled(n),
            storno: None,
        })
        .collect())
}

/// Figures beside the lines, for whoever looks at the order.
fn write_down(cx: &mut Cx, order: &mut Record, left: &[Left], shipped: &BTreeSet<Id>) -> Result<()> {
    let spec = &order.spec.lines[0];
    let at = (position(spec, "reserved_quantity"), position(spec, "shipped_quantity"));
    for (line, left) in order.lines[0].iter_mut().zip(left) {
        line.values[at.0] = left.shown.scaled().into();
        if shipped.contains(&line.id) {
            cx.conn.exec(
                &format!("UPDATE {} SET shipped_quantity = ? WHERE id = ?", spec.table),
                &[line.values[at.1].clone(), line.id.into()],
            )?;
        }
    }
    Ok(())
}

/// Reverses a document that only settles: what it wrote is taken back, on the first open day where its own is closed.
pub fn take_back_settled(cx: &mut Cx, r: &mut Record) -> Result<()> {
    let date = date_of(r)?;
    let open = company(cx, r.ref_id("company_id"))?.open_day(date);
    let orders = take_back(cx, r.id, (open != date).then_some(open))?;
    refresh_paid(cx, &orders)?;
    r.set("state", "reversed");
    Ok(())
}

/// What was paid for these orders: set off against their shipments, and prepayments that name them.
pub fn refresh_paid(cx: &mut Cx, orders: &BTreeSet<Id>) -> Result<()> {
    let int = int_type(cx.conn);
    let sql = format!(
        "UPDATE sales_orders SET paid_total = COALESCE((SELECT CAST(SUM(CASE WHEN d.entity = 'payments' THEN -d.open WHEN d.amount > 0 THEN d.amount - d.open ELSE 0 END) AS {int}) FROM settlement_documents d WHERE d.order_id = sales_orders.id), 0) WHERE id = ?"
    );
    for id in orders {
        cx.conn.exec(&sql, &[(*id).into()])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sal_02_what_is_left_of_a_line_never_turns_round() {
        let q = |s: &str| Quantity::parse(s).unwrap();
        for (ordered, shipped, left) in [
            ("5", "0", "5"),
            ("5", "3.5", "1.5"),
            ("5", "5", "0"),
            ("5", "6", "0"),
            ("-5", "0", "-5"),
            ("-5", "-3", "-2"),
            ("-5", "-5", "0"),
            ("-5", "-6", "0"),
        ] {
            assert_eq!(rest(q(ordered), q(shipped)), q(left), "{ordered} less {shipped}");
        }
    }
}
