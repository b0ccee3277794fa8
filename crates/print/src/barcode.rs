//! Bar codes as modules: which of them are black. EAN-13 for goods, Code 128 for any Latin text, QR for anything.

use crate::{PrintError, Result};

#[derive(Clone, Debug, PartialEq)]
pub enum Code {
    /// 12 digits, or 13 with a right check digit.
    Ean13(String),
    Code128(String),
    Qr(String),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Modules {
    pub width: usize,
    /// 1: bars of any height.
    pub height: usize,
    /// Row by row.
    pub black: Vec<bool>,
    /// Printed below the bars.
    pub text: Option<String>,
}

impl Code {
    /// The kind that fits: EAN-13 where the check digit is right, Code 128 for other Latin text, QR otherwise.
    pub fn fitting(s: &str) -> Option<Code> {
        let s = s.trim();
        if s.is_empty() {
            None
        } else if s.len() == 13 && s.bytes().all(|b| b.is_ascii_digit()) && check_digit(&s[..12]) == s.chars().last() {
            Some(Code::Ean13(s.into()))
        } else if s.len() <= 24 && s.bytes().all(|b| (32..127).contains(&b)) {
            Some(Code::Code128(s.into()))
        } else {
            Some(Code::Qr(s.into()))
        }
    }

    pub fn modules(&self) -> Result<Modules> {
        match self {
            Code::Ean13(digits) => ean13(digits),
            Code::Code128(text) => code128(text),
            Code::Qr(text) => qr(text),
        }
    }
}

/// The thirteenth digit of twelve.
pub fn check_digit(twelve: &str) -> Option<char> {
    let digits: Option<Vec<u32>> = twelve.chars().map(|c| c.to_digit(10)).collect();
    let sum: u32 = digits.filter(|d| d.len() == 12)?.iter().enumerate().map(|(n, d)| if n.is_multiple_of(2) { *d } else { 3 * d }).sum();
    char::from_digit((10 - sum % 10) % 10, 10)
}

fn bars(bits: Vec<u8>, text: String) -> Modules {
    Modules { width: bits.len(), height: 1, black: bits.into_iter().map(|b| b == 1).collect(), text: Some(text) }
}

fn ean13(digits: &str) -> Result<Modules> {
    let wrong = || PrintError::Barcode(digits.into());
    let twelve = digits.get(..12).ok_or_else(wrong)?;
    let check = check_digit(twelve).ok_or_else(wrong)?;
    let whole = format!("{twelve}{check}");
    if digits.len() > 12 && digits != whole {
        return Err(wrong());
    }
    let code = barcoders::sym::ean13::EAN13::new(&whole).map_err(|_| wrong())?;
    Ok(bars(code.encode(), whole))
}

fn code128(text: &str) -> Result<Modules> {
    let wrong = || PrintError::Barcode(text.into());
    if text.is_empty() || text.len() > 60 || !text.bytes().all(|b| (32..127).contains(&b)) {
        return Err(wrong());
    }
    // Set C packs two digits into one symbol.
    let pairs = text.len().is_multiple_of(2) && text.bytes().all(|b| b.is_ascii_digit());
    let set = if pairs { '\u{106}' } else { '\u{181}' };
    let code = barcoders::sym::code128::Code128::new(format!("{set}{text}")).map_err(|_| wrong())?;
    Ok(bars(code.encode(), text.into()))
}

fn qr(text: &str) -> Result<Modules> {
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M).map_err(|_| PrintError::Barcode(text.into()))?;
    let width = code.width();
    let black = code.to_colors().into_iter().map(|c| c == qrcode::Color::Dark).collect();
    Ok(Modules { width, height: width, black, text: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(c: &Code) -> String {
        c.modules().expect("a code").black.iter().map(|b| if *b { '1' } else { '0' }).collect()
    }

    /// Reads an EAN-13 by the tables of the standard, independently of what wrote it.
    fn read_ean13(bits: &str) -> String {
        const L: [&str; 10] =
            ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"];
        const FIRST: [&str; 10] = ["LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"];
        let r = |d: usize| L[d].chars().map(|c| if c == '0' { '1' } else { '0' }).collect::<String>();
        let g = |d: usize| r(d).chars().rev().collect::<String>();
        assert_eq!((bits.len(), &bits[..3], &bits[45..50], &bits[92..]), (95, "101", "01010", "101"));
        let (mut parity, mut out) = (String::new(), String::new());
        for n in 0..6 {
            let part = &bits[3 + n * 7..10 + n * 7];
            let (kind, d) = (0..10)
                .find_map(|d| {
                    if part == L[d] {
                        Some(('L', d))
                    } else if part == g(d) {
                        Some(('G', d))
                    } else {
                        None
                    }
                })
                .expect("a digit");
            parity.push(kind);
            out.push_str(&d.to_string());
        }
        for n in 0..6 {
            let part = &bits[50 + n * 7..57 + n * 7];
            out.push_str(&(0..10).find(|d| part == r(*d)).expect("a digit").to_string());
        }
        format!("{}{out}", FIRST.iter().position(|f| *f == parity).expect("a first digit"))
    }

    #[test]
    fn prc_14_ean_13_reads_back_by_the_tables_of_the_standard() {
        for (given, whole) in [("5901234123457", "5901234123457"), ("482000000001", "4820000000017"), ("0012345678905", "0012345678905")] {
            assert_eq!(read_ean13(&bits(&Code::Ean13(given.into()))), whole);
        }
        for wrong in ["5901234123450", "123", "", "59012341234a7", "ґ".repeat(6).as_str()] {
            assert!(Code::Ean13(wrong.into()).modules().is_err(), "{wrong}");
        }
    }

    #[test]
    fn prc_14_code_128_has_the_known_symbols_and_check() {
        // Start B, A (33), B (34), then (104 + 33 + 2 * 34) mod 103 = 102, stop; patterns of ISO/IEC 15417.
        let whole = |symbols: &[&str]| symbols.concat();
        let (start_b, start_c, stop) = ("11010010000", "11010011100", "1100011101011");
        let ab = whole(&[start_b, "10100011000", "10001011000", "11110101110", stop]);
        assert_eq!(bits(&Code::Code128("AB".into())), ab);
        // Digits in pairs: start C, 12, (105 + 12) mod 103 = 14, stop.
        assert_eq!(bits(&Code::Code128("12".into())), whole(&[start_c, "10110011100", "10011001110", stop]));
        assert!(Code::Code128("ґ".into()).modules().is_err() && Code::Code128(String::new()).modules().is_err());
    }

    #[test]
    fn prc_14_a_qr_code_reads_back() {
        let text = "https://example.com/п/Ґудзик-₴?n=1";
        let m = Code::Qr(text.into()).modules().expect("a code");
        // A reader wants a quiet zone and more than one pixel per module.
        let (scale, quiet) = (4usize, 4usize);
        let side = (m.width + 2 * quiet) * scale;
        let at = |x: usize, y: usize| {
            let (x, y) = (x / scale, y / scale);
            let inside = |v: usize| (quiet..quiet + m.width).contains(&v);
            inside(x) && inside(y) && m.black[(y - quiet) * m.width + x - quiet]
        };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| if at(x, y) { 0 } else { 255 });
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        assert_eq!(grids[0].decode().expect("reads").1, text);
    }

    #[test]
    fn prc_14_the_kind_that_fits_is_found() {
        assert_eq!(Code::fitting("5901234123457"), Some(Code::Ean13("5901234123457".into())));
        assert_eq!(Code::fitting("5901234123450"), Some(Code::Code128("5901234123450".into())));
        assert_eq!(Code::fitting("А-1"), Some(Code::Qr("А-1".into())));
        assert_eq!(Code::fitting("  "), None);
    }
}
