//! Undo is a new command: fields go back where nobody changed them since, posted documents are reversed.

use crate::cx::Cx;
use crate::execute::{authorise, run_verb, visible};
use crate::input;
use crate::record::Record;
use crate::spec::Kind;
use crate::value::Id;
use kontor_kernel::error::{Error, Kind as ErrorKind, Result};
use serde_json::{Value as Json, json};

pub fn undo(cx: &mut Cx, audit_id: Id) -> Result<Record> {
    let row = cx.conn.query_opt("SELECT entity, record_id, action, command, changes FROM audit WHERE id = ?", &[audit_id.into()])?.ok_or_else(Error::not_found)?;
    let spec = cx.app.registry.get(row.text(0)?).ok_or_else(Error::not_found)?;
    let id = row.id(1)?;
    let (action, command) = (row.text(2)?.to_string(), row.text(3)?.to_string());
    let changes = row.json(4)?;
    if action == "delete" {
        return restore_removed(cx, spec, id, &changes);
    }
    let before = visible(cx, spec, id, "undo")?;
    if action == "create" {
        return crate::execute::delete(cx, spec, id);
    }
    let verb = command.split_once('.').map_or("", |(_, v)| v);
    if let Some(v) = spec.verb_of(verb)
        && command.starts_with(spec.name)
    {
        match v.undo {
            Some(back) => return Ok(run_verb(cx, spec, id, back, &json!({}))?.0),
            None if spec.kind == Kind::Document => return Err(Error::refused("undo_impossible").arg("verb", verb)),
            None => {}
        }
    }
    fields_back(cx, before, &changes)
}

fn fields_back(cx: &mut Cx, before: Record, changes: &Json) -> Result<Record> {
    let spec = before.spec;
    let Json::Object(changes) = changes else { return Err(Error::internal("audit entry without changes")) };
    let mut after = before.clone();
    let mut clash = vec![];
    for (field, pair) in changes {
        let (was, became) = (&pair[0], &pair[1]);
        let Some(i) = spec.index(field) else {
            clash.push(json!({"field": field, "base": became, "theirs": Json::Null, "yours": was}));
            continue;
        };
        let now = crate::record::value_json(&spec.columns[i].ty, &before.values[i]);
        if now != *became {
            clash.push(json!({"field": field, "base": became, "theirs": now, "yours": was}));
            continue;
        }
        let loose = crate::spec::Column { required: false, signed: true, ..spec.columns[i].clone() };
        after.values[i] = match (&loose.ty, was) {
            (crate::spec::Ty::State, Json::String(s)) => s.as_str().into(),
            _ => input::value(&loose, was)?,
        };
    }
    if !clash.is_empty() {
        return Err(Error::new(ErrorKind::Conflict, "undo_conflict").detail(json!({"conflicts": clash, "version": before.version})));
    }
    cx.save(&before, &mut after)?;
    Ok(after)
}

fn restore_removed(cx: &mut Cx, spec: &'static crate::spec::Spec, id: Id, changes: &Json) -> Result<Record> {
    authorise(cx, spec, "create")?;
    if Record::load(cx.conn, spec, id)?.is_some() {
        return Err(Error::new(ErrorKind::Conflict, "undo_conflict"));
    }
    let mut r = Record::new(spec, id);
    let Json::Object(changes) = changes else { return Err(Error::internal("audit entry without changes")) };
    for (field, pair) in changes {
        if let Some(i) = spec.index(field) {
            let loose = crate::spec::Column { required: false, signed: true, ..spec.columns[i].clone() };
            r.values[i] = match (&loose.ty, &pair[0]) {
                (crate::spec::Ty::State, Json::String(s)) => s.as_str().into(),
                (_, v) => input::value(&loose, v)?,
            };
        } else if let Some((k, l)) = spec.lines_of(field)
            && let Json::Array(items) = &pair[0]
        {
            for item in items {
                let mut line = crate::record::Line::new(l, item["id"].as_str().and_then(|s| Id::parse_str(s).ok()).unwrap_or_else(|| cx.new_id()));
                for (i, c) in l.columns.iter().enumerate() {
                    let loose = crate::spec::Column { required: false, signed: true, ..c.clone() };
                    line.values[i] = input::value(&loose, &item[c.name])?;
                }
                r.lines[k].push(line);
            }
        }
    }
    cx.insert(&mut r)?;
    Ok(r)
}
