//! Reads worlds and questions from text, so that a table of cases stays a table. The language is told in `golden/README.md`.

#![allow(dead_code, reason = "each test file uses its own part")]

pub mod dice;
pub mod formulas;
#[cfg(all(test, not(target_arch = "wasm32")))]
pub mod fractions;
pub mod holds;
mod rules;
pub mod told;
mod whynot;
#[cfg(all(test, not(target_arch = "wasm32")))]
pub mod worlds;

use kontor_kernel::{Amount, Currency, Direction, Percent, Period, Price, Quantity, Rate, VatMode};
use kontor_pricing::*;
use std::collections::HashMap;

/// Name and text of every table.
pub const TABLES: [(&str, &str); 6] = [
    ("sequence", include_str!("../../golden/sequence.txt")),
    ("values", include_str!("../../golden/values.txt")),
    ("formulas", include_str!("../../golden/formulas.txt")),
    ("discounts", include_str!("../../golden/discounts.txt")),
    ("orders", include_str!("../../golden/orders.txt")),
    ("terms", include_str!("../../golden/terms.txt")),
];

pub struct World {
    pub book: Book,
    pub facts: Facts,
    pub names: HashMap<Id, String>,
    pub asks: Vec<Ask>,
    pub rules: Vec<Condition>,
    rates: HashMap<String, RateTable>,
    types: HashMap<String, PriceType>,
    products: HashMap<String, Item>,
    base: Currency,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Price,
    Lost,
    Order,
    Clashes,
    WhyNot,
    Profit,
}
pub struct Ask {
    pub line: usize,
    pub text: String,
    pub asked: Asked,
    pub head: Header,
    pub items: Vec<Item>,
    pub wanted: Option<Price>,
    pub choices: Choices,
    /// VAT rate of all lines, to count the document's tax.
    pub taxed: Option<Percent>,
    pub want: String,
}

/// The same id for the same name, everywhere.
pub fn id(name: &str) -> Id {
    let hash = |seed: u64| name.bytes().fold(seed, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    uuid::Uuid::from_u64_pair(hash(0xcbf2_9ce4_8422_2325), hash(0x9e37_79b9_7f4a_7c15))
}
pub fn date(s: &str) -> chrono::NaiveDate {
    s.parse().unwrap_or_else(|e| panic!("{s}: {e}"))
}
pub fn price_of(s: &str) -> Price {
    Price::parse(s).unwrap_or_else(|e| panic!("{s}: {e}"))
}
pub fn quantity(s: &str) -> Quantity {
    Quantity::parse(s).unwrap_or_else(|e| panic!("{s}: {e}"))
}
pub fn amount(s: &str) -> Amount {
    Amount::parse(s).unwrap_or_else(|e| panic!("{s}: {e}"))
}
pub fn percent(s: &str) -> Percent {
    Percent::parse(s.trim_start_matches('+').trim_end_matches('%')).unwrap_or_else(|e| panic!("{s}: {e}"))
}
pub fn currency(s: &str) -> Currency {
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

pub fn read(text: &str) -> World {
    let mut w = World {
        book: Book::new(),
        facts: Facts::new(),
        names: HashMap::new(),
        asks: vec![],
        rules: vec![],
        rates: HashMap::new(),
        types: HashMap::new(),
        products: HashMap::new(),
        base: Currency::UAH,
    };
    let mut order: Option<Ask> = None;
    for (i, line) in text.lines().enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let Some(first) = words.first().copied().filter(|f| !f.starts_with('#')) else { continue };
        if line.starts_with(' ') {
            let ask = order.as_mut().unwrap_or_else(|| panic!("line {i}: no order above"));
            match first {
                "=>" => {
                    ask.want = words[1..].join(" ");
                    ask.line = i + 1;
                    w.asks.extend(order.take());
                }
                _ => {
                    let n = ask.items.len();
                    for copy in 0..after(&words, "times").map_or(1, |t| t.parse().expect("a number")) {
                        ask.items.push(w.item(first, &words, n + copy));
                    }
                }
            }
            continue;
        }
        let ask = match first {
            "ask" => Some(Asked::Price),
            "lost" => Some(Asked::Lost),
            "order" => Some(Asked::Order),
            "clashes" => Some(Asked::Clashes),
            "whynot" => Some(Asked::WhyNot),
            "profit" => Some(Asked::Profit),
            _ => None,
        };
        match ask {
            Some(asked) => {
                let ask = w.ask(i + 1, line, asked);
                if asked == Asked::Order { order = Some(ask) } else { w.asks.push(ask) }
            }
            None => w.tell(line, &words),
        }
    }
    w.finish();
    w
}

/// A rule from its line of text; `None` where dates contradict each other.
pub fn condition(line: &str) -> Option<Condition> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (from, until) = (after(&words, "from").map(date), after(&words, "until").map(date));
    Period::new(from, until).ok()?;
    Some(read("").rule(&words))
}

impl World {
    fn named(&mut self, name: &str) -> Id {
        self.names.insert(id(name), name.replace('_', " "));
        id(name)
    }

    fn tell(&mut self, line: &str, words: &[&str]) {
        match words[0] {
            "base" => self.base = currency(words[1]),
            "rate" => {
                let per = after(words, "per").map_or(1, |p| p.parse().expect("whole number"));
                let direction = if words.contains(&"indirect") { Direction::Indirect } else { Direction::Direct };
                let rate = Rate::parse(words[2]).expect("rate");
                let table = after(words, "of").unwrap_or("Rates").to_string();
                let base = self.base;
                let of = self.rates.entry(table.clone()).or_insert_with(|| RateTable::new(id(&table), &table, base));
                of.add(currency(words[1]), DatedRate { date: date(words[3]), rate, per, direction });
                self.named(&table);
            }
            "type" => {
                let t = PriceType::new(id(words[1]), words[1], currency(words[2]), vat(words[3]), method(line, &words[4..]));
                self.types.insert(words[1].into(), PriceType { version: Some(1), ..t });
            }
            "group" => {
                let of = GroupMethod { group: id(words[2]), method: method(line, &words[3..]) };
                self.types.get_mut(words[1]).expect("type above").groups.push(of);
            }
            "round" => self.types.get_mut(words[1]).expect("type above").rounding = Some(rounding(&words[2..])),
            "range" => {
                let of = Range { from: price_of(words[2]), rounding: rounding(&words[3..]) };
                self.types.get_mut(words[1]).expect("type above").ranges.push(of);
            }
            "threshold" => self.types.get_mut(words[1]).expect("type above").threshold = Some(percent(words[2])),
            "use" => {
                let of = after(words, "of-company").map(|c| self.named(c));
                let segment = after(words, "segment").map(|s| self.named(s));
                self.types.get_mut(words[1]).expect("type above").usage = Usage { company: of, segment, valid: rules::valid(words) };
            }
            "price" => {
                let from = after(words, "from").unwrap_or("2026-01-01");
                self.facts.set_price(id(words[1]), id(words[2]), price_of(words[3]), date(from));
            }
            "cost" => self.facts.set_cost(id(words[1]), Cost { price: price_of(words[2]), currency: currency(words[3]) }),
            "receipt" => self.facts.set_receipt(id(words[1]), Cost { price: price_of(words[2]), currency: currency(words[3]) }),
            "supply" => self.supply(words),
            "value" => self.facts.set_value(id(words[1]), words[2], words[3].parse().expect("a number")),
            "query" => self.facts.set_query(id(words[1]), words[2], price_of(words[3])),
            "product" => self.product(line, words),
            "default" => {
                let c = Condition::new(id("default"), Kind::Default, Who::Anyone, What::Any, Value::PriceType(id(words[1])));
                self.rules.push(c);
            }
            "rule" => {
                let c = self.rule(words);
                self.rules.push(c);
            }
            "bundle" => self.bundle(words),
            "gift" => self.gift(words),
            other => panic!("{other}: {line}"),
        }
    }

    fn supply(&mut self, words: &[&str]) {
        let at = words.iter().position(|w| *w == "lots").expect("lots");
        let lots = words[at + 1..].iter().map(|l| {
            let (from, price) = l.split_once(':').expect("from:price");
            Lot { from: quantity(from), price: price_of(price), days: 7 }
        });
        let rate = words.iter().position(|w| *w == "rate").map(|n| {
            let rate = Rate::parse(words[n + 1]).expect("rate");
            (currency(words[n + 2]), DatedRate { date: date("2026-11-21"), rate, per: 1, direction: Direction::Direct })
        });
        let terms = SupplyTerms { supplier: self.named(words[2]), currency: currency(words[3]), rate, lots: lots.collect() };
        self.facts.set_supply(id(words[1]), terms);
    }

    fn product(&mut self, line: &str, words: &[&str]) {
        let product = self.named(words[1]);
        if let Some(rate) = after(words, "vat") {
            self.facts.set_vat_rate(product, percent(rate));
        }
        let mut item = Item::new(product);
        if let Some((_, path)) = line.split_once(" in ") {
            let path = path.split(" group ").next().and_then(|p| p.split(" segments ").next()).unwrap_or(path);
            item.categories = path.split('>').map(|c| self.named(c.trim())).collect();
        }
        item.price_group = after(words, "group").map(|g| self.named(g));
        item.segments = after(words, "segments").map_or(vec![], |s| s.split(',').map(|s| self.named(s)).collect());
        self.products.insert(words[1].into(), item);
    }

    pub fn item(&self, name: &str, words: &[&str], n: usize) -> Item {
        let mut item = self.products.get(name).cloned().unwrap_or_else(|| Item::new(id(name)));
        item.line = Some(id(&format!("line {n}")));
        item.quantity = after(words, "x").map_or(Quantity::ONE, quantity);
        (item.line_price, item.line_discount) = (after(words, "price").map(price_of), after(words, "discount").map(percent));
        item.sold = words.iter().position(|w| *w == "sold").map(|at| Sold {
            price: price_of(words[at + 1]),
            discount: percent(words[at + 2]),
            date: date(words[at + 3]),
        });
        item
    }

    fn ask(&mut self, line: usize, text: &str, asked: Asked) -> Ask {
        let (left, want) = text.split_once("=>").map_or((text, ""), |(l, w)| (l, w));
        let words: Vec<&str> = left.split_whitespace().collect();
        let find = |key| after(&words, key);
        let mut h = Header::new(find("on").map_or(date("2026-11-21"), date), currency(find("in").unwrap_or("UAH")));
        h.vat = find("vat").map_or(VatMode::Included, vat);
        (h.agreement, h.price_type) = (find("for").map(id), find("type").map(id));
        (h.standard_agreement, h.contract, h.partner) = (find("standard").map(id), find("contract").map(id), find("partner").map(id));
        (h.order_type, h.region, h.dealer_type) = (find("order_type").map(id), find("region").map(id), find("dealer").map(id));
        h.deal_kind = find("deal_kind").map(id);
        (h.company, h.payment_form, h.card) = (find("company").map(id), find("payment").map(id), find("card").map(id));
        h.segments = find("segments").map_or(vec![], |s| s.split(',').map(id).collect());
        h.rate_type = find("rates").map(id);
        h.algorithm = find("by").map_or(Algorithm::Sum, |a| Algorithm::parse(a).expect("an algorithm"));
        h.order_amount = find("order-amount").map(amount);
        h.limits = Limits {
            discount: find("may-discount").map(percent),
            down: find("may-down").map(percent),
            up: find("may-up").map(percent),
            cost: words.contains(&"not-below-cost"),
        };
        h.rounding = words.iter().position(|w| *w == "rounded").map(|at| rounding(&words[at + 1..]));
        let one = !matches!(asked, Asked::Order | Asked::Clashes);
        let items = if one { vec![self.item(words[1], &words, 0)] } else { vec![] };
        let wanted = if asked == Asked::WhyNot { find("want").map(price_of) } else { None };
        let list = |key| find(key).map_or(vec![], |s: &str| s.split(',').map(id).collect());
        let choices = Choices {
            agreements: list("agreements"),
            contracts: list("contracts"),
            cards: list("cards"),
            payment_forms: list("payments"),
            dates: vec![],
        };
        let taxed = find("taxed").map(percent);
        let want = want.split_whitespace().collect::<Vec<_>>().join(" ");
        Ask { line, text: left.trim().to_string(), asked, head: h, items, wanted, choices, taxed, want }
    }

    fn finish(&mut self) {
        for t in self.types.values() {
            self.book.put_type(t.clone().compile());
        }
        let tables: Vec<RateTable> = self.rates.values().cloned().collect();
        let (first, others): (Vec<_>, Vec<_>) = tables.into_iter().partition(|t| t.name == "Rates");
        first.into_iter().chain(others).for_each(|t| self.facts.add_rates(t));
        for c in &self.rules {
            self.book.put(c).unwrap_or_else(|e| panic!("{c:?}: {e}"));
        }
    }
}

fn method(line: &str, words: &[&str]) -> Method {
    match words[0] {
        "markup" => Method::Markup { base: id(words[1]), percent: percent(words[2]) },
        "receipt" => Method::Receipt { percent: percent(words[1]) },
        "supply" => Method::Supply { percent: percent(words[1]) },
        "query" => Method::Query { query: words[1].into() },
        "formula" => Method::Formula { formula: line.split_once(" formula ").expect("formula").1.to_string() },
        _ => Method::Manual,
    }
}

/// `up 0.05 [0.99] [whole-vat]`
fn rounding(words: &[&str]) -> Rounding {
    let kind = match words[0] {
        "up" => RoundingKind::Up,
        "down" => RoundingKind::Down,
        _ => RoundingKind::Arithmetic,
    };
    let ending = words.get(2).filter(|e| e.starts_with(|c: char| c.is_ascii_digit())).map(|e| price_of(e));
    Rounding { kind, to: price_of(words[1]), ending, whole_vat: words.contains(&"whole-vat") }
}
