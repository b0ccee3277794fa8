//! Prices: rates of exchange, price types, prices in time, agreements, and what a document's lines cost by them. The rules
//! themselves are the engine's (`kontor_pricing`); this module keeps their facts and hands them over, many lines at once.

mod agreed;
mod agreement;
mod check;
mod clashes;
mod comparison;
mod contract;
mod contract_order;
mod contract_term;
mod contracted;
mod deviation;
mod deviation_terms;
mod document;
mod explain;
mod header;
mod matrix;
mod price;
mod price_change;
mod price_type;
mod pricing;
mod program;
mod rate;
mod rate_at;
mod rate_matrix;
mod reader;
mod rulebook;
mod rules;
mod sentences;
mod simulation;
mod sources;
pub mod stages;
mod terms;
mod try_type;
mod types;
mod unit;
mod why_not;
mod workbench;

pub use agreed::{Agreed, agreed};
pub use contract::payment as contract_payment;
pub use contract_term::delivery_day;
pub use contracted::{contract_line, contract_prices};
pub use deviation::{ByHand, Deviation, Offered, OfferedLine, deviations, without_cost};
pub use document::{GiftDue, Outlook, Typed};
pub use explain::{explain, explain_stored};
pub use header::{Buyer, card_holds, sold_to, ways_of};
pub use kontor_pricing::Profit;
pub use price::{EffectivePrice, NewPrice, prices_at, set_prices};
pub use pricing::{LineQuestion, PricedLine, price_lines};
pub use rate_at::{RateAt, convert, default_rate_type, exchange, rate_at, rates_at};
pub use reader::Reader;
pub use rules::segment::members as segment_members;
pub use sentences::{Secrets, Sentence, explain_sentences, secrets};
pub use simulation::{Books, Draft, PastLine, PastOrder, TRIED, TRIED_AT_ONCE, Tried, drafts};
pub use sources::{standard_costs, standard_costs_ahead};
pub use terms::{Terms, credit_limit, payment_of, terms};
pub use unit::prices_in_type;
pub use why_not::{Fields, Trial, Unit, refused_is_none, why_not};
pub use workbench::{EditedPrice, edited_at};

use kontor_platform::Registry;
use kontor_platform::app::Question;

pub fn register(r: Registry) -> Registry {
    let r = workbench::register(rules::register(r));
    r.revision(rules::revision::SERIES)
        .entity(rate::rate_types())
        .entity(rate::rates())
        .entity(price_type::price_types())
        .entity(program::price_programs())
        .entity(price_change::price_changes())
        .entity(price::prices())
        .entity(agreement::agreements())
        .entity(contract::contracts())
        .job(contract::Reminders)
        .check(check::check)
        .report(comparison::price_comparison())
        .question(Question { path: "rates/at", post: false, run: rates_at })
        .asks("rates/at", rate_at::asks())
        .question(Question { path: "prices/preview-edit", post: true, run: workbench::preview })
        .question(Question { path: "prices/try-type", post: true, run: try_type::try_type })
        .question(Question { path: "prices/workbench", post: false, run: workbench::rows })
        .question(Question { path: "prices/applied", post: false, run: workbench::applied })
        .question(Question { path: "prices/compare", post: false, run: workbench::compare })
        .question(Question { path: "prices/limits", post: false, run: rules::limit::mine })
        .question(Question { path: "rates/matrix", post: false, run: rate_matrix::matrix })
        .question(Question { path: "prices/at", post: false, run: price::at })
        .question(Question { path: "prices/matrix", post: true, run: |app, ctx, asked| matrix::matrix(app, ctx, &asked.body) })
        .question(Question { path: "prices/clashes", post: false, run: |app, ctx, _| clashes::clashes(app, ctx) })
        .question(Question { path: "prices/why-not", post: true, run: |app, ctx, asked| why_not::why_not(app, ctx, &asked.body) })
        .question(Question { path: "prices/explain", post: true, run: |app, ctx, asked| explain(app, ctx, &asked.body) })
        .asks("prices/explain", explain::asks())
}
