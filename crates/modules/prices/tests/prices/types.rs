//! Price types: by hand, markup, formula; no circles; texts in three languages.

use crate::common::{faults, missing_texts};
use crate::world::{House, registry};
use kontor_platform::value::Id;
use kontor_testkit::both;
use serde_json::{Value as Json, json};

#[test]
fn prc_03_a_markup_and_a_formula_compute_from_a_manual_type() {
    both(|db| {
        let h = House::new(db);
        let buy = h.w.make(
            "dir",
            "price-types",
            json!({"name": "Закупка", "currency": "UAH", "method": "manual", "usage": "purchase", "vat": "excluded"}),
        );
        h.price(buy, h.tea, "100", "2026-01-01");
        let plus = h.w.make("dir", "price-types", json!({"name": "Опт", "currency": "UAH", "method": "markup", "base_price_type_id": buy, "markup_percent": "25", "vat": "included", "rounding": {"mode": "up", "step": "1", "ending": "0.99"}}));
        assert_eq!(
            h.told(Some(h.agreement(json!({"partner_id": h.client, "price_type_id": plus})).unwrap()), h.tea, "2026-11-21"),
            "150.99",
            "100 + 25 % + VAT, up to 0.99"
        );
        let f = h.w.make("dir", "price-types", json!({"name": "Формула", "currency": "UAH", "method": "formula", "formula": "max(price(\"Закупка\") * 1.5, 10)", "vat": "excluded"}));
        let a = h.agreement(json!({"partner_id": h.client, "price_type_id": f, "priority": 1})).unwrap();
        assert_eq!(h.told(Some(a), h.tea, "2026-11-21"), "150");
        assert_eq!(h.told(Some(a), h.cup, "2026-11-21"), "missing");
        // Without its own basis a markup is in that of its base.
        let bare = h.w.make(
            "dir",
            "price-types",
            json!({"name": "Гурт", "currency": "UAH", "method": "markup", "base_price_type_id": buy, "markup_percent": "-10"}),
        );
        assert_eq!(h.w.see("price-types", bare)["vat"], json!("excluded"));
    });
}

#[test]
fn prc_03_types_in_a_circle_and_broken_formulas_are_refused() {
    both(|db| {
        let h = House::new(db);
        let make = |v| h.w.create("dir", "price-types", v);
        let a = make(json!({"name": "A", "currency": "UAH", "method": "markup", "base_price_type_id": h.retail, "markup_percent": "10"}))
            .unwrap()
            .id
            .unwrap();
        let b = make(json!({"name": "B", "currency": "UAH", "method": "formula", "formula": "price(\"A\") + 1"})).unwrap().id.unwrap();
        assert_eq!(faults(h.w.update("dir", "price-types", a, 0, json!({"base_price_type_id": b}))), ["base_price_type_id: cycle"]);
        assert_eq!(faults(h.w.update("dir", "price-types", b, 0, json!({"formula": "price(\"B\") + 1"}))), ["formula: cycle"]);
        assert_eq!(
            faults(h.w.update("dir", "price-types", h.retail, 0, json!({"method": "formula", "formula": "price(\"B\")"}))),
            ["formula: cycle"]
        );
        assert_eq!(
            faults(make(json!({"name": "C", "currency": "UAH", "method": "formula", "formula": "price(\"Нема\")"}))),
            ["formula: formula_unknown_name"]
        );
        assert_eq!(
            faults(make(json!({"name": "C", "currency": "UAH", "method": "formula", "formula": "1 +"}))),
            ["formula: formula_syntax"]
        );
        assert_eq!(faults(make(json!({"name": "C", "currency": "UAH", "method": "formula"}))), ["formula: formula_empty"]);
        assert_eq!(
            faults(make(json!({"name": "C", "currency": "UAH", "method": "markup", "markup_percent": "5"}))),
            ["base_price_type_id: base_price_type_needed"]
        );
        assert_eq!(
            faults(make(json!({"name": "C", "currency": "UAH", "method": "markup", "base_price_type_id": a}))),
            ["markup_percent: required"]
        );
        assert_eq!(
            faults(make(json!({"name": "C", "currency": "UAH", "method": "markup", "base_price_type_id": a, "markup_percent": "-100"}))),
            ["markup_percent: out_of_range"]
        );
        assert_eq!(
            faults(make(json!({"name": "C", "currency": "UAH", "method": "manual", "rounding": {"step": "0"}}))),
            ["rounding.step: rounding_step"]
        );
        assert_eq!(
            faults(make(json!({"name": "C", "currency": "UAH", "method": "manual", "rounding": {"step": "1", "ending": "1"}}))),
            ["rounding.ending: rounding_ending"]
        );
        assert_eq!(faults(make(json!({"name": "Роздріб", "currency": "UAH", "method": "manual"}))), ["name: unique"]);
    });
}

#[test]
fn prc_03_prices_keep_their_meaning_and_computed_types_take_none() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        assert_eq!(faults(h.w.update("dir", "price-types", h.retail, 0, json!({"currency": "USD"}))), ["currency: in_use"]);
        assert_eq!(faults(h.w.update("dir", "price-types", h.retail, 0, json!({"vat": "exempt"}))), ["vat: in_use"]);
        let plus = h.w.make(
            "dir",
            "price-types",
            json!({"name": "Опт", "currency": "UAH", "method": "markup", "base_price_type_id": h.retail, "markup_percent": "5"}),
        );
        let one = |of, price: &str| {
            h.w.create("dir", "prices", json!({"price_type_id": of, "product_id": h.tea, "price": price, "valid_from": "2026-02-01"}))
        };
        assert_eq!(faults(one(plus, "1")), ["price_type_id: price_computed"]);
        assert_eq!(faults(one(h.retail, "-1")), ["price: negative_price"]);
        assert_eq!(faults(one(h.retail, "1.1234567")), ["price: number_decimals"]);
        one(h.retail, "0").unwrap();
        assert_eq!(h.told(None, h.tea, "2026-02-01"), "0", "a price of nothing is a price");
    });
}

#[test]
fn prc_03_everything_has_its_words() {
    let r = registry();
    let own = [
        "units",
        "vat-rates",
        "product-categories",
        "products",
        "rate-types",
        "rates",
        "price-types",
        "prices",
        "price-changes",
        "agreements",
        "companies",
    ];
    assert_eq!(missing_texts(&r, &own), [] as [String; 0]);
}

#[test]
fn prc_03_a_price_type_is_refined_by_price_group_and_rounds_by_the_size_of_the_price() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        h.price(h.retail, h.cup, "1234", "2026-01-01");
        let group = h.w.make("dir", "price-groups", json!({"name": "Чаї"}));
        h.w.update("dir", "products", h.tea, 0, json!({"price_group_id": group})).unwrap();
        let input = json!({
            "name": "Опт", "currency": "UAH", "method": "markup", "base_price_type_id": h.retail, "markup_percent": "-10",
            "rounding": {"step": "0.1"}, "rounding_ranges": [{"from": "1000", "step": "10", "mode": "down"}],
            "refinements": [{"price_group_id": group, "base_price_type_id": h.retail, "markup_percent": "-20"}],
        });
        let wholesale = h.w.make("dir", "price-types", input);
        let a = h.agreement(json!({"partner_id": h.client, "price_type_id": wholesale})).unwrap();
        // 1,234 less a tenth is 1,110.6: tens from a thousand on.
        assert_eq!((h.told(Some(a), h.tea, "2026-11-21"), h.told(Some(a), h.cup, "2026-11-21")), ("80".into(), "1110".into()));
        let wrong = |v: serde_json::Value| faults(h.w.update("dir", "price-types", wholesale, 0, v));
        assert_eq!(
            wrong(json!({"refinements": [{"price_group_id": group, "base_price_type_id": wholesale}]})),
            ["base_price_type_id: cycle"]
        );
        assert_eq!(
            wrong(json!({"refinements": [{"price_group_id": group}]})),
            ["refinements.0.base_price_type_id: base_price_type_needed"]
        );
        assert_eq!(wrong(json!({"rounding_ranges": [{"from": "5", "step": "0"}]})), ["rounding_ranges.0.step: rounding_step"]);
        h.w.update(
            "dir",
            "price-types",
            wholesale,
            0,
            json!({"refinements": [{"price_group_id": group, "formula": "price(\"Роздріб\") / 2"}]}),
        )
        .unwrap();
        assert_eq!(h.told(Some(a), h.tea, "2026-11-21"), "50");
    });
}

#[test]
fn prc_03_a_type_is_tried_while_it_is_being_written_and_faults_stand_at_their_place() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        h.price(h.retail, h.cup, "40", "2026-01-01");
        let group = h.w.make("dir", "price-groups", json!({"name": "Знижкові"}));
        let q = h.w.app.registry.questions.iter().find(|q| q.path == "prices/try-type").unwrap();
        let tried = |price_type: Json, kept: Option<Id>| {
            let body = json!({"price_type": price_type, "price_type_id": kept, "products": [h.tea, h.cup], "date": "2026-11-21"});
            (q.run)(&h.w.app, &h.w.ctx("dir"), &kontor_platform::app::Asked { body, ..Default::default() })
        };
        let of = |formula: &str| {
            json!({
                "currency": "UAH", "method": "formula", "formula": formula,
                "rounding": {"mode": "up", "step": "1"}, "rounding_ranges": [{"from": "90", "mode": "up", "step": "10", "ending": "9"}],
                "refinements": [{"price_group_id": group, "base_price_type_id": h.retail, "markup_percent": "-50"}],
            })
        };
        let r = tried(of("price(\"Роздріб\") *\n 0.875"), None).unwrap();
        let price = |n: usize| r["items"][n]["price"].clone();
        assert_eq!((price(0), price(1), &r["currency"]), (json!("88"), json!("35"), &json!("UAH")), "{r}");
        assert!(r["items"][0]["steps"].as_array().unwrap().iter().any(|s| s["step"] == "rounding"), "{r}");
        assert_eq!(h.w.list("dir", "price-types", &[])["items"].as_array().unwrap().len(), 1, "nothing is kept");
        // Of the range from 90 on the ending is nine.
        assert_eq!(tried(of("price(\"Роздріб\") * 1.05"), None).unwrap()["items"][0]["price"], json!("109"));
        let fault = |f: &str| {
            let e = tried(of(f), None).unwrap_err();
            let f = e.inner().fields[0].clone();
            let arg = |name: &str| f.args.iter().find(|(k, _)| k.as_ref() == name).map(|(_, v)| v.clone()).unwrap_or_default();
            format!("{} {} {}:{}", f.field, f.code, arg("line"), arg("column"))
        };
        assert_eq!(fault("1 +\n  prise"), "formula formula_unknown_name 2:3");
        assert_eq!(fault("price(\"Опт\")"), "formula formula_unknown_name 1:1");
        assert_eq!(fault(""), "formula formula_empty 0:0");
        // What is kept stands beside what would be.
        let kept = tried(
            json!({"name": "Роздріб", "currency": "UAH", "method": "markup", "base_price_type_id": h.retail, "markup_percent": "10"}),
            None,
        );
        assert_eq!(kept.unwrap()["items"][0]["price"], json!("110"));
        let own = tried(
            json!({"name": "Роздріб", "currency": "UAH", "method": "manual", "rounding": {"mode": "up", "step": "7"}}),
            Some(h.retail),
        )
        .unwrap();
        assert_eq!((&own["items"][0]["now"], &own["items"][0]["price"]), (&json!("100"), &json!("105")));
        assert!(
            (q.run)(&h.w.app, &h.w.ctx("ann"), &kontor_platform::app::Asked { body: json!({"price_type": {}}), ..Default::default() })
                .is_err(),
            "a salesperson tries nothing"
        );
    });
}

#[test]
fn prc_05_who_renames_a_type_is_told_which_formulas_call_it_by_its_old_name() {
    both(|db| {
        let h = House::new(db);
        let group = h.w.make("dir", "price-groups", json!({"name": "Гірлянди"}));
        let make = |name: &str, more: Json| {
            let mut all =
                json!({"name": name, "currency": "UAH", "method": "markup", "base_price_type_id": h.retail, "markup_percent": "5"});
            all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
            h.w.create("dir", "price-types", all)
        };
        make("За назвою", json!({"method": "formula", "formula": "price(\"Роздріб\") * 0.9"})).unwrap();
        let refined = |formula: &str| json!({"refinements": [{"price_group_id": group, "formula": formula}]});
        make("З уточненням", refined("price(\"Роздріб\") - 1")).unwrap();
        make("За посиланням", json!({})).unwrap();
        // A refinement names what is there, as the formula of a type does.
        assert_eq!(faults(make("Хибний", refined("price(\"Нема\")"))), ["refinements.0.formula: formula_unknown_name"]);
        let told = h.w.update("dir", "price-types", h.retail, 0, json!({"name": "Роздрібна"})).unwrap().warnings;
        let of: Vec<(&str, String)> = told.iter().map(|w| (&*w.code, w.args[1].1.to_string())).collect();
        assert_eq!(of.len(), 2, "{told:?}");
        assert!(of.iter().all(|(code, _)| *code == "name_in_formula"), "{of:?}");
        assert!(["За назвою", "З уточненням"].iter().all(|n| of.iter().any(|o| o.1.contains(n))), "{of:?}");
        // What it is called stays.
        let told = h.w.update("dir", "price-types", h.retail, 0, json!({"description": "Для всіх"})).unwrap().warnings;
        assert!(told.is_empty(), "{told:?}");
    });
}
