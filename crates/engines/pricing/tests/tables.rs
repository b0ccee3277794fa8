//! The tables of `golden`, and what holds for each of their answers. `KONTOR_BLESS=1` writes the answers into the tables;
//! read the difference before you keep it.

mod common;

use common::{Asked, TABLES, told};
use kontor_pricing::*;

fn run(name: &str) -> usize {
    let text = TABLES.iter().find(|(n, _)| *n == name).unwrap().1;
    let world = common::read(text);
    assert!(!world.asks.is_empty());
    let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
    let mut wrong = vec![];
    for ask in &world.asks {
        let told = told::answer(&world, ask);
        if told != ask.want {
            wrong.push(format!("{name}:{} {}\n  want {}\n  got  {told}", ask.line, ask.text, ask.want));
            let left = lines[ask.line - 1].split("=>").next().unwrap().to_string();
            lines[ask.line - 1] = format!("{left}=> {told}").trim_end().to_string();
        }
        if ask.asked == Asked::Price {
            holds(&world, ask, name);
        }
    }
    if std::env::var("KONTOR_BLESS").is_ok() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("golden/{name}.txt"));
        std::fs::write(path, lines.join("\n") + "\n").unwrap();
    } else {
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
    world.asks.len()
}

fn holds(world: &common::World, ask: &common::Ask, name: &str) {
    let at = format!("{name}:{} {}", ask.line, ask.text);
    let e = explain(&world.book, &world.facts, &ask.head, &ask.items[0], &world.names);
    let want = Replayed { price: e.price, discount: e.discount, net: e.net, amount: e.amount };
    assert_eq!(replay(&e.trace), Ok(want), "{at}");
    let kept = serde_json::to_string(&e.trace.winners()).unwrap();
    assert_eq!(replay(&serde_json::from_str(&kept).unwrap()), Ok(want), "{at} after being kept");
    let whole = serde_json::to_string(&e).unwrap();
    assert_eq!(serde_json::from_str::<Explained>(&whole).unwrap(), e, "{at} survives being kept");
    if let Some(step) = e.trace.steps.iter().find(|s| s.step == StepKind::Base) {
        assert_eq!(step.tried.iter().filter(|t| t.lost.is_none()).count(), 1, "{at} has one winner");
    }
    assert!(e.price.is_some() || e.problem.is_some(), "{at} says why there is no price");
    let silent = Pricer::new(&world.book, &world.facts, &ask.head).line(&ask.items[0]);
    assert_eq!((silent.price, silent.discount, silent.net, silent.amount), (e.price, e.discount, e.net, e.amount), "{at} without a trace");
}

#[test]
fn prc_13_access_sequence_table() {
    run("sequence");
}

#[test]
fn prc_03_value_table() {
    run("values");
}

#[test]
fn prc_05_formula_table() {
    run("formulas");
}

#[test]
fn prc_12_discount_table() {
    run("discounts");
}

#[test]
fn prc_12_order_table() {
    run("orders");
}

#[test]
fn prc_13_terms_table() {
    run("terms");
}

#[test]
fn prc_13_there_are_many_cases() {
    let count: usize = TABLES.iter().map(|(_, text)| common::read(text).asks.len()).sum();
    assert!(count >= 150, "{count}");
}
