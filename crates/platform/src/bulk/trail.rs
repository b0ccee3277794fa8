//! What an import has written so far, so that it can be taken back.

use super::Applied;
use crate::value::Id;

/// What was written, in its order, kept small: an import may have a million of them.
#[derive(Default)]
pub struct Trail {
    all: Vec<Step>,
    collections: Vec<&'static str>,
    /// Lists of verbs: there are a few.
    verbs: Vec<Vec<String>>,
    audit: Vec<Id>,
}

struct Step {
    id: Id,
    collection: u16,
    verbs: u16,
    audits: u16,
    created: bool,
}

impl Trail {
    /// What changed nothing need not be taken back.
    pub fn add(&mut self, a: Applied) {
        if !a.created && !a.changed {
            return;
        }
        let collection = place(&mut self.collections, a.collection);
        let verbs = place(&mut self.verbs, a.verbs);
        self.all.push(Step { id: a.id, collection, verbs, audits: a.audit.len() as u16, created: a.created });
        self.audit.extend(a.audit);
    }
    /// Nothing to take back.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
    /// The last `n`, last first.
    pub(super) fn last(&mut self, n: usize) -> Vec<Applied> {
        let mut out = vec![];
        while out.len() < n
            && let Some(s) = self.all.pop()
        {
            let audit = self.audit.split_off(self.audit.len().saturating_sub(usize::from(s.audits)));
            let verbs = self.verbs.get(usize::from(s.verbs)).cloned().unwrap_or_default();
            let collection = self.collections.get(usize::from(s.collection)).copied().unwrap_or_default();
            out.push(Applied { collection, id: s.id, created: s.created, changed: true, audit, verbs });
        }
        out
    }
}

impl FromIterator<Applied> for Trail {
    fn from_iter<I: IntoIterator<Item = Applied>>(all: I) -> Trail {
        let mut out = Trail::default();
        all.into_iter().for_each(|a| out.add(a));
        out
    }
}

fn place<T: PartialEq>(all: &mut Vec<T>, one: T) -> u16 {
    let n = all.iter().position(|x| *x == one).unwrap_or_else(|| {
        all.push(one);
        all.len() - 1
    });
    n as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_06_a_trail_gives_back_what_was_written_last_first_and_nothing_that_was_not() {
        let id = |n: u128| Id::from_u128(n);
        let of = |n: u128, collection: &'static str, created: bool, changed: bool, audit: &[u128], verbs: &[&str]| Applied {
            collection,
            id: id(n),
            created,
            changed,
            audit: audit.iter().map(|a| id(*a)).collect(),
            verbs: verbs.iter().map(|v| v.to_string()).collect(),
        };
        let all = [
            of(1, "partners", true, true, &[], &[]),
            of(2, "partners", false, true, &[20, 21], &[]),
            of(3, "partners", false, false, &[], &[]),
            of(4, "sales-orders", true, true, &[], &["confirm", "close"]),
            of(5, "sales-orders", false, true, &[50], &["confirm"]),
        ];
        let mut trail: Trail = all.iter().cloned().collect();
        let told = |a: &Applied| format!("{} {} {} {:?} {:?}", a.collection, a.id, a.created, a.audit, a.verbs);
        let (first, rest) = (trail.last(2), trail.last(50));
        let back: Vec<String> = first.iter().chain(&rest).map(told).collect();
        assert_eq!(back, [4, 3, 1, 0].map(|n: usize| told(&all[n])));
        assert!(first.len() == 2 && trail.is_empty());
    }
}
