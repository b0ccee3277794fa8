//! Import of a file of one entity: the header names the columns by their code or by their label in any language, and an
//! export of ours comes back as it was. Made into a section of a profile and run as such.

use crate::columns::{Mapping, above, understood};
use crate::profile::{Existing, Expr, Lines, OneOrMany, Profile, Section, Test};
use crate::read::{self, Format, Input, Table};
use crate::report::{Problem, Report};
use crate::run::{Files, Manner, Options, Run};
use kontor_kernel::error::{Error, Result};
use kontor_platform::spec::{Column, Kind, Mode, Spec, Ty};
use kontor_platform::{App, Ctx};
use kontor_texts::Lang;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Source written into records that a file brings an external id for without saying whose.
const SOURCE: &str = "import";

/// Imports rows of one collection. A record that is there already (by id, by external id, by the import key of the
/// collection) is updated, others are created.
pub fn import_entity(app: &Arc<App>, ctx: &Ctx, entity: &str, input: &Input, options: &Options) -> Report {
    let file = input.name();
    let fail = |e: &Error, row: u32, column: &str| {
        let mut r = Report::default();
        r.add(ctx.lang, Problem::new(&file, row, column, e));
        r
    };
    let Some(spec) = app.registry.get(entity) else {
        return fail(&Error::refused("unknown_collection").arg("value", entity), 0, "");
    };
    if spec.kind == Kind::Facts && spec.recorded_by.is_none() {
        return fail(&Error::refused("import_not_allowed"), 0, "");
    }
    let (table, head) = match load(app, ctx, spec, input, options) {
        Ok(t) => t,
        Err((e, row)) => return fail(&e, row.unwrap_or(0), ""),
    };
    let columns = |told: bool| if told { understood(ctx, spec, &heads(&table), &options.mapping) } else { vec![] };
    let profile = match plan(ctx, spec, &table, &options.mapping, head) {
        Ok(p) => p,
        Err(refused) => {
            let mut r = Report::default();
            refused.iter().for_each(|(e, row, column)| r.add(ctx.lang, Problem::new(&file, *row, column.as_str(), e)));
            r.columns = columns(refused.iter().any(|(e, ..)| e.inner().code == "column_unknown"));
            return r;
        }
    };
    let manner = Manner { auto_lookup: true, explicit_empty: true, neutralised: true, keyless: true };
    let read = table.len() as u64;
    let columns = columns(!options.mapping.is_empty());
    let done = Run::new(app, ctx, options, manner).profile(&profile, &Files::Tables(vec![(ROWS.into(), table)]));
    Report { read, columns, ..done }
}

/// The rows, and the number of the row with the heads. Whatever stands above them is passed over.
fn load(
    app: &Arc<App>,
    ctx: &Ctx,
    spec: &'static Spec,
    input: &Input,
    options: &Options,
) -> Result<(Arc<Table>, u32), (Error, Option<u32>)> {
    let read = |skip_rows: u32| read::load_within(&app.scratch(), input, &Format { skip_rows, ..Default::default() }, &options.limits);
    let known = |name: &str| options.mapping.columns.contains_key(name) || place(ctx, spec, name).is_some();
    let first = read(0);
    // Almost every file begins with its heads: only another one is looked through.
    if let Ok(t) = &first
        && t.header.len() > 1
        && t.header.iter().all(|name| name.is_empty() || known(name))
    {
        return first.map(|t| (Arc::new(t), 1));
    }
    let skip = above(input, &options.limits, known).map_err(|e| (e, None))?;
    let table = if skip == 0 { first } else { read(skip) };
    table.map(|t| (Arc::new(t), skip + 1))
}

/// Heads with the first value under each.
fn heads(table: &Table) -> Vec<(String, String)> {
    let sample = |name: &String| table.rows().take(20).map(|r| r.get(name).trim().to_string()).find(|v| !v.is_empty());
    table.header.iter().map(|name| (name.clone(), sample(name).unwrap_or_default())).collect()
}

/// What sections call the rows of the file.
const ROWS: &str = "rows";

type Refusal = (Error, u32, String);

fn plan(ctx: &Ctx, spec: &'static Spec, table: &Table, mapping: &Mapping, row: u32) -> Result<Profile, Vec<Refusal>> {
    let head = header(ctx, spec, table, mapping, row)?;
    let mut profile = Profile { source: SOURCE.into(), ..Default::default() };
    let own_source = head.given.get("source").cloned();
    let sources = own_source.as_ref().map_or_else(|| BTreeSet::from([String::new()]), |c| values(table, c));
    table.whole().map_err(|e| vec![(e, 0, String::new())])?;
    if sources.len() > MAX_SOURCES {
        return Err(vec![(Error::refused("too_many").arg("max", MAX_SOURCES), row, own_source.unwrap_or_default())]);
    }
    // A section for each source: the key of a record is source and external id together.
    for source in sources {
        let mut s = head.section(spec);
        s.files = Some(OneOrMany::One(ROWS.into()));
        if let Some(c) = &own_source {
            s.filter.push(Test { column: c.clone(), among: Some(vec![source.clone()]), ..Default::default() });
        }
        s.source = Some(source).filter(|s| !s.is_empty());
        profile.sections.push(s);
    }
    Ok(profile)
}

/// Origins that the records of one file may have.
const MAX_SOURCES: usize = 100;

/// Different values of a column, no more of them than it takes to see that they are too many.
fn values(table: &Table, column: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for row in table.rows() {
        let value = row.get(column).trim();
        if !out.contains(value) {
            out.insert(value.to_string());
        }
        if out.len() > MAX_SOURCES {
            break;
        }
    }
    out
}

/// Columns of the record and of its lines, with the names under which they stand in the file.
struct Header {
    given: BTreeMap<String, String>,
    lines: BTreeMap<String, BTreeMap<String, String>>,
    id: Option<String>,
    /// Fields with the value that every row has.
    constants: BTreeMap<String, String>,
}

/// Errors: all heads that are unknown or repeated, not the first one only.
fn header(ctx: &Ctx, spec: &'static Spec, table: &Table, mapping: &Mapping, row: u32) -> Result<Header, Vec<Refusal>> {
    let mut out = Header { given: BTreeMap::new(), lines: BTreeMap::new(), id: None, constants: BTreeMap::new() };
    let mut refused = vec![];
    // An export has id and title of what a record refers to; the id says more.
    let by_id = |name: &str| spec.columns.iter().any(|c| c.ref_name() == name && c.name != name && table.column(c.name).is_some());
    for name in table.header.iter().filter(|n| !n.is_empty() && !by_id(n)) {
        let said = mapping.columns.get(name);
        if said.is_some_and(|field| field.is_empty()) {
            continue;
        }
        let field = said.unwrap_or(name);
        let earlier = match place(ctx, spec, field) {
            Some(Place::Column(c)) => out.given.insert(c, name.clone()),
            Some(Place::Line(l, c)) => out.lines.entry(l).or_default().insert(c, name.clone()),
            Some(Place::Id) => out.id.replace(name.clone()),
            // Figures that the program fills in itself stand in every export.
            Some(Place::ReadOnly) => None,
            None => {
                refused.push((Error::refused("column_unknown").arg("name", field), row, name.clone()));
                None
            }
        };
        if earlier.is_some() {
            refused.push((Error::refused("column_repeated").arg("name", name), row, name.clone()));
        }
    }
    for (field, value) in mapping.constants.iter().filter(|(_, v)| !v.trim().is_empty()) {
        match place(ctx, spec, field) {
            Some(Place::Column(c)) if !matches!(c.as_str(), "source" | "external_id") && !out.given.contains_key(&c) => {
                out.constants.insert(c, value.trim().to_string());
            }
            _ => refused.push((Error::refused("column_unknown").arg("name", field), row, field.clone())),
        }
    }
    if refused.is_empty() { Ok(out) } else { Err(refused) }
}

/// Where a column of this name goes; what a role hides from the caller is unknown to his file.
pub(crate) fn place(ctx: &Ctx, spec: &'static Spec, name: &str) -> Option<Place> {
    resolve(spec, name).filter(|place| !place.hidden(ctx, spec))
}

pub(crate) enum Place {
    Column(String),
    Line(String, String),
    Id,
    ReadOnly,
}

impl Place {
    fn hidden(&self, ctx: &Ctx, spec: &Spec) -> bool {
        let (columns, field) = match self {
            Place::Column(c) => (Some(&spec.columns), c),
            Place::Line(l, c) => (spec.lines_of(l).map(|(_, l)| &l.columns), c),
            Place::Id | Place::ReadOnly => return false,
        };
        let field = field.split('.').next().unwrap_or_default();
        columns.is_some_and(|all| ctx.access.hides_key(spec, all, field))
    }
}

fn resolve(spec: &'static Spec, name: &str) -> Option<Place> {
    if name == "id" {
        return Some(Place::Id);
    }
    if matches!(name, "version" | "title") {
        return Some(Place::ReadOnly);
    }
    if let Some((line, column)) = name.split_once('.')
        && let Some((_, l)) = spec.lines_of(line)
    {
        return match of(&l.columns, l.name, column)? {
            Place::Column(c) => Some(Place::Line(line.into(), c)),
            other => Some(other),
        };
    }
    of(&spec.columns, spec.name, name)
}

/// By code, as a reference is written or read, by name, by label in any language; dotted: inside of a column.
fn of(columns: &[Column], entity: &str, name: &str) -> Option<Place> {
    let place = |c: &Column| match c.mode {
        Mode::Input | Mode::Once | Mode::Secret => Place::Column(c.name.to_string()),
        _ => Place::ReadOnly,
    };
    // What may be given by name is made where it is missing.
    let named = |c: &Column| match place(c) {
        Place::Column(own) => Place::Column(c.by_name.map_or(own, str::to_string)),
        other => other,
    };
    let shown = || columns.iter().filter(|c| c.visible() || c.mode == Mode::Secret);
    if let Some(c) = shown().find(|c| c.name == name) {
        return Some(place(c));
    }
    if let Some(c) = shown().find(|c| c.by_name == Some(name) || matches!(c.ty, Ty::Ref(_)) && c.ref_name() == name) {
        return Some(named(c));
    }
    if let Some((head, rest)) = name.split_once('.')
        && let Some(c) = shown().find(|c| c.name == head && matches!(c.ty, Ty::Map | Ty::Object(_) | Ty::Items(_)))
    {
        return Some(match place(c) {
            Place::Column(_) => Place::Column(format!("{head}.{rest}")),
            other => other,
        });
    }
    let wanted = name.trim().to_lowercase();
    let labelled =
        |c: &&Column| [Lang::Uk, Lang::Ru, Lang::En].iter().any(|l| kontor_texts::label(*l, entity, c.name).to_lowercase() == wanted);
    let mut found = shown().filter(labelled);
    // Of two columns with one label the one that can be written is meant.
    let first = found.next()?;
    let best = if first.writable() { first } else { found.find(|c| c.writable()).unwrap_or(first) };
    Some(named(best))
}

impl Header {
    fn section(&self, spec: &'static Spec) -> Section {
        let mut s = Section { entity: spec.name.into(), existing: Existing::Auto, ..Default::default() };
        // Our own export comes back as it was; in files of people spaces at the ends are slips.
        let expr = |column: &String| Expr { keep_spaces: self.id.is_some(), ..Expr::of_column(column) };
        for (field, column) in &self.given {
            match field.as_str() {
                "source" => {}
                "external_id" => s.external_id = Some(expr(column)),
                _ => {
                    s.columns.insert(field.clone(), expr(column));
                }
            }
        }
        for (field, value) in &self.constants {
            s.columns.insert(field.clone(), Expr { constant: Some(value.clone()), ..Default::default() });
        }
        if let Some((name, columns)) = self.lines.iter().next() {
            s.lines = Some(Lines {
                name: name.clone(),
                files: None,
                format: None,
                key: None,
                of: None,
                filter: vec![],
                constants: Default::default(),
                columns: columns.iter().map(|(f, c)| (f.clone(), expr(c))).collect(),
            });
            // Rows of one document repeat its own columns.
            s.group_by = match self.given.get("external_id") {
                Some(c) => vec![c.clone()],
                None => self.given.values().cloned().collect(),
            };
            // Nothing but lines: one document, such as the opening stock.
            s.one_record = s.group_by.is_empty();
            if s.external_id.is_none() {
                s.no_key = true;
            }
        }
        if self.id.is_some() {
            s.id_column = self.id.clone();
        } else if !spec.import_key.is_empty() && spec.import_key.iter().all(|k| self.has(spec, k)) {
            s.match_by = spec.import_key.iter().map(|k| k.to_string()).collect();
        }
        s
    }
    fn has(&self, spec: &Spec, column: &str) -> bool {
        let given = |name: &str| self.given.contains_key(name) || self.constants.contains_key(name);
        given(column) || spec.col(column).and_then(|c| c.by_name).is_some_and(given)
    }
}
