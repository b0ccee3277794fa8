//! Conditions of sale as records: what each kind asks for, rivals, segments, lists, bundles, limits.

use crate::common::{faults, kind};
use crate::world::House;
use kontor_kernel::error::Kind;
use kontor_platform::value::Id;
use kontor_testkit::both;
use serde_json::{Value as Json, json};

fn made(h: &House, input: Json) -> Id {
    h.w.make("dir", "price-conditions", input)
}

#[test]
fn prc_09_each_kind_says_what_it_needs_and_what_it_does_not_use() {
    both(|db| {
        let h = House::new(db);
        let wrong = |input: Json| faults(h.w.create("dir", "price-conditions", input));
        assert_eq!(
            wrong(json!({"kind": "special_price", "partner_id": h.client, "price": "90"})),
            ["currency: required", "product_id: required"]
        );
        assert_eq!(
            wrong(json!({"kind": "special", "partner_id": h.client, "region_id": null, "price": "5", "currency": "UAH"})),
            ["percent: required", "price: condition_not_used"]
        );
        let dealer = h.w.make("dir", "dealer-types", json!({"name": "Золотий", "price_type_id": h.retail}));
        assert_eq!(
            wrong(json!({"kind": "special", "partner_id": h.client, "dealer_type_id": dealer, "percent": "5"})),
            ["dealer_type_id: condition_not_used"]
        );
        assert_eq!(wrong(json!({"kind": "dealer_discount", "percent": "5"})), ["dealer_type_id: required"]);
        assert_eq!(wrong(json!({"kind": "quantity", "percent": "5"})), ["from_quantity: required"]);
        assert_eq!(wrong(json!({"kind": "period", "percent": "5"})), ["valid_from: required"]);
        assert_eq!(wrong(json!({"kind": "special", "percent": "101"})), ["percent: out_of_range"]);
        assert_eq!(
            wrong(json!({"kind": "special", "percent": "1", "product_id": h.tea, "category_id": h.drinks})),
            ["category_id: product_or_category"]
        );
        assert_eq!(wrong(json!({"kind": "amount", "from_amount": "1000", "from_quantity": "1", "percent": "1"})).len(), 2);
        assert_eq!(
            wrong(json!({"kind": "special", "percent": "1", "valid_from": "2026-02-01", "valid_to": "2026-01-01"})),
            ["valid_to: ends_before_start"]
        );
        assert_eq!(wrong(json!({"kind": "company_list", "price_type_id": h.retail})), ["company_id: required"]);
        let id = made(&h, json!({"kind": "special_price", "partner_id": h.client, "product_id": h.tea, "price": "90", "currency": "UAH"}));
        let seen = h.w.see("price-conditions", id);
        assert_eq!((&seen["name"], &seen["vat"], &seen["active"]), (&json!("D-000001"), &json!("included"), &json!(true)));
        made(&h, json!({"kind": "surcharge", "company_id": h.company, "category_id": h.drinks, "percent": "150"}));
        made(&h, json!({"kind": "dealer_discount", "dealer_type_id": dealer, "category_id": h.drinks, "percent": "-3"}));
    });
}

#[test]
fn prc_12_an_equal_key_on_one_day_is_refused_and_both_rules_are_named() {
    both(|db| {
        let h = House::new(db);
        let base = |more: Json| {
            let mut all = json!({"kind": "quantity", "from_quantity": "10", "product_id": h.tea, "percent": "5"});
            all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            all
        };
        let spring = made(&h, base(json!({"name": "Весна", "valid_to": "2026-05-31"})));
        let e = h.w.create("dir", "price-conditions", base(json!({"name": "Літо", "valid_from": "2026-05-31"}))).unwrap_err();
        let f = &e.inner().fields[0];
        assert_eq!((f.field.as_str(), &*f.code), ("valid_from", "overlap"));
        assert_eq!(f.args.iter().map(|a| a.1.as_str()).collect::<Vec<_>>(), ["Літо", "Весна"]);
        assert_eq!(e.inner().detail["overlaps"][1]["id"], json!(spring));
        // The day after, another start, priority, product or company, or one that is switched off: no rival.
        let summer = made(&h, base(json!({"valid_from": "2026-06-01"})));
        for more in [
            json!({"from_quantity": "20"}),
            json!({"priority": 1}),
            json!({"product_id": h.cup}),
            json!({"company_id": h.company}),
            json!({"active": false}),
            json!({"partner_id": h.client}),
        ] {
            made(&h, base(more));
        }
        assert_eq!(faults(h.w.update("dir", "price-conditions", spring, 0, json!({"valid_to": null}))), ["valid_from: overlap"]);
        h.w.delete("dir", "price-conditions", summer).unwrap();
        h.w.update("dir", "price-conditions", spring, 0, json!({"valid_to": null})).unwrap();
        assert_eq!(faults(h.w.verb("dir", "price-conditions", summer, "restore", json!({}))), ["valid_from: overlap"]);
    });
}

#[test]
fn prc_12_two_people_cannot_write_rivals_at_the_same_moment() {
    both(|db| {
        let h = House::new(db);
        let one = || h.w.create("dir", "price-conditions", json!({"kind": "special", "partner_id": h.client, "percent": "5"})).is_ok();
        let made: Vec<bool> = std::thread::scope(|s| {
            let work: Vec<_> = (0..4).map(|_| s.spawn(one)).collect();
            work.into_iter().map(|w| w.join().unwrap()).collect()
        });
        assert_eq!(made.iter().filter(|ok| **ok).count(), 1);
    });
}

#[test]
fn prc_12_rules_for_segments_that_may_share_members_are_warned_of() {
    both(|db| {
        let h = House::new(db);
        let segment = |name: &str, filter: Json| h.w.make("dir", "segments", json!({"name": name, "filter": filter}));
        let (vip, kyiv) = (segment("VIP", json!({"tags": "vip"})), segment("Е", json!({"name.starts": "Е"})));
        made(&h, json!({"name": "Для VIP", "kind": "segment", "segment_id": vip, "percent": "5"}));
        let of = |segment: Id, more: Json| {
            let mut all = json!({"name": "Для Е", "kind": "segment", "segment_id": segment, "percent": "7"});
            all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            h.w.create("dir", "price-conditions", all).unwrap().warnings
        };
        let w = of(kyiv, json!({}));
        assert_eq!((w.len(), w[0].field.as_str(), &*w[0].code), (1, "segment_id", "overlap_possible"));
        assert!(of(kyiv, json!({"priority": 5})).is_empty());
        assert_eq!(faults(h.w.create("dir", "segments", json!({"name": "?", "filter": {"no_such": "1"}}))), ["filter: segment_filter"]);
        assert_eq!(faults(h.w.create("dir", "segments", json!({"name": "?", "filter": {"limit": "1"}}))), ["filter: segment_filter"]);
        assert_eq!(h.w.delete("dir", "segments", vip).unwrap_err().inner().code, "in_use");
    });
}

#[test]
fn prc_09_a_client_has_one_individual_list_on_a_day_with_own_rows_and_a_percentage() {
    both(|db| {
        let h = House::new(db);
        let list = json!({"name": "Епіцентр", "currency": "UAH", "price_type_id": h.retail, "markup_percent": "-7", "partner_id": h.client, "lines": [{"product_id": h.tea, "price": "91.5"}]});
        let id = h.w.make("dir", "price-lists", list);
        assert_eq!(h.w.see("price-lists", id)["lines"][0]["price"], json!("91.5"));
        let more = |v: Json| faults(h.w.create("dir", "price-lists", v));
        assert_eq!(more(json!({"name": "2", "currency": "UAH", "partner_id": h.client})), ["valid_from: overlap"]);
        assert_eq!(more(json!({"name": "3", "currency": "UAH", "markup_percent": "-100"})), ["markup_percent: out_of_range"]);
        assert_eq!(
            more(
                json!({"name": "4", "currency": "UAH", "lines": [{"product_id": h.tea, "price": "1"}, {"product_id": h.tea, "price": "2"}]})
            ),
            ["lines.1.product_id: duplicate_line"]
        );
        assert_eq!(kind(h.w.create("ann", "price-lists", json!({"name": "5", "currency": "UAH"})).map(|_| ())), Kind::Forbidden);
    });
}

#[test]
fn prc_12_bundles_and_gifts_are_refused_when_they_say_too_much_or_too_little() {
    both(|db| {
        let h = House::new(db);
        let wrong = |v: Json| faults(h.w.create("dir", "promotions", v));
        let two = json!([{"product_id": h.tea, "quantity": "1"}, {"product_id": h.cup, "quantity": "2"}]);
        h.w.make("dir", "promotions", json!({"name": "Чаювання", "kind": "bundle", "percent": "10", "lines": two}));
        h.w.make("dir", "promotions", json!({"name": "3+1", "kind": "gift", "product_id": h.tea, "from_quantity": "3", "gift_product_id": h.tea, "gift_quantity": "1", "repeat": true}));
        assert_eq!(wrong(json!({"name": "a", "kind": "bundle", "percent": "10"})), ["lines: required"]);
        assert_eq!(wrong(json!({"name": "b", "kind": "bundle", "bundle_price": "100", "lines": two})), ["currency: required"]);
        assert_eq!(
            wrong(json!({"name": "c", "kind": "bundle", "percent": "10", "amount_off": "5", "lines": two})),
            ["amount_off: condition_one_value"]
        );
        assert_eq!(
            wrong(json!({"name": "d", "kind": "gift", "gift_product_id": h.cup, "gift_quantity": "1"})),
            ["from_quantity: required"]
        );
        assert_eq!(
            wrong(json!({"name": "e", "kind": "gift", "from_quantity": "0", "gift_product_id": h.cup, "gift_quantity": "1"})),
            ["from_quantity: number_not_positive"]
        );
    });
}

#[test]
fn prc_11_the_users_own_limit_comes_before_his_roles_before_everybodys() {
    both(|db| {
        let h = House::new(db);
        let mine = |who: &str| {
            let q = h.w.app.registry.questions.iter().find(|q| q.path == "prices/limits").unwrap();
            (q.run)(&h.w.app, &h.w.ctx(who), &Default::default()).unwrap()
        };
        assert_eq!((&mine("ann")["discount_max"], &mine("ann")["algorithm"]), (&Json::Null, &json!("sum")));
        h.w.make("dir", "price-limits", json!({"name": "Усі", "discount_max": "3"}));
        h.w.make("dir", "price-limits", json!({"name": "Продавці", "role": "salesperson", "discount_max": "5", "algorithm": "maximum"}));
        h.w.make("dir", "price-limits", json!({"name": "Енн", "user_id": h.w.user("ann"), "discount_max": "10", "price_down_max": "2"}));
        assert_eq!((&mine("ann")["name"], &mine("ann")["price_down_max"]), (&json!("Енн"), &json!("2")));
        assert_eq!((&mine("bob")["discount_max"], &mine("bob")["algorithm"]), (&json!("5"), &json!("maximum")));
        assert_eq!(mine("boss")["name"], json!("Усі"));
        assert_eq!(faults(h.w.create("dir", "price-limits", json!({"name": "Ще", "role": "salesperson"}))), ["valid_from: overlap"]);
        assert_eq!(kind(h.w.create("boss", "price-limits", json!({"name": "Сам"})).map(|_| ())), Kind::Forbidden);
    });
}

#[test]
fn prc_12_promotions_of_an_equal_key_on_one_day_are_refused_and_both_are_named() {
    both(|db| {
        let h = House::new(db);
        let create = |v: Json| h.w.create("dir", "promotions", v);
        let with = |of: &Json, more: Json| {
            let mut all = of.clone();
            all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            create(all)
        };
        let pair = json!([{"product_id": h.tea, "quantity": "1"}, {"product_id": h.cup, "quantity": "1"}]);
        let bundle = json!({"kind": "bundle", "percent": "10", "lines": pair});
        let spring = with(&bundle, json!({"name": "Весна", "valid_to": "2026-05-31"})).unwrap().id.unwrap();
        // The same goods in another order and number: which of the two comes first would be chance.
        let two = json!([{"product_id": h.cup, "quantity": "2"}, {"product_id": h.tea, "quantity": "1"}]);
        let e = with(&bundle, json!({"name": "Літо", "valid_from": "2026-05-31", "lines": two})).unwrap_err();
        let f = &e.inner().fields[0];
        assert_eq!((f.field.as_str(), &*f.code), ("valid_from", "overlap"));
        assert_eq!(f.args.iter().map(|a| a.1.as_str()).collect::<Vec<_>>(), ["Літо", "Весна"]);
        assert_eq!(e.inner().detail["overlaps"][1]["id"], json!(spring));
        let summer = with(&bundle, json!({"name": "Літо", "valid_from": "2026-06-01", "lines": two})).unwrap();
        assert!(summer.warnings.is_empty());
        assert_eq!(faults(h.w.update("dir", "promotions", spring, 0, json!({"valid_to": null}))), ["valid_from: overlap"]);
        // Another client, another priority, or switched off: no equal key. The client has both, which is told.
        let own = with(&bundle, json!({"name": "Свій", "partner_id": h.client, "valid_to": "2026-05-31"})).unwrap();
        assert_eq!((own.warnings.len(), &*own.warnings[0].code), (1, "overlap_possible"));
        let later = with(&bundle, json!({"name": "Потім", "priority": 5})).unwrap();
        assert!(later.warnings.is_empty());
        let off = with(&bundle, json!({"name": "Вимкнений", "active": false})).unwrap().id.unwrap();
        assert_eq!(faults(h.w.update("dir", "promotions", off, 0, json!({"active": true}))), ["valid_from: overlap"]);

        let gift = json!({"kind": "gift", "product_id": h.tea, "from_quantity": "3", "gift_product_id": h.cup, "gift_quantity": "1"});
        with(&gift, json!({"name": "Чашка"})).unwrap();
        assert_eq!(faults(with(&gift, json!({"name": "Дві чашки", "gift_quantity": "2"}))), ["valid_from: overlap"]);
        // From more on, or other goods: both may be given.
        with(&gift, json!({"name": "За шість", "from_quantity": "6"})).unwrap();
        with(&gift, json!({"name": "Чай", "gift_product_id": h.tea})).unwrap();
    });
}

#[test]
fn prc_12_a_special_discount_for_everybody_on_everything_is_told_to_be_one() {
    both(|db| {
        let h = House::new(db);
        let warned = |more: Json| {
            let mut all = json!({"kind": "special", "percent": "5", "active": false});
            all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
            let told = h.w.create("dir", "price-conditions", all).unwrap().warnings;
            told.iter().map(|w| format!("{}: {}", w.field, w.code)).collect::<Vec<_>>()
        };
        assert_eq!(warned(json!({})), ["kind: condition_for_all"]);
        assert_eq!(warned(json!({"partner_id": h.client})), Vec::<String>::new());
        assert_eq!(warned(json!({"category_id": h.drinks})), Vec::<String>::new());
    });
}
