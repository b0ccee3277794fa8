//! All modules that reports speak of. The demo fills the same.

use kontor_platform::Registry;

pub fn registry() -> Registry {
    let r = kontor_office::register(Registry::default());
    let r = kontor_partners::register(r);
    let r = kontor_catalog::register(r);
    let r = kontor_prices::register(r);
    let r = kontor_supply::register(r);
    let r = kontor_stock::register(r);
    let r = kontor_settlements::register(r);
    let r = kontor_activities::register(r);
    let r = kontor_deals::register(r);
    let r = kontor_sales::register(r);
    let r = kontor_finance::register(r);
    kontor_insight::register(r)
}
