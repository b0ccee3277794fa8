//! Kontor platform: entity declarations, command execution, access, audit, store, registers, outbox, reports.
//! Knows no business noun beyond users, roles and own companies. See `ARCHITECTURE.md` for the floors.

pub mod access;
pub mod account;
pub mod app;
pub mod audit;
pub mod auth;
pub mod bulk;
mod codes;
pub mod collate;
pub mod ctx;
pub mod cx;
mod drafts;
pub mod execute;
pub mod external_ids;
mod filter;
pub mod grants;
mod idempotency;
mod in_time;
pub mod input;
pub mod jobs;
pub mod kept;
mod merge;
pub mod nodes;
pub mod outbox;
mod presence;
pub mod query;
pub mod record;
pub mod registers;
pub mod report;
pub mod schema;
mod search;
mod shown;
pub mod spec;
pub mod store;
pub mod titles;
pub mod totals;
mod undo;
pub mod value;

pub use app::{App, Registry};
pub use ctx::{Ctx, Source};
pub use execute::{Envelope, Outcome};
pub use kontor_kernel::error::{Error, Result};
pub use undo::GROUP_MAX;
