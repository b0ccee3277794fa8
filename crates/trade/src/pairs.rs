//! `kontor match`: which records of a file are the same, or which record of one file is which of another, whatever columns they
//! have. Reads files as the import does and leaves the thinking to `kontor_matching`.

use kontor_exchange::read::{self, Format, Input, Limits};
use kontor_kernel::error::{Error, Result};
use kontor_matching::Decision;
use kontor_matching::records::{Field, Kind, Link, Rows, link, recognise};
use std::io::Write;

/// Rows of both lists together at most: all that is compared stands in memory, some 5 kB for a row of people.
pub const MAX_ROWS: usize = 300_000;
/// Separators that are tried where none of the usual ones stands in the heading.
const RARE: [char; 4] = ['%', '^', '~', '#'];

#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// `column=kind`, by the heading; what is not named is recognised.
    pub kinds: Vec<String>,
    /// One character; `tab` for tabulation. Found by itself when left out.
    pub separator: Option<String>,
}

/// Headings with the kinds of their columns.
pub type Kinds = Vec<(String, Kind)>;

/// What was compared and found.
#[derive(Debug)]
pub struct Told {
    /// Columns with the kinds as which they were compared.
    pub columns: Kinds,
    pub same: usize,
    pub maybe: usize,
    pub different: usize,
    /// Rows that have more cells than the heading; what is beyond was left out.
    pub too_long: usize,
}

struct List {
    file: String,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    too_long: usize,
}

impl List {
    fn cells(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().map(move |r| r.get(column).map_or("", String::as_str))
    }
}

/// Compares the file with itself, or with another one, and writes the pairs as CSV: `id_a,id_b,score,decision`.
pub fn pairs(left: &Input, right: Option<&Input>, asked: &Asked, to: &mut dyn Write) -> Result<Told> {
    let a = list(left, asked, MAX_ROWS)?;
    let b = right.map(|r| list(r, asked, MAX_ROWS - a.rows.len())).transpose()?;
    let (fields, columns) = fields(&a, b.as_ref(), &asked.kinds)?;
    let found = link(&a.rows, b.as_ref().map(|b| &b.rows as &dyn Rows), &fields);
    write(&found, &a, b.as_ref().unwrap_or(&a), to).map_err(|e| Error::refused("file_unwritable").cause(e))?;
    let count = |d: Decision| found.iter().filter(|l| l.decision == d).count();
    let too_long = a.too_long + b.as_ref().map_or(0, |b| b.too_long);
    Ok(Told { columns, same: count(Decision::Same), maybe: count(Decision::Maybe), different: count(Decision::Different), too_long })
}

fn list(input: &Input, asked: &Asked, room: usize) -> Result<List> {
    let limits = Limits::default();
    let file = input.name();
    let in_file = |e: Error| if e.inner().args.iter().any(|a| a.0 == "file") { e } else { e.arg("file", &file) };
    let separator = match &asked.separator {
        Some(s) => Some(s.clone()),
        None => rare_separator(input, &limits).map_err(in_file)?,
    };
    let format = Format { separator, ..Default::default() };
    let at = |row: u32| move |e: Error| Error::refused("match_row").arg("row", row).cause(e);
    let mut from = read::open(input, &format, &limits).map_err(in_file)?;
    let (mut cells, mut header, mut rows, mut too_long, mut row) = (vec![], vec![], vec![], 0, 0);
    while let Some(n) = from.next(&mut cells).map_err(|e| if row == 0 { e } else { at(row + 1)(e) }).map_err(in_file)? {
        row = n;
        if cells.iter().all(|c| c.trim().is_empty()) {
            continue;
        }
        if header.is_empty() {
            header = cells.iter().map(|c| short(c)).collect();
            continue;
        }
        if rows.len() == room {
            return Err(Error::refused("match_too_many").arg("max", MAX_ROWS).arg("file", file));
        }
        too_long += usize::from(cells.iter().skip(header.len()).any(|c| !c.trim().is_empty()));
        cells.truncate(header.len());
        rows.push(std::mem::take(&mut cells));
    }
    if rows.is_empty() {
        return Err(Error::refused("match_no_rows").arg("file", file));
    }
    if header.len() < 2 {
        return Err(Error::refused("match_one_column").arg("file", file));
    }
    Ok(List { file, header, rows, too_long })
}

/// Of a heading that is an address only its last part is a word.
fn short(heading: &str) -> String {
    let h = heading.trim();
    if h.contains("://") { h.rsplit(['#', '/']).next().unwrap_or(h).to_string() } else { h.to_string() }
}

fn rare_separator(input: &Input, limits: &Limits) -> Result<Option<String>> {
    let head = read::start(input, limits, 4096)?;
    let line = head.split(|b| *b == b'\n').find(|l| !l.trim_ascii().is_empty()).unwrap_or(&[]);
    if line.iter().any(|b| b",;\t|".contains(b)) {
        return Ok(None);
    }
    Ok(RARE.into_iter().find(|s| line.contains(&(*s as u8))).map(String::from))
}

/// Columns of both lists by their headings, or by their places where the lists are as wide and no heading is in both.
fn fields(a: &List, b: Option<&List>, kinds: &[String]) -> Result<(Vec<Field>, Kinds)> {
    let given = kinds.iter().map(|k| given(k)).collect::<Result<Kinds>>()?;
    let same = |x: &str, y: &str| x.to_lowercase() == y.to_lowercase();
    let mut pairs: Vec<(usize, usize)> = match b {
        None => (1..a.header.len()).map(|n| (n, n)).collect(),
        Some(b) => {
            let place = |h: &str| b.header.iter().skip(1).position(|x| same(x, h)).map(|n| n + 1);
            (1..a.header.len()).filter_map(|n| Some((n, place(&a.header[n])?))).collect()
        }
    };
    if let Some(b) = b.filter(|b| pairs.is_empty() && b.header.len() == a.header.len()) {
        pairs = (1..b.header.len()).map(|n| (n, n)).collect();
    }
    if pairs.is_empty() {
        return Err(Error::refused("match_columns").arg("left", a.header.join(", ")).arg("right", b.map_or("", |b| &b.file)));
    }
    if let Some((unknown, _)) = given.iter().find(|(name, _)| !pairs.iter().any(|(n, _)| same(&a.header[*n], name))) {
        return Err(Error::refused("column_missing").arg("name", unknown));
    }
    let mut columns = vec![];
    let fields: Vec<Field> = pairs
        .into_iter()
        .map(|(left, right)| {
            let all = a.cells(left).chain(b.into_iter().flat_map(|b| b.cells(right)));
            let said = given.iter().find(|(name, _)| same(name, &a.header[left])).map(|(_, k)| *k);
            let kind = said.unwrap_or_else(|| recognise(&a.header[left], all));
            columns.push((a.header[left].clone(), kind));
            Field { left, right, kind }
        })
        .collect();
    if fields.iter().all(|f| f.kind == Kind::Ignore) {
        return Err(Error::refused("match_nothing"));
    }
    Ok((fields, columns))
}

fn given(s: &str) -> Result<(String, Kind)> {
    let kind = s.rsplit_once('=').and_then(|(name, kind)| Some((name.trim().to_string(), Kind::parse(kind.trim())?)));
    let choices = || Kind::ALL.map(Kind::code).join(", ");
    kind.ok_or_else(|| Error::refused("match_kind").arg("value", s).arg("choices", choices()))
}

/// Ids stand as they came: a program looks them up.
fn write(found: &[Link], a: &List, b: &List, to: &mut dyn Write) -> csv::Result<()> {
    let id = |l: &List, n: usize| l.rows[n].first().map_or("", String::as_str).trim().to_string();
    let mut to = csv::Writer::from_writer(to);
    to.write_record(["id_a", "id_b", "score", "decision"])?;
    for l in found {
        to.write_record([id(a, l.left), id(b, l.right), format!("{:.4}", l.score), l.decision.code().to_string()])?;
    }
    Ok(to.flush()?)
}
