//! The explanation of one cell of the matrix, and the ways to change what it says.

use super::matrix::{Head, Matrix};
use crate::pages::work::rows::may;
use crate::pages::work::told::Told;
use crate::pages::work::words::{self, address};
use crate::pages::work::{ask_with, text};
use crate::ui::icons::icon_small;
use crate::ui::money::number;
use kontor_kernel::error::Result;
use kontor_texts::{format, message, tr};
use maud::{Markup, html};
use serde_json::Value as Json;

/// The row and column of `cell=2.3`, where there are such.
pub fn chosen<'a>(m: &'a Matrix) -> Option<(&'a Head, &'a Head)> {
    let (y, x) = m.c.param("cell")?.split_once('.')?;
    Some((m.rows.get(y.parse::<usize>().ok()?)?, m.columns.get(x.parse::<usize>().ok()?)?))
}

pub fn view(m: &Matrix, row: &Head, column: &Head) -> Result<Markup> {
    let (c, lang) = (m.c, m.c.lang);
    let one = |h: &Head| Head { field: h.field, id: h.id.clone(), title: h.title.clone() };
    let Some(answer) = ask_with(c, "prices/matrix", m.question(&[one(row)], &[one(column)], true))? else { return Ok(html! {}) };
    let cell = &answer["cells"][0][0];
    let product = text(&answer["columns"][0]["product"], "title");
    let about = [row.title.as_str(), product, &format!("× {}", number(lang, &m.quantity, 0))]
        .into_iter()
        .filter(|s| !s.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    let net = text(cell, "net_price");
    let result =
        if net.is_empty() { "—".to_owned() } else { format!("{}\u{a0}{}", number(lang, net, 2), words::sign(text(cell, "currency"))) };
    let day = m.date.parse().map(|d| format::date(lang, d)).unwrap_or_default();
    let mut notes = vec![if text(cell, "problem").is_empty() { day.as_str() } else { text(cell, "problem") }];
    notes.extend(cell["remarks"].as_array().into_iter().flatten().filter_map(Json::as_str));
    let note = notes.join(" · ");
    Ok(html! {
        (Told::of(lang, cell).trace(lang, &about, (tr(lang, "field-price"), &result, &note)))
        (change(m, row, column, cell))
        p class="pad s12" { a class="lk" href=(m.address(&[])) { (tr(lang, "page-card-close")) } }
    })
}

/// Rules that decided, to be edited; a new one for exactly this cell.
fn change(m: &Matrix, row: &Head, column: &Head, cell: &Json) -> Markup {
    let (c, lang) = (m.c, m.c.lang);
    let edits: Vec<(String, String)> = cell["steps"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|s| &s["rule"])
        .filter(|r| text(&r["record"], "collection") == "price-conditions" && may(c, "price-conditions", "update"))
        .map(|r| (text(r, "name").to_owned(), format!("/price-conditions/{}/edit", text(r, "id"))))
        .collect();
    // The kind that each sort of client has a discount of.
    let discount = match row.field {
        "dealer_type_id" if !row.id.is_empty() => Some("dealer_discount"),
        "segment_id" if !row.id.is_empty() => Some("segment"),
        "agreement_id" => None,
        _ => Some("special"),
    };
    let price = matches!(row.field, "partner_id" | "segment_id") || row.id.is_empty();
    let new = |kind: &str| address("/price-conditions/new", &[("kind", kind), (row.field, &row.id), (column.field, &column.id)]);
    let create = may(c, "price-conditions", "create");
    if edits.is_empty() && !create {
        return html! {};
    }
    html! {
        div class="k-sec tight" {
            header { h3 { (tr(lang, "terms-change_it")) } }
            @for (name, href) in &edits { p { a class="lk" href=(href) { (icon_small("pencil")) " " (name) } } }
            @if create {
                div class="k-ways" {
                    @if let Some(kind) = discount { a class="btn btn-2 btn-s" href=(new(kind)) { (icon_small("plus")) (message::choice(lang, "price-conditions", "kind", kind)) } }
                    @if price { a class="btn btn-2 btn-s" href=(new("special_price")) { (icon_small("plus")) (message::choice(lang, "price-conditions", "kind", "special_price")) } }
                    @if row.field == "agreement_id" { a class="btn btn-2 btn-s" href=(format!("/agreements/{}/edit", row.id)) { (icon_small("pencil")) (message::entity_one(lang, "agreements")) } }
                }
            }
        }
    }
}
