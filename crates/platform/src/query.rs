//! The only read path: one query per entity with the caller's row scope inside; lists, counts, search, exports, pages
//! and API all take it. Keyset pagination; exact counts only when asked.

use crate::access::{Access, Predicate};
use crate::app::App;
use crate::ctx::Ctx;
use crate::filter::{self, Filter};
use crate::record::{self, Record};
use crate::search::Order;
use crate::spec::{Column, Kind, Mode, Spec, Ty};
use crate::store::{Backend, Conn};
use crate::titles;
use crate::value::{Id, Value};
use base64::Engine;
use chrono::NaiveDate;
use kontor_kernel::error::{Error, Result};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};

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
                "count" => out.count = v == "true" || v == "1",
                "archived" => out.archived = v == "true" || v == "1",
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

#[derive(Clone)]
struct SortKey {
    expr: String,
    desc: bool,
    ty: &'static str,
}

fn sort_keys(spec: &Spec, q: &Query, backend: Backend) -> Vec<SortKey> {
    let own: Vec<(String, bool)> =
        spec.sort.split(',').map(|s| s.strip_prefix('-').map_or((s.to_string(), false), |n| (n.to_string(), true))).collect();
    let wanted = if q.sort.is_empty() { &own } else { &q.sort };
    let mut keys: Vec<SortKey> = vec![];
    for (name, desc) in wanted {
        let Some(c) = spec.col(name) else { continue };
        let base = c.sql("t");
        let (expr, ty) = if c.sort_key {
            (format!("t.{name}_key"), "bytes")
        } else {
            let storage = c.ty.storage();
            let nullable = c.nullable() || !c.stored();
            let e = match storage {
                "text" if backend == Backend::Postgres => format!("COALESCE({base}, '') COLLATE \"C\""),
                "text" if nullable => format!("COALESCE({base}, '')"),
                "int" if nullable => format!("COALESCE({base}, -9223372036854775807)"),
                "date" if nullable && backend == Backend::Postgres => format!("COALESCE({base}, DATE '0001-01-01')"),
                "date" if nullable => format!("COALESCE({base}, '0001-01-01')"),
                "instant" if nullable && backend == Backend::Postgres => format!("COALESCE({base}, TIMESTAMPTZ '0001-01-01 00:00:00+00')"),
                "instant" if nullable => format!("COALESCE({base}, -62135596800000000)"),
                "bool" if nullable && backend == Backend::Postgres => format!("COALESCE({base}, FALSE)"),
                "bool" if nullable => format!("COALESCE({base}, 0)"),
                "id" if nullable && backend == Backend::Postgres => format!("COALESCE({base}, '00000000-0000-0000-0000-000000000000')"),
                "id" if nullable => format!("COALESCE({base}, x'00000000000000000000000000000000')"),
                _ => base,
            };
            (e, storage)
        };
        keys.push(SortKey { expr, desc: *desc, ty });
    }
    let desc = wanted.last().is_some_and(|w| w.1);
    keys.push(SortKey { expr: "t.id".into(), desc, ty: "id" });
    keys
}

fn order_by(keys: &[SortKey]) -> String {
    keys.iter().map(|k| format!("{}{}", k.expr, if k.desc { " DESC" } else { "" })).collect::<Vec<_>>().join(", ")
}

const B64: base64::engine::GeneralPurpose = base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub fn cursor(values: &[Value]) -> String {
    let a: Vec<Json> = values
        .iter()
        .map(|v| match v {
            Value::Bytes(b) => json!(B64.encode(b)),
            Value::Id(i) => json!(i.to_string()),
            Value::Int(i) => json!(i),
            Value::Bool(b) => json!(b),
            Value::Date(d) => json!(d.to_string()),
            Value::Instant(t) => json!(t.timestamp_micros()),
            Value::Text(s) => json!(s),
            _ => Json::Null,
        })
        .collect();
    B64.encode(Json::Array(a).to_string())
}

fn cursor_values(text: &str) -> Result<Vec<Json>> {
    let bad = || Error::field("after", "bad_cursor");
    let raw = B64.decode(text).map_err(|_| bad())?;
    serde_json::from_slice(&raw).map_err(|_| bad())
}

fn read_cursor(keys: &[SortKey], text: &str) -> Result<Vec<Value>> {
    let bad = || Error::field("after", "bad_cursor");
    let a = cursor_values(text)?;
    if a.len() != keys.len() {
        return Err(bad());
    }
    keys.iter()
        .zip(a)
        .map(|(k, j)| {
            Some(match k.ty {
                "bytes" => Value::Bytes(B64.decode(j.as_str()?).ok()?),
                "id" => Value::Id(Id::parse_str(j.as_str()?).ok()?),
                "int" => Value::Int(j.as_i64()?),
                "bool" => Value::Bool(j.as_bool()?),
                "date" => Value::Date(j.as_str()?.parse().ok()?),
                "instant" => Value::Instant(chrono::DateTime::from_timestamp_micros(j.as_i64()?)?),
                _ => Value::Text(j.as_str()?.to_string()),
            })
        })
        .collect::<Option<Vec<_>>>()
        .ok_or_else(bad)
}

/// `(k1, k2, id) > (…)` where all go one way, spelled out where they do not.
fn keyset(keys: &[SortKey], at: Vec<Value>, sql: &mut Vec<String>, params: &mut Vec<Value>) {
    if keys.iter().all(|k| k.desc == keys[0].desc) {
        let op = if keys[0].desc { "<" } else { ">" };
        let left: Vec<&str> = keys.iter().map(|k| k.expr.as_str()).collect();
        sql.push(format!("({}) {op} ({})", left.join(", "), vec!["?"; keys.len()].join(", ")));
        params.extend(at);
        return;
    }
    let mut any = vec![];
    for i in 0..keys.len() {
        let mut all = vec![];
        for (k, v) in keys.iter().zip(&at).take(i) {
            all.push(format!("{} = ?", k.expr));
            params.push(v.clone());
        }
        all.push(format!("{} {} ?", keys[i].expr, if keys[i].desc { "<" } else { ">" }));
        params.push(at[i].clone());
        any.push(format!("({})", all.join(" AND ")));
    }
    sql.push(format!("({})", any.join(" OR ")));
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
    if !q.q.trim().is_empty() {
        crate::search::narrow(conn, spec, &q.q, order, &mut s)?;
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

pub fn list(conn: &mut Conn, app: &App, ctx: &Ctx, spec: &'static Spec, q: &Query) -> Result<Page> {
    let columns = visible_columns(ctx, spec, q.fields.as_deref())?;
    let mut src = source_in(conn, app, ctx, spec, q, "read", order_of(q)?)?;
    let count = if q.count {
        let n = conn.query_one(&format!("SELECT COUNT(*) FROM {}{}", src.from, src.where_sql()), &src.all_params())?.int(0)?;
        Some(n)
    } else {
        None
    };
    let mut keys = match &src.newest {
        Some(expr) => vec![SortKey { expr: expr.clone(), desc: true, ty: "int" }],
        None => sort_keys(spec, q, conn.backend()),
    };
    if let Some(a) = &q.after {
        let at = read_cursor(&keys, a)?;
        let Source { wheres, params, .. } = &mut src;
        keyset(&keys, at, wheres, params);
    }
    let lang = (!q.plain_titles).then_some(ctx.lang);
    let mut select = vec!["t.id".to_string(), "t.version".to_string(), titles::sql(spec, "t", lang, conn.backend())];
    let mut joins = String::new();
    let mut title_at: Vec<Option<usize>> = vec![];
    for i in &columns {
        let c = &spec.columns[*i];
        select.push(c.sql("t"));
    }
    for i in &columns {
        let c = &spec.columns[*i];
        match (&c.ty, app.registry.get_ref(&c.ty)) {
            (Ty::Ref(_), Some(target)) => {
                let alias = format!("r{i}");
                joins.push_str(&format!(" LEFT JOIN {} {alias} ON {alias}.id = t.{}", target.table, c.name));
                title_at.push(Some(select.len()));
                select.push(titles::sql(target, &alias, lang, conn.backend()));
            }
            _ => title_at.push(None),
        }
    }
    let key_at = select.len();
    let inner = keys.clone();
    if src.newest.is_some() {
        // What the index of a search calls its row is the record's `seq`, also where that index is out of sight.
        keys[0].expr = "t.seq".into();
    }
    select.extend(keys.iter().map(|k| k.expr.clone()));
    if let (Some(owner), true, Backend::Sqlite) = (spec.owner, ctx.access.team.len() > Access::APART, conn.backend()) {
        // So many people own a share of the rows worth looking for in the list's order.
        src.scope.sql = src.scope.sql.replacen(&format!("t.{owner} IN (?, "), &format!("+t.{owner} IN (?, "), 1);
    }
    let apart = if q.sort.is_empty() && q.q.trim().is_empty() { ctx.access.apart(&app.registry, spec, "t") } else { None };
    let parts = apart.unwrap_or_else(|| vec![src.scope.clone()]);
    let few = first_rows(&src, &parts, &inner, q.limit + 1);
    // The page first and its titles afterwards: with references to look up, SQLite would sort the whole table. It shall take the
    // few first, whatever it thinks of their number.
    let join = if conn.backend() == Backend::Sqlite { "CROSS JOIN" } else { "JOIN" };
    let sql = format!(
        "SELECT {} FROM ({few}) few {join} {} t ON t.seq = few.row_seq{joins} ORDER BY {}",
        select.join(", "),
        spec.table,
        order_by(&keys)
    );
    let params: Vec<Value> = parts.iter().flat_map(|p| src.params_in(p)).collect();
    let rows = conn.query(&sql, &params)?;
    let more = rows.len() > q.limit;
    let mut out = Vec::with_capacity(rows.len());
    let mut next = None;
    for (n, r) in rows.iter().take(q.limit).enumerate() {
        let mut values = Vec::with_capacity(columns.len());
        let mut titles = Vec::with_capacity(columns.len());
        for (k, i) in columns.iter().enumerate() {
            values.push(record::decode(&spec.columns[*i].ty, r, k + 3)?);
            titles.push(match title_at[k] {
                Some(at) => r.opt_text(at)?.map(str::to_string),
                None => None,
            });
        }
        if more && n + 1 == q.limit {
            let at = keys.iter().enumerate().map(|(k, key)| decode_key(key.ty, r, key_at + k)).collect::<Result<Vec<_>>>()?;
            next = Some(cursor(&at));
        }
        out.push(PageRow { id: r.id(0)?, version: r.int(1)?, title: r.opt_text(2)?.unwrap_or_default().to_string(), values, titles });
    }
    Ok(Page { spec, columns, rows: out, next, count, newest: src.newest.is_some() })
}

/// Which rows a page is made of, as their `row_seq`. Of several parts (the people of a team) the first rows of each, by the index of
/// its owner in the list's own order, and of these the first: the database would sort all rows of all of them for every page.
fn first_rows(src: &Source, parts: &[Predicate], keys: &[SortKey], limit: usize) -> String {
    let order = order_by(keys);
    if let [one] = parts {
        return format!("SELECT t.seq AS row_seq FROM {}{} ORDER BY {order} LIMIT {limit}", src.from, src.where_in(one));
    }
    let list = |of: &dyn Fn(usize, &SortKey) -> String| keys.iter().enumerate().map(|(n, k)| of(n, k)).collect::<Vec<_>>().join(", ");
    let named = list(&|n, k| format!("{} AS k{n}", k.expr));
    let outer = list(&|n, k| format!("k{n}{}", if k.desc { " DESC" } else { "" }));
    let each = |(n, p): (usize, &Predicate)| {
        let (from, found) = (&src.from, src.where_in(p));
        format!("SELECT * FROM (SELECT t.seq AS row_seq, {named} FROM {from}{found} ORDER BY {order} LIMIT {limit}) p{n}")
    };
    let each = parts.iter().enumerate().map(each).collect::<Vec<_>>().join(" UNION ALL ");
    format!("SELECT row_seq FROM ({each}) every ORDER BY {outer} LIMIT {limit}")
}

/// A search without an order of its own may be answered newest first; its further pages go on as the first began.
fn order_of(q: &Query) -> Result<Order> {
    if q.q.trim().is_empty() || !q.sort.is_empty() {
        return Ok(Order::List);
    }
    let Some(after) = &q.after else { return Ok(Order::Either) };
    Ok(if cursor_values(after)?.len() == 1 { Order::Newest } else { Order::List })
}

fn decode_key(ty: &str, r: &crate::store::Row, i: usize) -> Result<Value> {
    Ok(match ty {
        "bytes" => Value::Bytes(r.bytes(i)?.to_vec()),
        "id" => Value::Id(r.id(i)?),
        "int" => Value::Int(r.int(i)?),
        "bool" => Value::Bool(r.bool(i)?),
        "date" => Value::Date(r.date(i)?),
        "instant" => Value::Instant(r.instant(i)?),
        _ => Value::Text(r.text(i)?.to_string()),
    })
}

impl Page {
    /// `{"items": […], "next": …, "count": …}`, written without building a tree: lists are what is asked most.
    pub fn to_json(&self, with_title: bool) -> String {
        let mut o = String::with_capacity(self.rows.len() * 400 + 64);
        o.push_str("{\"items\":[");
        for (n, r) in self.rows.iter().enumerate() {
            if n > 0 {
                o.push(',');
            }
            o.push_str("{\"id\":\"");
            o.push_str(&r.id.to_string());
            o.push_str("\",\"version\":");
            o.push_str(&r.version.to_string());
            if with_title {
                o.push_str(",\"title\":");
                push_text(&mut o, &r.title);
            }
            for (k, i) in self.columns.iter().enumerate() {
                let c = &self.spec.columns[*i];
                o.push_str(",\"");
                o.push_str(c.name);
                o.push_str("\":");
                push_value(&mut o, &c.ty, &r.values[k]);
                if let Ty::Ref(_) = c.ty {
                    o.push_str(",\"");
                    o.push_str(c.ref_name());
                    o.push_str("\":");
                    match (&r.values[k], &r.titles[k]) {
                        (Value::Id(id), t) => {
                            o.push_str("{\"id\":\"");
                            o.push_str(&id.to_string());
                            o.push_str("\",\"title\":");
                            push_text(&mut o, t.as_deref().unwrap_or(""));
                            o.push('}');
                        }
                        _ => o.push_str("null"),
                    }
                }
            }
            o.push('}');
        }
        o.push_str("],\"next\":");
        match &self.next {
            Some(n) => push_text(&mut o, n),
            None => o.push_str("null"),
        }
        if let Some(c) = self.count {
            o.push_str(",\"count\":");
            o.push_str(&c.to_string());
        }
        o.push('}');
        o
    }
}

fn push_text(o: &mut String, s: &str) {
    // Strings cannot fail to serialise.
    if let Ok(t) = serde_json::to_string(s) {
        o.push_str(&t);
    }
}

fn push_value(o: &mut String, ty: &Ty, v: &Value) {
    match v {
        Value::Text(s) => push_text(o, s),
        Value::Bool(b) => o.push_str(if *b { "true" } else { "false" }),
        Value::Null => o.push_str("null"),
        Value::Json(j) => o.push_str(&j.to_string()),
        other => match record::value_json(ty, other) {
            Json::String(s) => {
                o.push('"');
                o.push_str(&s);
                o.push('"');
            }
            j => o.push_str(&j.to_string()),
        },
    }
}

/// One record with lines and titles of what it refers to.
pub fn record_json(conn: &mut Conn, app: &App, ctx: &Ctx, r: &Record) -> Result<Json> {
    let spec = r.spec;
    let mut wanted: BTreeMap<&'static str, BTreeSet<Id>> = BTreeMap::new();
    let mut want = |ty: &Ty, v: &Value| {
        if let (Ty::Ref(of), Value::Id(id)) = (ty, v) {
            wanted.entry(of).or_default().insert(*id);
        }
    };
    for (c, v) in spec.columns.iter().zip(&r.values) {
        want(&c.ty, v);
    }
    for (k, l) in spec.lines.iter().enumerate() {
        for line in &r.lines[k] {
            for (c, v) in l.columns.iter().zip(&line.values) {
                want(&c.ty, v);
            }
        }
    }
    let titles = titles::titles(conn, app, ctx.lang, wanted)?;
    let mut m = Map::new();
    m.insert("id".into(), json!(r.id));
    m.insert("version".into(), json!(r.version));
    if !spec.has_column("title") && !ctx.access.hidden(spec, spec.title) {
        m.insert("title".into(), json!(titles::of(r, ctx.lang)));
    }
    let put = |m: &mut Map<String, Json>, c: &Column, v: &Value| {
        m.insert(c.name.into(), record::value_json(&c.ty, v));
        if let Ty::Ref(_) = c.ty {
            let j = match v {
                Value::Id(id) => json!({"id": id, "title": titles.get(id).map_or("", String::as_str)}),
                _ => Json::Null,
            };
            m.insert(c.ref_name().into(), j);
        }
    };
    let virtuals = virtual_values(conn, spec, r)?;
    for (i, (c, v)) in spec.columns.iter().zip(&r.values).enumerate() {
        if ctx.access.shows(spec, c) {
            put(&mut m, c, virtuals.get(&i).unwrap_or(v));
        }
    }
    for (k, l) in spec.lines.iter().enumerate() {
        if ctx.access.hidden(spec, l.name) {
            continue;
        }
        let shown: Vec<(usize, &Column)> = l.columns.iter().enumerate().filter(|(_, c)| ctx.access.shows(spec, c)).collect();
        let width = 1 + shown.iter().map(|(_, c)| 1 + usize::from(matches!(c.ty, Ty::Ref(_)))).sum::<usize>();
        let a = r.lines[k]
            .iter()
            .map(|line| {
                let mut x = Map::with_capacity(width);
                x.insert("id".into(), json!(line.id));
                for (i, c) in &shown {
                    put(&mut x, c, &line.values[*i]);
                }
                Json::Object(x)
            })
            .collect();
        m.insert(l.name.into(), Json::Array(a));
    }
    Ok(Json::Object(m))
}

fn virtual_values(conn: &mut Conn, spec: &Spec, r: &Record) -> Result<HashMap<usize, Value>> {
    let cols: Vec<(usize, &Column)> = spec.columns.iter().enumerate().filter(|(_, c)| matches!(c.mode, Mode::Virtual(_))).collect();
    if cols.is_empty() || r.version == 0 {
        return Ok(HashMap::new());
    }
    let select: Vec<String> = cols.iter().map(|(_, c)| c.sql("t")).collect();
    let Some(row) = conn.query_opt(&format!("SELECT {} FROM {} t WHERE t.id = ?", select.join(", "), spec.table), &[r.id.into()])? else {
        return Ok(HashMap::new());
    };
    cols.iter().enumerate().map(|(k, (i, c))| Ok((*i, record::decode(&c.ty, &row, k)?))).collect()
}
