//! Formulas: what they compute, and what they refuse.

mod common;

use common::formulas::{COMPUTED, REFUSED, compute};
use kontor_pricing::formula::{Formula, Need};

#[test]
fn prc_03_formulas_compute_in_decimals() {
    for (source, want) in COMPUTED {
        assert_eq!(compute(source).map(|d| d.normalize().to_string()), Ok(want.to_string()), "{source}");
    }
}

#[test]
fn prc_05_bad_formulas_are_refused_with_their_place() {
    for (source, code, name, line, column) in REFUSED {
        let e = compute(source).err().unwrap_or_else(|| panic!("{source} was accepted"));
        assert_eq!((e.code, e.name.as_str(), e.line, e.column), (code, name, line, column), "{source}: {}", e.detail);
    }
    assert_eq!(compute(&"(".repeat(500)).err().map(|e| e.code), Some("formula_limit"));
    assert_eq!(compute(&"1+".repeat(1_500)).err().map(|e| e.code), Some("formula_too_long"));
    assert!(compute(&"let a = \"x\"; ".repeat(100)).is_err());
}

#[test]
fn prc_03_a_formula_names_what_it_needs() {
    let f = Formula::compile("price(\"A\") +\n rate(\"USD\") * cost").unwrap();
    assert_eq!(f.needs(), [(Need::Price("A".into()), 1, 1), (Need::Rate("USD".into()), 2, 2), (Need::Cost, 2, 16)]);
}
