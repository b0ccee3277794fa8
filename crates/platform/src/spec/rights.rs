//! What may be done and is no collection: rights without records.

use super::{Grant, Kind, Spec, Verb};
use serde_json::Value as Json;

impl Spec {
    /// An action for each name, with the built-in roles that usually may.
    pub(crate) fn rights(name: &'static str, actions: impl Iterator<Item = (&'static str, &'static [&'static str])>) -> &'static Spec {
        let mut spec = Self::new(name, Kind::Facts);
        spec.table = String::new();
        for (action, roles) in actions {
            spec.verbs.push(Verb::new(action, &[], &[], |_, _, _| Ok(Json::Null)));
            spec.grants.extend(roles.iter().map(|role| Grant { role, actions: action }));
        }
        spec.lens()
    }
    /// Its actions may be done or not: it has no records that could be somebody's.
    pub fn is_rights(&self) -> bool {
        self.table.is_empty()
    }
}
