//! The settlement of rebates: draft -> posted -> reversed. Its lines are what is accrued for the recipient in the period; posted,
//! we owe it, and it is set off against what the recipient owes.

use super::accrual::{Asked, accrued};
use kontor_kernel::Amount;
use kontor_kernel::error::{Error, Result};
use kontor_office::company;
use kontor_office::document::{DocRef, begin, date_of};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::{Line, Record};
use kontor_platform::spec::{Column, Lines, Rules, Spec, Verb};
use kontor_settlements::{Entry, Settling, enter, lock_partner};
use serde_json::{Value as Json, json};

pub const ENTITY: &str = "rebates";
const PREFIX: &str = "RB";

pub fn rebates() -> Spec {
    Spec::document(ENTITY, &["draft", "posted", "reversed"])
        .section("finance", "receipt-refund")
        .via("partner_id", "partners")
        .columns([
            // Who gets it.
            Column::reference("partner_id", "partners").required().list(),
            Column::code("currency", "currencies").list(),
            Column::date("period_from").required().list(),
            Column::date("period_to").required().list(),
            Column::amount("total").computed().default(0i64).list(),
        ])
        .lines(Lines {
            name: "lines",
            table: "rebate_lines",
            columns: vec![
                Column::reference("condition_id", "price-conditions").computed(),
                // On whose sales.
                Column::reference("client_id", "partners").computed(),
                Column::amount("base").signed().computed().default(0i64),
                Column::percent("percent").signed().computed().default(0i64),
                Column::amount("amount").computed().default(0i64),
            ],
            max: 10_000,
            required: false,
        })
        .verb(Verb::new("post", &["draft"], &["posted"], post).primary().undone_by("reverse"))
        .verb(Verb::new("reverse", &["posted"], &["reversed"], reverse))
        .grant("director", "read create update delete undo post reverse")
        .grant("accountant", "read create update delete undo post reverse")
        .grant("sales_manager", "read create update delete undo")
        .rules(RebateRules)
}

struct RebateRules;
impl Rules for RebateRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        let company = begin(cx, change, PREFIX)?;
        if change.after.is_null("currency") {
            change.after.set("currency", company.currency.code());
        }
        fill(cx, &mut change.after)
    }
}

/// Lines as the sales of the period say now.
fn fill(cx: &mut Cx, r: &mut Record) -> Result<()> {
    let (Some(from), Some(to)) = (r.opt_date("period_from"), r.opt_date("period_to")) else { return Ok(()) };
    if to < from {
        return Err(Error::field("period_to", "ends_before_start"));
    }
    let currency = r.currency("currency")?;
    let asked = Asked {
        from,
        to,
        company: Some(r.ref_id("company_id")),
        partner: None,
        recipient: Some(r.ref_id("partner_id")),
        seen: (String::new(), vec![]),
    };
    let spec = &r.spec.lines[0];
    let mut lines = vec![];
    let mut total = Amount::ZERO;
    for a in accrued(cx, &asked)?.into_iter().filter(|a| a.currency == currency && !a.amount.is_zero()) {
        let mut l = Line::new(spec, cx.new_id());
        l.set(spec, "condition_id", a.condition);
        l.set(spec, "client_id", a.partner);
        l.set(spec, "base", a.base.scaled());
        l.set(spec, "percent", a.percent.scaled());
        l.set(spec, "amount", a.amount.scaled());
        total = total.checked_add(a.amount).ok_or_else(|| Error::refused("number_overflow"))?;
        lines.push(l);
    }
    if lines.len() > spec.max {
        return Err(Error::field("lines", "line_limit").field_arg("max", spec.max));
    }
    r.lines[0] = lines;
    r.set("total", total.scaled());
    Ok(())
}

/// Of one recipient no day is settled twice.
fn once(cx: &mut Cx, r: &Record) -> Result<()> {
    let sql = "SELECT number FROM rebates WHERE state = 'posted' AND company_id = ? AND partner_id = ? AND currency = ? \
               AND period_from <= ? AND period_to >= ? AND id <> ? LIMIT 1";
    let params = [
        r.ref_id("company_id").into(),
        r.ref_id("partner_id").into(),
        r.get("currency").clone(),
        r.get("period_to").clone(),
        r.get("period_from").clone(),
        r.id.into(),
    ];
    match cx.conn.query_opt(sql, &params)? {
        Some(row) => Err(Error::field("period_from", "rebate_settled").field_arg("document", row.text(0)?)),
        None => Ok(()),
    }
}

fn post(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    let company = company(cx, r.ref_id("company_id"))?;
    let date = date_of(r)?;
    company.check_open(date)?;
    // Two documents of one recipient wait for one another here.
    lock_partner(cx, company.id, r.ref_id("partner_id"), r.text("currency"))?;
    once(cx, r)?;
    fill(cx, r)?;
    let total = r.amount("total");
    if total.is_zero() {
        return Err(Error::refused("rebate_nothing_due"));
    }
    r.set("state", "posted");
    r.set("posted_at", cx.ctx.now);
    let nobody = kontor_platform::value::Id::nil();
    let entry = Entry {
        doc: DocRef { entity: ENTITY, id: r.id, date },
        number: r.text("number").to_string(),
        company: company.id,
        partner: r.ref_id("partner_id"),
        currency: r.currency("currency")?,
        counterparty: nobody,
        agreement: nobody,
        contract: nobody,
        order: None,
        due: date,
        stages: vec![],
        amount: total.checked_neg().ok_or_else(|| Error::field("total", "number_overflow"))?,
    };
    let settled = enter(cx, &entry, Settling::Oldest)?;
    crate::refresh_paid(cx, &settled.orders)?;
    cx.event("rebate.posted", r, json!({}))?;
    Ok(settled.answer())
}

fn reverse(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    crate::take_back_settled(cx, r)?;
    cx.event("rebate.reversed", r, json!({}))?;
    Ok(Json::Null)
}
