//! An order on PostgreSQL is a bounded number of statements, each of which is a way to the server, however many lines it has.

use crate::world::{World, both};
use kontor_platform::store::{Backend, Conn};
use kontor_platform::value::Id;
use kontor_platform::{Ctx, Envelope, Source};
use serde_json::{Value as Json, json};

/// Commands run on the caller's thread there; SQLite has a thread of its own for them.
fn statements<T>(f: impl FnOnce() -> T) -> (T, u64) {
    let before = Conn::statements_of_thread();
    let out = f();
    (out, Conn::statements_of_thread() - before)
}

/// Products that are priced and in stock.
fn goods(w: &World, n: usize) -> Vec<Id> {
    let ctx = Ctx::system().with_source(Source::Import);
    let made = |command: &str, inputs: Vec<Json>| -> Vec<Id> {
        let all = inputs.into_iter().map(|i| Envelope::new(command, i)).collect();
        w.app.execute_slice(&ctx, all, false).unwrap().into_iter().map(|o| o.unwrap().id.unwrap()).collect()
    };
    let product = |n: usize| json!({"name": format!("Товар {n:04}"), "unit_id": w.unit, "vat_rate": "ua20"});
    let products = made("products.create", (0..n).map(product).collect());
    let price = |p: &Id| json!({"price_type_id": w.price_type, "product_id": p, "price": "10"});
    let change = w.create("price-changes", json!({"date": "2020-01-01", "lines": products.iter().map(price).collect::<Vec<_>>()})).unwrap();
    w.run("price-changes.post", change.id.unwrap(), json!({})).unwrap();
    let stock: Vec<Json> = products.iter().map(|p| json!({"product_id": p, "quantity": 100, "cost": "5"})).collect();
    w.create("stock-receipts", json!({"company_id": w.company, "date": "2026-01-01", "post": true, "lines": stock})).unwrap();
    products
}

#[test]
fn sal_02_an_order_of_any_size_is_a_few_statements() {
    both(|w| {
        w.run("warehouses.update", w.warehouse, json!({"control": "refuse", "version": 1})).unwrap();
        let products = goods(w, 1_000);
        let agreement = json!({"company_id": w.company, "price_type_id": w.price_type, "currency": "UAH", "kind": "standard", "credit_limit": "10000000"});
        let agreement = w.made("agreements", agreement);
        let one = |lines: usize| {
            let lines: Vec<Json> = products[..lines].iter().map(|p| json!({"product_id": p, "quantity": 1})).collect();
            let input = json!({"company_id": w.company, "partner_id": w.client, "agreement_id": agreement, "lines": lines});
            let (made, save) = statements(|| w.create("sales-orders", input).unwrap());
            let (done, confirm) = statements(|| w.run("sales-orders.confirm", made.id.unwrap(), json!({})).unwrap());
            assert_eq!(done.data["state"], json!("confirmed"));
            assert_eq!(done.data["total"], json!(format!("{}.00", 10 * input_lines(&done))));
            (save, confirm)
        };
        // Rules and settings are in memory from the first one on.
        one(1);
        if w.app.store.backend() == Backend::Postgres {
            for (lines, save, confirm) in [(1, 13, 17), (100, 15, 18), (1_000, 15, 18)] {
                let (saved, confirmed) = one(lines);
                assert!(saved <= save && confirmed <= confirm, "{lines} lines: {saved} statements to save, {confirmed} to confirm");
            }
        }
        w.agrees();
    });
}

fn input_lines(o: &kontor_platform::Outcome) -> usize {
    o.data["lines"].as_array().map_or(0, Vec::len)
}
