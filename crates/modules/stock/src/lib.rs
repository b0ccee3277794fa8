//! Kontor stock.
