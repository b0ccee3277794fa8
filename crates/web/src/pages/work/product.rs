//! On the card of a product: what lies where, and what it costs today.

use super::ask;
use super::rows::rows;
use super::title_of;
use super::words;
use crate::pages::Call;
use crate::ui::figures::Section;
use crate::ui::money::number;
use kontor_kernel::error::{Kind, Result};
use kontor_texts::{format, message, tr};
use maud::{Markup, Render, html};
use serde_json::Value as Json;

pub fn facts(c: &Call, id: &str) -> Result<Markup> {
    Ok(html! { (stock(c, id)?) (prices(c, id)?) })
}

/// Other units by the stock unit: `package = 12 pcs · 4820000000017`.
pub fn units(c: &Call, product: &Json) -> Markup {
    // As lines of documents call them: the symbol, else the name.
    let title = |id: &str| {
        // Without its name the number of the package still stands; whatever fails here fails the card's other reads, too.
        let unit = c.seen("units", id).ok().flatten();
        let local = |u: &Json, f: &str| u[f][c.lang.code()].as_str().filter(|s| !s.is_empty()).map(str::to_owned);
        unit.map(|u| local(&u, "symbols").or_else(|| local(&u, "names")).unwrap_or_else(|| title_of(c, "units", &u))).unwrap_or_default()
    };
    let own = title(product["unit_id"].as_str().unwrap_or_default());
    let count = |j: &Json, f: &str| j[f].as_i64().unwrap_or(1);
    html! {
        @for u in product["units"].as_array().into_iter().flatten() {
            @let (of, by) = (count(u, "numerator"), count(u, "denominator"));
            div {
                @if by != 1 { span class="n" { (format::integer(c.lang, by)) } " " }
                (title(u["unit_id"].as_str().unwrap_or_default())) " = " span class="n" { (format::integer(c.lang, of)) } " " (own)
                @if let Some(code) = u["barcode"].as_str().filter(|s| !s.is_empty()) { span class="m2" { " · " (code) } }
            }
        }
    }
}

fn stock(c: &Call, id: &str) -> Result<Markup> {
    let answer = match ask(c, "stock", &[], &[("product_id", id.to_owned())]) {
        Ok(a) => a.unwrap_or(Json::Null),
        // Who may not see the stock sees the product without it.
        Err(e) if e.kind() == Kind::Forbidden => return Ok(html! {}),
        Err(e) => return Err(e),
    };
    let items = answer["items"].as_array().cloned().unwrap_or_default();
    if items.is_empty() {
        return Ok(html! {});
    }
    let figure = |j: &Json, f: &str| number(c.lang, j[f].as_str().unwrap_or("0"), 0);
    let line = |title: &str, j: &Json, all: bool| {
        html! {
            tr class=[all.then_some("b5")] {
                td { (title) }
                @for f in ["on_hand", "reserved", "available"] { td class="r n" { (figure(j, f)) } }
            }
        }
    };
    let body = html! {
        table class="k-plain" aria-label=(tr(c.lang, "report-stock")) {
            thead { tr { th scope="col" { (tr(c.lang, "field-warehouse_id")) } @for f in ["field-on_hand", "field-reserved", "field-available"] { th scope="col" class="r" { (tr(c.lang, f)) } } } }
            tbody {
                @for i in &items { (line(i["warehouse"]["title"].as_str().unwrap_or(""), i, false)) }
                @if items.len() > 1 { (line(tr(c.lang, "report-total"), &answer, true)) }
            }
        }
    };
    let aside =
        html! { a class="lk s12" href=(format!("/reports/stock?product_id={id}&by=warehouse")) { (tr(c.lang, "page-report-drill")) } };
    Ok(Section { title: tr(c.lang, "report-stock"), count: None, aside, body }.render())
}

/// The price of each price type that holds today.
fn prices(c: &Call, id: &str) -> Result<Markup> {
    let today = c.ctx.today.to_string();
    let found = rows(
        c,
        "prices",
        &[("product_id", id), ("valid_from.le", &today), ("sort", "-valid_from"), ("limit", "100")],
        &["price_type_id", "price", "currency", "valid_from"],
    )?;
    let mut seen = kontor_kernel::HashSet::new();
    let now: Vec<_> = found.iter().filter(|r| seen.insert(r.id_of("price_type_id"))).collect();
    if now.is_empty() {
        return Ok(html! {});
    }
    let body = html! {
        table class="k-plain" aria-label=(message::entity(c.lang, "prices")) {
            tbody {
                @for r in &now {
                    tr {
                        td { (r.name_of("price_type_id")) }
                        td class="r n b5" { (number(c.lang, &r.decimal("price"), 2)) "\u{a0}" (words::sign(r.text("currency"))) }
                        td class="r m2 tn" { (r.date("valid_from").map(|d| format::date(c.lang, d)).unwrap_or_default()) }
                    }
                }
            }
        }
    };
    let aside = html! { a class="lk s12" href=(format!("/products/{id}?tab=prices")) { (tr(c.lang, "work-price_history")) } };
    Ok(Section { title: message::entity(c.lang, "prices"), count: None, aside, body }.render())
}
