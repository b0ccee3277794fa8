//! A cell as it is compared: folded text, its words as numbers of a common lexicon, and what its kind makes of it.

use super::kind::{Kind, date, digits, number};
use crate::words::{code, words};
use std::collections::HashMap;

#[derive(Clone, Debug, Default)]
pub struct Value {
    /// Folded; empty: the cell is.
    pub text: String,
    /// Words with their weights in the column, by number.
    pub words: Vec<(u32, f32)>,
    /// Root of the sum of squared weights.
    pub length: f32,
    /// Year, month, day.
    pub date: (u16, u8, u8),
    pub number: f64,
    /// Share of all records that have this very value in the column.
    pub share: f64,
}

impl Value {
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

/// Words of one column over both tables.
#[derive(Default)]
pub struct Lexicon {
    numbers: HashMap<String, u32>,
    pub words: Vec<String>,
    records: Vec<u32>,
}

impl Lexicon {
    fn number(&mut self, w: String) -> u32 {
        let next = self.words.len() as u32;
        let n = *self.numbers.entry(w.clone()).or_insert(next);
        if n == next {
            self.words.push(w);
            self.records.push(0);
        }
        n
    }
}

/// Letters and digits in lower case, words divided by one blank.
pub fn fold(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    let mut gap = false;
    for c in s.chars().flat_map(char::to_lowercase) {
        let c = match c {
            'ё' => 'е',
            'ґ' => 'г',
            // Apostrophes stand inside of words.
            '\'' | '’' | 'ʼ' | '`' => continue,
            c => c,
        };
        if c.is_alphanumeric() {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        } else {
            gap = true;
        }
    }
    out
}

/// What two records must share to be compared at all, in the column's own notation.
pub fn read(kind: Kind, s: &str) -> Value {
    let mut v = Value::default();
    match kind {
        Kind::Ignore => {}
        Kind::Date => match date(s.trim()) {
            Some(d) => {
                v.date = d;
                v.text = format!("{:04}{:02}{:02}", d.0, d.1, d.2);
            }
            None => v.text = fold(s),
        },
        Kind::Phone => {
            let d = digits(s);
            // Country codes and long-distance prefixes are written or not.
            v.text = if d.len() >= 6 { d[d.len().saturating_sub(9)..].to_string() } else { String::new() };
        }
        Kind::Email => v.text = s.trim().to_lowercase(),
        Kind::Code => v.text = code(s),
        Kind::Price => {
            if let Some(x) = number(s) {
                v.number = x;
                v.text = format!("{x}");
            }
        }
        Kind::Name | Kind::Address | Kind::Text => v.text = fold(s),
    }
    v
}

/// Values of a column that are thought of beside those that are there, where none repeats.
const UNSEEN: f64 = 500.0;

/// Fills words, weights and shares of a column over all records.
pub fn weigh(kind: Kind, raw: &[&str], values: &mut [Value]) -> Lexicon {
    let mut lexicon = Lexicon::default();
    if matches!(kind, Kind::Name | Kind::Address | Kind::Text) {
        for (v, s) in values.iter_mut().zip(raw).filter(|(v, _)| !v.text.is_empty()) {
            // Codes of models stand in texts in many spellings; names and addresses are plain words.
            let list = if kind == Kind::Text { words(s) } else { v.text.split(' ').map(str::to_string).collect() };
            for w in list {
                let n = lexicon.number(w);
                if !v.words.iter().any(|x| x.0 == n) {
                    v.words.push((n, 0.0));
                    lexicon.records[n as usize] += 1;
                }
            }
        }
        let all = values.len() as f32;
        for v in values.iter_mut() {
            for (n, x) in &mut v.words {
                let rare = (1.0 + all / lexicon.records[*n as usize] as f32).ln();
                let coded = kind == Kind::Text && crate::words::is_code(&lexicon.words[*n as usize]);
                *x = if coded { 1.5 * rare } else { rare };
            }
            v.words.sort_by_key(|x| x.0);
            v.length = v.words.iter().map(|x| x.1 * x.1).sum::<f32>().sqrt();
        }
    }
    let mut times: HashMap<&str, u32> = HashMap::new();
    let filled = values.iter().filter(|v| !v.is_empty()).count().max(1) as f64;
    for v in values.iter().filter(|v| !v.is_empty()) {
        *times.entry(&v.text).or_default() += 1;
    }
    // A short list of firms says little of how many firms there are: where values hardly repeat, it is taken for a part of a longer one.
    let unseen = UNSEEN * times.len() as f64 / filled;
    let share = |v: &Value| times.get(v.text.as_str()).map_or(0.0, |n| (f64::from(*n) - 0.5) / (filled + unseen));
    let shares: Vec<f64> = values.iter().map(share).collect();
    values.iter_mut().zip(shares).for_each(|(v, s)| v.share = s);
    lexicon
}
