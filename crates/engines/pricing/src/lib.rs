//! F1: prices that explain themselves. A rule [`Book`] and the [`Facts`] of a document's products go in, priced lines come
//! out ([`Pricer`]), each with a trace that [`Document::explain`] puts into steps and [`replay`] does again. Pure: no I/O,
//! no clock, no randomness; builds natively and for wasm32. The order of steps is told in `docs/pricing.md`.
pub mod bench;
mod book;
mod clash;
pub mod condition;
mod consolidate;
mod desk;
mod discounts;
mod event;
mod exact;
pub mod facts;
pub mod formula;
mod intern;
mod line;
mod name;
pub mod notes;
mod offer;
mod order;
mod profit;
pub mod question;
mod render;
mod replay;
pub mod rounding;
pub mod trace;
mod value;
mod whynot;
mod wording;

pub use book::Book;
pub use clash::Clash;
pub use condition::{Condition, From, Kind, Value, What, Who};
pub use consolidate::Adjustment;
pub use event::{Log, Winners};
pub use facts::{CompiledPriceType, Cost, DatedRate, Facts, GroupMethod, Id, Lot, Method, PriceType, RateTable, SupplyTerms, Usage};
pub use formula::{Formula, FormulaError};
pub use line::{Approval, Line, Part, Remark};
pub use name::Name;
pub use offer::{Bundle, BundleValue, Earned, Gift, Member};
pub use order::{Document, Pricer, Share, Source, explain};
pub use profit::{Profit, document_profit, profit};
pub use question::{Algorithm, Header, Item, Limits, Question, Sold};
pub use render::Names;
pub use replay::{ReplayError, Replayed, replay};
pub use rounding::{Range, Rounding, RoundingKind};
pub use trace::{Arg, Explained, Input, Note, Op, Rule, RuleKind, Step, StepKind, Trace, Tried, UsedRate};
pub use whynot::{Change, Choices, Offered, Suggestion, changes, offered, offered_with, reached, unit_price, why_not};
