//! The figures of a report: totals above, debts by age, the table that opens to its records, the same as CSV.

use super::reports::ReportPage;
use super::words;
use crate::pages::values::percent;
use crate::ui::figures::Fig;
use crate::ui::money::{Money, number};
use crate::ui::table::{self, Cell, Column};
use kontor_platform::record::value_json;
use kontor_platform::report::{ReportSpec, Table, TableColumn};
use kontor_platform::spec::Ty;
use kontor_platform::value::Value;
use kontor_texts::{Lang, format, message, tr};
use maud::{Markup, Render, html};
use serde_json::Value as Json;

impl ReportPage<'_> {
    /// Debts by age as parts of one whole, where the report tells them in one currency.
    pub(super) fn ages(&self, t: &Table) -> Markup {
        const PARTS: [(&str, &str); 5] = [("not_due", "c0"), ("age_1_7", "c1"), ("age_8_14", "c2"), ("age_15_30", "c2"), ("age_31", "c3")];
        let found: Vec<(&'static str, &str, i64)> = PARTS
            .iter()
            .filter_map(|(name, class)| {
                let at = t.columns.iter().position(|c| c.name == *name)?;
                let sum = t.totals.get(at)?.as_int().filter(|n| *n > 0)?;
                Some((*class, message::report_column(self.lang, self.spec.name, name), sum))
            })
            .collect();
        if found.is_empty() || t.currency.is_empty() {
            return html! {};
        }
        let texts: Vec<String> = found.iter().map(|f| number(self.lang, &words::amount(f.2), 2)).collect();
        let parts: Vec<(&'static str, &str, &str, f64)> =
            found.iter().zip(&texts).map(|(f, s)| (f.0, f.1, s.as_str(), f.2 as f64)).collect();
        html! { div class="pad" { (crate::ui::figures::Ages { label: tr(self.lang, "page-partner-ageing"), parts: &parts }) } }
    }

    pub(super) fn figures(&self, t: &Table) -> Markup {
        let shown: Vec<(&TableColumn, &Value)> =
            t.columns.iter().zip(&t.totals).filter(|(c, v)| c.ty.is_number() && !v.is_null()).collect();
        if shown.is_empty() {
            return html! {};
        }
        html! {
            dl class="k-figures" {
                @for (c, v) in &shown {
                    (Fig::new(message::report_column(self.lang, self.spec.name, c.name), html! { (figure(self.lang, c, v, 0)) @if matches!(c.ty, Ty::Amount) && !t.currency.is_empty() { small { (words::sign(&t.currency)) } } }))
                }
            }
        }
    }

    /// Which columns people see, by their places.
    fn shown(t: &Table) -> Vec<usize> {
        // the key is for programs; people read the title
        let one_currency = !t.currency.is_empty();
        let shown: Vec<usize> = (0..t.columns.len())
            .filter(|i| {
                t.columns[*i].name != "key"
                    && !(one_currency && t.columns[*i].name == "currency")
                    && !matches!(t.columns[*i].ty, Ty::Ref(_))
            })
            .collect();
        // further figures that are nought in every row say nothing
        let nought = |i: usize| t.columns[i].ty.is_number() && t.rows.iter().all(|r| r.values[i].as_int().unwrap_or(0) == 0);
        // nor does a count that is one in every row, since the row is that one
        let one = |i: usize| {
            matches!(t.columns[i].ty, Ty::Int { .. }) && t.rows.len() > 1 && t.rows.iter().all(|r| r.values[i].as_int() == Some(1))
        };
        shown.into_iter().enumerate().filter(|(n, i)| !one(*i) && (*n < 3 || !nought(*i))).map(|(_, i)| i).collect()
    }

    fn columns(&self, t: &Table, shown: &[usize]) -> Vec<Column<'static>> {
        let figures = shown.iter().filter(|i| t.columns[**i].ty.is_number()).count();
        let width = match figures {
            // With many words beside them figures leave room for the title.
            _ if shown.len() > 8 => 106,
            0..=6 => 138,
            7 => 132,
            8 => 118,
            _ => 106,
        };
        shown
            .iter()
            .enumerate()
            .map(|(n, i)| {
                let c = &t.columns[*i];
                let money = if matches!(c.ty, Ty::Amount) && !t.currency.is_empty() {
                    format!(", {}", words::sign(&t.currency))
                } else {
                    String::new()
                };
                Column {
                    title: format!("{}{money}", message::report_column(self.lang, self.spec.name, c.name)).into(),
                    right: c.ty.is_number(),
                    width: (n > 0).then_some(match &c.ty {
                        ty if ty.is_number() => width,
                        Ty::Text { max } if *max > 100 => 140,
                        Ty::Date => 112,
                        _ => 100,
                    }),
                    // on a phone figures come before words: what fits beside the title is shown
                    show: if n > 0 && !c.ty.is_number() || n > 5 { table::Show::Wide } else { table::Show::Always },
                    ..Column::default()
                }
            })
            .collect()
    }

    pub(super) fn table(&self, t: &Table) -> Markup {
        let lang = self.lang;
        let shown = Self::shown(t);
        let columns = self.columns(t, &shown);
        let rows: Vec<table::Row> = t
            .rows
            .iter()
            .enumerate()
            .map(|(n, r)| {
                let href = r.link.clone().unwrap_or_default();
                let cells = shown.iter().map(|i| cell(lang, &t.columns[*i], &r.values[*i], &href)).collect();
                table::Row { id: n.to_string().into(), href: href.into(), cells, off: false }
            })
            .collect();
        // Sums that cannot be added up are no line of dashes.
        let summed = t.columns.iter().zip(&t.totals).any(|(c, v)| c.ty.is_number() && !v.is_null());
        let totals = summed.then(|| {
            let mut first = true;
            shown
                .iter()
                .map(|i| {
                    if std::mem::take(&mut first) && t.totals.get(*i).is_none_or(|v| v.as_text().is_none()) {
                        return Cell::Text(tr(lang, "report-total").into());
                    }
                    t.totals.get(*i).map_or(Cell::Empty, |v| cell(lang, &t.columns[*i], v, ""))
                })
                .collect()
        });
        table::Table {
            lang,
            label: tr(lang, &format!("report-{}", self.spec.name)),
            columns: &columns,
            rows: &rows,
            totals,
            foot: None,
            next: None,
            select: None,
            peek: false,
        }
        .render()
    }
}

fn figure(lang: Lang, c: &TableColumn, v: &Value, least: usize) -> Markup {
    if c.share {
        return html! { (share_text(lang, v)) };
    }
    match value_json(&c.ty, v) {
        Json::String(s) if matches!(c.ty, Ty::Percent) => html! { (percent(lang, &s)) },
        Json::String(_) if c.name.starts_with("days") => {
            html! { (v.as_int().map(|n| format::quantity(lang, (n + 50_000).div_euclid(100_000) * 100_000)).unwrap_or_default()) }
        }
        Json::String(s) if matches!(c.ty, Ty::Amount) && least == 0 => html! { (words::whole(lang, &s)) },
        Json::String(s) => html! { (Money::new(lang, &s).least(least)) },
        Json::Number(n) => html! { (number(lang, &n.to_string(), 0)) },
        _ => html! { "—" },
    }
}

/// A share of one with six decimals, read in percent with one.
fn share_text(lang: Lang, v: &Value) -> String {
    v.as_int().map_or_else(|| "—".to_owned(), |n| format::percent(lang, (n + 500).div_euclid(1000) * 1000))
}

fn cell<'a>(lang: Lang, c: &TableColumn, v: &'a Value, href: &str) -> Cell<'a> {
    if c.share {
        return Cell::Right(share_text(lang, v).into(), crate::ui::Tone::Plain);
    }
    match (&c.ty, v) {
        (ty, Value::Null) if ty.is_number() => Cell::Right("—".into(), crate::ui::Tone::Plain),
        (_, Value::Null) => Cell::Soft("—".into()),
        (Ty::Amount, _) => match value_json(&c.ty, v) {
            Json::String(s) if c.name == "overdue" => Cell::Alarm(s.into(), 2),
            Json::String(s) => Cell::Money(s.into(), 2),
            _ => Cell::Empty,
        },
        // Beyond the kopeck a price is told in the files; one below it keeps what it is.
        (Ty::Price, Value::Int(n)) => {
            let step = if n.abs() < 1_000_000 { 100 } else { 10_000 };
            let near = (n.abs() + step / 2) / step * step * n.signum();
            Cell::Money(kontor_kernel::Price::from_scaled(near).to_string().into(), 2)
        }
        (Ty::Choice(_), Value::Text(s)) => Cell::Soft(message::choice(lang, "report", c.name, s)),
        (Ty::Percent, Value::Int(n)) => {
            Cell::Right(format::percent(lang, (n + 500).div_euclid(1000) * 1000).into(), crate::ui::Tone::Plain)
        }
        // days on average: a tenth is enough
        (Ty::Quantity, Value::Int(n)) if c.name.starts_with("days") => {
            Cell::Right(format::quantity(lang, (n + 50_000).div_euclid(100_000) * 100_000).into(), crate::ui::Tone::Plain)
        }
        (ty, _) if ty.is_number() => match value_json(ty, v) {
            Json::String(s) => Cell::Number(s.into()),
            Json::Number(n) => Cell::Number(n.to_string().into()),
            _ => Cell::Empty,
        },
        (Ty::Date, Value::Date(d)) => Cell::Date(format::date(lang, *d).into()),
        (_, Value::Text(s)) if c.name == "title" && !href.is_empty() => Cell::Name(s.as_str().into(), href.to_owned().into()),
        (_, Value::Text(s)) if c.name == "title" => Cell::Text(s.as_str().into()),
        (_, Value::Text(s)) => Cell::Soft(s.as_str().into()),
        _ => Cell::Empty,
    }
}

/// The table as CSV with the titles people see; a leading sign of a formula in a text is defused.
pub fn csv(lang: Lang, spec: &ReportSpec, t: &Table) -> String {
    let quote = |s: &str| if s.contains(['"', ',', '\n', '\r', ';']) { format!("\"{}\"", s.replace('"', "\"\"")) } else { s.to_owned() };
    let text = |c: &TableColumn, v: &Value| match value_json(&c.ty, v) {
        Json::Null => String::new(),
        Json::String(s) if matches!(v, Value::Text(_)) && s.starts_with(['=', '+', '-', '@', '\t']) => format!("'{s}"),
        Json::String(s) => s,
        j => j.to_string(),
    };
    let line = |values: &[Value]| t.columns.iter().zip(values).map(|(c, v)| quote(&text(c, v))).collect::<Vec<_>>().join(",");
    let mut out = String::from("\u{feff}");
    out.push_str(&t.columns.iter().map(|c| quote(message::report_column(lang, spec.name, c.name))).collect::<Vec<_>>().join(","));
    out.push_str("\r\n");
    for r in &t.rows {
        out.push_str(&line(&r.values));
        out.push_str("\r\n");
    }
    out
}
