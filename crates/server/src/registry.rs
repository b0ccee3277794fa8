//! Everything that is declared, one line per module; a module lists its entities, registers, reports and questions.

use kontor_platform::store::Migration;
use kontor_platform::{Registry, schema};

/// The one history of migrations, in order; names are for ever.
pub fn migrations() -> Vec<Migration> {
    vec![
        schema::PLATFORM,
        Migration { name: "0002_first", sql: include_str!("../migrations/0002_first.sql") },
        Migration { name: "0003_storno", sql: include_str!("../migrations/0003_storno.sql") },
    ]
}

pub fn registry() -> Registry {
    let r = Registry::default().migrations(migrations());
    let r = kontor_office::register(r);
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
    let r = kontor_trade::register(r);
    kontor_insight::register(r)
}
