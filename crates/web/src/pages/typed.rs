//! What stands in a form: names and texts, made from a record or from what was posted (`reader` makes input of a command
//! from it). Nothing typed is lost: what cannot be read comes back with its error.
//!
//! Names: `name`, `payment_terms[days]`, `phones[0][value]`, `lines[2][product_id]`; a reference has its title beside it
//! (`partner_id__title`) and what it was before (`partner_id__was`), so that forms work without scripts.

use super::state::Call;
use chrono::{DateTime, Utc};
use kontor_kernel::HashMap;
use kontor_platform::spec::{Column, Mode, Spec, Ty};
use serde_json::{Map, Value as Json};

#[derive(Clone, Debug, Default)]
pub struct Typed(pub Vec<(String, String)>);

/// Name of a member: `lines[2]` + `price`.
pub fn member(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_string() } else { format!("{prefix}[{name}]") }
}

/// Path of an error (`lines.2.price`) as the name of its field (`lines[2][price]`).
pub fn name_of_path(path: &str) -> String {
    let mut parts = path.split('.');
    let first = parts.next().unwrap_or("").to_string();
    parts.fold(first, |name, p| member(&name, p))
}

/// Written by people in a form of this kind.
pub fn in_form(x: &Column, create: bool) -> bool {
    match x.mode {
        Mode::Input => !matches!(x.ty, Ty::State),
        // Passwords are typed; other secrets are for programs (made and posted at once).
        Mode::Secret => matches!(x.ty, Ty::Text { .. }),
        Mode::Once => create && !matches!(x.name, "source" | "external_id"),
        _ => false,
    }
}

impl Typed {
    /// The last value of a name: after the hidden `false` of a box comes its `true`.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().rev().find(|(k, _)| k == name).map_or("", |(_, v)| v.as_str())
    }
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(k, _)| k == name)
    }
    pub fn put(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }
    pub fn replace(&mut self, name: &str, value: impl Into<String>) {
        self.0.retain(|(k, _)| k != name);
        self.put(name, value);
    }
    /// How many rows a list has.
    pub fn rows(&self, list: &str) -> usize {
        self.0.iter().filter_map(|(k, _)| row_of(k, list)).map(|(i, _)| i + 1).max().unwrap_or(0)
    }

    /// A record as the API shows it.
    pub fn of_record(c: &Call, spec: &Spec, j: &Json) -> Typed {
        let mut t = Typed::default();
        t.put_columns(c, &spec.columns, "", j);
        for l in &spec.lines {
            for (i, row) in j[l.name].as_array().into_iter().flatten().enumerate() {
                let prefix = format!("{}[{i}]", l.name);
                t.put(member(&prefix, "id"), row["id"].as_str().unwrap_or(""));
                t.put_columns(c, &l.columns, &prefix, row);
            }
        }
        t
    }

    fn put_columns(&mut self, c: &Call, columns: &[Column], prefix: &str, j: &Json) {
        for x in columns.iter().filter(|x| in_form(x, true) && x.mode != Mode::Secret) {
            self.put_value(c, x, &member(prefix, x.name), &j[x.name], &j[x.ref_name()]["title"]);
        }
    }

    /// One value under its name.
    pub fn put_value(&mut self, c: &Call, x: &Column, name: &str, j: &Json, title: &Json) {
        match (&x.ty, j) {
            (Ty::Ref(_), Json::String(id)) => {
                let title = title.as_str().unwrap_or("");
                self.put(name, id);
                self.put(format!("{name}__title"), title);
                self.put(format!("{name}__was"), format!("{id}|{title}"));
            }
            (Ty::Set(_), Json::Array(a)) => a.iter().filter_map(Json::as_str).for_each(|s| self.put(name, s)),
            (Ty::Tags, Json::Array(a)) => self.put(name, a.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(", ")),
            (Ty::Items(members), Json::Array(a)) => {
                a.iter().enumerate().for_each(|(i, o)| self.put_columns(c, members, &format!("{name}[{i}]"), o))
            }
            (Ty::Object(members), o @ Json::Object(_)) => self.put_columns(c, members, name, o),
            (Ty::Map, Json::Object(o)) => self.put_map(x, name, o),
            (Ty::Instant, Json::String(s)) => {
                let local = s.parse::<DateTime<Utc>>().map(|t| t.with_timezone(&c.identity.zone).format("%Y-%m-%dT%H:%M").to_string());
                self.put(name, local.unwrap_or_else(|_| s.clone()));
                self.put(format!("{name}__was"), s);
            }
            (ty, Json::String(s)) if ty.scale().is_some() => self.put(name, plain_decimal(s)),
            (_, Json::String(s)) => self.put(name, s),
            (_, Json::Null) => self.put(name, ""),
            (_, other) => self.put(name, other.to_string()),
        }
    }

    fn put_map(&mut self, x: &Column, name: &str, o: &Map<String, Json>) {
        if is_names(x) {
            return o.iter().for_each(|(k, v)| self.put(member(name, k), v.as_str().unwrap_or_default()));
        }
        let line = |(k, v): (&String, &Json)| format!("{k}: {}", v.as_str().map_or_else(|| v.to_string(), str::to_string));
        self.put(name, o.iter().map(line).collect::<Vec<_>>().join("\n"));
    }

    /// Rows without anything in them fall out, and those marked for removal; the rest is counted anew.
    pub fn without_blank_rows(mut self, spec: &Spec) -> Typed {
        let items = spec.columns.iter().filter(|x| matches!(x.ty, Ty::Items(_))).map(|x| x.name);
        for list in items.chain(spec.lines.iter().map(|l| l.name)) {
            let n = self.rows(list);
            let place = self.places(list, n);
            self.0 = std::mem::take(&mut self.0)
                .into_iter()
                .filter_map(|(k, v)| match row_of(&k, list) {
                    None => Some((k, v)),
                    Some((i, rest)) => place[i].map(|at| (format!("{list}[{at}]{rest}"), v)),
                })
                .collect();
            // An emptied list is still given: the last row was taken out.
            if n > 0 && place.iter().all(Option::is_none) {
                self.put(format!("{list}__none"), "1");
            }
        }
        self
    }

    /// New place of each row; none for those that hold nothing or were taken out.
    fn places(&self, list: &str, n: usize) -> Vec<Option<usize>> {
        let (mut filled, mut removed) = (vec![false; n], vec![false; n]);
        for (k, v) in &self.0 {
            let Some((i, rest)) = row_of(k, list) else { continue };
            let v = v.trim();
            if rest == "[_remove]" {
                removed[i] |= v == "1";
            } else if rest != "[id]" && !rest.trim_end_matches(']').ends_with("__was") {
                filled[i] |= !v.is_empty() && v != "false";
            }
        }
        let mut next = 0;
        filled.iter().zip(&removed).map(|(f, r)| (*f && !*r).then(|| (next, next += 1).0)).collect()
    }

    /// For looking up thousands of names of a long document.
    pub fn index(&self) -> Index<'_> {
        let mut out: HashMap<&str, Vec<&str>> = HashMap::with_capacity(self.0.len());
        for (k, v) in &self.0 {
            out.entry(k).or_default().push(v);
        }
        Index(out)
    }
}

/// Values by name, as `Typed` gives them.
pub struct Index<'a>(HashMap<&'a str, Vec<&'a str>>);

impl<'a> Index<'a> {
    pub fn get(&self, name: &str) -> &'a str {
        self.0.get(name).and_then(|v| v.last()).copied().unwrap_or("")
    }
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
    pub fn all(&self, name: &str) -> Vec<&'a str> {
        self.0.get(name).into_iter().flatten().copied().filter(|v| !v.is_empty()).collect()
    }
    pub fn rows(&self, list: &str) -> usize {
        self.0.keys().filter_map(|k| row_of(k, list)).map(|(i, _)| i + 1).max().unwrap_or(0)
    }
}

/// `lines[12][price]` of `lines`: 12 and `[price]`.
fn row_of<'k>(key: &'k str, list: &str) -> Option<(usize, &'k str)> {
    let (n, rest) = key.strip_prefix(list)?.strip_prefix('[')?.split_once(']')?;
    // More rows than any document may have are no rows.
    n.parse().ok().filter(|n| *n < 20_000).map(|n| (n, rest))
}

/// Names in the three languages; other maps are free `code: value` lines.
pub fn is_names(x: &Column) -> bool {
    matches!(x.ty, Ty::Map) && matches!(x.name, "names" | "symbols")
}

/// Trailing zeros of storage say nothing in a field.
fn plain_decimal(s: &str) -> String {
    if s.contains('.') { s.trim_end_matches('0').trim_end_matches('.').to_string() } else { s.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_10_paths_of_errors_are_names_of_fields() {
        assert_eq!(name_of_path("lines.2.price"), "lines[2][price]");
        assert_eq!(name_of_path("name"), "name");
    }

    #[test]
    fn plt_10_blank_and_removed_rows_fall_out() {
        let pairs = [
            ("l[0][a]", ""),
            ("l[0][b]", "false"),
            ("l[1][a]", "x"),
            ("l[1][_remove]", "1"),
            ("l[2][id]", "7"),
            ("l[3][a]", "y"),
            ("l[3][p__was]", "1|z"),
            ("l[4][p__was]", "1|z"),
        ];
        let t = Typed(pairs.map(|(k, v)| (k.to_string(), v.to_string())).to_vec());
        assert_eq!(t.places("l", 5), [None, None, None, Some(0), None]);
        assert_eq!(t.index().get("l[3][a]"), "y");
    }

    #[test]
    fn plt_10_rows_are_found_in_names() {
        let t = Typed(vec![("phones[3][value]".into(), "1".into()), ("phones[x][value]".into(), "1".into()), ("phones".into(), "".into())]);
        assert_eq!(t.rows("phones"), 4);
        assert_eq!(row_of("lines[12][price]", "lines"), Some((12, "[price]")));
        assert_eq!(row_of("lines[99999999][price]", "lines"), None);
    }
}
