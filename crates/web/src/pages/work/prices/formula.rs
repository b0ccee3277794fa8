//! Where a formula is wrong: its line with the place marked under it.

use kontor_kernel::error::Error;
use maud::{Markup, html};

/// The line and column (from 1) of the first fault of `field`; none when the place is not known.
pub fn place(e: &Error, field: &str) -> Option<(usize, usize)> {
    let f = e.inner().fields.iter().find(|f| f.field == field)?;
    let number = |name: &str| f.args.iter().find(|(k, _)| k.as_ref() == name).and_then(|(_, v)| v.parse::<usize>().ok()).filter(|n| *n > 0);
    Some((number("line")?, number("column")?))
}

/// The faulty line; the character at the place is marked, with what stands before and after it. Behind the end an empty place is.
pub fn marked(source: &str, (line, column): (usize, usize)) -> Markup {
    let Some(text) = source.lines().nth(line - 1) else { return html! {} };
    let before: String = text.chars().take(column - 1).collect();
    let rest: String = text.chars().skip(column - 1).collect();
    // A word is marked as a whole, anything else by its character.
    let word = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').count().max(1);
    let here: String = rest.chars().take(word).collect();
    let after: String = rest.chars().skip(word).collect();
    html! {
        pre class="k-fault" aria-hidden="true" { (before) mark { (if here.is_empty() { "\u{a0}" } else { here.as_str() }) } (after) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prc_03_the_place_of_a_fault_is_marked() {
        let html = marked("1 +\ncost * prise", (2, 8)).into_string();
        assert!(html.contains("cost * <mark>prise</mark>"), "{html}");
        assert!(marked("1 +", (1, 4)).into_string().contains("1 +<mark>\u{a0}</mark>"));
        assert_eq!(marked("1", (3, 1)).into_string(), "");
        let e = Error::field("formula", "formula_syntax").field_arg("line", 2).field_arg("column", 8);
        assert_eq!((place(&e, "formula"), place(&e, "name")), (Some((2, 8)), None));
    }
}
