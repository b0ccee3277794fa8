//! CommerceML, the exchange format of 1C: a catalogue with offers both ways, defects named by line and element.

use super::super::rows::{may, readable, rows};
use super::told::{Asked, FileForm};
use super::{answer, need, page};
use crate::pages::import::tell;
use crate::pages::{Call, Reply};
use crate::ui::form::{Control, Field};
use axum::http::StatusCode;
use kontor_kernel::error::{Error, Result};
use kontor_platform::Ctx;
use kontor_texts::{format, message, tr, tr_args};
use kontor_trade::commerceml::stock::{Difference, Found};
use maud::{Markup, html};

/// What a file can be taken as.
const KINDS: [&str; 5] = ["products", "prices", "stock-receipts", "product-categories", "price-types"];

pub fn show(c: &Call) -> Result<Reply> {
    need(c, "commerceml")?;
    page(c, StatusCode::OK, "commerceml", html! {}, content(c, html! {})?)
}

fn content(c: &Call, told: Markup) -> Result<Markup> {
    let kinds: Vec<(&str, &str)> = KINDS
        .iter()
        .filter(|k| may(c, k, "create") || **k == "prices" && may(c, "price-changes", "create"))
        .map(|k| (*k, message::entity(c.lang, k)))
        .collect();
    let warehouses = warehouses(c)?;
    let fields = html! {
        div class="k-fields" {
            (Field::new("kind", tr(c.lang, "inout-kind"), Control::Select { value: "", options: &kinds }).hint(tr(c.lang, "inout-kind-hint")))
            @if may(c, "stock-receipts", "create") && warehouses.len() > 1 {
                @let options: Vec<(&str, &str)> = warehouses.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect();
                (Field::new("warehouse_id", tr(c.lang, "inout-commerceml-warehouse"), Control::Select { value: "", options: &options }))
            }
        }
    };
    let upload = FileForm { c, action: "/price-exchange/commerceml", accept: ".xml,.gz", fields, told };
    let link =
        |text: &str, href: &str| html! { a class="btn btn-2" href=(href) download data-full { (crate::ui::icon("download")) (text) } };
    Ok(html! {
        div class="k-body k-two" {
            section class="k-sec" {
                h2 class="b6" { (tr(c.lang, "inout-commerceml-out")) }
                p class="m2" { (tr(c.lang, "inout-commerceml-out_hint")) }
                div class="row-f wrap g8 mt8" {
                    (link(&format!("import.xml: {}", tr(c.lang, "inout-commerceml-catalogue")), "/api/v1/products/export?format=commerceml"))
                    (link(&format!("offers.xml: {}", tr(c.lang, "inout-commerceml-offers")), "/api/v1/prices/export?format=commerceml"))
                    @if readable(c, "warehouses") {
                        (link(&format!("offers.xml: {}", tr(c.lang, "inout-commerceml-with_stock")), "/api/v1/prices/export?format=commerceml&stock=true"))
                    }
                }
            }
            section class="k-sec" {
                h2 class="b6" { (tr(c.lang, "inout-commerceml-in")) }
                p class="m2" { (tr(c.lang, "inout-commerceml-in_hint")) }
                @if kinds.is_empty() { p class="m2" { (tr(c.lang, "inout-may_not")) } } @else { (upload.draw()) }
            }
        }
    })
}

/// Most warehouses to choose from.
const WAREHOUSES: &str = "200";

/// Id and name of the warehouses that the caller sees.
fn warehouses(c: &Call) -> Result<Vec<(String, String)>> {
    let all = rows(c, "warehouses", &[("limit", WAREHOUSES)], &["name"])?;
    Ok(all.iter().map(|w| (w.id().to_string(), w.title().to_string())).collect())
}

pub fn take(c: &Call) -> Result<Reply> {
    need(c, "commerceml")?;
    answer(c, "commerceml", taken(c), |told| content(c, told))
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
    let warehouse = match asked.text("warehouse_id") {
        "" => None,
        said if kind == "stock-receipts" => Some(Call::id(said)?),
        _ => None,
    };
    let work = |ctx: &Ctx| kontor_trade::commerceml::import(&c.app, ctx, kind, &input, &options, warehouse);
    let mut done = kontor_exchange::in_job(&c.app, &c.ctx, &title, &options, work, |done| &mut done.report)?;
    if let Some(found) = &done.stock {
        // They stand in the tables below, with the others.
        let below = kontor_trade::commerceml::examples(c.lang, found);
        done.report.notes.retain(|n| !below.contains(n));
    }
    let told = html! {
        p class="b5" { (message::entity(c.lang, kind)) ": " (asked.name) }
        (tell(c, Some(spec), &done.report, asked.checks(), asked.partial()))
        @if let Some(found) = &done.stock { (stock(c, found)) }
    };
    Ok((done.report.ok(), told))
}

/// Rows of differences that a page shows; a program gets them all.
const SHOWN: usize = 200;

/// Drafts that were made, then what differs: where the file has less first, for nothing becomes of that by itself.
fn stock(c: &Call, found: &Found) -> Markup {
    html! {
        div class="row-f wrap g8 mt8" {
            @for r in &found.receipts { @if let Some(id) = r.id {
                a class="btn btn-2 btn-s" href=(format!("/stock-receipts/{id}")) { (r.number) " · " (r.warehouse) }
            } }
        }
        (differences(c, "inout-commerceml-less", &found.less, found.less_count))
        (differences(c, "inout-commerceml-more", &found.more, found.more_count))
    }
}

fn differences(c: &Call, title: &str, all: &[Difference], count: u64) -> Markup {
    let quantity = |q: kontor_kernel::Quantity| format::quantity(c.lang, q.scaled());
    html! {
        @if !all.is_empty() {
            h3 class="b5 mt12" { (tr(c.lang, title)) ": " (count) }
            div class="k-scroll wide" {
                table class="table k-grid plain k-wraps k-differs" aria-label=(tr(c.lang, title)) {
                    colgroup { col width="64"; col; col width="84"; col width="92"; col width="84"; }
                    thead { tr {
                        th scope="col" class="r" { (c.t("page-import-line")) }
                        th scope="col" { (message::entity_one(c.lang, "products")) }
                        th scope="col" class="r" { (tr(c.lang, "inout-commerceml-in_file")) }
                        th scope="col" class="r" { (tr(c.lang, "inout-commerceml-available")) }
                        th scope="col" class="r" { (tr(c.lang, "inout-commerceml-difference")) }
                    } }
                    tbody { @for d in all.iter().take(SHOWN) { tr {
                        td class="r tn" { (d.row) }
                        td { a class="lk" href=(format!("/products/{}", d.product_id)) { (d.product) } @if !d.sku.is_empty() { " " span class="m2" { (d.sku) } }
                            div class="m2 s12" { @if d.warehouse.is_empty() { (tr(c.lang, "commerceml-all_warehouses")) } @else { (d.warehouse) } } }
                        td class="r tn" { (quantity(d.in_file)) } td class="r tn" { (quantity(d.available)) } td class="r tn b5" { (quantity(d.difference)) }
                    } } }
                }
            }
        }
    }
}
