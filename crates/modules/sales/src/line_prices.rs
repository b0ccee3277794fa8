//! The price of a line of an offer: what was written by hand, what the rules are asked, and what their answer makes of the line.

use crate::amounts::{Products, product_name};
use crate::columns::{At, Cells, position};
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Percent, Price};
use kontor_office::document::date_of;
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::{Line, Record};
use kontor_platform::spec::Lines;
use kontor_platform::value::{Id, Value};
use kontor_prices::{LineQuestion, PricedLine, Terms, price_lines};

/// Positions that only offers have.
struct Own {
    manual_price: usize,
    manual_discount: usize,
    rule_price: usize,
    off: usize,
    trace: usize,
}

impl Own {
    fn of(spec: &Lines) -> Own {
        let p = |name: &str| position(spec, name);
        Own {
            manual_price: p("manual_price"),
            manual_discount: p("manual_discount"),
            rule_price: p("rule_price"),
            off: p("discount_amount"),
            trace: p("trace"),
        }
    }
}

/// Prices every line that was not priced by hand, by the terms, and keeps what led to each price.
pub(crate) fn price(cx: &mut Cx, change: &mut Change, terms: &Terms, at: At, products: &Products) -> Result<()> {
    let own = Own::of(&change.after.spec.lines[0]);
    let before: HashMap<Id, &Line> = change.before.iter().flat_map(|b| b.lines[0].iter().map(|l| (l.id, l))).collect();
    let mut wrong = vec![];
    for (n, line) in change.after.lines[0].iter_mut().enumerate() {
        if line.price_at(at.price).is_negative() && !cx.ctx.is_history() {
            wrong.push(Error::field(format!("lines.{n}.price"), "negative_price"));
        }
        let was = before.get(&line.id);
        for (value, flag) in [(at.price, own.manual_price), (at.discount, own.manual_discount)] {
            let by_hand = !line.values[value].is_null()
                && was.is_none_or(|w| w.values[value] != line.values[value] || w.values[flag] == Value::Bool(true));
            line.values[flag] = by_hand.into();
        }
    }
    Error::collect(wrong)?;
    let r = &mut change.after;
    if cx.ctx.is_history() && r.lines[0].iter().all(|l| l.values[own.manual_price] == Value::Bool(true)) {
        return Ok(());
    }
    let questions = r.lines[0].iter().map(|l| question(l, at, &own, products)).collect::<Result<Vec<_>>>()?;
    let priced = price_lines(cx, terms, r.ref_id("partner_id"), r.ref_id("company_id"), date_of(r)?, &questions)?;
    for (n, (line, priced)) in r.lines[0].iter_mut().zip(priced).enumerate() {
        if priced.missing {
            let product = product_name(line, at, products);
            cx.warn(format!("lines.{n}.price"), "price_missing", vec![("product".into(), product)]);
        }
        take(line, at, &own, priced, products, terms.currency.minor()).map_err(|e| of_line(e, n))?;
    }
    Ok(())
}

/// Whether a priced line is given away: by a price of zero, or by discounts of all of it.
pub fn for_nothing(line: &Line, at: At) -> Option<&'static str> {
    match (line.price_at(at.price).is_zero(), line.percent_at(at.discount) >= Percent::HUNDRED) {
        (true, _) => Some("price_zero"),
        (false, true) => Some("discount_whole"),
        (false, false) => None,
    }
}

/// Says of each line that the rules give away for nothing, by a price of zero or by discounts of all of it: nobody may find that
/// in the total only. Gifts, and what was written by hand, are meant.
pub fn tell_nothing(cx: &mut Cx, r: &Record, products: &Products) {
    if cx.ctx.is_history() {
        return;
    }
    let (at, own) = (At::of(r.spec), Own::of(&r.spec.lines[0]));
    for (n, l) in r.lines[0].iter().enumerate().filter(|(_, l)| !l.values[at.price].is_null()) {
        let by_hand = |flag: usize| l.values[flag] == Value::Bool(true);
        let (field, code) = match for_nothing(l, at) {
            Some(code @ "price_zero") if !by_hand(own.manual_price) => ("price", code),
            Some(code @ "discount_whole") if !by_hand(own.manual_discount) => ("discount_percent", code),
            _ => continue,
        };
        let field = format!("lines.{n}.{field}");
        // Whoever saves and confirms at once is told once.
        if !cx.warnings.iter().any(|w| w.field == field && w.code == code) {
            let name = product_name(l, at, products);
            cx.warn(field, code, vec![("product".into(), name)]);
        }
    }
}

/// A fault of one line, named by its place in the document.
pub fn of_line(mut e: Error, n: usize) -> Error {
    for f in &mut e.inner_mut().fields {
        f.field = format!("lines.{n}.{}", f.field);
    }
    e
}

pub fn ratio(line: &Line, at: At, products: &Products) -> (i64, i64) {
    let product = line.id_at(at.product).and_then(|id| products.get(&id));
    line.id_at(at.unit).zip(product).and_then(|(unit, p)| p.unit_ratio(unit)).unwrap_or((1, 1))
}

/// Prices are kept for the product's own unit; a line in another one asks and answers by its ratio.
fn question(line: &Line, at: At, own: &Own, products: &Products) -> Result<LineQuestion> {
    let (num, den) = ratio(line, at, products);
    let given = |i: usize, flag: usize| if line.values[flag] == Value::Bool(true) { line.values[i].as_int() } else { None };
    let manual_price = match given(at.price, own.manual_price).map(Price::from_scaled) {
        Some(p) if (num, den) != (1, 1) => Some(p.times_ratio(kontor_kernel::Ratio::new(den.into(), num.into())?)?),
        p => p,
    };
    Ok(LineQuestion {
        product_id: line.id_at(at.product).unwrap_or_default(),
        quantity: line.quantity_at(at.base),
        manual_price,
        discount: given(at.discount, own.manual_discount).map(Percent::from_scaled),
    })
}

fn take(line: &mut Line, at: At, own: &Own, priced: PricedLine, products: &Products, minor: u32) -> Result<()> {
    let (num, den) = ratio(line, at, products);
    let of_unit = |p: Price| -> Result<i64> {
        let p = if (num, den) == (1, 1) { p } else { p.times_ratio(kontor_kernel::Ratio::new(num.into(), den.into())?)? };
        Ok(p.scaled())
    };
    let rule = priced.rule_price.map(&of_unit).transpose()?;
    line.values[own.rule_price] = rule.into();
    if line.values[own.manual_price] != Value::Bool(true) {
        line.values[at.price] = if priced.missing { Value::Null } else { of_unit(priced.price)?.into() };
    }
    if line.values[own.manual_discount] != Value::Bool(true) {
        line.values[at.discount] = priced.discount.scaled().into();
    }
    let off = match (priced.missing, priced.amount) {
        (true, _) => Amount::ZERO,
        (false, Some(amount)) => {
            let plain = priced.price.times_less(line.quantity_at(at.base), priced.discount, minor).map_err(|e| e.at("price"))?;
            plain.checked_sub(amount).ok_or_else(|| Error::field("price", "number_overflow"))?
        }
        // Taking it for nothing off would be a silent zero.
        (false, None) => return Err(Error::field("discount_percent", "discount_uncomputable")),
    };
    line.values[own.off] = off.scaled().into();
    line.values[own.trace] = priced.trace.into();
    Ok(())
}

/// The lines as the rules are asked about them: what was written by hand stays.
pub fn questions(r: &Record, products: &Products) -> Result<Vec<LineQuestion>> {
    let (at, own) = (At::of(r.spec), Own::of(&r.spec.lines[0]));
    r.lines[0].iter().map(|l| question(l, at, &own, products)).collect()
}

/// How many of the product's own unit the unit of a line has, as a fraction.
pub fn unit_ratio(r: &Record, line: usize, products: &Products) -> (i64, i64) {
    r.lines[0].get(line).map_or((1, 1), |l| ratio(l, At::of(r.spec), products))
}
