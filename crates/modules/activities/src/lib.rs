//! Kontor activities.
