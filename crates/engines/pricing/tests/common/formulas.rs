//! Formulas, what they compute, and what is refused of them.

use kontor_pricing::formula::{Formula, FormulaError, Need};
use rust_decimal::Decimal;

/// With figures that depend on the name alone.
pub fn compute(source: &str) -> Result<Decimal, FormulaError> {
    let formula = Formula::compile(source)?;
    let found = |need: &Need| -> Result<Decimal, FormulaError> {
        Ok(match need {
            Need::Price(name) => Decimal::from(name.chars().count()),
            Need::Rate(_) => Decimal::new(4125, 2),
            Need::Cost => Decimal::new(85, 1),
            Need::Receipt | Need::Supply => Decimal::from(8),
            Need::Stock => Decimal::from(120),
            Need::Coefficient => Decimal::new(115, 2),
            Need::Value(name) => Decimal::from(name.chars().count() * 10),
        })
    };
    formula.evaluate(Decimal::from(10), found).map(|(value, _)| value)
}

pub const COMPUTED: [(&str, &str); 18] = [
    ("10 / 4", "2.5"),
    ("0.1 + 0.2", "0.3"),
    ("-2 + 5", "3"),
    ("(1 + 2) * 3", "9"),
    ("price(\"Роздріб\") * 1.2", "8.4"),
    ("rate(\"USD\") * 2", "82.5"),
    ("cost * (1 + 20 / 100)", "10.2"),
    ("max(cost * 1.1, price(\"ab\")) + min(1, 2)", "10.35"),
    ("if quantity >= 10 { 1 } else { price(\"none\") }", "1"),
    ("ceil_to(cost, 5) + floor_to(cost, 5) + round_to(cost, 5)", "25"),
    ("min(3, 2, 1) + max(1, 2, 3)", "4"),
    ("if stock > 100 { receipt * coefficient } else { supply }", "9.2"),
    ("value(\"rival\") - 0.01", "49.99"),
    ("let a = cost; let b = a * 2; b", "17"),
    ("round(1.005, 2) + round(2.5) + floor(1.9) + ceil(0.1) + abs(-3)", "9.01"),
    ("switch quantity { 5 => 1, _ => 2 }", "2"),
    ("// a remark\n3", "3"),
    ("99999999999999999999 / 99999999999999999999", "1"),
];

/// Source, code, name, line and column of the fault.
pub const REFUSED: [(&str, &str, &str, usize, usize); 17] = [
    ("", "formula_empty", "", 0, 0),
    ("1 +", "formula_syntax", "", 1, 4),
    ("1 +\n  foo * 2", "formula_unknown_name", "foo", 2, 3),
    ("sqrt(4)", "formula_unknown_name", "sqrt", 1, 1),
    ("ceil_to(cost, 0)", "formula_arithmetic", "", 1, 1),
    ("1 / 0", "formula_arithmetic", "", 1, 3),
    ("79228162514264337593543950335 * 10", "formula_arithmetic", "", 1, 31),
    ("\"text\"", "formula_not_a_number", "", 0, 0),
    ("5 > 3", "formula_not_a_number", "", 0, 0),
    ("2 - 5", "formula_negative", "", 0, 0),
    ("price(quantity)", "formula_syntax", "", 1, 7),
    ("while true { }", "formula_syntax", "", 1, 1),
    ("loop { 1 }", "formula_syntax", "", 1, 1),
    ("eval(\"1\")", "formula_syntax", "", 1, 1),
    ("2 ** 3", "formula_syntax", "", 1, 3),
    ("import \"x\"; 1", "formula_unknown_name", "import", 1, 1),
    ("fn f() { 1 } f()", "formula_unknown_name", "fn", 1, 1),
];
