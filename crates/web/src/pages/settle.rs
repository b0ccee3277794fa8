//! Two people changed the same record: what both changed stands side by side, the rest is joined.

use super::card::Card;
use super::fields::Clash;
use super::state::Call;
use super::titles::Titles;
use super::typed::Typed;
use super::values;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_platform::spec::Ty;
use kontor_texts::{Arg, label, tr_args};
use serde_json::{Value as Json, json};

/// Fields with two versions, and what is said above the form.
pub struct Settled {
    pub clashes: HashMap<String, Clash>,
    pub notes: Vec<String>,
}

/// Two people changed the same: both versions of each such field side by side. The form then stands on the current
/// version, so fields that only they changed take their value.
pub fn settle(c: &Call, typed: &mut Typed, card: &Card, e: &Error, seen: i64) -> Result<Settled> {
    let spec = card.spec;
    let theirs = Typed::of_record(c, spec, &card.json);
    let entries = c.app.history(&c.ctx, spec.name, card.id, 200)?;
    let by = entries.first().map_or_else(|| c.t("page-conflict-theirs").to_string(), |h| h.user.clone());
    let clashing: Vec<Json> = e.inner().detail["conflicts"].as_array().cloned().unwrap_or_default();
    let is_clash = |f: &str| clashing.iter().any(|k| k["field"].as_str() == Some(f));
    for h in entries.iter().filter(|h| h.version > seen) {
        for field in h.changes.as_object().into_iter().flat_map(|m| m.keys()).filter(|f| !is_clash(f)) {
            let of = |k: &str| k == field || k.starts_with(&format!("{field}__")) || k.starts_with(&format!("{field}["));
            typed.0.retain(|(k, _)| !of(k));
            typed.0.extend(theirs.0.iter().filter(|(k, _)| of(k)).cloned());
        }
    }
    let mut titles = Titles::default();
    for k in &clashing {
        if let Some(x) = k["field"].as_str().and_then(|f| spec.col(f)) {
            ["base", "theirs", "yours"].iter().for_each(|w| titles.want_json(x, &k[*w]));
        }
    }
    titles.read(c)?;
    let mut clashes = HashMap::new();
    let mut notes = vec![tr_args(c.lang, "page-conflict-kept", &[("name", Arg::from(by.as_str()))])];
    for k in &clashing {
        let field = k["field"].as_str().unwrap_or("");
        let Some(x) = spec.col(field) else {
            // Lines stand joined, with the caller's own where both changed the same: those places are marked.
            let whole = Typed::of_record(c, spec, &titled(&card.json, field, &k["joined"]));
            let of = |name: &str| name.starts_with(&format!("{field}["));
            typed.0.retain(|(name, _)| !of(name));
            typed.0.extend(whole.0.into_iter().filter(|(name, _)| of(name)));
            notes.push(tr_args(
                c.lang,
                "page-conflict-lines",
                &[("name", Arg::from(by.as_str())), ("field", Arg::from(label(c.lang, spec.name, field)))],
            ));
            continue;
        };
        let words = |j: &Json| match (&x.ty, j) {
            (Ty::Ref(_), Json::String(id)) => titles.get(id).unwrap_or("…").to_string(),
            _ => values::json_words(c, spec.name, x, j),
        };
        let yours = typed.get(x.name).to_string();
        let clash = Clash {
            base: words(&k["base"]),
            theirs: (words(&k["theirs"]), theirs.get(x.name).to_string()),
            yours: (words(&k["yours"]), yours),
            by: by.clone(),
        };
        clashes.insert(x.name.to_string(), clash);
    }
    Ok(Settled { clashes, notes })
}

/// The record with these lines in place of its own; references that stand in it already keep their titles.
fn titled(record: &Json, field: &str, lines: &Json) -> Json {
    let mut out = json!({ field: lines });
    let known = record[field].as_array().into_iter().flatten().flat_map(|l| l.as_object().into_iter().flatten());
    let titles: HashMap<&str, &Json> = known.filter_map(|(_, v)| Some((v["id"].as_str()?, v))).collect();
    for line in out[field].as_array_mut().into_iter().flatten().filter_map(Json::as_object_mut) {
        let found: Vec<(String, Json)> = line
            .iter()
            .filter_map(|(name, v)| Some((name.strip_suffix("_id")?.to_string(), (*titles.get(v.as_str()?)?).clone())))
            .collect();
        line.extend(found);
    }
    out
}
