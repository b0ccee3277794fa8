//! A role's rights in words: what it may do, by area; what of it is unusual; a change of them in the history.

use super::sheet::{Sheet, of};
use crate::pages::Call;
use kontor_platform::grants::{Grants, Word};
use kontor_platform::spec::{Scope, Spec};
use kontor_texts::{Lang, has, label, label_in, message, tr};
use serde_json::{Map, Value as Json};

/// What a right is called.
pub fn right(lang: Lang, spec: &Spec, action: &str) -> &'static str {
    if spec.is_rights() && spec.verb_of(action).is_some() {
        return tr(lang, &format!("report-{action}"));
    }
    let key = format!("right-{action}");
    if has(lang, &key) { tr(lang, &key) } else { message::verb(lang, spec.name, action) }
}

pub fn scope(lang: Lang, scope: Scope) -> &'static str {
    tr(lang, &format!("scope-{}", scope.word()))
}

/// The same for a right: what is made is one's own and a report is nobody's, so that they may be done or not.
pub fn level(lang: Lang, spec: &Spec, action: &str, of: Scope) -> &'static str {
    if plain(spec, action) && of == Scope::All { tr(lang, "yes") } else { scope(lang, of) }
}

/// There is no question whose records it is about.
pub fn plain(spec: &Spec, action: &str) -> bool {
    action == "create" || spec.is_rights()
}

/// Inside a sentence: `Партнери` is `партнери`, `API` stays.
fn inside(words: &str) -> String {
    let mut rest = words.chars();
    match (rest.next(), rest.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(rest).collect(),
        _ => words.to_string(),
    }
}

/// How many kinds of records the role sees, of its own only, makes, changes; of how many.
pub struct Counts {
    pub all: usize,
    pub seen: usize,
    pub bounded: usize,
    pub made: usize,
    pub changed: usize,
    pub hidden: usize,
}

pub fn counts(c: &Call, sheet: &Sheet) -> Counts {
    let mut n = Counts { all: c.app.registry.specs.len(), seen: 0, bounded: 0, made: 0, changed: 0, hidden: 0 };
    for s in &c.app.registry.specs {
        let g = of(&sheet.saved, s.name);
        let read = g.scope("read");
        if read == Scope::None {
            continue;
        }
        n.seen += 1;
        n.bounded += usize::from(read < Scope::All);
        n.made += usize::from(g.scope("create") > Scope::None);
        n.changed += usize::from(g.scope("update") > Scope::None);
        n.hidden += g.hidden.len();
    }
    n
}

/// What the role may do with the kinds of one area: what it does, with what.
pub fn area(c: &Call, specs: &[&'static Spec], sheet: &Sheet) -> Vec<(&'static str, String)> {
    let lang = c.lang;
    let rights = |s: &Spec| of(&sheet.saved, s.name);
    let named = |s: &Spec, scope_of: Scope| {
        let name = inside(message::entity(lang, s.name));
        if scope_of == Scope::All { name } else { format!("{name} ({})", inside(scope(lang, scope_of))) }
    };
    let mut out = vec![];
    for (action, key) in [("read", "roles-sees"), ("create", "roles-makes"), ("update", "roles-changes"), ("delete", "roles-removes")] {
        let with: Vec<(&Spec, Scope)> = specs
            .iter()
            .map(|s| (*s, rights(s).scope(action)))
            .filter(|(s, x)| *x > Scope::None && s.actions().contains(&action))
            .collect();
        let all = specs.iter().filter(|s| s.actions().contains(&action)).count();
        let every = action == "read" && with.len() == all && with.iter().all(|(_, x)| *x == Scope::All);
        if every {
            out.push((tr(lang, key), tr(lang, "roles-all_of_it").to_string()));
        } else if !with.is_empty() {
            // What is made is one's own: only whether it may be made counts.
            let names = with.iter().map(|(s, x)| named(s, if action == "create" { Scope::All } else { *x }));
            out.push((tr(lang, key), names.collect::<Vec<_>>().join(", ")));
        }
    }
    let further: Vec<String> = specs
        .iter()
        .filter_map(|s| {
            let verbs: Vec<String> = s
                .verbs
                .iter()
                .filter(|v| !v.restores && rights(s).scope(v.name) > Scope::None)
                .map(|v| inside(right(lang, s, v.name)))
                .collect();
            (!verbs.is_empty()).then(|| format!("{} — {}", inside(message::entity(lang, s.name)), verbs.join(", ")))
        })
        .collect();
    if !further.is_empty() {
        out.push((tr(lang, "roles-does"), further.join("; ")));
    }
    let hidden: Vec<String> = specs
        .iter()
        .filter(|s| rights(s).scope("read") > Scope::None && !rights(s).hidden.is_empty())
        .map(|s| format!("{} — {}", inside(message::entity(lang, s.name)), fields(lang, s, &rights(s).hidden).join(", ")))
        .collect();
    if !hidden.is_empty() {
        out.push((tr(lang, "roles-hides"), hidden.join("; ")));
    }
    out
}

/// Fields by their labels, for reading.
pub fn fields<'a>(lang: Lang, spec: &Spec, names: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let within = |f: &str| if spec.col(f).is_some() { None } else { spec.lines.iter().find(|l| l.index(f).is_some()) };
    let words = |f: &'a String| within(f).map_or_else(|| label(lang, spec.name, f), |l| label_in(lang, spec.name, l.name, f));
    names.into_iter().map(|f| inside(words(f))).collect()
}

/// What differs from the usual rights: right, what it usually is, what it is.
pub fn unusual(lang: Lang, spec: &Spec, now: &Grants, usual: &Grants) -> Vec<String> {
    let mut out: Vec<String> = spec
        .actions()
        .into_iter()
        .filter(|a| now.scope(a) != usual.scope(a))
        .map(|a| {
            format!(
                "{}: {} → {}",
                right(lang, spec, a),
                inside(level(lang, spec, a, usual.scope(a))),
                inside(level(lang, spec, a, now.scope(a)))
            )
        })
        .collect();
    for (key, of, but) in [("roles-hides", now, usual), ("roles-shows", usual, now)] {
        let names = fields(lang, spec, of.hidden.difference(&but.hidden));
        if !names.is_empty() {
            out.push(format!("{}: {}", tr(lang, key), names.join(", ")));
        }
    }
    out
}

/// `{"partners": "read:own delete=none"}` in words, a line for each kind of records.
pub fn permissions(c: &Call, given: &Map<String, Json>) -> String {
    let line = |(entity, words): (&String, &Json)| {
        let (spec, words) = (c.app.registry.granted_as(entity)?, words.as_str()?);
        let each = words.split_whitespace().map(|w| word(c.lang, spec, w)).collect::<Vec<_>>();
        Some(format!("{}: {}", message::entity(c.lang, spec.name), each.join("; ")))
    };
    given.iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

fn word(lang: Lang, spec: &Spec, word: &str) -> String {
    let fields = |key, names: &str| {
        format!("{} {}", inside(tr(lang, key)), fields(lang, spec, &names.split(',').map(str::to_string).collect::<Vec<_>>()).join(", "))
    };
    match Word::of(word) {
        Word::Hide(names) => fields("roles-hides", names),
        Word::Show(names) => fields("roles-shows", names),
        Word::More(action, to) | Word::Just(action, to) => {
            let to = if spec.is_rights() { level(lang, spec, action, to) } else { scope(lang, to) };
            format!("{} — {}", inside(right(lang, spec, action)), inside(to))
        }
        Word::Unknown => word.to_string(),
    }
}
