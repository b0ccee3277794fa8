//! Lines of opening balances after they have entered: what rests on them, and words of theirs that may change all the same.

use crate::document::by_ids;
use chrono::NaiveDate;
use kontor_kernel::HashSet;
use kontor_kernel::error::Result;
use kontor_platform::cx::Cx;
use kontor_platform::value::Id;

/// A document that was set off against a line after the line had entered: the line is not what it was without it.
#[derive(Clone, Debug)]
pub struct Resting {
    pub entity: String,
    pub number: String,
}

/// Lines of the document of which something is set off, whoever wrote it.
pub fn touched(cx: &mut Cx, of: Id) -> Result<HashSet<Id>> {
    let sql = "SELECT id FROM settlement_documents WHERE opening_balance_id = ? AND open <> amount";
    cx.conn.query(sql, &[of.into()])?.iter().map(|r| r.id(0)).collect()
}

/// The earliest document that was set off against this line by itself; what the line took when it entered it gives back freely.
/// The line's partner is locked.
pub fn rests_on(cx: &mut Cx, line: Id) -> Result<Option<Resting>> {
    let Some(doc) = by_ids(cx, &[line])?.into_iter().next() else { return Ok(None) };
    crate::lock_partner(cx, doc.company, doc.partner, &doc.currency)?;
    let row = cx.conn.query_opt(
        "SELECT d.entity, d.number FROM reg_settlements_movements m JOIN settlement_documents d ON d.id = m.recorder_id \
         WHERE m.company_id = ? AND m.partner_id = ? AND m.currency = ? AND m.document_id = ? AND m.recorder_id <> ? \
         GROUP BY d.id, d.entity, d.number, d.date HAVING SUM(m.amount) <> 0 ORDER BY d.date, d.number LIMIT 1",
        &[doc.company.into(), doc.partner.into(), doc.currency.as_str().into(), line.into(), line.into()],
    )?;
    row.map(|r| Ok(Resting { entity: r.text(0)?.to_string(), number: r.text(1)?.to_string() })).transpose()
}

/// Another number of the old document and another day on which it is due: no balance changes by them.
pub fn relabel(cx: &mut Cx, line: Id, number: &str, due: NaiveDate) -> Result<()> {
    cx.conn.exec(
        "UPDATE settlement_documents SET number = ?, due_date = ?, version = version + 1, updated_at = ? WHERE id = ?",
        &[number.into(), due.into(), cx.ctx.now.into(), line.into()],
    )?;
    Ok(())
}
