//! Collections: list, card, create, change, verbs, history, preview, search, drafts, undo.

use crate::Api;
use crate::call::{Answer, Call, blocking};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use kontor_kernel::error::{Error, Result};
use kontor_platform::audit::{SOUGHT_ID, SOUGHT_TEXT, Sought};
use kontor_platform::execute::Outcome;
use kontor_platform::query::{MAX_LIMIT, Query};
use kontor_platform::spec::Spec;
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Envelope};
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

pub(crate) fn spec(app: &Arc<App>, name: &str) -> Result<&'static Spec> {
    app.registry.get(name).ok_or_else(Error::not_found)
}

fn id(text: &str) -> Result<Id> {
    Id::parse_str(text).map_err(|_| Error::not_found())
}

pub async fn list(State(api): State<Api>, Path(collection): Path<String>, call: Call) -> Response {
    blocking(&api, call, move |app, call| {
        let ctx = call.ctx(app)?;
        let s = spec(app, &collection)?;
        let pairs: Vec<(String, String)> = call.query.iter().filter(|(k, _)| k != "lang").cloned().collect();
        // Rights before filters: a foreign role learns nothing from field errors.
        ctx.access.require(s, "read")?;
        let q = Query::parse(app, &ctx, s, &pairs)?;
        let page = app.list(&ctx, s.name, &q)?;
        let with_title = q.fields.as_ref().is_some_and(|f| f.iter().any(|x| x == "title"));
        Ok(Answer::bytes_json(page.to_json(with_title)))
    })
    .await
}

pub async fn get(State(api): State<Api>, Path((collection, record)): Path<(String, String)>, call: Call) -> Response {
    blocking(&api, call, move |app, call| {
        let ctx = call.ctx(app)?;
        let s = spec(app, &collection)?;
        ctx.access.require(s, "read")?;
        let id = id(&record)?;
        let mut j = app.get(&ctx, s.name, id)?;
        if let Some((_, day)) = call.query.iter().find(|(k, _)| k == "as_of") {
            let day = kontor_platform::input::parse_date(day).map_err(|_| Error::field("as_of", "bad_date"))?;
            j["as_of"] = json!(day);
            j["in_force"] = json!(app.in_force(&ctx, s.name, id, day)?);
        }
        let version = j["version"].as_i64().unwrap_or(0);
        Ok(Answer::json(&j).header(header::ETAG, format!("\"{version}\"")))
    })
    .await
}

fn answer(o: Outcome, status: StatusCode, dry: bool) -> Answer {
    let mut more = Map::from_iter([("audit_id".to_string(), json!(o.audit_id))]);
    if !o.warnings.is_empty() {
        more.insert("warnings".into(), json!(o.warnings));
    }
    if dry {
        more.insert("dry_run".into(), json!(true));
    }
    let a = Answer::bytes_json(o.data.with(&more))
        .status(if dry { StatusCode::OK } else { status })
        .header(header::ETAG, format!("\"{}\"", o.version));
    if o.replayed { a.header(header::HeaderName::from_static("idempotent-replayed"), "true") } else { a }
}

fn run(app: &Arc<App>, call: &Call, ctx: &Ctx, mut env: Envelope, status: StatusCode) -> Result<Answer> {
    env.idempotency_key = call.idempotency_key();
    env.dry_run = call.dry_run();
    if let Some(v) = call.if_match()? {
        env.seen_version = Some(v);
    }
    let dry = env.dry_run;
    Ok(answer(app.execute(ctx, env)?, status, dry))
}

pub async fn create(State(api): State<Api>, Path(collection): Path<String>, call: Call) -> Response {
    blocking(&api, call, move |app, call| {
        let ctx = call.ctx(app)?;
        let s = spec(app, &collection)?;
        run(app, call, &ctx, Envelope::new(format!("{}.create", s.name), call.json()?), StatusCode::CREATED)
    })
    .await
}

pub async fn update(State(api): State<Api>, Path((collection, record)): Path<(String, String)>, call: Call) -> Response {
    blocking(&api, call, move |app, call| {
        let ctx = call.ctx(app)?;
        let s = spec(app, &collection)?;
        run(app, call, &ctx, Envelope::new(format!("{}.update", s.name), call.json()?).on(id(&record)?), StatusCode::OK)
    })
    .await
}

pub async fn delete(State(api): State<Api>, Path((collection, record)): Path<(String, String)>, call: Call) -> Response {
    blocking(&api, call, move |app, call| {
        let ctx = call.ctx(app)?;
        let s = spec(app, &collection)?;
        run(app, call, &ctx, Envelope::new(format!("{}.delete", s.name), Json::Null).on(id(&record)?), StatusCode::OK)
    })
    .await
}

pub async fn verb(State(api): State<Api>, Path((collection, record, verb)): Path<(String, String, String)>, call: Call) -> Response {
    blocking(&api, call, move |app, call| {
        let ctx = call.ctx(app)?;
        let s = spec(app, &collection)?;
        // The generic actions have their own methods.
        let v = s.verb_of(&verb).ok_or_else(Error::not_found)?;
        run(app, call, &ctx, Envelope::new(format!("{}.{}", s.name, v.name), call.json()?).on(id(&record)?), StatusCode::OK)
    })
    .await
}

pub async fn preview(State(api): State<Api>, Path(collection): Path<String>, call: Call) -> Response {
    blocking(&api, call, move |app, call| {
        let ctx = call.ctx(app)?;
        let s = spec(app, &collection)?;
        let record = call.query.iter().find(|(k, _)| k == "id").map(|(_, v)| id(v)).transpose()?;
        Ok(Answer::json(&app.preview(&ctx, s.name, record, &call.json()?)?))
    })
    .await
}

pub async fn history(State(api): State<Api>, Path((collection, record)): Path<(String, String)>, call: Call) -> Response {
    blocking(&api, call, move |app, call| {
        let ctx = call.ctx(app)?;
        let s = spec(app, &collection)?;
        ctx.access.require(s, "read")?;
        Ok(Answer::json(&json!({"items": app.history(&ctx, s.name, id(&record)?, 500)?, "next": null})))
    })
    .await
}

/// Changes of all records, latest first: `entity`, `record_id`, `user_id`, `action`, `command`, `source`, `group_id`, `limit`, `after`.
pub async fn journal(State(api): State<Api>, call: Call) -> Response {
    blocking(&api, call, |app, call| {
        let ctx = call.ctx(app)?;
        let mut sought = Sought { limit: 50, ..Default::default() };
        for (name, value) in call.query.iter().filter(|(k, v)| k != "lang" && !v.is_empty()) {
            let of_id = || Id::parse_str(value).map_err(|_| Error::field(name.as_str(), "bad_id"));
            let out = || Error::field("limit", "out_of_range").field_arg("min", 1).field_arg("max", MAX_LIMIT);
            if let Some(column) = SOUGHT_TEXT.into_iter().find(|c| c == name) {
                sought.equal.push((column, value.as_str().into()));
            } else if let Some(column) = SOUGHT_ID.into_iter().find(|c| c == name) {
                sought.equal.push((column, of_id()?.into()));
            } else if name == "after" {
                sought.after = Some(of_id()?);
            } else if name == "limit" {
                sought.limit = value.parse().ok().filter(|n| (1..=MAX_LIMIT).contains(n)).ok_or_else(out)?;
            } else {
                return Err(Error::field(name.as_str(), "unknown_field"));
            }
        }
        let (items, more) = app.journal(&ctx, &sought)?;
        let next = items.last().filter(|_| more).map(|e| e.id);
        Ok(Answer::json(&json!({"items": items, "next": next})))
    })
    .await
}

pub async fn undo(State(api): State<Api>, Path(entry): Path<String>, call: Call) -> Response {
    blocking(&api, call, move |app, call| {
        let ctx = call.ctx(app)?;
        run(app, call, &ctx, Envelope::new("audit.undo", Json::Null).on(id(&entry)?), StatusCode::OK)
    })
    .await
}

/// Takes back a bulk command: `{done, stayed}`; `stayed` counts what somebody has changed since. Of very many records 202 with
/// the job that does it; its result says the same.
pub async fn undo_group(State(api): State<Api>, Path(group): Path<String>, call: Call) -> Response {
    blocking(&api, call, move |app, call| {
        let ctx = call.ctx(app)?;
        let group = id(&group)?;
        if let Some(job) = app.undo_large_group(&ctx, group)? {
            let address = format!("/api/v1/jobs/{}", job["id"].as_str().unwrap_or_default());
            return Ok(Answer::json(&json!({"job": job})).status(StatusCode::ACCEPTED).header(header::LOCATION, address));
        }
        let done = app.undo_group(&ctx, group)?;
        Ok(Answer::json(&json!({"done": done.undone, "stayed": done.stayed})))
    })
    .await
}

pub async fn search(State(api): State<Api>, call: Call) -> Response {
    blocking(&api, call, move |app, call| {
        let ctx = call.ctx(app)?;
        let q = call.query.iter().find(|(k, _)| k == "q").map_or("", |(_, v)| v.as_str());
        let q: String = q.chars().take(200).collect();
        let items: Vec<Json> = app
            .search(&ctx, &q, 5)?
            .into_iter()
            .map(|f| json!({"entity": f.entity, "id": f.id, "title": f.title, "subtitle": kontor_texts::message::entity_one(ctx.lang, f.entity), "url": format!("/{}/{}", f.entity, f.id)}))
            .collect();
        Ok(Answer::json(&json!({"items": items})))
    })
    .await
}

pub async fn draft(State(api): State<Api>, Path(key): Path<String>, call: Call) -> Response {
    blocking(&api, call, move |app, call| {
        let ctx = call.ctx(app)?;
        let (body, at) = app.draft(&ctx, &key)?.ok_or_else(Error::not_found)?;
        Ok(Answer::json(&json!({"body": body, "at": at})))
    })
    .await
}

pub async fn keep_draft(State(api): State<Api>, Path(key): Path<String>, call: Call) -> Response {
    blocking(&api, call, move |app, call| {
        let ctx = call.ctx(app)?;
        let at = app.keep_draft(&ctx, &key, call.json()?)?;
        Ok(Answer::json(&json!({"at": at})))
    })
    .await
}

pub async fn drop_draft(State(api): State<Api>, Path(key): Path<String>, call: Call) -> Response {
    blocking(&api, call, move |app, call| {
        let ctx = call.ctx(app)?;
        app.drop_draft(&ctx, &key)?;
        Ok(Answer::empty())
    })
    .await
}
