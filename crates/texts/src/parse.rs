//! Reads numbers and dates as people type them in each language, into the plain forms that the API takes.

use crate::Lang;
use chrono::{Datelike, NaiveDate};

/// A typed number as a plain decimal string: `1 234,50` → `1234.50`.
/// Spaces of any kind and apostrophes are groups. A comma is the decimal point in Ukrainian and Russian and a group in English,
/// and a point is the decimal point everywhere; a comma in English is taken only where groups of three follow it.
pub fn decimal(lang: Lang, text: &str) -> Option<String> {
    let mut plain: String = text
        .trim()
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’'))
        .map(|c| if c == '\u{2212}' { '-' } else { c })
        .collect();
    match lang {
        Lang::Uk | Lang::Ru => {
            if plain.matches(['.', ',']).count() > 1 {
                return None;
            }
            plain = plain.replace(',', ".");
        }
        Lang::En => {
            let whole = plain.split('.').next().unwrap_or("");
            let mut groups = whole.split(',');
            let first = groups.next().unwrap_or("").trim_start_matches('-');
            if whole.contains(',') && (first.is_empty() || first.len() > 3 || groups.any(|g| g.len() != 3)) {
                return None;
            }
            if plain.split_once('.').is_some_and(|(_, f)| f.contains(',')) {
                return None;
            }
            plain = plain.replace(',', "");
        }
    }
    let digits = plain.strip_prefix('-').unwrap_or(&plain);
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let all_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    (all_digits(whole) && fraction.is_none_or(all_digits)).then_some(plain)
}

/// A typed date: `2026-11-21`, `21.11.2026`, `21.11.26`, `21.11` and `21` (of this month), also with `/` or `-`; day first.
pub fn date(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let text = text.trim();
    if let Ok(d) = NaiveDate::parse_from_str(text, "%Y-%m-%d")
        && text.len() == 10
    {
        return Some(d);
    }
    let parts: Vec<&str> = text.split(['.', '/', '-']).filter(|p| !p.is_empty()).collect();
    if parts.is_empty() || parts.len() > 3 || parts.iter().any(|p| p.len() > 4 || !p.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let part = |i: usize| parts.get(i).map_or(Ok(None), |p| p.parse::<u32>().map(Some));
    let (Ok(Some(day)), Ok(month), Ok(year)) = (part(0), part(1), part(2)) else { return None };
    let year = match (year, parts.get(2).map(|p| p.len())) {
        (None, _) => today.year(),
        (Some(y), Some(2)) => 2000 + y as i32,
        (Some(y), Some(4)) => y as i32,
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year, month.unwrap_or(today.month()), day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_typed() {
        let cases = [
            (Lang::Uk, "1 234,50", Some("1234.50")),
            (Lang::Uk, "1\u{a0}234.5", Some("1234.5")),
            (Lang::Ru, "\u{2212}5", Some("-5")),
            (Lang::Ru, "1,234,567", None),
            (Lang::En, "1,234.50", Some("1234.50")),
            (Lang::En, "1,23", None),
            (Lang::En, "1,234,56", None),
            (Lang::En, "1.2,3", None),
            (Lang::En, "1e5", None),
            (Lang::En, "", None),
            (Lang::Uk, ",5", None),
            (Lang::Uk, "12,", None),
        ];
        for (lang, typed, plain) in cases {
            assert_eq!(decimal(lang, typed).as_deref(), plain, "{lang} {typed}");
        }
    }

    #[test]
    fn dates_as_typed() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).expect("test date");
        let cases = [
            ("2026-02-28", Some((2026, 2, 28))),
            ("31.02.2026", None),
            ("1.3", Some((2026, 3, 1))),
            ("5", Some((2026, 11, 5))),
            ("05/06/26", Some((2026, 6, 5))),
            ("1.2.3.4", None),
            ("x", None),
            ("", None),
        ];
        for (typed, expected) in cases {
            assert_eq!(date(typed, today), expected.and_then(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d)), "{typed}");
        }
    }
}
