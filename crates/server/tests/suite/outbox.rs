//! Events after the commit: in order per record, retried, given up, taken over from a node that died, shared by two; and what
//! orders that wait for approval make of them.

use crate::fixtures::{app, both, system, user};
use kontor_kernel::HashSet;
use kontor_kernel::error::{Error, Result};
use kontor_platform::app::Consumer;
use kontor_platform::outbox::Event;
use kontor_platform::store::{Priority, Store, StoreOptions};
use kontor_platform::value::{Id, Value};
use kontor_platform::{App, Ctx, Envelope, Outcome};
use serde_json::{Value as Json, json};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex};

/// What a test wants its consumer to do, and what came.
#[derive(Default)]
struct Probe {
    seen: Mutex<Vec<(Id, Id)>>,
    fails: Mutex<HashSet<Id>>,
    panics: Mutex<HashSet<Id>>,
}

impl Probe {
    fn take(&self, e: &Event) -> Result<()> {
        assert!(!self.panics.lock().expect("not poisoned").contains(&e.id), "as asked");
        if self.fails.lock().expect("not poisoned").contains(&e.id) {
            return Err(Error::refused("busy"));
        }
        self.seen.lock().expect("not poisoned").push((e.record_id, e.id));
        Ok(())
    }
    fn events(&self) -> Vec<Id> {
        self.seen.lock().expect("not poisoned").iter().map(|s| s.1).collect()
    }
}

/// A node of its own over the same database, with a consumer of tasks that are done.
fn node(url: &str, run: fn(&Arc<App>, &Event) -> Result<()>) -> Arc<App> {
    let store = Store::open(url, StoreOptions::default()).expect("the database opens");
    App::new(store, kontor::registry::registry().consumer(Consumer { name: "probe", kinds: &["task.done"], run }))
}

fn both_with(run: fn(&Arc<App>, &Event) -> Result<()>, f: impl Fn(&str, &Arc<App>)) {
    kontor_testkit::both(|db| {
        app(&db.url);
        f(&db.url, &node(&db.url, run));
    });
}

fn run(app: &Arc<App>, ctx: &Ctx, command: &str, id: Option<Id>, input: Json) -> Outcome {
    let env = Envelope { command: command.into(), id, input: input.clone(), ..Default::default() };
    app.execute(ctx, env).unwrap_or_else(|e| panic!("{command} {input}: {e:?}"))
}

fn task(app: &Arc<App>, subject: &str) -> Id {
    run(app, &system(), "tasks.create", None, json!({"subject": subject})).id.expect("an id")
}

fn done(app: &Arc<App>, task: Id) {
    run(app, &system(), "tasks.done", Some(task), json!({}));
}

/// State, tries, error and seconds until it is due, of each delivery to the probe, in the order of events.
fn deliveries(app: &App) -> Vec<(Id, String, i64, String, i64)> {
    let sql = "SELECT event_id, state, attempts, error, due_at FROM outbox_deliveries WHERE consumer = 'probe' ORDER BY event_id";
    app.store
        .read(|c| {
            let now = chrono::Utc::now();
            let of = |r: &kontor_platform::store::Row| {
                let error = r.opt_text(3)?.unwrap_or_default().to_string();
                Ok((r.id(0)?, r.text(1)?.to_string(), r.int(2)?, error, (r.instant(4)? - now).num_seconds()))
            };
            c.query(sql, &[])?.iter().map(of).collect()
        })
        .expect("read")
}

/// As if the time until the next try had passed.
fn time_passes(app: &App) {
    let past: Value = (chrono::Utc::now() - chrono::Duration::seconds(1)).into();
    let sql = "UPDATE outbox_deliveries SET due_at = ? WHERE state = 'waiting'";
    app.store.write(Priority::People, move |c| c.exec(sql, std::slice::from_ref(&past))).expect("written");
}

fn deliver(app: &Arc<App>) -> usize {
    app.deliver_due(50).expect("delivered")
}

#[test]
fn plt_17_events_of_a_record_come_in_order_and_wait_for_the_one_that_failed() {
    static PROBE: std::sync::LazyLock<Probe> = std::sync::LazyLock::new(Probe::default);
    both_with(
        |_, e| PROBE.take(e),
        |_, app| {
            PROBE.seen.lock().expect("not poisoned").clear();
            let (a, b) = (task(app, "a"), task(app, "b"));
            done(app, a);
            run(app, &system(), "tasks.reopen", Some(a), json!({}));
            done(app, a);
            done(app, b);
            let events: Vec<Id> = deliveries(app).into_iter().map(|d| d.0).collect();
            assert_eq!(events.len(), 3);
            PROBE.fails.lock().expect("not poisoned").insert(events[0]);
            assert_eq!(deliver(app), 2, "the first of each record");
            assert_eq!(PROBE.events(), [events[2]], "another record is not held up");
            let d = deliveries(app);
            assert_eq!((d[0].1.as_str(), d[0].2, d[1].2), ("waiting", 1, 0));
            assert!(d[0].3.contains("busy"), "{}", d[0].3);
            assert_eq!(deliver(app), 0, "it has to wait for its next try");
            PROBE.fails.lock().expect("not poisoned").clear();
            time_passes(app);
            assert_eq!((deliver(app), deliver(app), deliver(app)), (1, 1, 0));
            assert_eq!(PROBE.events(), [events[2], events[0], events[1]]);
            assert!(deliveries(app).iter().all(|d| d.1 == "done"));
        },
    );
}

#[test]
fn plt_17_a_delivery_is_tried_ever_later_then_given_up_and_lets_the_next_through() {
    static PROBE: std::sync::LazyLock<Probe> = std::sync::LazyLock::new(Probe::default);
    both_with(
        |_, e| PROBE.take(e),
        |_, app| {
            PROBE.seen.lock().expect("not poisoned").clear();
            let a = task(app, "a");
            done(app, a);
            run(app, &system(), "tasks.reopen", Some(a), json!({}));
            done(app, a);
            let events: Vec<Id> = deliveries(app).into_iter().map(|d| d.0).collect();
            PROBE.panics.lock().expect("not poisoned").insert(events[0]);
            for tries in 1..=12 {
                time_passes(app);
                assert_eq!(deliver(app), 1);
                let (_, state, attempts, error, due) = deliveries(app).swap_remove(0);
                assert_eq!((state.as_str(), attempts), (if tries < 12 { "waiting" } else { "failed" }, tries));
                assert!(error.contains("as asked") && due <= 1 << (tries - 1), "{error}, due in {due} s");
                assert!(due >= (1 << (tries - 1)) - 20, "try {tries} is followed by the next in {due} s");
            }
            assert_eq!((deliver(app), PROBE.events()), (1, vec![events[1]]));
        },
    );
}

#[test]
fn plt_17_what_a_dead_node_had_is_taken_over_and_its_word_comes_too_late() {
    static ENTERED: AtomicUsize = AtomicUsize::new(0);
    static SLOW: (Mutex<bool>, Condvar) = (Mutex::new(false), Condvar::new());
    fn slow_then_quick(_: &Arc<App>, _: &Event) -> Result<()> {
        if ENTERED.fetch_add(1, SeqCst) > 0 {
            return Ok(());
        }
        let held = SLOW.0.lock().expect("not poisoned");
        drop(SLOW.1.wait_while(held, |go| !*go).expect("not poisoned"));
        Err(Error::refused("busy"))
    }
    both_with(slow_then_quick, |url, first| {
        ENTERED.store(0, SeqCst);
        *SLOW.0.lock().expect("not poisoned") = false;
        done(first, task(first, "a"));
        let second = node(url, slow_then_quick);
        std::thread::scope(|s| {
            let slow = s.spawn(|| deliver(first));
            while ENTERED.load(SeqCst) == 0 {
                std::thread::yield_now();
            }
            assert_eq!(deliver(&second), 0, "the first one has it");
            time_passes(&second);
            assert_eq!(deliver(&second), 1, "nothing was heard of the first one for so long");
            assert_eq!(deliveries(&second)[0].1, "done");
            *SLOW.0.lock().expect("not poisoned") = true;
            SLOW.1.notify_all();
            assert_eq!(slow.join().expect("no panic"), 1);
        });
        let d = deliveries(first).swap_remove(0);
        assert_eq!((d.1.as_str(), d.2, d.3.as_str()), ("done", 2, ""), "what the first one says of it counts no more");
    });
}

#[test]
fn plt_17_two_nodes_share_the_deliveries() {
    static PROBE: std::sync::LazyLock<Probe> = std::sync::LazyLock::new(Probe::default);
    let take: fn(&Arc<App>, &Event) -> Result<()> = |_, e| PROBE.take(e);
    both_with(take, |url, first| {
        PROBE.seen.lock().expect("not poisoned").clear();
        (0..30).for_each(|n| done(first, task(first, &n.to_string())));
        let second = node(url, take);
        std::thread::scope(|s| {
            for node in [first, &second] {
                s.spawn(move || while node.deliver_due(4).expect("delivered") > 0 {});
            }
        });
        while deliver(first) > 0 {}
        let seen = PROBE.events();
        assert_eq!((seen.len(), seen.iter().collect::<HashSet<_>>().len()), (30, 30), "each one once");
    });
}

struct Office {
    ann: Ctx,
    boss: Ctx,
    company: Id,
    partner: Id,
    repair: Id,
}

/// A salesperson whose discounts beyond 5 % wait for approval, her head, and a director above both.
fn office(app: &Arc<App>) -> Office {
    let made = |c: &str, input: Json| run(app, &system(), &format!("{c}.create"), None, input).id.expect("an id");
    let director = user(app, "director", &["director"]);
    let boss = user(app, "boss", &["sales_manager"]);
    let ann = user(app, "ann", &["salesperson"]);
    for (who, head) in [(&ann, &boss), (&boss, &director)] {
        run(app, &system(), "users.update", Some(who.user_id), json!({"version": 1, "head_id": head.user_id}));
    }
    let boss = app.ctx_of("boss", kontor_platform::Source::Api).expect("the user is there");
    let unit = app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = 'pcs'", &[])?.id(0)).expect("seeded");
    let price_type = made("price-types", json!({"name": "Retail", "currency": "UAH", "method": "manual", "is_default": true}));
    let company = made("companies", json!({"name": "Nut", "currency": "UAH", "country": "UA", "terms_control": "approve"}));
    let partner = made("partners", json!({"name": "Client", "manager_id": ann.user_id}));
    let repair = made("products", json!({"name": "Repair", "unit_id": unit, "kind": "service"}));
    run(
        app,
        &system(),
        "prices.create",
        None,
        json!({"price_type_id": price_type, "product_id": repair, "price": "100", "valid_from": "2020-01-01"}),
    );
    made("price-limits", json!({"name": "Sellers", "role": "salesperson", "discount_max": "5"}));
    Office { ann, boss, company, partner, repair }
}

impl Office {
    /// An order of the salesperson that waits for approval.
    fn waits(&self, app: &Arc<App>) -> Id {
        let lines = json!([{"product_id": self.repair, "quantity": "1", "discount_percent": "10"}]);
        let input = json!({"company_id": self.company, "partner_id": self.partner, "lines": lines});
        let id = run(app, &self.ann, "sales-orders.create", None, input).id.expect("an id");
        let o = run(app, &self.ann, "sales-orders.confirm", Some(id), json!({}));
        assert_eq!(o.data["state"], "approval");
        id
    }
}

/// Subject, kind, state and login of the doer, of every task.
fn tasks(app: &App) -> Vec<(String, String, String, String)> {
    let sql = "SELECT t.subject, t.kind, t.state, u.login FROM tasks t JOIN users u ON u.id = t.doer_id ORDER BY t.id";
    let text = |r: &kontor_platform::store::Row, i: usize| r.text(i).map(str::to_string);
    app.store.read(|c| c.query(sql, &[])?.iter().map(|r| Ok((text(r, 0)?, text(r, 1)?, text(r, 2)?, text(r, 3)?))).collect()).expect("read")
}

fn expected(all: &[(&str, &str, &str, &str)]) -> Vec<(String, String, String, String)> {
    all.iter().map(|t| (t.0.into(), t.1.into(), t.2.into(), t.3.into())).collect()
}

#[test]
fn sal_02_an_order_that_waits_for_approval_is_a_task_of_whoever_may_give_it() {
    both(|app| {
        let o = office(app);
        let first = o.waits(app);
        assert_eq!(tasks(app), [], "not before the commit");
        assert_eq!(deliver(app), 1);
        let approve = |n: u32, state: &'static str| {
            (format!("Approve the order SO-00000{n}: Client"), "approval".to_string(), state.to_string(), "boss".to_string())
        };
        assert_eq!(tasks(app), [approve(1, "planned")]);
        // The node ended between the work and the word that it is done.
        app.store.write(Priority::People, |c| c.exec("UPDATE outbox_deliveries SET state = 'waiting'", &[])).expect("written");
        time_passes(app);
        assert_eq!((deliver(app), tasks(app)), (1, vec![approve(1, "planned")]), "once, however often it comes");
        run(app, &o.boss, "sales-orders.approve", Some(first), json!({}));
        deliver(app);
        assert_eq!(tasks(app), [approve(1, "done")]);
        let second = o.waits(app);
        deliver(app);
        run(app, &o.boss, "sales-orders.reopen", Some(second), json!({}));
        deliver(app);
        let back = ("The order SO-000002 was sent back: Client".to_string(), "task".to_string(), "planned".to_string(), "ann".to_string());
        assert_eq!(tasks(app), [approve(1, "done"), approve(2, "cancelled"), back.clone()]);
        // Taken back by herself, and cancelled, before anybody was told: nobody has anything to do.
        let third = o.waits(app);
        run(app, &o.ann, "sales-orders.reopen", Some(third), json!({}));
        let fourth = o.waits(app);
        run(app, &o.ann, "sales-orders.cancel", Some(fourth), json!({}));
        while deliver(app) > 0 {}
        assert_eq!(tasks(app).len(), 3);
        let left = app.store.read(|c| c.query_one("SELECT COUNT(*) FROM outbox_deliveries WHERE state <> 'done'", &[])?.int(0));
        assert_eq!((left.expect("read"), app.check().expect("checked")), (0, vec![]));
    });
}

#[test]
fn sal_02_with_no_head_who_may_approve_it_is_a_task_of_a_director() {
    both(|app| {
        let o = office(app);
        let clerk = user(app, "clerk", &["storekeeper"]);
        let foreign = run(app, &system(), "companies.create", None, json!({"name": "Other", "currency": "UAH", "country": "UA"})).id;
        // The head may not; the first director by login sees another company only.
        user(app, "chief", &["director"]);
        let chief = app.ctx_of("chief", kontor_platform::Source::Api).expect("the user is there").user_id;
        run(app, &system(), "users.update", Some(chief), json!({"version": 1, "companies": [foreign]}));
        run(app, &system(), "users.update", Some(o.ann.user_id), json!({"version": 2, "head_id": clerk.user_id}));
        o.waits(app);
        deliver(app);
        assert_eq!(tasks(app), expected(&[("Approve the order SO-000001: Client", "approval", "planned", "director")]));
    });
}

#[test]
fn plt_13_what_was_delivered_long_ago_is_cleared_away() {
    both(|app| {
        let o = office(app);
        o.waits(app);
        deliver(app);
        o.waits(app);
        let old: Value = (chrono::Utc::now() - chrono::Duration::days(31)).into();
        app.store
            .write(Priority::People, move |c| {
                c.exec("UPDATE outbox_deliveries SET due_at = ?", std::slice::from_ref(&old))?;
                c.exec("UPDATE outbox_events SET at = ?", std::slice::from_ref(&old))
            })
            .expect("aged");
        app.schedule_jobs(chrono::Utc::now()).expect("scheduled");
        for _ in 0..200 {
            if !app.run_jobs(std::time::Duration::from_secs(30)).expect("jobs run") {
                break;
            }
        }
        let left = |sql: &'static str| app.store.read(|c| c.query_one(sql, &[])?.int(0)).expect("read");
        assert_eq!(
            (left("SELECT COUNT(*) FROM outbox_deliveries"), left("SELECT COUNT(*) FROM outbox_events")),
            (1, 1),
            "what waits stays"
        );
    });
}
