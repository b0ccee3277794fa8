//! F1: prices that explain themselves. Facts in, explained decision out: [`price`] is a pure function of [`Facts`] and a
//! [`Question`]; it has no I/O, no clock, no randomness, and builds natively and for wasm32.
mod base;
mod exact;
pub mod facts;
pub mod formula;
pub mod notes;
mod procedure;
pub mod question;
mod replay;
pub mod rounding;
pub mod trace;
mod value;

pub use facts::{Agreement, CompiledPriceType, Cost, DatedRate, Facts, Method, PriceType, RateTable, Refinement, Scope};
pub use formula::{Formula, FormulaError};
pub use procedure::price;
pub use question::{Category, Question};
pub use replay::{ReplayError, replay};
pub use rounding::{Rounding, RoundingKind};
pub use trace::{Arg, Explained, Input, Note, Op, Rule, RuleKind, Step, StepKind, Trace, Tried, UsedRate};
