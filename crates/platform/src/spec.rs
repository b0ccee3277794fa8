//! The declaration of an entity: columns, lines, rights, states, verbs. From it come tables, list, card, REST, import,
//! export, search, history. Declared once per entity in the modules; plain data plus a few functions, no database.

mod column;
mod declare;
mod rights;
mod verb;

pub(crate) use column::Storage;
pub use column::{Column, Lines, Mode, Ty};
pub use verb::{NoRules, Rules, Verb, VerbFn};

use crate::cx::{Change, Cx};
use crate::value::Id;
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use std::sync::OnceLock;

/// What sort of thing a collection holds; decides how its records end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Reference data: card and list, archived instead of deleted.
    Catalog,
    /// Numbered, dated, with a state; removed only as a draft, corrected by reversal once posted.
    Document,
    /// Values in time or facts written by documents: read only through the API.
    Facts,
}

/// Which rows a caller may see or change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    None,
    Own,
    Team,
    All,
}

/// Default rights of a built-in role: `grant("salesperson", "read:all create update:own confirm:own")`; no scope means `all`.
#[derive(Clone, Copy, Debug)]
pub struct Grant {
    pub role: &'static str,
    pub actions: &'static str,
}

/// How a fact is written by itself: by a document of one line.
#[derive(Clone, Copy)]
pub struct Recording {
    /// Writes the document and answers the row.
    pub run: RecordFn,
    /// Column that leads to the document; reversing that takes the row back. None: the row stands for itself and may be removed.
    pub document: Option<&'static str>,
}

/// Writes the document of a fact, from the change that was asked for; answers the fact's row.
pub type RecordFn = fn(&mut Cx, &mut Change) -> Result<crate::record::Record>;

/// The declaration of an entity: one collection, one table, one way for all of them.
pub struct Spec {
    /// Collection: plural, kebab-case; the same in API and URL. The table is the same with underscores.
    pub name: &'static str,
    pub table: String,
    pub kind: Kind,
    /// Navigation group and icon (Tabler outline name).
    pub section: &'static str,
    pub icon: &'static str,
    pub columns: Vec<Column>,
    pub lines: Vec<Lines>,
    /// Column that names a record.
    pub title: &'static str,
    pub sort: &'static str,
    /// Column with the responsible user, for `own` and `team`.
    pub owner: Option<&'static str>,
    /// Further columns with users to whom the record counts as their own (author, controller).
    pub seen_by: Vec<&'static str>,
    /// Column with the own company, for the user's list of companies.
    pub company: Option<&'static str>,
    /// The record is seen by who sees that other record (`partner_id` -> partners).
    pub via: Option<(&'static str, &'static str)>,
    /// A collection without words of its own is found by those of what it is about (`product_id` -> products).
    pub found_by: Option<(&'static str, &'static str)>,
    /// Columns that identify a record in an import, beside `(source, external_id)`.
    pub import_key: Vec<&'static str>,
    /// Columns that no two rows of one file may have alike, where they are others than the key.
    pub import_once: Vec<&'static str>,
    /// Columns of one meaning, merged as one (address; currency with rate).
    pub groups: Vec<Vec<&'static str>>,
    /// Columns whose values together are unique (none of them may be null).
    pub uniques: Vec<Vec<&'static str>>,
    pub verbs: Vec<Verb>,
    pub states: &'static [&'static str],
    pub initial: &'static str,
    /// States in which fields may still be edited; empty for entities without states: always.
    pub editable: &'static [&'static str],
    pub grants: Vec<Grant>,
    /// Columns that say what a document was made from: (column, collection), nearest first.
    pub basis: Vec<(&'static str, &'static str)>,
    /// Values in time: the column with the day, and the columns of the key of which the latest row counts.
    pub latest: Option<(&'static str, Vec<&'static str>)>,
    /// Facts that may be written one by one all the same.
    pub recorded_by: Option<Recording>,
    /// The row says something of a record of any collection, which these columns name: collection and id. Who may read that record
    /// reads the row, who may change that record writes it.
    pub record_of: Option<(&'static str, &'static str)>,
    /// Condition over `{t}`: rows that everybody sees who may read any at all (standard terms beside those of one's partners).
    pub open_when: Option<&'static str>,
    /// The revision that its records go by, where they are kept in memory; see `kept`.
    pub kept: Option<&'static str>,
    /// Further indexes: name, and what follows the table (`(a, b) WHERE c <> 0`).
    pub indexes: Vec<(&'static str, &'static str)>,
    /// Columns without an index of their own, each with the one before it in an index.
    pub led: Vec<(&'static str, &'static str)>,
    pub rules: Box<dyn Rules>,
    pub(crate) index: HashMap<&'static str, usize>,
    pub(crate) sql: OnceLock<crate::record::SpecSql>,
}

impl Spec {
    /// Place of a column among the values of a record.
    pub fn index(&self, column: &str) -> Option<usize> {
        self.index.get(column).copied()
    }
    /// Whether the entity has such a column.
    pub fn has_column(&self, column: &str) -> bool {
        self.index(column).is_some()
    }
    /// A column by its name.
    pub fn col(&self, column: &str) -> Option<&Column> {
        self.index(column).map(|i| &self.columns[i])
    }
    /// Child rows by their name, with their place.
    pub fn lines_of(&self, name: &str) -> Option<(usize, &Lines)> {
        self.lines.iter().enumerate().find(|(_, l)| l.name == name)
    }
    /// A verb by its name.
    pub fn verb_of(&self, name: &str) -> Option<&Verb> {
        self.verbs.iter().find(|v| v.name == name)
    }
    /// Whether the list can be searched.
    pub fn has_search(&self) -> bool {
        self.columns.iter().any(|c| c.search)
    }
    /// Rows that a person may remove, other than by archiving them: facts that stand for themselves.
    pub fn removable(&self) -> bool {
        self.recorded_by.is_some_and(|r| r.document.is_none())
    }
    /// Whether fields may be edited in this state.
    pub fn editable_in(&self, state: &str) -> bool {
        self.states.is_empty() || self.editable.contains(&state)
    }
    /// All actions that can be granted on it.
    pub fn actions(&self) -> Vec<&'static str> {
        let mut a = if self.is_rights() { vec![] } else { vec!["read"] };
        if self.kind != Kind::Facts {
            a.extend(["create", "update", "delete", "undo"]);
        } else if self.removable() {
            a.extend(["create", "delete", "undo"]);
        } else if self.recorded_by.is_some() {
            a.push("create");
        }
        a.extend(self.verbs.iter().filter(|v| !v.restores).map(|v| v.name));
        a
    }
    /// The right that an action needs: mostly one of its own.
    pub fn right_to<'a>(&self, action: &'a str) -> &'a str {
        self.verb_of(action).map_or(action, |v| v.right())
    }
}

/// Key for references that are not there: unique keys and register dimensions hold no NULL.
pub const NONE: Id = uuid::Uuid::nil();
