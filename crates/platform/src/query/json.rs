//! Pages and records as JSON.

use super::Page;
use crate::app::App;
use crate::ctx::Ctx;
use crate::record::{self, Record};
use crate::spec::{Column, Mode, Spec, Ty};
use crate::store::Conn;
use crate::titles;
use crate::value::{Id, Value, plain_instant};
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use serde::Serialize;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

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
                put_text(&mut o, &r.title);
            }
            for ((name, value), title) in names.iter().zip(&r.values).zip(&r.titles) {
                name.put(&mut o, value, |_| title.as_deref());
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

/// The keys of a column, `,"manager_id":` and `,"manager":`, and what is written of both where there is nothing.
struct Names<'a> {
    ty: &'a Ty,
    column: String,
    reference: Option<String>,
    nothing: String,
}

impl<'a> Names<'a> {
    fn of(c: &'a Column) -> Self {
        let key = |name: &str| format!(",\"{name}\":");
        let (column, reference) = (key(c.name), matches!(c.ty, Ty::Ref(_)).then(|| key(c.ref_name())));
        let nothing = std::iter::once(&column).chain(&reference).map(|key| format!("{key}null")).collect();
        Names { ty: &c.ty, column, reference, nothing }
    }

    /// A column and, of a reference, what it is called.
    fn put<'t>(&self, o: &mut Vec<u8>, value: &Value, title: impl FnOnce(Id) -> Option<&'t str>) {
        // Most of a row is empty.
        if value.is_null() {
            return put(o, &self.nothing);
        }
        put(o, &self.column);
        put_value(o, self.ty, value);
        let Some(reference) = &self.reference else { return };
        put(o, reference);
        match value {
            Value::Id(id) => {
                put(o, "{\"id\":");
                put_id(o, *id);
                put(o, ",\"title\":");
                put_text(o, title(*id).unwrap_or(""));
                put(o, "}");
            }
            _ => put(o, "null"),
        }
    }
}

fn put(o: &mut Vec<u8>, s: &str) {
    o.extend_from_slice(s.as_bytes());
}

fn put_id(o: &mut Vec<u8>, id: Id) {
    put_plain(o, id.hyphenated().encode_lower(&mut [0; 36]).as_bytes());
}

fn put_json(o: &mut Vec<u8>, v: &(impl Serialize + ?Sized)) {
    // Neither texts, numbers nor trees can fail to serialise, nor memory to be written to.
    if let Err(e) = serde_json::to_writer(o, v) {
        tracing::error!(error = %e, "a value of a list");
    }
}

/// Most texts have nothing to escape, and are copied whole.
fn put_text(o: &mut Vec<u8>, s: &str) {
    if s.bytes().fold(false, |found, b| found | (b < b' ') | matches!(b, b'"' | b'\\')) {
        return put_json(o, s);
    }
    put_plain(o, s.as_bytes());
}

/// What has nothing in it to escape: a number, a date.
fn put_plain(o: &mut Vec<u8>, plain: &[u8]) {
    o.push(b'"');
    o.extend_from_slice(plain);
    o.push(b'"');
}

fn put_value(o: &mut Vec<u8>, ty: &Ty, v: &Value) {
    match v {
        Value::Text(s) => put_text(o, s),
        Value::Bool(b) => put_json(o, b),
        Value::Null => put(o, "null"),
        Value::Id(id) => put_id(o, *id),
        Value::Json(j) => put_json(o, j),
        Value::Instant(t) if let Some(plain) = plain_instant(*t) => put_plain(o, &plain),
        other => match record::value_json(ty, other) {
            Json::String(plain) => put_plain(o, plain.as_bytes()),
            tree => put_json(o, &tree),
        },
    }
}

/// A record as the API shows it: kept as it is sent, and made a tree for whoever looks into it.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    bytes: Vec<u8>,
    tree: OnceLock<Json>,
}

impl Shown {
    /// The text of the object with this at its end: keys that the object does not have.
    pub fn with(self, more: &Map<String, Json>) -> Vec<u8> {
        let mut o = self.bytes;
        let mut tail = vec![];
        put_json(&mut tail, more);
        if o.last() == Some(&b'}') && !more.is_empty() {
            o.pop();
            if o.len() > 1 {
                o.push(b',');
            }
            o.extend_from_slice(&tail[1..]);
        }
        o
    }
    /// The same as a tree of one's own.
    pub fn into_tree(mut self) -> Json {
        self.tree.take().unwrap_or_else(|| self.parsed())
    }
    fn parsed(&self) -> Json {
        // It was written by `put_json` and its like.
        serde_json::from_slice(&self.bytes).unwrap_or_else(|e| {
            tracing::error!(error = %e, "a record as JSON");
            Json::Null
        })
    }
}

impl std::ops::Deref for Shown {
    type Target = Json;
    fn deref(&self) -> &Json {
        self.tree.get_or_init(|| self.parsed())
    }
}

impl From<Json> for Shown {
    fn from(tree: Json) -> Self {
        let mut bytes = vec![];
        put_json(&mut bytes, &tree);
        Shown { bytes, tree: OnceLock::from(tree) }
    }
}

impl Serialize for Shown {
    fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        Json::serialize(self, to)
    }
}

/// One record with lines and titles of what it refers to.
pub fn record_json(conn: &mut Conn, app: &App, ctx: &Ctx, r: &Record) -> Result<Json> {
    Ok(record_shown(conn, app, ctx, r)?.into_tree())
}

/// The same, written without building a tree: a document of a thousand lines is a hundred thousand values.
pub fn record_shown(conn: &mut Conn, app: &App, ctx: &Ctx, r: &Record) -> Result<Shown> {
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
    let title = |id: Id| titles.get(&id).map(String::as_str);
    let mut o = Vec::with_capacity(2_048);
    put(&mut o, "{\"id\":");
    put_id(&mut o, r.id);
    put(&mut o, ",\"version\":");
    put_json(&mut o, &r.version);
    if !spec.has_column("title") && !ctx.access.hidden(spec, spec.title) {
        put(&mut o, ",\"title\":");
        put_text(&mut o, titles::of(r, ctx.lang));
    }
    for (i, (c, v)) in spec.columns.iter().zip(&r.values).enumerate() {
        if ctx.access.shows(spec, c) {
            Names::of(c).put(&mut o, virtuals.get(&i).unwrap_or(v), title);
        }
    }
    for (k, l) in spec.lines.iter().enumerate() {
        if ctx.access.hidden(spec, l.name) {
            continue;
        }
        let shown: Vec<(usize, Names)> =
            l.columns.iter().enumerate().filter(|(_, c)| ctx.access.shows(spec, c)).map(|(i, c)| (i, Names::of(c))).collect();
        put(&mut o, &format!(",\"{}\":[", l.name));
        for (n, line) in r.lines[k].iter().enumerate() {
            let begun = o.len();
            put(&mut o, if n > 0 { ",{\"id\":" } else { "{\"id\":" });
            put_id(&mut o, line.id);
            for (i, name) in &shown {
                name.put(&mut o, &line.values[*i], title);
            }
            put(&mut o, "}");
            if n == 0 {
                o.reserve((o.len() - begun) * r.lines[k].len() * 5 / 4);
            }
        }
        put(&mut o, "]");
    }
    put(&mut o, "}");
    Ok(Shown { bytes: o, tree: OnceLock::new() })
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn plt_02_texts_are_written_as_a_library_writes_them() {
        for text in ["", "Каво & «син»", "a\"b", "\\", "line\nbreak", "\u{1f}", "\u{7f}\u{80}", "🇺🇦 </script>"] {
            let mut o = vec![];
            put_text(&mut o, text);
            assert_eq!(String::from_utf8(o).unwrap(), json!(text).to_string());
        }
    }

    #[test]
    fn plt_02_an_answer_is_a_text_and_a_tree() {
        let more = Map::from_iter([("audit_id".to_string(), json!(7))]);
        for (of, wanted) in
            [(json!({}), r#"{"audit_id":7}"#), (json!({"id": "a", "lines": [{"b": {}}]}), r#"{"id":"a","lines":[{"b":{}}],"audit_id":7}"#)]
        {
            let shown = Shown::from(of.clone());
            assert_eq!(*shown, of);
            assert_eq!(String::from_utf8(shown.clone().with(&more)).unwrap(), wanted);
            assert_eq!(String::from_utf8(shown.clone().with(&Map::new())).unwrap(), of.to_string());
            let written = Shown { bytes: of.to_string().into_bytes(), tree: OnceLock::new() };
            assert_eq!(written["id"], of["id"]);
            assert_eq!(serde_json::to_value(&written).unwrap(), of);
            assert_eq!(written.into_tree(), of);
        }
    }
}
