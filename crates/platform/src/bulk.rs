//! Many records in one transaction: slices of an import. Each item creates or updates a record and runs the verbs that
//! follow; and what an import has written can be taken back when a later part of it fails.

mod trail;

pub use trail::Trail;

use crate::app::App;
use crate::ctx::Ctx;
use crate::cx::{Cx, Live};
use crate::execute::{create, delete, run_verb, update};
use crate::record::Record;
use crate::spec::{Kind, Spec};
use crate::store::{Backend, Conn, Pending, Priority};
use crate::value::{Id, Value};
use kontor_kernel::HashSet;
use kontor_kernel::error::{Error, Result};
use serde_json::{Value as Json, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Audit entries of records that were archived because their import failed have this command.
pub const TAKE_BACK: &str = "import.take_back";

/// A record of an import: what is written, and the verbs that follow.
#[derive(Clone, Debug)]
pub struct Item {
    pub collection: &'static str,
    /// The record to update; none: create one.
    pub existing: Option<Id>,
    /// Fields as the API takes them; none: an existing record keeps its own.
    pub input: Option<Json>,
    /// Verbs to run afterwards, with their input.
    pub then: Vec<(String, Json)>,
}

/// What became of an item.
#[derive(Clone, Debug)]
pub struct Applied {
    pub collection: &'static str,
    pub id: Id,
    pub created: bool,
    pub changed: bool,
    /// Entries of the changes of a record that was there before, oldest first.
    audit: Vec<Id>,
    verbs: Vec<String>,
}

/// What became of the records of one transaction.
#[derive(Debug)]
pub struct Slice {
    pub results: Vec<Result<Applied>>,
    /// Time that the writer was busy with it.
    pub took: Duration,
}

/// The item that stopped a slice; nothing of the slice was written.
#[derive(Debug)]
pub struct Stopped {
    pub item: usize,
    pub error: Error,
}

/// A slice on its way.
pub struct PendingSlice {
    pending: Result<Pending<(Slice, Vec<Live>)>>,
    at: Arc<AtomicUsize>,
    kept: Arc<Vec<Item>>,
}

impl PendingSlice {
    /// Blocks until the slice is durable or has failed.
    pub fn wait(self, app: &App) -> Result<Slice, Stopped> {
        let done = self.pending.and_then(Pending::wait);
        drop(self.kept);
        match done {
            Ok((slice, live)) => {
                app.after_commit(live);
                Ok(slice)
            }
            Err(error) => Err(Stopped { item: self.at.load(Ordering::Relaxed), error }),
        }
    }
}

impl App {
    /// Runs the items in one transaction; with `partial` each may fail for itself, otherwise the first failure undoes all.
    pub fn execute_items(self: &Arc<Self>, ctx: &Ctx, items: Vec<Item>, partial: bool) -> Result<Slice, Stopped> {
        self.submit_items(ctx, items, partial).wait(self)
    }

    /// Hands a slice over without waiting for it; slices are run in the order in which they were handed over.
    pub fn submit_items(self: &Arc<Self>, ctx: &Ctx, items: Vec<Item>, partial: bool) -> PendingSlice {
        let (app, ctx) = (self.clone(), ctx.clone());
        // The last owner takes the inputs apart: that must not be the writer.
        let items = Arc::new(items);
        let kept = items.clone();
        let at = Arc::new(AtomicUsize::new(0));
        let position = at.clone();
        let pending = self.store.submit(Priority::Import, move |conn| {
            let started = Instant::now();
            if let Some(lease) = ctx.lease {
                lease.hold(conn, items.len())?;
            }
            let done = |results, live| Ok((Slice { results, took: started.elapsed() }, live));
            if conn.backend() == Backend::Postgres {
                match conn.savepoint(|conn| conn.in_haste(|conn| at_once(&app, &ctx, &items, conn))) {
                    Ok((applied, live)) => return done(applied.into_iter().map(Ok).collect(), live),
                    Err(e) if e.inner().retry => return Err(e),
                    // Again one by one, to know which of them it was.
                    Err(_) => {}
                }
            }
            let mut live = vec![];
            let mut results = Vec::with_capacity(items.len());
            let mut met = Met::default();
            for (n, item) in items.iter().enumerate() {
                position.store(n, Ordering::Relaxed);
                let mut seen = vec![];
                let mut run = |conn: &mut Conn| one(&app, &ctx, item, conn, &mut seen, &mut met);
                match if partial { conn.savepoint(run) } else { run(conn) } {
                    Ok(applied) => {
                        live.append(&mut seen);
                        results.push(Ok(applied));
                    }
                    Err(e) if partial && !e.inner().retry => {
                        // What it saw of its own changes is taken back.
                        met = Met::default();
                        results.push(Err(e));
                    }
                    Err(e) => return Err(e),
                }
            }
            done(results, live)
        });
        PendingSlice { pending, at, kept }
    }

    /// Checks an item on a read connection, as far as rules can without writing.
    pub fn check_items(&self, ctx: &Ctx, items: &[Item]) -> Result<Vec<Result<()>>> {
        self.store.read_with_timeout(Duration::from_secs(60), |conn| {
            let mut met = Met::default();
            let mut check = |item: &Item, input: &Json| {
                let mut cx = Cx::new(conn, self, ctx, "");
                met.through(&mut cx, |cx| crate::execute::check_input(cx, item.collection, item.existing, input))
            };
            Ok(items.iter().map(|item| item.input.as_ref().map_or(Ok(()), |input| check(item, input))).collect())
        })
    }

    /// Takes back what was applied, last first: new drafts go, posted documents are reversed, new catalog records are
    /// archived, changed fields get their old values. Gives the records that had to stay because others rest on them.
    pub fn take_back(self: &Arc<Self>, ctx: &Ctx, mut applied: Trail) -> Result<Vec<(Id, Error)>> {
        let stayed: Arc<Mutex<Vec<(Id, Error)>>> = Arc::default();
        let ctx = crate::jobs::takes_back(ctx);
        while !applied.is_empty() {
            let (app, ctx, chunk, stayed) = (self.clone(), ctx.clone(), applied.last(50), stayed.clone());
            let live = self.store.write(Priority::Import, move |conn| {
                if let Some(lease) = ctx.lease {
                    lease.still(conn)?;
                }
                let mut live = vec![];
                let mut left = vec![];
                for a in &chunk {
                    match conn.savepoint(|c| back(&app, &ctx, a, c, &mut live)) {
                        Ok(()) => {}
                        Err(e) if e.inner().retry => return Err(e),
                        Err(e) => left.push((a.id, e)),
                    }
                }
                stayed.lock().unwrap_or_else(|e| e.into_inner()).append(&mut left);
                Ok(live)
            })?;
            self.after_commit(live);
        }
        let out = std::mem::take(&mut *stayed.lock().unwrap_or_else(|e| e.into_inner()));
        Ok(out)
    }
}

/// What the items of one transaction have found out: revisions with what is kept under them, and references that are there. Its
/// own changes empty it.
#[derive(Default)]
struct Met {
    seen: crate::kept::Seen,
    known: HashSet<(&'static str, Id)>,
}

impl Met {
    /// What was met before goes on in this command, and what it meets is taken over.
    fn through<T>(&mut self, cx: &mut Cx, f: impl FnOnce(&mut Cx) -> T) -> T {
        std::mem::swap(&mut cx.seen, &mut self.seen);
        std::mem::swap(&mut cx.known, &mut self.known);
        let out = f(cx);
        std::mem::swap(&mut cx.seen, &mut self.seen);
        std::mem::swap(&mut cx.known, &mut self.known);
        out
    }
}

/// All items as if nothing could go wrong.
fn at_once(app: &Arc<App>, ctx: &Ctx, items: &[Item], conn: &mut Conn) -> Result<(Vec<Applied>, Vec<Live>)> {
    let (mut live, mut met) = (vec![], Met::default());
    let applied: Result<Vec<Applied>> = items.iter().map(|item| one(app, ctx, item, conn, &mut live, &mut met)).collect();
    Ok((applied?, live))
}

/// One step is one command with an audit entry of its own, as if a user had given it.
fn step<T>(
    app: &App,
    ctx: &Ctx,
    command: &str,
    conn: &mut Conn,
    live: &mut Vec<Live>,
    f: impl FnOnce(&mut Cx) -> Result<T>,
) -> Result<(T, Option<Id>)> {
    let mut cx = Cx::new(conn, app, ctx, command);
    let out = f(&mut cx)?;
    live.append(&mut cx.live);
    Ok((out, cx.audit_id))
}

fn one(app: &Arc<App>, ctx: &Ctx, item: &Item, conn: &mut Conn, live: &mut Vec<Live>, met: &mut Met) -> Result<Applied> {
    let name = item.collection;
    let spec = app.registry.get(name).ok_or_else(Error::not_found)?;
    let mut out =
        Applied { collection: name, id: Id::nil(), created: item.existing.is_none(), changed: false, audit: vec![], verbs: vec![] };
    match (item.existing, &item.input) {
        (None, Some(input)) => {
            let (r, _) = step(app, ctx, &format!("{name}.create"), conn, live, |cx| met.through(cx, |cx| create(cx, spec, input)))?;
            out.id = r.id;
            out.changed = true;
        }
        (None, None) => return Err(Error::unreadable("object_expected")),
        (Some(id), input) => {
            out.id = id;
            let (revived, audit) = step(app, ctx, &format!("{name}.update"), conn, live, |cx| met.through(cx, |cx| revive(cx, spec, id)))?;
            out.changed = revived;
            out.audit.extend(audit);
            if let Some(input) = input {
                let (changed, audit) = step(app, ctx, &format!("{name}.update"), conn, live, |cx| {
                    let before = cx.load(name, id)?.version;
                    Ok(met.through(cx, |cx| update(cx, spec, id, input, Some(before)))?.version > before)
                })?;
                out.changed |= changed;
                out.audit.extend(audit);
            }
        }
    }
    for (verb, input) in &item.then {
        let (_, audit) =
            step(app, ctx, &format!("{name}.{verb}"), conn, live, |cx| met.through(cx, |cx| run_verb(cx, spec, out.id, verb, input)))?;
        out.changed = true;
        out.verbs.push(verb.clone());
        if !out.created {
            out.audit.extend(audit);
        }
    }
    Ok(out)
}

/// Whether a record stands archived because the import that made it failed.
pub fn taken_back(conn: &mut Conn, id: Id) -> Result<bool> {
    let last = conn.query_opt("SELECT command FROM audit WHERE record_id = ? ORDER BY version DESC, seq DESC LIMIT 1", &[id.into()])?;
    last.map_or(Ok(false), |r| Ok(r.text(0)? == TAKE_BACK))
}

/// A record that an earlier, failed import left archived comes back; one that a user archived stays so.
fn revive(cx: &mut Cx, spec: &'static Spec, id: Id) -> Result<bool> {
    if spec.kind != Kind::Catalog {
        return Ok(false);
    }
    let before = cx.load(spec.name, id)?;
    if !before.bool("archived") {
        return Ok(false);
    }
    if !taken_back(cx.conn, id)? {
        return Ok(false);
    }
    let mut after = before.clone();
    after.set("archived", false);
    cx.save(&before, &mut after)
}

fn back(app: &Arc<App>, ctx: &Ctx, a: &Applied, conn: &mut Conn, live: &mut Vec<Live>) -> Result<()> {
    let spec = app.registry.get(a.collection).ok_or_else(Error::not_found)?;
    if !a.created {
        for audit in a.audit.iter().rev() {
            step(app, ctx, TAKE_BACK, conn, live, |cx| crate::undo::undo(cx, *audit))?;
        }
        return Ok(());
    }
    for verb in a.verbs.iter().rev() {
        step(app, ctx, TAKE_BACK, conn, live, |cx| verb_back(cx, spec, a.id, verb))?;
    }
    step(app, ctx, TAKE_BACK, conn, live, |cx| gone(cx, spec, a.id)).map(|_| ())
}

/// Takes a verb back by the first of its ways back that leads from where the record stands now. One way may have led past
/// several steps: a cancelled order is a draft at once.
fn verb_back(cx: &mut Cx, spec: &'static Spec, id: Id, verb: &str) -> Result<()> {
    let Some(verb) = spec.verb_of(verb).filter(|v| !v.undo.is_empty()) else { return Ok(()) };
    let state = cx.load(spec.name, id)?.state().to_string();
    let leads = |back: &&&str| spec.verb_of(back).is_some_and(|b| b.from.is_empty() || b.from.contains(&state.as_str()));
    verb.undo.iter().find(leads).map_or(Ok(()), |back| run_verb(cx, spec, id, back, &json!({})).map(|_| ()))
}

/// A record that an import made goes: a draft for good, a posted document by its reversal, a catalog record to the archive.
fn gone(cx: &mut Cx, spec: &'static Spec, id: Id) -> Result<()> {
    let record = cx.load(spec.name, id)?;
    if let Some((of, document)) =
        spec.recorded_by.and_then(|r| r.document).and_then(|d| Some((cx.app.registry.get_ref(&spec.col(d)?.ty)?, record.opt_id(d)?)))
    {
        return run_verb(cx, of, document, "reverse", &json!({})).map(|_| ());
    }
    if spec.kind == Kind::Document && !spec.editable_in(record.state()) {
        if spec.verb_of("reverse").is_some_and(|v| v.from.contains(&record.state())) {
            run_verb(cx, spec, id, "reverse", &json!({}))?;
        }
        return free(cx, spec, id);
    }
    delete(cx, spec, id).map(|_| ())
}

/// The same from the audit, for an import whose process is gone: takes back what one entry of its group tells of. Entries
/// are handed in last first; what was taken back before is passed over.
pub(crate) fn back_entry(app: &App, ctx: &Ctx, group: Id, entry: Id, conn: &mut Conn, live: &mut Vec<Live>) -> Result<()> {
    let r = conn.query_one("SELECT entity, record_id, action, command FROM audit WHERE id = ?", &[entry.into()])?;
    let spec = app.registry.get(r.text(0)?).ok_or_else(Error::not_found)?;
    let (id, action, command) = (r.id(1)?, r.text(2)?.to_string(), r.text(3)?.to_string());
    let (of, verb) = command.split_once('.').unwrap_or((&command, ""));
    let document = app.registry.get(of).and_then(|s| s.recorded_by.and_then(|r| app.registry.get_ref(&s.col(r.document?)?.ty)));
    // What a command changed beside its own record follows when that one is taken back.
    if of != spec.name && document.is_none_or(|d| d.name != spec.name) {
        return Ok(());
    }
    let Some(now) = Record::load(conn, spec, id)? else { return Ok(()) };
    if action == "create" {
        let taken = spec.kind == Kind::Catalog && now.bool("archived");
        return if taken { Ok(()) } else { step(app, ctx, TAKE_BACK, conn, live, |cx| gone(cx, spec, id)).map(|_| ()) };
    }
    let made = "SELECT 1 FROM audit WHERE record_id = ? AND group_id = ? AND action = 'create'";
    if conn.query_opt(made, &[id.into(), group.into()])?.is_none() {
        return step(app, ctx, TAKE_BACK, conn, live, |cx| crate::undo::undo(cx, entry)).map(|_| ());
    }
    // Of a record of its own only what the removal would stumble over.
    step(app, ctx, TAKE_BACK, conn, live, |cx| verb_back(cx, spec, id, verb)).map(|_| ())
}

/// A reversed document keeps its history; its import key is given free, so that the next run brings the document anew.
fn free(cx: &mut Cx, spec: &'static Spec, id: Id) -> Result<()> {
    let before: Record = cx.load(spec.name, id)?;
    let mut after = before.clone();
    after.set("external_id", Value::Null);
    cx.save(&before, &mut after).map(|_| ())
}
