//! From the first stage to the outcome, and history as it was.

use super::*;

#[test]
fn dea_01_a_deal_starts_at_the_first_stage_and_is_moved_and_won() {
    both(|db| {
        let w = world(db);
        let (kind, stage) = usual(&w);
        assert_eq!(stage.len(), 5);
        let p = w.make("ann", "partners", json!({"name": "Клієнт"}));
        let made = w
            .create(
                "ann",
                "deals",
                json!({"name": "Склад і стелажі", "partner_id": p, "amount": "12000.50", "currency": "UAH", "initial_need": "Стелажі"}),
            )
            .unwrap();
        let d = made.id.unwrap();
        let seen = &made.data;
        assert_eq!(
            (&seen["kind_id"], &seen["stage_id"], &seen["state"], &seen["manager_id"]),
            (&json!(kind), &json!(stage[0]), &json!("open"), &json!(w.user("ann")))
        );
        assert!(seen["opened_on"].is_string() && seen["stage_since"].is_string());
        go(&w, "ann", d, stage[3]);
        let again = go(&w, "ann", d, stage[3]);
        assert_eq!((again.version, again.audit_id), (2, None), "where it stands already");
        assert_eq!(w.list("ann", "deals", &[("stage_id", &stage[3].to_string())])["items"][0]["stage"]["id"], json!(stage[3]));
        let won = w.verb("ann", "deals", d, "win", json!({"amount": "11500"})).unwrap();
        assert_eq!(
            (&won.data["state"], &won.data["amount"], &won.data["won_amount"]),
            (&json!("won"), &json!("12000.50"), &json!("11500.00"))
        );
        assert!(won.data["closed_on"].is_string());
        assert_eq!(log(&w, d).iter().map(|l| l.1).collect::<Vec<_>>(), [false, false], "no stay goes on");
        assert_eq!(faults(w.verb("ann", "deals", d, "win", json!({}))), ["state_refuses"]);
        assert_eq!(faults(w.verb("ann", "deals", d, "move", json!({"stage_id": stage[0]}))), ["state_refuses"]);
        // What the win rests on is closed, the rest is not.
        assert_eq!(
            faults(w.update("ann", "deals", d, 0, json!({"amount": "1", "stage_id": stage[1]}))),
            ["amount: deal_closed", "stage_id: deal_closed"]
        );
        w.update("ann", "deals", d, 0, json!({"comment": "Подякувати"})).unwrap();
        let undone = w.undo("ann", &won).unwrap();
        assert_eq!(
            (&undone.data["state"], &undone.data["won_amount"], &undone.data["closed_on"], &undone.data["stage_id"]),
            (&json!("open"), &Json::Null, &Json::Null, &json!(stage[3]))
        );
        assert_eq!(log(&w, d).last().map(|l| l.1), Some(true));
        assert_checked(&w);
    });
}

#[test]
fn dea_01_a_deal_written_down_late_was_opened_no_later_than_it_ended() {
    both(|db| {
        let w = world(db);
        let deal = |more: Json| {
            let mut input = json!({"name": "Торік", "currency": "EUR", "amount": "100"});
            input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            w.make("ann", "deals", input)
        };
        // Nobody said when it was opened: the day of entry gives way, is told, and comes back with undo.
        let d = deal(json!({}));
        let entered = w.see("deals", d)["opened_on"].clone();
        let won = w.verb("ann", "deals", d, "win", json!({"on": "2025-03-01"})).unwrap();
        assert_eq!((&won.data["opened_on"], &won.data["closed_on"]), (&json!("2025-03-01"), &json!("2025-03-01")));
        assert_eq!((won.warnings[0].field.as_str(), won.warnings[0].code.as_ref()), ("opened_on", "deal_opened_earlier"));
        w.undo("ann", &won).unwrap();
        assert_eq!((&w.see("deals", d)["opened_on"], &w.see("deals", d)["state"]), (&entered, &json!("open")));
        let lost = w.verb("ann", "deals", d, "lose", json!({"reason": "Ціна", "on": "2025-04-01"})).unwrap();
        assert_eq!(lost.data["opened_on"], json!("2025-04-01"));
        // Who names the day is held to it, and told what to change.
        let d = deal(json!({"opened_on": "2026-01-10"}));
        let e = w.verb("ann", "deals", d, "win", json!({"on": "2026-01-09"})).unwrap_err();
        let hint = e.inner().fields[0].hint.as_ref().expect("a way out");
        assert_eq!((hint.0.as_ref(), hint.1[0].1.as_str()), ("close_before_open", "2026-01-10"), "{e}");
        let version = w.version("deals", d);
        w.update("ann", "deals", d, version, json!({"opened_on": "2026-01-05"})).unwrap();
        w.verb("ann", "deals", d, "win", json!({"on": "2026-01-09"})).unwrap();
        // A day of closing in the past says that it began before.
        let d = deal(json!({"closes_on": "2025-06-01"}));
        assert_eq!(w.see("deals", d)["opened_on"], json!("2025-06-01"));
        assert_checked(&w);
    });
}

#[test]
fn dea_01_a_loss_has_a_reason_and_maybe_a_winner() {
    both(|db| {
        let w = world(db);
        let d = w.make("ann", "deals", json!({"name": "Х", "currency": "EUR", "opened_on": "2026-01-10"}));
        let (rival, other) = (
            w.make("ann", "partners", json!({"name": "Конкурент", "roles": ["competitor"]})),
            w.make("ann", "partners", json!({"name": "Ні"})),
        );
        assert_eq!(faults(w.verb("ann", "deals", d, "lose", json!({}))), ["reason_id: required"]);
        assert_eq!(faults(w.verb("ann", "deals", d, "lose", json!({"reason_id": d}))), ["reason_id: reference_missing"]);
        assert_eq!(faults(w.verb("ann", "deals", d, "lose", json!({"reason": "Ціна", "on": "2026-01-09"}))), ["on: close_before_open"]);
        assert_eq!(faults(w.verb("ann", "deals", d, "lose", json!({"reason": "Ціна", "on": "2999-01-09"}))), ["on: date_future"]);
        assert_eq!(faults(w.verb("ann", "deals", d, "lose", json!({"reason": "Ціна", "on": "2026-02-31"}))), ["on: bad_date"]);
        assert_eq!(faults(w.verb("ann", "deals", d, "lose", json!({"reason": "Такої немає"}))), ["reason: reference_missing"]);
        let lost = w
            .verb("ann", "deals", d, "lose", json!({"reason": "Ціна", "winner_id": rival, "on": "2026-02-01", "comment": "дорого"}))
            .unwrap();
        assert_eq!(
            (&lost.data["state"], &lost.data["loss_reason"]["title"], &lost.data["winner"]["title"]),
            (&json!("lost"), &json!("Price"), &json!("Конкурент"))
        );
        assert_eq!((&lost.data["closed_on"], lost.warnings.len()), (&json!("2026-02-01"), 0));
        let undone = w.undo("ann", &lost).unwrap();
        for field in ["closed_on", "loss_reason_id", "winner_id", "comment"] {
            assert_eq!(undone.data[field], Json::Null, "{field}");
        }
        let lost = w.verb("ann", "deals", d, "lose", json!({"reason": "Ціна", "winner_id": other})).unwrap();
        assert_eq!(&*lost.warnings[0].code, "winner_not_competitor");
        let open = w.verb("ann", "deals", d, "reopen", json!({})).unwrap();
        assert_eq!((&open.data["state"], &open.data["loss_reason_id"]), (&json!("open"), &Json::Null));
        w.undo("ann", &open).unwrap();
        assert_eq!(w.see("deals", d)["state"], "lost", "reopening is undone too");
        assert_checked(&w);
    });
}

#[test]
fn dea_01_a_strict_kind_is_walked_stage_by_stage() {
    both(|db| {
        let w = world(db);
        let (_, other) = usual(&w);
        let (kind, s) = new_kind(&w, "Тендер", "strict", &["Заявка", "Документи", "Торги", "Договір"]);
        assert_eq!(
            faults(w.create("ann", "deals", json!({"name": "Х", "currency": "UAH", "kind_id": kind, "stage_id": s[2]}))),
            ["stage_id: stage_skipped"]
        );
        let d = w.make("ann", "deals", json!({"name": "Х", "currency": "UAH", "kind_id": kind}));
        let to = |stage: Id| w.verb("ann", "deals", d, "move", json!({"stage_id": stage}));
        let e = to(s[2]).unwrap_err();
        assert_eq!(e.inner().fields[0].args, [("title".into(), "Документи".to_string())], "it is told which comes next");
        assert_eq!(faults(to(other[0])), ["stage_id: stage_of_other_kind"]);
        let first = to(s[1]).unwrap();
        to(s[2]).unwrap();
        assert_eq!(faults(to(s[0])), ["stage_id: stage_skipped"], "back also one by one");
        assert_eq!(
            faults(w.update("ann", "deals", d, 0, json!({"stage_id": s[0]}))),
            ["stage_id: stage_skipped"],
            "an edit obeys as a move does"
        );
        let back = to(s[1]).unwrap();
        w.undo("ann", &back).unwrap();
        assert_eq!(w.see("deals", d)["stage_id"], json!(s[2]));
        assert_eq!(faults(w.undo("ann", &first)), ["undo_conflict"], "it has moved on since");
        assert_eq!(log(&w, d).len(), 5);
        assert_checked(&w);
    });
}

#[test]
fn dea_01_kinds_without_stages_and_changes_of_kind() {
    both(|db| {
        let w = world(db);
        let (free, _) = new_kind(&w, "Разовий", "none", &["Зайва"]);
        let (kind, s) = new_kind(&w, "Проєкт", "manual", &["Початок", "Кінець"]);
        let d = w.make("ann", "deals", json!({"name": "Х", "currency": "UAH", "kind": "Разовий"}));
        assert_eq!((&w.see("deals", d)["stage_id"], &w.see("deals", d)["kind_id"]), (&Json::Null, &json!(free)));
        assert_eq!(faults(w.verb("ann", "deals", d, "move", json!({"stage_id": s[0]}))), ["stage_id: kind_without_stages"]);
        assert_eq!(faults(w.update("ann", "deals", d, 0, json!({"stage_id": s[0]}))), ["stage_id: kind_without_stages"]);
        let moved = w.update("ann", "deals", d, 0, json!({"kind_id": kind})).unwrap();
        assert_eq!(moved.data["stage_id"], json!(s[0]), "a new kind begins at its first stage");
        w.undo("ann", &moved).unwrap();
        assert_eq!(w.see("deals", d)["stage_id"], Json::Null);
        // A stage by name is the one of the deal's kind.
        new_kind(&w, "Інший", "manual", &["Кінець"]);
        let named = w.make("ann", "deals", json!({"name": "Y", "currency": "UAH", "kind": "Проєкт", "stage": "Кінець"}));
        assert_eq!(w.see("deals", named)["stage_id"], json!(s[1]));
        assert_eq!(
            faults(w.create("ann", "deals", json!({"name": "Z", "currency": "UAH", "kind_id": kind, "stage": "Немає"}))),
            ["stage: reference_missing"]
        );
        assert_eq!(w.titles("ann", "deals", &[("stage", "Кінець"), ("kind", "Проєкт")]), ["Y"]);
        // Stages and kinds that open deals stand at stay.
        assert_eq!(faults(w.delete("dir", "stages", s[1])), ["in_use"]);
        assert_eq!(faults(w.delete("dir", "deal-kinds", kind)), ["in_use"]);
        w.verb("ann", "deals", named, "win", json!({})).unwrap();
        w.delete("dir", "stages", s[1]).unwrap();
        assert_eq!(faults(w.create("dir", "stages", json!({"name": "Початок", "kind_id": kind}))), ["name: unique"]);
        assert_eq!(
            faults(w.create("dir", "stages", json!({"name": "Ще", "kind_id": kind, "probability": "101"}))),
            ["probability: out_of_range"]
        );
        assert_checked(&w);
    });
}

#[test]
fn dea_01_the_potential_follows_the_lines_until_somebody_says_otherwise() {
    both(|db| {
        let w = world(db);
        let (a, b) = (product(&w, "А"), product(&w, "Б"));
        let d = w.make("ann", "deals", json!({"name": "Х", "currency": "UAH", "lines": [{"product_id": a, "quantity": "2", "amount": "100.10"}, {"product_id": b, "amount": "50"}]}));
        assert_eq!(w.see("deals", d)["amount"], "150.10");
        let line = w.see("deals", d)["lines"][0]["id"].clone();
        w.update("ann", "deals", d, 0, json!({"lines": [{"id": line, "amount": "70"}]})).unwrap();
        assert_eq!(w.see("deals", d)["amount"], "70.00");
        let own = w.update("ann", "deals", d, 0, json!({"amount": "1000"})).unwrap();
        w.update("ann", "deals", d, 0, json!({"lines": [{"id": line, "amount": "80"}]})).unwrap();
        assert_eq!(w.see("deals", d)["amount"], "1000.00", "a figure given by hand stays");
        w.undo("ann", &own).unwrap();
        assert_eq!(w.see("deals", d)["amount"], "70.00");
        let refuse = |input: Json| faults(w.update("ann", "deals", d, 0, input));
        assert_eq!(refuse(json!({"amount": "1.001"})), ["amount: amount_decimals"]);
        assert_eq!(refuse(json!({"lines": [{"product_id": a, "amount": "0.001"}]})), ["lines.0.amount: amount_decimals"]);
        assert_eq!(refuse(json!({"currency": "JPY", "amount": "100.5"})), ["amount: amount_decimals"]);
        assert_eq!(
            refuse(json!({"lines": [{"product_id": a, "amount": "900000000000000"}, {"product_id": a, "amount": "900000000000000"}]})),
            ["lines: number_overflow"]
        );
        assert_eq!(refuse(json!({"lines": [{"product_id": a, "quantity": "-1"}]})), ["lines.0.quantity: negative"]);
    });
}

#[test]
fn dea_02_participants_have_roles() {
    both(|db| {
        let w = world(db);
        let p = w.make("ann", "partners", json!({"name": "Клієнт"}));
        let c = w.make("ann", "contacts", json!({"partner_id": p, "full_name": "Директор"}));
        let d = w.make(
            "ann",
            "deals",
            json!({"name": "Х", "currency": "UAH", "contact_id": c, "participants": [{"role": "decision_maker", "contact_id": c}, {"role": "own", "user_id": w.user("bob")}, {"role": "competitor", "partner_id": p, "note": "торік"}]}),
        );
        let seen = w.see("deals", d);
        assert_eq!(seen["partner"]["title"], "Клієнт", "a deal with a person is a deal with his partner");
        assert_eq!(seen["participants"][0]["contact"]["title"], "Директор");
        assert_eq!(seen["participants"][1]["user"]["title"], "bob the salesperson");
        let refuse = |line: Json| faults(w.update("ann", "deals", d, 0, json!({"participants": [line]})));
        assert_eq!(refuse(json!({"role": "client"})), ["participants.0.contact_id: required"]);
        assert_eq!(refuse(json!({"user_id": w.user("bob")})), ["participants.0.role: required"]);
        assert_eq!(refuse(json!({"role": "king", "user_id": w.user("bob")})), ["participants.0.role: bad_choice"]);
        // Removing one keeps the others as they are, and undo brings him back.
        let rest = json!([seen["participants"][0], seen["participants"][2]]);
        let rest: Vec<Json> = rest.as_array().unwrap().iter().map(|l| json!({"id": l["id"]})).collect();
        let fewer = w.update("ann", "deals", d, 0, json!({"participants": rest})).unwrap();
        assert_eq!(fewer.data["participants"].as_array().map(Vec::len), Some(2));
        w.undo("ann", &fewer).unwrap();
        assert_eq!(w.see("deals", d)["participants"], seen["participants"]);
    });
}

#[test]
fn dea_01_history_comes_as_it_was() {
    both(|db| {
        let w = world(db);
        let row = json!({"source": "crm", "external_id": "Z1", "name": "Z1", "currency": "USD", "amount": "4514", "kind": "Воронка", "stage": "Engaging", "opened_on": "2016-10-25", "manager": "ann the salesperson"});
        let d = w.import("deals.create", None, row.clone()).unwrap().id.unwrap();
        w.import("deals.win", Some(d), json!({"amount": "4514", "on": "2017-03-11"})).unwrap();
        let seen = w.see("deals", d);
        assert_eq!(
            (&seen["state"], &seen["closed_on"], &seen["opened_on"], &seen["won_amount"]),
            (&json!("won"), &json!("2017-03-11"), &json!("2016-10-25"), &json!("4514.00"))
        );
        assert_eq!(
            (&seen["kind"]["title"], &seen["stage"]["title"], &seen["manager"]["title"]),
            (&json!("Воронка"), &json!("Engaging"), &json!("ann the salesperson"))
        );
        let stay = w.list("admin", "deal-stage-log", &[("deal_id", &d.to_string())])["items"][0].clone();
        assert_eq!((&stay["entered_at"], &stay["left_at"]), (&json!("2016-10-25T00:00:00.000000Z"), &json!("2017-03-11T00:00:00.000000Z")));
        // The same row again is refused by its key, not doubled.
        assert_eq!(faults(w.import("deals.create", None, row)), ["external_id: unique"]);
        // Without partner, amount, day or reason; lost before it was opened.
        let bare = w
            .import("deals.create", None, json!({"name": "Z2", "currency": "USD", "kind": "Воронка", "stage": "Prospecting"}))
            .unwrap()
            .id
            .unwrap();
        let seen = w.see("deals", bare);
        assert_eq!((&seen["opened_on"], &seen["partner_id"], &seen["amount"]), (&Json::Null, &Json::Null, &Json::Null));
        let late = w.import("deals.create", None, json!({"name": "Z3", "currency": "USD", "opened_on": "2017-05-01"})).unwrap().id.unwrap();
        w.import("deals.lose", Some(late), json!({"on": "2017-04-01"})).unwrap();
        w.import("deals.lose", Some(bare), json!({"on": "2017-04-01", "reason": "Не сказали"})).unwrap();
        assert_eq!(w.see("deals", bare)["loss_reason"]["title"], "Не сказали");
        assert_eq!(w.titles("ann", "deals", &[("state", "won"), ("closed_on.ge", "2017-03-01"), ("closed_on.le", "2017-03-31")]), ["Z1"]);
        assert_checked(&w);
    });
}

#[test]
fn dea_10_check_finds_a_stay_that_does_not_fit_its_deal() {
    both(|db| {
        let w = world(db);
        let d = w.make("ann", "deals", json!({"name": "Х", "currency": "UAH"}));
        assert_checked(&w);
        w.app.store.write(Priority::People, move |c| c.exec("DELETE FROM deal_stage_log WHERE deal_id = ?", &[d.into()])).unwrap();
        let found = w.app.check().unwrap();
        assert_eq!((found.len(), found[0].key.as_str(), found[0].found.as_str()), (1, "Х", "—"));
    });
}
