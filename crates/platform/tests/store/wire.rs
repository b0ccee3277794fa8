//! Speaking to PostgreSQL: lines of statements of which some are refused, answers that nobody comes for, signing in.

use super::*;
use kontor_kernel::error::Kind;
use kontor_platform::value::new_id;

const ADD: &str = "INSERT INTO counters (id, name, n) VALUES (?, ?, ?)";
const ALL: &str = "SELECT COUNT(*) FROM counters";

/// A database of its own, and a store that has one connection to it.
fn narrow() -> Option<(TestDb, Arc<Store>)> {
    if let Some(why) = kontor_testkit::postgres_missing() {
        eprintln!("SKIPPED: {why}");
        return None;
    }
    let db = TestDb::postgres();
    drop(open_with(&db, COUNTERS));
    let store = Store::open(&db.url, StoreOptions { pg_connections: 1, ..StoreOptions::default() }).unwrap();
    Some((db, store))
}

fn row(name: &str, n: i64) -> Vec<Value> {
    vec![new_id().into(), name.into(), n.into()]
}

/// Whatever stands behind a refused statement in the line is not run, and the reason told is that of the first.
#[test]
fn plt_12_one_refused_of_a_line_takes_back_the_whole() {
    let Some((_db, store)) = narrow() else { return };
    exec(&store, ADD, row("taken", 1)).unwrap();
    for wanted in [false, true] {
        let refused = write(&store, move |c| {
            c.post(ADD, row("before", 1))?;
            c.post(ADD, row("taken", 1))?;
            c.post(ADD, row("behind", 1))?;
            c.ahead(ALL, &[])?;
            // A question tells; where none is asked, the commit does.
            if wanted { c.query(ALL, &[]).map(|_| ()) } else { Ok(()) }
        });
        let e = refused.unwrap_err();
        assert_eq!(e.inner().unique, Some(("counters".into(), vec!["name".into(), "n".into()])), "{e:?}");
        assert_eq!(number(&store, ALL), 1);
    }
    // Neither a question that nobody came for.
    store.read(|c| c.ahead("SELECT 1 / n FROM (SELECT COUNT(*) - 1 AS n FROM counters) t", &[])).unwrap();
    assert_eq!(number(&store, ALL), 1);
    exec(&store, ADD, row("after", 1)).unwrap();
    assert_eq!(number(&store, ALL), 2);
}

/// The part goes back alone, also where nobody has heard yet that a statement of it was refused.
#[test]
fn plt_12_a_part_that_was_refused_unheard_goes_back_alone() {
    let Some((_db, store)) = narrow() else { return };
    exec(&store, ADD, row("taken", 1)).unwrap();
    write(&store, |c| {
        c.post(ADD, row("before", 1))?;
        let part: Result<()> = c.savepoint(|c| {
            c.post(ADD, row("taken", 1))?;
            Err(kontor_kernel::error::Error::refused("for another reason"))
        });
        assert_eq!(part.unwrap_err().inner().code, "for another reason");
        c.post(ADD, row("behind", 1))
    })
    .unwrap();
    assert_eq!(number(&store, ALL), 3);
}

/// Rows that nobody takes do not get into the next answer.
#[test]
fn plt_12_an_answer_may_be_left_in_the_middle() {
    let Some((_db, store)) = narrow() else { return };
    let many = "SELECT x FROM generate_series(1, 100000) x";
    for _ in 0..3 {
        let found = store.read(|c| {
            let mut first = 0;
            c.query_each(many, &[], |r| {
                first = r.int(0)?;
                Ok(false)
            })?;
            c.ahead("SELECT 7 + CAST(? AS BIGINT)", &[1i64.into()])?;
            c.query_each(many, &[], |_| Ok(false))?;
            Ok((first, c.query_one("SELECT 7 + CAST(? AS BIGINT)", &[1i64.into()])?.int(0)?, c.query(many, &[])?.len()))
        });
        assert_eq!(found.unwrap(), (1, 8, 100_000));
        assert_eq!(store.read_one(|c| c.query_one(ALL, &[])?.int(0)).unwrap(), 0);
    }
}

/// Megabytes on the way there while megabytes are on the way back: neither side waits for the other for ever.
#[test]
fn plt_12_much_is_sent_while_much_comes() {
    let Some((_db, store)) = narrow() else { return };
    let many = "SELECT repeat('y', 1000), x FROM generate_series(1, 5000 + ?) x";
    let sent = write(&store, move |c| {
        c.batch("CREATE TEMPORARY TABLE texts (body TEXT NOT NULL) ON COMMIT DROP")?;
        for n in 0..4_i64 {
            // After a write nobody comes for these answers, but they come.
            c.ahead(many, &[n.into()])?;
            c.post("INSERT INTO texts (body) VALUES (?)", vec!["x".repeat(2_000_000).into()])?;
        }
        c.query_one("SELECT CAST(SUM(LENGTH(body)) AS BIGINT) FROM texts", &[])?.int(0)
    });
    assert_eq!(sent.unwrap(), 8_000_000);
    assert_eq!(number(&store, ALL), 0);
}

/// More statements than a connection keeps: those not needed for long are forgotten on either side.
#[test]
fn plt_12_statements_that_are_forgotten_are_forgotten_by_the_server_too() {
    let Some((db, _)) = narrow() else { return };
    let store = Store::open(&db.url, StoreOptions { pg_connections: 1, cached_statements: 8, ..StoreOptions::default() }).unwrap();
    for n in 0..40 {
        assert_eq!(number(&store, &format!("SELECT {n} + 0")), n);
    }
    let kept = number(&store, "SELECT COUNT(*) FROM pg_prepared_statements");
    assert!((1..=9).contains(&kept), "{kept}");
}

/// Each way of signing in that a server may ask for; a wrong password is an error and no hang.
#[test]
fn plt_12_signs_in_as_the_server_asks() {
    let Some((db, store)) = narrow() else { return };
    if std::env::var_os("KONTOR_TEST_PG").is_some() {
        eprintln!("SKIPPED: a server of somebody else has other rules of signing in");
        return;
    }
    for way in ["scram-sha-256", "md5", "password"] {
        let user = format!("kontor_{}", way.replace('-', "_"));
        let stored = if way == "md5" { "md5" } else { "scram-sha-256" };
        let make = format!(
            "SET password_encryption = '{stored}'; DO $$ BEGIN CREATE ROLE {user} LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
             ALTER ROLE {user} PASSWORD 'тайна-{way}'"
        );
        write(&store, move |c| c.batch(&make)).unwrap();
        let url = |password: &str| db.url.replacen("://kontor@", &format!("://{user}{password}@"), 1);
        let right = format!(":тайна-{way}");
        let opened = |password: &str| Store::open(&url(password), StoreOptions { pg_connections: 1, ..StoreOptions::default() });
        assert_eq!(number(&opened(&right).unwrap(), "SELECT 1"), 1, "{way}");
        for wrong in [":another", ""] {
            let e = opened(wrong).err().unwrap_or_else(|| panic!("{way}: signed in with {wrong:?}"));
            assert!(!format!("{e:?}").contains("тайна"), "{e:?}");
        }
    }
}

/// Of several servers the first that answers is taken, and of those one that takes writes where that is wanted.
#[test]
fn plt_15_another_server_of_the_address_is_taken() {
    let Some((db, _)) = narrow() else { return };
    let address = db.url.split_once('@').and_then(|(_, rest)| rest.split_once('/')).unwrap().0.to_owned();
    let several = db.url.replacen(&address, &format!("127.0.0.1:1,{address}"), 1);
    let and = if several.contains('?') { '&' } else { '?' };
    let open = |url: &str| Store::open(url, StoreOptions { pg_connections: 1, ..StoreOptions::default() });
    assert_eq!(number(&open(&several).unwrap(), "SELECT 1"), 1);
    assert_eq!(number(&open(&format!("{several}{and}target_session_attrs=read-write")).unwrap(), "SELECT 1"), 1);
    let reads_only = open(&format!("{several}{and}target_session_attrs=read-only"));
    assert_eq!(reads_only.err().map(|e| e.kind()), Some(Kind::Unavailable));
    let nobody = open(&db.url.replacen(&address, "127.0.0.1:1", 1));
    assert_eq!(nobody.err().map(|e| e.kind()), Some(Kind::Unavailable));
}
