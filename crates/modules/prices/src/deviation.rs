//! What in a sales document departs from the agreed terms, named line by line: found before it is confirmed (AGR-02).

use crate::deviation_terms;
use crate::rules::limit::{UserLimits, limits_of};
use crate::stages::Stage;
use crate::terms::PaymentTerms;
use chrono::NaiveDate;
use kontor_kernel::error::Result;
use kontor_kernel::{Amount, Currency, Percent, Price, Quantity, VatMode};
use kontor_platform::cx::Cx;
use kontor_platform::value::Id;
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

/// Only lines that were changed by hand can depart from the rules; any can from the contract.
pub struct OfferedLine {
    /// Position in the document.
    pub n: usize,
    pub product_id: Option<Id>,
    /// In the product's own unit.
    pub quantity: Quantity,
    pub price: Price,
    pub rule_price: Option<Price>,
    pub discount: Percent,
    pub rule_discount: Percent,
    /// The line's amount net of VAT and its cost, when that is known.
    pub margin: Option<(Amount, Amount)>,
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
        of_line(l, &limits, &mut out);
    }
    if let Some(least) = limits.margin
        && let Some(margin) = (o.margin)(cx)?
        && margin < least
    {
        out.push(Deviation::new("lines", "deviation_margin", vec![("percent", margin.to_string()), ("agreed", least.to_string())]));
    }
    Ok(out)
}

fn of_line(l: &OfferedLine, limits: &UserLimits, out: &mut Vec<Deviation>) {
    let unlimited = limits.id.is_some();
    let field = |name: &str| format!("lines.{}.{name}", l.n);
    if let Some(rule) = l.rule_price.filter(|p| p.is_positive()) {
        let by =
            |p: Price| i64::try_from((i128::from(p.scaled()) - i128::from(rule.scaled())) * 1_000_000 / i128::from(rule.scaled())).ok();
        let percent = |n: i64| Percent::from_scaled(n);
        let args = |p: Percent| vec![("percent", p.to_string()), ("price", l.price.to_string()), ("agreed", rule.to_string())];
        match by(l.price) {
            Some(d) if d < 0 && limits.down.map_or(!unlimited, |max| -d > max.scaled()) => {
                out.push(Deviation::new(field("price"), "deviation_price_below", args(percent(-d))));
            }
            Some(d) if d > 0 && limits.up.is_some_and(|max| d > max.scaled()) => {
                out.push(Deviation::new(field("price"), "deviation_price_above", args(percent(d))));
            }
            _ => {}
        }
    }
    if l.discount > l.rule_discount && limits.discount.map_or(!unlimited, |max| l.discount > max) {
        let agreed = limits.discount.map_or(l.rule_discount, |max| max.max(l.rule_discount));
        let args = vec![("percent", l.discount.to_string()), ("agreed", agreed.to_string())];
        out.push(Deviation::new(field("discount_percent"), "deviation_discount", args));
    }
    if let Some((net, cost)) = l.margin
        && limits.cost
        && net < cost
    {
        out.push(Deviation::new(field("price"), "deviation_below_cost", vec![("amount", net.to_string()), ("cost", cost.to_string())]));
    }
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
            price: p(price),
            rule_price: Some(p("100")),
            discount: d(discount),
            rule_discount: d("5"),
            margin: None,
        }
    }
    fn found(l: &OfferedLine, limits: &UserLimits) -> Vec<String> {
        let mut out = vec![];
        of_line(l, limits, &mut out);
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
            UserLimits { id: Some(Id::nil()), discount: percent("10"), down: percent("3"), up: percent("20"), ..Default::default() };
        assert_eq!(found(&line("97", "10"), &limits), Vec::<String>::new());
        assert_eq!(found(&line("96.99", "10.01"), &limits).len(), 2);
        assert_eq!(found(&line("120.01", "0"), &limits), ["lines.0.price: deviation_price_above 20.01"]);
        let open = UserLimits { id: Some(Id::nil()), ..Default::default() };
        assert_eq!(found(&line("1", "99"), &open), Vec::<String>::new(), "figures that are absent do not limit");
    }
}
