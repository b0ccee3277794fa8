//! How long deals stood at each stage: one row per stay, written along with every move, closing and reopening. The time
//! per stage of the funnel comes from here.

use chrono::{DateTime, NaiveTime, Utc};
use kontor_kernel::error::Result;
use kontor_platform::app::{App, Difference};
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Spec};
use kontor_platform::store::Conn;
use kontor_platform::value::Value;

pub fn deal_stage_log() -> Spec {
    Spec::facts("deal-stage-log")
        .section("sales", "history")
        .title("stage_name")
        .sort("-entered_at")
        .columns([
            Column::reference("deal_id", "deals").required().computed().list(),
            // The name as it was then.
            Column::text("stage_name", 200).computed().default("").list(),
            Column::reference("kind_id", "deal-kinds").computed(),
            Column::reference("stage_id", "stages").required().computed().list(),
            Column::reference("manager_id", "users").computed().list(),
            Column::instant("entered_at").computed().default(DateTime::<Utc>::UNIX_EPOCH).list(),
            Column::instant("left_at").computed().list(),
        ])
        .via("deal_id", "deals")
        .index_on("deal", "(deal_id, entered_at)")
        .index_on("stage", "(stage_id, entered_at)")
        .grant("director", "read")
        .grant("sales_manager", "read:team")
        .grant("salesperson", "read:own")
        .grant("field_agent", "read:own")
        .grant("accountant", "read")
}

fn stands(r: &Record) -> bool {
    r.state() == "open" && !r.is_null("stage_id")
}

/// Ends the stay that the change ended and begins the one that it began.
pub fn keep(cx: &mut Cx, before: Option<&Record>, after: &Record) -> Result<()> {
    let was = before.filter(|b| stands(b));
    let same = stands(after) && was.is_some_and(|b| b.opt_id("stage_id") == after.opt_id("stage_id"));
    if same || (was.is_none() && !stands(after)) {
        return Ok(());
    }
    if was.is_some() {
        let left = left_at(cx, after);
        cx.conn.exec(
            "UPDATE deal_stage_log SET left_at = CASE WHEN entered_at > ? THEN entered_at ELSE ? END WHERE deal_id = ? AND left_at IS NULL",
            &[left.into(), left.into(), after.id.into()],
        )?;
    }
    if stands(after) {
        let stage = cx.load("stages", after.ref_id("stage_id"))?;
        let mut row = Record::new(cx.spec("deal-stage-log"), cx.new_id());
        row.version = 1;
        row.set("deal_id", after.id);
        row.set("stage_name", stage.text("name"));
        for column in ["kind_id", "stage_id", "manager_id"] {
            row.set(column, after.get(column).clone());
        }
        let first = before.is_none();
        let entered = if first { after.get("stage_since").clone() } else { Value::Instant(cx.ctx.now) };
        row.set("entered_at", entered);
        row.set("created_at", cx.ctx.now);
        // Facts about facts: the deal's own history says who moved it, so this row needs none.
        row.insert(cx.conn)?;
    }
    Ok(())
}

/// Now, or the day on which the deal was closed where that lies back.
fn left_at(cx: &Cx, after: &Record) -> DateTime<Utc> {
    match after.opt_date("closed_on") {
        Some(d) if after.state() != "open" && d < cx.ctx.today => d.and_time(NaiveTime::MIN).and_utc(),
        _ => cx.ctx.now,
    }
}

/// An open deal has one stay without an end, at its own stage; a closed one has none.
pub fn check(conn: &mut Conn, _app: &App) -> Result<Vec<Difference>> {
    let rows = conn.query(
        "SELECT d.name, s.name, l.stage_name FROM deals d LEFT JOIN stages s ON s.id = d.stage_id AND d.state = 'open' LEFT JOIN deal_stage_log l ON l.deal_id = d.id AND l.left_at IS NULL WHERE (s.id IS NULL AND l.id IS NOT NULL) OR (s.id IS NOT NULL AND (l.id IS NULL OR l.stage_id <> s.id)) ORDER BY d.name",
        &[],
    )?;
    rows.iter()
        .map(|r| {
            let text = |i: usize| -> Result<String> { Ok(r.opt_text(i)?.unwrap_or("—").to_string()) };
            Ok(Difference { place: "deal-stage-log".into(), key: text(0)?, expected: text(1)?, found: text(2)? })
        })
        .collect()
}
