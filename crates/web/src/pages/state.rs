//! One request of a page: who asks, in which language and look, what was sent; and its answer.

use super::errors;
use super::multipart::parts;
use super::shell::Facts;
use crate::ui::shell::Theme;
use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use chrono::NaiveDate;
use kontor_api::call::{COOKIE, cookie, counted, language, pairs};
use kontor_kernel::error::{Error, Kind, Result};
use kontor_platform::app::if_seen;
use kontor_platform::auth::Identity;
use kontor_platform::spec::Spec;
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Source};
use kontor_texts::{Lang, tr};
use maud::Markup;
use serde_json::Value as Json;
use std::sync::Arc;

/// Cookie with the chosen appearance; also written by the script.
pub const THEME_COOKIE: &str = "theme";
/// What the next page shall say: `key|title|audit id`.
const FLASH_COOKIE: &str = "kontor_flash";

/// What all handlers share.
#[derive(Clone)]
pub struct Web {
    pub app: Arc<App>,
    pub https: bool,
    pub(crate) facts: Arc<Facts>,
}

impl Web {
    pub fn new(app: Arc<App>, https: bool) -> Web {
        Web { app, https, facts: Arc::default() }
    }
}

/// Everything of a request, read before the blocking part.
pub struct Req {
    pub method: Method,
    pub path: String,
    /// The query as it came, without `?`.
    pub raw_query: String,
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    pub origin: String,
    pub lang: Lang,
}

impl<S: Send + Sync> FromRequest<S> for Req {
    type Rejection = Response;
    async fn from_request(req: Request, state: &S) -> std::result::Result<Self, Response> {
        let (mut parts, body) = req.into_parts();
        let bare = Req::bare(&mut parts, state).await;
        let (lang, headers) = (bare.lang, bare.headers.clone());
        let mut bytes = axum::body::Bytes::new();
        if bare.method != Method::GET && bare.method != Method::HEAD {
            bytes = axum::body::Bytes::from_request(Request::from_parts(parts, body), state).await.map_err(|r| {
                use axum::response::IntoResponse;
                let too_large = r.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE;
                let e = if too_large { Error::new(Kind::TooLarge, "body_too_large") } else { Error::unreadable("unreadable_body") };
                errors::stranger(lang, &headers, &e)
            })?;
        }
        Ok(Req { body: bytes.into(), ..bare })
    }
}

impl Req {
    /// Without the body, for pages that read it themselves.
    pub async fn bare<S: Send + Sync>(parts: &mut Parts, state: &S) -> Req {
        let raw_query = parts.uri.query().unwrap_or("").to_string();
        let origin = match axum::extract::ConnectInfo::<std::net::SocketAddr>::from_request_parts(parts, state).await {
            Ok(c) => c.0.ip().to_string(),
            Err(_) => String::new(),
        };
        Req {
            method: parts.method.clone(),
            path: parts.uri.path().to_string(),
            query: pairs(&raw_query),
            lang: language(&parts.headers, &raw_query),
            raw_query,
            headers: parts.headers.clone(),
            body: vec![],
            origin,
        }
    }
    /// The same request, without its body.
    pub fn again(&self) -> Req {
        Req {
            method: self.method.clone(),
            path: self.path.clone(),
            raw_query: self.raw_query.clone(),
            query: self.query.clone(),
            headers: self.headers.clone(),
            body: vec![],
            origin: self.origin.clone(),
            lang: self.lang,
        }
    }
    /// Fields of a posted form, in their order.
    pub fn form(&self) -> Vec<(String, String)> {
        match self.boundary() {
            Some(b) => {
                parts(&self.body, &b).filter(|p| p.file.is_none()).map(|p| (p.name, String::from_utf8_lossy(p.body).into_owned())).collect()
            }
            None => form_pairs(&String::from_utf8_lossy(&self.body)),
        }
    }
    /// The first file of a posted form that has anything in it: name and bytes.
    pub fn file(&self) -> Option<(String, &[u8])> {
        let b = self.boundary()?;
        parts(&self.body, &b).find_map(|p| p.file.filter(|_| !p.body.is_empty()).map(|f| (f, p.body)))
    }
    fn boundary(&self) -> Option<String> {
        let kind = self.header("content-type");
        let b = kind.strip_prefix("multipart/form-data")?.split("boundary=").nth(1)?;
        Some(format!("--{}", b.split(';').next().unwrap_or("").trim().trim_matches('"')))
    }
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
    }
    pub fn cookie(&self, name: &str) -> Option<&str> {
        cookie(&self.headers, name)
    }
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("")
    }
    /// A header that is there and is text.
    pub fn header_of(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }
    /// Asked by the script, which swaps a part of the page.
    pub fn by_script(&self) -> bool {
        self.headers.contains_key("hx-request")
    }
    /// The script swaps the whole frame.
    pub fn partial(&self) -> bool {
        self.by_script() && self.header("hx-target") == "app"
    }
    pub fn theme(&self) -> Theme {
        Theme::parse(self.cookie(THEME_COOKIE).unwrap_or(""))
    }
    /// Path and query, to come back to.
    pub fn address(&self) -> String {
        if self.raw_query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.raw_query) }
    }
}

/// `application/x-www-form-urlencoded` without a limit on the number of fields: the body is limited.
pub fn form_pairs(text: &str) -> Vec<(String, String)> {
    text.split('&').filter(|s| !s.is_empty()).flat_map(pairs).collect()
}

/// A signed-in caller and his request: what the blocking part of a page works with.
pub struct Call {
    pub web: Web,
    pub app: Arc<App>,
    pub req: Req,
    pub identity: Identity,
    pub ctx: Ctx,
    pub lang: Lang,
    pub theme: Theme,
    /// Token that every form carries as `csrf`.
    pub csrf: Arc<str>,
    /// Of the page's content security policy.
    pub nonce: String,
}

impl Call {
    pub(super) fn new(web: &Web, req: Req) -> std::result::Result<Call, Box<(Req, Error)>> {
        let made = (|| {
            counted(&req.query)?;
            let token = req.cookie(COOKIE).ok_or_else(|| Error::new(Kind::SignedOut, "signed_out"))?;
            let identity = web.app.identify(token)?;
            let chosen = identity.lang_open || req.cookie(kontor_api::call::LANG_COOKIE).is_some() || req.param("lang").is_some();
            let ctx = web.app.ctx(&identity, Source::Page, chosen.then_some(req.lang));
            Ok((identity, ctx))
        })();
        match made {
            Err(e) => Err(Box::new((req, e))),
            Ok((identity, ctx)) => Ok(Call {
                web: web.clone(),
                app: web.app.clone(),
                lang: ctx.lang,
                theme: req.theme(),
                csrf: identity.csrf.clone(),
                nonce: nonce(),
                identity,
                ctx,
                req,
            }),
        }
    }
    /// Every write carries the session's token, as a field or by the script as a header.
    fn check_csrf(&self) -> Result<()> {
        if matches!(self.req.method, Method::GET | Method::HEAD) {
            return Ok(());
        }
        let header = self.req.header("x-csrf-token");
        let ok = |t: &str| !t.is_empty() && t == &*self.csrf;
        if ok(header) || self.req.form().iter().any(|(k, v)| k == "csrf" && ok(v)) {
            return Ok(());
        }
        Err(Error::forbidden().arg("action", "csrf").arg("entity", "session"))
    }
    /// A word of a page.
    pub fn t(&self, key: &str) -> &'static str {
        tr(self.lang, key)
    }
    pub fn param(&self, name: &str) -> Option<&str> {
        self.req.param(name)
    }
    /// The declaration of a collection that the caller may read.
    pub fn spec(&self, collection: &str) -> Result<&'static Spec> {
        let spec = self.app.registry.get(collection).ok_or_else(Error::not_found)?;
        if !self.ctx.access.may(spec, "read") {
            return Err(Error::forbidden().arg("action", "read").arg("entity", spec.name));
        }
        Ok(spec)
    }
    /// What a parameter refers to, where it refers to anything that the caller may see.
    pub fn seen(&self, collection: &str, id: &str) -> Result<Option<Json>> {
        match Id::parse_str(id) {
            Ok(id) => if_seen(self.app.get(&self.ctx, collection, id)),
            Err(_) => Ok(None),
        }
    }
    /// A date of the address; malformed, it is an error and not today.
    pub fn date(&self, name: &str) -> Result<Option<NaiveDate>> {
        let given = self.param(name).filter(|d| !d.is_empty());
        given.map(|d| kontor_platform::input::parse_date(d).map_err(|_| Error::field(name.to_owned(), "bad_date"))).transpose()
    }
    pub fn id(text: &str) -> Result<Id> {
        Id::parse_str(text).map_err(|_| Error::not_found())
    }
    /// What the page before left to say: key of the text, title of the record, audit entry that undo takes back.
    pub fn flash(&self) -> Option<(String, String, String)> {
        let raw = self.req.cookie(FLASH_COOKIE)?;
        let (_, text) = pairs(&format!("f={raw}")).into_iter().next()?;
        let mut p = text.splitn(3, '|');
        let (key, audit, title) = (p.next()?, p.next()?, p.next()?);
        key.starts_with("page-").then(|| (key.into(), title.into(), audit.into()))
    }
}

/// What a page answers.
pub enum Reply {
    /// A page or a fragment.
    Html(StatusCode, Markup),
    /// The same with headers; a content security policy among them replaces the usual one.
    With(StatusCode, Markup, Vec<(HeaderName, String)>),
    /// `303`: the address of another page.
    Go(String),
    /// The same; the next page says something: key of a text (`page-saved`), title, audit entry for undo.
    Done { to: String, key: &'static str, title: String, audit: Option<Id> },
    /// The same with cookies.
    GoWith(String, Vec<String>),
}

/// Runs the blocking part of a page for a signed-in caller; strangers are sent to the door.
pub async fn respond<F>(web: Web, req: Req, f: F) -> Response
where
    F: FnOnce(&Call) -> Result<Reply> + Send + 'static,
{
    let (lang, headers) = (req.lang, req.headers.clone());
    let done = tokio::task::spawn_blocking(move || match Call::new(&web, req) {
        Err(out) if out.1.kind() == Kind::SignedOut => errors::to_the_door(&out.0),
        Err(out) => errors::stranger(out.0.lang, &out.0.headers, &out.1),
        Ok(c) => {
            let said = c.req.cookie(FLASH_COOKIE).is_some();
            match c.check_csrf().and_then(|()| f(&c)) {
                Ok(reply) => reply.into_response(&c.nonce, c.web.https, said),
                Err(e) => errors::page(&c, &e),
            }
        }
    })
    .await;
    done.unwrap_or_else(|e| errors::stranger(lang, &headers, &Error::internal(e)))
}

/// The same for pages without a caller: sign-in, set-up, language.
pub async fn open<F>(web: Web, req: Req, f: F) -> Response
where
    F: FnOnce(&Web, &Req) -> Result<Reply> + Send + 'static,
{
    let (lang, headers) = (req.lang, req.headers.clone());
    let done = tokio::task::spawn_blocking(move || match f(&web, &req) {
        Ok(reply) => reply.into_response(&nonce(), web.https, false),
        Err(e) => errors::stranger(req.lang, &req.headers, &e),
    })
    .await;
    done.unwrap_or_else(|e| errors::stranger(lang, &headers, &Error::internal(e)))
}

/// Content security policy of every page: scripts and styles of our own only (decision 34).
pub(crate) fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// A random word for one answer.
pub(crate) fn nonce() -> String {
    kontor_platform::value::new_id().simple().to_string()
}

/// Cookie of this server; without age it lasts as long as the browser's session.
pub fn set_cookie(name: &str, value: &str, age: Option<i64>, http_only: bool, https: bool) -> String {
    let mut c = format!("{name}={value}; Path=/; SameSite=Lax");
    if let Some(a) = age {
        c.push_str(&format!("; Max-Age={a}"));
    }
    if http_only {
        c.push_str("; HttpOnly");
    }
    if https {
        c.push_str("; Secure");
    }
    c
}

/// Percent-encodes everything that could mean something in a cookie or a query.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~') {
            out.push(b as char);
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

/// A path of this server, or the home page: nobody is led elsewhere.
pub fn local(path: &str) -> &str {
    let safe = path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/\\") && !path.chars().any(|c| c.is_control());
    if safe { path } else { "/" }
}

impl Reply {
    pub fn ok(m: Markup) -> Reply {
        Reply::Html(StatusCode::OK, m)
    }

    fn into_response(self, nonce: &str, https: bool, said: bool) -> Response {
        match self {
            Reply::Html(status, m) => html(status, m, nonce, said, vec![]),
            Reply::With(status, m, headers) => html(status, m, nonce, said, headers),
            Reply::Go(to) => redirect(&to, &[]),
            Reply::GoWith(to, cookies) => redirect(&to, &cookies),
            Reply::Done { to, key, title, audit } => {
                let title: String = title.chars().take(120).collect();
                let text = format!("{key}|{}|{title}", audit.map(|a| a.to_string()).unwrap_or_default());
                redirect(&to, &[set_cookie(FLASH_COOKIE, &encode(&text), Some(30), true, https)])
            }
        }
    }
}

fn html(status: StatusCode, m: Markup, nonce: &str, said: bool, extra: Vec<(HeaderName, String)>) -> Response {
    let mut r = Response::new(Body::from(m.into_string()));
    *r.status_mut() = status;
    let h = r.headers_mut();
    h.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    h.insert(header::VARY, HeaderValue::from_static("hx-request, cookie"));
    if let Ok(v) = HeaderValue::from_str(&policy(nonce)) {
        h.insert(header::CONTENT_SECURITY_POLICY, v);
    }
    if said {
        h.append(header::SET_COOKIE, HeaderValue::from_static("kontor_flash=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly"));
    }
    for (name, value) in extra {
        if let Ok(v) = HeaderValue::from_str(&value) {
            h.insert(name, v);
        }
    }
    r
}

fn redirect(to: &str, cookies: &[String]) -> Response {
    let mut r = Response::new(Body::empty());
    *r.status_mut() = StatusCode::SEE_OTHER;
    let h = r.headers_mut();
    h.insert(header::LOCATION, HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/")));
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for c in cookies {
        if let Ok(v) = HeaderValue::from_str(c) {
            h.append(header::SET_COOKIE, v);
        }
    }
    r
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_12_only_local_paths_are_gone_to() {
        for (path, to) in
            [("/partners?q=1", "/partners?q=1"), ("//evil.example", "/"), ("/\\evil", "/"), ("https://x", "/"), ("", "/"), ("/a\nb", "/")]
        {
            assert_eq!(local(path), to);
        }
    }

    #[test]
    fn plt_10_forms_may_have_many_fields() {
        let text = (0..3000).map(|i| format!("lines%5B{i}%5D=a+%D0%B0")).collect::<Vec<_>>().join("&");
        let pairs = form_pairs(&text);
        assert_eq!(pairs.len(), 3000);
        assert_eq!(pairs[7], ("lines[7]".into(), "a а".into()));
    }
}
