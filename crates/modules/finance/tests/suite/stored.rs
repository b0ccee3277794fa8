//! How a saved line came to its price, told later: the same while no rule has changed, and by the rules of then afterwards.

use crate::world::{World, both};
use kontor_platform::Ctx;
use kontor_platform::app::Asked;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

fn told(w: &World, order: Id, line: &Json) -> Json {
    let q = w.app.registry.questions.iter().find(|q| q.path == "sales-orders/{id}/lines/{line}/price").unwrap();
    let path = [("id".to_string(), order.to_string()), ("line".to_string(), line["id"].as_str().unwrap().to_string())].into();
    (q.run)(&w.app, &Ctx::system(), &Asked { path, ..Default::default() }).unwrap()
}

fn losers(told: &Json) -> usize {
    let tried = told["steps"].as_array().unwrap().iter().flat_map(|s| s["tried"].as_array().into_iter().flatten());
    tried.filter(|t| !t["lost"].is_null()).count()
}

/// What the step of the order's discount says of its rule.
fn by_order(told: &Json) -> Vec<(String, i64)> {
    let steps = told["steps"].as_array().unwrap().iter().filter(|s| s["step"] == "order");
    steps.map(|s| (s["rule"]["id"].as_str().unwrap().to_string(), s["rule"]["version"].as_i64().unwrap())).collect()
}

#[test]
fn prc_13_a_line_of_an_order_with_discounts_on_the_whole_is_asked_again_among_the_others() {
    both(|w| {
        let large =
            w.made("price-conditions", json!({"name": "Велике замовлення", "kind": "amount", "from_amount": "1000", "percent": "10"}));
        w.made("price-conditions", json!({"name": "Дуже велике", "kind": "amount", "from_amount": "50000", "percent": "20"}));
        let bundle = json!({"name": "Болт із гайкою", "kind": "bundle", "percent": "50", "lines": [{"product_id": w.bolt, "quantity": "1"}, {"product_id": w.nut, "quantity": "1"}]});
        let bundle = w.made("promotions", bundle);
        let cap = w.made("products", json!({"name": "Кепка", "unit_id": w.unit, "kind": "service", "vat_rate": "ua20"}));
        w.made("prices", json!({"price_type_id": w.price_type, "product_id": cap, "price": "40", "valid_from": "2020-01-01"}));
        let gift = json!({"name": "Кепка", "kind": "gift", "product_id": w.repair, "from_quantity": "10", "gift_product_id": cap, "gift_quantity": "1"});
        let gift = w.made("promotions", gift);
        let lines = json!([
            {"product_id": w.repair, "quantity": "10"}, {"product_id": w.bolt, "quantity": "2"},
            {"product_id": w.nut, "quantity": "1"}, {"product_id": cap, "quantity": "1"}
        ]);
        let saved = w.order("2026-11-21", lines);
        let (order, l) = (saved.id.unwrap(), saved.data["lines"].clone());
        assert_eq!((&l[0]["amount"], &l[3]["amount"]), (&json!("900.00"), &json!("0.00")), "1,067.50 before discounts; the cap is free");
        let first = told(w, order, &l[0]);
        for n in 0..4 {
            let t = told(w, order, &l[n]);
            assert_eq!(t["same"], json!(true), "nothing has changed since: {t}");
            assert_eq!(t["now"]["price"], l[n]["price"]);
            assert!(losers(&t) > 0, "what lost is found again: {t}");
        }
        let rules = |n: usize| by_order(&told(w, order, &l[n])).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
        assert_eq!(rules(0), [large.to_string()]);
        assert!(rules(1).contains(&bundle.to_string()) && rules(3).contains(&gift.to_string()), "{:?} {:?}", rules(1), rules(3));

        // The rule becomes another one: the line keeps the version that it was sold by.
        assert_eq!(by_order(&first), [(large.to_string(), 1)]);
        w.run("price-conditions.update", large, json!({"version": 1, "percent": "15"})).unwrap();
        let later = told(w, order, &l[0]);
        assert_eq!((&later["same"], by_order(&later)), (&json!(false), vec![(large.to_string(), 1)]), "{later}");
        let again = w.order("2026-11-21", json!([{"product_id": w.repair, "quantity": "10"}]));
        let again = told(w, again.id.unwrap(), &again.data["lines"][0]);
        assert_eq!((&again["same"], by_order(&again)), (&json!(true), vec![(large.to_string(), 2)]), "{again}");
    });
}
