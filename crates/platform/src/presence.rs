//! Who looks at a record just now: kept in memory only, forgotten soon after the last word. Exempt from `execute` (decision 20).
//! Several nodes tell one another (`nodes`).

use crate::app::App;
use crate::ctx::Ctx;
use crate::value::Id;
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};
use tokio::sync::broadcast;

/// After so long without a word somebody is gone; pages speak three times as often.
pub const FORGOTTEN: Duration = Duration::from_secs(45);
/// Most records that are remembered at once.
const MOST: usize = 20_000;

/// Somebody came to a record or left it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Looked {
    pub entity: &'static str,
    pub id: Id,
}

type Known = HashMap<(&'static str, Id), HashMap<Id, (String, Instant)>>;

/// Who looks at which record now; forgotten after a while without a sign.
pub struct Presence {
    known: Mutex<Known>,
    pub changes: broadcast::Sender<Looked>,
}

impl Default for Presence {
    fn default() -> Self {
        Presence { known: Mutex::default(), changes: broadcast::channel(256).0 }
    }
}

impl Presence {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(|e| e.into_inner())
    }

    fn tell(&self, entity: &'static str, id: Id) {
        if self.changes.receiver_count() > 0 {
            // Nobody listening is no fault.
            let _ = self.changes.send(Looked { entity, id });
        }
    }

    /// Notes that the user is there and answers who else is, by name.
    pub(crate) fn here(&self, entity: &'static str, id: Id, user: Id, name: &str, now: Instant) -> Vec<(Id, String)> {
        let (others, news) = {
            let mut known = self.known();
            if known.len() >= MOST {
                known.retain(|_, people| people.values().any(|(_, at)| now.duration_since(*at) < FORGOTTEN));
            }
            let people = known.entry((entity, id)).or_default();
            let before = people.len();
            people.retain(|who, (_, at)| *who == user || now.duration_since(*at) < FORGOTTEN);
            let left = people.len() < before;
            let came = people.insert(user, (name.to_string(), now)).is_none();
            let mut others: Vec<_> = people.iter().filter(|(who, _)| **who != user).map(|(who, (name, _))| (*who, name.clone())).collect();
            others.sort_by(|a, b| a.1.cmp(&b.1));
            (others, came || left)
        };
        if news {
            self.tell(entity, id);
        }
        others
    }

    /// Whether the user looks at the record: only who does hears of others that come and go.
    pub fn looks(&self, entity: &'static str, id: Id, user: Id) -> bool {
        self.known().get(&(entity, id)).is_some_and(|people| people.contains_key(&user))
    }

    pub(crate) fn gone(&self, entity: &'static str, id: Id, user: Id) {
        let left = {
            let mut known = self.known();
            let left = known.get_mut(&(entity, id)).is_some_and(|people| people.remove(&user).is_some());
            if known.get(&(entity, id)).is_some_and(HashMap::is_empty) {
                known.remove(&(entity, id));
            }
            left
        };
        if left {
            self.tell(entity, id);
        }
    }
}

impl App {
    /// The caller looks at a record that he may read; who else does.
    pub fn look(&self, ctx: &Ctx, collection: &str, id: Id, name: &str) -> Result<Vec<(Id, String)>> {
        let record = self.record(ctx, collection, id)?;
        self.nodes.looks(record.spec.name, id, ctx.user_id, Some(name));
        Ok(self.presence.here(record.spec.name, id, ctx.user_id, name, Instant::now()))
    }

    /// The caller looks away; what he never looked at is no fault.
    pub fn look_away(&self, ctx: &Ctx, collection: &str, id: Id) {
        if let Some(spec) = self.registry.get(collection) {
            self.nodes.looks(spec.name, id, ctx.user_id, None);
            self.presence.gone(spec.name, id, ctx.user_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_15_people_come_are_forgotten_and_leave() {
        let p = Presence::default();
        let mut heard = p.changes.subscribe();
        let (record, ann, bob) = (Id::from_u128(1), Id::from_u128(2), Id::from_u128(3));
        let start = Instant::now();
        let names = |people: Vec<(Id, String)>| people.into_iter().map(|x| x.1).collect::<Vec<_>>();
        assert!(p.here("deals", record, ann, "Ann", start).is_empty());
        assert_eq!(names(p.here("deals", record, bob, "Bob", start)), ["Ann"]);
        assert_eq!(names(p.here("deals", record, ann, "Ann", start + Duration::from_secs(20))), ["Bob"]);
        assert!(p.here("deals", Id::from_u128(9), bob, "Bob", start).is_empty(), "another record");
        assert!(p.here("deals", record, ann, "Ann", start + FORGOTTEN).is_empty(), "Bob said nothing since");
        p.here("deals", record, bob, "Bob", start + FORGOTTEN);
        p.gone("deals", record, bob);
        p.gone("deals", record, bob);
        assert!(p.here("deals", record, ann, "Ann", start + FORGOTTEN).is_empty());
        let mut told = 0;
        while heard.try_recv().is_ok() {
            told += 1;
        }
        assert_eq!(told, 6, "two came, one came elsewhere, one was forgotten, came again and left once");
    }
}
