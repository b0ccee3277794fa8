//! Approvals as work: an order that waits for one is a task of whoever may give it; one that was sent back is a task of its
//! manager. Told by the outbox after the commit, so that confirming an order does not wait for this.

use crate::order::ENTITY;
use kontor_kernel::HashSet;
use kontor_kernel::error::{Error, Kind, Result};
use kontor_platform::app::{App, Consumer};
use kontor_platform::execute::Envelope;
use kontor_platform::outbox::Event;
use kontor_platform::query::Query;
use kontor_platform::record::Record;
use kontor_platform::store::Priority;
use kontor_platform::value::Id;
use kontor_platform::{Ctx, Source};
use kontor_texts::tr_args;
use serde_json::{Value as Json, json};
use std::sync::Arc;

pub const WAITING: &str = "sales-order.waiting";
pub const APPROVED: &str = "sales-order.approved";
pub const SENT_BACK: &str = "sales-order.sent_back";
pub const CANCELLED: &str = "sales-order.cancelled";

const NAME: &str = "order-approvals";
const TASKS: &str = "tasks";
/// More heads above one another than any office has.
const HEADS: usize = 30;
/// Open tasks of one order that are ended at once.
const MOST: usize = 100;

pub fn consumer() -> Consumer {
    Consumer { name: NAME, kinds: &[WAITING, APPROVED, SENT_BACK, CANCELLED], run }
}

/// May come again for the same event, and when the order has gone on since: a task is made once per event, and only while the order
/// is still where the event left it.
fn run(app: &Arc<App>, event: &Event) -> Result<()> {
    let (Some(spec), Some(_)) = (app.registry.get(ENTITY), app.registry.get(TASKS)) else { return Ok(()) };
    let order = app.store.read(|conn| Record::load(conn, spec, event.record_id))?;
    if event.kind != WAITING {
        settle(app, event)?;
    }
    let Some(order) = order else { return Ok(()) };
    match (event.kind.as_str(), order.state()) {
        (WAITING, "approval") => match approver(app, &order)? {
            Some(doer) => give(app, event, &order, &doer, "approval", "sales-task_approve"),
            None => Ok(()),
        },
        // Who took his own order back knows of it.
        (SENT_BACK, "draft") => {
            let manager = order.opt_id("manager_id").filter(|m| *m != event.user_id);
            match manager.map(|m| active(app, m)).transpose()?.flatten() {
                Some(doer) => give(app, event, &order, &doer, "task", "sales-task_sent_back"),
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// None of whom can no longer sign in; any other failure is one, and the event comes again.
fn active(app: &Arc<App>, user: Id) -> Result<Option<Ctx>> {
    match app.ctx_of_user(user, Source::Job) {
        Ok(ctx) => Ok(Some(ctx)),
        Err(e) if e.kind() == Kind::SignedOut => Ok(None),
        Err(e) => Err(e),
    }
}

/// The nearest above the order's manager who may approve this order; with nobody there, a director who may.
fn approver(app: &Arc<App>, order: &Record) -> Result<Option<Ctx>> {
    let mut above = vec![];
    app.store.read(|conn| {
        let (mut seen, mut at) = (HashSet::new(), order.opt_id("manager_id"));
        while let Some(user) = at.filter(|u| seen.len() < HEADS && seen.insert(*u)) {
            at = match conn.query_opt("SELECT head_id FROM users WHERE id = ?", &[user.into()])? {
                Some(row) => row.opt_id(0)?,
                None => None,
            };
            above.extend(at);
        }
        Ok(())
    })?;
    above.extend(found(app, "users", &[("roles", "director"), ("active", "true"), ("sort", "login")], HEADS)?);
    for user in above {
        if let Some(ctx) = active(app, user)?
            && may_approve(app, &ctx, order)?
        {
            return Ok(Some(ctx));
        }
    }
    Ok(None)
}

fn may_approve(app: &App, ctx: &Ctx, order: &Record) -> Result<bool> {
    if !ctx.access.may(order.spec, "approve") {
        return Ok(false);
    }
    let scope = ctx.access.predicate(&app.registry, order.spec, "approve", "t");
    let and = scope.and();
    let mut params = vec![order.id.into()];
    params.extend(scope.params);
    app.store.read(|conn| Ok(conn.query_opt(&format!("SELECT 1 FROM {} t WHERE t.id = ?{and}", order.spec.table), &params)?.is_some()))
}

fn give(app: &Arc<App>, event: &Event, order: &Record, doer: &Ctx, kind: &str, text: &'static str) -> Result<()> {
    let partner = app.store.read(|conn| {
        let row = conn.query_opt("SELECT name FROM partners WHERE id = ?", &[order.ref_id("partner_id").into()])?;
        row.map_or(Ok(String::new()), |r| Ok(r.text(0)?.to_string()))
    })?;
    let subject = tr_args(doer.lang, text, &[("number", order.text("number").into()), ("partner", partner.into())]);
    let input = json!({
        "subject": subject.chars().take(500).collect::<String>(), "kind": kind, "importance": "high", "doer_id": doer.user_id,
        "due_at": event.at, "partner_id": order.opt_id("partner_id"), "deal_id": order.opt_id("deal_id"), "sales_order_id": order.id,
        "source": NAME, "external_id": event.id,
    });
    match app.execute_as(&system(), Envelope::new(format!("{TASKS}.create"), input), Priority::Jobs) {
        // Made when the event came before.
        Err(e) if e.inner().unique.is_some() => Ok(()),
        done => done.map(|_| ()),
    }
}

/// What waited for the approval waits no more.
fn settle(app: &Arc<App>, event: &Event) -> Result<()> {
    let verb = if event.kind == APPROVED { "done" } else { "cancel" };
    let order = event.record_id.to_string();
    for id in found(app, TASKS, &[("sales_order_id", &order), ("source", NAME), ("state.in", "planned,in_work")], MOST)? {
        match app.execute_as(&system(), Envelope::new(format!("{TASKS}.{verb}"), Json::Null).on(id), Priority::Jobs) {
            // Somebody ended it meanwhile.
            Err(e) if e.kind() == Kind::Refused && e.inner().code == "state_refuses" => {}
            done => drop(done?),
        }
    }
    Ok(())
}

fn found(app: &App, collection: &str, asked: &[(&str, &str)], limit: usize) -> Result<Vec<Id>> {
    let spec = app.registry.get(collection).ok_or_else(Error::not_found)?;
    let pairs: Vec<(String, String)> = asked.iter().map(|(k, v)| ((*k).to_string(), (*v).to_string())).collect();
    let query = Query { limit, ..Query::parse(app, &system(), spec, &pairs)? };
    Ok(app.list(&system(), collection, &query)?.rows.into_iter().map(|r| r.id).collect())
}

fn system() -> Ctx {
    Ctx::system().with_source(Source::Job)
}
