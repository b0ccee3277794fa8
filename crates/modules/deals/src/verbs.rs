//! Verbs of deals: move, win, lose, reopen. Undo takes each of them back field by field.

use crate::{process, stage_log};
use chrono::NaiveDate;
use kontor_kernel::Amount;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::value::{Id, Value, id_in, parsed};
use serde_json::{Value as Json, json};

fn id(input: &Json, name: &str) -> Option<Id> {
    id_in(&input[name])
}

/// To another stage of the deal's kind; one where it stands already changes nothing.
pub fn move_to(cx: &mut Cx, deal: &mut Record, input: &Json) -> Result<Json> {
    let before = deal.clone();
    let Some(stage) = id(input, "stage_id") else { return Err(Error::field("stage_id", "required")) };
    if process::go(cx, deal, stage)? {
        stage_log::keep(cx, Some(&before), deal)?;
        cx.event("deal.moved", deal, json!({"from": before.opt_id("stage_id"), "to": stage}))?;
    }
    Ok(Json::Null)
}

/// The day of closing: as given, else today; never before the deal was opened, nor in the future. A deal that was written down
/// afterwards began no later than it ended: the day of its entry, which nobody named, gives way to the day of closing.
fn closing_day(cx: &mut Cx, deal: &mut Record, input: &Json) -> Result<NaiveDate> {
    let day = parsed::<NaiveDate>(&input["on"]).unwrap_or(cx.ctx.today);
    if cx.ctx.is_history() {
        return Ok(day);
    }
    if let Some(opened) = deal.opt_date("opened_on").filter(|o| day < *o) {
        if written_on(cx, deal) != Some(opened) {
            return Err(Error::field("on", "close_before_open").hint("close_before_open", vec![("date".into(), opened.to_string())]));
        }
        deal.set("opened_on", day);
        cx.warn("opened_on", "deal_opened_earlier", vec![("date".into(), day.to_string())]);
    }
    if day > cx.ctx.today {
        return Err(Error::field("on", "date_future"));
    }
    Ok(day)
}

/// The day on which the deal was entered, where its company is.
fn written_on(cx: &Cx, deal: &Record) -> Option<NaiveDate> {
    match deal.get("created_at") {
        Value::Instant(t) => Some(t.with_timezone(&cx.ctx.zone).date_naive()),
        _ => None,
    }
}

/// `amount` is what it was won for; the potential stays beside it.
pub fn win(cx: &mut Cx, deal: &mut Record, input: &Json) -> Result<Json> {
    let before = deal.clone();
    let day = closing_day(cx, deal, input)?;
    let amount = match input["amount"].as_str() {
        Some(s) => {
            let amount = Amount::parse(s).map_err(|e| e.at("amount"))?;
            deal.currency("currency")?.check(amount, "amount")?;
            Value::Int(amount.scaled())
        }
        None => deal.get("amount").clone(),
    };
    deal.set("won_amount", amount);
    close(cx, &before, deal, day, "won")
}

/// A loss has a reason; only history may not know it.
pub fn lose(cx: &mut Cx, deal: &mut Record, input: &Json) -> Result<Json> {
    let before = deal.clone();
    let day = closing_day(cx, deal, input)?;
    let reason = id(input, "reason_id");
    if reason.is_none() && !cx.ctx.is_history() {
        return Err(Error::field("reason_id", "required"));
    }
    deal.set("loss_reason_id", reason);
    let winner = id(input, "winner_id");
    if let Some(w) = winner {
        let roles = cx.load("partners", w)?.json("roles").clone();
        if !roles.as_array().is_some_and(|a| a.iter().any(|r| r == "competitor")) {
            cx.warn("winner_id", "winner_not_competitor", vec![]);
        }
    }
    deal.set("winner_id", winner);
    if let Some(c) = input["comment"].as_str() {
        deal.set("comment", c);
    }
    close(cx, &before, deal, day, "lost")
}

fn close(cx: &mut Cx, before: &Record, deal: &mut Record, day: NaiveDate, state: &'static str) -> Result<Json> {
    deal.set("closed_on", day);
    deal.set("state", state);
    stage_log::keep(cx, Some(before), deal)?;
    cx.event(if state == "won" { "deal.won" } else { "deal.lost" }, deal, json!({"on": day}))?;
    Ok(Json::Null)
}

pub fn reopen(cx: &mut Cx, deal: &mut Record, _input: &Json) -> Result<Json> {
    let before = deal.clone();
    for column in ["closed_on", "won_amount", "loss_reason_id", "winner_id"] {
        deal.set(column, Value::Null);
    }
    deal.set("state", "open");
    if !deal.is_null("stage_id") {
        deal.set("stage_since", cx.ctx.now);
    }
    stage_log::keep(cx, Some(&before), deal)?;
    cx.event("deal.reopened", deal, json!({}))?;
    Ok(Json::Null)
}
