//! What an agreement says of its documents beside prices and payment: kind of sale, packaging, supply, days of delivery.

use crate::deviation::{Deviation, Offered};
use crate::terms::agreement;
use chrono::{Datelike, Days, NaiveDate};
use kontor_kernel::error::Result;
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::value::Id;

/// Weekdays as they are written, Monday first.
pub const WEEKDAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Agreed {
    /// `sale` or `commission`.
    pub sale_kind: Option<String>,
    /// Days in which returnable packaging comes back after a shipment.
    pub packaging_days: Option<i64>,
    pub warehouse_id: Option<Id>,
    /// How lines are supplied unless they say otherwise: `stock` or `later`.
    pub fulfilment: Option<String>,
    /// Monday first; all `false` where deliveries have no fixed days.
    weekdays: [bool; 7],
    /// Between order and delivery at least.
    lead_days: u64,
}

impl Agreed {
    fn of(r: &Record) -> Agreed {
        let some = |column: &str| Some(r.text(column).to_string()).filter(|s| !s.is_empty());
        let days = r.json("delivery_weekdays");
        let on = |day: &str| days.as_array().is_some_and(|a| a.iter().any(|d| d == day));
        Agreed {
            sale_kind: some("sale_kind"),
            packaging_days: r.opt_int("packaging_days"),
            warehouse_id: r.opt_id("warehouse_id"),
            fulfilment: some("fulfilment"),
            weekdays: std::array::from_fn(|n| on(WEEKDAYS[n])),
            lead_days: r.opt_int("delivery_lead_days").and_then(|d| u64::try_from(d).ok()).unwrap_or(0),
        }
    }

    /// Whether goods may be delivered on the day.
    pub fn delivers_on(&self, day: NaiveDate) -> bool {
        self.weekdays == [false; 7] || self.weekdays[day.weekday().num_days_from_monday() as usize]
    }

    /// The first day of the schedule for something ordered on a date; `None` without a schedule.
    pub fn delivery_day(&self, ordered: NaiveDate) -> Option<NaiveDate> {
        if self.weekdays == [false; 7] {
            return None;
        }
        let from = ordered.checked_add_days(Days::new(self.lead_days))?;
        (0..7).filter_map(|n| from.checked_add_days(Days::new(n))).find(|day| self.delivers_on(*day))
    }
}

/// What the agreement says; nothing without one.
pub fn agreed(cx: &mut Cx, id: Option<Id>) -> Result<Agreed> {
    match id {
        Some(id) => Ok(Agreed::of(&*agreement(cx, id)?)),
        None => Ok(Agreed::default()),
    }
}

/// Departures from it.
pub fn departures(a: &Record, o: &Offered, out: &mut Vec<Deviation>) {
    let agreed = Agreed::of(a);
    let mut push = |field: &str, code: &'static str, args: Vec<(&'static str, String)>| {
        out.push(Deviation { field: field.into(), code, args });
    };
    if let (Some(own), Some(kind)) = (o.sale_kind, agreed.sale_kind.as_deref())
        && own != kind
    {
        push("sale_kind", "deviation_sale_kind", vec![("kind", own.into()), ("agreed", kind.into())]);
    }
    if let Some(days) = agreed.packaging_days
        && o.packaging_days.is_none_or(|own| own > days)
        && o.sale_kind.is_some()
    {
        let own = o.packaging_days.map_or("—".into(), |d| d.to_string());
        push("packaging_days", "deviation_packaging", vec![("days", own), ("agreed", days.to_string())]);
    }
    if let Some(day) = o.ship_on.filter(|d| !agreed.delivers_on(*d)) {
        push("ship_on", "deviation_delivery_day", vec![("date", day.to_string())]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(s: &str) -> NaiveDate {
        s.parse().expect("a day")
    }

    #[test]
    fn agr_01_the_schedule_gives_the_first_day_after_the_lead() {
        // Tuesdays and Fridays, two days ahead; 2026-11-23 is a Monday.
        let a = Agreed { weekdays: [false, true, false, false, true, false, false], lead_days: 2, ..Agreed::default() };
        for (ordered, delivered) in
            [("2026-11-23", "2026-11-27"), ("2026-11-25", "2026-11-27"), ("2026-11-26", "2026-12-01"), ("2026-11-29", "2026-12-01")]
        {
            assert_eq!(a.delivery_day(day(ordered)), Some(day(delivered)), "ordered on {ordered}");
        }
        assert_eq!(Agreed::default().delivery_day(day("2026-11-23")), None);
        assert!(Agreed::default().delivers_on(day("2026-11-22")) && !a.delivers_on(day("2026-11-22")));
        assert_eq!(a.delivery_day(NaiveDate::MAX), None);
    }
}
