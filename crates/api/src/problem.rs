//! Errors as `application/problem+json` (RFC 9457) in the caller's language.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use kontor_kernel::error::{Error, Kind};
use kontor_texts::{Lang, message};
use serde_json::{Map, Value as Json, json};

pub fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Unreadable => StatusCode::BAD_REQUEST,
        Kind::SignedOut => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::VersionNeeded => StatusCode::PRECONDITION_REQUIRED,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The problem document. An internal error names an event number, whose cause stands in the log.
pub fn document(e: &Error, lang: Lang) -> Json {
    let i = e.inner();
    let status = status(i.kind);
    let mut m = Map::new();
    m.insert("type".into(), json!(format!("/api/docs#error-{}", i.code)));
    m.insert("title".into(), json!(message::error(lang, &i.code, &i.args)));
    m.insert("status".into(), json!(status.as_u16()));
    m.insert("code".into(), json!(i.code));
    if i.kind == Kind::Internal {
        let event = kontor_platform::value::new_id();
        tracing::error!(%event, error = %e, "internal error");
        m.insert("event".into(), json!(event));
    }
    let mut errors: Vec<Json> = i
        .fields
        .iter()
        .map(|f| {
            let hint = f.hint.as_ref().map(|(k, a)| message::hint(lang, k, a));
            let args: Map<String, Json> = f.args.iter().map(|(k, v)| (k.to_string(), json!(v))).collect();
            json!({"field": f.field, "code": f.code, "message": message::error(lang, &f.code, &f.args), "hint": hint, "args": args})
        })
        .collect();
    // What is wrong with no field in particular is told in the same place, so that a program has one to look at.
    if errors.is_empty() {
        let args: Map<String, Json> = i.args.iter().map(|(k, v)| (k.to_string(), json!(v))).collect();
        errors.push(json!({"field": "", "code": i.code, "message": m["title"], "hint": null, "args": args}));
    }
    m.insert("errors".into(), Json::Array(errors));
    if let Json::Object(d) = &i.detail {
        m.extend(d.clone());
    }
    Json::Object(m)
}

pub fn response(e: &Error, lang: Lang) -> Response {
    with_status(e, lang, status(e.kind()))
}

/// The same under a status of its own.
pub fn with_status(e: &Error, lang: Lang, status: StatusCode) -> Response {
    let mut document = document(e, lang);
    document["status"] = json!(status.as_u16());
    let mut r = Response::new(Body::from(document.to_string()));
    *r.status_mut() = status;
    r.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    r.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if e.kind() == Kind::TooMany {
        r.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("300"));
    }
    if e.kind() == Kind::Unavailable {
        r.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    r
}
