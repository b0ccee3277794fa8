//! The demo on both databases: whole, consistent, lively, and the same for the same seed.

use kontor_demo::{Options, Size, Summary, fill};
use kontor_platform::store::{Migration, Store, StoreOptions};
use kontor_platform::{App, Registry, schema};
use kontor_testkit::TestDb;
use std::sync::Arc;

fn registry() -> Registry {
    let r = kontor_office::register(Registry::default());
    let r = kontor_partners::register(r);
    let r = kontor_catalog::register(r);
    let r = kontor_prices::register(r);
    let r = kontor_stock::register(r);
    let r = kontor_settlements::register(r);
    let r = kontor_activities::register(r);
    let r = kontor_deals::register(r);
    let r = kontor_sales::register(r);
    let r = kontor_finance::register(r);
    kontor_insight::register(r)
}

fn app(db: &TestDb) -> Arc<App> {
    let r = registry();
    let sql: &'static str = Box::leak(schema::draft(&r).into_boxed_str());
    let r = r.migrations([schema::PLATFORM, Migration { name: "0002_draft", sql }]);
    let app = App::new(Store::open(&db.url, StoreOptions::default()).expect("the database opens"), r);
    app.migrate().expect("the schema is made");
    app
}

fn options(size: Size) -> Options {
    Options {
        seed: 7,
        months: if size == Size::Small { 3 } else { 12 },
        today: "2026-11-20".parse().expect("a date"),
        size,
        password: "vidkryi-sezame".into(),
    }
}

fn filled(db: &TestDb, size: Size) -> (Arc<App>, Summary) {
    let app = app(db);
    let told = fill(&app, &options(size)).unwrap_or_else(|e| panic!("{e:?}"));
    (app, told)
}

#[test]
fn ana_05_the_demo_is_consistent() {
    kontor_testkit::both(|db| {
        let (app, told) = filled(db, Size::Small);
        eprintln!("{told:?}");
        assert_eq!(app.check().expect("the check runs"), vec![]);
    });
}

/// `cargo test --release -p kontor-demo -- --ignored --nocapture`
#[test]
#[ignore = "takes its time without optimisation"]
fn the_whole_demo() {
    kontor_testkit::both(|db| {
        let (app, told) = filled(db, Size::Full);
        eprintln!("{told:#?}");
        assert_eq!(app.check().expect("the check runs"), vec![]);
    });
}
