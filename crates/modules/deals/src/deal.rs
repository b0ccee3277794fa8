//! The deal: one possible sale.

use crate::verbs;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Lines, Rules, Spec, Verb};
use kontor_platform::value::{Id, Value};

pub const STATES: &[&str] = &["open", "won", "lost"];
const PARTICIPANTS: &[&str] = &["client", "decision_maker", "influencer", "own", "subcontractor", "supplier", "competitor", "other"];

pub fn deals() -> Spec {
    Spec::catalog("deals")
        .section("sales", "target-arrow")
        .states(STATES, &["open"])
        .columns([
            Column::text("name", 300).required().search().sort_key().list(),
            Column::reference("partner_id", "partners").list(),
            Column::reference("contact_id", "contacts"),
            Column::amount("amount").list(),
            Column::code("currency", "currencies").required().list(),
            Column::reference("company_id", "companies"),
            Column::reference("kind_id", "deal-kinds"),
            Column::reference("stage_id", "stages").list(),
            Column::percent("probability"),
            Column::reference("manager_id", "users").by_name("manager").list(),
            Column::reference("lead_source_id", "lead-sources").by_name("lead_source"),
            Column::date("opened_on").list(),
            Column::date("closes_on").list(),
            Column::date("closed_on").computed(),
            Column::instant("stage_since").computed(),
            Column::amount("won_amount").computed(),
            Column::reference("loss_reason_id", "loss-reasons").computed(),
            Column::reference("winner_id", "partners").computed(),
            Column::text("next_step", 300),
            Column::date("next_step_on"),
            Column::long("initial_need"),
            Column::long("comment"),
        ])
        .lines(Lines {
            name: "lines",
            table: "deal_lines",
            columns: vec![Column::reference("product_id", "products").required(), Column::quantity("quantity"), Column::amount("amount")],
            max: 500,
            required: false,
        })
        .lines(Lines {
            name: "participants",
            table: "deal_participants",
            columns: vec![
                Column::choice("role", PARTICIPANTS).required(),
                Column::reference("contact_id", "contacts"),
                Column::reference("partner_id", "partners"),
                Column::reference("user_id", "users"),
                Column::text("note", 300),
            ],
            max: 200,
            required: false,
        })
        .group(&["amount", "currency"])
        .owner("manager_id")
        .company("company_id")
        .index_on("stage", "(state, stage_id)")
        .index_on("closed", "(state, closed_on)")
        .grant("director", "read create update delete undo move win lose reopen")
        .grant("sales_manager", "read:team create update:team delete:team undo:team move:team win:team lose:team reopen:team")
        .grant("salesperson", "read:own create update:own delete:own undo:own move:own win:own lose:own reopen:own")
        .grant("field_agent", "read:own create update:own undo:own move:own")
        .grant("accountant", "read")
        .verb(Verb::new("move", &["open"], &["open"], verbs::move_to).input(vec![Column::reference("stage_id", "stages").required()]))
        .verb(Verb::new("win", &["open"], &["won"], verbs::win).input(vec![Column::amount("amount"), Column::date("on")]).primary().undone_by("reopen"))
        .verb(
            Verb::new("lose", &["open"], &["lost"], verbs::lose)
                .input(vec![
                    Column::reference("reason_id", "loss-reasons").required(),
                    Column::reference("winner_id", "partners"),
                    Column::date("on"),
                    Column::long("comment"),
                ])
                .undone_by("reopen"),
        )
        .verb(Verb::new("reopen", &["won", "lost"], &["open"], verbs::reopen))
        .rules(DealRules)
}

struct DealRules;
impl Rules for DealRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        if change.is_create() {
            begin(cx, change)?;
        }
        let r = &change.after;
        if r.percent("probability") > kontor_kernel::Percent::HUNDRED {
            return Err(Error::field("probability", "out_of_range").field_arg("min", 0).field_arg("max", 100));
        }
        if let (Some(from), Some(to)) = (r.opt_date("opened_on"), r.opt_date("closes_on"))
            && to < from
            && (change.changed("closes_on") || change.changed("opened_on"))
        {
            return Err(Error::field("closes_on", "before_from"));
        }
        if change.changed("stage_id") {
            stage_fits(cx, &change.after)?;
            change.after.set("stage_since", cx.ctx.now);
        }
        Ok(())
    }
}

/// Day of opening, kind and first stage, where the caller left them open.
fn begin(cx: &mut Cx, change: &mut Change) -> Result<()> {
    let r = &mut change.after;
    // History has deals of which nobody knows when they began.
    if r.is_null("opened_on") && !cx.ctx.is_history() {
        r.set("opened_on", cx.ctx.today);
    }
    if r.is_null("kind_id") {
        let kind = match r.opt_id("stage_id") {
            Some(stage) => Some(cx.load("stages", stage)?.ref_id("kind_id")),
            None => first(cx, "SELECT id FROM deal_kinds WHERE archived = ? ORDER BY created_at, id LIMIT 1", &[])?,
        };
        r.set("kind_id", kind);
    }
    if r.is_null("stage_id")
        && let Some(kind) = r.opt_id("kind_id")
        && cx.load("deal-kinds", kind)?.text("control") != "none"
    {
        let stage = first(cx, "SELECT id FROM stages WHERE archived = ? AND kind_id = ? ORDER BY position, id LIMIT 1", &[kind.into()])?;
        r.set("stage_id", stage);
    }
    Ok(())
}

fn first(cx: &mut Cx, sql: &str, more: &[Value]) -> Result<Option<Id>> {
    let mut params = vec![Value::Bool(false)];
    params.extend_from_slice(more);
    cx.conn.query_opt(sql, &params)?.map(|r| r.id(0)).transpose()
}

/// A stage belongs to one kind; a deal stands only at stages of its own.
pub fn stage_fits(cx: &mut Cx, deal: &Record) -> Result<()> {
    let Some(stage) = deal.opt_id("stage_id") else { return Ok(()) };
    if cx.load("stages", stage)?.opt_id("kind_id") != deal.opt_id("kind_id") {
        return Err(Error::field("stage_id", "stage_of_other_kind"));
    }
    Ok(())
}
