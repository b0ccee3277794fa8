//! What the writer of SQLite is handed: a closure, and where its answer goes.

use super::conn::Conn;
use super::guarded;
use kontor_kernel::error::{Error, Result};
use std::sync::mpsc::SyncSender;

/// A closure with the place its answer goes to.
pub(super) trait Job: Send {
    fn run(&mut self, conn: &mut Conn<'_>) -> Result<()>;
    /// `failure`: why the transaction did not become durable.
    fn answer(self: Box<Self>, failure: Option<&Error>);
}

pub(super) struct Task<T, F> {
    work: F,
    result: Option<Result<T>>,
    reply: SyncSender<Result<T>>,
}

impl<T, F> Task<T, F> {
    pub fn new(work: F, reply: SyncSender<Result<T>>) -> Self {
        Task { work, result: None, reply }
    }
}

impl<T, F> Job for Task<T, F>
where
    T: Send,
    F: FnMut(&mut Conn<'_>) -> Result<T> + Send,
{
    fn run(&mut self, conn: &mut Conn<'_>) -> Result<()> {
        let result = guarded(|| (self.work)(conn));
        let outcome = result.as_ref().map(|_| ()).map_err(Clone::clone);
        self.result = Some(result);
        outcome
    }
    fn answer(self: Box<Self>, failure: Option<&Error>) {
        let Task { work, result, reply } = *self;
        // Before the answer: what the closure holds (the store itself, mostly) must not outlive its caller's wait, or the
        // caller closes the store while this thread keeps it open.
        drop(work);
        let result = match (result, failure) {
            (Some(Err(own)), _) => Err(own),
            (_, Some(failure)) => Err(failure.clone()),
            (Some(done), None) => done,
            (None, None) => Err(Error::internal("a job was answered before it ran")),
        };
        // A caller that stopped waiting is no error of ours: what he asked for is done all the same.
        drop(reply.send(result));
    }
}

pub(super) fn answer(done: Vec<Box<dyn Job>>, failure: Option<&Error>) {
    for job in done {
        job.answer(failure);
    }
}
