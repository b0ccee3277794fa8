//! One connection to PostgreSQL, spoken to by the thread that waits for it. What nobody waits for is only put in line: it leaves with
//! the next question in one packet, under one Sync, so that the server too answers all of it at once. A driver that ends each statement
//! with a Sync of its own has the server send, and this thread wake, as often as there are statements.
//!
//! When one of a line is refused, the server passes over what follows up to the Sync.

mod answers;
mod connect;
mod fault;
mod socket;
mod statement;

pub(super) use fault::{Fault, Refusal};
pub(super) use statement::Statement;

use crate::value::Value;
use answers::{Asked, Heard};
use bytes::BytesMut;
use kontor_kernel::HashMap;
use postgres_protocol::message::backend::DataRowBody;
use postgres_protocol::message::frontend;
use socket::Link;
use statement::{Prepared, bind};
use std::collections::VecDeque;
use std::sync::Arc;
use tokio_postgres::Config;
use tokio_postgres::types::ToSql;

/// Bytes that wait to be sent before they are sent without a question.
const MOST_WAITING: usize = 256 * 1024;

pub(super) struct Wire {
    link: Link,
    /// What the server has been asked, in the order in which it answers.
    line: VecDeque<Asked>,
    /// Something stands in the line that no Sync follows yet.
    open: bool,
    /// Rows of questions asked ahead that were answered.
    found: HashMap<u64, Vec<DataRowBody>>,
    /// The first of what nobody waits for that failed.
    failed: Option<(Fault, Arc<str>)>,
    closed: bool,
    named: u64,
}

/// A question asked ahead.
#[derive(Clone, Copy)]
pub(super) struct Ahead(u64);

impl Wire {
    pub fn connect(config: &Config) -> Result<Wire, Fault> {
        Ok(Wire {
            link: connect::connect(config)?,
            line: VecDeque::new(),
            open: false,
            found: HashMap::new(),
            failed: None,
            closed: false,
            named: 0,
        })
    }

    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Reads what the server has said since, which may be its farewell. What was asked before is nobody's any more.
    pub fn is_alive(&mut self) -> bool {
        self.found.clear();
        self.failed = None;
        for asked in &mut self.line {
            if matches!(asked, Asked::Awaited | Asked::Posted(_) | Asked::Ahead(..)) {
                *asked = Asked::Unheeded;
            }
        }
        while !self.closed {
            match self.link.message_here() {
                Ok(Some(message)) => drop(self.hear(message)),
                Ok(None) => break,
                Err(e) => drop(self.lose(e)),
            }
        }
        !self.closed
    }

    pub fn prepare(&mut self, sql: &str) -> Result<Statement, Fault> {
        self.named += 1;
        let name = format!("s{}", self.named);
        self.write(|out| {
            frontend::parse(&name, sql, [], out)?;
            Ok(frontend::describe(b'S', &name, out)?)
        })?;
        self.wait(Asked::Awaited)?;
        let mut params = vec![];
        loop {
            match self.next_heard()? {
                Heard::Params(types) => params = types,
                Heard::Columns(columns) => return Ok(Statement(Arc::new(Prepared { name, sql: sql.into(), params, columns }))),
                _ => {}
            }
        }
    }

    /// The server need not keep it any more, and neither do we: false.
    pub fn forget(&mut self, statement: &Statement) -> bool {
        // On a connection that has ended there is nothing to forget.
        if self.write(|out| Ok(frontend::close(b'S', &statement.0.name, out)?)).is_ok() {
            self.stand(Asked::Unheeded);
        }
        false
    }

    /// The rows come as they are asked for, by [`Wire::next`].
    pub fn ask<P: ToSql>(&mut self, statement: &Statement, params: impl ExactSizeIterator<Item = P>) -> Result<(), Fault> {
        self.run(statement, params)?;
        self.wait(Asked::Awaited)
    }

    pub fn next(&mut self) -> Result<Option<DataRowBody>, Fault> {
        loop {
            match self.next_heard()? {
                Heard::Row(row) => return Ok(Some(row)),
                Heard::Done(_) => return Ok(None),
                _ => {}
            }
        }
    }

    /// How many rows it changed.
    pub fn execute<P: ToSql>(&mut self, statement: &Statement, params: impl ExactSizeIterator<Item = P>) -> Result<u64, Fault> {
        self.ask(statement, params)?;
        self.done()
    }

    /// `execute` for those who do not wait; the values are one for each place.
    pub fn post<P: ToSql>(&mut self, statement: &Statement, params: impl ExactSizeIterator<Item = P>) -> Result<(), Fault> {
        self.run(statement, params)?;
        self.stand(Asked::Posted(statement.0.sql.clone()));
        if self.link.out.len() > MOST_WAITING { self.send() } else { Ok(()) }
    }

    /// Asks for rows that will be wanted soon. They come with the next answer that is waited for, or by [`Wire::found`].
    pub fn post_query<P: ToSql>(&mut self, statement: &Statement, params: impl ExactSizeIterator<Item = P>) -> Result<Ahead, Fault> {
        self.run(statement, params)?;
        self.named += 1;
        self.stand(Asked::Ahead(self.named, statement.0.sql.clone()));
        Ok(Ahead(self.named))
    }

    /// Waits for the rows of a question asked ahead. None when it failed, or one before it: see [`Wire::failed`].
    pub fn found(&mut self, asked: Ahead) -> Result<Option<Vec<DataRowBody>>, Fault> {
        let stands = |w: &Wire| w.line.iter().any(|a| matches!(a, Asked::Ahead(id, _) if *id == asked.0));
        if stands(self) {
            self.sync()?;
        }
        while stands(self) {
            self.next_heard()?;
        }
        Ok(self.found.remove(&asked.0))
    }

    /// Rows that nobody came for.
    pub fn drop_found(&mut self) {
        self.found.clear();
        for asked in &mut self.line {
            if let Asked::Ahead(_, sql) = asked {
                *asked = Asked::Posted(sql.clone());
            }
        }
    }

    /// A script, by the simple protocol.
    pub fn batch(&mut self, sql: &str) -> Result<(), Fault> {
        // After a refusal the server would pass over the script as well.
        self.sync()?;
        self.write(|out| Ok(frontend::query(sql, out)?))?;
        self.leave();
        self.line.push_back(Asked::Script(sql.into()));
        self.settle()
    }

    /// One statement of control (BEGIN, COMMIT, SET) without values.
    pub fn command(&mut self, sql: &str) -> Result<(), Fault> {
        self.control(sql)?;
        self.wait(Asked::Awaited)?;
        self.done().map(drop)
    }

    /// `command` for those who do not wait. It leaves with the next question.
    pub fn post_command(&mut self, sql: &str) -> Result<(), Fault> {
        self.control(sql)?;
        self.stand(Asked::Posted(sql.into()));
        Ok(())
    }

    /// What is asked from here on does not go by what was posted before.
    pub fn part(&mut self) -> Result<(), Fault> {
        if self.open {
            self.write(|out| {
                frontend::sync(out);
                Ok(())
            })?;
            self.line.push_back(Asked::Sync);
            self.open = false;
        }
        Ok(())
    }

    /// Sends what was posted, without waiting for answers.
    pub fn flush(&mut self) -> Result<(), Fault> {
        self.sync()
    }

    /// Waits for the answers to all that was posted.
    pub fn settle(&mut self) -> Result<(), Fault> {
        self.sync()?;
        while !self.line.is_empty() {
            self.next_heard()?;
        }
        Ok(())
    }

    /// The first failure of what was posted, once.
    pub fn failed(&mut self) -> Option<(Fault, Arc<str>)> {
        self.failed.take()
    }

    fn control(&mut self, sql: &str) -> Result<(), Fault> {
        self.write(|out| {
            frontend::parse("", sql, [], out)?;
            bind("", [].iter(), std::iter::empty::<Value>(), out)
        })
    }

    fn run<P: ToSql>(&mut self, statement: &Statement, params: impl ExactSizeIterator<Item = P>) -> Result<(), Fault> {
        self.write(|out| bind(&statement.0.name, statement.params().iter(), params, out))
    }

    /// Puts messages down to be sent; all of them or none.
    fn write(&mut self, put: impl FnOnce(&mut BytesMut) -> Result<(), Fault>) -> Result<(), Fault> {
        if self.closed {
            return Err(Fault::closed());
        }
        let before = self.link.out.len();
        put(&mut self.link.out).inspect_err(|_| self.link.out.truncate(before))
    }

    fn stand(&mut self, asked: Asked) {
        self.leave();
        self.line.push_back(asked);
        self.open = true;
    }

    /// Who asked before does not come for the rest of his rows.
    fn leave(&mut self) {
        // It stood last, and a Sync behind it.
        for asked in self.line.iter_mut().rev().take(2) {
            if matches!(asked, Asked::Awaited) {
                *asked = Asked::Posted("".into());
            }
        }
    }

    /// Sends all, and this last.
    fn wait(&mut self, asked: Asked) -> Result<(), Fault> {
        self.stand(asked);
        self.sync()
    }

    fn sync(&mut self) -> Result<(), Fault> {
        self.part()?;
        self.send()
    }

    fn send(&mut self) -> Result<(), Fault> {
        if self.closed {
            return Err(Fault::closed());
        }
        self.link.flush().map_err(|e| self.lose(e))
    }

    /// Waits until what is awaited is done.
    fn done(&mut self) -> Result<u64, Fault> {
        loop {
            if let Heard::Done(n) = self.next_heard()? {
                return Ok(n);
            }
        }
    }

    /// Nothing will be answered any more.
    fn lose(&mut self, fault: Fault) -> Fault {
        self.closed = true;
        self.line.clear();
        fault
    }

    fn next_heard(&mut self) -> Result<Heard, Fault> {
        if self.closed {
            return Err(Fault::closed());
        }
        match self.link.message() {
            Ok(message) => self.hear(message),
            Err(e) => Err(self.lose(e)),
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if !self.closed {
            self.link.farewell();
        }
    }
}
