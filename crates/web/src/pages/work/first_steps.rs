//! The first steps of a new office, for who may take them: what is done, what is next, each with its form and with the way in for
//! a file. They go when the first order is there.

use super::rows::{may, rows};
use crate::pages::{Call, import, nav};
use crate::ui::figures::Section;
use crate::ui::icons::{icon, icon_small};
use kontor_kernel::error::Result;
use kontor_platform::spec::Kind;
use kontor_texts::{message, tr};
use maud::{Markup, Render, html};

/// Collections in the order in which they need each other; how many records there are before anybody made one.
const STEPS: [(&str, usize); 10] = [
    ("companies", 0),
    ("warehouses", 0),
    ("products", 0),
    ("price-types", 0),
    ("prices", 0),
    ("stock-receipts", 0),
    ("partners", 0),
    (OPENING, 0),
    // Whoever reads this.
    ("users", 1),
    // What all of it is for; with it the list goes.
    ("sales-orders", 0),
];
/// Who owes what on the first day: an office without old books has none, and is not held up here.
const OPENING: &str = "opening-balances";
/// Typed first: what there is of them stands in no file.
const BY_HAND: [&str; 5] = ["companies", "users", "warehouses", "price-types", "sales-orders"];

pub fn section(c: &Call) -> Result<Markup> {
    if !may(c, "companies", "create") || !may(c, "sales-orders", "read") || !rows(c, "sales-orders", &[("limit", "1")], &[])?.is_empty() {
        return Ok(html! {});
    }
    let mut items = vec![];
    let mut next = true;
    for (name, before) in STEPS {
        let Some(spec) = c.app.registry.get(name).filter(|s| c.ctx.access.may(s, "create")) else { continue };
        // A price type that is nobody's default prices nothing by itself.
        let told: &[(&str, &str)] = if name == "price-types" { &[("limit", "2"), ("is_default", "true")] } else { &[("limit", "2")] };
        let done = rows(c, name, told, &[])?.iter().count() > before;
        // Companies come first: nothing else can be made without one.
        let now = !done && name != OPENING && std::mem::take(&mut next);
        let (by_hand, by_file) = (spec.kind != Kind::Facts, import::takes(spec) && !BY_HAND.contains(&name));
        let hint = format!("work-begin-{name}");
        items.push(html! {
            li class={ "k-li" @if done { " done" } @if now { " now" } } {
                span class={ @if done { "pos" } @else { "m2" } } { (icon(if done { "circle-check" } else { nav::icon(spec) })) }
                span class="grow" {
                    @if done { a class="lk" href={ "/" (name) } { (message::entity(c.lang, name)) } } @else { b class="b5" { (message::entity(c.lang, name)) } }
                    " " span class="m2 s12" { (tr(c.lang, &hint)) }
                }
                @if !done {
                    span class="row-f g4 ml-a" {
                        @if by_hand { a class={ "btn btn-s " (if now { "btn-primary" } else { "btn-2" }) } href={ "/" (name) "/new" } { (icon_small("plus")) (message::entity_new(c.lang, name)) } }
                        @if by_file { a class="btn btn-3 btn-s" href={ "/list/" (name) "/import" } { (icon_small("upload")) (c.t("page-import")) } }
                    }
                }
            }
        });
    }
    let body = html! { ol class="k-steps" { @for i in &items { (i) } } };
    Ok(Section { title: tr(c.lang, "work-begin"), count: None, aside: html! {}, body }.render())
}
