//! Numbers and dates as people write them, brought to the one form that the API takes. Exact: digits are moved, nothing
//! is computed in floating point.

use chrono::{NaiveDate, NaiveDateTime};
use kontor_kernel::error::{Error, Result};
use std::cmp::Ordering;

/// `1 234,50`, `1,234.50`, `(12.00)` or `−5` as `1234.50`, `1234.50`, `-12.00`, `-5`; `None` when it is in that form already.
/// `1,234` may be either and is refused unless the decimal sign is known.
pub fn cleaned(s: &str, decimal: Option<char>) -> Result<Option<String>> {
    if decimal != Some(',') && s.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-') && s.matches('.').count() < 2 {
        return Ok(None);
    }
    let (negative, digits) = match s.strip_prefix('(').and_then(|r| r.strip_suffix(')')) {
        Some(inner) => (true, inner),
        None => (false, s),
    };
    let mut t = String::with_capacity(digits.len());
    for c in digits.chars() {
        match c {
            ' ' | '\u{A0}' | '\u{202F}' | '\u{2009}' | '\'' | '’' => {}
            '\u{2212}' | '–' => t.push('-'),
            c => t.push(c),
        }
    }
    let point = match decimal {
        Some(c) => c,
        None => guess(&t)?,
    };
    let group = if point == '.' { ',' } else { '.' };
    let mut out: String = t.chars().filter(|c| *c != group).map(|c| if c == point { '.' } else { c }).collect();
    if negative {
        out.insert(0, '-');
    }
    Ok(Some(out))
}

fn guess(t: &str) -> Result<char> {
    let (commas, points) = (t.matches(',').count(), t.matches('.').count());
    Ok(match (commas, points) {
        (0, 0 | 1) => '.',
        (0, _) => ',',
        (1, 0) => {
            let (whole, rest) = t.split_once(',').unwrap_or((t, ""));
            let whole = whole.trim_start_matches('-');
            if rest.len() == 3 && (1..=3).contains(&whole.len()) && whole != "0" {
                return Err(Error::refused("number_ambiguous").arg("value", t.chars().take(40).collect::<String>()));
            }
            ','
        }
        (_, 0) => '.',
        _ => {
            if t.rfind(',') > t.rfind('.') {
                ','
            } else {
                '.'
            }
        }
    })
}

/// Digits and how many of them are decimals.
fn exact(s: &str) -> Option<(i128, u32)> {
    let (negative, s) = s.strip_prefix('-').map_or((false, s), |r| (true, r));
    let (whole, fraction) = s.split_once('.').unwrap_or((s, ""));
    if whole.is_empty() || whole.len() + fraction.len() > 30 || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let n: i128 = format!("{whole}{fraction}").parse().ok()?;
    Some((if negative { -n } else { n }, fraction.len() as u32))
}

/// Compares two numbers; `None` when one of them is none.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    let clean = |s: &str| cleaned(s, None).ok().map(|c| c.unwrap_or_else(|| s.to_owned()));
    let ((a, x), (b, y)) = (exact(&clean(a)?)?, exact(&clean(b)?)?);
    let scale = x.max(y);
    let up = |n: i128, from: u32| n.checked_mul(10i128.checked_pow(scale - from)?);
    Some(up(a, x)?.cmp(&up(b, y)?))
}

/// The exact product: `0.15` times `100` is `15.00`.
pub fn times(a: &str, by: &str) -> Result<String> {
    let bad = || Error::refused("not_a_number");
    let ((a, x), (b, y)) = (exact(a).ok_or_else(bad)?, exact(by).ok_or_else(bad)?);
    let n = a.checked_mul(b).ok_or_else(|| Error::refused("overflow"))?;
    Ok(written(n, x + y))
}

fn written(n: i128, decimals: u32) -> String {
    let digits = format!("{:0width$}", n.unsigned_abs(), width = decimals as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals as usize);
    let fraction = fraction.trim_end_matches('0');
    let sign = if n < 0 { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// A date as `2026-11-21`. Without formats: ISO, `21.11.2026`, each also with a time behind it.
pub fn date(s: &str, formats: &[String]) -> Result<String> {
    let bad = || Error::refused("bad_date");
    for f in formats {
        if let Ok(d) = NaiveDate::parse_from_str(s, f) {
            return Ok(d.to_string());
        }
        if let Ok(t) = NaiveDateTime::parse_from_str(s, f) {
            return Ok(t.date().to_string());
        }
    }
    if !formats.is_empty() {
        return Err(bad());
    }
    let day = s.split([' ', 'T']).next().unwrap_or("");
    let usual = |f: &str| NaiveDate::parse_from_str(day, f).ok();
    let d = match day.len() {
        10 if day.as_bytes()[4] == b'-' => usual("%Y-%m-%d"),
        8..=10 if day.contains('.') => {
            usual("%d.%m.%Y").filter(|d| d.format("%Y").to_string().len() == 4 && day.ends_with(&d.format("%Y").to_string()))
        }
        10 if day.as_bytes()[4] == b'/' => usual("%Y/%m/%d"),
        _ => None,
    };
    d.map(|d| d.to_string()).ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_06_numbers_as_people_write_them() {
        let cases = [
            ("1234.5", "1234.5"),
            ("1 234,50", "1234.50"),
            ("1\u{A0}234\u{A0}567,1", "1234567.1"),
            ("1,234.50", "1234.50"),
            ("1.234,50", "1234.50"),
            ("1.234.567", "1234567"),
            ("1,234,567", "1234567"),
            ("(12.00)", "-12.00"),
            ("\u{2212}5,5", "-5.5"),
            ("0,125", "0.125"),
        ];
        for (from, to) in cases {
            let got = cleaned(from, None).expect("a number").unwrap_or_else(|| from.into());
            assert_eq!(got, to, "{from}");
        }
        assert_eq!(cleaned("1,234", None).expect_err("may be either").inner().code, "number_ambiguous");
        assert_eq!(cleaned("1,234", Some(',')).expect("a number").as_deref(), Some("1.234"));
        assert_eq!(cleaned("1,234", Some('.')).expect("a number").as_deref(), Some("1234"));
        assert_eq!(times("0.15", "100").expect("a product"), "15");
        assert_eq!(times("-0.005", "0.1").expect("a product"), "-0.0005");
    }

    #[test]
    fn plt_06_dates_as_people_write_them() {
        for (s, f, want) in [
            ("2010-12-01 08:26:00", "", Some("2010-12-01")),
            ("21.11.2026", "", Some("2026-11-21")),
            ("12/01/2010 8:26", "%m/%d/%Y %H:%M", Some("2010-12-01")),
            ("31.02.2026", "", None),
            ("1.1.26", "", None),
            ("12/01/2010", "", None),
        ] {
            let formats: Vec<String> = if f.is_empty() { vec![] } else { vec![f.into()] };
            assert_eq!(date(s, &formats).ok().as_deref(), want, "{s}");
        }
    }
}
