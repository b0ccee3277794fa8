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
    assert_eq!(count(app, "users", &[("head_id.empty", "false")]), 8);
    // A filter takes capital and small letters for the same; a small one stands in São Paulo.
    let broken = |p: &Json| ["name", "address"].iter().any(|c| p[c].as_str().is_some_and(|s| s.contains('Ã')));
    assert!(!items(app, "partners", &[]).iter().any(broken), "text is repaired");
    assert_eq!(count(app, "partners", &[("name", "Antonio Moreno Taquería")]), 1);
}

fn orders(app: &kontor_platform::App, truth: &Json, lines: &Lines) {
    let mut years: BTreeMap<String, i128> = BTreeMap::new();
    for (month, sum) in totals(app, "sales-orders", "date", "total", &[]) {
        *years.entry(month[..4].to_string()).or_default() += sum;
    }
    assert_eq!(years, lines.sums(|l| Some(l.date[..4].to_string())).rounded);
    let by_key = |by: &str, entity: &str| -> BTreeMap<String, i128> {
        let called = names(app, entity);
        let titles = items(app, entity, &[]).into_iter().filter_map(|i| {
            let name = called.get(i["id"].as_str()?)?.clone();
            Some((i["title"].as_str()?.to_string(), name))
        });
        let titles: BTreeMap<String, String> = titles.collect();
        totals(app, "sales-orders", by, "total", &[]).into_iter().map(|(title, sum)| (titles[&title].clone(), sum)).collect()
    };
    let wanted = lines.sums(|l| Some(format!("employee:{}", l.employee))).rounded;
    assert_eq!(by_key("manager_id", "users"), wanted);
    let customers = by_key("partner_id", "partners");
    assert_eq!(customers, lines.sums(|l| Some(l.customer.clone())).rounded);
    let mut best: Vec<(i128, &String)> = customers.iter().map(|(c, s)| (*s, c)).collect();
    best.sort_by(|a, b| b.cmp(a));
    let top: Vec<&str> = truth["top5_customers_net"].as_array().expect("a list").iter().filter_map(|c| c[0].as_str()).collect();
    assert_eq!(best.iter().take(5).map(|b| b.1.as_str()).collect::<Vec<_>>(), top);
    let called = names(app, "partners");
    let clients = items(app, "partners", &[("roles", "client")]);
    let mut without: Vec<&String> =
        clients.iter().map(|p| &called[p["id"].as_str().expect("an id")]).filter(|c| !customers.contains_key(*c)).collect();
    without.sort();
    assert_eq!(json!(without), truth["customers_without_orders"]);
    let orders = items(app, "sales-orders", &[]);
    let freight: i128 = orders.iter().map(|o| cents_of(o["custom"]["freight"].as_str().unwrap_or("0"))).sum();
    assert_eq!(json!(hundredths(freight)), truth["freight_total"]);
    gross(app, truth, lines, &orders);
}

/// What the lines are before and after their discounts.
fn gross(app: &kontor_platform::App, truth: &Json, lines: &Lines, orders: &[Json]) {
    let all = |of: &dyn Fn(&Line) -> i128| lines.all.iter().map(of).sum::<i128>();
    let said = |name: &str| i128::from(micro(truth[name].as_str().expect("text"))) * 10_000;
    assert_eq!((all(&|l| l.gross), all(&|l| l.net)), (said("gross_before_discount"), said("net_after_discount")));
    assert_eq!(all(&|l| l.gross - l.net), said("discount_total"));
    // Price and quantity of each line, as the cards of the orders show them, are ours to the last digit, so what discounts took
    // off is too.
    let category: BTreeMap<String, String> = items(app, "products", &[])
        .iter()
        .map(|p| (p["id"].as_str().expect("an id").to_string(), p["category"]["title"].as_str().expect("a category").to_string()))
        .collect();
    let (mut before, mut number) = (0, 0);
    let mut categories: BTreeMap<String, i128> = BTreeMap::new();
    for o in orders {
        let id = o["id"].as_str().and_then(|i| kontor_platform::value::Id::parse_str(i).ok()).expect("an id");
        let card = app.get(&kontor_platform::Ctx::system(), "sales-orders", id).expect("a card");
        for l in card["lines"].as_array().expect("lines") {
            let exact = |name: &str| i128::from(micro(l[name].as_str().expect("a number")));
            before += exact("price") * exact("quantity") / 100;
            number += 1;
            *categories.entry(category[l["product_id"].as_str().expect("a product")].clone()).or_default() += money(l, "amount");
        }
    }
    assert_eq!((before, json!(number)), (all(&|l| l.gross), truth["rows"]["Order Details"].clone()));
    assert_eq!(categories, lines.sums(|l| Some(l.category.clone())).rounded);
    assert_eq!(categories.values().sum::<i128>(), all(&|l| cents(l.net, 10_000_000_000)));
}

/// The sales report shows what was shipped; the few orders that were not are told by the truth.
fn shipments(app: &kontor_platform::App, truth: &Json, lines: &Lines) {
    let all: BTreeSet<&String> = lines.all.iter().map(|l| &l.order).collect();
    let shipped: BTreeSet<&String> = lines.all.iter().filter(|l| !l.shipped.is_empty()).map(|l| &l.order).collect();
    assert_eq!(json!(all.len() - shipped.len()), truth["orders_not_shipped"]);
    let promised: BTreeMap<String, String> = items(app, "sales-orders", &[])
        .iter()
        .map(|o| (o["id"].as_str().expect("an id").to_string(), o["ship_on"].as_str().expect("a date").to_string()))
        .collect();
    let late = items(app, "shipments", &[])
        .iter()
        .filter(|s| s["date"].as_str() > s["sales_order_id"].as_str().and_then(|o| promised.get(o)).map(String::as_str))
        .count();
    assert_eq!(json!(late), truth["orders_shipped_after_required"]);
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
        .map(|r| (r["ProductID"].clone(), micro(&r["UnitsInStock"])))
        .collect();
    let warehouse = items(app, "warehouses", &[("name", "Northwind")])[0]["id"].as_str().expect("an id").to_string();
    let shelves = report_by_name(app, "stock", "products", &[("by", "product"), ("warehouse_id", &warehouse)]);
    let lies = |product: &str| shelves.get(product).map_or(0, |r| micro(r["on_hand"].as_str().expect("a quantity")));
    let called = names(app, "products");
    let (mut below, mut discontinued, mut found) = (0, 0, 0);
    for p in items(app, "products", &[]) {
        let (custom, product) = (&p["custom"], &called[p["id"].as_str().expect("an id")]);
        let on_hand = lies(product);
        assert_eq!(on_hand, wanted.get(product).copied().unwrap_or(0), "{product}");
        found += i64::from(on_hand != 0);
        discontinued += i64::from(custom["discontinued"] == "1");
        let level = micro(custom["reorder_level"].as_str().unwrap_or("0"));
        let ordered = micro(custom["units_on_order"].as_str().unwrap_or("0"));
        below += i64::from(on_hand + ordered < level && custom["discontinued"] != "1");
    }
    assert_eq!(found as usize, wanted.len());
    assert_eq!(json!(discontinued), truth["products_discontinued"]);
    assert_eq!(json!(below), truth["products_stock_below_reorder"]);
}
