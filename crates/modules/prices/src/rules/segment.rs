//! Segments: sets of partners or of products, told by a filter. Who belongs to one is found when it is asked.

use kontor_kernel::error::{Error, Result};
use kontor_office::document::padded;
use kontor_platform::cx::{Change, Cx};
use kontor_platform::query::{self, Query};
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Rules, Spec};
use kontor_platform::value::{Id, Value};
use kontor_platform::{App, Ctx};
use serde_json::Value as Json;
use std::collections::{HashMap, HashSet};

pub fn segments() -> Spec {
    Spec::catalog("segments")
        .section("partners", "chart-pie")
        .columns([
            Column::text("name", 200).required().unique().search().sort_key().list(),
            Column::choice("members", &["partners", "products"]).default("partners").list(),
            // As lists take filters: `{"region": "Київ", "tags.contains": "vip"}`.
            Column::map("filter"),
            Column::long("description"),
        ])
        .import_key(&["name"])
        .reference_data()
        .rules(SegmentRules)
}

struct SegmentRules;
impl Rules for SegmentRules {
    fn decide(&self, cx: &mut Cx, change: &mut Change) -> Result<()> {
        let r = &change.after;
        let parsed = parse(cx.app, r.text("members"), r.json("filter"));
        parsed.map(|_| ()).map_err(|e| {
            let mut out = Error::field("filter", "segment_filter");
            if let Some(f) = e.inner().fields.first() {
                out = out.field_arg("value", &f.field);
            }
            out
        })?;
        if let Some(before) = &change.before
            && before.text("members") != change.after.text("members")
        {
            return Err(Error::field("members", "in_use").field_arg("what", "price-conditions"));
        }
        Ok(())
    }
    fn removing(&self, cx: &mut Cx, record: &Record) -> Result<()> {
        let used = cx.conn.query_opt(
            "SELECT 1 FROM price_conditions WHERE archived = ? AND (segment_id = ? OR product_segment_id = ?) LIMIT 1",
            &[false.into(), record.id.into(), record.id.into()],
        )?;
        match used {
            Some(_) => Err(Error::refused("in_use").arg("what", "price-conditions")),
            None => Ok(()),
        }
    }
}

/// A segment is the same for everybody, whatever the asker himself may see.
fn parse(app: &App, members: &str, filter: &Json) -> Result<Query> {
    let spec = app.registry.get(members).ok_or_else(Error::not_found)?;
    let mut pairs: Vec<(String, String)> = vec![];
    for (k, v) in filter.as_object().into_iter().flatten() {
        let v = v.as_str().map_or_else(|| v.to_string(), str::to_string);
        // What is no filter has no place here.
        if ["q", "limit", "after", "count", "fields", "sort", "archived"].contains(&k.as_str()) {
            return Err(Error::field(k.clone(), "unknown_field"));
        }
        pairs.push((k.clone(), v));
    }
    Query::parse(app, &Ctx::system(), spec, &pairs)
}

/// Which of these partners (or products) belong to which segments: one query per segment for every 256 of them.
pub fn members(cx: &mut Cx, of: &'static str, segments: &[Id], ids: &[Id]) -> Result<HashMap<Id, Vec<Id>>> {
    let mut out: HashMap<Id, Vec<Id>> = HashMap::new();
    if segments.is_empty() || ids.is_empty() {
        return Ok(out);
    }
    let wanted: HashSet<Id> = segments.iter().copied().collect();
    let rows =
        cx.conn.query("SELECT id, filter FROM segments WHERE members = ? AND archived = ? ORDER BY id", &[of.into(), false.into()])?;
    let spec = cx.spec(of);
    let system = Ctx::system();
    for r in &rows {
        let (id, filter) = (r.id(0)?, if r.raw(1)?.is_null() { Json::Null } else { r.json(1)? });
        if !wanted.contains(&id) {
            continue;
        }
        // A filter that has become unreadable (a column went) holds for nobody.
        let Ok(q) = parse(cx.app, of, &filter) else { continue };
        for chunk in ids.chunks(256) {
            let params = padded(chunk);
            let mut s = query::source(cx.conn, cx.app, &system, spec, &q, "read")?;
            s.wheres.push(format!("t.id IN ({})", kontor_office::document::marks(params.len())));
            let all: Vec<Value> = s.all_params().into_iter().chain(params).collect();
            for m in cx.conn.query(&format!("SELECT t.id FROM {}{}", s.from, s.where_sql()), &all)? {
                out.entry(m.id(0)?).or_default().push(id);
            }
        }
    }
    Ok(out)
}
