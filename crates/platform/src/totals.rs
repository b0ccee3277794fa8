//! Sums over a whole list, and the list in groups with their sums: the same scope, filters and search as its pages. Sums in
//! several currencies are never added: each currency has rows of its own.

use crate::app::App;
use crate::ctx::Ctx;
use crate::query::{self, Query};
use crate::record;
use crate::spec::{Column, Spec, Ty};
use crate::store::{Backend, Conn};
use crate::value::Value;
use kontor_kernel::error::{Error, Result};

/// Most groups that are answered, the largest first.
pub const GROUPS: usize = 200;

/// One group in one currency.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Value of the column; of a date its month, `2026-11`. Null when nothing is grouped, and for rows without a value.
    pub key: Value,
    /// Title of what a reference leads to.
    pub title: Option<String>,
    /// Empty where the collection has no currency.
    pub currency: String,
    pub count: i64,
    /// Scaled like their columns, in the order asked for.
    pub sums: Vec<i64>,
}

/// Whether a list may be put into groups by this column.
pub fn groups_by(c: &Column) -> bool {
    c.visible() && (matches!(c.ty, Ty::Ref(_) | Ty::State | Ty::Choice(_) | Ty::Code(_) | Ty::Bool | Ty::Date)) && c.name != "currency"
}

/// Whether sums of this column say something: sums of money and quantities, not prices or percents.
pub fn sums(c: &Column) -> bool {
    c.visible() && matches!(c.ty, Ty::Amount | Ty::Quantity)
}

impl App {
    /// Counts and sums of `columns` over everything that `q` matches, by the column `by` where it is given.
    pub fn totals(&self, ctx: &Ctx, collection: &str, q: &Query, by: Option<&str>, columns: &[&str]) -> Result<Vec<Group>> {
        let spec = self.granted(ctx, collection, "read")?;
        let find = |name: &str, of: fn(&Column) -> bool, at: &str| {
            let found = spec.col(name).filter(|c| of(c) && !ctx.access.hidden(spec, name));
            found.ok_or_else(|| Error::field(at.to_string(), "unknown_field").field_arg("value", name.to_string()))
        };
        let by = by.map(|n| find(n, groups_by, "group")).transpose()?;
        let columns = columns.iter().map(|n| find(n, sums, "fields")).collect::<Result<Vec<_>>>()?;
        self.store.read(|conn| read(conn, self, ctx, spec, q, by, &columns))
    }
}

fn read(
    conn: &mut Conn,
    app: &App,
    ctx: &Ctx,
    spec: &'static Spec,
    q: &Query,
    by: Option<&Column>,
    columns: &[&Column],
) -> Result<Vec<Group>> {
    let src = query::source(conn, app, ctx, spec, q, "read")?;
    let money = spec
        .col("currency")
        .filter(|c| c.visible() && !ctx.access.hidden(spec, c.name) && columns.iter().any(|x| matches!(x.ty, Ty::Amount)));
    let (mut joins, mut title) = (String::new(), "NULL".to_string());
    let key = match by {
        None => "NULL".to_string(),
        Some(c) if matches!(c.ty, Ty::Date) => match conn.backend() {
            Backend::Postgres => format!("to_char({}, 'YYYY-MM')", c.sql("t")),
            Backend::Sqlite => format!("substr({}, 1, 7)", c.sql("t")),
        },
        Some(c) => {
            if let Some(target) = app.registry.get_ref(&c.ty) {
                joins = format!(" LEFT JOIN {} r ON r.id = {}", target.table, c.sql("t"));
                title = format!("r.{}", target.title);
            }
            c.sql("t")
        }
    };
    let currency = money.map_or_else(|| "''".to_string(), |c| c.sql("t"));
    let mut select = vec![key, title, currency, "COUNT(*)".to_string()];
    select.extend(columns.iter().map(|c| format!("CAST(COALESCE(SUM({}), 0) AS BIGINT)", c.sql("t"))));
    let parts: Vec<&str> = [by.map(|_| "1, 2"), money.map(|_| "3")].into_iter().flatten().collect();
    let group = if parts.is_empty() { String::new() } else { format!(" GROUP BY {}", parts.join(", ")) };
    let sql =
        format!("SELECT {} FROM {}{joins}{}{group} ORDER BY 4 DESC, 3, 2 LIMIT {GROUPS}", select.join(", "), src.from, src.where_sql());
    let rows = conn.query(&sql, &src.all_params())?;
    rows.iter()
        .map(|r| {
            let key = match by {
                None => Value::Null,
                Some(c) if matches!(c.ty, Ty::Date) => r.opt_text(0)?.map_or(Value::Null, |s| Value::Text(s.to_string())),
                Some(c) => record::decode(&c.ty, r, 0)?,
            };
            Ok(Group {
                key,
                title: r.opt_text(1)?.map(str::to_string),
                currency: r.opt_text(2)?.unwrap_or_default().to_string(),
                count: r.int(3)?,
                sums: (0..columns.len()).map(|i| r.int(i + 4)).collect::<Result<_>>()?,
            })
        })
        .collect()
}
