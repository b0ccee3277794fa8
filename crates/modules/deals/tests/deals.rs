//! Deals through commands, on both databases: stages, outcome, undo, history, who sees what, bad input.

#[path = "../../partners/tests/common/mod.rs"]
mod common;

use common::{AWKWARD, World, conflict, faults, kind, missing_texts};
use kontor_kernel::error::Kind;
use kontor_platform::Registry;
use kontor_platform::execute::{Envelope, Outcome};
use kontor_platform::store::Priority;
use kontor_platform::value::Id;
use kontor_testkit::{TestDb, both};
use serde_json::{Value as Json, json};

fn registry() -> Registry {
    kontor_deals::register(kontor_catalog::register(kontor_partners::register(kontor_office::register(Registry::default()))))
}

fn world(db: &TestDb) -> World {
    World::new(db, registry())
}

fn id_of(j: &Json) -> Id {
    Id::parse_str(j.as_str().unwrap_or_default()).unwrap_or_else(|_| panic!("no id: {j}"))
}

/// Ids of the stages of a kind in their order.
fn stages(w: &World, kind: Id) -> Vec<Id> {
    let list = w.list("admin", "stages", &[("kind_id", &kind.to_string())]);
    list["items"].as_array().into_iter().flatten().map(|s| id_of(&s["id"])).collect()
}

fn usual(w: &World) -> (Id, Vec<Id>) {
    let kind = id_of(&w.list("admin", "deal-kinds", &[])["items"][0]["id"]);
    (kind, stages(w, kind))
}

fn new_kind(w: &World, name: &str, control: &str, names: &[&str]) -> (Id, Vec<Id>) {
    let kind = w.make("dir", "deal-kinds", json!({"name": name, "control": control}));
    let stages = names.iter().map(|n| w.make("dir", "stages", json!({"name": n, "kind_id": kind}))).collect();
    (kind, stages)
}

fn product(w: &World, name: &str) -> Id {
    let unit = id_of(&w.list("admin", "units", &[])["items"][0]["id"]);
    w.make("admin", "products", json!({"name": name, "unit_id": unit, "kind": "goods"}))
}

fn go(w: &World, who: &str, deal: Id, stage: Id) -> Outcome {
    w.verb(who, "deals", deal, "move", json!({"stage_id": stage})).unwrap_or_else(|e| panic!("{e}"))
}

fn log(w: &World, deal: Id) -> Vec<(String, bool)> {
    let list = w.list("admin", "deal-stage-log", &[("deal_id", &deal.to_string()), ("sort", "entered_at")]);
    list["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|r| (r["stage_name"].as_str().unwrap_or_default().to_string(), r["left_at"].is_null()))
        .collect()
}

fn assert_checked(w: &World) {
    assert_eq!(w.app.check().unwrap(), [], "check finds nothing");
}

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
            (&json!("lost"), &json!("Ціна"), &json!("Конкурент"))
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
fn dea_01_bad_input_is_named_and_stores_nothing() {
    both(|db| {
        let w = world(db);
        let refuse = |input: Json| faults(w.create("ann", "deals", input));
        assert_eq!(refuse(json!({})), ["currency: required", "name: required"]);
        assert_eq!(refuse(json!({"name": "x", "currency": "гривня"})), ["currency: bad_code"]);
        assert_eq!(
            refuse(json!({"name": "x", "currency": "UAH", "state": "won", "closed_on": "2026-01-01", "won_amount": "1"})),
            ["closed_on: read_only", "state: read_only", "won_amount: read_only"]
        );
        assert_eq!(
            refuse(
                json!({"name": "\u{0}", "currency": "UAH", "amount": -5, "probability": "x", "closes_on": "2026-02-31", "stage_id": 1, "profit": 1})
            ),
            [
                "amount: negative",
                "closes_on: bad_date",
                "name: bad_text",
                "probability: number_malformed",
                "profit: unknown_field",
                "stage_id: bad_id"
            ]
        );
        assert_eq!(refuse(json!({"name": "x", "currency": "UAH", "amount": "99999999999999999999"})), ["amount: number_range"]);
        assert_eq!(refuse(json!({"name": "x", "currency": "UAH", "probability": "100.01"})), ["probability: out_of_range"]);
        assert_eq!(refuse(json!({"name": "x", "currency": "UAH", "opened_on": "2999-01-01"})), ["opened_on: date_future"]);
        assert_eq!(
            refuse(json!({"name": "x", "currency": "UAH", "opened_on": "2026-05-02", "closes_on": "2026-05-01"})),
            ["closes_on: close_before_open"]
        );
        assert_eq!(refuse(json!({"name": "x", "currency": "UAH", "stage": "\u{0}"})), ["stage: bad_text"]);
        assert_eq!(
            refuse(json!({"name": "x", "currency": "UAH", "kind": "\u{0}", "stage": "a"})),
            ["kind: bad_text", "stage: reference_missing"]
        );
        assert_eq!(refuse(json!({"name": "x", "currency": "UAH", "kind": "Немає"})), ["kind: reference_missing"]);
        assert_eq!(refuse(json!({"name": "x", "currency": "UAH", "stage_id": Id::nil()})), ["stage_id: reference_missing"]);
        assert_eq!(
            refuse(json!({"name": "x", "currency": "UAH", "lines": [{}], "participants": "all"})),
            ["lines.0.product_id: required", "participants: wrong_type"]
        );
        assert_eq!(refuse(json!({"name": "x", "currency": "UAH", "lines": vec![json!({}); 501]})), ["lines: line_limit"]);
        assert_eq!((w.count("admin", "deals", &[]), w.count("admin", "deal-stage-log", &[])), (0, 0));
        let d = w.make("ann", "deals", json!({"name": "x", "currency": "UAH"}));
        for (input, told) in [
            (json!({"amount": "1.001"}), "amount: amount_decimals"),
            (json!({"amount": "x"}), "amount: number_malformed"),
            (json!({"sum": 1}), "sum: unknown_field"),
            (json!({"on": 5}), "on: bad_date"),
        ] {
            assert_eq!(faults(w.verb("ann", "deals", d, "win", input)), [told]);
        }
        assert_eq!(faults(w.verb("ann", "deals", d, "win", json!([]))), ["object_expected"]);
        assert_eq!(faults(w.verb("ann", "deals", d, "move", json!({}))), ["stage_id: required"]);
        assert_eq!(kind(w.create("ann", "deal-stage-log", json!({}))), Kind::Forbidden);
        for text in AWKWARD {
            let d = w.make("ann", "deals", json!({"name": text, "currency": "UAH", "initial_need": text, "tags": [text]}));
            assert_eq!(w.see("deals", d)["initial_need"], text);
            assert_eq!(w.titles("ann", "deals", &[("q", text)]), [text]);
        }
    });
}

#[test]
fn plt_09_every_word_of_deals_exists_in_three_languages() {
    assert_eq!(missing_texts(&registry(), &["deals", "deal-kinds", "stages", "loss-reasons", "deal-stage-log"]), [] as [String; 0]);
}
