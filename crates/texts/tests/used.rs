//! Texts that the code asks for by literal key exist: errors, hints, and everything looked up with `tr` and `tr_args`.
//! Reads the sources of all crates; keys put together from parts are the business of the conformance test.

use kontor_texts::{Lang, has, keys};
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Calls whose argument at this place is a key, and the prefix of that key.
const CALLS: [(&str, usize, &str); 15] = [
    ("refused", 0, "error-"),
    ("unreadable", 0, "error-"),
    ("Error::new", 1, "error-"),
    ("Error::field", 1, "error-"),
    ("with_field", 1, "error-"),
    ("add", 1, "error-"),
    ("bad", 0, "error-"),
    ("FormulaError::new", 0, "error-"),
    ("hint", 0, "hint-"),
    ("tr", 1, ""),
    ("tr_args", 1, ""),
    ("state", 2, "state-"),
    ("verb", 2, "verb-"),
    ("entity", 1, ""),
    ("entity_one", 1, ""),
];

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a source folder can be read") {
        let path = entry.expect("a folder entry").path();
        if path.is_dir() {
            // Tests and this crate use keys that are not meant to exist.
            if !["tests", "target", "texts", "node_modules"].iter().any(|n| path.ends_with(n)) {
                sources(&path, out);
            }
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// The arguments of a call, given the text after its opening bracket.
fn arguments(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut quoted, mut escaped) = (0, 0, false, false);
    let mut found = vec![];
    for (i, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => {
                found.push(text[start..i].trim());
                return found;
            }
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(text[start..i].trim());
                start = i + 1;
            }
            ';' if depth == 0 => return vec![],
            _ => {}
        }
    }
    vec![]
}

fn literal(argument: &str) -> Option<&str> {
    let inner = argument.strip_prefix('"')?.strip_suffix('"')?;
    let plain = !inner.is_empty() && inner.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    plain.then_some(inner)
}

/// Keys asked for in a source, without its unit tests.
fn keys_in(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap_or(source);
    let mut keys = vec![];
    for (call, place, prefix) in CALLS {
        let opening = format!("{call}(");
        for (at, _) in source.match_indices(&opening) {
            let before = source[..at].chars().next_back();
            let after_fn = source[..at].ends_with("fn ");
            if after_fn || before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            if let Some(key) = arguments(&source[at + opening.len()..]).get(place).copied().and_then(literal) {
                keys.push(format!("{prefix}{key}"));
            }
        }
    }
    keys
}

#[test]
fn finds_keys_in_calls() {
    let source = r#"
        Error::field(format!("lines.{i}, (x"), "quantity_zero"); e.with_field(path(a, b), "required").hint("reload", vec![]);
        fn refused("not a call") {} texts::tr(lang, "page-home"); tr(lang, &key); Verb::new("x"); Error::new(Kind::Refused, "busy")
        #[cfg(test)] Error::refused("only_here")
    "#;
    let mut found = keys_in(source);
    found.sort();
    assert_eq!(found, ["error-busy", "error-quantity_zero", "error-required", "hint-reload", "page-home"]);
}

#[test]
fn every_text_asked_for_exists() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the folder of the crates");
    let mut files = vec![];
    sources(crates, &mut files);
    assert!(files.len() > 20, "the sources are there");
    let mut missing: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files {
        let source = fs::read_to_string(&file).expect("a source can be read");
        for key in keys_in(&source).into_iter().filter(|k| !Lang::ALL.iter().all(|l| has(*l, k))) {
            let name = file.strip_prefix(crates).unwrap_or(&file).display().to_string();
            missing.entry(key).or_default().push(name);
        }
    }
    assert!(missing.is_empty(), "texts that do not exist: {missing:#?}");
}

/// Words of which the last part of a key is put together at run time: `report-no_manager`.
const STARTS: [&str; 2] = ["no_", "by_"];

/// `net_rounding` as a variant is called whose name becomes a key: `NetRounding`.
fn variant(word: &str) -> String {
    word.split('_').map(|w| w.chars().take(1).flat_map(char::to_uppercase).chain(w.chars().skip(1)).collect::<String>()).collect()
}

/// The last part of every key (`bad_id` of `error-bad_id`) is a word of some source: what no code can ask for is not kept.
#[test]
fn every_text_can_be_asked_for() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the folder of the crates");
    let mut files = vec![];
    sources(crates, &mut files);
    sources(&crates.join("texts/src"), &mut files);
    scripts(&crates.join("../frontend/src"), &mut files);
    let all: Vec<String> = files.iter().map(|f| fs::read_to_string(f).expect("a source can be read")).collect();
    let words: HashSet<&str> = all.iter().flat_map(|s| s.split(|c: char| !c.is_alphanumeric() && c != '_')).collect();
    let known = |word: &str| words.contains(word) || words.contains(variant(word).as_str());
    let idle: Vec<&str> = keys(Lang::En)
        .filter(|k| {
            let key = k.split('.').next().unwrap_or(k);
            let last = key.rsplit('-').next().unwrap_or(key);
            // Or the whole key stands in a source, with its hyphens.
            !known(last) && !STARTS.iter().any(|s| last.strip_prefix(s).is_some_and(known)) && !all.iter().any(|s| s.contains(key))
        })
        .collect();
    assert!(idle.is_empty(), "{} texts that nothing asks for: {idle:#?}", idle.len());
}

fn scripts(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of scripts can be read") {
        let path = entry.expect("a folder entry").path();
        if path.is_dir() {
            scripts(&path, out);
        } else if path.extension().is_some_and(|e| e == "ts") {
            out.push(path);
        }
    }
}
