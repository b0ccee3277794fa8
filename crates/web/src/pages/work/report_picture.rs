//! The picture of a report: what it draws, in one currency, with the stage that stands out.

use super::reports::ReportPage;
use super::words;
use crate::ui::chart::{Chart as Picture, ChartKind, Series, SeriesRole};
use chrono::{Datelike, NaiveDate};
use kontor_platform::record::value_json;
use kontor_platform::report::{Chart, Table};
use kontor_platform::spec::Ty;
use kontor_platform::value::Value;
use kontor_texts::{Lang, format, message};
use maud::{Markup, Render};
use serde_json::Value as Json;

/// Rows drawn as a picture; the table below has all of them.
const DRAWN: usize = 14;

impl ReportPage<'_> {
    /// The picture draws one currency: that of most rows' money.
    pub(super) fn drawn<'t>(&self, t: &'t Table, value: usize) -> Vec<&'t kontor_platform::report::TableRow> {
        let Some(at) = t.columns.iter().position(|c| c.name == "currency").filter(|_| t.currency.is_empty()) else {
            return t.rows.iter().collect();
        };
        let mut by: std::collections::BTreeMap<&str, i64> = Default::default();
        for r in &t.rows {
            *by.entry(r.values[at].as_text().unwrap_or("")).or_default() += r.values[value].as_int().unwrap_or(0);
        }
        let most = by.into_iter().max_by_key(|(_, v)| *v).map_or("", |(k, _)| k);
        t.rows.iter().filter(|r| r.values[at].as_text().unwrap_or("") == most).collect()
    }

    pub(super) fn picture(&self, t: &Table) -> Option<Markup> {
        let (kind, column) = match self.spec.chart {
            Chart::None => return None,
            Chart::Bar(c) | Chart::Funnel(c) => (ChartKind::Bar, c),
            Chart::Line(c) => (ChartKind::Column, c),
        };
        let funnel = matches!(self.spec.chart, Chart::Funnel(_));
        let monthly = self.by().is_some_and(|(p, _)| self.in_force(p) == "month");
        let kind = if monthly { ChartKind::Column } else { kind };
        let find = |name: &str| t.columns.iter().position(|c| c.name == name);
        let (at, name_at) = (find(column)?, find("title")?);
        let rows: Vec<_> = self.drawn(t, at).into_iter().take(if monthly { 60 } else { DRAWN }).collect();
        if rows.len() < 2 {
            return None;
        }
        let text = |i: usize, v: &Value| match value_json(&t.columns[i].ty, v) {
            Json::String(s) => Some(s),
            Json::Number(n) => Some(n.to_string()),
            _ => None,
        };
        // the stage that lets the fewest through stands out
        let worst = find("conversion")
            .filter(|_| funnel)
            .and_then(|i| rows.iter().enumerate().skip(1).filter_map(|(n, r)| r.values[i].as_int().map(|v| (n, v))).min_by_key(|(_, v)| *v))
            .map(|(n, _)| n);
        let label = message::report_column(self.lang, self.spec.name, column);
        let mut series = vec![Series {
            name: label,
            values: rows.iter().map(|r| text(at, &r.values[at])).collect(),
            role: SeriesRole::Now,
            bad: worst.into_iter().collect(),
        }];
        if let Some(i) = find("previous").filter(|_| funnel) {
            series.push(Series {
                name: message::report_column(self.lang, self.spec.name, "previous"),
                values: rows.iter().map(|r| text(i, &r.values[i])).collect(),
                role: SeriesRole::Compare,
                bad: vec![],
            });
        }
        let height = match (kind, rows.len()) {
            (ChartKind::Column, _) | (_, 6..=9) => "",
            (_, 0..=5) => "h160",
            _ => "h360",
        };
        let name = |r: &kontor_platform::report::TableRow| {
            if monthly { find("key").and_then(|k| month_name(self.lang, r.values[k].as_text()?)) } else { None }
        };
        Some(
            Picture {
                label,
                kind,
                categories: rows.iter().map(|r| name(r).unwrap_or_else(|| r.values[name_at].as_text().unwrap_or("").to_owned())).collect(),
                series,
                unit: if matches!(t.columns[at].ty, Ty::Amount) { words::sign(&t.currency) } else { "" },
                links: rows.iter().map(|r| r.link.clone().unwrap_or_default()).collect(),
                height,
            }
            .render(),
        )
    }
}

/// `січ 26` of `2026-01`, for an axis.
fn month_name(lang: Lang, key: &str) -> Option<String> {
    let d: NaiveDate = format!("{key}-01").parse().ok()?;
    Some(format!("{} {:02}", format::month_short(lang, d.month()), d.year() % 100))
}
