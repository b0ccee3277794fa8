//! Columns of a list: those declared for lists that fit, or those of the address; their widths and heads.

use super::address;
use super::chips::Condition;
use super::state::Call;
use crate::ui::table::{Column as TableColumn, Show, Sorted};
use kontor_platform::query::Query;
use kontor_platform::spec::{Column, Kind, Spec, Ty};
use kontor_texts::{label, message};

/// The column that names a row: the title where it is words, else the record it is about (the product of a price), else a title
/// that is a code (the currency of a rate).
pub fn lead(spec: &Spec) -> &'static str {
    if spec.col(spec.title).is_some_and(|c| matches!(c.ty, Ty::Text { .. })) {
        return spec.title;
    }
    let shown = || spec.columns.iter().filter(|c| c.list && matches!(c.ty, Ty::Ref(_)));
    let about = shown().find(|c| matches!(c.ty, Ty::Ref("products" | "partners")));
    let coded = || spec.col(spec.title).filter(|c| matches!(c.ty, Ty::Code(_)));
    about.or_else(coded).or_else(|| shown().next()).map_or(spec.title, |c| c.name)
}

/// Columns that a generic list starts with: the one that names a row, then those declared for lists.
fn default_columns(spec: &Spec) -> Vec<&'static str> {
    let lead = lead(spec);
    let mut out = vec![lead];
    out.extend(spec.columns.iter().filter(|c| c.list && c.name != lead).map(|c| c.name));
    if out.len() == 1 {
        let plain = |c: &&Column| {
            c.visible()
                && c.name != lead
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
    let lead = lead(spec);
    for n in std::iter::once(lead).chain(names) {
        // A column that a condition makes constant says nothing.
        let constant = !chosen && n != lead && conditions.iter().any(|x| x.constant == Some(n));
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
        fit(spec, &mut out);
    }
    out
}

/// Pixels that the usual columns may take beside the name; a number takes less than a name.
const ROOM: u16 = 860;
const ROOM_BESIDE_NUMBER: u16 = 1050;

/// Usual columns that would press the name stay out. First come state, whom it is about, the date, the sum and what the
/// list is sorted by; then the others in the order of the declaration.
fn fit(spec: &Spec, cols: &mut Vec<&'static Column>) {
    let need = |c: &Column| width(c).unwrap_or(180);
    let sorted_by = spec.sort.split(',').next().unwrap_or("").trim_start_matches('-');
    let rank = |c: &Column| match (&c.ty, c.name) {
        (_, name) if name == sorted_by => 0,
        (Ty::State, _) | (Ty::Ref("partners"), _) | (_, "date" | "total" | "amount" | "percent" | "discount_percent") => 0,
        (Ty::Code(_), _) => 2,
        _ => 1,
    };
    let mut left = if cols.first().is_some_and(|c| c.name == "number") { ROOM_BESIDE_NUMBER } else { ROOM };
    let mut kept: Vec<&'static str> = cols.iter().take(1).map(|c| c.name).collect();
    for r in 0..3 {
        for c in cols.iter().skip(1).filter(|c| rank(c) == r) {
            if need(c) <= left {
                left -= need(c);
                kept.push(c.name);
            }
        }
    }
    cols.retain(|c| kept.contains(&c.name));
}

fn width(col: &Column) -> Option<u16> {
    Some(match &col.ty {
        Ty::Amount => 120,
        Ty::Price => 112,
        Ty::Quantity | Ty::Rate => 100,
        Ty::Percent | Ty::Int { .. } => 84,
        Ty::Bool => 84,
        Ty::Date => 112,
        Ty::Instant => 152,
        Ty::State => 116,
        Ty::Choice(_) => 152,
        Ty::Code(_) => 84,
        Ty::Ref(_) => 164,
        Ty::Record => 220,
        Ty::Text { max } if *max <= 40 => 116,
        Ty::Text { max } if *max <= 120 => 136,
        Ty::Set(_) | Ty::Tags => 140,
        _ => 168,
    })
}

/// Lists whose usual choice on a phone would tell little there: what stands beside the name instead.
const ON_PHONE: &[(&str, &[&str])] = &[
    ("companies", &["currency"]),
    // Those that are open are looked at; a day more would leave nothing of the name.
    ("deals", &["amount"]),
    ("partner-relations", &["kind"]),
    // Most of them take a share off; few say a price.
    ("price-conditions", &["kind"]),
    ("price-limits", &["discount_max"]),
    ("price-lists", &["price_type_id"]),
    ("price-types", &["method"]),
    ("promotions", &["valid_from"]),
    ("rate-feeds", &["loaded_at"]),
    ("rates", &["date", "rate"]),
    ("settlement-documents", &["partner_id", "open"]),
    ("stages", &["probability"]),
    // The name is long, and without it the price says nothing.
    ("supplier-prices", &["price"]),
    ("vat-rates", &["percent"]),
];

/// On a phone stand the name, the first sum and the state, or the first other column. A document is told by its number,
/// whom it is about, and its sum.
fn on_phone(spec: &Spec, cols: &[&Column]) -> Vec<usize> {
    if let Some((_, names)) = ON_PHONE.iter().find(|(name, _)| *name == spec.name) {
        let there: Vec<usize> = (1..cols.len()).filter(|i| names.contains(&cols[*i].name)).collect();
        if !there.is_empty() {
            return there;
        }
    }
    let find = |f: &dyn Fn(&Column) -> bool| cols.iter().enumerate().skip(1).find(|(_, c)| f(c)).map(|(i, _)| i);
    let sum = find(&|c| matches!(c.ty, Ty::Amount | Ty::Price));
    if cols.first().is_some_and(|c| c.name == "number") {
        let about = find(&|c| matches!(c.ty, Ty::Ref("partners")));
        return about.into_iter().chain(sum.or_else(|| find(&|c| matches!(c.ty, Ty::State)))).collect();
    }
    let state = find(&|c| matches!(c.ty, Ty::State)).or_else(|| find(&|c| matches!(c.ty, Ty::Date)));
    let mut out: Vec<usize> = sum.into_iter().chain(state).collect();
    if out.is_empty() && cols.len() > 1 {
        let told = find(&|c| c.name == "sku")
            .or_else(|| find(&|c| matches!(c.ty, Ty::Record) || matches!(c.ty, Ty::Ref(of) if of != "users")))
            .or_else(|| find(&|c| !matches!(c.ty, Ty::Set(_))));
        out.push(told.unwrap_or(1));
    }
    out
}

/// Width of a column in its place: names take what is left, in a document the partner's.
fn width_at(spec: &Spec, cols: &[&Column], i: usize) -> Option<u16> {
    let document = spec.kind == Kind::Document;
    let about = cols.iter().position(|c| matches!(c.ty, Ty::Ref("partners")));
    // Documents as the settlements know them are told like documents.
    let document = document || cols.first().is_some_and(|c| c.name == "number");
    match (i, document, about) {
        (0, true, Some(_)) => Some(108),
        (0, false, _) => None,
        (i, true, Some(at)) if i == at => None,
        _ => width(cols[i]),
    }
}

pub fn heads(c: &Call, spec: &'static Spec, cols: &[&'static Column], q: &Query, path: &str) -> Vec<TableColumn<'static>> {
    let phone = on_phone(spec, cols);
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
            let title = if i == 0 && col.name == spec.title && spec.kind != Kind::Document {
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
                width: width_at(spec, cols, i),
                right,
                show,
                sort_href: sortable.then(|| address::with(path, &c.req.query, &["after"], &[("sort", &to)]).into()),
                sorted,
            }
        })
        .collect()
}
