//! Carries out commands of the past: each by its user, at its moment, in slices of one transaction.

use crate::Options;
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeZone, Utc, Weekday};
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_platform::access::Access;
use kontor_platform::ctx::{Ctx, Source};
use kontor_platform::value::Id;
use kontor_platform::{App, Envelope};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Commands in one transaction.
const SLICE: usize = 120;

pub struct Run<'a> {
    pub app: &'a Arc<App>,
    pub options: &'a Options,
    base: Ctx,
    now: DateTime<Utc>,
    /// Users by login.
    pub users: HashMap<&'static str, Id>,
    pub made: BTreeMap<String, usize>,
    pub refused: Vec<String>,
}

/// Who did it and when.
#[derive(Clone, Copy, Debug)]
pub struct When {
    pub by: &'static str,
    pub day: NaiveDate,
    /// Minutes after midnight in Kyiv.
    pub minute: i64,
}

impl When {
    pub fn new(by: &'static str, day: NaiveDate, minute: i64) -> When {
        When { by, day, minute }
    }
}

pub type Command = (When, Envelope);

/// `collection.create` with its input.
pub fn create(when: When, collection: &str, input: Json) -> Command {
    (when, Envelope::new(format!("{collection}.create"), input))
}

pub fn verb(when: When, collection: &str, id: Id, name: &str, input: Json) -> Command {
    (when, Envelope::new(format!("{collection}.{name}"), input).on(id))
}

impl<'a> Run<'a> {
    pub fn new(app: &'a Arc<App>, options: &'a Options) -> Run<'a> {
        let mut base = Ctx::system().with_source(Source::Import);
        base.access = Arc::new(Access::system());
        base.group = Some(kontor_platform::value::new_id());
        Run { app, options, now: base.now, base, users: HashMap::new(), made: BTreeMap::new(), refused: vec![] }
    }

    pub fn today(&self) -> NaiveDate {
        self.options.today
    }
    /// First day of the story.
    pub fn start(&self) -> NaiveDate {
        self.options.start()
    }

    fn ctx(&self, when: When) -> Ctx {
        let mut ctx = self.base.clone();
        ctx.now = moment(when.day, when.minute).min(self.now);
        ctx.today = when.day.min(self.options.today);
        if let Some(id) = self.users.get(when.by) {
            ctx.user_id = *id;
            ctx.login = when.by.into();
        }
        ctx
    }

    /// Runs all, in order; the ids of the records in the same order. A refusal ends the story: it must not happen.
    pub fn all(&mut self, commands: Vec<Command>) -> Result<Vec<Id>> {
        self.carry_out(commands)?.into_iter().collect()
    }

    /// The same for the happenings of a day: what is refused did not happen, and is told in the summary.
    pub fn day(&mut self, commands: Vec<Command>) -> Result<Vec<Option<Id>>> {
        let mut out = vec![];
        for made in self.carry_out(commands)? {
            out.push(match made {
                Ok(id) => Some(id),
                Err(e) => {
                    self.refused.push(format!("{e:?}"));
                    None
                }
            });
        }
        Ok(out)
    }

    fn carry_out(&mut self, commands: Vec<Command>) -> Result<Vec<Result<Id>>> {
        let mut out = Vec::with_capacity(commands.len());
        let mut rest = commands.into_iter().peekable();
        while rest.peek().is_some() {
            let slice: Vec<Command> = rest.by_ref().take(SLICE).collect();
            let told: Vec<(String, Json)> = slice.iter().map(|(_, e)| (e.command.clone(), e.input.clone())).collect();
            let slice: Vec<(Ctx, Envelope)> = slice.into_iter().map(|(w, e)| (self.ctx(w), e)).collect();
            for ((command, input), outcome) in told.into_iter().zip(self.app.execute_each(slice, true)?) {
                let id = match outcome {
                    Ok(o) => o.id.ok_or_else(|| Error::internal(format!("{command} made nothing"))),
                    Err(e) => Err(refused(&command, &input, &e)),
                };
                if let (Some(collection), Ok(_)) = (command.strip_suffix(".create"), &id) {
                    *self.made.entry(collection.to_string()).or_default() += 1;
                }
                out.push(id);
            }
        }
        Ok(out)
    }

    pub fn one(&mut self, command: Command) -> Result<Id> {
        self.all(vec![command])?.pop().ok_or_else(|| Error::internal("a command was expected"))
    }

    /// Ids of records by a column with text in it.
    pub fn by_text(&self, table: &str, column: &str) -> Result<HashMap<String, Id>> {
        self.app.store.read(|conn| {
            let rows = conn.query(&format!("SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY id DESC"), &[])?;
            rows.iter().map(|r| Ok((r.text(1)?.to_string(), r.id(0)?))).collect()
        })
    }
}

fn refused(command: &str, input: &Json, e: &Error) -> Error {
    let i = e.inner();
    let fields: Vec<String> = i.fields.iter().map(|f| format!("{}: {} {:?}", f.field, f.code, f.args)).collect();
    let input: String = input.to_string().chars().take(600).collect();
    Error::internal(format!("demo: {command} is refused: {} {:?} {} in {input}", i.code, i.args, fields.join("; ")))
}

pub fn moment(day: NaiveDate, minute: i64) -> DateTime<Utc> {
    let time = NaiveTime::from_num_seconds_from_midnight_opt((minute.clamp(0, 1439) * 60) as u32, 0).unwrap_or_default();
    chrono_tz::Europe::Kyiv.from_local_datetime(&day.and_time(time)).earliest().map_or_else(|| day.and_time(time).and_utc(), |t| t.to_utc())
}

pub fn rfc(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

pub fn is_workday(d: NaiveDate) -> bool {
    !matches!(d.weekday(), Weekday::Sat | Weekday::Sun)
}

/// So many working days later (earlier for a negative number); 0 is the day itself or the next working day.
pub fn workdays(from: NaiveDate, days: i64) -> NaiveDate {
    let step = |d: NaiveDate| if days < 0 { d.pred_opt() } else { d.succ_opt() }.unwrap_or(d);
    let mut d = from;
    while !is_workday(d) {
        d = step(d);
    }
    for _ in 0..days.abs() {
        d = step(d);
        while !is_workday(d) {
            d = step(d);
        }
    }
    d
}

pub fn plus(d: NaiveDate, days: i64) -> NaiveDate {
    d.checked_add_signed(chrono::Duration::days(days)).unwrap_or(d)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn working_days_skip_weekends() {
        let day = |s: &str| s.parse::<NaiveDate>().expect("a date");
        assert_eq!(workdays(day("2026-11-20"), 1), day("2026-11-23"));
        assert_eq!(workdays(day("2026-11-21"), 0), day("2026-11-23"));
        assert_eq!(workdays(day("2026-11-23"), -1), day("2026-11-20"));
        assert_eq!(moment(day("2026-07-01"), 600).to_string(), "2026-07-01 07:00:00 UTC");
    }
}
