//! Long work that one process does in one go, such as an import. Its job is written first and says that it runs; every
//! slice that the work writes holds on to that job. When the process is gone, whoever finds the job goes on with it as
//! its kind says: what was done is taken back.

use super::run::{Held, LEASE, Ran, error_json, held, keep, still_mine};
use super::{Job, JobKind, Slice, Step};
use crate::access::Access;
use crate::app::App;
use crate::ctx::{Ctx, Source};
use crate::cx::{Cx, Live, Progress};
use crate::record::Record;
use crate::store::{Conn, Priority};
use crate::undo::entries_of;
use crate::value::{Id, Value};
use chrono::Utc;
use kontor_kernel::error::{Error, Kind, Result};
use serde_json::{Value as Json, json};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often the process says that it lives, and browsers are told of progress.
const BEAT: Duration = Duration::from_secs(2);

/// The right to write for a job: number of the job and of the lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    pub job: Id,
    fence: i64,
}

/// A job that this process does. Dropped without an end, it is left to whoever looks for work.
pub struct Own {
    app: Arc<App>,
    lease: Lease,
    user: Id,
    stop: Arc<(Mutex<bool>, Condvar)>,
    beat: Option<JoinHandle<()>>,
}

/// How such a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Done,
    Failed,
    Cancelled,
}

impl App {
    /// Writes down that this process does such work from now on. `input` is what its kind needs to go on without it.
    pub fn begin_own(self: &Arc<Self>, ctx: &Ctx, kind: &'static str, title: &str, input: Json) -> Result<Own> {
        if self.registry.job_of(kind).is_none() {
            return Err(Error::internal(format!("no kind of job is called {kind}")));
        }
        let (app, user, lang, title) = (self.clone(), ctx.user_id, ctx.lang, title.chars().take(300).collect::<String>());
        let now = Utc::now();
        let id = self.store.write(Priority::People, move |conn| {
            let system = Ctx::system();
            let cx = Cx::new(conn, &app, &system, "jobs.create");
            let mut r = Record::new(cx.spec("jobs"), cx.new_id());
            r.version = 1;
            r.set("title", title.clone());
            r.set("kind", kind);
            r.set("state", "running");
            r.set("input", Value::Json(input.clone()));
            r.set("position", Value::Json(json!({"holder": here()})));
            r.set("language", lang.code());
            r.set("key", r.id.to_string());
            r.set("fence", 1i64);
            r.set("leased_until", now + LEASE);
            for column in ["due_at", "turn_at", "started_at", "created_at", "updated_at"] {
                r.set(column, now);
            }
            if user != crate::spec::NONE {
                r.set("created_by_id", user);
            }
            r.insert(cx.conn)?;
            Ok(r.id)
        })?;
        let lease = Lease { job: id, fence: 1 };
        let stop = Arc::new((Mutex::new(false), Condvar::new()));
        let beat = beating(self.clone(), lease, user, stop.clone())?;
        Ok(Own { app: self.clone(), lease, user, stop, beat: Some(beat) })
    }

    /// Frees the jobs of processes of this machine that are gone, so that the runner takes them at once.
    pub fn free_abandoned(self: &Arc<Self>) -> Result<usize> {
        let abandoned = self.abandoned()?;
        for (id, fence) in &abandoned {
            let (id, fence) = (*id, *fence);
            self.store.write(Priority::Jobs, move |conn| release(conn, id, fence))?;
        }
        Ok(abandoned.len())
    }

    /// Goes on with the jobs of processes that are gone until each of them has ended; answers their titles.
    pub fn end_abandoned(self: &Arc<Self>) -> Result<Vec<String>> {
        let mut titles = vec![];
        for (id, fence) in self.abandoned()? {
            let Some(mut held) = self.store.write(Priority::Jobs, move |conn| take(conn, id, fence))? else { continue };
            loop {
                match self.run_slice(&mut held)? {
                    Ran::On => {}
                    Ran::Busy => return Err(Error::new(Kind::Unavailable, "busy")),
                    Ran::Lost => break,
                    Ran::Over => {
                        titles.push(self.title_of(id)?);
                        break;
                    }
                }
            }
        }
        Ok(titles)
    }

    fn title_of(&self, job: Id) -> Result<String> {
        self.store.read(|c| Ok(c.query_one("SELECT title FROM jobs WHERE id = ?", &[job.into()])?.text(0)?.to_string()))
    }

    /// Running jobs of this sort that nobody works on any more.
    fn abandoned(&self) -> Result<Vec<(Id, i64)>> {
        let now = Utc::now();
        let rows = self.store.read(|conn| {
            conn.query("SELECT id, fence, position, leased_until, kind FROM jobs WHERE state = 'running' ORDER BY id DESC LIMIT 1000", &[])
        })?;
        let mut out = vec![];
        for r in rows {
            if !self.registry.job_of(r.text(4)?).is_some_and(JobKind::own) {
                continue;
            }
            let position = if r.raw(2)?.is_null() { Json::Null } else { r.json(2)? };
            let expired = r.raw(3)?.is_null() || r.instant(3)? < now;
            if expired || position["holder"].as_str().is_some_and(gone) {
                out.push((r.id(0)?, r.int(1)?));
            }
        }
        Ok(out)
    }
}

fn release(conn: &mut Conn, id: Id, fence: i64) -> Result<u64> {
    let now = Utc::now();
    conn.exec(
        "UPDATE jobs SET leased_until = NULL, turn_at = ? WHERE id = ? AND fence = ? AND state = 'running'",
        &[now.into(), id.into(), fence.into()],
    )
}

fn take(conn: &mut Conn, id: Id, fence: i64) -> Result<Option<Held>> {
    let until = Utc::now() + LEASE;
    let sql = "UPDATE jobs SET fence = fence + 1, leased_until = ? WHERE id = ? AND fence = ? AND state = 'running'";
    let mine = conn.exec(sql, &[until.into(), id.into(), fence.into()])?;
    if mine == 1 { held(conn, id).map(Some) } else { Ok(None) }
}

impl Lease {
    /// At the beginning of a transaction that writes `count` records for the job: whether it may.
    pub(crate) fn hold(self, conn: &mut Conn, count: usize) -> Result<()> {
        let sql = "UPDATE jobs SET done = done + ?, leased_until = ? WHERE id = ? AND fence = ? AND state = 'running' AND cancel_asked = ?";
        let until = Utc::now() + LEASE;
        let params = [Value::Int(count as i64), until.into(), self.job.into(), self.fence.into(), false.into()];
        if conn.exec(sql, &params)? == 1 {
            return Ok(());
        }
        self.still(conn)?;
        Err(Error::refused("job_cancelled"))
    }
    /// Whether the job is still this process's own, cancelled or not.
    pub(crate) fn still(self, conn: &mut Conn) -> Result<()> {
        if still_mine(conn, self.job, self.fence)?.is_some() { Ok(()) } else { Err(Error::refused("job_lost")) }
    }
}

impl Own {
    /// Id of the job in the collection `jobs`.
    pub fn id(&self) -> Id {
        self.lease.job
    }

    /// The caller, writing for this job: its slices hold on to it, and its entries in the audit share its group.
    pub fn ctx(&self, ctx: &Ctx) -> Ctx {
        Ctx { group: Some(self.lease.job), lease: Some(self.lease), ..ctx.clone() }
    }

    /// The last word: state and result (an object).
    pub fn finish(mut self, end: End, result: Json, error: Option<&Error>, ctx: &Ctx) -> Result<()> {
        self.quiet();
        let lease = self.lease;
        let why = match end {
            End::Done => None,
            End::Failed => Some(json!({"state": "failed", "error": error.map(|e| error_json(e, ctx.lang))})),
            End::Cancelled => Some(json!({"state": "cancelled"})),
        };
        let (done, total) = self.app.store.write(Priority::People, move |conn| {
            lease.still(conn)?;
            let r = conn.query_one("SELECT done, total FROM jobs WHERE id = ?", &[lease.job.into()])?;
            let (done, total) = (r.int(0)?, r.opt_int(1)?);
            let step = Step { position: Json::Null, done, total, finished: Some(result.clone()) };
            keep(conn, lease.job, &step, why.as_ref())?;
            Ok((done, total))
        })?;
        tell(&self.app, lease.job, self.user, Progress { state: Progress::OVER, done, total });
        Ok(())
    }

    fn quiet(&mut self) {
        *self.stop.0.lock().unwrap_or_else(|e| e.into_inner()) = true;
        self.stop.1.notify_all();
        if self.beat.take().is_some_and(|t| t.join().is_err()) {
            tracing::error!("the beat of a job ended with a panic");
        }
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        if self.beat.is_none() {
            return;
        }
        self.quiet();
        let lease = self.lease;
        if let Err(e) = self.app.store.write(Priority::Jobs, move |conn| release(conn, lease.job, lease.fence)) {
            tracing::warn!(error = %e, "a job that ended early is found when its lease is over");
        }
    }
}

/// Tells how much there will be to do, as it becomes known.
pub fn expect(app: &App, lease: Lease, count: usize) -> Result<()> {
    app.store.write(Priority::Import, move |conn| {
        let sql = "UPDATE jobs SET total = COALESCE(total, 0) + ? WHERE id = ? AND fence = ?";
        conn.exec(sql, &[Value::Int(count as i64), lease.job.into(), lease.fence.into()]).map(|_| ())
    })
}

/// Renews the lease, so that a process that checks for minutes without writing is not taken for a dead one.
fn beating(app: Arc<App>, lease: Lease, user: Id, stop: Arc<(Mutex<bool>, Condvar)>) -> Result<JoinHandle<()>> {
    let work = move || {
        let mut stopped = stop.0.lock().unwrap_or_else(|e| e.into_inner());
        loop {
            stopped = stop.1.wait_timeout_while(stopped, BEAT, |s| !*s).unwrap_or_else(|e| e.into_inner()).0;
            if *stopped {
                return;
            }
            let renewed = app.store.write(Priority::Jobs, move |conn| {
                let sql = "UPDATE jobs SET leased_until = ? WHERE id = ? AND fence = ? AND state = 'running'";
                if conn.exec(sql, &[(Utc::now() + LEASE).into(), lease.job.into(), lease.fence.into()])? == 0 {
                    return Ok(None);
                }
                let r = conn.query_one("SELECT done, total FROM jobs WHERE id = ?", &[lease.job.into()])?;
                Ok(Some((r.int(0)?, r.opt_int(1)?)))
            });
            match renewed {
                Ok(Some((done, total))) => tell(&app, lease.job, user, Progress { state: Progress::RUNNING, done, total }),
                // Another process has it: the next slice will hear of that.
                Ok(None) => return,
                Err(e) => tracing::warn!(error = %e, "the lease of a job was not renewed"),
            }
        }
    };
    std::thread::Builder::new().name("job-beat".into()).spawn(work).map_err(Error::internal)
}

fn tell(app: &App, id: Id, user_id: Id, progress: Progress) {
    app.after_commit(vec![Live { entity: "jobs", id, version: 1, user_id, company_id: None, progress: Some(progress) }]);
}

/// This process, as others on this machine can find out whether it lives: boot, namespace of processes, number, start.
/// Nothing where the system does not say; then the lease alone decides.
fn here() -> Option<String> {
    let (machine, me) = (machine()?, std::process::id());
    Some(format!("{machine} {me} {}", started(me)?))
}

fn machine() -> Option<String> {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let space = std::fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{} {}", boot.trim(), space.display()))
}

/// When a process was started, in ticks since the boot; nothing when there is none, or only what is left of it.
fn started(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("stat")).ok()?;
    // The name may hold anything, brackets too.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    let start = fields.nth(18)?;
    (!matches!(state, "Z" | "X")).then(|| start.to_string())
}

fn gone(holder: &str) -> bool {
    let parts: Vec<&str> = holder.split(' ').collect();
    let [boot, space, pid, start] = parts.as_slice() else { return false };
    let here = machine().is_some_and(|m| m == format!("{boot} {space}"));
    here && pid.parse().is_ok_and(|pid| started(pid).as_deref() != Some(*start))
}

/// An import. `{partial, source}`: the process that does it writes all by itself; only when that process is gone, or the
/// job was cancelled, slices of this kind take back what it wrote. What a partial import wrote stays: run again, it finds
/// those records by their keys and goes on.
pub struct Import;

impl JobKind for Import {
    fn name(&self) -> &'static str {
        "import"
    }
    fn own(&self) -> bool {
        true
    }
    fn take_back(&self, job: &Job) -> Option<Json> {
        (job.input["partial"] != true).then(|| json!({}))
    }
    fn slice(&self, app: &Arc<App>, ctx: &Ctx, job: &Job) -> Result<Slice> {
        if !job.stopping {
            return Err(Error::refused("import_interrupted"));
        }
        let before = job.position["before"].as_i64().unwrap_or(i64::MAX);
        let group = job.id;
        let entries = app.store.read(|conn| entries_of(conn, group, before, job.size))?;
        let stayed = job.position["stayed"].as_i64().unwrap_or(0);
        let taken = job.position["taken"].as_i64().unwrap_or(0) + entries.len() as i64;
        let Some((_, last)) = entries.last() else {
            return Ok(Slice::end(job, json!({"taken_back": taken - stayed, "stayed": stayed})));
        };
        let position = json!({"before": last, "stayed": stayed, "taken": taken, "holder": here()});
        let ctx = takes_back(ctx).with_source(if job.input["source"] == Source::Import.code() { Source::Import } else { ctx.source });
        Ok(Slice::at(job, position, job.done).writing(move |cx, step| {
            for (entry, _) in &entries {
                let app = cx.app;
                let mut live = vec![];
                match cx.conn.savepoint(|conn| crate::bulk::back_entry(app, &ctx, group, *entry, conn, &mut live)) {
                    Ok(()) => cx.live.append(&mut live),
                    Err(e) => step.stay(e)?,
                }
            }
            Ok(())
        }))
    }
}

/// Taking back is the program's own duty: what its starter may not do by hand must not leave half an import.
pub(crate) fn takes_back(ctx: &Ctx) -> Ctx {
    Ctx { access: Arc::new(Access::system()), ..ctx.clone() }
}
