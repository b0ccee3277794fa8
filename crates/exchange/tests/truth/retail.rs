//! Half a year of a wholesaler: a quarter of a million lines of sales and returns.

use crate::support::*;
use kontor_exchange::{Files, Options, run_profile};
use kontor_platform::{App, Ctx};
use kontor_testkit::TestDb;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// One line of the file; sums in millionths and, rounded once, in cents.
struct Line {
    invoice: String,
    code: String,
    customer: String,
    country: String,
    month: String,
    exact: i128,
    rounded: i128,
    quantity: i64,
    price: i64,
}

fn lines() -> Vec<Line> {
    let folder = set("online_retail").expect("is there");
    rows(folder.join("online_retail_2010-12_2011-06.csv.gz"))
        .into_iter()
        .map(|r| {
            let (quantity, price) = (micro(&r["Quantity"]), micro(&r["UnitPrice"]));
            let exact = i128::from(quantity) * i128::from(price) / 1_000_000;
            Line {
                invoice: r["InvoiceNo"].clone(),
                code: r["StockCode"].clone(),
                customer: r["CustomerID"].trim_end_matches(".0").to_string(),
                country: r["Country"].clone(),
                month: r["InvoiceDate"][..7].to_string(),
                exact,
                rounded: cents(exact, 1_000_000),
                quantity,
                price,
            }
        })
        .collect()
}

fn by(lines: &[Line], key: impl Fn(&Line) -> String) -> BTreeMap<String, i128> {
    let mut out = BTreeMap::new();
    for l in lines {
        *out.entry(key(l)).or_default() += l.rounded;
    }
    out
}

/// Millionths as the shortest decimal with at least two places.
fn decimal(n: i128) -> String {
    kontor_kernel::Amount::from_scaled(i64::try_from(n / 100).expect("fits")).to_string()
}

#[test]
fn plt_06_online_retail_full_sales_equal_the_known_answers() {
    if set("online_retail").is_none() {
        return;
    }
    let truth = truth("online_retail");
    let lines = lines();
    file_is_the_truth(&lines, &truth);
    // The whole on one backend; a slice proves the other one below. KONTOR_TEST_ALL runs the whole on PostgreSQL too.
    let dbs = std::iter::once(TestDb::sqlite()).chain(std::env::var_os("KONTOR_TEST_ALL").map(|_| TestDb::postgres()));
    for db in dbs {
        let app = app(&db);
        import(&app, "online_retail");
        counts(&app, &truth);
        reports(&app, &truth, &lines);
        tops(&app, &truth);
    }
}

/// The first lines of the file, with returns among them: an unoptimised import of the whole would take minutes.
const SLICE: usize = 4_000;

#[test]
fn plt_06_online_retail_sliced_equals_its_file_on_postgres() {
    let Some(folder) = set("online_retail") else { return };
    if let Some(why) = kontor_testkit::postgres_missing() {
        eprintln!("SKIPPED on PostgreSQL: {why}");
        return;
    }
    let db = TestDb::postgres();
    let file = "online_retail_2010-12_2011-06.csv";
    slice(&folder.join(format!("{file}.gz")), SLICE, &db.folder().join(file));
    let app = app(&db);
    let r = run_profile(&app, &Ctx::system(), &profile("online_retail"), &Files::Folder(db.folder().into()), &Options::default());
    assert!(r.ok(), "{:?}", r.errors.first());
    let lines: Vec<Line> = lines().into_iter().take(SLICE).collect();
    assert!(
        lines.iter().any(|l| l.quantity < 0) && lines.iter().any(|l| l.customer.is_empty()),
        "returns and lines of nobody are among them"
    );
    let table = |of: &str| report(&app, "sales", &[("by", of), ("currency", "GBP"), ("limit", "100000")]).0;
    let months: BTreeMap<String, i128> =
        table("month").values().map(|r| (r["key"].as_str().expect("a month")[..7].to_string(), money(r, "revenue"))).collect();
    assert_eq!(months, by(&lines, |l| l.month.clone()));
    let partners: BTreeMap<String, i128> = table("partner").iter().map(|(k, r)| (k.clone(), money(r, "revenue"))).collect();
    let named = |l: &Line| if l.customer.is_empty() { "Customers without a number".into() } else { format!("Customer {}", l.customer) };
    assert_eq!(partners, by(&lines, named));
    assert_eq!(number(&app, "SELECT COUNT(*) FROM reg_sales_movements"), lines.len() as i64);
    assert_eq!(app.check().expect("the check runs"), []);
}

/// What the test adds up from the file is what the truth says of it, before lines are rounded.
fn file_is_the_truth(lines: &[Line], truth: &Json) {
    let sum = |keep: &dyn Fn(&Line) -> bool| lines.iter().filter(|l| keep(l)).map(|l| l.exact).sum::<i128>();
    let said = |name: &str| cents_exact(truth[name].as_str().expect("text"));
    assert_eq!(sum(&|_| true), said("sum_qty_x_price_all_lines"));
    assert_eq!(sum(&|l| l.quantity < 0), said("sum_lines_negative_qty"));
    assert_eq!(
        sum(&|l| l.quantity > 0 && l.price > 0 && !l.invoice.starts_with('C')),
        said("sum_sales_only_qty_gt0_price_gt0_not_cancelled")
    );
    let months: BTreeSet<&str> = lines.iter().map(|l| l.month.as_str()).collect();
    for m in months {
        let exact = lines.iter().filter(|l| l.month == m).map(|l| l.exact).sum::<i128>();
        assert_eq!(exact, cents_exact(truth["revenue_by_month_all_lines"][m].as_str().expect("text")), "{m}");
    }
}

/// A decimal text in millionths.
fn cents_exact(s: &str) -> i128 {
    i128::from(micro(s))
}

fn counts(app: &App, truth: &Json) {
    let one = |sql: &str| json!(number(app, sql));
    assert_eq!(one("SELECT (SELECT COUNT(*) FROM shipment_lines) + (SELECT COUNT(*) FROM return_lines)"), truth["lines"]);
    assert_eq!(one("SELECT COUNT(*) FROM reg_sales_movements"), truth["lines"], "true repeated lines are kept");
    assert_eq!(
        one("SELECT (SELECT COUNT(*) FROM shipments WHERE state = 'posted') + (SELECT COUNT(*) FROM returns WHERE state = 'posted')"),
        truth["distinct_invoices"]
    );
    assert_eq!(one("SELECT COUNT(*) FROM returns"), truth["cancelled_invoices"]);
    assert_eq!(one("SELECT COUNT(*) FROM products"), truth["distinct_stockcodes"], "codes that differ by case stay separate");
    assert_eq!(one("SELECT COUNT(*) FROM partners WHERE external_id <> 'none'"), truth["distinct_customers"]);
    let without = "SELECT COUNT(*) FROM reg_sales_movements m JOIN partners p ON p.id = m.partner_id WHERE p.external_id = 'none'";
    assert_eq!(one(without), truth["lines_without_customer"]);
    assert_eq!(one("SELECT COUNT(*) FROM reg_sales_movements WHERE country = 'GB'"), truth["lines_uk"]);
}

fn reports(app: &App, truth: &Json, lines: &[Line]) {
    let (months, totals) = report(app, "sales", &[("by", "month"), ("currency", "GBP")]);
    let got: BTreeMap<String, i128> =
        months.values().map(|r| (r["key"].as_str().expect("a month")[..7].to_string(), money(r, "revenue"))).collect();
    assert_eq!(got, by(lines, |l| l.month.clone()));
    assert_eq!((&totals["lines"], &totals["documents"]), (&truth["lines"], &truth["distinct_invoices"]));
    let (countries, _) = report(app, "sales", &[("by", "country"), ("currency", "GBP")]);
    assert_eq!(json!(countries.len()), truth["countries"]);
    let uk = &countries.values().find(|r| r["key"] == "GB").expect("the country is there")["revenue"];
    assert_eq!(cents_of(uk.as_str().expect("a sum")), by(lines, |l| l.country.clone())["United Kingdom"]);
    let (partners, totals) = report(app, "sales", &[("by", "partner"), ("currency", "GBP"), ("limit", "100000")]);
    let got: BTreeMap<String, i128> = partners.iter().map(|(k, r)| (k.clone(), money(r, "revenue"))).collect();
    let wanted =
        by(lines, |l| if l.customer.is_empty() { "Customers without a number".into() } else { format!("Customer {}", l.customer) });
    assert_eq!(got, wanted);
    // The partner of all the lines without a customer is one more.
    assert_eq!(totals["partners"].as_i64(), truth["distinct_customers"].as_i64().map(|n| n + 1));
    let products: BTreeMap<String, i128> = sums(
        app,
        "SELECT p.external_id, CAST(SUM(m.revenue) AS BIGINT) FROM reg_sales_movements m JOIN products p ON p.id = m.product_id GROUP BY p.external_id",
    );
    assert_eq!(products, by(lines, |l| l.code.clone()));
}

fn sums(app: &App, sql: &str) -> BTreeMap<String, i128> {
    app.store
        .read(|c| c.query(sql, &[])?.iter().map(|r| Ok((r.text(0)?.to_string(), i128::from(r.int(1)?) / 100))).collect())
        .expect("a query")
}

/// The truth ranks sales only: lines of no cancelled invoice with quantity and price above zero. Its sums are of unrounded
/// lines, so they may be a few cents away from ours.
fn tops(app: &App, truth: &Json) {
    let sales =
        "FROM shipments s JOIN shipment_lines l ON l.parent_id = s.id JOIN {of} x ON x.id = {id} WHERE l.quantity > 0 AND l.price > 0";
    for (name, of, id) in [("top10_customers_sales", "partners", "s.partner_id"), ("top10_products_sales", "products", "l.product_id")] {
        let from = sales.replace("{of}", of).replace("{id}", id);
        let all = sums(
            app,
            &format!("SELECT x.external_id, CAST(SUM(l.amount) AS BIGINT) {from} AND x.external_id <> 'none' GROUP BY x.external_id"),
        );
        let mut best: Vec<(i128, &String)> = all.iter().map(|(k, v)| (*v, k)).collect();
        best.sort_by(|a, b| b.cmp(a));
        for (b, t) in best.iter().zip(truth[name].as_array().expect("a list")) {
            let said = cents_of(t[1].as_str().expect("text"));
            assert_eq!(b.1.as_str(), t[0].as_str().expect("a key"), "{name}");
            assert!((b.0 - said).abs() <= 2, "{name} {}: {} and {said}", b.1, decimal(b.0 * 10_000));
        }
    }
    let buyers = "SELECT COUNT(DISTINCT s.partner_id) FROM shipments s JOIN partners p ON p.id = s.partner_id WHERE p.external_id <> 'none' AND EXISTS (SELECT 1 FROM shipment_lines l WHERE l.parent_id = s.id AND l.quantity > 0 AND l.price > 0)";
    assert_eq!(json!(number(app, buyers)), truth["customers_with_sales"]);
}
