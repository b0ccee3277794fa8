//! Whole documents against a reference that is as plain as can be: cents and whole numbers, lists gone through from the
//! beginning, the largest remainder by sorting. Split lines, prices by hand, bundles, gifts, discounts by the order's amount,
//! one after another.

mod common;

use common::{date, id};
use kontor_kernel::{Amount, Currency, Percent, Price, Quantity, VatMode};
use kontor_pricing::{From, *};
use proptest::prelude::*;

/// Rounded half away from zero; both above zero.
fn round(n: i128, d: i128) -> i128 {
    (2 * n + d) / (2 * d)
}

const NAMES: [&str; 6] = ["p0", "p1", "p2", "p3", "p4", "p5"];
/// A whole, in units of percentages.
const ALL: i128 = 1_000_000;

#[derive(Clone, Debug)]
struct Order {
    /// List price in cents.
    prices: Vec<i128>,
    /// Product, whole units.
    lines: Vec<(usize, i128)>,
    /// Price in cents that was written by hand into some of the lines: nothing comes off it.
    hand: Vec<Option<i128>>,
    /// Percent (in ALL) off the first so many units of a line of the product.
    limited: Vec<(usize, i128, i128)>,
    /// Percent off everything.
    period: i128,
    /// From so many cents of the order: percent or cents off.
    amounts: Option<(i128, Result<i128, i128>)>,
    bundles: Vec<Together>,
    /// Buy so many of these, get so many of those; again for every further.
    gifts: Vec<(usize, i128, usize, i128, bool)>,
}

/// Products with their units, what comes off, how many bundles at most.
type Together = (Vec<(usize, i128)>, Off, Option<i128>);

#[derive(Clone, Copy, Debug)]
enum Off {
    Percent(i128),
    Cents(i128),
    Price(i128),
}

fn orders() -> impl Strategy<Value = Order> {
    let product = || 0usize..6;
    let prices = prop::collection::vec(prop_oneof![1i128..1_000_000, 1i128..30], 6);
    let lines =
        prop_oneof![4 => prop::collection::vec((product(), 1i128..15), 1..8), 1 => prop::collection::vec((product(), 1i128..15), 8..60)];
    let limited = prop::collection::btree_map(product(), (1i128..900_000, 1i128..10), 0..3)
        .prop_map(|m| m.into_iter().map(|(p, (percent, limit))| (p, percent, limit)).collect());
    let off = prop_oneof![2 => (1i128..900_000).prop_map(Ok), 1 => (1i128..300_000).prop_map(Err)];
    let bundle = (
        prop::collection::btree_map(product(), 1i128..4, 1..4).prop_map(|m| m.into_iter().collect::<Vec<_>>()),
        prop_oneof![
            2 => (1i128..=1_000_000).prop_map(Off::Percent),
            1 => Just(Off::Percent(ALL)),
            1 => (1i128..100_000).prop_map(Off::Cents),
            1 => prop_oneof![Just(0i128), 0i128..1_000_000].prop_map(Off::Price),
        ],
        prop::option::weighted(0.3, 1i128..4),
    );
    let gift = (product(), 1i128..6, product(), 1i128..4, any::<bool>());
    let offers = (prop::collection::vec(bundle, 0..3), prop::collection::vec(gift, 0..3));
    let hand = prop::collection::vec(prop::option::weighted(0.1, 1i128..1_000_000), 60);
    (prices, (lines, hand), limited, prop_oneof![Just(0i128), 1i128..500_000], prop::option::of((0i128..5_000_000, off)), offers).prop_map(
        |(prices, (lines, hand), limited, period, amounts, (bundles, gifts))| Order {
            prices,
            lines,
            hand,
            limited,
            period,
            amounts,
            bundles,
            gifts,
        },
    )
}

/// Cents that come off each of these lines: in proportion, what is left over to the largest remainders, the first of equals.
fn shares(off: i128, weights: &[i128]) -> Vec<i128> {
    let sum: i128 = weights.iter().sum();
    let weights = if sum == 0 { vec![1; weights.len()] } else { weights.to_vec() };
    let sum: i128 = weights.iter().sum();
    let mut parts: Vec<i128> = weights.iter().map(|w| off * w / sum).collect();
    let mut by_rest: Vec<usize> = (0..weights.len()).collect();
    by_rest.sort_by_key(|i| -(off * weights[*i] % sum));
    let left = off - parts.iter().sum::<i128>();
    for i in 0..left as usize {
        parts[by_rest[i]] += 1;
    }
    parts
}

/// Each line's amount in cents, and what was earned and not taken: gift, units.
fn naive(o: &Order) -> (Vec<i128>, Vec<(usize, i128)>) {
    let list = |i: usize| o.hand[i].unwrap_or(o.prices[o.lines[i].0]) * o.lines[i].1;
    let mut amounts: Vec<i128> = vec![];
    for (n, l) in o.lines.iter().enumerate() {
        if o.hand[n].is_some() {
            amounts.push(list(n));
            continue;
        }
        let price = o.prices[l.0];
        let less = |units: i128, percent: i128| round(price * units * (ALL - percent.min(ALL)), ALL);
        amounts.push(match o.limited.iter().find(|x| x.0 == l.0) {
            Some((_, percent, limit)) if *limit < l.1 => less(*limit, percent + o.period) + less(l.1 - limit, o.period),
            Some((_, percent, _)) => less(l.1, percent + o.period),
            None => less(l.1, o.period),
        });
    }
    // By product, then by line.
    let mut order: Vec<usize> = (0..o.lines.len()).filter(|i| o.hand[*i].is_none()).collect();
    order.sort_by_key(|i| (id(NAMES[o.lines[*i].0]), *i));
    let first = |of: usize, left: &[i128], mut need: i128| -> Vec<(usize, i128)> {
        let mut used = vec![];
        for i in order.iter().copied().filter(|i| o.lines[*i].0 == of) {
            let units = left[i].min(need);
            if units > 0 {
                used.push((i, units));
                need -= units;
            }
        }
        used
    };
    let take_off = |amounts: &mut [i128], lines: &[usize], off: i128, weights: &[i128]| {
        let mut parts = shares(off, weights);
        // No line gives more than it costs; what is too much the first ones with room give.
        let mut over = 0;
        for (i, cents) in lines.iter().zip(&mut parts) {
            over += (*cents - amounts[*i]).max(0);
            *cents = (*cents).min(amounts[*i]);
        }
        for (i, cents) in lines.iter().zip(&mut parts) {
            let more = over.min(amounts[*i] - *cents);
            *cents += more;
            over -= more;
        }
        assert_eq!(over, 0, "there is more than comes off");
        for (i, cents) in lines.iter().zip(parts) {
            amounts[*i] -= cents;
        }
    };
    // Amounts of parts of lines are kept to hundredths of a cent.
    let part = |amounts: &[i128], i: usize, units: i128, of: i128| round(amounts[i] * 100 * units, of);

    let mut left: Vec<i128> = o.lines.iter().map(|l| l.1).collect();
    for (members, off, limit) in &o.bundles {
        let total = |p: usize| order.iter().filter(|i| o.lines[**i].0 == p).map(|i| left[*i]).sum::<i128>();
        let mut fit = members.iter().map(|(p, n)| total(*p) / n).min().unwrap();
        fit = limit.map_or(fit, |l| fit.min(l));
        if fit == 0 {
            continue;
        }
        let used: Vec<(usize, i128)> = members.iter().flat_map(|(p, n)| first(*p, &left, n * fit)).collect();
        let worth: Vec<i128> = used.iter().map(|(i, n)| part(&amounts, *i, *n, o.lines[*i].1)).collect();
        let sum: i128 = worth.iter().sum();
        let cents = match off {
            Off::Percent(p) => round(sum * p, ALL * 100),
            Off::Cents(c) => c * fit,
            Off::Price(c) if sum > c * fit * 100 => round(sum - c * fit * 100, 100),
            Off::Price(_) => 0,
        };
        // Whole cents only, and no more than there is.
        let cents = cents.min(sum.div_euclid(100));
        if cents == 0 {
            continue;
        }
        used.iter().for_each(|(i, n)| left[*i] -= n);
        take_off(&mut amounts, &used.iter().map(|u| u.0).collect::<Vec<_>>(), cents, &worth);
    }

    let (mut given, mut earned) = (vec![0i128; o.lines.len()], vec![]);
    for (n, (bought, from, gift, each, repeat)) in o.gifts.iter().enumerate() {
        let units =
            |p: usize, given: &[i128]| order.iter().filter(|i| o.lines[**i].0 == p).map(|i| o.lines[*i].1 - given[*i]).sum::<i128>();
        let times = |n: i128| if *repeat { n } else { n.min(1) };
        let (total, there) = (units(*bought, &given), units(*gift, &given));
        let (free, missing) = if bought == gift {
            let sets = times(total / (from + each));
            let rest = total - sets * (from + each);
            let begun = rest >= *from && (*repeat || sets == 0);
            (sets * each, if begun { from + each - rest } else { 0 })
        } else {
            let all = times(total / from) * each;
            (all.min(there), (all - there).max(0))
        };
        if missing > 0 {
            earned.push((n, missing));
        }
        let rest: Vec<i128> = o.lines.iter().zip(&given).map(|(l, g)| l.1 - g).collect();
        let used = first(*gift, &rest, free);
        let worth: Vec<i128> = used.iter().map(|(i, units)| part(&amounts, *i, *units, rest[*i])).collect();
        used.iter().for_each(|(i, units)| given[*i] += units);
        take_off(&mut amounts, &used.iter().map(|u| u.0).collect::<Vec<_>>(), round(worth.iter().sum(), 100), &worth);
    }

    if let Some((from, off)) = o.amounts
        && (0..o.lines.len()).map(list).sum::<i128>() >= from
    {
        // In millionths of a hundredth of a cent; no line gives more than is left of it.
        let parts: Vec<i128> = order
            .iter()
            .map(|i| match off {
                Ok(percent) => (list(*i) * 100 * percent).min(amounts[*i] * 100 * ALL),
                Err(_) => amounts[*i] * 100 * ALL,
            })
            .collect();
        let sum = round(parts.iter().sum(), ALL * 100);
        let cents = off.map_or_else(|cents| cents.min(sum), |_| sum);
        take_off(&mut amounts, &order, cents, &parts.iter().map(|p| p / ALL).collect::<Vec<_>>());
    }
    (amounts, earned)
}

fn cents(n: i128) -> Amount {
    Amount::from_scaled(i64::try_from(n * 100).unwrap())
}
fn units(n: i128) -> Quantity {
    Quantity::from_scaled(i64::try_from(n).unwrap() * Quantity::UNIT)
}
fn percent(n: i128) -> Percent {
    Percent::from_scaled(i64::try_from(n).unwrap())
}

/// The same for the engine.
fn world(o: &Order) -> (Book, Facts, Header, Vec<Item>) {
    let mut book = Book::new();
    book.put_type(PriceType::new(id("list"), "list", Currency::UAH, VatMode::Included, Method::Manual).compile());
    let mut put = |name: String, kind: Kind, what: What, value: Value, from: From, limit: Option<Quantity>| {
        let c = Condition { from, limit, ..Condition::new(id(&name), kind, Who::Anyone, what, value) };
        book.put(&c).unwrap();
    };
    put("default".into(), Kind::Default, What::Any, Value::PriceType(id("list")), From::Nothing, None);
    for (p, off, limit) in &o.limited {
        let what = What::Product(id(NAMES[*p]));
        put(format!("limited {p}"), Kind::Special, what, Value::Percent(percent(*off)), From::Nothing, Some(units(*limit)));
    }
    if o.period > 0 {
        put("period".into(), Kind::Period, What::Any, Value::Percent(percent(o.period)), From::Nothing, None);
    }
    if let Some((from, off)) = o.amounts {
        let value = match off {
            Ok(p) => Value::Percent(percent(p)),
            Err(c) => Value::Off { off: Price::from_scaled(i64::try_from(c * 10_000).unwrap()), currency: Currency::UAH },
        };
        let from = if from == 0 { From::Nothing } else { From::Amount(cents(from)) };
        put("amount".into(), Kind::Amount, What::Any, value, from, None);
    }
    for (n, (members, off, limit)) in o.bundles.iter().enumerate() {
        let value = match off {
            Off::Percent(p) => BundleValue::Percent(percent(*p)),
            Off::Cents(c) => BundleValue::Off { off: cents(*c), currency: Currency::UAH },
            Off::Price(c) => BundleValue::Price { price: cents(*c), currency: Currency::UAH },
        };
        let members = members.iter().map(|(p, n)| Member { product: id(NAMES[*p]), quantity: units(*n) }).collect();
        let (who, valid, limit) = (Who::Anyone, Default::default(), limit.map(|l| l as u32));
        let b = Bundle { id: id(&format!("bundle {n}")), version: 1, members, value, who, company: None, valid, priority: n as i32, limit };
        book.put_bundle(b).unwrap();
    }
    for (n, (bought, from, gift, each, repeat)) in o.gifts.iter().enumerate() {
        let (what, product, quantity) = (What::Product(id(NAMES[*bought])), id(NAMES[*gift]), units(*each));
        let (id, valid, from) = (id(&format!("gift {n}")), Default::default(), units(*from));
        let (who, company, repeat, priority) = (Who::Anyone, None, *repeat, n as i32);
        book.put_gift(Gift { id, version: 1, what, from, product, quantity, repeat, who, company, valid, priority }).unwrap();
    }
    let mut facts = Facts::new();
    for (name, price) in NAMES.iter().zip(&o.prices) {
        facts.set_price(id("list"), id(name), Price::from_scaled(i64::try_from(price * 10_000).unwrap()), date("2026-01-01"));
    }
    let line = |n: usize| Some(Id::from_u128(n as u128 + 1));
    let hand = |n: usize| o.hand[n].map(|c| Price::from_scaled(i64::try_from(c * 10_000).unwrap()));
    let item =
        |(n, l): (usize, &(usize, i128))| Item { line: line(n), quantity: units(l.1), line_price: hand(n), ..Item::new(id(NAMES[l.0])) };
    (book, facts, Header::new(date("2026-11-21"), Currency::UAH), o.lines.iter().enumerate().map(item).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn prc_12_a_document_and_its_naive_reference_agree_to_the_cent(o in orders(), keys in prop::collection::vec(any::<u32>(), 60)) {
        let (book, facts, head, items) = world(&o);
        let (amounts, earned) = naive(&o);
        // Lines come in any order; each has its own place by product and line.
        let mut shuffled: Vec<usize> = (0..items.len()).collect();
        shuffled.sort_by_key(|i| keys[*i]);
        let asked: Vec<Item> = shuffled.iter().map(|i| items[*i].clone()).collect();
        let d = Pricer::new(&book, &facts, &head).document(&asked, false);
        prop_assert!(d.problem.is_none());
        let got: Vec<Option<Amount>> = d.lines.iter().map(|l| l.amount).collect();
        prop_assert_eq!(got, shuffled.iter().map(|i| Some(cents(amounts[*i]))).collect::<Vec<_>>());
        prop_assert_eq!(d.amount, cents(amounts.iter().sum()));
        let told: Vec<(Id, Quantity)> = d.earned.iter().map(|e| (e.gift, e.quantity)).collect();
        prop_assert_eq!(told, earned.into_iter().map(|(n, q)| (id(&format!("gift {n}")), units(q))).collect::<Vec<_>>());
        prop_assert!(amounts.iter().all(|a| *a >= 0), "nobody is paid for taking goods: {:?}", amounts);
    }
}
