//! Connections of callers: each is served until it ends or the server stops; who takes his time to say what he wants is not
//! waited for.

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tower::ServiceExt;

/// From the first to the last byte of a request's head; an idle connection is kept for as long.
pub const HEAD: Duration = Duration::from_secs(60);

/// Serves until `stopped`, then until the requests that are open have their answers.
pub async fn serve<L>(mut listener: L, router: Router, head: Duration, stopped: impl Future<Output = ()>)
where
    L: Listener<Addr = SocketAddr>,
{
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head);
    let (stop, stopping) = watch::channel(());
    // Closed when the last connection has dropped its end.
    let (open, mut closed) = mpsc::channel::<()>(1);
    let mut stopped = pin!(stopped);
    loop {
        let (io, from) = tokio::select! {
            got = listener.accept() => got,
            () = &mut stopped => break,
        };
        let (router, mut stopping, open) = (router.clone(), stopping.clone(), open.clone());
        let service = service_fn(move |mut req: hyper::Request<Incoming>| {
            req.extensions_mut().insert(ConnectInfo(from));
            router.clone().oneshot(Request::from(req.map(Body::new)))
        });
        let connection = http.serve_connection(TokioIo::new(io), service);
        tokio::spawn(async move {
            let mut connection = pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                _ = stopping.changed() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(e) = ended {
                tracing::debug!(%from, error = %e, "connection");
            }
            drop(open);
        });
    }
    drop((listener, stop, open));
    closed.recv().await;
}
