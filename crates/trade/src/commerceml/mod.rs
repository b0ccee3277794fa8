//! CommerceML, the exchange format of 1C: catalogue (groups, goods, characteristics) and offers (price types, prices), both
//! ways, and the stock that offers tell of. Versions 2 and 3 with elements, and the older notation with attributes. Unknown
//! elements are passed over; orders are other collections' business.

mod kits;
mod known;
pub(crate) mod price;
mod reader;
pub mod stock;
mod tables;
mod told;
mod units;
mod warehouses;
mod write;

pub use told::examples;
pub use write::{Exported, export, export_with_stock};

use crate::fault::{Fault, tell};
use kontor_exchange::profile::Existing;
use kontor_exchange::{Files, Input, Limits, Options, Profile, Report, run_profile};
use kontor_kernel::error::Result;
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Envelope};
use std::sync::Arc;
use tables::Package;

/// Origin of what comes by CommerceML; with the `Ид` it is the key of every record.
pub const SOURCE: &str = "commerceml";
/// Says, in files that we write, that the name of a variant needs no values added to it.
const WHOLE_NAME: &str = "НаименованиеПолностью";
const PROFILE: &str = include_str!("profile.toml");

/// Collections that a CommerceML file can be imported as.
pub fn takes(entity: &str) -> bool {
    matches!(entity, "product-categories" | "products" | "price-types" | "prices" | "stock-receipts")
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

/// What came of a file.
#[derive(Default)]
pub struct Imported {
    pub report: Report,
    /// Offers that tell of stock, beside the stock register.
    pub stock: Option<stock::Found>,
}

impl Imported {
    pub fn to_json(&self) -> serde_json::Value {
        let mut j = self.report.to_json();
        if let Some(found) = &self.stock {
            j["stock"] = serde_json::json!(found);
        }
        j
    }
}

/// Imports a catalogue or offers. `read` counts groups, goods, offers and price types of the file, as far as they are wanted. The stock
/// of offers is compared with ours where the caller sees warehouses; taken as `stock-receipts` a file becomes drafts of receipts
/// for what it has more. `warehouse`: the one that a file means which names none.
pub fn import(app: &Arc<App>, ctx: &Ctx, entity: &str, input: &Input, options: &Options, warehouse: Option<Id>) -> Imported {
    let mut out = Imported::default();
    let file = input.name();
    // What is known of the goods of a file is held in memory.
    let limits = Limits { bytes: options.limits.bytes.min(options.limits.held.bytes), ..options.limits };
    let taken = known::Known::load(app).map_err(|e| Fault::new(0, "", e)).and_then(|k| reader::read(input, &limits, k));
    let mut package = match taken {
        Ok(p) => p,
        Err(f) => {
            tell(&mut out.report, ctx, &file, &[f]);
            return out;
        }
    };
    if let Err(e) = package.settle(app, ctx, entity) {
        package.faults.push(Fault::new(0, "", e));
    }
    out.report.read = package.read;
    package.faults.sort_by_key(|f| f.line);
    tell(&mut out.report, ctx, &file, &package.faults);
    if !out.report.ok() && !options.partial {
        return out;
    }
    let stated = std::mem::take(&mut package.stated);
    if entity != "stock-receipts" {
        goods_and_prices(app, ctx, entity, package, &file, options, &mut out.report);
    }
    let wanted = match entity {
        "stock-receipts" => true,
        "prices" => app.granted(ctx, "warehouses", "read").is_ok() && app.registry.register_of("stock").is_some(),
        _ => false,
    };
    if wanted && !stated.is_empty() && (out.report.ok() || options.partial) {
        let asked = OfStock { receipts: entity == "stock-receipts", file: &file, options, warehouse };
        if let Err(e) = asked.take(app, ctx, &stated, &mut out) {
            tell(&mut out.report, ctx, &file, &[Fault::new(0, "", e)]);
        }
    }
    out
}

/// Groups, goods, kits, price types and prices, as far as the collection wants them.
fn goods_and_prices(app: &Arc<App>, ctx: &Ctx, entity: &str, mut package: Package, file: &str, options: &Options, report: &mut Report) {
    let deleted = std::mem::take(&mut package.deleted);
    let kits = std::mem::take(&mut package.kits);
    let (skipped, passed) = (package.skipped, package.kits_passed);
    let profile = match profile(entity, package.new_categories_only) {
        Ok(p) => p,
        Err(e) => return tell(report, ctx, file, &[Fault::new(0, "", e)]),
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
    run.errors.splice(0..0, std::mem::take(&mut report.errors));
    *report = run;
    if !options.dry_run && (report.ok() || options.partial) {
        let kits = kits::set(app, ctx, &kits);
        let gone = archive(app, ctx, &deleted).map_err(|e| Fault::new(0, "", e));
        for done in [kits, gone] {
            match done {
                Ok(n) => report.updated += n,
                Err(f) => tell(report, ctx, file, &[f]),
            }
        }
    }
    if passed > 0 {
        report.notes.push(told::kits_passed(ctx.lang, passed));
    }
}

/// What shall become of the stock in a file.
struct OfStock<'a> {
    /// Drafts are asked for.
    receipts: bool,
    file: &'a str,
    options: &'a Options,
    warehouse: Option<Id>,
}

impl OfStock<'_> {
    /// Compares it with ours; makes drafts of receipts where they are asked for.
    fn take(&self, app: &Arc<App>, ctx: &Ctx, stated: &stock::Stated, out: &mut Imported) -> Result<()> {
        let OfStock { file, options, .. } = *self;
        let mut compared = stock::compare(app, ctx, stated, self.warehouse)?;
        if self.receipts {
            tell(&mut out.report, ctx, file, &compared.faults);
            if out.report.ok() || options.partial {
                let (made, created, updated) = stock::make(app, ctx, &compared, file, options.dry_run)?;
                out.report.created += created;
                out.report.updated += updated;
                out.report.skipped += compared.found.same;
                compared.found.receipts = made;
            }
        }
        if !options.dry_run && (out.report.ok() || options.partial) {
            warehouses::call(app, ctx, &compared.named)?;
        }
        out.report.notes.extend(told::stock(ctx.lang, &compared.found));
        out.stock = Some(compared.found);
        Ok(())
    }
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
