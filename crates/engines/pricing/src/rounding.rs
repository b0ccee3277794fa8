//! Rounding rules of price types.

use crate::exact::Exact;
use kontor_kernel::{Error, NumberError, Percent, Price, Ratio, VatMode};
use serde::{Deserialize, Serialize};

/// To which side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RoundingKind {
    /// To the nearest; half away from zero.
    Arithmetic,
    /// Away from zero: for the house.
    Up,
    /// Towards zero: for the client.
    Down,
}

impl RoundingKind {
    /// As it is stored.
    pub fn code(self) -> &'static str {
        match self {
            RoundingKind::Arithmetic => "arithmetic",
            RoundingKind::Up => "up",
            RoundingKind::Down => "down",
        }
    }
}

/// Prices that the rule allows are `n * to + ending` for whole `n`: `to` 0.05 gives 1.00, 1.05, 1.10 …;
/// `to` 1 with `ending` 0.99 gives 0.99, 1.99, 2.99 …
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rounding {
    pub kind: RoundingKind,
    pub to: Price,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Price>,
    /// Only prices whose VAT is whole in the minor unit: `to` is widened to the next multiple that allows it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub whole_vat: bool,
}

fn is_false(b: &bool) -> bool {
    !*b
}

/// A rounding for prices from `from` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    pub from: Price,
    pub rounding: Rounding,
}

impl Rounding {
    /// To multiples of `to`, without an ending of its own.
    pub fn new(kind: RoundingKind, to: Price) -> Rounding {
        Rounding { kind, to, ending: None, whole_vat: false }
    }

    /// The rounding to use for prices with this VAT: the step is widened where the tax must be whole.
    pub(crate) fn fitted(&self, vat: VatMode, rate: Percent, minor: u32) -> Result<Rounding, NumberError> {
        if !self.whole_vat || vat == VatMode::Exempt || rate.is_zero() {
            return Ok(Rounding { whole_vat: false, ..*self });
        }
        let hundred = i128::from(Percent::HUNDRED.scaled());
        let (tax, net) = Ratio::new(i128::from(rate.scaled()), hundred)?.parts();
        // In whole minor units a gross price is a multiple of net + tax parts, a net price one of its net parts.
        let parts = if vat == VatMode::Included { net.checked_add(tax) } else { Some(net) };
        let unit = i128::from(Price::UNIT) / 10i128.pow(minor.min(Price::SCALE));
        let step = parts.and_then(|p| p.checked_mul(unit)).ok_or(NumberError::Overflow)?;
        let to = i128::from(self.to.scaled());
        if to <= 0 || step <= 0 {
            return Err(NumberError::NotPositive);
        }
        // The least common multiple, by way of the reduced fraction to / step.
        let (reduced, _) = Ratio::new(to, step)?.parts();
        let wide = reduced.checked_mul(step).and_then(|n| i64::try_from(n).ok()).ok_or(NumberError::Overflow)?;
        Ok(Rounding { to: Price::from_scaled(wide), whole_vat: false, ..*self })
    }

    /// Refuses a step that is not above zero and an ending outside `0 <= ending < to`; fields `to` and `ending`.
    pub fn check(&self) -> Result<(), Error> {
        let mut wrong = vec![];
        if !self.to.is_positive() {
            wrong.push(Error::field("to", "rounding_step"));
        }
        if self.ending.is_some_and(|e| e.is_negative() || e >= self.to) {
            wrong.push(Error::field("ending", "rounding_ending"));
        }
        if self.whole_vat && self.ending.is_some_and(|e| !e.is_zero()) {
            wrong.push(Error::field("ending", "rounding_vat_ending"));
        }
        Error::collect(wrong)
    }

    /// The allowed price that the rule picks. A price above zero never becomes zero: it gets the first allowed one.
    /// Errors: a rule that [`Rounding::check`] refuses; out of range.
    pub fn apply_to(&self, price: Price) -> Result<Price, NumberError> {
        self.apply(&Exact::from_price(price))
    }
    pub(crate) fn apply(&self, value: &Exact) -> Result<Price, NumberError> {
        let ending = self.ending.unwrap_or(Price::ZERO);
        if !self.to.is_positive() || ending.is_negative() || ending >= self.to {
            return Err(NumberError::NotPositive);
        }
        if value.is_zero() {
            return Ok(Price::ZERO);
        }
        let (to, ending) = (i128::from(self.to.scaled()), i128::from(ending.scaled()));
        let (steps, of) = value.abs().steps(ending, to)?;
        // One division, not the two of `div_euclid` and `rem_euclid`.
        let near = steps / of;
        let left = steps - near * of;
        let (whole, rest) = if left < 0 { (near - 1, left + of) } else { (near, left) };
        let n = match self.kind {
            RoundingKind::Down => whole,
            RoundingKind::Up => whole + i128::from(rest > 0),
            RoundingKind::Arithmetic => whole + i128::from(rest >= of - rest),
        };
        let first = i128::from(ending == 0);
        let price = n.max(first).checked_mul(to).and_then(|p| p.checked_add(ending)).ok_or(NumberError::Overflow)?;
        let price = i64::try_from(price).map_err(|_| NumberError::Overflow)?;
        Ok(Price::from_scaled(if value.is_negative() { -price } else { price }))
    }
}

/// To `minor` decimals; a price that would become zero is kept at the price's own precision.
pub(crate) fn to_minor(value: &Exact, minor: u32) -> Result<Price, NumberError> {
    let exact = value.to_price()?;
    let rounded = value.round_to(minor)?;
    Ok(if rounded.is_zero() { exact } else { rounded })
}
