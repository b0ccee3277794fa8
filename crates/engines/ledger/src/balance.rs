//! Balances of a register in time. Figures are the stored integers (smallest units of an amount or a quantity).

use chrono::NaiveDate;
use kontor_kernel::NumberError;

/// One movement of one resource for one key of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movement {
    pub date: NaiveDate,
    /// Posting sequence: the order within a day (decision 6).
    pub sequence: i64,
    /// Plus is in, minus is out.
    pub delta: i64,
}

/// The lowest point of a balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lowest {
    pub balance: i64,
    /// The day on which it is first reached; `None` when it is the balance the period begins with.
    pub date: Option<NaiveDate>,
}

/// The lowest balance from a date on: `opening` is the balance on that date, `later` are the movements after it, in any order.
/// A document that takes out `q` on that date fits when `lowest_balance(…).balance >= q`, whatever was posted later.
///
/// Errors: a balance out of range.
pub fn lowest_balance(opening: i64, later: &[Movement]) -> Result<Lowest, NumberError> {
    let mut later: Vec<&Movement> = later.iter().collect();
    later.sort_by_key(|m| (m.date, m.sequence));
    let mut lowest = Lowest { balance: opening, date: None };
    let mut balance = opening;
    for m in later {
        balance = balance.checked_add(m.delta).ok_or(NumberError::Overflow)?;
        if balance < lowest.balance {
            lowest = Lowest { balance, date: Some(m.date) };
        }
    }
    Ok(lowest)
}

/// The same when what is kept is the current balance, which includes all of `later`.
pub fn lowest_of_current(current: i64, later: &[Movement]) -> Result<Lowest, NumberError> {
    lowest_balance(without(current, later.iter())?, later)
}

/// The balance at the end of a day, from the current balance and the movements after that day (earlier ones are ignored).
///
/// Errors: a balance out of range.
pub fn balance_on(date: NaiveDate, current: i64, movements: &[Movement]) -> Result<i64, NumberError> {
    without(current, movements.iter().filter(|m| m.date > date))
}

fn without<'a>(current: i64, movements: impl Iterator<Item = &'a Movement>) -> Result<i64, NumberError> {
    let moved: i128 = movements.map(|m| i128::from(m.delta)).sum();
    i64::try_from(i128::from(current) - moved).map_err(|_| NumberError::Overflow)
}
