//! Rates of exchange: kept as published, found on days without one, crossed through the base.

use crate::common::{World, faults, kind};
use crate::world::{date, registry};
use kontor_kernel::error::Kind;
use kontor_kernel::{Amount, Currency, Direction, Rate};
use kontor_platform::app::Asked;
use kontor_platform::execute::Envelope;
use kontor_platform::value::Id;
use kontor_prices::{convert, exchange, rate_at, rates_at};
use kontor_testkit::{TestDb, both};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

fn world(db: &TestDb) -> World {
    World::new(db, registry())
}

fn at(w: &World, query: &[(&str, &str)]) -> kontor_kernel::Result<Json> {
    let query = query.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    rates_at(&w.app, &w.ctx("ann"), &Asked { query, ..Default::default() })
}

#[test]
fn prc_02_a_day_without_a_rate_takes_the_last_earlier_one_and_names_it() {
    both(|db| {
        let w = world(db);
        let nbu = w.make("dir", "rate-types", json!({"name": "НБУ", "base_currency": "UAH", "direction": "direct"}));
        assert_eq!(w.see("rate-types", nbu)["is_default"], json!(true), "the first one is what is taken unless told otherwise");
        for (day, rate) in [("2026-11-20", "41.25"), ("2026-11-17", "41.1"), ("2026-11-19", "41.2")] {
            w.make("acc", "rates", json!({"currency": "USD", "date": day, "rate": rate}));
        }
        w.make("acc", "rates", json!({"currency": "JPY", "date": "2026-11-17", "rate": "27.5", "per": 100}));
        let a = at(&w, &[("currency", "USD"), ("date", "2026-11-18")]).unwrap();
        assert_eq!(
            (&a["date"], &a["rate"], &a["asked"], &a["per"]),
            (&json!("2026-11-17"), &json!("41.1"), &json!("2026-11-18"), &json!(1))
        );
        assert_eq!((&a["base_currency"], &a["direction"]), (&json!("UAH"), &json!("direct")));
        assert_eq!(at(&w, &[("currency", "USD"), ("date", "2027-01-01")]).unwrap()["date"], json!("2026-11-20"));
        assert_eq!(at(&w, &[("currency", "JPY"), ("date", "2026-11-18")]).unwrap()["per"], json!(100), "as published");
        assert_eq!(at(&w, &[("currency", "UAH"), ("date", "2026-11-18")]).unwrap()["rate"], json!("1"));
        assert_eq!(kind(at(&w, &[("currency", "USD"), ("date", "2026-11-16")])), Kind::NotFound, "nothing was published by then");
        assert_eq!(faults(at(&w, &[("currency", "dollars")])), ["currency: bad_code"]);
        assert_eq!(faults(at(&w, &[("currency", "USD"), ("date", "2026-02-31")])), ["date: bad_date"]);
        assert_eq!(faults(at(&w, &[("currency", "USD"), ("dat", "2026-02-01")])), ["dat: unknown_parameter"]);
        // Yen over hryvnia to dollars: 27.5 / 100 / 41.1.
        let cross = at(&w, &[("currency", "JPY"), ("to", "USD"), ("date", "2026-11-18")]).unwrap();
        assert_eq!(cross["rate"], json!("0.006691"));
    });
}

#[test]
fn prc_02_the_first_rate_of_a_new_database_brings_the_usual_rate_type() {
    both(|db| {
        let w = world(db);
        let rate = |currency: &str| json!({"currency": currency, "date": "2026-11-17", "rate": "41.1"});
        let types = || w.count("dir", "rate-types", &[]);
        let e = w.create("acc", "rates", rate("USD")).unwrap_err();
        assert_eq!(e.inner().fields[0].hint.as_ref().map(|h| h.0.as_ref()), Some("rate_type_missing"), "{e}");
        assert_eq!(faults(Err::<(), _>(e)), ["rate_type_id: required"], "no company says what its currency is");
        w.make("admin", "companies", json!({"name": "Ми", "currency": "UAH", "country": "UA"}));
        assert_eq!(faults(w.create("acc", "rates", rate("UAH"))), ["currency: currency_same"]);
        let tried = Envelope { dry_run: true, ..Envelope::new("rates.create", rate("USD")) };
        w.app.execute(&w.ctx("acc"), tried).unwrap();
        assert!(w.app.preview(&w.ctx("acc"), "rates", None, &rate("USD")).is_ok());
        assert_eq!(types(), 0, "what is refused or only tried makes nothing");
        let made = w.create("acc", "rates", rate("USD")).unwrap();
        assert_eq!(made.data["rate_type"]["title"], "Main", "{}", *made.data);
        let of = w.see("rate-types", Id::parse_str(made.data["rate_type_id"].as_str().unwrap()).unwrap());
        assert_eq!((&of["base_currency"], &of["direction"], &of["is_default"]), (&json!("UAH"), &json!("direct"), &json!(true)));
        w.create("acc", "rates", rate("EUR")).unwrap();
        assert_eq!(types(), 1);
        assert_eq!(at(&w, &[("currency", "USD"), ("date", "2026-11-18")]).unwrap()["rate"], json!("41.1"));
    });
}

#[test]
fn prc_02_a_rate_is_one_a_day_above_zero_and_not_to_itself() {
    both(|db| {
        let w = world(db);
        let nbu = w.make("dir", "rate-types", json!({"name": "НБУ", "base_currency": "UAH", "direction": "direct"}));
        let rate = |currency: &str, rate: &str| w.create("acc", "rates", json!({"currency": currency, "date": "2026-11-17", "rate": rate}));
        let first = rate("USD", "41.1").unwrap().id.unwrap();
        assert_eq!(faults(rate("USD", "41.2")), ["date: unique"]);
        assert_eq!(faults(rate("EUR", "0")), ["rate: rate_not_positive"]);
        assert_eq!(faults(rate("EUR", "-1")), ["rate: negative"]);
        assert_eq!(faults(rate("UAH", "1")), ["currency: currency_same"]);
        assert_eq!(faults(rate("ZZZ", "1")), ["currency: bad_code"]);
        // A wrong one that was removed makes room for the right one, and is not taken any more.
        w.delete("dir", "rates", first).unwrap();
        assert_eq!(kind(at(&w, &[("currency", "USD"), ("date", "2026-11-17")])), Kind::NotFound);
        rate("USD", "41.2").unwrap();
        assert_eq!(at(&w, &[("currency", "USD"), ("date", "2026-11-17")]).unwrap()["rate"], json!("41.2"));
        // A back-dated one changes nothing after it.
        w.make("acc", "rates", json!({"currency": "USD", "date": "2020-01-01", "rate": "23.7", "rate_type_id": nbu}));
        assert_eq!(at(&w, &[("currency", "USD"), ("date", "2026-11-17")]).unwrap()["rate"], json!("41.2"));
        assert_eq!(at(&w, &[("currency", "USD"), ("date", "2026-11-16")]).unwrap()["rate"], json!("23.7"));
        // What the rates mean cannot change under them.
        assert_eq!(faults(w.update("dir", "rate-types", nbu, 0, json!({"direction": "indirect"}))), ["direction: in_use"]);
        assert_eq!(kind(w.create("ann", "rates", json!({"currency": "EUR", "date": "2026-11-17", "rate": "45"}))), Kind::Forbidden);
    });
}

#[test]
fn prc_02_the_default_rate_type_is_one() {
    both(|db| {
        let w = world(db);
        let a = w.make("dir", "rate-types", json!({"name": "НБУ", "base_currency": "UAH", "direction": "direct"}));
        let b = w.make("dir", "rate-types", json!({"name": "ЄЦБ", "base_currency": "EUR", "direction": "indirect"}));
        assert_eq!(w.see("rate-types", b)["is_default"], json!(false));
        w.update("dir", "rate-types", b, 0, json!({"is_default": true})).unwrap();
        assert_eq!(
            (w.see("rate-types", a)["is_default"].clone(), w.see("rate-types", b)["is_default"].clone()),
            (json!(false), json!(true))
        );
    });
}

#[test]
fn prc_02_cross_rates_of_both_directions_convert_amounts_with_one_rounding() {
    both(|db| {
        let w = world(db);
        let ecb = w.make("dir", "rate-types", json!({"name": "ЄЦБ", "base_currency": "EUR", "direction": "indirect"}));
        for (c, rate) in [("USD", "1.0887"), ("GBP", "0.73395"), ("PLN", "4.2639")] {
            w.make("acc", "rates", json!({"currency": c, "date": "2015-12-31", "rate": rate}));
        }
        let (usd, gbp, pln) = (Currency::USD, "GBP".parse().unwrap(), "PLN".parse().unwrap());
        let day = date("2016-01-03");
        w.app
            .store
            .read(|conn| {
                let r = rate_at(conn, ecb, usd, day)?.expect("published");
                assert_eq!((r.date, r.direction, r.base), (date("2015-12-31"), Direction::Indirect, Currency::EUR));
                assert_eq!(exchange(conn, ecb, gbp, usd, day)?.rate()?, Rate::parse("1.48334355").unwrap());
                assert_eq!(exchange(conn, ecb, Currency::EUR, usd, day)?.rate()?, Rate::parse("1.0887").unwrap());
                assert_eq!(exchange(conn, ecb, usd, usd, day)?.rate()?, Rate::ONE);
                let hundred = Amount::parse("100").unwrap();
                assert_eq!(convert(conn, ecb, hundred, gbp, usd, day)?.to_string(), "148.33");
                assert_eq!(convert(conn, ecb, hundred, pln, Currency::EUR, day)?.to_string(), "23.45");
                assert_eq!(convert(conn, ecb, hundred, pln, pln, day)?, hundred);
                assert_eq!(kind(exchange(conn, ecb, Currency::UAH, usd, day)), Kind::NotFound);
                Ok(())
            })
            .unwrap();
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..Default::default() })]
    /// The last rate not after the day, whatever the order in which rates were written.
    #[test]
    fn prc_02_the_last_earlier_rate_is_found_in_any_order_of_writing(days in proptest::collection::btree_set(0u64..60, 1..12), asked in 0u64..70, seed in any::<u64>()) {
        use std::sync::OnceLock;
        static WORLD: OnceLock<(TestDb, World)> = OnceLock::new();
        let (_, w) = WORLD.get_or_init(|| {
            let db = TestDb::sqlite();
            let w = world(&db);
            (db, w)
        });
        let name = format!("T{}", kontor_platform::value::new_id());
        let of = w.make("dir", "rate-types", json!({"name": name, "base_currency": "UAH", "direction": "direct"}));
        let first = date("2026-01-01");
        let mut order: Vec<u64> = days.iter().copied().collect();
        order.sort_by_key(|d| d.wrapping_mul(seed | 1).rotate_left(17));
        for d in order {
            let day = first + chrono::Days::new(d);
            w.make("acc", "rates", json!({"rate_type_id": of, "currency": "USD", "date": day.to_string(), "rate": (d + 1).to_string()}));
        }
        let found = w.app.store.read(|conn| rate_at(conn, of, Currency::USD, first + chrono::Days::new(asked))).unwrap();
        let expected = days.iter().copied().filter(|d| *d <= asked).max();
        prop_assert_eq!(found.map(|r| r.date), expected.map(|d| first + chrono::Days::new(d)));
        prop_assert_eq!(found.map(|r| r.rate), expected.and_then(|d| Rate::whole(d as i64 + 1)));
    }
}

#[test]
fn prc_02_the_matrix_shows_every_type_and_currency_by_day() {
    both(|db| {
        let h = crate::world::House::new(db);
        let bank = h.w.make("dir", "rate-types", json!({"name": "НБУ", "base_currency": "UAH", "direction": "direct"}));
        let own = h.w.make("dir", "rate-types", json!({"name": "Постачальник", "base_currency": "UAH", "direction": "direct"}));
        for (of, currency, day, rate) in [
            (bank, "EUR", "2026-11-19", "48"),
            (bank, "EUR", "2026-11-20", "48.5"),
            (bank, "USD", "2026-11-20", "41"),
            (own, "EUR", "2026-11-20", "49"),
        ] {
            h.w.make("acc", "rates", json!({"rate_type_id": of, "currency": currency, "date": day, "rate": rate}));
        }
        let ask = |pairs: &[(&str, &str)]| {
            let q = h.w.app.registry.questions.iter().find(|q| q.path == "rates/matrix").unwrap();
            let query = pairs.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
            (q.run)(&h.w.app, &h.w.ctx("ann"), &kontor_platform::app::Asked { query, ..Default::default() })
        };
        let all = ask(&[("from", "2026-11-01"), ("to", "2026-11-30")]).unwrap();
        assert_eq!((all["columns"].as_array().unwrap().len(), all["rows"].as_array().unwrap().len()), (3, 2));
        assert_eq!((&all["rows"][0]["date"], &all["rows"][0]["cells"][format!("{own}:EUR")]["rate"]), (&json!("2026-11-20"), &json!("49")));
        let some = ask(&[("to", "2026-11-30"), ("currency", "USD")]).unwrap();
        assert_eq!(some["columns"][0]["currency"], json!("USD"));
        assert!(ask(&[("from", "2026-12-01"), ("to", "2026-11-30")]).is_err());
    });
}
