//! One row of a result, read by position. SQLite knows five storage classes only, so the accessors turn what is stored
//! (a blob of 16 bytes, an ISO date as text, 0 and 1, microseconds) into the kind that is asked for.

use crate::value::{Id, Value};
use chrono::{DateTime, NaiveDate, Utc};
use kontor_kernel::error::{Error, Result};

/// Cells in the order of the SELECT list. `x(i)` refuses NULL, `opt_x(i)` gives `None` for it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row(pub Vec<Value>);

macro_rules! pair {
    ($name:ident, $opt:ident, $kind:ty, $($pattern:pat => $value:expr),+ $(,)?) => {
        pub fn $name(&self, i: usize) -> Result<$kind> {
            self.$opt(i)?.ok_or_else(|| self.wrong(i, stringify!($name)))
        }
        pub fn $opt(&self, i: usize) -> Result<Option<$kind>> {
            let found: Option<$kind> = match self.cell(i)? {
                Value::Null => return Ok(None),
                $($pattern => $value,)+
                _ => None,
            };
            found.map(Some).ok_or_else(|| self.wrong(i, stringify!($name)))
        }
    };
}

impl Row {
    pair!(bool, opt_bool, bool, Value::Bool(v) => Some(*v), Value::Int(0) => Some(false), Value::Int(1) => Some(true));
    pair!(int, opt_int, i64, Value::Int(v) => Some(*v), Value::Bool(v) => Some(i64::from(*v)));
    pair!(id, opt_id, Id, Value::Id(v) => Some(*v), Value::Bytes(v) => Id::from_slice(v).ok());
    pair!(date, opt_date, NaiveDate, Value::Date(v) => Some(*v), Value::Text(v) => parse_date(v));
    pair!(instant, opt_instant, DateTime<Utc>,
        Value::Instant(v) => Some(*v), Value::Int(v) => DateTime::from_timestamp_micros(*v));
    pair!(json, opt_json, serde_json::Value,
        Value::Json(v) => Some(v.clone()), Value::Text(v) => serde_json::from_str(v).ok());
    pair!(text_owned, opt_text_owned, String,
        Value::Text(v) => Some(v.clone()), Value::Json(v) => Some(v.to_string()), Value::Date(v) => Some(v.to_string()));

    /// Borrowed text; see `text_owned` for a copy.
    pub fn text(&self, i: usize) -> Result<&str> {
        self.opt_text(i)?.ok_or_else(|| self.wrong(i, "text"))
    }
    /// Borrowed text, or none of NULL.
    pub fn opt_text(&self, i: usize) -> Result<Option<&str>> {
        match self.cell(i)? {
            Value::Null => Ok(None),
            Value::Text(v) => Ok(Some(v)),
            _ => Err(self.wrong(i, "text")),
        }
    }
    /// Borrowed bytes; an id is sixteen of them.
    pub fn bytes(&self, i: usize) -> Result<&[u8]> {
        self.opt_bytes(i)?.ok_or_else(|| self.wrong(i, "bytes"))
    }
    /// Borrowed bytes, or none of NULL.
    pub fn opt_bytes(&self, i: usize) -> Result<Option<&[u8]>> {
        match self.cell(i)? {
            Value::Null => Ok(None),
            v => v.as_bytes().map(Some).ok_or_else(|| self.wrong(i, "bytes")),
        }
    }
    /// The cell as it was read: on SQLite by storage class (a blob of 16 bytes is an `Id`), on PostgreSQL by column type.
    pub fn raw(&self, i: usize) -> Result<&Value> {
        self.cell(i)
    }
    /// Takes the cell out and leaves NULL, to save a copy.
    pub fn take(&mut self, i: usize) -> Result<Value> {
        let n = self.0.len();
        self.0.get_mut(i).map(std::mem::take).ok_or_else(|| out_of_range(i, n))
    }
    /// Number of cells.
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Whether it has no cells.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn cell(&self, i: usize) -> Result<&Value> {
        self.0.get(i).ok_or_else(|| out_of_range(i, self.0.len()))
    }
    fn wrong(&self, i: usize, wanted: &str) -> Error {
        Error::internal(format!("column {i} of the row is {}, {wanted} was asked for", self.0.get(i).map_or("absent", Value::kind)))
    }
}

fn out_of_range(i: usize, n: usize) -> Error {
    Error::internal(format!("column {i} was asked for, the row has {n}"))
}

/// `2026-11-21`, and nothing else.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let number = |digits: &[u8]| digits.iter().try_fold(0, |n, d| d.is_ascii_digit().then(|| n * 10 + u32::from(d - b'0')));
    match text.as_bytes() {
        [y @ .., b'-', m1, m2, b'-', d1, d2] if y.len() == 4 => {
            NaiveDate::from_ymd_opt(i32::try_from(number(y)?).ok()?, number(&[*m1, *m2])?, number(&[*d1, *d2])?)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_02_a_date_is_ten_characters_of_a_day_there_is() {
        for day in ["2026-11-21", "0001-01-01", "2024-02-29", "9999-12-31"] {
            assert_eq!(parse_date(day).map(|d| d.to_string()).as_deref(), Some(day));
        }
        for none in
            ["", "2026-02-29", "2026-13-01", "2026-1-01", "26-11-21", "+026-11-21", "2026/11/21", "2026-11-2x", "2026-11-211", "２026-1-1"]
        {
            assert_eq!(parse_date(none), None, "{none}");
        }
    }
}
