//! Kontor prices.
