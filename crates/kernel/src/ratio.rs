//! Rates of exchange and other fractions, kept exact until the one rounding at the end.

use crate::number::Rate;
use crate::scaled::{NumberError, div_round, pow10};
use serde::{Deserialize, Serialize};

/// How a rate is published; it is stored as published and never inverted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Base currency per `per` units of the quoted one: the National Bank's 41.25 hryvnias for 1 dollar.
    Direct,
    /// Quoted currency per `per` units of the base one: the ECB's 1.08 dollars for 1 euro.
    Indirect,
}

impl Direction {
    /// As it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Direction::Direct => "direct",
            Direction::Indirect => "indirect",
        }
    }
    /// By its code; `None` for an unknown one.
    pub fn parse(s: &str) -> Option<Direction> {
        match s {
            "direct" => Some(Direction::Direct),
            "indirect" => Some(Direction::Indirect),
            _ => None,
        }
    }
}

/// A published rate of one currency to the base currency of its rate type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    pub rate: Rate,
    /// Number of units the rate is for: 1, 10, 100 …
    pub per: i64,
    pub direction: Direction,
}

impl Quote {
    /// Factor from the quoted currency to the base currency.
    pub fn to_base(self) -> Result<Ratio, NumberError> {
        if !self.rate.is_positive() || self.per <= 0 {
            return Err(NumberError::NotPositive);
        }
        let rate = i128::from(self.rate.scaled());
        let unit = i128::from(Rate::UNIT) * i128::from(self.per);
        match self.direction {
            Direction::Direct => Ratio::new(rate, unit),
            Direction::Indirect => Ratio::new(unit, rate),
        }
    }
    /// Factor from the base currency to the quoted currency.
    pub fn from_base(self) -> Result<Ratio, NumberError> {
        self.to_base()?.inverse()
    }
}

/// A reduced fraction with a positive denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    num: i128,
    den: i128,
}

impl Ratio {
    /// Nothing changes.
    pub const ONE: Ratio = Ratio { num: 1, den: 1 };

    /// `num / den`, reduced. Errors: a denominator that is not above zero.
    pub fn new(num: i128, den: i128) -> Result<Ratio, NumberError> {
        if den <= 0 {
            return Err(NumberError::NotPositive);
        }
        let g = gcd(num, den);
        Ok(Ratio { num: num / g, den: den / g })
    }
    /// The other way round. Errors: of nothing there is none.
    pub fn inverse(self) -> Result<Ratio, NumberError> {
        if self.num <= 0 {
            return Err(NumberError::NotPositive);
        }
        Ok(Ratio { num: self.den, den: self.num })
    }
    /// Product of two fractions; reduced crosswise first, so that it overflows only when the result itself does.
    pub fn times(self, other: Ratio) -> Result<Ratio, NumberError> {
        let (a, b) = (gcd(self.num, other.den), gcd(other.num, self.den));
        let num = (self.num / a).checked_mul(other.num / b).ok_or(NumberError::Overflow)?;
        let den = (self.den / b).checked_mul(other.den / a).ok_or(NumberError::Overflow)?;
        Ok(Ratio { num, den })
    }
    /// Numerator and denominator, reduced, the denominator above zero.
    pub fn parts(self) -> (i128, i128) {
        (self.num, self.den)
    }
    /// `n * self / step`, rounded once half away from zero. Errors: `step` not above zero; out of range.
    pub fn apply(self, n: i128, step: i128) -> Result<i128, NumberError> {
        if step <= 0 {
            return Err(NumberError::NotPositive);
        }
        if let (Some(num), Some(den)) = (self.num.checked_mul(n), self.den.checked_mul(step)) {
            return div_round(num, den).ok_or(NumberError::Overflow);
        }
        let share = self.times(Ratio::new(n, step)?)?;
        div_round(share.num, share.den).ok_or(NumberError::Overflow)
    }
    /// The fraction to eight decimals, to be shown beside a cross rate. Errors: does not fit.
    pub fn as_rate(self) -> Result<Rate, NumberError> {
        i64::try_from(self.apply(pow10(Rate::SCALE), 1)?).map(Rate::from_scaled).map_err(|_| NumberError::Overflow)
    }
}

/// Greatest common divisor, at least 1.
fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        if let (Ok(x), Ok(y)) = (u64::try_from(a), u64::try_from(b)) {
            // Nearly always so, and division of 64 bits is several times faster.
            return i128::from(gcd_short(x, y));
        }
        (a, b) = (b, a % b);
    }
    // Only gcd(i128::MIN, 0) leaves i128; 1 is then correct, merely not reduced.
    i128::try_from(a).unwrap_or(1).max(1)
}

fn gcd_short(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
