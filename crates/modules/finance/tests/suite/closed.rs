//! Days: of periods that are closed while documents of them are drafts or have to be corrected, of money that came before the goods.

use crate::world::{World, both, line, refused};
use kontor_platform::value::{Id, Value};
use serde_json::{Value as Json, json};

fn close_february(w: &World) {
    let version = w.get("companies", w.company)["version"].clone();
    w.run("companies.update", w.company, json!({"closed_until": "2026-02-28", "version": version})).unwrap();
}

/// An order of so many bolts at 12.00, shipped on the day.
fn shipped(w: &World, quantity: u32, day: &str) -> Id {
    let order = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": quantity}])).id.unwrap();
    w.ship(order, day, Json::Null).unwrap().id.unwrap()
}

/// What stood open on a document at the end of a day, in hundredths.
fn open_at(w: &World, document: Id, day: &str) -> i64 {
    let none: Value = Id::nil().into();
    let key = vec![w.company.into(), w.client.into(), "UAH".into(), document.into(), none.clone(), none.clone(), none];
    w.at("settlements", key, day) / 100
}

#[test]
fn fin_02_what_is_taken_back_of_a_closed_period_stands_on_the_first_open_day() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "100", "6");
        let (one, two) = (shipped(w, 3, "2026-02-10"), shipped(w, 2, "2026-02-11"));
        let (first, second) = (w.pay("2026-02-15", "36").id.unwrap(), w.pay("2026-02-16", "24").id.unwrap());
        close_february(w);
        // The money goes back: its debt is open again from March on.
        w.run("payments.reverse", first, json!({})).unwrap();
        assert_eq!((w.debt_at("2026-02-28"), w.debt_at("2026-03-01")), (0, 3600));
        assert_eq!([one, first].map(|d| (open_at(w, d, "2026-02-28"), open_at(w, d, "2026-03-01"))), [(0, 3600), (0, 0)]);
        // The goods go back: the money that was set off against them is free again from March on.
        w.run("shipments.reverse", two, json!({})).unwrap();
        assert_eq!((w.debt_at("2026-02-28"), w.debt_at("2026-03-01")), (0, 1200));
        assert_eq!([two, second].map(|d| (open_at(w, d, "2026-02-28"), open_at(w, d, "2026-03-01"))), [(0, 0), (0, -2400)]);
        assert_eq!((w.on_hand_at(w.bolt, "2026-02-28"), w.on_hand_at(w.bolt, "2026-03-01")), (95, 97));
        w.agrees();
    });
}

#[test]
fn sal_02_a_draft_is_not_posted_into_a_period_that_was_closed_meanwhile() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "100", "6");
        let of = json!({"company_id": w.company, "partner_id": w.client, "date": "2026-02-20"});
        let draft = |collection: &str, more: Json| {
            let mut input = of.clone();
            input.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            w.made(collection, input)
        };
        let lines = json!([{"product_id": w.bolt, "quantity": 1, "price": "12"}]);
        let order = draft("sales-orders", json!({"lines": lines}));
        let all = [
            ("shipments.post", draft("shipments", json!({"lines": lines}))),
            ("returns.post", draft("returns", json!({"lines": lines}))),
            ("payments.post", draft("payments", json!({"amount": "10", "currency": "UAH"}))),
            ("sales-orders.confirm", order),
        ];
        close_february(w);
        for (command, id) in all {
            assert_eq!(refused(w.run(command, id, json!({}))).1, "period_closed", "{command}");
        }
        assert_eq!((w.stock(w.bolt), w.owes().0), (("100".into(), "0".into()), "0.00".into()));
        w.agrees();
    });
}

#[test]
fn sal_04_what_is_corrected_after_its_period_was_closed_is_due_no_sooner_than_it_stands() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "100", "6");
        let order = w.confirmed("2026-02-01", json!([{"product_id": w.bolt, "quantity": 10}])).id.unwrap();
        let s = w.ship(order, "2026-02-10", Json::Null).unwrap();
        let id = s.id.unwrap();
        assert_eq!(w.text("settlement-documents", id, "due_date"), "2026-02-10");
        close_february(w);
        w.run("shipments.revise", id, json!({"lines": [{"id": line(&s, 0), "quantity": 8}]})).unwrap();
        assert_eq!((w.debt_at("2026-02-28"), w.debt_at("2026-03-01")), (12_000, 9_600));
        assert_eq!(w.text("settlement-documents", id, "due_date"), "2026-03-01");
        w.agrees();
    });
}

#[test]
fn fin_02_nothing_is_paid_before_it_is_made() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "100", "6");
        let s = shipped(w, 3, "2026-02-10");
        // Written down later, dated earlier: until the goods left it is a prepayment.
        let p = w.pay("2026-02-05", "36").id.unwrap();
        let days = ["2026-02-05", "2026-02-09", "2026-02-10"];
        assert_eq!(days.map(|d| (open_at(w, s, d), open_at(w, p, d))), [(0, -3600), (0, -3600), (0, 0)]);
        w.agrees();
    });
}
