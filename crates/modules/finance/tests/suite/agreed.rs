//! What an agreement says beside prices and payment takes effect in the documents under it.

use crate::world::{World, both, refused};
use kontor_platform::Result;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

fn with(mut all: Json, more: Json) -> Json {
    all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    all
}

fn agreement(w: &World, more: Json) -> Result<Id> {
    let all = json!({"company_id": w.company, "partner_id": w.client, "price_type_id": w.price_type, "currency": "UAH"});
    w.create("agreements", with(all, more)).map(|o| o.id.unwrap())
}

fn order(w: &World, more: Json) -> Json {
    let all =
        json!({"company_id": w.company, "partner_id": w.client, "date": "2026-11-23", "lines": [{"product_id": w.bolt, "quantity": "10"}]});
    w.create("sales-orders", with(all, more)).unwrap().data.into_tree()
}

fn id(o: &Json) -> Id {
    o["id"].as_str().unwrap().parse().unwrap()
}

#[test]
fn agr_01_a_line_for_a_segment_of_products_prices_them() {
    both(|w| {
        let bolts = w.made("segments", json!({"name": "Болти", "members": "products", "filter": {"sku": "B8"}}));
        let clients = w.made("segments", json!({"name": "Клієнти", "filter": {"country": "UA"}}));
        let e = refused(agreement(w, json!({"lines": [{"product_segment_id": clients, "price": "9"}]})));
        assert_eq!((e.0.as_str(), e.1.as_str()), ("lines.0.product_segment_id", "segment_of_partners"));
        let e = refused(agreement(w, json!({"lines": [{"product_segment_id": bolts, "product_id": w.bolt, "price": "9"}]})));
        assert_eq!(e.1, "product_or_category");
        agreement(w, json!({"discount_percent": "3", "lines": [{"product_segment_id": bolts, "price": "9"}]})).unwrap();
        let o = order(w, json!({"lines": [{"product_id": w.bolt, "quantity": "10"}, {"product_id": w.nut, "quantity": "1"}]}));
        let told: Vec<Json> = o["lines"].as_array().unwrap().iter().map(|l| json!([l["price"], l["discount_percent"]])).collect();
        assert_eq!(told, [json!(["9", "0"]), json!(["3.5", "3"])]);
    });
}

#[test]
fn agr_01_the_tax_regime_decides_the_vat_of_the_documents() {
    both(|w| {
        for (n, regime) in ["no_vat", "simplified", "export"].into_iter().enumerate() {
            let e = refused(agreement(w, json!({"tax_regime": regime, "vat": "included"})));
            assert_eq!((e.0.as_str(), e.1.as_str()), ("vat", "vat_of_regime"));
            let of = agreement(w, json!({"tax_regime": regime, "priority": n})).unwrap();
            assert_eq!(w.text("agreements", of, "vat"), "exempt");
            // 12.00 with VAT of 20 % is 10.00 without.
            let o = order(w, json!({"agreement_id": of}));
            assert_eq!(
                (&o["vat"], &o["lines"][0]["price"], &o["total"], &o["vat_total"]),
                (&json!("exempt"), &json!("10"), &json!("100.00"), &json!("0.00"))
            );
            w.run("agreements.close", of, json!({})).unwrap();
        }
        let of = agreement(w, json!({"tax_regime": "vat"})).unwrap();
        let o = order(w, json!({"agreement_id": of}));
        assert_eq!((&o["vat"], &o["total"], &o["vat_total"]), (&json!("included"), &json!("120.00"), &json!("20.00")));
        // Who goes over to the simplified regime sells without VAT from then on; a document that keeps it departs from the terms.
        let version = w.get("agreements", of)["version"].clone();
        w.run("agreements.update", of, json!({"version": version, "tax_regime": "simplified"})).unwrap();
        assert_eq!(order(w, json!({}))["total"], json!("100.00"));
        let kept = order(w, json!({"vat": "included", "lines": [{"product_id": w.repair, "quantity": "1"}]}));
        let done = w.run("sales-orders.confirm", id(&kept), json!({})).unwrap();
        assert_eq!(done.data["deviations"][0]["code"], json!("deviation_vat"));
    });
}

#[test]
fn agr_01_supply_schedule_packaging_and_kind_of_sale_go_into_orders_and_shipments() {
    both(|w| {
        let second = w.made("warehouses", json!({"name": "Другий", "company_id": w.company}));
        let other = w.made("companies", json!({"name": "ТОВ Друга", "currency": "UAH", "country": "UA"}));
        let theirs = w.made("warehouses", json!({"name": "Чужий", "company_id": other}));
        assert_eq!(refused(agreement(w, json!({"warehouse_id": theirs}))).1, "warehouse_other_company");
        agreement(
            w,
            json!({"sale_kind": "commission", "packaging_days": 30, "warehouse_id": second, "fulfilment": "later", "delivery_weekdays": ["tue", "fri"], "delivery_lead_days": 2}),
        )
        .unwrap();
        for collection in ["quotes", "sales-orders"] {
            let input = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-11-23", "lines": [{"product_id": w.bolt, "quantity": "10"}, {"product_id": w.nut, "quantity": "1", "supply": "stock"}]});
            let o = w.create(collection, input).unwrap().data;
            assert_eq!(
                [&o["sale_kind"], &o["packaging_days"], &o["warehouse_id"], &o["lines"][0]["supply"], &o["lines"][1]["supply"]],
                [&json!("commission"), &json!(30), &json!(second), &json!("later"), &json!("stock")],
                "{collection}"
            );
        }
        // Monday and two days: the next Friday. What is written stays.
        let o = order(w, json!({}));
        assert_eq!(o["ship_on"], json!("2026-11-27"));
        assert_eq!(order(w, json!({"ship_on": "2026-11-24", "warehouse_id": w.warehouse}))["ship_on"], json!("2026-11-24"));
        // By later supply nothing is reserved, so an empty warehouse is no obstacle.
        let done = w.run("sales-orders.confirm", id(&o), json!({})).unwrap();
        assert_eq!((&done.data["state"], &done.data["deviations"]), (&json!("confirmed"), &Json::Null));
        assert_eq!(w.stock(w.bolt).1, "0");
        let lines = json!([{"product_id": w.bolt, "quantity": "20", "cost": "6"}]);
        w.create(
            "stock-receipts",
            json!({"company_id": w.company, "warehouse_id": second, "date": "2026-11-24", "post": true, "lines": lines}),
        )
        .unwrap();
        let s = w.ship(id(&o), "2026-11-27", Json::Null).unwrap().data;
        assert_eq!(
            [&s["sale_kind"], &s["packaging_return_on"], &s["warehouse_id"], &s["state"]],
            [&json!("commission"), &json!("2026-12-27"), &json!(second), &json!("posted")]
        );
        // By itself a shipment takes them from the agreement.
        let s = w.create("shipments", json!({"company_id": w.company, "partner_id": w.client, "date": "2026-11-28", "lines": [{"product_id": w.bolt, "quantity": "1", "price": "12"}]})).unwrap();
        assert_eq!((&s.data["sale_kind"], &s.data["packaging_return_on"]), (&json!("commission"), &json!("2026-12-28")));
        let moved = w.run("shipments.update", s.id.unwrap(), json!({"version": s.version, "date": "2026-11-29"})).unwrap();
        assert_eq!(moved.data["packaging_return_on"], json!("2026-12-29"), "it follows the day");
        // What departs from it is named.
        let off = order(w, json!({"sale_kind": "sale", "packaging_days": 45, "ship_on": "2026-11-25"}));
        let done = w.run("sales-orders.confirm", id(&off), json!({})).unwrap();
        let codes: Vec<&str> = done.data["deviations"].as_array().unwrap().iter().filter_map(|d| d["code"].as_str()).collect();
        assert_eq!(codes, ["deviation_sale_kind", "deviation_packaging", "deviation_delivery_day"]);
        w.agrees();
    });
}
