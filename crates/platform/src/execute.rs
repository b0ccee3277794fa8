//! The only write path: load inside the caller's scope, authorise, check version and state, decide, write, audit.
//! Everything that changes a business record comes through `App::execute`.

mod parse;

use crate::app::App;
use crate::audit;
use crate::ctx::Ctx;
use crate::cx::{Change, Cx, Warning};
use crate::input::{self, Problems};
use crate::merge;
use crate::query::{Shown, record_shown};
use crate::record::Record;
use crate::spec::{Kind, NONE, Scope, Spec};
use crate::store::{Conn, Priority};
use crate::value::{Id, Value};
use kontor_kernel::error::{Error, Kind as ErrorKind, Result};
use parse::{company_allowed, parse, resolve_names, verb_references};
use serde_json::{Map, Value as Json, json};
use std::sync::{Arc, Mutex};

/// One command as it comes from a page, a program, an import row or a job.
#[derive(Clone, Debug, Default)]
pub struct Envelope {
    /// `partners.create`, `sales-orders.confirm`, `audit.undo`
    pub command: String,
    pub id: Option<Id>,
    pub input: Json,
    /// Version that the edit was based on.
    pub seen_version: Option<i64>,
    pub idempotency_key: Option<String>,
    pub dry_run: bool,
}

/// What a command did.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Outcome {
    pub id: Option<Id>,
    pub version: i64,
    /// Entry that undo takes back.
    pub audit_id: Option<Id>,
    /// The record as the API shows it, with what the verb answers on top.
    pub data: Shown,
    pub warnings: Vec<Warning>,
    /// The answer of an earlier call with the same key.
    #[serde(default)]
    pub replayed: bool,
}

impl Envelope {
    /// A command without record, version or key.
    pub fn new(command: impl Into<String>, input: Json) -> Self {
        Envelope { command: command.into(), input, ..Default::default() }
    }
    /// On this record.
    pub fn on(mut self, id: Id) -> Self {
        self.id = Some(id);
        self
    }
    /// Based on this version.
    pub fn seen(mut self, version: i64) -> Self {
        self.seen_version = Some(version);
        self
    }
}

impl App {
    /// Runs one command in one transaction; returns after it is durable.
    pub fn execute(self: &Arc<Self>, ctx: &Ctx, env: Envelope) -> Result<Outcome> {
        let priority = if ctx.source == crate::ctx::Source::Import { Priority::Import } else { Priority::People };
        self.execute_as(ctx, env, priority)
    }

    /// The same at another priority of the writer.
    pub fn execute_as(self: &Arc<Self>, ctx: &Ctx, env: Envelope, priority: Priority) -> Result<Outcome> {
        let _guard = self.in_flight(ctx, &env)?;
        let (app, ctx) = (self.clone(), ctx.clone());
        let dry: Arc<Mutex<Option<Outcome>>> = Arc::default();
        let dry_in = dry.clone();
        let is_dry = env.dry_run;
        let done = self.store.write(priority, move |conn| {
            let (outcome, live) = run_once(&app, &ctx, &env, conn)?;
            if env.dry_run {
                *dry_in.lock().unwrap_or_else(|e| e.into_inner()) = Some(outcome);
                return Err(Error::refused("dry_run"));
            }
            Ok((outcome, live))
        });
        if is_dry && let Some(o) = dry.lock().unwrap_or_else(|e| e.into_inner()).take() {
            return Ok(o);
        }
        let (outcome, live) = done?;
        self.after_commit(live);
        Ok(outcome)
    }

    /// Several commands in one transaction (slices of an import); each may fail for itself when `partial`.
    pub fn execute_slice(self: &Arc<Self>, ctx: &Ctx, envs: Vec<Envelope>, partial: bool) -> Result<Vec<Result<Outcome>>> {
        self.execute_each(envs.into_iter().map(|e| (ctx.clone(), e)).collect(), partial)
    }

    /// The same for commands of several callers and moments: history that is written after the event.
    pub fn execute_each(self: &Arc<Self>, commands: Vec<(Ctx, Envelope)>, partial: bool) -> Result<Vec<Result<Outcome>>> {
        let app = self.clone();
        let (out, live) = self.store.write(Priority::Import, move |conn| {
            let mut out = Vec::with_capacity(commands.len());
            let mut all = vec![];
            for (ctx, env) in &commands {
                let r = if partial { conn.savepoint(|conn| run_once(&app, ctx, env, conn)) } else { run_once(&app, ctx, env, conn) };
                match r {
                    Ok((o, live)) => {
                        all.extend(live);
                        out.push(Ok(o));
                    }
                    Err(e) if e.inner().retry => return Err(e),
                    Err(e) if partial => out.push(Err(e)),
                    Err(e) => return Err(e),
                }
            }
            Ok((out, all))
        })?;
        self.after_commit(live);
        Ok(out)
    }

    /// A document as it would be saved: fields parsed and rules run on a read connection, nothing written.
    pub fn preview(&self, ctx: &Ctx, collection: &str, id: Option<Id>, body: &Json) -> Result<Json> {
        self.preview_then(ctx, collection, id, body, |_, _, data| Ok(data))
    }

    /// The same, and on the same connection what else is to be said of the record as it would be: also columns that the
    /// answer hides. The closure gets the answer of `preview` and gives its own.
    pub fn preview_then<T>(
        &self,
        ctx: &Ctx,
        collection: &str,
        id: Option<Id>,
        body: &Json,
        then: impl FnOnce(&mut Cx, &Record, Json) -> Result<T>,
    ) -> Result<T> {
        let spec = self.registry.get(collection).ok_or_else(Error::not_found)?;
        self.store.read(|conn| {
            let mut cx = Cx::new(conn, self, ctx, "");
            let change = decided(&mut cx, spec, id, body)?;
            let mut data = crate::query::record_json(cx.conn, self, ctx, &change.after)?;
            data["warnings"] = serde_json::to_value(&cx.warnings).map_err(Error::internal)?;
            then(&mut cx, &change.after, data)
        })
    }
}

/// The checks of a create or update on a read connection.
pub(crate) fn check_input(cx: &mut Cx, collection: &str, id: Option<Id>, body: &Json) -> Result<()> {
    let spec = cx.app.registry.get(collection).ok_or_else(Error::not_found)?;
    decided(cx, spec, id, body).map(drop)
}

/// A create or update as far as it goes without writing: rights, fields, references, rules.
fn decided(cx: &mut Cx, spec: &'static Spec, id: Option<Id>, body: &Json) -> Result<Change> {
    cx.preview = true;
    let before = match id {
        Some(id) => Some(visible(cx, spec, id, "update")?),
        None => {
            cx.ctx.access.require(spec, "create")?;
            spec.rules.ahead(cx, body)?;
            None
        }
    };
    let prepared = spec.rules.prepare(cx, before.as_ref(), body)?;
    let mut change = parse(cx, spec, before, prepared.as_ref().unwrap_or(body), None)?;
    company_allowed(cx, &change.after)?;
    spec.rules.decide(cx, &mut change)?;
    Ok(change)
}

fn run_once(app: &Arc<App>, ctx: &Ctx, env: &Envelope, conn: &mut Conn) -> Result<(Outcome, Vec<crate::cx::Live>)> {
    if let Some(done) = crate::idempotency::earlier(conn, ctx, env)? {
        return Ok((done, vec![]));
    }
    let mut cx = Cx::new(conn, app, ctx, &env.command);
    cx.dry_run = env.dry_run;
    let (collection, action) = env.command.split_once('.').ok_or_else(|| Error::unreadable("bad_command"))?;
    let need = || env.id.ok_or_else(|| Error::unreadable("id_missing"));
    let (record, extra) = if collection == "audit" && action == "undo" {
        (crate::undo::undo(&mut cx, need()?)?, Json::Null)
    } else {
        let spec = app.registry.get(collection).ok_or_else(Error::not_found)?;
        match action {
            "create" => (create(&mut cx, spec, &env.input)?, Json::Null),
            "update" => (update(&mut cx, spec, need()?, &env.input, env.seen_version)?, Json::Null),
            "delete" => (delete(&mut cx, spec, need()?)?, Json::Null),
            verb => run_verb(&mut cx, spec, need()?, verb, &env.input)?,
        }
    };
    // Imports read nothing back; building the answer would cost as much as the write.
    let mut data =
        if ctx.source == crate::ctx::Source::Import { Shown::from(json!({})) } else { record_shown(cx.conn, app, ctx, &record)? };
    if let Json::Object(more) = extra {
        let mut tree = data.into_tree();
        if let Json::Object(m) = &mut tree {
            m.extend(more);
        }
        data = tree.into();
    }
    let outcome = Outcome {
        id: Some(record.id),
        version: record.version,
        audit_id: cx.audit_of(record.id),
        data,
        warnings: std::mem::take(&mut cx.warnings),
        replayed: false,
    };
    let live = std::mem::take(&mut cx.live);
    crate::idempotency::keep(conn, ctx, env, &outcome)?;
    Ok((outcome, live))
}

/// Loads a record that the caller may see (else 404) and may do `action` with (else 403); locked for the command.
pub(crate) fn visible(cx: &mut Cx, spec: &'static Spec, id: Id, action: &str) -> Result<Record> {
    // Of what he may read all, loading tells by itself whether it is there.
    let all = cx.ctx.access.predicate(&cx.app.registry, spec, "read", "t").sql.is_empty();
    let may = cx.ctx.access.require(spec, action);
    if (!all || may.is_err()) && !in_scope(cx, spec, id, "read")? {
        return Err(Error::not_found());
    }
    may?;
    let bound = cx.ctx.access.scope(spec, action) != Scope::All || spec.record_of.is_some();
    if bound && !in_scope(cx, spec, id, action)? {
        // Only of a record that is there.
        let there = !all || in_scope(cx, spec, id, "read")?;
        return Err(if there { Error::forbidden().arg("action", action).arg("entity", spec.name) } else { Error::not_found() });
    }
    let r = if cx.preview { Record::load(cx.conn, spec, id)? } else { Record::load_locked(cx.conn, spec, id)? };
    r.ok_or_else(Error::not_found)
}

pub(crate) fn in_scope(cx: &mut Cx, spec: &Spec, id: Id, action: &str) -> Result<bool> {
    let p = cx.ctx.access.predicate(&cx.app.registry, spec, action, "t");
    let and = p.and();
    let mut params = vec![Value::Id(id)];
    params.extend(p.params);
    Ok(cx.conn.query_opt(&format!("SELECT 1 FROM {} t WHERE t.id = ?{and}", spec.table), &params)?.is_some())
}

pub(crate) fn create(cx: &mut Cx, spec: &'static Spec, body: &Json) -> Result<Record> {
    if spec.kind == Kind::Facts && spec.recorded_by.is_none() {
        return Err(Error::forbidden().arg("action", "create").arg("entity", spec.name));
    }
    cx.ctx.access.require(spec, "create")?;
    spec.rules.ahead(cx, body)?;
    let prepared = spec.rules.prepare(cx, None, body)?;
    let mut change = parse(cx, spec, None, prepared.as_ref().unwrap_or(body), None)?;
    company_allowed(cx, &change.after)?;
    spec.rules.decide(cx, &mut change)?;
    if let Some(recording) = spec.recorded_by {
        return (recording.run)(cx, &mut change);
    }
    let mut record = std::mem::replace(&mut change.after, Record::new(spec, NONE));
    cx.insert(&mut record)?;
    change.after = record;
    spec.rules.written(cx, &change)?;
    Ok(change.after)
}

/// The version that a body was based on, if it says so.
fn version_of(version: Option<&Json>) -> Result<Option<i64>> {
    match version {
        None | Some(Json::Null) => Ok(None),
        Some(v) => v.as_i64().map(Some).ok_or_else(|| Error::field("version", "bad_version")),
    }
}

pub(crate) fn update(cx: &mut Cx, spec: &'static Spec, id: Id, body: &Json, seen: Option<i64>) -> Result<Record> {
    let before = visible(cx, spec, id, "update")?;
    if spec.kind == Kind::Facts {
        return Err(Error::forbidden().arg("action", "update").arg("entity", spec.name));
    }
    let seen = seen.or(version_of(body.get("version"))?).ok_or_else(|| Error::new(ErrorKind::VersionNeeded, "version_needed"))?;
    if !spec.editable_in(before.state()) {
        return Err(Error::refused("posted_immutable").arg("state", before.state()));
    }
    if seen > before.version || seen < 1 {
        return Err(Error::field("version", "bad_version"));
    }
    let prepared = spec.rules.prepare(cx, Some(&before), body)?;
    let body = prepared.as_ref().unwrap_or(body);
    let mut change = rebased(cx, &before, body, seen)?;
    let mut record = std::mem::replace(&mut change.after, Record::new(spec, NONE));
    let saved = cx.save(&before, &mut record)?;
    change.after = record;
    if saved {
        spec.rules.written(cx, &change)?;
    }
    Ok(change.after)
}

pub(crate) fn delete(cx: &mut Cx, spec: &'static Spec, id: Id) -> Result<Record> {
    let before = visible(cx, spec, id, "delete")?;
    match spec.kind {
        Kind::Facts if spec.removable() => {
            if before.bool("own") {
                return Err(Error::refused("external_id_own"));
            }
            remove(cx, &before)
        }
        Kind::Facts => Err(Error::forbidden().arg("action", "delete").arg("entity", spec.name)),
        Kind::Catalog => {
            spec.rules.removing(cx, &before)?;
            let mut after = before.clone();
            after.set("archived", true);
            cx.save(&before, &mut after)?;
            Ok(after)
        }
        Kind::Document => {
            if before.state() != spec.initial || !spec.editable_in(before.state()) {
                return Err(Error::refused("posted_immutable").arg("state", before.state()));
            }
            spec.rules.removing(cx, &before)?;
            remove(cx, &before)
        }
    }
}

/// The row goes; its whole image stays in the history.
pub(crate) fn remove(cx: &mut Cx, before: &Record) -> Result<Record> {
    let spec = before.spec;
    cx.known.remove(&(spec.name, before.id));
    for l in &spec.lines {
        cx.conn.exec(&format!("DELETE FROM {} WHERE parent_id = ?", l.table), &[before.id.into()])?;
    }
    cx.conn.exec(&format!("DELETE FROM {} WHERE id = ?", spec.table), &[before.id.into()])?;
    let mut gone = before.clone();
    gone.version += 1;
    cx.audited(&gone, audit::Entry::removed(before))?;
    crate::external_ids::forget(cx, before)?;
    Ok(gone)
}

pub(crate) fn run_verb(cx: &mut Cx, spec: &'static Spec, id: Id, name: &str, body: &Json) -> Result<(Record, Json)> {
    let Some(verb) = spec.verb_of(name) else { return Err(Error::not_found()) };
    let before = visible(cx, spec, id, verb.right())?;
    if verb.restores {
        return Ok((crate::undo::restore(cx, before)?, Json::Null));
    }
    if !verb.from.is_empty() && !verb.from.contains(&before.state()) {
        return Err(Error::refused("state_refuses").arg("state", before.state()).arg("verb", name));
    }
    let body = if body.is_null() { json!({}) } else { body.clone() };
    let Json::Object(o) = &body else { return Err(Error::unreadable("object_expected")) };
    let mut p = Problems::default();
    // What is no argument of an editing verb is an edit.
    let (arguments, edits): (Map<String, Json>, Map<String, Json>) =
        o.iter().map(|(k, v)| (k.clone(), v.clone())).partition(|(k, _)| !verb.edits || verb.input.iter().any(|c| c.name == k));
    let (mut found, names) = input::fields(&verb.input, &arguments, true, &["version"], "", &mut p);
    found.extend(resolve_names(cx, &verb.input, names, &mut p)?);
    verb_references(cx, verb, &found, &mut p)?;
    p.finish()?;
    let mut input = Map::new();
    for (i, v) in found {
        input.insert(verb.input[i].name.into(), crate::record::value_json(&verb.input[i].ty, &v));
    }
    let mut record = if verb.edits { edited(cx, &before, edits)? } else { before.clone() };
    let extra = (verb.run)(cx, &mut record, &Json::Object(input))?;
    cx.save(&before, &mut record)?;
    Ok((record, extra))
}

/// The record with the edits of a verb, decided by the entity's rules as an update would be.
fn edited(cx: &mut Cx, before: &Record, edits: Map<String, Json>) -> Result<Record> {
    let seen = version_of(edits.get("version"))?.unwrap_or(before.version);
    if seen > before.version || seen < 1 {
        return Err(Error::field("version", "bad_version"));
    }
    Ok(rebased(cx, before, &Json::Object(edits), seen)?.after)
}

/// Edits of a record as it was at version `seen`, joined with what others did to it since, decided by the entity's rules.
fn rebased(cx: &mut Cx, before: &Record, body: &Json, seen: i64) -> Result<Change> {
    let spec = before.spec;
    let theirs = if seen < before.version { Some(audit::changed_since(cx, before.id, seen)?) } else { None };
    let joined = theirs.as_ref().map(|t| merge::merged(&cx.ctx.access, spec, before, body, t)).transpose()?;
    let mut change = parse(cx, spec, Some(before.clone()), joined.as_ref().unwrap_or(body), theirs.as_ref())?;
    company_allowed(cx, &change.after)?;
    spec.rules.decide(cx, &mut change)?;
    Ok(change)
}

/// A violated unique key becomes an error of its last column.
pub(crate) fn unique_to_field(spec: &Spec, e: Error) -> Error {
    let Some((_, columns)) = e.inner().unique.clone() else { return e };
    let field = columns.iter().rev().find(|c| spec.index(c).is_some()).cloned().unwrap_or_else(|| spec.title.to_string());
    let mut out = Error::field(field, "unique").field_arg("columns", columns.join(", "));
    out.inner_mut().unique = e.inner().unique.clone();
    out
}
