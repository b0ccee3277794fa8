//! Lists of people and firms as they come from files.

use super::*;
use crate::Decision;
use proptest::prelude::*;

fn rows(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|l| l.split(';').map(|c| c.trim().to_string()).collect()).collect()
}

fn fields(heading: &str, a: &[Vec<String>]) -> Vec<Field> {
    let kind = |n: usize, h: &str| recognise(h, a.iter().map(|r| r[n].as_str()));
    heading.split(';').enumerate().skip(1).map(|(n, h)| Field { left: n, right: n, kind: kind(n, h) }).collect()
}

const PEOPLE: &str = "1;Олена;Коваленко;1985-03-12;+38 044 123-45-67;olena.k@example.org
2;Олена;Коваленко;1985-03-12;0441234567;
3;Коваленко;Олена;1985-03-21;;olena.k@example.org
4;Іван;Мельник;1970-01-30;+38 067 555-11-22;ivan@firma.example
5;Іванна;Мельник;1999-10-02;+38 093 777-00-10;ivanna.m@poshta.example
6;Тарас;Бондаренко;1992-07-15;+38 050 111-22-33;taras@firma.example
7;Тарс;Бондаренко;1992-07-15;050 1112233;taras@firma.example
8;Марія;Ткаченко;1988-12-01;+38 066 909-80-70;
9;Петро;Шевчук;1961-05-05;;petro@example.net
10;Юлія;Кравець;2001-09-09;+38 073 404-50-60;yulia@example.net";
const HEADING: &str = "id;ім’я;прізвище;дата народження;телефон;email";

#[test]
fn ptr_13_people_with_slips_swapped_names_and_missing_cells_are_found() {
    let people = rows(PEOPLE);
    let found = link(&people, None, &fields(HEADING, &people));
    let same: Vec<(usize, usize)> = found.iter().filter(|l| l.decision == Decision::Same).map(|l| (l.left + 1, l.right + 1)).collect();
    assert_eq!(same, [(1, 2), (1, 3), (2, 3), (6, 7)]);
}

#[test]
fn ptr_13_between_two_lists_each_record_has_one_other() {
    let people = rows(PEOPLE);
    let (a, b) = (people[..5].to_vec(), [people[0].clone(), people[1].clone(), people[3].clone(), people[8].clone()].to_vec());
    let found = link(&a, Some(&b), &fields(HEADING, &people));
    let same: Vec<(usize, usize)> = found.iter().filter(|l| l.decision == Decision::Same).map(|l| (l.left, l.right)).collect();
    assert_eq!(same, [(0, 0), (1, 1), (3, 2)]);
}

#[test]
fn ptr_13_a_name_alone_is_worth_a_look_only() {
    let mut a = rows(PEOPLE);
    a.push(rows("11;Юлія;;;;")[0].clone());
    let found = link(&a, None, &fields(HEADING, &a));
    assert!(found.iter().all(|l| l.right != 10 || l.decision != Decision::Same), "{found:?}");
}

proptest! {
    #[test]
    fn ptr_13_any_cells_give_scores_between_zero_and_one_each_pair_once_and_the_same_again(
        a in proptest::collection::vec(proptest::collection::vec("[a-zа-яіґ0-9@. -]{0,12}", 4), 0..14),
        b in proptest::collection::vec(proptest::collection::vec("[a-zа-яіґ0-9@. -]{0,12}", 4), 0..14),
        kinds in proptest::collection::vec(0usize..Kind::ALL.len(), 3),
    ) {
        let fields: Vec<Field> = kinds.iter().enumerate().map(|(n, k)| Field { left: n + 1, right: n + 1, kind: Kind::ALL[*k] }).collect();
        for right in [None, Some(&b as &dyn Rows)] {
            let found = link(&a, right, &fields);
            let most = right.map_or(a.len(), Rows::len);
            prop_assert!(found.iter().all(|l| (0.0..=1.0).contains(&l.score) && l.left < a.len() && l.right < most));
            prop_assert!(found.windows(2).all(|w| (w[0].left, w[0].right) < (w[1].left, w[1].right)));
            prop_assert!(right.is_some() || found.iter().all(|l| l.left < l.right));
            prop_assert_eq!(&found, &link(&a, right, &fields));
        }
    }
}
