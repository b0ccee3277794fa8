//! Large files in and out over HTTP: spooled, streamed, and long work as a job.

use crate::wire::{Server, server};
use kontor_platform::{Ctx, query::Query};
use serde_json::Value as Json;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

const IMPORT: &str = "/api/v1/partners/import";

fn count(s: &Server) -> i64 {
    let q = Query { count: true, limit: 1, ..Default::default() };
    s.app.list(&Ctx::system(), "partners", &q).expect("a list").count.expect("counted")
}

fn partners(n: usize, comment: usize) -> String {
    let mut text = String::from("name,comment\n");
    for i in 0..n {
        writeln!(text, "Partner {i},{}", "x".repeat(comment)).expect("a text grows");
    }
    text
}

/// Nothing that came in is left lying.
fn swept(s: &Server) {
    let left = || std::fs::read_dir(s.app.incoming()).map(|d| d.count()).unwrap_or(0);
    let since = Instant::now();
    while left() > 0 {
        assert!(since.elapsed() < Duration::from_secs(10), "{} files stay", left());
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn wait(s: &Server, token: &str, address: &str) -> Json {
    let since = Instant::now();
    loop {
        let j = s.call("GET", address, &[("Authorization", token)], "").json();
        if !matches!(j["state"].as_str(), Some("queued" | "running")) {
            return j;
        }
        assert!(since.elapsed() < Duration::from_secs(120), "{j}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn with_folder() -> (Server, tempfile::TempDir) {
    let s = server();
    let folder = tempfile::tempdir().expect("a folder");
    s.app.data.set(folder.path().into()).expect("set once");
    (s, folder)
}

#[test]
fn plt_06_files_larger_than_a_form_come_in_over_http() {
    let (s, _folder) = with_folder();
    let token = s.token("boss", &["administrator"]);
    let text = partners(1_200, 10_000);
    assert!(text.len() > 11 << 20);
    let r = s.call("POST", &format!("{IMPORT}?dry_run=true"), &[("Authorization", &token)], &text);
    assert_eq!((r.status, r.json()["read"].as_u64()), (200, Some(1_200)), "{}", r.body);
    assert_eq!(count(&s), 0, "a dry run");
    let r = s.call("POST", IMPORT, &[("Authorization", &token)], &text);
    assert_eq!((r.status, r.json()["created"].as_u64()), (200, Some(1_200)), "{}", r.body);
    let r = s.call("POST", IMPORT, &[("Authorization", &token)], "name\nA\nB,C\n");
    assert_eq!(r.status, 422, "{}", r.body);
    let e = &r.json()["errors"][0];
    assert_eq!((e["file"].as_str(), e["row"].as_u64()), (Some("partners"), Some(3)), "{e}");
    assert_eq!(count(&s), 1_200);
    swept(&s);
}

#[test]
fn plt_06_who_may_not_import_is_told_before_he_sends_the_file() {
    let (s, _folder) = with_folder();
    let token = s.token("store", &["storekeeper"]);
    // Nothing but the head is sent: an answer proves that nobody waits for the rest.
    let announced = |headers: &[(&str, &str)], length: usize| s.begin(IMPORT, headers, length, 0).status;
    assert_eq!(announced(&[], 1_000_000_000), 401);
    assert_eq!(announced(&[("Authorization", &token)], 1_000_000_000), 403);
    let boss = s.token("boss", &["administrator"]);
    assert_eq!(announced(&[("Authorization", &boss)], 2_000_000_000), 413);
    swept(&s);
}

#[test]
fn plt_06_a_long_import_is_a_job_that_can_be_watched_and_stopped() {
    let (s, _folder) = with_folder();
    let token = s.token("boss", &["administrator"]);
    let later = [("Authorization", token.as_str()), ("Prefer", "respond-async")];
    let r = s.call("POST", IMPORT, &later, &partners(300, 10));
    assert_eq!(r.status, 202, "{}", r.body);
    let address = r.head.lines().find_map(|l| l.strip_prefix("location: ")).expect("an address").to_string();
    assert!(address.starts_with("/api/v1/jobs/") && r.json()["job"]["kind"] == "import", "{address} {}", r.body);
    let j = wait(&s, &token, &address);
    assert_eq!((j["state"].as_str(), j["result"]["created"].as_i64(), j["done"].as_i64()), (Some("done"), Some(300), Some(300)), "{j}");

    let r = s.call("POST", IMPORT, &later, "name\nA\nB,C\n");
    let address = r.head.lines().find_map(|l| l.strip_prefix("location: ")).expect("an address").to_string();
    let j = wait(&s, &token, &address);
    assert_eq!((j["state"].as_str(), j["result"]["errors"][0]["row"].as_i64()), (Some("failed"), Some(3)), "{j}");

    let r = s.call("POST", IMPORT, &later, &partners(6_000, 10).replace("Partner", "Other"));
    let address = r.head.lines().find_map(|l| l.strip_prefix("location: ")).expect("an address").to_string();
    let r = s.call("POST", &format!("{address}/cancel"), &[("Authorization", &token)], "{}");
    assert_eq!(r.status, 200, "{}", r.body);
    let j = wait(&s, &token, &address);
    assert_eq!(j["state"], "cancelled", "{j}");
    assert_eq!(count(&s), 300, "what was written is taken back");
    swept(&s);
}

#[test]
fn plt_06_long_exports_are_whole_and_what_is_wrong_is_said_before_the_first_byte() {
    let (s, _folder) = with_folder();
    let token = s.token("boss", &["administrator"]);
    let r = s.call("POST", IMPORT, &[("Authorization", &token)], &partners(1_300, 200));
    assert_eq!(r.status, 200, "{}", r.body);
    let csv = s.call("GET", "/api/v1/partners/export?format=csv&sort=name", &[("Authorization", &token)], "");
    assert_eq!(csv.status, 200);
    assert!(csv.head.contains("text/csv") && csv.head.contains("attachment; filename=\"partners-"), "{}", csv.head);
    assert_eq!(csv.body.lines().count(), 1_301);
    assert!(csv.body.len() > 256 << 10, "more pieces than one");
    let few = s.call("GET", "/api/v1/partners/export?format=csv&fields=name&name.like=Partner%2099", &[("Authorization", &token)], "");
    assert!(few.body.lines().count() < 300, "{}", few.body);
    let wrong = s.call("GET", "/api/v1/partners/export?format=csv&no_such_field=1", &[("Authorization", &token)], "");
    assert_eq!((wrong.status, wrong.head.contains("application/problem+json")), (422, true), "{}", wrong.body);
    let wrong = s.call("GET", "/api/v1/partners/export?format=doc", &[("Authorization", &token)], "");
    assert_eq!(wrong.status, 422, "{}", wrong.body);
    let store = s.token("nobody", &[]);
    assert_eq!(s.call("GET", "/api/v1/partners/export", &[("Authorization", &store)], "").status, 403);
}
