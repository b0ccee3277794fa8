//! The price workbench: edited prices stand beside those in force, are changed by the thousand under a filter, compared, and
//! put into effect as one group that can be taken back.

mod applied;
mod apply;
mod edit;
mod edited;
mod operation;
mod questions;
mod rows;

pub use applied::applied;
pub use edit::next;
pub use edited::{EditedPrice, edited_at, edited_prices};
pub use questions::{compare, preview};
pub use rows::rows;

use kontor_platform::Registry;
use kontor_platform::spec::Verb;

pub fn register(r: Registry) -> Registry {
    r.entity(edited_prices()).job(edit::Edit).job(apply::Apply).job(apply::TakeBack)
}

/// What can be done with all prices of a type at once.
pub fn verbs() -> Vec<Verb> {
    vec![
        Verb::new("edit_prices", &[], &[], edit::start).input(operation::columns()),
        Verb::new("apply_prices", &[], &[], apply::start).input(apply::columns()),
        Verb::new("take_prices_back", &[], &[], apply::start_back).input(apply::back_columns()),
    ]
}
