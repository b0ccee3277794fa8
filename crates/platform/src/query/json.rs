//! Pages and records as JSON.

use super::Page;
use crate::app::App;
use crate::ctx::Ctx;
use crate::record::{self, Record};
use crate::spec::{Column, Mode, Spec, Ty};
use crate::store::Conn;
use crate::titles;
use crate::value::{Id, Value};
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

impl Page {
    /// `{"items": […], "next": …, "count": …}`, written without building a tree: lists are what is asked most.
    pub fn to_json(&self, with_title: bool) -> Vec<u8> {
        let mut o = Vec::with_capacity(4_096);
        let names: Vec<Names> = self.columns.iter().map(|i| Names::of(&self.spec.columns[*i])).collect();
        put(&mut o, "{\"items\":[");
        for (n, r) in self.rows.iter().enumerate() {
            put(&mut o, if n > 0 { ",{\"id\":" } else { "{\"id\":" });
            put_id(&mut o, r.id);
            put(&mut o, ",\"version\":");
            put_json(&mut o, &r.version);
            if with_title {
                put(&mut o, ",\"title\":");
                put_json(&mut o, &r.title);
            }
            for (k, name) in names.iter().enumerate() {
                put(&mut o, &name.column);
                put_value(&mut o, name.ty, &r.values[k]);
                let Some(reference) = &name.reference else { continue };
                put(&mut o, reference);
                match &r.values[k] {
                    Value::Id(id) => {
                        put(&mut o, "{\"id\":");
                        put_id(&mut o, *id);
                        put(&mut o, ",\"title\":");
                        put_json(&mut o, r.titles[k].as_deref().unwrap_or(""));
                        put(&mut o, "}");
                    }
                    _ => put(&mut o, "null"),
                }
            }
            put(&mut o, "}");
            if n == 0 {
                // The others are about as long: to grow later is to copy what is written.
                o.reserve(o.len() * self.rows.len() * 5 / 4);
            }
        }
        put(&mut o, "],\"next\":");
        put_json(&mut o, &self.next);
        if let Some(c) = self.count {
            put(&mut o, ",\"count\":");
            put_json(&mut o, &c);
        }
        put(&mut o, "}");
        o
    }
}

/// The keys of a column, `,"manager_id":` and `,"manager":`.
struct Names<'a> {
    ty: &'a Ty,
    column: String,
    reference: Option<String>,
}

impl<'a> Names<'a> {
    fn of(c: &'a Column) -> Self {
        let key = |name: &str| format!(",\"{name}\":");
        Names { ty: &c.ty, column: key(c.name), reference: matches!(c.ty, Ty::Ref(_)).then(|| key(c.ref_name())) }
    }
}

fn put(o: &mut Vec<u8>, s: &str) {
    o.extend_from_slice(s.as_bytes());
}

fn put_id(o: &mut Vec<u8>, id: Id) {
    o.push(b'"');
    put(o, id.hyphenated().encode_lower(&mut [0; 36]));
    o.push(b'"');
}

fn put_json(o: &mut Vec<u8>, v: &(impl Serialize + ?Sized)) {
    // Neither texts, numbers nor trees can fail to serialise, nor memory to be written to.
    if let Err(e) = serde_json::to_writer(o, v) {
        tracing::error!(error = %e, "a value of a list");
    }
}

fn put_value(o: &mut Vec<u8>, ty: &Ty, v: &Value) {
    match v {
        Value::Text(s) => put_json(o, s),
        Value::Bool(b) => put_json(o, b),
        Value::Null => put(o, "null"),
        Value::Id(id) => put_id(o, *id),
        Value::Json(j) => put_json(o, j),
        other => match record::value_json(ty, other) {
            // A number or a date: nothing in it is escaped.
            Json::String(plain) => {
                o.push(b'"');
                put(o, &plain);
                o.push(b'"');
            }
            tree => put_json(o, &tree),
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
    let virtuals = Virtuals::of(spec, r);
    virtuals.ahead(conn)?;
    let titles = titles::titles(conn, app, ctx.lang, wanted)?;
    let virtuals = virtuals.values(conn)?;
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

/// What the database works out of a record that is there, and the question for it.
struct Virtuals<'a> {
    columns: Vec<(usize, &'a Column)>,
    sql: String,
    id: Value,
}

impl<'a> Virtuals<'a> {
    fn of(spec: &'a Spec, r: &Record) -> Self {
        let there = |(_, c): &(usize, &Column)| r.version > 0 && matches!(c.mode, Mode::Virtual(_));
        let columns: Vec<(usize, &Column)> = spec.columns.iter().enumerate().filter(there).collect();
        let select: Vec<String> = columns.iter().map(|(_, c)| c.sql("t")).collect();
        Virtuals { columns, sql: format!("SELECT {} FROM {} t WHERE t.id = ?", select.join(", "), spec.table), id: r.id.into() }
    }

    fn ahead(&self, conn: &mut Conn) -> Result<()> {
        if self.columns.is_empty() { Ok(()) } else { conn.ahead(&self.sql, std::slice::from_ref(&self.id)) }
    }

    fn values(&self, conn: &mut Conn) -> Result<HashMap<usize, Value>> {
        if self.columns.is_empty() {
            return Ok(HashMap::new());
        }
        let Some(row) = conn.query_opt(&self.sql, std::slice::from_ref(&self.id))? else { return Ok(HashMap::new()) };
        self.columns.iter().enumerate().map(|(k, (i, c))| Ok((*i, record::decode(&c.ty, &row, k)?))).collect()
    }
}
