//! Kontor partners.
