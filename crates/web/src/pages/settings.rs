//! Everything that is set up once: companies, people, reference data. And the caller's own page.

use super::nav;
use super::shell::PageOf;
use super::state::{Call, Reply, Req, Web, respond};
use crate::ui::badge::Avatar;
use crate::ui::figures::{Pairs, Section};
use crate::ui::head::PageHead;
use crate::ui::icons::icon;
use axum::extract::State;
use axum::response::Response;
use kontor_kernel::error::Result;
use kontor_texts::{Lang, message};
use maud::html;

pub async fn settings(State(web): State<Web>, req: Req) -> Response {
    respond(web, req, |c| Ok(show_settings(c))).await
}

fn show_settings(c: &Call) -> Reply {
    let title = c.t("page-settings");
    let groups = nav::settings(c);
    let content = html! {
        (PageHead { title, about: html! {}, actions: html! {}, list: false, line: true })
        div class="k-body" { div class="k-places" {
            @for g in &groups { section { h2 { (g.title) } ul { @for i in &g.items { li { a class="k-li" href=(i.href) { span class="m2" { (icon(i.icon)) } span class="cut" { (i.title) } } } } } } }
            section { h2 { (c.t("page-api")) } ul { li { a class="k-li" href="/api/docs" data-full { span class="m2" { (icon("bolt")) } span class="cut" { (c.t("page-api")) } } } } }
        } }
    };
    c.page(&PageOf { title, here: "settings", crumbs: &[(title, None)], ..Default::default() }, content)
}

pub async fn profile(State(web): State<Web>, req: Req) -> Response {
    respond(web, req, show_profile).await
}

fn show_profile(c: &Call) -> Result<Reply> {
    let title = c.t("page-profile");
    let roles: Vec<String> = c.identity.access.roles.iter().map(|r| super::values::role(c.lang, r)).collect();
    let user = c.app.registry.get("users").filter(|s| c.ctx.access.may(s, "read")).map(|s| format!("/{}/{}", s.name, c.ctx.user_id));
    let label = |column| message::label(c.lang, "users", column);
    let facts = [
        (label("name"), html! { @match &user { Some(u) => a class="lk" href=(u) { (c.identity.name) }, None => (c.identity.name) } }),
        (label("login"), html! { (c.identity.login) }),
        (label("roles"), html! { (roles.join(", ")) }),
        (label("time_zone"), html! { (c.identity.zone.name()) }),
    ];
    let languages = html! { div class="row-f g12" { @for l in Lang::ALL { a class={ "btn " (if l == c.lang { "btn-primary" } else { "btn-2" }) } href={ "/language/" (l.code()) } data-full data-lang=(l.code()) lang=(l.code()) { (l.name()) } } } };
    let content = html! {
        (PageHead { title: &c.identity.name, about: html! { (Avatar { name: &c.identity.name, size: "s32", me: true }) }, actions: html! {}, list: false, line: true })
        div class="k-body" {
            section class="k-sec" { (Pairs { items: &facts, wide: true }) }
            (Section { title: c.t("page-language"), count: None, aside: html! {}, body: languages })
        }
    };
    Ok(c.page(&PageOf { title, here: "", crumbs: &[(title, None)], ..Default::default() }, content))
}
