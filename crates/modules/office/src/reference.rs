//! Small reference catalogs and what a new database starts with.

use kontor_kernel::error::Result;
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Spec};
use serde_json::json;

pub fn countries() -> Spec {
    Spec::catalog("countries")
        .section("settings", "world")
        .columns([
            Column::text("code", 2).required().unique().search().list(),
            Column::text("name", 100).required().search().sort_key().list(),
            Column::map("names"),
        ])
        .import_key(&["code"])
        .kept_by(kontor_platform::kept::SETTINGS)
        .reference_data()
}

pub fn currencies() -> Spec {
    Spec::catalog("currencies")
        .section("settings", "currency-euro")
        .title("code")
        .sort("code")
        .columns([
            Column::text("code", 3).required().unique().search().list(),
            Column::text("name", 100).required().search().sort_key().list(),
            Column::map("names"),
            Column::int("minor_digits", 0, 4).default(2i64).list(),
        ])
        .import_key(&["code"])
        .kept_by(kontor_platform::kept::SETTINGS)
        .reference_data()
}

fn named(name: &'static str, icon: &'static str) -> Spec {
    Spec::catalog(name)
        .section("settings", icon)
        .column(Column::text("name", 200).required().unique().search().sort_key().list())
        .import_key(&["name"])
        .reference_data()
}

pub fn regions() -> Spec {
    named("regions", "map-pin").column(Column::reference("parent_id", "regions"))
}

pub fn lines_of_business() -> Spec {
    named("lines-of-business", "briefcase")
}

pub fn lead_sources() -> Spec {
    named("lead-sources", "speakerphone")
}

/// Code, English, Ukrainian, Russian name.
const COUNTRIES: &str = include_str!("countries.tsv");
const CURRENCIES: &str = include_str!("currencies.tsv");

/// Inserts what is not there yet, so that it can be run again after an update.
pub fn seed(cx: &mut Cx) -> Result<()> {
    for (collection, table) in [("countries", COUNTRIES), ("currencies", CURRENCIES)] {
        let spec = cx.spec(collection);
        let known: kontor_kernel::HashSet<String> = cx
            .conn
            .query(&format!("SELECT code FROM {collection}"), &[])?
            .iter()
            .map(|r| r.text(0).map(str::to_string))
            .collect::<Result<_>>()?;
        for line in table.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
            let mut f = line.split('\t');
            let (code, en, uk, ru) = (f.next().unwrap_or(""), f.next().unwrap_or(""), f.next().unwrap_or(""), f.next().unwrap_or(""));
            if known.contains(code) {
                continue;
            }
            let mut r = Record::new(spec, cx.new_id());
            r.set("code", code);
            r.set("name", en);
            r.set("names", json!({"en": en, "uk": uk, "ru": ru}));
            if let Some(d) = f.next().and_then(|d| d.parse::<i64>().ok()) {
                r.set("minor_digits", d);
            }
            cx.insert(&mut r)?;
        }
    }
    Ok(())
}
