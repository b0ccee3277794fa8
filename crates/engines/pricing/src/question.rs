//! What is asked: lines of goods, for somebody, on a date, in a currency and basis.

use crate::consolidate::share;
use crate::facts::Id;
use crate::line::Approval;
use crate::rounding::Rounding;
use chrono::NaiveDate;
use kontor_kernel::{Amount, Currency, NumberError, Percent, Price, Quantity, VatMode};
use serde::{Deserialize, Serialize};

/// What all lines of a document share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    pub date: NaiveDate,
    /// Currency and basis of the answer.
    pub currency: Currency,
    pub vat: VatMode,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Id>,
    /// The standard agreement of the partner's segment: it stands behind everything but the default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard_agreement: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_type: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deal_kind: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dealer_type: Option<Id>,
    /// Segments that the partner belongs to.
    #[serde(default, rename = "partner_segments", skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_form: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Id>,
    /// Ask for the price in this very type: no rule is consulted for the base price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_type: Option<Id>,
    /// Rates to convert by; the facts' first table when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_type: Option<Id>,
    #[serde(default)]
    pub algorithm: Algorithm,
    #[serde(default, skip_serializing_if = "Limits::is_none")]
    pub limits: Limits,
    /// Rounding of the price after discounts; without it only the line's amount is rounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<Rounding>,
    /// Amount of the whole order before discounts, when a line is asked about by itself; a document counts its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_amount: Option<Amount>,
}

/// How discounts that apply at once are put together. Markups always add to the price, whatever the algorithm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Algorithm {
    /// Percentages are added up.
    #[default]
    Sum,
    /// The largest one only.
    Maximum,
    /// One after another, each from what the one before it left.
    Cascade,
    /// The one of the smallest priority number only; of equals the earlier kind.
    Priority,
}

impl Algorithm {
    /// In the order in which they are offered.
    pub const ALL: [Algorithm; 4] = [Algorithm::Sum, Algorithm::Maximum, Algorithm::Cascade, Algorithm::Priority];
    /// As it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Algorithm::Sum => "sum",
            Algorithm::Maximum => "maximum",
            Algorithm::Cascade => "cascade",
            Algorithm::Priority => "priority",
        }
    }
    /// By its code; `None` for an unknown one.
    pub fn parse(s: &str) -> Option<Algorithm> {
        Algorithm::ALL.into_iter().find(|a| a.code() == s)
    }
}

/// What the user may give without approval. Absent figures do not limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Discount on the price before discounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Percent>,
    /// How far the price may go below what the rules give.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub down: Option<Percent>,
    /// How far it may go above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up: Option<Percent>,
    /// A price below cost needs approval.
    #[serde(default)]
    pub cost: bool,
}

impl Limits {
    fn is_none(&self) -> bool {
        *self == Limits::default()
    }

    /// Whether a price after discounts is too far from what the rules give.
    pub fn of_price(&self, rules: Price, net: Price) -> Result<Option<Approval>, NumberError> {
        let percent = share(i128::from(net.scaled()) - i128::from(rules.scaled()), i128::from(rules.scaled()).abs())?;
        let limit = if percent.is_negative() { self.down } else { self.up };
        let Some(limit) = limit.filter(|l| percent.abs() > *l) else { return Ok(None) };
        let percent = percent.abs();
        Ok(Some(if net < rules { Approval::Lower { percent, limit } } else { Approval::Higher { percent, limit } }))
    }

    /// Whether a discount is too large, whoever gives it.
    pub fn of_discount(&self, percent: Percent) -> Option<Approval> {
        self.discount.filter(|l| percent > *l).map(|limit| Approval::Discount { percent, limit })
    }
}

/// A line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Tells lines of one product apart when a last minor unit is given to one of them (decision 16: product, then line).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<Id>,
    pub product: Id,
    /// In the unit that prices are kept for; below zero for a return.
    pub quantity: Quantity,
    /// The product's category and those above it, nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_group: Option<Id>,
    /// Segments that the product belongs to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Id>,
    /// Rates to convert this product's prices by; the header's when absent.
    #[serde(default, rename = "product_rate_type", skip_serializing_if = "Option::is_none")]
    pub rate_type: Option<Id>,
    /// A price written into the line by hand: it stays, and the rule's price becomes a hint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_price: Option<Price>,
    /// A discount written into the line by hand: it replaces those of the rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_discount: Option<Percent>,
    /// What the goods were sold at: a return takes it back at that price, whatever the rules say now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sold: Option<Sold>,
}

/// What goods were sold at, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sold {
    pub price: Price,
    pub discount: Percent,
    pub date: NaiveDate,
}

/// A line with what it shares with others: all inputs of a price that are not facts or rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    #[serde(flatten)]
    pub head: Header,
    #[serde(flatten)]
    pub item: Item,
}

impl Header {
    /// For nobody in particular, VAT included.
    pub fn new(date: NaiveDate, currency: Currency) -> Header {
        Header {
            date,
            currency,
            vat: VatMode::Included,
            company: None,
            partner: None,
            agreement: None,
            standard_agreement: None,
            contract: None,
            order_type: None,
            deal_kind: None,
            region: None,
            dealer_type: None,
            segments: vec![],
            payment_form: None,
            card: None,
            price_type: None,
            rate_type: None,
            algorithm: Algorithm::Sum,
            limits: Limits::default(),
            rounding: None,
            order_amount: None,
        }
    }
}

impl Item {
    /// One unit of a product that belongs to nothing.
    pub fn new(product: Id) -> Item {
        Item {
            line: None,
            product,
            quantity: Quantity::ONE,
            categories: vec![],
            price_group: None,
            segments: vec![],
            rate_type: None,
            line_price: None,
            line_discount: None,
            sold: None,
        }
    }
}
