//! F0: the words every other floor speaks: exact numbers of money and goods, currencies, VAT, allocation of sums,
//! periods of dates, and the one error type. Pure: no I/O, no clock, no randomness; builds natively and for wasm32.

mod allocation;
mod currency;
pub mod error;
mod number;
mod period;
mod ratio;
pub mod scaled;
mod vat;

pub use allocation::allocate;
pub use currency::{Currency, NotACurrency};
pub use error::{Error, FieldError, Kind, Result};
/// Tables by hash: those of the standard library hash an id of 16 bytes in several times the time.
pub use hashbrown::{HashMap, HashSet, hash_map};
pub use number::{Amount, Percent, Price, Quantity, Rate};
pub use period::{EndsBeforeItBegins, Period};
pub use ratio::{Direction, Quote, Ratio};
pub use scaled::{NumberError, mul_div};
pub use vat::{LineVat, VatMode, vat_of_document};
