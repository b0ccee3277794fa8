//! The card of a contact, the person behind a partner: who it is, how to reach them, what is going on, what to do next. What a
//! task or a talk is about is reached from its card in the same way.

use super::partner_side::{dial, values};
use super::rows::{count, may, rows};
use super::timeline::{self, Of};
use super::words;
use super::{ref_id, ref_title, tasks, text};
use crate::pages::Call;
use crate::pages::card::{self, Card};
use crate::pages::values::phone;
use crate::ui::figures::{Answer, Answers, Section};
use crate::ui::icons::{icon, icon_small};
use kontor_kernel::error::Result;
use kontor_texts::{message, tr, tr_args};
use maud::{Markup, Render, html};
use serde_json::Value as Json;

/// What the answers say and the column of properties need not repeat.
const TOLD: [&str; 6] = ["partner_id", "position", "decision_role", "phones", "emails", "messengers"];

pub fn view(c: &Call, card: &Card) -> Result<Markup> {
    let id = card.id.to_string();
    let path = format!("/contacts/{id}");
    let of = Of { column: "contact_id", id: &id, path: &path, tab: "" };
    let rest: Vec<(&str, Markup)> = card.properties_but(c, &TOLD)?;
    let answers = [
        Answer { title: tr(c.lang, "page-partner-who"), body: who(c, card), next: false },
        Answer { title: tr(c.lang, "work-reach"), body: reached(c, &card.json), next: false },
        Answer { title: tr(c.lang, "page-partner-going_on"), body: going_on(c, &id)?, next: false },
        Answer { title: tr(c.lang, "page-partner-next"), body: next(c, card)?, next: true },
    ];
    Ok(html! {
        div class="k-gap" { (Answers(&answers)) }
        div class="k-cols with-side" {
            div class="k-scroll" {
                div class="pad" { div class="k-h" { h3 { (tr(c.lang, "page-card-timeline")) } } (timeline::timeline(c, &of)?) }
                (card::lines(c, card))
            }
            aside class="k-side" aria-label=(c.t("page-card-details")) {
                @if !rest.is_empty() { (Section { title: c.t("page-card-details"), count: None, aside: html! {}, body: html! { dl class="k-kv" { @for (k, v) in &rest { dt { (k) } dd { (v) } } } } }) }
                (partner(c, ref_id(&card.json, "partner"))?)
                (card::kept(c, card)?)
            }
        }
    })
}

fn who(c: &Call, card: &Card) -> Markup {
    let (position, role) = (card.text("position"), card.text("decision_role"));
    html! {
        @if !ref_title(&card.json, "partner").is_empty() { p class="lead" { a class="lk" href={ "/partners/" (ref_id(&card.json, "partner")) } { (ref_title(&card.json, "partner")) } } }
        @if !position.is_empty() { p { (position) } }
        @if !role.is_empty() { p class="m2" { (message::choice(c.lang, "contacts", "decision_role", role)) } }
    }
}

/// Phones, mails and messengers, each a touch away.
fn reached(c: &Call, j: &Json) -> Markup {
    let (phones, emails) = (values(&j["phones"]), values(&j["emails"]));
    let others = j["messengers"].as_array().into_iter().flatten();
    html! {
        @if phones.is_empty() && emails.is_empty() { p class="m2" { (tr(c.lang, "work-no_way")) } }
        @for (i, p) in phones.iter().take(3).enumerate() { p class=[(i == 0).then_some("lead")] { a class="lk nw" href={ "tel:" (dial(p)) } { (phone(p)) } } }
        @for m in emails.iter().take(2) { p { a class="lk" href={ "mailto:" (m) } { (m) } } }
        @for o in others.take(2) { p class="m2" { (message::choice(c.lang, "contacts-messengers", "kind", text(o, "kind"))) " " span class="m1" { (phone(text(o, "value"))) } } }
    }
}

fn going_on(c: &Call, id: &str) -> Result<Markup> {
    let now = c.ctx.now.to_rfc3339();
    let last = rows(
        c,
        "interactions",
        &[("contact_id", id), ("at.le", &now), ("sort", "-at"), ("limit", "1")],
        &["kind", "at", "result", "text"],
    )?;
    let deals = count(c, "deals", &[("contact_id", id), ("state", "open")])?.filter(|n| *n > 0);
    Ok(html! {
        @match last.first() {
            Some(r) => {
                p class="lead" { a href=(r.href()) { (r.title()) } }
                p { (message::choice(c.lang, "interactions", "kind", r.text("kind"))) @if let Some(at) = r.instant("at") { " · " (words::day(c.lang, c.ctx.today, at.with_timezone(&c.identity.zone).date_naive())) } }
            }
            None => p class="m2" { (tr(c.lang, "work-no_talks")) },
        }
        @if let Some(n) = deals { p { a class="lk" href={ "/deals?contact_id=" (id) "&state=open" } { (tr_args(c.lang, "work-deals_going", &[("count", n.into())])) } } }
    })
}

fn next(c: &Call, card: &Card) -> Result<Markup> {
    let id = card.id.to_string();
    let open = tasks::of(c, "contact_id", &id, "1")?;
    let plan = format!("/tasks/new?contact_id={id}&partner_id={}", ref_id(&card.json, "partner"));
    Ok(html! {
        @if let Some(t) = open.first() {
            p class="lead" { a href=(t.href()) { (t.title()) } }
            p { (tasks::when(c, t)) @if !t.name_of("doer_id").is_empty() { " · " (t.name_of("doer_id")) } }
            div class="row-f g4 mt4 wrap" { (tasks::done_button(c, t)) }
        } @else {
            p class="m1" { (tr(c.lang, "page-partner-no_next_step")) }
            @if may(c, "tasks", "create") { div class="mt8" { a class="btn btn-2 btn-s" href=(plan) { (icon_small("plus")) (tr(c.lang, "page-partner-plan_next")) } } }
        }
    })
}

/// Call, write, note a talk: beside the other actions of the card.
pub fn actions(c: &Call, card: &Card) -> Markup {
    let (phones, emails) = (values(&card.json["phones"]), values(&card.json["emails"]));
    let talk = format!("/interactions/new?contact_id={}&partner_id={}", card.id, ref_id(&card.json, "partner"));
    html! {
        @if let Some(p) = phones.first() { a class="btn btn-2" href={ "tel:" (dial(p)) } { (icon("phone")) (tr(c.lang, "work-call")) } }
        @if let Some(m) = emails.first() { a class="btn btn-2 wide-only" href={ "mailto:" (m) } { (icon("mail")) (tr(c.lang, "work-mail")) } }
        @if may(c, "interactions", "create") { a class="btn btn-3 wide-only" href=(talk) { (icon("notes")) (message::entity_one(c.lang, "interactions")) } }
    }
}

/// Whom a task or a talk is about: the person with phones and mails, the partner with who leads him.
pub fn reach(c: &Call, j: &Json) -> Result<Markup> {
    let found = match ref_id(j, "contact") {
        "" => None,
        id => c.seen("contacts", id)?,
    };
    Ok(html! {
        @if let Some(p) = &found {
            (Section { title: tr(c.lang, "work-reach"), count: None, aside: html! {}, body: html! {
                p class="b5" { a class="lk" href={ "/contacts/" (ref_id(j, "contact")) } { (text(p, "full_name")) } }
                @if !text(p, "position").is_empty() { p class="s12 m2" { (text(p, "position")) } }
                div class="k-reach" { (reached(c, p)) }
            } })
        }
        (partner(c, ref_id(j, "partner"))?)
    })
}

fn partner(c: &Call, id: &str) -> Result<Markup> {
    let Some(p) = (if id.is_empty() { None } else { c.seen("partners", id)? }) else { return Ok(html! {}) };
    let (tel, mail) = (text(&p, "phone"), text(&p, "email"));
    let body = html! {
        p class="b5" { a class="lk" href={ "/partners/" (id) } { (text(&p, "name")) } }
        @if !ref_title(&p, "manager").is_empty() { p class="s12 m2" { (tr_args(c.lang, "work-led_by", &[("name", ref_title(&p, "manager").into())])) } }
        div class="k-reach" {
            @if !tel.is_empty() { p { a class="lk nw" href={ "tel:" (dial(tel)) } { (phone(tel)) } } }
            @if !mail.is_empty() { p { a class="lk" href={ "mailto:" (mail) } { (mail) } } }
            @if !text(&p, "address").is_empty() { p class="m1" { (text(&p, "address")) } }
        }
    };
    Ok(Section { title: message::entity_one(c.lang, "partners"), count: None, aside: html! {}, body }.render())
}
