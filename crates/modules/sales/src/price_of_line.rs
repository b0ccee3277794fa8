//! `GET /sales-orders/{id}/lines/{line}/price`: how the price of one line came about.

use kontor_kernel::error::{Error, Result};
use kontor_platform::app::{App, Asked};
use kontor_platform::ctx::Ctx;
use kontor_platform::query::read_record;
use kontor_platform::record::Line;
use kontor_platform::value::{Id, Value};
use serde_json::{Map, Value as Json};

pub fn of_order(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    explain(app, ctx, asked, "sales-orders")
}

pub fn of_quote(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    explain(app, ctx, asked, "quotes")
}

fn explain(app: &App, ctx: &Ctx, asked: &Asked, collection: &str) -> Result<Json> {
    let part = |name: &str| asked.path.get(name).and_then(|p| Id::parse_str(p).ok()).ok_or_else(Error::not_found);
    let (id, line) = (part("id")?, part("line")?);
    let r = app.store.read(|conn| read_record(conn, app, ctx, collection, id))?;
    if ctx.access.hidden(r.spec, "price") {
        return Err(Error::forbidden().arg("action", "read").arg("entity", "prices"));
    }
    let spec = &r.spec.lines[0];
    let at = r.lines[0].iter().position(|l| l.id == line).ok_or_else(Error::not_found)?;
    let found = &r.lines[0][at];
    let trace = |l: &Line| match l.get(spec, "trace") {
        Value::Text(t) => serde_json::from_str(t).map_err(Error::internal),
        _ => Ok(Json::Null),
    };
    let document = r.lines[0].iter().map(trace).collect::<Result<Vec<Json>>>()?;
    let mut out = match kontor_prices::explain_stored(app, ctx, &document, at)? {
        Json::Object(m) => m,
        _ => Map::new(),
    };
    for name in ["product_id", "quantity", "price", "rule_price", "discount_percent", "amount", "manual_price", "manual_discount"] {
        if let Some(i) = spec.index(name) {
            out.insert(name.into(), kontor_platform::record::value_json(&spec.columns[i].ty, &found.values[i]));
        }
    }
    out.insert("currency".into(), r.text("currency").into());
    out.insert("vat".into(), r.text("vat").into());
    Ok(Json::Object(out))
}
