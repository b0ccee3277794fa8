//! What an order departs from: agreement and contract, line by line.

use super::agreement;
use crate::world::both;
use serde_json::json;

#[test]
fn agr_02_every_departure_from_agreement_and_contract_is_named() {
    both(|w| {
        let contract = w.made("contracts", json!({
            "number": "C-7", "company_id": w.company, "partner_id": w.client, "date": "2026-01-01", "currency": "UAH", "amount": "900", "valid_to": "2026-02-28",
            "payment_stages": [{"kind": "prepay", "percent": "50"}, {"kind": "credit", "percent": "50", "days": 5}],
            "lines": [{"due_on": "2026-01-15", "product_id": w.repair, "quantity": "5"}]
        }));
        let a = agreement(w, json!({"vat": "included"}));
        let second = w.made("price-types", json!({"name": "Інша", "currency": "UAH", "method": "manual", "vat": "included"}));
        w.made("prices", json!({"price_type_id": second, "product_id": w.repair, "price": "100", "valid_from": "2020-01-01"}));
        w.made("prices", json!({"price_type_id": second, "product_id": w.bolt, "price": "100", "valid_from": "2020-01-01"}));
        let o = w.create("sales-orders", json!({
            "company_id": w.company, "partner_id": w.client, "agreement_id": a, "contract_id": contract, "date": "2026-03-01", "vat": "excluded", "price_type_id": second,
            "payment_stages": [{"kind": "prepay", "percent": "20"}, {"kind": "credit", "percent": "80", "days": 5}],
            "lines": [{"product_id": w.repair, "quantity": "10"}, {"product_id": w.bolt, "quantity": "1", "supply": "later"}]
        })).unwrap().id.unwrap();
        let done = w.run("sales-orders.confirm", o, json!({})).unwrap();
        let mut named: Vec<String> = done.data["deviations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| format!("{}: {}", d["field"].as_str().unwrap(), d["code"].as_str().unwrap()))
            .collect();
        named.sort();
        assert_eq!(
            named,
            [
                "contract_id: deviation_contract",
                "contract_id: deviation_contract_sum",
                "lines.0.quantity: deviation_contract_quantity",
                "lines.1.product_id: deviation_contract_product",
                "payment_stages: deviation_stages",
                "price_type_id: deviation_price_type",
                "vat: deviation_vat"
            ]
        );
        for d in done.data["deviations"].as_array().unwrap() {
            let key = format!("error-{}", d["code"].as_str().unwrap());
            for lang in kontor_texts::Lang::ALL {
                assert!(kontor_texts::has(lang, &key), "{lang} {key}");
            }
        }
        // A second order within nothing of these but the sum that the first one took.
        let next = w.create("sales-orders", json!({"company_id": w.company, "partner_id": w.client, "agreement_id": a, "contract_id": contract, "date": "2026-02-01", "lines": [{"product_id": w.repair, "quantity": "1"}]})).unwrap().id.unwrap();
        let done = w.run("sales-orders.confirm", next, json!({})).unwrap();
        let named: Vec<&str> = done.data["deviations"].as_array().unwrap().iter().map(|d| d["code"].as_str().unwrap()).collect();
        assert_eq!(named, ["deviation_contract_sum", "deviation_contract_quantity"]);
    });
}
