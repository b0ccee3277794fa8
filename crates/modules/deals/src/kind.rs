//! Kinds of deals with their stages, and reasons for losing.

use kontor_kernel::Percent;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Rules, Spec};

pub fn deal_kinds() -> Spec {
    Spec::catalog("deal-kinds")
        .section("settings", "route")
        .columns([
            Column::text("name", 200).required().unique().search().sort_key().list(),
            Column::map("names"),
            // strict: to the next stage or the one before; manual: to any; none: the deal has no stages.
            Column::choice("control", &["strict", "manual", "none"]).default("manual").list(),
        ])
        .import_key(&["name"])
        .kept_by(kontor_platform::kept::SETTINGS)
        .reference_data()
        .rules(KindRules)
}

pub fn stages() -> Spec {
    Spec::catalog("stages")
        .section("settings", "stairs-up")
        .sort("position")
        .columns([
            Column::text("name", 200).required().search().sort_key().list(),
            Column::map("names"),
            Column::reference("kind_id", "deal-kinds").required().once().by_name("kind").list(),
            Column::int("position", 0, 1_000_000).default(0i64).list(),
            Column::percent("probability").default(0i64).list(),
            Column::int("norm_days", 0, 3_650),
            Column::long("instructions"),
        ])
        .import_key(&["kind_id", "name"])
        .unique_over(&["kind_id", "name"])
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

struct KindRules;
impl Rules for KindRules {
    fn removing(&self, cx: &mut Cx, record: &Record) -> Result<()> {
        unused(cx, "kind_id", record)
    }
}

struct StageRules;
impl Rules for StageRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        if change.after.percent("probability") > Percent::HUNDRED {
            return Err(Error::field("probability", "out_of_range").field_arg("min", 0).field_arg("max", 100));
        }
        if change.is_create() && !change.given("position") {
            // Behind the last one, with the archived ones counted: they may come back.
            let last = cx
                .conn
                .query_one("SELECT COALESCE(MAX(position), 0) FROM stages WHERE kind_id = ?", &[change.after.ref_id("kind_id").into()])?;
            change.after.set("position", last.int(0)? + 1);
        }
        Ok(())
    }
    fn removing(&self, cx: &mut Cx, record: &Record) -> Result<()> {
        unused(cx, "stage_id", record)
    }
}

/// Open deals must not stand at a stage, or be of a kind, that nobody can choose any more.
fn unused(cx: &mut Cx, column: &str, record: &Record) -> Result<()> {
    let sql = format!("SELECT 1 FROM deals WHERE {column} = ? AND state = 'open' AND archived = ? LIMIT 1");
    match cx.conn.query_opt(&sql, &[record.id.into(), false.into()])? {
        Some(_) => Err(Error::refused("in_use").arg("what", "deals")),
        None => Ok(()),
    }
}
