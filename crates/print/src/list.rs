//! A table on A4, a price list or a report: a heading, groups, columns, sums and page numbers; the columns' names stand on every page.

use crate::Result;
use crate::pdf::{Align, Document};

#[derive(Clone, Debug)]
pub struct Column {
    pub title: String,
    /// Share of the page's width.
    pub weight: f32,
    pub right: bool,
}

#[derive(Clone, Debug)]
pub struct Group {
    pub title: String,
    pub rows: Vec<Vec<String>>,
}

#[derive(Clone, Debug)]
pub struct PriceList {
    pub title: String,
    /// Below the title: date, terms.
    pub note: String,
    pub columns: Vec<Column>,
    pub groups: Vec<Group>,
    /// Sums below all rows, aligned with the columns; may be empty.
    pub totals: Vec<String>,
    /// The long side of the paper lies at the bottom.
    pub landscape: bool,
    /// "Page #n# of #all#": these two are replaced.
    pub page: String,
}

const MARGIN: f32 = 14.0;
const A4: (f32, f32) = (210.0, 297.0);
const ROW: f32 = 5.2;
const SIZE: f32 = 8.5;
const MM: f32 = 25.4 / 72.0;

impl PriceList {
    /// Width and height of the paper in millimetres.
    fn paper(&self) -> (f32, f32) {
        if self.landscape { (A4.1, A4.0) } else { A4 }
    }
}

pub fn price_list(l: &PriceList) -> Result<Vec<u8>> {
    let paper = l.paper();
    draw(Document::new(&l.title, paper.0, paper.1)?, l)?.finish()
}

/// The first page as SVG. Rows beyond a page are not looked at.
pub fn price_list_picture(l: &PriceList) -> Result<String> {
    let paper = l.paper();
    Ok(draw(Document::new(&l.title, paper.0, paper.1)?.pictured(), l)?.picture())
}

fn draw(mut d: Document, l: &PriceList) -> Result<Document> {
    let paper = l.paper();
    let total: f32 = l.columns.iter().map(|c| c.weight).sum::<f32>().max(0.001);
    let width = paper.0 - 2.0 * MARGIN;
    let widths: Vec<f32> = l.columns.iter().map(|c| c.weight / total * width).collect();
    let mut at = begin(&mut d, l, &widths, true);
    for g in &l.groups {
        if !g.title.is_empty() {
            // A group's title does not stand alone at the end of a page.
            at = room(&mut d, l, &widths, at, ROW * 3.0);
            let (page, y) = (d.pages() - 1, at);
            d.fill(page, (MARGIN, y), width, ROW, 0.93);
            let text = d.bold.cut(&g.title, SIZE, (width - 2.0) / MM);
            d.text(page, (MARGIN + 1.0, y + ROW * 0.72), SIZE, true, Align::Left, &text);
            at += ROW;
        }
        for r in &g.rows {
            at = row(&mut d, l, &widths, at, r, false);
        }
    }
    if !l.totals.is_empty() {
        row(&mut d, l, &widths, at, &l.totals, true);
    }
    let pages = d.pages();
    for p in 0..pages {
        let text = l.page.replace("#n#", &(p + 1).to_string()).replace("#all#", &pages.to_string());
        d.text(p, (paper.0 - MARGIN, paper.1 - 8.0), 7.0, false, Align::Right, &text);
        let title = d.regular.cut(&l.title, 7.0, 120.0 / MM);
        d.text(p, (MARGIN, paper.1 - 8.0), 7.0, false, Align::Left, &title);
    }
    Ok(d)
}

/// Smallest letters of a head.
const HEAD: f32 = 5.5;

/// Heads are as large as the rows, or as small as the longest word of theirs needs: no word is cut while it can be read.
fn head_size(d: &Document, l: &PriceList, widths: &[f32]) -> f32 {
    let words = || l.columns.iter().zip(widths).flat_map(|(c, w)| c.title.split_whitespace().map(move |word| (word, (w - 2.0) / MM)));
    let fits = |size: f32| words().all(|(word, width)| d.bold.width(word, size) <= width);
    (0..).map(|n| SIZE - n as f32 * 0.25).take_while(|size| *size > HEAD).find(|size| fits(*size)).unwrap_or(HEAD)
}

/// A new page with its heading; where the rows begin.
fn begin(d: &mut Document, l: &PriceList, widths: &[f32], first: bool) -> f32 {
    d.page();
    let (page, width) = (d.pages() - 1, l.paper().0 - 2.0 * MARGIN);
    let mut at = MARGIN;
    if first {
        for line in d.bold.lines(&l.title, 15.0, width / MM, 2) {
            at += 6.0;
            d.text(page, (MARGIN, at), 15.0, true, Align::Left, &line);
        }
        for line in d.regular.lines(&l.note, SIZE, width / MM, 3) {
            at += 4.5;
            d.text(page, (MARGIN, at), SIZE, false, Align::Left, &line);
        }
        at += 3.0;
    }
    let size = head_size(d, l, widths);
    let wrapped: Vec<Vec<String>> = l.columns.iter().zip(widths).map(|(c, w)| d.bold.lines(&c.title, size, (w - 2.0) / MM, 2)).collect();
    let height = ROW + wrapped.iter().map(Vec::len).max().unwrap_or(1).saturating_sub(1) as f32 * 3.6;
    let mut x = MARGIN;
    for ((c, w), lines) in l.columns.iter().zip(widths).zip(&wrapped) {
        for (n, text) in lines.iter().rev().enumerate() {
            let (place, align) = if c.right { (x + w - 1.0, Align::Right) } else { (x + 1.0, Align::Left) };
            d.text(page, (place, at + height - ROW * 0.28 - n as f32 * 3.6), size, true, align, text);
        }
        x += w;
    }
    d.fill(page, (MARGIN, at + height), width, 0.3, 0.2);
    at + height + 0.8
}

fn room(d: &mut Document, l: &PriceList, widths: &[f32], at: f32, wanted: f32) -> f32 {
    if at + wanted > l.paper().1 - MARGIN - 4.0 { begin(d, l, widths, false) } else { at }
}

fn row(d: &mut Document, l: &PriceList, widths: &[f32], at: f32, cells: &[String], bold: bool) -> f32 {
    let wrapped: Vec<Vec<String>> =
        cells.iter().zip(widths).map(|(c, w)| if bold { &mut d.bold } else { &mut d.regular }.lines(c, SIZE, (w - 2.0) / MM, 3)).collect();
    let lines = wrapped.iter().map(Vec::len).max().unwrap_or(1).max(1);
    let height = ROW + (lines - 1) as f32 * 3.6;
    let at = room(d, l, widths, at, height);
    let page = d.pages() - 1;
    let mut x = MARGIN;
    for ((c, w), text) in l.columns.iter().zip(widths).zip(&wrapped) {
        for (n, line) in text.iter().enumerate() {
            let (place, align) = if c.right { (x + w - 1.0, Align::Right) } else { (x + 1.0, Align::Left) };
            d.text(page, (place, at + ROW * 0.72 + n as f32 * 3.6), SIZE, bold, align, line);
        }
        x += w;
    }
    d.fill(page, (MARGIN, at + height), l.paper().0 - 2.0 * MARGIN, 0.1, 0.8);
    at + height
}
