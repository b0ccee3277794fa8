//! What of a record a caller is shown, said once: cards, history and conflicts ask here. A column that his rights hide is
//! unknown to him wherever it stands, in the head or in the lines, whether he reads or writes.

use crate::access::Access;
use crate::spec::{Column, Spec};
use serde_json::{Map, Value as Json};

impl Access {
    /// The column, of the head or of lines, is one that the caller is shown.
    pub fn shows(&self, spec: &Spec, c: &Column) -> bool {
        c.visible() && !self.hidden(spec, c.name)
    }

    /// A key of the caller's input names a column that he does not know, by itself or by the name of what it refers to.
    pub fn hides_key(&self, spec: &Spec, columns: &[Column], key: &str) -> bool {
        self.hidden(spec, key) || columns.iter().any(|c| c.by_name == Some(key) && self.hidden(spec, c.name))
    }

    /// What is left of a field of a record as the history keeps it: of a column's value or of a list of lines. None when
    /// the whole field is hidden.
    pub fn strip_hidden(&self, spec: &Spec, field: &str, mut value: Json) -> Option<Json> {
        if self.hidden(spec, field) || spec.col(field).is_some_and(|c| !c.visible()) {
            return None;
        }
        if let (Some((_, lines)), Json::Array(items)) = (spec.lines_of(field), &mut value) {
            let unseen = |k: &str| self.hidden(spec, k) || lines.index(k).is_some_and(|i| !lines.columns[i].visible());
            for line in items.iter_mut().filter_map(Json::as_object_mut) {
                line.retain(|k, _| !unseen(k));
            }
        }
        Some(value)
    }

    /// `{field: [before, after]}` without what is hidden; lines that differ only there have not changed for the caller.
    pub fn strip_changes(&self, spec: &Spec, changes: Json) -> Json {
        let Json::Object(changes) = changes else { return changes };
        let mut out = Map::new();
        for (field, mut pair) in changes {
            let (before, after) = (pair[0].take(), pair[1].take());
            let (Some(before), Some(after)) = (self.strip_hidden(spec, &field, before), self.strip_hidden(spec, &field, after)) else {
                continue;
            };
            if before != after || spec.lines_of(&field).is_none() {
                out.insert(field, Json::Array(vec![before, after]));
            }
        }
        Json::Object(out)
    }
}
