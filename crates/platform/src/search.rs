//! Search as you type: every word must stand somewhere in the record's search text. A trigram index finds the matches; few
//! are put in the list's order, many are shown newest first, for nobody reads thousands.

use crate::app::App;
use crate::ctx::Ctx;
use crate::query::{self, Query, Source};
use crate::record::{fold, phone_digits};
use crate::spec::Spec;
use crate::store::{Backend, Conn};
use crate::value::{Id, Value};
use kontor_kernel::error::Result;

/// So many matches are collected and put in the list's order; more are shown newest first, as the index gives them.
const MANY: i64 = 300;
/// Matches among so many of the newest records tell that a word is frequent, without counting.
const RECENT: i64 = 5000;
const FREQUENT: i64 = 10;
/// Shortest word that a trigram index can find.
const TRIGRAM: usize = 3;

/// The order in which matches are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The list's own.
    List,
    /// By age.
    Newest,
    /// The list's own, or newest first where the matches are too many to be put in order while somebody types.
    Either,
}

/// A record that was found, with what it is called.
#[derive(Clone, Debug)]
pub struct Found {
    pub entity: &'static str,
    pub id: Id,
    pub title: String,
    pub subtitle: String,
}

/// A phone number is one word: its last nine digits, for codes of country and trunk are written or left out.
fn phone(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = match phone_digits(text) {
        Some(digits) if text.contains(['+', '(']) || digits.len() >= 9 => digits,
        Some(_) => return None,
        // Digits alone are one where they begin and are as many as ours are written: any other may be an article or a code.
        None if text.bytes().all(|b| b.is_ascii_digit()) && ours(text) => text.to_string(),
        None => return None,
    };
    Some(digits[digits.len().saturating_sub(9)..].to_string())
}

/// `0441234567`, `380441234567`, `84951234567`, `74951234567`.
fn ours(digits: &str) -> bool {
    match digits.len() {
        10 => digits.starts_with('0'),
        11 => digits.starts_with(['7', '8']),
        12 => digits.starts_with("380"),
        _ => false,
    }
}

/// Words that are looked for: no more than a few.
fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split_whitespace().filter(|w| !w.contains('\0')).take(8)
}

/// A word as the full-text index of SQLite reads it.
fn phrase(word: &str) -> String {
    format!("\"{}\"", word.replace('"', "\"\""))
}

fn like(word: &str) -> Value {
    Value::Text(format!("%{}%", word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")))
}

/// Adds the search to a query's source; `Source::newest` says by what the matches are newest first, if they are. `of_one`: the
/// caller reads the rows of one person only.
pub fn narrow(conn: &mut Conn, spec: &Spec, text: &str, order: Order, of_one: bool, s: &mut Source) -> Result<()> {
    if !spec.has_search() {
        s.wheres.push("1 = 0".into());
        return Ok(());
    }
    let folded = phone(text).unwrap_or_else(|| fold(text));
    let words: Vec<&str> = words(&folded).collect();
    let (long, short): (Vec<&str>, Vec<&str>) = words.iter().partition(|w| w.chars().count() >= TRIGRAM);
    if long.is_empty() && (order == Order::Newest || (order == Order::Either && rows_up_to(conn, spec, MANY)? >= MANY)) {
        s.newest = Some("t.seq".into());
    }
    match conn.backend() {
        Backend::Sqlite => narrow_sqlite(conn, spec, &long, &short, order, s),
        Backend::Postgres => narrow_postgres(conn, spec, &long, &short, order, of_one, s),
    }
}

/// The same for a collection that is found by the words of what `column` leads to; only who reads that finds anything.
pub fn narrow_by_subject(backend: Backend, ctx: &Ctx, column: &str, of: &Spec, text: &str, s: &mut Source) {
    if !ctx.access.may(of, "read") || !of.has_search() {
        s.wheres.push("1 = 0".into());
        return;
    }
    let folded = phone(text).unwrap_or_else(|| fold(text));
    let mut all = vec![];
    for w in words(&folded) {
        let (sql, param) = match backend {
            Backend::Postgres => ("o.search_text LIKE ? ESCAPE '\\'".to_string(), like(w)),
            Backend::Sqlite if w.chars().count() < TRIGRAM => ("instr(o.search_text, ?) > 0".to_string(), w.into()),
            Backend::Sqlite => {
                let fts = format!("{}_fts", of.table);
                (format!("o.seq IN (SELECT rowid FROM {fts} WHERE {fts} MATCH ?)"), Value::Text(phrase(w)))
            }
        };
        all.push(sql);
        s.params.push(param);
    }
    if !all.is_empty() {
        s.wheres.push(format!("t.{column} IN (SELECT o.id FROM {} o WHERE {})", of.table, all.join(" AND ")));
    }
}

fn rows_up_to(conn: &mut Conn, spec: &Spec, limit: i64) -> Result<i64> {
    conn.query_one(&format!("SELECT COUNT(*) FROM (SELECT 1 FROM {} LIMIT {limit}) x", spec.table), &[])?.int(0)
}

fn narrow_sqlite(conn: &mut Conn, spec: &Spec, long: &[&str], short: &[&str], order: Order, s: &mut Source) -> Result<()> {
    let mut walk: Vec<&str> = short.to_vec();
    if !long.is_empty() {
        let fts = format!("{}_fts", spec.table);
        let needle = Value::Text(long.iter().map(|w| phrase(w)).collect::<Vec<_>>().join(" AND "));
        let many = order == Order::Newest || {
            let sql = format!("SELECT COUNT(*) FROM (SELECT rowid FROM {fts} WHERE {fts} MATCH ? LIMIT {MANY})");
            conn.query_one(&sql, std::slice::from_ref(&needle))?.int(0)? >= MANY
        };
        if many && order != Order::List {
            s.from = format!("{fts} f CROSS JOIN {} t ON t.seq = f.rowid", spec.table);
            s.wheres.push(format!("f.{fts} MATCH ?"));
            s.params.push(needle);
            s.newest = Some("f.rowid".into());
        } else if many {
            walk.extend(long);
        } else {
            // CROSS JOIN keeps the order: the few matches first, then their rows by key.
            s.from = format!("(SELECT rowid AS rid FROM {fts} WHERE {fts} MATCH ?) f CROSS JOIN {} t ON t.seq = f.rid", spec.table);
            s.from_params.push(needle);
        }
    }
    for w in walk {
        s.wheres.push("instr(t.search_text, ?) > 0".into());
        s.params.push(w.into());
    }
    Ok(())
}

/// A word that is looked for along the list's order: an expression that no index fits, and a pattern that the planner does not
/// see, or it takes the word for a rare one, expects to read everything, and reads all of it.
const WALKED: &str = "(t.search_text || '') LIKE (SELECT CAST(? AS text)) ESCAPE '\\'";

fn narrow_postgres(conn: &mut Conn, spec: &Spec, long: &[&str], short: &[&str], order: Order, of_one: bool, s: &mut Source) -> Result<()> {
    let cond: Vec<&str> = long.iter().map(|_| "search_text LIKE ? ESCAPE '\\'").collect();
    let params: Vec<Value> = long.iter().map(|w| like(w)).collect();
    let cond = cond.join(" AND ");
    let count = |conn: &mut Conn, of: &str, limit: i64| -> Result<i64> {
        conn.query_one(&format!("SELECT COUNT(*) FROM (SELECT 1 FROM {of} WHERE {cond} LIMIT {limit}) x"), &params)?.int(0)
    };
    let recent = format!("(SELECT search_text FROM {} ORDER BY seq DESC LIMIT {RECENT}) r", spec.table);
    let many = !long.is_empty()
        && match order {
            Order::Newest => true,
            // Where the newest are not all there are, they tell how frequent the words are without collecting the matches.
            Order::Either => {
                count(conn, &recent, FREQUENT)? >= FREQUENT
                    && (rows_up_to(conn, spec, RECENT + 1)? > RECENT || count(conn, &spec.table, MANY)? >= MANY)
            }
            Order::List => count(conn, &spec.table, MANY)? >= MANY,
        };
    // One person's rows come by an index of theirs in the list's order; among all rows, newest first, they are few and far between.
    if many && (order == Order::Newest || (order == Order::Either && !of_one)) {
        s.newest = Some("t.seq".into());
    }
    if many {
        for w in long {
            s.wheres.push(WALKED.into());
            s.params.push(like(w));
        }
    } else if !long.is_empty() {
        // The few matches first, by the trigram index, then their rows by key: a plan that is kept for any words would walk the whole
        // list in its order.
        let found = format!("WITH found AS MATERIALIZED (SELECT seq FROM {} WHERE {cond}) SELECT seq AS rid FROM found", spec.table);
        // OFFSET 0 keeps the caller's own conditions out of it, or the planner reads all rows of their owner.
        let row = format!("SELECT * FROM {} p WHERE p.seq = f.rid OFFSET 0", spec.table);
        s.from = format!("({found}) f CROSS JOIN LATERAL ({row}) t");
        s.from_params.extend(params);
    }
    for w in short {
        s.wheres.push(WALKED.into());
        s.params.push(like(w));
    }
    Ok(())
}

impl App {
    /// Search over everything the caller may read, a few of each kind.
    pub fn search(&self, ctx: &Ctx, text: &str, each: usize) -> Result<Vec<Found>> {
        if text.trim().is_empty() {
            return Ok(vec![]);
        }
        self.store.read(|conn| {
            let mut out = vec![];
            for spec in self.registry.specs.iter().filter(|s| s.has_search() && ctx.access.may(s, "read")) {
                let q = Query { q: text.into(), limit: each, fields: Some(vec![]), ..Default::default() };
                let page = query::list(conn, self, ctx, spec, &q)?;
                out.extend(page.rows.into_iter().map(|r| Found { entity: spec.name, id: r.id, title: r.title, subtitle: String::new() }));
            }
            let needle = fold(text);
            out.sort_by_key(|f| {
                let t = fold(&f.title);
                if t == needle {
                    0
                } else if t.starts_with(&needle) {
                    1
                } else {
                    2
                }
            });
            Ok(out)
        })
    }
}
