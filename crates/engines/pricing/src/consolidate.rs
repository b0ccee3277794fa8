//! The arithmetic of discounts: what several of them leave of a price. The procedure and the replay of a trace both use it.

use crate::exact::Exact;
use crate::rounding::Rounding;
use kontor_kernel::scaled::{div_round, product};
use kontor_kernel::{Amount, NumberError, Percent, Price, Quantity};
use serde::{Deserialize, Serialize};

/// A discount or, below zero, a markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Adjustment {
    Percent(Percent),
    /// Off the price of one unit, in its currency.
    Off(Price),
}

const WHOLE: i128 = Percent::HUNDRED.scaled() as i128;
/// Decimals that a price is carried with beyond its own six.
const FINE: i128 = 1_000_000_000;

/// What the discounts make of a price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// All of them together; exact unless `net` is given, otherwise what `net` comes to.
    pub discount: Percent,
    /// The price of one unit, where percentages alone do not say it.
    pub net: Option<Price>,
    /// They were more than the price, and it became zero.
    pub over: bool,
}

impl Outcome {
    /// Puts the adjustments together: one after another in a cascade, otherwise added up.
    pub fn of(price: Price, cascade: bool, items: &[Adjustment]) -> Result<Outcome, NumberError> {
        if items.is_empty() {
            return Ok(Outcome::default());
        }
        let plain = items.iter().all(|a| matches!(a, Adjustment::Percent(_)));
        if plain && (!cascade || items.len() == 1) {
            let sum = items.iter().map(|a| if let Adjustment::Percent(p) = a { i128::from(p.scaled()) } else { 0 }).sum::<i128>();
            let over = sum > WHOLE;
            let discount = i64::try_from(sum.min(WHOLE)).map_err(|_| NumberError::Overflow)?;
            return Ok(Outcome { discount: Percent::from_scaled(discount), net: None, over });
        }
        let start = if plain { 10i128.pow(18) } else { i128::from(price.scaled()) * FINE };
        let mut left = start;
        for a in items {
            let of = if cascade { left } else { start };
            let part = match a {
                Adjustment::Percent(p) => percent_of(of, *p),
                Adjustment::Off(off) => Some(i128::from(off.scaled()) * FINE),
            };
            left = part.and_then(|p| left.checked_sub(p)).ok_or(NumberError::Overflow)?;
        }
        let over = (left < 0) != (start < 0) && left != 0;
        if over {
            left = 0;
        }
        let discount = share(start - left, start)?;
        let net = if plain { None } else { Some(fine(left)?) };
        Ok(Outcome { discount, net, over })
    }

    /// The same with the price rounded in the end.
    pub fn rounded(self, price: Price, rounding: &Rounding) -> Result<Outcome, NumberError> {
        let net = rounding.apply(&Exact::from_price(self.price(price)?))?;
        let discount = share(i128::from(price.scaled()) - i128::from(net.scaled()), i128::from(price.scaled()))?;
        Ok(Outcome { net: Some(net), discount, ..self })
    }

    /// Price of one unit after discounts.
    pub fn price(self, price: Price) -> Result<Price, NumberError> {
        match self.net {
            Some(net) => Ok(net),
            None => price.plus_percent(self.discount.checked_neg().ok_or(NumberError::Overflow)?),
        }
    }
    pub fn amount(self, price: Price, quantity: Quantity, minor: u32) -> Result<Amount, NumberError> {
        match self.net {
            Some(net) => net.times(quantity, minor),
            None => price.times_less(quantity, self.discount, minor),
        }
    }
}

/// So many percent of a number, rounded once half away from zero; `None` when it does not fit.
fn percent_of(of: i128, percent: Percent) -> Option<i128> {
    const ALL: u64 = Percent::HUNDRED.scaled().unsigned_abs();
    // Nearly always so: in two parts of 64 bits, divided by a number that is known when this is compiled.
    if let (Ok(of), p @ ..=ALL) = (u64::try_from(of), percent.scaled().unsigned_abs()) {
        let (whole, rest) = (of / ALL, of % ALL);
        let part = i128::from(whole * p + (rest * p + ALL / 2) / ALL);
        return Some(if percent.is_negative() { -part } else { part });
    }
    div_round(of.checked_mul(i128::from(percent.scaled()))?, WHOLE)
}

/// `part / whole` as a percentage; 0 of nothing.
pub(crate) fn share(part: i128, whole: i128) -> Result<Percent, NumberError> {
    if whole == 0 {
        return Ok(Percent::ZERO);
    }
    // Beyond 10^32 the last digits of both are dropped: a percentage has few.
    let (part, whole) = if part.unsigned_abs() > 10u128.pow(31) { (part / FINE, whole / FINE) } else { (part, whole) };
    let found = product(part, WHOLE).and_then(|n| div_round(n, whole)).ok_or(NumberError::Overflow)?;
    i64::try_from(found).map(Percent::from_scaled).map_err(|_| NumberError::Overflow)
}

fn fine(n: i128) -> Result<Price, NumberError> {
    let n = div_round(n, FINE).ok_or(NumberError::Overflow)?;
    i64::try_from(n).map(Price::from_scaled).map_err(|_| NumberError::Overflow)
}
