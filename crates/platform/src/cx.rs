//! What rules and verbs work with: the connection inside the command's transaction, the caller, and the few ways to
//! read, write and tell others. Lives for one command.

use crate::app::App;
use crate::audit::{self, Entry};
use crate::ctx::Ctx;
use crate::record::Record;
use crate::spec::Spec;
use crate::store::{Backend, Conn, NEXT_NUMBER};
use crate::value::{Id, Value};
use kontor_kernel::error::{Args, Error, Key, Result};
use kontor_kernel::{HashMap, HashSet};
use serde_json::Value as Json;

/// What a command works with.
pub struct Cx<'a, 'c> {
    pub conn: &'a mut Conn<'c>,
    pub app: &'a App,
    pub ctx: &'a Ctx,
    /// Nothing is written: prices and totals of a document that is still being typed.
    pub preview: bool,
    /// What is written will be taken back: the command is only tried.
    pub dry_run: bool,
    /// `entity.action` of the outermost command, for the audit.
    pub command: String,
    /// The first audit entry of the command.
    pub audit_id: Option<Id>,
    /// Records with their first audit entries.
    audits: HashMap<Id, Id>,
    pub warnings: Vec<Warning>,
    pub live: Vec<Live>,
    /// Free store of one command: what rules load once and use for every line.
    pub memo: kontor_kernel::HashMap<&'static str, Box<dyn std::any::Any>>,
    pub(crate) seen: crate::kept::Seen,
    /// References of which is known that they are there and that the caller may see them.
    pub(crate) known: HashSet<(&'static str, Id)>,
}

/// Something to know that refuses nothing: a field, a code of a text, its arguments.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Warning {
    pub field: String,
    pub code: Key,
    pub args: Args,
}

/// A change that others may want to see at once.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Live {
    pub entity: &'static str,
    pub id: Id,
    pub version: i64,
    pub user_id: Id,
    #[serde(skip)]
    pub company_id: Option<Id>,
    /// How far a job is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
}

/// Where a job stands: `running`, or `over` whatever became of it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Progress {
    pub state: &'static str,
    pub done: i64,
    pub total: Option<i64>,
}

impl Progress {
    /// It goes on; also while it waits for its next slice.
    pub const RUNNING: &'static str = "running";
    /// Done, failed or cancelled.
    pub const OVER: &'static str = "over";
}

/// One create or update while it is decided.
pub struct Change {
    pub before: Option<Record>,
    pub after: Record,
    /// Columns that the caller gave.
    pub given: HashSet<&'static str>,
}

impl Change {
    /// There was no record before.
    pub fn is_create(&self) -> bool {
        self.before.is_none()
    }
    /// The caller gave this column.
    pub fn given(&self, column: &str) -> bool {
        self.given.contains(column)
    }
    /// The value is not what it was.
    pub fn changed(&self, column: &str) -> bool {
        self.before.as_ref().is_none_or(|b| b.get(column) != self.after.get(column))
    }
}

impl<'a, 'c> Cx<'a, 'c> {
    /// For a command of this name; of no name: to read.
    pub fn new(conn: &'a mut Conn<'c>, app: &'a App, ctx: &'a Ctx, command: &str) -> Self {
        Cx {
            conn,
            app,
            ctx,
            preview: false,
            dry_run: false,
            command: command.into(),
            audit_id: None,
            audits: HashMap::new(),
            warnings: vec![],
            live: vec![],
            memo: Default::default(),
            seen: Default::default(),
            known: HashSet::new(),
        }
    }
    /// A new key.
    pub fn new_id(&self) -> Id {
        Id::now_v7()
    }
    /// The declaration of a collection that the program has. Panics for a name that nobody registered: the slip of a module.
    pub fn spec(&self, name: &str) -> &'static Spec {
        self.app.registry.get(name).unwrap_or_else(|| panic!("{name} is not registered"))
    }
    /// Loads without row scope: for rules that follow a reference.
    pub fn load(&mut self, collection: &str, id: Id) -> Result<Record> {
        let spec = self.spec(collection);
        Record::load(self.conn, spec, id)?.ok_or_else(Error::not_found)
    }
    /// Asks for what `load` will be asked; see [`Conn::ahead`].
    pub fn load_ahead(&mut self, collection: &str, id: Id) -> Result<()> {
        let spec = self.spec(collection);
        Record::load_ahead(self.conn, spec, id)
    }
    /// Loads what the caller may read: before his references are checked, what he names is not known to be his to name.
    pub fn seen(&mut self, collection: &str, id: Id) -> Result<Option<Record>> {
        let spec = self.spec(collection);
        if crate::execute::in_scope(self, spec, id, "read")? { Record::load(self.conn, spec, id) } else { Ok(None) }
    }
    /// `load`; the row stays locked until the end of the command.
    pub fn load_locked(&mut self, collection: &str, id: Id) -> Result<Record> {
        let spec = self.spec(collection);
        Record::load_locked(self.conn, spec, id)?.ok_or_else(Error::not_found)
    }
    /// Tells the caller something beside the answer.
    pub fn warn(&mut self, field: impl Into<String>, code: impl Into<Key>, args: Args) {
        self.warnings.push(Warning { field: field.into(), code: code.into(), args });
    }

    /// From here to its end no other command does what goes by this name: it waits, and then finds what this one has made.
    pub fn alone(&mut self, what: &str) -> Result<()> {
        // SQLite has one writer; and who reads makes nothing.
        if self.preview || self.conn.backend() == Backend::Sqlite {
            return Ok(());
        }
        // Of few names, for the server holds all of them at once for as long as the transaction goes on.
        self.conn.post("SELECT 1 FROM pg_advisory_xact_lock(hashtextextended(?, 0) & 255)", vec![what.into()])
    }

    /// What the first use makes where nobody has made one. Who comes at the same moment waits and takes that one.
    pub fn found_or_made<T>(
        &mut self,
        what: &str,
        find: impl Fn(&mut Cx) -> Result<Option<T>>,
        make: impl FnOnce(&mut Cx) -> Result<Option<T>>,
    ) -> Result<Option<T>> {
        if let Some(found) = find(self)? {
            return Ok(Some(found));
        }
        self.alone(what)?;
        match find(self)? {
            Some(found) => Ok(Some(found)),
            None => make(self),
        }
    }

    /// Next number of a series, without gaps: who fails gives it back, and on PostgreSQL the next one waits for the commit.
    pub fn next_number(&mut self, series: &str) -> Result<i64> {
        if self.preview {
            return Ok(0);
        }
        if self.app.registry.revisions.contains(&series) {
            self.forget_revisions();
        }
        if self.conn.backend() == Backend::Sqlite
            && self.conn.exec("UPDATE sequences SET value = value + 1 WHERE series = ?", &[series.into()])? > 0
        {
            // Two plain statements cost less here than an upsert that answers.
            return self.conn.query_one("SELECT value FROM sequences WHERE series = ?", &[series.into()])?.int(0);
        }
        self.conn.query_one(NEXT_NUMBER, &[series.into()])?.int(0)
    }

    /// Next number of a series that may have gaps. On PostgreSQL it is drawn beside the command, so that commands do not wait
    /// for one another; a series is drawn from by this or by `next_number`, never by both.
    pub fn next_number_with_gaps(&mut self, series: &str) -> Result<i64> {
        // A try gives its number back with everything else.
        let drawn = if self.preview || self.dry_run { None } else { self.app.store.draw_beside(series)? };
        drawn.map_or_else(|| self.next_number(series), Ok)
    }

    /// Writes a new record as it is (rules have decided), with audit.
    pub fn insert(&mut self, record: &mut Record) -> Result<()> {
        record.version = 1;
        self.stamp(record, true);
        record.insert(self.conn).map_err(|e| crate::execute::unique_to_field(record.spec, e))?;
        crate::external_ids::keep(self, record)?;
        self.audited(record, Entry::created())
    }

    /// Writes the changes of a record as they are, with audit; nothing happens when there are none.
    pub fn save(&mut self, before: &Record, record: &mut Record) -> Result<bool> {
        let diff = Record::differences(before, record);
        if diff.is_empty() {
            return Ok(false);
        }
        record.version = before.version + 1;
        self.stamp(record, false);
        record.update(self.conn, before).map_err(|e| crate::execute::unique_to_field(record.spec, e))?;
        crate::external_ids::keep_changed(self, before, record)?;
        self.audited(record, Entry::changed(diff))?;
        Ok(true)
    }

    fn stamp(&self, record: &mut Record, new: bool) {
        if new {
            record.set("created_at", self.ctx.now);
            if self.ctx.user_id != crate::spec::NONE {
                record.set("created_by_id", self.ctx.user_id);
            }
        }
        record.set("updated_at", self.ctx.now);
    }

    pub(crate) fn audited(&mut self, record: &Record, entry: Entry) -> Result<()> {
        let id = audit::write(self, record, entry)?;
        self.audit_id.get_or_insert(id);
        self.audits.entry(record.id).or_insert(id);
        crate::auth::touch(self, record.spec.name)?;
        if let Some(series) = record.spec.kept {
            self.renew(series)?;
        }
        let company_id = record.spec.company.and_then(|c| record.opt_id(c));
        self.live.push(Live {
            entity: record.spec.name,
            id: record.id,
            version: record.version,
            user_id: self.ctx.user_id,
            company_id,
            progress: None,
        });
        Ok(())
    }

    /// The entry that undo of this command takes back: the record's own, whatever was written before it on its account.
    pub(crate) fn audit_of(&self, record: Id) -> Option<Id> {
        self.audits.get(&record).copied().or(self.audit_id)
    }

    /// A nested create with the caller's rights, rules included.
    pub fn create(&mut self, collection: &str, input: Json) -> Result<Record> {
        let spec = self.spec(collection);
        crate::execute::create(self, spec, &input)
    }
    /// A nested verb with the caller's rights.
    pub fn run(&mut self, collection: &str, id: Id, verb: &str, input: Json) -> Result<Record> {
        let spec = self.spec(collection);
        Ok(crate::execute::run_verb(self, spec, id, verb, &input)?.0)
    }

    /// Tells consumers of the outbox; delivered after the commit, at least once.
    pub fn event(&mut self, kind: &'static str, record: &Record, payload: Json) -> Result<()> {
        let consumers: Vec<&'static str> = self.app.registry.consumers.iter().filter(|c| c.kinds.contains(&kind)).map(|c| c.name).collect();
        if consumers.is_empty() || self.preview {
            return Ok(());
        }
        let id = self.new_id();
        let at = Value::Instant(self.ctx.now);
        self.conn.post(
            "INSERT INTO outbox_events (id, at, kind, entity, record_id, user_id, payload) VALUES (?, ?, ?, ?, ?, ?, ?)",
            vec![id.into(), at.clone(), kind.into(), record.spec.name.into(), record.id.into(), self.ctx.user_id.into(), payload.into()],
        )?;
        for c in consumers {
            self.conn.post(
                "INSERT INTO outbox_deliveries (event_id, consumer, aggregate_id, state, attempts, due_at) VALUES (?, ?, ?, 'waiting', 0, ?)",
                vec![id.into(), c.into(), record.id.into(), at.clone()],
            )?;
        }
        Ok(())
    }
}
