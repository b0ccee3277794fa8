//! Bundles and gifts: rules that look at several lines at once.

use crate::book::Book;
use crate::condition::{What, Who};
use crate::facts::Id;
use crate::question::{Header, Item};
use kontor_kernel::{Amount, Currency, Error, Percent, Period, Quantity};
use serde::{Deserialize, Serialize};

/// Products that are cheaper together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bundle {
    pub id: Id,
    pub version: u32,
    /// What one bundle consists of; each product once.
    pub members: Vec<Member>,
    pub value: BundleValue,
    pub who: Who,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<Id>,
    #[serde(default)]
    pub valid: Period,
    /// A unit of goods counts for one bundle only, the one of the smaller priority number first.
    #[serde(default)]
    pub priority: i32,
    /// So many bundles in an order at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A product of a bundle and how much of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    pub product: Id,
    pub quantity: Quantity,
}

/// What a bundle is worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BundleValue {
    Percent(Percent),
    /// So much off each bundle, in the document's currency only.
    Off {
        off: Amount,
        currency: Currency,
    },
    /// The price of one bundle, in the document's currency and basis only.
    Price {
        price: Amount,
        currency: Currency,
    },
}

/// Goods given free with others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gift {
    pub id: Id,
    pub version: u32,
    /// Buy so many of these …
    pub what: What,
    pub from: Quantity,
    /// … and get so many of this one free. It may be one of the goods that are bought (three and one free).
    pub product: Id,
    pub quantity: Quantity,
    /// Again for every further `from`.
    #[serde(default)]
    pub repeat: bool,
    pub who: Who,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<Id>,
    #[serde(default)]
    pub valid: Period,
    #[serde(default)]
    pub priority: i32,
}

/// A gift that the client has earned and that is not among the lines yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earned {
    pub gift: Id,
    pub product: Id,
    pub quantity: Quantity,
}

impl Bundle {
    /// Refuses a bundle without products, with one twice, with a quantity or a figure that is not above zero; fields
    /// `members`, `value`.
    pub fn check(&self) -> Result<(), Error> {
        let mut wrong = vec![];
        let mut products: Vec<Id> = self.members.iter().map(|m| m.product).collect();
        products.sort();
        products.dedup();
        if self.members.is_empty() || products.len() < self.members.len() || self.members.iter().any(|m| !m.quantity.is_positive()) {
            wrong.push(Error::field("members", "bundle_members"));
        }
        let right = match self.value {
            BundleValue::Percent(p) => p.is_positive() && p <= Percent::HUNDRED,
            BundleValue::Off { off, .. } => off.is_positive(),
            BundleValue::Price { price, .. } => !price.is_negative(),
        };
        if !right {
            wrong.push(Error::field("value", "bundle_value"));
        }
        Error::collect(wrong)
    }
}

impl Gift {
    /// Refuses quantities that are not above zero; fields `from`, `quantity`.
    pub fn check(&self) -> Result<(), Error> {
        let wrong = [("from", self.from), ("quantity", self.quantity)].into_iter().filter(|(_, q)| !q.is_positive());
        Error::collect(wrong.map(|(field, _)| Error::field(field, "number_not_positive")).collect())
    }
    pub(crate) fn asks_for(&self, item: &Item) -> bool {
        match self.what {
            What::Any => true,
            What::Product(id) => item.product == id,
            What::PriceGroup(id) => item.price_group == Some(id),
            What::Category(id) => item.categories.contains(&id),
            What::Segment(id) => item.segments.contains(&id),
        }
    }
}

/// Whether a rule for these, of this company, with this validity holds for the document.
pub(crate) fn holds(h: &Header, who: Who, company: Option<Id>, valid: &Period) -> bool {
    let whom = match who {
        Who::Anyone => true,
        Who::Partner(id) => h.partner == Some(id),
        Who::Agreement(id) => h.agreement == Some(id),
        Who::Contract(id) => h.contract == Some(id),
        Who::OrderType(id) => h.order_type == Some(id),
        Who::DealKind(id) => h.deal_kind == Some(id),
        Who::Company(id) => h.company == Some(id),
        Who::Region(id) => h.region == Some(id),
        Who::DealerType(id) => h.dealer_type == Some(id),
        Who::Segment(id) => h.segments.contains(&id),
        Who::PaymentForm(id) => h.payment_form == Some(id),
        Who::Card(id) => h.card == Some(id),
    };
    whom && valid.contains(h.date) && company.is_none_or(|c| h.company == Some(c))
}

impl Book {
    /// Takes a bundle in, or its next version. Errors: [`Bundle::check`].
    pub fn put_bundle(&mut self, b: Bundle) -> Result<(), kontor_kernel::Error> {
        b.check()?;
        self.remove_bundle(b.id);
        let key = (b.priority, b.id);
        self.bundle_keys.insert(b.id, b.priority);
        self.bundle_list.insert(key, b);
        Ok(())
    }
    /// Whether there was one.
    pub fn remove_bundle(&mut self, id: Id) -> bool {
        self.bundle_keys.remove(&id).and_then(|p| self.bundle_list.remove(&(p, id))).is_some()
    }
    /// Takes a gift in, or its next version. Errors: [`Gift::check`].
    pub fn put_gift(&mut self, g: Gift) -> Result<(), kontor_kernel::Error> {
        g.check()?;
        self.remove_gift(g.id);
        self.gift_keys.insert(g.id, g.priority);
        self.gift_list.insert((g.priority, g.id), g);
        Ok(())
    }
    /// Whether there was one.
    pub fn remove_gift(&mut self, id: Id) -> bool {
        self.gift_keys.remove(&id).and_then(|p| self.gift_list.remove(&(p, id))).is_some()
    }
    /// By priority, then id.
    pub fn bundles(&self) -> impl Iterator<Item = &Bundle> {
        self.bundle_list.values()
    }
    /// By priority, then id.
    pub fn gifts(&self) -> impl Iterator<Item = &Gift> {
        self.gift_list.values()
    }
}
