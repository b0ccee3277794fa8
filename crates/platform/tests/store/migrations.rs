//! One history for both databases.

use super::*;
use kontor_kernel::error::Kind;
use kontor_platform::store::DbColumn;
use kontor_platform::value::new_id;

const FIRST: Migration = Migration {
    name: "0001_first",
    sql: "CREATE TABLE partners (seq {seq}, id {id} NOT NULL, name {text} NOT NULL, active {bool} NOT NULL DEFAULT {true},
    since {date}, seen_at {instant}, extra {json} NOT NULL DEFAULT '{}', sort {bytes}, amount {int}, search_text {text} NOT NULL);
CREATE UNIQUE INDEX uq_partners__id ON partners (id);
{search partners}
",
};
const SECOND: Migration = Migration { name: "0002_second", sql: "ALTER TABLE partners ADD COLUMN note {text};" };

#[test]
fn plt_12_migrations_apply_once_and_in_order() {
    kontor_testkit::both(|db| {
        let store = open(db);
        assert_eq!(store.migrate(&[FIRST]).unwrap(), ["0001_first"]);
        assert_eq!(store.migrate(&[FIRST, SECOND]).unwrap(), ["0002_second"]);
        assert_eq!(store.migrate(&[FIRST, SECOND]).unwrap(), Vec::<String>::new());
        assert_eq!(number(&store, "SELECT COUNT(*) FROM migrations"), 2);
    });
}

#[test]
fn plt_12_several_processes_may_migrate_at_once() {
    kontor_testkit::both(|db| {
        let stores: Vec<_> = (0..4).map(|_| open(db)).collect();
        std::thread::scope(|s| {
            let runs: Vec<_> = stores.iter().map(|store| s.spawn(|| store.migrate(&[FIRST, SECOND]).unwrap().len())).collect();
            assert_eq!(runs.into_iter().map(|r| r.join().unwrap()).sum::<usize>(), 2);
        });
    });
}

#[test]
fn plt_12_a_newer_or_changed_history_is_refused() {
    kontor_testkit::both(|db| {
        let store = open(db);
        store.migrate(&[FIRST, SECOND]).unwrap();
        let e = store.migrate(&[FIRST]).unwrap_err();
        assert_eq!((e.kind(), e.inner().code.as_ref()), (Kind::Unavailable, "database_newer"));
        let changed = Migration { name: SECOND.name, sql: "ALTER TABLE partners ADD COLUMN other {text};" };
        assert_eq!(store.migrate(&[FIRST, changed]).unwrap_err().inner().code, "migration_changed");
    });
}

#[test]
fn plt_12_a_failing_migration_leaves_nothing_behind() {
    kontor_testkit::both(|db| {
        let store = open(db);
        let broken = Migration { name: "0002_broken", sql: "CREATE TABLE half (id {id}); INSERT INTO nowhere VALUES (1);" };
        assert!(store.migrate(&[FIRST, broken]).unwrap_err().to_string().contains("0002_broken"));
        assert!(!store.columns().unwrap().contains_key("half"));
        assert_eq!(number(&store, "SELECT COUNT(*) FROM migrations"), 1);
    });
}

#[test]
fn plt_12_columns_are_told_alike_by_both_databases() {
    kontor_testkit::both(|db| {
        let store = open_with(db, FIRST.sql);
        let tables = store.columns().unwrap();
        assert_eq!(tables.keys().collect::<Vec<_>>(), ["migrations", "partners"]);
        let column = |name: &str, ty: &str, nullable| DbColumn { name: name.into(), ty: ty.into(), nullable };
        let expected = [
            column("seq", "int", false),
            column("id", "id", false),
            column("name", "text", false),
            column("active", "bool", false),
            column("since", "date", true),
            column("seen_at", "instant", true),
            column("extra", "json", false),
            column("sort", "bytes", true),
            column("amount", "int", true),
            column("search_text", "text", false),
        ];
        assert_eq!(tables["partners"], expected);
    });
}

#[test]
fn plt_12_the_search_index_follows_its_table() {
    kontor_testkit::both(|db| {
        let store = open_with(db, FIRST.sql);
        let find = |what: &str| {
            let (sql, needle) = match store.backend() {
                kontor_platform::store::Backend::Sqlite => {
                    ("SELECT COUNT(*) FROM partners_fts WHERE partners_fts MATCH ?", format!("\"{what}\""))
                }
                kontor_platform::store::Backend::Postgres => {
                    ("SELECT COUNT(*) FROM partners WHERE search_text LIKE ?", format!("%{what}%"))
                }
            };
            store.read(|c| c.query_one(sql, &[needle.into()])?.int(0)).unwrap()
        };
        let insert = "INSERT INTO partners (id, name, search_text) VALUES (?, 'x', ?)";
        exec(&store, insert, vec![new_id().into(), "промбуд київ".into()]).unwrap();
        exec(&store, insert, vec![new_id().into(), "агробуд львів".into()]).unwrap();
        assert_eq!((find("буд"), find("мбуд"), find("львів"), find("одеса")), (2, 1, 1, 0));
        exec(&store, "UPDATE partners SET search_text = 'агробуд одеса' WHERE search_text LIKE '%львів'", vec![]).unwrap();
        exec(&store, "UPDATE partners SET name = 'y'", vec![]).unwrap();
        assert_eq!((find("львів"), find("одеса")), (0, 1));
        exec(&store, "DELETE FROM partners WHERE search_text LIKE 'пром%'", vec![]).unwrap();
        assert_eq!((find("буд"), find("мбуд")), (1, 0));
        if store.backend() == kontor_platform::store::Backend::Sqlite {
            exec(&store, "INSERT INTO partners_fts (partners_fts, rank) VALUES ('integrity-check', 1)", vec![]).unwrap();
        }
    });
}

/// The statements of a connection outlive a migration made beside it.
#[test]
fn plt_12_statements_prepared_before_a_migration_still_run() {
    kontor_testkit::both(|db| {
        let store = open_with(db, "CREATE TABLE t (a {int}); INSERT INTO t (a) VALUES (1);");
        let width = || write(&store, |c| Ok(c.query_one("SELECT * FROM t", &[])?.len())).unwrap();
        assert_eq!(width(), 1);
        let second = Migration { name: "0002", sql: "ALTER TABLE t ADD COLUMN b {text};" };
        let first = Migration { name: "0001_test", sql: "CREATE TABLE t (a {int}); INSERT INTO t (a) VALUES (1);" };
        store.migrate(&[first, second]).unwrap();
        assert_eq!(width(), 2);
    });
}
