//! Kontor catalog.
