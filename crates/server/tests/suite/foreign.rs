//! What belongs to others is as if it were not there: with and without their rows every door answers the same bytes, and
//! their ids are answered like ids of nothing. Enumerated over everything that is registered, on both databases.

use crate::fixtures::{Samples, both, user};
use kontor_exchange::{ExportFormat, export_entity};
use kontor_kernel::error::{Error, Result};
use kontor_platform::access::Access;
use kontor_platform::app::{Asked, Question};
use kontor_platform::query::Query;
use kontor_platform::spec::{Kind, Scope, Spec, Ty};
use kontor_platform::value::{Id, new_id};
use kontor_platform::{App, Ctx, Envelope, totals};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// What each door answered, by the door.
type Answers = BTreeMap<String, String>;
type Rows = Vec<(&'static Spec, Id)>;

/// Documents are posted in this order, so that stock, debts and turnover move.
const POSTED: [(&str, &str); 5] =
    [("stock-receipts", "post"), ("sales-orders", "confirm"), ("shipments", "post"), ("returns", "post"), ("payments", "post")];

fn error(e: &Error) -> String {
    let inner = e.inner();
    format!("{:?} {} {:?} {:?} {}", e.kind(), inner.code, inner.args, inner.fields, inner.detail)
}

fn said<T>(r: Result<T>, show: impl FnOnce(T) -> String) -> String {
    r.map_or_else(|e| error(&e), show)
}

fn history(app: &Arc<App>, ctx: &Ctx, spec: &Spec, id: Id) -> String {
    said(app.history(ctx, spec.name, id, 100), |h| serde_json::to_string(&h).expect("a history"))
}

fn ask(app: &Arc<App>, ctx: &Ctx, q: &Question, path: &[(&str, String)], query: Vec<(String, String)>, body: Json) -> String {
    let asked = Asked { path: path.iter().map(|(k, v)| (k.to_string(), v.clone())).collect(), query, body };
    said((q.run)(app, ctx, &asked), |mut j| {
        if q.path.ends_with("/editor") {
            // A document that is not saved yet has another id each time, and so have its lines.
            let lines = j["lines"].as_array_mut().map(|l| l.iter_mut().collect::<Vec<_>>()).unwrap_or_default();
            lines.into_iter().for_each(|l| l["id"] = Json::Null);
            j["id"] = Json::Null;
        }
        j.to_string()
    })
}

/// Questions about one record of this collection.
fn questions_of<'a>(app: &'a Arc<App>, spec: &'a Spec) -> impl Iterator<Item = &'a Question> {
    let start = format!("{}/{{id}}", spec.name);
    app.registry.questions.iter().filter(move |q| q.path.starts_with(&start))
}

/// Everything that can be asked without naming what belongs to others.
fn answers(app: &Arc<App>, ctx: &Ctx, mine: &Rows) -> Answers {
    let mut out = Answers::new();
    for spec in &app.registry.specs {
        lists(app, ctx, spec, &mut out);
    }
    for (spec, id) in mine {
        let at = format!("{} {id}", spec.name);
        out.insert(format!("get {at}"), said(app.get(ctx, spec.name, *id), |j| j.to_string()));
        out.insert(format!("history {at}"), history(app, ctx, spec, *id));
        for q in questions_of(app, spec) {
            let line = app.record(ctx, spec.name, *id).ok().and_then(|r| r.lines.first()?.first().map(|l| l.id.to_string()));
            let path = [("id", id.to_string()), ("line", line.unwrap_or_default())];
            out.insert(format!("ask {} {id}", q.path), ask(app, ctx, q, &path, vec![], json!({})));
        }
    }
    for text in ["Проба", "SO", "SH-", "0000"] {
        out.insert(format!("search {text}"), said(app.search(ctx, text, 50), |f| format!("{f:?}")));
    }
    let wide = [("from".to_string(), "2020-01-01".to_string()), ("to".to_string(), "2030-12-31".to_string())];
    for r in &app.registry.reports {
        for pairs in [&[][..], &wide[..]] {
            out.insert(format!("report {} {}", r.name, pairs.len()), said(app.report(ctx, r.name, pairs), |t| t.to_json().to_string()));
        }
        for by in ["month", "partner", "product", "manager", "company", "country"] {
            let pairs = [("by".to_string(), by.to_string())];
            out.insert(format!("report {} by {by}", r.name), said(app.report(ctx, r.name, &pairs), |t| t.to_json().to_string()));
        }
    }
    asked(app, ctx, mine, &mut out);
    out
}

fn lists(app: &Arc<App>, ctx: &Ctx, spec: &'static Spec, out: &mut Answers) {
    let q = Query { limit: 500, count: true, ..Default::default() };
    let page = |q: &Query| said(app.list(ctx, spec.name, q), |p| p.to_json(true));
    out.insert(format!("list {}", spec.name), page(&q));
    out.insert(format!("list {} archived", spec.name), page(&Query { archived: true, ..q.clone() }));
    for text in ["Проба", "0000"] {
        out.insert(format!("list {} q={text}", spec.name), page(&Query { q: text.into(), ..q.clone() }));
    }
    let mut file = vec![];
    let exported = said(export_entity(app, ctx, spec.name, &q, ExportFormat::Csv, &mut file), |n| n.to_string());
    out.insert(format!("export {}", spec.name), format!("{exported} {}", String::from_utf8_lossy(&file)));
    let shown = |c: &&kontor_platform::spec::Column| ctx.access.shows(spec, c);
    let sums: Vec<&str> = spec.columns.iter().filter(shown).filter(|c| totals::sums(c)).map(|c| c.name).collect();
    for by in spec.columns.iter().filter(shown).filter(|c| totals::groups_by(c)).map(|c| Some(c.name)).chain([None]) {
        let groups = said(app.totals(ctx, spec.name, &q, by, &sums), |g| format!("{g:?}"));
        out.insert(format!("totals {} by {by:?}", spec.name), groups);
    }
    // What belongs to others is not there to be asked about through a reference either.
    for c in spec.columns.iter().filter(shown) {
        let Ty::Ref(of) = c.ty else { continue };
        let Some(target) = app.registry.get(of) else { continue };
        let pairs = vec![(format!("{}.{}.empty", c.ref_name(), target.title), "false".to_string())];
        let found = Query::parse(app, ctx, spec, &pairs).and_then(|q| app.list(ctx, spec.name, &Query { limit: 500, ..q }));
        out.insert(format!("list {} {}", spec.name, pairs[0].0), said(found, |p| p.to_json(true)));
    }
}

/// Questions about no single record, about everything and about what is mine.
fn asked(app: &Arc<App>, ctx: &Ctx, mine: &Rows, out: &mut Answers) {
    let of = |name: &str| mine.iter().find(|(s, _)| s.name == name).map(|(_, id)| id.to_string());
    let named: Vec<(String, String)> =
        [("company_id", "companies"), ("partner_id", "partners"), ("product_id", "products"), ("warehouse_id", "warehouses")]
            .into_iter()
            .chain([("price_type_id", "price-types"), ("rate_type_id", "rate-types"), ("kind_id", "deal-kinds")])
            .filter_map(|(k, of_)| Some((k.to_string(), of(of_)?)))
            .collect();
    let find = |k: &str| named.iter().find(|(n, _)| n == k).map(|(_, v)| v.clone());
    let body = json!({
        "company_id": find("company_id"), "partner_id": find("partner_id"), "warehouse_id": find("warehouse_id"), "currency": "UAH",
        "lines": [{"product_id": find("product_id"), "quantity": "1"}],
    });
    for q in app.registry.questions.iter().filter(|q| !q.path.contains('{')) {
        let mut tries: Vec<(Vec<(String, String)>, Json)> = vec![(vec![], json!({})), (named.clone(), body.clone())];
        tries.extend(named.iter().map(|p| (vec![p.clone()], json!({p.0.as_str(): p.1}))));
        for (n, (query, body)) in tries.into_iter().enumerate() {
            out.insert(format!("ask {} {n}", q.path), ask(app, ctx, q, &[], query, body));
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
fn strangers(app: &Arc<App>, who: &str, ctx: &Ctx, s: &mut Samples, foreign: &Rows) {
    let inputs: HashMap<&str, Json> = app
        .registry
        .specs
        .iter()
        .filter(|t| t.kind != Kind::Facts && ctx.access.may(t, "create"))
        .map(|t| (t.name, s.input(t.name)))
        .collect();
    for (spec, id) in foreign {
        let nothing = new_id();
        let here = by_id(app, ctx, spec, *id, &inputs);
        let there = by_id(app, ctx, spec, nothing, &inputs);
        let plain = |a: Answers, id: Id| -> Answers { a.into_iter().map(|(k, v)| (k, v.replace(&id.to_string(), "ID"))).collect() };
        same(&format!("{who} with a foreign id of {}", spec.name), &plain(there, nothing), &plain(here, *id));
    }
}

fn by_id(app: &Arc<App>, ctx: &Ctx, spec: &'static Spec, id: Id, inputs: &HashMap<&str, Json>) -> Answers {
    let mut out = Answers::new();
    let run = |action: &str, input: Json| {
        let env = Envelope { dry_run: true, ..Envelope::new(format!("{}.{action}", spec.name), input).on(id).seen(1) };
        said(app.execute(ctx, env), |o| o.data.to_string())
    };
    out.insert("get".into(), said(app.get(ctx, spec.name, id), |j| j.to_string()));
    out.insert("history".into(), history(app, ctx, spec, id));
    out.insert("look".into(), said(app.look(ctx, spec.name, id, "x"), |p| format!("{p:?}")));
    out.insert("update".into(), run("update", json!({"comment": "x"})));
    out.insert("delete".into(), run("delete", Json::Null));
    for v in &spec.verbs {
        out.insert(format!("verb {}", v.name), run(v.name, json!({})));
    }
    for q in questions_of(app, spec) {
        let path = [("id", id.to_string()), ("line", new_id().to_string())];
        out.insert(format!("ask {}", q.path), ask(app, ctx, q, &path, vec![], json!({})));
    }
    let name = format!("{}_id", spec.name.trim_end_matches("ies").trim_end_matches('s').replace('-', "_"));
    let name = if spec.name == "companies" { "company_id".to_string() } else { name };
    for q in app.registry.questions.iter().filter(|q| !q.path.contains('{')) {
        out.insert(format!("ask {}", q.path), ask(app, ctx, q, &[], vec![(name.clone(), id.to_string())], json!({name.as_str(): id})));
    }
    for r in &app.registry.reports {
        let pairs = [(name.clone(), id.to_string())];
        out.insert(format!("report {}", r.name), said(app.report(ctx, r.name, &pairs), |t| t.to_json().to_string()));
    }
    for other in &app.registry.specs {
        for c in other.columns.iter().filter(|c| matches!(c.ty, Ty::Ref(of) if of == spec.name)) {
            let pairs = vec![(c.name.to_string(), id.to_string()), ("count".into(), "true".into())];
            let found = Query::parse(app, ctx, other, &pairs).and_then(|q| app.list(ctx, other.name, &q));
            out.insert(format!("list {}?{}", other.name, c.name), said(found, |p| p.to_json(true)));
            let Some(input) = inputs.get(other.name).filter(|_| c.writable() && !ctx.access.hidden(other, c.name)) else { continue };
            let mut input = input.clone();
            input[c.name] = json!(id);
            let env = Envelope { dry_run: true, ..Envelope::new(format!("{}.create", other.name), input) };
            let done = said(app.execute(ctx, env), |_| "made".into());
            assert_ne!(done, "made", "{} with a foreign {}", other.name, c.name);
            out.insert(format!("create {} with {}", other.name, c.name), done);
        }
    }
    out
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
    both(|app| {
        let mut s = Samples::new(app);
        for spec in writable(app) {
            s.record(spec.name);
        }
        post(app, &s.ctx, &s.made);
        let pool = pool(&mut s);
        let company = s.made["companies"];
        let roles = ["director", "sales_manager", "salesperson", "storekeeper", "accountant", "field_agent"];
        let people: Vec<(&str, Ctx)> = roles.map(|r| (r, limited(app, r, company))).into();
        let mine = rows(app, &s.made);
        let before: Vec<Answers> = people.iter().map(|(_, ctx)| answers(app, ctx, &mine)).collect();
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
        for ((role, ctx), before) in people.iter().zip(&before) {
            same(role, before, &answers(app, ctx, &mine));
        }
        // One of each kind of rights: all rows, his own, without prices.
        for (role, ctx) in people.iter().filter(|(role, _)| matches!(*role, "director" | "salesperson" | "storekeeper")) {
            strangers(app, role, ctx, &mut s, &foreign);
            foreign.iter().for_each(|(spec, id)| undone(app, role, ctx, spec, &entries(app, spec, *id)));
        }
        removed_drafts(app, &people, &mut other, &bound);
    });
}

/// Removed drafts of others do not come back by whoever knows the entry.
fn removed_drafts(app: &Arc<App>, people: &[(&str, Ctx)], other: &mut Samples, bound: &dyn Fn(&Spec) -> bool) {
    for spec in writable(app).filter(|s| bound(s) && s.kind == Kind::Document) {
        let input = foreign_input(other, spec);
        let id = other.create(spec.name, input);
        let gone = app.execute(&other.ctx, Envelope::new(format!("{}.delete", spec.name), Json::Null).on(id));
        // What was made posted is reversed instead.
        let Ok(gone) = gone else { continue };
        for (role, ctx) in people {
            undone(app, role, ctx, spec, &[gone.audit_id.expect("an entry")]);
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

fn own(role: &str) {
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
        let before = answers(app, &me, &mine);
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
        same(role, &before, &answers(app, &me, &mine));
        strangers(app, role, &me, &mut s, &foreign);
        foreign.iter().for_each(|(spec, id)| undone(app, role, &me, spec, &entries(app, spec, *id)));
        let people = [(role, me.clone())];
        removed_drafts(app, &people, &mut theirs, &|t| narrow.contains(t.name));
    });
}

#[test]
fn plt_02_a_salesperson_learns_nothing_of_others_rows() {
    own("salesperson");
}

#[test]
fn plt_02_a_field_agent_learns_nothing_of_others_rows() {
    own("field_agent");
}

#[test]
fn plt_02_a_sales_manager_learns_nothing_of_rows_outside_his_team() {
    own("sales_manager");
}

#[test]
fn plt_02_an_accountant_and_a_storekeeper_learn_nothing_of_others_tasks() {
    own("accountant");
    own("storekeeper");
}
