//! Pages over a temporary database with ugly data: `cargo run -p kontor-web --example serve -- 127.0.0.1:8090 2000`.
//! Signs in as `admin` or `olena` with the password `correct horse battery`.

use axum::Router;
use kontor_platform::{App, Ctx, Envelope, Registry, schema};
use serde_json::{Value as Json, json};
use std::net::SocketAddr;
use std::sync::Arc;

fn registry() -> Registry {
    let r = kontor_catalog::register(kontor_partners::register(kontor_office::register(Registry::default())));
    let r = kontor_settlements::register(kontor_stock::register(kontor_prices::register(r)));
    let r = kontor_sales::register(kontor_deals::register(kontor_activities::register(r)));
    kontor_insight::register(kontor_finance::register(r))
}

fn make(app: &Arc<App>, command: &str, input: Json) -> String {
    match app.execute(&Ctx::system(), Envelope::new(command, input.clone())) {
        Ok(o) => o.id.map(|i| i.to_string()).unwrap_or_default(),
        Err(e) => panic!("{command} {input}: {e}"),
    }
}

fn fill(app: &Arc<App>, partners: usize) {
    const PASSWORD: &str = "correct horse battery";
    let company = make(
        app,
        "companies.create",
        json!({"name": "Вольтарія", "legal_name": "ТОВ «Вольтарія Трейд»", "currency": "UAH", "country": "UA", "time_zone": "Europe/Kyiv"}),
    );
    make(
        app,
        "users.create",
        json!({"login": "admin", "name": "Олена Коваль", "password": PASSWORD, "roles": ["administrator"], "language": "uk"}),
    );
    let seller = make(
        app,
        "users.create",
        json!({"login": "olena", "name": "Тарас Гнатюк-Величковський", "password": PASSWORD, "roles": ["salesperson"], "language": "uk"}),
    );
    let regions: Vec<String> =
        ["Київ", "Львів", "Одеса", "Кам’янець-Подільський"].iter().map(|n| make(app, "regions.create", json!({"name": n}))).collect();
    let names = [
        "Київелектропостач",
        "Столичні Кабелі",
        "Ґрант Електро",
        "Об’єднані Монтажники",
        "شركة الكهرباء الحديثة للتجارة",
        "Überlänge & Söhne <b>GmbH</b>",
    ];
    let mut batch = vec![];
    for i in 0..partners {
        let name = if i % 97 == 5 {
            format!("{} {i}", "Дуже довга назва товариства з обмеженою відповідальністю ".repeat(4).trim_end())
        } else {
            format!("{} {i}", names[i % names.len()])
        };
        batch.push(Envelope::new(
            "partners.create",
            json!({"name": name.chars().take(200).collect::<String>(), "roles": ["client"], "region_id": regions[i % regions.len()], "manager_id": seller, "country": "UA", "phone": format!("+38044{:07}", i), "tags": if i % 3 == 0 { json!(["щитовик", "Київ"]) } else { json!([]) }, "annual_revenue": if i % 4 == 0 { "999999999999.99" } else { "-1234.5" }, "comment": "Перший рядок\nдругий рядок"}),
        ));
    }
    for chunk in batch.chunks(500) {
        app.execute_slice(&Ctx::system(), chunk.to_vec(), false).expect("partners are made");
    }
    fill_stock(app, &company);
}

fn fill_stock(app: &Arc<App>, company: &str) {
    let unit = make(app, "units.create", json!({"name": "штука (нова)", "code": "x-pcs"}));
    let warehouse = make(app, "warehouses.create", json!({"name": "Основний склад", "company_id": company}));
    let products: Vec<String> = (0..60).map(|i| make(app, "products.create", json!({"name": format!("Автоматичний вимикач {i}А 3P 6кА C{i}"), "sku": format!("AV-{i:04}"), "unit_id": unit, "kind": "goods"}))).collect();
    for n in [1, 12, 60] {
        let lines: Vec<Json> = products
            .iter()
            .take(n)
            .enumerate()
            .map(|(i, p)| json!({"product_id": p, "quantity": format!("{}", i + 1), "cost": "123456789.99"}))
            .collect();
        make(app, "stock-receipts.create", json!({"company_id": company, "warehouse_id": warehouse, "lines": lines}));
    }
}

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let at: SocketAddr = args.next().unwrap_or_else(|| "127.0.0.1:8090".into()).parse().expect("an address");
    let partners: usize = args.next().map_or(2000, |n| n.parse().expect("a number of partners"));
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("pages.db").display());
    let app = schema::open_draft(&url, registry()).expect("tables");
    fill(&app, partners);
    let router: Router = kontor_api::router(kontor_api::Api { app: app.clone(), https: false }).merge(kontor_web::router(app, false));
    let listener = tokio::net::TcpListener::bind(at).await.expect("a free port");
    println!("http://{at}/partners");
    axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).await.expect("served");
}
