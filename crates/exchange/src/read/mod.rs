//! Files as rows of text: CSV of any usual separator and encoding, XLSX, either of them gzip-ed. The format is found by
//! content, never by the name. A file that cannot be read is one clear error; a bad cell is found later, by whoever
//! knows what the column should hold.

mod bytes;
mod csv;
mod encoding;
mod spool;
mod table;
mod xlsx;
mod xml;

pub use table::{Row, Table, load, load_within};
pub use xlsx::{Merged, Sheet, sheets};
pub use xml::{Node, Xml, XmlReader, is_xml};

use kontor_kernel::error::{Error, Kind, Result};
use serde::Deserialize;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

/// Where a file comes from. Bytes are shared: a file may be read more than once.
#[derive(Clone, Debug)]
pub enum Input {
    Path(PathBuf),
    Bytes { name: String, data: Arc<[u8]> },
}

impl Input {
    pub fn bytes(name: impl Into<String>, data: impl Into<Arc<[u8]>>) -> Self {
        Input::Bytes { name: name.into(), data: data.into() }
    }
    /// Name without folders, as it stands in reports.
    pub fn name(&self) -> String {
        match self {
            Input::Path(p) => p.file_name().unwrap_or(p.as_os_str()).to_string_lossy().into_owned(),
            Input::Bytes { name, .. } => name.clone(),
        }
    }
}

/// What a user may say of a file when detection is not enough.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Format {
    /// One character; `tab` for tabulation.
    pub separator: Option<String>,
    /// `utf-8`, `utf-16le`, `utf-16be`, `windows-1251`, `windows-1252` or another label of the WHATWG list.
    pub encoding: Option<String>,
    /// Text that went through a wrong encoding once is put right: `latin1` or `windows-1252`.
    pub encoding_repair: Option<String>,
    /// Sheet of a workbook; the first one otherwise.
    pub sheet: Option<String>,
    /// Rows above the header.
    pub skip_rows: u32,
}

#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Size after unpacking.
    pub bytes: u64,
    pub rows: usize,
    /// Workbooks and XML are held in memory while they are read: separated text is not.
    pub held: Held,
    pub columns: usize,
}

/// Sizes of what is held in memory as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// Of a workbook as it comes.
    pub packed: u64,
    /// Of all its parts together, unpacked, and of XML.
    pub bytes: u64,
}

impl Default for Held {
    fn default() -> Self {
        Held { packed: 64 << 20, bytes: 256 << 20 }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits { bytes: 1 << 30, rows: 5_000_000, held: Held::default(), columns: 2_000 }
    }
}

/// Rows of a file, one by one. `next` fills `cells` and answers the number of the row as a spreadsheet shows it (the
/// first row is 1), or `None` at the end.
pub trait Rows: Send {
    fn next(&mut self, cells: &mut Vec<String>) -> Result<Option<u32>>;
}

/// Text of another kind: cards, calendars, EDIFACT, XML, JSON. Read as a table it would be a riddle of unknown columns.
fn no_table(head: &[u8]) -> bool {
    const BEGINNINGS: [&str; 8] = ["BEGIN:VCARD", "BEGIN:VCALENDAR", "UNA:+", "UNB+", "<?XML", "<!DOCTYPE", "{\"", "[{"];
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    BEGINNINGS.iter().any(|b| head.get(..b.len()).is_some_and(|h| h.eq_ignore_ascii_case(b.as_bytes())))
}

/// Opens a file of any format that is known.
pub fn open(input: &Input, format: &Format, limits: &Limits) -> Result<Box<dyn Rows>> {
    let mut head = [0u8; 20];
    let n = bytes::fill(&mut *bytes::open(input, limits)?, &mut head)?;
    match &head[..n] {
        head if no_table(head) => Err(Error::refused("file_format_unknown")),
        [] => Err(Error::refused("file_empty")),
        [b'P', b'K', 3, 4, ..] => Ok(Box::new(xlsx::XlsxRows::open(input, format, limits)?)),
        // An old workbook, a PDF, a picture: better said at once than read as text.
        [0xD0, 0xCF, 0x11, 0xE0, ..] | [b'%', b'P', b'D', b'F', ..] | [0x89, b'P', b'N', b'G', ..] | [0xFF, 0xD8, 0xFF, ..] => {
            Err(Error::refused("file_format_unknown"))
        }
        _ => Ok(Box::new(csv::CsvRows::open(input, format, limits)?)),
    }
}

/// Every sheet of a workbook; separated text is one sheet, called as its file, and held in memory like one.
pub fn tables(input: &Input, limits: &Limits) -> Result<Vec<Sheet>> {
    if is_workbook(input, limits)? {
        return sheets(input, limits);
    }
    let held = Limits { bytes: limits.bytes.min(limits.held.packed), ..*limits };
    let mut from = open(input, &Format::default(), &held)?;
    let (mut rows, mut cells) = (vec![], vec![]);
    while let Some(row) = from.next(&mut cells)? {
        if cells.iter().any(|c| !c.trim().is_empty()) {
            rows.push((row, std::mem::take(&mut cells)));
        }
    }
    let name = input.name();
    let name = name.split('.').next().filter(|n| !n.is_empty()).unwrap_or("CSV").to_string();
    Ok(vec![Sheet { name, rows, merged: vec![] }])
}

/// The first bytes of a file, unpacked.
pub fn start(input: &Input, limits: &Limits, n: usize) -> Result<Vec<u8>> {
    let mut head = vec![0u8; n];
    let n = bytes::fill(&mut *bytes::open(input, limits)?, &mut head)?;
    head.truncate(n);
    Ok(head)
}

/// A whole file, unpacked, of so many bytes at most.
pub fn all(input: &Input, max_bytes: u64) -> Result<Vec<u8>> {
    let mut data = vec![];
    bytes::open(input, &Limits { bytes: max_bytes, ..Default::default() })?.read_to_end(&mut data).map_err(from_io)?;
    Ok(data)
}

/// Whether a file is a workbook (or another ZIP archive).
pub fn is_workbook(input: &Input, limits: &Limits) -> Result<bool> {
    Ok(start(input, limits, 4)? == b"PK\x03\x04")
}

pub(crate) fn too_large(bytes: u64) -> Error {
    Error::new(Kind::TooLarge, "file_too_large").arg("max", bytes >> 20)
}

/// Of what is held in memory as a whole: the same rows as separated text may be more.
pub(crate) fn too_large_to_hold(bytes: u64) -> Error {
    Error::new(Kind::TooLarge, "workbook_too_large").arg("max", bytes >> 20)
}

pub(crate) fn unreadable(cause: impl std::fmt::Display) -> Error {
    Error::refused("file_unreadable").arg("message", cause)
}

/// Errors of reading travel through `std::io`; ours come out as they went in.
pub(crate) fn from_io(e: std::io::Error) -> Error {
    let mut at = e.get_ref().map(|inner| inner as &(dyn std::error::Error + 'static));
    while let Some(inner) = at {
        if let Some(own) = inner.downcast_ref::<Error>() {
            return own.clone();
        }
        at = inner.source();
    }
    unreadable(e)
}

pub(crate) fn to_io(e: Error) -> std::io::Error {
    std::io::Error::other(e)
}

pub(crate) type Source = Box<dyn Read + Send>;
