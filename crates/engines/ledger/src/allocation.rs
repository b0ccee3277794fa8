//! Payments against open documents.

use chrono::NaiveDate;
use kontor_kernel::Amount;

/// What is open on a document: positive where they owe us, negative where we owe them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open<D> {
    pub document: D,
    /// Without a date it is taken after all dated ones.
    pub due: Option<NaiveDate>,
    pub amount: Amount,
}

/// How a payment was spread. `parts` and `rest` add up to the payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation<D> {
    /// No zero parts; in the order in which documents were closed.
    pub parts: Vec<(D, Amount)>,
    /// What no document took: a prepayment.
    pub rest: Amount,
}

/// Why a choice of documents cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AllocationError {
    /// The chosen part with this number (from 0) is zero or has the wrong sign.
    #[error("part {0} has the wrong sign")]
    Sign(usize),
    /// The chosen document is not among the open ones.
    #[error("part {0} is for a document that is not open")]
    NotOpen(usize),
    /// The same document was chosen before.
    #[error("part {0} is for a document named before")]
    Twice(usize),
    /// More than the document has open.
    #[error("part {index} is more than the {open} left open")]
    OverDocument { index: usize, open: Amount },
    /// More than the payment in all.
    #[error("{allocated} allocated of {amount}")]
    OverPayment { allocated: Amount, amount: Amount },
}

/// Spreads a payment over open documents, the oldest due first (decision 8). Documents due on one day go in the order of
/// their ids, so that the result does not depend on the order of `open`. A payment closes only what is open on its own side:
/// a positive one positive amounts, a negative one (money given back) negative amounts.
pub fn allocate_payment<D: Copy + Ord>(amount: Amount, open: &[Open<D>]) -> Allocation<D> {
    let mut order: Vec<&Open<D>> = open.iter().filter(|o| same_side(o.amount, amount)).collect();
    order.sort_by_key(|o| (o.due.is_none(), o.due, o.document));
    spread(amount, order)
}

/// The payer's own choice first, then nothing: the rest stays a prepayment. Every part must be of the payment's side, fit what
/// is open on its document, and all together fit the payment.
pub fn allocate_chosen<D: Copy + Ord>(amount: Amount, chosen: &[(D, Amount)], open: &[Open<D>]) -> Result<Allocation<D>, AllocationError> {
    let mut rest = amount.scaled();
    for (index, (document, part)) in chosen.iter().enumerate() {
        if !same_side(*part, amount) {
            return Err(AllocationError::Sign(index));
        }
        if chosen[..index].iter().any(|(d, _)| d == document) {
            return Err(AllocationError::Twice(index));
        }
        let found = open.iter().find(|o| o.document == *document && same_side(o.amount, amount));
        let open = found.ok_or(AllocationError::NotOpen(index))?.amount;
        if part.abs() > open.abs() {
            return Err(AllocationError::OverDocument { index, open });
        }
        if part.scaled().unsigned_abs() > rest.unsigned_abs() {
            // The sum may be beyond what a number holds; then the highest there is says enough.
            let allocated = Amount::sum(chosen.iter().map(|(_, a)| *a)).unwrap_or(Amount::MAX);
            return Err(AllocationError::OverPayment { allocated, amount });
        }
        rest -= part.scaled();
    }
    Ok(Allocation { parts: chosen.to_vec(), rest: Amount::from_scaled(rest) })
}

fn same_side(a: Amount, payment: Amount) -> bool {
    !a.is_zero() && !payment.is_zero() && a.is_negative() == payment.is_negative()
}

/// All of `order` are of the payment's side, so `rest` only moves towards zero.
fn spread<D: Copy>(amount: Amount, order: Vec<&Open<D>>) -> Allocation<D> {
    let mut rest = amount.scaled();
    let mut parts = vec![];
    for o in order {
        let part = if amount.is_negative() { o.amount.scaled().max(rest) } else { o.amount.scaled().min(rest) };
        if part == 0 {
            break;
        }
        rest -= part;
        parts.push((o.document, Amount::from_scaled(part)));
    }
    Allocation { parts, rest: Amount::from_scaled(rest) }
}
