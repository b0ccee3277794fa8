//! One connection to PostgreSQL, driven by the thread that waits for it. What nobody waits for is only posted: it leaves with the
//! next question and its answer is read with that one's, so that a transaction begins, and a journal is written, without a way to
//! the server of their own.

use futures_util::Stream;
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::tls::NoTlsStream;
use tokio_postgres::{Client, Config, Connection, Error, NoTls, Row, RowStream, Socket, Statement};

type Answer = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;
/// Where the rows of a question asked ahead are put.
pub(super) type Found = Arc<Mutex<Option<Vec<Row>>>>;
type Open = Option<Connection<Socket, NoTlsStream>>;

pub(super) struct Wire {
    client: Arc<Client>,
    /// None once it has ended.
    connection: Open,
    runtime: Runtime,
    /// What was posted and not answered yet, with its SQL, in the order of the answers.
    posted: VecDeque<(Answer, String)>,
    /// The first of the posted that failed.
    failed: Option<(Error, String)>,
}

impl Wire {
    /// The outer error is one of this machine (no runtime could be made), the inner one the server's.
    pub fn connect(config: &Config) -> std::io::Result<Result<Wire, Error>> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let made = runtime.block_on(config.connect(NoTls));
        Ok(made.map(|(client, connection)| Wire {
            client: Arc::new(client),
            connection: Some(connection),
            runtime,
            posted: VecDeque::new(),
            failed: None,
        }))
    }

    pub fn is_closed(&self) -> bool {
        self.connection.is_none() || self.client.is_closed()
    }

    /// Reads what the server has said since, which may be its farewell.
    pub fn is_alive(&mut self) -> bool {
        let Wire { runtime, connection, .. } = self;
        runtime.block_on(async {
            // Lets the runtime look at the socket.
            tokio::task::yield_now().await;
            // A connection that ended says so by being gone.
            poll_fn(|cx| Poll::Ready(drive(connection, cx).is_ok())).await
        }) && !self.is_closed()
    }

    pub fn prepare(&mut self, sql: &str) -> Result<Statement, Error> {
        let client = self.client.clone();
        self.wait(async move { client.prepare(sql).await })
    }

    /// The rows come as they are asked for, by [`Wire::next`].
    pub fn ask<P, I>(&mut self, statement: &Statement, params: I) -> Result<RowStream, Error>
    where
        P: tokio_postgres::types::BorrowToSql,
        I: IntoIterator<Item = P>,
        I::IntoIter: ExactSizeIterator,
    {
        let client = self.client.clone();
        self.wait(async move { client.query_raw(statement, params).await })
    }

    pub fn next(&mut self, mut rows: Pin<&mut RowStream>) -> Result<Option<Row>, Error> {
        // Most rows are here already.
        match rows.as_mut().poll_next(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(row) => row.transpose(),
            Poll::Pending => self.wait(poll_fn(|cx| rows.as_mut().poll_next(cx).map(Option::transpose))),
        }
    }

    /// How many rows it changed.
    pub fn execute<P, I>(&mut self, statement: &Statement, params: I) -> Result<u64, Error>
    where
        P: tokio_postgres::types::BorrowToSql,
        I: IntoIterator<Item = P>,
        I::IntoIter: ExactSizeIterator,
    {
        let client = self.client.clone();
        self.wait(async move { client.execute_raw(statement, params).await })
    }

    /// `execute` for those who do not wait; the values are one for each place.
    pub fn post<P>(&mut self, statement: Statement, params: Vec<P>, sql: &str)
    where
        P: tokio_postgres::types::BorrowToSql + Send + 'static,
    {
        let client = self.client.clone();
        self.line_up(Box::pin(async move { client.execute_raw(&statement, params).await.map(drop) }), sql);
    }

    /// Asks for rows that will be wanted soon. They come with the next answer that is waited for, or by [`Wire::found`].
    pub fn post_query<P>(&mut self, statement: Statement, params: Vec<P>, sql: &str) -> Found
    where
        P: tokio_postgres::types::BorrowToSql + Send + 'static,
    {
        let (client, found) = (self.client.clone(), Found::default());
        let into = found.clone();
        let answer = async move {
            let mut stream = pin!(client.query_raw(&statement, params).await?);
            let mut rows = vec![];
            while let Some(row) = poll_fn(|cx| stream.as_mut().poll_next(cx)).await {
                rows.push(row?);
            }
            *into.lock().unwrap_or_else(PoisonError::into_inner) = Some(rows);
            Ok(())
        };
        self.line_up(Box::pin(answer), sql);
        found
    }

    /// Waits for the rows of a question asked ahead. None when it failed, or one before it: see [`Wire::failed`].
    pub fn found(&mut self, found: &Found) -> Option<Vec<Row>> {
        self.settle_until(|| found.lock().unwrap_or_else(PoisonError::into_inner).take())
    }

    /// A script, by the simple protocol.
    pub fn batch(&mut self, sql: &str) -> Result<(), Error> {
        let client = self.client.clone();
        self.wait(async move { client.batch_execute(sql).await })
    }

    /// `batch` for those who do not wait. It leaves with the next question.
    pub fn post_batch(&mut self, sql: &str) {
        let (client, script) = (self.client.clone(), sql.to_owned());
        self.line_up(Box::pin(async move { client.batch_execute(&script).await }), sql);
    }

    /// Sends what was posted, without waiting for answers.
    pub fn flush(&mut self) {
        let Wire { runtime, connection, .. } = self;
        let sent = runtime.block_on(poll_fn(|cx| Poll::Ready(drive(connection, cx))));
        // That the connection has ended is seen by whoever takes it next.
        drop(sent);
    }

    /// Waits for the answers to all that was posted.
    pub fn settle(&mut self) {
        self.settle_until(|| None::<()>);
    }

    /// Waits for answers until one of them has brought what is wanted; None when all have come without.
    fn settle_until<T>(&mut self, mut wanted: impl FnMut() -> Option<T>) -> Option<T> {
        let Wire { runtime, connection, posted, failed, .. } = self;
        if let Some(there) = wanted() {
            return Some(there);
        }
        if posted.is_empty() {
            return None;
        }
        runtime.block_on(poll_fn(|cx| {
            // What is not answered any more fails by itself.
            drop(drive(connection, cx));
            answers(posted, failed, cx);
            match wanted() {
                None if !posted.is_empty() => Poll::Pending,
                done => Poll::Ready(done),
            }
        }))
    }

    /// The first failure of what was posted, once.
    pub fn failed(&mut self) -> Option<(Error, String)> {
        self.failed.take()
    }

    fn line_up(&mut self, mut answer: Answer, sql: &str) {
        // The first look only puts the question into its place.
        match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Err(e)) => drop(self.failed.get_or_insert((e, sql.to_owned()))),
            Poll::Ready(Ok(())) => {}
            Poll::Pending => self.posted.push_back((answer, sql.to_owned())),
        }
    }

    /// Waits for one answer; those to what was posted before come first.
    fn wait<T>(&mut self, answer: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let mut answer = pin!(answer);
        // Asked before the connection is driven, so that one packet takes it along with what was posted.
        if let Poll::Ready(done) = answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return done;
        }
        let Wire { runtime, connection, posted, failed, .. } = self;
        runtime.block_on(poll_fn(|cx| {
            if let Err(e) = drive(connection, cx) {
                return Poll::Ready(Err(e));
            }
            answers(posted, failed, cx);
            answer.as_mut().poll(cx)
        }))
    }
}

/// Sends and reads as far as that goes without waiting. Notices are for nobody.
fn drive(connection: &mut Open, cx: &mut Context<'_>) -> Result<(), Error> {
    while let Some(open) = connection {
        match open.poll_message(cx) {
            Poll::Pending => break,
            Poll::Ready(Some(Ok(_))) => {}
            Poll::Ready(None) => *connection = None,
            Poll::Ready(Some(Err(e))) => {
                *connection = None;
                return Err(e);
            }
        }
    }
    Ok(())
}

fn answers(posted: &mut VecDeque<(Answer, String)>, failed: &mut Option<(Error, String)>, cx: &mut Context<'_>) {
    while let Some((first, _)) = posted.front_mut() {
        let Poll::Ready(done) = first.as_mut().poll(cx) else { break };
        if let (Err(e), Some((_, sql))) = (done, posted.pop_front()) {
            failed.get_or_insert((e, sql));
        }
    }
}
