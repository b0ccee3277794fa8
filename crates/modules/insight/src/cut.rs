//! By what a report is cut: the key of a row as an SQL expression, its title, and where the row opens to.

use crate::cond::month_of;
use crate::money::Money;
use chrono::NaiveDate;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_platform::App;
use kontor_platform::ctx::Ctx;
use kontor_platform::report::Params;
use kontor_platform::store::{Backend, Conn, Row};
use kontor_platform::titles;
use kontor_platform::value::{Id, Value};
use kontor_texts::{format, tr};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Month,
    /// A code: country.
    Code,
    /// Records of a collection.
    Ref(&'static str),
}

/// One way to cut: `by=name`.
#[derive(Clone, Debug)]
pub struct Cut {
    pub name: &'static str,
    pub kind: Kind,
    /// Key over the report's aliases.
    pub sql: String,
    /// Filter of the list that a row opens to, if it can be told by one.
    pub filter: Option<&'static str>,
}

/// Key of a row; months and codes are text, none is the rows without one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    None,
    Text(String),
    Id(Id),
}

impl Cut {
    pub fn month(backend: Backend, column: &str, filter: Option<&'static str>) -> Cut {
        Cut { name: "month", kind: Kind::Month, sql: month_of(backend, column), filter }
    }
    pub fn of(name: &'static str, collection: &'static str, sql: &str, filter: Option<&'static str>) -> Cut {
        Cut { name, kind: Kind::Ref(collection), sql: sql.into(), filter }
    }

    pub fn key(&self, row: &Row, at: usize) -> Result<Key> {
        if row.raw(at)?.is_null() {
            return Ok(Key::None);
        }
        Ok(match self.kind {
            Kind::Ref(_) => row.opt_id(at)?.filter(|i| !i.is_nil()).map_or(Key::None, Key::Id),
            _ => row.opt_text(at)?.filter(|t| !t.is_empty()).map_or(Key::None, |t| Key::Text(t.to_string())),
        })
    }

    /// What a row is called, for all keys at once.
    pub fn titles(&self, conn: &mut Conn, app: &App, ctx: &Ctx, keys: impl Iterator<Item = Key>) -> Result<HashMap<Key, String>> {
        let keys: BTreeSet<Key> = keys.collect();
        let ids: BTreeSet<Id> = keys.iter().filter_map(|k| if let Key::Id(i) = k { Some(*i) } else { None }).collect();
        let known = match self.kind {
            Kind::Ref(of) => titles::titles(conn, app, ctx.lang, BTreeMap::from([(of, ids)]))?,
            _ => HashMap::new(),
        };
        let countries = if self.kind == Kind::Code { country_names(conn, app, ctx)? } else { HashMap::new() };
        Ok(keys
            .into_iter()
            .map(|k| {
                let title = match &k {
                    Key::None => tr(ctx.lang, &format!("report-no_{}", self.name)).to_string(),
                    Key::Id(i) => known.get(i).cloned().unwrap_or_default(),
                    Key::Text(t) if self.kind == Kind::Month => first_day(t).map_or_else(|| t.clone(), |d| format::month(ctx.lang, d)),
                    Key::Text(t) => countries.get(t).unwrap_or(t).clone(),
                };
                (k, title)
            })
            .collect())
    }

    /// URL filters that name the records of a row.
    pub fn filters(&self, key: &Key) -> Option<Vec<(String, String)>> {
        let f = self.filter?;
        Some(match key {
            Key::None => vec![(format!("{f}.empty"), "true".into())],
            Key::Id(i) => vec![(f.to_string(), i.to_string())],
            Key::Text(t) if self.kind == Kind::Month => {
                let from = first_day(t)?;
                let to = from.checked_add_months(chrono::Months::new(1))?.pred_opt()?;
                vec![(format!("{f}.ge"), from.to_string()), (format!("{f}.le"), to.to_string())]
            }
            Key::Text(t) => vec![(f.to_string(), t.clone())],
        })
    }
}

impl Key {
    pub fn value(&self) -> Value {
        match self {
            Key::None => Value::Null,
            Key::Text(t) => t.as_str().into(),
            Key::Id(i) => Value::Text(i.to_string()),
        }
    }
}

pub fn first_day(month: &str) -> Option<NaiveDate> {
    format!("{month}-01").parse().ok()
}

fn country_names(conn: &mut Conn, app: &App, ctx: &Ctx) -> Result<HashMap<String, String>> {
    let spec = app.registry.get("countries").ok_or_else(Error::not_found)?;
    let title = titles::sql(spec, "t", Some(ctx.lang), conn.backend());
    let rows = conn.query(&format!("SELECT t.code, {title} FROM countries t"), &[])?;
    rows.iter().map(|r| Ok((r.text(0)?.to_string(), r.text(1)?.to_string()))).collect()
}

/// A list with filters, as the address bar has it.
pub fn list_url(collection: &str, filters: &[(String, String)]) -> String {
    let mut url = format!("/{collection}");
    for (n, (k, v)) in filters.iter().enumerate() {
        url.push(if n == 0 { '?' } else { '&' });
        url.push_str(k);
        url.push('=');
        for b in v.bytes() {
            match b {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b',' => url.push(b as char),
                _ => url.push_str(&format!("%{b:02X}")),
            }
        }
    }
    url
}

/// How many rows are shown, and what has to be said of them.
pub fn limited(params: &Params, money: &Money, rows: usize) -> (usize, Vec<&'static str>) {
    let limit = params.values.get("limit").and_then(Value::as_int).map_or(usize::MAX, |n| n as usize);
    let mut notes = vec![];
    if money.to.is_some() {
        notes.push("report-note-converted");
    }
    if rows > limit {
        notes.push("report-note-cut");
    }
    (limit, notes)
}
