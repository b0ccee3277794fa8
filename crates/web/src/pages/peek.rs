//! The quick look beside a list: what a record is, without leaving the list.

use super::card::{self, Card};
use super::history;
use super::state::{Call, Reply, Req, Web, respond};
use crate::ui::head::{Button, Kind as ButtonKind};
use crate::ui::peek::Peek;
use axum::extract::{Path, State};
use axum::response::Response;
use kontor_kernel::error::Result;
use kontor_texts::label;
use maud::{Markup, Render, html};

/// Most properties of a quick look.
const PROPERTIES: usize = 14;

pub async fn show(State(web): State<Web>, Path((collection, id)): Path<(String, String)>, req: Req) -> Response {
    respond(web, req, move |c| fragment(c, &collection, &id)).await
}

fn fragment(c: &Call, collection: &str, id: &str) -> Result<Reply> {
    let card = Card::read(c, collection, id)?;
    let spec = card.spec;
    let href = format!("/{}/{}", spec.name, card.id);
    let edit = format!("{href}/edit");
    let actions = html! {
        (Button::new(ButtonKind::Primary, c.t("verb-open")).link(&href))
        @if card.editable(c) { (Button::new(ButtonKind::Second, c.t("page-card-edit")).icon("pencil").key("e").link(&edit)) }
    };
    let last = history::brief(c, spec, card.id, 4)?;
    let known = card.properties(c)?;
    let body = html! {
        @if !known.is_empty() { section class="k-sec" { (properties(&known)) } }
        @for l in &spec.lines { @if let Some(rows) = card.json[l.name].as_array().filter(|r| !r.is_empty()) {
            section class="k-sec" { header { h3 { (label(c.lang, spec.name, l.name)) i { (rows.len()) } } } @for row in rows.iter().take(6) { div class="k-li" { (card::line_brief(c, spec, l, row)) } } }
        } }
        @if !last.is_empty() {
            section class="k-sec" {
                header { h3 { (c.t("page-card-last_changes")) } a class="lk ml-a" href={ (href) "?tab=history" } { (c.t("page-card-history")) } }
                @for (what, when) in &last { div class="k-li" { span class="cut" { (what) } time class="s12 m2" { (when) } } }
            }
        }
    };
    let note = html! { (card::badges(c, &card)) }.into_string();
    let m = Peek { lang: c.lang, title: &card.title(c), href: &href, note: "", actions, body }.render();
    Ok(Reply::ok(html! { @if !note.is_empty() { div class="k-sec tight row-f g4" { (maud::PreEscaped(note)) } } (m) }))
}

fn properties(rows: &[(&'static str, Markup)]) -> Markup {
    html! { dl class="k-kv" { @for (k, v) in rows.iter().take(PROPERTIES) { dt { (k) } dd { (v) } } } }
}
