//! `kontor match` against lists whose pairs people have made. The same thresholds for all of them: nothing is fitted to a list.

use crate::support::*;
use kontor_exchange::Input;
use kontor_exchange::read::{Format, load};
use kontor_kernel::HashSet;
use kontor_matching::records::Kind;
use kontor_trade::pairs::{Asked, MAX_ROWS, Told, pairs};
use std::collections::BTreeMap;

type Pair = (String, String);

fn input(folder: &str, file: &str) -> Input {
    Input::Path(set(folder).expect("is there").join(file))
}

fn compared(left: &Input, right: Option<&Input>, columns: &[&str]) -> (Told, Vec<(Pair, String)>) {
    let mut out = vec![];
    let asked = Asked { kinds: columns.iter().map(|c| c.to_string()).collect(), separator: None };
    let told = pairs(left, right, &asked, &mut out).expect("compared");
    let text = String::from_utf8(out).expect("UTF-8");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("id_a,id_b,score,decision"));
    let row = |l: &str| {
        let c: Vec<&str> = l.split(',').collect();
        assert!((0.0..=1.0).contains(&c[2].parse::<f64>().expect("a score")), "{l}");
        ((c[0].to_string(), c[1].to_string()), c[3].to_string())
    };
    (told, lines.map(row).collect())
}

/// Precision, recall and F1 of the pairs that are told to be the same; within one list either order is right.
#[track_caller]
fn reached(what: &str, found: &[(Pair, String)], truth: &HashSet<Pair>, wanted: (f64, f64)) {
    let same: Vec<&Pair> = found.iter().filter(|f| f.1 == "same").map(|f| &f.0).collect();
    let right = same.iter().filter(|p| truth.contains(**p)).count() as f64;
    let (precision, recall) = (right / same.len().max(1) as f64, right / truth.len() as f64);
    eprintln!("{what}: precision {precision:.4} recall {recall:.4} F1 {:.4}", 2.0 * precision * recall / (precision + recall));
    assert!(precision >= wanted.0 && recall >= wanted.1, "{what}: precision {precision} recall {recall}, wanted {wanted:?}");
}

fn truth(folder: &str, file: &str, separator: &str) -> HashSet<Pair> {
    let format = Format { separator: Some(separator.into()), ..Default::default() };
    let t = load(&input(folder, file), &format, &Default::default()).expect("reads");
    t.rows().map(|r| (r.cell(0).trim().to_string(), r.cell(1).trim().to_string())).collect()
}

/// Both orders of a pair count as one.
fn ordered(p: &Pair) -> Pair {
    if p.0 < p.1 { p.clone() } else { (p.1.clone(), p.0.clone()) }
}

fn within(found: Vec<(Pair, String)>) -> Vec<(Pair, String)> {
    found.into_iter().map(|(p, d)| (ordered(&p), d)).collect()
}

#[test]
fn ptr_13_febrl_people_within_one_list() {
    if set("dedup_febrl").is_none() {
        return;
    }
    for (name, pairs) in [("febrl1", 500), ("febrl2", 1934)] {
        let (told, found) = compared(&input("dedup_febrl", &format!("{name}.csv")), None, &[]);
        let truth: HashSet<Pair> = truth("dedup_febrl", &format!("{name}_true_links.csv"), ",").iter().map(ordered).collect();
        assert_eq!(truth.len(), pairs);
        let kinds: Vec<Kind> = told.columns.iter().map(|c| c.1).collect();
        let expected = "name name code address address name code code date code";
        assert_eq!(kinds.iter().map(|k| k.code()).collect::<Vec<_>>().join(" "), expected);
        reached(name, &within(found), &truth, (0.995, 0.995));
    }
}

#[test]
fn ptr_13_splink_people_who_are_met_up_to_seven_times() {
    if set("dedup_splink_fake").is_none() {
        return;
    }
    let file = input("dedup_splink_fake", "fake_1000.csv");
    // The column with the answer is not looked at.
    let (_, found) = compared(&file, None, &["cluster=ignore"]);
    let t = load(&file, &Default::default(), &Default::default()).expect("reads");
    let (id, of) = (t.column("unique_id").expect("an id"), t.column("cluster").expect("the answer"));
    let mut clusters: BTreeMap<String, Vec<String>> = BTreeMap::new();
    t.rows().for_each(|r| clusters.entry(r.cell(of).to_string()).or_default().push(r.cell(id).to_string()));
    let two = |all: &Vec<String>| -> Vec<Pair> {
        let pair = |n: usize, a: &String| all[n + 1..].iter().map(|b| ordered(&(a.clone(), b.clone()))).collect::<Vec<_>>();
        all.iter().enumerate().flat_map(|(n, a)| pair(n, a)).collect()
    };
    let truth: HashSet<Pair> = clusters.values().flat_map(two).collect();
    assert_eq!(truth.len(), 2031);
    reached("splink", &within(found), &truth, (0.94, 0.96));
}

#[test]
fn ptr_13_two_lists_of_papers_of_goods_and_of_restaurants() {
    if set("dedup_dblp_acm").is_none() {
        return;
    }
    // Of the restaurants 23 pairs with the same name and telephone are missing among the answers: they count as wrong here.
    for (folder, left, right, separator, wanted) in [
        ("dedup_dblp_acm", "dblp.csv", "acm.csv", "%", (0.98, 0.98)),
        ("dedup_abt_buy", "abt.csv", "buy.csv", "|", (0.97, 0.94)),
        ("dedup_restaurants", "rest1.csv", "rest2.csv", "|", (0.78, 0.94)),
    ] {
        let (told, found) = compared(&input(folder, left), Some(&input(folder, right)), &[]);
        eprintln!("{:?}", told.columns);
        reached(folder, &found, &truth(folder, "gt.csv", separator), wanted);
    }
}

#[test]
fn ptr_13_partners_of_two_bases_in_any_encoding_and_order_of_columns() {
    let a = "код;Назва;ЄДРПОУ;Телефон;Місто\n1;ТОВ «Альфа Трейд»;32855961;044 123-45-67;Київ\n2;ПП Бета;21560045;;Львів\n3;ФОП Гамма О. П.;;067 555 11 22;Одеса\n4;ТОВ Дельта;14360570;050 700-80-90;Харків\n5;АТ Омега;;;\n";
    let b = "id,місто,телефон,назва,єдрпоу\nx,Киев,+380441234567,Альфа Трейд ТОВ,32855961\ny,Львів,,\"Бета, ПП\",21560045\nz,Одесса,+38(067)5551122,ФОП Гама О.П.,\nw,Дніпро,,ТОВ Сигма,33333333\n";
    let (a_cp1251, _, _) = encoding_rs::WINDOWS_1251.encode(a);
    let left = Input::bytes("a.csv", a_cp1251.into_owned());
    let (told, found) = compared(&left, Some(&Input::bytes("b.csv", b.as_bytes().to_vec())), &[]);
    let same: Vec<&Pair> = found.iter().filter(|f| f.1 == "same").map(|f| &f.0).collect();
    assert_eq!(same.iter().map(|p| format!("{}{}", p.0, p.1)).collect::<Vec<_>>(), ["1x", "2y", "3z"], "{:?}", told.columns);
}

#[test]
fn ptr_13_what_cannot_be_compared_is_said() {
    let of = |text: &str| Input::bytes("list.csv", text.as_bytes().to_vec());
    let good = of("id,name\n1,Alfa\n2,Beta\n");
    let refused = |a: &Input, b: Option<&Input>, kinds: &[&str]| {
        let asked = Asked { kinds: kinds.iter().map(|k| k.to_string()).collect(), separator: None };
        pairs(a, b, &asked, &mut vec![]).expect_err("refused").inner().code.to_string()
    };
    assert_eq!(refused(&of(""), None, &[]), "file_empty");
    // More rows than may be compared are told before they are, in both lists together.
    let many = |n: usize| of(&format!("id,name\n{}", "1,a\n".repeat(n)));
    assert_eq!(refused(&many(MAX_ROWS + 1), None, &[]), "match_too_many");
    assert_eq!(refused(&many(MAX_ROWS / 2), Some(&many(MAX_ROWS / 2 + 1)), &[]), "match_too_many");
    assert_eq!(refused(&of("id,name\n"), None, &[]), "match_no_rows");
    assert_eq!(refused(&of("id\n1\n"), None, &[]), "match_one_column");
    assert_eq!(refused(&good, Some(&of("id,town,phone\n1,Kyiv,2\n")), &[]), "match_columns");
    assert_eq!(refused(&good, None, &["name"]), "match_kind");
    assert_eq!(refused(&good, None, &["name=colour"]), "match_kind");
    assert_eq!(refused(&good, None, &["town=name"]), "column_missing");
    assert_eq!(refused(&good, None, &["name=ignore"]), "match_nothing");
    assert_eq!(refused(&Input::Path("no-such-file.csv".into()), None, &[]), "file_missing");
    assert_eq!(refused(&of("\u{0}\u{1}binary"), None, &[]), "file_format_unknown");
}
