//! What a page answers: a document under its content security policy, or the way to another page, with cookies.

use super::FLASH_COOKIE;
use axum::body::Body;
use axum::http::header::InvalidHeaderValue;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use kontor_platform::value::Id;
use maud::Markup;

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

/// Content security policy of every page: scripts and styles of our own only (decision 34).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

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

    pub(super) fn into_response(self, https: bool, said: bool) -> Response {
        match self {
            Reply::Html(status, m) => html(status, m, said, vec![]),
            Reply::With(status, m, headers) => html(status, m, said, headers),
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

/// A document under its policy; `said`: what the page before left to say has been said. A policy among `extra` replaces the usual one.
pub(crate) fn html(status: StatusCode, m: Markup, said: bool, extra: Vec<(HeaderName, String)>) -> Response {
    let mut r = Response::new(Body::from(m.into_string()));
    *r.status_mut() = status;
    let h = r.headers_mut();
    h.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    h.insert(header::VARY, HeaderValue::from_static("hx-request, cookie"));
    if said {
        h.append(header::SET_COOKIE, HeaderValue::from_static("kontor_flash=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly"));
    }
    h.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    for (name, value) in extra {
        match HeaderValue::from_str(&value) {
            Ok(v) => drop(h.insert(name, v)),
            Err(e) => return unsendable(&e),
        }
    }
    r
}

fn redirect(to: &str, cookies: &[String]) -> Response {
    let mut r = Response::new(Body::empty());
    *r.status_mut() = StatusCode::SEE_OTHER;
    let h = r.headers_mut();
    // An address that no header can carry was typed by somebody; home is always there.
    h.insert(header::LOCATION, HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/")));
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for c in cookies {
        match HeaderValue::from_str(c) {
            Ok(v) => drop(h.append(header::SET_COOKIE, v)),
            Err(e) => return unsendable(&e),
        }
    }
    r
}

/// A page without its policy, or a sign-in without its cookie, is worse than none.
fn unsendable(e: &InvalidHeaderValue) -> Response {
    tracing::error!(error = %e, "an answer has a header that cannot be sent");
    let mut r = Response::new(Body::empty());
    *r.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
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
}
