//! The price office on the database: a million edited prices recalculated and put into effect while people look at pages, and a
//! draft rule tried on a million past lines. Jobs of the server, started and watched over HTTP.

use crate::load::{Client, Times};
use crate::run::{Run, Server, agreement, expect};
use kontor_kernel::error::{Error, Result};
use kontor_platform::value::Id;
use kontor_platform::{Ctx, Envelope, Source};
use serde_json::{Value as Json, json};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Prices and lines that a figure stands for; what is smaller is told as if it were so many.
const WHOLE: usize = 1_000_000;
const LINES: usize = 100;
/// Nobody waits longer for a job.
const LIMIT: Duration = Duration::from_secs(600);
/// The days of the orders that the simulator is run over.
const FROM: &str = "2025-03-01";
const TO: &str = "2025-03-28";

pub fn measure(r: &mut Run) -> Result<()> {
    let server = Server::start(r.t)?;
    let mut c = Client::new(server.at, &r.t.token)?;
    let agreement = agreement(&mut c, &r.t.filled)?;
    edited(r, &server, &mut c)?;
    drop(c);
    drop(server);
    orders(r, agreement)?;
    let server = Server::start(r.t)?;
    let mut c = Client::new(server.at, &r.t.token)?;
    simulated(r, &mut c)
}

fn get(c: &mut Client, path: &str) -> Result<Json> {
    let reply = c.get(path)?;
    expect(reply.status, &[200], &reply.body)?;
    serde_json::from_slice(&reply.body).map_err(Error::internal)
}

/// Starts a verb's job and waits for its end; answers the job.
fn job(c: &mut Client, path: &str, body: &Json) -> Result<Json> {
    let reply = c.post(path, &body.to_string())?;
    expect(reply.status, &[200], &reply.body)?;
    let started: Json = serde_json::from_slice(&reply.body).map_err(Error::internal)?;
    let id = started["job_id"].as_str().ok_or_else(|| Error::internal("no job"))?;
    let begun = Instant::now();
    loop {
        let job = get(c, &format!("/api/v1/jobs/{id}"))?;
        match job["state"].as_str() {
            Some("done") => return Ok(job),
            Some("queued" | "running") if begun.elapsed() < LIMIT => std::thread::sleep(Duration::from_millis(25)),
            state => return Err(Error::internal(format!("the job is {state:?}: {}", job["error"]))),
        }
    }
}

/// Edited prices of all products in so many types that they are a million, one type after another.
fn edited(r: &mut Run, server: &Server, c: &mut Client) -> Result<()> {
    let found = get(c, "/api/v1/price-types?method=manual&name.starts=Bench&sort=name&limit=50")?;
    let types: Vec<String> = found["items"].as_array().into_iter().flatten().filter_map(|t| t["id"].as_str().map(str::to_string)).collect();
    let products = r.t.filled.products.len().max(1);
    let types = &types[..types.len().min((WHOLE / products).max(1))];
    let looking = AtomicBool::new(true);
    let (seconds, changed, pages) = std::thread::scope(|s| -> Result<(f64, i64, Times)> {
        let pages = s.spawn(|| look(r, server, &looking, &types[0]));
        let done = change(c, types);
        looking.store(false, Relaxed);
        let pages = pages.join().map_err(|_| Error::internal("looking at pages ended with a panic"))??;
        let (seconds, changed) = done?;
        Ok((seconds, changed, pages))
    })?;
    let whole = seconds * WHOLE as f64 / changed.max(1) as f64;
    let bar = r.sqlite.then_some(("<=", 20.0));
    r.put("1,000,000 edited prices recalculated by formula and put into effect", "s", whole, None, bar);
    r.put("the workbench's page meanwhile, p99", "ms", pages.quantile(0.99), None, Some(("<=", 100.0)));
    Ok(())
}

/// Seconds, and how many prices came into effect.
fn change(c: &mut Client, types: &[String]) -> Result<(f64, i64)> {
    // Each run has prices of its own, or there would be nothing to change.
    let turn = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(1, |d| d.as_secs() % 9_000 + 1);
    let formula = format!("price(\"Bench 0\") * 1.07 + {}.{:02}", turn / 100, turn % 100);
    let (begun, mut changed) = (Instant::now(), 0);
    // The one that the others stand on comes last.
    for id in types.iter().rev() {
        job(c, &format!("/api/v1/price-types/{id}/edit_prices"), &json!({"operation": "formula", "formula": formula}))?;
        let done = job(c, &format!("/api/v1/price-types/{id}/apply_prices"), &json!({}))?;
        changed += done["result"]["changed"].as_i64().unwrap_or(0);
    }
    Ok((begun.elapsed().as_secs_f64(), changed))
}

/// Somebody leafs through the workbench.
fn look(r: &Run, server: &Server, looking: &AtomicBool, price_type: &str) -> Result<Times> {
    let mut c = Client::new(server.at, &r.t.token)?;
    let (begun, mut ms) = (Instant::now(), vec![]);
    while looking.load(Relaxed) {
        let t = Instant::now();
        let reply = c.get(&format!("/price-workbench?price_type_id={price_type}"))?;
        expect(reply.status, &[200], &reply.body)?;
        ms.push(t.elapsed().as_secs_f64() * 1000.0);
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(Times::of(ms, begun.elapsed()))
}

/// Confirmed orders of one month, made once by the program's own commands: a million lines, or as many as sales were filled.
fn orders(r: &Run, agreement: Id) -> Result<()> {
    let (app, f) = (&r.t.app, &r.t.filled);
    let wanted = if f.products.len() < 50_000 { 20_000 } else { WHOLE } / LINES;
    let pairs = [("date.ge", FROM), ("date.le", TO), ("count", "true"), ("limit", "1")].map(|(k, v)| (k.to_string(), v.to_string()));
    let ctx = Ctx::system().with_source(Source::Import);
    let spec = app.registry.get("sales-orders").ok_or_else(Error::not_found)?;
    let q = kontor_platform::query::Query::parse(app, &ctx, spec, &pairs)?;
    let there = app.list(&ctx, spec.name, &q)?.count.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let begun = Instant::now();
    for from in (there..wanted).step_by(5) {
        let one = |n: usize| {
            let lines: Vec<Json> = (0..LINES)
                .map(|k| json!({"product_id": f.products[(n * LINES + k) * 7919 % f.products.len()], "quantity": (1 + (n + k) % 20).to_string()}))
                .collect();
            let input = json!({
                "company_id": f.company, "partner_id": f.partners[n * 31 % f.partners.len()], "warehouse_id": f.warehouse,
                "agreement_id": agreement, "date": format!("2025-03-{:02}", 1 + n % 28), "lines": lines, "confirm": true,
            });
            Envelope::new("sales-orders.create", input)
        };
        for made in app.execute_slice(&ctx, (from..(from + 5).min(wanted)).map(one).collect(), false)? {
            made?;
        }
    }
    if there < wanted {
        eprintln!("orders of {LINES} lines: {} in {:.1} s", wanted - there, begun.elapsed().as_secs_f64());
    }
    Ok(())
}

fn simulated(r: &mut Run, c: &mut Client) -> Result<()> {
    let there = get(c, "/api/v1/price-conditions?name=Bench%20draft&limit=1")?;
    let mut rule = there["items"][0]["id"].as_str().map(str::to_string);
    if rule.is_none() {
        let input = json!({"name": "Bench draft", "kind": "quantity", "percent": "5", "from_quantity": "10", "active": false});
        let made = c.post("/api/v1/price-conditions", &input.to_string())?;
        expect(made.status, &[201], &made.body)?;
        rule = serde_json::from_slice::<Json>(&made.body).map_err(Error::internal)?["id"].as_str().map(str::to_string);
    }
    let rule = rule.ok_or_else(|| Error::internal("no id"))?;
    let begun = Instant::now();
    let done = job(c, &format!("/api/v1/price-conditions/{rule}/simulate"), &json!({"filter": {"date.ge": FROM, "date.le": TO}}))?;
    let seconds = begun.elapsed().as_secs_f64();
    let lines = done["result"]["lines"].as_f64().unwrap_or(0.0);
    if lines < 1.0 || done["result"]["changed_lines"] == 0 {
        return Err(Error::internal(format!("the simulator changed nothing: {}", done["result"])));
    }
    let bar = r.sqlite.then_some(("<=", 20.0));
    r.put("a draft rule tried on 1,000,000 past lines", "s", seconds * WHOLE as f64 / lines, None, bar);
    Ok(())
}
