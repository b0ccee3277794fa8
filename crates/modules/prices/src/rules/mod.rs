//! The rules of the trade as records: conditions, price lists, bundles and gifts, what users may give, and what these refer to.

pub mod condition;
mod condition_key;
pub mod kinds;
pub mod limit;
pub mod price_list;
pub mod promotion;
mod promotion_key;
pub mod reference;
pub mod revision;
pub mod segment;

use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Percent, Period};
use kontor_platform::Registry;
use kontor_platform::record::Record;

pub fn register(r: Registry) -> Registry {
    r.entity(reference::price_groups())
        .entity(reference::dealer_types())
        .entity(reference::order_types())
        .entity(reference::payment_forms())
        .entity(reference::loyalty_programs())
        .entity(reference::loyalty_cards())
        .entity(segment::segments())
        .entity(price_list::price_lists())
        .entity(condition::price_conditions())
        .entity(promotion::promotions())
        .entity(limit::price_limits())
}

/// Days on which a record holds. Errors: `valid_to`.
pub fn validity(r: &Record) -> Result<Period> {
    Period::new(r.opt_date("valid_from"), r.opt_date("valid_to")).map_err(|_| Error::field("valid_to", "ends_before_start"))
}

/// A discount takes the whole price at most.
pub fn at_most_hundred(r: &Record, column: &'static str) -> Result<()> {
    if r.percent(column) > Percent::HUNDRED {
        return Err(Error::field(column, "out_of_range").field_arg("min", "-99999").field_arg("max", 100));
    }
    Ok(())
}
