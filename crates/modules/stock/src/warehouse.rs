//! Warehouses: each belongs to one own company and says how negative stock is treated there.

use kontor_kernel::error::{Error, Result};
use kontor_office::{Control, company};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::spec::{Column, Rules, Spec};
use kontor_platform::value::Id;
use std::collections::HashMap;

pub fn warehouses() -> Spec {
    Spec::catalog("warehouses")
        .section("stock", "building-warehouse")
        .company("company_id")
        .columns([
            Column::text("name", 200).required().unique().search().sort_key().list(),
            Column::reference("company_id", "companies").required().list(),
            // Without an own rule the company's holds.
            Column::choice("control", &["refuse", "warn", "allow"]).list(),
            Column::reference("keeper_id", "users").list(),
            Column::long("address"),
        ])
        .import_key(&["name"])
        .grant("director", "read create update delete undo")
        .grant("sales_manager", "read")
        .grant("salesperson", "read")
        .grant("storekeeper", "read")
        .grant("accountant", "read")
        .grant("field_agent", "read")
        .rules(WarehouseRules)
}

struct WarehouseRules;
impl Rules for WarehouseRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        let used = !change.is_create()
            && change.changed("company_id")
            && cx.conn.query_opt("SELECT 1 FROM reg_stock_movements WHERE warehouse_id = ? LIMIT 1", &[change.after.id.into()])?.is_some();
        if used { Err(Error::field("company_id", "warehouse_other_company")) } else { Ok(()) }
    }
}

/// What documents need to know of a warehouse.
#[derive(Clone, Debug)]
pub struct Warehouse {
    pub id: Id,
    pub name: String,
    pub company_id: Id,
    /// Its own rule for negative stock, or its company's.
    pub control: Control,
}

const MEMO: &str = "stock.warehouse";
type Known = HashMap<Id, Warehouse>;

/// Loads a warehouse once per command.
pub fn warehouse(cx: &mut Cx, id: Id) -> Result<Warehouse> {
    if let Some(w) = cx.memo.get(MEMO).and_then(|m| m.downcast_ref::<Known>()).and_then(|m| m.get(&id)) {
        return Ok(w.clone());
    }
    let row =
        cx.conn.query_opt("SELECT name, company_id, control FROM warehouses WHERE id = ?", &[id.into()])?.ok_or_else(Error::not_found)?;
    let company_id = row.id(1)?;
    let control = match row.opt_text(2)? {
        Some(own) => Control::parse(own),
        None => company(cx, company_id)?.stock_control,
    };
    let found = Warehouse { id, name: row.text(0)?.to_string(), company_id, control };
    let known = cx.memo.entry(MEMO).or_insert_with(|| Box::new(Known::new()));
    if let Some(m) = known.downcast_mut::<Known>() {
        m.insert(id, found.clone());
    }
    Ok(found)
}

/// The company's warehouse where it has exactly one: nobody should have to choose it.
pub fn only_warehouse(cx: &mut Cx, company: Id) -> Result<Option<Id>> {
    let rows = cx.conn.query("SELECT id, archived FROM warehouses WHERE company_id = ? LIMIT 50", &[company.into()])?;
    let mut found = None;
    for r in &rows {
        if !r.bool(1)? && found.replace(r.id(0)?).is_some() {
            return Ok(None);
        }
    }
    Ok(found)
}
