//! Worlds of price rules, bundles, gifts and price lists with the questions that are asked of them.
#![no_main]

#[path = "../../crates/engines/pricing/tests/common/mod.rs"]
mod common;

use common::dice::{Dice, world};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    common::holds::of_rules(&world(&mut Dice::given(data)));
});
