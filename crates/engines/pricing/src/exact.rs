//! A price on its way through the procedure: an exact fraction, so that only the last step rounds.

use kontor_kernel::scaled::div_round;
use kontor_kernel::{NumberError, Price, Ratio};
use rust_decimal::Decimal;

/// Decimals kept where a fraction has become too long to go on exactly.
const LONG: u32 = 12;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Exact(Ratio);

impl Exact {
    pub fn from_price(p: Price) -> Exact {
        // A price's unit is above zero, so the fraction always exists.
        Exact(Ratio::new(i128::from(p.scaled()), i128::from(Price::UNIT)).unwrap_or(Ratio::ONE))
    }
    pub fn from_decimal(d: Decimal) -> Result<Exact, NumberError> {
        Ratio::new(d.mantissa(), 10i128.pow(d.scale())).map(Exact)
    }
    /// To twelve decimals; what formulas see.
    pub fn to_decimal(self) -> Result<Decimal, NumberError> {
        let n = self.0.apply(10i128.pow(LONG), 1)?;
        Decimal::try_from_i128_with_scale(n, LONG).map(|d| d.normalize()).map_err(|_| NumberError::Overflow)
    }
    /// At the price's own precision, rounded once.
    pub fn to_price(self) -> Result<Price, NumberError> {
        self.round_to(Price::SCALE)
    }
    pub fn round_to(self, minor: u32) -> Result<Price, NumberError> {
        let minor = minor.min(Price::SCALE);
        let n = self.0.apply(10i128.pow(minor), 1)?;
        let n = n.checked_mul(10i128.pow(Price::SCALE - minor)).ok_or(NumberError::Overflow)?;
        i64::try_from(n).map(Price::from_scaled).map_err(|_| NumberError::Overflow)
    }
    /// `self * ratio`; exact unless the fraction gets too long for 128 bits, then to twelve decimals.
    pub fn times(self, ratio: Ratio) -> Result<Exact, NumberError> {
        match self.0.times(ratio) {
            Ok(r) => Ok(Exact(r)),
            Err(_) => {
                let n = ratio.times(Ratio::new(self.shortened()?, 10i128.pow(LONG))?);
                match n {
                    Ok(r) => Ok(Exact(r)),
                    Err(_) => Ratio::new(ratio.apply(self.shortened()?, 1)?, 10i128.pow(LONG)).map(Exact),
                }
            }
        }
    }
    /// Exact unless the fraction gets too long for 128 bits, then to twelve decimals.
    pub fn plus(self, price: Price) -> Result<Exact, NumberError> {
        let sum = |n: i128, d: i128| {
            let n = n.checked_mul(i128::from(Price::UNIT))?.checked_add(i128::from(price.scaled()).checked_mul(d)?)?;
            Some((n, d.checked_mul(i128::from(Price::UNIT))?))
        };
        let (n, d) = self.0.parts();
        let found = match sum(n, d) {
            Some(found) => Some(found),
            None => sum(self.shortened()?, 10i128.pow(LONG)),
        };
        let (n, d) = found.ok_or(NumberError::Overflow)?;
        Ratio::new(n, d).map(Exact)
    }
    pub fn is_zero(self) -> bool {
        self.0.parts().0 == 0
    }
    pub fn is_negative(self) -> bool {
        self.0.parts().0 < 0
    }
    pub fn abs(self) -> Exact {
        let (n, d) = self.0.parts();
        Exact(Ratio::new(n.saturating_abs(), d).unwrap_or(self.0))
    }
    /// `(self - start) / step` as a fraction, with `start` and `step` in millionths.
    pub fn steps(self, start: i128, step: i128) -> Result<(i128, i128), NumberError> {
        let from = |n: i128, d: i128| {
            let n = n.checked_mul(i128::from(Price::UNIT))?.checked_sub(start.checked_mul(d)?)?;
            Some((n, d.checked_mul(step)?))
        };
        let (n, d) = self.0.parts();
        if let Some(found) = from(n, d) {
            return Ok(found);
        }
        from(self.shortened()?, 10i128.pow(LONG)).ok_or(NumberError::Overflow)
    }
    fn shortened(self) -> Result<i128, NumberError> {
        let (mut n, mut d) = self.0.parts();
        // Dropping low bits of both keeps far more than twelve decimals of a number that is a price.
        while d > 1i128 << 80 {
            (n, d) = (n >> 1, d >> 1);
        }
        match n.checked_mul(10i128.pow(LONG)) {
            Some(n) => div_round(n, d).ok_or(NumberError::Overflow),
            None => {
                let (whole, rest) = (n / d, n % d);
                let rest = div_round(rest.checked_mul(10i128.pow(LONG)).ok_or(NumberError::Overflow)?, d);
                whole.checked_mul(10i128.pow(LONG)).zip(rest).and_then(|(w, r)| w.checked_add(r)).ok_or(NumberError::Overflow)
            }
        }
    }
}
