//! Sign-in for programs and islands; everybody's own password and tokens.

use crate::Api;
use crate::call::{Answer, Call, blocking};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use kontor_kernel::error::{Error, Result};
use kontor_platform::account::OwnToken;
use kontor_platform::auth::Identity;
use kontor_platform::{App, Ctx};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// The longest life of a token that ends.
const MAX_DAYS: i64 = 3_650;

fn text(body: &Json, name: &str) -> Result<String> {
    match &body[name] {
        Json::String(s) if !s.is_empty() => Ok(s.clone()),
        Json::Null | Json::String(_) => Err(Error::field(name.to_string(), "required")),
        _ => Err(Error::field(name.to_string(), "wrong_type").field_arg("expected", "text")),
    }
}

pub async fn sign_in(State(api): State<Api>, call: Call) -> Response {
    blocking(&api, call, |app, call| {
        let body = call.json()?;
        let token = app.sign_in(&text(&body, "login")?, &text(&body, "password")?, &call.origin)?;
        let i = app.identify(&token)?;
        Ok(Answer::json(&json!({"token": token, "user": {"id": i.user_id, "title": &*i.name, "login": &*i.login}, "csrf": &*i.csrf})))
    })
    .await
}

/// Who signed in himself: a token of a program must not make itself at home.
fn person(app: &Arc<App>, call: &Call) -> Result<(Identity, Ctx)> {
    let i = call.identity(app)?;
    if !i.is_session {
        return Err(Error::forbidden().arg("action", "update").arg("entity", "users"));
    }
    Ok((i, call.ctx(app)?))
}

/// `{old_password, new_password}` -> `{token}`: all sessions and tokens made with the old password end.
pub async fn change_password(State(api): State<Api>, call: Call) -> Response {
    blocking(&api, call, |app, call| {
        let (i, ctx) = person(app, call)?;
        let body = call.json()?;
        let token = app.change_own_password(&ctx, &i, &text(&body, "old_password")?, &text(&body, "new_password")?, &call.origin)?;
        Ok(Answer::json(&json!({"token": token})))
    })
    .await
}

pub async fn tokens(State(api): State<Api>, call: Call) -> Response {
    blocking(&api, call, |app, call| {
        let (_, ctx) = person(app, call)?;
        let one = |t: OwnToken| json!({"id": t.id, "label": t.label, "created_at": t.created_at, "seen_at": t.seen_at, "expires_at": t.expires_at});
        let items: Vec<Json> = app.own_tokens(&ctx)?.into_iter().map(one).collect();
        Ok(Answer::json(&json!({"items": items, "next": null})))
    })
    .await
}

/// `{label, days?}` -> `{token}`, shown this once.
pub async fn make_token(State(api): State<Api>, call: Call) -> Response {
    blocking(&api, call, |app, call| {
        let (_, ctx) = person(app, call)?;
        let body = call.json()?;
        let days = match &body["days"] {
            Json::Null => None,
            d => Some(
                d.as_i64()
                    .filter(|d| (1..=MAX_DAYS).contains(d))
                    .ok_or_else(|| Error::field("days", "out_of_range").field_arg("min", 1).field_arg("max", MAX_DAYS))?,
            ),
        };
        let token = app.make_own_token(&ctx, &text(&body, "label")?, days)?;
        Ok(Answer::json(&json!({"token": token})).status(StatusCode::CREATED))
    })
    .await
}

pub async fn drop_token(State(api): State<Api>, Path(id): Path<String>, call: Call) -> Response {
    blocking(&api, call, move |app, call| {
        let (_, ctx) = person(app, call)?;
        app.revoke_own_token(&ctx, &id)?;
        Ok(Answer::empty())
    })
    .await
}

pub async fn who(State(api): State<Api>, call: Call) -> Response {
    blocking(&api, call, |app, call| {
        let i = call.identity(app)?;
        Ok(Answer::json(&json!({
            "user": {"id": i.user_id, "title": &*i.name, "login": &*i.login},
            "language": i.lang.code(), "roles": i.access.roles, "csrf": &*i.csrf, "time_zone": i.zone.name(),
        })))
    })
    .await
}

pub async fn sign_out(State(api): State<Api>, call: Call) -> Response {
    blocking(&api, call, |app, call| {
        call.identity(app)?;
        if let Some((t, _)) = call.token() {
            app.sign_out(t)?;
        }
        Ok(Answer::empty())
    })
    .await
}
