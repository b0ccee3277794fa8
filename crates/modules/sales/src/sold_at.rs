//! At what price goods come back that name no shipment: at that of their last sale to the partner, whatever the rules say today.

use crate::amounts::{Products, product_name};
use crate::columns::{At, Cells, position};
use crate::line_prices::ratio;
use chrono::NaiveDate;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, NumberError, Price, Ratio, mul_div};
use kontor_office::document::date_of;
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::{Line, Record};
use kontor_platform::store::{marks, padded, parts};
use kontor_platform::value::{Id, Value};

/// What a line of a shipment says of the price of its goods.
pub struct Sold {
    unit: Option<Id>,
    price: i64,
    discount: i64,
    /// What was off beyond the percentage.
    off: i64,
    /// Quantity in the product's own unit.
    base: i64,
}

impl Sold {
    pub fn of(line: &Line, at: At, off: usize) -> Sold {
        let int = |i: usize| line.int_at(i);
        Sold { unit: line.id_at(at.unit), price: int(at.price), discount: int(at.discount), off: int(off), base: int(at.base) }
    }

    pub fn unit(&self) -> Option<Id> {
        self.unit
    }

    /// Price of one unit of a line of the same product.
    pub fn price_for(&self, line: &Line, at: At, products: &Products) -> Result<i64, NumberError> {
        let own = ratio(line, at, products);
        let mut sold = line.clone();
        sold.values[at.unit] = self.unit.into();
        let theirs = ratio(&sold, at, products);
        if own == theirs {
            return Ok(self.price);
        }
        // So much for one of theirs; one of ours has another number of the product's own unit.
        let of_ours = Ratio::new(i128::from(own.0) * i128::from(theirs.1), i128::from(own.1) * i128::from(theirs.0))?;
        Ok(Price::from_scaled(self.price).times_ratio(of_ours)?.scaled())
    }

    /// The part that so much of the goods, in the product's own unit, has in what was off.
    pub fn part_off(&self, base: i64, minor: u32) -> Result<i64, NumberError> {
        match self.base {
            0 => Ok(0),
            whole => Ok(Amount::from_scaled(mul_div(self.off, base, whole).ok_or(NumberError::Overflow)?).round_to(minor)?.scaled()),
        }
    }

    /// Whether the line takes goods back as they were sold.
    pub fn is_price_of(&self, line: &Line, at: At, products: &Products) -> Result<bool, NumberError> {
        Ok(self.discount == line.int_at(at.discount) && self.price_for(line, at, products)? == line.int_at(at.price))
    }

    /// Gives the line price and percentage.
    pub fn put(&self, line: &mut Line, at: At, products: &Products) -> Result<(), NumberError> {
        line.values[at.price] = self.price_for(line, at, products)?.into();
        line.values[at.discount] = self.discount.into();
        Ok(())
    }
}

/// How a product was sold last.
struct Sale {
    number: String,
    date: NaiveDate,
    sold: Sold,
}

/// Fills the lines of a return that say no price, and warns of each where its price comes from: the sale by its number, or the
/// terms of today, which whoever takes the goods back may want to replace. Quantities must be known in the product's own unit.
pub fn fill(cx: &mut Cx, change: &mut Change, at: At, products: &Products) -> Result<()> {
    let open = |l: &&Line| l.values[at.price].is_null();
    let wanted: Vec<Id> = change.after.lines[0].iter().filter(open).filter_map(|l| l.id_at(at.product)).collect();
    if wanted.is_empty() || cx.ctx.is_history() {
        return Ok(());
    }
    let sales = last_sales(cx, &change.after, &wanted)?;
    let off = position(&change.after.spec.lines[0], "discount_amount");
    let minor = change.after.currency("currency")?.minor();
    for (n, line) in change.after.lines[0].iter_mut().enumerate().filter(|(_, l)| l.values[at.price].is_null()) {
        let Some(product) = line.id_at(at.product) else { continue };
        let name = product_name(line, at, products);
        let field = format!("lines.{n}.price");
        // A percentage written beside an empty price asks for the terms of today.
        let Some(sale) = sales.get(&product).filter(|_| line.int_at(at.discount) == 0) else {
            cx.warn(field, "return_at_terms", vec![("product".into(), name)]);
            continue;
        };
        let wrong = |e: NumberError| e.at(field.as_str());
        sale.sold.put(line, at, products).map_err(wrong)?;
        line.values[off] = sale.sold.part_off(line.int_at(at.base), minor).map_err(wrong)?.into();
        let args = [("product", name), ("number", sale.number.clone()), ("date", sale.date.to_string())];
        cx.warn(field, "return_at_sale", args.map(|(k, v)| (k.into(), v)).to_vec());
    }
    Ok(())
}

/// The last posted sale of each product to the partner up to the day of the return, by the same company in the same currency and
/// VAT basis; gifts are none. What the caller may not see is not asked.
fn last_sales(cx: &mut Cx, r: &Record, products: &[Id]) -> Result<HashMap<Id, Sale>> {
    let spec = cx.app.registry.get("shipments").ok_or_else(Error::not_found)?;
    let seen = cx.ctx.access.predicate(&cx.app.registry, spec, "read", "d");
    let head: [Value; 5] =
        [r.ref_id("company_id").into(), r.ref_id("partner_id").into(), r.text("currency").into(), r.text("vat").into(), date_of(r)?.into()];
    let mut out = HashMap::new();
    for chunk in parts(products) {
        let ids = padded(chunk);
        let sql = format!(
            "SELECT product_id, number, date, unit_id, price, discount_percent, discount_amount, base_quantity FROM (\
             SELECT l.product_id, d.number, d.date, l.unit_id, l.price, l.discount_percent, l.discount_amount, l.base_quantity, \
             ROW_NUMBER() OVER (PARTITION BY l.product_id ORDER BY d.date DESC, d.seq DESC, l.position) AS n \
             FROM shipments d JOIN shipment_lines l ON l.parent_id = d.id WHERE d.company_id = ? AND d.partner_id = ? AND d.currency = ? \
             AND d.vat = ? AND d.date <= ? AND d.state = 'posted' AND l.amount > 0 AND l.base_quantity > 0 AND l.product_id IN ({}){}) x WHERE x.n = 1",
            marks(ids.len()),
            seen.and()
        );
        let params: Vec<Value> = head.iter().cloned().chain(ids).chain(seen.params.iter().cloned()).collect();
        for row in cx.conn.query(&sql, &params)? {
            let sold = Sold { unit: row.opt_id(3)?, price: row.int(4)?, discount: row.int(5)?, off: row.int(6)?, base: row.int(7)? };
            out.insert(row.id(0)?, Sale { number: row.text(1)?.to_string(), date: row.date(2)?, sold });
        }
    }
    Ok(out)
}
