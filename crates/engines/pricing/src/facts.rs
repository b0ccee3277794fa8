//! What the engine is told: price types, values, agreements, rates. The caller loads it once for all lines of a question's
//! date; nothing here is looked up later.

use crate::formula::{Formula, FormulaError};
use crate::rounding::Rounding;
use chrono::NaiveDate;
use kontor_kernel::{Currency, Direction, Percent, Period, Price, Quote, Rate, VatMode};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

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
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum Method {
    /// Each price is written down.
    Manual,
    /// The price of another type plus so many percent; fewer when negative.
    Markup { base: Id, percent: Percent },
    /// An expression, see [`crate::formula`].
    Formula { formula: String },
}

/// A price type with its formula read once. Compile when the type changes, share between questions.
#[derive(Debug)]
pub struct CompiledPriceType {
    pub(crate) def: PriceType,
    /// The formula, or why it could not be read (told when a price is asked for).
    pub(crate) formula: Option<Result<Formula, FormulaError>>,
}

impl PriceType {
    pub fn compile(self) -> Arc<CompiledPriceType> {
        let formula = match &self.method {
            Method::Formula { formula } => Some(Formula::compile(formula)),
            _ => None,
        };
        Arc::new(CompiledPriceType { def: self, formula })
    }
}

/// Terms of a partner, or standard terms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    pub id: Id,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    pub price_type: Option<Id>,
    /// Currency and basis of the prices that its lines fix.
    pub currency: Currency,
    pub vat: VatMode,
    /// Discount on everything its lines do not say otherwise about.
    pub discount: Option<Percent>,
    #[serde(default)]
    pub valid: Period,
    #[serde(default)]
    pub refinements: Vec<Refinement>,
}

/// A line of an agreement. At most one line per product and per category; [`Agreement::duplicates`] finds the others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Refinement {
    pub scope: Scope,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_type: Option<Id>,
    /// An agreed price in the agreement's currency and basis; stronger than `price_type`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Percent>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    Product(Id),
    /// The category and everything below it.
    Category(Id),
}

impl Agreement {
    /// Scopes that more than one line names; refuse such an agreement when it is written (decision 16).
    pub fn duplicates(&self) -> Vec<Scope> {
        let mut scopes: Vec<Scope> = self.refinements.iter().map(|r| r.scope).collect();
        scopes.sort();
        let mut twice: Vec<Scope> = scopes.windows(2).filter(|w| w[0] == w[1]).map(|w| w[0]).collect();
        twice.dedup();
        twice
    }
}

/// Rates of one rate type on the question's date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateTable {
    pub id: Id,
    pub name: String,
    pub base: Currency,
    pub rates: HashMap<Currency, DatedRate>,
}

/// A rate as published, with the date it was published for (the last one not after the question's date).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatedRate {
    pub date: NaiveDate,
    pub rate: Rate,
    pub per: i64,
    pub direction: Direction,
}

impl DatedRate {
    pub fn quote(&self) -> Quote {
        Quote { rate: self.rate, per: self.per, direction: self.direction }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    pub price: Price,
    pub valid_from: NaiveDate,
}

/// Cost of one unit, net of VAT.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    pub price: Price,
    pub currency: Currency,
}

#[derive(Debug)]
pub(crate) struct IndexedAgreement {
    pub def: Agreement,
    /// Lines by scope; more than one only where a duplicate slipped in.
    pub by_scope: HashMap<Scope, Vec<usize>>,
}

/// Everything a question may need, indexed. Later additions replace earlier ones of the same key.
#[derive(Debug, Default)]
pub struct Facts {
    pub(crate) price_types: HashMap<Id, Arc<CompiledPriceType>>,
    /// `None` where two types share a name.
    pub(crate) names: HashMap<String, Option<Id>>,
    pub(crate) agreements: HashMap<Id, IndexedAgreement>,
    pub(crate) prices: HashMap<(Id, Id), Written>,
    pub(crate) costs: HashMap<Id, Cost>,
    pub(crate) vat_rates: HashMap<Id, Percent>,
    pub(crate) rates: HashMap<Id, RateTable>,
    pub(crate) default_rates: Option<Id>,
    pub(crate) default_price_type: Option<Id>,
}

impl Facts {
    pub fn new() -> Facts {
        Facts::default()
    }
    pub fn add_price_type(&mut self, def: PriceType) {
        self.add_compiled(def.compile());
    }
    pub fn add_compiled(&mut self, price_type: Arc<CompiledPriceType>) {
        let (id, name) = (price_type.def.id, price_type.def.name.trim().to_string());
        if self.price_types.insert(id, price_type).is_none() {
            self.names.entry(name).and_modify(|n| *n = None).or_insert(Some(id));
        }
    }
    pub fn add_agreement(&mut self, mut def: Agreement) {
        // A canonical order, so that even a duplicate that slipped in is decided the same way every time.
        def.refinements.sort();
        let mut by_scope: HashMap<Scope, Vec<usize>> = HashMap::new();
        for (i, r) in def.refinements.iter().enumerate() {
            by_scope.entry(r.scope).or_default().push(i);
        }
        self.agreements.insert(def.id, IndexedAgreement { def, by_scope });
    }
    /// The price written down for the product in a price type, in force on the question's date since `valid_from`.
    pub fn set_price(&mut self, price_type: Id, product: Id, price: Price, valid_from: NaiveDate) {
        self.prices.insert((price_type, product), Written { price, valid_from });
    }
    pub fn set_cost(&mut self, product: Id, cost: Cost) {
        self.costs.insert(product, cost);
    }
    /// VAT rate of a product; products without one count as 0 %.
    pub fn set_vat_rate(&mut self, product: Id, rate: Percent) {
        self.vat_rates.insert(product, rate);
    }
    /// The first table added is the one used when a question names none.
    pub fn add_rates(&mut self, table: RateTable) {
        self.default_rates.get_or_insert(table.id);
        self.rates.insert(table.id, table);
    }
    pub fn set_default_price_type(&mut self, id: Id) {
        self.default_price_type = Some(id);
    }
}
