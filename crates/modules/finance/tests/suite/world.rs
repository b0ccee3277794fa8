//! A small trading company with everything registered, and short ways to say what happens in it.

use chrono::NaiveDate;
use kontor_kernel::error::Result;
use kontor_platform::execute::{Envelope, Outcome};
use kontor_platform::registers;
use kontor_platform::store::{Store, StoreOptions};
use kontor_platform::value::{Id, Value};
use kontor_platform::{App, Ctx, Error, Registry, schema};
use kontor_sales::{ChainNode, chain};
use kontor_settlements::settlements_of;
use kontor_stock::stock_rows;
use kontor_testkit::TestDb;
use serde_json::{Value as Json, json};
use std::sync::Arc;

pub struct World {
    pub app: Arc<App>,
    pub company: Id,
    pub warehouse: Id,
    pub client: Id,
    pub price_type: Id,
    pub unit: Id,
    /// Goods with VAT of 20 % at 12.00, VAT included.
    pub bolt: Id,
    /// Goods without VAT at 3.50.
    pub nut: Id,
    /// A service at 100.00.
    pub repair: Id,
}

pub fn registry() -> Registry {
    let r = kontor_office::register(Registry::default());
    let r = kontor_catalog::register(kontor_partners::register(r));
    let r = kontor_settlements::register(kontor_stock::register(kontor_prices::register(r)));
    let r = kontor_deals::register(r);
    kontor_finance::register(kontor_sales::register(r))
}

/// A template with the schema and master data is made once per machine.
fn prepared(url: &str) {
    fill(&schema::open_draft(url, registry()).unwrap());
}

/// Runs a test on a copy of the template of each backend.
pub fn both(mut test: impl FnMut(&World)) {
    on_copies(|db| test(&open(db)));
}

/// The same with two nodes of one office.
pub fn both_nodes(mut test: impl FnMut(&World, &World)) {
    on_copies(|db| test(&open(db), &open(db)));
}

fn on_copies(test: impl FnMut(&TestDb)) {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut h = DefaultHasher::new();
    (schema::draft(&registry()), include_str!("world.rs")).hash(&mut h);
    kontor_testkit::both_from(&format!("trade-{:016x}", h.finish()), prepared, test);
}

pub fn open(db: &TestDb) -> World {
    let app = App::new(Store::open(&db.url, StoreOptions::default()).unwrap(), registry());
    let id = |sql: &str| app.store.read(|c| c.query_one(sql, &[])?.id(0)).unwrap();
    World {
        company: id("SELECT id FROM companies"),
        warehouse: id("SELECT id FROM warehouses"),
        client: id("SELECT id FROM partners WHERE name = 'Клієнт'"),
        price_type: id("SELECT id FROM price_types"),
        unit: id("SELECT id FROM units WHERE code = 'pcs'"),
        bolt: id("SELECT id FROM products WHERE sku = 'B8'"),
        nut: id("SELECT id FROM products WHERE sku = 'N8'"),
        repair: id("SELECT id FROM products WHERE sku = 'R1'"),
        app,
    }
}

fn fill(app: &Arc<App>) {
    let made = |c: &str, input: Json| made(app, c, input);
    let unit = app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = 'pcs'", &[])?.id(0)).unwrap();
    let boxes = app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = 'box'", &[])?.id(0)).unwrap();
    let price_type =
        made("price-types", json!({"name": "Роздрібна", "currency": "UAH", "method": "manual", "vat": "included", "is_default": true}));
    let company = made("companies", json!({"name": "ТОВ Гайка", "currency": "UAH", "country": "UA", "tax_id": "123", "address": "Київ"}));
    made("warehouses", json!({"name": "Головний", "company_id": company}));
    made("partners", json!({"name": "Клієнт", "country": "UA", "address": "Львів"}));
    let box_of_12 = json!([{"unit_id": boxes, "numerator": 12}]);
    let product = |sku: &str, name: &str, kind: &str, rate: &str, price: &str| {
        let p = made(
            "products",
            json!({"name": name, "sku": sku, "unit_id": unit, "kind": kind, "vat_rate": rate, "units": if kind == "goods" { box_of_12.clone() } else { json!([]) }}),
        );
        made("prices", json!({"price_type_id": price_type, "product_id": p, "price": price, "valid_from": "2020-01-01"}));
    };
    product("B8", "Болт М8", "goods", "ua20", "12");
    product("N8", "Гайка М8", "goods", "exempt", "3.50");
    product("R1", "Ремонт", "service", "ua20", "100");
}

pub fn run(app: &Arc<App>, command: &str, id: Option<Id>, input: Json) -> Result<Outcome> {
    app.execute(&Ctx::system(), Envelope { command: command.into(), id, input, ..Default::default() })
}

fn made(app: &Arc<App>, collection: &str, input: Json) -> Id {
    let command = if collection == "prices" { "prices.create".to_string() } else { format!("{collection}.create") };
    run(app, &command, None, input.clone()).unwrap_or_else(|e| panic!("{collection} {input}: {e:?}")).id.unwrap()
}

pub fn day(s: &str) -> NaiveDate {
    s.parse().unwrap()
}

/// Field, code and arguments of the first field error; code of the error itself when there is none.
pub fn refused<T: std::fmt::Debug>(r: Result<T>) -> (String, String, Vec<String>) {
    let e: Error = r.expect_err("this must be refused");
    match e.inner().fields.first() {
        Some(f) => (f.field.clone(), f.code.to_string(), f.args.iter().map(|a| a.1.clone()).collect()),
        None => (String::new(), e.inner().code.to_string(), e.inner().args.iter().map(|a| a.1.clone()).collect()),
    }
}

pub fn line(o: &Outcome, n: usize) -> Id {
    Id::parse_str(o.data["lines"][n]["id"].as_str().unwrap()).unwrap()
}

impl World {
    pub fn run(&self, command: &str, id: Id, input: Json) -> Result<Outcome> {
        run(&self.app, command, Some(id), input)
    }
    pub fn create(&self, collection: &str, input: Json) -> Result<Outcome> {
        run(&self.app, &format!("{collection}.create"), None, input)
    }
    pub fn made(&self, collection: &str, input: Json) -> Id {
        made(&self.app, collection, input)
    }
    pub fn get(&self, collection: &str, id: Id) -> Json {
        self.app.get(&Ctx::system(), collection, id).unwrap()
    }
    pub fn text(&self, collection: &str, id: Id, field: &str) -> String {
        self.get(collection, id)[field].as_str().unwrap_or("null").to_string()
    }
    pub fn receive(&self, date: &str, product: Id, quantity: &str, cost: &str) -> Id {
        let lines = json!([{"product_id": product, "quantity": quantity, "cost": cost}]);
        self.create("stock-receipts", json!({"company_id": self.company, "date": date, "post": true, "lines": lines})).unwrap().id.unwrap()
    }
    pub fn order(&self, date: &str, lines: Json) -> Outcome {
        self.create("sales-orders", json!({"company_id": self.company, "partner_id": self.client, "date": date, "lines": lines})).unwrap()
    }
    pub fn confirmed(&self, date: &str, lines: Json) -> Outcome {
        let o = self.order(date, lines);
        self.run("sales-orders.confirm", o.id.unwrap(), json!({})).unwrap()
    }
    pub fn ship(&self, order: Id, date: &str, lines: Json) -> Result<Outcome> {
        let mut input = json!({"sales_order_id": order, "date": date, "post": true});
        if !lines.is_null() {
            input["lines"] = lines;
        }
        self.create("shipments", input)
    }
    pub fn pay(&self, date: &str, amount: &str) -> Outcome {
        self.create("payments", json!({"company_id": self.company, "partner_id": self.client, "date": date, "amount": amount, "currency": "UAH", "direction": "in", "post": true})).unwrap()
    }
    /// On hand and reserved.
    pub fn stock(&self, product: Id) -> (String, String) {
        let rows = self.app.store.read(|c| stock_rows(c, &self.app, &Ctx::system(), Some(product), None)).unwrap();
        rows.first().map_or(("0".into(), "0".into()), |r| (r.on_hand.to_string(), r.reserved.to_string()))
    }
    /// Balance, overdue, ordered.
    pub fn owes(&self) -> (String, String, String) {
        let rows = self.app.store.read(|c| settlements_of(c, &self.app, &Ctx::system(), Some(self.client))).unwrap();
        rows.first().map_or(("0.00".into(), "0.00".into(), "0.00".into()), |r| {
            (r.balance.to_string(), r.overdue.to_string(), r.ordered.to_string())
        })
    }
    pub fn at(&self, register: &str, key: Vec<Value>, date: &str) -> i64 {
        let reg = self.app.registry.register_of(register).unwrap();
        self.app.store.read(|c| registers::balance(c, reg, &key, Some(day(date)))).unwrap()[0]
    }
    pub fn on_hand_at(&self, product: Id, date: &str) -> i64 {
        self.at("stock", vec![self.warehouse.into(), product.into()], date) / 1_000_000
    }
    /// In hundredths.
    pub fn debt_at(&self, date: &str) -> i64 {
        self.at("exposure", vec![self.company.into(), self.client.into(), "UAH".into()], date) / 100
    }
    /// Net revenue, VAT and cost of a product in all, in hundredths.
    pub fn sold(&self, product: Id) -> (i64, i64, i64, i64) {
        self.app
            .store
            .read(|c| {
                let sum = |n: &str| format!("COALESCE(CAST(SUM({n}) AS BIGINT), 0)");
                let sql = format!(
                    "SELECT {}, {}, {}, {} FROM reg_sales_movements WHERE product_id = ?",
                    sum("quantity"),
                    sum("revenue"),
                    sum("vat"),
                    sum("cost")
                );
                let r = c.query_one(&sql, &[product.into()])?;
                Ok((r.int(0)? / 1_000_000, r.int(1)? / 100, r.int(2)? / 100, r.int(3)? / 100))
            })
            .unwrap()
    }
    pub fn chain(&self, entity: &str, id: Id) -> Vec<String> {
        let nodes: Vec<ChainNode> = self.app.store.read(|c| chain(c, &self.app, &Ctx::system(), entity, id)).unwrap();
        nodes
            .iter()
            .map(|n| format!("{} {} {} {}", n.level, n.entity, n.state, n.total.map(|t| t.to_string()).unwrap_or_default()))
            .collect()
    }
    pub fn limit(&self, limit: &str, days: u32) -> Id {
        self.made(
            "agreements",
            json!({"company_id": self.company, "partner_id": self.client, "price_type_id": self.price_type, "currency": "UAH", "payment_terms": {"kind": "credit", "days": days}, "credit_limit": limit}),
        )
    }
    pub fn agrees(&self) {
        assert_eq!(self.app.check().unwrap(), []);
    }
}
