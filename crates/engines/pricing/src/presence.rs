//! Which records there are for whom at all: what a document asks once, so that its lines look for few keys in vain.

use crate::book::{Book, NONE, Rec};
use crate::condition::{Kind, WhatKind, WhoKind};

/// There are records of a kind for somebody, or there once were.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    kind: Kind,
    who_kind: WhoKind,
    /// Kinds of products that they name, as a set.
    pub mask: u8,
    /// The first of those about anything, or [`NONE`]: each line meets them.
    pub any: u32,
    /// The next for the same number.
    next: u32,
}

impl Book {
    /// Records of this kind for one of those whom a document is for.
    pub(crate) fn seen(&self, kind: Kind, who_kind: WhoKind, who: u32) -> Option<&Seen> {
        self.place_of(kind, who_kind, who).map(|at| self.seen.get(at))
    }

    fn place_of(&self, kind: Kind, who_kind: WhoKind, who: u32) -> Option<u32> {
        let mut at = self.ids.uses(who).seen;
        while at != NONE {
            let seen = self.seen.get(at);
            if seen.kind == kind && seen.who_kind == who_kind {
                return Some(at);
            }
            at = seen.next;
        }
        None
    }

    /// A record has come into the book, or has left it. Only what the first about anything is must be true; that there are
    /// others is never taken back, which costs a search in vain.
    pub(crate) fn note(&mut self, rec: &Rec) {
        let at = match self.place_of(rec.kind, rec.who_kind, rec.who) {
            Some(at) => at,
            None => {
                let uses = self.ids.uses_mut(rec.who);
                self.seen.push(Seen { kind: rec.kind, who_kind: rec.who_kind, mask: 0, any: NONE, next: uses.seen });
                uses.seen = self.seen.len() as u32 - 1;
                uses.whos |= rec.kind.bit();
                uses.seen
            }
        };
        let any = (rec.what_kind == WhatKind::Any).then(|| self.head(rec.kind, rec.who_kind, rec.who, WhatKind::Any, 0));
        let seen = self.seen.get_mut(at);
        seen.mask |= rec.what_kind.bit();
        match any {
            Some(first) => seen.any = first,
            None => self.ids.uses_mut(rec.what).whats |= rec.kind.bit(),
        }
    }
}
