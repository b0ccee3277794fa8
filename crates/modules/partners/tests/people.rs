//! Contacts, counterparties and relations through commands, on both databases; and who sees whom.

mod common;

use common::{AWKWARD, World, faults, kind, missing_texts};
use kontor_kernel::error::Kind;
use kontor_partners::{PartnerFacts, partner_facts};
use kontor_platform::cx::Cx;
use kontor_platform::store::Conn;
use kontor_platform::value::Id;
use kontor_platform::{Ctx, Registry, Result};
use kontor_testkit::{TestDb, both};
use serde_json::{Value as Json, json};

fn registry() -> Registry {
    kontor_partners::register(kontor_office::register(Registry::default()))
}

fn world(db: &TestDb) -> World {
    World::new(db, registry())
}

fn with_cx<T: Send + 'static>(w: &World, f: impl FnOnce(&mut Cx) -> Result<T>) -> Result<T> {
    w.app.store.read(|conn| f(&mut Cx::new(conn, &w.app, &Ctx::system(), "test")))
}

#[test]
fn ptr_03_a_person_with_phones_works_for_several_partners() {
    both(|db| {
        let w = world(db);
        let (a, b) = (w.make("ann", "partners", json!({"name": "А"})), w.make("ann", "partners", json!({"name": "Б"})));
        let made = w
            .create(
                "ann",
                "contacts",
                json!({"partner_id": a, "full_name": "Ганна Петрівна Коваль", "position": "Головний бухгалтер", "decision_role": "pays", "birthday": "1980-02-29",
                    "phones": [{"value": "+380 67 123-45-67", "kind": "mobile"}, {"value": "(044) 123 45 67"}], "emails": [{"value": "hanna@a.ua", "kind": "work"}],
                    "links": [{"partner_id": b, "job_title": "Консультант", "valid_from": "2024-01-01", "valid_to": "2024-12-31"}]}),
            )
            .unwrap();
        let c = made.id.unwrap();
        let seen = w.get("ann", "contacts", c).unwrap();
        assert_eq!(seen["phones"], json!([{"value": "+380 67 123-45-67", "kind": "mobile"}, {"value": "(044) 123 45 67"}]));
        assert_eq!(seen["links"][0]["partner"]["title"], "Б");
        assert_eq!(seen["partner"], json!({"id": a, "title": "А"}));
        for q in ["коваль", "0671234567", "hanna@a.ua", "44 123"] {
            assert_eq!(w.titles("ann", "contacts", &[("q", q)]), ["Ганна Петрівна Коваль"], "{q}");
        }
        assert_eq!(w.titles("ann", "contacts", &[("partner.name", "А"), ("birthday.lt", "1990-01-01")]).len(), 1);
        // Links are rows of their own: one goes, one changes, one comes; undo brings back what was.
        let link = seen["links"][0]["id"].clone();
        let edit = w
            .update("ann", "contacts", c, 0, json!({"links": [{"partner_id": a}, {"id": link, "partner_id": b, "valid_to": "2025-06-30"}]}))
            .unwrap();
        assert_eq!(edit.data["links"][1]["id"], link);
        assert_eq!(edit.data["links"][1]["job_title"], "Консультант", "what was not given stays");
        w.undo("ann", &edit).unwrap();
        assert_eq!(w.see("contacts", c)["links"], seen["links"]);
    });
}

#[test]
fn ptr_03_wrong_contacts_are_refused_field_by_field() {
    both(|db| {
        let w = world(db);
        let a = w.make("dir", "partners", json!({"name": "А"}));
        let refuse = |input: Json| faults(w.create("dir", "contacts", input));
        assert_eq!(refuse(json!({})), ["full_name: required", "partner_id: required"]);
        let with = |extra: Json| {
            let mut input = json!({"partner_id": a, "full_name": "Х"});
            input.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            input
        };
        assert_eq!(
            refuse(with(json!({"phones": [{"value": "067 123 45 67"}, {"value": "нема"}], "emails": [{"value": "x@y"}]}))),
            ["emails.0.value: email_bad", "phones.1.value: phone_bad"]
        );
        assert_eq!(refuse(with(json!({"phones": [{"kind": "mobile"}]}))), ["phones.0.value: required"]);
        assert_eq!(
            refuse(with(json!({"phones": [{"value": "0671234567", "kind": "pager", "x": 1}]}))),
            ["phones.0.kind: bad_choice", "phones.0.x: unknown_field"]
        );
        assert_eq!(refuse(with(json!({"phones": "0671234567"}))), ["phones: wrong_type"]);
        assert_eq!(refuse(with(json!({"phones": vec![json!({"value": "0671234567"}); 201]}))), ["phones: line_limit"]);
        assert_eq!(refuse(with(json!({"birthday": "1980-02-31"}))), ["birthday: bad_date"]);
        assert_eq!(refuse(with(json!({"birthday": "2999-01-01"}))), ["birthday: date_future"]);
        assert_eq!(
            refuse(with(json!({"links": [{"partner_id": a, "valid_from": "2024-02-01", "valid_to": "2024-01-01"}]}))),
            ["links.0.valid_to: bad_period"]
        );
        assert_eq!(refuse(with(json!({"links": [{"partner_id": Id::nil()}]}))), ["links.0.partner_id: reference_missing"]);
        assert_eq!(refuse(with(json!({"links": [{"id": Id::nil(), "partner_id": a}]}))), ["links.0.id: not_found"]);
        assert_eq!(w.count("dir", "contacts", &[]), 0);
        for text in AWKWARD {
            let c = w.make("dir", "contacts", with(json!({"full_name": text, "messengers": [{"value": text, "kind": "other"}]})));
            assert_eq!(w.see("contacts", c)["messengers"][0]["value"], text);
            assert_eq!(w.titles("dir", "contacts", &[("q", text)]), [text]);
        }
    });
}

#[test]
fn ptr_04_check_digits_are_checked_for_the_country_they_belong_to() {
    both(|db| {
        let w = world(db);
        let p = w.make("acc", "partners", json!({"name": "Вінницяобленерго"}));
        let with = |extra: Json| {
            let mut input = json!({"partner_id": p, "legal_name": "АТ «Вінницяобленерго»", "country": "UA"});
            input.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            input
        };
        let refuse = |extra: Json| faults(w.create("acc", "counterparties", with(extra)));
        assert_eq!(
            refuse(
                json!({"registration_code": "00130695", "tax_id": "3184710692", "iban": "UA213223130000026007233566002", "vat_number": "1"})
            ),
            ["iban: iban_bad", "registration_code: registration_code_bad", "tax_id: tax_id_bad", "vat_number: vat_number_bad"]
        );
        assert_eq!(refuse(json!({"tax_id": "12345"})), ["tax_id: tax_id_length"]);
        assert_eq!(refuse(json!({"country": "RU", "tax_id": "7707083894"})), ["tax_id: tax_id_bad"]);
        assert_eq!(refuse(json!({"country": null})), ["country: required"]);
        assert_eq!(refuse(json!({"country": "UKR"})), ["country: bad_code"]);
        let c = w.make(
            "acc",
            "counterparties",
            with(json!({"registration_code": " 00130694 ", "iban": "ua21 3223 1300 0002 6007 2335 6600 1"})),
        );
        let seen = w.see("counterparties", c);
        assert_eq!((&seen["registration_code"], &seen["iban"]), (&json!("00130694"), &json!("UA213223130000026007233566001")));
        w.make("acc", "counterparties", with(json!({"country": "PL", "tax_id": "whatever they use", "registration_code": "00130695"})));
        // The rule follows the country when it changes.
        assert_eq!(faults(w.update("acc", "counterparties", c, 0, json!({"country": "RU"}))), ["registration_code: registration_code_bad"]);
        // History comes as it is, with a warning; later edits of other fields are not refused for it.
        let old =
            w.import("counterparties.create", None, with(json!({"legal_name": "Старе ПП", "registration_code": "12345679"}))).unwrap();
        assert_eq!((old.warnings[0].field.as_str(), &*old.warnings[0].code), ("registration_code", "registration_code_bad"));
        w.update("acc", "counterparties", old.id.unwrap(), 0, json!({"director": "Іваненко І. І."})).unwrap();
        assert_eq!(
            faults(w.update("acc", "counterparties", old.id.unwrap(), 0, json!({"registration_code": "12345670"}))),
            ["registration_code: registration_code_bad"]
        );
        // The same code again is worth a word.
        let twin = w.create("acc", "counterparties", with(json!({"legal_name": "Філія", "registration_code": "00130694"}))).unwrap();
        assert_eq!((twin.warnings[0].field.as_str(), &*twin.warnings[0].code), ("registration_code", "similar_exists"));
    });
}

#[test]
fn ptr_01_documents_take_the_main_counterparty_or_the_one_they_name() {
    both(|db| {
        let w = world(db);
        let p = w.make(
            "acc",
            "partners",
            json!({"name": "Роги та копита", "address": "Київ", "country": "UA", "roles": ["client", "supplier"]}),
        );
        let other = w.make("acc", "partners", json!({"name": "Інші"}));
        assert_eq!(with_cx(&w, |cx| partner_facts(cx, p, None)).unwrap().counterparty, None);
        let make = |legal: &str, partner: Id| {
            w.make(
                "acc",
                "counterparties",
                json!({"partner_id": partner, "legal_name": legal, "country": "UA", "registration_code": "00130694"}),
            )
        };
        let (first, second, foreign) = (make("ТОВ «Перше»", p), make("ТОВ «Друге»", p), make("ТОВ «Чуже»", other));
        let named = |id: Option<Id>| with_cx(&w, move |cx| partner_facts(cx, p, id)).map(|f| f.counterparty.map(|c| c.legal_name));
        assert_eq!(named(None).unwrap().as_deref(), Some("ТОВ «Перше»"), "the first one is the main one");
        assert_eq!(named(Some(second)).unwrap().as_deref(), Some("ТОВ «Друге»"));
        assert_eq!(faults(named(Some(foreign))), ["counterparty_id: counterparty_other_partner"]);
        assert_eq!(faults(named(Some(Id::nil()))), ["counterparty_id: reference_missing"]);
        w.update("acc", "counterparties", second, 0, json!({"is_main": true})).unwrap();
        assert_eq!(w.see("counterparties", first)["is_main"], false, "there is one main counterparty");
        // Of one command only what is asked anew is read; what was found without a name is known by its name too.
        let (statements, known, asked) = with_cx(&w, move |cx| {
            partner_facts(cx, p, None)?;
            let before = Conn::statements_of_thread();
            let known = partner_facts(cx, p, Some(second))?;
            let statements = Conn::statements_of_thread() - before;
            Ok((statements, known, partner_facts(cx, p, Some(first))?))
        })
        .unwrap();
        assert_eq!(statements, 0);
        let legal = |f: PartnerFacts| f.counterparty.map(|c| c.legal_name);
        assert_eq!((legal(known).as_deref(), legal(asked).as_deref()), (Some("ТОВ «Друге»"), Some("ТОВ «Перше»")));
        let facts = with_cx(&w, |cx| partner_facts(cx, p, None)).unwrap();
        assert!(facts.is("supplier") && !facts.is("competitor"));
        let frozen = facts.frozen();
        assert_eq!((&frozen["name"], &frozen["address"]), (&json!("Роги та копита"), &json!("Київ")));
        assert_eq!(
            (&frozen["counterparty"]["legal_name"], &frozen["counterparty"]["registration_code"]),
            (&json!("ТОВ «Друге»"), &json!("00130694"))
        );
    });
}

#[test]
fn ptr_08_partners_are_related_with_kind_direction_and_dates() {
    both(|db| {
        let w = world(db);
        let (a, b) = (w.make("ann", "partners", json!({"name": "Завод"})), w.make("ann", "partners", json!({"name": "Дилер"})));
        let made = w
            .create(
                "ann",
                "partner-relations",
                json!({"partner_id": b, "related_partner_id": a, "kind": "dealer", "valid_from": "2024-01-01", "comment": "Захід"}),
            )
            .unwrap();
        assert_eq!((&made.data["name"], &made.data["direction"]), (&json!("Дилер — Завод"), &json!("to")));
        assert_eq!(w.titles("ann", "partner-relations", &[("related_partner.name", "Завод"), ("kind", "dealer")]), ["Дилер — Завод"]);
        let refuse = |input: Json| faults(w.create("ann", "partner-relations", input));
        assert_eq!(refuse(json!({"partner_id": a, "related_partner_id": a, "kind": "owner"})), ["related_partner_id: same_record"]);
        assert_eq!(
            refuse(json!({"partner_id": a, "related_partner_id": b, "kind": "enemy", "direction": "up"})),
            ["direction: bad_choice", "kind: bad_choice"]
        );
        assert_eq!(
            refuse(
                json!({"partner_id": a, "related_partner_id": b, "kind": "owner", "valid_from": "2024-02-01", "valid_to": "2024-01-31"})
            ),
            ["valid_to: bad_period"]
        );
        let foreign = w.make("bob", "partners", json!({"name": "Чужий"}));
        assert_eq!(
            refuse(json!({"partner_id": a, "related_partner_id": foreign, "kind": "owner"})),
            ["related_partner_id: reference_missing"]
        );
        let gone = w.delete("ann", "partner-relations", made.id.unwrap()).unwrap();
        assert_eq!(w.count("ann", "partner-relations", &[]), 0);
        w.undo("ann", &gone).unwrap();
        assert_eq!(w.count("ann", "partner-relations", &[]), 1);
    });
}

/// A client of ann's with a contact, a counterparty and a relation, all with a rare word in them.
fn anns_client(w: &World) -> [(&'static str, Id); 4] {
    let p = w.make("ann", "partners", json!({"name": "Гарантбуд Квазар", "tags": ["квазар"]}));
    let q = w.make("ann", "partners", json!({"name": "Квазар Холдинг"}));
    let c = w.make("ann", "contacts", json!({"partner_id": p, "full_name": "Квазар Петренко"}));
    let l = w.make("ann", "counterparties", json!({"partner_id": p, "legal_name": "ТОВ Квазар", "country": "UA"}));
    let r = w.make("ann", "partner-relations", json!({"partner_id": p, "related_partner_id": q, "kind": "owner"}));
    [("partners", p), ("contacts", c), ("counterparties", l), ("partner-relations", r)]
}

#[test]
fn acc_01_a_foreign_salesperson_learns_nothing_of_a_colleagues_client() {
    both(|db| {
        let w = world(db);
        let rows = anns_client(&w);
        let own = w.make("bob", "partners", json!({"name": "Мій"}));
        for who in ["bob", "agent"] {
            for (collection, id) in rows {
                w.assert_unseen(who, collection, id, "квазар");
            }
        }
        let (p, c) = (rows[0].1, rows[1].1);
        // Neither through filters over references …
        assert_eq!(w.count("ann", "contacts", &[("partner.name.contains", "КВАЗАР")]), 1);
        assert_eq!(w.count("bob", "contacts", &[("partner.name.contains", "квазар")]), 0);
        assert_eq!(w.count("bob", "partners", &[("head_partner.name.contains", "квазар")]), 0);
        // … nor by using its id or its name in a record of his own: the answer is that of an id that was never given.
        for (collection, input) in [
            ("contacts", json!({"partner_id": p, "full_name": "Х"})),
            ("counterparties", json!({"partner_id": p, "legal_name": "Х", "country": "UA"})),
            ("partner-relations", json!({"partner_id": p, "related_partner_id": own, "kind": "owner"})),
        ] {
            assert_eq!(faults(w.create("bob", collection, input)), ["partner_id: reference_missing"], "{collection}");
        }
        let e = faults(w.create(
            "bob",
            "partner-relations",
            json!({"partner_id": own, "related_partner_id": own, "contact_id": c, "kind": "owner"}),
        ));
        assert_eq!(e, ["contact_id: reference_missing"]);
        assert_eq!(faults(w.update("bob", "partners", own, 0, json!({"head_partner_id": p}))), ["head_partner_id: reference_missing"]);
        // Adding rows that he may not see changed no byte that he sees.
        assert_eq!(w.titles("bob", "partners", &[]), ["Мій"]);
        assert_eq!(w.count("bob", "partners", &[]), 1);
    });
}

#[test]
fn acc_01_each_role_sees_what_its_work_needs() {
    both(|db| {
        let w = world(db);
        let rows = anns_client(&w);
        let sees =
            |who: &str| rows.iter().filter(|(collection, id)| w.get(who, collection, *id).is_ok()).map(|(c, _)| *c).collect::<Vec<_>>();
        for who in ["admin", "dir", "boss", "ann", "acc"] {
            assert_eq!(sees(who), ["partners", "contacts", "counterparties", "partner-relations"], "{who}");
        }
        assert_eq!(sees("store"), ["partners"], "a storekeeper knows partners, not their people");
        assert_eq!(sees("nobody"), [] as [&str; 0]);
        assert_eq!(w.app.search(&w.ctx("nobody"), "квазар", 10).unwrap().len(), 0);
        // Rights that are not there are a 403 on what one sees, for whatever one tries.
        let p = rows[0].1;
        assert_eq!(kind(w.create("store", "partners", json!({"name": "Х"}))), Kind::Forbidden);
        assert_eq!(kind(w.update("store", "partners", p, 1, json!({"name": "Х"}))), Kind::Forbidden);
        assert_eq!(kind(w.delete("acc", "partners", p)), Kind::Forbidden);
        assert_eq!(kind(w.try_list("store", "contacts", &[])), Kind::Forbidden);
        // What is hidden from a role is an unknown field to it: in the card, in filters, in sorting.
        assert!(w.get("store", "partners", p).unwrap().get("annual_revenue").is_none());
        assert_eq!(faults(w.try_list("store", "partners", &[("annual_revenue.gt", "1")])), ["annual_revenue.gt: unknown_field"]);
        assert_eq!(faults(w.try_list("store", "partners", &[("sort", "annual_revenue")])), ["sort: unknown_field"]);
    });
}

#[test]
fn acc_01_who_reads_more_than_he_may_change_is_refused_what_he_sees_and_told_nothing_of_the_rest() {
    both(|db| {
        let w = world(db);
        w.make(
            "admin",
            "roles",
            json!({"code": "reader", "name": "Reader", "permissions": {"partners": "read update:own delete:own undo:own"}}),
        );
        w.make("admin", "users", json!({"login": "carl", "name": "Carl", "roles": ["reader"]}));
        let (his, hers) = (w.make("ann", "partners", json!({"name": "Його"})), w.make("ann", "partners", json!({"name": "Її"})));
        let carl = w.ctx("carl").user_id;
        w.update("admin", "partners", his, 1, json!({"manager_id": carl})).unwrap();
        assert_eq!(w.titles("carl", "partners", &[("sort", "name")]).len(), 2, "he reads both");
        assert_eq!(kind(w.update("carl", "partners", hers, 1, json!({"name": "Х"}))), Kind::Forbidden);
        assert_eq!(kind(w.delete("carl", "partners", hers)), Kind::Forbidden);
        let changed = w.update("ann", "partners", hers, 1, json!({"address": "Київ"})).unwrap();
        assert_eq!(kind(w.undo("carl", &changed)), Kind::Forbidden);
        assert_eq!(kind(w.update("carl", "partners", Id::nil(), 1, json!({"name": "Х"}))), Kind::NotFound);
        w.update("carl", "partners", his, 2, json!({"name": "Свій"})).unwrap();
        w.delete("carl", "partners", his).unwrap();
    });
}

#[test]
fn plt_09_every_word_of_partners_exists_in_three_languages() {
    assert_eq!(missing_texts(&registry(), &["partners", "contacts", "counterparties", "partner-relations"]), [] as [String; 0]);
}
