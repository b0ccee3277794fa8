//! Workbooks. Cells come one by one in the order of the file, so that a sheet that claims to have a million columns costs
//! nothing; what the archive unpacks to is measured first.

use super::{Format, Input, Limits, Rows, bytes, from_io, too_large_to_hold, unreadable};
use calamine::{DataRef, Reader, Xlsx};
use kontor_kernel::error::{Error, Kind, Result};
use std::collections::VecDeque;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

pub struct XlsxRows {
    rows: VecDeque<(u32, Vec<String>)>,
}

impl XlsxRows {
    pub fn open(input: &Input, format: &Format, limits: &Limits) -> Result<Self> {
        let data = load(input, limits)?;
        // A file made to break parsers must not take the program with it.
        let rows =
            catch_unwind(AssertUnwindSafe(|| read(data, format, limits))).unwrap_or_else(|_| Err(unreadable("the workbook is broken")))?;
        Ok(XlsxRows { rows })
    }
}

impl Rows for XlsxRows {
    fn next(&mut self, cells: &mut Vec<String>) -> Result<Option<u32>> {
        Ok(self.rows.pop_front().map(|(n, row)| {
            *cells = row;
            n
        }))
    }
}

/// One sheet of a workbook with its cells as text.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub name: String,
    /// Rows with something in them, under the numbers that a spreadsheet shows.
    pub rows: Vec<(u32, Vec<String>)>,
    /// Cells that are one: first and last row as shown, first and last column from 0.
    pub merged: Vec<Merged>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Merged {
    pub rows: (u32, u32),
    pub columns: (usize, usize),
}

/// Every sheet of a workbook, also empty ones.
pub fn sheets(input: &Input, limits: &Limits) -> Result<Vec<Sheet>> {
    let data = load(input, limits)?;
    let all = || -> Result<Vec<Sheet>> {
        let mut book = book(data)?;
        let mut out = vec![];
        for name in book.sheet_names() {
            let rows = rows(&mut book, &name, 0, limits)?.into();
            let merged = book.merge_cells_by_sheet_name(&name).map_err(unreadable)?;
            let merged = merged.into_iter().map(|d| Merged {
                rows: (d.start.0.saturating_add(1), d.end.0.saturating_add(1)),
                columns: (d.start.1 as usize, d.end.1 as usize),
            });
            out.push(Sheet { merged: merged.collect(), name, rows });
        }
        Ok(out)
    };
    catch_unwind(AssertUnwindSafe(all)).unwrap_or_else(|_| Err(unreadable("the workbook is broken")))
}

fn load(input: &Input, limits: &Limits) -> Result<Vec<u8>> {
    let packed = Limits { bytes: limits.held.packed, ..*limits };
    let mut data = vec![];
    bytes::open(input, &packed)?.read_to_end(&mut data).map_err(from_io).map_err(|e| match e.kind() {
        Kind::TooLarge => too_large_to_hold(limits.held.packed),
        _ => e,
    })?;
    measure(&data, limits.held.bytes.min(limits.bytes))?;
    Ok(data)
}

type Book = Xlsx<Cursor<Vec<u8>>>;

fn book(data: Vec<u8>) -> Result<Book> {
    Xlsx::new(Cursor::new(data)).map_err(|_: calamine::XlsxError| Error::refused("file_format_unknown"))
}

/// Unpacks every part once without keeping it: declared sizes may lie.
fn measure(data: &[u8], most: u64) -> Result<()> {
    let mut archive = zip::ZipArchive::new(Cursor::new(data)).map_err(unreadable)?;
    let mut left = most;
    let mut buf = vec![0u8; 1 << 16];
    for i in 0..archive.len() {
        let mut part = archive.by_index(i).map_err(unreadable)?;
        loop {
            let n = part.read(&mut buf).map_err(unreadable)?;
            if n == 0 {
                break;
            }
            left = left.checked_sub(n as u64).ok_or_else(|| too_large_to_hold(most))?;
        }
    }
    Ok(())
}

fn read(data: Vec<u8>, format: &Format, limits: &Limits) -> Result<VecDeque<(u32, Vec<String>)>> {
    let mut book = book(data)?;
    let names = book.sheet_names();
    let name = match &format.sheet {
        Some(wanted) => names.iter().find(|n| *n == wanted).ok_or_else(|| Error::refused("sheet_missing").arg("name", wanted))?.clone(),
        None => names.first().ok_or_else(|| Error::refused("file_empty"))?.clone(),
    };
    let rows = rows(&mut book, &name, format.skip_rows, limits)?;
    if rows.is_empty() {
        return Err(Error::refused("file_empty"));
    }
    Ok(rows)
}

fn rows(book: &mut Book, name: &str, skip: u32, limits: &Limits) -> Result<VecDeque<(u32, Vec<String>)>> {
    let mut cells = book.worksheet_cells_reader(name).map_err(unreadable)?;
    let mut rows: VecDeque<(u32, Vec<String>)> = VecDeque::new();
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        let (number, column) = (row.saturating_add(1), column as usize);
        if number <= skip {
            continue;
        }
        let text = text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if column >= limits.columns || rows.len() >= limits.rows {
            return Err(Error::refused("line_limit").arg("max", if column >= limits.columns { limits.columns } else { limits.rows }));
        }
        if rows.back().is_none_or(|(n, _)| *n != number) {
            rows.push_back((number, vec![]));
        }
        if let Some((_, row)) = rows.back_mut() {
            if row.len() <= column {
                row.resize(column + 1, String::new());
            }
            row[column] = text;
        }
    }
    Ok(rows)
}

fn text(v: &DataRef) -> String {
    match v {
        DataRef::Int(i) => i.to_string(),
        DataRef::Float(f) => number(*f),
        DataRef::String(s) => s.clone(),
        DataRef::SharedString(s) => (*s).to_owned(),
        DataRef::Bool(b) => b.to_string(),
        DataRef::DateTime(d) => match d.to_ymd_hms_milli() {
            (y, m, d, 0, 0, 0, 0) => format!("{y:04}-{m:02}-{d:02}"),
            (y, m, d, h, min, s, _) => format!("{y:04}-{m:02}-{d:02} {h:02}:{min:02}:{s:02}"),
        },
        DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => s.clone(),
        DataRef::Error(e) => e.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A number as the sheet shows it: 15 significant digits, so that 0.1 + 0.2 is 0.3. The file holds floating point; from
/// here on it is decimal text.
fn number(f: f64) -> String {
    if !f.is_finite() {
        return f.to_string();
    }
    let short = format!("{f:.14e}").parse::<f64>().map_or(f, |r| r);
    let s = short.to_string();
    if s == "-0" { "0".into() } else { s }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
        let mut b = rust_xlsxwriter::Workbook::new();
        fill(b.add_worksheet());
        b.save_to_buffer().expect("a workbook")
    }

    #[test]
    fn plt_06_reads_numbers_dates_and_gaps_of_a_sheet() {
        let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
        let data = book(|s| {
            s.write(0, 0, "name").expect("a cell");
            s.write(0, 2, "sum").expect("a cell");
            s.write(2, 0, "Ґанок").expect("a cell");
            s.write(2, 2, 0.1 + 0.2).expect("a cell");
            s.write(3, 1, true).expect("a cell");
            s.write(3, 2, 1_234_567.25).expect("a cell");
            s.write_with_format(4, 0, rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 11, 21).expect("a date"), &date).expect("a cell");
        });
        let mut rows = XlsxRows::open(&Input::bytes("a.xlsx", data), &Format::default(), &Limits::default()).expect("opens");
        let mut cells = vec![];
        let mut got = vec![];
        while let Some(n) = rows.next(&mut cells).expect("reads") {
            got.push(format!("{n}: {}", cells.join("|")));
        }
        assert_eq!(got, ["1: name||sum", "3: Ґанок||0.3", "4: |true|1234567.25", "5: 2026-11-21"]);
    }

    #[test]
    fn plt_06_broken_workbooks_are_one_error() {
        let good = book(|s| {
            s.write(0, 0, "name").expect("a cell");
        });
        for cut in [10, 40, good.len() / 2, good.len() - 5] {
            let broken = Input::bytes("a.xlsx", good[..cut].to_vec());
            assert!(super::super::open(&broken, &Format::default(), &Limits::default()).is_err());
        }
        let small = Limits { bytes: 100, ..Default::default() };
        assert!(super::super::open(&Input::bytes("a.xlsx", good), &Format::default(), &small).is_err());
    }

    #[test]
    fn plt_06_a_workbook_that_memory_should_not_hold_is_told_so() {
        let data = book(|s| {
            for row in 0..2_000 {
                s.write(row, 0, "the same text again and again").expect("a cell");
            }
        });
        let size = data.len() as u64;
        let refused = |packed: u64, bytes: u64| {
            let limits = Limits { held: super::super::Held { packed, bytes }, ..Default::default() };
            super::super::open(&Input::bytes("a.xlsx", data.clone()), &Format::default(), &limits).err().map(|e| e.inner().code.to_string())
        };
        let told = Some("workbook_too_large".to_string());
        assert_eq!((refused(size - 1, 1 << 30), refused(size, 20_000)), (told.clone(), told));
        assert_eq!(refused(size, 1 << 30), None);
    }
}
