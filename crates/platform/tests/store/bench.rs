//! Measurements, run by hand: `cargo test --release -p kontor-platform --test store -- --ignored --nocapture bench`.

use super::*;
use kontor_platform::value::new_id;
use std::sync::Mutex;
use std::time::{Duration, Instant};

const PARTNERS: &str = "CREATE TABLE partners (seq {seq}, id {id} NOT NULL, version {int} NOT NULL, code {text} NOT NULL,
    name {text} NOT NULL, active {bool} NOT NULL, since {date}, created_at {instant} NOT NULL, credit {int}, extra {json} NOT NULL);
CREATE UNIQUE INDEX uq_partners__id ON partners (id);
CREATE INDEX partners_name ON partners (name, id);";
const COLUMNS: [&str; 9] = ["id", "version", "code", "name", "active", "since", "created_at", "credit", "extra"];

fn row(n: i64) -> Vec<Value> {
    let now = chrono::Utc::now();
    vec![
        new_id().into(),
        1.into(),
        format!("P{n:07}").into(),
        format!("Товариство «Приклад {:07}»", (n * 7_919) % 1_000_003).into(),
        true.into(),
        now.date_naive().into(),
        now.into(),
        (n * 10_000).into(),
        serde_json::json!({}).into(),
    ]
}

/// Commits per second, and how long they took: on average, 99 of 100, the longest.
fn commits(store: &Store, threads: i64) -> (f64, [Duration; 3]) {
    let sql = format!("INSERT INTO partners ({}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", COLUMNS.join(", "));
    let started = Instant::now();
    let times = Mutex::new(Vec::new());
    std::thread::scope(|s| {
        for t in 0..threads {
            let (sql, times) = (&sql, &times);
            s.spawn(move || {
                let mut mine = Vec::new();
                while started.elapsed() < Duration::from_secs(3) {
                    let (sql, values) = (sql.clone(), row(t * 1_000_000 + mine.len() as i64));
                    let one = Instant::now();
                    write(store, move |c| c.exec(&sql, &values)).unwrap();
                    mine.push(one.elapsed());
                }
                times.lock().unwrap().extend(mine);
            });
        }
    });
    let (took, mut times) = (started.elapsed(), times.into_inner().unwrap());
    times.sort();
    let average = times.iter().sum::<Duration>() / times.len() as u32;
    (times.len() as f64 / took.as_secs_f64(), [average, times[times.len() * 99 / 100], times[times.len() - 1]])
}

fn page(store: &Store) -> Duration {
    let sql = "SELECT id, version, code, name, active, since, created_at, credit, extra FROM partners
        WHERE (name, id) > (?, ?) ORDER BY name, id LIMIT 50";
    let mut times = Vec::new();
    for n in 0..2_000i64 {
        let from = Value::from(format!("Товариство «Приклад {:07}»", (n * 104_729) % 1_000_003));
        let started = Instant::now();
        let rows = store.read(|c| c.query(sql, &[from.clone(), uuid::Uuid::nil().into()])).unwrap();
        times.push(started.elapsed());
        assert!(rows.len() <= 50);
    }
    times.sort();
    times[times.len() / 2]
}

#[test]
#[ignore = "a measurement"]
fn bench_commits_and_pages() {
    kontor_testkit::both(|db| {
        let store = open_with(db, PARTNERS);
        let backend = store.backend();
        for threads in [1, 4, 16, 64] {
            let (rate, wait) = commits(&store, threads);
            println!("{backend:?}: {threads} threads, {rate:.0} commits/s of one row, {wait:?} on average, at 99 %, at most");
        }
        let started = Instant::now();
        for slice in 0..20i64 {
            let rows: Vec<_> = (0..10_000i64).map(|n| row(100_000_000 + slice * 10_000 + n)).collect();
            store.write(Priority::Import, move |c| c.insert_rows("partners", &COLUMNS, &rows, "")).unwrap();
        }
        println!("{backend:?}: {:.0} rows/s inserted in bulk", 200_000.0 / started.elapsed().as_secs_f64());
        store.analyze().unwrap();
        println!("{backend:?}: page of 50 of {} rows in {:?}", number(&store, "SELECT COUNT(*) FROM partners"), page(&store));
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let memory: Vec<&str> = status.lines().filter(|l| l.starts_with("VmRSS") || l.starts_with("VmHWM")).collect();
        println!("{backend:?}: memory {memory:?}");
    });
}
