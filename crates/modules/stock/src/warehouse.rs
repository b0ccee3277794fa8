//! Warehouses: each belongs to one own company and says how negative stock is treated there.

use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_office::{Control, company};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::kept::{self, Kept};
use kontor_platform::spec::{Column, Rules, Spec};
use kontor_platform::store::Row;
use kontor_platform::value::Id;

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
        .kept_by(kept::SETTINGS)
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

/// Most warehouses kept in memory; of more, each is read when it is asked for.
const KEPT: usize = 5_000;

#[derive(Default)]
struct Warehouses {
    by_id: HashMap<Id, Warehouse>,
    /// Those of a company that are not archived: none, one or several.
    open: HashMap<Id, Vec<Id>>,
    /// There are no others.
    all: bool,
}

impl Kept for Warehouses {
    const BY: &'static str = kept::SETTINGS;
    fn load(cx: &mut Cx) -> Result<Self> {
        let rows = cx.conn.query(&format!("{SELECT} ORDER BY id LIMIT {}", KEPT + 1), &[])?;
        if rows.len() > KEPT {
            return Ok(Warehouses::default());
        }
        let mut out = Warehouses { all: true, ..Warehouses::default() };
        for r in &rows {
            let w = of_row(cx, r)?;
            if !r.bool(4)? {
                out.open.entry(w.company_id).or_default().push(w.id);
            }
            out.by_id.insert(w.id, w);
        }
        Ok(out)
    }
}

const SELECT: &str = "SELECT id, name, company_id, control, archived FROM warehouses";

fn of_row(cx: &mut Cx, r: &Row) -> Result<Warehouse> {
    let company_id = r.id(2)?;
    let control = match r.opt_text(3)? {
        Some(own) => Control::parse(own),
        None => company(cx, company_id)?.stock_control,
    };
    Ok(Warehouse { id: r.id(0)?, name: r.text(1)?.to_string(), company_id, control })
}

/// A warehouse as documents need it.
pub fn warehouse(cx: &mut Cx, id: Id) -> Result<Warehouse> {
    if let Some(w) = cx.kept::<Warehouses>()?.by_id.get(&id) {
        return Ok(w.clone());
    }
    let row = cx.conn.query_opt(&format!("{SELECT} WHERE id = ?"), &[id.into()])?.ok_or_else(Error::not_found)?;
    of_row(cx, &row)
}

/// The company's warehouse where it has exactly one: nobody should have to choose it.
pub fn only_warehouse(cx: &mut Cx, company: Id) -> Result<Option<Id>> {
    let kept = cx.kept::<Warehouses>()?;
    let open = match kept.all {
        true => kept.open.get(&company).cloned().unwrap_or_default(),
        false => {
            let rows = cx
                .conn
                .query("SELECT id FROM warehouses WHERE company_id = ? AND archived = ? LIMIT 2", &[company.into(), false.into()])?;
            rows.iter().map(|r| r.id(0)).collect::<Result<_>>()?
        }
    };
    Ok(if let [only] = open.as_slice() { Some(*only) } else { None })
}
