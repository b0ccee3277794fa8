//! Whether the prepayment that was agreed is there before goods leave.

use crate::fulfil::refresh_paid;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, mul_div};
use kontor_office::{Company, Control};
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_prices::payment_of;
use kontor_prices::stages::{self, Stage};
use kontor_settlements::{Names, free_prepayments};

/// What is agreed, of the order as a whole, must have come in; no more is asked than what has left with this shipment. The company's
/// control of terms says what follows. The partner's settlements are locked by the caller.
pub fn check(cx: &mut Cx, r: &Record, order: Option<&Record>, company: &Company) -> Result<()> {
    if cx.ctx.is_history() || company.terms_control == Control::Allow || cx.preview {
        return Ok(());
    }
    let of = order.unwrap_or(r);
    let mut all = stages::of(of.json("payment_stages"))?;
    if all.is_empty() {
        all = vec![Stage::whole(payment_of(of.json("payment_terms")))];
    }
    let percent = stages::prepaid(&all);
    if !percent.is_positive() {
        return Ok(());
    }
    let overflow = || Error::refused("number_overflow");
    let total = of.int("total");
    let agreed =
        mul_div(total, percent.scaled(), kontor_kernel::Percent::HUNDRED.scaled()).map(Amount::from_scaled).ok_or_else(overflow)?;
    let left = Amount::from_scaled(r.int("total") + order.map_or(0, |o| o.int("shipped_total")));
    let needed = agreed.min(left);
    let paid = paid(cx, r, order)?;
    if paid >= needed {
        return Ok(());
    }
    let missing = needed.checked_sub(paid).ok_or_else(overflow)?;
    let field = if order.is_some() { "sales_order_id" } else { "partner_id" };
    let may = cx.ctx.access.may(cx.spec(crate::order::ENTITY), "approve");
    if company.terms_control == Control::Refuse && !may {
        let e = Error::field(field, "prepayment_missing").field_arg("needed", needed).field_arg("paid", paid).field_arg("missing", missing);
        return Err(e.field_arg("currency", of.text("currency")).hint("prepayment_missing", vec![]));
    }
    let args = [("needed", needed), ("paid", paid), ("missing", missing)].map(|(n, a)| (n.into(), a.to_string()));
    cx.warn(field, "prepayment_missing", args.into_iter().chain([("currency".into(), of.text("currency").to_string())]).collect());
    Ok(())
}

/// What was paid for the order, and what the order of settlement lets it take of other prepayments.
fn paid(cx: &mut Cx, r: &Record, order: Option<&Record>) -> Result<Amount> {
    let of = order.unwrap_or(r);
    let names = Names {
        agreement: of.ref_id("agreement_id"),
        contract: of.ref_id("contract_id"),
        order: order.map_or_else(Default::default, |o| o.id),
    };
    let free = free_prepayments(cx, of.ref_id("company_id"), of.ref_id("partner_id"), of.text("currency"), names)?;
    let own = match order {
        Some(o) => {
            refresh_paid(cx, &[o.id].into_iter().collect())?;
            let row = cx.conn.query_one("SELECT paid_total FROM sales_orders WHERE id = ?", &[o.id.into()])?;
            Amount::from_scaled(row.int(0)?)
        }
        None => Amount::ZERO,
    };
    own.checked_add(free).ok_or_else(|| Error::refused("number_overflow"))
}
