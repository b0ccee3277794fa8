//! Seasons that products are sold in, and seasonal groups: products whose sales rise and fall alike over the year.

use kontor_kernel::HashSet;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::spec::{Column, Rules, Spec};

pub fn seasons() -> Spec {
    Spec::catalog("seasons")
        .section("catalog", "sun-wind")
        .columns([
            Column::text("name", 200).required().unique().search().sort_key().list(),
            Column::map("names"),
            // Both included; a winter goes over the end of the year.
            Column::int("from_month", 1, 12).required().list(),
            Column::int("to_month", 1, 12).required().list(),
        ])
        .import_key(&["name"])
        .reference_data()
}

pub fn seasonal_groups() -> Spec {
    Spec::catalog("seasonal-groups")
        .section("catalog", "chart-line")
        .columns([
            Column::text("name", 200).required().unique().search().sort_key().list(),
            Column::map("names"),
            // Share of the month in the sales of an average month, in percent; months that are not named are average.
            Column::items("months", vec![Column::int("month", 1, 12).required(), Column::percent("percent").required()]),
            Column::long("description"),
        ])
        .import_key(&["name"])
        .reference_data()
        .rules(GroupRules)
}

struct GroupRules;
impl Rules for GroupRules {
    fn decide(&self, _cx: &mut Cx, change: &mut Change) -> Result<()> {
        let mut seen = HashSet::new();
        let months = change.after.json("months");
        let twice = months.as_array().into_iter().flatten().enumerate().filter(|(_, m)| !seen.insert(m["month"].as_i64()));
        Error::collect(twice.map(|(n, _)| Error::field(format!("months.{n}.month"), "unique")).collect())
    }
}
