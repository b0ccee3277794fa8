//! Where the heading of a sheet is and what its columns are: by the words that price lists use, or by the headings that were
//! right the last time.

use super::words::{Role, currency_in, role_of, vat_in};
use kontor_exchange::read::Sheet;
use kontor_kernel::Currency;

/// Rows in which a heading is looked for.
const HEAD: usize = 80;

#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub role: Role,
    /// From 0.
    pub at: usize,
    pub heading: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The heading's last row, as a spreadsheet counts.
    pub row: u32,
    pub columns: Vec<Column>,
    /// What the heading says over every column.
    pub texts: Vec<String>,
    pub currency: Option<Currency>,
    /// `included` or `excluded`, where the heading says so.
    pub vat: Option<&'static str>,
}

impl Layout {
    pub fn at(&self, role: Role) -> Option<usize> {
        self.columns.iter().find(|c| c.role == role).map(|c| c.at)
    }
    fn good(&self) -> bool {
        self.at(Role::Price).is_some() && (self.at(Role::Article).is_some() || self.at(Role::Name).is_some())
    }
}

/// Headings of one row, or of two rows under each other, with merged cells filled.
fn headings(s: &Sheet, first: usize, rows: usize) -> Vec<String> {
    let mut out: Vec<String> = vec![];
    for (number, cells) in s.rows[first..].iter().take(rows) {
        let width = s.merged.iter().filter(|m| (m.rows.0..=m.rows.1).contains(number)).map(|m| m.columns.1 + 1).max().unwrap_or(0);
        let width = width.min(2_000).max(cells.len());
        if out.len() < width {
            out.resize(width, String::new());
        }
        for (c, heading) in out.iter_mut().enumerate().take(width) {
            let text = filled(s, *number, c, cells);
            if !text.is_empty() && !heading.ends_with(text.as_str()) {
                if !heading.is_empty() {
                    heading.push(' ');
                }
                heading.push_str(&text);
            }
        }
    }
    out
}

/// The text of a cell; a merged one shows what its first cell holds.
fn filled(s: &Sheet, number: u32, column: usize, cells: &[String]) -> String {
    let own = cells.get(column).map(|c| tidy(c)).unwrap_or_default();
    if !own.is_empty() {
        return own;
    }
    let inside =
        |m: &&kontor_exchange::read::Merged| (m.rows.0..=m.rows.1).contains(&number) && (m.columns.0..=m.columns.1).contains(&column);
    let Some(m) = s.merged.iter().find(inside) else { return own };
    let first = s.rows.iter().find(|r| r.0 == m.rows.0).and_then(|r| r.1.get(m.columns.0));
    first.map(|c| tidy(c)).unwrap_or_default()
}

pub fn tidy(s: &str) -> String {
    s.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn layout(s: &Sheet, first: usize, rows: usize) -> Layout {
    let texts = headings(s, first, rows);
    let mut columns: Vec<Column> = vec![];
    for (at, heading) in texts.iter().enumerate().filter(|t| !t.1.is_empty()) {
        if let Some(role) = role_of(heading)
            && !columns.iter().any(|c| c.role == role)
        {
            columns.push(Column { role, at, heading: heading.clone() });
        }
    }
    named(s, first, rows, columns, texts)
}

fn named(s: &Sheet, first: usize, rows: usize, columns: Vec<Column>, texts: Vec<String>) -> Layout {
    let price = columns.iter().find(|c| c.role == Role::Price).map(|c| c.heading.clone()).unwrap_or_default();
    // Where the column does not say, a line above the heading often does: "Ціни в євро без ПДВ".
    let above: Vec<String> =
        s.rows[..first].iter().rev().take(15).flat_map(|r| r.1.iter()).map(|c| tidy(c)).filter(|c| !c.is_empty()).collect();
    let currency = currency_in(&price).or_else(|| above.iter().find_map(|a| currency_in(a)));
    let vat = vat_in(&price).or_else(|| above.iter().find_map(|a| vat_in(a)));
    Layout { row: s.rows.get(first + rows - 1).map_or(0, |r| r.0), columns, texts, currency, vat }
}

/// The row below a heading of equal worth says more of the price than the heading does: "опт" below "Ціна".
fn said_below(s: &Sheet, first: usize, best: &Layout, l: &Layout) -> bool {
    let price = l.at(Role::Price).and_then(|at| s.rows[first + 1].1.get(at)).map(|c| tidy(c)).unwrap_or_default();
    best.row == s.rows[first].0 && !price.is_empty() && super::words::asked(&price).is_err()
}

/// The heading with the most columns known; the upper one of equals.
pub fn find(s: &Sheet) -> Option<Layout> {
    let mut best: Option<Layout> = None;
    for first in 0..s.rows.len().min(HEAD) {
        for rows in 1..=2usize.min(s.rows.len() - first) {
            // The second row of a heading holds words, not goods.
            if rows == 2 && s.rows[first + 1].1.iter().any(|c| c.trim().parse::<f64>().is_ok()) {
                continue;
            }
            let l = layout(s, first, rows);
            let better = best.as_ref().is_none_or(|b| {
                l.columns.len() > b.columns.len() || rows == 2 && l.columns.len() == b.columns.len() && said_below(s, first, b, &l)
            });
            if l.good() && better {
                best = Some(l);
            }
        }
    }
    best
}

/// The first rows that hold anything, tidied; not too many, not too wide.
pub fn beginning(s: &Sheet) -> Vec<(u32, Vec<String>)> {
    const ROWS: usize = 12;
    const COLUMNS: usize = 24;
    let filled = |r: &&(u32, Vec<String>)| r.1.iter().any(|c| !c.trim().is_empty());
    s.rows.iter().filter(filled).take(ROWS).map(|(n, cells)| (*n, cells.iter().take(COLUMNS).map(|c| tidy(c)).collect())).collect()
}

/// The heading that a remembered mapping describes: where most of its columns stand, the upper one of equals. A title above
/// a heading must not hide the column that it stands over.
pub fn remembered(s: &Sheet, wanted: &[(Role, String)]) -> Option<Layout> {
    let same = |a: &str, b: &str| tidy(a).to_lowercase() == tidy(b).to_lowercase();
    let mut best: Option<Layout> = None;
    for first in 0..s.rows.len().min(HEAD) {
        for rows in 1..=2usize.min(s.rows.len() - first) {
            let texts = headings(s, first, rows);
            let of = |(role, heading): &(Role, String)| {
                let at = texts.iter().position(|t| same(t, heading))?;
                Some(Column { role: *role, at, heading: heading.clone() })
            };
            let columns: Vec<Column> = wanted.iter().filter_map(of).collect();
            let l = named(s, first, rows, columns, texts.clone());
            // A column may have gone from the list; without the price there is no list.
            if l.good() && best.as_ref().is_none_or(|b| l.columns.len() > b.columns.len()) {
                best = Some(l);
            }
        }
    }
    best
}
