//! How near two values of a column are, as one of a few levels: 0 is equal, the last one is nothing alike.

use super::kind::Kind;
use super::value::{Lexicon, Value};
use strsim::{damerau_levenshtein, jaro_winkler};

/// Levels of every kind.
pub const LEVELS: usize = 7;

/// Least likeness of each level but the first and the last.
const SPELLED: [f64; LEVELS - 2] = [0.95, 0.9, 0.84, 0.75, 0.6];
const WORDED: [f64; LEVELS - 2] = [0.8, 0.6, 0.45, 0.3, 0.15];
const LAST: u8 = (LEVELS - 1) as u8;

fn level(likeness: f64, least: &[f64; LEVELS - 2]) -> u8 {
    least.iter().position(|l| likeness >= *l).map_or(LAST, |n| n as u8 + 1)
}

/// The level of two values, both of which are there.
pub fn near(kind: Kind, lexicon: &Lexicon, a: &Value, b: &Value) -> u8 {
    if a.text == b.text {
        return 0;
    }
    match kind {
        Kind::Name | Kind::Address => level(spelled(lexicon, a, b), &SPELLED),
        Kind::Text => level(worded(lexicon, a, b), &WORDED),
        Kind::Email => level(email(&a.text, &b.text), &SPELLED),
        Kind::Date => dates(a, b),
        Kind::Phone | Kind::Code => codes(kind, &a.text, &b.text),
        Kind::Price => prices(a.number, b.number),
        Kind::Ignore => LAST,
    }
}

/// Names: as a whole, without their blanks, or word by word in any order, where rare words count more.
fn spelled(lexicon: &Lexicon, a: &Value, b: &Value) -> f64 {
    let whole = whole(&a.text, &b.text);
    if a.words.len() == 1 && b.words.len() == 1 { whole } else { whole.max(by_words(lexicon, a, b)) }
}

/// Likeness of two names letter by letter.
pub fn whole(a: &str, b: &str) -> f64 {
    let joined = |s: &str| s.chars().filter(|c| *c != ' ').collect::<String>();
    let (a, b) = (joined(a), joined(b));
    let (short, long) = (a.chars().count().min(b.chars().count()), a.chars().count().max(b.chars().count()));
    // One slip in a long word is less than one in a short one; Jaro and Winkler alone think well of any common beginning.
    let slips = damerau_levenshtein(&a, &b) as f64;
    let edited = 1.0 - slips / long.max(1) as f64;
    if short < 3 { edited } else { 0.5 * (edited.max(0.0) + jaro_winkler(&a, &b)) }
}

fn by_words(lexicon: &Lexicon, a: &Value, b: &Value) -> f64 {
    let sum = |v: &Value| v.words.iter().map(|w| f64::from(w.1)).sum::<f64>();
    let mut common = 0.0;
    for (n, x) in &a.words {
        let best = b.words.iter().map(|(m, y)| {
            let weight = f64::from(x.min(*y)) + f64::from(*x);
            let alike = if n == m { 1.0 } else { word(&lexicon.words[*n as usize], &lexicon.words[*m as usize]) };
            alike * 0.5 * weight
        });
        common += best.fold(0.0, f64::max);
    }
    (2.0 * common / (sum(a) + sum(b)).max(f64::MIN_POSITIVE)).min(0.99)
}

fn word(a: &str, b: &str) -> f64 {
    let one = |s: &str| s.chars().count() == 1;
    if (one(a) || one(b)) && a.chars().next() == b.chars().next() {
        return 0.7;
    }
    // Numbers of houses are equal or not.
    if a.bytes().all(|c| c.is_ascii_digit()) || b.bytes().all(|c| c.is_ascii_digit()) {
        return 0.0;
    }
    let alike = whole(a, b);
    if alike >= 0.8 { alike } else { 0.0 }
}

/// Texts: cosine of their words by rarity; a code of a model that begins another counts nearly as much as an equal one.
fn worded(lexicon: &Lexicon, a: &Value, b: &Value) -> f64 {
    let mut sum = 0.0;
    for (n, x) in &a.words {
        let w = &lexicon.words[*n as usize];
        if let Ok(at) = b.words.binary_search_by_key(n, |y| y.0) {
            sum += f64::from(*x) * f64::from(b.words[at].1);
        } else if crate::words::is_code(w) && w.chars().count() >= 5 {
            let begins = |m: &str| crate::words::is_code(m) && m.chars().count() >= 5 && (m.starts_with(w.as_str()) || w.starts_with(m));
            let other =
                b.words.iter().filter(|(m, _)| begins(&lexicon.words[*m as usize])).map(|(_, y)| 0.7 * f64::from(*x) * f64::from(*y));
            sum += other.fold(0.0, f64::max);
        }
    }
    (sum / f64::from(a.length * b.length).max(f64::MIN_POSITIVE)).min(1.0)
}

fn email(a: &str, b: &str) -> f64 {
    let of = |s: &str| s.split_once('@').map_or((s.to_string(), String::new()), |(l, d)| (l.to_string(), d.to_string()));
    let ((la, da), (lb, db)) = (of(a), of(b));
    // The part before the sign says who, the other one where.
    0.65 * whole(&la, &lb) + 0.35 * whole(&da, &db)
}

fn dates(a: &Value, b: &Value) -> u8 {
    let ((y, m, d), (z, n, e)) = (a.date, b.date);
    if (y, z) == (0, 0) || y == 0 || z == 0 {
        return if damerau_levenshtein(&a.text, &b.text) <= 1 { 1 } else { LAST };
    }
    let same = u8::from(y == z) + u8::from(m == n) + u8::from(d == e);
    if y == z && (m, d) == (e, n) || damerau_levenshtein(&a.text, &b.text) == 1 {
        1
    } else if same == 2 {
        2
    } else if damerau_levenshtein(&a.text, &b.text) == 2 {
        3
    } else if y == z {
        4
    } else {
        LAST
    }
}

fn codes(kind: Kind, a: &str, b: &str) -> u8 {
    let long = a.chars().count().max(b.chars().count());
    let short = a.chars().count().min(b.chars().count());
    let tail = |n: usize| a.len() >= n && b.len() >= n && a.as_bytes()[a.len() - n..] == b.as_bytes()[b.len() - n..];
    if kind == Kind::Phone && tail(7) {
        return 1;
    }
    if long < 4 {
        return LAST;
    }
    let slips = damerau_levenshtein(a, b);
    match slips {
        1 => 1,
        2 if long >= 6 => 2,
        _ if short >= 5 && (a.starts_with(b) || b.starts_with(a)) => 3,
        _ => LAST,
    }
}

fn prices(a: f64, b: f64) -> u8 {
    let most = a.abs().max(b.abs());
    let apart = if most == 0.0 { 0.0 } else { (a - b).abs() / most };
    [0.01, 0.05, 0.1, 0.2, 0.4].iter().position(|x| apart <= *x).map_or(LAST, |n| n as u8 + 1)
}
