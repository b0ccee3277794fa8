//! `GET /deals/{id}/income`: the normative income of a deal (PRC-04): what it brings, net of VAT, less the standard cost of the goods
//! in it. Orders count before the last quote, and a quote before the deal's own lines.

use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Currency, Percent};
use kontor_office::document::int_type;
use kontor_platform::app::{App, Asked};
use kontor_platform::ctx::Ctx;
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::value::{Id, Value};
use kontor_prices::{convert, default_rate_type, standard_costs};
use serde_json::{Value as Json, json};

/// What is known of a deal's worth, scaled amounts in its currency.
struct Found {
    source: &'static str,
    revenue: i64,
    cost: i64,
    /// Lines of goods whose cost nobody knows.
    unknown: i64,
}

/// `{source: orders | quote | lines, currency, revenue, cost, income, percent, unknown}`; `source` is null while there is nothing to
/// reckon from. `unknown` counts lines of goods without a standard cost. Errors: costs are not for the caller.
pub fn income(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    let id = asked.path.get("id").and_then(|p| Id::parse_str(p).ok()).ok_or_else(Error::not_found)?;
    let deal = app.record(ctx, "deals", id)?;
    app.store.read(|conn| {
        let mut cx = Cx::new(conn, app, ctx, "");
        cx.preview = true;
        if kontor_prices::secrets(&mut cx)?.of_costs() {
            return Err(Error::forbidden().arg("action", "read").arg("entity", "costs"));
        }
        let found = match documents(&mut cx, &deal)? {
            Some(f) => Some(f),
            None => lines(&mut cx, &deal)?,
        };
        let currency = deal.text("currency");
        let Some(f) = found else { return Ok(json!({"source": null, "currency": currency})) };
        let amount = |n: i64| Amount::from_scaled(n).to_string();
        let income = f.revenue.saturating_sub(f.cost);
        let percent = kontor_kernel::mul_div(income, Percent::HUNDRED.scaled(), f.revenue).filter(|_| f.revenue > 0);
        Ok(json!({
            "source": f.source, "currency": currency, "revenue": amount(f.revenue), "cost": amount(f.cost), "income": amount(income),
            "percent": percent.map(|p| Percent::from_scaled(p).to_string()), "unknown": f.unknown,
        }))
    })
}

/// All orders of the deal, or its last quote: they keep the standard cost of their lines. Those in other currencies are not added.
fn documents(cx: &mut Cx, deal: &Record) -> Result<Option<Found>> {
    let int = int_type(cx.conn);
    let (id, currency): (Value, Value) = (deal.id.into(), deal.text("currency").into());
    for (source, table, of_lines, last) in
        [("orders", "sales_orders", "sales_order_lines", ""), ("quote", "quotes", "quote_lines", "ORDER BY d.date DESC, d.id DESC LIMIT 1")]
    {
        let chosen = format!(
            "SELECT d.id AS id, d.net_total AS net, d.cost_total AS cost FROM {table} d WHERE d.deal_id = ? AND d.currency = ? \
             AND d.state <> 'cancelled' {last}"
        );
        let sql = format!(
            "SELECT COUNT(*), CAST(COALESCE(SUM(x.net), 0) AS {int}), CAST(COALESCE(SUM(x.cost), 0) AS {int}), \
             CAST(COALESCE(SUM((SELECT COUNT(*) FROM {of_lines} l JOIN products p ON p.id = l.product_id \
             WHERE l.parent_id = x.id AND p.kind = 'goods' AND l.cost = 0)), 0) AS {int}) FROM ({chosen}) x"
        );
        let r = cx.conn.query_one(&sql, &[id.clone(), currency.clone()])?;
        if r.int(0)? > 0 {
            return Ok(Some(Found { source, revenue: r.int(1)?, cost: r.int(2)?, unknown: r.int(3)? }));
        }
    }
    Ok(None)
}

/// The deal's own lines at the standard cost of today; its sum is net of VAT.
fn lines(cx: &mut Cx, deal: &Record) -> Result<Option<Found>> {
    let spec = &deal.spec.lines[0];
    let all: Vec<(Id, i64, i64)> = deal.lines[0]
        .iter()
        .filter_map(|l| {
            let int = |c: &str| l.get(spec, c).as_int();
            Some((l.get(spec, "product_id").as_id()?, int("quantity").unwrap_or(0), int("amount").unwrap_or(0)))
        })
        .collect();
    let company = match deal.opt_id("company_id") {
        Some(id) => id,
        None => match cx.conn.query_opt("SELECT id FROM companies WHERE archived = ? ORDER BY id LIMIT 1", &[false.into()])? {
            Some(r) => r.id(0)?,
            None => return Ok(None),
        },
    };
    if all.is_empty() {
        return Ok(None);
    }
    let ids: Vec<Id> = all.iter().map(|l| l.0).collect();
    let today = cx.ctx.today;
    let known = standard_costs(cx, company, &ids, today)?;
    let products = kontor_catalog::product_facts(cx, &ids)?;
    let (from, to) = (kontor_office::company(cx, company)?.currency, Currency::parse(deal.text("currency")).map_err(Error::internal)?);
    let mut out = Found { source: "lines", revenue: 0, cost: 0, unknown: 0 };
    for (product, quantity, amount) in all {
        out.revenue = out.revenue.saturating_add(amount);
        let goods = products.get(&product).is_some_and(|p| p.kind == kontor_catalog::ProductKind::Goods);
        let cost = match known.get(&product) {
            Some(unit) => {
                let cost = unit.times(kontor_kernel::Quantity::from_scaled(quantity), from.minor()).map_err(|e| e.at("lines"))?;
                in_currency(cx, cost, from, to)?
            }
            None => None,
        };
        match cost {
            Some(c) => out.cost = out.cost.saturating_add(c.scaled()),
            None => out.unknown += i64::from(goods),
        }
    }
    Ok(Some(out))
}

/// `None` without a rate: the cost stays unknown.
fn in_currency(cx: &mut Cx, cost: Amount, from: Currency, to: Currency) -> Result<Option<Amount>> {
    if from == to {
        return Ok(Some(cost));
    }
    let Some(rates) = default_rate_type(cx.conn)? else { return Ok(None) };
    let today = cx.ctx.today;
    match convert(cx.conn, rates, cost, from, to, today) {
        Ok(a) => Ok(Some(a)),
        Err(e) if e.inner().code == "currency_rate_missing" => Ok(None),
        Err(e) => Err(e),
    }
}
