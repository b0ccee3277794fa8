//! What holds for any facts and any question: order does not matter, a kept trace gives the same price, nothing panics,
//! and a thousand lines are quick.

mod common;

use common::{date, id, percent, price_of};
use kontor_kernel::{Currency, Direction, Percent, Period, Price, Quantity, Rate, VatMode};
use kontor_pricing::*;
use proptest::prelude::*;

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "c", "d", "e"])
}
fn currency() -> impl Strategy<Value = Currency> {
    prop::sample::select(vec![Currency::UAH, Currency::USD, Currency::EUR])
}
fn vat() -> impl Strategy<Value = VatMode> {
    prop::sample::select(VatMode::ALL.to_vec())
}
fn number() -> impl Strategy<Value = i64> {
    prop_oneof![12 => 1i64..10i64.pow(10), 1 => any::<i64>(), 1 => Just(0)]
}

fn method() -> impl Strategy<Value = Method> {
    prop_oneof![
        6 => Just(Method::Manual),
        2 => (name(), -900_000i64..5_000_000).prop_map(|(n, p)| Method::Markup { base: id(n), percent: Percent::from_scaled(p) }),
        1 => (name(), name()).prop_map(|(a, b)| Method::Formula { formula: format!("max(price(\"{a}\"), price(\"{b}\") / 3) * rate(\"USD\")") }),
        1 => Just(Method::Formula { formula: "cost * quantity / 7".into() }),
    ]
}

fn rounding() -> impl Strategy<Value = Rounding> {
    let kind = prop::sample::select(vec![RoundingKind::Arithmetic, RoundingKind::Up, RoundingKind::Down]);
    (kind, 0i64..20_000_000, prop::option::of(0i64..2_000_000)).prop_map(|(kind, to, ending)| Rounding {
        kind,
        to: Price::from_scaled(to),
        ending: ending.map(Price::from_scaled),
    })
}

fn price_type(name: &'static str) -> impl Strategy<Value = PriceType> {
    (currency(), vat(), method(), prop::option::of(rounding())).prop_map(move |(currency, vat, method, rounding)| PriceType {
        id: id(name),
        name: name.into(),
        version: None,
        currency,
        vat,
        method,
        rounding,
    })
}

fn refinement() -> impl Strategy<Value = Refinement> {
    let scope = (name(), any::<bool>()).prop_map(|(n, p)| if p { Scope::Product(id(n)) } else { Scope::Category(id(n)) });
    let percent = (0i64..1_000_000).prop_map(Percent::from_scaled);
    (scope, prop::option::of(name()), prop::option::of(number()), prop::option::of(percent))
        .prop_map(|(scope, t, p, discount)| Refinement { scope, price_type: t.map(id), price: p.map(Price::from_scaled), discount })
}

#[derive(Debug, Clone)]
struct World {
    types: Vec<PriceType>,
    refinements: Vec<Refinement>,
    prices: Vec<(&'static str, &'static str, i64)>,
    rates: Vec<(Currency, i64, i64, bool)>,
    agreement: (Option<&'static str>, Currency, VatMode, Option<i64>),
}

fn world() -> impl Strategy<Value = World> {
    let types = (price_type("a"), price_type("b"), price_type("c"), price_type("d"), price_type("e"))
        .prop_map(|(a, b, c, d, e)| vec![a, b, c, d, e]);
    let prices = prop::collection::vec((name(), name(), number()), 0..60);
    let rates = prop::collection::vec((currency(), number(), 1i64..1_000, any::<bool>()), 0..9);
    let agreement = (prop::option::of(name()), currency(), vat(), prop::option::of(0i64..1_000_000));
    (types, prop::collection::vec(refinement(), 0..8), prices, rates, agreement)
        .prop_map(|(types, refinements, prices, rates, agreement)| World { types, refinements, prices, rates, agreement })
}

fn question() -> impl Strategy<Value = Question> {
    let hand = (prop::option::weighted(0.2, number()), prop::option::weighted(0.2, 0i64..1_000_000));
    (name(), prop::collection::vec(name(), 0..3), number(), any::<bool>(), prop::option::weighted(0.1, name()), currency(), vat(), hand)
        .prop_map(|(product, categories, quantity, agreed, price_type, currency, vat, (line_price, line_discount))| Question {
            categories: categories.into_iter().map(|c| Category { id: id(c), name: c.into() }).collect(),
            quantity: Quantity::from_scaled(quantity),
            agreement: agreed.then(|| id("agreement")),
            price_type: price_type.map(id),
            vat,
            line_price: line_price.map(Price::from_scaled),
            line_discount: line_discount.map(Percent::from_scaled),
            ..Question::new(id(product), date("2026-11-21"), currency)
        })
}

fn facts(w: &World, backwards: bool) -> Facts {
    fn order<T: Clone>(items: &[T], backwards: bool) -> Vec<T> {
        if backwards { items.iter().rev().cloned().collect() } else { items.to_vec() }
    }
    let mut facts = Facts::new();
    order(&w.types, backwards).into_iter().for_each(|t| facts.add_price_type(t));
    for (t, p, n) in &w.prices {
        facts.set_price(id(t), id(p), Price::from_scaled(*n), date("2026-01-01"));
    }
    let rates = w.rates.iter().map(|(c, rate, per, direct)| {
        let direction = if *direct { Direction::Direct } else { Direction::Indirect };
        (*c, DatedRate { date: date("2026-11-20"), rate: Rate::from_scaled(*rate), per: *per, direction })
    });
    facts.add_rates(RateTable { id: id("rates"), name: "rates".into(), base: Currency::UAH, rates: rates.collect() });
    facts.set_cost(id("a"), Cost { price: price_of("12.34"), currency: Currency::USD });
    facts.set_vat_rate(id("a"), percent("20"));
    facts.set_vat_rate(id("b"), percent("7"));
    facts.set_default_price_type(id("a"));
    let (price_type, currency, vat, discount) = w.agreement;
    facts.add_agreement(Agreement {
        id: id("agreement"),
        name: "agreement".into(),
        version: Some(3),
        price_type: price_type.map(id),
        currency,
        vat,
        discount: discount.map(Percent::from_scaled),
        valid: Period::ALWAYS,
        refinements: order(&w.refinements, backwards),
    });
    facts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn prc_13_order_of_rules_does_not_matter_and_traces_replay(w in world(), q in question()) {
        let e = price(&facts(&w, false), &q);
        prop_assert_eq!(&e, &price(&facts(&w, true), &q));
        prop_assert_eq!(replay(&e.trace), Ok((e.price, e.discount)));
        let kept: Trace = serde_json::from_str(&serde_json::to_string(&e.trace.winners()).unwrap()).unwrap();
        prop_assert_eq!(replay(&kept), Ok((e.price, e.discount)));
        prop_assert!(e.price.is_some() || e.problem.is_some());
        if let Some(by_hand) = q.line_price {
            prop_assert_eq!(e.price, Some(by_hand));
            let without = price(&facts(&w, false), &Question { line_price: None, ..q.clone() });
            prop_assert_eq!(e.rule_price, without.rule_price, "the hint is what the rules say");
        } else {
            prop_assert_eq!(e.price, e.rule_price);
        }
    }

    #[test]
    fn prc_03_rounding_lands_on_its_grid(r in rounding(), n in 1i64..10i64.pow(13)) {
        let world = World { types: vec![PriceType {
            id: id("a"), name: "a".into(), version: None, currency: Currency::UAH, vat: VatMode::Included, method: Method::Manual, rounding: Some(r),
        }], refinements: vec![], prices: vec![("a", "a", n)], rates: vec![], agreement: (None, Currency::UAH, VatMode::Included, None) };
        let e = price(&facts(&world, false), &Question::new(id("a"), date("2026-11-21"), Currency::UAH));
        if r.check().is_err() {
            prop_assert_eq!(e.problem.map(|n| n.key), Some("trace-problem-not_positive".into()));
            return Ok(());
        }
        let (got, to, ending) = (e.price.unwrap().scaled(), r.to.scaled(), r.ending.map_or(0, Price::scaled));
        prop_assert!(got > 0 && (got - ending) % to == 0);
        prop_assert!((got - n).abs() < to || got < to + ending, "within a step, or the first price there is");
        if got >= to + ending {
            match r.kind {
                RoundingKind::Up => prop_assert!(got >= n),
                RoundingKind::Down => prop_assert!(got <= n),
                RoundingKind::Arithmetic => prop_assert!((got - n).abs() * 2 <= to),
            }
        }
    }
}

#[test]
fn prc_13_a_type_that_many_stand_on_does_not_multiply_without_end() {
    let mut facts = Facts::new();
    for i in 0..16 {
        let formula = (0..i).map(|j| format!("price(\"t{j}\")")).collect::<Vec<_>>().join(" + ");
        let method = if i == 0 { Method::Manual } else { Method::Formula { formula } };
        let name = format!("t{i}");
        let (currency, vat) = (Currency::UAH, VatMode::Included);
        facts.add_price_type(PriceType { id: id(&name), name, version: None, currency, vat, method, rounding: None });
    }
    facts.set_price(id("t0"), id("x"), Price::ONE, date("2026-01-01"));
    let ask = |t: &str| price(&facts, &Question { price_type: Some(id(t)), ..Question::new(id("x"), date("2026-11-21"), Currency::UAH) });
    assert_eq!(ask("t7").price, Some(price_of("64")));
    assert_eq!(ask("t15").problem.map(|n| n.key), Some("trace-problem-too_deep".into()));
}

#[test]
fn prc_17_a_thousand_lines_take_milliseconds() {
    let world = common::read(include_str!("cases/values.txt"));
    let asks: Vec<&Question> = world.asks.iter().map(|a| &a.question).filter(|q| q.line_price.is_none()).collect();
    // The best of several runs: other work on the machine must not fail the test.
    let best = (0..7).map(|_| {
        let start = std::time::Instant::now();
        let priced = (0..1_000).filter(|i| price(&world.facts, asks[i % asks.len()]).price.is_some()).count();
        assert!(priced > 900);
        start.elapsed()
    });
    let best = best.min().unwrap();
    println!("1,000 lines: {best:?}");
    assert!(best.as_millis() < 50, "{best:?}");
}
