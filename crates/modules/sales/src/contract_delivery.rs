//! `GET /contracts/{id}/delivery`: what was contracted against what was ordered and delivered, by product or product line
//! (category), and the schedule by day with what is behind it.

use kontor_catalog::product_facts;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Quantity};
use kontor_office::document::int_type;
use kontor_platform::app::{App, Asked};
use kontor_platform::ctx::Ctx;
use kontor_platform::cx::Cx;
use kontor_platform::store::Conn;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// Of one product: quantities in its own unit, amounts as the documents have them.
#[derive(Default)]
struct Of {
    contracted: i64,
    due: i64,
    ordered: i64,
    delivered: i64,
    amount: i64,
}

pub fn delivery(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    let id = asked.id("id")?.ok_or_else(Error::not_found)?;
    let contract = app.record(ctx, "contracts", id)?;
    let orders = app.registry.get("sales-orders").ok_or_else(Error::not_found)?;
    if !ctx.access.may(orders, "read") || ctx.access.hidden(orders, "amount") {
        return Err(Error::forbidden().arg("action", "read").arg("entity", orders.name));
    }
    app.store.read(|conn| {
        let mut all: BTreeMap<Id, Of> = BTreeMap::new();
        let spec = &contract.spec.lines[0];
        let (mut planned, mut planned_due) = (0i64, 0i64);
        for l in &contract.lines[0] {
            let due = l.get(spec, "due_on").as_date().is_some_and(|d| d <= ctx.today);
            let amount = l.get(spec, "amount").as_int().unwrap_or(0);
            planned += amount;
            planned_due += if due { amount } else { 0 };
            let of = l.get(spec, "product_id").as_id().or(l.get(spec, "category_id").as_id());
            if let (Some(p), Some(q)) = (of, l.get(spec, "quantity").as_int()) {
                let of = all.entry(p).or_default();
                of.contracted += q;
                of.due += if due { q } else { 0 };
            }
        }
        let ordered = sums(conn, "sales_orders", "sales_order_lines", "'confirmed', 'closed'", id)?;
        let delivered = sums(conn, "shipments", "shipment_lines", "'posted'", id)?;
        let named: BTreeSet<Id> = all.keys().copied().collect();
        let products: Vec<Id> = ordered.iter().chain(&delivered).map(|s| s.0).collect();
        let facts = product_facts(&mut Cx::new(conn, app, ctx, ""), &products)?;
        // What no line names stands by itself.
        let under =
            |product: Id| facts.get(&product).and_then(|p| kontor_prices::contract_line(p, |id| named.contains(&id))).unwrap_or(product);
        for (product, quantity, _) in ordered {
            all.entry(under(product)).or_default().ordered += quantity;
        }
        let mut total = 0i64;
        for (product, quantity, amount) in delivered {
            let of = all.entry(under(product)).or_default();
            of.delivered += quantity;
            of.amount += amount;
            total = total.saturating_add(amount);
        }
        let mut items = vec![];
        for (product, of) in &all {
            let name = |conn: &mut Conn, table: &str| -> Result<Option<String>> {
                let found = conn.query_opt(&format!("SELECT name FROM {table} WHERE id = ?"), &[(*product).into()])?;
                found.map(|r| r.text(0).map(str::to_string)).transpose()
            };
            let (what, title) = match name(conn, "products")? {
                Some(title) => ("product", Some(title)),
                None => ("category", name(conn, "product_categories")?),
            };
            let q = |n: i64| Quantity::from_scaled(n).to_string();
            items.push(json!({
                what: {"id": product, "title": title}, "contracted": q(of.contracted), "ordered": q(of.ordered), "delivered": q(of.delivered),
                "left": q((of.contracted - of.delivered).max(0)), "behind": q((of.due - of.delivered).max(0)), "amount": Amount::from_scaled(of.amount).to_string(),
            }));
        }
        let a = |n: i64| Amount::from_scaled(n).to_string();
        Ok(json!({
            "contract": {"id": id, "title": contract.title()}, "currency": contract.text("currency"), "date": ctx.today.to_string(),
            "amount": contract.opt_int("amount").map(a), "scheduled": a(planned), "scheduled_by_now": a(planned_due), "delivered": a(total), "items": items,
        }))
    })
}

/// Product, quantity in its own unit, amount: of the contract's documents in these states.
fn sums(conn: &mut Conn, table: &str, lines: &str, states: &str, contract: Id) -> Result<Vec<(Id, i64, i64)>> {
    let int = int_type(conn);
    let sql = format!(
        "SELECT l.product_id, CAST(SUM(l.base_quantity) AS {int}), CAST(SUM(l.amount + CASE WHEN d.vat = 'excluded' THEN l.vat_amount ELSE 0 END) AS {int}) \
         FROM {table} d JOIN {lines} l ON l.parent_id = d.id WHERE d.contract_id = ? AND d.state IN ({states}) GROUP BY l.product_id"
    );
    conn.query(&sql, &[contract.into()])?.iter().map(|r| Ok((r.id(0)?, r.int(1)?, r.int(2)?))).collect()
}
