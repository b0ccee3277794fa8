//! Small words of hand-made pages: sums, days, states, in the caller's language.

use crate::ui::badge::{Badge, Tone};
use crate::ui::money::number;
use chrono::{Days, NaiveDate};
use kontor_kernel::Amount;
use kontor_texts::{Lang, format, message, tr, tr_args};
use maud::{Markup, Render};

/// A sum without its kopecks, half away from zero: figures that are compared at a glance.
pub fn whole(lang: Lang, decimal: &str) -> String {
    let (units, part) = decimal.split_once('.').unwrap_or((decimal, ""));
    let up = if part.starts_with(|d: char| ('5'..='9').contains(&d)) { 1 } else { 0 };
    match units.parse::<i128>() {
        Ok(n) if up == 1 => number(lang, &(if decimal.starts_with('-') { n - 1 } else { n + 1 }).to_string(), 0),
        _ => number(lang, units, 0),
    }
}

/// A stored amount as the API writes it.
pub fn amount(scaled: i64) -> String {
    Amount::from_scaled(scaled).to_string()
}

/// Sign of a currency, or its code.
pub fn sign(currency: &str) -> &str {
    format::currency_sign(currency).unwrap_or(currency)
}

/// `сьогодні`, `завтра`, `вчора`, else `24.11`, with the year when it is another one.
pub fn day(lang: Lang, today: NaiveDate, d: NaiveDate) -> String {
    use chrono::Datelike;
    if d == today {
        tr(lang, "work-today").to_owned()
    } else if Some(d) == today.checked_add_days(Days::new(1)) {
        tr(lang, "work-tomorrow").to_owned()
    } else if Some(d) == today.checked_sub_days(Days::new(1)) {
        tr(lang, "work-yesterday").to_owned()
    } else if d.year() == today.year() {
        format::date_short(lang, d)
    } else {
        format::date(lang, d)
    }
}

/// `12 дн`.
pub fn days(lang: Lang, n: i64) -> String {
    tr_args(lang, "work-days", &[("count", n.into())])
}

/// The state of a record as a badge; nothing for records without one.
pub fn state(lang: Lang, entity: &str, state: &str) -> Markup {
    if state.is_empty() {
        return Markup::default();
    }
    Badge { text: message::state(lang, entity, state), tone: Tone::of_state(state) }.render()
}

/// The change from `before` to `now` in percent, rounded to a tenth: `+18,4 %`. None when there was nothing before.
pub fn change(lang: Lang, now: i64, before: i64) -> Option<(String, bool)> {
    if before <= 0 {
        return None;
    }
    let tenths = tenths(i128::from(now) - i128::from(before), i128::from(before));
    let text = format::percent(lang, i64::try_from(tenths).ok()?.checked_mul(1000)?);
    Some((if tenths > 0 { format!("+{text}") } else { text }, tenths >= 0))
}

/// `part` of `of` in percent, rounded to a tenth: `29,2 %`. None of nothing.
pub fn ratio(lang: Lang, part: i64, of: i64) -> Option<String> {
    let tenths = (of > 0).then(|| tenths(i128::from(part), i128::from(of)))?;
    Some(format::percent(lang, i64::try_from(tenths).ok()?.checked_mul(1000)?))
}

/// Tenths of a percent, halves away from zero.
fn tenths(part: i128, of: i128) -> i128 {
    (part * 2000 + part.signum() * of) / (2 * of)
}

/// `part` of `of` from 0 to 1, for pictures.
pub fn share(part: i64, of: i64) -> f64 {
    if of <= 0 { 0.0 } else { (part as f64 / of as f64).clamp(0.0, 1.0) }
}

/// Encodes a value for the query of an address.
pub fn url(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for b in value.bytes() {
        match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b',' => out.push(char::from(b)),
            _ => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

/// An address with a query of its pairs; empty values are left out.
pub fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let query: Vec<String> = pairs.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| format!("{}={}", url(k), url(v))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_10_changes_in_percent() {
        assert_eq!(change(Lang::Uk, 118_400, 100_000), Some(("+18,4\u{a0}%".into(), true)));
        assert_eq!(change(Lang::Uk, 90, 100), Some(("−10\u{a0}%".into(), false)));
        assert_eq!(change(Lang::Uk, 90, 0), None);
    }

    #[test]
    fn plt_10_shares_in_percent_are_rounded() {
        assert_eq!(ratio(Lang::Uk, 18_483, 63_333), Some("29,2\u{a0}%".into()));
        assert_eq!(ratio(Lang::En, 18_483, 63_333), Some("29.2%".into()));
        assert_eq!(ratio(Lang::En, -18_483, 63_333), Some("−29.2%".into()));
        assert_eq!(ratio(Lang::En, 1, 0), None);
    }

    #[test]
    fn plt_10_figures_without_kopecks_are_rounded() {
        let all = [("483.50", "484"), ("483.49", "483"), ("-0.5", "−1"), ("99.99", "100"), ("12", "12"), ("", "")];
        assert_eq!(all.map(|(d, _)| whole(Lang::En, d)), all.map(|(_, w)| w));
    }

    #[test]
    fn plt_10_addresses_carry_any_value() {
        assert_eq!(address("/deals", &[("q", "а&б"), ("x", "")]), "/deals?q=%D0%B0%26%D0%B1");
    }
}
