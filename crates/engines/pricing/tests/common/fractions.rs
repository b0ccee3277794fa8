//! Whole fractions: what references reckon with.

use kontor_kernel::{Percent, Price};

#[derive(Clone, Copy, Debug)]
pub struct Fraction(pub i128, pub i128);

impl Fraction {
    pub fn new(n: i128, d: i128) -> Fraction {
        let (mut a, mut b) = (n.abs(), d.abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let sign = if d < 0 { -1 } else { 1 };
        if n == 0 { Fraction(0, 1) } else { Fraction(sign * n / a, sign * d / a) }
    }
    pub fn times(self, o: Fraction) -> Fraction {
        // What cancels is taken out before, so that the figures stay within i128.
        let (a, b) = (Fraction::new(self.0, o.1), Fraction::new(o.0, self.1));
        Fraction::new(a.0.checked_mul(b.0).unwrap(), a.1.checked_mul(b.1).unwrap())
    }
    pub fn over(self, o: Fraction) -> Fraction {
        self.times(Fraction(o.1, o.0))
    }
    pub fn plus(self, o: Fraction) -> Fraction {
        // The least common denominator is enough.
        let Fraction(a, b) = Fraction::new(self.1, o.1);
        let sum = self.0.checked_mul(b).unwrap().checked_add(o.0.checked_mul(a).unwrap()).unwrap();
        Fraction::new(sum, self.1.checked_mul(b).unwrap())
    }
    /// So many decimals, half away from zero.
    pub fn to(self, decimals: u32) -> Fraction {
        let unit = 10i128.pow(decimals);
        let (n, d) = (self.0.abs().checked_mul(unit).unwrap(), self.1);
        let whole = (2 * n + d) / (2 * d);
        Fraction::new(whole * self.0.signum(), unit)
    }
    pub fn scaled(self, decimals: u32) -> i64 {
        let f = self.to(decimals);
        i64::try_from(f.0 * (10i128.pow(decimals) / f.1)).unwrap()
    }
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }
}

pub fn price(p: Price) -> Fraction {
    Fraction::new(p.scaled().into(), Price::UNIT.into())
}

/// 1 + p, or 1 - p.
pub fn factor(p: Percent, sign: i128) -> Fraction {
    let all = i128::from(Percent::HUNDRED.scaled());
    Fraction::new(all + sign * i128::from(p.scaled()), all)
}
