//! Conditions of lists: `field=value`, `field.op=value`, dotted paths over references, `custom.code=value`.

use crate::app::App;
use crate::ctx::Ctx;
use crate::input;
use crate::record::fold;
use crate::spec::{Column, Spec, Ty};
use crate::store::{Backend, marks};
use crate::value::Value;
use kontor_kernel::error::{Error, Result};
use serde_json::Value as Json;

const OPS: [&str; 9] = ["ne", "lt", "le", "gt", "ge", "in", "contains", "starts", "empty"];

/// Most values of one `in`.
const IN: usize = 500;

/// One condition. `path` holds the references to follow before the column.
#[derive(Clone, Debug)]
pub struct Filter {
    pub key: String,
    pub value: String,
    path: Vec<(&'static str, &'static str)>,
    target: Target,
    op: &'static str,
    values: Vec<Value>,
}

#[derive(Clone, Debug)]
enum Target {
    Column(&'static Column, Option<&'static str>),
    Custom(String),
    Id,
}

impl Filter {
    /// Whether it is about this column of the list itself, not of a record that it leads to.
    pub fn names(&self, column: &str) -> bool {
        self.path.is_empty() && matches!(&self.target, Target::Column(c, _) if c.name == column)
    }

    /// Whether an index that begins with the column finds the rows.
    pub fn finds_by(&self, column: &str) -> bool {
        match self.path.first() {
            Some((first, _)) => *first == column,
            None => matches!(self.op, "eq" | "in") && self.names(column),
        }
    }
}

fn unknown() -> Error {
    Error::refused("unknown_field")
}

/// Reads one condition: `key` with its operator (`date.ge`, `partner.city`, `custom.size`), and `value` as it stands in the address.
/// Errors: `unknown_field` also for what is hidden from the caller, `bad_id`, `bad_text`, `wrong_type`, `too_many`.
pub fn parse(app: &App, ctx: &Ctx, spec: &'static Spec, key: &str, value: &str) -> Result<Filter> {
    let mut parts: Vec<&str> = key.split('.').collect();
    let op = parts.last().and_then(|l| OPS.iter().find(|o| *o == l)).copied();
    if op.is_some() {
        parts.pop();
    }
    let op = op.unwrap_or("eq");
    let (last, refs) = parts.split_last().ok_or_else(unknown)?;
    let mut at = spec;
    let mut path = vec![];
    if let [head] = refs
        && *head == "custom"
    {
        return custom(key, last, op, value);
    }
    for r in refs {
        let c = at.columns.iter().find(|c| matches!(c.ty, Ty::Ref(_)) && (c.ref_name() == *r || c.name == *r)).ok_or_else(unknown)?;
        let Ty::Ref(of) = c.ty else { return Err(unknown()) };
        let target = app.registry.get(of).ok_or_else(unknown)?;
        if ctx.access.hidden(at, c.name) || !ctx.access.may(target, "read") || path.len() > 3 {
            return Err(unknown());
        }
        path.push((c.name, of));
        at = target;
    }
    if *last == "id" {
        let op = match op {
            "eq" | "in" => "in",
            "ne" => "ne",
            // Ids have no order and no words.
            _ => return Err(unknown()),
        };
        let values = value
            .split(',')
            .map(|v| crate::value::Id::parse_str(v).map(Value::Id).map_err(|_| Error::refused("bad_id")))
            .collect::<Result<_>>()?;
        return Ok(Filter { key: key.into(), value: value.into(), path, target: Target::Id, op, values });
    }
    let (column, by_name) = match at.index(last) {
        Some(i) => (&at.columns[i], None),
        None => {
            // The reference itself: by the title of the other record, or by its id.
            let named = |c: &&Column| c.by_name == Some(*last) || (matches!(c.ty, Ty::Ref(_)) && c.ref_name() == *last);
            let c = at.columns.iter().find(named).ok_or_else(unknown)?;
            let Ty::Ref(of) = c.ty else { return Err(unknown()) };
            let target = app.registry.get(of).ok_or_else(unknown)?;
            let ids = matches!(op, "eq" | "ne" | "in") && value.split(',').all(|v| crate::value::Id::parse_str(v.trim()).is_ok());
            (c, (!ids).then_some(target.name))
        }
    };
    if !column.visible() || ctx.access.hidden(at, column.name) {
        return Err(unknown());
    }
    let values = values(column, by_name.is_some(), op, value)?;
    Ok(Filter { key: key.into(), value: value.into(), path, target: Target::Column(column, by_name), op, values })
}

fn custom(key: &str, code: &str, op: &'static str, value: &str) -> Result<Filter> {
    if code.is_empty() || code.len() > 60 || !code.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(unknown());
    }
    Ok(Filter {
        key: key.into(),
        value: value.into(),
        path: vec![],
        target: Target::Custom(code.into()),
        op,
        values: vec![Value::Text(value.into())],
    })
}

fn values(c: &Column, by_name: bool, op: &str, value: &str) -> Result<Vec<Value>> {
    if value.contains('\0') {
        return Err(Error::refused("bad_text"));
    }
    if op == "empty" {
        return match value {
            "true" | "1" | "" => Ok(vec![Value::Bool(true)]),
            "false" | "0" => Ok(vec![Value::Bool(false)]),
            _ => Err(Error::refused("wrong_type").arg("expected", "bool")),
        };
    }
    if matches!(op, "contains" | "starts") {
        return Ok(vec![Value::Text(fold(value))]);
    }
    let one = |s: &str| -> Result<Value> {
        if by_name || c.ty.storage() == "text" || c.ty.storage() == "json" {
            return Ok(Value::Text(s.to_string()));
        }
        // A filter takes any value of the type: limits and signs bind input, not questions.
        let loose = Column {
            required: true,
            signed: true,
            ty: if let Ty::Int { .. } = c.ty { Ty::Int { min: i64::MIN, max: i64::MAX } } else { c.ty.clone() },
            ..c.clone()
        };
        input::value(&loose, &Json::String(s.to_string()))
    };
    if op != "in" {
        return Ok(vec![one(value)?]);
    }
    if value.split(',').count() > IN {
        return Err(Error::refused("too_many").arg("max", IN));
    }
    value.split(',').map(|s| one(s.trim())).collect()
}

impl Filter {
    /// Condition over `alias`.
    pub fn sql(&self, app: &App, ctx: &Ctx, backend: Backend, alias: &str) -> Result<(String, Vec<Value>)> {
        let mut params = vec![];
        let inner_alias = if self.path.is_empty() { alias.to_string() } else { format!("p{}", self.path.len() - 1) };
        let mut sql = self.condition(app, backend, &inner_alias, &mut params);
        for (n, (column, of)) in self.path.iter().enumerate().rev() {
            let target = app.registry.get(of).ok_or_else(unknown)?;
            let outer = if n == 0 { alias.to_string() } else { format!("p{}", n - 1) };
            // What the caller may not see of the other record must not be asked for either.
            let scope = ctx.access.predicate(&app.registry, target, "read", &format!("p{n}"));
            let and = scope.and();
            sql = format!("{outer}.{column} IN (SELECT p{n}.id FROM {} p{n} WHERE {sql}{and})", target.table);
            params.extend(scope.params);
        }
        Ok((sql, params))
    }

    fn condition(&self, app: &App, backend: Backend, a: &str, params: &mut Vec<Value>) -> String {
        let marks = marks(self.values.len());
        let (column, by_name) = match &self.target {
            Target::Id => {
                params.extend(self.values.iter().cloned());
                return format!("{a}.id {}IN ({marks})", if self.op == "ne" { "NOT " } else { "" });
            }
            Target::Custom(code) => {
                let e = match backend {
                    Backend::Sqlite => format!("CAST(json_extract({a}.custom, '$.{code}') AS TEXT)"),
                    Backend::Postgres => format!("({a}.custom ->> '{code}')"),
                };
                return compare(&e, self.op, &self.values, backend, params, "text");
            }
            Target::Column(c, n) => (c, n),
        };
        let base = column.sql(a);
        // Text operators on a reference ask for its title.
        let by_title = match column.ty {
            Ty::Ref(of) if matches!(self.op, "contains" | "starts") => Some(of),
            _ => *by_name,
        };
        if let Some(of) = by_title
            && self.op != "empty"
        {
            let Some(target) = app.registry.get(of) else { return "1 = 0".into() };
            let inner = compare(
                &format!("n.{}", target.title),
                if self.op == "ne" { "eq" } else { self.op },
                &self.values,
                backend,
                params,
                "text",
            );
            let not = if self.op == "ne" { "NOT " } else { "" };
            return format!("{base} {not}IN (SELECT n.id FROM {} n WHERE {inner})", target.table);
        }
        if column.ty.storage() == "json" {
            return self.json_condition(&base, backend, params, &column.ty);
        }
        compare(&base, self.op, &self.values, backend, params, column.ty.storage())
    }

    fn json_condition(&self, base: &str, backend: Backend, params: &mut Vec<Value>, ty: &Ty) -> String {
        let list = matches!(ty, Ty::Set(_) | Ty::Tags);
        match self.op {
            "empty" => compare(base, "empty", &self.values, backend, params, "json"),
            "eq" | "in" | "ne" if list => {
                let not = if self.op == "ne" { "NOT " } else { "" };
                let marks = marks(self.values.len());
                params.extend(self.values.iter().cloned());
                match backend {
                    Backend::Sqlite => format!("{not}EXISTS (SELECT 1 FROM json_each({base}) j WHERE j.value IN ({marks}))"),
                    Backend::Postgres => {
                        format!("{not}EXISTS (SELECT 1 FROM jsonb_array_elements_text(COALESCE({base}, '[]')) j(v) WHERE j.v IN ({marks}))")
                    }
                }
            }
            op => {
                compare(&format!("CAST({base} AS TEXT)"), if op == "eq" { "contains" } else { op }, &self.values, backend, params, "text")
            }
        }
    }
}

fn compare(e: &str, op: &str, values: &[Value], backend: Backend, params: &mut Vec<Value>, storage: &str) -> String {
    let folded = |e: &str| match backend {
        Backend::Sqlite => format!("kontor_fold({e})"),
        // Apostrophes and no-break spaces as in `fold`.
        Backend::Postgres => format!("translate(lower({e} COLLATE \"und-x-icu\"), '\u{2019}\u{02BC}`\u{2018}\u{a0}', '''''''''' || ' ')"),
    };
    match op {
        "empty" => {
            let yes = matches!(values.first(), Some(Value::Bool(true)));
            match (storage, yes) {
                ("text", true) => format!("({e} IS NULL OR {e} = '')"),
                ("text", false) => format!("({e} IS NOT NULL AND {e} <> '')"),
                (_, true) => format!("{e} IS NULL"),
                (_, false) => format!("{e} IS NOT NULL"),
            }
        }
        "in" => {
            params.extend(values.iter().cloned());
            format!("{e} IN ({})", marks(values.len()))
        }
        "contains" | "starts" => {
            let t = values.first().and_then(Value::as_text).unwrap_or_default();
            let t = t.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            params.push(Value::Text(if op == "contains" { format!("%{t}%") } else { format!("{t}%") }));
            format!("{} LIKE ? ESCAPE '\\'", folded(&if storage == "text" { e.to_string() } else { format!("CAST({e} AS TEXT)") }))
        }
        _ => {
            let sign = match op {
                "ne" => "<>",
                "lt" => "<",
                "le" => "<=",
                "gt" => ">",
                "ge" => ">=",
                _ => "=",
            };
            // Nought is written out: a partial index of what is open serves a condition that says so itself.
            if values.first() == Some(&Value::Int(0)) && op != "ne" {
                return format!("{e} {sign} 0");
            }
            params.extend(values.first().cloned());
            if op == "ne" { format!("({e} <> ? OR {e} IS NULL)") } else { format!("{e} {sign} ?") }
        }
    }
}

impl Spec {
    /// Column by its JSON name: itself, its reference name or its by-name field.
    pub fn column_of(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name || c.by_name == Some(name) || (matches!(c.ty, Ty::Ref(_)) && c.ref_name() == name))
    }
}
