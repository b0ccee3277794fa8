//! The form on the page: fields of the declaration, what was typed into them, what is wrong with it, and what to do next.

use super::{draft_key, kept};
use crate::pages::card::{Card, badges};
use crate::pages::fields::{self, Clash, Fields, Said};
use crate::pages::list::crumbs;
use crate::pages::shell::PageOf;
use crate::pages::state::{Call, Reply};
use crate::pages::typed::{Typed, in_form};
use crate::pages::work;
use crate::pages::work::prices::tried;
use crate::ui::head::{Button, Kind as ButtonKind, PageHead};
use crate::ui::icons::icon;
use crate::ui::words::json_block;
use axum::http::StatusCode;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_platform::spec::{Column, Kind, Spec, Ty};
use kontor_texts::{Arg, message, tr_args};
use maud::{Markup, html};
use serde_json::{Value as Json, json};

/// A form as it is drawn: what stands in it, and what is wrong with it.
pub(super) struct Draw<'a> {
    pub c: &'a Call,
    pub spec: &'static Spec,
    pub card: Option<&'a Card>,
    pub typed: Typed,
    /// Verb that takes the fields (`revise`), instead of a plain change.
    pub verb: &'a str,
    /// Version the form is based on; empty for a new record.
    pub version: String,
    pub key: String,
    pub wrong: HashMap<String, Said>,
    pub clashes: HashMap<String, Clash>,
    /// What is wrong with the whole, and lines of it.
    pub trouble: Option<(String, Vec<String>)>,
    /// Records that it meets: their pages and names.
    pub met: Vec<(String, String)>,
    pub status: StatusCode,
}

impl<'a> Draw<'a> {
    pub fn new(c: &'a Call, spec: &'static Spec, card: Option<&'a Card>, typed: Typed) -> Self {
        let version = card.map_or_else(String::new, |k| k.version().to_string());
        let key = kontor_platform::value::new_id().to_string();
        Draw {
            c,
            spec,
            card,
            typed,
            verb: "",
            version,
            key,
            wrong: HashMap::new(),
            clashes: HashMap::new(),
            trouble: None,
            met: vec![],
            status: StatusCode::OK,
        }
    }

    /// What was posted, drawn again with what is wrong with it.
    pub fn again(mut self, e: &Error) -> Self {
        let columns: Vec<Column> = self.columns().into_iter().cloned().collect();
        let lists: Vec<&str> = self.spec.lines.iter().map(|l| l.name).collect();
        let names: Vec<String> = self.typed.0.iter().map(|(k, _)| k.clone()).collect();
        let has =
            |n: &str| columns.iter().any(|x| x.name == n) || lists.contains(&n) || names.iter().any(|k| k == n) || known_cell(self.spec, n);
        let (wrong, rest) = fields::errors(self.c, &self.spec.columns, e, has);
        let title = message::error(self.c.lang, &e.inner().code, &e.inner().args);
        self.wrong = wrong;
        self.trouble = Some((title, rest));
        let own = self.card.map(|k| k.id.to_string()).unwrap_or_default();
        let others = e.inner().detail["overlaps"].as_array().into_iter().flatten().filter(|o| o["id"].as_str() != Some(&own));
        let name = |o: &Json| Some((format!("/{}/{}", self.spec.name, o["id"].as_str()?), o["title"].as_str()?.to_string()));
        // What is being written has no page yet; it comes first.
        self.met = others.skip(usize::from(self.card.is_none())).filter_map(name).collect();
        self.status = kontor_api::problem::status(e.kind());
        self
    }

    fn columns(&self) -> Vec<&'static Column> {
        let create = self.card.is_none();
        let show = |x: &&'static Column| {
            in_form(x, create)
                && !work::drawn_elsewhere(self.spec, x.name)
                && !self.c.ctx.access.hidden(self.spec, x.name)
                && (x.name != "custom" || self.typed.has("custom") && !self.typed.get("custom").is_empty())
        };
        self.spec.columns.iter().filter(show).collect()
    }
}

/// A cell of a line that the form has, also in a row that is still empty.
fn known_cell(spec: &Spec, name: &str) -> bool {
    let Some((list, rest)) = name.split_once('[') else { return false };
    let Some(column) = rest.split_once("][").map(|(_, x)| x.trim_end_matches(']')) else { return false };
    spec.lines_of(list).is_some_and(|(_, l)| l.columns.iter().any(|x| x.name == column && in_form(x, true)))
        || spec.col(list).is_some_and(|x| matches!(&x.ty, Ty::Items(m) if m.iter().any(|y| y.name == column)))
}

pub(super) fn draw(d: &Draw) -> Result<Reply> {
    let (c, spec) = (d.c, d.spec);
    let mut f = Fields::new(c, spec.name, &d.typed);
    f.wrong = d.wrong.clone();
    f.clashes = d.clashes.clone();
    let columns = d.columns();
    // The comment of a document comes after its lines, and after what has to be filled.
    let (last, first): (Vec<_>, Vec<_>) = columns.into_iter().partition(|x| {
        matches!(x.ty, Ty::Long { .. }) && (!spec.lines.is_empty() || x.name == "comment") || matches!(x.ty, Ty::Map) && x.name == "custom"
    });
    let main = first.iter().map(|x| f.field(x, "", x.name == spec.title)).collect::<Result<Vec<_>>>()?;
    let lines = spec.lines.iter().filter(|l| !c.ctx.access.hidden(spec, l.name)).map(|l| f.lines(spec, l)).collect::<Result<Vec<_>>>()?;
    let rest = last.iter().map(|x| f.field(x, "", false)).collect::<Result<Vec<_>>>()?;
    let title = d.card.map_or_else(|| message::entity_new(c.lang, spec.name).to_string(), |k| k.title(c));
    let path = d.card.map_or_else(|| format!("/{}", spec.name), |k| format!("/{}/{}", spec.name, k.id));
    let action = if d.card.is_some() {
        format!("{path}/edit{}", if d.verb.is_empty() { String::new() } else { format!("?verb={}", d.verb) })
    } else {
        format!("{path}/new/edit")
    };
    let restore = if d.card.is_some() { format!("{path}/edit?draft=use") } else { format!("{path}/new?draft=use") };
    let key = draft_key(spec, d.card);
    let waiting = if c.param("draft").is_none() && d.trouble.is_none() {
        kept(c, &key)?.map(|(_, at)| json!({"saved_at": at, "data": {}}))
    } else {
        None
    };
    let body = html! {
        div class="k-body" {
            form class="k-form" method="post" action=(action) data-form data-draft=(key) data-restore=(restore) novalidate {
                input type="hidden" name="csrf" value=(c.csrf);
                input type="hidden" name="idempotency_key" value=(d.key);
                @if !d.version.is_empty() { input type="hidden" name="version" value=(d.version); }
                @if let Some(w) = &waiting { (json_block("data-draft-data", w)) }
                @if let Some((title, rest)) = &d.trouble { div class="k-sum-err" role="alert" { (icon("alert-triangle")) b { (title) } @if !rest.is_empty() { ul { @for l in rest { li { (l) } } } } @for (to, name) in &d.met { " " a href=(to) { (name) } } } }
                @for x in spec.columns.iter().filter(|x| work::drawn_elsewhere(spec, x.name) && d.card.is_none() && d.typed.has(x.name)) { textarea name=(x.name) hidden { (d.typed.get(x.name)) } }
                fieldset { (fields::grid(main)) }
                @for l in &lines { (l) }
                @if !rest.is_empty() { fieldset { (fields::grid(rest)) } }
                (buttons(d, &path))
            }
        }
    };
    let body = match work::beside_form(c, spec, d.card.map(|k| k.id))? {
        Some(beside) => html! { div class="k-cols with-side k-formcols" { (body) (beside) } },
        None => body,
    };
    let about = html! { @if let Some(k) = d.card { (badges(c, k)) } span class="k-saved" data-saved role="status" {} };
    let live = d.card.map(|k| format!("{}/{}", spec.name, k.id));
    let content = html! { @if let Some(l) = &live { span hidden data-live=(l) data-version=(d.version) {} } (PageHead { title: &title, about, actions: html! {}, list: false, line: true }) (body) };
    let mut way = crumbs(c, spec);
    let title_bar = d.card.map_or_else(|| title.clone(), |_| format!("{title} · {}", c.t("page-card-edit")));
    if d.card.is_some() {
        way.push((&title, Some(&path)));
    } else {
        way.push((&title, None));
    }
    Ok(c.page_with(d.status, &PageOf { title: &title_bar, here: spec.name, crumbs: &way, create: None, toast: None }, content))
}

/// Save; save and do the main thing; leave.
fn buttons(d: &Draw, cancel: &str) -> Markup {
    let (c, spec) = (d.c, d.spec);
    let state = d.card.map_or(spec.initial, Card::state);
    let main = spec.verbs.iter().find(|v| {
        // What cannot be taken back (a deal won, a task done) is no way to save a form.
        v.primary
            && !v.undo.is_empty()
            && d.verb.is_empty()
            && v.input.iter().all(|x| !x.required)
            && !v.edits
            && (v.from.is_empty() || v.from.contains(&state))
            && c.ctx.access.may(spec, v.name)
    });
    html! {
        div class="k-acts" {
            @match main {
                Some(v) => {
                    button type="submit" class="btn btn-primary" name="then" value=(v.name) data-main data-key="ctrl+Enter" { (tr_args(c.lang, "page-card-save_and", &[("verb", Arg::from(message::verb(c.lang, spec.name, v.name).to_lowercase()))])) " " kbd { "Ctrl ⏎" } }
                    button type="submit" class="btn btn-2" data-key="ctrl+s" { (c.t("page-card-save")) " " kbd { "Ctrl S" } }
                },
                None => {
                    @let words = if d.verb.is_empty() { c.t("page-card-save") } else { message::verb(c.lang, spec.name, d.verb) };
                    button type="submit" class="btn btn-primary" data-main data-key="ctrl+s ctrl+Enter" { (words) " " kbd { "Ctrl S" } }
                    @if d.card.is_none() && spec.kind == Kind::Catalog { button type="submit" class="btn btn-2 wide-only" name="then" value="new" { (c.t("page-card-save_and_new")) } }
                },
            }
            @if d.verb.is_empty() { @if let Some(b) = tried::button(c, spec) { (b) } }
            (Button::new(ButtonKind::Third, c.t("page-card-cancel")).link(cancel))
            span class="k-saved ml-a" data-saved role="status" {}
        }
    }
}
