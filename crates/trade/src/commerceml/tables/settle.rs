//! A file that has been read, compared with what is there: goods that stay as they are, prices that are in force already.

use super::{OFFERS, Package, push};
use crate::commerceml::{kits, known};
use crate::fault::Fault;
use kontor_exchange::read::Table;
use kontor_kernel::Price;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{HashMap, HashSet};
use kontor_platform::value::{Id, new_id};
use kontor_platform::{App, Ctx};
use std::collections::BTreeMap;

/// Lines of one price change.
const MAX_LINES: usize = 10_000;

impl Package {
    /// Drops what is there already and makes prices the lines of price changes. Errors: nothing in the file that is asked for.
    pub fn settle(&mut self, app: &App, ctx: &Ctx, entity: &str) -> Result<()> {
        let [groups, goods, offers, types] = self.counts;
        self.read = match entity {
            "product-categories" => groups,
            "price-types" => types,
            "stock-receipts" => offers,
            _ => groups + goods + offers + types,
        };
        let wanted = match entity {
            "prices" => !self.priced.is_empty() || types > 0 || !self.stated.is_empty() || !self.faults.is_empty(),
            "stock-receipts" => !self.stated.is_empty() || !self.faults.is_empty(),
            _ => self.read > 0,
        };
        if !wanted {
            let code = match entity {
                _ if self.documents > 0 => "commerceml_documents",
                "stock-receipts" => "commerceml_no_stock",
                _ => "commerceml_nothing",
            };
            return Err(Error::refused(code));
        }
        self.new_categories_only = entity == "prices";
        let in_file: HashSet<String> = column(&self.goods, 0).chain(column(&self.offers, 0)).collect();
        let asked: Vec<String> = self.priced.iter().map(|p| p.offer.clone()).chain(in_file.iter().cloned()).collect();
        let there = known::products(app, ctx, &asked)?;
        self.plain_offers(&there)?;
        if self.new_categories_only {
            let all = self.kits.len();
            self.kits.retain(|k| !there.contains_key(k.id()));
            self.kits_passed = (all - self.kits.len()) as u64;
        }
        if matches!(entity, "products" | "prices") {
            self.faults.extend(kits::check(app, ctx, &self.kits, &in_file)?);
        }
        if entity == "prices" {
            self.changed_prices(app, ctx, &in_file, &there)?;
        }
        Ok(())
    }

    /// An offer without a characteristic is its product: only those are made that nobody knows.
    fn plain_offers(&mut self, there: &HashMap<String, known::Product>) -> Result<()> {
        let goods: HashSet<String> = column(&self.goods, 0).collect();
        let mut kept = Table::new(self.offers.file.clone(), self.offers.header.clone())?;
        for r in self.offers.rows() {
            let id = r.cell(0);
            if !id.contains('#') && (goods.contains(id) || there.contains_key(id)) || goods.contains(id) {
                self.skipped += u64::from(!goods.contains(id));
                continue;
            }
            kept.push(r.number(), (0..OFFERS.len()).map(|c| r.cell(c)))?;
        }
        self.goods.whole()?;
        self.offers.whole()?;
        self.offers = kept;
        Ok(())
    }

    fn changed_prices(&mut self, app: &App, ctx: &Ctx, in_file: &HashSet<String>, there: &HashMap<String, known::Product>) -> Result<()> {
        let priced = std::mem::take(&mut self.priced);
        let mut named: BTreeMap<String, String> = priced.iter().map(|p| (p.price_type.clone(), String::new())).collect();
        let mut currencies: HashMap<String, String> = HashMap::new();
        for r in self.types.rows() {
            named.insert(r.cell(0).into(), r.cell(1).into());
            currencies.insert(r.cell(0).into(), r.cell(2).into());
        }
        self.types.whole()?;
        let types = known::price_types(app, ctx, &named)?;
        currencies.extend(types.iter().map(|(k, t)| (k.clone(), t.currency.clone())));
        let day = self.day.unwrap_or(ctx.today);
        // Of one product and type the last one counts.
        let mut last: HashMap<(&str, &str), usize> = HashMap::new();
        for (n, p) in priced.iter().enumerate() {
            let wrong = match currencies.get(&p.price_type) {
                None => Some(("ИдТипаЦены", Error::refused("name_missing").arg("value", &p.price_type))),
                Some(c) if p.currency.as_ref().is_some_and(|own| own != c) => {
                    Some(("Валюта", Error::refused("currency_mismatch").arg("expected", c)))
                }
                Some(_) if !in_file.contains(&p.offer) && !there.contains_key(&p.offer) => {
                    Some(("Ид", Error::refused("commerceml_product_missing").arg("value", &p.offer)))
                }
                Some(_) => None,
            };
            match wrong {
                Some((element, e)) => self.faults.push(Fault::new(p.line, format!("Предложение/{element}"), e)),
                None => {
                    last.insert((&p.price_type, &p.offer), n);
                }
            }
        }
        let mut in_force: HashMap<(&str, Id), Price> = HashMap::new();
        for (id, t) in &types {
            let products: Vec<Id> =
                priced.iter().filter(|p| p.price_type == *id).filter_map(|p| there.get(&p.offer)).map(|p| p.id).collect();
            let found = known::in_force(app, ctx, t.id, &products, day)?;
            in_force.extend(found.into_iter().map(|(product, price)| ((id.as_str(), product), price)));
        }
        let mut package = (new_id().to_string(), 0);
        for (n, p) in priced.iter().enumerate() {
            if last.get(&(p.price_type.as_str(), p.offer.as_str())) != Some(&n) {
                continue;
            }
            let product = there.get(&p.offer).map(|x| x.id);
            if product.is_some_and(|id| in_force.get(&(p.price_type.as_str(), id)) == Some(&p.price)) {
                self.skipped += 1;
                continue;
            }
            if package.1 == MAX_LINES {
                package = (new_id().to_string(), 0);
            }
            package.1 += 1;
            let product = product.map_or_else(|| p.offer.clone(), |id| id.to_string());
            let row = [&package.0, &day.to_string(), &p.price_type, &product, &p.price.to_string()];
            push(&mut self.prices, &mut self.faults, p.line, &row.map(String::as_str));
        }
        Ok(())
    }
}

fn column(t: &Table, c: usize) -> impl Iterator<Item = String> {
    t.rows().map(move |r| r.cell(c).to_string())
}
