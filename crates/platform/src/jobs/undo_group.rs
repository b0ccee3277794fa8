//! Takes back a group that is too large for one transaction: its commands last first, in slices, with the rights of whoever
//! asked for it. What cannot be taken back stays and is counted; what was taken back when it is cancelled stays so.

use super::{Job, JobKind, Slice};
use crate::app::App;
use crate::ctx::Ctx;
use crate::cx::Cx;
use crate::undo::{commands_of, undo};
use crate::value::{Id, id_in};
use kontor_kernel::error::{Error, Result};
use serde_json::json;
use std::sync::Arc;

/// Input `{group}`.
pub struct UndoGroup;

impl JobKind for UndoGroup {
    fn name(&self) -> &'static str {
        "undo-group"
    }

    fn slice(&self, app: &Arc<App>, ctx: &Ctx, job: &Job) -> Result<Slice> {
        let group = id_in(&job.input["group"]);
        let group = group.ok_or_else(|| Error::internal("the input of an undo"))?;
        let before = job.position["before"].as_i64().unwrap_or(i64::MAX);
        let entries = app.store.read(|conn| commands_of(conn, group, before, job.size))?;
        let stayed = job.position["stayed"].as_i64().unwrap_or(0);
        let Some((_, last)) = entries.last() else {
            return Ok(Slice::end(job, json!({"done": job.done - stayed, "stayed": stayed})));
        };
        let position = json!({"before": last, "stayed": stayed});
        let ctx = ctx.clone();
        Ok(Slice::at(job, position, job.done + entries.len() as i64).writing(move |cx, step| {
            entries.iter().try_for_each(|(entry, _)| match one(cx, &ctx, *entry) {
                Err(e) => step.stay(e),
                Ok(()) => Ok(()),
            })
        }))
    }
}

fn one(cx: &mut Cx, ctx: &Ctx, entry: Id) -> Result<()> {
    let app = cx.app;
    let mut live = vec![];
    cx.conn.savepoint(|conn| {
        let mut own = Cx::new(conn, app, ctx, "audit.undo");
        undo(&mut own, entry)?;
        live = std::mem::take(&mut own.live);
        Ok(())
    })?;
    cx.live.append(&mut live);
    Ok(())
}
