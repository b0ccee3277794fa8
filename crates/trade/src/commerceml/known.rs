//! What the database knows already: VAT rates of our country, products and price types by their `Ид`, prices in force.

use super::SOURCE;
use kontor_kernel::error::Result;
use kontor_kernel::{HashMap, HashSet};
use kontor_kernel::{Percent, Price};
use kontor_platform::cx::Cx;
use kontor_platform::external_ids;
use kontor_platform::store::{Conn, marks};
use kontor_platform::value::{Id, Value};
use kontor_platform::{App, Ctx};
use std::collections::BTreeMap;

/// VAT rates that goods of a file may have.
#[derive(Default)]
pub struct Known {
    by_percent: HashMap<i64, String>,
    codes: HashSet<String>,
}

/// A rate of the file.
pub struct Vat {
    pub code: String,
    pub percent: Percent,
    /// Is to be made.
    pub new: bool,
}

impl Known {
    pub fn load(app: &App) -> Result<Self> {
        app.store.read(|c| {
            let country = c.query_opt("SELECT country FROM companies ORDER BY seq LIMIT 1", &[])?;
            let country = country.map(|r| r.opt_text(0).map(|t| t.unwrap_or("").to_string())).transpose()?.unwrap_or_default();
            let mut out = Known::default();
            for r in c.query("SELECT code, percent, country FROM vat_rates WHERE archived = ? ORDER BY seq", &[false.into()])? {
                let (code, percent) = (r.text(0)?.to_string(), r.int(1)?);
                if !country.is_empty() && r.opt_text(2)? == Some(country.as_str()) {
                    out.by_percent.entry(percent).or_insert_with(|| code.clone());
                }
                out.codes.insert(code);
            }
            Ok(out)
        })
    }

    /// `20`, `20%`, `Без НДС`; the rate of our own country where it has one. `None`: that is no rate.
    pub fn vat(&self, said: &str) -> Option<Vat> {
        let said = said.trim();
        let low = said.to_lowercase();
        if low.starts_with("без") || low == "exempt" {
            return Some(Vat { code: "exempt".into(), percent: Percent::ZERO, new: !self.codes.contains("exempt") });
        }
        let number = said.trim_end_matches('%').trim().replace(',', ".");
        let percent = Percent::parse(&number).ok().filter(|p| !p.is_negative() && *p <= Percent::from_scaled(100 * Percent::UNIT))?;
        if let Some(code) = self.by_percent.get(&percent.scaled()) {
            return Some(Vat { code: code.clone(), percent, new: false });
        }
        let code = format!("vat{}", percent.to_string().trim_end_matches(".00"));
        Some(Vat { new: !self.codes.contains(&code), code, percent })
    }
}

#[derive(Clone, Debug)]
pub struct Product {
    pub id: Id,
    pub archived: bool,
}

#[derive(Clone, Debug)]
pub struct PriceType {
    pub id: Id,
    pub currency: String,
}

const CHUNK: usize = 250;

/// Products by the `Ид` they were brought with, or by their own id.
pub fn products(app: &App, ctx: &Ctx, ids: &[String]) -> Result<HashMap<String, Product>> {
    let rows = by_id(app, ctx, "products", "archived", ids)?;
    rows.into_iter().map(|(k, id, v)| Ok((k, Product { id, archived: v.as_bool().unwrap_or(false) }))).collect()
}

/// Records of a collection by the `Ид` they are known under, or by their own id.
pub fn records(app: &App, ctx: &Ctx, collection: &str, ids: &[String]) -> Result<HashMap<String, Id>> {
    Ok(by_id(app, ctx, collection, "archived", ids)?.into_iter().map(|(k, id, _)| (k, id)).collect())
}

/// Price types by `Ид` and, where nobody has it, by the name that the file gives.
pub fn price_types(app: &App, ctx: &Ctx, named: &BTreeMap<String, String>) -> Result<HashMap<String, PriceType>> {
    let ids: Vec<String> = named.keys().cloned().collect();
    let of = |id: Id, v: Value| PriceType { id, currency: v.as_text().unwrap_or("").to_string() };
    let mut out: HashMap<String, PriceType> =
        by_id(app, ctx, "price-types", "currency", &ids)?.into_iter().map(|(k, id, v)| (k, of(id, v))).collect();
    app.store.read(|c| {
        for (id, name) in named.iter().filter(|(id, _)| !out.contains_key(*id)).collect::<Vec<_>>() {
            if let Some(r) = c.query_opt("SELECT id, currency FROM price_types WHERE name = ?", &[name.as_str().into()])? {
                out.insert(id.clone(), of(r.id(0)?, r.raw(1)?.clone()));
            }
        }
        Ok(())
    })?;
    Ok(out)
}

/// The part of an `Ид` that is our own id in files that we wrote: variants stand as `product#variant`. Empty where it is no id at all.
pub fn own_part(id: &str) -> &str {
    let part = id.rsplit_once('#').map_or(id, |x| x.1);
    if Id::parse_str(part).is_ok() { part } else { "" }
}

/// `(Ид, id, column)` of the records that the caller sees.
fn by_id(app: &App, ctx: &Ctx, collection: &str, column: &str, ids: &[String]) -> Result<Vec<(String, Id, Value)>> {
    let Some(spec) = app.registry.get(collection) else { return Ok(vec![]) };
    let seen = ctx.access.predicate(&app.registry, spec, "read", "t");
    let and = seen.and();
    let named = format!("SELECT t.id, t.{column}, x.external_id, t.archived FROM {} WHERE", external_ids::from(spec));
    let select = format!("SELECT t.id, t.{column}, t.external_id, t.archived FROM {} t WHERE", spec.table);
    app.store.read(|c| {
        let mut out = vec![];
        let mut run = |c: &mut Conn, condition: String, params: Vec<Value>, own: Option<&HashMap<Id, &String>>| -> Result<()> {
            let params: Vec<Value> = params.into_iter().chain(seen.params.iter().cloned()).collect();
            let from = if own.is_some() { &select } else { &named };
            for r in c.query(&format!("{from} {condition}{and}"), &params)? {
                let id = r.id(0)?;
                let key = match own {
                    Some(asked) => asked.get(&id).map(|k| k.to_string()).unwrap_or_default(),
                    None => r.text(2)?.to_string(),
                };
                let value = if column == "archived" { r.bool(1)?.into() } else { r.raw(1)?.clone() };
                out.push((key, id, value));
            }
            Ok(())
        };
        for chunk in ids.chunks(CHUNK) {
            let texts = chunk.iter().map(|k| Value::Text(k.clone()));
            run(
                c,
                format!("x.source = ? AND x.external_id IN ({})", marks(chunk.len())),
                std::iter::once(SOURCE.into()).chain(texts).collect(),
                None,
            )?;
            let own: HashMap<Id, &String> = chunk.iter().filter_map(|k| Id::parse_str(own_part(k)).ok().map(|id| (id, k))).collect();
            if !own.is_empty() {
                run(c, format!("t.id IN ({})", marks(own.len())), own.keys().map(|id| Value::Id(*id)).collect(), Some(&own))?;
            }
        }
        Ok(out)
    })
}

/// Prices in force on a day, by product, in one price type.
pub fn in_force(app: &App, ctx: &Ctx, price_type: Id, products: &[Id], day: chrono::NaiveDate) -> Result<HashMap<Id, Price>> {
    app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        Ok(kontor_prices::prices_at(&mut cx, price_type, products, day)?.into_iter().map(|(k, v)| (k, v.price)).collect())
    })
}
