//! Stock as far as sales needs it: warehouses, receipts, what is on hand and reserved at every date, and what goods cost.
//! May use the catalog and the office; sales and finance stand above it.

mod check;
mod cost;
mod moves;
mod receipt;
mod rows;
mod warehouse;

pub use cost::{Received, average_costs, average_costs_ahead, last_receipts, on_hand, receipts_between};
pub use moves::{StockMove, available, move_stock, taken_back};
pub use rows::{StockRow, stock_rows};
pub use warehouse::{Warehouse, only_warehouse, warehouse};

use kontor_platform::Registry;
use kontor_platform::app::Question;

pub fn register(r: Registry) -> Registry {
    r.entity(warehouse::warehouses())
        .entity(receipt::stock_receipts())
        .register(moves::stock())
        .register(cost::stock_cost())
        .question(Question { path: "stock", post: false, run: rows::question })
        .asks("stock", rows::asks())
        .check(check::receipts)
}
