//! Measures the engine on made data, in any build: the caller brings clock and memory and prints what comes back.

use crate::condition::{Condition, From, Kind, Value, What, Who};
use crate::event::Log;
use crate::facts::{DatedRate, Facts, Id, Method, PriceType, RateTable};
use crate::question::{Algorithm, Header, Item};
use crate::rounding::{Rounding, RoundingKind};
use crate::{Book, Pricer};
use chrono::NaiveDate;
use kontor_kernel::{Amount, Currency, Direction, Error, Percent, Price, Quantity, Rate, VatMode};
use std::time::Duration;

/// A figure and what it may be at most.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub name: &'static str,
    pub value: f64,
    pub unit: &'static str,
    pub bar: f64,
}

/// Kinds of conditions that are active for the measured line.
const KINDS: [Kind; 8] =
    [Kind::DealerDiscount, Kind::Special, Kind::Agreement, Kind::Contract, Kind::Segment, Kind::Period, Kind::Quantity, Kind::PaymentForm];
const PRODUCTS: u64 = 5_000;

fn id(space: u64, n: u64) -> Id {
    Id::from_u64_pair(crate::intern::mix(space * 1_000_003 + n) | 1, crate::intern::mix(n ^ (space << 40)))
}
/// Spaces of identifiers.
const PRODUCT: u64 = 1;
const CATEGORY: u64 = 2;
const PARTNER: u64 = 3;
const OTHER: u64 = 4;
const RECORD: u64 = 5;

fn today() -> NaiveDate {
    NaiveDate::default()
}

fn who(kind: Kind, n: u64) -> Who {
    match kind {
        Kind::DealerDiscount => Who::DealerType(id(OTHER, n)),
        Kind::Special => Who::Partner(id(PARTNER, n)),
        Kind::Agreement => Who::Agreement(id(OTHER, 1_000 + n)),
        Kind::Contract => Who::Contract(id(OTHER, 5_000 + n)),
        Kind::Segment => Who::Segment(id(OTHER, 9_000 + n)),
        Kind::PaymentForm => Who::PaymentForm(id(OTHER, 9_500 + n)),
        _ => Who::Anyone,
    }
}

/// For how many the records of a kind are.
fn whos(kind: Kind) -> u64 {
    match kind {
        Kind::DealerDiscount => 40,
        Kind::Special | Kind::Agreement | Kind::Contract => 2_000,
        Kind::Segment => 20,
        Kind::PaymentForm => 5,
        _ => 1,
    }
}

fn what(n: u64) -> What {
    match n % 8 {
        1 | 2 => What::Category(id(CATEGORY, n / 8 % 700)),
        3 => What::PriceGroup(id(OTHER, 20_000 + n / 8 % 100)),
        _ => What::Product(id(PRODUCT, n % PRODUCTS)),
    }
}

/// The n-th of many records. Of one key there are at most a few, each from another quantity.
fn record(n: u64) -> Condition {
    let kind = KINDS[(n % 8) as usize];
    let (m, of) = (n / 8, whos(KINDS[(n % 8) as usize]));
    let percent = Percent::from_scaled(5_000 + (m % 50) as i64 * 100);
    let mut c = Condition::new(id(RECORD, n), kind, who(kind, m % of), what(m / of), Value::Percent(percent));
    c.from = From::Quantity(Quantity::from_scaled((1 + (m / PRODUCTS) as i64 * 5) * Quantity::UNIT));
    c.priority = i32::try_from(n).unwrap_or(i32::MAX);
    c
}

/// For the measured client each kind has something for everything, so that all eight are active in every line.
fn own(kind: Kind, n: u64) -> Condition {
    let percent = Percent::from_scaled(10_000 + n as i64 * 1_000);
    let c = Condition::new(id(RECORD, 90_000_000 + n), kind, who(kind, 0), What::Any, Value::Percent(percent));
    Condition { from: if kind == Kind::Quantity { From::Quantity(Quantity::ONE) } else { From::Nothing }, ..c }
}

struct World {
    book: Book,
    facts: Facts,
    head: Header,
    items: Vec<Item>,
}

fn world(records: u64, lines: u64) -> Result<World, Error> {
    let (dollars, hryvnias) = (Currency::USD, Currency::UAH);
    let mut book = Book::new();
    book.reserve(records as usize);
    for n in 0..records {
        book.put(&record(n))?;
    }
    for (n, kind) in KINDS.into_iter().enumerate() {
        book.put(&own(kind, n as u64))?;
    }
    let (purchase, retail) = (id(OTHER, 30_000), id(OTHER, 30_001));
    book.put_type(PriceType::new(purchase, "Purchase", dollars, VatMode::Excluded, Method::Manual).compile());
    let method = Method::Markup { base: purchase, percent: Percent::from_scaled(200_000) };
    let rounding = Rounding::new(RoundingKind::Arithmetic, Price::from_scaled(10_000));
    let list = PriceType { rounding: Some(rounding), ..PriceType::new(retail, "Retail", dollars, VatMode::Excluded, method) };
    book.put_type(list.compile());
    book.put(&Condition::new(id(RECORD, 99_000_000), Kind::DealerType, who(Kind::DealerDiscount, 0), What::Any, Value::PriceType(retail)))?;
    book.put(&Condition::new(id(RECORD, 99_000_001), Kind::Amount, Who::Anyone, What::Any, Value::Percent(Percent::from_scaled(10_000))))?;
    let mut facts = Facts::new();
    let mut rates = RateTable::new(id(OTHER, 30_002), "Bank", hryvnias);
    rates.add(dollars, DatedRate { date: today(), rate: Rate::from_scaled(4_125_000_000), per: 1, direction: Direction::Direct });
    facts.add_rates(rates);
    let mut items = vec![];
    for n in 0..lines {
        let product = id(PRODUCT, n % PRODUCTS);
        facts.set_price(purchase, product, Price::from_scaled(1_000_000 + (n as i64 * 7_919) % 900_000_000), today());
        facts.set_vat_rate(product, Percent::from_scaled(200_000));
        let categories = vec![id(CATEGORY, n % 700), id(CATEGORY, 700 + n % 70), id(CATEGORY, 800 + n % 7)];
        items.push(Item {
            line: Some(id(OTHER, 40_000 + n)),
            quantity: Quantity::from_scaled((1 + n as i64 % 20) * Quantity::UNIT),
            categories,
            price_group: Some(id(OTHER, 20_000 + n % 100)),
            ..Item::new(product)
        });
    }
    let head = Header {
        company: Some(id(OTHER, 31_000)),
        partner: Some(id(PARTNER, 0)),
        agreement: Some(id(OTHER, 1_000)),
        contract: Some(id(OTHER, 5_000)),
        dealer_type: Some(id(OTHER, 0)),
        segments: vec![id(OTHER, 9_000)],
        payment_form: Some(id(OTHER, 9_500)),
        algorithm: Algorithm::Cascade,
        order_amount: Some(Amount::ZERO),
        ..Header::new(today(), hryvnias)
    };
    Ok(World { book, facts, head, items })
}

/// The middle one of all that was measured, and of what each group of lines took in its quietest round: what others do on
/// the machine meanwhile is in the first and not in the second.
struct Times {
    all: Vec<Duration>,
    quiet: Vec<Duration>,
}

fn median(mut all: Vec<Duration>) -> f64 {
    all.sort_unstable();
    all.get(all.len() / 2).map_or(0.0, Duration::as_secs_f64)
}

/// Rounds over all lines, ten lines at a time.
const ROUNDS: usize = 30;

fn times(clock: &dyn Fn() -> Duration, items: &[Item], f: &mut dyn FnMut(&Item)) -> Times {
    let mut found = Times { all: vec![], quiet: vec![Duration::MAX; items.len().div_ceil(10)] };
    for _ in 0..ROUNDS {
        for (items, best) in items.chunks(10).zip(&mut found.quiet) {
            let begun = clock();
            items.iter().for_each(&mut *f);
            let one = (clock() - begun) / items.len() as u32;
            found.all.push(one);
            *best = (*best).min(one);
        }
    }
    found
}

/// All figures of the engine. `clock` gives the time since any fixed moment, `memory` what the process has of it now, in
/// bytes, where the system tells. Errors: none but of made data.
pub fn measure(clock: &dyn Fn() -> Duration, memory: &dyn Fn() -> Option<u64>) -> Result<Vec<Figure>, Error> {
    let mut found = vec![];
    // First, while the process has given nothing back that would be taken again unseen.
    index(clock, memory, &mut found)?;
    let w = world(100_000, 1_000)?;
    let mut log = Log::default();
    let mut pricer = Pricer::new(&w.book, &w.facts, &w.head);
    let mut line = |names: [&'static str; 2], bar: f64, f: &mut dyn FnMut(&Item)| {
        let t = times(clock, &w.items, f);
        for (name, of) in names.into_iter().zip([t.all, t.quiet]) {
            found.push(Figure { name, value: median(of) * 1e6, unit: "µs", bar });
        }
    };
    line(
        ["line with the full procedure, trace on, median", "line with the full procedure, trace on, median of the quietest rounds"],
        5.0,
        &mut |item| drop(std::hint::black_box(pricer.traced(item, &mut log))),
    );
    line(["line, trace off, median", "line, trace off, median of the quietest rounds"], 2.0, &mut |item| {
        drop(std::hint::black_box(pricer.line(item)))
    });
    line(
        ["line with a header of its own, trace on, median", "line with a header of its own, trace on, median of the quietest rounds"],
        5.0,
        &mut |item| drop(std::hint::black_box(Pricer::new(&w.book, &w.facts, &w.head).traced(item, &mut log))),
    );
    for (names, trace) in [
        (["order of 1,000 lines, trace on, median", "order of 1,000 lines, trace on, the best of 20"], true),
        (["order of 1,000 lines, trace off, median", "order of 1,000 lines, trace off, the best of 20"], false),
    ] {
        let all: Vec<Duration> = (0..20)
            .map(|_| {
                let begun = clock();
                let mut pricer = Pricer::new(&w.book, &w.facts, &w.head);
                drop(std::hint::black_box(pricer.document(&w.items, trace)));
                clock() - begun
            })
            .collect();
        let best = all.iter().min().map_or(0.0, Duration::as_secs_f64);
        for (name, value) in names.into_iter().zip([median(all), best]) {
            found.push(Figure { name, value: value * 1e3, unit: "ms", bar: 10.0 });
        }
    }
    Ok(found)
}

fn index(clock: &dyn Fn() -> Duration, memory: &dyn Fn() -> Option<u64>, found: &mut Vec<Figure>) -> Result<(), Error> {
    let records: Vec<Condition> = (0..1_000_000).map(record).collect();
    let before = memory();
    let begun = clock();
    let mut book = Book::new();
    book.reserve(records.len());
    for c in &records {
        book.put(c)?;
    }
    let built = clock() - begun;
    let taken = before.zip(memory()).map(|(before, after)| after.saturating_sub(before));
    found.push(Figure { name: "rule index of 1,000,000 records: build", value: built.as_secs_f64(), unit: "s", bar: 2.0 });
    let mut times = vec![];
    for n in 0..20_000 {
        // Half are changed, half are new.
        let c = record(if n % 2 == 0 { n * 37 } else { 2_000_000 + n });
        let begun = clock();
        book.put(&Condition { version: 2, ..c })?;
        times.push(clock() - begun);
    }
    times.sort_unstable();
    // The very worst is the machine's: it interrupts any work for milliseconds.
    let slow = times.get(times.len() - times.len() / 1_000).map_or(0.0, Duration::as_secs_f64);
    found.push(Figure { name: "change of one record, median", value: median(times) * 1e3, unit: "ms", bar: 1.0 });
    found.push(Figure { name: "change of one record, 999 of 1,000", value: slow * 1e3, unit: "ms", bar: 1.0 });
    found.push(Figure { name: "memory of the index, by its own count", value: book.bytes() as f64 / 1e6, unit: "MB", bar: 150.0 });
    if let Some(bytes) = taken {
        found.push(Figure { name: "memory of the index, of the process", value: bytes as f64 / 1e6, unit: "MB", bar: 150.0 });
    }
    Ok(())
}
