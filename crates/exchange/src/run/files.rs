//! Which files a section takes, and their rows, arranged: several files as one, wide tables turned, rows grouped.

use crate::profile::{OneOrMany, Test, Unpivot};
use crate::read::{self, Format, Input, Limits, Table};
use crate::report::Problem;
use kontor_kernel::error::{Error, Result};
use std::collections::HashMap;
use std::path::PathBuf;
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
#[derive(Default)]
pub struct Cache {
    tables: HashMap<String, Arc<Table>>,
    pub rows: u64,
}

impl Cache {
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
                    let t = read::load(&input, format, limits).map_err(|(e, row)| Problem::new(input.name(), row.unwrap_or(0), "", &e))?;
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
    pub fn get(&self, r: RowRef, column: &str) -> &str {
        let t = &self.tables[r.table as usize];
        t.column(column).map_or("", |c| t.cell(r.row as usize, c))
    }
    pub fn has(&self, column: &str) -> bool {
        self.tables.iter().all(|t| t.column(column).is_some())
    }
    pub fn place(&self, r: RowRef) -> (&str, u32) {
        let t = &self.tables[r.table as usize];
        (&t.file, t.number(r.row as usize))
    }
    /// Rows for which all tests hold.
    pub fn filtered(&self, tests: &[Test]) -> Vec<RowRef> {
        let mut out = vec![];
        for (t, table) in self.tables.iter().enumerate() {
            for r in 0..table.len() {
                let r = RowRef { table: t as u32, row: r as u32 };
                if tests.iter().all(|test| test.holds(&|c| self.get(r, c))) {
                    out.push(r);
                }
            }
        }
        out
    }
    pub fn unpivoted(&self, u: &Unpivot) -> Result<Rows, Problem> {
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
            let mut turned = Table::new(t.file.clone(), header).map_err(at)?;
            for r in 0..t.len() {
                for (c, name) in t.header.iter().enumerate().filter(|(c, n)| !n.is_empty() && !kept.contains(c)) {
                    let v = t.cell(r, c).trim();
                    if v.is_empty() || u.skip.iter().any(|s| s == v) {
                        continue;
                    }
                    let cells = kept.iter().map(|k| t.cell(r, *k)).chain([name.as_str(), v]);
                    turned.push(t.number(r), cells).map_err(at)?;
                }
            }
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
    pub fn by(all: &Rows, rows: Vec<RowRef>, columns: &[String], first_only: bool) -> Self {
        let mut index: HashMap<String, u32> = HashMap::new();
        let mut of = Vec::with_capacity(rows.len());
        let mut sizes: Vec<u32> = vec![];
        let mut key = String::new();
        for r in &rows {
            key.clear();
            for c in columns {
                key.push_str(all.get(*r, c).trim());
                key.push('\u{1F}');
            }
            let n = match index.get(&key) {
                Some(n) => *n,
                None => {
                    let n = sizes.len() as u32;
                    index.insert(key.clone(), n);
                    sizes.push(0);
                    n
                }
            };
            sizes[n as usize] += 1;
            of.push(n);
        }
        Self::arranged(rows, &of, sizes, first_only)
    }
    /// Rows of another file by the key that a column of ours holds; rows that nobody asks for are left out.
    pub fn joined(ours: &Groups, rows: &Rows, of: &str, other: &Rows, others: Vec<RowRef>, key: &str) -> Self {
        let mut index: HashMap<&str, u32> = HashMap::new();
        for g in 0..ours.len() {
            if let Some(r) = ours.of(g).first() {
                index.entry(rows.get(*r, of).trim()).or_insert(g as u32);
            }
        }
        let (mut kept, mut groups, mut sizes) = (vec![], vec![], vec![0u32; ours.len()]);
        for r in others {
            if let Some(g) = index.get(other.get(r, key).trim()) {
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
        let g = Groups::by(&r, r.filtered(&[]), &["no".into()], false);
        let items = |g: &Groups, n: usize| g.of(n).iter().map(|x| r.get(*x, "item").to_string()).collect::<Vec<_>>();
        assert_eq!((g.len(), items(&g, 0), items(&g, 1)), (2, vec!["1".into(), "3".into(), "3".into()], vec!["2".into()]));
        let first = Groups::by(&r, r.filtered(&[]), &["no".into()], true);
        assert_eq!((items(&first, 0), items(&first, 1)), (vec!["1".into()], vec!["2".into()]));
        let lines = rows("order,x\nB,9\nC,8\nA,7\n");
        let j = Groups::joined(&first, &r, "no", &lines, lines.filtered(&[]), "order");
        assert_eq!((j.len(), lines.get(j.of(0)[0], "x"), j.of(1).len()), (2, "7", 1));
    }

    #[test]
    fn plt_06_turns_wide_tables() {
        let r = rows("Date,USD,JPY,\n2015-12-31,1.0887,N/A,\n2015-12-30,1.0926,131.66,\n");
        let u = Unpivot { keep: vec!["Date".into()], name: "currency".into(), value: "rate".into(), skip: vec!["N/A".into()] };
        let t = r.unpivoted(&u).expect("turns");
        let all: Vec<String> =
            t.filtered(&[]).iter().map(|x| format!("{} {} {}", t.get(*x, "Date"), t.get(*x, "currency"), t.get(*x, "rate"))).collect();
        assert_eq!(all, ["2015-12-31 USD 1.0887", "2015-12-30 USD 1.0926", "2015-12-30 JPY 131.66"]);
    }
}
