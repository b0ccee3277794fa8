//! Interactions and tasks through commands, on both databases: what becomes of them, how a planned contact and its task
//! go together, who sees what, bad input.

#[path = "../../partners/tests/common/mod.rs"]
mod common;

use common::{AWKWARD, World, conflict, faults, kind, missing_texts};
use kontor_kernel::error::Kind;
use kontor_platform::Registry;
use kontor_platform::execute::Envelope;
use kontor_platform::value::Id;
use kontor_testkit::{TestDb, both};
use serde_json::{Value as Json, json};

fn registry() -> Registry {
    kontor_activities::register(kontor_partners::register(kontor_office::register(Registry::default())))
}

fn world(db: &TestDb) -> World {
    World::new(db, registry())
}

fn state(w: &World, collection: &str, id: Id) -> String {
    w.see(collection, id)["state"].as_str().unwrap_or_default().to_string()
}

fn task_of(w: &World, interaction: Id) -> Id {
    let t = w.see("interactions", interaction)["task_id"].clone();
    Id::parse_str(t.as_str().unwrap_or_default()).unwrap_or_else(|_| panic!("no task: {t}"))
}

#[test]
fn int_03_a_task_is_given_started_done_and_opened_again() {
    both(|db| {
        let w = world(db);
        let p = w.make("ann", "partners", json!({"name": "Клієнт"}));
        let c = w.make("ann", "contacts", json!({"partner_id": p, "full_name": "Олена"}));
        let t = w.make(
            "boss",
            "tasks",
            json!({"subject": "Узгодити ціни", "contact_id": c, "doer_id": w.user("ann"), "controller_id": w.user("dir"), "due_at": "2026-12-01T10:00:00Z", "reminder_at": "2026-12-01T09:00:00Z", "importance": "high"}),
        );
        let seen = w.get("ann", "tasks", t).unwrap();
        assert_eq!((&seen["state"], &seen["author"]["title"]), (&json!("planned"), &json!("boss the sales_manager")));
        assert_eq!(seen["partner"]["title"], "Клієнт", "a task about a person is about his partner");
        w.verb("ann", "tasks", t, "start", json!({})).unwrap();
        assert_eq!(faults(w.verb("ann", "tasks", t, "start", json!({}))), ["state_refuses"]);
        w.update("ann", "tasks", t, 0, json!({"percent": 60})).unwrap();
        let done = w.verb("ann", "tasks", t, "done", json!({"result": "Домовились"})).unwrap();
        assert_eq!((&done.data["state"], &done.data["percent"], &done.data["result"]), (&json!("done"), &json!(100), &json!("Домовились")));
        w.undo("ann", &done).unwrap();
        let back = w.see("tasks", t);
        assert_eq!(
            (&back["state"], &back["percent"], &back["result"], &back["done_at"]),
            (&json!("in_work"), &json!(60), &Json::Null, &Json::Null)
        );
        w.verb("ann", "tasks", t, "cancel", json!({})).unwrap();
        w.verb("boss", "tasks", t, "reopen", json!({})).unwrap();
        assert_eq!(state(&w, "tasks", t), "in_work", "it had been started");
        assert_eq!(w.titles("ann", "tasks", &[("state.in", "planned,in_work"), ("due_at.lt", "2026-12-02T00:00:00Z")]), ["Узгодити ціни"]);
    });
}

#[test]
fn int_03_author_doer_controller_and_head_see_a_task_and_others_do_not() {
    both(|db| {
        let w = world(db);
        let t = w.make("ann", "tasks", json!({"subject": "Квазар перевірити", "doer_id": w.user("store"), "controller_id": w.user("acc")}));
        for who in ["ann", "store", "acc", "boss", "dir", "admin"] {
            assert_eq!(w.titles(who, "tasks", &[("q", "квазар")]), ["Квазар перевірити"], "{who}");
            assert!(w.get(who, "tasks", t).is_ok(), "{who}");
        }
        for who in ["bob", "agent"] {
            w.assert_unseen(who, "tasks", t, "квазар");
            assert_eq!(kind(w.verb(who, "tasks", t, "done", json!({}))), Kind::NotFound);
            assert_eq!(w.count(who, "tasks", &[("doer.name.contains", "store")]), 0);
        }
        let mine = w.make("bob", "tasks", json!({"subject": "Моє"}));
        assert_eq!(w.see("tasks", mine)["doer_id"], json!(w.user("bob")), "a task given to nobody is one's own");
        w.verb("store", "tasks", t, "done", json!({})).unwrap();
    });
}

#[test]
fn int_01_a_call_that_was_is_done_and_one_ahead_is_planned() {
    both(|db| {
        let w = world(db);
        let p = w.make("ann", "partners", json!({"name": "Клієнт"}));
        let call = w.make(
            "ann",
            "interactions",
            json!({"kind": "call_in", "subject": "Питали про ціни", "partner_id": p, "participants": [{"text": "пан Петро з голосом"}]}),
        );
        let seen = w.see("interactions", call);
        assert_eq!((&seen["state"], &seen["task_id"]), (&json!("done"), &Json::Null));
        assert!(seen["happened_at"].is_string());
        assert_eq!(seen["at"], seen["happened_at"]);
        // The participant gets linked later.
        let c = w.make("ann", "contacts", json!({"partner_id": p, "full_name": "Петро"}));
        let line = seen["participants"][0]["id"].clone();
        let linked = w.update("ann", "interactions", call, 0, json!({"participants": [{"id": line, "contact_id": c}]})).unwrap();
        assert_eq!(linked.data["participants"][0]["contact"]["title"], "Петро");
        assert_eq!(linked.data["participants"][0]["text"], "пан Петро з голосом");
        let meeting = w.make(
            "ann",
            "interactions",
            json!({"kind": "meeting", "subject": "Зустріч", "partner_id": p, "happened_at": "2999-01-01T10:00:00Z", "previous_id": call}),
        );
        assert_eq!(state(&w, "interactions", meeting), "planned");
        assert_eq!(w.see("interactions", meeting)["planned_at"], "2999-01-01T10:00:00.000000Z");
        assert_eq!(faults(w.update("ann", "interactions", call, 0, json!({"previous_id": meeting}))), ["previous_id: cycle"]);
        assert_eq!(w.titles("ann", "interactions", &[("partner_id", &p.to_string())]), ["Зустріч", "Питали про ціни"], "the latest first");
    });
}

#[test]
fn int_01_a_planned_contact_gives_its_responsible_a_task_that_follows_it() {
    both(|db| {
        let w = world(db);
        let p = w.make("ann", "partners", json!({"name": "Клієнт"}));
        let made = w.create("boss", "interactions", json!({"kind": "planned", "subject": "Подзвонити", "partner_id": p, "responsible_id": w.user("ann"), "planned_at": "2026-12-05T09:00:00Z"})).unwrap();
        let i = made.id.unwrap();
        let t = task_of(&w, i);
        let task = w.get("ann", "tasks", t).unwrap();
        assert_eq!(
            (&task["subject"], &task["due_at"], &task["state"]),
            (&json!("Подзвонити"), &json!("2026-12-05T09:00:00.000000Z"), &json!("planned"))
        );
        assert_eq!(task["author_id"], json!(w.user("boss")));
        w.update("ann", "tasks", t, 0, json!({"subject": "Подзвонити до обіду"})).unwrap();
        w.update("boss", "interactions", i, 0, json!({"responsible_id": w.user("bob"), "text": "про борг"})).unwrap();
        let task = w.see("tasks", t);
        assert_eq!(
            (&task["doer_id"], &task["subject"]),
            (&json!(w.user("bob")), &json!("Подзвонити до обіду")),
            "only what changed is carried over"
        );
        let later = w.verb("boss", "interactions", i, "postpone", json!({"planned_at": "2026-12-08T09:00:00Z"})).unwrap();
        assert_eq!((&later.data["state"], &later.data["at"]), (&json!("postponed"), &json!("2026-12-08T09:00:00.000000Z")));
        assert_eq!(w.see("tasks", t)["due_at"], "2026-12-08T09:00:00.000000Z");
        assert_eq!(
            faults(w.verb("boss", "interactions", i, "done", json!({"happened_at": "2999-01-01T00:00:00Z"}))),
            ["happened_at: date_future"]
        );
        let done = w
            .verb("bob", "interactions", i, "done", json!({"kind": "call_out", "result": "Заплатять", "next_step": "Перевірити оплату"}))
            .unwrap();
        assert_eq!((&done.data["kind"], &done.data["next_step"]), (&json!("call_out"), &json!("Перевірити оплату")));
        assert_eq!(state(&w, "tasks", t), "done");
        w.undo("bob", &done).unwrap();
        assert_eq!(
            (state(&w, "interactions", i), state(&w, "tasks", t)),
            ("postponed".into(), "planned".into()),
            "undo takes the task along"
        );
        let gone = w.delete("boss", "interactions", i).unwrap();
        assert_eq!(state(&w, "tasks", t), "cancelled");
        w.undo("boss", &gone).unwrap();
        assert_eq!(state(&w, "tasks", t), "planned");
        w.undo("boss", &made).unwrap();
        assert_eq!((state(&w, "tasks", t).as_str(), w.count("boss", "interactions", &[])), ("cancelled", 0));
    });
}

#[test]
fn int_01_history_of_contacts_comes_without_new_tasks() {
    both(|db| {
        let w = world(db);
        let old = w
            .import("interactions.create", None, json!({"kind": "email", "subject": "Лист", "happened_at": "2019-05-01T08:00:00+03:00"}))
            .unwrap();
        assert_eq!(w.see("interactions", old.id.unwrap())["happened_at"], "2019-05-01T05:00:00.000000Z");
        w.import("interactions.create", None, json!({"kind": "planned", "subject": "Забутий план", "planned_at": "2019-06-01T08:00:00Z"}))
            .unwrap();
        assert_eq!(w.count("admin", "tasks", &[]), 0);
    });
}

#[test]
fn acc_01_interactions_are_seen_by_responsible_writer_and_the_partners_manager() {
    both(|db| {
        let w = world(db);
        let p = w.make("ann", "partners", json!({"name": "Клієнт"}));
        let about = w.make("dir", "interactions", json!({"kind": "meeting", "subject": "Квазар обід", "partner_id": p}));
        let own = w.make("bob", "interactions", json!({"kind": "call_out", "subject": "Дзвінок"}));
        for who in ["ann", "boss", "dir"] {
            assert!(w.get(who, "interactions", about).is_ok(), "{who}");
        }
        assert_eq!(w.titles("ann", "interactions", &[]), ["Квазар обід"], "her client, whoever met him");
        for who in ["bob", "acc"] {
            // An accountant reads all partners, which opens nobody's talks with them.
            w.assert_unseen(who, "interactions", about, "квазар");
            assert_eq!(kind(w.verb(who, "interactions", about, "reopen", json!({}))), Kind::NotFound);
        }
        assert_eq!(w.count("bob", "interactions", &[]), 1);
        assert_eq!(w.count("bob", "interactions", &[("previous.subject.contains", "квазар")]), 0);
        let e = faults(w.update("bob", "interactions", own, 0, json!({"previous_id": about, "partner_id": p})));
        assert_eq!(e, ["partner_id: reference_missing", "previous_id: reference_missing"]);
    });
}

#[test]
fn plt_05_edits_of_an_interaction_join_or_show_both() {
    both(|db| {
        let w = world(db);
        let i = w.make("ann", "interactions", json!({"kind": "call_in", "subject": "А", "text": "було"}));
        w.update("boss", "interactions", i, 1, json!({"text": "їхнє"})).unwrap();
        w.update("ann", "interactions", i, 1, json!({"subject": "Б"})).unwrap();
        let seen = w.see("interactions", i);
        assert_eq!((&seen["subject"], &seen["text"]), (&json!("Б"), &json!("їхнє")));
        let e = w.update("ann", "interactions", i, 1, json!({"text": "моє"})).unwrap_err();
        assert_eq!(conflict(&e, "text"), (json!("було"), json!("їхнє"), json!("моє")));
        // A retry of a planned contact makes one task, a dry run none.
        let env = |dry: bool| Envelope {
            idempotency_key: (!dry).then(|| "k".into()),
            dry_run: dry,
            ..Envelope::new("interactions.create", json!({"kind": "planned", "subject": "Раз"}))
        };
        w.execute("ann", env(true)).unwrap();
        w.execute("ann", env(false)).unwrap();
        w.execute("ann", env(false)).unwrap();
        assert_eq!((w.count("ann", "interactions", &[("subject", "Раз")]), w.count("ann", "tasks", &[])), (1, 1));
    });
}

#[test]
fn int_03_bad_input_is_named_and_stores_nothing() {
    both(|db| {
        let w = world(db);
        let task = |input: Json| faults(w.create("ann", "tasks", input));
        assert_eq!(task(json!({})), ["subject: required"]);
        assert_eq!(
            task(json!({"subject": "x", "state": "done", "author_id": w.user("bob")})),
            ["author_id: read_only", "state: read_only"]
        );
        assert_eq!(
            task(
                json!({"subject": "x\u{0}", "percent": 101, "importance": "huge", "due_at": "2026-02-31T10:00:00Z", "kind": 1, "doer_id": 5, "what": 1})
            ),
            [
                "doer_id: bad_id",
                "due_at: bad_instant",
                "importance: bad_choice",
                "kind: bad_choice",
                "percent: out_of_range",
                "subject: bad_text",
                "what: unknown_field"
            ]
        );
        assert_eq!(
            task(json!({"subject": "x", "due_at": "2026-12-01T10:00:00Z", "reminder_at": "2026-12-01T10:00:01Z"})),
            ["reminder_at: reminder_after_due"]
        );
        assert_eq!(task(json!({"subject": "x", "deal_id": Id::nil(), "doer": "nobody at all"})), ["doer: reference_missing"]);
        assert_eq!(task(json!({"subject": "x", "deal_id": Id::nil()})), ["deal_id: reference_missing"]);
        let talk = |input: Json| faults(w.create("ann", "interactions", input));
        assert_eq!(talk(json!({"subject": "x", "kind": "telepathy"})), ["kind: bad_choice"]);
        assert_eq!(talk(json!({"kind": "email"})), ["subject: required"]);
        assert_eq!(talk(json!({"kind": "email", "subject": "x", "participants": [{}]})), ["participants.0.text: required"]);
        assert_eq!(
            talk(json!({"kind": "email", "subject": "x", "participants": [{"text": "x".repeat(301)}], "rating": 6})),
            ["participants.0.text: too_long", "rating: out_of_range"]
        );
        assert_eq!(
            talk(json!({"kind": "email", "subject": "x".repeat(301), "text": "ї".repeat(20_001)})),
            ["subject: too_long", "text: too_long"]
        );
        assert_eq!((w.count("admin", "tasks", &[]), w.count("admin", "interactions", &[])), (0, 0));
        let t = w.make("ann", "tasks", json!({"subject": "x"}));
        assert_eq!(faults(w.verb("ann", "tasks", t, "done", json!({"result": 5, "x": 1}))), ["result: wrong_type", "x: unknown_field"]);
        assert_eq!(kind(w.verb("ann", "tasks", t, "explode", json!({}))), Kind::NotFound);
        for text in AWKWARD {
            let i = w.make("ann", "interactions", json!({"kind": "message", "subject": text, "text": text}));
            assert_eq!(w.see("interactions", i)["text"], text);
            assert_eq!(w.titles("ann", "interactions", &[("q", text)]), [text]);
        }
    });
}

#[test]
fn plt_09_every_word_of_activities_exists_in_three_languages() {
    assert_eq!(missing_texts(&registry(), &["interactions", "tasks"]), [] as [String; 0]);
}
