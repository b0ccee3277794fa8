//! Settlements: balances of partners with what is overdue, by age, on a day; with `from` also the turnovers since. A sum
//! is converted, where asked for, at the rate of its document's date.

use crate::cond::{Cond, readable, sum};
use crate::cut::{Cut, Key, list_url};
use crate::money::{Money, add, by_document};
use chrono::NaiveDate;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_platform::App;
use kontor_platform::ctx::Ctx;
use kontor_platform::registers::turnover::turnover;
use kontor_platform::report::{Chart, Params, ReportSpec, Table, TableColumn, TableRow};
use kontor_platform::spec::{Column, Spec, Ty};
use kontor_platform::store::Conn;
use kontor_platform::value::Value;
use kontor_texts::tr;
use std::collections::BTreeMap;

pub fn settlements() -> ReportSpec {
    ReportSpec {
        name: "settlements",
        icon: "scale",
        params: vec![
            Column::choice("by", &["partner", "manager", "company"]).default("partner"),
            Column::date("from"),
            Column::date("to"),
            Column::code("currency", "currencies"),
            Column::reference("company_id", "companies"),
            Column::reference("partner_id", "partners"),
            Column::reference("manager_id", "users"),
            Column::int("limit", 1, 100_000),
        ],
        roles: &["director", "sales_manager", "salesperson", "accountant", "field_agent"],
        reads: &[&["settlement-documents"]],
        chart: Chart::Bar("balance"),
        filters: |app| app.registry.get("settlement-documents"),
        run,
    }
}

/// Open on documents, by days past due: not due, 1-7, 8-14, 15-30, more.
const AGES: [&str; 5] = ["not_due", "age_1_7", "age_8_14", "age_15_30", "age_31"];

fn columns(turnovers: bool) -> Vec<TableColumn> {
    let amount = |name| TableColumn::new(name, Ty::Amount);
    let mut c = vec![TableColumn::new("key", Ty::Text { max: 100 }), TableColumn::new("title", Ty::Text { max: 300 })];
    if turnovers {
        c.extend([amount("opening"), amount("debit"), amount("credit")]);
    }
    c.extend([amount("balance"), amount("overdue")]);
    c.extend(AGES.map(amount));
    c.extend([
        amount("prepaid"),
        TableColumn::new("documents", Ty::Int { min: 0, max: i64::MAX }),
        TableColumn::new("currency", Ty::Code("currencies")),
    ]);
    c
}

#[derive(Clone, Debug, Default)]
struct Sums {
    debit: i64,
    credit: i64,
    /// Not due, then the ages.
    ages: [i64; 5],
    prepaid: i64,
    documents: i64,
}

impl Sums {
    fn owed(&self) -> i64 {
        self.ages.iter().sum()
    }
    fn balance(&self) -> i64 {
        self.owed() - self.prepaid
    }
    fn add(&mut self, o: &Sums) -> Result<()> {
        add(&mut self.debit, o.debit)?;
        add(&mut self.credit, o.credit)?;
        for (to, from) in self.ages.iter_mut().zip(o.ages) {
            add(to, from)?;
        }
        add(&mut self.prepaid, o.prepaid)?;
        self.documents += o.documents;
        Ok(())
    }
    fn values(&self, turnovers: bool, money: bool) -> Vec<Value> {
        let mut n = vec![];
        if turnovers {
            n.extend([self.balance() - self.debit + self.credit, self.debit, self.credit]);
        }
        n.extend([self.balance(), self.owed() - self.ages[0]]);
        n.extend(self.ages);
        n.push(self.prepaid);
        let mut v: Vec<Value> = n.into_iter().map(|x| if money { Value::Int(x) } else { Value::Null }).collect();
        v.push(self.documents.into());
        v
    }
    fn is_empty(&self) -> bool {
        self.documents == 0 && self.debit == 0 && self.credit == 0
    }
}

type Rows = BTreeMap<(Key, String), Sums>;

fn run(conn: &mut Conn, app: &App, ctx: &Ctx, params: &Params) -> Result<Table> {
    let spec = readable(app, ctx, "settlement-documents")?;
    let cut = match params.text("by").unwrap_or("partner") {
        "manager" => {
            Cut::of("manager", "users", "(SELECT p.manager_id FROM partners p WHERE p.id = s.partner_id)", Some("partner.manager_id"))
        }
        "company" => Cut::of("company", "companies", "s.company_id", Some("company_id")),
        _ => Cut::of("partner", "partners", "s.partner_id", Some("partner_id")),
    };
    let mut money = Money::asked(conn, params)?;
    let mut rows = Rows::new();
    open(conn, app, ctx, params, &cut, spec, &mut money, &mut rows)?;
    if params.date("from").is_some() {
        turnovers(conn, app, ctx, params, &cut, spec, &mut money, &mut rows)?;
    }
    rows.retain(|_, s| !s.is_empty());
    let titles = cut.titles(conn, app, ctx, rows.keys().map(|k| k.0.clone()))?;
    table(ctx, &cut, params, &money, &rows, &titles)
}

fn narrow(cond: &mut Cond, conn: &Conn, app: &App, ctx: &Ctx, params: &Params, spec: &'static Spec) -> Result<()> {
    cond.scope(app, ctx, spec, "s");
    cond.given(params, "company_id", "s.company_id");
    cond.given(params, "partner_id", "s.partner_id");
    if let Some(m) = params.id("manager_id") {
        cond.and("s.partner_id IN (SELECT p.id FROM partners p WHERE p.manager_id = ?)", [m.into()]);
    }
    cond.filters(app, ctx, conn.backend(), params, "s")
}

/// What is open on each document, by the days that it is past due.
#[allow(clippy::too_many_arguments)]
fn open(
    conn: &mut Conn,
    app: &App,
    ctx: &Ctx,
    params: &Params,
    cut: &Cut,
    spec: &'static Spec,
    money: &mut Money,
    rows: &mut Rows,
) -> Result<()> {
    let backend = conn.backend();
    let reg = app.registry.register_of("settlements").ok_or_else(Error::not_found)?;
    let mut cond = Cond::default();
    let (source, balance) = match params.date("to").filter(|d| *d < ctx.today) {
        None => ("settlement_documents s".to_string(), "s.open"),
        Some(day) => {
            let t = turnover(reg, None, Some(day));
            let source = format!(
                "settlement_documents s JOIN (SELECT x.document_id, {} AS amount FROM ({}) x GROUP BY x.document_id) b ON b.document_id = s.id",
                sum(backend, "x.amount"),
                t.sql
            );
            // These stand in front of all other parameters.
            cond.and("1 = 1", t.params);
            (source, "b.amount")
        }
    };
    cond.and(format!("{balance} <> 0"), []);
    narrow(&mut cond, conn, app, ctx, params, spec)?;
    let date = by_document(money.to, "s.currency", "s.date");
    let date = if date == "NULL" { "CAST(NULL AS DATE)".to_string() } else { date };
    let found = conn.query(
        &format!(
            "SELECT {}, s.currency, COALESCE(g.due_date, s.due_date), {date}, {balance} > 0, {}, {} FROM {source} \
             LEFT JOIN settlement_stages g ON g.document_id = s.id{} GROUP BY 1, 2, 3, 4, 5",
            cut.sql,
            sum(backend, &kontor_settlements::part_of(balance)),
            // Each document once, with its last part.
            sum(backend, "CASE WHEN g.id IS NULL OR g.later = 0 THEN 1 ELSE 0 END"),
            cond.sql()
        ),
        &cond.params,
    )?;
    let day = params.date("to").unwrap_or(ctx.today);
    for r in &found {
        let from = r.text(1)?;
        let amount = money.convert(conn, r.int(5)?, from, if money.to.is_some() { r.opt_date(3)? } else { None })?;
        let mut s = Sums { documents: r.int(6)?, ..Default::default() };
        if r.bool(4)? {
            s.ages[age(r.date(2)?, day)] = amount;
        } else {
            s.prepaid = amount.checked_neg().ok_or_else(|| Error::refused("number_overflow"))?;
        }
        rows.entry((cut.key(r, 0)?, money.shown(from))).or_default().add(&s)?;
    }
    Ok(())
}

fn age(due: NaiveDate, day: NaiveDate) -> usize {
    match (day - due).num_days() {
        ..=0 => 0,
        1..=7 => 1,
        8..=14 => 2,
        15..=30 => 3,
        _ => 4,
    }
}

/// Net of each document that wrote movements in the period: what raised the debt and what lowered it.
#[allow(clippy::too_many_arguments)]
fn turnovers(
    conn: &mut Conn,
    app: &App,
    ctx: &Ctx,
    params: &Params,
    cut: &Cut,
    spec: &'static Spec,
    money: &mut Money,
    rows: &mut Rows,
) -> Result<()> {
    let backend = conn.backend();
    let mut cond = Cond::default();
    cond.since(params.date("from"), "m.period");
    cond.until(params.date("to"), "m.period");
    narrow(&mut cond, conn, app, ctx, params, spec)?;
    let date = if money.to.is_some() { "s.date" } else { "CAST(NULL AS DATE)" };
    let found = conn.query(
        &format!("SELECT {}, s.currency, m.recorder_id, {date}, {} FROM reg_settlements_movements m JOIN settlement_documents s ON s.id = m.document_id{} GROUP BY 1, 2, 3, 4", cut.sql, sum(backend, "m.amount"), cond.sql()),
        &cond.params,
    )?;
    // A payment that is set off moves sums between documents: only its net changes the debt.
    let mut nets: HashMap<(Key, String, kontor_platform::value::Id), i64> = HashMap::new();
    for r in &found {
        let from = r.text(1)?;
        let amount = money.convert(conn, r.int(4)?, from, r.opt_date(3)?)?;
        add(nets.entry((cut.key(r, 0)?, money.shown(from), r.id(2)?)).or_default(), amount)?;
    }
    for ((key, currency, _), n) in nets {
        let s = Sums { debit: n.max(0), credit: n.min(0).saturating_neg(), ..Default::default() };
        rows.entry((key, currency)).or_default().add(&s)?;
    }
    Ok(())
}

fn table(ctx: &Ctx, cut: &Cut, params: &Params, money: &Money, rows: &Rows, titles: &HashMap<Key, String>) -> Result<Table> {
    let turnovers = params.date("from").is_some();
    let (currency, one) = money.of_table(rows.keys().map(|k| k.1.as_str()));
    let mut total = Sums::default();
    let mut sorted: Vec<(&(Key, String), &Sums)> = rows.iter().collect();
    sorted.sort_by_key(|(k, s)| (std::cmp::Reverse(s.balance()), titles.get(&k.0).cloned()));
    let mut out = vec![];
    for (k, s) in sorted {
        total.documents += s.documents;
        if one {
            total.add(&Sums { documents: 0, ..s.clone() })?;
        }
        let mut values = vec![k.0.value(), titles.get(&k.0).map_or("", String::as_str).into()];
        values.extend(s.values(turnovers, true));
        values.push(k.1.as_str().into());
        out.push(TableRow { values, link: link(cut, params, &k.0, money.filter(&k.1)) });
    }
    let mut totals = vec![Value::Null, tr(ctx.lang, "report-total").into()];
    totals.extend(total.values(turnovers, one));
    totals.push(if one { currency.as_str().into() } else { Value::Null });
    let (limit, notes) = crate::cut::limited(params, money, out.len());
    out.truncate(limit);
    Ok(Table { currency, columns: columns(turnovers), rows: out, totals, notes })
}

fn link(cut: &Cut, params: &Params, key: &Key, currency: Option<(String, String)>) -> Option<String> {
    let mut filters = cut.filters(key)?;
    filters.push(("open.ne".into(), "0".into()));
    for name in ["company_id", "partner_id"] {
        if let Some(id) = params.id(name)
            && !filters.iter().any(|f| f.0 == name)
        {
            filters.push((name.into(), id.to_string()));
        }
    }
    filters.extend(params.filters.iter().map(|f| (f.key.clone(), f.value.clone())));
    filters.extend(currency);
    Some(list_url("settlement-documents", &filters))
}
