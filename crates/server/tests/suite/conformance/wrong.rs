//! Every wrong value of every column and argument: refused, named by its field, said in three languages, and nothing is left.

use super::{Names, command, count, each, passed_over};
use crate::fixtures::{Samples, both};
use kontor_kernel::error::{Error, Kind as ErrorKind};
use kontor_platform::spec::{Column, Mode, Spec, Ty};
use kontor_platform::{App, Envelope};
use kontor_texts::{Lang, message};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// Verbs with arguments that start from a state into which a new record does not come by itself.
const LATER_VERBS: &[&str] = &["interactions.done", "interactions.postpone"];

/// Values that a column of this type does not take.
fn wrong_values(c: &Column) -> Vec<Json> {
    if matches!(c.mode, Mode::Computed | Mode::Hidden | Mode::Virtual(_)) {
        return vec![json!("x")];
    }
    match &c.ty {
        // Longer than any limit, but an import of such texts does not last for minutes.
        Ty::Text { .. } | Ty::Long { .. } => vec![json!(5), json!(["a"]), json!("ї".repeat(200_001)), json!("a\u{0}b")],
        Ty::Bool => vec![json!("maybe"), json!({})],
        Ty::Int { .. } => vec![json!("many"), json!(1.5), json!("99999999999999999999"), json!([])],
        Ty::Amount | Ty::Price | Ty::Quantity | Ty::Rate | Ty::Percent => {
            vec![json!("1e5"), json!("12,5,1"), json!("99999999999999999999"), json!("0.123456789"), json!({}), json!("NaN")]
        }
        Ty::Date => vec![json!("2026-02-31"), json!("31.12.2026"), json!(20260101), json!("")],
        Ty::Instant => vec![json!("yesterday"), json!(5)],
        Ty::Ref(_) | Ty::Record => vec![json!("not-an-id"), json!(7), json!("01890000-0000-7000-8000-000000000000")],
        Ty::Code(_) => vec![json!("№№№"), json!(3)],
        Ty::State => vec![json!("closed")],
        Ty::Choice(_) => vec![json!("none of these"), json!(1)],
        Ty::Set(_) | Ty::Tags | Ty::Items(_) => vec![json!("x"), json!([{"no": [1]}])],
        Ty::Object(_) | Ty::Map => vec![json!("x"), json!([1])],
    }
}

/// One wrong input with the field that the refusal must name.
struct Wrong {
    action: String,
    input: Json,
    field: String,
}

fn wrong_inputs(s: &mut Samples, spec: &'static Spec) -> Vec<Wrong> {
    let good = s.input(spec.name);
    let mut out = vec![];
    for action in ["create", "update"] {
        let start = if action == "create" { good.clone() } else { json!({"version": 1}) };
        let mut add = |field: String, change: &dyn Fn(&mut Json)| {
            let mut input = start.clone();
            change(&mut input);
            out.push(Wrong { action: action.into(), input, field });
        };
        add("no_such_field".into(), &|i| i["no_such_field"] = json!(1));
        for c in &spec.columns {
            wrong_values(c).into_iter().for_each(|w| add(c.name.into(), &|i| i[c.name] = w.clone()));
        }
        for l in &spec.lines {
            let mut line = json!({});
            for c in l.columns.iter().filter(|c| c.required && c.writable()) {
                line[c.name] = s.value(c);
            }
            for w in [json!("x"), json!({}), json!([1])] {
                add(l.name.into(), &|i| i[l.name] = w.clone());
            }
            add(format!("{}.0.no_such_field", l.name), &|i| i[l.name] = json!([{"no_such_field": 1}]));
            add(format!("{}.0.id", l.name), &|i| i[l.name] = json!([{"id": "01890000-0000-7000-8000-000000000000"}]));
            for c in &l.columns {
                for w in wrong_values(c) {
                    add(format!("{}.0.{}", l.name, c.name), &|i| {
                        let mut one = line.clone();
                        one[c.name] = w.clone();
                        i[l.name] = json!([one]);
                    });
                }
            }
        }
    }
    out
}

/// A refusal is said in each language, in its own letters.
fn said_in_every_language(e: &Error, seen: &Names) {
    for f in e.inner().fields.iter().filter(|f| seen.borrow_mut().insert(f.code.to_string())) {
        let texts = Lang::ALL.map(|lang| message::error(lang, &f.code, &f.args));
        assert!(texts.iter().all(|t| !t.trim().is_empty() && !t.contains('⟦')), "{}: {texts:?}", f.code);
        for (lang, text) in Lang::ALL.iter().zip(&texts) {
            let cyrillic = text.chars().any(|c| ('\u{400}'..'\u{500}').contains(&c));
            assert_eq!(cyrillic, *lang != Lang::En, "{} in {lang:?}: {text}", f.code);
        }
    }
}

#[test]
fn every_wrong_value_of_every_column_is_a_field_error() {
    both(|app| {
        let seen = Names::default();
        each(app, |s, spec| {
            let id = s.fresh(spec.name);
            let was = app.get(&s.ctx, spec.name, id).expect("there");
            let editable = spec.editable_in(was["state"].as_str().unwrap_or(""));
            let all = wrong_inputs(s, spec);
            let before = count(app, s, spec);
            for wrong in all.into_iter().filter(|w| editable || w.action == "create") {
                let env = Envelope::new(command(spec, &wrong.action), wrong.input);
                let env = if wrong.action == "update" { env.on(id) } else { env };
                must_name(app, s, spec, env, &wrong.field, &seen);
            }
            assert_eq!(count(app, s, spec), before, "{}: bad input left something", spec.name);
            assert_eq!(app.get(&s.ctx, spec.name, id).expect("there"), was, "{}: bad input changed something", spec.name);
        });
        assert!(seen.borrow().len() >= 12, "{seen:?}");
    });
}

fn must_name(app: &Arc<App>, s: &Samples, spec: &Spec, env: Envelope, field: &str, seen: &Names) {
    let what = format!("{} {field} in {:.200}", env.command, env.input.to_string().chars().take(200).collect::<String>());
    let e = app.execute(&s.ctx, env).map(|_| ()).expect_err(&what);
    assert_eq!(e.kind(), ErrorKind::Refused, "{}: {what}: {e}", spec.name);
    assert!(e.inner().fields.iter().any(|f| f.field == field || f.field.starts_with(&format!("{field}."))), "{what} is not named: {e}");
    said_in_every_language(&e, seen);
}

#[test]
fn every_wrong_argument_of_every_verb_is_a_field_error() {
    both(|app| {
        let (later, seen) = (Names::default(), Names::default());
        each(app, |s, spec| {
            let id = s.fresh(spec.name);
            let was = app.get(&s.ctx, spec.name, id).expect("there");
            for v in spec.verbs.iter().filter(|v| !v.input.is_empty()) {
                if !v.from.is_empty() && !v.from.contains(&was["state"].as_str().unwrap_or("")) {
                    later.borrow_mut().insert(command(spec, v.name));
                    continue;
                }
                let run = |input: Json| Envelope::new(command(spec, v.name), input).on(id);
                if !v.edits {
                    must_name(app, s, spec, run(json!({"no_such_field": 1})), "no_such_field", &seen);
                }
                for c in &v.input {
                    for w in wrong_values(c) {
                        must_name(app, s, spec, run(json!({c.name: w})), c.name, &seen);
                    }
                }
            }
            assert_eq!(app.get(&s.ctx, spec.name, id).expect("there"), was, "{}: a refused verb changed something", spec.name);
        });
        passed_over(&later, LATER_VERBS);
    });
}
