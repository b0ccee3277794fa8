//! What an import tells: counts and errors by file, row and column, in the caller's language.

use crate::columns::FileColumn;
use kontor_kernel::error::{Error, FieldError, Kind};
use kontor_texts::Lang;
use serde::{Deserialize, Serialize};

/// More errors than this are not listed; the first ones say enough.
pub const MAX_ERRORS: usize = 1_000;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Rows of all files.
    pub read: u64,
    pub created: u64,
    pub updated: u64,
    /// Records that were there already and the same, and rows that the profile passes over are not counted at all.
    pub skipped: u64,
    pub errors: Vec<RowError>,
    /// What else there is to know, in sentences of the caller's language.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Of a file of one collection, when its heads were not all known or were mapped by hand: what they were taken for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<FileColumn>,
    /// Somebody asked it to stop.
    #[serde(skip)]
    pub stopped: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowError {
    pub file: String,
    /// As a spreadsheet counts; 0 where the file as a whole is meant.
    pub row: u32,
    pub column: String,
    pub message: String,
}

impl Report {
    /// Everything was taken.
    pub fn ok(&self) -> bool {
        self.errors.is_empty()
    }
    pub fn to_json(&self) -> serde_json::Value {
        // Strings and numbers cannot fail to serialise.
        serde_json::to_value(self).unwrap_or_else(|e| serde_json::json!({"errors": [{"message": e.to_string()}]}))
    }
    pub(crate) fn add(&mut self, lang: Lang, p: Problem) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(p.told(lang));
        }
    }
}

/// An error with its place, before it is told in a language.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub file: String,
    pub row: u32,
    pub column: String,
    pub error: Box<FieldError>,
}

impl Problem {
    pub fn new(file: impl Into<String>, row: u32, column: impl Into<String>, e: &Error) -> Self {
        let inner = e.inner();
        if inner.kind == Kind::Internal {
            tracing::error!(error = %e, "import");
        }
        let error = match inner.fields.first() {
            Some(f) => f.clone(),
            None => FieldError { field: String::new(), code: inner.code.clone(), args: inner.args.clone(), hint: None },
        };
        Problem { file: file.into(), row, column: column.into(), error: Box::new(error) }
    }
    fn told(&self, lang: Lang) -> RowError {
        RowError {
            file: self.file.clone(),
            row: self.row,
            column: self.column.clone(),
            message: kontor_texts::error(lang, &self.error.code, &self.error.args),
        }
    }
}
