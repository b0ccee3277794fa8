//! Runs all tables of `golden` with their traces, formulas, and many made worlds and documents, natively and as WebAssembly,
//! and reports what came out; the two reports must be equal (`tests/wasm.sh`). WebAssembly without a system has no output, so there the report is left in
//! memory between two marks.

#[path = "../tests/common/mod.rs"]
mod common;

use common::dice::{Dice, formula, world};
use common::formulas::{COMPUTED, REFUSED, compute};
use kontor_kernel::Quantity;
use kontor_pricing::{Choices, Explained, Item, Pricer, explain, profit, replay, why_not};
use std::fmt::Write;

fn main() {
    let mut report = String::from("KONTOR-REPORT-BEGIN\n");
    let (mut good, mut bad) = (0, 0);
    for (name, text) in common::TABLES {
        let world = common::read(text);
        for ask in &world.asks {
            let told = common::told::answer(&world, ask);
            if told == ask.want {
                good += 1;
            } else {
                bad += 1;
                _ = writeln!(report, "not ok {name}:{} {}: {told}", ask.line, ask.text);
            }
        }
        _ = writeln!(report, "{name} {:016x} traces {:016x}", made(&world), traces(&world));
    }
    for (source, want) in COMPUTED {
        let told = compute(source).map(|d| d.normalize().to_string());
        if told.as_deref() == Ok(want) {
            good += 1;
        } else {
            bad += 1;
            _ = writeln!(report, "not ok {source}: {told:?}");
        }
    }
    for (source, ..) in REFUSED {
        _ = writeln!(report, "{source:?} {:?}", compute(source).map_err(|e| (e.code, e.line, e.column, e.detail)));
    }
    for group in 0..SEEDS / 50 {
        let (mut texts, mut formulas) = (Hash::new(), Hash::new());
        for seed in group * 50..(group + 1) * 50 {
            let mut dice = Dice::new(seed);
            texts.eat(thrown(&world(&mut dice)).as_bytes());
            let found = compute(&formula(&mut dice));
            formulas.eat(format!("{:?}", found.map_err(|e| (e.code, e.line, e.column, e.detail))).as_bytes());
        }
        _ = writeln!(report, "worlds from {} {:016x} formulas {:016x}", group * 50, texts.0, formulas.0);
    }
    _ = writeln!(report, "# pass {good}\n# fail {bad}\nKONTOR-REPORT-END");
    if cfg!(target_arch = "wasm32") {
        std::mem::forget(report);
    } else {
        print!("{report}");
        assert_eq!(bad, 0);
    }
}

/// So many worlds are thrown together, the same ones each time.
const SEEDS: u64 = 400;

/// FNV-1a.
struct Hash(u64);

impl Hash {
    fn new() -> Hash {
        Hash(0xcbf2_9ce4_8422_2325)
    }
    fn eat(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.0 = (self.0 ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3));
    }
}

fn json(e: &Explained) -> String {
    serde_json::to_string(e).expect("an explanation is data")
}

/// All explanations of a table, losers included.
fn traces(world: &common::World) -> u64 {
    let mut hash = Hash::new();
    for ask in world.asks.iter().filter(|a| !a.items.is_empty()) {
        let told = document(world, ask);
        told.iter().for_each(|e| hash.eat(e.as_bytes()));
    }
    hash.0
}

/// A document's lines, each explained among the others.
fn document(world: &common::World, ask: &common::Ask) -> Vec<String> {
    let d = Pricer::new(&world.book, &world.facts, &ask.head).document(&ask.items, true);
    let lines = 0..ask.items.len().min(20);
    lines.filter_map(|n| d.explain(&world.book, &ask.head, &ask.items, n, &world.names)).map(|e| json(&e)).collect()
}

/// Whatever can be asked of a world: prices, explanations, kept traces done again, what would give another price, what is
/// earned, which rules contradict each other. What must hold of any world is looked at here as well.
fn thrown(text: &str) -> String {
    common::holds::of_rules(text);
    let world = common::read(text);
    let mut out = String::new();
    let all = |names: &[&str]| names.iter().map(|n| common::id(n)).collect::<Vec<_>>();
    let choices = Choices {
        agreements: all(&["g", "h"]),
        contracts: all(&["k"]),
        cards: all(&["c"]),
        payment_forms: all(&["m"]),
        dates: vec![common::date("2026-12-01")],
    };
    for ask in &world.asks {
        let e = explain(&world.book, &world.facts, &ask.head, &ask.items[0], &world.names);
        out += &json(&e);
        _ = write!(out, "{:?}", replay(&e.trace.winners()));
        document(&world, ask).iter().for_each(|e| out += e);
        let d = Pricer::new(&world.book, &world.facts, &ask.head).document(&ask.items, false);
        _ = write!(out, "{:?} {:?} {:?}", d.amount, d.problem, d.earned);
        for (n, (item, line)) in ask.items.iter().zip(&d.lines).enumerate() {
            _ = write!(out, "{:?}", profit(&world.book, &world.facts, &ask.head, item, line));
            for wanted in ["1", "50", "120"].map(common::price_of) {
                _ = write!(out, "{:?}", why_not(&world.book, &world.facts, &ask.head, &ask.items, n, wanted, &choices));
            }
        }
    }
    _ = write!(out, "{:?}", world.book.all_clashes());
    out
}

/// A number made of all figures of documents put together from the lines of a table.
fn made(world: &common::World) -> u64 {
    let items: Vec<Item> = world.asks.iter().flat_map(|a| a.items.iter().take(3)).cloned().collect();
    let (mut seed, mut sum) = (7u64, 0xcbf2_9ce4_8422_2325u64);
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for ask in &world.asks {
        let lines = 1 + next(12);
        let of: Vec<Item> = (0..lines)
            .map(|_| Item { quantity: Quantity::from_scaled(next(200_000_000) as i64), ..items[next(items.len())].clone() })
            .collect();
        let document = Pricer::new(&world.book, &world.facts, &ask.head).document(&of, false);
        for line in &document.lines {
            let figures = [line.price.map_or(-1, |p| p.scaled()), line.discount.scaled(), line.amount.map_or(-1, |a| a.scaled())];
            for n in figures {
                sum = (sum ^ n as u64).wrapping_mul(0x0100_0000_01b3);
            }
        }
    }
    sum
}
