//! What goods cost, provisionally: the average of all receipts so far, per own company, net, in its currency. Good enough
//! to show a margin; a recosting job may refine it later.

use kontor_catalog::Costs;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Currency, Price, Quantity};
use kontor_office::document::{marks, padded};
use kontor_platform::cx::Cx;
use kontor_platform::registers::{BALANCE, Lead, RegisterSpec};
use kontor_platform::value::{Id, Value};
use std::collections::{BTreeSet, HashMap};

/// Received so far. The average is `amount / quantity` of the balance.
pub fn stock_cost() -> RegisterSpec {
    RegisterSpec {
        name: "stock_cost",
        dims: &[("company_id", "id"), ("product_id", "id")],
        keyed: 2,
        resources: &["quantity", "amount"],
        balance: true,
        lead: Lead::Month,
    }
}

/// Average cost of one stock unit; products never received are not in the answer.
pub fn average_costs(cx: &mut Cx, company: Id, products: &[Id]) -> Result<HashMap<Id, Price>> {
    let mut out = HashMap::new();
    let unique: Vec<Id> = products.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    for chunk in unique.chunks(256) {
        let ids = padded(chunk);
        let sql = format!(
            "SELECT product_id, quantity, amount FROM reg_stock_cost_totals WHERE company_id = ? AND product_id IN ({}) AND month = ?",
            marks(ids.len())
        );
        let mut params: Vec<Value> = vec![company.into()];
        params.extend(ids);
        params.push(BALANCE.into());
        for r in cx.conn.query(&sql, &params)? {
            let (quantity, amount) = (Quantity::from_scaled(r.int(1)?), Amount::from_scaled(r.int(2)?));
            if quantity.is_positive() && !amount.is_negative() {
                out.insert(r.id(0)?, amount.per_unit(quantity)?);
            }
        }
    }
    Ok(out)
}

/// For prices: average and last receipt in an own company.
pub fn costs(cx: &mut Cx, company: Option<Id>, currency: Currency, products: &[Id]) -> Result<HashMap<Id, Costs>> {
    let Some((company, currency)) = books(cx, company, currency)? else { return Ok(HashMap::new()) };
    let average = average_costs(cx, company, products)?;
    let mut out: HashMap<Id, Costs> =
        average.into_iter().map(|(id, p)| (id, Costs { currency, average: Some(p), receipt: None })).collect();
    for chunk in products.chunks(256) {
        let ids = padded(chunk);
        // Storno rows carry a minus on both sides and are no receipts.
        let sql = format!(
            "SELECT p.id, m.quantity, m.amount FROM products p JOIN reg_stock_cost_movements m ON m.seq = (\
             SELECT x.seq FROM reg_stock_cost_movements x WHERE x.company_id = ? AND x.product_id = p.id AND x.quantity > 0 \
             ORDER BY x.period DESC, x.seq DESC LIMIT 1) WHERE p.id IN ({})",
            marks(ids.len())
        );
        let params: Vec<Value> = [company.into()].into_iter().chain(ids).collect();
        for r in cx.conn.query(&sql, &params)? {
            let (quantity, amount) = (Quantity::from_scaled(r.int(1)?), Amount::from_scaled(r.int(2)?));
            let of = out.entry(r.id(0)?).or_insert(Costs { currency, average: None, receipt: None });
            of.receipt = Some(amount.per_unit(quantity)?);
        }
    }
    Ok(out)
}

/// The company that is asked for, or the oldest one with books in this currency, or the oldest.
fn books(cx: &mut Cx, company: Option<Id>, currency: Currency) -> Result<Option<(Id, Currency)>> {
    let row = match company {
        Some(id) => cx.conn.query_opt("SELECT id, currency FROM companies WHERE id = ?", &[id.into()])?,
        None => cx.conn.query_opt(
            "SELECT id, currency FROM companies WHERE archived = ? ORDER BY CASE WHEN currency = ? THEN 0 ELSE 1 END, id LIMIT 1",
            &[false.into(), currency.code().into()],
        )?,
    };
    let Some(r) = row else { return Ok(None) };
    let code = r.text(1)?;
    Ok(Some((r.id(0)?, Currency::parse(code).map_err(|_| Error::internal(format!("{code} is no currency")))?)))
}
