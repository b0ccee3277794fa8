//! Who sees whose deals, and two people at one deal.

use super::*;
use kontor_platform::app::Asked;

#[test]
fn acc_01_a_foreign_salesperson_learns_nothing_of_a_colleagues_deal() {
    both(|db| {
        let w = world(db);
        let p = w.make("ann", "partners", json!({"name": "Клієнт"}));
        let d = w.make("ann", "deals", json!({"name": "Квазар поставка", "currency": "UAH", "amount": "777", "partner_id": p}));
        let own = w.make("bob", "deals", json!({"name": "Моя", "currency": "UAH"}));
        let (_, s) = usual(&w);
        for who in ["bob", "agent"] {
            w.assert_unseen(who, "deals", d, "квазар");
            for (verb, input) in
                [("move", json!({"stage_id": s[1]})), ("win", json!({})), ("lose", json!({"reason": "Ціна"})), ("reopen", json!({}))]
            {
                assert_eq!(kind(w.verb(who, "deals", d, verb, input)), Kind::NotFound, "{verb}");
            }
            assert_eq!(w.count(who, "deal-stage-log", &[("deal_id", &d.to_string())]), 0, "nor how long it stood where");
        }
        assert_eq!(w.count("bob", "deals", &[("amount", "777")]), 0);
        assert_eq!(faults(w.update("bob", "deals", own, 0, json!({"partner_id": p}))), ["partner_id: reference_missing"]);
        assert_eq!(w.count("bob", "deal-stage-log", &[]), 1);
        // The partner's manager sees what a colleague deals with his client; the head sees his people's; others by their role.
        let with_anns = w.make("dir", "deals", json!({"name": "Від директора", "currency": "UAH", "partner_id": p}));
        assert!(w.get("ann", "deals", with_anns).is_ok());
        for (who, sees) in [("ann", 2), ("boss", 3), ("dir", 3), ("acc", 3), ("bob", 1)] {
            assert_eq!(w.count(who, "deals", &[]), sees, "{who}");
        }
        assert_eq!(kind(w.try_list("store", "deals", &[])), Kind::Forbidden);
        assert_eq!(kind(w.verb("acc", "deals", d, "win", json!({}))), Kind::Forbidden);
        assert_eq!(kind(w.create("acc", "deals", json!({"name": "Х", "currency": "UAH"}))), Kind::Forbidden);
        // Stages are everybody's to see and the managers' to change.
        assert_eq!(w.count("bob", "stages", &[]), 5);
        assert_eq!(kind(w.update("bob", "stages", s[0], 1, json!({"name": "Моя"}))), Kind::Forbidden);
    });
}

#[test]
fn acc_02_people_of_some_companies_see_their_deals_and_the_groups() {
    both(|db| {
        let w = world(db);
        let company = |name: &str| w.make("admin", "companies", json!({"name": name, "currency": "UAH", "country": "UA"}));
        let a = company("А");
        let in_a = w.make("dir", "deals", json!({"name": "В А", "currency": "UAH"}));
        assert_eq!(w.see("deals", in_a)["company_id"], json!(a), "there is one company only");
        let b = company("Б");
        w.make("dir", "deals", json!({"name": "В Б", "currency": "UAH", "company_id": b}));
        w.make("dir", "deals", json!({"name": "Нічия", "currency": "UAH"}));
        w.update("admin", "users", w.user("acc"), 0, json!({"companies": [a]})).unwrap();
        w.update("admin", "users", w.user("ann"), 0, json!({"companies": [b]})).unwrap();
        let mut seen = w.titles("acc", "deals", &[]);
        seen.sort();
        assert_eq!(seen, ["В А", "Нічия"]);
        assert_eq!(
            kind(w.get("acc", "deals", w.make("dir", "deals", json!({"name": "x", "currency": "UAH", "company_id": b})))),
            Kind::NotFound
        );
        let mine = w.make("ann", "deals", json!({"name": "Моя", "currency": "UAH"}));
        assert_eq!(w.see("deals", mine)["company_id"], json!(b));
        assert_eq!(
            faults(w.create("ann", "deals", json!({"name": "x", "currency": "UAH", "company_id": a}))),
            ["company_id: reference_missing"]
        );
    });
}

#[test]
fn plt_05_two_people_on_one_deal() {
    both(|db| {
        let w = world(db);
        let (_, s) = usual(&w);
        let d = w.make("ann", "deals", json!({"name": "Х", "currency": "UAH", "amount": "100"}));
        // A move in between does not disturb an edit of other fields …
        go(&w, "boss", d, s[1]);
        let joined = w.update("ann", "deals", d, 1, json!({"next_step": "Дзвінок", "amount": "100.00"})).unwrap();
        assert_eq!((&joined.data["stage_id"], &joined.data["next_step"]), (&json!(s[1]), &json!("Дзвінок")));
        // … and an amount in one currency is not joined with another currency.
        let seen = w.version("deals", d);
        w.update("boss", "deals", d, seen, json!({"currency": "EUR"})).unwrap();
        let e = w.update("ann", "deals", d, seen, json!({"amount": "4000"})).unwrap_err();
        assert_eq!(conflict(&e, "amount").0, json!("100.00"));
        // Of two who close it at once one succeeds, the other is told the state.
        std::thread::scope(|t| {
            let one = t.spawn(|| w.verb("ann", "deals", d, "win", json!({})));
            let two = t.spawn(|| w.verb("boss", "deals", d, "lose", json!({"reason": "Ціна"})));
            let done = [one.join().unwrap(), two.join().unwrap()];
            assert_eq!(done.iter().filter(|r| r.is_ok()).count(), 1);
            assert_eq!(faults(done.into_iter().find(|r| r.is_err()).unwrap()), ["state_refuses"]);
        });
        assert_checked(&w);
        let env = |dry: bool| Envelope {
            idempotency_key: (!dry).then(|| "k".into()),
            dry_run: dry,
            ..Envelope::new("deals.create", json!({"name": "Раз", "currency": "UAH"}))
        };
        w.execute("ann", env(true)).unwrap();
        let first = w.execute("ann", env(false)).unwrap();
        assert_eq!(w.execute("ann", env(false)).unwrap().id, first.id);
        assert_eq!((w.count("ann", "deals", &[("name", "Раз")]), log(&w, first.id.unwrap()).len()), (1, 1));
        let gone = w.delete("ann", "deals", first.id.unwrap()).unwrap();
        w.undo("ann", &gone).unwrap();
        w.undo("ann", &first).unwrap();
        assert_eq!(w.count("ann", "deals", &[("name", "Раз")]), 0);
        assert_checked(&w);
    });
}

#[test]
fn dea_04_the_board_sums_what_its_caller_may_see() {
    both(|db| {
        let w = world(db);
        let (kind, s) = usual(&w);
        let deal = |who: &str, amount: &str, currency: &str, probability: Json| {
            w.make(who, "deals", json!({"name": "Х", "currency": currency, "amount": amount, "probability": probability}))
        };
        deal("ann", "100", "UAH", Json::Null);
        deal("bob", "50", "UAH", json!("80"));
        deal("bob", "7", "EUR", Json::Null);
        let won = deal("ann", "30", "UAH", Json::Null);
        w.verb("ann", "deals", won, "win", json!({"amount": "25"})).unwrap();
        let board = |who: &str, query: &[(&str, &str)]| -> Vec<(String, String, i64, String, String)> {
            let query = query.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
            let q = w.app.registry.questions.iter().find(|q| q.path == "deals/board").unwrap();
            let answer = (q.run)(&w.app, &w.ctx(who), &Asked { query, ..Default::default() }).unwrap();
            let text = |j: &Json| j.as_str().unwrap_or_default().to_string();
            let rows = answer["items"].as_array().cloned().unwrap_or_default();
            rows.iter()
                .map(|r| {
                    (text(&r["state"]), text(&r["currency"]), r["count"].as_i64().unwrap_or(0), text(&r["amount"]), text(&r["weighted"]))
                })
                .collect()
        };
        let row = |state: &str, currency: &str, n: i64, amount: &str, weighted: &str| {
            (state.to_string(), currency.to_string(), n, amount.to_string(), weighted.to_string())
        };
        // The first stage weighs a tenth, an own estimate goes before it.
        let all = board("boss", &[("kind_id", &kind.to_string()), ("stage_id", &s[0].to_string())]);
        assert_eq!(
            all,
            [row("open", "EUR", 1, "7.00", "0.70"), row("open", "UAH", 2, "150.00", "50.00"), row("won", "UAH", 1, "25.00", "25.00")]
        );
        assert_eq!(board("bob", &[("currency", "UAH")]), [row("open", "UAH", 1, "50.00", "40.00")]);
        assert_eq!(board("agent", &[]), []);
    });
}

#[test]
fn acc_01_names_find_only_what_one_may_see_and_must_be_clear() {
    both(|db| {
        let w = world(db);
        w.make("ann", "partners", json!({"name": "Квазар", "roles": ["competitor"]}));
        let d = w.make("bob", "deals", json!({"name": "Х", "currency": "UAH"}));
        for winner in ["Квазар", "Такого немає"] {
            let e = w.verb("bob", "deals", d, "lose", json!({"reason": "Ціна", "winner": winner})).unwrap_err();
            assert_eq!(e.inner().fields[0].args, [("value".into(), winner.to_string())]);
            assert_eq!(faults::<()>(Err(e)), ["winner: reference_missing"], "a name that one may not see is a name that is not there");
        }
        let mine = |n: &str| w.make("bob", "partners", json!({"name": n, "roles": ["competitor"]}));
        let first = mine("Альтаїр");
        w.verb("bob", "deals", d, "lose", json!({"reason": "Ціна", "winner": "Альтаїр"})).unwrap();
        assert_eq!(w.see("deals", d)["winner_id"], json!(first));
        w.verb("bob", "deals", d, "reopen", json!({})).unwrap();
        mine("Альтаїр");
        assert_eq!(faults(w.verb("bob", "deals", d, "lose", json!({"reason": "Ціна", "winner": "Альтаїр"}))), ["winner: name_ambiguous"]);
    });
}
