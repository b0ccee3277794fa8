//! A price type: beside its form what it would make of a few products while it is being written, with the steps, and the names
//! that formulas may use; beside its card the same of what is kept.

use super::super::rows::{may, rows};
use super::super::words::sign;
use super::{formula, question, wrong};
use crate::pages::card::Card;
use crate::pages::reader::Reader;
use crate::pages::typed::Typed;
use crate::pages::{Call, Reply};
use crate::ui::figures::Section;
use crate::ui::form::Reference;
use crate::ui::head::{Button, Kind as ButtonKind};
use crate::ui::money::number;
use crate::ui::trace::TraceStep;
use axum::http::StatusCode;
use kontor_kernel::error::{Error, Kind, Result};
use kontor_platform::value::Id;
use maud::{Markup, Render, html};
use serde_json::{Value as Json, json};

const ENTITY: &str = "price-types";
const TRIAL: &str = "/price-type-trial";
/// Products that a type is tried on.
const TRIED: usize = 3;
/// What formulas read beside prices and rates.
const WORDS: [&str; 6] = ["cost", "receipt", "supply", "stock", "coefficient", "quantity"];
const FUNCTIONS: [&str; 9] = ["min(", "max(", "abs(", "round(", "floor(", "ceil(", "round_to(", "floor_to(", "ceil_to("];

/// Beside the form; nothing for other collections.
pub fn beside_form(c: &Call, id: Option<Id>) -> Result<Markup> {
    let first = rows(c, "products", &[("limit", "3")], &[])?;
    let chosen: Vec<(String, String)> = first.iter().map(|r| (r.id().to_string(), r.title().to_string())).collect();
    let trigger = "load, input delay:500ms from:form.k-form, change delay:200ms from:form.k-form, kontor:chosen from:form.k-form, change from:#try-with, kontor:chosen from:#try-with";
    let body = html! {
        div hx-post=(TRIAL) hx-trigger=(trigger) hx-include="form.k-form, #try-with" hx-target="#type-told" hx-swap="innerHTML" hx-sync="this:replace" {
            form id="try-with" class="k-op" {
                input type="hidden" name="price_type_id" value=(id.map(|i| i.to_string()).unwrap_or_default());
                @for n in 0..TRIED {
                    @let (id, title) = chosen.get(n).cloned().unwrap_or_default();
                    (Reference { id: &id, title: &title, source: "/products", placeholder: c.t("field-product_id"), ..Default::default() }.bare(&format!("try-{n}"), "try_product", false))
                }
            }
        }
        div id="type-told" class="k-typetold" aria-live="polite" {}
    };
    Ok(html! {
        aside class="k-side" aria-label=(c.t("price-type-try")) data-island="formula-names" {
            (Section { title: c.t("price-type-try"), count: None, aside: html! {}, body })
            (names(c)?)
        }
    })
}

/// What may stand in a formula; a click puts it there.
fn names(c: &Call) -> Result<Markup> {
    let types = rows(c, ENTITY, &[("limit", "100")], &["name", "currency"])?;
    let mut currencies: Vec<&str> = types.iter().map(|t| t.text("currency")).chain(["EUR", "USD"]).filter(|x| !x.is_empty()).collect();
    currencies.sort_unstable();
    currencies.dedup();
    let button = |text: &str, told: &str| html! { button type="button" class="k-name" data-insert=(text) title=[(!told.is_empty()).then_some(told)] { code { (text) } } };
    let body = html! {
        p class="m2 s12" { (c.t("price-type-names_hint")) }
        h4 class="s12 m2" { (c.t("price-type-names_prices")) }
        div class="k-names" { @for t in types.iter() { (button(&format!("price(\"{}\")", t.text("name").replace('"', "")), "")) } }
        h4 class="s12 m2" { (c.t("price-type-names_figures")) }
        div class="k-names" { @for w in WORDS { (button(w, c.t(&format!("price-type-word-{w}")))) } }
        h4 class="s12 m2" { (c.t("price-type-names_rates")) }
        div class="k-names" { @for code in currencies { (button(&format!("rate(\"{code}\")"), "")) } }
        h4 class="s12 m2" { (c.t("price-type-names_functions")) }
        div class="k-names" { @for f in FUNCTIONS { (button(f, "")) } (button("if quantity >= 10 { } else { }", "")) }
    };
    Ok(Section { title: c.t("price-type-names"), count: None, aside: html! {}, body }.render())
}

/// `POST /price-type-trial`: the type as it stands in the form, on the chosen products.
pub fn trial(c: &Call) -> Result<Reply> {
    let form = c.req.form();
    let typed = Typed(form.iter().filter(|(k, _)| !matches!(k.as_str(), "csrf" | "price_type_id" | "try_product")).cloned().collect())
        .without_blank_rows(c.spec(ENTITY)?);
    let products: Vec<&str> = form.iter().filter(|(k, v)| k == "try_product" && !v.is_empty()).map(|(_, v)| v.as_str()).collect();
    let id = form.iter().find(|(k, v)| k == "price_type_id" && !v.is_empty()).map(|(_, v)| v.as_str());
    // Nothing to try yet is no fault.
    if typed.get("currency").is_empty() || typed.get("method").is_empty() {
        return Ok(Reply::ok(html! { p class="m2 s12" { (c.t("price-type-try_hint")) } }));
    }
    if id.is_none() && typed.get("method") == "manual" {
        return Ok(Reply::ok(html! { p class="m2 s12" { (c.t("price-type-try_by_hand")) } }));
    }
    match told(c, &typed, id, &products) {
        Ok(m) => Ok(Reply::ok(m)),
        Err(e) if matches!(e.kind(), Kind::Refused) => Ok(Reply::Html(StatusCode::UNPROCESSABLE_ENTITY, fault(c, &typed, &e))),
        Err(e) => Err(e),
    }
}

/// Faults, those of formulas marked in their place.
fn fault(c: &Call, typed: &Typed, e: &Error) -> Markup {
    let places = e.inner().fields.iter().filter_map(|f| {
        let source = typed.get(&crate::pages::typed::name_of_path(&f.field));
        formula::place(e, &f.field).map(|at| formula::marked(source, at))
    });
    html! { @for p in places { (p) } (wrong(c, e)) }
}

fn told(c: &Call, typed: &Typed, id: Option<&str>, products: &[&str]) -> Result<Markup> {
    let spec = c.spec(ENTITY)?;
    let mut r = Reader::new(c, typed, true);
    let record = r.record(spec)?;
    if !r.problems.is_empty() {
        let mut e = Error::refused("invalid");
        e.inner_mut().fields = r.problems;
        return Err(e);
    }
    let mut body = json!({"price_type": record, "products": products});
    if let Some(id) = id {
        body["price_type_id"] = json!(id);
    }
    let answer = question(c, "prices/try-type", vec![], body)?;
    let unit = sign(answer["currency"].as_str().unwrap_or("")).to_string();
    Ok(html! { @for i in answer["items"].as_array().into_iter().flatten() { (item(c, i, &unit)) } })
}

fn item(c: &Call, i: &Json, unit: &str) -> Markup {
    let figure = |j: &Json| j.as_str().map(|p| format!("{}\u{a0}{unit}", number(c.lang, p, 2)));
    let (price, now) = (figure(&i["price"]), figure(&i["now"]));
    let steps: Vec<&Json> = i["steps"].as_array().into_iter().flatten().collect();
    html! {
        // Why there is no price stands open until there is one; nobody has opened it.
        details class="k-tryitem" data-keep=[i["product"]["id"].as_str().filter(|_| price.is_some())] open[price.is_none()] {
            summary {
                span class="cut grow" { (i["product"]["title"].as_str().unwrap_or("")) }
                @if let (Some(n), true) = (&now, now != price) { s class="m2 tn" { (n) } " " }
                b class=(if price.is_some() { "tn" } else { "neg" }) { (price.as_deref().unwrap_or(c.t("price-type-no_price"))) }
            }
            div class="k-why" { ol class="k-trace" { @for s in steps { (step(c, s)) } } }
        }
    }
}

/// A step and what led to its figures.
fn step(c: &Call, s: &Json) -> Markup {
    let text = |f: &str| s[f].as_str().unwrap_or("");
    let value = match text("after") {
        "" => String::new(),
        after => format!("{} {}", number(c.lang, after, 2), sign(text("currency"))),
    };
    let inner: Vec<&Json> = s["steps"].as_array().into_iter().flatten().collect();
    html! {
        (TraceStep { title: text("title"), rule: None, note: text("text"), value: &value, change: "" })
        @for i in inner { (step(c, i)) }
    }
}

/// On the card: what the type makes of some products, and the way to its prices.
pub fn beside(c: &Call, card: &Card) -> Result<Markup> {
    if !may(c, ENTITY, "update") {
        return Ok(html! {});
    }
    let typed = Typed::of_record(c, card.spec, &card.json);
    let body = match told(c, &typed, Some(&card.id.to_string()), &[]) {
        Ok(m) => m,
        // A type may have become wrong since it was written: what it stands on changed.
        Err(e) if e.kind() == Kind::Refused => fault(c, &typed, &e),
        Err(e) => return Err(e),
    };
    let aside = html! {
        @if may(c, "edited-prices", "read") && card.json["method"] == "manual" {
            (Button::new(ButtonKind::Second, c.t("price-work")).icon("calculator").link(&format!("/price-workbench?price_type_id={}", card.id)))
        }
    };
    Ok(Section { title: c.t("price-type-how"), count: None, aside, body: html! { div class="k-typetold" { (body) } } }.render())
}
