//! A line between the nodes of one PostgreSQL database: what one of them says, all who listen hear, itself too. It is a connection of
//! its own, and what is said on it is said outside of the transactions that people wait for: a NOTIFY inside of one holds a lock of
//! the whole server until its commit is on the disk.

use super::{Engine, Store};
use kontor_kernel::error::{Error, Kind, Result};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;
use tokio_postgres::tls::NoTlsStream;
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls, Socket, Statement};

/// The server answers within this time or is taken for gone.
const ANSWERS: Duration = Duration::from_secs(5);
/// Bytes that may be said at once; the server takes less than 8,000.
pub const MOST_WORDS: usize = 7_900;
/// What goes by this line is no business record, so its transactions need not wait for the disk.
const LISTEN: &str = "SET synchronous_commit = off; LISTEN kontor";

/// A connection that listens.
pub struct Line {
    runtime: Runtime,
    client: Client,
    connection: Connection<Socket, NoTlsStream>,
    tell: Statement,
    heard: Vec<String>,
}

impl Store {
    /// Opens a line; it ends with the connection. `None` on SQLite, which is served by one process.
    pub fn line(&self) -> Result<Option<Line>> {
        match &self.engine {
            Engine::Sqlite { .. } => Ok(None),
            Engine::Postgres(server) => Line::open(&server.config).map(Some),
        }
    }
}

impl Line {
    fn open(config: &Config) -> Result<Line> {
        let mut config = config.clone();
        config.application_name("kontor line");
        let runtime = Builder::new_current_thread().enable_all().build().map_err(Error::internal)?;
        let (client, mut connection) = runtime.block_on(config.connect(NoTls)).map_err(down)?;
        let mut heard = vec![];
        let tell = runtime.block_on(async {
            let made = async {
                client.batch_execute(LISTEN).await?;
                client.prepare("SELECT pg_notify('kontor', $1)").await
            };
            driven(&mut connection, &mut heard, made).await
        })?;
        Ok(Line { runtime, client, connection, tell, heard })
    }

    /// Says it to all who listen, at most `MOST_WORDS` bytes. After an error the line is of no use.
    pub fn tell(&mut self, words: &str) -> Result<()> {
        let Line { runtime, client, connection, tell, heard } = self;
        runtime.block_on(async { driven(connection, heard, client.execute(&*tell, &[&words])).await.map(drop) })
    }

    /// Waits until something was said, `woken` rings or the time is over. An error: the line has broken, and what was said
    /// meanwhile is lost.
    pub fn hear(&mut self, woken: Option<&Notify>, most: Duration) -> Result<Vec<String>> {
        let Line { runtime, connection, heard, .. } = self;
        let rings = async {
            match woken {
                Some(bell) => bell.notified().await,
                None => std::future::pending().await,
            }
        };
        let said = poll_fn(|cx| match drive(connection, heard, cx) {
            Poll::Pending if heard.is_empty() => Poll::Pending,
            Poll::Pending => Poll::Ready(Ok(())),
            Poll::Ready(e) => Poll::Ready(Err(e)),
        });
        runtime.block_on(async {
            tokio::select! {
                said = said => said,
                () = rings => Ok(()),
                () = tokio::time::sleep(most) => Ok(()),
            }
        })?;
        Ok(std::mem::take(heard))
    }
}

/// Waits for an answer; what is said meanwhile is kept.
async fn driven<T>(
    connection: &mut Connection<Socket, NoTlsStream>,
    heard: &mut Vec<String>,
    answer: impl Future<Output = std::result::Result<T, tokio_postgres::Error>>,
) -> Result<T> {
    let mut answer = pin!(answer);
    let both = poll_fn(|cx| {
        // Asked first, so that the question is there to be sent.
        if let Poll::Ready(done) = answer.as_mut().poll(cx) {
            return Poll::Ready(done.map_err(down));
        }
        match drive(connection, heard, cx) {
            Poll::Ready(e) => Poll::Ready(Err(e)),
            Poll::Pending => answer.as_mut().poll(cx).map_err(down),
        }
    });
    tokio::time::timeout(ANSWERS, both).await.map_err(down)?
}

/// Sends and reads as far as that goes without waiting; ready when the connection has ended.
fn drive(connection: &mut Connection<Socket, NoTlsStream>, heard: &mut Vec<String>, cx: &mut Context<'_>) -> Poll<Error> {
    loop {
        match connection.poll_message(cx) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(Some(Ok(AsyncMessage::Notification(said)))) => heard.push(said.payload().to_owned()),
            Poll::Ready(Some(Ok(_))) => {}
            Poll::Ready(Some(Err(e))) => return Poll::Ready(down(e)),
            Poll::Ready(None) => return Poll::Ready(down("the server has closed the connection")),
        }
    }
}

fn down(cause: impl std::fmt::Display) -> Error {
    Error::new(Kind::Unavailable, "database_down").cause(cause)
}
