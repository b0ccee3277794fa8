//! Orders with line discounts and what was shipped of them.

use crate::support::*;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// Sums of lines by what they belong to, in cents: each line rounded once, as the program does, and as in the file.
#[derive(Default)]
struct Expected {
    rounded: BTreeMap<String, i128>,
    /// In ten-thousandths of a cent.
    exact: BTreeMap<String, i128>,
}

struct Lines {
    all: Vec<Line>,
}
struct Line {
    order: String,
    date: String,
    shipped: String,
    customer: String,
    employee: String,
    category: String,
    /// In units of 10^-10.
    net: i128,
    gross: i128,
}

fn lines() -> Lines {
    let folder = set("northwind").expect("is there");
    let by = |file: &str, key: &str| rows(folder.join(file)).into_iter().map(|r| (r[key].clone(), r)).collect::<BTreeMap<_, _>>();
    let (orders, products, categories) = (by("Orders.csv", "OrderID"), by("Products.csv", "ProductID"), by("Categories.csv", "CategoryID"));
    let all = rows(folder.join("Order_Details.csv"))
        .into_iter()
        .map(|r| {
            let (o, p) = (&orders[&r["OrderID"]], &products[&r["ProductID"]]);
            let part = 1_000_000 - i128::from(micro(&r["Discount"]));
            let millionths = i128::from(micro(&r["UnitPrice"])) * i128::from(micro(&r["Quantity"])) / 1_000_000;
            let (gross, net) = (millionths * 10_000, millionths * part / 100);
            Line {
                order: r["OrderID"].clone(),
                date: o["OrderDate"].clone(),
                shipped: o["ShippedDate"].clone(),
                customer: o["CustomerID"].clone(),
                employee: o["EmployeeID"].clone(),
                category: categories[&p["CategoryID"]]["CategoryName"].clone(),
                net,
                gross,
            }
        })
        .collect();
    Lines { all }
}

impl Lines {
    fn sums(&self, key: impl Fn(&Line) -> Option<String>) -> Expected {
        let mut e = Expected::default();
        for l in &self.all {
            if let Some(k) = key(l) {
                *e.rounded.entry(k.clone()).or_default() += cents(l.net, 10_000_000_000);
                *e.exact.entry(k).or_default() += l.net;
            }
        }
        e
    }
}

/// Sums of unrounded lines as the truth shows them: it rounds halves to the even cent.
fn two_places(e: &Expected) -> BTreeMap<String, String> {
    let unit = 10_000_000_000i128;
    let even = |n: i128| {
        let (q, r) = (n * 100 / unit, n * 100 % unit);
        q + i128::from(r * 2 > unit || r * 2 == unit && q % 2 == 1)
    };
    e.exact.iter().map(|(k, v)| (k.clone(), hundredths(even(*v)))).collect()
}

fn hundredths(c: i128) -> String {
    format!("{}.{:02}", c / 100, c % 100)
}

#[test]
fn plt_06_northwind_full_orders_and_shipments() {
    if set("northwind").is_none() {
        return;
    }
    let truth = truth("northwind");
    let lines = lines();
    // The sums of the file are those of the truth: what is compared below differs by the rounding of lines only.
    assert_eq!(json!(two_places(&lines.sums(|l| Some(l.date[..4].to_string())))), truth["net_by_year"]);
    assert_eq!(json!(two_places(&lines.sums(|l| Some(l.category.clone())))), truth["net_by_category"]);
    assert_eq!(json!(two_places(&lines.sums(|l| Some(l.employee.clone())))), truth["net_by_employee"]);
    kontor_testkit::both(|db| {
        let report = import_by_program(db, "northwind");
        let app = app(db);
        assert!(app.check().expect("the check runs").is_empty());
        assert!(report["created"].as_i64() > Some(0), "{report}");
        counts(&app, &truth);
        orders(&app, &truth, &lines);
        shipments(&app, &truth, &lines);
        stock(&app, &truth);
    });
}

fn counts(app: &kontor_platform::App, truth: &Json) {
    let rows = &truth["rows"];
    let partners = |role: &str| count(app, "partners", &[("roles", role)]);
    assert_eq!(json!(partners("client")), rows["Customers"]);
    assert_eq!(json!(partners("supplier")), rows["Suppliers"]);
    assert_eq!(json!(partners("carrier")), rows["Shippers"]);
    for (entity, of) in [
        ("product-categories", "Categories"),
        ("products", "Products"),
        ("sales-orders", "Orders"),
        ("prices", "Products"),
        ("users", "Employees"),
    ] {
        assert_eq!(json!(count(app, entity, &[])), rows[of], "{entity}");
    }
    // Lines are no list of their own.
    assert_eq!(json!(number(app, "SELECT COUNT(*) FROM sales_order_lines")), rows["Order Details"]);
    assert_eq!(number(app, "SELECT COUNT(*) FROM users WHERE head_id IS NOT NULL"), 8);
    assert_eq!(number(app, "SELECT COUNT(*) FROM partners WHERE name LIKE '%Ã%' OR address LIKE '%Ã%'"), 0, "text is repaired");
    assert_eq!(number(app, "SELECT COUNT(*) FROM partners WHERE name = 'Antonio Moreno Taquería'"), 1);
}

/// Sums over a table of orders or shipments, in cents.
fn sums(app: &kontor_platform::App, sql: &str) -> BTreeMap<String, i128> {
    app.store
        .read(|c| c.query(sql, &[])?.iter().map(|r| Ok((r.text(0)?.to_string(), i128::from(r.int(1)?) / 100))).collect())
        .expect("a query")
}

fn orders(app: &kontor_platform::App, truth: &Json, lines: &Lines) {
    let mut years: BTreeMap<String, i128> = BTreeMap::new();
    for (month, sum) in totals(app, "sales-orders", "date", "total", &[]) {
        *years.entry(month[..4].to_string()).or_default() += sum;
    }
    assert_eq!(years, lines.sums(|l| Some(l.date[..4].to_string())).rounded);
    let keys = |table: &str, title: &str| -> BTreeMap<String, String> {
        let sql = format!("SELECT {title}, external_id FROM {table} WHERE external_id IS NOT NULL");
        let all = app.store.read(|c| c.query(&sql, &[])).expect("a query");
        all.iter().map(|r| (r.text(0).expect("a title").to_string(), r.text(1).expect("a key").to_string())).collect()
    };
    let by_key = |by: &str, keys: BTreeMap<String, String>| -> BTreeMap<String, i128> {
        totals(app, "sales-orders", by, "total", &[]).into_iter().map(|(title, sum)| (keys[&title].clone(), sum)).collect()
    };
    let wanted = lines.sums(|l| Some(format!("employee:{}", l.employee))).rounded;
    assert_eq!(by_key("manager_id", keys("users", "name")), wanted);
    let customers = by_key("partner_id", keys("partners", "name"));
    assert_eq!(customers, lines.sums(|l| Some(l.customer.clone())).rounded);
    let mut best: Vec<(i128, &String)> = customers.iter().map(|(c, s)| (*s, c)).collect();
    best.sort_by(|a, b| b.cmp(a));
    let top: Vec<&str> = truth["top5_customers_net"].as_array().expect("a list").iter().filter_map(|c| c[0].as_str()).collect();
    assert_eq!(best.iter().take(5).map(|b| b.1.as_str()).collect::<Vec<_>>(), top);
    let without = app
        .store
        .read(|c| {
            let sql = "SELECT external_id FROM partners p WHERE CAST(roles AS TEXT) LIKE '%client%' AND NOT EXISTS (SELECT 1 FROM sales_orders o WHERE o.partner_id = p.id) ORDER BY external_id";
            c.query(sql, &[])?.iter().map(|r| Ok(r.text(0)?.to_string())).collect::<Result<Vec<_>, _>>()
        })
        .expect("a query");
    assert_eq!(json!(without), truth["customers_without_orders"]);
    let categories = sums(
        app,
        "SELECT k.name, CAST(SUM(l.amount) AS BIGINT) FROM sales_order_lines l JOIN products p ON p.id = l.product_id JOIN product_categories k ON k.id = p.category_id GROUP BY k.name",
    );
    assert_eq!(categories, lines.sums(|l| Some(l.category.clone())).rounded);
    let freight: i128 = app
        .store
        .read(|c| {
            let all = c.query("SELECT custom FROM sales_orders", &[])?;
            all.iter().map(|r| Ok(cents_of(r.json(0)?["freight"].as_str().unwrap_or("0")))).sum()
        })
        .expect("a query");
    assert_eq!(json!(hundredths(freight)), truth["freight_total"]);
    gross(app, truth, lines);
}

/// What the lines are before and after their discounts.
fn gross(app: &kontor_platform::App, truth: &Json, lines: &Lines) {
    let all = |of: &dyn Fn(&Line) -> i128| lines.all.iter().map(of).sum::<i128>();
    let said = |name: &str| i128::from(micro(truth[name].as_str().expect("text"))) * 10_000;
    assert_eq!((all(&|l| l.gross), all(&|l| l.net)), (said("gross_before_discount"), said("net_after_discount")));
    assert_eq!(all(&|l| l.gross - l.net), said("discount_total"));
    // Price and quantity of each line are ours to the last digit, so what discounts took off is too.
    let stored = app.store.read(|c| {
        let rows = c.query("SELECT price, quantity, amount FROM sales_order_lines", &[])?;
        rows.iter()
            .map(|r| Ok((i128::from(r.int(0)?) * i128::from(r.int(1)?) / 100, i128::from(r.int(2)?) / 100)))
            .collect::<Result<Vec<_>, _>>()
    });
    let stored = stored.expect("a query");
    assert_eq!(stored.iter().map(|l| l.0).sum::<i128>(), all(&|l| l.gross));
    assert_eq!(stored.iter().map(|l| l.1).sum::<i128>(), all(&|l| cents(l.net, 10_000_000_000)));
}

/// The sales report shows what was shipped; the few orders that were not are told by the truth.
fn shipments(app: &kontor_platform::App, truth: &Json, lines: &Lines) {
    let all: BTreeSet<&String> = lines.all.iter().map(|l| &l.order).collect();
    let shipped: BTreeSet<&String> = lines.all.iter().filter(|l| !l.shipped.is_empty()).map(|l| &l.order).collect();
    assert_eq!(json!(all.len() - shipped.len()), truth["orders_not_shipped"]);
    let late = "SELECT COUNT(*) FROM shipments s JOIN sales_orders o ON o.id = s.sales_order_id WHERE s.date > o.ship_on";
    assert_eq!(json!(number(app, late)), truth["orders_shipped_after_required"]);
    let (months, totals) = report(app, "sales", &[("by", "month")]);
    let wanted = lines.sums(|l| (!l.shipped.is_empty()).then(|| l.shipped[..7].to_string())).rounded;
    let got: BTreeMap<String, i128> =
        months.values().map(|r| (r["key"].as_str().expect("a month")[..7].to_string(), money(r, "revenue"))).collect();
    assert_eq!(got, wanted);
    assert_eq!(totals["documents"], json!(shipped.len()));
    let (categories, _) = report(app, "sales", &[("by", "category")]);
    let got: BTreeMap<String, i128> = categories.iter().map(|(k, r)| (k.clone(), money(r, "revenue"))).collect();
    assert_eq!(got, lines.sums(|l| (!l.shipped.is_empty()).then(|| l.category.clone())).rounded);
}

/// On the shelves lies what the file says.
fn stock(app: &kontor_platform::App, truth: &Json) {
    let folder = set("northwind").expect("is there");
    let wanted: BTreeMap<String, i64> = rows(folder.join("Products.csv"))
        .iter()
        .filter(|r| r["UnitsInStock"] != "0")
        .map(|r| (r["ProductName"].clone(), micro(&r["UnitsInStock"])))
        .collect();
    let sql = "SELECT p.external_id, p.custom, t.on_hand FROM products p LEFT JOIN reg_stock_totals t ON t.product_id = p.id AND t.month = '9999-12-31' AND t.warehouse_id = (SELECT id FROM warehouses WHERE name = 'Northwind')";
    let (mut below, mut discontinued, mut found) = (0, 0, 0);
    app.store
        .read(|c| {
            for r in c.query(sql, &[])? {
                let custom = r.json(1)?;
                let on_hand = r.opt_int(2)?.unwrap_or(0);
                found += i64::from(on_hand != 0);
                discontinued += i64::from(custom["discontinued"] == "1");
                let level = micro(custom["reorder_level"].as_str().unwrap_or("0"));
                let ordered = micro(custom["units_on_order"].as_str().unwrap_or("0"));
                below += i64::from(on_hand + ordered < level && custom["discontinued"] != "1");
            }
            Ok(())
        })
        .expect("a query");
    assert_eq!(found as usize, wanted.len());
    assert_eq!(json!(discontinued), truth["products_discontinued"]);
    assert_eq!(json!(below), truth["products_stock_below_reorder"]);
}
