//! Kontor finance.
