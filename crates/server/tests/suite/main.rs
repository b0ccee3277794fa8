//! Tests over everything that is registered: conformance, permission matrix, API snapshot, HTTP behaviour.

mod backup;
mod browser;
mod conformance;
mod contract;
mod declared;
mod edge;
mod external_ids;
mod files;
mod fixtures;
mod foreign;
mod hidden;
mod hostile;
mod hostile_pages;
mod hostile_questions;
mod http;
mod jobs;
mod journal;
mod matrix;
mod outbox;
mod reading;
mod roundtrip;
mod sessions;
mod snapshot;
mod wire;
