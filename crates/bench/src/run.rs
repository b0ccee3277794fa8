//! The run: starts the server as a process of its own, loads it, and measures the bare database beside it.

use crate::bare;
use crate::fill::Filled;
use crate::load::{Client, Times, many, median};
use crate::table::Figure;
use kontor_kernel::error::{Error, Result};
use kontor_platform::App;
use kontor_platform::store::Backend;
use kontor_platform::value::{Id, id_in};
use serde_json::{Value as Json, json};
use std::io::BufRead;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Runs of each figure; the median is printed.
const RUNS: usize = 5;
const CLIENTS: usize = 16;

pub struct Target {
    pub app: Arc<App>,
    pub url: String,
    pub binary: std::path::PathBuf,
    /// Of an administrator.
    pub token: String,
    /// Of those whose rights the lists are read with.
    pub readers: Readers,
    pub filled: Filled,
    pub plan: Plan,
}

/// Tokens of people with different rights to the same partners.
pub struct Readers {
    /// Sees all of them by a role.
    pub director: String,
    /// Sees a fortieth: his own.
    pub seller: String,
    /// Sees a quarter: those of his team.
    pub head: String,
}

/// What is measured, and how long.
pub struct Plan {
    /// Seconds of one run.
    pub seconds: f64,
    /// Lines of the import figure.
    pub import_lines: usize,
    /// Groups of figures: `start lists search orders explain import prices`; none are all.
    pub only: Vec<String>,
}

impl Plan {
    fn has(&self, group: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|o| o == group)
    }
}

pub(crate) struct Server {
    child: Child,
    pub at: SocketAddr,
    started_ms: f64,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing more to do then.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    pub fn start(t: &Target) -> Result<Server> {
        let begin = Instant::now();
        let mut child = Command::new(&t.binary)
            .args(["serve", "--listen", "127.0.0.1:0", "--database", &t.url])
            .env("RUST_LOG", "error")
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(Error::internal)?;
        let out = child.stdout.take().ok_or_else(|| Error::internal("no output"))?;
        let mut line = String::new();
        let mut reader = std::io::BufReader::new(out);
        reader.read_line(&mut line).map_err(Error::internal)?;
        std::thread::spawn(move || {
            let mut rest = String::new();
            while reader.read_line(&mut rest).is_ok_and(|n| n > 0) {
                rest.clear();
            }
        });
        let at = line
            .trim()
            .rsplit("http://")
            .next()
            .and_then(|s| s.trim_end_matches('/').parse().ok())
            .ok_or_else(|| Error::internal(format!("the server said {line:?}")))?;
        // From here on the process ends with this value, whatever happens.
        let mut server = Server { child, at, started_ms: 0.0 };
        let r = Client::new(at, &t.token)?.get("/")?;
        expect(r.status, &[200], &r.body)?;
        server.started_ms = begin.elapsed().as_secs_f64() * 1000.0;
        Ok(server)
    }
    /// Resident memory in MB: `VmRSS` is that of now, `VmHWM` the most there ever was.
    fn memory_mb(&self, which: &str) -> f64 {
        kilobytes(&self.child.id().to_string(), which).map_or(f64::NAN, |k| k / 1024.0)
    }
}

/// A line of what the system tells of a process.
fn kilobytes(process: &str, which: &str) -> Option<f64> {
    let s = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    s.lines().find_map(|l| l.strip_prefix(which)?.strip_prefix(':')?.trim().strip_suffix(" kB")?.trim().parse().ok())
}

pub(crate) struct Run<'a> {
    pub t: &'a Target,
    db: &'static str,
    pub sqlite: bool,
    out: Vec<Figure>,
    lasts: Duration,
}

impl Run<'_> {
    pub fn put(&mut self, name: &'static str, unit: &'static str, ours: f64, bare: Option<f64>, bar: Option<(&'static str, f64)>) {
        eprintln!("{}: {name}: {ours:.2} {unit}", self.db);
        self.out.push(Figure { database: self.db, name, unit, ours, bare, bar });
    }
    fn clients(&self, s: &Server, token: &str) -> Result<Vec<Mutex<Client>>> {
        (0..CLIENTS).map(|_| Client::new(s.at, token).map(Mutex::new)).collect()
    }
}

pub(crate) fn expect(status: u16, want: &[u16], body: &[u8]) -> Result<()> {
    if want.contains(&status) {
        return Ok(());
    }
    Err(Error::internal(format!("status {status}: {}", String::from_utf8_lossy(&body[..body.len().min(600)]))))
}

pub fn run(t: &Target) -> Result<Vec<Figure>> {
    let sqlite = t.app.store.backend() == Backend::Sqlite;
    let mut r =
        Run { t, db: if sqlite { "SQLite" } else { "PostgreSQL" }, sqlite, out: vec![], lasts: Duration::from_secs_f64(t.plan.seconds) };
    if t.plan.has("start") {
        let start = median(RUNS, || Ok(Server::start(t)?.started_ms))?;
        r.put("start to first page", "ms", start, None, Some(("<=", 500.0)));
        let size = std::fs::metadata(&t.binary).map_or(f64::NAN, |m| m.len() as f64 / 1_048_576.0);
        r.put("stripped binary", "MB", size, None, Some(("<=", 80.0)));
    }
    let server = Server::start(t)?;
    std::thread::sleep(Duration::from_secs(1));
    r.put("memory at rest", "MB", server.memory_mb("VmRSS"), None, Some(("<=", 80.0)));
    for (group, measure) in
        [("lists", lists as fn(&mut Run, &Server) -> Result<()>), ("search", searches), ("orders", orders), ("explain", explanations)]
    {
        if t.plan.has(group) {
            measure(&mut r, &server)?;
        }
    }
    r.put("memory under this load, the most", "MB", server.memory_mb("VmHWM"), None, Some(("<=", 300.0)));
    drop(server);
    if t.plan.has("import") {
        crate::import::measure(&mut r)?;
    }
    if t.plan.has("prices") {
        prices(&mut r)?;
        crate::office::measure(&mut r)?;
    }
    Ok(r.out)
}

/// The price engine by itself, in this process, on one core; no database has a part in it.
fn prices(r: &mut Run) -> Result<()> {
    let begun = Instant::now();
    let memory = || kilobytes("self", "VmRSS").map(|k| (k * 1024.0) as u64);
    for f in kontor_pricing::bench::measure(&|| begun.elapsed(), &memory)? {
        r.put(f.name, f.unit, f.value, None, Some(("<=", f.bar)));
    }
    Ok(())
}

/// Pages from places all over the list, for people with different rights; each figure stands beside the bare page.
fn lists(r: &mut Run, s: &Server) -> Result<()> {
    let places = bare::places(&r.t.app.store, &r.t.filled, 2_000)?;
    let after: Vec<String> = places.iter().map(|(k, id, _)| kontor_platform::query::cursor(&[k.clone().into(), (*id).into()])).collect();
    let bare_at: Vec<(Vec<u8>, Id)> = places.into_iter().map(|(k, i, _)| (k, i)).collect();
    let b = bare::page(&r.t.app.store, &bare_at, 4, r.lasts)?;
    let sqlite = r.sqlite;
    let readers = &r.t.readers;
    let at_clients = "the same as the clients see it, load included";
    for (token, path, bar, name, slowest) in [
        (&readers.director, "/api/v1/partners", 2000.0, "list of 50 partners by name as JSON, 16 clients", "the same, server p99"),
        (&readers.director, "/partners", 1200.0, "list of 50 partners by name as HTML, 16 clients", "the same, server p99"),
        (&readers.seller, "/api/v1/partners", 2000.0, "JSON, one's own partners, a fortieth", "JSON, one's own partners, server p99"),
        (&readers.seller, "/partners", 1200.0, "HTML, one's own partners, a fortieth", "HTML, one's own partners, server p99"),
        (&readers.head, "/api/v1/partners", 2000.0, "JSON, a team's partners, a quarter", "JSON, a team's partners, server p99"),
        (&readers.head, "/partners", 1200.0, "HTML, a team's partners, a quarter", "HTML, a team's partners, server p99"),
    ] {
        let clients = r.clients(s, token)?;
        let served = Mutex::new(vec![]);
        let get = || {
            many(CLIENTS, r.lasts, |c, n| {
                let cursor = &after[(c * 7919 + n) % after.len()];
                let reply = clients[c].lock().unwrap_or_else(|e| e.into_inner()).get(&format!("{path}?after={cursor}"))?;
                served.lock().unwrap_or_else(|e| e.into_inner()).extend(reply.served_ms);
                expect(reply.status, &[200], &reply.body)
            })
        };
        get()?;
        let (mut p99, mut seen) = (vec![], vec![]);
        let per_second = median(RUNS, || {
            served.lock().unwrap_or_else(|e| e.into_inner()).clear();
            let t = get()?;
            let of_server = Times::of(std::mem::take(&mut *served.lock().unwrap_or_else(|e| e.into_inner())), r.lasts);
            p99.push(of_server.quantile(0.99));
            seen.push(t.quantile(0.99));
            Ok(t.per_second)
        })?;
        p99.sort_by(f64::total_cmp);
        seen.sort_by(f64::total_cmp);
        r.put(name, "pages/s", per_second, Some(b.per_second), sqlite.then_some((">=", bar)));
        r.put(slowest, "ms", p99[p99.len() / 2], Some(b.quantile(0.99)), Some(("<=", 10.0)));
        r.put(at_clients, "ms", seen[seen.len() / 2], None, None);
    }
    Ok(())
}

fn searches(r: &mut Run, s: &Server) -> Result<()> {
    let places = bare::places(&r.t.app.store, &r.t.filled, 300)?;
    // As a person types: the first three, four … letters of a word of a real name.
    let mut needles = vec![];
    for (_, _, name) in &places {
        let word: String = name.split(['«', ' ', '»']).find(|w| w.chars().count() > 4).unwrap_or("київ").to_lowercase();
        for n in 3..=word.chars().count().min(10) {
            needles.push(word.chars().take(n).collect::<String>());
        }
    }
    let encoded: Vec<String> = needles.iter().map(|w| w.bytes().map(|b| format!("%{b:02X}")).collect()).collect();
    let lasts = r.lasts;
    let b = bare::search(&r.t.app.store, &needles, lasts)?;
    let readers = &r.t.readers;
    for (token, name) in [
        (&readers.director, "search as you type over partners, p95"),
        (&readers.seller, "search over one's own partners, p95"),
        (&readers.head, "search over a team's partners, p95"),
    ] {
        let c = Mutex::new(Client::new(s.at, token)?);
        let p95 = median(RUNS, || {
            let t = many(1, lasts, |_, n| {
                let word = &encoded[(n * 131) % encoded.len()];
                let path = format!("/api/v1/partners?q={word}&limit=20&fields=title");
                let reply = c.lock().unwrap_or_else(|e| e.into_inner()).get(&path)?;
                expect(reply.status, &[200], &reply.body)
            })?;
            Ok(t.quantile(0.95))
        })?;
        r.put(name, "ms", p95, Some(b.quantile(0.95)), Some(("<=", 20.0)));
    }
    Ok(())
}

fn order_body(f: &Filled, n: usize, lines: usize, agreement: Id) -> String {
    let start = (n * lines * 13) % f.products.len();
    let l: Vec<Json> = (0..lines).map(|k| json!({"product_id": f.products[(start + k) % f.products.len()], "quantity": "1"})).collect();
    json!({"company_id": f.company, "partner_id": f.partners[n % f.partners.len()], "warehouse_id": f.warehouse, "agreement_id": agreement, "lines": l}).to_string()
}

fn one_order(c: &mut Client, body: &str) -> Result<()> {
    let made = c.post("/api/v1/sales-orders", body)?;
    expect(made.status, &[201], &made.body)?;
    let j: Json = serde_json::from_slice(&made.body).map_err(Error::internal)?;
    let id = j["id"].as_str().ok_or_else(|| Error::internal("no id"))?;
    let done = c.post(&format!("/api/v1/sales-orders/{id}/confirm"), "{}")?;
    expect(done.status, &[200], &done.body)
}

/// The same by a client that asks for both in one request.
fn one_order_at_once(c: &mut Client, body: &str) -> Result<()> {
    let mut order: Json = serde_json::from_str(body).map_err(Error::internal)?;
    order["confirm"] = true.into();
    let made = c.post("/api/v1/sales-orders", &order.to_string())?;
    expect(made.status, &[201], &made.body)?;
    let made: Json = serde_json::from_slice(&made.body).map_err(Error::internal)?;
    if made["state"] == "confirmed" { Ok(()) } else { Err(Error::internal(format!("the order is {}", made["state"]))) }
}

/// The agreement of an earlier run, or a new one: a second of the same terms would overlap.
pub(crate) fn agreement(c: &mut Client, f: &Filled) -> Result<Id> {
    let there = c.get(&format!("/api/v1/agreements?company_id={}&limit=1", f.company))?;
    expect(there.status, &[200], &there.body)?;
    let mut j: Json = serde_json::from_slice(&there.body).map_err(Error::internal)?;
    if j["items"][0]["id"].is_null() {
        let input = json!({"name": "Bench", "kind": "standard", "company_id": f.company, "price_type_id": f.price_type, "currency": "UAH"});
        let made = c.post("/api/v1/agreements", &input.to_string())?;
        expect(made.status, &[201], &made.body)?;
        let made: Json = serde_json::from_slice(&made.body).map_err(Error::internal)?;
        j = json!({"items": [made]});
    }
    id_in(&j["items"][0]["id"]).ok_or_else(|| Error::internal("no id"))
}

fn orders(r: &mut Run, s: &Server) -> Result<()> {
    let f = &r.t.filled;
    let mut c = Client::new(s.at, &r.t.token)?;
    let agreement = agreement(&mut c, f)?;
    bare::prepare_orders(&r.t.app.store)?;
    let mut n = 0;
    for (lines, name, bar) in [
        (100, "order of 100 lines priced, saved, confirmed, p50", if r.sqlite { 20.0 } else { 50.0 }),
        (1000, "order of 1,000 lines, p50", 120.0),
    ] {
        let lasts = r.lasts;
        let p50 = median(RUNS, || {
            let start = Instant::now();
            let mut ms = vec![];
            while start.elapsed() < lasts || ms.len() < 5 {
                n += 1;
                let body = order_body(f, n, lines, agreement);
                let t = Instant::now();
                one_order(&mut c, &body)?;
                ms.push(t.elapsed().as_secs_f64() * 1000.0);
            }
            Ok(Times::of(ms, start.elapsed()).quantile(0.5))
        })?;
        let b = bare::orders(&r.t.app.store, f, lines, 1, lasts)?;
        r.put(name, "ms", p50, Some(b.quantile(0.5)), Some(("<=", bar)));
    }
    let clients = r.clients(s, &r.t.token)?;
    let lasts = r.lasts;
    let mut turn = 0;
    let ways: [(&str, OneOrder); 2] = [
        ("single-line orders saved, then confirmed, 16 clients", one_order),
        ("single-line orders saved and confirmed in one request", one_order_at_once),
    ];
    let mut figures = vec![];
    for (name, one) in ways {
        let per_second = median(RUNS, || {
            turn += 1;
            let t = many(CLIENTS, lasts, |c, k| {
                let body = order_body(f, (turn * 1_000_003 + c * 50_021 + k) % 10_000_000, 1, agreement);
                one(&mut clients[c].lock().unwrap_or_else(|e| e.into_inner()), &body)
            })?;
            Ok(t.per_second)
        })?;
        figures.push((name, per_second));
    }
    let b = bare::orders(&r.t.app.store, f, 1, CLIENTS, lasts)?;
    for (name, per_second) in figures {
        r.put(name, "orders/s", per_second, Some(b.per_second), Some((">=", 600.0)));
    }
    Ok(())
}

type OneOrder = fn(&mut Client, &str) -> Result<()>;

/// "Why this price?" of one product for one partner after another, by an agreement.
fn explanations(r: &mut Run, s: &Server) -> Result<()> {
    let f = &r.t.filled;
    let agreement = agreement(&mut Client::new(s.at, &r.t.token)?, f)?;
    let clients = r.clients(s, &r.t.token)?;
    let mut p99 = vec![];
    let per_second = median(RUNS, || {
        let t = many(CLIENTS, r.lasts, |c, n| {
            let n = c * 50_021 + n * 7;
            let (partner, product) = (f.partners[n % f.partners.len()], f.products[(n * 13) % f.products.len()]);
            let body =
                json!({"company_id": f.company, "partner_id": partner, "agreement_id": agreement, "product_id": product, "quantity": "3"});
            let reply = clients[c].lock().unwrap_or_else(|e| e.into_inner()).post("/api/v1/prices/explain", &body.to_string())?;
            expect(reply.status, &[200], &reply.body)
        })?;
        p99.push(t.quantile(0.99));
        Ok(t.per_second)
    })?;
    p99.sort_by(f64::total_cmp);
    r.put("price explained, 16 clients", "answers/s", per_second, None, None);
    r.put("the same, p99", "ms", p99[p99.len() / 2], None, Some(("<=", 10.0)));
    Ok(())
}
