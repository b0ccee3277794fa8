//! Kontor settlements.
