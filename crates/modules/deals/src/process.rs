//! Which stage a deal may stand at: stages belong to kinds, and a strict kind is walked step by step.

use chrono::{DateTime, NaiveTime, Utc};
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::value::{Id, Value};
use serde_json::{Value as Json, json};

/// A stage given by name is the one of that name in the deal's kind. History makes what is missing.
pub fn stage_by_name(cx: &mut Cx, before: Option<&Record>, input: &Json) -> Result<Option<Json>> {
    let Some(name) = input.get("stage").and_then(Json::as_str).filter(|n| !n.trim().is_empty()) else { return Ok(None) };
    if name.contains('\0') {
        return Err(Error::field("stage", "bad_text"));
    }
    let Some(kind) = kind_of(cx, before, input)? else { return Ok(None) };
    let find = |cx: &mut Cx| {
        first(cx, "SELECT id FROM stages WHERE archived = ? AND kind_id = ? AND name = ? LIMIT 1", &[kind.into(), name.into()])
    };
    let make = |cx: &mut Cx| cx.create("stages", json!({"name": name, "kind_id": kind})).map(|r| Some(r.id));
    let found = if cx.ctx.is_history() { cx.found_or_made(&format!("stages {kind} {name}"), find, make)? } else { find(cx)? };
    let stage = found.ok_or_else(|| Error::field("stage", "reference_missing").field_arg("value", name))?;
    let mut out = input.clone();
    if let Json::Object(o) = &mut out {
        o.shift_remove("stage");
        o.shift_remove("kind");
        o.insert("kind_id".into(), json!(kind));
        o.insert("stage_id".into(), json!(stage));
    }
    Ok(Some(out))
}

/// The kind that the input means; nothing where its own check will say what is wrong.
fn kind_of(cx: &mut Cx, before: Option<&Record>, input: &Json) -> Result<Option<Id>> {
    if let Some(id) = input.get("kind_id").and_then(Json::as_str) {
        return Ok(Id::parse_str(id).ok());
    }
    if let Some(name) = input.get("kind").and_then(Json::as_str) {
        if name.contains('\0') || name.trim().is_empty() {
            return Ok(None);
        }
        let find = |cx: &mut Cx| first(cx, "SELECT id FROM deal_kinds WHERE archived = ? AND name = ? LIMIT 1", &[name.into()]);
        let make = |cx: &mut Cx| cx.create("deal-kinds", json!({"name": name})).map(|r| Some(r.id));
        return if cx.ctx.is_history() { cx.found_or_made(&format!("deal-kinds {name}"), find, make) } else { find(cx) };
    }
    match before.and_then(|b| b.opt_id("kind_id")) {
        Some(kind) => Ok(Some(kind)),
        None => usual_kind(cx),
    }
}

fn first(cx: &mut Cx, sql: &str, more: &[Value]) -> Result<Option<Id>> {
    let mut params = vec![Value::Bool(false)];
    params.extend_from_slice(more);
    cx.conn.query_opt(sql, &params)?.map(|r| r.id(0)).transpose()
}

/// The oldest kind that is still in use.
fn usual_kind(cx: &mut Cx) -> Result<Option<Id>> {
    first(cx, "SELECT id FROM deal_kinds WHERE archived = ? ORDER BY created_at, id LIMIT 1", &[])
}

fn control(cx: &mut Cx, kind: Id) -> Result<String> {
    Ok(cx.load("deal-kinds", kind)?.text("control").to_string())
}

/// Kind and stage of a new or edited deal: what is left open is filled, what does not fit is refused.
pub fn stage_of_kind(cx: &mut Cx, change: &mut Change) -> Result<()> {
    let create = change.is_create();
    if create && change.after.is_null("kind_id") && !change.given("kind_id") {
        let kind = match change.after.opt_id("stage_id") {
            Some(stage) => cx.load("stages", stage)?.opt_id("kind_id"),
            None => usual_kind(cx)?,
        };
        change.after.set("kind_id", kind);
    }
    let of_kind = change.changed("kind_id");
    if !of_kind && !change.changed("stage_id") {
        return Ok(());
    }
    let kind = change.after.opt_id("kind_id");
    let control = match kind {
        Some(k) => control(cx, k)?,
        None => "none".into(),
    };
    if of_kind && !change.given("stage_id") {
        let stage = match kind.filter(|_| control != "none") {
            Some(k) => stages(cx, k)?.first().map(|s| s.0),
            None => None,
        };
        change.after.set("stage_id", stage);
    }
    let Some(stage) = change.after.opt_id("stage_id") else { return Ok(()) };
    if control == "none" {
        return Err(Error::field("stage_id", "kind_without_stages"));
    }
    if cx.load("stages", stage)?.opt_id("kind_id") != kind {
        return Err(Error::field("stage_id", "stage_of_other_kind"));
    }
    let from = if of_kind { None } else { change.before.as_ref().and_then(|b| b.opt_id("stage_id")) };
    match kind {
        Some(k) if control == "strict" && cx.command != "audit.undo" => step_by_step(cx, k, from, stage),
        _ => Ok(()),
    }
}

/// Stages of a kind in their order, with names.
fn stages(cx: &mut Cx, kind: Id) -> Result<Vec<(Id, String)>> {
    let rows = cx
        .conn
        .query("SELECT id, name FROM stages WHERE kind_id = ? AND archived = ? ORDER BY position, id", &[kind.into(), false.into()])?;
    rows.iter().map(|r| Ok((r.id(0)?, r.text(1)?.to_string()))).collect()
}

/// A strict kind is entered at its first stage and left neighbour by neighbour. History comes as it was.
fn step_by_step(cx: &mut Cx, kind: Id, from: Option<Id>, to: Id) -> Result<()> {
    if cx.ctx.is_history() {
        return Ok(());
    }
    let all = stages(cx, kind)?;
    let place = |id: Id| all.iter().position(|s| s.0 == id);
    let (allowed, next) = match (from.and_then(place), place(to)) {
        (Some(a), b) => (b.is_some_and(|b| a.abs_diff(b) <= 1), a + 1),
        (None, b) => (b == Some(0), 0),
    };
    if allowed {
        return Ok(());
    }
    let title = all.get(next).or(all.last()).map_or("", |s| s.1.as_str());
    Err(Error::field("stage_id", "stage_skipped").field_arg("title", title))
}

/// Checks and makes a move; `false` when the deal stands there already.
pub fn go(cx: &mut Cx, deal: &mut Record, to: Id) -> Result<bool> {
    let (from, kind) = (deal.opt_id("stage_id"), deal.opt_id("kind_id"));
    if from == Some(to) {
        return Ok(false);
    }
    let of = cx.load("stages", to)?.opt_id("kind_id");
    match kind {
        // A deal that has no kind yet gets that of its first stage.
        None => deal.set("kind_id", of),
        Some(k) => {
            let control = control(cx, k)?;
            if control == "none" {
                return Err(Error::field("stage_id", "kind_without_stages"));
            }
            if of != kind {
                return Err(Error::field("stage_id", "stage_of_other_kind"));
            }
            if control == "strict" {
                step_by_step(cx, k, from, to)?;
            }
        }
    }
    deal.set("stage_id", to);
    deal.set("stage_since", cx.ctx.now);
    Ok(true)
}

/// Since when a deal stands at the stage it was just put to: now; in history since it was opened, if that is known.
pub fn entered_at(cx: &Cx, change: &Change) -> Option<DateTime<Utc>> {
    change.after.opt_id("stage_id")?;
    match change.after.opt_date("opened_on") {
        Some(d) if cx.ctx.is_history() && change.is_create() => Some(d.and_time(NaiveTime::MIN).and_utc()),
        _ => Some(cx.ctx.now),
    }
}
