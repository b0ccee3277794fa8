//! Changes of rules tried on past orders: both sides are priced as orders are, every kind of change can be tried, and what is
//! told of margins, losses and clients is exact.

use crate::world::{World, both, refused, run};
use kontor_platform::execute::Envelope;
use kontor_platform::value::Id;
use kontor_platform::{Ctx, Source};
use serde_json::{Value as Json, json};

fn seller(w: &World, login: &str) -> Ctx {
    let input = json!({"login": login, "name": login, "password": "correct horse battery", "roles": ["salesperson"]});
    run(&w.app, "users.create", None, input).unwrap();
    w.app.ctx_of(login, Source::Api).unwrap()
}

fn sold(w: &World, ctx: &Ctx, more: Json) -> Id {
    let mut all = json!({"company_id": w.company, "partner_id": w.client, "warehouse_id": w.warehouse, "manager_id": ctx.user_id});
    if ctx.user_id.is_nil() {
        all["manager_id"] = Json::Null;
    }
    all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    let id = w.create("sales-orders", all).unwrap().id.unwrap();
    w.run("sales-orders.confirm", id, json!({})).unwrap();
    id
}

fn tried(w: &World, input: Json) -> Json {
    let job = kontor_sales::simulate_prices(&w.app, &Ctx::system(), &input).unwrap_or_else(|e| panic!("{input}: {e:?}"));
    let job = Id::parse_str(job["id"].as_str().unwrap()).unwrap();
    while w.app.run_jobs(std::time::Duration::from_secs(30)).unwrap() {}
    let seen = w.get("jobs", job);
    assert_eq!(seen["state"], json!("done"), "{seen}");
    seen["result"].clone()
}

fn totals(r: &Json) -> (&str, &str) {
    (r["totals"][0]["revenue_before"].as_str().unwrap(), r["totals"][0]["revenue_after"].as_str().unwrap())
}

/// A rule that is for nobody, to look at the prices of today.
fn nothing(w: &World) -> Json {
    let rule = json!({"kind": "special", "partner_id": w.made("partners", json!({"name": "Ніхто"})), "percent": "1", "active": false});
    json!([{"collection": "price-conditions", "id": w.made("price-conditions", rule)}])
}

#[test]
fn prc_17_past_orders_are_priced_as_the_desk_would_price_them_today() {
    both(|w| {
        let ann = seller(w, "ann");
        let version = w.get("partners", w.client)["version"].clone();
        w.run("partners.update", w.client, json!({"version": version, "manager_id": ann.user_id})).unwrap();
        let two = |more: Json| {
            let mut o = json!({"lines": [{"product_id": w.repair, "quantity": "3"}, {"product_id": w.nut, "quantity": "7", "supply": "later"}, {"product_id": w.bolt, "quantity": "5", "supply": "later"}]});
            o.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            sold(w, &ann, o)
        };
        let program = w.made("loyalty-programs", json!({"name": "Дім"}));
        let card = w.made("loyalty-cards", json!({"number": "77", "program_id": program, "partner_id": w.client}));
        let [usual, special] =
            ["НБУ", "Каса"].map(|name| w.made("rate-types", json!({"name": name, "base_currency": "UAH", "direction": "direct"})));
        for (of, rate) in [(usual, "50"), (special, "47.3")] {
            w.made("rates", json!({"rate_type_id": of, "currency": "EUR", "date": "2020-01-01", "rate": rate}));
        }
        let euros = w.made("price-types", json!({"name": "Євро", "currency": "EUR", "method": "manual", "vat": "excluded"}));
        for (product, price) in [(w.repair, "2.11"), (w.nut, "0.07"), (w.bolt, "0.33")] {
            w.made("prices", json!({"price_type_id": euros, "product_id": product, "price": price, "valid_from": "2020-01-01"}));
        }
        let of_segment = two(json!({}));
        let with_card = two(json!({"loyalty_card_id": card}));
        let chosen = two(json!({"price_type_id": euros}));
        let own = w.made(
            "agreements",
            json!({"company_id": w.company, "partner_id": w.client, "price_type_id": w.price_type, "currency": "UAH", "payment_terms": {"kind": "prepay"}, "discount_percent": "1"}),
        );
        let under_own = two(json!({"agreement_id": own}));
        // The rules of today: a product segment, the card, discounts of which ann's algorithm takes the largest, a rate type of a
        // category and of the company, a standard agreement behind the client's own.
        let nuts = w.made("segments", json!({"name": "Гайки", "members": "products", "filter": {"sku": "N8"}}));
        for rule in [
            json!({"kind": "special", "partner_id": w.client, "product_segment_id": nuts, "percent": "20"}),
            json!({"kind": "card", "loyalty_program_id": program, "percent": "7"}),
            json!({"kind": "special", "partner_id": w.client, "percent": "5"}),
            json!({"kind": "quantity", "product_id": w.repair, "from_quantity": "2", "percent": "11"}),
        ] {
            w.made("price-conditions", rule);
        }
        w.made("price-limits", json!({"name": "Енн", "user_id": ann.user_id, "algorithm": "maximum"}));
        let category = w.made("product-categories", json!({"name": "За касою", "rate_type_id": special}));
        let version = w.get("products", w.bolt)["version"].clone();
        w.run("products.update", w.bolt, json!({"version": version, "category_id": category})).unwrap();
        let list = w.made(
            "price-lists",
            json!({"name": "Стандартний", "currency": "UAH", "vat": "included", "lines": [{"product_id": w.nut, "price": "3.10"}]}),
        );
        w.made(
            "agreements",
            json!({"kind": "standard", "company_id": w.company, "price_type_id": w.price_type, "price_list_id": list, "currency": "UAH", "payment_terms": {"kind": "prepay"}}),
        );
        for (what, order) in [("segment", of_segment), ("card", with_card), ("chosen type", chosen), ("own agreement", under_own)] {
            let changes = nothing_once(w);
            let number = w.text("sales-orders", order, "number");
            let r = tried(w, json!({"changes": changes, "filter": {"number": number}}));
            let before = totals(&r).0.to_string();
            assert_eq!((&r["orders"], &r["lines_without_price"]), (&json!(1), &json!(0)), "{what}");
            w.run("sales-orders.reopen", order, json!({})).unwrap();
            let was = w.text("sales-orders", order, "net_total");
            w.app.execute(&ann, Envelope::new("sales-orders.reprice", json!({})).on(order)).unwrap();
            let now = w.text("sales-orders", order, "net_total");
            assert_ne!(now, was, "{what}: the rules of today say something else");
            assert_eq!(before, now, "{what}");
            w.run("sales-orders.confirm", order, json!({})).unwrap();
        }
        assert_eq!(w.app.check().unwrap(), []);
    });
}

fn nothing_once(w: &World) -> Json {
    let there = w.app.store.read(|c| c.query_opt("SELECT id FROM price_conditions WHERE active = ?", &[false.into()])).unwrap();
    match there {
        Some(r) => json!([{"collection": "price-conditions", "id": r.id(0).unwrap()}]),
        None => nothing(w),
    }
}

#[test]
fn prc_17_margins_losses_managers_and_clients_who_pay_more_are_exact() {
    both(|w| {
        let (ann, bob) = (seller(w, "ann"), seller(w, "bob"));
        let other = w.made("partners", json!({"name": "Другий"}));
        w.receive("2026-01-10", w.nut, "1000", "2.50");
        w.receive("2026-01-10", w.bolt, "1000", "9");
        let nuts = |n: &str| json!({"lines": [{"product_id": w.nut, "quantity": n}]});
        let bolts = |n: &str| json!({"partner_id": other, "lines": [{"product_id": w.bolt, "quantity": n}]});
        let small = sold(w, &ann, nuts("10"));
        let large = sold(w, &ann, nuts("100"));
        sold(w, &bob, bolts("20"));
        // Nuts 30 % off come below their cost of 2.50; bolts, 10.00 net, cost 9 and become a tenth dearer.
        let changes = json!([
            {"collection": "price-conditions", "body": {"kind": "quantity", "product_id": w.nut, "from_quantity": "1", "percent": "30"}},
            {"collection": "price-conditions", "body": {"kind": "special", "partner_id": other, "percent": "-10"}},
        ]);
        let r = tried(w, json!({"changes": changes, "more_percent": "9"}));
        assert_eq!(
            (&r["orders"], &r["lines"], &r["changed_lines"], &r["below_cost"], &r["below_cost_before"]),
            (&json!(3), &json!(3), &json!(3), &json!(2), &json!(0))
        );
        let figures = |row: &Json| -> Vec<String> {
            ["revenue_before", "revenue_after", "change", "margin_before", "margin_after", "below_cost", "loss"]
                .iter()
                .map(|f| row[f].as_str().map_or_else(|| row[f].to_string(), str::to_string))
                .collect()
        };
        // 385 of nuts and 200 of bolts; 269.50 and 220; costs 275 and 180.
        assert_eq!(figures(&r["totals"][0]), ["585.00", "489.50", "-95.50", "130.00", "34.50", "2", "5.50"]);
        let by = |table: &str| -> Vec<(String, Vec<String>)> {
            r[table].as_array().unwrap().iter().map(|x| (x["title"].as_str().unwrap().to_string(), figures(x))).collect()
        };
        let row = |name: &str, f: [&str; 7]| (name.to_string(), f.map(String::from).to_vec());
        let (of_nuts, of_bolts) =
            (["385.00", "269.50", "-115.50", "110.00", "-5.50", "2", "5.50"], ["200.00", "220.00", "20.00", "20.00", "40.00", "0", "0.00"]);
        assert_eq!(by("managers"), [row("ann", of_nuts), row("bob", of_bolts)]);
        assert_eq!(by("clients"), [row("Клієнт", of_nuts), row("Другий", of_bolts)]);
        assert_eq!(by("products"), [row("Гайка М8", of_nuts), row("Болт М8", of_bolts)]);
        assert_eq!((&r["clients_paying_more"], by("dearer_clients")), (&json!(1), vec![row("Другий", of_bolts)]));
        for (by, name) in [("managers", "ann"), ("clients", "Клієнт"), ("products", "Гайка М8")] {
            let rows = r["below_cost_by"][by].as_array().unwrap();
            assert_eq!((rows.len(), &rows[0]["title"], &rows[0]["loss"]), (1, &json!(name), &json!("5.50")));
        }
        // Each line that loses, the worst first.
        let lines: Vec<(Json, Json, Json, Json, Json)> = r["below_cost_lines"]
            .as_array()
            .unwrap()
            .iter()
            .map(|l| (l["order"]["id"].clone(), l["before"].clone(), l["after"].clone(), l["cost"].clone(), l["loss"].clone()))
            .collect();
        let line = |id: Id, f: [&str; 4]| (json!(id), json!(f[0]), json!(f[1]), json!(f[2]), json!(f[3]));
        assert_eq!(lines, [line(large, ["350.00", "245.00", "250.00", "5.00"]), line(small, ["35.00", "24.50", "25.00", "0.50"])]);
        let first = &r["below_cost_lines"][0];
        assert_eq!(
            (&first["product"]["title"], &first["client"]["title"], &first["manager"]["title"]),
            (&json!("Гайка М8"), &json!("Клієнт"), &json!("ann"))
        );
        // Ten percent more is not more than ten percent.
        let r = tried(w, json!({"changes": changes, "more_percent": "10"}));
        assert_eq!((&r["clients_paying_more"], r["dearer_clients"].as_array().unwrap().len()), (&json!(0), 0));
    });
}

#[test]
fn prc_17_a_change_of_any_kind_of_rule_can_be_tried() {
    both(|w| {
        let ann = seller(w, "ann");
        let dealer = w.made("dealer-types", json!({"name": "Золотий"}));
        let version = w.get("partners", w.client)["version"].clone();
        w.run("partners.update", w.client, json!({"version": version, "dealer_type_id": dealer, "manager_id": ann.user_id})).unwrap();
        let contract =
            w.made("contracts", json!({"company_id": w.company, "partner_id": w.client, "date": "2026-01-01", "currency": "UAH"}));
        let markup = w.made(
            "price-types",
            json!({"name": "Мережева", "currency": "UAH", "method": "markup", "base_price_type_id": w.price_type, "markup_percent": "10", "vat": "included"}),
        );
        let list = w.made(
            "price-lists",
            json!({"name": "Його", "currency": "UAH", "vat": "excluded", "partner_id": w.client, "lines": [{"product_id": w.nut, "price": "3.20"}]}),
        );
        w.made("price-limits", json!({"name": "Усі", "algorithm": "sum"}));
        let limits = w.app.store.read(|c| c.query_one("SELECT id FROM price_limits", &[])?.id(0)).unwrap();
        let special =
            w.made("price-conditions", json!({"kind": "special", "partner_id": w.client, "product_id": w.repair, "percent": "10"}));
        w.made("price-conditions", json!({"kind": "period", "product_id": w.repair, "percent": "4", "valid_from": "2020-01-01"}));
        let edited = w.made("edited-prices", json!({"price_type_id": w.price_type, "product_id": w.repair, "price": "130"}));
        // Repairs at 100 with VAT, 14 % off, net of VAT 71.67 each; nuts at 3.20 by his list; both orders are under his only contract.
        let lines = json!([{"product_id": w.repair, "quantity": "10"}, {"product_id": w.nut, "quantity": "10", "supply": "later"}]);
        sold(w, &ann, json!({"lines": lines}));
        sold(w, &ann, json!({"lines": lines, "contract_id": contract}));
        let before = w.app.list(&Ctx::system(), "price-conditions", &Default::default()).unwrap().to_json(true);
        let after = |changes: Json| {
            let r = tried(w, json!({"changes": changes}));
            assert_eq!(totals(&r).0, "1497.34", "what is tried changes nothing of today");
            totals(&r).1.to_string()
        };
        let one = |collection: &str, id: Option<Id>, body: Json| after(json!([{"collection": collection, "id": id, "body": body}]));
        // Of both orders together: repairs 2 x 716.67, nuts 2 x 32.
        assert_eq!(one("price-conditions", Some(special), json!({"percent": "20"})), "1330.66", "a condition changed");
        assert_eq!(after(json!([{"collection": "price-conditions", "id": special, "removed": true}])), "1664.00", "and taken out");
        assert_eq!(
            one(
                "price-conditions",
                None,
                json!({"kind": "special_price", "partner_id": w.client, "product_id": w.repair, "price": "60", "currency": "UAH", "final_price": true})
            ),
            "1064.00",
            "a special price"
        );
        assert_eq!(one("edited-prices", None, json!({"price_type_id": w.price_type})), "1927.34", "all edited prices of a type");
        assert_eq!(
            one("edited-prices", None, json!({"price_type_id": w.price_type, "product_id": w.repair, "price": "200"})),
            "2930.66",
            "one price"
        );
        assert_eq!(one("edited-prices", Some(edited), json!({"price": "110"})), "1640.66", "an edited price changed");
        assert_eq!(one("price-lists", Some(list), json!({"lines": [{"product_id": w.nut, "price": "3"}]})), "1493.34", "rows of a list");
        assert_eq!(after(json!([{"collection": "price-lists", "id": list, "removed": true}])), "1503.34", "a list taken out");
        assert_eq!(
            after(json!([
                {"collection": "price-types", "id": markup, "body": {"markup_percent": "50"}},
                {"collection": "dealer-types", "id": dealer, "body": {"price_type_id": markup}},
            ])),
            "2214.00",
            "a price type and a dealer type that leads to it"
        );
        assert_eq!(one("dealer-types", Some(dealer), json!({"discount_percent": "6"})), "1393.50", "a dealer type");
        assert_eq!(
            one(
                "promotions",
                None,
                json!({"name": "Разом", "kind": "bundle", "amount_off": "6", "currency": "UAH", "limit_bundles": 1, "lines": [{"product_id": w.repair, "quantity": "1"}, {"product_id": w.nut, "quantity": "1"}]})
            ),
            "1487.26",
            "a bundle: 5.78 of the 6 fall on a repair with its VAT, 0.22 on a nut"
        );
        assert_eq!(
            one(
                "promotions",
                None,
                json!({"name": "Подарунок", "kind": "gift", "product_id": w.repair, "from_quantity": "10", "gift_product_id": w.nut, "gift_quantity": "2"})
            ),
            "1484.54",
            "a gift"
        );
        assert_eq!(one("contracts", Some(contract), json!({"discount_percent": "10"})), "1324.26", "the contract of both orders");
        assert_eq!(
            one(
                "agreements",
                None,
                json!({"company_id": w.company, "partner_id": w.client, "price_type_id": w.price_type, "currency": "UAH", "payment_terms": {"kind": "prepay"}, "lines": [{"product_id": w.repair, "price": "90"}]})
            ),
            "1570.00",
            "an agreement that nobody has yet; its price type comes before his list"
        );
        assert_eq!(one("price-limits", Some(limits), json!({"algorithm": "maximum"})), "1564.00", "how discounts are put together");
        assert_eq!(
            w.app.list(&Ctx::system(), "price-conditions", &Default::default()).unwrap().to_json(true),
            before,
            "nothing is written"
        );
        assert_eq!(w.get("price-types", markup)["markup_percent"], json!("10"));
        assert_eq!(w.app.check().unwrap(), []);
    });
}

#[test]
fn prc_17_what_cannot_be_tried_is_refused_at_its_field() {
    both(|w| {
        let asked = |changes: Json| {
            let (field, code, _) = refused(kontor_sales::simulate_prices(&w.app, &Ctx::system(), &json!({"changes": changes})));
            format!("{field}: {code}")
        };
        assert_eq!(asked(json!([])), "changes: required");
        assert_eq!(asked(json!([{"collection": "products"}])), "changes.0.collection: bad_choice");
        let nobody = json!({"collection": "promotions", "id": Id::now_v7(), "removed": true});
        assert_eq!(asked(json!([nobody])), "changes.0.id: reference_missing");
        assert_eq!(asked(json!([{"collection": "price-conditions", "removed": true}])), "changes.0.id: required");
        assert_eq!(
            asked(
                json!([{"collection": "edited-prices", "body": {"price_type_id": w.price_type}}, {"collection": "price-conditions", "body": {"kind": "quantity", "percent": "5"}}])
            ),
            "changes.1.from_quantity: required"
        );
        assert_eq!(
            asked(json!([{"collection": "price-types", "id": w.price_type, "body": {"method": "formula", "formula": "1 +"}}])),
            "changes.0.formula: formula_syntax"
        );
        let filter =
            json!({"changes": [{"collection": "edited-prices", "body": {"price_type_id": w.price_type}}], "filter": {"no_such": "1"}});
        assert_eq!(refused(kontor_sales::simulate_prices(&w.app, &Ctx::system(), &filter)).0, "filter");
        let ann = seller(w, "ann");
        assert!(kontor_sales::simulate_prices(&w.app, &ann, &filter).is_err(), "a salesperson tries no rules");
    });
}
