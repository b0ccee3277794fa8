//! A file with a header as rows of named cells. How much of it is in memory is the business of [`super::spool`].

use super::spool::{Held, Spool};
use super::{Format, Input, Limits, encoding};
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use std::path::Path;

#[derive(Debug)]
pub struct Table {
    /// Name of the file, for reports.
    pub file: String,
    pub header: Vec<String>,
    index: HashMap<String, usize>,
    rows: Spool,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Row<'t> {
    table: &'t Table,
    block: Held<'t>,
    at: usize,
}

impl<'t> Row<'t> {
    pub fn cell(&self, column: usize) -> &str {
        self.block.cell(self.at, column, self.table.rows.width())
    }
    /// Nothing where there is no such column.
    pub fn get(&self, column: &str) -> &str {
        self.table.column(column).map_or("", |c| self.cell(c))
    }
    /// The number of the row in its file.
    pub fn number(&self) -> u32 {
        self.block.number(self.at)
    }
    pub fn file(&self) -> &'t str {
        &self.table.file
    }
}

impl Table {
    pub fn new(file: String, header: Vec<String>) -> Result<Self> {
        Self::within(&std::env::temp_dir(), file, header)
    }
    /// What does not stay in memory is put away in this folder.
    pub fn within(folder: &Path, file: String, header: Vec<String>) -> Result<Self> {
        let mut index = HashMap::new();
        for (i, name) in header.iter().enumerate().filter(|(_, n)| !n.is_empty()) {
            if index.insert(name.clone(), i).is_some() {
                return Err(Error::refused("column_repeated").arg("name", name));
            }
        }
        let rows = Spool::new(folder.to_path_buf(), header.len());
        Ok(Table { file, header, index, rows })
    }
    pub fn len(&self) -> usize {
        self.rows.len()
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    pub fn column(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }
    pub fn row(&self, n: usize) -> Row<'_> {
        let (block, at) = self.rows.find(n);
        Row { table: self, block, at }
    }
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len()).map(|n| self.row(n))
    }
    /// Every row that was read so far is as it was in the file. Errors: some could not be read back and were empty.
    pub fn whole(&self) -> Result<()> {
        self.rows.fault().map_or(Ok(()), |e| Err(e.clone()))
    }
    /// Adds a row; missing cells at its end are empty, cells beyond the header must be.
    pub fn push<'c>(&mut self, number: u32, cells: impl Iterator<Item = &'c str>) -> Result<()> {
        let mut n = 0;
        for c in cells {
            if n == self.header.len() {
                if c.trim().is_empty() {
                    continue;
                }
                return Err(Error::refused("row_too_long"));
            }
            self.rows.add_cell(c)?;
            n += 1;
        }
        for _ in n..self.header.len() {
            self.rows.add_cell("")?;
        }
        self.rows.end_row(number)
    }
}

/// Reads a file; the first row is the header. Empty rows are passed over. The second value of an error is the row.
pub fn load(input: &Input, format: &Format, limits: &Limits) -> Result<Table, (Error, Option<u32>)> {
    load_within(&std::env::temp_dir(), input, format, limits)
}

/// The same; what does not stay in memory is put away in this folder.
pub fn load_within(folder: &Path, input: &Input, format: &Format, limits: &Limits) -> Result<Table, (Error, Option<u32>)> {
    let whole = |e: Error| (e, None);
    let mut rows = super::open(input, format, limits).map_err(whole)?;
    let repair = match format.encoding_repair.as_deref() {
        None => false,
        Some("latin1" | "iso-8859-1" | "windows-1252") => true,
        Some(other) => {
            return Err(whole(Error::refused("profile_bad").arg("message", format!("encoding_repair {other:?}: \"latin1\" is known"))));
        }
    };
    let mut cells: Vec<String> = vec![];
    let header = loop {
        match rows.next(&mut cells).map_err(whole)? {
            None => return Err(whole(Error::refused("file_empty"))),
            Some(_) if cells.iter().all(|c| c.trim().is_empty()) => {}
            Some(_) => break cells.iter().map(|c| c.trim().to_string()).collect::<Vec<_>>(),
        }
    };
    let mut table = Table::within(folder, input.name(), header).map_err(|e| (e, Some(1)))?;
    while let Some(number) = rows.next(&mut cells).map_err(whole)? {
        if cells.iter().all(|c| c.trim().is_empty()) {
            continue;
        }
        if repair {
            for c in &mut cells {
                if let Some(good) = encoding::repaired(c) {
                    *c = good;
                }
            }
        }
        table.push(number, cells.iter().map(String::as_str)).map_err(|e| (e, Some(number)))?;
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn plt_06_loads_gzip_and_keeps_row_numbers() {
        let mut gz = flate2::write::GzEncoder::new(vec![], flate2::Compression::fast());
        gz.write_all("id;назва;\n1;Перша\n\n3;Третя;\n".as_bytes()).expect("memory");
        let input = Input::bytes("a.csv.gz", gz.finish().expect("memory"));
        let t = load(&input, &Format::default(), &Limits::default()).expect("loads");
        assert_eq!(t.header, ["id", "назва", ""]);
        assert_eq!((t.len(), t.row(1).cell(1), t.row(0).cell(2), t.row(0).number(), t.row(1).number()), (2, "Третя", "", 2, 4));
        let (e, row) =
            load(&Input::bytes("b", &b"a,b\n1,2\n1,2,3\n"[..]), &Format::default(), &Limits::default()).expect_err("a row too long");
        assert_eq!((e.inner().code.as_ref(), row), ("row_too_long", Some(3)));
    }

    #[test]
    fn plt_06_a_small_archive_cannot_grow_beyond_the_limit() {
        let mut gz = flate2::write::GzEncoder::new(vec![], flate2::Compression::best());
        gz.write_all(&vec![b'a'; 4 << 20]).expect("memory");
        let bomb = Input::bytes("b.gz", gz.finish().expect("memory"));
        let limits = Limits { bytes: 1 << 20, ..Default::default() };
        let (e, _) = load(&bomb, &Format::default(), &limits).expect_err("too large");
        assert_eq!(e.inner().code, "file_too_large");
    }
}
