//! What `kontor check` compares here: posted receipts with their movements.

use crate::receipt::PREFIX;
use kontor_kernel::error::Result;
use kontor_office::document::{check_numbers, int_type};
use kontor_platform::app::{App, Difference};
use kontor_platform::store::Conn;

pub fn receipts(conn: &mut Conn, _: &App) -> Result<Vec<Difference>> {
    let mut out = check_numbers(conn, "stock_receipts", "stock-receipts", PREFIX)?;
    let int = int_type(conn);
    let sql = format!(
        "SELECT d.id, d.number, d.total, d.lines_total, d.quantity, COALESCE(m.quantity, 0), COALESCE(m.amount, 0) FROM (
            SELECT r.id, r.number, r.total, CAST(SUM(l.amount) AS {int}) AS lines_total, CAST(SUM(CASE WHEN r.state = 'posted' THEN l.quantity ELSE 0 END) AS {int}) AS quantity,
                CAST(SUM(CASE WHEN r.state = 'posted' THEN l.amount ELSE 0 END) AS {int}) AS posted
            FROM stock_receipts r JOIN stock_receipt_lines l ON l.parent_id = r.id GROUP BY r.id, r.number, r.total) d
         LEFT JOIN (SELECT recorder_id, CAST(SUM(quantity) AS {int}) AS quantity, CAST(SUM(amount) AS {int}) AS amount FROM reg_stock_cost_movements GROUP BY recorder_id) m ON m.recorder_id = d.id
         LEFT JOIN (SELECT recorder_id, CAST(SUM(on_hand) AS {int}) AS on_hand FROM reg_stock_movements WHERE recorder_entity = 'stock-receipts' GROUP BY recorder_id) s ON s.recorder_id = d.id
         WHERE d.total <> d.lines_total OR d.quantity <> COALESCE(m.quantity, 0) OR d.posted <> COALESCE(m.amount, 0) OR d.quantity <> COALESCE(s.on_hand, 0)"
    );
    for r in conn.query(&sql, &[])? {
        out.push(Difference {
            place: "stock-receipts".into(),
            key: format!("{} ({})", r.text(1)?, r.id(0)?),
            expected: format!("total {}, quantity {}", r.int(3)?, r.int(4)?),
            found: format!("total {}, quantity {}, cost {}", r.int(2)?, r.int(5)?, r.int(6)?),
        });
    }
    Ok(out)
}
