//! Parsing of JSON input by the declaration: every wrong field is named, none is dropped silently.

use crate::cx::Cx;
use crate::record::Line;
use crate::spec::{Column, Lines, Mode, Spec, Ty};
use crate::value::{Id, Value, id_in};
use chrono::{DateTime, Datelike, NaiveDate};
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, FieldError, Result};
use kontor_kernel::{Amount, Percent, Price, Quantity, Rate};
use serde_json::{Map, Value as Json};

/// Values found in the input: column index -> value.
pub type Parsed = Vec<(usize, Value)>;

/// What is wrong with an input, field by field; all of it is told at once.
#[derive(Default)]
pub struct Problems(pub Vec<FieldError>);

impl Problems {
    /// Notes a problem of a field; arguments may be put into the answer.
    pub fn add(&mut self, field: &str, code: &'static str) -> &mut FieldError {
        let at = self.0.len();
        self.0.push(FieldError { field: field.into(), code: code.into(), args: vec![], hint: None });
        &mut self.0[at]
    }
    /// Takes over what another error says of a field.
    pub fn push(&mut self, field: &str, e: Error) {
        let inner = e.inner();
        if inner.fields.is_empty() {
            self.0.push(FieldError { field: field.into(), code: inner.code.clone(), args: inner.args.clone(), hint: None });
        } else {
            self.0.extend(inner.fields.iter().cloned());
        }
    }
    /// The error with all problems, or nothing.
    pub fn finish(self) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let mut e = Error::refused("invalid");
        e.inner_mut().fields = self.0;
        Err(e)
    }
}

fn bad(code: &'static str) -> Error {
    Error::refused(code)
}

fn text_of(v: &Json, max: usize) -> Result<String> {
    let Json::String(s) = v else { return Err(bad("wrong_type").arg("expected", "text")) };
    if s.contains('\0') {
        return Err(bad("bad_text"));
    }
    if s.len() > max && s.chars().count() > max {
        return Err(bad("too_long").arg("max", max));
    }
    Ok(s.clone())
}

/// A scaled number from a decimal string or a JSON number.
pub fn scaled(ty: &Ty, text: &str) -> Result<i64> {
    let t = text.trim();
    let r = match ty {
        Ty::Amount => Amount::parse(t).map(|x| x.scaled()),
        Ty::Price => Price::parse(t).map(|x| x.scaled()),
        Ty::Quantity => Quantity::parse(t).map(|x| x.scaled()),
        Ty::Rate => Rate::parse(t).map(|x| x.scaled()),
        _ => Percent::parse(t).map(|x| x.scaled()),
    };
    r.map_err(|e| bad(e.code()).arg("max", ty.scale().unwrap_or(0)))
}

/// `2026-11-21`. Errors: `bad_date`.
pub fn parse_date(s: &str) -> Result<NaiveDate> {
    let exact = s.len() == 10;
    match NaiveDate::parse_from_str(s, "%Y-%m-%d") {
        Ok(d) if exact && (1900..=9999).contains(&d.year()) => Ok(d),
        _ => Err(bad("bad_date")),
    }
}

/// One value by its type. References are only read here; whether they exist is checked later, all at once.
pub fn value(c: &Column, v: &Json) -> Result<Value> {
    if v.is_null() {
        return match (&c.default, c.required) {
            (_, true) => Err(bad("required")),
            (Some(d), false) => Ok(d.clone()),
            (None, false) => Ok(Value::Null),
        };
    }
    Ok(match &c.ty {
        Ty::Text { max } | Ty::Long { max } => {
            let s = text_of(v, *max)?;
            if c.required && s.trim().is_empty() {
                return Err(bad("required"));
            }
            if matches!(c.ty, Ty::Text { .. }) && s.chars().any(|c| c == '\n' || c == '\r') {
                return Err(bad("one_line"));
            }
            Value::Text(s)
        }
        Ty::Code(_) => {
            let s = text_of(v, 40)?;
            if s.is_empty() && c.required {
                return Err(bad("required"));
            }
            if s.is_empty() { Value::Null } else { Value::Text(s) }
        }
        Ty::State => return Err(bad("read_only")),
        Ty::Bool => match v {
            Json::Bool(b) => Value::Bool(*b),
            Json::String(s) if s == "true" || s == "on" || s == "1" => Value::Bool(true),
            Json::String(s) if s == "false" || s.is_empty() || s == "0" => Value::Bool(false),
            _ => return Err(bad("wrong_type").arg("expected", "bool")),
        },
        Ty::Int { min, max } => {
            let i = match v {
                Json::Number(n) => n.as_i64().ok_or_else(|| bad("not_a_number"))?,
                Json::String(s) => s.trim().parse().map_err(|_| bad("not_a_number"))?,
                _ => return Err(bad("wrong_type").arg("expected", "number")),
            };
            if i < *min || i > *max {
                return Err(bad("out_of_range").arg("min", min).arg("max", max));
            }
            Value::Int(i)
        }
        Ty::Amount | Ty::Price | Ty::Quantity | Ty::Rate | Ty::Percent => {
            let i = match v {
                Json::Number(n) => scaled(&c.ty, &n.to_string())?,
                Json::String(s) => scaled(&c.ty, s)?,
                _ => return Err(bad("wrong_type").arg("expected", "number")),
            };
            if i < 0 && !c.signed {
                return Err(bad("negative"));
            }
            Value::Int(i)
        }
        Ty::Date => match v {
            Json::String(s) => Value::Date(parse_date(s)?),
            _ => return Err(bad("bad_date")),
        },
        Ty::Instant => match v {
            Json::String(s) => Value::Instant(DateTime::parse_from_rfc3339(s).map_err(|_| bad("bad_instant"))?.to_utc()),
            _ => return Err(bad("bad_instant")),
        },
        Ty::Ref(_) | Ty::Record => match v {
            Json::String(s) if s.is_empty() && !c.required => Value::Null,
            Json::String(s) if s.is_empty() => return Err(bad("required")),
            Json::String(s) => Value::Id(Id::parse_str(s).map_err(|_| bad("bad_id"))?),
            _ => return Err(bad("bad_id")),
        },
        Ty::Choice(of) => match v {
            Json::String(s) if of.contains(&s.as_str()) => Value::Text(s.clone()),
            Json::String(s) if s.is_empty() && !c.required => c.default.clone().unwrap_or(Value::Null),
            _ => return Err(bad("bad_choice").arg("choices", of.join(", "))),
        },
        _ => Value::Json(composite(c, v)?),
    })
}

fn composite(c: &Column, v: &Json) -> Result<Json> {
    const MAX: usize = 200;
    let list = || match v {
        Json::Array(a) if a.len() > MAX => Err(bad("line_limit").arg("max", MAX)),
        Json::Array(a) => Ok(a),
        _ => Err(bad("wrong_type").arg("expected", "list")),
    };
    Ok(match &c.ty {
        Ty::Set(of) => {
            for x in list()? {
                if !x.as_str().is_some_and(|s| of.contains(&s)) {
                    return Err(bad("bad_choice").arg("choices", of.join(", ")));
                }
            }
            v.clone()
        }
        Ty::Tags => {
            for x in list()? {
                text_of(x, 100)?;
            }
            v.clone()
        }
        Ty::Items(members) => {
            let mut out = vec![];
            for (i, x) in list()?.iter().enumerate() {
                let Json::Object(o) = x else { return Err(bad("wrong_type").arg("expected", "object")) };
                out.push(members_of(members, o, &format!("{}.{i}", c.name))?);
            }
            Json::Array(out)
        }
        Ty::Object(members) => match v {
            Json::Object(o) => members_of(members, o, c.name)?,
            _ => return Err(bad("wrong_type").arg("expected", "object")),
        },
        _ => {
            let Json::Object(o) = v else { return Err(bad("wrong_type").arg("expected", "object")) };
            if o.len() > MAX || serde_json::to_string(v).map_or(usize::MAX, |s| s.len()) > 100_000 {
                return Err(bad("too_long").arg("max", 100_000));
            }
            if v.to_string().contains("\\u0000") {
                return Err(bad("bad_text"));
            }
            v.clone()
        }
    })
}

fn members_of(members: &[Column], o: &Map<String, Json>, path: &str) -> Result<Json> {
    let mut p = Problems::default();
    let mut out = Map::new();
    for k in o.keys() {
        if !members.iter().any(|m| m.name == k) {
            p.add(&format!("{path}.{k}"), "unknown_field");
        }
    }
    for m in members {
        match o.get(m.name) {
            None if m.required => {
                p.add(&format!("{path}.{}", m.name), "required");
            }
            None => {}
            Some(x) => match value(m, x) {
                Ok(Value::Null) => {}
                Ok(v) => {
                    out.insert(m.name.into(), crate::record::value_json(&m.ty, &v));
                }
                Err(e) => p.push(&format!("{path}.{}", m.name), e),
            },
        }
    }
    p.finish()?;
    Ok(Json::Object(out))
}

/// Reads the members of `o` that are columns. `create` decides about `Once` columns and required ones.
pub fn fields(
    columns: &[Column],
    o: &Map<String, Json>,
    create: bool,
    also: &[&str],
    prefix: &str,
    p: &mut Problems,
) -> (Parsed, Vec<(usize, String)>) {
    let mut out = vec![];
    let mut names = vec![];
    for (k, v) in o {
        if also.contains(&k.as_str()) {
            continue;
        }
        let field = || format!("{prefix}{k}");
        if let Some(i) = columns.iter().position(|c| c.name == k) {
            let c = &columns[i];
            match c.mode {
                Mode::Input | Mode::Secret => {}
                Mode::Once if create => {}
                Mode::Hidden => {
                    p.add(&field(), "unknown_field");
                    continue;
                }
                _ => {
                    p.add(&field(), "read_only");
                    continue;
                }
            }
            match value(c, v) {
                Ok(x) => out.push((i, x)),
                Err(e) => p.push(&field(), e),
            }
        } else if let Some(i) = columns.iter().position(|c| c.by_name == Some(k.as_str())) {
            match v {
                Json::Null => out.push((i, Value::Null)),
                Json::String(s) if s.contains('\0') => {
                    p.add(&field(), "bad_text");
                }
                Json::String(s) => names.push((i, s.clone())),
                _ => {
                    p.add(&field(), "wrong_type").args.push(("expected".into(), "text".into()));
                }
            }
        } else {
            p.add(&field(), "unknown_field");
        }
    }
    if create {
        for (i, c) in columns.iter().enumerate() {
            if c.required
                && c.writable()
                && !out.iter().any(|(k, _)| *k == i)
                && !names.iter().any(|(k, _)| *k == i)
                && c.default.is_none()
                && !p.0.iter().any(|e| e.field == format!("{prefix}{}", c.name))
            {
                p.add(&format!("{prefix}{}", c.name), "required");
            }
        }
    }
    (out, names)
}

/// Lines of `of` as given: known ids keep their line, others are new; missing ones are removed. Columns hidden from the
/// caller are unknown fields, and a known line keeps them.
pub fn lines(cx: &mut Cx, of: &Spec, spec: &Lines, v: &Json, before: &[Line], p: &mut Problems) -> Vec<Line> {
    let Json::Array(items) = v else {
        p.add(spec.name, "wrong_type").args.push(("expected".into(), "list".into()));
        return vec![];
    };
    if items.len() > spec.max {
        p.add(spec.name, "line_limit").args.push(("max".into(), spec.max.to_string()));
        return vec![];
    }
    let old: HashMap<Id, &Line> = before.iter().map(|l| (l.id, l)).collect();
    let mut out = Vec::with_capacity(items.len());
    for (n, x) in items.iter().enumerate() {
        let path = format!("{}.{n}", spec.name);
        let Json::Object(o) = x else {
            p.add(&path, "wrong_type").args.push(("expected".into(), "object".into()));
            continue;
        };
        let known = match o.get("id") {
            None | Some(Json::Null) => None,
            Some(j) => match id_in(j).and_then(|id| old.get(&id)) {
                Some(l) => Some((*l).clone()),
                None => {
                    p.add(&format!("{path}.id"), "not_found");
                    continue;
                }
            },
        };
        let create = known.is_none();
        let mut line = known.unwrap_or_else(|| Line::new(spec, cx.new_id()));
        let mut also = vec!["id"];
        for k in o.keys().filter(|k| cx.ctx.access.hides_key(of, &spec.columns, k)) {
            p.add(&format!("{path}.{k}"), "unknown_field");
            also.push(k);
        }
        let (found, names) = fields(&spec.columns, o, create, &also, &format!("{path}."), p);
        for (i, _) in names {
            p.add(&format!("{path}.{}", spec.columns[i].by_name.unwrap_or_default()), "unknown_field");
        }
        for (i, v) in found {
            line.values[i] = v;
        }
        out.push(line);
    }
    out
}
