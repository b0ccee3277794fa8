//! Order numbers: drawn beside the command, so that nobody who saves an order waits for another one's end.

use crate::world::{World, both};
use kontor_platform::cx::Cx;
use kontor_platform::store::{Backend, Priority};
use kontor_platform::{Ctx, Envelope};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::sync::mpsc;
use std::time::Duration;

fn input(w: &World) -> Json {
    json!({"company_id": w.company, "partner_id": w.client, "lines": [{"product_id": w.repair, "quantity": 1}]})
}

fn number(j: &Json) -> i64 {
    j["number"].as_str().and_then(|n| n.strip_prefix("SO-")).unwrap().parse().unwrap()
}

#[test]
fn sal_02_an_order_is_saved_while_another_one_is_still_on_its_way() {
    both(|w| {
        // SQLite has one writer, who waits for nobody.
        if w.app.store.backend() == Backend::Sqlite {
            return;
        }
        let (first, unsaved) = mpsc::channel();
        let (go_on, wait) = mpsc::channel::<()>();
        let (app, body) = (w.app.clone(), input(w));
        let slow = std::thread::spawn(move || {
            let (inner, wait) = (app.clone(), std::sync::Mutex::new(wait));
            app.store.write(Priority::People, move |conn| {
                let ctx = Ctx::system();
                let mut cx = Cx::new(conn, &inner, &ctx, "sales-orders.create");
                let made = cx.create("sales-orders", body.clone())?;
                first.send(made.text("number").to_string()).unwrap();
                // Its transaction stays open until the other one is through, or for as long as a lock would be waited for.
                wait.lock().unwrap().recv_timeout(Duration::from_secs(8)).map_err(kontor_platform::Error::internal)
            })
        });
        let drawn = unsaved.recv().unwrap();
        let other = w.create("sales-orders", input(w)).unwrap();
        assert_ne!(other.data["number"], json!(drawn));
        go_on.send(()).unwrap();
        slow.join().unwrap().unwrap();
        w.agrees();
    });
}

#[test]
fn sal_02_numbers_are_drawn_once_and_a_try_draws_none() {
    both(|w| {
        let before = number(&w.create("sales-orders", input(w)).unwrap().data);
        let tried = |n: usize| {
            let env = Envelope { dry_run: true, ..Envelope::new("sales-orders.create", input(w)) };
            let o = w.app.execute(&Ctx::system(), env).unwrap();
            assert_eq!(number(&o.data), before + 1, "try {n}");
        };
        tried(1);
        tried(2);
        let all = std::sync::Mutex::new(BTreeSet::new());
        std::thread::scope(|s| {
            for _ in 0..4 {
                s.spawn(|| {
                    for _ in 0..5 {
                        let n = number(&w.create("sales-orders", input(w)).unwrap().data);
                        assert!(all.lock().unwrap().insert(n), "{n} was drawn twice");
                    }
                });
            }
        });
        assert_eq!(all.into_inner().unwrap(), (before + 1..=before + 20).collect::<BTreeSet<i64>>());
        if w.app.store.backend() == Backend::Postgres {
            // The connection that numbers are drawn on goes; the next number is drawn on another one.
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'INSERT INTO sequences%' AND pid <> pg_backend_pid()";
            w.app.store.read(|conn| conn.query_each(end, &[], |_| Ok(true))).unwrap();
            std::thread::sleep(Duration::from_millis(100));
            assert_eq!(number(&w.create("sales-orders", input(w)).unwrap().data), before + 21);
        }
        w.agrees();
    });
}
