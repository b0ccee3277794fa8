//! Pages of the price office: the workbench of edited prices, price types with their formulas, the simulator, rates of exchange.

mod change;
mod formula;
pub(in crate::pages) mod job;
pub mod price_type;
mod rates;
pub(super) mod rows;
mod simulator;
pub mod tried;
mod workbench;

use super::reply;
use crate::pages::{Call, Reply, Req, Web, respond};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use kontor_kernel::error::{Error, Kind, Result};
use kontor_platform::app::Asked;
use kontor_texts::message;
use maud::{Markup, html};
use serde_json::Value as Json;

pub fn routes(r: Router<Web>) -> Router<Web> {
    let r = r
        .route("/price-workbench", get(|State(web): State<Web>, req: Req| respond(web, req, workbench::page)))
        .route("/price-workbench/price", post(|State(web): State<Web>, req: Req| respond(web, req, rows::write)))
        .route("/price-workbench/preview", post(|State(web): State<Web>, req: Req| respond(web, req, change::preview)))
        .route("/price-workbench/edit", post(|State(web): State<Web>, req: Req| respond(web, req, change::edit)))
        .route("/price-workbench/apply", post(|State(web): State<Web>, req: Req| respond(web, req, change::apply)))
        .route("/price-workbench/back", post(|State(web): State<Web>, req: Req| respond(web, req, change::back)));
    let r = r
        .route("/rate-matrix", get(|State(web): State<Web>, req: Req| respond(web, req, rates::page)))
        .route("/rate-matrix/feed", post(|State(web): State<Web>, req: Req| respond(web, req, rates::feed)))
        .route("/rate-matrix/load", post(|State(web): State<Web>, req: Req| respond(web, req, rates::load)))
        .route("/price-simulator", get(|State(web): State<Web>, req: Req| respond(web, req, simulator::page)))
        .route("/price-simulator/run", post(|State(web): State<Web>, req: Req| respond(web, req, simulator::run)))
        .route("/price-simulator/choose", get(|State(web): State<Web>, req: Req| respond(web, req, tried::choose)))
        .route("/price-simulator/add", post(|State(web): State<Web>, req: Req| respond(web, req, tried::add)))
        .route("/price-simulator/forget", post(|State(web): State<Web>, req: Req| respond(web, req, tried::forget)));
    let r = r.route("/price-type-trial", post(|State(web): State<Web>, req: Req| respond(web, req, price_type::trial)));
    r.route("/jobs/{id}/progress", get(job_of)).route("/jobs/{id}/stop", post(job_stop))
}

async fn job_of(State(web): State<Web>, Path(id): Path<String>, req: Req) -> axum::response::Response {
    respond(web, req, move |c| job::show(c, Call::id(&id)?)).await
}

async fn job_stop(State(web): State<Web>, Path(id): Path<String>, req: Req) -> axum::response::Response {
    respond(web, req, move |c| job::stop(c, Call::id(&id)?)).await
}

/// What a registered question answers to these parameters and this body.
fn question(c: &Call, path: &str, query: Vec<(String, String)>, body: Json) -> Result<Json> {
    let q = c.app.registry.questions.iter().find(|q| q.path == path).ok_or_else(Error::not_found)?;
    (q.run)(&c.app, &c.ctx, &Asked { query, body, ..Default::default() })
}

/// A refusal inside a page: everything that is wrong, with what would have to change; other errors are pages of their own.
fn refused(c: &Call, e: Error) -> Result<Reply> {
    match e.kind() {
        Kind::Refused | Kind::Conflict | Kind::Forbidden => Ok(Reply::Html(StatusCode::UNPROCESSABLE_ENTITY, wrong(c, &e))),
        _ => Err(e),
    }
}

fn wrong(c: &Call, e: &Error) -> Markup {
    let i = e.inner();
    html! {
        div class="k-sum-err" role="alert" {
            (crate::ui::icon("alert-triangle")) b { (message::error(c.lang, &i.code, &i.args)) }
            @if !i.fields.is_empty() {
                ul {
                    @for f in &i.fields {
                        li {
                            (message::label(c.lang, "price-types", f.field.split('.').next().unwrap_or(""))) ": " (message::error(c.lang, &f.code, &f.args))
                            @if let Some((code, args)) = &f.hint { " " span class="m2" { (message::hint(c.lang, code, args)) } }
                        }
                    }
                }
            }
        }
    }
}
