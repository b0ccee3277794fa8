//! Price lists of suppliers in free form: heading found, lines read and matched; nothing is written.
#![no_main]

use kontor_exchange::read::Held;
use kontor_exchange::{Input, Limits, Options};
use kontor_fuzz::{app, is_good, is_told, supplier};
use kontor_platform::Ctx;
use kontor_trade::price_list;
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    // As in `files`.
    init: {
        let _ = std::panic::take_hook();
    },
    |data: &[u8]| {
        let limits = Limits { bytes: 1 << 20, rows: 1_000, held: Held { packed: 1 << 20, bytes: 1 << 20 }, columns: 200 };
        let options = Options { dry_run: true, limits, ..Default::default() };
        let input = Input::bytes("file.csv", data.to_vec());
        is_told(price_list::look(app(), &Ctx::system(), supplier(), &input, &options));
        let found = price_list::import(app(), &Ctx::system(), supplier(), &input, &options);
        is_good(&found.report);
    }
);
