//! `kill -9` in the middle of an import: the next command finds the database as it was before, the import run again finds it
//! as if nothing had happened; a partial one goes on.

use crate::support::{app, command, count, err, figures, kontor, out};
use kontor_platform::value::Value;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

const PROFILE: &str = include_str!("shop.toml");

/// Sales of `clients` times five invoices; `city` of the first client tells the runs apart.
fn sales(folder: &Path, clients: usize, city: &str) {
    let mut text = String::from("no;client;city;code;qty;price;day\n");
    for n in 0..clients * 5 {
        let client = n % clients;
        let city = if client == 0 { city } else { "Lviv" };
        for line in 0..3 {
            let (code, price) = ((n * 3 + line) % 41, (n + line) % 17 + 1);
            writeln!(text, "{n};Client {client};{city};p{code};{};{price},25;{:02}.{:02}.2026", line + 1, n % 28 + 1, n % 6 + 1)
                .expect("a text grows");
        }
    }
    std::fs::write(folder.join("sales.csv"), text).expect("written");
    std::fs::write(folder.join("shop.toml"), PROFILE).expect("written");
}

fn start(folder: &Path, url: &str, args: &[&str]) -> Child {
    let mut c = command(folder);
    c.args(args).args(["--database", url]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("kontor starts")
}

/// Ends a call without a word once the last job is so far.
fn kill_when(url: &str, mut child: Child, far: impl Fn(i64, &serde_json::Value) -> bool) {
    let app = app(url);
    let since = Instant::now();
    loop {
        let row = app
            .store
            .read(|c| {
                let r = c.query_opt("SELECT done, state, position FROM jobs WHERE kind = 'import' ORDER BY id DESC LIMIT 1", &[])?;
                r.map(|r| {
                    let position = if *r.raw(2)? == Value::Null { serde_json::Value::Null } else { r.json(2)? };
                    Ok((r.int(0)?, r.text(1)?.to_string(), position))
                })
                .transpose()
            })
            .expect("the jobs are read");
        if row.as_ref().is_some_and(|(done, state, position)| state == "running" && far(*done, position)) {
            break;
        }
        assert!(child.try_wait().expect("a child").is_none(), "it had ended before it could be killed: {row:?}");
        assert!(since.elapsed() < Duration::from_secs(120), "it does not get there: {row:?}");
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().expect("killed");
    child.wait().expect("gone");
}

const IMPORT: [&str; 4] = ["import", "--profile", "shop.toml", "."];

fn whole(db: &kontor_testkit::TestDb, clean: &kontor_testkit::TestDb) {
    let (folder, url) = (db.folder(), db.url.as_str());
    sales(folder, 4, "Kyiv");
    for url in [url, clean.url.as_str()] {
        let o = kontor(folder, url, &IMPORT);
        assert!(o.status.success(), "{}", err(&o));
    }
    let before = figures(&app(url));
    assert_eq!((before["partners"].as_str(), before["shipments"].as_str()), ("4", "20"), "{before:?}");
    assert_eq!(before["partners Client 0"], "Kyiv");

    sales(folder, 80, "Odesa");
    // Among the catalogs, soon after, and far in the documents.
    for far in [20, 150, 330] {
        kill_when(url, start(folder, url, &IMPORT), |done, _| done >= far);
        assert_ne!(figures(&app(url)), before, "it was killed in the middle");
        // A killed taking back is gone on with, too.
        if far == 330 {
            kill_when(url, start(folder, url, &["check"]), |_, position| position["taken"].as_i64().is_some_and(|n| n > 20));
        }
        let o = kontor(folder, url, &["check"]);
        assert_eq!((o.status.code(), out(&o).as_str()), (Some(0), "0 differences\n"), "{}", err(&o));
        assert!(err(&o).contains("Interrupted"), "{}", err(&o));
        assert_eq!(figures(&app(url)), before, "after a kill at {far}");
        assert_eq!(count(&app(url), "jobs", &[("kind", "import"), ("state", "running")]), 0);
        let o = kontor(folder, url, &["check"]);
        assert_eq!(err(&o), "", "told once");
    }

    for url in [url, clean.url.as_str()] {
        let o = kontor(folder, url, &IMPORT);
        assert!(o.status.success(), "{}", err(&o));
    }
    let after = figures(&app(url));
    assert_eq!(after["shipments"], "400");
    assert_eq!(after, figures(&app(&clean.url)), "as if nothing had happened");
    let o = kontor(folder, url, &["check"]);
    assert_eq!(out(&o), "0 differences\n");
}

fn partial(db: &kontor_testkit::TestDb, clean: &kontor_testkit::TestDb) {
    let (folder, url) = (db.folder(), db.url.as_str());
    sales(folder, 200, "Odesa");
    let import = ["import", "--profile", "shop.toml", ".", "--partial"];
    assert!(kontor(folder, url, &["migrate"]).status.success());
    kill_when(url, start(folder, url, &import), |done, _| done >= 400);
    let o = kontor(folder, url, &["check"]);
    assert_eq!((o.status.code(), out(&o).as_str()), (Some(0), "0 differences\n"), "{}", err(&o));
    let stayed = figures(&app(url))["shipments"].parse::<i64>().expect("a number");
    assert!((1..1000).contains(&stayed), "{stayed} shipments stay");
    let o = kontor(folder, url, &import);
    assert!(o.status.success(), "{}", err(&o));
    let o = kontor(folder, &clean.url, &IMPORT);
    assert!(o.status.success(), "{}", err(&o));
    assert_eq!(figures(&app(url)), figures(&app(&clean.url)));
    assert_eq!(count(&app(url), "shipments", &[]), 1000, "none twice");
}

#[test]
fn plt_06_a_killed_import_leaves_nothing_on_sqlite() {
    whole(&kontor_testkit::TestDb::sqlite(), &kontor_testkit::TestDb::sqlite());
}

#[test]
fn plt_06_a_killed_import_leaves_nothing_on_postgres() {
    match kontor_testkit::postgres_missing() {
        Some(why) => eprintln!("SKIPPED on PostgreSQL: {why}"),
        None => whole(&kontor_testkit::TestDb::postgres(), &kontor_testkit::TestDb::postgres()),
    }
}

#[test]
fn plt_06_a_killed_partial_import_goes_on() {
    partial(&kontor_testkit::TestDb::sqlite(), &kontor_testkit::TestDb::sqlite());
}
