//! Edits of one record by several at once: three-way merge by field. What both changed, and to different values, is shown
//! with base, theirs and yours, as far as the caller may see it.

use crate::access::Access;
use crate::input;
use crate::record::{Record, lines_json, value_json};
use crate::spec::Spec;
use kontor_kernel::error::{Error, Kind, Result};
use serde_json::{Map, Value as Json, json};

/// Refuses fields of `body` that others have changed since to something else. `theirs`: what those fields were before the
/// others' first change.
pub(crate) fn conflicts(access: &Access, spec: &Spec, now: &Record, body: &Json, theirs: &Map<String, Json>) -> Result<()> {
    let Json::Object(mine) = body else { return Ok(()) };
    let shown = |field: &str, v: &Json| access.strip_hidden(spec, field, v.clone());
    let mut clash: Vec<Json> = vec![];
    for (field, yours) in mine {
        // What the caller does not know is refused as unknown, whatever others did to it.
        let Some(current) = shown(field, &current_json(spec, now, field)) else { continue };
        let mates: Vec<&str> = spec.groups.iter().find(|g| g.contains(&field.as_str())).map_or_else(|| vec![field.as_str()], Clone::clone);
        for f in mates {
            let Some(base) = theirs.get(f) else { continue };
            // A member of the group that I did not change myself cannot clash through its mates.
            let own_base = theirs.get(field.as_str()).and_then(|b| shown(field, b)).unwrap_or_else(|| current.clone());
            let mine = normal(spec, field, yours);
            if mine == own_base || mine == current {
                continue;
            }
            // Lines that others changed only in columns hidden from the caller keep their change beside his.
            if f == field && spec.lines_of(f).is_some() && shown(f, base).as_ref() == Some(&current) {
                continue;
            }
            let yours = access.strip_hidden(spec, field, yours.clone());
            let entry = json!({"field": field, "base": own_base, "theirs": current, "yours": yours});
            if !clash.contains(&entry) {
                clash.push(entry);
            }
        }
    }
    if clash.is_empty() {
        return Ok(());
    }
    let mut e = Error::new(Kind::Conflict, "conflict");
    for c in &clash {
        e = e.with_field(c["field"].as_str().unwrap_or_default().to_string(), "conflict");
    }
    Err(e.detail(json!({"conflicts": clash, "version": now.version})))
}

/// Input in the form in which values stand in JSON, so that "1.5" and "1.50" are one value.
fn normal(spec: &Spec, field: &str, v: &Json) -> Json {
    match spec.col(field) {
        Some(c) => input::value(c, v).map_or_else(|_| v.clone(), |x| value_json(&c.ty, &x)),
        None => v.clone(),
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
