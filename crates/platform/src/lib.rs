//! Kontor platform.
