//! Lines of opening balances: what is right about them by itself, with whom they are, and as what they enter the settlements.

use crate::opening::ENTITY;
use chrono::NaiveDate;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Currency};
use kontor_office::Company;
use kontor_office::document::{DocRef, date_of};
use kontor_platform::cx::Cx;
use kontor_platform::record::{Line, Record};
use kontor_platform::spec::Lines;
use kontor_platform::store::{marks, padded, parts};
use kontor_platform::value::{Id, Value};
use kontor_settlements::Entry;

/// A line on its way into the settlements.
pub(crate) struct Item {
    /// The document's own day; that of the entry may be the first open one.
    day: NaiveDate,
    pub entry: Entry,
}

impl Item {
    pub fn of(r: &Record, n: usize, line: &Line, company: &Company) -> Result<Item> {
        let spec = &r.spec.lines[0];
        let id = |column: &str| line.get(spec, column).as_id().unwrap_or_default();
        let day = date_of(r)?;
        let amount = Amount::from_scaled(line.get(spec, "amount").as_int().unwrap_or(0));
        let ours = line.get(spec, "side").as_text() == Some("we_owe");
        let amount = if ours { amount.checked_neg().ok_or_else(|| Error::field(at(n, "amount"), "number_overflow"))? } else { amount };
        let number = line.get(spec, "number").as_text().unwrap_or("");
        let entry = Entry {
            doc: DocRef { entity: ENTITY, id: line.id, date: company.open_day(day) },
            number: if number.is_empty() { r.text("number") } else { number }.to_string(),
            company: company.id,
            partner: id("partner_id"),
            currency: currency(n, spec, line)?,
            counterparty: id("counterparty_id"),
            agreement: id("agreement_id"),
            contract: id("contract_id"),
            order: None,
            due: line.get(spec, "due_date").as_date().unwrap_or(day),
            stages: vec![],
            amount,
        };
        Ok(Item { day, entry })
    }

    /// Whether the balances that both make are the same; number and due date are words about them.
    pub fn same(&self, o: &Item) -> bool {
        let (a, b) = (&self.entry, &o.entry);
        (self.day, a.company, a.partner, a.currency, a.amount) == (o.day, b.company, b.partner, b.currency, b.amount)
            && (a.counterparty, a.agreement, a.contract) == (b.counterparty, b.agreement, b.contract)
    }
}

fn at(n: usize, column: &str) -> String {
    format!("lines.{n}.{column}")
}

fn currency(n: usize, spec: &Lines, line: &Line) -> Result<Currency> {
    let code = line.get(spec, "currency").as_text().unwrap_or("");
    Currency::parse(code).map_err(|_| Error::field(at(n, "currency"), "bad_code").field_arg("value", code))
}

/// Fills the currency, and refuses sums and days that cannot be.
pub(crate) fn check(r: &mut Record, company: &Company) -> Result<()> {
    let day = date_of(r)?;
    let spec = &r.spec.lines[0];
    let mut wrong = vec![];
    for (n, line) in r.lines[0].iter_mut().enumerate() {
        if line.get(spec, "currency").is_null() {
            line.set(spec, "currency", company.currency.code());
        }
        if line.get(spec, "side").is_null() {
            line.set(spec, "side", "they_owe");
        }
        let currency = currency(n, spec, line)?;
        let amount = Amount::from_scaled(line.get(spec, "amount").as_int().unwrap_or(0));
        if amount.is_zero() {
            wrong.push(Error::field(at(n, "amount"), "amount_zero"));
        } else if amount.is_negative() {
            wrong.push(Error::field(at(n, "amount"), "negative_amount"));
        } else {
            wrong.extend(currency.check(amount, &at(n, "amount")).err());
        }
        if line.get(spec, "date").as_date().is_some_and(|d| d > day) {
            wrong.push(Error::field(at(n, "date"), "opening_after").field_arg("on", day));
        }
    }
    Error::collect(wrong)
}

/// Counterparty, agreement and contract of a line are its partner's, and not another company's.
pub(crate) fn belong(cx: &mut Cx, r: &Record) -> Result<()> {
    let spec = &r.spec.lines[0];
    let mut wrong = vec![];
    // What is everybody's (a standard agreement, a counterparty in all companies) names none.
    for (column, table, of_company) in
        [("counterparty_id", "counterparties", false), ("agreement_id", "agreements", true), ("contract_id", "contracts", true)]
    {
        let ids: Vec<Id> = r.lines[0].iter().filter_map(|l| l.get(spec, column).as_id()).collect();
        let known = owners(cx, table, of_company, ids)?;
        for (n, l) in r.lines[0].iter().enumerate() {
            let Some((partner, company)) = l.get(spec, column).as_id().and_then(|id| known.get(&id)) else { continue };
            if partner.is_some_and(|p| Some(p) != l.get(spec, "partner_id").as_id()) {
                wrong.push(Error::field(at(n, column), "partner_mismatch"));
            } else if company.is_some_and(|c| c != r.ref_id("company_id")) {
                wrong.push(Error::field(at(n, column), "company_mismatch"));
            }
        }
    }
    Error::collect(wrong)
}

type Owners = HashMap<Id, (Option<Id>, Option<Id>)>;

/// Partner and company of each.
fn owners(cx: &mut Cx, table: &str, of_company: bool, mut ids: Vec<Id>) -> Result<Owners> {
    let columns = if of_company { "id, partner_id, company_id" } else { "id, partner_id" };
    ids.sort_unstable();
    ids.dedup();
    let mut out = HashMap::new();
    for chunk in parts(&ids) {
        let params = padded(chunk);
        for row in &cx.conn.query(&format!("SELECT {columns} FROM {table} WHERE id IN ({})", marks(params.len())), &params)? {
            let company = if of_company { row.opt_id(2)? } else { None };
            out.insert(row.id(0)?, (row.opt_id(1)?, company));
        }
    }
    Ok(out)
}

/// Partner, number, currency, signed sum, due date, agreement, contract.
type Key = (Id, String, String, i64, NaiveDate, Id, Id);

/// The same open item is not brought twice: a file that is imported again under no key is told where its lines stand already.
pub(crate) fn not_twice(cx: &mut Cx, r: &Record) -> Result<()> {
    let day = date_of(r)?;
    let spec = &r.spec.lines[0];
    let mut partners: Vec<Id> = r.lines[0].iter().filter_map(|l| l.get(spec, "partner_id").as_id()).collect();
    partners.sort_unstable();
    partners.dedup();
    let mut there: HashMap<Key, String> = HashMap::new();
    for chunk in parts(&partners) {
        let mut params: Vec<Value> = vec![r.ref_id("company_id").into(), r.id.into()];
        let ids = padded(chunk);
        let sql = format!(
            "SELECT d.partner_id, CASE WHEN d.number = o.number THEN '' ELSE d.number END, d.currency, d.amount, d.due_date, d.agreement_id, \
             d.contract_id, o.number FROM settlement_documents d JOIN opening_balances o ON o.id = d.opening_balance_id \
             WHERE d.company_id = ? AND o.id <> ? AND d.amount <> 0 AND d.partner_id IN ({})",
            marks(ids.len())
        );
        params.extend(ids);
        for row in &cx.conn.query(&sql, &params)? {
            let of = (row.text(1)?.to_string(), row.text(2)?.to_string());
            there.insert((row.id(0)?, of.0, of.1, row.int(3)?, row.date(4)?, row.id(5)?, row.id(6)?), row.text(7)?.to_string());
        }
    }
    if there.is_empty() {
        return Ok(());
    }
    let mut wrong = vec![];
    for (n, l) in r.lines[0].iter().enumerate() {
        let text = |column: &str| l.get(spec, column).as_text().unwrap_or("").to_string();
        let id = |column: &str| l.get(spec, column).as_id().unwrap_or_default();
        let amount = l.get(spec, "amount").as_int().unwrap_or(0);
        let amount = if text("side") == "we_owe" { -amount } else { amount };
        let due = l.get(spec, "due_date").as_date().unwrap_or(day);
        let key = (id("partner_id"), text("number"), text("currency"), amount, due, id("agreement_id"), id("contract_id"));
        if let Some(document) = there.get(&key) {
            wrong.push(Error::field(at(n, "number"), "opening_twice").field_arg("document", document));
        }
    }
    Error::collect(wrong)
}
