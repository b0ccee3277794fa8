//! The last part of an order's line takes the rest. Each part rounds by itself, so parts of one line may come to a minor unit
//! more or less than the line; whoever paid the order beforehand must end with nothing open.

use crate::amounts::{self};
use crate::columns::{At, Cells, position};
use crate::shipment_lines::order_line;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, LineVat};
use kontor_office::document::int_type;
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::value::Id;

/// What was taken from an order's line so far.
#[derive(Clone, Copy, Debug, Default)]
struct Taken {
    parts: i64,
    quantity: i64,
    amount: i64,
    vat: i64,
}

/// Gives lines that complete theirs of the order what the parts before left of it, and adds the document up again.
pub fn settle(cx: &mut Cx, r: &mut Record, order: &Record) -> Result<()> {
    let (at, of) = (At::of(r.spec), At::of(order.spec));
    let key = position(&r.spec.lines[0], "order_line_id");
    let mut taken = earlier(cx, r, order)?;
    let step = minor_unit(r.currency("currency")?.minor());
    let mut moved = false;
    for n in 0..r.lines[0].len() {
        let line = &r.lines[0][n];
        let Some(whole) = order_line(line, order, at, key) else { continue };
        let t = taken.entry(whole.id).or_default();
        let (mut amount, mut vat) = (line.int_at(at.amount), line.int_at(at.vat));
        if t.quantity.checked_add(line.int_at(at.quantity)) == Some(whole.int_at(of.quantity)) {
            amount = rest(whole.int_at(of.amount), t.amount, amount, t.parts, step);
            vat = rest(whole.int_at(of.vat), t.vat, vat, t.parts, step);
        }
        let sum = |a: i64, b: i64| a.checked_add(b).ok_or_else(|| Error::refused("number_overflow"));
        *t = Taken {
            parts: t.parts + 1,
            quantity: sum(t.quantity, line.int_at(at.quantity))?,
            amount: sum(t.amount, amount)?,
            vat: sum(t.vat, vat)?,
        };
        if amount != line.int_at(at.amount) || vat != line.int_at(at.vat) {
            r.lines[0][n].values[at.amount] = amount.into();
            r.lines[0][n].values[at.vat] = vat.into();
            moved = true;
        }
    }
    if moved { add_up(r, at) } else { Ok(()) }
}

/// The smallest amount of a currency.
fn minor_unit(minor: u32) -> i64 {
    10i64.pow(Amount::SCALE.saturating_sub(minor))
}

/// What is left of the whole, as far as it differs from what was computed by rounding alone: a unit for each part and one more.
/// Anything beyond that has another reason (a price that changed in between), and the computed figure holds.
fn rest(whole: i64, before: i64, computed: i64, parts: i64, step: i64) -> i64 {
    match whole.checked_sub(before) {
        Some(left) if left.abs_diff(computed) <= (parts + 1).unsigned_abs().saturating_mul(step.unsigned_abs()) => left,
        _ => computed,
    }
}

/// Posted parts of the order's lines in other shipments. An order that nothing was shipped of is not asked for them.
fn earlier(cx: &mut Cx, r: &Record, order: &Record) -> Result<HashMap<Id, Taken>> {
    let shipped = position(&order.spec.lines[0], "shipped_quantity");
    if order.lines[0].iter().all(|l| l.int_at(shipped) == 0) {
        return Ok(HashMap::new());
    }
    let int = int_type(cx.conn);
    let rows = cx.conn.query(
        &format!(
            "SELECT l.order_line_id, COUNT(*), CAST(SUM(l.quantity) AS {int}), CAST(SUM(l.amount) AS {int}), CAST(SUM(l.vat_amount) AS {int}) \
             FROM shipments s JOIN {} l ON l.parent_id = s.id WHERE s.sales_order_id = ? AND s.state = 'posted' AND s.id <> ? GROUP BY l.order_line_id",
            r.spec.lines[0].table
        ),
        &[order.id.into(), r.id.into()],
    )?;
    rows.iter()
        .map(|row| {
            let line = Id::parse_str(row.text(0)?).map_err(Error::internal)?;
            Ok((line, Taken { parts: row.int(1)?, quantity: row.int(2)?, amount: row.int(3)?, vat: row.int(4)? }))
        })
        .collect()
}

fn add_up(r: &mut Record, at: At) -> Result<()> {
    let mode = amounts::vat_of(r);
    let lines = r.lines[0]
        .iter()
        .map(|l| {
            let (amount, vat) = (l.amount_at(at.amount), l.amount_at(at.vat));
            Ok(LineVat { net: amounts::net(amount, vat, mode)?, vat, gross: amounts::gross(amount, vat, mode)? })
        })
        .collect::<Result<Vec<_>>>()?;
    let sum = LineVat::sum(&lines).map_err(|e| e.at("lines"))?;
    let margin = sum.net.checked_sub(r.amount("cost_total")).ok_or_else(|| Error::refused("number_overflow"))?;
    for (column, v) in [("total", sum.gross), ("vat_total", sum.vat), ("net_total", sum.net), ("margin", margin)] {
        r.set(column, v.scaled());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::rest;

    #[test]
    fn fin_03_only_rounding_is_taken_along() {
        // whole, taken before, computed, parts before -> amount; in minor units
        let cases = [
            (1000, 666, 333, 2, 334),
            (1000, 668, 333, 2, 332),
            (1000, 0, 1000, 0, 1000),
            (1000, 0, 1001, 0, 1000),
            // The price rose between the parts.
            (1200, 500, 600, 1, 600),
            (-1000, -666, -333, 2, -334),
            (i64::MIN, 1, 5, 1, 5),
        ];
        for (whole, before, computed, parts, want) in cases {
            assert_eq!(rest(whole, before, computed, parts, 1), want, "{whole} {before} {computed}");
        }
    }
}
