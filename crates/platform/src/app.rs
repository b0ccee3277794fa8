//! The running program: store, registry of everything declared, live updates. Built once by the server.

use crate::cx::{Cx, Live};
use crate::nodes::{News, Nodes};
use crate::registers::RegisterSpec;
use crate::report::ReportSpec;
use crate::spec::{Spec, Ty};
use crate::store::{Conn, Migration, Store};
use crate::value::Id;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{HashMap, HashSet};
use std::any::{Any, TypeId};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock};
use tokio::sync::broadcast;

/// One difference found by `kontor check`.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What was checked: a register, a sequence, a document.
    pub place: String,
    /// The record or key.
    pub key: String,
    pub expected: String,
    pub found: String,
}

/// Writes what a new database starts with; may be run again.
pub type SeedFn = fn(&mut Cx) -> Result<()>;
/// Recomputes something and names each difference.
pub type CheckFn = fn(&mut Conn, &App) -> Result<Vec<Difference>>;

/// Takes events of the outbox; must be idempotent, since delivery is at least once.
pub struct Consumer {
    pub name: &'static str,
    pub kinds: &'static [&'static str],
    pub run: fn(&Arc<App>, &crate::outbox::Event) -> Result<()>,
}

/// A read that is not a list: a price explained, a rate at a date, stock of a product. Answers JSON.
pub struct Question {
    /// Path under `/api/v1`, with `{name}` for parts: `sales-orders/{id}/lines/{line}/price`.
    pub path: &'static str,
    pub post: bool,
    pub run: fn(&App, &crate::ctx::Ctx, &Asked) -> Result<serde_json::Value>,
}

/// Work that is asked for by itself and goes on as a job, without a record that it belongs to. Checks the input and answers the job.
pub struct Start {
    /// Path under `/api/v1`.
    pub path: &'static str,
    pub run: fn(&Arc<App>, &crate::ctx::Ctx, &serde_json::Value) -> Result<serde_json::Value>,
}

/// What was asked: parts of the path, URL parameters, body.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub path: HashMap<String, String>,
    pub query: Vec<(String, String)>,
    pub body: serde_json::Value,
}

impl Asked {
    /// A part of the path or a parameter; empty is none.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.path
            .get(name)
            .map(String::as_str)
            .or_else(|| self.query.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str()))
            .filter(|s| !s.is_empty())
    }
    /// An id from path or parameters; a malformed one is a field error (in a path: not found).
    pub fn id(&self, name: &str) -> Result<Option<Id>> {
        match self.get(name) {
            None => Ok(None),
            Some(s) => match Id::parse_str(s) {
                Ok(i) => Ok(Some(i)),
                Err(_) if self.path.contains_key(name) => Err(Error::not_found()),
                Err(_) => Err(Error::field(name.to_string(), "bad_id")),
            },
        }
    }
    /// A parameter as a day. Errors: `bad_date`.
    pub fn date(&self, name: &str) -> Result<Option<chrono::NaiveDate>> {
        self.get(name).map(|s| crate::input::parse_date(s).map_err(|_| Error::field(name.to_string(), "bad_date"))).transpose()
    }
}

/// None of what is not there or not for the caller; any other failure stays one.
pub fn if_seen<T>(found: Result<T>) -> Result<Option<T>> {
    use kontor_kernel::error::Kind;
    match found {
        Ok(found) => Ok(Some(found)),
        Err(e) if matches!(e.kind(), Kind::NotFound | Kind::Forbidden) => Ok(None),
        Err(e) => Err(e),
    }
}

/// Everything that modules declare.
#[derive(Default)]
pub struct Registry {
    pub specs: Vec<&'static Spec>,
    by_name: HashMap<&'static str, &'static Spec>,
    pub registers: Vec<&'static RegisterSpec>,
    pub reports: Vec<&'static ReportSpec>,
    pub consumers: Vec<Consumer>,
    pub jobs: Vec<Box<dyn crate::jobs::JobKind>>,
    pub questions: Vec<Question>,
    /// What a question takes, by its path: parameters of the URL, or members of the body.
    pub asked: HashMap<&'static str, Vec<crate::spec::Column>>,
    pub starts: Vec<Start>,
    pub seeds: Vec<SeedFn>,
    pub checks: Vec<CheckFn>,
    pub migrations: Vec<Migration>,
    /// Series of `sequences` that values kept in memory go by.
    pub revisions: Vec<&'static str>,
    /// Rights on reports, made of them when they are first asked for.
    report_rights: OnceLock<&'static Spec>,
}

impl Registry {
    /// Declarations live as long as the program, so they are leaked once.
    pub fn entity(mut self, spec: Spec) -> Self {
        let spec: &'static Spec = Box::leak(Box::new(spec.finish()));
        assert!(self.by_name.insert(spec.name, spec).is_none(), "{} is registered twice", spec.name);
        self.specs.push(spec);
        match spec.kept {
            Some(series) => self.revision(series),
            None => self,
        }
    }
    /// A series of `sequences` that something in memory goes by: all of them are read together.
    pub fn revision(mut self, series: &'static str) -> Self {
        if !self.revisions.contains(&series) {
            self.revisions.push(series);
        }
        self
    }
    /// Adds a register.
    pub fn register(mut self, r: RegisterSpec) -> Self {
        self.registers.push(Box::leak(Box::new(r)));
        self
    }
    /// Adds a report.
    pub fn report(mut self, r: ReportSpec) -> Self {
        self.reports.push(Box::leak(Box::new(r)));
        self
    }
    /// Adds a consumer of the outbox.
    pub fn consumer(mut self, c: Consumer) -> Self {
        self.consumers.push(c);
        self
    }
    /// Adds a kind of long work.
    pub fn job(mut self, kind: impl crate::jobs::JobKind + 'static) -> Self {
        self.jobs.push(Box::new(kind));
        self
    }
    /// A kind of long work by its name.
    pub fn job_of(&self, name: &str) -> Option<&dyn crate::jobs::JobKind> {
        self.jobs.iter().find(|k| k.name() == name).map(Box::as_ref)
    }
    /// Adds a question: an address of the API that answers without writing.
    pub fn question(mut self, q: Question) -> Self {
        self.questions.push(q);
        self
    }
    /// Says what a question takes, for the OpenAPI document.
    pub fn asks(mut self, path: &'static str, columns: Vec<crate::spec::Column>) -> Self {
        self.asked.insert(path, columns);
        self
    }
    /// Adds an address that starts long work.
    pub fn start(mut self, s: Start) -> Self {
        self.starts.push(s);
        self
    }
    /// Adds what a new database starts with.
    pub fn seed(mut self, f: SeedFn) -> Self {
        self.seeds.push(f);
        self
    }
    /// Adds a check of `kontor check`.
    pub fn check(mut self, f: CheckFn) -> Self {
        self.checks.push(f);
        self
    }
    /// The one history of migrations, in order.
    pub fn migrations(mut self, m: impl IntoIterator<Item = Migration>) -> Self {
        self.migrations.extend(m);
        self
    }
    /// The declaration of a collection.
    pub fn get(&self, name: &str) -> Option<&'static Spec> {
        self.by_name.get(name).copied()
    }
    /// Everything that rights are given on: the collections, and the reports.
    pub fn granted(&self) -> impl Iterator<Item = &'static Spec> {
        self.specs.iter().copied().chain((!self.reports.is_empty()).then(|| self.report_rights()))
    }
    /// What rights under this name are given on.
    pub fn granted_as(&self, name: &str) -> Option<&'static Spec> {
        if name == crate::report::RIGHTS { Some(self.report_rights()) } else { self.get(name) }
    }
    fn report_rights(&self) -> &'static Spec {
        self.report_rights.get_or_init(|| Spec::rights(crate::report::RIGHTS, self.reports.iter().map(|r| (r.name, r.roles))))
    }
    /// The collection that a reference or a code leads to.
    pub fn get_ref(&self, ty: &Ty) -> Option<&'static Spec> {
        match ty {
            Ty::Ref(of) => self.get(of),
            _ => None,
        }
    }
    /// A register by its name.
    pub fn register_of(&self, name: &str) -> Option<&'static RegisterSpec> {
        self.registers.iter().find(|r| r.name == name).copied()
    }
    /// A report by its name.
    pub fn report_of(&self, name: &str) -> Option<&'static ReportSpec> {
        self.reports.iter().find(|r| r.name == name).copied()
    }
}

/// The running program, shared by all threads.
pub struct App {
    pub store: Arc<Store>,
    pub registry: Registry,
    /// What listeners of this process are told of, whichever node wrote it.
    pub live: broadcast::Sender<News>,
    pub(crate) nodes: Nodes,
    in_flight: Mutex<HashSet<(Id, String)>>,
    pub sessions: crate::auth::Sessions,
    pub presence: crate::presence::Presence,
    /// People of a demo, offered at the door: login, password, role, name. Set by the server before it listens.
    pub demo: std::sync::OnceLock<Vec<(String, String, String, String)>>,
    /// Folder of files; set by the server before it listens.
    pub data: std::sync::OnceLock<std::path::PathBuf>,
    /// One-time code that makes the first administrator; there is one only while nobody can sign in.
    pub(crate) setup: Mutex<Option<String>>,
    /// What modules keep in memory for all commands, one of each type.
    shared: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
    /// A job was queued by this process since its runner looked last.
    job_queued: (Mutex<bool>, Condvar),
}

impl App {
    /// Built once by whoever starts the program; the schema is brought up to date by `migrate`.
    pub fn new(store: Arc<Store>, registry: Registry) -> Arc<App> {
        Arc::new(App {
            store,
            registry,
            live: broadcast::channel(1024).0,
            nodes: Nodes::default(),
            in_flight: Mutex::default(),
            sessions: Default::default(),
            presence: Default::default(),
            setup: Mutex::default(),
            shared: Mutex::default(),
            job_queued: Default::default(),
            demo: std::sync::OnceLock::new(),
            data: std::sync::OnceLock::new(),
        })
    }
    /// The one value of this type that the program holds; made empty when it is asked for first.
    pub fn shared<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut all = self.shared.lock().unwrap_or_else(|e| e.into_inner());
        let one = all.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default())).clone();
        one.downcast().unwrap_or_else(|_| unreachable!("values are kept under their own type"))
    }
    /// Where files lie while they come in.
    pub fn incoming(&self) -> std::path::PathBuf {
        self.data.get().map_or_else(|| std::env::temp_dir().join("kontor"), Clone::clone).join("incoming")
    }
    /// Where files without a name may lie.
    pub fn scratch(&self) -> std::path::PathBuf {
        self.data.get().map_or_else(std::env::temp_dir, |data| data.join("incoming"))
    }
    pub(crate) fn in_flight_keys(&self) -> MutexGuard<'_, HashSet<(Id, String)>> {
        self.in_flight.lock().unwrap_or_else(|e| e.into_inner())
    }
    pub(crate) fn after_commit(&self, live: Vec<Live>) {
        for l in live {
            if l.entity == "jobs" && l.progress.is_none() {
                *self.job_queued.0.lock().unwrap_or_else(|e| e.into_inner()) = true;
                self.job_queued.1.notify_all();
            }
            self.nodes.changed(&l);
            self.tell_here(News::Changed(l));
        }
    }
    /// Waits until somebody queues a job here, at most so long.
    pub fn wait_for_job(&self, most: std::time::Duration) {
        let queued = self.job_queued.0.lock().unwrap_or_else(|e| e.into_inner());
        let (mut queued, _) = self.job_queued.1.wait_timeout_while(queued, most, |q| !*q).unwrap_or_else(|e| e.into_inner());
        *queued = false;
    }
    /// Brings the schema up to date and runs the seeds (currencies, roles, …); both are repeatable.
    pub fn migrate(self: &Arc<Self>) -> Result<Vec<String>> {
        let done = self.store.migrate(&self.registry.migrations)?;
        if !done.is_empty() {
            let app = self.clone();
            self.store.write(crate::store::Priority::People, move |conn| {
                let ctx = crate::ctx::Ctx::system();
                let mut cx = Cx::new(conn, &app, &ctx, "seed");
                for f in &app.registry.seeds {
                    f(&mut cx)?;
                }
                // Migrations and seeds may write past the commands.
                let kept = |series: &&&str| app.registry.specs.iter().any(|s| s.kept == Some(**series));
                app.registry.revisions.iter().filter(kept).try_for_each(|series| cx.renew(series))
            })?;
        }
        Ok(done)
    }
    /// The declaration of a collection in which the caller may do `action`: 404 where there is no such collection, 403 where no role
    /// grants it.
    pub fn granted(&self, ctx: &crate::ctx::Ctx, collection: &str, action: &str) -> Result<&'static Spec> {
        let spec = self.registry.get(collection).ok_or_else(Error::not_found)?;
        ctx.access.require(spec, action).map(|()| spec)
    }
    /// A record where the caller may see it; any other failure is one.
    pub fn record_if_seen(&self, ctx: &crate::ctx::Ctx, collection: &str, id: Id) -> Result<Option<crate::record::Record>> {
        if_seen(self.record(ctx, collection, id))
    }
    /// A record that the caller's input names: one that he does not see is as wrong as one that is not there.
    pub fn record_named(&self, ctx: &crate::ctx::Ctx, collection: &str, id: Id, field: &'static str) -> Result<crate::record::Record> {
        let found = self.record_if_seen(ctx, collection, id)?;
        found.ok_or_else(|| kontor_kernel::error::Error::field(field, "reference_missing").field_arg("value", id))
    }
    /// Recomputes registers and whatever modules check; an empty list means that everything agrees.
    pub fn check(&self) -> Result<Vec<Difference>> {
        self.store.read_with_timeout(std::time::Duration::from_secs(3600), |conn| {
            let mut out = vec![];
            for r in &self.registry.registers {
                out.extend(crate::registers::check(conn, r)?);
            }
            for f in &self.registry.checks {
                out.extend(f(conn, self)?);
            }
            Ok(out)
        })
    }
}
