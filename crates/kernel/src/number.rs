//! The five exact numbers of trade. Each is an `i64` of its smallest unit and is written in JSON as a decimal string.
//!
//! | type | decimals | holds | up to about |
//! | --- | --- | --- | --- |
//! | [`Amount`] | 4 | a sum of money | 9 × 10¹⁴ |
//! | [`Price`] | 6 | money for one unit | 9 × 10¹² |
//! | [`Quantity`] | 6 | units of a product | 9 × 10¹² |
//! | [`Rate`] | 8 | a published rate of exchange | 9 × 10¹⁰ |
//! | [`Percent`] | 4 | a discount, a markup, a VAT rate; `20` is 20 % | 9 × 10¹⁴ |
//!
//! Everything rounds half away from zero. `minor` is the number of decimals of the currency's minor unit
//! ([`crate::Currency::minor`]); more than the type's own decimals means "no further rounding".

use crate::ratio::{Direction, Quote, Ratio};
use crate::scaled::{self, NumberError, div_round, pow10, product};
use std::fmt;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident, scale $scale:literal, at_least $least:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// Number of decimals kept.
            pub const SCALE: u32 = $scale;
            /// One, in smallest units.
            pub const UNIT: i64 = 10i64.pow($scale);
            /// Nothing.
            pub const ZERO: Self = Self(0);
            /// One whole unit, not the smallest one.
            pub const ONE: Self = Self(Self::UNIT);
            /// The highest number that fits: `i64::MAX` smallest units.
            pub const MAX: Self = Self(i64::MAX);

            /// From the stored integer (a count of `10^-SCALE`).
            pub const fn from_scaled(n: i64) -> Self {
                Self(n)
            }
            /// The integer to store.
            pub const fn scaled(self) -> i64 {
                self.0
            }
            /// From a whole number; `None` when it does not fit.
            pub fn whole(n: i64) -> Option<Self> {
                n.checked_mul(Self::UNIT).map(Self)
            }
            /// Reads `1234.5` or `-0.25`. Refuses signs other than `-`, exponents, group separators, a bare point,
            /// more than `SCALE` significant decimals, and what does not fit.
            pub fn parse(s: &str) -> Result<Self, NumberError> {
                scaled::parse(s, Self::SCALE).map(Self)
            }
            /// The sum; `None` when it does not fit.
            pub fn checked_add(self, other: Self) -> Option<Self> {
                self.0.checked_add(other.0).map(Self)
            }
            /// The difference; `None` when it does not fit.
            pub fn checked_sub(self, other: Self) -> Option<Self> {
                self.0.checked_sub(other.0).map(Self)
            }
            /// With the other sign; `None` for the lowest number, which has no positive twin.
            pub fn checked_neg(self) -> Option<Self> {
                self.0.checked_neg().map(Self)
            }
            /// Sum of many; an error when it leaves the range (the order of the items does not matter).
            pub fn sum(items: impl IntoIterator<Item = Self>) -> Result<Self, NumberError> {
                let n: i128 = items.into_iter().map(|x| i128::from(x.0)).sum();
                i64::try_from(n).map(Self).map_err(|_| NumberError::Overflow)
            }
            /// As `to_string`, without the way through a formatter.
            pub fn text(self) -> String {
                scaled::write(self.0, Self::SCALE, $least)
            }
            /// Distance from zero; the one value without a positive twin (the lowest integer) gives the highest.
            pub fn abs(self) -> Self {
                Self(self.0.saturating_abs())
            }
            /// Neither above nor below zero.
            pub fn is_zero(self) -> bool {
                self.0 == 0
            }
            /// Below zero.
            pub fn is_negative(self) -> bool {
                self.0 < 0
            }
            /// Above zero; zero is not.
            pub fn is_positive(self) -> bool {
                self.0 > 0
            }
            /// Rounded half away from zero to `minor` decimals.
            pub fn round_to(self, minor: u32) -> Result<Self, NumberError> {
                scaled::round(self.0, Self::SCALE, minor).map(Self).ok_or(NumberError::Overflow)
            }
            /// `self * ratio`, rounded once to the last decimal kept.
            pub fn times_ratio(self, ratio: Ratio) -> Result<Self, NumberError> {
                fit(ratio.apply(i128::from(self.0), 1)?).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.text())
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
        impl std::str::FromStr for $name {
            type Err = NumberError;
            fn from_str(s: &str) -> Result<Self, NumberError> {
                Self::parse(s)
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&self.text())
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                d.deserialize_any(scaled::Visitor { scale: Self::SCALE }).map(Self)
            }
        }
    };
}

number!(
    /// A sum of money, 4 decimals. Text has at least two: `1234.50`.
    Amount, scale 4, at_least 2
);
number!(
    /// Money for one unit of a product, 6 decimals. Text is trimmed: `12.5`.
    Price, scale 6, at_least 0
);
number!(
    /// Units of a product, 6 decimals. Text is trimmed: `3`, `0.75`.
    Quantity, scale 6, at_least 0
);
number!(
    /// A rate of exchange as published, 8 decimals. Text is trimmed: `41.2345`.
    Rate, scale 8, at_least 0
);
number!(
    /// A percentage, 4 decimals: `20` is 20 %. Text is trimmed.
    Percent, scale 4, at_least 0
);

fn fit(n: i128) -> Result<i64, NumberError> {
    i64::try_from(n).map_err(|_| NumberError::Overflow)
}

/// `n * 10^-from`, rounded once to `minor` decimals and given as a count of `10^-to`.
fn land(n: i128, from: u32, to: u32, minor: u32) -> Result<i64, NumberError> {
    let keep = minor.min(to);
    let rounded = div_round(n, pow10(from - keep)).ok_or(NumberError::Overflow)?;
    fit(product(rounded, pow10(to - keep)).ok_or(NumberError::Overflow)?)
}

impl Percent {
    /// `100`, the whole.
    pub const HUNDRED: Percent = Percent(100 * Percent::UNIT);
    /// One percent as a fraction of `PARTS`: 20 % is `200_000` of `1_000_000`.
    pub(crate) const PARTS: i128 = 100 * Percent::UNIT as i128;
}

impl Amount {
    /// This many percent of the amount, rounded once to `minor` decimals.
    pub fn percent(self, percent: Percent, minor: u32) -> Result<Amount, NumberError> {
        land(i128::from(self.0) * i128::from(percent.0), Amount::SCALE + Percent::SCALE + 2, Amount::SCALE, minor).map(Amount)
    }
    /// From the quoted currency into the base currency of the quote: `rate` per `per` units, see [`Direction`].
    /// Rounded once to `minor` decimals.
    pub fn convert(self, rate: Rate, per: i64, direction: Direction, minor: u32) -> Result<Amount, NumberError> {
        self.times(Quote { rate, per, direction }.to_base()?, minor)
    }
    /// `self * ratio`, rounded once to `minor` decimals.
    pub fn times(self, ratio: Ratio, minor: u32) -> Result<Amount, NumberError> {
        let keep = minor.min(Amount::SCALE);
        let step = pow10(Amount::SCALE - keep);
        fit(ratio.apply(i128::from(self.0), step)?.checked_mul(step).ok_or(NumberError::Overflow)?).map(Amount)
    }
    /// The price of one unit of `quantity` that cost this much: `self / quantity` at the price's own precision.
    pub fn per_unit(self, quantity: Quantity) -> Result<Price, NumberError> {
        if quantity.is_zero() {
            return Err(NumberError::NotPositive);
        }
        let n = i128::from(self.0) * pow10(Price::SCALE - Amount::SCALE + Quantity::SCALE);
        fit(div_round(n, i128::from(quantity.0)).ok_or(NumberError::Overflow)?).map(Price)
    }
}

impl Price {
    /// The amount of a line: `self * quantity`, rounded once to `minor` decimals (decision 2).
    pub fn times(self, quantity: Quantity, minor: u32) -> Result<Amount, NumberError> {
        land(i128::from(self.0) * i128::from(quantity.0), Price::SCALE + Quantity::SCALE, Amount::SCALE, minor).map(Amount)
    }
    /// The amount of a line with a discount: `self * quantity * (100 - discount) / 100`, rounded once to `minor` decimals.
    pub fn times_less(self, quantity: Quantity, discount: Percent, minor: u32) -> Result<Amount, NumberError> {
        let left = Percent::PARTS - i128::from(discount.0);
        let n = product(i128::from(self.0) * i128::from(quantity.0), left);
        match n {
            Some(n) => land(n, Price::SCALE + Quantity::SCALE + Percent::SCALE + 2, Amount::SCALE, minor).map(Amount),
            // Only for lines beyond 10^17 or so: take the exact amount through a reduced ratio instead.
            None => {
                let whole = Ratio::new(i128::from(quantity.0), pow10(Quantity::SCALE))?.times(Ratio::new(left, Percent::PARTS)?)?;
                let keep = minor.min(Amount::SCALE);
                let n = whole.apply(i128::from(self.0), pow10(Price::SCALE - keep))?;
                fit(n.checked_mul(pow10(Amount::SCALE - keep)).ok_or(NumberError::Overflow)?).map(Amount)
            }
        }
    }
    /// `self * (100 + percent) / 100` at the price's own precision; a negative percentage is a discount.
    pub fn plus_percent(self, percent: Percent) -> Result<Price, NumberError> {
        let n = i128::from(self.0) * (Percent::PARTS + i128::from(percent.0));
        fit(div_round(n, Percent::PARTS).ok_or(NumberError::Overflow)?).map(Price)
    }
    /// From the quoted currency into the base currency, at the price's own precision.
    pub fn convert(self, rate: Rate, per: i64, direction: Direction) -> Result<Price, NumberError> {
        self.times_ratio(Quote { rate, per, direction }.to_base()?)
    }
}

impl Quantity {
    /// Converted to another unit by a fraction of two integers (a box of 12 pieces: 12 / 1).
    pub fn in_units(self, numerator: i64, denominator: i64) -> Result<Quantity, NumberError> {
        self.times_ratio(Ratio::new(i128::from(numerator), i128::from(denominator))?)
    }
}
