//! The only write path: load inside the caller's scope, authorise, check version and state, decide, write, audit.
//! Everything that changes a business record comes through `App::execute`.

use crate::app::App;
use crate::audit;
use crate::ctx::Ctx;
use crate::cx::{Change, Cx, Warning};
use crate::input::{self, Problems};
use crate::merge;
use crate::record::Record;
use crate::spec::{Column, Kind, Mode, NONE, Scope, Spec, Ty};
use crate::store::{Backend, Conn, Priority, Wanted, by_ids};
use crate::value::{Id, Value};
use kontor_kernel::error::{Error, Kind as ErrorKind, Result};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
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

#[derive(Clone, Debug, serde::Serialize)]
pub struct Outcome {
    pub id: Option<Id>,
    pub version: i64,
    /// Entry that undo takes back.
    pub audit_id: Option<Id>,
    /// The record as the API shows it, with what the verb answers on top.
    pub data: Json,
    pub warnings: Vec<Warning>,
    /// The answer of an earlier call with the same key.
    #[serde(default)]
    pub replayed: bool,
}

impl Envelope {
    pub fn new(command: impl Into<String>, input: Json) -> Self {
        Envelope { command: command.into(), input, ..Default::default() }
    }
    pub fn on(mut self, id: Id) -> Self {
        self.id = Some(id);
        self
    }
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
            cx.preview = true;
            let before = match id {
                Some(id) => Some(visible(&mut cx, spec, id, "update")?),
                None => {
                    authorise(&cx, spec, "create")?;
                    None
                }
            };
            let prepared = spec.rules.prepare(&mut cx, before.as_ref(), body)?;
            let mut change = parse(&mut cx, spec, before, prepared.as_ref().unwrap_or(body), None)?;
            spec.rules.decide(&mut cx, &mut change)?;
            let mut data = crate::query::record_json(cx.conn, self, ctx, &change.after)?;
            data["warnings"] = serde_json::to_value(&cx.warnings).map_err(Error::internal)?;
            then(&mut cx, &change.after, data)
        })
    }
}

/// The checks of a create or update on a read connection: rights, fields, references, rules as far as they need no writing.
pub(crate) fn check_input(conn: &mut Conn, app: &App, ctx: &Ctx, collection: &str, id: Option<Id>, body: &Json) -> Result<()> {
    let spec = app.registry.get(collection).ok_or_else(Error::not_found)?;
    let mut cx = Cx::new(conn, app, ctx, "");
    cx.preview = true;
    let before = match id {
        Some(id) => Some(visible(&mut cx, spec, id, "update")?),
        None => {
            authorise(&cx, spec, "create")?;
            None
        }
    };
    let prepared = spec.rules.prepare(&mut cx, before.as_ref(), body)?;
    let mut change = parse(&mut cx, spec, before, prepared.as_ref().unwrap_or(body), None)?;
    company_allowed(&cx, &change.after)?;
    spec.rules.decide(&mut cx, &mut change)
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
        if ctx.source == crate::ctx::Source::Import { json!({}) } else { crate::query::record_json(cx.conn, app, ctx, &record)? };
    if let (Json::Object(m), Json::Object(x)) = (&mut data, extra) {
        m.extend(x);
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

pub(crate) fn authorise(cx: &Cx, spec: &Spec, action: &str) -> Result<()> {
    if cx.ctx.access.may(spec, action) { Ok(()) } else { Err(Error::forbidden().arg("action", action).arg("entity", spec.name)) }
}

/// Loads a record that the caller may see (else 404) and may do `action` with (else 403); locked for the command.
pub(crate) fn visible(cx: &mut Cx, spec: &'static Spec, id: Id, action: &str) -> Result<Record> {
    // Of what he may read all, loading tells by itself whether it is there.
    let all = cx.ctx.access.predicate(&cx.app.registry, spec, "read", "t").sql.is_empty();
    let may = authorise(cx, spec, action);
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
    let r = if cx.preview { Record::load(cx.conn, spec, id)? } else { locked(cx.conn, spec, id)? };
    r.ok_or_else(Error::not_found)
}

/// The record, its row locked until the end of the transaction, by one statement on PostgreSQL (SQLite has one writer).
fn locked(conn: &mut Conn, spec: &'static Spec, id: Id) -> Result<Option<Record>> {
    match conn.backend() {
        Backend::Postgres => Ok(Record::load_where(conn, spec, "t.id = ? FOR UPDATE OF t", &[Value::Id(id)])?.into_iter().next()),
        Backend::Sqlite => Record::load(conn, spec, id),
    }
}

pub(crate) fn in_scope(cx: &mut Cx, spec: &Spec, id: Id, action: &str) -> Result<bool> {
    let p = cx.ctx.access.predicate(&cx.app.registry, spec, action, "t");
    let mut params = vec![Value::Id(id)];
    params.extend(p.params);
    let and = if p.sql.is_empty() { String::new() } else { format!(" AND {}", p.sql) };
    Ok(cx.conn.query_opt(&format!("SELECT 1 FROM {} t WHERE t.id = ?{and}", spec.table), &params)?.is_some())
}

/// Input onto a new record or the one before; references checked, nothing written.
fn parse(cx: &mut Cx, spec: &'static Spec, before: Option<Record>, body: &Json, merge: Option<&Map<String, Json>>) -> Result<Change> {
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
                // Sent back as they were read while others changed them: theirs stay.
                let base = merge.and_then(|m| m.get(l.name)).and_then(|b| cx.ctx.access.strip_hidden(spec, l.name, b.clone()));
                if base.as_ref() == Some(j) {
                    continue;
                }
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

fn resolve_names(cx: &mut Cx, columns: &[Column], names: Vec<(usize, String)>, p: &mut Problems) -> Result<Vec<(usize, Value)>> {
    let mut out = vec![];
    for (i, name) in names {
        let c = &columns[i];
        let Ty::Ref(of) = c.ty else { continue };
        let target = cx.spec(of);
        // A name finds only what the caller may see, like an id.
        let scope = cx.ctx.access.predicate(&cx.app.registry, target, "read", "t");
        let and = if scope.sql.is_empty() { String::new() } else { format!(" AND {}", scope.sql) };
        let mut params: Vec<Value> = vec![name.as_str().into()];
        params.extend(scope.params);
        let found = cx
            .conn
            .query(&format!("SELECT t.id FROM {} t WHERE t.{} = ?{and} ORDER BY t.id LIMIT 2", target.table, target.title), &params)?;
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

/// Every reference that is new must be there and be visible to the caller; one query per collection.
fn references(cx: &mut Cx, before: Option<&Record>, after: &Record, p: &mut Problems) -> Result<()> {
    let mut wanted: BTreeMap<&'static str, Vec<(String, Id)>> = BTreeMap::new();
    for (i, c) in after.spec.columns.iter().enumerate() {
        if let (Ty::Ref(of), Value::Id(id)) = (&c.ty, &after.values[i])
            && c.writable()
            && before.is_none_or(|b| b.values[i] != after.values[i])
        {
            wanted.entry(of).or_default().push((c.name.to_string(), *id));
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
                    wanted.entry(of).or_default().push((format!("{}.{n}.{}", l.name, c.name), id));
                }
            }
        }
    }
    let ids: Vec<(&'static str, BTreeSet<Id>)> = wanted.iter().map(|(of, uses)| (*of, uses.iter().map(|(_, id)| *id).collect())).collect();
    let known = existing(cx, ids)?;
    for (of, uses) in wanted {
        for (field, id) in uses.into_iter().filter(|(_, id)| !known.contains(&(of, *id))) {
            p.add(&field, "reference_missing").args.push(("value".into(), id.to_string()));
        }
    }
    Ok(())
}

/// Those of the ids that are there and that the caller may see.
fn existing(cx: &mut Cx, wanted: Vec<(&'static str, BTreeSet<Id>)>) -> Result<HashSet<(&'static str, Id)>> {
    let mut known = HashSet::new();
    let (app, access) = (cx.app, &cx.ctx.access);
    let of = |(of, ids): (&'static str, BTreeSet<Id>)| {
        // A collection that this program does not have holds nothing.
        let target = app.registry.get(of)?;
        let scope = access.predicate(&app.registry, target, "read", "t");
        let select = format!("SELECT '{of}', t.id FROM {} t", target.table);
        Some(Wanted { select, ids: ids.into_iter().collect(), and: scope.sql, params: scope.params })
    };
    by_ids(cx.conn, wanted.into_iter().filter_map(of).collect(), |r| {
        if let Some(of) = app.registry.get(r.text(0)?) {
            known.insert((of.name, r.id(1)?));
        }
        Ok(())
    })?;
    Ok(known)
}

/// Codes of currencies, countries, VAT rates must be known.
fn codes(cx: &mut Cx, before: Option<&Record>, after: &Record, p: &mut Problems) -> Result<()> {
    let mut seen: HashMap<(&'static str, String), bool> = HashMap::new();
    let mut check = |cx: &mut Cx, of: &'static str, code: &str, field: String, p: &mut Problems| -> Result<()> {
        let ok = match seen.get(&(of, code.to_string())) {
            Some(ok) => *ok,
            None => {
                let table = &cx.spec(of).table;
                let ok = cx.conn.query_opt(&format!("SELECT 1 FROM {table} WHERE code = ?"), &[code.into()])?.is_some();
                seen.insert((of, code.to_string()), ok);
                ok
            }
        };
        if !ok {
            p.add(&field, "bad_code").args.push(("value".into(), code.chars().take(40).collect()));
        }
        Ok(())
    };
    for (i, c) in after.spec.columns.iter().enumerate() {
        if let (Ty::Code(of), Value::Text(code)) = (&c.ty, &after.values[i])
            && c.mode != Mode::Computed
            && before.is_none_or(|b| b.values[i] != after.values[i])
        {
            check(cx, of, code, c.name.to_string(), p)?;
        }
    }
    for (k, l) in after.spec.lines.iter().enumerate() {
        for (i, c) in l.columns.iter().enumerate() {
            if let Ty::Code(of) = c.ty {
                for (n, line) in after.lines[k].iter().enumerate() {
                    if let Value::Text(code) = &line.values[i] {
                        check(cx, of, code, format!("{}.{n}.{}", l.name, c.name), p)?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// Own companies outside the caller's list are as if they were not there.
fn company_allowed(cx: &Cx, r: &Record) -> Result<()> {
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

pub(crate) fn create(cx: &mut Cx, spec: &'static Spec, body: &Json) -> Result<Record> {
    if spec.kind == Kind::Facts && spec.recorded_by.is_none() {
        return Err(Error::forbidden().arg("action", "create").arg("entity", spec.name));
    }
    authorise(cx, spec, "create")?;
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
    let theirs = if seen < before.version { Some(audit::changed_since(cx, id, seen)?) } else { None };
    if let Some(t) = &theirs {
        merge::conflicts(&cx.ctx.access, spec, &before, body, t)?;
    }
    let mut change = parse(cx, spec, Some(before.clone()), body, theirs.as_ref())?;
    company_allowed(cx, &change.after)?;
    spec.rules.decide(cx, &mut change)?;
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
    let spec = before.spec;
    let seen = version_of(edits.get("version"))?.unwrap_or(before.version);
    if seen > before.version || seen < 1 {
        return Err(Error::field("version", "bad_version"));
    }
    let body = Json::Object(edits);
    let theirs = if seen < before.version { Some(audit::changed_since(cx, before.id, seen)?) } else { None };
    if let Some(t) = &theirs {
        merge::conflicts(&cx.ctx.access, spec, before, &body, t)?;
    }
    let mut change = parse(cx, spec, Some(before.clone()), &body, theirs.as_ref())?;
    company_allowed(cx, &change.after)?;
    spec.rules.decide(cx, &mut change)?;
    Ok(change.after)
}

fn verb_references(cx: &mut Cx, verb: &crate::spec::Verb, found: &input::Parsed, p: &mut Problems) -> Result<()> {
    for (i, v) in found {
        if let (Ty::Ref(of), Value::Id(id)) = (&verb.input[*i].ty, v)
            && existing(cx, vec![(of, BTreeSet::from([*id]))])?.is_empty()
        {
            p.add(verb.input[*i].name, "reference_missing").args.push(("value".into(), id.to_string()));
        }
    }
    Ok(())
}

/// A violated unique key becomes an error of its last column.
pub(crate) fn unique_to_field(spec: &Spec, e: Error) -> Error {
    let Some((_, columns)) = e.inner().unique.clone() else { return e };
    let field = columns.iter().rev().find(|c| spec.index(c).is_some()).cloned().unwrap_or_else(|| spec.title.to_string());
    let mut out = Error::field(field, "unique").field_arg("columns", columns.join(", "));
    out.inner_mut().unique = e.inner().unique.clone();
    out
}
