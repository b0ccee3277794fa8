//! Exchange with files: reading CSV and XLSX, import of any declared entity, import profiles that map foreign folders,
//! export of what the caller sees. Knows the declarations of the platform, no business noun.

mod cell;
mod columns;
mod entity;
mod export;
pub mod profile;
pub mod read;
mod report;
mod run;

pub use columns::{Field, FileColumn, Mapping, SAMPLE, fields};
pub use entity::import_entity;
pub use export::{ExportFormat, export_entity, export_table};
pub use profile::Profile;
pub use read::{Format, Input, Limits};
pub use report::{MAX_ERRORS, Report, RowError};
pub use run::{Files, Job, Options, Phase, Progress, in_job, run_profile};
