//! Kontor sales.
