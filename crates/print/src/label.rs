//! Price tags and labels: on a sheet of A4, many on a page, or on the roll of a label printer, one on a page.

use crate::barcode::{Code, Modules};
use crate::pdf::{Align, Document};
use crate::{PrintError, Result};

/// What stands on a label; empty parts leave room for the others.
#[derive(Clone, Debug, Default)]
pub struct Label {
    pub name: String,
    /// Above the name, small: our company, a date.
    pub head: String,
    pub article: String,
    /// As it is to be printed, currency included.
    pub price: String,
    /// After the price, small: the unit.
    pub unit: String,
    pub code: Option<Code>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Paper {
    /// A4 in so many columns and rows, with a margin in millimetres around all of them.
    A4 { columns: u32, rows: u32, margin_mm: u32 },
    /// One label on a page of this size in millimetres.
    Roll { width_mm: u32, height_mm: u32 },
}

/// A label smaller than this has room for nothing.
const LEAST: (f32, f32) = (20.0, 12.0);

/// Labels one after another, row by row.
pub fn labels(title: &str, of: &[Label], paper: Paper) -> Result<Vec<u8>> {
    sheets(title, of, paper, false)?.finish()
}

/// The first page of them as SVG.
pub fn labels_picture(title: &str, of: &[Label], paper: Paper) -> Result<String> {
    Ok(sheets(title, of, paper, true)?.picture())
}

fn sheets(title: &str, of: &[Label], paper: Paper, pictured: bool) -> Result<Document> {
    let (page, margin, columns, rows) = match paper {
        Paper::A4 { columns, rows, margin_mm } => ((210.0, 297.0), margin_mm.min(50) as f32, columns.clamp(1, 20), rows.clamp(1, 40)),
        Paper::Roll { width_mm, height_mm } => ((width_mm as f32, height_mm as f32), 0.0, 1, 1),
    };
    let (width, height) = ((page.0 - 2.0 * margin) / columns as f32, (page.1 - 2.0 * margin) / rows as f32);
    if width < LEAST.0 || height < LEAST.1 {
        return Err(PrintError::TooSmall(width as u32, height as u32));
    }
    let mut d = Document::new(title, page.0, page.1)?;
    if pictured {
        d = d.pictured();
    }
    let each = (columns * rows) as usize;
    for (n, l) in of.iter().enumerate() {
        if n % each == 0 {
            d.page();
        }
        let place = n % each;
        let (c, r) = (place % columns as usize, place / columns as usize);
        let p = d.pages() - 1;
        one(&mut d, p, (margin + c as f32 * width, margin + r as f32 * height), (width, height), l)?;
    }
    if of.is_empty() {
        d.page();
    }
    Ok(d)
}

const MM: f32 = 25.4 / 72.0;

/// Modules of white around a QR code.
const QUIET: f32 = 4.0;

fn one(d: &mut Document, page: usize, (x, y): (f32, f32), (width, height): (f32, f32), l: &Label) -> Result<()> {
    let pad = (height * 0.06).clamp(1.0, 3.0);
    let (inner, points) = (width - 2.0 * pad, (width - 2.0 * pad) / MM);
    // Text grows with the label, within what can be read and what looks well.
    let small = (height * 0.18).clamp(5.0, 9.0);
    let normal = (height * 0.24).clamp(6.0, 12.0);
    let mut at = y + pad;
    if !l.head.is_empty() && height >= 20.0 {
        at += small * MM;
        let text = d.regular.cut(&l.head, small, points);
        d.text(page, (x + pad, at), small, false, Align::Left, &text);
    }
    let most = if height >= 30.0 { 3 } else { 2 };
    for line in d.bold.lines(&l.name, normal, points, most) {
        at += normal * 1.15 * MM;
        d.text(page, (x + pad, at), normal, true, Align::Left, &line);
    }
    let modules = l.code.as_ref().map(Code::modules).transpose()?;
    let bottom = y + height - pad;
    let square = modules.as_ref().filter(|m| m.height > 1);
    let bars = modules.as_ref().filter(|m| m.height == 1);
    let room = bottom - at - 1.0;
    let mut price_bottom = bottom;
    let mut price_width = inner;
    if let Some(m) = square {
        let side = room.min(inner * 0.45);
        // Readers want four modules of white around it.
        let module = side / (m.width as f32 + 2.0 * QUIET);
        let code = module * m.width as f32;
        draw(d, page, (x + width - pad - side + QUIET * module, bottom - side + QUIET * module), module, code, m);
        price_width = inner - side - 1.0;
    }
    if let Some(m) = bars {
        let text = small * MM;
        // Never narrower than scanners read: a quarter of a millimetre for most of them.
        let module = (inner / (m.width as f32 + 14.0)).clamp(0.15, 0.5);
        let bars_height = (room * 0.45 - text).clamp(4.0, 18.0);
        let left = x + (width - module * m.width as f32) / 2.0;
        draw(d, page, (left, bottom - text - bars_height), module, bars_height, m);
        if let Some(t) = &m.text {
            d.text(page, (x + width / 2.0, bottom - text * 0.1), small, false, Align::Centre, t);
        }
        price_bottom = bottom - text - bars_height - 1.0;
    }
    price(d, page, (x + pad, price_bottom), (price_width, price_bottom - at), small, l);
    Ok(())
}

fn price(d: &mut Document, page: usize, (x, bottom): (f32, f32), (width, height): (f32, f32), small: f32, l: &Label) {
    let article = !l.article.is_empty() && height > small * MM * 2.5;
    let mut base = bottom;
    if article {
        let text = d.regular.cut(&l.article, small, width / MM);
        d.text(page, (x, base), small, false, Align::Left, &text);
        base -= small * 1.25 * MM;
    }
    let room = height - if article { small * 1.25 * MM } else { 0.0 };
    let fits = d.bold.width(&l.price, 1.0) + d.regular.width(&format!(" {}", l.unit), 0.5);
    let size = (width / MM / fits.max(0.1)).min(room / MM * 0.85).clamp(5.0, 48.0);
    if l.price.is_empty() {
        return;
    }
    d.text(page, (x, base), size, true, Align::Left, &l.price);
    if !l.unit.is_empty() {
        let after = x + d.bold.width(&l.price, size) * MM + 1.0;
        d.text(page, (after, base), (size * 0.5).max(4.0), false, Align::Left, &l.unit);
    }
}

/// Black modules as rectangles, neighbours of a row joined.
fn draw(d: &mut Document, page: usize, (x, y): (f32, f32), module: f32, height: f32, m: &Modules) {
    let row_height = height / m.height as f32;
    for r in 0..m.height {
        let row = &m.black[r * m.width..(r + 1) * m.width];
        let mut c = 0;
        while c < m.width {
            let run = row[c..].iter().take_while(|b| **b == row[c]).count();
            if row[c] {
                d.fill(page, (x + c as f32 * module, y + r as f32 * row_height), run as f32 * module, row_height, 0.0);
            }
            c += run;
        }
    }
}
