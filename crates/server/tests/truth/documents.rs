//! Profiles in small: documents from flat files, what a failure leaves behind, what a dry run and a partial run do.

use crate::support::{app, items, number};
use kontor_exchange::{Files, Input, Options, Profile, Report, import_entity, run_profile};
use kontor_platform::{App, Ctx};
use std::sync::Arc;

const SHOP: &str = r#"
source = "shop"

[settings]
negative_stock = "refuse"

[[section]]
entity = "companies"
external_id = { const = "company" }
constants = { name = "Shop", currency = "UAH", country = "UA" }

[[section]]
entity = "warehouses"
external_id = { const = "main" }
constants = { name = "Main" }
columns = { company_id = { const = "company", lookup = "companies" } }

[[section]]
entity = "partners"
files = "sales.csv"
distinct = ["client"]
external_id = "client"
columns = { name = "client", region = "city" }

[[section]]
entity = "products"
files = "sales.csv"
distinct = ["code"]
external_id = "code"
columns = { name = "code", sku = "code", unit_id = { const = "pcs", lookup = { entity = "units", by = "code" } } }

[[section]]
entity = "stock-receipts"
files = "stock.csv"
one_record = true
external_id = { const = "opening" }
constants = { date = "2026-01-01" }
then = ["post"]
[section.columns]
company_id = { const = "company", lookup = "companies" }
warehouse_id = { const = "main", lookup = "warehouses" }
[section.lines]
constants = { cost = "1" }
columns = { product_id = { column = "code", lookup = "products" }, quantity = "qty" }

[[section]]
files = "sales.csv"
group_by = ["no"]
constants = { currency = "UAH", vat = "exempt" }
then = ["post"]
documents = [
    { when = { column = "no", starts = "C" }, entity = "returns", negate = ["quantity"] },
    { when = { column = "no", starts_not = "X" }, entity = "shipments" },
]
[section.columns]
company_id = { const = "company", lookup = "companies" }
warehouse_id = { const = "main", lookup = "warehouses" }
partner_id = { column = "client", lookup = "partners" }
date = "day"
[section.lines.columns]
product_id = { column = "code", lookup = "products" }
quantity = "qty"
price = { column = "price", decimal = "," }
"#;

/// Repeated lines, codes that differ by case, a return, a number that the profile passes over.
const SALES: &str = "no;client;city;code;qty;price;day\n\
    1;Alpha;Kyiv;a1;2;10,005;02.01.2026\n\
    1;Alpha;Kyiv;a1;2;10,005;02.01.2026\n\
    2;Beta;Lviv;A1;1;5;03.01.2026\n\
    C3;Alpha;Kyiv;a1;-1;10,005;04.01.2026\n\
    X4;Beta;Lviv;A1;1;1;04.01.2026\n\
    5;Beta;Lviv;A1;50;5;05.01.2026\n";
const STOCK: &str = "code;qty\na1;10\nA1;10\n";

fn run(app: &Arc<App>, profile: &str, sales: &str, options: &Options) -> Report {
    let files =
        Files::List(vec![Input::bytes("sales.csv", sales.as_bytes().to_vec()), Input::bytes("stock.csv", STOCK.as_bytes().to_vec())]);
    run_profile(app, &Ctx::system(), &Profile::parse(profile).expect("a profile"), &files, options)
}

fn on_hand(app: &App) -> i64 {
    number(app, "SELECT COALESCE(CAST(SUM(on_hand) AS BIGINT), 0) FROM reg_stock_totals WHERE month = '9999-12-31'") / 1_000_000
}

fn live(app: &App, table: &str) -> i64 {
    app.store.read(|c| c.query_one(&format!("SELECT COUNT(*) FROM {table} WHERE archived = ?"), &[false.into()])?.int(0)).expect("a number")
}

#[test]
fn plt_06_a_failure_takes_everything_back_and_the_next_run_brings_it_anew() {
    kontor_testkit::both(|db| {
        let app = app(db);
        // The last invoice wants more than there is: only posting can find that out.
        let r = run(&app, SHOP, SALES, &Options::default());
        assert_eq!((r.created, r.errors.len()), (0, 1), "{r:?}");
        assert_eq!((r.errors[0].file.as_str(), r.errors[0].row, r.errors[0].column.as_str()), ("sales.csv", 7, "qty"), "{r:?}");
        for table in ["companies", "warehouses", "partners", "products", "regions"] {
            assert_eq!(live(&app, table), 0, "{table}");
        }
        assert_eq!((on_hand(&app), number(&app, "SELECT COUNT(*) FROM shipments WHERE state = 'posted'")), (0, 0));
        assert_eq!(number(&app, "SELECT COALESCE(CAST(SUM(revenue) AS BIGINT), 0) FROM reg_sales_movements"), 0);
        assert!(app.check().expect("the check runs").is_empty());

        let r = run(&app, &SHOP.replace("\"refuse\"", "\"allow\""), SALES, &Options::default());
        assert!(r.ok(), "{r:?}");
        assert_eq!((live(&app, "partners"), live(&app, "products"), live(&app, "regions")), (2, 2, 2));
        assert_eq!(number(&app, "SELECT COUNT(*) FROM shipments WHERE state = 'posted'"), 3);
        assert_eq!(number(&app, "SELECT COUNT(*) FROM returns WHERE state = 'posted'"), 1);
        // 20 came in, 4 + 1 + 50 went out, 1 came back.
        assert_eq!(on_hand(&app), 20 - 55 + 1);
        // Two lines of 20.01, 5, 250, and 10.01 back: each line rounded for itself.
        assert_eq!(number(&app, "SELECT CAST(SUM(revenue) AS BIGINT) FROM reg_sales_movements"), 2_850_100);
        assert!(app.check().expect("the check runs").is_empty());
        let again = run(&app, &SHOP.replace("\"refuse\"", "\"allow\""), SALES, &Options::default());
        assert_eq!((again.created, again.updated, again.errors.len()), (0, 0, 0), "{again:?}");
    });
}

#[test]
fn plt_06_dry_runs_write_nothing_and_partial_runs_take_what_is_good() {
    kontor_testkit::both(|db| {
        let app = app(db);
        let audit = number(&app, "SELECT COUNT(*) FROM audit");
        let r = run(&app, SHOP, SALES, &Options { dry_run: true, ..Default::default() });
        assert!(r.ok(), "{r:?}");
        assert_eq!(number(&app, "SELECT COUNT(*) FROM audit"), audit, "nothing was written");

        let bad = SALES.replace("03.01.2026", "31.02.2026").replace("C3;Alpha;Kyiv;a1;-1;", "C3;Alpha;Kyiv;a1;one;");
        let r = run(&app, SHOP, &bad, &Options::default());
        let places: Vec<(u32, &str)> = r.errors.iter().map(|e| (e.row, e.column.as_str())).collect();
        assert_eq!((r.created, places), (0, vec![(4, "day"), (5, "qty")]), "{:?}", r.errors);

        let r = run(&app, SHOP, &bad, &Options { partial: true, ..Default::default() });
        let places: Vec<(u32, &str)> = r.errors.iter().map(|e| (e.row, e.column.as_str())).collect();
        assert_eq!(places, [(4, "day"), (5, "qty"), (7, "qty")], "{:?}", r.errors);
        assert_eq!(number(&app, "SELECT COUNT(*) FROM shipments WHERE state = 'posted'"), 1);
        assert!(app.check().expect("the check runs").is_empty());

        // The next run goes on where this one, or one that was killed, had stopped.
        let r = run(&app, &SHOP.replace("\"refuse\"", "\"allow\""), SALES, &Options::default());
        assert_eq!((r.created, r.updated, r.errors.len()), (3, 1, 0), "{r:?}");
        assert_eq!(number(&app, "SELECT COUNT(*) FROM shipments WHERE state = 'posted'"), 3);
        assert_eq!(on_hand(&app), 20 - 55 + 1);
        assert!(app.check().expect("the check runs").is_empty());
    });
}

#[test]
fn plt_06_every_shipped_profile_can_be_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../profiles");
    let mut n = 0;
    for file in std::fs::read_dir(folder).expect("the profiles are there") {
        let path = file.expect("a file").path();
        let profile = Profile::parse(&std::fs::read_to_string(&path).expect("can be read"));
        assert!(profile.is_ok(), "{}: {:?}", path.display(), profile.err());
        n += 1;
    }
    assert!(n >= 6);
}

#[test]
fn plt_06_mistakes_of_a_profile_are_named() {
    let db = kontor_testkit::TestDb::sqlite();
    let app = app(&db);
    for (wrong, by, says) in [
        ("distinct = [\"client\"]", "distinct = [\"klient\"]", "klient"),
        ("entity = \"partners\"", "entity = \"parnters\"", "parnters"),
        ("region = \"city\"", "regoin = \"city\"", "regoin"),
        ("lookup = \"companies\" }\nwarehouse_id", "lookup = \"company\" }\nwarehouse_id", "company"),
        ("files = \"stock.csv\"", "files = \"stok.csv\"", "stok.csv"),
        ("then = [\"post\"]\ndocuments", "then = [\"psot\"]\ndocuments", "psot"),
        ("files = \"stock.csv\"", "files = \"../../etc/*\"", "etc"),
    ] {
        assert!(SHOP.contains(wrong), "{wrong}");
        let r = run(&app, &SHOP.replacen(wrong, by, 1), SALES, &Options { dry_run: true, ..Default::default() });
        assert!(r.errors.iter().any(|e| e.message.contains(says)), "{by}: {r:?}");
    }
}

#[test]
fn plt_06_documents_with_lines_come_from_one_sheet() {
    let db = kontor_testkit::TestDb::sqlite();
    let app = app(&db);
    let r = run(&app, &SHOP.replace("\"refuse\"", "\"allow\""), SALES, &Options::default());
    assert!(r.ok(), "{r:?}");
    let file = "external_id,company,partner,warehouse,date,currency,lines.product,lines.quantity,lines.price\n\
                o1,Shop,Alpha,Main,2026-02-01,UAH,a1,2,12.50\n\
                o1,Shop,Alpha,Main,2026-02-01,UAH,A1,1,3\n\
                o2,Shop,Beta,Main,2026-02-02,UAH,A1,4,3\n";
    let input = Input::bytes("orders.csv", file.as_bytes().to_vec());
    let r = import_entity(&app, &Ctx::system(), "sales-orders", &input, &Options::default());
    assert_eq!((r.created, r.errors.len()), (2, 0), "{r:?}");
    assert_eq!(number(&app, "SELECT COUNT(*) FROM sales_order_lines"), 3);
    let r = import_entity(&app, &Ctx::system(), "sales-orders", &input, &Options::default());
    assert_eq!((r.created, r.skipped, r.errors.len()), (0, 2, 0), "{r:?}");
    let wrong = file.replace("A1,4,3", "A1,4,x").replace("o2,Shop,Beta,", "o3,Shop,Nobody,");
    let r = import_entity(&app, &Ctx::system(), "sales-orders", &Input::bytes("orders.csv", wrong.into_bytes()), &Options::default());
    let places: Vec<(u32, &str)> = r.errors.iter().map(|e| (e.row, e.column.as_str())).collect();
    assert_eq!(places, [(4, "partner"), (4, "lines.price")], "{r:?}");
}

#[test]
fn plt_06_rates_of_vat_are_meant_by_their_percent() {
    kontor_testkit::both(|db| {
        let app = app(db);
        let take = |entity: &str, text: &str| {
            import_entity(&app, &Ctx::system(), entity, &Input::bytes("a.csv", text.as_bytes().to_vec()), &Options::default())
        };
        let rates = "name,unit,vat_rate\nA,pcs,20%\nB,pcs,20 %\nC,pcs,0\nD,pcs,ua7\n";
        assert_eq!(take("products", rates).errors.len(), 3, "whose 20 % it is nobody knows without a company");
        assert!(take("companies", "name,currency,country\nShop,UAH,UA\n").ok());
        let r = take("products", rates);
        assert_eq!((r.created, r.errors.len()), (4, 0), "{r:?}");
        let found = items(&app, "products", &[("sort", "name")]);
        assert_eq!(found.iter().map(|p| p["vat_rate"].as_str().unwrap_or_default()).collect::<Vec<_>>(), ["ua20", "ua20", "ua0", "ua7"]);
    });
}

#[test]
fn plt_06_two_imports_that_make_the_same_missing_name_at_once_share_it() {
    const CLIENTS: &str = "source = \"shop\"\n[[section]]\nentity = \"partners\"\nfiles = \"clients.csv\"\nexternal_id = \"client\"\n\
                           columns = { name = \"client\", region = \"city\" }\n";
    kontor_testkit::both(|db| {
        let app = app(db);
        let clients = |app: &Arc<App>, text: &str, options: &Options| {
            let files = Files::List(vec![Input::bytes("clients.csv", text.as_bytes().to_vec())]);
            run_profile(app, &Ctx::system(), &Profile::parse(CLIENTS).expect("a profile"), &files, options)
        };
        // Between looking up and writing of the one, the other is done whole.
        let (other, told) = (app.clone(), Arc::new(std::sync::Mutex::new(None)));
        let report = told.clone();
        let between: kontor_exchange::Progress = Arc::new(move |phase, _, _, _| {
            let mut report = report.lock().expect("not poisoned");
            if phase == kontor_exchange::Phase::Checking && report.is_none() {
                *report = Some(clients(&other, "client;city\nThird;Kyiv\nFourth;Odesa\n", &Options::default()));
            }
        });
        let r = clients(
            &app,
            "client;city\nFirst;Kyiv\nSecond;Lviv\nFifth;Odesa\n",
            &Options { progress: Some(between), ..Default::default() },
        );
        assert_eq!((r.created, r.errors.len()), (4, 0), "three partners and a region: {r:?}");
        let other = told.lock().expect("not poisoned").take().expect("the other has run");
        assert_eq!((other.created, other.errors.len()), (4, 0), "{other:?}");
        assert_eq!((live(&app, "regions"), live(&app, "partners")), (3, 5));
        let shared = "SELECT COUNT(*) FROM partners p JOIN regions r ON r.id = p.region_id WHERE r.name = 'Kyiv'";
        assert_eq!(number(&app, shared), 2);
        assert!(app.check().expect("the check runs").is_empty());
    });
}
