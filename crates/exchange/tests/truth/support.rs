//! The program with all its modules, the data sets, and arithmetic of the expected figures.

use kontor_exchange::{Files, Options, Profile, Report, run_profile};
use kontor_platform::store::{Migration, Store, StoreOptions};
use kontor_platform::{App, Ctx, Registry, schema};
use kontor_testkit::TestDb;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

pub fn app(db: &TestDb) -> Arc<App> {
    let r = Registry::default();
    let r = kontor_office::register(r);
    let r = kontor_partners::register(r);
    let r = kontor_catalog::register(r);
    let r = kontor_prices::register(r);
    let r = kontor_stock::register(r);
    let r = kontor_settlements::register(r);
    let r = kontor_activities::register(r);
    let r = kontor_deals::register(r);
    let r = kontor_sales::register(r);
    let r = kontor_finance::register(r);
    let r = kontor_insight::register(r);
    let sql: &'static str = Box::leak(schema::draft(&r).into_boxed_str());
    let r = r.migrations([schema::PLATFORM, Migration { name: "0002_draft", sql }]);
    let app = App::new(Store::open(&db.url, StoreOptions::default()).expect("the database opens"), r);
    app.migrate().expect("the schema is made");
    app
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
    (0..table.len()).map(|r| table.header.iter().enumerate().map(|(c, h)| (h.clone(), table.cell(r, c).to_string())).collect()).collect()
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
