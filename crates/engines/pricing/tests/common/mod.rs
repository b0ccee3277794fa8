//! Reads worlds and questions from text, so that a table of cases stays a table.
//!
//! ```text
//! base UAH                                     base currency of the rates
//! rate USD 41.25 2026-11-20 [per 100] [indirect]
//! type Retail UAH included manual              or: markup Base 10 | formula <to the end of the line>
//! round Retail up 0.05 [0.99]                  arithmetic | up | down, step, ending
//! price Retail bolt 120 [from 2026-01-01]
//! cost bolt 80 UAH
//! product bolt vat 20 in Fasteners > Hardware
//! agreement A Retail UAH included [5] [until 2026-01-31]
//!   product bolt [price 100] [type Dealer] [discount 7]
//!   category Fasteners …
//! default Retail
//! ask bolt [for A] [type T] [x 10] [in EUR] [vat excluded] [price 99] [discount 3] => 120 -5% key key …
//! ```
//! A step's key is its note's without `trace-`; `=> none key` means no price, with this problem.

#![allow(dead_code, reason = "each test file uses its own part")]

use kontor_kernel::{Currency, Direction, Percent, Period, Price, Quantity, Rate, VatMode};
use kontor_pricing::*;
use std::collections::HashMap;

pub struct World {
    pub facts: Facts,
    pub asks: Vec<Ask>,
}
pub struct Ask {
    pub line: usize,
    pub text: String,
    pub question: Question,
    pub want: String,
}

/// The same id for the same name, everywhere.
pub fn id(name: &str) -> uuid::Uuid {
    let hash = |seed: u64| name.bytes().fold(seed, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    uuid::Uuid::from_u64_pair(hash(0xcbf2_9ce4_8422_2325), hash(0x9e37_79b9_7f4a_7c15))
}
pub fn date(s: &str) -> chrono::NaiveDate {
    s.parse().unwrap_or_else(|e| panic!("{s}: {e}"))
}
pub fn price_of(s: &str) -> Price {
    Price::parse(s).unwrap_or_else(|e| panic!("{s}: {e}"))
}
pub fn percent(s: &str) -> Percent {
    Percent::parse(s).unwrap_or_else(|e| panic!("{s}: {e}"))
}
fn currency(s: &str) -> Currency {
    Currency::parse(s).unwrap_or_else(|e| panic!("{s}: {e}"))
}
fn vat(s: &str) -> VatMode {
    VatMode::parse(s).unwrap_or_else(|| panic!("{s} is no VAT mode"))
}
/// The word after `key`.
fn after<'a>(words: &[&'a str], key: &str) -> Option<&'a str> {
    let at = words.iter().position(|w| *w == key)?;
    Some(words.get(at + 1).unwrap_or_else(|| panic!("nothing after {key}")))
}

#[derive(Default)]
struct Reader {
    rates: HashMap<Currency, DatedRate>,
    base: Option<Currency>,
    types: Vec<PriceType>,
    agreements: Vec<Agreement>,
    categories: HashMap<String, Vec<Category>>,
}

pub fn read(text: &str) -> World {
    let mut r = Reader::default();
    let mut facts = Facts::new();
    let mut asks = vec![];
    for (i, line) in text.lines().enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.first().copied() {
            None | Some("#") => {}
            Some("base") => r.base = Some(currency(words[1])),
            Some("rate") => {
                let per = after(&words, "per").map_or(1, |p| p.parse().expect("whole number"));
                let direction = if words.contains(&"indirect") { Direction::Indirect } else { Direction::Direct };
                let rate = Rate::parse(words[2]).expect("rate");
                r.rates.insert(currency(words[1]), DatedRate { date: date(words[3]), rate, per, direction });
            }
            Some("type") => r.types.push(price_type(line, &words)),
            Some("round") => {
                let kind = match words[2] {
                    "up" => RoundingKind::Up,
                    "down" => RoundingKind::Down,
                    _ => RoundingKind::Arithmetic,
                };
                let t = r.types.iter_mut().find(|t| t.name == words[1]).expect("type above");
                t.rounding = Some(Rounding { kind, to: price_of(words[3]), ending: words.get(4).map(|e| price_of(e)) });
            }
            Some("price") => {
                let from = after(&words, "from").unwrap_or("2026-01-01");
                facts.set_price(id(words[1]), id(words[2]), price_of(words[3]), date(from));
            }
            Some("cost") => facts.set_cost(id(words[1]), Cost { price: price_of(words[2]), currency: currency(words[3]) }),
            Some("product") if !line.starts_with(' ') => {
                if let Some(rate) = after(&words, "vat") {
                    facts.set_vat_rate(id(words[1]), percent(rate));
                }
                if let Some((_, path)) = line.split_once(" in ") {
                    let path = path.split('>').map(|c| Category { id: id(c.trim()), name: c.trim().to_string() }).collect();
                    r.categories.insert(words[1].to_string(), path);
                }
            }
            Some("agreement") => r.agreements.push(agreement(&words)),
            Some("product" | "category") => r.agreements.last_mut().expect("agreement above").refinements.push(refinement(&words)),
            Some("default") => facts.set_default_price_type(id(words[1])),
            Some("ask") => asks.push(ask(i + 1, line, &r.categories)),
            Some(other) => panic!("line {}: {other}", i + 1),
        }
    }
    r.types.into_iter().for_each(|t| facts.add_price_type(t));
    r.agreements.into_iter().for_each(|a| facts.add_agreement(a));
    if let Some(base) = r.base {
        facts.add_rates(RateTable { id: id("rates"), name: "NBU".into(), base, rates: r.rates });
    }
    World { facts, asks }
}

fn price_type(line: &str, words: &[&str]) -> PriceType {
    let method = match words[4] {
        "markup" => Method::Markup { base: id(words[5]), percent: percent(words[6]) },
        "formula" => Method::Formula { formula: line.split_once(" formula ").expect("formula").1.to_string() },
        _ => Method::Manual,
    };
    let (currency, vat) = (currency(words[2]), vat(words[3]));
    PriceType { id: id(words[1]), name: words[1].into(), version: Some(1), currency, vat, method, rounding: None }
}

fn agreement(words: &[&str]) -> Agreement {
    Agreement {
        id: id(words[1]),
        name: words[1].into(),
        version: Some(1),
        price_type: (words[2] != "-").then(|| id(words[2])),
        currency: currency(words[3]),
        vat: vat(words[4]),
        discount: words.get(5).filter(|w| **w != "until").map(|d| percent(d)),
        valid: Period::new(None, after(words, "until").map(date)).expect("period"),
        refinements: vec![],
    }
}

fn refinement(words: &[&str]) -> Refinement {
    let scope = if words[0] == "product" { Scope::Product(id(words[1])) } else { Scope::Category(id(words[1])) };
    let find = |key| after(words, key);
    Refinement { scope, price_type: find("type").map(id), price: find("price").map(price_of), discount: find("discount").map(percent) }
}

fn ask(line: usize, text: &str, categories: &HashMap<String, Vec<Category>>) -> Ask {
    let (asked, want) = text.split_once("=>").unwrap_or_else(|| panic!("line {line}: no =>"));
    let words: Vec<&str> = asked.split_whitespace().collect();
    let find = |key| after(&words, key);
    let mut q = Question::new(id(words[1]), date("2026-11-21"), currency(find("in").unwrap_or("UAH")));
    q.categories = categories.get(words[1]).cloned().unwrap_or_default();
    q.quantity = find("x").map_or(Quantity::ONE, |n| Quantity::parse(n).expect("quantity"));
    q.vat = find("vat").map_or(VatMode::Included, vat);
    (q.agreement, q.price_type) = (find("for").map(id), find("type").map(id));
    (q.line_price, q.line_discount) = (find("price").map(price_of), find("discount").map(percent));
    Ask { line, text: asked.trim().to_string(), question: q, want: want.split_whitespace().collect::<Vec<_>>().join(" ") }
}

/// What a case's right side says, from an answer.
pub fn told(e: &Explained) -> String {
    let mut words = vec![match (e.price, &e.problem) {
        (Some(p), _) => p.to_string(),
        (None, Some(n)) => return format!("none {}", n.key.trim_start_matches("trace-")),
        (None, None) => "none".to_string(),
    }];
    if !e.discount.is_zero() {
        words.push(format!("-{}%", e.discount));
    }
    words.extend(e.trace.steps.iter().map(|s| s.note.key.trim_start_matches("trace-").to_string()));
    words.join(" ")
}
