//! Back again at each step: orders closed and cancelled by mistake, quotes under their orders, returns corrected and reversed.

use crate::world::{World, both, refused};
use kontor_platform::Outcome;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

fn state(w: &World, entity: &str, id: Id) -> String {
    w.text(entity, id, "state")
}

fn undo(w: &World, done: &Outcome) -> Outcome {
    w.run("audit.undo", done.audit_id.unwrap(), json!({})).unwrap()
}

fn quote(w: &World, quantity: u32) -> Id {
    let q = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-02-01", "lines": [{"product_id": w.bolt, "quantity": quantity}]});
    w.create("quotes", q).unwrap().id.unwrap()
}

fn order_of(w: &World, quote: Id) -> Id {
    let made = w.run("quotes.order", quote, json!({})).unwrap();
    Id::parse_str(made.data["sales_order_id"].as_str().unwrap()).unwrap()
}

#[test]
fn sal_02_a_closed_order_opens_again_and_holds_what_is_left() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "10", "6");
        let o = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 10}]));
        let id = o.id.unwrap();
        w.ship(id, "2026-02-02", json!([{"order_line_id": o.data["lines"][0]["id"], "quantity": 4}])).unwrap();
        let look = |w: &World| (state(w, "sales-orders", id), w.stock(w.bolt), w.owes());
        let before = look(w);
        assert_eq!((before.1.clone(), before.2.2.as_str()), (("6".into(), "6".into()), "72.00"));
        let closed = w.run("sales-orders.close", id, json!({})).unwrap();
        assert_eq!(look(w), ("closed".into(), ("6".into(), "0".into()), ("48.00".into(), before.2.1.clone(), "0.00".into())));
        w.agrees();
        let opened = undo(w, &closed);
        assert_eq!(look(w), before);
        w.agrees();
        undo(w, &opened);
        assert_eq!(state(w, "sales-orders", id), "closed", "undo of opening it again closes it");
        w.agrees();
        w.run("sales-orders.reopen", id, json!({})).unwrap();
        assert_eq!(look(w), before);
        assert_eq!(w.get("sales-orders", id)["lines"][0]["reserved_quantity"], "6");
        w.ship(id, "2026-02-03", json!(null)).unwrap();
        assert_eq!((w.stock(w.bolt), w.owes().2.as_str()), (("0".into(), "0".into()), "0.00"));
        w.agrees();
    });
}

#[test]
fn sal_02_what_a_closed_order_let_go_may_be_gone_when_it_opens() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "10", "6");
        w.limit("120", 14);
        let order = |n: u32| w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": n}])).id.unwrap();
        let first = order(6);
        w.run("sales-orders.close", first, json!({})).unwrap();
        let second = order(5);
        let (_, code, args) = refused(w.run("sales-orders.reopen", first, json!({})));
        assert_eq!((code.as_str(), &args[..3]), ("credit_exceeded", ["120.00".to_string(), "132.00".into(), "12.00".into()].as_slice()));
        assert_eq!((state(w, "sales-orders", first), w.stock(w.bolt).1), ("closed".into(), "5".into()));
        w.pay("2026-02-02", "50");
        assert_eq!(refused(w.run("sales-orders.reopen", first, json!({}))).1, "not_enough_stock", "five of ten are another's by now");
        w.run("sales-orders.cancel", second, json!({})).unwrap();
        w.run("sales-orders.reopen", first, json!({})).unwrap();
        assert_eq!((state(w, "sales-orders", first), w.stock(w.bolt).1), ("confirmed".into(), "6".into()));
        w.agrees();
    });
}

#[test]
fn sal_02_a_cancelled_order_comes_back_as_a_draft() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "10", "6");
        let id = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 3}])).id.unwrap();
        let cancelled = w.run("sales-orders.cancel", id, json!({"reason": "Передумав"})).unwrap();
        let back = undo(w, &cancelled);
        assert_eq!(
            (back.data["state"].as_str(), back.data["cancel_reason"].as_str(), w.stock(w.bolt).1.as_str()),
            (Some("draft"), None, "0")
        );
        w.agrees();
        undo(w, &back);
        assert_eq!(state(w, "sales-orders", id), "cancelled");
        w.run("sales-orders.reopen", id, json!({})).unwrap();
        w.run("sales-orders.confirm", id, json!({})).unwrap();
        assert_eq!(w.stock(w.bolt).1, "3");
        w.agrees();
    });
}

#[test]
fn sal_01_a_quote_goes_back_at_each_step() {
    both(|w| {
        let q = quote(w, 10);
        let run = |verb: &str, input: Json| w.run(&format!("quotes.{verb}"), q, input);
        let confirmed = run("confirm", json!({})).unwrap();
        let line = w.get("quotes", q)["lines"][0]["id"].clone();
        let revised = run("revise", json!({"lines": [{"id": line, "quantity": 8}]})).unwrap();
        assert_eq!(
            (revised.data["total"].as_str(), revised.data["revision"].as_i64(), revised.warnings.len()),
            (Some("96.00"), Some(1), 0)
        );
        let undone = undo(w, &confirmed);
        assert_eq!((undone.data["state"].as_str(), undone.data["total"].as_str()), (Some("draft"), Some("96.00")));
        undo(w, &undone);
        assert_eq!(state(w, "quotes", q), "confirmed");
        let closed = run("close", json!({})).unwrap();
        assert_eq!(refused(run("order", json!({}))).1, "state_refuses");
        let opened = undo(w, &closed);
        assert_eq!(opened.data["state"], "confirmed", "as it was, not a draft");
        undo(w, &opened);
        assert_eq!(state(w, "quotes", q), "closed");
        run("reopen", json!({})).unwrap();
        let cancelled = run("cancel", json!({"reason": "Дорого"})).unwrap();
        assert_eq!((cancelled.data["state"].as_str(), cancelled.data["cancel_reason"].as_str()), (Some("cancelled"), Some("Дорого")));
        let back = undo(w, &cancelled);
        assert_eq!((back.data["state"].as_str(), back.data["cancel_reason"].as_str()), (Some("draft"), None));
        w.agrees();
    });
}

#[test]
fn sal_01_a_quote_stays_as_long_as_its_order_lives() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "100", "6");
        let q = quote(w, 10);
        let run = |verb: &str, input: Json| w.run(&format!("quotes.{verb}"), q, input);
        run("confirm", json!({})).unwrap();
        let first = order_of(w, q);
        for verb in ["order", "cancel", "reopen"] {
            let (_, code, args) = refused(run(verb, json!({})));
            assert_eq!((code.as_str(), args), ("quote_has_order", vec!["SO-000001".to_string()]), "{verb}");
        }
        // Nor by an order that somebody writes himself.
        let own = json!({"company_id": w.company, "partner_id": w.client, "quote_id": q, "lines": [{"product_id": w.bolt, "quantity": 1}]});
        let twice = ("quote_id".to_string(), "quote_has_order".to_string(), vec!["SO-000001".to_string()]);
        assert_eq!(refused(w.create("sales-orders", own.clone())), twice);
        let without = w.order("2026-02-01", own["lines"].clone());
        let join = json!({"version": without.version, "quote_id": q});
        assert_eq!(refused(w.run("sales-orders.update", without.id.unwrap(), join)), twice);
        let line = w.get("quotes", q)["lines"][0]["id"].clone();
        let revised = run("revise", json!({"lines": [{"id": line, "quantity": 9}]})).unwrap();
        assert_eq!((revised.warnings[0].code.as_ref(), revised.warnings[0].args[0].1.as_str()), ("quote_ordered_before", "SO-000001"));
        assert_eq!(w.text("sales-orders", first, "total"), "120.00", "what is ordered is ordered");
        let closed = run("close", json!({})).unwrap();
        undo(w, &closed);
        assert_eq!(state(w, "quotes", q), "confirmed");
        w.run("sales-orders.confirm", first, json!({})).unwrap();
        assert_eq!(refused(run("cancel", json!({}))).1, "quote_has_order");
        w.run("sales-orders.cancel", first, json!({"reason": "x"})).unwrap();
        run("cancel", json!({})).unwrap();
        let (_, code, args) = refused(w.run("sales-orders.reopen", first, json!({})));
        assert_eq!((code.as_str(), args), ("quote_not_confirmed", vec!["Q-000001".to_string()]));
        run("reopen", json!({})).unwrap();
        run("confirm", json!({})).unwrap();
        let second = order_of(w, q);
        assert_eq!(w.text("sales-orders", second, "total"), "108.00");
        let (_, code, args) = refused(w.run("sales-orders.reopen", first, json!({})));
        assert_eq!((code.as_str(), args), ("quote_has_order", vec![w.text("sales-orders", second, "number")]));
        let draft = w.get("sales-orders", second)["version"].clone();
        w.run("sales-orders.delete", second, json!({"version": draft})).unwrap();
        w.run("sales-orders.reopen", first, json!({})).unwrap();
        assert_eq!(state(w, "sales-orders", first), "draft");
        w.agrees();
    });
}

#[test]
fn sal_05_a_return_is_corrected_and_taken_back() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "10", "6");
        let id = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 10}])).id.unwrap();
        let shipment = w.ship(id, "2026-02-02", json!(null)).unwrap().id.unwrap();
        w.pay("2026-02-03", "100");
        let look = |w: &World| {
            (w.stock(w.bolt), w.owes(), w.sold(w.bolt), w.text("shipments", shipment, "open"), w.text("sales-orders", id, "paid_total"))
        };
        let shipped = look(w);
        let back = json!({"company_id": w.company, "partner_id": w.client, "shipment_id": shipment, "date": "2026-02-10", "lines": [{"product_id": w.bolt, "quantity": 3}]});
        let back = w.create("returns", back).unwrap();
        let (r, line) = (back.id.unwrap(), back.data["lines"][0]["id"].clone());
        assert_eq!(look(w), shipped, "a draft moves nothing");
        let posted = w.run("returns.post", r, json!({})).unwrap();
        assert_eq!((w.stock(w.bolt).0.as_str(), w.owes().0.as_str(), w.sold(w.bolt)), ("3", "-16.00", (7, 7000, 1400, 4200)));
        w.agrees();
        assert_eq!(refused(w.run("shipments.reverse", shipment, json!({}))).1, "has_dependents");
        let revise = |n: u32| w.run("returns.revise", r, json!({"lines": [{"id": line, "quantity": n}]}));
        let (field, code, args) = refused(revise(11));
        assert_eq!((field.as_str(), code.as_str(), args), ("lines.0.quantity", "over_returned", vec!["10".to_string()]));
        assert_eq!(refused(w.run("returns.revise", r, json!({"shipment_id": null}))).1, "read_only");
        let fewer = revise(2).unwrap();
        assert_eq!((fewer.data["total"].as_str(), fewer.data["revision"].as_i64()), (Some("24.00"), Some(1)));
        assert_eq!((w.stock(w.bolt).0.as_str(), w.owes().0.as_str(), w.sold(w.bolt)), ("2", "-4.00", (8, 8000, 1600, 4800)));
        w.agrees();
        let undone = undo(w, &posted);
        assert_eq!((undone.data["state"].as_str(), look(w)), (Some("reversed"), shipped));
        w.agrees();
        assert_eq!(refused(w.run("returns.reverse", r, json!({}))).1, "state_refuses");
        assert_eq!(refused(revise(1)).1, "state_refuses");
        w.run("shipments.reverse", shipment, json!({})).unwrap();
        assert_eq!((w.stock(w.bolt), w.owes().0.as_str()), (("10".into(), "10".into()), "-100.00"));
        w.agrees();
    });
}

#[test]
fn sal_05_goods_of_a_return_that_were_sold_again_stay_returned() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "4", "6");
        let sell = |day: &str, n: u32| {
            let id = w.confirmed(day, json!([{"product_id": w.bolt, "quantity": n}])).id.unwrap();
            w.ship(id, day, json!(null)).unwrap().id.unwrap()
        };
        let first = sell("2026-02-01", 4);
        let back = json!({"company_id": w.company, "partner_id": w.client, "shipment_id": first, "date": "2026-02-02", "post": true, "lines": [{"product_id": w.bolt, "quantity": 2}]});
        let back = w.create("returns", back).unwrap();
        let second = sell("2026-02-03", 2);
        let (_, code, _) = refused(w.run("returns.reverse", back.id.unwrap(), json!({})));
        assert_eq!(code, "not_enough_stock");
        let line = back.data["lines"][0]["id"].clone();
        let (_, code, _) = refused(w.run("returns.revise", back.id.unwrap(), json!({"lines": [{"id": line, "quantity": 1}]})));
        assert_eq!(code, "not_enough_stock");
        w.agrees();
        w.run("shipments.reverse", second, json!({})).unwrap();
        w.agrees();
    });
}

#[test]
fn sal_05_a_return_settles_its_own_shipment_and_nothing_comes_back_of_a_draft() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "10", "6");
        let order = |n: u32| w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": n}])).id.unwrap();
        let older = w.ship(order(2), "2026-02-02", json!(null)).unwrap().id.unwrap();
        let newer = w.ship(order(3), "2026-02-05", json!(null)).unwrap().id.unwrap();
        let draft = w.create("shipments", json!({"sales_order_id": order(1), "date": "2026-02-06"})).unwrap().id.unwrap();
        let back = |shipment: kontor_platform::value::Id| {
            let lines = json!([{"product_id": w.bolt, "quantity": 1}]);
            w.create("returns", json!({"company_id": w.company, "partner_id": w.client, "shipment_id": shipment, "date": "2026-02-10", "lines": lines, "post": true}))
        };
        back(newer).unwrap();
        assert_eq!([older, newer].map(|s| w.text("shipments", s, "open")), ["24.00", "24.00"]);
        let (field, code, _) = refused(back(draft));
        assert_eq!((field.as_str(), code.as_str()), ("shipment_id", "not_posted"));
        w.agrees();
    });
}
