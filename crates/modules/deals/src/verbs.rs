//! Verbs of deals: move, win, lose, reopen.

use crate::deal::stage_fits;
use chrono::NaiveDate;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::value::{Id, Value};
use serde_json::Value as Json;

fn id(input: &Json, name: &str) -> Option<Id> {
    input[name].as_str().and_then(|s| Id::parse_str(s).ok())
}

/// To another stage of the deal's kind; a strict kind lets it go one step forward or any number back.
pub fn move_to(cx: &mut Cx, deal: &mut Record, input: &Json) -> Result<Json> {
    let from = deal.opt_id("stage_id");
    deal.set("stage_id", id(input, "stage_id"));
    if deal.opt_id("stage_id") == from {
        return Ok(Json::Null);
    }
    stage_fits(cx, deal)?;
    if let Some(kind) = deal.opt_id("kind_id")
        && cx.load("deal-kinds", kind)?.text("control") == "strict"
        && let (Some(a), Some(b)) = (from, deal.opt_id("stage_id"))
    {
        let (a, b) = (place(cx, kind, a)?, place(cx, kind, b)?);
        if b > a + 1 {
            return Err(Error::field("stage_id", "stage_skipped"));
        }
    }
    deal.set("stage_since", cx.ctx.now);
    Ok(Json::Null)
}

/// How many stages of the kind stand before this one.
fn place(cx: &mut Cx, kind: Id, stage: Id) -> Result<i64> {
    let position = cx.load("stages", stage)?.int("position");
    cx.conn.query_one("SELECT COUNT(*) FROM stages WHERE kind_id = ? AND archived = ? AND position < ?", &[kind.into(), false.into(), position.into()])?.int(0)
}

/// The day of closing: as given, else today; never before the deal was opened, nor in the future.
fn closing_day(cx: &Cx, deal: &Record, input: &Json) -> Result<NaiveDate> {
    let day = input["on"].as_str().and_then(|s| s.parse().ok()).unwrap_or(cx.ctx.today);
    if deal.opt_date("opened_on").is_some_and(|o| day < o) {
        return Err(Error::field("on", "before_from"));
    }
    if day > cx.ctx.today {
        return Err(Error::field("on", "in_future"));
    }
    Ok(day)
}

pub fn win(cx: &mut Cx, deal: &mut Record, input: &Json) -> Result<Json> {
    let day = closing_day(cx, deal, input)?;
    let amount = match input["amount"].as_str() {
        Some(s) => Value::Int(kontor_kernel::Amount::parse(s).map_err(|e| e.at("amount"))?.scaled()),
        None => deal.get("amount").clone(),
    };
    deal.set("won_amount", amount);
    deal.set("closed_on", day);
    deal.set("state", "won");
    Ok(Json::Null)
}

pub fn lose(cx: &mut Cx, deal: &mut Record, input: &Json) -> Result<Json> {
    let day = closing_day(cx, deal, input)?;
    deal.set("loss_reason_id", id(input, "reason_id"));
    deal.set("winner_id", id(input, "winner_id"));
    if let Some(c) = input["comment"].as_str() {
        deal.set("comment", c);
    }
    deal.set("closed_on", day);
    deal.set("state", "lost");
    Ok(Json::Null)
}

pub fn reopen(_cx: &mut Cx, deal: &mut Record, _input: &Json) -> Result<Json> {
    for column in ["closed_on", "won_amount", "loss_reason_id", "winner_id"] {
        deal.set(column, Value::Null);
    }
    deal.set("state", "open");
    Ok(Json::Null)
}
