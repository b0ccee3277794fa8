//! Which files a section takes, and their rows, arranged: several files as one, wide tables turned, rows grouped.

use super::mark::{Mark, MarkMap, Marker};
use crate::profile::{OneOrMany, Test, Unpivot};
use crate::read::{self, Format, Input, Limits, Row, Table};
use crate::report::Problem;
use kontor_kernel::HashMap;
use kontor_kernel::error::{Error, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the files of a profile are.
#[derive(Clone, Debug)]
pub enum Files {
    Folder(PathBuf),
    List(Vec<Input>),
    /// Rows of a format of its own, taken apart by its reader, under the names that sections call them by.
    Tables(Vec<(String, Arc<Table>)>),
}

impl Files {
    /// Files that match, in the order of their names.
    pub fn matching(&self, globs: &[String]) -> Result<Vec<Input>> {
        let bad = |e: glob::PatternError| Error::refused("profile_bad").arg("message", e);
        let mut found: Vec<Input> = vec![];
        match self {
            Files::List(all) => {
                for g in globs {
                    let p = glob::Pattern::new(g).map_err(bad)?;
                    found.extend(all.iter().filter(|i| p.matches(&i.name())).cloned());
                }
            }
            Files::Tables(_) => {}
            Files::Folder(folder) => {
                if !folder.is_dir() {
                    return Err(Error::refused("file_missing").arg("file", folder.display()));
                }
                for g in globs {
                    // A profile may name files below the folder only.
                    if PathBuf::from(g).is_absolute() || g.split(['/', '\\']).any(|p| p == "..") {
                        return Err(Error::refused("profile_bad").arg("message", format!("files {g:?}: outside of the folder")));
                    }
                    let whole = format!("{}/{g}", glob::Pattern::escape(&folder.to_string_lossy()));
                    // A folder that cannot be read is told: its files would be missing without a word.
                    let unreadable = |e: glob::GlobError| Error::refused("file_unreadable").arg("message", e);
                    let mut paths = glob::glob(&whole).map_err(bad)?.map(|p| p.map_err(unreadable)).collect::<Result<Vec<PathBuf>>>()?;
                    paths.retain(|p| p.is_file());
                    paths.sort();
                    found.extend(paths.into_iter().map(Input::Path));
                }
            }
        }
        Ok(found)
    }
}

/// Tables read so far; several sections may use one file.
pub struct Cache {
    /// Where rows are put away that do not stay in memory.
    folder: PathBuf,
    tables: HashMap<String, Arc<Table>>,
    pub rows: u64,
}

impl Cache {
    pub fn new(folder: PathBuf) -> Cache {
        Cache { folder, tables: HashMap::new(), rows: 0 }
    }
    pub fn folder(&self) -> &Path {
        &self.folder
    }
    pub fn load(
        &mut self,
        files: &Files,
        globs: &OneOrMany<String>,
        optional: bool,
        format: &Format,
        limits: &Limits,
    ) -> Result<Vec<Arc<Table>>, Problem> {
        let globs = globs.to_vec();
        if let Files::Tables(all) = files {
            return Ok(all.iter().filter(|(name, t)| globs.contains(name) && !t.is_empty()).map(|(_, t)| t.clone()).collect());
        }
        let inputs = files.matching(&globs).map_err(|e| Problem::new(globs.join(", "), 0, "", &e))?;
        if inputs.is_empty() && !optional {
            return Err(Problem::new(globs.join(", "), 0, "", &Error::refused("profile_no_files").arg("file", globs.join(", "))));
        }
        let mut out = vec![];
        for input in inputs {
            let key = format!("{input:?} {format:?}", input = name_of(&input));
            let table = match self.tables.get(&key) {
                Some(t) => t.clone(),
                None => {
                    let t = read::load_within(&self.folder, &input, format, limits)
                        .map_err(|(e, row)| Problem::new(input.name(), row.unwrap_or(0), "", &e))?;
                    self.rows += t.len() as u64;
                    let t = Arc::new(t);
                    self.tables.insert(key, t.clone());
                    t
                }
            };
            out.push(table);
        }
        Ok(out)
    }
    /// Gives the memory of files free that no later section names.
    pub fn keep_only(&mut self, needed: impl Fn(&str) -> bool) {
        self.tables.retain(|_, t| needed(&t.file));
    }
}

fn name_of(i: &Input) -> String {
    match i {
        Input::Path(p) => p.display().to_string(),
        Input::Bytes { name, .. } => name.clone(),
    }
}

/// One row of several tables.
#[derive(Clone, Copy, Debug)]
pub struct RowRef {
    pub table: u32,
    pub row: u32,
}

/// Tables seen as one.
#[derive(Clone, Default)]
pub struct Rows {
    pub tables: Vec<Arc<Table>>,
}

impl Rows {
    pub fn row(&self, r: RowRef) -> Row<'_> {
        self.tables[r.table as usize].row(r.row as usize)
    }
    pub fn has(&self, column: &str) -> bool {
        self.tables.iter().all(|t| t.column(column).is_some())
    }
    /// Every row that was read so far is as it was in the file.
    pub fn whole(&self) -> Result<()> {
        self.tables.iter().try_for_each(|t| t.whole())
    }
    /// Rows for which all tests hold.
    pub fn filtered(&self, tests: &[Test]) -> Vec<RowRef> {
        let mut out = Vec::with_capacity(if tests.is_empty() { self.tables.iter().map(|t| t.len()).sum() } else { 0 });
        for (t, table) in self.tables.iter().enumerate() {
            for r in 0..table.len() {
                let holds = tests.is_empty() || {
                    let row = table.row(r);
                    tests.iter().all(|test| test.holds(&|c| row.get(c)))
                };
                if holds {
                    out.push(RowRef { table: t as u32, row: r as u32 });
                }
            }
        }
        out
    }
    pub fn unpivoted(&self, u: &Unpivot, folder: &Path) -> Result<Rows, Problem> {
        let mut tables = vec![];
        for t in &self.tables {
            let at = |e: Error| Problem::new(&t.file, 1, "", &e);
            let kept: Vec<usize> = u
                .keep
                .iter()
                .map(|k| t.column(k).ok_or_else(|| at(Error::refused("column_missing").arg("name", k))))
                .collect::<Result<_, _>>()?;
            let mut header = u.keep.clone();
            header.extend([u.name.clone(), u.value.clone()]);
            let mut turned = Table::within(folder, t.file.clone(), header).map_err(at)?;
            for r in t.rows() {
                for (c, name) in t.header.iter().enumerate().filter(|(c, n)| !n.is_empty() && !kept.contains(c)) {
                    let v = r.cell(c).trim();
                    if v.is_empty() || u.skip.iter().any(|s| s == v) {
                        continue;
                    }
                    let cells = kept.iter().map(|k| r.cell(*k)).chain([name.as_str(), v]);
                    turned.push(r.number(), cells).map_err(at)?;
                }
            }
            t.whole().map_err(at)?;
            tables.push(Arc::new(turned));
        }
        Ok(Rows { tables })
    }
}

/// Rows put together by key, in the order in which the keys come first.
#[derive(Default)]
pub struct Groups {
    rows: Vec<RowRef>,
    starts: Vec<u32>,
}

impl Groups {
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }
    pub fn of(&self, group: usize) -> &[RowRef] {
        &self.rows[self.starts[group] as usize..self.starts[group + 1] as usize]
    }
    /// Every row for itself.
    pub fn single(rows: Vec<RowRef>) -> Self {
        Groups { starts: (0..=rows.len() as u32).collect(), rows }
    }
    /// One group without rows: a record of constants.
    pub fn constant() -> Self {
        Groups { rows: vec![], starts: vec![0, 0] }
    }
    pub fn by(all: &Rows, rows: Vec<RowRef>, columns: &[String], first_only: bool, marker: &Marker) -> Self {
        let mut index: MarkMap<u32> = MarkMap::default();
        let mut of = Vec::with_capacity(rows.len());
        let mut sizes: Vec<u32> = vec![];
        for r in &rows {
            let row = all.row(*r);
            let key: Vec<&str> = columns.iter().map(|c| row.get(c).trim()).collect();
            let n = *index.entry(marker.all(&key)).or_insert_with(|| {
                sizes.push(0);
                sizes.len() as u32 - 1
            });
            sizes[n as usize] += 1;
            of.push(n);
        }
        Self::arranged(rows, &of, sizes, first_only)
    }
    /// Rows of another file by the key that a column of ours holds; rows that nobody asks for are left out.
    pub fn joined(ours: &Groups, (rows, of): (&Rows, &str), (other, key): (&Rows, &str), marker: &Marker) -> Self {
        let mut index: MarkMap<u32> = MarkMap::default();
        let mark = |rows: &Rows, r: RowRef, column: &str| -> Mark { marker.of(rows.row(r).get(column).trim()) };
        for g in 0..ours.len() {
            if let Some(r) = ours.of(g).first() {
                index.entry(mark(rows, *r, of)).or_insert(g as u32);
            }
        }
        let (mut kept, mut groups, mut sizes) = (vec![], vec![], vec![0u32; ours.len()]);
        for r in other.filtered(&[]) {
            if let Some(g) = index.get(&mark(other, r, key)) {
                kept.push(r);
                groups.push(*g);
                sizes[*g as usize] += 1;
            }
        }
        Self::arranged(kept, &groups, sizes, false)
    }
    fn arranged(rows: Vec<RowRef>, of: &[u32], sizes: Vec<u32>, first_only: bool) -> Self {
        let mut starts = Vec::with_capacity(sizes.len() + 1);
        let mut at = 0;
        for s in &sizes {
            starts.push(at);
            at += if first_only { 1 } else { *s };
        }
        starts.push(at);
        let mut next = starts.clone();
        let mut out = vec![RowRef { table: 0, row: 0 }; at as usize];
        for (r, g) in rows.iter().zip(of) {
            let n = &mut next[*g as usize];
            if *n < starts[*g as usize + 1] {
                out[*n as usize] = *r;
                *n += 1;
            }
        }
        Groups { rows: out, starts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Rows {
        let t = read::load(&Input::bytes("t", text.as_bytes().to_vec()), &Format::default(), &Limits::default()).expect("loads");
        Rows { tables: vec![Arc::new(t)] }
    }

    #[test]
    fn plt_06_groups_rows_that_do_not_stand_together() {
        let r = rows("no,item\nA,1\nB,2\nA,3\nA,3\n");
        let m = Marker::default();
        let g = Groups::by(&r, r.filtered(&[]), &["no".into()], false, &m);
        let items = |g: &Groups, n: usize| g.of(n).iter().map(|x| r.row(*x).get("item").to_string()).collect::<Vec<_>>();
        assert_eq!((g.len(), items(&g, 0), items(&g, 1)), (2, vec!["1".into(), "3".into(), "3".into()], vec!["2".into()]));
        let first = Groups::by(&r, r.filtered(&[]), &["no".into()], true, &m);
        assert_eq!((items(&first, 0), items(&first, 1)), (vec!["1".into()], vec!["2".into()]));
        let lines = rows("order,x\nB,9\nC,8\nA,7\n");
        let j = Groups::joined(&first, (&r, "no"), (&lines, "order"), &m);
        assert_eq!((j.len(), lines.row(j.of(0)[0]).get("x"), j.of(1).len()), (2, "7", 1));
    }

    #[test]
    fn plt_06_turns_wide_tables() {
        let r = rows("Date,USD,JPY,\n2015-12-31,1.0887,N/A,\n2015-12-30,1.0926,131.66,\n");
        let u = Unpivot { keep: vec!["Date".into()], name: "currency".into(), value: "rate".into(), skip: vec!["N/A".into()] };
        let t = r.unpivoted(&u, &std::env::temp_dir()).expect("turns");
        let all: Vec<String> =
            t.filtered(&[]).iter().map(|x| ["Date", "currency", "rate"].map(|c| t.row(*x).get(c).to_string()).join(" ")).collect();
        assert_eq!(all, ["2015-12-31 USD 1.0887", "2015-12-30 USD 1.0926", "2015-12-30 JPY 131.66"]);
    }
}
