//! One unit of each of many products in one price type, by the engine: for the workbench, for trying programs, for price lists.

use crate::price::{prices_at, prices_of};
use crate::sources::{Asker, Categories, feed};
use crate::types::{Needs, Types, types};
use chrono::NaiveDate;
use kontor_catalog::product_facts;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Currency, Percent, Price, VatMode};
use kontor_platform::cx::Cx;
use kontor_platform::value::{Id, id_in};
use kontor_pricing::{Book, CompiledPriceType, Facts, Header, Item, Note, Pricer};
use serde_json::Value as Json;
use std::collections::BTreeSet;
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

/// Products named by a question, `products: [id]`; more than `most` are refused, and so is what is no id.
pub(crate) fn product_ids(named: &Json, most: usize) -> Result<Vec<Id>> {
    let all = named.as_array().map(Vec::as_slice).unwrap_or_default();
    if all.len() > most {
        return Err(Error::field("products", "too_many").field_arg("max", most));
    }
    let id = |(n, j): (usize, &Json)| {
        let id = id_in(j);
        id.ok_or_else(|| Error::field(format!("products.{n}"), "bad_id"))
    };
    all.iter().enumerate().map(id).collect()
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

/// What a group operation knows of a product before it asks: the price is that in force in the type which is worked on.
pub struct AtHand {
    pub product: Id,
    pub vat: Percent,
    pub price_group: Option<Id>,
    pub price: Option<Price>,
}

/// The same as [`units`] for very many products: where neither categories nor receipts and the like have a part in it, what is at
/// hand is not read again. `written_in` is the type of the prices at hand.
pub fn units_at_hand(cx: &mut Cx, of: &InType, date: NaiveDate, at_hand: &[AtHand], written_in: Id) -> Result<Vec<Option<Price>>> {
    let ids: Vec<Id> = at_hand.iter().map(|a| a.product).collect();
    if of.needs.any() || !Categories::current(cx)?.silent() {
        return Ok(units(cx, of, date, &ids)?.into_iter().map(|u| u.price).collect());
    }
    let types = types(cx)?;
    let (book, mut facts) = (book(&types, of), Facts::new());
    for t in of.needs.types.iter().filter_map(|id| types.get(*id)).filter(|t| t.written) {
        if t.id == written_in {
            at_hand.iter().filter_map(|a| Some((a.product, a.price?))).for_each(|(product, p)| facts.set_price(t.id, product, p, date));
            continue;
        }
        for (product, p) in prices_at(cx, t.id, &ids, date)? {
            facts.set_price(t.id, product, p.price, p.valid_from);
        }
    }
    let rate_type = crate::rate_at::rate_types(cx)?.default;
    let currencies: BTreeSet<Currency> = of.needs.currencies.iter().copied().chain([of.currency]).collect();
    crate::pricing::add_rates(cx, &mut facts, rate_type, &[], &currencies, date)?;
    for a in at_hand {
        facts.set_vat_rate(a.product, a.vat);
    }
    let head = Header { vat: of.vat, price_type: Some(of.id), company: of.company, ..Header::new(date, of.currency) };
    let mut pricer = Pricer::new(&book, &facts, &head);
    Ok(at_hand.iter().map(|a| pricer.line(&Item { price_group: a.price_group, ..Item::new(a.product) }).price).collect())
}

/// All types, with the one that is only tried.
fn book(types: &Types, of: &InType) -> Book {
    let mut book = Book::new();
    for t in types.all() {
        book.put_type(t.compiled.clone());
    }
    if let Some(t) = &of.trial {
        book.put_type(t.clone());
    }
    book
}

/// An answer for each product, in the order asked.
pub fn units(cx: &mut Cx, of: &InType, date: NaiveDate, ids: &[Id]) -> Result<Vec<Unit>> {
    let types = types(cx)?;
    let products = product_facts(cx, ids)?;
    let (book, mut facts) = (book(&types, of), Facts::new());
    let written: Vec<Id> = of.needs.types.iter().filter_map(|id| types.get(*id)).filter(|t| t.written).map(|t| t.id).collect();
    prices_of(cx, &written, ids, date, |of, product, p| facts.set_price(of, product, p.price, p.valid_from))?;
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
    let rate_type = crate::rate_at::rate_types(cx)?.default;
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
