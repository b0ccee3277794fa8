//! Periods of business dates, inclusive at both ends.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// Days from `from` to `to`, both included; an absent end is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

/// The last day lies before the first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the period ends before it begins")]
pub struct EndsBeforeItBegins;

impl Period {
    /// All dates.
    pub const ALWAYS: Period = Period { from: None, to: None };

    /// From and to, both inclusive; `None` is open. Errors: it would end before it begins.
    pub fn new(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<Period, EndsBeforeItBegins> {
        match (from, to) {
            (Some(f), Some(t)) if t < f => Err(EndsBeforeItBegins),
            _ => Ok(Period { from, to }),
        }
    }
    /// One day.
    pub fn day(date: NaiveDate) -> Period {
        Period { from: Some(date), to: Some(date) }
    }
    /// The calendar month that holds the date.
    pub fn month(date: NaiveDate) -> Period {
        let first = first_of_month(date);
        let next = first.checked_add_months(Months::new(1));
        Period { from: Some(first), to: next.and_then(|n| n.checked_sub_days(Days::new(1))) }
    }
    /// The calendar year that holds the date.
    pub fn year(date: NaiveDate) -> Period {
        Period { from: NaiveDate::from_ymd_opt(date.year(), 1, 1), to: NaiveDate::from_ymd_opt(date.year(), 12, 31) }
    }
    /// Whether the day lies in it.
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.from.is_none_or(|f| f <= date) && self.to.is_none_or(|t| date <= t)
    }
    /// Whether the two have a day in common.
    pub fn overlaps(&self, other: &Period) -> bool {
        self.intersection(other).is_some()
    }
    /// Days common to both; `None` when there are none.
    pub fn intersection(&self, other: &Period) -> Option<Period> {
        let from = self.from.max(other.from);
        let to = match (self.to, other.to) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Period::new(from, to).ok()
    }
    /// Number of days; `None` when an end is open.
    pub fn days(&self) -> Option<i64> {
        Some((self.to? - self.from?).num_days() + 1)
    }
}

/// First day of the date's month.
pub fn first_of_month(date: NaiveDate) -> NaiveDate {
    // The first of a month that has this date always exists.
    date.with_day(1).unwrap_or(date)
}
