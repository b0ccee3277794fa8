//! Interactions: calls, meetings, mails and messages with partners, those that were and those that are planned. A planned
//! one gives its responsible a task, which follows it until it is done.

use crate::task;
use chrono::{DateTime, Utc};
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Lines, Rules, Spec, Verb};
use kontor_platform::value::Value;
use serde_json::Value as Json;

const STATES: &[&str] = &["planned", "in_work", "done", "postponed"];
const OPEN: &[&str] = &["planned", "in_work", "postponed"];
const KINDS: &[&str] = &["call_in", "call_out", "meeting", "email", "message", "planned"];
const ALL: &str = "read create update delete undo start done postpone reopen";
const TEAM: &str = "read:team create update:team delete:team undo:team start:team done:team postpone:team reopen:team";
const OWN: &str = "read:own create update:own delete:own undo:own start:own done:own postpone:own reopen:own";

pub fn interactions() -> Spec {
    Spec::catalog("interactions")
        .section("activities", "headset")
        .title("subject")
        .sort("-at")
        .columns([
            Column::choice("kind", KINDS).required().list(),
            Column::text("subject", 300).required().search().sort_key().list(),
            Column::long("text").search(),
        ])
        .states(STATES, STATES)
        .columns([
            Column::reference("partner_id", "partners").list(),
            Column::reference("contact_id", "contacts").list(),
            Column::reference("deal_id", "deals"),
            Column::reference("responsible_id", "users").by_name("responsible").list(),
            // When it happened, else when it is planned: what lists and calendars go by.
            Column::instant("at").computed().default(DateTime::<Utc>::UNIX_EPOCH).list(),
            Column::instant("happened_at"),
            Column::instant("planned_at"),
            Column::int("duration_minutes", 0, 100_000),
            Column::long("result"),
            Column::text("next_step", 500),
            Column::int("rating", 1, 5),
            Column::text("impression", 500),
            Column::reference("previous_id", "interactions"),
            Column::reference("task_id", "tasks").computed(),
        ])
        .lines(Lines {
            name: "participants",
            table: "interaction_participants",
            columns: vec![
                Column::text("text", 300),
                Column::reference("contact_id", "contacts"),
                Column::reference("partner_id", "partners"),
                Column::reference("user_id", "users"),
            ],
            max: 200,
            required: false,
        })
        .owner("responsible_id")
        .seen_by(&["created_by_id"])
        .via("partner_id", "partners")
        .index_on("contact", "(contact_id, at)")
        .index_on("deal", "(deal_id, at)")
        .index_on("previous", "(previous_id)")
        .grant("director", ALL)
        .grant("sales_manager", TEAM)
        .grant("salesperson", OWN)
        .grant("field_agent", OWN)
        .grant("accountant", OWN)
        .verb(
            Verb::new("done", OPEN, &["done"], done)
                .input(vec![
                    Column::choice("kind", KINDS),
                    Column::instant("happened_at"),
                    Column::long("result"),
                    Column::text("next_step", 500),
                ])
                .primary(),
        )
        .verb(Verb::new("start", &["planned", "postponed"], &["in_work"], start))
        .verb(Verb::new("postpone", &["planned", "in_work"], &["postponed"], postpone).input(vec![Column::instant("planned_at")]))
        .verb(Verb::new("reopen", &["done"], &["in_work"], reopen))
        .rules(InteractionRules)
}

struct InteractionRules;
impl Rules for InteractionRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        if change.is_create() {
            begin(cx, &mut change.after)?;
        }
        place(&mut change.after, cx.ctx.now);
        somebody(&change.after)?;
        if change.changed("previous_id") {
            no_circle(cx, change)?;
        }
        Ok(())
    }

    fn written(&self, cx: &mut Cx, change: &Change) -> Result<()> {
        match &change.before {
            None => give_task(cx, &change.after),
            Some(before) => keep_task(cx, before, &change.after),
        }
    }

    fn removing(&self, cx: &mut Cx, record: &Record) -> Result<()> {
        let mut gone = record.clone();
        gone.set("archived", true);
        keep_task(cx, record, &gone)
    }
}

/// What was written down without a time has just happened; what lies ahead is planned.
fn begin(cx: &mut Cx, r: &mut Record) -> Result<()> {
    task::partner_of(cx, r)?;
    let ahead = r.opt_instant("happened_at").is_some_and(|t| t > cx.ctx.now);
    if r.text("kind") == "planned" || ahead {
        if r.is_null("planned_at") {
            let at = r.get("happened_at").clone();
            r.set("planned_at", at);
        }
        r.set("happened_at", Value::Null);
    } else if r.is_null("happened_at") && r.is_null("planned_at") {
        r.set("happened_at", cx.ctx.now);
    }
    r.set("state", if r.is_null("happened_at") { "planned" } else { "done" });
    if r.is_null("task_id") && r.state() == "planned" && !cx.ctx.is_history() {
        r.set("task_id", cx.new_id());
    }
    Ok(())
}

fn place(r: &mut Record, now: DateTime<Utc>) {
    let at = r.opt_instant("happened_at").or(r.opt_instant("planned_at"));
    let made = r.opt_instant("created_at").unwrap_or(now);
    r.set("at", at.unwrap_or(made));
}

/// A participant is a contact, a partner, a colleague, or at least a name that can be linked later.
fn somebody(r: &Record) -> Result<()> {
    let spec = &r.spec.lines[0];
    for (n, l) in r.lines[0].iter().enumerate() {
        let named = l.get(spec, "text").as_text().is_some_and(|t| !t.trim().is_empty());
        if !named && ["contact_id", "partner_id", "user_id"].iter().all(|c| l.get(spec, c).is_null()) {
            return Err(Error::field(format!("participants.{n}.text"), "required"));
        }
    }
    Ok(())
}

/// A chain of interactions leads back in time and never to itself.
fn no_circle(cx: &mut Cx, change: &Change) -> Result<()> {
    let mut seen = 0;
    let mut at = change.after.opt_id("previous_id");
    while let Some(id) = at {
        seen += 1;
        if id == change.after.id || seen > 1_000 {
            return Err(Error::field("previous_id", "cycle"));
        }
        let row = cx.conn.query_opt("SELECT previous_id FROM interactions WHERE id = ?", &[id.into()])?;
        at = match row {
            Some(r) => r.opt_id(0)?,
            None => None,
        };
    }
    Ok(())
}

/// The task of a planned interaction; its id was drawn when the interaction was decided.
fn give_task(cx: &mut Cx, r: &Record) -> Result<()> {
    let Some(id) = r.opt_id("task_id") else { return Ok(()) };
    let mut t = Record::new(cx.spec("tasks"), id);
    let kind = match r.text("kind") {
        "call_in" | "call_out" => "call",
        "meeting" => "meeting",
        "email" => "email",
        _ => "task",
    };
    t.set("kind", kind);
    t.set("interaction_id", r.id);
    t.set("author_id", r.get("created_by_id").clone());
    follow(&mut t, r);
    cx.insert(&mut t)
}

/// What a task has from its interaction.
fn follow(t: &mut Record, r: &Record) {
    for (to, from) in [
        ("subject", "subject"),
        ("partner_id", "partner_id"),
        ("contact_id", "contact_id"),
        ("deal_id", "deal_id"),
        ("doer_id", "responsible_id"),
        ("due_at", "planned_at"),
    ] {
        t.set(to, r.get(from).clone());
    }
}

/// Carries what changed over to the task: other changes that somebody made to the task stay.
fn keep_task(cx: &mut Cx, before: &Record, after: &Record) -> Result<()> {
    let Some(id) = after.opt_id("task_id") else { return Ok(()) };
    let spec = cx.spec("tasks");
    let Some(old) = Record::load_locked(cx.conn, spec, id)? else { return Ok(()) };
    let mut t = old.clone();
    let (mut had, mut has) = (old.clone(), old.clone());
    follow(&mut had, before);
    follow(&mut has, after);
    for i in 0..t.values.len() {
        if had.values[i] != has.values[i] {
            t.values[i] = has.values[i].clone();
        }
    }
    let open = |r: &Record| OPEN.contains(&r.state()) && !r.bool("archived");
    match (open(before), open(after)) {
        (true, false) if matches!(t.state(), "planned" | "in_work") => {
            if after.state() == "done" {
                task::finish(cx, &mut t);
            } else {
                t.set("state", "cancelled");
            }
        }
        (false, true) if matches!(t.state(), "done" | "cancelled") => task::resume(&mut t),
        _ => {}
    }
    cx.save(&old, &mut t)?;
    Ok(())
}

fn instant(input: &Json, name: &str) -> Option<DateTime<Utc>> {
    input[name].as_str().and_then(|s| DateTime::parse_from_rfc3339(s).ok()).map(|t| t.to_utc())
}

fn start(cx: &mut Cx, r: &mut Record, _input: &Json) -> Result<Json> {
    let before = r.clone();
    r.set("state", "in_work");
    keep_task(cx, &before, r)?;
    Ok(Json::Null)
}

fn done(cx: &mut Cx, r: &mut Record, input: &Json) -> Result<Json> {
    let before = r.clone();
    let at = instant(input, "happened_at").unwrap_or(cx.ctx.now);
    if at > cx.ctx.now {
        return Err(Error::field("happened_at", "date_future"));
    }
    for column in ["kind", "result", "next_step"] {
        if let Some(text) = input[column].as_str() {
            r.set(column, text);
        }
    }
    r.set("happened_at", at);
    r.set("state", "done");
    place(r, cx.ctx.now);
    keep_task(cx, &before, r)?;
    Ok(Json::Null)
}

fn postpone(cx: &mut Cx, r: &mut Record, input: &Json) -> Result<Json> {
    let before = r.clone();
    if let Some(at) = instant(input, "planned_at") {
        r.set("planned_at", at);
    }
    r.set("state", "postponed");
    place(r, cx.ctx.now);
    keep_task(cx, &before, r)?;
    Ok(Json::Null)
}

fn reopen(cx: &mut Cx, r: &mut Record, _input: &Json) -> Result<Json> {
    let before = r.clone();
    r.set("state", "in_work");
    r.set("happened_at", Value::Null);
    place(r, cx.ctx.now);
    keep_task(cx, &before, r)?;
    Ok(Json::Null)
}
