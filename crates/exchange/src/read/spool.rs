//! Rows of cells in blocks: a small file lies in memory, of a large one only the blocks that were looked at last. The rest is
//! in a file without a name, which is gone with its last user, however that ends.

use kontor_kernel::error::{Error, Kind, Result};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

/// A block is full with so many bytes of text …
const BYTES: usize = 64 << 10;
/// … or cells.
const CELLS: usize = 16 << 10;
/// Bytes of full blocks that stay in memory.
const HERE: usize = 4 << 20;
/// Bytes of blocks read back that are kept at hand.
const RECENT: usize = 4 << 20;

#[derive(Debug, Default)]
pub struct Block {
    text: String,
    /// Ends of cells in `text`.
    ends: Vec<u32>,
    numbers: Vec<u32>,
}

impl Block {
    fn size(&self) -> usize {
        self.text.len() + self.ends.len() * 4 + self.numbers.len() * 4
    }
    pub fn cell(&self, row: usize, column: usize, width: usize) -> &str {
        let at = row * width + column;
        let start = if at == 0 { 0 } else { self.ends.get(at - 1).map_or(0, |e| *e as usize) };
        self.ends.get(at).and_then(|end| self.text.get(start..*end as usize)).unwrap_or("")
    }
    pub fn number(&self, row: usize) -> u32 {
        self.numbers.get(row).copied().unwrap_or(0)
    }
    fn end_cell(&mut self) -> Result<()> {
        let end = u32::try_from(self.text.len()).map_err(|_| super::too_large(1 << 32))?;
        self.ends.push(end);
        Ok(())
    }
    fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.size() + 8);
        for n in [self.ends.len(), self.numbers.len()] {
            out.extend_from_slice(&(n as u32).to_le_bytes());
        }
        self.ends.iter().chain(&self.numbers).for_each(|n| out.extend_from_slice(&n.to_le_bytes()));
        out.extend_from_slice(self.text.as_bytes());
        out
    }
    fn of(bytes: &[u8]) -> Option<Block> {
        let word = |at: usize| Some(u32::from_le_bytes(bytes.get(at * 4..at * 4 + 4)?.try_into().ok()?));
        let (ends, numbers) = (word(0)? as usize, word(1)? as usize);
        let words = |from: usize, n: usize| (from..from + n).map(word).collect::<Option<Vec<u32>>>();
        let text = bytes.get((2 + ends + numbers) * 4..)?;
        Some(Block { ends: words(2, ends)?, numbers: words(2 + ends, numbers)?, text: String::from_utf8(text.to_vec()).ok()? })
    }
}

#[derive(Debug)]
enum Place {
    Here(Block),
    There { at: u64, bytes: usize },
}

/// A block at hand.
#[derive(Clone, Debug)]
pub enum Held<'s> {
    Here(&'s Block),
    There(Arc<Block>),
}

impl Deref for Held<'_> {
    type Target = Block;
    fn deref(&self) -> &Block {
        match self {
            Held::Here(b) => b,
            Held::There(b) => b,
        }
    }
}

/// The blocks of a file. Rows are added at the end and read from anywhere.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
    width: usize,
    rows: usize,
    blocks: Vec<Place>,
    /// The first row of each block, and of the one that is being filled.
    firsts: Vec<usize>,
    filling: Block,
    here: usize,
    file: Option<Mutex<File>>,
    written: u64,
    recent: Mutex<VecDeque<(usize, Arc<Block>)>>,
    fault: OnceLock<Error>,
}

impl Spool {
    /// What does not stay in memory is written in this folder. `width`: cells of a row.
    pub fn new(folder: PathBuf, width: usize) -> Spool {
        Spool {
            folder,
            width,
            rows: 0,
            blocks: vec![],
            firsts: vec![0],
            filling: Block::default(),
            here: 0,
            file: None,
            written: 0,
            recent: Mutex::default(),
            fault: OnceLock::new(),
        }
    }
    pub fn len(&self) -> usize {
        self.rows
    }
    pub fn add_cell(&mut self, text: &str) -> Result<()> {
        self.filling.text.push_str(text);
        self.filling.end_cell()
    }
    /// The cells of a row have been added.
    pub fn end_row(&mut self, number: u32) -> Result<()> {
        self.filling.numbers.push(number);
        self.rows += 1;
        if self.filling.text.len() < BYTES && self.filling.ends.len() < CELLS {
            return Ok(());
        }
        let full = std::mem::take(&mut self.filling);
        let place = if self.here + full.size() <= HERE {
            self.here += full.size();
            Place::Here(full)
        } else {
            self.put_away(&full).map_err(|e| unwritable(&e))?
        };
        self.blocks.push(place);
        self.firsts.push(self.rows);
        Ok(())
    }
    fn put_away(&mut self, block: &Block) -> std::io::Result<Place> {
        if self.file.is_none() {
            std::fs::create_dir_all(&self.folder)?;
            self.file = Some(Mutex::new(tempfile::tempfile_in(&self.folder)?));
        }
        let bytes = block.bytes();
        if let Some(file) = &self.file {
            let mut file = lock(file);
            file.seek(SeekFrom::Start(self.written))?;
            file.write_all(&bytes)?;
        }
        let place = Place::There { at: self.written, bytes: bytes.len() };
        self.written += bytes.len() as u64;
        Ok(place)
    }

    /// The block of a row, and the row's place in it. What cannot be read back is empty, and [`Spool::fault`] tells why.
    pub fn find(&self, row: usize) -> (Held<'_>, usize) {
        let n = self.firsts.partition_point(|f| *f <= row).saturating_sub(1);
        let at = row - self.firsts[n];
        let held = match self.blocks.get(n) {
            None => Held::Here(&self.filling),
            Some(Place::Here(b)) => Held::Here(b),
            Some(Place::There { at, bytes }) => Held::There(self.again(n, *at, *bytes)),
        };
        (held, at)
    }
    pub fn width(&self) -> usize {
        self.width
    }
    /// Why rows could not be read back: whoever read some asks before he believes them.
    pub fn fault(&self) -> Option<&Error> {
        self.fault.get()
    }

    fn again(&self, n: usize, at: u64, bytes: usize) -> Arc<Block> {
        let mut recent = lock(&self.recent);
        if let Some(found) = recent.iter().position(|r| r.0 == n).and_then(|p| recent.remove(p)) {
            recent.push_front(found.clone());
            return found.1;
        }
        let block = match self.read(at, bytes) {
            Ok(b) => Arc::new(b),
            Err(e) => {
                // The first one is the one to be told.
                self.fault.get_or_init(|| e);
                return Arc::default();
            }
        };
        recent.push_front((n, block.clone()));
        let mut kept = 0;
        let more = recent.iter().take_while(|r| {
            kept += r.1.size();
            kept <= RECENT
        });
        let few = more.count().max(1);
        recent.truncate(few);
        block
    }
    fn read(&self, at: u64, bytes: usize) -> Result<Block> {
        let broken = || Error::internal("a file of rows that was put away is broken");
        let mut file = lock(self.file.as_ref().ok_or_else(broken)?);
        let mut data = vec![0; bytes];
        file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(&mut data)).map_err(Error::internal)?;
        Block::of(&data).ok_or_else(broken)
    }
}

fn lock<T>(m: &Mutex<T>) -> MutexGuard<'_, T> {
    m.lock().unwrap_or_else(|e| e.into_inner())
}

fn unwritable(e: &std::io::Error) -> Error {
    use std::io::ErrorKind as Io;
    match e.kind() {
        Io::StorageFull | Io::QuotaExceeded => Error::new(Kind::Unavailable, "disk_full").cause(e),
        _ => Error::internal(e),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(rows: usize, folder: &std::path::Path) -> Spool {
        let mut s = Spool::new(folder.to_path_buf(), 3);
        for r in 0..rows {
            for c in 0..3 {
                s.add_cell(&format!("{r}:{c}:їжак{}", "x".repeat(r % 90))).expect("is added");
            }
            s.end_row(r as u32 * 2 + 1).expect("is added");
        }
        s
    }
    fn right(s: &Spool, r: usize) {
        let (block, at) = s.find(r);
        let told: Vec<&str> = (0..3).map(|c| block.cell(at, c, 3)).collect();
        let wanted: Vec<String> = (0..3).map(|c| format!("{r}:{c}:їжак{}", "x".repeat(r % 90))).collect();
        assert_eq!((told, block.number(at)), (wanted.iter().map(String::as_str).collect(), r as u32 * 2 + 1));
    }

    #[test]
    fn plt_06_rows_come_back_from_memory_and_from_disk_in_any_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let (small, large) = (filled(1_000, folder.path()), filled(120_000, folder.path()));
        assert!(small.file.is_none() && large.file.is_some(), "only what is large is put away");
        (0..small.len()).for_each(|r| right(&small, r));
        (0..large.len()).for_each(|r| right(&large, r));
        (0..large.len()).rev().step_by(997).for_each(|r| right(&large, r));
        let kept: usize = lock(&large.recent).iter().map(|r| r.1.size()).sum();
        assert!(large.here <= HERE && kept <= RECENT, "{} bytes here and {kept} at hand", large.here);
        assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0, "the file has no name");
    }

    #[test]
    fn plt_06_what_cannot_be_read_back_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let large = filled(120_000, folder.path());
        assert!(large.fault().is_none());
        lock(large.file.as_ref().expect("a file")).set_len(100).expect("is cut");
        let (block, at) = large.find(119_000);
        assert_eq!(block.cell(at, 0, 3), "");
        assert!(large.fault().is_some());
    }
}
