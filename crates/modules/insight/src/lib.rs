//! Insight: reports over sales, deals, settlements and stock. They read registers and tables of the modules below, within
//! the caller's row scope and without the fields hidden from him, like lists do. Each row opens to the records behind it.

mod cond;
mod cut;
mod deals;
mod funnel;
mod money;
mod sales;
mod sales_query;
mod settlements;
mod stock;

use kontor_platform::Registry;

pub fn register(r: Registry) -> Registry {
    r.report(sales::sales()).report(deals::deals()).report(funnel::funnel()).report(settlements::settlements()).report(stock::stock())
}
