//! The price workbench: one price type, products under a filter, what their prices are and shall be; operations on all of them
//! stand beside the table. Only the page that is seen is ever read.

use super::super::View;
use super::super::rows::{may, rows as listed};
use super::{change, job, question, rows};
use crate::pages::address;
use crate::pages::chips;
use crate::pages::{Call, Reply};
use crate::ui::badge::{Badge, Tone};
use crate::ui::empty::Empty;
use crate::ui::filters::{Chip, Filters};
use crate::ui::head::{Button, Kind as ButtonKind, PageHead};
use crate::ui::table::{Room, Rows};
use kontor_kernel::error::{Error, Kind, Result};
use kontor_platform::query::Query;
use kontor_platform::value::Id;
use maud::{Markup, Render, html};
use serde_json::Value as Json;

pub const PATH: &str = "/price-workbench";
/// Parameters of the page; all others are conditions on products.
pub const OWN: [&str; 6] = ["price_type_id", "date", "to", "changed", "after", "lang"];
const ROWS: &str = "60";

/// What the address says beside conditions.
#[derive(Default)]
pub struct State {
    pub price_type: String,
    /// Prices in force on this day; today when empty.
    pub date: String,
    /// Another day in place of the edited prices.
    pub to: String,
    pub changed: bool,
}

impl State {
    fn read(c: &Call, price_type: String) -> State {
        let p = |name: &str| c.param(name).unwrap_or("").to_string();
        State { price_type, date: p("date"), to: p("to"), changed: c.param("changed").is_some_and(|v| v == "true") }
    }
}

/// Conditions on products, as they stand in the address.
pub fn conditions(pairs: &[(String, String)]) -> Vec<(String, String)> {
    pairs.iter().filter(|(k, v)| !OWN.contains(&k.as_str()) && !v.is_empty()).cloned().collect()
}

/// Price types whose prices are written by hand: id, name.
fn types(c: &Call) -> Result<Vec<(Id, String)>> {
    let found = listed(c, "price-types", &[("method", "manual"), ("limit", "200"), ("sort", "-is_default,name")], &["name"])?;
    Ok(found.iter().map(|r| (r.id(), r.title().to_owned())).collect())
}

pub fn page(c: &Call) -> Result<Reply> {
    c.spec("edited-prices")?;
    let types = types(c)?;
    let asked = c.param("price_type_id").unwrap_or("");
    let chosen = if asked.is_empty() { types.first().map(|t| t.0) } else { Some(Id::parse_str(asked).map_err(|_| Error::not_found())?) };
    let Some(chosen) = chosen else { return Ok(super::reply(c, none(c))) };
    let s = State::read(c, chosen.to_string());
    let answer = answer(c, &s);
    let more = c.req.by_script() && !c.req.partial() && c.param("after").is_some();
    let answer = match answer {
        Ok(a) => Ok(a),
        // A condition that cannot be read is named; the page with its filter stays.
        Err(e) if e.kind() == Kind::Refused && !more => Err(e),
        Err(e) => return Err(e),
    };
    if let (true, Ok(a)) = (more, &answer) {
        let (columns, lines, next) = (rows::columns(c, &s, a), rows::lines(c, &s, a), next(c, a));
        return Ok(Reply::ok(Rows { table: &rows::table(c, &columns, &lines, next.as_deref()) }.render()));
    }
    let content = html! {
        (head(c, &s, &types, answer.as_ref().ok()))
        (filters(c, &s)?)
        div class="k-cols with-side k-priceroom" {
            div class="k-list" { div class="k-scroll" { div id="job-shows" data-island="price-grid" {
                @match &answer {
                    Ok(a) => (table(c, &s, a)),
                    Err(e) => div class="pad" { (super::wrong(c, e)) },
                }
            } } }
            (side(c, &s, answer.as_ref().ok())?)
        }
    };
    Ok(super::reply(c, View { here: "price-workbench", title: c.t("price-work").into(), crumbs: crumbs(c), create: html! {}, content }))
}

fn crumbs(c: &Call) -> Vec<(String, Option<String>)> {
    vec![(c.t("section-prices").into(), None), (c.t("price-work").into(), None)]
}

fn answer(c: &Call, s: &State) -> Result<Json> {
    let mut query = conditions(&c.req.query);
    query.extend(
        [("price_type_id", s.price_type.as_str()), ("date", &s.date), ("to", &s.to), ("limit", ROWS)].map(|(k, v)| (k.into(), v.into())),
    );
    query.extend(c.param("after").map(|a| ("after".to_string(), a.to_string())));
    if s.changed {
        query.push(("changed".into(), "true".into()));
    }
    query.retain(|(_, v)| !v.is_empty());
    question(c, "prices/workbench", query, Json::Null)
}

fn next(c: &Call, answer: &Json) -> Option<String> {
    answer["next"].as_str().map(|n| address::with(PATH, &c.req.query, &["after"], &[("after", n)]))
}

fn table(c: &Call, s: &State, answer: &Json) -> Markup {
    let (columns, lines, next) = (rows::columns(c, s, answer), rows::lines(c, s, answer), next(c, answer));
    if lines.is_empty() && next.is_none() {
        let title = c.t(if s.changed { "price-work-nothing_differs" } else { "page-list-no_match" });
        return Empty { icon: "tags", title, text: "", actions: html! {}, bare: true }.render();
    }
    html! { (Room::rows(lines.len())) (rows::table(c, &columns, &lines, next.as_deref())) }
}

fn none(c: &Call) -> View {
    let actions = Button::new(ButtonKind::Primary, c.t("price-types.new")).icon("plus").link("/price-types/new");
    let content = html! {
        (PageHead { title: c.t("price-work"), about: html! {}, actions: html! {}, list: false, line: true })
        (Empty { icon: "tags", title: c.t("price-work-no_types"), text: c.t("price-work-no_types_hint"), actions, bare: false })
    };
    View { here: "price-workbench", title: c.t("price-work").into(), crumbs: crumbs(c), create: html! {}, content }
}

/// Price type, days and what is shown: a plain form, so that the address holds it all.
fn head(c: &Call, s: &State, types: &[(Id, String)], answer: Option<&Json>) -> Markup {
    let about = html! {
        @if answer.is_some_and(|a| a["approval"] == true) { (Badge { text: c.t("price-work-approval"), tone: Tone::Waits }) }
    };
    let actions =
        html! { a class="btn btn-3" href={ "/price-types/" (s.price_type) } { (crate::ui::icon("tag")) (c.t("price-work-open_type")) } };
    html! {
        (PageHead { title: c.t("price-work"), about, actions, list: false, line: false })
        form class="k-params" method="get" action=(PATH) {
            label class="fold" { input type="checkbox" class="form-check-input"; span { (c.t("page-report-parameters")) } }
            @for (k, v) in conditions(&c.req.query) { input type="hidden" name=(k) value=(v); }
            label { span { (c.t("field-price_type_id")) }
                select class="form-select" name="price_type_id" { @for (id, name) in types { option value=(id) selected[id.to_string() == s.price_type] { (name) } } }
            }
            label { span { (c.t("price-work-in_force_on")) } input class="form-control" type="date" name="date" value=(s.date); }
            label { span { (c.t("price-work-compare_with")) } input class="form-control" type="date" name="to" value=(s.to); }
            label { input class="form-check-input" type="checkbox" name="changed" value="true" checked[s.changed]; span { (c.t("price-work-only_changed")) } }
            (Button::new(ButtonKind::Second, c.t("page-report-show")).submit("", ""))
        }
    }
}

fn filters(c: &Call, s: &State) -> Result<Markup> {
    let spec = c.spec("products")?;
    let pairs = conditions(&c.req.query);
    let of_page: Vec<(&str, &str)> =
        [("price_type_id", s.price_type.as_str()), ("date", &s.date), ("to", &s.to), ("changed", if s.changed { "true" } else { "" })]
            .into_iter()
            .filter(|(_, v)| !v.is_empty())
            .collect();
    // What cannot be read is told in place of the table.
    let query = match Query::parse(&c.app, &c.ctx, spec, &pairs) {
        Ok(q) => q,
        Err(e) if e.kind() == Kind::Refused => Query::default(),
        Err(e) => return Err(e),
    };
    let conditions = query.filters.iter().map(|f| chips::describe(c, spec, &f.key, &f.value)).collect::<Result<Vec<_>>>()?;
    let chips: Vec<Chip> =
        conditions.iter().map(|x| Chip { name: &x.key, value: &x.value, label: &x.label, op: x.op, text: &x.text }).collect();
    let fields = chips::fields(c, spec);
    Ok(Filters { lang: c.lang, action: PATH, chips: &chips, fields: &fields, q: &query.q, keep: &of_page, aside: html! {} }.render())
}

/// Beside the table: what is going on, operations, putting into effect, what was put into effect of late.
fn side(c: &Call, s: &State, answer: Option<&Json>) -> Result<Markup> {
    let told = question(c, "prices/applied", vec![("price_type_id".into(), s.price_type.clone())], Json::Null)?;
    let here = address::with(PATH, &c.req.query, &["after"], &[]);
    let may_edit = may(c, "price-types", "edit_prices");
    let approval = answer.is_some_and(|a| a["approval"] == true);
    let mut going = vec![];
    for id in told["running"].as_array().into_iter().flatten().filter_map(Json::as_str) {
        // Work of somebody else may be hidden from the caller; the page stands without it.
        match job::place(c, id, &here) {
            Ok(m) => going.push(m),
            Err(e) if matches!(e.kind(), Kind::NotFound | Kind::Forbidden) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(html! {
        aside class="k-side" aria-label=(c.t("price-work-operations")) {
            div id="price-going" aria-live="polite" { @for m in going { (m) } }
            @if may_edit { (change::form(c, s)?) }
            @if may(c, "price-types", "apply_prices") { (change::apply_form(c, s, approval)) }
            (change::applied(c, s, &told))
        }
    })
}
