//! `GET /settlement-documents/{id}/parts`: what a document was set off against. The register keeps it: each pair of movements
//! names the document that wrote it and the one on the other side.

use kontor_kernel::Amount;
use kontor_kernel::error::{Error, Result};
use kontor_office::document::int_type;
use kontor_platform::app::{App, Asked};
use kontor_platform::ctx::Ctx;
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

/// Most parts of one answer.
const LIMIT: usize = 500;

/// `{currency, open, items: [{document_id, document: {id, title}, entity, date, due_date, amount}], more}`: the earliest due first;
/// `open` is what nothing was set off against, both without sign. Errors: 404 where the document is none of the caller's.
pub(crate) fn question(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    let id = asked.path.get("id").and_then(|p| Id::parse_str(p).ok()).ok_or_else(Error::not_found)?;
    let doc = app.record(ctx, "settlement-documents", id)?;
    // Whoever may not know the sums learns nothing from the parts either.
    if ["amount", "open"].iter().any(|f| ctx.access.hidden(doc.spec, f)) {
        return Err(Error::forbidden().arg("action", "read").arg("entity", "settlement-documents"));
    }
    let rows = app.store.read(|conn| {
        let int = int_type(conn);
        // What it wrote itself, and what was written against it later; what was taken back adds up to nothing.
        let sql = format!(
            "SELECT d.id, d.entity, d.number, d.date, d.due_date, CAST(SUM(m.amount) AS {int}) FROM ( \
             SELECT document_id AS other, amount FROM reg_settlements_movements WHERE recorder_id = ? AND document_id <> ? \
             UNION ALL SELECT recorder_id AS other, amount FROM reg_settlements_movements \
             WHERE company_id = ? AND partner_id = ? AND currency = ? AND document_id = ? AND recorder_id <> ?) m \
             JOIN settlement_documents d ON d.id = m.other GROUP BY d.id, d.entity, d.number, d.date, d.due_date \
             HAVING SUM(m.amount) <> 0 ORDER BY d.due_date, d.date, d.number, d.id LIMIT {}",
            LIMIT + 1
        );
        let (own, company, partner) = (id.into(), doc.ref_id("company_id").into(), doc.ref_id("partner_id").into());
        let params = [id.into(), id.into(), company, partner, doc.text("currency").into(), own, id.into()];
        let found = conn.query(&sql, &params)?;
        found
            .iter()
            .take(LIMIT)
            .map(|r| {
                let other = r.id(0)?;
                Ok(json!({
                    "document_id": other, "document": {"id": other, "title": r.text(2)?}, "entity": r.text(1)?,
                    "date": r.date(3)?, "due_date": r.date(4)?, "amount": Amount::from_scaled(r.int(5)?).abs(),
                }))
            })
            .collect::<Result<Vec<Json>>>()
            .map(|items| (items, found.len() > LIMIT))
    })?;
    Ok(json!({"currency": doc.text("currency"), "open": doc.amount("open").abs(), "items": rows.0, "more": rows.1}))
}
