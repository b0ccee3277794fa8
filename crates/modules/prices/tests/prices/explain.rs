//! Prices explain themselves: without a document, and from what was kept with a line.

use crate::common::{faults, kind};
use crate::world::{House, ask};
use kontor_kernel::error::Kind;
use kontor_prices::{Secrets, explain, explain_sentences, explain_stored};
use kontor_testkit::both;
use kontor_texts::Lang;
use serde_json::{Value as Json, json};

/// Euro prices at a wholesale discount, sold in hryvnias at the rate of the day before.
fn euro_house(db: &kontor_testkit::TestDb) -> (House, Json) {
    let h = House::new(db);
    h.w.make("dir", "rate-types", json!({"name": "НБУ", "base_currency": "UAH", "direction": "direct"}));
    h.w.make("acc", "rates", json!({"currency": "EUR", "date": "2026-11-20", "rate": "48.5"}));
    let euro = h.w.make("dir", "price-types", json!({"name": "Експорт", "currency": "EUR", "method": "manual", "vat": "excluded"}));
    h.price(euro, h.tea, "2.5", "2026-10-01");
    let a = h.agreement(json!({"partner_id": h.client, "name": "Умови Епіцентру", "price_type_id": euro, "vat": "included", "lines": [{"category_id": h.drinks, "discount_percent": "5"}]})).unwrap();
    let question = json!({"partner_id": h.client, "company_id": h.company, "product_id": h.tea, "quantity": "10", "date": "2026-11-21", "agreement_id": a});
    (h, question)
}

#[test]
fn prc_13_a_price_explains_itself_without_a_document() {
    both(|db| {
        let (h, question) = euro_house(db);
        let told = explain(&h.w.app, &h.w.ctx("ann"), &question).unwrap();
        // 2.5 EUR x 48.5 = 121.25 UAH, plus 20 % VAT = 145.50.
        assert_eq!(
            (&told["price"], &told["currency"], &told["vat"], &told["discount_percent"]),
            (&json!("145.5"), &json!("UAH"), &json!("included"), &json!("5"))
        );
        assert_eq!((&told["amount"], &told["net_price"]), (&json!("1382.25"), &json!("138.225")));
        let steps: Vec<&str> = told["steps"].as_array().unwrap().iter().map(|s| s["step"].as_str().unwrap()).collect();
        assert_eq!(steps, ["base", "value", "convert", "vat", "rounding", "discount"]);
        assert_eq!(told["steps"][2]["after"], json!("121.25"));
        // The discount is a line of the agreement: that is where it is changed.
        let record =
            |s: &Json| format!("{}/{}", s["rule"]["record"]["collection"].as_str().unwrap(), s["rule"]["record"]["id"].as_str().unwrap());
        assert_eq!(record(&told["steps"][5]), format!("agreements/{}", question["agreement_id"].as_str().unwrap()));
        assert!(record(&told["steps"][1]).starts_with("price-types/"));
        assert!(told["candidates"].as_array().unwrap().iter().any(|c| c["won"] == json!(false)), "what was tried and lost is told: {told}");
        for lang in Lang::ALL {
            let mut ctx = h.w.ctx("ann");
            ctx.lang = lang;
            let text = explain(&h.w.app, &ctx, &question).unwrap().to_string();
            assert!(!text.contains('⟦') && !text.contains('\u{2068}'), "{lang}: {text}");
        }
        let mut ctx = h.w.ctx("ann");
        ctx.lang = Lang::Uk;
        let uk = explain(&h.w.app, &ctx, &question).unwrap();
        assert!(
            uk["steps"][2]["text"].as_str().unwrap().contains("20.11.2026"),
            "the date of the rate is named: {}",
            uk["steps"][2]["text"]
        );
    });
}

#[test]
fn prc_13_the_trace_kept_with_a_line_tells_the_same_in_every_language() {
    both(|db| {
        let (h, question) = euro_house(db);
        let line = h.lines(None, "2026-11-21", &[ask(h.tea)]).unwrap().remove(0);
        let en = explain_sentences(Lang::En, &read(&line.trace), &Secrets::default()).unwrap();
        assert_eq!(
            en.last().map(|s| (s.step.as_str(), s.text.as_str())),
            Some(("discount", "Discount of agreement “Умови Епіцентру” for category “Напої”: 5 %"))
        );
        let of = en.last().and_then(|s| s.rule.clone()).unwrap();
        assert_eq!(of["version"], json!(1), "the version of the rule that it was sold by: {of}");
        assert!(explain_sentences(Lang::En, &Json::Null, &Secrets::default()).unwrap().is_empty());
        let told = explain_stored(&h.w.app, &h.w.ctx("ann"), &[read(&line.trace)], 0).unwrap();
        assert_eq!(told["same"], json!(true), "nothing has changed since: {told}");
        assert!(!told["steps"][0]["tried"].as_array().unwrap().is_empty(), "losers are found again");
        h.w.make("acc", "rates", json!({"currency": "EUR", "date": "2026-11-21", "rate": "50"}));
        let told = explain_stored(&h.w.app, &h.w.ctx("ann"), &[read(&line.trace)], 0).unwrap();
        assert_eq!((&told["same"], &told["now"]["price"]), (&json!(false), &json!("150")));
        assert_eq!(told["steps"][2]["after"], json!("121.25"), "the line keeps what it was sold for");
        assert_eq!(explain(&h.w.app, &h.w.ctx("ann"), &question).unwrap()["price"], json!("150"));
    });
}

#[test]
fn prc_13_what_is_missing_is_said_and_bad_questions_are_refused() {
    both(|db| {
        let (h, question) = euro_house(db);
        let with = |field: &str, v: Json| {
            let mut q = question.clone();
            q[field] = v;
            explain(&h.w.app, &h.w.ctx("ann"), &q)
        };
        let none = with("product_id", json!(h.cup)).unwrap();
        assert_eq!(none["price"], json!(null));
        assert!(none["problem"].as_str().unwrap().contains("Роздріб"), "{}", none["problem"]);
        let early = with("date", json!("2026-11-19")).unwrap();
        assert!(early["problem"].as_str().unwrap().contains("EUR"), "no rate on that day: {}", early["problem"]);
        let other = with("price_type_id", json!(h.retail)).unwrap();
        assert_eq!((&other["price"], &other["currency"]), (&json!(null), &json!("UAH")));
        assert_eq!(faults(with("colour", json!("red"))), ["colour: unknown_field"]);
        assert_eq!(faults(with("product_id", json!(kontor_platform::value::Id::nil()))), ["product_id: reference_missing"]);
        assert_eq!(faults(with("currency", json!("hryvnia"))), ["currency: bad_code"]);
        assert_eq!(faults(with("date", json!("2026-02-31"))), ["date: bad_date"]);
        assert_eq!(
            faults(explain(&h.w.app, &h.w.ctx("bob"), &question)),
            ["partner_id: reference_missing"],
            "others' partners are as if they were not there"
        );
        assert_eq!(kind(explain(&h.w.app, &h.w.ctx("store"), &question)), Kind::Forbidden);
    });
}

#[test]
fn prc_13_an_explanation_tells_no_purchase_prices_to_whom_they_are_hidden() {
    both(|db| {
        let h = House::new(db);
        let buy = h.w.make("dir", "price-types", json!({"name": "Закупка", "currency": "UAH", "method": "manual", "usage": "purchase"}));
        h.price(buy, h.tea, "61.37", "2026-01-01");
        let plus = h.w.make(
            "dir",
            "price-types",
            json!({"name": "Опт", "currency": "UAH", "method": "markup", "base_price_type_id": buy, "markup_percent": "25"}),
        );
        h.agreement(json!({"partner_id": h.client, "price_type_id": plus})).unwrap();
        let question = json!({"partner_id": h.client, "company_id": h.company, "product_id": h.tea, "date": "2026-11-21"});
        let line = h.lines(None, "2026-11-21", &[ask(h.tea)]).unwrap().remove(0);
        let told = |who: &str| {
            let ctx = h.w.ctx(who);
            let kept = explain_stored(&h.w.app, &ctx, &[read(&line.trace)], 0).unwrap();
            format!("{} {kept}", explain(&h.w.app, &ctx, &question).unwrap())
        };
        assert!(told("dir").contains("61.37"));
        let seen = told("ann");
        assert!(seen.contains("76.71") && !seen.contains("61,37") && !seen.contains("61.37") && !seen.contains("Закупка"), "{seen}");
        // Nor in any other way.
        assert_eq!(kind(h.w.get("ann", "price-types", buy)), Kind::NotFound);
        assert_eq!(h.w.titles("ann", "price-types", &[]), ["Опт", "Роздріб"]);
        assert_eq!((h.w.count("ann", "prices", &[]), h.w.count("dir", "prices", &[])), (0, 1));
        let mut of_type = question.clone();
        of_type["price_type_id"] = json!(buy);
        assert_eq!(faults(explain(&h.w.app, &h.w.ctx("ann"), &of_type)), ["price_type_id: reference_missing"]);
        assert_eq!(explain(&h.w.app, &h.w.ctx("dir"), &of_type).unwrap()["price"], json!("61.37"));
    });
}

fn read(trace: &str) -> Json {
    serde_json::from_str(trace).expect("a trace is JSON")
}
