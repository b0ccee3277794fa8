//! Conditions of sale in saved orders: each kind by itself, and what bars or joins them.

use crate::world::{World, both};
use kontor_platform::Ctx;
use kontor_platform::app::Asked;
use kontor_platform::execute::Outcome;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

fn with(mut all: Json, more: &Json) -> Json {
    all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    all
}

/// Ten repairs at 100.00.
fn order(w: &World, more: Json) -> Outcome {
    let input = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-06-15", "lines": [{"product_id": w.repair, "quantity": "10"}]});
    w.create("sales-orders", with(input, &more)).unwrap()
}

/// List price, discount in percent, amount of the first line.
fn priced(o: &Outcome) -> [String; 3] {
    ["price", "discount_percent", "amount"].map(|f| o.data["lines"][0][f].as_str().unwrap().to_string())
}

fn condition(w: &World, input: Json) -> Id {
    w.made("price-conditions", input)
}

#[test]
fn prc_12_each_kind_of_condition_holds_in_a_saved_order_for_whom_it_is() {
    both(|w| {
        let region = w.made("regions", json!({"name": "Захід"}));
        let dealer = w.made("dealer-types", json!({"name": "Золотий"}));
        let vip = w.made("segments", json!({"name": "VIP", "filter": {"tags": "vip"}}));
        let form = w.made("payment-forms", json!({"name": "Готівка"}));
        let of = w.get("partners", w.client)["version"].clone();
        w.run("partners.update", w.client, json!({"version": of, "region_id": region, "dealer_type_id": dealer, "tags": ["vip"]})).unwrap();
        let contract = w.made(
            "contracts",
            json!({"company_id": w.company, "partner_id": w.client, "date": "2026-01-01", "currency": "UAH", "valid_to": "2026-01-31"}),
        );
        let uah = |price: &str| json!({"price": price, "currency": "UAH"});
        let product = json!({"product_id": w.repair});
        let cases: [(&str, Json, Json, [&str; 3]); 13] = [
            ("special_price", with(uah("90"), &with(product.clone(), &json!({"partner_id": w.client}))), json!({}), ["90", "0", "900.00"]),
            ("region", with(uah("91"), &json!({"region_id": region})), json!({}), ["91", "0", "910.00"]),
            ("dealer_type", with(uah("92"), &json!({"dealer_type_id": dealer})), json!({}), ["92", "0", "920.00"]),
            ("company_list", with(uah("93"), &json!({"company_id": w.company})), json!({}), ["93", "0", "930.00"]),
            ("dealer_discount", json!({"dealer_type_id": dealer, "percent": "4"}), json!({}), ["100", "4", "960.00"]),
            ("special", json!({"partner_id": w.client, "percent": "5"}), json!({}), ["100", "5", "950.00"]),
            ("special", json!({"partner_id": w.client, "amount_off": "6", "currency": "UAH"}), json!({}), ["100", "6", "940.00"]),
            ("segment", json!({"segment_id": vip, "percent": "7"}), json!({}), ["100", "7", "930.00"]),
            ("period", json!({"valid_from": "2026-06-15", "valid_to": "2026-06-15", "percent": "8"}), json!({}), ["100", "8", "920.00"]),
            ("quantity", json!({"from_quantity": "10", "percent": "9"}), json!({}), ["100", "9", "910.00"]),
            (
                "quantity",
                json!({"from_quantity": "1", "contract_id": contract, "percent": "10"}),
                json!({"contract_id": contract}),
                ["100", "10", "900.00"],
            ),
            ("payment_form", json!({"payment_form_id": form, "percent": "11"}), json!({"payment_form_id": form}), ["100", "11", "890.00"]),
            ("amount", json!({"from_amount": "1000", "percent": "12"}), json!({}), ["100", "0", "880.00"]),
        ];
        for (kind, rule, asked, expected) in cases {
            let none = order(w, asked.clone());
            assert_eq!(priced(&none), ["100", "0", "1000.00"].map(String::from), "before {kind}");
            let id = condition(w, with(json!({"kind": kind}), &rule));
            let saved = order(w, asked.clone());
            assert_eq!(priced(&saved), expected.map(String::from), "{kind} {rule}");
            assert_eq!(w.get("sales-orders", saved.id.unwrap())["total"].as_str().unwrap(), expected[2], "{kind}");
            // Not for somebody else, not on another day, not for less, unless it is for everybody.
            let other = match kind {
                "company_list" => json!({"lines": [{"product_id": w.nut, "quantity": "10"}]}),
                "period" => json!({"date": "2026-06-16"}),
                "quantity" if rule["contract_id"].is_string() => json!({"contract_id": null}),
                "quantity" | "amount" => json!({"lines": [{"product_id": w.repair, "quantity": "9"}]}),
                "payment_form" => json!({"payment_form_id": null}),
                _ => json!({"partner_id": w.made("partners", json!({"name": format!("Сторонній {kind} {id}")}))}),
            };
            if kind != "company_list" {
                let o = order(w, with(asked.clone(), &other));
                assert_eq!(
                    (&o.data["lines"][0]["price"], &o.data["lines"][0]["discount_percent"]),
                    (&json!("100"), &json!("0")),
                    "{kind} for {other}"
                );
            }
            w.run("price-conditions.delete", id, json!({})).unwrap();
        }
        w.agrees();
    });
}

#[test]
fn prc_12_a_loyalty_card_counts_while_it_is_valid_and_the_clients() {
    both(|w| {
        let program = w.made("loyalty-programs", json!({"name": "Постійні"}));
        condition(w, json!({"kind": "card", "loyalty_program_id": program, "percent": "10"}));
        let stranger = w.made("partners", json!({"name": "Сторонній"}));
        let card = |number: &str, more: Json| w.made("loyalty-cards", with(json!({"number": number, "program_id": program}), &more));
        let his = card("1", json!({"partner_id": w.client, "valid_from": "2026-06-15", "valid_to": "2026-06-30"}));
        let theirs = card("2", json!({"partner_id": stranger}));
        let bearer = card("3", json!({}));
        let told = |id: Id, date: &str| {
            let o = order(w, json!({"loyalty_card_id": id, "date": date}));
            let warned: Vec<String> = o.warnings.iter().filter(|p| p.field == "loyalty_card_id").map(|p| p.code.to_string()).collect();
            let told = (o.data["lines"][0]["discount_percent"].as_str().unwrap().to_string(), warned.join(" "));
            // A price that is only asked for says the same.
            let (partner, product) = (o.data["partner_id"].clone(), o.data["lines"][0]["product_id"].clone());
            let asked = json!({"company_id": w.company, "partner_id": partner, "product_id": product, "date": date, "loyalty_card_id": id});
            let e = kontor_prices::explain(&w.app, &Ctx::system(), &asked).unwrap();
            let warned: Vec<&str> = e["warnings"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap()).collect();
            assert_eq!((e["discount_percent"].as_str().unwrap(), warned.join(" ")), (told.0.as_str(), told.1.clone()), "{e}");
            told
        };
        let (ten, none) = (("10".to_string(), String::new()), |code: &str| ("0".to_string(), code.to_string()));
        assert_eq!(told(his, "2026-06-15"), ten);
        assert_eq!(told(his, "2026-06-30"), ten, "the last day counts");
        assert_eq!(told(his, "2026-07-01"), none("card_not_valid"));
        assert_eq!(told(his, "2026-06-14"), none("card_not_valid"));
        assert_eq!(told(theirs, "2026-06-15"), none("card_of_another"));
        assert_eq!(told(bearer, "2026-07-01"), ten, "whoever shows it");
        // Nothing chosen: his only card is taken while it is valid.
        let o = order(w, json!({}));
        assert_eq!((&o.data["loyalty_card_id"], priced(&o)[1].as_str()), (&json!(his), "10"));
        w.run("loyalty-cards.delete", his, json!({})).unwrap();
        assert_eq!(told(his, "2026-06-15"), none("card_not_valid"), "an archived card gives nothing");
    });
}

#[test]
fn prc_12_a_bundle_in_an_order_is_shared_out_and_explained() {
    both(|w| {
        let lines = json!([{"product_id": w.bolt, "quantity": "3"}, {"product_id": w.nut, "quantity": "1"}]);
        let set = w.made("promotions", json!({"name": "Кріплення разом", "kind": "bundle", "bundle_price": "30", "currency": "UAH", "limit_bundles": 1, "lines": lines}));
        let amounts = |lines: Json| -> (Vec<String>, String) {
            let o = order(w, json!({"lines": lines})).data;
            (
                o["lines"].as_array().unwrap().iter().map(|l| l["amount"].as_str().unwrap().into()).collect(),
                o["total"].as_str().unwrap().into(),
            )
        };
        // 36.00 and 3.50 for 30.00 together: 9.50 off, by shares 8.66 and 0.84.
        let together = json!([{"product_id": w.bolt, "quantity": "3"}, {"product_id": w.nut, "quantity": "1"}]);
        assert_eq!(amounts(together.clone()), (vec!["27.34".into(), "2.66".into()], "30.00".into()));
        assert_eq!(
            amounts(json!([{"product_id": w.bolt, "quantity": "2"}, {"product_id": w.nut, "quantity": "1"}])).1,
            "27.50",
            "not the whole set"
        );
        let twice = json!([{"product_id": w.bolt, "quantity": "6"}, {"product_id": w.nut, "quantity": "2"}]);
        assert_eq!(amounts(twice.clone()).1, "69.50", "once in an order");
        let version = w.get("promotions", set)["version"].clone();
        w.run("promotions.update", set, json!({"version": version, "limit_bundles": null})).unwrap();
        assert_eq!(amounts(twice).1, "60.00");
        let q = w.app.registry.questions.iter().find(|q| q.path == "sales-orders/explain" && q.post).unwrap();
        let body = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-06-15", "lines": together});
        let why = (q.run)(&w.app, &Ctx::system(), &Asked { body, ..Default::default() }).unwrap();
        let last = why["steps"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["step"], &last["rule"]["kind"], &last["rule"]["id"]), (&json!("order"), &json!("bundle"), &json!(set)), "{last}");
        w.agrees();
    });
}

#[test]
fn prc_12_groups_stops_final_prices_and_priorities_decide_in_a_saved_order() {
    both(|w| {
        let discount = || priced(&order(w, json!({})))[1].clone();
        // Of one group the largest; what stands outside of it adds.
        let special = condition(w, json!({"kind": "special", "partner_id": w.client, "percent": "5", "exclusive_group": 1}));
        let period = condition(w, json!({"kind": "period", "valid_from": "2026-06-01", "percent": "7", "exclusive_group": 1}));
        let quantity = condition(w, json!({"kind": "quantity", "from_quantity": "10", "percent": "2"}));
        assert_eq!(discount(), "9");
        let change = |id: Id, what: Json| {
            let version = w.get("price-conditions", id)["version"].clone();
            w.run("price-conditions.update", id, with(json!({"version": version}), &what)).unwrap();
        };
        change(special, json!({"exclusive_group": 0}));
        assert_eq!(discount(), "14", "all together once they exclude each other no more");
        // A stop bars the kinds that come later.
        change(special, json!({"stop": true}));
        assert_eq!(discount(), "5");
        change(special, json!({"stop": false}));
        change(period, json!({"stop": true}));
        assert_eq!(discount(), "12");
        // Of two of one key the smaller number.
        let second = condition(w, json!({"kind": "period", "valid_from": "2026-06-01", "percent": "20", "priority": 3}));
        assert_eq!(discount(), "12");
        change(period, json!({"priority": 4}));
        assert_eq!(discount(), "27", "the other one wins, and stops nothing: 5 + 20 + 2");
        // A final price bears none of them.
        let fixed = condition(
            w,
            json!({"kind": "special_price", "partner_id": w.client, "product_id": w.repair, "price": "80", "currency": "UAH", "final_price": true}),
        );
        assert_eq!(priced(&order(w, json!({}))), ["80", "0", "800.00"].map(String::from));
        change(fixed, json!({"final_price": false}));
        assert_eq!(priced(&order(w, json!({}))), ["80", "27", "584.00"].map(String::from));
        for id in [special, period, quantity, second, fixed] {
            w.run("price-conditions.delete", id, json!({})).unwrap();
        }
        assert_eq!(discount(), "0");
        w.agrees();
    });
}

#[test]
fn prc_01_season_rating_manufacturer_and_characteristics_make_segments_that_rules_are_for() {
    both(|w| {
        let winter = w.made("seasons", json!({"name": "Зима", "from_month": 11, "to_month": 2}));
        let group = w.made("seasonal-groups", json!({"name": "Опалення", "months": [{"month": 1, "percent": "180"}]}));
        let maker = w.made("partners", json!({"name": "Завод", "roles": ["manufacturer"]}));
        w.made("characteristics", json!({"name": "Колір", "code": "color", "kind": "choice", "choices": ["red", "blue"]}));
        let version = w.get("products", w.repair)["version"].clone();
        let said = json!({"version": version, "season_id": winter, "seasonal_group_id": group, "manufacturer_id": maker, "sales_rating": 80, "custom": {"color": "red"}});
        w.run("products.update", w.repair, said).unwrap();
        let both_lines = json!([{"product_id": w.repair, "quantity": "1"}, {"product_id": w.bolt, "quantity": "1"}]);
        for (n, filter) in [
            json!({"season": "Зима"}),
            json!({"seasonal_group_id": group}),
            json!({"manufacturer": "Завод"}),
            json!({"sales_rating.ge": "80"}),
            json!({"custom.color": "red"}),
        ]
        .into_iter()
        .enumerate()
        {
            let of = w.made("segments", json!({"name": format!("Сегмент {n}"), "members": "products", "filter": filter}));
            let rule = condition(w, json!({"kind": "special", "product_segment_id": of, "percent": "6"}));
            let o = order(w, json!({"lines": both_lines})).data;
            let told: Vec<&Json> = o["lines"].as_array().unwrap().iter().map(|l| &l["discount_percent"]).collect();
            assert_eq!(told, [&json!("6"), &json!("0")], "{filter}");
            w.run("price-conditions.delete", rule, json!({})).unwrap();
        }
    });
}
