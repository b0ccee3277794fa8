//! The second half of the procedure for one line: discounts and markups, their consolidation by the user's algorithm, the
//! rounding of what is left, what was written by hand, and the user's limits.

use crate::book::Rec;
use crate::condition::Kind;
use crate::consolidate::{Adjustment, Outcome};
use crate::desk::{Desk, Scratch, Spot};
use crate::event::{Event, Fail, Fate, Priced, Sink, Span};
use crate::line::{Approval, Line, Listed, OrderShare, Part, Remark};
use crate::question::{Algorithm, Item};
use crate::value::{Asking, vat_rate};
use arrayvec::ArrayVec;
use kontor_kernel::scaled::div_round;
use kontor_kernel::{Amount, NumberError, Percent, Price, Quantity};

/// A record that takes part in the consolidation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Applied {
    slot: u32,
    by: Priced,
    group: u8,
    stop: bool,
    priority: i32,
    /// It holds for so many units only.
    limited: bool,
    /// It comes off the order, not off the price.
    order: bool,
    /// What it takes off the price of one unit; below zero it adds.
    effect: i128,
}

/// Those of one part of a line: of each kind one at most.
type Adjusting = ArrayVec<Applied, KINDS>;

/// More parts than this a line is never split into; what is left is priced without limited discounts.
const MAX_PARTS: usize = 16;

impl Desk<'_> {
    /// The rest of the line, once the order's amount is known.
    pub(crate) fn finish<S: Sink>(&self, item: &Item, listed: &Listed<'_>, order: Option<Amount>, s: &mut Scratch, sink: &mut S) -> Line {
        let mut line = Line {
            rule_price: listed.price,
            price_type: listed.price_type.map(|ty| self.book.types[ty as usize].0),
            problem: listed.problem.clone(),
            ..Line::default()
        };
        if let Err(fail) = self.conditions(item, listed, order, s, sink, &mut line) {
            line = self.failed(item, fail);
        }
        if let Err(e) = self.by_hand(item, sink, &mut line) {
            line = self.failed(item, e.into());
        }
        self.remarks(&self.asking(item, listed.product), &mut line);
        line
    }

    /// A line without a price, and why.
    fn failed(&self, item: &Item, fail: Fail) -> Line {
        let problem = Some(Box::new(crate::wording::fail_note(self.book, self.head, fail)));
        Line { discount: item.line_discount.unwrap_or(Percent::ZERO), problem, ..Line::default() }
    }

    fn conditions<S: Sink>(
        &self,
        item: &Item,
        listed: &Listed<'_>,
        order: Option<Amount>,
        s: &mut Scratch,
        sink: &mut S,
        line: &mut Line,
    ) -> Result<(), Fail> {
        let Some(price) = listed.price else { return Ok(()) };
        let minor = self.minor;
        if let Some(sold) = item.sold {
            let outcome = Outcome { discount: sold.discount, ..Outcome::default() };
            return Ok(fill(line, price, &[part(price, outcome, item.quantity, minor)?])?);
        }
        if !s.placed {
            self.place(item, s);
        }
        let own = price.times(item.quantity, minor)?;
        let ask = self.asking(item, listed.product);
        let mut spot = Spot::of(ask, Some(order.or(self.head.order_amount).unwrap_or(own)));
        let total = item.quantity.scaled();
        let mut first: Option<Part> = None;
        let mut others = vec![];
        let mut applied = Adjusting::new();
        loop {
            applied.clear();
            self.gather(price, listed, &spot, s, sink, &mut applied)?;
            let taken_off = self.settle(&mut applied, sink);
            let limit = applied.iter().filter(|a| a.limited).map(|a| self.book.limit(a.slot).scaled()).min();
            let left = total.unsigned_abs() - spot.used.unsigned_abs();
            let split = limit.filter(|l| others.len() + 2 < MAX_PARTS && (l - spot.used).unsigned_abs() < left);
            let units = split.map_or(left, |l| (l - spot.used).unsigned_abs());
            let units = i64::try_from(units).map_err(|_| NumberError::Overflow)?;
            let quantity = Quantity::from_scaled(if total < 0 { -units } else { units });
            let (outcome, base) = self.put_together(&ask, price, &applied, sink, quantity, split.is_some() || spot.used != 0)?;
            let part = part(price, outcome, quantity, minor)?;
            line.remarks.extend(outcome.over.then_some(Remark::OverHundred));
            if let Some(a) = taken_off {
                let of = if base { price.times(quantity, minor)? } else { part.amount };
                let before = line.order.filter(|o| o.slot == a.slot).map_or(Amount::ZERO, |o| o.of);
                line.order = Some(OrderShare { slot: a.slot, by: a.by, of: before.checked_add(of).ok_or(NumberError::Overflow)? });
            }
            match first {
                None => first = Some(part),
                Some(_) => others.push(part),
            }
            match split {
                Some(l) => spot.used = l,
                None => break,
            }
        }
        match (first, others.is_empty()) {
            (Some(one), true) => fill(line, price, &[one])?,
            (one, _) => {
                let parts: Vec<Part> = one.into_iter().chain(others).collect();
                fill(line, price, &parts)?;
                line.discount = average(parts.iter().map(|p| (p.quantity, p.discount)), item.quantity)?;
                line.net = Some(line.amount.unwrap_or_default().per_unit(item.quantity)?);
                line.parts = parts;
            }
        }
        line.rule_discount = line.discount;
        Ok(())
    }

    /// The record of each kind that holds, in the order of kinds.
    fn gather<S: Sink>(
        &self,
        price: Price,
        listed: &Listed<'_>,
        spot: &Spot<'_>,
        s: &mut Scratch,
        sink: &mut S,
        applied: &mut Adjusting,
    ) -> Result<(), Fail> {
        let fixed = listed.slot.filter(|slot| self.book.rec(*slot).fixed());
        let mut failed = None;
        for kind in self.adjustments() {
            self.search(kind, spot, s, sink, |slot, sink| {
                let r = self.book.rec(slot);
                if let Some(by) = fixed {
                    // Ids alone do not say whether it is the same one: a partner is no agreement.
                    let of = |r: &Rec| (r.who_kind, r.who, r.what_kind, r.what);
                    if r.kind != Kind::Agreement || of(r) != of(self.book.rec(by)) {
                        sink.put(Event::Tried { slot, fate: Fate::Fixed(by) });
                        return false;
                    }
                }
                match self.per_unit(&spot.ask, slot) {
                    Ok(by) => {
                        let order = r.kind == Kind::Amount;
                        let whole = spot.order_amount.map_or(0, |a| i128::from(a.scaled()) * 100);
                        let effect = match by {
                            Priced::Percent(p) => i128::from(price.scaled()) * i128::from(p.scaled()),
                            Priced::Off(off) if order && whole == 0 => i128::from(off.scaled()),
                            // So much of the price as it takes off the order's amount.
                            Priced::Off(off) if order => {
                                i128::from(price.scaled()).saturating_mul(i128::from(off.scaled())) / whole * WHOLE
                            }
                            Priced::Off(off) => i128::from(off.scaled()) * WHOLE,
                        };
                        let (group, stop, priority, limited) = (r.group, r.stop(), r.priority, r.limited());
                        applied.push(Applied { slot, by, group, stop, priority, limited, order, effect });
                    }
                    Err(fail) => failed = Some(fail),
                }
                true
            });
        }
        failed.map_or(Ok(()), Err)
    }

    /// Leaves the records that apply and tells the fate of each; the one that comes off the order is given back.
    fn settle<S: Sink>(&self, applied: &mut Adjusting, sink: &mut S) -> Option<Applied> {
        let mut told = |slot: u32, fate: Fate| sink.put(Event::Tried { slot, fate });
        if let Some(at) = applied.iter().position(|a| a.stop) {
            let by = applied[at].slot;
            applied.drain(at + 1..).for_each(|a| told(a.slot, Fate::Stopped(by)));
        }
        let discounts = |a: &Applied| a.effect > 0;
        if applied.iter().any(|a| a.group != 0) {
            let best = |of: &[Applied], group: u8| {
                // The first of equals: kinds stand in their order.
                let same = of.iter().filter(|a| a.group == group);
                same.fold(None::<&Applied>, |best, a| if best.is_none_or(|b| a.effect > b.effect) { Some(a) } else { best }).map(|a| a.slot)
            };
            let all = applied.clone();
            applied.retain(|a| match best(&all, a.group) {
                Some(by) if a.group != 0 && discounts(a) && by != a.slot => {
                    told(a.slot, Fate::Group(by));
                    false
                }
                _ => true,
            });
        }
        let single = match self.head.algorithm {
            Algorithm::Sum | Algorithm::Cascade => None,
            Algorithm::Maximum => applied
                .iter()
                .filter(|a| discounts(a))
                .fold(None::<Applied>, |b, a| if b.is_none_or(|b| a.effect > b.effect) { Some(*a) } else { b }),
            Algorithm::Priority => applied.iter().filter(|a| a.effect >= 0).min_by_key(|a| a.priority).copied(),
        };
        if let Some(one) = single {
            let least = if self.head.algorithm == Algorithm::Priority { 0 } else { 1 };
            applied.retain(|a| {
                let lost = a.slot != one.slot && a.effect >= least;
                if lost {
                    told(a.slot, if least == 0 { Fate::Later(one.slot) } else { Fate::Smaller(one.slot) });
                }
                !lost
            });
        }
        applied.iter().for_each(|a| told(a.slot, Fate::Won));
        let order = applied.iter().position(|a| a.order);
        order.map(|at| applied.remove(at))
    }

    /// The outcome, and whether discounts on the order are taken from the price before discounts.
    fn put_together<S: Sink>(
        &self,
        ask: &Asking<'_>,
        price: Price,
        applied: &[Applied],
        sink: &mut S,
        quantity: Quantity,
        one_of_several: bool,
    ) -> Result<(Outcome, bool), Fail> {
        let mut items = [Adjustment::Percent(Percent::ZERO); KINDS];
        for (item, a) in items.iter_mut().zip(applied) {
            *item = match a.by {
                Priced::Percent(p) => Adjustment::Percent(p),
                Priced::Off(off) => Adjustment::Off(off),
            };
        }
        let cascade = self.head.algorithm == Algorithm::Cascade;
        let mut outcome = Outcome::of(price, cascade, &items[..applied.len().min(KINDS)])?;
        let mut final_to = None;
        if let Some(rounding) = &self.head.rounding {
            let fitted = rounding.fitted(self.head.vat, vat_rate(ask), self.minor)?;
            final_to = Some(fitted.to);
            outcome = outcome.rounded(price, &fitted)?;
        }
        if S::ON && (!applied.is_empty() || final_to.is_some() || one_of_several) {
            let items: Span = sink.items(applied.iter().map(|a| (a.slot, a.by)));
            sink.put(Event::Part { quantity, items, cascade, discount: outcome.discount, net: outcome.net, final_to });
        }
        Ok((outcome, self.head.algorithm == Algorithm::Sum))
    }

    /// What was written into the line stays: a price without the discounts of the rules, a discount in their place.
    fn by_hand<S: Sink>(&self, item: &Item, sink: &mut S, line: &mut Line) -> Result<(), NumberError> {
        if item.line_price.is_none() && item.line_discount.is_none() {
            return Ok(());
        }
        if let Some(percent) = item.line_discount {
            sink.put(Event::LineDiscount { percent, rules: line.rule_discount });
        }
        if let Some(price) = item.line_price {
            sink.put(Event::LinePrice { price, rules: line.rule_price });
        }
        let rules = line.net;
        let Some(price) = item.line_price.or(line.price) else {
            line.discount = item.line_discount.unwrap_or(Percent::ZERO);
            return Ok(());
        };
        let outcome = Outcome { discount: item.line_discount.unwrap_or(Percent::ZERO), ..Outcome::default() };
        let rule_discount = line.rule_discount;
        line.parts.clear();
        line.order = None;
        fill(line, price, &[part(price, outcome, item.quantity, self.minor)?])?;
        line.rule_discount = rule_discount;
        if let (Some(rules), Some(net)) = (rules, line.net) {
            line.approvals.extend(self.head.limits.of_price(rules, net)?);
        }
        Ok(())
    }

    fn remarks(&self, ask: &Asking<'_>, line: &mut Line) {
        let item = ask.item;
        if item.sold.is_none() {
            line.approvals.extend(self.head.limits.of_discount(line.discount));
        }
        if item.quantity.is_negative() && item.sold.is_none() {
            line.remarks.push(Remark::ReturnAtTodaysPrice);
        }
        if item.categories.is_empty() {
            line.remarks.push(Remark::NoCategory);
        }
        if self.head.limits.cost
            && item.sold.is_none()
            && let (Some(net), Some(cost)) = (line.net, crate::profit::unit_cost(ask))
            && net < cost
        {
            line.approvals.push(Approval::BelowCost { price: net, cost });
        }
        if line.price.is_some_and(|p| p.is_zero()) {
            line.remarks.push(Remark::ZeroPrice);
        }
    }
}

/// Kinds of discounts, one record of each at most.
const KINDS: usize = Kind::ADJUST.len();
const WHOLE: i128 = Percent::HUNDRED.scaled() as i128;

fn part(price: Price, outcome: Outcome, quantity: Quantity, minor: u32) -> Result<Part, NumberError> {
    let amount = outcome.amount(price, quantity, minor)?;
    Ok(Part { quantity, discount: outcome.discount, net: outcome.price(price)?, amount })
}

/// The line's figures from its parts.
fn fill(line: &mut Line, price: Price, parts: &[Part]) -> Result<(), NumberError> {
    line.price = Some(price);
    line.amount = Some(Amount::sum(parts.iter().map(|p| p.amount))?);
    if let [one] = parts {
        (line.discount, line.rule_discount, line.net) = (one.discount, one.discount, Some(one.net));
    }
    Ok(())
}

/// The discount of a line whose parts have different ones, by quantity.
pub(crate) fn average(parts: impl Iterator<Item = (Quantity, Percent)>, of: Quantity) -> Result<Percent, NumberError> {
    let sum: i128 = parts.map(|(q, p)| i128::from(q.scaled()) * i128::from(p.scaled())).sum();
    let found = div_round(sum, i128::from(of.scaled())).and_then(|n| i64::try_from(n).ok());
    found.map(Percent::from_scaled).ok_or(NumberError::Overflow)
}
