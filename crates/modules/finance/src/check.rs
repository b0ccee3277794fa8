//! What `kontor check` compares here: payments and opening balances with settlements.

use crate::opening;
use crate::payment::{ENTITY, PREFIX};
use kontor_kernel::error::Result;
use kontor_office::document::check_numbers;
use kontor_platform::app::{App, Difference};
use kontor_platform::store::Conn;

/// A posted payment lowers the debt by its amount, one that went out raises it; drafts and reversed ones do nothing.
pub fn payments(conn: &mut Conn, _: &App) -> Result<Vec<Difference>> {
    let mut out = check_numbers(conn, "payments", ENTITY, PREFIX)?;
    let sql = "SELECT x.id, x.number, x.owed, COALESCE(d.amount, 0) FROM (SELECT id, number, CASE WHEN state <> 'posted' THEN 0 WHEN direction = 'out' THEN amount ELSE -amount END AS owed FROM payments) x
         LEFT JOIN settlement_documents d ON d.id = x.id WHERE x.owed <> COALESCE(d.amount, 0)";
    for r in conn.query(sql, &[])? {
        out.push(Difference {
            place: "payments".into(),
            key: format!("{} ({})", r.text(1)?, r.id(0)?),
            expected: r.int(2)?.to_string(),
            found: r.int(3)?.to_string(),
        });
    }
    Ok(out)
}

/// A line of posted opening balances is a settlement document of its amount; of drafts and reversed ones, and of lines that were taken
/// out, nothing is left.
pub fn opening_balances(conn: &mut Conn, _: &App) -> Result<Vec<Difference>> {
    let mut out = check_numbers(conn, "opening_balances", opening::ENTITY, opening::PREFIX)?;
    let sql = "SELECT x.id, x.number, x.owed, COALESCE(d.amount, 0) FROM (SELECT l.id, o.number, CASE WHEN o.state <> 'posted' THEN 0 WHEN l.side = 'we_owe' THEN -l.amount ELSE l.amount END AS owed FROM opening_balance_lines l JOIN opening_balances o ON o.id = l.parent_id) x
         LEFT JOIN settlement_documents d ON d.id = x.id WHERE x.owed <> COALESCE(d.amount, 0)
         UNION ALL SELECT d.id, d.number, 0, d.amount FROM settlement_documents d WHERE d.opening_balance_id IS NOT NULL AND d.amount <> 0 AND NOT EXISTS (SELECT 1 FROM opening_balance_lines l WHERE l.id = d.id)";
    for r in conn.query(sql, &[])? {
        out.push(Difference {
            place: "opening-balances".into(),
            key: format!("{} ({})", r.text(1)?, r.id(0)?),
            expected: r.int(2)?.to_string(),
            found: r.int(3)?.to_string(),
        });
    }
    Ok(out)
}
