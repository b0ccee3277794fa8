//! Kontor platform.

pub mod store;
pub mod value;
