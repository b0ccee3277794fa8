//! Agreements: whose terms hold, refinements, approval, rights.

use crate::common::{faults, kind};
use crate::world::{House, ask, price};
use kontor_kernel::error::Kind;
use kontor_kernel::{Amount, VatMode};
use kontor_ledger::PaymentKind;
use kontor_platform::value::Id;
use kontor_prices::LineQuestion;
use kontor_testkit::both;
use serde_json::json;

#[test]
fn agr_01_the_partners_own_agreement_comes_before_a_standard_one_before_the_default_type() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        let wholesale = h.w.make("dir", "price-types", json!({"name": "Опт", "currency": "UAH", "method": "manual"}));
        h.price(wholesale, h.tea, "80", "2026-01-01");
        let none = h.terms(None, None, "2026-11-21").unwrap();
        assert_eq!((none.agreement_id, none.price_type_id, none.currency.code(), none.credit_limit), (None, Some(h.retail), "UAH", None));
        assert_eq!(h.told(None, h.tea, "2026-11-21"), "100");
        let standard = h.agreement(json!({"discount_percent": "3"})).unwrap();
        assert_eq!(h.w.see("agreements", standard)["kind"], json!("standard"));
        assert_eq!(h.told(None, h.tea, "2026-11-21"), "100 -3%");
        let own = h
            .agreement(json!({"partner_id": h.client, "price_type_id": wholesale, "payment_terms": {"kind": "credit", "days": 14}, "credit_limit": "50000", "valid_from": "2026-03-01", "valid_to": "2026-12-31"}))
            .unwrap();
        let seen = h.w.see("agreements", own);
        assert_eq!(
            (&seen["state"], &seen["kind"], &seen["name"], &seen["vat"]),
            (&json!("active"), &json!("individual"), &json!("A-000002"), &json!("included"))
        );
        let t = h.terms(None, None, "2026-11-21").unwrap();
        assert_eq!((t.agreement_id, t.price_type_id, t.vat), (Some(own), Some(wholesale), VatMode::Included));
        assert_eq!((t.payment_terms.kind, t.payment_terms.days, t.credit_limit), (PaymentKind::Credit, 14, Amount::parse("50000").ok()));
        assert_eq!(h.told(None, h.tea, "2026-11-21"), "80");
        // Validity is inclusive at both ends.
        for (day, who) in [("2026-02-28", standard), ("2026-03-01", own), ("2026-12-31", own), ("2027-01-01", standard)] {
            assert_eq!(h.terms(None, None, day).unwrap().agreement_id, Some(who), "on {day}");
        }
        h.w.verb("boss", "agreements", own, "close", json!({})).unwrap();
        assert_eq!(h.terms(None, None, "2026-11-21").unwrap().agreement_id, Some(standard));
        assert_eq!(faults(h.terms(Some(own), None, "2026-11-21")), ["agreement_id: agreement_not_active"]);
        h.w.verb("boss", "agreements", own, "activate", json!({})).unwrap();
        assert_eq!(faults(h.terms(Some(own), None, "2027-01-01")), ["agreement_id: agreement_not_valid"]);
        assert_eq!(faults(h.terms(Some(Id::nil()), None, "2026-11-21")), ["agreement_id: reference_missing"]);
        h.w.delete("dir", "agreements", own).unwrap();
        assert_eq!(faults(h.terms(Some(own), None, "2026-11-21")), ["agreement_id: agreement_not_active"]);
        assert_eq!(h.terms(None, None, "2026-11-21").unwrap().agreement_id, Some(standard));
    });
}

#[test]
fn agr_01_a_named_agreement_must_be_the_partners_and_the_companys() {
    both(|db| {
        let h = House::new(db);
        let other = h.w.make("ann", "partners", json!({"name": "Нова лінія", "roles": ["client"]}));
        let theirs = h.agreement(json!({"partner_id": other})).unwrap();
        assert_eq!(faults(h.terms(Some(theirs), None, "2026-11-21")), ["agreement_id: agreement_other_partner"]);
        let second =
            h.w.make("admin", "companies", json!({"name": "Друга", "currency": "EUR", "country": "PL", "price_type_id": h.retail}));
        let elsewhere = h.agreement(json!({"partner_id": h.client, "company_id": second})).unwrap();
        assert_eq!(faults(h.terms(Some(elsewhere), None, "2026-11-21")), ["agreement_id: agreement_other_company"]);
    });
}

#[test]
fn agr_01_refinements_by_product_and_category_and_the_default_list_behind_them() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        h.price(h.retail, h.cup, "40", "2026-01-01");
        let wholesale = h.w.make("dir", "price-types", json!({"name": "Опт", "currency": "UAH", "method": "manual"}));
        h.price(wholesale, h.tea, "90", "2026-01-01");
        let of = |v| {
            h.agreement(
                json!({"partner_id": h.client, "discount_percent": "2", "priority": 0})
                    .as_object()
                    .cloned()
                    .map(|mut m| {
                        m.extend(json_map(v));
                        json!(m)
                    })
                    .unwrap(),
            )
        };
        let a = of(json!({"lines": [{"category_id": h.drinks, "price_type_id": wholesale, "discount_percent": "7"}]})).unwrap();
        assert_eq!((h.told(Some(a), h.tea, "2026-11-21"), h.told(Some(a), h.cup, "2026-11-21")), ("90 -7%".into(), "40 -2%".into()));
        let b = of(
            json!({"priority": 1, "lines": [{"product_id": h.tea, "price": "85.5"}, {"category_id": h.drinks, "discount_percent": "7"}]}),
        )
        .unwrap();
        assert_eq!(h.told(Some(b), h.tea, "2026-11-21"), "85.5", "an agreed price is final");
        let c = of(json!({"priority": 2, "price_type_id": wholesale})).unwrap();
        assert_eq!(h.told(Some(c), h.cup, "2026-11-21"), "40 -2%", "what the agreement's list does not have comes from the default one");
        let many = of(
            json!({"priority": 3, "lines": [{"product_id": h.tea, "price": "1"}, {"product_id": h.tea, "price": "2"}, {"price": "3"}, {"product_id": h.cup, "category_id": h.drinks, "price": "4"}, {"product_id": h.cup}]}),
        );
        assert_eq!(
            faults(many),
            [
                "lines.1.product_id: duplicate_line",
                "lines.2.product_id: required",
                "lines.3.category_id: product_or_category",
                "lines.4.price: required"
            ]
        );
    });
}

fn json_map(v: serde_json::Value) -> serde_json::Map<String, serde_json::Value> {
    v.as_object().cloned().unwrap_or_default()
}

#[test]
fn agr_01_two_that_would_hold_at_once_are_refused_and_both_are_named() {
    both(|db| {
        let h = House::new(db);
        let first = h.agreement(json!({"partner_id": h.client, "name": "Весна", "valid_to": "2026-05-31"})).unwrap();
        let e = h.agreement(json!({"partner_id": h.client, "name": "Літо", "valid_from": "2026-05-31"})).unwrap_err();
        let f = &e.inner().fields[0];
        assert_eq!((f.field.as_str(), &*f.code), ("valid_from", "overlap"));
        assert_eq!(f.args.iter().map(|a| a.1.as_str()).collect::<Vec<_>>(), ["Літо", "Весна"]);
        let summer = h.agreement(json!({"partner_id": h.client, "name": "Літо", "valid_from": "2026-06-01"})).unwrap();
        assert_eq!(faults(h.w.update("dir", "agreements", first, 0, json!({"valid_to": null}))), ["valid_from: overlap"]);
        // Another currency, another priority or a closed one are no equal key.
        h.agreement(json!({"partner_id": h.client, "currency": "EUR"})).unwrap();
        h.agreement(json!({"partner_id": h.client, "priority": 5, "valid_from": "2026-06-01"})).unwrap();
        h.w.verb("dir", "agreements", summer, "close", json!({})).unwrap();
        h.agreement(json!({"partner_id": h.client, "valid_from": "2026-06-01"})).unwrap();
        assert_eq!(faults(h.w.verb("dir", "agreements", summer, "activate", json!({}))), ["valid_from: overlap"]);
        // In the wanted currency first.
        assert_eq!(h.terms(None, Some("EUR"), "2026-11-21").unwrap().currency.code(), "EUR");
        assert_eq!(faults(h.agreement(json!({"kind": "individual"}))), ["partner_id: partner_needed"]);
        assert_eq!(faults(h.agreement(json!({"kind": "standard", "partner_id": h.client}))), ["partner_id: standard_has_no_partner"]);
        assert_eq!(faults(h.agreement(json!({"valid_from": "2026-06-01", "valid_to": "2026-05-01"}))), ["valid_to: ends_before_start"]);
        assert_eq!(faults(h.agreement(json!({"payment_terms": {"kind": "later"}}))), ["payment_terms.kind: bad_choice"]);
        assert_eq!(faults(h.agreement(json!({"discount_percent": "101"}))), ["discount_percent: out_of_range"]);
    });
}

#[test]
fn agr_01_two_people_cannot_make_the_same_agreement_at_the_same_moment() {
    both(|db| {
        let h = House::new(db);
        let made: Vec<bool> = std::thread::scope(|s| {
            let work: Vec<_> = (0..4).map(|_| s.spawn(|| h.agreement(json!({"partner_id": h.client})).is_ok())).collect();
            work.into_iter().map(|w| w.join().unwrap()).collect()
        });
        assert_eq!(made.iter().filter(|ok| **ok).count(), 1);
    });
}

#[test]
fn agr_01_where_the_company_wants_it_agreements_come_into_force_by_approval() {
    both(|db| {
        let h = House::new(db);
        h.w.update("admin", "companies", h.company, 0, json!({"agreement_approval": true})).unwrap();
        let input = json!({"company_id": h.company, "price_type_id": h.retail, "currency": "UAH", "partner_id": h.client, "discount_percent": "10"});
        let a = h.w.make("ann", "agreements", input);
        assert_eq!(h.w.see("agreements", a)["state"], json!("draft"));
        assert_eq!(h.terms(None, None, "2026-11-21").unwrap().agreement_id, None);
        assert_eq!(kind(h.w.verb("ann", "agreements", a, "activate", json!({}))), Kind::Forbidden);
        h.w.verb("ann", "agreements", a, "submit", json!({})).unwrap();
        assert_eq!(faults(h.w.update("ann", "agreements", a, 0, json!({"discount_percent": "50"}))), ["posted_immutable"]);
        h.w.verb("boss", "agreements", a, "activate", json!({})).unwrap();
        assert_eq!(h.terms(None, None, "2026-11-21").unwrap().agreement_id, Some(a));
        assert_eq!(
            faults(h.w.update("dir", "agreements", a, 0, json!({"discount_percent": "50"}))),
            ["posted_immutable"],
            "what was approved stays"
        );
        h.w.verb("boss", "agreements", a, "reopen", json!({})).unwrap();
        h.w.update("dir", "agreements", a, 0, json!({"discount_percent": "50"})).unwrap();
    });
}

#[test]
fn agr_01_salespeople_see_standard_terms_and_those_of_their_partners_storekeepers_none() {
    both(|db| {
        let h = House::new(db);
        let bobs = h.w.make("bob", "partners", json!({"name": "Боб і сини", "roles": ["client"]}));
        let standard = h.agreement(json!({"name": "Типові"})).unwrap();
        let anns = h.agreement(json!({"name": "Енн", "partner_id": h.client})).unwrap();
        let foreign = h.agreement(json!({"name": "Чужі", "partner_id": bobs})).unwrap();
        assert_eq!(h.w.titles("ann", "agreements", &[]), ["Енн", "Типові"]);
        assert_eq!(h.w.count("ann", "agreements", &[]), 2);
        h.w.get("ann", "agreements", standard).unwrap();
        assert_eq!(h.w.get("ann", "agreements", foreign).unwrap_err().kind(), Kind::NotFound);
        assert_eq!(kind(h.w.update("ann", "agreements", foreign, 1, json!({}))), Kind::NotFound);
        assert_eq!(
            kind(h.w.update("ann", "agreements", standard, 1, json!({"discount_percent": "90"}))),
            Kind::Forbidden,
            "seen is not owned"
        );
        h.w.update("ann", "agreements", anns, 0, json!({"discount_percent": "1"})).unwrap();
        assert_eq!(kind(h.w.try_list("store", "agreements", &[])), Kind::Forbidden);
        assert_eq!(kind(h.w.get("store", "agreements", standard)), Kind::NotFound);
        let types = h.w.list("ann", "price-types", &[]);
        assert!(!types.to_string().contains("markup_percent"), "what a list stands on is not for everybody");
    });
}

#[test]
fn prc_13_a_price_written_by_hand_stays_and_the_rules_price_is_a_hint() {
    both(|db| {
        let h = House::new(db);
        h.price(h.retail, h.tea, "100", "2026-01-01");
        let by_hand = LineQuestion { manual_price: Some(price("95")), ..ask(h.tea) };
        let l = h.lines(None, "2026-11-21", &[by_hand, LineQuestion { manual_price: Some(price("5")), ..ask(h.cup) }, ask(h.cup)]).unwrap();
        assert_eq!((l[0].price, l[0].rule_price, l[0].missing), (price("95"), Some(price("100")), false));
        assert_eq!((l[1].price, l[1].rule_price, l[1].missing), (price("5"), None, false));
        assert!(l[2].missing, "nothing is silently zero");
    });
}

#[test]
fn agr_01_standard_ones_of_two_segments_are_warned_of_and_told_and_the_smaller_number_comes_first() {
    both(|db| {
        let h = House::new(db);
        let segment = |name: &str, tag: &str| h.w.make("dir", "segments", json!({"name": name, "filter": {"tags": tag}}));
        let (vip, old) = (segment("VIP", "vip"), segment("Давні", "old"));
        h.w.update("ann", "partners", h.client, 0, json!({"tags": ["vip", "old"]})).unwrap();
        let of = |name: &str, segment: Id, priority: i64, more: serde_json::Value| {
            let mut all = json!({"name": name, "kind": "standard", "company_id": h.company, "price_type_id": h.retail, "currency": "UAH", "segment_id": segment, "priority": priority});
            all.as_object_mut().unwrap().extend(json_map(more));
            h.w.create("dir", "agreements", all).unwrap()
        };
        let clashes = || {
            let q = h.w.app.registry.questions.iter().find(|q| q.path == "prices/clashes").unwrap();
            (q.run)(&h.w.app, &h.w.ctx("dir"), &Default::default()).unwrap()["items"].clone()
        };
        let first = of("Для VIP", vip, 5, json!({"valid_to": "2026-11-30"}));
        assert!(first.warnings.is_empty() && clashes() == json!([]));
        let second = of("Для давніх", old, 5, json!({"valid_from": "2026-11-01"}));
        let w = &second.warnings;
        assert_eq!((w.len(), w[0].field.as_str(), &*w[0].code), (1, "segment_id", "overlap_possible"));
        assert_eq!(w[0].args.iter().map(|a| a.1.as_str()).collect::<Vec<_>>(), ["Для давніх", "Для VIP"]);
        let told = clashes();
        let i = &told[0];
        assert_eq!(
            (&i["collection"], &i["certain"], &i["from"], &i["to"]),
            (&json!("agreements"), &json!(false), &json!("2026-11-01"), &json!("2026-11-30")),
            "{told}"
        );
        // Another number says which comes first: the smaller one, as with all other rules.
        let third = of("Передусім", old, 4, json!({"valid_from": "2027-01-01"}));
        assert!(third.warnings.is_empty());
        of("Потім", vip, 6, json!({"valid_from": "2027-01-01"}));
        assert_eq!(h.terms(None, None, "2027-01-01").unwrap().agreement_id, third.id);
        h.agreement(json!({"partner_id": h.client, "name": "Друга", "priority": 2})).unwrap();
        let own = h.agreement(json!({"partner_id": h.client, "name": "Перша", "priority": 1})).unwrap();
        assert_eq!(h.terms(None, None, "2027-01-01").unwrap().agreement_id, Some(own));
    });
}
