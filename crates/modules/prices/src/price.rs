//! Prices in time: what a product costs in a price type from a day on. Rows are written by price changes and never altered;
//! a reversed change takes its rows away again and keeps its lines. The last row not after a date counts, of one day the one
//! posted last.

use crate::price_change;
use crate::rate_at::currency_of;
use crate::types::{Known, types};
use chrono::NaiveDate;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Currency, Price};
use kontor_kernel::{HashMap, HashSet};
use kontor_platform::app::Asked;
use kontor_platform::cx::{Change, Cx};
use kontor_platform::external_ids;
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Rules, Spec};
use kontor_platform::store::{Backend, Param, marks, padded, parse_date, parts};
use kontor_platform::titles;
use kontor_platform::value::{Id, Value};
use kontor_platform::{App, Ctx};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

pub fn prices() -> Spec {
    Spec::facts("prices")
        .section("prices", "tag")
        .title("currency")
        .sort("-valid_from")
        .columns([
            Column::reference("price_type_id", "price-types").required().once().list(),
            Column::reference("product_id", "products").required().once().list(),
            Column::date("valid_from").once().default(Value::Null).list(),
            Column::price("price").required().once().signed().list(),
            Column::code("currency", "currencies").computed().default("").list(),
            Column::reference("price_change_id", "price-changes").computed().list(),
            Column::instant("recorded_at").computed(),
        ])
        .latest("valid_from", &["price_type_id", "product_id"])
        .import_key(&["price_type_id", "product_id", "valid_from", "price"])
        // Of two prices for one day the later row would win without a word.
        .import_once(&["price_type_id", "product_id", "valid_from"])
        .index_on("lookup", "(price_type_id, product_id, valid_from, seq, price)")
        .led("product_id", "price_type_id")
        .found_by("product_id", "products")
        .index_on("change", "(price_change_id)")
        .recorded_by(record_one, "price_change_id")
        .grant("director", "read create")
        .grant("sales_manager", "read create")
        .grant("accountant", "read")
        .open_when("{t}.price_type_id IN (SELECT pt.id FROM price_types pt WHERE pt.usage <> 'purchase')")
        .grant("salesperson", "read:own")
        .grant("field_agent", "read:own")
        .rules(PriceRules)
}

struct PriceRules;
impl Rules for PriceRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        if change.after.is_null("valid_from") {
            change.after.set("valid_from", cx.ctx.today);
        }
        Ok(())
    }
}

/// One price to be written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NewPrice {
    pub price_type_id: Id,
    pub product_id: Id,
    pub price: Price,
    pub valid_from: NaiveDate,
}

/// `prices.create`: a posted price change of one line.
fn record_one(cx: &mut Cx, change: &mut Change) -> Result<Record> {
    let r = &change.after;
    let valid_from = r.opt_date("valid_from").unwrap_or(cx.ctx.today);
    let one =
        NewPrice { price_type_id: r.ref_id("price_type_id"), product_id: r.ref_id("product_id"), price: r.price("price"), valid_from };
    let (source, external) = (r.get("source").clone(), r.get("external_id").clone());
    let made = set_prices(cx, &[one]).map_err(|e| without_line(&e))?;
    let id = *made.first().ok_or_else(|| Error::internal("a price change was expected"))?;
    if !external.is_null() {
        // Imports recognise what they brought before.
        let sql = "UPDATE prices SET source = ?, external_id = ? WHERE price_change_id = ?";
        cx.conn
            .exec(sql, &[source, external, id.into()])
            .map_err(|e| if e.inner().unique.is_some() { Error::field("external_id", "unique") } else { e })?;
    }
    let row = Record::load_where(cx.conn, change.after.spec, "t.price_change_id = ?", &[id.into()])?.into_iter().next();
    let row = row.ok_or_else(Error::not_found)?;
    external_ids::keep(cx, &row)?;
    Ok(row)
}

/// `lines.0.price` of the document is `price` of the one who wrote a single price.
fn without_line(e: &Error) -> Error {
    let mut e = e.clone();
    for f in &mut e.inner_mut().fields {
        f.field = f.field.trim_start_matches("lines.0.").to_string();
    }
    e
}

/// Puts many prices into force at once: posted price changes of up to 10,000 lines, one per day of validity. Of one product
/// and type the later one in the list wins. Answers the ids of the changes. Errors name `lines.{n}` of the list.
pub fn set_prices(cx: &mut Cx, prices: &[NewPrice]) -> Result<Vec<Id>> {
    let spec = cx.spec("prices");
    cx.ctx.access.require(spec, "create")?;
    check(cx, prices)?;
    let mut by_day: BTreeMap<NaiveDate, Vec<&NewPrice>> = BTreeMap::new();
    for p in prices {
        by_day.entry(p.valid_from).or_default().push(p);
    }
    let mut made = vec![];
    for (day, of_day) in by_day {
        let mut rest = of_day.as_slice();
        while !rest.is_empty() {
            let n = distinct(rest);
            let lines: Vec<(Id, Id, Price)> = rest[..n].iter().map(|p| (p.price_type_id, p.product_id, p.price)).collect();
            made.push(price_change::posted(cx, day, &lines)?);
            rest = &rest[n..];
        }
    }
    Ok(made)
}

/// How many from the front fit into one document: no product twice in a type.
fn distinct(prices: &[&NewPrice]) -> usize {
    let mut seen = HashSet::new();
    prices.iter().take(price_change::MAX_LINES).take_while(|p| seen.insert((p.price_type_id, p.product_id))).count()
}

fn check(cx: &mut Cx, prices: &[NewPrice]) -> Result<()> {
    let types = types(cx)?;
    let wanted: Vec<Id> = prices.iter().map(|p| p.product_id).collect::<HashSet<_>>().into_iter().collect();
    let mut known = HashSet::new();
    for chunk in parts(&wanted) {
        let params = padded(chunk);
        for r in cx.conn.query(&format!("SELECT id FROM products WHERE id IN ({})", marks(params.len())), &params)? {
            known.insert(r.id(0)?);
        }
    }
    let history = cx.ctx.is_history();
    // Programs answer for themselves; a person who writes a price straight away would pass the approval by.
    let by_hand = !history && !cx.ctx.user_id.is_nil();
    let mut wrong = vec![];
    for (n, p) in prices.iter().enumerate() {
        let of = types.get(p.price_type_id).map(|t| &**t);
        wrong.extend(problem(n, of, known.contains(&p.product_id), p.price, history));
        if by_hand && of.is_some_and(|t| t.approval) {
            wrong.push(Error::field(format!("lines.{n}.price_type_id"), "price_approval_needed").hint("price_approval_needed", vec![]));
        }
        if wrong.len() >= 100 {
            break;
        }
    }
    Error::collect(wrong)
}

/// What is wrong with a line of a price change.
pub fn problem(n: usize, of: Option<&Known>, product: bool, price: Price, history: bool) -> Option<Error> {
    Some(match of {
        None => Error::field(format!("lines.{n}.price_type_id"), "reference_missing"),
        Some(t) if !t.written => Error::field(format!("lines.{n}.price_type_id"), "price_computed"),
        Some(_) if !product => Error::field(format!("lines.{n}.product_id"), "reference_missing"),
        // Only what was imported may be negative: history has corrections of its own kind.
        Some(_) if price.is_negative() && !history => Error::field(format!("lines.{n}.price"), "negative_price"),
        Some(_) => return None,
    })
}

/// A price in force on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EffectivePrice {
    pub price: Price,
    pub valid_from: NaiveDate,
}

/// Prices of these products in one price type on a date: one index lookup per product, however long its history is.
pub fn prices_at(cx: &mut Cx, price_type: Id, products: &[Id], date: NaiveDate) -> Result<HashMap<Id, EffectivePrice>> {
    let mut out = HashMap::with_capacity(products.len());
    prices_of(cx, &[price_type], products, date, |_, product, p| {
        out.insert(product, p);
    })?;
    Ok(out)
}

/// Most prices that one statement is asked for: of so many types as there are products.
const ASKED: usize = 4_096;

/// The same of several price types at once; `take` gets type, product and price.
pub fn prices_of(cx: &mut Cx, types: &[Id], products: &[Id], date: NaiveDate, mut take: impl FnMut(Id, Id, EffectivePrice)) -> Result<()> {
    if cx.conn.backend() == Backend::Sqlite {
        return prices_by_index(cx, types, products, date, take);
    }
    for chunk in parts(products) {
        let ids = padded(chunk);
        for types in types.chunks((ASKED / ids.len()).clamp(1, 64)) {
            let sql = format!(
                "SELECT p.id, q.price, q.valid_from, t.id FROM products p JOIN price_types t ON t.id IN ({}) CROSS JOIN LATERAL (\
                 SELECT x.price, x.valid_from FROM prices x WHERE x.price_type_id = t.id AND x.product_id = p.id AND x.valid_from <= ? \
                 ORDER BY x.valid_from DESC, x.seq DESC LIMIT 1) q WHERE p.id IN ({})",
                marks(types.len()),
                marks(ids.len())
            );
            let params: Vec<Value> = types.iter().copied().map(Value::Id).chain([date.into()]).chain(ids.iter().cloned()).collect();
            for r in cx.conn.query(&sql, &params)? {
                take(r.id(3)?, r.id(0)?, EffectivePrice { price: Price::from_scaled(r.int(1)?), valid_from: r.date(2)? });
            }
        }
    }
    Ok(())
}

/// SQLite gives one value of a row it looks up, and the row itself lies anywhere in millions: day and price come as one text, out of
/// the index alone.
fn prices_by_index(
    cx: &mut Cx,
    types: &[Id],
    products: &[Id],
    date: NaiveDate,
    mut take: impl FnMut(Id, Id, EffectivePrice),
) -> Result<()> {
    let sql = "SELECT t.value, p.value, (SELECT x.valid_from || x.price FROM prices x WHERE x.price_type_id = t.value AND x.product_id = p.value \
               AND x.valid_from <= ? ORDER BY x.valid_from DESC, x.seq DESC LIMIT 1) FROM rarray(?) t CROSS JOIN rarray(?) p";
    let wrong = || Error::internal("a price out of its index");
    cx.conn.query_lists(sql, &[Param::One(&date.into()), Param::Ids(types), Param::Ids(products)], |r| {
        if let Some(found) = r.opt_text(2)? {
            let (day, price) = found.split_at_checked(10).ok_or_else(wrong)?;
            let (valid_from, price) = (parse_date(day).ok_or_else(wrong)?, price.parse().map_err(Error::internal)?);
            take(r.id(0)?, r.id(1)?, EffectivePrice { price: Price::from_scaled(price), valid_from });
        }
        Ok(true)
    })
}

/// `GET /prices/at?product_id=&date=[&price_type_id=]`: what is written down for a product on a date, in each price type.
pub fn at(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    app.granted(ctx, "prices", "read")?;
    let product = asked.id("product_id")?.ok_or_else(|| Error::field("product_id", "required"))?;
    let only = asked.id("price_type_id")?;
    let date = match asked.get("date") {
        Some(d) => kontor_platform::input::parse_date(d).map_err(|_| Error::field("date", "bad_date"))?,
        None => ctx.today,
    };
    app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        let seen = ctx.access.predicate(&app.registry, cx.spec("price-types"), "read", "t");
        let and = seen.and();
        let params: Vec<Value> = [false.into()].into_iter().chain(seen.params).collect();
        let name = titles::sql(cx.spec("price-types"), "t", Some(ctx.lang), cx.conn.backend());
        let sql = format!("SELECT t.id, {name}, t.currency, t.vat FROM price_types t WHERE (t.method = 'manual' OR t.threshold_percent > 0) AND t.archived = ?{and} ORDER BY t.name_key, t.id");
        let rows = cx.conn.query(&sql, &params)?;
        let mut items = vec![];
        for r in &rows {
            let (id, currency): (Id, Currency) = (r.id(0)?, currency_of(r.text(2)?)?);
            if only.is_some_and(|o| o != id) {
                continue;
            }
            if let Some(p) = prices_at(&mut cx, id, &[product], date)?.get(&product) {
                items.push(json!({
                    "price_type": {"id": id, "title": r.text(1)?}, "price": p.price.to_string(), "currency": currency.code(), "vat": r.text(3)?,
                    "valid_from": p.valid_from.to_string(),
                }));
            }
        }
        Ok(json!({"product_id": product, "date": date.to_string(), "items": items}))
    })
}
