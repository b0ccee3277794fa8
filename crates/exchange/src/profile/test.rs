//! Tests of a row: which rows are taken, which kind of document they make, which verb follows.

use super::decimal::compare;
use serde::Deserialize;
use std::cmp::Ordering;

/// All that is said must hold.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Test {
    pub column: String,
    pub is: Option<Decision>,
    pub not: Option<Decision>,
    #[serde(rename = "in")]
    pub among: Option<Vec<String>>,
    pub not_in: Option<Vec<String>>,
    pub starts: Option<String>,
    pub starts_not: Option<String>,
    pub ends: Option<String>,
    pub contains: Option<String>,
    pub empty: Option<bool>,
    /// So many digits and nothing else.
    pub digits: Option<usize>,
    /// Numbers are compared as numbers.
    pub above: Option<Decision>,
    pub below: Option<Decision>,
    pub at_least: Option<Decision>,
    pub at_most: Option<Decision>,
}

/// A plain value of the profile, kept as text.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision(pub String);

impl<'de> Deserialize<'de> for Decision {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let v = toml::Value::deserialize(d)?;
        super::expr::plain(&v).map(Decision).ok_or_else(|| D::Error::custom("a plain value is wanted"))
    }
}

impl Test {
    pub fn holds<'r>(&self, get: &dyn Fn(&str) -> &'r str) -> bool {
        self.passes(get(&self.column).trim())
    }

    fn passes(&self, v: &str) -> bool {
        let number = |x: &Option<Decision>, ok: &[Ordering]| x.as_ref().is_none_or(|d| compare(v, &d.0).is_some_and(|o| ok.contains(&o)));
        let text = |x: &Option<String>, ok: &dyn Fn(&str) -> bool| x.as_deref().is_none_or(ok);
        self.is.as_ref().is_none_or(|d| d.0 == v)
            && self.not.as_ref().is_none_or(|d| d.0 != v)
            && self.among.as_ref().is_none_or(|l| l.iter().any(|x| x == v))
            && self.not_in.as_ref().is_none_or(|l| l.iter().all(|x| x != v))
            && text(&self.starts, &|p| v.starts_with(p))
            && text(&self.starts_not, &|p| !v.starts_with(p))
            && text(&self.ends, &|p| v.ends_with(p))
            && text(&self.contains, &|p| v.contains(p))
            && self.empty.is_none_or(|e| v.is_empty() == e)
            && self.digits.is_none_or(|n| v.len() == n && v.bytes().all(|b| b.is_ascii_digit()))
            && number(&self.above, &[Ordering::Greater])
            && number(&self.below, &[Ordering::Less])
            && number(&self.at_least, &[Ordering::Greater, Ordering::Equal])
            && number(&self.at_most, &[Ordering::Less, Ordering::Equal])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_06_tests_of_rows() {
        let t = |s: &str| toml::from_str::<Test>(s).expect("a test");
        for (test, yes, no) in [
            ("is = \"Won\"", "Won", "won"),
            ("is = 5", "5", "6"),
            ("starts = \"C\"", "C536379", "536365"),
            ("digits = 8", "00130694", "1306945"),
            ("empty = false", "x", " "),
            ("in = [\"a\", \"b\"]", "b", "c"),
            ("above = 0", "0.001", "-3"),
            ("below = 10", "9.99", "10"),
            ("at_least = 10", "10.0", "abc"),
        ] {
            assert!(t(test).passes(yes.trim()), "{test} {yes}");
            assert!(!t(test).passes(no.trim()), "{test} {no}");
        }
    }
}
