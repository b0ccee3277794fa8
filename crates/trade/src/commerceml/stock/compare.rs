//! What a file says is there beside the stock register: by product and warehouse, or in total where the file names no warehouse.

use super::{Made, Said, Stated};
use crate::commerceml::{known, warehouses};
use crate::fault::Fault;
use kontor_kernel::HashMap;
use kontor_kernel::Quantity;
use kontor_kernel::error::{Error, Result};
use kontor_platform::store::marks;
use kontor_platform::titles;
use kontor_platform::value::{Id, Value};
use kontor_platform::{App, Ctx};
use serde::Serialize;
use warehouses::Warehouse;

/// More differences of either kind are counted, not listed.
const LISTED: usize = 1_000;
const CHUNK: usize = 500;

/// A product that the file has more or less of than can be sold here.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// Line of the file.
    pub row: u32,
    pub product_id: Id,
    pub product: String,
    pub sku: String,
    /// Nothing where the file gives one figure for all warehouses.
    pub warehouse_id: Option<Id>,
    pub warehouse: String,
    pub in_file: Quantity,
    pub available: Quantity,
    /// The file's less ours.
    pub difference: Quantity,
}

/// A warehouse of the file that stands for none of ours.
#[derive(Clone, Debug, Serialize)]
pub struct Passed {
    pub id: String,
    pub name: String,
    pub offers: u64,
    pub quantity: Quantity,
}

/// What came of the stock in a file.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Found {
    /// Pairs of product and warehouse that were compared.
    pub compared: u64,
    pub same: u64,
    pub more_count: u64,
    pub less_count: u64,
    /// Offers that are not among our goods and of which the file has some.
    pub unknown_offers: u64,
    /// The largest first.
    pub more: Vec<Difference>,
    pub less: Vec<Difference>,
    pub passed: Vec<Passed>,
    pub receipts: Vec<Made>,
}

/// Everything found, before the lists are cut to what is told.
pub(in super::super) struct Compared {
    pub warehouses: Vec<Warehouse>,
    pub more: Vec<(Option<usize>, Difference)>,
    /// `(product, warehouse)` that the file speaks of.
    pub spoken: Vec<(Id, Option<usize>)>,
    pub found: Found,
    /// What keeps a receipt from being made: goods and warehouses that are not here.
    pub faults: Vec<Fault>,
    /// Warehouses found by their names: theirs, ours.
    pub named: Vec<(String, Id)>,
}

/// `only`: the warehouse that a file means which names none.
pub(in super::super) fn compare(app: &App, ctx: &Ctx, stated: &Stated, only: Option<Id>) -> Result<Compared> {
    let ours = warehouses::seen(app, ctx, only.as_slice())?;
    let theirs: Vec<(&str, &str)> = stated.warehouses.iter().map(|w| (w.0.as_str(), w.1.as_str())).collect();
    let matched = warehouses::matched(app, ctx, &ours, &theirs)?;
    let ids: Vec<String> = stated.offers.iter().map(|o| o.offer.clone()).collect();
    let there = known::products(app, ctx, &ids)?;
    let mut out = Compared {
        more: vec![],
        spoken: vec![],
        found: Found::default(),
        faults: vec![],
        named: theirs.iter().zip(&matched).filter_map(|(t, m)| Some((t.0.to_string(), ours[(*m)?].id))).collect(),
        warehouses: ours,
    };
    let place: HashMap<&str, Option<usize>> = theirs.iter().map(|t| t.0).zip(matched.iter().copied()).collect();
    let mut less = vec![];
    for part in stated.offers.chunks(CHUNK) {
        let products: Vec<Id> = part.iter().filter_map(|o| there.get(&o.offer)).map(|p| p.id).collect();
        let named = named(app, ctx, &products)?;
        let here = warehouses::available(app, &out.warehouses, &products)?;
        for said in part {
            out.passed(said, &place, &theirs)?;
            let Some(product) = there.get(&said.offer) else {
                out.unknown(said)?;
                continue;
            };
            let Some(n) = named.get(&product.id).filter(|n| !n.service) else { continue };
            for (warehouse, in_file) in out.figures(said, &place, &matched)? {
                let of = |w: usize| here[w].get(&product.id).copied().unwrap_or(Quantity::ZERO);
                let available = match warehouse {
                    Some(w) => of(w),
                    None => Quantity::sum((0..here.len()).map(of))?,
                };
                out.spoken.push((product.id, warehouse));
                out.found.compared += 1;
                let difference = in_file.checked_sub(available).ok_or_else(|| Error::refused("number_overflow"))?;
                let d = || Difference {
                    row: said.line,
                    product_id: product.id,
                    product: n.title.clone(),
                    sku: n.sku.clone(),
                    warehouse_id: warehouse.map(|w| out.warehouses[w].id),
                    warehouse: warehouse.map_or_else(String::new, |w| out.warehouses[w].name.clone()),
                    in_file,
                    available,
                    difference,
                };
                if difference.is_zero() {
                    out.found.same += 1;
                } else if difference.is_negative() {
                    less.push(d());
                } else {
                    let d = d();
                    if product.archived {
                        let e = Error::refused("reference_archived").arg("title", &d.product);
                        out.faults.push(Fault::new(said.line, "Предложение/Ид", e));
                    }
                    out.more.push((warehouse, d));
                }
            }
        }
    }
    (out.found.more_count, out.found.less_count) = (out.more.len() as u64, less.len() as u64);
    less.sort_by_key(|d| d.difference);
    less.truncate(LISTED);
    let mut more: Vec<Difference> = out.more.iter().map(|m| m.1.clone()).collect();
    more.sort_by_key(|d| std::cmp::Reverse(d.difference));
    more.truncate(LISTED);
    (out.found.more, out.found.less) = (more, less);
    Ok(out)
}

impl Compared {
    /// What an offer says by our warehouses. Where its figures add up to its total, warehouses that it does not name have none of it.
    fn figures(
        &self,
        said: &Said,
        place: &HashMap<&str, Option<usize>>,
        matched: &[Option<usize>],
    ) -> Result<Vec<(Option<usize>, Quantity)>> {
        let sum = Quantity::sum(said.by_warehouse.iter().map(|w| w.1))?;
        let whole = said.total == Some(sum) && !matched.is_empty();
        if let (Some(total), true, false) = (said.total, said.by_warehouse.is_empty(), whole) {
            let one = if self.warehouses.len() == 1 { Some(0) } else { None };
            return Ok(vec![(one, total)]);
        }
        let mut out: Vec<(Option<usize>, Quantity)> = vec![];
        for (id, quantity) in &said.by_warehouse {
            // Two of theirs may be one of ours.
            let Some(Some(w)) = place.get(id.as_str()) else { continue };
            match out.iter_mut().find(|o| o.0 == Some(*w)) {
                Some(o) => o.1 = Quantity::sum([o.1, *quantity])?,
                None => out.push((Some(*w), *quantity)),
            }
        }
        for w in matched.iter().flatten().filter(|_| whole) {
            if !out.iter().any(|o| o.0 == Some(*w)) {
                out.push((Some(*w), Quantity::ZERO));
            }
        }
        Ok(out)
    }

    /// Notes what the offer has in warehouses that are none of ours.
    fn passed(&mut self, said: &Said, place: &HashMap<&str, Option<usize>>, theirs: &[(&str, &str)]) -> Result<()> {
        for (id, quantity) in said.by_warehouse.iter().filter(|w| !w.1.is_zero() && place.get(w.0.as_str()) == Some(&None)) {
            if !self.found.passed.iter().any(|p| p.id == *id) {
                let name = theirs.iter().find(|t| t.0 == id).map_or("", |t| t.1);
                self.found.passed.push(Passed { id: id.clone(), name: name.into(), offers: 0, quantity: Quantity::ZERO });
                let e = Error::refused("commerceml_warehouse_missing").arg("value", if name.is_empty() { id } else { name });
                self.faults.push(Fault::new(said.line, "Предложение/Склад", e));
            }
            if let Some(p) = self.found.passed.iter_mut().find(|p| p.id == *id) {
                p.offers += 1;
                p.quantity = Quantity::sum([p.quantity, *quantity])?;
            }
        }
        Ok(())
    }

    fn unknown(&mut self, said: &Said) -> Result<()> {
        let all = said.total.into_iter().chain(said.by_warehouse.iter().map(|w| w.1));
        if all.into_iter().any(|q| q.is_positive()) {
            self.found.unknown_offers += 1;
            let e = Error::refused("commerceml_product_missing").arg("value", &said.offer);
            self.faults.push(Fault::new(said.line, "Предложение/Ид", e));
        }
        Ok(())
    }
}

struct Named {
    title: String,
    sku: String,
    service: bool,
}

fn named(app: &App, ctx: &Ctx, products: &[Id]) -> Result<HashMap<Id, Named>> {
    let spec = app.registry.get("products").ok_or_else(Error::not_found)?;
    if products.is_empty() {
        return Ok(HashMap::new());
    }
    app.store.read(|c| {
        let title = titles::sql(spec, "p", Some(ctx.lang), c.backend());
        let sql = format!("SELECT p.id, {title}, p.sku, p.kind FROM products p WHERE p.id IN ({})", marks(products.len()));
        let params: Vec<Value> = products.iter().map(|p| Value::Id(*p)).collect();
        let of = |r: &kontor_platform::store::Row| {
            let sku = r.opt_text(2)?.unwrap_or_default().to_string();
            Ok((r.id(0)?, Named { title: r.text(1)?.to_string(), sku, service: r.text(3)? == "service" }))
        };
        c.query(&sql, &params)?.iter().map(of).collect()
    })
}
