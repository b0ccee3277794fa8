//! One page of a list: which rows first, then what is shown of them.

use super::order::{self, SortKey, cursor, cursor_values, key_value, keyset, order_by, read_cursor, sort_keys};
use super::{Page, PageRow, Query, Source, source_in, visible_columns};
use crate::access::Predicate;
use crate::app::App;
use crate::ctx::Ctx;
use crate::record;
use crate::search::Order;
use crate::spec::{Spec, Ty};
use crate::store::{Backend, Conn, Row};
use crate::titles;
use crate::value::{Id, Value};
use kontor_kernel::error::Result;
use kontor_texts::Lang;
use std::collections::{BTreeMap, BTreeSet};

pub fn list(conn: &mut Conn, app: &App, ctx: &Ctx, spec: &'static Spec, q: &Query) -> Result<Page> {
    let columns = visible_columns(ctx, spec, q.fields.as_deref())?;
    let mut src = source_in(conn, app, ctx, spec, q, "read", order_of(q)?)?;
    let count = if q.count {
        let n = conn.query_one(&format!("SELECT COUNT(*) FROM {}{}", src.from, src.where_sql()), &src.all_params())?.int(0)?;
        Some(n)
    } else {
        None
    };
    let mut keys = match &src.newest {
        Some(expr) => vec![SortKey { expr: expr.clone(), desc: true, ty: "int" }],
        None => sort_keys(spec, q, conn.backend()),
    };
    if let Some(a) = &q.after {
        let at = read_cursor(&keys, a)?;
        let Source { wheres, params, .. } = &mut src;
        keyset(&keys, at, wheres, params);
    }
    let lang = (!q.plain_titles).then_some(ctx.lang);
    let parts = if q.sort.is_empty() && q.q.trim().is_empty() {
        ctx.access.in_order(&app.registry, spec, "t", conn.backend())
    } else {
        vec![src.scope.clone()]
    };
    let few = first_rows(&src, &parts, &keys, q.limit + 1, conn.backend());
    if src.newest.is_some() {
        // What the index of a search calls its row is the record's `seq`, also where that index is out of sight.
        keys[0].expr = "t.seq".into();
    }
    let mut shown = Shown::new(app, spec, &columns, lang, conn.backend());
    let key_at = shown.select.len();
    shown.select.extend(keys.iter().map(|k| k.expr.clone()));
    // The page first and the rest of it afterwards: with references to look up, SQLite would sort the whole table. It shall take
    // the few first, whatever it thinks of their number. The few come in their order as a rule; the sort below makes it sure at
    // a tenth of what another one in the database costs.
    let join = if conn.backend() == Backend::Sqlite { "CROSS JOIN" } else { "JOIN" };
    let sql = format!("SELECT {} FROM ({few}) few {join} {} t ON t.seq = few.row_seq{}", shown.select.join(", "), spec.table, shown.joins);
    let params: Vec<Value> = parts.iter().flat_map(|p| src.params_in(p)).collect();
    let mut rows = conn.query(&sql, &params)?;
    order::sort(&mut rows, &keys, key_at);
    let more = rows.len() > q.limit;
    rows.truncate(q.limit);
    let next = match rows.last() {
        Some(r) if more => Some(cursor(&keys.iter().zip(key_at..).map(|(k, i)| key_value(k.ty, r, i)).collect::<Result<Vec<_>>>()?)),
        _ => None,
    };
    let rows = shown.rows(conn, app, rows)?;
    Ok(Page { spec, columns, rows, next, count, newest: src.newest.is_some() })
}

/// What is read of each row.
struct Shown<'a> {
    spec: &'static Spec,
    columns: &'a [usize],
    lang: Option<Lang>,
    select: Vec<String>,
    joins: String,
    /// Where the titles of references stand, aligned with `columns`.
    titles: Vec<Title>,
}

enum Title {
    None,
    /// In this cell of the row: for PostgreSQL each further statement is a way to the server.
    Cell(usize),
    /// Of this collection, asked for once all rows are there: for SQLite a join looks up the same few managers for every row.
    Of(&'static str),
}

/// Cells before those of the columns: id, version, title.
const OWN: usize = 3;

impl<'a> Shown<'a> {
    fn new(app: &App, spec: &'static Spec, columns: &'a [usize], lang: Option<Lang>, backend: Backend) -> Self {
        let own: [String; OWN] = ["t.id".into(), "t.version".into(), titles::sql(spec, "t", lang, backend)];
        let mut select = own.to_vec();
        select.extend(columns.iter().map(|i| spec.columns[*i].sql("t")));
        let mut joins = String::new();
        let title = |i: &usize| {
            let c = &spec.columns[*i];
            let (Ty::Ref(of), Some(target)) = (&c.ty, app.registry.get_ref(&c.ty)) else { return Title::None };
            if backend == Backend::Sqlite && c.stored() {
                return Title::Of(of);
            }
            let alias = format!("r{i}");
            joins.push_str(&format!(" LEFT JOIN {} {alias} ON {alias}.id = {}", target.table, c.sql("t")));
            select.push(titles::sql(target, &alias, lang, backend));
            Title::Cell(select.len() - 1)
        };
        let titles = columns.iter().map(title).collect();
        Shown { spec, columns, lang, select, joins, titles }
    }

    fn rows(&self, conn: &mut Conn, app: &App, rows: Vec<Row>) -> Result<Vec<PageRow>> {
        let mut out: Vec<PageRow> = Vec::with_capacity(rows.len());
        let mut wanted: BTreeMap<&'static str, BTreeSet<Id>> = BTreeMap::new();
        for mut r in rows {
            let (id, version, title) = (r.id(0)?, r.int(1)?, text_of(r.take(2)?).unwrap_or_default());
            let mut titles = vec![None; self.columns.len()];
            for (k, i) in self.columns.iter().enumerate() {
                record::decode_cell(&self.spec.columns[*i].ty, &mut r, k + OWN)?;
                match (&self.titles[k], r.raw(k + OWN)?) {
                    (_, Value::Null) | (Title::None, _) => {}
                    (Title::Cell(at), _) => titles[k] = text_of(r.take(*at)?),
                    // Most rows of a page have what the row before them has.
                    (Title::Of(_), value) if out.last().is_some_and(|before| before.values[k] == *value) => {}
                    (Title::Of(of), value) => wanted.entry(of).or_default().extend(value.as_id()),
                }
            }
            // The row itself becomes the record: most of its cells are what they shall be.
            let mut values = r.0;
            values.truncate(OWN + self.columns.len());
            values.drain(..OWN);
            out.push(PageRow { id, version, title, values, titles });
        }
        let found = titles::titles(conn, app, self.lang, wanted)?;
        if !found.is_empty() {
            for r in &mut out {
                for ((title, value), _) in r.titles.iter_mut().zip(&r.values).zip(&self.titles).filter(|(_, t)| matches!(t, Title::Of(_))) {
                    *title = value.as_id().and_then(|id| found.get(&id).cloned());
                }
            }
        }
        Ok(out)
    }
}

fn text_of(v: Value) -> Option<String> {
    match v {
        Value::Text(s) => Some(s),
        _ => None,
    }
}

/// Which rows a page is made of, as their `row_seq`. Several parts (the people of a team) are each read in the list's own order by
/// the index of their owner and merged by the database, which stops with the last row of the page. SQLite merges what is unlimited;
/// PostgreSQL would read and sort all rows then, and merges parts of which each is limited.
fn first_rows(src: &Source, parts: &[Predicate], keys: &[SortKey], limit: usize, backend: Backend) -> String {
    let order = order_by(keys);
    if let [one] = parts {
        return format!("SELECT t.seq AS row_seq FROM {}{} ORDER BY {order} LIMIT {limit}", src.from, src.where_in(one));
    }
    let list = |of: &dyn Fn(usize, &SortKey) -> String| keys.iter().enumerate().map(|(n, k)| of(n, k)).collect::<Vec<_>>().join(", ");
    let named = list(&|n, k| format!("{} AS k{n}", k.expr));
    let merged = list(&|n, k| format!("k{n}{}", if k.desc { " DESC" } else { "" }));
    let each = |(n, p): (usize, &Predicate)| {
        let part = format!("SELECT t.seq AS row_seq, {named} FROM {}{}", src.from, src.where_in(p));
        match backend {
            Backend::Sqlite => part,
            Backend::Postgres => format!("SELECT * FROM ({part} ORDER BY {order} LIMIT {limit}) p{n}"),
        }
    };
    let each = parts.iter().enumerate().map(each).collect::<Vec<_>>().join(" UNION ALL ");
    format!("SELECT row_seq FROM ({each} ORDER BY {merged} LIMIT {limit}) every")
}

/// A search without an order of its own may be answered newest first; its further pages go on as the first began.
fn order_of(q: &Query) -> Result<Order> {
    if q.q.trim().is_empty() || !q.sort.is_empty() {
        return Ok(Order::List);
    }
    let Some(after) = &q.after else { return Ok(Order::Either) };
    Ok(if cursor_values(after)?.len() == 1 { Order::Newest } else { Order::List })
}
