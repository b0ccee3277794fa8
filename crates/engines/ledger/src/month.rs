//! Keys of monthly turnovers.

use chrono::{Datelike, NaiveDate};

/// `202611` for any day of November 2026; sorts as the months do.
pub fn month_key(date: NaiveDate) -> i64 {
    i64::from(date.year()) * 100 + i64::from(date.month())
}

/// First day of the month of a key; `None` when the key is not one.
pub fn month_start(key: i64) -> Option<NaiveDate> {
    let month = u32::try_from(key.rem_euclid(100)).ok()?;
    NaiveDate::from_ymd_opt(i32::try_from(key.div_euclid(100)).ok()?, month, 1)
}
