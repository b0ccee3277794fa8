//! Whatever comes in by body, query and path is answered: taken, or refused in the caller's language with the name of what is
//! wrong; never by a fault of the program. Over everything that is registered, by API and by pages.

use crate::browser::{Browser, Office};
use crate::fixtures::{Samples, both, user};
use axum::http::{Method, Response};
use kontor_platform::App;
use kontor_platform::spec::{Column, Kind, Spec, Ty};
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};
use std::sync::Arc;

const JSON: &str = "application/json";
pub const FORM: &str = "application/x-www-form-urlencoded";

/// Bodies that are no input of anything.
pub fn bodies() -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> =
        ["", "null", "true", "5", "[]", "[1]", "\"x\"", "{", "{}x", "{\"a\":1,\"a\":2}", "{\"\\ud800\":1}", "{\"a\":1e999}"]
            .iter()
            .map(|b| b.as_bytes().to_vec())
            .collect();
    all.extend([b"{\"a\":\"\xff\xfe\"}".to_vec(), "[".repeat(100_000).into_bytes(), "{\"a\":".repeat(20_000).into_bytes()]);
    all.push(format!("{{\"a\":{}{}}}", "[".repeat(120), "]".repeat(120)).into_bytes());
    all
}

/// Values as they stand in a body: of every wrong kind, and none of them a number, a date or a text of any field.
const VALUES: [&str; 17] = [
    "null",
    "true",
    "-1",
    "1.5",
    "99999999999999999999999999",
    "1e999",
    "\"a\\u0000b\"",
    "\"\\ud800\"",
    "\"2026-02-31\"",
    "\"1e5\"",
    "\"NaN\"",
    "\"99999999999999999999999999\"",
    "\"' OR 1=1 --\"",
    "[]",
    "[null,[[5]]]",
    "{}",
    "{\"id\":[{}]}",
];

/// The same in an address or a form.
pub const TEXTS: [&str; 12] = [
    "%00",
    "a%00b",
    "%ff%fe",
    "%ED%A0%80",
    "2026-02-31",
    "-1",
    "1e999",
    "99999999999999999999999999",
    "01890000-0000-7000-8000-000000000000",
    "%27%20OR%201%3D1%20--",
    "a,,b,%2C",
    "%F0%9F%A6%84%E2%80%AE",
];

pub struct Walk {
    browser: Browser,
    asked: std::cell::Cell<usize>,
    _folder: tempfile::TempDir,
}

impl Walk {
    pub fn new(app: &Arc<App>) -> Walk {
        user(app, "walker", &["administrator", "director"]);
        let folder = tempfile::tempdir().expect("a folder");
        app.data.set(folder.path().into()).expect("set once");
        let browser = Browser::sign_in(&Office::new(app), app, "walker").speaks("uk");
        Walk { browser, asked: Default::default(), _folder: folder }
    }

    #[track_caller]
    pub fn ask(&self, method: Method, path: &str, kind: &str, body: Vec<u8>) -> Response<Vec<u8>> {
        let sent = String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned();
        let said = self.browser.send(method.clone(), path, kind, body);
        self.asked.set(self.asked.get() + 1);
        let text = String::from_utf8_lossy(said.body());
        let what = || format!("{method} {path} {sent}: {} {}", said.status(), text.chars().take(1500).collect::<String>());
        assert!(!said.status().is_server_error(), "{}", what());
        if said.status().is_client_error() {
            let told = if path.starts_with("/api/") { problem(&text, &what()) } else { vec![text.to_string()] };
            for t in told {
                if let Some((_, missing)) = t.split_once('⟦') {
                    panic!("{}: ⟦{}", what(), missing.chars().take(80).collect::<String>());
                }
                assert!(t.chars().any(|c| ('а'..='я').contains(&c)), "in Ukrainian: {}: {t}", what());
            }
        }
        said
    }

    #[track_caller]
    pub fn json(&self, method: &Method, path: &str, body: impl Into<Vec<u8>>) -> Response<Vec<u8>> {
        self.ask(method.clone(), path, JSON, body.into())
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Response<Vec<u8>> {
        self.ask(Method::GET, path, "", vec![])
    }

    /// Refused, with the field named.
    #[track_caller]
    pub fn names(&self, method: &Method, path: &str, body: impl Into<Vec<u8>>, field: &str) {
        let said = self.json(method, path, body);
        let text = String::from_utf8_lossy(said.body()).into_owned();
        assert_eq!(said.status(), 422, "{path} {field}: {text}");
        let told: Json = serde_json::from_str(&text).expect("JSON");
        let named = |e: &Json| e["field"].as_str().is_some_and(|f| f == field || f.starts_with(&format!("{field}.")));
        assert!(told["errors"].as_array().is_some_and(|all| all.iter().any(named)), "{path}: {field} is not named: {text}");
    }
}

/// What a refusal of the API says in words.
#[track_caller]
fn problem(text: &str, what: &str) -> Vec<String> {
    let j: Json = serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {what}"));
    let words = |j: &Json| j.as_str().unwrap_or_else(|| panic!("no words: {what}")).to_string();
    let errors = j["errors"].as_array().into_iter().flatten();
    std::iter::once(words(j.get("title").unwrap_or(&j["errors"][0]["message"]))).chain(errors.map(|e| words(&e["message"]))).collect()
}

pub fn writable(app: &Arc<App>) -> impl Iterator<Item = &'static Spec> {
    app.registry.specs.iter().copied().filter(|s| s.kind != Kind::Facts)
}

fn each_body(w: &Walk, method: &Method, path: &str, fields: &[&str]) {
    for b in bodies() {
        w.json(method, path, b);
    }
    // Half of the values at each field: all of them meet every kind of field.
    for f in fields {
        for v in VALUES.iter().skip(f.len() % 2).step_by(2) {
            w.json(method, path, format!("{{\"version\":1,\"{f}\":{v}}}"));
        }
    }
}

#[test]
fn plt_07_any_body_to_any_command_is_taken_or_refused() {
    both(|app| {
        let w = Walk::new(app);
        let mut s = Samples::new(app);
        for spec in writable(app) {
            let id = s.record(spec.name);
            let at = format!("/api/v1/{}", spec.name);
            let dry = "?dry_run=true";
            let fields: Vec<&str> = spec.columns.iter().map(|c| c.name).chain(spec.lines.iter().map(|l| l.name)).collect();
            each_body(&w, &Method::POST, &format!("{at}{dry}"), &fields);
            // What a field takes is the same in both; what is there already is beside it.
            let some: Vec<&str> = fields.iter().copied().step_by(4).collect();
            each_body(&w, &Method::PATCH, &format!("{at}/{id}{dry}"), &some);
            each_body(&w, &Method::POST, &format!("{at}/bulk{dry}"), &["command", "ids", "filter", "input"]);
            each_body(&w, &Method::POST, &format!("{at}/preview"), &["id"]);
            for v in &spec.verbs {
                let fields: Vec<&str> = v.input.iter().map(|c| c.name).collect();
                each_body(&w, &Method::POST, &format!("{at}/{id}/{}{dry}", v.name), &fields);
            }
            for b in bodies() {
                w.json(&Method::POST, &format!("{at}/import{dry}"), b);
            }
        }
        for (method, path, fields) in [
            (Method::POST, "/api/v1/session/tokens", &["label", "days"][..]),
            (Method::PUT, "/api/v1/drafts/x", &["a"]),
            (Method::PUT, "/api/v1/drafts/a%00b", &["a"]),
            (Method::POST, "/api/v1/session/password", &["old_password", "new_password"]),
            (Method::PUT, "/api/v1/presence/partners/x", &[]),
            (Method::POST, "/api/v1/audit/x/undo", &[]),
            (Method::POST, "/api/v1/audit/groups/x/undo", &[]),
        ] {
            for f in fields {
                // What is taken has been made.
                VALUES.iter().for_each(|v| drop(w.json(&method, path, format!("{{\"{f}\":{v}}}"))));
            }
            bodies().into_iter().for_each(|b| drop(w.json(&method, path, b)));
        }
        for login in VALUES {
            w.json(&Method::POST, "/api/v1/session", format!("{{\"login\":{login},\"password\":{login}}}"));
        }
        assert!(w.asked.get() > 4_000, "{}", w.asked.get());
    });
}

/// A text as long as a request may be, in every long text of every document and of what else has one.
#[test]
fn plt_07_texts_of_megabytes_are_refused_by_name() {
    both(|app| {
        let w = Walk::new(app);
        let mut s = Samples::new(app);
        let long = "ї".repeat(9 << 19);
        let mut met = 0;
        for spec in writable(app) {
            let id = s.record(spec.name);
            let at = format!("/api/v1/{}", spec.name);
            let texts = |c: &&Column| c.writable() && matches!(c.ty, Ty::Long { .. });
            for c in spec.columns.iter().filter(texts) {
                w.names(&Method::POST, &at, format!("{{\"{}\":\"{long}\"}}", c.name), c.name);
                w.names(&Method::PATCH, &format!("{at}/{id}"), format!("{{\"version\":1,\"{}\":\"{long}\"}}", c.name), c.name);
                met += 1;
            }
            for l in &spec.lines {
                for c in l.columns.iter().filter(|c| c.writable() && matches!(c.ty, Ty::Text { .. } | Ty::Long { .. })) {
                    let body = format!("{{\"{}\":[{{\"{}\":\"{long}\"}}]}}", l.name, c.name);
                    w.names(&Method::POST, &at, body, &format!("{}.0.{}", l.name, c.name));
                    met += 1;
                }
            }
        }
        assert!(met > 20, "{met}");
    });
}

#[test]
fn plt_11_any_address_of_a_list_is_read_or_refused() {
    both(|app| {
        let w = Walk::new(app);
        for spec in &app.registry.specs {
            let names = ["q", "sort", "after", "limit", "count", "fields", "archived", "as_of", "id", "no_such", "a.b.c", "format"];
            // Every column, and one of the operations in turn.
            let ops = ["", ".ne", ".in", ".gt", ".contains", ".empty"];
            let own = spec.columns.iter().enumerate().map(|(n, c)| format!("{}{}", c.name, ops[n % ops.len()]));
            for name in names.iter().map(|n| n.to_string()).chain(own) {
                // Each operation with a few of them: all of them meet every column.
                for v in TEXTS.iter().skip(name.len() % 5).step_by(5) {
                    w.get(&format!("/api/v1/{}?limit=1&{name}={v}", spec.name));
                }
            }
            // All of them over the collections, some at each.
            for v in TEXTS.iter().skip(spec.name.len() % 4).step_by(4) {
                for rest in ["", "/history", "/no-such-verb"] {
                    w.get(&format!("/api/v1/{}/{v}{rest}", spec.name));
                }
                for name in ["q", "sort", "after", "limit", "group", "cols", "totals", "view"] {
                    w.get(&format!("/{}?{name}={v}", spec.name));
                }
                for rest in ["", "/edit", "/peek", "?tab=history"] {
                    w.get(&format!("/{}/{v}{rest}", spec.name));
                }
            }
        }
        let many: String = (0..201).map(|n| format!("name.ne={n}&")).collect();
        let said = w.get(&format!("/api/v1/partners?{many}"));
        assert_eq!(said.status(), 422, "a condition that is passed over would show more: {}", String::from_utf8_lossy(said.body()));
        assert_eq!(w.get(&format!("/partners?{many}")).status(), 422);
        let body = json!({"command": "delete", "filter": many}).to_string();
        w.names(&Method::POST, "/api/v1/partners/bulk?dry_run=true", body, "query");
        let body = json!({"command": "delete", "ids": [Id::nil(), 5]}).to_string();
        w.names(&Method::POST, "/api/v1/partners/bulk?dry_run=true", body, "ids.1");
    });
}
