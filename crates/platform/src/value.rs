//! `Value`: one cell of a table, the same on both databases. Rows, statement parameters and records are made of it.
//! Knows nothing of SQL; the store binds and reads it.

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};

/// Key of a row: UUIDv7, so that keys made later sort later.
pub type Id = uuid::Uuid;

/// A new key, ordered by time.
pub fn new_id() -> Id {
    uuid::Uuid::now_v7()
}

/// One cell. Money is a scaled `Int`; there is no floating-point kind on purpose.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    Id(Id),
    Date(NaiveDate),
    /// Kept with microseconds by both databases; `From` cuts finer parts off.
    Instant(DateTime<Utc>),
    Json(serde_json::Value),
    Bytes(Vec<u8>),
}

impl Value {
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(v) => Some(*v),
            _ => None,
        }
    }
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(v) => Some(*v),
            _ => None,
        }
    }
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(v) => Some(v),
            _ => None,
        }
    }
    pub fn as_id(&self) -> Option<Id> {
        match self {
            Value::Id(v) => Some(*v),
            _ => None,
        }
    }
    pub fn as_date(&self) -> Option<NaiveDate> {
        match self {
            Value::Date(v) => Some(*v),
            _ => None,
        }
    }
    pub fn as_instant(&self) -> Option<DateTime<Utc>> {
        match self {
            Value::Instant(v) => Some(*v),
            _ => None,
        }
    }
    pub fn as_json(&self) -> Option<&serde_json::Value> {
        match self {
            Value::Json(v) => Some(v),
            _ => None,
        }
    }
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Value::Bytes(v) => Some(v),
            Value::Id(v) => Some(v.as_bytes()),
            _ => None,
        }
    }
    /// Name of the kind, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Text(_) => "text",
            Value::Id(_) => "id",
            Value::Date(_) => "date",
            Value::Instant(_) => "instant",
            Value::Json(_) => "json",
            Value::Bytes(_) => "bytes",
        }
    }
}

impl From<bool> for Value {
    fn from(v: bool) -> Self {
        Value::Bool(v)
    }
}
impl From<i64> for Value {
    fn from(v: i64) -> Self {
        Value::Int(v)
    }
}
impl From<i32> for Value {
    fn from(v: i32) -> Self {
        Value::Int(v.into())
    }
}
impl From<u32> for Value {
    fn from(v: u32) -> Self {
        Value::Int(v.into())
    }
}
impl From<String> for Value {
    fn from(v: String) -> Self {
        Value::Text(v)
    }
}
impl From<&String> for Value {
    fn from(v: &String) -> Self {
        Value::Text(v.clone())
    }
}
impl From<&str> for Value {
    fn from(v: &str) -> Self {
        Value::Text(v.to_owned())
    }
}
impl From<Id> for Value {
    fn from(v: Id) -> Self {
        Value::Id(v)
    }
}
impl From<NaiveDate> for Value {
    fn from(v: NaiveDate) -> Self {
        Value::Date(v)
    }
}
impl From<DateTime<Utc>> for Value {
    fn from(v: DateTime<Utc>) -> Self {
        Value::Instant(v.trunc_subsecs(6))
    }
}
impl From<serde_json::Value> for Value {
    fn from(v: serde_json::Value) -> Self {
        Value::Json(v)
    }
}
impl From<Vec<u8>> for Value {
    fn from(v: Vec<u8>) -> Self {
        Value::Bytes(v)
    }
}
impl From<&[u8]> for Value {
    fn from(v: &[u8]) -> Self {
        Value::Bytes(v.to_vec())
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(v: Option<T>) -> Self {
        v.map_or(Value::Null, Into::into)
    }
}
