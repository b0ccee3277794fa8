//! A group operation on the edited prices of a type, under any filter of products: a job in slices, set by set.

use super::edited::TABLE;
use super::operation::{Now, Operation};
use crate::types::{Known, types};
use chrono::NaiveDate;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Percent, Price};
use kontor_platform::cx::Cx;
use kontor_platform::jobs::{self, Job, JobKind, Slice};
use kontor_platform::query::{self, Query};
use kontor_platform::record::Record;
use kontor_platform::store::{Backend, Row, marks, padded, parts};
use kontor_platform::value::{Id, Value, id_in, parsed};
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

/// A product's row `t` and what stands beside it: id, edited price, price in force, VAT percent, price group.
struct Beside {
    columns: String,
    params: Vec<Value>,
    /// What follows the table, with its own parameters.
    joins: &'static str,
    of_joins: Vec<Value>,
}

impl Beside {
    fn of(backend: Backend, price_type: Id, date: NaiveDate) -> Beside {
        let edited = "edited_prices e WHERE e.price_type_id = ? AND e.product_id = t.id AND e.archived = ?";
        let force = "(SELECT x.price FROM prices x WHERE x.price_type_id = ? AND x.product_id = t.id AND x.valid_from <= ? \
                     ORDER BY x.valid_from DESC, x.seq DESC LIMIT 1)";
        let (of_edited, of_force): ([Value; 2], [Value; 2]) = ([price_type.into(), false.into()], [price_type.into(), date.into()]);
        match backend {
            // A join leaves its place in the index open from product to product.
            Backend::Sqlite => Beside {
                columns: format!("t.id, e.price, {force}, v.percent, t.price_group_id"),
                joins: " LEFT JOIN edited_prices e ON e.price_type_id = ? AND e.product_id = t.id AND e.archived = ? \
                        LEFT JOIN vat_rates v ON v.code = t.vat_rate",
                params: of_force.to_vec(),
                of_joins: of_edited.to_vec(),
            },
            // Of a join it might read all edited prices for each slice.
            Backend::Postgres => Beside {
                columns: format!(
                    "t.id, (SELECT e.price FROM {edited}), {force}, (SELECT v.percent FROM vat_rates v WHERE v.code = t.vat_rate), t.price_group_id"
                ),
                params: of_edited.into_iter().chain(of_force).collect(),
                joins: "",
                of_joins: vec![],
            },
        }
    }
}

fn now(r: &Row) -> Result<Now> {
    let price = |i: usize| -> Result<Option<Price>> { Ok(r.opt_int(i)?.map(Price::from_scaled)) };
    let vat = Percent::from_scaled(r.opt_int(3)?.unwrap_or(0));
    Ok(Now { product: r.id(0)?, vat, price_group: r.opt_id(4)?, edited: price(1)?, effective: price(2)? })
}

/// The next products under the filter with their edited price and the one in force, by id: one pass down the key.
pub fn next(cx: &mut Cx, price_type: Id, filter: &Json, date: NaiveDate, after: Id, limit: usize) -> Result<Vec<Now>> {
    let q = query_of(cx.app, cx.ctx, filter)?;
    let spec = cx.spec("products");
    let mut s = query::source(cx.conn, cx.app, cx.ctx, spec, &q, "read")?;
    s.wheres.push("t.id > ?".into());
    s.params.push(after.into());
    let beside = Beside::of(cx.conn.backend(), price_type, date);
    s.from.push_str(beside.joins);
    s.from_params.extend(beside.of_joins);
    let sql = format!("SELECT {} FROM {}{} ORDER BY t.id LIMIT ?", beside.columns, s.from, s.where_sql());
    // How many there are changes from slice to slice; the statement stays the same and is prepared once.
    let limit = Value::Int(i64::try_from(limit).unwrap_or(i64::MAX));
    let params: Vec<Value> = beside.params.into_iter().chain(s.all_params()).chain([limit]).collect();
    cx.conn.query(&sql, &params)?.iter().map(now).collect()
}

/// The same of certain products.
pub fn of(cx: &mut Cx, price_type: Id, date: NaiveDate, ids: &[Id]) -> Result<Vec<Now>> {
    let mut out = Vec::with_capacity(ids.len());
    for chunk in parts(ids) {
        let some = padded(chunk);
        let beside = Beside::of(cx.conn.backend(), price_type, date);
        let sql = format!("SELECT {} FROM products t{} WHERE t.id IN ({}) ORDER BY t.id", beside.columns, beside.joins, marks(some.len()));
        let params: Vec<Value> = beside.params.into_iter().chain(beside.of_joins).chain(some).collect();
        for r in cx.conn.query(&sql, &params)? {
            out.push(now(&r)?);
        }
    }
    Ok(out)
}

pub struct Edit;

impl JobKind for Edit {
    fn name(&self) -> &'static str {
        "edit-prices"
    }

    fn ahead(&self) -> bool {
        true
    }

    fn slice(&self, app: &Arc<App>, ctx: &Ctx, job: &Job) -> Result<Slice> {
        if job.position["phase"] == "back" {
            return back(job, job.id);
        }
        let op = Operation::of(&job.input)?;
        let price_type = id_of(&job.input["price_type_id"])?;
        let date = parsed::<NaiveDate>(&job.input["date"]).unwrap_or(ctx.today);
        let after = id_in(&job.position["after"]).unwrap_or_default();
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
            let told =
                json!({"done": job.done, "changed": counted("changed"), "without_price": counted("missing"), "zero": counted("zero")});
            return Ok(Slice::end(job, told));
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
            // What shall cost nothing is seen before it is in force.
            "zero": counted("zero") + rows.iter().filter(|r| r.1.is_zero()).count() as i64,
        });
        let slice = Slice::at(job, position, job.done + now.len() as i64);
        if rows.is_empty() && gone.is_empty() {
            return Ok(slice);
        }
        let (rows, id) = (values(ctx, &t, &rows, job.id), job.id);
        Ok(slice.writing(move |cx, _| {
            cx.conn.insert_rows(TABLE, &COLUMNS_OF_EDIT, &rows, AGAIN)?;
            drop_edits(cx, t.id, &gone, id)
        }))
    }

    fn take_back(&self, job: &Job) -> Option<Json> {
        (job.position["phase"] != "back").then(|| back_from(&job.input["price_type_id"]))
    }
}

/// Where taking back begins.
pub fn back_from(price_type: &Json) -> Json {
    json!({"phase": "back", "price_type_id": price_type, "gone": 0})
}

/// Puts the edited prices back that this job wrote and nobody has changed since, product by product.
pub fn back(job: &Job, of: Id) -> Result<Slice> {
    let price_type = id_of(&job.position["price_type_id"])?;
    let after = id_in(&job.position["after"]).unwrap_or_default();
    let (size, mut position, done) = (job.size, job.position.clone(), job.done);
    let gone = position["gone"].as_i64().unwrap_or(0);
    Ok(Slice::at(job, job.position.clone(), done).writing(move |cx, step| {
        let sql = format!(
            "SELECT product_id FROM {TABLE} WHERE price_type_id = ? AND product_id > ? ORDER BY product_id LIMIT 1 OFFSET {}",
            size.saturating_sub(1)
        );
        let last = cx.conn.query_opt(&sql, &[price_type.into(), after.into()])?.map(|r| r.id(0)).transpose()?;
        let within = "price_type_id = ? AND product_id > ? AND product_id <= ? AND job_id = ?";
        let params: [Value; 4] = [price_type.into(), after.into(), last.unwrap_or(Id::max()).into(), of.into()];
        let new = cx.conn.exec(&format!("DELETE FROM {TABLE} WHERE {within} AND previous IS NULL"), &params)?;
        let sets = "price = previous, archived = ?, previous = NULL, job_id = NULL, version = version + 1";
        let with: Vec<Value> = [false.into()].into_iter().chain(params).collect();
        let old = cx.conn.exec(&format!("UPDATE {TABLE} SET {sets} WHERE {within}"), &with)?;
        let gone = gone + i64::try_from(new + old).unwrap_or(0);
        match last {
            Some(last) => {
                position["after"] = json!(last);
                position["gone"] = json!(gone);
                step.position = position.clone();
            }
            None => step.finished = Some(json!({"taken_back": gone})),
        }
        Ok(())
    }))
}

pub fn id_of(j: &Json) -> Result<Id> {
    id_in(j).ok_or_else(|| Error::internal("the input of a price job"))
}

const COLUMNS_OF_EDIT: [&str; 11] = [
    "id",
    "version",
    "price_type_id",
    "product_id",
    "price",
    "currency",
    "created_by_id",
    "created_at",
    "updated_at",
    "archived",
    "job_id",
];
const AGAIN: &str = "ON CONFLICT (price_type_id, product_id) DO UPDATE SET price = excluded.price, version = edited_prices.version + 1, \
                     previous = CASE WHEN edited_prices.archived THEN NULL ELSE edited_prices.price END, job_id = excluded.job_id, \
                     updated_at = excluded.updated_at, archived = excluded.archived";

/// Rows of edited prices, made before the writer is asked for them. Many at once, set by set: a draft of prices has no history of
/// its own; the price change that puts it into effect has.
fn values(ctx: &Ctx, t: &Known, rows: &[(Id, Price)], job: Id) -> Vec<Vec<Value>> {
    let (now, author): (Value, Value) = (ctx.now.into(), if ctx.user_id.is_nil() { Value::Null } else { ctx.user_id.into() });
    let row = |(product, price): &(Id, Price)| {
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
            job.into(),
        ]
    };
    rows.iter().map(row).collect()
}

/// What is dropped is put away, so that it can be brought back.
fn drop_edits(cx: &mut Cx, price_type: Id, products: &[Id], job: Id) -> Result<()> {
    for chunk in parts(products) {
        let ids = padded(chunk);
        let sql = format!(
            "UPDATE {TABLE} SET archived = ?, previous = price, job_id = ?, version = version + 1 WHERE price_type_id = ? AND product_id IN ({})",
            marks(ids.len())
        );
        let params: Vec<Value> = [true.into(), job.into(), price_type.into()].into_iter().chain(ids).collect();
        cx.conn.exec(&sql, &params)?;
    }
    Ok(())
}
