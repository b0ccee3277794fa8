//! Words of a name, and codes of models: the same however they are spelled.

/// Cyrillic letters that look like Latin ones: in codes of models people type either.
fn latin(c: char) -> char {
    match c {
        'а' => 'a',
        'в' => 'b',
        'е' => 'e',
        'к' => 'k',
        'м' => 'm',
        'н' => 'h',
        'о' => 'o',
        'р' => 'p',
        'с' => 'c',
        'т' => 't',
        'у' => 'y',
        'х' => 'x',
        'і' => 'i',
        other => other,
    }
}

/// A code with nothing but its letters and digits, lower case, look-alikes as Latin letters.
pub fn code(s: &str) -> String {
    s.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).map(latin).collect()
}

fn joins(c: char) -> bool {
    matches!(c, '-' | '.' | '/' | '&')
}

/// Words of a text in lower case, each once: a word with hyphens, dots or slashes as a whole and in parts. Words with digits
/// have look-alike letters unified.
pub fn words(s: &str) -> Vec<String> {
    let mut out: Vec<String> = vec![];
    let mut add = |w: &str| {
        let w: String = if w.chars().any(|c| c.is_ascii_digit()) { w.chars().map(latin).collect() } else { w.into() };
        if !w.is_empty() && !out.contains(&w) {
            out.push(w);
        }
    };
    let low = s.to_lowercase();
    for run in low.split(|c: char| !(c.is_alphanumeric() || joins(c))) {
        let run = run.trim_matches(joins);
        if run.contains(joins) {
            add(&run.replace(joins, ""));
            run.split(joins).filter(|p| p.chars().count() > 1).for_each(&mut add);
        } else {
            add(run);
        }
    }
    out
}

/// Whether a word is rather a code of a model than a word of a language.
pub fn is_code(w: &str) -> bool {
    let n = w.chars().count();
    n >= 4 && w.chars().any(|c| c.is_ascii_digit()) && (n >= 5 || w.chars().any(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prc_15_words_and_codes_however_they_are_spelled() {
        assert_eq!(words("Sony PSLX-350H, чорний (12V)"), ["sony", "pslx350h", "pslx", "350h", "чорний", "12v"]);
        assert_eq!(words("--- 1/2 \u{202E}"), ["12"]);
        assert_eq!(code("АВ-12 3/х"), code("ab123X"));
        assert!(is_code("pslx350h") && is_code("12345") && !is_code("2024") && !is_code("12v") && !is_code("чорний"));
    }
}
