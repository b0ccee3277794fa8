//! What is told of a quote or an order while it is typed: margin, departures, gifts, how a line's price comes about.

use crate::world::{World, both, run};
use kontor_platform::app::Asked;
use kontor_platform::execute::Envelope;
use kontor_platform::{Ctx, Result, Source};
use serde_json::{Value as Json, json};

fn person(w: &World, login: &str, role: &str) -> Ctx {
    let input = json!({"login": login, "name": login, "password": "correct horse battery", "roles": [role]});
    run(&w.app, "users.create", None, input).unwrap();
    w.app.ctx_of(login, Source::Api).unwrap()
}

fn document(w: &World, lines: Json) -> Json {
    json!({"company_id": w.company, "partner_id": w.client, "warehouse_id": w.warehouse, "lines": lines})
}

fn ask(w: &World, ctx: &Ctx, path: &str, query: &[(&str, &str)], body: Json) -> Result<Json> {
    let q = w.app.registry.questions.iter().find(|q| q.path == path && q.post).unwrap();
    let query = query.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    (q.run)(&w.app, ctx, &Asked { query, body, ..Default::default() })
}

#[test]
fn prc_16_margin_and_departure_are_told_before_saving_and_costs_only_to_those_who_may_see_them() {
    both(|w| {
        w.receive("2026-01-01", w.bolt, "100", "6");
        let lines = json!([{"product_id": w.bolt, "quantity": "10", "price": "9"}, {"product_id": w.nut, "quantity": "2"}]);
        let told = ask(w, &Ctx::system(), "sales-orders/editor", &[], document(w, lines.clone())).unwrap();
        // 30.00 off 120.00 is 25.00 net of 20 % VAT; sold at 75.00, bought at 60.00.
        let l = &told["lines"];
        assert_eq!((&l[0]["deviation"], &l[1]["deviation"], &told["deviation_total"]), (&json!("-25.00"), &Json::Null, &json!("-25.00")));
        assert_eq!(l[0]["margin_percent"], json!("20"));
        assert_eq!(told["deviations"][0]["field"], json!("lines.0.price"));
        assert_eq!(told["needs_approval"], json!(false));
        let why = ask(w, &Ctx::system(), "sales-orders/explain", &[("line", "0")], document(w, lines.clone())).unwrap();
        assert_eq!(
            (&why["profit"]["margin"], &why["profit"]["cost"], &why["profit"]["deviation"]),
            (&json!("15.00"), &json!("60.00"), &json!("-25.00"))
        );
        assert_eq!(w.app.list(&Ctx::system(), "sales-orders", &Default::default()).unwrap().rows.len(), 0, "nothing is written");

        let grants = json!({"sales-orders": "read create update hide:cost,cost_total,margin", "partners": "read", "products": "read", "companies": "read", "users": "read", "units": "read", "currencies": "read", "warehouses": "read", "prices": "read"});
        run(&w.app, "roles.create", None, json!({"code": "seller", "name": "Продавець", "permissions": grants})).unwrap();
        let seller = person(w, "seller", "seller");
        let cheap = json!([{"product_id": w.bolt, "quantity": "10", "price": "6"}]);
        run(&w.app, "price-limits.create", None, json!({"name": "Продавці", "role": "seller", "margin_min": "15"})).unwrap();
        let told = ask(w, &seller, "sales-orders/editor", &[], document(w, cheap.clone())).unwrap();
        assert_eq!(
            (&told["lines"][0]["cost"], &told["lines"][0]["margin_percent"], &told["margin"]),
            (&Json::Null, &Json::Null, &Json::Null)
        );
        let said: Vec<&str> = told["deviations"].as_array().unwrap().iter().filter_map(|d| d["message"].as_str()).collect();
        assert_eq!(said.len(), 2, "below cost, and the whole: {said:?}");
        assert!(!said.iter().any(|s| s.contains("60") || s.contains("15") || s.contains("-20")), "{said:?}");
        assert_eq!(ask(w, &seller, "sales-orders/explain", &[], document(w, cheap)).unwrap()["profit"], Json::Null);
        let out = ask(w, &Ctx::system(), "sales-orders/explain", &[("line", "7")], document(w, lines)).unwrap_err();
        assert_eq!(out.inner().fields[0].code, "out_of_range");
    });
}

#[test]
fn prc_12_a_gift_is_offered_as_a_line_and_free_once_it_is_taken() {
    both(|w| {
        let gift = json!({"name": "Болти з гайкою", "kind": "gift", "product_id": w.bolt, "from_quantity": "10", "gift_product_id": w.nut, "gift_quantity": "2", "repeat": true});
        let promotion = run(&w.app, "promotions.create", None, gift).unwrap().id;
        let bolts = json!({"product_id": w.bolt, "quantity": "25"});
        let told = ask(w, &Ctx::system(), "quotes/editor", &[], document(w, json!([bolts]))).unwrap();
        let g = &told["gifts"][0];
        assert_eq!((&g["promotion"]["id"], &g["promotion"]["title"]), (&json!(promotion), &json!("Болти з гайкою")));
        assert_eq!((&g["product"]["id"], &g["quantity"], &g["sku"]), (&json!(w.nut), &json!("4"), &json!("N8")));
        let taken = json!([bolts, {"product_id": g["product"]["id"], "quantity": g["quantity"]}]);
        let told = ask(w, &Ctx::system(), "quotes/editor", &[], document(w, taken.clone())).unwrap();
        assert_eq!(told["gifts"], json!([]));
        assert_eq!((&told["lines"][1]["amount"], &told["total"]), (&json!("0.00"), &json!("300.00")));
        let why = ask(w, &Ctx::system(), "quotes/explain", &[("line", "1")], document(w, taken)).unwrap();
        let last = why["steps"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["step"], &last["rule"]["id"]), (&json!("order"), &json!(promotion)), "{last}");
    });
}

#[test]
fn prc_12_a_discount_limited_in_quantity_splits_the_line_in_the_document_too() {
    both(|w| {
        run(
            &w.app,
            "price-conditions.create",
            None,
            json!({"kind": "special", "product_id": w.repair, "percent": "50", "limit_quantity": "4"}),
        )
        .unwrap();
        let lines = json!([{"product_id": w.repair, "quantity": "10"}]);
        let made = run(&w.app, "sales-orders.create", None, document(w, lines.clone())).unwrap();
        // Four at 50 and six at 100.
        assert_eq!((&made.data["lines"][0]["amount"], &made.data["total"]), (&json!("800.00"), &json!("800.00")));
        assert_eq!(made.data["lines"][0]["discount_percent"], json!("20"));
        let why = ask(w, &Ctx::system(), "sales-orders/explain", &[], document(w, lines)).unwrap();
        let parts: Vec<Json> =
            why["parts"].as_array().unwrap().iter().map(|p| json!([p["quantity"], p["discount_percent"], p["amount"]])).collect();
        assert_eq!(parts, [json!(["4", "50", "200.00"]), json!(["6", "0", "600.00"])]);
        assert!(w.app.check().unwrap().is_empty());
    });
}

#[test]
fn prc_13_a_line_is_explained_among_the_others_and_compared_with_another_client_and_day() {
    both(|w| {
        run(&w.app, "price-conditions.create", None, json!({"kind": "amount", "from_amount": "1000", "percent": "10"})).unwrap();
        let other = run(&w.app, "partners.create", None, json!({"name": "Інший", "country": "UA"})).unwrap().id.unwrap();
        run(
            &w.app,
            "price-conditions.create",
            None,
            json!({"kind": "special_price", "partner_id": other, "product_id": w.bolt, "price": "11", "currency": "UAH"}),
        )
        .unwrap();
        run(
            &w.app,
            "prices.create",
            None,
            json!({"price_type_id": w.price_type, "product_id": w.bolt, "price": "13", "valid_from": "2999-01-01"}),
        )
        .unwrap();
        let lines = json!([{"product_id": w.bolt, "quantity": "10"}, {"product_id": w.repair, "quantity": "9"}]);
        let why = |query: &[(&str, &str)]| ask(w, &Ctx::system(), "sales-orders/explain", query, document(w, lines.clone())).unwrap();
        let whole = why(&[("line", "0")]);
        assert!(whole["steps"].as_array().unwrap().iter().any(|s| s["step"] == "order"), "the order comes to 1,020: {whole}");
        let compared = why(&[("compare_partner_id", &other.to_string())]);
        assert_eq!((&compared["compared"]["price"], &compared["compared"]["partner_id"]), (&json!("11"), &json!(other)));
        let compared = why(&[("compare_date", "2999-01-02")]);
        assert_eq!(compared["compared"]["price"], json!("13"));
        let not = why(&[("line", "0"), ("wanted_price", "10")]);
        let kinds: Vec<&Json> = not["why_not"]["suggestions"].as_array().unwrap().iter().map(|s| &s["kind"]).collect();
        assert_eq!(kinds, [&json!("by_hand")]);
        // A box of twelve bolts is asked for by the box.
        let boxes = w.app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = 'box'", &[])?.id(0)).unwrap();
        let body = document(w, json!([{"product_id": w.bolt, "quantity": "1", "unit_id": boxes}]));
        let not = ask(w, &Ctx::system(), "sales-orders/explain", &[("wanted_price", "120")], body).unwrap();
        assert_eq!((&not["units"], &not["why_not"]["suggestions"][0]["value"]), (&json!("12"), &json!("120")));
    });
}

#[test]
fn prc_11_a_document_that_earns_less_than_allowed_waits_for_approval() {
    both(|w| {
        w.receive("2026-01-01", w.bolt, "100", "9");
        let ann = person(w, "ann", "salesperson");
        run(&w.app, "partners.update", Some(w.client), json!({"version": 1, "manager_id": ann.user_id})).unwrap();
        let version = w.app.get(&Ctx::system(), "companies", w.company).unwrap()["version"].clone();
        run(&w.app, "companies.update", Some(w.company), json!({"version": version, "terms_control": "approve"})).unwrap();
        run(&w.app, "price-limits.create", None, json!({"name": "Продавці", "role": "salesperson", "margin_min": "15"})).unwrap();
        let confirm = |lines: Json| {
            let made = w.app.execute(&ann, Envelope::new("sales-orders.create", document(w, lines))).unwrap();
            w.app.execute(&ann, Envelope::new("sales-orders.confirm", json!({})).on(made.id.unwrap())).unwrap().data
        };
        // A bolt brings 10.00 net and costs 9: 10 %. A service beside it lifts the whole.
        let thin = confirm(json!([{"product_id": w.bolt, "quantity": "10"}]));
        assert_eq!((&thin["state"], &thin["deviations"][0]["code"]), (&json!("approval"), &json!("deviation_margin")));
        assert_eq!(thin["deviations"][0]["args"], json!({"percent": "10", "agreed": "15"}));
        let q = w.app.registry.questions.iter().find(|q| q.path == "sales-orders/{id}/deviations").unwrap();
        let path = [("id".to_string(), thin["id"].as_str().unwrap().to_string())].into();
        let said = (q.run)(&w.app, &ann, &Asked { path, ..Default::default() }).unwrap();
        assert!(said["items"][0]["message"].as_str().unwrap().contains("15"), "in words: {said}");
        let whole = confirm(json!([{"product_id": w.bolt, "quantity": "10"}, {"product_id": w.repair, "quantity": "1"}]));
        assert_eq!(whole["state"], json!("confirmed"));
        // What was never received has no cost to hold against.
        let unknown = confirm(json!([{"product_id": w.nut, "quantity": "1", "supply": "later"}]));
        assert_eq!(unknown["state"], json!("confirmed"));
    });
}

#[test]
fn sal_03_an_order_made_of_a_quote_keeps_what_its_conditions_look_at() {
    both(|w| {
        let form = run(&w.app, "payment-forms.create", None, json!({"name": "Готівка"})).unwrap().id.unwrap();
        let mut quote = document(w, json!([{"product_id": w.repair, "quantity": "1"}]));
        quote["payment_form_id"] = json!(form);
        let quote = run(&w.app, "quotes.create", None, quote).unwrap().id;
        run(&w.app, "quotes.confirm", quote, json!({})).unwrap();
        let order = run(&w.app, "quotes.order", quote, json!({})).unwrap().data["sales_order_id"].as_str().unwrap().parse().unwrap();
        assert_eq!(w.get("sales-orders", order)["payment_form_id"], json!(form));
    });
}
