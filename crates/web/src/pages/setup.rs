//! The first administrator, made with the one-time code that the server printed when it started.

use super::errors;
use super::state::{Reply, Req, Web, open, set_cookie};
use crate::ui::form::{Control, Field, Wrong};
use crate::ui::icons::icon;
use crate::ui::shell::document;
use crate::ui::sign_in::foot;
use crate::ui::words::texts;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kontor_api::call::COOKIE;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Kind, Result};
use kontor_texts::{Lang, label, message, tr};
use maud::{Markup, Render, html};
use serde_json::json;

pub async fn show(State(web): State<Web>, req: Req) -> Response {
    open(web, req, |web, req| {
        // Who comes by the address in the log once more has an account already.
        if !web.app.awaits_setup() {
            return Ok(Reply::Go("/sign-in".into()));
        }
        Ok(Reply::ok(page(req, req.param("code").unwrap_or(""), &HashMap::new(), "")))
    })
    .await
}

const FIELDS: [(&str, &str); 4] = [("code", "text"), ("name", "text"), ("login", "text"), ("password", "new-password")];

fn words(lang: Lang, field: &str) -> &'static str {
    match field {
        "code" => tr(lang, "page-setup-code"),
        "name" => tr(lang, "page-setup-name"),
        other => label(lang, "users", other),
    }
}

fn page(req: &Req, code: &str, wrong: &HashMap<String, String>, said: &str) -> Markup {
    let lang = req.lang;
    let form = req.form();
    let typed =
        |n: &str| if n == "code" && !code.is_empty() { code } else { form.iter().find(|(k, _)| k == n).map_or("", |(_, v)| v.as_str()) };
    let fields = FIELDS.map(|(name, kind)| {
        let value = if name == "password" { "" } else { typed(name) };
        let text = wrong.get(name).map(|t| Wrong { text: t, hint: "" });
        let hint = if name == "password" { tr(lang, "page-setup-password_hint") } else { "" };
        Field::new(name, words(lang, name), Control::Text { value, kind, placeholder: "" })
            .required()
            .width("w12")
            .hint(hint)
            .wrong(text)
            .render()
    });
    let body = html! {
        main class="k-door" id="main" { div {
            div class="brand" { span class="k-mark" { (icon("scale")) } b { "Kontor" } }
            form method="post" action="/setup" {
                h1 { (tr(lang, "page-setup")) }
                p class="m2 s12" { (tr(lang, "page-setup-text")) }
                @if !said.is_empty() { div class="k-sum-err" role="alert" { (icon("alert-triangle")) b { (said) } } }
                @for f in &fields { (f) }
                button type="submit" class="btn btn-primary" { (tr(lang, "page-setup-button")) }
            }
            (foot(lang))
        } }
        (texts(lang))
    };
    document(lang, req.theme(), tr(lang, "page-setup"), "", &body)
}

pub async fn make(State(web): State<Web>, req: Req) -> Response {
    open(web, req, |web, req| {
        super::sign_in::same_site(req)?;
        match administrator(web, req) {
            Ok(token) => Ok(Reply::GoWith("/".into(), vec![set_cookie(COOKIE, &token, None, true, web.https)])),
            Err(e) if matches!(e.kind(), Kind::Refused | Kind::TooMany) => {
                let mut wrong = HashMap::new();
                for f in &e.inner().fields {
                    wrong.insert(f.field.clone(), message::error(req.lang, &f.code, &f.args));
                }
                let known = FIELDS.iter().any(|(n, _)| wrong.contains_key(*n));
                let said = if known { String::new() } else { errors::explain(req.lang, &e) };
                Ok(Reply::Html(StatusCode::UNPROCESSABLE_ENTITY, page(req, "", &wrong, &said)))
            }
            Err(e) => Err(e),
        }
    })
    .await
}

fn administrator(web: &Web, req: &Req) -> Result<String> {
    let form = req.form();
    let field = |n: &str| form.iter().find(|(k, _)| k == n).map_or("", |(_, v)| v.trim());
    if let Some((missing, _)) = FIELDS.iter().find(|(n, _)| field(n).is_empty()) {
        return Err(Error::field(*missing, "required"));
    }
    let password = form.iter().find(|(k, _)| k == "password").map_or("", |(_, v)| v.as_str());
    let input = json!({"login": field("login"), "name": field("name"), "password": password, "language": req.lang.code()});
    web.app.set_up(field("code"), input, &req.origin)
}
