//! Doing the steps of a trace again, with the same arithmetic that the procedure used and without rules and facts.

use crate::chain::surcharged;
use crate::consolidate::{Adjustment, Outcome};
use crate::event::Priced;
use crate::exact::{Exact, Factor};
use crate::formula::{Formula, FormulaError, Need};
use crate::rounding::to_minor;
use crate::trace::{Input, Op, Step, Trace, UsedRate};
use kontor_kernel::{Amount, Currency, Direction, NumberError, Percent, Price, Quantity, Rate, VatMode};
use rust_decimal::Decimal;

/// A trace that cannot be done again: it was altered, or written by something else.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    #[error("a step needs a price and there is none")]
    NoPrice,
    #[error("{0}")]
    Number(#[from] NumberError),
    #[error("formula: {}", .0.code)]
    Formula(FormulaError),
    #[error("value {0:?} is missing or unreadable")]
    Input(String),
    #[error("no rate for {0}")]
    Rate(Currency),
}

impl From<FormulaError> for ReplayError {
    fn from(e: FormulaError) -> Self {
        ReplayError::Formula(e)
    }
}

/// What a trace comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replayed {
    pub price: Option<Price>,
    pub discount: Percent,
    pub net: Option<Price>,
    pub amount: Option<Amount>,
}

/// The figures that the steps of the trace lead to; nothing but the trace is looked at.
///
/// Errors: [`ReplayError`], when the trace is not one that this crate made.
pub fn replay(trace: &Trace) -> Result<Replayed, ReplayError> {
    let q = &trace.question;
    let minor = q.head.currency.minor();
    let state = State::default().run(&trace.steps)?;
    let Some(price) = state.line_price.or(state.rule_price()?) else {
        let discount = state.line_discount.unwrap_or(Percent::ZERO);
        return Ok(Replayed { price: None, discount, net: None, amount: None });
    };
    let by_hand = state.line_price.is_some() || state.line_discount.is_some();
    let parts = match (by_hand, &state.parts[..]) {
        (true, _) => vec![(q.item.quantity, Outcome { discount: state.line_discount.unwrap_or(Percent::ZERO), ..Outcome::default() })],
        (false, []) => vec![(q.item.quantity, Outcome { discount: state.sold.unwrap_or(Percent::ZERO), ..Outcome::default() })],
        (false, parts) => parts.to_vec(),
    };
    let amounts: Vec<Amount> = parts.iter().map(|(quantity, o)| o.amount(price, *quantity, minor)).collect::<Result<_, _>>()?;
    let sum = Amount::sum(amounts)?;
    let (discount, net) = match &parts[..] {
        [(_, one)] => (one.discount, one.price(price)?),
        _ => (crate::discounts::average(parts.iter().map(|(q, o)| (*q, o.discount)), q.item.quantity)?, sum.per_unit(q.item.quantity)?),
    };
    let amount = sum.checked_sub(state.off).ok_or(NumberError::Overflow)?;
    Ok(Replayed { price: Some(price), discount, net: Some(net), amount: Some(amount) })
}

#[derive(Clone, Debug, Default)]
struct State {
    value: Option<Exact>,
    parts: Vec<(Quantity, Outcome)>,
    sold: Option<Percent>,
    off: Amount,
    line_price: Option<Price>,
    line_discount: Option<Percent>,
}

impl State {
    fn run(mut self, steps: &[Step]) -> Result<State, ReplayError> {
        for step in steps {
            self.apply(&step.op, &step.steps)?;
        }
        Ok(self)
    }

    /// Does one step; `inner` are the steps that led to the figures it starts from.
    fn apply(&mut self, op: &Op, inner: &[Step]) -> Result<(), ReplayError> {
        let value = || self.value.ok_or(ReplayError::NoPrice);
        match op {
            Op::Choose => {}
            Op::Take { price } | Op::Keep { price } => self.value = Some(Exact::from_price(*price)),
            Op::Markup { percent } => {
                let base = State::default().run(inner)?.value.ok_or(ReplayError::NoPrice)?;
                self.value = Some(markup(base, *percent)?);
            }
            Op::Formula { formula, inputs } => {
                let (value, _) = compute(&Formula::compile(formula)?, inputs)?;
                self.value = Some(Exact::from_decimal(value)?);
            }
            Op::Convert { from, to, base, rates } => self.value = Some(value()?.times(exchange(*from, *to, *base, rates)?)?),
            Op::Vat { from, to, rate } => self.value = Some(value()?.times(vat_factor(*from, *to, *rate)?)?),
            Op::Surcharge { by } => {
                let by = match by {
                    Adjustment::Percent(p) => Priced::Percent(*p),
                    Adjustment::Off(off) => Priced::Off(*off),
                };
                self.value = Some(surcharged(value()?, by)?);
            }
            Op::Round { rounding } => self.value = Some(Exact::from_price(rounding.apply(&value()?)?)),
            Op::RoundMinor { minor } => self.value = Some(Exact::from_price(to_minor(&value()?, *minor)?)),
            Op::Sold { price, discount } => (self.value, self.sold) = (Some(Exact::from_price(*price)), Some(*discount)),
            Op::Adjust { quantity, cascade, items, rounding } => {
                let price = value()?.to_price()?;
                let outcome = Outcome::of(price, *cascade, items)?;
                let outcome = if let Some(r) = rounding { outcome.rounded(price, r)? } else { outcome };
                self.parts.push((*quantity, outcome));
            }
            Op::Share { off } => self.off = self.off.checked_add(*off).ok_or(NumberError::Overflow)?,
            Op::LineDiscount { percent } => self.line_discount = Some(*percent),
            Op::LinePrice { price } => self.line_price = Some(*price),
        }
        Ok(())
    }

    fn rule_price(&self) -> Result<Option<Price>, NumberError> {
        self.value.map(Exact::to_price).transpose()
    }
}

pub(crate) fn markup(base: Exact, percent: Percent) -> Result<Exact, NumberError> {
    let whole = i128::from(Percent::HUNDRED.scaled());
    base.times(Factor::short(whole + i128::from(percent.scaled()), whole, Percent::UNIT))
}

/// The factor between two bases of a price; an exempt price counts as net. Errors: a rate of -100 % or less.
pub(crate) fn vat_factor(from: VatMode, to: VatMode, rate: Percent) -> Result<Factor, NumberError> {
    let net = i128::from(Percent::HUNDRED.scaled());
    let gross = net + i128::from(rate.scaled());
    if gross <= 0 {
        return Err(NumberError::NotPositive);
    }
    Ok(match (from == VatMode::Included, to == VatMode::Included) {
        (true, false) => Factor::short(net, gross, Percent::UNIT),
        (false, true) => Factor::short(gross, net, Percent::UNIT),
        _ => Factor::ONE,
    })
}

/// Rates are published with four decimals, seldom more; a [`Rate`] has eight.
const FOURTH: i64 = 10_000;

/// The factor between two currencies through the base currency: one exact fraction.
pub(crate) fn exchange(from: Currency, to: Currency, base: Currency, rates: &[UsedRate]) -> Result<Factor, ReplayError> {
    let to_base = |c: Currency| {
        let used = rates.iter().find(|r| r.currency == c).ok_or(ReplayError::Rate(c))?;
        if !used.rate.is_positive() || used.per <= 0 {
            return Err(NumberError::NotPositive.into());
        }
        let (rate, unit) = (i128::from(used.rate.scaled()), i128::from(Rate::UNIT) * i128::from(used.per));
        Ok::<_, ReplayError>(match used.direction {
            Direction::Direct => Factor::short(rate, unit, FOURTH),
            Direction::Indirect => Factor::short(unit, rate, FOURTH),
        })
    };
    let there = if from == base { Factor::ONE } else { to_base(from)? };
    let back = if to == base { Factor::ONE } else { to_base(to)? };
    Ok(there.times(Factor { n: back.d, d: back.n })?)
}

fn compute(formula: &Formula, inputs: &[Input]) -> Result<(Decimal, Vec<(String, Decimal)>), ReplayError> {
    let read = |label: &str| -> Result<Decimal, ReplayError> {
        let input = inputs.iter().find(|i| i.name == label);
        input.and_then(|i| i.value.parse().ok()).ok_or_else(|| ReplayError::Input(label.to_string()))
    };
    formula.evaluate(read("quantity")?, |need: &Need| read(&need.label()))
}
