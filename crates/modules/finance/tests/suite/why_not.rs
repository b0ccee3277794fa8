//! "Why not 90?": every suggestion, taken into the order and saved, gives the price that was told.

use crate::world::{World, both, run};
use kontor_kernel::{Amount, Price, Quantity};
use kontor_platform::Ctx;
use kontor_platform::app::Asked;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

const DAY: &str = "2026-11-21";

/// Card and contract are emptied by hand: the only one would be taken by itself.
fn order(w: &World, lines: Json) -> Json {
    json!({"company_id": w.company, "partner_id": w.client, "warehouse_id": w.warehouse, "date": DAY, "loyalty_card_id": null, "contract_id": null, "lines": lines})
}

/// What is suggested for the first line.
fn suggested(w: &World, order: &Json, wanted: &str) -> Vec<Json> {
    let q = w.app.registry.questions.iter().find(|q| q.path == "sales-orders/explain" && q.post).unwrap();
    let query = [("line", "0"), ("wanted_price", wanted)].map(|(k, v)| (k.to_string(), v.to_string())).into();
    let told = (q.run)(&w.app, &Ctx::system(), &Asked { query, body: order.clone(), ..Default::default() }).unwrap();
    told["why_not"]["suggestions"].as_array().unwrap().clone()
}

/// The order with the suggestion taken, as the form takes it; further goods where it asks for a larger order.
fn taken(w: &World, order: &Json, s: &Json) -> Json {
    let mut o = order.clone();
    match s["kind"].as_str().unwrap() {
        "card" => o["loyalty_card_id"] = s["id"].clone(),
        "payment_form" => o["payment_form_id"] = s["id"].clone(),
        "agreement" => o["agreement_id"] = s["id"].clone(),
        "contract" => o["contract_id"] = s["id"].clone(),
        "date" => o["date"] = s["value"].clone(),
        "quantity" => o["lines"][0]["quantity"] = s["value"].clone(),
        "by_hand" => o["lines"][0]["price"] = s["value"].clone(),
        "order_amount" => {
            let total =
                Amount::parse(w.app.preview(&Ctx::system(), "sales-orders", None, order).unwrap()["total"].as_str().unwrap()).unwrap();
            let missing = Amount::parse(s["value"].as_str().unwrap()).unwrap().checked_sub(total).unwrap();
            let goods = w.made(
                "products",
                json!({"name": format!("Додаток {missing}"), "unit_id": w.unit, "kind": "service", "vat_rate": "exempt"}),
            );
            w.made(
                "prices",
                json!({"price_type_id": w.price_type, "product_id": goods, "price": missing.to_string(), "valid_from": "2020-01-01"}),
            );
            o["lines"].as_array_mut().unwrap().push(json!({"product_id": goods, "quantity": "1"}));
        }
        other => panic!("{other} is no change"),
    }
    o
}

/// Saves an order for each suggestion; the price of one unit of the first line must be the one that was told.
fn kept(w: &World, order: &Json, wanted: &str) -> Vec<(String, String)> {
    let mut out = vec![];
    for s in suggested(w, order, wanted) {
        let body = taken(w, order, &s);
        let saved = run(&w.app, "sales-orders.create", None, body).unwrap_or_else(|e| panic!("{s}: {e:?}")).data;
        let line = &saved["lines"][0];
        let amount = Amount::parse(line["amount"].as_str().unwrap()).unwrap();
        let unit = amount.per_unit(Quantity::parse(line["quantity"].as_str().unwrap()).unwrap()).unwrap();
        let told = Price::parse(s["price"].as_str().unwrap()).unwrap();
        assert_eq!(unit, told, "{s} was kept as {line}");
        assert!(told <= Price::parse(wanted).unwrap(), "{s} does not reach {wanted}");
        out.push((s["kind"].as_str().unwrap().to_string(), s["price"].as_str().unwrap().to_string()));
    }
    out
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect()
}

fn goods(w: &World, name: &str, price: &str) -> Id {
    let p = w.made("products", json!({"name": name, "unit_id": w.unit, "kind": "service", "vat_rate": "ua20"}));
    w.made("prices", json!({"price_type_id": w.price_type, "product_id": p, "price": price, "valid_from": "2020-01-01"}));
    p
}

#[test]
fn prc_13_cards_and_forms_of_payment_that_are_suggested_give_their_price() {
    both(|w| {
        let p = goods(w, "Масло", "100");
        let program = w.made("loyalty-programs", json!({"name": "Золота"}));
        w.made("price-conditions", json!({"kind": "card", "loyalty_program_id": program, "product_id": p, "percent": "10"}));
        let body = order(w, json!([{"product_id": p, "quantity": "3"}]));
        assert_eq!(kept(w, &body, "90"), pairs(&[("by_hand", "90")]), "a programme without a card is nothing to take");

        let other = w.made("partners", json!({"name": "Інший", "country": "UA"}));
        let card = |number: &str, more: Json| {
            let mut c = json!({"number": number, "program_id": program});
            c.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            w.made("loyalty-cards", c)
        };
        card("1", json!({"partner_id": other}));
        card("2", json!({"partner_id": w.client, "valid_to": "2026-11-20"}));
        card("3", json!({"partner_id": w.client, "valid_from": "2026-11-22"}));
        card("4", json!({}));
        assert_eq!(kept(w, &body, "90"), pairs(&[("by_hand", "90")]), "somebody else's, an old one, a later one, nobody's");
        let own = card("5", json!({"partner_id": w.client, "valid_from": DAY, "valid_to": DAY}));
        let found = suggested(w, &body, "90");
        assert_eq!((&found[0]["kind"], &found[0]["id"], &found[0]["title"]), (&json!("card"), &json!(own), &json!("5")), "{found:?}");
        assert!(found[0]["text"].as_str().unwrap().contains('5'), "{found:?}");
        assert_eq!(kept(w, &body, "90"), pairs(&[("card", "90"), ("by_hand", "90")]));

        let form = w.made("payment-forms", json!({"name": "Передплата"}));
        w.made("price-conditions", json!({"kind": "payment_form", "payment_form_id": form, "product_id": p, "percent": "15"}));
        assert_eq!(kept(w, &body, "85"), pairs(&[("payment_form", "85"), ("by_hand", "85")]));
    });
}

#[test]
fn prc_13_a_quantity_that_is_suggested_takes_the_order_amount_along() {
    both(|w| {
        let p = goods(w, "Масло", "100");
        w.made("price-conditions", json!({"kind": "quantity", "product_id": p, "from_quantity": "10", "percent": "5"}));
        w.made("price-conditions", json!({"kind": "amount", "product_id": p, "from_amount": "1000", "percent": "10"}));
        let body = order(w, json!([{"product_id": p, "quantity": "3"}, {"product_id": w.repair, "quantity": "1"}]));
        // Ten come to 1,100 with the repair: 5 % and 10 %. Nine reach 1,000 by themselves, and so do other goods.
        let found = suggested(w, &body, "90");
        let told: Vec<[&Json; 3]> = found.iter().map(|s| [&s["kind"], &s["value"], &s["price"]]).collect();
        assert!(told.contains(&[&json!("quantity"), &json!("9"), &json!("90")]), "{told:?}");
        assert!(told.contains(&[&json!("order_amount"), &json!("1000.00"), &json!("90")]), "{told:?}");
        assert_eq!(kept(w, &body, "90"), pairs(&[("quantity", "90"), ("order_amount", "90"), ("by_hand", "90")]));
        let found = suggested(w, &body, "86");
        assert_eq!((&found[0]["value"], &found[0]["price"]), (&json!("10"), &json!("85")), "{found:?}");
        assert_eq!(kept(w, &body, "86"), pairs(&[("quantity", "85"), ("by_hand", "86")]));
    });
}

#[test]
fn prc_13_money_off_a_larger_order_is_shared_with_the_goods_that_make_it_larger() {
    both(|w| {
        let p = goods(w, "Масло", "100");
        w.made("price-conditions", json!({"kind": "amount", "from_amount": "1000", "amount_off": "200", "currency": "UAH"}));
        let body = order(w, json!([{"product_id": p, "quantity": "4"}]));
        // 200 off 1,000 leaves 80 of each 100; all of it off the 400 would leave 50.
        assert!(!suggested(w, &body, "50").iter().any(|s| s["kind"] == "order_amount"));
        let found = kept(w, &body, "80");
        assert!(found.contains(&("order_amount".into(), "80".into())), "{found:?}");
    });
}

#[test]
fn prc_13_an_agreement_or_a_contract_that_is_suggested_brings_its_own_list() {
    both(|w| {
        let p = goods(w, "Масло", "100");
        let wholesale = w.made("price-types", json!({"name": "Опт", "currency": "UAH", "method": "manual", "vat": "included"}));
        w.made("prices", json!({"price_type_id": wholesale, "product_id": p, "price": "80", "valid_from": "2020-01-01"}));
        let body = order(w, json!([{"product_id": p, "quantity": "3"}]));
        let of = |name: &str, kind: &str, list: Id, more: Json| {
            let mut a = json!({"name": name, "kind": kind, "company_id": w.company, "price_type_id": list, "currency": "UAH"});
            a.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let made = w.made("agreements", a);
            if w.text("agreements", made, "state") != "active" {
                w.run("agreements.activate", made, json!({})).unwrap();
            }
            made
        };
        of("Роздріб", "standard", w.price_type, json!({}));
        assert_eq!(kept(w, &body, "80"), pairs(&[("by_hand", "80")]));
        let other = w.made("partners", json!({"name": "Інший", "country": "UA"}));
        of("Чужа", "individual", wholesale, json!({"partner_id": other}));
        assert_eq!(kept(w, &body, "80"), pairs(&[("by_hand", "80")]), "somebody else's agreement");
        let own = of("Опт", "standard", wholesale, json!({"priority": 9}));
        let found = suggested(w, &body, "80");
        assert_eq!((&found[0]["kind"], &found[0]["id"]), (&json!("agreement"), &json!(own)), "{found:?}");
        assert_eq!(kept(w, &body, "80"), pairs(&[("agreement", "80"), ("by_hand", "80")]));

        let list = w.made("price-lists", json!({"name": "За договором", "currency": "UAH", "lines": [{"product_id": p, "price": "75"}]}));
        let contract =
            json!({"date": "2026-01-01", "company_id": w.company, "partner_id": w.client, "currency": "UAH", "price_list_id": list});
        let contract = w.made("contracts", contract);
        let found = suggested(w, &body, "75");
        assert_eq!((&found[0]["kind"], &found[0]["id"]), (&json!("contract"), &json!(contract)), "{found:?}");
        assert_eq!(kept(w, &body, "75"), pairs(&[("contract", "75"), ("by_hand", "75")]));
    });
}

#[test]
fn prc_13_another_day_is_suggested_by_the_prices_rates_and_rules_of_that_day() {
    both(|w| {
        let p = goods(w, "Масло", "100");
        w.made("prices", json!({"price_type_id": w.price_type, "product_id": p, "price": "110", "valid_from": "2026-12-01"}));
        w.made(
            "price-conditions",
            json!({"kind": "period", "product_id": p, "percent": "20", "valid_from": "2026-12-24", "valid_to": "2026-12-31"}),
        );
        let body = order(w, json!([{"product_id": p, "quantity": "3"}]));
        assert!(!suggested(w, &body, "80").iter().any(|s| s["kind"] == "date"), "20 % come off 110 then");
        let found = suggested(w, &body, "88");
        assert_eq!((&found[0]["value"], &found[0]["price"]), (&json!("2026-12-24"), &json!("88")), "{found:?}");
        assert_eq!(kept(w, &body, "88"), pairs(&[("date", "88"), ("by_hand", "88")]));

        let oil = goods(w, "Олія", "100");
        w.made("prices", json!({"price_type_id": w.price_type, "product_id": oil, "price": "95", "valid_from": "2027-01-01"}));
        let body = order(w, json!([{"product_id": oil, "quantity": "3"}]));
        assert_eq!(kept(w, &body, "95"), pairs(&[("date", "95"), ("by_hand", "95")]), "the price itself changes");

        let rates = w.made("rate-types", json!({"name": "НБУ", "base_currency": "UAH", "direction": "direct", "is_default": true}));
        for (day, rate) in [("2026-11-20", "40"), ("2026-12-10", "38")] {
            w.made("rates", json!({"date": day, "currency": "USD", "rate_type_id": rates, "rate": rate}));
        }
        let dollars = w.made("price-types", json!({"name": "USD", "currency": "USD", "method": "manual", "vat": "included"}));
        let tea = goods(w, "Чай", "1000");
        w.made("prices", json!({"price_type_id": dollars, "product_id": tea, "price": "2", "valid_from": "2020-01-01"}));
        let mut body = order(w, json!([{"product_id": tea, "quantity": "3"}]));
        body["price_type_id"] = json!(dollars);
        assert_eq!(kept(w, &body, "76"), pairs(&[("date", "76"), ("by_hand", "76")]), "the rate changes");
    });
}

#[test]
fn prc_13_a_suggestion_speaks_of_the_unit_of_the_line() {
    both(|w| {
        let boxes = w.app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = 'box'", &[])?.id(0)).unwrap();
        w.made("price-conditions", json!({"kind": "quantity", "product_id": w.bolt, "from_quantity": "50", "percent": "10"}));
        let body = order(w, json!([{"product_id": w.bolt, "quantity": "1", "unit_id": boxes}]));
        let found = suggested(w, &body, "130");
        assert_eq!((&found[0]["kind"], &found[0]["value"]), (&json!("quantity"), &json!("5")), "five boxes of twelve: {found:?}");
        assert_eq!(kept(w, &body, "130"), pairs(&[("quantity", "129.6"), ("by_hand", "130")]));
    });
}

#[test]
fn prc_12_a_gift_without_a_price_is_offered_no_more_once_it_is_taken() {
    both(|w| {
        let cap = w.made("products", json!({"name": "Кепка", "unit_id": w.unit, "kind": "service", "vat_rate": "ua20"}));
        let gift = json!({"name": "Кепка в дарунок", "kind": "gift", "product_id": w.repair, "from_quantity": "2", "gift_product_id": cap, "gift_quantity": "1", "repeat": true});
        w.made("promotions", gift);
        let q = w.app.registry.questions.iter().find(|q| q.path == "sales-orders/editor" && q.post).unwrap();
        let due =
            |lines: Json| (q.run)(&w.app, &Ctx::system(), &Asked { body: order(w, lines), ..Default::default() }).unwrap()["gifts"].clone();
        let bought = json!({"product_id": w.repair, "quantity": "4"});
        assert_eq!(due(json!([bought]))[0]["quantity"], json!("2"));
        assert_eq!(due(json!([bought, {"product_id": cap, "quantity": "1"}]))[0]["quantity"], json!("1"));
        assert_eq!(due(json!([bought, {"product_id": cap, "quantity": "2"}])), json!([]));
        assert_eq!(due(json!([bought, {"product_id": cap, "quantity": "2", "price": "0"}])), json!([]), "nor with no price by hand");
        assert_eq!(
            due(json!([bought, {"product_id": cap, "quantity": "2", "price": "9"}]))[0]["quantity"],
            json!("2"),
            "what is paid for is no gift"
        );
    });
}
