//! What the engine answers: the price, and every step that led to it, as data.

use crate::condition::Kind;
use crate::consolidate::Adjustment;
use crate::facts::Id;
use crate::name::Name;
use crate::question::Question;
use crate::rounding::Rounding;
use chrono::NaiveDate;
use kontor_kernel::{Amount, Currency, Direction, NumberError, Percent, Price, Quantity, Rate, VatMode};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// An explained decision. Figures are in the question's currency and basis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    /// Price of one unit before discounts; `None` when there is none, see `problem`.
    pub price: Option<Price>,
    /// All discounts on the line together, those on the order left out.
    pub discount: Percent,
    /// Price of one unit after them.
    pub net: Option<Price>,
    /// What the line costs, its share of discounts on the order taken off: the figure to keep.
    pub amount: Option<Amount>,
    /// That share.
    pub order_off: Amount,
    /// Parts of the line that bear different discounts, where a discount limited in quantity splits it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<crate::line::Part>,
    /// Price and discount by the rules alone: equal to the above unless the line was written by hand.
    pub rule_price: Option<Price>,
    pub rule_discount: Percent,
    /// The price type that gave the rule's price.
    pub price_type: Option<Id>,
    /// Why the rules give no price. With a price written by hand it is only a remark.
    pub problem: Option<Note>,
    /// What needs approval.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Note>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Note>,
    pub trace: Trace,
}

/// Everything needed to explain a price again later, and to check it with [`crate::replay`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    pub question: Question,
    pub steps: Vec<Step>,
}

impl Trace {
    /// The same without the candidates that lost: what is worth storing (decision 17); asking again finds the losers.
    pub fn winners(&self) -> Trace {
        fn strip(steps: &mut [Step]) {
            for s in steps {
                s.tried = vec![];
                strip(&mut s.steps);
            }
        }
        let mut out = self.clone();
        strip(&mut out.steps);
        out
    }
}

/// One step of the procedure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub step: StepKind,
    /// The rule that decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// Candidates in the order they were looked at, the winner included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tried: Vec<Tried>,
    pub op: Op,
    /// Price or discount before and after; unrounded prices are shown to six decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Arg>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Arg>,
    /// Currency of a price in `after`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The sentence to show.
    pub note: Note,
    /// How the figures this step started from came about (the price another type is a markup on, prices in a formula).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

/// What a step does to the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Which price type or agreed price applies.
    Base,
    /// Its value on the date.
    Value,
    Convert,
    Vat,
    /// The own company's.
    Surcharge,
    Rounding,
    /// A discount or a markup; the last of several says what they come to together.
    Discount,
    /// Rounding of what the discounts left.
    NetRounding,
    /// The line's share of a discount on several lines.
    Order,
    /// Discount written into the line.
    LineDiscount,
    /// Price written into the line.
    LinePrice,
    /// The rules gave no price.
    Problem,
}

/// What a step does to the price or the discount, with all it needs to be done again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Op {
    /// Nothing changes: a choice was made, or nothing was found.
    Choose,
    Take {
        price: Price,
    },
    /// Percent upon the price that the inner steps give.
    Markup {
        percent: Percent,
    },
    Formula {
        formula: String,
        inputs: Vec<Input>,
    },
    Convert {
        from: Currency,
        to: Currency,
        /// Base currency of the rates, through which a cross rate goes.
        base: Currency,
        rates: Vec<UsedRate>,
    },
    Vat {
        from: VatMode,
        to: VatMode,
        rate: Percent,
    },
    /// The change is below the price type's threshold: the price in force stays.
    Keep {
        price: Price,
    },
    Surcharge {
        by: Adjustment,
    },
    Round {
        rounding: Rounding,
    },
    RoundMinor {
        minor: u32,
    },
    /// Goods taken back as they were sold.
    Sold {
        price: Price,
        discount: Percent,
    },
    /// All discounts of a part of the line, and the rounding of what they leave.
    Adjust {
        quantity: Quantity,
        cascade: bool,
        items: Vec<Adjustment>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rounding: Option<Rounding>,
    },
    /// The line's share of a discount on several lines.
    Share {
        off: Amount,
    },
    LineDiscount {
        percent: Percent,
    },
    LinePrice {
        price: Price,
    },
}

/// A value that a formula read: `quantity`, `cost`, `price Retail`, `rate USD`; a decimal as text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    pub name: String,
    pub value: String,
}

/// A rate that a conversion used, as published.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct UsedRate {
    pub currency: Currency,
    pub date: NaiveDate,
    pub rate: Rate,
    pub per: i64,
    pub direction: Direction,
}

/// A rule that a step used or tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    pub kind: RuleKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    pub name: Name,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// What `id`, `name` and `version` of a [`Rule`] are of; in JSON one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    PriceType,
    /// A rate type.
    Rates,
    /// The supplier whose own rate it is.
    Supplier,
    Bundle,
    Gift,
    /// What was written into the line.
    Line,
    /// A condition record.
    #[serde(untagged)]
    Condition(Kind),
}

/// A candidate and its fate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    pub rule: Rule,
    /// Why it lost; `None` for the winner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<Note>,
}

/// A sentence: a message key (complete, looked up as it is) and named arguments still to be formatted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Note {
    pub key: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<Cow<'static, str>, Arg>,
}

/// An argument of a sentence; in JSON `{"price": "12.50"}`. Each kind is formatted the local way, names are told in the reader's
/// language, `Text` and `Code` stay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arg {
    Text(String),
    Name(Name),
    /// Things that lead from one to the next.
    Path(Name),
    /// A code that the sentence selects on.
    Code(Cow<'static, str>),
    Price(Price),
    Amount(Amount),
    Percent(Percent),
    Quantity(Quantity),
    Rate(Rate),
    Date(NaiveDate),
    Number(i64),
}

impl Note {
    /// A text by its key, without arguments.
    pub fn new(key: &'static str) -> Note {
        Note { key: key.into(), args: BTreeMap::new() }
    }
    /// A computation that left the range of its numbers, or divided by nothing.
    pub(crate) fn number(e: NumberError) -> Note {
        Note::new(match e {
            NumberError::NotPositive => "trace-problem-not_positive",
            _ => "trace-problem-overflow",
        })
    }
    /// With an argument; one of the same name is replaced.
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Note {
        self.args.insert(name.into(), value.into());
        self
    }
}

macro_rules! arg_from {
    ($($from:ty => $variant:ident),*) => { $(
        impl From<$from> for Arg {
            fn from(v: $from) -> Arg {
                Arg::$variant(v)
            }
        }
    )* };
}
arg_from!(String => Text, Name => Name, Price => Price, Amount => Amount, Percent => Percent, Quantity => Quantity, Rate => Rate, NaiveDate => Date, i64 => Number);

impl From<&str> for Arg {
    fn from(v: &str) -> Arg {
        Arg::Text(v.to_string())
    }
}
impl From<&String> for Arg {
    fn from(v: &String) -> Arg {
        Arg::Text(v.clone())
    }
}
impl From<Currency> for Arg {
    fn from(v: Currency) -> Arg {
        Arg::Text(v.to_string())
    }
}
/// Plain: decimals with a point, ISO dates. For people, format each kind the local way instead.
impl fmt::Display for Arg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Arg::Text(v) => f.pad(v),
            Arg::Name(v) => v.fmt(f),
            Arg::Path(v) => f.pad(&v.told(" → ", |_| None)),
            Arg::Code(v) => f.pad(v),
            Arg::Price(v) => v.fmt(f),
            Arg::Amount(v) => v.fmt(f),
            Arg::Percent(v) => v.fmt(f),
            Arg::Quantity(v) => v.fmt(f),
            Arg::Rate(v) => v.fmt(f),
            Arg::Date(v) => v.fmt(f),
            Arg::Number(v) => v.fmt(f),
        }
    }
}
impl Arg {
    /// A word of the program, shown by its own text.
    pub fn code(code: &'static str) -> Arg {
        Arg::Code(code.into())
    }
}
