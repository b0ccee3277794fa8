//! Puts edited prices into effect: price changes of up to 10,000 lines each, written in slices; and takes them back as one group.

use super::edit::{count, id_of, next, target};
use crate::price_change::{self, MAX_LINES};
use crate::types::Known;
use chrono::NaiveDate;
use kontor_kernel::Price;
use kontor_kernel::error::{Error, Result};
use kontor_platform::cx::Cx;
use kontor_platform::jobs::{self, Job, JobKind, Slice};
use kontor_platform::record::Record;
use kontor_platform::spec::Column;
use kontor_platform::value::{Id, Value, id_in, parsed};
use kontor_platform::{App, Ctx};
use kontor_texts::tr_args;
use serde_json::{Value as Json, json};
use std::sync::Arc;

pub fn columns() -> Vec<Column> {
    vec![
        // In force from this day on; today when left open.
        Column::date("valid_from"),
        Column::map("filter"),
        // Drafts of price changes, for somebody else to post.
        Column::bool("as_draft", false),
        Column::long("comment"),
    ]
}

pub fn back_columns() -> Vec<Column> {
    vec![Column::reference("job_id", "jobs").required()]
}

pub fn start(cx: &mut Cx, r: &mut Record, input: &Json) -> Result<Json> {
    let draft = target(cx, r.id)?.approval || input["as_draft"] == json!(true);
    let changes = cx.spec("price-changes");
    let needed = if draft { "create" } else { "post" };
    cx.ctx.access.require(changes, needed)?;
    let mut asked = input.clone();
    asked["price_type_id"] = json!(r.id);
    asked["as_draft"] = json!(draft);
    if asked["valid_from"].is_null() {
        asked["valid_from"] = json!(cx.ctx.today);
    }
    let total = count(cx, &input["filter"])?;
    let title = tr_args(cx.ctx.lang, "price-job-apply", &[("price_type", r.title().into())]);
    let job = jobs::start(cx, "apply-prices", &title, asked, Some(total))?;
    Ok(json!({"job_id": job.id, "total": total}))
}

/// A line to be: product, its new price, the one before.
type Line = (Id, Price, Option<Price>);

pub struct Apply;

impl JobKind for Apply {
    fn name(&self) -> &'static str {
        "apply-prices"
    }

    fn slice(&self, app: &Arc<App>, ctx: &Ctx, job: &Job) -> Result<Slice> {
        if job.position["phase"] == "back" {
            return back(app, job, job.id);
        }
        let price_type = id_of(&job.input["price_type_id"])?;
        let day: NaiveDate = parsed::<NaiveDate>(&job.input["valid_from"]).unwrap_or(ctx.today);
        let after = id_in(&job.position["after"]).unwrap_or_default();
        let (t, now) = app.store.read_with_timeout(std::time::Duration::from_secs(60), |conn| {
            let mut cx = Cx::new(conn, app, ctx, "");
            cx.preview = true;
            let t = target(&mut cx, price_type)?;
            Ok((t, next(&mut cx, price_type, &job.input["filter"], day, after, job.size)?))
        })?;
        let [changed, zero] = ["changed", "zero"].map(|name| job.position[name].as_i64().unwrap_or(0));
        let Some(last) = now.last().map(|n| n.product) else {
            return Ok(Slice::end(job, json!({"done": job.done, "changed": changed, "zero": zero, "group_id": job.id})));
        };
        let lines: Vec<Line> =
            now.iter().filter_map(|n| n.edited.filter(|e| n.effective != Some(*e)).map(|e| (n.product, e, n.effective))).collect();
        let mut position = job.position.clone();
        position["after"] = json!(last);
        position["changed"] = json!(changed + lines.len() as i64);
        position["zero"] = json!(zero + lines.iter().filter(|l| l.1.is_zero()).count() as i64);
        let done = job.done + now.len() as i64;
        if lines.is_empty() {
            return Ok(Slice::at(job, position, done));
        }
        // Another document begins when the open one is full; which one that is, is settled here, before anything is written.
        let used = position["lines"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let open = id_in(&position["change"]).filter(|_| used + lines.len() <= MAX_LINES);
        let to = Document { id: open.unwrap_or_else(Id::now_v7), new: open.is_none(), from: if open.is_some() { used } else { 0 } };
        position["change"] = json!(to.id);
        position["lines"] = json!(to.from + lines.len());
        let (id, draft, comment) = (job.id, job.input["as_draft"] == json!(true), job.input["comment"].as_str().map(str::to_string));
        let (kept, prices) = (kept(&t, &to, &lines), if draft { vec![] } else { prices(ctx, &t, day, &to, &lines) });
        Ok(Slice::at(job, position, done).writing(move |cx, _| {
            if to.new {
                price_change::begin_of_job(cx, to.id, day, id, draft, comment.as_deref())?;
            }
            cx.conn.insert_rows("price_change_lines", &KEPT, &kept, "")?;
            cx.conn.insert_rows("prices", &price_change::PRICE_COLUMNS, &prices, "").map(|_| ())
        }))
    }

    fn ahead(&self) -> bool {
        true
    }

    fn take_back(&self, job: &Job) -> Option<Json> {
        (job.position["phase"] != "back").then(|| json!({"phase": "back"}))
    }
}

/// The price change that lines go to, and the number of the first of them in it.
struct Document {
    id: Id,
    new: bool,
    from: usize,
}

const KEPT: [&str; 7] = ["id", "parent_id", "position", "price_type_id", "product_id", "price", "previous"];

/// Lines of the document, made before the writer is asked for them.
fn kept(t: &Known, to: &Document, lines: &[Line]) -> Vec<Vec<Value>> {
    let row = |(n, (product, price, previous)): (usize, &Line)| {
        vec![
            Id::now_v7().into(),
            to.id.into(),
            Value::Int((to.from + n) as i64),
            t.id.into(),
            (*product).into(),
            price.scaled().into(),
            previous.map(|p| p.scaled()).into(),
        ]
    };
    lines.iter().enumerate().map(row).collect()
}

/// The prices that come into force.
fn prices(ctx: &Ctx, t: &Known, day: NaiveDate, to: &Document, lines: &[Line]) -> Vec<Vec<Value>> {
    let (now, author): (Value, Value) = (ctx.now.into(), if ctx.user_id.is_nil() { Value::Null } else { ctx.user_id.into() });
    let row = |(product, price, _): &Line| {
        vec![
            Id::now_v7().into(),
            1i64.into(),
            t.id.into(),
            (*product).into(),
            day.into(),
            price.scaled().into(),
            t.currency.code().into(),
            to.id.into(),
            now.clone(),
            author.clone(),
            now.clone(),
            now.clone(),
        ]
    };
    lines.iter().map(row).collect()
}

pub fn start_back(cx: &mut Cx, r: &mut Record, input: &Json) -> Result<Json> {
    let job = id_of(&input["job_id"]).map_err(|_| Error::field("job_id", "required"))?;
    let done = cx.load("jobs", job)?;
    let edits = done.text("kind") == "edit-prices";
    if !edits && done.text("kind") != "apply-prices" {
        return Err(Error::field("job_id", "reference_missing").field_arg("value", job));
    }
    if ["queued", "running"].contains(&done.state()) {
        return Err(Error::field("job_id", "job_running"));
    }
    let (entity, right) = if edits { ("edited-prices", "update") } else { ("price-changes", "reverse") };
    cx.ctx.access.require(cx.spec(entity), right)?;
    let title = tr_args(cx.ctx.lang, "price-job-back", &[("price_type", r.title().into())]);
    let asked = json!({"job_id": job, "price_type_id": r.id, "edits": edits});
    if edits {
        if done.json("input")["price_type_id"] != json!(r.id) {
            return Err(Error::field("job_id", "reference_missing").field_arg("value", job));
        }
        let total = done.json("result")["changed"].as_i64();
        let started = jobs::start(cx, "take-prices-back", &title, asked, total)?;
        return Ok(json!({"job_id": started.id, "total": total}));
    }
    let sql = "SELECT COALESCE(SUM(n), 0) FROM (SELECT (SELECT COUNT(*) FROM price_change_lines l WHERE l.parent_id = d.id) AS n \
               FROM price_changes d WHERE d.job_id = ? AND d.state = 'posted') x";
    let int = kontor_office::document::int_type(cx.conn);
    let total =
        cx.conn.query_one(&sql.replace("COALESCE(SUM(n), 0)", &format!("CAST(COALESCE(SUM(n), 0) AS {int})")), &[job.into()])?.int(0)?;
    let started = jobs::start(cx, "take-prices-back", &title, asked, Some(total))?;
    Ok(json!({"job_id": started.id, "total": total}))
}

pub struct TakeBack;

impl JobKind for TakeBack {
    fn name(&self) -> &'static str {
        "take-prices-back"
    }
    fn slice(&self, app: &Arc<App>, _ctx: &Ctx, job: &Job) -> Result<Slice> {
        let of = id_of(&job.input["job_id"])?;
        if job.input["edits"] != json!(true) {
            return back(app, job, of);
        }
        if job.position["phase"] == "back" {
            return super::edit::back(job, of);
        }
        Ok(Slice::at(job, super::edit::back_from(&job.input["price_type_id"]), 0))
    }
}

/// Takes the rows of the job's changes out of force; a change is reversed with its last rows, so that in between the check
/// sees it posted with fewer prices than lines for some milliseconds only.
fn back(app: &Arc<App>, job: &Job, of: Id) -> Result<Slice> {
    let next = app.store.read(|conn| {
        let sql = "SELECT id FROM price_changes WHERE job_id = ? AND state IN ('posted', 'draft') ORDER BY id DESC LIMIT 1";
        conn.query_opt(sql, &[of.into()])?.map(|r| r.id(0)).transpose()
    })?;
    let gone = job.position["gone"].as_i64().unwrap_or(0);
    let Some(change) = next else { return Ok(Slice::end(job, json!({"done": job.done, "taken_back": gone}))) };
    let (size, done) = (job.size, job.done);
    // Going back from what was written, the count of a job that was stopped goes down.
    let stopped = job.stopping;
    Ok(Slice::at(job, json!({"phase": "back", "gone": gone}), done).writing(move |cx, step| {
        let sql = format!("DELETE FROM prices WHERE seq IN (SELECT seq FROM prices WHERE price_change_id = ? LIMIT {size})");
        let rows = cx.conn.exec(&sql, &[change.into()])?;
        let n = i64::try_from(rows).unwrap_or(0);
        step.done = if stopped { (done - n).max(0) } else { done + n };
        step.position = json!({"phase": "back", "gone": gone + n});
        if rows < size as u64 {
            let before = cx.load("price-changes", change)?;
            let mut after = before.clone();
            after.set("state", "reversed");
            cx.save(&before, &mut after)?;
        }
        Ok(())
    }))
}
