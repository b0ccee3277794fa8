//! Deal, quote, order, shipments, returns, payments; and back again at each step.

use crate::world::{World, both, line, refused};
use kontor_platform::value::Id;
use serde_json::json;

fn full(w: &World) {
    w.receive("2026-01-05", w.bolt, "100", "6");
    w.receive("2026-01-05", w.nut, "100", "1");
}

#[test]
fn sal_07_the_whole_chain_with_partial_shipments_and_payments() {
    both(|w| {
        full(w);
        let deal = w.made("deals", json!({"name": "Болти на рік", "partner_id": w.client, "currency": "UAH", "amount": "500"}));
        let quote = w
            .create("quotes", json!({"company_id": w.company, "partner_id": w.client, "date": "2026-02-01", "deal_id": deal, "lines": [{"product_id": w.bolt, "quantity": 10}, {"product_id": w.nut, "quantity": 20, "discount_percent": 10}]}))
            .unwrap();
        assert_eq!((quote.data["total"].as_str(), quote.data["vat_total"].as_str()), (Some("183.00"), Some("20.00")));
        let q = quote.id.unwrap();
        w.run("quotes.confirm", q, json!({})).unwrap();
        let made = w.run("quotes.order", q, json!({})).unwrap();
        let order = Id::parse_str(made.data["sales_order_id"].as_str().unwrap()).unwrap();
        assert_eq!(
            (w.text("sales-orders", order, "number"), w.text("sales-orders", order, "total")),
            ("SO-000001".into(), "183.00".into())
        );
        w.run("sales-orders.update", order, json!({"date": "2026-02-03", "version": 1})).unwrap();
        w.run("sales-orders.confirm", order, json!({})).unwrap();
        assert_eq!((w.stock(w.bolt), w.stock(w.nut)), (("100".into(), "10".into()), ("100".into(), "20".into())));
        assert_eq!(w.owes(), ("0.00".into(), "0.00".into(), "183.00".into()));
        w.agrees();
        partial_shipments(w, order);
        let all = w.chain("sales-orders", order);
        assert_eq!(
            all,
            [
                "0 deals open 500.00",
                "1 quotes confirmed 183.00",
                "2 sales-orders confirmed 183.00",
                "3 shipments posted 79.50",
                "4 payments posted 100.00",
                "3 shipments posted 103.50",
                "4 returns posted 24.00",
            ]
        );
        let paid = w.pay("2026-04-01", "59");
        assert_eq!(w.owes().0, "0.00");
        assert_eq!(w.text("sales-orders", order, "paid_total"), "183.00");
        assert_eq!(w.chain("payments", paid.id.unwrap())[0], all[0], "from the payment up to the deal");
        w.agrees();
    });
}

fn partial_shipments(w: &World, order: Id) {
    let data = w.get("sales-orders", order);
    let (bolts, nuts) = (data["lines"][0]["id"].clone(), data["lines"][1]["id"].clone());
    let first =
        w.ship(order, "2026-02-10", json!([{"order_line_id": bolts, "quantity": 4}, {"order_line_id": nuts, "quantity": 10}])).unwrap();
    assert_eq!(
        (first.data["total"].as_str(), first.data["number"].as_str(), first.data["margin"].as_str()),
        (Some("79.50"), Some("SH-000001"), Some("37.50"))
    );
    assert_eq!((w.stock(w.bolt), w.stock(w.nut)), (("96".into(), "6".into()), ("90".into(), "10".into())));
    assert_eq!(w.owes(), ("79.50".into(), "79.50".into(), "103.50".into()));
    assert_eq!(w.get("sales-orders", order)["shipped"], false);
    w.agrees();
    w.pay("2026-02-20", "100");
    assert_eq!((w.owes().0.as_str(), w.text("sales-orders", order, "paid_total").as_str()), ("-20.50", "79.50"));
    let (field, code, args) = refused(w.ship(order, "2026-03-01", json!([{"order_line_id": bolts, "quantity": 7}])));
    assert_eq!((field.as_str(), code.as_str(), args), ("lines.0.quantity", "over_shipped", vec!["11".to_string(), "10".into()]));
    let second = w.ship(order, "2026-03-01", json!(null)).unwrap();
    assert_eq!((second.data["total"].as_str(), second.data["open"].as_str()), (Some("103.50"), Some("83.00")), "the prepayment is set off");
    assert_eq!((w.stock(w.bolt), w.stock(w.nut)), (("90".into(), "0".into()), ("80".into(), "0".into())));
    assert_eq!(w.text("sales-orders", order, "shipped_total"), "183.00");
    assert_eq!(w.get("sales-orders", order)["shipped"], true);
    let (field, code, _) = refused(w.ship(order, "2026-03-02", json!(null)));
    assert_eq!((field.as_str(), code.as_str()), ("", "nothing_to_ship"));
    let back = json!({"company_id": w.company, "partner_id": w.client, "shipment_id": second.id, "date": "2026-03-10", "post": true, "lines": [{"product_id": w.bolt, "quantity": 2}]});
    let back = w.create("returns", back).unwrap();
    assert_eq!((back.data["total"].as_str(), w.owes().0.as_str(), w.stock(w.bolt).0.as_str()), (Some("24.00"), "59.00", "92"));
    let more = json!({"company_id": w.company, "partner_id": w.client, "shipment_id": second.id, "date": "2026-03-10", "post": true, "lines": [{"product_id": w.bolt, "quantity": 5, "price": "12"}]});
    let (field, code, args) = refused(w.create("returns", more));
    assert_eq!((field.as_str(), code.as_str(), args), ("lines.0.quantity", "over_returned", vec!["6".to_string()]));
    assert_eq!((w.sold(w.bolt), w.sold(w.nut)), ((8, 8000, 1600, 4800), (20, 6300, 0, 2000)));
    assert_eq!(
        (w.debt_at("2026-02-09"), w.debt_at("2026-02-10"), w.debt_at("2026-02-28"), w.debt_at("2026-03-01"), w.debt_at("2026-03-31")),
        (0, 7950, -2050, 8300, 5900)
    );
    assert_eq!((w.on_hand_at(w.bolt, "2026-02-09"), w.on_hand_at(w.bolt, "2026-02-10"), w.on_hand_at(w.bolt, "2026-03-09")), (100, 96, 90));
    w.agrees();
}

#[test]
fn sal_07_every_step_can_be_taken_back_and_the_balances_are_as_before() {
    both(|w| {
        full(w);
        let order = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 10}]));
        let id = order.id.unwrap();
        let look = |w: &World| (w.stock(w.bolt), w.owes(), w.sold(w.bolt), w.debt_at("2026-02-28"), w.on_hand_at(w.bolt, "2026-02-28"));
        let confirmed = look(w);
        let shipment = w.ship(id, "2026-02-10", json!(null)).unwrap().id.unwrap();
        let shipped = look(w);
        let payment = w.pay("2026-02-15", "120").id.unwrap();
        assert_eq!(w.owes().0, "0.00");
        let (_, code, args) = refused(w.run("sales-orders.cancel", id, json!({"reason": "x"})));
        assert_eq!((code.as_str(), args), ("order_has_shipments", vec!["SH-000001".to_string()]), "what stands in the way is named");
        assert_eq!(refused(w.run("sales-orders.reopen", id, json!({}))).1, "order_has_shipments");
        w.run("payments.reverse", payment, json!({})).unwrap();
        assert_eq!(look(w), shipped);
        w.agrees();
        w.run("shipments.reverse", shipment, json!({})).unwrap();
        assert_eq!(look(w), confirmed);
        assert_eq!(w.get("sales-orders", id)["lines"][0]["reserved_quantity"], "10");
        w.agrees();
        w.run("sales-orders.cancel", id, json!({"reason": "Передумав"})).unwrap();
        assert_eq!((w.stock(w.bolt), w.owes()), (("100".into(), "0".into()), ("0.00".into(), "0.00".into(), "0.00".into())));
        assert_eq!(
            (w.text("sales-orders", id, "state"), w.text("sales-orders", id, "cancel_reason")),
            ("cancelled".into(), "Передумав".into())
        );
        w.agrees();
        let (_, code, args) = refused(w.run("sales-orders.confirm", id, json!({})));
        assert_eq!((code.as_str(), args), ("state_refuses", vec!["cancelled".to_string(), "confirm".into()]));
    });
}

#[test]
fn sal_04_the_order_of_reversals_does_not_matter() {
    both(|w| {
        full(w);
        let id = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 10}])).id.unwrap();
        let shipment = w.ship(id, "2026-02-10", json!(null)).unwrap().id.unwrap();
        let payment = w.pay("2026-02-15", "50").id.unwrap();
        w.run("shipments.reverse", shipment, json!({})).unwrap();
        assert_eq!((w.owes().0.as_str(), w.text("payments", payment, "unallocated").as_str()), ("-50.00", "50.00"));
        w.agrees();
        w.ship(id, "2026-02-20", json!(null)).unwrap();
        assert_eq!((w.owes().0.as_str(), w.text("payments", payment, "unallocated").as_str()), ("70.00", "0.00"));
        w.run("payments.reverse", payment, json!({})).unwrap();
        assert_eq!((w.owes().0.as_str(), w.text("sales-orders", id, "paid_total").as_str()), ("120.00", "0.00"));
        w.agrees();
    });
}

#[test]
fn sal_03_a_line_without_stock_is_refused_unless_it_says_how_it_is_supplied() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "5", "6");
        let o = w.order("2026-02-01", json!([{"product_id": w.nut, "quantity": 1, "supply": "later"}, {"product_id": w.bolt, "quantity": 4}, {"product_id": w.bolt, "quantity": 2}, {"product_id": w.repair, "quantity": 3}]));
        let id = o.id.unwrap();
        let (field, code, args) = refused(w.run("sales-orders.confirm", id, json!({})));
        assert_eq!(
            (field.as_str(), code.as_str(), args),
            ("lines.2.quantity", "not_enough_stock", vec!["Болт М8".to_string(), "1".into(), "2".into()])
        );
        assert_eq!((w.stock(w.bolt), w.owes().2), (("5".into(), "0".into()), "0.00".into()), "nothing was half done");
        let lines = json!([{"id": line(&o, 0)}, {"id": line(&o, 1)}, {"id": line(&o, 2), "supply": "later"}, {"id": line(&o, 3)}]);
        w.run("sales-orders.update", id, json!({"lines": lines, "version": 1})).unwrap();
        let done = w.run("sales-orders.confirm", id, json!({})).unwrap();
        assert_eq!(done.data["lines"][1]["reserved_quantity"], "4");
        assert_eq!(w.stock(w.bolt), ("5".into(), "4".into()));
        let (_, code, _) = refused(w.ship(id, "2026-02-02", json!([{"order_line_id": line(&o, 0), "quantity": 1}])));
        assert_eq!(code, "not_enough_stock");
        w.receive("2026-02-03", w.nut, "1", "1");
        w.ship(id, "2026-02-03", json!([{"order_line_id": line(&o, 0)}, {"order_line_id": line(&o, 3)}])).unwrap();
        w.agrees();
        w.run("sales-orders.close", id, json!({})).unwrap();
        assert_eq!((w.stock(w.bolt), w.owes().2), (("5".into(), "0".into()), "0.00".into()), "a closed order holds nothing");
        w.agrees();
    });
}

#[test]
fn sal_02_a_revision_changes_what_is_held_and_keeps_what_is_shipped() {
    both(|w| {
        full(w);
        let o = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 10}, {"product_id": w.nut, "quantity": 5}]));
        let id = o.id.unwrap();
        w.ship(id, "2026-02-05", json!([{"order_line_id": line(&o, 0), "quantity": 4}])).unwrap();
        let lines = json!([{"id": line(&o, 0), "quantity": 6}, {"product_id": w.bolt, "quantity": 1}]);
        let revised = w.run("sales-orders.revise", id, json!({"lines": lines, "comment": "Менше"})).unwrap();
        assert_eq!(
            (revised.data["revision"].as_i64(), revised.data["number"].as_str(), revised.data["total"].as_str()),
            (Some(1), Some("SO-000001"), Some("84.00"))
        );
        assert_eq!((w.stock(w.bolt), w.stock(w.nut).1.as_str(), w.owes().2.as_str()), (("96".into(), "3".into()), "0", "36.00"));
        w.agrees();
        let (field, code, _) = refused(w.run("sales-orders.revise", id, json!({"lines": [{"id": line(&o, 0), "quantity": 3}]})));
        assert_eq!((field.as_str(), code.as_str()), ("lines.0.quantity", "over_shipped"));
        let (_, code, _) = refused(w.run("sales-orders.revise", id, json!({"lines": [{"product_id": w.nut, "quantity": 3}]})));
        assert_eq!(code, "over_shipped");
        let (_, code, _) = refused(w.run("sales-orders.revise", id, json!({"lines": [{"id": line(&o, 0), "quantity": 200}]})));
        assert_eq!(code, "not_enough_stock");
        w.agrees();
    });
}

#[test]
fn sal_04_a_posted_shipment_is_revised_under_its_number() {
    both(|w| {
        full(w);
        let o = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 10}]));
        let s = w.ship(o.id.unwrap(), "2026-02-05", json!(null)).unwrap();
        w.pay("2026-02-06", "120");
        let revised = w.run("shipments.revise", s.id.unwrap(), json!({"lines": [{"id": line(&s, 0), "quantity": 8}]})).unwrap();
        assert_eq!(
            (revised.data["number"].as_str(), revised.data["revision"].as_i64(), revised.data["total"].as_str()),
            (Some("SH-000001"), Some(1), Some("96.00"))
        );
        assert_eq!((w.stock(w.bolt), w.owes()), (("92".into(), "2".into()), ("-24.00".into(), "0.00".into(), "24.00".into())));
        assert_eq!((w.sold(w.bolt), w.debt_at("2026-02-05")), ((8, 8000, 1600, 4800), 9600));
        let (_, code, _) = refused(w.run("shipments.revise", s.id.unwrap(), json!({"lines": [{"id": line(&s, 0), "quantity": 11}]})));
        assert_eq!(code, "over_shipped");
        w.agrees();
    });
}

#[test]
fn sal_04_a_shipment_of_an_order_is_with_whom_and_at_what_the_order_says() {
    both(|w| {
        full(w);
        let id = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 10}])).id.unwrap();
        let other = w.made("partners", json!({"name": "Інший", "country": "UA"}));
        let (field, code, _) = refused(w.create("shipments", json!({"sales_order_id": id, "date": "2026-02-05", "partner_id": other})));
        assert_eq!((field.as_str(), code.as_str()), ("partner_id", "read_only"));
        for (name, value, code) in [("price", "11", "read_only"), ("product_id", &*w.nut.to_string(), "line_unknown")] {
            let mut line = json!({"product_id": w.bolt, "quantity": 1});
            line[name] = json!(value);
            assert_eq!(refused(w.ship(id, "2026-02-05", json!([line]))).1, code, "{name}");
        }
        let same = json!([{"product_id": w.bolt, "quantity": 1, "price": "12.00"}]);
        assert_eq!(w.ship(id, "2026-02-05", same).unwrap().data["total"], "12.00", "said as the order has it");
        w.agrees();
    });
}

#[test]
fn sal_04_only_a_confirmed_order_is_shipped() {
    both(|w| {
        full(w);
        let id = w.order("2026-02-01", json!([{"product_id": w.bolt, "quantity": 10}])).id.unwrap();
        for (verb, then) in [("", "confirm"), ("cancel", "reopen"), ("close", "reopen")] {
            if !verb.is_empty() {
                w.run(&format!("sales-orders.{verb}"), id, json!({})).unwrap();
            }
            let (field, code, _) = refused(w.ship(id, "2026-02-05", json!([{"product_id": w.bolt, "quantity": 1}])));
            assert_eq!((field.as_str(), code.as_str()), ("sales_order_id", "order_not_confirmed"), "{verb}");
            w.run(&format!("sales-orders.{then}"), id, json!({})).unwrap();
            if w.text("sales-orders", id, "state") == "draft" {
                w.run("sales-orders.confirm", id, json!({})).unwrap();
            }
        }
        w.ship(id, "2026-02-05", json!(null)).unwrap();
        w.agrees();
    });
}

#[test]
fn sal_04_a_shipment_without_an_order() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "5", "6");
        let input = |lines: serde_json::Value| json!({"company_id": w.company, "partner_id": w.client, "warehouse_id": w.warehouse, "date": "2026-02-01", "post": true, "lines": lines});
        let s = w.create("shipments", input(json!([{"product_id": w.bolt, "quantity": 2, "price": "10", "discount_percent": "5"}, {"product_id": w.repair, "quantity": 1, "price": "99.99"}]))).unwrap();
        assert_eq!(
            (s.data["total"].as_str(), s.data["vat_total"].as_str(), w.stock(w.bolt).0.as_str()),
            (Some("118.99"), Some("19.83"), "3")
        );
        assert_eq!(s.data["frozen"]["partner"]["name"], "Клієнт");
        assert_eq!((s.data["frozen"]["company"]["tax_id"].as_str(), s.data["country"].as_str()), (Some("123"), Some("UA")));
        assert_eq!(
            refused(w.create("shipments", input(json!([{"product_id": w.bolt, "quantity": 4, "price": "10"}])))).1,
            "not_enough_stock"
        );
        let unpriced = w.made("products", json!({"name": "Без ціни", "sku": "X1", "unit_id": w.unit, "kind": "service"}));
        let (field, code, _) = refused(w.create("shipments", input(json!([{"product_id": unpriced, "quantity": 1}]))));
        assert_eq!((field.as_str(), code.as_str()), ("lines.0.price", "price_missing"));
        assert_eq!(refused(w.create("shipments", input(json!([])))).0, "lines");
        assert_eq!(refused(w.create("shipments", json!({"lines": [{"product_id": w.bolt, "quantity": 1, "price": "1"}]}))).0, "company_id");
        w.run("shipments.reverse", s.id.unwrap(), json!({})).unwrap();
        assert_eq!((w.stock(w.bolt).0.as_str(), w.owes().0.as_str(), w.sold(w.bolt)), ("5", "0.00", (0, 0, 0, 0)));
        w.agrees();
    });
}

#[test]
fn fin_02_chosen_allocations_and_their_field_errors() {
    both(|w| {
        full(w);
        let ship = |n: u32| {
            let id = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": n}])).id.unwrap();
            w.ship(id, "2026-02-05", json!(null)).unwrap().id.unwrap()
        };
        let (first, second) = (ship(1), ship(2));
        let pay = |allocations: serde_json::Value| {
            w.create("payments", json!({"company_id": w.company, "partner_id": w.client, "date": "2026-02-20", "amount": "30", "currency": "UAH", "direction": "in", "allocations": allocations}))
        };
        let p = pay(json!([{"document_id": second, "amount": "20"}])).unwrap();
        let posted = w.run("payments.post", p.id.unwrap(), json!({})).unwrap();
        assert_eq!((posted.data["unallocated"].as_str(), posted.data["number"].as_str()), (Some("10.00"), Some("PM-000001")));
        assert_eq!((w.text("shipments", first, "open"), w.text("shipments", second, "open")), ("12.00".into(), "4.00".into()));
        let p = pay(json!([{"document_id": second, "amount": "5"}])).unwrap().id.unwrap();
        let (field, code, args) = refused(w.run("payments.post", p, json!({})));
        assert_eq!((field.as_str(), code.as_str(), args[0].as_str()), ("allocations.0.amount", "allocation_over_document", "4.00"));
        assert_eq!(refused(pay(json!([{"document_id": second, "amount": "0.001"}]))).1, "amount_decimals");
        w.agrees();
    });
}

#[test]
fn sal_02_documents_of_a_closed_period_are_refused_and_corrected_on_the_first_open_day() {
    both(|w| {
        full(w);
        let id = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 3}])).id.unwrap();
        let s = w.ship(id, "2026-02-10", json!(null)).unwrap().id.unwrap();
        w.run("companies.update", w.company, json!({"closed_until": "2026-02-28", "version": 1})).unwrap();
        assert_eq!(refused(w.ship(id, "2026-02-11", json!(null))).1, "nothing_to_ship");
        let direct = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-02-28", "post": true, "lines": [{"product_id": w.bolt, "quantity": 1, "price": "1"}]});
        assert_eq!(refused(w.create("shipments", direct)).1, "period_closed");
        w.run("shipments.reverse", s, json!({})).unwrap();
        assert_eq!(
            (w.on_hand_at(w.bolt, "2026-02-28"), w.on_hand_at(w.bolt, "2026-03-01"), w.debt_at("2026-02-28"), w.debt_at("2026-03-01")),
            (97, 100, 3600, 0)
        );
        w.agrees();
    });
}

#[test]
fn sal_07_an_order_is_shipped_when_its_quantities_are_whatever_cents_say() {
    both(|w| {
        full(w);
        // Three for 10.01 each in parts of one: each part rounds its VAT by itself, the last takes the rest.
        let lines =
            json!([{"product_id": w.bolt, "quantity": 3, "price": "10.01"}, {"product_id": w.nut, "quantity": 3, "price": "0.335"}]);
        let order = w.made(
            "sales-orders",
            json!({"company_id": w.company, "partner_id": w.client, "date": "2026-02-01", "confirm": true, "lines": lines}),
        );
        let data = w.get("sales-orders", order);
        let (bolts, nuts) = (data["lines"][0]["id"].clone(), data["lines"][1]["id"].clone());
        for day in ["2026-02-02", "2026-02-03"] {
            w.ship(order, day, json!([{"order_line_id": bolts, "quantity": 1}, {"order_line_id": nuts, "quantity": 1}])).unwrap();
            assert_eq!(w.get("sales-orders", order)["shipped"], false);
        }
        w.ship(order, "2026-02-04", json!(null)).unwrap();
        assert_eq!(w.get("sales-orders", order)["shipped"], true);
        assert_eq!(w.text("sales-orders", order, "shipped_total"), w.text("sales-orders", order, "total"));
        w.agrees();
    });
}
