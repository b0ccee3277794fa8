//! Arbitrary formulas and rules for a bounded time: whatever comes in, nothing panics, nothing takes long, and nothing takes
//! much memory. `KONTOR_FUZZ_SECONDS` lengthens it; every run begins elsewhere, `KONTOR_FUZZ_SEED` begins where one failed.
//! What must hold stands in `common/holds.rs`, which the targets of `fuzz/` share.

mod common;

use common::dice::{Dice, formula, seed, world};
use common::holds;
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

/// A formula has no need of more.
const MEMORY: u64 = 64;

#[test]
fn prc_05_any_text_is_a_formula_or_a_named_error() {
    // What doubles itself, as often as the length of a formula allows, comes first.
    let doubling =
        ["a += a;", "a = a + a;", "a = `${a}${a}`;", "a *= a;"].map(|d| format!("let a = \"0123456789abcdef\"; {} 1", d.repeat(100)));
    doubling.iter().for_each(|source| holds::of_formula(source));
    let before = most_memory();
    let (mut dice, begun, mut tried) = (Dice::new(seed()), Instant::now(), 0);
    while begun.elapsed() < seconds() {
        let source = formula(&mut dice);
        let one = Instant::now();
        holds::of_formula(&source);
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
    let (mut shared, mut listed) = (0, 0);
    while begun.elapsed() < seconds() {
        let played = holds::of_rules(&world(&mut dice));
        shared += played.shared;
        listed += played.listed;
        tried += 1;
    }
    assert!(tried > 50, "{tried}");
    assert!(shared > 0 && listed > 0, "{shared} shares of bundles and gifts and {listed} prices of the list were among {tried} orders");
}
