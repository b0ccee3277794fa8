//! The kinds of long work that the program brings: bulk commands, undo of large groups, housekeeping by the clock, reminders.

use super::{ENOUGH, NO_TIME, both_nodes, node, run_all, seen};
use crate::fixtures::{both, system, user};
use chrono::{Duration, Utc};
use kontor_kernel::error::Result;
use kontor_platform::query::Query;
use kontor_platform::store::Priority;
use kontor_platform::value::{Id, Value, new_id};
use kontor_platform::{App, Ctx, Envelope, Source};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// Partners called `Масові NNN`, written as fast as imports are.
fn partners(app: &Arc<App>, n: usize) {
    let ctx = system().with_source(Source::Import);
    let made: Vec<Envelope> =
        (0..n).map(|i| Envelope::new("partners.create", json!({"name": format!("Масові {i:04}"), "tags": ["bulk"]}))).collect();
    for chunk in made.chunks(200) {
        app.execute_slice(&ctx, chunk.to_vec(), false).expect("partners are made");
    }
}

fn bulk(app: &Arc<App>, ctx: &Ctx, command: &str, input: Json) -> Id {
    let asked =
        json!({"collection": "partners", "command": command, "filter": [["name.starts", "Масові"]], "input": input, "upto": new_id()});
    let job = app.start_job(ctx, "bulk", "Багато", asked, None).expect("queued");
    Id::parse_str(job["id"].as_str().expect("an id")).expect("an id")
}

fn count(app: &Arc<App>, filter: &[(&str, &str)]) -> i64 {
    let spec = app.registry.get("partners").expect("partners");
    let pairs: Vec<(String, String)> = filter.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    let mut q = Query::parse(app, &system(), spec, &pairs).expect("a filter");
    (q.limit, q.count) = (1, true);
    app.list(&system(), "partners", &q).expect("a list").count.expect("counted")
}

#[test]
fn plt_12_bulk_over_all_matches_is_one_group_with_an_entry_for_each_record() {
    both(|app| {
        let boss = user(app, "boss", &["administrator"]);
        partners(app, 700);
        // The change moves the records out of the filter that found them: none may be missed on the way.
        let asked = json!({"collection": "partners", "command": "update", "filter": [["comment.empty", "true"], ["name.starts", "Масові"]],
            "input": {"comment": "оброблено"}, "upto": new_id()});
        let job = app.start_job(&boss, "bulk", "Багато", asked, None).expect("queued");
        partners(app, 1);
        run_all(app);
        let id = Id::parse_str(job["id"].as_str().expect("an id")).expect("an id");
        let j = seen(app, id);
        assert_eq!((&j["state"], &j["done"], &j["total"]), (&json!("done"), &json!(700), &json!(700)), "{j}");
        assert_eq!(count(app, &[("comment", "оброблено")]), 700, "and none that came later");
        let entries = app.store.read(|c| {
            c.query_one(
                "SELECT COUNT(*) FROM audit WHERE group_id = ? AND user_id = ? AND source = 'job'",
                &[id.into(), boss.user_id.into()],
            )?
            .int(0)
        });
        assert_eq!(entries.expect("read"), 700);
    });
}

#[test]
fn plt_12_bulk_takes_back_what_it_did_when_it_fails_or_is_cancelled() {
    both(|app| {
        let boss = user(app, "boss", &["administrator"]);
        partners(app, 400);
        // Refused in the check: nothing is touched.
        let id = bulk(app, &boss, "update", json!({"country": "№№"}));
        run_all(app);
        let j = seen(app, id);
        assert_eq!((&j["state"], &j["error"]["errors"][0]["field"]), (&json!("failed"), &json!("country")), "{j}");
        assert!(j["error"]["record_id"].is_string(), "{j}");
        assert_eq!(j["done"], 0);
        // Cancelled half-way: what was done is undone.
        let id = bulk(app, &boss, "update", json!({"comment": "наполовину"}));
        while seen(app, id)["state"] != "done" && count(app, &[("comment", "наполовину")]) == 0 {
            app.run_jobs(NO_TIME).expect("a slice");
        }
        let touched = count(app, &[("comment", "наполовину")]);
        assert!(touched > 0 && touched < 400, "{touched}");
        app.execute(&boss, Envelope::new("jobs.cancel", Json::Null).on(id)).expect("cancelled");
        run_all(app);
        let j = seen(app, id);
        assert_eq!((&j["state"], &j["result"]["stayed"], &j["done"]), (&json!("cancelled"), &json!(0), &json!(0)), "{j}");
        assert_eq!(count(app, &[("comment", "наполовину")]), 0);
        // Archiving is a bulk command too; somebody's later work outlives its undoing.
        let id = bulk(app, &boss, "delete", Json::Null);
        run_all(app);
        assert_eq!(seen(app, id)["state"], "done");
        assert_eq!(count(app, &[("name.starts", "Масові")]), 0);
        assert_eq!(count(app, &[("name.starts", "Масові"), ("archived", "true")]), 400);
    });
}

#[test]
fn plt_12_schedules_start_once_per_time_and_remove_what_has_run_out() {
    both_nodes(|url, app| {
        let ctx = user(app, "typist", &["administrator"]);
        let mut env = Envelope::new("regions.create", json!({"name": "Ключ"}));
        env.idempotency_key = Some("fresh".into());
        app.execute(&ctx, env.clone()).expect("made");
        env.idempotency_key = Some("old".into());
        env.input = json!({"name": "Ключ 2"});
        app.execute(&ctx, env).expect("made");
        app.keep_draft(&ctx, "fresh", json!({})).expect("kept");
        app.keep_draft(&ctx, "old", json!({})).expect("kept");
        app.keep_setting(&ctx, "old", json!({})).expect("kept");
        let (week, month) = (Utc::now() - Duration::days(8), Utc::now() - Duration::days(31));
        app.store
            .write(Priority::People, move |c| {
                c.exec("UPDATE idempotency SET at = ? WHERE key = 'old'", &[week.into()])?;
                c.exec("UPDATE drafts SET at = ? WHERE key IN ('old', 'setting/old')", &[month.into()])
            })
            .expect("aged");
        let now = Utc::now();
        let other = node(url);
        for node in [app, &other, app] {
            node.schedule_jobs(now - Duration::days(40)).expect("scheduled");
        }
        run_all(app);
        let q = Query { limit: 10, ..Default::default() };
        // Other kinds have times of their own.
        let all = || app.list(&system(), "jobs", &q).expect("a list").rows;
        let ours = || all().into_iter().map(|r| r.id).filter(|id| seen(app, *id)["kind"] == "housekeeping").collect::<Vec<_>>();
        let (scheduled, before) = (ours(), all().len());
        assert_eq!(scheduled.len(), 1, "one time, one job, whoever looked at the clock");
        let j = seen(app, scheduled[0]);
        assert_eq!(j["result"], json!({"idempotency": 1, "drafts": 1, "jobs": 0, "deliveries": 0, "events": 0}), "{j}");
        let keys = |sql: &'static str| {
            app.store
                .read(|c| c.query(sql, &[])?.iter().map(|r| Ok(r.text(0)?.to_string())).collect::<Result<Vec<String>>>())
                .expect("read")
        };
        assert_eq!(keys("SELECT key FROM idempotency"), ["fresh"]);
        assert_eq!(keys("SELECT key FROM drafts ORDER BY key"), ["fresh", "setting/old"]);
        app.schedule_jobs(now).expect("the next time");
        let old: Value = (now - Duration::days(31)).into();
        app.store
            .write(Priority::People, move |c| c.exec("UPDATE jobs SET finished_at = ? WHERE state = 'done'", std::slice::from_ref(&old)))
            .expect("aged");
        run_all(app);
        let left = ours();
        assert_eq!(left.len(), 1, "the old one went");
        assert_eq!(seen(app, left[0])["result"]["jobs"], before);
    });
}

#[test]
fn plt_07_a_group_too_large_for_one_transaction_is_taken_back_by_a_job() {
    const MANY: usize = kontor_platform::GROUP_MAX + 1;
    both(|app| {
        let boss = user(app, "boss", &["administrator"]);
        partners(app, MANY);
        let group = bulk(app, &boss, "update", json!({"comment": "забагато"}));
        run_all(app);
        assert_eq!(count(app, &[("comment", "забагато")]), MANY as i64);
        // Somebody goes on with one of them: his work stays.
        let one = app.store.read(|c| c.query_one("SELECT id FROM partners WHERE name = 'Масові 0007'", &[])?.id(0)).expect("an id");
        let version = app.record(&boss, "partners", one).expect("is there").version;
        app.execute(&boss, Envelope::new("partners.update", json!({"comment": "інше"})).on(one).seen(version)).expect("changed");
        assert!(app.undo_large_group(&boss, new_id()).expect("asked").is_none(), "an unknown group is no large one");
        let job = app.undo_large_group(&boss, group).expect("asked").expect("a job");
        assert_eq!((&job["state"], &job["total"]), (&json!("queued"), &json!(MANY)));
        let id = Id::parse_str(job["id"].as_str().expect("an id")).expect("an id");
        run_all(app);
        let j = seen(app, id);
        assert_eq!((&j["state"], &j["result"]["done"], &j["result"]["stayed"]), (&json!("done"), &json!(MANY - 1), &json!(1)), "{j}");
        assert_eq!((count(app, &[("comment", "забагато")]), count(app, &[("comment", "інше")])), (0, 1));
    });
}

#[test]
fn agr_03_the_manager_is_reminded_once_of_each_end_of_a_contract() {
    both(|app| {
        let (system, ann) = (system(), user(app, "ann", &["salesperson"]));
        let make = |collection: &str, input: Json| {
            let env = Envelope::new(format!("{collection}.create"), input);
            app.execute(&system, env).unwrap_or_else(|e| panic!("{collection}: {e:?}")).id.expect("an id")
        };
        let company = make("companies", json!({"name": "Контора", "currency": "UAH", "country": "UA"}));
        let partner = make("partners", json!({"name": "Клієнт", "manager_id": ann.user_id}));
        let day = |n: i64| (system.today + Duration::days(n)).to_string();
        let contract = |number: &str, ends: i64, remind: i64| {
            make(
                "contracts",
                json!({"number": number, "company_id": company, "partner_id": partner, "date": "2020-01-01", "currency": "UAH", "manager_id": ann.user_id, "valid_to": day(ends), "remind_days": remind}),
            )
        };
        let near = contract("C-NEAR", 20, 30);
        contract("C-FAR", 60, 30);
        contract("C-OVER", -1, 30);
        let run = || {
            app.start_job(&system, "contract-reminders", "reminders", json!({}), None).expect("starts");
            while app.run_jobs(ENOUGH).expect("runs") {}
        };
        let tasks = || {
            app.store
                .read(|c| {
                    c.query("SELECT subject, doer_id, partner_id FROM tasks ORDER BY id", &[])?
                        .iter()
                        .map(|r| Ok((r.text(0)?.to_string(), r.opt_id(1)?, r.opt_id(2)?)))
                        .collect::<Result<Vec<_>>>()
                })
                .expect("tasks")
        };
        run();
        run();
        let told = tasks();
        assert_eq!(told.len(), 1, "of the near one, once: {told:?}");
        assert!(told[0].0.contains("C-NEAR") && told[0].1 == Some(ann.user_id) && told[0].2 == Some(partner), "{told:?}");
        // Renewed, it is told of its new end when that comes near.
        let version = app.get(&system, "contracts", near).expect("is there")["version"].as_i64();
        let renewed = Envelope { seen_version: version, ..Envelope::new("contracts.update", json!({"valid_to": day(25)})) };
        app.execute(&system, renewed.on(near)).expect("is renewed");
        run();
        assert_eq!(tasks().len(), 2);
    });
}
