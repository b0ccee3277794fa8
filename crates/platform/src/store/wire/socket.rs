//! Bytes to and from the server.

use super::fault::Fault;
use bytes::{Buf, BytesMut};
use postgres_protocol::message::backend::Message;
use postgres_protocol::message::frontend;
use rustix::net::{RecvFlags, recv};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// Bytes read at once.
const CHUNK: usize = 16 * 1024;
/// Memory that stays with a connection that has once sent more.
const KEPT: usize = 256 * 1024;
/// A server that does not take more for so long may itself be waiting for its answers to be read.
const STUCK: Duration = Duration::from_millis(20);

/// A socket of either kind.
trait Socket: Read + Write + AsFd + Send {
    fn time_out(&self, read: Option<Duration>, write: Option<Duration>) -> io::Result<()>;
}

impl Socket for TcpStream {
    fn time_out(&self, read: Option<Duration>, write: Option<Duration>) -> io::Result<()> {
        self.set_read_timeout(read).and_then(|()| self.set_write_timeout(write))
    }
}

impl Socket for UnixStream {
    fn time_out(&self, read: Option<Duration>, write: Option<Duration>) -> io::Result<()> {
        self.set_read_timeout(read).and_then(|()| self.set_write_timeout(write))
    }
}

pub(super) struct Link {
    socket: Box<dyn Socket>,
    /// What is still to be sent.
    pub out: BytesMut,
    /// What has come and was not looked at yet.
    come: BytesMut,
    chunk: Box<[u8]>,
}

impl Link {
    #[expect(private_bounds, reason = "the two kinds are named here")]
    pub fn new(socket: impl Socket + 'static) -> io::Result<Link> {
        socket.time_out(None, Some(STUCK))?;
        Ok(Link { socket: Box::new(socket), out: BytesMut::new(), come: BytesMut::new(), chunk: vec![0; CHUNK].into() })
    }

    /// How long the server may take to say anything. Later it has time limits of its own.
    pub fn answers_within(&self, time: Option<Duration>) -> io::Result<()> {
        self.socket.time_out(time, Some(STUCK))
    }

    /// Sends all there is.
    pub fn flush(&mut self) -> Result<(), Fault> {
        while !self.out.is_empty() {
            match self.socket.write(&self.out) {
                Ok(0) => return Err(Fault::closed()),
                Ok(n) => self.out.advance(n),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                // It may have stopped taking because we do not read: then nobody would ever go on.
                Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => self.glance()?,
                Err(e) => return Err(Fault::Lost(e)),
            }
        }
        if self.out.capacity() > KEPT {
            self.out = BytesMut::new();
        } else {
            self.out.clear();
        }
        Ok(())
    }

    /// Takes leave, so that the server need not wonder. Whether it hears that is its affair.
    pub fn farewell(&mut self) {
        self.out.clear();
        frontend::terminate(&mut self.out);
        if let Err(e) = self.socket.write(&self.out) {
            tracing::debug!(error = %e, "left without a farewell");
        }
    }

    /// Waits for the next message.
    pub fn message(&mut self) -> Result<Message, Fault> {
        loop {
            if let Some(message) = Message::parse(&mut self.come)? {
                return Ok(message);
            }
            match self.socket.read(&mut self.chunk) {
                Ok(0) => return Err(Fault::closed()),
                Ok(n) => self.come.extend_from_slice(&self.chunk[..n]),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(Fault::Lost(e)),
            }
        }
    }

    /// The next message if it has come already.
    pub fn message_here(&mut self) -> Result<Option<Message>, Fault> {
        if self.come.is_empty() {
            self.glance()?;
        }
        Ok(Message::parse(&mut self.come)?)
    }

    /// Takes what has come, without waiting.
    fn glance(&mut self) -> Result<(), Fault> {
        loop {
            let fd: BorrowedFd<'_> = self.socket.as_fd();
            match recv(fd, &mut self.chunk[..], RecvFlags::DONTWAIT) {
                Ok((0, _)) => return Err(Fault::closed()),
                Ok((n, _)) => {
                    self.come.extend_from_slice(&self.chunk[..n]);
                    if n < CHUNK {
                        return Ok(());
                    }
                }
                Err(rustix::io::Errno::INTR) => {}
                Err(rustix::io::Errno::AGAIN) => return Ok(()),
                Err(e) => return Err(Fault::Lost(e.into())),
            }
        }
    }
}
