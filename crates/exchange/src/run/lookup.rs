//! What cells refer to, found for a whole section at once: a few queries per collection instead of one per row.

use super::Run;
use super::build::{FoundKeys, Ground};
use super::compile::LookupDef;
use super::mark::{Mark, MarkMap, MarkSet, Marker};
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use kontor_platform::App;
use kontor_platform::Ctx;
use kontor_platform::access::Predicate;
use kontor_platform::external_ids;
use kontor_platform::spec::{Kind, Spec};
use kontor_platform::store::{Conn, marks, padded, parts};
use kontor_platform::value::{Id, Value};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    Id(Id),
    Code(Box<str>),
    /// Will be there before it is needed: made by this import.
    Pending,
    Missing,
    Ambiguous,
}

/// Records met in this run: collection and source, external id -> id (`None` while nothing is written).
#[derive(Default)]
pub struct Seen {
    marker: Marker,
    of: HashMap<(&'static str, String), MarkMap<Option<Id>>>,
}

impl Seen {
    pub fn new(marker: Marker) -> Seen {
        Seen { marker, of: HashMap::new() }
    }
    pub fn add(&mut self, collection: &'static str, source: &str, external_id: &str, id: Option<Id>) {
        self.of.entry((collection, source.to_string())).or_default().insert(self.marker.of(external_id), id);
    }
    pub fn get(&self, collection: &'static str, source: &str, external_id: Mark) -> Option<Option<Id>> {
        self.of.get(&(collection, source.to_string()))?.get(&external_id).copied()
    }
    pub fn any_pending(&self, collection: &'static str) -> bool {
        self.of.iter().any(|((c, _), m)| *c == collection && m.values().any(Option::is_none))
    }
}

/// Records whose references are looked up at once.
const LOOKED_UP: usize = 10_000;

impl Run<'_> {
    pub(super) fn look_up(&mut self, ground: &Ground, own: &[usize]) -> Result<FoundKeys, Error> {
        let mut out: FoundKeys = ground.plan.lookups.iter().map(|_| Default::default()).collect();
        if out.is_empty() {
            return Ok(out);
        }
        let keys = if own.is_empty() { MarkSet::default() } else { ground.keys() };
        let all = ground.groups.len();
        for from in (0..all).step_by(LOOKED_UP) {
            let wanted = ground.wanted(from..all.min(from + LOOKED_UP), &out);
            ground.whole()?;
            for (n, wanted) in wanted.into_iter().enumerate().filter(|(_, w)| !w.is_empty()) {
                self.look_up_some(ground, n, &wanted, own.contains(&n).then_some(&keys), &mut out)?;
            }
        }
        Ok(out)
    }

    /// `own`: keys of records that this section makes itself.
    fn look_up_some(
        &mut self,
        ground: &Ground,
        n: usize,
        wanted: &BTreeSet<String>,
        own: Option<&MarkSet>,
        out: &mut FoundKeys,
    ) -> Result<(), Error> {
        let def = &ground.plan.lookups[n];
        let Resolved { found, archived } = resolve(self.app, &self.ctx, def, wanted, &self.seen)?;
        if def.create.is_some() {
            self.to_revive.extend(archived.into_iter().map(|id| (def.spec.name, id)));
        }
        let unwritten = self.options.dry_run && (self.would_create.contains(def.spec.name) || self.seen.any_pending(def.spec.name));
        for (k, mut f) in found {
            let mark = ground.marker.of(&k);
            if f == Found::Missing && (unwritten || own.is_some_and(|keys| keys.contains(&mark))) {
                f = Found::Pending;
            }
            if f == Found::Pending && def.create.is_some() && own.is_none() {
                self.to_create.push((n, k));
            }
            out[n].insert(mark, f);
        }
        Ok(())
    }
}

/// Keys of a query at most.
const CHUNK: usize = 256;

/// What the keys of a lookup lead to, and which of the records found are archived.
#[derive(Default)]
pub struct Resolved {
    pub found: HashMap<String, Found>,
    pub archived: Vec<Id>,
}

/// Finds the keys of one lookup.
pub fn resolve(app: &App, ctx: &Ctx, def: &LookupDef, keys: &BTreeSet<String>, seen: &Seen) -> Result<Resolved> {
    let mut all = Resolved::default();
    let out = &mut all.found;
    let mut left: BTreeSet<&str> = keys.iter().map(String::as_str).collect();
    for by in &def.by {
        match by.as_str() {
            "id" => {
                for (k, id) in own_ids(app, ctx, def.spec, &left)? {
                    left.remove(k.as_str());
                    out.insert(k, Found::Id(id));
                }
            }
            "external_id" => left.retain(|k| match seen.get(def.spec.name, &def.source, seen.marker.of(k)) {
                Some(Some(id)) if !def.code => {
                    out.insert(k.to_string(), Found::Id(id));
                    false
                }
                Some(None) => {
                    out.insert(k.to_string(), Found::Pending);
                    false
                }
                _ => true,
            }),
            _ => {}
        }
        if by == "id" || left.is_empty() {
            continue;
        }
        let wanted: Vec<&str> = left.iter().copied().collect();
        for (key, (found, archived)) in query(app, ctx, def, by, &wanted)? {
            left.remove(key.as_str());
            if let (Found::Id(id), true) = (&found, archived) {
                all.archived.push(*id);
            }
            out.insert(key, found);
        }
    }
    for k in left {
        out.insert(k.to_string(), if def.create.is_some() { Found::Pending } else { Found::Missing });
    }
    Ok(all)
}

/// Keys that are ids of records the caller sees.
fn own_ids(app: &App, ctx: &Ctx, spec: &'static Spec, keys: &BTreeSet<&str>) -> Result<Vec<(String, Id)>> {
    let ids: Vec<(Id, &str)> = keys.iter().filter_map(|k| Id::parse_str(k).ok().map(|id| (id, *k))).collect();
    let Predicate { sql: and, params: scope } = seen_by((app, ctx), spec);
    let mut out = vec![];
    for chunk in ids.chunks(CHUNK) {
        let mut params = padded(&chunk.iter().map(|i| i.0).collect::<Vec<_>>());
        let sql = format!("SELECT t.id FROM {} t WHERE t.id IN ({}){and}", spec.table, marks(params.len()));
        params.extend(scope.iter().cloned());
        let there =
            app.store.read(|conn| conn.query(&sql, &params)?.iter().map(|r| r.id(0)).collect::<Result<kontor_kernel::HashSet<Id>>>())?;
        out.extend(chunk.iter().filter(|i| there.contains(&i.0)).map(|i| (i.1.to_string(), i.0)));
    }
    Ok(out)
}

/// Found records with whether they are archived.
fn query(app: &App, ctx: &Ctx, def: &LookupDef, by: &str, keys: &[&str]) -> Result<HashMap<String, (Found, bool)>> {
    let spec = def.spec;
    let give = if def.code { "code" } else { "id" };
    let scope = ctx.access.predicate(&app.registry, spec, "read", "t");
    let archived = if spec.kind == Kind::Catalog { "t.archived" } else { "FALSE" };
    app.store.read_with_timeout(std::time::Duration::from_secs(60), |conn| {
        // Live records win over archived ones of the same name.
        let mut found: HashMap<String, (Found, bool)> = HashMap::new();
        for chunk in keys.chunks(CHUNK) {
            let marks = marks(chunk.len());
            let mut params: Vec<Value> = vec![];
            let mut wheres = vec![];
            // A record may be called something in several places.
            let elsewhere = by == "external_id";
            let (at, from) = if elsewhere { ("x", external_ids::from(spec)) } else { ("t", format!("{} t", spec.table)) };
            if elsewhere {
                wheres.push("x.source = ?".to_string());
                params.push(def.source.as_str().into());
            }
            wheres.push(format!("{at}.{by} IN ({marks})"));
            params.extend(chunk.iter().map(|k| Value::Text(k.to_string())));
            if !scope.sql.is_empty() {
                wheres.push(scope.sql.clone());
                params.extend(scope.params.iter().cloned());
            }
            let sql = format!("SELECT {at}.{by}, t.{give}, {archived} FROM {from} WHERE {}", wheres.join(" AND "));
            for r in conn.query(&sql, &params)? {
                let key = r.text(0)?.to_string();
                let value = if def.code { Found::Code(r.text(1)?.into()) } else { Found::Id(r.id(1)?) };
                let archived = r.bool(2)?;
                match found.get_mut(&key) {
                    None => {
                        found.insert(key, (value, archived));
                    }
                    Some(old) if old.1 && !archived => *old = (value, false),
                    Some(old) if old.1 == archived => old.0 = Found::Ambiguous,
                    Some(_) => {}
                }
            }
        }
        Ok(found)
    })
}

/// A record that is there already.
#[derive(Clone, Debug)]
pub struct There {
    pub id: Id,
    pub state: String,
}

/// Rows that the caller sees, as one more condition: what he does not see is not there for his file either.
fn seen_by(cx: (&App, &Ctx), spec: &Spec) -> Predicate {
    let mut p = cx.1.access.predicate(&cx.0.registry, spec, "read", "t");
    if !p.sql.is_empty() {
        p.sql.insert_str(0, " AND ");
    }
    p
}

/// Records of a collection by `(source, external_id)`: their own, or one that was added.
pub fn by_external_id(
    conn: &mut Conn,
    cx: (&App, &Ctx),
    spec: &'static Spec,
    source: &str,
    keys: &[&str],
) -> Result<HashMap<String, There>> {
    let seen = seen_by(cx, spec);
    let state = if spec.states.is_empty() { "''" } else { "t.state" };
    let mut out = HashMap::new();
    for chunk in keys.chunks(CHUNK) {
        let marks = marks(chunk.len());
        let mut params: Vec<Value> = vec![source.into()];
        params.extend(chunk.iter().map(|k| Value::Text(k.to_string())).chain(seen.params.iter().cloned()));
        let (from, and) = (external_ids::from(spec), &seen.sql);
        let sql = format!("SELECT x.external_id, t.id, {state} FROM {from} WHERE x.source = ? AND x.external_id IN ({marks}){and}");
        for r in conn.query(&sql, &params)? {
            out.insert(r.text(0)?.to_string(), There { id: r.id(1)?, state: r.text(2)?.to_string() });
        }
    }
    Ok(out)
}

/// Records of a collection by their own ids.
pub fn by_id(conn: &mut Conn, cx: (&App, &Ctx), spec: &'static Spec, ids: &[Id]) -> Result<HashMap<Id, There>> {
    let seen = seen_by(cx, spec);
    let state = if spec.states.is_empty() { "''" } else { "t.state" };
    let mut out = HashMap::new();
    for chunk in parts(ids) {
        let mut params = padded(chunk);
        let sql = format!("SELECT t.id, {state} FROM {} t WHERE t.id IN ({}){}", spec.table, marks(params.len()), seen.sql);
        params.extend(seen.params.iter().cloned());
        for r in conn.query(&sql, &params)? {
            out.insert(r.id(0)?, There { id: r.id(0)?, state: r.text(1)?.to_string() });
        }
    }
    Ok(out)
}

/// The one record with these values; more than one is an error.
pub fn by_columns(conn: &mut Conn, cx: (&App, &Ctx), spec: &'static Spec, values: &[(&'static str, Value)]) -> Result<Option<There>> {
    if values.iter().any(|(_, v)| v.is_null()) {
        return Ok(None);
    }
    let state = if spec.states.is_empty() { "''" } else { "t.state" };
    let order = if spec.kind == Kind::Catalog { " ORDER BY t.archived, t.id" } else { " ORDER BY t.id" };
    let archived = if spec.kind == Kind::Catalog { "t.archived" } else { "FALSE" };
    let wheres: Vec<String> = values.iter().map(|(c, _)| format!("t.{c} = ?")).collect();
    let seen = seen_by(cx, spec);
    let params: Vec<Value> = values.iter().map(|(_, v)| v.clone()).chain(seen.params).collect();
    let wheres = wheres.join(" AND ");
    let sql = format!("SELECT t.id, {state}, {archived} FROM {} t WHERE {wheres}{}{order} LIMIT 2", spec.table, seen.sql);
    let rows = conn.query(&sql, &params)?;
    let Some(first) = rows.first() else { return Ok(None) };
    if let Some(second) = rows.get(1)
        && first.bool(2)? == second.bool(2)?
    {
        let value = values.iter().map(|(_, v)| v.as_text().unwrap_or("…").to_string()).collect::<Vec<_>>().join(", ");
        return Err(Error::field(values[0].0, "name_ambiguous").field_arg("value", value));
    }
    Ok(Some(There { id: first.id(0)?, state: first.text(1)?.to_string() }))
}
