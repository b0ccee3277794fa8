//! Runs all tables of `golden` and many made documents, natively and as WebAssembly, and reports what came out; the two
//! reports must be equal (`tests/wasm.sh`). WebAssembly without a system has no output, so there the report is left in
//! memory between two marks.

#[path = "../tests/common/mod.rs"]
mod common;

use kontor_kernel::Quantity;
use kontor_pricing::{Item, Pricer};
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
        _ = writeln!(report, "{name} {:016x}", made(&world));
    }
    _ = writeln!(report, "# pass {good}\n# fail {bad}\nKONTOR-REPORT-END");
    if cfg!(target_arch = "wasm32") {
        std::mem::forget(report);
    } else {
        print!("{report}");
        assert_eq!(bad, 0);
    }
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
