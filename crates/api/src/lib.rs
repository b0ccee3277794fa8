//! REST API `/api/v1`: every collection, command, report and question that is registered, from the declarations alone.
//! Knows no SQL and no business noun. Blocking work runs on the blocking pool, one hop per request.

mod bulk;
pub mod call;
mod collections;
mod docs;
pub mod files;
pub mod import;
mod live;
mod openapi;
mod openapi_more;
pub mod problem;
mod questions;
mod session;
pub mod spool;
mod stream;

pub use openapi::document as openapi_document;

use axum::Router;
use axum::routing::{delete, get, post, put};
use kontor_platform::App;
use std::sync::Arc;
use std::time::Duration;

/// Largest request body in bytes.
pub const BODY_LIMIT: usize = 10 << 20;

#[derive(Clone)]
pub struct Api {
    pub app: Arc<App>,
    /// Cookies carry `Secure`.
    pub https: bool,
}

pub fn router(api: Api) -> Router {
    let mut r = Router::new()
        .route("/api/v1/session", post(session::sign_in).get(session::who).delete(session::sign_out))
        .route("/api/v1/session/password", post(session::change_password))
        .route("/api/v1/session/tokens", get(session::tokens).post(session::make_token))
        .route("/api/v1/session/tokens/{id}", delete(session::drop_token))
        .route("/api/v1/openapi.json", get(openapi::serve))
        .route("/api/docs", get(docs::page))
        .route("/api/docs/docs.css", get(docs::css))
        .route("/api/v1/search", get(collections::search))
        .route("/api/v1/live", get(live::events))
        .route("/api/v1/presence/{collection}/{id}", put(live::look).delete(live::look_away))
        .route("/api/v1/drafts/{key}", get(collections::draft).put(collections::keep_draft).delete(collections::drop_draft))
        .route("/api/v1/audit", get(collections::journal))
        .route("/api/v1/audit/{id}/undo", post(collections::undo))
        .route("/api/v1/audit/groups/{group}/undo", post(collections::undo_group))
        .route("/api/v1/reports", get(questions::reports))
        .route("/api/v1/reports/{name}", get(questions::report));
    r = questions::routes(r, &api.app);
    r = r
        .route("/api/v1/{collection}", get(collections::list).post(collections::create))
        .route("/api/v1/{collection}/preview", post(collections::preview))
        .route("/api/v1/{collection}/bulk", post(bulk::bulk))
        .route("/api/v1/{collection}/{id}", get(collections::get).patch(collections::update).delete(collections::delete))
        .route("/api/v1/{collection}/{id}/history", get(collections::history))
        .route("/api/v1/{collection}/{id}/{verb}", post(collections::verb));
    r.route("/api/{*rest}", axum::routing::any(call::unknown))
        .method_not_allowed_fallback(call::wrong_method)
        .layer(axum::extract::DefaultBodyLimit::max(BODY_LIMIT))
        .layer(tower_http::timeout::TimeoutLayer::with_status_code(axum::http::StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(120)))
        // A gigabyte may take its time both ways; what comes in is spooled, and each wait of it has a limit of its own.
        .route("/api/v1/{collection}/export", get(files::export))
        .route("/api/v1/{collection}/import", post(import::import))
        .layer(axum::middleware::from_fn(call::readable))
        .with_state(api)
}
