//! Our warehouses as far as the caller sees them, and what can be sold from each.

use super::write::ident;
use super::{SOURCE, known};
use kontor_kernel::HashMap;
use kontor_kernel::Quantity;
use kontor_kernel::error::{Error, Result};
use kontor_platform::external_ids;
use kontor_platform::value::{Id, Value};
use kontor_platform::{App, Ctx, Envelope};
use serde_json::json;
use std::sync::Arc;

/// More of them are not compared or written.
const MAX: usize = 5_000;

#[derive(Clone, Debug)]
pub struct Warehouse {
    pub id: Id,
    /// As it came, otherwise our id.
    pub ident: String,
    pub name: String,
    pub address: String,
    pub company: Id,
}

/// Those in use that the caller sees, by name; only the ones asked for, where any are. One that is asked for and not seen is an error.
pub fn seen(app: &App, ctx: &Ctx, only: &[Id]) -> Result<Vec<Warehouse>> {
    let spec = app.granted(ctx, "warehouses", "read")?;
    let seen = ctx.access.predicate(&app.registry, spec, "read", "t");
    let params: Vec<Value> = std::iter::once(false.into()).chain(seen.params.iter().cloned()).collect();
    let sql = format!(
        "SELECT t.id, t.source, t.external_id, t.name, t.address, t.company_id FROM {} t WHERE t.archived = ?{} ORDER BY t.name_key, t.id LIMIT {MAX}",
        spec.table,
        seen.and()
    );
    let of = |r: &kontor_platform::store::Row| {
        Ok(Warehouse {
            id: r.id(0)?,
            ident: ident(r, 1, 2, 0)?,
            name: r.text(3)?.to_string(),
            address: r.opt_text(4)?.unwrap_or_default().to_string(),
            company: r.id(5)?,
        })
    };
    let all: Vec<Warehouse> = app.store.read(|c| c.query(&sql, &params)?.iter().map(of).collect())?;
    if let Some(unknown) = only.iter().find(|id| !all.iter().any(|w| w.id == **id)) {
        return Err(Error::field("warehouse_id", "reference_missing").field_arg("value", unknown));
    }
    Ok(all.into_iter().filter(|w| only.is_empty() || only.contains(&w.id)).collect())
}

/// What can be sold today, by warehouse in their order: on hand less reserved, never below zero. Products that were never in a
/// warehouse are not in its answer.
pub fn available(app: &App, warehouses: &[Warehouse], products: &[Id]) -> Result<Vec<HashMap<Id, Quantity>>> {
    let free = |(on_hand, reserved): (Quantity, Quantity)| -> Result<Quantity> {
        let left = on_hand.scaled().checked_sub(reserved.scaled()).ok_or_else(|| Error::refused("number_overflow"))?;
        Ok(Quantity::from_scaled(left.max(0)))
    };
    app.store.read(|c| {
        let of = |w: &Warehouse| kontor_stock::available(c, w.id, products)?.into_iter().map(|(id, b)| Ok((id, free(b)?))).collect();
        warehouses.iter().map(of).collect()
    })
}

/// Which of ours stands for each of the file's, given as `(Ид, name)`: by what it is called elsewhere or its own id, then by name.
pub fn matched(app: &App, ctx: &Ctx, ours: &[Warehouse], theirs: &[(&str, &str)]) -> Result<Vec<Option<usize>>> {
    let ids: Vec<String> = theirs.iter().map(|t| t.0.to_string()).filter(|id| !id.is_empty()).collect();
    let by_id = known::records(app, ctx, "warehouses", &ids)?;
    let plain = |s: &str| s.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let find = |(id, name): &(&str, &str)| {
        let called = by_id.get(*id).and_then(|found| ours.iter().position(|w| w.id == *found));
        called.or_else(|| ours.iter().position(|w| !name.is_empty() && plain(&w.name) == plain(name)))
    };
    Ok(theirs.iter().map(find).collect())
}

/// Keeps what the warehouses of a file are called there, so that a later file may name them by `Ид` only. Who may not change
/// warehouses leaves it to others.
pub fn call(app: &Arc<App>, ctx: &Ctx, named: &[(String, Id)]) -> Result<()> {
    if app.granted(ctx, "warehouses", "update").is_err() || app.registry.get(external_ids::COLLECTION).is_none() {
        return Ok(());
    }
    let ids: Vec<String> = named.iter().map(|n| n.0.clone()).collect();
    let known = known::records(app, ctx, "warehouses", &ids)?;
    let new = named.iter().filter(|(theirs, _)| !known.contains_key(theirs));
    let call = |(theirs, ours): &(String, Id)| {
        let input = json!({"entity": "warehouses", "record_id": ours, "source": SOURCE, "external_id": theirs});
        Envelope::new(format!("{}.create", external_ids::COLLECTION), input)
    };
    let commands: Vec<Envelope> = new.map(call).collect();
    if !commands.is_empty() {
        app.execute_slice(&ctx.clone().with_source(kontor_platform::Source::Import), commands, false)?;
    }
    Ok(())
}
