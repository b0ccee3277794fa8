//! Conditions of a list as people read them, and the fields one can set conditions on.

use super::state::Call;
use super::values;
use crate::ui::filters::{FieldType, Fields, FilterField};
use kontor_kernel::error::Result;
use kontor_platform::input;
use kontor_platform::query::Query;
use kontor_platform::spec::{Column, Spec, Ty};
use kontor_platform::value::Id;
use kontor_texts::{label, message, tr};
use serde_json::Value as Json;
use std::sync::Arc;

/// One condition in words.
pub struct Condition {
    pub key: String,
    pub value: String,
    pub label: String,
    pub op: &'static str,
    pub text: String,
    /// Column of the list itself that the condition makes constant.
    pub constant: Option<&'static str>,
}

const OPS: &[(&str, &str)] =
    &[("ne", "≠"), ("lt", "<"), ("le", "≤"), ("gt", ">"), ("ge", "≥"), ("in", ":"), ("contains", "~"), ("starts", "^"), ("empty", "")];

/// The entity and column that a dotted path ends at.
fn resolve<'a>(c: &Call, spec: &'static Spec, parts: &[&'a str]) -> (&'static Spec, Option<&'static Column>, &'a str) {
    let mut at = spec;
    let (last, refs) = parts.split_last().map_or(("", &[][..]), |(l, r)| (*l, r));
    for r in refs {
        let next = at.columns.iter().find(|x| matches!(x.ty, Ty::Ref(_)) && (x.ref_name() == *r || x.name == *r));
        match next.and_then(|x| c.app.registry.get_ref(&x.ty)) {
            Some(target) => at = target,
            None => break,
        }
    }
    (at, at.column_of(last), last)
}

/// Reads a condition that the platform took already.
pub fn describe(c: &Call, spec: &'static Spec, key: &str, value: &str) -> Result<Condition> {
    let mut parts: Vec<&str> = key.split('.').collect();
    let op = parts.last().and_then(|l| OPS.iter().find(|(o, _)| o == l)).copied();
    if op.is_some() {
        parts.pop();
    }
    let (entity, column, last) = resolve(c, spec, &parts);
    let mut words = column.map_or_else(|| last.to_string(), |col| label(c.lang, entity.name, col.name).to_string());
    if entity.name != spec.name {
        words = format!("{} · {words}", message::entity_one(c.lang, entity.name));
    }
    let (code, shown) = op.unwrap_or(("eq", ":"));
    let text = match (code, column) {
        ("empty", _) => tr(c.lang, if value == "false" || value == "0" { "op-not_empty" } else { "op-empty" }).to_string(),
        ("contains" | "starts", _) | (_, None) => value.to_string(),
        (_, Some(col)) => {
            let all = value.split(',').filter(|_| code == "in").map(|v| one(c, entity.name, col, v.trim())).collect::<Result<Vec<_>>>()?;
            if code == "in" { all.join(", ") } else { one(c, entity.name, col, value)? }
        }
    };
    let constant = (code == "eq" && parts.len() == 1).then(|| column.map(|col| col.name)).flatten();
    Ok(Condition { key: key.into(), value: value.into(), label: words, op: shown, text, constant })
}

fn one(c: &Call, entity: &str, col: &Column, value: &str) -> Result<String> {
    if let (Ty::Ref(of), Ok(id)) = (&col.ty, Id::parse_str(value)) {
        return title(c, of, id);
    }
    let about = c.app.registry.get(entity).and_then(|s| s.record_of.map(|of| (s, of)));
    if let Some((spec, (kind, record))) = about {
        if col.name == kind && c.app.registry.get(value).is_some() {
            return Ok(message::entity_one(c.lang, value).to_string());
        }
        if let (true, Ok(id)) = (col.name == record, Id::parse_str(value)) {
            return super::about::title(c, spec, id);
        }
    }
    let loose = Column { required: true, signed: true, ..col.clone() };
    let json = match col.ty {
        Ty::Set(_) => return Ok(message::choice(c.lang, entity, col.name, value).into_owned()),
        Ty::State => return Ok(message::state(c.lang, entity, value).to_string()),
        _ => Json::String(value.into()),
    };
    Ok(input::value(&loose, &json).map_or_else(|_| value.to_string(), |v| values::words(c, entity, col, &v)))
}

/// Title of a record that the caller may read.
pub fn title(c: &Call, collection: &str, id: Id) -> Result<String> {
    let Some(spec) = c.app.registry.get(collection).filter(|s| c.ctx.access.may(s, "read")) else { return Ok("…".into()) };
    let pairs = [("id".to_string(), id.to_string()), ("archived".to_string(), "true".to_string())];
    let mut q = Query::parse(&c.app, &c.ctx, spec, &pairs)?;
    q.limit = 1;
    q.fields = Some(vec![]);
    Ok(c.app.list(&c.ctx, spec.name, &q)?.rows.into_iter().next().map_or_else(|| "…".into(), |r| r.title))
}

/// What the filter field knows by name: every column the caller may see.
pub fn fields(c: &Call, spec: &'static Spec) -> Arc<Fields> {
    c.web.facts.fields.get(c, spec.name, || Fields::new(&seen_fields(c, spec)))
}

fn seen_fields(c: &Call, spec: &'static Spec) -> Vec<FilterField<'static>> {
    let mut out = vec![];
    for col in spec.columns.iter().filter(|x| x.visible() && !c.ctx.access.hidden(spec, x.name)) {
        if matches!(col.name, "custom" | "revision") || spec.record_of.is_none() && matches!(col.name, "source" | "external_id") {
            continue;
        }
        let words = label(c.lang, spec.name, col.name);
        let choices = |of: &[&'static str]| of.iter().map(|v| (*v, message::choice(c.lang, spec.name, col.name, v).into_owned())).collect();
        let (field, kind, choices) = match &col.ty {
            Ty::Ref(of) => match (col.by_name, c.app.registry.get(of)) {
                (Some(name), _) => (name, FieldType::Text, vec![]),
                (None, Some(target)) if c.ctx.access.may(target, "read") => (reference_path(spec, col, target), FieldType::Text, vec![]),
                _ => continue,
            },
            Ty::State => {
                (col.name, FieldType::Choice, spec.states.iter().map(|s| (*s, message::state(c.lang, spec.name, s).to_string())).collect())
            }
            Ty::Choice(of) | Ty::Set(of) => (col.name, FieldType::Choice, choices(of)),
            Ty::Bool => {
                (col.name, FieldType::Choice, vec![("true", tr(c.lang, "yes").to_string()), ("false", tr(c.lang, "no").to_string())])
            }
            Ty::Text { .. } if spec.record_of.is_some_and(|(kind, _)| kind == col.name) => {
                let seen = c.app.registry.specs.iter().filter(|s| s.record_of.is_none() && c.ctx.access.may(s, "read"));
                (col.name, FieldType::Choice, seen.map(|s| (s.name, message::entity_one(c.lang, s.name).to_string())).collect())
            }
            Ty::Record => continue,
            Ty::Date | Ty::Instant => (col.name, FieldType::Date, vec![]),
            Ty::Code(_) | Ty::Tags => (col.name, FieldType::Reference, vec![]),
            t if t.is_number() => (col.name, FieldType::Number, vec![]),
            Ty::Items(_) | Ty::Object(_) | Ty::Map => continue,
            _ => (col.name, FieldType::Text, vec![]),
        };
        out.push(FilterField { field, label: words, kind, choices });
    }
    out
}

/// `partner.name`: the title of what a reference leads to. Kept once per column.
fn reference_path(spec: &'static Spec, col: &'static Column, target: &'static Spec) -> &'static str {
    use kontor_kernel::HashMap;
    use std::sync::{LazyLock, Mutex};
    static ALL: LazyLock<Mutex<HashMap<(&'static str, &'static str), &'static str>>> = LazyLock::new(Mutex::default);
    let mut all = ALL.lock().unwrap_or_else(|e| e.into_inner());
    all.entry((spec.name, col.name)).or_insert_with(|| Box::leak(format!("{}.{}", col.ref_name(), target.title).into_boxed_str()))
}
