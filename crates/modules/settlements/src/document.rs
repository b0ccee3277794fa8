//! Documents that are to be settled, each with what is still open on it: kept by the same commands as the register, so that
//! the oldest due is found without adding up movements. The id is the document's own.

use chrono::NaiveDate;
use kontor_kernel::Amount;
use kontor_kernel::error::Result;
use kontor_office::document::{marks, padded};
use kontor_platform::cx::Cx;
use kontor_platform::spec::{Column, Spec};
use kontor_platform::store::Row;
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
        ])
        .index_on("open", "(company_id, partner_id, currency, open) WHERE open <> 0")
        .index_on("due", "(due_date, company_id) WHERE open > 0")
        .index_on("order", "(order_id)")
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
}

const SELECT: &str = "SELECT id, company_id, partner_id, currency, date, due_date, open, counterparty_id, agreement_id, contract_id, order_id, number FROM settlement_documents";

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
        })
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

pub(crate) fn by_ids(cx: &mut Cx, ids: &[Id]) -> Result<Vec<Doc>> {
    let mut out: Vec<Doc> = vec![];
    for chunk in ids.chunks(256) {
        let params = padded(chunk);
        let sql = format!("{SELECT} WHERE id IN ({})", marks(params.len()));
        for r in &cx.conn.query(&sql, &params)? {
            out.push(Doc::of(r)?);
        }
    }
    Ok(out)
}

/// What is still open changes by so much.
pub(crate) fn open_by(cx: &mut Cx, id: Id, by: Amount) -> Result<()> {
    cx.conn.exec("UPDATE settlement_documents SET open = open + ? WHERE id = ?", &[by.scaled().into(), id.into()])?;
    Ok(())
}
