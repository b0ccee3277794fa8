//! The right side of my day: sales of the month, funnel, whom to call, what is running out.

use super::deals::named;
use super::rows::{Rows, readable, rows};
use super::words::{self, amount, whole};
use super::{ask, report, tasks, text};
use crate::pages::Call;
use crate::ui::badge::Avatar;
use crate::ui::figures::{Bars, Fig, Gauge, Section};
use crate::ui::icons::icon;
use chrono::{Datelike, Months, NaiveDate};
use kontor_kernel::Amount;
use kontor_kernel::error::Result;
use kontor_texts::{format, message, tr, tr_args};
use maud::{Markup, Render, html};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Revenue by currency from one day to another.
fn revenue(c: &Call, from: NaiveDate, to: NaiveDate) -> Result<Option<BTreeMap<String, i64>>> {
    let days = [("from", from.to_string()), ("to", to.to_string())];
    let asked = [("by", "company"), ("counts", "false"), (days[0].0, &days[0].1), (days[1].0, &days[1].1)];
    let Some(table) = report(c, "sales", &asked)? else { return Ok(None) };
    let at = |name: &str| table.columns.iter().position(|x| x.name == name);
    let mut out = BTreeMap::new();
    if let (Some(revenue), Some(currency)) = (at("revenue"), at("currency")) {
        for r in &table.rows {
            let sum: &mut i64 = out.entry(r.values[currency].as_text().unwrap_or("").to_owned()).or_default();
            *sum = sum.saturating_add(r.values[revenue].as_int().unwrap_or(0));
        }
    }
    Ok(Some(out))
}

/// Where the sales of the month come to: in a large company they take longer than the rest of the day.
pub fn sales_later(c: &Call) -> Markup {
    if !readable(c, "shipments") {
        return html! {};
    }
    html! { div hx-get="/home/sales" hx-trigger="load" hx-swap="outerHTML" {} }
}

/// Sums that have no room take away their own panel only: the day goes on beside it.
pub fn or_why_not(c: &Call, panel: Result<Markup>) -> Result<Markup> {
    match panel {
        Err(e) if e.inner().code == "number_overflow" => Ok(html! { p class="m2 s12" { (tr(c.lang, "error-number_overflow")) } }),
        panel => panel,
    }
}

pub fn sales(c: &Call) -> Result<Markup> {
    let (lang, today) = (c.lang, c.ctx.today);
    let first = today.with_day(1).unwrap_or(today);
    let last = first.checked_sub_months(Months::new(1)).unwrap_or(first);
    let year = first.checked_sub_months(Months::new(12)).unwrap_or(first);
    let end = |month: NaiveDate| month.checked_add_months(Months::new(1)).and_then(|d| d.pred_opt()).unwrap_or(month);
    let (Some(now), Some(before), Some(year_ago)) = (revenue(c, first, today)?, revenue(c, last, end(last))?, revenue(c, year, end(year))?)
    else {
        return Ok(html! {});
    };
    // Of several currencies the one with most sales.
    let all = [&now, &before, &year_ago].into_iter().flatten().filter(|s| *s.1 != 0);
    let Some((currency, _)) = all.max_by_key(|s| s.1) else { return Ok(html! {}) };
    let of = |sums: &BTreeMap<String, i64>| sums.get(currency).copied().unwrap_or(0);
    // the same days of the month before, for a fair comparison
    let upto = last.with_day(today.day()).unwrap_or(end(last));
    let then = revenue(c, last, upto)?.map_or(0, |s| of(&s));
    let (now, before) = (of(&now), of(&before));
    let days = first.checked_add_months(Months::new(1)).map_or(30, |n| (n - first).num_days()).max(1);
    let percent = |a: i64, b: i64| words::ratio(lang, a, b).unwrap_or_else(|| "—".to_owned());
    let money = |v: i64| html! { (whole(lang, &amount(v))) };
    let change = words::change(lang, now, then);
    let note = tr_args(lang, "work-should_be", &[("percent", percent(i64::from(today.day()), days).into())]);
    let forecast = i64::try_from(i128::from(now) * i128::from(days) / i128::from(today.day())).unwrap_or(now);
    let month = format::month_name(lang, today.month());
    let body = html! {
        div class=(if before > 0 { "k-plan" } else { "k-plan alone" }) {
            // Against a month without sales nothing is measured.
            @if before > 0 { (Gauge { label: tr(lang, "page-home-sales_month"), fact: words::share(now, before.max(1)), due: f64::from(today.day()) / days as f64, text: &percent(now, before), note: &note }) }
            dl class="k-figs" {
                (Fig::new(month, money(now)))
                (Fig::new(format::month_name(lang, last.month()), money(before)))
                @if let Some((t, up)) = &change { (Fig { note: t, note_class: if *up { "pos" } else { "neg" }, ..Fig::new(tr(lang, "work-same_days"), money(then)) }) }
                (Fig::new(tr(lang, "work-at_this_pace"), money(forecast)))
            }
        }
    };
    let aside = html! { a class="lk s12" href="/reports/sales" { (tr(lang, "page-report-drill")) } };
    Ok(Section { title: &format!("{}, {}", tr(lang, "page-home-sales_month"), words::sign(currency)), count: None, aside, body }.render())
}

pub fn funnel(c: &Call) -> Result<Markup> {
    let lang = c.lang;
    if !readable(c, "deals") {
        return Ok(html! {});
    }
    let answer = ask(c, "deals/board", &[], &[("state", "open".to_owned())])?.unwrap_or(Json::Null);
    let items = answer["items"].as_array().cloned().unwrap_or_default();
    let scaled = |j: &Json, f: &str| Amount::parse(text(j, f)).map_or(0, Amount::scaled);
    let mut by: BTreeMap<String, i64> = Default::default();
    for i in &items {
        let sum = by.entry(text(i, "currency").to_owned()).or_default();
        *sum = sum.saturating_add(scaled(i, "amount"));
    }
    let Some((currency, total)) = by.into_iter().max_by_key(|(_, v)| *v) else { return Ok(html! {}) };
    let stages = rows(c, "stages", &[("limit", "40"), ("sort", "kind_id,position")], &["names"])?;
    let mut found: Vec<(String, i64, i64)> = vec![];
    for s in stages.iter() {
        let id = s.id().to_string();
        let of = items.iter().filter(|i| text(i, "stage_id") == id && text(i, "currency") == currency);
        let (sum, part) =
            of.fold((0i64, 0i64), |a, i| (a.0.saturating_add(scaled(i, "amount")), a.1.saturating_add(scaled(i, "weighted"))));
        if sum > 0 {
            found.push((named(lang, s), sum, part));
        }
    }
    let most = found.iter().map(|f| f.1).max().unwrap_or(1);
    let texts: Vec<String> = found.iter().map(|f| whole(lang, &amount(f.1))).collect();
    let bars: Vec<(&str, f64, f64, &str)> = found
        .iter()
        .zip(&texts)
        .map(|((t, sum, part), s)| (t.as_str(), words::share(*sum, most), words::share(*part, most), s.as_str()))
        .collect();
    let count: i64 = items.iter().map(|i| i["count"].as_i64().unwrap_or(0)).sum();
    let title = format!(
        "{} · {}, {}\u{a0}{}",
        tr(lang, "page-home-funnel"),
        tr_args(lang, "work-deals_going", &[("count", count.into())]),
        whole(lang, &amount(total)),
        words::sign(&currency)
    );
    let aside = html! { a class="lk s12" href="/deals?view=funnel" { (tr(lang, "work-where_lost")) } };
    Ok(Section { title: &title, count: None, aside, body: Bars { rows: &bars }.render() }.render())
}

/// Calls that are planned, then those who are late with paying.
pub fn calls(c: &Call, late: &Rows) -> Result<Markup> {
    let lang = c.lang;
    let me = c.ctx.user_id.to_string();
    let planned = rows(
        c,
        "tasks",
        &[
            ("doer_id", &me),
            ("kind", "call"),
            ("state.in", "planned,in_work"),
            ("due_at.empty", "false"),
            ("sort", "due_at"),
            ("limit", "6"),
        ],
        &["partner_id", "contact_id", "due_at", "state"],
    )?;
    let mut people: Vec<(String, String, String, Markup, Option<String>)> = vec![];
    let mut seen: Vec<String> = vec![];
    for t in planned.iter() {
        let partner = t.id_of("partner_id").map(|p| p.to_string()).unwrap_or_default();
        let name = [t.name_of("contact_id"), t.name_of("partner_id")].into_iter().find(|s| !s.is_empty()).unwrap_or(t.title());
        people.push((
            name.to_owned(),
            t.name_of("partner_id").to_owned(),
            t.title().to_owned(),
            tasks::when(c, t),
            Some(partner.clone()).filter(|p| !p.is_empty()),
        ));
        seen.push(partner);
    }
    for d in late.iter() {
        let partner = d.id_of("partner_id").map(|p| p.to_string()).unwrap_or_default();
        if people.len() >= 8 || seen.contains(&partner) {
            continue;
        }
        let n = d.date("due_date").map_or(0, |x| (c.ctx.today - x).num_days());
        let sum = format!("{}\u{a0}{}", crate::ui::number(lang, &d.decimal("open"), 2), words::sign(d.text("currency")));
        let what = tr_args(lang, "work-owes_late", &[("sum", sum.into()), ("count", n.into())]);
        people.push((
            d.name_of("partner_id").to_owned(),
            String::new(),
            what,
            html! { span class="tn s12 neg b5" { (words::days(lang, n)) } },
            Some(partner.clone()),
        ));
        seen.push(partner);
    }
    if people.is_empty() {
        return Ok(html! {});
    }
    let phones = phones(c, &seen)?;
    Ok(html! {
        div class="k-h in" { h3 { (tr(lang, "page-home-whom_to_call")) i { (people.len()) } } }
        ul class="k-ul" {
            @for (name, partner, what, when, id) in &people {
                li class="k-call" {
                    (Avatar { name, size: "", me: false })
                    p class="cut" { @if let Some(id) = id { a class="b5" href=(format!("/partners/{id}")) { (name) } } @else { b class="b5" { (name) } } @if !partner.is_empty() && partner != name { " " span class="m2" { "· " (partner) } } br; span class="s12 m1" { (what) } }
                    (when)
                    @match id.as_ref().and_then(|i| phones.iter().find(|p| p.0 == *i)) { Some((_, n)) => a class="k-icb" href={ "tel:" (n) } aria-label={ (tr(lang, "work-dial")) ": " (name) } title=(n) { (icon("phone")) }, None => span {} }
                }
            }
        }
    })
}

/// What is running out, for those who look after the stock and not after deals.
pub fn scarce(c: &Call) -> Result<Markup> {
    let lang = c.lang;
    if readable(c, "deals") {
        return Ok(html! {});
    }
    let Some(t) = report(c, "stock", &[("by", "product"), ("limit", "5000")])? else { return Ok(html! {}) };
    let at = |name: &str| t.columns.iter().position(|x| x.name == name);
    let (Some(title), Some(free), Some(held)) = (at("title"), at("available"), at("reserved")) else { return Ok(html! {}) };
    let mut found: Vec<&kontor_platform::report::TableRow> = t.rows.iter().collect();
    found.sort_by_key(|r| r.values[free].as_int().unwrap_or(0));
    if found.is_empty() {
        return Ok(html! {});
    }
    let quantity = |r: &kontor_platform::report::TableRow, i: usize| format::quantity(lang, r.values[i].as_int().unwrap_or(0));
    Ok(html! {
        div class="k-h in" { h3 { (tr(lang, "page-home-low_stock")) } a class="lk s12" href="/reports/stock" { (tr(lang, "work-show_all")) } }
        table class="table k-grid" aria-label=(tr(lang, "page-home-low_stock")) {
            colgroup { col; col width="90"; col width="90"; }
            thead { tr { th scope="col" { (message::entity_one(lang, "products")) } th scope="col" class="r" { (tr(lang, "work-reserved")) } th scope="col" class="r" { (tr(lang, "field-available")) } } }
            tbody {
                @for r in found.iter().take(12) {
                    tr { td class="nm" { a href=(r.link.clone().unwrap_or_default()) { (r.values[title].as_text().unwrap_or("")) } } td class="r m1" { (quantity(r, held)) } td class=(if r.values[free].as_int().unwrap_or(0) <= 0 { "r neg" } else { "r" }) { (quantity(r, free)) } }
                }
            }
        }
    })
}

fn phones(c: &Call, partners: &[String]) -> Result<Vec<(String, String)>> {
    let ids: Vec<&str> = partners.iter().filter(|p| !p.is_empty()).map(String::as_str).collect();
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let found = rows(c, "partners", &[("id.in", &ids.join(",")), ("limit", "50")], &["phone"])?;
    Ok(found
        .iter()
        .filter(|r| !r.text("phone").is_empty())
        .map(|r| (r.id().to_string(), super::partner_side::dial(r.text("phone"))))
        .collect())
}
