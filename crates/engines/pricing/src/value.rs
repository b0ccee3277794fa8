//! The value of a price type for a product on the date, and its way into the document's currency and basis.

use crate::book::Book;
use crate::chain::Chain;
use crate::event::{Absent, Base, Event, Fail, Silent, Sink};
use crate::exact::Exact;
use crate::facts::{CompiledPriceType, Cost, Id, Method, PriceType, ProductFacts, RateTable};
use crate::formula::{Formula, FormulaError, Need};
use crate::name::Name;
use crate::question::{Header, Item};
use crate::replay::{ReplayError, markup};
use crate::trace::{Arg, Note};
use crate::wording::type_name;
use kontor_kernel::{Currency, NumberError, Percent, Price, VatMode};
use rust_decimal::Decimal;
use std::cell::Cell;

/// How many price types may stand on one another.
const MAX_DEPTH: usize = 16;

/// How many types may be valued for one line; types that refer to many others could otherwise multiply without end.
pub(crate) const MAX_VALUES: u32 = 256;

/// A line and all it is priced by.
#[derive(Clone, Copy)]
pub(crate) struct Asking<'a> {
    pub book: &'a Book,
    pub table: Option<&'a RateTable>,
    pub head: &'a Header,
    pub item: &'a Item,
    pub product: Option<&'a ProductFacts>,
    /// Decimals of the document's currency.
    pub minor: u32,
}

impl Asking<'_> {
    pub fn minor_of(&self, currency: Currency) -> u32 {
        if currency == self.head.currency { self.minor } else { currency.minor() }
    }
}

/// The types that are being computed, outermost last, and how many more may be valued.
#[derive(Clone, Copy)]
pub(crate) struct Path<'p> {
    ty: Option<u32>,
    up: Option<&'p Path<'p>>,
    left: &'p Cell<u32>,
}

impl<'p> Path<'p> {
    pub fn new(left: &'p Cell<u32>) -> Path<'p> {
        Path { ty: None, up: None, left }
    }
    /// One type further; refuses a circle and a path without end.
    fn enter(&'p self, book: &Book, ty: u32) -> Result<Path<'p>, Fail> {
        let above = || std::iter::successors(Some(self), |p| p.up).filter_map(|p| p.ty);
        if above().any(|t| t == ty) {
            let mut names: Vec<Name> = std::iter::once(ty).chain(above()).map(|t| type_name(book, t)).collect();
            names.reverse();
            return Err(Fail::broken(Note::new("trace-problem-cycle").with("path", Arg::Path(Name::joined(names)))));
        }
        match self.left.get().checked_sub(1) {
            Some(left) if above().count() < MAX_DEPTH => self.left.set(left),
            _ => {
                let note = Note::new("trace-problem-too_deep").with("price_type", type_name(book, ty)).with("limit", MAX_DEPTH as i64);
                return Err(Fail::broken(note));
            }
        }
        Ok(Path { ty: Some(ty), up: Some(self), left: self.left })
    }
}

impl From<NumberError> for Fail {
    fn from(e: NumberError) -> Fail {
        Fail::broken(Note::number(e))
    }
}
impl From<ReplayError> for Fail {
    fn from(e: ReplayError) -> Fail {
        match e {
            ReplayError::Number(n) => n.into(),
            ReplayError::Formula(f) => formula_problem(&f, Name::default()),
            ReplayError::NoPrice | ReplayError::Input(_) | ReplayError::Rate(_) => NumberError::Overflow.into(),
        }
    }
}

pub(crate) fn vat_rate(q: &Asking<'_>) -> Percent {
    q.product.and_then(|p| p.vat).unwrap_or(Percent::ZERO)
}

pub(crate) fn find_type(book: &Book, ty: u32) -> Result<&CompiledPriceType, Fail> {
    let (id, found) = &book.types[ty as usize];
    found.as_deref().ok_or_else(|| unknown_type(*id))
}

pub(crate) fn unknown_type(id: Id) -> Fail {
    Fail::broken(Note::new("trace-problem-unknown_price_type").with("id", id.to_string()))
}

/// The value in the type's own currency and basis, not rounded. `above` are the types that stand on it.
pub(crate) fn of_type<S: Sink>(q: &Asking<'_>, ty: u32, above: &Path<'_>, sink: &mut S) -> Result<Chain, Fail> {
    let found = find_type(q.book, ty)?;
    let def = &found.def;
    let path = above.enter(q.book, ty)?;
    let (method, formula) = found.method(q.item);
    let mut chain = match method {
        Method::Manual => {
            let written = q.product.and_then(|p| p.written(def.id, q.head.date)).ok_or(Fail::Absent(Absent::Price(ty)))?;
            if S::ON {
                sink.put(Event::Manual { ty, price: written.price, since: written.valid_from });
            }
            return Ok(Chain::read(written.price, def.currency, def.vat));
        }
        Method::Query { query } => {
            let price = q.product.and_then(|p| p.query(query)).ok_or(Fail::Absent(Absent::Query(ty)))?;
            if S::ON {
                sink.put(Event::Queried { ty, price });
            }
            let mut chain = Chain::read(price, def.currency, def.vat);
            keep(q, ty, def, &mut chain, sink)?;
            return Ok(chain);
        }
        Method::Markup { base, percent } => {
            let base = q.book.find_type(*base).ok_or_else(|| unknown_type(*base))?;
            marked_up(q, ty, Base::Type(base), *percent, sink, |s| expressed(q, base, &path, def, s))?
        }
        Method::Receipt { percent } => marked_up(q, ty, Base::Receipt, *percent, sink, |s| {
            let cost = q.product.and_then(|p| p.receipt).ok_or(Fail::Absent(Absent::Receipt(ty)))?;
            bought(q, cost, def, s)
        })?,
        Method::Supply { percent } => marked_up(q, ty, Base::Supply, *percent, sink, |s| supplied(q, ty, def, s))?,
        Method::Formula { .. } => computed(q, ty, def, formula, &path, sink)?,
    };
    keep(q, ty, def, &mut chain, sink)?;
    Ok(chain)
}

fn marked_up<S: Sink>(
    q: &Asking<'_>,
    ty: u32,
    base: Base,
    percent: Percent,
    sink: &mut S,
    under: impl FnOnce(&mut S) -> Result<Chain, Fail>,
) -> Result<Chain, Fail> {
    let def = &find_type(q.book, ty)?.def;
    sink.put(Event::Enter);
    let mut chain = under(sink)?;
    sink.put(Event::Leave);
    (chain.currency, chain.vat) = (def.currency, def.vat);
    let value = markup(chain.value, percent)?;
    chain.step(sink, value, |_, before, after| Event::Markup { ty, base, percent, before, after })?;
    Ok(chain)
}

/// A type's price as its list shows it, in the currency and basis of the type that stands on it.
fn expressed<S: Sink>(q: &Asking<'_>, ty: u32, above: &Path<'_>, wanted: &PriceType, sink: &mut S) -> Result<Chain, Fail> {
    let mut chain = of_type(q, ty, above, sink)?;
    chain.round(q, ty, &find_type(q.book, ty)?.def, sink)?;
    chain.convert(q, wanted.currency, sink)?;
    chain.fit_vat(q, wanted.vat, sink)?;
    Ok(chain)
}

/// A price without VAT that was paid, in the type's currency and basis.
fn bought<S: Sink>(q: &Asking<'_>, cost: Cost, def: &PriceType, sink: &mut S) -> Result<Chain, Fail> {
    sink.put(Event::Receipt { price: cost.price, currency: cost.currency });
    let mut chain = Chain::read(cost.price, cost.currency, VatMode::Excluded);
    chain.convert(q, def.currency, sink)?;
    chain.fit_vat(q, def.vat, sink)?;
    Ok(chain)
}

fn supplied<S: Sink>(q: &Asking<'_>, ty: u32, def: &PriceType, sink: &mut S) -> Result<Chain, Fail> {
    let terms = q.product.and_then(|p| p.supply.as_deref()).ok_or(Fail::Absent(Absent::Supply(ty)))?;
    let lot = terms.lot(q.item.quantity).ok_or(Fail::Absent(Absent::Supply(ty)))?;
    sink.put(Event::Lot { supplier: terms.supplier, price: lot.price, currency: terms.currency, from: lot.from });
    let mut chain = Chain::read(lot.price, terms.currency, VatMode::Excluded);
    if terms.currency != def.currency
        && let Some((base, rate)) = &terms.rate
    {
        chain.convert_by(terms.supplier, *base, rate, sink)?;
    }
    chain.convert(q, def.currency, sink)?;
    chain.fit_vat(q, def.vat, sink)?;
    Ok(chain)
}

/// A change below the type's threshold leaves the price that is in force.
fn keep<S: Sink>(q: &Asking<'_>, ty: u32, def: &PriceType, chain: &mut Chain, sink: &mut S) -> Result<(), Fail> {
    let Some(percent) = def.threshold else { return Ok(()) };
    let Some(old) = q.product.and_then(|p| p.written(def.id, q.head.date)).map(|w| w.price) else { return Ok(()) };
    let new = chain.price()?;
    let change = i128::from(new.scaled()) - i128::from(old.scaled());
    if old.is_zero() || crate::consolidate::share(change.abs(), i128::from(old.scaled()).abs())? >= percent {
        return Ok(());
    }
    chain.step_to(sink, old, |before| Event::Kept { ty, before, after: old, percent })
}

fn computed<S: Sink>(
    q: &Asking<'_>,
    ty: u32,
    def: &PriceType,
    formula: Option<&Result<Formula, FormulaError>>,
    above: &Path<'_>,
    sink: &mut S,
) -> Result<Chain, Fail> {
    let formula: &Formula = match formula {
        Some(Ok(f)) => f,
        Some(Err(e)) => return Err(formula_problem(e, type_name(q.book, ty))),
        None => return Err(unknown_type(def.id)),
    };
    sink.put(Event::Enter);
    let find = |need: &Need| -> Result<Decimal, FormulaFail> { Ok(needed(q, ty, def, need, above, sink)?) };
    let quantity = Exact::from_price(Price::from_scaled(q.item.quantity.scaled())).to_decimal()?;
    let (value, read) = formula.evaluate(quantity, find).map_err(|e| match e {
        FormulaFail::Value(fail) => fail,
        FormulaFail::Formula(e) => formula_problem(&e, type_name(q.book, ty)),
    })?;
    sink.put(Event::Leave);
    let mut chain = Chain::read(Price::ZERO, def.currency, def.vat);
    chain.step(sink, Exact::from_decimal(value)?, |s, _, after| Event::Formula { ty, inputs: s.inputs(read), after })?;
    Ok(chain)
}

fn needed<S: Sink>(q: &Asking<'_>, ty: u32, def: &PriceType, need: &Need, above: &Path<'_>, sink: &mut S) -> Result<Decimal, Fail> {
    let number = |name: &str| q.product.and_then(|p| p.value(name)).ok_or(Fail::Absent(Absent::Value(ty)));
    // Figures that were paid carry no VAT, and formulas see them so.
    let net = PriceType { vat: VatMode::Excluded, ..def.clone() };
    let chain = match need {
        Need::Price(name) => expressed(q, named_type(q.book, name)?, above, def, sink)?,
        Need::Rate(code) => return rate_value(q, code, def),
        Need::Cost => bought(q, q.product.and_then(|p| p.cost).ok_or(Fail::Absent(Absent::Cost(ty)))?, &net, &mut Silent)?,
        Need::Receipt => bought(q, q.product.and_then(|p| p.receipt).ok_or(Fail::Absent(Absent::Receipt(ty)))?, &net, &mut Silent)?,
        Need::Supply => supplied(q, ty, &net, &mut Silent)?,
        Need::Stock => return number("stock"),
        Need::Coefficient => return number("coefficient"),
        Need::Value(name) => return number(name),
    };
    Ok(chain.value.to_decimal()?)
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

fn named_type(book: &Book, name: &str) -> Result<u32, Fail> {
    book.type_named(name).map_err(|several| {
        let key = if several { "trace-problem-ambiguous_name" } else { "trace-problem-formula_unknown_type" };
        Fail::broken(Note::new(key).with("name", name))
    })
}

fn rate_value(q: &Asking<'_>, code: &str, def: &PriceType) -> Result<Decimal, Fail> {
    let unknown = |_| Fail::broken(Note::new("trace-problem-formula_unknown_currency").with("name", code));
    let mut one = Chain::read(Price::ONE, Currency::parse(code).map_err(unknown)?, VatMode::Exempt);
    one.convert(q, def.currency, &mut Silent)?;
    Ok(one.value.to_decimal()?)
}

pub(crate) fn formula_problem(e: &FormulaError, price_type: Name) -> Fail {
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
    Fail::broken(note.with("line", e.line as i64).with("column", e.column as i64))
}
