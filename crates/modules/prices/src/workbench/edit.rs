//! A group operation on the edited prices of a type, under any filter of products: a job in slices, set by set.

use super::edited::TABLE;
use super::operation::{Now, Operation};
use crate::types::{Known, types};
use chrono::NaiveDate;
use kontor_kernel::Price;
use kontor_kernel::error::{Error, Result};
use kontor_office::document::{marks, padded};
use kontor_platform::cx::Cx;
use kontor_platform::jobs::{self, Job, JobKind, Slice};
use kontor_platform::query::{self, Query};
use kontor_platform::record::Record;
use kontor_platform::value::{Id, Value};
use kontor_platform::{App, Ctx};
use kontor_texts::tr_args;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// The filter of products, as lists take it.
pub fn query_of(app: &App, ctx: &Ctx, filter: &Json) -> Result<Query> {
    let spec = app.registry.get("products").ok_or_else(Error::not_found)?;
    let text = |v: &Json| v.as_str().map_or_else(|| v.to_string(), str::to_string);
    let pairs: Vec<(String, String)> = filter.as_object().into_iter().flatten().map(|(k, v)| (k.clone(), text(v))).collect();
    let e = match Query::parse(app, ctx, spec, &pairs) {
        Ok(q) => return Ok(q),
        Err(e) => e,
    };
    let mut out = Error::field("filter", "segment_filter");
    if let Some(f) = e.inner().fields.first() {
        out = out.field_arg("value", &f.field);
    }
    Err(out)
}

/// The type whose prices are worked on: its prices are written, not computed.
pub fn target(cx: &mut Cx, id: Id) -> Result<Arc<Known>> {
    let types = types(cx)?;
    let t = types.get(id).ok_or_else(|| Error::field("price_type_id", "reference_missing"))?;
    if !t.written {
        return Err(Error::field("price_type_id", "price_computed"));
    }
    Ok(t.clone())
}

pub fn start(cx: &mut Cx, r: &mut Record, input: &Json) -> Result<Json> {
    target(cx, r.id)?;
    Operation::of(input)?;
    let mut asked = input.clone();
    asked["price_type_id"] = json!(r.id);
    if asked["date"].is_null() {
        asked["date"] = json!(cx.ctx.today);
    }
    let total = count(cx, &input["filter"])?;
    let title = tr_args(cx.ctx.lang, "price-job-edit", &[("price_type", r.title().into())]);
    let job = jobs::start(cx, "edit-prices", &title, asked, Some(total))?;
    Ok(json!({"job_id": job.id, "total": total}))
}

pub fn count(cx: &mut Cx, filter: &Json) -> Result<i64> {
    let q = query_of(cx.app, cx.ctx, filter)?;
    let spec = cx.spec("products");
    let s = query::source(cx.conn, cx.app, cx.ctx, spec, &q, "read")?;
    cx.conn.query_one(&format!("SELECT COUNT(*) FROM {}{}", s.from, s.where_sql()), &s.all_params())?.int(0)
}

/// The next products under the filter with their edited price and the one in force, by id.
pub fn next(cx: &mut Cx, price_type: Id, filter: &Json, date: NaiveDate, after: Id, limit: usize) -> Result<Vec<Now>> {
    let q = query_of(cx.app, cx.ctx, filter)?;
    let spec = cx.spec("products");
    let mut s = query::source(cx.conn, cx.app, cx.ctx, spec, &q, "read")?;
    s.wheres.push("t.id > ?".into());
    s.params.push(after.into());
    let sql = format!("SELECT t.id FROM {}{} ORDER BY t.id LIMIT {limit}", s.from, s.where_sql());
    let ids = cx.conn.query(&sql, &s.all_params())?.iter().map(|r| r.id(0)).collect::<Result<Vec<Id>>>()?;
    of(cx, price_type, date, &ids)
}

pub fn of(cx: &mut Cx, price_type: Id, date: NaiveDate, ids: &[Id]) -> Result<Vec<Now>> {
    let mut out = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(256) {
        let some = padded(chunk);
        let sql = format!(
            "SELECT t.id, e.price, (SELECT x.price FROM prices x WHERE x.price_type_id = ? AND x.product_id = t.id AND x.valid_from <= ? \
             ORDER BY x.valid_from DESC, x.seq DESC LIMIT 1) FROM products t \
             LEFT JOIN edited_prices e ON e.price_type_id = ? AND e.product_id = t.id AND e.archived = ? WHERE t.id IN ({}) ORDER BY t.id",
            marks(some.len())
        );
        let mut params: Vec<Value> = vec![price_type.into(), date.into(), price_type.into(), false.into()];
        params.extend(some);
        for r in cx.conn.query(&sql, &params)? {
            let price = |i: usize| -> Result<Option<Price>> { Ok(r.opt_int(i)?.map(Price::from_scaled)) };
            out.push(Now { product: r.id(0)?, edited: price(1)?, effective: price(2)? });
        }
    }
    Ok(out)
}

pub struct Edit;

impl JobKind for Edit {
    fn name(&self) -> &'static str {
        "edit-prices"
    }

    fn slice(&self, app: &Arc<App>, ctx: &Ctx, job: &Job) -> Result<Slice> {
        let op = Operation::of(&job.input)?;
        let price_type = id_of(&job.input["price_type_id"])?;
        let date = job.input["date"].as_str().and_then(|d| d.parse().ok()).unwrap_or(ctx.today);
        let after = id_of(&job.position["after"]).unwrap_or_default();
        let read = app.store.read_with_timeout(std::time::Duration::from_secs(60), |conn| {
            let mut cx = Cx::new(conn, app, ctx, "");
            cx.preview = true;
            let t = target(&mut cx, price_type)?;
            let now = next(&mut cx, price_type, &job.input["filter"], date, after, job.size)?;
            let new = op.run(&mut cx, &t, date, &now)?;
            Ok((t, now, new))
        });
        let (t, now, new) = read?;
        let counted = |name: &str| job.position[name].as_i64().unwrap_or(0);
        let Some(last) = now.last().map(|n| n.product) else {
            return Ok(Slice::end(job, json!({"done": job.done, "changed": counted("changed"), "without_price": counted("missing")})));
        };
        let discard = matches!(op, Operation::Discard);
        let (mut rows, mut gone, mut missing) = (vec![], vec![], 0i64);
        for (n, new) in now.iter().zip(new) {
            match new {
                _ if discard => gone.extend(n.edited.map(|_| n.product)),
                // What the formula cannot price keeps its price; how many there are is told.
                Some(p) if p.is_negative() => missing += 1,
                None => missing += 1,
                Some(p) if n.edited == Some(p) || (n.edited.is_none() && n.effective == Some(p)) => {}
                Some(p) => rows.push((n.product, p)),
            }
        }
        let position = json!({
            "after": last,
            "changed": counted("changed") + (rows.len() + gone.len()) as i64,
            "missing": counted("missing") + missing,
        });
        let slice = Slice::at(job, position, job.done + now.len() as i64);
        if rows.is_empty() && gone.is_empty() {
            return Ok(slice);
        }
        Ok(slice.writing(move |cx, _| {
            write(cx, &t, &rows)?;
            drop_edits(cx, t.id, &gone)
        }))
    }
}

pub fn id_of(j: &Json) -> Result<Id> {
    j.as_str().and_then(|s| Id::parse_str(s).ok()).ok_or_else(|| Error::internal("the input of a price job"))
}

/// Many at once, set by set: a draft of prices has no history of its own; the price change that puts it into effect has.
fn write(cx: &mut Cx, t: &Known, rows: &[(Id, Price)]) -> Result<()> {
    const COLUMNS: [&str; 9] =
        ["id", "version", "price_type_id", "product_id", "price", "currency", "created_by_id", "created_at", "updated_at"];
    const AGAIN: &str = "ON CONFLICT (price_type_id, product_id) DO UPDATE SET price = excluded.price, version = edited_prices.version + 1, \
                         updated_at = excluded.updated_at, archived = excluded.archived";
    let (now, author): (Value, Value) = (cx.ctx.now.into(), if cx.ctx.user_id.is_nil() { Value::Null } else { cx.ctx.user_id.into() });
    let columns: Vec<&str> = COLUMNS.into_iter().chain(["archived"]).collect();
    let rows: Vec<Vec<Value>> = rows
        .iter()
        .map(|(product, price)| {
            vec![
                Id::now_v7().into(),
                1i64.into(),
                t.id.into(),
                (*product).into(),
                price.scaled().into(),
                t.currency.code().into(),
                author.clone(),
                now.clone(),
                now.clone(),
                false.into(),
            ]
        })
        .collect();
    cx.conn.insert_rows(TABLE, &columns, &rows, AGAIN).map(|_| ())
}

fn drop_edits(cx: &mut Cx, price_type: Id, products: &[Id]) -> Result<()> {
    for chunk in products.chunks(256) {
        let ids = padded(chunk);
        let sql = format!("DELETE FROM {TABLE} WHERE price_type_id = ? AND product_id IN ({})", marks(ids.len()));
        let params: Vec<Value> = [price_type.into()].into_iter().chain(ids).collect();
        cx.conn.exec(&sql, &params)?;
    }
    Ok(())
}
