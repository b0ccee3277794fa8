//! Kontor texts.
