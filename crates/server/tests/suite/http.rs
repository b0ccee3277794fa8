//! The API over HTTP: status codes, problem documents, headers, sessions.

use crate::fixtures::{system, user};
use crate::wire::{Reply, Server, on_both, server};
use kontor_platform::Envelope;
use serde_json::{Value as Json, json};
use std::time::Duration;

#[test]
fn plt_07_status_codes_and_problems_over_http() {
    on_both(status_codes_and_problems_over_http);
}

fn status_codes_and_problems_over_http(s: &Server) {
    let t = s.token("admin", &["administrator"]);
    let auth = [("Authorization", t.as_str())];
    let uk = [("Authorization", t.as_str()), ("Accept-Language", "uk")];
    assert_eq!(s.call("GET", "/api/v1/partners", &[], "").status, 401);
    assert_eq!(s.call("GET", "/api/v1/partners", &[("Authorization", "Bearer nonsense")], "").status, 401);
    assert_eq!(s.call("GET", "/api/v1/partners", &auth, "").status, 200);
    assert_eq!(s.call("GET", "/api/v1/no-such-thing", &auth, "").status, 404);
    assert_eq!(s.call("GET", "/api/v1/partners/01890000-0000-7000-8000-000000000000", &auth, "").status, 404);
    assert_eq!(s.call("GET", "/api/v1/partners/junk", &auth, "").status, 404);
    assert_eq!(s.call("POST", "/api/v1/partners", &auth, "{broken").status, 400);
    assert_eq!(s.call("POST", "/api/v1/partners", &auth, "[1]").status, 400);
    assert_eq!(s.call("POST", "/api/v1/partners", &auth, &"[".repeat(100_000)).status, 400);
    let r = s.call("POST", "/api/v1/partners", &uk, r#"{"nmae":"x"}"#);
    assert_eq!(r.status, 422);
    assert!(r.head.contains("application/problem+json"), "{}", r.head);
    let fields: Vec<String> =
        r.json()["errors"].as_array().expect("errors").iter().map(|e| e["field"].as_str().expect("a field").to_string()).collect();
    assert!(fields.contains(&"nmae".to_string()) && fields.contains(&"name".to_string()), "{fields:?}");
    assert!(r.body.chars().any(|c| ('а'..='я').contains(&c)), "the message is in Ukrainian: {}", r.body);
    // Every refusal in the caller's language.
    for (lang, word) in [("uk", "Заповніть"), ("ru", "Заполните"), ("en", "Fill")] {
        let said = [("Authorization", t.as_str()), ("Accept-Language", lang)];
        let r = s.call("POST", "/api/v1/partners", &said, "{}");
        let text = r.json()["errors"][0]["message"].as_str().unwrap_or_default().to_string();
        assert_eq!((r.status, text.contains(word)), (422, true), "{lang}: {}", r.body);
    }
    let r = s.call("POST", "/api/v1/partners", &auth, r#"{"name":"Перший"}"#);
    assert_eq!(r.status, 201, "{}", r.body);
    let id = r.json()["id"].as_str().expect("an id").to_string();
    assert_eq!(s.call("PATCH", &format!("/api/v1/partners/{id}"), &auth, r#"{"name":"Другий"}"#).status, 428);
    assert_eq!(s.call("PATCH", &format!("/api/v1/partners/{id}"), &auth, r#"{"name":"Другий","version":1}"#).status, 200);
    let r = s.call("PATCH", &format!("/api/v1/partners/{id}"), &auth, r#"{"name":"Третій","version":1}"#);
    assert_eq!(r.status, 409);
    assert_eq!(r.json()["conflicts"][0]["theirs"], "Другий");
    assert_eq!(s.call("POST", &format!("/api/v1/partners/{id}/explode"), &auth, "{}").status, 404);
    let r = s.call("PUT", &format!("/api/v1/partners/{id}"), &auth, "{}");
    assert_eq!((r.status, &r.json()["status"]), (405, &json!(405)));
    let tried = s.call("PATCH", &format!("/api/v1/partners/{id}?dry_run=yes"), &auth, r#"{"name":"Другий","version":3}"#);
    assert_eq!((tried.status, &tried.json()["errors"][0]["field"]), (422, &json!("dry_run")), "only to be tried, so not done");
    for (field, asked) in [("count", "count=maybe"), ("archived", "archived=perhaps")] {
        let r = s.call("GET", &format!("/api/v1/partners?{asked}"), &auth, "");
        assert_eq!((r.status, &r.json()["errors"][0]["field"]), (422, &json!(field)), "{}", r.body);
    }
    let r = s.call("PATCH", &format!("/api/v1/partners/{id}"), &auth, r#"{"name":"Другий","version":"one"}"#);
    assert_eq!((r.status, &r.json()["errors"][0]["field"]), (422, &json!("version")));
    // What is wrong with no field stands among the errors too, and says what and where.
    let r = s.call("PATCH", &format!("/api/v1/partners/{id}"), &uk, r#"{"name":"Другий"}"#);
    assert_eq!((r.status, &r.json()["errors"][0]["code"], &r.json()["errors"][0]["field"]), (428, &json!("version_needed"), &json!("")));
    assert_eq!(r.json()["errors"][0]["message"], r.json()["title"]);
    let r = s.call("POST", "/api/v1/partners", &auth, "{\n\"name\": broken}");
    let said = r.json()["errors"][0]["message"].as_str().unwrap_or_default().to_string();
    assert!(said.contains("line 2, character 9"), "{said}");
    assert_eq!(s.call("GET", "/api/v1/partners?limit=9999", &auth, "").status, 422);
    assert_eq!(s.call("GET", "/api/v1/partners?sort=password_hash", &auth, "").status, 422);
    assert_eq!(s.call("GET", "/api/v1/partners?after=%00junk", &auth, "").status, 422);
    assert_eq!(s.call("GET", "/api/v1/partners?nmae=1", &auth, "").status, 422);
    assert_eq!(s.call("GET", "/api/v1/users?password_hash.contains=a", &auth, "").status, 422);
    assert_eq!(s.call("GET", "/api/v1/partners?q=%D0%9F%00", &auth, "").status, 200);
    // Said as soon as it is too much, not by hanging up: the rest is never sent.
    // One who sends all of it before he reads finds the answer, and so does one who is refused before the body is looked at.
    let large = "x".repeat(24 << 20);
    for (token, path, status) in
        [(&auth[..], "/api/v1/partners", 413), (&auth[..], "/api/v1/no-such-list/import", 404), (&[], "/api/v1/partners/import", 401)]
    {
        let r = s.call("POST", path, token, &large);
        assert_eq!((r.status, r.json()["status"].as_u64()), (status, Some(u64::from(status))), "{path}: {}", r.head);
    }
    let r = s.begin("/api/v1/partners", &[("Authorization", &t)], 11 << 20, (10 << 20) + 65_536);
    assert_eq!(r.status, 413, "{}", r.head);
    assert!(r.head.contains("application/problem+json"), "{}", r.head);
    let nine = format!(r#"{{"name":"{}"}}"#, "ї".repeat(4 << 20));
    assert_eq!(s.call("POST", "/api/v1/partners", &auth, &nine).status, 422);
    assert_eq!(s.call("GET", "/health/live", &[], "").status, 200);
    assert_eq!(s.call("GET", "/health/ready", &[], "").status, 200);
    assert!(s.call("GET", "/metrics", &[], "").body.contains("kontor_requests_total"));
    let doc = s.call("GET", "/api/v1/openapi.json", &[], "");
    assert_eq!(doc.json()["openapi"], "3.1.0");
}

#[test]
fn plt_02_foreign_roles_over_http_learn_nothing() {
    on_both(foreign_roles_over_http_learn_nothing);
}

fn foreign_roles_over_http_learn_nothing(s: &Server) {
    let admin = s.token("admin", &["administrator"]);
    let one = s.token("one", &["salesperson"]);
    let two = s.token("two", &["salesperson"]);
    let r = s.call("POST", "/api/v1/partners", &[("Authorization", &one)], r#"{"name":"Таємний клієнт"}"#);
    assert_eq!(r.status, 201, "{}", r.body);
    let id = r.json()["id"].as_str().expect("an id").to_string();
    let see = |t: &str, path: &str| s.call("GET", path, &[("Authorization", t)], "");
    assert_eq!(see(&one, &format!("/api/v1/partners/{id}")).status, 200);
    assert_eq!(see(&two, &format!("/api/v1/partners/{id}")).status, 404);
    assert_eq!(see(&two, &format!("/api/v1/partners/{id}/history")).status, 404);
    for path in [
        "/api/v1/partners?count=true",
        "/api/v1/partners?q=%D0%A2%D0%B0%D1%94%D0%BC&count=true",
        "/api/v1/search?q=%D0%A2%D0%B0%D1%94%D0%BC%D0%BD%D0%B8%D0%B9",
    ] {
        assert!(!see(&two, path).body.contains("Таємний"), "{path}");
        assert!(see(&admin, path).body.contains("Таємний"), "{path}");
    }
    assert_eq!(see(&two, "/api/v1/partners?count=true").json()["count"], 0);
    let r = s.call("PATCH", &format!("/api/v1/partners/{id}"), &[("Authorization", &two)], r#"{"name":"Мій","version":1}"#);
    assert_eq!(r.status, 404);
    // A reference to what one may not see is as wrong as one to nothing.
    let r = s.call("POST", "/api/v1/contacts", &[("Authorization", &two)], &json!({"partner_id": id, "full_name": "Хтось"}).to_string());
    assert_eq!(r.status, 422, "{}", r.body);
    assert_eq!(s.call("POST", "/api/v1/users", &[("Authorization", &two)], r#"{"login":"x"}"#).status, 403);
    assert_eq!(see(&two, "/api/v1/roles").status, 403);
}

#[test]
fn plt_03_sign_in_is_limited_and_cookies_need_the_csrf_token() {
    on_both(sign_in_is_limited_and_cookies_need_the_csrf_token);
}

fn sign_in_is_limited_and_cookies_need_the_csrf_token(s: &Server) {
    user(&s.app, "eve", &["administrator"]);
    let r = s.call("POST", "/api/v1/session", &[], r#"{"login":"eve","password":"correct horse battery"}"#);
    let token = r.json()["token"].as_str().expect("a token").to_string();
    let csrf = r.json()["csrf"].as_str().expect("a token").to_string();
    let cookie = format!("kontor_session={token}");
    assert_eq!(s.call("GET", "/api/v1/partners", &[("Cookie", &cookie)], "").status, 200);
    assert_eq!(s.call("POST", "/api/v1/partners", &[("Cookie", &cookie)], r#"{"name":"x"}"#).status, 403);
    assert_eq!(s.call("POST", "/api/v1/partners", &[("Cookie", &cookie), ("X-CSRF-Token", &csrf)], r#"{"name":"x"}"#).status, 201);
    assert_eq!(s.call("DELETE", "/api/v1/session", &[("Cookie", &cookie), ("X-CSRF-Token", &csrf)], "").status, 204);
    assert_eq!(s.call("GET", "/api/v1/partners", &[("Cookie", &cookie)], "").status, 401);
    let mut last = 0;
    for _ in 0..12 {
        last = s.call("POST", "/api/v1/session", &[], r#"{"login":"eve","password":"wrong"}"#).status;
    }
    assert_eq!(last, 429);
}

#[test]
fn plt_12_bulk_is_done_at_once_for_few_and_as_a_job_for_many() {
    on_both(bulk_is_done_at_once_for_few_and_as_a_job_for_many);
}

fn bulk_is_done_at_once_for_few_and_as_a_job_for_many(s: &Server) {
    let t = s.token("admin", &["administrator"]);
    let auth = [("Authorization", t.as_str())];
    let two = s.token("two", &["storekeeper"]);
    let made = (0..310).map(|i| Envelope::new("regions.create", json!({"name": format!("Край {i:03}")}))).collect();
    s.app.execute_slice(&system(), made, false).expect("regions are made");
    let bulk = |headers: &[(&str, &str)], query: &str, body: Json| {
        s.call("POST", &format!("/api/v1/regions/bulk{query}"), headers, &body.to_string())
    };
    let few = json!({"command": "delete", "filter": "name.starts=%D0%9A%D1%80%D0%B0%D0%B9%2000"});
    let all = json!({"command": "delete", "filter": "name.starts=%D0%9A%D1%80%D0%B0%D0%B9"});
    assert_eq!(bulk(&[("Authorization", &two)], "", few.clone()).status, 403);
    let r = bulk(&auth, "?dry_run=true", all.clone());
    assert_eq!((r.status, &r.json()["count"]), (200, &json!(310)), "{}", r.body);
    let r = bulk(&auth, "", few);
    assert_eq!((r.status, &r.json()["done"]), (200, &json!(10)), "{}", r.body);
    // Three hundred are left: still at once. One more is a job.
    s.call("POST", "/api/v1/regions", &auth, r#"{"name":"Край останній"}"#);
    let r = bulk(&auth, "", all);
    assert_eq!(r.status, 202, "{}", r.body);
    let at = format!("/api/v1/jobs/{}", r.json()["job"]["id"].as_str().expect("an id"));
    assert!(r.head.contains(&format!("location: {at}")), "{}", r.head);
    assert_eq!(s.call("GET", &at, &auth, "").json()["state"], "queued");
    while s.app.run_jobs(Duration::from_secs(10)).expect("jobs run") {}
    let j = s.call("GET", &at, &auth, "").json();
    assert_eq!((&j["state"], &j["result"]["done"]), (&json!("done"), &json!(301)), "{j}");
    assert_eq!(s.call("GET", "/api/v1/jobs?state=done&count=true", &auth, "").json()["count"], 1);
    assert_eq!(s.call("POST", &format!("{at}/cancel"), &auth, "{}").status, 422);
    assert_eq!(s.call("GET", &at, &[("Authorization", &two)], "").status, 404);
}

#[test]
fn plt_12_who_may_archive_may_bring_back() {
    on_both(who_may_archive_may_bring_back);
}

fn who_may_archive_may_bring_back(s: &Server) {
    let (t, m, a) = (s.token("boss", &["director"]), s.token("clerk", &["sales_manager"]), s.token("admin", &["administrator"]));
    let call = |method: &str, path: &str, token: &str, body: &str| s.call(method, path, &[("Authorization", token)], body);
    let id = call("POST", "/api/v1/regions", &a, r#"{"name":"Полісся"}"#).json()["id"].as_str().expect("an id").to_string();
    let (at, back) = (format!("/api/v1/regions/{id}"), format!("/api/v1/regions/{id}/restore"));
    assert_eq!(call("POST", &back, &t, "{}").status, 422, "it is not archived");
    assert_eq!(call("DELETE", &at, &t, "").status, 200);
    assert_eq!(call("POST", &back, &m, "{}").status, 403, "who may not archive may not bring back");
    let r = call("POST", &back, &t, "{}");
    assert_eq!((r.status, &r.json()["archived"]), (200, &json!(false)), "{}", r.body);
    assert_eq!(call("DELETE", &at, &t, "").status, 200);
    let r = call("POST", "/api/v1/regions/bulk", &t, &json!({"command": "restore", "filter": "archived=true"}).to_string());
    assert_eq!((r.status, &r.json()["done"]), (200, &json!(1)), "{}", r.body);
    assert_eq!(call("GET", &at, &t, "").json()["archived"], false);
}

#[test]
fn plt_11_every_report_is_printed_too() {
    on_both(every_report_is_printed_too);
}

fn every_report_is_printed_too(s: &Server) {
    let t = s.token("admin", &["administrator"]);
    // The comparison with competitors wants to know with which of our prices.
    let of_itself = s.app.registry.reports.iter().filter(|r| r.name != "price-comparison");
    let names: Vec<String> = of_itself.map(|r| r.name.to_string()).collect();
    assert!(names.len() >= 5);
    for name in names {
        let r = s.call("GET", &format!("/api/v1/reports/{name}?format=pdf&from=2026-01-01&to=2026-12-31"), &[("Authorization", &t)], "");
        let said = r.status == 200 || r.body.contains("unknown_field");
        assert!(said, "{name}: {}", r.body);
        let r =
            if r.status == 200 { r } else { s.call("GET", &format!("/api/v1/reports/{name}?format=pdf"), &[("Authorization", &t)], "") };
        assert!(r.head.contains("application/pdf") && r.head.contains(&format!("{name}-")), "{name}: {}", r.head);
        assert!(r.body.starts_with("%PDF-") && r.body.contains("/FontFile2"), "{name}");
    }
    assert_eq!(s.call("GET", "/api/v1/reports/sales?format=doc", &[("Authorization", &t)], "").status, 422);
}

#[test]
fn plt_11_cards_say_whether_they_are_in_force_on_a_date() {
    on_both(cards_say_whether_they_are_in_force_on_a_date);
}

fn cards_say_whether_they_are_in_force_on_a_date(s: &Server) {
    let t = s.token("admin", &["administrator"]);
    let call = |method: &str, path: &str, body: &str| s.call(method, path, &[("Authorization", &t)], body);
    let id = |r: Reply| r.json()["id"].as_str().map(str::to_string).unwrap_or_else(|| panic!("{}", r.body));
    let bank = id(call("POST", "/api/v1/rate-types", r#"{"name":"Банк","base_currency":"UAH","direction":"direct"}"#));
    let rate = json!({"rate_type_id": bank, "currency": "EUR", "date": "2026-01-05", "rate": "48"}).to_string();
    let at = format!("/api/v1/rates/{}", id(call("POST", "/api/v1/rates", &rate)));
    let seen = |day: &str| call("GET", &format!("{at}?as_of={day}"), "").json()["in_force"].clone();
    assert_eq!((seen("2026-01-04"), seen("2026-01-05")), (json!(false), json!(true)));
    assert_eq!(call("GET", &format!("{at}?as_of=2026-02-31"), "").status, 422);
    assert!(call("GET", &at, "").json().get("in_force").is_none());
}

#[test]
fn plt_03_everybody_changes_his_own_password_and_keeps_his_own_tokens() {
    on_both(everybody_changes_his_own_password_and_keeps_his_own_tokens);
}

fn everybody_changes_his_own_password_and_keeps_his_own_tokens(s: &Server) {
    let (ann, bob) = (s.token("ann", &["salesperson"]), s.token("bob", &["salesperson"]));
    let call = |method: &str, path: &str, token: &str, body: Json| s.call(method, path, &[("Authorization", token)], &body.to_string());
    let sign_in = |password: &str| s.call("POST", "/api/v1/session", &[], &json!({"login": "ann", "password": password}).to_string());
    let old = "correct horse battery";
    let change = |token: &str, old: &str, new: &str| {
        call("POST", "/api/v1/session/password", token, json!({"old_password": old, "new_password": new}))
    };
    let refused = |r: Reply, field: &str, code: &str| {
        let e = r.json()["errors"][0].clone();
        assert_eq!((r.status, &e["field"], &e["code"]), (422, &json!(field), &json!(code)), "{}", r.body);
    };
    refused(change(&ann, "guess", "another good one"), "old_password", "wrong_password");
    refused(change(&ann, old, "short"), "new_password", "weak_password");
    // A token for a program: shown once, works, makes no others, is taken back.
    let r = call("POST", "/api/v1/session/tokens", &ann, json!({"label": "Каса", "days": 30}));
    assert_eq!(r.status, 201, "{}", r.body);
    let program = format!("Bearer {}", r.json()["token"].as_str().expect("a token"));
    assert_eq!(call("GET", "/api/v1/partners", &program, json!({})).status, 200);
    assert_eq!(call("POST", "/api/v1/session/tokens", &program, json!({"label": "x"})).status, 403);
    assert_eq!(change(&program, old, "another good one").status, 403);
    let listed = call("GET", "/api/v1/session/tokens", &ann, json!({})).json();
    assert_eq!((listed["items"].as_array().map(Vec::len), &listed["items"][0]["label"]), (Some(1), &json!("Каса")));
    assert!(!listed.to_string().contains(&program[7..]), "never shown again");
    let at = format!("/api/v1/session/tokens/{}", listed["items"][0]["id"].as_str().expect("an id"));
    assert_eq!(call("GET", "/api/v1/session/tokens", &bob, json!({})).json()["items"], json!([]));
    assert_eq!(call("DELETE", &at, &bob, json!({})).status, 404, "another's token is not there");
    for wrong in [json!({}), json!({"label": " "}), json!({"label": "x", "days": 0}), json!({"label": "x", "days": "many"})] {
        assert_eq!(call("POST", "/api/v1/session/tokens", &ann, wrong.clone()).status, 422, "{wrong}");
    }
    let r = call("POST", "/api/v1/session/tokens", &ann, json!({"label": "Друга"}));
    assert_eq!(r.status, 201, "{}", r.body);
    assert_eq!(call("DELETE", &at, &ann, json!({})).status, 204);
    assert_eq!(call("GET", "/api/v1/partners", &program, json!({})).status, 401, "taken back at once");
    // With the password goes whatever was made with the old one.
    let second = format!("Bearer {}", r.json()["token"].as_str().expect("a token"));
    let elsewhere = format!("Bearer {}", sign_in(old).json()["token"].as_str().expect("a token"));
    let r = change(&ann, old, "another good one");
    assert_eq!(r.status, 200, "{}", r.body);
    let new = format!("Bearer {}", r.json()["token"].as_str().expect("a token"));
    let seen = |token: &str| call("GET", "/api/v1/partners", token, json!({})).status;
    assert_eq!([seen(&new), seen(&ann), seen(&elsewhere), seen(&second), seen(&bob)], [200, 401, 401, 401, 200]);
    assert_eq!((sign_in(old).status, sign_in("another good one").status), (401, 200));
    // An open screen is no licence to guess.
    let tries: Vec<u16> = (0..12).map(|n| change(&new, &format!("guess {n}"), "yet another one").status).collect();
    assert_eq!((tries[0], tries[11]), (422, 429));
}

#[test]
fn prc_12_two_rules_of_one_key_are_refused_with_both_named() {
    let s = server();
    let t = s.token("admin", &["administrator"]);
    let auth = [("Authorization", t.as_str()), ("Accept-Language", "en")];
    let rule = |name: &str, from: &str, to: &str| {
        json!({"name": name, "kind": "quantity", "from_quantity": "10", "percent": "5", "valid_from": from, "valid_to": to}).to_string()
    };
    let first = s.call("POST", "/api/v1/price-conditions", &auth, &rule("Spring", "2026-03-01", "2026-05-31"));
    assert_eq!(first.status, 201, "{}", first.body);
    let id = first.json()["id"].clone();
    let met = s.call("POST", "/api/v1/price-conditions", &auth, &rule("May", "2026-05-31", "2026-06-30"));
    assert_eq!((met.status, met.head.contains("application/problem+json")), (422, true), "{}", met.body);
    let told = met.json();
    assert_eq!((&told["errors"][0]["field"], &told["errors"][0]["code"]), (&json!("valid_from"), &json!("overlap")));
    let message = told["errors"][0]["message"].as_str().expect("a message");
    assert!(message.contains("Spring") && message.contains("May"), "{message}");
    let overlaps = told["overlaps"].as_array().expect("both rules");
    assert_eq!(
        (overlaps.len(), &overlaps[0]["title"], &overlaps[1]["title"], &overlaps[1]["id"]),
        (2, &json!("May"), &json!("Spring"), &id)
    );
    assert_eq!(s.call("POST", "/api/v1/price-conditions", &auth, &rule("June", "2026-06-01", "2026-06-30")).status, 201);
}
