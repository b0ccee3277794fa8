//! Numbers drawn beside the transaction that asks for them. A number drawn inside keeps the row of its series locked until the
//! commit, and all who make such documents wait for one another, down to the disk. What is drawn beside it stands at once; a
//! command that fails afterwards leaves a gap.

use super::postgres::Server;
use super::session::Session;
use super::{Engine, Store};
use crate::value::Value;
use kontor_kernel::error::{Error, Result};
use std::sync::PoisonError;

/// Draws the next number of a series.
pub(crate) const NEXT_NUMBER: &str =
    "INSERT INTO sequences (series, value) VALUES (?, 1) ON CONFLICT (series) DO UPDATE SET value = sequences.value + 1 RETURNING value";
/// The commit of whoever uses the number comes later in the journal and is waited for, which makes this one durable as well.
const LAZY: &str = "SET synchronous_commit = off";

impl Store {
    /// Draws the next number of a series beside the caller's transaction, from inside or outside of it. `None` on SQLite: its
    /// one writer waits for nobody and draws inside. A series is drawn in one of the two ways only, or a transaction that has
    /// drawn inside waits for itself.
    pub fn draw_beside(&self, series: &str) -> Result<Option<i64>> {
        match &self.engine {
            Engine::Sqlite { .. } => Ok(None),
            Engine::Postgres(server) => server.draw(series).map(Some),
        }
    }
}

impl Server {
    fn draw(&self, series: &str) -> Result<i64> {
        let mut place = self.beside.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = place.as_mut() {
            match next(session, series) {
                // The connection died since it was used last; a number may be lost with it.
                Err(e) if session.is_closed() || e.inner().code == "database_down" => drop(place.take()),
                done => return done,
            }
        }
        let mut session = Session::new(self.connect()?, 1);
        session.batch(LAZY)?;
        let drawn = next(&mut session, series);
        *place = Some(session);
        drawn
    }
}

fn next(session: &mut Session, series: &str) -> Result<i64> {
    let mut drawn = None;
    session.each(NEXT_NUMBER, &[Value::from(series)], |row| {
        drawn = Some(row.int(0)?);
        Ok(true)
    })?;
    drawn.ok_or_else(|| Error::internal("a series gave no number"))
}
