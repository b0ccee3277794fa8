//! Kontor kernel.
