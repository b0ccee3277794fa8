//! Kontor web.
