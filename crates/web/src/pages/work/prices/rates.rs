//! Rates of exchange: every type and currency by day, the history of one as a line, where rates come from: a file, an address,
//! feeds that are asked daily.

use super::super::rows::{may, rows};
use super::super::words::address;
use super::super::{View, text};
use super::{job, question, refused};
use crate::pages::{Call, Reply};
use crate::ui::chart::{Chart, ChartKind, Series, SeriesRole};
use crate::ui::empty::Empty;
use crate::ui::figures::Section;
use crate::ui::head::{Button, Kind as ButtonKind, PageHead};
use crate::ui::icons::icon;
use crate::ui::money::number;
use axum::http::StatusCode;
use chrono::{Days, NaiveDate};
use kontor_exchange::Options;
use kontor_kernel::error::{Error, Kind, Result};
use kontor_platform::Envelope;
use kontor_platform::value::parsed;
use kontor_texts::{format, message, tr_args};
use maud::{Markup, Render, html};
use serde_json::{Value as Json, json};
use std::time::Duration;

const PATH: &str = "/rate-matrix";
/// Days shown when nothing else is asked for.
const DAYS: u64 = 60;
/// An address that is typed here is waited for no longer.
const WAIT: Duration = Duration::from_secs(12);

pub fn page(c: &Call) -> Result<Reply> {
    let to = c.date("to")?.unwrap_or(c.ctx.today);
    let from = c.date("from")?.or(to.checked_sub_days(Days::new(DAYS))).unwrap_or(to);
    let p = |name: &str| c.param(name).unwrap_or("").to_string();
    let query = [
        ("from", from.to_string()),
        ("to", to.to_string()),
        ("currency", p("currency").to_uppercase()),
        ("rate_type_id", p("rate_type_id")),
    ];
    let query = query.into_iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (k.to_string(), v)).collect();
    let answer = question(c, "rates/matrix", query, Json::Null);
    let body = match answer {
        Ok(a) => table(c, &a, from, to)?,
        Err(e) if e.kind() == Kind::Refused => html! { div class="pad" { (super::wrong(c, &e)) } },
        Err(e) => return Err(e),
    };
    let actions = html! {
        @if may(c, "rates", "create") {
            (Button::new(ButtonKind::Second, c.t("page-import")).icon("upload").link("/list/rates/import"))
            (Button::new(ButtonKind::Second, message::entity_one(c.lang, "rates")).icon("plus").key("n").link("/rates/new"))
        }
    };
    let content = html! {
        (PageHead { title: c.t("rate-matrix"), about: html! {}, actions, list: false, line: false })
        form class="k-params" method="get" action=(PATH) {
            label class="fold" { input type="checkbox" class="form-check-input"; span { (c.t("page-report-parameters")) } }
            label { span { (message::label(c.lang, "report", "from")) } input class="form-control" type="date" name="from" value=(from); }
            label { span { (message::label(c.lang, "report", "to")) } input class="form-control" type="date" name="to" value=(to); }
            label { span { (c.t("rate-matrix-currencies")) } input class="form-control" type="text" name="currency" value=(p("currency")) placeholder="USD, EUR" size="10" autocomplete="off"; }
            (types(c, &p("rate_type_id"))?)
            (Button::new(ButtonKind::Second, c.t("page-report-show")).submit("", ""))
        }
        div class="k-cols with-side k-priceroom" {
            div class="k-list" { div class="k-scroll k-rep" { div id="job-shows" { (body) } } }
            aside class="k-side" aria-label=(c.t("rate-feeds")) { div id="price-going" aria-live="polite" {} (sources(c)?) }
        }
    };
    let crumbs = vec![(c.t("section-prices").into(), None), (c.t("rate-matrix").into(), None)];
    Ok(super::reply(c, View { here: "rate-matrix", title: c.t("rate-matrix").into(), crumbs, create: html! {}, content }))
}

fn types(c: &Call, chosen: &str) -> Result<Markup> {
    let found = rows(c, "rate-types", &[("limit", "100")], &["name"])?;
    Ok(html! {
        label { span { (message::label(c.lang, "rates", "rate_type_id")) }
            select class="form-select" name="rate_type_id" { option value="" { (c.t("page-all")) } @for t in found.iter() { option value=(t.id()) selected[t.id().to_string() == chosen] { (t.title()) } } }
        }
    })
}

fn table(c: &Call, a: &Json, from: NaiveDate, to: NaiveDate) -> Result<Markup> {
    let columns: Vec<&Json> = a["columns"].as_array().into_iter().flatten().collect();
    let days: Vec<&Json> = a["rows"].as_array().into_iter().flatten().collect();
    if columns.is_empty() {
        let actions = Button::new(ButtonKind::Second, c.t("page-import")).icon("upload").link("/list/rates/import");
        return Ok(Empty {
            icon: "currency-dollar",
            title: c.t("rate-matrix-empty"),
            text: c.t("rate-matrix-empty_hint"),
            actions,
            bare: true,
        }
        .render());
    }
    let usual = ["USD", "EUR"].iter().find_map(|u| columns.iter().find(|x| x["currency"] == *u)).unwrap_or(&columns[0]);
    let shown = columns.iter().find(|x| x["key"].as_str() == c.param("of")).unwrap_or(usual);
    let key = text(shown, "key");
    let keep = |key: &str| {
        let p = |name: &str| c.param(name).unwrap_or("").to_string();
        address(
            PATH,
            &[
                ("from", &from.to_string()),
                ("to", &to.to_string()),
                ("currency", &p("currency")),
                ("rate_type_id", &p("rate_type_id")),
                ("of", key),
            ],
        )
    };
    Ok(html! {
        (picture(shown, &days))
        div class="k-ratematrix" tabindex="0" role="region" aria-label=(c.t("rate-matrix")) {
            table class="table k-grid" aria-label=(c.t("rate-matrix")) {
                thead { tr {
                    th scope="col" { (message::label(c.lang, "rates", "date")) }
                    @for x in &columns {
                        th scope="col" class=(if x["key"] == key { "r srt" } else { "r" }) { a href=(keep(x["key"].as_str().unwrap_or(""))) title=(c.t(&format!("rate-types-direction-{}", text(x, "direction")))) {
                            b class="b5" { (text(x, "currency")) } " / " (text(x, "base_currency")) br; span class="m2" { (x["rate_type"]["title"].as_str().unwrap_or("")) }
                        } }
                    }
                } }
                tbody {
                    @for d in &days {
                        tr {
                            td class="tn m1" { (parsed::<NaiveDate>(&d["date"]).map(|d| format::date(c.lang, d)).unwrap_or_default()) }
                            @for x in &columns {
                                @let cell = &d["cells"][x["key"].as_str().unwrap_or("")];
                                td class="r tn" { @if let Some(r) = cell["rate"].as_str() { (number(c.lang, r, 4)) @if cell["per"].as_i64().unwrap_or(1) != 1 { " " span class="sub" { "/ " (cell["per"]) } } } @else { span class="m2" { "—" } } }
                            }
                        }
                    }
                }
            }
        }
    })
}

/// The rate that was chosen, day by day.
fn picture(shown: &Json, days: &[&Json]) -> Markup {
    let key = shown["key"].as_str().unwrap_or("");
    let title =
        format!("{} · {} / {}", shown["rate_type"]["title"].as_str().unwrap_or(""), text(shown, "currency"), text(shown, "base_currency"));
    let line: Vec<(&Json, &Json)> = days.iter().rev().map(|d| (&d["date"], &d["cells"][key])).filter(|(_, r)| !r.is_null()).collect();
    let chart = Chart {
        label: &title,
        kind: ChartKind::Steps,
        categories: line.iter().map(|(d, _)| d.as_str().unwrap_or("").to_string()).collect(),
        series: vec![Series {
            name: &title,
            values: line.iter().map(|(_, r)| r["rate"].as_str().map(str::to_string)).collect(),
            role: SeriesRole::Now,
            bad: vec![],
        }],
        unit: "",
        links: vec![],
        height: "h160",
    };
    html! { div class="pad" { h3 class="s13 b6" { (title) } (chart) } }
}

/// Feeds with what became of them, and an address to load once.
fn sources(c: &Call) -> Result<Markup> {
    let feeds = rows(
        c,
        "rate-feeds",
        &[("limit", "50"), ("sort", "name")],
        &["name", "url", "active", "loaded_at", "tried_at", "loaded", "error"],
    )?;
    let may_load = may(c, "rate-feeds", "load");
    let aside = html! { @if may(c, "rate-feeds", "create") { a class="lk s12" href="/rate-feeds/new" { (message::entity_new(c.lang, "rate-feeds")) } } };
    let at = |t: Option<chrono::DateTime<chrono::Utc>>| t.map(|t| format::instant(c.lang, t, &c.identity.zone)).unwrap_or_default();
    let list = html! {
        @if feeds.is_empty() { p class="m2 s12" { (c.t("rate-feeds-none")) } }
        ul class="k-applied" {
            @for f in feeds.iter() {
                @let error = f.json("error");
                li {
                    div class="grow" {
                        a class="lk" href=(f.href()) { (f.text("name")) } @if !f.flag("active") { " " span class="m2 s12" { (c.t("rate-feeds-off")) } }
                        div class="m2 s12 cut" title=(f.text("url")) { (f.text("url")) }
                        @if !error.is_null() {
                            div class="neg s12" { (at(f.instant("tried_at"))) " · " (told(c, error)) }
                        } @else if f.instant("loaded_at").is_some() {
                            div class="m2 s12" { (at(f.instant("loaded_at"))) " · " (tr_args(c.lang, "rate-feeds-new", &[("n", f.scaled("loaded").into())])) }
                        } @else { div class="m2 s12" { (c.t("rate-feeds-never")) } }
                    }
                    @if may_load {
                        form method="post" action={ (PATH) "/feed" } hx-post={ (PATH) "/feed" } hx-target="#price-going" hx-swap="innerHTML" {
                            input type="hidden" name="csrf" value=(c.csrf); input type="hidden" name="feed_id" value=(f.id());
                            button type="submit" class="btn btn-3 btn-s" { (icon("refresh")) (c.t("rate-feeds-load")) }
                        }
                    }
                }
            }
        }
    };
    let once = html! {
        form class="k-op" method="post" action={ (PATH) "/load" } hx-post={ (PATH) "/load" } hx-target="#rates-told" hx-swap="innerHTML" {
            input type="hidden" name="csrf" value=(c.csrf);
            label class="vh" for="rates-url" { (c.t("rate-matrix-url")) }
            input id="rates-url" class="form-control" type="url" name="url" required placeholder="https://" autocomplete="off";
            p class="m2 s12" { (c.t("rate-matrix-url_hint")) }
            div class="row-f" { (Button::new(ButtonKind::Second, c.t("rate-matrix-load")).icon("download").submit("", "")) }
        }
        div id="rates-told" aria-live="polite" {}
    };
    Ok(html! {
        (Section { title: c.t("rate-feeds"), count: None, aside, body: list })
        @if may(c, "rates", "create") { (Section { title: c.t("rate-matrix-url"), count: None, aside: html! {}, body: once }) }
    })
}

/// An error as it was kept: code and arguments.
fn told(c: &Call, e: &Json) -> String {
    let args: Vec<(String, String)> = e["args"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(k, v)| (k.clone(), v.as_str().map_or_else(|| v.to_string(), str::to_string)))
        .collect();
    message::error(c.lang, e["code"].as_str().unwrap_or("internal"), &args)
}

/// `POST /rate-matrix/feed`: a feed is asked now.
pub fn feed(c: &Call) -> Result<Reply> {
    let form = c.req.form();
    let id = form.iter().find(|(k, _)| k == "feed_id").map_or("", |(_, v)| v.as_str());
    match c.app.execute(&c.ctx, Envelope::new("rate-feeds.load", json!({})).on(Call::id(id)?)) {
        Ok(o) => Ok(Reply::ok(job::place(c, o.data["job_id"].as_str().unwrap_or(""), PATH)?)),
        Err(e) => refused(c, e),
    }
}

/// `POST /rate-matrix/load`: what stands behind an address, once; bounded in time, never inside our own network.
pub fn load(c: &Call) -> Result<Reply> {
    let spec = c.spec("rates")?;
    c.ctx.access.require(spec, "create")?;
    let form = c.req.form();
    let url = form.iter().find(|(k, _)| k == "url").map_or("", |(_, v)| v.trim());
    let fetch = kontor_trade::fetch::Http { timeout: WAIT, ..Default::default() };
    let input = match kontor_trade::fetch::is_url(url).then(|| kontor_trade::input(url, &fetch)) {
        Some(Ok(input)) => input,
        Some(Err(e)) if matches!(e.kind(), Kind::Refused | Kind::TooLarge | Kind::Unavailable) => {
            return Ok(Reply::Html(StatusCode::UNPROCESSABLE_ENTITY, super::wrong(c, &e)));
        }
        Some(Err(e)) => return Err(e),
        None => return refused(c, Error::refused("fetch_url_bad").arg("url", url)),
    };
    let mut ctx = c.ctx.clone();
    ctx.group = Some(kontor_platform::value::new_id());
    let report = kontor_trade::import(&c.app, &ctx, spec.name, &input, &Options::default());
    if !report.ok() {
        let lines = report.errors.iter().take(5);
        return Ok(Reply::Html(
            StatusCode::UNPROCESSABLE_ENTITY,
            html! { div class="k-sum-err" role="alert" { (icon("alert-triangle")) b { (c.t("rate-matrix-not_loaded")) } ul { @for e in lines { li { @if e.row > 0 { (e.row) ": " } (e.message) } } } } },
        ));
    }
    Ok(Reply::ok(html! {
        p class="k-told" { (icon("circle-check")) span { (tr_args(c.lang, "rate-matrix-loaded", &[("created", report.created.into()), ("updated", report.updated.into()), ("skipped", report.skipped.into())])) } }
        span hx-get=(PATH) hx-trigger="load" hx-select="#job-shows" hx-target="#job-shows" hx-swap="outerHTML" {}
    }))
}
