//! Formulas of price types: any text, or pieces of the language put together.
#![no_main]

#[path = "../../crates/engines/pricing/tests/common/mod.rs"]
mod common;

use common::dice::{Dice, formula};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    match data.split_first() {
        Some((0, pieces)) => common::holds::of_formula(&formula(&mut Dice::given(pieces))),
        _ => common::holds::of_formula(&String::from_utf8_lossy(data)),
    }
});
