//! Separated text: comma, semicolon, tabulation or bar, found by how evenly it divides the first rows.

use super::{Format, Input, Limits, Rows, Source, bytes, encoding, from_io};
use csv::{Reader, ReaderBuilder, StringRecord};
use kontor_kernel::error::{Error, Result};
use std::io::{Cursor, Read};

pub struct CsvRows {
    reader: Reader<Source>,
    record: StringRecord,
    row: u32,
    /// Line breaks inside of cells so far: a row of a spreadsheet may take several lines of the file.
    inner_breaks: u64,
    /// Lines end in two characters; the reader counts a line when it meets the second one, which it does with the next row.
    crlf: bool,
    skip: u32,
    limits: Limits,
}

/// Text looked at for the separator.
const SAMPLE: usize = 32 << 10;
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

impl CsvRows {
    pub fn open(input: &Input, format: &Format, limits: &Limits) -> Result<Self> {
        let encoding = match &format.encoding {
            Some(name) => encoding::by_name(name)?,
            None => encoding::detect(bytes::open(input, limits)?)?,
        };
        let mut text = encoding::decoded(bytes::open(input, limits)?, encoding);
        let mut sample = vec![0u8; SAMPLE];
        let n = bytes::fill(&mut *text, &mut sample)?;
        sample.truncate(n);
        if sample.iter().all(u8::is_ascii_whitespace) {
            return Err(Error::refused("file_empty"));
        }
        if sample.contains(&0) {
            return Err(Error::refused("file_format_unknown"));
        }
        let separator = match format.separator.as_deref() {
            Some("tab") => b'\t',
            Some(s) if s.len() == 1 && s.is_ascii() => s.as_bytes()[0],
            Some(s) => {
                return Err(Error::refused("profile_bad").arg("message", format!("separator {s:?}: one character is wanted, or \"tab\"")));
            }
            None => separator(&sample),
        };
        let crlf = sample.iter().position(|b| *b == b'\n').is_some_and(|at| at > 0 && sample[at - 1] == b'\r');
        let whole: Source = Box::new(Cursor::new(sample).chain(text));
        let reader =
            ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).buffer_capacity(1 << 16).from_reader(whole);
        Ok(CsvRows { reader, record: StringRecord::new(), row: 0, inner_breaks: 0, crlf, skip: format.skip_rows, limits: *limits })
    }
}

impl CsvRows {
    /// The row just read, as a spreadsheet counts: empty lines count, line breaks inside of cells do not.
    fn number(&mut self) -> u32 {
        self.inner_breaks += self.record.iter().map(|c| c.bytes().filter(|b| *b == b'\n').count() as u64).sum::<u64>();
        let ended = self.reader.position().line().saturating_sub(u64::from(!self.crlf));
        u32::try_from(ended.saturating_sub(self.inner_breaks)).unwrap_or(u32::MAX).max(self.row.saturating_add(1))
    }
}

impl Rows for CsvRows {
    fn next(&mut self, cells: &mut Vec<String>) -> Result<Option<u32>> {
        loop {
            let more = self.reader.read_record(&mut self.record).map_err(broken)?;
            if !more {
                return Ok(None);
            }
            self.row = self.number();
            if self.row as usize > self.limits.rows || self.record.len() > self.limits.columns {
                return Err(Error::refused("line_limit")
                    .arg("max", if self.record.len() > self.limits.columns { self.limits.columns } else { self.limits.rows }));
            }
            if self.row <= self.skip {
                continue;
            }
            cells.clear();
            cells.extend(self.record.iter().map(str::to_owned));
            return Ok(Some(self.row));
        }
    }
}

fn broken(e: csv::Error) -> Error {
    match e.into_kind() {
        csv::ErrorKind::Io(e) => from_io(e),
        csv::ErrorKind::Utf8 { .. } => Error::refused("file_encoding"),
        other => Error::refused("row_broken").arg("message", format!("{other:?}")),
    }
}

/// The separator that divides most rows into the same number of cells; of several, the one that gives most cells.
fn separator(sample: &[u8]) -> u8 {
    let mut best = (0usize, b',');
    for s in SEPARATORS {
        let mut reader = ReaderBuilder::new().delimiter(s).has_headers(false).flexible(true).from_reader(sample);
        // Rows that cannot be read this way speak against the separator; the reading itself tells of them.
        let widths: Vec<usize> = reader.byte_records().take(50).map_while(|r| r.map(|r| r.len()).ok()).collect();
        // The last row of the sample may be cut.
        let whole = if widths.len() > 1 && sample.len() == SAMPLE { &widths[..widths.len() - 1] } else { &widths[..] };
        let Some(width) = whole.first().copied().filter(|w| *w > 1) else { continue };
        let even = whole.iter().filter(|w| **w == width).count();
        let score = even * 1000 / whole.len() * 100 + width.min(99);
        if score > best.0 {
            best = (score, s);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u32, Vec<String>)> {
        let mut r = CsvRows::open(&Input::bytes("t.csv", text.as_bytes().to_vec()), &Format::default(), &Limits::default()).expect("opens");
        let mut out = vec![];
        let mut cells = vec![];
        while let Some(n) = r.next(&mut cells).expect("reads") {
            out.push((n, cells.clone()));
        }
        out
    }

    #[test]
    fn plt_06_finds_the_separator() {
        for (text, width) in
            [("a,b,c\n1,2,3\n", 3), ("a;b\n\"1,5\";2\n", 2), ("a\tb\n1,0\t2\n", 2), ("a|b|c|d\n1|2|3|4", 4), ("one column\nvalue\n", 1)]
        {
            assert!(rows(text).iter().all(|(_, r)| r.len() == width), "{text:?}");
        }
        assert_eq!(rows("name,note\n\"A \"\"B\"\"\",\"two\nlines\"\nx,y\n")[1], (2, vec!["A \"B\"".into(), "two\nlines".into()]));
    }

    #[test]
    fn plt_06_rows_have_the_numbers_that_a_spreadsheet_shows_whatever_ends_a_line() {
        for end in ["\n", "\r\n"] {
            let text = ["title;", "", "name;note", "\"two{end}lines\";1", "", "", "x;2", ""].join(end).replace("{end}", end);
            let found: Vec<u32> = rows(&text).iter().map(|r| r.0).collect();
            assert_eq!(found, [1, 3, 4, 7], "{end:?}");
        }
    }

    #[test]
    fn plt_06_empty_and_binary_files_are_one_error() {
        let cards = &b"\xEF\xBB\xBFBEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\nEND:VCARD\r\n"[..];
        for (bytes, code) in [
            (&b""[..], "file_empty"),
            (b"  \n \n", "file_empty"),
            (b"ab\0cd\x01", "file_format_unknown"),
            (cards, "file_format_unknown"),
            (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "file_format_unknown"),
            (b"UNA:+.? 'UNB+UNOA:1", "file_format_unknown"),
            (b"<?xml version=\"1.0\"?><Invoice/>", "file_format_unknown"),
            (b"{\"name\": 1}", "file_format_unknown"),
        ] {
            let e =
                super::super::open(&Input::bytes("x", bytes.to_vec()), &Format::default(), &Limits::default()).err().expect("is refused");
            assert_eq!(e.inner().code, code);
        }
    }
}
