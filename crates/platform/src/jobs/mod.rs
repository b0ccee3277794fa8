//! Long work: a job runs in slices of one short transaction each, beside the people who type. Its progress is written
//! with the slice, so that a restart goes on where the last slice ended; a lease with a fencing number keeps two nodes
//! from working on the same job; who may can cancel it. Modules declare kinds of jobs; schedules start some by the clock.

mod ahead;
mod bulk;
mod housekeeping;
mod own;
mod run;
mod undo_group;

pub use bulk::Bulk;
pub use housekeeping::Housekeeping;
pub(crate) use own::takes_back;
pub use own::{End, Import, Lease, Own, expect};
pub use undo_group::UndoGroup;

use crate::app::{App, Registry};
use crate::ctx::Ctx;
use crate::cx::Cx;
use crate::record::Record;
use crate::spec::{Column, Spec, Verb};
use crate::store::Priority;
use crate::value::{Id, Value};
use chrono::{DateTime, Duration, Utc};
use kontor_kernel::error::{Error, Kind, Result};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// What a slice does in the writer's transaction; may be run again after a conflict, so it keeps nothing between runs.
pub type Write = Box<dyn FnMut(&mut Cx, &mut Step) -> Result<()> + Send>;

/// A kind of long work. Kinds hold no state: everything that a slice needs stands in the job.
pub trait JobKind: Send + Sync {
    /// Name in the table and in texts (`jobs-kind-NAME`).
    fn name(&self) -> &'static str;

    /// The next slice from `job.position` on, about `job.size` items. Called outside the writer: what can be read and
    /// computed beforehand belongs here, what must be written into `Slice::write`.
    fn slice(&self, app: &Arc<App>, ctx: &Ctx, job: &Job) -> Result<Slice>;

    /// Where to go on when the job failed or was cancelled, to take back what was done. `None`: it stays.
    fn take_back(&self, _job: &Job) -> Option<Json> {
        None
    }

    /// Slices may be read while those before them are on their way to the database: `write` leaves its step as it is, and what
    /// a slice reads is not what the slices before it write.
    fn ahead(&self) -> bool {
        false
    }

    /// The work itself is done by the process that began it, with `App::begin_own`; slices only deal with what a process that
    /// is gone has left, with the program's own rights.
    fn own(&self) -> bool {
        false
    }

    /// A kind that starts by itself, without input, at every multiple of this time; once, however many nodes there are.
    fn every(&self) -> Option<Duration> {
        None
    }
}

/// A job as its kind sees it.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: Id,
    pub kind: String,
    /// What was asked for.
    pub input: Json,
    /// Where the next slice begins; null at first.
    pub position: Json,
    pub done: i64,
    /// `None` while nobody knows.
    pub total: Option<i64>,
    /// It failed or was cancelled and is being taken back.
    pub stopping: bool,
    /// Items that the next slice should take to stay within its time.
    pub size: usize,
}

/// Where a job stands after a slice.
#[derive(Clone, Debug)]
pub struct Step {
    pub position: Json,
    pub done: i64,
    pub total: Option<i64>,
    /// The job is over, with this result (an object).
    pub finished: Option<Json>,
}

impl Step {
    /// Something could not be taken back and stays: somebody has changed it since, and his work counts. While the database is away
    /// nothing is known of that; the job waits for it.
    fn stay(&mut self, e: Error) -> Result<()> {
        if e.inner().retry || e.kind() == Kind::Unavailable {
            return Err(e);
        }
        if e.kind() == Kind::Internal {
            tracing::warn!(error = %e, "what a job did could not be taken back");
        }
        self.position["stayed"] = json!(self.position["stayed"].as_i64().unwrap_or(0) + 1);
        Ok(())
    }
}

/// One step of a job: where it stands afterwards, and what is to be written for that.
pub struct Slice {
    pub step: Step,
    pub write: Option<Write>,
}

impl Slice {
    /// Goes on at `position` with `done` items behind it.
    pub fn at(job: &Job, position: Json, done: i64) -> Slice {
        Slice { step: Step { position, done, total: job.total, finished: None }, write: None }
    }
    /// The end of the job.
    pub fn end(job: &Job, result: Json) -> Slice {
        Slice { step: Step { position: Json::Null, done: job.done, total: job.total, finished: Some(result) }, write: None }
    }
    /// With what is to be written, in one transaction with where the job stands.
    pub fn writing(mut self, write: impl FnMut(&mut Cx, &mut Step) -> Result<()> + Send + 'static) -> Slice {
        self.write = Some(Box::new(write));
        self
    }
}

/// States of a job.
pub const STATES: &[&str] = &["queued", "running", "done", "failed", "cancelled"];

/// The collection `jobs`, and the kinds that the platform itself brings.
pub fn register(r: Registry) -> Registry {
    crate::external_ids::register(r).entity(spec()).job(Bulk).job(Housekeeping).job(UndoGroup).job(Import)
}

fn spec() -> Spec {
    // The runner writes what is derived; only a cancellation is a change by a person, with version and history.
    Spec::facts("jobs")
        .section("settings", "progress")
        .title("title")
        .sort("-created_at")
        .columns([
            Column::text("title", 300).computed().search().default("").list(),
            Column::text("kind", 60).computed().default("").list(),
            Column::int("done", 0, i64::MAX).default(0i64).derived().list(),
            Column::int("total", 0, i64::MAX).derived().list(),
            Column::bool("cancel_asked", false).computed(),
            Column::instant("started_at").derived(),
            Column::instant("finished_at").derived().list(),
            Column::map("result").derived(),
            Column::map("error").derived(),
            Column::map("input").hidden(),
            Column::map("position").derived().hidden(),
            Column::map("stopping").derived().hidden(),
            Column::text("language", 5).default("en").hidden(),
            // Name of the schedule; of a job that a person started its own id.
            Column::text("key", 100).default("").hidden(),
            Column::instant("due_at").default(DateTime::<Utc>::UNIX_EPOCH).hidden(),
            // Jobs take turns: who had his longest ago comes next.
            Column::instant("turn_at").default(DateTime::<Utc>::UNIX_EPOCH).derived().hidden(),
            Column::int("fence", 0, i64::MAX).default(0i64).derived().hidden(),
            Column::instant("leased_until").derived().hidden(),
        ])
        .states(STATES, &[])
        .unique_over(&["key", "due_at"])
        .index_on("turn", "(state, turn_at)")
        // What is asked to stop may still end by itself before it hears of that.
        .verb(Verb::new("cancel", &["queued", "running"], &["cancelled", "done", "failed"], cancel))
        .grant("director", "read cancel")
        .grant("sales_manager", "read:own cancel:own")
        .grant("accountant", "read:own cancel:own")
        .grant("salesperson", "read:own cancel:own")
        .grant("storekeeper", "read:own cancel:own")
        .grant("field_agent", "read:own cancel:own")
}

/// A job that has not begun is cancelled at once; a running one is told, and takes back what it did first.
fn cancel(cx: &mut Cx, job: &mut Record, _input: &Json) -> Result<Json> {
    job.set("cancel_asked", true);
    if job.state() == "queued" {
        job.set("state", "cancelled");
        cx.conn.exec("UPDATE jobs SET finished_at = ? WHERE id = ?", &[cx.ctx.now.into(), job.id.into()])?;
    }
    Ok(Json::Null)
}

/// Queues a job in the transaction of a command; it runs with the caller's rights and writes one audit group, its own id.
/// `title` is shown as given; `total` is the number of items, when it is known.
pub fn start(cx: &mut Cx, kind: &'static str, title: &str, input: Json, total: Option<i64>) -> Result<Record> {
    if cx.app.registry.job_of(kind).is_none() {
        return Err(Error::internal(format!("no kind of job is called {kind}")));
    }
    let spec = cx.spec("jobs");
    let mut r = Record::new(spec, cx.new_id());
    r.set("title", title.chars().take(300).collect::<String>());
    r.set("kind", kind);
    r.set("input", Value::Json(input));
    r.set("total", total);
    r.set("language", cx.ctx.lang.code());
    r.set("key", r.id.to_string());
    r.set("due_at", cx.ctx.now);
    r.set("turn_at", cx.ctx.now);
    cx.insert(&mut r)?;
    Ok(r)
}

impl App {
    /// Queues a job by itself; answers it as the API shows it.
    pub fn start_job(self: &Arc<Self>, ctx: &Ctx, kind: &'static str, title: &str, input: Json, total: Option<i64>) -> Result<Json> {
        let (app, ctx, title) = (self.clone(), ctx.clone(), title.to_string());
        let (shown, live) = self.store.write(Priority::People, move |conn| {
            let mut cx = Cx::new(conn, &app, &ctx, "jobs.create");
            let job = start(&mut cx, kind, &title, input.clone(), total)?;
            let shown = crate::query::record_json(cx.conn, &app, &ctx, &job)?;
            Ok((shown, std::mem::take(&mut cx.live)))
        })?;
        self.after_commit(live);
        Ok(shown)
    }

    /// Queues what the clock asks for; each time of each schedule once, however many nodes there are.
    pub fn schedule_jobs(self: &Arc<Self>, now: DateTime<Utc>) -> Result<()> {
        for kind in &self.registry.jobs {
            let Some(every) = kind.every() else { continue };
            let seconds = every.num_seconds().max(1);
            let due = DateTime::from_timestamp(now.timestamp() / seconds * seconds, 0).unwrap_or(now);
            let name = kind.name();
            let there = |conn: &mut crate::store::Conn| {
                Ok(conn.query_opt("SELECT 1 FROM jobs WHERE key = ? AND due_at = ?", &[name.into(), due.into()])?.is_some())
            };
            if self.store.read(there)? {
                continue;
            }
            let app = self.clone();
            let queued = self.store.write(Priority::Jobs, move |conn| {
                let ctx = Ctx::system();
                let cx = Cx::new(conn, &app, &ctx, "jobs.create");
                let mut r = Record::new(cx.spec("jobs"), cx.new_id());
                r.version = 1;
                r.set("title", kontor_texts::message::choice(ctx.lang, "jobs", "kind", name).into_owned());
                r.set("kind", name);
                r.set("key", name);
                r.set("input", Value::Json(json!({})));
                for (column, at) in [("due_at", due), ("turn_at", now), ("created_at", now), ("updated_at", now)] {
                    r.set(column, at);
                }
                r.insert(cx.conn)
            });
            match queued {
                // Another node was quicker.
                Err(e) if e.inner().unique.is_some() => {}
                other => other?,
            }
        }
        Ok(())
    }
}
