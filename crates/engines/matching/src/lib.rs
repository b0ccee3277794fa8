//! Which record of one list is which of another. Goods of a foreign price list are found among our own by barcode, by
//! article, and by the likeness of their names; nothing is trained, so that the same lists give the same pairs anywhere.
//! Pure: no I/O, no clock. Scores are floating point: they rank pairs and never touch money.

mod goods;
pub mod records;
mod words;

pub use goods::{Goods, Options, Pair, Why, link, nearest};
pub use words::{code, words};

/// What is to be done with a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    Different,
    /// A person should look at it.
    Maybe,
    Same,
}

impl Decision {
    /// As it is written into files.
    pub fn code(self) -> &'static str {
        match self {
            Decision::Different => "different",
            Decision::Maybe => "maybe",
            Decision::Same => "same",
        }
    }
}
