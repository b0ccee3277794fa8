//! Kinds of deals with their stages, and reasons for losing.

use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::spec::{Column, Rules, Spec};

pub fn deal_kinds() -> Spec {
    Spec::catalog("deal-kinds")
        .section("settings", "route")
        .columns([
            Column::text("name", 200).required().unique().search().sort_key().list(),
            Column::map("names"),
            // strict: only to the next stage or back; manual: to any; none: the deal has no stages.
            Column::choice("control", &["strict", "manual", "none"]).default("manual").list(),
        ])
        .import_key(&["name"])
        .reference_data()
}

pub fn stages() -> Spec {
    Spec::catalog("stages")
        .section("settings", "stairs-up")
        .sort("position")
        .columns([
            Column::text("name", 200).required().search().sort_key().list(),
            Column::map("names"),
            Column::reference("kind_id", "deal-kinds").required().once().list(),
            Column::int("position", 0, 1_000).default(0i64).list(),
            Column::percent("probability").default(0i64).list(),
            Column::int("norm_days", 0, 3_650),
            Column::long("instructions"),
        ])
        .import_key(&["kind_id", "name"])
        .index_on("kind", "(kind_id, position)")
        .reference_data()
        .rules(StageRules)
}

pub fn loss_reasons() -> Spec {
    Spec::catalog("loss-reasons")
        .section("settings", "mood-sad")
        .columns([Column::text("name", 200).required().unique().search().sort_key().list(), Column::map("names")])
        .import_key(&["name"])
        .reference_data()
}

struct StageRules;
impl Rules for StageRules {
    fn decide(&self, _cx: &mut Cx, change: &mut Change) -> Result<()> {
        if change.after.percent("probability") > kontor_kernel::Percent::HUNDRED {
            return Err(Error::field("probability", "out_of_range").field_arg("min", 0).field_arg("max", 100));
        }
        Ok(())
    }
}
