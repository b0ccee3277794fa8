//! The rate on a date: the last one published not after it. Cross rates go through the base currency of the rate type.

use chrono::NaiveDate;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Kind, Result};
use kontor_kernel::{Amount, Currency, Direction, Quote, Rate, Ratio};
use kontor_platform::app::Asked;
use kontor_platform::cx::Cx;
use kontor_platform::kept::{self, Kept};
use kontor_platform::spec::Column;
use kontor_platform::store::{Conn, Row, marks};
use kontor_platform::value::{Id, Value};
use kontor_platform::{App, Ctx};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// A rate in force on a date, as published; `date` is the day it was published for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateAt {
    pub rate: Rate,
    pub per: i64,
    pub date: NaiveDate,
    pub direction: Direction,
    pub base: Currency,
}

impl RateAt {
    pub fn quote(&self) -> Quote {
        Quote { rate: self.rate, per: self.per, direction: self.direction }
    }
}

/// A rate type as lookups need it.
#[derive(Clone, Debug, PartialEq)]
pub struct RateType {
    pub id: Id,
    pub name: String,
    pub base: Currency,
    pub direction: Direction,
}

/// The rate type that is used where none is named.
pub fn default_rate_type(conn: &mut Conn) -> Result<Option<Id>> {
    conn.query_opt("SELECT id FROM rate_types WHERE archived = ? ORDER BY is_default DESC, id LIMIT 1", &[false.into()])?
        .map(|r| r.id(0))
        .transpose()
}

pub fn rate_type(conn: &mut Conn, id: Id) -> Result<Option<RateType>> {
    conn.query_opt("SELECT id, name, base_currency, direction FROM rate_types WHERE id = ?", &[id.into()])?.map(|r| of_row(&r)).transpose()
}

fn of_row(r: &Row) -> Result<RateType> {
    Ok(RateType {
        id: r.id(0)?,
        name: r.text(1)?.to_string(),
        base: currency_of(r.text(2)?)?,
        direction: Direction::parse(r.text(3)?).ok_or_else(|| Error::internal("a rate type has no direction"))?,
    })
}

/// Rate types; there are few.
#[derive(Default)]
pub struct RateTypes {
    pub default: Option<Id>,
    by_id: HashMap<Id, RateType>,
}

/// Most of them kept in memory; the default is told among any number.
const KEPT: usize = 1_000;

impl Kept for RateTypes {
    const BY: &'static str = kept::SETTINGS;
    fn load(cx: &mut Cx) -> Result<Self> {
        let default = default_rate_type(cx.conn)?;
        let rows = cx.conn.query(&format!("SELECT id, name, base_currency, direction FROM rate_types ORDER BY id LIMIT {KEPT}"), &[])?;
        let by_id = rows.iter().map(|r| of_row(r).map(|t| (t.id, t))).collect::<Result<_>>()?;
        Ok(RateTypes { default, by_id })
    }
}

/// What is kept of rate types.
pub fn rate_types(cx: &mut Cx) -> Result<Arc<RateTypes>> {
    cx.kept()
}

/// A rate type, out of those that are kept.
pub(crate) fn kept_rate_type(cx: &mut Cx, id: Id) -> Result<Option<RateType>> {
    match rate_types(cx)?.by_id.get(&id) {
        Some(t) => Ok(Some(t.clone())),
        None => rate_type(cx.conn, id),
    }
}

pub(crate) fn currency_of(code: &str) -> Result<Currency> {
    Currency::parse(code).map_err(|_| Error::internal(format!("{code} is no currency")))
}

/// The rate of `currency` to the base currency of the rate type on `date`; `None` when none was published by then.
pub fn rate_at(conn: &mut Conn, rate_type_id: Id, currency: Currency, date: NaiveDate) -> Result<Option<RateAt>> {
    let Some(t) = rate_type(conn, rate_type_id)? else { return Ok(None) };
    published(conn, &t, currency, date)
}

pub(crate) fn published(conn: &mut Conn, t: &RateType, currency: Currency, date: NaiveDate) -> Result<Option<RateAt>> {
    let row = conn.query_opt(
        "SELECT rate, per, date FROM rates WHERE rate_type_id = ? AND currency = ? AND date <= ? AND archived = ? ORDER BY date DESC LIMIT 1",
        &[t.id.into(), currency.code().into(), date.into(), false.into()],
    )?;
    row.map(|r| Ok(RateAt { rate: Rate::from_scaled(r.int(0)?), per: r.int(1)?, date: r.date(2)?, direction: t.direction, base: t.base }))
        .transpose()
}

/// The same of several currencies at once.
pub(crate) fn all_published(conn: &mut Conn, t: &RateType, of: &[Currency], date: NaiveDate) -> Result<HashMap<Currency, RateAt>> {
    let mut out = HashMap::new();
    if of.is_empty() {
        return Ok(out);
    }
    let sql = format!(
        "SELECT r.rate, r.per, r.date, c.code FROM currencies c JOIN rates r ON r.id = (SELECT x.id FROM rates x \
         WHERE x.rate_type_id = ? AND x.currency = c.code AND x.date <= ? AND x.archived = ? ORDER BY x.date DESC LIMIT 1) WHERE c.code IN ({})",
        marks(of.len())
    );
    let mut params: Vec<Value> = vec![t.id.into(), date.into(), false.into()];
    params.extend(of.iter().map(|c| Value::from(c.code())));
    for r in conn.query(&sql, &params)? {
        let (rate, per) = (Rate::from_scaled(r.int(0)?), r.int(1)?);
        out.insert(currency_of(r.text(3)?)?, RateAt { rate, per, date: r.date(2)?, direction: t.direction, base: t.base });
    }
    Ok(out)
}

/// How many `to` one `from` is on a date, exactly, and the rates that say so.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    pub ratio: Ratio,
    pub used: Vec<(Currency, RateAt)>,
}

impl Exchange {
    /// To eight decimals, to be shown; amounts are converted by the exact `ratio`.
    pub fn rate(&self) -> Result<Rate> {
        Ok(self.ratio.as_rate()?)
    }
}

/// Between any two currencies, through the base. Errors: `currency_rate_missing`, naming the currency and the date.
pub fn exchange(conn: &mut Conn, rate_type_id: Id, from: Currency, to: Currency, date: NaiveDate) -> Result<Exchange> {
    let t = rate_type(conn, rate_type_id)?.ok_or_else(|| missing(from, date))?;
    let mut out = Exchange { ratio: Ratio::ONE, used: vec![] };
    if from == to {
        return Ok(out);
    }
    for (currency, into_base) in [(from, true), (to, false)] {
        if currency == t.base {
            continue;
        }
        let r = published(conn, &t, currency, date)?.ok_or_else(|| missing(currency, date))?;
        let factor = if into_base { r.quote().to_base()? } else { r.quote().from_base()? };
        out.ratio = out.ratio.times(factor)?;
        out.used.push((currency, r));
    }
    Ok(out)
}

/// An amount in another currency, rounded once to that currency's minor unit.
pub fn convert(conn: &mut Conn, rate_type_id: Id, amount: Amount, from: Currency, to: Currency, date: NaiveDate) -> Result<Amount> {
    if from == to {
        return Ok(amount);
    }
    Ok(amount.times(exchange(conn, rate_type_id, from, to, date)?.ratio, to.minor())?)
}

fn missing(currency: Currency, date: NaiveDate) -> Error {
    Error::new(Kind::NotFound, "currency_rate_missing").arg("currency", currency).arg("date", date)
}

/// What `GET /rates/at` takes.
pub(crate) fn asks() -> Vec<Column> {
    vec![
        Column::code("currency", "currencies").required(),
        Column::date("date"),
        Column::code("to", "currencies"),
        Column::reference("rate_type_id", "rate-types"),
    ]
}

/// `GET /rates/at?currency=&date=[&to=][&rate_type_id=]`: the rate in force, naming the date it was published for.
pub fn rates_at(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    app.granted(ctx, "rates", "read")?;
    for (k, _) in &asked.query {
        if !["currency", "date", "to", "rate_type_id"].contains(&k.as_str()) {
            return Err(Error::field(k.clone(), "unknown_parameter"));
        }
    }
    let code = |name: &str| -> Result<Option<Currency>> {
        asked.get(name).map(|c| Currency::parse(c).map_err(|_| Error::field(name, "bad_code").field_arg("value", c))).transpose()
    };
    let currency = code("currency")?.ok_or_else(|| Error::field("currency", "required"))?;
    let to = code("to")?;
    let date = match asked.get("date") {
        Some(d) => kontor_platform::input::parse_date(d).map_err(|_| Error::field("date", "bad_date"))?,
        None => ctx.today,
    };
    let wanted = asked.id("rate_type_id")?;
    app.store.read(|conn| {
        let id = match wanted {
            Some(id) => id,
            None => default_rate_type(conn)?.ok_or_else(|| missing(currency, date))?,
        };
        let t = rate_type(conn, id)?.ok_or_else(|| Error::field("rate_type_id", "reference_missing").field_arg("value", id))?;
        answer(conn, &t, currency, to.filter(|c| *c != t.base), date)
    })
}

fn answer(conn: &mut Conn, t: &RateType, currency: Currency, to: Option<Currency>, date: NaiveDate) -> Result<Json> {
    let head = json!({
        "currency": currency.code(),
        "rate_type": {"id": t.id, "title": t.name},
        "base_currency": t.base.code(),
        "direction": t.direction.code(),
        "asked": date.to_string(),
    });
    let Json::Object(mut m) = head else { return Err(Error::internal("an object was expected")) };
    let exchange = exchange(conn, t.id, currency, to.unwrap_or(t.base), date)?;
    // The rate of a currency to its base is told as published; any other is computed.
    match (to, exchange.used.as_slice()) {
        (None, [(_, r)]) => {
            m.insert("rate".into(), json!(r.rate.to_string()));
            m.insert("per".into(), json!(r.per));
        }
        _ => {
            m.insert("rate".into(), json!(exchange.rate()?.to_string()));
            m.insert("per".into(), json!(1));
        }
    }
    let oldest = exchange.used.iter().map(|(_, r)| r.date).min().unwrap_or(date);
    m.insert("date".into(), json!(oldest.to_string()));
    m.insert("to".into(), json!(to.unwrap_or(t.base).code()));
    let used = exchange
        .used
        .iter()
        .map(|(c, r)| json!({"currency": c.code(), "date": r.date.to_string(), "rate": r.rate.to_string(), "per": r.per}))
        .collect();
    m.insert("used".into(), Json::Array(used));
    Ok(Json::Object(m))
}
