//! Balances with what is overdue, for lists, the partner's card and `GET /settlements`.

use chrono::NaiveDate;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Currency};
use kontor_office::document::int_type;
use kontor_platform::app::{App, Asked};
use kontor_platform::ctx::Ctx;
use kontor_platform::registers::BALANCE;
use kontor_platform::registers::turnover::balances;
use kontor_platform::spec::Column;
use kontor_platform::store::Conn;
use kontor_platform::value::{Id, Value};
use serde_json::{Value as Json, json};

#[derive(Clone, Debug, serde::Serialize)]
pub struct SettlementRow {
    pub company_id: Id,
    pub company: String,
    pub partner_id: Id,
    pub partner: String,
    pub currency: String,
    /// Positive: they owe us.
    pub balance: Amount,
    /// Open on documents whose due date has passed.
    pub overdue: Amount,
    /// Confirmed and not shipped.
    pub ordered: Amount,
}

/// Most rows of one answer.
pub const LIMIT: usize = 500;

/// Whose settlements are asked for, and when.
#[derive(Clone, Debug, Default)]
struct Wanted {
    partner: Option<Id>,
    company: Option<Id>,
    currency: Option<String>,
    as_of: Option<NaiveDate>,
    limit: Option<usize>,
}

/// One row per company, partner and currency, of the partners that the caller may see; the largest debts first.
pub fn settlements_of(conn: &mut Conn, app: &App, ctx: &Ctx, partner: Option<Id>) -> Result<Vec<SettlementRow>> {
    settlements_at(conn, app, ctx, partner, None)
}

/// The same now, or at the end of a day. Of one partner also what comes to nothing: it was settled.
pub fn settlements_at(conn: &mut Conn, app: &App, ctx: &Ctx, partner: Option<Id>, as_of: Option<NaiveDate>) -> Result<Vec<SettlementRow>> {
    rows(conn, app, ctx, &Wanted { partner, as_of, ..Default::default() })
}

fn rows(conn: &mut Conn, app: &App, ctx: &Ctx, wanted: &Wanted) -> Result<Vec<SettlementRow>> {
    let as_of = wanted.as_of;
    let spec = app.registry.get("settlement-documents").ok_or_else(Error::not_found)?;
    if !ctx.access.may(spec, "read") {
        return Err(Error::forbidden().arg("action", "read").arg("entity", "settlements"));
    }
    // The same predicate as of the list of documents: the table aliases have equal columns.
    let scope = ctx.access.predicate(&app.registry, spec, "read", "b");
    let mut wheres = String::new();
    let mut params: Vec<Value> = vec![];
    if let Some(company) = wanted.company {
        wheres.push_str(" AND b.company_id = ?");
        params.push(company.into());
    } else if wanted.partner.is_some() {
        // Balances stand by company: named, each is one step away.
        wheres.push_str(" AND b.company_id IN (SELECT id FROM companies)");
    }
    if let Some(p) = wanted.partner {
        wheres.push_str(" AND b.partner_id = ?");
        params.push(p.into());
    }
    if let Some(currency) = &wanted.currency {
        wheres.push_str(" AND b.currency = ?");
        params.push(currency.as_str().into());
    }
    if !scope.sql.is_empty() {
        wheres.push_str(&format!(" AND {}", scope.sql));
        params.extend(scope.params);
    }
    let overdue = overdue(conn, app, as_of, ctx.today, &wheres, &params)?;
    let reg = app.registry.register_of("exposure").ok_or_else(Error::not_found)?;
    let (source, mut of_balance) = match as_of {
        Some(day) => {
            let at = balances(reg, conn.backend(), day);
            (at.sql, at.params)
        }
        None => {
            wheres.push_str(" AND b.month = ?");
            params.push(BALANCE.into());
            (reg.totals(), vec![])
        }
    };
    of_balance.extend(params);
    let some = if wanted.partner.is_some() { "1 = 1" } else { "(b.debt <> 0 OR b.ordered <> 0)" };
    let limit = wanted.limit.unwrap_or(LIMIT).min(LIMIT);
    let rows = conn.query(
        &format!("SELECT b.company_id, c.name, b.partner_id, p.name, b.currency, b.debt, b.ordered FROM {source} b JOIN companies c ON c.id = b.company_id JOIN partners p ON p.id = b.partner_id WHERE {some}{wheres} ORDER BY b.debt DESC, p.name, b.currency LIMIT {limit}"),
        &of_balance,
    )?;
    rows.iter()
        .map(|r| {
            let (company_id, partner_id, currency) = (r.id(0)?, r.id(2)?, r.text(4)?.to_string());
            let overdue = overdue.get(&(company_id, partner_id, currency.clone())).copied().unwrap_or(0);
            Ok(SettlementRow {
                company_id,
                company: r.text(1)?.to_string(),
                partner_id,
                partner: r.text(3)?.to_string(),
                currency,
                balance: Amount::from_scaled(r.int(5)?),
                overdue: Amount::from_scaled(overdue),
                ordered: Amount::from_scaled(r.int(6)?),
            })
        })
        .collect()
}

type Late = HashMap<(Id, Id, String), i64>;

/// Open amounts of documents that were due before the day: kept with the documents for today, from the register for any other.
fn overdue(conn: &mut Conn, app: &App, as_of: Option<NaiveDate>, today: NaiveDate, wheres: &str, params: &[Value]) -> Result<Late> {
    let int = int_type(conn);
    let day = as_of.unwrap_or(today);
    let (source, open, mut all) = match as_of {
        None => ("settlement_documents b".to_string(), "b.open", vec![]),
        Some(day) => {
            let reg = app.registry.register_of("settlements").ok_or_else(Error::not_found)?;
            let at = balances(reg, conn.backend(), day);
            (format!("settlement_documents b JOIN {} m ON m.document_id = b.id", at.sql), "m.amount", at.params)
        }
    };
    all.push(day.into());
    if as_of.is_none() {
        all.push(day.into());
    }
    all.extend(params.iter().cloned());
    // Of a document that is due in parts, what is open of those whose day has passed. Today's `due_date` is that of the first part
    // not paid, so the index narrows them down; at an earlier day it may have been another one.
    let (part, soon) = (part_of(open), if as_of.is_none() { " AND b.due_date < ?" } else { "" });
    let rows = conn.query(
        &format!(
            "SELECT b.company_id, b.partner_id, b.currency, CAST(SUM({part}) AS {int}) FROM {source} \
             LEFT JOIN settlement_stages g ON g.document_id = b.id WHERE {open} > 0{soon} AND COALESCE(g.due_date, b.due_date) < ?{wheres} \
             GROUP BY b.company_id, b.partner_id, b.currency"
        ),
        &all,
    )?;
    rows.iter().map(|r| Ok(((r.id(0)?, r.id(1)?, r.text(2)?.to_string()), r.int(3)?))).collect()
}

/// What is open of one part `g` of a document, or of a document that has none.
pub fn part_of(open: &str) -> String {
    format!(
        "CASE WHEN g.id IS NULL THEN {open} WHEN {open} <= g.later THEN 0 WHEN {open} - g.later >= g.amount THEN g.amount ELSE {open} - g.later END"
    )
}

/// What `GET /settlements` takes.
pub(crate) fn asks() -> Vec<Column> {
    vec![
        Column::reference("partner_id", "partners"),
        Column::reference("company_id", "companies"),
        Column::code("currency", "currencies"),
        Column::date("as_of"),
        Column::int("limit", 1, LIMIT as i64),
    ]
}

/// `GET /settlements?partner_id=…&as_of=…`
pub(crate) fn question(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    let mut wanted = Wanted { as_of: asked.date("as_of")?, ..Default::default() };
    for (name, value) in asked.query.iter().filter(|(_, v)| !v.is_empty()) {
        let id = || Id::parse_str(value.trim()).map(Some).map_err(|_| Error::field(name.clone(), "bad_id"));
        match name.as_str() {
            "partner_id" => wanted.partner = id()?,
            "company_id" => wanted.company = id()?,
            "currency" => {
                let code = Currency::parse(value.trim()).map_err(|_| Error::field("currency", "bad_code").field_arg("value", value))?;
                wanted.currency = Some(code.code().to_string());
            }
            "limit" => {
                let n = value.parse().ok().filter(|n| (1..=LIMIT).contains(n));
                let out = || Error::field("limit", "out_of_range").field_arg("min", 1).field_arg("max", LIMIT);
                wanted.limit = Some(n.ok_or_else(out)?);
            }
            "count" | "as_of" => {}
            _ => return Err(Error::field(name.clone(), "unknown_field")),
        }
    }
    let rows = app.store.read(|conn| rows(conn, app, ctx, &wanted))?;
    let item = |r: &SettlementRow| {
        json!({
            "company_id": r.company_id, "company": {"id": r.company_id, "title": r.company},
            "partner_id": r.partner_id, "partner": {"id": r.partner_id, "title": r.partner},
            "currency": r.currency, "balance": r.balance, "overdue": r.overdue, "ordered": r.ordered,
        })
    };
    Ok(json!({"items": rows.iter().map(item).collect::<Vec<_>>(), "next": null}))
}
