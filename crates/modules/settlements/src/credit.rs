//! Credit: what a partner owes and has ordered, against his limit. The row is locked before it is looked at.

use kontor_kernel::Amount;
use kontor_kernel::HashSet;
use kontor_kernel::error::{Error, Result};
use kontor_office::Control;
use kontor_office::document::DocRef;
use kontor_platform::cx::Cx;
use kontor_platform::registers::{self, BALANCE, Movement};
use kontor_platform::store::Conn;
use kontor_platform::value::{Id, Value};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exposure {
    /// Shipped and not paid; negative where we owe them.
    pub debt: Amount,
    /// Confirmed and not shipped.
    pub ordered: Amount,
}

impl Exposure {
    pub fn total(self) -> Option<Amount> {
        self.debt.checked_add(self.ordered)
    }
}

/// A question for more credit.
#[derive(Clone, Copy, Debug)]
pub struct Credit<'a> {
    pub company: Id,
    pub partner: Id,
    pub currency: &'a str,
    pub limit: Amount,
    pub control: Control,
    pub adding: Amount,
}

/// Commands that change what a partner owes or has ordered wait for one another here. Taken before locks of stock.
pub fn lock_partner(cx: &mut Cx, company: Id, partner: Id, currency: &str) -> Result<()> {
    lock_partners(cx, [(company, partner, currency.to_string())])
}

/// The same of many partners at once: in the order of their keys, so that of two commands one waits.
pub fn lock_partners(cx: &mut Cx, keys: impl IntoIterator<Item = (Id, Id, String)>) -> Result<()> {
    let known = cx.memo.get(MEMO).and_then(|m| m.downcast_ref::<Locked>());
    let new: Locked = keys.into_iter().filter(|key| known.is_none_or(|l| !l.contains(key))).collect();
    if new.is_empty() {
        return Ok(());
    }
    let rows: Vec<Vec<Value>> = new.iter().map(|(c, p, code)| vec![(*c).into(), (*p).into(), code.as_str().into()]).collect();
    registers::lock(cx, "exposure", &rows)?;
    if let Some(l) = cx.memo.entry(MEMO).or_insert_with(|| Box::new(Locked::new())).downcast_mut::<Locked>() {
        l.extend(new);
    }
    Ok(())
}

/// What the command has locked; it stays so until its end.
type Locked = HashSet<(Id, Id, String)>;
const MEMO: &str = "settlements.locked";

pub fn exposure(conn: &mut Conn, company: Id, partner: Id, currency: &str) -> Result<Exposure> {
    let row = conn.query_opt(
        "SELECT debt, ordered FROM reg_exposure_totals WHERE company_id = ? AND partner_id = ? AND currency = ? AND month = ?",
        &[company.into(), partner.into(), currency.into(), BALANCE.into()],
    )?;
    row.map_or(Ok(Exposure::default()), |r| Ok(Exposure { debt: Amount::from_scaled(r.int(0)?), ordered: Amount::from_scaled(r.int(1)?) }))
}

/// Refuses, or warns, when the exposure with `adding` would pass the limit.
pub fn check_credit(cx: &mut Cx, c: &Credit) -> Result<()> {
    if c.control == Control::Allow || !c.adding.is_positive() {
        return Ok(());
    }
    lock_partner(cx, c.company, c.partner, c.currency)?;
    let exposure = exposure(cx.conn, c.company, c.partner, c.currency)?
        .total()
        .and_then(|t| t.checked_add(c.adding))
        .ok_or_else(|| Error::refused("number_overflow"))?;
    let over = exposure.checked_sub(c.limit).ok_or_else(|| Error::refused("number_overflow"))?;
    if !over.is_positive() {
        return Ok(());
    }
    if c.control == Control::Warn {
        let args = [("limit", c.limit), ("exposure", exposure), ("over", over)].map(|(n, a)| (n.into(), a.to_string())).to_vec();
        cx.warn("partner_id", "credit_exceeded", args);
        return Ok(());
    }
    Err(Error::field("partner_id", "credit_exceeded")
        .field_arg("limit", c.limit)
        .field_arg("exposure", exposure)
        .field_arg("over", over)
        .field_arg("currency", c.currency))
}

/// What is confirmed and not shipped changes by so much, in the name of the order.
pub fn order_ahead(cx: &mut Cx, doc: DocRef, company: Id, partner: Id, currency: &str, by: Amount) -> Result<()> {
    if by.is_zero() {
        return Ok(());
    }
    let dims = vec![company.into(), partner.into(), currency.into()];
    registers::post(
        cx,
        "exposure",
        &[Movement { date: doc.date, entity: doc.entity, recorder: doc.id, line: 0, dims, resources: vec![0, by.scaled()], storno: None }],
    )
}
