//! Reports are granted like everything else: a role that somebody made runs those that it was given, through the API and on the
//! pages; what a built-in role usually runs can be taken from it.

use crate::browser::{Browser, Office};
use crate::fixtures::{both, system, user};
use axum::http::Method;
use kontor_kernel::error::Kind;
use kontor_platform::{App, Ctx, Envelope, Source};
use serde_json::{Value as Json, json};
use std::sync::Arc;

fn role(app: &Arc<App>, code: &str, permissions: Json) -> Result<(), Vec<String>> {
    let input = json!({"code": code, "name": code, "permissions": permissions});
    let done = app.execute(&system(), Envelope::new("roles.create", input));
    done.map(|_| ()).map_err(|e| e.inner().fields.iter().map(|f| format!("{}: {}", f.field, f.code)).collect())
}

/// Reports that he is not refused, in the order in which they are registered.
fn runs(app: &Arc<App>, ctx: &Ctx) -> Vec<&'static str> {
    let refused = |name: &str| app.report(ctx, name, &[]).is_err_and(|e| e.kind() == Kind::Forbidden);
    app.registry.reports.iter().map(|r| r.name).filter(|n| !refused(n)).collect()
}

#[test]
fn plt_02_a_role_that_somebody_made_runs_the_reports_it_was_given() {
    both(|app| {
        let all: Vec<&str> = app.registry.reports.iter().map(|r| r.name).collect();
        let data = json!({"reports": "sales funnel", "partners": "read", "shipments": "read", "deals": "read", "roles": "read"});
        assert_eq!(role(app, "analyst", data), Ok(()));
        assert_eq!(role(app, "clerk", json!({"partners": "read", "shipments": "read"})), Ok(()));
        let (analyst, clerk) = (user(app, "ann", &["analyst"]), user(app, "carl", &["clerk"]));
        let mut given = runs(app, &analyst);
        given.sort_unstable();
        assert_eq!(given, ["funnel", "sales"]);
        assert!(runs(app, &clerk).is_empty(), "who reads the rows alone runs no report over them");
        assert_eq!(runs(app, &user(app, "both", &["clerk", "analyst"])).len(), 2, "rights of several roles add up");

        // The pages show him those, and no others.
        let office = Office::new(app);
        let page = |login: &str, path: &str| {
            let said = Browser::sign_in(&office, app, login).send(Method::GET, path, "", vec![]);
            (said.status().as_u16(), String::from_utf8_lossy(said.body()).into_owned())
        };
        let (status, list) = page("ann", "/reports");
        assert!(status == 200 && list.contains("/reports/sales") && !list.contains("/reports/stock"), "{list}");
        for (login, path, status) in [
            ("ann", "/reports/sales", 200),
            ("ann", "/reports/stock", 403),
            ("carl", "/reports/sales", 403),
            ("ann", "/api/v1/reports/funnel", 200),
            ("ann", "/api/v1/reports/sales?format=csv", 200),
            ("ann", "/api/v1/reports/settlements", 403),
            ("carl", "/api/v1/reports/sales?format=xlsx", 403),
        ] {
            assert_eq!(page(login, path).0, status, "{login} at {path}");
        }

        // Taken from a built-in role, and given to one that usually has it not.
        let change = |code: &str, permissions: Json| {
            let id = app.store.read(|c| c.query_one("SELECT id, version FROM roles WHERE code = ?", &[code.into()])).expect("a role");
            let env = Envelope::new("roles.update", json!({"permissions": permissions})).on(id.id(0).expect("an id"));
            app.execute(&system(), env.seen(id.int(1).expect("a version"))).expect("changed");
        };
        let usual = runs(app, &user(app, "sam", &["salesperson"]));
        assert!(usual.contains(&"sales") && !usual.contains(&"rebates-due"), "{usual:?}");
        change("salesperson", json!({"reports": "sales=none rebates-due"}));
        let now = runs(app, &app.ctx_of("sam", Source::Api).expect("a user"));
        let want: Vec<&str> = all.iter().copied().filter(|r| usual.contains(r) && *r != "sales" || *r == "rebates-due").collect();
        assert_eq!(now, want);
    });
}

#[test]
fn plt_02_a_report_is_listed_to_whoever_can_run_it_and_to_nobody_else() {
    both(|app| {
        let all: Vec<&str> = app.registry.reports.iter().map(|r| r.name).collect();
        // Given every report, but to read only what one of them is about; the others are as if not given.
        let every = all.join(" ");
        assert_eq!(role(app, "shipper", json!({"reports": every, "shipments": "read"})), Ok(()));
        assert_eq!(role(app, "closer", json!({"reports": every, "deals": "read:own"})), Ok(()));
        assert_eq!(role(app, "shelves", json!({"reports": every, "warehouses": "read"})), Ok(()));
        let office = Office::new(app);
        let built_in = ["director", "sales_manager", "salesperson", "storekeeper", "accountant", "field_agent"];
        let mut listed_to = std::collections::BTreeMap::new();
        for code in built_in.iter().chain(&["shipper", "closer", "shelves"]) {
            let ctx = user(app, &format!("u-{code}"), &[*code]);
            let browser = Browser::sign_in(&office, app, &format!("u-{code}"));
            let get = |path: &str| browser.send(Method::GET, path, "", vec![]);
            let told: Json = serde_json::from_slice(get("/api/v1/reports").body()).expect("JSON");
            let listed: Vec<&str> = told["items"].as_array().expect("items").iter().filter_map(|r| r["name"].as_str()).collect();
            assert_eq!(listed, runs(app, &ctx), "{code}");
            let page = String::from_utf8_lossy(get("/reports").body()).into_owned();
            for name in &all {
                let linked = page.contains(&format!("href=\"/reports/{name}\""));
                assert!(!linked || listed.contains(name), "{code} is led to {name}");
                let status = get(&format!("/api/v1/reports/{name}")).status();
                assert_eq!(status == 403, !listed.contains(name), "{code} at {name}: {status}");
            }
            listed_to.insert(*code, listed.iter().map(|l| l.to_string()).collect::<Vec<_>>());
        }
        assert_eq!(listed_to["shipper"], ["sales"]);
        assert_eq!(listed_to["closer"].len(), 2, "{:?}", listed_to["closer"]);
        assert_eq!(listed_to["shelves"], Vec::<String>::new(), "stock is of warehouses and of products");
        assert_eq!(listed_to["director"].len(), all.len());
    });
}

#[test]
fn plt_02_who_administers_one_company_runs_every_report() {
    both(|app| {
        let company = json!({"name": "Ми", "currency": "UAH", "country": "UA"});
        let company = app.execute(&system(), Envelope::new("companies.create", company)).expect("a company").id;
        let input =
            json!({"login": "adm", "name": "adm", "password": "correct horse battery", "roles": ["administrator"], "companies": [company]});
        app.execute(&system(), Envelope::new("users.create", input)).expect("a user");
        let ctx = app.ctx_of("adm", Source::Api).expect("a user");
        assert!(!ctx.access.all);
        assert_eq!(runs(app, &ctx).len(), app.registry.reports.len());
    });
}

#[test]
fn plt_02_words_of_no_report_are_refused() {
    both(|app| {
        for (n, words) in ["dragons", "read", "sales:own", "sales=team", "hide:number", "sales dragons"].into_iter().enumerate() {
            assert_eq!(
                role(app, &format!("r{n}"), json!({"reports": words})),
                Err(vec!["permissions.reports: bad_grant".into()]),
                "{words}"
            );
        }
        // Rights only: there is nothing to be written under that name.
        let e = app.execute(&system(), Envelope::new("reports.sales", json!({}))).expect_err("no collection");
        assert_eq!(e.kind(), Kind::NotFound);
    });
}

#[test]
fn plt_02_reports_stand_in_the_matrix_of_a_role() {
    both(|app| {
        assert_eq!(role(app, "analyst", json!({"reports": "sales"})), Ok(()));
        user(app, "admin", &["administrator"]);
        let id = app.store.read(|c| c.query_one("SELECT id FROM roles WHERE code = 'analyst'", &[])?.id(0)).expect("a role");
        let office = Office::new(app);
        for (lang, name) in [("uk", "Звіти"), ("ru", "Отчёты"), ("en", "Reports")] {
            let b = Browser::sign_in(&office, app, "admin").speaks(lang);
            let page = b.send(Method::GET, &format!("/roles/{id}"), "", vec![]);
            let page = String::from_utf8_lossy(page.body()).into_owned();
            assert!(page.contains(name) && !page.contains('⟦'), "{lang}: {page}");
            for r in &app.registry.reports {
                assert!(page.contains(&format!("name=\"g.reports.{}\"", r.name)), "{lang}: {}", r.name);
            }
            assert!(!page.contains("name=\"g.reports.read\"") && !page.contains("name=\"h.reports\""), "{lang}");
        }
        let b = Browser::sign_in(&office, app, "admin");
        let body = "version=1&g.reports.sales=none&g.reports.stock=all&g.reports.funnel=none";
        let done = b.send(Method::POST, &format!("/roles/{id}/rights"), "application/x-www-form-urlencoded", body.into());
        assert_eq!(done.status(), 303, "{}", String::from_utf8_lossy(done.body()));
        let now = app.get(&system(), "roles", id).expect("a role")["permissions"].clone();
        assert_eq!(now, json!({"reports": "stock"}));
        let told = b.send(Method::GET, &format!("/roles/{id}?tab=history"), "", vec![]);
        let told = String::from_utf8_lossy(told.body()).into_owned();
        assert!(told.contains("Reports: stock"), "{told}");
    });
}
