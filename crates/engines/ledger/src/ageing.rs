//! Ages of debts.

use chrono::NaiveDate;
use kontor_kernel::{Amount, NumberError};
use serde::{Deserialize, Serialize};

/// How long a debt is overdue, in days after the day it was due; on that day itself it is not due yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Age {
    NotDue,
    #[serde(rename = "days_1_7")]
    To7,
    #[serde(rename = "days_8_14")]
    To14,
    #[serde(rename = "days_15_30")]
    To30,
    #[serde(rename = "days_31_60")]
    To60,
    #[serde(rename = "days_61_90")]
    To90,
    #[serde(rename = "days_over_90")]
    Over90,
}

impl Age {
    /// From the youngest to the oldest.
    pub const ALL: [Age; 7] = [Age::NotDue, Age::To7, Age::To14, Age::To30, Age::To60, Age::To90, Age::Over90];

    /// Age on a day; a debt without a due date is not due.
    pub fn of(due: Option<NaiveDate>, today: NaiveDate) -> Age {
        match days_overdue(due, today) {
            0 => Age::NotDue,
            1..=7 => Age::To7,
            8..=14 => Age::To14,
            15..=30 => Age::To30,
            31..=60 => Age::To60,
            61..=90 => Age::To90,
            _ => Age::Over90,
        }
    }
    /// Key of a report's column and of its title.
    pub fn code(self) -> &'static str {
        match self {
            Age::NotDue => "not_due",
            Age::To7 => "days_1_7",
            Age::To14 => "days_8_14",
            Age::To30 => "days_15_30",
            Age::To60 => "days_31_60",
            Age::To90 => "days_61_90",
            Age::Over90 => "days_over_90",
        }
    }
}

/// Days after the due date; 0 when it is not due.
pub fn days_overdue(due: Option<NaiveDate>, today: NaiveDate) -> i64 {
    due.map_or(0, |due| (today - due).num_days().max(0))
}

/// Open amounts by age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ageing {
    /// In the order of [`Age::ALL`].
    pub by_age: [Amount; 7],
}

impl Ageing {
    pub fn of(&self, age: Age) -> Amount {
        self.by_age[age as usize]
    }
    /// All but what is not due.
    pub fn overdue(&self) -> Result<Amount, NumberError> {
        Amount::sum(self.by_age[1..].iter().copied())
    }
    pub fn total(&self) -> Result<Amount, NumberError> {
        Amount::sum(self.by_age)
    }
}

/// Sums open amounts (of one currency) by their age on a day. Errors: a sum out of range.
pub fn ageing(open: impl IntoIterator<Item = (Option<NaiveDate>, Amount)>, today: NaiveDate) -> Result<Ageing, NumberError> {
    let mut sums = [0i128; 7];
    for (due, amount) in open {
        sums[Age::of(due, today) as usize] += i128::from(amount.scaled());
    }
    let mut out = Ageing::default();
    for (to, sum) in out.by_age.iter_mut().zip(sums) {
        *to = i64::try_from(sum).map(Amount::from_scaled).map_err(|_| NumberError::Overflow)?;
    }
    Ok(out)
}
