//! Lists: columns, rows, totals over the whole query, the next page when its edge comes into sight, what to do with the selected.

mod cell;

use cell::cell_to;
pub use cell::{Cell, cell, put};

use super::icons::icon;
use kontor_texts::Lang;
use maud::{Markup, PreEscaped, Render, html};
use std::borrow::Cow;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Show {
    /// On every width.
    #[default]
    Always,
    /// Not on a phone.
    Wide,
    /// Not on a phone, and not on a narrow screen while the peek is open.
    Widest,
}

impl Show {
    fn class(self) -> &'static str {
        match self {
            Show::Always => "",
            Show::Wide => "p4",
            Show::Widest => "p3",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorted {
    Up,
    Down,
}

#[derive(Clone, Debug, Default)]
pub struct Column<'a> {
    pub title: Cow<'a, str>,
    /// Pixels; none takes what is left (give it to the name).
    pub width: Option<u16>,
    pub right: bool,
    pub show: Show,
    /// Address that sorts by this column (turning the direction when it is sorted already).
    pub sort_href: Option<Cow<'a, str>>,
    pub sorted: Option<Sorted>,
}

pub struct Row<'a> {
    pub id: Cow<'a, str>,
    /// Card of the record.
    pub href: Cow<'a, str>,
    pub cells: Vec<Cell<'a>>,
    /// Archived, cancelled: stepped back.
    pub off: bool,
}

pub struct Table<'a> {
    pub lang: Lang,
    /// What the list holds, for those who hear it.
    pub label: &'a str,
    pub columns: &'a [Column<'a>],
    pub rows: &'a [Row<'a>],
    /// One cell per column.
    pub totals: Option<Vec<Cell<'a>>>,
    /// Rows of the foot, where they are more than one or come later.
    pub foot: Option<Markup>,
    /// Address of the next page: answers `Rows`.
    pub next: Option<&'a str>,
    /// Boxes to select rows; the word is the name of the box of all.
    pub select: Option<&'a str>,
    /// Rows open beside the list: address is `{href}/peek`.
    pub peek: bool,
}

impl Table<'_> {
    /// Least width at which the columns still say something, as a class `mw6` … `mw20` (hundreds of pixels).
    fn width_class(&self) -> String {
        let boxes = if self.select.is_some() { 38 } else { 0 };
        let sum: u32 = boxes + self.columns.iter().enumerate().map(|(i, c)| self.width(i, c).map_or(150, u32::from)).sum::<u32>();
        least_width(sum)
    }

    /// A sum is never cut: its column is as wide as the longest of this page.
    fn width(&self, at: usize, c: &Column) -> Option<u16> {
        let longest = |cell: &Cell| match cell {
            Cell::Money(d, least) | Cell::Alarm(d, least) => {
                let whole = d.split('.').next().unwrap_or_default().len();
                whole + whole / 3 + if *least > 0 { 1 + (*least).max(d.len().saturating_sub(whole + 1)) } else { 0 }
            }
            _ => 0,
        };
        let cells = self.rows.iter().filter_map(|r| r.cells.get(at)).chain(self.totals.iter().filter_map(|t| t.get(at)));
        let chars = cells.map(longest).max().unwrap_or(0);
        c.width.map(|w| w.max(u16::try_from(chars * 15 / 2 + 20).unwrap_or(240)))
    }

    /// What is left on a phone: the name, and the first columns that fit beside it.
    fn shows(&self) -> Vec<Show> {
        shows(self.columns)
    }

    fn head(&self, shows: &[Show]) -> Markup {
        html! {
            thead {
                tr {
                    @if let Some(all) = self.select { th class="box" { input class="form-check-input" type="checkbox" data-select-all aria-label=(all); } }
                    @for (c, show) in self.columns.iter().zip(shows) { (c.head(*show)) }
                }
            }
        }
    }
}

/// The class of a table that needs so many pixels; it scrolls sideways where there are fewer.
pub fn least_width(pixels: u32) -> String {
    match pixels / 100 {
        0..=5 => String::new(),
        n @ 6..=16 => format!(" mw{n}"),
        17..=19 => " mw16".into(),
        _ => " mw20".into(),
    }
}

/// Where each column is shown: rows of a foot that come later hide the same ones.
pub fn shows(columns: &[Column]) -> Vec<Show> {
    let mut left = 240_i32;
    let keep = |c: &Column| {
        if let (Show::Always, Some(w)) = (c.show, c.width) {
            left -= i32::from(w);
            if left < 0 {
                return Show::Wide;
            }
        }
        c.show
    };
    columns.iter().map(keep).collect()
}

impl Column<'_> {
    fn head(&self, show: Show) -> Markup {
        let aria = self.sorted.map(|s| if s == Sorted::Up { "ascending" } else { "descending" });
        let class = class(&[if self.right { "r" } else { "" }, show.class(), if self.sorted.is_some() { "srt" } else { "" }]);
        let arrow = self.sorted.map(|s| icon(if s == Sorted::Up { "arrow-up" } else { "arrow-down" }));
        let inside = html! { @if self.right { @if let Some(a) = &arrow { (a) " " } (self.title) } @else { (self.title) @if let Some(a) = &arrow { " " (a) } } };
        html! {
            th scope="col" class=[class] aria-sort=[aria] {
                @if let Some(href) = &self.sort_href { a href=(href) { (inside) } } @else { (inside) }
            }
        }
    }
}

impl Render for Table<'_> {
    fn render(&self) -> Markup {
        let shows = self.shows();
        html! {
            (Room::rows(self.rows.len()))
            table class={ "table k-grid" (self.width_class()) } aria-label=(self.label) {
                colgroup {
                    @if self.select.is_some() { col class="box" width="38"; }
                    @for (i, c) in self.columns.iter().enumerate() { col class=[class(&[shows[i].class()])] width=[self.width(i, c)]; }
                }
                @if self.columns.iter().any(|c| !c.title.is_empty()) { (self.head(&shows)) }
                tbody { (Rows { table: self }) }
                @if let Some(foot) = &self.foot { tfoot { (foot) } }
                @if let Some(totals) = &self.totals {
                    tfoot { tr {
                        @if self.select.is_some() { td class="box" {} }
                        @for (c, show) in totals.iter().zip(&shows) { (cell(self.lang, c, *show)) }
                    } }
                }
            }
        }
    }
}

/// The rows alone: the answer to a request for the next page.
pub struct Rows<'a> {
    pub table: &'a Table<'a>,
}

/// Characters of a row, roughly.
const ROW: usize = 1_200;

/// Makes room for so many characters: a page that grows piece by piece is copied at every step.
pub struct Room(pub usize);

impl Room {
    /// For a table of so many rows.
    pub fn rows(n: usize) -> Room {
        Room(n * ROW + 16_000)
    }
}

impl Render for Room {
    fn render(&self) -> Markup {
        PreEscaped(String::new())
    }
    fn render_to(&self, out: &mut String) {
        out.reserve(self.0);
    }
}

impl Render for Rows<'_> {
    fn render(&self) -> Markup {
        let mut out = String::new();
        self.render_to(&mut out);
        PreEscaped(out)
    }
    fn render_to(&self, out: &mut String) {
        let t = self.table;
        let shows = t.shows();
        out.reserve(t.rows.len() * ROW);
        for r in t.rows {
            row(out, t, r, &shows);
        }
        html! {
            @if let Some(next) = t.next {
                tr class="k-more" hx-get=(next) hx-trigger="intersect once, click" hx-swap="outerHTML" hx-target="this" {
                    td { a href=(next) { "…" } }
                }
            }
        }
        .render_to(out);
    }
}

/// Written straight into the page, as cells are: these are most of what a list sends.
fn row(out: &mut String, t: &Table, r: &Row, shows: &[Show]) {
    put(out, &["<tr data-id=\"", "\" data-href=\"", "\""], &[&r.id, &r.href]);
    if t.peek {
        put(out, &[" data-peek=\"", "/peek\""], &[&r.href]);
    }
    out.push_str(" tabindex=\"-1\"");
    out.push_str(if r.off { " class=\"off\">" } else { ">" });
    if t.select.is_some() {
        let box_of = "<td class=\"box\"><input class=\"form-check-input\" type=\"checkbox\" name=\"ids\" value=\"";
        put(out, &[box_of, "\" aria-label=\"", "\"></td>"], &[&r.id, name_of(r)]);
    }
    for (c, show) in r.cells.iter().zip(shows) {
        cell_to(out, t.lang, c, *show);
    }
    out.push_str("</tr>");
}

fn name_of<'a>(r: &'a Row) -> &'a str {
    r.cells.iter().find_map(|c| if let Cell::Name(name, _) = c { Some(name.as_ref()) } else { None }).unwrap_or(r.id.as_ref())
}

fn class(parts: &[&str]) -> Option<String> {
    let joined = parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(" ");
    (!joined.is_empty()).then_some(joined)
}

/// What can be done with the selected rows. Hidden until something is selected.
pub struct Bulk<'a> {
    pub label: &'a str,
    /// `усі 1 846 за фільтром`.
    pub all: &'a str,
    pub clear: &'a str,
    pub actions: &'a [BulkAction<'a>],
}

pub struct BulkAction<'a> {
    pub title: &'a str,
    pub icon: &'a str,
    /// Body of `POST /api/v1/{collection}/bulk` without ids, e.g. `{"verb": "archive"}`.
    pub body: serde_json::Value,
    /// Dialog with a form whose fields become `patch`.
    pub dialog: Option<&'a str>,
}

impl Render for Bulk<'_> {
    fn render(&self) -> Markup {
        html! {
            div class="k-bulk" role="toolbar" aria-label=(self.label) hidden {
                span class="b5" data-bulk-count {}
                button type="button" class="all" data-bulk-all { (self.all) }
                hr;
                @for a in self.actions {
                    button type="button" class="btn btn-3" data-bulk=(a.body) data-dialog=[a.dialog] title=(a.title) { (icon(a.icon)) (a.title) }
                }
                hr;
                button type="button" class="btn btn-3" data-bulk-clear aria-label=(self.clear) { kbd { "Esc" } }
            }
        }
    }
}

/// The list with its place for the peek: what stands below head, tabs and filters.
pub struct List<'a> {
    /// Collection of the API, for bulk commands.
    pub collection: &'a str,
    /// How many match, when counted.
    pub count: Option<&'a str>,
    pub table: Table<'a>,
    /// Shown instead when there are no rows.
    pub empty: Option<Markup>,
    pub bulk: Option<Bulk<'a>>,
    pub peek_label: &'a str,
}

impl Render for List<'_> {
    fn render(&self) -> Markup {
        html! {
            (Room::rows(self.table.rows.len()))
            div class="k-cols" {
                div class="k-list" data-list data-collection=(self.collection) data-count=[self.count] {
                    div class="k-scroll" {
                        (self.table)
                        @if self.table.rows.is_empty() { @if let Some(empty) = &self.empty { (empty) } }
                    }
                    @if let Some(bulk) = &self.bulk { (bulk) }
                }
                @if self.table.peek { aside class="k-side peek" data-peek-place aria-label=(self.peek_label) aria-live="polite" hidden {} }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plt_11_a_table_says_its_sort_and_its_next_page() {
        let columns =
            [Column { title: "Назва".into(), sorted: Some(Sorted::Down), sort_href: Some("?sort=name".into()), ..Column::default() }];
        let rows =
            [Row {
                id: "1".into(), href: "/partners/1".into(), cells: vec![Cell::Name("Ґрант".into(), "/partners/1".into())], off: false
            }];
        let html = Table {
            lang: Lang::Uk,
            label: "Партнери",
            columns: &columns,
            rows: &rows,
            totals: None,
            foot: None,
            next: Some("/partners?after=x"),
            select: Some("Усі"),
            peek: true,
        }
        .render()
        .into_string();
        for part in ["aria-sort=\"descending\"", "data-peek=\"/partners/1/peek\"", "hx-get=\"/partners?after=x\"", "aria-label=\"Ґрант\""]
        {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("style="));
    }
}
