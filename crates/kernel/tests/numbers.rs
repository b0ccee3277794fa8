//! Text, range and rounding of the exact numbers (PRC, PLT: "money is exact").

use kontor_kernel::scaled::{div_round, pow10, product};
use kontor_kernel::*;
use proptest::prelude::*;

#[test]
fn plt_numbers_read_and_write_a_table_of_cases() {
    for (text, scaled, shown) in [
        ("0", 0, "0.00"),
        ("-0", 0, "0.00"),
        ("1234.5", 12_345_000, "1234.50"),
        ("-0.0001", -1, "-0.0001"),
        ("007", 70_000, "7.00"),
        ("1.23450000000", 12_345, "1.2345"),
        ("922337203685477.5807", i64::MAX, "922337203685477.5807"),
    ] {
        let a = Amount::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!((a.scaled(), a.to_string().as_str()), (scaled, shown), "{text}");
    }
    for (text, error) in [
        ("", NumberError::Malformed),
        ("-", NumberError::Malformed),
        (".5", NumberError::Malformed),
        ("5.", NumberError::Malformed),
        ("+5", NumberError::Malformed),
        ("--5", NumberError::Malformed),
        ("1e3", NumberError::Malformed),
        ("1 000", NumberError::Malformed),
        ("1,5", NumberError::Malformed),
        ("1.2.3", NumberError::Malformed),
        ("NaN", NumberError::Malformed),
        ("٣", NumberError::Malformed),
        ("1.23456", NumberError::Decimals(4)),
        ("922337203685477.5808", NumberError::Range),
        ("-922337203685477.5808", NumberError::Range),
        ("99999999999999999999999999999999999999999999", NumberError::Range),
    ] {
        assert_eq!(Amount::parse(text), Err(error), "{text}");
    }
    assert_eq!(Price::from_scaled(12_500_000).to_string(), "12.5");
    assert_eq!(Quantity::from_scaled(3_000_000).to_string(), "3");
    assert_eq!(Rate::parse("41.23456789").unwrap().to_string(), "41.23456789");
    assert_eq!(Percent::parse("20").unwrap().to_string(), "20");
    assert_eq!(Amount::from_scaled(i64::MIN).to_string(), "-922337203685477.5808");
    assert_eq!(format!("{:>8}|{:<8}|", Amount::ONE, Amount::ONE), "    1.00|1.00    |");
}

#[test]
fn plt_json_is_a_decimal_string() {
    assert_eq!(serde_json::to_string(&Amount::from_scaled(12_345_000)).unwrap(), "\"1234.50\"");
    assert_eq!(serde_json::from_str::<Amount>("\"1234.5\"").unwrap().scaled(), 12_345_000);
    assert_eq!(serde_json::from_str::<Amount>("10").unwrap(), Amount::whole(10).unwrap());
    for bad in ["10.5", "null", "true", "\"1e3\"", "9223372036854775807", "18446744073709551615", "[]"] {
        assert!(serde_json::from_str::<Amount>(bad).is_err(), "{bad}");
    }
    assert_eq!(serde_json::to_string(&Currency::UAH).unwrap(), "\"UAH\"");
    assert!(serde_json::from_str::<Currency>("\"uah\"").is_err());
}

#[test]
fn plt_rounds_half_away_from_zero() {
    for (n, d, want) in [(5, 2, 3), (-5, 2, -3), (5, -2, -3), (-5, -2, 3), (4, 3, 1), (-4, 3, -1), (0, 7, 0), (149, 100, 1), (150, 100, 2)]
    {
        assert_eq!(div_round(n, d), Some(want), "{n}/{d}");
    }
    assert_eq!(div_round(1, 0), None);
    assert_eq!(div_round(i128::MIN, -1), None);
    assert_eq!(mul_div(i64::MAX, 2, 4), Some(4_611_686_018_427_387_904));
    assert_eq!(mul_div(i64::MAX, 2, 1), None);
    assert_eq!(mul_div(1, 1, 0), None);
    assert!((0..=38).all(|n| pow10(n) == 10i128.pow(n)) && pow10(39) == pow10(38));
}

fn price(s: &str) -> Price {
    Price::parse(s).unwrap()
}
fn amount(s: &str) -> Amount {
    Amount::parse(s).unwrap()
}
fn percent(s: &str) -> Percent {
    Percent::parse(s).unwrap()
}

#[test]
fn prc_amount_of_a_line_is_rounded_once() {
    for (p, q, minor, want) in [
        ("2.55", "3", 2, "7.65"),
        ("0.005", "1", 2, "0.01"),
        ("-0.005", "1", 2, "-0.01"),
        ("0.0049", "1", 2, "0.00"),
        ("1.005", "1", 3, "1.005"),
        ("99.5", "1", 0, "100.00"),
        ("0.333333", "3", 9, "1.00"),
    ] {
        assert_eq!(price(p).times(Quantity::parse(q).unwrap(), minor).unwrap(), amount(want), "{p} x {q}");
    }
    // 10.05 less 5 % is 9.5475: rounding the price first would give 9.55 and 95.50.
    assert_eq!(price("10.05").times_less(Quantity::parse("10").unwrap(), percent("5"), 2).unwrap(), amount("95.48"));
    assert_eq!(Price::MAX.times(Quantity::MAX, 2), Err(NumberError::Overflow));
    assert_eq!(Price::MAX.times_less(Quantity::MAX, percent("5"), 2), Err(NumberError::Overflow));
    assert_eq!(Price::MAX.times_less(Quantity::ONE, percent("50"), 6).unwrap(), amount("4611686018427.3879"));
    assert_eq!(amount("100").percent(percent("12.345"), 2).unwrap(), amount("12.35"));
    assert_eq!(amount("10").per_unit(Quantity::parse("3").unwrap()).unwrap(), price("3.333333"));
    assert_eq!(amount("10").per_unit(Quantity::ZERO), Err(NumberError::NotPositive));
    assert_eq!(price("80").plus_percent(percent("-12.5")).unwrap(), price("70"));
    assert_eq!(Quantity::parse("2").unwrap().in_units(12, 1).unwrap(), Quantity::parse("24").unwrap());
}

#[test]
fn prc_02_rates_are_used_as_published() {
    let rate = |s: &str| Rate::parse(s).unwrap();
    assert_eq!(amount("100").convert(rate("41.2543"), 1, Direction::Direct, 2).unwrap(), amount("4125.43"));
    assert_eq!(amount("1000").convert(rate("27.5"), 100, Direction::Direct, 2).unwrap(), amount("275"));
    assert_eq!(amount("108").convert(rate("1.08"), 1, Direction::Indirect, 2).unwrap(), amount("100"));
    assert_eq!(amount("1").convert(rate("3"), 1, Direction::Indirect, 2).unwrap(), amount("0.33"));
    assert_eq!(amount("1").convert(Rate::ZERO, 1, Direction::Direct, 2), Err(NumberError::NotPositive));
    assert_eq!(amount("1").convert(Rate::ONE, 0, Direction::Direct, 2), Err(NumberError::NotPositive));
    // A cross rate is one exact fraction: dollars to yen through the euro, then one rounding.
    let usd = Quote { rate: rate("1.0823"), per: 1, direction: Direction::Indirect };
    let jpy = Quote { rate: rate("163.25"), per: 1, direction: Direction::Indirect };
    let cross = usd.to_base().unwrap().times(jpy.from_base().unwrap()).unwrap();
    assert_eq!(amount("1082.3").times(cross, 0).unwrap(), amount("163250"));
    assert_eq!(cross.as_rate().unwrap(), rate("150.8361822"));
}

#[test]
fn prc_01_vat_basis_of_a_price() {
    let twenty = percent("20");
    use VatMode::*;
    for (from, to, p, want) in [
        (Included, Excluded, "120", "100"),
        (Excluded, Included, "100", "120"),
        (Included, Exempt, "120", "100"),
        (Exempt, Included, "100", "120"),
        (Exempt, Excluded, "100", "100"),
        (Included, Included, "0.01", "0.01"),
    ] {
        assert_eq!(price(p).fit_vat(from, to, twenty).unwrap(), price(want), "{from:?} {to:?}");
    }
    assert_eq!(price("1").fit_vat(Included, Excluded, percent("-100")), Err(NumberError::NotPositive));
}

#[test]
fn plt_currencies_and_periods() {
    assert_eq!(["UAH", "JPY", "KWD", "CLF"].map(|c| Currency::parse(c).unwrap().minor()), [2, 0, 3, 4]);
    for bad in ["", "UA", "UAHH", "uah", "U1H", "УА", "€"] {
        assert!(Currency::parse(bad).is_err(), "{bad}");
    }
    let d = |s: &str| s.parse::<chrono::NaiveDate>().unwrap();
    let feb = Period::month(d("2028-02-10"));
    assert_eq!((feb.from, feb.to, feb.days()), (Some(d("2028-02-01")), Some(d("2028-02-29")), Some(29)));
    assert!(feb.contains(d("2028-02-29")) && !feb.contains(d("2028-03-01")));
    assert!(Period::ALWAYS.contains(d("0001-01-01")) && Period::ALWAYS.days().is_none());
    let open = Period::new(Some(d("2028-02-29")), None).unwrap();
    assert_eq!(feb.intersection(&open), Some(Period::day(d("2028-02-29"))));
    assert!(!feb.overlaps(&Period::year(d("2027-05-05"))));
    assert!(Period::new(Some(d("2028-02-02")), Some(d("2028-02-01"))).is_err());
    // The last month a date can name has no day after it, and must not panic.
    assert!(Period::month(chrono::NaiveDate::MAX).contains(chrono::NaiveDate::MAX));
}

proptest! {
    #[test]
    fn plt_text_round_trips(n: i64) {
        prop_assume!(n != i64::MIN);
        prop_assert_eq!(Amount::parse(&Amount::from_scaled(n).to_string()), Ok(Amount::from_scaled(n)));
        prop_assert_eq!(Rate::parse(&Rate::from_scaled(n).to_string()), Ok(Rate::from_scaled(n)));
        let p = Price::from_scaled(n);
        prop_assert_eq!(serde_json::from_str::<Price>(&serde_json::to_string(&p).unwrap()).unwrap(), p);
    }

    #[test]
    fn plt_short_and_long_numbers_are_computed_alike(n: i64, d in 1..=i64::MAX, near in -3i64..=3, by in 0u32..62) {
        // Halves and what lies beside them decide about rounding.
        for (n, d) in [(n, d), (n >> by, d >> by | 1), (d / 2 + near, d), (near, d >> by | 1)] {
            let (n, d) = (i128::from(n), i128::from(d));
            prop_assert_eq!(div_round(n, d), div_round(n << 62, d << 62), "{}/{}", n, d);
            prop_assert_eq!(div_round(n, -d), div_round(-n, d), "{}/{}", n, -d);
            for (a, b) in [(n, d), (n << 62, d), (n, d << 62), (n << 62, d << by)] {
                prop_assert_eq!(product(a, b), a.checked_mul(b), "{} * {}", a, b);
            }
        }
    }

    #[test]
    fn plt_any_text_is_answered(s in "\\PC{0,40}|[-0-9.eE+ ]{0,40}") {
        if let Ok(a) = Amount::parse(&s) {
            prop_assert_eq!(Amount::parse(&a.to_string()), Ok(a));
        }
        let _ = Currency::parse(&s);
    }

    #[test]
    fn plt_computing_never_panics(a: i64, b: i64, c: i64, per: i64, minor in 0u32..40) {
        let (p, q, m, x, r) = (Price::from_scaled(a), Quantity::from_scaled(b), Amount::from_scaled(a), Percent::from_scaled(b), Rate::from_scaled(c));
        let _ = (p.times(q, minor), p.times_less(q, Percent::from_scaled(c), minor), m.percent(x, minor), m.per_unit(q), m.round_to(minor));
        let _ = (m.abs(), m.checked_neg(), p.plus_percent(x), p.fit_vat(VatMode::Included, VatMode::Excluded, x), q.in_units(b, c));
        for d in [Direction::Direct, Direction::Indirect] {
            let _ = (m.convert(r, per, d, minor), p.convert(r, per, d));
            let quote = Quote { rate: r, per, direction: d };
            let other = Quote { rate: Rate::from_scaled(b), per: 1, direction: d };
            if let (Ok(to), Ok(from)) = (quote.to_base(), other.from_base()) {
                let _ = to.times(from).and_then(|cross| m.times(cross, minor));
            }
        }
    }

    #[test]
    fn prc_line_amount_is_within_half_a_minor_unit(a in -10i64.pow(15)..10i64.pow(15), b in -10i64.pow(9)..10i64.pow(9), minor in 0u32..5) {
        let got = Price::from_scaled(a).times(Quantity::from_scaled(b), minor);
        let exact = i128::from(a) * i128::from(b); // 12 decimals
        if let Ok(got) = got {
            let unit = 10i128.pow(12 - minor);
            prop_assert!((i128::from(got.scaled()) * 10i128.pow(8) - exact).abs() * 2 <= unit);
            prop_assert_eq!(got.round_to(minor), Ok(got));
        }
        let none = Price::from_scaled(a).times_less(Quantity::from_scaled(b), Percent::ZERO, minor);
        prop_assert_eq!(none, got);
    }
}
