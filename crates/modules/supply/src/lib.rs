//! What others ask: prices of suppliers and competitors as their price lists say, how each partner's list is read, and our
//! prices beside theirs.

mod comparison;
mod price_list_mapping;
mod supplier_price;

pub use price_list_mapping::ROLES;

use kontor_platform::Registry;

pub fn register(r: Registry) -> Registry {
    r.entity(price_list_mapping::price_list_mappings()).entity(supplier_price::supplier_prices()).report(comparison::price_comparison())
}
