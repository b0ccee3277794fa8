//! Settings are kept in memory by every node: what one of them changes holds for the next document of any other.

use crate::world::{World, both_nodes, refused};
use kontor_platform::Outcome;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

fn order(w: &World, further: Json) -> kontor_platform::Result<Outcome> {
    let mut input = json!({"company_id": w.company, "partner_id": w.client, "lines": [{"product_id": w.bolt, "quantity": 2}]});
    input.as_object_mut().unwrap().extend(further.as_object().cloned().unwrap());
    w.create("sales-orders", input)
}

fn set(w: &World, collection: &str, id: Id, mut input: Json) {
    input["version"] = w.get(collection, id)["version"].clone();
    w.run(&format!("{collection}.update"), id, input).unwrap();
}

#[test]
fn plt_12_what_the_office_sets_on_one_node_holds_on_the_other_at_once() {
    both_nodes(|a, b| {
        let confirmed = |w: &World, further: Json| {
            let made = order(w, further).unwrap().id.unwrap();
            w.run("sales-orders.confirm", made, json!({}))
        };
        // There is no stock: the warehouse's own rule, and the company's where it has none.
        set(a, "warehouses", a.warehouse, json!({"control": "refuse"}));
        assert_eq!(refused(confirmed(b, json!({}))).1, "not_enough_stock");
        set(b, "warehouses", a.warehouse, json!({"control": "allow"}));
        confirmed(a, json!({})).unwrap();
        set(a, "warehouses", a.warehouse, json!({"control": null}));
        assert_eq!(refused(confirmed(b, json!({}))).1, "not_enough_stock");
        set(b, "companies", a.company, json!({"stock_control": "allow"}));
        confirmed(a, json!({})).unwrap();

        // The limit of an agreement, and what follows when it is passed.
        let agreement =
            json!({"company_id": a.company, "price_type_id": a.price_type, "currency": "UAH", "kind": "standard", "credit_limit": "1"});
        let agreement = a.made("agreements", agreement);
        assert_eq!(refused(confirmed(b, json!({}))).1, "credit_exceeded");
        set(b, "agreements", agreement, json!({"credit_limit": "1000000"}));
        confirmed(a, json!({})).unwrap();
        set(a, "agreements", agreement, json!({"credit_limit": "1"}));
        set(a, "companies", a.company, json!({"credit_control": "allow"}));
        confirmed(b, json!({})).unwrap();

        // Names as they are when the document takes effect, and closed periods.
        set(b, "companies", a.company, json!({"name": "ТОВ Гвинт", "tax_id": "777"}));
        let frozen = confirmed(a, json!({})).unwrap().data["frozen"]["company"].clone();
        assert_eq!((&frozen["name"], &frozen["tax_id"], &frozen["legal_name"]), (&json!("ТОВ Гвинт"), &json!("777"), &json!("")));
        order(b, json!({"date": "2026-03-31"})).unwrap();
        set(a, "companies", a.company, json!({"closed_until": "2026-03-31"}));
        assert_eq!(refused(order(b, json!({"date": "2026-03-31"}))).1, "period_closed");
        set(b, "companies", a.company, json!({"closed_until": null}));
        order(a, json!({"date": "2026-03-31"})).unwrap();

        // The only warehouse is chosen, until there is another one, and again when that one is archived.
        assert_eq!(order(b, json!({})).unwrap().data["warehouse_id"], json!(a.warehouse));
        let second = a.made("warehouses", json!({"name": "Другий", "company_id": a.company}));
        assert_eq!(order(b, json!({})).unwrap().data["warehouse_id"], Json::Null);
        b.run("warehouses.delete", second, json!({})).unwrap();
        assert_eq!(order(a, json!({})).unwrap().data["warehouse_id"], json!(a.warehouse));
    });
}
