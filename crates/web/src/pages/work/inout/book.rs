//! The Excel round trip: a book of prices goes out, comes back edited, and the cells that were changed become edited
//! prices or a draft price change.

use super::super::rows::{may, rows};
use super::told::{Asked, FileForm};
use super::{answer, need, page};
use crate::pages::import::tell;
use crate::pages::{Call, Reply};
use crate::ui::head::{Button, Kind};
use axum::http::StatusCode;
use kontor_kernel::error::Result;
use kontor_texts::{tr, tr_args};
use kontor_trade::Become;
use kontor_trade::price_book::{self, BookReport};
use maud::{Markup, html};

/// Names of products gone from the book that are shown.
const MISSING: usize = 10;

pub fn show(c: &Call) -> Result<Reply> {
    need(c, "book")?;
    page(c, StatusCode::OK, "book", html! {}, content(c, html! {})?)
}

/// Price types kept by hand: what a book can hold.
pub fn types(c: &Call, chosen: &[String], hint: &str) -> Result<Markup> {
    let found = rows(c, "price-types", &[("method", "manual"), ("limit", "100"), ("sort", "name")], &["name", "currency"])?;
    Ok(html! {
        div class="k-field" role="group" aria-label=(kontor_texts::message::entity(c.lang, "price-types")) {
            span class="lab" { (kontor_texts::message::entity(c.lang, "price-types")) }
            div class="row-f wrap g12" { @for r in found.iter() { @let id = r.id().to_string(); label class="k-check" { input class="form-check-input" type="checkbox" name="price_type_id" value=(id) checked[chosen.contains(&id)]; (r.title()) ", " (r.text("currency")) } } }
            p class="m2" { (tr(c.lang, hint)) }
        }
    })
}

/// Products of a category, or those that words find.
pub fn products(c: &Call) -> Result<Markup> {
    use crate::ui::form::Reference;
    let category = c.param("category_id").unwrap_or("");
    let title = c.seen("product-categories", category)?.map(|j| super::super::title_of(c, "product-categories", &j)).unwrap_or_default();
    let of =
        Reference { id: category, title: &title, source: "/product-categories", placeholder: tr(c.lang, "page-all"), ..Default::default() };
    Ok(html! {
        div class="k-fields" {
            div class="k-field" { label for="in-category" { (kontor_texts::label(c.lang, "products", "category_id")) } (of.bare("in-category", "category_id", false)) }
            div class="k-field" { label for="in-q" { (tr(c.lang, "page-list-search")) } input id="in-q" class="form-control" type="search" name="q" value=(c.param("q").unwrap_or("")); }
        }
    })
}

fn content(c: &Call, told: Markup) -> Result<Markup> {
    let targets = targets(c);
    let choice = html! {
        div class="k-field" role="group" aria-label=(tr(c.lang, "inout-book-as")) {
            span class="lab" { (tr(c.lang, "inout-book-as")) }
            @for (n, (value, _, key)) in targets.iter().enumerate() {
                label class="k-check" { input class="form-check-input" type="radio" name="as" value=(value) checked[n == 0]; (tr(c.lang, key)) }
            }
        }
    };
    let upload = FileForm { c, action: "/price-exchange/book", accept: ".xlsx", fields: choice, told };
    Ok(html! {
        div class="k-body k-two" {
            section class="k-sec" {
                h2 class="b6" { "1. " (tr(c.lang, "inout-book-out")) }
                p class="m2" { (tr(c.lang, "inout-book-out_hint")) }
                form class="k-form" method="get" action="/price-exchange/book/file" {
                    (types(c, &[], "inout-types-hint")?)
                    (products(c)?)
                    div class="k-acts bare" { (Button::new(Kind::Second, tr(c.lang, "inout-book-download")).icon("download").submit("", "")) }
                }
            }
            section class="k-sec" {
                h2 class="b6" { "2. " (tr(c.lang, "inout-book-in")) }
                p class="m2" { (tr(c.lang, "inout-book-in_hint")) }
                @if !targets.is_empty() { (upload.draw()) } @else { p class="m2" { (tr(c.lang, "inout-may_not")) } }
            }
        }
    })
}

/// What changed cells may become for the caller: the form's word, the collection, the text.
fn targets(c: &Call) -> Vec<(&'static str, &'static str, &'static str)> {
    let all = [("edited", "edited-prices", "inout-book-as_edited"), ("draft", "price-changes", "inout-book-as_draft")];
    all.into_iter().filter(|(_, collection, _)| may(c, collection, "create")).collect()
}

/// The form's choice as the address of the file: titles of references and empty fields are no conditions of a list.
pub fn file(c: &Call) -> Result<Reply> {
    need(c, "book")?;
    let mut all = vec![("format", "price-book")];
    all.extend(
        c.req.query.iter().filter(|(k, v)| !v.is_empty() && !k.ends_with("__title") && k != "lang").map(|(k, v)| (k.as_str(), v.as_str())),
    );
    Ok(Reply::Go(super::super::words::address("/api/v1/products/export", &all)))
}

pub fn take(c: &Call) -> Result<Reply> {
    need(c, "book")?;
    answer(c, "book", taken(c), |told| content(c, told))
}

fn taken(c: &Call) -> Result<(bool, Markup)> {
    let asked = Asked::of(c)?;
    let (target, collection) =
        if asked.text("as") == "draft" { (Become::Draft, "price-changes") } else { (Become::Edited, "edited-prices") };
    let spec = c.spec(collection)?;
    c.ctx.access.require(spec, "create")?;
    let mut ctx = c.ctx.clone();
    ctx.group = Some(kontor_platform::value::new_id());
    let found = price_book::import(&c.app, &ctx, &asked.input(), target, &asked.options());
    let told = html! { (tell(c, Some(spec), &found.report, asked.checks(), asked.partial())) (more(c, &found)) };
    Ok((found.report.ok(), told))
}

fn more(c: &Call, r: &BookReport) -> Markup {
    let n = |key: &str, n: usize| tr_args(c.lang, key, &[("count", n.into())]);
    html! {
        @if r.changed > 0 { p class="mt8" { (n("inout-book-changed", r.changed)) } }
        @else if r.report.ok() { p class="mt8 m2" { (tr(c.lang, "inout-book-nothing")) } }
        @if !r.price_types.is_empty() {
            p class="row-f wrap g12 mt8" { @for id in &r.price_types { (Button::new(Kind::Second, tr(c.lang, "price-work")).icon("table").link(&format!("/price-workbench?price_type_id={id}&changed=true"))) } }
        }
        @if !r.price_changes.is_empty() {
            p class="row-f wrap g12 mt8" { @for id in &r.price_changes { (Button::new(Kind::Second, tr(c.lang, "inout-book-draft")).icon("tag").link(&format!("/price-changes/{id}"))) } }
        }
        @if !r.missing.is_empty() {
            p class="mt8 m2" { (n("inout-book-missing", r.missing.len())) ": " (r.missing.iter().take(MISSING).cloned().collect::<Vec<_>>().join("; ")) @if r.missing.len() > MISSING { "…" } }
        }
    }
}
