//! Every kind of value goes in and comes out unchanged, on both databases.

use super::*;
use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use kontor_platform::store::Backend;
use kontor_platform::value::new_id;
use serde_json::json;

const KINDS: &str = "CREATE TABLE kinds (
    seq {seq}, id {id}, n {int}, t {text}, b {bool}, d {date}, i {instant}, j {json}, y {bytes});";
const COLUMNS: [&str; 8] = ["id", "n", "t", "b", "d", "i", "j", "y"];
const SELECT: &str = "SELECT id, n, t, b, d, i, j, y FROM kinds ORDER BY seq";

fn instant() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 18, 30, 5).unwrap() + chrono::Duration::microseconds(123_456)
}

fn full_row(text: &str) -> Vec<Value> {
    vec![
        new_id().into(),
        i64::MIN.into(),
        text.into(),
        true.into(),
        NaiveDate::from_ymd_opt(2026, 2, 28).into(),
        instant().into(),
        json!({"ключ": [1, 2.5, null, "ї"], "a": {}}).into(),
        vec![0u8, 1, 255].into(),
    ]
}

fn check(row: &kontor_platform::store::Row, given: &[Value]) {
    assert_eq!(Value::from(row.id(0).unwrap()), given[0]);
    assert_eq!(Value::from(row.int(1).unwrap()), given[1]);
    assert_eq!(Value::from(row.text(2).unwrap()), given[2]);
    assert_eq!(Value::from(row.bool(3).unwrap()), given[3]);
    assert_eq!(Value::from(row.date(4).unwrap()), given[4]);
    assert_eq!(Value::from(row.instant(5).unwrap()), given[5]);
    assert_eq!(Value::from(row.json(6).unwrap()), given[6]);
    assert_eq!(Value::from(row.bytes(7).unwrap()), given[7]);
}

#[test]
fn plt_12_every_kind_of_value_makes_the_round_trip() {
    kontor_testkit::both(|db| {
        let store = open_with(db, KINDS);
        // One at a time and in bulk take different ways on PostgreSQL.
        for rows in [vec![full_row("Ґанок «Їжак» 'x' \"y\" ?")], (0..3).map(|n| full_row(&format!("{n}"))).collect()] {
            let given = rows.clone();
            assert_eq!(write(&store, move |c| c.insert_rows("kinds", &COLUMNS, &rows, "")).unwrap(), given.len() as u64);
            let found = store.read(|c| c.query(SELECT, &[])).unwrap();
            assert_eq!(found.len(), given.len());
            found.iter().zip(&given).for_each(|(row, given)| check(row, given));
            exec(&store, "DELETE FROM kinds", vec![]).unwrap();
        }
    });
}

#[test]
fn plt_12_null_fits_every_kind_of_column() {
    kontor_testkit::both(|db| {
        let store = open_with(db, KINDS);
        let nulls = vec![Value::Null; 8];
        let rows = vec![nulls.clone(), full_row("x"), nulls.clone()];
        let alone = vec![nulls];
        write(&store, move |c| {
            c.insert_rows("kinds", &COLUMNS, &rows, "")?;
            c.insert_rows("kinds", &COLUMNS, &alone, "")
        })
        .unwrap();
        let found = store.read(|c| c.query(SELECT, &[])).unwrap();
        for row in [&found[0], &found[2], &found[3]] {
            assert!(row.0.iter().all(Value::is_null));
            assert_eq!(row.opt_id(0).unwrap(), None);
            assert_eq!(row.opt_int(1).unwrap(), None);
            assert_eq!(row.opt_text(2).unwrap(), None);
            assert_eq!(row.opt_bool(3).unwrap(), None);
            assert_eq!(row.opt_date(4).unwrap(), None);
            assert_eq!(row.opt_instant(5).unwrap(), None);
            assert_eq!(row.opt_json(6).unwrap(), None);
            assert_eq!(row.opt_bytes(7).unwrap(), None);
            assert!(row.int(1).is_err());
        }
        assert!(found[1].0.iter().all(|v| !v.is_null()));
    });
}

#[test]
fn plt_12_a_statement_that_is_run_for_each_tells_of_each_how_many_rows_it_changed() {
    kontor_testkit::both(|db| {
        let store = open_with(db, KINDS);
        let rows: Vec<Vec<Value>> = [1i64, 2, 2].iter().map(|n| vec![(*n).into(), "before".into()]).collect();
        write(&store, move |c| c.insert_rows("kinds", &["n", "t"], &rows, "")).unwrap();
        let lists: Vec<Vec<Value>> = [("one", 1i64), ("none", 7), ("two", 2)].iter().map(|(t, n)| vec![(*t).into(), (*n).into()]).collect();
        let changed = write(&store, move |c| c.exec_each("UPDATE kinds SET t = ? WHERE n = ?", &lists)).unwrap();
        assert_eq!(changed, [1, 0, 2]);
        let found = store.read(|c| c.query("SELECT t FROM kinds ORDER BY seq", &[])).unwrap();
        assert_eq!(found.iter().map(|r| r.text(0).unwrap()).collect::<Vec<_>>(), ["one", "two", "two"]);
        assert!(write(&store, |c| c.exec_each("UPDATE kinds SET t = ?", &[])).unwrap().is_empty());
        // One list that does not fit undoes them all.
        let lists: Vec<Vec<Value>> = vec![vec!["three".into(), 1i64.into()], vec!["four".into()]];
        assert!(write(&store, move |c| c.exec_each("UPDATE kinds SET t = ? WHERE n = ?", &lists)).is_err());
        let found = store.read(|c| c.query("SELECT t FROM kinds ORDER BY seq", &[])).unwrap();
        assert_eq!(found[0].text(0).unwrap(), "one");
    });
}

#[test]
fn plt_12_values_are_found_by_every_kind() {
    kontor_testkit::both(|db| {
        let store = open_with(db, KINDS);
        let row = full_row("знайди");
        let rows = vec![row.clone(), full_row("інше")];
        write(&store, move |c| c.insert_rows("kinds", &COLUMNS, &rows, "")).unwrap();
        let find = |column: &str, value: &Value| {
            let sql = format!("SELECT COUNT(*) FROM kinds WHERE {column} = ?");
            store.read(|c| c.query_one(&sql, std::slice::from_ref(value))?.int(0)).unwrap()
        };
        assert_eq!((find("id", &row[0]), find("t", &row[2])), (1, 1));
        for (column, i) in [("n", 1), ("b", 3), ("d", 4), ("i", 5), ("y", 7)] {
            assert_eq!(find(column, &row[i]), 2, "{column}");
        }
        // Row values drive the pages of every list.
        let sql = "SELECT COUNT(*) FROM kinds WHERE (t, id) >= (?, ?)";
        let after = store.read(|c| c.query_one(sql, &[row[2].clone(), row[0].clone()])?.int(0)).unwrap();
        assert_eq!(after, 2);
    });
}

#[test]
fn plt_12_sums_are_whole_numbers_and_fractions_are_refused() {
    kontor_testkit::both(|db| {
        let store = open_with(db, COUNTERS);
        let rows: Vec<Vec<Value>> = (0..4i64).map(|n| vec![new_id().into(), "x".into(), (5_000_000_000_000_000 + n).into()]).collect();
        write(&store, move |c| c.insert_rows("counters", &["id", "name", "n"], &rows, "")).unwrap();
        assert_eq!(number(&store, "SELECT SUM(n) FROM counters"), 20_000_000_000_000_006);
        assert_eq!(number(&store, "SELECT CAST(SUM(n) AS BIGINT) FROM counters"), 20_000_000_000_000_006);
        assert!(store.read(|c| c.query_one("SELECT 1.5", &[])).is_err());
    });
}

#[test]
fn plt_12_forty_thousand_rows_are_inserted_in_one_call() {
    kontor_testkit::both(|db| {
        let store = open_with(db, KINDS);
        let rows: Vec<Vec<Value>> = (0..40_000i64)
            .map(|n| {
                let mut row = full_row("рядок");
                row[1] = n.into();
                row
            })
            .collect();
        let started = std::time::Instant::now();
        assert_eq!(write(&store, move |c| c.insert_rows("kinds", &COLUMNS, &rows, "")).unwrap(), 40_000);
        eprintln!("40,000 rows in {:?}", started.elapsed());
        assert_eq!(number(&store, "SELECT COUNT(*) FROM kinds"), 40_000);
        // Rows keep the order they were given in.
        assert_eq!(number(&store, "SELECT COUNT(*) FROM kinds WHERE n = seq - 1"), 40_000);
    });
}

#[test]
fn plt_12_insert_rows_takes_a_conflict_clause() {
    kontor_testkit::both(|db| {
        let store = open_with(db, COUNTERS);
        let put = |names: &[&str]| {
            let rows: Vec<Vec<Value>> = names.iter().map(|n| vec![new_id().into(), (*n).into(), 1.into()]).collect();
            write(&store, move |c| c.insert_rows("counters", &["id", "name", "n"], &rows, "ON CONFLICT (name, n) DO NOTHING"))
        };
        assert_eq!(put(&["a", "b"]).unwrap(), 2);
        assert_eq!(put(&["b", "c", "d"]).unwrap(), 2);
        assert_eq!(put(&["d"]).unwrap(), 0);
        assert!(write(&store, |c| c.insert_rows("counters", &["id", "name"], &[vec![Value::Null]], "")).is_err());
    });
}

#[test]
fn plt_12_text_is_read_as_the_column_needs_it() {
    kontor_testkit::both(|db| {
        let store = open_with(db, KINDS);
        let id = new_id();
        let row: Vec<Value> = vec!["2026-11-21".into(), json!({"a": 1}).to_string().into(), 1.into()];
        write(&store, move |c| c.exec("INSERT INTO kinds (d, j, b) VALUES (?, ?, ?)", &row)).unwrap();
        let row = store.read(|c| c.query_one("SELECT d, j, b FROM kinds", &[])).unwrap();
        assert_eq!(row.date(0).unwrap(), NaiveDate::from_ymd_opt(2026, 11, 21).unwrap());
        assert_eq!((row.json(1).unwrap(), row.bool(2).unwrap()), (json!({"a": 1}), true));
        // What cannot fit is an error and not another value; SQLite would keep anything, so this is PostgreSQL's part.
        if store.backend() == Backend::Postgres {
            let refused = write(&store, move |c| c.exec("INSERT INTO kinds (n) VALUES (?)", &[id.into()]));
            assert!(refused.unwrap_err().to_string().contains("kind id"));
        }
    });
}
