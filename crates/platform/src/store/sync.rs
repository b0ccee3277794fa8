//! Waiting for the disk beside the writer. While imports write, a commit only hands its pages to the operating system; this
//! thread flushes them and answers then, and the writer goes on with the next group in the meantime. Nobody is answered
//! before his work is durable, and what comes later in the log cannot be durable without what came before.

use super::job::{Job, answer};
use super::writer::OWN;
use kontor_kernel::error::{Error, Kind, Result};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Groups that may wait for the disk; the writer waits when there are more.
const WAITING: usize = 4;

pub(super) struct Sync {
    log: PathBuf,
    groups: SyncSender<Vec<Box<dyn Job>>>,
    thread: JoinHandle<()>,
}

impl Sync {
    pub fn start(database: &Path) -> Result<Sync> {
        let mut log = database.as_os_str().to_owned();
        log.push("-wal");
        let log = PathBuf::from(log);
        let (groups, waiting) = sync_channel::<Vec<Box<dyn Job>>>(WAITING);
        let path = log.clone();
        let work = move || {
            OWN.set(true);
            while let Ok(jobs) = waiting.recv() {
                let flushed = flush(&path);
                answer(jobs, flushed.err().as_ref());
            }
        };
        let thread = std::thread::Builder::new().name("store-sync".into()).spawn(work).map_err(Error::internal)?;
        Ok(Sync { log, groups, thread })
    }

    /// Waits until everything that was committed is durable.
    pub fn now(&self) -> Result<()> {
        flush(&self.log)
    }

    /// Answers the jobs when they are durable.
    pub fn later(&self, jobs: Vec<Box<dyn Job>>) {
        if let Err(back) = self.groups.send(jobs) {
            // The thread is gone; that must not leave anybody without an answer.
            answer(back.0, self.now().err().as_ref());
        }
    }

    /// Waits for the last answers.
    pub fn end(self) {
        drop(self.groups);
        if self.thread.join().is_err() {
            tracing::error!("flushing the log ended with a panic");
        }
    }
}

/// The file is opened anew each time: it is made and removed by SQLite, and nothing is lost by a second handle to it.
fn flush(log: &Path) -> Result<()> {
    let flush = || -> std::io::Result<()> {
        File::open(log)?.sync_data()?;
        // Its name, should it be new.
        log.parent().filter(|p| !p.as_os_str().is_empty()).map_or(Ok(()), |folder| File::open(folder)?.sync_data())
    };
    flush().map_err(|e| {
        tracing::error!(error = %e, "what was committed could not be flushed to the disk");
        Error::new(Kind::Unavailable, "disk_full").cause(e)
    })
}
