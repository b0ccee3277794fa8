//! Prices that a contract agrees, as a document under it would have them.

use crate::pricing::{Asked, LineQuestion, explained};
use crate::terms::Terms;
use chrono::NaiveDate;
use kontor_catalog::ProductFacts;
use kontor_kernel::Price;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::Cx;
use kontor_platform::value::Id;
use kontor_pricing::{Kind, RuleKind, StepKind};

/// The product or the category whose line of a contract speaks of a product: its own, else that of the nearest category.
pub fn contract_line(p: &ProductFacts, named: impl Fn(Id) -> bool) -> Option<Id> {
    [p.id].into_iter().chain(p.category_path.iter().copied()).find(|id| named(*id))
}

/// For each line the price that the contract's lines give one unit of the product, in the currency and VAT basis of `terms`, or
/// `None` where the contract agrees none. What is written by hand and a price type chosen in the document do not count.
pub fn contract_prices(
    cx: &mut Cx,
    terms: &Terms,
    partner: Id,
    company: Id,
    date: NaiveDate,
    lines: &[LineQuestion],
) -> Result<Vec<Option<Price>>> {
    let none = vec![None; lines.len()];
    let Some(id) = terms.contract_id else { return Ok(none) };
    let spec = cx.app.registry.get("contracts").ok_or_else(Error::not_found)?;
    let priced = format!("SELECT 1 FROM {} WHERE parent_id = ? AND price IS NOT NULL LIMIT 1", spec.lines[0].table);
    if cx.conn.query_opt(&priced, &[id.into()])?.is_none() {
        return Ok(none);
    }
    // Asked by the contract alone: whether something more particular was agreed too is not the question.
    let alone = Terms { agreement_id: None, chosen_price_type_id: None, ..terms.clone() };
    let asked = Asked { company, partner: (!partner.is_nil()).then_some(partner), price_type: None, date };
    let bare: Vec<LineQuestion> = lines.iter().map(|l| LineQuestion { manual_price: None, discount: None, ..l.clone() }).collect();
    let found = explained(cx, &alone, &asked, &bare)?;
    Ok(found
        .into_iter()
        .map(|e| {
            let of_contract = e.trace.steps.iter().filter(|s| s.step == StepKind::Base).filter_map(|s| s.rule.as_ref());
            let of_contract =
                of_contract.into_iter().any(|r| matches!(r.kind, RuleKind::Condition(Kind::ContractProduct | Kind::ContractGroup)));
            if of_contract { e.price } else { None }
        })
        .collect())
}
