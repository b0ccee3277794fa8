//! The bare SQL of every figure: the least that a database must do for the same result, prepared, without any of Kontor.
//! Runs through the store's own connections, so that settings and durability are the same.

use crate::fill::Filled;
use crate::load::{Times, many};
use kontor_kernel::error::Result;
use kontor_platform::store::{Backend, Priority, Store};
use kontor_platform::value::{Id, Value, new_id};
use std::sync::Arc;
use std::time::Duration;

/// Fifty partners from a place in the list on.
pub fn page(store: &Arc<Store>, at: &[(Vec<u8>, Id)], clients: usize, lasts: Duration) -> Result<Times> {
    many(clients, lasts, |c, n| {
        let (key, id) = &at[(c * 7919 + n) % at.len()];
        store.read(|conn| {
            conn.query(
                "SELECT id, name, version FROM partners WHERE (name_key, id) > (?, ?) ORDER BY name_key, id LIMIT 50",
                &[key.clone().into(), (*id).into()],
            )?;
            Ok(())
        })
    })
}

/// Twenty partners whose search text holds a needle.
pub fn search(store: &Arc<Store>, needles: &[String], lasts: Duration) -> Result<Times> {
    let sql = match store.backend() {
        Backend::Sqlite => "SELECT t.id, t.name FROM partners_fts f JOIN partners t ON t.seq = f.rowid WHERE partners_fts MATCH ? LIMIT 20",
        Backend::Postgres => "SELECT id, name FROM partners WHERE search_text LIKE ? LIMIT 20",
    };
    many(1, lasts, |_, n| {
        let w = &needles[n % needles.len()];
        let p = match store.backend() {
            Backend::Sqlite => format!("\"{w}\""),
            Backend::Postgres => format!("%{w}%"),
        };
        store.read(|conn| conn.query(sql, &[p.as_str().into()]).map(|_| ()))
    })
}

pub fn prepare_orders(store: &Arc<Store>) -> Result<()> {
    let (id, int) = match store.backend() {
        Backend::Sqlite => ("BLOB", "INTEGER"),
        Backend::Postgres => ("UUID", "BIGINT"),
    };
    for sql in [
        "DROP TABLE IF EXISTS bare_lines".to_string(),
        "DROP TABLE IF EXISTS bare_orders".to_string(),
        "DROP TABLE IF EXISTS bare_stock".to_string(),
        format!("CREATE TABLE bare_orders (id {id} PRIMARY KEY, partner_id {id} NOT NULL, total {int} NOT NULL)"),
        format!(
            "CREATE TABLE bare_lines (id {id} PRIMARY KEY, order_id {id} NOT NULL, product_id {id} NOT NULL, quantity {int} NOT NULL, price {int} NOT NULL, amount {int} NOT NULL)"
        ),
        format!("CREATE TABLE bare_stock (product_id {id} PRIMARY KEY, reserved {int} NOT NULL)"),
    ] {
        store.exec_outside(&sql)?;
    }
    Ok(())
}

/// An order with its lines and the reserve of each product, in one durable transaction, a client at a time.
pub fn orders(store: &Arc<Store>, f: &Filled, lines: usize, clients: usize, lasts: Duration) -> Result<Times> {
    many(clients, lasts, |c, n| {
        let (partner, products) = (f.partners[(c * 31 + n) % f.partners.len()], f.products.clone());
        let start = (c * 977 + n * lines) % products.len();
        let chosen: Vec<Id> = (0..lines).map(|k| products[(start + k) % products.len()]).collect();
        store.write(Priority::People, move |conn| {
            let order = new_id();
            conn.insert_rows("bare_orders", &["id", "partner_id", "total"], &[vec![order.into(), partner.into(), Value::Int(1)]], "")?;
            let rows: Vec<Vec<Value>> = chosen
                .iter()
                .map(|p| vec![new_id().into(), order.into(), (*p).into(), Value::Int(1), Value::Int(1), Value::Int(1)])
                .collect();
            conn.insert_rows("bare_lines", &["id", "order_id", "product_id", "quantity", "price", "amount"], &rows, "")?;
            let mut sorted = chosen.clone();
            sorted.sort_unstable();
            sorted.dedup();
            let rows: Vec<Vec<Value>> = sorted.iter().map(|p| vec![(*p).into(), Value::Int(1)]).collect();
            conn.insert_rows(
                "bare_stock",
                &["product_id", "reserved"],
                &rows,
                "ON CONFLICT (product_id) DO UPDATE SET reserved = bare_stock.reserved + excluded.reserved",
            )?;
            Ok(())
        })
    })
}

/// Lines a second: heads of `of` lines each, the line, its stock movement and its sales movement, and the totals by product, five
/// thousand lines a transaction.
pub fn import(store: &Arc<Store>, f: &Filled, lines: usize, of: usize) -> Result<f64> {
    let start = std::time::Instant::now();
    for from in (0..lines).step_by(5_000) {
        let products: Vec<Id> = (from..(from + 5_000).min(lines)).map(|k| f.products[k * 7919 % f.products.len()]).collect();
        let partner = f.partners[from % f.partners.len()];
        store.write(Priority::Import, move |conn| {
            let heads: Vec<Id> = products.chunks(of).map(|_| new_id()).collect();
            let rows: Vec<Vec<Value>> = heads.iter().map(|h| vec![(*h).into(), partner.into(), Value::Int(1)]).collect();
            conn.insert_rows("bare_orders", &["id", "partner_id", "total"], &rows, "")?;
            for table in 0..3 {
                let rows: Vec<Vec<Value>> = products
                    .iter()
                    .enumerate()
                    .map(|(k, p)| vec![new_id().into(), heads[k / of].into(), (*p).into(), Value::Int(table), Value::Int(1), Value::Int(1)])
                    .collect();
                conn.insert_rows("bare_lines", &["id", "order_id", "product_id", "quantity", "price", "amount"], &rows, "")?;
            }
            let distinct: std::collections::BTreeSet<Id> = products.iter().copied().collect();
            let rows: Vec<Vec<Value>> = distinct.into_iter().map(|p| vec![p.into(), Value::Int(1)]).collect();
            conn.insert_rows(
                "bare_stock",
                &["product_id", "reserved"],
                &rows,
                "ON CONFLICT (product_id) DO UPDATE SET reserved = bare_stock.reserved + excluded.reserved",
            )
        })?;
    }
    Ok(lines as f64 / start.elapsed().as_secs_f64())
}

/// Places spread over the whole list of partners.
pub fn places(store: &Arc<Store>, f: &Filled, n: usize) -> Result<Vec<(Vec<u8>, Id, String)>> {
    let step = (f.partners.len() / n).max(1);
    store.read_with_timeout(Duration::from_secs(120), |conn| {
        let mut out = vec![];
        for id in f.partners.iter().step_by(step) {
            let r = conn.query_one("SELECT name_key, id, name FROM partners WHERE id = ?", &[(*id).into()])?;
            out.push((r.bytes(0)?.to_vec(), r.id(1)?, r.text(2)?.to_string()));
        }
        Ok(out)
    })
}
