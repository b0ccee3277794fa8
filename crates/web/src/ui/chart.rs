//! Charts: data for the island that draws them; the table beside them says the same.

use super::words::json_block;
use maud::{Markup, Render, html};
use serde_json::json;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// Horizontal bars with their values.
    Bar,
    Column,
    Line,
    /// Categories are ISO dates; each value holds until the next one.
    Steps,
    Funnel,
    Pie,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum SeriesRole {
    Now,
    /// Last year, plan: in the soft accent.
    Compare,
    /// A part of the series before it, drawn over it.
    Part,
}

pub struct Series<'a> {
    pub name: &'a str,
    /// Decimal strings; none is a gap.
    pub values: Vec<Option<String>>,
    pub role: SeriesRole,
    /// Indexes drawn in red.
    pub bad: Vec<usize>,
}

pub struct Chart<'a> {
    pub label: &'a str,
    pub kind: ChartKind,
    pub categories: Vec<String>,
    pub series: Vec<Series<'a>>,
    pub unit: &'a str,
    /// Where a click on a category leads.
    pub links: Vec<String>,
    /// `""`, `h160`, `h360`, `h420`.
    pub height: &'static str,
}

impl Render for Chart<'_> {
    fn render(&self) -> Markup {
        let kind = match self.kind {
            ChartKind::Bar => "bar",
            ChartKind::Column => "column",
            ChartKind::Line => "line",
            ChartKind::Steps => "steps",
            ChartKind::Funnel => "funnel",
            ChartKind::Pie => "pie",
        };
        let series: Vec<_> = self
            .series
            .iter()
            .map(|s| {
                let role = match s.role {
                    SeriesRole::Now => "now",
                    SeriesRole::Compare => "compare",
                    SeriesRole::Part => "part",
                };
                json!({"name": s.name, "values": s.values, "role": role, "bad": s.bad})
            })
            .collect();
        let data = json!({"kind": kind, "categories": self.categories, "series": series, "unit": self.unit, "links": self.links});
        html! {
            div data-island="chart" data-chart={ "k-chart " (self.height) } role="img" aria-label=(self.label) { (json_block("data-json", &data)) }
        }
    }
}
