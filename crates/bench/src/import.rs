//! Sales brought in from a file, as a user would: `kontor import --profile` as a process of its own.

use crate::bare;
use crate::run::Run;
use kontor_kernel::error::{Error, Result};
use serde_json::Value as Json;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Lines of one invoice.
const LINES: usize = 20;
const CUSTOMERS: usize = 5_000;

/// Invoices become posted shipments of partners that the file tells of; products are found by their code.
const PROFILE: &str = r#"
title = "Bench"
source = "SOURCE"

[settings]
negative_stock = "allow"

[[section]]
entity = "partners"
files = "sales.csv"
distinct = ["Customer"]
external_id = "Customer"
existing = "keep"
constants = { roles = ["client"] }
columns = { name = "Customer" }

[[section]]
files = "sales.csv"
group_by = ["Invoice"]
external_id = "Invoice"
constants = { currency = "UAH" }
then = ["post"]
entity = "shipments"

[section.columns]
company_id = { const = "Bench", lookup = { entity = "companies", by = "name" } }
warehouse_id = { const = "Bench", lookup = { entity = "warehouses", by = "name" } }
partner_id = { column = "Customer", lookup = "partners" }
date = "Date"

[section.lines.columns]
product_id = { column = "Product", lookup = { entity = "products", by = "sku" } }
quantity = "Quantity"
price = "Price"
"#;

pub fn measure(r: &mut Run) -> Result<()> {
    // Each run has a source of its own, or there would be nothing left to bring in.
    let turn = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis());
    let folder = std::env::temp_dir().join(format!("kontor-bench-{turn}"));
    let made = std::fs::create_dir(&folder).map_err(Error::internal).and_then(|()| run(r, &folder, turn));
    // What is left in the temporary folder harms nobody.
    let _ = std::fs::remove_dir_all(&folder);
    let ours = made?;
    bare::prepare_orders(&r.t.app.store)?;
    let b = bare::import(&r.t.app.store, &r.t.filled, r.t.plan.import_lines, LINES)?;
    let bar = r.sqlite.then_some((">=", 15_000.0));
    r.put("import of a file of sales, posted, all registers kept", "lines/s", ours, Some(b), bar);
    Ok(())
}

/// Lines a second of the whole process, from its start to its end.
fn run(r: &Run, folder: &Path, turn: u128) -> Result<f64> {
    let n = r.t.plan.import_lines;
    let products = r.t.filled.products.len();
    let mut text = String::from("Invoice,Customer,Date,Product,Quantity,Price\n");
    for k in 0..n {
        let invoice = k / LINES;
        let customer = invoice * 31 % CUSTOMERS;
        let (month, day) = (1 + invoice * 6 / (n / LINES).max(1) % 6, 1 + invoice % 28);
        // Few sell often: the square of an even spread leans to the beginning of the list.
        let spread = (k * 7919 % 10_007) as f64 / 10_007.0;
        let product = ((spread * spread) * products as f64) as usize;
        let (quantity, price) = (1 + k % 24, k % 900);
        let line = writeln!(text, "{turn}-{invoice},Покупець {customer},2026-{month:02}-{day:02},B-{product:06},{quantity},{price}.50");
        line.map_err(Error::internal)?;
    }
    std::fs::write(folder.join("sales.csv"), text).map_err(Error::internal)?;
    let profile = folder.join("profile.toml");
    std::fs::write(&profile, PROFILE.replace("SOURCE", &format!("bench-{turn}"))).map_err(Error::internal)?;
    let start = Instant::now();
    let done = Command::new(&r.t.binary)
        .args(["import", "--json", "--database", &r.t.url, "--profile"])
        .arg(&profile)
        .arg(folder)
        .output()
        .map_err(Error::internal)?;
    let took = start.elapsed().as_secs_f64();
    // What is no report is told with what else it said.
    let told: Json = serde_json::from_slice(&done.stdout).unwrap_or_default();
    // The partners and the invoices.
    if !done.status.success() || told["created"].as_u64() != Some((CUSTOMERS.min(n.div_ceil(LINES)) + n.div_ceil(LINES)) as u64) {
        return Err(Error::internal(format!("the import told {told} {}", String::from_utf8_lossy(&done.stderr))));
    }
    Ok(n as f64 / took)
}
