//! What is in stock, now or at the end of a day, for lists and for `GET /stock`.

use chrono::NaiveDate;
use kontor_kernel::Quantity;
use kontor_kernel::error::{Error, Result};
use kontor_platform::app::{App, Asked};
use kontor_platform::ctx::Ctx;
use kontor_platform::registers::BALANCE;
use kontor_platform::registers::turnover::balances;
use kontor_platform::spec::Column;
use kontor_platform::store::{Conn, marks};
use kontor_platform::titles;
use kontor_platform::value::{Id, Value};
use serde_json::{Value as Json, json};

#[derive(Clone, Debug, serde::Serialize)]
pub struct StockRow {
    pub warehouse_id: Id,
    pub warehouse: String,
    pub product_id: Id,
    pub product: String,
    pub sku: String,
    pub on_hand: Quantity,
    pub reserved: Quantity,
    pub available: Quantity,
}

/// Most rows of one answer; ask for a product or a warehouse to see the others.
pub const LIMIT: usize = 500;

/// Balances that are not zero, by warehouse and name of product, of the warehouses that the caller may see.
pub fn stock_rows(conn: &mut Conn, app: &App, ctx: &Ctx, product: Option<Id>, warehouse: Option<Id>) -> Result<Vec<StockRow>> {
    stock_of(conn, app, ctx, product.as_slice(), warehouse, None)
}

/// The same of several products, of all when none is named; now, or at the end of a day.
pub fn stock_of(
    conn: &mut Conn,
    app: &App,
    ctx: &Ctx,
    products: &[Id],
    warehouse: Option<Id>,
    as_of: Option<NaiveDate>,
) -> Result<Vec<StockRow>> {
    let spec = app.registry.get("warehouses").ok_or_else(Error::not_found)?;
    if !ctx.access.may(spec, "read") {
        return Err(Error::forbidden().arg("action", "read").arg("entity", "stock"));
    }
    let scope = ctx.access.predicate(&app.registry, spec, "read", "w");
    let reg = app.registry.register_of("stock").ok_or_else(Error::not_found)?;
    let mut wheres = vec!["(b.on_hand <> 0 OR b.reserved <> 0)".to_string()];
    let (source, mut params) = match as_of {
        Some(day) => {
            let at = balances(reg, conn.backend(), day);
            (at.sql, at.params)
        }
        None => {
            wheres.push("b.month = ?".into());
            (reg.totals(), vec![BALANCE.into()])
        }
    };
    if !products.is_empty() {
        wheres.push(format!("b.product_id IN ({})", marks(products.len())));
        params.extend(products.iter().map(|p| Value::from(*p)));
    }
    if let Some(id) = warehouse {
        wheres.push("b.warehouse_id = ?".into());
        params.push(id.into());
    }
    if !scope.sql.is_empty() {
        wheres.push(scope.sql);
        params.extend(scope.params);
    }
    let named = app.registry.get("products").ok_or_else(Error::not_found)?;
    let rows = conn.query(
        &format!(
            "SELECT w.id, w.name, p.id, {}, p.sku, b.on_hand, b.reserved FROM {source} b JOIN warehouses w ON w.id = b.warehouse_id JOIN products p ON p.id = b.product_id WHERE {} ORDER BY w.name_key, p.name_key, p.id LIMIT {LIMIT}",
            titles::sql(named, "p", Some(ctx.lang), conn.backend()),
            wheres.join(" AND ")
        ),
        &params,
    )?;
    rows.iter()
        .map(|r| {
            let (on_hand, reserved) = (r.int(5)?, r.int(6)?);
            let available = on_hand.checked_sub(reserved).ok_or_else(|| Error::refused("number_overflow"))?;
            Ok(StockRow {
                warehouse_id: r.id(0)?,
                warehouse: r.text(1)?.to_string(),
                product_id: r.id(2)?,
                product: r.text(3)?.to_string(),
                sku: r.opt_text(4)?.unwrap_or_default().to_string(),
                on_hand: Quantity::from_scaled(on_hand),
                reserved: Quantity::from_scaled(reserved),
                available: Quantity::from_scaled(available),
            })
        })
        .collect()
}

/// What `GET /stock` takes.
pub(crate) fn asks() -> Vec<Column> {
    vec![Column::reference("product_id", "products"), Column::reference("warehouse_id", "warehouses"), Column::date("as_of")]
}

/// `GET /stock`: a row per warehouse and product; of one product also the sums.
pub(crate) fn question(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    let (mut products, mut one, mut warehouse) = (vec![], false, None);
    let as_of = asked.date("as_of")?;
    for (name, value) in asked.query.iter().filter(|(_, v)| !v.is_empty()) {
        let read = |v: &str| Id::parse_str(v.trim()).map_err(|_| Error::field(name.clone(), "bad_id"));
        let id = || read(value);
        match name.as_str() {
            "product_id" => (products, one) = (vec![id()?], true),
            "product_id.in" if value.split(',').count() > LIMIT => {
                return Err(Error::field(name.clone(), "too_many").field_arg("max", LIMIT));
            }
            "product_id.in" => products = value.split(',').map(read).collect::<Result<_>>()?,
            "warehouse_id" => warehouse = Some(id()?),
            "limit" | "count" | "as_of" => {}
            _ => return Err(Error::field(name.clone(), "unknown_field")),
        }
    }
    let rows = app.store.read(|conn| stock_of(conn, app, ctx, &products, warehouse, as_of))?;
    let item = |r: &StockRow| {
        json!({
            "warehouse_id": r.warehouse_id, "warehouse": {"id": r.warehouse_id, "title": r.warehouse},
            "product_id": r.product_id, "product": {"id": r.product_id, "title": r.product}, "sku": r.sku,
            "on_hand": r.on_hand, "reserved": r.reserved, "available": r.available,
        })
    };
    let mut out = json!({"items": rows.iter().map(item).collect::<Vec<_>>(), "next": null});
    if one {
        let sum = |of: fn(&StockRow) -> Quantity| Quantity::sum(rows.iter().map(of));
        out["on_hand"] = json!(sum(|r| r.on_hand)?);
        out["reserved"] = json!(sum(|r| r.reserved)?);
        out["available"] = json!(sum(|r| r.available)?);
    }
    Ok(out)
}
