//! What holds for any payments and dates.

use chrono::{Days, NaiveDate};
use kontor_kernel::Amount;
use kontor_ledger::*;
use proptest::prelude::*;

fn day() -> impl Strategy<Value = NaiveDate> {
    (0u64..400).prop_map(|d| NaiveDate::default() + Days::new(d))
}
fn open() -> impl Strategy<Value = Vec<Open<usize>>> {
    prop::collection::vec((prop::option::of(day()), -1_000i64..1_000), 0..12).prop_map(|rows| {
        let one =
            |(document, (due, amount)): (usize, (Option<NaiveDate>, i64))| Open { document, due, amount: Amount::from_scaled(amount) };
        rows.into_iter().enumerate().map(one).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fin_allocation_spends_the_payment_exactly(amount in -5_000i64..5_000, open in open()) {
        let amount = Amount::from_scaled(amount);
        let got = allocate_payment(amount, &open);
        let parts = Amount::sum(got.parts.iter().map(|p| p.1)).unwrap();
        prop_assert_eq!(parts.checked_add(got.rest), Some(amount));
        for (document, part) in &got.parts {
            let of = open[*document].amount;
            prop_assert!(!part.is_zero() && part.is_negative() == of.is_negative() && part.abs() <= of.abs());
        }
        // All but the last are closed, and a rest remains only when everything of that side is closed.
        for (document, part) in got.parts.iter().rev().skip(1) {
            prop_assert_eq!(*part, open[*document].amount);
        }
        if !got.rest.is_zero() {
            let side = open.iter().filter(|o| !o.amount.is_zero() && o.amount.is_negative() == amount.is_negative());
            prop_assert_eq!(Amount::sum(side.map(|o| o.amount)).unwrap(), parts);
        }
        let dues: Vec<_> = got.parts.iter().map(|(d, _)| (open[*d].due.is_none(), open[*d].due)).collect();
        prop_assert!(dues.is_sorted());
        let turned: Vec<_> = open.iter().rev().copied().collect();
        prop_assert_eq!(&allocate_payment(amount, &turned), &got);
        prop_assert_eq!(allocate_chosen(amount, &got.parts, &open), Ok(got));
    }

    #[test]
    fn plt_nothing_panics(a: i64, b: i64, c: i64, days: u32, date in day()) {
        let open = [Open { document: 1, due: None, amount: Amount::from_scaled(b) }, Open { document: 2, due: Some(date), amount: Amount::from_scaled(c) }];
        let got = allocate_payment(Amount::from_scaled(a), &open);
        prop_assert_eq!(allocate_chosen(Amount::from_scaled(a), &got.parts, &open), Ok(got));
        let _ = allocate_chosen(Amount::from_scaled(a), &[(1, Amount::from_scaled(c)), (2, Amount::from_scaled(b))], &open);
        let _ = PaymentTerms { kind: PaymentKind::Credit, days }.due(date);
    }
}
