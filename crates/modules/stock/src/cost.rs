//! What goods cost, provisionally: the average of all receipts so far, per own company, net, in its currency. Good enough
//! to show a margin; a recosting job may refine it later.

use kontor_kernel::error::Result;
use kontor_kernel::{Amount, Price, Quantity};
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
