//! What a sale earns, and how far it is from what was agreed.

use crate::book::Book;
use crate::chain::Chain;
use crate::consolidate::share;
use crate::event::Silent;
use crate::facts::Facts;
use crate::line::Line;
use crate::order::{Document, Pricer};
use crate::question::{Header, Item};
use crate::replay::vat_factor;
use crate::value::{Asking, vat_rate};
use kontor_kernel::{Amount, NumberError, Percent, Price, VatMode};

/// Figures are in the document's currency, net of VAT (decision 1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Profit {
    pub revenue: Amount,
    /// `None` where a cost is not known or cannot be converted.
    pub cost: Option<Amount>,
    pub margin: Option<Amount>,
    /// Of the revenue; `None` of no revenue.
    pub percent: Option<Percent>,
    /// What the rules alone would bring.
    pub by_rules: Option<Amount>,
    /// How far the revenue is from that: below zero it is less.
    pub deviation: Option<Amount>,
    /// Lines (or the one line) sold below cost.
    pub below_cost: u32,
}

/// Cost of one unit in the document's currency and basis; `None` where it is not known or there is no rate.
pub(crate) fn unit_cost(ask: &Asking<'_>) -> Option<Price> {
    let cost = ask.product?.cost?;
    let mut chain = Chain::read(cost.price, cost.currency, VatMode::Excluded);
    chain.convert(ask, ask.head.currency, &mut Silent).ok()?;
    chain.fit_vat(ask, ask.head.vat, &mut Silent).ok()?;
    chain.price().ok()
}

/// A line's profit. Errors: out of range.
pub fn profit(book: &Book, facts: &Facts, head: &Header, item: &Item, line: &Line) -> Result<Profit, NumberError> {
    line_profit(&Pricer::new(book, facts, head).desk.ask(item), line)
}

/// Profit of each line and of the whole. Errors: out of range.
pub fn document_profit(
    book: &Book,
    facts: &Facts,
    head: &Header,
    items: &[Item],
    document: &Document,
) -> Result<(Vec<Profit>, Profit), NumberError> {
    let pricer = Pricer::new(book, facts, head);
    let lines = items.iter().zip(&document.lines).map(|(item, line)| line_profit(&pricer.desk.ask(item), line));
    let lines = lines.collect::<Result<Vec<Profit>, NumberError>>()?;
    let sum = |f: fn(&Profit) -> Option<Amount>| lines.iter().map(f).collect::<Option<Vec<Amount>>>().map(Amount::sum).transpose();
    let revenue = Amount::sum(lines.iter().map(|p| p.revenue))?;
    let mut whole = figures(revenue, sum(|p| p.cost)?, sum(|p| p.by_rules)?)?;
    whole.below_cost = lines.iter().map(|p| p.below_cost).sum();
    Ok((lines, whole))
}

fn line_profit(ask: &Asking<'_>, line: &Line) -> Result<Profit, NumberError> {
    let minor = ask.head.currency.minor();
    let net = vat_factor(ask.head.vat, VatMode::Excluded, vat_rate(ask))?.ratio()?;
    let revenue = line.amount.unwrap_or_default().times(net, minor)?;
    let by_hand = ask.item.line_price.is_some() || ask.item.line_discount.is_some();
    let gross = match line.rule_price {
        // Nobody departed from the rules, whatever they took off the order or gave away.
        Some(_) if !by_hand => Some(revenue),
        Some(p) => Some(p.times_less(ask.item.quantity, line.rule_discount, minor)?.times(net, minor)?),
        None => None,
    };
    let cost = ask.product.and_then(|p| p.cost).and_then(|c| {
        let mut chain = Chain::read(c.price, c.currency, VatMode::Excluded);
        chain.convert(ask, ask.head.currency, &mut Silent).ok()?;
        chain.price().ok()
    });
    let cost = cost.map(|c| c.times(ask.item.quantity, minor)).transpose()?;
    figures(revenue, cost, gross)
}

fn figures(revenue: Amount, cost: Option<Amount>, by_rules: Option<Amount>) -> Result<Profit, NumberError> {
    let less = |a: Amount, b: Amount| a.checked_sub(b).ok_or(NumberError::Overflow);
    let margin = cost.map(|c| less(revenue, c)).transpose()?;
    let percent = match margin {
        Some(m) if !revenue.is_zero() => Some(share(m.scaled().into(), i128::from(revenue.scaled()).abs())?),
        _ => None,
    };
    let deviation = by_rules.map(|r| less(revenue, r)).transpose()?;
    let below_cost = u32::from(margin.is_some_and(|m| m.is_negative()) && revenue.is_positive());
    Ok(Profit { revenue, cost, margin, percent, by_rules, deviation, below_cost })
}
