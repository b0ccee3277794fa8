//! Order of settlement by agreement, contract or order; payment in stages; prepayment before the goods leave; contracts.

mod departures;

use crate::world::{World, both, refused, run};
use kontor_platform::app::Asked;
use kontor_platform::execute::{Envelope, Outcome};
use kontor_platform::value::Id;
use kontor_platform::{Ctx, Result, Source};
use serde_json::{Value as Json, json};

fn agreement(w: &World, more: Json) -> Id {
    let n = w.app.store.read(|c| c.query_one("SELECT COUNT(*) FROM agreements", &[])?.int(0)).unwrap();
    let mut all = json!({"company_id": w.company, "price_type_id": w.price_type, "currency": "UAH", "partner_id": w.client, "priority": n, "payment_terms": {"kind": "credit", "days": 30}});
    all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    w.made("agreements", all)
}

/// A confirmed order of so many repairs at 100.
fn order(w: &World, date: &str, quantity: i64, more: Json) -> Id {
    let mut all = json!({"company_id": w.company, "partner_id": w.client, "date": date, "confirm": true, "lines": [{"product_id": w.repair, "quantity": quantity.to_string()}]});
    all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    w.create("sales-orders", all).unwrap().id.unwrap()
}

fn shipped(w: &World, order: Id, date: &str) -> Id {
    w.ship(order, date, Json::Null).unwrap().id.unwrap()
}

fn pay(w: &World, date: &str, amount: &str, more: Json) -> Result<Outcome> {
    let mut all = json!({"company_id": w.company, "partner_id": w.client, "date": date, "amount": amount, "currency": "UAH", "post": true});
    all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    w.create("payments", all)
}

fn open(w: &World, id: Id) -> String {
    w.text("settlement-documents", id, "open").trim_end_matches(".00").to_string()
}

fn consistent(w: &World) {
    let found = w.app.check().unwrap();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn agr_04_by_order_money_for_one_order_settles_no_other() {
    both(|w| {
        let a = agreement(w, json!({"settlement_by": "order"}));
        let (first, second) =
            (order(w, "2026-03-01", 1, json!({"agreement_id": a})), order(w, "2026-03-02", 1, json!({"agreement_id": a})));
        let (one, two) = (shipped(w, first, "2026-03-03"), shipped(w, second, "2026-03-04"));
        let paid = pay(w, "2026-03-05", "150", json!({"sales_order_id": second})).unwrap().id.unwrap();
        assert_eq!((open(w, one), open(w, two), open(w, paid)), ("100".into(), "0".into(), "-50".into()), "the rest waits for its order");
        assert_eq!(w.get("payments", paid)["agreement"]["id"], json!(a), "what the order says goes with the money");
        // Money that names nothing settles the oldest.
        pay(w, "2026-03-06", "60", json!({})).unwrap();
        assert_eq!(open(w, one), "40");
        // Chosen against the order of settlement: refused, and told what to do.
        let chosen = json!({"sales_order_id": second, "allocations": [{"document_id": one, "amount": "10"}]});
        let (field, code, _) = refused(pay(w, "2026-03-07", "10", chosen));
        assert_eq!((field.as_str(), code.as_str()), ("allocations.0.document_id", "allocation_other_terms"));
        // A later shipment of the second order takes what waits for it.
        let third = order(w, "2026-03-08", 1, json!({"agreement_id": a}));
        let other = shipped(w, third, "2026-03-09");
        assert_eq!((open(w, other), open(w, paid)), ("100".into(), "-50".into()));
        consistent(w);
    });
}

#[test]
fn agr_04_by_contract_and_by_agreement_money_stays_within_them() {
    both(|w| {
        let contract = |n: &str| {
            w.made(
                "contracts",
                json!({"number": n, "company_id": w.company, "partner_id": w.client, "date": "2026-01-01", "currency": "UAH"}),
            )
        };
        let (c1, c2) = (contract("C-1"), contract("C-2"));
        let by_contract = agreement(w, json!({"settlement_by": "contract"}));
        let plain = agreement(w, json!({}));
        let ship = |more: Json| shipped(w, order(w, "2026-03-01", 1, more), "2026-03-02");
        let in_first = ship(json!({"agreement_id": by_contract, "contract_id": c1}));
        let in_second = ship(json!({"agreement_id": by_contract, "contract_id": c2}));
        let in_plain = ship(json!({"agreement_id": plain}));
        let paid = pay(w, "2026-03-05", "250", json!({"contract_id": c2, "agreement_id": by_contract})).unwrap().id.unwrap();
        assert_eq!([in_first, in_second, in_plain, paid].map(|d| open(w, d)), ["100", "0", "100", "-150"]);
        pay(w, "2026-03-06", "30", json!({"agreement_id": plain})).unwrap();
        assert_eq!([in_first, in_plain].map(|d| open(w, d)), ["100", "70"]);
        // By agreement, another order of it is settled too; the prepayment of a contract waits for that contract.
        let next = ship(json!({"agreement_id": by_contract, "contract_id": c2}));
        assert_eq!((open(w, next), open(w, paid)), ("0".into(), "-50".into()));
        w.run("payments.reverse", paid, json!({})).unwrap();
        assert_eq!([in_second, next].map(|d| open(w, d)), ["100", "100"]);
        consistent(w);
    });
}

#[test]
fn fin_02_money_that_names_an_order_goes_to_its_shipments_first() {
    both(|w| {
        let (first, second) = (order(w, "2026-03-01", 1, json!({})), order(w, "2026-03-02", 1, json!({})));
        let (one, two) = (shipped(w, first, "2026-03-03"), shipped(w, second, "2026-03-04"));
        pay(w, "2026-03-05", "130", json!({"sales_order_id": second})).unwrap();
        assert_eq!([one, two].map(|d| open(w, d)), ["70", "0"], "then to the oldest");
        // A document and its order named together: what the one has open is given once, the rest waits for the order.
        let third = order(w, "2026-03-06", 2, json!({}));
        let line = w.get("sales-orders", third)["lines"][0]["id"].clone();
        let three = w.ship(third, "2026-03-07", json!([{"order_line_id": line, "quantity": "1"}])).unwrap().id.unwrap();
        let named = json!({"allocations": [{"document_id": three, "amount": "60"}, {"document_id": third, "amount": "60"}]});
        let paid = pay(w, "2026-03-08", "120", named).unwrap().id.unwrap();
        assert_eq!([three, paid].map(|d| open(w, d)), ["0", "-20"]);
        consistent(w);
    });
}

#[test]
fn fin_02_money_is_for_an_order_of_its_own_company_client_and_currency_only() {
    both(|w| {
        let o = order(w, "2026-03-01", 1, json!({}));
        let company = w.made("companies", json!({"name": "ТОВ Шайба", "currency": "UAH", "country": "UA"}));
        let partner = w.made("partners", json!({"name": "Інший", "country": "UA"}));
        for other in [json!({"company_id": company}), json!({"partner_id": partner}), json!({"currency": "EUR"})] {
            let mut input = other.clone();
            input["sales_order_id"] = json!(o);
            let (field, code, _) = refused(pay(w, "2026-03-02", "100", input));
            assert_eq!((field.as_str(), code.as_str()), ("sales_order_id", "allocation_other_partner"), "{other}");
        }
        assert_eq!(refused(pay(w, "2026-03-02", "-100", json!({}))).1, "negative_amount");
        pay(w, "2026-03-02", "100", json!({"sales_order_id": o})).unwrap();
        consistent(w);
    });
}

#[test]
fn fin_02_money_given_for_an_order_closes_its_shipments_and_waits_for_the_others() {
    both(|w| {
        let for_order = |order: Id, amount: &str| json!({"allocations": [{"document_id": order, "amount": amount}]});
        // An older debt does not take what is meant for the order.
        let old = shipped(w, order(w, "2026-02-01", 1, json!({})), "2026-02-02");
        let (first, second) = (order(w, "2026-03-01", 5, json!({})), order(w, "2026-03-01", 1, json!({})));
        let ahead = pay(w, "2026-03-02", "300", for_order(first, "300")).unwrap().id.unwrap();
        assert_eq!(
            (open(w, old), open(w, ahead), w.text("sales-orders", first, "paid_total")),
            ("100".into(), "-300".into(), "300.00".into())
        );
        assert_eq!(w.get("payments", ahead)["allocations"][0]["document_id"], json!(first), "read back as it was written");
        assert_eq!(w.get("payments", ahead)["sales_order"]["id"], json!(first));
        let part = |n: &str, date: &str| {
            let line = w.get("sales-orders", first)["lines"][0]["id"].clone();
            w.ship(first, date, json!([{"order_line_id": line, "quantity": n}])).unwrap().id.unwrap()
        };
        let one = part("2", "2026-03-03");
        assert_eq!((open(w, one), open(w, ahead)), ("0".into(), "-100".into()), "the prepayment is set off");
        let two = part("3", "2026-03-04");
        assert_eq!((open(w, two), open(w, ahead), open(w, old)), ("200".into(), "0".into(), "100".into()));
        // Of what has left already the order's part closes the documents.
        pay(w, "2026-03-05", "150", for_order(first, "150")).unwrap();
        assert_eq!((open(w, two), w.text("sales-orders", first, "paid_total")), ("50".into(), "450.00".into()));
        // No more than the order comes to, and only for one order that is still to be shipped.
        let (field, code, args) = refused(pay(w, "2026-03-06", "60", for_order(first, "60")));
        assert_eq!((field.as_str(), code.as_str(), args[0].as_str()), ("allocations.0.amount", "allocation_over_document", "50.00"));
        let both_orders = json!({"allocations": [{"document_id": first, "amount": "50"}, {"document_id": second, "amount": "20"}]});
        let (field, code, _) = refused(pay(w, "2026-03-06", "70", both_orders));
        assert_eq!((field.as_str(), code.as_str()), ("allocations.1.document_id", "prepays_one_order"));
        // A document beside an order; its error stands at its own place.
        let mixed =
            |amount: &str| json!({"allocations": [{"document_id": second, "amount": "20"}, {"document_id": old, "amount": amount}]});
        let (field, code, _) = refused(pay(w, "2026-03-06", "200", mixed("110")));
        assert_eq!((field.as_str(), code.as_str()), ("allocations.1.amount", "allocation_over_document"));
        let paid = pay(w, "2026-03-06", "120", mixed("100")).unwrap().id.unwrap();
        assert_eq!((open(w, old), open(w, paid), w.text("sales-orders", second, "paid_total")), ("0".into(), "-20".into(), "20.00".into()));
        // What was paid ahead goes back, and no more.
        let back = |amount: &str| json!({"direction": "out", "allocations": [{"document_id": second, "amount": amount}]});
        let (field, code, args) = refused(pay(w, "2026-03-07", "30", back("30")));
        assert_eq!((field.as_str(), code.as_str(), args[0].as_str()), ("allocations.0.amount", "allocation_over_document", "20.00"));
        pay(w, "2026-03-07", "20", back("20")).unwrap();
        assert_eq!((open(w, paid), w.text("sales-orders", second, "paid_total")), ("0".into(), "0.00".into()));
        // Another client's order is no document of his.
        let other = w.made("partners", json!({"name": "Інший", "roles": ["client"]}));
        let foreign = json!({"partner_id": other, "allocations": [{"document_id": second, "amount": "1"}]});
        assert_eq!(refused(pay(w, "2026-03-07", "1", foreign)).1, "allocation_other_partner");
        w.run("payments.reverse", ahead, json!({})).unwrap();
        assert_eq!((open(w, one), w.text("sales-orders", first, "paid_total")), ("200".into(), "150.00".into()));
        consistent(w);
    });
}

#[test]
fn fin_01_settlements_tell_what_is_settled_and_answer_by_company_and_currency() {
    both(|w| {
        let ask = |query: &[(&str, String)]| {
            let q = w.app.registry.questions.iter().find(|q| q.path == "settlements").unwrap();
            let query = query.iter().map(|(k, v)| (k.to_string(), v.clone())).collect();
            (q.run)(&w.app, &Ctx::system(), &Asked { query, ..Default::default() })
        };
        let balances = |query: &[(&str, String)]| -> Vec<String> {
            let told = ask(query).unwrap();
            told["items"].as_array().unwrap().iter().map(|r| r["balance"].as_str().unwrap().to_string()).collect()
        };
        let of = |w: &World| ("partner_id", w.client.to_string());
        assert!(balances(&[of(w)]).is_empty(), "nothing has been between us");
        shipped(w, order(w, "2026-03-01", 1, json!({})), "2026-03-02");
        assert_eq!(balances(&[of(w)]), ["100.00"]);
        for (query, rows) in [
            (("company_id", w.company.to_string()), 1),
            (("company_id", w.client.to_string()), 0),
            (("currency", "UAH".into()), 1),
            (("currency", "EUR".into()), 0),
            (("limit", "1".into()), 1),
        ] {
            assert_eq!(balances(&[of(w), query.clone()]).len(), rows, "{query:?}");
            assert_eq!(balances(std::slice::from_ref(&query)).len(), rows, "{query:?}");
        }
        for (name, value) in [("company_id", "x"), ("currency", "hryvnia"), ("limit", "0"), ("limit", "many"), ("colour", "red")] {
            assert_eq!(refused(ask(&[(name, value.to_string())])).0, name, "{value}");
        }
        pay(w, "2026-03-03", "100", json!({})).unwrap();
        assert_eq!(balances(&[of(w)]), ["0.00"], "settled");
        assert_eq!(balances(&[of(w), ("as_of", "2026-03-02".into())]), ["100.00"]);
        assert!(balances(&[]).is_empty(), "who is settled with is not among those who are not");
    });
}

#[test]
fn agr_01_stages_of_payment_say_what_is_due_when_and_what_is_overdue() {
    both(|w| {
        let stages = json!([
            {"kind": "on_delivery", "percent": "30"}, {"kind": "credit", "percent": "30", "days": 10}, {"kind": "credit", "percent": "40", "due_on": "2026-05-01"}
        ]);
        let a = agreement(w, json!({"payment_stages": stages}));
        let o = order(w, "2026-03-01", 10, json!({"agreement_id": a}));
        assert_eq!(w.get("sales-orders", o)["payment_stages"][2]["due_on"], json!("2026-05-01"));
        let s = shipped(w, o, "2026-03-10");
        assert_eq!(w.text("shipments", s, "due_date"), "2026-03-10");
        let overdue = |day: &str| {
            let rows = w
                .app
                .store
                .read(|c| kontor_settlements::settlements_at(c, &w.app, &Ctx::system(), Some(w.client), Some(crate::world::day(day))))
                .unwrap();
            rows.first().map_or("-".into(), |r| r.overdue.to_string())
        };
        assert_eq!(["2026-03-10", "2026-03-11", "2026-03-21", "2026-05-02"].map(overdue), ["0.00", "300.00", "600.00", "1000.00"]);
        // A payment closes the earliest parts; the document's day is that of the first part not paid.
        let paid = pay(w, "2026-03-11", "450", json!({})).unwrap().id.unwrap();
        assert_eq!(w.text("settlement-documents", s, "due_date"), "2026-03-20");
        assert_eq!(["2026-03-11", "2026-03-21", "2026-05-02"].map(overdue), ["0.00", "150.00", "550.00"]);
        w.run("payments.reverse", paid, json!({})).unwrap();
        assert_eq!(w.text("settlement-documents", s, "due_date"), "2026-03-10");
        consistent(w);
        w.run("shipments.reverse", s, json!({})).unwrap();
        let left = w.app.store.read(|c| c.query_one("SELECT COUNT(*) FROM settlement_stages", &[])?.int(0)).unwrap();
        assert_eq!(left, 0);
        // Terms written into the order by hand stand by themselves; stages that are not the whole are refused.
        let by_hand = w.create("sales-orders", json!({"company_id": w.company, "partner_id": w.client, "agreement_id": a, "payment_terms": {"kind": "prepay"}, "lines": [{"product_id": w.repair, "quantity": "1"}]})).unwrap();
        assert_eq!(by_hand.data["payment_stages"], Json::Null);
        let (field, code, _) = refused(w.run(
            "sales-orders.update",
            by_hand.id.unwrap(),
            json!({"version": 1, "payment_stages": [{"kind": "prepay", "percent": "50"}]}),
        ));
        assert_eq!((field.as_str(), code.as_str()), ("payment_stages", "stages_not_whole"));
    });
}

#[test]
fn agr_04_goods_leave_when_the_agreed_prepayment_is_there() {
    both(|w| {
        let a = agreement(
            w,
            json!({"settlement_by": "order", "payment_stages": [{"kind": "prepay", "percent": "30"}, {"kind": "credit", "percent": "70", "days": 14}]}),
        );
        let version = w.get("companies", w.company)["version"].clone();
        w.run("companies.update", w.company, json!({"version": version, "terms_control": "approve"})).unwrap();
        let input = json!({"login": "store", "name": "store", "password": "correct horse battery", "roles": ["storekeeper"]});
        run(&w.app, "users.create", None, input).unwrap();
        let store = w.app.ctx_of("store", Source::Api).unwrap();
        let o = order(w, "2026-03-01", 10, json!({"agreement_id": a}));
        let line = w.get("sales-orders", o)["lines"][0]["id"].clone();
        let ship = |n: &str| {
            let input = json!({"sales_order_id": o, "date": "2026-03-02", "post": true, "lines": [{"order_line_id": line, "quantity": n}]});
            w.app.execute(&store, Envelope::new("shipments.create", input))
        };
        let (field, code, args) = refused(ship("10"));
        assert_eq!((field.as_str(), code.as_str(), args[2].as_str()), ("sales_order_id", "prepayment_missing", "300.00"));
        // Money for another order does not count; money that names nothing does.
        let other = order(w, "2026-03-01", 1, json!({"agreement_id": a}));
        pay(w, "2026-03-02", "500", json!({"sales_order_id": other})).unwrap();
        assert!(ship("10").is_err());
        pay(w, "2026-03-02", "100", json!({})).unwrap();
        ship("1").unwrap();
        let (_, _, args) = refused(ship("1"));
        assert_eq!(args, ["200.00", "100.00", "100.00", "UAH"], "what left before counts too");
        let (_, _, args) = refused(ship("4"));
        assert_eq!(args[2], "200.00", "no more than what leaves, of 300 for the whole");
        pay(w, "2026-03-02", "150", json!({"sales_order_id": o})).unwrap();
        assert_eq!(refused(ship("4")).2[1], "250.00", "what names the order counts once");
        pay(w, "2026-03-02", "50", json!({"sales_order_id": o})).unwrap();
        ship("4").unwrap();
        // Who may approve is warned only.
        let bare = order(w, "2026-03-01", 10, json!({"agreement_id": a}));
        let done = w.ship(bare, "2026-03-03", Json::Null).unwrap();
        assert!(done.warnings.iter().any(|x| x.code == "prepayment_missing"), "{:?}", done.warnings);
        consistent(w);
    });
}

#[test]
fn agr_03_a_changed_delivery_time_moves_open_orders_and_their_draft_shipments_with_history() {
    both(|w| {
        let contract = w.made(
            "contracts",
            json!({"company_id": w.company, "partner_id": w.client, "date": "2026-01-01", "currency": "UAH", "delivery_days": 10}),
        );
        let with = |more: Json| {
            let mut all = json!({"contract_id": contract});
            all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            order(w, "2026-03-01", 2, all)
        };
        let (open_one, own_day, done) = (with(json!({})), with(json!({"ship_on": "2026-03-05"})), with(json!({})));
        assert_eq!(w.text("sales-orders", open_one, "ship_on"), "2026-03-11");
        shipped(w, done, "2026-03-02");
        let draft = w.create("shipments", json!({"sales_order_id": open_one, "date": "2026-03-11"})).unwrap().id.unwrap();
        let version = w.get("contracts", contract)["version"].clone();
        w.run("contracts.update", contract, json!({"version": version, "delivery_days": 20})).unwrap();
        assert_eq!([open_one, own_day, done].map(|o| w.text("sales-orders", o, "ship_on")), ["2026-03-21", "2026-03-05", "2026-03-11"]);
        assert_eq!(w.text("shipments", draft, "date"), "2026-03-21");
        let told = |entity: &str, id: Id| w.app.history(&Ctx::system(), entity, id, 50).map(|h| format!("{h:?}")).unwrap();
        assert!(told("sales-orders", open_one).contains("2026-03-21"), "the history says so");
        consistent(w);
    });
}

fn asked_parts(w: &World, id: Id) -> Result<Json> {
    let q = w.app.registry.questions.iter().find(|q| q.path == "settlement-documents/{id}/parts").unwrap();
    (q.run)(&w.app, &Ctx::system(), &Asked { path: [("id".to_string(), id.to_string())].into(), ..Default::default() })
}

/// Ids of the documents that were set off against it, with the parts, and what is left.
fn parts(w: &World, id: Id) -> (Vec<(String, String)>, String) {
    let told = asked_parts(w, id).unwrap();
    let item = |i: &Json| {
        assert_eq!(i["document"]["id"], i["document_id"]);
        (i["document_id"].as_str().unwrap().to_string(), i["amount"].as_str().unwrap().trim_end_matches(".00").to_string())
    };
    (told["items"].as_array().unwrap().iter().map(item).collect(), told["open"].as_str().unwrap().trim_end_matches(".00").to_string())
}

#[test]
fn fin_02_a_payment_without_chosen_documents_tells_which_it_closed() {
    both(|w| {
        let ship = |date: &str, n: i64| shipped(w, order(w, date, n, json!({})), date);
        let (first, second) = (ship("2026-03-01", 1), ship("2026-03-02", 2));
        let part = |id: Id, amount: &str| (id.to_string(), amount.to_string());
        let paid = pay(w, "2026-03-05", "150", json!({})).unwrap().id.unwrap();
        assert_eq!(parts(w, paid), (vec![part(first, "100"), part(second, "50")], "0".into()), "the oldest due first");
        assert_eq!(parts(w, first), (vec![part(paid, "100")], "0".into()), "and from the other side");
        // What is left of a payment closes the shipments that come later; they wrote it, the payment tells it.
        let more = pay(w, "2026-03-06", "400", json!({})).unwrap().id.unwrap();
        assert_eq!(parts(w, more), (vec![part(second, "150")], "250".into()));
        let third = ship("2026-03-07", 1);
        assert_eq!(parts(w, more), (vec![part(second, "150"), part(third, "100")], "150".into()));
        // What is taken back is told no more.
        w.run("payments.reverse", paid, json!({})).unwrap();
        assert_eq!(parts(w, paid).0, vec![]);
        assert_eq!(parts(w, second).0, vec![part(more, "150")]);
        let missing = asked_parts(w, w.client).unwrap_err();
        assert_eq!(missing.kind(), kontor_kernel::error::Kind::NotFound);
        consistent(w);
    });
}
