//! Data of any size, made by the product's own commands: nothing is written past `execute`.

use chrono::{Duration, NaiveDate};
use kontor_kernel::error::{Error, Result};
use kontor_platform::store::Priority;
use kontor_platform::value::{Id, id_in};
use kontor_platform::{App, Ctx, Envelope, Source};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use std::time::Instant;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    Small,
    Full,
}

pub struct Counts {
    pub partners: usize,
    pub products: usize,
    pub price_types: usize,
    pub order_lines: usize,
}

impl Size {
    pub fn counts(self) -> Counts {
        match self {
            Size::Small => Counts { partners: 10_000, products: 2_000, price_types: 5, order_lines: 20_000 },
            Size::Full => Counts { partners: 1_000_000, products: 100_000, price_types: 10, order_lines: 2_000_000 },
        }
    }
}

/// What the runs need to know of the data.
#[derive(Clone, Debug)]
pub struct Filled {
    pub company: Id,
    pub warehouse: Id,
    pub price_type: Id,
    pub products: Vec<Id>,
    pub partners: Vec<Id>,
}

/// Who looks after the partners, each as many as the next.
pub const SELLERS: usize = 40;
/// The head of the first sellers: sees what belongs to any of them.
pub const HEAD: &str = "bench-head";
const TEAM: usize = 10;

pub fn seller(n: usize) -> String {
    format!("bench-{:02}", n + 1)
}

const SLICE: usize = 500;
const FIRST: [&str; 40] = [
    "Київ",
    "Дніпро",
    "Львів",
    "Одеса",
    "Харків",
    "Захід",
    "Схід",
    "Південь",
    "Північ",
    "Центр",
    "Ґрант",
    "Європа",
    "Їжак",
    "Зоря",
    "Промінь",
    "Каштан",
    "Смерека",
    "Калина",
    "Вежа",
    "Міст",
    "Форт",
    "Альфа",
    "Дельта",
    "Омега",
    "Техно",
    "Електро",
    "Світло",
    "Метал",
    "Буд",
    "Агро",
    "Авто",
    "Фарма",
    "Еко",
    "Нова",
    "Перша",
    "Друга",
    "Золота",
    "Срібна",
    "Швидка",
    "Тиха",
];
const SECOND: [&str; 30] = [
    "постач",
    "монтаж",
    "трейд",
    "сервіс",
    "груп",
    "комплект",
    "проєкт",
    "будсервіс",
    "енерго",
    "кабель",
    "щит",
    "світ",
    "дім",
    "склад",
    "транс",
    "логістик",
    "маркет",
    "опт",
    "роздріб",
    "імпорт",
    "експорт",
    "інжиніринг",
    "майстер",
    "профі",
    "плюс",
    "союз",
    "альянс",
    "партнер",
    "холдинг",
    "завод",
];
const FORM: [&str; 4] = ["ТОВ", "ПП", "ФОП", "АТ"];

fn name(rng: &mut StdRng, n: usize) -> String {
    let pick = |rng: &mut StdRng, a: &[&'static str]| a[rng.random_range(0..a.len())];
    let (f, a, b, c) = (pick(rng, &FORM), pick(rng, &FIRST), pick(rng, &SECOND), pick(rng, &SECOND));
    format!("{f} «{a}{b} {c} {n}»")
}

struct Filler {
    app: Arc<App>,
    ctx: Ctx,
    quiet: bool,
}

impl Filler {
    fn one(&self, command: &str, input: Json) -> Result<Id> {
        self.app.execute_as(&self.ctx, Envelope::new(command, input), Priority::Import)?.id.ok_or_else(|| Error::internal("no id"))
    }
    fn on(&self, command: &str, id: Id, input: Json) -> Result<()> {
        self.app.execute_as(&self.ctx, Envelope::new(command, input).on(id), Priority::Import).map(|_| ())
    }
    /// Runs `n` commands in slices; answers their ids.
    fn many(&self, what: &str, n: usize, slice: usize, mut make: impl FnMut(usize) -> Envelope) -> Result<Vec<Id>> {
        let start = Instant::now();
        let mut ids = Vec::with_capacity(n);
        let mut shown = Instant::now();
        for from in (0..n).step_by(slice) {
            let envs = (from..(from + slice).min(n)).map(&mut make).collect();
            for r in self.app.execute_slice(&self.ctx, envs, false)? {
                ids.push(r?.id.ok_or_else(|| Error::internal("no id"))?);
            }
            if !self.quiet && shown.elapsed().as_secs() >= 5 {
                eprintln!("{what}: {} of {n}", ids.len());
                shown = Instant::now();
            }
        }
        if !self.quiet {
            let s = start.elapsed().as_secs_f64();
            eprintln!("{what}: {n} in {s:.1} s, {:.0}/s", n as f64 / s);
        }
        Ok(ids)
    }
}

/// Fills an empty database; a database that was filled before is read back. One with anything else in it is left alone.
pub fn fill(app: &Arc<App>, size: Size, seed: u64, quiet: bool) -> Result<Filled> {
    if let Some(f) = filled(app)? {
        return Ok(f);
    }
    if app.store.read(|c| Ok(c.query_opt("SELECT 1 FROM companies LIMIT 1", &[])?.is_some()))? {
        return Err(Error::refused("bench_not_empty"));
    }
    let counts = size.counts();
    let mut rng = StdRng::seed_from_u64(seed);
    let mut ctx = Ctx::system().with_source(Source::Import);
    ctx.group = Some(kontor_platform::value::new_id());
    let f = Filler { app: app.clone(), ctx, quiet };
    let company = f.one("companies.create", json!({"name": "Bench", "currency": "UAH", "country": "UA"}))?;
    let warehouse = f.one("warehouses.create", json!({"name": "Bench", "company_id": company}))?;
    let unit = f.one("units.create", json!({"name": "bench piece", "code": "bpc"}))?;
    let category = f.one("product-categories.create", json!({"name": "Bench"}))?;
    let mut types = vec![];
    for k in 0..counts.price_types {
        types.push(f.one("price-types.create", json!({"name": format!("Bench {k}"), "currency": "UAH", "method": "manual"}))?);
    }
    let products = f.many("products", counts.products, SLICE, |n| {
        Envelope::new("products.create", json!({"name": format!("Товар {} {n}", SECOND[n % SECOND.len()]), "sku": format!("B-{n:06}"), "unit_id": unit, "category_id": category, "kind": "goods", "barcode": format!("48200{n:08}")}))
    })?;
    let sellers = people(&f)?;
    let partners = {
        let r = &mut rng;
        let mut names: Vec<String> = (0..counts.partners).map(|n| name(r, n)).collect();
        f.many("partners", counts.partners, SLICE, |n| {
            Envelope::new(
                "partners.create",
                json!({"name": std::mem::take(&mut names[n]), "roles": ["client"], "manager_id": sellers[n % sellers.len()]}),
            )
        })?
    };
    prices(&f, &mut rng, &types, &products)?;
    stock(&f, company, warehouse, &products)?;
    orders(&f, &mut rng, &counts, company, warehouse, &products, &partners)?;
    app.store.analyze()?;
    let filled = Filled { company, warehouse, price_type: types[0], products, partners };
    remember(app, &filled)?;
    Ok(filled)
}

/// Sellers who see their own partners, and the head of some of them.
fn people(f: &Filler) -> Result<Vec<Id>> {
    let permissions = json!({"partners": "read:team update:team", "users": "read", "regions": "read", "countries": "read"});
    f.one("roles.create", json!({"code": "bench_head", "name": "Bench head", "permissions": permissions}))?;
    let user = |login: &str, role: &str, head: Option<Id>| {
        let password = kontor_platform::value::new_id().to_string();
        f.one("users.create", json!({"login": login, "name": login, "password": password, "roles": [role], "head_id": head}))
    };
    let head = user(HEAD, "bench_head", None)?;
    (0..SELLERS).map(|n| user(&seller(n), "salesperson", (n < TEAM).then_some(head))).collect()
}

/// Lines of one price change or receipt.
const DOCUMENT: usize = 5_000;

fn prices(f: &Filler, rng: &mut StdRng, types: &[Id], products: &[Id]) -> Result<()> {
    let start = Instant::now();
    for t in types {
        for chunk in products.chunks(DOCUMENT) {
            let lines: Vec<Json> = chunk.iter().map(|p| json!({"price_type_id": t, "product_id": p, "price": format!("{}.{:02}", rng.random_range(5..2000), rng.random_range(0..100))})).collect();
            let id = f.one("price-changes.create", json!({"valid_from": "2024-01-01", "lines": lines}))?;
            f.on("price-changes.post", id, json!({}))?;
        }
    }
    if !f.quiet {
        let n = types.len() * products.len();
        eprintln!("prices: {n} in {:.1} s, {:.0}/s", start.elapsed().as_secs_f64(), n as f64 / start.elapsed().as_secs_f64());
    }
    Ok(())
}

fn stock(f: &Filler, company: Id, warehouse: Id, products: &[Id]) -> Result<()> {
    for chunk in products.chunks(1_000) {
        let lines: Vec<Json> = chunk.iter().map(|p| json!({"product_id": p, "quantity": "100000000", "cost": "3"})).collect();
        let id = f.one(
            "stock-receipts.create",
            json!({"company_id": company, "warehouse_id": warehouse, "date": "2024-01-02", "lines": lines}),
        )?;
        f.on("stock-receipts.post", id, json!({}))?;
    }
    Ok(())
}

/// Sales of two years, as posted shipments of ten lines.
fn orders(f: &Filler, rng: &mut StdRng, counts: &Counts, company: Id, warehouse: Id, products: &[Id], partners: &[Id]) -> Result<()> {
    let first = NaiveDate::from_ymd_opt(2024, 2, 1).unwrap_or_default();
    let n = counts.order_lines / 10;
    // Few buy often: the square of a uniform number leans to the beginning of the list.
    f.many("order documents of ten lines", n, 50, |k| {
        let date = first + Duration::days((k * 700 / n.max(1)) as i64);
        let x: f64 = rng.random();
        let partner = partners[((x * x) * partners.len() as f64) as usize % partners.len()];
        let lines: Vec<Json> = (0..10).map(|_| json!({"product_id": products[rng.random_range(0..products.len())], "quantity": rng.random_range(1..50).to_string(), "price": format!("{}.50", rng.random_range(5..900))})).collect();
        Envelope::new("shipments.create", json!({"company_id": company, "partner_id": partner, "warehouse_id": warehouse, "currency": "UAH", "date": date, "lines": lines, "post": true}))
    })?;
    Ok(())
}

fn remember(app: &Arc<App>, f: &Filled) -> Result<()> {
    let v = json!({"company": f.company, "warehouse": f.warehouse, "price_type": f.price_type});
    app.store.write(Priority::Jobs, move |c| {
        c.exec("INSERT INTO settings (key, value) VALUES ('bench', ?)", &[v.clone().into()])?;
        Ok(())
    })
}

fn filled(app: &Arc<App>) -> Result<Option<Filled>> {
    app.store.read_with_timeout(std::time::Duration::from_secs(120), |c| {
        let Some(r) = c.query_opt("SELECT value FROM settings WHERE key = 'bench'", &[])? else { return Ok(None) };
        let v = r.json(0)?;
        let id = |n: &str| id_in(&v[n]).ok_or_else(|| Error::internal("bench settings"));
        let mut ids = |sql: &str| c.query(sql, &[])?.iter().map(|r| r.id(0)).collect::<Result<Vec<Id>>>();
        Ok(Some(Filled {
            company: id("company")?,
            warehouse: id("warehouse")?,
            price_type: id("price_type")?,
            products: ids("SELECT id FROM products ORDER BY id LIMIT 100000")?,
            partners: ids("SELECT id FROM partners ORDER BY id LIMIT 1000000")?,
        }))
    })
}
