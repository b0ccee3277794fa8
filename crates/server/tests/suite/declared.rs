//! What can be said of the declarations without running a command.

use crate::fixtures::both;
use kontor_platform::schema;
use kontor_platform::spec::{Column, Mode, Ty};
use kontor_texts::{Lang, has, message};
use std::collections::BTreeSet;

#[test]
fn plt_14_migrated_schema_equals_declared_entities() {
    both(|app| {
        let d = schema::differences(&app.store, &app.registry).expect("the schema is read");
        assert!(d.is_empty(), "schema and declarations differ:\n{}", d.join("\n"));
    });
}

#[test]
fn plt_10_every_entity_column_state_verb_and_choice_has_a_text_in_three_languages() {
    let r = kontor::registry::registry();
    let mut missing = BTreeSet::new();
    let mut need = |keys: &[String]| {
        for lang in [Lang::Uk, Lang::Ru, Lang::En] {
            if !keys.iter().any(|k| has(lang, k)) {
                missing.insert(format!("{}: {}", lang.code(), keys.join(" or ")));
            }
        }
    };
    for s in &r.specs {
        need(&[s.name.to_string()]);
        // Labels of line columns stand under the line's name first: `deals-participants-role`.
        let own = s.columns.iter().map(|c| (s.name.to_string(), c));
        let columns = own.chain(s.lines.iter().flat_map(|l| l.columns.iter().map(move |c| (format!("{}-{}", s.name, l.name), c))));
        for (prefix, c) in columns.filter(|(_, c)| c.visible() || c.mode == Mode::Secret) {
            need(&[format!("{prefix}-{}", c.name), format!("{}-{}", s.name, c.name), format!("field-{}", c.name)]);
            // Members of a list or of an object in a column stand under its name first: `price-lists-rounding-step`.
            let members: &[Column] = if let Ty::Items(all) | Ty::Object(all) = &c.ty { all } else { &[] };
            for m in members {
                need(&[format!("{prefix}-{}-{}", c.name, m.name), format!("{prefix}-{}", m.name), format!("field-{}", m.name)]);
                if let Ty::Choice(of) | Ty::Set(of) = &m.ty {
                    of.iter().for_each(|x| {
                        need(&[format!("{prefix}-{}-{}-{x}", c.name, m.name), format!("{}-{}-{x}", s.name, m.name), format!("choice-{x}")])
                    });
                }
            }
            if let Ty::Choice(of) | Ty::Set(of) = &c.ty {
                for x in *of {
                    need(&[format!("{prefix}-{}-{x}", c.name), format!("{}-{}-{x}", s.name, c.name), format!("choice-{x}")]);
                }
            }
        }
        for l in &s.lines {
            need(&[format!("{}-{}", s.name, l.name), format!("field-{}", l.name)]);
        }
        for st in s.states {
            need(&[format!("{}-state-{st}", s.name), format!("state-{st}")]);
        }
        for v in &s.verbs {
            need(&[format!("{}-verb-{}", s.name, v.name), format!("verb-{}", v.name)]);
            for c in &v.input {
                need(&[format!("{}-{}", s.name, c.name), format!("field-{}", c.name)]);
            }
        }
    }
    for p in &r.reports {
        need(&[format!("report-{}", p.name)]);
    }
    assert!(missing.is_empty(), "{} texts are missing:\n{}", missing.len(), missing.into_iter().collect::<Vec<_>>().join("\n"));
    // The lookup that pages use never shows a bare key for a registered entity.
    assert!(!message::entity(Lang::Uk, "partners").contains('⟦'));
}

#[test]
fn every_state_is_reachable_and_every_verb_leads_somewhere_declared() {
    for s in &kontor::registry::registry().specs {
        if s.states.is_empty() {
            continue;
        }
        let mut reached: BTreeSet<&str> = [s.initial].into();
        // States that input or rules may give at once (an agreement is active when no approval is asked).
        reached
            .extend(s.states.iter().filter(|st| s.verbs.iter().any(|v| v.from.contains(st)) && !s.verbs.iter().any(|v| v.to.contains(st))));
        loop {
            let before = reached.len();
            for v in &s.verbs {
                if v.from.is_empty() || v.from.iter().any(|f| reached.contains(f)) {
                    reached.extend(v.to.iter().copied());
                }
            }
            if reached.len() == before {
                break;
            }
        }
        for v in &s.verbs {
            for st in v.from.iter().chain(v.to) {
                assert!(s.states.contains(st), "{}.{} names the unknown state {st}", s.name, v.name);
            }
            for u in &v.undo {
                assert!(s.verb_of(u).is_some(), "{}.{} is undone by the unknown verb {u}", s.name, v.name);
            }
        }
        for st in s.states {
            assert!(reached.contains(st), "{}: no verb leads to {st}", s.name);
        }
    }
}

#[test]
fn every_reference_code_scope_and_basis_names_a_registered_collection() {
    let r = kontor::registry::registry();
    for s in &r.specs {
        for c in s.columns.iter().chain(s.lines.iter().flat_map(|l| &l.columns)).chain(s.verbs.iter().flat_map(|v| &v.input)) {
            if let Ty::Ref(of) | Ty::Code(of) = c.ty {
                assert!(r.get(of).is_some(), "{}.{} refers to the unknown collection {of}", s.name, c.name);
            }
        }
        for name in s
            .owner
            .into_iter()
            .chain(s.company)
            .chain(s.via.map(|v| v.0))
            .chain([s.title])
            .chain(s.basis.iter().map(|b| b.0))
            .chain(s.import_key.iter().copied())
        {
            assert!(s.col(name).is_some(), "{} names the unknown column {name}", s.name);
        }
    }
}
