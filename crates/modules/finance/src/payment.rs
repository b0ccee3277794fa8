//! Payments: draft -> posted -> reversed. Money that came in closes what is owed, the oldest due first unless the payment says
//! otherwise; what no document takes is a prepayment for the next shipment.

use crate::for_orders;
use kontor_kernel::Amount;
use kontor_kernel::error::{Error, Result};
use kontor_office::company;
use kontor_office::document::{DocRef, begin, came_posted, date_of, mark_posted, posts_at_once};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Rules, Spec, Verb};
use kontor_platform::value::Id;
use kontor_sales::{freeze_parties, refresh_paid, take_back_settled};
use kontor_settlements::{Entry, Settled, Settling, enter};
use serde_json::{Value as Json, json};

pub const ENTITY: &str = "payments";
pub const PREFIX: &str = "PM";

pub fn payments() -> Spec {
    Spec::document(ENTITY, &["draft", "posted", "reversed"])
        .section("finance", "cash")
        .via("partner_id", "partners")
        .columns([
            Column::reference("partner_id", "partners").required().list(),
            Column::reference("counterparty_id", "counterparties"),
            Column::reference("agreement_id", "agreements"),
            Column::reference("contract_id", "contracts"),
            // A prepayment for this order goes to its shipments first; `allocations` may name the order itself.
            Column::reference("sales_order_id", "sales-orders"),
            Column::amount("amount").required().signed().list(),
            Column::code("currency", "currencies").required().list(),
            Column::choice("direction", &["in", "out"]).default("in").list(),
            Column::choice("method", &["bank", "cash", "card"]).default("bank").list(),
            Column::text("purpose", 500).search(),
            Column::items(
                "allocations",
                vec![Column::reference("document_id", "settlement-documents").required(), Column::amount("amount").required()],
            ),
            Column::amount("unallocated").virtual_sql("SELECT ABS(d.open) FROM settlement_documents d WHERE d.id = {t}.id"),
            Column::map("frozen").computed(),
            // Made and posted in one command.
            Column::bool("post", false).secret(),
        ])
        .group(&["amount", "currency"])
        .basis("sales_order_id", "sales-orders")
        .verb(Verb::new("post", &["draft"], &["posted"], post).primary().undone_by("reverse"))
        .verb(Verb::new("reverse", &["posted"], &["reversed"], reverse))
        .grant("director", "read create update delete undo post reverse")
        .grant("accountant", "read create update delete undo post reverse")
        .grant("sales_manager", "read")
        .grant("salesperson", "read:own")
        .grant("field_agent", "read:own create update:own")
        .rules(PaymentRules)
}

struct PaymentRules;
impl Rules for PaymentRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        begin(cx, change, PREFIX)?;
        amounts(cx, &change.after)?;
        let chosen = allocations(&change.after)?;
        for_orders::name(cx, change, &chosen)?;
        order(cx, &mut change.after)?;
        if posts_at_once(cx, change)? {
            prepare(cx, &mut change.after)?;
        }
        Ok(())
    }
    fn written(&self, cx: &mut Cx, change: &Change) -> Result<()> {
        if came_posted(change) {
            take_effect(cx, &change.after)?;
        }
        Ok(())
    }
}

fn amounts(cx: &Cx, r: &Record) -> Result<()> {
    let (amount, currency) = (r.amount("amount"), r.currency("currency")?);
    if amount.is_zero() {
        return Err(Error::field("amount", "amount_zero"));
    }
    if amount.is_negative() && !cx.ctx.is_history() {
        return Err(Error::field("amount", "negative_amount"));
    }
    currency.check(amount, "amount")?;
    allocations(r)?.iter().enumerate().try_for_each(|(n, (_, part))| currency.check(*part, &format!("allocations.{n}.amount")))
}

fn allocations(r: &Record) -> Result<Vec<(Id, Amount)>> {
    let Json::Array(items) = r.json("allocations") else { return Ok(vec![]) };
    let of = |n: usize, j: &Json| {
        let id = j["document_id"]
            .as_str()
            .and_then(|s| Id::parse_str(s).ok())
            .ok_or_else(|| Error::field(format!("allocations.{n}.document_id"), "bad_id"))?;
        let amount = j["amount"]
            .as_str()
            .and_then(|s| Amount::parse(s).ok())
            .ok_or_else(|| Error::field(format!("allocations.{n}.amount"), "not_a_number"))?;
        Ok((id, amount))
    };
    items.iter().enumerate().map(|(n, j)| of(n, j)).collect()
}

/// The order that is paid for is of the same partner, company and currency; the money is for its agreement and contract.
fn order(cx: &mut Cx, r: &mut Record) -> Result<()> {
    let Some(id) = r.opt_id("sales_order_id") else { return Ok(()) };
    let row = cx
        .conn
        .query_opt("SELECT company_id, partner_id, currency, agreement_id, contract_id FROM sales_orders WHERE id = ?", &[id.into()])?
        .ok_or_else(|| Error::field("sales_order_id", "reference_missing").field_arg("value", id))?;
    if row.id(0)? != r.ref_id("company_id") || row.id(1)? != r.ref_id("partner_id") || row.text(2)? != r.text("currency") {
        return Err(Error::field("sales_order_id", "allocation_other_partner"));
    }
    for (column, i) in [("agreement_id", 3), ("contract_id", 4)] {
        if r.is_null(column) {
            r.set(column, row.opt_id(i)?);
        }
    }
    Ok(())
}

fn prepare(cx: &mut Cx, r: &mut Record) -> Result<()> {
    company(cx, r.ref_id("company_id"))?.check_open(date_of(r)?)?;
    freeze_parties(cx, r)?;
    mark_posted(cx, r);
    Ok(())
}

fn take_effect(cx: &mut Cx, r: &Record) -> Result<Settled> {
    let doc = DocRef { entity: ENTITY, id: r.id, date: date_of(r)? };
    let amount = r.amount("amount");
    let owed = if r.text("direction") == "out" { Some(amount) } else { amount.checked_neg() };
    let entry = Entry {
        doc,
        number: r.text("number").to_string(),
        company: r.ref_id("company_id"),
        partner: r.ref_id("partner_id"),
        currency: r.currency("currency")?,
        counterparty: r.ref_id("counterparty_id"),
        agreement: r.ref_id("agreement_id"),
        contract: r.ref_id("contract_id"),
        order: r.opt_id("sales_order_id"),
        due: doc.date,
        stages: vec![],
        amount: owed.ok_or_else(|| Error::field("amount", "number_overflow"))?,
    };
    let settled = match allocations(r)? {
        chosen if chosen.is_empty() => enter(cx, &entry, Settling::Oldest)?,
        chosen => for_orders::enter(cx, r, &entry, &chosen)?,
    };
    refresh_paid(cx, &settled.orders)?;
    cx.event("payment.posted", r, json!({}))?;
    Ok(settled)
}

fn post(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    prepare(cx, r)?;
    let settled = take_effect(cx, r)?;
    Ok(settled.answer())
}

fn reverse(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    take_back_settled(cx, r)?;
    cx.event("payment.reversed", r, json!({}))?;
    Ok(Json::Null)
}
