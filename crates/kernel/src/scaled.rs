//! Decimal text and rounding on scaled integers: what `number` is made of.
//!
//! A number with `scale` decimals is kept as an `i64` of its smallest unit (`12.5` at scale 4 is `125_000`). Products are
//! computed in `i128`; a result that leaves `i64` is an error, never a wrapped value.

use crate::error::Error;

/// Why a number was not accepted or could not be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Not of the form `-1234.5`: exponents, spaces, group separators and bare points are refused.
    #[error("not a decimal number")]
    Malformed,
    /// More significant decimals than the type holds.
    #[error("more than {0} decimals")]
    Decimals(u32),
    /// Readable, but larger than the type holds.
    #[error("number out of range")]
    Range,
    /// The result of a computation leaves the range of its type.
    #[error("result out of range")]
    Overflow,
    /// A rate, a divisor or a number of units that must be above zero is not.
    #[error("must be above zero")]
    NotPositive,
}

impl NumberError {
    /// Message key: `error-{code}` in the texts; `number_decimals` has the argument `max`.
    pub fn code(self) -> &'static str {
        match self {
            NumberError::Malformed => "number_malformed",
            NumberError::Decimals(_) => "number_decimals",
            NumberError::Range => "number_range",
            NumberError::Overflow => "number_overflow",
            NumberError::NotPositive => "number_not_positive",
        }
    }
    /// The same as an error of one field (422).
    pub fn at(self, field: impl Into<String>) -> Error {
        let e = Error::field(field, self.code());
        if let NumberError::Decimals(max) = self { e.field_arg("max", max) } else { e }
    }
}

impl From<NumberError> for Error {
    fn from(n: NumberError) -> Error {
        let e = Error::refused(n.code());
        if let NumberError::Decimals(max) = n { e.arg("max", max) } else { e }
    }
}

/// 10 to the power `n`; `n` up to 38 fits, above that the largest power that fits.
#[inline]
pub fn pow10(n: u32) -> i128 {
    // Looked up: every figure of a line asks for several.
    POWERS[if n > 38 { 38 } else { n as usize }]
}

static POWERS: [i128; 39] = {
    let mut all = [1; 39];
    let mut n = 1;
    while n < all.len() {
        all[n] = all[n - 1] * 10;
        n += 1;
    }
    all
};

/// `a * b`; `None` when it does not fit.
#[inline]
pub fn product(a: i128, b: i128) -> Option<i128> {
    match (i64::try_from(a), i64::try_from(b)) {
        // Two of 64 bits cannot overflow, and the check costs far more than the product.
        (Ok(a), Ok(b)) => Some(i128::from(a) * i128::from(b)),
        _ => a.checked_mul(b),
    }
}

/// `n / d` rounded half away from zero; `None` when `d` is zero or the quotient does not fit.
#[inline]
pub fn div_round(n: i128, d: i128) -> Option<i128> {
    // Nearly always so, and division of 64 bits is several times faster.
    if let (Ok(n), Ok(d @ 1..)) = (i64::try_from(n), i64::try_from(d)) {
        let (q, r) = (n / d, n % d);
        let away = r.unsigned_abs() >= d.unsigned_abs() - r.unsigned_abs();
        return Some(i128::from(q) + if away { i128::from(r.signum()) } else { 0 });
    }
    div_round_long(n, d)
}

fn div_round_long(n: i128, d: i128) -> Option<i128> {
    let q = n.checked_div(d)?;
    // Not by `%`, which would divide once more.
    let r = n - q * d;
    // 2|r| >= |d| without doubling, which could overflow.
    let away = r.unsigned_abs() >= d.unsigned_abs() - r.unsigned_abs();
    if r == 0 || !away {
        return Some(q);
    }
    q.checked_add(if (n < 0) == (d < 0) { 1 } else { -1 })
}

/// `a * b / div` through `i128`, rounded half away from zero; `None` on a zero divisor or when the result leaves `i64`.
pub fn mul_div(a: i64, b: i64, div: i64) -> Option<i64> {
    i64::try_from(div_round(i128::from(a) * i128::from(b), i128::from(div))?).ok()
}

/// Reads `-1234.5` as a count of `10^-scale`. Zeros beyond the scale are accepted, since nothing is lost.
pub(crate) fn parse(s: &str, scale: u32) -> Result<i64, NumberError> {
    let (negative, digits) = match s.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, s),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((w, f)) if !f.is_empty() => (w, f),
        Some(_) => return Err(NumberError::Malformed),
        None => (digits, ""),
    };
    if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return Err(NumberError::Malformed);
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > scale as usize {
        return Err(NumberError::Decimals(scale));
    }
    let mut n: i64 = 0;
    let padding = std::iter::repeat_n(b'0', scale as usize - fraction.len());
    for b in whole.bytes().chain(fraction.bytes()).chain(padding) {
        n = n.checked_mul(10).and_then(|n| n.checked_add(i64::from(b - b'0'))).ok_or(NumberError::Range)?;
    }
    Ok(if negative { -n } else { n })
}

/// Writes a count of `10^-scale` as decimal text with at least `least` decimals and no further trailing zeros. Digit by digit: a
/// document of a thousand lines writes tens of thousands of numbers, and formatting takes ten times as long.
pub(crate) fn write(n: i64, scale: u32, least: usize) -> String {
    // Sign, 19 digits, a point and the zeros before the first digit; filled from the end.
    let mut out = [0; 40];
    let mut from = out.len();
    let mut put = |b: u8| {
        from -= 1;
        out[from] = b;
    };
    let (mut rest, mut begun) = (n.unsigned_abs(), false);
    for decimal in (0..scale as usize).rev() {
        let digit = (rest % 10) as u8;
        rest /= 10;
        if digit != 0 || begun || decimal < least {
            begun = true;
            put(b'0' + digit);
        }
    }
    if begun {
        put(b'.');
    }
    loop {
        put(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if n < 0 {
        put(b'-');
    }
    String::from_utf8_lossy(&out[from..]).into_owned()
}

/// Rounds a count of `10^-scale` half away from zero to `minor` decimals; unchanged when `minor >= scale`.
pub(crate) fn round(n: i64, scale: u32, minor: u32) -> Option<i64> {
    if minor >= scale {
        return Some(n);
    }
    let step = pow10(scale - minor);
    i64::try_from(div_round(i128::from(n), step)? * step).ok()
}

/// Accepts a decimal string, or a whole JSON number; fractions must come as strings, since a JSON fraction is a float.
pub(crate) struct Visitor {
    pub scale: u32,
}

impl serde::de::Visitor<'_> for Visitor {
    type Value = i64;
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a decimal string with up to {} decimals", self.scale)
    }
    fn visit_str<E: serde::de::Error>(self, s: &str) -> Result<i64, E> {
        parse(s, self.scale).map_err(E::custom)
    }
    fn visit_i64<E: serde::de::Error>(self, n: i64) -> Result<i64, E> {
        i64::try_from(i128::from(n) * pow10(self.scale)).map_err(|_| E::custom(NumberError::Range))
    }
    fn visit_u64<E: serde::de::Error>(self, n: u64) -> Result<i64, E> {
        i64::try_from(i128::from(n) * pow10(self.scale)).map_err(|_| E::custom(NumberError::Range))
    }
}
