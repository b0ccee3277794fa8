//! Two lists that hold texts and little else are lists of goods: prices differ from seller to seller and say nothing, of
//! texts the first is the name, the others describe. They are matched as price lists are.

use super::decide::Link;
use super::kind::Kind;
use super::{Field, Rows};
use crate::goods::{Goods, Options, link as pairs};

/// Likeness of names from which a pair is the same, and from which it is worth a look.
const OPTIONS: Options = Options { one_to_one: true, same: 0.2, maybe: 0.1 };

pub fn are(fields: &[&Field]) -> bool {
    fields.iter().any(|f| f.kind == Kind::Text) && fields.iter().all(|f| matches!(f.kind, Kind::Text | Kind::Price))
}

pub fn link(left: &dyn Rows, right: &dyn Rows, fields: &[&Field]) -> Vec<Link> {
    let texts: Vec<&Field> = fields.iter().filter(|f| f.kind == Kind::Text).copied().collect();
    let described = |rows: &dyn Rows, of: fn(&Field) -> usize| -> Vec<String> {
        let rest = |r: usize| texts[1..].iter().map(|f| rows.cell(r, of(f))).collect::<Vec<_>>().join(" ");
        (0..rows.len()).map(rest).collect()
    };
    let (about_left, about_right) = (described(left, |f| f.left), described(right, |f| f.right));
    fn list<'a>(rows: &'a dyn Rows, name: usize, about: &'a [String]) -> Vec<Goods<'a>> {
        let one = |r: usize| Goods { name: rows.cell(r, name), description: &about[r], ..Default::default() };
        (0..rows.len()).map(one).collect()
    }
    let (ours, theirs) = (list(left, texts[0].left, &about_left), list(right, texts[0].right, &about_right));
    let mut out: Vec<Link> = pairs(&ours, &theirs, &OPTIONS)
        .into_iter()
        .map(|p| Link { left: p.ours, right: p.theirs, score: likely(p.score), decision: p.decision })
        .collect();
    out.sort_by_key(|l| (l.left, l.right));
    out
}

/// Likeness as a score that means the same for all lists: from a half on the pair is the same.
fn likely(likeness: f64) -> f64 {
    if likeness >= OPTIONS.same { 0.5 + 0.5 * (likeness - OPTIONS.same) / (1.0 - OPTIONS.same) } else { 0.5 * likeness / OPTIONS.same }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prc_15_the_score_of_goods_grows_with_likeness_and_a_half_is_the_same() {
        assert_eq!((likely(0.0), likely(1.0), likely(OPTIONS.same)), (0.0, 1.0, 0.5));
        let all: Vec<f64> = (0..=20).map(|n| likely(f64::from(n) / 20.0)).collect();
        assert!(all.windows(2).all(|w| w[0] < w[1]));
    }
}
