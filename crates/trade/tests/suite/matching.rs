//! The matching of goods against a list of pairs that people have made.

use crate::support::*;
use kontor_exchange::Input;
use kontor_exchange::read::{Format, load};
use kontor_kernel::HashSet;
use kontor_matching::{Decision, Goods, Options, link};

fn table(file: &str) -> kontor_exchange::read::Table {
    let path = set("dedup_abt_buy").expect("is there").join(file);
    load(&Input::Path(path), &Format { separator: Some("|".into()), ..Default::default() }, &Default::default()).expect("reads")
}

#[test]
fn prc_15_a_competitors_list_finds_our_goods_by_their_names() {
    if set("dedup_abt_buy").is_none() {
        return;
    }
    let (a, b, truth) = (table("abt.csv"), table("buy.csv"), table("gt.csv"));
    let goods =
        |t: &'_ kontor_exchange::read::Table| -> Vec<[String; 3]> { t.rows().map(|r| [0, 1, 2].map(|c| r.cell(c).to_string())).collect() };
    let (a, b) = (goods(&a), goods(&b));
    fn of(rows: &[[String; 3]]) -> Vec<Goods<'_>> {
        rows.iter().map(|r| Goods { name: &r[1], description: &r[2], ..Default::default() }).collect()
    }
    let truth: HashSet<(String, String)> = truth.rows().map(|r| (r.cell(0).into(), r.cell(1).into())).collect();
    assert_eq!(truth.len(), 1076);
    let started = std::time::Instant::now();
    let found = link(&of(&a), &of(&b), &Options::default());
    let took = started.elapsed();
    let measure = |least: Decision| {
        let pairs: Vec<(String, String)> =
            found.iter().filter(|p| p.decision >= least).map(|p| (a[p.ours][0].clone(), b[p.theirs][0].clone())).collect();
        let right = pairs.iter().filter(|p| truth.contains(*p)).count() as f64;
        let (precision, recall) = (right / pairs.len() as f64, right / truth.len() as f64);
        (precision, recall, 2.0 * precision * recall / (precision + recall))
    };
    let (all, sure) = (measure(Decision::Maybe), measure(Decision::Same));
    eprintln!(
        "Abt-Buy: all pairs precision {:.3} recall {:.3} F1 {:.3}; sure ones {:.3} {:.3} {:.3}; {took:?}",
        all.0, all.1, all.2, sure.0, sure.1, sure.2
    );
    assert!(all.2 >= 0.95, "F1 {all:?}");
    assert!(sure.0 >= 0.975, "precision of those that nobody looks at {sure:?}");
}
