//! A condition record: one rule of the trade, for whom and for what it holds, when, and what it does to the price.

use crate::facts::Id;
use kontor_kernel::{Amount, Currency, Error, Percent, Period, Price, Quantity, VatMode};
use serde::{Deserialize, Serialize};

/// What a record decides. The first fifteen give the base price, from the most specific to the least (the first that has
/// a price wins); then the own company's surcharge; then the discounts and markups, in the order they are consolidated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Kind {
    AgreementProduct,
    ContractProduct,
    SpecialProduct,
    SpecialCategory,
    AgreementGroup,
    ContractGroup,
    IndividualList,
    ContractList,
    OrderType,
    DealKind,
    CompanyList,
    Region,
    DealerType,
    StandardAgreement,
    Default,
    Surcharge,
    DealerDiscount,
    Special,
    Agreement,
    Contract,
    Segment,
    Period,
    Quantity,
    PaymentForm,
    Card,
    /// By the order's amount; taken off the order and shared out to its lines.
    Amount,
}

/// For whom a record holds; the kind of each is fixed by the access sequence of the record's [`Kind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    Anyone,
    Partner(Id),
    Agreement(Id),
    Contract(Id),
    OrderType(Id),
    DealKind(Id),
    Company(Id),
    Region(Id),
    DealerType(Id),
    /// A segment of partners.
    Segment(Id),
    PaymentForm(Id),
    Card(Id),
}

/// For which products a record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Any,
    Product(Id),
    PriceGroup(Id),
    /// The category and everything below it.
    Category(Id),
    /// A segment of products.
    Segment(Id),
}

/// What a record does.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Base: the price of this price type.
    PriceType(Id),
    /// Base: this very price.
    Price { price: Price, currency: Currency, vat: VatMode },
    /// A discount in percent; below zero a markup.
    Percent(Percent),
    /// So much off the price of one unit; below zero on top of it. For [`Kind::Amount`] so much off the order.
    Off { off: Price, currency: Currency },
}

/// From how much on a record holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum From {
    #[default]
    Nothing,
    /// Units in the line.
    Quantity(Quantity),
    /// The order's amount before discounts, in the document's currency and basis.
    Amount(Amount),
}

/// One rule of the trade.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    pub id: Id,
    pub version: u32,
    pub kind: Kind,
    pub who: Who,
    pub what: What,
    pub value: Value,
    /// Only for documents of this own company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<Id>,
    /// Days on which it holds, both ends included.
    #[serde(default)]
    pub valid: Period,
    #[serde(default)]
    pub from: From,
    /// It holds for so many units of a line; the rest of the line is priced without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Quantity>,
    /// Decides between records of one key, the smaller first.
    #[serde(default)]
    pub priority: i32,
    /// Of the discounts of one group above zero only the largest applies.
    #[serde(default)]
    pub group: u8,
    /// No discount of a later kind applies after it.
    #[serde(default)]
    pub stop: bool,
    /// Base: an agreed price that bears no discounts but those of the same agreement and scope.
    #[serde(default)]
    pub fixed: bool,
}

impl Condition {
    /// Version 1, always valid, for everything, priority 0.
    pub fn new(id: Id, kind: Kind, who: Who, what: What, value: Value) -> Condition {
        Condition {
            id,
            version: 1,
            kind,
            who,
            what,
            value,
            company: None,
            valid: Period::ALWAYS,
            from: From::Nothing,
            limit: None,
            priority: 0,
            group: 0,
            stop: false,
            fixed: false,
        }
    }

    /// Refuses a record that could never be found or that does not say what its kind needs; fields `who`, `what`, `value`,
    /// `from`, `limit`.
    pub fn check(&self) -> Result<(), Error> {
        let mut wrong = vec![];
        if !self.kind.whos().contains(&WhoKind::of(self.who)) {
            wrong.push(Error::field("who", "condition_who"));
        }
        if !self.kind.whats().contains(&WhatKind::of(self.what)) {
            wrong.push(Error::field("what", "condition_what"));
        }
        if self.kind.is_base() != matches!(self.value, Value::PriceType(_) | Value::Price { .. }) {
            wrong.push(Error::field("value", "condition_value"));
        }
        if matches!(self.value, Value::Price { price, .. } if price.is_negative()) {
            wrong.push(Error::field("value", "condition_price"));
        }
        if matches!(self.value, Value::Percent(p) if p > Percent::HUNDRED) {
            wrong.push(Error::field("value", "condition_percent"));
        }
        let from = match self.from {
            From::Nothing => 0,
            From::Quantity(q) => q.scaled(),
            From::Amount(a) => a.scaled(),
        };
        if from < 0 {
            wrong.push(Error::field("from", "condition_from"));
        }
        let limited = self.kind > Kind::Surcharge && self.kind != Kind::Amount;
        if self.limit.is_some_and(|l| !l.is_positive() || !limited) {
            wrong.push(Error::field("limit", "condition_limit"));
        }
        // A book of a million records asks a million times.
        if wrong.is_empty() {
            return Ok(());
        }
        Error::collect(wrong)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum WhoKind {
    Anyone,
    Partner,
    Agreement,
    Contract,
    OrderType,
    DealKind,
    Company,
    Region,
    DealerType,
    Segment,
    PaymentForm,
    Card,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum WhatKind {
    Any,
    Product,
    PriceGroup,
    Category,
    Segment,
}

impl WhoKind {
    pub const COUNT: usize = WhoKind::Card as usize + 1;
    pub fn of(who: Who) -> WhoKind {
        WhoKind::split(who).0
    }
    pub fn split(who: Who) -> (WhoKind, Option<Id>) {
        match who {
            Who::Anyone => (WhoKind::Anyone, None),
            Who::Partner(id) => (WhoKind::Partner, Some(id)),
            Who::Agreement(id) => (WhoKind::Agreement, Some(id)),
            Who::Contract(id) => (WhoKind::Contract, Some(id)),
            Who::OrderType(id) => (WhoKind::OrderType, Some(id)),
            Who::DealKind(id) => (WhoKind::DealKind, Some(id)),
            Who::Company(id) => (WhoKind::Company, Some(id)),
            Who::Region(id) => (WhoKind::Region, Some(id)),
            Who::DealerType(id) => (WhoKind::DealerType, Some(id)),
            Who::Segment(id) => (WhoKind::Segment, Some(id)),
            Who::PaymentForm(id) => (WhoKind::PaymentForm, Some(id)),
            Who::Card(id) => (WhoKind::Card, Some(id)),
        }
    }
    pub fn join(self, id: Id) -> Who {
        match self {
            WhoKind::Anyone => Who::Anyone,
            WhoKind::Partner => Who::Partner(id),
            WhoKind::Agreement => Who::Agreement(id),
            WhoKind::Contract => Who::Contract(id),
            WhoKind::OrderType => Who::OrderType(id),
            WhoKind::DealKind => Who::DealKind(id),
            WhoKind::Company => Who::Company(id),
            WhoKind::Region => Who::Region(id),
            WhoKind::DealerType => Who::DealerType(id),
            WhoKind::Segment => Who::Segment(id),
            WhoKind::PaymentForm => Who::PaymentForm(id),
            WhoKind::Card => Who::Card(id),
        }
    }
}

impl WhatKind {
    /// Its place in a set of kinds.
    pub fn bit(self) -> u8 {
        1 << self as u8
    }
    pub fn of(what: What) -> WhatKind {
        WhatKind::split(what).0
    }
    pub fn split(what: What) -> (WhatKind, Option<Id>) {
        match what {
            What::Any => (WhatKind::Any, None),
            What::Product(id) => (WhatKind::Product, Some(id)),
            What::PriceGroup(id) => (WhatKind::PriceGroup, Some(id)),
            What::Category(id) => (WhatKind::Category, Some(id)),
            What::Segment(id) => (WhatKind::Segment, Some(id)),
        }
    }
    pub fn join(self, id: Id) -> What {
        match self {
            WhatKind::Any => What::Any,
            WhatKind::Product => What::Product(id),
            WhatKind::PriceGroup => What::PriceGroup(id),
            WhatKind::Category => What::Category(id),
            WhatKind::Segment => What::Segment(id),
        }
    }
}

impl Kind {
    /// All of them in the order in which the procedure asks them.
    pub const ALL: [Kind; 26] = [
        Kind::AgreementProduct,
        Kind::ContractProduct,
        Kind::SpecialProduct,
        Kind::SpecialCategory,
        Kind::AgreementGroup,
        Kind::ContractGroup,
        Kind::IndividualList,
        Kind::ContractList,
        Kind::OrderType,
        Kind::DealKind,
        Kind::CompanyList,
        Kind::Region,
        Kind::DealerType,
        Kind::StandardAgreement,
        Kind::Default,
        Kind::Surcharge,
        Kind::DealerDiscount,
        Kind::Special,
        Kind::Agreement,
        Kind::Contract,
        Kind::Segment,
        Kind::Period,
        Kind::Quantity,
        Kind::PaymentForm,
        Kind::Card,
        Kind::Amount,
    ];
    /// Discounts and markups, first to last.
    pub(crate) const ADJUST: &'static [Kind] = Kind::ALL.split_at(16).1;

    /// Gives a price of its own; other kinds change one.
    pub fn is_base(self) -> bool {
        self < Kind::Surcharge
    }
    /// Its place in a set of kinds.
    pub(crate) fn bit(self) -> u32 {
        1 << self as u8
    }
    /// The word it is kept and shown under.
    pub fn code(self) -> &'static str {
        match self {
            Kind::AgreementProduct => "agreement_product",
            Kind::ContractProduct => "contract_product",
            Kind::SpecialProduct => "special_product",
            Kind::SpecialCategory => "special_category",
            Kind::AgreementGroup => "agreement_group",
            Kind::ContractGroup => "contract_group",
            Kind::IndividualList => "individual_list",
            Kind::ContractList => "contract_list",
            Kind::OrderType => "order_type",
            Kind::DealKind => "deal_kind",
            Kind::CompanyList => "company_list",
            Kind::Region => "region",
            Kind::DealerType => "dealer_type",
            Kind::StandardAgreement => "standard_agreement",
            Kind::Default => "default",
            Kind::Surcharge => "surcharge",
            Kind::DealerDiscount => "dealer_discount",
            Kind::Special => "special",
            Kind::Agreement => "agreement",
            Kind::Contract => "contract",
            Kind::Segment => "segment",
            Kind::Period => "period",
            Kind::Quantity => "quantity",
            Kind::PaymentForm => "payment_form",
            Kind::Card => "card",
            Kind::Amount => "amount",
        }
    }
    /// By its code; `None` for an unknown one.
    pub fn parse(s: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.code() == s)
    }
    /// Whom its records may name, the most specific first.
    pub(crate) fn whos(self) -> &'static [WhoKind] {
        use WhoKind::*;
        match self {
            Kind::AgreementProduct | Kind::AgreementGroup | Kind::StandardAgreement | Kind::Agreement => &[Agreement],
            Kind::SpecialProduct | Kind::SpecialCategory | Kind::Special => &[Partner, Segment, Anyone],
            Kind::IndividualList => &[Agreement, Partner],
            Kind::ContractProduct | Kind::ContractGroup | Kind::ContractList | Kind::Contract => &[Contract],
            Kind::OrderType => &[OrderType],
            Kind::DealKind => &[DealKind],
            Kind::CompanyList | Kind::Surcharge => &[Company, Anyone],
            Kind::Region => &[Region],
            Kind::DealerType | Kind::DealerDiscount => &[DealerType],
            Kind::Default => &[Anyone],
            Kind::Segment => &[Segment],
            Kind::Period => &[Partner, Segment, Region, Anyone],
            Kind::Quantity | Kind::Amount => &[Partner, Agreement, Contract, DealerType, Segment, Anyone],
            Kind::PaymentForm => &[PaymentForm],
            Kind::Card => &[Card],
        }
    }
    /// What its records may name, the most specific first.
    pub(crate) fn whats(self) -> &'static [WhatKind] {
        use WhatKind::*;
        match self {
            Kind::AgreementProduct | Kind::ContractProduct | Kind::SpecialProduct => &[Product],
            Kind::SpecialCategory | Kind::AgreementGroup | Kind::ContractGroup => &[PriceGroup, Category, Segment],
            _ => &[Product, PriceGroup, Category, Segment, Any],
        }
    }
}
