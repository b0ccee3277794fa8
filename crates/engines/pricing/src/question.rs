//! What is asked: one product, for somebody, on a date, in a currency and basis.

use crate::facts::Id;
use chrono::NaiveDate;
use kontor_kernel::{Currency, Percent, Price, Quantity, VatMode};
use serde::{Deserialize, Serialize};

/// One question; it is kept with the trace, so it holds all inputs that are not facts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    pub product: Id,
    /// The product's category and those above it, nearest first.
    #[serde(default)]
    pub categories: Vec<Category>,
    pub quantity: Quantity,
    pub date: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Id>,
    /// Ask for the price in this very type: no agreement and no default are consulted for the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_type: Option<Id>,
    /// Currency and basis of the answer.
    pub currency: Currency,
    pub vat: VatMode,
    /// Rates to convert by; the facts' first table when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_type: Option<Id>,
    /// A price written into the line by hand: it stays, and the rule's price becomes a hint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_price: Option<Price>,
    /// A discount written into the line by hand: it replaces the agreement's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_discount: Option<Percent>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    pub id: Id,
    pub name: String,
}

impl Question {
    /// One unit, for nobody in particular, VAT included.
    pub fn new(product: Id, date: NaiveDate, currency: Currency) -> Question {
        Question {
            product,
            categories: vec![],
            quantity: Quantity::ONE,
            date,
            partner: None,
            agreement: None,
            price_type: None,
            currency,
            vat: VatMode::Included,
            rate_type: None,
            line_price: None,
            line_discount: None,
        }
    }
}
