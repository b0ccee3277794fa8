//! A report on paper: what its page shows, in the reader's language, as PDF. The columns lie across the long side where there
//! are many.

use crate::printing::unprinted;
use kontor_kernel::error::Result;
use kontor_platform::Ctx;
use kontor_platform::record::value_json;
use kontor_platform::report::{ReportSpec, Table, TableColumn};
use kontor_platform::spec::Ty;
use kontor_platform::value::Value;
use kontor_print::{Column, Group, PriceList};
use kontor_texts::{Lang, format, message, tr};
use serde_json::Value as Json;

/// Columns beyond which a page is turned.
const UPRIGHT: usize = 6;

/// `asked` are the parameters as they were given: they stand below the title.
pub fn pdf(ctx: &Ctx, spec: &ReportSpec, table: &Table, asked: &[(String, String)]) -> Result<Vec<u8>> {
    let lang = ctx.lang;
    let one_currency = !table.currency.is_empty();
    let shown: Vec<usize> = (0..table.columns.len())
        .filter(|i| {
            let c = &table.columns[*i];
            let unsaid = c.name == "key" || one_currency && c.name == "currency" || matches!(c.ty, Ty::Ref(_));
            !unsaid && !empty(table, *i)
        })
        .collect();
    let columns = shown.iter().map(|i| column(lang, spec, &table.columns[*i], &table.currency)).collect();
    let rows = table.rows.iter().map(|r| shown.iter().map(|i| words(lang, &table.columns[*i], &r.values[*i])).collect()).collect();
    let totals = if table.rows.is_empty() {
        vec![]
    } else {
        shown.iter().map(|i| table.totals.get(*i).map(|v| words(lang, &table.columns[*i], v)).unwrap_or_default()).collect()
    };
    let list = PriceList {
        title: tr(lang, &format!("report-{}", spec.name)).to_string(),
        note: note(ctx, table, asked),
        columns,
        groups: vec![Group { title: String::new(), rows }],
        totals,
        landscape: shown.len() > UPRIGHT,
        page: tr(lang, "print-page").to_string(),
    };
    kontor_print::price_list(&list).map_err(unprinted)
}

/// Figures that are nought in every row say nothing.
fn empty(t: &Table, i: usize) -> bool {
    t.columns[i].ty.is_number() && i > 3 && t.rows.iter().all(|r| r.values[i].as_int().unwrap_or(0) == 0)
}

fn column(lang: Lang, spec: &ReportSpec, c: &TableColumn, currency: &str) -> Column {
    let title = message::report_column(lang, spec.name, c.name);
    let money = matches!(c.ty, Ty::Amount) && !currency.is_empty();
    let title = if money { format!("{title}, {}", format::currency_sign(currency).unwrap_or(currency)) } else { title.to_string() };
    let weight = match (c.name, &c.ty) {
        ("title", _) => 5.0,
        (_, Ty::Text { max }) if *max > 100 => 3.0,
        (_, Ty::Amount | Ty::Price) => 2.4,
        _ => 1.8,
    };
    Column { title, weight, right: c.ty.is_number() }
}

/// What was asked for, when it was printed, and what is provisional in it.
fn note(ctx: &Ctx, t: &Table, asked: &[(String, String)]) -> String {
    let date = |s: &str| s.parse().map_or_else(|_| s.to_string(), |d| format::date(ctx.lang, d));
    let by = |k: &str, v: &str| message::choice(ctx.lang, "report", k, v).into_owned();
    let said = asked
        .iter()
        .filter(|(k, v)| !v.is_empty() && !k.ends_with("_id"))
        .map(|(k, v)| format!("{}: {}", message::label(ctx.lang, "report", k), if k == "by" { by(k, v) } else { date(v) }));
    let notes = t.notes.iter().map(|n| tr(ctx.lang, n).to_string());
    std::iter::once(format::date_long(ctx.lang, ctx.today)).chain(said).chain(notes).collect::<Vec<_>>().join(" · ")
}

fn words(lang: Lang, c: &TableColumn, v: &Value) -> String {
    match (&c.ty, v) {
        (_, Value::Null) => String::new(),
        (_, Value::Int(n)) if c.share => format::percent(lang, n.saturating_add(500).div_euclid(1000) * 1000),
        (Ty::Amount, Value::Int(n)) => format::amount(lang, *n, 2),
        (Ty::Price, Value::Int(n)) => format::price(lang, n.saturating_add(50 * n.signum()) / 100 * 100, 2),
        (Ty::Percent, Value::Int(n)) => format::percent(lang, *n),
        (Ty::Quantity, Value::Int(n)) if c.name.starts_with("days") => format::quantity(lang, (n + 50_000).div_euclid(100_000) * 100_000),
        (Ty::Quantity, Value::Int(n)) => format::quantity(lang, *n),
        (Ty::Int { .. }, Value::Int(n)) => format::integer(lang, *n),
        (Ty::Choice(_), Value::Text(s)) => message::choice(lang, "report", c.name, s).into_owned(),
        (_, Value::Date(d)) => format::date(lang, *d),
        (_, Value::Text(s)) => s.clone(),
        (ty, v) => match value_json(ty, v) {
            Json::String(s) => s,
            other => other.to_string(),
        },
    }
}
