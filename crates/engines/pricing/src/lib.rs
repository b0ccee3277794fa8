//! Kontor pricing.
