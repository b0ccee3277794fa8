//! Whole fractions without a bound: what references reckon with.

use kontor_kernel::{Percent, Price};
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive};

pub type Fraction = BigRational;

pub fn of(n: i64, d: i64) -> Fraction {
    Fraction::new(n.into(), d.into())
}

pub fn price(p: Price) -> Fraction {
    of(p.scaled(), Price::UNIT)
}

pub fn share(p: Percent) -> Fraction {
    of(p.scaled(), Percent::HUNDRED.scaled())
}

/// So many decimals, half away from zero.
pub fn to(f: &Fraction, decimals: u32) -> Fraction {
    let unit = of(10i64.pow(decimals), 1);
    let rounded = (f.abs() * &unit + of(1, 2)).floor() / unit;
    if f.is_negative() { -rounded } else { rounded }
}

/// Rounded and without its point; `None` where the engine's 64 bits have no room for it.
pub fn scaled(f: &Fraction, decimals: u32) -> Option<i64> {
    (to(f, decimals) * of(10i64.pow(decimals), 1)).to_i64()
}
