//! The one error type that travels from a rule to the screen: a kind (which HTTP status and exit code it becomes),
//! a message key with arguments, and errors by field. Texts are looked up at the edge, in the caller's language.

use serde::Serialize;
use std::borrow::Cow;

/// A message key, looked up as `error-{key}` in the texts, with named arguments.
pub type Key = Cow<'static, str>;
/// Named arguments of a message; values are already formatted or are codes.
pub type Args = Vec<(Cow<'static, str>, String)>;
/// A result with the one error type.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What sort of failure it is; decides the status of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Kind {
    /// 400: cannot be read at all.
    Unreadable,
    /// 401
    SignedOut,
    /// 403: the action is not granted.
    Forbidden,
    /// 404: also for what the caller may not see.
    NotFound,
    /// 409: somebody else changed the same thing, or a key is in use.
    Conflict,
    /// 413
    TooLarge,
    /// 422: readable, but a rule or a field says no.
    Refused,
    /// 428: a write without the version it was based on.
    VersionNeeded,
    /// 429
    TooMany,
    /// 503: busy or not ready; may be tried again.
    Unavailable,
    /// 500: our fault; the text of the cause goes to the log only.
    Internal,
}

/// What is wrong with one field. `field` is a path: `name`, `lines.3.quantity` (lines count from 0), `payment_terms.days`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldError {
    pub field: String,
    pub code: Key,
    pub args: Args,
    /// What to do: a message key looked up as `hint-{key}`.
    pub hint: Option<(Key, Args)>,
}

/// The one error of all floors: a kind, a code for texts, fields, and a cause for the log.
#[derive(Clone, Debug)]
pub struct Error(Box<Inner>);

/// The parts of an error.
#[derive(Clone, Debug)]
pub struct Inner {
    pub kind: Kind,
    pub code: Key,
    pub args: Args,
    pub fields: Vec<FieldError>,
    /// Machine-readable extra members of the problem document (for example `conflicts`).
    pub detail: serde_json::Value,
    /// Cause for the log; never shown.
    pub cause: Option<String>,
    /// Unique key that was violated: table and columns.
    pub unique: Option<(String, Vec<String>)>,
    /// A database conflict that a retry may cure (serialisation failure, deadlock).
    pub retry: bool,
}

impl Error {
    /// An error with a code and nothing else.
    pub fn new(kind: Kind, code: impl Into<Key>) -> Self {
        Error(Box::new(Inner {
            kind,
            code: code.into(),
            args: vec![],
            fields: vec![],
            detail: serde_json::Value::Null,
            cause: None,
            unique: None,
            retry: false,
        }))
    }
    /// 422 with a message of its own and no field.
    pub fn refused(code: impl Into<Key>) -> Self {
        Self::new(Kind::Refused, code)
    }
    /// 422 for one field.
    pub fn field(field: impl Into<String>, code: impl Into<Key>) -> Self {
        Self::refused("invalid").with_field(field, code)
    }
    /// 404: there is no such thing, or not for the caller.
    pub fn not_found() -> Self {
        Self::new(Kind::NotFound, "not_found")
    }
    /// 403; arguments `action` and `entity` say what.
    pub fn forbidden() -> Self {
        Self::new(Kind::Forbidden, "forbidden")
    }
    /// 400.
    pub fn unreadable(code: impl Into<Key>) -> Self {
        Self::new(Kind::Unreadable, code)
    }
    /// 500; the cause goes to the log, people get its number.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        let mut e = Self::new(Kind::Internal, "internal");
        e.0.cause = Some(cause.to_string());
        e
    }
    /// An argument of the text `error-{code}`.
    pub fn arg(mut self, name: impl Into<Cow<'static, str>>, value: impl ToString) -> Self {
        self.0.args.push((name.into(), value.to_string()));
        self
    }
    /// With a further field that is wrong.
    pub fn with_field(mut self, field: impl Into<String>, code: impl Into<Key>) -> Self {
        self.0.fields.push(FieldError { field: field.into(), code: code.into(), args: vec![], hint: None });
        self
    }
    /// Argument of the field error added last.
    pub fn field_arg(mut self, name: impl Into<Cow<'static, str>>, value: impl ToString) -> Self {
        if let Some(f) = self.0.fields.last_mut() {
            f.args.push((name.into(), value.to_string()));
        }
        self
    }
    /// Hint (`hint-{key}`) of the field error added last.
    pub fn hint(mut self, code: impl Into<Key>, args: Args) -> Self {
        if let Some(f) = self.0.fields.last_mut() {
            f.hint = Some((code.into(), args));
        }
        self
    }
    /// With data for programs, as JSON.
    pub fn detail(mut self, detail: serde_json::Value) -> Self {
        self.0.detail = detail;
        self
    }
    /// With a cause for the log.
    pub fn cause(mut self, cause: impl std::fmt::Display) -> Self {
        self.0.cause = Some(cause.to_string());
        self
    }
    /// A violated unique key: table and columns.
    pub fn unique(table: impl Into<String>, columns: Vec<String>) -> Self {
        let mut e = Self::new(Kind::Refused, "unique");
        e.0.unique = Some((table.into(), columns));
        e
    }
    /// A conflict between transactions, which the store tries again by itself.
    pub fn retryable(cause: impl std::fmt::Display) -> Self {
        let mut e = Self::new(Kind::Unavailable, "busy").cause(cause);
        e.0.retry = true;
        e
    }
    /// What sort of failure it is.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }
    /// Its parts.
    pub fn inner(&self) -> &Inner {
        &self.0
    }
    /// Its parts, to add to them.
    pub fn inner_mut(&mut self) -> &mut Inner {
        &mut self.0
    }
    /// Joins the field errors of several checks; `Ok` when none of them failed.
    pub fn collect(errors: Vec<Error>) -> Result<()> {
        let mut it = errors.into_iter();
        let Some(mut first) = it.next() else { return Ok(()) };
        for e in it {
            first.0.fields.extend(e.0.fields);
        }
        Err(first)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}: {}", self.0.kind, self.0.code)?;
        for (k, v) in &self.0.args {
            write!(f, " {k}={v}")?;
        }
        for e in &self.0.fields {
            write!(f, "; {}: {}", e.field, e.code)?;
            for (k, v) in &e.args {
                write!(f, " {k}={v}")?;
            }
        }
        if let Some(c) = &self.0.cause {
            write!(f, " ({c})")?;
        }
        Ok(())
    }
}
impl std::error::Error for Error {}
