//! Turnovers of a register over a period: whole months from the monthly totals, the days at its ends from the movements.

use super::{BALANCE, Lead, RegisterSpec, month};
use crate::store::Backend;
use crate::value::Value;
use chrono::{Datelike, Months, NaiveDate};

/// A derived table with the keyed dimensions and the resources; rows of one key may come several times.
pub struct Turnover {
    pub sql: String,
    pub params: Vec<Value>,
}

fn next_month(d: NaiveDate) -> NaiveDate {
    month(d).checked_add_months(Months::new(1)).unwrap_or(BALANCE)
}

/// From the beginning (`from` none) to the end (`to` none) of time, both ends inclusive.
pub fn turnover(reg: &RegisterSpec, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Turnover {
    let columns: Vec<&str> = reg.keys().into_iter().chain(reg.resources.iter().copied()).collect();
    let columns = columns.join(", ");
    let first_whole = from.map(|d| if d.day() == 1 { d } else { next_month(d) });
    // The first month that is not whole any more.
    let after_whole = to.map(|d| if d.succ_opt().is_some_and(|n| n.day() == 1) { next_month(d) } else { month(d) });
    let mut out = Turnover { sql: String::new(), params: vec![] };
    if let (Some(a), Some(b)) = (first_whole, after_whole)
        && a >= b
    {
        out.days(reg, &columns, (from, to.and_then(|d| d.succ_opt())));
        return out;
    }
    out.piece(&columns, &reg.totals(), "month", (first_whole, Some(after_whole.unwrap_or(BALANCE))));
    if let (Some(d), Some(whole)) = (from, first_whole)
        && d < whole
    {
        out.days(reg, &columns, (Some(d), Some(whole)));
    }
    if let (Some(d), Some(whole)) = (to, after_whole)
        && d >= whole
    {
        out.days(reg, &columns, (Some(whole), d.succ_opt()));
    }
    out
}

/// Balances at the end of a day, one row per key: a derived table with its parameters.
pub fn balances(reg: &RegisterSpec, backend: Backend, day: NaiveDate) -> Turnover {
    let t = turnover(reg, None, Some(day));
    let keys: Vec<String> = reg.keys().iter().map(|k| format!("x.{k}")).collect();
    let int = if backend == Backend::Postgres { "BIGINT" } else { "INTEGER" };
    let sums: Vec<String> = reg.resources.iter().map(|r| format!("CAST(SUM(x.{r}) AS {int}) AS {r}")).collect();
    let keys = keys.join(", ");
    Turnover { sql: format!("(SELECT {keys}, {} FROM ({}) x GROUP BY {keys})", sums.join(", "), t.sql), params: t.params }
}

impl Turnover {
    /// Movements with `from <= period < before`.
    fn days(&mut self, reg: &RegisterSpec, columns: &str, (from, before): (Option<NaiveDate>, Option<NaiveDate>)) {
        self.piece(columns, &reg.movements(), "period", (from, before));
        // The same said of their months, for the index that begins with them.
        if let (Lead::Month, Some(a), Some(b)) = (reg.lead, from, before) {
            self.sql.push_str(" AND month >= ? AND month <= ?");
            self.params.extend([month(a).into(), month(b).into()]);
        }
    }
    /// Rows with `from <= column < before`.
    fn piece(&mut self, columns: &str, table: &str, column: &str, (from, before): (Option<NaiveDate>, Option<NaiveDate>)) {
        let mut wheres = vec![];
        for (sign, d) in [(">=", from), ("<", before)] {
            if let Some(d) = d {
                wheres.push(format!("{column} {sign} ?"));
                self.params.push(d.into());
            }
        }
        let cond = if wheres.is_empty() { String::new() } else { format!(" WHERE {}", wheres.join(" AND ")) };
        let union = if self.sql.is_empty() { "" } else { " UNION ALL " };
        self.sql.push_str(&format!("{union}SELECT {columns} FROM {table}{cond}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALES: RegisterSpec = RegisterSpec {
        name: "x",
        dims: &[("a", "id"), ("b", "id")],
        keyed: 1,
        resources: &["n"],
        balance: false,
        rises: false,
        lead: Lead::Period,
    };

    fn day(s: &str) -> Option<NaiveDate> {
        Some(s.parse().expect("a date"))
    }

    #[test]
    fn ana_05_whole_months_come_from_totals() {
        let t = turnover(&SALES, day("2026-01-01"), day("2026-03-31"));
        assert_eq!(t.sql, "SELECT a, n FROM reg_x_totals WHERE month >= ? AND month < ?");
        assert_eq!(t.params, [Value::from(day("2026-01-01")), Value::from(day("2026-04-01"))]);
    }

    #[test]
    fn ana_05_days_at_the_ends_come_from_movements() {
        let t = turnover(&SALES, day("2026-01-15"), day("2026-03-10"));
        assert_eq!(t.sql.matches("reg_x_movements").count(), 2);
        let p = |s| Value::from(day(s));
        assert_eq!(t.params, [p("2026-02-01"), p("2026-03-01"), p("2026-01-15"), p("2026-02-01"), p("2026-03-01"), p("2026-03-11")]);
    }

    #[test]
    fn ana_05_a_period_within_one_month_needs_no_totals() {
        let t = turnover(&SALES, day("2026-01-15"), day("2026-01-20"));
        assert_eq!(t.sql, "SELECT a, n FROM reg_x_movements WHERE period >= ? AND period < ?");
        // Two parts of neighbouring months.
        let t = turnover(&SALES, day("2026-01-15"), day("2026-02-20"));
        assert_eq!(t.sql, "SELECT a, n FROM reg_x_movements WHERE period >= ? AND period < ?");
    }

    #[test]
    fn ana_05_days_of_a_register_led_by_the_month_name_their_months() {
        let stock = RegisterSpec { balance: true, lead: Lead::Month, ..SALES };
        let t = turnover(&stock, None, day("2026-02-20"));
        assert!(t.sql.ends_with("FROM reg_x_movements WHERE period >= ? AND period < ? AND month >= ? AND month <= ?"), "{}", t.sql);
        let p = |s| Value::from(day(s));
        assert_eq!(t.params[1..], [p("2026-02-01"), p("2026-02-21"), p("2026-02-01"), p("2026-02-01")]);
    }

    #[test]
    fn ana_05_open_ends_reach_everything_but_the_balance_row() {
        let t = turnover(&SALES, None, None);
        assert_eq!((t.sql.as_str(), t.params.len()), ("SELECT a, n FROM reg_x_totals WHERE month < ?", 1));
        let t = turnover(&SALES, None, day("2026-02-20"));
        assert_eq!(t.params.len(), 3);
    }
}
