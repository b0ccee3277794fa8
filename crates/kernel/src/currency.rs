//! Codes of currencies and the number of decimals of their minor units.

use crate::error::{Error, Result};
use crate::number::Amount;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A currency code of three capital Latin letters (ISO 4217). Ordered by code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// The text is not three capital letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a currency is three capital Latin letters")]
pub struct NotACurrency;

impl Currency {
    /// The hryvnia.
    pub const UAH: Currency = Currency(*b"UAH");
    /// The euro.
    pub const EUR: Currency = Currency(*b"EUR");
    /// The dollar of the United States.
    pub const USD: Currency = Currency(*b"USD");

    /// Three capital Latin letters; whether the currency is in use is the catalog's business.
    pub fn parse(s: &str) -> Result<Currency, NotACurrency> {
        match <[u8; 3]>::try_from(s.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_uppercase) => Ok(Currency(code)),
            _ => Err(NotACurrency),
        }
    }
    /// Three capital letters.
    pub fn code(&self) -> &str {
        // Only ASCII letters get in.
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
    /// An amount has no parts smaller than the smallest coin. Errors at `field`: `amount_decimals`, `number_overflow`.
    pub fn check(self, amount: Amount, field: &str) -> Result<()> {
        if amount.round_to(self.minor()).map_err(|e| e.at(field))? == amount {
            return Ok(());
        }
        Err(Error::field(field, "amount_decimals").field_arg("currency", self).field_arg("max", self.minor()))
    }
    /// Decimals of the minor unit: 2 for most, 0 for the yen, 3 for the Kuwaiti dinar.
    pub fn minor(&self) -> u32 {
        // Codes of ISO 4217 whose minor unit is not a hundredth (list one, 2024; codes without a minor unit count as 0).
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" => 0,
            b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}
impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl std::str::FromStr for Currency {
    type Err = NotACurrency;
    fn from_str(s: &str) -> Result<Self, NotACurrency> {
        Currency::parse(s)
    }
}
impl TryFrom<String> for Currency {
    type Error = NotACurrency;
    fn try_from(s: String) -> Result<Self, NotACurrency> {
        Currency::parse(&s)
    }
}
impl From<Currency> for String {
    fn from(c: Currency) -> String {
        c.code().to_string()
    }
}
