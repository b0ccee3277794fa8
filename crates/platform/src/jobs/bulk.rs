//! One command over all records that a filter matches: first everything is checked without the writer, then applied in
//! slices as one audit group; a failure or a cancellation takes back what was applied.

use super::{Job, JobKind, Slice, Step};
use crate::access::Access;
use crate::app::App;
use crate::audit;
use crate::ctx::Ctx;
use crate::cx::Cx;
use crate::execute::{check_input, delete, run_verb, update, visible};
use crate::query::{self, Query};
use crate::spec::Spec;
use crate::store::Conn;
use crate::value::{Id, id_in};
use kontor_kernel::error::{Error, Result};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// Records that a page of checks takes: it does not hold the writer up.
const CHECKED: usize = 500;

/// Input `{collection, command, filter: [[name, value]…], input, upto}`.
pub struct Bulk;

/// Ids with versions.
type Rows = Vec<(Id, i64)>;

/// What was asked for, read from the job.
struct Asked {
    spec: &'static Spec,
    command: String,
    input: Json,
    query: Query,
    /// Records made after the job was asked for are none of its business.
    upto: Id,
}

impl Asked {
    fn of(app: &Arc<App>, ctx: &Ctx, job: &Job) -> Result<Asked> {
        let bad = || Error::internal("the input of a bulk job");
        let spec = job.input["collection"].as_str().and_then(|c| app.registry.get(c)).ok_or_else(bad)?;
        let pairs: Vec<(String, String)> = serde_json::from_value(job.input["filter"].clone()).map_err(Error::internal)?;
        let mut query = Query::parse(app, ctx, spec, &pairs)?;
        query.sort = vec![("id".into(), false)];
        query.fields = Some(vec![]);
        query.after = job.position["after"].as_str().map(str::to_string);
        Ok(Asked {
            spec,
            command: job.input["command"].as_str().ok_or_else(bad)?.to_string(),
            input: job.input["input"].clone(),
            query,
            upto: id_in(&job.input["upto"]).ok_or_else(bad)?,
        })
    }

    /// The next records with their versions, and where the ones after them begin.
    fn rows(&mut self, conn: &mut Conn, app: &App, ctx: &Ctx, limit: usize) -> Result<(Rows, Option<String>)> {
        self.query.limit = limit.clamp(1, query::MAX_LIMIT);
        let page = query::list(conn, app, ctx, self.spec, &self.query)?;
        let all = page.rows.len();
        let rows: Rows = page.rows.iter().map(|r| (r.id, r.version)).filter(|(id, _)| *id <= self.upto).collect();
        let next = page.next.filter(|_| rows.len() == all);
        Ok((rows, next))
    }

    /// Whether the command may be run, as far as that can be said without writing.
    fn check(&self, conn: &mut Conn, app: &App, ctx: &Ctx, id: Id) -> Result<()> {
        if self.command == "update" {
            return check_input(&mut Cx::new(conn, app, ctx, ""), self.spec.name, Some(id), &self.input);
        }
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        let record = visible(&mut cx, self.spec, id, self.spec.right_to(&self.command))?;
        match self.spec.verb_of(&self.command) {
            Some(v) if !v.from.is_empty() && !v.from.contains(&record.state()) => {
                Err(Error::refused("state_refuses").arg("state", record.state()).arg("verb", &self.command))
            }
            _ if self.command == "delete" => self.spec.rules.removing(&mut cx, &record),
            _ => Ok(()),
        }
    }
}

fn about(e: Error, id: Id) -> Error {
    e.detail(json!({"record_id": id}))
}

impl JobKind for Bulk {
    fn name(&self) -> &'static str {
        "bulk"
    }

    fn slice(&self, app: &Arc<App>, ctx: &Ctx, job: &Job) -> Result<Slice> {
        match job.position["phase"].as_str() {
            Some("apply") => apply(app, ctx, job),
            Some("back") => back(app, ctx, job),
            _ => check(app, ctx, job),
        }
    }

    fn take_back(&self, job: &Job) -> Option<Json> {
        (job.position["phase"] == "apply").then(|| json!({"phase": "back", "from": job.position["from"], "stayed": 0}))
    }
}

/// Half of the way is checking, so that what is shown never goes back.
fn halfway(checked: i64) -> i64 {
    checked / 2
}

fn check(app: &Arc<App>, ctx: &Ctx, job: &Job) -> Result<Slice> {
    let mut asked = Asked::of(app, ctx, job)?;
    let checked = job.position["n"].as_i64().unwrap_or(0);
    app.store.read_with_timeout(std::time::Duration::from_secs(60), |conn| {
        let (rows, next) = asked.rows(conn, app, ctx, CHECKED)?;
        for (id, _) in &rows {
            asked.check(conn, app, ctx, *id).map_err(|e| about(e, *id))?;
        }
        let checked = checked + rows.len() as i64;
        Ok(match next {
            Some(n) => Slice::at(job, json!({"phase": "check", "after": n, "n": checked}), halfway(checked)),
            None => {
                let from = conn.query_one("SELECT COALESCE(MAX(seq), 0) FROM audit", &[])?.int(0)?;
                let mut s = Slice::at(job, json!({"phase": "apply", "checked": checked, "n": 0, "from": from}), halfway(checked));
                s.step.total = Some(checked);
                s
            }
        })
    })
}

fn apply(app: &Arc<App>, ctx: &Ctx, job: &Job) -> Result<Slice> {
    let mut asked = Asked::of(app, ctx, job)?;
    let (rows, next) = app.store.read(|conn| asked.rows(conn, app, ctx, job.size))?;
    let applied = job.position["n"].as_i64().unwrap_or(0) + rows.len() as i64;
    let half = halfway(job.position["checked"].as_i64().unwrap_or(0));
    let mut position = job.position.clone();
    position["n"] = json!(applied);
    position["after"] = json!(next);
    let mut slice = Slice::at(job, position, half + applied - applied / 2);
    if next.is_none() {
        slice.step.finished = Some(json!({"done": applied, "group_id": job.id}));
        slice.step.done = applied;
        slice.step.total = Some(applied);
    }
    let ctx = ctx.clone();
    Ok(slice
        .writing(move |cx, _| rows.iter().try_for_each(|(id, version)| one(cx, &ctx, &asked, *id, *version).map_err(|e| about(e, *id)))))
}

/// One record is one command with an audit entry of its own, as if the user had opened it.
fn one(cx: &mut Cx, ctx: &Ctx, asked: &Asked, id: Id, version: i64) -> Result<()> {
    let mut own = Cx::new(cx.conn, cx.app, ctx, &format!("{}.{}", asked.spec.name, asked.command));
    match asked.command.as_str() {
        "update" => update(&mut own, asked.spec, id, &asked.input, Some(version)).map(|_| ()),
        "delete" => delete(&mut own, asked.spec, id).map(|_| ()),
        verb => run_verb(&mut own, asked.spec, id, verb, &asked.input).map(|_| ()),
    }?;
    cx.live.append(&mut own.live);
    Ok(())
}

/// Undoes the group's own entries, last first. The program does that, whatever rights the starter has left.
fn back(app: &Arc<App>, ctx: &Ctx, job: &Job) -> Result<Slice> {
    let collection = job.input["collection"].as_str().unwrap_or_default().to_string();
    let upto = job.position["at"].as_i64().unwrap_or(i64::MAX);
    let from = job.position["from"].as_i64().unwrap_or(0);
    let entries = app.store.read(|conn| audit::of_group(conn, job.id, &collection, from, upto, job.size))?;
    let mut position = job.position.clone();
    let Some((last, _)) = entries.last() else {
        let mut end = Slice::end(job, json!({"done": 0, "stayed": position["stayed"]}));
        end.step.done = 0;
        return Ok(end);
    };
    position["at"] = json!(last);
    let left = (job.done - entries.len() as i64).max(0);
    let mut ctx = ctx.clone();
    ctx.access = Arc::new(Access { user_id: ctx.user_id, ..Access::system() });
    Ok(Slice::at(job, position, left).writing(move |cx, step: &mut Step| {
        for (_, entry) in &entries {
            let app = cx.app;
            let mut live = vec![];
            let undone = cx.conn.savepoint(|conn| {
                let mut own = Cx::new(conn, app, &ctx, crate::bulk::TAKE_BACK);
                crate::undo::undo(&mut own, *entry)?;
                live = std::mem::take(&mut own.live);
                Ok(())
            });
            match undone {
                Ok(()) => cx.live.append(&mut live),
                Err(e) => step.stay(e)?,
            }
        }
        Ok(())
    }))
}
