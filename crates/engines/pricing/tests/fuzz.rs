//! Arbitrary formulas and rules for a bounded time: whatever comes in, nothing panics and nothing takes long.
//! `KONTOR_FUZZ_SECONDS` lengthens it.

mod common;

use common::{date, id};
use kontor_kernel::{Currency, VatMode};
use kontor_pricing::*;
use std::time::{Duration, Instant};

struct Dice(u64);

impl Dice {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below
    }
    fn of<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.next(from.len())]
    }
}

fn seconds() -> Duration {
    Duration::from_secs(std::env::var("KONTOR_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(3))
}

const PIECES: [&str; 58] = [
    "1",
    "0",
    "2.5",
    "79228162514264337593543950335",
    "0.0000000000000000000000000001",
    "quantity",
    "cost",
    "receipt",
    "stock",
    "supply",
    "coefficient",
    "price(\"a\")",
    "price(\"b\")",
    "rate(\"USD\")",
    "rate(\"X\")",
    "value(\"v\")",
    "\"text\"",
    "'c'",
    "true",
    "()",
    "+",
    "-",
    "*",
    "/",
    "%",
    "(",
    ")",
    "{",
    "}",
    ",",
    ";",
    "if ",
    " else ",
    "let a = ",
    "a",
    "min(",
    "max(",
    "round(",
    "ceil_to(",
    "floor_to(",
    "abs(",
    ">",
    "==",
    "&&",
    "switch quantity ",
    "=>",
    "_",
    "while ",
    "loop ",
    "fn f() ",
    "import ",
    "`${1}`",
    "#{",
    "[",
    "]",
    "\n",
    "//",
    "\u{202e}ї",
];

#[test]
fn prc_05_any_text_is_a_formula_or_a_named_error() {
    let (mut dice, begun, mut tried) = (Dice(20_261_121), Instant::now(), 0);
    let codes = ["empty", "too_long", "syntax", "unknown_name", "arithmetic", "limit", "not_a_number", "negative"];
    while begun.elapsed() < seconds() {
        let source: String = (0..dice.next(24)).map(|_| dice.of(&PIECES)).collect();
        let one = Instant::now();
        let mut book = Book::new();
        for name in ["a", "b"] {
            let method = if name == "a" { Method::Formula { formula: source.clone() } } else { Method::Manual };
            book.put_type(PriceType::new(id(name), name, Currency::UAH, VatMode::Excluded, method).compile());
        }
        let mut facts = Facts::new();
        facts.set_price(id("b"), id("x"), common::price_of("12.5"), date("2026-01-01"));
        facts.set_cost(id("x"), Cost { price: common::price_of("10"), currency: Currency::UAH });
        facts.set_value(id("x"), "stock", 5.into());
        let head = Header { price_type: Some(id("a")), ..Header::new(date("2026-11-21"), Currency::UAH) };
        let line = Pricer::new(&book, &facts, &head).line(&Item::new(id("x")));
        assert!(line.price.is_some() || line.problem.is_some(), "{source}");
        if let Err(e) = Formula::compile(&source) {
            assert!(codes.iter().any(|c| e.code == format!("formula_{c}")), "{source}: {}", e.code);
        }
        assert!(one.elapsed() < Duration::from_secs(2), "{source} takes {:?}", one.elapsed());
        tried += 1;
    }
    assert!(tried > 100, "{tried}");
}

#[test]
fn prc_17_any_text_of_rules_is_priced_or_explained() {
    let kinds: Vec<&str> = Kind::ALL.iter().map(|k| k.code()).collect();
    let whos = [
        "",
        " for partner p",
        " for agreement g",
        " for contract k",
        " for dealer d",
        " for segment s",
        " for card c",
        " for payment m",
        " for company w",
        " for region r",
        " for order_type o",
        " for deal_kind j",
    ];
    let whats = ["", " on product goods", " on group y", " on category z", " on segment t"];
    let values = [
        " type a",
        " type b",
        " type gone",
        " price 9.99 UAH",
        " price 0 USD",
        " -5%",
        " +7%",
        " -100%",
        " off 3 UAH",
        " extra 2 USD",
        " -0%",
    ];
    let rests = [
        "",
        " from-quantity 5",
        " order-from 100",
        " limit 3",
        " stop",
        " set 1",
        " priority 2",
        " until 2026-11-20",
        " from 2026-11-22",
        " fixed",
        " of-company w",
    ];
    let (mut dice, begun, mut tried) = (Dice(7), Instant::now(), 0);
    while begun.elapsed() < seconds() {
        let mut text = String::from(
            "rate USD 40 2026-11-21\ntype a UAH included manual\ntype b USD excluded markup a 10\ntype c UAH included markup c 1\nprice a goods 100\nproduct goods vat 20 in z group y segments t\ndefault a\n",
        );
        for n in 0..dice.next(30) {
            let rule = format!(
                "rule {}{}{}{}{}{}",
                dice.of(&kinds),
                dice.of(&whos),
                dice.of(&whats),
                dice.of(&values),
                dice.of(&rests),
                dice.of(&rests)
            );
            // What the book refuses, a command refuses too.
            let good = common::condition(&format!("{rule} named n{n}")).filter(|c| c.check().is_ok());
            if good.is_some() {
                text += &format!("{rule} named n{n}\n");
            }
        }
        let by = dice.of(&["sum", "maximum", "cascade", "priority"]);
        text += &format!(
            "ask goods x {} partner p for g contract k dealer d segments s card c payment m company w region r order_type o deal_kind j by {by} =>\n",
            dice.next(20)
        );
        let world = common::read(&text);
        let ask = &world.asks[0];
        let e = explain(&world.book, &world.facts, &ask.head, &ask.items[0], &world.names);
        assert!(e.price.is_some() || e.problem.is_some(), "{text}");
        assert_eq!(replay(&e.trace).map(|r| r.amount), Ok(e.amount), "{text}");
        world.book.all_clashes();
        tried += 1;
    }
    assert!(tried > 50, "{tried}");
}
