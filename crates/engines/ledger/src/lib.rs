//! F1: arithmetic of debts: payments against what is open, and the day on which a debt is due.
//! Pure: no I/O, no clock, no randomness; builds natively and for wasm32.

mod allocation;
mod terms;

pub use allocation::{Allocation, AllocationError, Open, allocate_chosen, allocate_payment};
pub use terms::{PaymentKind, PaymentTerms};
