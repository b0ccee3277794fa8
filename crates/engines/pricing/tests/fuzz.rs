//! Arbitrary formulas and rules for a bounded time: whatever comes in, nothing panics, nothing takes long, and nothing takes
//! much memory. `KONTOR_FUZZ_SECONDS` lengthens it; every run begins elsewhere, `KONTOR_FUZZ_SEED` begins where one failed.

mod common;

use common::dice::{Dice, formula, seed, world};
use common::{date, id};
use kontor_kernel::{Amount, Currency, VatMode};
use kontor_pricing::*;
use std::time::{Duration, Instant};

fn seconds() -> Duration {
    Duration::from_secs(std::env::var("KONTOR_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(3))
}

/// The most memory that this process ever had, in MB; `None` where the system does not tell.
fn most_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kb| kb / 1024)
}

fn priced(source: &str) -> Line {
    let mut book = Book::new();
    for name in ["a", "b"] {
        let method = if name == "a" { Method::Formula { formula: source.to_string() } } else { Method::Manual };
        book.put_type(PriceType::new(id(name), name, Currency::UAH, VatMode::Excluded, method).compile());
    }
    let mut facts = Facts::new();
    facts.set_price(id("b"), id("x"), common::price_of("12.5"), date("2026-01-01"));
    facts.set_cost(id("x"), Cost { price: common::price_of("10"), currency: Currency::UAH });
    facts.set_value(id("x"), "stock", 5.into());
    let head = Header { price_type: Some(id("a")), ..Header::new(date("2026-11-21"), Currency::UAH) };
    Pricer::new(&book, &facts, &head).line(&Item::new(id("x")))
}

/// A formula has no need of more.
const MEMORY: u64 = 64;

#[test]
fn prc_05_any_text_is_a_formula_or_a_named_error() {
    let codes = ["empty", "too_long", "syntax", "unknown_name", "arithmetic", "limit", "not_a_number", "negative"];
    // What doubles itself, as often as the length of a formula allows, comes first.
    let doubling =
        ["a += a;", "a = a + a;", "a = `${a}${a}`;", "a *= a;"].map(|d| format!("let a = \"0123456789abcdef\"; {} 1", d.repeat(100)));
    doubling.iter().for_each(|source| drop(priced(source)));
    let before = most_memory();
    let (mut dice, begun, mut tried) = (Dice::new(seed()), Instant::now(), 0);
    while begun.elapsed() < seconds() {
        let source = formula(&mut dice);
        let one = Instant::now();
        let line = priced(&source);
        assert!(line.price.is_some() || line.problem.is_some(), "{source}");
        if let Err(e) = Formula::compile(&source) {
            assert!(codes.iter().any(|c| e.code == format!("formula_{c}")), "{source}: {}", e.code);
        }
        assert!(one.elapsed() < Duration::from_secs(2), "{source} takes {:?}", one.elapsed());
        tried += 1;
    }
    assert!(tried > 100, "{tried}");
    if let (Some(before), Some(after)) = (before, most_memory()) {
        assert!(before < MEMORY && after < MEMORY, "{before} MB after what doubles, {after} MB in the end");
    }
}

#[test]
fn prc_17_any_text_of_rules_is_priced_or_explained() {
    let (mut dice, begun, mut tried) = (Dice::new(seed()), Instant::now(), 0);
    let mut shared = 0;
    while begun.elapsed() < seconds() {
        let text = world(&mut dice);
        let world = common::read(&text);
        let [line, order] = &world.asks[..] else { panic!("two questions: {text}") };
        let e = explain(&world.book, &world.facts, &line.head, &line.items[0], &world.names);
        assert!(e.price.is_some() || e.problem.is_some(), "{text}");
        assert_eq!(replay(&e.trace).map(|r| r.amount), Ok(e.amount), "{text}");
        let d = Pricer::new(&world.book, &world.facts, &order.head).document(&order.items, true);
        for n in 0..order.items.len() {
            let e = d.explain(&world.book, &order.head, &order.items, n, &world.names).unwrap();
            assert!(e.price.is_some() || e.problem.is_some(), "line {n} of {text}");
            assert_eq!(replay(&e.trace).map(|r| r.amount), Ok(e.amount), "line {n} of {text}");
        }
        let sum = Amount::sum(d.lines.iter().filter_map(|l| l.amount));
        assert!(d.problem.is_some() || sum == Ok(d.amount), "{text}");
        shared += d.shares.iter().filter(|s| s.source != Source::Amount).count();
        let wanted = common::price_of("50");
        why_not(&world.book, &world.facts, &order.head, &order.items, 0, wanted, &Choices::default());
        world.book.all_clashes();
        tried += 1;
    }
    assert!(tried > 50, "{tried}");
    assert!(shared > 0, "bundles and gifts were among {tried} orders");
}
