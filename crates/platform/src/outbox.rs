//! Delivery of events to consumers after the commit: at least once, in order per record, retried with growing delays.

use crate::app::App;
use crate::store::{Backend, Conn, Priority};
use crate::value::{Id, Value};
use chrono::{DateTime, Duration, Utc};
use kontor_kernel::error::{Error, Result};
use serde_json::Value as Json;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What happened, as a consumer hears of it after the commit.
#[derive(Clone, Debug)]
pub struct Event {
    pub id: Id,
    pub at: DateTime<Utc>,
    pub kind: String,
    pub entity: String,
    pub record_id: Id,
    pub user_id: Id,
    pub payload: Json,
}

/// After so many tries a delivery is given up, and stays as `failed` with its last error.
const MAX_ATTEMPTS: i64 = 12;

/// Another node takes a delivery over when the one that has it was not heard of for so long.
const LEASE: Duration = Duration::seconds(60);

/// One delivery taken for a while. `attempts` is its fence: whoever takes it over counts on, and what the first one has to say
/// then comes too late.
struct Taken {
    event: Id,
    consumer: String,
    attempts: i64,
}

impl App {
    /// Delivers what is due; returns how many deliveries were tried. Called by the worker in a loop.
    pub fn deliver_due(self: &Arc<Self>, limit: usize) -> Result<usize> {
        let now = Utc::now();
        let waits = "SELECT 1 FROM outbox_deliveries WHERE state = 'waiting' AND due_at <= ? LIMIT 1";
        if self.store.read(|conn| conn.query_opt(waits, &[now.into()]))?.is_none() {
            return Ok(0);
        }
        let due = self.store.write(Priority::Jobs, move |conn| take(conn, now, limit))?;
        let n = due.len();
        for d in due {
            let result = self.deliver_one(&d);
            self.mark(d, result)?;
        }
        Ok(n)
    }

    fn mark(&self, d: Taken, result: Result<()>) -> Result<()> {
        let now = Utc::now();
        let (state, error, due_at) = match result {
            Ok(()) => ("done", Value::Null, now),
            Err(e) => {
                tracing::warn!(consumer = d.consumer, error = %e, "delivery failed");
                let state = if d.attempts >= MAX_ATTEMPTS { "failed" } else { "waiting" };
                (state, Value::Text(e.to_string()), now + Duration::seconds(2i64.pow(d.attempts.clamp(1, 12) as u32 - 1)))
            }
        };
        self.store.write(Priority::Jobs, move |conn| {
            conn.exec(
                "UPDATE outbox_deliveries SET state = ?, error = ?, due_at = ? WHERE event_id = ? AND consumer = ? AND attempts = ?",
                &[state.into(), error.clone(), due_at.into(), d.event.into(), d.consumer.as_str().into(), d.attempts.into()],
            )?;
            Ok(())
        })
    }

    fn deliver_one(self: &Arc<Self>, d: &Taken) -> Result<()> {
        let Some(c) = self.registry.consumers.iter().find(|c| c.name == d.consumer) else { return Ok(()) };
        let event = self.store.read(|conn| {
            let sql = "SELECT id, at, kind, entity, record_id, user_id, payload FROM outbox_events WHERE id = ?";
            let r = conn.query_one(sql, &[d.event.into()])?;
            Ok(Event {
                id: r.id(0)?,
                at: r.instant(1)?,
                kind: r.text(2)?.into(),
                entity: r.text(3)?.into(),
                record_id: r.id(4)?,
                user_id: r.id(5)?,
                payload: r.json(6)?,
            })
        })?;
        // A consumer's own code must not end the worker.
        catch_unwind(AssertUnwindSafe(|| (c.run)(self, &event))).unwrap_or_else(|cause| {
            let what = cause.downcast_ref::<String>().cloned().or_else(|| cause.downcast_ref::<&str>().map(|s| s.to_string()));
            Err(Error::internal(what.unwrap_or_else(|| "panic".into())))
        })
    }
}

/// The oldest delivery of each record and consumer; the others wait for it.
fn take(conn: &mut Conn, now: DateTime<Utc>, limit: usize) -> Result<Vec<Taken>> {
    let skip = if conn.backend() == Backend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "SELECT d.event_id, d.consumer, d.attempts FROM outbox_deliveries d WHERE d.state = 'waiting' AND d.due_at <= ? AND NOT EXISTS (SELECT 1 FROM outbox_deliveries o WHERE o.consumer = d.consumer AND o.aggregate_id = d.aggregate_id AND o.state = 'waiting' AND o.event_id < d.event_id) ORDER BY d.event_id LIMIT {limit}{skip}"
    );
    let mut out = vec![];
    for r in conn.query(&sql, &[now.into()])? {
        let (event, consumer, tried) = (r.id(0)?, r.text(1)?.to_string(), r.int(2)?);
        // Whoever tried it last ended before he could say so: as often as that, it is what ends them.
        let given_up = tried >= MAX_ATTEMPTS;
        let (state, attempts) = if given_up { ("failed", tried) } else { ("waiting", tried + 1) };
        conn.exec(
            "UPDATE outbox_deliveries SET state = ?, due_at = ?, attempts = ? WHERE event_id = ? AND consumer = ?",
            &[state.into(), (now + LEASE).into(), attempts.into(), event.into(), consumer.as_str().into()],
        )?;
        if !given_up {
            out.push(Taken { event, consumer, attempts });
        }
    }
    Ok(out)
}
