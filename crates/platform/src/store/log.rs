//! Writing SQLite's log back into the file, on a thread and a connection of its own beside the writer: done inside a
//! commit it would hold everybody up for tens of milliseconds, and imports for a fifth of their time.

use super::{StoreOptions, sqlite};
use kontor_kernel::error::{Error, Result};
use rusqlite::Connection;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

/// The log may grow by so many pages (of 4 KB) before it is written back.
const PAGES: i64 = 4_000;
/// The same while imports write, whose pages come again and again.
const IMPORT_PAGES: i64 = 16_000;

const IDLE: u8 = 0;
const AT_WORK: u8 = 1;
/// Written back up to where it stood when the work began.
const DONE: u8 = 2;

/// The writer's end.
pub(super) struct Log {
    state: Arc<AtomicU8>,
    wake: SyncSender<()>,
    thread: JoinHandle<()>,
}

impl Log {
    pub fn start(database: &Path, options: &StoreOptions) -> Result<Log> {
        let (wake, woken) = sync_channel::<()>(1);
        let state = Arc::new(AtomicU8::new(IDLE));
        let (database, options, shared) = (database.to_path_buf(), options.clone(), state.clone());
        let work = move || {
            let mut conn = None;
            // Ends when the writer, and with it the sender, is gone.
            while woken.recv().is_ok() {
                if let Err(error) = write_back(&mut conn, &database, &options) {
                    tracing::warn!(%error, "writing the log back failed; it is tried again after a later commit");
                    conn = None;
                }
                shared.store(DONE, Ordering::Release);
            }
        };
        let thread = std::thread::Builder::new().name("store-log".into()).spawn(work).map_err(Error::internal)?;
        Ok(Log { state, wake, thread })
    }

    /// Waits until its connection is closed: the writer's must be the last, which takes the log away.
    pub fn end(self) {
        drop(self.wake);
        if self.thread.join().is_err() {
            tracing::error!("writing the log back ended with a panic");
        }
    }

    /// Has a long log written back; true when that is done and the writer should write back the little that came since, so
    /// that the log begins anew.
    pub fn after_commit(&self, conn: &Connection, importing: bool) -> bool {
        match self.state.load(Ordering::Acquire) {
            DONE => {
                self.state.store(IDLE, Ordering::Release);
                true
            }
            AT_WORK => false,
            _ => {
                let limit = if importing { IMPORT_PAGES } else { PAGES };
                // Where the question fails, nothing is written back now; the writer does it when it is idle.
                if pages(conn).is_ok_and(|n| n > limit) {
                    self.state.store(AT_WORK, Ordering::Release);
                    if self.wake.try_send(()).is_err() {
                        self.state.store(IDLE, Ordering::Release);
                    }
                }
                false
            }
        }
    }
}

/// Pages of the log that are not in the file yet.
fn pages(conn: &Connection) -> rusqlite::Result<i64> {
    conn.prepare_cached("PRAGMA wal_checkpoint(NOOP)")?.query_row([], |r| Ok(r.get::<_, i64>(1)? - r.get::<_, i64>(2)?))
}

fn write_back(conn: &mut Option<Connection>, database: &Path, options: &StoreOptions) -> Result<()> {
    let conn = match conn {
        Some(conn) => conn,
        None => conn.insert(sqlite::open_plain(database, &StoreOptions { reader_cache_kb: 64, ..options.clone() })?),
    };
    sqlite::batch(conn, "PRAGMA wal_checkpoint(PASSIVE)")
}
