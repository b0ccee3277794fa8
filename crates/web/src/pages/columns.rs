//! Columns of a list: those declared for lists that fit, or those of the address; their widths and heads.

use super::address;
use super::chips::Condition;
use super::state::Call;
use crate::ui::table::{Column as TableColumn, Show, Sorted};
use kontor_platform::query::Query;
use kontor_platform::spec::{Column, Kind, Spec, Ty};
use kontor_texts::{label, message};

/// Columns that a generic list starts with: the title, then those declared for lists.
fn default_columns(spec: &Spec) -> Vec<&'static str> {
    let mut out = vec![spec.title];
    out.extend(spec.columns.iter().filter(|c| c.list && c.name != spec.title).map(|c| c.name));
    if out.len() == 1 {
        let plain = |c: &&Column| {
            c.visible()
                && c.name != spec.title
                && !matches!(c.ty, Ty::Long { .. } | Ty::Map | Ty::Items(_) | Ty::Object(_))
                && !BOOKKEEPING.contains(&c.name)
        };
        out.extend(spec.columns.iter().filter(plain).take(6).map(|c| c.name));
    }
    out
}

/// What the platform keeps about every record.
pub const BOOKKEEPING: &[&str] =
    &["custom", "source", "external_id", "archived", "created_by_id", "created_at", "updated_at", "revision", "posted_at"];

/// Columns chosen by the address (`cols=a,b`), else the usual ones; what the caller may not see is left out.
pub fn columns(c: &Call, spec: &'static Spec, conditions: &[Condition]) -> Vec<&'static Column> {
    let asked: Vec<&str> =
        c.req.query.iter().filter(|(k, _)| k == "cols").flat_map(|(_, v)| v.split(',')).filter(|s| !s.is_empty()).collect();
    let chosen = !asked.is_empty();
    let names = if chosen { asked } else { default_columns(spec) };
    let mut out: Vec<&'static Column> = vec![];
    for n in std::iter::once(spec.title).chain(names) {
        // A column that a condition makes constant says nothing.
        let constant = !chosen && n != spec.title && conditions.iter().any(|x| x.constant == Some(n));
        if let Some(col) = spec.col(n)
            && col.visible()
            && !constant
            && !c.ctx.access.hidden(spec, n)
            && !out.iter().any(|x| x.name == n)
        {
            out.push(col);
        }
    }
    out.truncate(16);
    if !chosen {
        fit(&mut out);
    }
    out
}

/// Pixels that the usual columns may take beside the name.
const ROOM: u16 = 860;

/// Usual columns that would press the name stay out; sums and states have the first right to a place.
fn fit(cols: &mut Vec<&'static Column>) {
    let need = |c: &Column| width(c).unwrap_or(180);
    let first = |c: &Column| matches!(c.ty, Ty::Amount | Ty::Price | Ty::State | Ty::Date);
    let mut left = ROOM.saturating_sub(cols.iter().skip(1).filter(|c| first(c)).map(|c| need(c)).sum());
    let mut n = 0;
    cols.retain(|c| {
        n += 1;
        if n == 1 || first(c) {
            return true;
        }
        let fits = need(c) <= left;
        if fits {
            left -= need(c);
        }
        fits
    });
}

fn width(col: &Column) -> Option<u16> {
    Some(match &col.ty {
        Ty::Amount => 128,
        Ty::Price => 112,
        Ty::Quantity | Ty::Rate => 100,
        Ty::Percent | Ty::Int { .. } => 84,
        Ty::Bool => 84,
        Ty::Date => 104,
        Ty::Instant => 140,
        Ty::State => 128,
        Ty::Choice(_) => 116,
        Ty::Code(_) => 84,
        Ty::Ref(_) => 164,
        Ty::Text { max } if *max <= 40 => 116,
        Ty::Text { max } if *max <= 120 => 136,
        Ty::Set(_) | Ty::Tags => 140,
        _ => 168,
    })
}

/// On a phone stand the name, the first sum and the state, or the first other column.
fn on_phone(cols: &[&Column]) -> Vec<usize> {
    let rest = || cols.iter().enumerate().skip(1);
    let sum = rest().find(|(_, c)| matches!(c.ty, Ty::Amount | Ty::Price)).map(|(i, _)| i);
    let state = rest()
        .find(|(_, c)| matches!(c.ty, Ty::State))
        .map(|(i, _)| i)
        .or_else(|| rest().find(|(_, c)| matches!(c.ty, Ty::Date)).map(|(i, _)| i));
    let mut out: Vec<usize> = sum.into_iter().chain(state).collect();
    if out.is_empty() && cols.len() > 1 {
        let told = rest()
            .find(|(_, c)| matches!(c.ty, Ty::Ref(of) if of != "users"))
            .or_else(|| rest().find(|(_, c)| !matches!(c.ty, Ty::Set(_))));
        out.push(told.map_or(1, |(i, _)| i));
    }
    out
}

pub fn heads(c: &Call, spec: &'static Spec, cols: &[&'static Column], q: &Query, path: &str) -> Vec<TableColumn<'static>> {
    let phone = on_phone(cols);
    let first = q.sort.first().cloned().or_else(|| {
        let s = spec.sort.split(',').next()?;
        Some(s.strip_prefix('-').map_or((s.to_string(), false), |n| (n.to_string(), true)))
    });
    cols.iter()
        .enumerate()
        .map(|(i, col)| {
            let sorted = first.as_ref().filter(|(n, _)| n == col.name).map(|(_, desc)| if *desc { Sorted::Down } else { Sorted::Up });
            let right = matches!(col.ty, Ty::Amount | Ty::Price | Ty::Quantity | Ty::Rate | Ty::Percent | Ty::Int { .. });
            let sortable = col.ty.storage() != "json";
            // Sums are looked at from the largest, names from the first.
            let down_first = right || matches!(col.ty, Ty::Date | Ty::Instant);
            let to = match sorted {
                Some(Sorted::Up) => format!("-{}", col.name),
                Some(Sorted::Down) => col.name.to_string(),
                None if down_first => format!("-{}", col.name),
                None => col.name.to_string(),
            };
            let title = if col.name == spec.title && spec.kind != Kind::Document {
                message::entity_one(c.lang, spec.name)
            } else {
                label(c.lang, spec.name, col.name)
            };
            let show = if i == 0 || phone.contains(&i) {
                Show::Always
            } else if i < 4 {
                Show::Wide
            } else {
                Show::Widest
            };
            TableColumn {
                title: title.into(),
                width: if i == 0 { if spec.kind == Kind::Document { Some(136) } else { None } } else { width(col) },
                right,
                show,
                sort_href: sortable.then(|| address::with(path, &c.req.query, &["after"], &[("sort", &to)]).into()),
                sorted,
            }
        })
        .collect()
}
