//! Whatever happens in whatever order: the books agree, and balances are the sums of what is still in force.

use crate::world::{World, both};
use kontor_kernel::error::Result;
use kontor_platform::Outcome;
use kontor_platform::value::Id;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value as Json, json};

#[derive(Clone, Debug)]
enum Op {
    Receive { product: usize, day: u32, quantity: u32 },
    Order { lines: Vec<(usize, u32, u32)>, day: u32 },
    Verb { entity: usize, verb: usize, which: usize },
    Ship { order: usize, line: usize, quantity: u32, day: u32 },
    Direct { product: usize, quantity: u32, price: u32, day: u32 },
    Return { product: usize, quantity: u32, day: u32 },
    Pay { amount: u32, day: u32, out: bool },
    Revise { shipment: usize, quantity: u32 },
}

const VERBS: [(&str, &[&str]); 5] = [
    ("sales-orders", &["confirm", "reopen", "cancel", "close"]),
    ("shipments", &["reverse"]),
    ("returns", &["reverse"]),
    ("payments", &["reverse"]),
    ("stock-receipts", &["reverse"]),
];

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        2 => (0..2usize, 1..25u32, 1..30u32).prop_map(|(product, day, quantity)| Op::Receive { product, day, quantity }),
        3 => (prop::collection::vec((0..3usize, 1..9u32, 0..30u32), 1..4), 1..28u32).prop_map(|(lines, day)| Op::Order { lines, day }),
        5 => (0..5usize, 0..4usize, any::<usize>()).prop_map(|(entity, verb, which)| Op::Verb { entity, verb, which }),
        4 => (any::<usize>(), any::<usize>(), 0..8u32, 1..28u32).prop_map(|(order, line, quantity, day)| Op::Ship { order, line, quantity, day }),
        1 => (0..3usize, 1..5u32, 0..2000u32, 1..28u32).prop_map(|(product, quantity, price, day)| Op::Direct { product, quantity, price, day }),
        1 => (0..3usize, 1..5u32, 1..28u32).prop_map(|(product, quantity, day)| Op::Return { product, quantity, day }),
        2 => (1..30_000u32, 1..28u32, prop::bool::weighted(0.2)).prop_map(|(amount, day, out)| Op::Pay { amount, day, out }),
        1 => (any::<usize>(), 1..9u32).prop_map(|(shipment, quantity)| Op::Revise { shipment, quantity }),
    ]
}

struct Play<'w> {
    w: &'w World,
    made: [Vec<Id>; 5],
    done: usize,
}

impl Play<'_> {
    fn keep(&mut self, entity: usize, r: Result<Outcome>) {
        match r {
            Ok(o) => {
                self.done += 1;
                self.made[entity].extend(o.id);
            }
            // Refusals are part of the game, faults of ours are not.
            Err(e) => assert!(matches!(e.kind(), kontor_kernel::Kind::Refused), "{e:?}"),
        }
    }
    fn pick(&self, entity: usize, which: usize) -> Option<Id> {
        let all = &self.made[entity];
        if all.is_empty() { None } else { Some(all[which % all.len()]) }
    }
    fn step(&mut self, op: Op) {
        let w = self.w;
        let product = |n: usize| [w.bolt, w.nut, w.repair][n];
        let date = |d: u32| format!("2026-03-{d:02}");
        let head = |d: u32| json!({"company_id": w.company, "partner_id": w.client, "date": date(d), "post": true});
        let with = |mut j: Json, lines: Json| {
            j["lines"] = lines;
            j
        };
        match op {
            Op::Receive { product: p, day, quantity } => {
                let r = w.create("stock-receipts", json!({"company_id": w.company, "date": date(day), "post": true, "lines": [{"product_id": product(p), "quantity": quantity, "cost": "2.35"}]}));
                self.keep(4, r);
            }
            Op::Order { lines, day } => {
                let lines: Json = lines.iter().map(|(p, q, d)| json!({"product_id": product(*p), "quantity": q, "discount_percent": d, "supply": if d % 7 == 0 { "later" } else { "stock" }})).collect();
                let r = w.create(
                    "sales-orders",
                    json!({"company_id": w.company, "partner_id": w.client, "date": date(day), "lines": lines, "confirm": day % 2 == 0}),
                );
                self.keep(0, r);
            }
            Op::Verb { entity, verb, which } => {
                let (name, verbs) = VERBS[entity];
                if let Some(id) = self.pick(entity, which) {
                    let r = w.run(&format!("{name}.{}", verbs[verb % verbs.len()]), id, json!({}));
                    self.keep(
                        entity,
                        r.map(|mut o| {
                            o.id = None;
                            o
                        }),
                    );
                }
            }
            Op::Ship { order, line, quantity, day } => {
                let Some(order) = self.pick(0, order) else { return };
                let lines = w.get("sales-orders", order)["lines"].as_array().cloned().unwrap_or_default();
                let lines = if quantity == 0 {
                    json!(null)
                } else {
                    json!([{"order_line_id": lines[line % lines.len()]["id"], "quantity": quantity}])
                };
                let r = w.ship(order, &date(day), lines);
                self.keep(1, r);
            }
            Op::Direct { product: p, quantity, price, day } => {
                let price = format!("{}.{:02}", price / 100, price % 100);
                let r = w.create("shipments", with(head(day), json!([{"product_id": product(p), "quantity": quantity, "price": price}])));
                self.keep(1, r);
            }
            Op::Return { product: p, quantity, day } => {
                let r = w.create("returns", with(head(day), json!([{"product_id": product(p), "quantity": quantity, "price": "3.33"}])));
                self.keep(2, r);
            }
            Op::Pay { amount, day, out } => {
                let mut j = head(day);
                j["amount"] = json!(format!("{}.{:02}", amount / 100, amount % 100));
                j["currency"] = json!("UAH");
                j["direction"] = json!(if out { "out" } else { "in" });
                let r = w.create("payments", j);
                self.keep(3, r);
            }
            Op::Revise { shipment, quantity } => {
                let Some(id) = self.pick(1, shipment) else { return };
                let line = w.get("shipments", id)["lines"][0]["id"].clone();
                let r = w.run("shipments.revise", id, json!({"lines": [{"id": line, "quantity": quantity}]}));
                self.keep(
                    1,
                    r.map(|mut o| {
                        o.id = None;
                        o
                    }),
                );
            }
        }
    }
    /// Debts and stock of every day, from the documents that are in force.
    fn balances(&self) {
        let w = self.w;
        for d in (1..=28).step_by(3) {
            let date = format!("2026-03-{d:02}");
            let sum = |sql: &str| -> i64 {
                w.app
                    .store
                    .read(|c| c.query_one(sql, &[date.as_str().parse::<chrono::NaiveDate>().unwrap().into()])?.opt_int(0))
                    .unwrap()
                    .unwrap_or(0)
            };
            let docs = |table: &str, column: &str, and: &str| {
                sum(&format!("SELECT CAST(SUM({column}) AS BIGINT) FROM {table} WHERE state = 'posted' AND date <= ?{and}"))
            };
            let want = docs("shipments", "total", "") - docs("returns", "total", "") - docs("payments", "amount", " AND direction = 'in'")
                + docs("payments", "amount", " AND direction = 'out'");
            assert_eq!(w.debt_at(&date) * 100, want, "debt on {date}");
            let lines = |table: &str, lines: &str, column: &str| {
                sum(&format!(
                    "SELECT CAST(SUM(l.{column}) AS BIGINT) FROM {table} d JOIN {lines} l ON l.parent_id = d.id JOIN products p ON p.id = l.product_id WHERE d.state = 'posted' AND p.sku = 'B8' AND d.date <= ?"
                ))
            };
            let want = lines("stock_receipts", "stock_receipt_lines", "quantity") - lines("shipments", "shipment_lines", "base_quantity")
                + lines("returns", "return_lines", "base_quantity");
            assert_eq!(w.on_hand_at(w.bolt, &date) * 1_000_000, want, "bolts on {date}");
            assert!(want >= 0, "stock was never below zero");
        }
    }
}

#[test]
fn sal_07_books_agree_after_anything() {
    both(|w| {
        let pg = w.app.store.backend() == kontor_platform::store::Backend::Postgres;
        let mut runner =
            TestRunner::new(Config { cases: if pg { 3 } else { 12 }, failure_persistence: None, max_shrink_iters: 0, ..Config::default() });
        // All cases go on in one world: so the later ones meet a past.
        let play = std::cell::RefCell::new(Play { w, made: Default::default(), done: 0 });
        runner
            .run(&prop::collection::vec(op(), 20..60), |ops| {
                let mut play = play.borrow_mut();
                for op in ops {
                    play.step(op);
                }
                w.agrees();
                play.balances();
                Ok(())
            })
            .unwrap();
        assert!(play.borrow().done > if pg { 15 } else { 50 }, "most of it was done: {}", play.borrow().done);
    });
}
