//! One request: who calls, in which language, what was sent; and its answer.

use crate::{Api, problem};
use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use axum::middleware::Next;
use axum::response::Response;
use kontor_kernel::error::{Error, Kind, Result};
use kontor_platform::auth::Identity;
use kontor_platform::{App, Ctx, Source};
use kontor_texts::Lang;
use serde_json::Value as Json;
use std::sync::Arc;

/// Name of the session cookie.
pub const COOKIE: &str = "kontor_session";
/// Name of the cookie with a chosen language.
pub const LANG_COOKIE: &str = "kontor_lang";

/// Everything of a request but its path, read before the blocking part.
pub struct Call {
    pub method: Method,
    pub headers: HeaderMap,
    pub query: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub lang: Lang,
    pub origin: String,
}

impl<S: Send + Sync> FromRequest<S> for Call {
    type Rejection = Response;
    async fn from_request(req: Request, state: &S) -> std::result::Result<Self, Response> {
        let (mut parts, body) = req.into_parts();
        let call = Call::bare(&mut parts, state).await;
        let lang = call.lang;
        let limited = Request::from_parts(parts, body);
        let bytes = axum::body::Bytes::from_request(limited, state).await.map_err(|r| {
            use axum::response::IntoResponse;
            let e = if r.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
                Error::new(Kind::TooLarge, "body_too_large")
            } else {
                Error::unreadable("unreadable_body")
            };
            problem::response(&e, lang)
        })?;
        Ok(Call { body: bytes.into(), ..call })
    }
}

impl Call {
    /// Without the body, for those who read it themselves.
    pub async fn bare<S: Send + Sync>(parts: &mut Parts, state: &S) -> Call {
        Call {
            method: parts.method.clone(),
            headers: parts.headers.clone(),
            query: pairs(parts.uri.query().unwrap_or("")),
            body: vec![],
            lang: language(&parts.headers, parts.uri.query().unwrap_or("")),
            origin: origin(parts, state).await,
        }
    }
}

async fn origin<S: Send + Sync>(parts: &mut Parts, state: &S) -> String {
    match axum::extract::ConnectInfo::<std::net::SocketAddr>::from_request_parts(parts, state).await {
        Ok(c) => c.0.ip().to_string(),
        Err(_) => String::new(),
    }
}

/// Most parameters of a request: more are refused, none is passed over.
pub const PARAMETERS: usize = 200;

/// Refuses more parameters than are read.
pub fn counted(pairs: &[(String, String)]) -> Result<()> {
    if pairs.len() > PARAMETERS { Err(Error::field("query", "too_many").field_arg("max", PARAMETERS)) } else { Ok(()) }
}

/// Decodes `a=b&c=d`; what is not UTF-8 is replaced, so that a bad filter becomes a field error and no crash.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    let decode = |s: &str| percent_encoding::percent_decode_str(&s.replace('+', " ")).decode_utf8_lossy().into_owned();
    query
        .split('&')
        .filter(|s| !s.is_empty())
        .take(PARAMETERS + 1)
        .map(|p| p.split_once('=').map_or_else(|| (decode(p), String::new()), |(k, v)| (decode(k), decode(v))))
        .collect()
}

pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .find_map(|c| c.trim().strip_prefix(name)?.strip_prefix('='))
}

/// A path that is no text names nothing.
pub fn is_text(path: &str) -> bool {
    percent_encoding::percent_decode_str(path).decode_utf8().is_ok()
}

/// Refuses such a path before any route takes it apart.
pub async fn readable(req: Request, next: Next) -> Response {
    if is_text(req.uri().path()) {
        return next.run(req).await;
    }
    problem::response(&Error::not_found(), language(req.headers(), req.uri().query().unwrap_or("")))
}

/// Language: `lang=` in the URL, the cookie, then what the browser prefers.
pub fn language(headers: &HeaderMap, query: &str) -> Lang {
    let asked = query.split('&').find_map(|p| p.strip_prefix("lang=")).and_then(Lang::parse);
    asked
        .or_else(|| cookie(headers, LANG_COOKIE).and_then(Lang::parse))
        .unwrap_or_else(|| headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).map_or(Lang::En, Lang::negotiate))
}

impl Call {
    pub fn token(&self) -> Option<(&str, bool)> {
        if let Some(v) = self.headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()) {
            return v.strip_prefix("Bearer ").map(|t| (t.trim(), false));
        }
        cookie(&self.headers, COOKIE).map(|t| (t, true))
    }

    /// The caller; a write by cookie must carry the CSRF token.
    pub fn identity(&self, app: &Arc<App>) -> Result<Identity> {
        counted(&self.query)?;
        // A write that was only to be tried is not done for a slip in the word.
        if let Some((_, v)) = self.query.iter().find(|(k, v)| k == "dry_run" && !["true", "false", "1", "0", ""].contains(&v.as_str())) {
            return Err(Error::field("dry_run", "bad_choice").field_arg("choices", "true, false").field_arg("value", v));
        }
        let (token, by_cookie) = self.token().ok_or_else(|| Error::new(Kind::SignedOut, "signed_out"))?;
        let i = app.identify(token)?;
        if by_cookie && !matches!(self.method, Method::GET | Method::HEAD) {
            let given = self.headers.get("x-csrf-token").and_then(|v| v.to_str().ok()).unwrap_or("");
            if given.is_empty() || given != &*i.csrf {
                return Err(Error::forbidden().arg("action", "csrf").arg("entity", "session"));
            }
        }
        Ok(i)
    }

    pub fn ctx(&self, app: &Arc<App>) -> Result<Ctx> {
        let i = self.identity(app)?;
        let chosen = self.headers.contains_key(header::ACCEPT_LANGUAGE)
            || self.query.iter().any(|(k, _)| k == "lang")
            || cookie(&self.headers, LANG_COOKIE).is_some();
        let source = if i.is_session { Source::Page } else { Source::Api };
        Ok(app.ctx(&i, source, chosen.then_some(self.lang)))
    }

    pub fn json(&self) -> Result<Json> {
        if self.body.is_empty() {
            return Ok(Json::Null);
        }
        serde_json::from_slice(&self.body).map_err(|e| Error::unreadable("unreadable_json").arg("line", e.line()).arg("column", e.column()))
    }

    pub fn idempotency_key(&self) -> Option<String> {
        self.headers.get("idempotency-key").and_then(|v| v.to_str().ok()).map(str::to_string)
    }

    /// `If-Match: "7"` or `version` of the body is read by the command; a list of tags is not taken.
    pub fn if_match(&self) -> Result<Option<i64>> {
        match self.headers.get(header::IF_MATCH).and_then(|v| v.to_str().ok()) {
            None => Ok(None),
            Some(v) => {
                v.trim().trim_start_matches("W/").trim_matches('"').parse().map(Some).map_err(|_| Error::field("version", "bad_version"))
            }
        }
    }

    pub fn dry_run(&self) -> bool {
        self.query.iter().any(|(k, v)| k == "dry_run" && (v == "true" || v == "1"))
    }
}

/// Runs the blocking part of a request and turns its result into an answer.
pub async fn blocking<F>(api: &Api, call: Call, f: F) -> Response
where
    F: FnOnce(&Arc<App>, &Call) -> Result<Answer> + Send + 'static,
{
    let app = api.app.clone();
    let lang = call.lang;
    let done = tokio::task::spawn_blocking(move || match f(&app, &call) {
        Ok(a) => a.into_response(),
        Err(e) => problem::response(&e, call.lang),
    })
    .await;
    match done {
        Ok(r) => r,
        Err(e) => problem::response(&Error::internal(e), lang),
    }
}

pub struct Answer {
    pub status: StatusCode,
    pub content_type: &'static str,
    pub body: Vec<u8>,
    pub headers: Vec<(header::HeaderName, String)>,
}

impl Answer {
    pub fn json(v: &Json) -> Answer {
        Answer { status: StatusCode::OK, content_type: "application/json", body: v.to_string().into_bytes(), headers: vec![] }
    }
    pub fn bytes_json(body: Vec<u8>) -> Answer {
        Answer { status: StatusCode::OK, content_type: "application/json", body, headers: vec![] }
    }
    pub fn empty() -> Answer {
        Answer { status: StatusCode::NO_CONTENT, content_type: "", body: vec![], headers: vec![] }
    }
    pub fn status(mut self, s: StatusCode) -> Answer {
        self.status = s;
        self
    }
    pub fn header(mut self, name: header::HeaderName, value: impl Into<String>) -> Answer {
        self.headers.push((name, value.into()));
        self
    }
    pub fn into_response(self) -> Response {
        let mut r = Response::new(Body::from(self.body));
        *r.status_mut() = self.status;
        let h = r.headers_mut();
        if !self.content_type.is_empty() {
            h.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        }
        h.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for (name, value) in self.headers {
            match HeaderValue::from_str(&value) {
                Ok(v) => drop(h.append(name, v)),
                // A file without its name, or a job without its address, is another answer than the one that was meant.
                Err(e) => return problem::response(&Error::internal(e), Lang::En),
            }
        }
        r
    }
}

pub async fn unknown(call: Call) -> Response {
    problem::response(&Error::not_found(), call.lang)
}

pub async fn wrong_method(call: Call) -> Response {
    problem::with_status(&Error::unreadable("wrong_method"), call.lang, StatusCode::METHOD_NOT_ALLOWED)
}
