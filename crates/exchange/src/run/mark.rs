//! Texts as marks of 128 bits: what a section has met of a million rows then takes some tens of megabytes. The marks of each
//! run are keyed anew, so nobody can make two texts with one mark, and by chance it does not happen.

use kontor_kernel::{HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher, RandomState};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark([u64; 2]);

impl Hash for Mark {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0[0]);
    }
}

/// Marks are hashes already.
#[derive(Default)]
pub struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.0 = self.0.rotate_left(8) ^ u64::from(*b));
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
}

pub type MarkMap<T> = HashMap<Mark, T, BuildHasherDefault<AsItIs>>;
pub type MarkSet = HashSet<Mark, BuildHasherDefault<AsItIs>>;

/// Marks of one run can be compared with each other only.
#[derive(Clone, Default)]
pub struct Marker(RandomState, RandomState);

impl Marker {
    pub fn of(&self, text: &str) -> Mark {
        self.all(&[text])
    }
    /// Of several texts in their order.
    pub fn all(&self, texts: &[&str]) -> Mark {
        Mark([self.0.hash_one(texts), self.1.hash_one(texts)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_06_marks_tell_texts_apart_and_know_them_again() {
        let m = Marker::default();
        let met: MarkSet = (0..50_000).map(|n| m.of(&format!("A-{n}"))).collect();
        assert_eq!(met.len(), 50_000);
        assert!(met.contains(&m.of("A-49999")) && !met.contains(&m.of("A-50000")));
        assert_ne!(m.all(&["a", "bc"]), m.all(&["ab", "c"]));
        assert_ne!(Marker::default().of("a"), Marker::default().of("a"), "every run has keys of its own");
    }
}
