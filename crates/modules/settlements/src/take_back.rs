//! A document leaves the settlements again: what others were set off against it is open again, then its own movements are
//! taken back.

use crate::document::{Doc, by_ids, open_by};
use chrono::NaiveDate;
use kontor_kernel::Amount;
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_office::document::int_type;
use kontor_platform::cx::Cx;
use kontor_platform::registers::{self, Movement};
use kontor_platform::value::Id;
use std::collections::BTreeSet;

/// Takes back all that `id` wrote, and all that others were set off against it. In a closed period everything stands on
/// `open_from`. Answers the orders whose payment has moved. Nothing happens for a document that never entered.
pub fn take_back(cx: &mut Cx, id: Id, open_from: Option<NaiveDate>) -> Result<BTreeSet<Id>> {
    let Some(doc) = by_ids(cx, &[id])?.into_iter().next() else { return Ok(BTreeSet::new()) };
    crate::lock_partner(cx, doc.company, doc.partner, &doc.currency)?;
    // Looked at again under the lock.
    let Some(doc) = by_ids(cx, &[id])?.into_iter().next() else { return Ok(BTreeSet::new()) };
    let mut orders: BTreeSet<Id> = doc.order.into_iter().collect();
    release(cx, &doc, open_from, &mut orders)?;
    let int = int_type(cx.conn);
    let own = cx.conn.query(
        &format!("SELECT document_id, CAST(SUM(amount) AS {int}) FROM reg_settlements_movements WHERE recorder_id = ? AND document_id <> ? GROUP BY document_id HAVING SUM(amount) <> 0"),
        &[id.into(), id.into()],
    )?;
    let others: Vec<(Id, i64)> = own.iter().map(|r| Ok((r.id(0)?, r.int(1)?))).collect::<Result<_>>()?;
    for (other, net) in &others {
        open_by(cx, *other, Amount::from_scaled(-net))?;
    }
    let ids: Vec<Id> = others.iter().map(|o| o.0).collect();
    orders.extend(by_ids(cx, &ids)?.iter().filter_map(|d| d.order));
    for name in ["settlements", "exposure"] {
        if let Some(reg) = cx.app.registry.register_of(name) {
            registers::reverse_in(cx, reg, id, open_from)?;
        }
    }
    cx.conn.exec("DELETE FROM settlement_stages WHERE document_id = ?", &[id.into()])?;
    cx.conn.exec(
        "UPDATE settlement_documents SET amount = 0, open = 0, version = version + 1, updated_at = ? WHERE id = ?",
        &[cx.ctx.now.into(), id.into()],
    )?;
    Ok(orders)
}

/// Parts that other documents wrote against this one go back to them, in their own name.
fn release(cx: &mut Cx, doc: &Doc, open_from: Option<NaiveDate>, orders: &mut BTreeSet<Id>) -> Result<()> {
    let int = int_type(cx.conn);
    let sql = format!(
        "SELECT recorder_id, recorder_entity, line_no, period, CAST(SUM(amount) AS {int}) FROM reg_settlements_movements WHERE company_id = ? AND partner_id = ? AND currency = ? AND document_id = ? AND recorder_id <> ? GROUP BY recorder_id, recorder_entity, line_no, period HAVING SUM(amount) <> 0"
    );
    let rows =
        cx.conn.query(&sql, &[doc.company.into(), doc.partner.into(), doc.currency.as_str().into(), doc.id.into(), doc.id.into()])?;
    if rows.is_empty() {
        return Ok(());
    }
    let recorders: Vec<Id> = rows.iter().map(|r| r.id(0)).collect::<Result<_>>()?;
    let known: HashMap<Id, Doc> = by_ids(cx, &recorders)?.into_iter().map(|d| (d.id, d)).collect();
    let mut back = vec![];
    for r in &rows {
        let (recorder, part, was) = (r.id(0)?, r.int(4)?, r.date(3)?);
        let Some(other) = known.get(&recorder) else { continue };
        let entity = cx.app.registry.get(r.text(1)?).map_or("", |s| s.name);
        let date = open_from.map_or(was, |d| d.max(was));
        let movement = |of: &Doc, amount: i64| Movement {
            date,
            entity,
            recorder,
            line: r.int(2).unwrap_or(0),
            dims: of.dims(),
            resources: vec![amount],
            storno: Some(was),
        };
        back.push(movement(doc, -part));
        back.push(movement(other, part));
        open_by(cx, doc.id, Amount::from_scaled(-part))?;
        open_by(cx, other.id, Amount::from_scaled(part))?;
        orders.extend(other.order);
    }
    registers::post(cx, "settlements", &back)
}
