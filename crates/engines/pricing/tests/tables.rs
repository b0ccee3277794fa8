//! The tables of `tests/cases`, and what holds for each of their answers.

mod common;

use kontor_pricing::*;

fn run(name: &str, text: &str) {
    let world = common::read(text);
    assert!(!world.asks.is_empty());
    let mut wrong = vec![];
    for ask in &world.asks {
        let e = price(&world.facts, &ask.question);
        let told = common::told(&e);
        if told != ask.want {
            wrong.push(format!("{name}:{} {}\n  want {}\n  got  {told}", ask.line, ask.text, ask.want));
        }
        assert_eq!(replay(&e.trace), Ok((e.price, e.discount)), "{name}:{} {}", ask.line, ask.text);
        assert_eq!(replay(&e.trace.winners()), Ok((e.price, e.discount)), "{name}:{} {}", ask.line, ask.text);
        let kept = serde_json::to_string(&e).unwrap();
        assert_eq!(serde_json::from_str::<Explained>(&kept).unwrap(), e, "{name}:{} survives being kept", ask.line);
        if let Some(step) = e.trace.steps.iter().find(|s| s.step == StepKind::Base) {
            assert_eq!(step.tried.iter().filter(|t| t.lost.is_none()).count(), 1, "{name}:{} has one winner", ask.line);
        }
        assert!(e.price.is_some() || e.problem.is_some(), "{name}:{} says why there is no price", ask.line);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn prc_13_access_sequence_table() {
    run("sequence", include_str!("cases/sequence.txt"));
}

#[test]
fn prc_03_value_table() {
    run("values", include_str!("cases/values.txt"));
}

#[test]
fn prc_03_formula_table() {
    run("formulas", include_str!("cases/formulas.txt"));
}
