//! One unit of each of many products in one price type, by the engine: for the workbench, for trying programs, for price lists.

use crate::price::prices_at;
use crate::sources::{Asker, Categories, feed};
use crate::types::{Needs, types};
use chrono::NaiveDate;
use kontor_catalog::product_facts;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Currency, Price, VatMode};
use kontor_platform::cx::Cx;
use kontor_platform::value::Id;
use kontor_pricing::{Book, CompiledPriceType, Facts, Header, Item, Note, Pricer};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The type that is asked.
pub struct InType {
    pub id: Id,
    pub currency: Currency,
    pub vat: VatMode,
    pub needs: Needs,
    /// One that is not written down, only tried.
    pub trial: Option<Arc<CompiledPriceType>>,
    /// Whose receipts and stock count; everybody's when open.
    pub company: Option<Id>,
}

pub struct Unit {
    pub product: Id,
    pub price: Option<Price>,
    /// Why there is none.
    pub problem: Option<Note>,
}

/// Prices of these products in a type on a date, computed or written, in the type's own currency and VAT basis. Products without
/// a price are not in the answer.
pub fn prices_in_type(cx: &mut Cx, price_type: Id, company: Option<Id>, products: &[Id], date: NaiveDate) -> Result<HashMap<Id, Price>> {
    let all = types(cx)?;
    let of = all.get(price_type).ok_or_else(|| Error::field("price_type_id", "reference_missing").field_arg("value", price_type))?;
    let asked = InType { id: price_type, currency: of.currency, vat: of.vat, needs: all.needs([price_type]), trial: None, company };
    Ok(units(cx, &asked, date, products)?.into_iter().filter_map(|u| Some((u.product, u.price?))).collect())
}

/// An answer for each product, in the order asked.
pub fn units(cx: &mut Cx, of: &InType, date: NaiveDate, ids: &[Id]) -> Result<Vec<Unit>> {
    let types = types(cx)?;
    let products = product_facts(cx, ids)?;
    let (mut book, mut facts) = (Book::new(), Facts::new());
    for t in types.all() {
        book.put_type(t.compiled.clone());
    }
    if let Some(t) = &of.trial {
        book.put_type(t.clone());
    }
    for t in of.needs.types.iter().filter_map(|id| types.get(*id)).filter(|t| t.written) {
        for (product, p) in prices_at(cx, t.id, ids, date)? {
            facts.set_price(t.id, product, p.price, p.valid_from);
        }
    }
    let categories = Categories::current(cx)?;
    let mut items = Vec::with_capacity(ids.len());
    for id in ids {
        let p = products.get(id);
        let path = p.map(|p| p.category_path.clone()).unwrap_or_default();
        items.push(Item {
            rate_type: categories.rate_type(&path),
            categories: path,
            price_group: p.and_then(|p| p.price_group_id),
            ..Item::new(*id)
        });
    }
    let rate_type = crate::rate_at::default_rate_type(cx.conn)?;
    let fed = feed(cx, &mut facts, &types, &of.needs, Asker { company: of.company, date, rate_type }, &products)?;
    let currencies: BTreeSet<Currency> = of.needs.currencies.iter().copied().chain([of.currency]).chain(fed).collect();
    crate::pricing::add_rates(cx, &mut facts, rate_type, &items, &currencies, date)?;
    for p in products.values() {
        facts.set_vat_rate(p.id, p.vat_percent);
    }
    let head = Header { vat: of.vat, price_type: Some(of.id), company: of.company, ..Header::new(date, of.currency) };
    let mut pricer = Pricer::new(&book, &facts, &head);
    let one = |item: &Item| {
        let line = pricer.line(item);
        Unit { product: item.product, price: line.price, problem: line.problem.map(|n| *n) }
    };
    Ok(items.iter().map(one).collect())
}
