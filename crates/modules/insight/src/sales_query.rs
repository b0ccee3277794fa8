//! Queries of the sales report: sums from monthly totals or movements, and exact counts.

use crate::cond::{Cond, sum};
use crate::cut::Cut;
use crate::money::{Money, add, by_document};
use crate::sales::{Rows, Sums};
use kontor_kernel::error::{Error, Result};
use kontor_platform::App;
use kontor_platform::registers::turnover::turnover;
use kontor_platform::report::Params;
use kontor_platform::store::{Backend, Conn, Row};
use kontor_platform::value::Value;

/// The totals know company, currency, product and month; nothing else may be asked for.
pub fn by_month_only(cut: &Cut, cond: &Cond, params: &Params) -> bool {
    let asked = ["company_id", "product_id", "category_id"].iter().filter(|n| params.values.contains_key(**n)).count();
    // A condition of another kind (row scope, partner, filters) shows as one more.
    matches!(cut.name, "product" | "company" | "category") && cond.len() == asked
}

pub fn months(conn: &mut Conn, app: &App, params: &Params, cut: &Cut, cond: &Cond, rows: &mut Rows) -> Result<()> {
    let backend = conn.backend();
    let reg = app.registry.register_of("sales").ok_or_else(Error::not_found)?;
    let t = turnover(reg, params.date("from"), params.date("to"));
    let values: Vec<Value> = t.params.into_iter().chain(cond.params.iter().cloned()).collect();
    let sql = format!(
        "SELECT {}, m.currency, {}, {}, {} FROM ({}) m{} GROUP BY 1, 2",
        cut.sql,
        sum(backend, "m.revenue"),
        sum(backend, "m.quantity"),
        sum(backend, "m.cost"),
        t.sql,
        cond.sql()
    );
    for r in &conn.query(&sql, &values)? {
        let s = rows.entry((cut.key(r, 0)?, r.text(1)?.to_string())).or_default();
        s.money(r.int(2)?, r.int(4)?)?;
        add(&mut s.quantity, r.int(3)?)?;
    }
    Ok(())
}

pub fn sums(conn: &mut Conn, cut: &Cut, cond: &Cond, money: &mut Money, rows: &mut Rows, total: &mut Sums) -> Result<()> {
    let backend = conn.backend();
    let cast = |sql: String, ty: &str| if sql == "NULL" { format!("CAST(NULL AS {ty})") } else { sql };
    let id = if backend == Backend::Postgres { "UUID" } else { "BLOB" };
    let day = if backend == Backend::Postgres { "DATE" } else { "TEXT" };
    let sql = format!(
        "SELECT {}, m.currency, {}, {}, {}, {}, {} FROM reg_sales_movements m{} GROUP BY 1, 2, 3, 4",
        cut.sql,
        cast(by_document(money.to, "m.currency", "m.recorder_id"), id),
        cast(by_document(money.to, "m.currency", "m.period"), day),
        sum(backend, "m.revenue"),
        sum(backend, "m.quantity"),
        sum(backend, "m.cost"),
        cond.sql()
    );
    for r in &conn.query(&sql, &cond.params)? {
        let (from, date) = (r.text(1)?, r.opt_date(3)?);
        let (revenue, cost) = (money.convert(conn, r.int(4)?, from, date)?, money.convert(conn, r.int(6)?, from, date)?);
        let s = rows.entry((cut.key(r, 0)?, money.shown(from))).or_default();
        s.money(revenue, cost)?;
        add(&mut s.quantity, r.int(5)?)?;
        total.money(revenue, cost)?;
        add(&mut total.quantity, r.int(5)?)?;
    }
    Ok(())
}

/// Lines, distinct documents and partners that have any left after reversals, and the day of the latest, of each row and of all; unless sums are
/// converted document by document, they come on the same way.
pub fn counts(conn: &mut Conn, cut: &Cut, cond: &Cond, money: &Money, rows: &mut Rows, total: &mut Sums) -> Result<()> {
    let backend = conn.backend();
    let with_sums = money.to.is_none();
    let currency = money.to.map_or_else(|| "m.currency".to_string(), |c| format!("'{}'", c.code()));
    let text = if backend == Backend::Postgres { format!("CAST({currency} AS TEXT)") } else { currency };
    let measures: &[&str] = if with_sums { &["revenue", "quantity", "cost"] } else { &[] };
    let mut inner = format!("MAX(m.period) AS last_on, {} AS lines", sum(backend, "CASE WHEN m.storno THEN -1 ELSE 1 END"));
    let mut outer = format!(
        "{}, COUNT(DISTINCT CASE WHEN x.lines > 0 THEN x.recorder_id END), COUNT(DISTINCT CASE WHEN x.lines > 0 THEN x.partner_id END), MAX(CASE WHEN x.lines > 0 THEN x.last_on END)",
        sum(backend, "x.lines")
    );
    for m in measures {
        inner.push_str(&format!(", {} AS {m}", sum(backend, &format!("m.{m}"))));
        outer.push_str(&format!(", {}", sum(backend, &format!("x.{m}"))));
    }
    let read = |r: &Row, at: usize, s: &mut Sums| -> Result<()> {
        s.counts(r.int(at)?, r.int(at + 1)?, r.int(at + 2)?, r.opt_date(at + 3)?);
        if with_sums {
            s.money(r.int(at + 4)?, r.int(at + 6)?)?;
            add(&mut s.quantity, r.int(at + 5)?)?;
        }
        Ok(())
    };
    let sql = format!(
        "SELECT x.k, x.c, {outer} FROM (SELECT {} AS k, {text} AS c, m.recorder_id, m.partner_id, {inner} FROM reg_sales_movements m{} GROUP BY 1, 2, 3, 4) x GROUP BY x.k, x.c",
        cut.sql,
        cond.sql()
    );
    for r in &conn.query(&sql, &cond.params)? {
        read(r, 2, rows.entry((cut.key(r, 0)?, r.text(1)?.to_string())).or_default())?;
    }
    let sql = format!(
        "SELECT {outer} FROM (SELECT m.recorder_id, m.partner_id, {inner} FROM reg_sales_movements m{} GROUP BY 1, 2) x",
        cond.sql()
    );
    read(&conn.query_one(&sql, &cond.params)?, 0, total)
}
