//! The deal: one possible sale.

use crate::process;
use crate::stage_log;
use crate::verbs;
use kontor_kernel::error::{Error, Result};
use kontor_kernel::{Amount, Percent};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Lines, Rules, Spec, Verb};
use serde_json::Value as Json;

pub const STATES: &[&str] = &["open", "won", "lost"];
const PARTICIPANTS: &[&str] = &["client", "decision_maker", "influencer", "own", "subcontractor", "supplier", "competitor", "other"];
/// What the outcome rests on: reopen the deal to change it.
const FROZEN: [&str; 8] = ["partner_id", "amount", "currency", "kind_id", "stage_id", "probability", "opened_on", "company_id"];
const ALL: &str = "read create update delete undo move win lose reopen";
const TEAM: &str = "read:team create update:team delete:team undo:team move:team win:team lose:team reopen:team";
const OWN: &str = "read:own create update:own delete:own undo:own move:own win:own lose:own reopen:own";

fn columns() -> Vec<Column> {
    vec![
        Column::text("name", 300).required().search().sort_key().list(),
        Column::reference("partner_id", "partners").list(),
        Column::reference("contact_id", "contacts"),
        Column::amount("amount").list(),
        Column::code("currency", "currencies").required().list(),
        Column::reference("company_id", "companies"),
        Column::reference("kind_id", "deal-kinds").by_name("kind"),
        Column::reference("stage_id", "stages").by_name("stage").list(),
        // The manager's own estimate; without it the stage's probability counts.
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
        Column::tags("tags").search(),
        Column::long("comment"),
    ]
}

fn lines() -> Lines {
    Lines {
        name: "lines",
        table: "deal_lines",
        columns: vec![Column::reference("product_id", "products").required(), Column::quantity("quantity"), Column::amount("amount")],
        max: 500,
        required: false,
    }
}

fn participants() -> Lines {
    Lines {
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
    }
}

pub fn deals() -> Spec {
    Spec::catalog("deals")
        .section("sales", "target-arrow")
        .states(STATES, STATES)
        .columns(columns())
        .lines(lines())
        .lines(participants())
        .group(&["amount", "currency"])
        .owner("manager_id")
        .via("partner_id", "partners")
        .company("company_id")
        .import_key(&["name"])
        .index_on("stage", "(state, stage_id)")
        .index_on("closed", "(state, closed_on)")
        .index_on("kind", "(kind_id, state)")
        .index_on("deal_lines.product", "(product_id)")
        .grant("director", ALL)
        .grant("sales_manager", TEAM)
        .grant("salesperson", OWN)
        .grant("field_agent", OWN)
        .grant("accountant", "read")
        .verb(Verb::new("move", &["open"], &["open"], verbs::move_to).input(vec![Column::reference("stage_id", "stages").required()]))
        .verb(Verb::new("win", &["open"], &["won"], verbs::win).input(vec![Column::amount("amount"), Column::date("on")]).primary())
        .verb(Verb::new("lose", &["open"], &["lost"], verbs::lose).input(vec![
            Column::reference("reason_id", "loss-reasons").by_name("reason"),
            Column::reference("winner_id", "partners").by_name("winner"),
            Column::date("on"),
            Column::long("comment"),
        ]))
        .verb(Verb::new("reopen", &["won", "lost"], &["open"], verbs::reopen))
        .rules(DealRules)
}

struct DealRules;
impl Rules for DealRules {
    fn prepare(&self, cx: &mut Cx, before: Option<&Record>, input: &Json) -> Result<Option<Json>> {
        process::stage_by_name(cx, before, input)
    }

    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        still_open(cx, change)?;
        if change.is_create() {
            begin(cx, change)?;
        }
        process::stage_of_kind(cx, change)?;
        sum_of_lines(change)?;
        figures(&change.after)?;
        participants_named(&change.after)?;
        dates(cx, change)?;
        if change.changed("stage_id") && !change.given("stage_since") {
            let at = process::entered_at(cx, change);
            change.after.set("stage_since", at);
        }
        Ok(())
    }

    fn written(&self, cx: &mut Cx, change: &Change) -> Result<()> {
        stage_log::keep(cx, change.before.as_ref(), &change.after)
    }
}

/// A closed deal keeps what its outcome rests on. (Undoing a win or a loss changes the state and passes.)
fn still_open(cx: &Cx, change: &Change) -> Result<()> {
    let closed = change.after.state() != "open" && change.before.as_ref().is_some_and(|b| b.state() == change.after.state());
    if !closed || cx.ctx.is_history() {
        return Ok(());
    }
    let mut errors: Vec<Error> = FROZEN.iter().filter(|c| change.changed(c)).map(|c| Error::field(*c, "deal_closed")).collect();
    if change.before.as_ref().is_some_and(|b| b.lines[0] != change.after.lines[0]) {
        errors.push(Error::field("lines", "deal_closed"));
    }
    Error::collect(errors)
}

/// The day of opening and the company, where the caller left them open.
fn begin(cx: &mut Cx, change: &mut Change) -> Result<()> {
    let r = &mut change.after;
    // History has deals of which nobody knows when they began.
    if r.is_null("opened_on") && !cx.ctx.is_history() {
        // One that was to be closed on an earlier day is written down late.
        let closes = r.opt_date("closes_on").filter(|d| *d < cx.ctx.today);
        r.set("opened_on", closes.unwrap_or(cx.ctx.today));
    }
    if r.is_null("company_id") && !change.given.contains("company_id") {
        let company = match cx.ctx.access.companies.first() {
            Some(c) => Some(*c),
            None => the_only_company(cx)?,
        };
        r.set("company_id", company);
    }
    if let (true, Some(contact)) = (r.is_null("partner_id"), r.opt_id("contact_id")) {
        let partner = cx.load("contacts", contact)?.opt_id("partner_id");
        r.set("partner_id", partner);
    }
    Ok(())
}

fn the_only_company(cx: &mut Cx) -> Result<Option<kontor_platform::value::Id>> {
    let rows = cx.conn.query("SELECT id FROM companies WHERE archived = ? LIMIT 2", &[false.into()])?;
    if rows.len() == 1 { rows[0].id(0).map(Some) } else { Ok(None) }
}

/// The potential is the sum of the lines until somebody says otherwise.
fn sum_of_lines(change: &mut Change) -> Result<()> {
    let sum = |r: &Record| -> Result<Option<Amount>> {
        let spec = &r.spec.lines[0];
        let amounts: Vec<Amount> = r.lines[0].iter().filter_map(|l| l.get(spec, "amount").as_int()).map(Amount::from_scaled).collect();
        if amounts.is_empty() { Ok(None) } else { Amount::sum(amounts).map(Some).map_err(|e| e.at("lines")) }
    };
    if change.given("amount") || !change.given("lines") {
        return Ok(());
    }
    let followed = match &change.before {
        None => true,
        Some(b) => b.is_null("amount") || sum(b)?.is_some_and(|s| s == b.amount("amount")),
    };
    if let (true, Some(s)) = (followed, sum(&change.after)?) {
        change.after.set("amount", s.scaled());
    }
    Ok(())
}

fn figures(r: &Record) -> Result<()> {
    if r.percent("probability") > Percent::HUNDRED {
        return Err(Error::field("probability", "out_of_range").field_arg("min", 0).field_arg("max", 100));
    }
    let currency = r.currency("currency")?;
    currency.check(r.amount("amount"), "amount")?;
    let spec = &r.spec.lines[0];
    for (n, l) in r.lines[0].iter().enumerate() {
        let amount = Amount::from_scaled(l.get(spec, "amount").as_int().unwrap_or(0));
        currency.check(amount, &format!("lines.{n}.amount"))?;
    }
    Ok(())
}

fn participants_named(r: &Record) -> Result<()> {
    let spec = &r.spec.lines[1];
    for (n, l) in r.lines[1].iter().enumerate() {
        if ["contact_id", "partner_id", "user_id"].iter().all(|c| l.get(spec, c).is_null()) {
            return Err(Error::field(format!("participants.{n}.contact_id"), "required"));
        }
    }
    Ok(())
}

fn dates(cx: &Cx, change: &Change) -> Result<()> {
    let r = &change.after;
    if cx.ctx.is_history() || !(change.changed("closes_on") || change.changed("opened_on")) {
        return Ok(());
    }
    if change.changed("opened_on") && r.opt_date("opened_on").is_some_and(|d| d > cx.ctx.today) {
        return Err(Error::field("opened_on", "date_future"));
    }
    match (r.opt_date("opened_on"), r.opt_date("closes_on")) {
        (Some(from), Some(to)) if to < from => {
            Err(Error::field("closes_on", "close_before_open").hint("close_before_open", vec![("date".into(), from.to_string())]))
        }
        _ => Ok(()),
    }
}
