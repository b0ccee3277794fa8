//! Stock: what is on hand, reserved and free, and what it cost, by product, warehouse or category, today or as of a day.

use crate::cond::{Cond, readable};
use crate::cut::{Cut, Key, limited, list_url};
use crate::money::{Money, add, currency};
use kontor_catalog::unit_symbols;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, mul_div};
use kontor_platform::App;
use kontor_platform::ctx::Ctx;
use kontor_platform::registers::BALANCE;
use kontor_platform::registers::turnover::balances;
use kontor_platform::report::{Chart, Params, ReportSpec, Table, TableColumn, TableRow};
use kontor_platform::spec::{Column, Spec, Ty};
use kontor_platform::store::Conn;
use kontor_platform::value::{Id, Value};
use kontor_texts::tr;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

pub fn stock() -> ReportSpec {
    ReportSpec {
        name: "stock",
        icon: "packages",
        params: vec![
            Column::choice("by", &["product", "warehouse", "category"]).default("product"),
            Column::date("as_of"),
            Column::code("currency", "currencies"),
            Column::reference("warehouse_id", "warehouses"),
            Column::reference("category_id", "product-categories"),
            Column::reference("product_id", "products"),
            Column::int("limit", 1, 100_000),
        ],
        roles: &["director", "sales_manager", "salesperson", "storekeeper", "accountant", "field_agent"],
        reads: &[&["warehouses"], &["products"]],
        chart: Chart::None,
        filters: lens,
        run,
    }
}

/// What its rows may be filtered by, dotted paths included: `product.series=…`, `warehouse.company_id=…`.
fn lens(_: &App) -> Option<&'static Spec> {
    static LENS: OnceLock<&'static Spec> = OnceLock::new();
    Some(LENS.get_or_init(|| {
        Spec::facts("stock").columns([Column::reference("warehouse_id", "warehouses"), Column::reference("product_id", "products")]).lens()
    }))
}

#[derive(Clone, Debug, Default)]
struct Sums {
    on_hand: i64,
    reserved: i64,
    cost: i64,
    products: BTreeSet<Id>,
    units: BTreeSet<Id>,
    sku: Option<String>,
}

impl Sums {
    fn add(&mut self, o: &Found) -> Result<()> {
        add(&mut self.on_hand, o.on_hand)?;
        add(&mut self.reserved, o.reserved)?;
        add(&mut self.cost, o.cost)?;
        self.products.insert(o.product);
        self.units.insert(o.unit);
        self.sku.clone_from(&o.sku);
        Ok(())
    }
}

struct Found {
    key: Key,
    currency: String,
    product: Id,
    unit: Id,
    sku: Option<String>,
    on_hand: i64,
    reserved: i64,
    cost: i64,
}

/// Cost is shown to those who see what goods were received for.
fn sees_cost(app: &App, ctx: &Ctx) -> bool {
    app.registry.get("stock-receipts").is_some_and(|s| ctx.access.may(s, "read") && !ctx.access.hidden(s, "cost"))
}

fn columns(cost: bool) -> Vec<TableColumn> {
    let mut c = vec![
        TableColumn::new("key", Ty::Text { max: 100 }),
        TableColumn::new("title", Ty::Text { max: 300 }),
        TableColumn::new("sku", Ty::Text { max: 100 }),
        TableColumn::new("unit", Ty::Text { max: 20 }),
        TableColumn::new("on_hand", Ty::Quantity),
        TableColumn::new("reserved", Ty::Quantity),
        TableColumn::new("available", Ty::Quantity),
        TableColumn::new("products", Ty::Int { min: 0, max: i64::MAX }),
    ];
    if cost {
        c.push(TableColumn::new("cost", Ty::Amount));
        c.push(TableColumn::new("currency", Ty::Code("currencies")));
    }
    c
}

fn run(conn: &mut Conn, app: &App, ctx: &Ctx, params: &Params) -> Result<Table> {
    readable(app, ctx, "warehouses")?;
    readable(app, ctx, "products")?;
    let cut = match params.text("by").unwrap_or("product") {
        "warehouse" => Cut::of("warehouse", "warehouses", "b.warehouse_id", None),
        "category" => Cut::of("category", "product-categories", "p.category_id", None),
        _ => Cut::of("product", "products", "b.product_id", None),
    };
    let mut money = Money::asked(conn, params)?;
    let found = found(conn, app, ctx, params, &cut, &mut money)?;
    let (mut rows, mut total): (BTreeMap<(Key, String), Sums>, Sums) = Default::default();
    let cost = sees_cost(app, ctx);
    for f in &found {
        let currency = if cost { f.currency.clone() } else { String::new() };
        rows.entry((f.key.clone(), currency)).or_default().add(f)?;
        total.add(f)?;
    }
    let titles = cut.titles(conn, app, ctx, rows.keys().map(|k| k.0.clone()))?;
    let units = unit_symbols(conn, ctx)?;
    Ok(table(ctx, &cut, params, &money, cost, rows, &titles, &units, &total))
}

fn found(conn: &mut Conn, app: &App, ctx: &Ctx, params: &Params, cut: &Cut, money: &mut Money) -> Result<Vec<Found>> {
    let backend = conn.backend();
    let reg = app.registry.register_of("stock").ok_or_else(Error::not_found)?;
    let mut cond = Cond::default();
    let source = match params.date("as_of") {
        None => {
            cond.and("b.month = ?", [BALANCE.into()]);
            reg.totals()
        }
        Some(day) => {
            let at = balances(reg, backend, day);
            // These stand in front of all other parameters.
            cond.and("1 = 1", at.params);
            at.sql
        }
    };
    cond.and("(b.on_hand <> 0 OR b.reserved <> 0)", []);
    for (collection, alias) in [("warehouses", "w"), ("products", "p")] {
        cond.scope(app, ctx, readable(app, ctx, collection)?, alias);
    }
    cond.given(params, "warehouse_id", "b.warehouse_id");
    cond.given(params, "product_id", "b.product_id");
    cond.category(params.id("category_id"), "b.product_id");
    cond.filters(app, ctx, backend, params, "b")?;
    let rows = conn.query(
        &format!(
            "SELECT {}, c.currency, b.product_id, p.unit_id, p.sku, b.on_hand, b.reserved, k.quantity, k.amount FROM {source} b JOIN warehouses w ON w.id = b.warehouse_id JOIN companies c ON c.id = w.company_id JOIN products p ON p.id = b.product_id LEFT JOIN reg_stock_cost_totals k ON k.company_id = w.company_id AND k.product_id = b.product_id AND k.month = '{BALANCE}'{}",
            cut.sql,
            cond.sql()
        ),
        &cond.params,
    )?;
    let day = params.date("as_of").unwrap_or(ctx.today);
    rows.iter()
        .map(|r| {
            let (on_hand, quantity, amount) = (r.int(5)?, r.opt_int(7)?.unwrap_or(0), r.opt_int(8)?.unwrap_or(0));
            let from = r.text(1)?;
            let own = if quantity > 0 { mul_div(amount, on_hand, quantity).ok_or_else(|| Error::refused("number_overflow"))? } else { 0 };
            let own = Amount::from_scaled(own).round_to(currency(from)?.minor())?.scaled();
            Ok(Found {
                key: cut.key(r, 0)?,
                currency: money.shown(from),
                product: r.id(2)?,
                unit: r.id(3)?,
                sku: r.opt_text(4)?.map(str::to_string),
                on_hand,
                reserved: r.int(6)?,
                cost: money.convert(conn, own, from, Some(day))?,
            })
        })
        .collect()
}

#[allow(clippy::too_many_arguments)]
fn table(
    ctx: &Ctx,
    cut: &Cut,
    params: &Params,
    money: &Money,
    cost: bool,
    rows: BTreeMap<(Key, String), Sums>,
    titles: &HashMap<Key, String>,
    units: &HashMap<Id, String>,
    total: &Sums,
) -> Table {
    let (currency, one) = money.of_table(rows.keys().map(|k| k.1.as_str()));
    let values = |head: [Value; 2], s: &Sums, currency: &str, by_money: bool| {
        let mut v = head.to_vec();
        let is_product = cut.name == "product" && s.products.len() == 1;
        v.push(if is_product { s.sku.clone().into() } else { Value::Null });
        // Pieces and metres are not added up.
        let unit = if s.units.len() == 1 { s.units.first().and_then(|u| units.get(u)) } else { None };
        v.push(unit.cloned().into());
        for n in [s.on_hand, s.reserved, s.on_hand.saturating_sub(s.reserved)] {
            v.push(if unit.is_some() { Value::Int(n) } else { Value::Null });
        }
        v.push((s.products.len() as i64).into());
        if cost {
            v.push(if by_money { s.cost.into() } else { Value::Null });
            v.push(if by_money { currency.into() } else { Value::Null });
        }
        v
    };
    let mut sorted: Vec<(&(Key, String), &Sums)> = rows.iter().collect();
    if cost {
        sorted.sort_by_key(|(_, s)| std::cmp::Reverse(s.cost));
    } else {
        sorted.sort_by_key(|(k, _)| titles.get(&k.0).cloned());
    }
    let (limit, mut notes) = limited(params, money, sorted.len());
    if cost {
        notes.push("report-note-cost");
    }
    let rows = sorted
        .into_iter()
        .take(limit)
        .map(|(k, s)| TableRow {
            values: values([k.0.value(), titles.get(&k.0).map_or("", String::as_str).into()], s, &k.1, true),
            link: link(cut, params, &k.0),
        })
        .collect();
    let totals = values([Value::Null, tr(ctx.lang, "report-total").into()], total, &currency, one);
    Table { currency, columns: columns(cost), rows, totals, notes }
}

/// A product opens its card, a warehouse or category the products in it.
fn link(cut: &Cut, params: &Params, key: &Key) -> Option<String> {
    let Key::Id(id) = key else { return None };
    let name = match cut.name {
        "product" => return Some(format!("/products/{id}")),
        "warehouse" => "warehouse_id",
        _ => "category_id",
    };
    let mut filters = vec![("by".to_string(), "product".to_string()), (name.to_string(), id.to_string())];
    for p in ["warehouse_id", "category_id"] {
        if let Some(v) = params.id(p).filter(|_| p != name) {
            filters.push((p.into(), v.to_string()));
        }
    }
    if let Some(d) = params.date("as_of") {
        filters.push(("as_of".into(), d.to_string()));
    }
    Some(list_url("reports/stock", &filters))
}
