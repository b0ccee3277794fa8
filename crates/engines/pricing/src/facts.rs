//! What the engine is told besides the rule book: price types, and the figures of a document's products and currencies.
//! The caller loads them once for all lines; nothing is looked up later.

use crate::formula::{Formula, FormulaError};
use crate::intern::QuickMap;
use crate::question::{Header, Item};
use crate::rounding::{Range, Rounding};
use chrono::NaiveDate;
use kontor_kernel::{Currency, Direction, Percent, Period, Price, Quantity, Quote, Rate, VatMode};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Identifier of anything the rules speak of.
pub type Id = uuid::Uuid;

/// A list of prices, and how the prices in it come about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriceType {
    pub id: Id,
    pub name: String,
    /// Version of the record, kept in traces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    pub currency: Currency,
    pub vat: VatMode,
    pub method: Method,
    /// Without it, computed prices are rounded to the minor unit of the question's currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<Rounding>,
    /// Other roundings from certain prices on; the one with the highest `from` not above the price counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ranges: Vec<Range>,
    /// Other methods for price groups and categories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupMethod>,
    /// A price computed anew that differs by less than this from the one in force leaves that one in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Percent>,
    /// Whose documents it may give prices to, and when; rules that lead to it elsewhere find no price.
    #[serde(default, skip_serializing_if = "Usage::is_free")]
    pub usage: Usage,
}

/// Conditions of use of a price type; what is left open does not limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// In documents of this own company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<Id>,
    /// For partners of this segment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<Id>,
    #[serde(default)]
    pub valid: Period,
}

impl Usage {
    fn is_free(&self) -> bool {
        *self == Usage::default()
    }
    pub(crate) fn holds(&self, h: &Header) -> bool {
        self.valid.contains(h.date)
            && self.company.is_none_or(|c| h.company == Some(c))
            && self.segment.is_none_or(|s| h.segments.contains(&s))
    }
}

/// How a price type comes to a price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum Method {
    /// Each price is written down.
    Manual,
    /// The price of another type plus so many percent; fewer when negative.
    Markup { base: Id, percent: Percent },
    /// The price of the last receipt plus so many percent.
    Receipt { percent: Percent },
    /// The supplier's price for the lot that the quantity falls into, plus so many percent.
    Supply { percent: Percent },
    /// An expression, see [`crate::formula`].
    Formula { formula: String },
    /// A value that the caller found by the query of this name ([`Facts::set_query`]).
    Query { query: String },
}

/// How a price type values the products of a price group or of a category with all below it. The group comes before the
/// categories, of those the nearest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupMethod {
    pub group: Id,
    pub method: Method,
}

/// A price type with its formulas read once. Compile when the type changes, share between books.
#[derive(Debug)]
pub struct CompiledPriceType {
    pub(crate) def: PriceType,
    /// The formula, or why it could not be read (told when a price is asked for).
    pub(crate) formula: Option<Result<Formula, FormulaError>>,
    /// The same for each of `def.groups`.
    pub(crate) groups: Vec<Option<Result<Formula, FormulaError>>>,
}

impl PriceType {
    /// Without rounding, price groups and threshold.
    pub fn new(id: Id, name: &str, currency: Currency, vat: VatMode, method: Method) -> PriceType {
        let (ranges, groups) = (vec![], vec![]);
        PriceType {
            id,
            name: name.to_string(),
            version: None,
            currency,
            vat,
            method,
            rounding: None,
            ranges,
            groups,
            threshold: None,
            usage: Usage::default(),
        }
    }
    /// Reads its formulas once; what is wrong with them is told when a price is asked for.
    pub fn compile(self) -> Arc<CompiledPriceType> {
        let read = |m: &Method| match m {
            Method::Formula { formula } => Some(Formula::compile(formula)),
            _ => None,
        };
        Arc::new(CompiledPriceType {
            formula: read(&self.method),
            groups: self.groups.iter().map(|g| read(&g.method)).collect(),
            def: self,
        })
    }
    /// The rounding for a price of this size (in the currency of the answer).
    pub(crate) fn rounding_at(&self, price: Price) -> Option<&Rounding> {
        let range = self.ranges.iter().filter(|r| r.from <= price.abs()).max_by_key(|r| r.from);
        range.map(|r| &r.rounding).or(self.rounding.as_ref())
    }
}

impl CompiledPriceType {
    /// The definition it was compiled from.
    pub fn def(&self) -> &PriceType {
        &self.def
    }
    pub(crate) fn method(&self, item: &Item) -> (&Method, Option<&Result<Formula, FormulaError>>) {
        let of = |id: &Id| self.def.groups.iter().position(|g| g.group == *id);
        let found = if self.def.groups.is_empty() { None } else { item.price_group.iter().chain(&item.categories).find_map(of) };
        match found {
            Some(n) => (&self.def.groups[n].method, self.groups[n].as_ref()),
            None => (&self.def.method, self.formula.as_ref()),
        }
    }
}

/// Rates of one rate type, as published on each day; a day without one takes the last earlier one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateTable {
    pub id: Id,
    pub name: String,
    pub base: Currency,
    /// By currency, the earliest first.
    rates: QuickMap<Currency, Vec<DatedRate>>,
}

impl RateTable {
    /// Without rates; `base` is the currency that each rate is published against.
    pub fn new(id: Id, name: &str, base: Currency) -> RateTable {
        RateTable { id, name: name.to_string(), base, rates: QuickMap::default() }
    }
    /// A later addition for the same day replaces the earlier one.
    pub fn add(&mut self, currency: Currency, rate: DatedRate) {
        let of = self.rates.entry(currency).or_default();
        match of.binary_search_by_key(&rate.date, |r| r.date) {
            Ok(i) => of[i] = rate,
            Err(i) => of.insert(i, rate),
        }
    }
    /// Days after this one for which a rate is published, in no order that means anything.
    pub(crate) fn days_after(&self, date: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        self.rates.values().flat_map(move |of| of[of.partition_point(|r| r.date <= date)..].iter().map(|r| r.date))
    }
    /// The latest rate of a currency on or before a day.
    pub fn at(&self, currency: Currency, date: NaiveDate) -> Option<&DatedRate> {
        let of = self.rates.get(&currency)?;
        of[..of.partition_point(|r| r.date <= date)].last()
    }
}

/// A rate as published, with the date it was published for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatedRate {
    pub date: NaiveDate,
    pub rate: Rate,
    pub per: i64,
    pub direction: Direction,
}

impl DatedRate {
    /// The rate as it is published: so much of one currency for so many units of the other.
    pub fn quote(&self) -> Quote {
        Quote { rate: self.rate, per: self.per, direction: self.direction }
    }
}

/// Cost of one unit, net of VAT.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    pub price: Price,
    pub currency: Currency,
}

/// What a supplier asks for a product, net of VAT.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SupplyTerms {
    pub supplier: Id,
    pub currency: Currency,
    /// The supplier's own rate of `currency`, and the currency it leads to; the document's rates where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<(Currency, DatedRate)>,
    /// Prices by size of the lot (four as a rule).
    pub lots: Vec<Lot>,
}

/// What a unit costs from a quantity on, and how long it takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lot {
    pub from: Quantity,
    pub price: Price,
    /// Days until the goods come.
    pub days: u16,
}

impl SupplyTerms {
    /// The largest lot that the quantity fills; the smallest one when it fills none.
    pub fn lot(&self, quantity: Quantity) -> Option<&Lot> {
        let filled = self.lots.iter().filter(|l| l.from <= quantity.abs()).max_by_key(|l| l.from);
        filled.or_else(|| self.lots.iter().min_by_key(|l| l.from))
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    pub price: Price,
    pub valid_from: NaiveDate,
}

#[derive(Debug, Default)]
pub(crate) struct ProductFacts {
    pub vat: Option<Percent>,
    pub cost: Option<Cost>,
    pub receipt: Option<Cost>,
    pub supply: Option<Box<SupplyTerms>>,
    /// By price type, then by day, the latest first.
    prices: Vec<(Id, Written)>,
    values: Vec<(String, Decimal)>,
    queries: Vec<(String, Price)>,
}

impl ProductFacts {
    /// The price in force in a type on a day.
    pub fn written(&self, price_type: Id, date: NaiveDate) -> Option<&Written> {
        self.prices.iter().find(|(t, w)| *t == price_type && w.valid_from <= date).map(|(_, w)| w)
    }
    /// A number that formulas read.
    pub fn value(&self, name: &str) -> Option<Decimal> {
        self.values.iter().find(|(n, _)| n == name).map(|(_, v)| *v)
    }
    /// The answer of a query, by its name.
    pub fn query(&self, name: &str) -> Option<Price> {
        self.queries.iter().find(|(n, _)| n == name).map(|(_, v)| *v)
    }
    /// Days on which one of the prices comes into force.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> {
        self.prices.iter().map(|(_, w)| w.valid_from)
    }
}

/// Figures of the products and currencies of a document. Later additions replace earlier ones of the same key.
#[derive(Debug, Default)]
pub struct Facts {
    products: QuickMap<Id, ProductFacts>,
    rates: QuickMap<Id, RateTable>,
    default_rates: Option<Id>,
}

impl Facts {
    /// Nothing is known of any product or currency.
    pub fn new() -> Facts {
        Facts::default()
    }
    /// The price written down for the product in a price type, in force from `valid_from` until the next one. Only prices
    /// up to the question's date are needed; later ones let "why not" look ahead. For a type that computes, the price that is
    /// in force now, against which its threshold is held.
    pub fn set_price(&mut self, price_type: Id, product: Id, price: Price, valid_from: NaiveDate) {
        let of = &mut self.products.entry(product).or_default().prices;
        let new = (price_type, Written { price, valid_from });
        match of.iter().position(|(t, w)| *t == price_type && w.valid_from <= valid_from) {
            Some(i) if of[i].1.valid_from == valid_from => of[i] = new,
            Some(i) => of.insert(i, new),
            None => of.push(new),
        }
    }
    /// What a unit costs us.
    pub fn set_cost(&mut self, product: Id, cost: Cost) {
        self.products.entry(product).or_default().cost = Some(cost);
    }
    /// Price of the last receipt.
    pub fn set_receipt(&mut self, product: Id, price: Cost) {
        self.products.entry(product).or_default().receipt = Some(price);
    }
    /// What suppliers ask, from which quantity on.
    pub fn set_supply(&mut self, product: Id, terms: SupplyTerms) {
        self.products.entry(product).or_default().supply = Some(Box::new(terms));
    }
    /// VAT rate of a product; products without one count as 0 %.
    pub fn set_vat_rate(&mut self, product: Id, rate: Percent) {
        self.products.entry(product).or_default().vat = Some(rate);
    }
    /// A number that formulas read: `stock`, `coefficient`, or any name for `value("name")`.
    pub fn set_value(&mut self, product: Id, name: &str, value: Decimal) {
        let of = &mut self.products.entry(product).or_default().values;
        of.retain(|(n, _)| n != name);
        of.push((name.to_string(), value));
    }
    /// What the query of this name found for the product, in the currency and basis of the price type that asks for it.
    pub fn set_query(&mut self, product: Id, query: &str, price: Price) {
        let of = &mut self.products.entry(product).or_default().queries;
        of.retain(|(n, _)| n != query);
        of.push((query.to_string(), price));
    }
    /// The first table added is the one used when a question names none.
    pub fn add_rates(&mut self, table: RateTable) {
        self.default_rates.get_or_insert(table.id);
        self.rates.insert(table.id, table);
    }
    pub(crate) fn product(&self, id: Id) -> Option<&ProductFacts> {
        self.products.get(&id)
    }
    pub(crate) fn table(&self, id: Option<Id>) -> Option<&RateTable> {
        id.or(self.default_rates).and_then(|id| self.rates.get(&id))
    }
}
