//! Prints the engine's figures: `cargo run --release -p kontor-pricing --example speed`.

use std::time::Instant;

fn main() -> Result<(), kontor_kernel::Error> {
    let begun = Instant::now();
    for f in kontor_pricing::bench::measure(&|| begun.elapsed())? {
        let word = if f.value <= f.bar { "ok" } else { "MISSED" };
        println!("{:<55} {:>10.3} {} (at most {}) {word}", f.name, f.value, f.unit, f.bar);
    }
    Ok(())
}
