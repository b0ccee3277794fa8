//! Local forms of dates, instants and numbers.
//!
//! Ukrainian and Russian: `1 234,50` (U+00A0 between groups), `21.11.2026`; English: `1,234.50`, `21 Nov 2026`. Minus is U+2212 everywhere.
//! Numbers come as scaled integers (`i64` and its number of decimals) or as plain decimal strings; never as floating point.

use crate::Lang;
use chrono::{DateTime, Datelike, NaiveDate, TimeZone, Timelike, Utc};

const NBSP: char = '\u{a0}';
const MINUS: char = '\u{2212}';

/// Decimals stored by the kernel's number types.
const AMOUNT_SCALE: u32 = 4;
const PRICE_SCALE: u32 = 6;
const QUANTITY_SCALE: u32 = 6;
const RATE_SCALE: u32 = 8;
const PERCENT_SCALE: u32 = 4;

fn separators(lang: Lang) -> (char, char) {
    match lang {
        Lang::Uk | Lang::Ru => (NBSP, ','),
        Lang::En => (',', '.'),
    }
}

/// A scaled integer with at least `min_decimals` decimals; more are shown only where they are not zero.
pub fn number(lang: Lang, scaled: i64, scale: u32, min_decimals: u32) -> String {
    let digits = format!("{:0>width$}", scaled.unsigned_abs(), width = scale as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale as usize);
    assemble(lang, scaled < 0, whole, fraction, min_decimals as usize)
}

fn assemble(lang: Lang, negative: bool, whole: &str, fraction: &str, min_decimals: usize) -> String {
    let (group, point) = separators(lang);
    let mut out = String::with_capacity(whole.len() * 2 + fraction.len() + 4);
    if negative {
        out.push(MINUS);
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    let kept = fraction.trim_end_matches('0');
    let decimals = kept.len().max(min_decimals);
    if decimals > 0 {
        out.push(point);
        out.push_str(kept);
        out.extend(std::iter::repeat_n('0', decimals - kept.len()));
    }
    out
}

/// A whole number: `12 345`.
pub fn integer(lang: Lang, n: i64) -> String {
    number(lang, n, 0, 0)
}

/// A plain decimal string (`-1234.50`) in local form, decimals kept as written; `None` when it is not one.
pub fn decimal(lang: Lang, text: &str) -> Option<String> {
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |r| (true, r));
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) || rest.ends_with('.') || (whole.len() > 1 && whole.starts_with('0')) {
        return None;
    }
    Some(assemble(lang, negative, whole, fraction, fraction.len()))
}

/// A sum of money without its currency: at least `minor` decimals (2 for most currencies).
pub fn amount(lang: Lang, scaled: i64, minor: u32) -> String {
    number(lang, scaled, AMOUNT_SCALE, minor)
}

/// A sum with its currency: `1 234,50 ₴`, `€1,234.50`, `1,234.50 CZK`.
pub fn money(lang: Lang, scaled: i64, minor: u32, currency: &str) -> String {
    with_currency(lang, &amount(lang, scaled, minor), currency)
}

/// Puts the currency's sign (or code) to a sum already in local form.
pub fn with_currency(lang: Lang, sum: &str, currency: &str) -> String {
    match (lang, currency_sign(currency)) {
        (Lang::En, Some(sign)) => match sum.strip_prefix(MINUS) {
            Some(rest) => format!("{MINUS}{sign}{rest}"),
            None => format!("{sign}{sum}"),
        },
        (_, sign) => format!("{sum}{NBSP}{}", sign.unwrap_or(currency)),
    }
}

/// Sign of a currency that people recognise; others are shown by their code.
pub fn currency_sign(currency: &str) -> Option<&'static str> {
    Some(match currency {
        "UAH" => "₴",
        "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        "RUB" => "₽",
        "PLN" => "zł",
        "KZT" => "₸",
        "GEL" => "₾",
        "TRY" => "₺",
        "ILS" => "₪",
        "JPY" => "¥",
        "INR" => "₹",
        _ => return None,
    })
}

/// A unit price: at least `minor` decimals, up to six.
pub fn price(lang: Lang, scaled: i64, minor: u32) -> String {
    number(lang, scaled, PRICE_SCALE, minor)
}

/// A quantity: decimals only where there are any.
pub fn quantity(lang: Lang, scaled: i64) -> String {
    number(lang, scaled, QUANTITY_SCALE, 0)
}

/// An exchange rate: at least four decimals.
pub fn rate(lang: Lang, scaled: i64) -> String {
    number(lang, scaled, RATE_SCALE, 4)
}

/// A percentage with its sign: `12,5 %`, `12.5%`.
pub fn percent(lang: Lang, scaled: i64) -> String {
    let n = number(lang, scaled, PERCENT_SCALE, 0);
    match lang {
        Lang::Uk | Lang::Ru => format!("{n}{NBSP}%"),
        Lang::En => format!("{n}%"),
    }
}

/// `21.11.2026`; `21 Nov 2026`.
pub fn date(lang: Lang, d: NaiveDate) -> String {
    match lang {
        Lang::Uk | Lang::Ru => format!("{:02}.{:02}.{:04}", d.day(), d.month(), d.year()),
        Lang::En => format!("{} {} {:04}", d.day(), month_short(lang, d.month()), d.year()),
    }
}

/// Without the year, for dates of this year: `21.11`; `21 Nov`.
pub fn date_short(lang: Lang, d: NaiveDate) -> String {
    match lang {
        Lang::Uk | Lang::Ru => format!("{:02}.{:02}", d.day(), d.month()),
        Lang::En => format!("{} {}", d.day(), month_short(lang, d.month())),
    }
}

/// In words, as on printed documents: `21 листопада 2026 р.`; `21 November 2026`.
pub fn date_long(lang: Lang, d: NaiveDate) -> String {
    let month = crate::tr(lang, &format!("month-{}.of", d.month()));
    match lang {
        Lang::Uk => format!("{}{NBSP}{month} {:04}{NBSP}р.", d.day(), d.year()),
        Lang::Ru => format!("{}{NBSP}{month} {:04}{NBSP}г.", d.day(), d.year()),
        Lang::En => format!("{} {month} {:04}", d.day(), d.year()),
    }
}

/// A month of a year: `листопад 2026`; `November 2026`.
pub fn month(lang: Lang, d: NaiveDate) -> String {
    format!("{} {:04}", month_name(lang, d.month()), d.year())
}

/// Name of a month (1 to 12): `листопад`.
pub fn month_name(lang: Lang, month: u32) -> &'static str {
    crate::tr(lang, &format!("month-{month}"))
}

/// Short name of a month, for axes: `лис`; `Nov`.
pub fn month_short(lang: Lang, month: u32) -> &'static str {
    crate::tr(lang, &format!("month-{month}.short"))
}

/// Name of the weekday: `субота`.
pub fn weekday(lang: Lang, d: NaiveDate) -> &'static str {
    crate::tr(lang, &format!("weekday-{}", d.weekday().number_from_monday()))
}

/// Date and time to the minute in a time zone: `21.11.2026 14:05`.
pub fn instant<Z: TimeZone>(lang: Lang, at: DateTime<Utc>, zone: &Z) -> String {
    let local = at.with_timezone(zone).naive_local();
    format!("{}{NBSP}{:02}:{:02}", date(lang, local.date()), local.hour(), local.minute())
}

/// Time of day: `14:05`.
pub fn time<Z: TimeZone>(at: DateTime<Utc>, zone: &Z) -> String {
    let local = at.with_timezone(zone).naive_local();
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// How long ago (or ahead), for feeds: `щойно`, `5 хвилин тому`, `вчора`; older than a week: the date.
pub fn ago<Z: TimeZone>(lang: Lang, at: DateTime<Utc>, now: DateTime<Utc>, zone: &Z) -> String {
    let minutes = (now - at).num_minutes();
    let local = at.with_timezone(zone).naive_local().date();
    let days = (now.with_timezone(zone).naive_local().date() - local).num_days();
    match (minutes, days) {
        (0, _) => crate::tr(lang, "ago-now").to_owned(),
        (1..=59, _) => crate::tr_args(lang, "ago-minutes", &[("count", minutes.into())]),
        (60.., 0) => crate::tr_args(lang, "ago-hours", &[("count", (minutes / 60).into())]),
        (_, 1) => crate::tr(lang, "ago-yesterday").to_owned(),
        (_, 2..=6) => crate::tr_args(lang, "ago-days", &[("count", days.into())]),
        _ => date(lang, local),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("test date")
    }

    #[test]
    fn numbers_group_and_trim() {
        let cases = [
            (12_345_000, 4, 2, "1\u{a0}234,50", "1,234.50"),
            (-12_345_678, 4, 2, "\u{2212}1\u{a0}234,5678", "\u{2212}1,234.5678"),
            (0, 4, 2, "0,00", "0.00"),
            (5, 6, 0, "0,000005", "0.000005"),
            (1_000_000, 0, 0, "1\u{a0}000\u{a0}000", "1,000,000"),
            (999, 0, 0, "999", "999"),
            (i64::MIN, 4, 2, "\u{2212}922\u{a0}337\u{a0}203\u{a0}685\u{a0}477,5808", "\u{2212}922,337,203,685,477.5808"),
        ];
        for (scaled, scale, min, uk, en) in cases {
            assert_eq!(number(Lang::Uk, scaled, scale, min), uk);
            assert_eq!(number(Lang::Ru, scaled, scale, min), uk);
            assert_eq!(number(Lang::En, scaled, scale, min), en);
        }
    }

    #[test]
    fn decimal_strings_keep_their_digits() {
        assert_eq!(decimal(Lang::Uk, "-1234.50").as_deref(), Some("\u{2212}1\u{a0}234,50"));
        assert_eq!(decimal(Lang::En, "0.1").as_deref(), Some("0.1"));
        for bad in ["", "-", "1.", ".5", "1e3", "007", "1,5", "abc", "１"] {
            assert_eq!(decimal(Lang::En, bad), None, "{bad}");
        }
    }

    #[test]
    fn money_and_percent() {
        assert_eq!(money(Lang::Uk, 12_345_000, 2, "UAH"), "1\u{a0}234,50\u{a0}₴");
        assert_eq!(money(Lang::En, -12_345_000, 2, "EUR"), "\u{2212}€1,234.50");
        assert_eq!(money(Lang::En, 12_340_000, 0, "CZK"), "1,234\u{a0}CZK");
        assert_eq!(percent(Lang::Ru, 125_000), "12,5\u{a0}%");
        assert_eq!(percent(Lang::En, 125_000), "12.5%");
        assert_eq!(quantity(Lang::Uk, 1_500_000), "1,5");
        assert_eq!(rate(Lang::En, 109_050_000), "1.0905");
    }

    #[test]
    fn dates_and_instants() {
        let d = day("2026-11-21");
        assert_eq!(date(Lang::Uk, d), "21.11.2026");
        assert_eq!(date(Lang::En, d), "21 Nov 2026");
        assert_eq!(date_long(Lang::Uk, d), "21\u{a0}листопада 2026\u{a0}р.");
        assert_eq!(date_long(Lang::Ru, d), "21\u{a0}ноября 2026\u{a0}г.");
        assert_eq!(month(Lang::Ru, d), "ноябрь 2026");
        assert_eq!(weekday(Lang::Uk, d), "субота");
        let at: DateTime<Utc> = "2026-11-21T22:30:00Z".parse().expect("test instant");
        assert_eq!(instant(Lang::Uk, at, &chrono_tz::Europe::Kyiv), "22.11.2026\u{a0}00:30");
        assert_eq!(instant(Lang::En, at, &Utc), "21 Nov 2026\u{a0}22:30");
    }

    #[test]
    fn ago_in_words() {
        let now: DateTime<Utc> = "2026-11-21T12:00:00Z".parse().expect("test instant");
        let back = |minutes| now - chrono::Duration::minutes(minutes);
        assert_eq!(ago(Lang::Uk, back(0), now, &Utc), "щойно");
        assert_eq!(ago(Lang::Uk, back(2), now, &Utc), "2 хвилини тому");
        assert_eq!(ago(Lang::Ru, back(5), now, &Utc), "5 минут назад");
        assert_eq!(ago(Lang::En, back(60), now, &Utc), "1 hour ago");
        assert_eq!(ago(Lang::Uk, back(60 * 20), now, &Utc), "вчора");
        assert_eq!(ago(Lang::Ru, back(60 * 24 * 3), now, &Utc), "3 дня назад");
        assert_eq!(ago(Lang::En, back(60 * 24 * 30), now, &Utc), "22 Oct 2026");
    }
}
