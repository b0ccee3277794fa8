//! One command for many records: at once while they are few, as a job beyond that. All or nothing, one audit group.

use crate::Api;
use crate::call::{Answer, Call, blocking, counted};
use crate::collections::spec;
use axum::extract::{Path, State};
use axum::response::Response;
use kontor_kernel::error::{Error, Result};
use kontor_platform::query::{MAX_LIMIT, Query};
use kontor_platform::spec::Spec;
use kontor_platform::value::{Id, id_in, new_id};
use kontor_platform::{App, Ctx, Envelope};
use kontor_texts::{message, tr_args};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// More records than this are a job's work: whoever asked for it goes on meanwhile.
const AT_ONCE: i64 = 300;

/// `{command: "update" | "delete" | verb, ids: […] | filter: "a=b&c=d", input: {…}}`. Answers `{done, group_id}`, or 202
/// with the job; with `dry_run` only how many records it would be.
pub async fn bulk(State(api): State<Api>, Path(collection): Path<String>, call: Call) -> Response {
    blocking(&api, call, move |app, call| {
        let ctx = call.ctx(app)?;
        let s = spec(app, &collection)?;
        let body = call.json()?;
        let Json::Object(given) = &body else { return Err(Error::unreadable("object_expected")) };
        if let Some(other) = given.keys().find(|k| !matches!(k.as_str(), "command" | "ids" | "filter" | "input")) {
            return Err(Error::field(other.clone(), "unknown_field"));
        }
        let command = body["command"].as_str().ok_or_else(|| Error::field("command", "required"))?;
        if command != "update" && command != "delete" && s.verb_of(command).is_none() {
            return Err(Error::field("command", "bad_code").field_arg("value", command));
        }
        if !ctx.access.may(s, "read") || !ctx.access.may(s, s.right_to(command)) {
            return Err(Error::forbidden().arg("action", command).arg("entity", s.name));
        }
        let pairs = filter(&body)?;
        let mut q = Query::parse(app, &ctx, s, &pairs)?;
        q.fields = Some(vec![]);
        (q.limit, q.count) = (1, true);
        let count = app.list(&ctx, s.name, &q)?.count.unwrap_or(0);
        if call.dry_run() {
            return Ok(Answer::json(&json!({"dry_run": true, "count": count})));
        }
        let input = body.get("input").cloned().unwrap_or(Json::Null);
        if count > AT_ONCE {
            return job(app, &ctx, s, command, &pairs, input, count);
        }
        q.count = false;
        now(app, ctx, s, command, q, &input)
    })
    .await
}

/// The filter as it is in the address of a list; chosen records are a filter too.
fn filter(body: &Json) -> Result<Vec<(String, String)>> {
    let mut pairs = match (&body["ids"], &body["filter"]) {
        (Json::Array(a), _) => {
            if a.is_empty() || a.len() > MAX_LIMIT {
                return Err(Error::field("ids", "line_limit").field_arg("max", MAX_LIMIT));
            }
            let one = |(n, id): (usize, &'_ Json)| {
                let id = id_in(id);
                id.map(|id| id.to_string()).ok_or_else(|| Error::field(format!("ids.{n}"), "bad_id"))
            };
            let ids = a.iter().enumerate().map(one).collect::<Result<Vec<_>>>()?;
            vec![("id".to_string(), ids.join(","))]
        }
        (_, Json::String(f)) => crate::call::pairs(f),
        _ => return Err(Error::field("ids", "required")),
    };
    counted(&pairs)?;
    pairs.retain(|(k, _)| !matches!(k.as_str(), "limit" | "after" | "fields" | "sort" | "count" | "lang"));
    Ok(pairs)
}

fn now(app: &Arc<App>, mut ctx: Ctx, s: &'static Spec, command: &str, mut q: Query, input: &Json) -> Result<Answer> {
    ctx.group = Some(new_id());
    q.limit = MAX_LIMIT;
    let page = app.list(&ctx, s.name, &q)?;
    let one = |id: Id, version: i64| Envelope::new(format!("{}.{command}", s.name), input.clone()).on(id).seen(version);
    let commands = page.rows.iter().map(|r| one(r.id, r.version)).collect();
    let done = app.execute_slice(&ctx, commands, false)?;
    Ok(Answer::json(&json!({"done": done.len(), "group_id": ctx.group})))
}

fn job(app: &Arc<App>, ctx: &Ctx, s: &Spec, command: &str, pairs: &[(String, String)], input: Json, count: i64) -> Result<Answer> {
    let words = [
        ("entity", message::entity(ctx.lang, s.name).into()),
        ("verb", message::verb(ctx.lang, s.name, if command == "delete" { "archive" } else { command }).into()),
        ("count", count.into()),
    ];
    let title = tr_args(ctx.lang, "jobs-bulk-title", &words);
    let asked = json!({"collection": s.name, "command": command, "filter": pairs, "input": input, "upto": new_id()});
    Ok(crate::questions::started(&app.start_job(ctx, "bulk", &title, asked, Some(count))?))
}
