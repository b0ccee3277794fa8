//! Goods: categories, products with names in three languages, price types and prices that change three times in the year.

use crate::office::{decimal, names};
use crate::random::Random;
use crate::run::{Run, When, create, plus, verb};
use crate::words::{CATEGORIES, Good};
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

pub struct Goods {
    /// Aligned with the table of goods.
    pub products: Vec<Id>,
    pub categories: HashMap<&'static str, Id>,
    pub purchase: Id,
    pub retail: Id,
    pub dealer: Id,
    pub fitter: Id,
    pub euro: Id,
}

pub fn fill(run: &mut Run, goods: &[Good]) -> Result<Goods> {
    let at = When::new("manager", plus(run.start(), -25), 600);
    let mut categories: HashMap<&'static str, Id> = HashMap::new();
    for (key, parent, [uk, ru, en]) in CATEGORIES {
        let mut j = json!({"name": uk, "names": names(uk, ru, en)});
        if parent.is_empty() {
            j["vat_rate"] = json!("ua20");
        } else if let Some(p) = categories.get(parent) {
            j["parent_id"] = json!(p);
        }
        let id = run.one(create(at, "product-categories", j))?;
        categories.insert(key, id);
    }
    let units = run.by_text("units", "code")?;
    let mut random = Random::new(run.options.seed, "goods");
    let mut commands = vec![];
    for g in goods {
        let unit = units.get(g.unit).ok_or_else(|| Error::internal(format!("no unit {}", g.unit)))?;
        let [uk, ru, en] = g.names;
        let mut j = json!({
            "name": uk, "names": names(uk, ru, en), "sku": g.sku, "unit_id": unit, "category_id": categories.get(g.category),
            "kind": if g.service { "service" } else { "goods" },
        });
        if !g.service {
            j["barcode"] = json!(ean13(482_000_000_000 + random.between(1_000_000, 99_999_999) as u64));
        }
        if g.category == "breakers" {
            j["units"] = json!([{"unit_id": units.get("pack"), "numerator": 12, "denominator": 1}]);
        }
        commands.push(create(at, "products", j));
    }
    let products = run.all(commands)?;
    let types = price_types(run)?;
    let out = Goods { products, categories, purchase: types[0], retail: types[1], dealer: types[2], fitter: types[3], euro: types[4] };
    prices(run, goods, &out)?;
    Ok(out)
}

/// Twelve digits and the check digit.
fn ean13(body: u64) -> String {
    let digits = format!("{:012}", body % 1_000_000_000_000);
    let sum: u32 = digits.bytes().enumerate().map(|(i, b)| u32::from(b - b'0') * if i % 2 == 0 { 1 } else { 3 }).sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

fn price_types(run: &mut Run) -> Result<Vec<Id>> {
    let at = When::new("director", plus(run.start(), -24), 600);
    let named = |uk: &str, ru: &str, en: &str, more: Json| {
        let mut j = json!({"name": uk, "names": names(uk, ru, en)});
        if let (Json::Object(to), Json::Object(from)) = (&mut j, more) {
            to.extend(from);
        }
        create(at, "price-types", j)
    };
    let mut ids = run.all(vec![
        named(
            "Закупівельна",
            "Закупочная",
            "Purchase",
            json!({"currency": "UAH", "method": "manual", "vat": "excluded", "usage": "purchase", "is_default": false}),
        ),
        named("Роздріб", "Розница", "Retail", json!({"currency": "UAH", "method": "manual", "vat": "included", "is_default": true})),
    ])?;
    let (purchase, retail) = (ids[0], ids[1]);
    ids.extend(run.all(vec![
        named("Дилер", "Дилер", "Dealer", json!({"currency": "UAH", "method": "markup", "base_price_type_id": purchase, "markup_percent": "19", "vat": "excluded", "rounding": {"mode": "nearest", "step": "0.05"}})),
        named("Монтажник", "Монтажник", "Fitter", json!({"currency": "UAH", "method": "markup", "base_price_type_id": retail, "markup_percent": "-9", "vat": "included", "rounding": {"mode": "nearest", "step": "0.01"}})),
        named("РРЦ, EUR", "РРЦ, EUR", "List price, EUR", json!({"currency": "EUR", "method": "manual", "vat": "excluded"})),
    ])?);
    Ok(ids)
}

/// Prices at the beginning, a rise in spring and in autumn, and a list that takes force next month.
fn prices(run: &mut Run, goods: &[Good], of: &Goods) -> Result<()> {
    let span = (run.today() - run.start()).num_days();
    let changes = [
        (plus(run.start(), -20), 940),
        (plus(run.start(), span * 3 / 10), 970),
        (plus(run.start(), span * 7 / 10), 1000),
        (plus(run.today(), 10), 1022),
    ];
    for (n, (day, level)) in changes.into_iter().enumerate() {
        let at = When::new("manager", day.min(run.today()), 590 + n as i64);
        let mut lines = vec![];
        for (g, product) in goods.iter().zip(&of.products) {
            let cost = g.cost * level / 1000;
            let retail = retail(cost, g.markup);
            let mut line =
                |price_type: Id, price: String| lines.push(json!({"price_type_id": price_type, "product_id": product, "price": price}));
            if n < 3 {
                line(of.purchase, decimal(cost, 2));
                line(of.retail, decimal(retail, 2));
            }
            line(of.euro, decimal((retail * 1000 / 48_000).max(5), 2));
        }
        let comment = if n == 3 {
            "Нові ціни постачальників з наступного місяця"
        } else {
            "Перегляд цін"
        };
        let id = run.one(create(at, "price-changes", json!({"date": at.day, "valid_from": day, "comment": comment, "lines": lines})))?;
        run.one(verb(at, "price-changes", id, "post", json!({})))?;
    }
    Ok(())
}

/// In kopecks with VAT, to ten kopecks, from fifty hryvnias to fifty kopecks.
pub fn retail(cost: i64, markup: i64) -> i64 {
    let exact = cost * (100 + markup) * 12 / 1000;
    let step = if exact > 5_000 { 50 } else { 10 };
    (exact + step / 2) / step * step
}
