//! Making and changing a record: a form from the declaration. Posted as it is, it works without scripts; nothing typed
//! is lost when it is refused, and when two people changed the same field both versions stand side by side.

mod draw;

use super::card::Card;
use super::prefill::{begun, currency, defaults, prefill};
use super::reader::Reader;
use super::settle::settle;
use super::state::{Call, Reply, Req, Web, respond};
use super::typed::Typed;
use super::work::prices::tried;
use axum::extract::{Path, State};
use axum::response::Response;
use draw::{Draw, draw};
use kontor_kernel::error::{Error, Kind as ErrorKind, Result};
use kontor_platform::Envelope;
use kontor_platform::spec::{Kind, Spec};
use kontor_platform::value::Id;
use serde_json::{Map, Value as Json, json};

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
        None => match begun(c, spec)? {
            Some(begun) => begun,
            None => defaults(c, spec)?,
        },
    };
    if spec.name == "roles"
        && let Some(id) = c.param("from")
    {
        super::work::roles::copied(c, &Card::read(c, collection, id)?.json, &mut typed);
    }
    // A copied line is a new line.
    typed.0.retain(|(k, _)| !spec.lines.iter().any(|l| k.starts_with(l.name) && k.ends_with("[id]")));
    prefill(c, spec, &mut typed)?;
    currency(c, spec, &mut typed)?;
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
