//! One request of a page, read before the blocking part: path, query, headers, form, and the language it is to be answered in.

use super::THEME_COOKIE;
use crate::pages::errors;
use crate::pages::multipart::parts;
use crate::ui::shell::Theme;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use kontor_api::call::{cookie, language, pairs};
use kontor_kernel::error::{Error, Kind};
use kontor_texts::Lang;

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
    pub(super) fn header(&self, name: &str) -> &str {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_10_forms_may_have_many_fields() {
        let text = (0..3000).map(|i| format!("lines%5B{i}%5D=a+%D0%B0")).collect::<Vec<_>>().join("&");
        let pairs = form_pairs(&text);
        assert_eq!(pairs.len(), 3000);
        assert_eq!(pairs[7], ("lines[7]".into(), "a а".into()));
    }
}
