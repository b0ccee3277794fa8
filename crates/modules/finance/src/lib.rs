//! Money: payments in and out, set off against what is open. Uses settlements, and tells orders what was paid.

mod check;
mod for_orders;
mod payment;

use kontor_platform::Registry;

pub fn register(r: Registry) -> Registry {
    r.entity(payment::payments()).check(check::payments)
}
