//! Tasks: something to be done by somebody, maybe about a partner or a deal. Author, doer and controller see them.

use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, NONE, Rules, Spec, Verb};
use kontor_platform::value::Value;
use serde_json::{Value as Json, json};

pub const STATES: &[&str] = &["planned", "in_work", "done", "cancelled"];
/// Everybody does tasks of his own and gives some to others.
const OWN: &str = "read:own create update:own delete:own undo:own start:own done:own reopen:own cancel:own";
const TEAM: &str = "read:team create update:team delete:team undo:team start:team done:team reopen:team cancel:team";
const ALL: &str = "read create update delete undo start done reopen cancel";

pub fn tasks() -> Spec {
    Spec::catalog("tasks")
        .section("activities", "checkbox")
        .title("subject")
        .sort("-due_at")
        .columns([
            Column::text("subject", 500).required().search().sort_key().list(),
            Column::long("text").search(),
            Column::choice("kind", &["task", "call", "meeting", "email", "approval", "other"]).default("task").list(),
        ])
        .states(STATES, STATES)
        .columns([
            Column::choice("importance", &["low", "normal", "high"]).default("normal").list(),
            Column::int("percent", 0, 100).default(0i64),
            Column::instant("due_at").list(),
            Column::instant("reminder_at"),
            Column::instant("started_at").computed(),
            Column::instant("done_at").computed(),
            Column::reference("partner_id", "partners").list(),
            Column::reference("contact_id", "contacts"),
            Column::reference("deal_id", "deals").list(),
            Column::reference("interaction_id", "interactions"),
            Column::reference("sales_order_id", "sales-orders"),
            Column::reference("author_id", "users").computed(),
            Column::reference("doer_id", "users").by_name("doer").list(),
            Column::reference("controller_id", "users"),
            Column::long("result"),
        ])
        .owner("doer_id")
        .seen_by(&["author_id", "controller_id"])
        .index_on("author", "(author_id)")
        .index_on("controller", "(controller_id)")
        .index_on("deal", "(deal_id)")
        .index_on("interaction", "(interaction_id)")
        .index_on("sales_order", "(sales_order_id)")
        .index_on("todo", "(doer_id, state, due_at)")
        .grant("director", ALL)
        .grant("sales_manager", TEAM)
        .grant("salesperson", OWN)
        .grant("field_agent", OWN)
        .grant("storekeeper", OWN)
        .grant("accountant", OWN)
        .verb(Verb::new("done", &["planned", "in_work"], &["done"], done).input(vec![Column::long("result")]).primary())
        .verb(Verb::new("start", &["planned"], &["in_work"], start))
        .verb(Verb::new("cancel", &["planned", "in_work"], &["cancelled"], cancel).input(vec![Column::long("result")]))
        .verb(Verb::new("reopen", &["done", "cancelled"], &["planned", "in_work"], reopen))
        .rules(TaskRules)
}

struct TaskRules;
impl Rules for TaskRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        let after = &mut change.after;
        if change.before.is_none() {
            if cx.ctx.user_id != NONE {
                after.set("author_id", cx.ctx.user_id);
            }
            partner_of(cx, after)?;
        }
        if let (Some(due), Some(reminder)) = (after.opt_instant("due_at"), after.opt_instant("reminder_at"))
            && reminder > due
            && !cx.ctx.is_history()
        {
            return Err(Error::field("reminder_at", "reminder_after_due"));
        }
        Ok(())
    }
}

/// The partner of the contact or the deal, where none was given: what is about them is about him.
pub fn partner_of(cx: &mut Cx, r: &mut Record) -> Result<()> {
    for (column, collection) in [("contact_id", "contacts"), ("deal_id", "deals")] {
        if r.is_null("partner_id")
            && let Some(id) = r.opt_id(column)
        {
            let partner = cx.load(collection, id)?.opt_id("partner_id");
            r.set("partner_id", partner);
        }
    }
    Ok(())
}

fn note(task: &mut Record, input: &Json) {
    if let Some(text) = input["result"].as_str() {
        task.set("result", text);
    }
}

fn start(cx: &mut Cx, task: &mut Record, _input: &Json) -> Result<Json> {
    task.set("state", "in_work");
    task.set("started_at", cx.ctx.now);
    Ok(Json::Null)
}

fn done(cx: &mut Cx, task: &mut Record, input: &Json) -> Result<Json> {
    note(task, input);
    finish(cx, task);
    cx.event("task.done", task, json!({}))?;
    Ok(Json::Null)
}

fn cancel(_cx: &mut Cx, task: &mut Record, input: &Json) -> Result<Json> {
    note(task, input);
    task.set("state", "cancelled");
    Ok(Json::Null)
}

fn reopen(_cx: &mut Cx, task: &mut Record, _input: &Json) -> Result<Json> {
    resume(task);
    Ok(Json::Null)
}

pub fn finish(cx: &Cx, task: &mut Record) {
    task.set("state", "done");
    task.set("percent", 100i64);
    task.set("done_at", cx.ctx.now);
}

/// Back to where it was before it was done or cancelled.
pub fn resume(task: &mut Record) {
    let started = !task.is_null("started_at");
    task.set("state", if started { "in_work" } else { "planned" });
    task.set("done_at", Value::Null);
    if task.int("percent") == 100 {
        task.set("percent", 0i64);
    }
}
