//! Reports against figures computed by hand, on both databases.

mod balances;
#[path = "../../../partners/tests/common/mod.rs"]
mod common;
mod deals;
mod firm;
mod links;
mod registry;
mod sales;

use chrono::NaiveDate;
use registry::registry;
use serde_json::Value as Json;

fn day(s: &str) -> NaiveDate {
    s.parse().expect("a date")
}

fn p(k: &str, v: impl ToString) -> (&str, String) {
    (k, v.to_string())
}

/// The named columns of each row, as one line of text.
fn rows(t: &Json, columns: &[&str]) -> Vec<String> {
    t["rows"].as_array().expect("rows").iter().map(|r| line(r, columns)).collect()
}

fn line(r: &Json, columns: &[&str]) -> String {
    let cell = |c: &&str| match &r[*c] {
        Json::String(s) => s.clone(),
        other => other.to_string(),
    };
    columns.iter().map(cell).collect::<Vec<_>>().join(" ")
}
