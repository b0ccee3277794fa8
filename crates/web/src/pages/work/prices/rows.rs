//! The table of the workbench: products with cost, price in force, edited price to be typed over, change and margin.

use super::super::words::sign;
use super::workbench::{PATH, State};
use crate::pages::reader::decimal;
use crate::pages::work::rows::rows as listed;
use crate::pages::{Call, Reply, errors};
use crate::ui::badge::Tone;
use crate::ui::money::number;
use crate::ui::table::{Cell, Column, Row, Show, Table};
use axum::http::{HeaderName, StatusCode};
use kontor_kernel::error::{Kind, Result};
use kontor_platform::Envelope;
use kontor_texts::{format, tr_args};
use maud::{Markup, html};
use serde_json::{Value as Json, json};
use std::borrow::Cow;

pub fn columns<'a>(c: &'a Call, s: &State, answer: &Json) -> Vec<Column<'a>> {
    let unit = sign(answer["currency"].as_str().unwrap_or("")).to_string();
    let figure =
        |key: &str, width: u16, show: Show| Column { title: c.t(key).into(), width: Some(width), right: true, show, ..Column::default() };
    let second = if s.to.is_empty() { format!("{}, {unit}", c.t("price-work-edited")) } else { format!("{}, {unit}", day(c, &s.to)) };
    let in_force = if s.date.is_empty() { c.t("price-work-effective").to_string() } else { day(c, &s.date) };
    vec![
        Column { title: c.t("field-product_id").into(), ..Column::default() },
        figure("price-work-receipt", 88, Show::Widest),
        figure("price-work-cost", 100, Show::Wide),
        Column { title: format!("{in_force}, {unit}").into(), ..figure("price-work-effective", 104, Show::Always) },
        Column { title: second.into(), ..figure("price-work-edited", 124, Show::Always) },
        figure("price-work-change", 72, Show::Wide),
        figure("price-work-margin", 72, Show::Wide),
    ]
}

fn day(c: &Call, iso: &str) -> String {
    iso.parse().map_or_else(|_| iso.to_string(), |d| format::date(c.lang, d))
}

pub fn lines<'a>(c: &Call, s: &State, answer: &'a Json) -> Vec<Row<'a>> {
    let may = s.to.is_empty() && super::super::rows::may(c, "edited-prices", "update");
    answer["items"].as_array().into_iter().flatten().map(|i| line(c, s, i, may, None)).collect()
}

fn line<'a>(c: &Call, s: &State, i: &'a Json, may: bool, wrong: Option<(&str, &str)>) -> Row<'a> {
    let id = i["product"]["id"].as_str().unwrap_or("");
    let text = |f: &str| i[f].as_str().unwrap_or("");
    let title = text_of(&i["product"], "title");
    let edited = wrong.map_or(text("edited"), |w| w.0);
    let second = if may { Cell::Markup(input(c, s, id, title, edited, wrong.map(|w| w.1))) } else { Cell::Money(text("edited").into(), 2) };
    Row {
        id: id.into(),
        href: format!("/products/{id}").into(),
        cells: vec![
            Cell::Markup(
                html! { a class="b5" href={ "/products/" (id) } title=(title) { (title) } @if let Some(sku) = i["product"]["sku"].as_str().filter(|s| !s.is_empty()) { " " span class="sub" { (sku) } } },
            ),
            Cell::Money(to_cents(text("receipt")), 2),
            Cell::Money(to_cents(text("cost")), 2),
            Cell::Money(text("effective").into(), 2),
            second,
            percent(c, text("percent"), true),
            percent(c, text("margin"), false),
        ],
        off: false,
    }
}

/// An average has more digits than anybody reads.
fn to_cents(decimal: &str) -> Cow<'static, str> {
    kontor_kernel::Price::parse(decimal).and_then(|p| p.round_to(2)).map_or_else(|_| decimal.to_string(), |p| p.to_string()).into()
}

/// JSON for a header, which holds no letters beyond ASCII.
pub(in crate::pages::work) fn ascii(j: &Json) -> String {
    let mut out = String::new();
    for c in j.to_string().encode_utf16() {
        match u8::try_from(c) {
            Ok(b) if b.is_ascii() => out.push(char::from(b)),
            _ => out.push_str(&format!("\\u{c:04x}")),
        }
    }
    out
}

fn text_of<'a>(j: &'a Json, field: &str) -> &'a str {
    j[field].as_str().unwrap_or("")
}

/// To a tenth; a change carries its sign, what is lost is red.
fn percent(c: &Call, decimal: &str, signed: bool) -> Cell<'static> {
    let Ok(p) = kontor_kernel::Percent::parse(decimal) else { return Cell::Empty };
    let Ok(p) = p.round_to(1) else { return Cell::Empty };
    let text = format::percent(c.lang, p.scaled());
    let tone = if p.is_negative() { Tone::Bad } else { Tone::Plain };
    Cell::Right(if signed && p.is_positive() { format!("+{text}").into() } else { text.into() }, tone)
}

fn input(c: &Call, s: &State, id: &str, title: &str, price: &str, wrong: Option<&str>) -> Markup {
    let vals = json!({"product_id": id, "price_type_id": s.price_type, "date": s.date}).to_string();
    let label = tr_args(c.lang, "price-work-price_of", &[("product", title.into())]);
    let shown = if wrong.is_some() { price.to_string() } else { number(c.lang, price, if price.is_empty() { 0 } else { 2 }) };
    html! {
        input class="form-control k-price tn" name="price" value=(shown) inputmode="decimal" autocomplete="off" aria-label=(label) title=[wrong]
            aria-invalid=[wrong.map(|_| "true")] hx-post={ (PATH) "/price" } hx-trigger="change" hx-vals=(vals) hx-target="closest tr" hx-swap="outerHTML";
        @if let Some(w) = wrong { span class="vh" role="alert" { (w) } }
    }
}

pub fn table<'a>(c: &'a Call, columns: &'a [Column<'a>], rows: &'a [Row<'a>], next: Option<&'a str>) -> Table<'a> {
    Table { lang: c.lang, label: c.t("price-work"), columns, rows, totals: None, foot: None, next, select: None, peek: false }
}

/// `POST /price-workbench/price`: one edited price, typed over in its place; nothing typed drops the edit. Answers the row.
pub fn write(c: &Call) -> Result<Reply> {
    let form = c.req.form();
    let get = |name: &str| form.iter().rev().find(|(k, _)| k == name).map_or("", |(_, v)| v.trim());
    let (price_type, product, typed) = (get("price_type_id"), get("product_id"), get("price"));
    let price = decimal(c.lang, typed);
    let known = listed(c, "edited-prices", &[("price_type_id", price_type), ("product_id", product), ("limit", "1")], &["price"])?;
    let done = match (known.first(), price.is_empty()) {
        (None, true) => Ok(()),
        (Some(e), true) => c.app.execute(&c.ctx, Envelope::new("edited-prices.delete", json!({})).on(e.id()).seen(e.version())).map(|_| ()),
        (Some(e), false) => {
            let env = Envelope::new("edited-prices.update", json!({"price": price})).on(e.id()).seen(e.version());
            c.app.execute(&c.ctx, env).map(|_| ())
        }
        (None, false) => {
            let input = json!({"price_type_id": price_type, "product_id": product, "price": price});
            c.app.execute(&c.ctx, Envelope::new("edited-prices.create", input)).map(|_| ())
        }
    };
    let (status, said) = match done {
        Ok(()) => (StatusCode::OK, None),
        Err(e) if matches!(e.kind(), Kind::Refused | Kind::Forbidden | Kind::Conflict) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Some(errors::explain(c.lang, &e)))
        }
        Err(e) => return Err(e),
    };
    let query = [("price_type_id", price_type), ("date", get("date")), ("id", product)];
    let query = query.into_iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (k.to_string(), v.to_string())).collect();
    let answer = super::question(c, "prices/workbench", query, Json::Null)?;
    let s = State { price_type: price_type.to_string(), date: get("date").to_string(), ..State::default() };
    let columns = columns(c, &s, &answer);
    let rows: Vec<Row> =
        answer["items"].as_array().into_iter().flatten().map(|i| line(c, &s, i, true, said.as_deref().map(|w| (typed, w)))).collect();
    let row = maud::Render::render(&crate::ui::table::Rows { table: &table(c, &columns, &rows, None) });
    let told = said.map(|text| (HeaderName::from_static("hx-trigger"), ascii(&json!({"toast": {"text": text, "bad": true}}))));
    Ok(Reply::With(status, row, told.into_iter().collect()))
}
