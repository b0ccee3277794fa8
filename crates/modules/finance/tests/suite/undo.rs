//! Undo, repeats and dry runs of the verbs; a checker that finds what was altered behind its back.

use crate::world::{both, refused};
use kontor_platform::store::Priority;
use kontor_platform::{Ctx, Envelope};
use serde_json::json;

#[test]
fn plt_19_undo_of_confirm_post_and_payment() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "10", "6");
        let o = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 3}]));
        let s = w.create("shipments", json!({"sales_order_id": o.id, "date": "2026-02-02"})).unwrap();
        let s = w.run("shipments.post", s.id.unwrap(), json!({})).unwrap();
        let p = w.create("payments", json!({"company_id": w.company, "partner_id": w.client, "date": "2026-02-03", "amount": "36", "currency": "UAH", "direction": "in"})).unwrap();
        let p = w.run("payments.post", p.id.unwrap(), json!({})).unwrap();
        assert_eq!(refused(w.run("audit.undo", o.audit_id.unwrap(), json!({}))).1, "order_has_shipments");
        for done in [&p, &s, &o] {
            w.run("audit.undo", done.audit_id.unwrap(), json!({})).unwrap();
            w.agrees();
        }
        assert_eq!(
            (w.stock(w.bolt), w.owes().0.as_str(), w.text("sales-orders", o.id.unwrap(), "state").as_str()),
            (("10".into(), "0".into()), "0.00", "draft")
        );
    });
}

#[test]
fn plt_21_a_repeated_command_is_done_once_and_a_dry_run_not_at_all() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "10", "6");
        let o = w.order("2026-02-01", json!([{"product_id": w.bolt, "quantity": 3}]));
        let mut env = Envelope::new("sales-orders.confirm", json!({})).on(o.id.unwrap());
        env.dry_run = true;
        let seen = w.app.execute(&Ctx::system(), env.clone()).unwrap();
        assert_eq!((seen.data["state"].as_str(), w.stock(w.bolt).1.as_str()), (Some("confirmed"), "0"));
        env.dry_run = false;
        env.idempotency_key = Some("one".into());
        w.app.execute(&Ctx::system(), env.clone()).unwrap();
        assert!(w.app.execute(&Ctx::system(), env).unwrap().replayed);
        assert_eq!(w.stock(w.bolt).1, "3");
        let mut env = Envelope::new("shipments.create", json!({"sales_order_id": o.id, "post": true}));
        env.idempotency_key = Some("two".into());
        let first = w.app.execute(&Ctx::system(), env.clone()).unwrap();
        assert_eq!(w.app.execute(&Ctx::system(), env).unwrap().id, first.id);
        assert_eq!(w.stock(w.bolt), ("7".into(), "0".into()));
        w.agrees();
    });
}

#[test]
fn plt_28_the_checker_names_what_was_altered() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "10", "6");
        let o = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 3}]));
        w.ship(o.id.unwrap(), "2026-02-02", json!([{"order_line_id": o.data["lines"][0]["id"], "quantity": 1}])).unwrap();
        w.pay("2026-02-03", "5");
        w.agrees();
        let alter = |sql: &'static str| {
            w.app.store.write(Priority::People, move |c| c.exec(sql, &[])).unwrap();
            let found: Vec<String> = w.app.check().unwrap().into_iter().map(|d| d.place).collect();
            assert!(!found.is_empty(), "not found: {sql}");
            found
        };
        for (there, back) in [
            (
                "UPDATE reg_stock_movements SET on_hand = on_hand - 1 WHERE recorder_entity = 'shipments'",
                "UPDATE reg_stock_movements SET on_hand = on_hand + 1 WHERE recorder_entity = 'shipments'",
            ),
            ("UPDATE reg_sales_movements SET revenue = revenue + 1", "UPDATE reg_sales_movements SET revenue = revenue - 1"),
            (
                "UPDATE settlement_documents SET open = open + 1 WHERE entity = 'payments'",
                "UPDATE settlement_documents SET open = open - 1 WHERE entity = 'payments'",
            ),
            (
                "UPDATE sales_order_lines SET shipped_quantity = shipped_quantity + 1",
                "UPDATE sales_order_lines SET shipped_quantity = shipped_quantity - 1",
            ),
            ("UPDATE sales_orders SET paid_total = paid_total + 1", "UPDATE sales_orders SET paid_total = paid_total - 1"),
            ("UPDATE sales_orders SET shipped_total = shipped_total + 1", "UPDATE sales_orders SET shipped_total = shipped_total - 1"),
            ("UPDATE shipment_lines SET amount = amount + 1", "UPDATE shipment_lines SET amount = amount - 1"),
            (
                "UPDATE sequences SET value = value - 1 WHERE series LIKE 'sales-orders%'",
                "UPDATE sequences SET value = value + 1 WHERE series LIKE 'sales-orders%'",
            ),
            ("UPDATE payments SET amount = amount + 1", "UPDATE payments SET amount = amount - 1"),
        ] {
            alter(there);
            w.app.store.write(Priority::People, move |c| c.exec(back, &[])).unwrap();
            w.agrees();
        }
    });
}

#[test]
fn plt_19_undo_of_an_undo_does_the_work_again_or_is_refused() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "10", "6");
        let o = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 3}]));
        let undo = |done: &kontor_platform::Outcome| w.run("audit.undo", done.audit_id.unwrap(), json!({}));
        let draft = undo(&o).unwrap();
        assert_eq!((draft.data["state"].as_str(), w.stock(w.bolt).1.as_str()), (Some("draft"), "0"));
        let again = undo(&draft).unwrap();
        assert_eq!((again.data["state"].as_str(), w.stock(w.bolt).1.as_str(), w.owes().2.as_str()), (Some("confirmed"), "3", "36.00"));
        w.agrees();
        let s = w.create("shipments", json!({"sales_order_id": o.id, "date": "2026-02-02"})).unwrap();
        let s = w.run("shipments.post", s.id.unwrap(), json!({})).unwrap();
        let reversed = undo(&s).unwrap();
        assert_eq!(refused(undo(&reversed)).1, "undo_impossible", "what is reversed stays so: the goods may be gone");
        assert_eq!((w.text("shipments", s.id.unwrap(), "state").as_str(), w.stock(w.bolt)), ("reversed", ("10".into(), "3".into())));
        w.agrees();
    });
}

#[test]
fn plt_19_what_was_taken_back_already_is_said_to_be() {
    both(|w| {
        let undo = |done: &kontor_platform::Outcome| w.run("audit.undo", done.audit_id.unwrap(), json!({}));
        let twice = |done: &kontor_platform::Outcome| {
            undo(done).unwrap();
            assert_eq!(refused(undo(done)).1, "undo_done", "{}", *done.data);
        };
        // Posted from the first, and posted by a verb.
        let price = json!({"price_type_id": w.price_type, "product_id": w.nut, "price": "5", "valid_from": "2026-02-01"});
        let at_once = w.create("prices", price.clone()).unwrap();
        let change = at_once.data["price_change_id"].as_str().and_then(|c| c.parse().ok()).unwrap();
        twice(&at_once);
        assert_eq!(w.text("price-changes", change, "state"), "reversed");
        let lines = json!([{"price_type_id": w.price_type, "product_id": w.nut, "price": "6"}]);
        let draft = w.create("price-changes", json!({"valid_from": "2026-02-01", "lines": lines})).unwrap();
        twice(&w.run("price-changes.post", draft.id.unwrap(), json!({})).unwrap());
        w.receive("2026-01-05", w.bolt, "10", "6");
        twice(&w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 3}])));
        let p = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-02-03", "amount": "36", "currency": "UAH", "direction": "in"});
        let p = w.create("payments", p).unwrap();
        twice(&w.run("payments.post", p.id.unwrap(), json!({})).unwrap());
        // An edit, and the removal of a draft.
        let draft = w.order("2026-02-01", json!([{"product_id": w.bolt, "quantity": 1}]));
        twice(&w.run("sales-orders.update", draft.id.unwrap(), json!({"version": draft.version, "comment": "x"})).unwrap());
        twice(&w.run("sales-orders.delete", draft.id.unwrap(), json!({})).unwrap());
        w.agrees();
    });
}
