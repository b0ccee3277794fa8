//! A condition record as the book keeps it, and how one is packed and unpacked.

use super::{Book, NONE};
use crate::condition::{Condition, From, Kind, Value, What, WhatKind, Who, WhoKind};
use crate::facts::Id;
use crate::intern::mix;
use chrono::{Datelike, NaiveDate};
use kontor_kernel::{Amount, Currency, Error, Percent, Period, Price, Quantity, VatMode};
use std::cmp::Reverse;

const HAS_LIMIT: u8 = 1;
const STOP: u8 = 2;
const FIXED: u8 = 4;
const FREE: u8 = 8;
const FROM_QUANTITY: u8 = 16;
const FROM_AMOUNT: u8 = 32;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Holds {
    Type,
    Price,
    Percent,
    Off,
}

/// A condition record as the book keeps it; identifiers are the interner's numbers, dates are days of the common era.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rec {
    pub id: Id,
    value: i64,
    pub from: i64,
    first: i32,
    last: i32,
    pub who: u32,
    pub what: u32,
    pub next: u32,
    pub version: u32,
    pub priority: i32,
    company: u16,
    pub kind: Kind,
    pub who_kind: WhoKind,
    pub what_kind: WhatKind,
    holds: Holds,
    vat: VatMode,
    pub group: u8,
    flags: u8,
    currency: Currency,
}

pub(crate) type Rank = (bool, Reverse<(bool, i64)>, i32, Id);

/// What a record holds, with price types by their number in the book.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Held {
    Type(u32),
    Price(Price, Currency, VatMode),
    Percent(Percent),
    Off(Price, Currency),
}

impl Rec {
    pub fn held(&self) -> Held {
        match self.holds {
            Holds::Type => Held::Type(self.value as u32),
            Holds::Price => Held::Price(Price::from_scaled(self.value), self.currency, self.vat),
            Holds::Percent => Held::Percent(Percent::from_scaled(self.value)),
            Holds::Off => Held::Off(Price::from_scaled(self.value), self.currency),
        }
    }
    pub fn stop(&self) -> bool {
        self.flags & STOP != 0
    }
    pub fn fixed(&self) -> bool {
        self.flags & FIXED != 0
    }
    pub fn limited(&self) -> bool {
        self.flags & HAS_LIMIT != 0
    }
    pub fn scaled_by_quantity(&self) -> bool {
        self.flags & FROM_QUANTITY != 0
    }
    pub fn scaled_by_amount(&self) -> bool {
        self.flags & FROM_AMOUNT != 0
    }
    pub fn of_company(&self) -> u16 {
        self.company
    }
    pub fn starts_after(&self, day: i32) -> bool {
        self.first > day
    }
    pub fn ended_before(&self, day: i32) -> bool {
        self.last < day
    }
    pub fn days(&self) -> (i32, i32) {
        (self.first, self.last)
    }
    /// Which of the records that hold comes first: own company, then the highest start, then the priority, then the id; never
    /// the order in which rules were written.
    pub fn rank(&self) -> Rank {
        (self.company == 0, Reverse((self.scaled_by_quantity(), self.from)), self.priority, self.id)
    }
    pub(super) fn same_key(&self, o: &Rec) -> bool {
        self.who == o.who && self.what == o.what && self.kind == o.kind && self.who_kind == o.who_kind && self.what_kind == o.what_kind
    }
    /// Marks the place of a record that has left the book.
    pub(super) fn free(&mut self) {
        self.flags = FREE;
    }
    pub(super) fn is_free(&self) -> bool {
        self.flags & FREE != 0
    }
    pub(super) fn key(&self) -> u64 {
        key_hash(self.kind, self.who_kind, self.who, self.what_kind, self.what)
    }
}

pub(super) fn key_hash(kind: Kind, who_kind: WhoKind, who: u32, what_kind: WhatKind, what: u32) -> u64 {
    let kinds = u64::from(kind as u8) << 16 | u64::from(who_kind as u8) << 8 | u64::from(what_kind as u8);
    mix((u64::from(who) << 32 | u64::from(what)) ^ kinds.wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

pub(crate) fn day(date: NaiveDate) -> i32 {
    date.num_days_from_ce()
}

impl Book {
    pub(super) fn pack(&mut self, c: &Condition) -> Result<Rec, Error> {
        let ((who_kind, who), (what_kind, what)) = (WhoKind::split(c.who), WhatKind::split(c.what));
        let company = match (self.company(c.company), c.company) {
            (u16::MAX, Some(_)) if self.companies.len() >= usize::from(u16::MAX) - 1 => {
                return Err(Error::field("company", "condition_companies"));
            }
            (u16::MAX, Some(id)) => {
                self.companies.push(id);
                self.companies.len() as u16
            }
            (known, _) => known,
        };
        let (holds, value, currency, vat) = match c.value {
            Value::PriceType(id) => (Holds::Type, i64::from(self.type_number(id)), Currency::UAH, VatMode::Included),
            Value::Price { price, currency, vat } => (Holds::Price, price.scaled(), currency, vat),
            Value::Percent(p) => (Holds::Percent, p.scaled(), Currency::UAH, VatMode::Included),
            Value::Off { off, currency } => (Holds::Off, off.scaled(), currency, VatMode::Included),
        };
        let (from, from_flag) = match c.from {
            From::Nothing => (0, 0),
            From::Quantity(q) => (q.scaled(), FROM_QUANTITY),
            From::Amount(a) => (a.scaled(), FROM_AMOUNT),
        };
        let flag = |on: bool, bit: u8| if on { bit } else { 0 };
        Ok(Rec {
            id: c.id,
            value,
            from,
            first: c.valid.from.map_or(i32::MIN, day),
            last: c.valid.to.map_or(i32::MAX, day),
            who: who.map_or(0, |id| self.ids.number(id)),
            what: what.map_or(0, |id| self.ids.number(id)),
            next: NONE,
            version: c.version,
            priority: c.priority,
            company,
            kind: c.kind,
            who_kind,
            what_kind,
            holds,
            vat,
            group: c.group,
            flags: from_flag | flag(c.limit.is_some(), HAS_LIMIT) | flag(c.stop, STOP) | flag(c.fixed, FIXED),
            currency,
        })
    }

    pub(crate) fn who(&self, r: &Rec) -> Who {
        r.who_kind.join(self.ids.id(r.who))
    }
    pub(crate) fn what(&self, r: &Rec) -> What {
        r.what_kind.join(self.ids.id(r.what))
    }
    pub(super) fn unpack(&self, slot: u32) -> Condition {
        let r = self.recs.get(slot);
        let date = |d: i32, open: i32| if d == open { None } else { NaiveDate::from_num_days_from_ce_opt(d) };
        Condition {
            id: r.id,
            version: r.version,
            kind: r.kind,
            who: self.who(r),
            what: self.what(r),
            value: match r.held() {
                Held::Type(n) => Value::PriceType(self.types[n as usize].0),
                Held::Price(price, currency, vat) => Value::Price { price, currency, vat },
                Held::Percent(p) => Value::Percent(p),
                Held::Off(off, currency) => Value::Off { off, currency },
            },
            company: usize::from(r.company).checked_sub(1).and_then(|n| self.companies.get(n).copied()),
            valid: Period { from: date(r.first, i32::MIN), to: date(r.last, i32::MAX) },
            from: if r.scaled_by_quantity() {
                From::Quantity(Quantity::from_scaled(r.from))
            } else if r.scaled_by_amount() {
                From::Amount(Amount::from_scaled(r.from))
            } else {
                From::Nothing
            },
            limit: r.limited().then(|| self.limit(slot)),
            priority: r.priority,
            group: r.group,
            stop: r.stop(),
            fixed: r.fixed(),
        }
    }
}
