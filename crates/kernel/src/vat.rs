//! Value-added tax: the basis of prices, and the tax of a document's lines.

use crate::allocation::largest_remainder;
use crate::number::{Amount, Percent, Price};
use crate::scaled::{NumberError, div_round, pow10};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Basis of a price or a line's amount (decision 1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VatMode {
    /// The figure contains the tax.
    #[default]
    Included,
    /// The tax is added on top of the figure.
    Excluded,
    /// There is no tax; the figure is net and gross at once.
    Exempt,
}

impl VatMode {
    /// In the order in which they are declared.
    pub const ALL: [VatMode; 3] = [VatMode::Included, VatMode::Excluded, VatMode::Exempt];
    /// As it is stored.
    pub fn code(self) -> &'static str {
        match self {
            VatMode::Included => "included",
            VatMode::Excluded => "excluded",
            VatMode::Exempt => "exempt",
        }
    }
    /// By its code; `None` for an unknown one.
    pub fn parse(s: &str) -> Option<VatMode> {
        VatMode::ALL.into_iter().find(|m| m.code() == s)
    }
}

/// A line of a document (or a whole document, or one rate of it) in its three figures; `net + vat == gross` always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineVat {
    pub net: Amount,
    pub vat: Amount,
    pub gross: Amount,
}

impl LineVat {
    /// Adds lines up. Errors: the sum leaves the range.
    pub fn sum<'a>(lines: impl IntoIterator<Item = &'a LineVat>) -> Result<LineVat, NumberError> {
        lines.into_iter().try_fold(LineVat::default(), |a, b| {
            let add = |x: Amount, y: Amount| x.checked_add(y).ok_or(NumberError::Overflow);
            Ok(LineVat { net: add(a.net, b.net)?, vat: add(a.vat, b.vat)?, gross: add(a.gross, b.gross)? })
        })
    }
}

/// The tax of each line: computed per rate over the whole document, rounded once to `minor` decimals, and given to the
/// lines by largest remainder (decision 2). Lines are `(amount in the document's basis, rate)`, amounts of either sign.
/// A document with all signs turned round gives all figures turned round.
///
/// Errors: a negative rate ([`NumberError::NotPositive`]); sums out of range.
pub fn vat_of_document(lines: &[(Amount, Percent)], mode: VatMode, minor: u32) -> Result<Vec<LineVat>, NumberError> {
    let mut by_rate: BTreeMap<Percent, Vec<usize>> = BTreeMap::new();
    for (i, (_, rate)) in lines.iter().enumerate() {
        if rate.is_negative() {
            return Err(NumberError::NotPositive);
        }
        by_rate.entry(*rate).or_default().push(i);
    }
    let mut out: Vec<LineVat> = lines.iter().map(|(a, _)| LineVat { net: *a, vat: Amount::ZERO, gross: *a }).collect();
    if mode == VatMode::Exempt {
        return Ok(out);
    }
    for (rate, members) in by_rate {
        let amounts: Vec<Amount> = members.iter().map(|i| lines[*i].0).collect();
        for (i, vat) in members.into_iter().zip(vat_of_rate(&amounts, rate, mode, minor)?) {
            let line = &mut out[i];
            line.vat = vat;
            match mode {
                VatMode::Included => line.net = line.gross.checked_sub(vat).ok_or(NumberError::Overflow)?,
                _ => line.gross = line.net.checked_add(vat).ok_or(NumberError::Overflow)?,
            }
        }
    }
    Ok(out)
}

fn vat_of_rate(amounts: &[Amount], rate: Percent, mode: VatMode, minor: u32) -> Result<Vec<Amount>, NumberError> {
    let parts = i128::from(rate.scaled());
    let whole = if mode == VatMode::Included { Percent::PARTS + parts } else { Percent::PARTS };
    let step = pow10(Amount::SCALE - minor.min(Amount::SCALE));
    let den = whole * step;
    let mut quotas: Vec<i128> = amounts.iter().map(|a| i128::from(a.scaled()) * parts).collect();
    let mut total: i128 = 0;
    for q in &quotas {
        total = total.checked_add(*q).ok_or(NumberError::Overflow)?;
    }
    // Floors and ties would differ on a mirrored document; so the one that looks negative is computed as its mirror.
    let lead = if total != 0 { total } else { quotas.iter().copied().find(|q| *q != 0).unwrap_or(0) };
    let sign = if lead < 0 { -1 } else { 1 };
    quotas.iter_mut().for_each(|q| *q *= sign);
    let target = div_round(total * sign, den).ok_or(NumberError::Overflow)?;
    largest_remainder(&quotas, den, target)
        .into_iter()
        .map(|u| i64::try_from(u * sign * step).map(Amount::from_scaled).map_err(|_| NumberError::Overflow))
        .collect()
}

impl Price {
    /// The price moved from one basis to another; an exempt price is a net price. Rounded to the price's own precision.
    ///
    /// Errors: a negative rate; result out of range.
    pub fn fit_vat(self, from: VatMode, to: VatMode, rate: Percent) -> Result<Price, NumberError> {
        if rate.is_negative() {
            return Err(NumberError::NotPositive);
        }
        let (net, gross) = (Percent::PARTS, Percent::PARTS + i128::from(rate.scaled()));
        let (times, by) = match (from == VatMode::Included, to == VatMode::Included) {
            (true, false) => (net, gross),
            (false, true) => (gross, net),
            _ => return Ok(self),
        };
        let n = div_round(i128::from(self.scaled()) * times, by).ok_or(NumberError::Overflow)?;
        i64::try_from(n).map(Price::from_scaled).map_err(|_| NumberError::Overflow)
    }
}
