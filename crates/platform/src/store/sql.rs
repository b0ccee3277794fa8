//! Text of statements: `?` placeholders become `$1, $2 …` for PostgreSQL.

/// Numbers the `?` placeholders, leaving quoted strings, quoted names and comments alone. Statements are cached under
/// their original text, so this runs once per statement and connection.
pub(super) fn number_placeholders(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len() + 16);
    let mut n = 0usize;
    let mut rest = sql;
    while let Some(at) = rest.find(['?', '\'', '"', '-', '/']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = match rest.as_bytes()[0] {
            b'?' => {
                n += 1;
                out.push('$');
                out.push_str(&n.to_string());
                rest = &rest[1..];
                continue;
            }
            // A doubled quote inside reads as an end and a new beginning, which comes to the same.
            b'\'' => past(rest, 1, "'"),
            b'"' => past(rest, 1, "\""),
            b'-' if rest.starts_with("--") => past(rest, 2, "\n"),
            b'/' if rest.starts_with("/*") => past(rest, 2, "*/"),
            _ => 1,
        };
        out.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    out.push_str(rest);
    out
}

/// Length up to and with the next `end` after `from`; everything when there is none.
fn past(text: &str, from: usize, end: &str) -> usize {
    text[from..].find(end).map_or(text.len(), |i| from + i + end.len())
}

/// `INSERT INTO t (a, b) VALUES (?, ?) suffix`
pub(super) fn insert_one(table: &str, columns: &[&str], suffix: &str) -> String {
    let marks = vec!["?"; columns.len()].join(", ");
    format!("INSERT INTO {table} ({}) VALUES ({marks}) {suffix}", columns.join(", "))
}

/// `INSERT INTO t (a, b) SELECT * FROM UNNEST($1::uuid[], $2::bigint[]) suffix`: one statement for any number of rows.
pub(super) fn insert_unnest(table: &str, columns: &[&str], types: &[&str], suffix: &str) -> String {
    let arrays: Vec<String> = types.iter().enumerate().map(|(i, t)| format!("${}::{t}[]", i + 1)).collect();
    format!("INSERT INTO {table} ({}) SELECT * FROM UNNEST({}) {suffix}", columns.join(", "), arrays.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_12_placeholders_are_numbered_outside_of_quotes_and_comments() {
        for (from, to) in [
            ("SELECT 1", "SELECT 1"),
            ("a = ? AND b = ?", "a = $1 AND b = $2"),
            ("a = '?' AND b = ?", "a = '?' AND b = $1"),
            ("a = 'it''s ?' AND b = ?", "a = 'it''s ?' AND b = $1"),
            ("\"a?\" = ? -- really?\nAND b = ?", "\"a?\" = $1 -- really?\nAND b = $2"),
            ("a /* ? */ = ? - 1 / ?", "a /* ? */ = $1 - 1 / $2"),
            ("a = 'open ?", "a = 'open ?"),
            ("імʼя = ? OR назва = '?…'", "імʼя = $1 OR назва = '?…'"),
            ("(?,?,?,?,?,?,?,?,?,?)", "($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)"),
        ] {
            assert_eq!(number_placeholders(from), to);
        }
    }
}
