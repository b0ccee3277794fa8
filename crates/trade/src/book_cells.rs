//! What the changed cells of a price book become: edited prices, compared and put into effect on the workbench, or a draft price
//! change to be posted as it is.

use crate::fault::{Fault, tell};
use crate::price_book::{BookReport, Changed};
use kontor_exchange::Options;
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_platform::cx::Cx;
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Envelope};
use kontor_prices::{EditedPrice, edited_at};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const SOURCE: &str = "price-book";
/// Lines of one price change.
const MAX_LINES: usize = 10_000;
/// Cells that are written at once.
const SLICE: usize = 1_000;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Become {
    /// Edited prices: one per product and type, nothing in force changes.
    #[default]
    Edited,
    /// Lines of a draft price change.
    Draft,
}

/// What is there already, by type and product.
fn there(app: &App, ctx: &Ctx, cells: &[Changed]) -> Result<HashMap<(Id, Id), EditedPrice>> {
    let mut by_type: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for c in cells {
        by_type.entry(c.price_type).or_default().push(c.product);
    }
    app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        let mut out = HashMap::new();
        for (t, products) in &by_type {
            out.extend(edited_at(&mut cx, *t, products)?.into_iter().map(|(product, e)| ((*t, product), e)));
        }
        Ok(out)
    })
}

fn input(c: &Changed) -> Json {
    json!({"price_type_id": c.price_type, "product_id": c.product, "price": c.price.to_string()})
}

/// Cells that the rules of edited prices would refuse, asked before anything is written.
pub(crate) fn refusals(app: &App, ctx: &Ctx, cells: &[Changed], faults: &mut Vec<Fault>) -> Result<()> {
    let there = there(app, ctx, cells)?;
    for c in cells {
        let asked = match there.get(&(c.price_type, c.product)) {
            Some(t) => app.preview(ctx, "edited-prices", Some(t.id), &json!({"price": c.price.to_string()})),
            None => app.preview(ctx, "edited-prices", None, &input(c)),
        };
        if let Err(e) = asked {
            faults.push(Fault::new(c.row, &*c.place, e));
        }
    }
    Ok(())
}

/// Writes the cells as edited prices; those that hold the same already are passed over.
pub(crate) fn edited(app: &Arc<App>, ctx: &Ctx, file: &str, cells: &[Changed], options: &Options, out: &mut BookReport) -> Result<()> {
    let mut types = BTreeSet::new();
    let mut faults = vec![];
    for part in cells.chunks(SLICE) {
        let there = there(app, ctx, part)?;
        let mut commands = vec![];
        for c in part {
            types.insert(c.price_type);
            match there.get(&(c.price_type, c.product)) {
                Some(t) if t.price == c.price => out.report.skipped += 1,
                Some(t) => commands
                    .push((c, Envelope::new("edited-prices.update", json!({"price": c.price.to_string()})).on(t.id).seen(t.version))),
                None => commands.push((c, Envelope::new("edited-prices.create", input(c)))),
            }
        }
        let counted = |updated: bool, out: &mut BookReport| if updated { out.report.updated += 1 } else { out.report.created += 1 };
        let (cells, commands): (Vec<&Changed>, Vec<Envelope>) = commands.into_iter().unzip();
        let updates: Vec<bool> = commands.iter().map(|c| c.id.is_some()).collect();
        if options.dry_run {
            updates.into_iter().for_each(|u| counted(u, out));
            continue;
        }
        for ((c, update), done) in cells.into_iter().zip(updates).zip(app.execute_slice(ctx, commands, true)?) {
            match done {
                Ok(_) => counted(update, out),
                // Somebody was faster between the check and the writing.
                Err(e) => faults.push(Fault::new(c.row, &*c.place, e)),
            }
        }
    }
    tell(&mut out.report, ctx, file, &faults);
    if !options.dry_run {
        out.price_types = types.into_iter().collect();
    }
    Ok(())
}

/// Drafts of price changes: the same changes of the same book are the same draft.
pub(crate) fn draft(app: &Arc<App>, ctx: &Ctx, book: &str, cells: &[Changed], options: &Options, out: &mut BookReport) -> Result<()> {
    for part in cells.chunks(MAX_LINES) {
        let lines: Vec<Json> = part.iter().map(input).collect();
        let key = format!("{book}:{:016x}", fingerprint(part));
        let there = app.store.read(|c| {
            c.query_opt("SELECT id FROM price_changes WHERE source = ? AND external_id = ?", &[SOURCE.into(), key.as_str().into()])
        })?;
        if there.is_some() {
            out.report.skipped += part.len() as u64;
            continue;
        }
        let mut e = Envelope::new("price-changes.create", json!({"lines": lines, "source": SOURCE, "external_id": key}));
        e.dry_run = options.dry_run;
        let made = app.execute(ctx, e)?;
        out.report.created += 1;
        out.price_changes.extend(made.id.filter(|_| !options.dry_run));
    }
    Ok(())
}

/// FNV-1a over the changes.
fn fingerprint(of: &[Changed]) -> u64 {
    let mut all: Vec<String> = of.iter().map(|c| format!("{}{}{}", c.price_type, c.product, c.price)).collect();
    all.sort();
    all.concat().bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3))
}
