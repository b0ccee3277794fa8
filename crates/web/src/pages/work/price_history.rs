//! Prices of a product in time: a picture for each currency, every type's price on any day, the changes behind them.

use super::rows::{Rows, rows};
use super::{ask_with, text, words};
use crate::pages::{Call, values};
use crate::ui::chart::{Chart, ChartKind, Series, SeriesRole};
use crate::ui::icons::icon;
use crate::ui::money::number;
use chrono::NaiveDate;
use kontor_kernel::error::{Kind, Result};
use kontor_kernel::{Percent, mul_div};
use kontor_platform::value::Id;
use kontor_texts::{format, label, message, tr, tr_args};
use maud::{Markup, html};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Changes shown and drawn.
const CHANGES: &str = "300";
/// Price types asked for a day.
const TYPES: &str = "40";

pub fn view(c: &Call, product: &str) -> Result<Markup> {
    let on = c.date("on")?.unwrap_or(c.ctx.today);
    let found = rows(
        c,
        "prices",
        &[("product_id", product), ("sort", "-valid_from"), ("limit", CHANGES)],
        &["price_type_id", "price", "currency", "valid_from", "price_change_id"],
    )?;
    Ok(html! {
        div class="k-body" {
            (on_day(c, product, on)?)
            @if found.is_empty() { p class="k-sec m2" { (tr(c.lang, "work-no_prices")) } }
            @else { (charts(c, &found, on)) (changes(c, &found)) }
        }
    })
}

/// Every price type on one day, computed ones too.
fn on_day(c: &Call, product: &str, on: NaiveDate) -> Result<Markup> {
    let types = rows(c, "price-types", &[("limit", TYPES), ("sort", "name")], &["name", "currency", "method", "vat"])?;
    let mut told = vec![];
    for t in types.iter() {
        let asked = json!({"product_id": product, "price_type_id": t.id(), "date": on.to_string()});
        match ask_with(c, "prices/explain", asked) {
            Ok(Some(a)) => told.push((t, a)),
            Ok(None) => return Ok(html! {}),
            // One type that cannot be asked must not hide the others.
            Err(e) if e.kind() == Kind::Refused => {}
            Err(e) => return Err(e),
        }
    }
    let what = |f: &str| label(c.lang, "price-types", f);
    Ok(html! {
        section class="k-sec" {
            header {
                h3 { (tr_args(c.lang, "work-prices_on", &[("date", format::date(c.lang, on).into())])) }
                form class="row-f g4" method="get" action={ "/products/" (product) } {
                    input type="hidden" name="tab" value="prices";
                    input class="form-control k-day" type="date" name="on" value=(on) aria-label=(tr(c.lang, "field-date"));
                    button class="btn btn-2 btn-s" type="submit" { (tr(c.lang, "page-report-show")) }
                }
            }
            div class="k-scroll wide" {
                table class="k-plain" aria-label=(message::entity(c.lang, "price-types")) {
                    thead { tr { th scope="col" { (message::entity_one(c.lang, "price-types")) } th scope="col" class="p4" { (what("method")) } th scope="col" class="p4" { (what("vat")) } th scope="col" class="r" { (tr(c.lang, "field-price")) } th scope="col" { (tr(c.lang, "work-how_come")) } } }
                    tbody { @for (t, a) in &told { tr {
                        td { a class="lk" href=(t.href()) { (t.title()) } }
                        td class="m1 p4" { (message::choice(c.lang, "price-types", "method", t.text("method"))) }
                        td class="m1 p4" { (message::choice(c.lang, "price-types", "vat", t.text("vat"))) }
                        @match a["price"].as_str() {
                            Some(p) => td class="r n b5" { (number(c.lang, p, 2)) "\u{a0}" (words::sign(text(a, "currency"))) },
                            None => td class="r m2" { "—" },
                        }
                        td class="m1" { (why(a)) }
                    } } }
                }
            }
        }
    })
}

/// The sentence of the step that gave the price, or why there is none.
fn why(a: &serde_json::Value) -> String {
    let problem = text(a, "problem");
    let step = a["steps"].as_array().into_iter().flatten().rfind(|s| text(s, "step") == "value");
    if problem.is_empty() { step.map(|s| text(s, "text").to_owned()).unwrap_or_default() } else { problem.to_owned() }
}

/// By price type: its name, and what was written down on which day.
type Written = BTreeMap<Id, (String, BTreeMap<NaiveDate, String>)>;

/// One picture for each currency: prices of different ones do not share an axis.
fn charts(c: &Call, found: &Rows, on: NaiveDate) -> Markup {
    let mut by_currency: BTreeMap<String, Written> = BTreeMap::new();
    for r in found.iter() {
        let (Some(ty), Some(day)) = (r.id_of("price_type_id"), r.date("valid_from")) else { continue };
        let of = by_currency.entry(r.text("currency").to_owned()).or_default().entry(ty).or_default();
        of.0 = r.name_of("price_type_id").to_owned();
        // Rows come latest first: of one day the one posted last holds.
        of.1.entry(day).or_insert_with(|| r.decimal("price"));
    }
    html! {
        @for (currency, types) in &by_currency {
            section class="k-sec" {
                header { h3 { (tr(c.lang, "work-price_history")) i { (currency) } } }
                (chart(c, currency, types, on))
            }
        }
    }
}

fn chart(c: &Call, currency: &str, types: &Written, on: NaiveDate) -> Markup {
    let mut days: BTreeSet<NaiveDate> = types.values().flat_map(|t| t.1.keys().copied()).collect();
    days.extend([c.ctx.today, on]);
    let series = types.values().map(|(name, written)| Series {
        name,
        values: days.iter().map(|d| written.range(..=*d).next_back().map(|(_, p)| p.clone())).collect(),
        role: SeriesRole::Now,
        bad: vec![],
    });
    let title = format!("{}, {currency}", tr(c.lang, "work-price_history"));
    html! {
        (Chart { label: &title, kind: ChartKind::Steps, categories: days.iter().map(ToString::to_string).collect(), series: series.collect(), unit: words::sign(currency), links: vec![], height: "" })
    }
}

fn changes(c: &Call, found: &Rows) -> Markup {
    let all: Vec<_> = found.iter().collect();
    let before =
        |at: usize| all[at + 1..].iter().find(|r| r.id_of("price_type_id") == all[at].id_of("price_type_id")).map(|r| r.scaled("price"));
    let change = |at: usize| {
        let was = before(at).filter(|p| *p > 0)?;
        let by = mul_div(all[at].scaled("price") - was, Percent::HUNDRED.scaled(), was)?;
        // One decimal is enough to see by how much.
        Some((by, format::percent(c.lang, by / 1_000 * 1_000)))
    };
    let what = |f: &str| label(c.lang, "prices", f);
    html! {
        section class="k-sec" {
            header { h3 { (tr(c.lang, "work-price_changes")) i { (all.len()) @if found.more() { "+" } } } }
            div class="k-scroll wide" {
                table class="k-plain" aria-label=(tr(c.lang, "work-price_changes")) {
                    thead { tr { th scope="col" { (what("valid_from")) } th scope="col" { (what("price_type_id")) } th scope="col" class="r" { (what("price")) } th scope="col" class="r" { (tr(c.lang, "work-change")) } th scope="col" { (what("price_change_id")) } } }
                    tbody { @for (at, r) in all.iter().enumerate() { tr {
                        td class="tn" {
                            (r.date("valid_from").map(|d| format::date(c.lang, d)).unwrap_or_default())
                            @if r.date("valid_from").is_some_and(|d| d > c.ctx.today) { " " span class="m2" title=(tr(c.lang, "work-not_yet")) { (icon("clock")) } }
                        }
                        td { (r.name_of("price_type_id")) }
                        td class="r n b5" { (number(c.lang, &r.decimal("price"), 2)) "\u{a0}" (words::sign(r.text("currency"))) }
                        td class="r n" { @if let Some((by, words)) = change(at) { span class=[(by < 0).then_some("neg")] { (if by > 0 { "+" } else { "" }) (words) } } @else { span class="m2" { "—" } } }
                        td { @if let Some(id) = r.id_of("price_change_id") { (values::link(c, "price-changes", &id.to_string(), "lk", r.name_of("price_change_id"))) } }
                    } } }
                }
            }
        }
    }
}
