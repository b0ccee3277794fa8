//! What belongs to one backend only: a server that goes away, a disk that is full.

use super::*;
use kontor_kernel::error::Kind;
use kontor_platform::store::Backend;
use kontor_platform::value::new_id;

#[test]
fn plt_12_connections_that_died_are_replaced() {
    if let Some(why) = kontor_testkit::postgres_missing() {
        eprintln!("SKIPPED: {why}");
        return;
    }
    let db = TestDb::postgres();
    let store = open_with(&db, COUNTERS);
    assert_eq!(store.backend(), Backend::Postgres);
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for _ in 0..3 {
        // Several connections, all of which are then killed by another store.
        std::thread::scope(|s| (0..4).for_each(|_| drop(s.spawn(|| number(&store, "SELECT COUNT(*) FROM counters")))));
        open(&db).read(|c| c.query(kill, &[])).unwrap();
        exec(&store, "INSERT INTO counters (id, name, n) VALUES (?, 'x', 1) ON CONFLICT DO NOTHING", vec![new_id().into()]).unwrap();
        assert_eq!(number(&store, "SELECT COUNT(*) FROM counters"), 1);
    }
    // Also where no transaction is begun first.
    let one = |sql: &'static str| store.read_one(move |c| c.query_one(sql, &[])?.int(0)).unwrap();
    assert_eq!(one("SELECT COUNT(*) FROM counters"), 1);
    open(&db).read(|c| c.query(kill, &[])).unwrap();
    assert_eq!(one("SELECT COUNT(*) FROM counters"), 1);
    // One that dies in the middle of a transaction fails that transaction, and no other.
    let e = write(&store, |c| {
        let dead = c.query("SELECT pg_terminate_backend(pg_backend_pid())", &[]);
        dead.map(|_| ())
    });
    assert_eq!(e.unwrap_err().kind(), Kind::Unavailable);
    assert_eq!(number(&store, "SELECT COUNT(*) FROM counters"), 1);
}

/// Nobody waits for the end of a transaction that only reads, but it ends at once: one left open would keep old rows alive.
#[test]
fn plt_12_a_transaction_that_reads_does_not_stay_open() {
    if let Some(why) = kontor_testkit::postgres_missing() {
        eprintln!("SKIPPED: {why}");
        return;
    }
    let db = TestDb::postgres();
    let (store, other) = (open_with(&db, COUNTERS), open(&db));
    let open = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'";
    for fails in [false, true] {
        let read = store.read(|c| c.query_one(if fails { "SELECT 1 / 0" } else { "SELECT 1" }, &[]).map(|_| ()));
        assert_eq!(read.is_err(), fails);
        let ended = (0..100).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(20));
            number(&other, open) == 0
        });
        assert!(ended, "it is still open two seconds later");
    }
    assert_eq!(number(&store, "SELECT COUNT(*) FROM counters"), 0);
}

/// Questions asked ahead are answered once each, in any order; one that is never wanted harms nothing, one that fails is told.
#[test]
fn plt_12_questions_may_be_asked_ahead() {
    kontor_testkit::both(|db| {
        let store = open_with(db, COUNTERS);
        let add = "INSERT INTO counters (id, name, n) VALUES (?, 'x', ?)";
        exec(&store, add, vec![new_id().into(), 1i64.into()]).unwrap();
        let (one, all) = ("SELECT n FROM counters WHERE n = ?", "SELECT COUNT(*) FROM counters WHERE n > ?");
        for _ in 0..2 {
            let found = store.read(|c| {
                c.ahead(one, &[1i64.into()])?;
                c.ahead(one, &[2i64.into()])?;
                c.ahead(all, &[0i64.into()])?;
                let count = c.query_one(all, &[0i64.into()])?.int(0)?;
                let other = c.query(one, &[3i64.into()])?.len();
                let first = c.query_one(one, &[1i64.into()])?.int(0)?;
                Ok((count, other, first, c.query_one(one, &[1i64.into()])?.int(0)?))
            });
            assert_eq!(found.unwrap(), (1, 0, 1, 1));
        }
        // What was asked ahead and not wanted is of its own transaction, also where the next statement needs none.
        let options = StoreOptions { pg_connections: 1, readers: 1, ..StoreOptions::default() };
        let narrow = Store::open(&db.url, options).unwrap();
        narrow.read(|c| c.ahead(all, &[0i64.into()])).unwrap();
        exec(&store, "UPDATE counters SET n = 0 WHERE n = ?", vec![1i64.into()]).unwrap();
        assert_eq!(narrow.read_one(|c| c.query_one(all, &[0i64.into()])?.int(0)).unwrap(), 0);
        exec(&store, "UPDATE counters SET n = 1 WHERE n = ?", vec![0i64.into()]).unwrap();
        // After a write an answer from before it is not believed, however it was written.
        let counted = write(&store, move |c| {
            let mut counted = vec![];
            c.ahead(all, &[0i64.into()])?;
            c.exec(add, &[new_id().into(), 2i64.into()])?;
            counted.push(c.query_one(all, &[0i64.into()])?.int(0)?);
            c.ahead(all, &[0i64.into()])?;
            c.post("DELETE FROM counters WHERE n = ?", vec![1i64.into()])?;
            counted.push(c.query_one(all, &[0i64.into()])?.int(0)?);
            c.ahead(all, &[0i64.into()])?;
            c.insert_rows("counters", &["id", "name", "n"], &[vec![new_id().into(), "x".into(), 1i64.into()]], "")?;
            counted.push(c.query_one(all, &[0i64.into()])?.int(0)?);
            c.ahead(all, &[0i64.into()])?;
            let hasty = c.in_haste(|c| {
                c.insert_row("counters", &["id", "name", "n"], vec![new_id().into(), "x".into(), 3i64.into()])?;
                c.query_one(all, &[0i64.into()])?.int(0)
            });
            counted.push(hasty?);
            c.exec("DELETE FROM counters WHERE n = ?", &[3i64.into()])?;
            Ok(counted)
        });
        assert_eq!(counted.unwrap(), [2, 1, 2, 3]);
        assert_eq!(store.read(|c| c.query_one(all, &[0i64.into()])?.int(0)).unwrap(), 2);
        let refused = store.read(|c| {
            c.ahead("SELECT 1 / (n - 1) FROM counters WHERE n = ?", &[1i64.into()])?;
            c.query("SELECT 1 / (n - 1) FROM counters WHERE n = ?", &[1i64.into()])
        });
        assert_eq!(refused.is_err(), store.backend() == Backend::Postgres, "SQLite says NULL");
        assert_eq!(store.read(|c| c.query_one(all, &[0i64.into()])?.int(0)).unwrap(), 2);
    });
}

/// A setting that forbids the index changes no plan that the server keeps; a plan made anew heeds it.
#[test]
fn plt_17_plans_of_statements_are_made_anew_after_a_while() {
    if let Some(why) = kontor_testkit::postgres_missing() {
        eprintln!("SKIPPED: {why}");
        return;
    }
    let db = TestDb::postgres();
    let url = format!("{}{}options=-c%20plan_cache_mode%3Dforce_generic_plan", db.url, if db.url.contains('?') { "&" } else { "?" });
    for alone in [false, true] {
        let options = StoreOptions { pg_connections: 1, plans_ms: 700, ..StoreOptions::default() };
        let store = Store::open(&url, options).unwrap();
        store.exec_outside("DROP TABLE IF EXISTS many; CREATE TABLE many AS SELECT n FROM generate_series(1, 20000) n; CREATE INDEX many_n ON many (n); ANALYZE many").unwrap();
        let ask = |sql: &str| {
            let read = |c: &mut Conn| {
                Ok(c.query(sql, &[])?.iter().map(|r| r.text(0).map(str::to_owned)).collect::<Result<Vec<_>, _>>()?.join("\n"))
            };
            if alone { store.read_one(read) } else { store.read(read) }.unwrap()
        };
        let plan = || {
            let found = store.read(|c| c.query("SELECT n::text FROM many WHERE n = ?", &[Value::Int(7)])).unwrap();
            assert_eq!(found.len(), 1);
            let name = ask("SELECT name FROM pg_prepared_statements WHERE statement LIKE 'SELECT n::text FROM many%'");
            ask(&format!("EXPLAIN EXECUTE {name}(7)"))
        };
        assert!(plan().contains("Index"), "{}", plan());
        ask(
            "SELECT set_config('enable_indexscan', 'off', false) || set_config('enable_indexonlyscan', 'off', false) || set_config('enable_bitmapscan', 'off', false)",
        );
        assert!(plan().contains("Index"), "kept: {}", plan());
        std::thread::sleep(std::time::Duration::from_millis(750));
        ask("SELECT 'a while'");
        assert!(plan().contains("Seq Scan"), "{}", plan());
    }
}

/// What was announced as one statement and is several is read in one snapshot all the same, and writes nothing.
#[test]
fn plt_12_a_single_read_may_turn_out_to_be_more() {
    kontor_testkit::both(|db| {
        let store = open_with(db, COUNTERS);
        let insert = "INSERT INTO counters (id, name, n) VALUES (?, 'y', 1) ON CONFLICT DO NOTHING";
        let seen = store.read_one(|c| {
            let first = c.query_one("SELECT COUNT(*) FROM counters", &[])?.int(0)?;
            std::thread::scope(|s| s.spawn(|| exec(&store, insert, vec![new_id().into()])).join()).unwrap().unwrap();
            Ok((first, c.query_one("SELECT COUNT(*) FROM counters", &[])?.int(0)?))
        });
        let (first, second) = seen.unwrap();
        assert_eq!(first, second);
        assert!(store.read_one(|c| c.exec(insert, &[new_id().into()])).is_err());
        assert!(store.read_one(|c| c.query("SELECT nothing FROM counters", &[])).is_err());
        assert!(number(&store, "SELECT COUNT(*) FROM counters") > 0);
    });
}

#[test]
fn plt_12_more_statements_than_are_kept_still_run() {
    kontor_testkit::both(|db| {
        let options = StoreOptions { cached_statements: 8, pg_connections: 1, readers: 1, ..StoreOptions::default() };
        let store = Store::open(&db.url, options).unwrap();
        for round in 0..2 {
            for n in 0..40i64 {
                assert_eq!(number(&store, &format!("SELECT {n} + 0")), n, "round {round}");
            }
        }
    });
}

/// A full disk is an answer (503 with its own code), and the writer goes on when there is room again.
#[test]
fn plt_12_a_full_disk_is_reported_and_survived() {
    let db = TestDb::sqlite();
    let store = open_with(&db, "CREATE TABLE blobs (y {bytes});");
    write(&store, |c| c.query("PRAGMA max_page_count = 20", &[]).map(|_| ())).unwrap();
    let big = || exec(&store, "INSERT INTO blobs (y) VALUES (?)", vec![vec![1u8; 50_000].into()]);
    big().unwrap();
    let e = (0..5).find_map(|_| big().err()).expect("twenty pages are not enough");
    assert_eq!((e.kind(), e.inner().code.as_ref()), (Kind::Unavailable, "disk_full"));
    write(&store, |c| c.query("PRAGMA max_page_count = 100000", &[]).map(|_| ())).unwrap();
    big().unwrap();
}

/// A commit that fails is the answer of every job in it, and the writer goes on.
#[test]
fn plt_12_a_failing_commit_is_answered_as_an_error() {
    let db = TestDb::sqlite();
    let store = open(&db);
    let tables = "CREATE TABLE a (id BLOB PRIMARY KEY);
        CREATE TABLE b (a_id BLOB REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED);";
    write(&store, move |c| c.batch(tables)).unwrap();
    let e = exec(&store, "INSERT INTO b (a_id) VALUES (?)", vec![new_id().into()]).unwrap_err();
    assert_eq!(e.inner().code, "reference_missing");
    exec(&store, "INSERT INTO a (id) VALUES (?)", vec![new_id().into()]).unwrap();
    assert_eq!((number(&store, "SELECT COUNT(*) FROM a"), number(&store, "SELECT COUNT(*) FROM b")), (1, 0));
}

/// Slices of imports share a transaction; one that fails leaves those before it and after it as they are.
#[test]
fn plt_12_a_failing_slice_of_an_import_undoes_only_itself() {
    let db = TestDb::sqlite();
    let store = open_with(&db, COUNTERS);
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    // While this one waits the others queue up, and are done in one group.
    let first = store
        .submit(Priority::Import, move |_| {
            let _ = wait.lock().map(|w| w.recv_timeout(std::time::Duration::from_secs(10)));
            Ok(())
        })
        .unwrap();
    let slice = |name: &'static str, fails: bool| {
        store
            .submit(Priority::Import, move |c| {
                c.exec("INSERT INTO counters (id, name, n) VALUES (?, ?, 1)", &[new_id().into(), name.into()])?;
                if fails { Err(kontor_kernel::error::Error::refused("invalid")) } else { Ok(()) }
            })
            .unwrap()
    };
    let slices = [slice("a", false), slice("b", true), slice("c", false), slice("d", true), slice("e", false)];
    drop(go);
    first.wait().unwrap();
    let ended = slices.map(|s| s.wait().is_ok());
    assert_eq!(ended, [true, false, true, false, true]);
    let names = store.read(|c| c.query("SELECT name FROM counters ORDER BY name", &[])).unwrap();
    assert_eq!(names.iter().map(|r| r.text(0).unwrap()).collect::<Vec<_>>(), ["a", "c", "e"]);
}

/// The command line works on the file of a running server.
#[test]
fn plt_12_two_processes_write_into_one_file() {
    let db = TestDb::sqlite();
    let stores = [open_with(&db, COUNTERS), open(&db)];
    exec(&stores[0], "INSERT INTO counters (id, name, n) VALUES (?, 'x', 0)", vec![new_id().into()]).unwrap();
    std::thread::scope(|s| {
        for i in 0..8 {
            let store = &stores[i % 2];
            s.spawn(move || {
                for _ in 0..25 {
                    exec(store, "UPDATE counters SET n = n + 1", vec![]).unwrap();
                }
            });
        }
    });
    assert_eq!(number(&stores[1], "SELECT n FROM counters"), 200);
}
