//! Partners through commands, on both databases: the card, edits that meet, undo, the tree, names, bad input.

#[path = "../common/mod.rs"]
mod common;
mod lists;

use common::{AWKWARD, World, conflict, faults, kind};
use kontor_kernel::error::Kind;
use kontor_partners::{ancestors, descendants};
use kontor_platform::Registry;
use kontor_platform::execute::Envelope;
use kontor_testkit::{TestDb, both};
use serde_json::{Value as Json, json};

fn world(db: &TestDb) -> World {
    World::new(db, kontor_partners::register(kontor_office::register(Registry::default())))
}

#[test]
fn ptr_01_a_partner_has_several_roles_and_a_place_in_a_holding() {
    both(|db| {
        let w = world(db);
        let head = w.make("dir", "partners", json!({"name": "Епіцентр", "roles": ["competitor", "client", "client"]}));
        let shop = w.make("dir", "partners", json!({"name": "Епіцентр Київ", "head_partner_id": head}));
        let box_ = w.make("dir", "partners", json!({"name": "Епіцентр Київ, кіоск", "head_partner_id": shop}));
        w.make("dir", "partners", json!({"name": "Нова лінія", "roles": []}));
        assert_eq!(w.see("partners", head)["roles"], json!(["client", "competitor"]), "each role once, in one order");
        assert_eq!(w.see("partners", shop)["head_partner"], json!({"id": head, "title": "Епіцентр"}));
        assert_eq!(w.see("partners", box_)["roles"], json!(["client"]), "who is written down is a client unless said otherwise");
        assert_eq!(w.titles("dir", "partners", &[("roles", "competitor")]), ["Епіцентр"]);
        assert_eq!(w.titles("dir", "partners", &[("head_partner.name", "Епіцентр")]), ["Епіцентр Київ"]);
        let (down, up) = w.app.store.read(|c| Ok((descendants(c, head)?, ancestors(c, box_)?))).unwrap();
        assert_eq!(down.len(), 3);
        assert!(down.contains(&head) && down.contains(&shop) && down.contains(&box_));
        assert_eq!(up, [shop, head]);
        assert!(w.app.store.read(|c| descendants(c, w.user("dir"))).unwrap().is_empty(), "no such partner");
    });
}

#[test]
fn ptr_01_a_holding_is_no_circle() {
    both(|db| {
        let w = world(db);
        let a = w.make("dir", "partners", json!({"name": "A"}));
        let b = w.make("dir", "partners", json!({"name": "B", "head_partner_id": a}));
        let c = w.make("dir", "partners", json!({"name": "C", "head_partner_id": b}));
        assert_eq!(faults(w.update("dir", "partners", a, 0, json!({"head_partner_id": c}))), ["head_partner_id: cycle"]);
        assert_eq!(faults(w.update("dir", "partners", a, 0, json!({"head_partner_id": a}))), ["head_partner_id: cycle"]);
        // Undo does not close a circle either: B left A, A went under B, and now B's leaving is to be taken back.
        let left = w.update("dir", "partners", b, 0, json!({"head_partner_id": null})).unwrap();
        w.update("dir", "partners", a, 0, json!({"head_partner_id": b})).unwrap();
        assert_eq!(faults(w.undo("dir", &left)), ["head_partner_id: cycle"]);
    });
}

#[test]
fn ptr_01_two_people_cannot_close_a_circle_together() {
    both(|db| {
        let w = world(db);
        let a = w.make("dir", "partners", json!({"name": "A"}));
        let b = w.make("dir", "partners", json!({"name": "B"}));
        std::thread::scope(|s| {
            let one = s.spawn(|| w.update("dir", "partners", a, 1, json!({"head_partner_id": b})));
            let two = s.spawn(|| w.update("boss", "partners", b, 1, json!({"head_partner_id": a})));
            let done = [one.join().unwrap(), two.join().unwrap()];
            assert_eq!(done.iter().filter(|r| r.is_ok()).count(), 1, "exactly one succeeds");
            let refused = done.into_iter().find(|r| r.is_err()).unwrap();
            assert_eq!(faults(refused), ["head_partner_id: cycle"]);
        });
    });
}

#[test]
fn ptr_02_region_line_and_source_are_given_by_name() {
    both(|db| {
        let w = world(db);
        w.make("dir", "regions", json!({"name": "Київ"}));
        let input = json!({"name": "Сільпо", "region": "Київ", "line_of_business": "Роздріб", "lead_source": "Виставка", "manager": "ann the salesperson"});
        assert_eq!(
            faults(w.create("dir", "partners", input.clone())),
            ["lead_source: reference_missing", "line_of_business: reference_missing"]
        );
        assert_eq!(w.count("dir", "partners", &[]), 0, "nothing is stored of what was refused");
        // An import of history makes what is missing.
        let p = w.import("partners.create", None, input).unwrap().id.unwrap();
        let seen = w.see("partners", p);
        assert_eq!(seen["line_of_business"]["title"], "Роздріб");
        assert_eq!(seen["manager_id"], json!(w.user("ann")));
        assert_eq!(w.titles("dir", "partners", &[("region", "Київ"), ("lead_source", "Виставка")]), ["Сільпо"]);
        assert_eq!(w.titles("dir", "partners", &[("region", "Одеса")]), [] as [&str; 0]);
    });
}

#[test]
fn ptr_02_who_writes_a_partner_down_answers_for_him() {
    both(|db| {
        let w = world(db);
        let p = w.make("ann", "partners", json!({"name": "Мій клієнт"}));
        assert_eq!(w.get("ann", "partners", p).unwrap()["manager_id"], json!(w.user("ann")));
        // A colleague who meets the same client is told whom to ask, and no more.
        let again = w.create("bob", "partners", json!({"name": "мій КЛІЄНТ"})).unwrap();
        let warning = &again.warnings[0];
        assert_eq!((warning.field.as_str(), &*warning.code), ("name", "similar_exists"));
        assert_eq!(warning.args, [("title".into(), "Мій клієнт".to_string()), ("name".into(), "ann the salesperson".to_string())]);
        w.update("ann", "partners", p, 0, json!({"manager_id": w.user("bob")})).unwrap();
        w.assert_unseen("ann", "partners", p, "клієнт");
        assert_eq!(w.get("bob", "partners", p).unwrap()["name"], "Мій клієнт");
    });
}

#[test]
fn plt_05_edits_of_different_fields_join_and_of_one_field_show_both() {
    both(|db| {
        let w = world(db);
        let p = w.make("dir", "partners", json!({"name": "Альфа", "phone": "0441234567"}));
        w.update("boss", "partners", p, 1, json!({"phone": "0447654321"})).unwrap();
        let joined = w.update("dir", "partners", p, 1, json!({"email": "a@alfa.ua", "phone": "0441234567"})).unwrap();
        assert_eq!((joined.data["phone"].as_str(), joined.data["email"].as_str()), (Some("0447654321"), Some("a@alfa.ua")));
        let e = w.update("dir", "partners", p, 1, json!({"phone": "0440000000", "comment": "дзвонити зранку"})).unwrap_err();
        assert_eq!(e.kind(), Kind::Conflict);
        assert_eq!(conflict(&e, "phone"), (json!("0441234567"), json!("0447654321"), json!("0440000000")));
        assert_eq!(w.see("partners", p)["comment"], Json::Null, "nothing of a conflicting edit is stored");
        // Country and address mean one thing: two halves of two edits make no address.
        let seen = w.version("partners", p);
        w.update("boss", "partners", p, seen, json!({"country": "PL"})).unwrap();
        assert_eq!(kind(w.update("dir", "partners", p, seen, json!({"address": "Київ, Хрещатик 1"}))), Kind::Conflict);
        assert_eq!(kind(w.execute("dir", Envelope::new("partners.update", json!({"phone": "12345"})).on(p))), Kind::VersionNeeded);
        assert_eq!(faults(w.update("dir", "partners", p, 99, json!({"phone": "12345"}))), ["version: bad_version"]);
    });
}

#[test]
fn plt_06_a_retry_creates_once_and_a_dry_run_nothing() {
    both(|db| {
        let w = world(db);
        let env = |name: &str| Envelope { idempotency_key: Some("k1".into()), ..Envelope::new("partners.create", json!({"name": name})) };
        let first = w.execute("ann", env("Бета")).unwrap();
        let again = w.execute("ann", env("Бета")).unwrap();
        assert_eq!((again.id, again.replayed, again.data.into_tree()), (first.id, true, first.data.into_tree()));
        assert_eq!(faults(w.execute("ann", env("Гамма"))), ["idempotency_mismatch"]);
        w.execute("bob", env("Гамма")).expect("keys are per user");
        assert_eq!(w.count("dir", "partners", &[]), 2);
        let dry = w.execute("ann", Envelope { dry_run: true, ..Envelope::new("partners.create", json!({"name": "Дельта"})) }).unwrap();
        assert_eq!(dry.data["name"], "Дельта");
        assert_eq!(w.count("dir", "partners", &[]), 2, "a dry run stores nothing");
        assert_eq!(faults(w.execute("ann", Envelope { dry_run: true, ..Envelope::new("partners.create", json!({})) })), ["name: required"]);
    });
}

#[test]
fn plt_07_undo_takes_back_create_edit_and_archiving() {
    both(|db| {
        let w = world(db);
        let made = w.create("ann", "partners", json!({"name": "Омега", "tags": ["vip"]})).unwrap();
        let p = made.id.unwrap();
        let edit = w.update("ann", "partners", p, 0, json!({"tags": ["vip", "новий"], "phone": "0441112233"})).unwrap();
        w.update("ann", "partners", p, 0, json!({"comment": "пізніше"})).unwrap();
        w.undo("ann", &edit).unwrap();
        let now = w.see("partners", p);
        assert_eq!((&now["tags"], &now["phone"], &now["comment"]), (&json!(["vip"]), &Json::Null, &json!("пізніше")));
        assert_eq!(faults(w.undo("ann", &edit)), ["undo_done"], "a second undo of the same finds nothing to take back");
        // Somebody changed the field since: his value stays.
        let edit = w.update("ann", "partners", p, 0, json!({"phone": "0441112233"})).unwrap();
        w.update("boss", "partners", p, 0, json!({"phone": "0449998877"})).unwrap();
        assert_eq!(kind(w.undo("ann", &edit)), Kind::Conflict);
        let gone = w.delete("ann", "partners", p).unwrap();
        assert_eq!(w.count("ann", "partners", &[]), 0, "archived records leave the list");
        assert_eq!(w.count("ann", "partners", &[("archived", "true")]), 1);
        w.undo("ann", &gone).unwrap();
        assert_eq!(w.titles("ann", "partners", &[]), ["Омега"]);
        w.undo("ann", &made).unwrap();
        assert_eq!(w.count("ann", "partners", &[]), 0);
        assert_eq!(kind(w.undo("bob", &gone)), Kind::NotFound, "what one may not see one may not undo");
    });
}

#[test]
fn plt_07_a_bulk_change_is_taken_back_as_one_and_what_changed_since_stays() {
    both(|db| {
        let w = world(db);
        let made: Vec<_> = ["Альфа", "Бета", "Гамма"]
            .iter()
            .map(|n| w.create("ann", "partners", json!({"name": n, "phone": "0441112201"})).unwrap().id.unwrap())
            .collect();
        let mut ctx = w.ctx("ann");
        let group = kontor_platform::value::new_id();
        ctx.group = Some(group);
        let change = |id| Envelope::new("partners.update", json!({"phone": "0441112202", "version": 1})).on(id);
        for r in w.app.execute_slice(&ctx, made.iter().map(|id| change(*id)).collect(), false).unwrap() {
            r.unwrap();
        }
        w.update("boss", "partners", made[1], 0, json!({"phone": "0441112203"})).unwrap();
        let phones = || made.iter().map(|id| w.see("partners", *id)["phone"].as_str().unwrap().to_string()).collect::<Vec<_>>();
        let undone = w.app.undo_group(&w.ctx("ann"), group).unwrap();
        assert_eq!((undone.undone, undone.stayed), (2, 1));
        assert_eq!(phones(), ["0441112201", "0441112203", "0441112201"]);
        assert_eq!(kind(w.app.undo_group(&w.ctx("ann"), group)), Kind::Conflict, "there is nothing left to take back");
        assert_eq!(kind(w.app.undo_group(&w.ctx("ann"), kontor_platform::value::new_id())), Kind::NotFound, "no such group");
    });
}

#[test]
fn ptr_02_awkward_texts_are_kept_and_found_as_they_are() {
    both(|db| {
        let w = world(db);
        for text in AWKWARD {
            let p = w.make("dir", "partners", json!({"name": text, "comment": text, "tags": [text], "custom": {"note": text}}));
            let seen = w.see("partners", p);
            assert_eq!(
                (&seen["name"], &seen["comment"], &seen["tags"][0], &seen["custom"]["note"]),
                (&json!(text), &json!(text), &json!(text), &json!(text))
            );
            assert_eq!(w.titles("dir", "partners", &[("name", text)]), [text]);
            assert_eq!(w.titles("dir", "partners", &[("q", text)]), [text], "search");
            assert_eq!(w.titles("dir", "partners", &[("custom.note", text)]), [text], "free attribute");
        }
        assert_eq!(w.count("dir", "partners", &[]), AWKWARD.len() as i64);
        w.make("dir", "partners", json!({"name": "ОБ’ЄДНАННЯ «Світ»"}));
        for (key, value) in
            [("name.contains", "об'єднання"), ("name.starts", "Обʼєдн"), ("q", "об`єднання світ"), ("name.contains", "«СВІТ»")]
        {
            assert_eq!(w.titles("dir", "partners", &[(key, value)]), ["ОБ’ЄДНАННЯ «Світ»"], "{key}");
        }
        // Latin i among Cyrillic letters is another name, not the same one.
        assert_eq!(w.count("dir", "partners", &[("name", "Кіровоградобленерго")]), 0);
    });
}

#[test]
fn ptr_02_a_phone_is_found_however_it_is_written() {
    both(|db| {
        let w = world(db);
        w.make("dir", "partners", json!({"name": "Дельта", "phone": "+380 (44) 123-45-67"}));
        let p = w.make("dir", "partners", json!({"name": "Сигма"}));
        w.make("dir", "contacts", json!({"partner_id": p, "full_name": "Олена", "phones": [{"value": "067 765 43 21", "kind": "mobile"}]}));
        for q in ["0441234567", "+380441234567", "+38 044 123 45 67", "(044) 123-45-67", "441234567"] {
            assert_eq!(w.titles("dir", "partners", &[("q", q)]), ["Дельта"], "{q}");
        }
        for q in ["0677654321", "+38 (067) 765-43-21", "067 765 43 21"] {
            assert_eq!(w.titles("dir", "contacts", &[("q", q)]), ["Олена"], "{q}");
        }
    });
}

#[test]
fn ptr_02_bad_input_is_named_field_by_field_and_stores_nothing() {
    both(|db| {
        let w = world(db);
        let refuse = |input: Json| faults(w.create("dir", "partners", input));
        assert_eq!(refuse(json!({})), ["name: required"]);
        assert_eq!(refuse(json!({"name": "  "})), ["name: required"]);
        assert_eq!(refuse(json!([])), ["object_expected"]);
        assert_eq!(
            refuse(json!({"name": 5, "color": "red", "roles": ["boss"]})),
            ["color: unknown_field", "name: wrong_type", "roles: bad_choice"]
        );
        assert_eq!(
            refuse(json!({"name": "a\u{0}b", "comment": "\u{0}", "tags": ["\u{0}"], "custom": {"x": "\u{0}"}})),
            ["comment: bad_text", "custom: bad_text", "name: bad_text", "tags: bad_text"]
        );
        assert_eq!(refuse(json!({"name": "x".repeat(301), "comment": "ї".repeat(20_001)})), ["comment: too_long", "name: too_long"]);
        assert_eq!(refuse(json!({"name": "two\nlines"})), ["name: one_line"]);
        assert_eq!(refuse(json!({"name": "x", "client_since": "2026-02-31"})), ["client_since: bad_date"]);
        assert_eq!(refuse(json!({"name": "x", "client_since": 20260228})), ["client_since: bad_date"]);
        assert_eq!(
            refuse(json!({"name": "x", "employees": "many", "founded_year": 3000, "annual_revenue": "1e5"})),
            ["annual_revenue: number_malformed", "employees: not_a_number", "founded_year: out_of_range"]
        );
        assert_eq!(refuse(json!({"name": "x", "annual_revenue": "999999999999999999999"})), ["annual_revenue: number_range"]);
        assert_eq!(refuse(json!({"name": "x", "manager_id": "me", "head_partner_id": w.user("ann")})), ["manager_id: bad_id"]);
        assert_eq!(
            refuse(json!({"name": "x", "head_partner_id": w.user("ann")})),
            ["head_partner_id: reference_missing"],
            "an id of another collection is no partner"
        );
        assert_eq!(refuse(json!({"name": "x", "country": "XX"})), ["country: bad_code"]);
        assert_eq!(
            refuse(json!({"name": "x", "archived": true, "created_at": "2026-01-01T00:00:00Z"})),
            ["archived: read_only", "created_at: read_only"]
        );
        assert_eq!(refuse(json!({"name": "x", "phone": "call me", "email": "nobody"})), ["email: email_bad", "phone: phone_bad"]);
        assert_eq!(refuse(json!({"name": "x", "website": "javascript:alert(1)"})), ["website: url_bad"]);
        assert_eq!(refuse(json!({"name": "x", "region": ["a"]})), ["region: wrong_type"]);
        assert_eq!(w.count("dir", "partners", &[]), 0);
        for bad in [
            ("color", "red"),
            ("employees", "many"),
            ("client_since.gt", "2026-02-31"),
            ("name.like", "x"),
            ("sort", "color"),
            ("limit", "501"),
            ("after", "zzz"),
            ("head_partner.x.y", "1"),
            ("custom.a'b", "1"),
            ("name", "a\u{0}b"),
        ] {
            assert!(!faults(w.try_list("dir", "partners", &[bad])).is_empty(), "{bad:?}");
        }
        // An old file may hold a phone that nobody can call: it comes in, with a word.
        let old = w.import("partners.create", None, json!({"name": "Старий", "phone": "12", "website": "www.ok.ua"})).unwrap();
        assert_eq!(&*old.warnings[0].code, "phone_bad");
    });
}
