//! Sums of several currencies are never added. A report that is asked for in one currency converts each document at the
//! rate of its own date.

use chrono::NaiveDate;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Currency, Ratio};
use kontor_platform::report::Params;
use kontor_platform::store::Conn;
use kontor_platform::value::Id;
use kontor_prices::{default_rate_type, exchange};
use std::collections::BTreeSet;

pub struct Money {
    /// What the report was asked for in; none: each currency for itself.
    pub to: Option<Currency>,
    rate_type: Option<Id>,
    known: HashMap<(Currency, NaiveDate), Ratio>,
}

pub fn currency(code: &str) -> Result<Currency> {
    Currency::parse(code).map_err(|_| Error::field("currency", "bad_code").field_arg("value", code))
}

impl Money {
    pub fn asked(conn: &mut Conn, params: &Params) -> Result<Money> {
        let to = params.text("currency").filter(|c| !c.is_empty()).map(currency).transpose()?;
        let rate_type = if to.is_some() { default_rate_type(conn)? } else { None };
        Ok(Money { to, rate_type, known: HashMap::new() })
    }

    /// Currency of the row that a document of `from` belongs to.
    pub fn shown(&self, from: &str) -> String {
        self.to.map_or_else(|| from.to_string(), |c| c.code().to_string())
    }

    /// Currency of a whole table: the one asked for, else the only one that its rows have, empty for several; and whether its sums
    /// may be added up.
    pub fn of_table<'a>(&self, rows: impl Iterator<Item = &'a str>) -> (String, bool) {
        let all: BTreeSet<&str> = rows.collect();
        let only = all.first().filter(|_| all.len() == 1).map(|c| c.to_string());
        (self.to.map(|to| to.code().to_string()).or(only).unwrap_or_default(), all.len() <= 1)
    }

    /// Filter that keeps a row's list to its currency; none when all currencies stand in one row.
    pub fn filter(&self, row: &str) -> Option<(String, String)> {
        (self.to.is_none() && !row.is_empty()).then(|| ("currency".to_string(), row.to_string()))
    }

    /// A scaled amount of one document in the asked currency.
    pub fn convert(&mut self, conn: &mut Conn, amount: i64, from: &str, date: Option<NaiveDate>) -> Result<i64> {
        let Some(to) = self.to else { return Ok(amount) };
        if amount == 0 || from == to.code() || from.is_empty() {
            return Ok(amount);
        }
        let from = currency(from)?;
        let date = date.unwrap_or(NaiveDate::MAX);
        let ratio = match self.known.get(&(from, date)) {
            Some(r) => *r,
            None => {
                let r = self.ratio(conn, from, to, date)?;
                self.known.insert((from, date), r);
                r
            }
        };
        Ok(Amount::from_scaled(amount).times(ratio, to.minor())?.scaled())
    }

    fn ratio(&self, conn: &mut Conn, from: Currency, to: Currency, date: NaiveDate) -> Result<Ratio> {
        let missing = || Error::field("currency", "currency_rate_missing").field_arg("currency", from).field_arg("date", date);
        let Some(rate_type) = self.rate_type else { return Err(missing()) };
        // The question was in order; that a rate is missing is told at the parameter that asks for it.
        exchange(conn, rate_type, from, to, date)
            .map(|e| e.ratio)
            .map_err(|e| if e.inner().code == "currency_rate_missing" { missing() } else { e })
    }
}

/// `GROUP BY` helpers: rows of the asked currency are summed by the database, others come document by document.
pub fn by_document(asked: Option<Currency>, currency: &str, document: &str) -> String {
    match asked {
        None => "NULL".into(),
        Some(c) => format!("CASE WHEN {currency} = '{}' THEN NULL ELSE {document} END", c.code()),
    }
}

/// Adds up; a sum beyond 64 bits is a refusal, not a wrong figure.
pub fn add(sum: &mut i64, x: i64) -> Result<()> {
    *sum = sum.checked_add(x).ok_or_else(|| Error::refused("number_overflow"))?;
    Ok(())
}
