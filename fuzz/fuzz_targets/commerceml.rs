//! CommerceML: the first byte says what the file is taken as; everything is checked, nothing is written.
#![no_main]

use kontor_exchange::{Input, Limits, Options};
use kontor_fuzz::{app, is_good};
use kontor_platform::Ctx;
use libfuzzer_sys::fuzz_target;

const AS: [&str; 5] = ["products", "prices", "price-types", "product-categories", "stock-receipts"];

fuzz_target!(|data: &[u8]| {
    let Some((first, file)) = data.split_first() else { return };
    let limits = Limits { bytes: 1 << 20, rows: 1_000, ..Default::default() };
    let options = Options { dry_run: true, limits, ..Default::default() };
    let input = Input::bytes("file.xml", file.to_vec());
    let report = kontor_trade::import(app(), &Ctx::system(), AS[usize::from(*first) % AS.len()], &input, &options);
    is_good(&report);
});
