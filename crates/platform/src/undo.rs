//! Undo is a new command: fields go back where nobody changed them since, posted documents are reversed.

use crate::access::Access;
use crate::app::App;
use crate::ctx::Ctx;
use crate::cx::{Change, Cx};
use crate::execute::{Envelope, in_scope, run_verb, visible};
use crate::input;
use crate::record::{Line, Record};
use crate::spec::{Column, Kind, Lines, Spec, Ty, Verb};
use crate::value::{Id, Value, id_in};
use kontor_kernel::HashSet;
use kontor_kernel::error::{Error, Kind as ErrorKind, Result};
use kontor_texts::tr_args;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// Most commands of a group that are taken back at once, in one transaction.
pub const GROUP_MAX: usize = 5_000;

/// What became of a group that was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupUndone {
    pub undone: usize,
    /// Records that somebody has changed since, or that others rest on by now: they stay as they are.
    pub stayed: usize,
}

impl App {
    /// Takes back every command of a group (a bulk change), last first, with the caller's rights. What cannot be taken back
    /// stays and is counted; when nothing can, the first reason is the error.
    pub fn undo_group(self: &Arc<Self>, ctx: &Ctx, group: Id) -> Result<GroupUndone> {
        let entries = self.store.read(|conn| commands_of(conn, group, i64::MAX, GROUP_MAX + 1))?;
        if entries.is_empty() {
            return Err(Error::not_found());
        }
        if entries.len() > GROUP_MAX {
            return Err(Error::refused("group_too_large").arg("max", GROUP_MAX));
        }
        let mut ctx = ctx.clone();
        ctx.group = Some(crate::value::new_id());
        let envs = entries.into_iter().map(|(id, _)| Envelope::new("audit.undo", Json::Null).on(id)).collect();
        let (done, left): (Vec<_>, Vec<_>) = self.execute_slice(&ctx, envs, true)?.into_iter().partition(Result::is_ok);
        let stayed = left.len();
        match left.into_iter().next() {
            Some(Err(e)) if done.is_empty() => Err(e),
            _ => Ok(GroupUndone { undone: done.len(), stayed }),
        }
    }

    /// Queues the taking back of a group that is too large for `undo_group`; answers the job as the API shows it, nothing
    /// where the group is small enough.
    pub fn undo_large_group(self: &Arc<Self>, ctx: &Ctx, group: Id) -> Result<Option<Json>> {
        let count = self.store.read(|conn| {
            let Some(from) = begun(group) else { return Ok(0) };
            conn.query_one(&format!("SELECT COUNT(*) FROM audit a WHERE {COMMANDS}"), &[from.into(), group.into(), i64::MAX.into()])?.int(0)
        })?;
        if count <= GROUP_MAX as i64 {
            return Ok(None);
        }
        let title = tr_args(ctx.lang, "jobs-undo-title", &[("count", count.into())]);
        self.start_job(ctx, "undo-group", &title, json!({"group": group}), Some(count)).map(Some)
    }
}

/// One entry per command of a group: that of the record the command was given for, the last one where there are several.
const COMMANDS: &str = "a.at >= ? AND a.group_id = ? AND a.seq < ? AND a.command LIKE a.entity || '.%' AND NOT EXISTS \
     (SELECT 1 FROM audit b WHERE b.record_id = a.record_id AND b.group_id = a.group_id AND b.command = a.command AND b.seq > a.seq)";

/// An id says when it was made, so the entries are found by their time.
fn begun(group: Id) -> Option<chrono::DateTime<chrono::Utc>> {
    let (seconds, _) = group.get_timestamp()?.to_unix();
    chrono::DateTime::from_timestamp(i64::try_from(seconds).ok()? - 60, 0)
}

/// Commands of a group with their places, last first, from before a place on.
pub(crate) fn commands_of(conn: &mut crate::store::Conn, group: Id, before: i64, limit: usize) -> Result<Vec<(Id, i64)>> {
    let Some(from) = begun(group) else { return Ok(vec![]) };
    let sql = format!("SELECT a.id, a.seq FROM audit a WHERE {COMMANDS} ORDER BY a.seq DESC LIMIT {limit}");
    conn.query(&sql, &[from.into(), group.into(), before.into()])?.iter().map(|r| Ok((r.id(0)?, r.int(1)?))).collect()
}

/// All entries of a group with their places, last first, from before a place on; but for those of its being taken back.
pub(crate) fn entries_of(conn: &mut crate::store::Conn, group: Id, before: i64, limit: usize) -> Result<Vec<(Id, i64)>> {
    let Some(from) = begun(group) else { return Ok(vec![]) };
    let sql =
        format!("SELECT id, seq FROM audit WHERE at >= ? AND group_id = ? AND seq < ? AND command <> ? ORDER BY seq DESC LIMIT {limit}");
    let params = [from.into(), group.into(), before.into(), crate::bulk::TAKE_BACK.into()];
    conn.query(&sql, &params)?.iter().map(|r| Ok((r.id(0)?, r.int(1)?))).collect()
}

/// Takes back what one audit entry did, with the rights of the caller: a removal is written again, a create removed, archived or
/// reversed, a verb answered by the one that undoes it, fields are merged back. Errors: `undo_done` where that happened already,
/// `undo_conflict` where they have changed since, `undo_impossible`.
pub fn undo(cx: &mut Cx, audit_id: Id) -> Result<Record> {
    let row = cx
        .conn
        .query_opt("SELECT entity, record_id, action, command, changes, user_id FROM audit WHERE id = ?", &[audit_id.into()])?
        .ok_or_else(Error::not_found)?;
    let spec = cx.app.registry.get(row.text(0)?).ok_or_else(Error::not_found)?;
    let id = row.id(1)?;
    let (action, command) = (row.text(2)?.to_string(), row.text(3)?.to_string());
    let changes = row.json(4)?;
    if action == "delete" {
        return restore_removed(cx, spec, id, &changes);
    }
    let before = visible(cx, spec, id, "undo")?;
    if action == "create" {
        // Written posted from the first (a single price): taken back by its reversal while nothing happened since.
        if let Some(reverse) = spec.verb_of("reverse").filter(|_| before.state() != spec.initial) {
            not_done(reverse, &before)?;
            if before.version == 1 && reverse.from.contains(&before.state()) {
                return Ok(run_verb(cx, spec, id, "reverse", &json!({}))?.0);
            }
        }
        return crate::execute::delete(cx, spec, id);
    }
    let verb = command.split_once('.').map_or("", |(_, v)| v);
    let done = spec.verb_of(verb).filter(|_| command.starts_with(spec.name));
    // States of documents change by verbs only: also where an undo or another document's command led there.
    let by_verbs = spec.kind == Kind::Document && (done.is_some() || changes.get("state").is_some());
    let back = match done {
        Some(v) => way_back(spec, v, &changes),
        None if by_verbs => once_more(spec, &changes),
        None => None,
    };
    match back {
        Some(back) => {
            spec.verb_of(back).map_or(Ok(()), |v| not_done(v, &before))?;
            return Ok(run_verb(cx, spec, id, back, &json!({}))?.0);
        }
        None if by_verbs => return Err(Error::refused("undo_impossible").arg("verb", verb)),
        None => {}
    }
    if row.id(5)? != cx.ctx.user_id && touches_hidden(&cx.ctx.access, spec, &changes) {
        return Err(Error::forbidden().arg("action", "undo").arg("entity", spec.name));
    }
    fields_back(cx, before, &changes)
}

/// Where the verb that takes back has led already, there is nothing left to take back.
fn not_done(back: &Verb, before: &Record) -> Result<()> {
    let there = !back.from.contains(&before.state()) && back.to.contains(&before.state());
    if there && !back.from.is_empty() { Err(Error::new(ErrorKind::Conflict, "undo_done")) } else { Ok(()) }
}

/// The verb that leads from the state that a verb led to back to the one before.
fn way_back(spec: &Spec, v: &Verb, changes: &Json) -> Option<&'static str> {
    let (was, became) = (changes["state"][0].as_str(), changes["state"][1].as_str());
    let leads = |back: &&&str| {
        spec.verb_of(back)
            .is_some_and(|b| became.is_none_or(|s| b.from.is_empty() || b.from.contains(&s)) && was.is_none_or(|s| b.to.contains(&s)))
    };
    v.undo.iter().find(leads).or(v.undo.first()).copied()
}

/// The verb that does again what was taken back.
fn once_more(spec: &Spec, changes: &Json) -> Option<&'static str> {
    let (was, became) = (changes["state"][0].as_str()?, changes["state"][1].as_str()?);
    let taken_back_by = |b: &&str| spec.verb_of(b).is_some_and(|b| b.from.contains(&was) && b.to.contains(&became));
    spec.verbs.iter().find(|v| v.from.contains(&became) && v.to.contains(&was) && v.undo.iter().any(taken_back_by)).map(|v| v.name)
}

/// Somebody wrote a column there that this caller does not know, in the head or in a line that was there before and after:
/// taking that back would be writing it.
fn touches_hidden(access: &Access, spec: &Spec, changes: &Json) -> bool {
    let written = |columns: &[Column], was: &Json, became: &Json| {
        columns.iter().any(|c| c.writable() && access.hidden(spec, c.name) && was[c.name] != became[c.name])
    };
    changes.as_object().into_iter().flatten().any(|(field, pair)| match spec.lines_of(field) {
        None => access.hidden(spec, field) && spec.col(field).is_some_and(Column::writable),
        Some((_, l)) => pair[0].as_array().into_iter().flatten().any(|was| {
            let same = |x: &&Json| x["id"] == was["id"];
            pair[1].as_array().and_then(|a| a.iter().find(same)).is_some_and(|became| written(&l.columns, was, became))
        }),
    })
}

fn fields_back(cx: &mut Cx, before: Record, changes: &Json) -> Result<Record> {
    let spec = before.spec;
    let Json::Object(changes) = changes else { return Err(Error::internal("audit entry without changes")) };
    // An edit of a draft is not taken back behind the back of what was posted from it; undoing the change of state itself is.
    if !spec.editable_in(before.state()) && !changes.contains_key("state") && !changes.contains_key("archived") {
        return Err(Error::refused("posted_immutable").arg("state", before.state()));
    }
    let mut after = before.clone();
    let mut clash = vec![];
    let mut given = HashSet::new();
    for (field, pair) in changes {
        let (was, became) = (&pair[0], &pair[1]);
        if let Some((k, l)) = spec.lines_of(field) {
            let now = crate::record::lines_json(l, &before.lines[k]);
            if now == *became {
                after.lines[k] = lines_from(cx, l, was)?;
                given.insert(l.name);
            } else {
                clash.push(json!({"field": field, "base": became, "theirs": now, "yours": was}));
            }
            continue;
        }
        let Some(i) = spec.index(field) else {
            clash.push(json!({"field": field, "base": became, "theirs": Json::Null, "yours": was}));
            continue;
        };
        let now = crate::record::value_json(&spec.columns[i].ty, &before.values[i]);
        if now != *became {
            clash.push(json!({"field": field, "base": became, "theirs": now, "yours": was}));
            continue;
        }
        after.values[i] = stored_value(&spec.columns[i], was)?;
        given.insert(spec.columns[i].name);
    }
    if given.is_empty() && !clash.is_empty() && clash.iter().all(|c| c["theirs"] == c["yours"]) {
        return Err(Error::new(ErrorKind::Conflict, "undo_done"));
    }
    if !clash.is_empty() {
        let access = &cx.ctx.access;
        for entry in &mut clash {
            let field = entry["field"].as_str().unwrap_or_default().to_string();
            for side in ["base", "theirs", "yours"] {
                entry[side] = access.strip_hidden(spec, &field, entry[side].take()).unwrap_or(Json::Null);
            }
        }
        clash.retain(|entry| !access.hidden(spec, entry["field"].as_str().unwrap_or_default()));
        return Err(Error::new(ErrorKind::Conflict, "undo_conflict").detail(json!({"conflicts": clash, "version": before.version})));
    }
    decided(cx, before, after, given)
}

/// An archived record comes back.
pub(crate) fn restore(cx: &mut Cx, before: Record) -> Result<Record> {
    if before.spec.kind != Kind::Catalog || !before.bool("archived") {
        return Err(Error::refused("not_archived"));
    }
    let mut after = before.clone();
    after.set("archived", false);
    decided(cx, before, after, HashSet::from(["archived"]))
}

/// What was right then may be wrong now: the rules have the last word.
fn decided(cx: &mut Cx, before: Record, after: Record, given: HashSet<&'static str>) -> Result<Record> {
    let spec = before.spec;
    let mut change = Change { before: Some(before.clone()), after, given };
    spec.rules.decide(cx, &mut change)?;
    let mut after = std::mem::replace(&mut change.after, before.clone());
    let saved = cx.save(&before, &mut after)?;
    change.after = after;
    if saved {
        spec.rules.written(cx, &change)?;
    }
    Ok(change.after)
}

/// A value as the audit keeps it; limits of input do not bind what was stored before.
fn stored_value(c: &Column, v: &Json) -> Result<Value> {
    let loose = Column { required: false, signed: true, ..c.clone() };
    match (&loose.ty, v) {
        (Ty::State, Json::String(s)) => Ok(s.as_str().into()),
        (_, v) => input::value(&loose, v),
    }
}

/// Lines as the audit keeps them, under their old ids.
fn lines_from(cx: &Cx, l: &Lines, v: &Json) -> Result<Vec<Line>> {
    let mut out = vec![];
    for item in v.as_array().into_iter().flatten() {
        let mut line = Line::new(l, id_in(&item["id"]).unwrap_or_else(|| cx.new_id()));
        for (i, c) in l.columns.iter().enumerate() {
            line.values[i] = stored_value(c, &item[c.name])?;
        }
        out.push(line);
    }
    Ok(out)
}

fn restore_removed(cx: &mut Cx, spec: &'static Spec, id: Id, changes: &Json) -> Result<Record> {
    // Whoever may not write it down anew is not told that it was there.
    cx.ctx.access.require(spec, "create").map_err(|_| Error::not_found())?;
    if Record::load(cx.conn, spec, id)?.is_some() {
        return Err(if in_scope(cx, spec, id, "read")? { Error::new(ErrorKind::Conflict, "undo_done") } else { Error::not_found() });
    }
    let mut r = Record::new(spec, id);
    let Json::Object(changes) = changes else { return Err(Error::internal("audit entry without changes")) };
    for (field, pair) in changes {
        if let Some(i) = spec.index(field) {
            r.values[i] = stored_value(&spec.columns[i], &pair[0])?;
        } else if let Some((k, l)) = spec.lines_of(field) {
            r.lines[k] = lines_from(cx, l, &pair[0])?;
        }
    }
    cx.insert(&mut r)?;
    // Whoever would not have seen it does not bring it back: for him there is nothing to undo.
    if !in_scope(cx, spec, id, "read")? || spec.record_of.is_some() && !in_scope(cx, spec, id, "create")? {
        return Err(Error::not_found());
    }
    Ok(r)
}
