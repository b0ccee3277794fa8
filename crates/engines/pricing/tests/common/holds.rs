//! What holds of any formula and of any rules, whoever made them up: seeded dice in every run of the tests, or a fuzzer that
//! follows what its inputs reach (`fuzz/`).

use super::{date, id, price_of, read};
use kontor_kernel::{Amount, Currency, VatMode};
use kontor_pricing::*;

/// Why a formula may be refused.
const CODES: [&str; 8] = ["empty", "too_long", "syntax", "unknown_name", "arithmetic", "limit", "not_a_number", "negative"];

/// A price type by the formula gives a price or says why not; a formula that is refused is so for a reason that has a name.
pub fn of_formula(source: &str) {
    let mut book = Book::new();
    for name in ["a", "b"] {
        let method = if name == "a" { Method::Formula { formula: source.to_string() } } else { Method::Manual };
        book.put_type(PriceType::new(id(name), name, Currency::UAH, VatMode::Excluded, method).compile());
    }
    let mut facts = Facts::new();
    facts.set_price(id("b"), id("x"), price_of("12.5"), date("2026-01-01"));
    facts.set_cost(id("x"), Cost { price: price_of("10"), currency: Currency::UAH });
    facts.set_value(id("x"), "stock", 5.into());
    let head = Header { price_type: Some(id("a")), ..Header::new(date("2026-11-21"), Currency::UAH) };
    let line = Pricer::new(&book, &facts, &head).line(&Item::new(id("x")));
    assert!(line.price.is_some() || line.problem.is_some(), "{source}");
    if let Err(e) = Formula::compile(source) {
        assert!(CODES.iter().any(|c| e.code == format!("formula_{c}")), "{source}: {}", e.code);
    }
}

/// What of the rules came into play.
#[derive(Clone, Copy, Debug, Default)]
pub struct Played {
    /// Shares of bundles and gifts in lines.
    pub shared: usize,
    /// Lines priced by the price list that lacks some goods.
    pub listed: usize,
}

/// Every line of a world that dice made is priced or says why not, its trace gives the price again, lines add up to the order.
pub fn of_rules(text: &str) -> Played {
    let mut played = Played::default();
    let world = read(text);
    let [line, order] = &world.asks[..] else { panic!("two questions: {text}") };
    let e = explain(&world.book, &world.facts, &line.head, &line.items[0], &world.names);
    assert!(e.price.is_some() || e.problem.is_some(), "{text}");
    assert_eq!(replay(&e.trace).map(|r| r.amount), Ok(e.amount), "{text}");
    let d = Pricer::new(&world.book, &world.facts, &order.head).document(&order.items, true);
    for n in 0..order.items.len() {
        let e = d.explain(&world.book, &order.head, &order.items, n, &world.names).expect("a line of the order");
        assert!(e.price.is_some() || e.problem.is_some(), "line {n} of {text}");
        assert_eq!(replay(&e.trace).map(|r| r.amount), Ok(e.amount), "line {n} of {text}");
        played.listed += usize::from(e.price_type == Some(id("list")));
    }
    let sum = Amount::sum(d.lines.iter().filter_map(|l| l.amount));
    assert!(d.problem.is_some() || sum == Ok(d.amount), "{text}");
    played.shared = d.shares.iter().filter(|s| s.source != Source::Amount).count();
    why_not(&world.book, &world.facts, &order.head, &order.items, 0, price_of("50"), &Choices::default());
    world.book.all_clashes();
    played
}
