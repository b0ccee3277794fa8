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
fn fin_due_dates() {
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
