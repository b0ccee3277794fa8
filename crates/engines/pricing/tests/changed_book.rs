//! A book that has been changed answers like one that was written anew, and tells the same about each line.

mod common;

use common::worlds::{Chaos, chaos};
use kontor_pricing::*;
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::HashMap;

fn told(book: &Book, w: &Chaos) -> Vec<Explained> {
    let facts = w.facts();
    let names: HashMap<Id, String> = HashMap::new();
    let d = Pricer::new(book, &facts, &w.head).document(&w.items, true);
    (0..w.items.len()).map(|n| d.explain(book, &w.head, &w.items, n, &names).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn prc_17_a_changed_book_answers_and_tells_like_a_new_one(w in chaos(), changed in prop::collection::vec(any::<Index>(), 8), gone in prop::collection::vec(any::<Index>(), 8)) {
        prop_assume!(!w.rules.is_empty());
        // Of a price type that is asked for by itself, it is told whether any record has ever named it.
        let w = Chaos { head: Header { price_type: None, ..w.head.clone() }, ..w };
        let rule = |i: &Index| &w.rules[i.index(w.rules.len())];
        let mut book = w.book(false);
        for c in changed.iter().map(rule) {
            // Into another key, and back again.
            let kept = book.get(c.id).unwrap();
            let other = Condition { what: What::Any, who: Who::Anyone, kind: Kind::Quantity, value: Value::Percent(kontor_kernel::Percent::ONE), limit: None, ..kept.clone() };
            book.put(&other).unwrap();
            book.put(&kept).unwrap();
        }
        for c in gone.iter().map(rule) {
            book.remove(c.id);
        }
        let mut left = w.clone();
        left.rules.retain(|c| gone.iter().all(|i| rule(i).id != c.id));
        prop_assert_eq!(told(&book, &w), told(&left.book(true), &w));
    }
}
