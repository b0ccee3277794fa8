//! Import profiles with the file that they read, divided by `---`: everything is checked, nothing is written.
#![no_main]

use kontor_exchange::{Files, Input, Limits, Options, Profile, run_profile};
use kontor_fuzz::{app, is_good, is_told, two};
use kontor_platform::Ctx;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (profile, file) = two(text);
    let Some(profile) = is_told(Profile::parse(profile)) else { return };
    let files = Files::List(vec![Input::bytes("file.csv", file.as_bytes().to_vec())]);
    let limits = Limits { rows: 1_000, ..Default::default() };
    let report = run_profile(app(), &Ctx::system(), &profile, &files, &Options { dry_run: true, limits, ..Default::default() });
    is_good(&report);
});
