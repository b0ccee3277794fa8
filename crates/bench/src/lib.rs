//! Measures Kontor as its users meet it, over HTTP, and beside each figure the same work as bare SQL on the same
//! database in the same run. `fill` makes the data, `bare` holds all of the bare SQL, `load` is the client.

mod bare;
mod fill;
mod import;
mod load;
mod office;
mod run;
mod table;

pub use fill::{Filled, HEAD, Size, fill, seller};
pub use run::{Plan, Readers, Target, run};
pub use table::{Figure, json, print};
