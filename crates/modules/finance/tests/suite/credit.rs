//! The last piece and the last credit, under pressure.

use crate::world::{World, both, refused};
use kontor_kernel::error::Result;
use kontor_platform::Outcome;
use kontor_platform::value::Id;
use serde_json::json;

fn all_at_once(w: &World, orders: &[Id]) -> Vec<Result<Outcome>> {
    std::thread::scope(|s| {
        let threads: Vec<_> = orders.iter().map(|id| s.spawn(|| w.run("sales-orders.confirm", *id, json!({})))).collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    })
}

#[test]
fn sal_03_sixty_four_orders_of_the_last_piece() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "1", "6");
        let orders: Vec<Id> = (0..64).map(|_| w.order("2026-02-01", json!([{"product_id": w.bolt, "quantity": 1}])).id.unwrap()).collect();
        let results = all_at_once(w, &orders);
        assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 1);
        for r in results.into_iter().filter(Result::is_err) {
            let (field, code, args) = refused(r);
            assert_eq!(
                (field.as_str(), code.as_str(), args),
                ("lines.0.quantity", "not_enough_stock", vec!["Болт М8".to_string(), "0".into(), "1".into()])
            );
        }
        assert_eq!((w.stock(w.bolt), w.owes().2.as_str()), (("1".into(), "1".into()), "12.00"));
        w.agrees();
    });
}

#[test]
fn fin_03_sixty_four_orders_on_the_last_credit() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "1000", "6");
        w.limit("20", 14);
        let orders: Vec<Id> = (0..64).map(|_| w.order("2026-02-01", json!([{"product_id": w.bolt, "quantity": 1}])).id.unwrap()).collect();
        let results = all_at_once(w, &orders);
        assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 1);
        for r in results.into_iter().filter(Result::is_err) {
            let (field, code, args) = refused(r);
            assert_eq!(
                (field.as_str(), code.as_str(), &args[..3]),
                ("partner_id", "credit_exceeded", ["20.00".to_string(), "24.00".into(), "4.00".into()].as_slice())
            );
        }
        assert_eq!((w.stock(w.bolt).1.as_str(), w.owes().2.as_str()), ("1", "12.00"));
        w.agrees();
    });
}

#[test]
fn fin_03_credit_is_debt_and_open_orders_and_cannot_be_passed_by_closing_and_reopening() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "1000", "6");
        w.limit("100", 14);
        let first = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 4}])).id.unwrap();
        let s = w.ship(first, "2026-02-02", json!(null)).unwrap();
        assert_eq!(s.data["due_date"], "2026-02-16");
        let second = w.confirmed("2026-02-03", json!([{"product_id": w.bolt, "quantity": 4}])).id.unwrap();
        let third = w.order("2026-02-03", json!([{"product_id": w.bolt, "quantity": 1}])).id.unwrap();
        let (_, code, args) = refused(w.run("sales-orders.confirm", third, json!({})));
        assert_eq!((code.as_str(), &args[..3]), ("credit_exceeded", ["100.00".to_string(), "108.00".into(), "8.00".into()].as_slice()));
        w.run("sales-orders.reopen", second, json!({})).unwrap();
        w.run("sales-orders.confirm", third, json!({})).unwrap();
        assert_eq!(refused(w.run("sales-orders.confirm", second, json!({}))).1, "credit_exceeded");
        let revise = |n: u32| w.run("sales-orders.revise", third, json!({"lines": [{"product_id": w.bolt, "quantity": n}]}));
        assert_eq!(refused(revise(5)).1, "credit_exceeded");
        revise(4).unwrap();
        w.pay("2026-02-10", "48");
        w.run("sales-orders.confirm", second, json!({})).unwrap();
        let direct = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-02-10", "post": true, "lines": [{"product_id": w.bolt, "quantity": 1, "price": "10"}]});
        assert_eq!(refused(w.create("shipments", direct.clone())).1, "credit_exceeded");
        let mut to_the_limit = direct;
        to_the_limit["lines"][0]["price"] = json!("4");
        w.create("shipments", to_the_limit).unwrap();
        w.agrees();
    });
}

#[test]
fn fin_03_warn_says_it_and_lets_it_pass() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "1", "6");
        w.limit("10", 14);
        w.run("companies.update", w.company, json!({"credit_control": "warn", "stock_control": "warn", "version": 1})).unwrap();
        let o = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 2}]));
        let codes: Vec<&str> = o.warnings.iter().map(|x| x.code.as_ref()).collect();
        assert_eq!(codes, ["credit_exceeded", "not_enough_stock"]);
        w.agrees();
    });
}

#[test]
fn fin_02_shipments_payments_and_reversals_of_one_partner_at_once() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "1000", "6");
        let orders: Vec<Id> =
            (0..24).map(|_| w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 2}])).id.unwrap()).collect();
        std::thread::scope(|s| {
            for (n, order) in orders.iter().enumerate() {
                s.spawn(move || {
                    let first = w
                        .ship(
                            *order,
                            "2026-02-02",
                            json!([{"order_line_id": w.get("sales-orders", *order)["lines"][0]["id"], "quantity": 1}]),
                        )
                        .unwrap();
                    let paid = w.pay("2026-02-03", "10");
                    w.ship(*order, "2026-02-04", json!(null)).unwrap();
                    match n % 3 {
                        0 => drop(w.run("payments.reverse", paid.id.unwrap(), json!({})).unwrap()),
                        1 => drop(w.run("shipments.reverse", first.id.unwrap(), json!({})).unwrap()),
                        _ => {}
                    }
                });
            }
        });
        assert_eq!((w.stock(w.bolt), w.owes().0.as_str()), (("960".into(), "8".into()), "320.00"));
        w.agrees();
    });
}
