//! CommerceML, the exchange format of 1C: catalogue (groups, goods, characteristics) and offers (price types, prices), both
//! ways. Versions 2 and 3 with elements, and the older notation with attributes. Unknown elements are passed over; stock
//! balances and orders are other collections' business.

mod known;
pub(crate) mod price;
mod reader;
mod tables;
mod units;
mod write;

pub use write::{Exported, export};

use crate::fault::{Fault, tell};
use kontor_exchange::profile::Existing;
use kontor_exchange::{Files, Input, Limits, Options, Profile, Report, run_profile};
use kontor_kernel::error::Result;
use kontor_platform::{App, Ctx, Envelope};
use std::sync::Arc;

/// Origin of what comes by CommerceML; with the `Ид` it is the key of every record.
pub const SOURCE: &str = "commerceml";
/// Says, in files that we write, that the name of a variant needs no values added to it.
const WHOLE_NAME: &str = "НаименованиеПолностью";
const PROFILE: &str = include_str!("profile.toml");

/// Collections that a CommerceML file can be imported as.
pub fn takes(entity: &str) -> bool {
    matches!(entity, "product-categories" | "products" | "price-types" | "prices")
}

/// What a file is most likely to be taken as: offers where it holds them and no catalogue, else products. An older notation
/// may have both; a person can say otherwise.
pub fn kind_of(input: &Input) -> &'static str {
    // What cannot be read is told by the import itself.
    let Ok(data) = kontor_exchange::read::all(input, PEEK) else { return "products" };
    let has = |word: &str| [word.as_bytes().to_vec(), windows_1251(word)].iter().any(|w| data.windows(w.len()).any(|x| x == w.as_slice()));
    if has("<ПакетПредложений") && !has("<Каталог") { "prices" } else { "products" }
}

/// Largest file that is looked into for its kind.
const PEEK: u64 = 64 << 20;

/// Russian letters and ASCII in the old encoding.
fn windows_1251(text: &str) -> Vec<u8> {
    let byte = |c: char| match u32::from(c) {
        n @ 0x410..=0x44F => (n - 0x410 + 0xC0) as u8,
        n => n as u8,
    };
    text.chars().map(byte).collect()
}

/// Imports a catalogue or offers. `read` counts groups, goods, offers and price types of the file, as far as they are wanted.
pub fn import(app: &Arc<App>, ctx: &Ctx, entity: &str, input: &Input, options: &Options) -> Report {
    let mut report = Report::default();
    let file = input.name();
    // What is known of the goods of a file is held in memory.
    let limits = Limits { bytes: options.limits.bytes.min(options.limits.held.bytes), ..options.limits };
    let taken = known::Known::load(app).map_err(|e| Fault::new(0, "", e)).and_then(|k| reader::read(input, &limits, k));
    let mut package = match taken {
        Ok(p) => p,
        Err(f) => {
            tell(&mut report, ctx, &file, &[f]);
            return report;
        }
    };
    if let Err(e) = package.settle(app, ctx, entity) {
        package.faults.push(Fault::new(0, "", e));
    }
    report.read = package.read;
    package.faults.sort_by_key(|f| f.line);
    tell(&mut report, ctx, &file, &package.faults);
    if !report.ok() && !options.partial {
        return report;
    }
    let deleted = std::mem::take(&mut package.deleted);
    let skipped = package.skipped;
    let profile = match profile(entity, package.new_categories_only) {
        Ok(p) => p,
        Err(e) => {
            tell(&mut report, ctx, &file, &[Fault::new(0, "", e)]);
            return report;
        }
    };
    let tables = Files::Tables(package.tables());
    // Every part is checked before the first one is written, so that a defect in the last leaves no trace.
    let checked = Options { dry_run: true, ..options.clone() };
    let mut run = run_profile(app, ctx, &profile, &tables, &checked);
    if !options.dry_run && (run.ok() || options.partial) {
        run = run_profile(app, ctx, &profile, &tables, options);
    }
    run.read = report.read;
    run.skipped += skipped;
    run.errors.splice(0..0, report.errors);
    if !options.dry_run && (run.ok() || options.partial) {
        match archive(app, ctx, &deleted) {
            Ok(n) => run.updated += n,
            Err(e) => tell(&mut run, ctx, &file, &[Fault::new(0, "", e)]),
        }
    }
    run
}

/// The sections that a collection wants.
fn profile(entity: &str, keep_goods: bool) -> Result<Profile> {
    let mut p = Profile::parse(PROFILE)?;
    let wanted = |s: &kontor_exchange::profile::Section| match entity {
        "product-categories" => s.entity == "product-categories",
        "price-types" => s.entity == "price-types",
        "products" => s.entity != "price-changes",
        _ => true,
    };
    p.sections.retain(wanted);
    for s in &mut p.sections {
        if matches!(s.entity.as_str(), "product-categories" | "products") {
            // Files that we wrote name our own records by their ids.
            s.id_column = Some("id".into());
            if keep_goods {
                s.existing = Existing::Keep;
            }
        }
    }
    Ok(p)
}

/// What the file marks as deleted goes out of use here as well.
fn archive(app: &Arc<App>, ctx: &Ctx, deleted: &[String]) -> Result<u64> {
    let there = known::products(app, ctx, deleted)?;
    let live: Vec<Envelope> =
        there.values().filter(|p| !p.archived).map(|p| Envelope::new("products.delete", serde_json::Value::Null).on(p.id)).collect();
    let n = live.len() as u64;
    if n > 0 {
        app.execute_slice(&ctx.clone().with_source(kontor_platform::Source::Import), live, false)?;
    }
    Ok(n)
}
