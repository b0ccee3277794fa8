//! The caller's own page: who he is here, language, keys, password, tokens of programs that act in his name.

use super::shell::PageOf;
use super::state::{Call, Reply, Req, Web, respond, set_cookie};
use crate::ui::badge::Avatar;
use crate::ui::figures::{Pairs, Section};
use crate::ui::form::{Control, Field, Wrong};
use crate::ui::head::{Button, Kind as ButtonKind, PageHead};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kontor_api::call::COOKIE;
use kontor_api::problem;
use kontor_kernel::error::{Error, Kind, Result};
use kontor_texts::{Lang, format, message};
use maud::{Markup, html};

/// Lives of a new token in days; the last one is for ever.
const DAYS: [(&str, &str); 4] =
    [("30", "page-profile-days_30"), ("90", "page-profile-days_90"), ("365", "page-profile-days_365"), ("", "page-profile-for_ever")];

/// What the last command of this page answered.
#[derive(Default)]
struct Said {
    error: Option<Error>,
    /// A token that was made just now; it is shown this once.
    token: Option<String>,
    /// Label typed for a token that was refused.
    label: String,
}

pub async fn show(State(web): State<Web>, req: Req) -> Response {
    respond(web, req, |c| {
        let done = (c.param("done") == Some("password")).then(|| c.t("page-profile-password_changed"));
        page(c, &Said::default(), done)
    })
    .await
}

fn field(c: &Call, name: &str) -> String {
    c.req.form().into_iter().find(|(k, _)| k == name).map(|(_, v)| v).unwrap_or_default()
}

/// Refusals are shown where they belong; anything else is a page of its own.
fn refused(c: &Call, error: Error, label: String) -> Result<Reply> {
    match error.kind() {
        Kind::Refused | Kind::TooMany => page(c, &Said { error: Some(error), label, ..Said::default() }, None),
        _ => Err(error),
    }
}

pub async fn password(State(web): State<Web>, req: Req) -> Response {
    respond(web, req, |c| {
        let (old, new) = (field(c, "old_password"), field(c, "new_password"));
        match c.app.change_own_password(&c.ctx, &c.identity, &old, &new, &c.req.origin) {
            Ok(token) => Ok(Reply::GoWith("/profile?done=password".into(), vec![set_cookie(COOKIE, &token, None, true, c.web.https)])),
            Err(e) => refused(c, e, String::new()),
        }
    })
    .await
}

pub async fn make_token(State(web): State<Web>, req: Req) -> Response {
    respond(web, req, |c| {
        let label = field(c, "label");
        match c.app.make_own_token(&c.ctx, &label, field(c, "days").parse().ok()) {
            Ok(token) => page(c, &Said { token: Some(token), ..Said::default() }, None),
            Err(e) => refused(c, e, label),
        }
    })
    .await
}

pub async fn revoke_token(State(web): State<Web>, req: Req) -> Response {
    respond(web, req, |c| {
        c.app.revoke_own_token(&c.ctx, &field(c, "id"))?;
        Ok(Reply::Go("/profile".into()))
    })
    .await
}

fn page(c: &Call, said: &Said, done: Option<&str>) -> Result<Reply> {
    let title = c.t("page-profile");
    let content = html! {
        (PageHead { title: &c.identity.name, about: html! { (Avatar { name: &c.identity.name, size: "s32", me: true }) }, actions: html! {}, list: false, line: true })
        div class="k-body" {
            section class="k-sec" { (facts(c)) }
            (Section { title: c.t("page-language"), count: None, aside: html! {}, body: languages(c) })
            (Section { title: c.t("page-keys"), count: None, aside: html! {}, body: html! { label class="k-check" { input class="form-check-input" type="checkbox" data-letters checked; (c.t("ui-letters")) } } })
            (Section { title: c.t("page-profile-password"), count: None, aside: html! {}, body: password_form(c, said, done) })
            (Section { title: c.t("page-profile-tokens"), count: None, aside: html! {}, body: tokens(c, said)? })
        }
    };
    let status = said.error.as_ref().map_or(StatusCode::OK, |e| problem::status(e.kind()));
    Ok(c.page_with(status, &PageOf { title, here: "", crumbs: &[(title, None)], ..Default::default() }, content))
}

fn facts(c: &Call) -> Markup {
    let roles: Vec<String> = c.identity.access.roles.iter().map(|r| super::values::role(c.lang, r)).collect();
    let user = c.app.registry.get("users").filter(|s| c.ctx.access.may(s, "read")).map(|s| format!("/{}/{}", s.name, c.ctx.user_id));
    let label = |column| message::label(c.lang, "users", column);
    let facts = [
        (label("name"), html! { @match &user { Some(u) => a class="lk" href=(u) { (c.identity.name) }, None => (c.identity.name) } }),
        (label("login"), html! { (c.identity.login) }),
        (label("roles"), html! { (roles.join(", ")) }),
        (label("time_zone"), html! { (c.identity.zone.name()) }),
    ];
    html! { (Pairs { items: &facts, wide: true }) }
}

fn languages(c: &Call) -> Markup {
    html! { div class="row-f g12 wrap" { @for l in Lang::ALL { a class={ "btn " (if l == c.lang { "btn-primary" } else { "btn-2" }) } href={ "/language/" (l.code()) } data-full data-lang=(l.code()) lang=(l.code()) { (l.name()) } } } }
}

/// What is wrong with a field, in words.
fn wrong(c: &Call, said: &Said, name: &str) -> Option<String> {
    let e = said.error.as_ref()?;
    e.inner().fields.iter().find(|f| f.field == name).map(|f| message::error(c.lang, &f.code, &f.args))
}

/// A refusal that belongs to no field of the page.
fn whole(c: &Call, said: &Said) -> Markup {
    match said.error.as_ref().filter(|e| e.inner().fields.is_empty()) {
        Some(e) => html! { p class="neg" role="alert" { (super::errors::explain(c.lang, e)) } },
        None => html! {},
    }
}

fn password_form(c: &Call, said: &Said, done: Option<&str>) -> Markup {
    let texts = ["old_password", "new_password"].map(|n| (n, wrong(c, said, n)));
    let fields: Vec<Field> = texts
        .iter()
        .map(|(name, text)| {
            let label = c.t(if *name == "old_password" { "page-profile-old_password" } else { "page-profile-new_password" });
            let kind = if *name == "old_password" { "password" } else { "new-password" };
            let control = Control::Text { value: "", kind, placeholder: "" };
            Field::new(name, label, control).required().width("w4").wrong(text.as_deref().map(|text| Wrong { text, hint: "" }))
        })
        .collect();
    html! {
        @if let Some(words) = done { p class="pos" role="status" { (words) } }
        (whole(c, said))
        form method="post" action="/profile/password" class="k-own" {
            input type="hidden" name="csrf" value=(c.csrf);
            input type="text" name="username" value=(c.identity.login) autocomplete="username" hidden;
            div class="k-fields" { @for f in &fields { (f) } }
            p class="s12 m2" { (c.t("page-profile-password_hint")) }
            (Button::new(ButtonKind::Second, c.t("page-profile-change_password")).submit("", ""))
        }
    }
}

fn tokens(c: &Call, said: &Said) -> Result<Markup> {
    let own = c.app.own_tokens(&c.ctx)?;
    let zone = c.identity.zone;
    let text = wrong(c, said, "label");
    let label = Field::new("label", c.t("page-profile-token_label"), Control::Text { value: &said.label, kind: "text", placeholder: "" })
        .required()
        .width("w4")
        .wrong(text.as_deref().map(|text| Wrong { text, hint: "" }));
    let days =
        html! { select id="f-days" class="form-select" name="days" { @for (value, key) in DAYS { option value=(value) { (c.t(key)) } } } };
    let life = Field::new("days", c.t("page-profile-token_life"), Control::Custom(days)).width("w4");
    Ok(html! {
        @if let Some(token) = &said.token {
            div class="k-token" role="status" { p { (c.t("page-profile-token_once")) } code { (token) } }
        }
        @if own.is_empty() { p class="m2" { (c.t("page-profile-no_tokens")) } }
        @else {
            table class="k-plain k-tokens" aria-label=(c.t("page-profile-tokens")) {
                thead { tr { @for k in ["page-profile-token_label", "page-profile-token_made", "page-profile-token_used", "page-profile-token_until"] { th scope="col" { (c.t(k)) } } th { span class="vh" { (c.t("page-profile-revoke")) } } } }
                tbody { @for t in &own {
                    tr {
                        td { b class="b5" { (t.label) } } td class="tn" { (format::instant(c.lang, t.created_at, &zone)) } td class="tn" { (format::ago(c.lang, t.seen_at, c.ctx.now, &zone)) }
                        td class="tn" { (t.expires_at.map_or_else(|| c.t("page-profile-for_ever").to_string(), |at| format::date(c.lang, at.with_timezone(&zone).date_naive()))) }
                        td class="r" { form method="post" action="/profile/tokens/revoke" {
                            input type="hidden" name="csrf" value=(c.csrf); input type="hidden" name="id" value=(t.id);
                            button type="submit" class="btn btn-neg btn-s" aria-label={ (c.t("page-profile-revoke")) ": " (t.label) } { (c.t("page-profile-revoke")) }
                        } }
                    }
                } }
            }
        }
        form method="post" action="/profile/tokens" class="k-own mt8" {
            input type="hidden" name="csrf" value=(c.csrf);
            div class="k-fields" { (label) (life) }
            (Button::new(ButtonKind::Second, c.t("page-profile-make_token")).icon("plus").submit("", ""))
        }
    })
}
