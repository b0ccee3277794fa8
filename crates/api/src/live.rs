//! Live updates: what a colleague changes arrives as server-sent events, only about collections that the caller may read.

use crate::Api;
use crate::call::Call;
use crate::problem;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use std::convert::Infallible;
use std::time::Duration;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::BroadcastStream;

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
    let stream = BroadcastStream::new(api.app.live.subscribe()).filter_map(move |l| {
        // A receiver that fell behind has missed something: it is told to look again.
        let Ok(l) = l else { return Some(Ok::<_, Infallible>(Event::default().event("missed").data("{}"))) };
        let spec = app.registry.get(l.entity)?;
        let all = ctx.access.scope(spec, "read") == kontor_platform::spec::Scope::All;
        let company = l.company_id.is_none_or(|c| ctx.access.companies.is_empty() || ctx.access.companies.contains(&c));
        // Whoever sees only his own rows is told of what he does himself: his other windows, his jobs.
        let mine = l.user_id == ctx.user_id && ctx.access.may(spec, "read");
        if !(all && company || mine) {
            return None;
        }
        let data = serde_json::to_string(&l).ok()?;
        Some(Ok(Event::default().event("changed").data(data)))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))).into_response()
}
