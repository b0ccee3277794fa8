//! Payment in stages: so much before the shipment, so much with it, the rest later or on fixed days.

use crate::terms::payment_of;
use chrono::NaiveDate;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Percent, allocate};
use kontor_ledger::{PaymentKind, PaymentTerms};
use kontor_platform::spec::Column;
use kontor_platform::value::parsed;
use serde_json::Value as Json;

pub const COLUMN: &str = "payment_stages";
/// An instalment plan of years by the month.
const MOST: usize = 60;

pub fn column() -> Column {
    Column::items(
        COLUMN,
        vec![
            Column::choice("kind", &["prepay", "on_delivery", "credit"]).required(),
            Column::percent("percent").required(),
            // After the shipment.
            Column::int("days", 0, 3_650),
            // An instalment on a day of its own; never before the shipment.
            Column::date("due_on"),
        ],
    )
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    pub kind: PaymentKind,
    pub percent: Percent,
    pub days: u32,
    pub due_on: Option<NaiveDate>,
}

/// The stages written in a record; none where nothing is. Errors: `payment_stages…`, when they do not make up the whole.
pub fn of(j: &Json) -> Result<Vec<Stage>> {
    let Some(all) = j.as_array().filter(|a| !a.is_empty()) else { return Ok(vec![]) };
    if all.len() > MOST {
        return Err(Error::field(COLUMN, "too_many").field_arg("max", MOST));
    }
    let mut out = Vec::with_capacity(all.len());
    let mut sum: i64 = 0;
    for (n, s) in all.iter().enumerate() {
        let at = |name: &str| format!("{COLUMN}.{n}.{name}");
        let percent = parsed::<Percent>(&s["percent"]).unwrap_or(Percent::ZERO);
        if !percent.is_positive() {
            return Err(Error::field(at("percent"), "number_not_positive"));
        }
        sum = sum.saturating_add(percent.scaled());
        let PaymentTerms { kind, days } = payment_of(s);
        let due_on = parsed::<NaiveDate>(&s["due_on"]);
        if due_on.is_some() && kind != PaymentKind::Credit {
            return Err(Error::field(at("due_on"), "stage_day_not_used"));
        }
        out.push(Stage { kind, percent, days, due_on });
    }
    if sum != Percent::HUNDRED.scaled() {
        return Err(Error::field(COLUMN, "stages_not_whole").field_arg("sum", Percent::from_scaled(sum)));
    }
    Ok(out)
}

impl Stage {
    /// The whole by plain terms.
    pub fn whole(terms: PaymentTerms) -> Stage {
        Stage { kind: terms.kind, percent: Percent::HUNDRED, days: terms.days, due_on: None }
    }
    /// The last day on which it is paid in time, of a shipment of this day; `None` when the calendar ends before.
    fn due(&self, shipped: NaiveDate) -> Option<NaiveDate> {
        match (self.kind, self.due_on) {
            (PaymentKind::Credit, Some(day)) => Some(day.max(shipped)),
            _ => PaymentTerms { kind: self.kind, days: self.days }.due(shipped),
        }
    }
}

/// Days and amounts of what is owed for a shipment, the earliest first; the parts make up the total to the minor unit.
pub fn schedule(stages: &[Stage], total: Amount, shipped: NaiveDate, minor: u32) -> Result<Vec<(NaiveDate, Amount)>> {
    let weights: Vec<i64> = stages.iter().map(|s| s.percent.scaled()).collect();
    let parts = allocate(total, &weights, minor);
    let mut by_day: std::collections::BTreeMap<NaiveDate, Amount> = std::collections::BTreeMap::new();
    for (s, part) in stages.iter().zip(parts) {
        let day = s.due(shipped).ok_or_else(|| Error::field(COLUMN, "out_of_range").field_arg("min", 0).field_arg("max", 3_650))?;
        let sum = by_day.entry(day).or_default();
        *sum = sum.checked_add(part).ok_or_else(|| Error::refused("number_overflow"))?;
    }
    Ok(by_day.into_iter().collect())
}

/// What has to be there before the goods leave, in percent.
pub fn prepaid(stages: &[Stage]) -> Percent {
    let sum = stages.iter().filter(|s| s.kind == PaymentKind::Prepay).fold(0i64, |sum, s| sum.saturating_add(s.percent.scaled()));
    Percent::from_scaled(sum)
}

/// Whether some of the money comes later than agreed.
pub fn later_than(own: &[Stage], agreed: &[Stage], shipped: NaiveDate) -> bool {
    // Before the shipment counts as the day before it.
    let day = |s: &Stage| match s.kind {
        PaymentKind::Prepay => Some(i64::MIN),
        _ => s.due(shipped).map(|d| (d - shipped).num_days()),
    };
    let by = |of: &[Stage], until: i64| -> i64 {
        of.iter().filter(|s| day(s).is_some_and(|d| d <= until)).fold(0i64, |sum, s| sum.saturating_add(s.percent.scaled()))
    };
    agreed.iter().filter_map(day).any(|d| by(own, d) < by(agreed, d))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn stages(all: &[(&str, &str, i64)]) -> Vec<Stage> {
        let items: Vec<Json> = all.iter().map(|(kind, percent, days)| json!({"kind": kind, "percent": percent, "days": days})).collect();
        of(&Json::Array(items)).expect("stages")
    }

    #[test]
    fn agr_01_stages_share_out_a_total_to_the_last_minor_unit() {
        let day: NaiveDate = "2026-03-01".parse().expect("a day");
        let plan = stages(&[("prepay", "33.3333", 0), ("credit", "33.3333", 30), ("credit", "33.3334", 60)]);
        let parts = schedule(&plan, Amount::parse("100.01").expect("an amount"), day, 2).expect("a schedule");
        let told: Vec<String> = parts.iter().map(|(d, a)| format!("{d} {a}")).collect();
        assert_eq!(told, ["2026-03-01 33.34", "2026-03-31 33.33", "2026-04-30 33.34"]);
        assert_eq!(Amount::sum(parts.iter().map(|p| p.1)).expect("a sum").to_string(), "100.01");
        assert_eq!(prepaid(&plan).to_string(), "33.3333");
    }

    #[test]
    fn agr_02_money_that_comes_later_than_agreed_is_seen_whatever_the_stages() {
        let day: NaiveDate = "2026-03-01".parse().expect("a day");
        let agreed = stages(&[("prepay", "50", 0), ("credit", "50", 14)]);
        for (own, later) in [
            (stages(&[("prepay", "100", 0)]), false),
            (stages(&[("prepay", "50", 0), ("credit", "50", 14)]), false),
            (stages(&[("prepay", "49", 0), ("credit", "51", 1)]), true),
            (stages(&[("prepay", "50", 0), ("credit", "50", 15)]), true),
            (stages(&[("on_delivery", "100", 0)]), true),
        ] {
            assert_eq!(later_than(&own, &agreed, day), later, "{own:?}");
        }
    }
}
