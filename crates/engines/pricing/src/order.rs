//! A document: its lines one by one, then what is taken off several of them at once, shared out so that lines add up.

use crate::book::Book;
use crate::desk::{Desk, Scratch};
use crate::event::{Log, Priced, Silent, Sink, Winners};
use crate::facts::{Facts, Id};
use crate::line::{Line, Listed};
use crate::offer::{Bundle, BundleValue, Earned, holds};
use crate::order_off::{FINE, part_off, smaller, take_off_order, whole_off};
use crate::question::{Header, Item};
use crate::render::{Names, Render};
use crate::trace::{Explained, Note};
use kontor_kernel::scaled::div_round;
use kontor_kernel::{Amount, NumberError, Percent, Price, Quantity, allocate};
use std::collections::BTreeMap;
use std::ops::Range;

/// A priced document.
#[derive(Debug, Default)]
pub struct Document {
    /// In the order in which they were asked for.
    pub lines: Vec<Line>,
    /// Sum of the lines' amounts; lines without a price count nothing.
    pub amount: Amount,
    pub earned: Vec<Earned>,
    /// What was taken off several lines at once, and each line's share.
    pub shares: Vec<Share>,
    /// Why the discounts on the order could not be computed; the lines' own are.
    pub problem: Option<Note>,
    pub(crate) log: Option<Log>,
    pub(crate) spans: Vec<[Range<usize>; 2]>,
}

/// A line's share of what was taken off the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub line: usize,
    pub source: Source,
    /// Id and version of the record, the bundle or the gift.
    pub rule: (Id, u32),
    /// All that was taken off.
    pub whole: Amount,
    pub off: Amount,
    /// The percentage, where the rule gives one.
    pub percent: Option<Percent>,
}

/// What a part of an order's discount comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Amount,
    Bundle,
    Gift,
}

/// Prices lines of one header; it works the header out once.
pub struct Pricer<'a> {
    pub(crate) desk: Desk<'a>,
    scratch: Scratch,
    /// What goods that nobody has named yet come to.
    others: Amount,
}

impl<'a> Pricer<'a> {
    /// Looks up once what the rule book has for this header: for whom, which own company, which day.
    pub fn new(book: &'a Book, facts: &'a Facts, head: &'a Header) -> Pricer<'a> {
        Pricer { desk: Desk::new(book, facts, head), scratch: Scratch::default(), others: Amount::ZERO }
    }
    /// Goods that nobody has named yet and that come to so much stand beside the lines: they take their share of the sums of
    /// money that come off the order, and nothing else.
    pub(crate) fn beside(self, others: Amount) -> Pricer<'a> {
        Pricer { others, ..self }
    }
    /// One line by itself, without a trace. Discounts by the order's amount look at [`Header::order_amount`], or else at the
    /// line's own.
    pub fn line(&mut self, item: &Item) -> Line {
        self.run(item, &mut Silent)
    }
    /// The same with a trace; what the log held before is dropped.
    pub fn traced(&mut self, item: &Item, log: &mut Log) -> Line {
        log.clear();
        self.run(item, log)
    }
    fn run<S: Sink>(&mut self, item: &Item, sink: &mut S) -> Line {
        let listed = self.desk.list(item, &mut self.scratch, sink);
        // A line that was not valued by rules has not been placed yet.
        self.scratch.placed = item.sold.is_none();
        let mut line = self.desk.finish(item, &listed, None, &mut self.scratch, sink);
        if let Err(e) = take_off_order(&mut line, self.desk.minor) {
            line.problem = Some(Box::new(Note::number(e)));
        }
        line
    }
    /// All lines of a document. The result does not depend on their order.
    pub fn document(&mut self, items: &[Item], trace: bool) -> Document {
        if trace {
            let mut log = Log::default();
            // About what lines with many kinds of conditions tell; growing by doubling copies megabytes.
            log.events.reserve(items.len() * 24);
            let mut out = self.all(items, &mut log);
            out.log = Some(log);
            return out;
        }
        self.all(items, &mut Silent)
    }

    /// All lines without a trace, noting the records that had a part in them.
    pub fn document_noting(&mut self, items: &[Item], winners: &mut Winners) -> Document {
        self.all(items, winners)
    }

    fn all<S: Sink>(&mut self, items: &[Item], sink: &mut S) -> Document {
        self.scratch.placed = false;
        let mut out = Document { lines: Vec::with_capacity(items.len()), spans: Vec::with_capacity(items.len()), ..Document::default() };
        let mut listed = Vec::with_capacity(items.len());
        for item in items {
            let from = sink.here();
            listed.push(self.desk.list(item, &mut self.scratch, sink));
            out.spans.push([from..sink.here(), 0..0]);
        }
        let amount = match order_amount(&self.desk, items, &listed) {
            Ok(amount) => Some(self.desk.head.order_amount.unwrap_or(amount)),
            Err(e) => {
                out.problem = Some(Note::number(e));
                None
            }
        };
        for ((item, listed), span) in items.iter().zip(&listed).zip(&mut out.spans) {
            let from = sink.here();
            out.lines.push(self.desk.finish(item, listed, amount, &mut self.scratch, sink));
            span[1] = from..sink.here();
        }
        let mut order: Vec<usize> = (0..items.len()).collect();
        let key = |i: &usize| (items[*i].product, items[*i].line, items[*i].quantity, out.lines[*i].amount);
        order.sort_by_key(key);
        let done = out.bundles(&self.desk, items, &order).and_then(|()| out.gifts(&self.desk, items, &order));
        if let Err(e) = done.and_then(|()| out.order_discounts(&self.desk, items, &order, self.others)) {
            out.problem = Some(Note::number(e));
        }
        match Amount::sum(out.lines.iter().filter_map(|l| l.amount)) {
            Ok(sum) => out.amount = sum,
            Err(e) => out.problem = Some(Note::number(e)),
        }
        out
    }
}

/// Amount of the order before discounts; what is taken back at its old price does not count.
fn order_amount(desk: &Desk<'_>, items: &[Item], listed: &[Listed<'_>]) -> Result<Amount, NumberError> {
    let minor = desk.minor;
    let priced = items.iter().zip(listed).filter(|(i, _)| i.sold.is_none());
    let amounts = priced.filter_map(|(i, l)| i.line_price.or(l.price).map(|p| p.times(i.quantity, minor)));
    Amount::sum(amounts.collect::<Result<Vec<_>, _>>()?)
}

/// Lines that rules over several lines may touch: bought, priced, and not written by hand.
fn open(item: &Item, line: &Line) -> bool {
    item.quantity.is_positive() && item.line_price.is_none() && item.line_discount.is_none() && item.sold.is_none() && line.amount.is_some()
}

/// Units of lines that a rule uses: (line, units).
type Used = Vec<(usize, i64)>;

impl Document {
    fn bundles(&mut self, desk: &Desk<'_>, items: &[Item], order: &[usize]) -> Result<(), NumberError> {
        if desk.book.bundle_list.is_empty() {
            return Ok(());
        }
        let mut left: Vec<i64> = items.iter().zip(&self.lines).map(|(i, l)| if open(i, l) { i.quantity.scaled() } else { 0 }).collect();
        let mut of_product: BTreeMap<Id, Vec<usize>> = BTreeMap::new();
        order.iter().for_each(|i| of_product.entry(items[*i].product).or_default().push(*i));
        for b in desk.book.bundles().filter(|b| holds(desk.head, b.who, b.company, &b.valid)) {
            let count = |m: &crate::offer::Member| {
                let lines = of_product.get(&m.product).map_or(&[][..], Vec::as_slice);
                let units: i128 = lines.iter().map(|i| i128::from(left[*i])).sum();
                units / i128::from(m.quantity.scaled())
            };
            let fit = b.members.iter().map(count).min().unwrap_or(0).min(b.limit.map_or(i128::MAX, i128::from));
            if fit <= 0 {
                continue;
            }
            let mut used: Used = vec![];
            for m in &b.members {
                let need = fit.checked_mul(i128::from(m.quantity.scaled())).ok_or(NumberError::Overflow)?;
                used.extend(take(&of_product[&m.product], &left, need));
            }
            let amounts = self.amounts_of(&used, |i| items[i].quantity.scaled())?;
            let sum = Amount::sum(amounts.iter().copied())?;
            let (off, percent) = match bundle_off(desk, b, sum, fit)? {
                Some(found) => found,
                None => continue,
            };
            used.iter().for_each(|(i, units)| left[*i] -= units);
            let lines: Vec<usize> = used.iter().map(|(i, _)| *i).collect();
            self.share_out(desk, Source::Bundle, (b.id, b.version), off, percent, &lines, &amounts)?;
        }
        Ok(())
    }

    fn gifts(&mut self, desk: &Desk<'_>, items: &[Item], order: &[usize]) -> Result<(), NumberError> {
        let mut given: Vec<i64> = vec![0; items.len()];
        for g in desk.book.gifts().filter(|g| holds(desk.head, g.who, g.company, &g.valid)) {
            let bought = |i: &usize| open(&items[*i], &self.lines[*i]) && g.asks_for(&items[*i]);
            let total: i128 = order.iter().filter(|i| bought(i)).map(|i| i128::from(items[*i].quantity.scaled() - given[*i])).sum();
            let (from, each) = (i128::from(g.from.scaled()), i128::from(g.quantity.scaled()));
            let gift_lines: Vec<usize> =
                order.iter().copied().filter(|i| items[*i].product == g.product && open(&items[*i], &self.lines[*i])).collect();
            let own = gift_lines.iter().any(|i| g.asks_for(&items[*i])) || g.what == crate::condition::What::Product(g.product);
            let times = |n: i128| if g.repeat { n } else { n.min(1) };
            // Of the same goods, what is free is not bought; the rest may earn one more that is not there yet.
            let (free, missing) = if own {
                let sets = times(total / (from + each));
                let rest = total - sets * (from + each);
                let more = if (g.repeat || sets == 0) && rest >= from { each - (rest - from) } else { 0 };
                (sets * each, more)
            } else {
                let earned = times(total / from) * each;
                let there: i128 = gift_lines.iter().map(|i| i128::from(items[*i].quantity.scaled() - given[*i])).sum();
                // Taken, though it costs nothing to begin with: no price is known, or none was written by hand.
                let unpriced = |i: &usize| {
                    let worth = self.lines[*i].amount.is_some_and(|a| !a.is_zero());
                    items[*i].product == g.product && items[*i].quantity.is_positive() && items[*i].sold.is_none() && !worth
                };
                let taken: i128 =
                    order.iter().filter(|i| unpriced(i) && !gift_lines.contains(i)).map(|i| i128::from(items[*i].quantity.scaled())).sum();
                (earned.min(there), (earned - there - taken).max(0))
            };
            if missing > 0 {
                let quantity = Quantity::from_scaled(i64::try_from(missing).map_err(|_| NumberError::Overflow)?);
                self.earned.push(Earned { gift: g.id, product: g.product, quantity });
            }
            if free <= 0 {
                continue;
            }
            let left: Vec<i64> = items.iter().zip(&given).map(|(i, g)| i.quantity.scaled() - g).collect();
            let used = take(&gift_lines, &left, free);
            // What earlier gifts gave is paid for no more.
            let amounts = self.amounts_of(&used, |i| left[i])?;
            used.iter().for_each(|(i, units)| given[*i] += units);
            let lines: Vec<usize> = used.iter().map(|(i, _)| *i).collect();
            let off = Amount::sum(amounts.iter().copied())?.round_to(desk.minor)?;
            self.share_out(desk, Source::Gift, (g.id, g.version), off, None, &lines, &amounts)?;
        }
        Ok(())
    }

    /// Discounts by the order's amount: each record's sum is rounded once and shared out, also to `others`.
    fn order_discounts(&mut self, desk: &Desk<'_>, items: &[Item], order: &[usize], others: Amount) -> Result<(), NumberError> {
        let mut by_record: BTreeMap<Id, (Priced, u32, Vec<usize>)> = BTreeMap::new();
        for i in order.iter().copied().filter(|i| items[*i].sold.is_none()) {
            if let Some(o) = self.lines[i].order {
                by_record.entry(desk.book.rec(o.slot).id).or_insert((o.by, o.slot, vec![])).2.push(i);
            }
        }
        let minor = desk.minor;
        for (id, (by, slot, lines)) in by_record {
            let mut parts: Vec<i128> = lines.iter().map(|i| part_off(by, &self.lines[*i])).collect();
            if others.is_positive() && matches!(by, Priced::Off(_)) {
                parts.push(i128::from(others.scaled()) * FINE);
            }
            // The last one may be for goods without a line: `share_out` leaves it alone.
            let weights: Vec<Amount> = parts.iter().map(|n| Amount::from_scaled(i64::try_from(n / FINE).unwrap_or(i64::MAX))).collect();
            let off = whole_off(by, parts.iter().sum(), minor)?;
            let percent = if let Priced::Percent(p) = by { Some(p) } else { None };
            self.share_out(desk, Source::Amount, (id, desk.book.rec(slot).version), off, percent, &lines, &weights)?;
        }
        Ok(())
    }

    /// No line gives more than it costs: a last minor unit too many goes to the first lines that have room for it.
    fn within(&self, lines: &[usize], offs: &mut [Amount]) {
        let most = |line: &usize| self.lines[*line].amount.unwrap_or_default().scaled();
        let mut over = 0;
        for (line, off) in lines.iter().zip(offs.iter_mut()) {
            let room = most(line);
            if off.is_positive() && room >= 0 && off.scaled() > room {
                over += off.scaled() - room;
                *off = Amount::from_scaled(room);
            }
        }
        for (line, off) in lines.iter().zip(offs.iter_mut()) {
            let more = (most(line) - off.scaled()).min(over);
            if more > 0 {
                over -= more;
                *off = Amount::from_scaled(off.scaled() + more);
            }
        }
    }

    fn amounts_of(&self, used: &Used, of: impl Fn(usize) -> i64) -> Result<Vec<Amount>, NumberError> {
        let amount = |(i, units): &(usize, i64)| {
            let line = self.lines[*i].amount.unwrap_or_default();
            let part = i128::from(line.scaled()).checked_mul(i128::from(*units));
            let n = part.and_then(|n| div_round(n, i128::from(of(*i)))).and_then(|n| i64::try_from(n).ok());
            n.map(Amount::from_scaled).ok_or(NumberError::Overflow)
        };
        used.iter().map(amount).collect()
    }

    #[expect(clippy::too_many_arguments, reason = "all of a share is told at once")]
    fn share_out(
        &mut self,
        desk: &Desk<'_>,
        source: Source,
        rule: (Id, u32),
        whole: Amount,
        percent: Option<Percent>,
        lines: &[usize],
        weights: &[Amount],
    ) -> Result<(), NumberError> {
        let weights: Vec<i64> = weights.iter().map(|a| a.scaled()).collect();
        let mut offs = allocate(whole, &weights, desk.minor);
        self.within(lines, &mut offs);
        for (line, off) in lines.iter().copied().zip(offs) {
            self.lines[line].take_off(off)?;
            self.shares.push(Share { line, source, rule, whole, off, percent });
        }
        Ok(())
    }
}

/// Units of the lines, the first ones first, until there are enough.
fn take(lines: &[usize], left: &[i64], mut need: i128) -> Used {
    let mut used = vec![];
    for i in lines {
        let units = i128::from(left[*i]).min(need);
        if units > 0 {
            used.push((*i, units as i64));
            need -= units;
        }
    }
    used
}

/// What a bundle takes off, when it is worth taking.
fn bundle_off(desk: &Desk<'_>, b: &Bundle, sum: Amount, fit: i128) -> Result<Option<(Amount, Option<Percent>)>, NumberError> {
    let minor = desk.minor;
    let times = |a: Amount| i64::try_from(i128::from(a.scaled()) * fit).map(Amount::from_scaled).map_err(|_| NumberError::Overflow);
    let (off, percent) = match b.value {
        BundleValue::Percent(p) => (sum.percent(p, minor)?, Some(p)),
        BundleValue::Off { off, currency } if currency == desk.head.currency => (times(off)?, None),
        BundleValue::Price { price, currency } if currency == desk.head.currency => {
            (sum.checked_sub(times(price)?).ok_or(NumberError::Overflow)?.round_to(minor)?, None)
        }
        BundleValue::Off { .. } | BundleValue::Price { .. } => return Ok(None),
    };
    // Parts of lines come to fractions of the minor unit: those are never given away, or a line would end in one.
    let step = 10i64.pow(Amount::SCALE - minor.min(Amount::SCALE));
    let most = Amount::from_scaled(sum.scaled() / step * step);
    Ok(Some((smaller(off, most), percent)).filter(|_| off.is_positive() && most.is_positive()))
}

impl Document {
    /// A line's price with every step, names looked up. Ask while the book is as it was when the document was priced with a
    /// trace. Without one, or beyond the last line, `None`.
    pub fn explain(&self, book: &Book, head: &Header, items: &[Item], line: usize, names: &dyn Names) -> Option<Explained> {
        self.told(book, head, items, line, names, true)
    }

    /// The same without the candidates, most of which lost: what is worth storing (decision 17); asking again finds them.
    pub fn decided(&self, book: &Book, head: &Header, items: &[Item], line: usize, names: &dyn Names) -> Option<Explained> {
        self.told(book, head, items, line, names, false)
    }

    fn told(&self, book: &Book, head: &Header, items: &[Item], line: usize, names: &dyn Names, tried: bool) -> Option<Explained> {
        let (log, item, priced) = (self.log.as_ref()?, items.get(line)?, self.lines.get(line)?);
        let [listed, rest] = self.spans.get(line)?;
        let events = log.events.get(listed.clone())?.iter().chain(log.events.get(rest.clone())?);
        let shares: Vec<Share> = self.shares.iter().filter(|s| s.line == line).copied().collect();
        let mut explained = Render { book, names, head, item, log, tried }.explain(priced, events, &shares);
        // That the order's discounts are not in it concerns every line.
        explained.remarks.extend(self.problem.clone());
        Some(explained)
    }
}

/// One line by itself, explained.
pub fn explain(book: &Book, facts: &Facts, head: &Header, item: &Item, names: &dyn Names) -> Explained {
    let items = std::slice::from_ref(item);
    let mut pricer = Pricer::new(book, facts, head);
    let mut log = Log::default();
    let document = pricer.all(items, &mut log);
    let shares = &document.shares;
    Render { book, names, head, item, log: &log, tried: true }.explain(&document.lines[0], log.events.iter(), shares)
}

/// Price of one unit after all discounts, those on the order included; for show.
pub(crate) fn unit(line: &Line, item: &Item) -> Result<Option<Price>, NumberError> {
    line.amount.filter(|_| !item.quantity.is_zero()).map(|a| a.per_unit(item.quantity)).transpose()
}
