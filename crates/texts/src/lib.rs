//! All words the product says, in Ukrainian, Russian and English, and local forms of dates and numbers.
//!
//! Texts live in `locales/{uk,ru,en}/*.ftl` (Fluent) and are embedded. Keys by use:
//! entity title `partners` with attributes `.one` and `.new`; column `{entity}-{column}` falling back to `field-{column}`;
//! states `state-{state}`; choices `{entity}-{column}-{choice}` falling back to `choice-{choice}`; verbs `verb-{verb}`;
//! errors `error-{code}`, hints `hint-{code}`; pages `page-…`; reports `report-{name}` and `report-{name}-{column}`.
//! A text with arguments is formatted at each call; all others are looked up in a table built once per language.
//! May use nothing of Kontor; knows no business rule.

mod catalog;
pub mod format;
mod lang;
pub mod message;

pub use catalog::{Arg, has, keys, problems, tr, tr_args, tr_attr, variables};
pub use lang::Lang;
pub use message::{choice, entity, entity_new, entity_one, error, hint, label, label_in, report_column, state, verb};
