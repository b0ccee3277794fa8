//! The first half of the procedure for one line: base price, value on the date, currency, VAT, surcharge, rounding.

use crate::book::Held;
use crate::chain::Chain;
use crate::desk::{Desk, Scratch, Spot};
use crate::event::{Absent, Event, Fail, Fate, Priced, Silent, Sink};
use crate::facts::{Id, ProductFacts};
use crate::question::Item;
use crate::trace::Note;
use crate::value::{Asking, MAX_VALUES, Path, find_type, of_type, unknown_type};
use kontor_kernel::{Amount, Percent, Price, Quantity};
use serde::{Deserialize, Serialize};
use std::cell::Cell;

/// What the first half of the procedure gives.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listed<'a> {
    /// What is known of the line's product, for the second half.
    pub product: Option<&'a ProductFacts>,
    pub price: Option<Price>,
    pub price_type: Option<u32>,
    /// The record that gave it.
    pub slot: Option<u32>,
    pub problem: Option<Box<Note>>,
}

/// A part of a line that bears the same discounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub quantity: Quantity,
    pub discount: Percent,
    /// Price of one unit after discounts, for show where percentages alone decide.
    pub net: Price,
    pub amount: Amount,
}

/// Something worth telling about a line that has a price all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remark {
    /// Goods are given back without saying at what price they were sold: today's price counts.
    ReturnAtTodaysPrice,
    /// The product has no category, so rules by category cannot find it.
    NoCategory,
    /// The discounts come to more than the price; it is zero.
    OverHundred,
    /// The price in force is zero.
    ZeroPrice,
}

/// What needs approval, and by how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approval {
    /// The discount is `percent`, the user may give `limit`.
    Discount {
        percent: Percent,
        limit: Percent,
    },
    /// The price is `percent` below what the rules give.
    Lower {
        percent: Percent,
        limit: Percent,
    },
    Higher {
        percent: Percent,
        limit: Percent,
    },
    BelowCost {
        price: Price,
        cost: Price,
    },
}

/// A priced line. Figures are in the header's currency and basis; `None` where there is no price, see `problem`.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Price of one unit before discounts.
    pub price: Option<Price>,
    /// All discounts on the line together, without those on the order.
    pub discount: Percent,
    /// Price of one unit after them.
    pub net: Option<Price>,
    /// What the line costs: rounded once, less its share of what was taken off the order.
    pub amount: Option<Amount>,
    /// That share; already taken off `amount`.
    pub order_off: Amount,
    /// Price and discount by the rules alone; they differ from the above when the line was written by hand.
    pub rule_price: Option<Price>,
    pub rule_discount: Percent,
    pub price_type: Option<Id>,
    /// Why the rules give no price; beside a price written by hand it is only a remark.
    pub problem: Option<Box<Note>>,
    /// More than one where a discount limited in quantity splits the line.
    pub parts: Vec<Part>,
    pub approvals: Vec<Approval>,
    pub remarks: Vec<Remark>,
    /// What its discount on the order is taken from, and the record.
    pub(crate) order: Option<OrderShare>,
}

/// A record that takes its discount off the order, as one line meets it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OrderShare {
    pub slot: u32,
    pub by: Priced,
    pub of: Amount,
}

impl<'a> Desk<'a> {
    /// The price before discounts.
    pub fn list<S: Sink>(&self, item: &Item, s: &mut Scratch, sink: &mut S) -> Listed<'a> {
        let here = sink.here();
        let mut listed = Listed { product: self.facts(item), ..Listed::default() };
        let done = match item.sold {
            Some(sold) => {
                sink.put(Event::Sold { price: sold.price, discount: sold.discount, date: sold.date });
                Ok(sold.price)
            }
            None => self.rule_price(item, s, sink, &mut listed),
        };
        match done {
            Ok(price) => listed.price = Some(price),
            Err(fail) => {
                // A trace must not compute a price that was not given; what was tried stays told, by the search.
                sink.keep_tried(here);
                (listed.price_type, listed.slot) = (None, None);
                listed.problem = Some(Box::new(crate::wording::fail_note(self.book, self.head, fail)));
            }
        }
        listed
    }

    fn rule_price<S: Sink>(&self, item: &Item, s: &mut Scratch, sink: &mut S, listed: &mut Listed<'a>) -> Result<Price, Fail> {
        let ask = self.asking(item, listed.product);
        self.place(item, s);
        let mut chain = self.base(ask, s, sink, listed)?;
        let q = &ask;
        chain.convert(q, self.head.currency, sink)?;
        chain.fit_vat(q, self.head.vat, sink)?;
        let spot = Spot::of(ask, None);
        let surcharge = self.search(self.surcharges(), &spot, s, sink, |slot, sink| {
            sink.put(Event::Tried { slot, fate: Fate::Won });
            true
        });
        if let Some(slot) = surcharge {
            let by = self.per_unit(q, slot)?;
            chain.surcharge(slot, by, sink)?;
        }
        let rounded = match listed.price_type {
            Some(ty) => chain.round(q, ty, &find_type(self.book, ty)?.def, sink)?,
            None => false,
        };
        if !rounded && chain.computed {
            chain.round_minor(q, sink)?;
        }
        Ok(chain.price()?)
    }

    fn base<S: Sink>(&self, ask: Asking<'_>, s: &mut Scratch, sink: &mut S, listed: &mut Listed<'_>) -> Result<Chain, Fail> {
        let budget = Cell::new(MAX_VALUES);
        if let Some(id) = self.head.price_type {
            let ty = self.book.find_type(id).ok_or_else(|| unknown_type(id))?;
            sink.put(Event::TriedType { ty, absent: None });
            listed.price_type = Some(ty);
            return of_type(&ask, ty, &Path::new(&budget), sink);
        }
        let spot = Spot::of(ask, None);
        let mut won: Option<Chain> = None;
        let mut failed: Option<Fail> = None;
        for kind in self.bases() {
            if let Some(by) = listed.slot {
                if !S::ON {
                    break;
                }
                // Everything less specific is only told.
                self.search(kind, &spot, s, sink, |slot, sink| {
                    sink.put(Event::Tried { slot, fate: Fate::Weaker(by) });
                    false
                });
                continue;
            }
            self.search(kind, &spot, s, sink, |slot, sink| {
                if matches!(failed, Some(Fail::Broken(_))) {
                    return true;
                }
                let here = sink.here();
                sink.put(Event::Tried { slot, fate: Fate::Won });
                match self.take(&ask, slot, &budget, sink) {
                    Ok((chain, ty)) => {
                        won = Some(chain);
                        listed.price_type = ty;
                        listed.slot = Some(slot);
                        true
                    }
                    Err(Fail::Absent(absent)) => {
                        sink.cut(here);
                        sink.put(Event::Tried { slot, fate: Fate::Absent(absent) });
                        failed = Some(Fail::Absent(absent));
                        false
                    }
                    Err(broken) => {
                        failed = Some(broken);
                        true
                    }
                }
            });
            if matches!(failed, Some(Fail::Broken(_))) {
                break;
            }
        }
        match (won, failed) {
            (_, Some(broken @ Fail::Broken(_))) => Err(broken),
            (Some(chain), _) => Ok(chain),
            // The least specific reason is the one worth telling: it is about the list that covers everything.
            (None, Some(absent)) => Err(absent),
            (None, None) => Err(Fail::broken(Note::new("trace-base-none"))),
        }
    }

    fn take<S: Sink>(&self, ask: &Asking<'_>, slot: u32, budget: &Cell<u32>, sink: &mut S) -> Result<(Chain, Option<u32>), Fail> {
        match self.book.rec(slot).held() {
            Held::Type(ty) if !find_type(self.book, ty)?.def.usage.holds(self.head) => Err(Fail::Absent(Absent::Unused(ty))),
            Held::Type(ty) => of_type(ask, ty, &Path::new(budget), sink).map(|chain| (chain, Some(ty))),
            Held::Price(price, currency, vat) => {
                sink.put(Event::Agreed { slot, price, currency });
                Ok((Chain::read(price, currency, vat), None))
            }
            Held::Percent(_) | Held::Off(..) => Err(Fail::broken(Note::new("trace-problem-not_positive"))),
        }
    }

    /// A record's discount for one unit in the document's currency.
    pub(crate) fn per_unit(&self, ask: &Asking<'_>, slot: u32) -> Result<Priced, Fail> {
        match self.book.rec(slot).held() {
            Held::Percent(p) => Ok(Priced::Percent(p)),
            Held::Off(off, currency) if currency == self.head.currency => Ok(Priced::Off(off)),
            Held::Off(off, currency) => {
                let mut chain = Chain::read(off, currency, self.head.vat);
                chain.convert(ask, self.head.currency, &mut Silent)?;
                Ok(Priced::Off(chain.price()?))
            }
            Held::Type(_) | Held::Price(..) => Err(Fail::broken(Note::new("trace-problem-not_positive"))),
        }
    }
}
