//! Answers that are written while they are sent. Nothing is answered before the first piece is there: what fails until then
//! is a proper error, later the connection is cut.

use crate::call::Answer;
use axum::body::{Body, Bytes};
use axum::response::Response;
use kontor_kernel::error::{Error, Kind, Result};
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

/// Bytes of a piece; a few of them wait for the network.
const PIECE: usize = 64 << 10;
const WAITING: usize = 4;
/// Whoever does not read for so long has gone.
const PATIENCE: Duration = Duration::from_secs(60);

struct Pipe {
    buffer: Vec<u8>,
    to: Sender<Result<Bytes, io::Error>>,
    runtime: Handle,
}

impl Pipe {
    fn send(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let piece = std::mem::take(&mut self.buffer).into();
        self.pass(Ok(piece))
    }
    fn pass(&self, piece: io::Result<Bytes>) -> io::Result<()> {
        let sent = self.runtime.block_on(async { tokio::time::timeout(PATIENCE, self.to.send(piece)).await });
        if matches!(sent, Ok(Ok(()))) { Ok(()) } else { Err(io::ErrorKind::BrokenPipe.into()) }
    }
}

impl Write for Pipe {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(data);
        if self.buffer.len() >= PIECE {
            self.send()?;
        }
        Ok(data.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        self.send()
    }
}

/// The answer `head` with a body that `write` makes on a thread of its own.
pub async fn answer(head: Answer, write: impl FnOnce(&mut dyn Write) -> Result<()> + Send + 'static) -> Result<Response> {
    let (to, mut from): (_, Receiver<Result<Bytes, io::Error>>) = channel(WAITING);
    let runtime = Handle::current();
    let (failed, failure) = tokio::sync::oneshot::channel();
    let work = move || {
        let mut pipe = Pipe { buffer: Vec::with_capacity(PIECE), to, runtime };
        let written = catch_unwind(AssertUnwindSafe(|| write(&mut pipe))).unwrap_or_else(|_| Err(Error::internal("a panic while writing")));
        let end = written.and_then(|()| pipe.flush().map_err(|e| Error::new(Kind::Unavailable, "unavailable").cause(e)));
        if let Err(e) = end {
            tracing::warn!(error = %e, "an answer was not written to its end");
            // Whoever waits for the beginning is told why there is none; later on nobody does.
            let _ = failed.send(e);
            // The reader must not take what he has for the whole; one who has gone does not care.
            let _ = pipe.pass(Err(io::ErrorKind::BrokenPipe.into()));
        }
    };
    std::thread::Builder::new().name("answer".into()).spawn(work).map_err(Error::internal)?;
    match from.recv().await {
        None => Ok(head.into_response()),
        Some(Err(_)) => Err(failure.await.unwrap_or_else(|_| Error::internal("an answer ended with a panic"))),
        Some(Ok(first)) => {
            let pieces = tokio_stream::once(Ok(first)).chain(ReceiverStream::new(from));
            let mut r = head.into_response();
            *r.body_mut() = Body::from_stream(pieces);
            Ok(r)
        }
    }
}
