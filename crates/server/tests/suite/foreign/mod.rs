//! What belongs to others is as if it were not there: with and without their rows every door answers the same bytes, and
//! their ids are answered like ids of nothing. Enumerated over everything that is registered, on both databases: commands, lists,
//! reports, questions, files and jobs; pages, fragments, papers and live events over the served router.

mod commands;
mod pages;

use crate::browser::{Browser, Heard, Office};
use crate::fixtures::{Samples, both, user};
use commands::{Answers, said};
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_platform::access::Access;
use kontor_platform::spec::{Kind, Scope, Spec, Ty};
use kontor_platform::value::{Id, new_id};
use kontor_platform::{App, Ctx, Envelope};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

type Rows = Vec<(&'static Spec, Id)>;

/// Documents are posted in this order, so that stock, debts and turnover move.
const POSTED: [(&str, &str); 5] =
    [("stock-receipts", "post"), ("sales-orders", "confirm"), ("shipments", "post"), ("returns", "post"), ("payments", "post")];

/// At which doors one stands.
#[derive(Clone, Copy, PartialEq)]
enum At {
    Commands,
    Pages,
}

/// Somebody with his rights, and with his browser where he comes by the pages.
struct Person<'a> {
    role: &'a str,
    ctx: Ctx,
    browser: Option<Browser>,
}

impl<'a> Person<'a> {
    fn new(app: &Arc<App>, role: &'a str, login: &str, ctx: Ctx, office: Option<&Arc<Office>>) -> Person<'a> {
        Person { role, ctx, browser: office.map(|o| Browser::sign_in(o, app, login)) }
    }
    fn browser(&self) -> &Browser {
        self.browser.as_ref().expect("comes by the pages")
    }
    fn answers(&self, app: &Arc<App>, mine: &Rows) -> Answers {
        match self.browser {
            Some(_) => pages::answers(app, self, mine),
            None => commands::answers(app, &self.ctx, mine),
        }
    }
}

#[track_caller]
fn same(who: &str, before: &Answers, after: &Answers) {
    let mut wrong = String::new();
    for (door, was) in before {
        let now = &after[door];
        if was != now {
            let at = was.bytes().zip(now.bytes()).position(|(a, b)| a != b).unwrap_or(was.len().min(now.len()));
            let cut =
                |s: &str| String::from_utf8_lossy(&s.as_bytes()[at.saturating_sub(60).min(s.len())..(at + 200).min(s.len())]).into_owned();
            wrong.push_str(&format!("{who}: {door}\n  was …{}\n  now …{}\n", cut(was), cut(now)));
        }
    }
    assert!(wrong.is_empty(), "foreign rows change what is answered:\n{wrong}");
}

/// An id of somebody else's record is answered as an id of nothing is, whatever is asked for with it.
fn strangers(app: &Arc<App>, who: &Person, s: &mut Samples, foreign: &Rows) {
    let inputs: HashMap<&str, Json> = app
        .registry
        .specs
        .iter()
        .filter(|t| t.kind != Kind::Facts && who.ctx.access.may(t, "create"))
        .map(|t| (t.name, s.input(t.name)))
        .collect();
    for (spec, id) in foreign {
        let nothing = new_id();
        let ask = |id: Id| match who.browser {
            Some(_) => pages::by_id(app, who, spec, id),
            None => commands::by_id(app, &who.ctx, spec, id, &inputs),
        };
        let (here, there) = (ask(*id), ask(nothing));
        let plain = |a: Answers, id: Id| -> Answers { a.into_iter().map(|(k, v)| (k, v.replace(&id.to_string(), "ID"))).collect() };
        same(&format!("{} with a foreign id of {}", who.role, spec.name), &plain(there, nothing), &plain(here, *id));
    }
}

/// Undo of what was done to somebody else's record, by the id of the entry.
fn undone(app: &Arc<App>, who: &str, ctx: &Ctx, spec: &'static Spec, entries: &[Id]) {
    let undo = |id: Id| {
        let env = Envelope { dry_run: true, ..Envelope::new("audit.undo", Json::Null).on(id) };
        said(app.execute(ctx, env), |o| o.data.to_string()).replace(&id.to_string(), "ID")
    };
    for id in entries {
        assert_eq!(undo(*id), undo(new_id()), "{who}: undo of a foreign change of {}", spec.name);
    }
}

fn entries(app: &Arc<App>, spec: &Spec, id: Id) -> Vec<Id> {
    let found = app.store.read(|c| {
        c.query("SELECT id FROM audit WHERE record_id = ? ORDER BY seq", &[id.into()])?.iter().map(|r| r.id(0)).collect::<Result<Vec<_>>>()
    });
    let found = found.expect("the audit is read");
    assert!(!found.is_empty(), "{} has no audit", spec.name);
    found
}

fn post(app: &Arc<App>, ctx: &Ctx, made: &HashMap<String, Id>) {
    for (collection, verb) in POSTED {
        let Some(id) = made.get(collection) else { continue };
        let done = app.execute(ctx, Envelope::new(format!("{collection}.{verb}"), json!({})).on(*id));
        done.unwrap_or_else(|e| panic!("{collection}.{verb}: {e}"));
    }
}

fn rows(app: &Arc<App>, made: &HashMap<String, Id>) -> Rows {
    let all: BTreeMap<&String, &Id> = made.iter().collect();
    all.into_iter().map(|(name, id)| (app.registry.get(name).expect("registered"), *id)).collect()
}

fn writable(app: &Arc<App>) -> impl Iterator<Item = &'static Spec> {
    app.registry.specs.iter().copied().filter(|s| s.kind != Kind::Facts)
}

/// Rules of the trade are the group's; they say for which company they count.
const FOR_A_COMPANY: [&str; 6] = ["price-types", "price-lists", "price-conditions", "promotions", "price-limits", "price-changes"];

#[test]
fn plt_02_whatever_is_of_a_company_declares_it() {
    for spec in &kontor::registry::registry().specs {
        let of_one = spec.columns.iter().any(|c| matches!(c.ty, Ty::Ref("companies")));
        assert_eq!(of_one && !FOR_A_COMPANY.contains(&spec.name), spec.company.is_some(), "{}", spec.name);
    }
}

/// Partners, products and users that are there from the first, for what wants one of its own.
fn pool(s: &mut Samples) -> HashMap<String, Vec<Id>> {
    ["partners", "products", "users"].map(|c| (c.to_string(), (0..12).map(|_| s.fresh(c)).collect())).into()
}

#[test]
fn plt_02_rows_of_another_company_change_no_answer() {
    companies(At::Commands, &["director", "sales_manager", "salesperson", "storekeeper", "accountant", "field_agent"]);
}

#[test]
fn plt_02_rows_of_another_company_change_no_page_of_a_director() {
    companies(At::Pages, &["director"]);
}

#[test]
fn plt_02_rows_of_another_company_change_no_page_of_a_storekeeper_or_an_accountant() {
    companies(At::Pages, &["storekeeper", "accountant"]);
}

fn companies(at: At, roles: &[&'static str]) {
    both(|app| {
        let mut s = Samples::new(app);
        for spec in writable(app) {
            s.record(spec.name);
        }
        post(app, &s.ctx, &s.made);
        let pool = pool(&mut s);
        let company = s.made["companies"];
        let office = (at == At::Pages).then(|| Office::new(app));
        let one = |role: &&'static str| Person::new(app, role, role, limited(app, role, company), office.as_ref());
        let people: Vec<Person> = roles.iter().map(one).collect();
        let mine = rows(app, &s.made);
        let before: Vec<Answers> = people.iter().map(|who| who.answers(app, &mine)).collect();
        let heard: Vec<_> = people.iter().filter_map(|who| who.browser.as_ref().map(Browser::listen)).collect();
        // The same of another company, with the same partners, products and people.
        let bound = |spec: &Spec| spec.name == "companies" || spec.company.is_some();
        let shared = s.made.iter().filter(|(k, _)| !bound(s.spec(k))).map(|(k, v)| (k.clone(), *v)).collect();
        let mut other = s.others(s.ctx.clone(), shared, pool);
        other.record("companies");
        for spec in writable(app).filter(|s| bound(s)) {
            foreign_record(&mut other, spec);
        }
        post(app, &other.ctx, &other.made);
        let foreign: Rows = rows(app, &other.made).into_iter().filter(|(spec, _)| bound(spec)).collect();
        assert!(foreign.len() >= 10, "{}", foreign.len());
        for (who, before) in people.iter().zip(&before) {
            same(who.role, before, &who.answers(app, &mine));
        }
        for (who, heard) in people.iter().zip(&heard) {
            heard_nothing(app, who, heard, &foreign);
        }
        // One of each kind of rights: all rows, his own, without prices.
        for who in people.iter().filter(|who| matches!(who.role, "director" | "salesperson" | "storekeeper")) {
            strangers(app, who, &mut s, &foreign);
            foreign.iter().for_each(|(spec, id)| undone(app, who.role, &who.ctx, spec, &entries(app, spec, *id)));
        }
        removed_drafts(app, &people, &mut other, &bound);
    });
}

/// Live events tell of what one does himself, and of nothing that belongs to others.
fn heard_nothing(app: &Arc<App>, who: &Person, heard: &Heard, foreign: &Rows) {
    let done = app.execute(&acting(&who.ctx), Envelope::new("partners.create", json!({"name": "Слово"}))).expect("made");
    let told = heard.until(done.id.expect("an id"));
    for (spec, id) in foreign {
        assert!(!told.contains(&id.to_string()), "{} is told of a foreign one of {}: {told}", who.role, spec.name);
    }
}

/// Removed drafts of others do not come back by whoever knows the entry.
fn removed_drafts(app: &Arc<App>, people: &[Person], other: &mut Samples, bound: &dyn Fn(&Spec) -> bool) {
    for spec in writable(app).filter(|s| bound(s) && s.kind == Kind::Document) {
        let input = foreign_input(other, spec);
        let id = other.create(spec.name, input);
        let gone = app.execute(&other.ctx, Envelope::new(format!("{}.delete", spec.name), Json::Null).on(id));
        // What was made posted is reversed instead.
        let Ok(gone) = gone else { continue };
        for who in people {
            undone(app, who.role, &who.ctx, spec, &[gone.audit_id.expect("an entry")]);
        }
    }
}

fn limited(app: &Arc<App>, role: &str, company: Id) -> Ctx {
    let ctx = user(app, role, &[role]);
    let version = app.record(&crate::fixtures::system(), "users", ctx.user_id).expect("there").version;
    let env = Envelope::new("users.update", json!({"companies": [company]})).on(ctx.user_id).seen(version);
    app.execute(&crate::fixtures::system(), env).expect("limited");
    let ctx = app.ctx_of(role, kontor_platform::Source::Api).expect("there");
    assert_eq!(ctx.access.companies, [company]);
    ctx
}

/// Everything allowed, in the name of a user: what he makes is his.
fn acting(ctx: &Ctx) -> Ctx {
    Ctx { access: Arc::new(Access { user_id: ctx.user_id, ..Access::system() }), ..ctx.clone() }
}

/// Of the others' company and partner wherever the entity has one: what has none is for everybody.
fn foreign_input(s: &mut Samples, spec: &'static Spec) -> Json {
    let mut input = s.input(spec.name);
    for (column, of) in spec.via.into_iter().chain(spec.company.map(|c| (c, "companies"))) {
        if spec.col(column).is_some_and(|c| c.writable()) && input.get(column).is_none() {
            input[column] = json!(s.record(of));
        }
    }
    input
}

fn foreign_record(s: &mut Samples, spec: &'static Spec) {
    if !s.made.contains_key(spec.name) {
        let input = foreign_input(s, spec);
        let id = s.create(spec.name, input);
        s.made.insert(spec.name.to_string(), id);
    }
}

fn own(at: At, role: &str) {
    both(|app| {
        let (me, other) = (user(app, "me", &[role]), user(app, "other", &["salesperson"]));
        let mut s = Samples::new(app);
        // What nobody's rights hang on comes first, by the program itself.
        let narrow: BTreeSet<&str> =
            writable(app).filter(|t| matches!(me.access.scope(t, "read"), Scope::Own | Scope::Team)).map(|t| t.name).collect();
        assert!(!narrow.is_empty(), "{role} sees everything of everybody");
        s.record("companies");
        s.ctx = acting(&me);
        for spec in writable(app) {
            s.record(spec.name);
        }
        post(app, &s.ctx, &s.made);
        let pool = pool(&mut s);
        // Stock is everybody's: what others sell here is work. And a record of my partner's is mine to see.
        let named = |s: &mut Samples, of: &str, field: &str, value: Json| {
            let mut input = s.input(of);
            input[field] = value;
            s.create(of, input)
        };
        let service = named(&mut s, "products", "kind", json!("service"));
        let nobodys = named(&mut s, "partners", "manager_id", json!(other.user_id));
        let mine = rows(app, &s.made);
        for (spec, id) in mine.iter().filter(|(t, _)| narrow.contains(t.name)) {
            app.get(&me, spec.name, *id).unwrap_or_else(|e| panic!("{role} does not see his own of {}: {e}", spec.name));
        }
        let office = (at == At::Pages).then(|| Office::new(app));
        let who = Person::new(app, role, "me", me.clone(), office.as_ref());
        let before = who.answers(app, &mine);
        let heard = who.browser.as_ref().map(Browser::listen);
        // Price types of sale are everybody's; those of purchase are not.
        let of_one = |name: &str| narrow.contains(name) && name != "price-types";
        let part = |made: &HashMap<String, Id>, of_one: &dyn Fn(&str) -> bool| -> HashMap<String, Id> {
            made.iter().filter(|(k, _)| of_one(k)).map(|(k, v)| (k.clone(), *v)).collect()
        };
        let shared = part(&s.made, &|name| !of_one(name));
        let mut theirs = s.others(acting(&other), shared, pool);
        theirs.made.insert("products".into(), service);
        if narrow.contains("partners") {
            theirs.pool.remove("partners");
        } else {
            theirs.made.insert("partners".into(), nobodys);
        }
        for spec in writable(app).filter(|t| of_one(t.name)) {
            foreign_record(&mut theirs, spec);
        }
        let of_them = part(&theirs.made, &of_one);
        let mut foreign = rows(app, &of_them);
        if narrow.contains("price-types") {
            let purchase = named(&mut theirs, "price-types", "usage", json!("purchase"));
            foreign.push((theirs.spec("price-types"), purchase));
        }
        post(app, &theirs.ctx, &of_them);
        same(role, &before, &who.answers(app, &mine));
        if let Some(heard) = heard {
            heard_nothing(app, &who, &heard, &foreign);
        }
        strangers(app, &who, &mut s, &foreign);
        foreign.iter().for_each(|(spec, id)| undone(app, role, &me, spec, &entries(app, spec, *id)));
        removed_drafts(app, &[who], &mut theirs, &|t| narrow.contains(t.name));
    });
}

#[test]
fn plt_02_a_salesperson_learns_nothing_of_others_rows() {
    own(At::Commands, "salesperson");
}

#[test]
fn plt_02_a_field_agent_learns_nothing_of_others_rows() {
    own(At::Commands, "field_agent");
}

#[test]
fn plt_02_a_sales_manager_learns_nothing_of_rows_outside_his_team() {
    own(At::Commands, "sales_manager");
}

#[test]
fn plt_02_an_accountant_and_a_storekeeper_learn_nothing_of_others_tasks() {
    own(At::Commands, "accountant");
    own(At::Commands, "storekeeper");
}

#[test]
fn plt_02_a_salesperson_sees_nothing_of_others_rows_on_any_page() {
    own(At::Pages, "salesperson");
}

#[test]
fn plt_02_a_sales_manager_sees_nothing_of_rows_outside_his_team_on_any_page() {
    own(At::Pages, "sales_manager");
}
