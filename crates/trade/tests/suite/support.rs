//! The program with the modules that these formats know, the data sets, and short questions to the database.

use kontor_exchange::{Input, Options, Report};
use kontor_platform::execute::Envelope;
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Registry, schema};
use kontor_testkit::TestDb;
use serde_json::Value as Json;
use std::path::PathBuf;
use std::sync::Arc;

pub fn app(db: &TestDb) -> Arc<App> {
    app_with(db, |r| r)
}

/// The same with more declared.
pub fn app_with(db: &TestDb, more: impl FnOnce(Registry) -> Registry) -> Arc<App> {
    let r = Registry::default();
    let r = kontor_office::register(r);
    let r = kontor_partners::register(r);
    let r = kontor_catalog::register(r);
    let r = kontor_prices::register(kontor_stock::register(r));
    let r = more(kontor_supply::register(r));
    schema::open_draft(&db.url, r).expect("the schema is made")
}

/// The folder of a set, or nothing where there is none.
pub fn set(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("KONTOR_TEST_DATA").map(|d| PathBuf::from(d).join(name)).filter(|d| d.is_dir());
    if folder.is_none() {
        assert!(std::env::var_os("KONTOR_REQUIRE_DATA").is_none(), "KONTOR_REQUIRE_DATA is set, but there is no set {name}");
        eprintln!("SKIPPED: there is no set {name} in KONTOR_TEST_DATA");
    }
    folder
}

pub fn truth(name: &str) -> Json {
    let text = std::fs::read_to_string(set(name).expect("is there").join("TRUTH.json")).expect("the truth is there");
    serde_json::from_str(&text).expect("is JSON")
}

pub fn number(app: &App, sql: &str) -> i64 {
    app.store.read(|c| c.query_one(sql, &[])?.int(0)).expect("a number")
}

/// Texts of one column, in order.
pub fn texts(app: &App, sql: &str) -> Vec<String> {
    app.store.read(|c| c.query(sql, &[])?.iter().map(|r| r.text(0).map(str::to_string)).collect()).expect("texts")
}

pub fn make(app: &Arc<App>, collection: &str, input: Json) -> Id {
    app.execute(&Ctx::system(), Envelope::new(format!("{collection}.create"), input)).expect("is created").id.expect("has an id")
}

pub fn bytes(app: &Arc<App>, entity: &str, data: impl AsRef<[u8]>) -> Report {
    kontor_trade::import(app, &Ctx::system(), entity, &Input::bytes("file", data.as_ref().to_vec()), &Options::default())
}

pub fn counts(r: &Report) -> (u64, u64, u64, u64, usize) {
    (r.read, r.created, r.updated, r.skipped, r.errors.len())
}

/// Places of the errors, none of them without a text.
pub fn places(r: &Report) -> Vec<(u32, &str)> {
    assert!(r.errors.iter().all(|e| !e.message.contains('⟦') && !e.message.is_empty()), "{:?}", r.errors);
    r.errors.iter().map(|e| (e.row, e.column.as_str())).collect()
}
