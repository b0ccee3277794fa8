//! How much each level of each column says for or against a pair (Fellegi and Sunter, 1969): the logarithm of how often the
//! level is met among pairs that are the same against how often among any two records. The latter is counted over random
//! pairs; the former is learned from the candidates themselves (expectation and maximisation), held near what slips of people
//! usually look like. Nothing is trained on known answers.

use super::block::Columns;
use super::kind::Kind;
use super::near::{LEVELS, near, whole};

/// Level of a column of which either value is missing: it says nothing.
pub const MISSING: u8 = u8::MAX;

/// What people's slips look like, before anything is learned: shares of the levels among records that are the same.
const USUAL: [f64; LEVELS] = [0.72, 0.1, 0.05, 0.03, 0.03, 0.03, 0.04];
const USUAL_TEXT: [f64; LEVELS] = [0.3, 0.2, 0.18, 0.14, 0.1, 0.05, 0.03];
const USUAL_PRICE: [f64; LEVELS] = [0.3, 0.15, 0.15, 0.12, 0.12, 0.1, 0.06];
/// The same among any two records, for lists too short to tell.
const CHANCE: [f64; LEVELS] = [0.004, 0.003, 0.005, 0.01, 0.03, 0.1, 0.848];
const HELD_CHANCE: f64 = 200.0;
/// What the usual shares count in the learning, in pairs.
const HELD: f64 = 60.0;
const ROUNDS: usize = 12;
/// Random pairs that are counted.
const SAMPLE: usize = 20_000;
/// Most that one column may say.
const MOST: f64 = 9.0;

pub struct Weights {
    /// By column and level.
    same: Vec<[f64; LEVELS]>,
    any: Vec<[f64; LEVELS]>,
    /// Logarithm of the odds that any two records are the same.
    prior: f64,
}

/// Levels of all columns of a pair.
pub fn levels(c: &Columns, a: usize, b: usize) -> Vec<u8> {
    let mut out: Vec<u8> = c
        .kinds
        .iter()
        .enumerate()
        .map(|(n, kind)| {
            let (x, y) = (&c.values[n][a], &c.values[n][b]);
            if x.is_empty() || y.is_empty() { MISSING } else { near(*kind, &c.lexicons[n], x, y) }
        })
        .collect();
    swapped(c, a, b, &mut out);
    out
}

/// Two names that stand in each other's columns are as good as names with a slip.
fn swapped(c: &Columns, a: usize, b: usize, levels: &mut [u8]) {
    let names: Vec<usize> = (0..c.kinds.len()).filter(|n| c.kinds[*n] == Kind::Name).collect();
    for (k, i) in names.iter().enumerate() {
        for j in &names[k + 1..] {
            let far = |l: u8| l >= 4;
            if !(far(levels[*i]) && far(levels[*j])) {
                continue;
            }
            let crossed = |x: usize, y: usize| {
                let (p, q) = (&c.values[x][a], &c.values[y][b]);
                if p.is_empty() || q.is_empty() { None } else { Some(whole(&p.text, &q.text) >= 0.84) }
            };
            let (one, two) = (crossed(*i, *j), crossed(*j, *i));
            if one != Some(false) && two != Some(false) && (one.is_some() || two.is_some()) {
                (levels[*i], levels[*j]) = (if one.is_some() { 1 } else { MISSING }, if two.is_some() { 1 } else { MISSING });
            }
        }
    }
}

/// Numbers that look random and are the same every time (SplitMix64).
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Weights {
    /// Learns from the candidates with their levels; `split` as in blocking.
    pub fn learn(c: &Columns, split: Option<usize>, candidates: &[(u32, u32)], levels: &[Vec<u8>]) -> Weights {
        let left = split.unwrap_or(c.records);
        let right = split.map_or(c.records, |s| c.records - s);
        let pairs = (left as f64 * right as f64 / if split.is_some() { 1.0 } else { 2.0 }).max(1.0);
        let usual = |k: &Kind| match k {
            Kind::Text => USUAL_TEXT,
            Kind::Price => USUAL_PRICE,
            _ => USUAL,
        };
        let mut w = Weights {
            same: c.kinds.iter().map(usual).collect(),
            any: any(c, split, pairs),
            prior: (0.2 * left.min(right) as f64 / pairs).ln(),
        };
        for _ in 0..ROUNDS {
            let mut met: Vec<[f64; LEVELS]> = c.kinds.iter().map(|k| usual(k).map(|x| x * HELD)).collect();
            let mut expected = 1.0;
            for (pair, levels) in candidates.iter().zip(levels) {
                let p = probability(w.sum(c, *pair, levels));
                expected += p;
                for (n, l) in levels.iter().enumerate().filter(|(_, l)| **l != MISSING) {
                    met[n][*l as usize] += p;
                }
            }
            for (same, met) in w.same.iter_mut().zip(&met) {
                let all: f64 = met.iter().sum();
                *same = met.map(|x| x / all);
            }
            w.prior = (expected / pairs).min(0.5).ln();
        }
        w
    }

    /// Logarithm of the odds that a pair is the same.
    pub fn sum(&self, c: &Columns, (a, b): (u32, u32), levels: &[u8]) -> f64 {
        let mut sum = self.prior;
        for (n, l) in levels.iter().enumerate().filter(|(_, l)| **l != MISSING) {
            let l = *l as usize;
            // A rare value in common says more than a frequent one.
            let by_chance = if l == 0 { c.values[n][a as usize].share.max(c.values[n][b as usize].share) } else { self.any[n][l] };
            sum += (self.same[n][l] / by_chance).ln().clamp(-MOST, MOST);
        }
        sum
    }
}

pub fn probability(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

/// Shares of the levels among random pairs.
fn any(c: &Columns, split: Option<usize>, pairs: f64) -> Vec<[f64; LEVELS]> {
    let mut met = vec![[0.0; LEVELS]; c.kinds.len()];
    let mut state = 1;
    let mut pick = |from: usize, to: usize| from + (random(&mut state) % (to - from).max(1) as u64) as usize;
    for _ in 0..SAMPLE {
        let (a, b) = match split {
            Some(s) => (pick(0, s), pick(s, c.records)),
            None => (pick(0, c.records), pick(0, c.records)),
        };
        if a == b || b >= c.records {
            continue;
        }
        for (n, l) in levels(c, a, b).into_iter().enumerate().filter(|(_, l)| *l != MISSING) {
            met[n][l as usize] += 1.0;
        }
    }
    // Of a short list the same few pairs are drawn again and again, those that are the same among them.
    let counts = (pairs / SAMPLE as f64).min(1.0);
    let shares = |m: [f64; LEVELS]| {
        let all = m.iter().sum::<f64>() * counts + HELD_CHANCE;
        std::array::from_fn(|l| (m[l] * counts + CHANCE[l] * HELD_CHANCE) / all)
    };
    met.into_iter().map(shares).collect()
}
