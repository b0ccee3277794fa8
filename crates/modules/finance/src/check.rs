//! What `kontor check` compares here: payments with settlements.

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
