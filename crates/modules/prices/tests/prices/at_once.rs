//! Many at the same moment: what the first use makes is made once, and rows of an import go together until one of them is refused.

use crate::common::{World, faults};
use crate::world::registry;
use kontor_platform::bulk::Item;
use kontor_platform::cx::Cx;
use kontor_platform::store::{Conn, Priority, Store};
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Result, Source};
use kontor_testkit::{TestDb, both};
use serde_json::{Value as Json, json};
use std::sync::Barrier;
use std::time::Duration;

/// The same done by several at the same moment, each with a number of his own.
fn together<T: Send>(f: impl Fn(usize) -> T + Sync) -> Vec<T> {
    const PEOPLE: usize = 6;
    let start = Barrier::new(PEOPLE);
    let (start, f) = (&start, &f);
    std::thread::scope(|s| {
        let all: Vec<_> = (0..PEOPLE)
            .map(|n| {
                s.spawn(move || {
                    start.wait();
                    f(n)
                })
            })
            .collect();
        all.into_iter().map(|t| t.join().expect("no panic")).collect()
    })
}

#[test]
fn prc_02_first_rates_of_the_same_moment_share_the_usual_rate_type() {
    both(|db| {
        let w = World::new(db, registry());
        w.make("admin", "companies", json!({"name": "Ми", "currency": "UAH", "country": "UA"}));
        let rate = |currency: &str| json!({"currency": currency, "date": "2026-11-17", "rate": "41.1"});
        // One is in the middle of it when the others come.
        let (app, ctx, first) = (w.app.clone(), w.ctx("acc"), rate("USD"));
        let (told, begun) = std::sync::mpsc::channel();
        let made = std::thread::scope(|s| {
            let slow = s.spawn(|| {
                let node = app.clone();
                app.store.write(Priority::People, move |conn| {
                    Cx::new(conn, &node, &ctx, "rates.create").create("rates", first.clone())?;
                    told.send(()).expect("somebody waits");
                    std::thread::sleep(Duration::from_millis(300));
                    Ok(())
                })
            });
            begun.recv().expect("it began");
            let currencies = ["EUR", "PLN", "GBP", "CHF", "CZK", "JPY"];
            let made = together(|n| w.create("acc", "rates", rate(currencies[n])));
            slow.join().expect("no panic").expect("made");
            made
        });
        let of: Vec<Json> = made.into_iter().map(|m| m.unwrap_or_else(|e| panic!("{e}")).data["rate_type_id"].clone()).collect();
        assert!(of.iter().all(|id| *id == of[0]), "{of:?}");
        assert_eq!(w.count("dir", "rate-types", &[]), 1);
    });
}

#[test]
fn prc_02_of_first_ones_of_the_same_moment_one_is_the_usual() {
    both(|db| {
        let w = World::new(db, registry());
        together(|n| w.make("dir", "rate-types", json!({"name": format!("Банк {n}"), "base_currency": "EUR", "direction": "direct"})));
        assert_eq!(w.count("dir", "rate-types", &[("is_default", "true")]), 1);
        together(|n| w.make("dir", "price-types", json!({"name": format!("Ціна {n}"), "currency": "EUR", "method": "manual"})));
        assert_eq!(w.count("dir", "price-types", &[("is_default", "true")]), 1);
        let partner = w.make("dir", "partners", json!({"name": "Клієнт"}));
        together(|n| w.make("dir", "counterparties", json!({"partner_id": partner, "legal_name": format!("ТОВ {n}"), "country": "UA"})));
        assert_eq!(w.count("dir", "counterparties", &[("is_main", "true")]), 1);
    });
}

#[test]
fn prc_02_a_currency_made_at_one_node_is_known_at_every_other_at_once() {
    both(|db| {
        let w = World::new(db, registry());
        let other = World { app: App::new(Store::open(&db.url, Default::default()).expect("opens"), registry()), users: w.users.clone() };
        let types =
            |at: &World, name: &str| at.create("dir", "rate-types", json!({"name": name, "base_currency": "QQQ", "direction": "direct"}));
        assert_eq!(faults(types(&other, "Ще ні")), ["base_currency: bad_code"]);
        w.make("admin", "currencies", json!({"code": "QQQ", "name": "Нова"}));
        types(&other, "Уже").expect("known");
        // A command that names a currency asks nothing more for it than one before it did.
        let asked = |name: &str| {
            let before = Conn::statements_of_thread();
            types(&other, name).expect("made");
            Conn::statements_of_thread() - before
        };
        assert_eq!(asked("Раз"), asked("Два"));
    });
}

const DAYS: usize = 100;

fn rows(of: Id) -> Vec<Item> {
    let day = |n: usize| format!("20{:02}-{:02}-01", 10 + n / 12, n % 12 + 1);
    let one =
        |n: usize| json!({"rate_type_id": of, "currency": "USD", "date": day(n), "rate": "1.1", "source": "ecb", "external_id": day(n)});
    (0..DAYS).map(|n| Item { collection: "rates", existing: None, input: Some(one(n)), then: vec![] }).collect()
}

fn office(db: &TestDb) -> (World, Id, Ctx) {
    let w = World::new(db, registry());
    let ecb = w.make("dir", "rate-types", json!({"name": "ECB", "base_currency": "EUR", "direction": "indirect"}));
    (w, ecb, Ctx::system().with_source(Source::Import))
}

#[test]
fn plt_09_rows_of_an_import_reach_the_database_together() {
    both(|db| {
        let (w, ecb, ctx) = office(db);
        let before = Conn::statements_of_thread();
        let checked = w.app.check_items(&ctx, &rows(ecb)).expect("checked");
        assert!(checked.iter().all(Result::is_ok));
        let asked = Conn::statements_of_thread() - before;
        assert!(asked < 10, "{asked} statements to check {DAYS} rows");
        let before = Conn::statements_of_thread();
        let slice = w.app.execute_items(&ctx, rows(ecb), false).expect("written");
        assert!(slice.results.iter().all(Result::is_ok));
        // SQLite writes on a thread of its own.
        let asked = Conn::statements_of_thread() - before;
        assert!(asked < 20, "{asked} statements for {DAYS} rows");
        assert_eq!(w.count("dir", "rates", &[]), DAYS as i64);
        let id = slice.results[7].as_ref().expect("made").id;
        assert_eq!(w.app.history(&Ctx::system(), "rates", id, 10).expect("a history").len(), 1);
        assert_eq!(w.app.check().expect("checked"), [], "names of elsewhere are kept too");
        // A day that was removed makes room, in a slice as by hand.
        w.delete("dir", "rates", id).expect("removed");
        let again = rows(ecb).remove(7);
        w.app.execute_items(&ctx, vec![again], false).expect("taken");
        assert_eq!(w.count("dir", "rates", &[]), DAYS as i64);
    });
}

#[test]
fn plt_09_a_row_that_is_refused_among_others_is_named() {
    both(|db| {
        let (w, ecb, ctx) = office(db);
        w.make("acc", "rates", json!({"rate_type_id": ecb, "currency": "USD", "date": "2010-08-01", "rate": "1"}));
        let stopped = w.app.execute_items(&ctx, rows(ecb), false).expect_err("a day that is taken");
        assert_eq!((stopped.item, faults(Err::<(), _>(stopped.error))), (7, vec!["date: unique".to_string()]));
        assert_eq!(w.count("dir", "rates", &[]), 1, "all or nothing");
        let slice = w.app.execute_items(&ctx, rows(ecb), true).expect("the others");
        for (n, r) in slice.results.into_iter().enumerate() {
            assert_eq!(r.is_err(), n == 7, "{n}");
        }
        assert_eq!(w.count("dir", "rates", &[]), DAYS as i64);
        assert_eq!(w.app.check().expect("checked"), []);
    });
}
