//! Calls of the binary, and what is in a database afterwards.

use kontor_platform::query::Query;
use kontor_platform::store::{Store, StoreOptions};
use kontor_platform::{App, Ctx};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

/// A call that knows nothing of the settings of whoever runs the tests.
pub fn command(folder: &Path) -> Command {
    let mut c = Command::new(env!("CARGO_BIN_EXE_kontor"));
    for (name, _) in std::env::vars_os().filter(|(n, _)| n.to_string_lossy().starts_with("KONTOR_")) {
        c.env_remove(name);
    }
    c.current_dir(folder).env("LC_ALL", "C").env("RUST_LOG", "error").stdin(Stdio::null());
    c
}

pub fn kontor(folder: &Path, url: &str, args: &[&str]) -> Output {
    command(folder).args(args).args(["--database", url]).output().expect("kontor runs")
}

pub fn out(o: &Output) -> String {
    String::from_utf8_lossy(&o.stdout).into_owned()
}

pub fn err(o: &Output) -> String {
    String::from_utf8_lossy(&o.stderr).into_owned()
}

/// The same database, looked at from the side.
pub fn app(url: &str) -> Arc<App> {
    App::new(Store::open(url, StoreOptions::default()).expect("the database opens"), kontor::registry::registry())
}

pub fn count(app: &Arc<App>, entity: &str, filters: &[(&str, &str)]) -> i64 {
    let ctx = Ctx::system();
    let pairs: Vec<_> = filters.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    let q = Query::parse(app, &ctx, app.registry.get(entity).expect("is registered"), &pairs).expect("a query");
    app.list(&ctx, entity, &Query { count: true, limit: 1, ..q }).expect("a list").count.expect("counted")
}

/// What people see of a shop: how much there is of everything, and the figures of its reports by title. Rows that come to
/// nothing are left out: a reversed sale leaves such.
pub fn figures(app: &Arc<App>) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for entity in ["companies", "warehouses", "partners", "products", "regions"] {
        out.insert(entity.to_string(), count(app, entity, &[]).to_string());
    }
    for entity in ["shipments", "returns", "stock-receipts"] {
        out.insert(entity.to_string(), count(app, entity, &[("state", "posted")]).to_string());
    }
    for (report, by, columns) in [
        ("sales", "month", &["revenue", "quantity"][..]),
        ("sales", "product", &["revenue", "quantity"]),
        ("sales", "partner", &["revenue", "quantity"]),
        ("stock", "product", &["on_hand", "reserved"]),
        ("settlements", "partner", &["balance", "overdue", "prepaid"]),
    ] {
        let given = [("by", by), ("currency", "UAH"), ("limit", "100000")].map(|(k, v)| (k.to_string(), v.to_string()));
        let table = app.report(&Ctx::system(), report, &given).expect("the report runs").to_json();
        for r in table["rows"].as_array().expect("rows") {
            let title = r["title"].as_str().filter(|t| !t.is_empty()).or(r["key"].as_str()).unwrap_or_default();
            let figures: Vec<&str> = columns.iter().map(|c| r[*c].as_str().unwrap_or_else(|| panic!("{c} in {r}"))).collect();
            if figures.iter().any(|f| !f.chars().all(|c| matches!(c, '0' | '.' | '-'))) {
                out.insert(format!("{report} {by} {title}"), figures.join(" "));
            }
        }
    }
    for (entity, fields) in [("partners", ["name", "region"]), ("products", ["sku", "name"])] {
        let (mut after, ctx) = (None, Ctx::system());
        loop {
            let page = app.list(&ctx, entity, &Query { limit: 500, after, ..Default::default() }).expect("a list");
            let next = page.next.clone();
            let shown: Json = serde_json::from_slice(&page.to_json(true)).expect("JSON");
            for r in shown["items"].as_array().into_iter().flatten() {
                out.insert(format!("{entity} {}", text(r, fields[0])), text(r, fields[1]));
            }
            match next {
                Some(n) => after = Some(n),
                None => break,
            }
        }
    }
    out
}

fn text(j: &Json, field: &str) -> String {
    match &j[field] {
        Json::Object(o) => o.get("title").and_then(Json::as_str).unwrap_or_default().to_string(),
        other => other.as_str().unwrap_or_default().to_string(),
    }
}
