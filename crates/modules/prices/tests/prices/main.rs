//! Scenarios of prices through commands, on both databases.

mod agreements;
mod at_once;
mod changes;
#[path = "../../../partners/tests/common/mod.rs"]
mod common;
mod conditions;
mod ecb;
mod explain;
mod kept;
mod matrix;
mod rates;
mod rules;
mod sources;
mod terms;
mod types;
mod workbench;
mod world;
