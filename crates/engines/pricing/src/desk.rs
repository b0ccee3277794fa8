//! A document on the desk: its header worked out once against the rule book, and the search for records line by line.

use crate::book::{Book, NONE, Rank, Rec, day};
use crate::condition::{Kind, WhatKind, WhoKind};
use crate::event::{Event, Fate, Sink};
use crate::facts::{Facts, Id, ProductFacts, RateTable};
use crate::presence::Seen;
use crate::question::{Header, Item};
use crate::value::Asking;
use kontor_kernel::Amount;

/// Records of this kind for one of those whom the document is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Active {
    pub kind: Kind,
    /// How specific, 0 first; segments of one partner share a level.
    level: u8,
    /// Kinds of products that the records name.
    mask: u8,
    who_kind: WhoKind,
    who: u32,
    /// The first of the records about anything, which each line meets.
    any: u32,
}

/// What a line's product is, from the most specific to the least; segments share a level.
#[derive(Clone, Copy, Debug)]
struct Level {
    kind: WhatKind,
    number: u32,
    level: u8,
    /// Kinds of records about it, as a set.
    kinds: u32,
}

/// Lists that are filled anew for every line and keep their room.
#[derive(Debug)]
pub(crate) struct Scratch {
    /// The levels are those of the line at hand.
    pub placed: bool,
    levels: Vec<Level>,
    /// Records of one level, where they are of several keys.
    found: Vec<u32>,
}

impl Default for Scratch {
    fn default() -> Self {
        // Room for what products are as a rule: many headers price but one line.
        Scratch { placed: false, levels: Vec::with_capacity(16), found: vec![] }
    }
}

#[derive(Debug)]
pub(crate) struct Desk<'a> {
    pub book: &'a Book,
    facts: &'a Facts,
    pub head: &'a Header,
    pub table: Option<&'a RateTable>,
    pub minor: u32,
    day: i32,
    company: u16,
    actives: Vec<Active>,
    /// Where the surcharges and the discounts begin.
    parts: [usize; 2],
}

/// A line while its records are looked for.
pub(crate) struct Spot<'a> {
    pub ask: Asking<'a>,
    pub order_amount: Option<Amount>,
    /// Units of the line, whatever its sign.
    pub units: u64,
    /// Units of the line that earlier parts have used.
    pub used: i64,
}

impl<'a> Spot<'a> {
    pub fn of(ask: Asking<'a>, order_amount: Option<Amount>) -> Spot<'a> {
        Spot { ask, order_amount, units: ask.item.quantity.scaled().unsigned_abs(), used: 0 }
    }
}

impl<'a> Desk<'a> {
    pub fn new(book: &'a Book, facts: &'a Facts, head: &'a Header) -> Desk<'a> {
        let mut desk = Desk {
            book,
            facts,
            head,
            table: facts.table(head.rate_type),
            minor: head.currency.minor(),
            day: day(head.date),
            company: book.company(head.company),
            actives: Vec::with_capacity(32),
            parts: [0; 2],
        };
        let header = Numbers::of(book, head);
        for kind in Kind::ALL {
            match kind {
                Kind::Surcharge => desk.parts[0] = desk.actives.len(),
                Kind::DealerDiscount => desk.parts[1] = desk.actives.len(),
                _ => {}
            }
            if header.kinds & kind.bit() == 0 {
                continue;
            }
            for (level, who_kind) in kind.whos().iter().enumerate() {
                header.each(kind, *who_kind, |who| {
                    if let Some(Seen { mask, any, .. }) = book.seen(kind, *who_kind, who).copied() {
                        desk.actives.push(Active { kind, level: level as u8, mask, who_kind: *who_kind, who, any });
                    }
                });
            }
        }
        desk
    }

    pub fn ask<'b>(&'b self, item: &'b Item) -> Asking<'b> {
        self.asking(item, self.facts(item))
    }
    /// The same where it is known already what is known of the product.
    pub fn asking<'b>(&'b self, item: &'b Item, product: Option<&'b ProductFacts>) -> Asking<'b> {
        let table = if item.rate_type.is_none() { self.table } else { self.facts.table(item.rate_type) };
        Asking { book: self.book, table, head: self.head, item, product, minor: self.minor }
    }
    pub fn facts(&self, item: &Item) -> Option<&'a ProductFacts> {
        self.facts.product(item.product)
    }
    pub fn bases(&self) -> impl Iterator<Item = &[Active]> {
        self.actives[..self.parts[0]].chunk_by(|a, b| a.kind == b.kind)
    }
    pub fn surcharges(&self) -> &[Active] {
        &self.actives[self.parts[0]..self.parts[1]]
    }
    pub fn adjustments(&self) -> impl Iterator<Item = &[Active]> {
        self.actives[self.parts[1]..].chunk_by(|a, b| a.kind == b.kind)
    }

    /// Works out what the line's product is called in the book.
    pub fn place(&self, item: &Item, s: &mut Scratch) {
        s.levels.clear();
        let mut level = 0;
        let mut push = |kind: WhatKind, id: &Id, next: bool| {
            if let Some(number) = self.book.ids.find(id) {
                s.levels.push(Level { kind, number, level, kinds: self.book.ids.uses(number).whats });
            }
            level += u8::from(next);
        };
        push(WhatKind::Product, &item.product, true);
        item.price_group.iter().for_each(|id| push(WhatKind::PriceGroup, id, true));
        item.categories.iter().take(64).for_each(|id| push(WhatKind::Category, id, true));
        item.segments.iter().for_each(|id| push(WhatKind::Segment, id, false));
        s.levels.push(Level { kind: WhatKind::Any, number: 0, level: u8::MAX, kinds: u32::MAX });
    }

    /// Goes through the records of one kind, level by level from the most specific, and gives those of a level that hold to
    /// `take`, the best first, until it has taken one. The rest is only told to the trace.
    pub fn search<S: Sink>(
        &self,
        of: &[Active],
        spot: &Spot<'_>,
        s: &mut Scratch,
        sink: &mut S,
        mut take: impl FnMut(u32, &mut S) -> bool,
    ) -> Option<u32> {
        let mut winner = None;
        let Scratch { levels, found, .. } = s;
        let bit = of.first().map_or(0, |a| a.kind.bit());
        for whos in of.chunk_by(|a, b| a.level == b.level) {
            for whats in levels.chunk_by(|a, b| a.level == b.level) {
                // Most of what a product is, is named by records of a few kinds only.
                if whats.iter().all(|w| w.kinds & bit == 0) {
                    continue;
                }
                if let ([who], [what]) = (whos, whats) {
                    // The records of one key come the best first.
                    for (slot, rec) in self.key(who, what) {
                        self.meet(slot, rec, spot, &mut winner, sink, &mut take);
                        if winner.is_some() && !S::ON {
                            return winner.map(|(slot, _)| slot);
                        }
                    }
                    continue;
                }
                found.clear();
                for who in whos {
                    whats.iter().for_each(|what| found.extend(self.key(who, what).map(|(slot, _)| slot)));
                }
                found.sort_unstable_by_key(|slot| self.book.rec(*slot).rank());
                for slot in found.iter().copied() {
                    self.meet(slot, self.book.rec(slot), spot, &mut winner, sink, &mut take);
                }
                if winner.is_some() && !S::ON {
                    return winner.map(|(slot, _)| slot);
                }
            }
        }
        winner.map(|(slot, _)| slot)
    }

    /// One record of a search, the better ones of its level before it.
    fn meet<'r, S: Sink>(
        &self,
        slot: u32,
        rec: &'r Rec,
        spot: &Spot<'_>,
        winner: &mut Option<(u32, &'r Rec)>,
        sink: &mut S,
        take: &mut impl FnMut(u32, &mut S) -> bool,
    ) {
        match (self.unfit(slot, rec, spot), &winner) {
            (Some(fate), _) => sink.put(Event::Tried { slot, fate }),
            (None, Some((by, won))) => sink.put(Event::Tried { slot, fate: lost_to(rec, *by, won) }),
            (None, None) => {
                if take(slot, sink) {
                    *winner = Some((slot, rec));
                }
            }
        }
    }

    /// The records of one key.
    fn key(&self, who: &Active, what: &Level) -> impl Iterator<Item = (u32, &Rec)> {
        let mut at = self.first(who, what);
        std::iter::from_fn(move || {
            let slot = at;
            let rec = (slot != NONE).then(|| self.book.rec(slot))?;
            at = rec.next;
            Some((slot, rec))
        })
    }

    fn first(&self, who: &Active, what: &Level) -> u32 {
        match what.kind {
            WhatKind::Any => who.any,
            kind if who.mask & kind.bit() == 0 || what.kinds & who.kind.bit() == 0 => NONE,
            kind => self.book.head(who.kind, who.who_kind, who.who, kind, what.number),
        }
    }

    /// First records of all keys that a line has.
    pub fn keys(&self, item: &Item) -> Vec<u32> {
        let mut s = Scratch::default();
        self.place(item, &mut s);
        let pairs = self.actives.iter().flat_map(|a| s.levels.iter().map(move |l| (a, l)));
        pairs.map(|(a, l)| self.first(a, l)).filter(|s| *s != NONE).collect()
    }

    /// Why the record does not hold here.
    fn unfit(&self, slot: u32, r: &Rec, spot: &Spot<'_>) -> Option<Fate> {
        if r.starts_after(self.day) {
            return Some(Fate::NotYet);
        }
        if r.ended_before(self.day) {
            return Some(Fate::Expired);
        }
        if r.of_company() != 0 && r.of_company() != self.company {
            return Some(Fate::OtherCompany);
        }
        if r.scaled_by_quantity() && spot.units < r.from.unsigned_abs() {
            return Some(Fate::BelowQuantity);
        }
        if r.scaled_by_amount() && spot.order_amount.is_none_or(|a| a.scaled().unsigned_abs() < r.from.unsigned_abs()) {
            return Some(Fate::BelowAmount);
        }
        (r.limited() && self.book.limit(slot).scaled() <= spot.used).then_some(Fate::UsedUp)
    }
}

/// Why a record that holds does not count beside the one that won.
fn lost_to(r: &Rec, by: u32, w: &Rec) -> Fate {
    let but_id = |(company, from, priority, _): Rank| (company, from, priority);
    if r.who_kind != w.who_kind || r.what_kind != w.what_kind || (r.what_kind == WhatKind::Category && r.what != w.what) {
        Fate::Weaker(by)
    } else if but_id(r.rank()) == but_id(w.rank()) {
        Fate::Clash(by)
    } else {
        Fate::Tie(by)
    }
}

/// A number in the book, and the kinds of records for it.
type Named = (u32, u32);

/// The header's identifiers as the book numbers them.
struct Numbers {
    /// By kind of whom; 0 where the header or the book has none.
    of: [Named; WhoKind::COUNT],
    standard: Named,
    segments: Vec<Named>,
    /// Kinds of records for any of them.
    kinds: u32,
}

impl Numbers {
    fn of(book: &Book, h: &Header) -> Numbers {
        let mut kinds = 0;
        let mut named = |id: Option<Id>| {
            let number = id.and_then(|id| book.ids.find(&id)).unwrap_or(0);
            let uses = if number == 0 { 0 } else { book.ids.uses(number).whos };
            kinds |= uses;
            (number, uses)
        };
        let mut of = [(0, 0); WhoKind::COUNT];
        for (kind, id) in [
            (WhoKind::Partner, h.partner),
            (WhoKind::Agreement, h.agreement),
            (WhoKind::Contract, h.contract),
            (WhoKind::OrderType, h.order_type),
            (WhoKind::DealKind, h.deal_kind),
            (WhoKind::Company, h.company),
            (WhoKind::Region, h.region),
            (WhoKind::DealerType, h.dealer_type),
            (WhoKind::PaymentForm, h.payment_form),
            (WhoKind::Card, h.card),
        ] {
            of[kind as usize] = named(id);
        }
        let standard = named(h.standard_agreement);
        let segments: Vec<Named> = h.segments.iter().map(|id| named(Some(*id))).collect();
        let anyone = book.ids.uses(0).whos;
        of[WhoKind::Anyone as usize] = (0, anyone);
        Numbers { of, standard, segments, kinds: kinds | anyone }
    }
    fn each(&self, kind: Kind, who: WhoKind, mut f: impl FnMut(u32)) {
        let mut one = |(number, kinds): Named| {
            if kinds & kind.bit() != 0 {
                f(number);
            }
        };
        match who {
            WhoKind::Segment => self.segments.iter().copied().for_each(one),
            WhoKind::Agreement if kind == Kind::StandardAgreement => one(self.standard),
            other => one(self.of[other as usize]),
        }
    }
}
