//! Departures of a document's head: from the agreement, from the contract, and from what either says of payment.

use crate::contracted::contract_line;
use crate::deviation::{ByHand, Deviation, Offered};
use crate::stages::{self, Stage};
use crate::terms::{agreement, payment_terms};
use kontor_catalog::product_facts;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Quantity};
use kontor_ledger::{PaymentKind, PaymentTerms};
use kontor_office::document::int_type;
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::value::{Id, Value};
use serde_json::Value as Json;
use std::collections::BTreeMap;

fn push(out: &mut Vec<Deviation>, field: impl Into<String>, code: &'static str, args: Vec<(&'static str, String)>) {
    out.push(Deviation { field: field.into(), code, args });
}

pub fn of_agreement(cx: &mut Cx, o: &Offered, id: Id, out: &mut Vec<Deviation>) -> Result<()> {
    let a = agreement(cx, id)?;
    if a.state() != "active" || a.bool("archived") || !crate::agreement::validity(&a)?.contains(o.date) {
        push(out, "agreement_id", "deviation_agreement", vec![("agreement", a.title().into()), ("date", o.date.to_string())]);
    }
    if a.text("currency") != o.currency.code() {
        push(out, "currency", "deviation_currency", vec![("currency", o.currency.code().into()), ("agreed", a.text("currency").into())]);
    }
    if a.text("vat") != o.vat.code() {
        push(out, "vat", "deviation_vat", vec![("vat", o.vat.code().into()), ("agreed", a.text("vat").into())]);
    }
    if let (Some(own), Some(agreed)) = (o.price_type_id, a.opt_id("price_type_id"))
        && own != agreed
    {
        let mut name = |id: Id| -> Result<String> { Ok(cx.load("price-types", id)?.title().to_string()) };
        let args = vec![("price_type", name(own)?), ("agreed", name(agreed)?)];
        push(out, "price_type_id", "deviation_price_type", args);
    }
    crate::agreed::departures(&a, o, out);
    Ok(())
}

/// The contract's payment governs, then the agreement's.
pub fn of_payment(cx: &mut Cx, o: &Offered, out: &mut Vec<Deviation>) -> Result<()> {
    let of_contract = match o.contract_id {
        Some(c) => crate::contract::payment(cx, c)?,
        None => None,
    };
    let agreed: (PaymentTerms, Json) = match (of_contract, o.agreement_id) {
        (Some(p), _) => p,
        (None, Some(id)) => {
            let a = agreement(cx, id)?;
            (payment_terms(&a), a.json("payment_stages").clone())
        }
        (None, None) => return Ok(()),
    };
    let (agreed, stages) = (agreed.0, stages::of(&agreed.1)?);
    if stages.is_empty() && o.stages.is_empty() {
        if looser(o.payment, agreed) {
            let args = vec![("days", o.payment.days.to_string()), ("agreed", agreed.days.to_string())];
            push(out, "payment_terms", "deviation_payment", args);
        }
        return Ok(());
    }
    let or_whole = |s: &[Stage], t: PaymentTerms| if s.is_empty() { vec![Stage::whole(t)] } else { s.to_vec() };
    if stages::later_than(&or_whole(o.stages, o.payment), &or_whole(&stages, agreed), o.date) {
        push(out, "payment_stages", "deviation_stages", vec![]);
    }
    Ok(())
}

/// Later money than agreed.
fn looser(p: PaymentTerms, agreed: PaymentTerms) -> bool {
    let rank = |t: PaymentTerms| match t.kind {
        PaymentKind::Prepay => (0, 0),
        PaymentKind::OnDelivery => (1, 0),
        PaymentKind::Credit => (2, t.days),
    };
    rank(p) > rank(agreed)
}

pub fn of_contract(cx: &mut Cx, o: &Offered, id: Id, out: &mut Vec<Deviation>) -> Result<()> {
    let c = cx.load("contracts", id)?;
    if !crate::rules::validity(&c)?.contains(o.date) {
        push(out, "contract_id", "deviation_contract", vec![("contract", c.title().into()), ("date", o.date.to_string())]);
    }
    if c.text("currency") != o.currency.code() {
        let args = vec![("currency", o.currency.code().into()), ("agreed", c.text("currency").into())];
        push(out, "currency", "deviation_contract_currency", args);
    } else if let Some(amount) = c.opt_int("amount").map(Amount::from_scaled) {
        // Sums of other currencies cannot be added to it.
        let before = Amount::from_scaled(ordered(cx, o, id)?);
        let all = before.checked_add(o.total).ok_or_else(|| Error::refused("number_overflow"))?;
        if all > amount {
            let args = vec![("contract", c.title().to_string()), ("amount", all.to_string()), ("agreed", amount.to_string())];
            push(out, "contract_id", "deviation_contract_sum", args);
        }
    }
    if let (Some(own), Some(agreed)) = (o.counterparty_id, c.opt_id("counterparty_id"))
        && own != agreed
    {
        push(out, "counterparty_id", "deviation_counterparty", vec![("contract", c.title().into())]);
    }
    prices(o, &c, out);
    products(cx, o, &c, out)
}

/// A price that the contract agrees is neither raised nor lowered, by a discount neither.
fn prices(o: &Offered, c: &Record, out: &mut Vec<Deviation>) {
    for l in o.lines {
        // What the rules gave by themselves is more particular than the contract.
        let chosen = l.by_hand != ByHand::default() || o.price_type_id.is_some();
        let Some(agreed) = l.contract_price.filter(|_| chosen) else { continue };
        let figures = |percent: bool| {
            let mut args = vec![("contract", c.title().to_string()), ("agreed", agreed.to_string())];
            args.push(if percent { ("percent", l.discount.to_string()) } else { ("price", l.price.to_string()) });
            args
        };
        if l.price != agreed {
            push(out, format!("lines.{}.price", l.n), "deviation_contract_price", figures(false));
        } else if l.by_hand.discount && !l.discount.is_zero() {
            push(out, format!("lines.{}.discount_percent", l.n), "deviation_contract_discount", figures(true));
        }
    }
}

fn ordered(cx: &mut Cx, o: &Offered, contract: Id) -> Result<i64> {
    let int = int_type(cx.conn);
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(total), 0) AS {int}) FROM sales_orders WHERE contract_id = ? AND state IN ('confirmed', 'closed') \
         AND currency = ? AND id <> ?"
    );
    cx.conn.query_one(&sql, &[contract.into(), o.currency.code().into(), o.document.into()])?.int(0)
}

/// Where the contract names products, others are not contracted, nor more of these.
fn products(cx: &mut Cx, o: &Offered, c: &Record, out: &mut Vec<Deviation>) -> Result<()> {
    let spec = &c.spec.lines[0];
    // Products and categories.
    let mut contracted: BTreeMap<Id, i64> = BTreeMap::new();
    for l in &c.lines[0] {
        if let Some(p) = l.get(spec, "product_id").as_id().or(l.get(spec, "category_id").as_id()) {
            *contracted.entry(p).or_default() += l.get(spec, "quantity").as_int().unwrap_or(0);
        }
    }
    if contracted.is_empty() {
        return Ok(());
    }
    let int = int_type(cx.conn);
    let sql = format!(
        "SELECT l.product_id, CAST(SUM(l.base_quantity) AS {int}) FROM sales_orders d JOIN sales_order_lines l ON l.parent_id = d.id \
         WHERE d.contract_id = ? AND d.state IN ('confirmed', 'closed') AND d.id <> ? GROUP BY l.product_id"
    );
    let params: [Value; 2] = [c.id.into(), o.document.into()];
    let mut before: Vec<(Id, i64)> = vec![];
    for r in cx.conn.query(&sql, &params)? {
        before.push((r.id(0)?, r.int(1)?));
    }
    let ids: Vec<Id> = o.lines.iter().filter_map(|l| l.product_id).chain(before.iter().map(|b| b.0)).collect();
    let facts = product_facts(cx, &ids)?;
    let named = |product: Id| facts.get(&product).is_some_and(|p| contract_line(p, |id| contracted.contains_key(&id)).is_some());
    // Lines by the amount or the price alone set no quantity.
    let counted = |product: Id| {
        let of = contract_line(facts.get(&product)?, |id| contracted.get(&id).is_some_and(|q| *q > 0))?;
        Some((of, *contracted.get(&of)?))
    };
    let mut so_far: BTreeMap<Id, i64> = BTreeMap::new();
    for (product, quantity) in before {
        if let Some((of, _)) = counted(product) {
            *so_far.entry(of).or_default() += quantity;
        }
    }
    for l in o.lines {
        let (Some(product), field) = (l.product_id, |name: &str| format!("lines.{}.{name}", l.n)) else { continue };
        if !named(product) {
            push(out, field("product_id"), "deviation_contract_product", vec![("contract", c.title().into())]);
            continue;
        }
        let Some((of, agreed)) = counted(product) else { continue };
        let all = so_far.entry(of).or_default();
        *all = all.saturating_add(l.quantity.scaled());
        if *all > agreed {
            let figures = [("quantity", *all), ("agreed", agreed)].map(|(n, q)| (n, Quantity::from_scaled(q).to_string()));
            push(out, field("quantity"), "deviation_contract_quantity", figures.to_vec());
        }
    }
    Ok(())
}
