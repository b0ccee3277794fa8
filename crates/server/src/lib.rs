//! Kontor, wired together: registry of all modules, HTTP server, worker, command line. The only crate that knows them all.

pub mod backup;
pub mod cli;
mod config;
pub mod connections;
mod demo;
mod limits;
mod matching;
mod metrics;
mod progress;
mod proxy;
pub mod registry;
pub mod serve;
pub mod tls;
mod worker;
