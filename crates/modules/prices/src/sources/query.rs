//! Queries of price types: the last, average, lowest or highest of the prices that a declared source has for a product.

use super::{Asker, Products, basis, ratio, supplier};
use crate::types::Known;
use chrono::{Days, NaiveDate};
use kontor_catalog::ProductFacts;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Currency, Price, VatMode};
use kontor_platform::cx::Cx;
use kontor_platform::store::{marks, padded, parts};
use kontor_platform::value::{Id, Value, id_in};
use kontor_pricing::Facts;
use kontor_supply::{Offer, Side, offers};
use serde_json::Value as Json;

pub const SOURCES: &[&str] = &["price_type", "supplier_prices", "competitor_prices", "receipts"];
pub const TAKES: &[&str] = &["last", "average", "lowest", "highest"];
/// So many prices of a product are looked at, the latest ones.
const ROWS: usize = 100;
/// What is looked back where nothing is said.
const DAYS: u64 = 365;

/// Where the figures come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Prices written in another type.
    PriceType(Id),
    Suppliers(Option<Id>),
    Competitors(Option<Id>),
    Receipts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    Last,
    Average,
    Lowest,
    Highest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceQuery {
    pub from: Source,
    pub take: Take,
    /// How far back; of suppliers and competitors each one's present price counts, if it is not older.
    pub days: u64,
}

impl PriceQuery {
    /// Reads the column `query`. Errors: `query.…` fields.
    pub fn of(j: &Json) -> Result<PriceQuery> {
        let id = |name: &str| id_in(&j[name]);
        let from = match j["source"].as_str() {
            Some("price_type") => {
                Source::PriceType(id("price_type_id").ok_or_else(|| Error::field("query.price_type_id", "base_price_type_needed"))?)
            }
            Some("supplier_prices") => Source::Suppliers(id("partner_id")),
            Some("competitor_prices") => Source::Competitors(id("partner_id")),
            Some("receipts") => Source::Receipts,
            _ => return Err(Error::field("query.source", "required")),
        };
        let take = match j["take"].as_str() {
            Some("average") => Take::Average,
            Some("lowest") => Take::Lowest,
            Some("highest") => Take::Highest,
            _ => Take::Last,
        };
        Ok(PriceQuery { from, take, days: j["days"].as_u64().filter(|d| *d > 0).unwrap_or(DAYS) })
    }
}

/// A price found, the latest first.
struct Found {
    price: Price,
    currency: Currency,
    vat: VatMode,
}

/// Answers the query of a type for all products; what cannot be converted for want of a rate does not count.
pub fn answer(cx: &mut Cx, facts: &mut Facts, of: &Known, asker: Asker, companies: &[(Id, Currency)], products: &Products) -> Result<()> {
    let Some(q) = of.query else { return Ok(()) };
    let since = asker.date.checked_sub_days(Days::new(q.days)).unwrap_or(asker.date);
    let mut ids: Vec<Id> = products.keys().copied().collect();
    ids.sort_unstable();
    let found = match q.from {
        Source::PriceType(id) => written(cx, id, &ids, since, asker.date)?,
        Source::Suppliers(None) => offered(supplier::known_offers(cx, asker.date, products)?, since),
        Source::Suppliers(who) => offered(offers(cx, Side::Supplier, who, &ids, asker.date)?, since),
        Source::Competitors(who) => offered(offers(cx, Side::Competitor, who, &ids, asker.date)?, since),
        Source::Receipts => received(cx, companies, &ids, since, asker.date)?,
    };
    let mut ratios = HashMap::new();
    for (product, all) in found {
        let Some(p) = products.get(&product) else { continue };
        let mut prices = vec![];
        for f in &all {
            let rate = match ratios.get(&f.currency) {
                Some(r) => *r,
                None => {
                    let r = ratio(cx, asker.rate_type, f.currency, of.currency, asker.date)?;
                    ratios.insert(f.currency, r);
                    r
                }
            };
            if let Some(rate) = rate {
                prices.push(fitted(f, rate, of, p)?);
            }
        }
        if let Some(price) = taken(q.take, &prices)? {
            facts.set_query(product, &of.id.to_string(), price);
        }
    }
    Ok(())
}

fn fitted(f: &Found, rate: kontor_kernel::Ratio, of: &Known, p: &ProductFacts) -> Result<Price> {
    basis(f.price.times_ratio(rate)?, f.vat, of.vat, p)
}

fn taken(take: Take, prices: &[Price]) -> Result<Option<Price>> {
    Ok(match take {
        Take::Last => prices.first().copied(),
        Take::Lowest => prices.iter().min().copied(),
        Take::Highest => prices.iter().max().copied(),
        Take::Average if prices.is_empty() => None,
        Take::Average => {
            let sum: i128 = prices.iter().map(|p| i128::from(p.scaled())).sum();
            let mean = kontor_kernel::scaled::div_round(sum, prices.len() as i128).and_then(|n| i64::try_from(n).ok());
            Some(mean.map(Price::from_scaled).ok_or_else(|| Error::refused("number_overflow"))?)
        }
    })
}

/// Prices of a type that came into force in these days, and the one that was in force before them.
fn written(cx: &mut Cx, price_type: Id, ids: &[Id], since: NaiveDate, date: NaiveDate) -> Result<HashMap<Id, Vec<Found>>> {
    let types = crate::types::types(cx)?;
    let Some(t) = types.get(price_type) else { return Ok(HashMap::new()) };
    let found = |scaled: i64| Found { price: Price::from_scaled(scaled), currency: t.currency, vat: t.vat };
    let mut out: HashMap<Id, Vec<Found>> = HashMap::new();
    for chunk in parts(ids) {
        let some = padded(chunk);
        let sql = format!(
            "SELECT y.product_id, y.price FROM (SELECT x.product_id, x.price, \
             ROW_NUMBER() OVER (PARTITION BY x.product_id ORDER BY x.valid_from DESC, x.seq DESC) AS n FROM prices x \
             WHERE x.price_type_id = ? AND x.product_id IN ({}) AND x.valid_from > ? AND x.valid_from <= ?) y \
             WHERE y.n <= {ROWS} ORDER BY y.product_id, y.n",
            marks(some.len())
        );
        let params: Vec<Value> = [price_type.into()].into_iter().chain(some).chain([since.into(), date.into()]).collect();
        for r in cx.conn.query(&sql, &params)? {
            out.entry(r.id(0)?).or_default().push(found(r.int(1)?));
        }
    }
    for (product, p) in crate::price::prices_at(cx, price_type, ids, since)? {
        out.entry(product).or_default().push(found(p.price.scaled()));
    }
    Ok(out)
}

fn offered(all: HashMap<Id, Vec<Offer>>, since: NaiveDate) -> HashMap<Id, Vec<Found>> {
    let mut out = HashMap::new();
    for (product, mut offers) in all {
        offers.retain(|o| o.valid_from >= since);
        offers.sort_by_key(|o| std::cmp::Reverse(o.valid_from));
        let found = |o: &Offer| Some(Found { price: o.single()?, currency: o.currency, vat: o.vat });
        out.insert(product, offers.iter().filter_map(found).collect());
    }
    out
}

fn received(cx: &mut Cx, companies: &[(Id, Currency)], ids: &[Id], since: NaiveDate, date: NaiveDate) -> Result<HashMap<Id, Vec<Found>>> {
    let mut dated: HashMap<Id, Vec<(NaiveDate, Found)>> = HashMap::new();
    for (company, currency) in companies {
        for (product, all) in kontor_stock::receipts_between(cx, *company, ids, since, date, ROWS)? {
            let found = |price: Price| Found { price, currency: *currency, vat: VatMode::Excluded };
            dated.entry(product).or_default().extend(all.into_iter().map(|r| (r.date, found(r.cost))));
        }
    }
    Ok(dated
        .into_iter()
        .map(|(product, mut all)| {
            all.sort_by_key(|a| std::cmp::Reverse(a.0));
            (product, all.into_iter().map(|a| a.1).collect())
        })
        .collect())
}
