//! Which records are worth comparing: those that share something not too frequent, a value, a word, a word with a slip.
//! Of each record the likeliest few are kept, so that neither time nor memory grows with the square of the lists.

use super::kind::Kind;
use super::value::{Lexicon, Value};
use std::collections::HashMap;

/// What more records than this share leads to no pairs.
const FREQUENT: usize = 250;
/// Candidates kept of each record.
pub const CANDIDATES: usize = 40;

/// FNV-1a: the same on every machine and in every run.
fn hash(place: u64, text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325 ^ place.wrapping_mul(0x9e37_79b9_7f4a_7c15), |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

/// Words with one letter left out: two words that are a slip apart have one in common.
fn slips(place: u64, w: &str, out: &mut Vec<u64>) {
    let letters: Vec<char> = w.chars().collect();
    if !(4..=16).contains(&letters.len()) {
        return;
    }
    out.push(hash(place, w));
    for gone in 0..letters.len() {
        let left: String = letters.iter().enumerate().filter(|(n, _)| *n != gone).map(|(_, c)| c).collect();
        out.push(hash(place, &left));
    }
}

/// Keys of a value. Names of all columns share a place: given name and surname are easily swapped.
fn keys(column: usize, kind: Kind, lexicon: &Lexicon, v: &Value, out: &mut Vec<u64>) {
    if v.is_empty() {
        return;
    }
    let place = if kind == Kind::Name { 1 } else { 100 + column as u64 * 2 };
    out.push(hash(place, &v.text));
    match kind {
        Kind::Name => v.text.split(' ').for_each(|w| {
            out.push(hash(place, w));
            slips(place + 1, w, out);
        }),
        Kind::Address => v.text.split(' ').filter(|w| w.chars().count() > 2).for_each(|w| {
            out.push(hash(place, w));
        }),
        Kind::Text => v.words.iter().for_each(|(n, _)| {
            let w = &lexicon.words[*n as usize];
            out.push(hash(place, w));
            if crate::words::is_code(w) && w.chars().count() >= 5 {
                out.push(hash(place + 1, &w.chars().take(5).collect::<String>()));
            }
        }),
        Kind::Code | Kind::Phone => slips(place + 1, &v.text, out),
        Kind::Email => {
            let who = v.text.split('@').next().unwrap_or("");
            out.push(hash(place, who));
            slips(place + 1, who, out);
        }
        Kind::Date if v.date.0 > 0 => slips(place + 1, &v.text, out),
        Kind::Date | Kind::Price | Kind::Ignore => {}
    }
}

/// Columns with their kinds, lexicons and values of all records: those of the first list, then those of the second.
pub struct Columns {
    pub kinds: Vec<Kind>,
    pub lexicons: Vec<Lexicon>,
    /// By column, then by record.
    pub values: Vec<Vec<Value>>,
    pub records: usize,
}

/// Candidates `(left, right)` with `left < right`: of one list where `split` is none, otherwise of two that meet at `split`.
pub fn candidates(c: &Columns, split: Option<usize>) -> Vec<(u32, u32)> {
    let mut index: HashMap<u64, Vec<u32>> = HashMap::new();
    let mut own: Vec<Vec<u64>> = Vec::with_capacity(c.records);
    for r in 0..c.records {
        let mut all = vec![];
        for (n, kind) in c.kinds.iter().enumerate() {
            keys(n, *kind, &c.lexicons[n], &c.values[n][r], &mut all);
        }
        all.sort_unstable();
        all.dedup();
        all.iter().for_each(|k| index.entry(*k).or_default().push(r as u32));
        own.push(all);
    }
    let mut out: Vec<(u32, u32)> = vec![];
    let mut shared: HashMap<u32, f32> = HashMap::new();
    for (r, keys) in own.iter().enumerate() {
        shared.clear();
        for k in keys {
            let Some(others) = index.get(k).filter(|o| (2..=FREQUENT).contains(&o.len())) else { continue };
            let rare = (1.0 + c.records as f32 / others.len() as f32).ln();
            let faces = |o: u32| split.map_or(o as usize != r, |s| (o as usize >= s) != (r >= s));
            others.iter().filter(|o| faces(**o)).for_each(|o| *shared.entry(*o).or_default() += rare);
        }
        let mut best: Vec<(u32, f32)> = shared.iter().map(|(o, x)| (*o, *x)).collect();
        best.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        best.truncate(CANDIDATES);
        let r = r as u32;
        out.extend(best.iter().map(|(o, _)| (r.min(*o), r.max(*o))));
    }
    out.sort_unstable();
    out.dedup();
    out
}
