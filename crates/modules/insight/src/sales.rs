//! Sales: revenue net of VAT, quantity, cost and margin, with exact counts of lines, documents and partners, by month,
//! partner, product, country, manager, category, region or company. Returns count with a minus, reversed documents not at
//! all. Without counts (`counts=false`) whole months come from the monthly totals.

use crate::cond::Cond;
use crate::cut::{Cut, Key, Kind, limited, list_url};
use crate::money::{Money, add};
use crate::sales_query::{by_month_only, counts, months, sums};
use chrono::NaiveDate;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_platform::App;
use kontor_platform::ctx::Ctx;
use kontor_platform::report::{Chart, Params, ReportSpec, Table, TableColumn, TableRow};
use kontor_platform::spec::{Column, Spec, Ty};
use kontor_platform::store::{Backend, Conn};
use kontor_platform::value::Value;
use kontor_texts::tr;
use std::collections::BTreeMap;
use std::sync::OnceLock;

const BY: &[&str] = &["month", "partner", "product", "country", "manager", "category", "region", "company"];
/// Documents that write sales.
const RECORDERS: [&str; 2] = ["shipments", "returns"];
/// Of all movements those of goods that were sold for money, or those of goods that came back. What was given away is neither.
const ONLY: &[&str] = &["sold", "returned"];
/// Filters by columns of the register, by parameter.
const DIMS: [&str; 4] = ["company_id", "partner_id", "product_id", "manager_id"];

pub fn sales() -> ReportSpec {
    ReportSpec {
        name: "sales",
        icon: "chart-bar",
        params: vec![
            Column::choice("by", BY).default("month"),
            Column::date("from"),
            Column::date("to"),
            Column::code("currency", "currencies"),
            Column::reference("company_id", "companies"),
            Column::reference("partner_id", "partners"),
            Column::reference("product_id", "products"),
            Column::reference("category_id", "product-categories"),
            Column::reference("manager_id", "users"),
            Column::code("country", "countries"),
            Column::choice("only", ONLY),
            Column::bool("counts", true),
            Column::int("limit", 1, 100_000),
        ],
        roles: &["director", "sales_manager", "salesperson", "accountant"],
        reads: &[&RECORDERS],
        chart: Chart::Bar("revenue"),
        filters: lens,
        run,
    }
}

/// What the lines behind it may be filtered by, dotted paths included: `partner.region=…`, `product.series=…`.
fn lens(_: &App) -> Option<&'static Spec> {
    static LENS: OnceLock<&'static Spec> = OnceLock::new();
    Some(LENS.get_or_init(|| {
        Spec::facts("sales")
            .columns([
                Column::reference("company_id", "companies"),
                Column::reference("product_id", "products"),
                Column::reference("partner_id", "partners"),
                Column::reference("manager_id", "users"),
                Column::reference("warehouse_id", "warehouses"),
                Column::reference("deal_id", "deals"),
                Column::code("country", "countries"),
            ])
            .lens()
    }))
}

#[derive(Clone, Debug, Default)]
pub struct Sums {
    pub revenue: i64,
    pub quantity: i64,
    pub cost: i64,
    lines: i64,
    documents: i64,
    partners: i64,
    /// Date of the latest document.
    last: Option<NaiveDate>,
}

impl Sums {
    pub fn money(&mut self, revenue: i64, cost: i64) -> Result<()> {
        add(&mut self.revenue, revenue)?;
        add(&mut self.cost, cost)
    }
    pub fn counts(&mut self, lines: i64, documents: i64, partners: i64, last: Option<NaiveDate>) {
        self.last = self.last.max(last);
        self.lines += lines;
        self.documents += documents;
        self.partners += partners;
    }
}

/// What the caller sees and asked for.
#[derive(Clone, Copy)]
struct Shape {
    counts: bool,
    cost: bool,
}

fn columns(s: Shape) -> Vec<TableColumn> {
    let count = |name| TableColumn::new(name, Ty::Int { min: i64::MIN, max: i64::MAX });
    let mut c = vec![
        TableColumn::new("key", Ty::Text { max: 100 }),
        TableColumn::new("title", Ty::Text { max: 300 }),
        TableColumn::new("revenue", Ty::Amount),
        TableColumn::new("quantity", Ty::Quantity),
    ];
    if s.counts {
        c.extend([count("lines"), count("documents"), count("partners"), TableColumn::new("last_on", Ty::Date)]);
    }
    if s.cost {
        c.extend([TableColumn::new("cost", Ty::Amount), TableColumn::new("margin", Ty::Amount)]);
    }
    c.push(TableColumn::new("currency", Ty::Code("currencies")));
    c
}

fn cut(by: &str, backend: Backend) -> Cut {
    match by {
        "partner" => Cut::of("partner", "partners", "m.partner_id", Some("partner_id")),
        "product" => Cut::of("product", "products", "m.product_id", None),
        "manager" => Cut::of("manager", "users", "m.manager_id", Some("manager_id")),
        "company" => Cut::of("company", "companies", "m.company_id", Some("company_id")),
        "region" => {
            Cut::of("region", "regions", "(SELECT p.region_id FROM partners p WHERE p.id = m.partner_id)", Some("partner.region_id"))
        }
        "category" => Cut::of("category", "product-categories", "(SELECT p.category_id FROM products p WHERE p.id = m.product_id)", None),
        "country" => Cut { name: "country", kind: Kind::Code, sql: "m.country".into(), filter: Some("country") },
        _ => Cut::month(backend, "m.period", Some("date")),
    }
}

pub type Rows = BTreeMap<(Key, String), Sums>;

fn run(conn: &mut Conn, app: &App, ctx: &Ctx, params: &Params) -> Result<Table> {
    let cut = cut(params.text("by").unwrap_or("month"), conn.backend());
    let mut money = Money::asked(conn, params)?;
    let shipments = app.registry.get("shipments").ok_or_else(Error::not_found)?;
    let hidden = ["cost", "margin", "cost_total"].iter().any(|c| ctx.access.hidden(shipments, c));
    let shape = Shape { counts: params.values.get("counts").and_then(Value::as_bool).unwrap_or(true), cost: !hidden };
    let mut cond = Cond::default();
    scope(&mut cond, app, ctx)?;
    for name in DIMS {
        cond.given(params, name, &format!("m.{name}"));
    }
    cond.given(params, "country", "m.country");
    only(&mut cond, params);
    cond.category(params.id("category_id"), "m.product_id");
    cond.filters(app, ctx, conn.backend(), params, "m")?;
    let mut rows = Rows::new();
    let mut total = Sums::default();
    if !shape.counts && by_month_only(&cut, &cond, params) && money.to.is_none() {
        months(conn, app, params, &cut, &cond, &mut rows)?;
        for s in rows.values() {
            total.money(s.revenue, s.cost)?;
            add(&mut total.quantity, s.quantity)?;
        }
    } else {
        cond.since(params.date("from"), "m.period");
        cond.until(params.date("to"), "m.period");
        if money.to.is_some() || !shape.counts {
            sums(conn, &cut, &cond, &mut money, &mut rows, &mut total)?;
        }
        if shape.counts {
            counts(conn, &cut, &cond, &money, &mut rows, &mut total)?;
        }
    }
    let titles = cut.titles(conn, app, ctx, rows.keys().map(|k| k.0.clone()))?;
    Ok(table(ctx, &cut, params, &money, shape, &rows, &titles, &total))
}

/// A line of a shipment may stand with a minus, and one of a reversed document stands the other way round.
fn only(cond: &mut Cond, params: &Params) {
    match params.text("only") {
        Some("sold") => cond.and(
            "m.recorder_entity = 'shipments' AND CASE WHEN m.storno THEN m.quantity < 0 AND m.revenue < 0 ELSE m.quantity > 0 AND m.revenue > 0 END",
            [],
        ),
        Some("returned") => cond.and("CASE WHEN m.storno THEN m.quantity > 0 ELSE m.quantity < 0 END", []),
        _ => {}
    }
}

/// Sales are seen by who sees the document that made them. Manager, partner and company stand in the movements themselves.
fn scope(cond: &mut Cond, app: &App, ctx: &Ctx) -> Result<()> {
    let mut any = vec![];
    let mut params = vec![];
    let mut narrow = false;
    for name in RECORDERS {
        let spec = app.registry.get(name).ok_or_else(Error::not_found)?;
        if !ctx.access.may(spec, "read") {
            narrow = true;
            continue;
        }
        let p = ctx.access.predicate(&app.registry, spec, "read", "m");
        if p.sql.is_empty() {
            any.push(format!("m.recorder_entity = '{name}'"));
        } else {
            narrow = true;
            any.push(format!("(m.recorder_entity = '{name}' AND {})", p.sql));
            params.extend(p.params);
        }
    }
    if any.is_empty() {
        return Err(Error::forbidden().arg("action", "read").arg("entity", "shipments"));
    }
    if narrow {
        cond.and(format!("({})", any.join(" OR ")), params);
    }
    Ok(())
}

#[allow(clippy::too_many_arguments)]
fn table(
    ctx: &Ctx,
    cut: &Cut,
    params: &Params,
    money: &Money,
    shape: Shape,
    rows: &Rows,
    titles: &HashMap<Key, String>,
    total: &Sums,
) -> Table {
    let (currency, one) = money.of_table(rows.keys().map(|k| k.1.as_str()));
    let values = |head: [Value; 2], s: &Sums, currency: &str, by_money: bool| {
        let sum = |x: i64| if by_money { Value::Int(x) } else { Value::Null };
        let mut v = head.to_vec();
        v.extend([sum(s.revenue), s.quantity.into()]);
        if shape.counts {
            v.extend([s.lines.into(), s.documents.into(), s.partners.into(), s.last.into()]);
        }
        if shape.cost {
            v.extend([sum(s.cost), sum(s.revenue.saturating_sub(s.cost))]);
        }
        v.push(if by_money { currency.into() } else { Value::Null });
        v
    };
    let mut sorted: Vec<(&(Key, String), &Sums)> = rows.iter().collect();
    // Months stay in their order (and a month's currencies in theirs); everything else by what it brought.
    if cut.name != "month" {
        sorted.sort_by(|a, b| b.1.revenue.cmp(&a.1.revenue).then_with(|| titles.get(&a.0.0).cmp(&titles.get(&b.0.0))));
    }
    let (limit, mut notes) = limited(params, money, sorted.len());
    if shape.cost {
        notes.push("report-note-cost");
    }
    let rows = sorted
        .into_iter()
        .take(limit)
        .map(|(k, s)| TableRow {
            values: values([k.0.value(), titles.get(&k.0).map_or("", String::as_str).into()], s, &k.1, true),
            link: link(cut, params, &k.0, money.filter(&k.1)),
        })
        .collect();
    let totals = values([Value::Null, tr(ctx.lang, "report-total").into()], total, &currency, one);
    Table { currency, columns: columns(shape), rows, totals, notes }
}

/// Documents where a list filter can name them; products and categories stand in lines, so they open the next cut.
fn link(cut: &Cut, params: &Params, key: &Key, currency: Option<(String, String)>) -> Option<String> {
    let lines_only = ["product_id", "category_id", "only"].iter().any(|n| params.values.contains_key(n)) || !params.filters.is_empty();
    let mut out: Vec<(String, String)>;
    let target = match (cut.filters(key), key) {
        (Some(f), _) if !lines_only => {
            out = f;
            out.push(("state".into(), "posted".into()));
            "shipments"
        }
        (Some(f), _) => {
            // The same question, narrowed to this row and cut by product.
            out = vec![("by".into(), "product".into())];
            out.extend(f.into_iter().map(|(k, v)| {
                (
                    if k == "date.ge" {
                        "from".into()
                    } else if k == "date.le" {
                        "to".into()
                    } else {
                        k
                    },
                    v,
                )
            }));
            "reports/sales"
        }
        (None, Key::Id(id)) => {
            let (by, name) = if cut.name == "product" { ("partner", "product_id") } else { ("product", "category_id") };
            out = vec![("by".into(), by.into()), (name.into(), id.to_string())];
            "reports/sales"
        }
        (None, _) => return None,
    };
    // A report's parameter of that name converts; it does not narrow.
    out.extend(currency.filter(|_| target == "shipments"));
    let ends = if target == "shipments" { ["date.ge", "date.le"] } else { ["from", "to"] };
    let names = DIMS
        .into_iter()
        .chain(["country", "category_id", "only", "currency"])
        .filter(|n| target != "shipments" || !matches!(*n, "product_id" | "category_id" | "only" | "currency"));
    let given = |name: &str| {
        params.values.get(name).filter(|v| !v.is_null()).map(|v| match v {
            Value::Id(i) => i.to_string(),
            v => v.as_text().unwrap_or_default().to_string(),
        })
    };
    for name in names {
        if let Some(v) = given(name)
            && !out.iter().any(|f| f.0 == name)
        {
            out.push((name.into(), v));
        }
    }
    for (name, end) in ["from", "to"].into_iter().zip(ends) {
        if let Some(d) = params.date(name)
            && !out.iter().any(|f| f.0 == end)
        {
            out.push((end.into(), d.to_string()));
        }
    }
    if target != "shipments" {
        out.extend(params.filters.iter().map(|f| (f.key.clone(), f.value.clone())));
    }
    Some(list_url(target, &out))
}
