//! Everything that is set up once: companies, people, reference data.

use super::nav;
use super::shell::PageOf;
use super::state::{Call, Reply, Req, Web, respond};
use crate::ui::head::PageHead;
use crate::ui::icons::icon;
use axum::extract::State;
use axum::response::Response;
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
