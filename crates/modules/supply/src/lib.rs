//! What others ask: prices of suppliers and competitors as their price lists say, how each partner's list is read, and the
//! terms that suppliers deliver on. Prices stand above it and compare and compute with these figures.

mod price_list_mapping;
mod supplier_price;
mod supply_terms;

pub use price_list_mapping::ROLES;
pub use supplier_price::{Lot, Offer, Side, offers};
pub use supply_terms::SupplierTerms;

use kontor_platform::Registry;

pub fn register(r: Registry) -> Registry {
    r.entity(price_list_mapping::price_list_mappings()).entity(supplier_price::supplier_prices()).entity(supply_terms::supply_terms())
}
