//! Nothing is silently zero, and nothing holds otherwise than it is told: rules about what was put away, agreements that ended,
//! goods that the rules give away.

use crate::bad_input::{dangling, order, price_type};
use crate::world::{World, both};
use kontor_platform::Ctx;
use kontor_platform::app::Asked;
use kontor_platform::execute::Outcome;
use kontor_platform::value::Id;
use kontor_texts::Lang;
use serde_json::{Value as Json, json};

/// Remarks of an explanation of a saved line, in English.
fn remarks(w: &World, o: &Outcome, line: usize) -> Json {
    let q = w.app.registry.questions.iter().find(|q| q.path == "sales-orders/{id}/lines/{line}/price").unwrap();
    let line = o.data["lines"][line]["id"].as_str().unwrap().to_string();
    let path = [("id".to_string(), o.id.unwrap().to_string()), ("line".to_string(), line)];
    let ctx = Ctx { lang: Lang::En, ..Ctx::system() };
    (q.run)(&w.app, &ctx, &Asked { path: path.into(), ..Default::default() }).unwrap()["remarks"].clone()
}

#[test]
fn prc_13_a_rule_about_something_archived_does_what_is_said_of_it() {
    both(|w| {
        let category = w.made("product-categories", json!({"name": "Послуги"}));
        let version = w.get("products", w.repair)["version"].clone();
        w.run("products.update", w.repair, json!({"version": version, "category_id": category})).unwrap();
        let of_bolt = w.made("price-conditions", json!({"kind": "special", "name": "Болт", "product_id": w.bolt, "percent": "10"}));
        let of_all = w.made(
            "price-conditions",
            json!({"kind": "period", "name": "Послуги", "category_id": category, "percent": "4", "valid_from": "2026-01-01"}),
        );
        let gift = json!({"name": "Гайка до болтів", "kind": "gift", "product_id": w.bolt, "from_quantity": "1", "gift_product_id": w.nut, "gift_quantity": "1"});
        let gift = w.made("promotions", gift);
        let (region, old) =
            (w.made("regions", json!({"name": "Захід"})), price_type(w, "Торішня", json!({"method": "manual"})).unwrap().id.unwrap());
        w.made("prices", json!({"price_type_id": old, "product_id": w.repair, "price": "90", "valid_from": "2020-01-01"}));
        let of_type = w.made("price-conditions", json!({"kind": "region", "name": "Захід", "region_id": region, "price_type_id": old}));
        w.run("partners.update", w.client, json!({"version": w.get("partners", w.client)["version"], "region_id": region})).unwrap();
        let before = order(w, json!({"lines": [{"product_id": w.bolt, "quantity": "2", "supply": "later"}]})).unwrap();
        assert_eq!(
            remarks(w, &before, 0),
            json!(["The product has no category, so rules by category do not apply. Give it one in its card"])
        );
        for (collection, id) in [("products", w.bolt), ("products", w.nut), ("product-categories", category), ("price-types", old)] {
            w.run(&format!("{collection}.delete"), id, json!({})).unwrap();
        }
        let told = dangling(w);
        let said = |rule: Id| told.iter().find(|d| d["rule"]["id"] == json!(rule)).map(|d| d["holds"].clone());
        assert_eq!((said(of_bolt), said(of_all), said(gift)), (Some(json!("promised")), Some(json!("still")), Some(json!("promised"))));
        assert_eq!(said(of_type), Some(json!("still")));
        // What the order promised keeps its rule, and its explanation says how it stands with the product; nobody offers the gift.
        let id = before.id.unwrap();
        let again = w.run("sales-orders.reprice", id, json!({})).unwrap();
        let why = remarks(w, &before, 0);
        assert!(why.as_array().unwrap().iter().any(|r| r.as_str().unwrap().starts_with("The product is archived")), "{why}");
        assert_eq!(w.get("sales-orders", id)["lines"][0]["discount_percent"], json!("10"), "{:?}", again.data);
        let q = w.app.registry.questions.iter().find(|q| q.path == "sales-orders/editor" && q.post).unwrap();
        let body = json!({"version": w.get("sales-orders", id)["version"], "lines": [{"id": before.data["lines"][0]["id"], "product_id": w.bolt, "quantity": "2"}]});
        let query = [("id".to_string(), id.to_string())].into();
        let typed = (q.run)(&w.app, &Ctx::system(), &Asked { query, body, ..Default::default() }).unwrap();
        assert_eq!(typed["gifts"], json!([]), "a gift that no new line may take");
        // An archived category keeps its goods, and they keep its rule.
        let o = order(w, json!({})).unwrap();
        assert_eq!(
            (&o.data["lines"][0]["price"], &o.data["lines"][0]["discount_percent"]),
            (&json!("90"), &json!("4")),
            "of the archived type too"
        );
    });
}

#[test]
fn agr_02_an_agreement_that_has_ended_hides_no_other_departure() {
    both(|w| {
        let contract = json!({"number": "К-1", "company_id": w.company, "partner_id": w.client, "date": "2026-01-01", "currency": "UAH",
            "lines": [{"due_on": "2026-12-31", "product_id": w.bolt, "quantity": "100", "price": "10.50"}, {"due_on": "2026-12-31", "product_id": w.repair, "quantity": "100"}, {"due_on": "2026-12-31", "product_id": w.nut, "quantity": "100"}]});
        let contract = w.made("contracts", contract);
        let terms = json!({"company_id": w.company, "partner_id": w.client, "price_type_id": w.price_type, "currency": "UAH", "discount_percent": "4"});
        let terms = w.made("agreements", terms);
        w.made("price-conditions", json!({"kind": "special", "partner_id": w.client, "product_id": w.repair, "percent": "3"}));
        let lines = json!([
            {"product_id": w.bolt, "quantity": "1", "price": "9", "supply": "later"},
            {"product_id": w.repair, "quantity": "1", "discount_percent": "3"},
            {"product_id": w.nut, "quantity": "1", "discount_percent": "1", "supply": "later"},
        ]);
        let o = order(w, json!({"contract_id": contract, "agreement_id": terms, "lines": lines})).unwrap().id.unwrap();
        let version = w.get("agreements", terms)["version"].clone();
        w.run("agreements.update", terms, json!({"version": version, "valid_to": "2026-02-28"})).unwrap();
        let done = w.run("sales-orders.confirm", o, json!({})).unwrap();
        let told = done.data["deviations"].as_array().unwrap();
        let mut named: Vec<String> = told
            .iter()
            .map(|d| {
                format!("{}: {} {}", d["field"].as_str().unwrap(), d["code"].as_str().unwrap(), d["args"]["agreed"].as_str().unwrap_or(""))
            })
            .collect();
        named.sort();
        let wanted = [
            "agreement_id: deviation_agreement ",
            "lines.0.price: deviation_contract_price 10.5",
            "lines.2.discount_percent: deviation_discount 0",
        ];
        assert_eq!(named, wanted, "what other rules give is no departure, what the contract agrees is one");
    });
}

#[test]
fn prc_12_what_the_rules_give_away_for_nothing_is_said_in_the_order_and_when_it_is_confirmed() {
    both(|w| {
        let free = price_type(w, "Нульова", json!({"method": "manual"})).unwrap().id.unwrap();
        w.made("prices", json!({"price_type_id": free, "product_id": w.repair, "price": "0", "valid_from": "2020-01-01"}));
        let nothing = |o: &Outcome| -> Vec<String> {
            let own = |x: &&kontor_platform::cx::Warning| matches!(&*x.code, "price_zero" | "discount_whole");
            o.warnings.iter().filter(own).map(|x| format!("{} {}", x.field, x.code)).collect()
        };
        let o = order(w, json!({"price_type_id": free})).unwrap();
        assert_eq!(nothing(&o), ["lines.0.price price_zero"]);
        assert_eq!(nothing(&w.run("sales-orders.confirm", o.id.unwrap(), json!({})).unwrap()), ["lines.0.price price_zero"]);
        // Written by hand it is meant.
        let by_hand = json!({"lines": [{"product_id": w.repair, "quantity": "1", "price": "0"}, {"product_id": w.repair, "quantity": "1", "discount_percent": "100"}]});
        assert_eq!(nothing(&order(w, by_hand).unwrap()), Vec::<String>::new());
        for percent in ["80", "30"] {
            let kind = if percent == "80" { "special" } else { "quantity" };
            w.made("price-conditions", json!({"kind": kind, "product_id": w.repair, "percent": percent, "from_quantity": if kind == "quantity" { json!("1") } else { Json::Null }}));
        }
        let o = order(w, json!({})).unwrap();
        assert_eq!((nothing(&o), &o.data["total"]), (vec!["lines.0.discount_percent discount_whole".to_string()], &json!("0.00")));
        let quote = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-03-01", "lines": [{"product_id": w.repair, "quantity": "1"}]});
        assert_eq!(nothing(&w.create("quotes", quote).unwrap()), ["lines.0.discount_percent discount_whole"]);
        let bare = json!({"company_id": w.company, "partner_id": w.client, "warehouse_id": w.warehouse, "date": "2026-03-01", "lines": [{"product_id": w.repair, "quantity": "1"}]});
        assert_eq!(nothing(&w.create("shipments", bare).unwrap()), ["lines.0.price discount_whole"]);
        for lang in Lang::ALL {
            assert!(["error-price_zero", "error-discount_whole"].iter().all(|key| kontor_texts::has(lang, key)));
        }
    });
}
