//! Removes what is kept for a time only: answers to repeated requests, unsaved work, jobs that the clock started,
//! events that everybody has taken.

use super::{Job, JobKind, Slice};
use crate::app::App;
use crate::ctx::Ctx;
use crate::value::Value;
use chrono::Duration;
use kontor_kernel::error::Result;
use serde_json::json;
use std::sync::Arc;

/// What goes, by name: how long it is kept, and the statement that removes at most so many.
const OLD: [(&str, i64, &str); 5] = [
    (
        "idempotency",
        7,
        "DELETE FROM idempotency WHERE (user_id, key) IN (SELECT user_id, key FROM idempotency WHERE at < ? ORDER BY at LIMIT ?)",
    ),
    // Settings of people stand among the drafts and are kept.
    (
        "drafts",
        30,
        "DELETE FROM drafts WHERE (user_id, key) IN (SELECT user_id, key FROM drafts WHERE at < ? AND key NOT LIKE 'setting/%' LIMIT ?)",
    ),
    ("jobs", 30, "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE created_by_id IS NULL AND finished_at < ? LIMIT ?)"),
    (
        "deliveries",
        30,
        "DELETE FROM outbox_deliveries WHERE (event_id, consumer) IN (SELECT event_id, consumer FROM outbox_deliveries WHERE state = 'done' AND due_at < ? LIMIT ?)",
    ),
    (
        "events",
        30,
        "DELETE FROM outbox_events WHERE id IN (SELECT e.id FROM outbox_events e WHERE e.at < ? AND NOT EXISTS (SELECT 1 FROM outbox_deliveries d WHERE d.event_id = e.id) LIMIT ?)",
    ),
];

/// Removes, every six hours, what has run out: answers kept for repeats, drafts, ended jobs, delivered events.
pub struct Housekeeping;

impl JobKind for Housekeeping {
    fn name(&self) -> &'static str {
        "housekeeping"
    }
    fn every(&self) -> Option<Duration> {
        Some(Duration::hours(6))
    }
    fn slice(&self, _app: &Arc<App>, ctx: &Ctx, job: &Job) -> Result<Slice> {
        let at = job.position["at"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let removed = job.position["removed"].clone();
        let Some((name, days, sql)) = OLD.get(at) else { return Ok(Slice::end(job, removed)) };
        let (before, limit) = (ctx.now - Duration::days(*days), job.size as u64);
        let done = job.done;
        Ok(Slice::at(job, json!({"at": at, "removed": removed}), done).writing(move |cx, step| {
            let n = cx.conn.exec(sql, &[before.into(), Value::Int(limit as i64)])?;
            let sum = step.position["removed"][*name].as_u64().unwrap_or(0) + n;
            if !step.position["removed"].is_object() {
                step.position["removed"] = json!({});
            }
            step.position["removed"][*name] = json!(sum);
            if n < limit {
                step.position["at"] = json!(at + 1);
            }
            step.done = done + n as i64;
            Ok(())
        }))
    }
}
