//! Kontor insight.
