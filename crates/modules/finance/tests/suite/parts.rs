//! An order shipped in parts, in whatever parts: together they come to the order, to the minor unit.

use crate::world::{World, both};
use kontor_kernel::Amount;
use kontor_platform::value::Id;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value as Json, json};

#[derive(Clone, Debug)]
struct Case {
    vat: &'static str,
    /// Product, quantity, price in hundredths of a hundredth, discount in tenths of a percent.
    lines: Vec<(usize, u32, u32, u32)>,
    /// How many pieces of which line go next.
    parts: Vec<(usize, u32)>,
    /// One of the parts is taken back and comes again at the end.
    reversed: usize,
}

fn case() -> impl Strategy<Value = Case> {
    let line = (0..3usize, 1..12u32, 1..2_000_000u32, prop_oneof![Just(0u32), 1..500u32]);
    let part = (any::<usize>(), 1..6u32);
    let vat = prop_oneof![Just("included"), Just("excluded")];
    (vat, prop::collection::vec(line, 1..4), prop::collection::vec(part, 0..6), any::<usize>())
        .prop_map(|(vat, lines, parts, reversed)| Case { vat, lines, parts, reversed })
}

fn sum(docs: &[Json], of: impl Fn(&Json) -> Json) -> Amount {
    Amount::sum(docs.iter().map(|d| Amount::parse(of(d).as_str().expect("a sum")).expect("an amount"))).expect("in range")
}

/// The order ordered, paid beforehand, and shipped in the parts of the case.
fn play(w: &World, case: &Case) {
    let price = |p: u32| format!("{}.{:04}", p / 10_000, p % 10_000);
    let product = |n: usize| [w.bolt, w.nut, w.repair][n];
    let lines: Vec<Json> = case
        .lines
        .iter()
        .map(|(p, q, at, off)| json!({"product_id": product(*p), "quantity": q, "price": price(*at), "discount_percent": format!("{}.{}", off / 10, off % 10)}))
        .collect();
    let client = w.made("partners", json!({"name": "Передоплата"}));
    let head =
        json!({"company_id": w.company, "partner_id": client, "date": "2026-02-01", "currency": "UAH", "vat": case.vat, "lines": lines});
    let order = w.create("sales-orders", head).expect("an order").id.expect("an id");
    w.run("sales-orders.confirm", order, json!({})).expect("confirmed");
    let ordered = w.get("sales-orders", order);
    if ordered["total"] != "0.00" {
        w.create("payments", json!({"company_id": w.company, "partner_id": client, "date": "2026-02-02", "amount": ordered["total"], "currency": "UAH", "direction": "in", "sales_order_id": order, "post": true}))
            .expect("paid");
    }
    let mut left: Vec<u32> = case.lines.iter().map(|l| l.1).collect();
    let mut shipped: Vec<Id> = vec![];
    let ship = |lines: Json| w.ship(order, "2026-02-10", lines).unwrap_or_else(|e| panic!("{e} {case:?}")).id.expect("an id");
    for (which, pieces) in &case.parts {
        let n = which % left.len();
        let q = (*pieces).min(left[n]);
        if q > 0 {
            left[n] -= q;
            shipped.push(ship(json!([{"order_line_id": ordered["lines"][n]["id"], "quantity": q}])));
        }
    }
    if left.iter().any(|l| *l > 0) {
        shipped.push(ship(Json::Null));
    }
    if case.reversed.is_multiple_of(2) {
        let back = shipped.remove(case.reversed % shipped.len());
        w.run("shipments.reverse", back, json!({})).expect("reversed");
        shipped.push(ship(Json::Null));
    }
    let docs: Vec<Json> = shipped.iter().map(|id| w.get("shipments", *id)).collect();
    for field in ["total", "vat_total", "net_total"] {
        assert_eq!(sum(&docs, |d| d[field].clone()).to_string(), ordered[field].as_str().expect("a sum"), "{field}: {case:#?}");
    }
    for l in ordered["lines"].as_array().expect("lines") {
        let parts: Vec<Json> =
            docs.iter().flat_map(|d| d["lines"].as_array().expect("lines").clone()).filter(|p| p["order_line_id"] == l["id"]).collect();
        for field in ["amount", "vat_amount"] {
            assert_eq!(sum(&parts, |p| p[field].clone()).to_string(), l[field].as_str().expect("a sum"), "{field}: {case:#?}");
        }
    }
    for d in &docs {
        assert_eq!(d["open"], "0.00", "paid beforehand, so nothing stays open: {case:#?}");
    }
    assert_eq!(w.text("sales-orders", order, "paid_total"), ordered["total"].as_str().expect("a sum"));
}

#[test]
fn fin_03_prepaid_orders_shipped_in_any_parts_leave_nothing_open() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "100000", "6");
        w.receive("2026-01-05", w.nut, "100000", "1");
        // Three thirds of ten: each part by itself would round down.
        play(w, &Case { vat: "excluded", lines: vec![(0, 3, 33_333, 0)], parts: vec![(0, 1), (0, 1)], reversed: 1 });
        let cases = if w.app.store.backend() == kontor_platform::store::Backend::Sqlite { 120 } else { 40 };
        let mut runner = TestRunner::new(Config { cases, failure_persistence: None, max_shrink_iters: 60, ..Config::default() });
        runner
            .run(&case(), |c| {
                play(w, &c);
                Ok(())
            })
            .unwrap_or_else(|e| panic!("{e}"));
        w.agrees();
    });
}

#[test]
fn fin_03_a_new_price_between_two_parts_is_no_rounding() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "100", "6");
        let o = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 10, "price": "10"}]));
        let order = o.id.expect("an id");
        let line = o.data["lines"][0]["id"].clone();
        w.ship(order, "2026-02-02", json!([{"order_line_id": line, "quantity": 5}])).expect("the first half");
        let version = w.get("sales-orders", order)["version"].clone();
        w.run(
            "sales-orders.revise",
            order,
            json!({"version": version, "lines": [{"id": line, "product_id": w.bolt, "quantity": 10, "price": "12"}]}),
        )
        .expect("revised");
        let rest = w.ship(order, "2026-02-03", Json::Null).expect("the other half");
        assert_eq!(rest.data["total"], "60.00", "five at the new price, not what is missing to a hundred and twenty");
        let order = w.get("sales-orders", order);
        assert_eq!((&order["shipped"], &order["shipped_total"], &order["total"]), (&json!(true), &json!("110.00"), &json!("120.00")));
        w.agrees();
    });
}
