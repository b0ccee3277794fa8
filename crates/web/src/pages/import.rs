//! A file into a list: checked first, then taken as a whole or not at all; errors by row and column. Unlike an import of
//! history by the command line, the same rules hold as for typing.

use super::list::crumbs;
use super::shell::PageOf;
use super::state::{Call, Reply, Req, Web, respond};
use crate::ui::head::PageHead;
use crate::ui::icons::icon;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use kontor_exchange::{Input, Options, Report};
use kontor_kernel::error::{Error, Result};
use kontor_platform::spec::{Kind, Spec};
use kontor_texts::{Arg, message, tr_args};
use kontor_trade::import;
use maud::{Markup, Render, html};

/// Errors shown on the page.
const SHOWN: usize = 200;

pub async fn show(State(web): State<Web>, Path(collection): Path<String>, req: Req) -> Response {
    respond(web, req, move |c| {
        let spec = may(c, &collection)?;
        Ok(page(c, spec, StatusCode::OK, html! {}))
    })
    .await
}

fn may(c: &Call, collection: &str) -> Result<&'static Spec> {
    let spec = c.spec(collection)?;
    let ok = spec.kind != Kind::Facts && c.ctx.access.may(spec, "create");
    if ok { Ok(spec) } else { Err(Error::forbidden().arg("action", "create").arg("entity", spec.name)) }
}

pub async fn take(State(web): State<Web>, Path(collection): Path<String>, req: Req) -> Response {
    respond(web, req, move |c| {
        let spec = may(c, &collection)?;
        let form = c.req.form();
        let on = |name: &str| form.iter().any(|(k, v)| k == name && matches!(v.as_str(), "1" | "true"));
        let Some((name, bytes)) = c.req.file() else { return Err(Error::field("file", "required")) };
        let mut ctx = c.ctx.clone();
        ctx.group = Some(kontor_platform::value::new_id());
        let options = Options { dry_run: on("check"), partial: on("partial"), ..Default::default() };
        let report = import(&c.app, &ctx, spec.name, &Input::bytes(name, bytes.to_vec()), &options);
        let status = if report.ok() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let told = tell(c, spec, &report, options.dry_run, options.partial);
        Ok(if c.req.by_script() && !c.req.partial() { Reply::Html(status, told) } else { page(c, spec, status, told) })
    })
    .await
}

fn page(c: &Call, spec: &'static Spec, status: StatusCode, told: Markup) -> Reply {
    let title = format!("{}: {}", message::entity(c.lang, spec.name), c.t("page-import").to_lowercase());
    let action = format!("/list/{}/import", spec.name);
    let content = html! {
        (PageHead { title: &title, about: html! {}, actions: html! {}, list: false, line: true })
        div class="k-body" {
            form class="k-form k-import" method="post" action=(action) enctype="multipart/form-data" hx-post=(action) hx-encoding="multipart/form-data" hx-target="#import-told" hx-swap="innerHTML" {
                input type="hidden" name="csrf" value=(c.csrf);
                label class="k-drop" {
                    (icon("upload")) span { (c.t("page-import-choose")) } span class="m2 s12" { (if spec.name == "rates" { "CSV, XLSX, XML, JSON" } else { "CSV, XLSX" }) }
                    input type="file" name="file" required accept=".csv,.xlsx,.tsv,.txt,.gz,.xml,.json";
                }
                p class="m2 s12 mt8" { (c.t("page-import-hint")) " " a class="lk" href={ "/api/v1/" (spec.name) "/export?format=xlsx&limit=1" } data-full download { (c.t("page-import-sample")) } }
                label class="k-check" { input class="form-check-input" type="checkbox" name="partial" value="1"; (c.t("page-import-partial")) }
                div class="k-acts" {
                    button type="submit" class="btn btn-2" name="check" value="1" { (c.t("page-import-check")) }
                    button type="submit" class="btn btn-primary" data-main { (icon("upload")) (c.t("page-import-run")) }
                    a class="btn btn-3" href={ "/" (spec.name) } { (c.t("page-card-cancel")) }
                }
            }
            div id="import-told" class="k-sec" aria-live="polite" { (told) }
        }
    };
    let mut way = crumbs(c, spec);
    way.push((c.t("page-import"), None));
    c.page_with(status, &PageOf { title: &title, here: spec.name, crumbs: &way, ..Default::default() }, content)
}

/// Counts, then what is wrong, row by row.
pub fn tell(c: &Call, spec: &Spec, r: &Report, checked: bool, partial: bool) -> Markup {
    let count = |key: &str, n: u64| tr_args(c.lang, key, &[("count", Arg::from(n))]);
    let verdict = match (r.ok(), checked, partial) {
        (true, true, _) => "page-import-may_be_taken",
        (true, false, _) => "page-import-all_taken",
        (false, _, true) => "page-import-some_refused",
        (false, true, _) => "page-import-would_be_refused",
        (false, false, _) => "page-import-nothing_taken",
    };
    html! {
        div class="row-f wrap g12" {
            b class={ "b6 " (if r.ok() { "pos" } else { "neg" }) } { (c.t(verdict)) }
            span class="m1" { (count("page-import-read", r.read)) }
            span class="m1" { (count("page-import-created", r.created)) }
            span class="m1" { (count("page-import-updated", r.updated)) }
            span class="m1" { (count("page-import-skipped", r.skipped)) }
            @if !r.errors.is_empty() { span class="neg" { (count("page-import-errors", r.errors.len() as u64)) } }
            @if r.ok() && !checked { a class="btn btn-2 btn-s" href={ "/" (spec.name) } { (message::entity(c.lang, spec.name)) } }
        }
        @if !r.errors.is_empty() {
            div class="k-scroll wide mt12" {
                table class="table k-grid plain" aria-label=(count("page-import-errors", r.errors.len() as u64)) {
                    colgroup { col width="84"; col width="200"; col; }
                    thead { tr { th scope="col" class="r" { (c.t("page-import-line")) } th scope="col" { (c.t("page-import-column")) } th scope="col" { (c.t("page-import-what")) } } }
                    tbody { @for e in r.errors.iter().take(SHOWN) { tr {
                        td class="r tn" { @if e.row > 0 { (e.row) } } td class="m1" { (e.column) } td title=(e.message) { (e.message) }
                    } } }
                }
            }
        }
    }
    .render()
}
