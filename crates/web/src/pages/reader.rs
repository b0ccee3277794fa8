//! A form read into the input of a command: numbers and dates as people type them, references by their titles where
//! scripts did not run. What cannot be read goes on as it stands and is refused with the name of its field.

use super::state::Call;
use super::typed::{Index, Typed, in_form, is_names, member};
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use kontor_kernel::error::{Error, FieldError, Result};
use kontor_platform::query::Query;
use kontor_platform::spec::{Column, Lines, Mode, Spec, Ty};
use kontor_texts::Lang;
use serde_json::{Map, Value as Json};
use std::rc::Rc;

/// `1 234,50` and `1,234.50` as people type them, as a decimal string; anything else stays and is refused later. A comma before
/// three digits is what the language makes of it: English parts thousands by it (`1,234` is 1234), the others decimals (1.234).
pub fn decimal(lang: Lang, text: &str) -> String {
    let t: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{a0}' | '\'' | '’'))
        .map(|c| if matches!(c, '\u{2212}' | '–') { '-' } else { c })
        .collect();
    let joined = |whole: &str, by: char| grouped(whole, by).then(|| whole.replace(by, ""));
    let read = match (t.rfind(','), t.rfind('.')) {
        (Some(c), Some(p)) => {
            let (at, by) = if c < p { (p, ',') } else { (c, '.') };
            joined(&t[..at], by).map(|whole| format!("{whole}.{}", &t[at + 1..]))
        }
        (Some(_), None) if t.matches(',').count() > 1 || lang == Lang::En && grouped(&t, ',') => joined(&t, ','),
        (Some(_), None) => Some(t.replace(',', ".")),
        (None, Some(_)) if t.matches('.').count() > 1 => joined(&t, '.'),
        _ => None,
    };
    read.unwrap_or(t)
}

/// `12,345,678`: groups of three digits behind one to three, which do not begin with a zero.
fn grouped(text: &str, by: char) -> bool {
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let mut groups = text.strip_prefix('-').unwrap_or(text).split(by);
    let first = groups.next().is_some_and(|g| (1..=3).contains(&g.len()) && digits(g) && !g.starts_with('0'));
    let rest: Vec<&str> = groups.collect();
    first && !rest.is_empty() && rest.iter().all(|g| g.len() == 3 && digits(g))
}

fn date(text: &str) -> String {
    let t = text.trim();
    NaiveDate::parse_from_str(t, "%d.%m.%Y").map_or_else(|_| t.to_string(), |d| d.to_string())
}

/// Reads a form into the input of a command.
pub struct Reader<'a> {
    c: &'a Call,
    typed: Rc<Index<'a>>,
    /// A new record: what is empty is left to the defaults.
    create: bool,
    pub problems: Vec<FieldError>,
}

impl<'a> Reader<'a> {
    pub fn new(c: &'a Call, typed: &'a Typed, create: bool) -> Self {
        Reader { c, typed: Rc::new(typed.index()), create, problems: vec![] }
    }

    pub fn record(&mut self, spec: &'static Spec) -> Result<Map<String, Json>> {
        let mut out = self.columns(&spec.columns, "")?;
        for l in &spec.lines {
            let n = self.typed.rows(l.name);
            if n > 0 || self.typed.has(&format!("{}__none", l.name)) {
                let rows = (0..n).map(|i| self.line(l, i)).collect::<Result<Vec<_>>>()?;
                out.insert(l.name.into(), Json::Array(rows));
            }
        }
        Ok(out)
    }

    fn line(&mut self, l: &Lines, i: usize) -> Result<Json> {
        let prefix = format!("{}[{i}]", l.name);
        let id = self.typed.get(&member(&prefix, "id")).to_string();
        let was = std::mem::replace(&mut self.create, id.is_empty());
        let fields = self.columns(&l.columns, &prefix);
        self.create = was;
        let mut fields = fields?;
        if !id.is_empty() {
            fields.insert("id".into(), Json::String(id));
        }
        Ok(Json::Object(fields))
    }

    pub fn columns(&mut self, columns: &[Column], prefix: &str) -> Result<Map<String, Json>> {
        let mut out = Map::new();
        let create = self.create;
        for x in columns.iter().filter(|x| in_form(x, create)) {
            let name = member(prefix, x.name);
            if let Some((field, v)) = self.value(x, &name)? {
                out.insert(field, v);
            }
        }
        Ok(out)
    }

    /// Name and value of a field; none when the form does not have it or it is left to the default.
    fn value(&mut self, x: &Column, name: &str) -> Result<Option<(String, Json)>> {
        let t = self.typed.clone();
        let text = t.get(name).trim();
        let given = t.has(name);
        let v = match &x.ty {
            Ty::Items(members) => {
                let n = t.rows(name);
                if n == 0 && !t.has(&format!("{name}__none")) {
                    return Ok(None);
                }
                let rows = (0..n)
                    .map(|i| self.columns(members, &format!("{name}[{i}]")).map(|m| Json::Object(filled(m))))
                    .collect::<Result<Vec<_>>>()?;
                if rows.is_empty() && self.create {
                    return Ok(None);
                }
                Json::Array(rows)
            }
            Ty::Object(members) => {
                let inner = filled(self.columns(members, name)?);
                if inner.is_empty() && (self.create || !members.iter().any(|m| t.has(&member(name, m.name)))) {
                    return Ok(None);
                }
                if inner.is_empty() { Json::Null } else { Json::Object(inner) }
            }
            Ty::Map if is_names(x) => {
                let names: Map<String, Json> = ["uk", "ru", "en"]
                    .iter()
                    .map(|l| (l.to_string(), t.get(&member(name, l)).trim()))
                    .filter(|(_, v)| !v.is_empty())
                    .map(|(k, v)| (k, v.into()))
                    .collect();
                if !t.has(&member(name, "uk")) || (names.is_empty() && self.create) {
                    return Ok(None);
                }
                if names.is_empty() { Json::Null } else { Json::Object(names) }
            }
            _ if !given => return Ok(None),
            Ty::Set(_) => Json::Array(t.all(name).into_iter().map(Json::from).collect()),
            Ty::Tags => Json::Array(
                t.all(name)
                    .iter()
                    .flat_map(|v| v.split([',', ';', '\n']))
                    .map(str::trim)
                    .filter(|s| !s.is_empty())
                    .map(Json::from)
                    .collect(),
            ),
            Ty::Ref(of) => return self.reference(x, of, name),
            _ if text.is_empty() && x.mode == Mode::Secret => return Ok(None),
            _ if text.is_empty() => Json::Null,
            Ty::Map => map(text),
            Ty::Bool => Json::Bool(text == "true" || text == "on" || text == "1"),
            ty if ty.is_number() => Json::String(decimal(self.c.lang, text)),
            Ty::Date => Json::String(date(text)),
            Ty::Instant => self.instant(name, text),
            Ty::Long { .. } => Json::String(t.get(name).replace("\r\n", "\n")),
            _ if x.mode == Mode::Secret => Json::String(t.get(name).to_string()),
            _ => Json::String(text.to_string()),
        };
        let left = self.create && (v.is_null() || v.as_array().is_some_and(Vec::is_empty));
        Ok((!left).then(|| (x.name.to_string(), v)))
    }

    /// A time typed to the minute in the caller's zone; untouched, it keeps its seconds.
    fn instant(&self, name: &str, text: &str) -> Json {
        let zone = &self.c.identity.zone;
        let was = self.typed.get(&format!("{name}__was"));
        if let Ok(t) = was.parse::<DateTime<Utc>>()
            && t.with_timezone(zone).format("%Y-%m-%dT%H:%M").to_string() == text
        {
            return Json::String(was.to_string());
        }
        let local =
            NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S"));
        match local.map(|l| zone.from_local_datetime(&l).earliest()) {
            Ok(Some(t)) => Json::String(t.to_utc().to_rfc3339_opts(chrono::SecondsFormat::Secs, true)),
            _ => Json::String(text.to_string()),
        }
    }

    /// The id that was chosen; where scripts did not run, what was typed is looked up by its title.
    fn reference(&mut self, x: &Column, of: &'static str, name: &str) -> Result<Option<(String, Json)>> {
        let t = self.typed.clone();
        let (id, title) = (t.get(name).trim(), t.get(&format!("{name}__title")).trim());
        let (was_id, was_title) = t.get(&format!("{name}__was")).split_once('|').unwrap_or(("", ""));
        let typed_only = (id.is_empty() && !title.is_empty())
            || (!id.is_empty() && id == was_id && t.has(&format!("{name}__title")) && title != was_title);
        if !typed_only {
            let v = if id.is_empty() { Json::Null } else { Json::String(id.to_string()) };
            return Ok((!(self.create && v.is_null())).then(|| (x.name.to_string(), v)));
        }
        if title.is_empty() {
            return Ok(Some((x.name.to_string(), Json::Null)));
        }
        if let (Some(field), false) = (x.by_name, name.contains('[')) {
            return Ok(Some((field.to_string(), title.into())));
        }
        match self.find(of, title)? {
            Some(id) => Ok(Some((x.name.to_string(), Json::String(id)))),
            None => {
                let path = name.replace('[', ".").replace(']', "");
                let e = Error::field(path, "reference_missing").field_arg("value", title);
                self.problems.extend(e.inner().fields.iter().cloned());
                Ok(None)
            }
        }
    }

    fn find(&self, of: &'static str, title: &str) -> Result<Option<String>> {
        let Some(spec) = self.c.app.registry.get(of).filter(|s| self.c.ctx.access.may(s, "read")) else { return Ok(None) };
        let q = Query { q: title.into(), limit: 20, fields: Some(vec![]), ..Default::default() };
        let rows = self.c.app.list(&self.c.ctx, spec.name, &q)?.rows;
        let exact: Vec<_> = rows.iter().filter(|r| r.title.eq_ignore_ascii_case(title)).collect();
        let one = match (exact.as_slice(), rows.as_slice()) {
            ([one], _) => Some(*one),
            ([], [one]) => Some(one),
            _ => None,
        };
        Ok(one.map(|r| r.id.to_string()))
    }
}

/// Members that say something.
fn filled(m: Map<String, Json>) -> Map<String, Json> {
    m.into_iter().filter(|(_, v)| !v.is_null()).collect()
}

/// Lines `code: value`; numbers and yes or no keep their type where writing them back gives the same.
fn map(text: &str) -> Json {
    let one = |v: &str| match v {
        "true" => Json::Bool(true),
        "false" => Json::Bool(false),
        v => match v.parse::<i64>() {
            Ok(n) if n.to_string() == v => n.into(),
            _ => v.into(),
        },
    };
    let pairs = text
        .lines()
        .filter_map(|l| l.split_once([':', '=']))
        .map(|(k, v)| (k.trim().to_string(), one(v.trim())))
        .filter(|(k, _)| !k.is_empty());
    Json::Object(pairs.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_10_numbers_are_read_as_people_type_them() {
        for (typed, read) in [
            ("1 234,50", "1234.50"),
            ("1,234.50", "1234.50"),
            ("1.234,5", "1234.5"),
            ("12,345,678", "12345678"),
            ("1.234.567", "1234567"),
            ("−7", "-7"),
            ("12.5", "12.5"),
            ("12,5", "12.5"),
            ("0,125", "0.125"),
            ("1.234", "1.234"),
            ("1234,567", "1234.567"),
            ("abc", "abc"),
            ("", ""),
            // Neither one nor the other: refused with its field, not read as something.
            ("1,23.4", "1,23.4"),
            ("1,2,3", "1,2,3"),
            ("1.2.3", "1.2.3"),
            ("12,34,567", "12,34,567"),
        ] {
            for lang in Lang::ALL {
                assert_eq!(decimal(lang, typed), read, "{typed} in {lang:?}");
            }
        }
        for (typed, english, other) in [("1,234", "1234", "1.234"), ("-12,345", "-12345", "-12.345"), ("999,000", "999000", "999.000")] {
            assert_eq!(decimal(Lang::En, typed), english);
            assert_eq!([decimal(Lang::Uk, typed), decimal(Lang::Ru, typed)], [other; 2]);
        }
    }
}
