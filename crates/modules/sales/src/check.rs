//! What `kontor check` compares here: numbers, totals with lines, posted documents with registers, orders with what they hold.

use crate::{order, quote, returns, shipment};
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_kernel::mul_div;
use kontor_office::document::{check_numbers, int_type};
use kontor_platform::app::{App, Difference};
use kontor_platform::store::Conn;
use kontor_platform::value::Id;
use std::collections::BTreeMap;

const TABLES: [(&str, &str, &str, &str); 4] = [
    ("quotes", "quote_lines", "quotes", quote::PREFIX),
    ("sales_orders", "sales_order_lines", order::ENTITY, order::PREFIX),
    ("shipments", "shipment_lines", shipment::ENTITY, shipment::PREFIX),
    ("returns", "return_lines", returns::ENTITY, returns::PREFIX),
];

pub fn numbers(conn: &mut Conn, _: &App) -> Result<Vec<Difference>> {
    let mut out = vec![];
    for (table, _, entity, prefix) in TABLES {
        out.extend(check_numbers(conn, table, entity, prefix)?);
    }
    Ok(out)
}

/// A document's total is the sum of its lines, in the document's own VAT basis.
pub fn totals(conn: &mut Conn, _: &App) -> Result<Vec<Difference>> {
    let int = int_type(conn);
    let mut out = vec![];
    for (table, lines, entity, _) in TABLES {
        let sql = format!(
            "SELECT x.id, x.number, x.lines, x.total, x.vat, x.vat_total, x.net_total FROM (
                SELECT d.id, d.number, d.total, d.vat_total, d.net_total, CAST(COALESCE(SUM(l.amount + CASE WHEN d.vat = 'excluded' THEN l.vat_amount ELSE 0 END), 0) AS {int}) AS lines, CAST(COALESCE(SUM(l.vat_amount), 0) AS {int}) AS vat
                FROM {table} d LEFT JOIN {lines} l ON l.parent_id = d.id GROUP BY d.id, d.number, d.total, d.vat_total, d.net_total) x
             WHERE x.lines <> x.total OR x.vat <> x.vat_total OR x.total <> x.net_total + x.vat_total"
        );
        for r in conn.query(&sql, &[])? {
            out.push(Difference {
                place: format!("totals of {entity}"),
                key: format!("{} ({})", r.text(1)?, r.id(0)?),
                expected: format!("total {}, VAT {}", r.int(2)?, r.int(4)?),
                found: format!("total {}, VAT {}, net {}", r.int(3)?, r.int(5)?, r.int(6)?),
            });
        }
    }
    Ok(out)
}

/// Posted shipments and returns stand in every register with what their lines say, all others with nothing.
pub fn movements(conn: &mut Conn, _: &App) -> Result<Vec<Difference>> {
    let int = int_type(conn);
    let mut out = vec![];
    for (table, lines, entity, sign) in [("shipments", "shipment_lines", "shipments", 1i64), ("returns", "return_lines", "returns", -1)] {
        let sql = format!(
            "SELECT x.id, x.number, x.quantity, x.goods, x.net, x.total, COALESCE(s.quantity, 0), COALESCE(k.on_hand, 0), COALESCE(s.revenue, 0), COALESCE(m.amount, 0) FROM (
                SELECT d.id, d.number, CASE WHEN d.state = 'posted' THEN d.net_total ELSE 0 END AS net, CASE WHEN d.state = 'posted' THEN d.total ELSE 0 END AS total,
                    CAST(COALESCE(SUM(CASE WHEN d.state = 'posted' THEN l.base_quantity ELSE 0 END), 0) AS {int}) AS quantity,
                    CAST(COALESCE(SUM(CASE WHEN d.state = 'posted' AND p.kind = 'goods' THEN l.base_quantity ELSE 0 END), 0) AS {int}) AS goods
                FROM {table} d LEFT JOIN {lines} l ON l.parent_id = d.id LEFT JOIN products p ON p.id = l.product_id GROUP BY d.id, d.number, d.state, d.net_total, d.total) x
             LEFT JOIN (SELECT recorder_id, CAST(SUM(quantity) AS {int}) AS quantity, CAST(SUM(revenue) AS {int}) AS revenue FROM reg_sales_movements GROUP BY recorder_id) s ON s.recorder_id = x.id
             LEFT JOIN (SELECT recorder_id, CAST(SUM(on_hand) AS {int}) AS on_hand FROM reg_stock_movements WHERE recorder_entity = '{entity}' GROUP BY recorder_id) k ON k.recorder_id = x.id
             LEFT JOIN settlement_documents m ON m.id = x.id
             WHERE {sign} * x.quantity <> COALESCE(s.quantity, 0) OR -({sign}) * x.goods <> COALESCE(k.on_hand, 0) OR {sign} * x.net <> COALESCE(s.revenue, 0) OR {sign} * x.total <> COALESCE(m.amount, 0)"
        );
        for r in conn.query(&sql, &[])? {
            out.push(Difference {
                place: format!("movements of {entity}"),
                key: format!("{} ({})", r.text(1)?, r.id(0)?),
                expected: format!(
                    "quantity {}, stock {}, revenue {}, debt {}",
                    sign * r.int(2)?,
                    -sign * r.int(3)?,
                    sign * r.int(4)?,
                    sign * r.int(5)?
                ),
                found: format!("quantity {}, stock {}, revenue {}, debt {}", r.int(6)?, r.int(7)?, r.int(8)?, r.int(9)?),
            });
        }
    }
    Ok(out)
}

/// Orders: what is shipped, reserved, held of credit and paid agrees with shipments, registers and settlements.
pub fn orders(conn: &mut Conn, _: &App) -> Result<Vec<Difference>> {
    let mut out = vec![];
    shipped(conn, &mut out)?;
    reserved(conn, &mut out)?;
    figures(conn, &mut out)?;
    Ok(out)
}

fn shipped(conn: &mut Conn, out: &mut Vec<Difference>) -> Result<()> {
    let int = int_type(conn);
    let sql = format!(
        "SELECT l.order_line_id, CAST(SUM(l.quantity) AS {int}) FROM shipment_lines l JOIN shipments s ON s.id = l.parent_id WHERE s.state = 'posted' AND l.order_line_id IS NOT NULL GROUP BY l.order_line_id"
    );
    let mut want: HashMap<String, i64> = HashMap::new();
    conn.query_each(&sql, &[], |r| {
        want.insert(r.text(0)?.to_string(), r.int(1)?);
        Ok(true)
    })?;
    let mut tell = |line: String, expected: i64, found: i64| {
        out.push(Difference {
            place: "shipped of sales-orders".into(),
            key: format!("line {line}"),
            expected: expected.to_string(),
            found: found.to_string(),
        });
    };
    for r in conn.query("SELECT id, shipped_quantity FROM sales_order_lines WHERE shipped_quantity <> 0", &[])? {
        let (id, have) = (r.id(0)?.to_string(), r.int(1)?);
        let expected = want.remove(&id).unwrap_or(0);
        if expected != have {
            tell(id, expected, have);
        }
    }
    for (id, expected) in want.into_iter().filter(|(_, n)| *n != 0) {
        tell(id, expected, 0);
    }
    Ok(())
}

/// Confirmed orders hold what is left of their lines.
fn reserved(conn: &mut Conn, out: &mut Vec<Difference>) -> Result<()> {
    let int = int_type(conn);
    let lines = "SELECT o.id, o.number, l.quantity, l.base_quantity, l.quantity - l.shipped_quantity
         FROM sales_orders o JOIN sales_order_lines l ON l.parent_id = o.id JOIN products p ON p.id = l.product_id WHERE o.state = 'confirmed' AND l.supply <> 'later' AND p.kind = 'goods' AND l.quantity > l.shipped_quantity";
    let mut held: BTreeMap<Id, (String, i64)> = BTreeMap::new();
    conn.query_each(lines, &[], |r| {
        let (id, number, rest) = (r.id(0)?, r.text(1)?.to_string(), r.int(4)?);
        let base = if r.int(2)? == 0 { 0 } else { mul_div(r.int(3)?, rest, r.int(2)?).unwrap_or(0) };
        held.entry(id).or_insert((number, 0)).1 += base;
        Ok(true)
    })?;
    let sql = format!(
        "SELECT recorder_id, CAST(SUM(reserved) AS {int}) FROM reg_stock_movements WHERE recorder_entity = 'sales-orders' GROUP BY recorder_id HAVING SUM(reserved) <> 0"
    );
    for r in conn.query(&sql, &[])? {
        let (number, expected) = held.remove(&r.id(0)?).unwrap_or_default();
        if expected != r.int(1)? {
            out.push(Difference {
                place: "reserve in stock".into(),
                key: format!("{number} ({})", r.id(0)?),
                expected: expected.to_string(),
                found: r.int(1)?.to_string(),
            });
        }
    }
    for (id, (number, expected)) in held.into_iter().filter(|(_, h)| h.1 != 0) {
        out.push(Difference {
            place: "reserve in stock".into(),
            key: format!("{number} ({id})"),
            expected: expected.to_string(),
            found: "0".into(),
        });
    }
    Ok(())
}

fn figures(conn: &mut Conn, out: &mut Vec<Difference>) -> Result<()> {
    let int = int_type(conn);
    let shipped = format!(
        "SELECT o.id, o.number, COALESCE(s.total, 0), o.shipped_total FROM sales_orders o LEFT JOIN (SELECT sales_order_id, CAST(SUM(total) AS {int}) AS total FROM shipments WHERE state = 'posted' AND sales_order_id IS NOT NULL GROUP BY sales_order_id) s ON s.sales_order_id = o.id WHERE o.shipped_total <> COALESCE(s.total, 0)"
    );
    let paid = format!(
        "SELECT o.id, o.number, COALESCE(s.paid, 0), o.paid_total FROM sales_orders o LEFT JOIN (SELECT order_id, CAST(SUM(CASE WHEN entity = 'payments' THEN -open WHEN amount > 0 THEN amount - open ELSE 0 END) AS {int}) AS paid FROM settlement_documents WHERE order_id IS NOT NULL GROUP BY order_id) s ON s.order_id = o.id WHERE o.paid_total <> COALESCE(s.paid, 0)"
    );
    let held = format!(
        "SELECT o.id, o.number, 0, CAST(SUM(m.ordered) AS {int}) FROM sales_orders o JOIN reg_exposure_movements m ON m.recorder_id = o.id WHERE o.state <> 'confirmed' GROUP BY o.id, o.number HAVING SUM(m.ordered) <> 0"
    );
    let untouched = format!(
        "SELECT o.id, o.number, o.total, COALESCE(m.ordered, 0) FROM sales_orders o LEFT JOIN (SELECT recorder_id, CAST(SUM(ordered) AS {int}) AS ordered FROM reg_exposure_movements WHERE recorder_entity = 'sales-orders' GROUP BY recorder_id) m ON m.recorder_id = o.id WHERE o.state = 'confirmed' AND o.shipped_total = 0 AND o.total > 0 AND o.total <> COALESCE(m.ordered, 0) AND NOT EXISTS (SELECT 1 FROM shipments s WHERE s.sales_order_id = o.id AND s.state = 'posted')"
    );
    for (place, sql) in [
        ("shipped total of sales-orders", shipped),
        ("paid total of sales-orders", paid),
        ("credit held by sales-orders", held),
        ("credit held by sales-orders", untouched),
    ] {
        for r in conn.query(&sql, &[])? {
            out.push(Difference {
                place: place.into(),
                key: format!("{} ({})", r.text(1)?, r.id(0)?),
                expected: r.int(2)?.to_string(),
                found: r.int(3)?.to_string(),
            });
        }
    }
    Ok(())
}
