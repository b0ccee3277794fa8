//! The door: sign in and out, language and appearance.

use super::state::{Call, Reply, Req, THEME_COOKIE, Web, encode, local, open, respond, set_cookie};
use crate::ui::sign_in::SignIn;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kontor_api::call::{COOKIE, LANG_COOKIE};
use kontor_api::problem;
use kontor_kernel::error::{Error, Kind, Result};
use kontor_texts::Lang;
use maud::Render;

/// A year in seconds.
const YEAR: i64 = 31_536_000;

pub fn routes(r: Router<Web>) -> Router<Web> {
    r.route("/sign-in", get(show).post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/language/{code}", get(language))
        .route("/theme/{name}", get(theme))
}

fn next(req: &Req) -> String {
    let form = req.form();
    let posted = form.iter().find(|(k, _)| k == "back" || k == "next").map(|(_, v)| v.as_str());
    local(posted.or_else(|| req.param("next")).or_else(|| req.param("back")).unwrap_or("/")).to_string()
}

fn door(web: &Web, req: &Req, login: &str, wrong: Option<&str>) -> Reply {
    let back = next(req);
    let mut roles = kontor_kernel::HashSet::new();
    let people: Vec<(&str, &str, String)> = web
        .app
        .demo
        .get()
        .into_iter()
        .flatten()
        // One of each role is enough to choose from.
        .filter(|p| roles.insert(p.2.as_str()))
        .map(|(login, password, role, name)| {
            (login.as_str(), password.as_str(), format!("{} · {name}", super::values::role(req.lang, role)))
        })
        .collect();
    let demo: Vec<(&str, &str, &str)> = people.iter().map(|(l, p, r)| (*l, *p, r.as_str())).collect();
    let m = SignIn {
        lang: req.lang,
        theme: req.theme(),
        csrf: "",
        back: &back,
        login,
        wrong,
        code: false,
        demo: &demo,
        nobody: web.app.awaits_setup(),
    }
    .render();
    Reply::Html(StatusCode::OK, m)
}

async fn show(State(web): State<Web>, req: Req) -> Response {
    open(web, req, |web, req| {
        if let Some(token) = req.cookie(COOKIE) {
            match web.app.identify(token) {
                Ok(_) => return Ok(Reply::Go(next(req))),
                Err(e) if e.kind() == Kind::SignedOut => {}
                Err(e) => return Err(e),
            }
        }
        Ok(door(web, req, "", None))
    })
    .await
}

async fn sign_in(State(web): State<Web>, req: Req) -> Response {
    open(web, req, |web, req| {
        same_site(req)?;
        let form = req.form();
        let field = |name: &str| form.iter().find(|(k, _)| k == name).map_or("", |(_, v)| v.as_str());
        match web.app.sign_in(field("login"), field("password"), &req.origin) {
            Ok(token) => Ok(Reply::GoWith(next(req), vec![set_cookie(COOKIE, &token, None, true, web.https)])),
            Err(e) if matches!(e.kind(), Kind::SignedOut | Kind::TooMany | Kind::Refused) => {
                let said = super::errors::explain(req.lang, &e);
                let Reply::Html(_, m) = door(web, req, field("login"), Some(&said)) else { return Err(e) };
                Ok(Reply::Html(if e.kind() == Kind::SignedOut { StatusCode::UNPROCESSABLE_ENTITY } else { problem::status(e.kind()) }, m))
            }
            Err(e) => Err(e),
        }
    })
    .await
}

/// A form of another site must not sign anybody in: there is no session whose token could be asked for.
pub fn same_site(req: &Req) -> Result<()> {
    match req.headers.get("sec-fetch-site").and_then(|v| v.to_str().ok()) {
        Some("cross-site") => Err(Error::forbidden().arg("action", "csrf").arg("entity", "session")),
        _ => Ok(()),
    }
}

async fn sign_out(State(web): State<Web>, req: Req) -> Response {
    respond(web, req, |c: &Call| {
        if let Some(token) = c.req.cookie(COOKIE) {
            c.app.sign_out(token)?;
        }
        Ok(Reply::GoWith("/sign-in".into(), vec![set_cookie(COOKIE, "", Some(0), true, c.web.https)]))
    })
    .await
}

/// Back to the page on which the choice was made.
fn came_from(req: &Req) -> String {
    let from = req.headers.get("referer").and_then(|v| v.to_str().ok()).unwrap_or("");
    let path = from.split_once("://").and_then(|(_, rest)| rest.find('/').map(|i| &rest[i..])).unwrap_or("/");
    local(path).to_string()
}

async fn language(State(web): State<Web>, Path(code): Path<String>, req: Req) -> Response {
    open(web, req, move |web, req| {
        let lang = Lang::parse(&code).ok_or_else(Error::not_found)?;
        Ok(Reply::GoWith(came_from(req), vec![set_cookie(LANG_COOKIE, lang.code(), Some(YEAR), false, web.https)]))
    })
    .await
}

async fn theme(State(web): State<Web>, Path(name): Path<String>, req: Req) -> Response {
    open(web, req, move |web, req| {
        if !matches!(name.as_str(), "auto" | "light" | "dark") {
            return Err(Error::not_found());
        }
        Ok(Reply::GoWith(came_from(req), vec![set_cookie(THEME_COOKIE, &encode(&name), Some(YEAR), false, web.https)]))
    })
    .await
}
