//! What a partner owes: balance, overdue, the debt by age, the limit that is left.

use super::rows::{Rows, rows};
use super::words::{self, amount, days};
use super::{ask, text};
use crate::pages::Call;
use crate::ui::figures::{Ages, Section};
use crate::ui::money::{Money, number};
use kontor_kernel::Amount;
use kontor_kernel::error::Result;
use kontor_texts::{tr, tr_args};
use maud::{Markup, Render, html};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Debt of one currency, over all our companies.
#[derive(Clone, Default)]
pub struct Debt {
    pub currency: String,
    pub balance: i64,
    pub overdue: i64,
    /// Confirmed and not shipped yet.
    pub ordered: i64,
}

pub struct Debts {
    /// The largest first.
    pub by: Vec<Debt>,
    /// Open documents, the oldest due first.
    pub open: Rows,
    /// Limit of the partner's terms and its currency.
    pub limit: Option<(i64, String)>,
    pub terms: Rows,
    pub readable: bool,
}

/// Columns of the bar: class, first day of delay, text key.
const AGES: [(&str, i64, &str); 4] =
    [("c0", 0, "settlement-age_0"), ("c1", 1, "settlement-age_1_7"), ("c2", 8, "work-age_8_30"), ("c3", 31, "settlement-age_31")];

pub fn of_partner(c: &Call, partner: &str) -> Result<Debts> {
    let readable = super::rows::readable(c, "settlement-documents");
    let answer =
        if readable { ask(c, "settlements", &[], &[("partner_id", partner.to_owned())])?.unwrap_or(Json::Null) } else { Json::Null };
    let mut by: BTreeMap<String, Debt> = BTreeMap::new();
    for i in answer["items"].as_array().into_iter().flatten() {
        let scaled = |f: &str| Amount::parse(text(i, f)).map_or(0, Amount::scaled);
        let d = by.entry(text(i, "currency").to_owned()).or_default();
        d.currency = text(i, "currency").to_owned();
        d.balance += scaled("balance");
        d.overdue += scaled("overdue");
        d.ordered += scaled("ordered");
    }
    let mut by: Vec<Debt> = by.into_values().collect();
    by.sort_by_key(|d| std::cmp::Reverse(d.balance.abs()));
    let open = rows(
        c,
        "settlement-documents",
        &[("partner_id", partner), ("open.ne", "0"), ("sort", "due_date"), ("limit", "200")],
        &["number", "entity", "date", "due_date", "amount", "open", "currency", "opening_balance_id"],
    )?;
    let terms = rows(
        c,
        "agreements",
        &[("partner_id", partner), ("state", "active"), ("limit", "20")],
        &["name", "price_type_id", "currency", "payment_terms", "discount_percent", "credit_limit", "valid_from", "valid_to", "vat"],
    )?;
    let limit = terms
        .iter()
        .find(|t| t.value("credit_limit").as_int().is_some())
        .map(|t| (t.scaled("credit_limit"), t.text("currency").to_owned()));
    Ok(Debts { by, open, limit, terms, readable })
}

impl Debts {
    pub fn main(&self) -> Debt {
        self.by.first().cloned().unwrap_or_default()
    }

    /// Days since the oldest overdue document was due.
    pub fn days_late(&self, c: &Call) -> Option<i64> {
        self.open
            .iter()
            .filter(|r| r.scaled("open") > 0)
            .filter_map(|r| r.date("due_date"))
            .map(|d| (c.ctx.today - d).num_days())
            .filter(|n| *n > 0)
            .max()
    }

    /// What may still be owed under the limit.
    pub fn free(&self) -> Option<i64> {
        let (limit, currency) = self.limit.as_ref()?;
        let d = self.by.iter().find(|d| d.currency == *currency).cloned().unwrap_or_default();
        Some(limit - d.balance - d.ordered)
    }

    /// The second of the four answers.
    pub fn answer(&self, c: &Call) -> Markup {
        let lang = c.lang;
        if !self.readable {
            return html! { p class="m2" { (tr(lang, "work-not_for_you")) } };
        }
        let d = self.main();
        let sum = |v: i64| number(lang, &amount(v), 2);
        html! {
            @if self.by.is_empty() { div class="big" { (tr(lang, "page-partner-no_debt")) } }
            @else {
                div class="big" { (Money::new(lang, &amount(d.balance)).unit(words::sign(&d.currency))) @if d.balance < 0 { small { (tr(lang, "settlement-prepaid")) } } }
                @if d.overdue > 0 { p { span class="neg b5 n" { (tr_args(lang, "work-overdue_sum", &[("sum", sum(d.overdue).into())])) } @if let Some(n) = self.days_late(c) { " · " (days(lang, n)) } } }
                @for o in self.by.iter().skip(1).take(2) { p { span class="n" { (sum(o.balance)) "\u{a0}" (words::sign(&o.currency)) } @if o.overdue > 0 { " · " span class="neg n" { (tr_args(lang, "work-overdue_sum", &[("sum", sum(o.overdue).into())])) } } } }
            }
            @if let (Some((limit, currency)), Some(free)) = (&self.limit, self.free()) {
                p class="m2" {
                    @if free >= 0 { (tr_args(lang, "work-credit_free", &[("free", sum(free).into()), ("limit", words::whole(lang, &amount(*limit)).into())])) }
                    @else { span class="neg" { (tr_args(lang, "work-credit_over", &[("over", sum(-free).into()), ("limit", words::whole(lang, &amount(*limit)).into())])) } }
                    @if *currency != d.currency && !d.currency.is_empty() { " " (words::sign(currency)) }
                }
            }
        }
    }

    /// The bar of ages with its key, as a section of the side column.
    pub fn section(&self, c: &Call, partner: &str) -> Markup {
        if !self.readable || self.by.is_empty() {
            return html! {};
        }
        let lang = c.lang;
        let d = self.main();
        let mut sums = [0_i64; 4];
        for r in self.open.iter().filter(|r| r.text("currency") == d.currency && r.scaled("open") > 0) {
            let late = r.date("due_date").map_or(0, |on| (c.ctx.today - on).num_days());
            let at = AGES.iter().rposition(|a| late >= a.1).unwrap_or(0);
            sums[at] += r.scaled("open");
        }
        let free = self.limit.as_ref().filter(|l| l.1 == d.currency).and_then(|_| self.free()).filter(|f| *f > 0);
        let texts: Vec<String> = sums.iter().map(|s| number(lang, &amount(*s), 2)).collect();
        let mut parts: Vec<(&'static str, &str, &str, f64)> = AGES
            .iter()
            .zip(sums)
            .zip(&texts)
            .filter(|((_, s), _)| *s > 0)
            .map(|((a, s), t)| (a.0, tr(lang, a.2), t.as_str(), s as f64))
            .collect();
        let free_text = free.map(|f| number(lang, &amount(f), 2)).unwrap_or_default();
        if let Some(f) = free {
            parts.push(("cf", tr(lang, "work-free"), &free_text, f as f64));
        }
        let aside = html! { a class="lk s12" href=(format!("/partners/{partner}?tab=settlements")) { (tr(lang, "work-by_documents")) } };
        let body = html! { @if parts.is_empty() { p class="m2" { (tr(lang, "page-partner-no_debt")) } } @else { (Ages { label: tr(lang, "page-partner-ageing"), parts: &parts }) } };
        Section { title: tr(lang, "page-partner-owe"), count: None, aside, body }.render()
    }
}
