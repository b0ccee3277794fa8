//! Terms of sale as people read them: cards of agreements and contracts, the rules of discounts and who gets what by them.

pub mod agreement;
pub mod contract;
mod matrix;
mod matrix_cell;
mod rules;

use super::reply;
use super::rows::{Row, rows};
use super::sublist::sublist;
use super::{text, words};
use crate::pages::values::percent;
use crate::pages::{Call, Req, Web, respond};
use crate::ui::head::{Tab, Tabs};
use crate::ui::icons::icon;
use crate::ui::money::number;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use chrono::NaiveDate;
use kontor_kernel::error::Result;
use kontor_texts::{Lang, format, message, tr, tr_args};
use maud::{Markup, Render, html};
use serde_json::Value as Json;

pub fn routes(r: Router<Web>) -> Router<Web> {
    r.route("/price-rules", get(|State(web): State<Web>, req: Req| respond(web, req, |c| Ok(reply(c, rules::view(c)?)))))
        .route("/price-matrix", get(|State(web): State<Web>, req: Req| respond(web, req, |c| Ok(reply(c, matrix::view(c)?)))))
}

/// Rules and who gets what by them are two looks at the same thing.
fn looks(c: &Call, here: &str) -> Markup {
    let all = [("/price-rules", "terms-rules"), ("/price-matrix", "terms-matrix")];
    let items: Vec<Tab> = all.iter().map(|(href, key)| Tab { title: tr(c.lang, key), href, count: None, here: *href == here }).collect();
    Tabs { label: tr(c.lang, "work-parts"), items: &items }.render()
}

/// Documents of each kind shown on a card.
const DOCUMENTS: &str = "6";
/// So many days before its end a term is said to end soon.
const SOON: i64 = 30;

/// Something to heed, as a line above the card: whether it is bad, what, where it leads.
struct Heed {
    bad: bool,
    text: String,
    link: Option<(String, String)>,
}

impl Heed {
    fn new(bad: bool, text: impl Into<String>) -> Heed {
        Heed { bad, text: text.into(), link: None }
    }
    fn to(mut self, title: &str, href: String) -> Heed {
        self.link = Some((title.to_owned(), href));
        self
    }
}

fn heeds(all: &[Heed]) -> Markup {
    html! {
        @if !all.is_empty() {
            ul class="k-heed" {
                @for h in all {
                    li class=(if h.bad { "neg" } else { "warn" }) {
                        (icon("alert-triangle")) span { (h.text) @if let Some((title, href)) = &h.link { " " a class="lk" href=(href) { (title) } } }
                    }
                }
            }
        }
    }
}

fn date(j: &Json, field: &str) -> Option<NaiveDate> {
    text(j, field).parse().ok()
}

/// `01.01.2026 — 31.12.2026`; an open end says so.
fn period(c: &Call, from: Option<NaiveDate>, to: Option<NaiveDate>) -> String {
    let day = |d: Option<NaiveDate>, open: &str| d.map_or_else(|| tr(c.lang, open).to_owned(), |d| format::date(c.lang, d));
    match (from, to) {
        (None, None) => tr(c.lang, "terms-always").to_owned(),
        _ => format!("{} — {}", day(from, "terms-from_ever"), day(to, "terms-open_end")),
    }
}

/// What its days call for: not yet, ended, ends soon.
fn of_period(c: &Call, from: Option<NaiveDate>, to: Option<NaiveDate>, out: &mut Vec<Heed>) {
    let args = |d: NaiveDate, n: i64| [("date", format::date(c.lang, d).into()), ("count", n.into())];
    match (from, to) {
        (Some(f), _) if f > c.ctx.today => {
            out.push(Heed::new(false, tr_args(c.lang, "terms-not_begun", &args(f, (f - c.ctx.today).num_days()))));
        }
        (_, Some(t)) if t < c.ctx.today => {
            out.push(Heed::new(true, tr_args(c.lang, "terms-ended", &args(t, (c.ctx.today - t).num_days()))))
        }
        (_, Some(t)) if (t - c.ctx.today).num_days() <= SOON => {
            out.push(Heed::new(false, tr_args(c.lang, "terms-ends_soon", &args(t, (t - c.ctx.today).num_days()))));
        }
        _ => {}
    }
}

/// Stages of payment: each its share, its kind and day.
fn stages(c: &Call, all: &Json) -> Markup {
    let kind = |s: &Json| message::choice(c.lang, "agreements-payment_stages", "kind", text(s, "kind")).into_owned();
    html! {
        @for s in all.as_array().into_iter().flatten() {
            p {
                b class="n b5" { (percent(c.lang, text(s, "percent"))) } " " (kind(s))
                @if let Some(d) = s["days"].as_i64().filter(|d| *d > 0) { ", " (words::days(c.lang, d)) }
                @if let Some(d) = date(s, "due_on") { ", " (format::date(c.lang, d)) }
            }
        }
    }
}

/// Documents under a term, the latest of each kind.
fn documents(c: &Call, column: &str, id: &str) -> Result<Markup> {
    let mut all = vec![];
    for (collection, columns) in [
        ("quotes", ["number", "date", "partner_id", "state", "total"]),
        ("sales-orders", ["number", "date", "partner_id", "state", "total"]),
        ("shipments", ["number", "date", "partner_id", "state", "total"]),
        ("payments", ["number", "date", "partner_id", "state", "amount"]),
    ] {
        let Some(spec) = c.app.registry.get(collection).filter(|s| s.col(column).is_some()) else { continue };
        let found = rows(c, collection, &[(column, id), ("sort", "-date"), ("limit", DOCUMENTS)], &columns)?;
        if !found.is_empty() {
            all.push(html! {
                div class="k-h in" { h3 { (message::entity(c.lang, collection)) i { (found.len()) @if found.more() { "+" } } } }
                (sublist(c, spec, &found, &columns, &format!("/{collection}?{column}={id}")))
            });
        }
    }
    Ok(html! {
        @for a in &all { (a) }
        @if all.is_empty() { p class="k-sec m2" { (tr(c.lang, "terms-no_documents")) } }
    })
}

/// What a condition of sale gives: a price, a percentage or an amount off (of a surcharge, on top), a rebate.
fn value_of(lang: Lang, r: Row) -> String {
    let unit = words::sign(r.text("currency"));
    let (percent, price, off) = (r.decimal("percent"), r.decimal("price"), r.decimal("amount_off"));
    let change = |decimal: &str, least: usize, unit: &str| {
        let (added, figure) = match (decimal.strip_prefix('-'), r.text("kind") == "surcharge") {
            (Some(figure), surcharge) => (!surcharge, figure),
            (None, surcharge) => (surcharge, decimal),
        };
        let sign = match r.text("kind") {
            // It changes no price.
            "rebate" => "",
            _ if added => "+",
            _ => "−",
        };
        format!("{sign}{}\u{a0}{unit}", number(lang, figure, least))
    };
    match (percent.is_empty(), price.is_empty(), off.is_empty()) {
        (false, _, _) => change(&percent, 0, "%"),
        (_, false, _) => format!("{}\u{a0}{unit}", number(lang, &price, 2)),
        (_, _, false) => change(&off, 2, unit),
        _ => [r.name_of("price_type_id"), r.name_of("price_list_id")].concat(),
    }
}
