//! The engine against a reference that is as plain as can be: it looks through all rules for every line, keeps no index,
//! no header, no levels, and computes with decimals.

mod common;

use common::worlds::chaos;
use kontor_kernel::{Currency, Percent, Price, VatMode};
use kontor_pricing::{From, *};
use proptest::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy};

/// How specifically a record names the one whom the document is for; `None` when it is for somebody else.
fn whom(c: &Condition, h: &Header) -> Option<u8> {
    let is = |at: u8, of: Option<Id>, id: Id| (of == Some(id)).then_some(at);
    let agreement = if c.kind == Kind::StandardAgreement { h.standard_agreement } else { h.agreement };
    match c.who {
        // An individual list of the agreement goes before the partner's.
        Who::Agreement(id) if c.kind == Kind::IndividualList => is(0, agreement, id),
        Who::Partner(id) => is(1, h.partner, id),
        Who::Agreement(id) => is(2, agreement, id),
        Who::Contract(id) => is(3, h.contract, id),
        Who::DealerType(id) => is(4, h.dealer_type, id),
        Who::Segment(id) => h.segments.contains(&id).then_some(5),
        Who::Region(id) => is(6, h.region, id),
        Who::OrderType(id) => is(6, h.order_type, id),
        Who::DealKind(id) => is(6, h.deal_kind, id),
        Who::Company(id) => is(6, h.company, id),
        Who::PaymentForm(id) => is(6, h.payment_form, id),
        Who::Card(id) => is(6, h.card, id),
        Who::Anyone => Some(7),
    }
}

fn which(c: &Condition, i: &Item) -> Option<usize> {
    match c.what {
        What::Product(id) => (i.product == id).then_some(0),
        What::PriceGroup(id) => (i.price_group == Some(id)).then_some(1),
        What::Category(id) => i.categories.iter().position(|c| *c == id).map(|n| 2 + n),
        What::Segment(id) => i.segments.contains(&id).then_some(100),
        What::Any => Some(200),
    }
}

/// The rules of a kind that hold, the best first.
fn holding<'a>(rules: &'a [Condition], kind: Kind, h: &Header, i: &Item, order: Decimal) -> Vec<&'a Condition> {
    let holds = |c: &&Condition| {
        let from = match c.from {
            From::Nothing => true,
            From::Quantity(q) => q <= i.quantity.abs(),
            From::Amount(a) => Decimal::new(a.scaled(), 4) <= order.abs(),
        };
        let company = c.company.is_none() || c.company == h.company;
        c.kind == kind && whom(c, h).is_some() && which(c, i).is_some() && c.valid.contains(h.date) && from && company
    };
    let mut found: Vec<&Condition> = rules.iter().filter(holds).collect();
    found.sort_by_key(|c| {
        let start = match c.from {
            From::Nothing => (1, 0),
            From::Amount(a) => (1, -a.scaled()),
            From::Quantity(q) => (0, -q.scaled()),
        };
        (whom(c, h), which(c, i), c.company.is_none(), start, c.priority, c.id)
    });
    found
}

fn dec(p: Price) -> Decimal {
    Decimal::new(p.scaled(), 6)
}
fn cents(d: Decimal) -> Decimal {
    d.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// List price, discount in percent with four decimals, amount.
fn naive(rules: &[Condition], prices: &[(Id, Id, Price)], h: &Header, i: &Item) -> Option<(Decimal, Decimal, Decimal)> {
    let mut list = None;
    for kind in Kind::ALL.into_iter().filter(|k| k.is_base()) {
        for c in holding(rules, kind, h, i, Decimal::ZERO) {
            list = match c.value {
                Value::Price { price, .. } => Some((c, dec(price))),
                // A later price of the same product replaces an earlier one.
                Value::PriceType(t) => prices.iter().rev().find(|(of, p, _)| *of == t && *p == i.product).map(|(_, _, p)| (c, dec(*p))),
                Value::Percent(_) | Value::Off { .. } => None,
            };
            if list.is_some() {
                break;
            }
        }
        if list.is_some() {
            break;
        }
    }
    let (base, mut list) = list?;
    if let Some(c) = holding(rules, Kind::Surcharge, h, i, Decimal::ZERO).first() {
        let Value::Percent(p) = c.value else { return None };
        list = cents(list * (Decimal::ONE - Decimal::new(p.scaled(), 6)));
    }
    let quantity = Decimal::new(i.quantity.scaled(), 6);
    let order = cents(list * quantity);
    let mut won: Vec<&Condition> = vec![];
    for kind in Kind::ALL.into_iter().filter(|k| *k > Kind::Surcharge) {
        let mut found = holding(rules, kind, h, i, order);
        if base.fixed {
            found.retain(|c| c.kind == Kind::Agreement && c.who == base.who && c.what == base.what);
        }
        won.extend(found.first());
    }
    if let Some(n) = won.iter().position(|c| c.stop) {
        won.truncate(n + 1);
    }
    let percent = |c: &Condition| if let Value::Percent(p) = c.value { p.scaled() } else { 0 };
    let all = won.clone();
    won.retain(|c| {
        let better = |o: &&&Condition| o.group == c.group && (percent(o) > percent(c) || (percent(o) == percent(c) && o.kind < c.kind));
        c.group == 0 || percent(c) <= 0 || all.iter().filter(|o| percent(o) > 0).find(better).is_none()
    });
    let all = won.clone();
    won.retain(|c| match h.algorithm {
        Algorithm::Sum | Algorithm::Cascade => true,
        Algorithm::Maximum => {
            percent(c) <= 0 || !all.iter().any(|o| percent(o) > percent(c) || (percent(o) == percent(c) && o.kind < c.kind))
        }
        Algorithm::Priority => percent(c) < 0 || !all.iter().any(|o| percent(o) >= 0 && (o.priority, o.kind) < (c.priority, c.kind)),
    });
    let part = |c: &&Condition| Decimal::new(percent(c), 6);
    let discount = if h.algorithm == Algorithm::Cascade {
        Decimal::ONE - won.iter().map(|c| Decimal::ONE - part(c)).product::<Decimal>()
    } else {
        won.iter().map(part).sum::<Decimal>().min(Decimal::ONE)
    };
    let discount = discount.round_dp_with_strategy(6, RoundingStrategy::MidpointAwayFromZero);
    Some((list, discount * Decimal::from(100), cents(list * quantity * (Decimal::ONE - discount))))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn prc_17_the_engine_and_the_naive_reference_agree(w in chaos()) {
        let mut w = w;
        // One currency and basis, percentages only, no split lines: `naive_values` and `naive_orders` have the rest.
        w.head = Header { currency: Currency::UAH, vat: VatMode::Included, rounding: None, price_type: None, ..w.head };
        let simple = |t: &PriceType| PriceType::new(t.id, &t.name, Currency::UAH, VatMode::Included, Method::Manual);
        w.types = w.types.iter().map(simple).collect();
        w.prices.iter_mut().for_each(|p| p.2 = p.2.rem_euclid(100_000_000) / 10_000 * 10_000 + 10_000);
        for (n, c) in w.rules.iter_mut().enumerate() {
            c.limit = None;
            c.value = match c.value {
                Value::Price { price, .. } => Value::Price { price: Price::from_scaled(price.scaled() / 10_000 * 10_000 + 10_000), currency: Currency::UAH, vat: VatMode::Included },
                Value::Off { .. } => Value::Percent(Percent::from_scaled(n as i64 * 1_000)),
                Value::PriceType(t) if t == common::id("f") => Value::PriceType(common::id("a")),
                other => other,
            };
        }
        // The order's discount is taken from the order and rounded apart.
        w.rules.retain(|c| c.kind != Kind::Amount);
        let (book, facts) = (w.book(false), w.facts());
        let mut rules: Vec<Condition> = book.records().collect();
        rules.sort_by_key(|c| c.id);
        let prices: Vec<(Id, Id, Price)> = w.prices.iter().filter(|p| !p.3).map(|(t, p, n, _)| (common::id(t), common::id(p), Price::from_scaled(*n))).collect();
        for item in &w.items {
            let quantity = kontor_kernel::Quantity::from_scaled(item.quantity.scaled() % 10i64.pow(9));
            let item = Item { line_price: None, line_discount: None, quantity, ..item.clone() };
            let line = Pricer::new(&book, &facts, &w.head).line(&item);
            let got = line.price.map(|p| (dec(p), Decimal::new(line.discount.scaled(), 4), Decimal::new(line.amount.unwrap().scaled(), 4)));
            prop_assert_eq!(got, naive(&rules, &prices, &w.head, &item));
        }
    }
}
