//! `GET /rates/matrix?from=DATE&to=DATE[&currency=EUR,USD][&rate_type_id=]`: rates of every type by day, side by side.

use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Currency, Rate};
use kontor_platform::app::{App, Asked};
use kontor_platform::ctx::Ctx;
use kontor_platform::store::marks;
use kontor_platform::titles;
use kontor_platform::value::{Id, Value};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Days of one answer.
const DAYS: i64 = 400;

/// Currencies of one answer.
const CURRENCIES: usize = 50;

/// `EUR,USD`.
fn currencies(said: &str) -> Result<Vec<Currency>> {
    let all: Vec<&str> = said.split(',').map(str::trim).filter(|c| !c.is_empty()).collect();
    if all.len() > CURRENCIES {
        return Err(Error::field("currency", "too_many").field_arg("max", CURRENCIES));
    }
    all.iter().map(|c| Currency::parse(c).map_err(|_| Error::field("currency", "bad_code").field_arg("value", *c))).collect()
}

pub fn matrix(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    app.granted(ctx, "rates", "read")?;
    let to = asked.date("to")?.unwrap_or(ctx.today);
    let from = asked.date("from")?.unwrap_or(to - chrono::Duration::days(30));
    if from > to || (to - from).num_days() > DAYS {
        return Err(Error::field("from", "out_of_range").field_arg("min", to - chrono::Duration::days(DAYS)).field_arg("max", to));
    }
    let currencies = asked.get("currency").map(currencies).transpose()?.unwrap_or_default();
    let only = asked.id("rate_type_id")?;
    app.store.read(|conn| {
        let name = app.registry.get("rate-types").map_or("t.name".into(), |s| titles::sql(s, "t", Some(ctx.lang), conn.backend()));
        let mut sql = format!(
            "SELECT t.id, {name}, t.base_currency, t.direction, r.currency, r.date, r.rate, r.per FROM rates r \
             JOIN rate_types t ON t.id = r.rate_type_id WHERE r.archived = ? AND t.archived = ? AND r.date >= ? AND r.date <= ?"
        );
        let mut params: Vec<Value> = vec![false.into(), false.into(), from.into(), to.into()];
        if !currencies.is_empty() {
            sql.push_str(&format!(" AND r.currency IN ({})", marks(currencies.len())));
            params.extend(currencies.iter().map(|c| Value::from(c.code())));
        }
        if let Some(id) = only {
            sql.push_str(" AND t.id = ?");
            params.push(id.into());
        }
        let mut columns: BTreeMap<(Id, String), Json> = BTreeMap::new();
        let mut days: BTreeMap<String, serde_json::Map<String, Json>> = BTreeMap::new();
        for r in conn.query(&format!("{sql} ORDER BY r.date"), &params)? {
            let (of, currency) = (r.id(0)?, r.text(4)?.to_string());
            let key = format!("{of}:{currency}");
            columns.entry((of, currency.clone())).or_insert(json!({
                "key": key, "rate_type": {"id": of, "title": r.text(1)?}, "currency": currency, "base_currency": r.text(2)?, "direction": r.text(3)?,
            }));
            let cell = json!({"rate": Rate::from_scaled(r.int(6)?).to_string(), "per": r.int(7)?});
            days.entry(r.date(5)?.to_string()).or_default().insert(key, cell);
        }
        let rows: Vec<Json> = days.into_iter().rev().map(|(date, cells)| json!({"date": date, "cells": cells})).collect();
        Ok(json!({"from": from.to_string(), "to": to.to_string(), "columns": columns.into_values().collect::<Vec<Json>>(), "rows": rows}))
    })
}
