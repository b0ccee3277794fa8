//! What the server says, and to whom of those who stand in line.

use super::Wire;
use super::fault::{Fault, Refusal};
use super::statement::types;
use fallible_iterator::FallibleIterator;
use postgres_protocol::message::backend::{DataRowBody, Message};
use std::sync::Arc;
use tokio_postgres::types::Type;

/// Something that the server has been asked.
pub(super) enum Asked {
    /// The last one in line, and somebody waits for it.
    Awaited,
    /// Nobody waits; its SQL.
    Posted(Arc<str>),
    Ahead(u64, Arc<str>),
    /// Nobody wants to know what becomes of it.
    Unheeded,
    Sync,
    /// A script, which is its own Sync; its SQL.
    Script(Arc<str>),
}

/// What somebody waits for.
pub(super) enum Heard {
    Row(DataRowBody),
    /// How many rows it was about.
    Done(u64),
    Params(Vec<Type>),
    Columns(Vec<Type>),
    /// Something of what nobody waits for.
    Other,
}

impl Wire {
    /// Takes a message to whom it is for. A fault is of what somebody waits for, or of the connection.
    pub(super) fn hear(&mut self, message: Message) -> Result<Heard, Fault> {
        let heard = match (message, self.line.front()) {
            (Message::DataRow(row), Some(Asked::Awaited)) => Heard::Row(row),
            (Message::DataRow(row), Some(Asked::Ahead(id, _))) => {
                self.found.entry(*id).or_default().push(row);
                Heard::Other
            }
            (Message::ParameterDescription(body), _) => Heard::Params(types(body.parameters()).map_err(|e| self.lose(e.into()))?),
            // The end of a description; of a script these are rows to come.
            (Message::RowDescription(body), Some(Asked::Awaited)) => {
                let columns = types(body.fields().map(|f| Ok(f.type_oid()))).map_err(|e| self.lose(e.into()))?;
                self.over(Heard::Columns(columns))?
            }
            (Message::NoData, _) => self.over(Heard::Columns(vec![]))?,
            // A script may have many ends; its last word is that the server is ready.
            (Message::CommandComplete(_) | Message::EmptyQueryResponse, Some(Asked::Script(_))) => Heard::Other,
            (Message::CommandComplete(body), _) => {
                let tag = body.tag().map_err(|e| self.lose(e.into()))?;
                self.over(Heard::Done(tag.rsplit(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0)))?
            }
            (Message::EmptyQueryResponse, _) => self.over(Heard::Done(0))?,
            (Message::CloseComplete | Message::ReadyForQuery(_), _) => self.over(Heard::Other)?,
            (Message::ErrorResponse(body), _) => {
                let refusal = Refusal::read(&body).map_err(|e| self.lose(e.into()))?;
                self.refused(refusal)?
            }
            // Notices, settings, steps on the way.
            _ => Heard::Other,
        };
        Ok(heard)
    }

    /// The first in line is done with.
    fn over(&mut self, heard: Heard) -> Result<Heard, Fault> {
        match self.line.pop_front() {
            Some(Asked::Awaited) => Ok(heard),
            Some(Asked::Ahead(id, _)) => {
                self.found.entry(id).or_default();
                Ok(Heard::Other)
            }
            Some(_) => Ok(Heard::Other),
            None => Err(self.lose(Fault::Misfit("the server answers what nobody asked".into()))),
        }
    }

    /// The first in line was refused, and what stands between it and its Sync is passed over.
    fn refused(&mut self, refusal: Refusal) -> Result<Heard, Fault> {
        let farewell = refusal.farewell || self.line.is_empty();
        let mut fault = Some(Fault::Refused(Box::new(refusal)));
        let mut awaited = None;
        while !matches!(self.line.front(), None | Some(Asked::Sync | Asked::Script(_))) {
            let why = fault.take().unwrap_or(Fault::Skipped);
            match self.line.pop_front() {
                Some(Asked::Awaited) => awaited = Some(why),
                Some(Asked::Posted(sql) | Asked::Ahead(_, sql)) => drop(self.failed.get_or_insert((why, sql))),
                _ => {}
            }
        }
        if farewell {
            let last = awaited.or(fault).unwrap_or_else(Fault::closed);
            return Err(self.lose(last));
        }
        // A script stays until it is over; a Sync is refused where it ends a transaction of its own.
        let sql = if let Some(Asked::Script(sql)) = self.line.front() { sql.clone() } else { "".into() };
        if let Some(why) = fault {
            self.failed.get_or_insert((why, sql));
        }
        awaited.map_or(Ok(Heard::Other), Err)
    }
}
