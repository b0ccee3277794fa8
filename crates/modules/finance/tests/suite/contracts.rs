//! What a contract agrees line by line: prices of products and of product lines, and what departs from them.

use crate::world::{World, both, refused};
use kontor_platform::app::Asked;
use kontor_platform::execute::Envelope;
use kontor_platform::value::Id;
use kontor_platform::{Ctx, Result, Source};
use serde_json::{Value as Json, json};

fn contract(w: &World, more: Json) -> Result<Id> {
    let mut all = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-01-01", "currency": "UAH", "valid_from": "2026-01-01", "valid_to": "2026-12-31"});
    all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    w.create("contracts", all).map(|o| o.id.unwrap())
}

fn order(w: &World, contract: Id, date: &str, lines: Json) -> Json {
    let input = json!({"company_id": w.company, "partner_id": w.client, "date": date, "contract_id": contract, "lines": lines});
    w.create("sales-orders", input).unwrap().data.into_tree()
}

fn ask(w: &World, path: &str, query: &[(&str, &str)], body: Json) -> Json {
    let q = w.app.registry.questions.iter().find(|q| q.path == path).unwrap();
    let query = query.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    (q.run)(&w.app, &Ctx::system(), &Asked { query, body, ..Default::default() }).unwrap()
}

fn departures(o: &Json) -> Vec<String> {
    let all = o["deviations"].as_array().cloned().unwrap_or_default();
    all.iter().map(|d| format!("{}: {} {}", d["field"].as_str().unwrap(), d["code"].as_str().unwrap(), d["args"]["agreed"])).collect()
}

#[test]
fn agr_03_a_contract_line_prices_its_product_and_another_price_is_a_named_departure() {
    both(|w| {
        // An agreement with a type and a discount of its own, and a special price: the contract's price is more particular.
        w.made("agreements", json!({"company_id": w.company, "partner_id": w.client, "price_type_id": w.price_type, "currency": "UAH", "discount_percent": "4"}));
        w.made(
            "price-conditions",
            json!({"kind": "special_price", "partner_id": w.client, "product_id": w.bolt, "price": "11", "currency": "UAH"}),
        );
        let lines = json!([
            {"due_on": "2026-03-31", "product_id": w.bolt, "quantity": "100", "price": "10.50"},
            {"due_on": "2026-06-30", "product_id": w.bolt, "quantity": "100", "price": "10.80"},
            {"due_on": "2026-06-30", "product_id": w.repair, "quantity": "1000"},
        ]);
        let of = contract(w, json!({"lines": lines})).unwrap();
        let price = |date: &str| order(w, of, date, json!([{"product_id": w.bolt, "quantity": "10"}]))["lines"][0].clone();
        // Each price up to its day; the last one until the contract ends.
        for (date, agreed, amount) in [
            ("2026-01-01", "10.5", "105.00"),
            ("2026-03-31", "10.5", "105.00"),
            ("2026-04-01", "10.8", "108.00"),
            ("2026-12-31", "10.8", "108.00"),
        ] {
            let l = price(date);
            assert_eq!((&l["price"], &l["discount_percent"], &l["amount"]), (&json!(agreed), &json!("0"), &json!(amount)), "on {date}");
        }
        // What the contract names without a price is priced by the agreement.
        let o = order(w, of, "2026-02-01", json!([{"product_id": w.bolt, "quantity": "1"}, {"product_id": w.repair, "quantity": "1"}]));
        assert_eq!((&o["lines"][1]["price"], &o["lines"][1]["discount_percent"]), (&json!("100"), &json!("4")));
        // The explanation names the contract and opens it.
        let body = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-02-01", "contract_id": of, "lines": [{"product_id": w.bolt, "quantity": "10"}]});
        let why = ask(w, "sales-orders/explain", &[], body);
        let base = &why["steps"][0];
        assert_eq!((&base["step"], &base["rule"]["kind"]), (&json!("base"), &json!("contract_product")), "{base}");
        assert_eq!(base["rule"]["record"], json!({"collection": "contracts", "id": of}));
        let number = w.text("contracts", of, "number");
        assert!(base["text"].as_str().unwrap().contains(&number), "{base}");
        let lost: Vec<&Json> =
            base["tried"].as_array().unwrap().iter().filter(|t| !t["lost"].is_null()).map(|t| &t["rule"]["kind"]).collect();
        assert!(lost.contains(&&json!("special_product")), "{base}");

        // Cheaper, dearer and with a discount by hand: each is named, also what no limit forbids.
        w.made("price-limits", json!({"name": "Усі", "price_down_max": "50", "price_up_max": "50", "discount_max": "50"}));
        let by_hand = json!([
            {"product_id": w.bolt, "quantity": "1", "price": "10.40", "supply": "later"},
            {"product_id": w.bolt, "quantity": "1", "price": "11", "supply": "later"},
            {"product_id": w.bolt, "quantity": "1", "discount_percent": "1", "supply": "later"},
            {"product_id": w.bolt, "quantity": "1", "price": "10.50", "supply": "later"},
            {"product_id": w.repair, "quantity": "1", "price": "99"},
        ]);
        let o = order(w, of, "2026-02-01", by_hand);
        let input = json!({"login": "dir", "name": "dir", "password": "correct horse battery", "roles": ["director"]});
        w.create("users", input).unwrap();
        let boss = w.app.ctx_of("dir", Source::Api).unwrap();
        let id = o["id"].as_str().unwrap().parse().unwrap();
        let done = w.app.execute(&boss, Envelope::new("sales-orders.confirm", json!({})).on(id)).unwrap();
        let expected = [
            r#"lines.0.price: deviation_contract_price "10.5""#,
            r#"lines.1.price: deviation_contract_price "10.5""#,
            r#"lines.2.discount_percent: deviation_contract_discount "10.5""#,
        ];
        assert_eq!(departures(&done.data), expected);
        // A box of twelve is held against twelve times the price.
        let boxes = w.app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = 'box'", &[])?.id(0)).unwrap();
        let o = order(
            w,
            of,
            "2026-02-01",
            json!([{"product_id": w.bolt, "quantity": "1", "unit_id": boxes, "price": "126", "supply": "later"}]),
        );
        let done = w.run("sales-orders.confirm", o["id"].as_str().unwrap().parse().unwrap(), json!({})).unwrap();
        assert_eq!(departures(&done.data), Vec::<String>::new());
        // Nor does a price type chosen in the document set the agreed price aside silently.
        let other = w.made(
            "price-types",
            json!({"name": "Інша", "currency": "UAH", "method": "markup", "base_price_type_id": w.price_type, "markup_percent": "10"}),
        );
        let input = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-02-01", "contract_id": of, "price_type_id": other, "lines": [{"product_id": w.bolt, "quantity": "1", "supply": "later"}]});
        let o = w.create("sales-orders", input).unwrap();
        assert_eq!(o.data["lines"][0]["price"], json!("13.2"));
        let done = w.run("sales-orders.confirm", o.id.unwrap(), json!({})).unwrap();
        assert!(departures(&done.data).contains(&expected[0].to_string()), "{:?}", departures(&done.data));
        w.agrees();
    });
}

#[test]
fn agr_03_a_contract_by_product_line_prices_counts_and_limits_the_whole_category() {
    both(|w| {
        let fasteners = w.made("product-categories", json!({"name": "Кріплення"}));
        let nuts = w.made("product-categories", json!({"name": "Гайки", "parent_id": fasteners}));
        for (product, category) in [(w.bolt, fasteners), (w.nut, nuts)] {
            let version = w.get("products", product)["version"].clone();
            w.run("products.update", product, json!({"version": version, "category_id": category})).unwrap();
        }
        let lines = json!([
            {"due_on": "2026-06-30", "category_id": fasteners, "quantity": "20", "price": "9", "amount": "180"},
            {"due_on": "2026-06-30", "product_id": w.nut, "price": "3"},
        ]);
        let of = contract(w, json!({"vat": "included", "lines": lines})).unwrap();
        let o = order(
            w,
            of,
            "2026-02-01",
            json!([{"product_id": w.bolt, "quantity": "15", "supply": "later"}, {"product_id": w.nut, "quantity": "5", "supply": "later"}]),
        );
        assert_eq!((&o["lines"][0]["price"], &o["lines"][1]["price"]), (&json!("9"), &json!("3")), "its own line before the category's");
        let id: Id = o["id"].as_str().unwrap().parse().unwrap();
        assert_eq!(departures(&w.run("sales-orders.confirm", id, json!({})).unwrap().data), Vec::<String>::new());
        let more = order(
            w,
            of,
            "2026-02-02",
            json!([{"product_id": w.bolt, "quantity": "6", "supply": "later"}, {"product_id": w.repair, "quantity": "1"}]),
        );
        let done = w.run("sales-orders.confirm", more["id"].as_str().unwrap().parse().unwrap(), json!({})).unwrap();
        let expected = [r#"lines.0.quantity: deviation_contract_quantity "20""#, "lines.1.product_id: deviation_contract_product null"];
        assert_eq!(departures(&done.data), expected);
        let q = w.app.registry.questions.iter().find(|q| q.path == "contracts/{id}/delivery").unwrap();
        let asked = Asked { path: [("id".to_string(), of.to_string())].into(), ..Default::default() };
        let told = (q.run)(&w.app, &Ctx::system(), &asked).unwrap();
        let line = told["items"].as_array().unwrap().iter().find(|i| i["category"]["id"] == json!(fasteners)).unwrap().clone();
        assert_eq!((&line["category"]["title"], &line["contracted"], &line["ordered"]), (&json!("Кріплення"), &json!("20"), &json!("26")));
    });
}

#[test]
fn agr_03_two_prices_for_one_day_and_lines_without_a_subject_are_refused() {
    both(|w| {
        let category = w.made("product-categories", json!({"name": "Кріплення"}));
        let twice = json!([{"due_on": "2026-03-31", "product_id": w.bolt, "price": "10"}, {"due_on": "2026-03-31", "product_id": w.bolt, "price": "11"}]);
        assert_eq!(refused(contract(w, json!({"lines": twice}))).1, "contract_price_twice");
        let same = json!([{"due_on": "2026-03-31", "product_id": w.bolt, "price": "10"}, {"due_on": "2026-03-31", "product_id": w.bolt, "quantity": "3", "price": "10"}]);
        assert!(contract(w, json!({"lines": same})).is_ok());
        let both_of = json!([{"due_on": "2026-03-31", "product_id": w.bolt, "category_id": category, "price": "10"}]);
        assert_eq!(refused(contract(w, json!({"lines": both_of}))).1, "product_or_category");
        let nothing = json!([{"due_on": "2026-03-31", "price": "10"}]);
        let r = refused(contract(w, json!({"lines": nothing})));
        assert_eq!((r.0.as_str(), r.1.as_str()), ("lines.0.product_id", "required"));
    });
}

#[test]
fn agr_03_an_order_is_made_of_what_the_specification_leaves() {
    both(|w| {
        let fasteners = w.made("product-categories", json!({"name": "Кріплення"}));
        let lines = json!([
            {"due_on": "2026-06-30", "product_id": w.bolt, "quantity": "50", "price": "10"},
            {"due_on": "2026-03-31", "product_id": w.bolt, "quantity": "40", "price": "11"},
            {"due_on": "2026-03-31", "product_id": w.repair, "quantity": "2"},
            {"due_on": "2026-03-31", "category_id": fasteners, "quantity": "100", "price": "5"},
        ]);
        let of = contract(w, json!({"lines": lines})).unwrap();
        let made = |until: Json| -> Result<Json> {
            let done = w.run("contracts.order", of, json!({"until": until, "date": "2026-02-01"}))?;
            Ok(w.get("sales-orders", done.data["sales_order_id"].as_str().unwrap().parse().unwrap()))
        };
        let short = |o: &Json| -> Vec<Json> {
            o["lines"].as_array().unwrap().iter().map(|l| json!([l["product_id"], l["quantity"], l["ship_on"], l["price"]])).collect()
        };
        let first = made(json!("2026-03-31")).unwrap();
        assert_eq!(short(&first), [json!([w.bolt, "40", "2026-03-31", "11"]), json!([w.repair, "2", "2026-03-31", "100"])]);
        assert_eq!([&first["contract_id"], &first["partner_id"], &first["state"]], [&json!(of), &json!(w.client), &json!("draft")]);
        // A draft counts too: the same is not ordered twice. Once it is cancelled, it may be.
        assert_eq!(refused(made(json!("2026-03-31"))).1, "contract_nothing_left");
        w.run("sales-orders.cancel", first["id"].as_str().unwrap().parse().unwrap(), json!({"reason": "x"})).unwrap();
        order(w, of, "2026-02-01", json!([{"product_id": w.bolt, "quantity": "45", "supply": "later"}]));
        // What was ordered by hand fills the earliest lines first.
        let rest = made(Json::Null).unwrap();
        assert_eq!(short(&rest), [json!([w.repair, "2", "2026-03-31", "100"]), json!([w.bolt, "45", "2026-06-30", "11"])]);
        assert_eq!(refused(made(Json::Null)).1, "contract_nothing_left");
        w.agrees();
    });
}
