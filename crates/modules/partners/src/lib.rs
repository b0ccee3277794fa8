//! Partners: business relationships (clients, suppliers, competitors …), the people who work there, their legal entities
//! with tax ids, and how partners are related to each other. Uses the office only.

mod checks;
mod contact;
mod counterparty;
mod facts;
mod partner;
mod relation;
mod tax_ids;
mod tree;

pub use facts::{CounterpartyFacts, PartnerFacts, partner_facts, partner_facts_ahead};
pub use partner::ROLES;
pub use tree::{DESCENDANTS, ancestors, descendants};

use kontor_platform::Registry;

pub fn register(r: Registry) -> Registry {
    r.entity(partner::partners()).entity(contact::contacts()).entity(counterparty::counterparties()).entity(relation::partner_relations())
}
