//! What records are called, in the caller's language where they have translated names.

use crate::app::App;
use crate::record::Record;
use crate::spec::{Spec, Ty};
use crate::store::{Backend, Conn, Wanted, by_ids, marks, padded};
use crate::value::{Id, Value};
use kontor_kernel::HashMap;
use kontor_kernel::error::Result;
use kontor_texts::Lang;
use std::collections::{BTreeMap, BTreeSet};

/// Column with the translated names: `{uk, ru, en}`.
pub const NAMES: &str = "names";

impl Spec {
    /// Whether its records have translated names.
    pub fn has_names(&self) -> bool {
        self.col(NAMES).is_some_and(|c| matches!(c.ty, Ty::Map))
    }
}

/// The title of a row as an SQL expression; without a language the name as it was given.
pub fn sql(spec: &Spec, alias: &str, lang: Option<Lang>, backend: Backend) -> String {
    let plain = format!("{alias}.{}", spec.title);
    match lang.filter(|_| spec.has_names()) {
        None => plain,
        Some(lang) => {
            let code = lang.code();
            match backend {
                Backend::Sqlite => format!("COALESCE(NULLIF(json_extract({alias}.{NAMES}, '$.{code}'), ''), {plain})"),
                Backend::Postgres => format!("COALESCE(NULLIF({alias}.{NAMES} ->> '{code}', ''), {plain})"),
            }
        }
    }
}

/// The title of a loaded record.
pub fn of(record: &Record, lang: Lang) -> &str {
    let translated = if record.spec.has_names() { record.json(NAMES)[lang.code()].as_str() } else { None };
    translated.filter(|s| !s.is_empty()).unwrap_or_else(|| record.title())
}

/// Titles of records: collection -> ids; without a language the names as they were given. Who reads a document reads the titles it refers to.
pub fn titles(
    conn: &mut Conn,
    app: &App,
    lang: impl Into<Option<Lang>>,
    wanted: BTreeMap<&'static str, BTreeSet<Id>>,
) -> Result<HashMap<Id, String>> {
    let lang = lang.into();
    let mut out = HashMap::new();
    let backend = conn.backend();
    let of = |(of, ids): (&'static str, BTreeSet<Id>)| {
        let target = app.registry.get(of)?;
        let columns = format!("t.id, {}", sql(target, "t", lang, backend));
        Some(Wanted { columns, table: target.table.clone(), ids: ids.into_iter().collect(), and: String::new(), params: vec![] })
    };
    by_ids(conn, wanted.into_iter().filter_map(of).collect(), |r| {
        out.insert(r.id(0)?, r.opt_text(1)?.unwrap_or_default().to_string());
        Ok(())
    })?;
    Ok(out)
}

/// Ids of one statement at most, for each of its tables.
const CHUNK: usize = 256;

/// Names in a language, of those records that have one in it: `collections` are asked for all ids, in one statement.
pub fn translated(conn: &mut Conn, app: &App, lang: Lang, collections: &[&'static str], ids: &BTreeSet<Id>) -> Result<HashMap<Id, String>> {
    let named = match conn.backend() {
        Backend::Sqlite => format!("json_extract(t.{NAMES}, '$.{}')", lang.code()),
        Backend::Postgres => format!("t.{NAMES} ->> '{}'", lang.code()),
    };
    let tables: Vec<&str> =
        collections.iter().filter_map(|c| app.registry.get(c)).filter(|s| s.has_names()).map(|s| s.table.as_str()).collect();
    let ids: Vec<Id> = ids.iter().copied().collect();
    let mut out = HashMap::new();
    for chunk in ids.chunks(CHUNK).filter(|_| !tables.is_empty()) {
        let params = padded(chunk);
        let marks = marks(params.len());
        let of = |table: &&str| format!("SELECT t.id, {named} FROM {table} t WHERE t.id IN ({marks})");
        let sql = tables.iter().map(of).collect::<Vec<_>>().join(" UNION ALL ");
        let all: Vec<Value> = tables.iter().flat_map(|_| params.iter().cloned()).collect();
        for r in conn.query(&sql, &all)? {
            if let Some(name) = r.opt_text(1)?.filter(|n| !n.is_empty()) {
                out.insert(r.id(0)?, name.to_string());
            }
        }
    }
    Ok(out)
}
