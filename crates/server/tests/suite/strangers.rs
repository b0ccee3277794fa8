//! Who is not signed in is told so at every address of the API, and led to the door by every page; nothing is told, nothing done.

use crate::browser::{Browser, Office};
use crate::fixtures::{Samples, app, user};
use axum::http::{Method, header};
use kontor_platform::spec::Kind;
use kontor_testkit::TestDb;

/// Open to everybody: signing in.
const OPEN: [&str; 1] = ["post /api/v1/session"];

#[test]
fn plt_02_who_is_not_signed_in_is_told_nothing_at_any_address() {
    let db = TestDb::sqlite();
    let app = &app(&db.url);
    // With an administrator there, the first page is the door and not the set-up.
    user(app, "admin", &["administrator"]);
    let mut s = Samples::new(app);
    let partner = s.record("partners");
    let office = Office::new(app);
    let b = Browser::stranger(&office);
    let mut asked = 0;
    let document = kontor_api::openapi_document(&app.registry);
    for (path, item) in document["paths"].as_object().expect("paths") {
        let here: String =
            path.split('/').map(|p| if p.starts_with('{') { partner.to_string() } else { p.into() }).collect::<Vec<_>>().join("/");
        for method in item.as_object().expect("methods").keys().filter(|m| *m != "parameters") {
            if OPEN.contains(&format!("{method} {path}").as_str()) {
                continue;
            }
            let verb: Method = method.to_uppercase().parse().expect("a method");
            let body = if verb == Method::GET { vec![] } else { b"{}".to_vec() };
            let said = b.send(verb, &here, "application/json", body);
            let text = String::from_utf8_lossy(said.body());
            assert_eq!(said.status(), 401, "{method} {path}: {text}");
            assert!(text.contains("signed_out") && text.len() < 2_000, "{method} {path}: {text}");
            asked += 1;
        }
    }
    assert!(asked > 500, "only {asked} addresses");

    let mut pages: Vec<String> =
        ["/", "/reports", "/reports/sales", "/settings", "/profile", "/deals?view=funnel", "/price-workbench", "/rate-matrix"]
            .iter()
            .map(|p| p.to_string())
            .collect();
    for spec in &app.registry.specs {
        let name = spec.name;
        pages.extend([format!("/{name}"), format!("/{name}/{partner}"), format!("/list/{name}/count")]);
        if spec.kind != Kind::Facts {
            pages.extend([format!("/{name}/new"), format!("/{name}/{partner}/edit")]);
        }
    }
    for path in pages {
        let said = b.send(Method::GET, &path, "", vec![]);
        let to = said.headers().get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or("");
        assert!(said.status() == 303 && to.starts_with("/sign-in"), "{path}: {} {to}", said.status());
    }
    let version = app.record(&s.ctx, "partners", partner).expect("there").version;
    for path in [format!("/partners/{partner}/edit"), format!("/partners/{partner}/delete"), "/partners/new/edit".into()] {
        let said = b.send(Method::POST, &path, "application/x-www-form-urlencoded", b"version=1&name=x".to_vec());
        assert!(said.status().is_redirection() || said.status().is_client_error(), "{path}: {}", said.status());
    }
    let now = app.record(&s.ctx, "partners", partner).expect("there");
    assert_eq!((now.version, now.bool("archived")), (version, false), "nothing was done");
}
