//! Whatever happens in whatever order: the books agree, and balances are the sums of what is still in force.

use crate::world::{World, both, day};
use kontor_kernel::error::Result;
use kontor_platform::Outcome;
use kontor_platform::registers::{self, RegisterSpec, turnover};
use kontor_platform::value::{Id, Value};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
enum Op {
    Receive { product: usize, day: u32, quantity: u32, place: usize },
    Order { lines: Vec<(usize, u32, u32)>, day: u32, place: usize, usd: bool },
    Verb { entity: usize, verb: usize, which: usize },
    Ship { order: usize, line: usize, quantity: u32, day: u32 },
    Direct { product: usize, quantity: u32, price: u32, day: u32, place: usize, usd: bool },
    Return { product: usize, quantity: u32, day: u32, place: usize, usd: bool },
    Pay { amount: u32, day: u32, out: bool, usd: bool },
    Revise { shipment: usize, quantity: u32 },
}

const CURRENCIES: [&str; 2] = ["UAH", "USD"];
const DAYS: std::ops::RangeInclusive<u32> = 1..=31;
const VERBS: [(&str, &[&str]); 5] = [
    ("sales-orders", &["confirm", "reopen", "cancel", "close", "reopen"]),
    ("shipments", &["reverse"]),
    ("returns", &["reverse"]),
    ("payments", &["reverse"]),
    ("stock-receipts", &["reverse"]),
];

fn op() -> impl Strategy<Value = Op> {
    let usd = || prop::bool::weighted(0.3);
    prop_oneof![
        2 => (0..2usize, 1..25u32, 1..30u32, 0..2usize).prop_map(|(product, day, quantity, place)| Op::Receive { product, day, quantity, place }),
        3 => (prop::collection::vec((0..3usize, 1..9u32, 0..30u32), 1..4), 1..28u32, 0..2usize, usd())
            .prop_map(|(lines, day, place, usd)| Op::Order { lines, day, place, usd }),
        5 => (0..5usize, 0..5usize, any::<usize>()).prop_map(|(entity, verb, which)| Op::Verb { entity, verb, which }),
        4 => (any::<usize>(), any::<usize>(), 0..8u32, 1..28u32).prop_map(|(order, line, quantity, day)| Op::Ship { order, line, quantity, day }),
        1 => (0..3usize, 1..5u32, 0..2000u32, 1..28u32, 0..2usize, usd())
            .prop_map(|(product, quantity, price, day, place, usd)| Op::Direct { product, quantity, price, day, place, usd }),
        1 => (0..3usize, 1..5u32, 1..28u32, 0..2usize, usd())
            .prop_map(|(product, quantity, day, place, usd)| Op::Return { product, quantity, day, place, usd }),
        2 => (1..30_000u32, 1..28u32, prop::bool::weighted(0.2), usd()).prop_map(|(amount, day, out, usd)| Op::Pay { amount, day, out, usd }),
        1 => (any::<usize>(), 1..9u32).prop_map(|(shipment, quantity)| Op::Revise { shipment, quantity }),
    ]
}

struct Play<'w> {
    w: &'w World,
    places: [Id; 2],
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
        let places = self.places;
        let head = |d: u32, place: usize, usd: bool| json!({"company_id": w.company, "partner_id": w.client, "date": date(d), "post": true, "warehouse_id": places[place], "currency": CURRENCIES[usize::from(usd)]});
        let with = |mut j: Json, lines: Json| {
            j["lines"] = lines;
            j
        };
        match op {
            Op::Receive { product: p, day, quantity, place } => {
                let r = w.create("stock-receipts", json!({"company_id": w.company, "warehouse_id": places[place], "date": date(day), "post": true, "lines": [{"product_id": product(p), "quantity": quantity, "cost": "2.35"}]}));
                self.keep(4, r);
            }
            Op::Order { lines, day, place, usd } => {
                let line = |(p, q, d): &(usize, u32, u32)| {
                    let supply = if d % 7 == 0 { "later" } else { "stock" };
                    let mut l = json!({"product_id": product(*p), "quantity": q, "discount_percent": d, "supply": supply});
                    if usd {
                        l["price"] = json!("0.37");
                    }
                    l
                };
                let mut o = with(head(day, place, usd), lines.iter().map(line).collect());
                o.as_object_mut().unwrap().remove("post");
                o["confirm"] = json!(day % 2 == 0);
                let r = w.create("sales-orders", o);
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
            Op::Direct { product: p, quantity, price, day, place, usd } => {
                let price = format!("{}.{:02}", price / 100, price % 100);
                let r = w.create(
                    "shipments",
                    with(head(day, place, usd), json!([{"product_id": product(p), "quantity": quantity, "price": price}])),
                );
                self.keep(1, r);
            }
            Op::Return { product: p, quantity, day, place, usd } => {
                let r = w.create(
                    "returns",
                    with(head(day, place, usd), json!([{"product_id": product(p), "quantity": quantity, "price": "3.33"}])),
                );
                self.keep(2, r);
            }
            Op::Pay { amount, day, out, usd } => {
                let mut j = head(day, 0, usd);
                j.as_object_mut().unwrap().remove("warehouse_id");
                j["amount"] = json!(format!("{}.{:02}", amount / 100, amount % 100));
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
    /// Debts, stock and sales of every day, from the documents that are in force.
    fn balances(&self) {
        let w = self.w;
        for d in DAYS {
            let date = format!("2026-03-{d:02}");
            let sum = |sql: &str, of: Value| -> i64 {
                w.app.store.read(|c| c.query_one(sql, &[day(&date).into(), of])?.opt_int(0)).unwrap().unwrap_or(0)
            };
            for currency in CURRENCIES {
                let docs = |table: &str, column: &str, and: &str| {
                    sum(
                        &format!(
                            "SELECT CAST(SUM({column}) AS BIGINT) FROM {table} WHERE state = 'posted' AND date <= ? AND currency = ?{and}"
                        ),
                        currency.into(),
                    )
                };
                let want =
                    docs("shipments", "total", "") - docs("returns", "total", "") - docs("payments", "amount", " AND direction = 'in'")
                        + docs("payments", "amount", " AND direction = 'out'");
                assert_eq!(
                    w.at("exposure", vec![w.company.into(), w.client.into(), currency.into()], &date),
                    want,
                    "debt in {currency} on {date}"
                );
                let net = |table: &str| docs(table, "net_total", "");
                assert_eq!(self.sold(currency, &date), net("shipments") - net("returns"), "sales in {currency} on {date}");
            }
            for place in self.places {
                let lines = |table: &str, lines: &str, column: &str| {
                    let sql = format!(
                        "SELECT CAST(SUM(l.{column}) AS BIGINT) FROM {table} d JOIN {lines} l ON l.parent_id = d.id JOIN products p ON p.id = l.product_id WHERE d.state = 'posted' AND p.sku = 'B8' AND d.date <= ? AND d.warehouse_id = ?"
                    );
                    sum(&sql, place.into())
                };
                let want = lines("stock_receipts", "stock_receipt_lines", "quantity")
                    - lines("shipments", "shipment_lines", "base_quantity")
                    + lines("returns", "return_lines", "base_quantity");
                assert_eq!(w.at("stock", vec![place.into(), w.bolt.into()], &date), want, "bolts on {date}");
                assert!(want >= 0, "stock was never below zero");
            }
        }
    }
    /// Net revenue up to a day, as reports add it up.
    fn sold(&self, currency: &str, date: &str) -> i64 {
        let reg = self.w.app.registry.register_of("sales").unwrap();
        let t = turnover::turnover(reg, None, Some(day(date)));
        let sql = format!("SELECT CAST(SUM(revenue) AS BIGINT) FROM ({}) x WHERE currency = ?", t.sql);
        let mut params = t.params;
        params.push(currency.into());
        self.w.app.store.read(|c| c.query_one(&sql, &params)?.opt_int(0)).unwrap().unwrap_or(0)
    }
}

/// Sums by key, in a form that can be compared; keys that come to nothing are as if they were not there.
type Sums = BTreeMap<String, Vec<i64>>;

fn put(sums: &mut Sums, key: &[Value], by: &[i64]) {
    let at = sums.entry(format!("{key:?}")).or_insert_with(|| vec![0; by.len()]);
    at.iter_mut().zip(by).for_each(|(a, b)| *a += b);
}

fn without_zeros(mut sums: Sums) -> Sums {
    sums.retain(|_, s| s.iter().any(|n| *n != 0));
    sums
}

struct Moved {
    key: Vec<Value>,
    on: chrono::NaiveDate,
    by: Vec<i64>,
}

/// What stands in a table of movements, or in a derived one that has no days.
fn rows(w: &World, reg: &RegisterSpec, table: &str, params: &[Value]) -> Vec<Moved> {
    let (keys, dated) = (reg.keys(), table == reg.movements());
    let columns: Vec<&str> = keys.iter().chain(reg.resources).copied().chain(dated.then_some("period")).collect();
    let moved = |r: &kontor_platform::store::Row| {
        Ok(Moved {
            key: (0..keys.len()).map(|i| r.raw(i).cloned()).collect::<Result<_>>()?,
            by: (0..reg.resources.len()).map(|i| r.int(keys.len() + i)).collect::<Result<_>>()?,
            on: if dated { r.date(columns.len() - 1)? } else { registers::BALANCE },
        })
    };
    w.app.store.read(|c| c.query(&format!("SELECT {} FROM {table}", columns.join(", ")), params)?.iter().map(moved).collect()).unwrap()
}

/// Every register that there is, on every day: balances at its end, turnovers from it on, and the balance of each key by itself
/// are the sums of movements.
fn registers_agree(w: &World) {
    for reg in &w.app.registry.registers {
        let all = rows(w, reg, &reg.movements(), &[]);
        for d in DAYS {
            let on = day(&format!("2026-03-{d:02}"));
            let sum = |counts: &dyn Fn(&Moved) -> bool| {
                let mut out = Sums::new();
                all.iter().filter(|m| counts(m)).for_each(|m| put(&mut out, &m.key, &m.by));
                without_zeros(out)
            };
            let told = |t: turnover::Turnover| {
                let mut out = Sums::new();
                rows(w, reg, &format!("({}) x", t.sql), &t.params).iter().for_each(|m| put(&mut out, &m.key, &m.by));
                without_zeros(out)
            };
            assert_eq!(told(turnover::turnover(reg, None, Some(on))), sum(&|m| m.on <= on), "{} up to {on}", reg.name);
            assert_eq!(told(turnover::turnover(reg, Some(on), None)), sum(&|m| m.on >= on), "{} from {on} on", reg.name);
            if !reg.balance || d % 9 != 0 {
                continue;
            }
            let mut each = Sums::new();
            for m in &all {
                if !each.contains_key(&format!("{:?}", m.key)) {
                    let b = w.app.store.read(|c| registers::balance(c, reg, &m.key, Some(on))).unwrap();
                    put(&mut each, &m.key, &b);
                }
            }
            assert_eq!(without_zeros(each), sum(&|m| m.on <= on), "{} key by key on {on}", reg.name);
        }
    }
}

#[test]
fn sal_07_books_agree_after_anything() {
    both(|w| {
        let pg = w.app.store.backend() == kontor_platform::store::Backend::Postgres;
        let mut runner = TestRunner::new(Config {
            cases: if pg { 10 } else { 12 },
            failure_persistence: None,
            max_shrink_iters: 0,
            ..Config::default()
        });
        let second = w.made("warehouses", json!({"name": "Другий", "company_id": w.company}));
        // All cases go on in one world: so the later ones meet a past.
        let play = std::cell::RefCell::new(Play { w, places: [w.warehouse, second], made: Default::default(), done: 0 });
        runner
            .run(&prop::collection::vec(op(), 20..60), |ops| {
                let mut play = play.borrow_mut();
                for op in ops {
                    play.step(op);
                }
                w.agrees();
                play.balances();
                registers_agree(w);
                Ok(())
            })
            .unwrap();
        assert!(play.borrow().done > if pg { 15 } else { 50 }, "most of it was done: {}", play.borrow().done);
        for table in ["sales_orders", "shipments", "payments"] {
            let usd = format!("SELECT COUNT(*) FROM {table} WHERE currency = 'USD' AND state <> 'draft'");
            assert!(w.app.store.read(|c| c.query_one(&usd, &[])?.int(0)).unwrap() > 0, "{table} in a second currency");
        }
        let there = "SELECT COUNT(*) FROM reg_stock_movements WHERE warehouse_id = ? AND recorder_entity <> 'stock-receipts'";
        assert!(w.app.store.read(|c| c.query_one(there, &[second.into()])?.int(0)).unwrap() > 0, "sold from a second warehouse");
    });
}
