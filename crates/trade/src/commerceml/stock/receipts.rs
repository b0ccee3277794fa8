//! Drafts of stock receipts for what a file has more: one per warehouse, which a later file brings up to date. Nobody but a person
//! posts them.

use super::Compared;
use crate::commerceml::warehouses::Warehouse;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{HashMap, HashSet};
use kontor_kernel::{Price, Quantity};
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::value::{Id, new_id};
use kontor_platform::{App, Ctx, Envelope, Source};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

const ENTITY: &str = "stock-receipts";
/// Origin of the drafts; a draft is known by it again.
const SOURCE: &str = "commerceml-stock";
/// Lines of one receipt.
const MAX_LINES: usize = 10_000;
/// Open drafts of one warehouse that are looked through.
const MAX_DRAFTS: usize = 100;

/// A draft that was made or brought up to date; in a dry run what would be.
#[derive(Clone, Debug, Serialize)]
pub struct Made {
    pub id: Option<Id>,
    pub number: String,
    pub warehouse_id: Id,
    pub warehouse: String,
    pub lines: u64,
    pub quantity: Quantity,
    /// Lines without a cost: nothing was received yet of these goods. The storekeeper puts it in before posting.
    pub without_cost: u64,
    pub new: bool,
}

struct Line {
    id: Option<Json>,
    product: Id,
    quantity: Quantity,
    cost: Option<Price>,
}

#[derive(Default)]
struct Draft {
    there: Option<(Id, i64, String)>,
    lines: Vec<Line>,
    changed: bool,
}

/// Makes the drafts; gives them with the number of records made and changed.
pub(in super::super) fn make(app: &Arc<App>, ctx: &Ctx, compared: &Compared, file: &str, dry_run: bool) -> Result<(Vec<Made>, u64, u64)> {
    let spec = app.granted(ctx, ENTITY, "create")?;
    if compared.more.iter().any(|m| m.0.is_none()) {
        return Err(Error::refused("commerceml_warehouse_unsaid"));
    }
    let knows_cost = !ctx.access.hidden(spec, "cost");
    // A draft is work of today, not history: it is numbered and checked as one that somebody typed.
    let ctx = if ctx.is_history() { ctx.clone().with_source(Source::Api) } else { ctx.clone() };
    let (mut made, mut created, mut updated) = (vec![], 0, 0);
    for (n, w) in compared.warehouses.iter().enumerate() {
        let wanted: Vec<(Id, Quantity)> =
            compared.more.iter().filter(|m| m.0 == Some(n)).map(|m| (m.1.product_id, m.1.difference)).collect();
        let spoken: HashSet<Id> = compared.spoken.iter().filter(|s| s.1 == Some(n)).map(|s| s.0).collect();
        let mut drafts = open_drafts(app, &ctx, w)?;
        settle(&mut drafts, &wanted, &spoken);
        if knows_cost {
            costs(app, &ctx, w, &mut drafts)?;
        }
        for d in drafts.iter().filter(|d| d.changed || !d.lines.is_empty()) {
            let (id, number) = if dry_run || !d.changed { known(d) } else { write(app, &ctx, w, d, file)? };
            created += u64::from(d.changed && d.there.is_none());
            updated += u64::from(d.changed && d.there.is_some());
            if d.lines.is_empty() {
                continue;
            }
            made.push(Made {
                id,
                number,
                warehouse_id: w.id,
                warehouse: w.name.clone(),
                lines: d.lines.len() as u64,
                quantity: Quantity::sum(d.lines.iter().map(|l| l.quantity))?,
                without_cost: d.lines.iter().filter(|l| l.cost.is_none()).count() as u64,
                new: d.there.is_none(),
            });
        }
    }
    Ok((made, created, updated))
}

fn known(d: &Draft) -> (Option<Id>, String) {
    d.there.as_ref().map_or((None, String::new()), |t| (Some(t.0), t.2.clone()))
}

/// Drafts that earlier files left and nobody has posted yet.
fn open_drafts(app: &App, ctx: &Ctx, w: &Warehouse) -> Result<Vec<Draft>> {
    let spec = app.granted(ctx, ENTITY, "read")?;
    let seen = ctx.access.predicate(&app.registry, spec, "update", "t");
    let sql = format!(
        "SELECT t.id FROM {} t WHERE t.state = 'draft' AND t.source = ? AND t.warehouse_id = ?{} ORDER BY t.seq LIMIT {MAX_DRAFTS}",
        spec.table,
        seen.and()
    );
    let params: Vec<_> = [SOURCE.into(), w.id.into()].into_iter().chain(seen.params.iter().cloned()).collect();
    let ids: Vec<Id> = app.store.read(|c| c.query(&sql, &params)?.iter().map(|r| r.id(0)).collect())?;
    ids.into_iter().map(|id| Ok(draft(&app.record(ctx, ENTITY, id)?))).collect()
}

fn draft(r: &Record) -> Draft {
    let spec = &r.spec.lines[0];
    let line = |l: &kontor_platform::record::Line| Line {
        id: Some(json!(l.id)),
        product: l.get(spec, "product_id").as_id().unwrap_or_default(),
        quantity: Quantity::from_scaled(l.get(spec, "quantity").as_int().unwrap_or(0)),
        cost: l.get(spec, "cost").as_int().map(Price::from_scaled),
    };
    Draft { there: Some((r.id, r.version, r.text("number").to_string())), lines: r.lines[0].iter().map(line).collect(), changed: false }
}

/// What the file speaks of stands in the drafts as the file has it; what it does not speak of stays as it is.
fn settle(drafts: &mut Vec<Draft>, wanted: &[(Id, Quantity)], spoken: &HashSet<Id>) {
    let mut left: HashMap<Id, Quantity> = wanted.iter().copied().collect();
    for d in drafts.iter_mut() {
        let before = d.lines.len();
        d.lines.retain_mut(|l| match left.remove(&l.product) {
            Some(q) => {
                d.changed |= l.quantity != q;
                l.quantity = q;
                true
            }
            None => !spoken.contains(&l.product),
        });
        d.changed |= d.lines.len() < before;
    }
    for (product, _) in wanted {
        let Some(quantity) = left.remove(product) else { continue };
        if drafts.last().is_none_or(|d| d.lines.len() >= MAX_LINES) {
            drafts.push(Draft::default());
        }
        if let Some(d) = drafts.last_mut() {
            d.lines.push(Line { id: None, product: *product, quantity, cost: None });
            d.changed = true;
        }
    }
}

/// New lines take what the goods cost when they came in last.
fn costs(app: &App, ctx: &Ctx, w: &Warehouse, drafts: &mut [Draft]) -> Result<()> {
    let new = |l: &Line| l.id.is_none();
    let products: Vec<Id> = drafts.iter().flat_map(|d| &d.lines).filter(|l| new(l)).map(|l| l.product).collect();
    let last = app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        // Where the company is, a day may have begun already, and goods have come in on it.
        let today = kontor_office::company(&mut cx, w.company)?.today(ctx);
        kontor_stock::last_receipts(&mut cx, w.company, &products, today)
    })?;
    for l in drafts.iter_mut().flat_map(|d| &mut d.lines).filter(|l| new(l)) {
        l.cost = last.get(&l.product).map(|r| r.cost);
    }
    Ok(())
}

fn write(app: &Arc<App>, ctx: &Ctx, w: &Warehouse, d: &Draft, file: &str) -> Result<(Option<Id>, String)> {
    let line = |l: &Line| {
        let mut j = Map::new();
        j.extend(l.id.clone().map(|id| ("id".to_string(), id)));
        j.insert("product_id".into(), json!(l.product));
        j.insert("quantity".into(), json!(l.quantity));
        j.extend(l.cost.map(|c| ("cost".to_string(), json!(c))));
        Json::Object(j)
    };
    let lines: Vec<Json> = d.lines.iter().map(line).collect();
    let envelope = match &d.there {
        None => {
            let input = json!({
                "company_id": w.company, "warehouse_id": w.id, "comment": file, "source": SOURCE, "external_id": new_id().to_string(), "lines": lines,
            });
            Envelope::new(format!("{ENTITY}.create"), input)
        }
        // A receipt has lines: one that is left without any is none.
        Some((id, version, _)) if lines.is_empty() => Envelope::new(format!("{ENTITY}.delete"), Json::Null).on(*id).seen(*version),
        Some((id, version, _)) => Envelope::new(format!("{ENTITY}.update"), json!({"lines": lines})).on(*id).seen(*version),
    };
    let done = app.execute(ctx, envelope)?;
    let number = done.data["number"].as_str().map_or_else(|| known(d).1, str::to_string);
    Ok((done.id.or(known(d).0), number))
}
