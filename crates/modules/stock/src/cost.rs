//! What goods cost, provisionally: the average of all receipts so far, per own company, net, in its currency. Good enough
//! to show a margin; a recosting job may refine it later.

use chrono::NaiveDate;
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_kernel::{Amount, Price, Quantity};
use kontor_platform::cx::Cx;
use kontor_platform::registers::{self, BALANCE, Lead, RegisterSpec};
use kontor_platform::store::{Backend, Param, Row, marks, padded, parts};
use kontor_platform::value::{Id, Value};
use std::collections::BTreeSet;

/// Received so far. The average is `amount / quantity` of the balance.
pub fn stock_cost() -> RegisterSpec {
    RegisterSpec {
        name: "stock_cost",
        dims: &[("company_id", "id"), ("product_id", "id")],
        keyed: 2,
        resources: &["quantity", "amount"],
        balance: true,
        rises: false,
        lead: Lead::Month,
    }
}

/// Average cost of one stock unit; products never received are not in the answer.
pub fn average_costs(cx: &mut Cx, company: Id, products: &[Id]) -> Result<HashMap<Id, Price>> {
    let mut out = HashMap::new();
    let mut take = |r: Row| -> Result<()> {
        let (quantity, amount) = (Quantity::from_scaled(r.int(1)?), Amount::from_scaled(r.int(2)?));
        if quantity.is_positive() && !amount.is_negative() {
            out.insert(r.id(0)?, amount.per_unit(quantity)?);
        }
        Ok(())
    };
    if cx.conn.backend() == Backend::Sqlite {
        let unique: Vec<Id> = products.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        let sql = "SELECT t.product_id, t.quantity, t.amount FROM rarray(?) few CROSS JOIN reg_stock_cost_totals t \
                   ON t.product_id = few.value AND t.company_id = ? AND t.month = ?";
        let params = [Param::Ids(&unique), Param::One(&company.into()), Param::One(&BALANCE.into())];
        cx.conn.query_lists(sql, &params, |r| take(r).map(|()| true))?;
        return Ok(out);
    }
    for (sql, params) in averages(company, products) {
        cx.conn.query(&sql, &params)?.into_iter().try_for_each(&mut take)?;
    }
    Ok(out)
}

/// Asks for what `average_costs` will be asked; see `Conn::ahead`.
pub fn average_costs_ahead(cx: &mut Cx, company: Id, products: &[Id]) -> Result<()> {
    averages(company, products).into_iter().try_for_each(|(sql, params)| cx.conn.ahead(&sql, &params))
}

fn averages(company: Id, products: &[Id]) -> Vec<(String, Vec<Value>)> {
    let unique: Vec<Id> = products.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let question = |chunk: &[Id]| {
        let ids = padded(chunk);
        let sql = format!(
            "SELECT product_id, quantity, amount FROM reg_stock_cost_totals WHERE company_id = ? AND product_id IN ({}) AND month = ?",
            marks(ids.len())
        );
        (sql, std::iter::once(company.into()).chain(ids).chain([BALANCE.into()]).collect())
    };
    parts(&unique).map(question).collect()
}

/// What one unit cost in a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    pub date: NaiveDate,
    pub cost: Price,
}

/// Months that are looked back for a last receipt.
const BACK: u32 = 60;

/// Months between two days in which anything moved: the index of movements is led by them.
fn months(cx: &mut Cx, from: NaiveDate, to: NaiveDate) -> Result<Vec<Value>> {
    let Some(reg) = cx.app.registry.register_of("stock_cost") else { return Ok(vec![]) };
    Ok(registers::months_from(cx.conn, reg, from)?.into_iter().filter(|m| *m <= to).map(Value::from).collect())
}

/// The last receipt of each product not after a date; products never received are not in the answer. One look into the index
/// per product: receipts that were taken back, and revisions that were replaced, are passed over.
pub fn last_receipts(cx: &mut Cx, company: Id, products: &[Id], date: NaiveDate) -> Result<HashMap<Id, Received>> {
    let mut out = HashMap::new();
    let months = months(cx, date.checked_sub_months(chrono::Months::new(BACK)).unwrap_or(date), date)?;
    for chunk in parts(products).filter(|_| !months.is_empty()) {
        let ids = padded(chunk);
        let sql = format!(
            "SELECT p.id, m.period, m.quantity, m.amount FROM products p JOIN reg_stock_cost_movements m ON m.seq = (\
             SELECT x.seq FROM reg_stock_cost_movements x WHERE x.month IN ({}) AND x.company_id = ? AND x.product_id = p.id AND x.period <= ? \
             AND x.quantity > 0 AND x.storno = ? AND NOT EXISTS (SELECT 1 FROM reg_stock_cost_movements s \
             WHERE s.recorder_id = x.recorder_id AND s.product_id = x.product_id AND s.storno AND s.seq > x.seq) \
             ORDER BY x.period DESC, x.seq DESC LIMIT 1) WHERE p.id IN ({})",
            marks(months.len()),
            marks(ids.len())
        );
        let mut params: Vec<Value> = months.clone();
        params.extend([company.into(), date.into(), false.into()]);
        params.extend(ids);
        for r in cx.conn.query(&sql, &params)? {
            let (quantity, amount) = (Quantity::from_scaled(r.int(2)?), Amount::from_scaled(r.int(3)?));
            if !amount.is_negative() {
                out.insert(r.id(0)?, Received { date: r.date(1)?, cost: amount.per_unit(quantity)? });
            }
        }
    }
    Ok(out)
}

/// Costs of one unit in all receipts of a product between two days (both included), the latest first; at most `limit` each.
pub fn receipts_between(
    cx: &mut Cx,
    company: Id,
    products: &[Id],
    from: NaiveDate,
    to: NaiveDate,
    limit: usize,
) -> Result<HashMap<Id, Vec<Received>>> {
    let mut out: HashMap<Id, Vec<Received>> = HashMap::new();
    let months = months(cx, from, to)?;
    for chunk in parts(products).filter(|_| !months.is_empty()) {
        let ids = padded(chunk);
        let sql = format!(
            "SELECT y.product_id, y.period, y.quantity, y.amount FROM (\
             SELECT x.product_id, x.period, x.quantity, x.amount, x.seq, ROW_NUMBER() OVER (PARTITION BY x.product_id ORDER BY x.period DESC, x.seq DESC) AS n \
             FROM reg_stock_cost_movements x WHERE x.month IN ({}) AND x.company_id = ? AND x.product_id IN ({}) AND x.period >= ? AND x.period <= ? \
             AND x.quantity > 0 AND x.storno = ? AND NOT EXISTS (SELECT 1 FROM reg_stock_cost_movements s \
             WHERE s.recorder_id = x.recorder_id AND s.product_id = x.product_id AND s.storno AND s.seq > x.seq)) y \
             WHERE y.n <= {limit} ORDER BY y.product_id, y.n",
            marks(months.len()),
            marks(ids.len())
        );
        let mut params: Vec<Value> = months.clone();
        params.push(company.into());
        params.extend(ids);
        params.extend([from.into(), to.into(), false.into()]);
        for r in cx.conn.query(&sql, &params)? {
            let (quantity, amount) = (Quantity::from_scaled(r.int(2)?), Amount::from_scaled(r.int(3)?));
            if !amount.is_negative() {
                out.entry(r.id(0)?).or_default().push(Received { date: r.date(1)?, cost: amount.per_unit(quantity)? });
            }
        }
    }
    Ok(out)
}

/// On hand now in all warehouses of a company; products it has none of are not in the answer.
pub fn on_hand(cx: &mut Cx, company: Id, products: &[Id]) -> Result<HashMap<Id, Quantity>> {
    let mut out = HashMap::new();
    let warehouses: Vec<Value> = cx
        .conn
        .query("SELECT id FROM warehouses WHERE company_id = ?", &[company.into()])?
        .iter()
        .map(|r| r.id(0).map(Value::Id))
        .collect::<Result<_>>()?;
    if warehouses.is_empty() {
        return Ok(out);
    }
    for chunk in parts(products) {
        let ids = padded(chunk);
        let sql = format!(
            "SELECT product_id, on_hand FROM reg_stock_totals WHERE month = ? AND warehouse_id IN ({}) AND product_id IN ({})",
            marks(warehouses.len()),
            marks(ids.len())
        );
        let params: Vec<Value> = [BALANCE.into()].into_iter().chain(warehouses.iter().cloned()).chain(ids).collect();
        for r in cx.conn.query(&sql, &params)? {
            let sum = out.entry(r.id(0)?).or_insert(Quantity::ZERO);
            *sum = Quantity::sum([*sum, Quantity::from_scaled(r.int(1)?)])?;
        }
    }
    Ok(out)
}
