//! The hot trace: what happened to a line, as small copyable records without names. [`crate::render`] puts it into steps.

use crate::facts::Id;
use crate::trace::{Note, UsedRate};
use chrono::NaiveDate;
use kontor_kernel::{Currency, Percent, Price, Quantity, VatMode};
use rust_decimal::Decimal;

/// What became of a record that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It decided (a base), or it takes part (a discount).
    Won,
    /// A more specific record won.
    Weaker(u32),
    /// The same key, and the other comes first by priority or start.
    Tie(u32),
    /// The same key and the same priority: the rules contradict each other.
    Clash(u32),
    NotYet,
    Expired,
    OtherCompany,
    BelowQuantity,
    BelowAmount,
    /// Its quantity is used up by an earlier part of the line.
    UsedUp,
    /// Its price type has no price here.
    Absent(Absent),
    /// The base is an agreed price that bears no such discount.
    Fixed(u32),
    /// A record before it stops all later ones.
    Stopped(u32),
    /// A larger one of the same group applies.
    Group(u32),
    /// A larger one applies, and only the largest does.
    Smaller(u32),
    /// One of a smaller priority number applies, and only that does.
    Later(u32),
}

/// A price type has nothing for the product; the number is the type's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absent {
    Price(u32),
    Cost(u32),
    Receipt(u32),
    Supply(u32),
    Query(u32),
    Value(u32),
    /// Its conditions of use do not hold for the document.
    Unused(u32),
}

/// One thing that happened. Prices are at their own six decimals; `after` is what the step left.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    Tried {
        slot: u32,
        fate: Fate,
    },
    TriedType {
        ty: u32,
        absent: Option<Absent>,
    },
    /// The steps until [`Event::Leave`] led to what the step after them started from.
    Enter,
    Leave,
    Manual {
        ty: u32,
        price: Price,
        since: NaiveDate,
    },
    Agreed {
        slot: u32,
        price: Price,
        currency: Currency,
    },
    Sold {
        price: Price,
        discount: Percent,
        date: NaiveDate,
    },
    Queried {
        ty: u32,
        price: Price,
    },
    Receipt {
        price: Price,
        currency: Currency,
    },
    Lot {
        supplier: Id,
        price: Price,
        currency: Currency,
        from: Quantity,
    },
    Markup {
        ty: u32,
        base: Base,
        percent: Percent,
        before: Price,
        after: Price,
    },
    Formula {
        ty: u32,
        inputs: Span,
        after: Price,
    },
    Kept {
        ty: u32,
        before: Price,
        after: Price,
        percent: Percent,
    },
    /// `own`: by the supplier's own rate, and `table` is the supplier.
    Convert {
        table: Id,
        own: bool,
        from: Currency,
        to: Currency,
        base: Currency,
        rates: Span,
        before: Price,
        after: Price,
    },
    Vat {
        from: VatMode,
        to: VatMode,
        rate: Percent,
        before: Price,
        after: Price,
    },
    Surcharge {
        slot: u32,
        by: Priced,
        before: Price,
        after: Price,
    },
    Round {
        ty: u32,
        to: Price,
        before: Price,
        after: Price,
    },
    RoundMinor {
        before: Price,
        after: Price,
    },
    /// A part of the line gets the records tried since the last part.
    Part {
        quantity: Quantity,
        items: Span,
        cascade: bool,
        discount: Percent,
        net: Option<Price>,
        final_to: Option<Price>,
    },
    LineDiscount {
        percent: Percent,
        rules: Percent,
    },
    LinePrice {
        price: Price,
        rules: Option<Price>,
    },
}

/// What a markup stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    Type(u32),
    Receipt,
    Supply,
}

/// A discount as a line meets it: per unit in the document's currency.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Priced {
    Percent(Percent),
    Off(Price),
}

/// A range of one of the log's side lists.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Span {
    pub from: u32,
    pub to: u32,
}

impl Span {
    pub fn of<T>(self, list: &[T]) -> &[T] {
        list.get(self.from as usize..self.to as usize).unwrap_or(&[])
    }
}

/// The trace of a document while it is priced.
#[derive(Clone, Debug, Default)]
pub struct Log {
    pub(crate) events: Vec<Event>,
    pub(crate) rates: Vec<UsedRate>,
    pub(crate) inputs: Vec<(String, Decimal)>,
    pub(crate) items: Vec<(u32, Priced)>,
}

impl Log {
    /// Memory that the trace takes, in bytes.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.events) + size_of_val(&*self.rates) + size_of_val(&*self.items) + self.inputs.len() * 40
    }
    pub(crate) fn clear(&mut self) {
        self.events.clear();
        self.rates.clear();
        self.inputs.clear();
        self.items.clear();
    }
}

/// Where the procedure tells what it does; [`Silent`] costs nothing.
pub(crate) trait Sink {
    /// Whether what is told is kept. The rest of the trait is silent by itself; who keeps something says how.
    const ON: bool;
    fn put(&mut self, _event: Event) {}
    fn here(&self) -> usize {
        0
    }
    /// Takes back what was told since `here`.
    fn cut(&mut self, _here: usize) {}
    /// Takes back all since `here` but the records that were looked at.
    fn keep_tried(&mut self, _here: usize) {}
    fn rates(&mut self, _rates: &[UsedRate]) -> Span {
        Span::default()
    }
    fn inputs(&mut self, _inputs: Vec<(String, Decimal)>) -> Span {
        Span::default()
    }
    fn items(&mut self, _items: impl Iterator<Item = (u32, Priced)>) -> Span {
        Span::default()
    }
}

/// Which records of a book decided or took part in any line: nothing else is told, so it costs little more than silence.
#[derive(Clone, Debug, Default)]
pub struct Winners {
    slots: Vec<bool>,
    /// The one noted last, when that was news: a base whose price type turns out to have no price is taken back.
    last: Option<u32>,
}

impl Winners {
    pub(crate) fn has(&self, slot: u32) -> bool {
        self.slots.get(slot as usize).copied().unwrap_or(false)
    }
    fn set(&mut self, slot: u32, won: bool) {
        let at = slot as usize;
        if self.slots.len() <= at {
            self.slots.resize(at + 1, false);
        }
        self.slots[at] = won;
    }
}

impl Sink for Winners {
    const ON: bool = false;
    fn put(&mut self, event: Event) {
        match event {
            Event::Tried { slot, fate: Fate::Won } => {
                self.last = (!self.has(slot)).then_some(slot);
                self.set(slot, true);
            }
            Event::Tried { slot, fate: Fate::Absent(_) } if self.last == Some(slot) => {
                self.set(slot, false);
                self.last = None;
            }
            _ => {}
        }
    }
}

pub(crate) struct Silent;

impl Sink for Silent {
    const ON: bool = false;
}

fn append<T>(list: &mut Vec<T>, items: impl Iterator<Item = T>) -> Span {
    let from = list.len() as u32;
    list.extend(items);
    Span { from, to: list.len() as u32 }
}

impl Sink for Log {
    const ON: bool = true;
    fn put(&mut self, event: Event) {
        self.events.push(event);
    }
    fn here(&self) -> usize {
        self.events.len()
    }
    fn cut(&mut self, here: usize) {
        self.events.truncate(here);
    }
    fn keep_tried(&mut self, here: usize) {
        let tail: Vec<Event> = self.events.drain(here..).collect();
        self.events.extend(tail.into_iter().filter(|e| matches!(e, Event::Tried { .. } | Event::TriedType { .. })));
    }
    fn rates(&mut self, rates: &[UsedRate]) -> Span {
        append(&mut self.rates, rates.iter().copied())
    }
    fn inputs(&mut self, inputs: Vec<(String, Decimal)>) -> Span {
        append(&mut self.inputs, inputs.into_iter())
    }
    fn items(&mut self, items: impl Iterator<Item = (u32, Priced)>) -> Span {
        append(&mut self.items, items)
    }
}

/// Why there is no price.
#[derive(Clone, Debug)]
pub(crate) enum Fail {
    /// Nothing is written down: a less specific rule may still answer.
    Absent(Absent),
    /// A rule is broken or a fact missing: nothing less specific may hide it.
    Broken(Box<Note>),
}

impl Fail {
    pub fn broken(note: Note) -> Fail {
        Fail::Broken(Box::new(note))
    }
}
