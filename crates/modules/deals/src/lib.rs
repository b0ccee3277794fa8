//! Kontor deals.
