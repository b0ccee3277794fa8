//! The demo on both databases: whole, consistent, lively, and the same for the same seed.

#[path = "../../modules/insight/tests/reports/registry.rs"]
mod registry;

use kontor_demo::{Options, Size, Summary, fill};
use kontor_platform::{App, Source, schema};
use kontor_testkit::TestDb;
use registry::registry;
use std::sync::Arc;

fn app(db: &TestDb) -> Arc<App> {
    schema::open_draft(&db.url, registry()).expect("the schema is made")
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
        eprintln!("{:?} in {:?}", told.made, told.took);
        assert!(told.refused.is_empty(), "{:#?}", told.refused);
        assert_eq!(app.check().expect("the check runs"), vec![]);
    });
}

fn count(app: &App, sql: &str) -> i64 {
    app.store.read(|conn| conn.query_one(sql, &[])?.int(0)).unwrap_or_else(|e| panic!("{sql}: {e:?}"))
}

#[test]
fn ana_05_the_demo_is_lively_on_its_last_day() {
    let db = TestDb::sqlite();
    let (app, _) = filled(&db, Size::Small);
    let some = |sql: &str| assert!(count(&app, sql) > 0, "{sql}");
    for (table, states) in [
        ("sales_orders", &["draft", "confirmed", "closed"][..]),
        ("quotes", &["confirmed"]),
        ("shipments", &["posted"]),
        ("returns", &["posted"]),
        ("payments", &["posted"]),
        ("deals", &["open", "won", "lost"]),
        ("tasks", &["planned", "done"]),
        ("interactions", &["planned", "done"]),
    ] {
        for state in states {
            some(&format!("SELECT COUNT(*) FROM {table} WHERE state = '{state}'"));
        }
    }
    some("SELECT COUNT(*) FROM sales_orders WHERE state = 'confirmed' AND shipped_total > 0 AND shipped_total < total");
    some("SELECT COUNT(*) FROM sales_orders WHERE deal_id IS NOT NULL AND quote_id IS NOT NULL");
    some("SELECT COUNT(*) FROM settlement_documents WHERE open > 0 AND due_date < '2026-11-20'");
    some("SELECT COUNT(*) FROM deals WHERE state = 'lost' AND winner_id IS NOT NULL");
    some("SELECT COUNT(*) FROM partners WHERE head_partner_id IS NOT NULL");
    some("SELECT COUNT(*) FROM prices WHERE valid_from > '2026-11-20'");
    // Everybody has something to do.
    assert_eq!(count(&app, "SELECT COUNT(DISTINCT doer_id) FROM tasks WHERE state = 'planned'"), 12);
    assert_eq!(
        count(
            &app,
            "SELECT COUNT(*) FROM reg_stock_totals WHERE month = '9999-12-31' AND (on_hand < 0 OR reserved < 0 OR on_hand < reserved)"
        ),
        0
    );
    assert_eq!(count(&app, "SELECT COUNT(*) FROM products WHERE names IS NULL"), 0);
    let ctx = app.ctx_of("sales", Source::Api).expect("the user is there");
    assert!(app.sign_in("sales", "vidkryi-sezame", "test").is_ok());
    assert!(!app.report(&ctx, "deals", &[]).expect("the report runs").rows.is_empty());
}

#[test]
fn ana_05_the_story_holds_on_any_day_and_seed() {
    for (seed, today) in [(1, "2026-01-01"), (2, "2026-03-01"), (3, "2028-02-29"), (4, "2027-06-19"), (5, "2026-12-31")] {
        let db = TestDb::sqlite();
        let app = app(&db);
        let told = fill(&app, &Options { seed, today: today.parse().expect("a date"), ..options(Size::Small) })
            .unwrap_or_else(|e| panic!("{today}: {e:?}"));
        assert!(told.refused.is_empty(), "{today}: {:#?}", told.refused);
        assert_eq!(app.check().expect("the check runs"), vec![], "{today}");
    }
}

#[test]
fn ana_05_the_same_seed_tells_the_same_story() {
    let sums = |seed: u64| {
        let db = TestDb::sqlite();
        let app = app(&db);
        let told = fill(&app, &Options { seed, ..options(Size::Small) }).unwrap_or_else(|e| panic!("{e:?}"));
        (
            told.made,
            count(&app, "SELECT SUM(revenue) FROM reg_sales_movements"),
            count(&app, "SELECT SUM(debt) FROM reg_exposure_movements"),
        )
    };
    assert_eq!(sums(7), sums(7));
    assert_ne!(sums(7), sums(8));
}

/// `cargo test --release -p kontor-demo -- --ignored --nocapture`
#[test]
#[ignore = "takes its time without optimisation"]
fn the_whole_demo() {
    kontor_testkit::both(|db| {
        let (app, told) = filled(db, Size::Full);
        eprintln!("{:#?} in {:?}", told.made, told.took);
        assert!(told.refused.is_empty(), "{:#?}", told.refused);
        assert_eq!(app.check().expect("the check runs"), vec![]);
    });
}
