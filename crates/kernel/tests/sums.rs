//! Parts add up to their sum, and taxes of lines to the tax of the document (lessons 7 and 8).

use kontor_kernel::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn amount(s: &str) -> Amount {
    Amount::parse(s).unwrap()
}
fn percent(s: &str) -> Percent {
    Percent::parse(s).unwrap()
}

/// Summary by rate, lowest rate first: what an invoice states.
fn vat_by_rate(lines: &[(Amount, Percent)], vats: &[LineVat]) -> Vec<(Percent, LineVat)> {
    let mut by_rate: BTreeMap<Percent, Vec<LineVat>> = BTreeMap::new();
    for ((_, rate), vat) in lines.iter().zip(vats) {
        by_rate.entry(*rate).or_default().push(*vat);
    }
    by_rate.into_iter().map(|(rate, lines)| (rate, LineVat::sum(&lines).unwrap())).collect()
}

#[test]
fn plt_allocation_table() {
    for (total, weights, minor, want) in [
        ("100", &[1, 1, 1][..], 2, &["33.34", "33.33", "33.33"][..]),
        ("-100", &[1, 1, 1], 2, &["-33.34", "-33.33", "-33.33"]),
        ("0.01", &[1, 1], 2, &["0.01", "0"]),
        ("10", &[0, 0], 2, &["5", "5"]),
        ("10", &[3, 0, 1], 0, &["8", "0", "2"]),
        ("1", &[1, 2, 4], 2, &["0.14", "0.29", "0.57"]),
        ("0.005", &[1, 1], 2, &["0.0025", "0.0025"]),
        ("7", &[-1, -1], 2, &["3.5", "3.5"]),
        ("7", &[], 2, &[]),
    ] {
        let want: Vec<Amount> = want.iter().map(|s| amount(s)).collect();
        assert_eq!(allocate(amount(total), weights, minor), want, "{total} over {weights:?}");
    }
}

#[test]
fn plt_vat_table() {
    // Three lines of 0.33 at 20 %: each alone would give 0.07 and 0.21; the document's tax is 0.20.
    let lines = vec![(amount("0.33"), percent("20")); 3];
    let vats = vat_of_document(&lines, VatMode::Excluded, 2).unwrap();
    assert_eq!(vats.iter().map(|v| v.vat).collect::<Vec<_>>(), ["0.07", "0.07", "0.06"].map(amount));
    let total = LineVat::sum(&vats).unwrap();
    assert_eq!((total.net, total.vat, total.gross), (amount("0.99"), amount("0.20"), amount("1.19")));
    // Included, two rates and an untaxed line.
    let lines = [(amount("120"), percent("20")), (amount("107"), percent("7")), (amount("50"), percent("0"))];
    let vats = vat_of_document(&lines, VatMode::Included, 2).unwrap();
    assert_eq!(vats.iter().map(|v| v.vat).collect::<Vec<_>>(), ["20", "7", "0"].map(amount));
    let summary = vat_by_rate(&lines, &vats);
    assert_eq!(
        summary.iter().map(|(r, v)| (*r, v.net)).collect::<Vec<_>>(),
        [(percent("0"), amount("50")), (percent("7"), amount("100")), (percent("20"), amount("100"))]
    );
    // A line that takes back nearly everything keeps a tax near its own.
    let vats = vat_of_document(&[(amount("100"), percent("20")), (amount("-99.99"), percent("20"))], VatMode::Excluded, 2).unwrap();
    assert_eq!(vats.iter().map(|v| v.vat).collect::<Vec<_>>(), ["20", "-20"].map(amount));
    assert_eq!(vat_of_document(&[(amount("1"), percent("-1"))], VatMode::Excluded, 2), Err(NumberError::NotPositive));
    let huge = [(Amount::MAX, percent("20")), (Amount::MAX, percent("20"))];
    assert_eq!(vat_of_document(&huge, VatMode::Excluded, 2), Err(NumberError::Overflow));
}

fn lines() -> impl Strategy<Value = Vec<(Amount, Percent)>> {
    let line = (-10i64.pow(12)..10i64.pow(12), prop::sample::select(vec![0i64, 70_000, 140_000, 200_000, 123_456]));
    prop::collection::vec(line.prop_map(|(a, r)| (Amount::from_scaled(a).round_to(2).unwrap(), Percent::from_scaled(r))), 0..30)
}

proptest! {
    #[test]
    fn plt_parts_add_up(total: i64, weights in prop::collection::vec(any::<i64>(), 1..40), minor in 0u32..6) {
        let total = Amount::from_scaled(total);
        let parts = allocate(total, &weights, minor);
        prop_assert_eq!(parts.len(), weights.len());
        prop_assert_eq!(Amount::sum(parts.iter().copied()), Ok(total));
        prop_assert!(parts.iter().all(|p| p.is_zero() || p.is_negative() == total.is_negative()));
        if total.round_to(minor) == Ok(total) {
            prop_assert!(parts.iter().all(|p| p.round_to(minor) == Ok(*p)));
        }
        if let Some(mirrored) = total.checked_neg() {
            let back: Vec<_> = allocate(mirrored, &weights, minor).iter().map(|p| p.checked_neg().unwrap()).collect();
            prop_assert_eq!(back, parts);
        }
    }

    #[test]
    fn plt_vat_of_lines_is_the_vat_of_the_document(lines in lines(), mode in prop::sample::select(VatMode::ALL.to_vec())) {
        let vats = vat_of_document(&lines, mode, 2).unwrap();
        for (rate, sum) in vat_by_rate(&lines, &vats) {
            let basis = Amount::sum(lines.iter().filter(|l| l.1 == rate).map(|l| l.0)).unwrap();
            let want = match mode {
                VatMode::Exempt => Amount::ZERO,
                VatMode::Excluded => basis.percent(rate, 2).unwrap(),
                VatMode::Included => {
                    let n = kontor_kernel::mul_div(basis.scaled(), rate.scaled(), 1_000_000 + rate.scaled()).unwrap();
                    // Rounding twice can differ from rounding once by the half; compare within it.
                    let near = Amount::from_scaled(n).round_to(2).unwrap();
                    prop_assert!((near.scaled() - sum.vat.scaled()).abs() <= 100);
                    sum.vat
                }
            };
            prop_assert_eq!(sum.vat, want);
        }
        for ((amount, rate), v) in lines.iter().zip(&vats) {
            prop_assert_eq!(v.net.checked_add(v.vat), Some(v.gross));
            prop_assert_eq!(if mode == VatMode::Excluded { v.net } else { v.gross }, *amount);
            prop_assert_eq!(v.vat.round_to(2), Ok(v.vat));
            let own = amount.percent(*rate, 4).unwrap().scaled();
            if mode == VatMode::Excluded {
                prop_assert!((v.vat.scaled() - own).abs() <= 101, "a line's tax is within one minor unit of its own");
            }
        }
        let mirrored: Vec<_> = lines.iter().map(|(a, r)| (a.checked_neg().unwrap(), *r)).collect();
        for (a, b) in vats.iter().zip(vat_of_document(&mirrored, mode, 2).unwrap()) {
            prop_assert_eq!((a.net.checked_neg().unwrap(), a.vat.checked_neg().unwrap()), (b.net, b.vat));
        }
    }

    #[test]
    fn plt_vat_never_panics(lines in prop::collection::vec((any::<i64>(), any::<i64>()), 0..6), minor in 0u32..40) {
        let lines: Vec<_> = lines.into_iter().map(|(a, r)| (Amount::from_scaled(a), Percent::from_scaled(r))).collect();
        for mode in VatMode::ALL {
            if let Ok(vats) = vat_of_document(&lines, mode, minor) {
                let _ = LineVat::sum(&vats);
            }
        }
    }
}
