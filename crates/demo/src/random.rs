//! A small generator of pseudo-random numbers, the same on every machine and in every version: the demo is determined by
//! its seed. Integers only.

pub struct Random(u64);

impl Random {
    /// A stream of its own for each part of the story, so that a change of one part leaves the others as they were.
    pub fn new(seed: u64, part: &str) -> Random {
        let mut r = Random(seed ^ 0x9E37_79B9_7F4A_7C15);
        for b in part.bytes() {
            r.0 = r.0.wrapping_mul(0x0100_0000_01B3) ^ u64::from(b);
            r.next();
        }
        r
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 to `n - 1`; 0 for no choice.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.next() % n as u64) as usize }
    }
    /// Both ends included.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        if to <= from { from } else { from + (self.next() % (to - from + 1) as u64) as i64 }
    }
    /// True in so many cases of a hundred.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
    /// Index of one of the weights, in proportion to them.
    pub fn weighted(&mut self, weights: &[u64]) -> usize {
        let total: u64 = weights.iter().sum();
        let mut at = if total == 0 { 0 } else { self.next() % total };
        for (i, w) in weights.iter().enumerate() {
            if at < *w {
                return i;
            }
            at -= w;
        }
        weights.len().saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_tells_the_same_story() {
        let draw = |seed, part| {
            let mut r = Random::new(seed, part);
            (0..5).map(|_| r.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, "a"), draw(1, "a"));
        assert_ne!(draw(1, "a"), draw(1, "b"));
        assert_ne!(draw(1, "a"), draw(2, "a"));
    }

    #[test]
    fn weights_are_kept() {
        let mut r = Random::new(1, "w");
        let mut hits = [0; 3];
        (0..1000).for_each(|_| hits[r.weighted(&[0, 1, 3])] += 1);
        assert_eq!(hits[0], 0);
        assert!(hits[2] > hits[1] * 2, "{hits:?}");
    }
}
