//! F1: arithmetic of registers: months, balances in time, payments against what is open, ages of debts, due dates.
//! Pure: no I/O, no clock ("today" is an argument), no randomness; builds natively and for wasm32.

pub mod ageing;
pub mod allocation;
pub mod balance;
pub mod month;
pub mod terms;

pub use ageing::{Age, Ageing, ageing};
pub use allocation::{Allocation, AllocationError, Open, allocate_chosen, allocate_payment};
pub use balance::{Lowest, Movement, balance_on, lowest_balance, lowest_of_current};
pub use month::{month_key, month_start};
pub use terms::{PaymentKind, PaymentTerms};
