//! The program with all its modules, the data sets, and arithmetic of the expected figures.

use kontor_exchange::{Files, Options, Profile, Report, run_profile};
use kontor_platform::query::Query;
use kontor_platform::store::{Store, StoreOptions};
use kontor_platform::value::Value;
use kontor_platform::{App, Ctx};
use kontor_testkit::TestDb;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// As the program itself is: its registry, its migrations.
pub fn app(db: &TestDb) -> Arc<App> {
    let app = App::new(Store::open(&db.url, StoreOptions::default()).expect("the database opens"), kontor::registry::registry());
    app.migrate().expect("the schema is made");
    app
}

/// Imports a set twice as people do: the program is called with the profile, and prints a report.
pub fn import_by_program(db: &TestDb, name: &str) -> Json {
    let run = || {
        let mut c = std::process::Command::new(env!("CARGO_BIN_EXE_kontor"));
        let profile = format!("{}/../../profiles/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        c.args(["import", "--json", "--database", &db.url, "--profile", &profile]).arg(set(name).expect("is there"));
        let out = c.env("LC_ALL", "C").env("RUST_LOG", "error").current_dir(db.folder()).output().expect("kontor runs");
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        assert_eq!(out.status.code(), Some(0), "{said}{}", String::from_utf8_lossy(&out.stderr));
        serde_json::from_str::<Json>(&said).expect("JSON and nothing else")
    };
    let first = run();
    let again = run();
    assert_eq!((&again["created"], &again["updated"], &again["errors"]), (&Json::from(0), &Json::from(0), &serde_json::json!([])));
    assert_eq!(first["read"], again["read"]);
    first
}

/// How many a list has, as its page tells.
pub fn count(app: &App, entity: &str, filters: &[(&str, &str)]) -> i64 {
    let q = Query { count: true, limit: 1, ..query(app, entity, filters) };
    app.list(&Ctx::system(), entity, &q).expect("a list").count.expect("counted")
}

/// Sums of a column over a list in groups, in cents, by the title of the group, as the list shows them.
pub fn totals(app: &App, entity: &str, by: &str, column: &str, filters: &[(&str, &str)]) -> BTreeMap<String, i128> {
    let groups = app.totals(&Ctx::system(), entity, &query(app, entity, filters), Some(by), &[column]).expect("totals");
    let key = |g: &kontor_platform::totals::Group| match (&g.title, &g.key) {
        (Some(t), _) => t.clone(),
        (None, Value::Text(t)) => t.clone(),
        (None, other) => format!("{other:?}"),
    };
    groups.iter().map(|g| (key(g), i128::from(g.sums[0]) / 100)).collect()
}

/// All of a list, page by page, as the API shows it.
pub fn items(app: &App, entity: &str, filters: &[(&str, &str)]) -> Vec<Json> {
    let mut q = Query { limit: kontor_platform::query::MAX_LIMIT, ..query(app, entity, filters) };
    let mut out = vec![];
    loop {
        let page = app.list(&Ctx::system(), entity, &q).expect("a list");
        let shown: Json = serde_json::from_slice(&page.to_json(true)).expect("JSON");
        out.extend(shown["items"].as_array().expect("items").iter().cloned());
        match page.next {
            Some(next) => q.after = Some(next),
            None => return out,
        }
    }
}

/// What stands at the top of a list in this order.
pub fn first(app: &App, entity: &str, sort: &str) -> Json {
    let q = Query { limit: 1, ..query(app, entity, &[("sort", sort)]) };
    let page = app.list(&Ctx::system(), entity, &q).expect("a list");
    let shown: Json = serde_json::from_slice(&page.to_json(true)).expect("JSON");
    shown["items"][0].clone()
}

/// What the records of a collection are called in the set, by their ids.
pub fn names(app: &App, entity: &str) -> BTreeMap<String, String> {
    let word = |i: &Json, k: &str| i[k].as_str().expect("a text").to_string();
    items(app, "external-ids", &[("entity", entity)]).iter().map(|i| (word(i, "record_id"), word(i, "external_id"))).collect()
}

/// A column of a report by what its rows are called in the set.
pub fn report_by_name(app: &App, name: &str, entity: &str, params: &[(&str, &str)]) -> BTreeMap<String, Json> {
    let called = names(app, entity);
    let all: Vec<(&str, &str)> = params.iter().copied().chain([("limit", "100000")]).collect();
    let pairs: Vec<(String, String)> = all.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
    let table = app.report(&Ctx::system(), name, &pairs).expect("the report runs").to_json();
    let rows = table["rows"].as_array().expect("rows");
    rows.iter().map(|r| (called[r["key"].as_str().expect("a key")].clone(), r.clone())).collect()
}

fn query(app: &App, entity: &str, filters: &[(&str, &str)]) -> Query {
    let pairs: Vec<_> = filters.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    Query::parse(app, &Ctx::system(), app.registry.get(entity).expect("is registered"), &pairs).expect("a query")
}

/// The folder of a set, or nothing where there is none.
pub fn set(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("KONTOR_TEST_DATA").map(|d| PathBuf::from(d).join(name)).filter(|d| d.is_dir());
    if folder.is_none() {
        assert!(
            std::env::var_os("KONTOR_REQUIRE_DATA").is_none(),
            "KONTOR_REQUIRE_DATA is set, but there is no set {name} in KONTOR_TEST_DATA"
        );
        eprintln!("SKIPPED: there is no set {name} in KONTOR_TEST_DATA");
    }
    folder
}

pub fn truth(name: &str) -> Json {
    let text = std::fs::read_to_string(set(name).expect("is there").join("TRUTH.json")).expect("the truth is there");
    serde_json::from_str(&text).expect("is JSON")
}

pub fn profile(name: &str) -> Profile {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../profiles/{name}.toml"));
    Profile::parse(&std::fs::read_to_string(path).expect("the profile is there")).expect("the profile is right")
}

/// Runs a profile of the same name as its set and times it.
pub fn run(app: &Arc<App>, name: &str, options: &Options) -> Report {
    let started = std::time::Instant::now();
    let r = run_profile(app, &Ctx::system(), &profile(name), &Files::Folder(set(name).expect("is there")), options);
    let s = started.elapsed().as_secs_f64();
    eprintln!(
        "{name}: read {}, created {}, updated {}, skipped {}, errors {}, {s:.1} s",
        r.read,
        r.created,
        r.updated,
        r.skipped,
        r.errors.len()
    );
    for e in r.errors.iter().take(10) {
        eprintln!("  {} {} {}: {}", e.file, e.row, e.column, e.message);
    }
    r
}

/// Imports a set, then imports it again: the second time nothing may change.
pub fn import(app: &Arc<App>, name: &str) -> Report {
    let first = run(app, name, &Options::default());
    assert!(first.ok(), "{name} is taken whole");
    let audit = number(app, "SELECT COUNT(*) FROM audit");
    let again = run(app, name, &Options::default());
    assert!(again.ok());
    assert_eq!((again.created, again.updated), (0, 0), "the second run changes nothing");
    assert_eq!(number(app, "SELECT COUNT(*) FROM audit"), audit, "the second run writes nothing");
    let wrong = app.check().expect("the check runs");
    assert!(wrong.is_empty(), "{} differences, first {:?}", wrong.len(), wrong.first());
    first
}

pub fn number(app: &App, sql: &str) -> i64 {
    app.store.read(|c| c.query_one(sql, &[])?.int(0)).expect("a number")
}

pub fn rows(file: PathBuf) -> Vec<BTreeMap<String, String>> {
    let table = kontor_exchange::read::load(&kontor_exchange::Input::Path(file), &Default::default(), &Default::default())
        .expect("the file is read");
    table.rows().map(|r| table.header.iter().enumerate().map(|(c, h)| (h.clone(), r.cell(c).to_string())).collect()).collect()
}

/// A decimal text as a count of millionths, exact.
pub fn micro(s: &str) -> i64 {
    kontor_kernel::Price::parse(s).expect("a number").scaled()
}

/// Rounded half away from zero to hundredths, counted in them.
pub fn cents(n: i128, unit: i128) -> i128 {
    let (q, r) = (n * 100 / unit, n * 100 % unit);
    q + if r.abs() * 2 >= unit { n.signum() } else { 0 }
}

/// `1234.5` as hundredths.
pub fn cents_of(s: &str) -> i128 {
    cents(i128::from(micro(s)), 1_000_000)
}

/// Rows of a report by their titles (or keys where they have none).
pub fn report(app: &App, name: &str, params: &[(&str, &str)]) -> (BTreeMap<String, Json>, Json) {
    let pairs: Vec<(String, String)> = params.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
    let table = app.report(&Ctx::system(), name, &pairs).expect("the report runs").to_json();
    let rows = table["rows"].as_array().expect("rows").iter();
    let key = |r: &Json| r["title"].as_str().filter(|t| !t.is_empty()).or(r["key"].as_str()).unwrap_or_default().to_string();
    (rows.map(|r| (key(r), r.clone())).collect(), table["totals"].clone())
}

pub fn money(row: &Json, column: &str) -> i128 {
    cents_of(row[column].as_str().unwrap_or_else(|| panic!("{column} in {row}")))
}
