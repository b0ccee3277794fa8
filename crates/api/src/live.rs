//! Live updates: what a colleague changes arrives as server-sent events, only about collections that the caller may read;
//! and who looks at the same record.

use crate::Api;
use crate::call::{Answer, Call, blocking};
use crate::problem;
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use kontor_kernel::error::Error;
use kontor_platform::nodes::News;
use kontor_platform::value::Id;
use serde_json::json;
use std::convert::Infallible;
use std::time::Duration;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::BroadcastStream;

/// A browser whose stream has ended asks for another after this pause.
const AGAIN: Duration = Duration::from_millis(1000);

pub async fn events(State(api): State<Api>, call: Call) -> Response {
    let app = api.app.clone();
    let lang = call.lang;
    let who = tokio::task::spawn_blocking(move || call.ctx(&app)).await;
    let ctx = match who {
        Ok(Ok(ctx)) => ctx,
        Ok(Err(e)) => return problem::response(&e, lang),
        Err(e) => return problem::response(&kontor_kernel::error::Error::internal(e), lang),
    };
    let app = api.app.clone();
    let (presence, me) = (api.app.clone(), ctx.user_id);
    let stream = BroadcastStream::new(api.app.live.subscribe()).filter_map(move |news| {
        // Rights may have changed, by what is heard or by what was missed: the stream ends, and whoever may still listen asks for
        // another and looks again.
        let l = match news {
            Ok(News::Changed(l)) if !matches!(l.entity, "users" | "roles") => l,
            Ok(_) | Err(_) => return Some(None),
        };
        let spec = app.registry.get(l.entity)?;
        let all = ctx.access.scope(spec, "read") == kontor_platform::spec::Scope::All;
        let own = if l.entity == "companies" { Some(l.id) } else { l.company_id };
        let company = own.is_none_or(|c| ctx.access.companies.is_empty() || ctx.access.companies.contains(&c));
        // Whoever sees only his own rows is told of what he does himself: his other windows, his jobs.
        let mine = l.user_id == ctx.user_id && ctx.access.may(spec, "read");
        if !(all && company || mine) {
            return None;
        }
        Some(Some(Ok::<_, Infallible>(Event::default().event("changed").data(json!(l).to_string()))))
    });
    let looks = BroadcastStream::new(api.app.presence.changes.subscribe()).filter_map(move |l| {
        // Whoever fell behind hears of the next look; pages ask again by themselves.
        let l = l.ok().filter(|l| presence.presence.looks(l.entity, l.id, me))?;
        Some(Some(Ok(Event::default().event("looked").data(json!(l).to_string()))))
    });
    let first = tokio_stream::once(Some(Ok(Event::default().retry(AGAIN).comment("listening"))));
    Sse::new(first.chain(stream.merge(looks)).map_while(|event| event))
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(20)))
        .into_response()
}

/// `PUT /presence/{collection}/{id}`: the caller looks at the record; answers who else does: `{people: [{id, name}]}`.
pub async fn look(State(api): State<Api>, Path((collection, record)): Path<(String, String)>, call: Call) -> Response {
    blocking(&api, call, move |app, call| {
        let identity = call.identity(app)?;
        let ctx = call.ctx(app)?;
        let id = Id::parse_str(&record).map_err(|_| Error::not_found())?;
        let people = app.look(&ctx, &collection, id, &identity.name)?;
        Ok(Answer::json(&json!({"people": people.iter().map(|(id, name)| json!({"id": id, "name": name})).collect::<Vec<_>>()})))
    })
    .await
}

/// The caller looks away.
pub async fn look_away(State(api): State<Api>, Path((collection, record)): Path<(String, String)>, call: Call) -> Response {
    blocking(&api, call, move |app, call| {
        let ctx = call.ctx(app)?;
        // Nobody looks at what is no record.
        if let Ok(id) = Id::parse_str(&record) {
            app.look_away(&ctx, &collection, id);
        }
        Ok(Answer::empty())
    })
    .await
}
