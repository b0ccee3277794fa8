//! The rows of the workbench: one page of products under a filter, with cost, price in force, edited price, change and margin.

use super::edit::{of, target};
use super::operation::Now;
use super::questions::{ROWS, may_edit, text};
use crate::price::prices_at;
use crate::sources::{paid, ratio};
use crate::types::Known;
use chrono::NaiveDate;
use kontor_catalog::{ProductFacts, product_facts};
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Currency, Percent, Price, VatMode};
use kontor_office::document::{marks, padded};
use kontor_platform::app::Asked;
use kontor_platform::cx::Cx;
use kontor_platform::query::{self, Query};
use kontor_platform::value::{Id, Value};
use kontor_platform::{App, Ctx};
use kontor_pricing::Cost;
use serde_json::{Value as Json, json};
use std::collections::HashMap;

/// Parameters that are not conditions on products.
const OWN: [&str; 7] = ["price_type_id", "date", "to", "changed", "after", "limit", "lang"];
/// Edited prices that one answer looks at for those that differ; where there are more, the answer is short and says where to go on.
const LOOK: usize = 10_000;

/// `GET /prices/workbench?price_type_id=[&date=][&to=DATE][&changed=true][&after=][&limit=]` and conditions as the list of products
/// takes them: `{currency, vat, items: [{product, cost, receipt, effective, valid_from, edited, percent, margin}], next}`. With `to`
/// the prices of that day stand in place of the edited ones.
pub fn rows(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    may_edit(app, ctx)?;
    let id = asked.id("price_type_id")?.ok_or_else(|| Error::field("price_type_id", "required"))?;
    app.record(ctx, "price-types", id).map_err(|_| Error::field("price_type_id", "reference_missing").field_arg("value", id))?;
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

/// Products whose two prices differ, by id. Looks at a bounded number of candidates, so that a page is there at once however many
/// prices are alike.
fn differing(cx: &mut Cx, t: &Known, q: &Query, days: Days, from: Id, limit: usize) -> Result<Found> {
    let spec = cx.spec("products");
    let (mut after, mut looked) = (from, 0);
    let mut out = Found { ids: vec![], rows: HashMap::new(), next: None };
    loop {
        let candidates = candidates(cx, t, days, after)?;
        let Some(last) = candidates.last().copied() else { return Ok(out) };
        looked += candidates.len();
        let rows = at(cx, t, days, &candidates)?;
        let differ: Vec<Id> =
            candidates.into_iter().filter(|id| rows.get(id).is_some_and(|n| n.edited.is_some() && n.edited != n.effective)).collect();
        for id in matching(cx, spec, q, &differ)? {
            if out.ids.len() == limit {
                out.next = out.ids.last().map(Id::to_string);
                return Ok(out);
            }
            out.rows.extend(rows.get(&id).map(|n| (id, *n)));
            out.ids.push(id);
        }
        after = last;
        if looked >= LOOK {
            out.next = Some(last.to_string());
            return Ok(out);
        }
    }
}

/// The next products that may differ: those with an edited price, or all of them when two days are compared.
fn candidates(cx: &mut Cx, t: &Known, days: Days, after: Id) -> Result<Vec<Id>> {
    const AT_ONCE: usize = 1_000;
    let rows = match days.to {
        Some(_) => cx.conn.query(&format!("SELECT id FROM products WHERE id > ? ORDER BY id LIMIT {AT_ONCE}"), &[after.into()])?,
        None => {
            let sql = format!(
                "SELECT product_id FROM edited_prices WHERE price_type_id = ? AND product_id > ? ORDER BY product_id LIMIT {AT_ONCE}"
            );
            cx.conn.query(&sql, &[t.id.into(), after.into()])?
        }
    };
    rows.iter().map(|r| r.id(0)).collect()
}

/// Those of the products that the filter matches, in the same order.
fn matching(cx: &mut Cx, spec: &'static kontor_platform::spec::Spec, q: &Query, ids: &[Id]) -> Result<Vec<Id>> {
    let mut out = vec![];
    for chunk in ids.chunks(256) {
        let mut s = query::source(cx.conn, cx.app, cx.ctx, spec, q, "read")?;
        let some: Vec<Value> = padded(chunk);
        s.wheres.push(format!("t.id IN ({})", marks(some.len())));
        s.params.extend(some);
        let sql = format!("SELECT t.id FROM {}{} ORDER BY t.id", s.from, s.where_sql());
        for r in cx.conn.query(&sql, &s.all_params())? {
            out.push(r.id(0)?);
        }
    }
    Ok(out)
}

fn items(cx: &mut Cx, t: &Known, date: NaiveDate, found: &Found) -> Result<Vec<Json>> {
    let products = product_facts(cx, &found.ids)?;
    let since = prices_at(cx, t.id, &found.ids, date)?;
    let secret = crate::sentences::secrets(cx)?.of_costs();
    let known = if secret { HashMap::new() } else { paid(cx, date, &products)? };
    let mut into: HashMap<Currency, Option<kontor_kernel::Ratio>> = HashMap::new();
    let mut out = Vec::with_capacity(found.ids.len());
    for id in &found.ids {
        let (Some(n), Some(p)) = (found.rows.get(id), products.get(id)) else { continue };
        let mut own = |cx: &mut Cx, c: Option<Cost>| -> Result<Option<Price>> {
            let Some(c) = c else { return Ok(None) };
            // Without a rate there is no cost to compare with; the row stands without it.
            let ratio = match into.get(&c.currency) {
                Some(r) => *r,
                None => *into.entry(c.currency).or_insert(ratio(cx, None, c.currency, t.currency, date)?),
            };
            Ok(ratio.and_then(|r| c.price.times_ratio(r).ok()))
        };
        let of = known.get(id).copied().unwrap_or_default();
        let (cost, receipt) = (own(cx, of.cost)?, own(cx, of.receipt)?);
        out.push(json!({
            "product": {"id": id, "title": p.name, "sku": p.sku}, "cost": text(cost), "receipt": text(receipt),
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
