//! Our price list for people, as PDF, as a workbook that prints well and as a page of its own, and labels with bar codes, from
//! the list of products as it is filtered and sorted. Prices are today's of the chosen price types,
//! written down or computed.

use crate::price_book::{Kinds, Type, pages_of, types_of};
use kontor_kernel::Currency;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Kind, Result};
use kontor_platform::query::{Page, PageRow, Query};
use kontor_platform::value::{Id, id_in, parsed};
use kontor_platform::{App, Ctx};
use kontor_print::{Code, Column, Group, Label, Paper, PriceList};
use kontor_texts::{format, label, message, tr};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Pdf,
    Xlsx,
    Html,
}

/// Rows of a printed list at most; a book of a thousand pages helps nobody.
const MAX_ROWS: usize = 50_000;
const MAX_LABELS: usize = 5_000;

pub(crate) fn unprinted(e: kontor_print::PrintError) -> Error {
    match e {
        kontor_print::PrintError::Barcode(text) => Error::refused("print_barcode_bad").arg("value", text),
        kontor_print::PrintError::TooSmall(w, h) => Error::refused("label_too_small").arg("width", w).arg("height", h),
        other => Error::new(Kind::Unavailable, "print_unavailable").cause(other),
    }
}

fn cell<'p>(p: &Page, r: &'p PageRow, column: &str) -> &'p str {
    let at = p.columns.iter().position(|i| p.spec.columns[*i].name == column);
    let Some(i) = at else { return "" };
    r.titles[i].as_deref().or(r.values[i].as_text()).unwrap_or("")
}

fn price_text(ctx: &Ctx, t: &Type, product: Id) -> Option<String> {
    let minor = Currency::parse(&t.currency).map_or(2, |c| c.minor());
    t.prices.get(&product).map(|p| format::price(ctx.lang, p.scaled(), minor))
}

/// The price list of these products, grouped by category, in the caller's language.
pub fn price_list(app: &App, ctx: &Ctx, products: &Query, types: &[Id], shape: Shape) -> Result<Vec<u8>> {
    let list = list(app, ctx, products, types)?;
    match shape {
        Shape::Pdf => kontor_print::price_list(&list).map_err(unprinted),
        Shape::Xlsx => workbook(&list).map_err(|e| Error::new(Kind::Unavailable, "unavailable").cause(e)),
        Shape::Html => Ok(page(ctx, &list).into_bytes()),
    }
}

fn list(app: &App, ctx: &Ctx, products: &Query, types: &[Id]) -> Result<PriceList> {
    let (pages, ids) = pages_of(app, ctx, products, MAX_ROWS)?;
    let types = types_of(app, ctx, types, &ids, Kinds::Any)?;
    let heading = |column: &str| label(ctx.lang, "products", column).to_string();
    let column = |title: String, weight: f32, right: bool| Column { title, weight, right };
    let mut columns = vec![
        column(heading("sku"), 2.2, false),
        column(heading("name"), 6.0, false),
        column(tr(ctx.lang, "work-unit").to_string(), 1.2, false),
    ];
    columns.extend(types.iter().map(|t| column(t.title.clone(), 2.2, true)));
    let mut groups: Vec<Group> = vec![];
    for p in &pages {
        for r in &p.rows {
            let prices: Vec<Option<String>> = types.iter().map(|t| price_text(ctx, t, r.id)).collect();
            if prices.iter().all(Option::is_none) {
                continue;
            }
            let mut row = vec![cell(p, r, "sku").to_string(), r.title.clone(), cell(p, r, "unit_id").to_string()];
            row.extend(prices.into_iter().map(Option::unwrap_or_default));
            let title = cell(p, r, "category_id");
            match groups.iter_mut().find(|g| g.title == title) {
                Some(g) => g.rows.push(row),
                None => groups.push(Group { title: title.into(), rows: vec![row] }),
            }
        }
    }
    groups.sort_by_cached_key(|g| kontor_platform::collate::key(&g.title));
    let title = message::entity_one(ctx.lang, "price-lists").to_string();
    Ok(PriceList {
        title,
        note: format::date_long(ctx.lang, ctx.today),
        columns,
        groups,
        totals: vec![],
        landscape: false,
        page: tr(ctx.lang, "print-page").to_string(),
    })
}

fn workbook(l: &PriceList) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let s = book.add_worksheet();
    let last = l.columns.len().saturating_sub(1) as u16;
    let title = Format::new().set_bold().set_font_size(16);
    let head = Format::new().set_bold().set_border_bottom(FormatBorder::Thin).set_text_wrap();
    let group = Format::new().set_bold().set_background_color("#EDEDED");
    let (text, right) = (Format::new().set_text_wrap(), Format::new().set_align(FormatAlign::Right));
    s.write_string_with_format(0, 0, &l.title, &title)?;
    s.write_string(1, 0, &l.note)?;
    for (c, column) in l.columns.iter().enumerate() {
        s.write_string_with_format(3, c as u16, &column.title, &head)?;
        s.set_column_width(c as u16, f64::from(column.weight) * 7.0)?;
    }
    let mut row = 4;
    for g in &l.groups {
        if !g.title.is_empty() {
            for c in 0..=last {
                s.write_string_with_format(row, c, if c == 0 { &g.title } else { "" }, &group)?;
            }
            row += 1;
        }
        for cells in &g.rows {
            for (c, value) in cells.iter().enumerate() {
                s.write_string_with_format(row, c as u16, value, if l.columns[c].right { &right } else { &text })?;
            }
            row += 1;
        }
    }
    s.set_repeat_rows(3, 3)?;
    s.set_freeze_panes(4, 0)?;
    s.set_paper_size(9);
    s.set_print_fit_to_pages(1, 0);
    s.set_footer("&L&A&R&P / &N");
    book.save_to_buffer()
}

fn escaped(s: &str) -> String {
    s.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A page without scripts that stands by itself: to be sent, saved or put on a site.
fn page(ctx: &Ctx, l: &PriceList) -> String {
    const STYLE: &str = "body{font:15px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}table{border-collapse:collapse;width:100%}th,td{padding:.3rem .5rem;text-align:left;border-bottom:1px solid #e3e6ea}th{border-bottom:2px solid #8a929b}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.g th{background:#f1f3f5}@media print{body{margin:0;max-width:none}thead{display:table-header-group}}";
    let mut out = String::new();
    let class = |c: usize| if l.columns.get(c).is_some_and(|c| c.right) { " class=\"n\"" } else { "" };
    let mut head = String::new();
    for (c, column) in l.columns.iter().enumerate() {
        head.push_str(&format!("<th scope=\"col\"{}>{}</th>", class(c), escaped(&column.title)));
    }
    out.push_str(&format!(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{}</title><style>{STYLE}</style></head>\n<body><h1>{}</h1><p>{}</p>\n<table><thead><tr>{head}</tr></thead>\n<tbody>\n",
        ctx.lang.code(),
        escaped(&l.title),
        escaped(&l.title),
        escaped(&l.note)
    ));
    for g in &l.groups {
        if !g.title.is_empty() {
            out.push_str(&format!(
                "<tr class=\"g\"><th scope=\"rowgroup\" colspan=\"{}\">{}</th></tr>\n",
                l.columns.len(),
                escaped(&g.title)
            ));
        }
        for r in &g.rows {
            let cells: String = r.iter().enumerate().map(|(c, v)| format!("<td{}>{}</td>", class(c), escaped(v))).collect();
            out.push_str(&format!("<tr>{cells}</tr>\n"));
        }
    }
    out.push_str("</tbody></table></body></html>\n");
    out
}

/// The first page of the price list as SVG.
pub fn price_list_picture(app: &App, ctx: &Ctx, products: &Query, types: &[Id]) -> Result<String> {
    let mut list = list(app, ctx, products, types)?;
    // No page holds more rows than this.
    let mut left = 80;
    for g in &mut list.groups {
        g.rows.truncate(left);
        left -= g.rows.len();
    }
    list.groups.retain(|g| !g.rows.is_empty());
    kontor_print::price_list_picture(&list).map_err(unprinted)
}

/// How labels look and how many there are.
#[derive(Clone, Debug)]
pub struct LabelsAsked {
    pub paper: Paper,
    /// Of each product, where `counts` does not say.
    pub copies: usize,
    /// Labels by product: what a receipt brought. Products that are not in it get none.
    pub counts: Option<HashMap<Id, usize>>,
    pub code: CodeKind,
}

/// The bar code of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// EAN-13 where the number is one, else Code 128, else QR.
    Fitting,
    Code128,
    Qr,
    None,
}

impl CodeKind {
    /// `auto`, `code128`, `qr`, `none`.
    pub fn parse(s: &str) -> Result<CodeKind> {
        Ok(match s {
            "" | "auto" => CodeKind::Fitting,
            "code128" => CodeKind::Code128,
            "qr" => CodeKind::Qr,
            "none" => CodeKind::None,
            _ => return Err(Error::field("code", "bad_choice").field_arg("value", s).field_arg("choices", "auto, code128, qr, none")),
        })
    }
    fn of(self, text: &str) -> Option<Code> {
        match self {
            CodeKind::None => None,
            _ if text.is_empty() => None,
            CodeKind::Fitting => Code::fitting(text),
            // What Code 128 cannot write is written as QR.
            CodeKind::Code128 if text.is_ascii() && text.len() <= 40 => Some(Code::Code128(text.into())),
            CodeKind::Code128 | CodeKind::Qr => Some(Code::Qr(text.into())),
        }
    }
}

/// Labels of these products: name, article, the price of the first type, and the bar code or the article as one.
pub fn labels(app: &App, ctx: &Ctx, products: &Query, types: &[Id], asked: &LabelsAsked) -> Result<Vec<u8>> {
    let all = labels_of(app, ctx, products, types, asked, MAX_LABELS)?;
    kontor_print::labels(tr(ctx.lang, "print-labels"), &all, asked.paper).map_err(unprinted)
}

/// The first page of them as SVG.
pub fn labels_picture(app: &App, ctx: &Ctx, products: &Query, types: &[Id], asked: &LabelsAsked) -> Result<String> {
    let mut all = labels_of(app, ctx, products, types, asked, MAX_LABELS)?;
    all.truncate(400);
    kontor_print::labels_picture(tr(ctx.lang, "print-labels"), &all, asked.paper).map_err(unprinted)
}

fn labels_of(app: &App, ctx: &Ctx, products: &Query, types: &[Id], asked: &LabelsAsked, most: usize) -> Result<Vec<Label>> {
    let (pages, ids) = match &asked.counts {
        Some(counts) => pages_by_id(app, ctx, counts, most)?,
        None => pages_of(app, ctx, products, most)?,
    };
    let count = |id: &Id| asked.counts.as_ref().map_or(asked.copies.max(1), |c| c.get(id).copied().unwrap_or(0));
    if ids.iter().map(count).fold(0usize, usize::saturating_add) > most {
        return Err(Error::field("copies", "line_limit").field_arg("max", most));
    }
    let types = types_of(app, ctx, types, &ids, Kinds::Any)?;
    let mut all = vec![];
    for p in &pages {
        for r in &p.rows {
            let price =
                types.first().and_then(|t| price_text(ctx, t, r.id).map(|text| format::with_currency(ctx.lang, &text, &t.currency)));
            let (sku, barcode) = (cell(p, r, "sku"), cell(p, r, "barcode"));
            let one = Label {
                name: r.title.clone(),
                head: format::date(ctx.lang, ctx.today),
                article: sku.into(),
                price: price.unwrap_or_default(),
                unit: cell(p, r, "unit_id").into(),
                code: asked.code.of(if barcode.is_empty() { sku } else { barcode }),
            };
            all.extend(std::iter::repeat_n(one, count(&r.id)));
        }
    }
    Ok(all)
}

/// The products that are counted, whatever the list shows.
fn pages_by_id(app: &App, ctx: &Ctx, counts: &HashMap<Id, usize>, most: usize) -> Result<(Vec<Page>, Vec<Id>)> {
    let spec = app.registry.get("products").ok_or_else(Error::not_found)?;
    let mut wanted: Vec<String> = counts.keys().map(Id::to_string).collect();
    wanted.sort();
    let (mut pages, mut ids) = (vec![], vec![]);
    for part in wanted.chunks(kontor_platform::query::MAX_LIMIT) {
        let q = Query::parse(app, ctx, spec, &[("id.in".into(), part.join(","))])?;
        let (more, found) = pages_of(app, ctx, &q, most)?;
        pages.extend(more);
        ids.extend(found);
    }
    Ok((pages, ids))
}

/// Products of a stock receipt with their quantities, rounded up to whole labels.
pub fn received(app: &App, ctx: &Ctx, receipt: Id) -> Result<HashMap<Id, usize>> {
    let j = app.get(ctx, "stock-receipts", receipt)?;
    let mut out: HashMap<Id, usize> = HashMap::new();
    for l in j["lines"].as_array().into_iter().flatten() {
        let product = id_in(&l["product_id"]);
        let quantity = parsed::<kontor_kernel::Quantity>(&l["quantity"]).map_or(0, |q| q.scaled());
        if let (Some(p), true) = (product, quantity > 0) {
            let n = usize::try_from((quantity + kontor_kernel::Quantity::UNIT - 1) / kontor_kernel::Quantity::UNIT).unwrap_or(usize::MAX);
            let had = out.entry(p).or_default();
            *had = had.saturating_add(n);
        }
    }
    Ok(out)
}

/// `a4`, `a4:3x8` (columns and rows) or `58x40` (millimetres of a label printer's roll).
pub fn paper(said: &str) -> Result<Paper> {
    let wrong = || Error::field("paper", "bad_choice").field_arg("choices", "a4, a4:3x8, 58x40");
    let two = |s: &str| -> Option<(u32, u32)> {
        let (a, b) = s.split_once('x')?;
        Some((a.parse().ok().filter(|n| (1..=300).contains(n))?, b.parse().ok().filter(|n| (1..=300).contains(n))?))
    };
    if said == "a4" {
        return Ok(Paper::A4 { columns: 3, rows: 8, margin_mm: 5 });
    }
    if let Some(rest) = said.strip_prefix("a4:") {
        let (columns, rows) = two(rest).ok_or_else(wrong)?;
        return Ok(Paper::A4 { columns, rows, margin_mm: 5 });
    }
    let (width_mm, height_mm) = two(said).ok_or_else(wrong)?;
    Ok(Paper::Roll { width_mm, height_mm })
}
