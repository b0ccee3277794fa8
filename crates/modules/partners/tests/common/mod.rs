//! What scenarios share: a fresh office with people in it, and commands in short words. Used by the tests of several
//! modules, each of which needs only a part.
#![allow(dead_code)]

use kontor_kernel::HashMap;
use kontor_kernel::error::Kind;
use kontor_platform::execute::{Envelope, Outcome};
use kontor_platform::query::Query;
use kontor_platform::spec::{Column, Ty};
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Error, Registry, Result, Source, schema};
use kontor_testkit::TestDb;
use kontor_texts::Lang;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// Login, role, login of the head.
const PEOPLE: [(&str, &str, &str); 9] = [
    ("admin", "administrator", ""),
    ("dir", "director", ""),
    ("boss", "sales_manager", "dir"),
    ("ann", "salesperson", "boss"),
    ("bob", "salesperson", "boss"),
    ("agent", "field_agent", "boss"),
    ("store", "storekeeper", "dir"),
    ("acc", "accountant", "dir"),
    ("nobody", "portal_client", ""),
];

pub struct World {
    pub app: Arc<App>,
    pub users: HashMap<&'static str, Id>,
}

impl World {
    pub fn new(db: &TestDb, r: Registry) -> World {
        let app = schema::open_draft(&db.url, r).expect("the schema is made");
        let mut w = World { app, users: HashMap::new() };
        for (login, role, head) in PEOPLE {
            let head = w.users.get(head).copied();
            let made = w.app.execute(
                &Ctx::system(),
                Envelope::new(
                    "users.create",
                    json!({"login": login, "name": format!("{login} the {role}"), "roles": [role], "head_id": head}),
                ),
            );
            let id = made.expect("the user is made").id.expect("a created user has an id");
            w.users.insert(login, id);
        }
        w
    }

    pub fn ctx(&self, login: &str) -> Ctx {
        self.app.ctx_of(login, Source::Api).expect("the login is known")
    }
    pub fn user(&self, login: &str) -> Id {
        self.users[login]
    }

    pub fn execute(&self, who: &str, env: Envelope) -> Result<Outcome> {
        self.app.execute(&self.ctx(who), env)
    }
    pub fn create(&self, who: &str, collection: &str, input: Json) -> Result<Outcome> {
        self.execute(who, Envelope::new(format!("{collection}.create"), input))
    }
    /// Creates what must succeed.
    pub fn make(&self, who: &str, collection: &str, input: Json) -> Id {
        self.create(who, collection, input).unwrap_or_else(|e| panic!("{collection}: {e}")).id.expect("a created record has an id")
    }
    /// An import row: history as it is.
    pub fn import(&self, command: &str, id: Option<Id>, input: Json) -> Result<Outcome> {
        let env = Envelope { command: command.into(), id, input, ..Default::default() };
        self.app.execute(&Ctx::system().with_source(Source::Import), env)
    }
    /// An edit based on `seen`; the current version when it is 0.
    pub fn update(&self, who: &str, collection: &str, id: Id, seen: i64, input: Json) -> Result<Outcome> {
        let seen = if seen == 0 { self.version(collection, id) } else { seen };
        self.execute(who, Envelope::new(format!("{collection}.update"), input).on(id).seen(seen))
    }
    pub fn verb(&self, who: &str, collection: &str, id: Id, verb: &str, input: Json) -> Result<Outcome> {
        self.execute(who, Envelope::new(format!("{collection}.{verb}"), input).on(id))
    }
    pub fn delete(&self, who: &str, collection: &str, id: Id) -> Result<Outcome> {
        self.verb(who, collection, id, "delete", json!({}))
    }
    pub fn undo(&self, who: &str, of: &Outcome) -> Result<Outcome> {
        self.execute(who, Envelope::new("audit.undo", json!({})).on(of.audit_id.expect("the change is in the history")))
    }

    pub fn get(&self, who: &str, collection: &str, id: Id) -> Result<Json> {
        self.app.get(&self.ctx(who), collection, id)
    }
    /// The record as the administrator sees it.
    pub fn see(&self, collection: &str, id: Id) -> Json {
        self.get("admin", collection, id).unwrap_or_else(|e| panic!("{collection}: {e}"))
    }
    pub fn version(&self, collection: &str, id: Id) -> i64 {
        self.see(collection, id)["version"].as_i64().expect("a record has a version")
    }
    pub fn try_list(&self, who: &str, collection: &str, params: &[(&str, &str)]) -> Result<Json> {
        let ctx = self.ctx(who);
        let spec = self.app.registry.get(collection).expect("the collection is registered");
        let pairs: Vec<(String, String)> = params.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        let q = Query::parse(&self.app, &ctx, spec, &pairs)?;
        let page = self.app.list(&ctx, collection, &q)?;
        Ok(serde_json::from_slice(&page.to_json(true)).expect("lists are JSON"))
    }
    pub fn list(&self, who: &str, collection: &str, params: &[(&str, &str)]) -> Json {
        self.try_list(who, collection, params).unwrap_or_else(|e| panic!("{collection}: {e}"))
    }
    /// Titles in the order of the list.
    pub fn titles(&self, who: &str, collection: &str, params: &[(&str, &str)]) -> Vec<String> {
        let items = self.list(who, collection, params)["items"].clone();
        items.as_array().into_iter().flatten().map(|r| r["title"].as_str().unwrap_or_default().to_string()).collect()
    }
    pub fn count(&self, who: &str, collection: &str, params: &[(&str, &str)]) -> i64 {
        let params: Vec<(&str, &str)> = params.iter().copied().chain([("count", "true")]).collect();
        self.list(who, collection, &params)["count"].as_i64().expect("the count was asked for")
    }
    /// Everything that `who` must not learn of a record with this title stays closed: card, list, count, search, edits,
    /// and its id is as unknown in every place as one that was never given.
    pub fn assert_unseen(&self, who: &str, collection: &str, id: Id, word: &str) {
        assert_eq!(self.get(who, collection, id).unwrap_err().kind(), Kind::NotFound, "{collection}: card");
        let ids = self.list(who, collection, &[])["items"].to_string();
        assert!(!ids.contains(&id.to_string()), "{collection}: list");
        assert_eq!(self.count(who, collection, &[("id", &id.to_string())]), 0, "{collection}: count");
        if self.app.registry.get(collection).is_some_and(|s| s.has_search()) {
            assert_eq!(self.count(who, collection, &[("q", word)]), 0, "{collection}: search in the list");
        }
        let found = self.app.search(&self.ctx(who), word, 50).expect("search works");
        assert!(found.iter().all(|f| f.id != id), "{collection}: search everywhere");
        for verb in ["update", "delete"] {
            let e = self.execute(who, Envelope::new(format!("{collection}.{verb}"), json!({})).on(id).seen(1)).unwrap_err();
            assert_eq!(e.kind(), Kind::NotFound, "{collection}: {verb}");
        }
    }
}

/// `field: code` of every field error, sorted; the code of the error itself when there are none.
pub fn faults<T>(r: Result<T>) -> Vec<String> {
    let Err(e) = r else { panic!("it should have been refused") };
    let inner = e.inner();
    assert!(!matches!(inner.kind, Kind::Internal | Kind::Unavailable), "bad input is not our fault: {e}");
    let mut out: Vec<String> = inner.fields.iter().map(|f| format!("{}: {}", f.field, f.code)).collect();
    out.sort();
    if out.is_empty() {
        out.push(inner.code.to_string());
    }
    out
}

pub fn kind<T>(r: Result<T>) -> Kind {
    match r {
        Ok(_) => panic!("it should have been refused"),
        Err(e) => e.kind(),
    }
}

/// What a 409 shows of one field: base, theirs, yours.
pub fn conflict(e: &Error, field: &str) -> (Json, Json, Json) {
    let all = e.inner().detail["conflicts"].as_array().cloned().unwrap_or_default();
    let c = all.iter().find(|c| c["field"] == field).unwrap_or_else(|| panic!("no conflict of {field}: {e}"));
    (c["base"].clone(), c["theirs"].clone(), c["yours"].clone())
}

/// Texts that have broken other programs; all are just text here.
pub const AWKWARD: [&str; 9] = [
    "<script>alert('x')</script>",
    "Robert'); DROP TABLE partners;--",
    "🦄 ТОВ «Єдиноріг» 👩‍👩‍👧‍👦",
    "شركة النور للتجارة",
    "\u{202e}txt.exe\u{202c}",
    "Кiровоградобленерго",
    "=HYPERLINK(\"http://x\")",
    "%_\\' \" ` ${x} {{x}}",
    "Z\u{0351}\u{036b}a\u{0301}lgo\u{200b}\u{feff}",
];

/// Words that the collections need and a language does not have.
pub fn missing_texts(r: &Registry, collections: &[&str]) -> Vec<String> {
    let mut out = vec![];
    for name in collections {
        let spec = r.get(name).expect("the collection is registered");
        for lang in Lang::ALL {
            let mut need = |keys: &[String]| {
                if !keys.iter().any(|k| kontor_texts::has(lang, k)) {
                    out.push(format!("{lang} {}", keys[0]));
                }
            };
            need(&[name.to_string()]);
            let mut column = |prefix: &str, c: &Column| {
                need(&[format!("{prefix}-{}", c.name), format!("{name}-{}", c.name), format!("field-{}", c.name)]);
                if let Ty::Choice(of) | Ty::Set(of) = &c.ty {
                    for x in *of {
                        need(&[format!("{prefix}-{}-{x}", c.name), format!("choice-{x}")]);
                    }
                }
            };
            for c in spec.columns.iter().filter(|c| c.visible() || c.writable()) {
                column(name, c);
                if let Ty::Items(members) | Ty::Object(members) = &c.ty {
                    members.iter().for_each(|m| column(&format!("{name}-{}", c.name), m));
                }
            }
            for l in &spec.lines {
                l.columns.iter().for_each(|c| column(&format!("{name}-{}", l.name), c));
            }
            for v in &spec.verbs {
                v.input.iter().for_each(|c| column(name, c));
            }
            for l in &spec.lines {
                need(&[format!("{name}-{}", l.name), format!("field-{}", l.name)]);
            }
            for v in &spec.verbs {
                need(&[format!("{name}-verb-{}", v.name), format!("verb-{}", v.name)]);
            }
            for s in spec.states {
                need(&[format!("{name}-state-{s}"), format!("state-{s}")]);
            }
        }
    }
    out
}
