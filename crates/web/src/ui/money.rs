//! Figures: sums with their kopecks stepped back, minus in red, nothing as a dash.

use kontor_texts::{Lang, format};
use maud::{Markup, Render, html};

/// A decimal string (as the API writes sums) in local form, split where the fraction begins.
fn parts(lang: Lang, decimal: &str, least: usize) -> Option<(String, String)> {
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    let kept = fraction.trim_end_matches('0');
    let decimals = kept.len().max(least);
    let mut plain = String::with_capacity(whole.len() + decimals + 1);
    plain.push_str(whole);
    if decimals > 0 {
        plain.push('.');
        plain.push_str(kept);
        plain.extend(std::iter::repeat_n('0', decimals - kept.len()));
    }
    let local = format::decimal(lang, &plain)?;
    let tail = if decimals == 0 { 0 } else { decimals + 1 };
    let at = local.len().checked_sub(tail)?;
    local.is_char_boundary(at).then(|| (local[..at].to_owned(), local[at..].to_owned()))
}

/// A decimal string in local form with at least `least` decimals; what is no decimal stays as it is.
pub fn number(lang: Lang, decimal: &str, least: usize) -> String {
    parts(lang, decimal, least).map_or_else(|| decimal.to_owned(), |(w, f)| w + f.as_str())
}

/// A sum of money. `decimal` is empty where there is none: a dash is shown.
#[derive(Clone, Copy)]
pub struct Money<'a> {
    pub lang: Lang,
    pub decimal: &'a str,
    /// Decimals shown at least: the currency's minor digits.
    pub least: usize,
    /// `₴`, `EUR`; usually told once in the column's head instead.
    pub unit: &'a str,
    /// Red whatever its sign, e.g. an overdue sum.
    pub alarm: bool,
}

impl<'a> Money<'a> {
    pub fn new(lang: Lang, decimal: &'a str) -> Self {
        Money { lang, decimal, least: 2, unit: "", alarm: false }
    }
    pub fn unit(mut self, unit: &'a str) -> Self {
        self.unit = unit;
        self
    }
    pub fn least(mut self, least: usize) -> Self {
        self.least = least;
        self
    }
    pub fn alarm(mut self, on: bool) -> Self {
        self.alarm = on;
        self
    }
}

impl Render for Money<'_> {
    fn render(&self) -> Markup {
        let Some((whole, fraction)) = parts(self.lang, self.decimal, self.least) else {
            return html! { span class="m2" { (if self.decimal.is_empty() { "—" } else { self.decimal }) } };
        };
        let zero = !self.decimal.bytes().any(|b| (b'1'..=b'9').contains(&b));
        if zero && self.alarm {
            return html! { span class="m2" { "—" } };
        }
        let class = if self.alarm || self.decimal.starts_with('-') { "n neg" } else { "n" };
        html! {
            span class=(class) { (whole) @if !fraction.is_empty() || !self.unit.is_empty() { i { (fraction) @if !self.unit.is_empty() { "\u{a0}" (self.unit) } } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_10_sums_step_their_kopecks_back() {
        let html = |d: &str| Money::new(Lang::Uk, d).render().into_string();
        assert_eq!(html("1234.5"), "<span class=\"n\">1\u{a0}234<i>,50</i></span>");
        assert_eq!(html("-0.05"), "<span class=\"n neg\">−0<i>,05</i></span>");
        assert_eq!(html(""), "<span class=\"m2\">—</span>");
        assert_eq!(html("<b>"), "<span class=\"m2\">&lt;b&gt;</span>");
        assert_eq!(
            Money::new(Lang::En, "999999999999.99").unit("EUR").render().into_string(),
            "<span class=\"n\">999,999,999,999<i>.99\u{a0}EUR</i></span>"
        );
        assert_eq!(Money::new(Lang::En, "0.00").alarm(true).render().into_string(), "<span class=\"m2\">—</span>");
    }

    #[test]
    fn plt_10_numbers_keep_what_they_need() {
        assert_eq!(number(Lang::Uk, "12.500000", 0), "12,5");
        assert_eq!(number(Lang::Uk, "12.000000", 0), "12");
        assert_eq!(number(Lang::En, "1000000", 2), "1,000,000.00");
    }
}
