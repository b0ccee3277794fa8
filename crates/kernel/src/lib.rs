//! F0: the words every other floor speaks: exact numbers of money and goods, currencies, VAT, allocation of sums,
//! periods of dates, and the one error type. Pure: no I/O, no clock, no randomness; builds natively and for wasm32.

pub mod allocation;
pub mod currency;
pub mod error;
pub mod number;
pub mod period;
pub mod ratio;
pub mod scaled;
pub mod vat;

pub use allocation::allocate;
pub use currency::Currency;
pub use error::{Error, FieldError, Kind, Result};
pub use number::{Amount, Percent, Price, Quantity, Rate};
pub use period::Period;
pub use ratio::{Direction, Quote, Ratio};
pub use scaled::{NumberError, mul_div};
pub use vat::{LineVat, VatMode, vat_of_document};
