//! "Why not 95?": the smallest change of a document that gives one of its lines the wanted price. Every suggestion has been
//! priced among the other lines.

use crate::book::{Book, NONE};
use crate::desk::Desk;
use crate::facts::{Facts, Id};
use crate::line::{Approval, Line};
use crate::offer::{BundleValue, holds};
use crate::order::{Pricer, unit};
use crate::question::{Header, Item};
use chrono::{Days, NaiveDate};
use kontor_kernel::{Amount, Period, Price, Quantity};

/// What the client could choose instead; the engine finds quantities, amounts and dates by itself.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    pub agreements: Vec<Id>,
    pub contracts: Vec<Id>,
    pub cards: Vec<Id>,
    pub payment_forms: Vec<Id>,
    /// Days on which something else than the book's rules and the facts' prices changes.
    pub dates: Vec<NaiveDate>,
}

/// One change of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Card(Id),
    PaymentForm(Id),
    Quantity(Quantity),
    /// The whole order comes to so much before discounts, by other goods.
    OrderAmount(Amount),
    Agreement(Id),
    Contract(Id),
    Date(NaiveDate),
    /// The price is written into the line by hand.
    ByHand(Price),
}

/// What one unit of a line comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// After all discounts, its share of those on the order included.
    pub price: Price,
    /// What the line comes to and how many units it has, where the price was worked out from that.
    pub whole: Option<(Amount, Quantity)>,
    /// What somebody has to approve first.
    pub approvals: Vec<Approval>,
}

/// A change of the document that makes a line cheaper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    pub change: Change,
    /// Price of one unit after all discounts, were the change made.
    pub price: Price,
    /// As in [`Offered`].
    pub whole: Option<(Amount, Quantity)>,
    /// It is the wanted price itself, not a better one.
    pub exact: bool,
    /// What somebody has to approve first.
    pub approvals: Vec<Approval>,
}

impl Change {
    /// The document with the change made to it or to this line of it. An order's amount is only said, nothing is bought.
    pub fn apply(&self, head: &Header, items: &[Item], line: usize) -> (Header, Vec<Item>) {
        let (mut head, mut items) = (head.clone(), items.to_vec());
        let item = items.get_mut(line);
        match (*self, item) {
            (Change::Card(id), _) => head.card = Some(id),
            (Change::PaymentForm(id), _) => head.payment_form = Some(id),
            (Change::OrderAmount(a), _) => head.order_amount = Some(a),
            (Change::Agreement(id), _) => head.agreement = Some(id),
            (Change::Contract(id), _) => head.contract = Some(id),
            (Change::Date(date), _) => head.date = date,
            (Change::Quantity(q), Some(item)) => item.quantity = q,
            (Change::ByHand(price), Some(item)) => (item.line_price, item.line_discount) = (Some(price), None),
            (Change::Quantity(_) | Change::ByHand(_), None) => {}
        }
        (head, items)
    }
    /// The smaller the kind of change, the earlier it is told.
    pub fn weight(&self) -> u8 {
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
    /// How much is changed, among changes of one kind: last decimals, days.
    pub fn distance(&self, head: &Header, item: &Item) -> i64 {
        match self {
            Change::Quantity(q) => q.scaled().saturating_sub(item.quantity.scaled()).saturating_abs(),
            Change::OrderAmount(a) => a.scaled(),
            Change::Date(d) => (*d - head.date).num_days().abs(),
            _ => 0,
        }
    }
}

/// The price of one unit that a line comes to.
pub fn unit_price(line: &Line, item: &Item) -> Option<Price> {
    if by_itself(line) { line.net } else { unit(line, item).ok().flatten() }
}

/// Every unit of the line costs the same, and nothing came off the order.
fn by_itself(line: &Line) -> bool {
    line.order_off.is_zero() && line.parts.is_empty()
}

/// What one unit of a line comes to in its document; `None` where it has no price, or one gone wrong.
pub fn offered(book: &Book, facts: &Facts, head: &Header, items: &[Item], line: usize) -> Option<Offered> {
    offered_beside(book, facts, head, items, line, Amount::ZERO)
}

fn offered_beside(book: &Book, facts: &Facts, head: &Header, items: &[Item], line: usize, others: Amount) -> Option<Offered> {
    let mut d = Pricer::new(book, facts, head).beside(others).document(items, false);
    if d.problem.is_some() || line >= d.lines.len() {
        return None;
    }
    let l = d.lines.swap_remove(line);
    let item = items.get(line)?;
    let price = unit_price(&l, item).filter(|_| l.problem.is_none())?;
    let whole = if by_itself(&l) { None } else { l.amount.map(|a| (a, item.quantity)) };
    Some(Offered { price, whole, approvals: l.approvals })
}

/// The same with a change made. An order's amount is reached by other goods, on which nothing else comes off; where a sum of
/// money comes off the whole order, they take their share of it. A quantity takes the order's amount along.
pub fn offered_with(book: &Book, facts: &Facts, head: &Header, items: &[Item], line: usize, change: &Change) -> Option<Offered> {
    let (mut h, i) = change.apply(head, items, line);
    let mut others = Amount::ZERO;
    match change {
        Change::OrderAmount(wanted) => others = wanted.checked_sub(before_discounts(book, facts, head, items)?)?,
        Change::Quantity(_) => {
            if let Some(all) = head.order_amount {
                let (was, is) = (own_amount(book, facts, head, items.get(line)?)?, own_amount(book, facts, &h, i.get(line)?)?);
                h.order_amount = Some(all.checked_sub(was).and_then(|a| a.checked_add(is))?);
            }
        }
        _ => {}
    }
    offered_beside(book, facts, &h, &i, line, others)
}

/// Changes that give the wanted price or, where none gives it exactly, a better one (lower when a lower one is wanted), the
/// smallest first, see [`reached`]. Empty: nothing gives it; also when the price is the wanted one already.
pub fn why_not(
    book: &Book,
    facts: &Facts,
    head: &Header,
    items: &[Item],
    line: usize,
    wanted: Price,
    choices: &Choices,
) -> Vec<Suggestion> {
    let Some(item) = items.get(line) else { return vec![] };
    let now = offered(book, facts, head, items, line).map(|o| o.price);
    let priced = |change: Change| Some((change, offered_with(book, facts, head, items, line, &change)?));
    let found = changes(book, facts, head, items, line, wanted, choices).into_iter().filter_map(priced).collect();
    reached(now, wanted, found, head, item)
}

/// Of changes and what they give, those that reach the wanted price: exact ones only, where there are any but by hand. One that
/// needs nobody's approval comes before one that does, then by kind (card, payment form, quantity, order's amount, agreement,
/// contract, date, by hand), then by how much is changed; what changes more and gives no better price is left out.
pub fn reached(now: Option<Price>, wanted: Price, found: Vec<(Change, Offered)>, head: &Header, item: &Item) -> Vec<Suggestion> {
    if now == Some(wanted) {
        return vec![];
    }
    let lower = now.is_none_or(|n| wanted < n);
    let reaches = |price: Price| if lower { price <= wanted } else { price >= wanted };
    let mut out: Vec<Suggestion> = found
        .into_iter()
        .filter(|(_, o)| reaches(o.price))
        .map(|(change, o)| Suggestion { change, price: o.price, whole: o.whole, exact: o.price == wanted, approvals: o.approvals })
        .collect();
    if out.iter().any(|s| s.exact && !matches!(s.change, Change::ByHand(_))) {
        out.retain(|s| s.exact);
    }
    out.sort_by_key(|s| (!s.approvals.is_empty(), s.change.weight(), s.change.distance(head, item), s.price));
    // Nobody goes further, waits longer or buys more for the same price.
    let mut told: Vec<Suggestion> = vec![];
    for s in out {
        let no_better = |t: &Suggestion| {
            let measured = matches!(s.change, Change::Quantity(_) | Change::OrderAmount(_) | Change::Date(_));
            let alike = measured && t.change.weight() == s.change.weight() && t.approvals.is_empty() == s.approvals.is_empty();
            alike && if lower { s.price >= t.price } else { s.price <= t.price }
        };
        if !told.iter().any(no_better) {
            told.push(s);
        }
    }
    told
}

/// What is worth trying, the smallest first: the choices, and every quantity, amount and day at which some rule or price for
/// this line begins or ends (of quantities also the one just below).
pub fn changes(book: &Book, facts: &Facts, head: &Header, items: &[Item], line: usize, wanted: Price, choices: &Choices) -> Vec<Change> {
    let Some(item) = items.get(line) else { return vec![] };
    let mut found: Vec<Change> = vec![Change::ByHand(wanted)];
    let other = |now: Option<Id>, of: &[Id]| of.iter().copied().filter(move |id| now != Some(*id)).collect::<Vec<Id>>();
    found.extend(other(head.card, &choices.cards).into_iter().map(Change::Card));
    found.extend(other(head.payment_form, &choices.payment_forms).into_iter().map(Change::PaymentForm));
    found.extend(other(head.agreement, &choices.agreements).into_iter().map(Change::Agreement));
    found.extend(other(head.contract, &choices.contracts).into_iter().map(Change::Contract));
    let mut days: Vec<NaiveDate> = choices.dates.clone();
    let (mut quantities, mut amounts) = (vec![], vec![]);
    let step = step(item.quantity);
    Desk::new(book, facts, head).relevant(item, |slot, rec| {
        if rec.scaled_by_quantity() {
            quantities.extend([rec.from, rec.from.saturating_sub(step)]);
        }
        if rec.limited() {
            quantities.push(book.limit(slot).scaled());
        }
        if rec.scaled_by_amount() {
            amounts.push(Amount::from_scaled(rec.from));
        }
        let (first, last) = rec.days();
        // The day after a rule has ended, and the day before it begins.
        let around = [Some(first), Some(last), first.checked_sub(1), last.checked_add(1)];
        days.extend(around.into_iter().flatten().filter_map(NaiveDate::from_num_days_from_ce_opt));
    });
    offers(book, head, item, &mut quantities, &mut days);
    if let Some(p) = facts.product(item.product) {
        days.extend(p.days());
        let lots = p.supply.iter().flat_map(|s| &s.lots).map(|l| l.from.scaled());
        quantities.extend(lots.flat_map(|from| [from, from.saturating_sub(step)]));
    }
    for table in [facts.table(head.rate_type), item.rate_type.and_then(|id| facts.table(Some(id)))].into_iter().flatten() {
        days.extend(table.days_after(head.date));
    }
    if !amounts.is_empty()
        && let Some(all) = before_discounts(book, facts, head, items)
    {
        amounts.retain(|a| *a > all);
        found.extend(amounts.iter().copied().map(Change::OrderAmount));
        let price = Pricer::new(book, facts, head).line(item).price;
        let more = |to: &Amount| units_for(to.checked_sub(all)?, price?, item.quantity)?.checked_add(item.quantity);
        quantities.extend(amounts.iter().filter_map(more).map(Quantity::scaled));
    }
    if item.quantity.is_positive() && item.sold.is_none() {
        found.extend(quantities.into_iter().filter(|q| *q > 0).map(|q| Change::Quantity(Quantity::from_scaled(q))));
    }
    found.extend(days.into_iter().map(Change::Date));
    let same = |c: &Change| *c == Change::Quantity(item.quantity) || *c == Change::Date(head.date);
    found.retain(|c| !same(c));
    found.sort_by_key(|c| (c.weight(), c.distance(head, item), format!("{c:?}")));
    found.dedup();
    found
}

/// Quantities and days of bundles and gifts that may be for this line.
fn offers(book: &Book, head: &Header, item: &Item, quantities: &mut Vec<i64>, days: &mut Vec<NaiveDate>) {
    let mut around = |valid: &Period| {
        days.extend(valid.from.into_iter().flat_map(|d| [Some(d), d.checked_sub_days(Days::new(1))]).flatten());
        days.extend(valid.to.into_iter().flat_map(|d| [Some(d), d.checked_add_days(Days::new(1))]).flatten());
    };
    for b in book.bundles().filter(|b| holds(head, b.who, b.company, &Period::ALWAYS)) {
        let foreign =
            matches!(b.value, BundleValue::Off { currency, .. } | BundleValue::Price { currency, .. } if currency != head.currency);
        if let Some(m) = b.members.iter().find(|m| m.product == item.product && !foreign) {
            quantities.push(m.quantity.scaled());
            around(&b.valid);
        }
    }
    for g in book.gifts().filter(|g| holds(head, g.who, g.company, &Period::ALWAYS)) {
        if g.asks_for(item) || g.product == item.product {
            let both = g.from.scaled().saturating_add(g.quantity.scaled());
            quantities.extend([g.from.scaled(), g.quantity.scaled(), both]);
            around(&g.valid);
        }
    }
}

/// What the document comes to before discounts, as rules by the order's amount see it.
fn before_discounts(book: &Book, facts: &Facts, head: &Header, items: &[Item]) -> Option<Amount> {
    if head.order_amount.is_some() {
        return head.order_amount;
    }
    let mut pricer = Pricer::new(book, facts, head);
    let minor = head.currency.minor();
    let priced = items.iter().filter(|i| i.sold.is_none()).filter_map(|i| pricer.line(i).price.map(|p| p.times(i.quantity, minor)));
    Amount::sum(priced.collect::<Result<Vec<_>, _>>().ok()?).ok()
}

/// One line's part of that.
fn own_amount(book: &Book, facts: &Facts, head: &Header, item: &Item) -> Option<Amount> {
    before_discounts(book, facts, &Header { order_amount: None, ..head.clone() }, std::slice::from_ref(item))
}

/// How finely a quantity like this one is changed: by whole units where it is whole, else by its last decimal.
fn step(like: Quantity) -> i64 {
    if like.scaled() % Quantity::UNIT == 0 { Quantity::UNIT } else { 1 }
}

/// The fewest units that come to an amount: whole ones where `like` is whole.
fn units_for(amount: Amount, price: Price, like: Quantity) -> Option<Quantity> {
    if !price.is_positive() || !amount.is_positive() {
        return None;
    }
    let step = i128::from(step(like));
    let ten = |n: u32| 10i128.checked_pow(n);
    // amount / price, in last decimals of a quantity
    let top = i128::from(amount.scaled()).checked_mul(ten(Price::SCALE)?)?.checked_mul(i128::from(Quantity::UNIT))?;
    let bottom = i128::from(price.scaled()).checked_mul(ten(Amount::SCALE)?)?.checked_mul(step)?;
    let steps = top.checked_add(bottom - 1)? / bottom;
    i64::try_from(steps.checked_mul(step)?).ok().map(Quantity::from_scaled)
}

impl Desk<'_> {
    /// Every record of a key that the line has, whether it holds or not.
    fn relevant(&self, item: &Item, mut f: impl FnMut(u32, &crate::book::Rec)) {
        for slot in self.keys(item) {
            let mut at = slot;
            while at != NONE {
                let rec = self.book.rec(at);
                f(at, rec);
                at = rec.next;
            }
        }
    }
}
