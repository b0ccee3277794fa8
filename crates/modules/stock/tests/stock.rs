//! Scenarios of stock through commands, on both databases.

use chrono::NaiveDate;
use kontor_kernel::Quantity;
use kontor_kernel::error::Result;
use kontor_office::document::DocRef;
use kontor_platform::cx::Cx;
use kontor_platform::execute::{Envelope, Outcome};
use kontor_platform::registers;
use kontor_platform::store::{Backend, Priority};
use kontor_platform::value::{Id, new_id};
use kontor_platform::{App, Ctx, Error, Registry, Source, schema};
use kontor_stock::{StockMove, average_costs, move_stock, stock_rows};
use kontor_testkit::TestDb;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value as Json, json};
use std::sync::Arc;

struct World {
    app: Arc<App>,
    company: Id,
    warehouse: Id,
    bolt: Id,
    nut: Id,
    repair: Id,
}

fn ctx() -> Ctx {
    Ctx::system()
}

fn run(app: &Arc<App>, command: &str, id: Option<Id>, input: Json) -> Result<Outcome> {
    app.execute(&ctx(), Envelope { command: command.into(), id, input, ..Default::default() })
}

fn made(app: &Arc<App>, collection: &str, input: Json) -> Id {
    run(app, &format!("{collection}.create"), None, input).unwrap_or_else(|e| panic!("{collection}: {e:?}")).id.unwrap()
}

fn world(db: &TestDb) -> World {
    let r = kontor_stock::register(kontor_catalog::register(kontor_office::register(Registry::default())));
    let app = schema::open_draft(&db.url, r).unwrap();
    let company = made(&app, "companies", json!({"name": "ТОВ Гайка", "currency": "UAH", "country": "UA"}));
    let warehouse = made(&app, "warehouses", json!({"name": "Головний", "company_id": company}));
    let unit = app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = 'pcs'", &[])?.id(0)).unwrap();
    let bolt = made(&app, "products", json!({"name": "Болт М8", "unit_id": unit, "vat_rate": "ua20"}));
    let nut = made(&app, "products", json!({"name": "Гайка М8", "unit_id": unit}));
    let repair = made(&app, "products", json!({"name": "Ремонт", "unit_id": unit, "kind": "service"}));
    World { app, company, warehouse, bolt, nut, repair }
}

fn day(s: &str) -> NaiveDate {
    s.parse().unwrap()
}

fn q(s: &str) -> Quantity {
    Quantity::parse(s).unwrap()
}

impl World {
    fn receive(&self, date: &str, lines: Json) -> Result<Outcome> {
        run(&self.app, "stock-receipts.create", None, json!({"company_id": self.company, "date": date, "lines": lines, "post": true}))
    }
    fn take(&self, date: &str, product: Id, on_hand: &str, reserved: &str) -> Result<()> {
        self.take_as(new_id(), date, product, on_hand, reserved)
    }
    fn take_as(&self, id: Id, date: &str, product: Id, on_hand: &str, reserved: &str) -> Result<()> {
        let (app, warehouse) = (self.app.clone(), self.warehouse);
        let (on_hand, reserved, date) = (q(on_hand), q(reserved), day(date));
        self.app.store.write(Priority::People, move |conn| {
            let ctx = ctx();
            let mut cx = Cx::new(conn, &app, &ctx, "test");
            move_stock(
                &mut cx,
                &[StockMove {
                    doc: DocRef { entity: "shipments", id, date },
                    warehouse,
                    product,
                    line: 0,
                    on_hand,
                    reserved,
                    storno: None,
                }],
            )
        })
    }
    fn stock(&self, product: Id) -> (String, String) {
        let rows = self.app.store.read(|c| stock_rows(c, &self.app, &ctx(), Some(product), None)).unwrap();
        rows.first().map_or(("0".into(), "0".into()), |r| (r.on_hand.to_string(), r.reserved.to_string()))
    }
    fn on_hand_at(&self, product: Id, date: &str) -> i64 {
        let reg = self.app.registry.register_of("stock").unwrap();
        let key = [self.warehouse.into(), product.into()];
        self.app.store.read(|c| registers::balance(c, reg, &key, Some(day(date)))).unwrap()[0] / Quantity::UNIT
    }
    fn cost(&self, product: Id) -> Option<String> {
        self.app
            .store
            .read(|c| {
                let ctx = ctx();
                let mut cx = Cx::new(c, &self.app, &ctx, "test");
                Ok(average_costs(&mut cx, self.company, &[product])?.get(&product).map(|p| p.to_string()))
            })
            .unwrap()
    }
    fn agrees(&self) {
        assert_eq!(self.app.check().unwrap(), []);
    }
}

fn refused(e: Error) -> (String, String, Vec<(String, String)>) {
    let f = e.inner().fields.first().unwrap_or_else(|| panic!("no field in {e:?}"));
    (f.field.clone(), f.code.to_string(), f.args.iter().map(|(n, v)| (n.to_string(), v.clone())).collect())
}

#[test]
fn stk_01_receipts_fill_the_stock_and_reversal_empties_it() {
    kontor_testkit::both(|db| {
        let w = world(db);
        let a = w
            .receive(
                "2026-03-05",
                json!([{"product_id": w.bolt, "quantity": "10", "cost": "2.50"}, {"product_id": w.nut, "quantity": "4.5", "cost": "1"}]),
            )
            .unwrap();
        assert_eq!(
            (a.data["number"].as_str(), a.data["total"].as_str(), a.data["state"].as_str()),
            (Some("SR-000001"), Some("29.50"), Some("posted"))
        );
        w.receive("2026-04-05", json!([{"product_id": w.bolt, "quantity": "10", "cost": "3.50"}])).unwrap();
        assert_eq!(w.stock(w.bolt).0, "20");
        assert_eq!(w.stock(w.nut).0, "4.5");
        assert_eq!(w.cost(w.bolt).as_deref(), Some("3"), "the average of both receipts");
        assert_eq!(
            (w.on_hand_at(w.bolt, "2026-03-04"), w.on_hand_at(w.bolt, "2026-03-05"), w.on_hand_at(w.bolt, "2026-04-05")),
            (0, 10, 20)
        );
        w.agrees();
        run(&w.app, "stock-receipts.reverse", a.id, json!({})).unwrap();
        assert_eq!(w.stock(w.bolt).0, "10");
        assert_eq!(w.cost(w.bolt).as_deref(), Some("3.5"));
        assert_eq!(w.on_hand_at(w.bolt, "2026-03-31"), 0);
        w.agrees();
    });
}

#[test]
fn stk_01_posting_in_two_steps_and_undo() {
    kontor_testkit::both(|db| {
        let w = world(db);
        let d = run(
            &w.app,
            "stock-receipts.create",
            None,
            json!({"company_id": w.company, "lines": [{"product_id": w.bolt, "quantity": 3, "cost": 1}]}),
        )
        .unwrap();
        assert_eq!(w.stock(w.bolt).0, "0");
        let posted = run(&w.app, "stock-receipts.post", d.id, json!({})).unwrap();
        assert_eq!(w.stock(w.bolt).0, "3");
        let again = run(&w.app, "stock-receipts.post", d.id, json!({})).unwrap_err();
        assert_eq!(again.inner().code, "state_refuses");
        run(&w.app, "audit.undo", posted.audit_id, json!({})).unwrap();
        assert_eq!(w.stock(w.bolt).0, "0");
        w.agrees();
    });
}

#[test]
fn stk_01_a_back_dated_taking_may_not_break_a_later_day() {
    kontor_testkit::both(|db| {
        let w = world(db);
        w.receive("2026-01-10", json!([{"product_id": w.bolt, "quantity": 5, "cost": 1}])).unwrap();
        w.receive("2026-03-10", json!([{"product_id": w.bolt, "quantity": 5, "cost": 1}])).unwrap();
        w.take("2026-02-10", w.bolt, "-4", "0").unwrap();
        let (field, code, args) = refused(w.take("2026-01-15", w.bolt, "-2", "0").unwrap_err());
        assert_eq!((field.as_str(), code.as_str()), ("lines.0.quantity", "not_enough_stock"));
        assert_eq!(args, [("product".into(), "Болт М8".into()), ("available".into(), "1".into()), ("needed".into(), "2".into())]);
        w.take("2026-03-10", w.bolt, "-6", "0").unwrap();
        assert_eq!(w.stock(w.bolt).0, "0");
        w.agrees();
    });
}

/// What is known of growth spares a look at each later movement; the check proves it.
#[test]
fn stk_01_the_day_since_when_there_was_never_more_is_kept() {
    kontor_testkit::both(|db| {
        let w = world(db);
        let risen = || {
            let sql = "SELECT risen_on FROM reg_stock_totals WHERE product_id = ? AND month = ?";
            let bolt = w.bolt;
            w.app.store.read(|c| c.query_one(sql, &[bolt.into(), registers::BALANCE.into()])?.date(0)).unwrap()
        };
        w.receive("2026-01-10", json!([{"product_id": w.bolt, "quantity": 5, "cost": 1}])).unwrap();
        w.take("2026-02-10", w.bolt, "-2", "0").unwrap();
        assert_eq!(risen(), day("2026-01-10"));
        let late = w.receive("2026-03-10", json!([{"product_id": w.bolt, "quantity": 5, "cost": 1}])).unwrap();
        assert_eq!(risen(), day("2026-03-10"));
        run(&w.app, "stock-receipts.reverse", late.id, json!({})).unwrap();
        w.take("2026-01-20", w.bolt, "-3", "0").unwrap();
        w.agrees();
        let forget = "UPDATE reg_stock_totals SET risen_on = ? WHERE month = ?";
        w.app.store.write(Priority::People, move |c| c.exec(forget, &[registers::NEVER.into(), registers::BALANCE.into()])).unwrap();
        let found = w.app.check().unwrap();
        assert_eq!(
            (found.len(), found[0].place.as_str(), found[0].expected.as_str()),
            (1, "register stock risen_on balance", "2026-01-10")
        );
    });
}

/// Takings and givings on any day of fifteen months, in any order: what is accepted never makes a later day negative, what
/// is refused would have, and the balance at every date is the sum of the movements up to it.
#[test]
fn stk_01_balances_at_every_date_are_sums_of_movements() {
    kontor_testkit::both(|db| {
        let w = world(db);
        let first = day("2025-01-25");
        let at = |n: i64| (first + chrono::Days::new(n as u64)).to_string();
        let step = (0i64..450, 1i64..9, proptest::bool::ANY);
        let cases = if w.app.store.backend() == Backend::Postgres { 6 } else { 16 };
        let mut runner = TestRunner::new(Config { cases, failure_persistence: None, max_shrink_iters: 0, ..Config::default() });
        // All cases go on in one world: so the later ones meet a past.
        let accepted = std::cell::RefCell::new(vec![0i64; 460]);
        let strategy = proptest::collection::vec(step, 10..25);
        let play = |steps: Vec<(i64, i64, bool)>| {
            let mut moved = accepted.borrow_mut();
            for (n, quantity, taken) in steps {
                let delta = if taken { -quantity } else { quantity };
                let lowest = (n..460).map(|d| moved[..=d as usize].iter().sum::<i64>()).min().unwrap();
                let done = w.take(&at(n), w.bolt, &delta.to_string(), "0");
                assert_eq!(done.is_ok(), delta > 0 || lowest + delta >= 0, "{delta} on {} with {lowest} left", at(n));
                if done.is_ok() {
                    moved[n as usize] += delta;
                }
            }
            for d in 0..460 {
                let want: i64 = moved[..=d].iter().sum();
                assert_eq!(w.on_hand_at(w.bolt, &at(d as i64)), want, "on {}", at(d as i64));
                let rows = w.app.store.read(|c| {
                    let b = registers::turnover::balances(w.app.registry.register_of("stock").unwrap(), c.backend(), day(&at(d as i64)));
                    c.query(&format!("SELECT on_hand FROM {} b", b.sql), &b.params)
                });
                assert_eq!(rows.unwrap().first().map_or(0, |r| r.int(0).unwrap()), want * Quantity::UNIT, "as of {}", at(d as i64));
            }
            Ok(())
        };
        runner.run(&strategy, play).unwrap();
        // Chance may have refused nothing.
        w.take(&at(0), w.bolt, "-1000000", "0").unwrap_err();
        w.agrees();
    });
}

#[test]
fn stk_01_a_movement_in_the_wrong_month_is_found() {
    kontor_testkit::both(|db| {
        let w = world(db);
        w.receive("2026-01-10", json!([{"product_id": w.bolt, "quantity": 5, "cost": 1}])).unwrap();
        w.app.store.exec_outside("UPDATE reg_stock_movements SET month = '2026-02-01'").unwrap();
        let found = w.app.check().unwrap();
        let [one] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((one.expected.as_str(), one.found.as_str()), ("2026-01", "2026-02"));
    });
}

#[test]
fn stk_01_reserved_goods_are_not_free() {
    kontor_testkit::both(|db| {
        let w = world(db);
        w.receive("2026-01-10", json!([{"product_id": w.bolt, "quantity": 5, "cost": 1}])).unwrap();
        let order = new_id();
        w.take_as(order, "2026-01-11", w.bolt, "0", "4").unwrap();
        let (_, code, args) = refused(w.take("2026-01-12", w.bolt, "-2", "0").unwrap_err());
        assert_eq!((code.as_str(), args[1].1.as_str()), ("not_enough_stock", "1"));
        let (_, code, args) = refused(w.take("2026-01-12", w.bolt, "0", "2").unwrap_err());
        assert_eq!((code.as_str(), args[1].1.as_str()), ("not_enough_stock", "1"));
        w.take_as(order, "2026-01-12", w.bolt, "-4", "-4").unwrap();
        assert_eq!(w.stock(w.bolt), ("1".into(), "0".into()));
        w.agrees();
    });
}

#[test]
fn stk_01_warn_and_allow_let_stock_go_negative() {
    kontor_testkit::both(|db| {
        let w = world(db);
        run(&w.app, "warehouses.update", Some(w.warehouse), json!({"control": "allow", "version": 1})).unwrap();
        w.take("2026-02-10", w.bolt, "-4", "0").unwrap();
        assert_eq!(w.stock(w.bolt).0, "-4");
        run(&w.app, "warehouses.update", Some(w.warehouse), json!({"control": "warn", "version": 2})).unwrap();
        w.take("2026-02-11", w.bolt, "-1", "0").unwrap();
        assert_eq!(w.stock(w.bolt).0, "-5");
        w.agrees();
    });
}

#[test]
fn stk_01_a_revision_looks_at_the_difference_only() {
    kontor_testkit::both(|db| {
        let w = world(db);
        let r = w.receive("2026-01-10", json!([{"product_id": w.bolt, "quantity": 10, "cost": 1}])).unwrap();
        w.take("2026-01-12", w.bolt, "-5", "0").unwrap();
        let (_, code, _) = refused(run(&w.app, "stock-receipts.reverse", r.id, json!({})).unwrap_err());
        assert_eq!(code, "not_enough_stock");
        let line = r.data["lines"][0]["id"].clone();
        let revised =
            run(&w.app, "stock-receipts.revise", r.id, json!({"lines": [{"id": line, "product_id": w.bolt, "quantity": 7, "cost": 2}]}))
                .unwrap();
        assert_eq!((revised.data["revision"].as_i64(), revised.data["number"].clone()), (Some(1), r.data["number"].clone()));
        assert_eq!((w.stock(w.bolt).0.as_str(), w.cost(w.bolt).as_deref()), ("2", Some("2")));
        let (_, code, _) = refused(
            run(&w.app, "stock-receipts.revise", r.id, json!({"lines": [{"id": line, "product_id": w.bolt, "quantity": 4, "cost": 2}]}))
                .unwrap_err(),
        );
        assert_eq!(code, "not_enough_stock");
        w.agrees();
    });
}

#[test]
fn stk_01_what_cannot_be_received() {
    kontor_testkit::both(|db| {
        let w = world(db);
        let code = |lines: Json| refused(w.receive("2026-01-10", lines).unwrap_err());
        assert_eq!(code(json!([{"product_id": w.repair, "quantity": 1, "cost": 1}])).1, "service_has_no_stock");
        assert_eq!(code(json!([{"product_id": w.bolt, "quantity": 0, "cost": 1}])).1, "quantity_zero");
        assert_eq!(code(json!([{"product_id": w.bolt, "quantity": -1, "cost": 1}])).1, "quantity_negative");
        assert_eq!(code(json!([{"product_id": w.bolt, "quantity": "9000000000000", "cost": "9000000000000"}])).0, "lines.0.cost");
        run(&w.app, "companies.update", Some(w.company), json!({"closed_until": "2026-01-31", "version": 1})).unwrap();
        assert_eq!(code(json!([{"product_id": w.bolt, "quantity": 1, "cost": 1}])).1, "period_closed");
        let e = run(&w.app, "stock-receipts.create", None, json!({"company_id": w.company})).unwrap_err();
        assert_eq!(refused(e).0, "lines");
    });
}

#[test]
fn stk_01_a_closed_period_is_corrected_on_the_first_open_day() {
    kontor_testkit::both(|db| {
        let w = world(db);
        let r = w.receive("2026-01-10", json!([{"product_id": w.bolt, "quantity": 3, "cost": 1}])).unwrap();
        run(&w.app, "companies.update", Some(w.company), json!({"closed_until": "2026-01-31", "version": 1})).unwrap();
        run(&w.app, "stock-receipts.reverse", r.id, json!({})).unwrap();
        assert_eq!((w.on_hand_at(w.bolt, "2026-01-31"), w.on_hand_at(w.bolt, "2026-02-01")), (3, 0));
        w.agrees();
    });
}

#[test]
fn stk_01_sixty_four_takers_of_the_last_piece() {
    kontor_testkit::both(|db| {
        let w = world(db);
        w.receive("2026-01-10", json!([{"product_id": w.bolt, "quantity": 1, "cost": 1}])).unwrap();
        let results: Vec<Result<()>> = std::thread::scope(|s| {
            let threads: Vec<_> = (0..64).map(|_| s.spawn(|| w.take("2026-01-11", w.bolt, "0", "1"))).collect();
            threads.into_iter().map(|t| t.join().unwrap()).collect()
        });
        assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 1);
        for e in results.into_iter().filter_map(Result::err) {
            let (_, code, args) = refused(e);
            assert_eq!((code.as_str(), args[1].1.as_str(), args[2].1.as_str()), ("not_enough_stock", "0", "1"));
        }
        assert_eq!(w.stock(w.bolt), ("1".into(), "1".into()));
        w.agrees();
    });
}

#[test]
fn stk_01_history_may_hold_either_sign_and_brings_its_numbers() {
    kontor_testkit::both(|db| {
        let w = world(db);
        run(&w.app, "warehouses.update", Some(w.warehouse), json!({"control": "allow", "version": 1})).unwrap();
        let ctx = ctx().with_source(Source::Import);
        let input = json!({"company_id": w.company, "date": "2011-01-04", "source": "old", "external_id": "A-17", "post": true, "lines": [{"product_id": w.bolt, "quantity": -2, "cost": 1}]});
        let id = w.app.execute(&ctx, Envelope::new("stock-receipts.create", input)).unwrap().id.unwrap();
        assert_eq!(w.app.get(&ctx, "stock-receipts", id).unwrap()["number"], "A-17");
        assert_eq!(w.stock(w.bolt).0, "-2");
        w.agrees();
    });
}
