//! A small firm, and what it sells.

use crate::common::World;
use crate::{day, registry};
use kontor_platform::Ctx;
use kontor_platform::report::Table;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

/// A small firm whose figures fit on a sheet of paper.
pub struct Firm {
    pub w: World,
    pub company: Id,
    pub warehouse: Id,
    pub cable: Id,
    pub lamp: Id,
    pub cables: Id,
    pub one: Id,
    pub two: Id,
    pub three: Id,
}

impl Firm {
    pub fn new(db: &kontor_testkit::TestDb) -> Firm {
        let w = World::new(db, registry());
        let make = |c: &str, j: Json| w.import(&format!("{c}.create"), None, j).unwrap_or_else(|e| panic!("{c}: {e:?}")).id.expect("an id");
        let company = make("companies", json!({"name": "Firm", "currency": "UAH", "country": "UA"}));
        let warehouse = make("warehouses", json!({"name": "Main", "company_id": company}));
        let (cables, lamps) = (make("product-categories", json!({"name": "Cables"})), make("product-categories", json!({"name": "Lamps"})));
        let power = make("product-categories", json!({"name": "Power cables", "parent_id": cables}));
        let unit = w.app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = 'pcs'", &[])?.id(0)).expect("units are seeded");
        let product =
            |name: &str, category: Id| make("products", json!({"name": name, "sku": name, "unit_id": unit, "category_id": category}));
        let (cable, lamp) = (product("Cable", power), product("Lamp", lamps));
        let north = make("regions", json!({"name": "North"}));
        let partner = |name: &str, who: &str, country: &str| {
            make(
                "partners",
                json!({"name": name, "manager_id": w.user(who), "country": country, "region_id": if name == "One" { json!(north) } else { Json::Null }}),
            )
        };
        let (one, two, three) = (partner("One", "ann", "UA"), partner("Two", "bob", "PL"), partner("Three", "bob", "UA"));
        let rates = make("rate-types", json!({"name": "Bank", "base_currency": "UAH", "direction": "direct", "is_default": true}));
        for (date, rate) in [("2026-02-20", "40"), ("2026-02-21", "42")] {
            make("rates", json!({"rate_type_id": rates, "currency": "EUR", "date": date, "rate": rate}));
        }
        let lines = json!([{"product_id": cable, "quantity": "1000", "cost": "5"}, {"product_id": lamp, "quantity": "10", "cost": "20"}]);
        make(
            "stock-receipts",
            json!({"company_id": company, "warehouse_id": warehouse, "date": "2026-01-01", "lines": lines, "post": true}),
        );
        Firm { w, company, warehouse, cable, lamp, cables, one, two, three }
    }

    pub fn make(&self, collection: &str, j: Json) -> Id {
        self.w.import(&format!("{collection}.create"), None, j).unwrap_or_else(|e| panic!("{collection}: {e:?}")).id.expect("an id")
    }
    pub fn verb(&self, collection: &str, id: Id, verb: &str, j: Json) {
        self.w.import(&format!("{collection}.{verb}"), Some(id), j).unwrap_or_else(|e| panic!("{collection}.{verb}: {e:?}"));
    }

    /// A posted shipment or return without VAT, on ten days of credit.
    pub fn document(&self, collection: &str, partner: Id, manager: &str, date: &str, lines: Json, more: Json) -> Id {
        let mut j = json!({
            "company_id": self.company, "partner_id": partner, "warehouse_id": self.warehouse, "date": date, "currency": "UAH", "vat": "exempt",
            "manager_id": self.w.user(manager), "lines": lines, "post": true,
        });
        if collection == "shipments" {
            j["payment_terms"] = json!({"kind": "credit", "days": 10});
        }
        if let (Json::Object(to), Json::Object(from)) = (&mut j, more) {
            to.extend(from);
        }
        self.make(collection, j)
    }

    pub fn sell(&self) {
        let (cable, lamp) = (self.cable, self.lamp);
        let line = |p: Id, q: &str, price: &str| json!({"product_id": p, "quantity": q, "price": price});
        let first =
            self.document("shipments", self.one, "ann", "2026-01-10", json!([line(cable, "10", "10"), line(lamp, "1", "50")]), json!({}));
        self.document("shipments", self.two, "bob", "2026-01-20", json!([line(cable, "5", "12")]), json!({}));
        self.document("shipments", self.one, "ann", "2026-02-05", json!([line(lamp, "2", "45.555")]), json!({}));
        self.document("returns", self.one, "ann", "2026-02-10", json!([line(cable, "2", "10")]), json!({"shipment_id": first}));
        let gone = self.document("shipments", self.two, "bob", "2026-02-15", json!([line(cable, "1", "10")]), json!({}));
        self.verb("shipments", gone, "reverse", json!({}));
        self.document("shipments", self.two, "bob", "2026-02-20", json!([line(cable, "1", "3")]), json!({"currency": "EUR"}));
        let pay = |partner: Id, amount: &str, date: &str| {
            self.make("payments", json!({"company_id": self.company, "partner_id": partner, "amount": amount, "currency": "UAH", "date": date, "direction": "in", "post": true}));
        };
        pay(self.one, "30", "2026-02-12");
        pay(self.three, "500", "2026-02-13");
    }

    pub fn ctx(&self, who: &str) -> Ctx {
        let mut ctx = self.w.ctx(who);
        ctx.today = day("2026-03-01");
        ctx
    }
    pub fn table(&self, ctx: &Ctx, name: &str, params: &[(&str, String)]) -> Json {
        let t = self.try_table(ctx, name, params).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        assert!(t.rows.iter().all(|r| r.values.len() == t.columns.len()) && t.totals.len() == t.columns.len(), "{name}");
        t.to_json()
    }
    pub fn try_table(&self, ctx: &Ctx, name: &str, params: &[(&str, String)]) -> kontor_platform::Result<Table> {
        let pairs: Vec<(String, String)> = params.iter().map(|(k, v)| (k.to_string(), v.clone())).collect();
        self.w.app.report(ctx, name, &pairs)
    }
}
