//! Bytes of a file, unpacked when it is gzip-ed, and never more of them than allowed.

use super::{Input, Limits, Source, from_io, to_io, too_large, unreadable};
use kontor_kernel::error::{Error, Result};
use std::fs::File;
use std::io::{BufReader, Chain, Cursor, Read};
use std::sync::Arc;

/// Opens and unpacks; the reader fails with `file_too_large` past the limit, so that a small archive cannot fill the disk.
pub fn open(input: &Input, limits: &Limits) -> Result<Source> {
    let mut raw = raw(input)?;
    let mut head = [0u8; 2];
    let n = fill(&mut *raw, &mut head)?;
    let whole: Chain<Cursor<Vec<u8>>, Source> = Cursor::new(head[..n].to_vec()).chain(raw);
    let plain: Source = if head == [0x1F, 0x8B] {
        Box::new(BufReader::with_capacity(1 << 16, flate2::read::MultiGzDecoder::new(BufReader::with_capacity(1 << 16, whole))))
    } else {
        Box::new(whole)
    };
    Ok(Box::new(Limited { inner: plain, left: limits.bytes, limit: limits.bytes }))
}

fn raw(input: &Input) -> Result<Source> {
    Ok(match input {
        Input::Path(path) => match File::open(path) {
            Ok(f) if f.metadata().map_err(unreadable)?.is_dir() => return Err(unreadable("it is a folder")),
            Ok(f) => Box::new(BufReader::with_capacity(1 << 16, f)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(Error::refused("file_missing").arg("file", path.display()));
            }
            Err(e) => return Err(unreadable(e)),
        },
        Input::Bytes { data, .. } => Box::new(Cursor::new(Shared(data.clone()))),
    })
}

struct Shared(Arc<[u8]>);
impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

struct Limited {
    inner: Source,
    left: u64,
    limit: u64,
}

impl Read for Limited {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.left = self.left.checked_sub(n as u64).ok_or_else(|| to_io(too_large(self.limit)))?;
        Ok(n)
    }
}

/// Reads until the buffer is full or the input ends.
pub fn fill(from: &mut dyn Read, buf: &mut [u8]) -> Result<usize> {
    let mut n = 0;
    while n < buf.len() {
        match from.read(&mut buf[n..]) {
            Ok(0) => break,
            Ok(k) => n += k,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(from_io(e)),
        }
    }
    Ok(n)
}
