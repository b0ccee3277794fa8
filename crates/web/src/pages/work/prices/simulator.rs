//! The simulator: changes of rules (one that is written but not switched on, one to be taken out, whatever was put into a form to be
//! tried), run over past orders under a filter; what they would have meant for revenue, margin, clients, products and managers. Nothing is written.

use super::super::rows::rows;
use super::super::words::{address, change, sign, url, whole};
use super::super::{View, text};
use super::{job, refused, tried};
use crate::pages::address as addresses;
use crate::pages::chips;
use crate::pages::reader::decimal;
use crate::pages::{Call, Reply};
use crate::ui::chart::{Chart, ChartKind, Series, SeriesRole};
use crate::ui::empty::Empty;
use crate::ui::figures::{Fig, Section};
use crate::ui::filters::{Chip, Filters};
use crate::ui::form::Reference;
use crate::ui::head::{Button, Kind as ButtonKind, PageHead, Segments};
use crate::ui::money::{Money, number};
use axum::http::{HeaderName, StatusCode};
use kontor_kernel::Amount;
use kontor_kernel::error::{Error, Kind, Result};
use kontor_platform::query::Query;
use kontor_platform::value::{Id, parsed};
use kontor_texts::{format, message, tr_args};
use maud::{Markup, Render, html};
use serde_json::{Map, Value as Json, json};

const PATH: &str = "/price-simulator";
/// Parameters of the page; all others are conditions on orders.
const OWN: [&str; 7] = ["rule", "instead_of", "removed", "more", "job", "by", "lang"];
const TABLES: [&str; 3] = ["clients", "products", "managers"];
/// Bars of the picture.
const DRAWN: usize = 12;

fn conditions(pairs: &[(String, String)]) -> Vec<(String, String)> {
    pairs.iter().filter(|(k, v)| !OWN.contains(&k.as_str()) && !v.is_empty() && k != "after").cloned().collect()
}

pub fn page(c: &Call) -> Result<Reply> {
    let spec = c.spec("price-conditions")?;
    c.ctx.access.require(spec, "simulate")?;
    let known = match c.param("job").filter(|j| !j.is_empty()) {
        Some(id) => Some(c.app.get(&c.ctx, "jobs", Call::id(id)?)?),
        None => None,
    };
    let here = c.req.address();
    let going = match &known {
        Some(j) if matches!(j["state"].as_str(), Some("queued" | "running")) => job::place(c, j["id"].as_str().unwrap_or(""), &here)?,
        _ => html! {},
    };
    let content = html! {
        (PageHead { title: c.t("price-sim"), about: html! {}, actions: html! {}, list: false, line: false })
        (tried::section(c)?)
        (asked(c)?)
        (filters(c)?)
        div class="k-scroll k-rep" {
            div id="price-going" aria-live="polite" { (going) }
            div id="job-shows" {
                @match known.as_ref().filter(|j| j["state"] == "done") {
                    Some(j) => (result(c, &j["result"])?),
                    None => (before(c)?),
                }
            }
        }
    };
    let crumbs = vec![(c.t("section-prices").into(), None), (c.t("price-sim").into(), None)];
    Ok(super::reply(c, View { here: "price-simulator", title: c.t("price-sim").into(), crumbs, create: html! {}, content }))
}

/// Which rule, in place of which, and the button.
fn asked(c: &Call) -> Result<Markup> {
    let reference = |name: &str, id: &str, hint: &str| -> Result<Markup> {
        let title = match Id::parse_str(id) {
            Ok(found) => chips::title(c, "price-conditions", found)?,
            Err(_) => String::new(),
        };
        let r = Reference { id, title: &title, source: "/price-conditions", placeholder: hint, ..Default::default() };
        Ok(r.bare(&format!("sim-{name}"), name, false))
    };
    let p = |name: &str| c.param(name).unwrap_or("");
    let query = address("", &conditions(&c.req.query).iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>());
    Ok(html! {
        form class="k-params" method="post" action={ (PATH) "/run" } hx-post={ (PATH) "/run" } hx-target="#price-going" hx-swap="innerHTML" {
            label class="fold" { input type="checkbox" class="form-check-input"; span { (c.t("page-report-parameters")) } }
            input type="hidden" name="csrf" value=(c.csrf);
            input type="hidden" name="conditions" value=(query.trim_start_matches('?'));
            label { span { (c.t("price-sim-rule")) } (reference("rule", p("rule"), c.t("price-sim-rule_hint"))?) }
            label { input class="form-check-input" type="checkbox" name="removed" value="true" checked[p("removed") == "true"]; span { (message::label(c.lang, "price-conditions", "removed")) } }
            label { span { (message::label(c.lang, "price-conditions", "instead_of_id")) } (reference("instead_of", p("instead_of"), "")?) }
            label { span { (c.t("price-sim-more")) } input class="form-control" type="text" name="more" inputmode="decimal" size="4" value=(if p("more").is_empty() { "5" } else { p("more") }); }
            (Button::new(ButtonKind::Primary, c.t("price-sim-run")).icon("player-play").submit("", ""))
        }
    })
}

fn filters(c: &Call) -> Result<Markup> {
    let spec = c.spec("sales-orders")?;
    let pairs = conditions(&c.req.query);
    let query = Query::parse(&c.app, &c.ctx, spec, &pairs)?;
    let conditions = query.filters.iter().map(|f| chips::describe(c, spec, &f.key, &f.value)).collect::<Result<Vec<_>>>()?;
    let chips: Vec<Chip> =
        conditions.iter().map(|x| Chip { name: &x.key, value: &x.value, label: &x.label, op: x.op, text: &x.text }).collect();
    let fields = chips::fields(c, spec);
    let keep: Vec<(&str, &str)> = c
        .req
        .query
        .iter()
        .filter(|(k, v)| OWN.contains(&k.as_str()) && k != "job" && !v.is_empty())
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    Ok(Filters { lang: c.lang, action: PATH, chips: &chips, fields: &fields, q: &query.q, keep: &keep, aside: html! {} }.render())
}

/// `POST /price-simulator/run`: starts the job; the address then names it, so that the result can be come back to.
pub fn run(c: &Call) -> Result<Reply> {
    let form = c.req.form();
    let get = |name: &str| form.iter().rev().find(|(k, _)| k == name).map_or("", |(_, v)| v.trim());
    let pairs = conditions(&crate::pages::state::form_pairs(get("conditions")));
    let filter: Map<String, Json> = pairs.iter().map(|(k, v)| (k.clone(), Json::String(v.clone()))).collect();
    let mut changes = tried::changes(c)?;
    for (name, removed) in [("rule", get("removed") == "true"), ("instead_of", true)] {
        if !get(name).is_empty() {
            changes.push(json!({"collection": "price-conditions", "id": get(name), "removed": removed}));
        }
    }
    if changes.is_empty() {
        return refused(c, Error::field("rule", "required"));
    }
    let mut body = json!({"changes": changes});
    if !filter.is_empty() {
        body["filter"] = Json::Object(filter);
    }
    if !get("more").is_empty() {
        body["more_percent"] = json!(decimal(c.lang, get("more")));
    }
    let start = c.app.registry.starts.iter().find(|s| s.path == "prices/simulate").ok_or_else(Error::not_found)?;
    match (start.run)(&c.app, &c.ctx, &body) {
        Ok(job) => {
            let id = job["id"].as_str().unwrap_or("").to_string();
            let own = [
                ("rule", get("rule")),
                ("instead_of", get("instead_of")),
                ("removed", get("removed")),
                ("more", get("more")),
                ("job", &id),
            ];
            let all: Vec<(&str, &str)> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).chain(own).collect();
            let to = address(PATH, &all);
            let push = (HeaderName::from_static("hx-push-url"), to.clone());
            Ok(Reply::With(StatusCode::OK, job::place(c, &id, &to)?, vec![push]))
        }
        Err(e) if matches!(e.kind(), Kind::Refused | Kind::NotFound) => {
            refused(c, if e.kind() == Kind::NotFound { Error::field("rule", "reference_missing") } else { e })
        }
        Err(e) => Err(e),
    }
}

/// Before the first run: what this is, and earlier runs.
fn before(c: &Call) -> Result<Markup> {
    let last = rows(
        c,
        "jobs",
        &[("kind", "simulate-prices"), ("sort", "-created_at"), ("limit", "10"), ("state", "done")],
        &["title", "finished_at"],
    )?;
    Ok(html! {
        (Empty { icon: "player-play", title: c.t("price-sim-empty"), text: c.t("price-sim-empty_hint"), actions: html! {}, bare: last.is_empty() })
        @if !last.is_empty() {
            (Section { title: c.t("price-sim-earlier"), count: None, aside: html! {}, body: html! {
                @for r in last.iter() {
                    a class="k-li" href={ (PATH) "?job=" (r.id()) } {
                        span class="cut" { (r.title()) }
                        time class="s12 m2" { (r.instant("finished_at").map(|t| format::instant(c.lang, t, &c.identity.zone)).unwrap_or_default()) }
                    }
                }
            } })
        }
    })
}

fn scaled(j: &Json) -> i64 {
    parsed::<Amount>(j).map_or(0, Amount::scaled)
}

fn result(c: &Call, r: &Json) -> Result<Markup> {
    let by = TABLES.into_iter().find(|t| c.param("by") == Some(t)).unwrap_or("clients");
    let table: Vec<&Json> = r[by].as_array().into_iter().flatten().collect();
    let items: Vec<(String, String, bool)> = TABLES
        .iter()
        .map(|t| (c.t(&format!("price-sim-{t}")).to_string(), addresses::with(PATH, &c.req.query, &[], &[("by", t)]), *t == by))
        .collect();
    let items: Vec<(&str, &str, &str, bool)> = items.iter().map(|(t, h, on)| (t.as_str(), "", h.as_str(), *on)).collect();
    Ok(html! {
        (figures(c, r))
        div class="pad row-f" { (Segments { label: c.t("work-report_by"), items: &items }) }
        @if table.is_empty() { p class="pad m2" { (c.t("price-sim-no_change")) } }
        @else { div class="pad" { (picture(c, by, &table)) } (changes(c, by, &table)) }
        @let dearer: Vec<&Json> = r["dearer_clients"].as_array().into_iter().flatten().collect();
        @if !dearer.is_empty() {
            div class="k-h in" { h3 { (tr_args(c.lang, "price-sim-dearer", &[("percent", number(c.lang, text(r, "more_percent"), 0).into())])) i { (r["clients_paying_more"].as_i64().unwrap_or(0)) } } }
            (changes(c, "clients", &dearer))
        }
        (below(c, r, by))
        (idle(c, r))
    })
}

/// What it comes to.
fn figures(c: &Call, r: &Json) -> Markup {
    let n = |f: &str| r[f].as_i64().unwrap_or(0);
    let count = |f: &str| html! { (format::integer(c.lang, n(f))) };
    html! {
        dl class="k-figures" {
            @for t in r["totals"].as_array().into_iter().flatten() {
                @let unit = sign(text(t, "currency"));
                @for (label, before, after) in [("price-sim-revenue", "revenue_before", "revenue_after"), ("price-sim-margin", "margin_before", "margin_after")] {
                    @let (b, a) = (scaled(&t[before]), scaled(&t[after]));
                    @let percent = change(c.lang, a, b);
                    @let value = html! { (Money::new(c.lang, &whole_of(a - b)).least(0).unit(unit)) };
                    @let note = format!("{} → {}{}", whole(c.lang, text(t, before)), whole(c.lang, text(t, after)), percent.as_ref().map(|(p, _)| format!(" ({p})")).unwrap_or_default());
                    (Fig { note: &note, ..Fig::new(c.t(label), value) })
                }
            }
            (Fig { note: &tr_args(c.lang, "price-sim-of", &[("n", n("lines").into())]), ..Fig::new(c.t("price-sim-changed_lines"), count("changed_lines")) })
            (Fig { note: &tr_args(c.lang, "price-sim-was", &[("n", n("below_cost_before").into())]), note_class: if n("below_cost") > n("below_cost_before") { "neg" } else { "" }, ..Fig::new(c.t("price-sim-below_cost"), count("below_cost")) })
            (Fig::new(c.t("price-sim-paying_more"), count("clients_paying_more")))
            (Fig::new(c.t("price-sim-orders"), count("orders")))
        }
        @if n("lines") == 0 { p class="pad k-told warn" { (crate::ui::icon("alert-triangle")) span { (c.t("price-sim-no_lines")) } } }
        @if r["never_wins"] == true { p class="pad k-told warn" { (crate::ui::icon("alert-triangle")) span { (c.t("price-sim-never_wins")) } } }
    }
}

fn whole_of(scaled: i64) -> String {
    Amount::from_scaled(scaled).to_string().split('.').next().unwrap_or("0").to_string()
}

fn link(by: &str, row: &Json) -> String {
    let of = match by {
        "clients" => "partners",
        "products" => "products",
        _ => "users",
    };
    format!("/{of}/{}", url(text(row, "id")))
}

/// The largest changes of one currency as bars.
fn picture(c: &Call, by: &str, table: &[&Json]) -> Markup {
    let currency = table.first().map_or("", |r| text(r, "currency"));
    let drawn: Vec<&&Json> = table.iter().filter(|r| text(r, "currency") == currency).take(DRAWN).collect();
    let bad = drawn.iter().enumerate().filter(|(_, r)| scaled(&r["change"]) < 0).map(|(n, _)| n).collect();
    Chart {
        label: c.t("price-sim-change"),
        kind: ChartKind::Bar,
        categories: drawn.iter().map(|r| text(r, "title").to_string()).collect(),
        series: vec![Series {
            name: c.t("price-sim-change"),
            values: drawn.iter().map(|r| Some(text(r, "change").to_string())).collect(),
            role: SeriesRole::Now,
            bad,
        }],
        unit: sign(currency),
        links: drawn.iter().map(|r| link(by, r)).collect(),
        height: if drawn.len() > 6 { "h360" } else { "h160" },
    }
    .render()
}

fn changes(c: &Call, by: &str, table: &[&Json]) -> Markup {
    let heads = [
        "price-sim-revenue_before",
        "price-sim-revenue_after",
        "price-sim-change",
        "price-sim-margin_before",
        "price-sim-margin_after",
        "price-sim-lines",
    ];
    html! {
        table class="table k-grid mw8" aria-label=(c.t(&format!("price-sim-{by}"))) {
            colgroup { col; @for n in 0..6 { col width=(match n { 2 => "190", 5 => "80", _ => "132" }) class=[(n != 2).then_some("p4")]; } }
            thead { tr { th scope="col" { (c.t(&format!("price-sim-{by}"))) } @for (n, h) in heads.iter().enumerate() { th scope="col" class=(if n == 2 { "r" } else { "r p4" }) { (c.t(h)) } } } }
            tbody {
                @for r in table {
                    @let money = |f: &str| Money::new(c.lang, text(r, f)).render();
                    tr {
                        td class="nm" { a href=(link(by, r)) { (r["title"].as_str().unwrap_or("—")) } " " span class="sub" { (sign(text(r, "currency"))) } }
                        td class="r p4" { (money("revenue_before")) } td class="r p4" { (money("revenue_after")) }
                        td class="r b5" { (money("change")) @if let Some((p, _)) = change(c.lang, scaled(&r["revenue_after"]), scaled(&r["revenue_before"])) { " " span class="sub" { (p) } } }
                        td class="r p4" { (money("margin_before")) } td class="r p4" { (money("margin_after")) }
                        td class="r p4 tn" { (format::integer(c.lang, r["lines"].as_i64().unwrap_or(0))) }
                    }
                }
            }
        }
    }
}

/// Lines that would be sold below cost, and by whom or of what the most is lost.
fn below(c: &Call, r: &Json, by: &str) -> Markup {
    let lines: Vec<&Json> = r["below_cost_lines"].as_array().into_iter().flatten().collect();
    let sums: Vec<&Json> = r["below_cost_by"][by].as_array().into_iter().flatten().collect();
    if lines.is_empty() {
        return html! {};
    }
    let named =
        |of: &Json, path: &str| html! { a href=(format!("/{path}/{}", url(text(of, "id")))) { (of["title"].as_str().unwrap_or("—")) } };
    let heads = [
        "price-sim-order",
        "price-sim-product",
        "price-sim-client",
        "price-sim-manager",
        "price-sim-before",
        "price-sim-after",
        "price-work-cost",
        "price-sim-loss",
    ];
    html! {
        div class="k-h in" { h3 { (c.t("price-sim-below_lines")) i { (r["below_cost"].as_i64().unwrap_or(0)) } } }
        table class="table k-grid mw8" aria-label=(c.t("price-sim-loss")) {
            thead { tr { th scope="col" { (c.t(&format!("price-sim-{by}"))) } th scope="col" class="r" { (c.t("price-sim-lines")) } th scope="col" class="r" { (c.t("price-sim-loss")) } } }
            tbody { @for s in &sums { tr { td class="nm" { a href=(link(by, s)) { (s["title"].as_str().unwrap_or("—")) } " " span class="sub" { (sign(text(s, "currency"))) } } td class="r tn" { (format::integer(c.lang, s["below_cost"].as_i64().unwrap_or(0))) } td class="r b5" { (Money::new(c.lang, text(s, "loss"))) } } } }
        }
        table class="table k-grid mw8" aria-label=(c.t("price-sim-below_lines")) {
            thead { tr { @for (n, h) in heads.iter().enumerate() { th scope="col" class=[match n { 0 | 1 => None, 2 | 3 => Some("p4"), 7 => Some("r"), _ => Some("r p4") }] { (c.t(h)) } } } }
            tbody {
                @for l in &lines {
                    @let money = |f: &str| Money::new(c.lang, text(l, f)).render();
                    tr {
                        td { (named(&l["order"], "sales-orders")) } td class="nm" { (named(&l["product"], "products")) }
                        td class="p4" { (named(&l["client"], "partners")) } td class="p4" { (l["manager"]["title"].as_str().unwrap_or("—")) }
                        td class="r p4" { (money("before")) } td class="r p4" { (money("after")) } td class="r p4" { (money("cost")) } td class="r b5 neg" { (money("loss")) " " span class="sub" { (sign(text(l, "currency"))) } }
                    }
                }
            }
        }
    }
}

/// Rules that had no part in any of these orders: shadowed by others, or for nobody.
fn idle(c: &Call, r: &Json) -> Markup {
    let rules: Vec<&Json> = r["idle_rules"].as_array().into_iter().flatten().collect();
    if rules.is_empty() {
        return html! {};
    }
    let body = html! {
        p class="m2 s12" { (c.t("price-sim-idle_hint")) }
        div class="row-f wrap" { @for i in &rules { a class="k-chip" href={ "/price-conditions/" (text(i, "id")) } { (text(i, "title")) } } }
    };
    Section {
        title: c.t("price-sim-idle"),
        count: r["idle_rules_count"].as_u64().and_then(|n| usize::try_from(n).ok()),
        aside: html! {},
        body,
    }
    .render()
}
