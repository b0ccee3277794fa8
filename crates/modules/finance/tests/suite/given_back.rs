//! At what price goods come back: at that of their sale, in whatever unit they are counted; where no sale is found it is said.

use crate::world::{World, both};
use kontor_platform::execute::Outcome;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

fn shipped(w: &World, date: &str, lines: Json) -> Id {
    let head = json!({"company_id": w.company, "partner_id": w.client, "warehouse_id": w.warehouse, "date": date, "lines": lines});
    let made = w.create("shipments", head).unwrap().id.unwrap();
    w.run("shipments.post", made, json!({})).unwrap();
    made
}

fn back(w: &World, date: &str, more: Json) -> Outcome {
    let mut all = json!({"company_id": w.company, "partner_id": w.client, "warehouse_id": w.warehouse, "date": date});
    all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    w.create("returns", all).unwrap()
}

/// Price, percentage and amount of a line.
fn paid(o: &Outcome, n: usize) -> (String, String, String) {
    let cell = |name: &str| o.data["lines"][n][name].as_str().unwrap_or("null").to_string();
    (cell("price"), cell("discount_percent"), cell("amount"))
}

fn figures(price: &str, percent: &str, amount: &str) -> (String, String, String) {
    (price.into(), percent.into(), amount.into())
}

/// Field and code of the warnings.
fn told(o: &Outcome) -> Vec<String> {
    o.warnings.iter().filter(|x| x.code.starts_with("return_")).map(|x| format!("{} {}", x.field, x.code)).collect()
}

fn boxes(w: &World) -> Id {
    w.app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = 'box'", &[])?.id(0)).unwrap()
}

#[test]
fn prc_13_what_comes_back_without_its_shipment_has_the_price_of_its_last_sale_and_that_is_said() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "100", "6");
        shipped(w, "2026-02-01", json!([{"product_id": w.bolt, "quantity": "5", "price": "9", "discount_percent": "10"}]));
        shipped(
            w,
            "2026-02-10",
            json!([{"product_id": w.bolt, "quantity": "5", "price": "10"}, {"product_id": w.bolt, "quantity": "1", "price": "0"}]),
        );
        // Neither what is sold later nor today's list counts, nor a gift.
        shipped(w, "2026-03-01", json!([{"product_id": w.bolt, "quantity": "5", "price": "11"}]));
        let three = json!({"lines": [{"product_id": w.bolt, "quantity": "3"}]});
        let o = back(w, "2026-02-20", three.clone());
        assert_eq!((paid(&o, 0), told(&o)), (figures("10", "0", "30.00"), vec!["lines.0.price return_at_sale".to_string()]));
        let o = back(w, "2026-02-05", three);
        assert_eq!((paid(&o, 0), told(&o)), (figures("9", "10", "24.30"), vec!["lines.0.price return_at_sale".to_string()]));
        let args: Vec<&str> = o.warnings[0].args.iter().map(|a| a.1.as_str()).collect();
        assert!(args.contains(&"Болт М8") && args.contains(&"2026-02-01"), "{args:?}");
        // In boxes of twelve it is twelve times as much.
        let o = back(w, "2026-02-20", json!({"lines": [{"product_id": w.bolt, "quantity": "1", "unit_id": boxes(w)}]}));
        assert_eq!(paid(&o, 0), figures("120", "0", "120.00"));
        // Never sold: by the terms of today, which is said; a price that is written stays, and nothing is said.
        let o = back(
            w,
            "2026-02-20",
            json!({"lines": [{"product_id": w.nut, "quantity": "2"}, {"product_id": w.bolt, "quantity": "1", "price": "7"}]}),
        );
        assert_eq!((paid(&o, 0), paid(&o, 1)), (figures("3.5", "0", "7.00"), figures("7", "0", "7.00")));
        assert_eq!(told(&o), ["lines.0.price return_at_terms"]);
        // Said again when it is edited? Only of what is still open.
        let version = o.version;
        let again = w.run("returns.update", o.id.unwrap(), json!({"version": version, "comment": "ще раз"})).unwrap();
        assert_eq!((told(&again).len(), paid(&again, 1).0), (0, "7".to_string()));
        w.agrees();
    });
}

#[test]
fn prc_12_what_comes_back_carries_its_part_of_the_orders_discount_without_its_shipment_too() {
    both(|w| {
        w.made("price-conditions", json!({"kind": "amount", "from_amount": "1000", "percent": "10"}));
        let o = w.order("2026-02-01", json!([{"product_id": w.repair, "quantity": "11"}])).id.unwrap();
        w.run("sales-orders.confirm", o, json!({})).unwrap();
        w.ship(o, "2026-02-02", Json::Null).unwrap();
        let o = back(w, "2026-02-20", json!({"lines": [{"product_id": w.repair, "quantity": "3"}]}));
        assert_eq!(paid(&o, 0), figures("100", "0", "270.00"), "300.00 less its part of a tenth off the order");
    });
}

#[test]
fn sal_06_a_return_of_a_shipment_counts_in_its_own_unit_and_tells_of_several_prices() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "100", "6");
        w.made("price-conditions", json!({"kind": "amount", "from_amount": "200", "percent": "10"}));
        let s = shipped(w, "2026-02-01", json!([{"product_id": w.bolt, "quantity": "24"}]));
        assert_eq!(w.text("shipments", s, "total"), "259.20");
        // Sold by the piece at 12.00 less a tenth, given back by the box.
        let o = back(w, "2026-02-10", json!({"shipment_id": s, "lines": [{"product_id": w.bolt, "quantity": "1", "unit_id": boxes(w)}]}));
        assert_eq!(paid(&o, 0), figures("144", "0", "129.60"));
        assert_eq!(o.data["lines"][0]["base_quantity"], json!("12"), "a box is a box");
        let several = json!([{"product_id": w.bolt, "quantity": "2", "price": "9"}, {"product_id": w.bolt, "quantity": "2", "price": "8"}]);
        let s = shipped(w, "2026-02-03", several);
        let o = back(w, "2026-02-10", json!({"shipment_id": s, "lines": [{"product_id": w.bolt, "quantity": "2"}]}));
        assert_eq!((paid(&o, 0).0, told(&o)), ("9".to_string(), vec!["lines.0.price return_several_prices".to_string()]));
        let o = back(w, "2026-02-10", json!({"shipment_id": s, "lines": [{"product_id": w.bolt, "quantity": "2", "price": "8"}]}));
        assert_eq!((paid(&o, 0), told(&o).len()), (figures("8", "0", "16.00"), 0));
    });
}
