//! Quotes, sales orders, shipments and returns: the chain from an offer to what was handed over, with its stock, its debts
//! and its turnover. Uses partners, catalog, prices, stock and settlements; payments stand above it.

mod amounts;
mod approvals;
mod by_terms;
mod chain;
mod check;
mod columns;
mod contract_delivery;
mod deal_income;
mod deviations;
mod editor;
mod editor_head;
mod fulfil;
mod last_part;
mod line_prices;
mod offer;
mod order;
mod order_verbs;
mod outlook;
mod parties;
mod prepaid;
mod price_of_line;
mod quote;
mod rebates;
mod returns;
mod shipment;
mod shipment_lines;
mod shipment_post;
mod simulate;
mod sold_at;
mod turnover;

pub use chain::{ChainNode, chain};
pub use fulfil::{refresh_paid, take_back_settled};
pub use parties::freeze as freeze_parties;
pub use simulate::simulate_prices;

use kontor_platform::Registry;
use kontor_platform::app::{Question, Start};

pub fn register(r: Registry) -> Registry {
    rebates::register(r)
        .entity(quote::quotes())
        .entity(order::sales_orders())
        .entity(shipment::shipments())
        .entity(returns::returns())
        .register(turnover::sales())
        .job(simulate::Simulate)
        .start(Start { path: "prices/simulate", run: simulate_prices })
        .consumer(approvals::consumer())
        .question(Question { path: "sales-orders/{id}/lines/{line}/price", post: false, run: price_of_line::of_order })
        .question(Question { path: "quotes/{id}/lines/{line}/price", post: false, run: price_of_line::of_quote })
        .question(Question { path: "deals/{id}/income", post: false, run: deal_income::income })
        .question(Question { path: "contracts/{id}/delivery", post: false, run: contract_delivery::delivery })
        .question(Question { path: "sales-orders/editor", post: true, run: editor::of_order })
        .question(Question { path: "quotes/editor", post: true, run: editor::of_quote })
        .question(Question { path: "sales-orders/{id}/deviations", post: false, run: outlook::kept })
        .question(Question { path: "sales-orders/explain", post: true, run: outlook::explain_order })
        .question(Question { path: "quotes/explain", post: true, run: outlook::explain_quote })
        .question(Question { path: "sales-orders/{id}/chain", post: false, run: chain::of_order })
        .question(Question { path: "quotes/{id}/chain", post: false, run: chain::of_quote })
        .question(Question { path: "shipments/{id}/chain", post: false, run: chain::of_shipment })
        .question(Question { path: "returns/{id}/chain", post: false, run: chain::of_return })
        .question(Question { path: "payments/{id}/chain", post: false, run: chain::of_payment })
        .question(Question { path: "deals/{id}/chain", post: false, run: chain::of_deal })
        .check(check::numbers)
        .check(check::totals)
        .check(check::movements)
        .check(check::orders)
}
