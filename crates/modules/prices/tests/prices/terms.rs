//! Agreements made from standard ones, for segments, with schedules of payment; contracts with theirs, and their end.

use crate::common::faults;
use crate::world::House;
use kontor_platform::value::Id;
use kontor_testkit::both;
use serde_json::json;

const DAY: &str = "2026-11-21";

#[test]
fn agr_01_an_individual_agreement_takes_from_the_standard_one_what_it_does_not_say_itself() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        let stages = json!([{"kind": "prepay", "percent": "30"}, {"kind": "credit", "percent": "70", "days": 14}]);
        let standard = h
            .agreement(json!({"name": "Типові", "discount_percent": "3", "payment_stages": stages, "delivery_terms": "DAP Київ", "lines": [{"category_id": h.drinks, "discount_percent": "7"}]}))
            .unwrap();
        let input = json!({"standard_id": standard, "partner_id": h.client, "delivery_terms": "EXW"});
        let own = h.w.make("dir", "agreements", input);
        let seen = h.w.see("agreements", own);
        assert_eq!((&seen["kind"], &seen["discount_percent"], &seen["delivery_terms"]), (&json!("individual"), &json!("3"), &json!("EXW")));
        assert_eq!((&seen["payment_stages"][1]["days"], &seen["lines"][0]["discount_percent"]), (&json!(14), &json!("7")));
        assert_ne!(seen["lines"][0]["id"], h.w.see("agreements", standard)["lines"][0]["id"]);
        assert_eq!(h.told(Some(own), h.tea, DAY), "100 -7%");
        assert_eq!(
            faults(h.w.create("dir", "agreements", json!({"standard_id": own, "partner_id": h.client}))),
            ["standard_id: agreement_not_standard"]
        );
        let short = json!([{"kind": "prepay", "percent": "30"}, {"kind": "credit", "percent": "60"}]);
        assert_eq!(faults(h.agreement(json!({"priority": 9, "payment_stages": short}))), ["payment_stages: stages_not_whole"]);
    });
}

#[test]
fn agr_01_a_standard_agreement_of_a_segment_comes_before_the_one_for_all_and_refines_by_price_group() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        let vip = h.w.make("dir", "segments", json!({"name": "VIP", "filter": {"tags": "vip"}}));
        let group = h.w.make("dir", "price-groups", json!({"name": "Чаї"}));
        h.w.update("dir", "products", h.tea, 0, json!({"price_group_id": group})).unwrap();
        let all = h.agreement(json!({"name": "Усім", "discount_percent": "1"})).unwrap();
        let lines = json!([{"price_group_id": group, "price": "91"}]);
        let of_vip = h.agreement(json!({"name": "Для VIP", "segment_id": vip, "lines": lines})).unwrap();
        assert_eq!((h.terms(None, None, DAY).unwrap().agreement_id, h.told(None, h.tea, DAY)), (Some(all), "100 -1%".into()));
        h.w.update("ann", "partners", h.client, 0, json!({"tags": ["vip"]})).unwrap();
        assert_eq!((h.terms(None, None, DAY).unwrap().agreement_id, h.told(None, h.tea, DAY)), (Some(of_vip), "91".into()));
        assert_eq!(faults(h.agreement(json!({"segment_id": vip}))), ["valid_from: overlap"]);
        assert_eq!(faults(h.agreement(json!({"segment_id": vip, "partner_id": h.client}))), ["segment_id: condition_one_who"]);
    });
}

#[test]
fn agr_03_contracts_are_numbered_scheduled_priced_and_their_end_is_told_in_time() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        let list = h.w.make(
            "dir",
            "price-lists",
            json!({"name": "За договором", "currency": "UAH", "lines": [{"product_id": h.tea, "price": "88"}]}),
        );
        let base = json!({"company_id": h.company, "partner_id": h.client, "date": "2026-01-01", "currency": "UAH", "valid_from": "2026-01-01", "valid_to": "2026-12-31"});
        let with = |more: serde_json::Value| {
            let mut all = base.clone();
            all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            all
        };
        let id = h.w.make("dir", "contracts", with(json!({"price_list_id": list, "discount_percent": "2", "lines": [{"due_on": "2026-03-01", "product_id": h.tea, "quantity": "100"}]})));
        let seen = h.w.see("contracts", id);
        assert_eq!((&seen["number"], &seen["lines"][0]["quantity"]), (&json!("C-00001"), &json!("100")));
        let wrong = |lines: serde_json::Value| faults(h.w.create("dir", "contracts", with(json!({"lines": lines}))));
        assert_eq!(wrong(json!([{"due_on": "2027-01-01", "amount": "5"}])), ["lines.0.due_on: outside_contract"]);
        assert_eq!(wrong(json!([{"due_on": "2026-02-01"}])), ["lines.0.quantity: required"]);
        let of = |contract: Option<Id>| {
            h.read(|cx| {
                let day = crate::world::date(DAY);
                let mut t = kontor_prices::terms(cx, h.company, h.client, None, None, day)?;
                t.contract_id = contract;
                kontor_prices::price_lines(cx, &t, h.client, h.company, day, &[crate::world::ask(h.tea)])
            })
            .unwrap()
            .remove(0)
        };
        assert_eq!(
            (of(None).price.to_string(), of(Some(id)).price.to_string(), of(Some(id)).discount.to_string()),
            ("100".into(), "88".into(), "2".into())
        );
    });
}
