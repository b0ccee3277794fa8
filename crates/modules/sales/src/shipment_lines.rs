//! What a shipment says before it is posted: of an order, everything comes from there; by itself, from its own fields.

use crate::amounts::{self};
use crate::by_terms;
use crate::columns::{At, Cells, position};
use crate::fulfil::rest;
use crate::last_part;
use crate::offer::settle_terms;
use crate::order::ENTITY as ORDERS;
use crate::parties;
use crate::shipment::PREFIX;
use chrono::NaiveDate;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, NumberError, mul_div};
use kontor_ledger::PaymentTerms;
use kontor_office::Company;
use kontor_office::document::{begin, date_of};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::{Line, Record};
use kontor_platform::spec::Spec;
use kontor_platform::value::{Id, Value};
use kontor_prices::{payment_of, stages};

pub fn decide(cx: &mut Cx, change: &mut Change) -> Result<()> {
    let order = match change.after.opt_id("sales_order_id") {
        Some(id) => Some(cx.load(ORDERS, id)?),
        None => None,
    };
    match &order {
        Some(order) => {
            head_of(change, order)?;
            lines_of(cx, change, order)?;
        }
        None => by_itself(change)?,
    }
    let company = begin(cx, change, PREFIX)?;
    finish(cx, change, &company, order.is_none())?;
    as_agreed(cx, change, order.as_ref())?;
    order.map_or(Ok(()), |order| last_part::settle(cx, &mut change.after, &order))
}

/// Kind of sale and the day on which packaging is due back: of the order, or of the agreement.
fn as_agreed(cx: &mut Cx, change: &mut Change, order: Option<&Record>) -> Result<()> {
    let (kind, days) = match order {
        Some(o) => (Some(o.text("sale_kind").to_string()).filter(|s| !s.is_empty()), o.opt_int("packaging_days")),
        None if cx.ctx.is_history() => (None, None),
        None => {
            let agreed = kontor_prices::agreed(cx, change.after.opt_id("agreement_id"))?;
            (Some(agreed.sale_kind.unwrap_or_else(|| "sale".into())), agreed.packaging_days)
        }
    };
    if change.after.is_null("sale_kind") {
        change.after.set("sale_kind", kind);
    }
    let own = change.given("packaging_return_on");
    if !own && (change.is_create() || change.changed("date") || change.after.is_null("packaging_return_on")) {
        let date = date_of(&change.after)?;
        let back = days.and_then(|d| u64::try_from(d).ok()).and_then(|d| date.checked_add_days(chrono::Days::new(d)));
        change.after.set("packaging_return_on", back);
    }
    Ok(())
}

/// Totals and whatever else follows from the lines; shared with returns.
pub fn finish(cx: &mut Cx, change: &mut Change, company: &Company, own_terms: bool) -> Result<()> {
    let partner = parties::partner(cx, &change.after)?;
    parties::defaults(&mut change.after, &partner);
    parties::warehouse(cx, &mut change.after, company)?;
    let known = |c: &str| !change.after.is_null(c);
    let terms = if own_terms && !(cx.ctx.is_history() && known("currency") && known("vat")) {
        Some(settle_terms(cx, change, company)?)
    } else {
        None
    };
    let r = &mut change.after;
    let due = due_date(r)?;
    if r.spec.has_column("due_date") {
        r.set("due_date", due);
    }
    let at = At::of(r.spec);
    let products = amounts::products_of(cx, r, at)?;
    amounts::quantities(cx, r, at, &products)?;
    if let Some(terms) = &terms {
        by_terms::price(cx, change, terms, at, &products)?;
    }
    let r = &mut change.after;
    prices(cx, r, at)?;
    amounts::fill(r, at, &products)?;
    amounts::costs(cx, r, at, &products, company)
}

fn prices(cx: &Cx, r: &Record, at: At) -> Result<()> {
    let wrong = r.lines[0].iter().enumerate().filter_map(|(n, l)| {
        let field = format!("lines.{n}.price");
        match &l.values[at.price] {
            Value::Null => Some(Error::field(field, "required")),
            Value::Int(p) if *p < 0 && !cx.ctx.is_history() => Some(Error::field(field, "negative_price")),
            _ => None,
        }
    });
    Error::collect(wrong.collect())
}

/// Days and parts of what is owed for the document; none when all of it is due at once.
pub fn due_parts(r: &Record, on: NaiveDate, total: Amount) -> Result<Vec<(NaiveDate, Amount)>> {
    let all = stages::of(r.json("payment_stages"))?;
    if all.is_empty() || !total.is_positive() {
        return Ok(vec![]);
    }
    stages::schedule(&all, total, on, r.currency("currency")?.minor())
}

/// The last day on which the document is paid in time; of several, the first.
pub fn due_date(r: &Record) -> Result<NaiveDate> {
    let date = date_of(r)?;
    if let Some((first, _)) = due_parts(r, date, Amount::ONE)?.first() {
        return Ok(*first);
    }
    payment_of(r.json("payment_terms"))
        .due(date)
        .ok_or_else(|| Error::field("payment_terms.days", "out_of_range").field_arg("min", 0).field_arg("max", PaymentTerms::MAX_DAYS))
}

fn by_itself(change: &Change) -> Result<()> {
    let r = &change.after;
    let mut wrong: Vec<Error> =
        ["company_id", "partner_id"].into_iter().filter(|c| r.is_null(c)).map(|c| Error::field(c, "required")).collect();
    if r.lines[0].is_empty() {
        wrong.push(Error::field("lines", "required"));
    }
    let at = At::of(r.spec);
    for (n, l) in r.lines[0].iter().enumerate() {
        for (i, name) in [(at.product, "product_id"), (at.quantity, "quantity")] {
            if l.values[i].is_null() {
                wrong.push(Error::field(format!("lines.{n}.{name}"), "required"));
            }
        }
    }
    Error::collect(wrong)
}

/// An order's shipment is with whom and by what the order is; date, warehouse, address and country may be its own.
fn head_of(change: &mut Change, order: &Record) -> Result<()> {
    for column in ["company_id", "partner_id", "agreement_id", "contract_id", "currency", "vat"] {
        let own = change.after.get(column);
        if change.given(column) && !own.is_null() && own != order.get(column) {
            return Err(Error::field(column, "read_only"));
        }
        change.after.set(column, order.get(column).clone());
    }
    for column in ["counterparty_id", "warehouse_id", "ship_to", "country", "payment_terms", "payment_stages", "deal_id", "manager_id"] {
        let inherits = change.after.is_null(column) || (column == "manager_id" && change.before.is_none() && !change.given(column));
        if inherits {
            change.after.set(column, order.get(column).clone());
        }
    }
    Ok(())
}

/// Positions of what a shipment's line takes from the order's.
struct FromOrder {
    shipped: usize,
    quantity: usize,
    copied: Vec<(usize, usize)>,
}

impl FromOrder {
    fn of(order: &Spec, own: &Spec) -> FromOrder {
        let (o, s) = (&order.lines[0], &own.lines[0]);
        let copied =
            ["product_id", "unit_id", "price", "discount_percent", "warehouse_id"].map(|c| (position(o, c), position(s, c))).to_vec();
        FromOrder { shipped: position(o, "shipped_quantity"), quantity: position(o, "quantity"), copied }
    }
}

fn lines_of(cx: &Cx, change: &mut Change, order: &Record) -> Result<()> {
    let from = FromOrder::of(order.spec, change.after.spec);
    let spec = &change.after.spec.lines[0];
    let (at, key) = (At::of(change.after.spec), position(spec, "order_line_id"));
    let (off, order_off) = (position(spec, "discount_amount"), position(&order.spec.lines[0], "discount_amount"));
    let minor = order.currency("currency")?.minor();
    if change.before.is_none() && change.after.lines[0].is_empty() {
        // Nothing said: all that is left.
        for l in &order.lines[0] {
            if !rest(l.quantity_at(from.quantity), l.quantity_at(from.shipped)).is_zero() {
                let mut own = Line::new(spec, cx.new_id());
                own.values[key] = l.id.to_string().into();
                change.after.lines[0].push(own);
            }
        }
    }
    if change.after.lines[0].is_empty() {
        return Err(Error::refused("nothing_to_ship"));
    }
    let mut wrong = vec![];
    for (n, line) in change.after.lines[0].iter_mut().enumerate() {
        let field = |name: &str| format!("lines.{n}.{name}");
        let Some(of) = order_line(line, order, at, key) else {
            wrong.push(Error::field(field("order_line_id"), "line_unknown"));
            continue;
        };
        line.values[key] = of.id.to_string().into();
        for (there, here) in &from.copied {
            let inherited = *here == at.warehouse && !line.values[*here].is_null();
            if !line.values[*here].is_null() && !inherited && *here != at.discount && line.values[*here] != of.values[*there] {
                wrong.push(Error::field(field(spec.columns[*here].name), "read_only"));
            }
            if !inherited {
                line.values[*here] = if *here == at.discount { of.int_at(*there).into() } else { of.values[*there].clone() };
            }
        }
        if line.values[at.quantity].is_null() {
            line.values[at.quantity] = rest(of.quantity_at(from.quantity), of.quantity_at(from.shipped)).scaled().into();
        }
        line.values[off] = part_of(of, order_off, from.quantity, line.int_at(at.quantity), minor)
            .map_err(|_| Error::field(field("quantity"), "number_overflow"))?
            .scaled()
            .into();
    }
    Error::collect(wrong)
}

/// The part that so much of a line has in what is off the line beyond its percentage.
pub fn part_of(of: &Line, off: usize, quantity: usize, taken: i64, minor: u32) -> Result<Amount, NumberError> {
    match of.int_at(quantity) {
        0 => Ok(Amount::ZERO),
        whole => Amount::from_scaled(mul_div(of.int_at(off), taken, whole).ok_or(NumberError::Overflow)?).round_to(minor),
    }
}

/// By its id, or by the product where the order has it once.
pub fn order_line<'o>(line: &Line, order: &'o Record, at: At, key: usize) -> Option<&'o Line> {
    if let Some(text) = line.values[key].as_text() {
        let id = Id::parse_str(text).ok()?;
        return order.lines[0].iter().find(|l| l.id == id);
    }
    let product = line.id_at(at.product)?;
    let there = position(&order.spec.lines[0], "product_id");
    let mut found = order.lines[0].iter().filter(|l| l.id_at(there) == Some(product));
    found.next().filter(|_| found.next().is_none())
}
