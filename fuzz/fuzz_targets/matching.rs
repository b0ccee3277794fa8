//! Lists that are compared: lines of text, cells divided by `;`, the second list after `---`; the first byte chooses how columns
//! are compared.
#![no_main]

use kontor_fuzz::two;
use kontor_matching::records::{self, Field, Kind, Rows, recognise};
use kontor_matching::{Goods, Options, link, nearest};
use libfuzzer_sys::fuzz_target;

const COLUMNS: usize = 4;

fn list(text: &str) -> Vec<Vec<String>> {
    text.lines().take(40).map(|l| l.splitn(COLUMNS, ';').map(str::to_string).collect()).collect()
}

fuzz_target!(|data: &[u8]| {
    let Some((first, text)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(text);
    let (a, b) = two(&text);
    let (a, b) = (list(a), list(b));
    of_records(*first, &a, &b);
    of_goods(&a, &b);
});

fn of_records(first: u8, a: &Vec<Vec<String>>, b: &Vec<Vec<String>>) {
    let column = |n: usize| a.iter().filter_map(move |r| r.get(n)).map(String::as_str);
    let given = |n: usize| Kind::ALL[(usize::from(first) + n * 2) % Kind::ALL.len()];
    let kind = |n: usize| if first >= 128 { recognise("", column(n)) } else { given(n) };
    let fields: Vec<Field> = (1..COLUMNS).map(|n| Field { left: n, right: n, kind: kind(n) }).collect();
    for right in [None, Some(b as &dyn Rows)] {
        let found = records::link(a, right, &fields);
        let most = right.map_or(a.len(), Rows::len);
        assert!(found.iter().all(|l| (0.0..=1.0).contains(&l.score) && l.left < a.len() && l.right < most), "{found:?}");
        assert!(found.windows(2).all(|w| (w[0].left, w[0].right) < (w[1].left, w[1].right)), "{found:?}");
        assert!(right.is_some() || found.iter().all(|l| l.left < l.right), "{found:?}");
        assert_eq!(found, records::link(a, right, &fields), "the same lists give the same pairs");
    }
}

fn goods(list: &[Vec<String>]) -> Vec<Goods<'_>> {
    fn cell(row: &[String], n: usize) -> &str {
        row.get(n).map_or("", String::as_str)
    }
    list.iter().map(|r| Goods { name: cell(r, 0), description: cell(r, 1), article: cell(r, 2), barcode: cell(r, 3) }).collect()
}

fn of_goods(a: &[Vec<String>], b: &[Vec<String>]) {
    let (ours, theirs) = (goods(a), goods(b));
    let found = link(&ours, &theirs, &Options::default());
    assert!(found.iter().all(|p| p.score > 0.0 && p.score <= 1.0 && p.ours < ours.len() && p.theirs < theirs.len()), "{found:?}");
    assert_eq!(found, link(&ours, &theirs, &Options::default()), "the same lists give the same pairs");
    let near = nearest(&ours, &theirs, 5);
    assert!(near.iter().all(|n| n.len() <= 5 && n.windows(2).all(|w| w[0].score >= w[1].score)), "{near:?}");
}
