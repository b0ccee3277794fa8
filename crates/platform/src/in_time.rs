//! Values in time: which rows of a collection are in force on a business date (`as_of`). What was recorded when is another
//! question, and told by the history.

use crate::app::App;
use crate::ctx::Ctx;
use crate::query;
use crate::spec::{Kind, Spec, Ty};
use crate::store::{Backend, Conn};
use crate::value::{Id, Value};
use chrono::NaiveDate;
use kontor_kernel::error::{Error, Result};

impl Spec {
    /// Rows are valid from one day to another, both inclusive, either open.
    fn has_period(&self) -> bool {
        ["valid_from", "valid_to"].iter().all(|n| self.col(n).is_some_and(|c| matches!(c.ty, Ty::Date)))
    }
}

/// The condition on rows of `t` that they are in force on a day: within their period; the latest of their key; a document
/// dated by then. `None`: the collection knows no time, its rows are always in force.
pub fn predicate(spec: &Spec, backend: Backend, day: NaiveDate) -> Option<(String, Vec<Value>)> {
    if let Some((date, key)) = &spec.latest {
        let same: Vec<String> = key.iter().map(|k| format!("o.{k} = t.{k}")).collect();
        let alive = match (spec.kind, backend) {
            (Kind::Catalog, Backend::Postgres) => " AND NOT o.archived",
            (Kind::Catalog, Backend::Sqlite) => " AND o.archived = 0",
            _ => "",
        };
        // Of one day the one written last counts.
        let sql = format!(
            "t.{date} <= ? AND NOT EXISTS (SELECT 1 FROM {} o WHERE {} AND o.{date} <= ? AND (o.{date}, o.seq) > (t.{date}, t.seq){alive})",
            spec.table,
            same.join(" AND ")
        );
        return Some((sql, vec![day.into(), day.into()]));
    }
    if spec.has_period() {
        let sql = "(t.valid_from IS NULL OR t.valid_from <= ?) AND (t.valid_to IS NULL OR t.valid_to >= ?)".into();
        return Some((sql, vec![day.into(), day.into()]));
    }
    (spec.kind == Kind::Document).then(|| ("t.date <= ?".into(), vec![day.into()]))
}

impl App {
    /// Whether a record that the caller may read is in force on a day.
    pub fn in_force(&self, ctx: &Ctx, collection: &str, id: Id, day: NaiveDate) -> Result<bool> {
        let spec = self.registry.get(collection).ok_or_else(Error::not_found)?;
        self.store.read(|conn: &mut Conn| {
            query::read_record(conn, self, ctx, collection, id)?;
            let Some((sql, params)) = predicate(spec, conn.backend(), day) else { return Ok(true) };
            let all: Vec<Value> = std::iter::once(Value::Id(id)).chain(params).collect();
            Ok(conn.query_opt(&format!("SELECT 1 FROM {} t WHERE t.id = ? AND {sql}", spec.table), &all)?.is_some())
        })
    }
}
