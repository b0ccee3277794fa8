//! Long work: slices, progress, cancellation, restart, two nodes.

mod kinds;

use crate::fixtures::{app, system, user};
use chrono::{Duration, Utc};
use kontor_kernel::error::{Error, Result};
use kontor_platform::jobs::{Job, JobKind, Slice};
use kontor_platform::nodes::News;
use kontor_platform::query::Query;
use kontor_platform::store::{Priority, Store, StoreOptions};
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Envelope};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use std::time::Duration as Time;

const NO_TIME: Time = Time::ZERO;
const ENOUGH: Time = Time::from_secs(30);

/// Counts to `input.to`, one region per slice, whose name is the number; fails or panics where it is told to.
struct Counting;
static SLICES: AtomicI64 = AtomicI64::new(0);

impl JobKind for Counting {
    fn name(&self) -> &'static str {
        "counting"
    }
    fn slice(&self, _app: &Arc<App>, _ctx: &Ctx, job: &Job) -> Result<Slice> {
        SLICES.fetch_add(1, SeqCst);
        let n = job.position["n"].as_i64().unwrap_or(0);
        if job.input["panic_at"] == n {
            panic!("as asked");
        }
        if n == job.input["to"].as_i64().unwrap_or(0) {
            return Ok(Slice::end(job, json!({"counted": n})));
        }
        let fails = job.input["fail_at"] == n;
        let id = job.id;
        Ok(Slice::at(job, json!({"n": n + 1}), n + 1).writing(move |cx, _| {
            cx.create("regions", json!({"name": format!("Область {n} {id}")}))?;
            if fails { Err(Error::field("name", "too_long").field_arg("max", 3)) } else { Ok(()) }
        }))
    }
}

/// The same, read ahead of what is written.
struct CountingAhead;

impl JobKind for CountingAhead {
    fn name(&self) -> &'static str {
        "counting-ahead"
    }
    fn slice(&self, app: &Arc<App>, ctx: &Ctx, job: &Job) -> Result<Slice> {
        Counting.slice(app, ctx, job)
    }
    fn ahead(&self) -> bool {
        true
    }
}

/// A node of its own over the same database.
fn node(url: &str) -> Arc<App> {
    let store = Store::open(url, StoreOptions::default()).expect("the database opens");
    App::new(store, kontor::registry::registry().job(Counting).job(CountingAhead))
}

fn both_nodes(f: impl Fn(&str, &Arc<App>)) {
    kontor_testkit::both(|db| {
        app(&db.url);
        f(&db.url, &node(&db.url));
    });
}

fn start(app: &Arc<App>, ctx: &Ctx, input: Json) -> Id {
    let job = app.start_job(ctx, "counting", "Рахунок", input.clone(), input["to"].as_i64()).expect("queued");
    assert_eq!(job["state"], "queued");
    Id::parse_str(job["id"].as_str().expect("an id")).expect("an id")
}

fn seen(app: &Arc<App>, id: Id) -> Json {
    app.get(&system(), "jobs", id).expect("the job is there")
}

fn regions(app: &Arc<App>) -> i64 {
    let q = Query { limit: 1, count: true, ..Default::default() };
    app.list(&system(), "regions", &q).expect("a list").count.expect("counted")
}

fn run_all(app: &Arc<App>) {
    for _ in 0..200 {
        if !app.run_jobs(ENOUGH).expect("jobs run") {
            return;
        }
    }
    panic!("the jobs do not end");
}

#[test]
fn plt_12_a_job_runs_in_slices_and_another_node_goes_on_where_it_stopped() {
    both_nodes(|url, app| {
        let before = regions(app);
        let id = start(app, &system(), json!({"to": 5}));
        assert!(app.run_jobs(NO_TIME).expect("one slice"));
        let j = seen(app, id);
        assert_eq!((&j["state"], &j["done"], &j["total"]), (&json!("running"), &json!(1), &json!(5)), "{j}");
        assert!(j.get("position").is_none() && j.get("fence").is_none(), "what is inside stays inside");
        let other = node(url);
        run_all(&other);
        let j = seen(app, id);
        assert_eq!((&j["state"], &j["done"], &j["result"]), (&json!("done"), &json!(5), &json!({"counted": 5})), "{j}");
        assert!(j["started_at"].is_string() && j["finished_at"].is_string() && j["error"].is_null(), "{j}");
        assert_eq!(regions(app) - before, 5, "each slice once");
        assert!(!app.run_jobs(NO_TIME).expect("nothing left"));
    });
}

#[test]
fn plt_12_a_job_of_a_dead_node_is_taken_over_and_the_dead_cannot_write_any_more() {
    both_nodes(|url, app| {
        let id = start(app, &system(), json!({"to": 3}));
        app.run_jobs(NO_TIME).expect("one slice");
        // The node dies with the lease in its hands.
        let hold = |until: chrono::DateTime<Utc>| {
            let set = move |c: &mut kontor_platform::store::Conn<'_>| {
                c.exec("UPDATE jobs SET leased_until = ? WHERE id = ?", &[until.into(), id.into()])
            };
            app.store.write(Priority::Jobs, set).expect("written")
        };
        hold(Utc::now() + Duration::seconds(60));
        let other = node(url);
        assert!(!other.run_jobs(NO_TIME).expect("asked"), "a job with a lease is nobody else's");
        hold(Utc::now() - Duration::seconds(1));
        // A slice that was read before the lease was lost writes nothing.
        let fence =
            |app: &Arc<App>| app.store.read(|c| c.query_one("SELECT fence FROM jobs WHERE id = ?", &[id.into()])?.int(0)).expect("read");
        let old = fence(app);
        assert!(other.run_jobs(NO_TIME).expect("taken over"));
        assert!(fence(app) > old, "each holder has a number of its own");
        run_all(&other);
        assert_eq!(seen(app, id)["result"]["counted"], 3);
    });
}

#[test]
fn plt_12_a_failed_slice_leaves_nothing_and_says_why_in_the_starters_language() {
    both_nodes(|_, app| {
        let mut ctx = user(app, "boss", &["administrator"]);
        ctx.lang = kontor_texts::Lang::Uk;
        let before = regions(app);
        let failing = start(app, &ctx, json!({"to": 5, "fail_at": 2}));
        let panicking = start(app, &ctx, json!({"to": 5, "panic_at": 0}));
        run_all(app);
        let j = seen(app, failing);
        assert_eq!((&j["state"], &j["done"]), (&json!("failed"), &json!(2)), "{j}");
        assert_eq!(j["error"]["errors"][0]["code"], "too_long", "{j}");
        let message = j["error"]["errors"][0]["message"].as_str().expect("a message");
        assert!(message.chars().any(|c| ('а'..='я').contains(&c)), "{message}");
        assert_eq!(regions(app) - before, 2, "the slices before it stay, since this kind takes nothing back");
        let j = seen(app, panicking);
        assert_eq!((&j["state"], &j["error"]["code"]), (&json!("failed"), &json!("internal")), "{j}");
        // The runner has survived both.
        let next = start(app, &ctx, json!({"to": 0}));
        run_all(app);
        assert_eq!(seen(app, next)["state"], "done");
    });
}

#[test]
fn plt_12_slices_read_ahead_are_written_in_their_order_and_none_behind_a_failed_one() {
    both_nodes(|url, app| {
        let begin = |input: Json| {
            let job = app.start_job(&system(), "counting-ahead", "Рахунок", input.clone(), input["to"].as_i64()).expect("queued");
            Id::parse_str(job["id"].as_str().expect("an id")).expect("an id")
        };
        let before = regions(app);
        let all = begin(json!({"to": 120}));
        assert!(app.run_jobs(NO_TIME).expect("some slices"));
        let j = seen(app, all);
        assert_eq!(j["done"], json!(regions(app) - before), "what is told is what is written: {j}");
        run_all(&node(url));
        assert_eq!((&seen(app, all)["result"], regions(app) - before), (&json!({"counted": 120}), 120));

        let before = regions(app);
        let failing = begin(json!({"to": 120, "fail_at": 77}));
        run_all(app);
        let j = seen(app, failing);
        assert_eq!((&j["state"], &j["done"], &j["error"]["errors"][0]["code"]), (&json!("failed"), &json!(77), &json!("too_long")), "{j}");
        assert_eq!(regions(app) - before, 77, "nothing behind the failed slice was written");

        let panicking = begin(json!({"to": 120, "panic_at": 9}));
        run_all(app);
        assert_eq!((&seen(app, panicking)["state"], &seen(app, panicking)["done"]), (&json!("failed"), &json!(9)));

        let before = regions(app);
        let stopped = begin(json!({"to": 1_000_000}));
        assert!(app.run_jobs(NO_TIME).expect("some slices"));
        app.execute(&system(), Envelope::new("jobs.cancel", json!({})).on(stopped)).expect("cancelled");
        run_all(app);
        let j = seen(app, stopped);
        assert_eq!((&j["state"], &j["done"]), (&json!("cancelled"), &json!(regions(app) - before)), "{j}");
    });
}

#[test]
fn plt_12_who_may_cancels_a_job_waiting_or_running() {
    both_nodes(|_, app| {
        let (one, two) = (user(app, "one", &["salesperson"]), user(app, "two", &["salesperson"]));
        let boss = user(app, "boss", &["administrator"]);
        let before = regions(app);
        let waiting = start(app, &one, json!({"to": 5}));
        let cancel = |ctx: &Ctx, id: Id| app.execute(ctx, Envelope::new("jobs.cancel", Json::Null).on(id));
        assert!(app.get(&two, "jobs", waiting).is_err(), "the jobs of others are not seen");
        assert!(cancel(&two, waiting).is_err());
        let done = cancel(&one, waiting).expect("his own");
        assert_eq!(done.data["state"], "cancelled");
        let running = start(app, &boss, json!({"to": 100}));
        app.run_jobs(NO_TIME).expect("one slice");
        assert_eq!(seen(app, running)["done"], 1, "the cancelled one was not run");
        cancel(&boss, running).expect("cancelled");
        run_all(app);
        let j = seen(app, running);
        assert_eq!((&j["state"], &j["done"]), (&json!("cancelled"), &json!(1)), "{j}");
        assert_eq!(regions(app) - before, 1);
        assert!(cancel(&boss, running).is_err(), "what is over cannot be cancelled");
    });
}

#[test]
fn plt_12_jobs_take_turns_and_browsers_hear_of_their_progress() {
    both_nodes(|_, app| {
        let ctx = user(app, "boss", &["administrator"]);
        let mut live = app.live.subscribe();
        let (a, b) = (start(app, &ctx, json!({"to": 3})), start(app, &ctx, json!({"to": 3})));
        for _ in 0..2 {
            app.run_jobs(NO_TIME).expect("a slice");
        }
        assert_eq!((&seen(app, a)["done"], &seen(app, b)["done"]), (&json!(1), &json!(1)));
        run_all(app);
        let mut over = vec![];
        while let Ok(News::Changed(l)) = live.try_recv() {
            if l.entity == "jobs" && l.progress.as_ref().is_some_and(|p| p.state == "over") {
                assert_eq!((l.user_id, l.progress.expect("progress").done), (ctx.user_id, 3));
                over.push(l.id);
            }
        }
        over.sort();
        assert_eq!(over, [a, b]);
    });
}
