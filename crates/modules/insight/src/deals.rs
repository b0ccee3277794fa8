//! Deals: how many are open, won and lost, what they brought and how long they took, by stage, manager, team, product,
//! region, closing month, reason of the loss or lead source. A closed deal counts in the period in which it was closed; an
//! open one when it was there by then.

use crate::cond::{Cond, days_between, readable, sum};
use crate::cut::{Cut, Key, list_url};
use crate::money::{Money, add, by_document};
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, allocate, mul_div};
use kontor_platform::App;
use kontor_platform::ctx::Ctx;
use kontor_platform::report::{Chart, Params, ReportSpec, Table, TableColumn, TableRow};
use kontor_platform::spec::{Column, Ty};
use kontor_platform::store::{Backend, Conn, marks, padded, parts};
use kontor_platform::value::{Id, Value};
use kontor_texts::tr;
use std::collections::BTreeMap;

pub fn deals() -> ReportSpec {
    ReportSpec {
        name: "deals",
        icon: "target",
        params: vec![
            Column::choice("by", &["stage", "manager", "team", "product", "region", "month", "reason", "source"]).default("stage"),
            Column::date("from"),
            Column::date("to"),
            Column::code("currency", "currencies"),
            Column::reference("kind_id", "deal-kinds"),
            Column::reference("manager_id", "users"),
            Column::reference("partner_id", "partners"),
            Column::reference("product_id", "products"),
            Column::int("limit", 1, 100_000),
        ],
        roles: &["director", "sales_manager", "salesperson", "field_agent", "accountant"],
        reads: &[&["deals"]],
        chart: Chart::Bar("won_amount"),
        filters: |app| app.registry.get("deals"),
        run,
    }
}

fn columns() -> Vec<TableColumn> {
    let count = |name| TableColumn::new(name, Ty::Int { min: 0, max: i64::MAX });
    vec![
        TableColumn::new("key", Ty::Text { max: 100 }),
        TableColumn::new("title", Ty::Text { max: 300 }),
        count("open"),
        count("won"),
        count("lost"),
        TableColumn::share("win_rate"),
        TableColumn::new("won_amount", Ty::Amount),
        TableColumn::new("open_amount", Ty::Amount),
        TableColumn::new("days_to_close", Ty::Quantity),
        TableColumn::new("days_to_win", Ty::Quantity),
        TableColumn::new("days_to_lose", Ty::Quantity),
        TableColumn::new("currency", Ty::Code("currencies")),
    ]
}

/// Figures of a group of deals.
#[derive(Clone, Debug, Default)]
struct Sums {
    open: i64,
    won: i64,
    lost: i64,
    won_amount: i64,
    open_amount: i64,
    /// Days from opening to closing, and of how many deals they are known.
    won_days: (i64, i64),
    lost_days: (i64, i64),
}

impl Sums {
    fn add(&mut self, o: &Sums) -> Result<()> {
        self.open += o.open;
        self.won += o.won;
        self.lost += o.lost;
        add(&mut self.won_amount, o.won_amount)?;
        add(&mut self.open_amount, o.open_amount)?;
        for (to, from) in [(&mut self.won_days, o.won_days), (&mut self.lost_days, o.lost_days)] {
            to.0 += from.0;
            to.1 += from.1;
        }
        Ok(())
    }

    /// Values of the columns behind key and title; sums of money are left out where currencies differ.
    fn values(&self, money: bool) -> Vec<Value> {
        let closed = (self.won_days.0 + self.lost_days.0, self.won_days.1 + self.lost_days.1);
        let sum = |x: i64| if money { Value::Int(x) } else { Value::Null };
        vec![
            self.open.into(),
            self.won.into(),
            self.lost.into(),
            share(self.won, self.won + self.lost),
            sum(self.won_amount),
            sum(self.open_amount),
            average(closed),
            average(self.won_days),
            average(self.lost_days),
        ]
    }
}

/// `part / whole` to six decimals.
pub fn share(part: i64, whole: i64) -> Value {
    mul_div(part, 1_000_000, whole).map_or(Value::Null, Value::Int)
}

/// Days, to four decimals.
fn average((total, count): (i64, i64)) -> Value {
    mul_div(total, 10_000, count).map_or(Value::Null, |x| Value::Int(x * 100))
}

fn cut(by: &str, backend: Backend) -> Cut {
    match by {
        "manager" => Cut::of("manager", "users", "d.manager_id", Some("manager_id")),
        "team" => Cut::of("team", "users", "(SELECT u.head_id FROM users u WHERE u.id = d.manager_id)", Some("manager.head_id")),
        "region" => {
            Cut::of("region", "regions", "(SELECT p.region_id FROM partners p WHERE p.id = d.partner_id)", Some("partner.region_id"))
        }
        // The products stand in the lines, which are looked at afterwards.
        "product" => Cut::of("product", "products", "NULL", None),
        "month" => Cut::month(backend, "d.closed_on", Some("closed_on")),
        "reason" => Cut::of("reason", "loss-reasons", "d.loss_reason_id", Some("loss_reason_id")),
        "source" => Cut::of("source", "lead-sources", "d.lead_source_id", Some("lead_source_id")),
        _ => Cut::of("stage", "stages", "d.stage_id", Some("stage_id")),
    }
}

/// One row of the grouped query; `deal` is there where deals have to be looked at one by one.
struct Found {
    key: Key,
    currency: String,
    deal: Option<Id>,
    sums: Sums,
}

fn run(conn: &mut Conn, app: &App, ctx: &Ctx, params: &Params) -> Result<Table> {
    let spec = readable(app, ctx, "deals")?;
    let backend = conn.backend();
    let cut = cut(params.text("by").unwrap_or("stage"), backend);
    let mut money = Money::asked(conn, params)?;
    let mut cond = Cond::default();
    cond.scope(app, ctx, spec, "d");
    cond.and("d.archived = ?", [false.into()]);
    for name in ["kind_id", "manager_id", "partner_id"] {
        cond.given(params, name, &format!("d.{name}"));
    }
    let lines = &spec.lines_of("lines").ok_or_else(|| Error::internal("deals have no lines"))?.1.table;
    if let Some(product) = params.id("product_id") {
        cond.and(format!("EXISTS (SELECT 1 FROM {lines} l WHERE l.parent_id = d.id AND l.product_id = ?)"), [product.into()]);
    }
    cond.filters(app, ctx, backend, params, "d")?;
    if cut.name == "reason" {
        cond.and("d.state = 'lost'", []);
    }
    period(&mut cond, params, cut.name == "month");
    let found = groups(conn, &cut, &cond, &mut money)?;
    let mut total = Sums::default();
    for f in &found {
        total.add(&f.sums)?;
    }
    let found = if cut.name == "product" { by_product(conn, lines, found)? } else { found };
    let mut rows: BTreeMap<(Key, String), Sums> = BTreeMap::new();
    for f in found {
        rows.entry((f.key, f.currency)).or_default().add(&f.sums)?;
    }
    let titles = cut.titles(conn, app, ctx, rows.keys().map(|k| k.0.clone()))?;
    Ok(table(ctx, &cut, params, &money, rows, &titles, &total))
}

/// Open deals have no closing day: they count when they were there by the end of the period, and in no month.
fn period(cond: &mut Cond, params: &Params, closed_only: bool) {
    let (from, to) = (params.date("from"), params.date("to"));
    if closed_only {
        cond.and("d.state IN ('won', 'lost') AND d.closed_on IS NOT NULL", []);
        cond.since(from, "d.closed_on");
        cond.until(to, "d.closed_on");
        return;
    }
    if let Some(d) = from {
        cond.and("(d.state = 'open' OR d.closed_on >= ?)", [d.into()]);
    }
    if let Some(d) = to {
        cond.and(
            "(d.state <> 'open' OR d.opened_on IS NULL OR d.opened_on <= ?) AND (d.state = 'open' OR d.closed_on <= ?)",
            [d.into(), d.into()],
        );
    }
}

fn groups(conn: &mut Conn, cut: &Cut, cond: &Cond, money: &mut Money) -> Result<Vec<Found>> {
    let backend = conn.backend();
    let (deal, date) = if cut.name == "product" {
        ("d.id".to_string(), "COALESCE(d.closed_on, d.opened_on)".to_string())
    } else {
        (by_document(money.to, "d.currency", "d.id"), by_document(money.to, "d.currency", "COALESCE(d.closed_on, d.opened_on)"))
    };
    let count = |when: &str| sum(backend, &format!("CASE WHEN {when} THEN 1 ELSE 0 END"));
    let days = days_between(backend, "d.opened_on", "d.closed_on");
    let known = "d.opened_on IS NOT NULL AND d.closed_on IS NOT NULL";
    let select = [
        count("d.state = 'open'"),
        count("d.state = 'won'"),
        count("d.state = 'lost'"),
        sum(backend, "CASE WHEN d.state = 'won' THEN COALESCE(d.won_amount, d.amount) ELSE 0 END"),
        sum(backend, "CASE WHEN d.state = 'open' THEN d.amount ELSE 0 END"),
        sum(backend, &format!("CASE WHEN d.state = 'won' THEN {days} ELSE 0 END")),
        count(&format!("d.state = 'won' AND {known}")),
        sum(backend, &format!("CASE WHEN d.state = 'lost' THEN {days} ELSE 0 END")),
        count(&format!("d.state = 'lost' AND {known}")),
    ];
    let null =
        |sql: &str, ty: &str| if sql == "NULL" && backend == Backend::Postgres { format!("CAST(NULL AS {ty})") } else { sql.to_string() };
    let key = null(&cut.sql, "UUID");
    let sql = format!(
        "SELECT {key}, d.currency, {}, {}, {} FROM deals d{} GROUP BY 1, 2, 3, 4",
        null(&deal, "UUID"),
        null(&date, "DATE"),
        select.join(", "),
        cond.sql()
    );
    let rows = conn.query(&sql, &cond.params)?;
    let mut out = Vec::with_capacity(rows.len());
    for r in &rows {
        let from = r.opt_text(1)?.unwrap_or_default();
        let n = |i: usize| r.int(4 + i);
        let date = r.opt_date(3)?;
        let mut sums =
            Sums { open: n(0)?, won: n(1)?, lost: n(2)?, won_days: (n(5)?, n(6)?), lost_days: (n(7)?, n(8)?), ..Default::default() };
        sums.won_amount = money.convert(conn, n(3)?, from, date)?;
        sums.open_amount = money.convert(conn, n(4)?, from, date)?;
        out.push(Found { key: cut.key(r, 0)?, currency: money.shown(from), deal: r.opt_id(2)?, sums });
    }
    Ok(out)
}

/// A deal counts once for each of its products; its sum is split between them by the sums of its lines.
fn by_product(conn: &mut Conn, lines: &str, deals: Vec<Found>) -> Result<Vec<Found>> {
    let ids: Vec<Id> = deals.iter().filter_map(|d| d.deal).collect();
    let mut of: HashMap<Id, BTreeMap<Id, i64>> = HashMap::new();
    for chunk in parts(&ids) {
        let params = padded(chunk);
        let marks = marks(params.len());
        let sql = format!("SELECT parent_id, product_id, amount FROM {lines} WHERE parent_id IN ({marks}) AND product_id IS NOT NULL");
        for r in conn.query(&sql, &params)? {
            add(of.entry(r.id(0)?).or_default().entry(r.id(1)?).or_default(), r.opt_int(2)?.unwrap_or(0))?;
        }
    }
    let mut out = Vec::with_capacity(deals.len());
    for d in deals {
        let Some(products) = d.deal.and_then(|i| of.get(&i)) else {
            out.push(d);
            continue;
        };
        let minor = crate::money::currency(&d.currency).map_or(2, |c| c.minor());
        let weights: Vec<i64> = products.values().copied().collect();
        let won = allocate(Amount::from_scaled(d.sums.won_amount), &weights, minor);
        let open = allocate(Amount::from_scaled(d.sums.open_amount), &weights, minor);
        for (n, product) in products.keys().enumerate() {
            let sums = Sums { won_amount: won[n].scaled(), open_amount: open[n].scaled(), ..d.sums.clone() };
            out.push(Found { key: Key::Id(*product), currency: d.currency.clone(), deal: d.deal, sums });
        }
    }
    Ok(out)
}

fn table(
    ctx: &Ctx,
    cut: &Cut,
    params: &Params,
    money: &Money,
    rows: BTreeMap<(Key, String), Sums>,
    titles: &HashMap<Key, String>,
    total: &Sums,
) -> Table {
    let (currency, one) = money.of_table(rows.keys().map(|k| k.1.as_str()));
    let mut sorted: Vec<(&(Key, String), &Sums)> = rows.iter().collect();
    if cut.name != "month" {
        sorted.sort_by_key(|(_, s)| std::cmp::Reverse((s.won_amount, s.open_amount, s.won + s.lost + s.open)));
    }
    let row = |(key, s): (&(Key, String), &Sums)| {
        let mut values = vec![key.0.value(), titles.get(&key.0).map_or("", String::as_str).into()];
        values.extend(s.values(true));
        values.push(key.1.as_str().into());
        TableRow { values, link: link(cut, params, &key.0, s, money.filter(&key.1)) }
    };
    let mut totals = vec![Value::Null, tr(ctx.lang, "report-total").into()];
    totals.extend(total.values(one));
    totals.push(if one { currency.as_str().into() } else { Value::Null });
    let (limit, notes) = crate::cut::limited(params, money, sorted.len());
    let rows = sorted.into_iter().take(limit).map(row).collect();
    Table { currency, columns: columns(), rows, totals, notes }
}

fn link(cut: &Cut, params: &Params, key: &Key, sums: &Sums, currency: Option<(String, String)>) -> Option<String> {
    let mut filters = cut.filters(key)?;
    for name in ["kind_id", "manager_id", "partner_id"] {
        if let Some(id) = params.id(name)
            && !filters.iter().any(|f| f.0 == name)
        {
            filters.push((name.into(), id.to_string()));
        }
    }
    filters.extend(params.filters.iter().map(|f| (f.key.clone(), f.value.clone())));
    if cut.name != "month" && sums.open == 0 {
        for (name, end) in [("from", "closed_on.ge"), ("to", "closed_on.le")] {
            if let Some(d) = params.date(name) {
                filters.push((end.into(), d.to_string()));
            }
        }
    }
    filters.extend(currency);
    Some(list_url("deals", &filters))
}
