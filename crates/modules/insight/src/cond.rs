//! Conditions of a report's query with their parameters: the caller's row scope, the filters asked for, the period.

use chrono::NaiveDate;
use kontor_kernel::error::Result;
use kontor_platform::App;
use kontor_platform::ctx::Ctx;
use kontor_platform::report::Params;
use kontor_platform::spec::Spec;
use kontor_platform::store::Backend;
use kontor_platform::value::{Id, Value};

#[derive(Clone, Debug, Default)]
pub struct Cond {
    parts: Vec<String>,
    pub params: Vec<Value>,
}

impl Cond {
    pub fn and(&mut self, sql: impl Into<String>, params: impl IntoIterator<Item = Value>) {
        self.parts.push(sql.into());
        self.params.extend(params);
    }
    /// `column = id` when the parameter was given.
    pub fn given(&mut self, params: &Params, name: &str, column: &str) {
        if let Some(v) = params.values.get(name).filter(|v| !v.is_null()) {
            self.and(format!("{column} = ?"), [v.clone()]);
        }
    }
    /// The category and all below it, for a column with a product.
    pub fn category(&mut self, category: Option<Id>, product: &str) {
        if let Some(id) = category {
            let tree = "WITH RECURSIVE down(id) AS (SELECT c.id FROM product_categories c WHERE c.id = ? UNION SELECT c.id FROM product_categories c JOIN down ON c.parent_id = down.id) SELECT id FROM down";
            self.and(format!("{product} IN (SELECT p.id FROM products p WHERE p.category_id IN ({tree}))"), [Value::Id(id)]);
        }
    }
    pub fn since(&mut self, from: Option<NaiveDate>, column: &str) {
        if let Some(d) = from {
            self.and(format!("{column} >= ?"), [Value::Date(d)]);
        }
    }
    pub fn until(&mut self, to: Option<NaiveDate>, column: &str) {
        if let Some(d) = to {
            self.and(format!("{column} <= ?"), [Value::Date(d)]);
        }
    }
    /// Rows of the entity that the caller may read.
    pub fn scope(&mut self, app: &App, ctx: &Ctx, spec: &Spec, alias: &str) {
        let p = ctx.access.predicate(&app.registry, spec, "read", alias);
        if !p.sql.is_empty() {
            self.and(p.sql, p.params);
        }
    }
    /// List filters given besides the report's own parameters.
    pub fn filters(&mut self, app: &App, ctx: &Ctx, backend: Backend, params: &Params, alias: &str) -> Result<()> {
        for f in &params.filters {
            let (sql, values) = f.sql(app, ctx, backend, alias)?;
            self.and(sql, values);
        }
        Ok(())
    }
    pub fn len(&self) -> usize {
        self.parts.len()
    }
    pub fn sql(&self) -> String {
        if self.parts.is_empty() { String::new() } else { format!(" WHERE {}", self.parts.join(" AND ")) }
    }
}

/// The declaration of an entity whose rows a report reads, if the caller may read any of them.
pub fn readable(app: &App, ctx: &Ctx, collection: &'static str) -> Result<&'static Spec> {
    app.granted(ctx, collection, "read")
}

/// `2026-11` of a date column.
pub fn month_of(backend: Backend, column: &str) -> String {
    match backend {
        Backend::Sqlite => format!("substr({column}, 1, 7)"),
        Backend::Postgres => format!("to_char({column}, 'YYYY-MM')"),
    }
}

/// Whole days between two date columns.
pub fn days_between(backend: Backend, from: &str, to: &str) -> String {
    match backend {
        Backend::Sqlite => format!("CAST(julianday({to}) - julianday({from}) AS INTEGER)"),
        Backend::Postgres => format!("({to} - {from})"),
    }
}

/// `CAST(SUM(x) AS …)`, zero for no rows.
pub fn sum(backend: Backend, expr: &str) -> String {
    let int = if backend == Backend::Postgres { "BIGINT" } else { "INTEGER" };
    format!("CAST(COALESCE(SUM({expr}), 0) AS {int})")
}
