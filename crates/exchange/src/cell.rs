//! Text of a cell that a spreadsheet would take for a formula gets an apostrophe before it, and loses it when it comes
//! back: what was exported is imported as it was.

use std::borrow::Cow;

fn dangerous(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r')
}

/// Text as it is written to a file. Text that begins with an apostrophe of its own gets another one where it would be
/// mistaken for ours.
pub fn neutral(s: &str) -> Cow<'_, str> {
    let mut chars = s.chars();
    let guard = match chars.next() {
        Some(c) if dangerous(c) => true,
        Some('\'') => chars.next().is_some_and(|c| dangerous(c) || c == '\''),
        _ => false,
    };
    if guard { Cow::Owned(format!("'{s}")) } else { Cow::Borrowed(s) }
}

/// The text that was meant.
pub fn plain(s: &str) -> &str {
    match s.strip_prefix('\'') {
        Some(rest) if rest.starts_with(|c| dangerous(c) || c == '\'') => rest,
        _ => s,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_06_neutral_text_comes_back_as_it_was() {
        for (s, written) in [
            ("=1+1", "'=1+1"),
            ("+380501234567", "'+380501234567"),
            ("-5", "'-5"),
            ("@sum", "'@sum"),
            ("\tx", "'\tx"),
            ("'quoted'", "'quoted'"),
            ("'=x", "''=x"),
            ("''=x", "'''=x"),
            ("''", "'''"),
            ("plain", "plain"),
            ("'", "'"),
            ("", ""),
            ("мʼята", "мʼята"),
        ] {
            assert_eq!(neutral(s), written);
            assert_eq!(plain(&neutral(s)), s);
        }
    }
}
