//! The rows of the workbench: one page of products under a filter, with cost, price in force, edited price, change and margin.

use super::edit::{of, target};
use super::operation::Now;
use super::questions::{ROWS, may_edit, text};
use crate::price::prices_at;
use crate::sources::{paid, ratio};
use crate::types::Known;
use chrono::NaiveDate;
use kontor_catalog::{ProductFacts, product_facts};
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Currency, Percent, Price, VatMode};
use kontor_platform::app::Asked;
use kontor_platform::cx::Cx;
use kontor_platform::query::{self, Query};
use kontor_platform::titles;
use kontor_platform::value::{Id, Value};
use kontor_platform::{App, Ctx};
use kontor_pricing::Cost;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Parameters that are not conditions on products.
const OWN: [&str; 7] = ["price_type_id", "date", "to", "changed", "after", "limit", "lang"];
/// Candidates that the database compares at once: few at first, for a page of those that differ is mostly there at once.
const FIRST: usize = 1_000;
const MOST: usize = 128_000;
/// After so long an answer is short and says where to go on.
const LONG: Duration = Duration::from_millis(1_500);

/// `GET /prices/workbench?price_type_id=[&date=][&to=DATE][&changed=true][&after=][&limit=]` and conditions as the list of products
/// takes them: `{currency, vat, items: [{product, cost, receipt, effective, valid_from, edited, percent, margin}], next}`. With `to`
/// the prices of that day stand in place of the edited ones.
pub fn rows(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    may_edit(app, ctx)?;
    let id = asked.id("price_type_id")?.ok_or_else(|| Error::field("price_type_id", "required"))?;
    app.record_named(ctx, "price-types", id, "price_type_id")?;
    let date = asked.date("date")?.unwrap_or(ctx.today);
    let to = asked.date("to")?;
    let changed = asked.get("changed").is_some_and(|c| c == "true" || c == "1");
    let limit = limit(asked)?;
    let spec = app.registry.get("products").ok_or_else(Error::not_found)?;
    let pairs: Vec<(String, String)> = asked.query.iter().filter(|(k, _)| !OWN.contains(&k.as_str())).cloned().collect();
    let mut q = Query::parse(app, ctx, spec, &pairs)?;
    app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        let t = target(&mut cx, id)?;
        let found = if changed {
            let from = asked.id("after")?.unwrap_or_default();
            differing(&mut cx, &t, &q, Days { date, to }, from, limit)?
        } else {
            (q.limit, q.after, q.fields, q.count) = (limit, asked.get("after").map(str::to_string), Some(vec![]), false);
            let page = query::list(cx.conn, app, ctx, spec, &q)?;
            let ids: Vec<Id> = page.rows.iter().map(|r| r.id).collect();
            Found { rows: at(&mut cx, &t, Days { date, to }, &ids)?, ids, next: page.next }
        };
        let items = items(&mut cx, &t, date, &found)?;
        Ok(json!({
            "price_type_id": id, "currency": t.currency.code(), "vat": t.vat.code(), "approval": t.approval,
            "date": date.to_string(), "to": to.map(|d| d.to_string()), "items": items, "next": found.next,
        }))
    })
}

pub(super) fn limit(asked: &Asked) -> Result<usize> {
    let wrong = || Error::field("limit", "out_of_range").field_arg("min", 1).field_arg("max", ROWS);
    asked.get("limit").map_or(Ok(100), |l| l.parse::<usize>().ok().filter(|n| (1..=ROWS).contains(n)).ok_or_else(wrong))
}

#[derive(Clone, Copy)]
struct Days {
    date: NaiveDate,
    to: Option<NaiveDate>,
}

struct Found {
    ids: Vec<Id>,
    rows: HashMap<Id, Now>,
    next: Option<String>,
}

/// Both prices of each product; `edited` is the price of the second day where one is asked for.
fn at(cx: &mut Cx, t: &Known, days: Days, ids: &[Id]) -> Result<HashMap<Id, Now>> {
    let mut rows: HashMap<Id, Now> = of(cx, t.id, days.date, ids)?.into_iter().map(|n| (n.product, n)).collect();
    if let Some(day) = days.to {
        let second = prices_at(cx, t.id, ids, day)?;
        for n in rows.values_mut() {
            n.edited = second.get(&n.product).map(|p| p.price);
        }
    }
    Ok(rows)
}

/// Products whose two prices differ and that the filter matches, by id: compared in the database, window by window down the key,
/// however many are alike.
fn differing(cx: &mut Cx, t: &Known, q: &Query, days: Days, from: Id, limit: usize) -> Result<Found> {
    let (begun, mut after, mut window) = (Instant::now(), from, FIRST);
    let mut out = Found { ids: vec![], rows: HashMap::new(), next: None };
    loop {
        let last = end_of(cx, t, days, after, window)?;
        out.ids.extend(within(cx, t, q, days, (after, last), limit + 1 - out.ids.len())?);
        if out.ids.len() > limit {
            out.ids.truncate(limit);
            out.next = out.ids.last().map(Id::to_string);
            break;
        }
        let Some(last) = last else { break };
        after = last;
        if begun.elapsed() > LONG {
            out.next = Some(after.to_string());
            break;
        }
        window = (window * 4).min(MOST);
    }
    out.rows = at(cx, t, days, &out.ids)?;
    Ok(out)
}

/// The last of so many candidates: those with an edited price, or all products when two days are compared. `None`: there are fewer.
fn end_of(cx: &mut Cx, t: &Known, days: Days, after: Id, window: usize) -> Result<Option<Id>> {
    let skip = Value::Int(i64::try_from(window - 1).unwrap_or(i64::MAX));
    let row = match days.to {
        Some(_) => cx.conn.query_opt("SELECT id FROM products WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?", &[after.into(), skip])?,
        None => {
            let sql =
                "SELECT product_id FROM edited_prices WHERE price_type_id = ? AND product_id > ? ORDER BY product_id LIMIT 1 OFFSET ?";
            cx.conn.query_opt(sql, &[t.id.into(), after.into(), skip])?
        }
    };
    row.map(|r| r.id(0)).transpose()
}

/// Those between two ids that differ and match, at most so many.
fn within(cx: &mut Cx, t: &Known, q: &Query, days: Days, (after, last): (Id, Option<Id>), most: usize) -> Result<Vec<Id>> {
    let price = |of: &str| {
        format!(
            "(SELECT x.price FROM prices x WHERE x.price_type_id = ? AND x.product_id = {of} AND x.valid_from <= ? \
             ORDER BY x.valid_from DESC, x.seq DESC LIMIT 1)"
        )
    };
    let spec = cx.spec("products");
    let mut s = query::source(cx.conn, cx.app, cx.ctx, spec, q, "read")?;
    let (id, last) = (Value::from(t.id), last.unwrap_or(Id::max()));
    let range: [Value; 2] = [after.into(), last.into()];
    match days.to {
        Some(to) => {
            s.wheres.push("t.id > ? AND t.id <= ?".into());
            s.params.extend(range);
            s.wheres.push(format!("COALESCE({}, -1) <> COALESCE({}, -1)", price("t.id"), price("t.id")));
            s.params.extend([id.clone(), days.date.into(), id.clone(), to.into()]);
            // Without a price on the second day there is none to look at.
            s.wheres.push(format!("{} IS NOT NULL", price("t.id")));
            s.params.extend([id, to.into()]);
        }
        None => {
            s.wheres.push(format!(
                "t.id IN (SELECT e.product_id FROM edited_prices e WHERE e.price_type_id = ? AND e.product_id > ? AND e.product_id <= ? \
                 AND e.archived = ? AND e.price <> COALESCE({}, -1))",
                price("e.product_id")
            ));
            s.params.push(id.clone());
            s.params.extend(range);
            s.params.extend([false.into(), id, days.date.into()]);
        }
    }
    let limit = Value::Int(i64::try_from(most).unwrap_or(i64::MAX));
    let sql = format!("SELECT t.id FROM {}{} ORDER BY t.id LIMIT ?", s.from, s.where_sql());
    let params: Vec<Value> = s.all_params().into_iter().chain([limit]).collect();
    cx.conn.query(&sql, &params)?.iter().map(|r| r.id(0)).collect()
}

fn items(cx: &mut Cx, t: &Known, date: NaiveDate, found: &Found) -> Result<Vec<Json>> {
    let products = product_facts(cx, &found.ids)?;
    let (app, lang) = (cx.app, cx.ctx.lang);
    let mut titles = titles::titles(cx.conn, app, lang, BTreeMap::from([("products", found.ids.iter().copied().collect())]))?;
    let since = prices_at(cx, t.id, &found.ids, date)?;
    let secret = crate::sentences::secrets(cx)?.of_costs();
    let known = if secret { HashMap::new() } else { paid(cx, date, &products)? };
    let mut into: HashMap<Currency, Option<kontor_kernel::Ratio>> = HashMap::new();
    let mut out = Vec::with_capacity(found.ids.len());
    for id in &found.ids {
        let (Some(n), Some(p)) = (found.rows.get(id), products.get(id)) else { continue };
        let mut own = |cx: &mut Cx, c: Option<Cost>| -> Result<Option<Price>> {
            let Some(c) = c else { return Ok(None) };
            // Without a rate, or beyond what a price can be, there is no cost to compare with; the row stands without it.
            let ratio = match into.get(&c.currency) {
                Some(r) => *r,
                None => *into.entry(c.currency).or_insert(ratio(cx, None, c.currency, t.currency, date)?),
            };
            Ok(ratio.and_then(|r| c.price.times_ratio(r).ok()))
        };
        let of = known.get(id).copied().unwrap_or_default();
        let (cost, receipt) = (own(cx, of.cost)?, own(cx, of.receipt)?);
        out.push(json!({
            "product": {"id": id, "title": titles.remove(id), "sku": p.sku}, "cost": text(cost), "receipt": text(receipt),
            "effective": text(n.effective), "valid_from": since.get(id).map(|s| s.valid_from.to_string()), "edited": text(n.edited),
            "percent": n.effective.zip(n.edited).and_then(|(a, b)| percent(b.scaled() - a.scaled(), a)).map(|p| p.to_string()),
            "margin": n.edited.or(n.effective).zip(cost).and_then(|(price, cost)| margin(price, cost, t.vat, p)).map(|p| p.to_string()),
        }));
    }
    Ok(out)
}

/// `part` of `whole` as a percentage; none of nothing.
pub(super) fn percent(part: i64, whole: Price) -> Option<Percent> {
    if !whole.is_positive() {
        return None;
    }
    let n = i128::from(part) * i128::from(Percent::HUNDRED.scaled());
    kontor_kernel::scaled::div_round(n, i128::from(whole.scaled())).and_then(|n| i64::try_from(n).ok()).map(Percent::from_scaled)
}

/// What is left of the net price after the cost, of the net price.
fn margin(price: Price, cost: Price, vat: VatMode, product: &ProductFacts) -> Option<Percent> {
    let hundred = Percent::HUNDRED.scaled();
    let net = match vat {
        VatMode::Included => Price::from_scaled(kontor_kernel::mul_div(price.scaled(), hundred, hundred + product.vat_percent.scaled())?),
        _ => price,
    };
    percent(net.scaled() - cost.scaled(), net)
}
