//! A section of a profile checked against the declarations: which record, which fields of which type, which lookups.
//! Mistakes of the profile are found here, before a row is looked at.

use super::files::Rows;
use super::spelled;
use crate::profile::{Expr, Lookup, Missing, Profile, Section, Test, Then};
use kontor_kernel::error::{Error, Result};
use kontor_platform::spec::{Column, Kind as SpecKind, Mode, Spec, Ty};
use kontor_platform::{App, Ctx};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// How the text of a cell becomes JSON.
#[derive(Clone, Debug, PartialEq)]
pub enum Want {
    Text,
    Number,
    Date,
    Bool,
    /// Several words in one cell.
    Words,
    /// JSON, or values divided by semicolons as `[{"value": …}]`.
    Items,
    Json,
}

#[derive(Clone, Debug)]
pub struct Field {
    pub path: Vec<String>,
    pub want: Want,
    pub expr: Expr,
    pub lookup: Option<usize>,
    pub negate: bool,
    /// Column of the file, for reports.
    pub label: String,
}

pub struct LineKind {
    pub name: &'static str,
    pub base: Map<String, Json>,
    pub fields: Vec<Field>,
}

pub struct Verb {
    pub name: String,
    /// Done by the command that creates the record, in one step: `post: true`.
    pub flag: bool,
    pub from: &'static [&'static str],
    pub when: Vec<Test>,
    pub base: Map<String, Json>,
    pub fields: Vec<Field>,
}

/// One kind of record that a section makes.
pub struct Target {
    pub spec: &'static Spec,
    pub when: Vec<Test>,
    pub base: Map<String, Json>,
    pub fields: Vec<Field>,
    pub line: Option<LineKind>,
    pub then: Vec<Verb>,
}

#[derive(Clone)]
pub struct LookupDef {
    pub spec: &'static Spec,
    pub by: Vec<String>,
    pub source: String,
    /// The code is wanted, not the id.
    pub code: bool,
    pub create: Option<Map<String, Json>>,
    pub missing: Missing,
}

#[derive(Default)]
pub struct Plan {
    pub targets: Vec<Target>,
    pub lookups: Vec<LookupDef>,
}

impl Plan {
    /// Lookups that point to records of the section itself: these must be made first.
    pub fn own(&self, lookup: usize, source: &str) -> bool {
        let l = &self.lookups[lookup];
        l.by.iter().any(|b| b == "external_id") && l.source == source && self.targets.iter().any(|t| t.spec.name == l.spec.name)
    }
}

fn mistake(message: String) -> Error {
    Error::refused("profile_bad").arg("message", message)
}

pub struct Compiler<'a> {
    pub app: &'a App,
    pub ctx: &'a Ctx,
    pub profile: &'a Profile,
    pub source: &'a str,
    /// Columns of the section's own file and of the file of its lines.
    pub rows: &'a Rows,
    pub line_rows: Option<&'a Rows>,
    /// References without a lookup are found by whatever identifies the record.
    pub auto_lookup: bool,
    pub plan: Plan,
}

impl Compiler<'_> {
    pub fn section(mut self, s: &Section) -> Result<Plan> {
        let variants: Vec<(&str, Vec<Test>, Option<&crate::profile::Variant>)> = if s.documents.is_empty() {
            vec![(s.entity.as_str(), vec![], None)]
        } else {
            s.documents
                .iter()
                .map(|v| (if v.entity.is_empty() { s.entity.as_str() } else { v.entity.as_str() }, v.when.to_vec(), Some(v)))
                .collect()
        };
        for (entity, when, variant) in variants {
            let spec = self.spec(entity)?;
            if spec.kind == SpecKind::Facts && spec.recorded_by.is_none() {
                return Err(Error::refused("import_not_allowed"));
            }
            let negate: &[String] = variant.map_or(&[], |v| &v.negate);
            let mut base = self.constants(&spec.columns, &s.constants, &spec.lines)?;
            let mut columns = s.columns.clone();
            if let Some(v) = variant {
                base.extend(self.constants(&spec.columns, &v.constants, &spec.lines)?);
                columns.extend(v.columns.clone());
            }
            if entity == "warehouses"
                && let Some(control) = &self.profile.settings.negative_stock
            {
                base.entry("control").or_insert_with(|| Json::String(control.clone()));
            }
            self.tests(&s.filter, false)?;
            self.tests(&when, false)?;
            let fields = self.fields(spec.name, &spec.columns, &columns, negate, false)?;
            let line = self.lines(spec, s, negate)?;
            let then = variant.and_then(|v| v.then.as_ref()).unwrap_or(&s.then);
            let mut then = then.iter().map(|t| self.verb(spec, t)).collect::<Result<Vec<_>>>()?;
            if let Some(first) = then.first_mut() {
                let flag = spec.col(&first.name).is_some_and(|c| c.mode == Mode::Secret && matches!(c.ty, Ty::Bool));
                first.flag = flag && first.base.is_empty() && first.fields.is_empty();
            }
            self.plan.targets.push(Target { spec, when, base, fields, line, then });
        }
        for c in s.distinct.iter().chain(&s.group_by) {
            self.known(c, false)?;
        }
        if let Some(e) = &s.external_id {
            for c in e.reads() {
                self.known(c, false)?;
            }
        }
        Ok(self.plan)
    }

    fn spec(&self, name: &str) -> Result<&'static Spec> {
        self.app.registry.get(name).ok_or_else(|| Error::refused("profile_entity").arg("value", name))
    }

    fn lines(&mut self, spec: &'static Spec, s: &Section, negate: &[String]) -> Result<Option<LineKind>> {
        let Some(l) = &s.lines else { return Ok(None) };
        let (_, lines) = spec.lines_of(&l.name).ok_or_else(|| Error::refused("profile_field").arg("value", &l.name))?;
        self.tests(&l.filter, true)?;
        let base = self.constants(&lines.columns, &l.constants, &[])?;
        let fields = self.fields(spec.name, &lines.columns, &l.columns, negate, true)?;
        Ok(Some(LineKind { name: lines.name, base, fields }))
    }

    fn verb(&mut self, spec: &'static Spec, t: &Then) -> Result<Verb> {
        let verb = spec.verb_of(&t.verb).ok_or_else(|| Error::refused("unknown_verb").arg("value", &t.verb))?;
        self.tests(&t.when, false)?;
        let base = self.constants(&verb.input, &t.constants, &[])?;
        let fields = self.fields(spec.name, &verb.input, &t.columns, &[], false)?;
        Ok(Verb { name: t.verb.clone(), flag: false, from: verb.from, when: t.when.clone(), base, fields })
    }

    fn tests(&self, tests: &[Test], line: bool) -> Result<()> {
        tests.iter().try_for_each(|t| self.known(&t.column, line))
    }

    /// The column stands in every file that the section reads.
    fn known(&self, column: &str, line: bool) -> Result<()> {
        let there = self.rows.has(column) && !self.rows.tables.is_empty() || line && self.line_rows.is_some_and(|r| r.has(column));
        if there { Ok(()) } else { Err(Error::refused("column_missing").arg("name", column)) }
    }

    fn constants(&self, columns: &[Column], t: &toml::Table, lines: &[kontor_platform::spec::Lines]) -> Result<Map<String, Json>> {
        let mut out = Map::new();
        for (name, v) in t {
            let head = name.split('.').next().unwrap_or("");
            let known =
                columns.iter().any(|c| (c.name == head || c.by_name == Some(head)) && writable(c)) || lines.iter().any(|l| l.name == head);
            if !known {
                return Err(Error::refused("profile_field").arg("value", name));
            }
            let path: Vec<String> = name.split('.').map(str::to_string).collect();
            put(&mut out, &path, json(v)).map_err(mistake)?;
        }
        Ok(out)
    }

    fn fields(
        &mut self,
        entity: &str,
        columns: &[Column],
        given: &BTreeMap<String, Expr>,
        negate: &[String],
        line: bool,
    ) -> Result<Vec<Field>> {
        let mut out = vec![];
        for (name, expr) in given {
            for c in expr.reads() {
                self.known(c, line)?;
            }
            let mut path: Vec<String> = name.split('.').map(str::to_string).collect();
            let unknown = || Error::refused("profile_field").arg("value", name);
            let column = columns
                .iter()
                .find(|c| c.name == path[0] || c.by_name == Some(path[0].as_str()))
                .filter(|c| writable(c))
                .ok_or_else(unknown)?;
            let by_name = column.name != path[0];
            path[0] = column.name.to_string();
            let (want, leaf) = want(column, &path[1..]).ok_or_else(unknown)?;
            let lookup = match (&expr.lookup, leaf.map(|c| &c.ty)) {
                (Some(l), ty) => Some(self.lookup(l, matches!(ty, Some(Ty::Code(_))))?),
                (None, Some(Ty::Ref(of))) if by_name => Some(self.by_name(of)?),
                (None, Some(Ty::Ref(of))) if self.auto_lookup => Some(self.auto(of)?),
                (None, Some(Ty::Code(of))) if self.auto_lookup => Some(self.auto_code(of)?),
                (None, _) => None,
            };
            let mut expr = expr.clone();
            if let Some(c) = leaf.filter(|_| self.auto_lookup) {
                expr.spelled = spelled::of(self.app, self.ctx, entity, c)?;
            }
            let label = if expr.shown().is_empty() { name.clone() } else { expr.shown().to_string() };
            out.push(Field { negate: negate.contains(name), path, want, expr, lookup, label });
        }
        Ok(out)
    }

    fn lookup(&mut self, l: &Lookup, code: bool) -> Result<usize> {
        let spec = self.spec(&l.entity)?;
        for by in &l.by {
            let text =
                by == "external_id" || by == "id" || spec.col(by).is_some_and(|c| c.ty.storage() == "text" && c.stored() && c.visible());
            if !text {
                return Err(Error::refused("profile_field").arg("value", format!("{}.{by}", l.entity)));
            }
        }
        let source = l.source.clone().unwrap_or_else(|| self.source.to_string());
        let create = match &l.create {
            None => None,
            Some(t) => Some(self.constants(&spec.columns, t, &[])?),
        };
        Ok(self.add(LookupDef { spec, by: l.by.clone(), source, code, create, missing: l.missing }))
    }

    /// `region = "City"`: by title, and made where it is missing, if a title is all that such a record needs.
    fn by_name(&mut self, of: &str) -> Result<usize> {
        let spec = self.spec(of)?;
        let enough = spec.columns.iter().all(|c| c.name == spec.title || !c.required || !c.writable() || c.default.is_some());
        let by = vec!["id".to_string(), spec.title.to_string()];
        let (source, create) = (self.source.to_string(), enough.then(Map::new));
        Ok(self.add(LookupDef { spec, by, source, code: false, create, missing: Missing::Refuse }))
    }

    /// By id, external id, import key, code or title: how a file of ours or of a user may name a record.
    fn auto(&mut self, of: &str) -> Result<usize> {
        let spec = self.spec(of)?;
        let mut by = vec!["id".to_string(), "external_id".to_string()];
        by.extend(spec.import_key.iter().filter(|c| spec.col(c).is_some_and(|c| c.ty.storage() == "text")).map(|s| s.to_string()));
        by.extend(["code", spec.title].iter().filter(|c| spec.col(c).is_some_and(|c| c.ty.storage() == "text")).map(|s| s.to_string()));
        let mut seen = kontor_kernel::HashSet::new();
        by.retain(|b| seen.insert(b.clone()));
        Ok(self.add(LookupDef { spec, by, source: self.source.to_string(), code: false, create: None, missing: Missing::Refuse }))
    }

    /// By code or title.
    fn auto_code(&mut self, of: &str) -> Result<usize> {
        let spec = self.spec(of)?;
        let mut by = vec!["code".to_string()];
        if spec.title != "code" {
            by.push(spec.title.into());
        }
        let source = self.source.to_string();
        Ok(self.add(LookupDef { spec, by, source, code: true, create: None, missing: Missing::Refuse }))
    }

    fn add(&mut self, def: LookupDef) -> usize {
        let same = |l: &LookupDef| {
            l.spec.name == def.spec.name
                && l.by == def.by
                && l.source == def.source
                && l.code == def.code
                && l.create == def.create
                && l.missing == def.missing
        };
        if let Some(n) = self.plan.lookups.iter().position(same) {
            return n;
        }
        self.plan.lookups.push(def);
        self.plan.lookups.len() - 1
    }
}

fn writable(c: &Column) -> bool {
    matches!(c.mode, Mode::Input | Mode::Once | Mode::Secret)
}

/// Type of the value at `rest` inside of a column, and the column it is told by.
fn want<'c>(c: &'c Column, rest: &[String]) -> Option<(Want, Option<&'c Column>)> {
    let Some((head, tail)) = rest.split_first() else {
        let w = match &c.ty {
            Ty::Int { .. } | Ty::Amount | Ty::Price | Ty::Quantity | Ty::Rate | Ty::Percent => Want::Number,
            Ty::Date => Want::Date,
            Ty::Bool => Want::Bool,
            Ty::Set(_) | Ty::Tags => Want::Words,
            Ty::Items(_) => Want::Items,
            Ty::Object(_) | Ty::Map => Want::Json,
            _ => Want::Text,
        };
        return Some((w, Some(c)));
    };
    match &c.ty {
        Ty::Items(members) => {
            let (name, tail) = tail.split_first()?;
            head.parse::<usize>().ok().filter(|n| *n < 20)?;
            want(members.iter().find(|m| m.name == name)?, tail)
        }
        Ty::Object(members) => want(members.iter().find(|m| m.name == head)?, tail),
        Ty::Map if tail.is_empty() => Some((Want::Text, None)),
        _ => None,
    }
}

/// Puts a value at a path; numbers in it are places of a list.
pub fn put(at: &mut Map<String, Json>, path: &[String], v: Json) -> Result<(), String> {
    let (head, tail) = path.split_first().ok_or("an empty name")?;
    if tail.is_empty() {
        at.insert(head.clone(), v);
        return Ok(());
    }
    let next = at.entry(head.clone()).or_insert(Json::Null);
    put_inside(next, tail, v)
}

fn put_inside(at: &mut Json, path: &[String], v: Json) -> Result<(), String> {
    let Some((head, tail)) = path.split_first() else {
        *at = v;
        return Ok(());
    };
    if let Ok(n) = head.parse::<usize>() {
        if at.is_null() {
            *at = Json::Array(vec![]);
        }
        let Json::Array(a) = at else { return Err(format!("{head} stands in no list")) };
        // Places that stay empty are taken out at the end: of three phones the second may be missing.
        while a.len() <= n {
            a.push(Json::Null);
        }
        return put_inside(&mut a[n], tail, v);
    }
    if at.is_null() {
        *at = Json::Object(Map::new());
    }
    let Json::Object(o) = at else { return Err(format!("{head} stands in no object")) };
    put(o, path, v)
}

/// Takes empty places out of lists.
pub fn without_gaps(m: &mut Map<String, Json>) {
    for v in m.values_mut() {
        if let Json::Array(a) = v {
            a.retain(|x| !x.is_null());
        }
    }
}

/// TOML as JSON; decimals as text, since nothing here is a floating-point number.
pub fn json(v: &toml::Value) -> Json {
    match v {
        toml::Value::String(s) => Json::String(s.clone()),
        toml::Value::Integer(i) => Json::from(*i),
        toml::Value::Float(f) => Json::String(f.to_string()),
        toml::Value::Boolean(b) => Json::Bool(*b),
        toml::Value::Datetime(d) => Json::String(d.to_string()),
        toml::Value::Array(a) => Json::Array(a.iter().map(json).collect()),
        toml::Value::Table(t) => Json::Object(t.iter().map(|(k, v)| (k.clone(), json(v))).collect()),
    }
}
