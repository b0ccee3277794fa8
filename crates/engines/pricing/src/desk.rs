//! A document on the desk: its header worked out once against the rule book, and the search for records line by line.

use crate::book::{Book, NONE, Rec, day};
use crate::condition::{Kind, WhatKind, WhoKind};
use crate::event::{Event, Fate, Sink};
use crate::facts::{Facts, Id, RateTable};
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
}

/// What a line's product is, from the most specific to the least; segments share a level.
#[derive(Clone, Copy, Debug)]
struct Level {
    kind: WhatKind,
    number: u32,
    level: u8,
}

/// Lists that are filled anew for every line and keep their room.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// The levels are those of the line at hand.
    pub placed: bool,
    levels: Vec<Level>,
    /// Records that hold, of one level.
    found: Vec<u32>,
    pub applied: Vec<crate::discounts::Applied>,
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
    /// Units of the line that earlier parts have used.
    pub used: i64,
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
            for (level, who_kind) in kind.whos().iter().enumerate() {
                header.each(kind, *who_kind, |who| {
                    let mask = book.mask(kind, *who_kind, who);
                    if mask != 0 {
                        desk.actives.push(Active { kind, level: level as u8, mask, who_kind: *who_kind, who });
                    }
                });
            }
        }
        desk
    }

    pub fn ask(&self, item: &'a Item) -> Asking<'a> {
        let table = if item.rate_type.is_none() { self.table } else { self.facts.table(item.rate_type) };
        Asking { book: self.book, table, head: self.head, item, product: self.facts.product(item.product), minor: self.minor }
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
                s.levels.push(Level { kind, number, level });
            }
            level += u8::from(next);
        };
        push(WhatKind::Product, &item.product, true);
        item.price_group.iter().for_each(|id| push(WhatKind::PriceGroup, id, true));
        item.categories.iter().take(64).for_each(|id| push(WhatKind::Category, id, true));
        item.segments.iter().for_each(|id| push(WhatKind::Segment, id, false));
        s.levels.push(Level { kind: WhatKind::Any, number: 0, level: u8::MAX });
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
        for whos in of.chunk_by(|a, b| a.level == b.level) {
            for whats in levels.chunk_by(|a, b| a.level == b.level) {
                found.clear();
                for who in whos {
                    for what in whats.iter().filter(|w| who.mask & (1 << w.kind as u8) != 0) {
                        let mut at = self.book.head(who.kind, who.who_kind, who.who, what.kind, what.number);
                        while at != NONE {
                            let rec = self.book.rec(at);
                            match self.unfit(at, rec, spot) {
                                None => found.push(at),
                                Some(fate) if S::ON => sink.put(Event::Tried { slot: at, fate }),
                                Some(_) => {}
                            }
                            at = rec.next;
                        }
                    }
                }
                if found.len() > 1 {
                    found.sort_unstable_by_key(|slot| self.rank(*slot));
                }
                for slot in found.iter().copied() {
                    match winner {
                        None if take(slot, sink) => winner = Some(slot),
                        Some(by) if S::ON => sink.put(Event::Tried { slot, fate: self.lost_to(slot, by) }),
                        _ => {}
                    }
                }
                if winner.is_some() && !S::ON {
                    return winner;
                }
            }
        }
        winner
    }

    /// First records of all keys that a line has.
    pub fn keys(&self, item: &Item) -> Vec<u32> {
        let mut s = Scratch::default();
        self.place(item, &mut s);
        let pairs = self.actives.iter().flat_map(|a| s.levels.iter().map(move |l| (a, l)));
        let named = pairs.filter(|(a, l)| a.mask & (1 << l.kind as u8) != 0);
        named.map(|(a, l)| self.book.head(a.kind, a.who_kind, a.who, l.kind, l.number)).filter(|s| *s != NONE).collect()
    }

    /// Own company, then the highest start, then the priority, then the id: never the order in which rules were written.
    fn rank(&self, slot: u32) -> (bool, std::cmp::Reverse<(bool, i64)>, i32, Id) {
        let r = self.book.rec(slot);
        (r.of_company() == 0, std::cmp::Reverse((r.scaled_by_quantity(), r.from)), r.priority, r.id)
    }

    fn lost_to(&self, slot: u32, by: u32) -> Fate {
        let (mine, its) = (self.rank(slot), self.rank(by));
        let (r, w) = (self.book.rec(slot), self.book.rec(by));
        if r.who_kind != w.who_kind || r.what_kind != w.what_kind || (r.what_kind == WhatKind::Category && r.what != w.what) {
            Fate::Weaker(by)
        } else if (mine.0, mine.1, mine.2) == (its.0, its.1, its.2) {
            Fate::Clash(by)
        } else {
            Fate::Tie(by)
        }
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
        if r.scaled_by_quantity() && spot.ask.item.quantity.scaled().unsigned_abs() < r.from.unsigned_abs() {
            return Some(Fate::BelowQuantity);
        }
        if r.scaled_by_amount() && spot.order_amount.is_none_or(|a| a.scaled().unsigned_abs() < r.from.unsigned_abs()) {
            return Some(Fate::BelowAmount);
        }
        (r.limited() && self.book.limit(slot).scaled() <= spot.used).then_some(Fate::UsedUp)
    }
}

/// The header's identifiers as the book numbers them.
struct Numbers {
    agreement: Option<u32>,
    standard: Option<u32>,
    partner: Option<u32>,
    contract: Option<u32>,
    order_type: Option<u32>,
    deal_kind: Option<u32>,
    company: Option<u32>,
    region: Option<u32>,
    dealer_type: Option<u32>,
    payment_form: Option<u32>,
    card: Option<u32>,
    segments: Vec<u32>,
}

impl Numbers {
    fn of(book: &Book, h: &Header) -> Numbers {
        let n = |id: Option<Id>| id.and_then(|id| book.ids.find(&id));
        Numbers {
            agreement: n(h.agreement),
            standard: n(h.standard_agreement),
            partner: n(h.partner),
            contract: n(h.contract),
            order_type: n(h.order_type),
            deal_kind: n(h.deal_kind),
            company: n(h.company),
            region: n(h.region),
            dealer_type: n(h.dealer_type),
            payment_form: n(h.payment_form),
            card: n(h.card),
            segments: h.segments.iter().filter_map(|id| book.ids.find(id)).collect(),
        }
    }
    fn each(&self, kind: Kind, who: WhoKind, mut f: impl FnMut(u32)) {
        let one = match who {
            WhoKind::Anyone => Some(0),
            WhoKind::Agreement if kind == Kind::StandardAgreement => self.standard,
            WhoKind::Agreement => self.agreement,
            WhoKind::Partner => self.partner,
            WhoKind::Contract => self.contract,
            WhoKind::OrderType => self.order_type,
            WhoKind::DealKind => self.deal_kind,
            WhoKind::Company => self.company,
            WhoKind::Region => self.region,
            WhoKind::DealerType => self.dealer_type,
            WhoKind::PaymentForm => self.payment_form,
            WhoKind::Card => self.card,
            WhoKind::Segment => return self.segments.iter().copied().for_each(f),
        };
        if let Some(n) = one {
            f(n);
        }
    }
}
