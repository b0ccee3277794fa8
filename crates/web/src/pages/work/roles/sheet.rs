//! The matrix as data: what a role usually may, what it may now, what the form says, and how two people's forms are joined.

use super::super::super::typed::Typed;
use crate::pages::Call;
use crate::pages::card::Card;
use kontor_kernel::HashMap;
use kontor_platform::grants::{self, Grants};
use kontor_platform::spec::{Scope, Spec};
use serde_json::{Map, Value as Json};

type Rights = HashMap<&'static str, Grants>;

pub struct Sheet {
    /// As the declarations grant it: nothing for a role that somebody made.
    pub usual: Rights,
    /// As it is now.
    pub saved: Rights,
    /// As the form shows it.
    pub shown: Rights,
    /// Rights that two people changed to different ones: entity and action, what it was, what the other made of it.
    pub clashes: HashMap<(&'static str, String), (Scope, Scope)>,
    /// The role whose rights were taken over into the form.
    pub copied: Option<String>,
    /// What was refused.
    pub trouble: Option<String>,
}

/// Grants of an entity; none at all where the role has none.
pub fn of<'a>(rights: &'a Rights, entity: &str) -> &'a Grants {
    static NOTHING: std::sync::LazyLock<Grants> = std::sync::LazyLock::new(Grants::default);
    rights.get(entity).unwrap_or(&NOTHING)
}

/// Name of a right in the form.
pub fn right(entity: &str, action: &str) -> String {
    format!("g.{entity}.{action}")
}

/// Name of the hidden fields of an entity in the form.
pub fn hides(entity: &str) -> String {
    format!("h.{entity}")
}

impl Sheet {
    pub fn of(c: &Call, card: &Card) -> Sheet {
        let code = card.text("code");
        let usual = grants::usual(&c.app.registry, code);
        let saved = grants::of_role(&c.app.registry, code, &card.json["permissions"]);
        Sheet { usual, shown: saved.clone(), saved, clashes: HashMap::new(), copied: None, trouble: None }
    }

    /// What was posted; entities that the form does not have stay as they are.
    pub fn take(&mut self, c: &Call, form: &Typed) {
        let form = form.index();
        for spec in c.app.registry.granted() {
            let mut now = of(&self.shown, spec.name).clone();
            let mut given = false;
            for action in spec.actions() {
                let name = right(spec.name, action);
                if let Some(scope) = Scope::parse(form.get(&name)) {
                    now.actions.insert(action.to_string(), scope);
                    given = true;
                }
            }
            if given {
                now.hidden = form.all(&hides(spec.name)).into_iter().map(str::to_string).collect();
                self.shown.insert(spec.name, now);
            }
        }
    }

    /// What the form says as the role keeps it; the words of entities that it leaves as they are stay.
    pub fn words(&self, c: &Call, kept: &Json) -> Json {
        let mut out = Map::new();
        for spec in c.app.registry.granted() {
            let words = if self.differs(spec, &self.saved) {
                of(&self.shown, spec.name).beyond(of(&self.usual, spec.name), spec)
            } else {
                kept[spec.name].as_str().unwrap_or("").to_string()
            };
            if !words.is_empty() {
                out.insert(spec.name.into(), words.into());
            }
        }
        Json::Object(out)
    }

    pub fn differs(&self, spec: &Spec, from: &Rights) -> bool {
        let (now, was) = (of(&self.shown, spec.name), of(from, spec.name));
        !now.beyond(was, spec).is_empty()
    }

    /// Somebody else has changed the role since the form was opened on `base`: what only one of both changed holds; where both
    /// did, the form keeps its own and the clash is remembered.
    pub fn join(&mut self, c: &Call, code: &str, base: &Json) {
        let base = grants::of_role(&c.app.registry, code, base);
        for spec in c.app.registry.granted() {
            let (was, theirs) = (of(&base, spec.name), of(&self.saved, spec.name));
            let mut mine = of(&self.shown, spec.name).clone();
            for action in spec.actions() {
                let (b, t, m) = (was.scope(action), theirs.scope(action), mine.scope(action));
                if m == b {
                    mine.actions.insert(action.to_string(), t);
                } else if t != b && t != m {
                    self.clashes.insert((spec.name, action.to_string()), (b, t));
                }
            }
            let kept = |f: &String| if was.hidden.contains(f) { theirs.hidden.contains(f) && mine.hidden.contains(f) } else { true };
            mine.hidden = theirs.hidden.union(&mine.hidden).filter(|f| kept(f)).cloned().collect();
            self.shown.insert(spec.name, mine);
        }
    }
}
