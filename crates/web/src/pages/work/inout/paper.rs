//! On paper: a price list as PDF, workbook or page of its own; price tags and labels for a sheet or a label printer. What will
//! come out stands beside the choice.

use super::super::rows::rows;
use super::super::words::address;
use super::book::types;
use super::{HERE, need, page};
use crate::pages::{Call, Reply, errors};
use crate::ui::form::{Control, Field};
use axum::http::StatusCode;
use kontor_kernel::error::{Error, Kind as ErrorKind, Result};
use kontor_platform::query::Query;
use kontor_platform::value::Id;
use kontor_texts::{message, tr, tr_args};
use kontor_trade::printing;
use maud::{Markup, PreEscaped, html};

/// Sizes that are offered; any other may be typed into the address.
const PAPERS: [&str; 7] = ["a4", "a4:2x5", "a4:4x10", "a4:5x13", "58x40", "40x25", "30x20"];
const CODES: [&str; 4] = ["auto", "code128", "qr", "none"];
/// Fields of this page; everything else in the address is a condition of the list of products.
const OWN: [&str; 9] = ["what", "paper", "code", "copies", "price_type_id", "stock_receipt_id", "lang", "category_id", "q"];

struct Choice<'a> {
    labels: bool,
    paper: &'a str,
    code: &'a str,
    copies: &'a str,
    receipt: &'a str,
    /// Ids of price types; the usual one where none is chosen, so that no cost gets onto a price tag by accident.
    types: Vec<String>,
    /// Conditions of the list of products, as they stand in the address.
    list: Vec<(&'a str, &'a str)>,
}

impl<'a> Choice<'a> {
    fn of(c: &'a Call) -> Result<Choice<'a>> {
        let given = |name: &str| c.param(name).unwrap_or("");
        let or = |name: &str, usual: &'a str| Some(given(name)).filter(|s| !s.is_empty()).unwrap_or(usual);
        let narrow = |k: &str| matches!(k, "category_id" | "q") || !OWN.contains(&k);
        let dropped = |k: &str| {
            matches!(k, "after" | "count" | "cols" | "view" | "tab" | "limit" | "group" | "totals" | "fields" | "format")
                || k.ends_with("__title")
        };
        let mut types: Vec<String> =
            c.req.query.iter().filter(|(k, v)| k == "price_type_id" && !v.is_empty()).map(|(_, v)| v.clone()).collect();
        if types.is_empty() {
            types.extend(usual_type(c)?);
        }
        Ok(Choice {
            labels: given("what") == "labels" || !given("stock_receipt_id").is_empty() && given("what") != "list",
            paper: or("paper", "a4"),
            code: or("code", "auto"),
            copies: or("copies", "1"),
            receipt: given("stock_receipt_id"),
            types,
            list: c
                .req
                .query
                .iter()
                .filter(|(k, v)| narrow(k) && !dropped(k) && !v.is_empty())
                .map(|(k, v)| (k.as_str(), v.as_str()))
                .collect(),
        })
    }
    /// The API's address of the file.
    fn file(&self, format: &str) -> String {
        let mut all = self.list.clone();
        all.push(("format", format));
        all.extend(self.types.iter().map(|t| ("price_type_id", t.as_str())));
        if format == "labels" {
            all.extend([("paper", self.paper), ("code", self.code), ("copies", self.copies)]);
        }
        if !self.receipt.is_empty() {
            all.push(("stock_receipt_id", self.receipt));
        }
        address("/api/v1/products/export", &all)
    }
}

/// What prices are printed of where nobody says: the usual price type where it is kept by hand, else the first that is.
fn usual_type(c: &Call) -> Result<Option<String>> {
    let found = rows(c, "price-types", &[("method", "manual"), ("limit", "100"), ("sort", "name")], &["is_default"])?;
    let usual = found.iter().find(|r| r.flag("is_default")).or_else(|| found.first());
    Ok(usual.map(|r| r.id().to_string()))
}

pub fn show(c: &Call) -> Result<Reply> {
    need(c, "paper")?;
    let choice = Choice::of(c)?;
    let (status, looks) = match picture(c, &choice) {
        Ok(svg) => (StatusCode::OK, html! { div class="k-paper" { (PreEscaped(svg)) } }),
        Err(e) if matches!(e.kind(), ErrorKind::Refused | ErrorKind::Unavailable) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            html! { div class="k-sum-err" role="alert" { (crate::ui::icon("alert-triangle")) b { (errors::explain(c.lang, &e)) } } },
        ),
        Err(e) => return Err(e),
    };
    // What cannot be read is told where the picture would be.
    let found = if status == StatusCode::OK { count(c, &choice)? } else { None };
    let beside = html! {
        div id="paper-shows" class="k-paperside" aria-live="polite" {
            div class="row-f wrap g8" {
                @if status == StatusCode::OK {
                    @let files: &[(&str, &str)] = if choice.labels { &[("labels", "PDF")] } else { &[("price-list-pdf", "PDF"), ("price-list-xlsx", "XLSX"), ("price-list-html", "HTML")] };
                    @for (n, (format, name)) in files.iter().enumerate() { a class=(if n == 0 { "btn btn-primary" } else { "btn btn-2" }) href=(choice.file(format)) download data-full { (crate::ui::icon(if n == 0 { "printer" } else { "download" })) (name) } }
                }
                @if let Some(n) = found { span class="m2 s12" { (tr_args(c.lang, "inout-paper-products", &[("count", n.into())])) } }
            }
            (looks)
        }
    };
    if c.req.by_script() && !c.req.partial() {
        return Ok(Reply::Html(status, beside));
    }
    let content = html! {
        div class="k-cols k-papers" {
            div class="k-body" { (form(c, &choice)?) }
            (beside)
        }
    };
    page(c, status, "paper", html! {}, content)
}

fn form(c: &Call, x: &Choice) -> Result<Markup> {
    let whats = [("list", "inout-paper-list"), ("labels", "inout-paper-labels")];
    let papers: Vec<(&str, String)> = PAPERS.iter().map(|p| (*p, paper_words(c, p))).collect();
    let papers: Vec<(&str, &str)> =
        papers.iter().map(|(k, t)| (*k, t.as_str())).chain((!PAPERS.contains(&x.paper)).then_some((x.paper, x.paper))).collect();
    let codes: Vec<(&str, &str)> = CODES.iter().map(|k| (*k, tr(c.lang, code_key(k)))).collect();
    let here = format!("/{HERE}/paper");
    let kept = x.list.iter().filter(|(k, _)| !matches!(*k, "category_id" | "q"));
    let select = |name: &'static str, label: &str, value: &str, of: &[(&str, &str)]| {
        html! { div class="k-field" { label for=(format!("p-{name}")) { (label) } select id=(format!("p-{name}")) class="form-select" name=(name) { @for (v, t) in of { option value=(v) selected[*v == value] { (t) } } } } }
    };
    Ok(html! {
        form class="k-form" method="get" action=(here) hx-get=(here) hx-target="#paper-shows" hx-swap="outerHTML" hx-trigger="submit, change delay:150ms, input delay:500ms, kontor:chosen delay:100ms" hx-sync="this:replace" hx-push-url="false" {
            @for (k, v) in kept { input type="hidden" name=(k) value=(v); }
            @if !x.receipt.is_empty() { input type="hidden" name="stock_receipt_id" value=(x.receipt); }
            div class="k-field" role="radiogroup" aria-label=(tr(c.lang, "inout-paper-what")) {
                div class="row-f wrap g12" { @for (k, t) in whats { label class="k-check" { input class="form-check-input" type="radio" name="what" value=(k) checked[(k == "labels") == x.labels]; (tr(c.lang, t)) } } }
            }
            (types(c, &x.types, "inout-paper-types")?)
            @if x.receipt.is_empty() { (super::book::products(c)?) }
            @else { p class="m2" { (receipt_words(c, x.receipt)?) } }
            fieldset class="of-labels" {
                legend { (tr(c.lang, "inout-paper-labels")) }
                div class="k-fields" {
                    (select("paper", tr(c.lang, "inout-paper-size"), x.paper, &papers))
                    (select("code", tr(c.lang, "inout-paper-code"), x.code, &codes))
                    @if x.receipt.is_empty() { (Field::new("copies", tr(c.lang, "inout-paper-copies"), Control::Text { value: x.copies, kind: "number", placeholder: "" })) }
                }
            }
            noscript { button type="submit" class="btn btn-2" { (tr(c.lang, "page-report-show")) } }
        }
    })
}

fn receipt_words(c: &Call, id: &str) -> Result<String> {
    let found = c.seen("stock-receipts", id)?;
    let number = found.as_ref().map_or("", |j| j["number"].as_str().unwrap_or(""));
    Ok(format!("{} {number}: {}", message::entity_one(c.lang, "stock-receipts"), tr(c.lang, "inout-paper-by_receipt")))
}

/// `A4, 3 × 8`, `58 × 40 mm`.
fn paper_words(c: &Call, p: &str) -> String {
    match p.strip_prefix("a4") {
        Some("") => tr_args(c.lang, "inout-paper-sheet", &[("size", "3 × 8".into())]),
        Some(rest) => tr_args(c.lang, "inout-paper-sheet", &[("size", rest.trim_start_matches(':').replace('x', " × ").into())]),
        None => tr_args(c.lang, "inout-paper-roll", &[("size", p.replace('x', " × ").into())]),
    }
}

fn code_key(k: &str) -> &'static str {
    match k {
        "code128" => "inout-code-code128",
        "qr" => "inout-code-qr",
        "none" => "inout-code-none",
        _ => "inout-code-auto",
    }
}

fn query(c: &Call, x: &Choice) -> Result<Query> {
    let spec = c.spec("products")?;
    let pairs: Vec<(String, String)> = x.list.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Query::parse(&c.app, &c.ctx, spec, &pairs)
}

/// How many products; of a receipt, whose labels are counted, none.
fn count(c: &Call, x: &Choice) -> Result<Option<i64>> {
    if !x.receipt.is_empty() {
        return Ok(None);
    }
    let mut q = query(c, x)?;
    (q.count, q.limit, q.fields) = (true, 1, Some(vec![]));
    Ok(c.app.list(&c.ctx, "products", &q)?.count)
}

fn picture(c: &Call, x: &Choice) -> Result<String> {
    let types =
        x.types.iter().map(|t| Id::parse_str(t).map_err(|_| Error::field("price_type_id", "bad_id"))).collect::<Result<Vec<_>>>()?;
    let q = query(c, x)?;
    if !x.labels {
        return printing::price_list_picture(&c.app, &c.ctx, &q, &types);
    }
    let given = |name: &str| c.param(name).filter(|v| !v.is_empty());
    let asked = kontor_api::files::labels(&c.app, &c.ctx, given)?;
    printing::labels_picture(&c.app, &c.ctx, &q, &types, &asked)
}
