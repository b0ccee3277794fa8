//! Prices of shipments and returns that stand by themselves: a line that says none costs what the partner's terms say. Who
//! sees no prices writes such documents all the same.

use crate::amounts::{Products, product_name};
use crate::columns::{At, Cells, position};
use crate::line_prices::{for_nothing, of_line, ratio};
use crate::shipment_lines::part_of;
use crate::sold_at;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Percent, Price, Ratio};
use kontor_office::document::date_of;
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Line;
use kontor_platform::value::{Id, Value};
use kontor_prices::{LineQuestion, PricedLine, Terms, price_lines};

/// Fills price and discounts of the lines without a price. Quantities must be known in the product's own unit.
pub fn price(cx: &mut Cx, change: &mut Change, terms: &Terms, at: At, products: &Products) -> Result<()> {
    let off = position(&change.after.spec.lines[0], "discount_amount");
    carry(change, at, off)?;
    if change.after.spec.has_column("shipment_id") {
        sold_at::fill(cx, change, at, products)?;
    }
    let r = &mut change.after;
    if r.lines[0].iter().all(|l| !l.values[at.price].is_null()) {
        return Ok(());
    }
    let questions = r.lines[0].iter().map(|l| question(l, at, products)).collect::<Result<Vec<_>>>()?;
    let minor = r.currency("currency")?.minor();
    let priced = price_lines(cx, terms, r.ref_id("partner_id"), r.ref_id("company_id"), date_of(r)?, &questions)?;
    let mut wrong = vec![];
    for (n, (line, priced)) in r.lines[0].iter_mut().zip(priced).enumerate().filter(|(_, (l, _))| l.values[at.price].is_null()) {
        if priced.missing {
            let product = product_name(line, at, products);
            wrong.push(Error::field(format!("lines.{n}.price"), "price_missing").field_arg("product", product));
            continue;
        }
        take(line, at, off, &priced, ratio(line, at, products), minor).map_err(|e| of_line(e, n))?;
        // A price of zero is not found in the total only.
        if let Some(code) = for_nothing(line, at) {
            cx.warn(format!("lines.{n}.price"), code, vec![("product".into(), product_name(line, at, products))]);
        }
    }
    Error::collect(wrong)
}

/// What a line once got off beyond its percentage goes with its quantity, and falls away with another price. Lines of a
/// shipment take theirs from there.
fn carry(change: &mut Change, at: At, off: usize) -> Result<()> {
    let Some(before) = &change.before else { return Ok(()) };
    if change.after.spec.index("shipment_id").is_some_and(|i| !change.after.values[i].is_null()) {
        return Ok(());
    }
    let minor = change.after.currency("currency")?.minor();
    let known: HashMap<Id, &Line> = before.lines[0].iter().map(|l| (l.id, l)).collect();
    for (n, line) in change.after.lines[0].iter_mut().enumerate() {
        let Some(was) = known.get(&line.id).filter(|w| w.int_at(off) != 0) else { continue };
        let same = [at.product, at.unit, at.price, at.discount].iter().all(|i| was.values[*i] == line.values[*i]);
        let part = if same { part_of(was, off, at.quantity, line.int_at(at.quantity), minor) } else { Ok(Amount::ZERO) };
        line.values[off] = part.map_err(|_| Error::field(format!("lines.{n}.quantity"), "number_overflow"))?.scaled().into();
    }
    Ok(())
}

fn question(line: &Line, at: At, products: &Products) -> Result<LineQuestion> {
    let (num, den) = ratio(line, at, products);
    let price = match line.values[at.price].as_int().map(Price::from_scaled) {
        Some(p) if (num, den) != (1, 1) => Some(p.times_ratio(Ratio::new(den.into(), num.into())?)?),
        p => p,
    };
    Ok(LineQuestion {
        product_id: line.id_at(at.product).unwrap_or_default(),
        quantity: line.quantity_at(at.base),
        discount: price.and(Some(line.percent_at(at.discount))),
        manual_price: price,
    })
}

fn take(line: &mut Line, at: At, off: usize, priced: &PricedLine, (num, den): (i64, i64), minor: u32) -> Result<()> {
    let price = if (num, den) == (1, 1) {
        priced.price
    } else {
        priced.price.times_ratio(Ratio::new(num.into(), den.into())?).map_err(|e| e.at("price"))?
    };
    // A percentage written beside an empty price stays.
    let own = line.percent_at(at.discount);
    let discount = if own == Percent::ZERO { priced.discount } else { own };
    let beyond = match priced.amount {
        Some(_) if own != Percent::ZERO => Amount::ZERO,
        Some(amount) => {
            let plain = priced.price.times_less(line.quantity_at(at.base), priced.discount, minor).map_err(|e| e.at("price"))?;
            plain.checked_sub(amount).ok_or_else(|| Error::field("price", "number_overflow"))?
        }
        // Taking it for nothing off would be a silent zero.
        None => return Err(Error::field("discount_percent", "discount_uncomputable")),
    };
    line.values[at.price] = price.scaled().into();
    line.values[at.discount] = discount.scaled().into();
    line.values[off] = Value::Int(beyond.scaled());
    Ok(())
}
