//! Prices explain themselves: without a document, and from what was kept with a line.

use crate::common::{faults, kind};
use crate::world::{House, ask};
use kontor_kernel::error::Kind;
use kontor_prices::{Reader, Secrets, explain, explain_sentences, explain_stored};
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
        // No price of nothing, nor of less than that.
        for (quantity, code) in [("-1", "quantity: negative"), ("0", "quantity: quantity_zero")] {
            let mut question = question.clone();
            question["quantity"] = json!(quantity);
            assert_eq!(faults(explain(&h.w.app, &h.w.ctx("ann"), &question)), [code], "{quantity}");
        }
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
        let en = explain_sentences(&Reader::plain(Lang::En), &read(&line.trace), &Secrets::default()).unwrap();
        assert_eq!(
            en.last().map(|s| (s.step.as_str(), s.text.as_str())),
            Some(("discount", "Discount of agreement “Умови Епіцентру” for category “Напої”: 5 %"))
        );
        let of = en.last().and_then(|s| s.rule.clone()).unwrap();
        assert_eq!(of["version"], json!(1), "the version of the rule that it was sold by: {of}");
        assert!(explain_sentences(&Reader::plain(Lang::En), &Json::Null, &Secrets::default()).unwrap().is_empty());
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

/// A dealer's price in dollars, ten percent above one in euros, less a discount for a category. Everything has names in three
/// languages. The question, and the trace that a line of a document keeps.
fn translated_house(db: &kontor_testkit::TestDb) -> (House, Json, Json) {
    let h = House::new(db);
    let names = |uk: &str, ru: &str, en: &str| json!({"uk": uk, "ru": ru, "en": en});
    h.w.make(
        "dir",
        "rate-types",
        json!({"name": "НБУ", "names": names("Курс НБУ", "Курс НБУ", "NBU rate"), "base_currency": "UAH", "direction": "direct"}),
    );
    h.w.make("acc", "rates", json!({"currency": "EUR", "date": "2026-11-20", "rate": "48"}));
    h.w.make("acc", "rates", json!({"currency": "USD", "date": "2026-11-20", "rate": "40"}));
    let named = names("Експорт", "Экспорт", "Export");
    let euro = h.w.make("dir", "price-types", json!({"name": "Експорт", "names": named, "currency": "EUR", "method": "manual"}));
    h.price(euro, h.tea, "2.5", "2026-10-01");
    let named = names("Дилерська", "Дилерская", "Dealer");
    let dealer =
        json!({"name": "Дилер", "names": named, "currency": "EUR", "method": "markup", "base_price_type_id": euro, "markup_percent": "10"});
    let dealer = h.w.make("dir", "price-types", dealer);
    h.w.update("dir", "product-categories", h.drinks, 1, json!({"names": names("Напої", "Напитки", "Drinks")})).unwrap();
    let lines = json!([{"category_id": h.drinks, "discount_percent": "5"}]);
    let a =
        h.agreement(json!({"partner_id": h.client, "name": "Умови", "price_type_id": dealer, "currency": "USD", "lines": lines})).unwrap();
    let kept = read(&h.lines(Some(a), "2026-11-21", &[ask(h.tea)]).unwrap().remove(0).trace);
    let question = json!({"partner_id": h.client, "company_id": h.company, "product_id": h.tea, "date": "2026-11-21", "agreement_id": a});
    (h, question, kept)
}

fn in_lang(h: &House, lang: Lang) -> kontor_platform::Ctx {
    let mut ctx = h.w.ctx("ann");
    ctx.lang = lang;
    ctx
}

/// The sentences of all steps, inner ones first.
fn texts(steps: &Json) -> Vec<String> {
    let of = |s: &Json| {
        let mut all = texts(&s["steps"]);
        all.push(s["text"].as_str().unwrap().to_string());
        all
    };
    steps.as_array().into_iter().flatten().flat_map(of).collect()
}

#[test]
fn prc_13_names_are_told_in_the_readers_language_whoever_priced_the_line() {
    both(|db| {
        let (h, question, kept) = translated_house(db);
        for (lang, dealer, export, drinks) in [
            (Lang::Uk, "Дилерська", "Експорт", "Напої"),
            (Lang::Ru, "Дилерская", "Экспорт", "Напитки"),
            (Lang::En, "Dealer", "Export", "Drinks"),
        ] {
            let ctx = in_lang(&h, lang);
            let fresh = explain(&h.w.app, &ctx, &question).unwrap();
            let stored = explain_stored(&h.w.app, &ctx, std::slice::from_ref(&kept), 0).unwrap();
            for told in [&fresh, &stored] {
                let all = texts(&told["steps"]).join("\n");
                for name in [dealer, export, drinks] {
                    assert!(all.contains(name), "{lang}: {name} in {all}");
                }
                let rules: Vec<&str> = told["steps"].as_array().unwrap().iter().filter_map(|s| s["rule"]["name"].as_str()).collect();
                assert!(rules.contains(&dealer), "{lang}: {rules:?}");
            }
            assert!(fresh["candidates"].as_array().unwrap().iter().all(|c| c["name"] != json!("Дилер")), "{fresh}");
        }
    });
}

#[test]
fn prc_13_a_kept_trace_tells_the_names_that_a_thing_has_now_and_its_own_where_there_is_none() {
    both(|db| {
        let (h, _, kept) = translated_house(db);
        let dealer = kept["steps"][0]["rule"].clone();
        assert!(dealer.to_string().contains("Дилер") || kept.to_string().contains("Дилер"), "the name as it was is kept: {kept}");
        let of = |name: &str| {
            let row = h.w.app.store.read(|c| c.query_one("SELECT id, version FROM price_types WHERE name = ?", &[name.into()])).unwrap();
            (row.id(0).unwrap(), row.int(1).unwrap())
        };
        let (id, version) = of("Дилер");
        h.w.update("dir", "price-types", id, version, json!({"names": {"ru": "Оптовая"}})).unwrap();
        let told = |lang| texts(&explain_stored(&h.w.app, &in_lang(&h, lang), std::slice::from_ref(&kept), 0).unwrap()["steps"]).join("\n");
        assert!(told(Lang::Ru).contains("Оптовая"), "{}", told(Lang::Ru));
        // No name in this language any more: as it was called when the line was priced.
        assert!(told(Lang::En).contains("“Дилер”"), "{}", told(Lang::En));
    });
}

#[test]
fn prc_13_every_sum_of_an_explanation_is_in_the_currency_of_its_step() {
    both(|db| {
        let (h, question, kept) = translated_house(db);
        let ctx = in_lang(&h, Lang::En);
        let fresh = explain(&h.w.app, &ctx, &question).unwrap();
        let stored = explain_stored(&h.w.app, &ctx, &[kept], 0).unwrap();
        for told in [fresh, stored] {
            // 2.5 EUR + 10 % = 2.75 EUR x 48 / 40 = 3.30 USD, less 5 % = 3.135.
            assert_eq!(
                texts(&told["steps"]),
                [
                    "Agreement “Умови”: price type “Dealer”",
                    "Price “Export”, in force since 1 Oct 2026: 2.50 EUR",
                    "“Dealer” is “Export” (2.50 EUR) plus 10 %: 2.75 EUR",
                    "From EUR to USD through UAH at the rates “NBU rate” of 20 Nov 2026 and 20 Nov 2026 (cross rate 1.2000) (there is none for 21 Nov 2026, the last \
                     earlier one counts): 3.30 USD",
                    "Rounded to the currency’s minor unit: 3.30 USD",
                    "Discount of agreement “Умови” for category “Drinks”: 5 %",
                ]
            );
            let currencies: Vec<&str> = told["steps"].as_array().unwrap().iter().filter_map(|s| s["currency"].as_str()).collect();
            assert_eq!(currencies, ["EUR", "USD", "USD", "USD"]);
        }
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

#[test]
fn prc_02_a_rate_that_is_used_or_missing_says_whose_it_is() {
    both(|db| {
        let (h, question) = euro_house(db);
        // The bank has a rate for that day, but the company buys by another kind of rates.
        let dear = h.w.make("dir", "rate-types", json!({"name": "Комерційний", "base_currency": "UAH", "direction": "direct"}));
        h.w.update("admin", "companies", h.company, 0, json!({"rate_type_id": dear})).unwrap();
        let ask = |lang: Lang| {
            let mut ctx = h.w.ctx("ann");
            ctx.lang = lang;
            explain(&h.w.app, &ctx, &question).unwrap()
        };
        for (lang, words) in
            [(Lang::Uk, "вид курсу «Комерційний»"), (Lang::Ru, "вид курса «Комерційний»"), (Lang::En, "rate type “Комерційний”")]
        {
            let told = ask(lang);
            assert!(told["problem"].as_str().unwrap().contains(words), "{lang}: {}", told["problem"]);
        }
        h.w.make("acc", "rates", json!({"currency": "EUR", "date": "2026-11-20", "rate": "49", "rate_type_id": dear}));
        for (lang, words) in [
            (Lang::Uk, "за курсом «Комерційний» на 20.11.2026"),
            (Lang::Ru, "по курсу «Комерційний» на 20.11.2026"),
            (Lang::En, "at the rate “Комерційний” of 20 Nov 2026"),
        ] {
            let told = ask(lang);
            assert!(told["steps"][2]["text"].as_str().unwrap().contains(words), "{lang}: {}", told["steps"][2]["text"]);
        }
    });
}

#[test]
fn prc_13_a_default_of_another_company_or_of_a_category_leads_to_where_it_is_written() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "10", "2026-10-01");
        h.w.update("dir", "price-types", h.retail, 0, json!({"is_default": true})).unwrap();
        let other =
            h.w.make("admin", "companies", json!({"name": "Друга контора", "currency": "UAH", "country": "UA", "price_type_id": h.retail}));
        h.w.update("dir", "product-categories", h.drinks, 0, json!({"price_type_id": h.retail})).unwrap();
        let question = json!({"partner_id": h.client, "company_id": h.company, "product_id": h.tea, "date": "2026-11-21"});
        let told = explain(&h.w.app, &h.w.ctx("dir"), &question).unwrap();
        let mut records: Vec<(String, String)> = told["candidates"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| (c["record"]["collection"].as_str().unwrap().to_string(), c["record"]["id"].as_str().unwrap().to_string()))
            .collect();
        records.sort();
        let mut wanted = vec![
            ("companies".to_string(), other.to_string()),
            ("price-types".to_string(), h.retail.to_string()),
            ("product-categories".to_string(), h.drinks.to_string()),
        ];
        wanted.sort();
        assert_eq!(records, wanted, "{told}");
    });
}
