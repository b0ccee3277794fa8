//! Making and changing a record: a form from the declaration. Posted as it is, it works without scripts; nothing typed
//! is lost when it is refused, and when two people changed the same field both versions stand side by side.

use super::card::{Card, badges};
use super::fields::{self, Clash, Fields, Said};
use super::list::crumbs;
use super::prefill::{defaults, prefill};
use super::reader::Reader;
use super::settle::settle;
use super::shell::PageOf;
use super::state::{Call, Reply, Req, Web, respond};
use super::typed::{Typed, in_form};
use super::work::prices::tried;
use crate::ui::head::{Button, Kind as ButtonKind, PageHead};
use crate::ui::icons::icon;
use crate::ui::words::json_block;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use kontor_kernel::error::{Error, Kind as ErrorKind, Result};
use kontor_platform::Envelope;
use kontor_platform::spec::{Column, Kind, Spec, Ty};
use kontor_platform::value::Id;
use kontor_texts::{Arg, message, tr_args};
use maud::{Markup, html};
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;

/// A form as it is drawn: what stands in it, and what is wrong with it.
struct Draw<'a> {
    c: &'a Call,
    spec: &'static Spec,
    card: Option<&'a Card>,
    typed: Typed,
    /// Verb that takes the fields (`revise`), instead of a plain change.
    verb: &'a str,
    /// Version the form is based on; empty for a new record.
    version: String,
    key: String,
    wrong: HashMap<String, Said>,
    clashes: HashMap<String, Clash>,
    /// What is wrong with the whole, and lines of it.
    trouble: Option<(String, Vec<String>)>,
    /// Records that it meets: their pages and names.
    met: Vec<(String, String)>,
    status: StatusCode,
}

pub async fn new_page(State(web): State<Web>, Path(collection): Path<String>, req: Req) -> Response {
    respond(web, req, move |c| new(c, &collection)).await
}

pub async fn edit_page(State(web): State<Web>, Path((collection, id)): Path<(String, String)>, req: Req) -> Response {
    respond(web, req, move |c| edit(c, &collection, &id)).await
}

pub async fn save(State(web): State<Web>, Path((collection, id)): Path<(String, String)>, req: Req) -> Response {
    respond(web, req, move |c| if id == "new" { make(c, &collection) } else { change(c, &collection, &id) }).await
}

fn draft_key(spec: &Spec, card: Option<&Card>) -> String {
    format!("{}/{}", spec.name, card.map_or_else(|| "new".to_string(), |k| k.id.to_string()))
}

/// The draft that was kept while typing, as names and texts.
fn kept(c: &Call, key: &str) -> Result<Option<(Typed, String)>> {
    let Some((body, at)) = c.app.draft(&c.ctx, key)? else { return Ok(None) };
    let mut t = Typed::default();
    for (k, v) in body["data"].as_object().into_iter().flatten() {
        match v {
            Json::Array(a) => a.iter().filter_map(Json::as_str).for_each(|s| t.put(k, s)),
            Json::String(s) => t.put(k, s),
            _ => {}
        }
    }
    Ok(Some((t, at.to_rfc3339())))
}

/// An empty form, filled from the address (`?partner_id=…`) and the defaults; `?from=id` copies a record.
pub fn new(c: &Call, collection: &str) -> Result<Reply> {
    let spec = c.spec(collection)?;
    may(c, spec, "create")?;
    let mut typed = match c.param("from") {
        Some(id) => Typed::of_record(c, spec, &Card::read(c, collection, id)?.json),
        None => defaults(c, spec)?,
    };
    if spec.name == "roles"
        && let Some(id) = c.param("from")
    {
        super::work::roles::copied(c, &Card::read(c, collection, id)?.json, &mut typed);
    }
    // A copied line is a new line.
    typed.0.retain(|(k, _)| !spec.lines.iter().any(|l| k.starts_with(l.name) && k.ends_with("[id]")));
    prefill(c, spec, &mut typed)?;
    if c.param("draft") == Some("use")
        && let Some((t, _)) = kept(c, &draft_key(spec, None))?
    {
        typed = t;
    }
    if let Some(t) = c.param("tried").map(|n| tried::typed(c, spec, n)).transpose()?.flatten() {
        typed = t;
    }
    draw(&Draw::new(c, spec, None, typed))
}

fn may(c: &Call, spec: &Spec, action: &str) -> Result<()> {
    let ok = spec.kind != Kind::Facts && c.ctx.access.may(spec, action);
    if ok { Ok(()) } else { Err(Error::forbidden().arg("action", action.to_string()).arg("entity", spec.name)) }
}

fn edit(c: &Call, collection: &str, id: &str) -> Result<Reply> {
    let card = Card::read(c, collection, id)?;
    let verb = c.param("verb").unwrap_or("");
    check_editable(c, &card, verb)?;
    let mut typed = Typed::of_record(c, card.spec, &card.json);
    if c.param("draft") == Some("use")
        && let Some((t, _)) = kept(c, &draft_key(card.spec, Some(&card)))?
    {
        typed = t;
    }
    if let Some(t) = c.param("tried").map(|n| tried::typed(c, card.spec, n)).transpose()?.flatten() {
        typed = t;
    }
    let mut d = Draw::new(c, card.spec, Some(&card), typed);
    d.verb = verb;
    draw(&d)
}

fn check_editable(c: &Call, card: &Card, verb: &str) -> Result<()> {
    if verb.is_empty() {
        may(c, card.spec, "update")?;
        if !card.spec.editable_in(card.state()) {
            return Err(Error::refused("posted_immutable").arg("state", card.state().to_string()));
        }
        return Ok(());
    }
    let v = card.spec.verb_of(verb).filter(|v| v.edits).ok_or_else(Error::not_found)?;
    may(c, card.spec, v.name)
}

impl<'a> Draw<'a> {
    fn new(c: &'a Call, spec: &'static Spec, card: Option<&'a Card>, typed: Typed) -> Self {
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
    fn again(mut self, e: &Error) -> Self {
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
                && !super::work::drawn_elsewhere(self.spec, x.name)
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

fn draw(d: &Draw) -> Result<Reply> {
    let (c, spec) = (d.c, d.spec);
    let mut f = Fields::new(c, spec.name, &d.typed);
    f.wrong = d.wrong.clone();
    f.clashes = d.clashes.clone();
    let columns = d.columns();
    // The comment of a document comes after its lines.
    let (last, first): (Vec<_>, Vec<_>) = columns
        .into_iter()
        .partition(|x| matches!(x.ty, Ty::Long { .. }) && !spec.lines.is_empty() || matches!(x.ty, Ty::Map) && x.name == "custom");
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
                @for x in spec.columns.iter().filter(|x| super::work::drawn_elsewhere(spec, x.name) && d.card.is_none() && d.typed.has(x.name)) { textarea name=(x.name) hidden { (d.typed.get(x.name)) } }
                fieldset { (fields::grid(main)) }
                @for l in &lines { (l) }
                @if !rest.is_empty() { fieldset { (fields::grid(rest)) } }
                (buttons(d, &path))
            }
        }
    };
    let body = match super::work::beside_form(c, spec, d.card.map(|k| k.id))? {
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

/// The posted form, without rows that hold nothing.
fn posted(c: &Call, spec: &'static Spec) -> Typed {
    let own = |k: &str| matches!(k, "csrf" | "version" | "idempotency_key" | "then" | "tried");
    Typed(c.req.form().into_iter().filter(|(k, _)| !own(k)).collect()).without_blank_rows(spec)
}

fn hidden(c: &Call, name: &str) -> String {
    c.req.form().into_iter().find(|(k, _)| k == name).map(|(_, v)| v).unwrap_or_default()
}

fn input(c: &Call, spec: &'static Spec, typed: &Typed, create: bool) -> Result<Map<String, Json>> {
    let mut r = Reader::new(c, typed, create);
    let body = r.record(spec)?;
    if r.problems.is_empty() {
        return Ok(body);
    }
    let mut e = Error::refused("invalid");
    e.inner_mut().fields = r.problems;
    Err(e)
}

fn make(c: &Call, collection: &str) -> Result<Reply> {
    let spec = c.spec(collection)?;
    may(c, spec, "create")?;
    let typed = posted(c, spec);
    if hidden(c, "then") == "try" {
        return try_it(c, spec, None, typed);
    }
    let key = Some(hidden(c, "idempotency_key")).filter(|k| !k.is_empty());
    let done = input(c, spec, &typed, true).and_then(|body| {
        let mut env = Envelope::new(format!("{}.create", spec.name), Json::Object(body));
        env.idempotency_key = key.clone();
        c.app.execute(&c.ctx, env)
    });
    match done {
        Ok(o) => after(c, spec, o.id, &o.data, o.audit_id, "page-created"),
        Err(e) if is_for_the_form(&e) => {
            let mut d = Draw::new(c, spec, None, typed).again(&e);
            d.key = key.unwrap_or(d.key);
            draw(&d)
        }
        Err(e) => Err(e),
    }
}

/// The form is not saved but kept, to be tried on past orders.
fn try_it(c: &Call, spec: &'static Spec, card: Option<&Card>, typed: Typed) -> Result<Reply> {
    let at = hidden(c, "tried");
    let taken = input(c, spec, &typed, card.is_none()).and_then(|body| tried::take(c, spec, card.map(|k| k.id), body, &typed, &at));
    match taken {
        Err(e) if is_for_the_form(&e) => draw(&Draw::new(c, spec, card, typed).again(&e)),
        other => other,
    }
}

/// Errors that the person can mend in the form; others are pages of their own, and the draft keeps what was typed.
fn is_for_the_form(e: &Error) -> bool {
    matches!(
        e.kind(),
        ErrorKind::Refused
            | ErrorKind::Conflict
            | ErrorKind::Unreadable
            | ErrorKind::Unavailable
            | ErrorKind::TooMany
            | ErrorKind::Forbidden
    )
}

/// Where to after saving: the card, another new one, or the verb that was asked for.
fn after(c: &Call, spec: &'static Spec, id: Option<Id>, data: &Json, audit: Option<Id>, key: &'static str) -> Result<Reply> {
    let id = id.ok_or_else(|| Error::internal("a saved record has no id"))?;
    c.app.drop_draft(&c.ctx, &draft_of(spec, id, key))?;
    let title = data[spec.title].as_str().unwrap_or_default().to_string();
    let to = format!("/{}/{id}", spec.name);
    match hidden(c, "then").as_str() {
        "" => Ok(Reply::Done { to, key, title, audit }),
        "new" => Ok(Reply::Done { to: format!("/{}/new", spec.name), key, title, audit }),
        verb => super::verbs::run(c, spec, id, verb, json!({})),
    }
}

fn draft_of(spec: &Spec, id: Id, key: &str) -> String {
    if key == "page-created" { format!("{}/new", spec.name) } else { format!("{}/{id}", spec.name) }
}

fn change(c: &Call, collection: &str, id: &str) -> Result<Reply> {
    let card = Card::read(c, collection, id)?;
    let spec = card.spec;
    let verb = c.param("verb").unwrap_or("").to_string();
    let typed = posted(c, spec);
    if verb.is_empty() && hidden(c, "then") == "try" {
        return try_it(c, spec, Some(&card), typed);
    }
    let seen: Option<i64> = hidden(c, "version").parse().ok();
    let key = Some(hidden(c, "idempotency_key")).filter(|k| !k.is_empty());
    let done = check_editable(c, &card, &verb).and_then(|()| input(c, spec, &typed, false)).and_then(|mut body| {
        let command = if verb.is_empty() { "update" } else { verb.as_str() };
        if !verb.is_empty() {
            body.insert("version".into(), json!(seen));
        }
        let mut env = Envelope::new(format!("{}.{command}", spec.name), Json::Object(body)).on(card.id);
        env.seen_version = seen;
        env.idempotency_key = key.clone();
        c.app.execute(&c.ctx, env)
    });
    let error = match done {
        Ok(o) => {
            return after(
                c,
                spec,
                o.id,
                &o.data,
                o.audit_id,
                if o.version == card.version() { "page-nothing_changed" } else { "page-changed" },
            );
        }
        Err(e) if is_for_the_form(&e) => e,
        Err(e) => return Err(e),
    };
    let mut d = Draw::new(c, spec, Some(&card), typed);
    d.verb = &verb;
    d.version = seen.map_or_else(String::new, |v| v.to_string());
    d.key = key.filter(|_| error.kind() != ErrorKind::Conflict).unwrap_or(d.key);
    let mut d = d.again(&error);
    if error.kind() == ErrorKind::Conflict && !error.inner().detail["conflicts"].is_null() {
        let settled = settle(c, &mut d.typed, &card, &error, seen.unwrap_or(0))?;
        d.wrong.retain(|field, _| !settled.clashes.contains_key(field));
        d.clashes = settled.clashes;
        d.version = card.version().to_string();
        d.trouble = Some((c.t("page-conflict-title").to_string(), settled.notes));
    }
    draw(&d)
}
