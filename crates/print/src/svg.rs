//! A page as a picture for the screen. Every text gets the width that it has on paper, so that another font does not move it.

use std::fmt::Write;

pub struct Svg {
    out: String,
}

impl Svg {
    /// Size in millimetres; the title is what a reader of screens says.
    pub fn new(title: &str, width: f32, height: f32) -> Svg {
        let mut out = String::new();
        // Writing into a text cannot fail.
        let _ = write!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\"><title>{}</title><rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>",
            escaped(title)
        );
        Svg { out }
    }

    pub fn text(&mut self, (x, y): (f32, f32), size: f32, width: f32, bold: bool, text: &str) {
        if text.is_empty() {
            return;
        }
        let weight = if bold { " font-weight=\"700\"" } else { "" };
        let _ = write!(
            self.out,
            "<text x=\"{x:.2}\" y=\"{y:.2}\" font-size=\"{size:.2}\" textLength=\"{width:.2}\" lengthAdjust=\"spacingAndGlyphs\" font-family=\"DejaVu Sans, Verdana, sans-serif\" fill=\"#000\"{weight}>{}</text>",
            escaped(text)
        );
    }

    pub fn fill(&mut self, (x, y): (f32, f32), width: f32, height: f32, grey: f32) {
        // Bars keep their edges; thin lines between rows would come and go.
        let edges = if grey < 0.1 { " shape-rendering=\"crispEdges\"" } else { "" };
        let level = (grey.clamp(0.0, 1.0) * 255.0) as u8;
        let _ = write!(
            self.out,
            "<rect x=\"{x:.3}\" y=\"{y:.3}\" width=\"{width:.3}\" height=\"{height:.3}\" fill=\"#{level:02x}{level:02x}{level:02x}\"{edges}/>"
        );
    }

    pub fn finish(mut self) -> String {
        self.out.push_str("</svg>");
        self.out
    }
}

/// Control characters are no part of XML.
fn escaped(s: &str) -> String {
    s.chars()
        .filter(|c| !c.is_control())
        .collect::<String>()
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
