//! Reports and questions: reads that are not lists, as they are registered.

use crate::Api;
use crate::call::{Answer, Call, blocking};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use kontor_exchange::ExportFormat;
use kontor_kernel::HashMap;
use kontor_kernel::error::Error;
use kontor_platform::App;
use kontor_platform::app::Asked;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// A route for each registered question.
pub fn routes(mut r: Router<Api>, app: &Arc<App>) -> Router<Api> {
    for (n, q) in app.registry.questions.iter().enumerate() {
        let path = format!("/api/v1/{}", q.path);
        let run = move |State(api): State<Api>, Path(path): Path<HashMap<String, String>>, call: Call| async move {
            blocking(&api, call, move |app, call| {
                let ctx = call.ctx(app)?;
                let query = call.query.iter().filter(|(k, _)| k != "lang").cloned().collect();
                let body = if app.registry.questions[n].post { call.json()? } else { Json::Null };
                let asked = Asked { path, query, body };
                Ok(Answer::json(&(app.registry.questions[n].run)(app, &ctx, &asked)?))
            })
            .await
        };
        r = r.route(&path, if q.post { post(run) } else { get(run) });
    }
    for (n, s) in app.registry.starts.iter().enumerate() {
        let run = move |State(api): State<Api>, call: Call| async move {
            blocking(&api, call, move |app, call| {
                let ctx = call.ctx(app)?;
                Ok(started(&(app.registry.starts[n].run)(app, &ctx, &call.json()?)?))
            })
            .await
        };
        r = r.route(&format!("/api/v1/{}", s.path), post(run));
    }
    r
}

/// 202 with the job, and where to look how it goes.
pub fn started(job: &Json) -> Answer {
    let address = format!("/api/v1/jobs/{}", job["id"].as_str().unwrap_or_default());
    Answer::json(&json!({"job": job})).status(StatusCode::ACCEPTED).header(header::LOCATION, address)
}

pub async fn reports(State(api): State<Api>, call: Call) -> Response {
    blocking(&api, call, |app, call| {
        let ctx = call.ctx(app)?;
        let items: Vec<Json> = app
            .registry
            .reports
            .iter()
            .filter(|r| r.allowed(&ctx))
            .map(|r| json!({"name": r.name, "title": kontor_texts::tr(ctx.lang, &format!("report-{}", r.name)), "params": r.params.iter().map(|p| p.name).collect::<Vec<_>>()}))
            .collect();
        Ok(Answer::json(&json!({"items": items, "next": null})))
    })
    .await
}

pub async fn report(State(api): State<Api>, Path(name): Path<String>, call: Call) -> Response {
    blocking(&api, call, move |app, call| {
        let ctx = call.ctx(app)?;
        let table = app.report(&ctx, &name, &call.query)?;
        let format = call.query.iter().find(|(k, _)| k == "format").map_or("json", |(_, v)| v.as_str());
        if format == "json" {
            return Ok(Answer::json(&table.to_json()));
        }
        if format == "pdf" {
            let spec = app.registry.report_of(&name).ok_or_else(Error::not_found)?;
            let asked: Vec<(String, String)> =
                call.query.iter().filter(|(k, _)| !matches!(k.as_str(), "format" | "lang")).cloned().collect();
            let body = kontor_trade::report_paper::pdf(&ctx, spec, &table, &asked)?;
            let file = format!("attachment; filename=\"{name}-{}.pdf\"", ctx.today);
            return Ok(Answer { status: StatusCode::OK, content_type: "application/pdf", body, headers: vec![] }
                .header(header::CONTENT_DISPOSITION, file));
        }
        let Some(kind) = ExportFormat::parse(format) else {
            return Err(Error::field("format", "bad_choice").field_arg("choices", "json, csv, xlsx, pdf").field_arg("value", format));
        };
        let mut body = vec![];
        kontor_exchange::export_table(&table, kind, &mut body)?;
        let file = format!("attachment; filename=\"{name}-{}.{}\"", ctx.today, kind.extension());
        Ok(Answer { status: StatusCode::OK, content_type: kind.media_type(), body, headers: vec![] }
            .header(header::CONTENT_DISPOSITION, file))
    })
    .await
}
