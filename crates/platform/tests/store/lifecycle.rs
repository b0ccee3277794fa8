//! Opening, closing, copying, maintenance.

use super::*;
use kontor_kernel::error::Kind;
use kontor_platform::value::new_id;
use std::path::Path;

const INSERT: &str = "INSERT INTO counters (id, name, n) VALUES (?, 'x', ?)";

fn fill(store: &Store, n: i64) {
    for i in 0..n {
        exec(store, INSERT, vec![new_id().into(), i.into()]).unwrap();
    }
}

#[test]
fn plt_12_a_closed_database_opens_again_with_everything() {
    kontor_testkit::both(|db| {
        let store = open_with(db, COUNTERS);
        fill(&store, 10);
        drop(store);
        if let Some(path) = db.url.strip_prefix("sqlite://") {
            assert!(!Path::new(&format!("{path}-wal")).exists(), "the log is written back at the end");
        }
        assert_eq!(number(&open(db), "SELECT COUNT(*) FROM counters"), 10);
    });
}

#[test]
fn plt_12_a_copy_is_made_while_others_write() {
    let db = TestDb::sqlite();
    let store = open_with(&db, COUNTERS);
    fill(&store, 100);
    let to = db.folder().join("copy.db");
    std::thread::scope(|s| {
        let writing = s.spawn(|| {
            for i in 100..400i64 {
                exec(&store, INSERT, vec![new_id().into(), i.into()]).unwrap();
            }
        });
        while !writing.is_finished() {
            store.backup(&to).unwrap();
        }
    });
    store.backup(&to).unwrap();
    let copy = Store::open(&format!("sqlite://{}", to.display()), StoreOptions::default()).unwrap();
    assert_eq!(number(&copy, "SELECT COUNT(*) FROM counters"), 400);
    let beside: Vec<_> = std::fs::read_dir(db.folder()).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert!(!beside.iter().any(|f| f.to_string_lossy().contains(".part")), "{beside:?}");
    assert_eq!(store.backup(&db.folder().join("no/such/folder.db")).unwrap_err().inner().code, "backup_failed");
}

#[test]
fn plt_12_maintenance_runs_between_transactions() {
    kontor_testkit::both(|db| {
        let store = open_with(db, COUNTERS);
        fill(&store, 50);
        store.exec_outside("VACUUM").unwrap();
        store.analyze().unwrap();
        assert!(store.exec_outside("NO SUCH THING").is_err());
        fill(&store, 0);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM counters"), 50);
    });
}

#[test]
fn plt_12_addresses_that_cannot_be_opened_are_explained() {
    let db = TestDb::sqlite();
    let text = db.folder().join("text.db");
    std::fs::write(&text, "this is no database, but a text that is long enough to be read as a page".repeat(20)).unwrap();
    for (url, says) in [
        ("mysql://x/y".to_owned(), "begins with"),
        ("sqlite::memory:".to_owned(), "file"),
        (format!("sqlite://{}", text.display()), "not a database"),
        ("postgres://nobody@127.0.0.1:1/none".to_owned(), "refused"),
        ("postgres://a@127.0.0.1/b?sslmode=require".to_owned(), "TLS"),
    ] {
        let e = Store::open(&url, StoreOptions::default()).err().unwrap();
        assert_eq!((e.kind(), e.inner().code.as_ref()), (Kind::Unavailable, "database_down"), "{url}");
        assert!(e.to_string().contains(says), "{url}: {e}");
    }
}

#[test]
fn plt_12_the_last_owner_may_be_a_job_of_the_writer() {
    let db = TestDb::sqlite();
    let store = open_with(&db, COUNTERS);
    let inner = store.clone();
    let waiting = store.submit(Priority::People, move |c| {
        let _owner = &inner;
        c.exec("INSERT INTO counters (id, name, n) VALUES (?, 'x', 1)", &[new_id().into()])
    });
    drop(store);
    waiting.unwrap().wait().unwrap();
}

#[test]
fn plt_12_large_results_come_row_by_row() {
    kontor_testkit::both(|db| {
        let store = open_with(db, COUNTERS);
        let rows: Vec<Vec<Value>> = (0..5_000i64).map(|n| vec![new_id().into(), "x".into(), n.into()]).collect();
        write(&store, move |c| c.insert_rows("counters", &["id", "name", "n"], &rows, "")).unwrap();
        let mut seen = 0;
        let stop_at_100 = |_| {
            seen += 1;
            Ok(seen < 100)
        };
        store.read(|c| c.query_each("SELECT n FROM counters ORDER BY n", &[], stop_at_100)).unwrap();
        assert_eq!(seen, 100);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM counters"), 5_000);
    });
}

#[test]
fn plt_12_of_many_rows_all_are_written_or_none() {
    kontor_testkit::both(|db| {
        let store = open_with(db, COUNTERS);
        let row = |id: kontor_platform::value::Id, n: i64| -> Vec<Value> { vec![id.into(), "x".into(), n.into()] };
        let there = new_id();
        for (count, twice) in [(1usize, 0usize), (15, 7), (16, 15), (37, 3), (37, 36)] {
            let mut rows: Vec<Vec<Value>> = (1..=count as i64).map(|n| row(new_id(), n)).collect();
            let good = rows.clone();
            rows[twice] = row(there, 999);
            write(&store, move |c| {
                c.exec("DELETE FROM counters", &[])?;
                c.exec("INSERT INTO counters (id, name, n) VALUES (?, 'x', 0)", &[there.into()])?;
                let refused = c.savepoint(|c| c.insert_rows("counters", &["id", "name", "n"], &rows, ""));
                assert!(refused.is_err_and(|e| e.inner().unique.is_some()), "{count} rows, one of them is there already");
                Ok(())
            })
            .unwrap();
            assert_eq!(number(&store, "SELECT COUNT(*) FROM counters"), 1, "{count} rows: those before the refused one are gone too");
            assert_eq!(write(&store, move |c| c.insert_rows("counters", &["id", "name", "n"], &good, "")).unwrap(), count as u64);
            assert_eq!(number(&store, "SELECT COUNT(*) FROM counters"), 1 + count as i64);
        }
    });
}

/// What is posted may be told of later than it was asked for, but not after the commit.
#[test]
fn plt_12_what_was_posted_and_fails_undoes_its_transaction_or_its_part() {
    kontor_testkit::both(|db| {
        let store = open_with(db, COUNTERS);
        let columns = ["id", "name", "n"];
        let row = |n: i64| -> Vec<Value> { vec![new_id().into(), "x".into(), n.into()] };
        let (first, second, again) = (row(1), row(2), row(1));
        write(&store, move |c| {
            c.post("INSERT INTO counters (id, name, n) VALUES (?, ?, ?)", first.clone())?;
            c.post_rows("counters", &columns, vec![second.clone(), row(3)], "")
        })
        .unwrap();
        assert_eq!(number(&store, "SELECT COUNT(*) FROM counters"), 3);
        let taken = |e: &kontor_kernel::error::Error| e.inner().unique.is_some();
        let twice = again.clone();
        // Alone, before something that goes well, and before something that is asked.
        for then in 0..3 {
            let (good, bad) = (row(10), twice.clone());
            let refused = write(&store, move |c| {
                c.post_rows("counters", &columns, vec![good.clone()], "")?;
                c.post_rows("counters", &columns, vec![bad.clone()], "")?;
                match then {
                    0 => Ok(()),
                    1 => c.post_rows("counters", &columns, vec![row(11), row(12)], ""),
                    _ => c.query("SELECT COUNT(*) FROM counters", &[]).map(|_| ()),
                }
            });
            assert!(refused.is_err_and(|e| taken(&e)), "the first failure is the one that is told");
            assert_eq!(number(&store, "SELECT COUNT(*) FROM counters"), 3, "nothing of it is kept");
        }
        // In a part, which is undone alone, whatever was posted before it.
        write(&store, move |c| {
            c.post_rows("counters", &columns, vec![row(20)], "")?;
            let bad = again.clone();
            let refused = c.savepoint(|c| {
                c.post_rows("counters", &columns, vec![row(21)], "")?;
                c.post_rows("counters", &columns, vec![bad.clone()], "")
            });
            assert!(refused.is_err_and(|e| taken(&e)));
            c.savepoint(|c| c.post_rows("counters", &columns, vec![row(22), row(23)], ""))
        })
        .unwrap();
        assert_eq!(number(&store, "SELECT SUM(n) FROM counters"), 1 + 2 + 3 + 20 + 22 + 23);
        // So many values too few are told at once.
        assert!(write(&store, move |c| c.post_rows("counters", &columns, vec![vec![Value::Null]], "")).is_err());
        assert!(write(&store, |c| c.post("INSERT INTO counters (id, name, n) VALUES (?, ?, ?)", vec![])).is_err());
    });
}

/// While writes go on without a pause the log is written back beside them, and begins anew instead of growing for ever.
#[test]
fn plt_12_the_log_of_sqlite_does_not_grow_with_what_is_written() {
    let db = TestDb::sqlite();
    let store = open_with(&db, "CREATE TABLE blobs (id {int} NOT NULL CONSTRAINT pk_blobs PRIMARY KEY, body {bytes} NOT NULL);");
    const MB: usize = 1 << 20;
    for n in 0..160i64 {
        let body = vec![n as u8; MB];
        // The same few rows again and again: the file itself stays small.
        write(&store, move |c| {
            c.insert_rows(
                "blobs",
                &["id", "body"],
                &[vec![(n % 4).into(), Value::Bytes(body.clone())]],
                "ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            )
        })
        .expect("it is written");
    }
    let path = db.url.strip_prefix("sqlite://").expect("a file");
    let log = std::fs::metadata(format!("{path}-wal")).expect("there is a log").len();
    assert!(log < 100 * MB as u64, "160 MB were written, the log has {log} bytes");
    assert_eq!(number(&store, "SELECT COUNT(*) FROM blobs"), 4);
}
