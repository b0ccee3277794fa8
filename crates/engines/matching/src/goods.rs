//! Goods of two lists. A barcode that one product of ours has is certain; an article of ours that stands in the other list is
//! certain when no more than one product has it. Names are compared by their words: rare words weigh more than frequent ones
//! (inverse document frequency over both lists), codes of models more than words, a code that begins another nearly as much
//! as an equal one. Then pairs are taken from the likeliest down, each record once.

use crate::Decision;
use crate::words::{code, is_code, words};
use std::collections::{HashMap, HashSet};

/// A record of either list; empty where it is not known.
#[derive(Clone, Debug, Default)]
pub struct Goods<'a> {
    pub name: &'a str,
    pub description: &'a str,
    pub article: &'a str,
    pub barcode: &'a str,
}

/// What counts as a pair.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Each record of either list is in one pair at most. Otherwise each of theirs finds its best.
    pub one_to_one: bool,
    /// From this score on a pair of names is told to be the same, …
    pub same: f64,
    /// … and from this on worth a look.
    pub maybe: f64,
}

impl Default for Options {
    fn default() -> Self {
        Options { one_to_one: true, same: 0.35, maybe: 0.15 }
    }
}

/// What a pair was found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    Barcode,
    Article,
    Name,
}

/// A product of ours and one of theirs.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    pub ours: usize,
    pub theirs: usize,
    /// 0 to 1.
    pub score: f64,
    pub why: Why,
    pub decision: Decision,
}

/// What a word of a description weighs against one of the name.
const DESCRIPTION: f64 = 0.2;
/// What a code weighs against a word.
const CODE: f64 = 1.5;
/// What a code that only begins another is worth.
const PREFIX: f64 = 0.7;
const PREFIX_LENGTH: usize = 5;
/// Words of more records than this find no pairs; they only weigh in pairs found by others.
const FREQUENT: usize = 400;

/// Pairs of the two lists, by the place of theirs; those below `maybe` are left out.
pub fn link(ours: &[Goods], theirs: &[Goods], options: &Options) -> Vec<Pair> {
    let mut out: Vec<Pair> = vec![];
    let (mut used_ours, mut used_theirs) = (HashSet::new(), HashSet::new());
    let mut take = |p: Pair, out: &mut Vec<Pair>| {
        let used = used_theirs.contains(&p.theirs) || options.one_to_one && used_ours.contains(&p.ours);
        if !used {
            used_ours.insert(p.ours);
            used_theirs.insert(p.theirs);
            out.push(p);
        }
    };
    let certain = |o: usize, t: usize, why| Pair { ours: o, theirs: t, score: 1.0, why, decision: Decision::Same };
    for (o, t) in equal(ours, theirs, |g| barcode(g.barcode)) {
        take(certain(o, t, Why::Barcode), &mut out);
    }
    for (o, t) in equal(ours, theirs, |g| Some(code(g.article)).filter(|c| c.len() >= 3)) {
        take(certain(o, t, Why::Article), &mut out);
    }
    for (score, o, t) in ranked(ours, theirs, options.maybe) {
        let decision = if score >= options.same { Decision::Same } else { Decision::Maybe };
        take(Pair { ours: o, theirs: t, score, why: Why::Name, decision }, &mut out);
    }
    out.sort_by_key(|p| p.theirs);
    out
}

/// What a pair of names must at least score to be shown as a candidate.
const LEAST: f64 = 0.05;

/// For each of theirs the likeliest of ours, best first, at most `limit`; one of ours may be near to several.
pub fn nearest(ours: &[Goods], theirs: &[Goods], limit: usize) -> Vec<Vec<Pair>> {
    let mut out: Vec<Vec<Pair>> = vec![vec![]; theirs.len()];
    let mut add = |p: Pair| {
        let of = &mut out[p.theirs];
        if of.len() < limit && !of.iter().any(|x| x.ours == p.ours) {
            of.push(p);
        }
    };
    let certain = |o: usize, t: usize, why| Pair { ours: o, theirs: t, score: 1.0, why, decision: Decision::Same };
    equal(ours, theirs, |g| barcode(g.barcode)).into_iter().for_each(|(o, t)| add(certain(o, t, Why::Barcode)));
    let articles = equal(ours, theirs, |g| Some(code(g.article)).filter(|c| c.len() >= 3));
    articles.into_iter().for_each(|(o, t)| add(certain(o, t, Why::Article)));
    let usual = Options::default();
    for (score, o, t) in ranked(ours, theirs, LEAST) {
        let decision = match score {
            s if s >= usual.same => Decision::Same,
            s if s >= usual.maybe => Decision::Maybe,
            _ => Decision::Different,
        };
        add(Pair { ours: o, theirs: t, score, why: Why::Name, decision });
    }
    out
}

/// GTIN without the zeros in front that its shorter forms lack.
fn barcode(s: &str) -> Option<String> {
    let digits: String = s.chars().filter(char::is_ascii_digit).collect();
    let short = digits.trim_start_matches('0');
    (short.len() >= 7 && digits.len() <= 14 && s.chars().all(|c| c.is_ascii_digit() || c == ' ' || c == '-')).then(|| short.to_string())
}

/// Records with the same key, where one of ours alone has it.
fn equal(ours: &[Goods], theirs: &[Goods], key: impl Fn(&Goods) -> Option<String>) -> Vec<(usize, usize)> {
    let mut by_key: HashMap<String, Option<usize>> = HashMap::new();
    for (o, g) in ours.iter().enumerate() {
        if let Some(k) = key(g) {
            by_key.entry(k).and_modify(|x| *x = None).or_insert(Some(o));
        }
    }
    theirs.iter().enumerate().filter_map(|(t, g)| Some(((*by_key.get(&key(g)?)?)?, t))).collect()
}

type Weights = Vec<(usize, f64)>;

/// Words of both lists as numbers.
#[derive(Default)]
struct Lexicon {
    numbers: HashMap<String, usize>,
    words: Vec<String>,
    records: Vec<usize>,
}

impl Lexicon {
    fn read(&mut self, g: &Goods) -> Weights {
        let mut out: Weights = vec![];
        let name = format!("{} {}", g.name, g.article);
        for (text, weight) in [(name.as_str(), 1.0), (g.description, DESCRIPTION)] {
            for w in words(text) {
                let next = self.words.len();
                let n = *self.numbers.entry(w.clone()).or_insert(next);
                if n == next {
                    self.words.push(w);
                    self.records.push(0);
                }
                if !out.iter().any(|x| x.0 == n) {
                    out.push((n, weight));
                }
            }
        }
        for (n, _) in &out {
            self.records[*n] += 1;
        }
        out
    }
    fn weigh(&self, words: &mut Weights, records: f64) -> f64 {
        for (n, x) in words.iter_mut() {
            let rare = (1.0 + records / self.records[*n] as f64).ln();
            *x *= rare * if is_code(&self.words[*n]) { CODE } else { 1.0 };
        }
        words.iter().map(|(_, x)| x * x).sum::<f64>().sqrt()
    }
    /// Codes by their first letters.
    fn prefixes(&self, of: &HashMap<usize, Weights>) -> HashMap<String, Vec<usize>> {
        let mut out: HashMap<String, Vec<usize>> = HashMap::new();
        for (n, w) in self.words.iter().enumerate().filter(|(n, w)| of.contains_key(n) && long_code(w)) {
            out.entry(w.chars().take(PREFIX_LENGTH).collect()).or_default().push(n);
        }
        out
    }
}

fn long_code(w: &str) -> bool {
    is_code(w) && w.chars().count() >= PREFIX_LENGTH
}

/// Scores of pairs that share a word which is not too frequent, likeliest first; ties in the order of the lists.
fn ranked(ours: &[Goods], theirs: &[Goods], least: f64) -> Vec<(f64, usize, usize)> {
    let mut lexicon = Lexicon::default();
    let mut a: Vec<Weights> = ours.iter().map(|g| lexicon.read(g)).collect();
    let mut b: Vec<Weights> = theirs.iter().map(|g| lexicon.read(g)).collect();
    let records = (ours.len() + theirs.len()) as f64;
    let length_a: Vec<f64> = a.iter_mut().map(|w| lexicon.weigh(w, records)).collect();
    let length_b: Vec<f64> = b.iter_mut().map(|w| lexicon.weigh(w, records)).collect();
    let mut places: HashMap<usize, Weights> = HashMap::new();
    for (o, words) in a.iter().enumerate() {
        for (n, x) in words {
            places.entry(*n).or_default().push((o, *x));
        }
    }
    let prefixes = lexicon.prefixes(&places);
    let mut out = vec![];
    for (t, words) in b.iter().enumerate() {
        let mut score: HashMap<usize, f64> = HashMap::new();
        for (n, x) in words {
            let w = &lexicon.words[*n];
            for (o, y) in places.get(n).filter(|l| l.len() <= FREQUENT).into_iter().flatten() {
                *score.entry(*o).or_default() += x * y;
            }
            if long_code(w) {
                let head: String = w.chars().take(PREFIX_LENGTH).collect();
                let near = prefixes.get(&head).into_iter().flatten().filter(|m| *m != n);
                for m in near.filter(|m| lexicon.words[**m].starts_with(w.as_str()) || w.starts_with(lexicon.words[**m].as_str())) {
                    for (o, y) in places.get(m).filter(|l| l.len() <= FREQUENT).into_iter().flatten() {
                        *score.entry(*o).or_default() += PREFIX * x * y;
                    }
                }
            }
        }
        let lengths = |o: usize| (length_a[o] * length_b[t]).max(f64::MIN_POSITIVE);
        out.extend(score.into_iter().map(|(o, s)| ((s / lengths(o)).min(1.0), o, t)).filter(|x| x.0 >= least));
    }
    out.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.2, x.1).cmp(&(y.2, y.1))));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn named<'a>(name: &'a str, article: &'a str, barcode: &'a str) -> Goods<'a> {
        Goods { name, article, barcode, description: "" }
    }

    #[test]
    fn prc_15_barcode_before_article_before_name() {
        let ours = [
            named("Насос Wilo Star-RS 25/4", "4033776", "04016322966890"),
            named("Насос Wilo Star-RS 25/6", "4119787", ""),
            named("Болт М8", "x1", "12"),
            named("Гайка М8", "АВ-100", ""),
            named("Гайка М10", "AB 100", ""),
        ];
        let theirs = [
            named("Циркуляційний насос", "", "4016322966890"),
            named("щось зовсім інше", "4119787", ""),
            named("WILO STAR RS25/6 насос", "", ""),
            named("Болт М-8 оцинкований", "", "12"),
            named("Гайка", "ав100", ""),
        ];
        let found = link(&ours, &theirs, &Options { one_to_one: false, ..Default::default() });
        let of = |t: usize| found.iter().find(|p| p.theirs == t).map(|p| (p.ours, p.why));
        assert_eq!(of(0), Some((0, Why::Barcode)));
        assert_eq!(of(1), Some((1, Why::Article)));
        assert_eq!(of(2).map(|x| x.1), Some(Why::Name));
        assert_eq!(of(3), Some((2, Why::Name)), "two digits are no barcode");
        assert_ne!(of(4).map(|x| x.1), Some(Why::Article), "two products of ours have the article");
    }

    #[test]
    fn prc_15_the_nearest_of_ours_stand_in_order() {
        let ours =
            [named("Кабель ВВГ 3х1,5", "A-1", ""), named("Кабель ВВГ 3х2,5", "A-2", ""), named("Лампа LED 10 Вт", "A-3", "4016322966890")];
        let theirs = [named("Кабель ВВГ нг 3х2,5", "", ""), named("щось", "", "4016322966890"), named("zzz", "", "")];
        let found = nearest(&ours, &theirs, 5);
        let of = |t: usize| found[t].iter().map(|p| p.ours).collect::<Vec<_>>();
        assert_eq!((of(0), of(1), of(2)), (vec![1, 0], vec![2], vec![]));
        assert!(found[0][0].score > found[0][1].score && found[1][0].why == Why::Barcode);
        assert_eq!(nearest(&ours, &theirs, 1)[0].len(), 1);
        // The best of these is what `link` takes.
        let linked = link(&ours, &theirs, &Options { one_to_one: false, ..Default::default() });
        assert!(linked.iter().all(|p| found[p.theirs][0].ours == p.ours));
    }

    proptest! {
        #[test]
        fn prc_15_any_names_give_scores_between_zero_and_one_and_each_record_once(
            a in proptest::collection::vec("[a-zа-яіґ0-9 /.-]{0,30}", 0..12),
            b in proptest::collection::vec("[a-zа-яіґ0-9 /.-]{0,30}", 0..12),
        ) {
            let ours: Vec<Goods> = a.iter().map(|n| named(n, "", "")).collect();
            let theirs: Vec<Goods> = b.iter().map(|n| named(n, "", "")).collect();
            let found = link(&ours, &theirs, &Options::default());
            let distinct = |f: fn(&Pair) -> usize| found.iter().map(f).collect::<HashSet<_>>().len();
            prop_assert!(distinct(|p| p.ours) == found.len() && distinct(|p| p.theirs) == found.len());
            prop_assert!(found.iter().all(|p| p.score > 0.0 && p.score <= 1.0 && p.decision != Decision::Different));
            // The same again, and nothing depends on the order of a hash map.
            prop_assert_eq!(&found, &link(&ours, &theirs, &Options::default()));
        }
        #[test]
        fn prc_15_equal_names_are_the_same(n in "[a-z]{4,9} [a-z]{4,9} [a-z0-9]{6,9}") {
            let found = link(&[named(&n, "", "")], &[named(&n, "", "")], &Options::default());
            prop_assert!(found.len() == 1 && found[0].score > 0.99 && found[0].decision == Decision::Same);
        }
    }
}
