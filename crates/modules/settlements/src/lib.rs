//! Settlements: who owes whom, by document, at every date. Positive is what a partner owes us. Sales and payments write
//! here, in the transaction of their own command; nobody else does.
//!
//! Two registers: `settlements` keeps each document's balance; `exposure` keeps one row per company, partner and currency
//! with the debt and the confirmed but unshipped orders, which is what credit is checked against and what is locked.

mod brought;
mod check;
mod credit;
mod document;
mod enter;
mod parts;
mod rows;
mod take_back;

pub use brought::{Resting, relabel, rests_on, touched};
pub use credit::{Credit, Exposure, check_credit, exposure, lock_partner, lock_partners, order_ahead};
pub use document::{Names, SettleBy, free_prepayments, open_for_order};
pub use enter::{Entry, Settled, Settling, bring, enter};
pub use parts::of_opening_balances;
pub use rows::{SettlementRow, part_of, settlements_at, settlements_of};
pub use take_back::take_back;

use kontor_platform::Registry;
use kontor_platform::app::Question;
use kontor_platform::registers::{Lead, RegisterSpec};

/// Balance of every document.
fn settlements() -> RegisterSpec {
    RegisterSpec {
        name: "settlements",
        dims: &[
            ("company_id", "id"),
            ("partner_id", "id"),
            ("currency", "text"),
            ("document_id", "id"),
            ("counterparty_id", "id"),
            ("agreement_id", "id"),
            ("contract_id", "id"),
        ],
        keyed: 7,
        resources: &["amount"],
        balance: true,
        rises: false,
        lead: Lead::Key,
    }
}

/// What a partner owes in all, and what he has ordered beyond that.
fn exposures() -> RegisterSpec {
    RegisterSpec {
        name: "exposure",
        dims: &[("company_id", "id"), ("partner_id", "id"), ("currency", "text")],
        keyed: 3,
        resources: &["debt", "ordered"],
        balance: true,
        rises: false,
        lead: Lead::Key,
    }
}

pub fn register(r: Registry) -> Registry {
    r.entity(document::settlement_documents())
        .entity(document::settlement_stages())
        .register(settlements())
        .register(exposures())
        .question(Question { path: "settlements", post: false, run: rows::question })
        .asks("settlements", rows::asks())
        .question(Question { path: "settlement-documents/{id}/parts", post: false, run: parts::question })
        .check(check::documents)
        .check(check::debts)
}
