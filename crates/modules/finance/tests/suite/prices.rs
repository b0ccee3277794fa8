//! Prices of lines, amounts, VAT and rounding.

use crate::world::{both, line, refused};
use kontor_platform::Ctx;
use kontor_platform::app::Asked;
use serde_json::json;

#[test]
fn sal_02_a_price_by_hand_stays_when_the_quantity_changes() {
    both(|w| {
        let o =
            w.order("2026-02-01", json!([{"product_id": w.bolt, "quantity": 1, "price": "11.25"}, {"product_id": w.nut, "quantity": 2}]));
        let l = &o.data["lines"];
        assert_eq!(
            (l[0]["price"].as_str(), l[0]["rule_price"].as_str(), l[0]["manual_price"].as_bool()),
            (Some("11.25"), Some("12"), Some(true))
        );
        assert_eq!(
            (l[1]["price"].as_str(), l[1]["manual_price"].as_bool(), l[1]["amount"].as_str()),
            (Some("3.5"), Some(false), Some("7.00"))
        );
        assert!(l[0].get("trace").is_none(), "the trace is told on its own page");
        let id = o.id.unwrap();
        let echo = json!([{"id": line(&o, 0), "quantity": 5, "price": "11.25"}, {"id": line(&o, 1), "quantity": 4, "price": "3.50"}]);
        let o2 = w.run("sales-orders.update", id, json!({"lines": echo, "version": 1})).unwrap();
        assert_eq!((o2.data["lines"][0]["amount"].as_str(), o2.data["lines"][1]["manual_price"].as_bool()), (Some("56.25"), Some(false)));
        let rule = json!([{"id": line(&o, 0), "price": null}, {"id": line(&o, 1)}]);
        let o3 = w.run("sales-orders.update", id, json!({"lines": rule, "version": 2})).unwrap();
        assert_eq!(
            (o3.data["lines"][0]["price"].as_str(), o3.data["lines"][0]["manual_price"].as_bool(), o3.data["total"].as_str()),
            (Some("12"), Some(false), Some("74.00"))
        );
        let q = w.app.registry.questions.iter().find(|q| q.path == "sales-orders/{id}/lines/{line}/price").unwrap();
        let asked = Asked { path: [("id".into(), id.to_string()), ("line".into(), line(&o, 0).to_string())].into(), ..Default::default() };
        let told = (q.run)(&w.app, &Ctx::system(), &asked).unwrap();
        assert_eq!((told["price"].as_str(), told["currency"].as_str()), (Some("12"), Some("UAH")));
        assert!(told["steps"].as_array().is_some_and(|s| !s.is_empty()), "{told}");
    });
}

#[test]
fn sal_02_a_line_without_a_price_is_saved_but_not_confirmed() {
    both(|w| {
        let bare = w.made("products", json!({"name": "Без ціни", "unit_id": w.unit, "kind": "service"}));
        let o = w.order("2026-02-01", json!([{"product_id": bare, "quantity": 1}]));
        assert_eq!((o.warnings[0].field.as_str(), o.warnings[0].code.as_ref()), ("lines.0.price", "price_missing"));
        let (field, code, args) = refused(w.run("sales-orders.confirm", o.id.unwrap(), json!({})));
        assert_eq!((field.as_str(), code.as_str(), args), ("lines.0.price", "price_missing", vec!["Без ціни".to_string()]));
    });
}

#[test]
fn sal_02_other_units_cost_their_ratio_and_move_stock_units() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "30", "6");
        let boxes = w.app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = 'box'", &[])?.id(0)).unwrap();
        let o = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 2, "unit_id": boxes}]));
        assert_eq!(
            (o.data["lines"][0]["price"].as_str(), o.data["total"].as_str(), w.stock(w.bolt).1.as_str()),
            (Some("144"), Some("288.00"), "24")
        );
        w.ship(o.id.unwrap(), "2026-02-02", json!([{"order_line_id": line(&o, 0), "quantity": "0.5"}])).unwrap();
        assert_eq!(w.stock(w.bolt), ("24".into(), "18".into()));
        assert_eq!(w.get("sales-orders", o.id.unwrap())["lines"][0]["reserved_quantity"], "1.5");
        let hours = w.app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = 'h'", &[])?.id(0)).unwrap();
        let bad =
            json!({"company_id": w.company, "partner_id": w.client, "lines": [{"product_id": w.bolt, "quantity": 1, "unit_id": hours}]});
        assert_eq!(refused(w.create("sales-orders", bad)).1, "unit_not_of_product");
        w.agrees();
    });
}

/// (VAT basis, price, quantity, discount) of each line, all at 20 %: total, VAT, net.
#[test]
fn sal_02_vat_and_rounding_golden_cases() {
    let cases = [
        ("included", vec![("0.05", "1", "0")], ("0.05", "0.01", "0.04")),
        ("included", vec![("0.33", "1", "0"), ("0.33", "1", "0"), ("0.33", "1", "0")], ("0.99", "0.17", "0.82")),
        ("excluded", vec![("0.33", "1", "0"), ("0.33", "1", "0"), ("0.33", "1", "0")], ("1.19", "0.20", "0.99")),
        ("exempt", vec![("0.33", "3", "0")], ("0.99", "0.00", "0.99")),
        ("included", vec![("19.99", "3", "7.5")], ("55.47", "9.25", "46.22")),
        ("excluded", vec![("1.005", "1", "0")], ("1.21", "0.20", "1.01")),
        ("excluded", vec![("0.000001", "1000000", "0"), ("2.345", "2", "50")], ("4.02", "0.67", "3.35")),
        ("included", vec![("100", "1", "100")], ("0.00", "0.00", "0.00")),
    ];
    both(|w| {
        for (vat, lines, want) in &cases {
            let lines: Vec<_> =
                lines.iter().map(|(p, q, d)| json!({"product_id": w.repair, "quantity": q, "price": p, "discount_percent": d})).collect();
            let o = w.create("sales-orders", json!({"company_id": w.company, "partner_id": w.client, "vat": vat, "lines": lines})).unwrap();
            let sum = |c: &str| o.data[c].as_str().unwrap().to_string();
            assert_eq!((sum("total").as_str(), sum("vat_total").as_str(), sum("net_total").as_str()), *want, "{vat} {lines:?}");
            let id = o.id.unwrap();
            w.run("sales-orders.confirm", id, json!({})).unwrap();
            let s = w.ship(id, "2026-11-01", json!(null)).unwrap();
            assert_eq!(
                (s.data["total"].as_str(), s.data["vat_total"].as_str()),
                (Some(want.0), Some(want.1)),
                "the shipment says the same"
            );
        }
        w.agrees();
    });
}

#[test]
fn sal_02_what_an_order_refuses() {
    both(|w| {
        let order = |line: serde_json::Value| {
            refused(w.create("sales-orders", json!({"company_id": w.company, "partner_id": w.client, "lines": [line]})))
        };
        assert_eq!(order(json!({"product_id": w.bolt, "quantity": 0})).1, "quantity_zero");
        assert_eq!(order(json!({"product_id": w.bolt, "quantity": -1})).1, "quantity_negative");
        assert_eq!(order(json!({"product_id": w.bolt, "quantity": 1, "price": -1})).1, "negative_price");
        assert_eq!(
            order(json!({"product_id": w.bolt, "quantity": 1, "discount_percent": 101})),
            ("lines.0.discount_percent".into(), "out_of_range".into(), vec!["0".into(), "100".into()])
        );
        assert_eq!(order(json!({"product_id": w.bolt, "quantity": "9000000000000", "price": "9000000000000"})).0, "lines.0.price");
        let other = w.made("companies", json!({"name": "Інша", "currency": "UAH", "country": "UA"}));
        let foreign = w.made("warehouses", json!({"name": "Чужий", "company_id": other}));
        assert_eq!(order(json!({"product_id": w.bolt, "quantity": 1, "warehouse_id": foreign})).1, "warehouse_other_company");
        let e = refused(w.create("sales-orders", json!({"company_id": w.company, "partner_id": w.client})));
        assert_eq!((e.0.as_str(), e.1.as_str()), ("lines", "required"));
    });
}
