//! What goods cost, as the store knows it. The store stands above the catalog and prices, so it hands its answer down.

use kontor_kernel::error::Result;
use kontor_kernel::{Currency, Price};
use kontor_platform::cx::Cx;
use kontor_platform::value::Id;
use std::collections::HashMap;

/// Net of VAT, for one stock unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Costs {
    pub currency: Currency,
    pub average: Option<Price>,
    /// Of the last receipt.
    pub receipt: Option<Price>,
}

type Ask = fn(&mut Cx, Option<Id>, Currency, &[Id]) -> Result<HashMap<Id, Costs>>;

/// Answers for an own company, or for the oldest one that keeps its books in this currency (the oldest of all where none does).
#[derive(Clone, Copy)]
pub struct CostsOf(pub Ask);

/// Costs of these products; without a store nothing has a cost.
pub fn costs(cx: &mut Cx, company: Option<Id>, currency: Currency, products: &[Id]) -> Result<HashMap<Id, Costs>> {
    match cx.app.registry.provided::<CostsOf>().copied() {
        Some(of) => of.0(cx, company, currency, products),
        None => Ok(HashMap::new()),
    }
}
