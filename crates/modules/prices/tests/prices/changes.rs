//! Prices in time: price changes, their reversal, the price at any past date, and changes of any size.

use crate::common::{faults, kind};
use crate::world::{House, ask, date, price};
use kontor_kernel::error::Kind;
use kontor_platform::bulk::Item;
use kontor_platform::cx::Cx;
use kontor_platform::query::{self, Query};
use kontor_platform::store::{Backend, Priority};
use kontor_platform::value::Id;
use kontor_platform::{Ctx, Source};
use kontor_prices::{NewPrice, prices_at, set_prices};
use kontor_testkit::both;
use proptest::prelude::*;
use serde_json::json;
use std::time::{Duration, Instant};

#[test]
fn prc_07_price_at_any_past_date() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        h.price(h.retail, h.tea, "120.5", "2026-06-01");
        h.price(h.retail, h.tea, "110", "2026-03-01");
        for (day, told) in [
            ("2025-12-31", "missing"),
            ("2026-01-01", "100"),
            ("2026-02-28", "100"),
            ("2026-03-01", "110"),
            ("2026-05-31", "110"),
            ("2026-06-01", "120.5"),
            ("2030-01-01", "120.5"),
        ] {
            assert_eq!(h.told(None, h.tea, day), told, "on {day}");
        }
        // Of one day the one posted last counts.
        h.price(h.retail, h.tea, "99", "2026-06-01");
        assert_eq!(h.told(None, h.tea, "2026-06-01"), "99");
        let found = h.w.list("ann", "prices", &[("product_id", &h.tea.to_string()), ("sort", "-valid_from")]);
        assert_eq!(found["items"].as_array().unwrap().len(), 4, "the history stays");
        assert_eq!(found["items"][0]["currency"], json!("UAH"));
        let asked = kontor_platform::app::Asked {
            query: vec![("product_id".into(), h.tea.to_string()), ("date".into(), "2026-04-01".into())],
            ..Default::default()
        };
        let q = h.w.app.registry.questions.iter().find(|q| q.path == "prices/at").unwrap();
        let at = (q.run)(&h.w.app, &h.w.ctx("ann"), &asked).unwrap();
        assert_eq!((&at["items"][0]["price"], &at["items"][0]["valid_from"]), (&json!("110"), &json!("2026-03-01")));
        assert_eq!(kind((q.run)(&h.w.app, &h.w.ctx("store"), &asked)), Kind::Forbidden);
    });
}

#[test]
fn prc_07_a_change_of_many_prices_is_posted_and_reversed_as_one() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        let lines = json!([{"price_type_id": h.retail, "product_id": h.tea, "price": "130"}, {"price_type_id": h.retail, "product_id": h.cup, "price": "50"}]);
        let id = h.w.make("boss", "price-changes", json!({"valid_from": "2026-02-01", "comment": "Нові ціни", "lines": lines}));
        let draft = h.w.see("price-changes", id);
        assert_eq!(
            (&draft["state"], &draft["lines"][0]["previous"], &draft["lines"][1]["previous"]),
            (&json!("draft"), &json!("100"), &json!(null))
        );
        assert_eq!(h.told(None, h.tea, "2026-03-01"), "100", "a draft changes nothing");
        let posted = h.w.verb("boss", "price-changes", id, "post", json!({})).unwrap();
        assert_eq!(posted.data["state"], json!("posted"));
        assert_eq!((h.told(None, h.tea, "2026-03-01"), h.told(None, h.cup, "2026-03-01")), ("130".into(), "50".into()));
        assert_eq!(faults(h.w.update("boss", "price-changes", id, 0, json!({"comment": "x"}))), ["posted_immutable"]);
        assert_eq!(faults(h.w.verb("boss", "price-changes", id, "post", json!({}))), ["state_refuses"]);
        h.w.undo("boss", &posted).unwrap();
        assert_eq!(h.w.see("price-changes", id)["state"], json!("reversed"));
        assert_eq!((h.told(None, h.tea, "2026-03-01"), h.told(None, h.cup, "2026-03-01")), ("100".into(), "missing".into()));
        assert_eq!(h.w.count("dir", "prices", &[]), 1);
        assert_eq!(h.w.see("price-changes", id)["lines"][0]["price"], json!("130"), "what was decided stays readable");
    });
}

#[test]
fn prc_07_a_single_price_is_a_posted_change_and_can_be_undone() {
    both(|db| {
        let h = House::new(db);
        let made = h
            .w
            .create("dir", "prices", json!({"price_type_id": h.retail, "product_id": h.tea, "price": "77.125", "valid_from": "2026-01-01"}))
            .unwrap();
        assert_eq!((&made.data["price"], &made.data["product"]["title"]), (&json!("77.125"), &json!("Чай")));
        assert_eq!(made.data["price_change"]["title"], json!("PC-000001"));
        // Found by its product, in any case and by its article; its history is that of the change, for whoever may see that.
        h.w.create("dir", "prices", json!({"price_type_id": h.retail, "product_id": h.cup, "price": "5", "valid_from": "2026-01-01"}))
            .unwrap();
        let found = |q: &str| h.w.count("dir", "prices", &[("q", q)]);
        assert_eq!([found("чай"), found("ЧАЙ"), found("ча"), found("чайник"), found("'; --"), found("")], [1, 1, 2, 0, 0, 2]);
        let told = h.w.app.history(&h.w.ctx("dir"), "prices", made.id.unwrap(), 10).unwrap();
        assert_eq!(told.first().map(|e| e.command.as_str()), Some("prices.create"), "{told:?}");
        h.w.undo("dir", &made).unwrap();
        assert_eq!(h.told(None, h.tea, "2026-03-01"), "missing");
        assert_eq!(
            kind(h.w.create(
                "ann",
                "prices",
                json!({"price_type_id": h.retail, "product_id": h.tea, "price": "1", "valid_from": "2026-01-01"})
            )),
            Kind::Forbidden
        );
        assert_eq!(kind(h.w.try_list("store", "prices", &[])), Kind::Forbidden);
        assert_eq!(
            faults(h.w.create("dir", "prices", json!({"price_type_id": Id::nil(), "product_id": Id::nil(), "price": "1"}))),
            ["price_type_id: reference_missing", "product_id: reference_missing"]
        );
        let today = h.w.create("dir", "prices", json!({"price_type_id": h.retail, "product_id": h.tea, "price": "1"})).unwrap();
        assert_eq!(today.data["valid_from"], json!(h.w.ctx("dir").today.to_string()));
        let e = h.w.update("dir", "prices", today.id.unwrap(), 1, json!({"price": "2"})).unwrap_err();
        assert_eq!(e.kind(), Kind::Forbidden, "prices are never altered");
    });
}

#[test]
fn prc_07_the_check_finds_a_price_that_was_altered_behind_its_back() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        let gone = h.price(h.retail, h.cup, "50", "2026-01-01");
        assert_eq!(h.w.app.check().unwrap(), []);
        h.w.app.store.write(Priority::People, |c| c.exec("UPDATE prices SET price = price + 1 WHERE price = 100000000", &[])).unwrap();
        let found = h.w.app.check().unwrap();
        assert_eq!(
            (found.len(), found[0].place.as_str(), found[0].key.as_str(), found[0].expected.as_str()),
            (1, "prices", "PC-000001", "100")
        );
        h.w.app.store.write(Priority::People, move |c| c.exec("DELETE FROM prices WHERE id = ?", &[gone.into()])).unwrap();
        assert_eq!(h.w.app.check().unwrap().len(), 2);
    });
}

/// Slices of an import write single prices, recognise them the second time, and take them back when a later row fails.
#[test]
fn prc_07_an_import_of_single_prices_is_taken_back_by_reversal() {
    both(|db| {
        let h = House::new(db);
        let ctx = Ctx::system().with_source(Source::Import);
        let item = |product: Id, price: &str, key: &str| Item {
            collection: "prices",
            existing: None,
            input: Some(
                json!({"price_type_id": h.retail, "product_id": product, "price": price, "valid_from": "2026-01-01", "source": "файл", "external_id": key}),
            ),
            then: vec![],
        };
        let done = h.w.app.execute_items(&ctx, vec![item(h.tea, "100", "1"), item(h.cup, "-5", "2")], false).unwrap();
        let applied = done.results.into_iter().map(|r| r.unwrap()).collect();
        assert_eq!(
            (h.told(None, h.tea, "2026-02-01"), h.told(None, h.cup, "2026-02-01")),
            ("100".into(), "-5".into()),
            "history may be negative"
        );
        assert_eq!(h.w.list("dir", "prices", &[("external_id", "1")])["items"][0]["product"]["title"], json!("Чай"));
        let e = h.w.app.execute_items(&ctx, vec![item(h.tea, "7", "3"), item(h.tea, "8", "1")], false).unwrap_err();
        assert_eq!((e.item, e.error.inner().fields[0].code.as_ref()), (1, "unique"));
        assert_eq!(h.told(None, h.tea, "2026-02-01"), "100", "nothing of the slice is there");
        assert!(h.w.app.take_back(&ctx, applied).unwrap().is_empty());
        assert_eq!((h.told(None, h.tea, "2026-02-01"), h.w.count("dir", "prices", &[])), ("missing".into(), 0));
        assert_eq!(h.w.titles("dir", "price-changes", &[("state", "reversed")]).len(), 2);
        h.w.app.execute_items(&ctx, vec![item(h.tea, "100", "1")], false).unwrap();
    });
}

#[test]
fn prc_07_bad_lines_are_named_and_nothing_is_stored() {
    both(|db| {
        let h = House::new(db);
        let make = |lines| h.w.create("boss", "price-changes", json!({"valid_from": "2026-02-01", "lines": lines}));
        let line = |product: Id, price: &str| json!({"price_type_id": h.retail, "product_id": product, "price": price});
        assert_eq!(faults(make(json!([line(h.tea, "1"), line(h.tea, "2")]))), ["lines.1.product_id: duplicate_line"]);
        assert_eq!(faults(make(json!([line(h.tea, "-1")]))), ["lines.0.price: negative_price"]);
        assert_eq!(faults(make(json!([line(Id::nil(), "1")]))), ["lines.0.product_id: reference_missing"]);
        assert_eq!(faults(make(json!([]))), ["lines: required"]);
        assert_eq!(h.w.count("boss", "price-changes", &[]), 0);
    });
}

#[test]
fn prc_17_a_hundred_thousand_prices_are_set_at_once() {
    both(|db| {
        let h = House::new(db);
        let (app, retail, unit) = (h.w.app.clone(), h.retail, h.w.see("products", h.tea)["unit_id"].clone());
        let n = if cfg!(debug_assertions) { 2_000 } else { 100_000 };
        let unit = Id::parse_str(unit.as_str().unwrap()).unwrap();
        let begun = Instant::now();
        let (ids, made) = app
            .clone()
            .store
            .write(Priority::Import, move |conn| {
                let ctx = Ctx::system().with_source(Source::Import);
                let mut cx = Cx::new(conn, &app, &ctx, "test");
                let ids = products(&mut cx, unit, n)?;
                let new: Vec<NewPrice> = ids
                    .iter()
                    .map(|p| NewPrice { price_type_id: retail, product_id: *p, price: price("12.5"), valid_from: date("2026-01-01") })
                    .collect();
                Ok((ids.clone(), set_prices(&mut cx, &new)?))
            })
            .unwrap();
        assert_eq!(made.len(), n.div_ceil(10_000));
        eprintln!("{n} products and prices in {:?}", begun.elapsed());
        let found = h.read(|cx| prices_at(cx, retail, &ids, date("2026-05-01"))).unwrap();
        assert_eq!(found.len(), n);
        assert!(found.values().all(|p| p.price == price("12.5")));
    });
}

#[test]
fn prc_17_a_thousand_lines_are_priced_at_once() {
    both(|db| {
        let h = House::new(db);
        let unit = Id::parse_str(h.w.see("products", h.tea)["unit_id"].as_str().unwrap()).unwrap();
        let (app, retail) = (h.w.app.clone(), h.retail);
        let ids =
            h.w.app
                .store
                .write(Priority::People, move |conn| {
                    let ctx = Ctx::system().with_source(Source::Import);
                    let mut cx = Cx::new(conn, &app, &ctx, "test");
                    let ids = products(&mut cx, unit, 1_000)?;
                    let new: Vec<NewPrice> = ids
                        .iter()
                        .map(|p| NewPrice { price_type_id: retail, product_id: *p, price: price("12.5"), valid_from: date("2026-01-01") })
                        .collect();
                    set_prices(&mut cx, &new)?;
                    Ok(ids)
                })
                .unwrap();
        let plus = h.w.make(
            "dir",
            "price-types",
            json!({"name": "Опт", "currency": "UAH", "method": "markup", "base_price_type_id": h.retail, "markup_percent": "8"}),
        );
        let a = h.agreement(json!({"partner_id": h.client, "price_type_id": plus, "discount_percent": "5"})).unwrap();
        let asks: Vec<_> = ids.iter().map(|i| ask(*i)).collect();
        let took = (0..5)
            .map(|_| {
                let begun = Instant::now();
                let priced = h.lines(Some(a), "2026-11-21", &asks).unwrap();
                assert!(priced.iter().all(|l| l.price == price("13.5") && !l.missing));
                begun.elapsed()
            })
            .min()
            .unwrap_or(Duration::MAX);
        eprintln!("1,000 lines in {took:?}");
        // The figure of the release build is the benchmark's; a debug build is some ten times slower.
        assert!(took < Duration::from_millis(if cfg!(debug_assertions) { 1_000 } else { 50 }), "{took:?}");
    });
}

/// Many products as they are; how a card is written is tested elsewhere.
fn products(cx: &mut Cx, unit: Id, n: usize) -> kontor_kernel::Result<Vec<Id>> {
    let spec = cx.spec("products");
    let mut ids = vec![];
    for i in 0..n {
        let mut r = kontor_platform::record::Record::new(spec, cx.new_id());
        r.version = 1;
        r.set("name", format!("Товар {i}"));
        r.set("unit_id", unit);
        r.set("vat_rate", "ua20");
        r.insert(cx.conn)?;
        ids.push(r.id);
    }
    Ok(ids)
}

#[derive(Clone, Debug)]
enum Deed {
    /// On a day, a price.
    Set(u64, i64),
    /// Reverses the nth change that was made.
    Reverse(usize),
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..Default::default() })]
    /// Whatever was set and reversed in whatever order: on every day the price is that of the standing change with the
    /// latest day not after it, of one day the one made last.
    #[test]
    fn prc_07_prices_on_every_day_equal_a_naive_replay(deeds in proptest::collection::vec(
        prop_oneof![4 => (0u64..12, 1i64..1000).prop_map(|(d, p)| Deed::Set(d, p)), 1 => (0usize..12).prop_map(Deed::Reverse)], 1..14)) {
        use std::sync::OnceLock;
        static HOUSE: OnceLock<(kontor_testkit::TestDb, House)> = OnceLock::new();
        let (_, h) = HOUSE.get_or_init(|| {
            let db = kontor_testkit::TestDb::sqlite();
            let h = House::new(&db);
            (db, h)
        });
        let name = format!("T{}", kontor_platform::value::new_id());
        let of = h.w.make("dir", "price-types", json!({"name": name, "currency": "UAH", "method": "manual"}));
        let first = date("2026-01-01");
        let mut model: Vec<(u64, i64, Id, bool)> = vec![];
        for deed in deeds {
            match deed {
                Deed::Set(d, p) => {
                    let row = h.price(of, h.tea, &p.to_string(), &(first + chrono::Days::new(d)).to_string());
                    let change = h.w.see("prices", row)["price_change_id"].as_str().and_then(|s| Id::parse_str(s).ok()).unwrap();
                    model.push((d, p, change, true));
                }
                Deed::Reverse(n) => {
                    if let Some(m) = model.get_mut(n).filter(|m| m.3) {
                        h.w.verb("dir", "price-changes", m.2, "reverse", json!({})).unwrap();
                        m.3 = false;
                    }
                }
            }
        }
        for day in 0..13 {
            let found = h.read(|cx| prices_at(cx, of, &[h.tea], first + chrono::Days::new(day))).unwrap();
            let expected = model.iter().enumerate().filter(|(_, m)| m.3 && m.0 <= day).max_by_key(|(n, m)| (m.0, *n)).map(|(_, m)| m);
            prop_assert_eq!(found.get(&h.tea).map(|p| p.price), expected.and_then(|m| kontor_kernel::Price::whole(m.1)));
            prop_assert_eq!(found.get(&h.tea).map(|p| p.valid_from), expected.map(|m| first + chrono::Days::new(m.0)));
        }
    }
}

#[test]
fn prc_02_prices_of_a_product_are_found_through_the_types() {
    both(|db| {
        let h = House::new(db);
        let (of, price_type) = (h.cup.to_string(), h.retail.to_string());
        let special = h.w.make("dir", "price-types", json!({"name": "Особлива", "currency": "UAH", "method": "manual"}));
        for (price_type, price) in [(h.retail, "40"), (special, "35")] {
            h.price(price_type, h.cup, price, "2026-01-01");
            h.price(price_type, h.tea, price, "2026-01-01");
        }
        let count = |pairs: &[(&str, &str)]| h.w.list("dir", "prices", pairs)["items"].as_array().map(Vec::len);
        assert_eq!(count(&[("product_id", &of)]), Some(2));
        assert_eq!(count(&[("product_id", &of), ("price_type_id", &price_type)]), Some(1));
        assert_eq!(count(&[("product_id.name", "Чашка")]), count(&[("product_id", &of)]));
        // Without an index of its own the product's prices are read by that of the types, not by all prices there are.
        let (app, ctx) = (&h.w.app, h.w.ctx("dir"));
        let spec = app.registry.get("prices").unwrap();
        let pairs = [("product_id".to_string(), of.clone())];
        let q = Query::parse(app, &ctx, spec, &pairs).unwrap();
        let plan = app.store.read(|conn| {
            let s = query::source(conn, app, &ctx, spec, &q, "read")?;
            let explain = if conn.backend() == Backend::Sqlite { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" };
            let rows = conn.query(
                &format!("{explain} SELECT t.id FROM {}{} ORDER BY t.valid_from DESC, t.id DESC LIMIT 51", s.from, s.where_sql()),
                &s.all_params(),
            )?;
            Ok((conn.backend(), rows.iter().map(|r| format!("{r:?}")).collect::<String>()))
        });
        let (backend, plan) = plan.unwrap();
        assert!(plan.contains("ix_prices__lookup") || backend == Backend::Postgres, "{plan}");
    });
}
