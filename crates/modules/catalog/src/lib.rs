//! What we trade in: products and services, their categories, units of measure and VAT rates. Documents and prices take
//! what they need of a product from `product_facts`.

mod category;
mod characteristic;
mod facts;
mod kit;
mod product;
mod season;
mod unit;
mod vat_rate;

pub use facts::{ProductFacts, ProductKind, product_facts, product_facts_ahead};
pub use unit::unit_symbols;

use kontor_platform::Registry;

pub fn register(r: Registry) -> Registry {
    r.entity(unit::units())
        .entity(vat_rate::vat_rates())
        .entity(category::product_categories())
        .entity(season::seasons())
        .entity(season::seasonal_groups())
        .entity(characteristic::characteristics())
        .entity(product::products())
        .seed(unit::seed)
        .seed(vat_rate::seed)
}
