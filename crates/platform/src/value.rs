//! `Value`: one cell of a table, the same on both databases. Rows, statement parameters and records are made of it.
//! Knows nothing of SQL; the store binds and reads it.

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, SubsecRound, Timelike, Utc};

/// Key of a row: UUIDv7, so that keys made later sort later.
pub type Id = uuid::Uuid;

/// A new key, ordered by time.
pub fn new_id() -> Id {
    uuid::Uuid::now_v7()
}

/// What a JSON text reads as (a date, a sum, a currency); none where it is absent, or reads as nothing of the kind. Records and
/// checked input hold nothing else in such a place; whoever reads what nobody has checked says what is wrong with it.
pub fn parsed<T: std::str::FromStr>(j: &serde_json::Value) -> Option<T> {
    j.as_str().and_then(|s| s.parse().ok())
}

/// The id that a JSON text is, under the same terms.
pub fn id_in(j: &serde_json::Value) -> Option<Id> {
    parsed(j)
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
    /// Whether it is NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(v) => Some(*v),
            _ => None,
        }
    }
    /// The number, scaled as its column is.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(v) => Some(*v),
            _ => None,
        }
    }
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(v) => Some(v),
            _ => None,
        }
    }
    /// The id, if it is one.
    pub fn as_id(&self) -> Option<Id> {
        match self {
            Value::Id(v) => Some(*v),
            _ => None,
        }
    }
    /// The day, if it is one.
    pub fn as_date(&self) -> Option<NaiveDate> {
        match self {
            Value::Date(v) => Some(*v),
            _ => None,
        }
    }
    /// The JSON, if it is one.
    pub fn as_json(&self) -> Option<&serde_json::Value> {
        match self {
            Value::Json(v) => Some(v),
            _ => None,
        }
    }
    /// The bytes; an id is sixteen of them.
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

/// `2026-11-21`: as `to_string` at a fraction of the time, every line of a document carries dates.
pub(crate) fn iso_date(d: NaiveDate) -> String {
    if !(0..=9999).contains(&d.year()) {
        return d.to_string();
    }
    let mut out = *b"0000-00-00";
    put_date(&mut out, d);
    String::from_utf8_lossy(&out).into_owned()
}

/// RFC 3339 in UTC with microseconds, `2026-11-21T08:15:00.000000Z`, likewise.
pub(crate) fn iso_instant(t: DateTime<Utc>) -> String {
    match plain_instant(t) {
        Some(out) => String::from_utf8_lossy(&out).into_owned(),
        None => t.to_rfc3339_opts(SecondsFormat::Micros, true),
    }
}

/// The same as bytes; none for what takes more room.
pub(crate) fn plain_instant(t: DateTime<Utc>) -> Option<[u8; 27]> {
    // A leap second is kept as more than a second's worth of nanoseconds.
    if !(0..=9999).contains(&t.year()) || t.nanosecond() >= 1_000_000_000 {
        return None;
    }
    let mut out = *b"0000-00-00T00:00:00.000000Z";
    put_date(&mut out, t.date_naive());
    put_digits(&mut out[11..13], t.hour());
    put_digits(&mut out[14..16], t.minute());
    put_digits(&mut out[17..19], t.second());
    put_digits(&mut out[20..26], t.nanosecond() / 1_000);
    Some(out)
}

fn put_date(out: &mut [u8], d: NaiveDate) {
    put_digits(&mut out[..4], d.year().unsigned_abs());
    put_digits(&mut out[5..7], d.month());
    put_digits(&mut out[8..10], d.day());
}

fn put_digits(out: &mut [u8], mut n: u32) {
    for b in out.iter_mut().rev() {
        *b = b'0' + (n % 10) as u8;
        n /= 10;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_07_dates_and_instants_are_written_as_the_library_writes_them() {
        for days in (-719_528..3_000_000).step_by(997) {
            let d = NaiveDate::from_num_days_from_ce_opt(days).unwrap();
            assert_eq!(iso_date(d), d.to_string());
        }
        for micros in [0, 1, -1, 999_999, 1_763_712_900_000_001, -62_135_596_800_000_000, 253_402_300_799_999_999, 253_402_300_800_000_000]
        {
            let t = DateTime::from_timestamp_micros(micros).unwrap();
            assert_eq!(iso_instant(t), t.to_rfc3339_opts(SecondsFormat::Micros, true));
        }
    }
}
