//! What in a sales document departs from the agreed terms, named line by line: found before it is confirmed (AGR-02).

use crate::deviation_terms;
use crate::rules::limit::{UserLimits, limits_of};
use crate::stages::Stage;
use chrono::NaiveDate;
use kontor_kernel::error::Result;
use kontor_kernel::{Amount, Currency, NumberError, Percent, Price, Quantity, VatMode};
use kontor_ledger::PaymentTerms;
use kontor_platform::cx::Cx;
use kontor_platform::value::Id;
use kontor_pricing::{Approval, Limits};
use serde_json::{Value as Json, json};

/// A document as far as terms speak of it.
pub struct Offered<'a> {
    pub document: Id,
    pub company_id: Id,
    pub agreement_id: Option<Id>,
    pub contract_id: Option<Id>,
    pub counterparty_id: Option<Id>,
    /// Chosen in the document; it takes the place of the agreement's.
    pub price_type_id: Option<Id>,
    /// Of orders and quotes.
    pub sale_kind: Option<&'a str>,
    pub packaging_days: Option<i64>,
    pub ship_on: Option<NaiveDate>,
    pub currency: Currency,
    pub vat: VatMode,
    /// Gross.
    pub total: Amount,
    pub payment: PaymentTerms,
    pub stages: &'a [Stage],
    pub date: NaiveDate,
    pub lines: &'a [OfferedLine],
    /// What the document earns, in percent; asked only where somebody is limited by it. `None`: some cost is not known.
    pub margin: &'a dyn Fn(&mut Cx) -> Result<Option<Percent>>,
}

/// Only lines that were changed by hand can depart from the rules; any can go beyond what the user may give, and from the contract.
pub struct OfferedLine {
    /// Position in the document.
    pub n: usize,
    pub product_id: Option<Id>,
    /// In the product's own unit.
    pub quantity: Quantity,
    /// The price, or the discount, was written by hand.
    pub by_hand: ByHand,
    /// Before discounts.
    pub price: Price,
    pub rule_price: Option<Price>,
    pub discount: Percent,
    /// Of a line changed by hand: what the rules would take off.
    pub rule_discount: Percent,
    /// Agreed in the contract for this product.
    pub contract_price: Option<Price>,
    /// The line's amount net of VAT and its cost, when that is known.
    pub margin: Option<(Amount, Amount)>,
}

/// What of a line was written by hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByHand {
    pub price: bool,
    pub discount: bool,
}

/// One departure: the field it is about, a code with a text `error-CODE`, and its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Deviation {
    pub field: String,
    pub code: &'static str,
    pub args: Vec<(&'static str, String)>,
}

impl Deviation {
    fn new(field: impl Into<String>, code: &'static str, args: Vec<(&'static str, String)>) -> Deviation {
        Deviation { field: field.into(), code, args }
    }
    pub fn json(&self) -> Json {
        let args: serde_json::Map<String, Json> = self.args.iter().map(|(k, v)| (k.to_string(), json!(v))).collect();
        json!({"field": self.field, "code": self.code, "args": args})
    }
}

/// The code of a text that tells nothing of costs.
pub fn without_cost(code: &str) -> &str {
    match code {
        "deviation_below_cost" => "deviation_too_low",
        "deviation_margin" => "deviation_earns_little",
        code => code,
    }
}

/// All departures, those of the head first. The user's limits say how far he may go by himself; without any, every price below
/// the terms and every larger discount is one.
pub fn deviations(cx: &mut Cx, o: &Offered) -> Result<Vec<Deviation>> {
    let mut out = vec![];
    if let Some(id) = o.agreement_id {
        deviation_terms::of_agreement(cx, o, id, &mut out)?;
    }
    if let Some(id) = o.contract_id {
        deviation_terms::of_contract(cx, o, id, &mut out)?;
    }
    deviation_terms::of_payment(cx, o, &mut out)?;
    let limits = limits_of(cx, cx.ctx.user_id, o.company_id, o.date)?;
    for l in o.lines {
        let mut of_rules = vec![];
        of_line(l, &limits, &mut of_rules).map_err(|e| e.at(format!("lines.{}.price", l.n)))?;
        // What the contract has said of a field is not said again by the limits.
        of_rules.retain(|d: &Deviation| d.code == "deviation_below_cost" || !out.iter().any(|o| o.field == d.field));
        out.extend(of_rules);
    }
    if let Some(least) = limits.margin
        && let Some(margin) = (o.margin)(cx)?
        && margin < least
    {
        out.push(Deviation::new("lines", "deviation_margin", vec![("percent", margin.to_string()), ("agreed", least.to_string())]));
    }
    Ok(out)
}

fn less(price: Price, discount: Percent) -> std::result::Result<Price, NumberError> {
    price.plus_percent(discount.checked_neg().ok_or(NumberError::Overflow)?)
}

fn of_line(l: &OfferedLine, limits: &UserLimits, out: &mut Vec<Deviation>) -> std::result::Result<(), NumberError> {
    let field = |name: &str| format!("lines.{}.{name}", l.n);
    let mut found = vec![];
    if limits.id.is_some() {
        let limits = Limits { discount: limits.discount, down: limits.down, up: limits.up, cost: false };
        // What counts is what the client pays: a lower price and a larger discount come to one reduction.
        if let Some(rule) = l.rule_price.filter(|p| p.is_positive() && l.by_hand != ByHand::default()) {
            let rule = less(rule, l.rule_discount)?;
            let net = less(l.price, l.discount)?;
            found.extend(limits.of_price(rule, net)?.map(|a| (a, net, rule)));
        }
        // Rules that come to more than the user may give need approval just as he does.
        found.extend(limits.of_discount(l.discount).map(|a| (a, l.price, l.price)));
    } else {
        // Nobody said how far the user may go: he keeps to the rules.
        if let Some(rule) = l.rule_price.filter(|p| p.is_positive() && l.by_hand.price && l.price < *p) {
            let none = Limits { down: Some(Percent::ZERO), ..Limits::default() };
            found.extend(none.of_price(rule, l.price)?.map(|a| (a, l.price, rule)));
        }
        if l.by_hand != ByHand::default() && l.discount > l.rule_discount {
            found.push((Approval::Discount { percent: l.discount, limit: l.rule_discount }, l.price, l.price));
        }
    }
    for (approval, price, rule) in found {
        let changed = if l.by_hand.price { "price" } else { "discount_percent" };
        let prices = |p: Percent| vec![("percent", p.to_string()), ("price", price.to_string()), ("agreed", rule.to_string())];
        out.push(match approval {
            Approval::Lower { percent, .. } => Deviation::new(field(changed), "deviation_price_below", prices(percent)),
            Approval::Higher { percent, .. } => Deviation::new(field(changed), "deviation_price_above", prices(percent)),
            Approval::Discount { percent, limit } => {
                let args = vec![("percent", percent.to_string()), ("agreed", limit.to_string())];
                Deviation::new(field("discount_percent"), "deviation_discount", args)
            }
            // Costs are those of the document itself, below.
            Approval::BelowCost { .. } => continue,
        });
    }
    if let Some((net, cost)) = l.margin
        && limits.cost
        && net < cost
    {
        out.push(Deviation::new(field("price"), "deviation_below_cost", vec![("amount", net.to_string()), ("cost", cost.to_string())]));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(price: &str, discount: &str) -> OfferedLine {
        let p = |s: &str| Price::parse(s).unwrap_or(Price::ZERO);
        let d = |s: &str| Percent::parse(s).unwrap_or(Percent::ZERO);
        OfferedLine {
            n: 0,
            product_id: None,
            quantity: Quantity::ONE,
            by_hand: ByHand { price: true, discount: true },
            price: p(price),
            rule_price: Some(p("100")),
            discount: d(discount),
            rule_discount: d("5"),
            contract_price: None,
            margin: None,
        }
    }
    fn found(l: &OfferedLine, limits: &UserLimits) -> Vec<String> {
        let mut out = vec![];
        of_line(l, limits, &mut out).unwrap();
        out.iter().map(|d| format!("{}: {} {}", d.field, d.code, d.args[0].1)).collect()
    }

    #[test]
    fn agr_02_without_limits_every_lower_price_and_larger_discount_is_named() {
        let none = UserLimits::default();
        assert_eq!(found(&line("100", "5"), &none), Vec::<String>::new());
        assert_eq!(
            found(&line("97", "6"), &none),
            ["lines.0.price: deviation_price_below 3", "lines.0.discount_percent: deviation_discount 6"]
        );
        assert_eq!(found(&line("120", "0"), &none), Vec::<String>::new());
    }

    #[test]
    fn prc_11_within_his_limits_a_user_needs_nobody() {
        let percent = |s: &str| Percent::parse(s).ok();
        let limits =
            UserLimits { id: Some(Id::nil()), discount: percent("10"), down: percent("10"), up: percent("20"), ..Default::default() };
        assert_eq!(found(&line("95", "10"), &limits), Vec::<String>::new());
        assert_eq!(found(&line("97", "10.01"), &limits), ["lines.0.discount_percent: deviation_discount 10.01"]);
        assert_eq!(found(&line("120.01", "5"), &limits), ["lines.0.price: deviation_price_above 20.01"]);
        let open = UserLimits { id: Some(Id::nil()), ..Default::default() };
        assert_eq!(found(&line("1", "99"), &open), Vec::<String>::new(), "figures that are absent do not limit");
    }

    #[test]
    fn prc_11_a_lower_price_and_a_larger_discount_come_to_one_reduction() {
        let limits = UserLimits { id: Some(Id::nil()), down: Percent::parse("10").ok(), ..Default::default() };
        assert_eq!(found(&line("91", "5"), &limits), Vec::<String>::new());
        // 91 less 14 % is 78.26, the rules give 95.
        assert_eq!(found(&line("91", "14"), &limits), ["lines.0.price: deviation_price_below 17.6211"]);
        let by_discount = OfferedLine { by_hand: ByHand { price: false, discount: true }, ..line("100", "15") };
        assert_eq!(found(&by_discount, &limits), ["lines.0.discount_percent: deviation_price_below 10.5263"]);
    }

    #[test]
    fn prc_11_rules_that_give_more_than_the_user_may_need_approval_too() {
        let limits = UserLimits { id: Some(Id::nil()), discount: Percent::parse("15").ok(), ..Default::default() };
        let by_rules = |discount: &str| OfferedLine { by_hand: ByHand::default(), ..line("100", discount) };
        assert_eq!(found(&by_rules("15"), &limits), Vec::<String>::new());
        assert_eq!(found(&by_rules("18"), &limits), ["lines.0.discount_percent: deviation_discount 18"]);
        assert_eq!(found(&by_rules("18"), &UserLimits::default()), Vec::<String>::new(), "without limits the rules are the terms");
    }
}
