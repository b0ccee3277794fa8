//! Money: payments in and out, set off against what is open, and what was open before. Uses settlements, and tells orders what was paid.

mod check;
mod for_orders;
mod opening;
mod opening_lines;
mod payment;

use kontor_platform::Registry;
use kontor_platform::app::Question;

pub fn register(r: Registry) -> Registry {
    r.entity(payment::payments())
        .entity(opening::opening_balances())
        .question(Question { path: "opening-balances/{id}/parts", post: false, run: kontor_settlements::of_opening_balances })
        .check(check::payments)
        .check(check::opening_balances)
}
