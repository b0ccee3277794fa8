//! Tables of cases of the ledger's arithmetic.

use chrono::NaiveDate;
use kontor_kernel::Amount;
use kontor_ledger::*;

fn date(s: &str) -> NaiveDate {
    s.parse().unwrap_or_else(|e| panic!("{s}: {e}"))
}
fn amount(s: &str) -> Amount {
    Amount::parse(s).unwrap_or_else(|e| panic!("{s}: {e}"))
}
fn list<T>(s: &str, one: impl Fn(&[&str]) -> T) -> Vec<T> {
    s.split(',').filter(|p| !p.trim().is_empty()).map(|p| one(&p.split_whitespace().collect::<Vec<_>>())).collect()
}

#[test]
fn fin_payments_close_the_oldest_due_first() {
    for line in include_str!("cases/payments.txt").lines().filter(|l| !l.starts_with('#')) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let due = |s: &str| (s != "-").then(|| date(s));
        let open = list(cells[1], |w| Open { document: w[0].to_string(), due: due(w[1]), amount: amount(w[2]) });
        let open: Vec<Open<&str>> = open.iter().map(|o| Open { document: o.document.as_str(), due: o.due, amount: o.amount }).collect();
        let parts = list(cells[2], |w| (w[0].to_string(), amount(w[1])));
        let got = allocate_payment(amount(cells[0]), &open);
        let got_parts: Vec<(String, Amount)> = got.parts.iter().map(|(d, a)| (d.to_string(), *a)).collect();
        assert_eq!((got_parts, got.rest), (parts, amount(cells[3])), "{line}");
    }
}

#[test]
fn fin_a_chosen_allocation_is_checked() {
    let open = [
        Open { document: 'a', due: None, amount: amount("60") },
        Open { document: 'b', due: None, amount: amount("60") },
        Open { document: 'c', due: None, amount: amount("-60") },
    ];
    let chosen = |parts: &[(char, &str)]| {
        let parts: Vec<_> = parts.iter().map(|(d, a)| (*d, amount(a))).collect();
        allocate_chosen(amount("100"), &parts, &open).map(|a| a.rest)
    };
    assert_eq!(chosen(&[('b', "60"), ('a', "10")]), Ok(amount("30")));
    assert_eq!(chosen(&[]), Ok(amount("100")));
    assert_eq!(chosen(&[('a', "0")]), Err(AllocationError::Sign(0)));
    assert_eq!(chosen(&[('a', "1"), ('b', "-1")]), Err(AllocationError::Sign(1)));
    assert_eq!(chosen(&[('x', "1")]), Err(AllocationError::NotOpen(0)));
    assert_eq!(chosen(&[('c', "1")]), Err(AllocationError::NotOpen(0)));
    assert_eq!(chosen(&[('a', "1"), ('a', "1")]), Err(AllocationError::Twice(1)));
    assert_eq!(chosen(&[('a', "60.01")]), Err(AllocationError::OverDocument { index: 0, open: amount("60") }));
    let over = AllocationError::OverPayment { allocated: amount("100.01"), amount: amount("100") };
    assert_eq!(chosen(&[('a', "60"), ('b', "40.01")]), Err(over));
    let back = allocate_chosen(amount("-50"), &[('c', amount("-20"))], &open);
    assert_eq!(back.map(|a| a.rest), Ok(amount("-30")));
}

#[test]
fn stk_the_lowest_balance_looks_ahead() {
    let m = |d: &str, sequence, delta| Movement { date: date(d), sequence, delta };
    // 10 in stock on the 1st; 8 leave on the 3rd; 5 come on the 5th.
    let later = [m("2026-01-05", 3, 5), m("2026-01-03", 2, -8)];
    assert_eq!(lowest_balance(10, &later), Ok(Lowest { balance: 2, date: Some(date("2026-01-03")) }));
    assert_eq!(lowest_of_current(7, &later), Ok(Lowest { balance: 2, date: Some(date("2026-01-03")) }));
    assert_eq!(lowest_balance(10, &[]), Ok(Lowest { balance: 10, date: None }));
    assert_eq!(lowest_balance(10, &later[..1]), Ok(Lowest { balance: 10, date: None }));
    // Within a day the posting sequence counts: taken out before it came in.
    let day = [m("2026-01-03", 2, 8), m("2026-01-03", 1, -8)];
    assert_eq!(lowest_balance(5, &day), Ok(Lowest { balance: -3, date: Some(date("2026-01-03")) }));
    assert_eq!(balance_on(date("2026-01-03"), 7, &later), Ok(2));
    assert_eq!(balance_on(date("2026-01-02"), 7, &later), Ok(10));
    assert!(lowest_balance(i64::MAX, &[m("2026-01-03", 1, 1)]).is_err());
    assert!(lowest_of_current(i64::MIN, &[m("2026-01-03", 1, 1)]).is_err());
}

#[test]
fn fin_ages_and_due_dates() {
    let today = date("2026-11-21");
    for (due, age) in [
        ("2026-12-01", "not_due"),
        ("2026-11-21", "not_due"),
        ("2026-11-20", "days_1_7"),
        ("2026-11-14", "days_1_7"),
        ("2026-11-13", "days_8_14"),
        ("2026-11-07", "days_8_14"),
        ("2026-11-06", "days_15_30"),
        ("2026-10-22", "days_15_30"),
        ("2026-10-21", "days_31_60"),
        ("2026-09-22", "days_31_60"),
        ("2026-09-21", "days_61_90"),
        ("2026-08-23", "days_61_90"),
        ("2026-08-22", "days_over_90"),
        ("0001-01-01", "days_over_90"),
    ] {
        assert_eq!(Age::of(Some(date(due)), today).code(), age, "{due}");
    }
    assert_eq!(Age::of(None, today), Age::NotDue);
    for age in Age::ALL {
        assert_eq!(serde_json::to_string(&age).unwrap(), format!("\"{}\"", age.code()));
    }
    let sums =
        ageing([(None, amount("1")), (Some(date("2026-11-20")), amount("10")), (Some(date("2020-01-01")), amount("-4"))], today).unwrap();
    assert_eq!((sums.of(Age::To7), sums.overdue(), sums.total()), (amount("10"), Ok(amount("6")), Ok(amount("7"))));
    assert!(ageing([(None, Amount::MAX), (None, Amount::MAX)], today).is_err());

    let due = |kind, days, on: &str| PaymentTerms { kind, days }.due(date(on));
    assert_eq!(due(PaymentKind::Credit, 14, "2028-02-20"), Some(date("2028-03-05")));
    assert_eq!(due(PaymentKind::Credit, 0, "2028-02-20"), Some(date("2028-02-20")));
    assert_eq!(due(PaymentKind::Prepay, 14, "2028-02-20"), Some(date("2028-02-20")));
    assert_eq!(PaymentTerms { kind: PaymentKind::Credit, days: u32::MAX }.due(NaiveDate::MAX), None);
    assert_eq!(
        serde_json::from_str::<PaymentTerms>(r#"{"kind":"credit","days":14}"#).unwrap(),
        PaymentTerms { kind: PaymentKind::Credit, days: 14 }
    );
    for kind in PaymentKind::ALL {
        assert_eq!((serde_json::to_string(&kind).unwrap(), PaymentKind::parse(kind.code())), (format!("\"{}\"", kind.code()), Some(kind)));
    }
}

#[test]
fn plt_months_have_keys() {
    for (day, key, start) in
        [("2026-11-21", 202_611, "2026-11-01"), ("2026-01-01", 202_601, "2026-01-01"), ("0001-12-31", 112, "0001-12-01")]
    {
        assert_eq!((month_key(date(day)), month_start(key)), (key, Some(date(start))));
    }
    for bad in [202_600, 202_613, 0, i64::MAX, i64::MIN] {
        assert_eq!(month_start(bad), None, "{bad}");
    }
}
