//! Half a year of a wholesaler: a quarter of a million lines of sales and returns.

use crate::support::*;
use kontor_platform::App;
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
    if set("online_retail").is_some() {
        whole(&TestDb::sqlite());
    }
}

#[test]
fn plt_06_online_retail_full_sales_are_the_same_on_postgres() {
    if set("online_retail").is_none() {
        return;
    }
    match kontor_testkit::postgres_missing() {
        Some(why) => eprintln!("SKIPPED on PostgreSQL: {why}"),
        None => whole(&TestDb::postgres()),
    }
}

fn whole(db: &TestDb) {
    let truth = truth("online_retail");
    let lines = lines();
    file_is_the_truth(&lines, &truth);
    let app = app(db);
    import(&app, "online_retail");
    counts(&app, &truth, &lines);
    reports(&app, &truth, &lines);
    tops(&app, &truth);
    classes(&app, &truth, &lines);
    recency_frequency_money(&app, &truth);
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

fn counts(app: &App, truth: &Json, lines: &[Line]) {
    let one = |sql: &str| json!(number(app, sql));
    let posted = |entity: &str| count(app, entity, &[("state", "posted")]);
    assert_eq!(json!(posted("shipments") + posted("returns")), truth["distinct_invoices"]);
    assert_eq!(json!(posted("returns")), truth["cancelled_invoices"]);
    assert_eq!(json!(count(app, "products", &[])), truth["distinct_stockcodes"], "codes that differ by case stay separate");
    // One more takes all the lines without a customer.
    assert_eq!(json!(count(app, "partners", &[]) - 1), truth["distinct_customers"]);
    // How many lines have what quantity or price is no question of a list or a report: lines belong to their documents. A return has
    // its quantities the other way round.
    let gone = "SELECT (SELECT COUNT(*) FROM shipment_lines WHERE quantity <= 0) + (SELECT COUNT(*) FROM return_lines WHERE quantity >= 0)";
    assert_eq!(one(gone), truth["lines_qty_le0"]);
    // Ten-thousandths, and cents in the file: what came back, as returns and as invoices of less than nothing.
    let back = "SELECT CAST((SELECT COALESCE(SUM(amount), 0) FROM shipment_lines WHERE quantity < 0) \
                - (SELECT COALESCE(SUM(amount), 0) FROM return_lines WHERE quantity > 0) AS BIGINT)";
    assert_eq!(i128::from(number(app, back)), lines.iter().filter(|l| l.quantity < 0).map(|l| l.rounded * 100).sum::<i128>());
    let free = "SELECT (SELECT COUNT(*) FROM shipment_lines WHERE price <= 0) + (SELECT COUNT(*) FROM return_lines WHERE price <= 0)";
    assert_eq!(one(free), truth["lines_price_le0"]);
}

fn reports(app: &App, truth: &Json, lines: &[Line]) {
    let (months, totals) = report(app, "sales", &[("by", "month"), ("currency", "GBP")]);
    let got: BTreeMap<String, i128> =
        months.values().map(|r| (r["key"].as_str().expect("a month")[..7].to_string(), money(r, "revenue"))).collect();
    assert_eq!(got, by(lines, |l| l.month.clone()));
    assert_eq!((&totals["lines"], &totals["documents"]), (&truth["lines"], &truth["distinct_invoices"]));
    let (_, sold) = report(app, "sales", &[("by", "month"), ("only", "sold"), ("currency", "GBP")]);
    let sales = lines.iter().filter(|l| l.quantity > 0 && l.price > 0 && !l.invoice.starts_with('C'));
    assert_eq!(money(&sold, "revenue"), sales.map(|l| l.rounded).sum::<i128>());
    let (countries, _) = report(app, "sales", &[("by", "country"), ("currency", "GBP")]);
    assert_eq!(json!(countries.len()), truth["countries"]);
    let uk = countries.values().find(|r| r["key"] == "GB").expect("the country is there");
    assert_eq!((money(uk, "revenue"), &uk["lines"]), (by(lines, |l| l.country.clone())["United Kingdom"], &truth["lines_uk"]));
    let (partners, totals) = report(app, "sales", &[("by", "partner"), ("currency", "GBP"), ("limit", "100000")]);
    let got: BTreeMap<String, i128> = partners.iter().map(|(k, r)| (k.clone(), money(r, "revenue"))).collect();
    let wanted =
        by(lines, |l| if l.customer.is_empty() { "Customers without a number".into() } else { format!("Customer {}", l.customer) });
    assert_eq!(got, wanted);
    assert_eq!(partners["Customers without a number"]["lines"], truth["lines_without_customer"]);
    // The partner of all the lines without a customer is one more.
    assert_eq!(totals["partners"].as_i64(), truth["distinct_customers"].as_i64().map(|n| n + 1));
    let products = report_by_name(app, "sales", "products", &[("by", "product"), ("currency", "GBP")]);
    let products: BTreeMap<String, i128> = products.iter().map(|(code, r)| (code.clone(), money(r, "revenue"))).collect();
    assert_eq!(products, by(lines, |l| l.code.clone()));
}

/// Sales alone, as the report has them: without returns and what was given away.
fn sold(app: &App, entity: &str, by: &str) -> BTreeMap<String, Json> {
    let mut all = report_by_name(app, "sales", entity, &[("by", by), ("only", "sold"), ("currency", "GBP")]);
    // The partner of all the lines without a customer is none of the truth.
    all.remove("none");
    all
}

/// The truth ranks sales only: lines of no cancelled invoice with quantity and price above zero. Its sums are of unrounded
/// lines, so they may be a few cents away from ours.
fn tops(app: &App, truth: &Json) {
    for (name, of, by) in [("top10_customers_sales", "partners", "partner"), ("top10_products_sales", "products", "product")] {
        let all = sold(app, of, by);
        let mut best: Vec<(i128, &String)> = all.iter().map(|(k, r)| (money(r, "revenue"), k)).collect();
        best.sort_by(|a, b| b.cmp(a));
        for (b, t) in best.iter().zip(truth[name].as_array().expect("a list")) {
            let said = cents_of(t[1].as_str().expect("text"));
            assert_eq!(b.1.as_str(), t[0].as_str().expect("a key"), "{name}");
            assert!((b.0 - said).abs() <= 2, "{name} {}: {} and {said}", b.1, decimal(b.0 * 10_000));
        }
    }
}

/// ABC classes of products by their sales: the share of all sales that those before an item have decides its class.
fn classes(app: &App, truth: &Json, lines: &[Line]) {
    let mut ranked: Vec<i128> = sold(app, "products", "product").values().map(|r| money(r, "revenue")).collect();
    ranked.sort_by(|a, b| b.cmp(a));
    let all: i128 = ranked.iter().sum();
    let (mut before, mut found) = (0, [0u64; 3]);
    for sum in ranked {
        found[usize::from(before * 100 >= all * 80) + usize::from(before * 100 >= all * 95)] += 1;
        before += sum;
    }
    let said = &truth["abc_products_by_sales_80_95"]["counts"];
    // What was sold for less than half a cent is no sale in money; the truth has it at the end of its list.
    let sales = lines.iter().filter(|l| l.quantity > 0 && l.price > 0 && !l.invoice.starts_with('C'));
    let mut by_code: BTreeMap<&str, i128> = BTreeMap::new();
    sales.for_each(|l| *by_code.entry(&l.code).or_default() += l.rounded);
    found[2] += by_code.values().filter(|sum| **sum == 0).count() as u64;
    assert_eq!(json!({"A": found[0], "B": found[1], "C": found[2]}), *said);
}

/// When each customer bought last, how often, and for how much, as the file of known answers has it for each of them.
fn recency_frequency_money(app: &App, truth: &Json) {
    let file = set("online_retail").expect("is there").join("truth_rfm_customers.csv.gz");
    let wanted: BTreeMap<String, (i64, String, i128)> = rows(file)
        .into_iter()
        .map(|r| {
            let customer = r["CustomerID"].trim_end_matches(".0").to_string();
            let bought = r["frequency_invoices"].parse().expect("a count");
            (customer, (bought, r["last_invoice"][..10].to_string(), cents_of(&r["monetary_sales"])))
        })
        .collect();
    let figures = |r: &Json| {
        let bought = r["documents"].as_i64().expect("a count");
        (bought, r["last_on"].as_str().expect("a date").to_string(), money(r, "revenue"))
    };
    let found: BTreeMap<String, (i64, String, i128)> =
        sold(app, "partners", "partner").iter().map(|(customer, r)| (customer.clone(), figures(r))).collect();
    assert_eq!(found.len(), wanted.len());
    for (customer, (bought, last, sum)) in &wanted {
        let f = &found[customer];
        assert_eq!((f.0, &f.1), (*bought, last), "{customer}");
        // The known sums are of unrounded lines.
        assert!((f.2 - sum).abs() <= 2, "{customer}: {} and {sum}", f.2);
    }
    assert_eq!(json!(found.len()), truth["customers_with_sales"]);
    assert_eq!(json!(found.values().filter(|f| f.0 == 1).count()), truth["customers_with_one_invoice"]);
}
