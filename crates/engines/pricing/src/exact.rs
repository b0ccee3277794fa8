//! A price on its way through the procedure: an exact fraction, so that only the last step rounds.

use kontor_kernel::scaled::{div_round, pow10, product};
use kontor_kernel::{NumberError, Price, Ratio};
use rust_decimal::Decimal;

/// Decimals kept where a fraction has become too long to go on exactly.
const LONG: u32 = 12;

/// A number to multiply by; not reduced, its denominator above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Factor {
    pub n: i128,
    pub d: i128,
}

impl Factor {
    pub const ONE: Factor = Factor { n: 1, d: 1 };

    /// `n / d` made shorter where both are multiples of `by`. The fewer digits a fraction has, the faster it is divided in
    /// the end, and this takes far less than reducing it.
    pub fn short(n: i128, d: i128, by: i64) -> Factor {
        match (i64::try_from(n), i64::try_from(d)) {
            (Ok(n), Ok(d)) if n % by == 0 && d % by == 0 => Factor { n: i128::from(n / by), d: i128::from(d / by) },
            _ => Factor { n, d },
        }
    }

    pub fn is_one(self) -> bool {
        self.n == self.d
    }
    pub fn times(self, o: Factor) -> Result<Factor, NumberError> {
        let raw = product(self.n, o.n).zip(product(self.d, o.d));
        if let Some((n, d)) = raw {
            return Ok(Factor { n, d });
        }
        let (n, d) = Ratio::new(self.n, self.d)?.times(Ratio::new(o.n, o.d)?)?.parts();
        Ok(Factor { n, d })
    }
    pub fn ratio(self) -> Result<Ratio, NumberError> {
        Ratio::new(self.n, self.d)
    }
}

/// A fraction that is reduced only when it would get too long: reducing costs more than all else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exact {
    n: i128,
    d: i128,
}

impl Exact {
    pub fn from_price(p: Price) -> Exact {
        Exact { n: i128::from(p.scaled()), d: i128::from(Price::UNIT) }
    }
    pub fn from_decimal(d: Decimal) -> Result<Exact, NumberError> {
        Ok(Exact { n: d.mantissa(), d: 10i128.checked_pow(d.scale()).ok_or(NumberError::Overflow)? })
    }
    fn of(r: Ratio) -> Exact {
        let (n, d) = r.parts();
        Exact { n, d }
    }
    fn reduced(self) -> Result<Ratio, NumberError> {
        Ratio::new(self.n, self.d)
    }
    /// `self * n`, rounded once half away from zero.
    fn apply(self, n: i128) -> Result<i128, NumberError> {
        match product(self.n, n) {
            Some(n) => div_round(n, self.d).ok_or(NumberError::Overflow),
            None => self.reduced()?.apply(n, 1),
        }
    }
    /// To twelve decimals; what formulas see.
    pub fn to_decimal(self) -> Result<Decimal, NumberError> {
        let n = self.apply(10i128.pow(LONG))?;
        Decimal::try_from_i128_with_scale(n, LONG).map(|d| d.normalize()).map_err(|_| NumberError::Overflow)
    }
    /// At the price's own precision, rounded once.
    pub fn to_price(self) -> Result<Price, NumberError> {
        self.round_to(Price::SCALE)
    }
    pub fn round_to(self, minor: u32) -> Result<Price, NumberError> {
        let minor = minor.min(Price::SCALE);
        let n = self.apply(pow10(minor))?;
        let n = product(n, pow10(Price::SCALE - minor)).ok_or(NumberError::Overflow)?;
        i64::try_from(n).map(Price::from_scaled).map_err(|_| NumberError::Overflow)
    }
    /// `self * factor`; exact unless the fraction gets too long for 128 bits, then to twelve decimals.
    pub fn times(self, by: Factor) -> Result<Exact, NumberError> {
        if let Some((n, d)) = product(self.n, by.n).zip(product(self.d, by.d)) {
            return Ok(Exact { n, d });
        }
        let ratio = by.ratio()?;
        match self.reduced()?.times(ratio) {
            Ok(r) => Ok(Exact::of(r)),
            Err(_) => {
                let n = ratio.times(Ratio::new(self.shortened()?, 10i128.pow(LONG))?);
                match n {
                    Ok(r) => Ok(Exact::of(r)),
                    Err(_) => Ratio::new(ratio.apply(self.shortened()?, 1)?, 10i128.pow(LONG)).map(Exact::of),
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
        let (n, d) = self.reduced()?.parts();
        let found = match sum(n, d) {
            Some(found) => Some(found),
            None => sum(self.shortened()?, 10i128.pow(LONG)),
        };
        let (n, d) = found.ok_or(NumberError::Overflow)?;
        Ratio::new(n, d).map(Exact::of)
    }
    /// Told without a division; a few of the largest prices are not recognised.
    pub fn is_surely_a_price(self) -> bool {
        const LARGEST: i128 = (i64::MAX / Price::UNIT - 1) as i128;
        product(self.d, LARGEST).is_some_and(|most| self.n.unsigned_abs() <= most.unsigned_abs())
    }
    pub fn is_zero(self) -> bool {
        self.n == 0
    }
    pub fn is_negative(self) -> bool {
        self.n < 0
    }
    pub fn abs(self) -> Exact {
        Exact { n: self.n.saturating_abs(), d: self.d }
    }
    /// `(self - start) / step` as a fraction, with `start` and `step` in millionths.
    pub fn steps(self, start: i128, step: i128) -> Result<(i128, i128), NumberError> {
        let from = |n: i128, d: i128| {
            let n = product(n, i128::from(Price::UNIT))?.checked_sub(product(start, d)?)?;
            Some((n, product(d, step)?))
        };
        if let Some(found) = from(self.n, self.d) {
            return Ok(found);
        }
        let (n, d) = self.reduced()?.parts();
        if let Some(found) = from(n, d) {
            return Ok(found);
        }
        from(self.shortened()?, 10i128.pow(LONG)).ok_or(NumberError::Overflow)
    }
    fn shortened(self) -> Result<i128, NumberError> {
        let (mut n, mut d) = self.reduced()?.parts();
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
