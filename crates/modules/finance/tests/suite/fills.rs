//! What a document takes from its client: parties, agreement, contract, card, ways of payment, and prices by them.

use crate::world::{World, both};
use kontor_platform::Ctx;
use kontor_platform::app::Asked;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

fn editor(w: &World, path: &str, body: Json) -> Json {
    let q = w.app.registry.questions.iter().find(|q| q.path == path && q.post).unwrap();
    (q.run)(&w.app, &Ctx::system(), &Asked { body, ..Default::default() }).unwrap()
}

struct Client {
    partner: Id,
    counterparty: Id,
    agreement: Id,
    contract: Id,
    card: Id,
    order_type: Id,
    payment_form: Id,
    price_type: Id,
    program: Id,
}

/// A client of whom everything is known.
fn client(w: &World, name: &str) -> Client {
    let order_type = w.made("order-types", json!({"name": format!("Опт {name}")}));
    let payment_form = w.made("payment-forms", json!({"name": format!("Безготівка {name}")}));
    let price_type =
        w.made("price-types", json!({"name": format!("Експортна {name}"), "currency": "EUR", "method": "manual", "vat": "excluded"}));
    w.made("prices", json!({"price_type_id": price_type, "product_id": w.repair, "price": "2", "valid_from": "2020-01-01"}));
    let partner = w.made("partners", json!({"name": name, "country": "PL", "address": "Варшава", "order_type_id": order_type}));
    let counterparty = w.made(
        "counterparties",
        json!({"partner_id": partner, "legal_name": format!("{name} Sp. z o.o."), "country": "PL", "is_main": true}),
    );
    let agreement = w.made("agreements", json!({"company_id": w.company, "partner_id": partner, "price_type_id": price_type, "currency": "EUR", "vat": "excluded", "payment_form_id": payment_form, "payment_terms": {"kind": "credit", "days": 14}}));
    let contract = w.made("contracts", json!({"company_id": w.company, "partner_id": partner, "date": "2026-01-01", "valid_from": "2026-01-01", "valid_to": "2026-12-31", "currency": "EUR", "payment_terms": {"kind": "credit", "days": 45}, "payment_stages": [{"kind": "prepay", "percent": "30"}, {"kind": "credit", "percent": "70", "days": 45}]}));
    let program = w.made("loyalty-programs", json!({"name": format!("Постійні {name}")}));
    let card = w.made("loyalty-cards", json!({"number": format!("77-{name}"), "program_id": program, "partner_id": partner}));
    Client { partner, counterparty, agreement, contract, card, order_type, payment_form, price_type, program }
}

#[test]
fn prc_10_choosing_the_client_fills_all_pricing_parameters_in_the_api_and_in_the_editor() {
    both(|w| {
        let c = client(w, "Polska");
        let stages = json!([{"kind": "prepay", "percent": "30"}, {"kind": "credit", "percent": "70", "days": 45}]);
        for collection in ["quotes", "sales-orders"] {
            let input = json!({"company_id": w.company, "partner_id": c.partner, "date": "2026-06-01", "lines": [{"product_id": w.repair, "quantity": "1"}]});
            let o = w.create(collection, input.clone()).unwrap().data;
            let expected = [
                ("counterparty_id", json!(c.counterparty)),
                ("agreement_id", json!(c.agreement)),
                ("contract_id", json!(c.contract)),
                ("loyalty_card_id", json!(c.card)),
                ("order_type_id", json!(c.order_type)),
                ("payment_form_id", json!(c.payment_form)),
                ("currency", json!("EUR")),
                ("vat", json!("excluded")),
                ("payment_terms", json!({"kind": "credit", "days": 45})),
                ("payment_stages", stages.clone()),
                ("warehouse_id", json!(w.warehouse)),
                ("country", json!("PL")),
                ("ship_to", json!("Варшава")),
            ];
            for (field, value) in &expected {
                assert_eq!(&o[*field], value, "{collection}: {field}");
            }
            assert_eq!(o["lines"][0]["price"], json!("2"), "{collection}: by the agreement's price type");
            // The editor shows the same beside the fields, the price type by name, before any line is typed and with lines.
            let path = format!("{collection}/editor");
            let mut bare = input.clone();
            bare["lines"] = json!([]);
            for told in [editor(w, &path, bare), editor(w, &path, input)] {
                for (field, of, id) in [
                    ("agreement", "agreements", c.agreement),
                    ("contract", "contracts", c.contract),
                    ("loyalty_card", "loyalty-cards", c.card),
                    ("order_type", "order-types", c.order_type),
                    ("payment_form", "payment-forms", c.payment_form),
                    ("price_type", "price-types", c.price_type),
                    ("warehouse", "warehouses", w.warehouse),
                ] {
                    assert_eq!(told[field]["id"], json!(id), "{path}: {field} in {told}");
                    let title = w.app.record(&Ctx::system(), of, id).unwrap().title().to_string();
                    assert_eq!(told[field]["title"], json!(title), "{path}: {field}");
                }
                assert_eq!((&told["currency"], &told["vat"]), (&json!("EUR"), &json!("excluded")), "{path}");
                assert!(told["payment_text"].as_str().unwrap().contains("45"), "{path}: {}", told["payment_text"]);
            }
        }
    });
}

#[test]
fn prc_10_what_is_written_stays_what_is_ambiguous_is_left_open_and_another_client_fills_anew() {
    both(|w| {
        let (one, two) = (client(w, "Перший"), client(w, "Другий"));
        let input = |more: Json| {
            let mut all = json!({"company_id": w.company, "partner_id": one.partner, "date": "2026-06-01", "lines": [{"product_id": w.repair, "quantity": "1"}]});
            all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            all
        };
        let cash = w.made("payment-forms", json!({"name": "Готівка"}));
        let o = w.create("sales-orders", input(json!({"payment_form_id": cash, "contract_id": null}))).unwrap();
        assert_eq!((&o.data["payment_form_id"], &o.data["contract_id"]), (&json!(cash), &Json::Null), "written, and emptied");
        assert_eq!(o.data["payment_terms"], json!({"kind": "credit", "days": 14}), "no contract, so the agreement governs");
        // Another client: what came from the first one goes with him.
        let change = json!({"version": o.version, "partner_id": two.partner, "counterparty_id": null, "agreement_id": null, "contract_id": null, "loyalty_card_id": null, "order_type_id": null, "payment_form_id": null});
        let o = w.run("sales-orders.update", o.id.unwrap(), change).unwrap();
        assert_eq!(
            [&o.data["contract_id"], &o.data["loyalty_card_id"], &o.data["order_type_id"], &o.data["payment_form_id"]],
            [&json!(two.contract), &json!(two.card), &json!(two.order_type), &json!(two.payment_form)]
        );
        // Out of the contract's days there is none; of two contracts and two cards somebody has to choose.
        let o = w.create("sales-orders", input(json!({"date": "2027-01-01"}))).unwrap();
        assert_eq!((&o.data["contract_id"], &o.data["loyalty_card_id"]), (&Json::Null, &json!(one.card)));
        w.made("contracts", json!({"company_id": w.company, "partner_id": one.partner, "date": "2026-05-01", "currency": "EUR"}));
        w.made("loyalty-cards", json!({"number": "78", "program_id": one.program, "partner_id": one.partner}));
        let o = w.create("sales-orders", input(json!({}))).unwrap();
        assert_eq!((&o.data["contract_id"], &o.data["loyalty_card_id"]), (&Json::Null, &Json::Null));
    });
}

#[test]
fn prc_10_prices_by_order_type_and_by_kind_of_deal_per_own_company() {
    both(|w| {
        let second = w.made("companies", json!({"name": "ТОВ Друга", "currency": "UAH", "country": "UA"}));
        w.made("warehouses", json!({"name": "Другий", "company_id": second}));
        let kind = w.made("deal-kinds", json!({"name": "Тендер"}));
        let deal = w.made("deals", json!({"name": "Тендер на болти", "partner_id": w.client, "kind_id": kind, "currency": "UAH"}));
        let order_type = w.made("order-types", json!({"name": "Опт"}));
        let fixed = |more: Json| {
            let mut all = json!({"product_id": w.bolt, "currency": "UAH"});
            all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            w.made("price-conditions", all)
        };
        fixed(json!({"kind": "deal_kind", "deal_kind_id": kind, "price": "9"}));
        fixed(json!({"kind": "deal_kind", "deal_kind_id": kind, "price": "8", "company_id": second}));
        fixed(json!({"kind": "order_type", "order_type_id": order_type, "price": "7", "company_id": second}));
        let price = |company: Id, more: Json| {
            let mut all = json!({"company_id": company, "partner_id": w.client, "date": "2026-06-01", "lines": [{"product_id": w.bolt, "quantity": "1"}]});
            all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            let o = w.create("sales-orders", all).unwrap().data;
            (o["deal_kind_id"].clone(), o["lines"][0]["price"].as_str().unwrap().to_string())
        };
        assert_eq!(price(w.company, json!({})), (Json::Null, "12".into()));
        // The kind comes with the deal, or is written by hand.
        assert_eq!(price(w.company, json!({"deal_id": deal})), (json!(kind), "9".into()));
        assert_eq!(price(w.company, json!({"deal_kind_id": kind})), (json!(kind), "9".into()));
        assert_eq!(price(second, json!({"deal_id": deal})), (json!(kind), "8".into()));
        assert_eq!(price(w.company, json!({"deal_id": deal, "order_type_id": order_type})), (json!(kind), "9".into()));
        assert_eq!(
            price(second, json!({"deal_id": deal, "order_type_id": order_type})),
            (json!(kind), "7".into()),
            "the type of the order comes first"
        );
        // An order made of a quote keeps the kind; the explanation names it.
        let q = w.create("quotes", json!({"company_id": w.company, "partner_id": w.client, "date": "2026-06-01", "deal_id": deal, "lines": [{"product_id": w.bolt, "quantity": "1"}]})).unwrap();
        w.run("quotes.confirm", q.id.unwrap(), json!({})).unwrap();
        let made = w.run("quotes.order", q.id.unwrap(), json!({})).unwrap().data["sales_order_id"].as_str().unwrap().parse().unwrap();
        assert_eq!(w.get("sales-orders", made)["deal_kind_id"], json!(kind));
        let body = json!({"company_id": w.company, "partner_id": w.client, "deal_id": deal, "date": "2026-06-01", "lines": [{"product_id": w.bolt, "quantity": "1"}]});
        let why = editor(w, "sales-orders/explain", body);
        assert_eq!(why["steps"][0]["rule"]["kind"], json!("deal_kind"));
        assert!(why["steps"][0]["text"].as_str().unwrap().contains("Тендер"), "{}", why["steps"][0]);
        // A rule of this kind says for which kind of deals.
        let bare = w.create("price-conditions", json!({"kind": "deal_kind", "product_id": w.bolt, "price": "1", "currency": "UAH"}));
        assert_eq!(crate::world::refused(bare).0, "deal_kind_id");
    });
}

#[test]
fn prc_10_the_own_companys_surcharge_in_money_and_in_percent_by_category() {
    both(|w| {
        let second = w.made("companies", json!({"name": "ТОВ Друга", "currency": "UAH", "country": "UA"}));
        w.made("warehouses", json!({"name": "Другий", "company_id": second}));
        let fasteners = w.made("product-categories", json!({"name": "Кріплення"}));
        let version = w.get("products", w.bolt)["version"].clone();
        w.run("products.update", w.bolt, json!({"version": version, "category_id": fasteners})).unwrap();
        w.made(
            "price-conditions",
            json!({"kind": "surcharge", "company_id": w.company, "category_id": fasteners, "amount_off": "1.50", "currency": "UAH"}),
        );
        w.made("price-conditions", json!({"kind": "surcharge", "company_id": w.company, "percent": "10"}));
        w.made("price-conditions", json!({"kind": "surcharge", "company_id": second, "amount_off": "-2", "currency": "UAH"}));
        let prices = |company: Id| -> Vec<Json> {
            let lines = json!([{"product_id": w.bolt, "quantity": "2"}, {"product_id": w.repair, "quantity": "1"}]);
            let o = w
                .create("sales-orders", json!({"company_id": company, "partner_id": w.client, "date": "2026-06-01", "lines": lines}))
                .unwrap()
                .data;
            o["lines"].as_array().unwrap().iter().map(|l| json!([l["price"], l["discount_percent"], l["amount"]])).collect()
        };
        // The category's surcharge in money, everything else by a tenth more: in the price, not as a discount.
        assert_eq!(prices(w.company), [json!(["13.5", "0", "27.00"]), json!(["110", "0", "110.00"])]);
        assert_eq!(prices(second), [json!(["10", "0", "20.00"]), json!(["98", "0", "98.00"])]);
    });
}

#[test]
fn prc_03_a_price_type_for_purchases_prices_no_sale_one_for_both_does() {
    both(|w| {
        let made = |name: &str, usage: &str| {
            let id =
                w.made("price-types", json!({"name": name, "currency": "UAH", "method": "manual", "usage": usage, "is_default": false}));
            w.made("prices", json!({"price_type_id": id, "product_id": w.bolt, "price": "5", "valid_from": "2020-01-01"}));
            id
        };
        let (buying, either) = (made("Закупівельна", "purchase"), made("Спільна", "both"));
        let dealer = |id: Id| w.create("dealer-types", json!({"name": format!("Дилер {id}"), "price_type_id": id}));
        let order = |collection: &str, id: Id| {
            w.create(collection, json!({"company_id": w.company, "partner_id": w.client, "date": "2026-06-01", "price_type_id": id, "lines": [{"product_id": w.bolt, "quantity": "1"}]}))
        };
        let agreement = |id: Id, line: Id| {
            w.create("agreements", json!({"company_id": w.company, "partner_id": w.client, "currency": "UAH", "price_type_id": id, "lines": [{"product_id": w.bolt, "price_type_id": line}]}))
        };
        let contract = |id: Id| {
            w.create(
                "contracts",
                json!({"company_id": w.company, "partner_id": w.client, "date": "2026-01-01", "currency": "UAH", "price_type_id": id}),
            )
        };
        let condition = |id: Id| {
            w.create("price-conditions", json!({"kind": "special_price", "product_id": w.nut, "price_type_id": id, "currency": "UAH"}))
        };
        let company = |id: Id| {
            let version = w.get("companies", w.company)["version"].clone();
            w.run("companies.update", w.company, json!({"version": version, "price_type_id": id}))
        };
        let category = |id: Id| w.create("product-categories", json!({"name": format!("Категорія {id}"), "price_type_id": id}));
        for e in [
            order("sales-orders", buying),
            order("quotes", buying),
            dealer(buying),
            contract(buying),
            condition(buying),
            company(buying),
            category(buying),
            agreement(buying, either),
        ] {
            let (field, code, args) = crate::world::refused(e);
            assert_eq!((field.as_str(), code.as_str(), args), ("price_type_id", "price_type_purchase", vec!["Закупівельна".to_string()]));
        }
        let (field, code, _) = crate::world::refused(agreement(either, buying));
        assert_eq!((field.as_str(), code.as_str()), ("lines.0.price_type_id", "price_type_purchase"));
        let version = w.get("price-types", buying)["version"].clone();
        assert_eq!(
            crate::world::refused(w.run("price-types.update", buying, json!({"version": version, "is_default": true}))).0,
            "is_default"
        );
        // One for both is as good as one for sales.
        assert_eq!(order("sales-orders", either).unwrap().data["lines"][0]["price"], json!("5"));
        for done in [
            order("quotes", either),
            dealer(either),
            contract(either),
            condition(either),
            company(either),
            category(either),
            agreement(either, either),
        ] {
            done.unwrap();
        }
        // And does not become one for purchases while sales stand on it; sales types may be computed from purchase prices.
        let version = w.get("price-types", either)["version"].clone();
        assert_eq!(
            crate::world::refused(w.run("price-types.update", either, json!({"version": version, "usage": "purchase"}))).1,
            "in_use"
        );
        let above = w.made("price-types", json!({"name": "Закупівельна плюс", "currency": "UAH", "method": "markup", "base_price_type_id": buying, "markup_percent": "20", "is_default": false}));
        assert_eq!(order("sales-orders", above).unwrap().data["lines"][0]["price"], json!("6"));
    });
}
