//! Doing the steps of a trace again. The procedure itself moves through [`State::apply`] too, so that a kept trace and the
//! price it explains cannot drift apart.

use crate::exact::Exact;
use crate::formula::{Formula, FormulaError, Need};
use crate::rounding::to_minor;
use crate::trace::{Input, Op, Step, Trace, UsedRate};
use kontor_kernel::{Currency, NumberError, Percent, Price, Quote, Ratio, VatMode};
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

/// The price and the discount that the steps of the trace lead to.
///
/// Errors: [`ReplayError`], when the trace is not one that [`crate::price`] made.
pub fn replay(trace: &Trace) -> Result<(Option<Price>, Percent), ReplayError> {
    let state = State::default().run(&trace.steps)?;
    Ok((state.price()?, state.discount()))
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct State {
    pub value: Option<Exact>,
    pub rule_discount: Percent,
    pub line_price: Option<Price>,
    pub line_discount: Option<Percent>,
}

impl State {
    fn run(mut self, steps: &[Step]) -> Result<State, ReplayError> {
        for step in steps {
            self.apply(&step.op, &step.steps)?;
        }
        Ok(self)
    }

    /// Does one step; `inner` are the steps that led to the figures it starts from.
    pub fn apply(&mut self, op: &Op, inner: &[Step]) -> Result<(), ReplayError> {
        let value = || self.value.ok_or(ReplayError::NoPrice);
        match op {
            Op::Choose => {}
            Op::Take { price } => self.value = Some(Exact::from_price(*price)),
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
            Op::Round { rounding } => self.value = Some(Exact::from_price(rounding.apply(&value()?)?)),
            Op::RoundMinor { minor } => self.value = Some(Exact::from_price(to_minor(&value()?, *minor)?)),
            Op::Discount { percent } => self.rule_discount = *percent,
            Op::LineDiscount { percent } => self.line_discount = Some(*percent),
            Op::LinePrice { price } => self.line_price = Some(*price),
        }
        Ok(())
    }

    pub fn rule_price(&self) -> Result<Option<Price>, NumberError> {
        self.value.map(Exact::to_price).transpose()
    }
    /// The price written into the line wins over the rule's.
    pub fn price(&self) -> Result<Option<Price>, NumberError> {
        Ok(self.line_price.or(self.rule_price()?))
    }
    /// A line's own discount wins; a line with a price of its own bears no discount of the agreement.
    pub fn discount(&self) -> Percent {
        match (self.line_discount, self.line_price) {
            (Some(own), _) => own,
            (None, Some(_)) => Percent::ZERO,
            (None, None) => self.rule_discount,
        }
    }
}

pub(crate) fn markup(base: Exact, percent: Percent) -> Result<Exact, NumberError> {
    let whole = i128::from(Percent::HUNDRED.scaled());
    base.times(Ratio::new(whole + i128::from(percent.scaled()), whole)?)
}

/// The factor between two bases of a price; an exempt price counts as net.
pub(crate) fn vat_factor(from: VatMode, to: VatMode, rate: Percent) -> Result<Ratio, NumberError> {
    let net = i128::from(Percent::HUNDRED.scaled());
    let gross = net + i128::from(rate.scaled());
    match (from == VatMode::Included, to == VatMode::Included) {
        (true, false) => Ratio::new(net, gross),
        (false, true) => Ratio::new(gross, net),
        _ => Ok(Ratio::ONE),
    }
}

/// The factor between two currencies through the base currency: one exact fraction.
pub(crate) fn exchange(from: Currency, to: Currency, base: Currency, rates: &[UsedRate]) -> Result<Ratio, ReplayError> {
    let quote = |c: Currency| {
        let used = rates.iter().find(|r| r.currency == c).ok_or(ReplayError::Rate(c))?;
        Ok::<_, ReplayError>(Quote { rate: used.rate, per: used.per, direction: used.direction })
    };
    let to_base = if from == base { Ratio::ONE } else { quote(from)?.to_base()? };
    let from_base = if to == base { Ratio::ONE } else { quote(to)?.from_base()? };
    Ok(to_base.times(from_base)?)
}

fn compute(formula: &Formula, inputs: &[Input]) -> Result<(Decimal, Vec<(String, Decimal)>), ReplayError> {
    let read = |label: &str| -> Result<Decimal, ReplayError> {
        let input = inputs.iter().find(|i| i.name == label);
        input.and_then(|i| i.value.parse().ok()).ok_or_else(|| ReplayError::Input(label.to_string()))
    };
    formula.evaluate(read("quantity")?, |need: &Need| read(&need.label()))
}
