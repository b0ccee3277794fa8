//! Pages over HTTP as a browser without scripts sees them: the door, lists, forms that lose nothing, conflicts, errors.

mod known;
mod rights;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use kontor_platform::{App, Ctx, Envelope, Registry, schema};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use tower::ServiceExt;

const PASSWORD: &str = "correct horse battery";

struct Pages {
    app: Arc<App>,
    router: axum::Router,
    rt: tokio::runtime::Runtime,
    _db: kontor_testkit::TestDb,
}

/// A browser: its cookies.
#[derive(Clone, Default)]
struct Jar(Vec<(String, String)>);

struct Seen {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    body: String,
}

impl Seen {
    fn to(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or("")
    }
    fn has(&self, part: &str) -> bool {
        self.body.contains(part)
    }
    /// Value of a hidden field.
    fn field(&self, name: &str) -> String {
        let at = format!("name=\"{name}\" value=\"");
        self.body.split_once(&at).and_then(|(_, rest)| rest.split_once('"')).map(|(v, _)| v.to_string()).unwrap_or_default()
    }
}

fn registry() -> Registry {
    kontor_stock::register(kontor_catalog::register(kontor_partners::register(kontor_office::register(Registry::default()))))
}

fn start() -> Pages {
    let db = kontor_testkit::TestDb::sqlite();
    let app = schema::open_draft(&db.url, registry()).expect("tables");
    let p = Pages { router: kontor_web::router(app.clone(), false), app, rt: tokio::runtime::Runtime::new().expect("a runtime"), _db: db };
    p.make("users", json!({"login": "admin", "name": "Олена Коваль", "password": PASSWORD, "roles": ["administrator"], "language": "uk"}));
    p.make("users", json!({"login": "seller", "name": "Тарас", "password": PASSWORD, "roles": ["salesperson"], "language": "en"}));
    p
}

impl Pages {
    fn make(&self, collection: &str, input: Json) -> String {
        let done = self.app.execute(&Ctx::system(), Envelope::new(format!("{collection}.create"), input));
        done.unwrap_or_else(|e| panic!("{collection}: {e}")).id.expect("an id").to_string()
    }

    fn send(&self, jar: &mut Jar, req: axum::http::request::Builder, body: String) -> Seen {
        let cookies = jar.0.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("; ");
        let req: Request<Body> = req.header(header::COOKIE, cookies).body(Body::from(body)).expect("a request");
        let router = self.router.clone();
        self.rt.block_on(async move {
            let r: Response = router.oneshot(req).await.expect("an answer");
            let (parts, body) = r.into_parts();
            let bytes = axum::body::to_bytes(body, 20 << 20).await.expect("a body");
            for c in parts.headers.get_all(header::SET_COOKIE) {
                let pair = c.to_str().expect("text").split(';').next().expect("a pair").to_string();
                let (k, v) = pair.split_once('=').expect("name and value");
                jar.0.retain(|(n, _)| n != k);
                if !v.is_empty() {
                    jar.0.push((k.into(), v.into()));
                }
            }
            Seen { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&bytes).into_owned() }
        })
    }

    fn get(&self, jar: &mut Jar, path: &str) -> Seen {
        self.send(jar, Request::get(path), String::new())
    }

    fn post(&self, jar: &mut Jar, path: &str, fields: &[(&str, &str)]) -> Seen {
        let enc = |s: &str| {
            s.bytes().map(|b| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("%{b:02X}") }).collect::<String>()
        };
        let body = fields.iter().map(|(k, v)| format!("{}={}", enc(k), enc(v))).collect::<Vec<_>>().join("&");
        self.send(jar, Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"), body)
    }

    fn signed_in(&self, login: &str) -> Jar {
        let mut jar = Jar::default();
        let r = self.post(&mut jar, "/sign-in", &[("login", login), ("password", PASSWORD)]);
        assert_eq!(r.status, StatusCode::SEE_OTHER, "{}", r.body);
        jar
    }
}

#[test]
fn plt_12_strangers_come_to_the_door_and_back() {
    let p = start();
    let mut jar = Jar::default();
    let r = p.get(&mut jar, "/partners?q=a");
    assert_eq!((r.status, r.to()), (StatusCode::SEE_OTHER, "/sign-in?next=%2Fpartners%3Fq%3Da"));
    let wrong = p.post(&mut jar, "/sign-in", &[("login", "admin"), ("password", "no"), ("back", "/partners?q=a")]);
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.has("role=\"alert\"") && wrong.has("value=\"admin\""));
    let right = p.post(&mut jar, "/sign-in", &[("login", "admin"), ("password", PASSWORD), ("back", "/partners?q=a")]);
    assert_eq!(right.to(), "/partners?q=a");
    let cookie = right.headers[header::SET_COOKIE].to_str().expect("text");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Secure"));
    assert_eq!(p.post(&mut jar, "/sign-in", &[("login", "admin"), ("password", PASSWORD), ("back", "//evil.example/")]).to(), "/");
    let page = p.get(&mut jar, "/partners");
    assert_eq!(page.status, StatusCode::OK);
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
    assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"));
    assert!(!page.has(" style=") && !page.has(" onclick"));
    p.post(&mut jar, "/sign-out", &[("csrf", &page.field("csrf"))]);
    assert_eq!(p.get(&mut jar, "/partners").status, StatusCode::SEE_OTHER);
}

/// The form of an import as a browser without scripts sends it.
fn sent(p: &Pages, jar: &mut Jar, csrf: &str, fields: &[(&str, &str)], file: &str) -> Seen {
    let mut body = format!("--XX\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n");
    let head = "Content-Disposition: form-data; name=\"file\"; filename=\"../of/partners.csv\"\r\nContent-Type: text/csv";
    body.push_str(&format!("--XX\r\n{head}\r\n\r\n{file}\r\n"));
    for (name, value) in fields {
        body.push_str(&format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    body.push_str("--XX--\r\n");
    p.send(jar, Request::post("/list/partners/import").header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX"), body)
}

#[test]
fn plt_06_files_larger_than_a_form_come_in_by_the_page() {
    let p = start();
    let folder = tempfile::tempdir().expect("a folder");
    p.app.data.set(folder.path().into()).expect("set once");
    let mut jar = p.signed_in("admin");
    let csrf = p.get(&mut jar, "/list/partners/import").field("csrf");
    let count = || p.app.store.read(|c| c.query_one("SELECT COUNT(*) FROM partners", &[])?.int(0)).expect("a number");
    let large: String =
        std::iter::once("name,comment\n".to_string()).chain((0..1_100).map(|n| format!("Partner {n},{}\n", "x".repeat(10_000)))).collect();
    let seen = sent(&p, &mut jar, &csrf, &[("check", "1")], &large);
    assert_eq!((seen.status, count()), (StatusCode::OK, 0), "{}", seen.body);
    let wrong = "name\nA\nB,C\n";
    let seen = sent(&p, &mut jar, &csrf, &[], wrong);
    assert!(seen.status == StatusCode::UNPROCESSABLE_ENTITY && seen.has("<td class=\"r tn\">3</td>"), "{}", seen.body);
    assert_eq!(sent(&p, &mut jar, &csrf, &[("partial", "1")], "name,country\nA,UA\nB,Nowhere\n").status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(count(), 1, "the good row");
    assert_eq!(sent(&p, &mut jar, &csrf, &[], "name\nGamma\n").status, StatusCode::OK);
    assert_eq!(count(), 2);
    // Without the session's token, without a file, without the right, without a session: nothing.
    assert_eq!(sent(&p, &mut jar, "guessed", &[], "name\nDelta\n").status, StatusCode::FORBIDDEN);
    assert_eq!(sent(&p, &mut jar, &csrf, &[], "").status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(sent(&p, &mut Jar::default(), &csrf, &[], "name\nDelta\n").status, StatusCode::SEE_OTHER);
    assert_eq!(count(), 2);
    let since = std::time::Instant::now();
    while std::fs::read_dir(p.app.incoming()).expect("the folder is there").count() > 0 {
        assert!(since.elapsed().as_secs() < 10, "what came in is gone when it is taken");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn plt_12_the_first_administrator_has_one_code() {
    let db = kontor_testkit::TestDb::sqlite();
    let app = schema::open_draft(&db.url, registry()).expect("tables");
    let p = Pages { router: kontor_web::router(app.clone(), false), app, rt: tokio::runtime::Runtime::new().expect("a runtime"), _db: db };
    let code = p.app.offer_setup().expect("read").expect("nobody is there yet");
    let mut jar = Jar::default();
    let fields = |code: &'static str, login: &'static str| [("code", code), ("name", "Перша"), ("login", login), ("password", PASSWORD)];
    assert_eq!(p.post(&mut jar, "/setup", &fields("wrong", "root")).status, StatusCode::UNPROCESSABLE_ENTITY);
    let code: &'static str = Box::leak(code.into_boxed_str());
    assert!(p.get(&mut jar, &format!("/setup?code={code}")).has(code));
    assert_eq!(p.post(&mut jar, "/setup", &fields(code, "root")).to(), "/");
    assert_eq!(p.get(&mut jar, "/users").status, StatusCode::OK);
    assert_eq!(p.post(&mut Jar::default(), "/setup", &fields(code, "other")).status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(p.app.offer_setup().expect("read").is_none());
}

#[test]
fn plt_11_lists_hold_their_state_in_the_address() {
    let p = start();
    let mut jar = p.signed_in("admin");
    let region = p.make("regions", json!({"name": "Київ"}));
    for i in 0..70 {
        p.make(
            "partners",
            json!({"name": format!("Партнер <b> {i:02}"), "region_id": region, "tags": if i == 3 { json!(["х"]) } else { json!([]) }}),
        );
    }
    let page = p.get(&mut jar, "/partners?sort=-name&region=%D0%9A%D0%B8%D1%97%D0%B2");
    assert_eq!(page.body.matches("<tr data-id=").count(), 50);
    assert!(page.has("Партнер &lt;b&gt; 69") && !page.has("Партнер <b>") && page.has("aria-sort=\"descending\""));
    assert!(page.has("name=\"region\" value=\"Київ\""), "the condition is a chip");
    let next = page
        .body
        .split_once("hx-get=\"/partners?")
        .and_then(|(_, r)| r.split_once('"'))
        .map(|(v, _)| format!("/partners?{}", v.replace("&amp;", "&")))
        .expect("more");
    let rows = p.send(&mut jar, Request::get(next.as_str()).header("hx-request", "true"), String::new());
    assert!(rows.body.starts_with("<tr") && rows.body.matches("<tr data-id=").count() == 20 && !rows.has("k-more"));
    assert!(p.get(&mut jar, &next).has("<html"), "without scripts the next page is a page");
    assert!(p.get(&mut jar, "/list/partners/count?q=69").has(">1<"));
    assert!(p.get(&mut jar, "/partners?q=zzzz").has("k-empty"));
    let bad = p.get(&mut jar, "/partners?nope=1");
    assert!(bad.status == StatusCode::UNPROCESSABLE_ENTITY && bad.has("href=\"/partners\""));
    assert!(page.has("/api/v1/partners/export?sort=-name&amp;region="), "the file is what is seen");
}

#[test]
fn plt_05_a_list_says_when_very_many_matches_come_newest_first() {
    let p = start();
    let mut jar = p.signed_in("admin");
    let made = (0..700).map(|n| Envelope::new("partners.create", json!({"name": format!("Квазар {n:04}")}))).collect();
    p.app.execute_slice(&Ctx::system(), made, false).expect("partners").into_iter().for_each(|r| drop(r.expect("a partner")));
    let found = p.get(&mut jar, "/partners?q=%D0%BA%D0%B2%D0%B0%D0%B7%D0%B0%D1%80");
    assert!(found.has("k-word") && found.has("спершу найновіші"), "the order is said");
    assert!(found.has("&amp;sort=name") || found.has("?sort=name"), "and the way to the usual one");
    assert!(!p.get(&mut jar, "/partners?q=%D0%BA%D0%B2%D0%B0%D0%B7%D0%B0%D1%80&sort=name").has("k-word"));
    assert!(!p.get(&mut jar, "/partners?q=0699").has("k-word"), "few stand in the list's order");
}

#[test]
fn cat_01_other_units_are_told_by_the_stock_unit() {
    let p = start();
    let mut jar = p.signed_in("admin");
    let unit = |name: &str, code: &str| p.make("units", json!({"name": name, "code": code}));
    let (piece, pack) = (unit("штука Х", "xpc"), unit("пакунок Х", "xpk"));
    let units = json!([{"unit_id": pack, "numerator": 1200, "denominator": 1, "barcode": "4820000000017"}]);
    let id = p.make("products", json!({"name": "Гвинт", "unit_id": piece, "units": units}));
    let card = p.get(&mut jar, &format!("/products/{id}"));
    assert!(card.has("пакунок Х = <span class=\"n\">1\u{a0}200</span> штука Х"), "{}", card.body);
    assert!(card.has("· 4820000000017") && !card.has("1200, 1"));
}

#[test]
fn plt_10_forms_work_without_scripts_and_lose_nothing() {
    let p = start();
    let mut jar = p.signed_in("admin");
    let form = p.get(&mut jar, "/partners/new?roles=supplier");
    let (csrf, key) = (form.field("csrf"), form.field("idempotency_key"));
    assert!(form.has("value=\"supplier\" checked"));
    assert_eq!(p.post(&mut jar, "/partners/new/edit", &[("name", "x")]).status, StatusCode::FORBIDDEN, "a write needs the token");
    let wrong = p.post(
        &mut jar,
        "/partners/new/edit",
        &[
            ("csrf", &csrf),
            ("name", ""),
            ("annual_revenue", "багато"),
            ("comment", "рядок <1>\r\nрядок 2"),
            ("region_id", ""),
            ("region_id__title", "Львів"),
        ],
    );
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.has("рядок &lt;1&gt;")
            && wrong.has("value=\"багато\"")
            && wrong.has("value=\"Львів\"")
            && wrong.body.matches("aria-invalid=\"true\"").count() >= 2,
        "{}",
        wrong.body
    );
    p.make("regions", json!({"name": "Львів"}));
    let fields = [
        ("csrf", csrf.as_str()),
        ("idempotency_key", key.as_str()),
        ("name", "Ґрант"),
        ("roles", "client"),
        ("roles", ""),
        ("annual_revenue", "1 234,5"),
        ("region_id", ""),
        ("region_id__title", "Львів"),
        ("client_since", "21.11.2026"),
    ];
    let done = p.post(&mut jar, "/partners/new/edit", &fields);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(p.post(&mut jar, "/partners/new/edit", &fields).to(), done.to(), "sent twice is made once");
    let id = done.to().rsplit('/').next().expect("an id").parse().expect("an id");
    let r = p.app.get(&Ctx::system(), "partners", id).expect("there");
    assert_eq!(
        (r["annual_revenue"].as_str(), r["client_since"].as_str(), r["region"]["title"].as_str()),
        (Some("1234.50"), Some("2026-11-21"), Some("Львів"))
    );
}

#[test]
fn plt_10_rows_of_a_document_are_plain_fields() {
    let p = start();
    let mut jar = p.signed_in("admin");
    let company = p.make("companies", json!({"name": "Ми", "currency": "UAH", "country": "UA"}));
    let warehouse = p.make("warehouses", json!({"name": "Склад", "company_id": company}));
    let unit = p.make("units", json!({"name": "штука", "code": "x"}));
    let product = p.make("products", json!({"name": "Кабель", "unit_id": unit, "kind": "goods"}));
    let form = p.get(&mut jar, "/stock-receipts/new");
    assert!(form.has("value=\"Ми\""), "the only company stands there already");
    let csrf = form.field("csrf");
    let fields = [
        ("csrf", csrf.as_str()),
        ("company_id", &company),
        ("warehouse_id", &warehouse),
        ("lines[0][product_id]", ""),
        ("lines[0][quantity]", ""),
        ("lines[2][product_id]", &product),
        ("lines[2][quantity]", "2,5"),
        ("lines[2][cost]", "10"),
        ("lines[3][product_id]", &product),
        ("lines[3][quantity]", "x"),
        ("lines[3][cost]", "1"),
    ];
    let wrong = p.post(&mut jar, "/stock-receipts/new/edit", &fields);
    assert!(wrong.has("name=\"lines[1][quantity]\" value=\"x\""), "rows without anything fell out, the rest stays");
    let done = p.post(&mut jar, "/stock-receipts/new/edit", &fields[..8].iter().copied().chain([("then", "post")]).collect::<Vec<_>>());
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let card = p.get(&mut jar, done.to());
    assert!(card.has("badge pos") && card.has("Кабель") && card.has("data-toast"), "{}", card.body);
    assert!(!p.get(&mut jar, done.to()).has("data-toast"), "said once");
    assert_eq!(
        p.get(&mut jar, &format!("{}/edit", done.to())).status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a posted document is revised, not edited"
    );
    assert_eq!(p.get(&mut jar, &format!("{}/edit?verb=revise", done.to())).status, StatusCode::OK);
    let back = p.post(&mut jar, &format!("{}/do/reverse", done.to()), &[("csrf", &csrf)]);
    assert_eq!(back.to(), done.to());
}

#[test]
fn plt_08_two_editors_see_both_versions() {
    let p = start();
    let mut jar = p.signed_in("admin");
    let id = p.make("regions", json!({"name": "Було"}));
    let other = p.make("regions", json!({"name": "Інша"}));
    let path = format!("/regions/{id}/edit");
    let form = p.get(&mut jar, &path);
    let (csrf, version) = (form.field("csrf"), form.field("version"));
    let theirs = p.post(&mut jar, &path, &[("csrf", &csrf), ("version", &version), ("name", "Їхнє"), ("parent_id", &other)]);
    assert_eq!(theirs.status, StatusCode::SEE_OTHER, "{}", theirs.body);
    let mine = p.post(&mut jar, &path, &[("csrf", &csrf), ("version", &version), ("name", "Моє"), ("parent_id", "")]);
    assert_eq!(mine.status, StatusCode::CONFLICT);
    assert!(mine.has("data-conflict=\"name\"") && mine.has("Було") && mine.has("Їхнє") && mine.has("value=\"Моє\""));
    assert!(mine.field("version") != version && mine.field("parent_id") == other, "what only they changed is taken over");
    let again = p.post(&mut jar, &path, &[("csrf", &csrf), ("version", &mine.field("version")), ("name", "Моє"), ("parent_id", &other)]);
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
    let history = p.get(&mut jar, &format!("/regions/{id}?tab=history"));
    assert!(history.has("<del dir=\"auto\">Їхнє</del>") && history.has("Олена Коваль"));
}

#[test]
fn plt_12_rights_hold_on_pages_and_errors_speak_the_language() {
    let p = start();
    let mut jar = p.signed_in("seller");
    let region = p.make("regions", json!({"name": "R"}));
    assert!(!p.get(&mut jar, "/regions").has("/regions/new"), "who may not make one is not offered to");
    for (path, status) in [
        ("/regions/new", 403),
        ("/roles", 403),
        ("/nothing-here", 404),
        ("/regions/not-an-id", 404),
        ("/regions/018f0000-0000-7000-8000-000000000000", 404),
    ] {
        let r = p.get(&mut jar, path);
        assert_eq!(r.status.as_u16(), status, "{path}");
        assert!(r.has("<html lang=\"en\"") && r.has("k-empty"), "{path}");
    }
    let csrf = p.get(&mut jar, "/regions").field("csrf");
    let r = p.post(&mut jar, &format!("/regions/{region}/delete"), &[("csrf", &csrf)]);
    assert_eq!(r.status, StatusCode::UNPROCESSABLE_ENTITY);
    jar.0.push(("kontor_lang".into(), "ru".into()));
    assert!(p.get(&mut jar, "/nothing-here").has("<html lang=\"ru\""));
}
