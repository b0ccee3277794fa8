//! Edits of one record by several at once: three-way merge by field, and of lines by line and
//! column. What both changed, and to different values, is shown
//! with base, theirs and yours, as far as the caller may see it.

mod lines;

use crate::access::Access;
use crate::record::{Record, lines_json, value_json};
use crate::spec::Spec;
use kontor_kernel::error::{Error, Kind, Result};
use serde_json::{Map, Value as Json, json};

/// The caller's edits over those of others: `body` with its lines joined with theirs. Fields that others have changed since
/// to something else are refused. `theirs`: what those fields were before the others' first change.
pub(crate) fn merged(access: &Access, spec: &Spec, now: &Record, body: &Json, theirs: &Map<String, Json>) -> Result<Json> {
    let Json::Object(mine) = body else { return Ok(body.clone()) };
    let shown = |field: &str, v: &Json| access.strip_hidden(spec, field, v.clone());
    let mut clash = Clashes::default();
    let mut lines: Vec<(String, Json, lines::Joined)> = vec![];
    for (field, yours) in mine {
        // What the caller does not know is refused as unknown, whatever others did to it.
        let Some(current) = shown(field, &current_json(spec, now, field)) else { continue };
        if let (Some((_, of)), Some(base)) = (spec.lines_of(field), theirs.get(field)) {
            let base = shown(field, base).unwrap_or_default();
            if let (Json::Array(b), Json::Array(t), Json::Array(y)) = (&base, &current, yours) {
                let joined = lines::join(of, b, t, y);
                let told = json!({"field": field, "base": base, "theirs": current, "yours": shown(field, yours)});
                lines.push((field.clone(), told, joined));
            }
            continue;
        }
        let mates: Vec<&str> = spec.groups.iter().find(|g| g.contains(&field.as_str())).map_or_else(|| vec![field.as_str()], Clone::clone);
        for _ in mates.into_iter().filter(|f| theirs.contains_key(*f)) {
            // A member of the group that I did not change myself cannot clash through its mates.
            let own_base = theirs.get(field.as_str()).and_then(|b| shown(field, b)).unwrap_or_else(|| current.clone());
            let mine = spec.col(field).map_or_else(|| yours.clone(), |c| lines::normal(c, yours));
            if mine != own_base && mine != current {
                let yours = shown(field, yours);
                clash.add(field.clone(), json!({"field": field, "base": own_base, "theirs": current, "yours": yours}));
            }
        }
    }
    let whole = lines.iter().all(|(_, _, j)| j.clashes.is_empty()) && clash.told.is_empty();
    if whole {
        let mut out = mine.clone();
        out.extend(lines.into_iter().map(|(field, _, joined)| (field, Json::Array(joined.input))));
        return Ok(Json::Object(out));
    }
    for (field, mut told, joined) in lines.into_iter().filter(|(_, _, j)| j.changed) {
        // All of the lines as they would stand, so that what both changed can be chosen without losing the rest.
        told["joined"] = shown(&field, &Json::Array(joined.whole)).unwrap_or_default();
        told["lines"] = joined.clashes.iter().map(|c| c.told.clone()).collect();
        let paths: Vec<String> = joined.clashes.iter().filter_map(|c| c.path.as_ref()).map(|p| format!("{field}.{p}")).collect();
        clash.fields.extend(paths);
        clash.add(field, told);
    }
    Err(clash.error(now.version))
}

/// What both changed: the fields, and what is told of them.
#[derive(Default)]
struct Clashes {
    fields: Vec<String>,
    told: Vec<Json>,
}

impl Clashes {
    fn add(&mut self, field: String, told: Json) {
        if !self.told.contains(&told) {
            self.told.push(told);
            self.fields.push(field);
        }
    }

    fn error(self, version: i64) -> Error {
        let e = self.fields.into_iter().fold(Error::new(Kind::Conflict, "conflict"), |e, field| e.with_field(field, "conflict"));
        e.detail(json!({"conflicts": self.told, "version": version}))
    }
}

fn current_json(spec: &Spec, r: &Record, field: &str) -> Json {
    if let Some(i) = spec.index(field) {
        value_json(&spec.columns[i].ty, &r.values[i])
    } else if let Some((k, l)) = spec.lines_of(field) {
        lines_json(l, &r.lines[k])
    } else {
        Json::Null
    }
}
