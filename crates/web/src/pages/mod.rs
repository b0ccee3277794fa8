//! The pages: sign-in, lists, cards, forms drawn from the declarations; pages made for one kind of work stand in `work`
//! and come before the general ones.
//!
//! A handler takes `State<Web>` and `Req` and answers `respond(web, req, |c| …)`: the closure runs on the blocking pool
//! with everything about the caller, and returns `c.page(&PageOf { … }, content)` or another `Reply`.

mod about;
mod address;
mod bulk;
pub mod card;
mod chips;
mod columns;
pub mod errors;
mod fields;
pub mod form;
mod groups;
mod history;
mod import;
mod kept;
pub mod list;
mod multipart;
pub mod nav;
mod peek;
mod prefill;
mod profile;
mod reader;
mod related;
mod settings;
mod settle;
mod setup;
pub mod shell;
pub mod sign_in;
pub mod state;
mod titles;
mod typed;
mod values;
mod verbs;
mod views;
pub mod work;

pub use shell::PageOf;
pub use state::{Call, Reply, Req, Web, respond};

use crate::assets;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use kontor_platform::App;
use std::sync::Arc;

/// Largest form in bytes.
const BODY_LIMIT: usize = 10 << 20;

/// Everything people see; the server mounts it beside the API. `https`: cookies carry `Secure`.
pub fn router(app: Arc<App>, https: bool) -> Router {
    let web = Web::new(app, https);
    let r = Router::new().route("/assets/{file}", get(assets::serve));
    let r = sign_in::routes(r);
    let r = work::routes(r);
    let r = r
        .route("/setup", get(setup::show).post(setup::make))
        .route("/settings", get(settings::settings))
        .route("/profile", get(profile::show))
        .route("/profile/password", post(profile::password))
        .route("/profile/tokens", post(profile::make_token))
        .route("/profile/tokens/revoke", post(profile::revoke_token))
        .route("/list/{collection}/count", get(list::count))
        .route("/list/{collection}/totals", get(groups::show))
        .route("/list/{collection}/import", get(import::show).post(import::take).layer(DefaultBodyLimit::max(import::BODY_LIMIT)))
        .route("/list/{collection}/views", post(views::save))
        .route("/list/{collection}/views/remove", post(views::remove))
        .route("/{collection}", get(list::show))
        .route("/{collection}/new", get(form::new_page))
        .route("/{collection}/{id}", get(card::show))
        .route("/{collection}/{id}/peek", get(peek::show))
        .route("/{collection}/{id}/edit", get(form::edit_page).post(form::save))
        .route("/{collection}/{id}/delete", post(card::remove))
        .route("/{collection}/{id}/do/{verb}", post(verbs::post));
    r.fallback(errors::unknown).layer(axum::middleware::from_fn(errors::readable)).layer(DefaultBodyLimit::max(BODY_LIMIT)).with_state(web)
}
