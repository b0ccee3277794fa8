//! Registers: what is true now and was true then. Immutable movements, monthly turnovers and a current balance, kept in
//! the transaction of the document that writes them. Corrections are reversals.
//!
//! Tables `reg_NAME_movements` and `reg_NAME_totals`. In the totals the row of month `BALANCE` is the current balance.

mod check;
pub mod turnover;

pub use check::check;

use crate::cx::Cx;
use crate::store::{Backend, Conn};
use crate::value::{Id, Value};
use chrono::{Datelike, NaiveDate};
use kontor_kernel::error::{Error, Result};
use std::collections::BTreeMap;

/// Month under which the current balance stands.
pub const BALANCE: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a valid date");

/// Stands for the day of growth of what never grew.
pub const NEVER: NaiveDate = NaiveDate::from_ymd_opt(1, 1, 1).expect("a valid date");

/// The declaration of a register: a table of movements and one of monthly totals.
pub struct RegisterSpec {
    pub name: &'static str,
    /// Dimensions with their neutral storage type (`id`, `text`, `date`); never null, nil or "" means none.
    pub dims: &'static [(&'static str, &'static str)],
    /// Dimensions (a prefix of `dims`) that the totals are kept by; the rest only stands in movements.
    pub keyed: usize,
    /// Scaled sums.
    pub resources: &'static [&'static str],
    /// Balance and turnovers, or turnovers only.
    pub balance: bool,
    /// The totals tell, as `risen_on`, a day after which the first resource has not grown: since then it only falls, so that
    /// today's balance is the lowest and no movement has to be read to know it.
    pub rises: bool,
    pub lead: Lead,
}

/// What the index of movements begins with: by what they are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lead {
    /// All movements of one key: a partner's settlements.
    Key,
    /// Movements of many keys of one month. What is written together stands together here, so this is for registers with
    /// very many keys, where an index by key would touch a page of its own for each line of a document.
    Month,
    /// Movements of some days, whatever their key.
    Period,
}

/// One line of a posting: a key, and what is added to each resource.
#[derive(Clone, Debug)]
pub struct Movement {
    pub date: NaiveDate,
    pub entity: &'static str,
    pub recorder: Id,
    pub line: i64,
    pub dims: Vec<Value>,
    pub resources: Vec<i64>,
    /// This movement takes back an earlier one, of this day.
    pub storno: Option<NaiveDate>,
}

/// First day of the month, the key of totals.
pub fn month(d: NaiveDate) -> NaiveDate {
    d.with_day(1).unwrap_or(d)
}

const RISEN: &str = "risen_on";

impl RegisterSpec {
    /// Table of movements.
    pub fn movements(&self) -> String {
        format!("reg_{}_movements", self.name)
    }
    /// Table of totals.
    pub fn totals(&self) -> String {
        format!("reg_{}_totals", self.name)
    }
    /// Columns of the key, the company first.
    pub fn keys(&self) -> Vec<&'static str> {
        self.dims[..self.keyed].iter().map(|d| d.0).collect()
    }
    fn totals_columns(&self) -> Vec<&'static str> {
        std::iter::once("month").chain(self.keys()).chain(self.resources.iter().copied()).chain(self.rises.then_some(RISEN)).collect()
    }
    fn key_text(values: &[Value]) -> Vec<u8> {
        let mut k = vec![];
        for v in values {
            match v {
                Value::Id(i) => k.extend_from_slice(i.as_bytes()),
                Value::Text(s) => k.extend_from_slice(s.as_bytes()),
                Value::Date(d) => k.extend_from_slice(&d.num_days_from_ce().to_be_bytes()),
                _ => {}
            }
            k.push(0);
        }
        k
    }
    /// Neutral DDL of both tables, for migrations and the test that compares schema and declaration. Totals stand in their
    /// key itself where the database can do that: an upsert is one way down a tree instead of two. The month leads, so that
    /// what is written together (balances, and the current month) stands together: of a thousand products a posting
    /// touches few pages. What was taken back is found without reading the other thousands of lines of its document.
    pub fn ddl(&self) -> String {
        let dims: Vec<String> = self.dims.iter().map(|(n, t)| format!("  {n} {{{t}}} NOT NULL")).collect();
        let keyed: Vec<String> = dims[..self.keyed].to_vec();
        let res: Vec<String> = self.resources.iter().map(|r| format!("  {r} {{int}} NOT NULL")).collect();
        let keys = self.keys().join(", ");
        let (m, t) = (self.movements(), self.totals());
        let risen = if self.rises { format!(",\n  {RISEN} {{date}} NOT NULL") } else { String::new() };
        // Balances at a date, and the lowest one from a date on, are added up from the index alone.
        let sums: String = self.resources.iter().map(|r| format!(", {r}")).collect();
        let (month, index) = match self.lead {
            Lead::Key => ("", format!("CREATE INDEX ix_{m}__key ON {m} ({keys}, period{sums});\n")),
            Lead::Month => ("  month {date} NOT NULL,\n", format!("CREATE INDEX ix_{m}__month ON {m} (month, {keys}, period{sums});\n")),
            Lead::Period => ("", format!("CREATE INDEX ix_{m}__period ON {m} (period);\n")),
        };
        format!(
            "CREATE TABLE {m} (\n  seq {{seq}},\n{month}  period {{date}} NOT NULL,\n  recorder_entity {{text}} NOT NULL,\n  recorder_id {{id}} NOT NULL,\n  line_no {{int}} NOT NULL,\n  storno {{bool}} NOT NULL,\n{},\n{}\n);\nCREATE INDEX ix_{m}__recorder ON {m} (recorder_id);\nCREATE INDEX ix_{m}__storno ON {m} (recorder_id) WHERE storno;\n{index}CREATE TABLE {t} (\n  month {{date}} NOT NULL,\n{},\n{}{risen},\n  CONSTRAINT pk_{t} PRIMARY KEY (month, {keys})\n)\n{{sqlite}} WITHOUT ROWID\n;\n",
            dims.join(",\n"),
            res.join(",\n"),
            keyed.join(",\n"),
            res.join(",\n"),
        )
    }
}

/// Writes movements and brings totals up to date. Keys are touched in one order everywhere, so that two commands cannot deadlock.
pub fn post(cx: &mut Cx, name: &str, movements: &[Movement]) -> Result<()> {
    let reg = cx.app.registry.register_of(name).unwrap_or_else(|| panic!("register {name} is not registered"));
    if movements.is_empty() {
        return Ok(());
    }
    let by_month = reg.lead == Lead::Month;
    let mut columns = if by_month { vec!["month"] } else { vec![] };
    columns.extend(["period", "recorder_entity", "recorder_id", "line_no", "storno"]);
    columns.extend(reg.dims.iter().map(|d| d.0));
    columns.extend(reg.resources);
    let rows: Vec<Vec<Value>> = movements
        .iter()
        .map(|m| {
            let mut r: Vec<Value> = if by_month { vec![month(m.date).into()] } else { vec![] };
            r.extend([m.date.into(), m.entity.into(), m.recorder.into(), m.line.into(), m.storno.is_some().into()]);
            r.extend(m.dims.iter().cloned());
            r.extend(m.resources.iter().map(|x| Value::Int(*x)));
            r
        })
        .collect();
    cx.conn.post_rows(&reg.movements(), &columns, rows, "")?;
    write_totals(cx.conn, reg, movements)
}

fn write_totals(conn: &mut Conn, reg: &RegisterSpec, movements: &[Movement]) -> Result<()> {
    type Sums<'m> = BTreeMap<(Vec<u8>, NaiveDate), (&'m [Value], Vec<i64>, NaiveDate)>;
    let mut sums: Sums = BTreeMap::new();
    for m in movements {
        let dims = &m.dims[..reg.keyed];
        let key = RegisterSpec::key_text(dims);
        let months = [Some(month(m.date)), reg.balance.then_some(BALANCE)];
        for at in months.into_iter().flatten() {
            let e = sums.entry((key.clone(), at)).or_insert_with(|| (dims, vec![0; reg.resources.len()], NEVER));
            // What only takes back what went on the same day leaves no more than there was on the day before.
            if m.resources.first().is_some_and(|x| *x > 0) && m.storno != Some(m.date) {
                e.2 = e.2.max(m.date);
            }
            for (s, x) in e.1.iter_mut().zip(&m.resources) {
                *s = s.checked_add(*x).ok_or_else(|| Error::refused("number_overflow"))?;
            }
        }
    }
    let rows: Vec<Vec<Value>> =
        sums.iter().map(|((_, at), (dims, res, risen))| totals_row(reg, *at, dims, res.iter().copied(), *risen)).collect();
    add(conn, reg, &reg.totals_columns(), rows)
}

/// A row of the totals, in the order of their columns.
fn totals_row(reg: &RegisterSpec, at: NaiveDate, keys: &[Value], sums: impl Iterator<Item = i64>, risen: NaiveDate) -> Vec<Value> {
    let risen = reg.rises.then(|| risen.into());
    std::iter::once(at.into()).chain(keys.iter().cloned()).chain(sums.map(Value::Int)).chain(risen).collect()
}

/// Adds rows to the totals.
fn add(conn: &mut Conn, reg: &RegisterSpec, columns: &[&str], rows: Vec<Vec<Value>>) -> Result<()> {
    let (t, keys, n) = (reg.totals(), reg.keys(), reg.keyed + 1);
    if conn.backend() == Backend::Postgres {
        let mut set: Vec<String> = reg.resources.iter().map(|r| format!("{r} = {t}.{r} + excluded.{r}")).collect();
        set.extend(reg.rises.then(|| format!("{RISEN} = GREATEST({t}.{RISEN}, excluded.{RISEN})")));
        return conn.post_rows(&t, columns, rows, &format!("ON CONFLICT (month, {}) DO UPDATE SET {}", keys.join(", "), set.join(", ")));
    }
    // Here an upsert costs a journal of its own for each row; an update by the whole key needs none.
    // A sum that leaves 64 bits would silently become a floating-point number; `abs` of the lowest number says that it has no room.
    let room = |r: &&str| format!("{r} = CASE typeof({r} + ?) WHEN 'integer' THEN {r} + ? ELSE abs({r} * 0 - 9223372036854775807 - 1) END");
    let mut set: Vec<String> = reg.resources.iter().map(room).collect();
    set.extend(reg.rises.then(|| format!("{RISEN} = MAX({RISEN}, ?)")));
    let at: Vec<String> = keys.iter().map(|k| format!(" AND {k} = ?")).collect();
    let update = format!("UPDATE {t} SET {} WHERE month = ?{}", set.join(", "), at.concat());
    let params = |row: &Vec<Value>| {
        let (sums, risen) = row[n..].split_at(reg.resources.len());
        sums.iter().flat_map(|x| [x, x]).chain(risen).chain(&row[..n]).cloned().collect()
    };
    let changed = conn.exec_each(&update, &rows.iter().map(params).collect::<Vec<Vec<Value>>>())?;
    let new = rows.into_iter().zip(changed).filter(|(_, n)| *n == 0).map(|(row, _)| row).collect();
    conn.post_rows(&t, columns, new, "")
}

/// Locks balance rows in key order before they are looked at, so that of two commands against the last piece one waits.
pub fn lock(cx: &mut Cx, name: &str, keys: &[Vec<Value>]) -> Result<()> {
    if cx.conn.backend() == Backend::Sqlite || cx.preview || keys.is_empty() {
        return Ok(());
    }
    let reg = cx.app.registry.register_of(name).unwrap_or_else(|| panic!("register {name} is not registered"));
    let mut sorted: BTreeMap<Vec<u8>, &Vec<Value>> = BTreeMap::new();
    for k in keys {
        sorted.insert(RegisterSpec::key_text(k), k);
    }
    let rows: Vec<Vec<Value>> = sorted.values().map(|k| totals_row(reg, BALANCE, k, reg.resources.iter().map(|_| 0), NEVER)).collect();
    // An upsert that changes nothing takes the row lock whether the row was there or not.
    let t = reg.totals();
    let first = reg.resources[0];
    cx.conn.post_rows(
        &t,
        &reg.totals_columns(),
        rows,
        &format!("ON CONFLICT (month, {}) DO UPDATE SET {first} = {t}.{first}", reg.keys().join(", ")),
    )
}

/// Months from that of `day` on in which anything moved, in order.
pub fn months_from(conn: &mut Conn, reg: &RegisterSpec, day: NaiveDate) -> Result<Vec<NaiveDate>> {
    let t = reg.totals();
    // From month to month down the key: a plain DISTINCT would read every row of the totals.
    let next = |after: &str| format!("SELECT MIN(month) AS x FROM {t} WHERE month {after}");
    let rows = conn.query(
        &format!(
            "WITH RECURSIVE m AS ({} UNION ALL SELECT ({}) FROM m WHERE m.x IS NOT NULL) SELECT x FROM m WHERE x < ?",
            next(">= ?"),
            next("> m.x")
        ),
        &[month(day).into(), BALANCE.into()],
    )?;
    rows.iter().map(|r| r.date(0)).collect()
}

/// Sums of resources for one full key: now, or at the end of a day. Of a register with balances.
pub fn balance(conn: &mut Conn, reg: &RegisterSpec, key: &[Value], at: Option<NaiveDate>) -> Result<Vec<i64>> {
    let int = if conn.backend() == Backend::Postgres { "BIGINT" } else { "INTEGER" };
    let sums: Vec<String> = reg.resources.iter().map(|r| format!("CAST(COALESCE(SUM({r}), 0) AS {int})")).collect();
    let cond: Vec<String> = reg.keys().iter().map(|k| format!(" AND {k} = ?")).collect();
    let sum = |conn: &mut Conn, table: String, when: &str, mut params: Vec<Value>| -> Result<Vec<i64>> {
        params.extend_from_slice(key);
        let row = conn.query_one(&format!("SELECT {} FROM {table} WHERE {when}{}", sums.join(", "), cond.concat()), &params)?;
        (0..reg.resources.len()).map(|i| row.int(i)).collect()
    };
    let now = sum(conn, reg.totals(), "month = ?", vec![BALANCE.into()])?;
    let Some(day) = at else { return Ok(now) };
    // What came later: the rest of the day's month from the movements, whole months from the totals.
    let mut parts = vec![match reg.lead {
        Lead::Month => sum(conn, reg.movements(), "month = ? AND period > ?", vec![month(day).into(), day.into()])?,
        Lead::Key | Lead::Period => sum(conn, reg.movements(), "period > ?", vec![day.into()])?,
    }];
    if reg.lead == Lead::Month {
        for later in months_from(conn, reg, day)?.into_iter().filter(|m| *m > day) {
            parts.push(sum(conn, reg.totals(), "month = ?", vec![later.into()])?);
        }
    }
    let mut out = now;
    for part in parts {
        for (a, b) in out.iter_mut().zip(&part) {
            *a = a.checked_sub(*b).ok_or_else(|| Error::refused("number_overflow"))?;
        }
    }
    Ok(out)
}

/// Takes back everything a document wrote so far (its net), as storno movements dated `date`.
pub fn reverse(cx: &mut Cx, recorder: Id, date: Option<NaiveDate>) -> Result<()> {
    for reg in cx.app.registry.registers.clone() {
        reverse_in(cx, reg, recorder, date)?;
    }
    Ok(())
}

/// The same in one register.
pub fn reverse_in(cx: &mut Cx, reg: &RegisterSpec, recorder: Id, date: Option<NaiveDate>) -> Result<()> {
    let int = if cx.conn.backend() == Backend::Postgres { "BIGINT" } else { "INTEGER" };
    let dims: Vec<&str> = reg.dims.iter().map(|d| d.0).collect();
    let sums: Vec<String> = reg.resources.iter().map(|r| format!("CAST(SUM({r}) AS {int})")).collect();
    let rows = cx.conn.query(
        &format!(
            "SELECT recorder_entity, period, line_no, {}, {} FROM {} WHERE recorder_id = ? GROUP BY recorder_entity, period, line_no, {}",
            dims.join(", "),
            sums.join(", "),
            reg.movements(),
            dims.join(", ")
        ),
        &[recorder.into()],
    )?;
    let mut back = vec![];
    for r in rows {
        let n = dims.len();
        let resources = (0..reg.resources.len()).map(|i| Ok(-r.int(3 + n + i)?)).collect::<Result<Vec<i64>>>()?;
        if resources.iter().all(|x| *x == 0) {
            continue;
        }
        let entity = cx.app.registry.get(r.text(0)?).map_or("", |s| s.name);
        let values = reg.dims.iter().enumerate().map(|(i, (_, ty))| dim(&r, 3 + i, ty)).collect::<Result<Vec<_>>>()?;
        let was = r.date(1)?;
        let date = date.unwrap_or(was);
        back.push(Movement { date, entity, recorder, line: r.int(2)?, dims: values, resources, storno: Some(was) });
    }
    post(cx, reg.name, &back)
}

fn dim(r: &crate::store::Row, i: usize, ty: &str) -> Result<Value> {
    Ok(match ty {
        "id" => Value::Id(r.id(i)?),
        "date" => Value::Date(r.date(i)?),
        _ => Value::Text(r.text(i)?.to_string()),
    })
}
