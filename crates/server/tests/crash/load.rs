//! The load: sales with all their turns, by several people at once, of the same few products and partners. What was
//! acknowledged is noted the moment it is; what was not is kept to be asked again.

use crate::machine::{Client, id};
use kontor_kernel::HashMap;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

pub const PLENTY: i64 = 1_000_000;

pub struct World {
    pub company: String,
    pub warehouse: String,
    pub partners: Vec<String>,
    /// Two that there is plenty of, and one that people must not sell twice.
    pub products: Vec<String>,
}

pub const DOCUMENTS: [&str; 4] = ["sales-orders", "shipments", "payments", "stock-receipts"];

/// How far a state is on the way that leads nowhere back.
pub fn rank(state: &str) -> usize {
    match state {
        "draft" => 0,
        "confirmed" | "posted" => 1,
        "cancelled" | "reversed" => 2,
        _ => panic!("{state} is no state of this load"),
    }
}

/// A call that nobody answered.
pub struct Asked {
    pub collection: &'static str,
    pub path: String,
    pub key: String,
    pub body: Json,
}

#[derive(Default)]
pub struct Book {
    /// What was acknowledged: state and version of each record, by collection and id.
    pub known: HashMap<(&'static str, String), (String, i64)>,
    /// Keys of acknowledged creates; each stands in the comment of its document.
    pub made: Vec<String>,
    pub open: Vec<Asked>,
    /// Acknowledged commands by name.
    pub done: BTreeMap<String, usize>,
    pub refused: usize,
    /// Answers that the database was away, to calls that were made again until they were done.
    pub interrupted: usize,
    /// Sales that went all the way.
    pub whole: usize,
}

impl Book {
    pub fn note(&mut self, collection: &'static str, path: &str, key: &str, answer: &Json) {
        let (state, version) = (answer["state"].as_str().unwrap_or_default(), answer["version"].as_i64().unwrap_or(0));
        self.known.insert((collection, id(answer)), (state.into(), version));
        if path == collection {
            self.made.push(key.into());
        }
        let verb = if path == collection { "create" } else { path.rsplit('/').next().unwrap_or_default() };
        *self.done.entry(format!("{collection}.{verb}")).or_default() += 1;
    }
}

/// The only refusal there is in this load: somebody else was faster.
pub fn is_contention(status: u16, body: &Json) -> bool {
    let codes: Vec<&Json> = body["errors"].as_array().into_iter().flatten().map(|e| &e["code"]).collect();
    status == 422 && !codes.is_empty() && codes.iter().all(|c| *c == "not_enough_stock")
}

/// The server is gone.
pub struct Gone;

pub struct Person<'a> {
    pub client: Client,
    pub world: &'a World,
    pub book: &'a Mutex<Book>,
    pub name: String,
    pub today: String,
    pub luck: u64,
    /// Connections to the database are cut: who is told that it is away asks again under the same key.
    pub patient: bool,
}

/// How often and after which pause a patient one asks again.
const TRIES: usize = 200;
const PAUSE: Duration = Duration::from_millis(25);

impl Person<'_> {
    fn draw(&mut self, of: u64) -> u64 {
        self.luck = self.luck.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.luck >> 33) % of
    }
    fn book(&self) -> std::sync::MutexGuard<'_, Book> {
        self.book.lock().expect("not poisoned")
    }

    /// One command under a key of its own; `None` where it was refused because somebody else was faster.
    fn ask(&mut self, collection: &'static str, path: &str, mut body: Json) -> Result<Option<Json>, Gone> {
        self.draw(1);
        let key = format!("{}-{:x}", self.name, self.luck);
        if path == collection {
            body["comment"] = json!(key);
        }
        let mut tries = 0;
        let r = loop {
            let Some(r) = self.client.call("POST", path, Some(&key), &body) else {
                self.book().open.push(Asked { collection, path: path.into(), key, body });
                return Err(Gone);
            };
            if r.status != 503 || !self.patient || tries == TRIES {
                break r;
            }
            tries += 1;
            self.book().interrupted += 1;
            std::thread::sleep(PAUSE);
        };
        if is_contention(r.status, &r.body) {
            self.book().refused += 1;
            return Ok(None);
        }
        assert!((200..300).contains(&r.status) && (!r.replayed || tries > 0), "{path}: {} {:#}", r.status, r.body);
        self.book().note(collection, path, &key, &r.body);
        Ok(Some(r.body))
    }

    fn verb(&mut self, collection: &'static str, id: &str, verb: &str) -> Result<Option<Json>, Gone> {
        self.ask(collection, &format!("{collection}/{id}/{verb}"), json!({}))
    }

    /// One sale with the turns that chance gives it.
    pub fn sale(&mut self) -> Result<(), Gone> {
        let w = self.world;
        let partner = &w.partners[self.draw(2) as usize];
        let mut lines = vec![json!({"product_id": w.products[0], "quantity": "3", "price": "10"})];
        match self.draw(3) {
            0 => lines.push(json!({"product_id": w.products[2], "quantity": "1", "price": "7.50"})),
            1 => lines.push(json!({"product_id": w.products[1], "quantity": "2", "price": "5"})),
            _ => {}
        }
        let head = json!({"company_id": w.company, "partner_id": partner, "warehouse_id": w.warehouse, "currency": "UAH", "lines": lines});
        let Some(order) = self.ask("sales-orders", "sales-orders", head)? else { return Ok(()) };
        let (order, line) = (id(&order), order["lines"][0]["id"].clone());
        if self.draw(8) == 0 {
            return Ok(());
        }
        if self.verb("sales-orders", &order, "confirm")?.is_none() || self.draw(6) == 0 {
            self.verb("sales-orders", &order, "cancel")?;
            return Ok(());
        }
        let part = json!({"sales_order_id": order, "lines": [{"order_line_id": line, "quantity": "1"}]});
        self.ship(part)?;
        if self.draw(8) > 0 && self.ship(json!({"sales_order_id": order}))? {
            self.pay(partner)?;
            self.book().whole += 1;
        }
        Ok(())
    }

    /// Whether the goods have gone and stayed away.
    fn ship(&mut self, body: Json) -> Result<bool, Gone> {
        let Some(s) = self.ask("shipments", "shipments", body)? else { return Ok(false) };
        let s = id(&s);
        if self.draw(9) == 0 || self.verb("shipments", &s, "post")?.is_none() {
            return Ok(false);
        }
        if self.draw(4) == 0 {
            self.verb("shipments", &s, "reverse")?;
            return Ok(false);
        }
        Ok(true)
    }

    fn pay(&mut self, partner: &str) -> Result<(), Gone> {
        let body = json!({"company_id": self.world.company, "partner_id": partner, "amount": "20", "currency": "UAH", "date": self.today, "direction": "in"});
        let Some(p) = self.ask("payments", "payments", body)? else { return Ok(()) };
        let p = id(&p);
        self.verb("payments", &p, "post")?;
        if self.draw(3) == 0 {
            self.verb("payments", &p, "reverse")?;
        }
        Ok(())
    }

    /// More of what is scarce.
    pub fn receive(&mut self) -> Result<(), Gone> {
        let w = self.world;
        let lines = json!([{"product_id": w.products[2], "quantity": "20", "cost": "3"}]);
        let body = json!({"company_id": w.company, "warehouse_id": w.warehouse, "lines": lines});
        let Some(r) = self.ask("stock-receipts", "stock-receipts", body)? else { return Ok(()) };
        let r = id(&r);
        self.verb("stock-receipts", &r, "post")?;
        Ok(())
    }
}

pub fn prepare(c: &Client) -> World {
    let made = |path: &str, body: Json| id(&c.must(path, body));
    let company = made("companies", json!({"name": "Crash", "currency": "UAH", "country": "UA"}));
    let warehouse = made("warehouses", json!({"name": "Crash", "company_id": company}));
    let unit = made("units", json!({"name": "crash piece", "code": "crp"}));
    let products: Vec<String> =
        ["Plenty", "More", "Rare"].iter().map(|n| made("products", json!({"name": n, "unit_id": unit, "kind": "goods"}))).collect();
    let partners = ["First", "Second"].iter().map(|n| made("partners", json!({"name": n, "roles": ["client"]}))).collect();
    let lines: Json = products[..2].iter().map(|p| json!({"product_id": p, "quantity": PLENTY.to_string(), "cost": "3"})).collect();
    let receipt = made("stock-receipts", json!({"company_id": company, "warehouse_id": warehouse, "lines": lines}));
    c.must(&format!("stock-receipts/{receipt}/post"), json!({}));
    World { company, warehouse, partners, products }
}
