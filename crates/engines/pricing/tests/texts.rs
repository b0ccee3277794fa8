//! Every sentence of a trace has its text in the three languages, and the text uses only arguments that the sentence has.

mod common;

use kontor_pricing::notes::NOTES;
use kontor_pricing::*;
use std::collections::{BTreeMap, BTreeSet};

const LOCALES: [(&str, &str); 3] = [
    ("uk", include_str!("../../../texts/locales/uk/pricing.ftl")),
    ("ru", include_str!("../../../texts/locales/ru/pricing.ftl")),
    ("en", include_str!("../../../texts/locales/en/pricing.ftl")),
];

/// Variables by key; enough of Fluent for files without terms and attributes.
fn texts(source: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut out: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut key = "";
    for line in source.lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
        if !line.starts_with(' ') {
            key = line.split_once(" = ").unwrap_or_else(|| panic!("{line}")).0;
            assert!(out.insert(key, BTreeSet::new()).is_none(), "{key} twice");
        }
        let names = line.split('$').skip(1).map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or(""));
        out.entry(key).or_default().extend(names);
    }
    out
}

#[test]
fn prc_13_every_sentence_has_its_texts() {
    let known: BTreeMap<&str, BTreeSet<&str>> = NOTES.iter().map(|(key, args)| (*key, args.iter().copied().collect())).collect();
    for (lang, source) in LOCALES {
        let texts = texts(source);
        for (key, args) in &known {
            let used = texts.get(key).unwrap_or_else(|| panic!("{lang}: {key} has no text"));
            assert!(used.is_subset(args), "{lang}: {key} uses {used:?} of {args:?}");
        }
        for key in texts.keys().filter(|k| k.starts_with("trace-")) {
            assert!(known.contains_key(key), "{lang}: {key} is said by nobody");
        }
    }
}

fn check(note: &Note, known: &BTreeMap<&str, Vec<&str>>) {
    let args: Vec<&str> = note.args.keys().map(|k| &**k).collect();
    assert_eq!(known.get(&*note.key), Some(&args), "{}", note.key);
}

fn check_steps(steps: &[Step], known: &BTreeMap<&str, Vec<&str>>, seen: &mut BTreeSet<String>) {
    for step in steps {
        check(&step.note, known);
        seen.insert(step.note.key.to_string());
        for lost in step.tried.iter().filter_map(|t| t.lost.as_ref()) {
            check(lost, known);
            seen.insert(lost.key.to_string());
        }
        check_steps(&step.steps, known, seen);
    }
}

#[test]
fn prc_13_sentences_carry_the_arguments_they_promise() {
    let known: BTreeMap<&str, Vec<&str>> = NOTES.iter().map(|(key, args)| (*key, args.to_vec())).collect();
    let mut seen = BTreeSet::new();
    for table in common::TABLES.map(|t| t.1) {
        let world = common::read(table);
        for ask in &world.asks {
            let document = Pricer::new(&world.book, &world.facts, &ask.head).document(&ask.items, true);
            for line in 0..ask.items.len() {
                let e = document.explain(&world.book, &ask.head, &ask.items, line, &world.names).unwrap();
                check_steps(&e.trace.steps, &known, &mut seen);
                for note in e.approvals.iter().chain(&e.remarks).chain(&e.problem) {
                    check(note, &known);
                    seen.insert(note.key.to_string());
                }
            }
        }
    }
    let unseen: Vec<_> = known.keys().filter(|k| !seen.contains(**k)).copied().collect();
    // Said only where facts are broken in ways that the commands refuse when they are written.
    let rare = [
        "trace-base-none",
        "trace-problem-ambiguous_name",
        "trace-problem-formula_empty",
        "trace-problem-formula_limit",
        "trace-problem-formula_syntax",
        "trace-problem-formula_too_long",
        "trace-problem-too_deep",
        // The engine is not told what is archived; whoever asks it adds this.
        "trace-remark-archived",
    ];
    assert_eq!(unseen, rare);
}
