//! What programs rely on over HTTP, name by name, on both databases: If-Match, Idempotency-Key, dry_run, fields, sort, count,
//! Retry-After.

use crate::wire::{Reply, Server, on_both};
use serde_json::{Value as Json, json};

const PARTNERS: &str = "/api/v1/partners";

/// Calls with a token, and further headers where they are needed.
struct Client<'a> {
    s: &'a Server,
    token: String,
}

impl<'a> Client<'a> {
    fn new(s: &'a Server) -> Client<'a> {
        Client { s, token: s.token("admin", &["administrator"]) }
    }
    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Json) -> Reply {
        let mut all = vec![("Authorization", self.token.as_str())];
        all.extend_from_slice(headers);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.s.call(method, path, &all, &body)
    }
    fn get(&self, path: &str) -> Json {
        let r = self.ask("GET", path, &[], &Json::Null);
        assert_eq!(r.status, 200, "{path}: {}", r.body);
        r.json()
    }
    fn partner(&self, input: Json) -> String {
        let r = self.ask("POST", PARTNERS, &[], &input);
        assert_eq!(r.status, 201, "{}", r.body);
        id(&r)
    }
    fn count(&self) -> Json {
        self.get(&format!("{PARTNERS}?count=true&limit=1"))["count"].clone()
    }
}

fn id(r: &Reply) -> String {
    r.json()["id"].as_str().expect("an id").to_string()
}

fn header<'a>(r: &'a Reply, name: &str) -> Option<&'a str> {
    r.head.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(": "))
}

#[test]
fn plt_07_if_match_is_the_version_that_an_edit_was_based_on() {
    on_both(|s| {
        let c = Client::new(s);
        let at = format!("{PARTNERS}/{}", c.partner(json!({"name": "A", "comment": "x"})));
        let edit = |tag: &str, body: Json| c.ask("PATCH", &at, &[("If-Match", tag)], &body);
        assert_eq!(header(&c.ask("GET", &at, &[], &Json::Null), "etag"), Some("\"1\""));
        let r = edit("\"1\"", json!({"name": "B"}));
        assert_eq!((r.status, header(&r, "etag")), (200, Some("\"2\"")), "{}", r.body);
        let r = edit("W/\"1\"", json!({"comment": "y"}));
        assert_eq!((r.status, header(&r, "etag")), (200, Some("\"3\"")), "another field is merged: {}", r.body);
        let r = edit("\"1\"", json!({"name": "C"}));
        assert_eq!((r.status, &r.json()["conflicts"][0]["theirs"]), (409, &json!("B")), "{}", r.body);
        for bad in ["\"1\", \"2\"", "*", "\"x\"", "\"99\"", "\"0\""] {
            let r = edit(bad, json!({"name": "C"}));
            assert_eq!((r.status, &r.json()["errors"][0]["field"]), (422, &json!("version")), "{bad}: {}", r.body);
        }
        assert_eq!(c.ask("PATCH", &at, &[], &json!({"name": "C"})).status, 428, "neither a tag nor a version");
        assert_eq!(c.get(&at)["name"], "B");
    });
}

#[test]
fn plt_07_a_key_is_done_once_whatever_the_command() {
    on_both(|s| {
        let c = Client::new(s);
        let keyed = |method: &str, path: &str, key: &str, body: Json| c.ask(method, path, &[("Idempotency-Key", key)], &body);
        let twice = |method: &str, path: &str, body: Json| {
            let key = format!("{method} {path}");
            let (first, second) = (keyed(method, path, &key, body.clone()), keyed(method, path, &key, body));
            assert!((200..300).contains(&first.status), "{method} {path}: {}", first.body);
            assert_eq!((header(&first, "idempotent-replayed"), header(&second, "idempotent-replayed")), (None, Some("true")));
            assert_eq!((second.status, header(&second, "etag")), (first.status, header(&first, "etag")), "{method} {path}");
            assert_eq!(second.json()["id"], first.json()["id"]);
            first
        };
        let before = c.count().as_i64().expect("a number");
        let at = format!("{PARTNERS}/{}", id(&twice("POST", PARTNERS, json!({"name": "Once"}))));
        assert_eq!(c.count(), json!(before + 1));
        twice("PATCH", &at, json!({"name": "Twice", "version": 1}));
        twice("DELETE", &at, Json::Null);
        twice("POST", &format!("{at}/restore"), json!({}));
        assert_eq!((c.get(&at)["version"].clone(), c.get(&at)["name"].clone()), (json!(4), json!("Twice")));
        let r = keyed("POST", PARTNERS, &format!("POST {PARTNERS}"), json!({"name": "Other"}));
        assert_eq!((r.status, &r.json()["code"]), (422, &json!("idempotency_mismatch")), "{}", r.body);
        assert_eq!(keyed("POST", PARTNERS, &"k".repeat(201), json!({"name": "Other"})).status, 400);
        // What was refused may be asked again, put right, under the same key.
        assert_eq!(keyed("POST", PARTNERS, "right", json!({"nmae": "x"})).status, 422);
        assert_eq!(keyed("POST", PARTNERS, "right", json!({"name": "Right"})).status, 201);
        // Everybody has keys of his own.
        let other = s.token("other", &["administrator"]);
        let r = s.call("POST", PARTNERS, &[("Authorization", &other), ("Idempotency-Key", "right")], r#"{"name":"Theirs"}"#);
        assert_eq!((r.status, header(&r, "idempotent-replayed")), (201, None));
        assert_eq!(c.count(), json!(before + 3));
    });
}

#[test]
fn plt_07_one_key_at_once_from_many_sides_is_done_once() {
    on_both(|s| {
        let c = Client::new(s);
        let before = c.count().as_i64().expect("a number");
        let answers: Vec<(u16, Json)> = std::thread::scope(|scope| {
            let ask = || c.ask("POST", PARTNERS, &[("Idempotency-Key", "same")], &json!({"name": "Same"}));
            let all: Vec<_> = (0..12).map(|_| scope.spawn(ask)).collect();
            all.into_iter().map(|t| t.join().expect("no panic")).map(|r| (r.status, r.json())).collect()
        });
        let done: Vec<&Json> = answers.iter().filter(|a| a.0 == 201).map(|a| &a.1["id"]).collect();
        assert!(!done.is_empty() && done.iter().all(|d| *d == done[0]), "{answers:?}");
        for (status, body) in answers.iter().filter(|a| a.0 != 201) {
            assert_eq!((*status, &body["code"]), (409, &json!("idempotency_in_flight")), "{body}");
        }
        assert_eq!(c.count(), json!(before + 1));
    });
}

#[test]
fn plt_07_a_dry_run_answers_as_if_and_changes_nothing() {
    on_both(|s| {
        let c = Client::new(s);
        let at = format!("{PARTNERS}/{}", c.partner(json!({"name": "Dry"})));
        let (count, card) = (c.count(), c.get(&at));
        let dry = |method: &str, path: &str, body: Json| {
            let r = c.ask(method, &format!("{path}?dry_run=true"), &[("Idempotency-Key", "dry")], &body);
            assert_eq!((r.status, &r.json()["dry_run"]), (200, &json!(true)), "{method}: {}", r.body);
            assert_eq!((c.count(), c.get(&at)), (count.clone(), card.clone()), "{method} changed something");
            r.json()
        };
        assert_eq!(dry("POST", PARTNERS, json!({"name": "New"}))["name"], "New");
        assert_eq!(dry("PATCH", &at, json!({"name": "Changed", "version": 1}))["name"], "Changed");
        assert_eq!(dry("DELETE", &at, Json::Null)["archived"], true);
        let r = c.ask("POST", &format!("{PARTNERS}?dry_run=true"), &[], &json!({"nmae": "x"}));
        assert_eq!(r.status, 422, "refused as it would be");
        assert_eq!(c.ask("POST", PARTNERS, &[("Idempotency-Key", "dry")], &json!({"name": "New"})).status, 201, "a dry run uses up no key");
    });
}

#[test]
fn plt_11_lists_answer_the_asked_fields_in_the_asked_order() {
    on_both(|s| {
        let c = Client::new(s);
        for (name, country) in [("Бета", "UA"), ("Альфа", "UA"), ("Delta", "PL"), ("Ґамма", "UA"), ("Carla", "PL"), ("Ewa", "DE")]
        {
            c.partner(json!({"name": name, "country": country, "source": "contract", "external_id": name}));
        }
        let list = format!("{PARTNERS}?source=contract");
        let page = c.get(&format!("{list}&fields=name,country&limit=1"));
        let keys: Vec<&String> = page["items"][0].as_object().expect("an object").keys().collect();
        for k in ["name", "country", "id"] {
            assert!(keys.iter().any(|x| *x == k), "{k} in {keys:?}");
        }
        assert!(!keys.iter().any(|x| ["comment", "created_at", "roles"].contains(&x.as_str())), "{keys:?}");
        for bad in [
            "fields=nmae",
            "fields=name,password_hash",
            "sort=nmae",
            "sort=name,country,created_at,updated_at,code",
            "limit=0",
            "count=maybe&nmae=1",
        ] {
            assert_eq!(c.ask("GET", &format!("{list}&{bad}"), &[], &Json::Null).status, 422, "{bad}");
        }
        let names = |path: &str| -> Vec<String> {
            let j = c.get(path);
            j["items"].as_array().expect("items").iter().map(|i| i["name"].as_str().expect("a name").to_string()).collect()
        };
        let order = ["Альфа", "Бета", "Ґамма", "Carla", "Delta", "Ewa"];
        assert_eq!(names(&format!("{list}&sort=-country,name")), order);
        assert_eq!(names(&format!("{list}&sort=country,-name")), order.iter().rev().copied().collect::<Vec<_>>());
        // Page by page it is the same.
        let (mut all, mut after) = (vec![], String::new());
        loop {
            let j = c.get(&format!("{list}&sort=-country,name&fields=name&limit=1{after}"));
            all.extend(j["items"].as_array().expect("items").iter().map(|i| i["name"].clone()));
            match j["next"].as_str() {
                Some(n) => after = format!("&after={n}"),
                None => break,
            }
        }
        assert_eq!(all, order.map(Json::from));
        for (filter, wanted) in [("country=UA", 3), ("country.in=PL,DE", 3), ("country=UA&name.starts=Б", 1), ("country=FR", 0)] {
            assert_eq!(c.get(&format!("{list}&{filter}&count=true&limit=1"))["count"], wanted, "{filter}");
        }
    });
}

#[test]
fn plt_03_too_many_attempts_are_told_when_to_come_again() {
    on_both(|s| {
        let sign_in = |lang: &str| s.call("POST", "/api/v1/session", &[("Accept-Language", lang)], r#"{"login":"eve","password":"wrong"}"#);
        let refused = (0..20).map(|_| sign_in("ru")).find(|r| r.status != 401).expect("limited");
        assert_eq!((refused.status, &refused.json()["code"]), (429, &json!("too_many_attempts")), "{}", refused.body);
        let seconds: u64 = header(&refused, "retry-after").and_then(|s| s.parse().ok()).expect("Retry-After in seconds");
        assert!((1..=3_600).contains(&seconds), "{seconds}");
        for lang in ["uk", "ru", "en"] {
            let title = sign_in(lang).json()["title"].as_str().expect("a title").to_string();
            assert_eq!(title.chars().any(|c| ('а'..='я').contains(&c)), lang != "en", "{title}");
        }
    });
}
