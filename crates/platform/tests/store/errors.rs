//! Errors of the databases get the same names on both, and stay where they happened.

use super::*;
use kontor_kernel::error::{Error, Kind};
use kontor_platform::value::{Id, new_id};
use std::sync::mpsc;
use std::time::Duration;

const FAMILY: &str = "CREATE TABLE parents (id {id} NOT NULL PRIMARY KEY, code {text} NOT NULL, company_id {id} NOT NULL);
CREATE UNIQUE INDEX uq_parents__company_id__code ON parents (company_id, code);
CREATE TABLE children (id {id} NOT NULL PRIMARY KEY, parent_id {id} REFERENCES parents (id), code {text} UNIQUE);
CREATE TABLE things (code {text}, name {text});
CREATE UNIQUE INDEX uq_things__code__name ON things (lower(code), name);";

fn parent(c: &mut Conn<'_>, id: Id, code: &str) -> Result<u64> {
    c.exec("INSERT INTO parents (id, code, company_id) VALUES (?, ?, ?)", &[id.into(), code.into(), Id::nil().into()])
}

fn unique(e: Error) -> (String, Vec<String>) {
    e.inner().unique.clone().unwrap_or_else(|| panic!("no unique key in: {e}"))
}

#[test]
fn plt_12_a_violated_unique_key_is_named_by_table_and_columns() {
    kontor_testkit::both(|db| {
        let store = open_with(db, FAMILY);
        let id = new_id();
        write(&store, move |c| parent(c, id, "A")).unwrap();
        let e = write(&store, |c| parent(c, new_id(), "A")).unwrap_err();
        assert_eq!(e.kind(), Kind::Refused);
        let (table, columns) = unique(e);
        assert_eq!((table.as_str(), columns.as_slice()), ("parents", ["company_id".to_owned(), "code".to_owned()].as_slice()));
        // An index over an expression is known by its name only.
        let thing = |code: &'static str| exec(&store, "INSERT INTO things (code, name) VALUES (?, 'x')", vec![code.into()]);
        thing("A").unwrap();
        let (table, columns) = unique(thing("a").unwrap_err());
        assert_eq!((table.as_str(), columns.as_slice()), ("things", ["code".to_owned(), "name".to_owned()].as_slice()));
        // Keys without a name of ours: the primary one, and one made by UNIQUE.
        let (table, columns) = unique(write(&store, move |c| parent(c, id, "B")).unwrap_err());
        assert_eq!((table.as_str(), columns.as_slice()), ("parents", ["id".to_owned()].as_slice()));
        let child = |c: &mut Conn<'_>| c.exec("INSERT INTO children (id, code) VALUES (?, ?)", &[new_id().into(), "x".into()]);
        write(&store, child).unwrap();
        assert_eq!(unique(write(&store, child).unwrap_err()), ("children".to_owned(), vec!["code".to_owned()]));
    });
}

#[test]
fn plt_12_a_missing_reference_is_refused() {
    kontor_testkit::both(|db| {
        let store = open_with(db, FAMILY);
        let orphan = "INSERT INTO children (id, parent_id) VALUES (?, ?)";
        let e = exec(&store, orphan, vec![new_id().into(), new_id().into()]).unwrap_err();
        assert_eq!((e.kind(), e.inner().code.as_ref()), (Kind::Refused, "reference_missing"));
        let id = new_id();
        write(&store, move |c| parent(c, id, "A")).unwrap();
        exec(&store, orphan, vec![new_id().into(), id.into()]).unwrap();
        assert_eq!(exec(&store, "DELETE FROM parents", vec![]).unwrap_err().inner().code, "reference_missing");
    });
}

#[test]
fn plt_12_a_failing_or_panicking_job_undoes_itself_only() {
    kontor_testkit::both(|db| {
        let store = open_with(db, COUNTERS);
        let insert = "INSERT INTO counters (id, name, n) VALUES (?, ?, ?)";
        // The first job holds the writer, so that the others share its commit.
        let (go, wait) = mpsc::channel::<()>();
        std::thread::scope(|s| {
            s.spawn(|| {
                write(&store, move |c| {
                    wait.recv_timeout(Duration::from_secs(5)).expect("the others are queued");
                    c.exec(insert, &[new_id().into(), "first".into(), 1.into()])
                })
                .unwrap()
            });
            std::thread::sleep(Duration::from_millis(50));
            for n in 0..20i64 {
                let store = &store;
                s.spawn(move || {
                    let result = write(store, move |c| {
                        c.exec(insert, &[new_id().into(), "x".into(), n.into()])?;
                        match n % 3 {
                            0 => Ok(()),
                            1 => Err(Error::refused("no")),
                            _ => panic!("job {n} panics"),
                        }
                    });
                    match n % 3 {
                        0 => result.unwrap(),
                        1 => assert_eq!(result.unwrap_err().inner().code, "no"),
                        _ => {
                            let e = result.unwrap_err();
                            assert_eq!(e.kind(), Kind::Internal);
                            assert!(e.to_string().contains("panics"));
                        }
                    }
                });
            }
            std::thread::sleep(Duration::from_millis(50));
            go.send(()).unwrap();
        });
        assert_eq!(number(&store, "SELECT COUNT(*) FROM counters WHERE name = 'first'"), 1);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM counters WHERE name = 'x' AND n % 3 = 0"), 7);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM counters WHERE n % 3 <> 0 AND name = 'x'"), 0);
    });
}

#[test]
fn plt_12_a_part_may_fail_and_the_rest_goes_on() {
    kontor_testkit::both(|db| {
        let store = open_with(db, FAMILY);
        let refused = write(&store, |c| {
            parent(c, new_id(), "A")?;
            let part = c.savepoint(|c| {
                parent(c, new_id(), "B")?;
                c.savepoint(|c| parent(c, new_id(), "C"))?;
                parent(c, new_id(), "A")
            });
            parent(c, new_id(), "D")?;
            Ok(part.unwrap_err().inner().unique.is_some())
        });
        assert!(refused.unwrap());
        let codes = store.read(|c| c.query("SELECT code FROM parents ORDER BY code", &[])).unwrap();
        assert_eq!(codes.iter().map(|r| r.text(0).unwrap()).collect::<Vec<_>>(), ["A", "D"]);
    });
}

#[test]
fn plt_12_an_ignored_error_never_becomes_a_silent_rollback() {
    kontor_testkit::both(|db| {
        let store = open_with(db, FAMILY);
        let answer = write(&store, |c| {
            parent(c, new_id(), "A")?;
            let ignored = parent(c, new_id(), "A");
            assert!(ignored.is_err());
            Ok(())
        });
        // SQLite undoes the statement only, PostgreSQL the transaction: either way the answer tells the truth.
        assert_eq!(number(&store, "SELECT COUNT(*) FROM parents"), i64::from(answer.is_ok()));
    });
}

#[test]
fn plt_12_a_read_cannot_write_and_the_store_is_not_entered_twice() {
    kontor_testkit::both(|db| {
        let store = open_with(db, COUNTERS);
        let e = store.read(|c| c.exec("DELETE FROM counters", &[])).unwrap_err();
        assert_eq!(e.kind(), Kind::Internal);
        let again = store.clone();
        let e = write(&store, move |_| again.read(|_| Ok(()))).unwrap_err();
        assert!(e.to_string().contains("entered again"), "{e}");
        assert!(store.read(|_| store.read(|_| Ok(()))).is_err());
        assert!(store.read(|_| Ok(())).is_ok());
        // A panic in a read neither spreads nor costs a connection.
        for _ in 0..20 {
            assert_eq!(store.read(|_| -> Result<()> { panic!("boo") }).unwrap_err().kind(), Kind::Internal);
        }
        assert_eq!(number(&store, "SELECT COUNT(*) FROM counters"), 0);
    });
}

#[test]
fn plt_12_wrong_statements_are_errors_with_their_text_for_the_log() {
    kontor_testkit::both(|db| {
        let store = open_with(db, COUNTERS);
        for (sql, params) in [("SELECT nothing FROM nowhere", vec![]), ("SELECT n FROM counters WHERE n = ?", vec![])] {
            let e = store.read(|c| c.query(sql, &params)).unwrap_err();
            assert_eq!(e.kind(), Kind::Internal);
            assert!(e.inner().cause.as_deref().unwrap_or_default().contains(sql), "{e}");
        }
        assert!(store.read(|c| c.query_one("SELECT n FROM counters", &[])).is_err());
        assert_eq!(store.read(|c| c.query_opt("SELECT n FROM counters", &[])).unwrap(), None);
    });
}

#[test]
fn plt_12_a_statement_that_runs_too_long_is_interrupted() {
    kontor_testkit::both(|db| {
        let store = open_with(db, COUNTERS);
        let endless = "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 1000000000) SELECT COUNT(*) FROM t";
        let started = std::time::Instant::now();
        let e = store.read_with_timeout(Duration::from_millis(200), |c| c.query(endless, &[])).unwrap_err();
        assert_eq!((e.kind(), e.inner().code.as_ref()), (Kind::Unavailable, "busy"));
        assert!(started.elapsed() < Duration::from_secs(3));
        assert_eq!(number(&store, "SELECT COUNT(*) FROM counters"), 0);
    });
}
