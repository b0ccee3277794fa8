//! Prints the engine's figures: `cargo run --release -p kontor-pricing --example speed`.

use std::time::Instant;

fn main() -> Result<(), kontor_kernel::Error> {
    let begun = Instant::now();
    for f in kontor_pricing::bench::measure(&|| begun.elapsed(), &memory)? {
        let word = if f.value <= f.bar { "ok" } else { "MISSED" };
        println!("{:<70} {:>10.3} {} (at most {}) {word}", f.name, f.value, f.unit, f.bar);
    }
    Ok(())
}

/// Resident memory of this process, where the system tells it.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kb| kb * 1024)
}
