//! Rebates: what conditions of the kind `rebate` promise on posted sales, to the client or to somebody else. Accrued from the
//! register of sales, shown as a report, settled by a document.

mod accrual;
mod document;
mod report;

use kontor_platform::Registry;

pub fn register(r: Registry) -> Registry {
    r.entity(document::rebates()).report(report::rebates_due())
}
