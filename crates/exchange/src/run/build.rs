//! From rows to the input of a command: fields are evaluated, cleaned and checked against their types. Pure: reads the
//! tables and the lookups, no database.

use super::compile::{Field, LineKind, Plan, Target, Verb, Want, put, without_gaps};
use super::files::{Groups, Rows};
use super::lookup::Found;
use super::mark::{MarkMap, MarkSet, Marker};
use crate::profile::{Expr, Maps, Missing};
use crate::read::Row;
use crate::report::Problem;
use kontor_kernel::error::{Error, FieldError};
use kontor_platform::input::{self, Problems};
use kontor_platform::spec::{Mode, NONE};
use kontor_platform::value::{Id, Value};
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;
use std::ops::Range;

/// Rows of a section with what their cells refer to.
pub struct Ground<'a> {
    pub plan: &'a Plan,
    pub rows: &'a Rows,
    pub groups: &'a Groups,
    /// Lines from a file of their own.
    pub lines: Option<(&'a Rows, &'a Groups)>,
    pub line_filter: &'a [crate::profile::Test],
    pub maps: &'a Maps,
    pub external_id: Option<&'a Expr>,
    pub source: &'a str,
    pub id_column: Option<&'a str>,
    /// Empty cells are told as empty instead of left out.
    pub explicit_empty: bool,
    /// Text that an export of ours has neutralised is taken back.
    pub neutralised: bool,
    pub marker: Marker,
}

/// What is found for the keys of each lookup of the plan.
pub type FoundKeys = Vec<MarkMap<Found>>;

#[derive(Default)]
pub struct Built {
    pub input: Map<String, Json>,
    /// Refers to something that is not written yet.
    pub pending: bool,
    pub problems: Vec<Problem>,
}

/// A row of which cells are taken: of the section's file or of the file of its lines.
#[derive(Clone)]
struct At<'a> {
    rows: &'a Rows,
    row: Option<Row<'a>>,
    /// The document's own row, for columns that a line does not have.
    outer: Option<Row<'a>>,
    neutralised: bool,
}

impl At<'_> {
    fn get(&self, column: &str) -> &str {
        let Some(row) = &self.row else { return "" };
        let v = match &self.outer {
            Some(outer) if !self.rows.has(column) => outer.get(column),
            _ => row.get(column),
        };
        if self.neutralised { crate::cell::plain(v) } else { v }
    }
    fn place(&self) -> (String, u32) {
        self.row.as_ref().map_or_else(|| (String::new(), 0), |r| (r.file().to_string(), r.number()))
    }
    fn problem(&self, label: &str, e: &Error) -> Problem {
        let (file, row) = self.place();
        Problem::new(file, row, label, e)
    }
}

impl<'a> Ground<'a> {
    /// What was read of the rows so far can be believed.
    pub fn whole(&self) -> Result<(), Error> {
        self.rows.whole()?;
        self.lines.map_or(Ok(()), |(rows, _)| rows.whole())
    }

    fn at(&self, group: usize) -> At<'a> {
        let row = self.groups.of(group).first().map(|r| self.rows.row(*r));
        At { rows: self.rows, row, outer: None, neutralised: self.neutralised }
    }

    fn lines_of(&self, group: usize) -> Vec<At<'a>> {
        let (rows, groups, outer) = match self.lines {
            Some((rows, groups)) => (rows, groups, self.at(group).row),
            None => (self.rows, self.groups, None),
        };
        let at = |r: &super::files::RowRef| At { rows, row: Some(rows.row(*r)), outer: outer.clone(), neutralised: self.neutralised };
        groups.of(group).iter().map(at).filter(|at| self.line_filter.iter().all(|t| t.holds(&|c| at.get(c)))).collect()
    }

    /// Where a group stands, for errors of the whole record.
    pub fn place(&self, group: usize) -> (String, u32) {
        self.at(group).place()
    }

    /// The kind of record that a group makes; none: the profile passes it over.
    pub fn target(&self, group: usize) -> Option<&'a Target> {
        let at = self.at(group);
        self.plan.targets.iter().find(|t| t.when.iter().all(|test| test.holds(&|c| at.get(c))))
    }

    pub fn external_id(&self, group: usize) -> Result<Option<String>, Problem> {
        let Some(e) = self.external_id else { return Ok(None) };
        let at = self.at(group);
        let v = e.text(&|c| at.get(c), self.maps, false, false).map_err(|x| at.problem(e.shown(), &x))?;
        Ok(v.map(|v| v.into_owned()))
    }

    /// The id of our own record, in a file that we exported; a new row has none.
    pub fn id(&self, group: usize) -> Result<Option<Id>, Problem> {
        let Some(column) = self.id_column else { return Ok(None) };
        let at = self.at(group);
        match at.get(column).trim() {
            "" => Ok(None),
            text => Id::parse_str(text).map(Some).map_err(|_| at.problem(column, &Error::refused("bad_id").arg("value", text))),
        }
    }

    /// Keys of some groups that each lookup is asked for and that are not found yet.
    pub fn wanted(&self, groups: Range<usize>, found: &FoundKeys) -> Vec<BTreeSet<String>> {
        let mut out = vec![BTreeSet::new(); self.plan.lookups.len()];
        let mut note = |at: &At, fields: &[Field]| {
            for f in fields {
                // What cannot be evaluated is told when the record is built.
                if let Some(n) = f.lookup
                    && let Ok(Some(v)) = f.expr.text(&|c| at.get(c), self.maps, false, false)
                    && !out[n].contains(&*v)
                    && !found[n].contains_key(&self.marker.of(&v))
                {
                    out[n].insert(v.into_owned());
                }
            }
        };
        for g in groups {
            let Some(t) = self.target(g) else { continue };
            let at = self.at(g);
            note(&at, &t.fields);
            for v in &t.then {
                note(&at, &v.fields);
            }
            if let Some(l) = t.line.as_ref().filter(|l| l.fields.iter().any(|f| f.lookup.is_some())) {
                for at in self.lines_of(g) {
                    note(&at, &l.fields);
                }
            }
        }
        out
    }

    /// Marks of the keys of all groups.
    pub fn keys(&self) -> MarkSet {
        (0..self.groups.len()).filter_map(|g| self.external_id(g).ok().flatten()).map(|k| self.marker.of(&k)).collect()
    }

    /// Keys of one group for lookups of the section's own records.
    pub fn own_keys(&self, group: usize, own: &[usize]) -> Vec<super::mark::Mark> {
        let Some(t) = self.target(group) else { return vec![] };
        let at = self.at(group);
        let fields = t.fields.iter().filter(|f| f.lookup.is_some_and(|l| own.contains(&l)));
        fields.filter_map(|f| f.expr.text(&|c| at.get(c), self.maps, false, false).ok().flatten()).map(|v| self.marker.of(&v)).collect()
    }

    /// The input of the command that makes or changes the record.
    pub fn build(&self, group: usize, t: &Target, found: &FoundKeys, create: bool) -> Built {
        let at = self.at(group);
        let mut out = Built { input: t.base.clone(), ..Default::default() };
        self.fields(&t.fields, &at, found, &mut out);
        if create && let Ok(Some(key)) = self.external_id(group) {
            out.input.insert("source".into(), Json::String(self.source.to_string()));
            out.input.insert("external_id".into(), Json::String(key));
        }
        if create && let Some(v) = t.then.first().filter(|v| v.flag && wanted_verb(v, &at, None)) {
            out.input.insert(v.name.clone(), Json::Bool(true));
        }
        if let Some(l) = &t.line {
            self.lines(group, l, found, &mut out);
        }
        without_gaps(&mut out.input);
        out
    }

    fn lines(&self, group: usize, l: &LineKind, found: &FoundKeys, out: &mut Built) {
        let lines = self.lines_of(group);
        let mut all = Vec::with_capacity(lines.len());
        for at in lines {
            let mut line = Built { input: l.base.clone(), ..Default::default() };
            self.fields(&l.fields, &at, found, &mut line);
            out.pending |= line.pending;
            out.problems.append(&mut line.problems);
            all.push(Json::Object(line.input));
        }
        out.input.insert(l.name.into(), Json::Array(all));
    }

    /// Input of the verbs that follow, of those that are possible in the state.
    pub fn verbs(&self, group: usize, t: &Target, found: &FoundKeys, state: Option<&str>, out: &mut Vec<Problem>) -> Vec<(String, Json)> {
        let at = self.at(group);
        let mut verbs = vec![];
        for v in t.then.iter().filter(|v| wanted_verb(v, &at, state) && !(v.flag && state.is_none())) {
            let mut b = Built { input: v.base.clone(), ..Default::default() };
            self.fields(&v.fields, &at, found, &mut b);
            out.append(&mut b.problems);
            verbs.push((v.name.clone(), Json::Object(b.input)));
        }
        verbs
    }

    /// Whether a record in this state waits for verbs that an earlier run did not come to.
    pub fn verbs_left(&self, group: usize, t: &Target, state: &str) -> bool {
        let at = self.at(group);
        t.then.iter().any(|v| !v.from.is_empty() && wanted_verb(v, &at, Some(state)))
    }

    fn fields(&self, fields: &[Field], at: &At<'a>, found: &FoundKeys, out: &mut Built) {
        for f in fields {
            let numeric = f.want == Want::Number;
            let text = match f.expr.text(&|c| at.get(c), self.maps, numeric, f.want == Want::Date) {
                Ok(t) => t,
                Err(e) => {
                    out.problems.push(at.problem(&f.label, &e));
                    continue;
                }
            };
            let value = match text {
                None if self.explicit_empty => Json::Null,
                None => continue,
                Some(v) => match f.lookup {
                    Some(n) => match self.found(&v, n, found, out) {
                        Ok(Some(j)) => j,
                        Ok(None) => continue,
                        Err(e) => {
                            out.problems.push(at.problem(&f.label, &self.unclear(f, &v, e)));
                            continue;
                        }
                    },
                    None => typed(f, v.into_owned()),
                },
            };
            if let Err(message) = put(&mut out.input, &f.path, value) {
                out.problems.push(at.problem(&f.label, &Error::refused("profile_bad").arg("message", message)));
            }
        }
    }

    /// What was not found may be said in a way that means several things: which, where they have codes.
    fn unclear(&self, f: &Field, said: &str, e: Error) -> Error {
        let coded = f.lookup.is_some_and(|n| self.plan.lookups[n].code);
        match f.expr.spelled.as_ref().and_then(|s| s.unclear(said)) {
            Some(all) if coded => {
                let codes = all.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
                Error::refused("name_unclear").arg("value", said).arg("choices", codes)
            }
            Some(_) => Error::refused("name_ambiguous").arg("value", said),
            None => e,
        }
    }

    fn found(&self, key: &str, lookup: usize, found: &FoundKeys, out: &mut Built) -> Result<Option<Json>, Error> {
        let def = &self.plan.lookups[lookup];
        match found[lookup].get(&self.marker.of(key)) {
            Some(Found::Id(id)) => Ok(Some(Json::String(id.to_string()))),
            Some(Found::Code(code)) => Ok(Some(Json::String(code.to_string()))),
            Some(Found::Pending) => {
                out.pending = true;
                Ok(Some(Json::String(if def.code { key.to_string() } else { NONE.to_string() })))
            }
            Some(Found::Ambiguous) => Err(Error::refused("name_ambiguous").arg("value", key)),
            Some(Found::Missing) | None if def.missing == Missing::Empty => Ok(None),
            Some(Found::Missing) | None => Err(Error::refused("name_missing").arg("value", key)),
        }
    }

    /// Checks the input against the types of its fields: as far as one can without the database.
    pub fn check(&self, group: usize, t: &Target, input: &Map<String, Json>, create: bool) -> Vec<Problem> {
        let mut p = Problems::default();
        let also: Vec<&str> = t.spec.lines.iter().map(|l| l.name).collect();
        let (_, names) = input::fields(&t.spec.columns, input, create, &also, "", &mut p);
        debug_assert!(names.is_empty(), "names are looked up before");
        for l in &t.spec.lines {
            let Some(Json::Array(lines)) = input.get(l.name) else { continue };
            if lines.len() > l.max {
                p.add(l.name, "line_limit").args.push(("max".into(), l.max.to_string()));
            }
            for (n, line) in lines.iter().enumerate() {
                if let Json::Object(o) = line {
                    input::fields(&l.columns, o, true, &["id"], &format!("{}.{n}.", l.name), &mut p);
                }
            }
        }
        self.placed(group, t, p.0)
    }

    /// Errors of fields with the rows and columns that the values came from.
    pub fn placed(&self, group: usize, t: &Target, errors: Vec<FieldError>) -> Vec<Problem> {
        let at = self.at(group);
        let lines =
            if errors.iter().any(|e| t.line.as_ref().is_some_and(|l| e.field.starts_with(l.name))) { self.lines_of(group) } else { vec![] };
        errors
            .into_iter()
            .map(|error| {
                let parts: Vec<&str> = error.field.split('.').collect();
                let line = t.line.as_ref().filter(|l| parts[0] == l.name && parts.len() > 1);
                let n = line.and_then(|_| parts[1].parse::<usize>().ok());
                let (at, fields, path) = match (line, n.and_then(|n| lines.get(n))) {
                    (Some(l), Some(at)) => (at, &l.fields, &parts[2..]),
                    _ => (&at, &t.fields, &parts[..]),
                };
                let (file, row) = at.place();
                let field = fields.iter().find(|f| path.iter().zip(&f.path).all(|(a, b)| a == b) && !path.is_empty());
                let column = field.map_or_else(|| path.join("."), |f| f.label.clone());
                Problem { file, row, column, error: Box::new(error) }
            })
            .collect()
    }

    /// An error of the whole command.
    pub fn failed(&self, group: usize, t: &Target, e: &Error) -> Vec<Problem> {
        if e.inner().fields.is_empty() {
            return vec![self.at(group).problem("", e)];
        }
        self.placed(group, t, e.inner().fields.clone())
    }
}

fn wanted_verb(v: &Verb, at: &At, state: Option<&str>) -> bool {
    state.is_none_or(|s| v.from.contains(&s)) && v.when.iter().all(|test| test.holds(&|c| at.get(c)))
}

fn typed(f: &Field, v: String) -> Json {
    let json = |v: &str| serde_json::from_str::<Json>(v).ok();
    let words = |v: &str| {
        let by = f.expr.list.as_deref().unwrap_or(if v.contains(';') { ";" } else { "," });
        v.split(by).map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    match f.want {
        Want::Number if f.negate => Json::String(crate::profile::negated(&v)),
        Want::Text | Want::Number | Want::Date => Json::String(v),
        Want::Bool => match v.to_lowercase().as_str() {
            "true" | "1" | "yes" | "y" | "так" | "да" | "+" | "x" => Json::Bool(true),
            "false" | "0" | "no" | "n" | "ні" | "нет" | "-" => Json::Bool(false),
            _ => Json::String(v),
        },
        Want::Words if v.starts_with('[') => json(&v).unwrap_or(Json::String(v)),
        Want::Words => Json::Array(words(&v).into_iter().map(Json::String).collect()),
        Want::Items if v.starts_with('[') => json(&v).unwrap_or(Json::String(v)),
        Want::Items => Json::Array(words(&v).into_iter().map(|w| serde_json::json!({"value": w})).collect()),
        Want::Json => json(&v).unwrap_or(Json::String(v)),
    }
}

/// An empty cell says the same as an empty list or an empty text.
fn same(a: &Value, b: &Value) -> bool {
    let blank = |v: &Value| match v {
        Value::Null => true,
        Value::Text(s) => s.is_empty(),
        Value::Json(Json::Array(a)) => a.is_empty(),
        Value::Json(Json::Object(o)) => o.is_empty(),
        _ => false,
    };
    a == b || blank(a) && blank(b)
}

/// Fields of an update that differ from what is stored; secrets cannot be compared and are left as they are.
pub fn differing(t: &Target, stored: &kontor_platform::record::Record, input: Map<String, Json>) -> Map<String, Json> {
    input
        .into_iter()
        .filter(|(name, v)| match t.spec.col(name) {
            Some(c) if c.mode == Mode::Secret => false,
            Some(c) => input::value(c, v).is_ok_and(|x| !same(&x, stored.get(name))),
            // Lines have ids of their own; a file cannot tell which is which.
            None => false,
        })
        .collect()
}
