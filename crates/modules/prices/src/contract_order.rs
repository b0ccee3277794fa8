//! `POST /contracts/{id}/order`: an order of what the contract's specification still leaves to be ordered (the specification is the
//! order).

use chrono::NaiveDate;
use kontor_kernel::HashMap;
use kontor_kernel::Quantity;
use kontor_kernel::error::{Error, Result};
use kontor_office::document::int_type;
use kontor_platform::cx::Cx;
use kontor_platform::record::{Record, value_json};
use kontor_platform::value::Id;
use serde_json::{Map, Value as Json, json};

/// What the contract says and the order takes over; the rest of its terms come by themselves.
const SAME: [&str; 5] = ["company_id", "partner_id", "counterparty_id", "currency", "manager_id"];

/// A draft order of all lines by product that are due until a day (or of all), less what was ordered under the contract already:
/// that fills the earliest lines first. Lines by category and by amount name nothing that could be ordered.
pub fn order(cx: &mut Cx, r: &mut Record, input: &Json) -> Result<Json> {
    let until = input["until"].as_str().and_then(|d| d.parse::<NaiveDate>().ok());
    let spec = &r.spec.lines[0];
    let mut due: Vec<(NaiveDate, Id, i64)> = vec![];
    for l in &r.lines[0] {
        let day = l.get(spec, "due_on").as_date().filter(|d| until.is_none_or(|u| *d <= u));
        if let (Some(day), Some(product), Some(quantity)) = (day, l.get(spec, "product_id").as_id(), l.get(spec, "quantity").as_int()) {
            due.push((day, product, quantity));
        }
    }
    due.sort_unstable();
    let mut done = ordered(cx, r.id)?;
    let mut lines = vec![];
    for (day, product, quantity) in due {
        let done = done.entry(product).or_default();
        let taken = quantity.min((*done).max(0));
        *done -= taken;
        if quantity > taken {
            let left = Quantity::from_scaled(quantity - taken);
            lines.push(json!({"product_id": product, "quantity": left, "ship_on": day}));
        }
    }
    if lines.is_empty() {
        return Err(Error::refused("contract_nothing_left"));
    }
    let mut order = Map::from_iter([("contract_id".to_string(), json!(r.id)), ("lines".to_string(), Json::Array(lines))]);
    for name in SAME.iter().copied().filter(|c| !r.is_null(c)) {
        if let Some(c) = r.spec.col(name) {
            order.insert(name.into(), value_json(&c.ty, r.get(name)));
        }
    }
    if !input["date"].is_null() {
        order.insert("date".into(), input["date"].clone());
    }
    let made = cx.create("sales-orders", Json::Object(order))?;
    Ok(json!({"sales_order_id": made.id, "sales_order": {"id": made.id, "title": made.title()}}))
}

/// Of each product, in its own unit: in all orders of the contract that are not cancelled, drafts too.
fn ordered(cx: &mut Cx, contract: Id) -> Result<HashMap<Id, i64>> {
    let int = int_type(cx.conn);
    let sql = format!(
        "SELECT l.product_id, CAST(SUM(l.base_quantity) AS {int}) FROM sales_orders d JOIN sales_order_lines l ON l.parent_id = d.id \
         WHERE d.contract_id = ? AND d.state <> 'cancelled' GROUP BY l.product_id"
    );
    cx.conn.query(&sql, &[contract.into()])?.iter().map(|r| Ok((r.id(0)?, r.int(1)?))).collect()
}
