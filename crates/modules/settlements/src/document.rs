//! Documents that are to be settled, each with what is still open on it: kept by the same commands as the register, so that
//! the oldest due is found without adding up movements. The id is the document's own.

use chrono::NaiveDate;
use kontor_kernel::Amount;
use kontor_kernel::error::Result;
use kontor_platform::cx::Cx;
use kontor_platform::spec::{Column, Spec};
use kontor_platform::store::{Row, marks, padded, parts};
use kontor_platform::value::{Id, Value};

pub fn settlement_documents() -> Spec {
    Spec::facts("settlement-documents")
        .section("finance", "scale")
        .title("number")
        .sort("-date")
        .company("company_id")
        .via("partner_id", "partners")
        .columns([
            Column::text("entity", 40).required().computed().list(),
            Column::text("number", 40).required().computed().list(),
            Column::reference("company_id", "companies").required().computed(),
            Column::reference("partner_id", "partners").required().computed().list(),
            Column::code("currency", "currencies").required().computed().list(),
            Column::date("date").required().computed().list(),
            Column::date("due_date").required().computed().list(),
            Column::amount("amount").required().signed().computed().list(),
            Column::amount("open").required().signed().computed().list(),
            Column::reference("counterparty_id", "counterparties").required().computed(),
            Column::reference("agreement_id", "agreements").required().computed(),
            Column::reference("contract_id", "contracts").required().computed(),
            // The order that is shipped or paid for: its prepayments go to its shipments first.
            Column::reference("order_id", "sales-orders").computed(),
            // Of a line of opening balances, whose id this is: the document that the line stands in.
            Column::reference("opening_balance_id", "opening-balances").computed(),
            // How far money may come from: the agreement says it when the document enters.
            Column::choice("settle_by", SETTLE_BY).required().computed().default("agreement"),
            // Due in parts (`settlement-stages`): `due_date` is that of the first one not paid.
            Column::bool("staged", false).computed().hidden(),
        ])
        .index_on("open", "(company_id, partner_id, currency, open) WHERE open <> 0")
        .index_on("due", "(due_date, company_id) WHERE open > 0")
        .index_on("order", "(order_id)")
        .index_on("opening", "(opening_balance_id) WHERE opening_balance_id IS NOT NULL")
        .grant("director", "read")
        .grant("accountant", "read")
        .grant("sales_manager", "read:team")
        .grant("salesperson", "read:own")
        .grant("field_agent", "read:own")
}

pub const SETTLE_BY: &[&str] = &["agreement", "contract", "order"];

/// Parts of a document with days of their own, the earliest first. What is open belongs to the last ones.
pub fn settlement_stages() -> Spec {
    Spec::facts("settlement-stages")
        .section("finance", "calendar-due")
        .title("due_date")
        .sort("due_date")
        .company("company_id")
        .via("partner_id", "partners")
        .columns([
            Column::reference("document_id", "settlement-documents").required().computed().list(),
            Column::reference("company_id", "companies").required().computed(),
            Column::reference("partner_id", "partners").required().computed().list(),
            Column::date("due_date").required().computed().list(),
            Column::amount("amount").required().computed().list(),
            // Due after it.
            Column::amount("later").required().computed(),
        ])
        .index_on("document", "(document_id, due_date)")
        .grant("director", "read")
        .grant("accountant", "read")
        .grant("sales_manager", "read:team")
        .grant("salesperson", "read:own")
        .grant("field_agent", "read:own")
}

/// A settlement document as the functions here need it.
#[derive(Clone, Debug)]
pub(crate) struct Doc {
    pub id: Id,
    pub company: Id,
    pub partner: Id,
    pub currency: String,
    pub date: NaiveDate,
    pub due: NaiveDate,
    pub open: Amount,
    pub counterparty: Id,
    pub agreement: Id,
    pub contract: Id,
    pub order: Option<Id>,
    pub number: String,
    pub settle_by: SettleBy,
    /// A line of opening balances.
    pub brought: bool,
}

/// What has to be the same for money to settle a debt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettleBy {
    Agreement,
    Contract,
    Order,
}

impl SettleBy {
    pub fn parse(s: &str) -> SettleBy {
        match s {
            "contract" => SettleBy::Contract,
            "order" => SettleBy::Order,
            _ => SettleBy::Agreement,
        }
    }
    pub fn code(self) -> &'static str {
        SETTLE_BY[self as usize]
    }
}

/// What a document names; nil where it names nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub agreement: Id,
    pub contract: Id,
    pub order: Id,
}

impl Names {
    /// Whether money that names these settles a debt that names those. Money that names nothing settles anything; money for
    /// something else nothing.
    pub fn settles(self, debt: Names, by: SettleBy) -> bool {
        let fits = |money: Id, debt: Id| money.is_nil() || money == debt;
        // Debts that are under no agreement have no order of settlement.
        debt.agreement.is_nil()
            || (fits(self.agreement, debt.agreement)
                && (by == SettleBy::Agreement || fits(self.contract, debt.contract))
                && (by != SettleBy::Order || fits(self.order, debt.order)))
    }
}

const SELECT: &str = "SELECT id, company_id, partner_id, currency, date, due_date, open, counterparty_id, agreement_id, contract_id, order_id, number, settle_by, opening_balance_id FROM settlement_documents";

impl Doc {
    fn of(r: &Row) -> Result<Doc> {
        Ok(Doc {
            id: r.id(0)?,
            company: r.id(1)?,
            partner: r.id(2)?,
            currency: r.text(3)?.to_string(),
            date: r.date(4)?,
            due: r.date(5)?,
            open: Amount::from_scaled(r.int(6)?),
            counterparty: r.id(7)?,
            agreement: r.id(8)?,
            contract: r.id(9)?,
            order: r.opt_id(10)?,
            number: r.text(11)?.to_string(),
            settle_by: SettleBy::parse(r.text(12)?),
            brought: r.opt_id(13)?.is_some(),
        })
    }
    pub fn names(&self) -> Names {
        Names { agreement: self.agreement, contract: self.contract, order: self.order.unwrap_or_default() }
    }
    /// Dimensions of the register's movements for this document.
    pub fn dims(&self) -> Vec<Value> {
        vec![
            self.company.into(),
            self.partner.into(),
            self.currency.as_str().into(),
            self.id.into(),
            self.counterparty.into(),
            self.agreement.into(),
            self.contract.into(),
        ]
    }
}

/// Documents of a partner that are open on one side: what they owe us (`owed`), or what we owe them.
pub(crate) fn open_of(cx: &mut Cx, company: Id, partner: Id, currency: &str, owed: bool) -> Result<Vec<Doc>> {
    let side = if owed { ">" } else { "<" };
    let sql = format!("{SELECT} WHERE company_id = ? AND partner_id = ? AND currency = ? AND open {side} 0 AND open <> 0");
    cx.conn.query(&sql, &[company.into(), partner.into(), currency.into()])?.iter().map(Doc::of).collect()
}

/// What is open on the documents of an order, the earliest due first: what is owed for it (`owed`), or what was paid ahead.
pub fn open_for_order(cx: &mut Cx, order: Id, owed: bool) -> Result<Vec<(Id, Amount)>> {
    let side = if owed { ">" } else { "<" };
    let sql = format!("SELECT id, open FROM settlement_documents WHERE order_id = ? AND open {side} 0 ORDER BY due_date, date, id");
    cx.conn.query(&sql, &[order.into()])?.iter().map(|r| Ok((r.id(0)?, Amount::from_scaled(r.int(1)?)))).collect()
}

pub(crate) fn by_ids(cx: &mut Cx, ids: &[Id]) -> Result<Vec<Doc>> {
    let mut out: Vec<Doc> = vec![];
    for chunk in parts(ids) {
        let params = padded(chunk);
        let sql = format!("{SELECT} WHERE id IN ({})", marks(params.len()));
        for r in &cx.conn.query(&sql, &params)? {
            out.push(Doc::of(r)?);
        }
    }
    Ok(out)
}

/// What is still open changes by so much; where it is due in parts, so does the day on which the next one is.
pub(crate) fn open_by(cx: &mut Cx, id: Id, by: Amount) -> Result<()> {
    let by: Value = by.scaled().into();
    cx.conn.exec(
        "UPDATE settlement_documents SET open = open + ?, due_date = CASE WHEN staged THEN COALESCE((SELECT MIN(s.due_date) \
         FROM settlement_stages s WHERE s.document_id = settlement_documents.id AND settlement_documents.open + ? > s.later), due_date) \
         ELSE due_date END WHERE id = ?",
        &[by.clone(), by, id.into()],
    )?;
    Ok(())
}

/// Open prepayments of a partner that may settle a debt with these names, without those that name its order.
pub fn free_prepayments(cx: &mut Cx, company: Id, partner: Id, currency: &str, debt: Names) -> Result<Amount> {
    let by = settle_by(cx, debt.agreement)?;
    let open = open_of(cx, company, partner, currency, false)?;
    let free = open.iter().filter(|d| d.order.is_none_or(|o| o != debt.order) && d.names().settles(debt, by));
    let sum = Amount::sum(free.map(|d| d.open))?;
    sum.checked_neg().ok_or_else(|| kontor_kernel::Error::refused("number_overflow"))
}

/// How the agreement wants its documents settled.
pub(crate) fn settle_by(cx: &mut Cx, agreement: Id) -> Result<SettleBy> {
    if agreement.is_nil() {
        return Ok(SettleBy::Agreement);
    }
    let row = cx.conn.query_opt("SELECT settlement_by FROM agreements WHERE id = ?", &[agreement.into()])?;
    Ok(row.map_or(Ok(None), |r| r.opt_text(0).map(|t| t.map(SettleBy::parse)))?.unwrap_or(SettleBy::Agreement))
}
