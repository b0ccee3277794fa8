//! Commands of a record as buttons: what is allowed in its state and by the caller's rights; a dialog where a command
//! asks for something. A refusal comes back with everything that was typed.

use super::card::Card;
use super::fields::{self, Fields};
use super::reader::Reader;
use super::state::{Call, Reply, Req, Web, respond};
use super::typed::Typed;
use crate::ui::head::{Button, Kind as ButtonKind, Menu};
use crate::ui::icons::icon;
use axum::extract::{Path, State};
use axum::response::Response;
use kontor_kernel::error::{Error, Kind as ErrorKind, Result};
use kontor_platform::Envelope;
use kontor_platform::spec::{Kind, Spec, Verb};
use kontor_platform::value::Id;
use kontor_texts::{format, message, tr, tr_args};
use maud::{Markup, html};
use serde_json::Value as Json;

/// What a verb refused.
pub struct Trouble {
    verb: String,
    error: Error,
    typed: Typed,
}

impl Trouble {
    /// Refusals are shown on the card; anything else is a page of its own.
    pub fn of(verb: &str, error: Error, typed: Vec<(String, String)>) -> Result<Trouble> {
        match error.kind() {
            ErrorKind::Refused | ErrorKind::Conflict | ErrorKind::Forbidden | ErrorKind::Unavailable => {
                Ok(Trouble { verb: verb.into(), error, typed: Typed(typed) })
            }
            _ => Err(error),
        }
    }

    /// Every reason, with what would have to change.
    pub fn summary(&self, c: &Call) -> Markup {
        let i = self.error.inner();
        let lines: Vec<(String, String)> = i
            .fields
            .iter()
            .map(|f| {
                (message::error(c.lang, &f.code, &f.args), f.hint.as_ref().map(|(k, a)| message::hint(c.lang, k, a)).unwrap_or_default())
            })
            .collect();
        html! {
            div class="k-sum-err k-refused" role="alert" {
                (icon("alert-triangle")) b { (message::error(c.lang, &i.code, &i.args)) }
                @if !lines.is_empty() { ul { @for (text, hint) in &lines { li { (text) @if !hint.is_empty() { " " span class="m2" { (hint) } } } } } }
            }
        }
    }
}

fn allowed<'a>(c: &Call, card: &'a Card) -> Vec<&'a Verb> {
    card.spec
        .verbs
        .iter()
        .filter(|v| {
            card.archived() == v.restores && (v.from.is_empty() || v.from.contains(&card.state())) && c.ctx.access.may(card.spec, v.right())
        })
        .collect()
}

/// Verbs that take something back are never the main one.
fn takes_back(v: &Verb) -> bool {
    matches!(v.name, "cancel" | "reverse" | "reject" | "lose" | "block" | "deactivate")
}

pub fn buttons(c: &Call, card: &Card) -> Markup {
    let verbs = allowed(c, card);
    let main = verbs.iter().position(|v| v.primary);
    let second: Vec<&&Verb> = verbs.iter().enumerate().filter(|(i, v)| Some(*i) != main && !takes_back(v)).map(|(_, v)| v).collect();
    let (shown, hidden) = second.split_at(second.len().min(2));
    let back: Vec<&&Verb> = verbs.iter().filter(|v| takes_back(v)).collect();
    let spec = card.spec;
    let path = format!("/{}/{}", spec.name, card.id);
    let edit = card.editable(c);
    let remove = c.ctx.access.may(spec, "delete")
        && !card.archived()
        && match spec.kind {
            Kind::Catalog => true,
            Kind::Document => card.state() == spec.initial,
            Kind::Facts => false,
        };
    let copy = spec.kind != Kind::Facts && c.ctx.access.may(spec, "create");
    let items = html! {
        @for v in hidden { (button(c, card, v, ButtonKind::Third)) }
        @for v in &back { (button(c, card, v, ButtonKind::Negative)) }
        @if copy { a href={ "/" (spec.name) "/new?from=" (card.id) } { (icon("copy")) (c.t("page-copy")) } }
        @if remove {
            form class="bare" method="post" action={ (path) "/delete" } hx-post={ (path) "/delete" } hx-target="#app" hx-select="#app" hx-swap="outerHTML" hx-push-url="false" {
                input type="hidden" name="csrf" value=(c.csrf);
                button type="submit" { (icon(if spec.kind == Kind::Catalog { "archive" } else { "trash" })) (tr(c.lang, if spec.kind == Kind::Catalog { "verb-archive" } else { "verb-delete" })) }
            }
        }
    };
    let any = !hidden.is_empty() || !back.is_empty() || copy || remove;
    html! {
        @for v in shown { (button(c, card, v, ButtonKind::Second)) }
        @if edit { (Button::new(if main.is_none() && !super::work::edited_in_place(spec) { ButtonKind::Primary } else { ButtonKind::Second }, c.t("page-card-edit")).icon("pencil").key("e").link(&format!("{path}/edit"))) }
        @if let Some(i) = main { (button(c, card, verbs[i], ButtonKind::Primary)) }
        @if any { (Menu { label: c.t("page-card-actions"), icon: "dots", worded: false, items }) }
    }
}

fn button(c: &Call, card: &Card, v: &Verb, kind: ButtonKind) -> Markup {
    let words = message::verb(c.lang, card.spec.name, v.name);
    let path = format!("/{}/{}", card.spec.name, card.id);
    if v.edits {
        return Button { text: words, icon: "pencil", key: "", kind }.link(&format!("{path}/edit?verb={}", v.name));
    }
    if !v.input.is_empty() || takes_back(v) {
        return Button { text: words, icon: "", key: if kind == ButtonKind::Primary { "ctrl+Enter" } else { "" }, kind }
            .opens(&format!("#verb-{}", v.name));
    }
    let action = format!("{path}/do/{}", v.name);
    let main = kind == ButtonKind::Primary;
    html! {
        form class="k-inline" method="post" action=(action) hx-post=(action) hx-target="#app" hx-select="#app" hx-swap="outerHTML" {
            input type="hidden" name="csrf" value=(c.csrf);
            button type="submit" class=(kind.class()) data-key=[main.then_some("ctrl+Enter")] { (words) @if main { " " kbd { "Ctrl ⏎" } } }
        }
    }
}

/// Dialogs of the verbs that ask for something or take something back; that of a refused one stands open.
pub fn dialogs(c: &Call, card: &Card, trouble: Option<&Trouble>) -> Result<Markup> {
    let mut out = vec![];
    for v in allowed(c, card).into_iter().filter(|v| !v.edits && (!v.input.is_empty() || takes_back(v))) {
        out.push(dialog(c, card, v, trouble.filter(|t| t.verb == v.name))?);
    }
    Ok(html! { @for d in out { (d) } })
}

fn dialog(c: &Call, card: &Card, v: &Verb, trouble: Option<&Trouble>) -> Result<Markup> {
    let spec = card.spec;
    let typed = match trouble {
        Some(t) => t.typed.clone(),
        None => start(c, v),
    };
    let mut f = Fields::new(c, spec.name, &typed);
    if let Some(t) = trouble {
        f.wrong = fields::errors(c, &v.input, &t.error, |n| v.input.iter().any(|x| x.name == n)).0;
    }
    let inputs = v.input.iter().map(|x| f.field(x, "", false)).collect::<Result<Vec<_>>>()?;
    let words = message::verb(c.lang, spec.name, v.name);
    let id = format!("verb-{}", v.name);
    let action = format!("/{}/{}/do/{}", spec.name, card.id, v.name);
    let kind = if takes_back(v) { ButtonKind::Danger } else { ButtonKind::Primary };
    let open = trouble.is_some() && !v.input.is_empty();
    Ok(html! {
        dialog id=(id) class="k-dlg" aria-labelledby={ (id) "-title" } data-show[open] {
            form method="post" action=(action) hx-post=(action) hx-target="#app" hx-select="#app" hx-swap="outerHTML" novalidate {
                input type="hidden" name="csrf" value=(c.csrf);
                h3 id={ (id) "-title" } { (words) ": " (card.title(c)) }
                @if open { @if let Some(t) = trouble { (t.summary(c)) } }
                @if inputs.is_empty() { p class="m1" { (sure(c, card, v)) } } @else { (fields::grid(inputs)) }
                div class="acts" {
                    button type="button" class="btn btn-3" data-close { (c.t("page-not_needed")) " " kbd { "Esc" } }
                    button type="submit" class=(kind.class()) { (words) }
                }
            }
        }
    })
}

/// Asks for the input of a verb whose record is known only when it is dropped somewhere: `#drop-{verb}`; the script sends it.
pub fn dropped(c: &Call, spec: &'static Spec, verb: &str) -> Result<Markup> {
    let v = spec.verb_of(verb).ok_or_else(Error::not_found)?;
    let typed = start(c, v);
    let f = Fields::new(c, spec.name, &typed);
    let inputs = v.input.iter().map(|x| f.field(x, "", false)).collect::<Result<Vec<_>>>()?;
    let (words, id) = (message::verb(c.lang, spec.name, v.name), format!("drop-{verb}"));
    let kind = if takes_back(v) { ButtonKind::Danger } else { ButtonKind::Primary };
    Ok(html! {
        dialog id=(id) class="k-dlg" aria-labelledby={ (id) "-title" } {
            form method="dialog" novalidate {
                h3 id={ (id) "-title" } { (words) }
                p class="m1 cut" data-dropped {}
                (fields::grid(inputs))
                div class="acts" {
                    button type="button" class="btn btn-3" data-close { (c.t("page-not_needed")) " " kbd { "Esc" } }
                    button type="submit" class=(kind.class()) { (words) }
                }
            }
        }
    })
}

/// What a verb that takes something back will do.
fn sure(c: &Call, card: &Card, v: &Verb) -> String {
    if v.name != "reverse" {
        return c.t("page-sure").to_string();
    }
    tr_args(c.lang, "page-confirm_reverse", &[("title", card.title(c).into()), ("date", format::date(c.lang, c.ctx.today).into())])
}

/// Today where a date is asked for, and what the verb declares as usual.
fn start(c: &Call, v: &Verb) -> Typed {
    let mut t = Typed::default();
    for x in &v.input {
        match &x.default {
            Some(d) if !d.is_null() => t.put_value(c, x, x.name, &kontor_platform::record::value_json(&x.ty, d), &Json::Null),
            _ if matches!(x.ty, kontor_platform::spec::Ty::Date) && matches!(x.name, "on" | "date") => {
                t.put(x.name, c.ctx.today.to_string())
            }
            _ => {}
        }
    }
    t
}

pub async fn post(State(web): State<Web>, Path((collection, id, verb)): Path<(String, String, String)>, req: Req) -> Response {
    respond(web, req, move |c| {
        let spec = c.spec(&collection)?;
        let v = spec.verb_of(&verb).ok_or_else(Error::not_found)?;
        let typed = Typed(c.req.form().into_iter().filter(|(k, _)| k != "csrf").collect());
        let mut r = Reader::new(c, &typed, true);
        let body = r.columns(&v.input, "")?;
        let problems = std::mem::take(&mut r.problems);
        drop(r);
        if !problems.is_empty() {
            let mut e = Error::refused("invalid");
            e.inner_mut().fields = problems;
            let card = Card::read(c, &collection, &id)?;
            return super::card::refused(c, &card, Trouble::of(&verb, e, typed.0)?);
        }
        run_with(c, spec, Call::id(&id)?, &verb, Json::Object(body), typed.0)
    })
    .await
}

/// Runs a verb and answers with the card: done, or what stands in the way.
pub fn run(c: &Call, spec: &'static Spec, id: Id, verb: &str, body: Json) -> Result<Reply> {
    run_with(c, spec, id, verb, body, vec![])
}

/// What came of a verb: the state that it led to (`Posted`); where it led to none, what was done.
fn came(c: &Call, spec: &Spec, v: &Verb, record: &Json) -> &'static str {
    match record["state"].as_str() {
        Some(state) if v.to.contains(&state) && !v.from.contains(&state) => message::state(c.lang, spec.name, state),
        _ => message::verb(c.lang, spec.name, v.name),
    }
}

fn run_with(c: &Call, spec: &'static Spec, id: Id, verb: &str, body: Json, typed: Vec<(String, String)>) -> Result<Reply> {
    let v = spec.verb_of(verb).ok_or_else(Error::not_found)?;
    match c.app.execute(&c.ctx, Envelope::new(format!("{}.{}", spec.name, v.name), body).on(id)) {
        Ok(o) => {
            let title = format!("{}: {}", came(c, spec, v, &o.data), o.data[spec.title].as_str().unwrap_or_default());
            // An order made of a quote or a contract is what one wants to see next.
            let to = match o.data["sales_order_id"].as_str().filter(|_| matches!(spec.name, "quotes" | "contracts")) {
                Some(order) => format!("/sales-orders/{order}"),
                None => format!("/{}/{id}", spec.name),
            };
            Ok(Reply::Done { to, key: "page-said", title, audit: o.audit_id.filter(|_| !v.undo.is_empty()) })
        }
        Err(e) => {
            let trouble = Trouble::of(verb, e, typed)?;
            super::card::refused(c, &Card::read(c, spec.name, &id.to_string())?, trouble)
        }
    }
}
