//! The one way in: a document enters with its amount and is set off against what is open on the other side.

use crate::document::{Doc, by_ids, open_by, open_of};
use chrono::NaiveDate;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Currency};
use kontor_ledger::{AllocationError, Open, allocate_chosen, allocate_payment};
use kontor_office::document::DocRef;
use kontor_platform::cx::Cx;
use kontor_platform::registers::{self, Movement};
use kontor_platform::value::{Id, Value};
use std::collections::BTreeSet;

/// A shipment, return or payment that changes what a partner owes.
#[derive(Clone, Debug)]
pub struct Entry {
    pub doc: DocRef,
    pub number: String,
    pub company: Id,
    pub partner: Id,
    pub currency: Currency,
    /// Nil where there is none.
    pub counterparty: Id,
    pub agreement: Id,
    pub contract: Id,
    pub order: Option<Id>,
    pub due: NaiveDate,
    /// Positive: they owe us more; negative: less.
    pub amount: Amount,
}

/// What an entry is set off against.
#[derive(Clone, Debug)]
pub enum Settling<'a> {
    /// Documents of the same order, then the oldest due.
    Oldest,
    /// That document first, then the oldest due.
    First(Id),
    /// These parts only (positive amounts); the rest stays open.
    Chosen(&'a [(Id, Amount)]),
}

#[derive(Clone, Debug, Default)]
pub struct Settled {
    /// Documents on the other side with the part set off, positive.
    pub parts: Vec<(Id, Amount)>,
    /// What no document took, positive: a prepayment, or a debt.
    pub rest: Amount,
    /// Orders whose payment has moved.
    pub orders: BTreeSet<Id>,
}

/// Writes the entry and sets it off. Errors of chosen parts are named `allocations.{n}.…`.
pub fn enter(cx: &mut Cx, e: &Entry, settling: Settling) -> Result<Settled> {
    let currency = e.currency.code().to_string();
    crate::lock_partner(cx, e.company, e.partner, &currency)?;
    insert(cx, e, &currency)?;
    let mut settled = Settled { rest: e.amount.abs(), ..Default::default() };
    settled.orders.extend(e.order);
    let dims = vec![e.company.into(), e.partner.into(), Value::Text(currency.clone())];
    let mut own = dims.clone();
    own.extend([e.doc.id.into(), e.counterparty.into(), e.agreement.into(), e.contract.into()]);
    let movement = |date: NaiveDate, line: i64, dims: Vec<Value>, amount: i64| Movement {
        date,
        entity: e.doc.entity,
        recorder: e.doc.id,
        line,
        dims,
        resources: vec![amount],
        storno: false,
    };
    let mut movements = vec![];
    if !e.amount.is_zero() {
        movements.push(movement(e.doc.date, 0, own.clone(), e.amount.scaled()));
        let debt = Movement { resources: vec![e.amount.scaled(), 0], ..movement(e.doc.date, 0, dims, 0) };
        registers::post(cx, "exposure", &[debt])?;
        let open = open_of(cx, e.company, e.partner, &currency, e.amount.is_negative())?;
        let parts = spread(cx, e, &open, settling)?;
        for (n, (id, part)) in parts.into_iter().enumerate() {
            let Some(other) = open.iter().find(|d| d.id == id) else { continue };
            // The pair adds up to nothing; it stands on the later of both days, so that no document is paid before it is made.
            let (date, line) = (e.doc.date.max(other.date), n as i64 + 1);
            movements.push(movement(date, line, other.dims(), -part.scaled()));
            movements.push(movement(date, line, own.clone(), part.scaled()));
            open_by(cx, id, Amount::from_scaled(-part.scaled()))?;
            open_by(cx, e.doc.id, part)?;
            settled.rest = settled.rest.checked_sub(part.abs()).ok_or_else(|| Error::refused("out_of_range"))?;
            settled.orders.extend(other.order);
            settled.parts.push((id, part.abs()));
        }
    }
    registers::post(cx, "settlements", &movements)?;
    Ok(settled)
}

fn insert(cx: &mut Cx, e: &Entry, currency: &str) -> Result<()> {
    let columns = [
        "id",
        "version",
        "entity",
        "number",
        "company_id",
        "partner_id",
        "currency",
        "date",
        "due_date",
        "amount",
        "open",
        "counterparty_id",
        "agreement_id",
        "contract_id",
        "order_id",
        "created_at",
        "updated_at",
    ];
    let row: Vec<Value> = vec![
        e.doc.id.into(),
        1i64.into(),
        e.doc.entity.into(),
        e.number.as_str().into(),
        e.company.into(),
        e.partner.into(),
        currency.into(),
        e.doc.date.into(),
        e.due.into(),
        e.amount.scaled().into(),
        e.amount.scaled().into(),
        e.counterparty.into(),
        e.agreement.into(),
        e.contract.into(),
        e.order.into(),
        cx.ctx.now.into(),
        cx.ctx.now.into(),
    ];
    // A revised document stands here already, with nothing left of its earlier revision.
    let again = "ON CONFLICT (id) DO UPDATE SET version = settlement_documents.version + 1, company_id = excluded.company_id, partner_id = excluded.partner_id, currency = excluded.currency, date = excluded.date, due_date = excluded.due_date, amount = excluded.amount, open = excluded.open, counterparty_id = excluded.counterparty_id, agreement_id = excluded.agreement_id, contract_id = excluded.contract_id, order_id = excluded.order_id, updated_at = excluded.updated_at";
    cx.conn.insert_rows("settlement_documents", &columns, &[row], again)?;
    Ok(())
}

/// Signed parts of the open documents, in the sign of what is open on them.
fn spread(cx: &mut Cx, e: &Entry, open: &[Doc], settling: Settling) -> Result<Vec<(Id, Amount)>> {
    let payment = e.amount.checked_neg().ok_or_else(|| Error::refused("number_overflow"))?;
    let of = |d: &Doc| Open { document: d.id, due: Some(d.due), amount: d.open };
    match settling {
        Settling::Chosen(chosen) => {
            let signed: Vec<(Id, Amount)> =
                chosen.iter().map(|(id, a)| (*id, if payment.is_negative() { Amount::from_scaled(-a.scaled()) } else { *a })).collect();
            let docs: Vec<Open<Id>> = open.iter().map(of).collect();
            match allocate_chosen(payment, &signed, &docs) {
                Ok(a) => Ok(a.parts),
                Err(err) => Err(chosen_error(cx, e, chosen, err)?),
            }
        }
        Settling::Oldest => {
            let first: Vec<Open<Id>> = open.iter().filter(|d| e.order.is_some() && d.order == e.order).map(of).collect();
            in_turn(payment, &first, &open.iter().map(of).collect::<Vec<_>>())
        }
        Settling::First(id) => {
            let first: Vec<Open<Id>> = open.iter().filter(|d| d.id == id).map(of).collect();
            in_turn(payment, &first, &open.iter().map(of).collect::<Vec<_>>())
        }
    }
}

fn in_turn(payment: Amount, first: &[Open<Id>], all: &[Open<Id>]) -> Result<Vec<(Id, Amount)>> {
    let a = allocate_payment(payment, first);
    if a.rest.is_zero() {
        return Ok(a.parts);
    }
    let others: Vec<Open<Id>> = all.iter().filter(|o| !first.iter().any(|f| f.document == o.document)).copied().collect();
    let b = allocate_payment(a.rest, &others);
    Ok(a.parts.into_iter().chain(b.parts).collect())
}

fn chosen_error(cx: &mut Cx, e: &Entry, chosen: &[(Id, Amount)], err: AllocationError) -> Result<Error> {
    let at = |n: usize, f: &str| format!("allocations.{n}.{f}");
    Ok(match err {
        AllocationError::Sign(n) => Error::field(at(n, "amount"), "amount_zero"),
        AllocationError::Twice(n) => Error::field(at(n, "document_id"), "duplicate"),
        AllocationError::OverPayment { allocated, amount } => {
            Error::field("allocations", "allocation_exceeds").field_arg("allocated", allocated.abs()).field_arg("amount", amount.abs())
        }
        AllocationError::OverDocument { index, open } => {
            let number = by_ids(cx, &[chosen[index].0])?.first().map(|d| d.number.clone()).unwrap_or_default();
            Error::field(at(index, "amount"), "allocation_over_document").field_arg("amount", open.abs()).field_arg("document", number)
        }
        AllocationError::NotOpen(n) => match by_ids(cx, &[chosen[n].0])?.first() {
            None => Error::field(at(n, "document_id"), "reference_missing").field_arg("value", chosen[n].0),
            Some(d) if d.company != e.company || d.partner != e.partner || d.currency != e.currency.code() => {
                Error::field(at(n, "document_id"), "allocation_other_partner")
            }
            Some(d) => {
                Error::field(at(n, "amount"), "allocation_over_document").field_arg("amount", Amount::ZERO).field_arg("document", &d.number)
            }
        },
    })
}
