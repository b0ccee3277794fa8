//! What things are called in a trace: with their ids, so that a reader is told the names of his language.

use crate::facts::Id;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A name, or several beside each other (for whom, and for what), each with the id of what it is the name of where it stands
/// for something. Kept as it was when the price was made. In JSON the text alone where there is no id, otherwise pairs of
/// id and text.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "Written")]
pub struct Name(Vec<(Option<Id>, String)>);

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Parts(Vec<(Option<Id>, String)>),
}

impl Name {
    /// The name of one record.
    pub fn of(id: Id, text: impl Into<String>) -> Name {
        Name(vec![(Some(id), text.into())])
    }
    /// Several names told as one.
    pub fn joined(parts: impl IntoIterator<Item = Name>) -> Name {
        Name(parts.into_iter().flat_map(|n| n.0).collect())
    }
    /// What it is the name of.
    pub fn ids(&self) -> impl Iterator<Item = Id> {
        self.0.iter().filter_map(|(id, _)| *id)
    }
    /// In the words of whoever knows other names for the ids; `between` stands between several.
    pub fn told<'t>(&'t self, between: &str, known: impl Fn(Id) -> Option<&'t str>) -> String {
        let part = |(id, text): &'t (Option<Id>, String)| id.and_then(&known).unwrap_or(text.as_str());
        self.0.iter().map(part).collect::<Vec<_>>().join(between)
    }
}

impl From<String> for Name {
    fn from(text: String) -> Name {
        Name(vec![(None, text)])
    }
}
impl From<&str> for Name {
    fn from(text: &str) -> Name {
        Name::from(text.to_string())
    }
}
impl From<Written> for Name {
    fn from(w: Written) -> Name {
        match w {
            Written::Text(text) => Name::from(text),
            Written::Parts(parts) => Name(parts),
        }
    }
}
impl Serialize for Name {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [(None, text)] => text.serialize(s),
            parts => parts.serialize(s),
        }
    }
}
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.told(": ", |_| None))
    }
}
