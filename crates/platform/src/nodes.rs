//! Several nodes on one PostgreSQL are one office: what is committed at one appears to those who are signed in at another, and they
//! see who looks at the same record. Told after the commit and never waited for; a node that may have missed something says so to
//! its own listeners, who look again. A node that is alone tells nothing.

mod talk;

use crate::app::App;
use crate::cx::Live;
use crate::store::Line;
use crate::value::Id;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use talk::Talk;
use tokio::sync::Notify;

/// What listeners of this process are told of.
#[derive(Clone, Debug)]
pub enum News {
    Changed(Live),
    /// Something was, and nobody knows what: look again. Rights may have changed too.
    Missed,
}

/// Most changes that are told one by one.
const MOST: usize = 512;
/// Before a line that broke is opened anew.
const PAUSES: [Duration; 4] = [Duration::from_millis(250), Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(3)];
/// Letters of a name that are told.
const NAME: usize = 60;

/// What this process has to tell the other nodes.
#[derive(Default)]
pub struct Nodes {
    /// There are others, or there may be.
    others: AtomicBool,
    waiting: Mutex<Waiting>,
    bell: Notify,
    stop: AtomicBool,
}

#[derive(Default)]
struct Waiting {
    /// The last of each change: entity, record, by whom, in which company, whether it is progress.
    changes: HashMap<(&'static str, Id, Id, Option<Id>, bool), Live>,
    looks: HashMap<(&'static str, Id, Id), Option<String>>,
    missed: bool,
}

/// The thread that talks to the other nodes; it takes leave when this is dropped.
pub struct Joined {
    app: Arc<App>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Joined {
    fn drop(&mut self) {
        self.app.nodes.stop.store(true, Relaxed);
        self.app.nodes.bell.notify_one();
        if self.thread.take().is_some_and(|t| t.join().is_err()) {
            tracing::error!("talking to other nodes ended with a panic");
        }
    }
}

impl App {
    /// From now on this process tells other nodes of the database what it writes, and hears what they do. Nothing on SQLite.
    pub fn join_nodes(self: &Arc<Self>) -> Result<Joined> {
        let Some(line) = self.store.line()? else { return Ok(Joined { app: self.clone(), thread: None }) };
        self.nodes.stop.store(false, Relaxed);
        self.nodes.others.store(true, Relaxed);
        let app = self.clone();
        let talking = move || app.talk_on(line);
        let thread = std::thread::Builder::new().name("nodes".into()).spawn(talking).map_err(Error::internal)?;
        Ok(Joined { app: self.clone(), thread: Some(thread) })
    }

    fn talk_on(&self, line: Line) {
        let me = Id::now_v7();
        let mut line = Some(line);
        let mut pauses = PAUSES.iter();
        while !self.nodes.stopped() {
            let opened = match line.take() {
                Some(first) => Ok(Some(first)),
                None => self.store.line().inspect(|_| {
                    // Heard nothing since the last one broke.
                    self.tell_here(News::Missed);
                    pauses = PAUSES.iter();
                }),
            };
            let ended = opened.and_then(|line| line.map_or(Ok(()), |line| Talk::new(self, me, line).run()));
            if let Err(e) = ended {
                tracing::warn!(error = %e, "the line to other nodes broke; it is opened anew");
                self.nodes.others.store(true, Relaxed);
                // What they have heard of the last words is not known.
                self.nodes.waiting().missed = true;
                self.nodes.rest(*pauses.next().unwrap_or(&PAUSES[PAUSES.len() - 1]));
            }
        }
        self.nodes.others.store(false, Relaxed);
    }

    /// Tells the listeners of this process. That nobody listens is no fault.
    pub(crate) fn tell_here(&self, news: News) {
        if self.live.receiver_count() > 0 {
            let _ = self.live.send(news);
        }
    }
}

impl Nodes {
    /// A change that was committed here.
    pub(crate) fn changed(&self, l: &Live) {
        self.put(|w| {
            let key = (l.entity, l.id, l.user_id, l.company_id, l.progress.is_some());
            if w.missed {
                return;
            }
            if w.changes.len() < MOST || w.changes.contains_key(&key) {
                w.changes.insert(key, l.clone());
            } else {
                w.changes.clear();
                w.missed = true;
            }
        });
    }

    /// Somebody looks at a record here, or away from it.
    pub(crate) fn looks(&self, entity: &'static str, id: Id, user: Id, name: Option<&str>) {
        self.put(|w| {
            if w.looks.len() < MOST {
                w.looks.insert((entity, id, user), name.map(|n| n.chars().take(NAME).collect()));
            }
        });
    }

    fn put(&self, put: impl FnOnce(&mut Waiting)) {
        if self.others.load(Relaxed) {
            put(&mut self.waiting());
            self.bell.notify_one();
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(|e| e.into_inner())
    }

    fn stopped(&self) -> bool {
        self.stop.load(Relaxed)
    }

    fn rest(&self, pause: Duration) {
        let until = Instant::now() + pause;
        while !self.stopped() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(50).min(pause));
        }
    }
}

impl Waiting {
    fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.looks.is_empty() && !self.missed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_15_what_waits_to_be_told_is_bounded_and_nothing_waits_where_nobody_listens() {
        let change = |id: usize, version| Live {
            entity: "partners",
            id: Id::from_u128(id as u128),
            version,
            user_id: Id::from_u128(7),
            company_id: None,
            progress: None,
        };
        let nodes = Nodes::default();
        nodes.changed(&change(1, 1));
        assert!(nodes.waiting().is_empty(), "alone");
        nodes.others.store(true, Relaxed);
        for id in 0..MOST {
            nodes.changed(&change(id, 1));
            nodes.changed(&change(id, 2));
        }
        {
            let w = nodes.waiting();
            assert_eq!((w.changes.len(), w.missed), (MOST, false));
            assert!(w.changes.values().all(|l| l.version == 2), "the last of each");
        }
        nodes.changed(&change(MOST, 1));
        let w = nodes.waiting();
        assert_eq!((w.changes.len(), w.missed), (0, true), "everybody looks again");
    }
}
