//! What all documents share: their number, their date, the day on which corrections of closed periods stand.

use crate::{Company, company};
use chrono::NaiveDate;
use kontor_kernel::error::{Error, Result};
use kontor_platform::app::Difference;
use kontor_platform::cx::{Change, Cx};
use kontor_platform::record::Record;
use kontor_platform::store::{Backend, Conn};
use kontor_platform::value::Id;

/// Longest number that a history may bring along.
const NUMBER: usize = 40;

/// A document on its way into the registers: what movements name as their recorder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DocRef {
    pub entity: &'static str,
    pub id: Id,
    /// Day of the movements.
    pub date: NaiveDate,
}

impl Company {
    /// The day on which something dated `date` may still be written: itself, or the first open day.
    pub fn open_day(&self, date: NaiveDate) -> NaiveDate {
        match self.closed_until {
            Some(closed) if date <= closed => closed.succ_opt().unwrap_or(date),
            _ => date,
        }
    }
}

/// Gives a new document its date and number and refuses a date in a closed period. The number is drawn from the company's
/// series at first save; a history keeps the number that it brings.
pub fn begin(cx: &mut Cx, change: &mut Change, prefix: &str) -> Result<Company> {
    let company = dated(cx, change)?;
    number(cx, &mut change.after, prefix, |cx, series| cx.next_number(series))?;
    Ok(company)
}

/// The date of `begin`, for documents whose number waits until everything else is decided.
pub fn dated(cx: &mut Cx, change: &mut Change) -> Result<Company> {
    let r = &mut change.after;
    let company = company(cx, r.ref_id("company_id"))?;
    if r.is_null("date") {
        r.set("date", company.today(cx.ctx));
    }
    let moved = change.before.as_ref().is_none_or(|b| b.get("date") != r.get("date") || b.state() == r.spec.initial);
    if moved && let Some(date) = r.opt_date("date") {
        company.check_open(date)?;
    }
    Ok(company)
}

/// Whether a new document is posted by the command that makes it (`post`), which takes the right to post. Not in a preview.
pub fn posts_at_once(cx: &Cx, change: &Change) -> Result<bool> {
    let wanted = change.is_create() && change.after.bool("post") && !cx.preview;
    if wanted {
        cx.ctx.access.require(change.after.spec, "post")?;
    }
    Ok(wanted)
}

/// The document is in force from now on, and what asked for that is done.
pub fn mark_posted(cx: &Cx, r: &mut Record) {
    r.set("state", "posted");
    r.set("posted_at", cx.ctx.now);
    r.set("post", false);
}

/// Whether the command that made the document has posted it: its effects are to be written.
pub fn came_posted(change: &Change) -> bool {
    change.is_create() && change.after.state() == "posted"
}

/// The number of `begin`, out of a series that may have gaps (decision 10): many people make such documents at once.
pub fn number_with_gaps(cx: &mut Cx, r: &mut Record, prefix: &str) -> Result<()> {
    number(cx, r, prefix, |cx, series| cx.next_number_with_gaps(series))
}

fn number(cx: &mut Cx, r: &mut Record, prefix: &str, draw: impl FnOnce(&mut Cx, &str) -> Result<i64>) -> Result<()> {
    if !r.text("number").is_empty() {
        return Ok(());
    }
    let given = r.text("external_id");
    if cx.ctx.is_history() && !given.is_empty() && given.chars().count() <= NUMBER {
        let given = given.to_string();
        r.set("number", given);
    } else if !cx.preview {
        let n = draw(cx, &series(r.spec.name, r.ref_id("company_id"), prefix))?;
        r.set("number", format!("{prefix}-{n:06}"));
    }
    Ok(())
}

fn series(entity: &str, company: Id, prefix: &str) -> String {
    format!("{entity}:{company}:{prefix}")
}

/// The document's own date (every document has one once it was decided).
pub fn date_of(r: &Record) -> Result<NaiveDate> {
    r.opt_date("date").ok_or_else(|| Error::field("date", "required"))
}

/// Documents whose number was drawn twice, or is beyond what their series has drawn.
pub fn check_numbers(conn: &mut Conn, table: &str, entity: &str, prefix: &str) -> Result<Vec<Difference>> {
    let mut out = vec![];
    let like = format!("{prefix}-______%");
    let rows = conn.query(&format!("SELECT company_id, number, COUNT(*) FROM {table} WHERE number LIKE ? AND external_id IS NULL GROUP BY company_id, number HAVING COUNT(*) > 1"), &[like.as_str().into()])?;
    for r in &rows {
        out.push(Difference {
            place: format!("numbers of {entity}"),
            key: format!("{} / {}", r.id(0)?, r.text(1)?),
            expected: "1".into(),
            found: r.int(2)?.to_string(),
        });
    }
    let digits = prefix.len() + 2;
    let sql = format!(
        "SELECT company_id, MAX(CAST(SUBSTR(number, {digits}) AS BIGINT)) FROM {table} WHERE number LIKE ? AND external_id IS NULL GROUP BY company_id"
    );
    for r in &conn.query(&sql, &[like.as_str().into()])? {
        let drawn: i64 = conn
            .query_opt("SELECT value FROM sequences WHERE series = ?", &[series(entity, r.id(0)?, prefix).into()])?
            .map_or(Ok(0), |s| s.int(0))?;
        let last = r.int(1)?;
        if last > drawn {
            out.push(Difference {
                place: format!("numbers of {entity}"),
                key: r.id(0)?.to_string(),
                expected: format!("at least {last}"),
                found: drawn.to_string(),
            });
        }
    }
    Ok(out)
}

/// `CAST(… AS this)` of a sum: PostgreSQL sums 64-bit numbers to `numeric`.
pub fn int_type(conn: &Conn) -> &'static str {
    if conn.backend() == Backend::Postgres { "BIGINT" } else { "INTEGER" }
}

/// Prices of a type that is for purchases are costs: no sale is priced by them. Looks at `column` where it is new.
pub fn priced_for_sales(cx: &mut Cx, change: &Change, column: &'static str) -> Result<()> {
    let anew = change.before.is_none() || change.changed(column);
    match change.after.opt_id(column).filter(|_| anew && !cx.ctx.is_history()) {
        Some(id) => type_for_sales(cx, id, column),
        None => Ok(()),
    }
}

/// Refuses a price type for purchases at `field`.
pub fn type_for_sales(cx: &mut Cx, id: Id, field: impl Into<String>) -> Result<()> {
    let Some(spec) = cx.app.registry.get("price-types") else { return Ok(()) };
    let sql = format!("SELECT name FROM {} WHERE id = ? AND usage = 'purchase'", spec.table);
    match cx.conn.query_opt(&sql, &[id.into()])? {
        Some(r) => Err(Error::field(field, "price_type_purchase").field_arg("price_type", r.text(0)?)),
        None => Ok(()),
    }
}
