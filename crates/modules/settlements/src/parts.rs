//! `GET /settlement-documents/{id}/parts`: what a document was set off against. The register keeps it: each pair of movements
//! names the document that wrote it and the one on the other side. `GET /opening-balances/{id}/parts` tells it of each line.

use kontor_kernel::Amount;
use kontor_kernel::error::{Error, Result};
use kontor_office::document::int_type;
use kontor_platform::app::{App, Asked};
use kontor_platform::ctx::Ctx;
use kontor_platform::spec::Spec;
use kontor_platform::store::{Conn, Row};
use kontor_platform::value::Id;
use serde_json::{Value as Json, json};

/// Most parts of one answer.
const LIMIT: usize = 500;

/// Most lines of one answer about opening balances.
const LINES: usize = 100;

/// A settlement document and the key of its balance.
struct Of<'a> {
    id: Id,
    company: Id,
    partner: Id,
    currency: &'a str,
}

/// `{currency, open, items: [{document_id, document: {id, title}, entity, record_id, date, due_date, amount}], more}`: the earliest due
/// first; `open` is what nothing was set off against, both without sign. `record_id` is the record of the collection `entity`: the
/// document itself, or the opening balances that the document is a line of. Errors: 404 where the document is none of the caller's.
pub(crate) fn question(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    let id = asked_id(asked)?;
    let doc = app.record(ctx, "settlement-documents", id)?;
    sums_known(ctx, doc.spec)?;
    let of = Of { id, company: doc.ref_id("company_id"), partner: doc.ref_id("partner_id"), currency: doc.text("currency") };
    let mut items = app.store.read(|conn| parts(conn, &of, LIMIT + 1))?;
    let more = items.len() > LIMIT;
    items.truncate(LIMIT);
    Ok(json!({"currency": doc.text("currency"), "open": doc.amount("open").abs(), "items": items, "more": more}))
}

/// `{items: [{line_id, number, partner_id, partner: {id, title}, currency, amount, open, settled: [parts as above]}], more}`: the lines that
/// something was set off against, the earliest due first, sums without sign. Errors: 404 where the document is none of the caller's.
pub fn of_opening_balances(app: &App, ctx: &Ctx, asked: &Asked) -> Result<Json> {
    let id = asked_id(asked)?;
    let doc = app.record(ctx, "opening-balances", id)?;
    let spec = app.registry.get("settlement-documents").ok_or_else(Error::not_found)?;
    sums_known(ctx, doc.spec)?;
    sums_known(ctx, spec)?;
    let scope = ctx.access.predicate(&app.registry, spec, "read", "d");
    app.store.read(|conn| {
        let sql = format!(
            "SELECT d.id, d.number, d.company_id, d.partner_id, p.name, d.currency, d.amount, d.open FROM settlement_documents d \
             JOIN partners p ON p.id = d.partner_id WHERE d.opening_balance_id = ? AND d.open <> d.amount{} \
             ORDER BY d.due_date, d.number, d.id LIMIT {}",
            scope.and(),
            LINES + 1
        );
        let mut params = vec![id.into()];
        params.extend(scope.params.iter().cloned());
        let found = conn.query(&sql, &params)?;
        let mut items = vec![];
        for r in found.iter().take(LINES) {
            let of = Of { id: r.id(0)?, company: r.id(2)?, partner: r.id(3)?, currency: r.text(5)? };
            items.push(json!({
                "line_id": of.id, "number": r.text(1)?, "partner_id": of.partner,
                "partner": {"id": of.partner, "title": r.text(4)?}, "currency": of.currency,
                "amount": Amount::from_scaled(r.int(6)?).abs(), "open": Amount::from_scaled(r.int(7)?).abs(),
                "settled": parts(conn, &of, LINES)?,
            }));
        }
        Ok(json!({"items": items, "more": found.len() > LINES}))
    })
}

fn asked_id(asked: &Asked) -> Result<Id> {
    asked.path.get("id").and_then(|p| Id::parse_str(p).ok()).ok_or_else(Error::not_found)
}

/// Whoever may not know the sums learns nothing from the parts either.
fn sums_known(ctx: &Ctx, spec: &Spec) -> Result<()> {
    if !ctx.access.may(spec, "read") || ["amount", "open"].iter().any(|f| ctx.access.hidden(spec, f)) {
        return Err(Error::forbidden().arg("action", "read").arg("entity", spec.name));
    }
    Ok(())
}

fn parts(conn: &mut Conn, of: &Of, limit: usize) -> Result<Vec<Json>> {
    let int = int_type(conn);
    // What it wrote itself, and what was written against it later; what was taken back adds up to nothing.
    let sql = format!(
        "SELECT d.id, d.entity, d.number, d.date, d.due_date, CAST(SUM(m.amount) AS {int}), COALESCE(d.opening_balance_id, d.id) FROM ( \
         SELECT document_id AS other, amount FROM reg_settlements_movements WHERE recorder_id = ? AND document_id <> ? \
         UNION ALL SELECT recorder_id AS other, amount FROM reg_settlements_movements \
         WHERE company_id = ? AND partner_id = ? AND currency = ? AND document_id = ? AND recorder_id <> ?) m \
         JOIN settlement_documents d ON d.id = m.other GROUP BY d.id, d.entity, d.number, d.date, d.due_date, d.opening_balance_id \
         HAVING SUM(m.amount) <> 0 ORDER BY d.due_date, d.date, d.number, d.id LIMIT {limit}"
    );
    let own = || of.id.into();
    let params = [own(), own(), of.company.into(), of.partner.into(), of.currency.into(), own(), own()];
    let part = |r: &Row| {
        let other = r.id(0)?;
        Ok(json!({
            "document_id": other, "document": {"id": other, "title": r.text(2)?}, "entity": r.text(1)?, "record_id": r.id(6)?,
            "date": r.date(3)?, "due_date": r.date(4)?, "amount": Amount::from_scaled(r.int(5)?).abs(),
        }))
    };
    conn.query(&sql, &params)?.iter().map(part).collect()
}
