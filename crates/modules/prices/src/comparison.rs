//! Our price beside theirs: every line of a foreign price list that is one of our products, their price brought into the
//! currency and VAT basis of ours.

use crate::rate_at::{default_rate_type, exchange};
use chrono::NaiveDate;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Currency, Percent, Price, Ratio};
use kontor_platform::App;
use kontor_platform::ctx::Ctx;
use kontor_platform::cx::Cx;
use kontor_platform::report::{Chart, Params, ReportSpec, Table, TableColumn, TableRow};
use kontor_platform::spec::{Column, Spec, Ty};
use kontor_platform::store::{Conn, Row};
use kontor_platform::value::{Id, Value};

/// Lines of the answer at most.
const LIMIT: i64 = 20_000;

pub fn price_comparison() -> ReportSpec {
    ReportSpec {
        name: "price-comparison",
        icon: "scale",
        params: vec![
            Column::reference("price_type_id", "price-types"),
            Column::reference("partner_id", "partners"),
            Column::reference("category_id", "product-categories"),
            Column::reference("product_id", "products"),
            Column::choice("only", &["all", "dearer", "cheaper"]).default("all"),
            Column::date("as_of"),
        ],
        roles: &["director", "sales_manager", "accountant"],
        reads: &[&["supplier-prices"], &["products"], &["partners"]],
        chart: Chart::None,
        filters: |app: &App| -> Option<&'static Spec> { app.registry.get("supplier-prices") },
        run,
    }
}

fn columns() -> Vec<TableColumn> {
    vec![
        TableColumn::new("key", Ty::Text { max: 100 }),
        TableColumn::new("title", Ty::Text { max: 300 }),
        TableColumn::new("sku", Ty::Text { max: 100 }),
        TableColumn::new("partner", Ty::Text { max: 300 }),
        TableColumn::new("supplier_name", Ty::Text { max: 500 }),
        TableColumn::new("matched", Ty::Choice(&["maybe", "same", "manual"])),
        TableColumn::new("own_price", Ty::Price),
        TableColumn::new("their_price", Ty::Price),
        TableColumn::new("currency", Ty::Code("currencies")),
        TableColumn::new("difference", Ty::Price),
        TableColumn::share("share"),
        TableColumn::new("valid_from", Ty::Date),
    ]
}

struct Own {
    id: Id,
    currency: Currency,
    vat: String,
}

fn own_type(conn: &mut Conn, app: &App, ctx: &Ctx, asked: Option<Id>) -> Result<Own> {
    let spec = app.registry.get("price-types").ok_or_else(Error::not_found)?;
    let seen = ctx.access.predicate(&app.registry, spec, "read", "t");
    let and = seen.and();
    let (condition, first): (_, Value) = match asked {
        Some(id) => ("t.id = ?", id.into()),
        None => ("t.is_default = ?", true.into()),
    };
    let params: Vec<Value> = std::iter::once(first).chain(seen.params).collect();
    let sql = format!("SELECT t.id, t.currency, t.vat FROM price_types t WHERE {condition}{and} ORDER BY t.id LIMIT 1");
    let row = conn.query_opt(&sql, &params)?.ok_or_else(|| Error::field("price_type_id", "required"))?;
    Ok(Own { id: row.id(0)?, currency: currency(row.text(1)?)?, vat: row.text(2)?.to_string() })
}

fn currency(code: &str) -> Result<Currency> {
    Currency::parse(code).map_err(|_| Error::internal(format!("{code} is no currency")))
}

fn lines(conn: &mut Conn, app: &App, ctx: &Ctx, params: &Params) -> Result<Vec<Row>> {
    let mut parts = vec!["s.archived = ?".to_string(), "s.price IS NOT NULL".to_string(), "p.archived = ?".to_string()];
    let mut values: Vec<Value> = vec![false.into(), false.into()];
    for (name, column) in [("partner_id", "s.partner_id"), ("product_id", "s.product_id")] {
        if let Some(id) = params.id(name) {
            parts.push(format!("{column} = ?"));
            values.push(id.into());
        }
    }
    if let Some(id) = params.id("category_id") {
        let below = "WITH RECURSIVE down(id) AS (SELECT c.id FROM product_categories c WHERE c.id = ? UNION SELECT c.id FROM product_categories c JOIN down ON c.parent_id = down.id) SELECT id FROM down";
        parts.push(format!("p.category_id IN ({below})"));
        values.push(id.into());
    }
    for (collection, alias) in [("supplier-prices", "s"), ("products", "p"), ("partners", "w")] {
        let spec = app.granted(ctx, collection, "read")?;
        let seen = ctx.access.predicate(&app.registry, spec, "read", alias);
        if !seen.sql.is_empty() {
            parts.push(seen.sql);
            values.extend(seen.params);
        }
    }
    let backend = conn.backend();
    for f in &params.filters {
        let (sql, of) = f.sql(app, ctx, backend, "s")?;
        parts.push(sql);
        values.extend(of);
    }
    let sql = format!(
        "SELECT p.id, p.name, p.sku, w.name, s.supplier_name, s.matched, s.price, s.currency, s.vat, s.valid_from, v.percent, s.id \
         FROM supplier_prices s JOIN products p ON p.id = s.product_id JOIN partners w ON w.id = s.partner_id \
         LEFT JOIN vat_rates v ON v.code = p.vat_rate WHERE {} ORDER BY p.name_key, p.id, w.name_key, s.id LIMIT {LIMIT}",
        parts.join(" AND ")
    );
    conn.query(&sql, &values)
}

fn run(conn: &mut Conn, app: &App, ctx: &Ctx, params: &Params) -> Result<Table> {
    let own = own_type(conn, app, ctx, params.id("price_type_id"))?;
    let found = lines(conn, app, ctx, params)?;
    let day = params.date("as_of").unwrap_or(ctx.today);
    let mut ids: Vec<Id> = found.iter().map(|r| r.id(0)).collect::<Result<_>>()?;
    ids.dedup();
    let mut cx = Cx::new(conn, app, ctx, "");
    cx.preview = true;
    let ours = crate::price::prices_at(&mut cx, own.id, &ids, day)?;
    let rate_type = default_rate_type(conn)?;
    let mut table = Table { currency: own.currency.code().to_string(), columns: columns(), ..Default::default() };
    let only = params.text("only").unwrap_or("all").to_string();
    let mut ratios: HashMap<Currency, Option<Ratio>> = HashMap::new();
    for r in &found {
        let Some(ours) = ours.get(&r.id(0)?).map(|p| p.price) else { continue };
        let from = currency(r.text(7)?)?;
        let ratio = match ratios.get(&from) {
            Some(known) => *known,
            None => {
                let found = ratio(conn, rate_type, from, own.currency, day)?;
                ratios.insert(from, found);
                found
            }
        };
        let theirs = Price::from_scaled(r.int(6)?);
        let vat = Percent::from_scaled(r.opt_int(10)?.unwrap_or(0));
        // Without a rate there is no comparison, but the line is shown.
        let theirs = ratio.map(|x| basis(theirs.times_ratio(x)?, r.text(8)?, &own.vat, vat)).transpose()?;
        let difference = theirs.and_then(|t| ours.checked_sub(t));
        let cheaper = difference.is_some_and(Price::is_negative);
        let dearer = difference.is_some_and(Price::is_positive);
        if (only == "dearer" && !dearer) || (only == "cheaper" && !cheaper) {
            continue;
        }
        table.rows.push(row(r, ours, theirs, difference, &own)?);
    }
    table.totals = vec![Value::Null; table.columns.len()];
    Ok(table)
}

/// How many `to` one `from` is; none where no rate says so.
fn ratio(conn: &mut Conn, rate_type: Option<Id>, from: Currency, to: Currency, day: NaiveDate) -> Result<Option<Ratio>> {
    if from == to {
        return Ok(Some(Ratio::ONE));
    }
    let Some(rate_type) = rate_type else { return Ok(None) };
    match exchange(conn, rate_type, from, to, day) {
        Err(e) if e.inner().code == "currency_rate_missing" => Ok(None),
        found => found.map(|e| Some(e.ratio)),
    }
}

fn row(r: &Row, ours: Price, theirs: Option<Price>, difference: Option<Price>, own: &Own) -> Result<TableRow> {
    let text = |i: usize| r.opt_text(i).map(|t| t.map_or(Value::Null, |t| Value::Text(t.to_string())));
    let share = match (difference, theirs) {
        (Some(d), Some(t)) if t.is_positive() => kontor_kernel::mul_div(d.scaled(), Price::UNIT, t.scaled()),
        _ => None,
    };
    let scaled = |p: Option<Price>| p.map_or(Value::Null, |p| Value::Int(p.scaled()));
    Ok(TableRow {
        values: vec![
            Value::Text(r.id(0)?.to_string()),
            text(1)?,
            text(2)?,
            text(3)?,
            text(4)?,
            text(5)?,
            scaled(Some(ours)),
            scaled(theirs),
            Value::Text(own.currency.code().to_string()),
            scaled(difference),
            share.map_or(Value::Null, Value::Int),
            r.opt_date(9)?.map_or(Value::Null, Value::Date),
        ],
        link: Some(format!("/supplier-prices/{}", r.id(11)?)),
    })
}

/// A price in another VAT basis.
fn basis(p: Price, from: &str, to: &str, vat: Percent) -> Result<Price> {
    let (hundred, gross) = (i128::from(100 * Percent::UNIT), i128::from(100 * Percent::UNIT + vat.scaled()));
    Ok(match (from == "included", to == "included") {
        (true, false) => p.times_ratio(Ratio::new(hundred, gross)?)?,
        (false, true) => p.times_ratio(Ratio::new(gross, hundred)?)?,
        _ => p,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prc_15_prices_are_compared_in_one_vat_basis() {
        let p = |s: &str| Price::parse(s).expect("a price");
        let twenty = Percent::parse("20").expect("a percentage");
        for (price, from, to, wanted) in [
            ("120", "included", "excluded", "100"),
            ("100", "excluded", "included", "120"),
            ("100", "exempt", "excluded", "100"),
            ("1", "included", "exempt", "0.833333"),
        ] {
            assert_eq!(basis(p(price), from, to, twenty).expect("a price"), p(wanted), "{price} {from} {to}");
        }
    }
}
