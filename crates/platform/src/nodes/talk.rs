//! One line to the other nodes while it holds: what is said on it, by whom, and how often.

use super::{News, Waiting};
use crate::app::App;
use crate::cx::{Live, Progress};
use crate::store::{Line, MOST_WORDS};
use crate::value::Id;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// A node says so often that it is there …
const BEAT: Duration = Duration::from_secs(10);
/// … and is taken for gone after so long. What it committed last, it may not have told.
const GONE: Duration = Duration::from_secs(30);
/// Between two times of telling: what changes meanwhile goes together.
const PACE: Duration = Duration::from_millis(100);
/// The same when there was too much to tell each of it: an import writes on and on, and everybody looks again each time.
const PACE_OF_MANY: Duration = Duration::from_secs(1);

/// What goes by the line.
#[derive(Serialize, Deserialize)]
struct Words {
    from: Id,
    said: Said,
}

#[derive(Serialize, Deserialize)]
enum Said {
    /// A line was opened.
    Hello,
    Here,
    Bye,
    Missed,
    Changed(Vec<Changed>),
    Looks(Vec<Look>),
}

#[derive(Serialize, Deserialize)]
struct Changed {
    e: String,
    i: Id,
    v: i64,
    u: Id,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    c: Option<Id>,
    /// How far a job is: over, done, total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    p: Option<(bool, i64, Option<i64>)>,
}

#[derive(Serialize, Deserialize)]
struct Look {
    e: String,
    i: Id,
    u: Id,
    /// None: looks away.
    n: Option<String>,
}

/// One line while it holds.
pub(super) struct Talk<'a> {
    app: &'a App,
    me: Id,
    line: Line,
    others: Others,
}

/// Who else is there, by what was heard on one line.
struct Others {
    /// When each was heard of last.
    known: HashMap<Id, Instant>,
    /// Until then others may be there that did not speak yet.
    listening: Instant,
}

impl Others {
    fn new(now: Instant) -> Others {
        Others { known: HashMap::new(), listening: now + GONE }
    }

    /// Notes who spoke; whether something of his may have been missed before. Whoever says hello has told others from his first
    /// moment on, or says himself that they missed something.
    fn spoke(&mut self, from: Id, said: &Said, now: Instant) -> bool {
        if matches!(said, Said::Bye) {
            self.known.remove(&from);
            return false;
        }
        self.known.insert(from, now).is_none() && !matches!(said, Said::Hello)
    }

    /// Forgets nodes that are gone without a word; whether there were any.
    fn forget(&mut self, now: Instant) -> bool {
        let before = self.known.len();
        self.known.retain(|_, at| now.duration_since(*at) < GONE);
        self.known.len() < before
    }

    fn none(&self, now: Instant) -> bool {
        self.known.is_empty() && now > self.listening
    }
}

impl<'a> Talk<'a> {
    pub fn new(app: &'a App, me: Id, line: Line) -> Self {
        Talk { app, me, line, others: Others::new(Instant::now()) }
    }

    pub fn run(mut self) -> Result<()> {
        let nodes = &self.app.nodes;
        self.tell(Said::Hello)?;
        let (mut beat, mut next) = (Instant::now() + BEAT, Instant::now());
        loop {
            let stop = nodes.stopped();
            if stop || Instant::now() >= next {
                let waiting = std::mem::take(&mut *nodes.waiting());
                if !waiting.is_empty() {
                    next = Instant::now() + if waiting.missed { PACE_OF_MANY } else { PACE };
                    self.tell_all(waiting)?;
                }
            }
            if stop {
                return self.tell(Said::Bye);
            }
            if Instant::now() >= beat {
                self.tell(Said::Here)?;
                beat = Instant::now() + BEAT;
            }
            // Until it may speak again no change wakes it.
            let now = Instant::now();
            let (bell, most) =
                if now >= next { (Some(&nodes.bell), beat.saturating_duration_since(now)) } else { (None, PACE.min(next - now)) };
            for words in self.line.hear(bell, most)? {
                self.heard(&words)?;
            }
            self.count();
        }
    }

    fn tell(&mut self, said: Said) -> Result<()> {
        let words = serde_json::to_string(&Words { from: self.me, said }).map_err(Error::internal)?;
        self.line.tell(&words)
    }

    fn tell_all(&mut self, w: Waiting) -> Result<()> {
        if w.missed {
            self.tell(Said::Missed)?;
        } else {
            let changes = w.changes.into_values().map(|l| Changed {
                e: l.entity.into(),
                i: l.id,
                v: l.version,
                u: l.user_id,
                c: l.company_id,
                p: l.progress.map(|p| (p.state == Progress::OVER, p.done, p.total)),
            });
            self.tell_parts(changes.collect(), Said::Changed)?;
        }
        let looks = w.looks.into_iter().map(|((e, i, u), n)| Look { e: e.into(), i, u, n });
        self.tell_parts(looks.collect(), Said::Looks)
    }

    /// In parts that the server takes.
    fn tell_parts<T: Serialize>(&mut self, all: Vec<T>, said: fn(Vec<T>) -> Said) -> Result<()> {
        let mut part = vec![];
        // Head and brackets.
        let mut size = 100;
        for one in all {
            let bytes = serde_json::to_string(&one).map_err(Error::internal)?.len() + 1;
            if size + bytes > MOST_WORDS {
                self.tell(said(std::mem::take(&mut part)))?;
                size = 100;
            }
            size += bytes;
            part.push(one);
        }
        if part.is_empty() { Ok(()) } else { self.tell(said(part)) }
    }

    fn heard(&mut self, words: &str) -> Result<()> {
        // A node of another release may say what this one does not know.
        let Ok(Words { from, said }) = serde_json::from_str::<Words>(words) else {
            self.app.tell_here(News::Missed);
            return Ok(());
        };
        if from == self.me {
            return Ok(());
        }
        // Before it is answered: what is committed from now on is told.
        self.app.nodes.others.store(true, Relaxed);
        if self.others.spoke(from, &said, Instant::now()) {
            self.app.tell_here(News::Missed);
        }
        match said {
            Said::Hello => self.tell(Said::Here)?,
            Said::Here | Said::Bye => {}
            Said::Missed => self.app.tell_here(News::Missed),
            Said::Changed(all) => all.into_iter().for_each(|c| self.changed(c)),
            Said::Looks(all) => all.into_iter().for_each(|l| self.looks(l)),
        }
        Ok(())
    }

    fn changed(&self, c: Changed) {
        // A collection of another release is shown to nobody here.
        let Some(spec) = self.app.registry.get(&c.e) else { return };
        let progress =
            c.p.map(|(over, done, total)| Progress { state: if over { Progress::OVER } else { Progress::RUNNING }, done, total });
        self.app.tell_here(News::Changed(Live { entity: spec.name, id: c.i, version: c.v, user_id: c.u, company_id: c.c, progress }));
    }

    fn looks(&self, l: Look) {
        let Some(spec) = self.app.registry.get(&l.e) else { return };
        match l.n {
            Some(name) => drop(self.app.presence.here(spec.name, l.i, l.u, &name, Instant::now())),
            None => self.app.presence.gone(spec.name, l.i, l.u),
        }
    }

    fn count(&mut self) {
        let now = Instant::now();
        if self.others.forget(now) {
            self.app.tell_here(News::Missed);
        }
        if self.others.none(now) {
            self.app.nodes.others.store(false, Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_15_a_node_that_is_met_again_or_gone_without_a_word_may_have_been_missed() {
        let start = Instant::now();
        let at = |secs| start + Duration::from_secs(secs);
        let (a, b) = (Id::from_u128(1), Id::from_u128(2));
        let mut others = Others::new(start);
        assert!(!others.none(at(29)), "somebody may be there who did not speak yet");
        assert!(others.none(at(31)));
        assert!(!others.spoke(a, &Said::Hello, at(40)), "nothing was said before hello");
        assert!(!others.spoke(a, &Said::Changed(vec![]), at(41)));
        assert!(others.spoke(b, &Said::Here, at(42)), "this one was there all the time");
        assert!(!others.none(at(43)));
        assert!(!others.spoke(b, &Said::Bye, at(44)));
        assert!(!others.forget(at(70)), "gone with a word");
        assert!(others.forget(at(72)), "not heard of for too long");
        assert!(others.none(at(72)));
        assert!(others.spoke(a, &Said::Changed(vec![]), at(73)), "it was there after all");
    }
}
