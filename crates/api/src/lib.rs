//! Kontor api.
