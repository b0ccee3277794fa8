//! Sign-in for programs and islands.

use crate::Api;
use crate::call::{Answer, Call, blocking};
use axum::extract::State;
use axum::response::Response;
use kontor_kernel::error::Error;
use serde_json::{Value as Json, json};

pub async fn sign_in(State(api): State<Api>, call: Call) -> Response {
    blocking(&api, call, |app, call| {
        let body = call.json()?;
        let text = |name: &str| match &body[name] {
            Json::String(s) if !s.is_empty() => Ok(s.clone()),
            Json::Null | Json::String(_) => Err(Error::field(name.to_string(), "required")),
            _ => Err(Error::field(name.to_string(), "wrong_type").field_arg("expected", "text")),
        };
        let token = app.sign_in(&text("login")?, &text("password")?, &call.origin)?;
        let i = app.identify(&token)?;
        Ok(Answer::json(&json!({"token": token, "user": {"id": i.user_id, "title": &*i.name, "login": &*i.login}, "csrf": &*i.csrf})))
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
