//! Supply terms as the engine takes them: of a product's suppliers the first, his lots net of VAT, his own rate.

use super::{Products, basis};
use crate::rate_at::rate_at;
use chrono::NaiveDate;
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_kernel::{Currency, Price, Quantity, Rate, VatMode};
use kontor_platform::cx::Cx;
use kontor_platform::value::Id;
use kontor_pricing::{DatedRate, Lot, SupplyTerms};
use kontor_supply::{Offer, Side, offers};
use rust_decimal::Decimal;

pub struct Supplied {
    pub product: Id,
    pub terms: SupplyTerms,
    pub coefficient: Decimal,
}

const MEMO: &str = "prices.suppliers";
type Known = HashMap<NaiveDate, HashMap<Id, Vec<Offer>>>;

/// Suppliers' offers, read once per command and product.
pub fn known_offers(cx: &mut Cx, date: NaiveDate, products: &Products) -> Result<HashMap<Id, Vec<Offer>>> {
    let mut known = cx.memo.remove(MEMO).and_then(|m| m.downcast::<Known>().ok()).map(|k| *k).unwrap_or_default();
    let of = known.entry(date).or_default();
    let mut missing: Vec<Id> = products.keys().copied().filter(|id| !of.contains_key(id)).collect();
    missing.sort_unstable();
    let mut found = offers(cx, Side::Supplier, None, &missing, date)?;
    for id in missing {
        of.insert(id, found.remove(&id).unwrap_or_default());
    }
    let out = products.keys().filter_map(|id| Some((*id, of.get(id)?.clone()))).collect();
    cx.memo.insert(MEMO, Box::new(known));
    Ok(out)
}

pub fn of(cx: &mut Cx, date: NaiveDate, products: &Products) -> Result<Vec<Supplied>> {
    let mut rates: HashMap<(Id, Currency), Option<(Currency, DatedRate)>> = HashMap::new();
    let mut out = vec![];
    for (product, all) in known_offers(cx, date, products)? {
        let (Some(offer), Some(p)) = (all.first(), products.get(&product)) else { continue };
        let net = |price: Price| basis(price, offer.vat, VatMode::Excluded, p);
        let mut lots = vec![];
        for l in &offer.lots {
            lots.push(Lot { from: l.from, price: net(l.price)?, days: l.days });
        }
        if let Some(price) = offer.price
            && lots.is_empty()
        {
            lots.push(Lot { from: Quantity::ZERO, price: net(price)?, days: 0 });
        }
        let rate_type = offer.terms.as_ref().and_then(|t| t.rate_type);
        let rate = match rate_type {
            Some(id) => match rates.get(&(id, offer.currency)) {
                Some(r) => *r,
                None => {
                    let at = rate_at(cx.conn, id, offer.currency, date)?;
                    let r = at.map(|r| (r.base, DatedRate { date: r.date, rate: r.rate, per: r.per, direction: r.direction }));
                    rates.insert((id, offer.currency), r);
                    r
                }
            },
            None => None,
        };
        let coefficient = offer.terms.as_ref().map_or(Rate::ONE, |t| t.coefficient(&p.category_path));
        out.push(Supplied {
            product,
            terms: SupplyTerms { supplier: offer.partner, currency: offer.currency, rate, lots },
            coefficient: Decimal::new(coefficient.scaled(), Rate::SCALE),
        });
    }
    Ok(out)
}
