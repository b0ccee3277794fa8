//! Amounts of a document: each line rounded once, VAT per rate over the document and given to the lines by largest
//! remainder, totals as sums of lines (decisions 1 and 2). Costs, provisionally, for the margin.

use crate::columns::{At, Cells};
use kontor_catalog::{ProductFacts, ProductKind, product_facts};
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Currency, LineVat, Percent, VatMode, vat_of_document};
use kontor_office::{Company, document};
use kontor_platform::cx::Cx;
use kontor_platform::record::{Line, Record};
use kontor_platform::value::Id;
use std::sync::Arc;

pub type Products = HashMap<Id, Arc<ProductFacts>>;

pub fn vat_of(r: &Record) -> VatMode {
    VatMode::parse(r.text("vat")).unwrap_or_default()
}

pub fn products_of(cx: &mut Cx, r: &Record, at: At) -> Result<Products> {
    let ids: Vec<Id> = r.lines[0].iter().filter_map(|l| l.id_at(at.product)).collect();
    product_facts(cx, &ids)
}

/// Name of a line's product; empty where it has none.
pub fn product_name(line: &Line, at: At, products: &Products) -> String {
    line.id_at(at.product).and_then(|id| products.get(&id)).map(|p| p.name.clone()).unwrap_or_default()
}

/// Quantities: not zero; negative only in history; turned into the product's own unit.
pub fn quantities(cx: &Cx, r: &mut Record, at: At, products: &Products) -> Result<()> {
    let mut wrong = vec![];
    for (n, line) in r.lines[0].iter_mut().enumerate() {
        let field = |name: &str| format!("lines.{n}.{name}");
        let quantity = line.quantity_at(at.quantity);
        if quantity.is_zero() && !cx.ctx.is_history() {
            wrong.push(Error::field(field("quantity"), "quantity_zero"));
        } else if quantity.is_negative() && !cx.ctx.is_history() {
            wrong.push(Error::field(field("quantity"), "quantity_negative"));
        }
        let Some(product) = line.id_at(at.product).and_then(|id| products.get(&id)) else {
            wrong.push(Error::field(field("product_id"), "required"));
            continue;
        };
        let base = match line.id_at(at.unit).map_or(Some((1, 1)), |unit| product.unit_ratio(unit)) {
            Some((1, 1)) => quantity,
            Some((num, den)) => quantity.in_units(num, den).map_err(|e| e.at(field("quantity")))?,
            None => {
                wrong.push(Error::field(field("unit_id"), "unit_not_of_product").field_arg("product", &product.name));
                continue;
            }
        };
        line.values[at.base] = base.scaled().into();
    }
    Error::collect(wrong)
}

/// Fills amounts, VAT and totals from prices, quantities and discounts.
pub fn fill(r: &mut Record, at: At, products: &Products) -> Result<()> {
    let (minor, mode) = (r.currency("currency")?.minor(), vat_of(r));
    let off = r.spec.lines[0].index("discount_amount");
    let mut amounts: Vec<(Amount, Percent)> = Vec::with_capacity(r.lines[0].len());
    for (n, line) in r.lines[0].iter_mut().enumerate() {
        let discount = line.percent_at(at.discount);
        if discount > Percent::HUNDRED {
            return Err(Error::field(format!("lines.{n}.discount_percent"), "out_of_range").field_arg("min", 0).field_arg("max", 100));
        }
        let amount = line.price_at(at.price).times_less(line.quantity_at(at.quantity), discount, minor);
        let amount = amount.map_err(|e| e.at(format!("lines.{n}.price")))?;
        // Discounts on the order were shared out by the engine.
        let off = off.map_or(Amount::ZERO, |i| line.amount_at(i));
        let amount = amount.checked_sub(off).ok_or_else(|| Error::field(format!("lines.{n}.price"), "number_overflow"))?;
        let rate = line.id_at(at.product).and_then(|id| products.get(&id)).map_or(Percent::ZERO, |p| p.vat_percent);
        let rate = if mode == VatMode::Exempt { Percent::ZERO } else { rate };
        line.values[at.amount] = amount.scaled().into();
        line.values[at.vat_percent] = rate.scaled().into();
        amounts.push((amount, rate));
    }
    let vats = vat_of_document(&amounts, mode, minor).map_err(|e| e.at("lines"))?;
    for (line, vat) in r.lines[0].iter_mut().zip(&vats) {
        line.values[at.vat] = vat.vat.scaled().into();
    }
    let sum = LineVat::sum(&vats).map_err(|e| e.at("lines"))?;
    r.set("total", sum.gross.scaled());
    r.set("vat_total", sum.vat.scaled());
    r.set("net_total", sum.net.scaled());
    Ok(())
}

/// Net of one line, as revenue is counted.
pub fn net(amount: Amount, vat: Amount, mode: VatMode) -> Result<Amount> {
    match mode {
        VatMode::Included => amount.checked_sub(vat).ok_or_else(|| Error::refused("number_overflow")),
        _ => Ok(amount),
    }
}

/// Gross of one line, as it is owed.
pub fn gross(amount: Amount, vat: Amount, mode: VatMode) -> Result<Amount> {
    match mode {
        VatMode::Excluded => amount.checked_add(vat).ok_or_else(|| Error::refused("number_overflow")),
        _ => Ok(amount),
    }
}

/// Asks for what `costs` will be asked; see `Conn::ahead`.
pub fn costs_ahead(cx: &mut Cx, products: &Products, company: &Company) -> Result<()> {
    let goods: Products = goods(products).map(|p| (p.id, p.clone())).collect();
    kontor_prices::standard_costs_ahead(cx, company.id, &goods)
}

fn goods(products: &Products) -> impl Iterator<Item = &Arc<ProductFacts>> {
    products.values().filter(|p| p.kind == ProductKind::Goods)
}

/// Provisional cost of each line and the margin, in the document's currency; goods never received cost nothing yet.
pub fn costs(cx: &mut Cx, r: &mut Record, at: At, products: &Products, company: &Company) -> Result<()> {
    let goods: Vec<Id> = goods(products).map(|p| p.id).collect();
    let day = r.opt_date("date").unwrap_or(cx.ctx.today);
    let known = kontor_prices::standard_costs(cx, company.id, &goods, day)?;
    let currency = r.currency("currency")?;
    let mut total = vec![];
    let rate = if known.is_empty() || currency == company.currency { None } else { Some(exchange(cx, r, company, currency)?) };
    for (n, line) in r.lines[0].iter_mut().enumerate() {
        let unit = line.id_at(at.product).and_then(|id| known.get(&id));
        let mut cost = match unit {
            Some(a) => a.times(line.quantity_at(at.base), company.currency.minor()).map_err(|e| e.at(format!("lines.{n}.quantity")))?,
            None => Amount::ZERO,
        };
        match &rate {
            Some(Some(ratio)) => cost = cost.times(*ratio, currency.minor())?,
            Some(None) => cost = Amount::ZERO,
            None => {}
        }
        line.values[at.cost] = cost.scaled().into();
        total.push(cost);
    }
    let cost = Amount::sum(total).map_err(|e| e.at("lines"))?;
    let margin = r.amount("net_total").checked_sub(cost).ok_or_else(|| Error::refused("number_overflow"))?;
    r.set("cost_total", cost.scaled());
    r.set("margin", margin.scaled());
    Ok(())
}

/// From the company's currency, costs are kept in, to the document's; without a rate the cost stays unknown, and a word is said.
fn exchange(cx: &mut Cx, r: &Record, company: &Company, to: Currency) -> Result<Option<kontor_kernel::Ratio>> {
    let date = document::date_of(r)?;
    let found = match kontor_prices::default_rate_type(cx.conn)? {
        Some(rate_type) => match kontor_prices::exchange(cx.conn, rate_type, company.currency, to, date) {
            Ok(e) => Some(e.ratio),
            Err(e) if e.inner().code == "currency_rate_missing" => None,
            Err(e) => return Err(e),
        },
        None => None,
    };
    if found.is_none() {
        cx.warn("currency", "currency_rate_missing", vec![("currency".into(), to.to_string()), ("date".into(), date.to_string())]);
    }
    Ok(found)
}
