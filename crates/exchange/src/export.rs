//! Export of a list as CSV or XLSX: exactly the rows and columns that the caller sees, by the same query as the list on the
//! screen, page by page. Numbers are exact, and no text can act as a formula.

use crate::cell::neutral;
use kontor_kernel::error::{Error, Kind, Result};
use kontor_platform::query::{MAX_LIMIT, Page, PageRow, Query};
use kontor_platform::record::value_json;
use kontor_platform::report::Table;
use kontor_platform::spec::Ty;
use kontor_platform::value::Value;
use kontor_platform::{App, Ctx};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use serde_json::Value as Json;
use std::io::Write;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    Csv,
    Xlsx,
}

impl ExportFormat {
    pub fn parse(s: &str) -> Option<Self> {
        match s {
            "csv" => Some(ExportFormat::Csv),
            "xlsx" => Some(ExportFormat::Xlsx),
            _ => None,
        }
    }
    pub fn media_type(self) -> &'static str {
        match self {
            ExportFormat::Csv => "text/csv; charset=utf-8",
            ExportFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
    pub fn extension(self) -> &'static str {
        match self {
            ExportFormat::Csv => "csv",
            ExportFormat::Xlsx => "xlsx",
        }
    }
}

/// Rows of a sheet, header included, at most.
const SHEET_ROWS: usize = 1_048_576;

/// Writes the whole list that `query` describes (its limit and cursor do not matter) into `to`; gives the number of rows.
pub fn export_entity(app: &App, ctx: &Ctx, entity: &str, query: &Query, format: ExportFormat, to: &mut dyn Write) -> Result<u64> {
    let mut sink: Box<dyn Sink + '_> = match format {
        ExportFormat::Csv => Box::new(Csv::new(to)?),
        ExportFormat::Xlsx => Box::new(Xlsx::new(to)?),
    };
    let mut q = Query { limit: MAX_LIMIT, after: None, count: false, plain_titles: true, ..query.clone() };
    let mut n = 0u64;
    loop {
        let page = app.list(ctx, entity, &q)?;
        if n == 0 {
            sink.header(&header(&page, q.fields.is_none()))?;
        }
        for r in &page.rows {
            sink.row(&cells(&page, r, q.fields.is_none()))?;
            n += 1;
        }
        match page.next {
            Some(next) => q.after = Some(next),
            None => break,
        }
    }
    sink.finish()?;
    Ok(n)
}

/// Writes a report's rows; a workbook gets its totals below them, a CSV is for programs, which have them from the rows.
pub fn export_table(table: &Table, format: ExportFormat, to: &mut dyn Write) -> Result<()> {
    let mut sink: Box<dyn Sink + '_> = match format {
        ExportFormat::Csv => Box::new(Csv::new(to)?),
        ExportFormat::Xlsx => Box::new(Xlsx::new(to)?),
    };
    sink.header(&table.columns.iter().map(|c| c.name.to_string()).collect::<Vec<_>>())?;
    let totals = (format == ExportFormat::Xlsx && !table.rows.is_empty()).then_some(&table.totals);
    for values in table.rows.iter().map(|r| &r.values).chain(totals) {
        sink.row(&table.columns.iter().zip(values).map(|(c, v)| cell(&c.ty, v)).collect::<Vec<_>>())?;
    }
    sink.finish()
}

/// Codes of columns: they mean the same in every language, and an import takes them back. References have two columns,
/// the id and the title.
fn header(page: &Page, with_id: bool) -> Vec<String> {
    let mut out = vec![];
    if with_id {
        out.push("id".to_string());
    }
    for c in page.columns.iter().map(|i| &page.spec.columns[*i]) {
        out.push(c.name.to_string());
        if c.ref_name() != c.name && matches!(c.ty, Ty::Ref(_)) {
            out.push(c.ref_name().to_string());
        }
    }
    out
}

enum Cell<'a> {
    Empty,
    Text(std::borrow::Cow<'a, str>),
    /// A decimal number as text, with the decimals that its column has at most.
    Number(String),
    Bool(bool),
    Date(chrono::NaiveDate),
}

fn cells<'p>(page: &'p Page, r: &'p PageRow, with_id: bool) -> Vec<Cell<'p>> {
    let mut out = Vec::with_capacity(page.columns.len() + 1);
    if with_id {
        out.push(Cell::Text(r.id.to_string().into()));
    }
    for (k, i) in page.columns.iter().enumerate() {
        let c = &page.spec.columns[*i];
        out.push(cell(&c.ty, &r.values[k]));
        if c.ref_name() != c.name && matches!(c.ty, Ty::Ref(_)) {
            out.push(r.titles[k].as_deref().map_or(Cell::Empty, |t| Cell::Text(neutral(t))));
        }
    }
    out
}

fn cell<'p>(ty: &Ty, v: &'p Value) -> Cell<'p> {
    match (v, ty) {
        (Value::Null, _) => Cell::Empty,
        (Value::Text(s), _) => Cell::Text(neutral(s)),
        (Value::Bool(b), _) => Cell::Bool(*b),
        (Value::Date(d), _) => Cell::Date(*d),
        (Value::Id(id), _) => Cell::Text(id.to_string().into()),
        (Value::Int(_), ty) => match value_json(ty, v) {
            Json::String(s) => Cell::Number(s),
            other => Cell::Number(other.to_string()),
        },
        (Value::Json(j), ty) => composite(j, ty),
        (other, ty) => match value_json(ty, other) {
            Json::String(s) => Cell::Text(s.into()),
            j => Cell::Text(j.to_string().into()),
        },
    }
}

/// Words stand divided by semicolons; what has members, or a separator inside, as JSON.
fn composite<'p>(j: &Json, ty: &Ty) -> Cell<'p> {
    let words = |a: &[Json]| {
        a.iter()
            .map(|x| x.as_str().filter(|s| !s.contains([';', ',']) && !s.trim().is_empty() && s.trim() == *s).map(str::to_string))
            .collect::<Option<Vec<_>>>()
    };
    match (j, ty) {
        (Json::Null, _) => Cell::Empty,
        (Json::Array(a), _) if a.is_empty() => Cell::Empty,
        (Json::Object(o), _) if o.is_empty() => Cell::Empty,
        (Json::Array(a), Ty::Set(_) | Ty::Tags) => match words(a) {
            Some(w) if !w[0].starts_with('[') => Cell::Text(neutral(&w.join("; ")).into_owned().into()),
            _ => Cell::Text(j.to_string().into()),
        },
        _ => Cell::Text(neutral(&j.to_string()).into_owned().into()),
    }
}

trait Sink {
    fn header(&mut self, names: &[String]) -> Result<()>;
    fn row(&mut self, cells: &[Cell]) -> Result<()>;
    fn finish(self: Box<Self>) -> Result<()>;
}

fn failed(e: impl std::fmt::Display) -> Error {
    Error::new(Kind::Unavailable, "unavailable").cause(e)
}

struct Csv<'w> {
    writer: csv::Writer<&'w mut dyn Write>,
}

impl<'w> Csv<'w> {
    fn new(to: &'w mut dyn Write) -> Result<Self> {
        // Without the mark Excel takes UTF-8 for something else.
        to.write_all(b"\xEF\xBB\xBF").map_err(failed)?;
        Ok(Csv { writer: csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(to) })
    }
}

impl Sink for Csv<'_> {
    fn header(&mut self, names: &[String]) -> Result<()> {
        self.writer.write_record(names).map_err(failed)
    }
    fn row(&mut self, cells: &[Cell]) -> Result<()> {
        for c in cells {
            let done = match c {
                Cell::Empty => self.writer.write_field(""),
                Cell::Text(s) => self.writer.write_field(s.as_bytes()),
                Cell::Number(s) => self.writer.write_field(s),
                Cell::Bool(b) => self.writer.write_field(if *b { "true" } else { "false" }),
                Cell::Date(d) => self.writer.write_field(d.to_string()),
            };
            done.map_err(failed)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(failed)
    }
    fn finish(mut self: Box<Self>) -> Result<()> {
        self.writer.flush().map_err(failed)
    }
}

struct Xlsx<'w> {
    book: Workbook,
    to: &'w mut dyn Write,
    row: u32,
    date: Format,
    bold: Format,
}

impl<'w> Xlsx<'w> {
    fn new(to: &'w mut dyn Write) -> Result<Self> {
        let mut book = Workbook::new();
        // Rows go to a file as they come: a long list needs no memory.
        book.add_worksheet_with_constant_memory().map_err(failed)?;
        Ok(Xlsx { book, to, row: 0, date: Format::new().set_num_format("yyyy-mm-dd"), bold: Format::new().set_bold() })
    }
}

/// Digits that a number of a workbook keeps for certain; longer ones go as text, so that none is lost.
const SAFE_DIGITS: usize = 15;

fn number(sheet: &mut Worksheet, row: u32, column: u16, s: &str) -> Result<(), XlsxError> {
    let digits = s.bytes().filter(u8::is_ascii_digit).count();
    match s.parse::<f64>() {
        Ok(n) if digits <= SAFE_DIGITS => sheet.write_number(row, column, n).map(|_| ()),
        _ => sheet.write_string(row, column, s).map(|_| ()),
    }
}

impl Sink for Xlsx<'_> {
    fn header(&mut self, names: &[String]) -> Result<()> {
        let sheet = self.book.worksheet_from_index(0).map_err(failed)?;
        for (i, n) in names.iter().enumerate() {
            sheet.write_string_with_format(0, i as u16, n, &self.bold).map_err(failed)?;
        }
        sheet.set_freeze_panes(1, 0).map_err(failed)?;
        self.row = 1;
        Ok(())
    }
    fn row(&mut self, cells: &[Cell]) -> Result<()> {
        if self.row as usize >= SHEET_ROWS {
            return Err(Error::refused("line_limit").arg("max", SHEET_ROWS - 1));
        }
        let sheet = self.book.worksheet_from_index(0).map_err(failed)?;
        for (i, c) in cells.iter().enumerate() {
            let (row, column) = (self.row, i as u16);
            let done = match c {
                Cell::Empty => Ok(()),
                Cell::Text(s) => sheet.write_string(row, column, s.as_ref()).map(|_| ()),
                Cell::Number(s) => number(sheet, row, column, s),
                Cell::Bool(b) => sheet.write_boolean(row, column, *b).map(|_| ()),
                Cell::Date(d) => match ExcelDateTime::parse_from_str(&d.to_string()) {
                    Ok(t) => sheet.write_datetime_with_format(row, column, &t, &self.date).map(|_| ()),
                    // Workbooks know no day before 1900.
                    Err(_) => sheet.write_string(row, column, d.to_string()).map(|_| ()),
                },
            };
            done.map_err(failed)?;
        }
        self.row += 1;
        Ok(())
    }
    fn finish(mut self: Box<Self>) -> Result<()> {
        let bytes = self.book.save_to_buffer().map_err(failed)?;
        self.to.write_all(&bytes).map_err(failed)
    }
}
