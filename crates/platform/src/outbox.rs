//! Delivery of events to consumers after the commit: at least once, in order per record, retried with growing delays.

use crate::app::App;
use crate::store::{Backend, Priority};
use crate::value::{Id, Value};
use chrono::{DateTime, Duration, Utc};
use kontor_kernel::error::Result;
use serde_json::Value as Json;
use std::sync::Arc;

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

/// After so many tries a delivery is given up and shown among the failed ones.
const MAX_ATTEMPTS: i64 = 12;

impl App {
    /// Delivers what is due; returns how many deliveries were tried. Called by the worker in a loop.
    pub fn deliver_due(self: &Arc<Self>, limit: usize) -> Result<usize> {
        let now = Utc::now();
        let lease = now + Duration::seconds(60);
        let due = self.store.write(Priority::Jobs, move |conn| {
            let skip = if conn.backend() == Backend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
            // The oldest delivery of each record and consumer first: the others wait for it.
            let sql = format!(
                "SELECT d.event_id, d.consumer, d.attempts FROM outbox_deliveries d WHERE d.state = 'waiting' AND d.due_at <= ? AND NOT EXISTS (SELECT 1 FROM outbox_deliveries o WHERE o.consumer = d.consumer AND o.aggregate_id = d.aggregate_id AND o.state = 'waiting' AND o.event_id < d.event_id) ORDER BY d.event_id LIMIT {limit}{skip}"
            );
            let rows = conn.query(&sql, &[now.into()])?;
            let mut out = vec![];
            for r in rows {
                let (event, consumer, attempts) = (r.id(0)?, r.text(1)?.to_string(), r.int(2)?);
                // The lease: another node takes it over when this one dies.
                conn.exec("UPDATE outbox_deliveries SET due_at = ?, attempts = attempts + 1 WHERE event_id = ? AND consumer = ?", &[lease.into(), event.into(), consumer.as_str().into()])?;
                out.push((event, consumer, attempts));
            }
            Ok(out)
        })?;
        let n = due.len();
        for (event, consumer, attempts) in due {
            let result = self.deliver_one(event, &consumer);
            let (state, error, due_at) = match result {
                Ok(()) => ("done", Value::Null, now),
                Err(e) => {
                    tracing::warn!(consumer, error = %e, "delivery failed");
                    let state = if attempts + 1 >= MAX_ATTEMPTS { "failed" } else { "waiting" };
                    (state, Value::Text(e.to_string()), now + Duration::seconds(2i64.pow(attempts.clamp(0, 12) as u32)))
                }
            };
            self.store.write(Priority::Jobs, move |conn| {
                conn.exec(
                    "UPDATE outbox_deliveries SET state = ?, error = ?, due_at = ? WHERE event_id = ? AND consumer = ?",
                    &[state.into(), error.clone(), due_at.into(), event.into(), consumer.as_str().into()],
                )?;
                Ok(())
            })?;
        }
        Ok(n)
    }

    fn deliver_one(self: &Arc<Self>, id: Id, consumer: &str) -> Result<()> {
        let Some(c) = self.registry.consumers.iter().find(|c| c.name == consumer) else { return Ok(()) };
        let event = self.store.read(|conn| {
            let r =
                conn.query_one("SELECT id, at, kind, entity, record_id, user_id, payload FROM outbox_events WHERE id = ?", &[id.into()])?;
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
        (c.run)(self, &event)
    }
}
