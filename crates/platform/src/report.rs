//! Reports: typed parameters -> query -> columns and rows with totals. Shown as page with chart and as JSON, CSV, XLSX.

use crate::app::App;
use crate::ctx::Ctx;
use crate::filter::{self, Filter};
use crate::record::value_json;
use crate::spec::{Column, Scope, Spec, Ty};
use crate::store::Conn;
use crate::value::Value;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use serde_json::{Map, Value as Json, json};

/// What the rights on reports are called among the grants of a role: `{"reports": "sales funnel"}`.
pub const RIGHTS: &str = "reports";

/// Reads and computes a report on a read connection, with the rights of the caller.
pub type ReportFn = fn(&mut Conn, &App, &Ctx, &Params) -> Result<Table>;

/// The declaration of a report: parameters, who may read it, how it is drawn.
pub struct ReportSpec {
    pub name: &'static str,
    pub icon: &'static str,
    /// Typed parameters; they draw the form too. `from`, `to`, `currency`, `by` and filters.
    pub params: Vec<Column>,
    /// Built-in roles that usually may run it; its rows are those that its caller may read.
    pub roles: &'static [&'static str],
    /// Collections whose rows it tells: who reads of each group none runs it neither.
    pub reads: &'static [&'static [&'static str]],
    pub chart: Chart,
    /// Whose list filters it takes besides its parameters: `field.op=value`, dotted paths, as in that entity's list.
    pub filters: fn(&App) -> Option<&'static Spec>,
    pub run: ReportFn,
}

/// How a report is drawn above its table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Chart {
    None,
    Bar(&'static str),
    Line(&'static str),
    Funnel(&'static str),
}

/// Parsed parameters: values by name, and filters that the report passes on to its lists.
#[derive(Clone, Debug, Default)]
pub struct Params {
    pub values: HashMap<&'static str, Value>,
    /// Conditions over the rows behind the report.
    pub filters: Vec<Filter>,
}

impl Params {
    /// A parameter as text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).and_then(Value::as_text)
    }
    /// A parameter as a day.
    pub fn date(&self, name: &str) -> Option<chrono::NaiveDate> {
        self.values.get(name).and_then(Value::as_date)
    }
    /// A parameter as an id.
    pub fn id(&self, name: &str) -> Option<crate::value::Id> {
        self.values.get(name).and_then(Value::as_id)
    }
}

/// Column of a result; `drill` names the list that a cell opens to.
#[derive(Clone, Debug)]
pub struct TableColumn {
    pub name: &'static str,
    pub ty: Ty,
    /// A share of one (`0.629017`), which people read in percent.
    pub share: bool,
}

impl TableColumn {
    /// A column; its title is `report-{report}-{column}` or `field-{column}`.
    pub fn new(name: &'static str, ty: Ty) -> Self {
        TableColumn { name, ty, share: false }
    }
    /// A share of one with six decimals, shown in percent.
    pub fn share(name: &'static str) -> Self {
        TableColumn { name, ty: Ty::Quantity, share: true }
    }
}

/// The answer of a report.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub currency: String,
    pub columns: Vec<TableColumn>,
    pub rows: Vec<TableRow>,
    pub totals: Vec<Value>,
    /// Text keys of remarks (`report-note-…`): what is provisional, what was converted.
    pub notes: Vec<&'static str>,
}

/// A row: values in the order of the columns, and the address of what stands behind it.
#[derive(Clone, Debug, Default)]
pub struct TableRow {
    pub values: Vec<Value>,
    /// Where the row opens to: path with query.
    pub link: Option<String>,
}

impl ReportSpec {
    /// Reads URL parameters; wrong ones are field errors.
    pub fn parse(&self, app: &App, ctx: &Ctx, pairs: &[(String, String)]) -> Result<Params> {
        let mut out = Params::default();
        let lens = (self.filters)(app);
        let mut p = crate::input::Problems::default();
        for (k, v) in pairs {
            if matches!(k.as_str(), "format" | "lang") || v.is_empty() {
                continue;
            }
            match self.params.iter().find(|c| c.name == k || c.by_name == Some(k)) {
                Some(c) if c.by_name == Some(k.as_str()) => {
                    out.values.insert(c.by_name.unwrap_or(c.name), Value::Text(v.clone()));
                }
                Some(c) => match crate::input::value(c, &Json::String(v.clone())) {
                    Ok(x) => {
                        out.values.insert(c.name, x);
                    }
                    Err(e) => p.push(k, e),
                },
                None => match lens.map(|spec| filter::parse(app, ctx, spec, k, v)) {
                    Some(Ok(f)) if out.filters.len() < 40 => out.filters.push(f),
                    Some(Err(e)) => p.push(k, e),
                    _ => {
                        p.add(k, "unknown_field");
                    }
                },
            }
        }
        for c in &self.params {
            if let (Some(d), false) = (&c.default, out.values.contains_key(c.name)) {
                out.values.insert(c.name, d.clone());
            }
            if c.required && !out.values.contains_key(c.name) {
                p.add(c.name, "required");
            }
        }
        if let (Some(f), Some(t)) = (out.date("from"), out.date("to"))
            && f > t
        {
            p.add("to", "before_from");
        }
        p.finish()?;
        Ok(out)
    }

    /// Whether one of the caller's roles may run it, and he may read what it is about.
    pub fn allowed(&self, ctx: &Ctx) -> bool {
        let reads = |of: &&'static str| ctx.access.reach(of, "read") > Scope::None;
        ctx.access.reach(RIGHTS, self.name) > Scope::None && self.reads.iter().all(|any| any.iter().any(reads))
    }
}

impl App {
    /// Runs a report; `pairs` are the parameters of its address. Errors: 404, 403, field errors of parameters.
    pub fn report(&self, ctx: &Ctx, name: &str, pairs: &[(String, String)]) -> Result<Table> {
        let spec = self.registry.report_of(name).ok_or_else(Error::not_found)?;
        if !spec.allowed(ctx) {
            return Err(Error::forbidden().arg("action", "read").arg("entity", name.to_string()));
        }
        let params = spec.parse(self, ctx, pairs)?;
        self.store.read_with_timeout(std::time::Duration::from_secs(60), |conn| (spec.run)(conn, self, ctx, &params))
    }
}

impl Table {
    /// `{currency, columns, rows: [{column: value}], totals, notes}`; numbers are decimal strings.
    pub fn to_json(&self) -> Json {
        let row = |values: &[Value]| {
            let mut m = Map::new();
            for (c, v) in self.columns.iter().zip(values) {
                m.insert(c.name.into(), value_json(&c.ty, v));
            }
            Json::Object(m)
        };
        json!({
            "currency": self.currency,
            "columns": self.columns.iter().map(|c| c.name).collect::<Vec<_>>(),
            "rows": self.rows.iter().map(|r| row(&r.values)).collect::<Vec<_>>(),
            "totals": row(&self.totals),
            "notes": self.notes,
        })
    }
}
