//! Operations on all prices under the filter: tried on the first of them, then run as a job; putting into effect, taking back.

use super::super::words::address as address_of;
use super::workbench::{PATH, State, conditions};
use super::{formula, job, question, refused, wrong};
use crate::pages::fields::Fields;
use crate::pages::reader::Reader;
use crate::pages::typed::Typed;
use crate::pages::{Call, Reply};
use crate::ui::figures::Section;
use crate::ui::head::{Button, Kind as ButtonKind};
use crate::ui::icons::icon;
use crate::ui::money::number;
use axum::http::StatusCode;
use chrono::NaiveDate;
use kontor_kernel::error::{Error, Kind, Result};
use kontor_platform::Envelope;
use kontor_platform::query::Query;
use kontor_platform::spec::Verb;
use kontor_platform::value::parsed;
use kontor_texts::{format, message, tr_args};
use maud::{Markup, Render, html};
use serde_json::{Map, Value as Json, json};

/// Products that an operation is tried on.
const TRIED: usize = 12;
/// Which arguments an operation has.
const ARGUMENTS: &[(&str, &[&str])] = &[
    ("percent", &["percent"]),
    ("coefficient", &["coefficient"]),
    ("add", &["add"]),
    ("formula", &["formula"]),
    ("price_type", &["from_price_type_id"]),
    ("round", &["rounding"]),
    ("fit_vat", &[]),
    ("recalculate", &[]),
    ("set", &["price"]),
    ("effective", &[]),
    ("discard", &[]),
];

fn verb<'a>(c: &Call, name: &str) -> Result<&'a Verb> {
    c.spec("price-types")?.verb_of(name).ok_or_else(Error::not_found)
}

/// The form of an operation; it is tried while it is typed.
pub fn form(c: &Call, s: &State) -> Result<Markup> {
    let v = verb(c, "edit_prices")?;
    let typed = Typed::default();
    let fields = Fields::new(c, "price-types", &typed);
    let mut arguments = vec![];
    for (of, columns) in ARGUMENTS {
        for x in v.input.iter().filter(|x| columns.contains(&x.name)) {
            arguments.push((*of, fields.field(x, "", false)?));
        }
    }
    let filter = address_of("", &conditions(&c.req.query).iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>());
    let body = html! {
        form class="k-op" method="post" action={ (PATH) "/preview" } hx-post={ (PATH) "/preview" } hx-target="#op-told" hx-swap="innerHTML"
            hx-trigger="submit, input delay:450ms, change delay:150ms" hx-sync="this:replace" {
            input type="hidden" name="csrf" value=(c.csrf);
            input type="hidden" name="price_type_id" value=(s.price_type);
            input type="hidden" name="date" value=(s.date);
            input type="hidden" name="conditions" value=(filter.trim_start_matches('?'));
            label class="vh" for="op-kind" { (message::label(c.lang, "price-types", "operation")) }
            select id="op-kind" class="form-select" name="operation" {
                @for (of, _) in ARGUMENTS { option value=(of) { (message::choice(c.lang, "price-types", "operation", of)) } }
            }
            div class="k-fields" { @for (of, m) in &arguments { div class={ "w12 of-" (of) } { (m) } } }
            div id="op-told" aria-live="polite" { p class="m2 s12" { (c.t("price-work-try_hint")) } }
            noscript { (Button::new(ButtonKind::Second, c.t("price-work-try")).submit("", "")) }
        }
    };
    Ok(Section { title: c.t("price-work-operations"), count: None, aside: html! {}, body }.render())
}

/// What was sent: price type and the arguments of the chosen operation with the filter.
fn asked(c: &Call) -> Result<(String, Json, String)> {
    let v = verb(c, "edit_prices")?;
    let form = c.req.form();
    let get = |name: &str| form.iter().rev().find(|(k, _)| k == name).map_or("", |(_, v)| v.as_str());
    let operation = get("operation");
    let own = ARGUMENTS.iter().find(|(o, _)| *o == operation).ok_or_else(|| Error::field("operation", "bad_choice"))?.1;
    // Arguments of other operations may hold anything.
    let of = |k: &str| own.iter().any(|o| k == *o || k.starts_with(&format!("{o}[")) || k.starts_with(&format!("{o}__")));
    let typed = Typed(form.iter().filter(|(k, _)| of(k) || matches!(k.as_str(), "operation" | "date")).cloned().collect());
    let mut r = Reader::new(c, &typed, true);
    let mut body = r.columns(&v.input, "")?;
    if !r.problems.is_empty() {
        let mut e = Error::refused("invalid");
        e.inner_mut().fields = r.problems;
        return Err(e);
    }
    let pairs = crate::pages::state::form_pairs(get("conditions"));
    if !pairs.is_empty() {
        let filter: Map<String, Json> = conditions(&pairs).into_iter().map(|(k, v)| (k, Json::String(v))).collect();
        body.insert("filter".into(), Json::Object(filter));
    }
    Ok((get("price_type_id").to_string(), Json::Object(body), get("formula").to_string()))
}

/// `POST /price-workbench/preview`: what the operation would make of the first products, and of how many.
pub fn preview(c: &Call) -> Result<Reply> {
    let (price_type, mut body, source) = match asked(c) {
        Ok(a) => a,
        Err(e) => return refused(c, e),
    };
    // Nothing typed yet is no fault.
    let open = ARGUMENTS.iter().find(|(o, _)| body["operation"] == *o).is_some_and(|(_, own)| own.iter().any(|a| body[*a].is_null()));
    if open {
        return Ok(Reply::ok(html! { p class="m2 s12" { (c.t("price-work-try_hint")) } }));
    }
    body["price_type_id"] = json!(price_type);
    let answer = match question(c, "prices/preview-edit", vec![], body.clone()) {
        Ok(a) => a,
        Err(e) if e.kind() == Kind::Refused => {
            let place = formula::place(&e, "formula").map(|at| formula::marked(&source, at));
            return Ok(Reply::Html(StatusCode::UNPROCESSABLE_ENTITY, html! { @if let Some(p) = place { (p) } (wrong(c, &e)) }));
        }
        Err(e) => return Err(e),
    };
    let total = count(c, &body["filter"])?;
    let items: Vec<&Json> = answer["items"].as_array().into_iter().flatten().take(TRIED).collect();
    let discards = body["operation"] == "discard";
    let n = format::integer(c.lang, total);
    Ok(Reply::ok(html! {
        @if !discards && !items.is_empty() { (tried(c, &items)?) }
        p class="m2 s12" { (tr_args(c.lang, "price-work-for_products", &[("n", n.as_str().into())])) }
        div class="row-f" {
            button type="button" class="btn btn-primary" hx-post={ (PATH) "/edit" } hx-include="closest form" hx-target="#price-going" hx-swap="innerHTML" disabled[total == 0] {
                (icon("calculator")) (tr_args(c.lang, if discards { "price-work-discard_all" } else { "price-work-change_all" }, &[("n", n.as_str().into())]))
            }
        }
    }))
}

fn count(c: &Call, filter: &Json) -> Result<i64> {
    let spec = c.spec("products")?;
    let text = |v: &Json| v.as_str().map_or_else(|| v.to_string(), str::to_string);
    let pairs: Vec<(String, String)> = filter.as_object().into_iter().flatten().map(|(k, v)| (k.clone(), text(v))).collect();
    let mut q = Query::parse(&c.app, &c.ctx, spec, &pairs)?;
    (q.count, q.limit, q.fields) = (true, 1, Some(vec![]));
    Ok(c.app.list(&c.ctx, spec.name, &q)?.count.unwrap_or(0))
}

/// Product, price as it stands, what it would be.
fn tried(c: &Call, items: &[&Json]) -> Result<Markup> {
    let ids: Vec<&str> = items.iter().filter_map(|i| i["product_id"].as_str()).collect();
    let named = super::super::rows::rows(c, "products", &[("id.in", &ids.join(",")), ("archived", "true"), ("limit", "50")], &[])?;
    let title = |id: &str| named.iter().find(|r| r.id().to_string() == id).map_or("…", |r| r.title());
    let figure = |j: &Json| j.as_str().map_or_else(|| "—".to_string(), |p| number(c.lang, p, 2));
    Ok(html! {
        table class="k-plain k-tried" aria-label=(c.t("price-work-try")) {
            thead { tr { th scope="col" { (c.t("field-product_id")) } th scope="col" class="r" { (c.t("price-work-now")) } th scope="col" class="r" { (c.t("price-work-then")) } } }
            tbody {
                @for i in items {
                    @let before = if i["edited"].is_null() { &i["effective"] } else { &i["edited"] };
                    tr {
                        td { span class="cut" { (title(i["product_id"].as_str().unwrap_or(""))) } }
                        td class="r n" { (figure(before)) }
                        td class=(if i["new"].is_null() { "r n m2" } else if i["new"] == *before { "r n" } else { "r n b5" }) { (figure(&i["new"])) }
                    }
                }
            }
        }
    })
}

/// Starts a verb of the price type and answers the progress of its job, in place of what was going on.
fn started(c: &Call, price_type: &str, verb: &str, body: Json) -> Result<Reply> {
    let done = Call::id(price_type).and_then(|id| c.app.execute(&c.ctx, Envelope::new(format!("price-types.{verb}"), body).on(id)));
    match done {
        Ok(o) => {
            // The page that the work was started from shows what came of it.
            let here = c
                .req
                .header_of("hx-current-url")
                .and_then(|u| u.find(PATH).map(|at| u[at..].to_string()))
                .unwrap_or_else(|| PATH.to_string());
            Ok(Reply::ok(job::place(c, o.data["job_id"].as_str().unwrap_or(""), &here)?))
        }
        Err(e) => refused(c, e),
    }
}

pub fn edit(c: &Call) -> Result<Reply> {
    match asked(c) {
        Ok((price_type, body, _)) => started(c, &price_type, "edit_prices", body),
        Err(e) => refused(c, e),
    }
}

/// `POST /price-workbench/apply`: edited prices under the filter come into effect.
pub fn apply(c: &Call) -> Result<Reply> {
    let v = verb(c, "apply_prices")?;
    let typed = Typed(c.req.form());
    let mut body = Reader::new(c, &typed, true).columns(&v.input, "")?;
    body.remove("filter");
    let pairs = crate::pages::state::form_pairs(typed.get("conditions"));
    if !pairs.is_empty() {
        body.insert("filter".into(), Json::Object(conditions(&pairs).into_iter().map(|(k, v)| (k, Json::String(v))).collect()));
    }
    started(c, typed.get("price_type_id"), "apply_prices", Json::Object(body))
}

pub fn back(c: &Call) -> Result<Reply> {
    let typed = Typed(c.req.form());
    started(c, typed.get("price_type_id"), "take_prices_back", json!({"job_id": typed.get("job_id")}))
}

pub fn apply_form(c: &Call, s: &State, approval: bool) -> Markup {
    let filter = address_of("", &conditions(&c.req.query).iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>());
    let body = html! {
        form method="post" action={ (PATH) "/apply" } hx-post={ (PATH) "/apply" } hx-target="#price-going" hx-swap="innerHTML" class="k-op" {
            input type="hidden" name="csrf" value=(c.csrf);
            input type="hidden" name="price_type_id" value=(s.price_type);
            input type="hidden" name="conditions" value=(filter.trim_start_matches('?'));
            div class="k-fields" {
                div class="k-field" { label for="apply-from" { (message::label(c.lang, "price-changes", "valid_from")) } input id="apply-from" class="form-control" type="date" name="valid_from" value=(c.ctx.today); }
                div class="k-field" { label for="apply-comment" { (message::label(c.lang, "price-changes", "comment")) } input id="apply-comment" class="form-control" type="text" name="comment" autocomplete="off"; }
            }
            @if approval { p class="m2 s12" { (c.t("price-work-approval_hint")) } }
            @else { label class="k-check" { input class="form-check-input" type="checkbox" name="as_draft" value="true"; (message::label(c.lang, "price-types", "as_draft")) } }
            div class="row-f" { (Button::new(ButtonKind::Second, c.t(if approval { "price-work-to_approve" } else { "price-work-apply" })).icon("check").submit("", "")) }
        }
    };
    Section { title: c.t("price-work-into_effect"), count: None, aside: html! {}, body }.render()
}

/// The last groups: how many prices, from when, whether they can be taken back or wait for approval.
pub fn applied(c: &Call, s: &State, told: &Json) -> Markup {
    let items: Vec<&Json> = told["items"].as_array().into_iter().flatten().filter(|i| i["changed"].as_i64() != Some(0)).collect();
    if items.is_empty() {
        return html! { div id="price-applied" {} };
    }
    let may_back = super::super::rows::may(c, "price-types", "take_prices_back");
    let date = |j: &Json| parsed::<NaiveDate>(j).map(|d| format::date(c.lang, d)).unwrap_or_default();
    let body = html! {
        ul class="k-applied" {
            @for i in items {
                @let n = |f: &str| i[f].as_i64().unwrap_or(0);
                li {
                    div class="grow" {
                        a class="lk" href={ "/price-changes?job_id=" (i["job_id"].as_str().unwrap_or("")) } { (tr_args(c.lang, "price-work-from_day", &[("day", date(&i["valid_from"]).into())])) }
                        @if let Some(n) = i["changed"].as_i64() { " · " (tr_args(c.lang, "price-work-prices", &[("n", n.into())])) }
                        div class="m2 s12" {
                            (i["by"].as_str().unwrap_or("")) @if let Some(t) = i["comment"].as_str() { " · " (t) }
                            @if n("draft") > 0 { " · " span class="warn" { (c.t("price-work-waits")) } }
                            @else if n("posted") == 0 && n("reversed") > 0 { " · " (c.t("price-work-taken_back")) }
                        }
                    }
                    @if may_back && n("posted") + n("draft") > 0 {
                        form method="post" action={ (PATH) "/back" } hx-post={ (PATH) "/back" } hx-target="#price-going" hx-swap="innerHTML" {
                            input type="hidden" name="csrf" value=(c.csrf);
                            input type="hidden" name="price_type_id" value=(s.price_type);
                            input type="hidden" name="job_id" value=(i["job_id"].as_str().unwrap_or(""));
                            button type="submit" class="btn btn-3 btn-s" { (icon("arrow-back-up")) (c.t("price-work-take_back")) }
                        }
                    }
                }
            }
        }
    };
    html! { div id="price-applied" { (Section { title: c.t("price-work-applied"), count: None, aside: html! {}, body }) } }
}
