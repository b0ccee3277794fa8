//! The right side of a "why not" case.

use super::{Ask, World};
use kontor_pricing::*;

/// `card Gold gives 95, quantity 100 gives 90 (needs lower)`, or `nothing`.
pub fn answer(w: &World, a: &Ask) -> String {
    let wanted = a.wanted.expect("want");
    let found = why_not(&w.book, &w.facts, &a.head, &a.items, 0, wanted, &a.choices);
    if found.is_empty() {
        return "nothing".into();
    }
    let name = |id: &Id| w.names.get(id).cloned().unwrap_or_else(|| id.to_string());
    let told = found.iter().map(|s| {
        let change = match &s.change {
            Change::Card(id) => format!("card {}", name(id)),
            Change::PaymentForm(id) => format!("payment {}", name(id)),
            Change::Quantity(q) => format!("quantity {q}"),
            Change::OrderAmount(a) => format!("order of {a}"),
            Change::Agreement(id) => format!("agreement {}", name(id)),
            Change::Contract(id) => format!("contract {}", name(id)),
            Change::Date(d) => format!("date {d}"),
            Change::ByHand(p) => format!("by hand {p}"),
        };
        let needs = if s.approvals.is_empty() { "" } else { " (needs approval)" };
        format!("{change} gives {}{needs}", s.price)
    });
    told.collect::<Vec<_>>().join(", ")
}
