//! Measures Kontor as its users meet it, over HTTP, and beside each figure the same work as bare SQL on the same
//! database in the same run. `fill` makes the data, `bare` holds all of the bare SQL, `load` is the client.

mod bare;
mod fill;
mod load;
mod office;
mod run;
mod table;

pub use fill::{Filled, Size, fill};
pub use run::{Plan, Target, run};
pub use table::{Figure, json, print};
