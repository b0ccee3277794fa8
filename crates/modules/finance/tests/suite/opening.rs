//! Opening balances: what the old books left open falls due, is paid and set off like anything else, and is not sold.

use crate::world::{World, both, refused};
use kontor_platform::value::{Id, Value};
use kontor_platform::{Ctx, Envelope};
use serde_json::{Value as Json, json};

/// Posted on the first of January with these lines.
fn opened(w: &World, lines: Json) -> Json {
    let id = w.made("opening-balances", json!({"company_id": w.company, "date": "2026-01-01", "post": true, "lines": lines}));
    w.get("opening-balances", id)
}

fn id(j: &Json) -> Id {
    Id::parse_str(j.as_str().expect("an id")).expect("an id")
}

fn line(doc: &Json, n: usize) -> Id {
    id(&doc["lines"][n]["id"])
}

/// What stood open on a line at the end of a day, in hundredths.
fn open_at(w: &World, document: Id, day: &str) -> i64 {
    let none: Value = Id::nil().into();
    let key = vec![w.company.into(), w.client.into(), "UAH".into(), document.into(), none.clone(), none.clone(), none];
    w.at("settlements", key, day) / 100
}

fn owes(w: &World, number: &str, due: &str, amount: &str) -> Json {
    json!({"partner_id": w.client, "number": number, "date": "2025-12-20", "due_date": due, "amount": amount})
}

fn holds(w: &World, amount: &str) -> Json {
    json!({"partner_id": w.client, "number": "ПД-1", "side": "we_owe", "amount": amount})
}

/// Number and part of what was set off against a settlement document.
fn parts(w: &World, document: Id) -> Vec<(String, String)> {
    let q = w.app.registry.questions.iter().find(|q| q.path == "settlement-documents/{id}/parts").expect("the question");
    let asked = kontor_platform::app::Asked { path: [("id".to_string(), document.to_string())].into(), ..Default::default() };
    let answer = (q.run)(&w.app, &Ctx::system(), &asked).expect("an answer");
    let text = |j: &Json| j.as_str().unwrap_or("").to_string();
    answer["items"].as_array().expect("items").iter().map(|p| (text(&p["document"]["title"]), text(&p["amount"]))).collect()
}

#[test]
fn fin_07_a_payment_closes_what_was_open_the_oldest_due_first() {
    both(|w| {
        let doc = opened(w, json!([owes(w, "РН-2", "2026-02-10", "70"), owes(w, "РН-1", "2026-01-10", "50")]));
        assert_eq!((doc["state"].as_str(), doc["lines_count"].as_i64()), (Some("posted"), Some(2)));
        assert_eq!(doc["number"], "OB-000001");
        let (late, soon) = (line(&doc, 0), line(&doc, 1));
        let s = w.get("settlement-documents", soon);
        assert_eq!((s["number"].as_str(), s["due_date"].as_str(), s["amount"].as_str()), (Some("РН-1"), Some("2026-01-10"), Some("50.00")));
        assert_eq!(id(&s["opening_balance_id"]), id(&doc["id"]));
        assert_eq!([w.debt_at("2025-12-31"), w.debt_at("2026-01-01")], [0, 12_000]);
        let paid = w.pay("2026-01-15", "80");
        let days = ["2026-01-01", "2026-01-14", "2026-01-15"];
        assert_eq!(days.map(|d| (open_at(w, soon, d), open_at(w, late, d))), [(5000, 7000), (5000, 7000), (0, 4000)]);
        let number = w.text("payments", paid.id.unwrap(), "number");
        assert_eq!(parts(w, soon), [(number.clone(), "50.00".to_string())]);
        assert_eq!(parts(w, paid.id.unwrap()), [("РН-1".into(), "50.00".into()), ("РН-2".into(), "30.00".into())]);
        assert_eq!(w.get("opening-balances", id(&doc["id"]))["lines"][0]["open"], "40.00");
        w.pay("2026-01-20", "40");
        assert_eq!((w.owes().0.as_str(), open_at(w, late, "2026-01-19"), open_at(w, late, "2026-01-20")), ("0.00", 4000, 0));
        assert_eq!(w.sold(w.bolt), (0, 0, 0, 0), "nothing was sold");
        w.agrees();
    });
}

#[test]
fn fin_07_a_prepayment_waits_for_the_goods_and_no_line_settles_another() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "100", "6");
        let doc = opened(w, json!([holds(w, "30"), owes(w, "РН-1", "2026-03-01", "20")]));
        let (ahead, debt) = (line(&doc, 0), line(&doc, 1));
        assert_eq!((open_at(w, ahead, "2026-01-01"), open_at(w, debt, "2026-01-01"), w.debt_at("2026-01-01")), (-3000, 2000, -1000));
        let order = w.confirmed("2026-01-06", json!([{"product_id": w.bolt, "quantity": 4}])).id.unwrap();
        let s = w.ship(order, "2026-01-07", Json::Null).unwrap().id.unwrap();
        assert_eq!(
            (open_at(w, ahead, "2026-01-06"), open_at(w, ahead, "2026-01-07"), w.text("shipments", s, "open")),
            (-3000, 0, "18.00".into())
        );
        // Lines of another such document do not settle these either.
        opened(w, json!([{"partner_id": w.client, "number": "ПД-2", "side": "we_owe", "amount": "5"}]));
        assert_eq!(open_at(w, debt, "2026-12-31"), 2000);
        w.agrees();
    });
}

#[test]
fn fin_07_money_that_was_written_down_first_closes_what_is_brought_in_later() {
    both(|w| {
        let p = w.pay("2026-01-03", "60").id.unwrap();
        let doc = opened(w, json!([owes(w, "РН-2", "2026-02-10", "50"), owes(w, "РН-1", "2026-01-10", "50")]));
        let (late, soon) = (line(&doc, 0), line(&doc, 1));
        assert_eq!([open_at(w, soon, "2026-01-02"), open_at(w, soon, "2026-01-03"), open_at(w, late, "2026-01-03")], [5000, 0, 4000]);
        // It gives the money back where it took it by itself.
        w.run("opening-balances.reverse", id(&doc["id"]), json!({})).unwrap();
        assert_eq!((open_at(w, p, "2026-01-03"), w.debt_at("2026-12-31")), (-6000, -6000));
        assert_eq!(w.text("opening-balances", id(&doc["id"]), "state"), "reversed");
        w.agrees();
    });
}

#[test]
fn fin_07_what_is_paid_is_neither_reversed_nor_undone_before_the_payment_is() {
    both(|w| {
        let input = json!({"company_id": w.company, "date": "2026-01-01", "lines": [owes(w, "РН-1", "2026-01-10", "50")]});
        let draft = w.made("opening-balances", input);
        assert_eq!(w.owes().0, "0.00", "a draft does nothing");
        let posted = w.run("opening-balances.post", draft, json!({})).unwrap();
        let p = w.pay("2026-01-15", "20").id.unwrap();
        let number = w.text("payments", p, "number");
        for refusal in [w.run("opening-balances.reverse", draft, json!({})), w.run("audit.undo", posted.audit_id.unwrap(), json!({}))] {
            assert_eq!(refused(refusal), (String::new(), "opening_settled".into(), vec![format!("РН-1 — {number}")]));
        }
        w.run("payments.reverse", p, json!({})).unwrap();
        w.run("audit.undo", posted.audit_id.unwrap(), json!({})).unwrap();
        assert_eq!((w.owes().0.as_str(), w.text("opening-balances", draft, "state").as_str()), ("0.00", "reversed"));
        w.agrees();
    });
}

#[test]
fn fin_07_a_posted_document_is_revised_line_by_line() {
    both(|w| {
        let doc = opened(w, json!([owes(w, "РН-1", "2026-01-10", "50"), owes(w, "РН-2", "2026-02-10", "70")]));
        let (of, paid, free) = (id(&doc["id"]), line(&doc, 0), line(&doc, 1));
        w.pay("2026-01-15", "50");
        let revise = |lines: Json| w.run("opening-balances.revise", of, json!({"lines": lines}));
        let kept = json!({"id": paid, "number": "РН-1/а", "due_date": "2026-01-12"});
        // Words of a paid line, the sum of the other, and one more.
        let more = json!({"partner_id": w.client, "number": "РН-3", "amount": "5"});
        revise(json!([kept, {"id": free, "amount": "80"}, more])).unwrap();
        let s = w.get("settlement-documents", paid);
        assert_eq!((s["number"].as_str(), s["due_date"].as_str(), s["open"].as_str()), (Some("РН-1/а"), Some("2026-01-12"), Some("0.00")));
        assert_eq!((w.debt_at("2026-01-01"), open_at(w, free, "2026-01-01"), w.owes().0.as_str()), (13_500, 8000, "85.00"));
        assert_eq!(w.get("opening-balances", of)["revision"], 1);
        let (field, code, args) = refused(revise(json!([{"id": paid, "amount": "49"}, {"id": free}])));
        assert_eq!((field.as_str(), code.as_str(), args[0].as_str()), ("lines.0.amount", "opening_line_settled", "РН-1/а"));
        assert_eq!(refused(revise(json!([{"id": free}]))).1, "opening_line_settled", "nor is it taken out");
        revise(json!([{"id": paid}])).unwrap();
        assert_eq!((w.debt_at("2026-01-01"), w.owes().0.as_str()), (5000, "0.00"));
        w.agrees();
    });
}

#[test]
fn fin_07_a_closed_period_takes_nothing_in_and_gives_back_on_the_first_open_day() {
    both(|w| {
        let doc = opened(w, json!([owes(w, "РН-1", "2026-01-10", "50")]));
        let version = w.get("companies", w.company)["version"].clone();
        w.run("companies.update", w.company, json!({"closed_until": "2026-02-28", "version": version})).unwrap();
        let input = json!({"company_id": w.company, "date": "2026-01-01", "post": true, "lines": [owes(w, "РН-2", "2026-01-10", "5")]});
        assert_eq!(refused(w.create("opening-balances", input)).1, "period_closed");
        w.run("opening-balances.reverse", id(&doc["id"]), json!({})).unwrap();
        assert_eq!((w.debt_at("2026-02-28"), w.debt_at("2026-03-01")), (5000, 0));
        w.agrees();
    });
}

#[test]
fn fin_07_sums_of_two_currencies_stay_two() {
    both(|w| {
        let euro = json!({"partner_id": w.client, "number": "INV-7", "amount": "10", "currency": "EUR"});
        let doc = opened(w, json!([owes(w, "РН-1", "2026-01-10", "50"), euro]));
        let rows = w.app.store.read(|c| kontor_settlements::settlements_of(c, &w.app, &Ctx::system(), Some(w.client))).unwrap();
        let mut sums: Vec<(String, String)> = rows.into_iter().map(|r| (r.currency, r.balance.to_string())).collect();
        sums.sort();
        assert_eq!(sums, [("EUR".to_string(), "10.00".to_string()), ("UAH".into(), "50.00".into())]);
        w.pay("2026-01-15", "60");
        assert_eq!(w.text("settlement-documents", line(&doc, 1), "open"), "10.00", "hryvnias pay no euros");
        w.agrees();
    });
}

#[test]
fn fin_07_the_limit_of_credit_knows_the_old_debts() {
    both(|w| {
        w.receive("2026-01-05", w.bolt, "100", "6");
        w.limit("100", 14);
        opened(w, json!([owes(w, "РН-1", "2026-01-10", "60")]));
        let four = w.order("2026-01-06", json!([{"product_id": w.bolt, "quantity": 4}])).id.unwrap();
        assert_eq!(refused(w.run("sales-orders.confirm", four, json!({}))).1, "credit_exceeded");
        w.pay("2026-01-07", "10");
        w.run("sales-orders.confirm", four, json!({})).unwrap();
        w.agrees();
    });
}

#[test]
fn fin_07_lines_that_cannot_be_are_told_by_their_place() {
    both(|w| {
        let other = w.made("partners", json!({"name": "Інший"}));
        let his = w.made(
            "agreements",
            json!({"company_id": w.company, "partner_id": other, "price_type_id": w.price_type, "currency": "UAH", "payment_terms": {"kind": "credit", "days": 5}}),
        );
        let of = |line: Json| {
            let mut l = owes(w, "РН-9", "2026-01-10", "50");
            l.as_object_mut().unwrap().extend(line.as_object().cloned().unwrap());
            let lines = json!([owes(w, "РН-8", "2026-01-10", "1"), l]);
            let (field, code, _) =
                refused(w.create("opening-balances", json!({"company_id": w.company, "date": "2026-01-01", "lines": lines})));
            format!("{field} {code}")
        };
        assert_eq!(of(json!({"amount": "0"})), "lines.1.amount amount_zero");
        assert_eq!(of(json!({"amount": "0.005"})), "lines.1.amount amount_decimals");
        assert_eq!(of(json!({"date": "2026-01-02"})), "lines.1.date opening_after");
        assert_eq!(of(json!({"agreement_id": his})), "lines.1.agreement_id partner_mismatch");
        assert!(of(json!({"amount": "-5"})).starts_with("lines.1.amount "));
        opened(w, json!([owes(w, "РН-9", "2026-01-10", "50")]));
        assert_eq!(of(json!({})), "lines.1.number opening_twice");
        assert_eq!(of(json!({"due_date": "2026-01-11", "amount": "0"})), "lines.1.amount amount_zero", "another part of the same invoice");
        w.agrees();
    });
}

#[test]
fn fin_07_a_repeated_command_opens_once_and_a_dry_run_not_at_all() {
    both(|w| {
        let input = json!({"company_id": w.company, "date": "2026-01-01", "post": true, "lines": [owes(w, "РН-1", "2026-01-10", "50")]});
        let mut env = Envelope::new("opening-balances.create", input);
        env.dry_run = true;
        w.app.execute(&Ctx::system(), env.clone()).unwrap();
        assert_eq!(w.owes().0, "0.00");
        env.dry_run = false;
        env.idempotency_key = Some("opening".into());
        let first = w.app.execute(&Ctx::system(), env.clone()).unwrap();
        assert_eq!((w.app.execute(&Ctx::system(), env).unwrap().id, w.owes().0.as_str()), (first.id, "50.00"));
        w.agrees();
    });
}

#[test]
fn fin_07_the_checker_finds_a_line_that_was_altered() {
    both(|w| {
        opened(w, json!([owes(w, "РН-1", "2026-01-10", "50")]));
        for (there, back) in [("+", "-"), ("-", "+")] {
            let alter = |sign: &str| {
                let sql = format!("UPDATE opening_balance_lines SET amount = amount {sign} 1");
                w.app.store.write(kontor_platform::store::Priority::People, move |c| c.exec(&sql, &[])).unwrap();
            };
            alter(there);
            let found: Vec<String> = w.app.check().unwrap().into_iter().map(|d| d.place).collect();
            assert_eq!(found, ["opening-balances"]);
            alter(back);
            w.agrees();
        }
    });
}
