//! CommerceML, the exchange format of 1C: a catalogue with offers both ways, defects named by line and element.

use super::super::rows::may;
use super::told::{Asked, FileForm};
use super::{answer, need, page};
use crate::pages::import::tell;
use crate::pages::{Call, Reply};
use crate::ui::form::{Control, Field};
use axum::http::StatusCode;
use kontor_kernel::error::{Error, Result};
use kontor_platform::Ctx;
use kontor_texts::{message, tr, tr_args};
use maud::{Markup, html};

/// What a file can be taken as.
const KINDS: [&str; 4] = ["products", "prices", "product-categories", "price-types"];

pub fn show(c: &Call) -> Result<Reply> {
    need(c, "commerceml")?;
    page(c, StatusCode::OK, "commerceml", html! {}, content(c, html! {}))
}

fn content(c: &Call, told: Markup) -> Markup {
    let kinds: Vec<(&str, &str)> = KINDS
        .iter()
        .filter(|k| may(c, k, "create") || **k == "prices" && may(c, "price-changes", "create"))
        .map(|k| (*k, message::entity(c.lang, k)))
        .collect();
    let fields = html! {
        div class="k-fields" { (Field::new("kind", tr(c.lang, "inout-kind"), Control::Select { value: "", options: &kinds }).hint(tr(c.lang, "inout-kind-hint"))) }
    };
    let upload = FileForm { c, action: "/price-exchange/commerceml", accept: ".xml,.gz", fields, told };
    let link =
        |text: &str, href: &str| html! { a class="btn btn-2" href=(href) download data-full { (crate::ui::icon("download")) (text) } };
    html! {
        div class="k-body k-two" {
            section class="k-sec" {
                h2 class="b6" { (tr(c.lang, "inout-commerceml-out")) }
                p class="m2" { (tr(c.lang, "inout-commerceml-out_hint")) }
                div class="row-f wrap g8 mt8" {
                    (link(&format!("import.xml: {}", tr(c.lang, "inout-commerceml-catalogue")), "/api/v1/products/export?format=commerceml"))
                    (link(&format!("offers.xml: {}", tr(c.lang, "inout-commerceml-offers")), "/api/v1/prices/export?format=commerceml"))
                }
            }
            section class="k-sec" {
                h2 class="b6" { (tr(c.lang, "inout-commerceml-in")) }
                p class="m2" { (tr(c.lang, "inout-commerceml-in_hint")) }
                @if kinds.is_empty() { p class="m2" { (tr(c.lang, "inout-may_not")) } } @else { (upload.draw()) }
            }
        }
    }
}

pub fn take(c: &Call) -> Result<Reply> {
    need(c, "commerceml")?;
    answer(c, "commerceml", taken(c), |told| Ok(content(c, told)))
}

fn taken(c: &Call) -> Result<(bool, Markup)> {
    let asked = Asked::of(c)?;
    let said = asked.text("kind");
    let kind = match said {
        "" => kontor_trade::commerceml::kind_of(&asked.input()),
        k => *KINDS.iter().find(|x| **x == k).ok_or_else(|| Error::field("kind", "bad_choice").field_arg("value", k))?,
    };
    let spec = c.spec(kind)?;
    // Prices come as a price change.
    let right = if kind == "prices" { "price-changes" } else { kind };
    c.app.granted(&c.ctx, right, "create")?;
    let title = tr_args(c.lang, "jobs-import-title", &[("what", asked.name.as_str().into())]);
    let (input, options) = (asked.input(), asked.options());
    let work = |ctx: &Ctx| kontor_trade::commerceml::import(&c.app, ctx, kind, &input, &options);
    let report = kontor_exchange::in_job(&c.app, &c.ctx, &title, &options, work, |r| r)?;
    let told = html! {
        p class="b5" { (message::entity(c.lang, kind)) ": " (asked.name) }
        (tell(c, Some(spec), &report, asked.checks(), asked.partial()))
    };
    Ok((report.ok(), told))
}
