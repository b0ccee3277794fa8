//! Money that is given for an order by name: it closes what the order has shipped, the earliest due first, and what is left of
//! it waits for the shipments to come.

use kontor_kernel::Amount;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::store::{marks, padded, parts};
use kontor_platform::value::Id;
use kontor_settlements::{Entry, Settled, Settling, lock_partner, open_for_order};

struct Order {
    id: Id,
    number: String,
    /// Nobody has paid it yet.
    left: Amount,
    /// Of the payment's company, partner and currency.
    same: bool,
}

/// A payment that names one order among its documents is for that order, unless it says which it is for.
pub(crate) fn name(cx: &mut Cx, change: &mut Change, chosen: &[(Id, Amount)]) -> Result<()> {
    if chosen.is_empty() {
        return Ok(());
    }
    let r = &mut change.after;
    let orders = orders(cx, r, chosen)?;
    if let Some(o) = orders.iter().find(|o| !o.same) {
        let n = chosen.iter().position(|(id, _)| *id == o.id).unwrap_or_default();
        return Err(Error::field(format!("allocations.{n}.document_id"), "allocation_other_partner"));
    }
    if let [only] = orders.as_slice()
        && (r.is_null("sales_order_id") || !change.given.contains("sales_order_id"))
    {
        r.set("sales_order_id", Some(only.id));
    }
    Ok(())
}

/// Enters the payment with chosen documents, orders among them.
pub(crate) fn enter(cx: &mut Cx, r: &Record, entry: &Entry, chosen: &[(Id, Amount)]) -> Result<Settled> {
    // Others who pay the same order wait, so that what is left to pay on it stays so.
    lock_partner(cx, entry.company, entry.partner, entry.currency.code())?;
    let orders = orders(cx, r, chosen)?;
    // What was chosen for itself comes first, so that an error finds its place again.
    let (mut parts, mut places) = (vec![], vec![]);
    for (n, part) in chosen.iter().enumerate().filter(|(_, (id, _))| orders.iter().all(|o| o.id != *id)) {
        parts.push(*part);
        places.push(n);
    }
    for (n, (id, amount)) in chosen.iter().enumerate() {
        let Some(order) = orders.iter().find(|o| o.id == *id) else { continue };
        let ahead = shipped(cx, entry, order, *amount, &mut parts, &mut places, n)?;
        let refund = !entry.amount.is_negative();
        if (refund && !ahead.is_zero()) || (!refund && *amount > order.left) {
            let most = if refund { amount.checked_sub(ahead) } else { Some(order.left) };
            return Err(Error::field(format!("allocations.{n}.amount"), "allocation_over_document")
                .field_arg("amount", most.unwrap_or(Amount::ZERO).max(Amount::ZERO))
                .field_arg("document", &order.number));
        }
        if !ahead.is_zero() && entry.order != Some(order.id) {
            return Err(Error::field(format!("allocations.{n}.document_id"), "prepays_one_order").field_arg("document", &order.number));
        }
    }
    kontor_settlements::enter(cx, entry, Settling::Chosen(&parts)).map_err(|mut e| {
        for f in &mut e.inner_mut().fields {
            let place = f.field.strip_prefix("allocations.").and_then(|rest| rest.split_once('.'));
            if let Some((Some(n), name)) = place.map(|(n, name)| (n.parse().ok().and_then(|n: usize| places.get(n)), name)) {
                f.field = format!("allocations.{n}.{name}");
            }
        }
        e
    })
}

/// Gives the order's part to what is open on its documents; answers what none of them took.
fn shipped(
    cx: &mut Cx,
    entry: &Entry,
    order: &Order,
    amount: Amount,
    parts: &mut Vec<(Id, Amount)>,
    places: &mut Vec<usize>,
    n: usize,
) -> Result<Amount> {
    let overflow = || Error::refused("number_overflow");
    let mut left = amount;
    for (id, open) in open_for_order(cx, order.id, entry.amount.is_negative())? {
        let named = parts.iter().position(|(d, _)| *d == id);
        let taken = named.map_or(Amount::ZERO, |i| parts[i].1);
        let part = left.min(open.abs().checked_sub(taken).ok_or_else(overflow)?.max(Amount::ZERO));
        if part.is_zero() {
            continue;
        }
        match named {
            Some(i) => parts[i].1 = taken.checked_add(part).ok_or_else(overflow)?,
            None => {
                parts.push((id, part));
                places.push(n);
            }
        }
        left = left.checked_sub(part).ok_or_else(overflow)?;
    }
    Ok(left)
}

/// The sales orders among the chosen documents.
fn orders(cx: &mut Cx, r: &Record, chosen: &[(Id, Amount)]) -> Result<Vec<Order>> {
    let mut ids: Vec<Id> = chosen.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut out = vec![];
    for chunk in parts(&ids) {
        let params = padded(chunk);
        let sql = format!(
            "SELECT id, number, company_id, partner_id, currency, total, paid_total FROM sales_orders WHERE id IN ({})",
            marks(params.len())
        );
        for row in &cx.conn.query(&sql, &params)? {
            let left = row.int(5)?.checked_sub(row.int(6)?).ok_or_else(|| Error::refused("number_overflow"))?;
            out.push(Order {
                id: row.id(0)?,
                number: row.text(1)?.to_string(),
                left: Amount::from_scaled(left),
                same: row.id(2)? == r.ref_id("company_id") && row.id(3)? == r.ref_id("partner_id") && row.text(4)? == r.text("currency"),
            });
        }
    }
    Ok(out)
}
