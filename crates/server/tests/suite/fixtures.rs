//! A fresh program on either database, and valid input for any entity.

use kontor_kernel::HashMap;
use kontor_platform::spec::{Column, Mode, Spec, Ty};
use kontor_platform::store::{Store, StoreOptions};
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx, Envelope, Source};
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

/// Opens and migrates.
pub fn app(url: &str) -> Arc<App> {
    let store = Store::open(url, StoreOptions::default()).expect("the database opens");
    let app = App::new(store, kontor::registry::registry());
    app.migrate().expect("migrations run");
    app
}

/// Runs the test on both databases, each time with a fresh one.
pub fn both(f: impl Fn(&Arc<App>)) {
    let key = kontor::registry::migrations().iter().fold("suite".to_string(), |key, m| key + m.sql);
    kontor_testkit::both_from(
        &key,
        |url| {
            app(url);
        },
        |db| f(&app(&db.url)),
    );
}

/// Runs the test on two nodes of one fresh database that serves several.
pub fn two_nodes(f: impl Fn(&Arc<App>, &Arc<App>)) {
    if let Some(why) = kontor_testkit::postgres_missing() {
        eprintln!("SKIPPED: {why}");
        return;
    }
    let key = kontor::registry::migrations().iter().fold("suite".to_string(), |key, m| key + m.sql);
    let db = kontor_testkit::TestDb::postgres_from(&key, |url| {
        app(url);
    });
    f(&app(&db.url), &app(&db.url));
}

pub fn system() -> Ctx {
    Ctx::system()
}

/// A user with a role, and his context.
pub fn user(app: &Arc<App>, login: &str, roles: &[&str]) -> Ctx {
    let input = json!({"login": login, "name": login, "password": "correct horse battery", "roles": roles, "language": "en"});
    app.execute(&system(), Envelope::new("users.create", input)).expect("a user is made");
    app.ctx_of(login, Source::Api).expect("the user is there")
}

/// What people, programs and attackers write into fields of one line: all of it is just text.
pub const UGLY: [&str; 10] = [
    "<script>alert(1)</script>",
    "'; DROP TABLE partners; --",
    "🦄 emoji 👩‍👩‍👧",
    "שלום עולם",
    "Kиїв (Latin K)",
    "a\u{202E}txt.exe",
    "\\ % _ \" '",
    "<b>'\";--",
    "=1+1",
    "{{7*7}} ${x} %s %n",
];

/// Makes valid input, records that it refers to included.
pub struct Samples<'a> {
    pub app: &'a Arc<App>,
    pub ctx: Ctx,
    /// What others refer to, one of each collection.
    pub made: HashMap<String, Id>,
    /// Records made beforehand, taken where a fresh one is asked for.
    pub pool: HashMap<String, Vec<Id>>,
    n: usize,
}

impl<'a> Samples<'a> {
    pub fn new(app: &'a Arc<App>) -> Self {
        Samples { app, ctx: system(), made: HashMap::new(), pool: HashMap::new(), n: 0 }
    }

    pub fn spec(&self, name: &str) -> &'static Spec {
        self.app.registry.get(name).unwrap_or_else(|| panic!("{name} is registered"))
    }

    /// A record of the collection, made once.
    pub fn record(&mut self, collection: &str) -> Id {
        if let Some(id) = self.made.get(collection) {
            return *id;
        }
        let id = self.fresh(collection);
        self.made.insert(collection.to_string(), id);
        id
    }

    /// Others of the same kind, whose names differ from all that were made before.
    pub fn others(&self, ctx: Ctx, made: HashMap<String, Id>, pool: HashMap<String, Vec<Id>>) -> Self {
        Samples { app: self.app, ctx, made, pool, n: self.n + 10_000 }
    }

    pub fn fresh(&mut self, collection: &str) -> Id {
        if let Some(id) = self.pool.get_mut(collection).and_then(Vec::pop) {
            return id;
        }
        let input = self.input(collection);
        self.create(collection, input)
    }

    pub fn create(&self, collection: &str, input: Json) -> Id {
        let done = self.app.execute(&self.ctx, Envelope::new(format!("{collection}.create"), input.clone()));
        match done {
            Ok(o) => o.id.expect("a record has an id"),
            Err(e) => panic!("{collection}: {e}\n{input:#}"),
        }
    }

    /// Required columns, and what rules ask for beyond them.
    pub fn input(&mut self, collection: &str) -> Json {
        let spec = self.spec(collection);
        let mut m = Map::new();
        for c in spec.columns.iter().filter(|c| c.required && c.writable()) {
            m.insert(c.name.into(), self.value(c));
        }
        for l in spec.lines.iter().filter(|l| l.required) {
            let mut line = Map::new();
            for c in l.columns.iter().filter(|c| c.required && c.writable()) {
                line.insert(c.name.into(), self.value(c));
            }
            m.insert(l.name.into(), json!([line]));
        }
        let extra = self.special(collection);
        if let Json::Object(x) = extra {
            m.extend(x);
        }
        Json::Object(m)
    }

    pub fn value(&mut self, c: &Column) -> Json {
        self.n += 1;
        let n = self.n;
        match &c.ty {
            Ty::Text { max } | Ty::Long { max } => {
                let ugly = UGLY[n % UGLY.len()];
                let s = if n.is_multiple_of(3) && *max > 100 { format!("{ugly} Проба {n}") } else { format!("Проба {n} {ugly}") };
                json!(s.chars().take(*max).collect::<String>().trim())
            }
            Ty::Bool => json!(true),
            Ty::Int { min, max } => json!((*min).max(1).min(*max)),
            Ty::Amount | Ty::Price => json!(format!("{}.50", 10 + n % 90)),
            Ty::Quantity | Ty::Percent => json!("2"),
            Ty::Rate => json!("40.1234"),
            Ty::Date => json!("2026-03-15"),
            Ty::Instant => json!("2026-03-15T10:00:00Z"),
            Ty::Ref(of) => json!(self.record(of)),
            Ty::Record => json!(self.record("partners")),
            Ty::Code(of) => self.code(of),
            Ty::State => Json::Null,
            Ty::Choice(of) => json!(of[0]),
            Ty::Set(of) => json!([of[0]]),
            Ty::Tags => json!(["проба"]),
            Ty::Items(members) => json!([self.members(members)]),
            Ty::Object(members) => self.members(members),
            Ty::Map => json!({"uk": "проба"}),
        }
    }

    fn members(&mut self, members: &[Column]) -> Json {
        let mut m = Map::new();
        for c in members.iter().filter(|c| c.required) {
            m.insert(c.name.into(), self.value(c));
        }
        Json::Object(m)
    }

    fn code(&mut self, of: &str) -> Json {
        match of {
            "currencies" => json!("UAH"),
            "countries" => json!("UA"),
            "languages" => json!("uk"),
            other => {
                let table = self.spec(other).table.clone();
                let code = self.app.store.read(|c| {
                    c.query_opt(&format!("SELECT code FROM {table} ORDER BY code LIMIT 1"), &[])?
                        .map(|r| r.text(0).map(str::to_string))
                        .transpose()
                });
                match code.expect("the table of codes is read") {
                    Some(c) => json!(c),
                    None => {
                        let id = self.record(other);
                        self.app.get(&self.ctx, other, id).expect("just made")["code"].clone()
                    }
                }
            }
        }
    }

    /// What rules need beyond the required columns, entity by entity.
    fn special(&mut self, collection: &str) -> Json {
        let n = self.n;
        match collection {
            "users" => json!({"login": format!("user{n}"), "email": format!("u{n}@example.org")}),
            "countries" => json!({"code": format!("Q{}", (b'A' + (n % 26) as u8) as char)}),
            "currencies" => json!({"code": format!("QQ{}", (b'A' + (n % 26) as u8) as char)}),
            "counterparties" => json!({"country": "UA", "tax_id": null}),
            "partner-relations" => {
                let other = self.fresh("partners");
                let column = self.spec(collection).columns.iter().filter(|c| matches!(c.ty, Ty::Ref("partners"))).nth(1).map(|c| c.name);
                column.map_or(json!({}), |c| json!({c: other}))
            }
            // One that every product must have would be asked of all samples to come.
            "characteristics" => json!({"code": format!("c{n}"), "mandatory": false}),
            "supply-terms" => json!({"partner_id": self.fresh("partners")}),
            "price-programs" => json!({"formula": "cost * 2"}),
            "rate-feeds" => json!({"url": "https://example.com/rates.xml"}),
            "agreements" => json!({"partner_id": self.fresh("partners"), "kind": "individual"}),
            // One for a partner.
            "price-list-mappings" => json!({"partner_id": self.fresh("partners")}),
            "contracts" => json!({"counterparty_id": null}),
            "price-conditions" => json!({"kind": "special", "partner_id": self.fresh("partners"), "percent": "5"}),
            "promotions" => json!({"percent": "5", "lines": [{"product_id": self.fresh("products"), "quantity": "2"}]}),
            "edited-prices" => json!({"product_id": self.fresh("products")}),
            "price-limits" => json!({"user_id": self.fresh("users")}),
            "rates" => json!({"currency": "EUR", "date": format!("20{:02}-01-{:02}", 10 + n / 28 % 16, n % 28 + 1)}),
            // What the goods cost is asked when it is posted.
            "stock-receipts" => {
                let lines = json!([{"product_id": self.record("products"), "quantity": "2", "cost": "10.50"}]);
                json!({"warehouse_id": self.record("warehouses"), "lines": lines})
            }
            // The same old document is not brought twice.
            "opening-balances" => {
                json!({"lines": [{"partner_id": self.record("partners"), "number": format!("РН-{n}"), "amount": "20.50", "due_date": "2026-04-01"}]})
            }
            "sales-orders" | "quotes" => {
                json!({"warehouse_id": self.record("warehouses"), "currency": "UAH", "lines": [{"product_id": self.record("products"), "quantity": "1", "price": "10"}]})
            }
            "shipments" => self.direct_document(),
            "returns" => self.direct_document(),
            _ => json!({}),
        }
    }

    fn direct_document(&mut self) -> Json {
        let lines = json!([{"product_id": self.record("products"), "quantity": "1", "price": "10"}]);
        json!({"company_id": self.record("companies"), "partner_id": self.record("partners"), "warehouse_id": self.record("warehouses"), "lines": lines})
    }

    /// A column whose value can be changed freely, for tests of updates: text first.
    pub fn editable(spec: &Spec) -> Vec<&Column> {
        spec.columns
            .iter()
            .filter(|c| {
                c.mode == Mode::Input
                    && matches!(c.ty, Ty::Text { max: 20.. } | Ty::Long { .. })
                    // These have a form of their own.
                    && !matches!(c.name, "source" | "external_id" | "code" | "time_zone" | "formula" | "website" | "url")
                    && !matches!(c.name, "vat_number" | "tax_id" | "registration_code" | "iban" | "edrpou" | "barcode" | "email" | "phone")
            })
            .collect()
    }
}
