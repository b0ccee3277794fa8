//! The runner: takes the job whose turn it is, runs slices for a while, gives it back.

use super::{Job, JobKind, Slice, Step};
use crate::app::App;
use crate::ctx::{Ctx, Source};
use crate::cx::{Cx, Live, Progress};
use crate::store::{Backend, Conn, Priority};
use crate::value::{Id, Value};
use chrono::{DateTime, Utc};
use kontor_kernel::error::{Error, Kind, Result};
use kontor_texts::{Lang, message};
use serde_json::{Value as Json, json};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Another node takes a job over when its runner was not heard of for so long.
pub(super) const LEASE: chrono::Duration = chrono::Duration::seconds(60);
/// The writer should be busy with a slice for about so long.
const SLICE: Duration = Duration::from_millis(15);
/// Items of a slice: the first one, and the most.
const FIRST: usize = 25;
/// The same of a kind that reads ahead: its items are small.
const FIRST_AHEAD: usize = 200;
const MOST: usize = 5_000;
/// Browsers are told of progress at most so often.
const TELL: Duration = Duration::from_millis(250);
/// A job that no other one waits for keeps its turn for so many; then its starter's rights are looked at again.
const TURNS: u32 = 5;
/// A database that is too busy is given so long before the job's next turn.
const REST: chrono::Duration = chrono::Duration::seconds(2);

const DUE: &str = "SELECT id FROM jobs WHERE state IN ('queued', 'running') AND turn_at <= ? AND (leased_until IS NULL OR leased_until < ?) ORDER BY turn_at LIMIT 1";

/// A job in the hands of this runner.
pub(super) struct Held {
    pub job: Job,
    pub fence: i64,
    starter: Option<Id>,
    lang: Lang,
    version: i64,
    /// Why it is being taken back: its last state, with the error.
    pub stopping: Option<Json>,
    pub cancel_asked: bool,
}

/// What became of a slice's transaction.
pub(super) enum Written {
    Done(Step, Vec<Live>),
    /// It was asked to stop before; nothing was written.
    Cancelled,
    /// A slice before it was not written.
    Stale,
    /// Somebody else has the job now.
    Lost,
}

/// How a slice ended.
pub(super) enum Ran {
    On,
    Over,
    /// Somebody else has the job now.
    Lost,
    /// The database is busy: another time.
    Busy,
}

impl App {
    /// Works on the job whose turn it is, for about `budget`. Answers whether there was one.
    pub fn run_jobs(self: &Arc<Self>, budget: Duration) -> Result<bool> {
        self.run_jobs_while(budget, &|| false)
    }

    /// The same; while `on` holds, a job that no other one waits for may keep its turn.
    pub fn run_jobs_while(self: &Arc<Self>, budget: Duration, on: &dyn Fn() -> bool) -> Result<bool> {
        let Some(mut held) = self.take_job()? else { return Ok(false) };
        let began = Instant::now();
        let mut told = Instant::now();
        let ahead = self.registry.job_of(&held.job.kind).is_some_and(JobKind::ahead);
        if ahead {
            held.job.size = FIRST_AHEAD;
        }
        loop {
            let ran = if ahead && held.stopping.is_none() && !held.cancel_asked {
                self.run_ahead(&mut held, &|| {
                    began.elapsed() < budget || (on() && began.elapsed() < budget * TURNS && !self.others_wait())
                })?
            } else {
                self.run_slice(&mut held)?
            };
            if matches!(ran, Ran::Lost) {
                return Ok(true);
            }
            if matches!(ran, Ran::Over) || told.elapsed() > TELL {
                told = Instant::now();
                self.tell(&held, if matches!(ran, Ran::Over) { Progress::OVER } else { Progress::RUNNING });
            }
            match ran {
                Ran::Over => return Ok(true),
                Ran::Busy => {
                    self.give_back(&held, Utc::now() + REST)?;
                    return Ok(true);
                }
                _ if began.elapsed() >= budget => {
                    self.give_back(&held, Utc::now())?;
                    return Ok(true);
                }
                _ => {}
            }
        }
    }

    pub(super) fn tell(&self, held: &Held, state: &'static str) {
        let progress = Progress { state, done: held.job.done, total: held.job.total };
        self.after_commit(vec![Live {
            entity: "jobs",
            id: held.job.id,
            version: held.version,
            user_id: held.starter.unwrap_or(crate::spec::NONE),
            company_id: None,
            progress: Some(progress),
        }]);
    }

    /// Whether another job is due; one that cannot be asked for is taken for one.
    fn others_wait(&self) -> bool {
        let now = Utc::now();
        self.store.read(|conn| conn.query_opt(DUE, &[now.into(), now.into()])).map_or(true, |r| r.is_some())
    }

    fn take_job(self: &Arc<Self>) -> Result<Option<Held>> {
        let now = Utc::now();
        // Mostly there is nothing to do: the writer is not asked for that.
        if self.store.read(|conn| conn.query_opt(DUE, &[now.into(), now.into()]))?.is_none() {
            return Ok(None);
        }
        self.store.write(Priority::Jobs, move |conn| {
            let skip = if conn.backend() == Backend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
            let Some(row) = conn.query_opt(&format!("{DUE}{skip}"), &[now.into(), now.into()])? else { return Ok(None) };
            let id = row.id(0)?;
            conn.exec(
                "UPDATE jobs SET state = 'running', fence = fence + 1, leased_until = ?, started_at = COALESCE(started_at, ?) WHERE id = ?",
                &[(now + LEASE).into(), now.into(), id.into()],
            )?;
            held(conn, id).map(Some)
        })
    }

    /// One slice, with whatever follows from a failure or a cancellation.
    pub(super) fn run_slice(self: &Arc<Self>, held: &mut Held) -> Result<Ran> {
        if held.cancel_asked && held.stopping.is_none() {
            return self.stop(held, json!({"state": "cancelled"}));
        }
        let done = self.context(held).and_then(|ctx| {
            let kind = self.registry.job_of(&held.job.kind).ok_or_else(|| Error::internal("the kind of job is not known"))?;
            let slice = read_slice(self, kind, &ctx, &held.job)?;
            self.write_slice(held, &ctx, slice)
        });
        match done {
            Ok(ran) => Ok(ran),
            Err(e) => self.failed(held, e),
        }
    }

    /// Waits, takes back or ends, as the error and the kind of job ask for.
    pub(super) fn failed(self: &Arc<Self>, held: &mut Held, e: Error) -> Result<Ran> {
        match e {
            e if e.kind() == Kind::Unavailable => {
                tracing::info!(job = %held.job.id, error = %e, "a job waits");
                Ok(Ran::Busy)
            }
            e => {
                tracing::warn!(job = %held.job.id, kind = held.job.kind, error = %e, "a job failed");
                let error = error_json(&e, held.lang);
                match held.stopping.clone() {
                    // Taking back failed too: there is nothing left to try.
                    Some(why) => self.finish(held, json!({"state": "failed", "error": error, "after": why}), json!({})),
                    None => self.stop(held, json!({"state": "failed", "error": error})),
                }
            }
        }
    }

    /// The job's starter as he is now; the program itself for what the clock started.
    pub(super) fn context(self: &Arc<Self>, held: &Held) -> Result<Ctx> {
        let own = self.registry.job_of(&held.job.kind).is_some_and(JobKind::own);
        let mut ctx = match held.starter.filter(|_| !own) {
            Some(user) => self.ctx_of_user(user, Source::Job)?,
            None => Ctx::system().with_source(Source::Job),
        };
        ctx.lang = held.lang;
        ctx.group = Some(held.job.id);
        Ok(ctx)
    }

    fn write_slice(self: &Arc<Self>, held: &mut Held, ctx: &Ctx, slice: Slice) -> Result<Ran> {
        let took = Arc::new(AtomicU64::new(0));
        let written = self.store.write(Priority::Jobs, self.writing(held, ctx, slice, None, took.clone()))?;
        let size = held.job.size;
        Ok(self.settle(held, written, size, &took))
    }

    /// The transaction of a slice. `from`: where the job must stand for it, when slices before are on their way.
    pub(super) fn writing(
        self: &Arc<Self>,
        held: &Held,
        ctx: &Ctx,
        slice: Slice,
        from: Option<Json>,
        clock: Arc<AtomicU64>,
    ) -> impl FnMut(&mut Conn<'_>) -> Result<Written> + Send + 'static {
        let Slice { step, mut write } = slice;
        let (app, ctx, id, fence) = (self.clone(), ctx.clone(), held.job.id, held.fence);
        let stopping = held.stopping.clone();
        move |conn| {
            let began = Instant::now();
            // The number of the lease first: what another node works on must not be touched.
            let Some(now) = still_mine(conn, id, fence)? else { return Ok(Written::Lost) };
            if now.cancel_asked && stopping.is_none() {
                // Who wants it to stop is heard before more is done.
                return Ok(Written::Cancelled);
            }
            if from.as_ref().is_some_and(|from| *from != now.position) {
                return Ok(Written::Stale);
            }
            let mut step = step.clone();
            let mut live = vec![];
            if let Some(write) = &mut write {
                let mut cx = Cx::new(conn, &app, &ctx, "");
                write(&mut cx, &mut step)?;
                live = std::mem::take(&mut cx.live);
            }
            keep(conn, id, &step, stopping.as_ref())?;
            clock.store(u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX), Relaxed);
            Ok(Written::Done(step, live))
        }
    }

    /// Where the job stands after a slice of so many items.
    pub(super) fn settle(&self, held: &mut Held, written: Written, size: usize, took: &AtomicU64) -> Ran {
        match written {
            Written::Lost => Ran::Lost,
            Written::Stale => Ran::On,
            Written::Cancelled => {
                held.cancel_asked = true;
                Ran::On
            }
            Written::Done(step, live) => {
                self.after_commit(live);
                held.job.size = next_size(size, Duration::from_micros(took.load(Relaxed)));
                held.job.done = step.done;
                held.job.total = step.total;
                held.job.position = step.position;
                if step.finished.is_some() { Ran::Over } else { Ran::On }
            }
        }
    }

    /// Turns the job round to take back what it did, or ends it where there is nothing to take back.
    fn stop(self: &Arc<Self>, held: &mut Held, why: Json) -> Result<Ran> {
        let back = self.registry.job_of(&held.job.kind).and_then(|k| k.take_back(&held.job));
        let Some(position) = back else { return self.finish(held, why, json!({})) };
        let (id, fence) = (held.job.id, held.fence);
        let (to, reason) = (position.clone(), why.clone());
        let mine = self.store.write(Priority::Jobs, move |conn| {
            conn.exec(
                "UPDATE jobs SET stopping = ?, position = ? WHERE id = ? AND fence = ?",
                &[reason.clone().into(), to.clone().into(), id.into(), fence.into()],
            )
        })?;
        held.job.position = position;
        held.job.stopping = true;
        held.stopping = Some(why);
        Ok(if mine == 1 { Ran::On } else { Ran::Lost })
    }

    fn finish(self: &Arc<Self>, held: &mut Held, why: Json, result: Json) -> Result<Ran> {
        let (id, fence) = (held.job.id, held.fence);
        let step = Step { position: Json::Null, done: held.job.done, total: held.job.total, finished: Some(result) };
        let mine = self.store.write(Priority::Jobs, move |conn| {
            if still_mine(conn, id, fence)?.is_none() {
                return Ok(false);
            }
            keep(conn, id, &step, Some(&why))?;
            Ok(true)
        })?;
        Ok(if mine { Ran::Over } else { Ran::Lost })
    }

    fn give_back(self: &Arc<Self>, held: &Held, turn: DateTime<Utc>) -> Result<()> {
        let (id, fence) = (held.job.id, held.fence);
        self.store.write(Priority::Jobs, move |conn| {
            conn.exec(
                "UPDATE jobs SET leased_until = NULL, turn_at = ? WHERE id = ? AND fence = ?",
                &[turn.into(), id.into(), fence.into()],
            )
            .map(|_| ())
        })
    }
}

/// The kind's own code must not end the runner.
pub(super) fn read_slice(app: &Arc<App>, kind: &dyn JobKind, ctx: &Ctx, job: &Job) -> Result<Slice> {
    catch_unwind(AssertUnwindSafe(|| kind.slice(app, ctx, job))).unwrap_or_else(|cause| {
        let what = cause.downcast_ref::<String>().cloned().or_else(|| cause.downcast_ref::<&str>().map(|s| s.to_string()));
        Err(Error::internal(what.unwrap_or_else(|| "panic".into())))
    })
}

pub(super) fn held(conn: &mut Conn, id: Id) -> Result<Held> {
    let r = conn.query_one(
        "SELECT kind, input, position, done, total, fence, created_by_id, language, version, stopping, cancel_asked FROM jobs WHERE id = ?",
        &[id.into()],
    )?;
    let json = |i: usize| if r.raw(i)?.is_null() { Ok(Json::Null) } else { r.json(i) };
    let stopping = Some(json(9)?).filter(|j| !j.is_null());
    Ok(Held {
        job: Job {
            id,
            kind: r.text(0)?.into(),
            input: json(1)?,
            position: json(2)?,
            done: r.int(3)?,
            total: r.opt_int(4)?,
            stopping: stopping.is_some(),
            size: FIRST,
        },
        fence: r.int(5)?,
        starter: r.opt_id(6)?,
        lang: Lang::parse(r.text(7)?).unwrap_or(Lang::En),
        version: r.int(8)?,
        stopping,
        cancel_asked: r.bool(10)?,
    })
}

/// A job as its row says now.
pub(super) struct Stands {
    cancel_asked: bool,
    position: Json,
}

/// The job, while the lease still holds. Locks the row, so that nobody takes it meanwhile.
pub(super) fn still_mine(conn: &mut Conn, id: Id, fence: i64) -> Result<Option<Stands>> {
    let lock = if conn.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
    let sql = format!("SELECT cancel_asked, position FROM jobs WHERE id = ? AND fence = ?{lock}");
    let Some(r) = conn.query_opt(&sql, &[id.into(), fence.into()])? else { return Ok(None) };
    let position = if r.raw(1)?.is_null() { Json::Null } else { r.json(1)? };
    Ok(Some(Stands { cancel_asked: r.bool(0)?, position }))
}

/// Writes where the job stands; a finished one gets its last state.
pub(super) fn keep(conn: &mut Conn, id: Id, step: &Step, stopping: Option<&Json>) -> Result<()> {
    let now = Utc::now();
    let mut sets = vec!["done = ?", "total = ?", "position = ?", "updated_at = ?"];
    let mut params: Vec<Value> = vec![step.done.into(), step.total.into(), Value::Json(step.position.clone()), now.into()];
    if let Some(result) = &step.finished {
        let state = stopping.map_or("done", |s| s["state"].as_str().unwrap_or("failed"));
        let error = stopping.map(|s| s["error"].clone()).filter(|e| !e.is_null());
        sets.extend(["leased_until = NULL", "finished_at = ?", "state = ?", "result = ?", "error = ?"]);
        params.extend([now.into(), state.into(), result.clone().into(), error.map_or(Value::Null, Value::Json)]);
    } else {
        sets.push("leased_until = ?");
        params.push((now + LEASE).into());
    }
    params.push(id.into());
    conn.exec(&format!("UPDATE jobs SET {} WHERE id = ?", sets.join(", ")), &params)?;
    Ok(())
}

/// Items of the next slice, so that it takes about the time that is allowed; it grows to four times at most.
fn next_size(size: usize, took: Duration) -> usize {
    let fits = size as u128 * SLICE.as_micros() / took.as_micros().max(1);
    usize::try_from(fits).unwrap_or(MOST).clamp(1, MOST.min(size * 4))
}

/// `{code, message, errors: [{field, code, message}], record_id?}` in the language of who started the job.
pub(super) fn error_json(e: &Error, lang: Lang) -> Json {
    let i = e.inner();
    let errors: Vec<Json> =
        i.fields.iter().map(|f| json!({"field": f.field, "code": f.code, "message": message::error(lang, &f.code, &f.args)})).collect();
    let mut out = json!({"code": i.code, "message": message::error(lang, &i.code, &i.args), "errors": errors});
    if let Some(id) = i.detail.get("record_id") {
        out["record_id"] = id.clone();
    }
    out
}
