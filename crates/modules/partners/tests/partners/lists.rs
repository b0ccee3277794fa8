//! Lists of partners: counted in groups, leafed through, searched; who sees which rows.

use crate::common::kind;
use crate::world;
use kontor_kernel::error::Kind;
use kontor_platform::execute::Envelope;
use kontor_platform::query::{Page, Query};
use kontor_testkit::both;
use serde_json::json;

#[test]
fn plt_10_a_list_is_counted_in_groups_of_references_choices_and_months() {
    both(|db| {
        let w = world(db);
        let head = w.make("dir", "partners", json!({"name": "Холдинг", "client_since": "2026-01-05"}));
        for (name, since) in [("Перша", "2026-01-20"), ("Друга", "2026-02-01")] {
            w.make("dir", "partners", json!({"name": name, "head_partner_id": head, "client_since": since}));
        }
        let spec = w.app.registry.get("partners").unwrap();
        let ctx = w.ctx("dir");
        let q = kontor_platform::query::Query::parse(&w.app, &ctx, spec, &[]).unwrap();
        let groups = |by: Option<&str>| {
            let all = w.app.totals(&ctx, "partners", &q, by, &[]).unwrap();
            let mut out: Vec<_> =
                all.into_iter().map(|g| (g.title.or(g.key.as_text().map(str::to_string)).unwrap_or_default(), g.count)).collect();
            out.sort();
            out
        };
        let one = |name: &str, n: i64| (name.to_string(), n);
        assert_eq!(groups(None), [one("", 3)]);
        assert_eq!(groups(Some("head_partner_id")), [one("", 1), one("Холдинг", 2)]);
        assert_eq!(groups(Some("client_since")), [one("2026-01", 2), one("2026-02", 1)]);
        assert_eq!(kind(w.app.totals(&ctx, "partners", &q, Some("comment"), &[])), Kind::Refused, "no groups of free text");
    });
}

/// Few matches stand in the list's order, very many newest first; pages go on as they began and give each record once.
#[test]
fn plt_05_too_many_matches_come_newest_first_and_each_once() {
    both(|db| {
        let w = world(db);
        let ctx = w.ctx("dir");
        let inputs =
            (0..1_200).map(|n| Envelope::new("partners.create", json!({"name": format!("Квазар {:04}", (n * 7) % 1_200)}))).collect();
        w.app.execute_slice(&ctx, inputs, false).expect("partners").into_iter().for_each(|r| drop(r.expect("a partner")));
        w.make("dir", "partners", json!({"name": "Атлант квазар"}));
        let list = |q: &str, sort: &str, after: Option<String>| {
            let sort = if sort.is_empty() { vec![] } else { vec![(sort.to_string(), false)] };
            let query = Query { q: q.into(), sort, after, limit: 500, fields: Some(vec![]), ..Default::default() };
            w.app.list(&ctx, "partners", &query).expect("a page")
        };
        let titles = |p: &Page| p.rows.iter().map(|r| r.title.clone()).collect::<Vec<_>>();
        let few = list("квазар 000", "", None);
        assert!(!few.newest);
        assert_eq!(titles(&few)[..3], ["Квазар 0000", "Квазар 0001", "Квазар 0002"]);
        let mut page = list("квазар", "", None);
        assert!(page.newest);
        assert_eq!(titles(&page)[..2], ["Атлант квазар".to_string(), format!("Квазар {:04}", (1_199 * 7) % 1_200)]);
        let mut seen = titles(&page);
        while let Some(next) = page.next.clone() {
            page = list("квазар", "", Some(next));
            assert!(page.newest);
            seen.extend(titles(&page));
        }
        assert_eq!(seen.len(), 1_201);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 1_201);
        // Who asks for an order gets it, however many there are.
        let sorted = list("квазар", "name", None);
        assert!(!sorted.newest);
        assert_eq!(titles(&sorted)[..2], ["Атлант квазар", "Квазар 0000"]);
        assert!(list("ва", "", None).newest, "two letters of very many");
    });
}

#[test]
fn plt_01_a_team_leafs_through_its_own_and_nothing_else() {
    both(|db| {
        let w = world(db);
        w.make("admin", "roles", json!({"code": "head", "name": "Head", "permissions": {"partners": "read:team", "users": "read"}}));
        w.make("admin", "users", json!({"login": "lead", "name": "Lead", "roles": ["head"]}));
        let owners = ["ann", "bob", "agent", "dir"];
        let mut expected = vec![];
        for n in 0..60 {
            let (owner, name) = (owners[n % owners.len()], format!("Партнер {:02}", n * 37 % 60));
            w.make(
                "dir",
                "partners",
                json!({"name": name, "manager_id": w.user(owner), "roles": [if n % 3 == 0 { "competitor" } else { "client" }]}),
            );
            if owner != "dir" {
                expected.push((name, n % 3 == 0));
            }
        }
        expected.sort();
        // Few are read person by person, very many in the list's order; nobody sees a difference.
        for strangers in [0, 150] {
            let mut ctx = w.ctx("lead");
            let mut access = (*ctx.access).clone();
            access.team = owners[..3].iter().map(|o| w.user(o)).chain((0..strangers).map(|_| kontor_platform::value::new_id())).collect();
            ctx.access = access.into();
            let spec = w.app.registry.get("partners").unwrap();
            let leaf = |filter: &[(&str, &str)]| {
                let (mut seen, mut after) = (vec![], None);
                loop {
                    let pairs: Vec<(String, String)> =
                        filter.iter().chain(&[("limit", "7"), ("count", "true")]).map(|(k, v)| (k.to_string(), v.to_string())).collect();
                    let mut q = Query::parse(&w.app, &ctx, spec, &pairs).unwrap();
                    q.after = after;
                    let page = w.app.list(&ctx, "partners", &q).unwrap();
                    seen.extend(page.rows.iter().map(|r| r.title.clone()));
                    after = page.next;
                    if after.is_none() {
                        return (seen, page.count.unwrap());
                    }
                }
            };
            let all: Vec<String> = expected.iter().map(|e| e.0.clone()).collect();
            let rivals: Vec<String> = expected.iter().filter(|e| e.1).map(|e| e.0.clone()).collect();
            assert_eq!(leaf(&[]), (all.clone(), 45));
            assert_eq!(leaf(&[("roles", "competitor")]), (rivals.clone(), rivals.len() as i64));
            let back: Vec<String> = all.iter().rev().cloned().collect();
            assert_eq!(leaf(&[("sort", "-name")]), (back, 45));
            assert_eq!(leaf(&[("q", "партнер 1")]).0.len(), all.iter().filter(|n| n.contains('1')).count());
        }
    });
}

/// However a number was typed and however it is looked for.
#[test]
fn ptr_02_a_phone_typed_as_digits_is_found_with_and_without_its_codes() {
    both(|db| {
        let w = world(db);
        let typed = ["044 123-45-67", "+380 44 123 45 67", "(044)1234567", "0441234567", "380441234567"];
        for (n, phone) in typed.iter().enumerate() {
            w.make("dir", "partners", json!({"name": format!("Дзвінок {n}"), "phone": phone}));
        }
        w.make("dir", "partners", json!({"name": "Інший", "phone": "+7 495 123-45-67"}));
        let ctx = w.ctx("dir");
        let found = |q: &str| {
            let query = Query { q: q.into(), limit: 50, fields: Some(vec![]), ..Default::default() };
            w.app.list(&ctx, "partners", &query).unwrap().rows.len()
        };
        for asked in typed.iter().chain(&["+380441234567", "44 123 45 67"]) {
            assert_eq!(found(asked), typed.len(), "{asked}");
        }
        for asked in ["84951234567", "8 (495) 123-45-67", "74951234567"] {
            assert_eq!(found(asked), 1, "{asked}");
        }
        assert_eq!((found("1234567"), found("0991234567")), (6, 0));
    });
}
