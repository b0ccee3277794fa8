//! What a group operation makes of a price: pure, but for the formula and the other price type, which ask the engine.

use crate::price_type::{rounding_fields, rounding_of};
use crate::types::{Known, types};
use crate::unit::{AtHand, InType, units_at_hand};
use chrono::NaiveDate;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Percent, Price, Rate, VatMode};
use kontor_platform::cx::Cx;
use kontor_platform::spec::Column;
use kontor_platform::value::Id;
use kontor_pricing::{Formula, Method, PriceType, Rounding, RoundingKind};
use serde_json::Value as Json;

pub const OPERATIONS: &[&str] =
    &["set", "effective", "percent", "coefficient", "add", "price_type", "formula", "round", "fit_vat", "discard", "recalculate"];

/// Arguments of an operation, those of the verb and of the preview alike.
pub fn columns() -> Vec<Column> {
    vec![
        Column::choice("operation", OPERATIONS).required(),
        Column::price("price"),
        Column::percent("percent").signed(),
        Column::rate("coefficient"),
        Column::price("add").signed(),
        Column::reference("from_price_type_id", "price-types"),
        Column::lines("formula", 2_000),
        Column::object(
            "rounding",
            vec![Column::choice("mode", &["nearest", "up", "down"]), Column::price("step").required(), Column::price("ending")],
        ),
        // As lists of products take filters.
        Column::map("filter"),
        // Prices in force on this day; today when left open.
        Column::date("date"),
    ]
}

/// A price as it stands.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    pub product: Id,
    pub vat: Percent,
    pub price_group: Option<Id>,
    pub edited: Option<Price>,
    pub effective: Option<Price>,
}

impl Now {
    fn current(&self) -> Option<Price> {
        self.edited.or(self.effective)
    }
}

pub enum Operation {
    Set(Price),
    Effective,
    Percent(Percent),
    Coefficient(Rate),
    Add(Price),
    /// The price of another type, or a formula: a type of its own in a book of its own.
    Type(Id),
    Formula(String),
    Round(Rounding),
    FitVat,
    Discard,
    /// As the type itself computes; what moved less than its threshold stays.
    Recalculate,
}

impl Operation {
    /// Reads the arguments; each fault at its field.
    pub fn of(input: &Json) -> Result<Operation> {
        let text = |name: &'static str| input[name].as_str().filter(|s| !s.is_empty()).ok_or_else(|| Error::field(name, "required"));
        let number = |name: &'static str| text(name).map(str::to_string);
        let amiss = |name: &'static str| Error::field(name, "not_a_number");
        Ok(match input["operation"].as_str().unwrap_or_default() {
            "set" => Operation::Set(Price::parse(&number("price")?).map_err(|_| amiss("price"))?),
            "effective" => Operation::Effective,
            "percent" => Operation::Percent(Percent::parse(&number("percent")?).map_err(|_| amiss("percent"))?),
            "coefficient" => Operation::Coefficient(Rate::parse(&number("coefficient")?).map_err(|_| amiss("coefficient"))?),
            "add" => Operation::Add(Price::parse(&number("add")?).map_err(|_| amiss("add"))?),
            "price_type" => {
                let id = text("from_price_type_id")?;
                Operation::Type(Id::parse_str(id).map_err(|_| Error::field("from_price_type_id", "bad_id"))?)
            }
            "formula" => {
                let f = text("formula")?;
                Formula::compile(f).map_err(|e| e.at("formula"))?;
                Operation::Formula(f.to_string())
            }
            "round" => {
                let r = rounding_of(&input["rounding"])?.ok_or_else(|| Error::field("rounding", "required"))?;
                r.check().map_err(|e| rounding_fields(&e))?;
                Operation::Round(r)
            }
            "fit_vat" => Operation::FitVat,
            "discard" => Operation::Discard,
            "recalculate" => Operation::Recalculate,
            _ => return Err(Error::field("operation", "bad_choice")),
        })
    }

    /// The price that each product shall have; `None` where there is nothing to start from, the engine finds none, or it would be
    /// larger than a price can be.
    pub fn run(&self, cx: &mut Cx, target: &Known, date: NaiveDate, now: &[Now]) -> Result<Vec<Option<Price>>> {
        let plain = |f: &dyn Fn(Price) -> Option<Price>| now.iter().map(|n| n.current().and_then(f)).collect();
        Ok(match self {
            Operation::Set(p) => vec![Some(*p); now.len()],
            Operation::Effective => now.iter().map(|n| n.effective).collect(),
            Operation::Percent(p) => plain(&|x| x.plus_percent(*p).ok()),
            Operation::Coefficient(c) => {
                let one = i128::from(Rate::UNIT);
                let times = |x: Price| kontor_kernel::scaled::div_round(i128::from(x.scaled()) * i128::from(c.scaled()), one);
                plain(&|x| times(x).and_then(|n| i64::try_from(n).ok()).map(Price::from_scaled))
            }
            Operation::Add(a) => plain(&|x| x.checked_add(*a)),
            Operation::Round(r) => plain(&|x| r.apply_to(x).ok()),
            Operation::FitVat => fit_vat(target, now),
            Operation::Type(id) => computed(cx, target, date, now, Some(*id), None)?,
            Operation::Formula(f) => computed(cx, target, date, now, None, Some(f))?,
            Operation::Discard => vec![None; now.len()],
            Operation::Recalculate if target.manual() => return Err(Error::field("operation", "price_not_computed")),
            Operation::Recalculate => computed(cx, target, date, now, Some(target.id), None)?,
        })
    }
}

/// A price with VAT whose VAT, too, is a whole number of minor units: the nearest one, by the product's rate.
fn fit_vat(target: &Known, now: &[Now]) -> Vec<Option<Price>> {
    let minor = 10i64.pow(6u32.saturating_sub(target.currency.minor()));
    let fit = |n: &Now| -> Option<Price> {
        let price = n.current()?;
        let step = whole_vat_step(n.vat.scaled(), target.vat).checked_mul(minor)?;
        Rounding::new(RoundingKind::Arithmetic, Price::from_scaled(step)).apply_to(price).ok()
    };
    now.iter().map(fit).collect()
}

/// So many minor units the price must be a multiple of. With 20 % included the VAT is a sixth: six.
fn whole_vat_step(rate: i64, vat: VatMode) -> i64 {
    let (rate, whole) = (rate, Percent::HUNDRED.scaled());
    let (part, of) = match vat {
        VatMode::Included => (rate, whole + rate),
        VatMode::Excluded => (rate, whole),
        VatMode::Exempt => return 1,
    };
    fn gcd(a: i64, b: i64) -> i64 {
        if b == 0 { a } else { gcd(b, a % b) }
    }
    if part == 0 { 1 } else { of / gcd(part, of) }
}

/// Asks the engine for one unit of each product: in a type, or by a formula in the currency and basis of the target.
fn computed(
    cx: &mut Cx,
    target: &Known,
    date: NaiveDate,
    now: &[Now],
    from: Option<Id>,
    formula: Option<&String>,
) -> Result<Vec<Option<Price>>> {
    let types = types(cx)?;
    let mut asked = InType {
        id: from.unwrap_or_default(),
        currency: target.currency,
        vat: target.vat,
        needs: types.needs(from),
        trial: None,
        company: None,
    };
    match formula {
        Some(f) => {
            // A name that no type has: what is written of the target itself is `price("…")` like any other.
            asked.id = Id::from_u128(!target.id.as_u128());
            asked.needs = types.needs_of_formula(f)?;
            asked.trial = Some(PriceType::new(asked.id, "", target.currency, target.vat, Method::Formula { formula: f.clone() }).compile());
        }
        None if types.get(asked.id).is_none() => return Err(Error::field("from_price_type_id", "reference_missing")),
        None => {}
    }
    let at_hand: Vec<AtHand> =
        now.iter().map(|n| AtHand { product: n.product, vat: n.vat, price_group: n.price_group, price: n.effective }).collect();
    units_at_hand(cx, &asked, date, &at_hand, target.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prc_08_price_and_vat_are_whole_minor_units() {
        let rate = |s: &str| Percent::parse(s).map(|p| p.scaled()).unwrap_or_default();
        // 20 % included: the VAT is a sixth; 7 % included: seven of 107; 20 % on top: a fifth.
        for (percent, vat, step) in [
            ("20", VatMode::Included, 6),
            ("7", VatMode::Included, 107),
            ("20", VatMode::Excluded, 5),
            ("0", VatMode::Included, 1),
            ("20", VatMode::Exempt, 1),
        ] {
            assert_eq!(whole_vat_step(rate(percent), vat), step, "{percent} {vat:?}");
        }
    }
}
