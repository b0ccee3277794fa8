//! Measured by hand, on both databases: `cargo test --release -p kontor-finance speed -- --ignored --nocapture --test-threads 1`.

use crate::world::{World, both};
use kontor_platform::store::Backend;
use kontor_platform::value::Id;
use kontor_platform::{Ctx, Envelope, Source};
use serde_json::{Value as Json, json};
use std::time::Instant;

/// Processor time of this process so far, seconds: what a busy machine does not blur.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> = stat.rsplit(')').next().unwrap_or("").split_whitespace().map(|f| f.parse().unwrap_or(0.0)).collect();
    fields.get(11).zip(fields.get(12)).map_or(0.0, |(user, system)| (user + system) / 100.0)
}

fn catalog(w: &World, products: usize, partners: usize) -> (Vec<Id>, Vec<Id>) {
    let ctx = Ctx::system().with_source(Source::Import);
    let all = |collection: &str, inputs: Vec<Json>| -> Vec<Id> {
        let mut out = vec![];
        for slice in inputs.chunks(100) {
            let envs = slice.iter().map(|i| Envelope::new(format!("{collection}.create"), i.clone())).collect();
            out.extend(w.app.execute_slice(&ctx, envs, false).unwrap().into_iter().map(|o| o.unwrap().id.unwrap()));
        }
        out
    };
    let p = all(
        "products",
        (0..products)
            .map(|n| json!({"name": format!("Товар {n}"), "sku": format!("T{n}"), "unit_id": w.unit, "vat_rate": "ua20"}))
            .collect(),
    );
    let c = all("partners", (0..partners).map(|n| json!({"name": format!("Партнер {n}"), "country": "UA"})).collect());
    (p, c)
}

#[test]
#[ignore = "a measurement"]
fn speed_of_an_import_of_sales() {
    both(|w| {
        w.run("warehouses.update", w.warehouse, json!({"control": "allow", "version": 1})).unwrap();
        let (products, partners) = catalog(w, 4_000, 1_000);
        let ctx = Ctx::system().with_source(Source::Import);
        let (docs, lines) = (2_000usize, 20usize);
        let input = |d: usize| {
            let lines: Vec<Json> = (0..lines)
                .map(|n| json!({"product_id": products[(d * 7919 + n * 104_729) % products.len()], "quantity": (n + 1).to_string(), "price": format!("{}.{:02}", 1 + n % 9, d % 100)}))
                .collect();
            let date = chrono::NaiveDate::from_ymd_opt(2011, 1, 1).unwrap() + chrono::Days::new((d / 12) as u64);
            json!({"company_id": w.company, "partner_id": partners[d * 31 % partners.len()], "warehouse_id": w.warehouse, "currency": "GBP", "vat": "exempt", "date": date.to_string(), "source": "speed", "external_id": format!("{d}"), "post": true, "lines": lines})
        };
        let inputs: Vec<Json> = (0..docs).map(input).collect();
        let (started, cpu_before) = (Instant::now(), cpu());
        for slice in inputs.chunks(15) {
            let envs = slice.iter().map(|i| Envelope::new("shipments.create", i.clone())).collect();
            for o in w.app.execute_slice(&ctx, envs, false).unwrap() {
                o.unwrap();
            }
        }
        let took = started.elapsed();
        let (n, used) = ((docs * lines) as f64, cpu() - cpu_before);
        println!("{:?}: {n} lines in {took:?}: {:.0} lines/s; {used:.2} s of processor", w.app.store.backend(), n / took.as_secs_f64());
        w.agrees();
    });
}

fn percentile(mut ms: Vec<f64>, p: usize) -> f64 {
    ms.sort_by(f64::total_cmp);
    ms[(ms.len() - 1) * p / 100]
}

#[test]
#[ignore = "a measurement"]
fn speed_of_orders_with_many_lines() {
    both(|w| {
        w.run("warehouses.update", w.warehouse, json!({"control": "refuse", "version": 1})).unwrap();
        let (products, partners) = catalog(w, 2_000, 50);
        let priced = |p: &Id| json!({"price_type_id": w.price_type, "product_id": p, "price": "10"});
        let change = json!({"date": "2020-01-01", "lines": products.iter().map(priced).collect::<Vec<_>>()});
        let change = w.create("price-changes", change).unwrap_or_else(|e| panic!("{:.300}", e.to_string())).id.unwrap();
        w.run("price-changes.post", change, json!({})).unwrap_or_else(|e| panic!("{:.300}", e.to_string()));
        let stock: Vec<Json> = products.iter().map(|p| json!({"product_id": p, "quantity": 1_000_000, "cost": "5"})).collect();
        w.create("stock-receipts", json!({"company_id": w.company, "date": "2026-01-01", "post": true, "lines": stock})).unwrap();
        for (lines, rounds) in [(1usize, 200usize), (100, 30), (1_000, 10)] {
            let (mut make, mut confirm, mut ship) = (vec![], vec![], vec![]);
            for n in 0..rounds {
                let lines: Vec<Json> =
                    (0..lines).map(|l| json!({"product_id": products[(l * 7 + n) % products.len()], "quantity": 2})).collect();
                let input = json!({"company_id": w.company, "partner_id": partners[n % partners.len()], "lines": lines});
                let t = Instant::now();
                let o = w.create("sales-orders", input).unwrap().id.unwrap();
                make.push(t.elapsed().as_secs_f64() * 1e3);
                let t = Instant::now();
                w.run("sales-orders.confirm", o, json!({})).unwrap();
                confirm.push(t.elapsed().as_secs_f64() * 1e3);
                let t = Instant::now();
                w.create("shipments", json!({"sales_order_id": o, "post": true})).unwrap();
                ship.push(t.elapsed().as_secs_f64() * 1e3);
            }
            let b = w.app.store.backend();
            println!(
                "{b:?}: {lines} lines: save p50 {:.1} ms, confirm p50 {:.1} ms, ship p50 {:.1} ms",
                percentile(make, 50),
                percentile(confirm, 50),
                percentile(ship, 50)
            );
        }
        w.agrees();
    });
}

#[test]
#[ignore = "a measurement"]
fn speed_of_single_line_orders_of_sixteen_clients() {
    both(|w| {
        let (products, partners) = catalog(w, 1_000, 1_000);
        let stock: Vec<Json> = products.iter().map(|p| json!({"product_id": p, "quantity": 1_000_000, "cost": "5"})).collect();
        w.create("stock-receipts", json!({"company_id": w.company, "date": "2026-01-01", "post": true, "lines": stock})).unwrap();
        let each = if w.app.store.backend() == Backend::Sqlite { 100 } else { 40 };
        for confirm in [false, true] {
            let started = Instant::now();
            std::thread::scope(|s| {
                for client in 0..16usize {
                    let (products, partners) = (&products, &partners);
                    s.spawn(move || {
                        for n in 0..each {
                            let line = json!({"product_id": products[(client * 61 + n * 17) % products.len()], "quantity": 1, "price": "9.99"});
                            w.create("sales-orders", json!({"company_id": w.company, "partner_id": partners[(client * 61 + n) % partners.len()], "confirm": confirm, "lines": [line]})).unwrap();
                        }
                    });
                }
            });
            let took = started.elapsed().as_secs_f64();
            println!("{:?}: {:.0} single-line orders/s (confirmed: {confirm})", w.app.store.backend(), (16 * each) as f64 / took);
        }
        w.agrees();
    });
}
