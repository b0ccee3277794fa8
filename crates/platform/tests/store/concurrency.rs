//! Many at once: nothing is lost, snapshots hold, people go before imports.

use super::*;
use kontor_platform::value::new_id;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[test]
fn plt_12_sixty_four_threads_lose_no_increment() {
    kontor_testkit::both(|db| {
        let store = open_with(db, COUNTERS);
        exec(&store, "INSERT INTO counters (id, name, n) VALUES (?, 'x', 0)", vec![new_id().into()]).unwrap();
        std::thread::scope(|s| {
            for _ in 0..64 {
                s.spawn(|| {
                    for _ in 0..10 {
                        // Read, decide, write: the read must not be stale. `FOR UPDATE` is what commands say on PostgreSQL.
                        write(&store, |c| {
                            let lock = if c.backend() == kontor_platform::store::Backend::Postgres { " FOR UPDATE" } else { "" };
                            let n = c.query_one(&format!("SELECT n FROM counters{lock}"), &[])?.int(0)?;
                            c.exec("UPDATE counters SET n = ?", &[(n + 1).into()])
                        })
                        .unwrap();
                    }
                });
            }
        });
        assert_eq!(number(&store, "SELECT n FROM counters"), 640);
    });
}

#[test]
fn plt_12_deadlocks_are_run_again() {
    kontor_testkit::both(|db| {
        let store = open_with(db, COUNTERS);
        for name in ["a", "b"] {
            exec(&store, "INSERT INTO counters (id, name, n) VALUES (?, ?, 0)", vec![new_id().into(), name.into()]).unwrap();
        }
        std::thread::scope(|s| {
            for order in [["a", "b"], ["b", "a"], ["a", "b"], ["b", "a"]] {
                let store = &store;
                s.spawn(move || {
                    for _ in 0..2 {
                        write(store, move |c| {
                            for name in order {
                                c.exec("UPDATE counters SET n = n + 1 WHERE name = ?", &[name.into()])?;
                                std::thread::sleep(Duration::from_millis(20));
                            }
                            Ok(())
                        })
                        .unwrap();
                    }
                });
            }
        });
        assert_eq!(number(&store, "SELECT SUM(n) FROM counters"), 16);
    });
}

#[test]
fn plt_12_a_read_sees_one_state_from_its_beginning_to_its_end() {
    kontor_testkit::both(|db| {
        let store = open_with(db, COUNTERS);
        let insert = "INSERT INTO counters (id, name, n) VALUES (?, 'x', ?)";
        exec(&store, insert, vec![new_id().into(), 1.into()]).unwrap();
        let count = "SELECT COUNT(*) FROM counters";
        let both = store.read(|c| {
            let before = c.query_one(count, &[])?.int(0)?;
            std::thread::scope(|s| s.spawn(|| exec(&store, insert, vec![new_id().into(), 2.into()])).join().unwrap())?;
            Ok((before, c.query_one(count, &[])?.int(0)?))
        });
        assert_eq!(both.unwrap(), (1, 1));
        assert_eq!(number(&store, count), 2);
    });
}

/// Only SQLite has queues: the order in which waiting jobs run is people, jobs, imports.
#[test]
fn plt_12_people_write_before_jobs_and_jobs_before_imports() {
    let db = TestDb::sqlite();
    let store = open_with(&db, COUNTERS);
    let (go, wait) = mpsc::channel::<()>();
    let order = Arc::new(Mutex::new(Vec::new()));
    std::thread::scope(|s| {
        s.spawn(|| write(&store, move |_| wait.recv_timeout(Duration::from_secs(5)).map_err(kontor_kernel::error::Error::internal)));
        std::thread::sleep(Duration::from_millis(50));
        for priority in [Priority::Import, Priority::Jobs, Priority::People] {
            let (store, order) = (&store, order.clone());
            s.spawn(move || {
                store.write(priority, move |_| {
                    order.lock().unwrap().push(priority);
                    Ok(())
                })
            });
            std::thread::sleep(Duration::from_millis(30));
        }
        go.send(()).unwrap();
    });
    assert_eq!(*order.lock().unwrap(), [Priority::People, Priority::Jobs, Priority::Import]);
}

/// The answer comes after the commit: what was answered is seen by every read that begins afterwards.
#[test]
fn plt_12_what_was_answered_is_seen() {
    kontor_testkit::both(|db| {
        let store = open_with(db, COUNTERS);
        std::thread::scope(|s| {
            for t in 0..8i64 {
                let store = &store;
                s.spawn(move || {
                    for n in 0..20i64 {
                        let name = format!("t{t}");
                        let key = Value::from(name.as_str());
                        let row = vec![new_id().into(), name.into(), n.into()];
                        exec(store, "INSERT INTO counters (id, name, n) VALUES (?, ?, ?)", row).unwrap();
                        let sql = "SELECT COUNT(*) FROM counters WHERE name = ?";
                        let seen = store.read(|c| c.query_one(sql, std::slice::from_ref(&key))?.int(0)).unwrap();
                        assert_eq!(seen, n + 1);
                    }
                });
            }
        });
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plt_12_async_callers_read_and_write() {
    for db in databases() {
        let url = db.url.clone();
        // Opening blocks.
        let store = tokio::task::spawn_blocking(move || {
            let store = Store::open(&url, StoreOptions::default())?;
            store.migrate(&[Migration { name: "0001_test", sql: COUNTERS }])?;
            Ok::<_, kontor_kernel::error::Error>(store)
        });
        let store = store.await.unwrap().unwrap();
        let insert = "INSERT INTO counters (id, name, n) VALUES (?, 'x', ?)";
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..100i64 {
            let store = store.clone();
            tasks.spawn_blocking(move || store.write(Priority::People, move |c| c.exec(insert, &[new_id().into(), n.into()])));
        }
        while let Some(done) = tasks.join_next().await {
            assert_eq!(done.unwrap().unwrap(), 1);
        }
        let reader = store.clone();
        let n = tokio::task::spawn_blocking(move || reader.read(|c| c.query_one("SELECT COUNT(*) FROM counters", &[])?.int(0)));
        assert_eq!(n.await.unwrap().unwrap(), 100);
        // The last owner lets go on a thread of the runtime.
        drop(store);
    }
}

fn databases() -> Vec<TestDb> {
    let mut all = vec![TestDb::sqlite()];
    if kontor_testkit::postgres_missing().is_none() {
        all.push(TestDb::postgres());
    }
    all
}
