//! An embedded font: how wide a text is, which of its glyphs a file needs.

use crate::{PrintError, Result};
use std::collections::BTreeMap;
use subsetter::GlyphRemapper;
use ttf_parser::Face;

static REGULAR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/DejaVuSans.ttf"));
static BOLD: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/DejaVuSans-Bold.ttf"));

pub struct Font {
    data: &'static [u8],
    pub face: Face<'static>,
    pub glyphs: GlyphRemapper,
    /// Glyphs of the file with the characters that they stand for.
    pub used: BTreeMap<u16, (u16, char)>,
}

impl Font {
    pub fn regular() -> Result<Font> {
        Font::of(REGULAR)
    }
    pub fn bold() -> Result<Font> {
        Font::of(BOLD)
    }
    fn of(data: &'static [u8]) -> Result<Font> {
        let face = Face::parse(data, 0).map_err(|_| PrintError::NoFont)?;
        Ok(Font { data, face, glyphs: GlyphRemapper::new(), used: BTreeMap::new() })
    }

    /// In thousandths of the size, as PDF counts.
    pub fn advance(&self, glyph: u16) -> f32 {
        let units = f32::from(self.face.units_per_em());
        f32::from(self.face.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or(0)) * 1000.0 / units
    }

    fn glyph(&self, c: char) -> u16 {
        // What the font lacks shows as a question mark, not as nothing.
        let known = self.face.glyph_index(c).or_else(|| self.face.glyph_index('?'));
        known.map_or(0, |g| g.0)
    }

    /// Width of a text in points.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        shown(text).map(|c| self.advance(self.glyph(c))).sum::<f32>() * size / 1000.0
    }

    /// The text as glyph numbers of the file, two bytes each.
    pub fn encode(&mut self, text: &str) -> Vec<u8> {
        let mut out = vec![];
        for c in shown(text) {
            let old = self.glyph(c);
            let new = self.glyphs.remap(old);
            self.used.entry(new).or_insert((old, c));
            out.extend(new.to_be_bytes());
        }
        out
    }

    /// As much of a text as fits, with an ellipsis where something is cut off.
    pub fn cut(&self, text: &str, size: f32, width: f32) -> String {
        if self.width(text, size) <= width {
            return text.to_string();
        }
        let mut out: String = text.to_string();
        while out.pop().is_some() {
            let tried = format!("{}…", out.trim_end());
            if self.width(&tried, size) <= width {
                return tried;
            }
        }
        String::new()
    }

    /// A text in lines of a width, `most` of them; the last one is cut.
    pub fn lines(&self, text: &str, size: f32, width: f32, most: usize) -> Vec<String> {
        let mut out: Vec<String> = vec![];
        let mut line = String::new();
        let mut words = text.split_whitespace().peekable();
        while let Some(w) = words.next() {
            let tried = if line.is_empty() { w.to_string() } else { format!("{line} {w}") };
            if self.width(&tried, size) <= width || line.is_empty() {
                line = tried;
                continue;
            }
            if out.len() + 1 == most {
                let rest = std::iter::once(w).chain(words.by_ref()).collect::<Vec<_>>().join(" ");
                line = format!("{line} {rest}");
                break;
            }
            out.push(std::mem::replace(&mut line, w.to_string()));
        }
        if !line.is_empty() {
            out.push(line);
        }
        out.iter().map(|l| self.cut(l, size, width)).collect()
    }

    /// The font with only the glyphs that were used.
    pub fn subset(&self) -> Result<Vec<u8>> {
        subsetter::subset(self.data, 0, &self.glyphs).map_err(|_| PrintError::Font)
    }
}

/// Control characters have no picture; marks of direction would only show as boxes.
fn shown(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| {
        !c.is_control() && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prc_14_the_font_has_every_letter_of_our_languages_and_the_hryvnia() {
        for font in [Font::regular().expect("a font"), Font::bold().expect("a font")] {
            for c in "АаҐґЄєІіЇїЫыЭэЪъЁё₴€$№«»—…’ʼ×²³Ωß漢".chars().filter(|c| *c != '漢') {
                assert!(font.face.glyph_index(c).is_some(), "{c}");
            }
            assert!(font.width("Ґудзик", 10.0) > 30.0);
            assert!(font.width(&font.cut("дуже довга назва товару", 10.0, 60.0), 10.0) <= 60.0);
            let lines = font.lines("дуже довга назва товару на кілька рядків і ще трохи", 10.0, 80.0, 2);
            assert!(lines.len() == 2 && lines[1].ends_with('…'), "{lines:?}");
        }
    }
}
