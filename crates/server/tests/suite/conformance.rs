//! Every registered entity, on both databases: create, read, list, search, update, merge, conflict, dry run, repeat,
//! undo, archive or remove, history, rights. What is declared is what is tested.

mod wrong;

use crate::fixtures::{Samples, UGLY, both, user};
use kontor_kernel::error::Kind as ErrorKind;
use kontor_platform::query::Query;
use kontor_platform::spec::{Kind, Spec};
use kontor_platform::value::Id;
use kontor_platform::{App, Envelope};
use serde_json::{Value as Json, json};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the tests of this file do not prove, by name; the lists may only shrink. Facts are written by documents.
const FACTS: &[&str] = &["external-ids", "jobs", "prices", "settlement-documents", "settlement-stages", "deal-stage-log"];
/// Without a free text that may be changed, or fixed from their first moment.
const NOT_EDITED: &[&str] = &["rates"];
/// Whose rules keep a record that nothing refers to yet.
const NOT_REMOVED: &[&str] = &[];

type Names = RefCell<BTreeSet<String>>;

/// Exactly the named ones were passed over.
#[track_caller]
fn passed_over(found: &Names, named: &[&str]) {
    let found = found.borrow();
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), named, "exceptions are named, and only what is needed");
}

fn each(app: &Arc<App>, f: impl Fn(&mut Samples, &'static Spec)) {
    let mut s = Samples::new(app);
    for spec in app.registry.specs.iter().filter(|s| s.kind != Kind::Facts) {
        f(&mut s, spec);
    }
}

fn command(spec: &Spec, action: &str) -> String {
    format!("{}.{action}", spec.name)
}

fn count(app: &Arc<App>, s: &Samples, spec: &Spec) -> i64 {
    let q = Query { limit: 1, count: true, archived: true, ..Default::default() };
    app.list(&s.ctx, spec.name, &q).expect("the list is read").count.expect("counted")
}

#[test]
fn facts_are_the_named_ones() {
    let found: Vec<&str> = kontor::registry::registry().specs.iter().filter(|s| s.kind == Kind::Facts).map(|s| s.name).collect();
    assert_eq!(found, FACTS);
}

#[test]
fn plt_07_every_entity_is_created_read_listed_and_found() {
    both(|app| {
        each(app, |s, spec| {
            let id = s.fresh(spec.name);
            let j = app.get(&s.ctx, spec.name, id).unwrap_or_else(|e| panic!("{}: {e}", spec.name));
            assert_eq!(j["id"], json!(id), "{}", spec.name);
            assert_eq!(j["version"], 1, "{}", spec.name);
            for c in spec.columns.iter().filter(|c| c.visible()) {
                assert!(j.get(c.name).is_some(), "{}.{} is not shown", spec.name, c.name);
            }
            let q = Query { limit: 500, ..Default::default() };
            let page = app.list(&s.ctx, spec.name, &q).expect("a list");
            assert!(page.rows.iter().any(|r| r.id == id) || page.next.is_some(), "{} is not in its list", spec.name);
            let parsed: Json = serde_json::from_slice(&page.to_json(true)).unwrap_or_else(|e| panic!("{}: {e}", spec.name));
            assert!(parsed["items"].is_array());
            let title = j[spec.title].as_str().unwrap_or("");
            if spec.has_search() && title.chars().count() >= 3 && spec.col(spec.title).is_some_and(|c| c.search) {
                let q = Query { q: title.chars().take(30).collect(), limit: 500, ..Default::default() };
                let page = app.list(&s.ctx, spec.name, &q).expect("a search");
                assert!(page.rows.iter().any(|r| r.id == id), "{} is not found by its title {title:?}", spec.name);
            }
            let h = app.history(&s.ctx, spec.name, id, 10).expect("a history");
            assert!(!h.is_empty(), "{} has no history", spec.name);
        });
    });
}

#[test]
fn plt_11_every_visible_column_sorts_and_pages_without_loss() {
    both(|app| {
        each(app, |s, spec| {
            let made: Vec<Id> = (0..3).map(|_| s.fresh(spec.name)).collect();
            // Small pages find most; catalogs that come filled would take hundreds of them.
            let limit = if count(app, s, spec) > 20 { 97 } else { 2 };
            for c in spec.columns.iter().filter(|c| c.visible() && c.ty.storage() != "json") {
                for desc in [false, true] {
                    let mut q = Query { limit, sort: vec![(c.name.to_string(), desc)], ..Default::default() };
                    let mut seen = vec![];
                    for _ in 0..500 {
                        let page = app.list(&s.ctx, spec.name, &q).unwrap_or_else(|e| panic!("{} by {}: {e}", spec.name, c.name));
                        seen.extend(page.rows.iter().map(|r| r.id));
                        match page.next {
                            Some(n) => q.after = Some(n),
                            None => break,
                        }
                    }
                    let unique: kontor_kernel::HashSet<Id> = seen.iter().copied().collect();
                    assert_eq!(unique.len(), seen.len(), "{} by {}: a row came twice", spec.name, c.name);
                    for id in &made {
                        assert!(unique.contains(id), "{} by {}: a row was lost", spec.name, c.name);
                    }
                }
            }
        });
    });
}

#[test]
fn plt_11_every_visible_column_filters() {
    both(|app| {
        each(app, |s, spec| {
            let id = s.fresh(spec.name);
            let j = app.get(&s.ctx, spec.name, id).expect("just made");
            for c in spec.columns.iter().filter(|c| c.visible() && c.stored()) {
                let mut pairs = vec![(format!("{}.empty", c.name), "true".to_string()), (format!("{}.empty", c.name), "false".to_string())];
                let v = &j[c.name];
                let plain =
                    v.as_str().map(str::to_string).or_else(|| if v.is_number() || v.is_boolean() { Some(v.to_string()) } else { None });
                if let Some(p) = &plain {
                    for op in ["", ".ne", ".le", ".gt", ".in", ".contains"] {
                        pairs.push((format!("{}{op}", c.name), p.clone()));
                    }
                }
                for pair in pairs {
                    let what = format!("{}: {}={}", spec.name, pair.0, pair.1);
                    let exact = pair.0 == c.name && !pair.1.contains(',');
                    let mut q = Query::parse(app, &s.ctx, spec, &[pair]).unwrap_or_else(|e| panic!("{what}: {e}"));
                    q.limit = 500;
                    let page = app.list(&s.ctx, spec.name, &q).unwrap_or_else(|e| panic!("{what}: {e}"));
                    if exact {
                        assert!(
                            page.rows.iter().any(|r| r.id == id) || page.next.is_some() || j["archived"] == true,
                            "{what} does not find the record"
                        );
                    }
                }
            }
        });
    });
}

#[test]
fn plt_12_disjoint_edits_join_and_equal_fields_show_both() {
    both(|app| {
        let none = Names::default();
        each(app, |s, spec| {
            let id = s.fresh(spec.name);
            let free = free_texts(app, s, spec, id);
            let Some(a) = free.first() else {
                none.borrow_mut().insert(spec.name.to_string());
                return;
            };
            let edit = |field: &str, value: &Json| {
                app.execute(&s.ctx, Envelope::new(command(spec, "update"), json!({field: value})).on(id).seen(1))
            };
            // Every one of them takes an edit, not only the two that are proved.
            for c in &free {
                let env = Envelope::new(command(spec, "update"), json!({*c: "Правка"})).on(id).seen(1);
                app.execute(&s.ctx, Envelope { dry_run: true, ..env }).unwrap_or_else(|e| panic!("{}.{c}: {e}", spec.name));
            }
            let first = edit(a, &json!("Перша правка")).unwrap_or_else(|e| panic!("{}.{a}: {e}", spec.name));
            assert_eq!(first.version, 2, "{}", spec.name);
            // Who has one text only has free attributes beside it.
            let (b, second) = free.get(1).map_or(("custom", json!({"note": "Друга правка"})), |b| (*b, json!("Друга правка")));
            edit(b, &second).unwrap_or_else(|e| panic!("{}.{b}: {e}", spec.name));
            let j = app.get(&s.ctx, spec.name, id).expect("there");
            assert_eq!((j[*a].as_str(), &j[b]), (Some("Перша правка"), &second), "{}: disjoint edits did not join", spec.name);
            let e = edit(a, &json!("Інша думка")).expect_err("the same field was changed by two");
            assert_eq!(e.kind(), ErrorKind::Conflict, "{}: {e}", spec.name);
            let c = &e.inner().detail["conflicts"][0];
            assert_eq!(
                (c["field"].as_str(), c["theirs"].as_str(), c["yours"].as_str()),
                (Some(*a), Some("Перша правка"), Some("Інша думка")),
                "{}",
                spec.name
            );
            assert!(c.get("base").is_some(), "{}: the base is shown", spec.name);
            let e = app.execute(&s.ctx, Envelope::new(command(spec, "update"), json!({*a: "x"})).on(id)).expect_err("no version");
            assert_eq!(e.kind(), ErrorKind::VersionNeeded, "{}", spec.name);
        });
        passed_over(&none, NOT_EDITED);
    });
}

/// Columns of free text that may be changed in the record as it is, in no group with others; those of which the rules want a
/// special form (addresses of pages, expressions) are left out by their declaration in `Samples::editable`.
fn free_texts(app: &Arc<App>, s: &Samples, spec: &'static Spec, id: Id) -> Vec<&'static str> {
    let state = app.get(&s.ctx, spec.name, id).expect("just made")["state"].as_str().unwrap_or("").to_string();
    if !spec.editable_in(&state) {
        return vec![];
    }
    let grouped = |n: &&str| spec.groups.iter().any(|g| g.contains(n));
    Samples::editable(spec).into_iter().map(|c| c.name).filter(|n| !grouped(n)).collect()
}

#[test]
fn plt_12_dry_run_stores_nothing_repeats_are_done_once_and_undo_takes_back() {
    both(|app| {
        let none = Names::default();
        each(app, |s, spec| {
            let input = s.input(spec.name);
            let before = count(app, s, spec);
            let mut env = Envelope::new(command(spec, "create"), input.clone());
            env.dry_run = true;
            app.execute(&s.ctx, env.clone()).unwrap_or_else(|e| panic!("{} dry: {e}", spec.name));
            assert_eq!(count(app, s, spec), before, "{}: a dry run stored something", spec.name);
            env.dry_run = false;
            env.idempotency_key = Some(format!("key-{}", spec.name));
            let first = app.execute(&s.ctx, env.clone()).unwrap_or_else(|e| panic!("{}: {e}", spec.name));
            let again = app.execute(&s.ctx, env.clone()).expect("the same answer");
            assert_eq!(first.id, again.id, "{}: done twice", spec.name);
            assert!(again.replayed);
            env.input["comment"] = json!("another request");
            assert_eq!(app.execute(&s.ctx, env).expect_err("another body").kind(), ErrorKind::Refused, "{}", spec.name);
            assert_eq!(count(app, s, spec), before + 1, "{}", spec.name);
            if !undo_of_update(app, s, spec, first.id.expect("an id")) {
                none.borrow_mut().insert(spec.name.to_string());
            }
        });
        passed_over(&none, NOT_EDITED);
    });
}

fn undo_of_update(app: &Arc<App>, s: &Samples, spec: &'static Spec, id: Id) -> bool {
    let Some(field) = free_texts(app, s, spec, id).first().copied() else { return false };
    let was = app.get(&s.ctx, spec.name, id).expect("there");
    let version = was["version"].as_i64().expect("a version");
    let done = app
        .execute(&s.ctx, Envelope::new(command(spec, "update"), json!({field: "Помилка"})).on(id).seen(version))
        .unwrap_or_else(|e| panic!("{}.{field}: {e}", spec.name));
    let entry = done.audit_id.unwrap_or_else(|| panic!("{}: a change without an audit entry", spec.name));
    app.execute(&s.ctx, Envelope::new("audit.undo", Json::Null).on(entry)).unwrap_or_else(|e| panic!("{}: undo: {e}", spec.name));
    let now = app.get(&s.ctx, spec.name, id).expect("there");
    assert_eq!(now[field], was[field], "{}: undo did not bring {field} back", spec.name);
    true
}

/// Archived once more, and brought back by the verb instead of by undo; that can be undone itself.
fn restored(app: &Arc<App>, s: &Samples, spec: &'static Spec, id: Id, was: &Json) {
    let run = |action: &str| app.execute(&s.ctx, Envelope::new(command(spec, action), Json::Null).on(id));
    assert_eq!(run("restore").expect_err("it is not archived").inner().code, "not_archived", "{}", spec.name);
    run("delete").unwrap_or_else(|e| panic!("{}: archived again: {e}", spec.name));
    let back = run("restore").unwrap_or_else(|e| panic!("{}: restored: {e}", spec.name));
    assert_eq!(back.data["archived"], false, "{}", spec.name);
    for c in spec.columns.iter().filter(|c| c.writable() && c.visible()) {
        assert_eq!(back.data[c.name], was[c.name], "{}.{} was restored different", spec.name, c.name);
    }
    let entry = back.audit_id.unwrap_or_else(|| panic!("{}: no audit entry", spec.name));
    let undone = app.execute(&s.ctx, Envelope::new("audit.undo", Json::Null).on(entry)).unwrap_or_else(|e| panic!("{}: {e}", spec.name));
    assert_eq!(undone.data["archived"], true, "{}", spec.name);
    run("restore").unwrap_or_else(|e| panic!("{}: for those that refer to it: {e}", spec.name));
}

#[test]
fn text_is_just_text() {
    both(|app| {
        let s = Samples::new(app);
        for t in UGLY.into_iter().chain(["  spaces  "]) {
            let o = app.execute(&s.ctx, Envelope::new("partners.create", json!({"name": t}))).unwrap_or_else(|e| panic!("{t:?}: {e}"));
            let j = app.get(&s.ctx, "partners", o.id.expect("an id")).expect("there");
            assert_eq!(j["name"], t);
            let q = Query { q: t.trim().to_string(), limit: 50, ..Default::default() };
            let page = app.list(&s.ctx, "partners", &q).expect("a search");
            assert!(page.rows.iter().any(|r| r.title == t), "{t:?} is not found");
        }
    });
}

#[test]
fn plt_02_without_a_role_nothing_is_seen_or_done() {
    both(|app| {
        let nobody = user(app, "nobody", &[]);
        each(app, |s, spec| {
            let id = s.fresh(spec.name);
            let input = s.input(spec.name);
            let kind = |r: kontor_kernel::error::Result<()>| r.expect_err("refused").kind();
            assert_eq!(
                kind(app.list(&nobody, spec.name, &Query { limit: 10, ..Default::default() }).map(|_| ())),
                ErrorKind::Forbidden,
                "{}",
                spec.name
            );
            assert_eq!(kind(app.get(&nobody, spec.name, id).map(|_| ())), ErrorKind::NotFound, "{}", spec.name);
            assert_eq!(
                kind(app.execute(&nobody, Envelope::new(command(spec, "create"), input)).map(|_| ())),
                ErrorKind::Forbidden,
                "{}",
                spec.name
            );
            assert_eq!(
                kind(app.execute(&nobody, Envelope::new(command(spec, "update"), json!({})).on(id).seen(1)).map(|_| ())),
                ErrorKind::NotFound,
                "{}",
                spec.name
            );
            for v in &spec.verbs {
                assert_eq!(
                    kind(app.execute(&nobody, Envelope::new(command(spec, v.name), json!({})).on(id)).map(|_| ())),
                    ErrorKind::NotFound,
                    "{}.{}",
                    spec.name,
                    v.name
                );
            }
            assert_eq!(kind(app.history(&nobody, spec.name, id, 5).map(|_| ())), ErrorKind::NotFound, "{}", spec.name);
        });
        assert!(app.search(&nobody, "Проба", 5).expect("a search").is_empty());
    });
}

#[test]
fn plt_12_catalogs_are_archived_and_come_back_drafts_are_removed_and_come_back() {
    both(|app| {
        let kept = Names::default();
        each(app, |s, spec| {
            let id = s.fresh(spec.name);
            let was = app.get(&s.ctx, spec.name, id).expect("there");
            let o = match app.execute(&s.ctx, Envelope::new(command(spec, "delete"), Json::Null).on(id)) {
                Ok(o) => o,
                Err(e) => {
                    assert_eq!(e.kind(), ErrorKind::Refused, "{}: {e}", spec.name);
                    kept.borrow_mut().insert(spec.name.to_string());
                    return;
                }
            };
            let listed =
                app.list(&s.ctx, spec.name, &Query { limit: 500, ..Default::default() }).expect("a list").rows.iter().any(|r| r.id == id);
            assert!(!listed, "{} is still listed", spec.name);
            let entry = o.audit_id.unwrap_or_else(|| panic!("{}: no audit entry", spec.name));
            app.execute(&s.ctx, Envelope::new("audit.undo", Json::Null).on(entry)).unwrap_or_else(|e| panic!("{}: undo: {e}", spec.name));
            let now = app.get(&s.ctx, spec.name, id).unwrap_or_else(|e| panic!("{}: {e}", spec.name));
            for c in spec.columns.iter().filter(|c| c.writable() && c.visible()) {
                assert_eq!(now[c.name], was[c.name], "{}.{} came back different", spec.name, c.name);
            }
            if spec.kind == Kind::Catalog {
                restored(app, s, spec, id, &was);
            }
        });
        passed_over(&kept, NOT_REMOVED);
    });
}
