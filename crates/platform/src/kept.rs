//! What hardly ever changes and is asked for all the time (companies, price types, limits), kept in memory for all commands
//! of the process. Collections that are kept go by a revision: each write of one of their records draws another one in its
//! own transaction, and every reader compares it with the one that his value was read under. So a change holds for the very
//! next question, whoever made it: another node or the command line too (decision 26).
//!
//! Revisions are drawn at random, never counted: what a transaction read of its own changes stays under a revision that
//! nobody sees when it is rolled back.

use crate::cx::Cx;
use crate::store::{Backend, marks};
use crate::value::Value;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use std::any::{Any, TypeId};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// The revision of settings: companies, price types and the like. What changes more often goes by one of its own.
pub const SETTINGS: &str = "kept:settings";

/// A value made of whole collections; either its own `load` bounds it, or `stays` does.
pub trait Kept: Send + Sync + Sized + 'static {
    /// The revision that its collections go by (`Spec::kept_by`).
    const BY: &'static str;
    fn load(cx: &mut Cx) -> Result<Self>;
    /// Small enough to stay in memory. A larger one is read by each command that asks for it.
    fn stays(&self) -> bool {
        true
    }
}

/// Values that are asked for by a key, the known ones of the last revision; at most `MOST` of them.
pub trait KeptEach: 'static {
    const BY: &'static str;
    const MOST: usize;
    type Key: Hash + Eq + Clone + Send + 'static;
    type Value: Clone + Send + 'static;
    fn load(cx: &mut Cx, key: &Self::Key) -> Result<Self::Value>;
}

struct Whole<T>(Mutex<Option<(i64, Arc<T>)>>);
impl<T> Default for Whole<T> {
    fn default() -> Self {
        Whole(Mutex::new(None))
    }
}

/// What is known under one revision.
struct Known<T: KeptEach> {
    revision: i64,
    values: HashMap<T::Key, T::Value>,
}

struct Each<T: KeptEach>(Mutex<Known<T>>);
impl<T: KeptEach> Default for Each<T> {
    fn default() -> Self {
        Each(Mutex::new(Known { revision: 0, values: HashMap::new() }))
    }
}

/// What one command has found out of revisions and kept values; its own writes of kept records empty it.
#[derive(Default)]
pub(crate) struct Seen {
    revisions: HashMap<&'static str, i64>,
    values: HashMap<TypeId, Arc<dyn Any + Send + Sync>>,
}

fn revisions(series: &[&'static str]) -> (String, Vec<Value>) {
    let sql = format!("SELECT series, value FROM sequences WHERE series IN ({})", marks(series.len()));
    (sql, series.iter().map(|s| (*s).into()).collect())
}

impl Cx<'_, '_> {
    /// The revision of a series, as this command sees it; 0 where nothing was ever changed.
    pub fn revision(&mut self, series: &str) -> Result<i64> {
        if let Some(n) = self.seen.revisions.get(series) {
            return Ok(*n);
        }
        let all = &self.app.registry.revisions;
        if !all.contains(&series) {
            return Err(Error::internal(format!("nothing declares the revision {series}")));
        }
        let (sql, params) = revisions(all);
        let mut found: HashMap<&'static str, i64> = all.iter().map(|s| (*s, 0)).collect();
        for r in self.conn.query(&sql, &params)? {
            if let Some(n) = found.get_mut(r.text(0)?) {
                *n = r.int(1)?;
            }
        }
        let asked = found.get(series).copied().unwrap_or(0);
        self.seen.revisions = found;
        Ok(asked)
    }

    /// Asks for all revisions beforehand; see `Conn::ahead`.
    pub fn revisions_ahead(&mut self) -> Result<()> {
        let (sql, params) = revisions(&self.app.registry.revisions);
        self.conn.ahead(&sql, &params)
    }

    /// Says that records that go by this revision are no longer what they were. On PostgreSQL the row stays locked until the
    /// commit.
    pub(crate) fn renew(&mut self, series: &'static str) -> Result<()> {
        self.forget_revisions();
        if self.preview {
            return Ok(());
        }
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(Error::internal)?;
        let value = i64::from_be_bytes(random) & i64::MAX;
        self.conn.exec(
            "INSERT INTO sequences (series, value) VALUES (?, ?) ON CONFLICT (series) DO UPDATE SET value = excluded.value",
            &[series.into(), value.into()],
        )?;
        Ok(())
    }

    /// What was found out of revisions holds no longer: this command has changed one.
    pub(crate) fn forget_revisions(&mut self) {
        self.seen = Seen::default();
    }

    /// The value as it is now.
    pub fn kept<T: Kept>(&mut self) -> Result<Arc<T>> {
        if let Some(v) = self.seen.values.get(&TypeId::of::<T>()).and_then(|v| v.clone().downcast::<T>().ok()) {
            return Ok(v);
        }
        let revision = self.revision(T::BY)?;
        let shared = self.app.shared::<Whole<T>>();
        let known = locked(&shared.0).as_ref().filter(|(of, _)| *of == revision).map(|(_, v)| v.clone());
        let value = match known {
            Some(v) => v,
            None => {
                let v = Arc::new(T::load(self)?);
                if v.stays() && self.still(T::BY, revision)? {
                    *locked(&shared.0) = Some((revision, v.clone()));
                }
                v
            }
        };
        self.seen.values.insert(TypeId::of::<T>(), value.clone());
        Ok(value)
    }

    /// The value of a key as it is now. What is not there is an error of `load` and is not kept.
    pub fn kept_each<T: KeptEach>(&mut self, key: &T::Key) -> Result<T::Value> {
        let revision = self.revision(T::BY)?;
        let shared = self.app.shared::<Each<T>>();
        {
            let known = locked(&shared.0);
            if known.revision == revision
                && let Some(v) = known.values.get(key)
            {
                return Ok(v.clone());
            }
        }
        let value = T::load(self, key)?;
        if self.still(T::BY, revision)? {
            let mut known = locked(&shared.0);
            if known.revision != revision || known.values.len() >= T::MOST {
                *known = Known { revision, values: HashMap::new() };
            }
            known.values.insert(key.clone(), value.clone());
        }
        Ok(value)
    }

    /// Whether the revision is the same after reading as before. Inside one snapshot it is; a writing transaction on
    /// PostgreSQL sees what others commit meanwhile.
    fn still(&mut self, series: &str, revision: i64) -> Result<bool> {
        if self.preview || self.conn.backend() == Backend::Sqlite {
            return Ok(true);
        }
        let now = self.conn.query_opt("SELECT value FROM sequences WHERE series = ?", &[series.into()])?;
        Ok(now.map_or(Ok(0), |r| r.int(0))? == revision)
    }
}

fn locked<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
