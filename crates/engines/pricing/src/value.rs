//! The value of a price type for a product on the date: written down, a markup on another type, or a formula.

use crate::exact::Exact;
use crate::facts::{CompiledPriceType, Facts, Id, Method, PriceType};
use crate::formula::{Formula, FormulaError, Need};
use crate::question::Question;
use crate::replay::{ReplayError, State, exchange, vat_factor};
use crate::trace::{Arg, Input, Note, Op, Rule, RuleKind, Step, StepKind, UsedRate};
use kontor_kernel::{Currency, NumberError, Percent, Price, Ratio, VatMode};
use rust_decimal::Decimal;
use std::cell::Cell;

/// How many price types may stand on one another.
const MAX_DEPTH: usize = 16;

/// How many types may be valued for one question; types that refer to many others could otherwise multiply without end.
const MAX_VALUES: u32 = 256;

/// The types that are being computed, outermost first, and how many more may be valued.
pub(crate) struct Path<'a> {
    ids: Vec<Id>,
    left: &'a Cell<u32>,
}

impl<'a> Path<'a> {
    pub fn budget() -> Cell<u32> {
        Cell::new(MAX_VALUES)
    }
    pub fn new(left: &'a Cell<u32>) -> Path<'a> {
        Path { ids: vec![], left }
    }
    /// One type further; refuses a circle and a path without end.
    fn enter(&self, facts: &Facts, def: &PriceType) -> Result<Path<'a>, Fail> {
        let ids: Vec<Id> = self.ids.iter().copied().chain([def.id]).collect();
        if self.ids.contains(&def.id) {
            let name = |id: &Id| facts.price_types.get(id).map_or_else(|| id.to_string(), |t| t.def.name.clone());
            let path = ids.iter().map(name).collect::<Vec<_>>().join(" → ");
            return Err(Fail::Broken(Note::new("trace-problem-cycle").with("path", path)));
        }
        match self.left.get().checked_sub(1) {
            Some(left) if ids.len() <= MAX_DEPTH => self.left.set(left),
            _ => {
                return Err(Fail::Broken(
                    Note::new("trace-problem-too_deep").with("price_type", &def.name).with("limit", MAX_DEPTH as i64),
                ));
            }
        }
        Ok(Path { ids, left: self.left })
    }
}

/// Why there is no price here.
#[derive(Clone, Debug)]
pub(crate) enum Fail {
    /// Nothing is written down: a less specific rule may still answer.
    Absent(Note),
    /// A rule is broken or a fact missing: nothing less specific may hide it.
    Broken(Note),
}

impl Fail {
    pub fn note(self) -> Note {
        match self {
            Fail::Absent(n) | Fail::Broken(n) => n,
        }
    }
}
impl From<NumberError> for Fail {
    fn from(e: NumberError) -> Fail {
        Fail::Broken(Note::new(match e {
            NumberError::NotPositive => "trace-problem-not_positive",
            _ => "trace-problem-overflow",
        }))
    }
}
impl From<ReplayError> for Fail {
    fn from(e: ReplayError) -> Fail {
        match e {
            ReplayError::Number(n) => n.into(),
            ReplayError::Formula(f) => formula_problem(&f, ""),
            ReplayError::NoPrice | ReplayError::Input(_) | ReplayError::Rate(_) => NumberError::Overflow.into(),
        }
    }
}

/// A price on its way, with the steps so far.
pub(crate) struct Chain {
    pub steps: Vec<Step>,
    pub state: State,
    pub currency: Currency,
    pub vat: VatMode,
    /// It was computed, not merely read, so it must be rounded in the end.
    pub computed: bool,
}

impl Chain {
    pub fn new(currency: Currency, vat: VatMode) -> Chain {
        Chain { steps: vec![], state: State::default(), currency, vat, computed: false }
    }
    fn exact(&self) -> Result<Exact, Fail> {
        self.state.value.ok_or_else(|| NumberError::Overflow.into())
    }
    /// Does the step and notes it; `note` is given the price after it.
    pub fn push(
        &mut self,
        step: StepKind,
        rule: Option<Rule>,
        op: Op,
        inner: Vec<Step>,
        note: impl FnOnce(Price) -> Note,
    ) -> Result<(), Fail> {
        let before = self.state.rule_price()?;
        self.state.apply(&op, &inner)?;
        self.note(step, rule, op, inner, before, note)
    }
    fn note(
        &mut self,
        step: StepKind,
        rule: Option<Rule>,
        op: Op,
        inner: Vec<Step>,
        before: Option<Price>,
        note: impl FnOnce(Price) -> Note,
    ) -> Result<(), Fail> {
        let after = self.exact()?.to_price()?;
        let note = note(after).with("price", after).with("currency", self.currency);
        let (before, after) = (before.map(Arg::Price), Some(Arg::Price(after)));
        self.steps.push(Step { step, rule, tried: vec![], op, before, after, currency: Some(self.currency), note, steps: inner });
        Ok(())
    }
    /// Into another currency by the question's rates.
    pub fn convert(&mut self, facts: &Facts, q: &Question, to: Currency) -> Result<(), Fail> {
        if self.currency == to {
            return Ok(());
        }
        let from = self.currency;
        let (table, base, rates) = find_rates(facts, q, from, to)?;
        let note = convert_note(from, to, base, &rates)?;
        (self.currency, self.computed) = (to, true);
        self.push(StepKind::Convert, Some(table), Op::Convert { from, to, base, rates }, vec![], |_| note)
    }
    /// Into another VAT basis.
    pub fn fit_vat(&mut self, facts: &Facts, q: &Question, to: VatMode) -> Result<(), Fail> {
        let from = self.vat;
        self.vat = to;
        let rate = facts.vat_rates.get(&q.product).copied().unwrap_or(Percent::ZERO);
        if vat_factor(from, to, rate)? == Ratio::ONE {
            return Ok(());
        }
        self.computed = true;
        let key = if to == VatMode::Included { "trace-vat-added" } else { "trace-vat-removed" };
        self.push(StepKind::Vat, None, Op::Vat { from, to, rate }, vec![], |_| Note::new(key).with("rate", rate))
    }
    /// By the price type's own rule; nothing when it has none.
    pub fn round(&mut self, def: &PriceType) -> Result<(), Fail> {
        let Some(rounding) = def.rounding else { return Ok(()) };
        let note = |_| {
            let note = Note::new(if rounding.ending.is_some() { "trace-rounding-ending" } else { "trace-rounding-rule" });
            let note = note.with("price_type", &def.name).with("kind", Arg::code(rounding.kind.code())).with("to", rounding.to);
            if let Some(ending) = rounding.ending { note.with("ending", ending) } else { note }
        };
        self.push(StepKind::Rounding, Some(type_rule(def)), Op::Round { rounding }, vec![], note)
    }
}

pub(crate) fn type_rule(def: &PriceType) -> Rule {
    Rule { kind: RuleKind::PriceType, id: Some(def.id), name: def.name.clone(), version: def.version }
}

pub(crate) fn find_type(facts: &Facts, id: Id) -> Result<&CompiledPriceType, Fail> {
    let found = facts.price_types.get(&id).map(|t| &**t);
    found.ok_or_else(|| Fail::Broken(Note::new("trace-problem-unknown_price_type").with("id", id.to_string())))
}

/// The value in the type's own currency and basis, not rounded. `above` are the types that stand on it.
pub(crate) fn of_type(facts: &Facts, q: &Question, id: Id, above: &Path<'_>) -> Result<Chain, Fail> {
    let found = find_type(facts, id)?;
    let def = &found.def;
    let path = above.enter(facts, def)?;
    let mut chain = Chain::new(def.currency, def.vat);
    match &def.method {
        Method::Manual => {
            let written = facts
                .prices
                .get(&(id, q.product))
                .ok_or_else(|| Fail::Absent(Note::new("trace-lost-no_price").with("price_type", &def.name).with("date", q.date)))?;
            let note = |_| Note::new("trace-value-manual").with("price_type", &def.name).with("valid_from", written.valid_from);
            chain.push(StepKind::Value, Some(type_rule(def)), Op::Take { price: written.price }, vec![], note)?;
        }
        Method::Markup { base, percent } => {
            let under = expressed(facts, q, *base, &path, def)?;
            let key = if percent.is_negative() { "trace-value-markdown" } else { "trace-value-markup" };
            let base_price = under.exact()?.to_price()?;
            let base_name = &find_type(facts, *base)?.def.name;
            let note = |_| {
                let note = Note::new(key).with("price_type", &def.name).with("base", base_name.as_str());
                note.with("base_price", base_price).with("percent", percent.abs())
            };
            chain.computed = true;
            // The inner steps were just done; their result is at hand and need not be found by doing them again.
            chain.state.value = Some(crate::replay::markup(under.exact()?, *percent)?);
            chain.note(StepKind::Value, Some(type_rule(def)), Op::Markup { percent: *percent }, under.steps, Some(base_price), note)?;
        }
        Method::Formula { .. } => formula(facts, q, found, &path, &mut chain)?,
    }
    Ok(chain)
}

/// A type's price as its list shows it, in the currency and basis of the type that stands on it.
fn expressed(facts: &Facts, q: &Question, id: Id, above: &Path<'_>, wanted: &PriceType) -> Result<Chain, Fail> {
    let mut chain = of_type(facts, q, id, above)?;
    chain.round(&find_type(facts, id)?.def)?;
    chain.convert(facts, q, wanted.currency)?;
    chain.fit_vat(facts, q, wanted.vat)?;
    Ok(chain)
}

fn formula(facts: &Facts, q: &Question, found: &CompiledPriceType, above: &Path<'_>, chain: &mut Chain) -> Result<(), Fail> {
    let def = &found.def;
    let formula: &Formula = match &found.formula {
        Some(Ok(f)) => f,
        Some(Err(e)) => return Err(formula_problem(e, &def.name)),
        None => return Err(Fail::Broken(Note::new("trace-problem-unknown_price_type").with("id", def.id.to_string()))),
    };
    let mut inner: Vec<Step> = vec![];
    let find = |need: &Need| -> Result<Decimal, FormulaFail> {
        match need {
            Need::Price(name) => {
                let under = expressed(facts, q, named_type(facts, name)?, above, def)?;
                inner.extend(under.steps.iter().cloned());
                Ok(under.exact()?.to_decimal().map_err(Fail::from)?)
            }
            Need::Rate(code) => Ok(rate_value(facts, q, code, def)?),
            Need::Cost => Ok(cost_value(facts, q, def)?),
        }
    };
    let quantity = Exact::from_price(Price::from_scaled(q.quantity.scaled())).to_decimal()?;
    let (value, read) = formula.evaluate(quantity, find).map_err(|e| match e {
        FormulaFail::Value(fail) => fail,
        FormulaFail::Formula(e) => formula_problem(&e, &def.name),
    })?;
    let inputs = read.into_iter().map(|(name, value)| Input { name, value: value.to_string() }).collect();
    chain.computed = true;
    chain.state.value = Some(Exact::from_decimal(value)?);
    let note = |_| Note::new("trace-value-formula").with("price_type", &def.name).with("formula", formula.source());
    chain.note(StepKind::Value, Some(type_rule(def)), Op::Formula { formula: formula.source().to_string(), inputs }, inner, None, note)
}

enum FormulaFail {
    Value(Fail),
    Formula(FormulaError),
}
impl From<Fail> for FormulaFail {
    fn from(e: Fail) -> Self {
        FormulaFail::Value(e)
    }
}
impl From<FormulaError> for FormulaFail {
    fn from(e: FormulaError) -> Self {
        FormulaFail::Formula(e)
    }
}

fn named_type(facts: &Facts, name: &str) -> Result<Id, Fail> {
    match facts.names.get(name.trim()) {
        Some(Some(id)) => Ok(*id),
        Some(None) => Err(Fail::Broken(Note::new("trace-problem-ambiguous_name").with("name", name))),
        None => Err(Fail::Broken(Note::new("trace-problem-formula_unknown_type").with("name", name))),
    }
}

fn rate_value(facts: &Facts, q: &Question, code: &str, def: &PriceType) -> Result<Decimal, Fail> {
    let unknown = |_| Fail::Broken(Note::new("trace-problem-formula_unknown_currency").with("name", code));
    let from = Currency::parse(code).map_err(unknown)?;
    if from == def.currency {
        return Ok(Decimal::ONE);
    }
    let (_, base, rates) = find_rates(facts, q, from, def.currency)?;
    let one = Exact::from_price(Price::ONE).times(exchange(from, def.currency, base, &rates)?)?;
    Ok(one.to_decimal()?)
}

fn cost_value(facts: &Facts, q: &Question, def: &PriceType) -> Result<Decimal, Fail> {
    let cost = facts.costs.get(&q.product).ok_or_else(|| Fail::Absent(Note::new("trace-lost-no_cost").with("price_type", &def.name)))?;
    let mut chain = Chain::new(cost.currency, VatMode::Excluded);
    chain.state.value = Some(Exact::from_price(cost.price));
    chain.convert(facts, q, def.currency)?;
    Ok(chain.exact()?.to_decimal()?)
}

/// The rates between two currencies, with the rate type and its base currency.
fn find_rates(facts: &Facts, q: &Question, from: Currency, to: Currency) -> Result<(Rule, Currency, Vec<UsedRate>), Fail> {
    let none = |c: Currency| Fail::Broken(Note::new("trace-problem-no_rate").with("currency", c).with("date", q.date));
    let table = q.rate_type.or(facts.default_rates).and_then(|id| facts.rates.get(&id)).ok_or_else(|| none(from))?;
    let mut used = vec![];
    for currency in [from, to].into_iter().filter(|c| *c != table.base) {
        let r = table.rates.get(&currency).ok_or_else(|| none(currency))?;
        used.push(UsedRate { currency, date: r.date, rate: r.rate, per: r.per, direction: r.direction });
    }
    Ok((Rule { kind: RuleKind::Rates, id: Some(table.id), name: table.name.clone(), version: None }, table.base, used))
}

fn convert_note(from: Currency, to: Currency, base: Currency, rates: &[UsedRate]) -> Result<Note, Fail> {
    let note = |key| Note::new(key).with("from", from).with("to", to);
    Ok(match rates {
        [r] => {
            // "41.25 UAH for 1 USD", or "1.08 USD for 1 EUR": as published.
            let (in_currency, of_currency) = match r.direction {
                kontor_kernel::Direction::Direct => (base, r.currency),
                kontor_kernel::Direction::Indirect => (r.currency, base),
            };
            let note = note("trace-convert-rate").with("rate", r.rate).with("date", r.date).with("per", r.per);
            note.with("in_currency", in_currency).with("of_currency", of_currency)
        }
        [a, b, ..] => {
            let cross = exchange(from, to, base, rates)?.as_rate()?;
            note("trace-convert-cross").with("rate", cross).with("base", base).with("from_date", a.date).with("to_date", b.date)
        }
        [] => note("trace-convert-cross"),
    })
}

fn formula_problem(e: &FormulaError, price_type: &str) -> Fail {
    let key = match e.code {
        "formula_empty" => "trace-problem-formula_empty",
        "formula_too_long" => "trace-problem-formula_too_long",
        "formula_unknown_name" => "trace-problem-formula_unknown_name",
        "formula_arithmetic" => "trace-problem-formula_arithmetic",
        "formula_limit" => "trace-problem-formula_limit",
        "formula_not_a_number" => "trace-problem-formula_not_a_number",
        "formula_negative" => "trace-problem-formula_negative",
        _ => "trace-problem-formula_syntax",
    };
    let note = Note::new(key).with("price_type", price_type).with("name", &e.name).with("detail", &e.detail);
    Fail::Broken(note.with("line", e.line as i64).with("column", e.column as i64))
}
