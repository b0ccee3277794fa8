//! "Why not 95?": the smallest change of the question that gives the wanted price. Every suggestion has been priced.

use crate::book::{Book, NONE};
use crate::desk::Desk;
use crate::facts::{Facts, Id};
use crate::line::{Approval, Line};
use crate::order::{Pricer, unit};
use crate::question::{Header, Item};
use chrono::NaiveDate;
use kontor_kernel::{Amount, Price, Quantity};

/// What the client could choose instead; the engine finds quantities, amounts and dates by itself.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    pub agreements: Vec<Id>,
    pub contracts: Vec<Id>,
    pub cards: Vec<Id>,
    pub payment_forms: Vec<Id>,
}

/// One change of the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Card(Id),
    PaymentForm(Id),
    Quantity(Quantity),
    /// The whole order comes to so much before discounts.
    OrderAmount(Amount),
    Agreement(Id),
    Contract(Id),
    Date(NaiveDate),
    /// The price is written into the line by hand.
    ByHand(Price),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    pub change: Change,
    /// Price of one unit after all discounts, were the change made.
    pub price: Price,
    /// It is the wanted price itself, not a better one.
    pub exact: bool,
    /// What somebody has to approve first.
    pub approvals: Vec<Approval>,
}

impl Change {
    /// The question with the change made.
    pub fn apply(&self, head: &Header, item: &Item) -> (Header, Item) {
        let (mut head, mut item) = (head.clone(), item.clone());
        match *self {
            Change::Card(id) => head.card = Some(id),
            Change::PaymentForm(id) => head.payment_form = Some(id),
            Change::Quantity(q) => item.quantity = q,
            Change::OrderAmount(a) => head.order_amount = Some(a),
            Change::Agreement(id) => head.agreement = Some(id),
            Change::Contract(id) => head.contract = Some(id),
            Change::Date(date) => head.date = date,
            Change::ByHand(price) => (item.line_price, item.line_discount) = (Some(price), None),
        }
        (head, item)
    }
    /// The smaller the kind of change, the earlier it is told.
    fn weight(&self) -> u8 {
        match self {
            Change::Card(_) => 0,
            Change::PaymentForm(_) => 1,
            Change::Quantity(_) => 2,
            Change::OrderAmount(_) => 3,
            Change::Agreement(_) => 4,
            Change::Contract(_) => 5,
            Change::Date(_) => 6,
            Change::ByHand(_) => 7,
        }
    }
}

/// The price of one unit that a line comes to.
pub fn unit_price(line: &Line, item: &Item) -> Option<Price> {
    if line.order_off.is_zero() && line.parts.is_empty() { line.net } else { unit(line, item).ok().flatten() }
}

/// Changes that give the wanted price or, where none gives it exactly, a better one (lower when a lower one is wanted), the
/// smallest first: one that needs nobody's approval before one that does, then by kind (card, payment form, quantity, order's
/// amount, agreement, contract, date, by hand), then by how much is changed. Empty: nothing gives it; also when the price
/// is the wanted one already.
pub fn why_not(book: &Book, facts: &Facts, head: &Header, item: &Item, wanted: Price, choices: &Choices) -> Vec<Suggestion> {
    let now = unit_price(&Pricer::new(book, facts, head).line(item), item);
    if now == Some(wanted) {
        return vec![];
    }
    let lower = now.is_none_or(|n| wanted < n);
    let mut found: Vec<Suggestion> = vec![];
    for change in candidates(book, facts, head, item, wanted, choices) {
        let (h, i) = change.apply(head, item);
        let line = Pricer::new(book, facts, &h).line(&i);
        let Some(price) = unit_price(&line, &i) else { continue };
        let reached = if lower { price <= wanted } else { price >= wanted };
        // A price that is merely better must not come from a price gone wrong.
        if reached && line.problem.is_none() {
            found.push(Suggestion { change, price, exact: price == wanted, approvals: line.approvals });
        }
    }
    if found.iter().any(|s| s.exact && !matches!(s.change, Change::ByHand(_))) {
        found.retain(|s| s.exact);
    }
    found.sort_by_key(|s| (!s.approvals.is_empty(), s.change.weight(), distance(&s.change, head, item), s.price));
    found
}

fn distance(change: &Change, head: &Header, item: &Item) -> i64 {
    match change {
        Change::Quantity(q) => (q.scaled() - item.quantity.scaled()).abs(),
        Change::OrderAmount(a) => a.scaled(),
        Change::Date(d) => (*d - head.date).num_days().abs(),
        _ => 0,
    }
}

fn candidates(book: &Book, facts: &Facts, head: &Header, item: &Item, wanted: Price, choices: &Choices) -> Vec<Change> {
    let mut found: Vec<Change> = vec![Change::ByHand(wanted)];
    let other = |now: Option<Id>, of: &[Id]| of.iter().copied().filter(move |id| now != Some(*id)).collect::<Vec<Id>>();
    found.extend(other(head.card, &choices.cards).into_iter().map(Change::Card));
    found.extend(other(head.payment_form, &choices.payment_forms).into_iter().map(Change::PaymentForm));
    found.extend(other(head.agreement, &choices.agreements).into_iter().map(Change::Agreement));
    found.extend(other(head.contract, &choices.contracts).into_iter().map(Change::Contract));
    let desk = Desk::new(book, facts, head);
    desk.relevant(item, |rec| {
        if rec.scaled_by_quantity() && rec.from > 0 {
            found.push(Change::Quantity(Quantity::from_scaled(rec.from)));
        }
        if rec.scaled_by_amount() {
            found.push(Change::OrderAmount(Amount::from_scaled(rec.from)));
        }
        let (first, last) = rec.days();
        found.extend([first, last].into_iter().filter_map(NaiveDate::from_num_days_from_ce_opt).map(Change::Date));
        // The day after a rule has ended, and the day before it begins.
        let beside = [first.checked_sub(1), last.checked_add(1)];
        found.extend(beside.into_iter().flatten().filter_map(NaiveDate::from_num_days_from_ce_opt).map(Change::Date));
    });
    if let Some(p) = facts.product(item.product) {
        found.extend(p.days().map(Change::Date));
        found.extend(p.supply.iter().flat_map(|s| &s.lots).map(|l| Change::Quantity(l.from)));
    }
    let same = |c: &Change| matches!(c, Change::Quantity(q) if *q == item.quantity || !q.is_positive()) || *c == Change::Date(head.date);
    found.retain(|c| !same(c));
    found.sort_by_key(|c| (c.weight(), distance(c, head, item), format!("{c:?}")));
    found.dedup();
    found
}

impl Desk<'_> {
    /// Every record of a key that the line has, whether it holds or not.
    fn relevant(&self, item: &Item, mut f: impl FnMut(&crate::book::Rec)) {
        for slot in self.keys(item) {
            let mut at = slot;
            while at != NONE {
                let rec = self.book.rec(at);
                f(rec);
                at = rec.next;
            }
        }
    }
}
