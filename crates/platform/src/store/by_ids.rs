//! Rows by their ids, in few statements that stay prepared.

use super::{Backend, Conn, Row};
use crate::value::{Id, Value};
use kontor_kernel::error::Result;

/// Ids of one statement: most of them, and what is taken where few are left, so that padding is not most of it.
const MOST: usize = 1_024;
const CHUNK: usize = 256;

/// Ids in parts, each for one statement: a document of a thousand lines is one way to the server.
pub fn parts(ids: &[Id]) -> impl Iterator<Item = &[Id]> {
    let mut rest = ids;
    std::iter::from_fn(move || {
        let n = if rest.len() > MOST / 2 { MOST } else { CHUNK };
        let (now, later) = rest.split_at(n.min(rest.len()));
        rest = later;
        (!now.is_empty()).then_some(now)
    })
}

/// Ids as parameters, the last one repeated up to one of a few lengths, so that statements stay prepared.
pub fn padded(ids: &[Id]) -> Vec<Value> {
    let length = [1, 2, 4, 8, 16, 24, 32, 48, 64, 128, CHUNK, MOST].into_iter().find(|n| *n >= ids.len()).unwrap_or(ids.len());
    let last = ids.last().copied().unwrap_or_default();
    ids.iter().copied().chain(std::iter::repeat(last)).take(length).map(Value::Id).collect()
}

/// `?, ?, ?`: so many marks of parameters.
pub fn marks(n: usize) -> String {
    vec!["?"; n].join(",")
}

/// What is asked of one table.
pub struct Wanted {
    /// The SELECT list, of alias `t`, without parameters; all that are asked together select alike.
    pub columns: String,
    pub table: String,
    pub ids: Vec<Id>,
    /// A further condition, with its parameters; empty for none.
    pub and: String,
    pub params: Vec<Value>,
}

/// A parameter of [`Conn::query_lists`].
pub enum Param<'a> {
    One(&'a Value),
    /// Of `rarray(?)`.
    Ids(&'a [Id]),
}

/// Asks several tables for rows by `t.id`. Tables of which one row is wanted share a statement: each is a way to the server.
/// For SQLite all share one, and its text does not tell how many are wanted: beginning and ending a statement costs as much as
/// several rows, and a list of parameters is made a table first.
pub fn by_ids(conn: &mut Conn, wanted: Vec<Wanted>, mut take: impl FnMut(&Row) -> Result<()>) -> Result<()> {
    let wanted: Vec<Wanted> = wanted.into_iter().filter(|w| !w.ids.is_empty()).collect();
    if conn.backend() == Backend::Sqlite && wanted.iter().any(|w| w.ids.len() > 1) {
        let sql: Vec<String> = wanted.iter().map(Wanted::sql_of_many).collect();
        let params: Vec<Param> =
            wanted.iter().flat_map(|w| std::iter::once(Param::Ids(&w.ids)).chain(w.params.iter().map(Param::One))).collect();
        return conn.query_lists(&sql.join(" UNION ALL "), &params, |row| take(&row).map(|()| true));
    }
    let (single, many): (Vec<Wanted>, Vec<Wanted>) = wanted.into_iter().partition(|w| w.ids.len() == 1);
    let mut ask = |sql: &str, params: &[Value]| conn.query(sql, params)?.iter().try_for_each(&mut take);
    if !single.is_empty() {
        let sql: Vec<String> = single.iter().map(|w| w.sql(1)).collect();
        let params: Vec<Value> = single.iter().flat_map(|w| std::iter::once(Value::Id(w.ids[0])).chain(w.params.iter().cloned())).collect();
        ask(&sql.join(" UNION ALL "), &params)?;
    }
    for w in &many {
        for chunk in parts(&w.ids) {
            let mut params = padded(chunk);
            let sql = w.sql(params.len());
            params.extend(w.params.iter().cloned());
            ask(&sql, &params)?;
        }
    }
    Ok(())
}

impl Wanted {
    fn sql(&self, n: usize) -> String {
        format!("SELECT {} FROM {} t WHERE t.id IN ({}){}", self.columns, self.table, marks(n), self.further())
    }
    fn sql_of_many(&self) -> String {
        format!("SELECT {} FROM rarray(?) few CROSS JOIN {} t ON t.id = few.value{}", self.columns, self.table, self.further())
    }
    fn further(&self) -> String {
        if self.and.is_empty() { String::new() } else { format!(" AND {}", self.and) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_12_ids_go_out_in_few_parts_of_few_lengths() {
        let ids: Vec<Id> = (0..3_000).map(Id::from_u128).collect();
        for (n, wanted) in [
            (0, vec![]),
            (1, vec![(1, 1)]),
            (5, vec![(5, 8)]),
            (256, vec![(256, 256)]),
            (300, vec![(256, 256), (44, 48)]),
            (513, vec![(513, 1_024)]),
            (1_000, vec![(1_000, 1_024)]),
            (1_100, vec![(1_024, 1_024), (76, 128)]),
            (3_000, vec![(1_024, 1_024), (1_024, 1_024), (952, 1_024)]),
        ] {
            let found: Vec<(usize, usize)> = parts(&ids[..n]).map(|p| (p.len(), padded(p).len())).collect();
            assert_eq!(found, wanted, "{n} ids");
            assert_eq!(parts(&ids[..n]).flatten().copied().collect::<Vec<_>>(), ids[..n]);
        }
    }
}
