//! The only read path: one query per entity with the caller's row scope inside; lists, counts, search, exports, pages
//! and API all take it. Keyset pagination; exact counts only when asked.

use crate::access::Predicate;
use crate::app::App;
use crate::ctx::Ctx;
use crate::filter::{self, Filter};
use crate::record::Record;
use crate::search::Order;
use crate::spec::{Kind, Spec, Ty};
use crate::store::{Backend, Conn};
use crate::value::{Id, Value};
use chrono::NaiveDate;
use kontor_kernel::error::{Error, Result};
use serde_json::Value as Json;

mod json;
mod order;
mod page;

pub use json::{Shown, record_json, record_shown};
pub use order::cursor;
pub use page::list;

pub const DEFAULT_LIMIT: usize = 50;
pub const MAX_LIMIT: usize = 500;

#[derive(Clone, Debug, Default)]
pub struct Query {
    pub q: String,
    pub filters: Vec<Filter>,
    /// Column and whether descending; empty: the entity's own order.
    pub sort: Vec<(String, bool)>,
    pub limit: usize,
    pub after: Option<String>,
    pub fields: Option<Vec<String>>,
    pub count: bool,
    /// Archived records are shown only when asked for.
    pub archived: bool,
    /// Only what is in force on this business date.
    pub as_of: Option<NaiveDate>,
    /// References by the names that an import finds them by, instead of those in the caller's language.
    pub plain_titles: bool,
}

pub struct Page {
    pub spec: &'static Spec,
    /// Shown columns, as indexes into `spec.columns`.
    pub columns: Vec<usize>,
    pub rows: Vec<PageRow>,
    pub next: Option<String>,
    pub count: Option<i64>,
    /// Too many matches of a search to be put in the list's order: the newest come first.
    pub newest: bool,
}
pub struct PageRow {
    pub id: Id,
    pub version: i64,
    /// Aligned with `Page::columns`.
    pub values: Vec<Value>,
    /// Titles of references, aligned with `Page::columns`.
    pub titles: Vec<Option<String>>,
    /// The record's own title.
    pub title: String,
}

impl Query {
    /// Reads URL parameters; unknown fields and malformed values are field errors.
    pub fn parse(app: &App, ctx: &Ctx, spec: &'static Spec, pairs: &[(String, String)]) -> Result<Query> {
        let mut out = Query { limit: DEFAULT_LIMIT, ..Default::default() };
        let mut problems = crate::input::Problems::default();
        for (k, v) in pairs {
            match k.as_str() {
                "q" => out.q = v.chars().take(200).collect(),
                "limit" => match v.parse::<usize>() {
                    Ok(n) if (1..=MAX_LIMIT).contains(&n) => out.limit = n,
                    _ => problems
                        .add("limit", "out_of_range")
                        .args
                        .extend([("min".into(), "1".into()), ("max".into(), MAX_LIMIT.to_string())]),
                },
                "after" if v.is_empty() => {}
                "after" => out.after = Some(v.clone()),
                "count" | "archived" => match v.as_str() {
                    "" | "false" | "0" => {}
                    "true" | "1" if k == "count" => out.count = true,
                    "true" | "1" => out.archived = true,
                    _ => problems.push(k, Error::refused("wrong_type").arg("expected", "bool")),
                },
                "as_of" => match crate::input::parse_date(v) {
                    Ok(d) => out.as_of = Some(d),
                    Err(_) => {
                        problems.add("as_of", "bad_date");
                    }
                },
                "fields" => out.fields = Some(v.split(',').map(|s| s.trim().to_string()).filter(|s| !s.is_empty()).collect()),
                "sort" => {
                    for s in v.split(',').filter(|s| !s.is_empty()) {
                        let (name, desc) = s.strip_prefix('-').map_or((s, false), |n| (n, true));
                        match spec.col(name) {
                            None if name == "id" => out.sort.push((name.into(), desc)),
                            Some(c) if c.visible() && !ctx.access.hidden(spec, name) && c.ty.storage() != "json" => {
                                out.sort.push((name.into(), desc))
                            }
                            _ => {
                                problems.add("sort", "unknown_field").args.push(("value".into(), name.into()));
                            }
                        }
                    }
                }
                _ => match filter::parse(app, ctx, spec, k, v) {
                    Ok(f) => out.filters.push(f),
                    Err(e) => problems.push(k, e),
                },
            }
        }
        if out.sort.len() > 4 || out.filters.len() > 40 {
            problems.add("sort", "line_limit").args.push(("max".into(), "4".into()));
        }
        problems.finish()?;
        Ok(out)
    }
}

/// FROM and WHERE of a query with scope, filters and search; shared by lists, counts, exports and bulk commands.
pub struct Source {
    pub from: String,
    /// The rows that the caller may see.
    pub scope: Predicate,
    pub wheres: Vec<String>,
    pub params: Vec<Value>,
    /// Parameters that stand in `from`, before those of `wheres`.
    pub from_params: Vec<Value>,
    /// Expression by which too many matches of a search are shown, descending, in place of the list's order.
    pub newest: Option<String>,
}

impl Source {
    pub fn where_sql(&self) -> String {
        self.where_in(&self.scope)
    }
    fn where_in(&self, scope: &Predicate) -> String {
        let all: Vec<&str> =
            Some(scope.sql.as_str()).filter(|s| !s.is_empty()).into_iter().chain(self.wheres.iter().map(String::as_str)).collect();
        if all.is_empty() { String::new() } else { format!(" WHERE {}", all.join(" AND ")) }
    }
    pub fn all_params(&self) -> Vec<Value> {
        self.params_in(&self.scope).collect()
    }
    fn params_in<'a>(&'a self, scope: &'a Predicate) -> impl Iterator<Item = Value> + 'a {
        self.from_params.iter().chain(&scope.params).chain(&self.params).cloned()
    }
}

pub fn source(conn: &mut Conn, app: &App, ctx: &Ctx, spec: &'static Spec, q: &Query, action: &str) -> Result<Source> {
    source_in(conn, app, ctx, spec, q, action, Order::List)
}

fn source_in(conn: &mut Conn, app: &App, ctx: &Ctx, spec: &'static Spec, q: &Query, action: &str, order: Order) -> Result<Source> {
    let scope = ctx.access.predicate(&app.registry, spec, action, "t");
    let mut s = Source { from: format!("{} t", spec.table), scope, wheres: vec![], params: vec![], from_params: vec![], newest: None };
    if spec.kind == Kind::Catalog && !q.archived && !q.filters.iter().any(|f| f.names("archived")) {
        s.wheres.push(if conn.backend() == Backend::Postgres { "NOT t.archived".into() } else { "t.archived = 0".into() });
    }
    if let Some((sql, params)) = q.as_of.and_then(|day| crate::in_time::predicate(spec, conn.backend(), day)) {
        s.wheres.push(sql);
        s.params.extend(params);
    }
    for f in &q.filters {
        let (sql, params) = f.sql(app, ctx, conn.backend(), "t")?;
        s.wheres.push(sql);
        s.params.extend(params);
    }
    let by_words = |column: &str| !q.q.trim().is_empty() && spec.found_by.is_some_and(|(of, _)| of == column);
    let asked = |column: &str| by_words(column) || q.filters.iter().any(|f| f.finds_by(column));
    for (_, leader) in spec.led.iter().filter(|(column, leader)| asked(column) && !asked(leader)) {
        let few =
            spec.col(leader).and_then(|c| app.registry.get_ref(&c.ty)).ok_or_else(|| Error::internal("a leader refers to nothing"))?;
        s.wheres.push(format!("t.{leader} IN (SELECT few.id FROM {} few)", few.table));
    }
    if !q.q.trim().is_empty() {
        match spec.found_by.and_then(|(column, of)| Some((column, app.registry.get(of)?))) {
            Some((column, of)) => crate::search::narrow_by_subject(conn.backend(), ctx, column, of, &q.q, &mut s),
            None => crate::search::narrow(conn, spec, &q.q, order, ctx.access.of_one_person(spec), &mut s)?,
        }
    }
    Ok(s)
}

impl App {
    /// One page of a list.
    pub fn list(&self, ctx: &Ctx, collection: &str, q: &Query) -> Result<Page> {
        let spec = self.registry.get(collection).ok_or_else(Error::not_found)?;
        if !ctx.access.may(spec, "read") {
            return Err(Error::forbidden().arg("action", "read").arg("entity", spec.name));
        }
        if q.count || !q.q.is_empty() {
            return self.store.read(|conn| list(conn, self, ctx, spec, q));
        }
        self.store.read_one(|conn| list(conn, self, ctx, spec, q))
    }

    /// One record with its lines, as the API shows it.
    pub fn get(&self, ctx: &Ctx, collection: &str, id: Id) -> Result<Json> {
        self.store.read(|conn| {
            let r = read_record(conn, self, ctx, collection, id)?;
            record_json(conn, self, ctx, &r)
        })
    }

    /// Which of these the caller may see, in one question for all of them.
    pub fn seen(&self, ctx: &Ctx, records: &[(&'static Spec, Id)]) -> Result<Vec<bool>> {
        if records.is_empty() {
            return Ok(vec![]);
        }
        let (mut each, mut params) = (vec![], vec![]);
        for (spec, id) in records {
            let p = ctx.access.predicate(&self.registry, spec, "read", "t");
            let and = if p.sql.is_empty() { String::new() } else { format!(" AND {}", p.sql) };
            each.push(format!("(SELECT COUNT(*) FROM {} t WHERE t.id = ?{and})", spec.table));
            params.push(Value::Id(*id));
            params.extend(p.params);
        }
        let sql = format!("SELECT {}", each.join(", "));
        self.store.read_one(|conn| {
            let row = conn.query_one(&sql, &params)?;
            (0..records.len()).map(|i| Ok(row.int(i)? > 0)).collect()
        })
    }

    /// One record within the caller's scope.
    pub fn record(&self, ctx: &Ctx, collection: &str, id: Id) -> Result<Record> {
        self.store.read(|conn| read_record(conn, self, ctx, collection, id))
    }
}

pub fn read_record(conn: &mut Conn, app: &App, ctx: &Ctx, collection: &str, id: Id) -> Result<Record> {
    let spec = app.registry.get(collection).ok_or_else(Error::not_found)?;
    let p = ctx.access.predicate(&app.registry, spec, "read", "t");
    let mut params = vec![Value::Id(id)];
    params.extend(p.params);
    let and = if p.sql.is_empty() { String::new() } else { format!(" AND {}", p.sql) };
    Record::load_where(conn, spec, &format!("t.id = ?{and}"), &params)?.into_iter().next().ok_or_else(Error::not_found)
}

/// Columns of `spec` that the caller may see, narrowed to `fields` when given.
pub fn visible_columns(ctx: &Ctx, spec: &Spec, fields: Option<&[String]>) -> Result<Vec<usize>> {
    if let Some(f) = fields {
        let mut out = vec![];
        for name in f {
            if matches!(name.as_str(), "id" | "version" | "title") {
                continue;
            }
            let i = spec.index(name).or_else(|| spec.columns.iter().position(|c| matches!(c.ty, Ty::Ref(_)) && c.ref_name() == name));
            match i {
                Some(i) if ctx.access.shows(spec, &spec.columns[i]) => out.push(i),
                _ => return Err(Error::field("fields", "unknown_field").field_arg("value", name)),
            }
        }
        return Ok(out);
    }
    Ok((0..spec.columns.len()).filter(|i| ctx.access.shows(spec, &spec.columns[*i])).collect())
}
