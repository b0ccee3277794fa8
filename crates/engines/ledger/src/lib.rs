//! Kontor ledger.
