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
    // One that dies in the middle of a transaction fails that transaction, and no other.
    let e = write(&store, |c| {
        let dead = c.query("SELECT pg_terminate_backend(pg_backend_pid())", &[]);
        dead.map(|_| ())
    });
    assert_eq!(e.unwrap_err().kind(), Kind::Unavailable);
    assert_eq!(number(&store, "SELECT COUNT(*) FROM counters"), 1);
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
