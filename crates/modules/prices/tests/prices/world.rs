//! A small trading house: a company in Kyiv, two products, a retail price type.

use crate::common::World;
use chrono::NaiveDate;
use kontor_kernel::{Currency, Price, Quantity};
use kontor_platform::cx::Cx;
use kontor_platform::value::Id;
use kontor_platform::{Ctx, Registry, Result};
use kontor_prices::{LineQuestion, PricedLine, Terms, price_lines, terms};
use kontor_testkit::TestDb;
use serde_json::{Value as Json, json};

pub struct House {
    pub w: World,
    pub company: Id,
    pub client: Id,
    pub tea: Id,
    pub cup: Id,
    pub drinks: Id,
    pub retail: Id,
}

pub fn registry() -> Registry {
    let r = kontor_partners::register(kontor_office::register(Registry::default()));
    kontor_prices::register(kontor_supply::register(kontor_stock::register(kontor_catalog::register(r))))
}

impl House {
    pub fn new(db: &TestDb) -> House {
        let w = World::new(db, registry());
        let unit = w.app.store.read(|c| c.query_one("SELECT id FROM units WHERE code = 'pcs'", &[])?.id(0)).unwrap();
        let company = w.make("admin", "companies", json!({"name": "Контора", "currency": "UAH", "country": "UA"}));
        let client = w.make("ann", "partners", json!({"name": "Епіцентр", "roles": ["client"]}));
        let drinks = w.make("dir", "product-categories", json!({"name": "Напої"}));
        let teas = w.make("dir", "product-categories", json!({"name": "Чаї", "parent_id": drinks}));
        let tea = w.make("dir", "products", json!({"name": "Чай", "sku": "T-1", "unit_id": unit, "category_id": teas, "vat_rate": "ua20"}));
        let cup = w.make("dir", "products", json!({"name": "Чашка", "sku": "C-1", "unit_id": unit, "vat_rate": "ua20"}));
        let retail = w.make("dir", "price-types", json!({"name": "Роздріб", "currency": "UAH", "method": "manual"}));
        House { w, company, client, tea, cup, drinks, retail }
    }
    pub fn price(&self, of: Id, product: Id, price: &str, from: &str) -> Id {
        self.w.make("dir", "prices", json!({"price_type_id": of, "product_id": product, "price": price, "valid_from": from}))
    }
    /// Works on a read connection, as a preview does.
    pub fn read<T>(&self, f: impl FnOnce(&mut Cx) -> Result<T>) -> Result<T> {
        self.w.app.store.read(|conn| {
            let ctx = Ctx::system();
            let mut cx = Cx::new(conn, &self.w.app, &ctx, "");
            cx.preview = true;
            f(&mut cx)
        })
    }
    pub fn terms(&self, agreement: Option<Id>, currency: Option<&str>, on: &str) -> Result<Terms> {
        let currency = currency.map(|c| Currency::parse(c).unwrap());
        self.read(|cx| terms(cx, self.company, self.client, agreement, currency, date(on)))
    }
    pub fn lines(&self, agreement: Option<Id>, on: &str, lines: &[LineQuestion]) -> Result<Vec<PricedLine>> {
        self.read(|cx| {
            let t = terms(cx, self.company, self.client, agreement, None, date(on))?;
            price_lines(cx, &t, self.client, self.company, date(on), lines)
        })
    }
    /// Price and discount of one piece on a date: `100.00`, `100.00 -5%`, `missing`.
    pub fn told(&self, agreement: Option<Id>, product: Id, on: &str) -> String {
        let l = self.lines(agreement, on, &[ask(product)]).unwrap_or_else(|e| panic!("{e}")).remove(0);
        match (l.missing, l.discount.is_zero()) {
            (true, _) => "missing".into(),
            (_, true) => l.price.to_string(),
            (_, false) => format!("{} -{}%", l.price, l.discount),
        }
    }
    pub fn agreement(&self, input: Json) -> Result<Id> {
        let mut all = json!({"company_id": self.company, "price_type_id": self.retail, "currency": "UAH"});
        all.as_object_mut().unwrap().extend(input.as_object().cloned().unwrap_or_default());
        Ok(self.w.create("dir", "agreements", all)?.id.unwrap())
    }
}

pub fn ask(product: Id) -> LineQuestion {
    LineQuestion { product_id: product, quantity: Quantity::ONE, manual_price: None, discount: None }
}
pub fn date(s: &str) -> NaiveDate {
    s.parse().unwrap()
}
pub fn price(s: &str) -> Price {
    Price::parse(s).unwrap()
}

/// The same database seen by another process.
pub struct Again(std::sync::Arc<kontor_platform::App>);

pub fn reopened(db: &TestDb) -> Again {
    let store = kontor_platform::store::Store::open(&db.url, Default::default()).unwrap();
    Again(kontor_platform::App::new(store, registry()))
}

impl Again {
    pub fn discount(&self, h: &House, n: i64) -> kontor_kernel::Percent {
        let ctx = Ctx::system();
        let day = date("2026-11-21");
        let line = LineQuestion { quantity: Quantity::from_scaled(n * Quantity::UNIT), ..ask(h.tea) };
        let asked = self.0.store.read(|conn| {
            let mut cx = Cx::new(conn, &self.0, &ctx, "");
            cx.preview = true;
            let t = terms(&mut cx, h.company, h.client, None, None, day)?;
            price_lines(&mut cx, &t, h.client, h.company, day, &[line])
        });
        asked.unwrap()[0].discount
    }
}
