//! A page and who asks for it: what all handlers share, the signed-in caller, and the blocking part that answers him.

mod reply;
mod request;

pub(crate) use reply::html;
pub use reply::{Reply, encode, local, set_cookie};
pub use request::{Req, form_pairs};

use super::errors;
use super::shell::Facts;
use crate::ui::shell::Theme;
use axum::http::Method;
use axum::response::Response;
use chrono::NaiveDate;
use kontor_api::call::{COOKIE, counted, pairs};
use kontor_kernel::error::{Error, Kind, Result};
use kontor_platform::app::if_seen;
use kontor_platform::auth::Identity;
use kontor_platform::spec::Spec;
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Source};
use kontor_texts::{Lang, tr};
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
        self.app.granted(&self.ctx, collection, "read")
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
                Ok(reply) => reply.into_response(c.web.https, said),
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
        Ok(reply) => reply.into_response(web.https, false),
        Err(e) => errors::stranger(req.lang, &req.headers, &e),
    })
    .await;
    done.unwrap_or_else(|e| errors::stranger(lang, &headers, &Error::internal(e)))
}
