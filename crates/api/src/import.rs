//! Files as lists. What comes in is spooled, then taken by a job of this process; short ones are answered at once, for long
//! ones there is the address of the job.

use crate::Api;
use crate::call::{Answer, Call};
use crate::collections::spec;
use crate::spool::{self, Spooled};
use crate::{problem, questions};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use kontor_exchange::{Job, Mapping, Options};
use kontor_kernel::error::{Error, Kind, Result};
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Source};
use kontor_texts::tr_args;
use kontor_trade::{About, Told};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::oneshot;

/// Who asked is kept waiting so long before he gets the job's address instead; with `Prefer: respond-async` not at all.
pub const AT_ONCE: Duration = Duration::from_secs(20);
/// Files that are taken in at the same time: a workbook is held in memory while it is checked, and what is known of the rows of any.
const TOGETHER: usize = 3;
static GOING: AtomicUsize = AtomicUsize::new(0);

/// What shall become of a file.
pub struct Asked {
    pub ctx: Ctx,
    pub entity: &'static str,
    pub options: Options,
    pub about: About,
}

pub enum Outcome {
    Done(Told),
    /// It goes on as this job.
    Going(Id),
}

/// One of the imports that go on.
struct Place;
impl Place {
    fn take() -> Result<Place> {
        if GOING.fetch_add(1, Ordering::Relaxed) < TOGETHER {
            return Ok(Place);
        }
        GOING.fetch_sub(1, Ordering::Relaxed);
        Err(Error::new(Kind::Unavailable, "busy").cause("other files are being taken in"))
    }
}
impl Drop for Place {
    fn drop(&mut self) {
        GOING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Takes a file on a thread of its own, which goes on when whoever asked is answered or has gone.
pub async fn run(app: &Arc<App>, asked: Asked, file: Spooled, wait: Duration) -> Result<Outcome> {
    let place = Place::take()?;
    let (begun, beginning) = oneshot::channel();
    let (done, ending) = oneshot::channel();
    let app = app.clone();
    let work = move || {
        let Asked { ctx, entity, options, about } = asked;
        let title = tr_args(ctx.lang, "jobs-import-title", &[("what", file.input().name().into())]);
        let job = Job::begin(&app, &ctx, &title, &options);
        let id = job.as_ref().map(Job::id).map_err(Clone::clone);
        let heard = begun.send(id).is_ok();
        if let (Ok(job), true) = (job, heard) {
            let input = file.input();
            let told = job.run(|ctx| kontor_trade::take(&app, ctx, entity, &input, &options, about), |told| &mut told.report);
            // Whoever asked may have gone; the job's row tells the rest.
            let _ = done.send(told);
        }
        drop((file, place));
    };
    std::thread::Builder::new().name("import".into()).spawn(work).map_err(Error::internal)?;
    let broken = || Error::internal("the import ended with a panic");
    let id = beginning.await.map_err(|_| broken())??;
    if wait.is_zero() {
        // Asked to be answered at once: with the job's address, be it ended or not.
        return Ok(Outcome::Going(id));
    }
    match tokio::time::timeout(wait, ending).await {
        Ok(told) => told.map(Outcome::Done).map_err(|_| broken()),
        Err(_) => Ok(Outcome::Going(id)),
    }
}

/// The body is the file itself; `dry_run` and `partial` as on the command line. Unlike the command line's, an import by a
/// person over the API is no history: the same rules hold as for typing.
pub async fn import(State(api): State<Api>, Path(collection): Path<String>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let call = Call::bare(&mut parts, &api).await;
    let (lang, wait) = (call.lang, patience(&parts.headers));
    let length = parts.headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    let done = async {
        // Who may not is told so before he sends a gigabyte.
        let app = api.app.clone();
        let asked = tokio::task::spawn_blocking(move || asked(&app, &call, &collection)).await.map_err(Error::internal)??;
        let (ctx, file) = (asked.ctx.clone(), spool::whole(&api.app, asked.entity, body, length).await?);
        match run(&api.app, asked, file, wait).await? {
            Outcome::Done(told) => {
                let status = if told.report.ok() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
                Ok(Answer::json(&told.json()).status(status))
            }
            Outcome::Going(id) => {
                let app = api.app.clone();
                let shown = tokio::task::spawn_blocking(move || app.get(&ctx, "jobs", id)).await.map_err(Error::internal)?;
                // Not everybody may read jobs.
                Ok(questions::started(&shown.unwrap_or_else(|_| json!({"id": id, "state": "running"}))))
            }
        }
    };
    match done.await {
        Ok(answer) => Answer::into_response(answer),
        Err(e) => problem::response(&e, lang),
    }
}

fn asked(app: &Arc<App>, call: &Call, collection: &str) -> Result<Asked> {
    let mut ctx = call.ctx(app)?;
    let s = spec(app, collection)?;
    ctx.access.require(s, "create")?;
    if ctx.source == Source::Import {
        ctx.source = Source::Api;
    }
    let given = |name: &str| call.query.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str());
    let on = |name: &str| given(name).is_some_and(|v| v == "true" || v == "1");
    // Objects in JSON: field by head, value by field.
    let object = |name: &str| match given(name).filter(|v| !v.is_empty()) {
        Some(said) => serde_json::from_str(said).map_err(|_| Error::field(name.to_string(), "wrong_type").field_arg("expected", "object")),
        None => Ok(Default::default()),
    };
    let mapping = Mapping { columns: object("columns")?, constants: object("constants")? };
    let options = Options { dry_run: on("dry_run"), partial: on("partial"), mapping, ..Default::default() };
    let partner = match given("partner_id") {
        Some(said) if s.name == "supplier-prices" => Some(kontor_trade::price_list::partner(app, &ctx, said)?),
        _ => None,
    };
    let warehouse = match given("warehouse_id") {
        Some(said) if s.name == "stock-receipts" && !said.is_empty() => {
            Some(kontor_trade::named(app, &ctx, "warehouses", "warehouse_id", said)?)
        }
        _ => None,
    };
    Ok(Asked { ctx, entity: s.name, options, about: About { partner, warehouse } })
}

/// `Prefer: respond-async` (RFC 7240): the address of the job at once.
fn patience(headers: &HeaderMap) -> Duration {
    let wishes = headers.get_all("prefer").iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
    if wishes.map(str::trim).any(|w| w.eq_ignore_ascii_case("respond-async")) { Duration::ZERO } else { AT_ONCE }
}
