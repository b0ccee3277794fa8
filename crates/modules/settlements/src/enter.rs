//! The one way in: a document enters with its amount and is set off against what is open on the other side.

use crate::credit::lock_partners;
use crate::document::{Doc, Names, SettleBy, by_ids, open_by, open_of, settle_by};
use chrono::NaiveDate;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::hash_map::Entry as Slot;
use kontor_kernel::{Amount, Currency};
use kontor_ledger::{AllocationError, Open, allocate_chosen, allocate_payment};
use kontor_office::document::DocRef;
use kontor_platform::cx::Cx;
use kontor_platform::registers::{self, Movement};
use kontor_platform::value::{Id, Value};
use serde_json::{Value as Json, json};
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
    /// Days and parts that make up the amount, the earliest first; none when all of it is due on `due`.
    pub stages: Vec<(NaiveDate, Amount)>,
    /// Positive: they owe us more; negative: less.
    pub amount: Amount,
}

/// What an entry is set off against.
#[derive(Clone, Debug)]
pub enum Settling<'a> {
    /// Documents of the same order, then the oldest due of those that the agreement lets it settle.
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

impl Settled {
    /// What the command that posted it answers: `{settled: [{document_id, amount}], unallocated}`.
    pub fn answer(&self) -> Json {
        let parts: Vec<Json> = self.parts.iter().map(|(id, part)| json!({"document_id": id, "amount": part})).collect();
        json!({"settled": parts, "unallocated": self.rest})
    }
}

/// Writes the entry and sets it off. Errors of chosen parts are named `allocations.{n}.…`.
pub fn enter(cx: &mut Cx, e: &Entry, settling: Settling) -> Result<Settled> {
    let currency = e.currency.code().to_string();
    crate::lock_partner(cx, e.company, e.partner, &currency)?;
    let by = settle_by(cx, e.agreement)?;
    insert(cx, &[(e, by)], None)?;
    let mut settled = Settled { rest: e.amount.abs(), ..Default::default() };
    settled.orders.extend(e.order);
    let mut movements = vec![];
    if !e.amount.is_zero() {
        movements.push(e.movement(e.doc.date, 0, e.dims(), e.amount.scaled()));
        registers::post(cx, "exposure", &[e.debt()])?;
        let mut open = open_of(cx, e.company, e.partner, &currency, e.amount.is_negative())?;
        // What a return takes back it settles, whatever the money was for.
        let first = if let Settling::First(id) = settling { Some(id) } else { None };
        open.retain(|d| Some(d.id) == first || fits(e, by, d));
        let parts = spread(cx, e, &open, settling)?;
        set_off(cx, e, &open, parts, &mut movements, &mut settled)?;
    }
    registers::post(cx, "settlements", &movements)?;
    Ok(settled)
}

impl Entry {
    /// Of the row of the debts, and the first of those of the document's own balance.
    fn debtor(&self) -> Vec<Value> {
        vec![self.company.into(), self.partner.into(), self.currency.code().into()]
    }
    fn dims(&self) -> Vec<Value> {
        let mut dims = self.debtor();
        dims.extend([self.doc.id.into(), self.counterparty.into(), self.agreement.into(), self.contract.into()]);
        dims
    }
    fn movement(&self, date: NaiveDate, line: i64, dims: Vec<Value>, amount: i64) -> Movement {
        Movement { date, entity: self.doc.entity, recorder: self.doc.id, line, dims, resources: vec![amount], storno: None }
    }
    /// What the partner owes in all changes by the whole amount.
    fn debt(&self) -> Movement {
        Movement { resources: vec![self.amount.scaled(), 0], ..self.movement(self.doc.date, 0, self.debtor(), 0) }
    }
}

/// Sets the entry off against these parts of open documents, and adds the movements to those that are to be posted.
fn set_off(
    cx: &mut Cx,
    e: &Entry,
    open: &[Doc],
    parts: Vec<(Id, Amount)>,
    movements: &mut Vec<Movement>,
    settled: &mut Settled,
) -> Result<()> {
    for (n, (id, part)) in parts.into_iter().enumerate() {
        let Some(other) = open.iter().find(|d| d.id == id) else { continue };
        // The pair adds up to nothing; it stands on the later of both days, so that no document is paid before it is made.
        let (date, line) = (e.doc.date.max(other.date), n as i64 + 1);
        movements.push(e.movement(date, line, other.dims(), -part.scaled()));
        movements.push(e.movement(date, line, e.dims(), part.scaled()));
        open_by(cx, id, Amount::from_scaled(-part.scaled()))?;
        open_by(cx, e.doc.id, part)?;
        settled.rest = settled.rest.checked_sub(part.abs()).ok_or_else(|| Error::refused("number_overflow"))?;
        settled.orders.extend(other.order);
        settled.parts.push((id, part.abs()));
    }
    Ok(())
}

/// Open items of old books enter as they stand there, `lines` of the document `of`. They are set off against money and debts
/// that were written here before them, the oldest due first, but never against one another or lines of another such document: what
/// the old books left open stays open. Answers the orders whose payment has moved.
pub fn bring(cx: &mut Cx, of: Id, lines: &[Entry]) -> Result<BTreeSet<Id>> {
    lock_partners(cx, lines.iter().map(|e| (e.company, e.partner, e.currency.code().to_string())))?;
    let mut ways: HashMap<Id, SettleBy> = HashMap::new();
    let mut entered = Vec::with_capacity(lines.len());
    for e in lines {
        let by = match ways.entry(e.agreement) {
            Slot::Occupied(known) => *known.get(),
            Slot::Vacant(new) => *new.insert(settle_by(cx, e.agreement)?),
        };
        entered.push((e, by));
    }
    insert(cx, &entered, Some(of))?;
    registers::post(cx, "exposure", &lines.iter().map(Entry::debt).collect::<Vec<_>>())?;
    let mut movements: Vec<Movement> = lines.iter().map(|e| e.movement(e.doc.date, 0, e.dims(), e.amount.scaled())).collect();
    let mut settled = Settled::default();
    let mut there: HashMap<(Id, &str, bool), Vec<Doc>> = HashMap::new();
    entered.sort_by_key(|(e, _)| e.due);
    for (e, by) in entered {
        let owed = e.amount.is_negative();
        let open = match there.entry((e.partner, e.currency.code(), owed)) {
            Slot::Occupied(known) => known.into_mut(),
            Slot::Vacant(new) => new.insert(open_of(cx, e.company, e.partner, e.currency.code(), owed)?),
        };
        let meets: Vec<Doc> = open.iter().filter(|d| !d.brought && !d.open.is_zero() && fits(e, by, d)).cloned().collect();
        let parts = spread(cx, e, &meets, Settling::Oldest)?;
        for (id, part) in &parts {
            for d in open.iter_mut().filter(|d| d.id == *id) {
                d.open = d.open.checked_sub(*part).ok_or_else(|| Error::refused("number_overflow"))?;
            }
        }
        settled.rest = e.amount.abs();
        set_off(cx, e, &meets, parts, &mut movements, &mut settled)?;
    }
    registers::post(cx, "settlements", &movements)?;
    Ok(settled.orders)
}

/// Whether the order of settlement lets these two meet: one of them is money, the other the debt.
fn fits(e: &Entry, by: SettleBy, d: &Doc) -> bool {
    let own = Names { agreement: e.agreement, contract: e.contract, order: e.order.unwrap_or_default() };
    if e.amount.is_negative() { own.settles(d.names(), d.settle_by) } else { d.names().settles(own, by) }
}

fn insert(cx: &mut Cx, entries: &[(&Entry, SettleBy)], opening: Option<Id>) -> Result<()> {
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
        "opening_balance_id",
        "settle_by",
        "staged",
        "created_at",
        "updated_at",
    ];
    let now = cx.ctx.now;
    let row = |(e, by): &(&Entry, SettleBy)| -> Vec<Value> {
        vec![
            e.doc.id.into(),
            1i64.into(),
            e.doc.entity.into(),
            e.number.as_str().into(),
            e.company.into(),
            e.partner.into(),
            e.currency.code().into(),
            e.doc.date.into(),
            e.due.into(),
            e.amount.scaled().into(),
            e.amount.scaled().into(),
            e.counterparty.into(),
            e.agreement.into(),
            e.contract.into(),
            e.order.into(),
            opening.into(),
            by.code().into(),
            (!e.stages.is_empty()).into(),
            now.into(),
            now.into(),
        ]
    };
    // A revised document stands here already, with nothing left of its earlier revision.
    let again = "ON CONFLICT (id) DO UPDATE SET version = settlement_documents.version + 1, number = excluded.number, company_id = excluded.company_id, partner_id = excluded.partner_id, currency = excluded.currency, date = excluded.date, due_date = excluded.due_date, amount = excluded.amount, open = excluded.open, counterparty_id = excluded.counterparty_id, agreement_id = excluded.agreement_id, contract_id = excluded.contract_id, order_id = excluded.order_id, settle_by = excluded.settle_by, staged = excluded.staged, updated_at = excluded.updated_at";
    cx.conn.post_rows("settlement_documents", &columns, entries.iter().map(row).collect(), again)?;
    entries.iter().try_for_each(|(e, _)| stages(cx, e))
}

fn stages(cx: &mut Cx, e: &Entry) -> Result<()> {
    if e.stages.is_empty() {
        return Ok(());
    }
    const COLUMNS: [&str; 9] = ["id", "version", "document_id", "company_id", "partner_id", "due_date", "amount", "later", "created_at"];
    let mut later = Amount::ZERO;
    let mut rows = vec![];
    for (due, amount) in e.stages.iter().rev() {
        rows.push(vec![
            cx.new_id().into(),
            1i64.into(),
            e.doc.id.into(),
            e.company.into(),
            e.partner.into(),
            (*due).into(),
            amount.scaled().into(),
            later.scaled().into(),
            cx.ctx.now.into(),
            cx.ctx.now.into(),
        ]);
        later = later.checked_add(*amount).ok_or_else(|| Error::refused("number_overflow"))?;
    }
    let columns: Vec<&str> = COLUMNS.into_iter().chain(["updated_at"]).collect();
    cx.conn.post_rows("settlement_stages", &columns, rows, "")
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
            Some(d) if !d.open.is_zero() && d.open.is_positive() == e.amount.is_negative() => {
                let by = if e.amount.is_negative() { d.settle_by } else { settle_by(cx, e.agreement)? };
                Error::field(at(n, "document_id"), "allocation_other_terms").field_arg("document", &d.number).field_arg("by", by.code())
            }
            Some(d) => {
                Error::field(at(n, "amount"), "allocation_over_document").field_arg("amount", Amount::ZERO).field_arg("document", &d.number)
            }
        },
    })
}
