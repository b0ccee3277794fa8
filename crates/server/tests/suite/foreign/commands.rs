//! The doors of programs: commands, lists, totals, exports, searches, reports, questions, history, undo, imports, jobs.

use super::Rows;
use crate::fixtures::{both, user};
use kontor_exchange::{ExportFormat, Input, Options, export_entity, import_entity};
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_platform::app::{Asked, Question};
use kontor_platform::query::{Page, Query};
use kontor_platform::spec::{Column, Spec, Ty};
use kontor_platform::store::Priority;
use kontor_platform::value::{Id, new_id};
use kontor_platform::{App, Ctx, Envelope, totals};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// What each door answered, by the door.
pub type Answers = BTreeMap<String, String>;

fn error(e: &Error) -> String {
    let inner = e.inner();
    format!("{:?} {} {:?} {:?} {}", e.kind(), inner.code, inner.args, inner.fields, inner.detail)
}

pub fn said<T>(r: Result<T>, show: impl FnOnce(T) -> String) -> String {
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
pub fn answers(app: &Arc<App>, ctx: &Ctx, mine: &Rows) -> Answers {
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
    let rule = mine.iter().find(|(spec, _)| spec.name == "price-conditions").map(|(_, id)| *id);
    out.insert("simulation".into(), said(simulated(app, ctx, rule), |j| j.to_string()));
    out
}

fn lists(app: &Arc<App>, ctx: &Ctx, spec: &'static Spec, out: &mut Answers) {
    let q = Query { limit: 500, count: true, ..Default::default() };
    let page = |q: &Query| said(app.list(ctx, spec.name, q), |p| text(&p));
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
        out.insert(format!("list {} {}", spec.name, pairs[0].0), said(found, |p| text(&p)));
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

pub fn by_id(app: &Arc<App>, ctx: &Ctx, spec: &'static Spec, id: Id, inputs: &HashMap<&str, Json>) -> Answers {
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
    out.insert("import".into(), imported(app, ctx, spec, &format!("id,comment\n{id},x\n"), &id.to_string()));
    let name = format!("{}_id", spec.name.trim_end_matches("ies").trim_end_matches('s').replace('-', "_"));
    let name = if spec.name == "companies" { "company_id".to_string() } else { name };
    for q in app.registry.questions.iter().filter(|q| !q.path.contains('{')) {
        out.insert(format!("ask {}", q.path), ask(app, ctx, q, &[], vec![(name.clone(), id.to_string())], json!({name.as_str(): id})));
    }
    // Beside what is his own, as an order has it; without lines only its terms are told.
    if let Some(order) = inputs.get("sales-orders") {
        let mut bare = order.clone();
        bare["lines"] = json!([]);
        for (n, mut body) in [order.clone(), bare].into_iter().enumerate() {
            body[name.as_str()] = json!(id);
            for q in app.registry.questions.iter().filter(|q| q.post && !q.path.contains('{')) {
                out.insert(format!("ask {} of an order {n}", q.path), ask(app, ctx, q, &[], vec![], body.clone()));
            }
        }
    }
    for r in &app.registry.reports {
        let pairs = [(name.clone(), id.to_string())];
        out.insert(format!("report {}", r.name), said(app.report(ctx, r.name, &pairs), |t| t.to_json().to_string()));
    }
    for other in &app.registry.specs {
        for c in other.columns.iter().filter(|c| matches!(c.ty, Ty::Ref(of) if of == spec.name)) {
            let pairs = vec![(c.name.to_string(), id.to_string()), ("count".into(), "true".into())];
            let found = Query::parse(app, ctx, other, &pairs).and_then(|q| app.list(ctx, other.name, &q));
            out.insert(format!("list {}?{}", other.name, c.name), said(found, |p| text(&p)));
            for key in keys(app, spec, id) {
                let file = format!("{}\n\"{}\"\n", c.ref_name(), key.replace('"', "\"\""));
                let told = imported(app, ctx, other, &file, &key);
                let all: &mut String = out.entry(format!("import of {} by {}", other.name, c.name)).or_default();
                if !all.contains(&told) {
                    all.push_str(&told);
                }
            }
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

/// What a file with this key in it would do.
fn imported(app: &Arc<App>, ctx: &Ctx, spec: &Spec, file: &str, key: &str) -> String {
    let options = Options { dry_run: true, ..Default::default() };
    let mut told = import_entity(app, ctx, spec.name, &Input::bytes("file.csv", file.as_bytes().to_vec()), &options);
    told.errors.iter_mut().for_each(|e| e.message = e.message.replace(key, "KEY"));
    // The sender's own words come back to him.
    told.columns.iter_mut().for_each(|c| c.sample = c.sample.replace(key, "KEY"));
    format!("{told:?}")
}

/// Whoever names in his file what others have by the same name, makes his own: neither that it is there nor what stands in it is told.
#[test]
fn plt_06_a_file_finds_nothing_that_its_sender_does_not_see() {
    both(|app| {
        let (me, other) = (user(app, "me", &["salesperson"]), user(app, "other", &["salesperson"]));
        let make = |input: Json| app.execute(&other, Envelope::new("deals.create", input)).expect("made").id.expect("an id");
        let partner = |ctx: &Ctx, name: &str| {
            app.execute(ctx, Envelope::new("partners.create", json!({"name": name}))).expect("made").id.expect("an id")
        };
        let (mine, theirs) = (partner(&me, "Мій"), partner(&other, "Чужий"));
        let id = make(
            json!({"name": "Таємна", "partner_id": theirs, "currency": "UAH", "comment": "Умови", "source": "old", "external_id": "7"}),
        );
        let told = |file: String| {
            let options = Options { dry_run: true, ..Default::default() };
            let r = import_entity(app, &me, "deals", &Input::bytes("deals.csv", file.into_bytes()), &options);
            (r.created, r.updated, r.skipped, r.errors)
        };
        for (theirs, nobodys) in [("Таємна", "Нічия"), ("таємна", "нічия")] {
            let by_name = |name: &str, comment: &str| told(format!("name,partner_id,currency,comment\n{name},{mine},UAH,{comment}\n"));
            assert_eq!(by_name(theirs, "Умови"), by_name(nobodys, "Умови"));
            assert_eq!(by_name(theirs, "Інше"), by_name(nobodys, "Інше"));
        }
        let by_id = |id: Id, comment: &str| told(format!("id,comment\n{id},{comment}\n"));
        assert_eq!(by_id(id, "Умови"), by_id(new_id(), "Умови"));
        let by_key = |key: &str| told(format!("source,external_id,comment\nold,{key},Умови\n"));
        assert_eq!(by_key("7"), by_key("8"));
        let all = import_entity(
            app,
            &other,
            "deals",
            &Input::bytes("deals.csv", format!("id,comment\n{id},Умови\n").into_bytes()),
            &Options::default(),
        );
        assert_eq!((all.skipped, all.errors.len()), (1, 0), "its owner finds it: {all:?}");
        let file = Input::bytes("deals.csv", format!("name,partner_id,currency\nТаємна,{mine},UAH\n").into_bytes());
        let made = import_entity(app, &me, "deals", &file, &Options::default());
        assert_eq!((made.created, made.errors.len()), (1, 0), "{made:?}");
    });
}

/// What a record goes by in a file; of no record, something that nothing goes by.
fn keys(app: &Arc<App>, spec: &'static Spec, id: Id) -> Vec<String> {
    let record = app.record(&Ctx::system(), spec.name, id).ok();
    let named = |c: &&Column| matches!(c.name, "name" | "full_name" | "code" | "external_id") && matches!(c.ty, Ty::Text { .. });
    let of = |c: &Column| match &record {
        Some(r) => r.text(c.name).to_string(),
        None => format!("nothing {id}"),
    };
    spec.columns.iter().filter(named).map(of).filter(|k| !k.is_empty()).chain([id.to_string()]).collect()
}

/// What trying the end of a rule comes to; its job is gone again.
fn simulated(app: &Arc<App>, ctx: &Ctx, rule: Option<Id>) -> Result<Json> {
    let start = app.registry.starts.iter().find(|s| s.path == "prices/simulate").expect("registered");
    let job = (start.run)(app, ctx, &json!({"changes": [{"collection": "price-conditions", "id": rule, "removed": true}]}))?;
    while app.run_jobs(Duration::from_secs(10))? {}
    let id: Id = job["id"].as_str().and_then(|s| s.parse().ok()).expect("an id");
    let done = app.get(ctx, "jobs", id)?;
    app.store.write(Priority::People, move |c| c.exec("DELETE FROM jobs WHERE id = ?", &[id.into()]).map(|_| ()))?;
    Ok(json!([done["state"], done["result"], done["total"]]))
}

fn text(page: &Page) -> String {
    String::from_utf8(page.to_json(true)).expect("JSON is UTF-8")
}
