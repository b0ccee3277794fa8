//! Reading: titles in the caller's language, and what was in force on a date.

use crate::fixtures::{Samples, both, system};
use kontor_exchange::{ExportFormat, export_entity};
use kontor_platform::query::Query;
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Envelope};
use kontor_texts::Lang;
use serde_json::{Value as Json, json};
use std::sync::Arc;

fn speaking(lang: Lang) -> Ctx {
    Ctx { lang, ..system() }
}

fn make(app: &Arc<App>, collection: &str, input: Json) -> Id {
    app.execute(&system(), Envelope::new(format!("{collection}.create"), input)).expect("made").id.expect("an id")
}

#[test]
fn plt_10_titles_are_in_the_callers_language_on_cards_lists_references_and_in_search() {
    both(|app| {
        let mut s = Samples::new(app);
        let unit = s.record("units");
        let tools = make(app, "product-categories", json!({"name": "Tools", "names": {"uk": "Інструменти", "ru": ""}}));
        let names = json!({"uk": "Молоток слюсарний", "ru": "Молоток слесарный"});
        let hammer = make(app, "products", json!({"name": "Hammer", "names": names, "unit_id": unit, "category_id": tools}));
        let plain = make(app, "products", json!({"name": "Zubilo", "unit_id": unit, "category_id": tools}));
        for (lang, title, category) in
            [(Lang::En, "Hammer", "Tools"), (Lang::Uk, "Молоток слюсарний", "Інструменти"), (Lang::Ru, "Молоток слесарный", "Tools")]
        {
            let ctx = speaking(lang);
            let card = app.get(&ctx, "products", hammer).expect("a card");
            assert_eq!((&card["title"], &card["name"], &card["category"]["title"]), (&json!(title), &json!("Hammer"), &json!(category)));
            assert_eq!(app.get(&ctx, "products", plain).expect("a card")["title"], "Zubilo", "without translations the name itself");
            let q = Query { limit: 100, ..Default::default() };
            let page: Json = serde_json::from_slice(&app.list(&ctx, "products", &q).expect("a list").to_json(true)).expect("JSON");
            let row = page["items"].as_array().expect("items").iter().find(|r| r["id"] == json!(hammer)).expect("listed").clone();
            assert_eq!((&row["title"], &row["category"]["title"]), (&json!(title), &json!(category)));
            // Whatever language he asks in.
            for q in ["hammer", "молоток слюс", "слесарный"] {
                let found = app.search(&ctx, q, 5).expect("a search");
                assert!(found.iter().any(|f| f.id == hammer && f.title == title), "{q} in {lang:?}: {found:?}");
            }
            // A file names things as an import finds them.
            let mut file = vec![];
            let all = Query { limit: 100, ..Default::default() };
            export_entity(app, &ctx, "products", &all, ExportFormat::Csv, &mut file).expect("a file");
            let text = String::from_utf8(file).expect("UTF-8");
            assert!(text.contains("Tools"), "{text}");
        }
    });
}

fn rows(app: &Arc<App>, collection: &str, pairs: &[(&str, &str)]) -> Vec<Json> {
    let spec = app.registry.get(collection).expect("a collection");
    let pairs: Vec<(String, String)> = pairs.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    let q = Query::parse(app, &system(), spec, &pairs).expect("a query");
    let page: Json = serde_json::from_slice(&app.list(&system(), collection, &q).expect("a list").to_json(true)).expect("JSON");
    page["items"].as_array().expect("items").clone()
}

fn column(rows: &[Json], name: &str) -> Vec<String> {
    rows.iter().map(|r| r[name].as_str().unwrap_or_default().to_string()).collect()
}

#[test]
fn plt_11_lists_leave_out_what_is_named_not_to_be_there() {
    both(|app| {
        let [a, b] = ["Перша", "Друга"].map(|name| make(app, "price-groups", json!({"name": name})).to_string());
        let named = |key: &str, value: &str| column(&rows(app, "price-groups", &[(key, value), ("sort", "name")]), "name");
        assert_eq!(named("id", &a), ["Перша"]);
        assert_eq!(named("id.ne", &a), ["Друга"]);
        assert_eq!(named("id.in", &format!("{a},{b}")), ["Друга", "Перша"]);
        let spec = app.registry.get("price-groups").expect("a collection");
        let odd = Query::parse(app, &system(), spec, &[("id.gt".to_string(), a.clone())]).expect_err("ids have no order");
        assert_eq!(odd.inner().fields[0].code, "unknown_field");
    });
}

#[test]
fn plt_11_a_reference_is_filtered_by_its_name_or_its_id_under_one_word() {
    both(|app| {
        let [north, south] = ["Північ", "Південь"].map(|name| make(app, "regions", json!({"name": name})));
        let [a, b] = [("А", north), ("Б", south)].map(|(name, region)| make(app, "partners", json!({"name": name, "region_id": region})));
        make(app, "partners", json!({"name": "В"}));
        for (name, partner) in [("Перша", a), ("Друга", b)] {
            make(app, "deals", json!({"name": name, "partner_id": partner, "currency": "UAH"}));
        }
        let named = |list: &str, key: &str, value: &str| column(&rows(app, list, &[(key, value), ("sort", "name")]), "name").join(" ");
        let (n, s) = (north.to_string(), south.to_string());
        for value in [&n, "Північ"] {
            assert_eq!(named("partners", "region", value), "А", "{value}");
            assert_eq!(named("deals", "partner.region", value), "Перша", "{value}");
        }
        assert_eq!(named("partners", "region_id", &n), "А");
        assert_eq!(named("partners", "region.in", &format!("{n}, {s}")), "А Б");
        assert_eq!(named("partners", "region.in", "Північ, Південь"), "А Б");
        assert_eq!(named("partners", "region.empty", "true"), "В");
        assert_eq!(named("deals", "partner", &a.to_string()), "Перша");
        assert_eq!(named("deals", "partner", "Б"), "Друга");
        // A slip is told and not taken for an answer.
        let many = vec!["x"; 501].join(",");
        for (key, value, code) in [("region.empty", "maybe", "wrong_type"), ("name.in", many.as_str(), "too_many")] {
            let spec = app.registry.get("partners").expect("a collection");
            let e = Query::parse(app, &system(), spec, &[(key.to_string(), value.to_string())]).expect_err(key);
            assert_eq!((e.inner().fields[0].field.as_str(), &*e.inner().fields[0].code), (key, code));
        }
    });
}

#[test]
fn plt_11_as_of_a_date_lists_show_what_was_in_force_then() {
    both(|app| {
        let mut s = Samples::new(app);
        let (product, company) = (s.record("products"), s.record("companies"));
        let kind = make(app, "price-types", json!({"name": "Роздріб", "currency": "UAH", "method": "manual"}));
        for (day, price) in [("2026-01-01", "10"), ("2026-03-01", "12"), ("2026-03-01", "13"), ("2026-06-01", "15")] {
            make(app, "prices", json!({"price_type_id": kind, "product_id": product, "price": price, "valid_from": day}));
        }
        let of = |day: &str| column(&rows(app, "prices", &[("price_type_id", &kind.to_string()), ("as_of", day)]), "price");
        assert_eq!(of("2025-12-31"), Vec::<String>::new());
        assert_eq!(of("2026-02-28"), ["10"]);
        assert_eq!(of("2026-03-01"), ["13"], "of one day the one posted last");
        assert_eq!(of("2026-05-31"), ["13"]);
        assert_eq!(of("2030-01-01"), ["15"]);
        // Rates: the last one published by then; one that was taken out again does not hide the one before.
        let bank = make(app, "rate-types", json!({"name": "Банк", "base_currency": "UAH", "direction": "direct"}));
        let rate = |day: &str, rate: &str| make(app, "rates", json!({"rate_type_id": bank, "currency": "EUR", "date": day, "rate": rate}));
        rate("2026-01-02", "48.1");
        let wrong = rate("2026-01-05", "84.5");
        app.execute(&system(), Envelope::new("rates.delete", Json::Null).on(wrong)).expect("archived");
        let of = |day: &str| column(&rows(app, "rates", &[("rate_type_id", &bank.to_string()), ("as_of", day)]), "rate");
        assert_eq!((of("2026-01-01"), of("2026-01-09")), (vec![], vec!["48.1".to_string()]));
        // Terms: within their period, both ends inclusive, open where nothing is given.
        let agreement = |name: &str, from: Json, to: Json| {
            let partner = make(app, "partners", json!({"name": name}));
            make(
                app,
                "agreements",
                json!({"name": name, "company_id": company, "partner_id": partner, "price_type_id": kind, "currency": "UAH", "valid_from": from, "valid_to": to}),
            )
        };
        agreement("Торік", json!("2025-01-01"), json!("2025-12-31"));
        let now = agreement("Тепер", json!("2026-01-01"), Json::Null);
        let of = |day: &str| column(&rows(app, "agreements", &[("as_of", day), ("name.in", "Торік,Тепер")]), "name");
        assert_eq!((of("2024-12-31"), of("2025-12-31"), of("2026-01-01")), (vec![], vec!["Торік".to_string()], vec!["Тепер".to_string()]));
        let day = |d: &str| d.parse().expect("a date");
        assert!(!app.in_force(&system(), "agreements", now, day("2025-12-31")).expect("asked"));
        assert!(app.in_force(&system(), "agreements", now, day("2026-01-01")).expect("asked"));
        assert!(app.in_force(&system(), "products", product, day("1999-01-01")).expect("asked"), "what knows no time is always in force");
        let spec = app.registry.get("prices").expect("prices");
        let bad = Query::parse(app, &system(), spec, &[("as_of".into(), "2026-02-31".into())]);
        assert_eq!(bad.expect_err("no such day").inner().fields[0].code, "bad_date");
    });
}

fn ask(app: &Arc<App>, path: &str, query: &[(&str, &str)]) -> Json {
    let q = app.registry.questions.iter().find(|q| q.path == path).expect("a question");
    let asked =
        kontor_platform::app::Asked { query: query.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect(), ..Default::default() };
    (q.run)(app, &system(), &asked).expect("an answer")
}

#[test]
fn sto_01_set_01_stock_and_settlements_stand_at_any_date_as_they_stood() {
    both(|app| {
        let mut s = Samples::new(app);
        let (company, warehouse, product) = (s.record("companies"), s.record("warehouses"), s.record("products"));
        let partner = make(app, "partners", json!({"name": "Боржник", "roles": ["client"]}));
        let post = |collection: &str, input: Json| {
            let id = make(app, collection, input);
            app.execute(&system(), Envelope::new(format!("{collection}.post"), json!({})).on(id)).expect("posted");
        };
        let lines = |q: &str| json!([{"product_id": product, "quantity": q, "cost": "5"}]);
        for (day, q) in [("2026-01-31", "10"), ("2026-02-10", "7"), ("2026-03-05", "2")] {
            post("stock-receipts", json!({"company_id": company, "warehouse_id": warehouse, "date": day, "lines": lines(q)}));
        }
        post(
            "shipments",
            json!({"company_id": company, "partner_id": partner, "warehouse_id": warehouse, "date": "2026-02-20",
            "lines": [{"product_id": product, "quantity": "4", "price": "100"}]}),
        );
        let currency = app.get(&system(), "companies", company).expect("a company")["currency"].clone();
        post(
            "payments",
            json!({"company_id": company, "partner_id": partner, "amount": "150", "currency": currency, "date": "2026-04-01", "direction": "in"}),
        );
        let p = product.to_string();
        let stock = |day: &str| ask(app, "stock", &[("product_id", &p), ("as_of", day)])["on_hand"].as_str().expect("a sum").to_string();
        for (day, on_hand) in [
            ("2026-01-30", "0"),
            ("2026-01-31", "10"),
            ("2026-02-10", "17"),
            ("2026-02-19", "17"),
            ("2026-02-20", "13"),
            ("2026-12-31", "15"),
        ] {
            assert_eq!(stock(day), on_hand, "{day}");
        }
        assert_eq!(ask(app, "stock", &[("product_id", &p)])["on_hand"], "15");
        let c = partner.to_string();
        let owed = |day: &str| {
            let j = ask(app, "settlements", &[("partner_id", &c), ("as_of", day)]);
            let item = &j["items"][0];
            (item["balance"].as_str().unwrap_or("-").to_string(), item["overdue"].as_str().unwrap_or("-").to_string())
        };
        let pair = |a: &str, b: &str| (a.to_string(), b.to_string());
        assert_eq!(owed("2026-02-19"), pair("-", "-"));
        let total = owed("2026-02-20").0;
        assert_ne!(total, "-");
        let later = owed("2026-03-31");
        assert_eq!(later, (total.clone(), total.clone()), "due by then and not paid yet");
        let j = ask(app, "settlements", &[("partner_id", &c)]);
        assert_eq!(
            owed("2026-12-31"),
            (j["items"][0]["balance"].as_str().expect("a sum").into(), j["items"][0]["overdue"].as_str().expect("a sum").into())
        );
        assert_ne!(owed("2026-12-31").0, total, "paid since");
    });
}
