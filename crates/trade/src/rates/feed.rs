//! Rates that come by themselves: an address of a bank that is asked once a day. What failed is told at the feed and tried again
//! every hour; each attempt is bounded in time and size.

use crate::fetch::{Fetch, is_url};
use chrono::Duration;
use kontor_exchange::Options;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::jobs::{self, Job, JobKind, Slice};
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Rules, Spec, Verb};
use kontor_platform::value::{Id, Value, id_in};
use kontor_platform::{App, Ctx};
use kontor_texts::tr_args;
use serde_json::{Value as Json, json};
use std::sync::Arc;

const KIND: &str = "load-rates";
/// A feed that was loaded is asked again after so long, one that failed after so long.
const DAILY: i64 = 23 * 60;
const AGAIN: i64 = 50;

pub fn rate_feeds() -> Spec {
    Spec::catalog("rate-feeds")
        .section("prices", "refresh")
        .columns([
            Column::text("name", 100).required().unique().search().sort_key().list(),
            Column::text("url", 500).required().list(),
            Column::bool("active", true).list(),
            Column::instant("tried_at").derived(),
            Column::instant("loaded_at").derived().list(),
            Column::int("loaded", 0, i64::MAX).derived().list(),
            // Why the last attempt failed: code and arguments of a text.
            Column::map("error").derived(),
        ])
        .verb(Verb::new("load", &[], &[], load))
        .grant("director", "read create update delete undo load")
        .grant("sales_manager", "read load")
        .grant("accountant", "read create update delete undo load")
        .rules(FeedRules)
}

struct FeedRules;
impl Rules for FeedRules {
    fn decide(&self, _cx: &mut Cx, change: &mut Change) -> Result<()> {
        let url = change.after.text("url");
        if is_url(url) { Ok(()) } else { Err(Error::field("url", "fetch_url_bad").field_arg("url", url)) }
    }
}

/// Asks now, whatever the time.
fn load(cx: &mut Cx, r: &mut Record, _: &Json) -> Result<Json> {
    let title = tr_args(cx.ctx.lang, "rate-feed-job", &[("name", r.title().into())]);
    let job = jobs::start(cx, KIND, &title, json!({"feed_id": r.id}), Some(1))?;
    Ok(json!({"job_id": job.id}))
}

/// Asks the feeds that are due, one per slice.
pub struct LoadRates<F: Fetch>(pub F);

struct Feed {
    id: Id,
    url: String,
}

impl<F: Fetch> JobKind for LoadRates<F> {
    fn name(&self) -> &'static str {
        KIND
    }
    fn every(&self) -> Option<Duration> {
        Some(Duration::hours(1))
    }
    fn slice(&self, app: &Arc<App>, ctx: &Ctx, job: &Job) -> Result<Slice> {
        let counted = |name: &str| job.position[name].as_i64().unwrap_or(0);
        let Some(feed) = next(app, ctx, job)? else {
            return Ok(Slice::end(job, json!({"loaded": counted("loaded"), "failed": counted("failed")})));
        };
        let done = self.load(app, ctx, &feed);
        if let Err(e) = &done {
            tracing::warn!(url = feed.url, error = %e, "rates could not be loaded");
        }
        let position = json!({
            "after": feed.id,
            "loaded": counted("loaded") + i64::from(done.is_ok()),
            "failed": counted("failed") + i64::from(done.is_err()),
        });
        Ok(Slice::at(job, position, job.done + 1).writing(move |cx, _| keep(cx, feed.id, &done)))
    }
}

/// The next feed: the one that was asked for, or the next that is due.
fn next(app: &Arc<App>, ctx: &Ctx, job: &Job) -> Result<Option<Feed>> {
    let (after, only) = (id_in(&job.position["after"]), id_in(&job.input["feed_id"]));
    if only.is_some() && after.is_some() {
        return Ok(None);
    }
    let (loaded, tried) = (ctx.now - Duration::minutes(DAILY), ctx.now - Duration::minutes(AGAIN));
    let (which, params): (&str, Vec<Value>) = match only {
        Some(id) => ("id = ?", vec![id.into()]),
        None => (
            "id > ? AND active = ? AND archived = ? AND (loaded_at IS NULL OR loaded_at < ?) AND (tried_at IS NULL OR tried_at < ?)",
            vec![after.unwrap_or_default().into(), true.into(), false.into(), loaded.into(), tried.into()],
        ),
    };
    app.store.read(|conn| {
        let found = conn.query_opt(&format!("SELECT id, url FROM rate_feeds WHERE {which} ORDER BY id LIMIT 1"), &params)?;
        found.map(|r| Ok(Feed { id: r.id(0)?, url: r.text(1)?.to_string() })).transpose()
    })
}

impl<F: Fetch> LoadRates<F> {
    /// How many rates were new or changed.
    fn load(&self, app: &Arc<App>, ctx: &Ctx, feed: &Feed) -> Result<i64> {
        let input = crate::input(&feed.url, &self.0)?;
        let report = crate::import(app, ctx, "rates", &input, &Options::default());
        match report.errors.first() {
            None => Ok(i64::try_from(report.created + report.updated).unwrap_or(i64::MAX)),
            Some(e) => Err(Error::refused("rate_feed_file").arg("row", e.row).arg("message", &e.message)),
        }
    }
}

/// What came of it stands at the feed.
fn keep(cx: &mut Cx, feed: Id, done: &Result<i64>) -> Result<()> {
    let now: Value = chrono::Utc::now().into();
    match done {
        Ok(n) => cx.conn.exec(
            "UPDATE rate_feeds SET tried_at = ?, loaded_at = ?, loaded = ?, error = ? WHERE id = ?",
            &[now.clone(), now, (*n).into(), Value::Null, feed.into()],
        )?,
        Err(e) => {
            let i = e.inner();
            let args: serde_json::Map<String, Json> = i.args.iter().map(|(k, v)| (k.to_string(), json!(v))).collect();
            let error = Value::Json(json!({"code": i.code, "args": args}));
            cx.conn.exec("UPDATE rate_feeds SET tried_at = ?, error = ? WHERE id = ?", &[now, error, feed.into()])?
        }
    };
    Ok(())
}
