//! A PDF file of pages with text and rectangles. Places are in millimetres from the top left corner, sizes of text in points.

use crate::font::Font;
use crate::svg::Svg;
use crate::{PrintError, Result};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use std::io::Write;

const POINTS: f32 = 72.0 / 25.4;
const SYSTEM: SystemInfo = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Align {
    Left,
    Centre,
    Right,
}

pub struct Document {
    pub regular: Font,
    pub bold: Font,
    width: f32,
    height: f32,
    pages: Vec<Content>,
    title: String,
    /// The first page as a picture, where one was asked for.
    picture: Option<Svg>,
}

impl Document {
    /// Size of all pages in millimetres.
    pub fn new(title: &str, width: f32, height: f32) -> Result<Document> {
        Ok(Document { regular: Font::regular()?, bold: Font::bold()?, width, height, pages: vec![], title: title.into(), picture: None })
    }
    /// The same, to be looked at: its first page is also drawn as a picture.
    pub fn pictured(mut self) -> Document {
        self.picture = Some(Svg::new(&self.title, self.width, self.height));
        self
    }
    /// The picture of the first page, as SVG.
    pub fn picture(self) -> String {
        self.picture.map(Svg::finish).unwrap_or_default()
    }
    pub fn page(&mut self) {
        self.pages.push(Content::new());
    }
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// A line of text; `x`, `y` are where its base line begins, has its middle or ends.
    pub fn text(&mut self, page: usize, (x, y): (f32, f32), size: f32, bold: bool, align: Align, text: &str) {
        let font = if bold { &mut self.bold } else { &mut self.regular };
        let width = font.width(text, size);
        let left = x * POINTS
            - match align {
                Align::Left => 0.0,
                Align::Centre => width / 2.0,
                Align::Right => width,
            };
        let bytes = font.encode(text);
        let bottom = (self.height - y) * POINTS;
        if let Some(p) = self.picture.as_mut().filter(|_| page == 0) {
            p.text((left / POINTS, y), size / POINTS, width / POINTS, bold, text);
        }
        if let Some(c) = self.pages.get_mut(page) {
            c.begin_text().set_font(Name(if bold { b"B" } else { b"R" }), size);
            c.next_line(left, bottom).show(Str(&bytes)).end_text();
        }
    }

    /// A filled rectangle; `grey` from 0 (black) to 1.
    pub fn fill(&mut self, page: usize, (x, y): (f32, f32), width: f32, height: f32, grey: f32) {
        let bottom = (self.height - y - height) * POINTS;
        if let Some(p) = self.picture.as_mut().filter(|_| page == 0) {
            p.fill((x, y), width, height, grey);
        }
        if let Some(c) = self.pages.get_mut(page) {
            c.save_state().set_fill_gray(grey);
            c.rect(x * POINTS, bottom, width * POINTS, height * POINTS).fill_nonzero().restore_state();
        }
    }

    pub fn finish(self) -> Result<Vec<u8>> {
        let mut pdf = Pdf::new();
        let mut last = 0;
        let mut next = || {
            last += 1;
            Ref::new(last)
        };
        let (catalog, tree, info) = (next(), next(), next());
        let fonts = [(next(), &self.regular, "R", "DejaVuSans"), (next(), &self.bold, "B", "DejaVuSans-Bold")];
        let pages: Vec<(Ref, Ref, Content)> = self.pages.into_iter().map(|c| (next(), next(), c)).collect();
        pdf.catalog(catalog).pages(tree);
        pdf.pages(tree).kids(pages.iter().map(|p| p.0)).count(pages.len() as i32);
        pdf.document_info(info).title(TextStr(&self.title)).producer(TextStr("Kontor"));
        for (id, content, c) in pages {
            let mut page = pdf.page(id);
            page.media_box(Rect::new(0.0, 0.0, self.width * POINTS, self.height * POINTS)).parent(tree).contents(content);
            let mut resources = page.resources();
            let mut named = resources.fonts();
            for (font, f, name, _) in &fonts {
                if !f.used.is_empty() {
                    named.pair(Name(name.as_bytes()), *font);
                }
            }
            named.finish();
            resources.finish();
            page.finish();
            let packed = pack(&c.finish())?;
            pdf.stream(content, &packed).filter(Filter::FlateDecode);
        }
        for (id, font, _, name) in fonts.iter().filter(|f| !f.1.used.is_empty()) {
            embed(&mut pdf, &mut next, *id, font, name)?;
        }
        Ok(pdf.finish())
    }
}

fn pack(data: &[u8]) -> Result<Vec<u8>> {
    let mut z = ZlibEncoder::new(vec![], Compression::default());
    z.write_all(data).and_then(|()| z.finish()).map_err(|_| PrintError::Font)
}

fn embed(pdf: &mut Pdf, next: &mut impl FnMut() -> Ref, id: Ref, font: &Font, name: &str) -> Result<()> {
    let (cid, descriptor, cmap, file) = (next(), next(), next(), next());
    // Six letters before the name say that the font is a part of one.
    let name = format!("KONTOR+{name}");
    let name = Name(name.as_bytes());
    pdf.type0_font(id).base_font(name).encoding_predefined(Name(b"Identity-H")).descendant_font(cid).to_unicode(cmap);
    let mut c = pdf.cid_font(cid);
    c.subtype(CidFontType::Type2).base_font(name).system_info(SYSTEM).font_descriptor(descriptor).default_width(0.0);
    c.cid_to_gid_map_predefined(Name(b"Identity"));
    let mut widths = c.widths();
    for (new, (old, _)) in &font.used {
        widths.consecutive(*new, [font.advance(*old)]);
    }
    widths.finish();
    c.finish();
    let per_mille = |v: i16| f32::from(v) * 1000.0 / f32::from(font.face.units_per_em());
    let b = font.face.global_bounding_box();
    let mut d = pdf.font_descriptor(descriptor);
    d.name(name).flags(FontFlags::SYMBOLIC).italic_angle(0.0).stem_v(80.0).font_file2(file);
    d.bbox(Rect::new(per_mille(b.x_min), per_mille(b.y_min), per_mille(b.x_max), per_mille(b.y_max)));
    d.ascent(per_mille(font.face.ascender())).descent(per_mille(font.face.descender()));
    d.cap_height(per_mille(font.face.capital_height().unwrap_or(1493)));
    d.finish();
    let mut unicode = UnicodeCmap::<u16>::new(Name(b"Custom"), SYSTEM);
    for (new, (_, c)) in &font.used {
        unicode.pair(*new, *c);
    }
    pdf.cmap(cmap, &unicode.finish());
    let packed = pack(&font.subset()?)?;
    pdf.stream(file, &packed).filter(Filter::FlateDecode);
    Ok(())
}
