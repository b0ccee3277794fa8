//! From candidates to decisions.

use super::block::{Columns, candidates};
use super::goods;
use super::kind::Kind;
use super::value::{read, weigh};
use super::weight::{MISSING, Weights, levels, probability};
use super::{Field, Rows};
use crate::Decision;

/// A pair that was compared: places in the left and in the right list (of one list: the earlier and the later record).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    pub left: usize,
    pub right: usize,
    /// 0 to 1: how likely the two are the same.
    pub score: f64,
    pub decision: Decision,
}

/// From this score on two records are told to be the same, …
const SAME: f64 = 0.5;
/// … and from this on worth a look.
const MAYBE: f64 = 0.1;
/// Records that are this likely the same are one for those that are near to either.
const SURE: f64 = 0.9;
/// Most records that are taken to be one.
const MOST: usize = 50;
/// What scores less is not told of at all.
const LEAST: f64 = 0.01;

/// Pairs of the left list with the right one, or within the left one; by their places. The same lists give the same pairs.
pub fn link(left: &dyn Rows, right: Option<&dyn Rows>, fields: &[Field]) -> Vec<Link> {
    let fields: Vec<&Field> = fields.iter().filter(|f| f.kind != Kind::Ignore).collect();
    if let Some(right) = right.filter(|_| goods::are(&fields)) {
        return goods::link(left, right, &fields);
    }
    let split = right.map(|_| left.len());
    let mut c = Columns { kinds: fields.iter().map(|f| f.kind).collect(), lexicons: vec![], values: vec![], records: left.len() };
    for f in &fields {
        let mut raw: Vec<&str> = (0..left.len()).map(|r| left.cell(r, f.left)).collect();
        if let Some(right) = right {
            raw.extend((0..right.len()).map(|r| right.cell(r, f.right)));
        }
        let mut values: Vec<_> = raw.iter().map(|s| read(f.kind, s)).collect();
        c.records = values.len();
        c.lexicons.push(weigh(f.kind, &raw, &mut values));
        c.values.push(values);
    }
    let pairs = candidates(&c, split);
    let compared: Vec<Vec<u8>> = pairs.iter().map(|(a, b)| levels(&c, *a as usize, *b as usize)).collect();
    let weights = Weights::learn(&c, split, &pairs, &compared);
    let odds: Vec<f64> = pairs.iter().zip(&compared).map(|(p, l)| weights.sum(&c, *p, l)).collect();
    let mut out: Vec<Link> = pairs
        .iter()
        .zip(odds.iter().zip(&compared))
        .map(|((a, b), (o, levels))| {
            let score = probability(*o);
            let decision = match score {
                s if s >= SAME && hearsay(&c, levels) => Decision::Maybe,
                s if s >= SAME => Decision::Same,
                s if s >= MAYBE => Decision::Maybe,
                _ => Decision::Different,
            };
            Link { left: *a as usize, right: *b as usize, score, decision }
        })
        .collect();
    match split {
        Some(_) => one_each(&mut out, &odds),
        None => together(&mut out, c.records),
    }
    out.retain(|l| l.score >= LEAST);
    out.iter_mut().for_each(|l| l.right -= split.unwrap_or(0));
    out
}

/// A name or a date alone, where the lists have more to compare: likely, but nobody can tell.
fn hearsay(c: &Columns, levels: &[u8]) -> bool {
    let mut told = levels.iter().zip(&c.kinds).filter(|(l, _)| **l != MISSING);
    let (first, second) = (told.next(), told.next());
    second.is_none() && c.kinds.len() > 1 && first.is_some_and(|(_, k)| !matches!(k, Kind::Phone | Kind::Email | Kind::Code))
}

/// Within one list what is the same as the same is the same, although the two were not alike enough by themselves.
fn together(links: &mut Vec<Link>, records: usize) {
    let mut top: Vec<usize> = (0..records).collect();
    fn find(top: &mut [usize], mut n: usize) -> usize {
        while top[n] != n {
            top[n] = top[top[n]];
            n = top[n];
        }
        n
    }
    for l in links.iter().filter(|l| l.score >= SURE && l.decision == Decision::Same) {
        let (a, b) = (find(&mut top, l.left), find(&mut top, l.right));
        top[a.max(b)] = a.min(b);
    }
    let mut members: std::collections::BTreeMap<usize, Vec<usize>> = Default::default();
    for r in 0..records {
        members.entry(find(&mut top, r)).or_default().push(r);
    }
    let mut known: std::collections::HashMap<(usize, usize), usize> =
        links.iter().enumerate().map(|(n, l)| ((l.left, l.right), n)).collect();
    for all in members.values().filter(|m| (3..=MOST).contains(&m.len())) {
        for (k, a) in all.iter().enumerate() {
            for b in &all[k + 1..] {
                let n = *known.entry((*a, *b)).or_insert_with(|| {
                    links.push(Link { left: *a, right: *b, score: 0.0, decision: Decision::Different });
                    links.len() - 1
                });
                let l = &mut links[n];
                if l.decision != Decision::Same {
                    l.decision = Decision::Same;
                    l.score = l.score.max(SAME);
                }
            }
        }
    }
    links.sort_by_key(|l| (l.left, l.right));
}

/// Between two lists each record is in one pair that is the same: of several the likeliest; the others are worth a look.
fn one_each(links: &mut [Link], odds: &[f64]) {
    let mut order: Vec<usize> = (0..links.len()).filter(|n| links[*n].decision == Decision::Same).collect();
    order.sort_by(|x, y| odds[*y].total_cmp(&odds[*x]).then(x.cmp(y)));
    let (mut left, mut right) = (std::collections::HashSet::new(), std::collections::HashSet::new());
    for n in order {
        let l = &mut links[n];
        if left.contains(&l.left) || right.contains(&l.right) {
            l.decision = Decision::Maybe;
        } else {
            left.insert(l.left);
            right.insert(l.right);
        }
    }
}
