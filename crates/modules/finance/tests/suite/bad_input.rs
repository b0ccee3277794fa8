//! Bad input of pricing, as somebody who takes orders meets it: refused, or named with what to do; the order stays editable, and
//! nothing counts as zero in silence.

use crate::world::{World, both, refused, run};
use kontor_platform::app::Asked;
use kontor_platform::execute::Outcome;
use kontor_platform::value::Id;
use kontor_platform::{Ctx, Result};
use kontor_texts::Lang;
use serde_json::{Value as Json, json};

pub fn price_type(w: &World, name: &str, more: Json) -> Result<Outcome> {
    let mut all = json!({"name": name, "currency": "UAH", "vat": "included"});
    all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    w.create("price-types", all)
}

pub fn order(w: &World, more: Json) -> Result<Outcome> {
    let mut all = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-03-01", "lines": [{"product_id": w.repair, "quantity": "2"}]});
    all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    w.create("sales-orders", all)
}

/// The order is there without a price that anybody could take for one, its line is named, confirming is refused, the
/// explanation says what is wrong; with a price by hand it goes on.
fn named_and_editable(w: &World, o: &Outcome, why: &[&str]) {
    let id = o.id.unwrap();
    assert!(o.warnings.iter().any(|x| x.field == "lines.0.price" && x.code == "price_missing"), "{:?}", o.warnings);
    assert_eq!(o.data["lines"][0]["price"], Json::Null, "no price is not a price of nothing");
    let (field, code, _) = refused(w.run("sales-orders.confirm", id, json!({})));
    assert_eq!((field.as_str(), code.as_str()), ("lines.0.price", "price_missing"));
    let q = w.app.registry.questions.iter().find(|q| q.path == "sales-orders/{id}/lines/{line}/price").unwrap();
    let path = [("id".to_string(), id.to_string()), ("line".to_string(), o.data["lines"][0]["id"].as_str().unwrap().to_string())];
    let told =
        (q.run)(&w.app, &Ctx::system(), &kontor_platform::app::Asked { path: path.into(), ..Default::default() }).unwrap().to_string();
    assert!(why.iter().all(|x| told.contains(x)), "{told}");
    assert!(!told.contains("trace-"), "in words: {told}");
    let lines = json!([{"id": o.data["lines"][0]["id"], "product_id": w.repair, "quantity": "2", "price": "90"}]);
    let version = w.get("sales-orders", id)["version"].clone();
    let edited = w.run("sales-orders.update", id, json!({"version": version, "lines": lines})).unwrap();
    assert!(!edited.warnings.iter().any(|x| x.code == "price_missing"));
    w.run("sales-orders.confirm", id, json!({})).unwrap();
    assert_eq!(w.text("sales-orders", id, "total"), "180.00");
}

#[test]
fn prc_03_types_in_a_circle_are_refused_and_named_where_they_are_all_the_same() {
    both(|w| {
        let a =
            price_type(w, "A", json!({"method": "markup", "base_price_type_id": w.price_type, "markup_percent": "1"})).unwrap().id.unwrap();
        let b = price_type(w, "B", json!({"method": "markup", "base_price_type_id": a, "markup_percent": "1"})).unwrap().id.unwrap();
        let (field, code, _) = refused(w.run("price-types.update", a, json!({"version": 1, "base_price_type_id": b})));
        assert_eq!((field.as_str(), code.as_str()), ("base_price_type_id", "cycle"));
        // What came into the tables in another way is told, not followed for ever.
        let sql = "UPDATE price_types SET base_price_type_id = ?, version = version + 1 WHERE id = ?";
        w.app.store.write(kontor_platform::store::Priority::People, move |c| c.exec(sql, &[b.into(), a.into()])).unwrap();
        named_and_editable(w, &order(w, json!({"price_type_id": b})).unwrap(), &["A", "B", "→"]);
    });
}

#[test]
fn prc_03_formulas_that_divide_by_zero_or_run_for_ever_are_refused_or_named() {
    both(|w| {
        for endless in ["while true { }", "loop { }", "let x = 1; while x > 0 { x += 1 } x", "for x in 0..9 { }", "fn f() { f() } f()"] {
            let (field, code, _) = refused(price_type(w, "F", json!({"method": "formula", "formula": endless})));
            assert_eq!((field.as_str(), &code[..8]), ("formula", "formula_"), "{endless}: {code}");
        }
        let zero = price_type(w, "Ділить на нуль", json!({"method": "formula", "formula": "price(\"Роздрібна\") / (quantity - 2)"}))
            .unwrap()
            .id
            .unwrap();
        named_and_editable(w, &order(w, json!({"price_type_id": zero})).unwrap(), &["Ділить на нуль"]);
        // The same formula has a price for another quantity.
        let three = order(w, json!({"price_type_id": zero, "lines": [{"product_id": w.repair, "quantity": "3"}]})).unwrap();
        assert_eq!(three.data["lines"][0]["price"], json!("100"));
        let below = price_type(w, "Менше нуля", json!({"method": "formula", "formula": "1 - price(\"Роздрібна\")"})).unwrap().id.unwrap();
        named_and_editable(w, &order(w, json!({"price_type_id": below})).unwrap(), &["Менше нуля"]);
    });
}

#[test]
fn prc_12_overlapping_validity_is_refused_with_both_rules_named() {
    both(|w| {
        let rule = |name: &str, from: &str, to: &str| {
            w.create(
                "price-conditions",
                json!({"kind": "special", "name": name, "partner_id": w.client, "percent": "5", "valid_from": from, "valid_to": to}),
            )
        };
        rule("Весна", "2026-03-01", "2026-03-31").unwrap();
        let (field, code, args) = refused(rule("Березень", "2026-03-31", "2026-04-30"));
        assert_eq!((field.as_str(), code.as_str(), args), ("valid_from", "overlap", vec!["Березень".to_string(), "Весна".to_string()]));
        rule("Квітень", "2026-04-01", "2026-04-30").unwrap();
        let agreement = |name: &str, from: &str| {
            w.create("agreements", json!({"name": name, "company_id": w.company, "price_type_id": w.price_type, "currency": "UAH", "partner_id": w.client, "valid_from": from}))
        };
        agreement("Перші", "2026-01-01").unwrap();
        let (_, code, args) = refused(agreement("Другі", "2026-02-01"));
        assert_eq!((code.as_str(), args), ("overlap", vec!["Другі".to_string(), "Перші".to_string()]));
        let (field, code, _) = refused(rule("Назад", "2026-06-30", "2026-06-01"));
        assert_eq!((field.as_str(), code.as_str()), ("valid_to", "ends_before_start"));
    });
}

#[test]
fn prc_02_a_currency_without_a_rate_is_named_with_the_day() {
    both(|w| {
        let o = order(w, json!({"currency": "EUR"})).unwrap();
        named_and_editable(w, &o, &["EUR"]);
        // A rate that comes later answers the next order.
        let rates = w.made("rate-types", json!({"name": "НБУ", "base_currency": "UAH", "direction": "direct"}));
        w.made("rates", json!({"rate_type_id": rates, "currency": "EUR", "date": "2026-03-02", "rate": "50"}));
        let early = order(w, json!({"currency": "EUR"})).unwrap();
        assert!(early.warnings.iter().any(|x| x.code == "price_missing"), "no rate on that day yet");
        let later = order(w, json!({"currency": "EUR", "date": "2026-03-02"})).unwrap();
        assert_eq!((&later.data["lines"][0]["price"], later.warnings.len()), (&json!("2"), 0));
        let (field, code, _) =
            refused(w.create("rates", json!({"rate_type_id": rates, "currency": "EUR", "date": "2026-03-03", "rate": "0"})));
        assert_eq!((field.as_str(), code.as_str()), ("rate", "rate_not_positive"));
    });
}

#[test]
fn prc_01_a_product_without_category_has_its_price_and_is_told_what_rules_miss_it() {
    both(|w| {
        let category = w.made("product-categories", json!({"name": "Послуги"}));
        w.made("price-conditions", json!({"kind": "special", "partner_id": w.client, "category_id": category, "percent": "10"}));
        let o = order(w, json!({})).unwrap();
        assert_eq!((&o.data["lines"][0]["price"], &o.data["lines"][0]["discount_percent"]), (&json!("100"), &json!("0")));
        let asked = json!({"product_id": w.repair, "partner_id": w.client, "company_id": w.company, "date": "2026-03-01"});
        for (lang, said) in [
            (Lang::En, "The product has no category, so rules by category do not apply. Give it one in its card"),
            (Lang::Uk, "Товар не має категорії, тож правила за категоріями не діють. Вкажіть її в картці товару"),
            (Lang::Ru, "У товара нет категории, поэтому правила по категориям не действуют. Укажите её в карточке товара"),
        ] {
            let told = kontor_prices::explain(&w.app, &Ctx { lang, ..Ctx::system() }, &asked).unwrap();
            assert_eq!(told["remarks"], json!([said]));
        }
        let version = w.get("products", w.repair)["version"].clone();
        w.run("products.update", w.repair, json!({"version": version, "category_id": category})).unwrap();
        assert_eq!(order(w, json!({})).unwrap().data["lines"][0]["discount_percent"], json!("10"));
        let told = kontor_prices::explain(&w.app, &Ctx::system(), &asked).unwrap();
        assert_eq!(told["remarks"], json!([]), "with a category nothing is missed");
    });
}

pub fn dangling(w: &World) -> Vec<Json> {
    let q = w.app.registry.questions.iter().find(|q| q.path == "prices/clashes").unwrap();
    let told = (q.run)(&w.app, &Ctx::system(), &Asked::default()).unwrap();
    assert_eq!(told["looked_through"], json!(true));
    told["dangling"].as_array().unwrap().clone()
}

#[test]
fn prc_09_a_rule_about_something_archived_is_named_with_what_it_is_about() {
    both(|w| {
        let gone = w.made("partners", json!({"name": "Колишній", "country": "UA"}));
        let rule = w.made("price-conditions", json!({"name": "Для Колишнього", "kind": "special", "partner_id": gone, "percent": "10"}));
        let cap = w.made("products", json!({"name": "Кепка", "unit_id": w.unit, "kind": "service", "vat_rate": "ua20"}));
        let gift = json!({"name": "Кепка", "kind": "gift", "product_id": w.repair, "from_quantity": "2", "gift_product_id": cap, "gift_quantity": "1"});
        let gift = w.made("promotions", gift);
        let bundle = json!({"name": "Пара", "kind": "bundle", "percent": "5", "lines": [{"product_id": w.bolt, "quantity": "1"}, {"product_id": cap, "quantity": "1"}]});
        let bundle = w.made("promotions", bundle);
        assert_eq!(dangling(w), Vec::<Json>::new(), "all of it is there");
        w.run("partners.delete", gone, json!({})).unwrap();
        w.run("products.delete", cap, json!({})).unwrap();
        let told = dangling(w);
        let one = |id: Id| told.iter().find(|d| d["rule"]["id"] == json!(id)).unwrap_or_else(|| panic!("{told:?}")).clone();
        let of_partner = json!({"collection": "price-conditions", "rule": {"id": rule, "title": "Для Колишнього"}, "of": {"collection": "partners", "id": gone, "title": "Колишній"}, "holds": "promised"});
        assert_eq!(one(rule), of_partner);
        assert_eq!((&one(gift)["of"]["id"], &one(bundle)["of"]["title"], told.len()), (&json!(cap), &json!("Кепка"), 3), "{told:?}");
        w.run("price-conditions.delete", rule, json!({})).unwrap();
        w.run("products.restore", cap, json!({})).unwrap();
        assert_eq!(dangling(w), Vec::<Json>::new(), "what is archived itself, or about what came back, is in order");
    });
}

#[test]
fn agr_01_an_agreement_about_something_archived_is_named_with_what_it_is_about() {
    both(|w| {
        let group = w.made("price-groups", json!({"name": "Сезонні"}));
        let old = w.made("price-types", json!({"name": "Торішня", "currency": "UAH", "method": "manual"}));
        let terms = |name: &str, more: Json| {
            let mut all =
                json!({"name": name, "company_id": w.company, "partner_id": w.client, "price_type_id": w.price_type, "currency": "UAH"});
            all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
            w.made("agreements", all)
        };
        let one = terms(
            "Минулі",
            json!({"valid_from": "2020-01-01", "valid_to": "2020-12-31", "lines": [{"price_group_id": group, "price": "5"}]}),
        );
        let two = terms(
            "Нові",
            json!({"valid_from": "2021-01-01", "lines": [{"price_group_id": group, "price": "5"}, {"product_id": w.bolt, "price_type_id": old}]}),
        );
        assert_eq!(dangling(w), Vec::<Json>::new(), "all of it is there");
        w.run("price-groups.delete", group, json!({})).unwrap();
        w.run("price-types.delete", old, json!({})).unwrap();
        let told = dangling(w);
        assert!(
            told.iter().all(|d| d["collection"] == json!("agreements") && d["rule"]["id"] == json!(two) && d["rule"]["id"] != json!(one)),
            "{told:?}"
        );
        let mut of: Vec<(&str, &str)> =
            told.iter().map(|d| (d["of"]["collection"].as_str().unwrap(), d["of"]["title"].as_str().unwrap())).collect();
        of.sort_unstable();
        assert_eq!(of, [("price-groups", "Сезонні"), ("price-types", "Торішня")]);
    });
}

#[test]
fn prc_09_a_rule_for_a_deleted_partner_neither_breaks_nor_gives_anything() {
    both(|w| {
        let gone = w.made("partners", json!({"name": "Колишній", "country": "UA"}));
        let rule = w.made("price-conditions", json!({"kind": "special", "partner_id": gone, "percent": "10"}));
        w.run("partners.delete", gone, json!({})).unwrap();
        // New rules and documents for him are refused; the old rule holds for nobody else.
        let again = w.create("price-conditions", json!({"kind": "special", "partner_id": gone, "percent": "5", "product_id": w.repair}));
        let said = refused(again);
        assert_eq!((said.0.as_str(), said.1.as_str()), ("partner_id", "reference_archived"));
        let said = refused(order(w, json!({"partner_id": gone})));
        assert_eq!((said.0.as_str(), said.1.as_str()), ("partner_id", "reference_archived"));
        let o = order(w, json!({})).unwrap();
        assert_eq!((&o.data["lines"][0]["price"], &o.data["lines"][0]["discount_percent"]), (&json!("100"), &json!("0")));
        // Nor does a rule whose own record is deleted.
        let own = w.made("price-conditions", json!({"kind": "special", "partner_id": w.client, "percent": "7"}));
        assert_eq!(order(w, json!({})).unwrap().data["lines"][0]["discount_percent"], json!("7"));
        w.run("price-conditions.delete", own, json!({})).unwrap();
        assert_eq!(order(w, json!({})).unwrap().data["lines"][0]["discount_percent"], json!("0"));
        assert_eq!(w.get("price-conditions", rule)["partner"]["id"], json!(gone), "it can still be looked at");
    });
}

#[test]
fn sal_02_a_negative_quantity_is_refused_or_told() {
    both(|w| {
        let said = refused(order(w, json!({"lines": [{"product_id": w.repair, "quantity": "-1"}]})));
        assert_eq!((said.0.as_str(), said.1.as_str()), ("lines.0.quantity", "quantity_negative"));
        let said = refused(order(w, json!({"lines": [{"product_id": w.repair, "quantity": "0"}]})));
        assert_eq!((said.0.as_str(), said.1.as_str()), ("lines.0.quantity", "quantity_zero"));
        let asked =
            json!({"product_id": w.repair, "partner_id": w.client, "company_id": w.company, "quantity": "-3", "date": "2026-03-01"});
        let said = refused(kontor_prices::explain(&w.app, &Ctx::system(), &asked));
        assert_eq!((said.0.as_str(), said.1.as_str()), ("quantity", "negative"));
        let bundle = json!({"kind": "bundle", "name": "x", "percent": "5", "lines": [{"product_id": w.bolt, "quantity": "-1"}]});
        let said = refused(run(&w.app, "promotions.create", None, bundle));
        assert!(said.0.starts_with("lines"), "{said:?}");
        let _: Id = w.client;
    });
}

#[test]
fn sal_02_a_product_that_was_put_away_is_chosen_no_more_but_stays_where_it_was() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "10", "6");
        let bolts = json!({"lines": [{"product_id": w.bolt, "quantity": "2"}]});
        let before = order(w, bolts.clone()).unwrap();
        let q = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-03-01", "lines": bolts["lines"]});
        let quote = w.create("quotes", q.clone()).unwrap().id.unwrap();
        w.run("quotes.confirm", quote, json!({})).unwrap();
        w.run("products.delete", w.bolt, json!({})).unwrap();
        let name = w.text("products", w.bolt, "name");
        for taken in [order(w, bolts), w.create("quotes", q)] {
            assert_eq!(refused(taken), ("lines.0.product_id".into(), "reference_archived".into(), vec![name.clone()]));
        }
        // What was there before may be edited and confirmed; what was promised is ordered.
        let (id, line) = (before.id.unwrap(), &before.data["lines"][0]["id"]);
        let lines = json!([{"id": line, "product_id": w.bolt, "quantity": "3"}, {"product_id": w.repair, "quantity": "1", "price": "5"}]);
        w.run("sales-orders.update", id, json!({"version": before.version, "lines": lines})).unwrap();
        w.run("sales-orders.confirm", id, json!({})).unwrap();
        let of_quote = w.run("quotes.order", quote, json!({})).unwrap();
        let ordered = Id::parse_str(of_quote.data["sales_order_id"].as_str().unwrap()).unwrap();
        w.run("sales-orders.confirm", ordered, json!({})).unwrap();
        assert_eq!(w.stock(w.bolt), ("10".into(), "5".into()));
        w.agrees();
    });
}

#[test]
fn sal_02_an_order_of_a_quote_takes_what_was_put_away_only_where_the_quote_has_it() {
    both(|w| {
        let q = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-03-01", "lines": [{"product_id": w.bolt, "quantity": "2"}]});
        let quote = w.create("quotes", q).unwrap().id.unwrap();
        for p in [w.bolt, w.nut] {
            w.run("products.delete", p, json!({})).unwrap();
        }
        let of_quote = |products: &[Id]| {
            let lines: Vec<Json> = products.iter().map(|p| json!({"product_id": p, "quantity": "1"})).collect();
            order(w, json!({"quote_id": quote, "lines": lines}))
        };
        let gone = w.text("products", w.nut, "name");
        let other = (String::from("lines.1.product_id"), String::from("reference_archived"), vec![gone]);
        assert_eq!(refused(of_quote(&[w.bolt, w.nut])), other, "the quote does not have it");
        let made = of_quote(&[w.bolt]).unwrap();
        let more =
            json!([{"id": made.data["lines"][0]["id"], "product_id": w.bolt, "quantity": "1"}, {"product_id": w.nut, "quantity": "1"}]);
        assert_eq!(refused(w.run("sales-orders.update", made.id.unwrap(), json!({"version": made.version, "lines": more}))), other);
    });
}

#[test]
fn fin_02_a_balance_without_room_is_refused_and_nothing_of_it_is_kept() {
    both(|w| {
        let pay = |amount: &str| {
            let p = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-02-03", "amount": amount, "currency": "UAH", "direction": "in", "post": true});
            w.create("payments", p)
        };
        let receive = |quantity: &str| {
            let lines = json!([{"product_id": w.bolt, "quantity": quantity, "cost": "0.01"}]);
            w.create("stock-receipts", json!({"company_id": w.company, "date": "2026-01-05", "post": true, "lines": lines}))
        };
        // Either has room in 64 bits, two of them have not.
        let first = pay("900000000000000").unwrap().id.unwrap();
        assert_eq!(refused(pay("900000000000000")).1, "number_overflow");
        receive("9000000000000").unwrap();
        assert_eq!(refused(receive("9000000000000")).1, "number_overflow");
        assert_eq!((w.owes().0.as_str(), w.stock(w.bolt).0.as_str()), ("-900000000000000.00", "9000000000000"));
        w.agrees();
        // What is there is taken back, and there is room again.
        w.run("payments.reverse", first, json!({})).unwrap();
        pay("900000000000000").unwrap();
        w.agrees();
    });
}
