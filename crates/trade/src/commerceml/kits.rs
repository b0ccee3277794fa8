//! Kits: what the components of goods and offers become. They are set after all goods are there, for a kit may stand before what is in it.

use super::{known, price};
use crate::fault::Fault;
use kontor_exchange::read::Node;
use kontor_kernel::Quantity;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{HashMap, HashSet};
use kontor_platform::value::{Id, id_in, parsed};
use kontor_platform::{App, Ctx, Envelope, Source};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// A product of the file with what is in one of it.
pub struct Kit {
    line: u32,
    id: String,
    /// `Ид` and quantity.
    components: Vec<(String, Quantity)>,
}

impl Kit {
    /// `Ид` of the product.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The components of an element; nothing where it is no kit.
    pub fn of(n: &Node, id: &str) -> Result<Option<Kit>, Fault> {
        let Some(all) = n.child("Комплектующие") else { return Ok(None) };
        let place = |element: &str| format!("{}/Комплектующее/{element}", n.name);
        let mut components: Vec<(String, Quantity)> = vec![];
        for c in all.all("Комплектующее") {
            let component = c.value("Ид").ok_or_else(|| Fault::new(c.line, place("Ид"), Error::refused("required")))?;
            let quantity = match c.value("Количество") {
                Some(said) => price::quantity(said).map_err(|e| Fault::new(c.line, place("Количество"), e))?,
                None => Quantity::from_scaled(Quantity::UNIT),
            };
            if !quantity.is_positive() {
                return Err(Fault::new(c.line, place("Количество"), Error::refused("number_not_positive")));
            }
            if components.iter().any(|(there, _)| there == component) {
                return Err(Fault::new(c.line, place("Ид"), Error::refused("unique")));
            }
            components.push((component.into(), quantity));
        }
        Ok((!components.is_empty()).then(|| Kit { line: n.line, id: id.into(), components }))
    }
}

/// Kits with components that neither the file nor the database knows, or that lead back to the kit.
pub fn check(app: &App, ctx: &Ctx, kits: &[Kit], in_file: &HashSet<String>) -> Result<Vec<Fault>> {
    let asked: Vec<String> = kits.iter().flat_map(|k| &k.components).map(|c| c.0.clone()).filter(|id| !in_file.contains(id)).collect();
    let there = known::products(app, ctx, &asked)?;
    let of: HashMap<&str, &Kit> = kits.iter().map(|k| (k.id.as_str(), k)).collect();
    let wrong = |k: &Kit| {
        let unknown = k.components.iter().find(|c| !in_file.contains(&c.0) && !there.contains_key(&c.0));
        let error = match unknown {
            Some(c) => Error::refused("commerceml_product_missing").arg("value", &c.0),
            None if in_itself(k, &of) => Error::refused("cycle"),
            None => return None,
        };
        Some(Fault::new(k.line, "Комплектующее/Ид", error))
    };
    Ok(kits.iter().filter_map(wrong).collect())
}

/// Whether a kit is found among its own components, or theirs.
fn in_itself(kit: &Kit, of: &HashMap<&str, &Kit>) -> bool {
    let mut met: HashSet<&str> = HashSet::new();
    let mut next: Vec<&Kit> = vec![kit];
    while let Some(k) = next.pop() {
        for (id, _) in &k.components {
            if *id == kit.id {
                return true;
            }
            if met.insert(id) {
                next.extend(of.get(id.as_str()).copied());
            }
        }
    }
    false
}

/// Sets the components that differ from those that are there; gives how many kits were changed.
pub fn set(app: &Arc<App>, ctx: &Ctx, kits: &[Kit]) -> Result<u64, Fault> {
    let whole = |e: Error| Fault::new(0, "Комплектующие", e);
    let asked: Vec<String> = kits.iter().flat_map(|k| std::iter::once(&k.id).chain(k.components.iter().map(|c| &c.0))).cloned().collect();
    let ids: HashMap<String, Id> = known::products(app, ctx, &asked).map_err(whole)?.into_iter().map(|(k, p)| (k, p.id)).collect();
    let ctx = ctx.clone().with_source(Source::Import);
    let mut n = 0;
    for kit in kits {
        let place = |e: Error| Fault::new(kit.line, "Комплектующие", e);
        let Some(id) = ids.get(&kit.id) else { continue };
        // A file that was taken in part may have left a component out.
        let found: Vec<(Id, Quantity)> = kit.components.iter().filter_map(|(c, q)| Some((*ids.get(c)?, *q))).collect();
        if found.len() < kit.components.len() {
            return Err(place(Error::refused("commerceml_product_missing").arg("value", &kit.id)));
        }
        let record = app.record(&ctx, "products", *id).map_err(place)?;
        if same(record.json("components"), &found) {
            continue;
        }
        let components: Vec<Json> = found.iter().map(|(id, q)| json!({"product_id": id, "quantity": q})).collect();
        let change = Envelope::new("products.update", json!({"components": components})).on(*id).seen(record.version);
        app.execute(&ctx, change).map_err(place)?;
        n += 1;
    }
    Ok(n)
}

fn same(there: &Json, wanted: &[(Id, Quantity)]) -> bool {
    let there = there.as_array().map(Vec::as_slice).unwrap_or_default();
    let equal = |(j, w): (&Json, &(Id, Quantity))| id_in(&j["product_id"]) == Some(w.0) && parsed::<Quantity>(&j["quantity"]) == Some(w.1);
    there.len() == wanted.len() && there.iter().zip(wanted).all(equal)
}
