//! Segments: sets of partners or of products, told by a filter. Who belongs to one is found when it is asked.

use kontor_kernel::error::{Error, Result};
use kontor_kernel::{HashMap, HashSet};
use kontor_platform::cx::{Change, Cx};
use kontor_platform::kept::{self, Kept};
use kontor_platform::query::{self, Query};
use kontor_platform::record::Record;
use kontor_platform::spec::{Column, Rules, Spec};
use kontor_platform::store::{Row, marks, padded};
use kontor_platform::value::Id;
use kontor_platform::{App, Ctx};
use serde_json::Value as Json;

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
        .kept_by(kept::SETTINGS)
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

/// A segment as it is kept; there are few.
struct One {
    id: Id,
    name: String,
    members: String,
    filter: Json,
}

struct Segments(Vec<One>);
/// Most segments that are kept in memory; each has a filter.
const KEPT: usize = 2_000;
impl Kept for Segments {
    const BY: &'static str = kept::SETTINGS;
    fn load(cx: &mut Cx) -> Result<Self> {
        let rows = cx.conn.query("SELECT id, name, members, filter FROM segments WHERE archived = ? ORDER BY id", &[false.into()])?;
        let one = |r: &Row| {
            let filter = if r.raw(3)?.is_null() { Json::Null } else { r.json(3)? };
            Ok(One { id: r.id(0)?, name: r.text(1)?.to_string(), members: r.text(2)?.to_string(), filter })
        };
        rows.iter().map(one).collect::<Result<_>>().map(Segments)
    }
    fn stays(&self) -> bool {
        self.0.len() <= KEPT
    }
}

/// So many segments share a statement.
const TOGETHER: usize = 16;

/// Which of these partners (or products) belong to which segments, in the order of the segments' ids: one query for every 256
/// of them and every few segments.
pub fn members(cx: &mut Cx, of: &'static str, segments: &[Id], ids: &[Id]) -> Result<HashMap<Id, Vec<Id>>> {
    let mut out: HashMap<Id, Vec<(usize, Id)>> = HashMap::new();
    if segments.is_empty() || ids.is_empty() {
        return Ok(HashMap::new());
    }
    let wanted: HashSet<Id> = segments.iter().copied().collect();
    let kept = cx.kept::<Segments>()?;
    let spec = cx.spec(of);
    let system = Ctx::system();
    let mut sources = vec![];
    for one in kept.0.iter().filter(|s| s.members == of && wanted.contains(&s.id)) {
        // A filter that has become unreadable (a column went) holds for nobody.
        let Ok(q) = parse(cx.app, of, &one.filter) else { continue };
        sources.push((one.id, query::source(cx.conn, cx.app, &system, spec, &q, "read")?));
    }
    for chunk in ids.chunks(256) {
        let some = padded(chunk);
        for (k, together) in sources.chunks_mut(TOGETHER).enumerate() {
            let (mut each, mut params) = (vec![], vec![]);
            for (n, (_, s)) in together.iter_mut().enumerate() {
                s.wheres.push(format!("t.id IN ({})", marks(some.len())));
                each.push(format!("SELECT {n} AS n, t.id FROM {}{}", s.from, s.where_sql()));
                params.extend(s.all_params().into_iter().chain(some.iter().cloned()));
                s.wheres.pop();
            }
            for m in cx.conn.query(&each.join(" UNION ALL "), &params)? {
                let n = usize::try_from(m.int(0)?).map_err(Error::internal)?;
                out.entry(m.id(1)?).or_default().push((k * TOGETHER + n, together[n].0));
            }
        }
    }
    let in_order = |mut of: Vec<(usize, Id)>| {
        of.sort_unstable_by_key(|s| s.0);
        of.into_iter().map(|s| s.1).collect()
    };
    Ok(out.into_iter().map(|(id, of)| (id, in_order(of))).collect())
}

/// What segments are called; archived ones are left out.
pub fn names(cx: &mut Cx, of: &[Id], names: &mut HashMap<Id, String>) -> Result<()> {
    if !of.is_empty() {
        let kept = cx.kept::<Segments>()?;
        names.extend(kept.0.iter().filter(|s| of.contains(&s.id)).map(|s| (s.id, s.name.clone())));
    }
    Ok(())
}
