//! Which encoding a text file is in, and its text as UTF-8. Found by byte-order mark, by validity, and by the look of
//! Cyrillic and Western words; the user may name it instead.

use super::{Source, to_io};
use encoding_rs::{CoderResult, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1252};
use kontor_kernel::error::{Error, Result};
use std::io::Read;

/// Bytes looked at from the first one that is not ASCII on.
const SAMPLE: usize = 256 << 10;

pub fn by_name(name: &str) -> Result<&'static Encoding> {
    Encoding::for_label(name.trim().as_bytes()).ok_or_else(|| Error::refused("file_encoding"))
}

/// Looks at the whole file if need be: a Ukrainian word may stand in the last row only.
pub fn detect(mut from: Source) -> Result<&'static Encoding> {
    let mut buf = vec![0u8; 1 << 16];
    let mut first = true;
    let mut sample: Vec<u8> = vec![];
    loop {
        let n = super::bytes::fill(&mut *from, &mut buf)?;
        let mut part = &buf[..n];
        if first {
            first = false;
            if let Some((e, _)) = Encoding::for_bom(part) {
                return Ok(e);
            }
            if let Some(e) = wide(part) {
                return Ok(e);
            }
        }
        if sample.is_empty() {
            let at = part.iter().position(|b| !b.is_ascii()).unwrap_or(n);
            // A little before, so that the first word is seen whole.
            part = &part[at.saturating_sub(if at < n { 32 } else { 0 })..];
        }
        sample.extend_from_slice(part);
        if n < buf.len() || sample.len() >= SAMPLE {
            return Ok(narrow(&sample));
        }
    }
}

/// Encodings that the first bytes tell for certain: by their mark, or because every other byte is zero.
pub fn by_shape(head: &[u8]) -> Option<&'static Encoding> {
    Encoding::for_bom(head).map(|e| e.0).or_else(|| wide(head))
}

/// UTF-16 without a mark: every other byte of Latin text and separators is zero.
fn wide(head: &[u8]) -> Option<&'static Encoding> {
    let head = &head[..head.len().min(4096) & !1];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let half = head.len() / 2;
    if half < 4 {
        None
    } else if odd * 10 > half * 3 && even * 20 < half {
        Some(UTF_16LE)
    } else if even * 10 > half * 3 && odd * 20 < half {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn narrow(sample: &[u8]) -> &'static Encoding {
    match std::str::from_utf8(sample) {
        Ok(_) => return UTF_8,
        Err(e) if e.error_len().is_none() => return UTF_8,
        Err(_) => {}
    }
    // Letters above ASCII stand together in Cyrillic words and alone in Western ones.
    let (mut together, mut alone) = (0usize, 0usize);
    for word in sample.split(|b| !(b.is_ascii_alphabetic() || *b >= 0x80)) {
        let high = word.iter().filter(|b| **b >= 0x80).count();
        if high * 3 >= word.len() * 2 && high > 1 {
            together += high;
        } else {
            alone += high;
        }
    }
    if together >= alone { WINDOWS_1251 } else { WINDOWS_1252 }
}

/// Text of `from` as UTF-8, without a byte-order mark; bytes that are no text in this encoding are an error.
pub fn decoded(from: Source, encoding: &'static Encoding) -> Source {
    Box::new(Decoded {
        from,
        decoder: encoding.new_decoder_with_bom_removal(),
        input: vec![0; 1 << 15],
        start: 0,
        end: 0,
        ended: false,
        text: vec![],
        given: 0,
        done: false,
    })
}

struct Decoded {
    from: Source,
    decoder: encoding_rs::Decoder,
    input: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    /// Decoded and not given out yet: the caller's buffer may be smaller than one character.
    text: Vec<u8>,
    given: usize,
    done: bool,
}

impl Decoded {
    fn more(&mut self) -> std::io::Result<()> {
        if self.start == self.end && !self.ended {
            self.end = self.from.read(&mut self.input)?;
            self.start = 0;
            self.ended = self.end == 0;
        }
        self.text.resize(1 << 16, 0);
        self.given = 0;
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(&self.input[self.start..self.end], &mut self.text, self.ended);
        self.start += read;
        self.text.truncate(written);
        match result {
            DecoderResult::Malformed(_, _) => return Err(to_io(Error::refused("file_encoding"))),
            DecoderResult::InputEmpty => self.done = self.ended,
            DecoderResult::OutputFull => {}
        }
        Ok(())
    }
}

impl Read for Decoded {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while self.given == self.text.len() && !self.done {
            self.more()?;
        }
        let n = out.len().min(self.text.len() - self.given);
        out[..n].copy_from_slice(&self.text[self.given..self.given + n]);
        self.given += n;
        Ok(n)
    }
}

/// Puts text right that was UTF-8, was read as a one-byte encoding and written again: `MÃ©xico` becomes `México`.
/// Text that did not suffer so is left as it is.
pub fn repaired(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len());
    // Room for a replacement, which the encoder wants to have.
    let mut buf = [0u8; 32];
    for c in text.chars() {
        if (c as u32) <= 0xFF {
            bytes.push(c as u8);
            continue;
        }
        let mut encoder = WINDOWS_1252.new_encoder();
        let (result, _, n, replaced) = encoder.encode_from_utf8(c.encode_utf8(&mut [0; 4]), &mut buf, true);
        if replaced || result != CoderResult::InputEmpty || n != 1 {
            return None;
        }
        bytes.push(buf[0]);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn source(b: &[u8]) -> Source {
        Box::new(Cursor::new(b.to_vec()))
    }
    fn all(mut s: Source) -> std::io::Result<String> {
        let mut out = String::new();
        s.read_to_string(&mut out).map(|_| out)
    }

    #[test]
    fn plt_06_finds_the_encoding() {
        let ua = "назва;місто\nВінницяобленерго;Київ\n";
        let west = "name;city\nAntonio Moreno Taquería;México\n";
        let wide =
            |s: &str, le: bool| s.encode_utf16().flat_map(|u| if le { u.to_le_bytes() } else { u.to_be_bytes() }).collect::<Vec<u8>>();
        let cases: Vec<(Vec<u8>, &str, &str)> = vec![
            (ua.as_bytes().to_vec(), ua, "UTF-8"),
            ([b"\xEF\xBB\xBF", ua.as_bytes()].concat(), ua, "UTF-8"),
            (WINDOWS_1251.encode(ua).0.into_owned(), ua, "windows-1251"),
            (WINDOWS_1252.encode(west).0.into_owned(), west, "windows-1252"),
            (wide(west, true), west, "UTF-16LE"),
            (wide(west, false), west, "UTF-16BE"),
            ([vec![0xFF, 0xFE], wide(ua, true)].concat(), ua, "UTF-16LE"),
            (b"a,b\n1,2\n".to_vec(), "a,b\n1,2\n", "UTF-8"),
        ];
        for (bytes, text, name) in cases {
            let e = detect(source(&bytes)).expect("a sample");
            assert_eq!(e.name(), name);
            assert_eq!(all(decoded(source(&bytes), e)).expect("text"), text);
        }
        // The only foreign letter is far from the beginning.
        let late = [vec![b'a'; 300_000], WINDOWS_1251.encode(" Київ").0.into_owned()].concat();
        assert_eq!(detect(source(&late)).expect("a sample").name(), "windows-1251");
        assert!(all(decoded(source(b"ab\xC3\x28"), UTF_8)).is_err());
    }

    #[test]
    fn plt_06_repairs_text_decoded_twice() {
        assert_eq!(repaired("MÃ©xico D.F.").as_deref(), Some("México D.F."));
        assert_eq!(repaired("ConstituciÃ³n").as_deref(), Some("Constitución"));
        assert_eq!(repaired("Ã…rhus, LuleÃ¥").as_deref(), Some("Århus, Luleå"));
        assert_eq!(repaired("México"), None);
        assert_eq!(repaired("Київ"), None);
        assert_eq!(repaired("plain"), None);
    }
}
