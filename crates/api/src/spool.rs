//! Files on their way in: written to the data folder piece by piece as they come, so that a large one needs no memory.

use axum::body::Body;
use kontor_exchange::Input;
use kontor_kernel::error::{Error, Kind, Result};
use kontor_platform::App;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio_stream::StreamExt;

/// Largest file in bytes.
pub const LIMIT: u64 = 1 << 30;
/// The next piece of a file is waited for so long.
const PATIENCE: Duration = Duration::from_secs(60);
/// A whole file must be there after so long, or somebody only keeps a connection.
const WHOLE: Duration = Duration::from_secs(3600);

/// A file that has come in; gone when dropped.
pub struct Spooled {
    folder: PathBuf,
    file: PathBuf,
}

impl Spooled {
    pub fn input(&self) -> Input {
        Input::Path(self.file.clone())
    }
}

impl Drop for Spooled {
    fn drop(&mut self) {
        if let Err(e) = std::fs::remove_dir_all(&self.folder) {
            tracing::warn!(error = %e, folder = %self.folder.display(), "a file that came in could not be removed");
        }
    }
}

/// A file that is coming in.
pub struct Coming {
    out: tokio::fs::File,
    spooled: Spooled,
    size: u64,
    began: Instant,
}

impl Coming {
    /// `name` is what reports call the file.
    pub async fn begin(app: &App, name: &str) -> Result<Coming> {
        let folder = app.incoming().join(kontor_platform::value::new_id().to_string());
        tokio::fs::create_dir_all(&folder).await.map_err(|e| full(&e))?;
        // A name says nothing about where it lies.
        let name: String = name.rsplit(['/', '\\']).next().unwrap_or("").chars().filter(|c| !c.is_control()).take(60).collect();
        let name = if matches!(name.as_str(), "" | "." | "..") { "file".into() } else { name };
        let spooled = Spooled { file: folder.join(name), folder };
        let out = tokio::fs::File::create(&spooled.file).await.map_err(|e| full(&e))?;
        Ok(Coming { out, spooled, size: 0, began: Instant::now() })
    }
    pub async fn add(&mut self, piece: &[u8]) -> Result<()> {
        self.size += piece.len() as u64;
        if self.size > LIMIT {
            return Err(too_large());
        }
        if self.began.elapsed() > WHOLE {
            return Err(Error::unreadable("unreadable_body"));
        }
        self.out.write_all(piece).await.map_err(|e| full(&e))
    }
    pub async fn end(mut self) -> Result<Spooled> {
        self.out.flush().await.map_err(|e| full(&e))?;
        Ok(self.spooled)
    }
}

/// A body as it is.
pub async fn whole(app: &App, name: &str, body: Body, announced: Option<u64>) -> Result<Spooled> {
    // Said at once, not after a gigabyte.
    if announced.is_some_and(|n| n > LIMIT) {
        return Err(too_large());
    }
    let mut to = Coming::begin(app, name).await?;
    let mut pieces = body.into_data_stream();
    while let Some(piece) = in_time(pieces.next()).await? {
        to.add(&piece.map_err(|_| Error::unreadable("unreadable_body"))?).await?;
    }
    to.end().await
}

/// The next piece of what somebody sends.
pub async fn in_time<T>(next: impl Future<Output = T>) -> Result<T> {
    tokio::time::timeout(PATIENCE, next).await.map_err(|_| Error::unreadable("unreadable_body"))
}

fn too_large() -> Error {
    Error::new(Kind::TooLarge, "file_too_large").arg("max", LIMIT >> 20)
}

fn full(e: &std::io::Error) -> Error {
    use std::io::ErrorKind as Io;
    match e.kind() {
        Io::StorageFull | Io::QuotaExceeded => Error::new(Kind::Unavailable, "disk_full").cause(e),
        // A folder that is none or may not be written to: nothing that waiting mends.
        _ => Error::internal(e),
    }
}
