//! What the workbench asks without writing: an operation tried on chosen products, and prices of two days side by side.

use super::edit::{next, of, target};
use super::operation::{Operation, columns};
use crate::unit::product_ids;
use chrono::NaiveDate;
use kontor_kernel::Price;
use kontor_kernel::error::{Error, Result};
use kontor_platform::app::Asked;
use kontor_platform::cx::Cx;
use kontor_platform::input::{self, Problems};
use kontor_platform::record::value_json;
use kontor_platform::spec::Column;
use kontor_platform::titles;
use kontor_platform::value::{Id, Value, id_in, parsed};
use kontor_platform::{App, Ctx};
use serde_json::{Map, Value as Json, json};

/// At most so many rows are answered at once.
pub(super) const ROWS: usize = 500;

pub(super) fn may_edit(app: &App, ctx: &Ctx) -> Result<()> {
    app.granted(ctx, "edited-prices", "read").map(|_| ())
}

pub(super) fn text(p: Option<Price>) -> Json {
    p.map_or(Json::Null, |p| json!(p.to_string()))
}

/// `POST /prices/preview-edit`: the arguments of `edit_prices` with `price_type_id` and `products: [id]` (or the first of the
/// filter): what it would make of their prices.
pub fn preview(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    may_edit(app, ctx)?;
    let Json::Object(o) = &asked.body else { return Err(Error::unreadable("object_expected")) };
    let mut all = columns();
    all.push(Column::reference("price_type_id", "price-types").required());
    all.push(Column::tags("products"));
    let mut problems = Problems::default();
    let (found, _) = input::fields(&all, o, true, &[], "", &mut problems);
    problems.finish()?;
    let mut body = Map::new();
    for (i, v) in found {
        body.insert(all[i].name.into(), value_json(&all[i].ty, &v));
    }
    let body = Json::Object(body);
    let id = id_in(&body["price_type_id"]).ok_or_else(|| Error::field("price_type_id", "required"))?;
    app.record_named(ctx, "price-types", id, "price_type_id")?;
    let op = Operation::of(&body)?;
    let chosen = product_ids(&body["products"], ROWS)?;
    let date = parsed::<NaiveDate>(&body["date"]).unwrap_or(ctx.today);
    app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        let t = target(&mut cx, id)?;
        let now =
            if chosen.is_empty() { next(&mut cx, id, &body["filter"], date, Id::nil(), 50)? } else { of(&mut cx, id, date, &chosen)? };
        let new = op.run(&mut cx, &t, date, &now)?;
        let rows: Vec<Json> = now
            .iter()
            .zip(new)
            .map(|(n, new)| json!({"product_id": n.product, "effective": text(n.effective), "edited": text(n.edited), "new": text(new)}))
            .collect();
        Ok(json!({"price_type_id": id, "currency": t.currency.code(), "vat": t.vat.code(), "date": date.to_string(), "items": rows}))
    })
}

/// `GET /prices/compare?price_type_id=&from=DATE&to=DATE[&changed=true][&after=ID][&limit=]`: prices of two days side by side;
/// without `to` the edited prices stand against those of `from`.
pub fn compare(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    app.granted(ctx, "prices", "read")?;
    let id = asked.id("price_type_id")?.ok_or_else(|| Error::field("price_type_id", "required"))?;
    app.record_named(ctx, "price-types", id, "price_type_id")?;
    let from = asked.date("from")?.unwrap_or(ctx.today);
    let to = asked.date("to")?;
    if to.is_none() {
        may_edit(app, ctx)?;
    }
    let only = asked.get("changed").is_some_and(|c| c == "true" || c == "1");
    let limit = super::rows::limit(asked)?;
    let after = asked.id("after")?.unwrap_or_default();
    app.store.read(|conn| {
        const AT: &str = "(SELECT x.price FROM prices x WHERE x.price_type_id = ? AND x.product_id = t.id AND x.valid_from <= ? \
                          ORDER BY x.valid_from DESC, x.seq DESC LIMIT 1)";
        let (second, mut params): (&str, Vec<Value>) = match to {
            Some(day) => (AT, vec![id.into(), from.into(), id.into(), day.into()]),
            None => (
                "(SELECT e.price FROM edited_prices e WHERE e.price_type_id = ? AND e.product_id = t.id AND e.archived = ?)",
                vec![id.into(), from.into(), id.into(), false.into()],
            ),
        };
        let differ =
            if only { "WHERE x.b IS NOT NULL AND (x.a IS NULL OR x.a <> x.b)" } else { "WHERE x.a IS NOT NULL OR x.b IS NOT NULL" };
        let name = app.registry.get("products").map_or("t.name".into(), |s| titles::sql(s, "t", Some(ctx.lang), conn.backend()));
        let sql = format!(
            "SELECT x.id, x.name, x.sku, x.a, x.b FROM (SELECT t.id AS id, {name} AS name, t.sku AS sku, {AT} AS a, {second} AS b \
             FROM products t WHERE t.archived = ? AND t.id > ?) x {differ} ORDER BY x.id LIMIT {}",
            limit + 1
        );
        params.extend([false.into(), after.into()]);
        let mut items = vec![];
        for r in conn.query(&sql, &params)? {
            let price = |i: usize| -> Result<Option<Price>> { Ok(r.opt_int(i)?.map(Price::from_scaled)) };
            let (a, b) = (price(3)?, price(4)?);
            let percent = a.zip(b).and_then(|(a, b)| super::rows::percent(b.scaled() - a.scaled(), a));
            items.push(json!({
                "product": {"id": r.id(0)?, "title": r.text(1)?, "sku": r.opt_text(2)?}, "before": text(a), "after": text(b),
                "percent": percent.map(|p| p.to_string()),
            }));
        }
        let next = if items.len() > limit {
            items.truncate(limit);
            items.last().map(|i| i["product"]["id"].clone())
        } else {
            None
        };
        Ok(json!({"price_type_id": id, "from": from.to_string(), "to": to.map(|d| d.to_string()), "items": items, "next": next}))
    })
}
