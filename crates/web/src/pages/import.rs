//! A file into a list: checked first, then taken as a whole or not at all; errors by row and column. Unlike an import of
//! history by the command line, the same rules hold as for typing. Heads that are not known are mapped by hand ([`map`]).

mod map;

use super::list::crumbs;
use super::shell::PageOf;
use super::state::{Call, Reply, Req, Web, respond};
use super::work::prices::job;
use crate::ui::head::PageHead;
use crate::ui::icons::icon;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use kontor_api::call::COOKIE;
use kontor_api::import::{Asked, Outcome};
use kontor_api::spool::{self, Coming, Spooled};
use kontor_exchange::{Mapping, Options, Report, RowError};
use kontor_kernel::error::{Error, Kind as ErrorKind, Result};
use kontor_platform::Ctx;
use kontor_platform::app::if_seen;
use kontor_platform::spec::{Kind, Spec};
use kontor_platform::value::Id;
use kontor_texts::{Arg, message, tr_args};
use maud::{Markup, Render, html};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Largest form in bytes: a file with its fields.
pub const BODY_LIMIT: usize = spool::LIMIT as usize + (1 << 20);
/// Any other field.
const FIELD_LIMIT: usize = 10_000;
/// Then the page shows the progress of the job instead of its end.
const PATIENCE: Duration = Duration::from_secs(5);
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
    if takes(spec) && c.ctx.access.may(spec, "create") {
        Ok(spec)
    } else {
        Err(Error::forbidden().arg("action", "create").arg("entity", spec.name))
    }
}

/// Facts come out of documents, but for those that a file may bring: prices.
pub fn takes(spec: &Spec) -> bool {
    spec.kind != Kind::Facts || spec.recorded_by.is_some()
}

/// What stood in the form.
#[derive(Default)]
struct Form {
    file: Option<Spooled>,
    check: bool,
    partial: bool,
    mapping: Mapping,
}

/// The file is written to disk as it comes; a long import goes on as a job, whose progress the page shows.
pub async fn take(State(web): State<Web>, Path(collection): Path<String>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut req = Req::bare(&mut parts, &web).await;
    let request = Request::from_parts(parts, body);
    let mut constants = BTreeMap::new();
    let done = async {
        // Who may not is told so before he sends a gigabyte.
        let csrf = permitted(&web, &req, &collection).await?;
        let form = read(&web, request, &csrf).await?;
        // It was compared above; the page asks for it as for any other write.
        req.headers.insert("x-csrf-token", HeaderValue::from_str(&csrf).map_err(Error::internal)?);
        constants = form.mapping.constants.clone();
        let options = Options { dry_run: form.check, partial: form.partial, mapping: form.mapping, ..Default::default() };
        let file = form.file.ok_or_else(|| Error::field("file", "required"))?;
        let ctx = caller(&web, &req).await?;
        let entity = web.app.registry.get(&collection).ok_or_else(Error::not_found)?.name;
        let asked = Asked { ctx, entity, options, about: Default::default() };
        Ok((kontor_api::import::run(&web.app, asked, file, PATIENCE).await?, form.check, form.partial))
    };
    let done: Result<_> = done.await;
    respond(web, req, move |c| {
        let (outcome, check, partial) = done?;
        let spec = may(c, &collection)?;
        let (status, told) = match outcome {
            Outcome::Done(found) => {
                let status = if found.report.ok() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
                (status, tell_mapped(c, spec, &found.report, (check, partial), &constants)?)
            }
            Outcome::Going(id) => (StatusCode::ACCEPTED, going(c, id)?),
        };
        Ok(if c.req.by_script() && !c.req.partial() { Reply::Html(status, told) } else { page(c, spec, status, told) })
    })
    .await
}

/// The session's token, if its user may import here.
async fn permitted(web: &Web, req: &Req, collection: &str) -> Result<Arc<str>> {
    let (app, token) = (web.app.clone(), req.cookie(COOKIE).map(str::to_string));
    let collection = collection.to_string();
    let find = move || {
        let identity = app.identify(&token.ok_or_else(|| Error::new(ErrorKind::SignedOut, "signed_out"))?)?;
        let spec = app.registry.get(&collection).ok_or_else(Error::not_found)?;
        if !takes(spec) || !identity.access.may(spec, "create") {
            return Err(Error::forbidden().arg("action", "create").arg("entity", spec.name));
        }
        Ok(identity.csrf)
    };
    tokio::task::spawn_blocking(find).await.map_err(Error::internal)?
}

/// The caller as the page knows him.
async fn caller(web: &Web, req: &Req) -> Result<Ctx> {
    let (web, bare) = (web.clone(), req.again());
    tokio::task::spawn_blocking(move || Call::new(&web, bare).map(|c| c.ctx).map_err(|out| out.1)).await.map_err(Error::internal)?
}

/// Fields in their order: the token comes before the file.
async fn read(web: &Web, request: Request, csrf: &str) -> Result<Form> {
    let unreadable = |_| Error::unreadable("unreadable_body");
    let by_script = request.headers().get("x-csrf-token").is_some_and(|t| t.as_bytes() == csrf.as_bytes());
    let mut parts = Multipart::from_request(request, web).await.map_err(|_| Error::unreadable("unreadable_body"))?;
    let (mut form, mut known, mut mapped) = (Form::default(), by_script, map::Fields::default());
    while let Some(mut field) = spool::in_time(parts.next_field()).await?.map_err(unreadable)? {
        let name = field.name().unwrap_or("").to_string();
        if name == "file" && known {
            let mut to = Coming::begin(&web.app, field.file_name().unwrap_or("")).await?;
            let mut size = 0;
            while let Some(piece) = spool::in_time(field.chunk()).await?.map_err(unreadable)? {
                size += piece.len();
                to.add(&piece).await?;
            }
            let file = to.end().await?;
            // A form without a chosen file sends an empty one.
            form.file = Some(file).filter(|_| size > 0);
            continue;
        }
        let mut value = vec![];
        while let Some(piece) = spool::in_time(field.chunk()).await?.map_err(unreadable)? {
            value.extend_from_slice(&piece);
            if value.len() > FIELD_LIMIT {
                return Err(Error::new(ErrorKind::TooLarge, "body_too_large"));
            }
        }
        let on = matches!(value.as_slice(), b"1" | b"true");
        match name.as_str() {
            "csrf" => known |= !csrf.is_empty() && value == csrf.as_bytes(),
            "check" => form.check = on,
            "partial" => form.partial = on,
            _ => mapped.add(&name, &String::from_utf8_lossy(&value))?,
        }
    }
    form.mapping = mapped.mapping();
    if known { Ok(form) } else { Err(Error::forbidden().arg("action", "csrf").arg("entity", "session")) }
}

fn going(c: &Call, id: Id) -> Result<Markup> {
    // Not everybody may read jobs.
    let shown = if_seen(job::place(c, &id.to_string(), ""))?;
    Ok(shown.unwrap_or_else(|| html! { p class="k-told" { (c.t("page-import-goes_on")) } }))
}

/// What came of an import that went on as a job.
pub fn came(c: &Call, j: &Json) -> Markup {
    // An import that was ended from outside has no report.
    let report = serde_json::from_value::<Report>(j["result"].clone()).unwrap_or_default();
    let interrupted = j["error"]["message"].as_str().filter(|_| report.ok() && j["state"] != "done");
    html! {
        @if let Some(why) = interrupted { p class="k-told neg" { (why) } }
        @else { (tell(c, None, &report, false, j["state"] == "done")) }
    }
}

fn page(c: &Call, spec: &'static Spec, status: StatusCode, told: Markup) -> Reply {
    let title = format!("{}: {}", message::entity(c.lang, spec.name), c.t("page-import").to_lowercase());
    let action = format!("/list/{}/import", spec.name);
    let content = html! {
        (PageHead { title: &title, about: html! {}, actions: html! {}, list: false, line: true })
        div class="k-body k-importing" {
            form class="k-form k-import" id=(map::FORM) method="post" action=(action) enctype="multipart/form-data" hx-post=(action) hx-encoding="multipart/form-data" hx-target="#import-told" hx-swap="innerHTML" {
                input type="hidden" name="csrf" value=(c.csrf);
                label class="k-drop" {
                    (icon("upload")) span data-chosen { (c.t("page-import-choose")) } span class="m2 s12" { (if spec.name == "rates" { "CSV, XLSX, XML, JSON" } else { "CSV, XLSX" }) }
                    input type="file" name="file" required accept=".csv,.xlsx,.tsv,.txt,.gz,.xml,.json";
                }
                p class="m2 s12 mt8" { (c.t("page-import-hint")) " " a class="lk" href={ "/api/v1/" (spec.name) "/export?format=xlsx&limit=1" } data-full download { (c.t("page-import-sample")) } }
                label class="k-check" { input class="form-check-input" type="checkbox" name="partial" value="1"; (c.t("page-import-partial")) }
            }
            div id="import-told" class="k-sec" aria-live="polite" { (told) }
            // Below what is told and always in sight: whoever maps columns goes on where he is.
            div class="k-acts" {
                button type="submit" form=(map::FORM) class="btn btn-2" name="check" value="1" { (c.t("page-import-check")) }
                button type="submit" form=(map::FORM) class="btn btn-primary" data-main { (icon("upload")) (c.t("page-import-run")) }
                a class="btn btn-3" href={ "/" (spec.name) } { (c.t("page-card-cancel")) }
            }
        }
    };
    let mut way = crumbs(c, spec);
    way.push((c.t("page-import"), None));
    c.page_with(status, &PageOf { title: &title, here: spec.name, crumbs: &way, ..Default::default() }, content)
}

/// Counts, then what is wrong, row by row.
pub fn tell(c: &Call, spec: Option<&'static Spec>, r: &Report, checked: bool, partial: bool) -> Markup {
    told(c, spec, r, (checked, partial), false)
}

/// The same with the columns of the file, and what was typed in place of what it does not have.
fn tell_mapped(c: &Call, spec: &'static Spec, r: &Report, asked: (bool, bool), constants: &BTreeMap<String, String>) -> Result<Markup> {
    let unknown = r.columns.iter().any(|x| x.field.is_none());
    let columns = if r.columns.is_empty() {
        html! {}
    } else {
        map::section(c, spec, r, constants)?
    };
    Ok(html! { (told(c, Some(spec), r, asked, unknown)) (columns) })
}

/// `unknown`: heads of the file are still to be mapped, and nothing of it was read.
fn told(c: &Call, spec: Option<&'static Spec>, r: &Report, (checked, partial): (bool, bool), unknown: bool) -> Markup {
    let count = |key: &str, n: u64| tr_args(c.lang, key, &[("count", Arg::from(n))]);
    let verdict = match (r.ok(), checked, partial) {
        _ if unknown => "page-import-say_columns",
        (true, true, _) => "page-import-may_be_taken",
        (true, false, _) => "page-import-all_taken",
        (false, _, true) => "page-import-some_refused",
        (false, true, _) => "page-import-would_be_refused",
        (false, false, _) => "page-import-nothing_taken",
    };
    let tone = match (unknown, r.ok()) {
        (true, _) => "",
        (false, true) => "pos",
        (false, false) => "neg",
    };
    html! {
        div class="row-f wrap g12" {
            b class={ "b6 " (tone) } { (c.t(verdict)) }
            // Nothing was read yet where the heads are not known.
            @if !unknown {
                span class="m1" { (count("page-import-read", r.read)) }
                span class="m1" { (count("page-import-created", r.created)) }
                span class="m1" { (count("page-import-updated", r.updated)) }
                span class="m1" { (count("page-import-skipped", r.skipped)) }
                @if !r.errors.is_empty() { span class="neg" { (count("page-import-errors", r.errors.len() as u64)) } }
            }
            @if let Some(spec) = spec.filter(|_| r.ok() && !checked) { a class="btn btn-2 btn-s" href={ "/" (spec.name) } { (message::entity(c.lang, spec.name)) } }
        }
        @if !r.notes.is_empty() { ul class="k-notes mt8" { @for n in &r.notes { li { (n) } } } }
        // Heads that are not known stand in the table of columns, each with its choice.
        @if !r.errors.is_empty() && !unknown { (errors(c, &r.errors)) }
    }
    .render()
}

fn errors(c: &Call, all: &[RowError]) -> Markup {
    let title = tr_args(c.lang, "page-import-errors", &[("count", Arg::from(all.len() as u64))]);
    html! {
        div class="k-scroll wide mt12" {
            table class="table k-grid plain k-wraps" aria-label=(title) {
                colgroup { col width="84"; col width="200"; col; }
                thead { tr { th scope="col" class="r" { (c.t("page-import-line")) } th scope="col" { (c.t("page-import-column")) } th scope="col" { (c.t("page-import-what")) } } }
                tbody { @for e in all.iter().take(SHOWN) { tr {
                    td class="r tn" { @if e.row > 0 { (e.row) } } td class="m1" dir="auto" title=(e.column) { span class="k-clamp" { (e.column) } } td title=(e.message) { (e.message) }
                } } }
            }
        }
    }
}
