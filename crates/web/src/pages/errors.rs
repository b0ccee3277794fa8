//! What went wrong, as a page: what happened, what is safe, the event's number, the way on.

use super::shell::PageOf;
use super::state::{Call, Req, Web, encode, respond};
use crate::ui::empty::Failure;
use crate::ui::head::{Button, Kind as ButtonKind};
use crate::ui::shell::{Theme, document};
use crate::ui::words::texts;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use kontor_api::call::{cookie, is_text, language};
use kontor_api::problem;
use kontor_kernel::error::{Error, Kind};
use kontor_platform::value::Id;
use kontor_texts::{Arg, Lang, message, tr, tr_args};
use maud::{Markup, Render, html};

/// Address that no route knows.
pub async fn unknown(State(web): State<Web>, req: Req) -> Response {
    respond(web, req, |_| Err(Error::not_found())).await
}

/// A path that is no text names nothing: said as a page before any route takes it apart.
pub async fn readable(req: Request, next: Next) -> Response {
    if is_text(req.uri().path()) {
        return next.run(req).await;
    }
    stranger(language(req.headers(), req.uri().query().unwrap_or("")), req.headers(), &Error::not_found())
}

/// Event number of an internal error; its cause goes to the log only.
fn event(e: &Error) -> String {
    if e.kind() != Kind::Internal {
        return String::new();
    }
    let id = kontor_platform::value::new_id();
    tracing::error!(event = %id, error = %e, "internal error");
    id.to_string()
}

fn title_of(lang: Lang, status: StatusCode) -> &'static str {
    tr(
        lang,
        match status.as_u16() {
            400 | 428 => "page-error-400",
            401 => "page-error-401",
            403 => "page-error-403",
            404 => "page-error-404",
            409 => "page-error-409",
            413 => "page-error-413",
            422 => "page-error-422",
            429 => "page-error-429",
            503 => "page-error-503",
            _ => "page-error-500",
        },
    )
}

/// What the error says, with its fields; the title of the page where it says no more than that.
pub fn explain(lang: Lang, e: &Error) -> String {
    let i = e.inner();
    if !i.fields.is_empty() {
        return i.fields.iter().map(|f| message::error(lang, &f.code, &f.args)).collect::<Vec<_>>().join(". ");
    }
    message::error(lang, &i.code, &i.args)
}

fn failure(lang: Lang, e: &Error, event: &str, again: &str, record: Option<&str>) -> (StatusCode, &'static str, Markup) {
    let status = problem::status(e.kind());
    let title = title_of(lang, status);
    let number = if event.is_empty() { String::new() } else { tr_args(lang, "page-error-event", &[("code", Arg::from(event))]) };
    let text = if status.is_server_error() { tr(lang, "page-error-safe").to_string() } else { explain(lang, e) };
    let text = if text == title { String::new() } else { text };
    let icon = match status.as_u16() {
        403 => "lock",
        404 => "search",
        500.. => "refresh",
        _ => "alert-triangle",
    };
    let actions = html! {
        @if status.is_server_error() { (Button::new(ButtonKind::Second, tr(lang, "page-error-again")).link(again)) }
        @if let Some(to) = record { (Button::new(ButtonKind::Second, tr(lang, "page-error-record")).link(to)) }
        (Button::new(ButtonKind::Second, tr(lang, "page-error-home")).link("/"))
    };
    (status, title, Failure { icon, title, text: &text, event: &number, actions }.render())
}

/// The card of the record that a page was about: the one in its path (`/shipments/{id}/edit`), or the one that a new document
/// was to be made from. There stands what can be done.
fn record_of(c: &Call) -> Option<String> {
    let mut parts = c.req.path.trim_start_matches('/').split('/');
    let (collection, of) = (parts.next()?, parts.next()?);
    if Id::parse_str(of).is_ok() {
        return parts.next().map(|_| format!("/{collection}/{of}"));
    }
    let spec = c.app.registry.get(collection)?;
    spec.basis.iter().find_map(|(column, basis)| Some(format!("/{basis}/{}", Id::parse_str(c.param(column)?).ok()?)))
}

/// For a signed-in caller, in the frame.
pub fn page(c: &Call, e: &Error) -> Response {
    if e.kind() == Kind::SignedOut {
        return to_the_door(&c.req);
    }
    let record = record_of(c).filter(|_| !matches!(e.kind(), Kind::NotFound | Kind::Forbidden));
    let (status, title, content) = failure(c.lang, e, &event(e), &c.req.address(), record.as_deref());
    let m = c.render(&PageOf { title, crumbs: &[(title, None)], ..Default::default() }, content);
    answer(status, m, e.kind())
}

/// For those we do not know, or when the frame itself cannot be drawn.
pub fn stranger(lang: Lang, headers: &HeaderMap, e: &Error) -> Response {
    let theme = Theme::parse(cookie(headers, super::state::THEME_COOKIE).unwrap_or(""));
    let (status, title, content) = failure(lang, e, &event(e), "/", None);
    let body = html! { main class="k-door" id="main" { (content) } (texts(lang)) };
    answer(status, document(lang, theme, title, "", &body), e.kind())
}

fn answer(status: StatusCode, m: Markup, kind: Kind) -> Response {
    let mut r = super::state::html(status, m, false, vec![]);
    let h = r.headers_mut();
    match kind {
        Kind::TooMany => drop(h.insert(header::RETRY_AFTER, HeaderValue::from_static("300"))),
        Kind::Unavailable => drop(h.insert(header::RETRY_AFTER, HeaderValue::from_static("1"))),
        _ => {}
    }
    r
}

/// To the sign-in page, and back afterwards. The script leaves the page as a whole.
pub fn to_the_door(req: &Req) -> Response {
    let back = if matches!(req.method, axum::http::Method::GET) { req.address() } else { "/".into() };
    let to = if back == "/" { "/sign-in".to_string() } else { format!("/sign-in?next={}", encode(&back)) };
    let mut r = Response::new(Body::empty());
    let value = HeaderValue::from_str(&to).unwrap_or(HeaderValue::from_static("/sign-in"));
    if req.by_script() {
        *r.status_mut() = StatusCode::UNAUTHORIZED;
        r.headers_mut().insert("hx-redirect", value);
    } else {
        *r.status_mut() = StatusCode::SEE_OTHER;
        r.headers_mut().insert(header::LOCATION, value);
    }
    r.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    r
}
