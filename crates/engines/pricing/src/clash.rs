//! Records that contradict each other, and records that refer to nothing: found before a price depends on them.

use crate::book::{Book, NONE, Rec};
use crate::condition::{Condition, Value, WhatKind, WhoKind};
use crate::facts::Id;
use crate::intern::QuickMap;
use kontor_kernel::Period;

/// Two records that may decide about one line with nothing to choose between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clash {
    pub one: Id,
    pub other: Id,
    /// Days on which both hold.
    pub days: Period,
    /// The same key, start of quantity or amount, company and priority: refuse the record (`condition_clash`). Otherwise
    /// the two speak of segments that may share members: warn (`condition_overlap`).
    pub certain: bool,
}

impl Book {
    /// What the record would contradict, were it put into the book; certain clashes first, then by id.
    pub fn clashes(&self, c: &Condition) -> Vec<Clash> {
        let mut probe = Book::new();
        // A record that the book would refuse contradicts nothing; putting it says what is wrong with it.
        if probe.put(c).is_err() {
            return vec![];
        }
        let mut found: Vec<Clash> = vec![];
        let (who_kind, who) = WhoKind::split(c.who);
        let (what_kind, what) = WhatKind::split(c.what);
        let number = |id: Option<Id>| id.map_or(Some(0), |id| self.ids.find(&id));
        let dynamic = who_kind == WhoKind::Segment || what_kind == WhatKind::Segment;
        if dynamic {
            let others = self
                .records()
                .filter(|o| o.kind == c.kind && o.id != c.id && (WhoKind::of(o.who), WhatKind::of(o.what)) == (who_kind, what_kind));
            found.extend(others.filter_map(|o| clash(c, &o)));
        } else if let (Some(who), Some(what)) = (number(who), number(what)) {
            let mut at = self.head(c.kind, who_kind, who, what_kind, what);
            while at != NONE {
                let r: &Rec = self.rec(at);
                if r.id != c.id {
                    found.extend(self.get(r.id).and_then(|o| clash(c, &o)));
                }
                at = r.next;
            }
        }
        found.sort_by_key(|f| (!f.certain, f.other));
        found
    }

    /// Every clash in the book, each pair once, named by the smaller id first.
    pub fn all_clashes(&self) -> Vec<Clash> {
        // Only records with all but the key of a segment in common can clash.
        let mut groups: QuickMap<(u8, u8, u8, i32, u64), Vec<Condition>> = QuickMap::default();
        for c in self.records() {
            let ((wk, who), (tk, what)) = (WhoKind::split(c.who), WhatKind::split(c.what));
            let part = |id: Option<Id>, dynamic: bool| if dynamic { 0 } else { id.map_or(1, |id| crate::intern::hash_id(&id)) };
            let key = part(who, wk == WhoKind::Segment) ^ part(what, tk == WhatKind::Segment).rotate_left(17);
            groups.entry((c.kind as u8, wk as u8, tk as u8, c.priority, key)).or_default().push(c);
        }
        let mut found = vec![];
        for mut of in groups.into_values().filter(|g| g.len() > 1) {
            of.sort_by_key(|c| c.id);
            for (i, a) in of.iter().enumerate() {
                found.extend(of[i + 1..].iter().filter_map(|b| clash(a, b)));
            }
        }
        found.sort_by_key(|f| (!f.certain, f.one, f.other));
        found
    }

    /// Records, bundles and gifts that refer to something the caller does not know any more, or to a price type that the book
    /// has not: which one, and what it refers to.
    pub fn dangling(&self, mut known: impl FnMut(Id) -> bool) -> Vec<(Id, Id)> {
        let mut found = vec![];
        let mut tell = |of: Id, named: &[Option<Id>]| found.extend(named.iter().flatten().filter(|id| !known(**id)).map(|id| (of, *id)));
        for c in self.records() {
            tell(c.id, &[WhoKind::split(c.who).1, WhatKind::split(c.what).1, c.company]);
        }
        for b in self.bundles() {
            tell(b.id, &[WhoKind::split(b.who).1, b.company]);
            b.members.iter().for_each(|m| tell(b.id, &[Some(m.product)]));
        }
        for g in self.gifts() {
            tell(g.id, &[WhoKind::split(g.who).1, WhatKind::split(g.what).1, g.company, Some(g.product)]);
        }
        for c in self.records() {
            if let Value::PriceType(id) = c.value
                && (self.price_type(id).is_none() || !known(id))
            {
                found.push((c.id, id));
            }
        }
        found.sort();
        found.dedup();
        found
    }
}

fn clash(a: &Condition, b: &Condition) -> Option<Clash> {
    let days = a.valid.intersection(&b.valid)?;
    if a.kind != b.kind || a.priority != b.priority || a.from != b.from || a.company != b.company {
        return None;
    }
    let dynamic = |a_id: Option<Id>, b_id: Option<Id>, segment: bool| a_id == b_id || segment;
    let ((wk, a_who), (bwk, b_who)) = (WhoKind::split(a.who), WhoKind::split(b.who));
    let ((tk, a_what), (btk, b_what)) = (WhatKind::split(a.what), WhatKind::split(b.what));
    let possible =
        wk == bwk && tk == btk && dynamic(a_who, b_who, wk == WhoKind::Segment) && dynamic(a_what, b_what, tk == WhatKind::Segment);
    possible.then(|| Clash { one: a.id, other: b.id, days, certain: a_who == b_who && a_what == b_what })
}
