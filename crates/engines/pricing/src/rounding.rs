//! Rounding rules of price types.

use crate::exact::Exact;
use kontor_kernel::{Error, NumberError, Price};
use serde::{Deserialize, Serialize};

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
}

impl Rounding {
    /// Refuses a step that is not above zero and an ending outside `0 <= ending < to`; fields `to` and `ending`.
    pub fn check(&self) -> Result<(), Error> {
        let mut wrong = vec![];
        if !self.to.is_positive() {
            wrong.push(Error::field("to", "rounding_step"));
        }
        if self.ending.is_some_and(|e| e.is_negative() || e >= self.to) {
            wrong.push(Error::field("ending", "rounding_ending"));
        }
        Error::collect(wrong)
    }

    /// The allowed price that the rule picks. A price above zero never becomes zero: it gets the first allowed one.
    pub(crate) fn apply(&self, value: &Exact) -> Result<Price, NumberError> {
        let ending = self.ending.unwrap_or(Price::ZERO);
        if self.check().is_err() {
            return Err(NumberError::NotPositive);
        }
        if value.is_zero() {
            return Ok(Price::ZERO);
        }
        let (to, ending) = (i128::from(self.to.scaled()), i128::from(ending.scaled()));
        let (steps, of) = value.abs().steps(ending, to)?;
        let whole = steps.div_euclid(of);
        let rest = steps.rem_euclid(of);
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
