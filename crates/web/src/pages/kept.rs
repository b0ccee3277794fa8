//! What is drawn alike for everybody with the same rights, and kept for as long as those are: they are loaded anew when a role
//! changes.

use super::state::Call;
use kontor_kernel::HashMap;
use kontor_platform::access::Access;
use kontor_texts::Lang;
use std::hash::Hash;
use std::sync::{Arc, Mutex, Weak};

/// Most pieces that are kept of a kind.
const MOST: usize = 1_000;

/// By language, the place in memory of the rights (to know of them keeps that place from being given to others) and what it is of.
pub(crate) struct ByRights<K, V>(Mutex<HashMap<(Lang, usize, K), Kept<V>>>);

type Kept<V> = (Weak<Access>, Arc<V>);

impl<K, V> Default for ByRights<K, V> {
    fn default() -> Self {
        ByRights(Mutex::default())
    }
}

impl<K: Hash + Eq + Clone, V: PartialEq> ByRights<K, V> {
    pub fn get(&self, c: &Call, of: K, make: impl FnOnce() -> V) -> Arc<V> {
        let key = (c.lang, Arc::as_ptr(&c.ctx.access) as usize, of);
        let mut kept = self.0.lock().unwrap_or_else(|e| e.into_inner());
        if let Some((_, found)) = kept.get(&key) {
            return found.clone();
        }
        let made = make();
        // Those who may do the same share it.
        let same = kept.iter().find(|((lang, _, of), (_, v))| (lang, of) == (&key.0, &key.2) && **v == made);
        let made = same.map(|(_, (_, v))| v.clone()).unwrap_or_else(|| Arc::new(made));
        if kept.len() >= MOST {
            kept.retain(|_, (rights, _)| rights.strong_count() > 0);
        }
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(key, (Arc::downgrade(&c.ctx.access), made.clone()));
        made
    }
}
