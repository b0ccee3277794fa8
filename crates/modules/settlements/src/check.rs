//! What `kontor check` compares here: documents with the register, and the debts with both.

use kontor_kernel::error::Result;
use kontor_office::document::int_type;
use kontor_platform::app::{App, Difference};
use kontor_platform::registers::BALANCE;
use kontor_platform::store::Conn;

/// What is open on each document is its balance in the register.
pub fn documents(conn: &mut Conn, _: &App) -> Result<Vec<Difference>> {
    let int = int_type(conn);
    let sums = format!("SELECT document_id, CAST(SUM(amount) AS {int}) AS amount FROM reg_settlements_movements GROUP BY document_id");
    let mut out = vec![];
    let sql = format!(
        "SELECT d.id, d.entity, d.number, COALESCE(m.amount, 0), d.open FROM settlement_documents d LEFT JOIN ({sums}) m ON m.document_id = d.id WHERE d.open <> COALESCE(m.amount, 0)"
    );
    for r in conn.query(&sql, &[])? {
        out.push(Difference {
            place: "settlement-documents open".into(),
            key: format!("{} {} ({})", r.text(1)?, r.text(2)?, r.id(0)?),
            expected: r.int(3)?.to_string(),
            found: r.int(4)?.to_string(),
        });
    }
    let sql = format!(
        "SELECT m.document_id, m.amount FROM ({sums}) m LEFT JOIN settlement_documents d ON d.id = m.document_id WHERE d.id IS NULL AND m.amount <> 0"
    );
    for r in conn.query(&sql, &[])? {
        out.push(Difference {
            place: "settlement-documents".into(),
            key: r.id(0)?.to_string(),
            expected: r.int(1)?.to_string(),
            found: "missing".into(),
        });
    }
    let sql = format!(
        "SELECT d.id, d.entity, d.number, d.amount, COALESCE(m.amount, 0) FROM settlement_documents d LEFT JOIN (SELECT recorder_id, CAST(SUM(debt) AS {int}) AS amount FROM reg_exposure_movements GROUP BY recorder_id) m ON m.recorder_id = d.id WHERE d.amount <> COALESCE(m.amount, 0)"
    );
    for r in conn.query(&sql, &[])? {
        out.push(Difference {
            place: "settlement-documents amount".into(),
            key: format!("{} {} ({})", r.text(1)?, r.text(2)?, r.id(0)?),
            expected: r.int(4)?.to_string(),
            found: r.int(3)?.to_string(),
        });
    }
    Ok(out)
}

/// What a partner owes in all is the sum of his documents.
pub fn debts(conn: &mut Conn, _: &App) -> Result<Vec<Difference>> {
    let int = int_type(conn);
    let sql = format!(
        "SELECT b.company_id, b.partner_id, b.currency, b.debt, COALESCE(d.open, 0) FROM reg_exposure_totals b LEFT JOIN (SELECT company_id, partner_id, currency, CAST(SUM(open) AS {int}) AS open FROM settlement_documents GROUP BY company_id, partner_id, currency) d ON d.company_id = b.company_id AND d.partner_id = b.partner_id AND d.currency = b.currency WHERE b.month = ? AND b.debt <> COALESCE(d.open, 0)"
    );
    conn.query(&sql, &[BALANCE.into()])?
        .iter()
        .map(|r| {
            Ok(Difference {
                place: "settlements of partner".into(),
                key: format!("{} / {} / {}", r.id(0)?, r.id(1)?, r.text(2)?),
                expected: r.int(4)?.to_string(),
                found: r.int(3)?.to_string(),
            })
        })
        .collect()
}
