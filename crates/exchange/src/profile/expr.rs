//! How one field gets its value from a row: where from, how it is cleaned, and what it refers to.

use super::Test;
use super::decimal::{cleaned, date, times};
use crate::run::Spelled;
use kontor_kernel::error::{Error, Result};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

pub type Maps = BTreeMap<String, BTreeMap<String, String>>;

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}
impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        OneOrMany::Many(vec![])
    }
}
impl<T: Clone> OneOrMany<T> {
    pub fn to_vec(&self) -> Vec<T> {
        self.clone().into_vec()
    }
    pub fn into_vec(self) -> Vec<T> {
        match self {
            OneOrMany::One(t) => vec![t],
            OneOrMany::Many(v) => v,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MapElse {
    #[default]
    Keep,
    Empty,
    Refuse,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    #[default]
    Refuse,
    Empty,
}

/// What a value refers to.
#[derive(Clone, Debug, PartialEq)]
pub struct Lookup {
    pub entity: String,
    /// `external_id`, or columns tried one after another.
    pub by: Vec<String>,
    /// Source of the external id; the profile's own otherwise.
    pub source: Option<String>,
    /// Makes what is missing, with these further fields.
    pub create: Option<toml::Table>,
    pub missing: Missing,
}

#[derive(Clone, Debug, PartialEq)]
pub enum MapRef {
    Named(String),
    Here(BTreeMap<String, String>),
}

/// The steps run in the order of the fields below.
#[derive(Clone, Debug, Default)]
pub struct Expr {
    pub column: Option<String>,
    pub columns: Vec<String>,
    pub join: String,
    pub constant: Option<String>,
    /// The field is given only where these hold.
    pub when: Vec<Test>,
    pub keep_spaces: bool,
    pub strip_prefix: Option<String>,
    pub strip_suffix: Option<String>,
    pub replace: Vec<(String, String)>,
    pub case: Option<String>,
    /// Separator and which part, from 1.
    pub split: Option<(String, usize)>,
    pub map: Option<MapRef>,
    pub map_else: MapElse,
    /// Kept only if it passes.
    pub only: Option<Test>,
    pub default: Option<String>,
    pub date: Vec<String>,
    pub decimal: Option<char>,
    pub times: Option<String>,
    pub negate: bool,
    pub prefix: Option<String>,
    pub suffix: Option<String>,
    /// Several values in one cell.
    pub list: Option<String>,
    pub lookup: Option<Lookup>,
    /// Values as people write them, in files without a profile.
    pub spelled: Option<Arc<Spelled>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Written {
    column: Option<String>,
    columns: Vec<String>,
    join: Option<String>,
    #[serde(rename = "const")]
    constant: Option<toml::Value>,
    when: OneOrMany<Test>,
    keep_spaces: bool,
    strip_prefix: Option<String>,
    strip_suffix: Option<String>,
    replace: Vec<(String, String)>,
    case: Option<String>,
    split: Option<Split>,
    map: Option<toml::Value>,
    map_else: MapElse,
    only: Option<toml::Table>,
    default: Option<toml::Value>,
    date: OneOrMany<String>,
    decimal: Option<String>,
    times: Option<toml::Value>,
    negate: bool,
    prefix: Option<String>,
    suffix: Option<String>,
    list: Option<String>,
    lookup: Option<toml::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Split {
    by: String,
    #[serde(default = "one")]
    part: usize,
}
fn one() -> usize {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenLookup {
    entity: String,
    #[serde(default)]
    by: OneOrMany<String>,
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    create: Option<toml::Value>,
    #[serde(default)]
    missing: Missing,
}

/// A plain value of TOML as text.
pub fn plain(v: &toml::Value) -> Option<String> {
    Some(match v {
        toml::Value::String(s) => s.clone(),
        toml::Value::Integer(i) => i.to_string(),
        toml::Value::Boolean(b) => b.to_string(),
        toml::Value::Datetime(d) => d.to_string(),
        // 0.1 in TOML is a float; its shortest text is what was written.
        toml::Value::Float(f) => f.to_string(),
        _ => return None,
    })
}

impl<'de> Deserialize<'de> for Expr {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let v = toml::Value::deserialize(d)?;
        if let toml::Value::String(column) = v {
            return Ok(Expr { column: Some(column), ..Default::default() });
        }
        let w: Written = v.try_into().map_err(D::Error::custom)?;
        let text = |what: &str, v: Option<toml::Value>| match v {
            None => Ok(None),
            Some(v) => plain(&v).map(Some).ok_or_else(|| D::Error::custom(format!("{what}: a plain value is wanted"))),
        };
        let sources = usize::from(w.column.is_some()) + usize::from(!w.columns.is_empty()) + usize::from(w.constant.is_some());
        if sources != 1 {
            return Err(D::Error::custom("one of column, columns, const is wanted"));
        }
        let decimal = match w.decimal.as_deref() {
            None => None,
            Some(".") => Some('.'),
            Some(",") => Some(','),
            Some(_) => return Err(D::Error::custom("decimal: \".\" or \",\" is wanted")),
        };
        if !matches!(w.case.as_deref(), None | Some("upper" | "lower")) {
            return Err(D::Error::custom("case: \"upper\" or \"lower\" is wanted"));
        }
        let map = match w.map {
            None => None,
            Some(toml::Value::String(name)) => Some(MapRef::Named(name)),
            Some(v) => Some(MapRef::Here(v.try_into().map_err(D::Error::custom)?)),
        };
        let only = match w.only {
            None => None,
            Some(mut t) => {
                t.insert("column".into(), toml::Value::String(String::new()));
                Some(toml::Value::Table(t).try_into().map_err(D::Error::custom)?)
            }
        };
        Ok(Expr {
            column: w.column,
            columns: w.columns,
            join: w.join.unwrap_or_else(|| " ".into()),
            constant: text("const", w.constant)?,
            when: w.when.into_vec(),
            keep_spaces: w.keep_spaces,
            strip_prefix: w.strip_prefix,
            strip_suffix: w.strip_suffix,
            replace: w.replace,
            case: w.case,
            split: w.split.map(|s| (s.by, s.part.max(1))),
            map,
            map_else: w.map_else,
            only,
            default: text("default", w.default)?,
            date: w.date.into_vec(),
            decimal,
            times: text("times", w.times)?,
            negate: w.negate,
            prefix: w.prefix,
            suffix: w.suffix,
            list: w.list,
            lookup: w.lookup.map(lookup).transpose().map_err(D::Error::custom)?,
            spelled: None,
        })
    }
}

fn lookup(v: toml::Value) -> Result<Lookup, String> {
    if let toml::Value::String(entity) = v {
        return Ok(Lookup { entity, by: vec!["external_id".into()], source: None, create: None, missing: Missing::Refuse });
    }
    let w: WrittenLookup = v.try_into().map_err(|e: toml::de::Error| e.message().to_string())?;
    let create = match w.create {
        None | Some(toml::Value::Boolean(false)) => None,
        Some(toml::Value::Boolean(true)) => Some(toml::Table::new()),
        Some(toml::Value::Table(t)) => Some(t),
        Some(_) => return Err("create: true or a table of fields is wanted".into()),
    };
    let mut by = w.by.into_vec();
    if by.is_empty() {
        by.push("external_id".into());
    }
    Ok(Lookup { entity: w.entity, by, source: w.source, create, missing: w.missing })
}

impl Expr {
    pub fn of_column(name: &str) -> Expr {
        Expr { column: Some(name.into()), ..Default::default() }
    }
    /// Columns of the file that it reads.
    pub fn reads(&self) -> impl Iterator<Item = &str> {
        self.column.iter().chain(&self.columns).map(String::as_str)
    }
    /// The column to blame.
    pub fn shown(&self) -> &str {
        self.reads().next().unwrap_or("")
    }

    /// The value before it is looked up or divided; `None` where there is none. `numeric` columns get numbers cleaned.
    pub fn text<'r>(&self, get: &dyn Fn(&str) -> &'r str, maps: &Maps, numeric: bool, dated: bool) -> Result<Option<Cow<'r, str>>> {
        if !self.when.iter().all(|t| t.holds(get)) {
            return Ok(None);
        }
        let mut v: Cow<'r, str> = match (&self.column, &self.constant) {
            (Some(c), _) => Cow::Borrowed(get(c)),
            (None, Some(c)) => Cow::Owned(c.clone()),
            (None, None) => {
                let parts: Vec<&str> = self.columns.iter().map(|c| get(c).trim()).filter(|s| !s.is_empty()).collect();
                Cow::Owned(parts.join(&self.join))
            }
        };
        if !self.keep_spaces {
            v = trimmed(v);
        }
        v = self.cut(v);
        v = self.mapped(v, maps)?;
        if let Some(t) = &self.only
            && !t.holds(&|_| &v)
        {
            v = Cow::Borrowed("");
        }
        if v.is_empty() {
            match &self.default {
                Some(d) => v = Cow::Owned(d.clone()),
                None => return Ok(None),
            }
        }
        if let Some(known) = &self.spelled {
            v = Cow::Owned(known.meant(&v));
        }
        if dated || !self.date.is_empty() {
            v = Cow::Owned(date(&v, &self.date)?);
        }
        if numeric || self.negate || self.times.is_some() {
            v = self.number(v)?;
        }
        if self.prefix.is_some() || self.suffix.is_some() {
            v = Cow::Owned(format!("{}{v}{}", self.prefix.as_deref().unwrap_or(""), self.suffix.as_deref().unwrap_or("")));
        }
        Ok(Some(v))
    }

    fn cut<'r>(&self, mut v: Cow<'r, str>) -> Cow<'r, str> {
        if let Some(p) = &self.strip_prefix {
            v = part(v, |s| s.strip_prefix(p.as_str()).unwrap_or(s));
        }
        if let Some(p) = &self.strip_suffix {
            v = part(v, |s| s.strip_suffix(p.as_str()).unwrap_or(s));
        }
        for (from, to) in &self.replace {
            if !from.is_empty() && v.contains(from.as_str()) {
                v = Cow::Owned(v.replace(from.as_str(), to));
            }
        }
        match self.case.as_deref() {
            Some("upper") => v = Cow::Owned(v.to_uppercase()),
            Some("lower") => v = Cow::Owned(v.to_lowercase()),
            _ => {}
        }
        if let Some((by, n)) = &self.split {
            v = part(v, |s| s.split(by.as_str()).nth(n - 1).unwrap_or("").trim());
        }
        v
    }

    fn mapped<'r>(&self, v: Cow<'r, str>, maps: &Maps) -> Result<Cow<'r, str>> {
        let map = match &self.map {
            None => return Ok(v),
            Some(MapRef::Here(m)) => m,
            Some(MapRef::Named(n)) => {
                maps.get(n).ok_or_else(|| Error::refused("profile_bad").arg("message", format!("there is no map {n:?}")))?
            }
        };
        match (map.get(&*v), self.map_else) {
            (Some(to), _) => Ok(Cow::Owned(to.clone())),
            (None, MapElse::Keep) => Ok(v),
            (None, _) if v.is_empty() => Ok(v),
            (None, MapElse::Empty) => Ok(Cow::Borrowed("")),
            (None, MapElse::Refuse) => Err(Error::refused("bad_choice").arg("choices", map.keys().cloned().collect::<Vec<_>>().join(", "))),
        }
    }

    fn number<'r>(&self, v: Cow<'r, str>) -> Result<Cow<'r, str>> {
        let mut n = match cleaned(&v, self.decimal)? {
            Some(other) => Cow::Owned(other),
            None => v,
        };
        if let Some(by) = &self.times {
            n = Cow::Owned(times(&n, by)?);
        }
        if self.negate {
            n = Cow::Owned(negated(&n));
        }
        Ok(n)
    }
}

pub fn negated(n: &str) -> String {
    match n.strip_prefix('-') {
        Some(positive) => positive.to_owned(),
        None if n.bytes().all(|b| matches!(b, b'0' | b'.')) => n.to_owned(),
        None => format!("-{n}"),
    }
}

fn trimmed(v: Cow<'_, str>) -> Cow<'_, str> {
    part(v, |s| s.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}'))
}

/// A part of the text, without copying what is borrowed.
fn part<'r>(v: Cow<'r, str>, f: impl Fn(&str) -> &str) -> Cow<'r, str> {
    match v {
        Cow::Borrowed(s) => Cow::Borrowed(f(s)),
        Cow::Owned(s) => {
            let t = f(&s);
            if t.len() == s.len() { Cow::Owned(s) } else { Cow::Owned(t.to_owned()) }
        }
    }
}
