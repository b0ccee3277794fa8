//! Rows of a list read by the names of their columns. What the caller may not read is not there: an unreadable
//! collection answers no rows, an unreadable column no value, so that a page folds instead of failing.

use crate::pages::Call;
use chrono::{DateTime, NaiveDate, Utc};
use kontor_kernel::error::Result;
use kontor_platform::query::{Page, PageRow, Query};
use kontor_platform::record::value_json;
use kontor_platform::value::{Id, Value};
use serde_json::Value as Json;

/// A part of a list. `None`: not registered or not readable for the caller.
pub struct Rows {
    page: Option<Page>,
}

/// May the caller read this collection at all?
pub fn readable(c: &Call, collection: &str) -> bool {
    may(c, collection, "read")
}

/// May the caller do `action` with (some of) this collection?
pub fn may(c: &Call, collection: &str, action: &str) -> bool {
    c.app.registry.get(collection).is_some_and(|s| c.ctx.access.may(s, action))
}

/// Rows of `collection` by list conditions (`("partner_id", …)`, `("sort", "-date")`, `("limit", "10")`); `fields` that the
/// caller may not see are left out.
pub fn rows(c: &Call, collection: &str, conditions: &[(&str, &str)], fields: &[&str]) -> Result<Rows> {
    let (app, ctx) = (&c.app, &c.ctx);
    let Some(spec) = app.registry.get(collection).filter(|s| ctx.access.may(s, "read")) else { return Ok(Rows { page: None }) };
    let pairs: Vec<(String, String)> = conditions.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let mut q = Query::parse(app, ctx, spec, &pairs)?;
    let seen = |f: &&&str| spec.col(f).is_some_and(|c| c.visible() && !ctx.access.hidden(spec, c.name));
    q.fields = Some(fields.iter().filter(seen).map(|f| (*f).to_owned()).collect());
    Ok(Rows { page: Some(app.list(ctx, collection, &q)?) })
}

/// How many match; none where the caller may not read.
pub fn count(c: &Call, collection: &str, conditions: &[(&str, &str)]) -> Result<Option<i64>> {
    let mut all = conditions.to_vec();
    all.extend([("limit", "1"), ("count", "true")]);
    Ok(rows(c, collection, &all, &[])?.count())
}

impl Rows {
    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.page.iter().flat_map(|page| page.rows.iter().map(move |row| Row { page, row }))
    }
    pub fn first(&self) -> Option<Row<'_>> {
        self.iter().next()
    }
    pub fn len(&self) -> usize {
        self.page.as_ref().map_or(0, |p| p.rows.len())
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    pub fn readable(&self) -> bool {
        self.page.is_some()
    }
    /// How many match; none where it was not asked for.
    pub fn count(&self) -> Option<i64> {
        self.page.as_ref().and_then(|p| p.count)
    }
    /// Where the rows after these begin.
    pub fn next(&self) -> Option<&str> {
        self.page.as_ref().and_then(|p| p.next.as_deref())
    }
    /// There are more rows than the limit let in.
    pub fn more(&self) -> bool {
        self.page.as_ref().is_some_and(|p| p.next.is_some())
    }
}

#[derive(Clone, Copy)]
pub struct Row<'a> {
    page: &'a Page,
    row: &'a PageRow,
}

impl<'a> Row<'a> {
    fn at(&self, column: &str) -> Option<usize> {
        self.page.columns.iter().position(|i| self.page.spec.columns[*i].name == column)
    }
    pub fn id(&self) -> Id {
        self.row.id
    }
    pub fn version(&self) -> i64 {
        self.row.version
    }
    pub fn title(&self) -> &'a str {
        &self.row.title
    }
    pub fn entity(&self) -> &'static str {
        self.page.spec.name
    }
    /// Its card.
    pub fn href(&self) -> String {
        format!("/{}/{}", self.page.spec.name, self.row.id)
    }
    pub fn value(&self, column: &str) -> &'a Value {
        self.at(column).map_or(&Value::Null, |i| &self.row.values[i])
    }
    pub fn text(&self, column: &str) -> &'a str {
        self.value(column).as_text().unwrap_or("")
    }
    /// Title of what a reference points to.
    pub fn name_of(&self, column: &str) -> &'a str {
        self.at(column).and_then(|i| self.row.titles[i].as_deref()).unwrap_or("")
    }
    pub fn id_of(&self, column: &str) -> Option<Id> {
        self.value(column).as_id()
    }
    /// A number as the API writes it; empty when there is none.
    pub fn decimal(&self, column: &str) -> String {
        let Some(i) = self.at(column) else { return String::new() };
        match value_json(&self.page.spec.columns[self.page.columns[i]].ty, &self.row.values[i]) {
            Json::String(s) => s,
            Json::Number(n) => n.to_string(),
            _ => String::new(),
        }
    }
    /// The stored integer of a number.
    pub fn scaled(&self, column: &str) -> i64 {
        self.value(column).as_int().unwrap_or(0)
    }
    pub fn date(&self, column: &str) -> Option<NaiveDate> {
        self.value(column).as_date()
    }
    pub fn instant(&self, column: &str) -> Option<DateTime<Utc>> {
        match self.value(column) {
            Value::Instant(t) => Some(*t),
            _ => None,
        }
    }
    pub fn json(&self, column: &str) -> &'a Json {
        match self.value(column) {
            Value::Json(j) => j,
            _ => &Json::Null,
        }
    }
    /// Whether a yes-or-no column holds.
    pub fn flag(&self, column: &str) -> bool {
        matches!(self.value(column), Value::Bool(true) | Value::Int(1))
    }
    pub fn state(&self) -> &'a str {
        self.text("state")
    }
}
