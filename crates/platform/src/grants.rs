//! What a role may do with one entity, in words: `read:all create update:own confirm:own hide:cost,margin`.
//!
//! The words of a declaration add up, a word without a scope means all rows. An administrator's words for a role add to them
//! in the same way; besides they say exactly what holds (`update=own`, `delete=none`) and show again what the declaration
//! hides (`show:margin`). Reports are granted together under one name: `{"reports": "sales funnel stock=none"}`.

use crate::app::Registry;
use crate::spec::{Scope, Spec};
use kontor_kernel::HashMap;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

impl Scope {
    /// As grants write it.
    pub fn word(self) -> &'static str {
        match self {
            Scope::None => "none",
            Scope::Own => "own",
            Scope::Team => "team",
            Scope::All => "all",
        }
    }
    /// By its word; `None` for an unknown one.
    pub fn parse(word: &str) -> Option<Scope> {
        [Scope::None, Scope::Own, Scope::Team, Scope::All].into_iter().find(|s| s.word() == word)
    }
}

/// Rights of one role on one entity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grants {
    pub actions: BTreeMap<String, Scope>,
    /// Fields that the role does not know.
    pub hidden: BTreeSet<String>,
}

/// One word of grants.
pub enum Word<'a> {
    /// Fields, with commas between them.
    Hide(&'a str),
    Show(&'a str),
    /// At least so much.
    More(&'a str, Scope),
    /// Just so much.
    Just(&'a str, Scope),
    /// Of no known scope: it grants nothing.
    Unknown,
}

impl Word<'_> {
    /// Reads a word of grants: `update:own`, `delete=none`, `hide:cost,margin`.
    pub fn of(text: &str) -> Word<'_> {
        if let Some(fields) = text.strip_prefix("hide:") {
            return Word::Hide(fields);
        }
        if let Some(fields) = text.strip_prefix("show:") {
            return Word::Show(fields);
        }
        if let Some((action, scope)) = text.split_once('=') {
            return Scope::parse(scope).map_or(Word::Unknown, |s| Word::Just(action, s));
        }
        match text.split_once(':') {
            Some((action, scope)) => Scope::parse(scope).map_or(Word::Unknown, |s| Word::More(action, s)),
            None => Word::More(text, Scope::All),
        }
    }
}

impl Grants {
    /// Takes words in their order.
    pub fn add(&mut self, words: &str) {
        for text in words.split_whitespace() {
            match Word::of(text) {
                Word::Hide(fields) => self.hidden.extend(fields.split(',').map(str::to_string)),
                Word::Show(fields) => fields.split(',').for_each(|f| {
                    self.hidden.remove(f);
                }),
                Word::More(action, scope) => {
                    let at = self.actions.entry(action.to_string()).or_insert(Scope::None);
                    *at = (*at).max(scope);
                }
                Word::Just(action, scope) => {
                    self.actions.insert(action.to_string(), scope);
                }
                Word::Unknown => {}
            }
        }
    }

    /// How far an action reaches; [`Scope::None`] where it is not granted.
    pub fn scope(&self, action: &str) -> Scope {
        self.actions.get(action).copied().unwrap_or(Scope::None)
    }

    /// Words that make these grants of `usual` ones; empty where nothing differs.
    pub fn beyond(&self, usual: &Grants, spec: &Spec) -> String {
        let mut out: Vec<String> = vec![];
        for action in spec.actions() {
            let (was, now) = (usual.scope(action), self.scope(action));
            if now < was {
                out.push(format!("{action}={}", now.word()));
            } else if now == Scope::All && was < now {
                out.push(action.to_string());
            } else if now > was {
                out.push(format!("{action}:{}", now.word()));
            }
        }
        let listed = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<Vec<_>>().join(",");
        let (hide, show) = (listed(&self.hidden, &usual.hidden), listed(&usual.hidden, &self.hidden));
        out.extend(Some(hide).filter(|f| !f.is_empty()).map(|f| format!("hide:{f}")));
        out.extend(Some(show).filter(|f| !f.is_empty()).map(|f| format!("show:{f}")));
        out.join(" ")
    }
}

/// The first word that says nothing of this entity: an unknown action, scope or field.
pub fn unknown_word<'a>(spec: &Spec, words: &'a str) -> Option<&'a str> {
    let actions = spec.actions();
    words.split_whitespace().find(|text| match Word::of(text) {
        Word::Hide(fields) | Word::Show(fields) => !fields.split(',').all(|f| knows_field(spec, f)),
        Word::More(action, scope) | Word::Just(action, scope) => {
            !actions.contains(&action) || spec.is_rights() && !matches!(scope, Scope::None | Scope::All)
        }
        Word::Unknown => true,
    })
}

/// A column, a list of lines or a column of lines.
fn knows_field(spec: &Spec, field: &str) -> bool {
    spec.col(field).is_some() || spec.lines.iter().any(|l| l.name == field || l.index(field).is_some())
}

/// What the declarations grant a role, by entity.
pub fn usual(registry: &Registry, role: &str) -> HashMap<&'static str, Grants> {
    let mut out: HashMap<&'static str, Grants> = HashMap::new();
    for s in registry.granted() {
        s.grants.iter().filter(|g| g.role == role).for_each(|g| out.entry(s.name).or_default().add(g.actions));
    }
    out
}

/// The same with the words that the role was given: `{"partners": "read:all update=own"}`.
pub fn of_role(registry: &Registry, role: &str, permissions: &Json) -> HashMap<&'static str, Grants> {
    let mut out = usual(registry, role);
    for (entity, words) in permissions.as_object().into_iter().flatten() {
        if let (Some(spec), Some(words)) = (registry.granted_as(entity), words.as_str()) {
            out.entry(spec.name).or_default().add(words);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Column;

    fn grants(words: &[&str]) -> Grants {
        let mut g = Grants::default();
        words.iter().for_each(|w| g.add(w));
        g
    }

    #[test]
    fn plt_02_words_of_a_role_add_take_and_say_what_differs() {
        let registry = Registry::default().entity(Spec::catalog("things").columns([
            Column::text("name", 20),
            Column::amount("cost"),
            Column::amount("margin"),
        ]));
        let spec = registry.get("things").expect("declared");
        let declared = ["read:own create update:own", "delete hide:cost"];
        for (words, read, update, delete, hidden) in [
            ("", Scope::Own, Scope::Own, Scope::All, "cost"),
            ("read update:own", Scope::All, Scope::Own, Scope::All, "cost"),
            ("read:team delete:own", Scope::Team, Scope::Own, Scope::All, "cost"),
            ("read=own delete=none", Scope::Own, Scope::Own, Scope::None, "cost"),
            ("read:teem update:teem delete=mine", Scope::Own, Scope::Own, Scope::All, "cost"),
            ("delete=own hide:margin show:cost", Scope::Own, Scope::Own, Scope::Own, "margin"),
        ] {
            let now = grants(&[declared[0], declared[1], words]);
            assert_eq!((now.scope("read"), now.scope("update"), now.scope("delete")), (read, update, delete), "{words}");
            assert_eq!(now.hidden.iter().cloned().collect::<Vec<_>>().join(","), hidden, "{words}");
            let usual = grants(&declared);
            let again = grants(&[declared[0], declared[1], &now.beyond(&usual, spec)]);
            assert_eq!((now.scope("read"), &now.hidden), (again.scope("read"), &again.hidden), "{words}");
            assert!(spec.actions().iter().all(|a| now.scope(a) == again.scope(a)), "{words}");
        }
        assert_eq!(grants(&["read=none"]).beyond(&Grants::default(), spec), "", "nothing taken from nothing");
        for (words, wrong) in [
            ("read:team hide:cost update=none", None),
            ("read fly", Some("fly")),
            ("read:teem", Some("read:teem")),
            ("update=mine", Some("update=mine")),
            ("hide:cost,weight", Some("hide:cost,weight")),
        ] {
            assert_eq!(unknown_word(spec, words), wrong, "{words}");
        }
    }
}
