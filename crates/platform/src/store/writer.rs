//! The one writer of SQLite: a thread with three queues. A job that fails undoes nothing but itself; several jobs share one
//! commit, since the commit (a disk flush) costs more than the jobs. Answers are given after the commit.

use super::conn::{Conn, Inner};
use super::job::{Job, Task, answer};
use super::log::Log;
use super::sqlite::{self, Limited};
use super::sync::Sync;
use super::{Inside, Priority, StoreOptions};
use kontor_kernel::error::{Error, Kind, Result};
use std::cell::Cell;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// After so long without work the log is written back into the file.
const IDLE: Duration = Duration::from_millis(1000);
/// A job of a lower priority that waited so long goes first, so that a busy day does not stop imports altogether.
const PATIENCE: Duration = Duration::from_millis(500);
/// More waiting jobs than this are refused as `busy`.
const QUEUE_LIMIT: usize = 10_000;
const OPTIMIZE_EVERY: Duration = Duration::from_secs(3600);

thread_local! {
    /// A thread of the store itself.
    pub(super) static OWN: Cell<bool> = const { Cell::new(false) };
}

pub(super) struct Writer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    ready: Condvar,
}

#[derive(Default)]
struct State {
    /// In the order of `Priority`.
    queues: [VecDeque<(Instant, Work)>; 3],
    waiting: usize,
    closed: bool,
}

enum Work {
    Job(Box<dyn Job>),
    /// Runs outside of any transaction (VACUUM).
    Outside(Box<dyn FnOnce(&Limited) + Send>),
}

impl Writer {
    pub fn start(conn: Limited, path: &Path, options: &StoreOptions) -> Result<Writer> {
        let shared = Arc::new(Shared { state: Mutex::default(), ready: Condvar::new() });
        let worker = Worker {
            log: Log::start(path, options)?,
            sync: Sync::start(path)?,
            conn,
            shared: shared.clone(),
            group_jobs: options.group_jobs,
            group_time: Duration::from_millis(options.group_ms),
            import_group_time: Duration::from_millis(options.import_group_ms),
            import_cache_kb: options.import_cache_kb,
            cache_kb: options.writer_cache_kb,
            importing: Cell::new(false),
            job_time: Duration::from_millis(options.write_timeout_ms),
        };
        let thread = std::thread::Builder::new().name("store-writer".into()).spawn(move || worker.run()).map_err(Error::internal)?;
        Ok(Writer { shared, thread: Some(thread) })
    }

    /// Blocks until the job is durable.
    pub fn write<T, F>(&self, priority: Priority, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn<'_>) -> Result<T> + Send + 'static,
    {
        self.submit(priority, work)?.recv().unwrap_or_else(|_| Err(closed()))
    }

    /// Puts the job into its queue; the answer comes when it is durable.
    pub fn submit<T, F>(&self, priority: Priority, work: F) -> Result<mpsc::Receiver<Result<T>>>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn<'_>) -> Result<T> + Send + 'static,
    {
        let (to, from) = mpsc::sync_channel(1);
        self.enqueue(priority, Work::Job(Box::new(Task::new(work, to))))?;
        Ok(from)
    }

    /// Runs SQL between two transactions.
    pub fn outside(&self, sql: String) -> Result<()> {
        let (to, from) = mpsc::sync_channel(1);
        let run = move |limited: &Limited| {
            limited.limit(None);
            let result = sqlite::batch(&limited.conn, &sql);
            // Whoever stopped waiting has gone on without the answer.
            drop(to.send(result));
        };
        self.enqueue(Priority::Jobs, Work::Outside(Box::new(run)))?;
        from.recv().unwrap_or_else(|_| Err(closed()))
    }

    fn enqueue(&self, priority: Priority, work: Work) -> Result<()> {
        let mut state = self.shared.lock();
        if state.closed {
            return Err(closed());
        }
        if state.waiting >= QUEUE_LIMIT {
            return Err(Error::new(Kind::Unavailable, "busy").cause("too many writes are waiting"));
        }
        state.queues[priority as usize].push_back((Instant::now(), work));
        state.waiting += 1;
        drop(state);
        self.shared.ready.notify_one();
        Ok(())
    }
}

impl Drop for Writer {
    /// What is queued is still done; then the log is written back and the file closed.
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.ready.notify_one();
        let Some(thread) = self.thread.take() else { return };
        // The last owner of the store may be a job on one of the store's own threads, which must not wait for itself.
        if !OWN.get() && thread.join().is_err() {
            tracing::error!("the writer ended with a panic");
        }
    }
}

pub(super) fn closed() -> Error {
    Error::new(Kind::Unavailable, "database_down").cause("the store is closed")
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The next work and its queue.
    fn next(&mut self) -> Option<(usize, Work)> {
        let late = |q: &VecDeque<(Instant, Work)>| q.front().is_some_and(|(since, _)| since.elapsed() > PATIENCE);
        let which = (1..3).find(|&i| late(&self.queues[i])).or_else(|| (0..3).find(|&i| !self.queues[i].is_empty()))?;
        let (_, work) = self.queues[which].pop_front()?;
        self.waiting -= 1;
        // The next late one of this queue waits for its turn again.
        if let Some((since, _)) = self.queues[which].front_mut().filter(|_| which > 0) {
            *since = Instant::now();
        }
        Some((which, work))
    }
}

struct Worker {
    conn: Limited,
    log: Log,
    sync: Sync,
    shared: Arc<Shared>,
    group_jobs: usize,
    group_time: Duration,
    import_group_time: Duration,
    import_cache_kb: usize,
    cache_kb: usize,
    /// The cache has the size for imports, and commits are flushed by `sync`.
    importing: Cell<bool>,
    job_time: Duration,
}

impl Worker {
    fn run(self) {
        OWN.set(true);
        // Every job on this thread is inside a closure of the store.
        let _inside = Inside::enter();
        let mut dirty = false;
        let mut optimized = Instant::now();
        loop {
            let mut state = self.shared.lock();
            let (queue, work) = loop {
                if let Some(found) = state.next() {
                    break found;
                }
                if state.closed {
                    drop(state);
                    return self.close();
                }
                if !dirty {
                    state = self.shared.ready.wait(state).unwrap_or_else(PoisonError::into_inner);
                    continue;
                }
                let (guard, wait) = self.shared.ready.wait_timeout(state, IDLE).unwrap_or_else(PoisonError::into_inner);
                state = guard;
                if wait.timed_out() && state.waiting == 0 {
                    drop(state);
                    self.tidy(&mut optimized);
                    dirty = false;
                    state = self.shared.lock();
                }
            };
            drop(state);
            dirty = true;
            match work {
                Work::Job(job) => {
                    if let Some(Work::Outside(run)) = self.group(queue, job) {
                        run(&self.conn);
                    }
                }
                Work::Outside(run) => run(&self.conn),
            }
        }
    }

    /// Runs jobs from the first one on until the queues are empty, the group is full or its time is over, and commits.
    /// Gives back work that cannot be part of a transaction.
    fn group(&self, queue: usize, first: Box<dyn Job>) -> Option<Work> {
        if queue == Priority::Import as usize && !self.importing.replace(true) {
            self.pragma(&format!("PRAGMA cache_size = -{}; PRAGMA synchronous = NORMAL;", self.import_cache_kb));
        }
        self.conn.limit(Some(self.job_time));
        if let Err(e) = sqlite::control(&self.conn.conn, "BEGIN IMMEDIATE") {
            first.answer(Some(&e));
            return None;
        }
        let began = Instant::now();
        let mut done: Vec<Box<dyn Job>> = Vec::with_capacity(16);
        let mut next = first;
        let mut left_over = None;
        let import = |queue: usize| queue == Priority::Import as usize;
        let (mut only_imports, mut trusted) = (import(queue), import(queue));
        loop {
            let outcome = if trusted { self.trusting(next.as_mut(), &mut done) } else { self.one(next.as_mut()) };
            done.push(next);
            if let Err(e) = outcome {
                // SQLite gave the whole transaction up (disk full, interrupted, I/O error).
                self.roll_back();
                answer(done, Some(&Error::new(Kind::Unavailable, "busy").cause(format!("the group was rolled back: {e}"))));
                return None;
            }
            let time = if only_imports { self.import_group_time } else { self.group_time };
            if done.len() >= self.group_jobs || began.elapsed() >= time {
                break;
            }
            match self.shared.lock().next() {
                Some((queue, Work::Job(job))) => {
                    // Somebody who waits at a screen is answered at once, with what was done before him.
                    only_imports &= import(queue);
                    (next, trusted) = (job, import(queue));
                }
                other => {
                    left_over = other.map(|(_, work)| work);
                    break;
                }
            }
            self.conn.limit(Some(self.job_time));
        }
        self.conn.limit(None);
        let committed = sqlite::control(&self.conn.conn, "COMMIT");
        if committed.is_err() {
            self.roll_back();
        }
        match committed {
            Ok(()) if self.importing.get() && only_imports => self.sync.later(done),
            Ok(()) if self.importing.get() => answer(done, self.sync.now().err().as_ref()),
            committed => answer(done, committed.err().as_ref()),
        }
        if self.log.after_commit(&self.conn.conn, self.importing.get()) {
            // What came in since the log was written back: little.
            self.pragma("PRAGMA wal_checkpoint(PASSIVE)");
        }
        left_over
    }

    /// One job in its savepoint. An error here means that the transaction is gone.
    fn one(&self, job: &mut dyn Job) -> Result<()> {
        let conn = &self.conn.conn;
        sqlite::control(conn, "SAVEPOINT job")?;
        let outcome = job.run(&mut Conn(Inner::Sqlite(conn)));
        if conn.is_autocommit() {
            return Err(outcome.err().unwrap_or_else(|| Error::internal("a job ended the transaction")));
        }
        if outcome.is_err() {
            self.conn.limit(None);
            sqlite::control(conn, "ROLLBACK TO job")?;
        }
        sqlite::control(conn, "RELEASE job")
    }

    /// A job of an import, without a savepoint: what that keeps of every page for taking it back is a good part of the work, and
    /// rows are looked at before they come here. When it fails all the same, the group is done over, each job in its savepoint.
    fn trusting(&self, job: &mut dyn Job, before: &mut [Box<dyn Job>]) -> Result<()> {
        let conn = &self.conn.conn;
        if job.run(&mut Conn(Inner::Sqlite(conn))).is_ok() {
            return if conn.is_autocommit() { Err(Error::internal("a job ended the transaction")) } else { Ok(()) };
        }
        self.roll_back();
        sqlite::control(conn, "BEGIN IMMEDIATE")?;
        for again in before {
            self.conn.limit(Some(self.job_time));
            self.one(again.as_mut())?;
        }
        self.conn.limit(Some(self.job_time));
        self.one(job)
    }

    fn roll_back(&self) {
        self.conn.limit(None);
        if !self.conn.conn.is_autocommit()
            && let Err(e) = sqlite::control(&self.conn.conn, "ROLLBACK")
        {
            tracing::error!(error = %e, "rollback failed");
        }
    }

    /// Writes the log back while nobody waits.
    fn tidy(&self, optimized: &mut Instant) {
        self.conn.limit(None);
        self.pragma("PRAGMA wal_checkpoint(PASSIVE)");
        // Until the database flushes its commits itself again, `sync` goes on doing it.
        if self.importing.get() {
            let settings = format!("PRAGMA synchronous = FULL; PRAGMA cache_size = -{}; PRAGMA shrink_memory;", self.cache_kb);
            self.importing.set(!self.pragma(&settings));
        }
        if optimized.elapsed() > OPTIMIZE_EVERY {
            *optimized = Instant::now();
            self.pragma("PRAGMA optimize");
        }
    }

    fn close(self) {
        let Worker { conn, log, sync, .. } = self;
        sync.end();
        log.end();
        conn.limit(None);
        pragma(&conn, "PRAGMA optimize");
        pragma(&conn, "PRAGMA wal_checkpoint(TRUNCATE)");
        if let Err((_, e)) = conn.conn.close() {
            tracing::error!(error = %e, "closing the database failed");
        }
    }

    fn pragma(&self, sql: &str) -> bool {
        pragma(&self.conn, sql)
    }
}

/// Housekeeping that may be tried again another time; whether it was done.
fn pragma(conn: &Limited, sql: &str) -> bool {
    let done = sqlite::batch(&conn.conn, sql);
    if let Err(e) = &done {
        tracing::warn!(error = %e, sql, "housekeeping failed");
    }
    done.is_ok()
}
