//! Kontor office.
