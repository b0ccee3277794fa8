//! Input onto a record: fields by the declaration, names and references that the caller may see, codes that are known.
//! Reads, and writes nothing but the records that history names and nobody has made yet.

use super::create;
use crate::cx::{Change, Cx};
use crate::input::{self, Problems};
use crate::record::Record;
use crate::spec::{Column, Mode, NONE, Spec, Ty, Verb};
use crate::store::{Wanted, by_ids};
use crate::value::{Id, Value};
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{HashMap, HashSet};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// Input onto a new record or the one before; references checked, nothing written.
pub(super) fn parse(
    cx: &mut Cx,
    spec: &'static Spec,
    before: Option<Record>,
    body: &Json,
    merge: Option<&Map<String, Json>>,
) -> Result<Change> {
    let Json::Object(o) = body else { return Err(Error::unreadable("object_expected")) };
    let mut p = Problems::default();
    let mut after = before.clone().unwrap_or_else(|| Record::new(spec, cx.new_id()));
    let mut also: Vec<&str> = spec.lines.iter().map(|l| l.name).collect();
    also.push("version");
    for k in o.keys().filter(|k| cx.ctx.access.hides_key(spec, &spec.columns, k)) {
        p.add(k, "unknown_field");
        also.push(k);
    }
    let (found, names) = input::fields(&spec.columns, o, before.is_none(), &also, "", &mut p);
    let mut given: HashSet<&'static str> = HashSet::new();
    for (i, v) in found.into_iter().chain(resolve_names(cx, &spec.columns, names, &mut p)?) {
        let name = spec.columns[i].name;
        given.insert(name);
        // The caller sent back what he had read while others changed it: theirs stays.
        if let Some(base) = merge.and_then(|m| m.get(name))
            && *base == crate::record::value_json(&spec.columns[i].ty, &v)
        {
            continue;
        }
        after.values[i] = v;
    }
    for (k, l) in spec.lines.iter().enumerate() {
        match o.get(l.name) {
            Some(_) if cx.ctx.access.hidden(spec, l.name) => {}
            Some(j) => {
                given.insert(l.name);
                let old = before.as_ref().map(|b| b.lines[k].clone()).unwrap_or_default();
                after.lines[k] = input::lines(cx, spec, l, j, &old, &mut p);
                if l.required && after.lines[k].is_empty() && p.0.is_empty() {
                    p.add(l.name, "required");
                }
            }
            None if l.required && before.is_none() => {
                p.add(l.name, "required");
            }
            None => {}
        }
    }
    if before.is_none() && cx.ctx.user_id != NONE {
        // Who writes a record down answers for it until somebody else is named.
        if let Some(i) = spec.owner.and_then(|o| spec.index(o))
            && after.values[i].is_null()
            && spec.columns[i].writable()
        {
            after.values[i] = Value::Id(cx.ctx.user_id);
        }
    }
    if p.0.is_empty() {
        references(cx, before.as_ref(), &after, &mut p)?;
        codes(cx, before.as_ref(), &after, &mut p)?;
    }
    p.finish()?;
    Ok(Change { before, after, given })
}

pub(super) fn resolve_names(cx: &mut Cx, columns: &[Column], names: Vec<(usize, String)>, p: &mut Problems) -> Result<Vec<(usize, Value)>> {
    let mut out = vec![];
    for (i, name) in names {
        let c = &columns[i];
        let Ty::Ref(of) = c.ty else { continue };
        let target = cx.spec(of);
        // A name finds only what the caller may see, like an id.
        let scope = cx.ctx.access.predicate(&cx.app.registry, target, "read", "t");
        let and = scope.and();
        let mut params: Vec<Value> = vec![name.as_str().into()];
        params.extend(scope.params);
        let sql = format!("SELECT t.id FROM {} t WHERE t.{} = ?{and} ORDER BY t.id LIMIT 2", target.table, target.title);
        let mut found = cx.conn.query(&sql, &params)?;
        if found.is_empty() && cx.ctx.is_history() {
            cx.alone(&format!("{of} {name}"))?;
            found = cx.conn.query(&sql, &params)?;
        }
        match found.first() {
            Some(_) if found.len() > 1 && !cx.ctx.is_history() => {
                p.add(c.by_name.unwrap_or(c.name), "name_ambiguous").args.push(("value".into(), name));
            }
            Some(r) => out.push((i, Value::Id(r.id(0)?))),
            None if cx.ctx.is_history() && !name.trim().is_empty() => {
                let made = create(cx, target, &json!({ target.title: name }))?;
                out.push((i, Value::Id(made.id)));
            }
            None if name.trim().is_empty() => out.push((i, Value::Null)),
            None => {
                p.add(c.by_name.unwrap_or(c.name), "reference_missing").args.push(("value".into(), name));
            }
        }
    }
    Ok(out)
}

/// Where a value stands in the input; spelled out only where something is wrong with it.
#[derive(Clone, Copy)]
enum Place {
    Field(&'static str),
    Line(&'static str, usize, &'static str),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Field(name) => f.write_str(name),
            Place::Line(lines, n, name) => write!(f, "{lines}.{n}.{name}"),
        }
    }
}

/// Every reference that is new must be there and be visible to the caller; one query per collection.
fn references(cx: &mut Cx, before: Option<&Record>, after: &Record, p: &mut Problems) -> Result<()> {
    let mut wanted: BTreeMap<&'static str, Vec<(Place, Id)>> = BTreeMap::new();
    for (i, c) in after.spec.columns.iter().enumerate() {
        if let (Ty::Ref(of), Value::Id(id)) = (&c.ty, &after.values[i])
            && c.writable()
            && before.is_none_or(|b| b.values[i] != after.values[i])
        {
            wanted.entry(of).or_default().push((Place::Field(c.name), *id));
        }
    }
    for (k, l) in after.spec.lines.iter().enumerate() {
        let old: HashMap<Id, &crate::record::Line> = before.map(|b| b.lines[k].iter().map(|x| (x.id, x)).collect()).unwrap_or_default();
        for (i, c) in l.columns.iter().enumerate() {
            let Ty::Ref(of) = c.ty else { continue };
            if !c.writable() {
                continue;
            }
            for (n, line) in after.lines[k].iter().enumerate() {
                if let Value::Id(id) = line.values[i]
                    && old.get(&line.id).is_none_or(|o| o.values[i] != line.values[i])
                {
                    wanted.entry(of).or_default().push((Place::Line(l.name, n, c.name), id));
                }
            }
        }
    }
    let ids: Vec<(&'static str, BTreeSet<Id>)> = wanted.iter().map(|(of, uses)| (*of, uses.iter().map(|(_, id)| *id).collect())).collect();
    let known = existing(cx, ids)?;
    for (of, uses) in wanted {
        for (place, id) in uses.into_iter().filter(|(_, id)| !known.contains(&(of, *id))) {
            p.add(&place.to_string(), "reference_missing").args.push(("value".into(), id.to_string()));
        }
    }
    Ok(())
}

/// Most references that are remembered to be there.
const KNOWN: usize = 10_000;

/// Those of the ids that are there and that the caller may see.
fn existing(cx: &mut Cx, mut wanted: Vec<(&'static str, BTreeSet<Id>)>) -> Result<HashSet<(&'static str, Id)>> {
    let mut known = HashSet::new();
    for (of, ids) in &mut wanted {
        ids.retain(|id| !(cx.known.contains(&(*of, *id)) && known.insert((*of, *id))));
    }
    let (app, access) = (cx.app, &cx.ctx.access);
    let of = |(of, ids): (&'static str, BTreeSet<Id>)| {
        // A collection that this program does not have holds nothing.
        let target = app.registry.get(of)?;
        let scope = access.predicate(&app.registry, target, "read", "t");
        let columns = format!("'{of}', t.id");
        Some(Wanted { columns, table: target.table.clone(), ids: ids.into_iter().collect(), and: scope.sql, params: scope.params })
    };
    by_ids(cx.conn, wanted.into_iter().filter_map(of).collect(), |r| {
        if let Some(of) = app.registry.get(r.text(0)?) {
            known.insert((of.name, r.id(1)?));
        }
        Ok(())
    })?;
    if cx.known.len() < KNOWN {
        cx.known.extend(&known);
    }
    Ok(known)
}

/// Codes of currencies, countries, VAT rates must be known.
fn codes(cx: &mut Cx, before: Option<&Record>, after: &Record, p: &mut Problems) -> Result<()> {
    let mut used: Vec<(&'static str, &str, Place)> = vec![];
    for (i, c) in after.spec.columns.iter().enumerate() {
        if let (Ty::Code(of), Value::Text(code)) = (&c.ty, &after.values[i])
            && c.mode != Mode::Computed
            && before.is_none_or(|b| b.values[i] != after.values[i])
        {
            used.push((of, code, Place::Field(c.name)));
        }
    }
    for (k, l) in after.spec.lines.iter().enumerate() {
        for (i, c) in l.columns.iter().enumerate() {
            let Ty::Code(of) = c.ty else { continue };
            for (n, line) in after.lines[k].iter().enumerate() {
                if let Value::Text(code) = &line.values[i] {
                    used.push((of, code, Place::Line(l.name, n, c.name)));
                }
            }
        }
    }
    let mut wanted: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    for (of, code, _) in &used {
        let of = wanted.entry(of).or_default();
        if !of.contains(*code) {
            of.insert(code.to_string());
        }
    }
    for codes in wanted.iter_mut() {
        *codes.1 = crate::codes::unknown(cx, codes.0, std::mem::take(codes.1))?;
    }
    for (of, code, place) in used {
        if wanted[of].contains(code) {
            p.add(&place.to_string(), "bad_code").args.push(("value".into(), code.chars().take(40).collect()));
        }
    }
    Ok(())
}

/// Own companies outside the caller's list are as if they were not there.
pub(super) fn company_allowed(cx: &Cx, r: &Record) -> Result<()> {
    if cx.ctx.access.companies.is_empty() {
        return Ok(());
    }
    if let Some(c) = r.spec.company
        && let Some(id) = r.opt_id(c)
        && !cx.ctx.access.companies.contains(&id)
    {
        return Err(Error::field(c, "reference_missing").field_arg("value", id));
    }
    Ok(())
}

pub(super) fn verb_references(cx: &mut Cx, verb: &Verb, found: &input::Parsed, p: &mut Problems) -> Result<()> {
    for (i, v) in found {
        if let (Ty::Ref(of), Value::Id(id)) = (&verb.input[*i].ty, v)
            && existing(cx, vec![(of, BTreeSet::from([*id]))])?.is_empty()
        {
            p.add(verb.input[*i].name, "reference_missing").args.push(("value".into(), id.to_string()));
        }
    }
    Ok(())
}
